/* SPDX-License-Identifier: Apache-2.0 */

/* A list of requested header names: a line of flags, a line with the words of
 * CORSAllowHeaders, then the list. */

#include "fuzz.h"

/** Whether a name begins as one of the prefixes, "x-amz-*", and goes on. */
static int model_has_prefix(const elements_t *prefixes, const char *name,
                            size_t len)
{
    unsigned int i;

    for (i = 0; i < prefixes->count; i++) {
        if (len >= prefixes->len[i]
            && strncasecmp(name, prefixes->text[i], prefixes->len[i] - 1)
               == 0) {
            return 1;
        }
    }
    return 0;
}

/** The verdict on a list by its elements, in order.  The first fault counts;
 * with want_all a malformed element does, wherever it stands. */
static cors_reason_t model_reason(const elements_t *elements,
                                  const elements_t *listed,
                                  const elements_t *prefixes, int is_any,
                                  int want_all)
{
    cors_reason_t reason = CORS_REASON_NONE;
    unsigned int i;

    for (i = 0; i < elements->count && (want_all || !reason); i++) {
        const char *name = elements->text[i];
        size_t len = elements->len[i];

        if (!model_is_token(name, len) || i == CORS_MAX_REQUEST_HEADERS) {
            return CORS_REASON_MALFORMED;
        }
        if (!has_element(listed, name, len, strncasecmp)
            && !model_has_prefix(prefixes, name, len)
                 && (!is_any || (len == 1 && *name == '*')
                     || (len == 13
                         && !strncasecmp(name, "authorization", 13)))) {
            reason = CORS_REASON_HEADER;
        }
    }
    return reason;
}

/** The elements in another order, or oftener, or among blanks. */
static const char *rewritten(apr_pool_t *pool, const elements_t *elements,
                             int how)
{
    static const char *const pads[] = { ",", ", ", " \t,\t ", ",, ,\t,", ",," };
    unsigned int times = how == 3 && 2 * elements->count
                         <= CORS_MAX_REQUEST_HEADERS ? 2 : 1;
    unsigned int n = elements->count * times;
    const char *value = how == 4 ? " \t," : "";
    unsigned int i;

    for (i = 0; i < n; i++) {
        unsigned int at = how == 0 ? n - 1 - i
                        : how == 1 ? (i + n / 2) % n
                        : i % elements->count;

        value = apr_pstrcat(pool, value, i ? pads[how] : "",
                            apr_pstrmemdup(pool, elements->text[at],
                                           elements->len[at]), NULL);
    }
    return how == 4 ? apr_pstrcat(pool, value, " , ", NULL) : value;
}

static void holds_list(const cors_decision_t *decision,
                       const elements_t *asked, const elements_t *listed,
                       apr_pool_t *pool)
{
    elements_t answered;

    if (!decision->allow_headers) {
        return;
    }
    answered = split(pool, decision->allow_headers, ",");
    HOLDS(is_each_once(&answered, strncasecmp), "%s",
          decision->allow_headers);
    HOLDS(is_subset(listed, &answered, strncasecmp), "%s",
          decision->allow_headers);
    HOLDS(!decision->is_allowed || is_subset(asked, &answered, strncasecmp),
          "%s", decision->allow_headers);
    HOLDS(has_element(listed, "authorization", 13, strncasecmp)
          || !has_element(&answered, "authorization", 13, strncasecmp),
          "Authorization");
    HOLDS(!has_element(&answered, "*", 1, strncasecmp), "%s",
          decision->allow_headers);
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *flags = take_line(input, pool);
    const char *words = take_line(input, pool);
    const char *list = take_rest(input, pool);
    cors_request_t request = { "OPTIONS", "https://a.example", "PUT", list };
    cors_policy_t policy;
    cors_decision_t decision;
    elements_t listed = { NULL, NULL, 0 };
    elements_t prefixes = { NULL, NULL, 0 };
    elements_t asked;
    int is_any = 0;
    int how;

    memset(&policy, 0, sizeof(policy));
    set_flags(&policy, flags);
    policy.engine = 0;
    compile("CORSAllowOrigin", &policy, pool, request.origin);
    compile("CORSAllowMethods", &policy, pool, "PUT");
    if (compile("CORSAllowHeaders", &policy, pool, words)
        && strcasecmp(words, "none") != 0) {
        elements_t all = split(pool, words, " ");
        const char *named[2] = { "", "" };      /* names, prefixes */
        unsigned int i;

        is_any = has_element(&all, "*", 1, strncmp);
        for (i = 0; i < all.count; i++) {
            int is_prefix = all.text[i][all.len[i] - 1] == '*';

            if (all.len[i] > 1 || !is_prefix) {
                named[is_prefix] =
                    apr_pstrcat(pool, named[is_prefix], ",",
                                apr_pstrmemdup(pool, all.text[i],
                                               all.len[i]), NULL);
            }
        }
        listed = split(pool, named[0], ",");
        prefixes = split(pool, named[1], ",");
    }
    asked = split(pool, list, ",");
    decision = decide(&policy, &request, pool);
    holds_decision(&decision, &policy, &request);
    HOLDS(decision.reason == model_reason(&asked, &listed, &prefixes,
                                            is_any,
                                            policy.debug == CORS_ON),
          "%s: reason %s", list, cors_reason_name(decision.reason));
    HOLDS(!decision.offender || (decision.offender >= list
          && decision.offender + decision.offender_len <= list + strlen(list)),
          "the offender of %s", list);
    holds_list(&decision, &asked, &listed, pool);
    HOLDS(!asked.count ? !decision.allow_headers
          : !decision.is_allowed || decision.allow_headers
            || !listed.count, "%s", or_null(decision.allow_headers));

    for (how = 0; asked.count && how < 5; how++) {
        cors_decision_t other;

        request.request_headers = rewritten(pool, &asked, how);
        other = decide(&policy, &request, pool);
        holds_decision(&other, &policy, &request);
        HOLDS(other.is_allowed == decision.is_allowed
              && other.status == decision.status,
              "\"%s\": %d, and \"%s\": %d", list, decision.status,
              request.request_headers, other.status);
        HOLDS(same_set(pool, other.allow_headers, decision.allow_headers,
                       strncasecmp),
              "%s: %s, and %s: %s", list, or_null(decision.allow_headers),
              request.request_headers, or_null(other.allow_headers));
    }
}
