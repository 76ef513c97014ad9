/* SPDX-License-Identifier: Apache-2.0 */

/* Regular expressions over origins, through the callback. */

#include "model.h"

#include <regex.h>

/** An expression and what it has been asked. */
typedef struct asked_t {
    regex_t *regex;
    unsigned int calls;
    unsigned int bad;           /* questions about what is no origin */
} asked_t;

static int match_posix(const void *regex, const char *origin, apr_size_t len)
{
    asked_t *asked = *(asked_t *const *)regex;
    char *text = block_of(origin, len);
    int rv;

    asked->calls++;
    asked->bad += !model_is_origin(origin, len);
    rv = regexec(asked->regex, text, 0, NULL, 0);
    free(text);
    return rv == 0;
}

static apr_status_t free_regex(void *regex)
{
    regfree(regex);
    return APR_SUCCESS;
}

static asked_t *compile(apr_pool_t *pool, const char *pattern)
{
    asked_t *asked = apr_pcalloc(pool, sizeof(*asked));

    asked->regex = apr_palloc(pool, sizeof(regex_t));
    assert_int_equal(0, regcomp(asked->regex,
                                apr_pstrcat(pool, "^(", pattern, ")$", NULL),
                                REG_EXTENDED | REG_NOSUB));
    apr_pool_cleanup_register(pool, asked->regex, free_regex,
                              apr_pool_cleanup_null);
    return asked;
}

static asked_t *add(cors_policy_t *policy, apr_pool_t *pool,
                    const char *pattern)
{
    asked_t *asked = compile(pool, pattern);
    asked_t **regex = apr_palloc(pool, sizeof(asked_t *));
    char *copy = block_of(pattern, strlen(pattern));

    *regex = asked;
    must_compile(cors_policy_add_origin_regex(policy, pool, copy, regex,
                                              match_posix, NULL));
    memset(copy, '#', strlen(copy));
    free(copy);
    return asked;
}

static int matches(const cors_policy_t *policy, apr_pool_t *pool,
                   const char *origin, const cors_origin_entry_t **entry)
{
    size_t len = strlen(origin);

    return cors_origin_set_match(policy->origins, exact(pool, origin, len),
                                 len, entry);
}

static void decide(cors_decision_t *decision, const cors_policy_t *policy,
                   const char *origin)
{
    cors_request_t request = { "GET", NULL, NULL, NULL };

    request.origin = origin;
    cors_decide(decision, policy, &request, NULL);
}

/* What the expression is never asked about. */
static void test_asked_about_origins_only(void **state)
{
    static const char *const origins[] = {
        "null", "NULL", "", "*", "none", "https://", "https://app.example/",
        "https://app.example:443", "https://App.example",
        "https://app.example\n", "https://app.example https://b",
        "https://evil.com/.example.com", "https://evil.com:1@a.example.com",
        "https://evil.com:any.example.com", "https://a..example",
        "http://127.1", "http://[0:0:0:0:0:0:0:1]", "app.example",
        "https://m\xc3\xbcnster.example",
    };
    cors_policy_t policy;
    const cors_origin_entry_t *entry = NULL;
    asked_t *asked;
    size_t i;

    memset(&policy, 0, sizeof(policy));
    asked = add(&policy, *state, ".*");
    CHECK(asked->bad == 0, "asked %u times about no origin when added",
          asked->bad);
    asked->calls = asked->bad = 0;
    for (i = 0; i < COUNT(origins); i++) {
        CHECK(!matches(&policy, *state, origins[i], &entry), "%s",
              shown(*state, origins[i], strlen(origins[i])));
        CHECK(asked->calls == 0, "%s",
              shown(*state, origins[i], strlen(origins[i])));
    }
    CHECK(matches(&policy, *state, "https://app.example", &entry), ".*");
    CHECK(asked->calls == 1, "%u", asked->calls);
    CHECK(asked->bad == 0, "%u", asked->bad);
    CHECK(matches(&policy, *state, "app://x-1", &entry), ".*");
}

static void test_entry(void **state)
{
    cors_policy_t policy;
    const cors_origin_entry_t *entry = NULL;

    memset(&policy, 0, sizeof(policy));
    add(&policy, *state, "https://(a|b)\\.example");
    assert_true(matches(&policy, *state, "https://a.example", &entry));
    assert_string_equal(entry->pattern, "https://(a|b)\\.example");
    assert_int_equal(entry->is_regex, 1);
    assert_int_equal(entry->is_null, 0);
}

