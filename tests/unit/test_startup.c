/* SPDX-License-Identifier: Apache-2.0 */

/* What start-up asks of a policy: suffixes, coverage, danger, its words. */

#include "testing.h"

static int is_listed(const char *domain)
{
    return strcmp(domain, "pages.example") == 0
           || strcmp(domain, "co.example") == 0;
}

static void add(cors_policy_t *policy, apr_pool_t *pool, const char *word)
{
    char *argv[1];

    argv[0] = apr_pstrdup(pool, word);
    must_compile(cors_policy_add_origins(policy, pool, 1, argv, is_listed));
}

typedef struct suffix_row_t {
    const char *pattern;
    const char *origin;         /* that it matches */
    int is_suffix;
} suffix_row_t;

static const suffix_row_t suffixes[] = {
    { "https://*.pages.example", "https://a.pages.example", 1 },
    { "https://*.pages.example.", "https://a.pages.example.", 1 },
    { "https://*.pages.example:8443", "https://a.pages.example:8443", 1 },
    { "https://*.pages.example:*", "https://a.pages.example", 1 },
    { "https://*.a.pages.example", "https://b.a.pages.example", 0 },
    { "https://*.example", "https://a.example", 1 },
    { "https://*.localhost", "https://a.localhost", 0 },
    { "https://*.spages.example", "https://a.spages.example", 0 },
    { "https://pages.example", "https://pages.example", 0 },
    { "https://pages.example:*", "https://pages.example", 0 },
};

static void test_suffixes(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(suffixes); i++) {
        const suffix_row_t *row = &suffixes[i];
        const cors_origin_entry_t *entry = NULL;
        cors_policy_t policy;

        memset(&policy, 0, sizeof(policy));
        add(&policy, *state, row->pattern);
        CHECK(cors_origin_set_match(policy.origins, row->origin,
                                    strlen(row->origin), &entry),
              "%s matches", row->pattern);
        CHECK(entry && entry->is_public_suffix == row->is_suffix,
              "%s: %d", row->pattern, row->is_suffix);
    }
}

typedef struct covered_row_t {
    const char *pattern;
    const char *other;
    int is_covered;             /* by the other */
} covered_row_t;

static const covered_row_t covered[] = {
    { "https://b.a.example", "https://*.a.example", 1 },
    { "https://c.b.a.example", "https://*.a.example", 1 },
    { "https://a.example", "https://*.a.example", 0 },
    { "http://b.a.example", "https://*.a.example", 0 },
    { "https://b.a.example:1", "https://*.a.example", 0 },
    { "https://b.a.example:1", "https://*.a.example:*", 1 },
    { "https://a.example:1", "https://a.example:*", 1 },
    { "https://a.example", "https://a.example:*", 1 },
    { "https://*.b.a.example", "https://*.a.example", 0 },
    { "null", "https://*.a.example", 0 },
    { "app://b.a.example", "https://*.a.example", 0 },
};

static void test_covered(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(covered); i++) {
        const covered_row_t *row = &covered[i];
        const cors_origin_entry_t *by;
        const apr_array_header_t *entries;
        cors_policy_t policy;

        memset(&policy, 0, sizeof(policy));
        add(&policy, *state, row->pattern);
        add(&policy, *state, row->other);
        entries = cors_origin_set_entries(policy.origins);
        assert_int_equal(entries->nelts, 2);
        by = cors_origin_set_covering(policy.origins,
                                      APR_ARRAY_IDX(entries, 0,
                                          const cors_origin_entry_t *));
        CHECK(row->is_covered ? by && strcmp(by->pattern, row->other) == 0
                              : !by, "%s beside %s: %s", row->pattern,
              row->other, by ? by->pattern : "-");
    }
}

typedef struct unsafe_row_t {
    policy_text_t text;
    cors_unsafe_t unsafe;
    const char *pattern;        /* at fault, or NULL */
} unsafe_row_t;

static int match_any(const void *regex, const char *origin, apr_size_t len)
{
    return 1;
}

static int match_none(const void *regex, const char *origin, apr_size_t len)
{
    return 0;
}

#define ON .has_credentials = 1

