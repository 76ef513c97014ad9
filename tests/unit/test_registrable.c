/* SPDX-License-Identifier: Apache-2.0 */

/* With credentials: wildcards and regular expressions that span registrable
 * domains, what of an expression is found out and when, and "*" whose danger
 * was accepted. */

#include "model.h"

static unsigned int lookups;

/* A list of a few. */
static int is_listed(const char *domain)
{
    static const char *const suffixes[] = {
        "co.uk", "s3.cloud.com", "d.c.b.a.cloud.com", "pages.dev",
    };
    size_t i;

    lookups++;
    for (i = 0; i < COUNT(suffixes); i++) {
        if (strcmp(domain, suffixes[i]) == 0) {
            return i < 1 ? CORS_SUFFIX_REGISTRY : CORS_SUFFIX_HOSTING;
        }
    }
    return 0;
}

/* An "expression" with one "*", which stands for anything. */
static int match_star(const void *regex, const char *origin, apr_size_t len)
{
    const char *pattern = regex;
    size_t front = strcspn(pattern, "*");
    size_t back = strlen(pattern) - front - (pattern[front] == '*');

    if (pattern[front] == '\0') {
        return strlen(pattern) == len && memcmp(pattern, origin, len) == 0;
    }
    return len >= front + back && memcmp(origin, pattern, front) == 0
           && memcmp(origin + len - back, pattern + front + 1, back) == 0;
}

static const char *add_origin(cors_policy_t *policy, apr_pool_t *pool,
                              const char *pattern)
{
    char *argv[1];
    const char *message;

    argv[0] = block_of(pattern, strlen(pattern));
    message = cors_policy_add_origins(policy, pool, 1, argv, is_listed);
    free(argv[0]);
    return message;
}

static void add_star(cors_policy_t *policy, apr_pool_t *pool,
                     const char *pattern)
{
    must_compile(cors_policy_add_origin_regex(policy, pool, pattern, pattern,
                                              match_star, is_listed));
}

static cors_reason_t reason_of(const cors_policy_t *policy, apr_pool_t *pool,
                               const char *origin)
{
    cors_request_t request = { "GET", NULL, NULL, NULL };
    cors_decision_t decision;

    request.origin = exact_text(pool, origin);
    cors_decide(&decision, policy, &request, NULL);
    assert_int_equal(decision.is_allowed,
                     decision.reason == CORS_REASON_NONE);
    assert_int_equal(decision.is_allowed, decision.allow_origin != NULL);
    return decision.reason;
}

static const struct {
    const char *pattern;
    const char *origin;
    int is_unsafe;
} rows[] = {
    { "https://*.cloud.com", "https://own.cloud.com", 0 },
    { "https://*.cloud.com", "https://s3.cloud.com", 1 },
    { "https://*.cloud.com", "https://evil.s3.cloud.com", 1 },
    { "https://*.cloud.com", "https://a.b.evil.s3.cloud.com", 1 },
    { "https://*.cloud.com", "https://evils3.cloud.com", 0 },
    { "https://*.cloud.com", "https://s3.own.cloud.com", 0 },
    { "https://*.cloud.com", "https://a.cloud.com", 0 },
    { "https://*.cloud.com", "https://c.b.a.cloud.com", 0 },
    { "https://*.cloud.com", "https://d.c.b.a.cloud.com", 1 },
    { "https://*.cloud.com", "https://e.d.c.b.a.cloud.com", 1 },
    { "https://*.cloud.com:*", "https://evil.s3.cloud.com:81", 1 },
    { "https://*.cloud.com.", "https://evil.s3.cloud.com.", 1 },
    { "https://*.cloud.com.", "https://own.cloud.com.", 0 },
    { "https://*.mine.s3.cloud.com", "https://a.mine.s3.cloud.com", 0 },
    { "https://*.b.a.cloud.com", "https://e.d.c.b.a.cloud.com", 1 },
    { "https://*.e.d.c.b.a.cloud.com", "https://f.e.d.c.b.a.cloud.com", 0 },
    { "https://*.pages.dev", "https://evil.pages.dev", 1 },
    { "https://*.co.uk", "https://evil.co.uk", 1 },
    { "https://*.localhost", "https://a.localhost", 0 },
    { "https://a.s3.cloud.com", "https://a.s3.cloud.com", 0 },
    { "https://s3.cloud.com:*", "https://s3.cloud.com:1", 0 },
};

