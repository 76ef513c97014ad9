/* SPDX-License-Identifier: Apache-2.0 */

#ifndef JUDGE_MODEL_H
#define JUDGE_MODEL_H

/**
 * @file judge_model.h
 * @brief Fetch's "CORS check" and "CORS-preflight fetch" once more, word by
 * word on lists of strings, slow and plain; and the judge's answers as text.
 */

#include "testing.h"

#include "cors_judge.h"

#define MODEL_TOKEN "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz" \
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/** A line of a response. */
typedef struct line_t {
    const char *name;
    const char *value;
} line_t;

/** Origins that a place has echoed without Vary, each once. */
typedef struct echoes_t {
    const char *origins[16];
    unsigned int count;
} echoes_t;

/** An exchange as the model sees it. */
typedef struct seen_t {
    const cors_request_t *request;
    const line_t *lines;
    size_t count;
    int status;
    int is_active;              /* the policy, and what it says: */
    int allows;
    int allows_credentials;
    int with_credentials;       /* the page's request */
    const char *site;           /* Sec-Fetch-Site, or NULL */
    const char *mode;           /* Sec-Fetch-Mode */
    int keeps_status;           /* what the policy leaves to the backend */
    int keeps_headers;
    echoes_t *echoes;
} seen_t;

/* ------------------------------------------------------------------------
 * Header values
 */

/** A copy without spaces and tabs at its ends. */
static inline char *model_stripped(apr_pool_t *pool, const char *text)
{
    char *copy = apr_pstrdup(pool, text + strspn(text, " \t"));
    char *end = copy + strlen(copy);

    while (end > copy && strchr(" \t", end[-1])) {
        *--end = '\0';
    }
    return copy;
}

/** Fetch, "get". */
static inline const char *model_get(apr_pool_t *pool, const seen_t *seen,
                                    const char *name)
{
    const char *value = NULL;
    size_t i;

    for (i = 0; i < seen->count; i++) {
        if (strcasecmp(seen->lines[i].name, name) == 0) {
            const char *line = model_stripped(pool, seen->lines[i].value);

            value = value ? apr_psprintf(pool, "%s, %s", value, line) : line;
        }
    }
    return value;
}

/** The elements of a list (RFC 9110, 5.6.1.2). */
static inline apr_array_header_t *model_elements(apr_pool_t *pool,
                                                 const char *list)
{
    apr_array_header_t *elements = apr_array_make(pool, 4, sizeof(char *));
    char *rest = apr_pstrdup(pool, list ? list : "");
    char *element;
    char *state;

    for (element = strtok_r(rest, ",", &state); element;
         element = strtok_r(NULL, ",", &state)) {
        element = model_stripped(pool, element);
        if (*element) {
            APR_ARRAY_PUSH(elements, const char *) = element;
        }
    }
    return elements;
}

#define MODEL_ELEMENT(elements, i) APR_ARRAY_IDX(elements, i, const char *)

static inline int model_lists(const apr_array_header_t *elements,
                              const char *wanted,
                              int (*compare)(const char *, const char *))
{
    int i;

    for (i = 0; i < elements->nelts; i++) {
        if (compare(MODEL_ELEMENT(elements, i), wanted) == 0) {
            return 1;
        }
    }
    return 0;
}

/** The first element that is no token, or NULL. */
static inline const char *model_malformed(const apr_array_header_t *elements)
{
    int i;

    for (i = 0; i < elements->nelts; i++) {
        const char *element = MODEL_ELEMENT(elements, i);

        if (strspn(element, MODEL_TOKEN) != strlen(element)) {
            return element;
        }
    }
    return NULL;
}

static inline const char *model_lower(apr_pool_t *pool, const char *text)
{
    char *copy = apr_pstrdup(pool, text);
    char *p;

    for (p = copy; *p; p++) {
        if (*p >= 'A' && *p <= 'Z') {
            *p = (char)(*p - 'A' + 'a');
        }
    }
    return copy;
}

/* ------------------------------------------------------------------------
 * The steps of Fetch
 */

/** 1 is success, 0 failure. */
static inline int model_cors_check(apr_pool_t *pool, const seen_t *seen,
                                   int is_include)
{
    const char *origin = model_get(pool, seen, "Access-Control-Allow-Origin");
    const char *credentials;

    if (origin == NULL) {
        return 0;
    }
    if (!is_include && strcmp(origin, "*") == 0) {
        return 1;
    }
    if (strcmp(origin, seen->request->origin) != 0) {
        return 0;
    }
    if (!is_include) {
        return 1;
    }
    credentials = model_get(pool, seen, "Access-Control-Allow-Credentials");
    return credentials && strcmp(credentials, "true") == 0;
}

