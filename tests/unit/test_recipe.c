/* SPDX-License-Identifier: Apache-2.0 */

/* The values of headers that somebody wrote by hand, as words of a policy. */

#include "testing.h"

#include "cors_recipe.h"

#define X10 "xxxxxxxxxx"
#define X128 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 "xxxxxxxx"

typedef void read_fn(cors_recipe_list_t *list, apr_pool_t *pool,
                     const char *value);

typedef struct list_row_t {
    const char *value;
    const char *words;
    const char *left_out;
    const char *misplaced;
    const char *dead;
    int is_malformed;
} list_row_t;

static const list_row_t method_rows[] = {
    { NULL, "", "", "", "", 0 },
    { "", "", "", "", "", 0 },
    { "GET, PUT", "GET PUT", "", "", "", 0 },
    { " GET ,PUT\t, ,, PUT ", "GET PUT", "", "", "", 0 },
    { "OPTIONS,HEAD,PATCH,patch", "PATCH patch", "OPTIONS HEAD", "", "", 0 },
    { "put, Get, TRACE, connect, options", "", "",
      "", "put Get TRACE connect options", 0 },
    { "*", "*", "", "", "", 0 },
    { "GET, *", "GET *", "", "", "", 0 },
    { "GET PUT", "GET PUT", "", "", "", 1 },
    { "GET, P/T", "GET", "", "", "P/T", 1 },
    { "GET, 'PUT", "GET", "", "", "'PUT", 0 },
};

static const list_row_t request_rows[] = {
    { "X-A, x-a, Content-Type", "X-A x-a Content-Type", "", "", "", 0 },
    { "Accept, Accept-Language, Range", "Accept Accept-Language Range", "",
      "", "", 0 },
    { "Origin, HOST, sec-a, Proxy-B, Cookie, accept-encoding", "",
      "Origin HOST sec-a Proxy-B Cookie accept-encoding", "", "", 0 },
    { "Access-Control-Request-Method, Access-Control-Allow-Origin, "
      "Timing-Allow-Origin", "", "Access-Control-Request-Method",
      "Access-Control-Allow-Origin Timing-Allow-Origin", "", 0 },
    { "*, Authorization", "* Authorization", "", "", "", 0 },
    { "X-*, A*b", "", "", "", "X-* A*b", 0 },
    { X128, X128, "", "", "", 0 },
    { X128 "x", "", "", "", X128 "x", 0 },
    { "X-A; X-B", "X-B", "", "", "X-A;", 1 },
};

static const list_row_t response_rows[] = {
    { "ETag, Content-Length, *", "ETag Content-Length *", "", "", "", 0 },
    { "Set-Cookie, set-cookie2, Access-Control-Allow-Origin, ETag", "ETag",
      "Set-Cookie set-cookie2 Access-Control-Allow-Origin", "", "", 0 },
    { "ETag Link", "", "", "", "", 1 },
};

static void check_array(apr_pool_t *pool, const char *value,
                        const apr_array_header_t *words, const char *wanted)
{
    const char *got = apr_array_pstrcat(pool, words, ' ');

    CHECK(strcmp(got, wanted) == 0, "%s: %s", value, got);
}

static void check_lists(apr_pool_t *pool, const list_row_t *rows,
                        size_t count, read_fn *read)
{
    size_t i;

    for (i = 0; i < count; i++) {
        const list_row_t *row = &rows[i];
        cors_recipe_list_t list;

        read(&list, pool, exact_text(pool, row->value));
        check_array(pool, row->value, list.words, row->words);
        check_array(pool, row->value, list.left_out, row->left_out);
        check_array(pool, row->value, list.misplaced, row->misplaced);
        check_array(pool, row->value, list.dead, row->dead);
        CHECK(list.is_malformed == row->is_malformed, "%s", row->value);
    }
}

static void test_lists(void **state)
{
    check_lists(*state, method_rows, COUNT(method_rows), cors_recipe_methods);
    check_lists(*state, request_rows, COUNT(request_rows),
                cors_recipe_request_headers);
    check_lists(*state, response_rows, COUNT(response_rows),
                cors_recipe_response_headers);
}