/* Patterns answer first; each expression is asked until one matches. */
static void test_asked_last(void **state)
{
    cors_policy_t policy;
    const cors_origin_entry_t *entry = NULL;
    asked_t *first;
    asked_t *second;

    memset(&policy, 0, sizeof(policy));
    first = add(&policy, *state, "https://r[0-9]\\.example");
    must_compile(add_lines("CORSAllowOrigin", &policy, *state,
                           "https://a.example https://*.b.example\n"
                           "https://c.example:* null"));
    second = add(&policy, *state, "https://s[0-9]\\.example");
    first->calls = second->calls = 0;

    CHECK(matches(&policy, *state, "https://a.example", &entry), "exact");
    CHECK(matches(&policy, *state, "https://x.b.example", &entry), "*.");
    CHECK(matches(&policy, *state, "https://c.example:1", &entry), ":*");
    CHECK(matches(&policy, *state, "null", &entry), "null");
    CHECK(first->calls == 0 && second->calls == 0, "patterns come first");
    CHECK(matches(&policy, *state, "https://r1.example", &entry), "first");
    CHECK(first->calls == 1 && second->calls == 0, "first");
    CHECK(matches(&policy, *state, "https://s1.example", &entry), "second");
    CHECK(first->calls == 2 && second->calls == 1, "second");
    CHECK(!matches(&policy, *state, "https://t1.example", &entry), "none");
    CHECK(first->calls == 3 && second->calls == 2, "none");
}

/* C-33, as far as the engine goes: the whole origin is handed over. */
static void test_near_misses(void **state)
{
    static const char *const refused[] = {
        "https://app.example.evil.com", "https://evil.app.example",
        "https://appxexample", "https://app.example:8443",
        "http://app.example",
    };
    cors_policy_t policy;
    const cors_origin_entry_t *entry = NULL;
    size_t i;

    memset(&policy, 0, sizeof(policy));
    add(&policy, *state, "https://app\\.example");
    CHECK(matches(&policy, *state, "https://app.example", &entry), "itself");
    for (i = 0; i < COUNT(refused); i++) {
        CHECK(!matches(&policy, *state, refused[i], &entry), "%s",
              refused[i]);
    }
}

/* ------------------------------------------------------------------------
 * Expressions that match everything
 */

static const struct {
    const char *pattern;
    int is_unsafe;
    const char *origin;         /* one that it matches, over https */
} expressions[] = {
    { ".*", 1, "https://app.example" },
    { ".+", 1, "https://app.example" },
    { "https://.*", 1, "https://app.example" },
    { "https://.+", 1, "https://app.example" },
    { "https?://.*", 1, "https://app.example" },
    { "https?://[^/]+", 1, "https://app.example" },
    { "https://[^:]+", 1, "https://app.example" },
    { "https://[a-z.]+", 1, "https://app.example" },
    { "https://[a-z]+", 1, "https://app" },
    { "https://[a-z]+\\.[a-z]+", 1, "https://app.example" },
    { "https://[a-z]+\\.[a-z]+\\.[a-z]+", 1, "https://a.app.example" },
    { "https://[a-z0-9-]+(\\.[a-z0-9-]+)*", 1, "https://app.example" },
    { "https://[a-z0-9.-]+(:[0-9]+)?", 1, "https://app.example" },
    { "https://[a-z0-9.-]+:[0-9]+", 1, "https://app.example:8443" },
    { "[a-z]+://.*", 1, "https://app.example" },
    { "(https://a\\.example|.*)", 1, "https://a.example" },
    { "https://.*\\..*", 1, "https://app.example" },
    { "https://.*\\.[a-z]{2,}", 1, "https://app.example" },
    { "https://(.*\\.)?[a-z]+", 1, "https://app.example" },
    { "https://app\\.example", 0, "https://app.example" },
    { "https://.*\\.example\\.com", 0, "https://a.example.com" },
    { "https://.*\\.example", 1, "https://app.example" },
    { "https://[a-z]+\\.example\\.com", 0, "https://app.example.com" },
    { "https?://[a-z0-9-]+\\.example\\.com(:[0-9]+)?", 0,
      "https://a.example.com:8443" },
    { "https://app-.*\\.pages\\.example", 0, "https://app-9.pages.example" },
    { "https://app\\..*\\.example", 1, "https://app.b.example" },
    { "https://app\\..*\\.example\\.com", 0, "https://app.b.example.com" },
    { "https://pr-[0-9]+\\.preview\\.example", 0,
      "https://pr-17.preview.example" },
    { "http://localhost(:[0-9]+)?", 0, "http://localhost:8080" },
    { "https://(a|b|c)\\.example", 0, "https://b.example" },
};

