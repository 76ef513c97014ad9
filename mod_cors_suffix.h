/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_SUFFIX_H
#define MOD_CORS_SUFFIX_H

/**
 * @file mod_cors_suffix.h
 * @brief The public suffix list, through libpsl where it was found at build
 * time.
 *
 * The list is the one that libpsl was built with, its private section
 * (github.io) included.  Nothing is loaded: .htaccess files compile policies
 * while requests wait.
 */

/**
 * Whether a domain is on the list; a cors_public_suffix_fn.
 * @return CORS_SUFFIX_*; 0 if it is none, or without libpsl
 */
int cors_suffix_is_public(const char *domain);

/** Where the list comes from, for people: "libpsl" and its version, or that
 * there is none.  Never NULL. */
const char *cors_suffix_source(void);

#endif /* MOD_CORS_SUFFIX_H */
