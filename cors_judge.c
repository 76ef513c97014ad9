/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A finished response as a browser would judge it.  The names of Fetch's
 * sections are in quotes.
 */

#include "cors_judge.h"
#include "cors_text.h"

#include <apr_strings.h>

static const char *const report_names[] = {
    [CORS_REPORT_NONE] = "-",
    [CORS_REPORT_SAME] = "same",
    [CORS_REPORT_WOULD_REFUSE] = "would-refuse",
    [CORS_REPORT_WOULD_ALLOW] = "would-allow",
};

static const char *const defect_names[] = {
    [CORS_DEFECT_TWO_ALLOW_ORIGIN] = "two-allow-origin",
    [CORS_DEFECT_STAR_WITH_CREDENTIALS] = "star-with-credentials",
    [CORS_DEFECT_CREDENTIALS_NOT_TRUE] = "credentials-not-true",
    [CORS_DEFECT_NO_VARY] = "no-vary",
    [CORS_DEFECT_PREFLIGHT_STATUS] = "preflight-status",
    [CORS_DEFECT_PREFLIGHT_WITHOUT_CREDENTIALS] =
        "preflight-without-credentials",
    [CORS_DEFECT_PREFLIGHT_MALFORMED_LIST] = "preflight-malformed-list",
    [CORS_DEFECT_PREFLIGHT_METHOD_NOT_LISTED] =
        "preflight-method-not-listed",
    [CORS_DEFECT_PREFLIGHT_HEADER_NOT_LISTED] =
        "preflight-header-not-listed",
};

const char *cors_report_name(cors_report_t report)
{
    return report_names[report];
}

const char *cors_defect_name(cors_defect_t defect)
{
    return defect_names[defect];
}

static void add_defect(cors_judgement_t *judgement, cors_defect_t defect)
{
    judgement->defects |= CORS_DEFECT_BIT(defect);
}

static int has_defect(const cors_judgement_t *judgement, cors_defect_t defect)
{
    return (judgement->defects & CORS_DEFECT_BIT(defect)) != 0;
}

static void add_culprit(cors_judgement_t *judgement, cors_defect_t defect,
                        const char *text, apr_size_t len)
{
    add_defect(judgement, defect);
    judgement->culprit = text;
    judgement->culprit_len = len;
}

/* ------------------------------------------------------------------------
 * Header values
 */

static apr_size_t trimmed_len(const char *s, apr_size_t len)
{
    while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t')) {
        len--;
    }
    return len;
}

static const char *line_trimmed(const char *line, apr_pool_t *pool)
{
    line += strspn(line, " \t");
    return apr_pstrmemdup(pool, line, trimmed_len(line, strlen(line)));
}

/* A header's lines as they are joined. */
typedef struct {
    const char *value;          /* NULL before the first */
    apr_pool_t *pool;
} joined_t;

static int line_join(void *data, const char *name, const char *line)
{
    joined_t *joined = data;

    line = line_trimmed(line, joined->pool);
    joined->value = joined->value
                    ? apr_pstrcat(joined->pool, joined->value, ", ", line,
                                  NULL)
                    : line;
    return 1;
}

/* "get"; NULL if the header is absent. */
static const char *header_get(const apr_table_t *headers, const char *name,
                              apr_pool_t *pool)
{
    joined_t joined = { NULL, pool };

    apr_table_do(line_join, &joined, headers, name, NULL);
    return joined.value;
}

static int line_same(void *data, const char *name, const char *line)
{
    const char **first = data;

    if (!*first) {
        *first = line;
    }
    return strcmp(*first, line) == 0;
}

/* What is left of a header if one of its lines is.  NULL if it is absent, or
 * its lines differ. */
static const char *header_get_one(const apr_table_t *headers,
                                  const char *name, apr_pool_t *pool)
{
    const char *first = NULL;

    return apr_table_do(line_same, &first, headers, name, NULL) && first
           ? line_trimmed(first, pool) : NULL;
}

/* An element of a list. */
typedef struct {
    const char *text;
    apr_size_t len;
} element_t;

/* Read the next element that is not empty.  Returns 0 at the end. */
static int element_read(element_t *element, const char **list)
{
    apr_size_t len;

    *list += strspn(*list, ", \t");
    element->text = *list;
    len = strcspn(*list, ",");
    *list += len;
    element->len = trimmed_len(element->text, len);
    return len > 0;
}

static int list_has(const cors_map_t *list, const element_t *element)
{
    return cors_map_get(list, element->text, element->len) != NULL;
}

static int list_has_star(const cors_map_t *list)
{
    return cors_map_get(list, "*", 1) != NULL;
}

/* "Extract header list values", of a header that may be absent.  Returns 0
 * if an element is no token; it is left in element. */