static void test_match_all(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(expressions); i++) {
        cors_policy_t policy;
        cors_decision_t decision;
        const char *origin = expressions[i].origin;
        asked_t *asked;

        memset(&policy, 0, sizeof(policy));
        asked = add(&policy, *state, expressions[i].pattern);
        decide(&decision, &policy, origin);
        CHECK(decision.is_allowed, "%s", expressions[i].pattern);
        policy.credentials = CORS_ON;
        decide(&decision, &policy, origin);
        CHECK(decision.is_allowed == !expressions[i].is_unsafe, "%s",
              expressions[i].pattern);
        CHECK(decision.reason == (expressions[i].is_unsafe
                                  ? CORS_REASON_UNSAFE_POLICY
                                  : CORS_REASON_NONE), "%s",
              expressions[i].pattern);
        CHECK(asked->bad == 0, "%s", expressions[i].pattern);
    }
}

/* One such expression poisons the whole policy, and no danger lifts it. */
static void test_match_all_poisons(void **state)
{
    static const char *const origins[] = {
        "https://app.example", "https://other.example", "null",
    };
    cors_policy_t policy;
    size_t i;

    memset(&policy, 0, sizeof(policy));
    must_compile(add_lines("CORSAllowOrigin", &policy, *state,
                           "https://app.example"));
    add(&policy, *state, "https://b\\.example");
    add(&policy, *state, "https://.*");
    add(&policy, *state, "https://c\\.example");
    policy.credentials = CORS_ON;
    policy.dangers = CORS_DANGER_INSECURE_ORIGINS
                       | CORS_DANGER_PUBLIC_SUFFIXES;
    for (i = 0; i < COUNT(origins); i++) {
        cors_decision_t decision;

        decide(&decision, &policy, origins[i]);
        CHECK(!decision.is_allowed, "%s", origins[i]);
        CHECK(decision.reason == CORS_REASON_UNSAFE_POLICY, "%s",
              origins[i]);
        CHECK(!decision.allow_origin && !decision.allow_credentials, "%s",
              origins[i]);
    }
}

/* With credentials, what an expression matches is judged by the origin. */
static void test_clear_text(void **state)
{
    static const struct {
        const char *origin;
        int is_allowed;
        int dangers;
    } rows[] = {
        { "https://app.example", 1, 0 },
        { "http://app.example", 0, 0 },
        { "http://app.example", 1, CORS_DANGER_INSECURE_ORIGINS },
        { "http://app.example", 0, CORS_DANGER_PUBLIC_SUFFIXES },
        { "http://app.localhost", 1, 0 },
    };
    cors_policy_t policy;
    size_t i;

    memset(&policy, 0, sizeof(policy));
    add(&policy, *state, "https?://app\\.(example|localhost)");
    for (i = 0; i < COUNT(rows); i++) {
        cors_decision_t decision;

        policy.credentials = CORS_OFF;
        policy.dangers = rows[i].dangers;
        decide(&decision, &policy, rows[i].origin);
        CHECK(decision.is_allowed, "%s", rows[i].origin);
        policy.credentials = CORS_ON;
        decide(&decision, &policy, rows[i].origin);
        CHECK(decision.is_allowed == rows[i].is_allowed, "%s %d",
              rows[i].origin, rows[i].dangers);
        CHECK(decision.reason == (rows[i].is_allowed
                                  ? CORS_REASON_NONE
                                  : CORS_REASON_UNSAFE_POLICY), "%s %d",
              rows[i].origin, rows[i].dangers);
    }
}

/* The keywords stand alone here too. */
static void test_keywords(void **state)
{
    static const char *const keywords[] = { "*", "none" };
    size_t i;

    for (i = 0; i < COUNT(keywords); i++) {
        asked_t *asked = compile(*state, "https://a\\.example");
        cors_policy_t policy;
        const char *message;

        memset(&policy, 0, sizeof(policy));
        must_compile(add_lines("CORSAllowOrigin", &policy, *state,
                               keywords[i]));
        message = cors_policy_add_origin_regex(&policy, *state, "https://a",
                                               &asked, match_posix, NULL);
        CHECK(message && strstr(message, "https://a"), "%s after", "regex");

        memset(&policy, 0, sizeof(policy));
        must_compile(cors_policy_add_origin_regex(&policy, *state,
                                                  "https://a", &asked,
                                                  match_posix, NULL));
        message = add_lines("CORSAllowOrigin", &policy, *state,
                            keywords[i]);
        CHECK(message && strstr(message, keywords[i]), "%s", keywords[i]);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_asked_about_origins_only),
    TEST(test_entry),
    TEST(test_asked_last),
    TEST(test_near_misses),
    TEST(test_match_all),
    TEST(test_match_all_poisons),
    TEST(test_clear_text),
    TEST(test_keywords),
};

RUN(tests)
