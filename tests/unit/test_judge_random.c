/* SPDX-License-Identifier: Apache-2.0 */

/* Random exchanges, judged as by the model; and the module's own answers. */

#include "judge_model.h"

/* ------------------------------------------------------------------------
 * Exchanges
 */

#define A "https://app.example"
#define B "https://evil.example"
#define C "https://third.example"
#define TWO "https://app.example, https://evil.example"

static const policy_text_t random_policies[] = {
    { .origins = A, .methods = "GET POST PUT",
      .allow_headers = "Authorization X-A", .has_credentials = 1 },
    { .origins = A " " B, .methods = "*", .allow_headers = "*" },
    { .origins = "*", .methods = "PUT patch", .allow_headers = "X-A X-B" },
    { .origins = "none" },
    { .origins = A, .is_off = 1 },
};

static const char *const random_origins[] = {
    A, A, A, B, C, "null", NULL, "https://app.example, https://evil.example",
};
static const char *const random_methods[] = {
    "GET", "POST", "PUT", "PUT", "patch", "*", "",
};
static const char *const random_elements[] = {
    "x-a", "X-A", "x-b", "Authorization", "authorization", "*", "PUT", "put",
    "GET", "patch", "", " ", "x a", "\t", "x-a ", "X-B", "a;b", "true",
};
static const char *const random_values[] = {
    A, A, A, B, "*", "*", "null", "", " https://app.example ",
    "https://app.example/", TWO, "true", "true", "true", "True", "false",
    " true", "Origin", "Accept, origin", "Accept",
};
static const char *const random_names[] = {
    "Access-Control-Allow-Origin", "Access-Control-Allow-Origin",
    "access-control-allow-origin", "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Credentials", "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers", "Access-Control-Allow-Headers", "Vary",
    "X-Other",
};
static const char *const random_sites[] = {
    NULL, NULL, NULL, "cross-site", "cross-site", "same-site", "same-origin",
};
static const char *const random_modes[] = {
    NULL, NULL, NULL, "cors", "cors", "cors", "navigate", "no-cors",
    "same-origin", "websocket", "CORS",
};
static const int random_statuses[] = {
    200, 200, 204, 204, 299, 101, 199, 300, 304, 401, 407, 500,
};

static const char *random_list(apr_pool_t *pool, random_t *random)
{
    const char *list = PICK(random, random_elements);
    unsigned int more = pick(random, 4);

    while (more-- > 0) {
        list = apr_pstrcat(pool, list, ",", PICK(random, random_elements),
                           NULL);
    }
    return list;
}

/* Mostly values that belong to the header, and now and then any. */
static const char *random_value(apr_pool_t *pool, random_t *random,
                                const char *name, const char *origin)
{
    if (pick(random, 16) == 0) {
        return PICK(random, random_values);
    }
    if (strcasecmp(name, "Access-Control-Allow-Origin") == 0) {
        return origin && pick(random, 2) ? origin : random_values[
            pick(random, 11)];
    }
    if (strstr(name, "Credentials")) {
        return random_values[11 + pick(random, 6)];
    }
    if (strcmp(name, "Vary") == 0) {
        return random_values[17 + pick(random, 3)];
    }
    return random_list(pool, random);
}

static void random_exchange(apr_pool_t *pool, random_t *random,
                            cors_request_t *request, seen_t *seen,
                            line_t *lines)
{
    size_t i;

    request->method = pick(random, 3) ? "OPTIONS" : "GET";
    request->origin = PICK(random, random_origins);
    request->request_method = pick(random, 5)
                              ? PICK(random, random_methods) : NULL;
    request->request_headers = pick(random, 2) ? random_list(pool, random)
                                               : NULL;
    seen->request = request;
    seen->lines = lines;
    seen->count = pick(random, 7);
    seen->status = PICK(random, random_statuses);
    seen->with_credentials = (int)pick(random, 2);
    seen->site = PICK(random, random_sites);
    seen->mode = PICK(random, random_modes);
    seen->keeps_status = pick(random, 4) == 0;
    seen->keeps_headers = pick(random, 4) == 0;
    for (i = 0; i < seen->count; i++) {
        lines[i].name = i == 0 ? random_names[0]
                               : PICK(random, random_names);
        lines[i].value = random_value(pool, random, lines[i].name,
                                      request->origin);
    }
}