static void test_wildcards(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t policy;

        memset(&policy, 0, sizeof(policy));
        must_compile(add_origin(&policy, *state, rows[i].pattern));
        CHECK(reason_of(&policy, *state, rows[i].origin) == CORS_REASON_NONE,
              "%s, no credentials", rows[i].pattern);
        policy.credentials = CORS_ON;
        CHECK((reason_of(&policy, *state, rows[i].origin)
               == CORS_REASON_UNSAFE_POLICY) == rows[i].is_unsafe, "%s %s",
              rows[i].pattern, rows[i].origin);
        policy.dangers = CORS_DANGER_INSECURE_ORIGINS;
        CHECK((reason_of(&policy, *state, rows[i].origin)
               == CORS_REASON_NONE) != rows[i].is_unsafe, "%s %s",
              rows[i].pattern, rows[i].origin);
        policy.dangers = CORS_DANGER_PUBLIC_SUFFIXES;
        CHECK(reason_of(&policy, *state, rows[i].origin) == CORS_REASON_NONE,
              "%s, accepted", rows[i].pattern);
    }
}

/* However long the host is; and none where nothing depends on it. */
static void test_lookups_are_bounded(void **state)
{
    cors_policy_t policy;
    char origin[300] = "https://";
    int i;

    memset(&policy, 0, sizeof(policy));
    must_compile(add_origin(&policy, *state, "https://*.own.com"));
    must_compile(add_origin(&policy, *state, "https://exact.own.com"));
    add_star(&policy, *state, "https://*.other.com");
    for (i = 0; i < 110; i++) {
        strcat(origin, "a.");
    }
    strcat(origin, "own.com");
    lookups = 0;
    assert_int_equal(reason_of(&policy, *state, origin), CORS_REASON_NONE);
    assert_int_equal(lookups, 0);
    policy.credentials = CORS_ON;
    assert_int_equal(reason_of(&policy, *state, origin), CORS_REASON_NONE);
    assert_in_range(lookups, 1, CORS_MAX_SUFFIX_LABELS);
    lookups = 0;
    strcpy(origin + strlen(origin) - strlen("own.com"), "other.com");
    assert_int_equal(reason_of(&policy, *state, origin), CORS_REASON_NONE);
    assert_in_range(lookups, 1, CORS_MAX_SUFFIX_LABELS);
    lookups = 0;
    assert_int_equal(reason_of(&policy, *state, "https://exact.own.com"),
                     CORS_REASON_NONE);
    assert_int_equal(lookups, 0);
}

/* Probed or not, an expression is judged alike at each origin that it was not
 * meant for; what start-up finds is at least what requests do. */
