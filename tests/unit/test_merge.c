/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

/* Merging: the law, and which section a field comes from. */

#include "testing.h"

/** Fields by number: 0 leaves one unset, 1 and 2 are two values. */
#define FIELDS 13

typedef struct values_t {
    cors_policy_t of[3];
} values_t;

static void make_values(values_t *values, apr_pool_t *pool)
{
    static const policy_text_t texts[2] = {
        { .origins = "https://a.example", .methods = "PUT",
          .allow_headers = "X-A", .expose_headers = "X-A", .max_age = "0",
          .preflight_status = "200", .is_off = 1, .dangers = "none" },
        { .origins = "none", .methods = "DELETE", .allow_headers = "none",
          .expose_headers = "none", .has_credentials = 1, .max_age = "600",
          .preflight_status = "204", .has_timing = 1, .has_debug = 1,
          .dangers = "insecure-origins public-suffixes" },
    };

    cors_policy_init(&values->of[0]);
    build(&values->of[1], pool, &texts[0]);
    build(&values->of[2], pool, &texts[1]);
    must_compile(set_word(cors_policy_set_preflight, &values->of[1], pool,
                          "answer"));
    must_compile(set_word(cors_policy_set_preflight, &values->of[2], pool,
                          "pass"));
    must_compile(set_word(cors_policy_set_backend_headers, &values->of[1],
                          pool, "replace"));
    must_compile(set_word(cors_policy_set_backend_headers, &values->of[2],
                          pool, "keep"));
    values->of[1].credentials = CORS_OFF;
    values->of[1].timing_allow_origin = CORS_OFF;
    values->of[1].debug = CORS_OFF;
    values->of[2].engine = CORS_ON;
}

#define EACH_FIELD(X) \
    X(0, engine) X(1, origins) X(2, methods) X(3, allow_headers) \
    X(4, expose_headers) X(5, credentials) X(6, max_age) X(7, preflight) \
    X(8, preflight_status) X(9, backend_headers) \
    X(10, timing_allow_origin) X(11, debug) X(12, dangerous)

static void compose(cors_policy_t *policy, const values_t *values,
                    const int choice[FIELDS])
{
    memset(policy, 0, sizeof(*policy));
#define SET_FIELD(n, field) policy->field = values->of[choice[n]].field;
    EACH_FIELD(SET_FIELD)
#undef SET_FIELD
}

/** The first field that differs, NULL if none does. */
static const char *difference(const cors_policy_t *a, const cors_policy_t *b)
{
#define COMPARE_FIELD(n, field) if (a->field != b->field) return #field;
    EACH_FIELD(COMPARE_FIELD)
#undef COMPARE_FIELD
    return NULL;
}

static void merge(cors_policy_t *merged, const cors_policy_t *outer,
                  const cors_policy_t *inner)
{
    cors_policy_t outer_before = *outer;
    cors_policy_t inner_before = *inner;

    memset(merged, 0x5a, sizeof(*merged));
    cors_policy_merge(merged, outer, inner);
    CHECK(!difference(outer, &outer_before), "the outer one is written: %s",
          difference(outer, &outer_before));
    CHECK(!difference(inner, &inner_before), "the inner one is written: %s",
          difference(inner, &inner_before));
}

static void check_law(const values_t *values, int choices[3][FIELDS])
{
    cors_policy_t p[3];
    cors_policy_t left;
    cors_policy_t right;
    cors_policy_t part;
    cors_policy_t expected;
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
    CHECK(!difference(&left, &right), "%s", difference(&left, &right));
    CHECK(!difference(&left, &expected), "%s",
          difference(&left, &expected));
}

/* Every triple of every field, the other fields at random. */
static void test_law(void **state)
{
    const int rounds = 500;
    random_t random = random_start("merges", 27UL * FIELDS * 500);
    values_t values;
    int field;
    int triple;
    int round;

    make_values(&values, *state);
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
                check_law(&values, choices);
            }
        }
    }
}