/** Steps 7.1 to 7.7 of "CORS-preflight fetch": NULL if the preflight passes,
 * else what its lists lack. */
static inline const char *model_lists_fault(apr_pool_t *pool,
                                            const seen_t *seen,
                                            int is_include)
{
    apr_array_header_t *methods = model_elements(
        pool, model_get(pool, seen, "access-control-allow-methods"));
    apr_array_header_t *headers = model_elements(
        pool, model_get(pool, seen, "access-control-allow-headers"));
    apr_array_header_t *asked = model_elements(
        pool, seen->request->request_headers);
    const char *method = seen->request->request_method;
    const char *fault = NULL;
    int i;

    if (model_malformed(methods)) {
        return apr_psprintf(pool, "preflight-malformed-list %.100s",
                            model_malformed(methods));
    }
    if (model_malformed(headers)) {
        return apr_psprintf(pool, "preflight-malformed-list %.100s",
                            model_lower(pool, model_malformed(headers)));
    }
    if (!model_lists(methods, method, strcmp)
        && strcmp(method, "GET") != 0 && strcmp(method, "HEAD") != 0
        && strcmp(method, "POST") != 0
        && (is_include || !model_lists(methods, "*", strcmp))) {
        fault = "preflight-method-not-listed";
    }
    for (i = 0; i < asked->nelts; i++) {
        const char *name = MODEL_ELEMENT(asked, i);
        /* What the policy denies is judged as browsers do, not as Fetch. */
        int is_wild = !is_include
                      && (strcasecmp(name, "authorization") != 0
                          || !seen->allows);

        if (!model_lists(headers, name, strcasecmp)
            && !(is_wild && model_lists(headers, "*", strcmp))) {
            return apr_psprintf(pool,
                                "%s%spreflight-header-not-listed %.100s",
                                fault ? fault : "", fault ? ", " : "",
                                model_lower(pool, name));
        }
    }
    return fault;
}

/* ------------------------------------------------------------------------
 * The answer
 */

/** Whether other origins were echoed; remembers this one. */
static inline int model_echoed_others(apr_pool_t *pool, const seen_t *seen)
{
    const char *origin = seen->request->origin;
    apr_array_header_t *vary = model_elements(pool,
                                              model_get(pool, seen, "Vary"));
    echoes_t *echoes = seen->echoes;
    unsigned int i;

    if (!same_text(model_get(pool, seen, "Access-Control-Allow-Origin"),
                   origin)
        || model_lists(vary, "origin", strcasecmp)
        || model_lists(vary, "*", strcmp)) {
        return 0;
    }
    for (i = 0; i < echoes->count; i++) {
        if (strcmp(echoes->origins[i], origin) == 0) {
            break;
        }
    }
    if (i == echoes->count && i < COUNT(echoes->origins)) {
        echoes->origins[echoes->count++] = origin;
    }
    return echoes->count > 1;
}

static inline void model_say(apr_pool_t *pool, const char **text,
                             const char *word)
{
    *text = strcmp(*text, "-") ? apr_pstrcat(pool, *text, ", ", word, NULL)
                               : word;
}

static inline void model_preflight(apr_pool_t *pool, const seen_t *seen,
                                   const char **defects)
{
    const char *fault;

    if (!seen->allows) {
        return;
    }
    if (seen->status < 200 || seen->status > 299) {
        model_say(pool, defects, apr_psprintf(pool, "preflight-status-%d",
                                              seen->status));
        return;
    }
    if (!model_cors_check(pool, seen, 0)) {
        return;
    }
    if (seen->allows_credentials
        && !model_get(pool, seen, "Access-Control-Allow-Credentials")) {
        model_say(pool, defects, "preflight-without-credentials");
    }
    fault = model_lists_fault(pool, seen, seen->allows_credentials);
    if (fault) {
        model_say(pool, defects, fault);
    }
}

static inline int model_reads(apr_pool_t *pool, const seen_t *seen,
                              int is_preflight)
{
    return model_cors_check(pool, seen, seen->with_credentials)
           && (!is_preflight
               || (seen->status / 100 == 2
                   && !model_lists_fault(pool, seen,
                                         seen->with_credentials)));
}

/** Keep one of the lines with Allow-Origin and Allow-Credentials, if they are
 * the same; drop those that are not.  Returns whether an Allow-Origin is
 * left. */
