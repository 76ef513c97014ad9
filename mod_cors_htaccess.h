/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_HTACCESS_H
#define MOD_CORS_HTACCESS_H

/**
 * @file mod_cors_htaccess.h
 * @brief Whether .htaccess files may hold directives of ours.
 */

#include "httpd.h"
#include "http_config.h"

/** Whether a .htaccess file of a server may hold CORS directives. */
int cors_htaccess_is_allowed(const server_rec *s);

/** Whether it may hold lines of Require. */
int cors_htaccess_may_require(const server_rec *s);

/** Whether it may hold lines of mod_headers that change requests. */
int cors_htaccess_may_change_requests(const server_rec *s);

/** Whether a word of AllowOverrideList lets it hold them: Require, or a group
 * of its lines. */
int cors_htaccess_is_require(const char *name);

/** The first directive in the <Directory> sections of a list that lets them;
 * NULL if none does. */
const ap_directive_t *cors_htaccess_directive(apr_pool_t *pool,
                                              const ap_directive_t *list);

#endif /* MOD_CORS_HTACCESS_H */