static const unsafe_row_t unsafes[] = {
    { { "*" }, CORS_UNSAFE_NONE, NULL },
    { { "*", ON }, CORS_UNSAFE_ANY_ORIGIN, NULL },
    { { "*", ON, .is_off = 1 }, CORS_UNSAFE_NONE, NULL },
    { { "none", ON }, CORS_UNSAFE_NONE, NULL },
    { { .regex = "r", .match = match_any, ON }, CORS_UNSAFE_MATCH_ALL,
      "regex" },
    { { .regex = "r", .match = match_none, ON }, CORS_UNSAFE_NONE, NULL },
    { { "https://a.example", ON, .expose_headers = "*" },
      CORS_UNSAFE_NONE, NULL },
    { { "https://a.example null", ON }, CORS_UNSAFE_NULL, "null" },
    { { "https://a.example http://b.example", ON }, CORS_UNSAFE_INSECURE_ORIGIN,
      "http://b.example" },
    { { "https://a.example http://b.localhost", ON }, CORS_UNSAFE_NONE,
      NULL },
    { { "http://b.example", ON, .dangers = "insecure-origins" },
      CORS_UNSAFE_NONE, NULL },
    { { "http://b.example", ON, .dangers = "public-suffixes" },
      CORS_UNSAFE_INSECURE_ORIGIN, "http://b.example" },
    { { "https://*.com", ON }, CORS_UNSAFE_PUBLIC_SUFFIX, "https://*.com" },
    { { "https://*.com", ON, .dangers = "public-suffixes" },
      CORS_UNSAFE_NONE, NULL },
    { { "app://b.example", ON }, CORS_UNSAFE_NONE, NULL },
    { { NULL, ON }, CORS_UNSAFE_NONE, NULL },
};

static void test_unsafe(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(unsafes); i++) {
        const unsafe_row_t *row = &unsafes[i];
        const cors_origin_entry_t *entry;
        cors_policy_t policy;
        cors_unsafe_t unsafe;

        build(&policy, *state, &row->text);
        unsafe = cors_policy_find_unsafe(&policy, &entry);
        CHECK(unsafe == row->unsafe, "row %d: %d", (int)i, (int)unsafe);
        CHECK(row->pattern ? entry && strcmp(entry->pattern,
                                             row->pattern) == 0 : !entry,
              "row %d: %s", (int)i, entry ? entry->pattern : "-");
    }
}

static const policy_text_t texts[] = {
    { "https://a.example null https://*.b.example:*", .regex = "r",
      .match = match_none, .methods = "PUT TRACE patch",
      .allow_headers = "X-One * authorization X-Amz-*",
      .expose_headers = "ETag X-Amz-Meta-* Set-Cookie",
      .dangers = "public-suffixes insecure-origins" },
    { "*", .methods = "*", .allow_headers = "none", .expose_headers = "*",
      .dangers = "none" },
    { "none", .expose_headers = "none" },
    { NULL },
};

static const struct {
    const char *directive;
    const char *words[4];       /* of each policy */
} words[] = {
    { "CORSAllowOrigin", {
        "https://a.example null https://*.b.example:*", "*", "none", "" } },
    { "CORSAllowOriginMatch", { "regex", "", "", "" } },
    { "CORSAllowMethods", { "PUT TRACE patch", "*", "", "" } },
    { "CORSAllowHeaders", { "* X-One authorization X-Amz-*", "none", "", "" } },
    { "CORSExposeHeaders", { "ETag X-Amz-Meta-* Set-Cookie", "*", "none",
        "" } },
    { "CORSDangerouslyAllow", {
        "insecure-origins public-suffixes", "none", "", "" } },
};

static void test_words(void **state)
{
    size_t i;
    size_t list;

    for (i = 0; i < COUNT(texts); i++) {
        cors_policy_t policy;

        build(&policy, *state, &texts[i]);
        for (list = 0; list < COUNT(words); list++) {
            const cors_directive_t *directive =
                cors_directive_find(words[list].directive);
            const char *got =
                apr_array_pstrcat(*state,
                                  cors_policy_words(&policy, directive,
                                                    *state), ' ');

            CHECK(strcmp(got, words[list].words[i]) == 0, "policy %d, %s: %s",
                  (int)i, directive->name, got);
        }
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_suffixes),
    TEST(test_covered),
    TEST(test_unsafe),
    TEST(test_words),
};

RUN(tests)
