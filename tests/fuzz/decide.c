/* SPDX-License-Identifier: Apache-2.0 */

/* A policy and a request, one line for each part: flags, origins, regular
 * expression, methods, allowed and exposed headers, max-age; then the
 * request's method, Origin, requested method and requested headers.  A flag
 * in upper case says that a header is absent. */

#include "fuzz.h"

/* The "regular expression" is what an origin ends in. */
static int match_end(const void *regex, const char *origin, apr_size_t len)
{
    HOLDS(model_is_origin(origin, len), "a regex is asked about %.*s",
          (int)len, origin);
    return ends_with_text(origin, len, regex, strlen(regex));
}

static int any_origin_matches(const cors_policy_t *policy, const char *regex,
                              const char *text, apr_pool_t *pool)
{
    const apr_array_header_t *words =
        cors_policy_words(policy, cors_directive_find("CORSAllowOrigin"),
                          pool);
    size_t len = strlen(text);
    int i;

    for (i = 0; i < words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(words, i, const char *);

        if (strcmp(word, "*") == 0
            || (strcmp(word, "none") != 0
                && model_matches(word, text, len))) {
            return 1;
        }
    }
    return regex && model_is_origin(text, len)
           && ends_with_text(text, len, regex, strlen(regex));
}

/** What credentials must never go with. */
static void holds_safe(const cors_policy_t *policy, const char *regex,
                       const char *origin)
{
    static const char sentinel[] = "https://cors.sentinel.invalid";
    cors_keyword_t dangers = policy->dangers;
    size_t len = strlen(origin);

    if (cors_policy_echoes_any(policy)) {
        HOLDS(strcmp(origin, "null") == 0 || model_is_origin(origin, len),
              "%s", origin);
        return;
    }
    HOLDS(strcmp(origin, "null") != 0, "null with credentials");
    HOLDS(!model_is_insecure(origin, len)
          || dangers & CORS_DANGER_INSECURE_ORIGINS, "%s", origin);
    HOLDS(!regex || !ends_with_text(sentinel, strlen(sentinel), regex,
                                    strlen(regex)),
          "a regex that matches everything, and %s", origin);
}

/** The same policy in two sections, each field in either. */
static void holds_merged(const cors_policy_t *policy,
                         const cors_request_t *request,
                         const cors_decision_t *decision, unsigned int bits,
                         apr_pool_t *pool)
{
    cors_policy_t part[2];
    cors_policy_t merged;
    cors_decision_t other;

    memset(&part[0], 0, sizeof(part[0]));
    memset(&part[1], 0, sizeof(part[1]));
    memset(&merged, 0x5a, sizeof(merged));
    part[bits & 1].origins = policy->origins;
    part[bits >> 1 & 1].methods = policy->methods;
    part[bits >> 2 & 1].allow_headers = policy->allow_headers;
    part[bits >> 3 & 1].expose_headers = policy->expose_headers;
    part[bits >> 4 & 1].credentials = policy->credentials;
    part[bits >> 5 & 1].max_age = policy->max_age;
    part[bits >> 6 & 1].debug = policy->debug;
    part[bits >> 7 & 1].dangers = policy->dangers;
    part[bits & 1].engine = policy->engine;
    part[bits >> 1 & 1].timing_allow_origin = policy->timing_allow_origin;
    part[bits >> 2 & 1].preflight_status = policy->preflight_status;
    cors_policy_merge(&merged, &part[0], &part[1]);
    HOLDS(memcmp(&merged.engine, &policy->engine, sizeof(merged.engine)) == 0
          && cors_policy_is_active(&merged) == cors_policy_is_active(policy)
          && cors_policy_says_anything(&merged) == cors_policy_says_anything(policy),
          "merged with %u", bits);
    other = decide(&merged, request, pool);
    HOLDS(same_decision(&other, decision), "merged with %u", bits);
}

/** What start-up finds out about an expression allows no more, and changes
 * nothing without credentials. */
static void holds_probed(cors_policy_t *policy, const cors_request_t *request,
                         const cors_decision_t *decision, apr_pool_t *pool)
{
    cors_decision_t other;

    cors_policy_probe_regexes(policy, pool);
    other = decide(policy, request, pool);
    HOLDS(!other.is_allowed || decision->is_allowed, "probed");
    HOLDS(policy->credentials == CORS_ON || same_decision(&other, decision),
          "probed without credentials");
}

static cors_kind_t model_kind(const cors_policy_t *policy,
                              const cors_request_t *request)
{
    if (!policy->origins || policy->engine == CORS_OFF) {
        return CORS_KIND_INERT;
    }
    if (!request->origin) {
        return CORS_KIND_NOT_CORS;
    }
    return strcmp(request->method, "OPTIONS") == 0 && request->request_method
           ? CORS_KIND_PREFLIGHT : CORS_KIND_ACTUAL;
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    unsigned int bits = take_byte(input);
    const char *flags = take_line(input, pool);
    const cors_origin_entry_t *entry;
    const char *regex = NULL;
    cors_policy_t policy;
    cors_request_t request;
    cors_decision_t decision;
    const char *line;

    memset(&policy, 0, sizeof(policy));
    set_flags(&policy, flags);
    compile("CORSAllowOrigin", &policy, pool, take_line(input, pool));
    if (strchr(flags, 'a')) {
        must_compile(add_word("CORSDangerouslyAllow", &policy, pool,
                              "any-origin"));
    }
    line = take_line(input, pool);
    if (*line) {
        cors_policy_t before = policy;

        if (cors_policy_add_origin_regex(&policy, pool, line, line,
                                         match_end, NULL)) {
            policy = before;
        }
        else {
            regex = line;
        }
    }
    compile("CORSAllowMethods", &policy, pool, take_line(input, pool));
    compile("CORSAllowHeaders", &policy, pool,
            take_line(input, pool));
    compile("CORSExposeHeaders", &policy, pool,
            take_line(input, pool));
    compile("CORSMaxAge", &policy, pool, take_line(input, pool));

    request.method = take_line(input, pool);
    request.origin = take_line(input, pool);
    request.request_method = take_line(input, pool);
    request.request_headers = take_rest(input, pool);
    request.origin = strchr(flags, 'O') ? NULL : request.origin;
    request.request_method = strchr(flags, 'M') ? NULL
                                                : request.request_method;
    request.request_headers = strchr(flags, 'H') ? NULL
                                                 : request.request_headers;

    HOLDS(!policy.max_age || strtol(policy.max_age, NULL, 10)
          <= CORS_MAX_AGE, "max-age %s", policy.max_age);
    decision = decide(&policy, &request, pool);
    HOLDS(decision.kind == model_kind(&policy, &request), "kind %d",
          (int)decision.kind);
    holds_decision(&decision, &policy, &request);
    if (decision.kind == CORS_KIND_INERT) {
        return;
    }
    cors_policy_find_unsafe(&policy, &entry);
    if (request.origin && decision.allow_origin) {
        HOLDS(any_origin_matches(&policy, regex, request.origin, pool),
              "%s matches nothing", request.origin);
        if (policy.credentials == CORS_ON) {
            holds_safe(&policy, regex, request.origin);
        }
    }
    HOLDS(policy.credentials == CORS_ON || !request.origin
          || decision.reason != CORS_REASON_ORIGIN
          || !any_origin_matches(&policy, regex, request.origin, pool),
          "%s matches", request.origin);
    holds_merged(&policy, &request, &decision, bits, pool);
    if (regex) {
        holds_probed(&policy, &request, &decision, pool);
    }
}
