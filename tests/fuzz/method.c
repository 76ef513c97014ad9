/* SPDX-License-Identifier: Apache-2.0 */

/* A requested method: a line of flags, a line with the words of
 * CORSAllowMethods, then the method. */

#include "fuzz.h"

static int is_one_of(const char *list, const char *word, compare_fn *compare,
                     apr_pool_t *pool)
{
    elements_t elements = split(pool, list, " ");

    return has_element(&elements, word, strlen(word), compare);
}

static cors_reason_t model_reason(const char *methods, const char *asked,
                                  apr_pool_t *pool)
{
    int is_listed = is_one_of(methods, asked, strncmp, pool);

    if (!model_is_token(asked, strlen(asked))) {
        return CORS_REASON_MALFORMED;
    }
    if (is_one_of("GET HEAD POST", asked, strncmp, pool)) {
        return CORS_REASON_NONE;
    }
    if (is_one_of("CONNECT TRACE TRACK", asked, strncasecmp, pool)
        || strcmp(asked, "*") == 0) {
        return CORS_REASON_METHOD;
    }
    return is_listed || strcmp(methods, "*") == 0 ? CORS_REASON_NONE
                                                  : CORS_REASON_METHOD;
}

/** The methods of a line that a policy can allow. */
static elements_t allowed_of(apr_pool_t *pool, const char *methods)
{
    elements_t all = split(pool, methods, " ");
    elements_t allowed = split(pool, methods, " ");
    unsigned int i;

    allowed.count = 0;
    for (i = 0; i < all.count; i++) {
        const char *word = apr_pstrmemdup(pool, all.text[i], all.len[i]);

        if (!is_one_of("CONNECT TRACE TRACK", word, strncasecmp, pool)) {
            allowed.text[allowed.count] = all.text[i];
            allowed.len[allowed.count++] = all.len[i];
        }
    }
    return allowed;
}

/** The words from the last to the first, each twice. */
static const char *rewritten(apr_pool_t *pool, const char *words)
{
    elements_t elements = split(pool, words, " ");
    const char *value = "";
    unsigned int i;

    for (i = 0; i < elements.count; i++) {
        const char *word =
            apr_pstrmemdup(pool, elements.text[elements.count - 1 - i],
                           elements.len[elements.count - 1 - i]);

        value = apr_pstrcat(pool, value, i ? " " : "", word, " ", word, NULL);
    }
    return value;
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *flags = take_line(input, pool);
    const char *methods = take_line(input, pool);
    const char *asked = take_rest(input, pool);
    cors_request_t request = { "OPTIONS", "https://a.example", asked, NULL };
    cors_policy_t policy;
    cors_decision_t decision;
    int is_any;

    memset(&policy, 0, sizeof(policy));
    set_flags(&policy, flags);
    policy.engine = 0;
    compile("CORSAllowOrigin", &policy, pool, request.origin);
    if (!compile("CORSAllowMethods", &policy, pool, methods)) {
        methods = "GET HEAD POST";
    }
    is_any = strcmp(methods, "*") == 0;
    decision = decide(&policy, &request, pool);
    holds_decision(&decision, &policy, &request);
    HOLDS(decision.reason == model_reason(methods, asked, pool),
          "%s: reason %s", asked, cors_reason_name(decision.reason));
    HOLDS(!is_any || same_text(decision.allow_methods,
                               decision.is_allowed ? asked : NULL),
          "%s", or_null(decision.allow_methods));
    HOLDS(!decision.is_allowed || policy.methods
          || strcmp(decision.allow_methods, "GET, HEAD, POST") == 0, "%s",
          decision.allow_methods);
    if (policy.methods && !is_any) {
        elements_t listed = allowed_of(pool, methods);
        elements_t answered = split(pool, decision.allow_methods
                                    ? decision.allow_methods : "", ",");
        cors_policy_t other = policy;
        cors_decision_t again;

        HOLDS(listed.count || !decision.is_allowed
              || same_text(decision.allow_methods, asked), "%s",
              decision.allow_methods);
        HOLDS(!listed.count || !decision.allow_methods
              || (is_each_once(&answered, strncmp)
                  && is_subset(&answered, &listed, strncmp)
                  && is_subset(&listed, &answered, strncmp)), "%s",
              decision.allow_methods);
        other.methods = NULL;
        HOLDS(compile("CORSAllowMethods", &other, pool,
                      rewritten(pool, methods)), "%s", methods);
        again = decide(&other, &request, pool);
        HOLDS(again.reason == decision.reason, "%s", asked);
        HOLDS(same_set(pool, again.allow_methods, decision.allow_methods,
                       strncmp), "%s", or_null(again.allow_methods));
    }
}
