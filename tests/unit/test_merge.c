/* SPDX-License-Identifier: Apache-2.0 */

/* Directives and fields: each has its row, and merges; the law of merging. */

#include "testing.h"

#define FIELDS ((int)(sizeof(cors_policy_t) / sizeof(void *)))

/* A policy as its words of memory, of which each is a field. */
typedef union fields_t {
    cors_policy_t policy;
    uintptr_t word[sizeof(cors_policy_t) / sizeof(void *)];
} fields_t;

/* Two values of each directive that is not of keywords, whose first two are
 * taken. */
static const struct {
    const char *directive;
    const char *value[2];
} rows[] = {
    { "CORSAllowOrigin", { "https://a.example", "none" } },
    { "CORSAllowMethods", { "PUT", "DELETE" } },
    { "CORSAllowHeaders", { "X-A", "none" } },
    { "CORSExposeHeaders", { "X-A", "none" } },
    { "CORSMaxAge", { "0", "600" } },
    { "CORSDangerouslyAllow", { "none",
                                "insecure-origins public-suffixes" } },
};

static const char *value_of(const cors_directive_t *directive, int which)
{
    size_t i;

    if (directive->choices) {
        return directive->choices[which].word;
    }
    for (i = 0; i < COUNT(rows); i++) {
        if (strcmp(rows[i].directive, directive->name) == 0) {
            return rows[i].value[which];
        }
    }
    CHECK(strcmp(directive->name, "CORSAllowOriginMatch") == 0,
          "%s has no values here", directive->name);
    return NULL;                /* is tested with regular expressions */
}

/* The fields of three policies: nothing, and every field twice. */
static void make_values(fields_t values[3], apr_pool_t *pool)
{
    static const char at[2];            /* only their addresses count */
    const cors_directive_t *directive;
    int which;

    memset(values, 0, 3 * sizeof(values[0]));
    for (directive = cors_directives; directive->name; directive++) {
        for (which = 0; which < 2; which++) {
            const char *value = value_of(directive, which);

            if (value) {
                must_compile(add_lines(directive->name,
                                       &values[which + 1].policy, pool,
                                       value));
            }
        }
    }
    values[1].policy.place = (const cors_place_t *)&at[0];
    values[2].policy.place = (const cors_place_t *)&at[1];
}

/* A field without a directive but the place, or a directive whose row names another's field,
 * shows here. */
static void test_every_field_has_a_directive(void **state)
{
    const cors_directive_t *directive;
    fields_t values[3];
    int i;

    make_values(values, *state);
    for (i = 0; i < FIELDS; i++) {
        size_t offset = (size_t)i * sizeof(void *);
        int is_named = offset == offsetof(cors_policy_t, place);

        for (directive = cors_directives; directive->name; directive++) {
            is_named |= directive->offset == offset;
        }
        CHECK(is_named, "word %d of cors_policy_t has no directive", i);
        CHECK(values[1].word[i] && values[2].word[i]
              && values[1].word[i] != values[2].word[i],
              "word %d has no two values", i);
    }
}

static void test_every_directive_sets_its_field(void **state)
{
    const cors_directive_t *directive;

    for (directive = cors_directives; directive->name; directive++) {
        const char *value = value_of(directive, 1);
        fields_t fields;
        int i;

        if (!value) {
            continue;
        }
        memset(&fields, 0, sizeof(fields));
        must_compile(add_lines(directive->name, &fields.policy, *state,
                               value));
        for (i = 0; i < FIELDS; i++) {
            CHECK((fields.word[i] != 0)
                  == (directive->offset == (size_t)i * sizeof(void *)),
                  "%s, word %d", directive->name, i);
        }
        CHECK(strcmp(apr_array_pstrcat(*state,
                                       cors_policy_words(&fields.policy,
                                                         directive, *state),
                                       ' '), value) == 0,
              "%s is not shown", directive->name);
    }
}

static void compose(fields_t *policy, const fields_t values[3],
                    const int choice[FIELDS])
{
    int i;

    for (i = 0; i < FIELDS; i++) {
        policy->word[i] = values[choice[i]].word[i];
    }
}

static int same(const fields_t *a, const fields_t *b)
{
    return same_bytes(a, b, sizeof(*a));
}

static void merge(fields_t *merged, const fields_t *outer,
                  const fields_t *inner)
{
    fields_t outer_before = *outer;
    fields_t inner_before = *inner;

    memset(merged, 0x5a, sizeof(*merged));
    cors_policy_merge(&merged->policy, &outer->policy, &inner->policy);
    CHECK(same(outer, &outer_before), "the outer one is written");
    CHECK(same(inner, &inner_before), "the inner one is written");
}

