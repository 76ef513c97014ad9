/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_AUTHZ_H
#define MOD_CORS_AUTHZ_H

/**
 * @file mod_cors_authz.h
 * @brief "Require cors": requests that pages of foreign sites make, refused.
 *
 * What they are: cors_foreign.h.  It is a filter, not a key: alone it grants
 * all that is not foreign, and mod_cors_check_require.c sees to it that it
 * opens nothing that other lines close.
 */

#include "httpd.h"

#include "cors_foreign.h"

/** Give httpd the provider; to be called when the module is loaded. */
void cors_authz_register(apr_pool_t *p);

/** Whether a line asks for it, or may in a .htaccess file. */
int cors_authz_is_used(apr_pool_t *pconf, const server_rec *main_server);

/** Register the hooks that responses and logs need then. */
void cors_authz_register_hooks(const server_rec *main_server);

/**
 * What was found out about a request, or a subrequest that is explained.
 * @return 1, or 0 if nothing has asked
 */
int cors_authz_found(const request_rec *r, cors_foreign_t *found);

#endif /* MOD_CORS_AUTHZ_H */
