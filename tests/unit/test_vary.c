/* SPDX-License-Identifier: Apache-2.0 */

/* cors_vary_merge */

#include "testing.h"

#define PREFLIGHT "Origin, Access-Control-Request-Method, " \
                  "Access-Control-Request-Headers"

enum result { ADD, HAVE, NEW };

static const struct {
    const char *what;
    const char *have;
    const char *add;
    enum result result;
    const char *value;          /* of a new one */
} rows[] = {
    { "nothing yet", NULL, "Origin", ADD, NULL },
    { "nothing yet, three", NULL, PREFLIGHT, ADD, NULL },
    { "C-43 another", "Accept-Encoding", "Origin", NEW,
      "Accept-Encoding, Origin" },
    { "C-43 itself", "Origin", "Origin", HAVE, NULL },
    { "C-43 itself in lower case", "origin", "Origin", HAVE, NULL },
    { "itself in capitals", "ORIGIN", "Origin", HAVE, NULL },
    { "C-43 star", "*", "Origin", HAVE, NULL },
    { "star and others", "Accept, *", "Origin", HAVE, NULL },
    { "star between commas", "Accept,*,Cookie", PREFLIGHT, HAVE, NULL },
    { "star and blanks", " * ", "Origin", HAVE, NULL },
    { "star in a name", "*a, b*", "Origin", NEW, "*a, b*, Origin" },
    { "first", "Origin, Accept", "Origin", HAVE, NULL },
    { "last", "Accept, Origin", "Origin", HAVE, NULL },
    { "without blank", "Accept,Origin", "Origin", HAVE, NULL },
    { "blanks and tabs", "Accept \t,\t Origin \t, Cookie", "Origin", HAVE,
      NULL },
    { "blanks after", "Origin  ", "Origin", HAVE, NULL },
    { "blanks before", "  Origin", "Origin", HAVE, NULL },
    { "empty elements", ",, Origin,,", "Origin", HAVE, NULL },
    { "longer", "Origins", "Origin", NEW, "Origins, Origin" },
    { "shorter", "Origi", "Origin", NEW, "Origi, Origin" },
    { "tail", "X-Origin", "Origin", NEW, "X-Origin, Origin" },
    { "head", "Origin-X", "Origin", NEW, "Origin-X, Origin" },
    { "two words", "Origin X", "Origin", NEW, "Origin X, Origin" },
    { "three to one", "Accept", PREFLIGHT, NEW, "Accept, " PREFLIGHT },
    { "three to the first", "Origin", PREFLIGHT, NEW, PREFLIGHT },
    { "three to the second", "access-control-request-method", PREFLIGHT,
      NEW, "access-control-request-method, Origin, "
      "Access-Control-Request-Headers" },
    { "three to the last", "Access-Control-Request-Headers", PREFLIGHT, NEW,
      "Access-Control-Request-Headers, Origin, "
      "Access-Control-Request-Method" },
    { "three to two", "Access-Control-Request-Headers,Origin", PREFLIGHT,
      NEW, "Access-Control-Request-Headers,Origin, "
      "Access-Control-Request-Method" },
    { "three to three", PREFLIGHT, PREFLIGHT, HAVE, NULL },
    { "three to three, reversed",
      "access-control-request-headers,access-control-request-method,origin",
      PREFLIGHT, HAVE, NULL },
    { "one to three", PREFLIGHT, "Origin", HAVE, NULL },
};

static void test_vary(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const char *have = exact_text(*state, rows[i].have);
        const char *add = exact_text(*state, rows[i].add);
        apr_pool_t *pool = rows[i].result == NEW ? *state : NULL;
        const char *value = cors_vary_merge(have, add, pool);

        switch (rows[i].result) {
        case ADD:
            CHECK(value == add, "%s: %s", rows[i].what, or_null(value));
            break;
        case HAVE:
            CHECK(value == have, "%s: %s", rows[i].what, or_null(value));
            break;
        default:
            CHECK(same_text(value, rows[i].value), "%s: %s", rows[i].what,
                  or_null(value));
        }
        CHECK(same_text(have, rows[i].have), "%s", rows[i].what);
        CHECK(cors_vary_merge(value, add, NULL) == value, "%s: again",
              rows[i].what);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_vary),
};

RUN(tests)
