/* SPDX-License-Identifier: Apache-2.0 */

/* Versions: see mod_cors_version.h. */

#include "mod_cors_version.h"

#include "http_config.h"
#include "http_core.h"
#include "http_log.h"

#include "mod_cors_suffix.h"

APLOG_USE_MODULE(cors);

/* Before AP_REG_NO_DEFAULT, RegexDefaultOptions can change which origins a
 * regular expression allows. */
#if !AP_MODULE_MAGIC_AT_LEAST(20120211, 92)
#error "mod_cors needs httpd 2.4.43 or later, which has AP_REG_NO_DEFAULT"
#endif

/* The same where the module is loaded.  A test builds with another number. */
#ifndef OLDEST_PATCH_OF_2_4
#define OLDEST_PATCH_OF_2_4 43
#endif

int cors_version_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    ap_version_t httpd;

    ap_get_server_revision(&httpd);
    if (httpd.minor > 4 || httpd.patch >= OLDEST_PATCH_OF_2_4) {
        return OK;
    }
    ap_log_error(APLOG_MARK, APLOG_CRIT, 0, NULL,
                 "httpd 2.4.%d or later is needed; this is %d.%d.%d",
                 OLDEST_PATCH_OF_2_4, httpd.major, httpd.minor, httpd.patch);
    return HTTP_INTERNAL_SERVER_ERROR;
}

int cors_version_log(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                     server_rec *main_server)
{
    /* When it starts, httpd reads its configuration twice. */
    if (ap_state_query(AP_SQ_MAIN_STATE) != AP_SQ_MS_CREATE_PRE_CONFIG) {
        ap_log_error(APLOG_MARK, APLOG_INFO, 0, main_server,
                     "version " CORS_VERSION "; public suffixes: %s",
                     cors_suffix_source());
    }
    return OK;
}