/* No two values of a field are the same, or the law would prove little. */
static void test_values_differ(void **state)
{
    values_t values;

    make_values(&values, *state);
#define DIFFERENT(n, field) \
    CHECK(values.of[0].field != values.of[1].field \
          && values.of[1].field != values.of[2].field \
          && values.of[0].field != values.of[2].field, "%s", #field);
    EACH_FIELD(DIFFERENT)
#undef DIFFERENT
}

/* A section that says nothing is no section. */
static void test_identity(void **state)
{
    values_t values;
    cors_policy_t merged;
    int i;

    make_values(&values, *state);
    for (i = 0; i < 3; i++) {
        merge(&merged, &values.of[0], &values.of[i]);
        CHECK(!difference(&merged, &values.of[i]), "%s",
              difference(&merged, &values.of[i]));
        merge(&merged, &values.of[i], &values.of[0]);
        CHECK(!difference(&merged, &values.of[i]), "%s",
              difference(&merged, &values.of[i]));
    }
}

static void test_init(void **state)
{
    cors_policy_t policy;

    (void)state;
    memset(&policy, 0x5a, sizeof(policy));
    cors_policy_init(&policy);
    assert_int_equal(policy.engine, CORS_UNSET);
    assert_null(policy.origins);
    assert_null(policy.methods);
    assert_null(policy.allow_headers);
    assert_null(policy.expose_headers);
    assert_int_equal(policy.credentials, CORS_UNSET);
    assert_null(policy.max_age);
    assert_int_equal(policy.preflight, CORS_PREFLIGHT_UNSET);
    assert_int_equal(policy.preflight_status, -1);
    assert_int_equal(policy.backend_headers, CORS_BACKEND_UNSET);
    assert_int_equal(policy.timing_allow_origin, CORS_UNSET);
    assert_int_equal(policy.debug, CORS_UNSET);
    assert_int_equal(policy.dangerous, -1);
}

static void test_stated_and_active(void **state)
{
    static const struct {
        const char *what;
        const char *origins;
        cors_switch_t engine;
        int is_stated;
        int is_active;
    } rows[] = {
        { "nothing", NULL, CORS_UNSET, 0, 0 },
        { "Off", NULL, CORS_OFF, 1, 0 },
        { "On", NULL, CORS_ON, 1, 0 },
        { "origins", "https://a.example", CORS_UNSET, 1, 1 },
        { "origins, Off", "https://a.example", CORS_OFF, 1, 0 },
        { "origins, On", "https://a.example", CORS_ON, 1, 1 },
        { "none", "none", CORS_UNSET, 1, 1 },
        { "none, Off", "none", CORS_OFF, 1, 0 },
        { "*", "*", CORS_UNSET, 1, 1 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        policy_text_t text = { 0 };
        cors_policy_t policy;

        text.origins = rows[i].origins;
        build(&policy, *state, &text);
        policy.engine = rows[i].engine;
        CHECK(cors_policy_is_stated(&policy) == rows[i].is_stated, "%s",
              rows[i].what);
        CHECK(cors_policy_is_active(&policy) == rows[i].is_active, "%s",
              rows[i].what);
    }
}

/* Other directives do not state anything by themselves. */
static void test_not_stated(void **state)
{
    static const policy_text_t text = {
        .methods = "PUT", .allow_headers = "X-A", .expose_headers = "X-A",
        .has_credentials = 1, .max_age = "1", .preflight_status = "200",
        .has_timing = 1, .has_debug = 1, .dangers = "none",
    };
    cors_policy_t policy;

    build(&policy, *state, &text);
    assert_false(cors_policy_is_stated(&policy));
    assert_false(cors_policy_is_active(&policy));
}

static const struct CMUnitTest tests[] = {
    TEST(test_init),
    TEST(test_values_differ),
    TEST(test_law),
    TEST(test_identity),
    TEST(test_stated_and_active),
    TEST(test_not_stated),
};

RUN(tests)
