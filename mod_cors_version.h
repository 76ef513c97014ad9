/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_VERSION_H
#define MOD_CORS_VERSION_H

/**
 * @file mod_cors_version.h
 * @brief The module's version, defined here alone, and httpd's.
 *
 * The Makefile and the packages read the version here.  CHANGES says what its
 * numbers promise, and when it was released.
 */

#include "httpd.h"

#define CORS_VERSION "0.9.0"

/** A pre_config hook: refuses to work in a httpd that is too old, into which a
 * module that was built for a later one can be loaded. */
int cors_version_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp);

/** A post_config hook: logs the version and the source of public suffixes. */
int cors_version_log(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                     server_rec *main_server);

#endif /* MOD_CORS_VERSION_H */
