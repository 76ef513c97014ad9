/* SPDX-License-Identifier: Apache-2.0 */

/* The Origin of a request, the whole input, NUL bytes included. */

#include "fuzz.h"

static const char *const patterns[] = {
    "null", "https://a.example", "https://a.example:8443", "http://a.example:*",
    "https://*.a.example", "https://*.b.a.example:8443", "http://*.c.example:*",
    "https://*.x", "https://*.d.example.:*", "https://127.0.0.1:*",
    "http://[::1]:*", "https://[2001:db8::1]", "app://a.example",
    "chrome-extension://abcdefghijklmnop", "https://*.e.example:*",
    "file://",
};

static const cors_policy_t *fixed_policy(void)
{
    static cors_policy_t policy;

    if (!policy.origins) {
        size_t i;

        memset(&policy, 0, sizeof(policy));
        for (i = 0; i < COUNT(patterns); i++) {
            must_compile(add_line("CORSAllowOrigin", &policy, fuzz_root,
                                  patterns[i], strlen(patterns[i])));
        }
    }
    return &policy;
}

static void holds_parsed(const cors_origin_t *origin, const char *text,
                         size_t len, apr_pool_t *pool)
{
    const char *host_end = origin->host + origin->host_len;
    char port[16] = "";

    HOLDS(model_is_web(text, len) || !origin->has_port, "a port");
    if (origin->has_port) {
        sprintf(port, ":%u", origin->port);
    }
    HOLDS(origin->text == text && origin->len == len, "the whole");
    HOLDS(origin->host == text + origin->scheme_len + 3
          && memcmp(origin->host - 3, "://", 3) == 0, "the host's start");
    HOLDS((origin->host_len > 0 || len == 7) && host_end <= text + len
          && strlen(port) == (size_t)(text + len - host_end)
          && memcmp(port, host_end, strlen(port)) == 0, "the port");
    HOLDS(origin->host_is_name
          == (model_is_web(text, len) && *origin->host != '['
              && !model_is_ipv4(apr_pstrmemdup(pool, origin->host,
                                               origin->host_len))),
          "a name");
    HOLDS(cors_origin_is_insecure(origin)
          == model_is_insecure(text, len), "clear text: %.*s", (int)len,
          text);
}

static void holds_answer(const cors_policy_t *policy, const char *text,
                         int is_allowed, apr_pool_t *pool)
{
    cors_request_t request = { "GET", text, NULL, NULL };
    cors_decision_t decision = decide(policy, &request, pool);

    holds_decision(&decision, policy, &request);
    HOLDS(decision.is_allowed == is_allowed, "GET from %s", text);
    HOLDS(same_text(decision.allow_origin, is_allowed ? text : NULL),
          "GET from %s", text);
    request.method = "OPTIONS";
    request.request_method = "PUT";
    decision = decide(policy, &request, pool);
    holds_decision(&decision, policy, &request);
    HOLDS(!decision.is_allowed && !decision.allow_origin,
          "an unlisted method from %s", text);
    request.request_method = "POST";
    decision = decide(policy, &request, pool);
    holds_decision(&decision, policy, &request);
    HOLDS(decision.is_allowed == is_allowed, "POST from %s", text);
    HOLDS(same_text(decision.allow_origin, is_allowed ? text : NULL),
          "POST from %s", text);
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const cors_policy_t *policy = fixed_policy();
    size_t len = input->left;
    const char *text = exact(pool, input->bytes, len);
    const cors_origin_entry_t *entry = NULL;
    int is_allowed = 0;
    cors_origin_t untouched;
    cors_origin_t origin;
    size_t i;

    memset(&origin, 0x5a, sizeof(origin));
    memset(&untouched, 0x5a, sizeof(untouched));
    if (cors_origin_parse(&origin, text, len)) {
        HOLDS(model_is_origin(text, len), "%.*s", (int)len, text);
        holds_parsed(&origin, text, len, pool);
    }
    else {
        HOLDS(!model_is_origin(text, len), "%.*s", (int)len, text);
        HOLDS(same_bytes(&origin, &untouched, sizeof(origin)),
              "an origin was touched");
    }
    for (i = 0; i < COUNT(patterns); i++) {
        is_allowed |= model_matches(patterns[i], text, len);
    }
    HOLDS(ask(policy, text, len, &entry) == is_allowed, "%.*s", (int)len,
          text);
    HOLDS(!is_allowed || model_matches(entry->pattern, text, len), "%.*s",
          (int)len, text);
    if (!memchr(text, '\0', len)) {
        holds_answer(policy, take_rest(input, pool), is_allowed, pool);
    }
}