static void test_probed_or_not(void **state)
{
    static const struct {
        const char *pattern;
        const char *origin;
        cors_reason_t reason;
        cors_unsafe_t found;
    } expressions[] = {
        { "https://*", "https://evil.com", CORS_REASON_UNSAFE_POLICY,
          CORS_UNSAFE_MATCH_ALL },
        { "*", "app://x", CORS_REASON_UNSAFE_POLICY, CORS_UNSAFE_MATCH_ALL },
        { "https://*.com", "https://evil.com", CORS_REASON_UNSAFE_POLICY,
          CORS_UNSAFE_PUBLIC_SUFFIX },
        { "https://*.co.uk", "https://evil.co.uk", CORS_REASON_UNSAFE_POLICY,
          CORS_UNSAFE_PUBLIC_SUFFIX },
        { "https://*.own.co.uk", "https://a.own.co.uk", CORS_REASON_NONE,
          CORS_UNSAFE_NONE },
        { "https://*.pages.dev", "https://evil.pages.dev",
          CORS_REASON_UNSAFE_POLICY, CORS_UNSAFE_PUBLIC_SUFFIX },
        { "https://*-own.pages.dev", "https://pr-1-own.pages.dev",
          CORS_REASON_NONE, CORS_UNSAFE_NONE },
        { "https://*.cloud.com", "https://evil.s3.cloud.com",
          CORS_REASON_UNSAFE_POLICY, CORS_UNSAFE_NONE },
        { "https://*.cloud.com", "https://own.cloud.com", CORS_REASON_NONE,
          CORS_UNSAFE_NONE },
        { "https://shop.*.com", "https://shop.evil.com",
          CORS_REASON_UNSAFE_POLICY, CORS_UNSAFE_NONE },
        { "http://*.own.com", "http://a.own.com", CORS_REASON_UNSAFE_POLICY,
          CORS_UNSAFE_NONE },
        { "http://*.own.onion", "http://a.own.onion", CORS_REASON_NONE,
          CORS_UNSAFE_NONE },
        { "http://127.0.0.*", "http://127.0.0.1", CORS_REASON_NONE,
          CORS_UNSAFE_NONE },
        { "fil*", "file://", CORS_REASON_UNSAFE_POLICY, CORS_UNSAFE_NONE },
        { "app://*", "app://X.y", CORS_REASON_NONE, CORS_UNSAFE_NONE },
    };
    size_t i;

    for (i = 0; i < COUNT(expressions); i++) {
        const cors_origin_entry_t *entry;
        cors_policy_t policy;
        cors_unsafe_t unsafe;

        memset(&policy, 0, sizeof(policy));
        policy.credentials = CORS_ON;
        add_star(&policy, *state, expressions[i].pattern);
        CHECK(reason_of(&policy, *state, expressions[i].origin)
              == expressions[i].reason, "%s", expressions[i].pattern);
        cors_policy_probe_regexes(&policy, *state);
        CHECK(reason_of(&policy, *state, expressions[i].origin)
              == expressions[i].reason, "%s, probed", expressions[i].pattern);
        unsafe = cors_policy_find_unsafe(&policy, &entry);
        CHECK(unsafe == expressions[i].found, "%s: %d",
              expressions[i].pattern, (int)unsafe);
        CHECK(!unsafe == !entry, "%s", expressions[i].pattern);
    }
}

/* "file://" is told from other insecure origins, for the message. */
static void test_file(void **state)
{
    const cors_origin_entry_t *entry;
    cors_policy_t policy;

    memset(&policy, 0, sizeof(policy));
    must_compile(add_origin(&policy, *state, "file://"));
    assert_int_equal(reason_of(&policy, *state, "file://"), CORS_REASON_NONE);
    policy.credentials = CORS_ON;
    assert_int_equal(cors_policy_find_unsafe(&policy, &entry),
                     CORS_UNSAFE_FILE);
    assert_int_equal(reason_of(&policy, *state, "file://"),
                     CORS_REASON_UNSAFE_POLICY);
    policy.dangers = CORS_DANGER_INSECURE_ORIGINS;
    assert_int_equal(cors_policy_find_unsafe(&policy, &entry),
                     CORS_UNSAFE_NONE);
    assert_int_equal(reason_of(&policy, *state, "file://"), CORS_REASON_NONE);
}

/* Three sections, each with origins of its own or not and a danger or not: "*"
 * with credentials is answered if the danger in force and the "*" in force
 * come from a section that has both, in either order of merging. */
