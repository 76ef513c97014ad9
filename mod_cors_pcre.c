/* SPDX-License-Identifier: Apache-2.0 */

/* Regular expressions over origins: see mod_cors_pcre.h. */

#include "mod_cors_pcre.h"

#include "http_log.h"

#include "apr_atomic.h"
#include "apr_strings.h"

#include "cors_text.h"

APLOG_USE_MODULE(cors);

/* Before AP_REG_NO_DEFAULT, RegexDefaultOptions can change which origins a
 * regular expression allows. */
#if !AP_MODULE_MAGIC_AT_LEAST(20120211, 92)
#error "mod_cors needs httpd 2.4.43 or later, which has AP_REG_NO_DEFAULT"
#endif

/* Nested quantifiers take exponential time with some origins.  What people
 * write takes some thousand steps; PCRE's own limit is 10,000,000, 0.1 s. */
#define LIMIT "(*LIMIT_MATCH=100000)"

struct cors_pcre_t {
    const ap_regex_t *code;
    const char *pattern;
    const server_rec *server;
    apr_uint32_t *given_up;     /* when it was last logged, in minutes */
};

/* The same of all expressions of .htaccess files. */
static apr_uint32_t htaccess_given_up;

int cors_pcre_is_short_lived(const cmd_parms *cmd)
{
    return cmd->pool == cmd->temp_pool;
}

const cors_pcre_t *cors_pcre_compile(cmd_parms *cmd, const char *pattern)
{
    cors_pcre_t *regex = apr_pcalloc(cmd->pool, sizeof(*regex));

    if (!ap_pregcomp(cmd->pool, pattern, AP_REG_NO_DEFAULT)) {
        return NULL;
    }
    regex->code = ap_pregcomp(cmd->pool,
                              apr_pstrcat(cmd->pool, LIMIT "\\A(?:", pattern,
                                          ")\\z", NULL),
                              AP_REG_NO_DEFAULT);
    regex->pattern = pattern;
    regex->server = cmd->server;
    regex->given_up = cors_pcre_is_short_lived(cmd)
                      ? &htaccess_given_up
                      : apr_pcalloc(cmd->pool, sizeof(*regex->given_up));
    return regex->code ? regex : NULL;
}

void cors_pcre_forget(const cors_pcre_t *regex)
{
    apr_atomic_set32(regex->given_up, 0);
}

static void log_given_up(const cors_pcre_t *regex, const char *origin,
                         apr_size_t len)
{
    apr_uint32_t minute = (apr_uint32_t)(apr_time_sec(apr_time_now()) / 60);
    apr_uint32_t last = apr_atomic_read32(regex->given_up);

    if (minute != last
        && apr_atomic_cas32(regex->given_up, minute, last) == last) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, 0, regex->server,
                     "CORSAllowOriginMatch %.*s does not match origin "
                     "'%.*s': it takes too many steps to tell; avoid nested "
                     "quantifiers", CORS_MAX_QUOTE, regex->pattern,
                     len < CORS_MAX_QUOTE ? (int)len : CORS_MAX_QUOTE,
                     origin);
    }
}

/* The match must be the whole origin whatever verbs the pattern holds:
 * (*ACCEPT) would end it before the anchor. */
int cors_pcre_match(const void *compiled, const char *origin, apr_size_t len)
{
    const cors_pcre_t *regex = compiled;
    ap_regmatch_t match;
    int rv = ap_regexec_len(regex->code, origin, len, 1, &match, 0);

    if (rv != 0 && rv != AP_REG_NOMATCH) {
        log_given_up(regex, origin, len);
    }
    return rv == 0 && match.rm_so == 0 && (apr_size_t)match.rm_eo == len;
}
