/* SPDX-License-Identifier: Apache-2.0 */

/* The public suffix list: see mod_cors_suffix.h. */

#include "mod_cors_suffix.h"
#include "cors_origin.h"

#ifdef CORS_HAVE_LIBPSL

#include <libpsl.h>

#include "apr_file_info.h"
#include "apr_strings.h"
#include "apr_time.h"

/* What was read at start-up; NULL before that, and if it is libpsl's own.  It
 * changes only while the configuration is read, in the parent process. */
static psl_ctx_t *newer;

static const char *source = "";

/* That the configuration has been read, and checked. */
static int is_serving;

static apr_status_t forget(void *unused)
{
    psl_free(newer);
    newer = NULL;
    source = "";
    is_serving = 0;
    return APR_SUCCESS;
}

static const char *list_date(apr_time_t time, apr_pool_t *pool)
{
    apr_time_exp_t exp;

    apr_time_exp_gmt(&exp, time);
    return apr_psprintf(pool, "list of %d-%02d-%02d", exp.tm_year + 1900,
                        exp.tm_mon + 1, exp.tm_mday);
}

static const char *describe(apr_pool_t *pool)
{
    const char *version = apr_pstrmemdup(pool, psl_get_version(),
                                         strcspn(psl_get_version(), " "));
    apr_time_t time = apr_time_from_sec(psl_builtin_file_time());
    apr_finfo_t file;

    if (newer && apr_stat(&file, psl_dist_filename(), APR_FINFO_MTIME, pool)
                 == APR_SUCCESS) {
        return apr_psprintf(pool, "libpsl %s, %s in %s", version,
                            list_date(file.mtime, pool), psl_dist_filename());
    }
    if (!psl_builtin()) {
        return "single labels only (libpsl has no list)";
    }
    return apr_psprintf(pool, "libpsl %s, its own %s", version,
                        time ? list_date(time, pool) : "list");
}

int cors_suffix_read(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    psl_ctx_t *latest = psl_latest(NULL);

    newer = latest == psl_builtin() ? NULL : latest;
    source = describe(pconf);
    apr_pool_cleanup_register(pconf, NULL, forget, apr_pool_cleanup_null);
    return OK;
}

int cors_suffix_serve(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *main_server)
{
    is_serving = 1;
    return OK;
}

/* The star rule would make every unlisted top-level domain a suffix; the
 * engine judges single labels by itself. */
static int find(const psl_ctx_t *list, const char *domain)
{
    if (!list || !psl_is_public_suffix2(list, domain, PSL_TYPE_ANY
                                        | PSL_TYPE_NO_STAR_RULE)) {
        return 0;
    }
    return psl_is_public_suffix2(list, domain,
                                 PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE)
           ? CORS_SUFFIX_REGISTRY : CORS_SUFFIX_HOSTING;
}

int cors_suffix_is_public(const char *domain)
{
    return find(newer ? newer : psl_builtin(), domain);
}

int cors_suffix_is_new(const char *domain)
{
    return newer && find(newer, domain) && !find(psl_builtin(), domain);
}

int cors_suffix_for_regex(const char *domain)
{
    return find(newer && is_serving ? newer : psl_builtin(), domain);
}

const char *cors_suffix_source(void)
{
    return source;
}

#else

int cors_suffix_serve(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *main_server)
{
    return OK;
}

int cors_suffix_for_regex(const char *domain)
{
    return 0;
}

int cors_suffix_read(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp)
{
    return OK;
}

int cors_suffix_is_public(const char *domain)
{
    return 0;
}

int cors_suffix_is_new(const char *domain)
{
    return 0;
}

const char *cors_suffix_source(void)
{
    return "single labels only (built without libpsl)";
}

#endif