/* ------------------------------------------------------------------------
 * Against the model
 */

/* How often each answer came, so that none is missing. */
static void count_answer(unsigned long *counts, const char *answer)
{
    int i;

    for (i = 0; i < CORS_REPORTS; i++) {
        counts[i] += strncmp(answer, cors_report_name(i),
                             strlen(cors_report_name(i))) == 0;
    }
    for (i = 0; i < CORS_DEFECTS; i++) {
        counts[CORS_REPORTS + i] += strstr(answer, cors_defect_name(i))
                                    != NULL;
    }
}

static void test_random(void **state)
{
    const unsigned long cases = 150000;
    random_t random = random_start("exchanges", cases);
    unsigned long counts[CORS_REPORTS + CORS_DEFECTS] = { 0 };
    cors_policy_t policies[COUNT(random_policies)];
    cors_echoed_t echoed = 0;
    echoes_t model_echoes = { { NULL }, 0 };
    unsigned long i;

    for (i = 0; i < COUNT(random_policies); i++) {
        build(&policies[i], *state, &random_policies[i]);
    }
    for (i = 0; i < cases && failed_rows < 20; i++) {
        const cors_policy_t *policy = &PICK(&random, policies);
        cors_request_t request;
        cors_decision_t decision;
        line_t lines[6];
        seen_t seen;
        const char *got;
        const char *expected;
        apr_pool_t *pool;

        apr_pool_create(&pool, *state);
        random_exchange(pool, &random, &request, &seen, lines);
        cors_decide(&decision, policy, &request, pool);
        seen.is_active = cors_policy_is_active(policy);
        seen.allows = decision.is_allowed;
        seen.allows_credentials = decision.allow_credentials != NULL;
        seen.echoes = &model_echoes;
        if (pick(&random, 8) == 0) {
            echoed = 0;
            model_echoes.count = 0;
        }
        expected = model_judge(pool, &seen);
        got = judged(pool, &seen, &decision, &echoed);
        CHECK(same_text(got, expected), "case %lu: %s, not %s", i, got,
              expected);
        count_answer(counts, expected);
        apr_pool_destroy(pool);
    }
    for (i = 0; i < COUNT(counts); i++) {
        CHECK(counts[i] > 100, "answer %lu came %lu times", i, counts[i]);
    }
}

/* ------------------------------------------------------------------------
 * What the module itself sends
 */

static size_t own_lines(line_t *lines, const cors_decision_t *decision)
{
    const line_t all[] = {
        { "Access-Control-Allow-Origin", decision->allow_origin },
        { "Access-Control-Allow-Credentials", decision->allow_credentials },
        { "Access-Control-Allow-Methods", decision->allow_methods },
        { "Access-Control-Allow-Headers", decision->allow_headers },
        { "Vary", decision->vary },
    };
    size_t count = 0;
    size_t i;

    for (i = 0; i < COUNT(all); i++) {
        if (all[i].value) {
            lines[count++] = all[i];
        }
    }
    return count;
}

static void test_own_answers(void **state)
{
    const unsigned long cases = 20000;
    random_t random = random_start("answers of the module", cases);
    cors_policy_t policies[COUNT(random_policies)];
    cors_echoed_t echoed = 0;
    unsigned long i;

    for (i = 0; i < COUNT(random_policies); i++) {
        build(&policies[i], *state, &random_policies[i]);
    }
    for (i = 0; i < cases && failed_rows < 20; i++) {
        const cors_policy_t *policy = &PICK(&random, policies);
        cors_request_t request;
        cors_decision_t decision;
        line_t lines[6];
        seen_t seen;
        const char *got;
        apr_pool_t *pool;

        apr_pool_create(&pool, *state);
        random_exchange(pool, &random, &request, &seen, lines);
        cors_decide(&decision, policy, &request, pool);
        seen.count = own_lines(lines, &decision);
        seen.site = seen.mode = NULL;
        seen.status = decision.status ? decision.status : 200;
        got = judged(pool, &seen, &decision, &echoed);
        CHECK(strstr(got, decision.kind == CORS_KIND_ACTUAL
                          || decision.kind == CORS_KIND_PREFLIGHT
                          ? "same," : "-,") == got
              && strstr(got, "broken: -"), "case %lu: %s", i, got);
        apr_pool_destroy(pool);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_random),
    TEST(test_own_answers),
};

RUN(tests)