static int list_read(cors_map_t *list, element_t *element, const char *value,
                     apr_pool_t *pool)
{
    while (value && element_read(element, &value)) {
        if (text_span(element->text, element->len, CORS_TOKEN)
            < element->len) {
            return 0;
        }
        cors_map_add(list, pool, element->text, element->len, "listed");
    }
    return 1;
}

/* ------------------------------------------------------------------------
 * "CORS check"
 */

static int passes_cors_check(const cors_judgement_t *response,
                             const char *origin, int with_credentials)
{
    if (!response->allow_origin) {
        return 0;
    }
    if (!with_credentials && strcmp(response->allow_origin, "*") == 0) {
        return 1;
    }
    return strcmp(response->allow_origin, origin) == 0
           && (!with_credentials || response->allows_credentials);
}

static int status_is_ok(int status)
{
    return status >= 200 && status <= 299;
}

/* ------------------------------------------------------------------------
 * "CORS-preflight fetch"
 */

/* What a preflight asks for, and what the answer lists. */
typedef struct {
    const char *method;
    const char *names;          /* in lower case; NULL if there are none */
    cors_map_t methods;
    cors_map_t headers;         /* in lower case */
    int star_covers_all;        /* even Authorization, as in browsers */
    int is_malformed;           /* the answer, and so it lists nothing */
    element_t malformed;        /* where it is */
} preflight_t;

static void preflight_read(preflight_t *preflight,
                           const cors_exchange_t *exchange, apr_pool_t *pool)
{
    const cors_request_t *request = exchange->request;
    const char *methods = apr_table_getm(pool, exchange->headers,
                                         "Access-Control-Allow-Methods");
    const char *headers = apr_table_getm(pool, exchange->headers,
                                         "Access-Control-Allow-Headers");

    memset(preflight, 0, sizeof(*preflight));
    preflight->method = request->request_method;
    preflight->star_covers_all = !exchange->decision->is_allowed;
    if (request->request_headers) {
        preflight->names = cors_text_lower(pool, request->request_headers);
    }
    if (headers) {
        headers = cors_text_lower(pool, headers);
    }
    preflight->is_malformed =
        !list_read(&preflight->methods, &preflight->malformed, methods, pool)
        || !list_read(&preflight->headers, &preflight->malformed, headers,
                      pool);
}

static int method_passes(const preflight_t *preflight, int with_credentials)
{
    const char *method = preflight->method;
    apr_size_t len = strlen(method);

    return cors_method_is_safelisted(method, len)
           || cors_map_get(&preflight->methods, method, len)
           || (!with_credentials && list_has_star(&preflight->methods));
}

/* Find the first name that is not allowed.  Returns 0 if there is none. */
static int find_unlisted(element_t *name, const preflight_t *preflight,
                         int with_credentials)
{
    int has_star = !with_credentials && list_has_star(&preflight->headers);
    const char *names = preflight->names;

    while (names && element_read(name, &names)) {
        /* "CORS non-wildcard request-header name" */
        int is_covered = has_star
                         && (preflight->star_covers_all
                             || !text_same(name->text, name->len,
                                           "authorization"));

        if (!is_covered && !list_has(&preflight->headers, name)) {
            return 1;
        }
    }
    return 0;
}

static int passes_preflight(const cors_judgement_t *response,
                            const preflight_t *preflight, const char *origin,
                            int with_credentials)
{
    element_t name;

    return passes_cors_check(response, origin, with_credentials)
           && status_is_ok(response->status) && !preflight->is_malformed
           && method_passes(preflight, with_credentials)
           && !find_unlisted(&name, preflight, with_credentials);
}

/* ------------------------------------------------------------------------
 * Defects
 */

static void find_list_defects(cors_judgement_t *judgement,
                              const preflight_t *preflight,
                              int with_credentials)
{
    element_t name;

    if (preflight->is_malformed) {
        add_culprit(judgement, CORS_DEFECT_PREFLIGHT_MALFORMED_LIST,
                    preflight->malformed.text, preflight->malformed.len);
        return;
    }
    if (!method_passes(preflight, with_credentials)) {
        add_defect(judgement, CORS_DEFECT_PREFLIGHT_METHOD_NOT_LISTED);
    }
    if (find_unlisted(&name, preflight, with_credentials)) {
        add_culprit(judgement, CORS_DEFECT_PREFLIGHT_HEADER_NOT_LISTED,
                    name.text, name.len);
    }
}

/* Why an allowed preflight does not serve all that the policy allows; only up
 * to where the browser stops. */
