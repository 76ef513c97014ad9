/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_MIGRATE_H
#define MOD_CORS_MIGRATE_H

/**
 * @file mod_cors_migrate.h
 * @brief Recipes of mod_headers that are in the configuration.
 */

#include "httpd.h"

/**
 * Print, for each place with a recipe, its lines, the policy that replaces
 * them, and how sure that is; all of it comments.  Nothing if there is no
 * recipe.
 */
void cors_migrate(apr_pool_t *pool, apr_file_t *out, server_rec *s);

#endif /* MOD_CORS_MIGRATE_H */