static void test_any_origin_merged(void **state)
{
    static const char *const origins[] = { NULL, "*", "https://a.example" };
    static const char *const dangers[] = { NULL, "any-origin", "none" };
    unsigned int code;

    for (code = 0; code < 9 * 9 * 9; code++) {
        cors_policy_t part[3];
        cors_policy_t left;
        cors_policy_t right;
        cors_policy_t half;
        int star = 0;
        int accepted_star = 0;
        int accepts = 0;
        unsigned int rest = code;
        int i;

        for (i = 0; i < 3; i++, rest /= 9) {
            const char *origin = origins[rest % 3];
            const char *danger = dangers[rest / 3 % 3];

            memset(&part[i], 0, sizeof(part[i]));
            part[i].credentials = CORS_ON;
            if (danger && code % 2) {
                must_compile(add_word("CORSDangerouslyAllow", &part[i],
                                      *state, danger));
            }
            if (origin) {
                must_compile(add_origin(&part[i], *state, origin));
                star = *origin == '*';
                accepted_star = star && danger && *danger == 'a';
            }
            if (danger && code % 2 == 0) {
                must_compile(add_word("CORSDangerouslyAllow", &part[i],
                                      *state, danger));
            }
            if (danger) {
                accepts = *danger == 'a';
            }
        }
        cors_policy_merge(&half, &part[0], &part[1]);
        cors_policy_merge(&left, &half, &part[2]);
        cors_policy_merge(&half, &part[1], &part[2]);
        cors_policy_merge(&right, &part[0], &half);
        CHECK(same_bytes(&left, &right, sizeof(left)), "%u", code);
        if (star) {
            CHECK((reason_of(&left, *state, "https://b.example")
                   == CORS_REASON_NONE) == (accepted_star && accepts), "%u",
                  code);
        }
    }
}

static void test_any_origin_answers(void **state)
{
    static const char *const echoed[] = {
        "https://a.example", "http://a.example:81", "null", "file://",
        "app://X", "https://evil.co.uk",
    };
    static const char *const refused[] = {
        "", "*", "NULL", "a.example", "https://a.example/", "ws://a.example",
        "https://a.example:443", "file:///", "https://a b",
    };
    cors_request_t request = { "GET", NULL, NULL, NULL };
    cors_decision_t decision;
    cors_policy_t policy;
    size_t i;

    memset(&policy, 0, sizeof(policy));
    must_compile(add_origin(&policy, *state, "*"));
    must_compile(add_word("CORSDangerouslyAllow", &policy, *state,
                          "any-origin"));
    policy.credentials = CORS_ON;
    for (i = 0; i < COUNT(echoed); i++) {
        request.origin = echoed[i];
        cors_decide(&decision, &policy, &request, NULL);
        CHECK(same_text(decision.allow_origin, echoed[i]), "%s", echoed[i]);
        CHECK(same_text(decision.allow_credentials, "true"), "%s", echoed[i]);
        CHECK(same_text(decision.vary, "Origin"), "%s", echoed[i]);
    }
    for (i = 0; i < COUNT(refused); i++) {
        CHECK(reason_of(&policy, *state, refused[i]) == CORS_REASON_ORIGIN,
              "%s", refused[i]);
    }
    request.origin = NULL;
    cors_decide(&decision, &policy, &request, NULL);
    assert_int_equal(decision.kind, CORS_KIND_NOT_CORS);
    assert_null(decision.allow_origin);
    assert_string_equal(decision.vary, "Origin");
    policy.credentials = CORS_OFF;
    cors_decide(&decision, &policy, &request, NULL);
    assert_string_equal(decision.allow_origin, "*");
    assert_null(decision.vary);
    assert_null(decision.allow_credentials);
}

static const struct CMUnitTest tests[] = {
    TEST(test_wildcards),
    TEST(test_lookups_are_bounded),
    TEST(test_probed_or_not),
    TEST(test_file),
    TEST(test_any_origin_merged),
    TEST(test_any_origin_answers),
};

RUN(tests)