static void find_preflight_defects(cors_judgement_t *judgement,
                                   const preflight_t *preflight,
                                   const cors_exchange_t *exchange)
{
    int with_credentials = exchange->decision->allow_credentials != NULL;

    if (!status_is_ok(judgement->status)) {
        add_defect(judgement, CORS_DEFECT_PREFLIGHT_STATUS);
        return;
    }
    if (!passes_cors_check(judgement, exchange->request->origin, 0)) {
        return;
    }
    if (with_credentials && !judgement->allows_credentials
        && !has_defect(judgement, CORS_DEFECT_CREDENTIALS_NOT_TRUE)) {
        add_defect(judgement, CORS_DEFECT_PREFLIGHT_WITHOUT_CREDENTIALS);
    }
    find_list_defects(judgement, preflight, with_credentials);
}

/* Hashes of origins are neither of these. */
#define ECHOED_NONE    0
#define ECHOED_SEVERAL 1

/* Remember an echoed origin.  Returns whether there were others. */
static int is_another_echo(cors_echoed_t *echoed, const char *origin)
{
    apr_ssize_t len = APR_HASH_KEY_STRING;
    cors_echoed_t hash = apr_hashfunc_default(origin, &len) | 2;
    cors_echoed_t before = *echoed;

    if (before != ECHOED_SEVERAL && before != hash) {
        *echoed = before == ECHOED_NONE ? hash : ECHOED_SEVERAL;
    }
    return *echoed == ECHOED_SEVERAL;
}

/* Answers to preflights are in no HTTP cache (RFC 9110, 9.3.7), and the one
 * that browsers have for them does not look at Vary. */
static int lacks_vary(const cors_judgement_t *judgement,
                      const cors_exchange_t *exchange, cors_echoed_t *echoed,
                      apr_pool_t *pool)
{
    const char *origin = exchange->request->origin;
    const char *vary;

    if (!echoed || exchange->decision->kind != CORS_KIND_ACTUAL
        || !judgement->allow_origin
        || strcmp(judgement->allow_origin, origin) != 0) {
        return 0;
    }
    vary = apr_table_getm(pool, exchange->headers, "Vary");
    if (cors_vary_merge(vary, "Origin", pool) == vary) {    /* names it */
        return 0;
    }
    return is_another_echo(echoed, origin);
}

static void find_header_defects(cors_judgement_t *judgement,
                                const cors_exchange_t *exchange,
                                const char *allow_credentials,
                                cors_echoed_t *echoed, apr_pool_t *pool)
{
    const char *allow_origin = judgement->allow_origin;

    if (allow_origin && strchr(allow_origin, ',')) {
        add_defect(judgement, CORS_DEFECT_TWO_ALLOW_ORIGIN);
    }
    if (allow_origin && strcmp(allow_origin, "*") == 0
        && judgement->allows_credentials) {
        add_defect(judgement, CORS_DEFECT_STAR_WITH_CREDENTIALS);
    }
    if (allow_credentials && !judgement->allows_credentials) {
        add_defect(judgement, CORS_DEFECT_CREDENTIALS_NOT_TRUE);
    }
    if (lacks_vary(judgement, exchange, echoed, pool)) {
        add_defect(judgement, CORS_DEFECT_NO_VARY);
    }
}

/* ------------------------------------------------------------------------
 * Judgements
 */

/* Whether the browser says that it sends the request without asking CORS. */
static int is_unchecked(const cors_exchange_t *exchange)
{
    static const char *const modes[] = {
        "navigate", "no-cors", "same-origin", "websocket", NULL
    };
    const char *const *mode = modes;

    if (exchange->fetch_site
        && strcmp(exchange->fetch_site, "same-origin") == 0) {
        return 1;
    }
    if (!exchange->fetch_mode) {
        return 0;
    }
    while (*mode && strcmp(exchange->fetch_mode, *mode) != 0) {
        mode++;
    }
    return *mode != NULL;
}

/* Of a 304 the browser judges the response that it had stored; a 407 and the
 * answer to a handshake are not shown to pages ("HTTP fetch"). */
static int is_judged(const cors_exchange_t *exchange)
{
    switch (exchange->decision->kind) {
    case CORS_KIND_PREFLIGHT:
        return 1;
    case CORS_KIND_ACTUAL:
        return exchange->status != 101 && exchange->status != 304
               && exchange->status != 407 && !is_unchecked(exchange);
    default:
        return 0;
    }
}

/* The same with what is kept of the response's headers, of which each line
 * stays but once. */
