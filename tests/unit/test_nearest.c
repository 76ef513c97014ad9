/* SPDX-License-Identifier: Apache-2.0 */

/* cors_nearest.h */

#include "testing.h"

#include "cors_nearest.h"

static int match_none(const void *regex, const char *origin, apr_size_t len)
{
    return 0;
}

static const struct {
    const char *patterns;
    const char *origin;
    const char *nearest;
} rows[] = {
    /* each difference */
    { "https://app.example", "http://app.example",
      "https://app.example: the scheme differs" },
    { "https://app.example", "app.example",
      "https://app.example: the scheme differs" },
    { "https://app.example", "https://app.example:8443",
      "https://app.example: the port differs" },
    { "https://app.example:8443", "https://app.example",
      "https://app.example:8443: the port differs" },
    { "https://app.example", "https://App.example",
      "https://app.example: letters differ in case" },
    { "https://app.example", "HTTPS://app.example",
      "https://app.example: letters differ in case" },
    { "https://app.example", "https://app.example/",
      "https://app.example: the origin ends in a slash or path" },
    { "https://app.example", "https://app.example/a?b#c",
      "https://app.example: the origin ends in a slash or path" },
    { "https://*.app.example", "https://app.example",
      "https://*.app.example: the wildcard does not match the domain "
      "itself" },
    { "https://app.example", "https://ap.example",
      "https://app.example: one letter of the host differs" },
    { "https://app.example", "https://appp.example",
      "https://app.example: one letter of the host differs" },
    { "https://app.example", "https://apq.example",
      "https://app.example: one letter of the host differs" },
    { "https://app.example", "https://pp.example",
      "https://app.example: one letter of the host differs" },
    { "https://app.example", "https://app.examplf",
      "https://app.example: one letter of the host differs" },
    /* patterns that stand for many */
    { "https://*.app.example", "http://a.app.example",
      "https://*.app.example: the scheme differs" },
    { "https://*.app.example", "https://a.b.app.example:1",
      "https://*.app.example: the port differs" },
    { "https://app.example:*", "http://app.example:1",
      "https://app.example:*: the scheme differs" },
    { "https://app.example:*", "https://ap.example:1",
      "https://app.example:*: one letter of the host differs" },
    { "https://app.example:*", "https://app.example:443",
      "https://app.example:*: the port differs" },
    { "https://app.example:*", "https://app.example:0",
      "https://app.example:*: the port differs" },
    { "https://app.example:*", "https://App.example:1",
      "https://app.example:*: letters differ in case" },
    { "https://[::1]", "http://[::1]",
      "https://[::1]: the scheme differs" },
    { "https://[::1]:8443", "https://[::1]",
      "https://[::1]:8443: the port differs" },
    /* the nearest of several, in whatever order */
    { "https://ap.example https://app.example:1 http://app.example",
      "https://app.example", "http://app.example: the scheme differs" },
    { "http://app.example https://app.example:1 https://ap.example",
      "https://app.example", "http://app.example: the scheme differs" },
    { "https://app.example:1 https://ap.example", "https://app.example",
      "https://app.example:1: the port differs" },
    { "https://*.app.example https://bpp.example", "https://app.example",
      "https://*.app.example: the wildcard does not match the domain "
      "itself" },
    /* nothing is near */
    { "https://app.example", "https://other.test", NULL },
    { "https://app.example", "http://app.example:80", NULL },
    { "https://app.example", "http://ap.example", NULL },
    { "https://app.example", "https://a.example", NULL },
    { "https://app.example", "https://paa.example", NULL },
    { "https://app.example", "https://x.app.example", NULL },
    { "https://*.app.example", "https://a.apq.example", NULL },
    { "https://*.app.example", "https://xapp.example", NULL },
    { "https://*.app.example", "http://app.example", NULL },
    { "https://app.example", "null", NULL },
    { "https://app.example", "", NULL },
    { "https://app.example", "https://", NULL },
    { "https://app.example", "://", NULL },
    { "https://app.example", "https://*.app.example", NULL },
    { "https://app.example", "https://app.example:", NULL },
    { "https://*.app.example", "https://a..app.example", NULL },
    { "none", "https://app.example", NULL },
    { "null", "NULL", NULL },
    { "null", "nul", NULL },
};

static void test_table(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        policy_text_t text = { .origins = rows[i].patterns };
        cors_policy_t policy;
        const char *nearest;

        build(&policy, *state, &text);
        nearest = cors_origin_set_nearest(policy.origins,
                                          exact_text(*state, rows[i].origin),
                                          *state);
        CHECK(same_text(nearest, rows[i].nearest), "%s, %s: %s",
              or_null(rows[i].patterns), rows[i].origin, or_null(nearest));
    }
}

/* An expression is passed over, even where its text is near. */
static void test_regex(void **state)
{
    policy_text_t text = { .origins = "https://app.example:1" };
    cors_policy_t policy;
    const char *nearest;

    build(&policy, *state, &text);
    must_compile(cors_policy_add_origin_regex(&policy, *state,
                                              "http://app.example", &policy,
                                              match_none, NULL));
    nearest = cors_origin_set_nearest(policy.origins, "https://app.example",
                                      *state);
    CHECK(same_text(nearest, "https://app.example:1: the port differs"),
          "%s", or_null(nearest));
}

static const struct CMUnitTest tests[] = {
    TEST(test_table),
    TEST(test_regex),
};

RUN(tests)