static void check_law(const fields_t values[3], int choices[3][FIELDS])
{
    fields_t p[3];
    fields_t left;
    fields_t right;
    fields_t part;
    fields_t expected;
    int innermost[FIELDS];
    int i;

    for (i = 0; i < 3; i++) {
        compose(&p[i], values, choices[i]);
    }
    for (i = 0; i < FIELDS; i++) {
        innermost[i] = choices[2][i] ? choices[2][i]
                       : choices[1][i] ? choices[1][i] : choices[0][i];
    }
    compose(&expected, values, innermost);
    merge(&part, &p[0], &p[1]);
    merge(&left, &part, &p[2]);
    merge(&part, &p[1], &p[2]);
    merge(&right, &p[0], &part);
    CHECK(same(&left, &right), "it depends on the order");
    CHECK(same(&left, &expected), "not the innermost");
}

/* Every triple of every field, the other fields at random. */
static void test_law(void **state)
{
    const int rounds = 500;
    random_t random = random_start("merges", 27UL * FIELDS * 500);
    fields_t values[3];
    int field;
    int triple;
    int round;

    make_values(values, *state);
    for (field = 0; field < FIELDS; field++) {
        for (triple = 0; triple < 27; triple++) {
            for (round = 0; round < rounds; round++) {
                int choices[3][FIELDS];
                int i;

                for (i = 0; i < 3 * FIELDS; i++) {
                    choices[i / FIELDS][i % FIELDS] =
                        (int)pick(&random, 3);
                }
                choices[0][field] = triple / 9;
                choices[1][field] = triple / 3 % 3;
                choices[2][field] = triple % 3;
                check_law(values, choices);
            }
        }
    }
}

/* A section that says nothing is no section. */
static void test_identity(void **state)
{
    fields_t values[3];
    fields_t merged;
    int i;

    make_values(values, *state);
    for (i = 0; i < 3; i++) {
        merge(&merged, &values[0], &values[i]);
        CHECK(same(&merged, &values[i]), "%d", i);
        merge(&merged, &values[i], &values[0]);
        CHECK(same(&merged, &values[i]), "%d", i);
    }
}

static void test_says_anything_and_active(void **state)
{
    static const struct {
        const char *what;
        const char *origins;
        cors_keyword_t engine;
        int says_anything;
        int is_active;
        int decides;
    } states[] = {
        { "nothing", NULL, 0, 0, 0, 0 },
        { "Off", NULL, CORS_OFF, 1, 0, 0 },
        { "On", NULL, CORS_ON, 0, 0, 0 },
        { "ReportOnly", NULL, CORS_REPORT_ONLY, 0, 0, 0 },
        { "origins", "https://a.example", 0, 1, 1, 1 },
        { "origins, Off", "https://a.example", CORS_OFF, 1, 0, 0 },
        { "origins, On", "https://a.example", CORS_ON, 1, 1, 1 },
        { "origins, ReportOnly", "https://a.example", CORS_REPORT_ONLY, 1, 0,
          1 },
        { "none", "none", 0, 1, 1, 1 },
        { "none, Off", "none", CORS_OFF, 1, 0, 0 },
        { "none, ReportOnly", "none", CORS_REPORT_ONLY, 1, 0, 1 },
        { "*", "*", 0, 1, 1, 1 },
    };
    size_t i;

    for (i = 0; i < COUNT(states); i++) {
        policy_text_t text = { 0 };
        cors_policy_t policy;

        text.origins = states[i].origins;
        build(&policy, *state, &text);
        policy.engine = states[i].engine;
        CHECK(cors_policy_says_anything(&policy) == states[i].says_anything,
              "%s", states[i].what);
        CHECK(cors_policy_is_active(&policy) == states[i].is_active, "%s",
              states[i].what);
        CHECK(cors_policy_decides(&policy) == states[i].decides, "%s",
              states[i].what);
    }
}

/* Other directives do not say anything by themselves. */
static void test_says_nothing(void **state)
{
    fields_t values[3];

    make_values(values, *state);
    values[1].policy.origins = NULL;
    values[1].policy.engine = 0;
    assert_false(cors_policy_says_anything(&values[1].policy));
    assert_false(cors_policy_is_active(&values[1].policy));
}

static const struct CMUnitTest tests[] = {
    TEST(test_every_field_has_a_directive),
    TEST(test_every_directive_sets_its_field),
    TEST(test_law),
    TEST(test_identity),
    TEST(test_says_anything_and_active),
    TEST(test_says_nothing),
};

RUN(tests)
