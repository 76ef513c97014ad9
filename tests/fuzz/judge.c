/* SPDX-License-Identifier: Apache-2.0 */

/* A policy, a request and a response, one line for each part: flags, origins,
 * methods, allowed headers; the request's method, Origin, requested method
 * and requested headers; the status; then the lines of the response, each a
 * letter for its name and the value.  Flags are those of a policy and
 *
 *     w          the page's request has credentials
 *     e, E       one origin, or two, were echoed before
 *     O, M, H    Origin, the requested method or headers are absent
 *     S, N       Sec-Fetch-Site is same-origin, Sec-Fetch-Mode is no-cors
 *     k, p       the policy leaves headers, or a preflight's status, alone
 */

#include "fuzz.h"
#include "judge_model.h"

#define MAX_LINES 12

static const char *name_of(char letter)
{
    switch (letter) {
    case 'o':
        return "Access-Control-Allow-Origin";
    case 'O':
        return "ACCESS-CONTROL-ALLOW-ORIGIN";
    case 'c':
        return "Access-Control-Allow-Credentials";
    case 'm':
        return "Access-Control-Allow-Methods";
    case 'h':
        return "Access-Control-Allow-Headers";
    case 'v':
        return "Vary";
    default:
        return "X-Other";
    }
}

static size_t take_lines(input_t *input, apr_pool_t *pool, line_t *lines)
{
    size_t count = 0;

    while (input->left > 0 && count < MAX_LINES) {
        const char *line = take_line(input, pool);

        lines[count].name = name_of(*line);
        lines[count++].value = *line ? line + 1 : line;
    }
    return count;
}

/* Origins that were echoed before, to the judge and to the model. */
static cors_echoed_t echo(const char *flags, apr_pool_t *pool,
                          const cors_decision_t *decision, echoes_t *echoes)
{
    static const char *const origins[] = {
        "https://a.example", "https://b.example",
    };
    size_t count = strchr(flags, 'E') ? 2 : strchr(flags, 'e') ? 1 : 0;
    cors_decision_t actual = *decision;
    cors_echoed_t echoed = 0;
    size_t i;

    actual.kind = CORS_KIND_ACTUAL;
    for (i = 0; i < count; i++) {
        cors_request_t request = { "GET", NULL, NULL, NULL };
        line_t line = { "Access-Control-Allow-Origin", NULL };
        seen_t seen = { 0 };

        request.origin = line.value = origins[i];
        seen.request = &request;
        seen.lines = &line;
        seen.count = 1;
        seen.status = 200;
        judged(pool, &seen, &actual, &echoed);
        echoes->origins[echoes->count++] = origins[i];
    }
    return echoed;
}

static void take_request(cors_request_t *request, input_t *input,
                         const char *flags, apr_pool_t *pool)
{
    request->method = take_line(input, pool);
    request->origin = take_line(input, pool);
    request->request_method = take_line(input, pool);
    request->request_headers = take_line(input, pool);
    if (strchr(flags, 'O')) {
        request->origin = NULL;
    }
    if (strchr(flags, 'M')) {
        request->request_method = NULL;
    }
    if (strchr(flags, 'H')) {
        request->request_headers = NULL;
    }
}

/** What a browser refuses without credentials it refuses with them. */
static void holds_stricter(const seen_t *seen,
                           const cors_decision_t *decision, apr_pool_t *pool)
{
    seen_t other = *seen;
    const char *with;
    const char *without;

    other.with_credentials = 1;
    with = judged(pool, &other, decision, NULL);
    other.with_credentials = 0;
    without = judged(pool, &other, decision, NULL);
    HOLDS(!strstr(with, "read: yes") || strstr(without, "read: yes"),
          "with credentials: %s; without: %s", with, without);
}

/** What the policy itself sends is what it decided, and whole. */
static void holds_own_answer(const seen_t *seen,
                             const cors_decision_t *decision,
                             apr_pool_t *pool)
{
    const line_t all[] = {
        { "Access-Control-Allow-Origin", decision->allow_origin },
        { "Access-Control-Allow-Credentials", decision->allow_credentials },
        { "Access-Control-Allow-Methods", decision->allow_methods },
        { "Access-Control-Allow-Headers", decision->allow_headers },
    };
    line_t lines[COUNT(all)];
    seen_t own = *seen;
    const char *text;
    size_t i;

    own.lines = lines;
    own.count = 0;
    own.status = decision->status ? decision->status : 200;
    for (i = 0; i < COUNT(all); i++) {
        if (all[i].value) {
            lines[own.count++] = all[i];
        }
    }
    text = judged(pool, &own, decision, NULL);
    HOLDS((strncmp(text, "same,", 5) == 0 || strncmp(text, "-,", 2) == 0)
          && ends_with_text(text, strlen(text), "broken: -", 9), "%s", text);
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *flags = take_line(input, pool);
    echoes_t echoes = { { NULL }, 0 };
    cors_policy_t policy;
    cors_request_t request;
    cors_decision_t decision;
    cors_echoed_t echoed;
    line_t lines[MAX_LINES];
    seen_t seen = { 0 };
    const char *got;
    const char *expected;

    memset(&policy, 0, sizeof(policy));
    set_flags(&policy, flags);
    compile("CORSAllowOrigin", &policy, pool, take_line(input, pool));
    compile("CORSAllowMethods", &policy, pool, take_line(input, pool));
    compile("CORSAllowHeaders", &policy, pool, take_line(input, pool));
    take_request(&request, input, flags, pool);
    decision = decide(&policy, &request, pool);

    seen.request = &request;
    seen.status = (int)(strtoul(take_line(input, pool), NULL, 10) % 1000);
    seen.lines = lines;
    seen.count = take_lines(input, pool, lines);
    seen.is_active = cors_policy_is_active(&policy);
    seen.allows = decision.is_allowed;
    seen.allows_credentials = decision.allow_credentials != NULL;
    seen.with_credentials = strchr(flags, 'w') != NULL;
    seen.site = strchr(flags, 'S') ? "same-origin" : NULL;
    seen.mode = strchr(flags, 'N') ? "no-cors" : NULL;
    seen.keeps_status = strchr(flags, 'p') != NULL;
    seen.keeps_headers = strchr(flags, 'k') != NULL;
    seen.echoes = &echoes;
    echoed = echo(flags, pool, &decision, &echoes);

    expected = model_judge(pool, &seen);
    got = judged(pool, &seen, &decision, &echoed);
    HOLDS(strcmp(got, expected) == 0, "%s, the model: %s", got, expected);
    holds_stricter(&seen, &decision, pool);
    holds_own_answer(&seen, &decision, pool);
}
