/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_DIRECTORY_H
#define MOD_CORS_DIRECTORY_H

/**
 * @file mod_cors_directory.h
 * @brief The paths of <Directory> sections.
 */

#include "httpd.h"
#include "http_config.h"

/** The path of a section, as httpd writes it: without "//", "." and "..", and
 * with "/" at its end.  NULL if it is a regular expression. */
const char *cors_directory_path(const ap_directive_t *section,
                                apr_pool_t *pool);

/** Whether that is a pattern. */
int cors_directory_is_pattern(const char *path);

#endif /* MOD_CORS_DIRECTORY_H */