static inline int model_keep(apr_pool_t *pool, const seen_t *seen,
                             seen_t *kept)
{
    line_t *lines = apr_pcalloc(pool, (seen->count + 1) * sizeof(*lines));
    int has_origin = 0;
    size_t i;
    size_t j;

    *kept = *seen;
    kept->lines = lines;
    kept->count = 0;
    for (i = 0; i < seen->count; i++) {
        const line_t *line = &seen->lines[i];
        int is_origin = strcasecmp(line->name,
                                   "Access-Control-Allow-Origin") == 0;
        int is_dropped = 0;
        size_t others = is_origin || strstr(line->name, "Credentials")
                        ? seen->count : 0;

        for (j = 0; j < others; j++) {
            const line_t *other = &seen->lines[j];

            is_dropped |= strcasecmp(other->name, line->name) == 0
                          && (other < line
                              || strcmp(other->value, line->value) != 0);
        }
        if (!is_dropped) {
            lines[kept->count++] = *line;
            has_origin |= is_origin;
        }
    }
    return has_origin;
}

/** "would-allow, read: no, broken: preflight-status-401" */
static inline const char *model_judge(apr_pool_t *pool, const seen_t *seen)
{
    const cors_request_t *request = seen->request;
    const char *origin = model_get(pool, seen, "Access-Control-Allow-Origin");
    const char *credentials = model_get(pool, seen,
                                        "Access-Control-Allow-Credentials");
    int is_preflight = request->request_method
                       && strcmp(request->method, "OPTIONS") == 0;
    const char *defects = "-";
    seen_t kept;
    int reads;
    int allows;

    if (!seen->is_active || !request->origin
        || (!is_preflight && (seen->status == 101 || seen->status == 304
                              || seen->status == 407
                              || same_text(seen->site, "same-origin")
                              || same_text(seen->mode, "navigate")
                              || same_text(seen->mode, "no-cors")
                              || same_text(seen->mode, "same-origin")
                              || same_text(seen->mode, "websocket")))) {
        return "-, read: no, broken: -";
    }
    if (origin && strchr(origin, ',')) {
        model_say(pool, &defects, "two-allow-origin");
    }
    if (same_text(origin, "*") && same_text(credentials, "true")) {
        model_say(pool, &defects, "star-with-credentials");
    }
    if (credentials && strcmp(credentials, "true") != 0) {
        model_say(pool, &defects, "credentials-not-true");
    }
    reads = model_reads(pool, seen, is_preflight);
    if (is_preflight) {
        model_preflight(pool, seen, &defects);
    }
    else if (model_echoed_others(pool, seen)) {
        model_say(pool, &defects, "no-vary");
    }
    allows = seen->allows
             && (seen->allows_credentials || !seen->with_credentials);
    if (is_preflight && seen->keeps_status && seen->status / 100 != 2) {
        allows = 0;
    }
    if (seen->keeps_headers && model_keep(pool, seen, &kept)) {
        allows = model_reads(pool, &kept, is_preflight);
    }
    return apr_psprintf(pool, "%s, read: %s, broken: %s",
                        reads == allows ? "same"
                        : reads ? "would-refuse" : "would-allow",
                        reads ? "yes" : "no", defects);
}

/* ------------------------------------------------------------------------
 * The judge in the same words
 */

static inline apr_table_t *table_of(apr_pool_t *pool, const line_t *lines,
                                    size_t count)
{
    apr_table_t *table = apr_table_make(pool, 8);
    size_t i;

    for (i = 0; i < count; i++) {
        apr_table_addn(table, exact_text(pool, lines[i].name),
                       exact_text(pool, lines[i].value));
    }
    return table;
}

static inline const char *judged(apr_pool_t *pool, const seen_t *seen,
                                 const cors_decision_t *decision,
                                 cors_echoed_t *echoed)
{
    cors_exchange_t exchange;
    cors_judgement_t judgement;

    exchange.request = seen->request;
    exchange.decision = decision;
    exchange.with_credentials = seen->with_credentials;
    exchange.status = seen->status;
    exchange.headers = table_of(pool, seen->lines, seen->count);
    exchange.fetch_site = seen->site;
    exchange.fetch_mode = seen->mode;
    exchange.keeps_status = seen->keeps_status;
    exchange.keeps_headers = seen->keeps_headers;
    memset(&judgement, 0x5a, sizeof(judgement));
    cors_judge(&judgement, &exchange, echoed, pool);
    return apr_psprintf(pool, "%s, read: %s, broken: %s",
                        cors_report_name(judgement.report),
                        judgement.is_readable ? "yes" : "no",
                        cors_judgement_defects(&judgement, pool));
}

#endif /* JUDGE_MODEL_H */
