/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_SUFFIX_H
#define MOD_CORS_SUFFIX_H

/**
 * @file mod_cors_suffix.h
 * @brief The public suffix list, through libpsl where it was found at build
 * time.
 *
 * The list is the newest one that libpsl knows of: the one that it was built
 * with, or the file of the system's publicsuffix package; its private section
 * (github.io) included.  It is read when httpd reads its configuration, never
 * while requests wait.
 */

#include "httpd.h"

/** Read the list; a pre_config hook.  Cannot fail: libpsl's own list always
 * remains. */
int cors_suffix_read(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp);

/** The configuration has been read; a post_config hook. */
int cors_suffix_serve(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *main_server);

/**
 * Whether a domain is on the list; a cors_public_suffix_fn.
 * @return CORS_SUFFIX_*; 0 if it is none, or without libpsl
 */
int cors_suffix_is_public(const char *domain);

/**
 * Whether a domain is on the list, but not on the one that libpsl was built
 * with: an update of the list alone may have put it there, and must not keep
 * httpd from starting.
 */
int cors_suffix_is_new(const char *domain);

/**
 * The same for regular expressions, which do not show whose domains they mean:
 * until requests come, by the list that libpsl was built with, since that is
 * when httpd may refuse to start.
 */
int cors_suffix_for_regex(const char *domain);

/** Where the list comes from, for people: libpsl and its version, the list's
 * date and file, or that there is none.  Never NULL. */
const char *cors_suffix_source(void);

#endif /* MOD_CORS_SUFFIX_H */