static int is_readable_as_kept(const cors_judgement_t *judgement,
                               const cors_exchange_t *exchange,
                               const char *allow_origin, apr_pool_t *pool)
{
    const char *credentials =
        header_get_one(exchange->headers,
                       "Access-Control-Allow-Credentials", pool);
    const char *origin = exchange->request->origin;
    cors_judgement_t kept = *judgement;
    preflight_t preflight;

    kept.allow_origin = allow_origin;
    kept.allows_credentials = credentials && strcmp(credentials, "true") == 0;
    if (exchange->decision->kind != CORS_KIND_PREFLIGHT) {
        return passes_cors_check(&kept, origin, exchange->with_credentials);
    }
    preflight_read(&preflight, exchange, pool);
    return passes_preflight(&kept, &preflight, origin,
                            exchange->with_credentials);
}

/* Whether the page could read, or the preflight would pass, under the policy.
 * Of two different Allow-Origin that are to be kept one would stay: nobody
 * knows which any more, and the decision has to do. */
static int would_be_readable(const cors_judgement_t *judgement,
                             const cors_exchange_t *exchange,
                             apr_pool_t *pool)
{
    const cors_decision_t *decision = exchange->decision;
    const char *kept = NULL;

    if (exchange->keeps_headers) {
        kept = header_get_one(exchange->headers,
                              "Access-Control-Allow-Origin", pool);
    }
    if (kept) {
        return is_readable_as_kept(judgement, exchange, kept, pool);
    }
    if (exchange->keeps_status && decision->kind == CORS_KIND_PREFLIGHT
        && !status_is_ok(judgement->status)) {
        return 0;
    }
    return decision->is_allowed
           && (!exchange->with_credentials || decision->allow_credentials);
}

static cors_report_t compared(const cors_judgement_t *judgement,
                              const cors_exchange_t *exchange,
                              apr_pool_t *pool)
{
    int is_allowed = would_be_readable(judgement, exchange, pool);

    if (is_allowed == judgement->is_readable) {
        return CORS_REPORT_SAME;
    }
    return is_allowed ? CORS_REPORT_WOULD_ALLOW : CORS_REPORT_WOULD_REFUSE;
}

static void judge_preflight(cors_judgement_t *judgement,
                            const cors_exchange_t *exchange,
                            apr_pool_t *pool)
{
    preflight_t preflight;

    preflight_read(&preflight, exchange, pool);
    judgement->is_readable =
        passes_preflight(judgement, &preflight, exchange->request->origin,
                         exchange->with_credentials);
    if (exchange->decision->is_allowed) {
        find_preflight_defects(judgement, &preflight, exchange);
    }
}

void cors_judge(cors_judgement_t *judgement, const cors_exchange_t *exchange,
                cors_echoed_t *echoed, apr_pool_t *pool)
{
    const char *allow_credentials;

    memset(judgement, 0, sizeof(*judgement));
    if (!is_judged(exchange)) {
        return;
    }
    judgement->status = exchange->status;
    judgement->allow_origin = header_get(exchange->headers,
                                         "Access-Control-Allow-Origin", pool);
    allow_credentials = header_get(exchange->headers,
                                   "Access-Control-Allow-Credentials", pool);
    judgement->allows_credentials =
        allow_credentials && strcmp(allow_credentials, "true") == 0;
    find_header_defects(judgement, exchange, allow_credentials, echoed, pool);
    if (exchange->decision->kind == CORS_KIND_PREFLIGHT) {
        judge_preflight(judgement, exchange, pool);
    }
    else {
        judgement->is_readable =
            passes_cors_check(judgement, exchange->request->origin,
                              exchange->with_credentials);
    }
    judgement->report = compared(judgement, exchange, pool);
}

static const char *defect_text(const cors_judgement_t *judgement,
                               cors_defect_t defect, apr_pool_t *pool)
{
    apr_size_t len = judgement->culprit_len;

    switch (defect) {
    case CORS_DEFECT_PREFLIGHT_STATUS:
        return apr_psprintf(pool, "%s-%d", cors_defect_name(defect),
                            judgement->status);
    case CORS_DEFECT_PREFLIGHT_MALFORMED_LIST:
    case CORS_DEFECT_PREFLIGHT_HEADER_NOT_LISTED:
        return apr_psprintf(pool, "%s %.*s", cors_defect_name(defect),
                            (int)(len < CORS_MAX_QUOTE ? len
                                                       : CORS_MAX_QUOTE),
                            judgement->culprit);
    default:
        return cors_defect_name(defect);
    }
}

const char *cors_judgement_defects(const cors_judgement_t *judgement,
                                   apr_pool_t *pool)
{
    const char *text = NULL;
    cors_defect_t defect;

    for (defect = 0; defect < CORS_DEFECTS; defect++) {
        if (has_defect(judgement, defect)) {
            const char *word = defect_text(judgement, defect, pool);

            text = text ? apr_pstrcat(pool, text, ", ", word, NULL) : word;
        }
    }
    return text ? text : "-";
}
