/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_CHECK_REQUIRE_H
#define MOD_CORS_CHECK_REQUIRE_H

/**
 * @file mod_cors_check_require.h
 * @brief Whether "Require cors" would open what other lines close.
 *
 * It grants all that is not foreign, so where either of two lines is enough
 * it takes the other one's lock away.
 */

#include "httpd.h"
#include "http_config.h"

/**
 * What is wrong with a line of "Require cors" where it stands, also in a
 * .htaccess file; called as it is read.
 * @return What to write instead, or NULL
 */
const char *cors_check_require_line(cmd_parms *cmd);

/**
 * What is wrong with AuthMerging Or in a .htaccess file, beside lines of
 * Require cors in others; called as it is read, beside mod_authz_core's own
 * function.  A module that has a directive has a record in each section with
 * it, which costs requests something: AuthMerging is rare, Require is not.
 */
const char *cors_check_merging(cmd_parms *cmd, void *config,
                               const char *args);

/** That is what this is for; for the module's table of directives. */
#define CORS_CHECK_MERGING \
    AP_INIT_RAW_ARGS("AuthMerging", cors_check_merging, NULL, OR_AUTHCFG, \
                     "seen by mod_cors for Require cors")

/** The section that such a line is in: the one around those that group
 * lines of Require; NULL for a .htaccess file's own. */
const ap_directive_t *cors_check_require_section(const cmd_parms *cmd);

#endif /* MOD_CORS_CHECK_REQUIRE_H */