/* With credentials * is a name, without it covers the others. */
static void test_star(void **state)
{
    static const struct {
        const char *value;
        const char *with;
        const char *without;
    } rows[] = {
        { "GET", "GET", "GET" }, { "*", "", "*" }, { "*, PUT", "PUT", "*" },
        { "PUT, *", "PUT", "*" }, { "PUT, *, GET", "PUT GET", "*" },
        { "", "", "" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_recipe_list_t list;

        cors_recipe_methods(&list, *state, rows[i].value);
        CHECK(cors_recipe_list_drop_star(&list)
              == (strchr(rows[i].value, '*') != NULL), "%s", rows[i].value);
        check_array(*state, rows[i].value, list.words, rows[i].with);
        CHECK(list.dead->nelts == 0, "%s", rows[i].value);
        cors_recipe_methods(&list, *state, rows[i].value);
        cors_recipe_list_star_covers(&list);
        check_array(*state, rows[i].value, list.words, rows[i].without);
    }
}

static void test_needs_methods(void **state)
{
    static const struct {
        const char *value;
        int needs;
    } rows[] = {
        { "", 0 }, { "GET, HEAD, POST, OPTIONS", 0 }, { "get", 0 },
        { "*", 1 }, { "GET, PUT", 1 }, { "post2", 1 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_recipe_list_t list;

        cors_recipe_methods(&list, *state, rows[i].value);
        CHECK(cors_recipe_needs_methods(&list) == rows[i].needs, "%s",
              rows[i].value);
    }
}

static void test_max_age(void **state)
{
    static const struct {
        const char *value;
        const char *wanted;
    } rows[] = {
        { "0", "0" }, { "600", "600" }, { "0600", "600" }, { "00", "0" },
        { "86400", "86400" }, { "86401", "86400" }, { "99999", "86400" },
        { "100000", "86400" }, { "99999999999999999999", "86400" },
        { "", NULL }, { "-1", NULL }, { "1 day", NULL }, { "1.5", NULL },
        { " 1", NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const char *got = cors_recipe_max_age(*state,
                                              exact_text(*state,
                                                         rows[i].value));

        CHECK(same_text(got, rows[i].wanted), "%s: %s", rows[i].value,
              or_null(got));
    }
}

static void test_origins(void **state)
{
    static const struct {
        const char *value;
        const char *wanted;
    } rows[] = {
        { "*", "*" }, { "null", "null" },
        { "https://a.example", "https://a.example" },
        { "https://a.example/", "https://a.example" },
        { "https://A.example/x?y", "https://a.example" },
        { "https://a.example https://b.example",
          "https://a.example https://b.example" },
        { "https://a.example,https://b.example/",
          "https://a.example https://b.example" },
        { "https://*.a.example", "https://*.a.example" },
        { "capacitor://localhost", "capacitor://localhost" },
        { "", NULL }, { " ", NULL }, { "a.example", NULL },
        { "https://", NULL }, { "https://a b", NULL },
        { "https://a.example https://b c", NULL },
        { "https://a.example:443", NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const apr_array_header_t *origins =
            cors_recipe_origins(*state, exact_text(*state, rows[i].value));
        const char *got = !origins ? NULL
                          : apr_array_pstrcat(*state, origins, ' ');

        CHECK(same_text(got, rows[i].wanted), "%s: %s", rows[i].value,
              or_null(got));
    }
}

/* What is to be tried: samples match, most neighbours do not. */
static void test_samples(void **state)
{
    static const struct {
        const char *pattern;
        int samples;
        int foreign_neighbours;
    } rows[] = {
        { "https://a.example", 1, 1 },
        { "https://a.example:8443", 1, 1 },
        { "http://localhost:3000", 1, 1 },
        { "https://*.a.example", 3, 1 },
        { "https://a.example:*", 3, 1 },
        { "https://*.a.example:*", 9, 1 },
        { "http://[::1]:3000", 1, 1 },
        { "capacitor://localhost", 1, 0 },
        { "null", 1, 0 },
    };
    apr_pool_t *pool = *state;
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const char *pattern = exact_text(pool, rows[i].pattern);
        const apr_array_header_t *samples = cors_recipe_samples(pool,
                                                                pattern);
        const apr_array_header_t *others = cors_recipe_neighbours(pool,
                                                                  pattern);
        cors_origin_set_t *set = cors_origin_set_make(pool);
        const cors_origin_entry_t *entry;
        int foreign = 0;
        int k;

        CHECK(cors_origin_set_add(set, pattern, NULL), "%s", pattern);
        CHECK(samples->nelts == rows[i].samples, "%s: %d", pattern,
              samples->nelts);
        for (k = 0; k < samples->nelts; k++) {
            const char *origin = APR_ARRAY_IDX(samples, k, const char *);

            CHECK(cors_origin_set_match(set, origin, strlen(origin), &entry),
                  "%s: %s", pattern, origin);
        }
        for (k = 0; k < others->nelts; k++) {
            const char *origin = APR_ARRAY_IDX(others, k, const char *);
            cors_origin_t parsed;

            CHECK(cors_origin_parse(&parsed, origin, strlen(origin)), "%s",
                  origin);
            foreign += !cors_origin_set_match(set, origin, strlen(origin),
                                              &entry);
        }
        CHECK((foreign > 3) == rows[i].foreign_neighbours, "%s: %d", pattern,
              foreign);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_lists),
    TEST(test_star),
    TEST(test_needs_methods),
    TEST(test_max_age),
    TEST(test_origins),
    TEST(test_samples),
};

RUN(tests)
