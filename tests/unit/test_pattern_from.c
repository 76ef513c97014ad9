/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Regular expressions as patterns, against PCRE: what a pattern matches has a
 * match, and what else has one is a difference that was told.
 */

#include "testing.h"

#include "cors_pattern_from.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#define S CORS_FROM_NO_START
#define E CORS_FROM_NO_END
#define D CORS_FROM_DOT
#define L CORS_FROM_LABEL

/* NULL: not as patterns. */
static const struct {
    const char *regex;
    const char *patterns;
    unsigned int differences;
} rows[] = {
    /* literals */
    { "^https://a\\.example$", "https://a.example", 0 },
    { "https://a\\.example$", "https://a.example", S },
    { "^https://a\\.example", "https://a.example", E },
    { "https://a\\.example", "https://a.example", S | E },
    { "^https://a.example$", "https://a.example", D },
    { "^https:\\/\\/a\\.example$", "https://a.example", 0 },
    { "^https://a[.]example$", "https://a.example", 0 },
    { "^http://localhost:3000$", "http://localhost:3000", 0 },
    { "^http://127\\.0\\.0\\.1:8080$", "http://127.0.0.1:8080", 0 },
    { "^http://\\[::1\\]:3000$", "http://[::1]:3000", 0 },
    { "^capacitor://localhost$", "capacitor://localhost", 0 },
    { "^app://Abc$", "app://Abc", 0 },
    { "^null$", "null", 0 },
    { "null", "null", S | E },
    { "^(null|https://a\\.example)$", "null https://a.example", 0 },
    /* alternatives and options */
    { "^https?://a\\.example$", "https://a.example http://a.example", 0 },
    { "^http(s)?://a\\.example$", "https://a.example http://a.example", 0 },
    { "^(http|https)://a\\.example$", "http://a.example https://a.example",
      0 },
    { "^https://(?:www\\.)?a\\.example$",
      "https://www.a.example https://a.example", 0 },
    { "^https://(www\\.|)a\\.example$",
      "https://www.a.example https://a.example", 0 },
    { "^https://(a|b)\\.example$", "https://a.example https://b.example", 0 },
    { "^https://((a|b)\\.)?(c|d)\\.example$",
      "https://a.c.example https://a.d.example https://b.c.example "
      "https://b.d.example https://c.example https://d.example", 0 },
    { "^https://a\\.example$|^https://b\\.example$",
      "https://a.example https://b.example", 0 },
    { "^https://a\\.example|https://b\\.example$",
      "https://a.example https://b.example", S | E },
    { "^https://(a|a)\\.example$", "https://a.example", 0 },
    { "^https://(a\\.example)??$", "https://a.example", 0 },
    /* subdomains */
    { "^https://.*\\.a\\.example$", "https://*.a.example", 0 },
    { "^https://.+\\.a\\.example$", "https://*.a.example", 0 },
    { "^https://.*?\\.a\\.example$", "https://*.a.example", 0 },
    { "^https://(.*\\.)?a\\.example$",
      "https://*.a.example https://a.example", 0 },
    { "^https://([^/]+\\.)?a\\.example$",
      "https://*.a.example https://a.example", 0 },
    { "^https://(.*)a\\.example$", "https://*.a.example https://a.example",
      L },
    { "^https://[^/]*a\\.example$", "https://*.a.example https://a.example",
      L },
    { "^https://.+a\\.example$", "https://*.a.example", L },
    { "^https://(.+.)?a\\.example$", "https://*.a.example https://a.example",
      D },
    { "^https://.*.a.example", "https://*.a.example", D | E },
    { "^https://(.*\\.)?a\\.example:8443$",
      "https://*.a.example:8443 https://a.example:8443", 0 },
    /* ports */
    { "^https://a\\.example(:\\d+)?$", "https://a.example:*", 0 },
    { "^https://a\\.example(:[0-9]+)?$", "https://a.example:*", 0 },
    { "^https://a\\.example(:\\d{1,5})?$", "https://a.example:*", 0 },
    { "^https://a\\.example(:\\d*)?$", "https://a.example:*", 0 },
    { "^https://a\\.example(:.*)?$", "https://a.example:*", 0 },
    { "^https://a\\.example(:(3000|8080))?$",
      "https://a.example:3000 https://a.example:8080 https://a.example", 0 },
    { "^https?://(.*\\.)?a\\.example(:\\d+)?$",
      "https://*.a.example:* https://a.example:* http://*.a.example:* "
      "http://a.example:*", 0 },
    { "^https://a\\.example(:\\d+)?", "https://a.example:*", E },
    { "^https://a\\.example:\\d+$", NULL, 0 },
    { "^https://a\\.example(:\\d{2,5})?$", NULL, 0 },
    { "^https://a\\.example(:\\d\\d)?$", NULL, 0 },
    { "^http://localhost:", NULL, 0 },
    { "^http://localhost:3", "http://localhost:3", E },
    /* what no origin can match goes */
    { "^https://a\\.example/?$", "https://a.example", 0 },
    { "^https://a\\.example/$", "", 0 },
    { "^https://a\\.example/", "", 0 },
    { "^https://A\\.example$", "", 0 },
    { "^https://(A|b)\\.example$", "https://b.example", 0 },
    { "https://A\\.example$", "", S },
    { "^https://a\\.example:443$", "", 0 },
    { "^https://a\\.example(:443)?$", "https://a.example", 0 },
    { "^https://a\\.example:443", NULL, 0 },
    { "^https://a_b-c\\.example$", "https://a_b-c.example", 0 },
    { "^https://a\\.example.*$", "https://a.example", E },
    /* without case */
    { "(?i)^https://A\\.Example$", "https://a.example", 0 },
    { "(?i)^HTTPS?://a\\.example$", "https://a.example http://a.example", 0 },
    { "(?i)^app://a$", NULL, 0 },
    /* what patterns cannot say */
    { "", NULL, 0 },
    { "^$", "", 0 },
    { "^a\\.example$", "", 0 },
    { "^", NULL, 0 },
    { ":", NULL, 0 },
    { "^.*$", NULL, 0 },
    { "^https?://.*$", NULL, 0 },
    { "^https://.*:3000$", NULL, 0 },
    { "a\\.example$", NULL, 0 },
    { "^(.*\\.a\\.example)$", NULL, 0 },
    { "^https://[a-z]+\\.a\\.example$", NULL, 0 },
    { "^https://\\w+\\.a\\.example$", NULL, 0 },
    { "^https://([a-z]\\.)*a\\.example$", NULL, 0 },
    { "^https://(?!b)a\\.example$", NULL, 0 },
    { "^https://a+\\.example$", NULL, 0 },
    { "^https://\\*\\.a\\.example$", NULL, 0 },
    { "^https://[*].a\\.example$", NULL, 0 },
    { "^https://(.+.)?127\\.0\\.0\\.1:8000$", NULL, 0 },
    { "^https://b.*\\.example$", NULL, 0 },
    { "^https://a\\.example$x", NULL, 0 },
    { "^https://(a$)\\.example", NULL, 0 },
    { "^https://(a\\.example", NULL, 0 },
    { "^https://a\\.example)$", NULL, 0 },
    { "^https://a\\.example[$", NULL, 0 },
    { "^https://a\\.example\\", NULL, 0 },
    { "^http.://a\\.example$", NULL, 0 },
    { "^https://a\\.example$?", NULL, 0 },
    { "^?https://a\\.example$", NULL, 0 },
};

static pcre2_code *compile(const char *regex)
{
    int error;
    PCRE2_SIZE at;

    return pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
                         PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY, &error, &at,
                         NULL);
}

static int has_match(pcre2_code *code, const char *text)
{
    pcre2_match_data *data = pcre2_match_data_create_from_pattern(code, NULL);
    int rv = pcre2_match(code, (PCRE2_SPTR)text, strlen(text), 0, 0, data,
                         NULL);

    pcre2_match_data_free(data);
    return rv > 0;
}

/* ------------------------------------------------------------------------
 * Origins that resemble a pattern
 */

static const char *const leads[] = { "", "a.", "a.b.", "evil", "evil.",
                                     "x-", "9", "xn--a." };
static const char *const tails[] = { "", ":1", ":80", ":443", ":3000",
                                     ":30001", ":8443", ":65535", ".evil",
                                     ".evil.example", "x", "-x.test", ".",
                                     "0" };
static const char *const schemes[] = { "https://", "http://", "xhttps://",
                                       "xhttp://", "app://" };

typedef void try_fn(void *baton, const char *origin);

/* With each single byte of the host replaced or taken out, too. */
static void try_host(apr_pool_t *pool, const char *scheme, const char *host,
                     try_fn *try, void *baton)
{
    size_t t;
    size_t i;

    for (t = 0; t < COUNT(tails); t++) {
        const char *tail = strchr(host, ':') && tails[t][0] == ':' ? ""
                                                                   : tails[t];

        try(baton, apr_pstrcat(pool, scheme, host, tail, NULL));
    }
    for (i = 0; host[i]; i++) {
        char *other = apr_pstrdup(pool, host);

        other[i] = 'z';
        try(baton, apr_pstrcat(pool, scheme, other, NULL));
        memmove(other + i, other + i + 1, strlen(other + i));
        try(baton, apr_pstrcat(pool, scheme, other, NULL));
    }
}

static void try_neighbours(apr_pool_t *pool, const char *pattern, try_fn *try,
                           void *baton)
{
    const char *rest = strstr(pattern, "://");
    char *host;
    size_t s;
    size_t l;

    try(baton, "null");
    try(baton, "https://null");
    try(baton, pattern);
    if (!rest) {
        return;
    }
    host = apr_pstrdup(pool, rest + (strncmp(rest, "://*.", 5) == 0 ? 5 : 3));
    if (strlen(host) > 2 && strcmp(host + strlen(host) - 2, ":*") == 0) {
        host[strlen(host) - 2] = '\0';
    }
    for (s = 0; s < COUNT(schemes); s++) {
        for (l = 0; l < COUNT(leads); l++) {
            try_host(pool, schemes[s],
                     apr_pstrcat(pool, leads[l], host, NULL), try, baton);
        }
    }
}

typedef struct {
    apr_pool_t *pool;
    const char *regex;
    pcre2_code *code;
    const cors_origin_set_t *set;
    unsigned int differences;
    unsigned int matched;       /* how many origins the patterns matched */
    unsigned int more;          /* and how many the expression alone */
} claim_t;

/* Whether a text is an origin: well-formed, or of another scheme. */
static int claim_is_about(const claim_t *claim, const char *text)
{
    cors_origin_t origin;

    return cors_origin_parse(&origin, text, strlen(text))
           || (!cors_pattern_is_web(text) && !strchr(text, '*')
               && cors_pattern_is_valid(claim->pool, text));
}

static void try_claim(void *baton, const char *text)
{
    claim_t *claim = baton;
    const cors_origin_entry_t *entry;
    int is_matched = cors_origin_set_match(claim->set, text, strlen(text),
                                           &entry);
    int is_claimed = has_match(claim->code, text);

    if (strcmp(text, "null") != 0 && !claim_is_about(claim, text)) {
        return;
    }
    claim->matched += is_matched != 0;
    claim->more += is_claimed && !is_matched;
    CHECK(is_claimed || !is_matched, "%s: %s", claim->regex, text);
    CHECK(is_matched || !is_claimed || claim->differences, "%s: %s silently",
          claim->regex, text);
}

/* Whether what cors_pattern_from says of an expression is so. */
static void check_claim(apr_pool_t *pool, const char *regex, claim_t *claim)
{
    const apr_array_header_t *patterns;
    cors_origin_set_t *set = cors_origin_set_make(pool);
    int i;

    patterns = cors_pattern_from(pool, regex, &claim->differences);
    claim->pool = pool;
    claim->regex = regex;
    claim->code = compile(regex);
    claim->set = set;
    claim->matched = claim->more = 0;
    if (!patterns) {
        pcre2_code_free(claim->code);
        claim->code = NULL;
        return;
    }
    CHECK(claim->code != NULL, "%s", regex);
    for (i = 0; i < patterns->nelts; i++) {
        CHECK(cors_origin_set_add(set, APR_ARRAY_IDX(patterns, i,
                                                     const char *), NULL),
              "%s: %s", regex, APR_ARRAY_IDX(patterns, i, const char *));
    }
    if (claim->code) {
        try_neighbours(pool, "https://A.example", try_claim, claim);
    }
    for (i = 0; i < patterns->nelts && claim->code; i++) {
        try_neighbours(pool, APR_ARRAY_IDX(patterns, i, const char *),
                       try_claim, claim);
    }
    pcre2_code_free(claim->code);
}

/* ------------------------------------------------------------------------
 * Tests
 */

static const char *joined(apr_pool_t *pool, const apr_array_header_t *words)
{
    return words ? apr_array_pstrcat(pool, words, ' ') : "(not)";
}

static void test_rows(void **state)
{
    apr_pool_t *pool = *state;
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const char *regex = exact_text(pool, rows[i].regex);
        const char *wanted = rows[i].patterns ? rows[i].patterns : "(not)";
        unsigned int differences = 99;
        const char *got = joined(pool, cors_pattern_from(pool, regex,
                                                         &differences));

        CHECK(strcmp(got ? got : "", wanted) == 0, "%s: %s", regex, got);
        CHECK(differences == rows[i].differences, "%s: %u", regex,
              differences);
    }
}

/* The rows' claims; each difference shows in some origin. */
static void test_rows_against_pcre(void **state)
{
    apr_pool_t *pool;
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        claim_t claim;

        apr_pool_create(&pool, *state);
        check_claim(pool, rows[i].regex, &claim);
        CHECK(!claim.code || !rows[i].patterns || !rows[i].patterns[0]
              || claim.matched, "%s matches nothing", rows[i].regex);
        CHECK(!claim.differences || claim.more, "%s: a difference that no "
              "origin shows", rows[i].regex);
        apr_pool_destroy(pool);
    }
}

/* Expressions as people write them, and not quite. */
static const char *random_regex(random_t *random, apr_pool_t *pool)
{
    static const char *const starts[] = { "^", "", "^", "(?i)^", "^(" };
    static const char *const schemes_of[] = {
        "https://", "https?://", "http(s)?://", "(http|https)://", "http://",
        "https:\\/\\/", "(https?|app)://", "(?:https?://)", ".*://", "://" };
    static const char *const subdomains[] = {
        "", "", "(www\\.)?", "(.*\\.)?", "(.+\\.)?", ".*\\.", ".+\\.", "(.*)",
        "([^/]+\\.)?", "(www|app)\\.", "(www.)?", "(.+.)?", "[a-z]+\\.",
        "(?:a\\.|b\\.)?", "(x|y|)", ".*", ".+", ".", "(.*\\.)+" };
    static const char *const hosts[] = {
        "a\\.example", "a.example", "(a|b)\\.example", "a[.]example",
        "localhost", "127\\.0\\.0\\.1", "(a\\.example|b\\.test)",
        "a-b\\.example", "\\[::1\\]", "(a|b\\.c)(\\.example)", "A\\.example",
        "a\\.example?", "a\\.example|https://b\\.example" };
    static const char *const ports[] = {
        "", "", "(:\\d+)?", "(:[0-9]+)?", ":3000", "(:3000|:8080)?",
        ":(3000|8080)", "(:.*)?", ":\\d+", ":?\\d*", "(:\\d{1,5})?", ":443",
        "(:443)?", "/?", "/", "(:80)?", ".*", ":30{3}" };
    static const char *const ends[] = { "$", "", "$", "$", "/?$" };
    const char *start = PICK(random, starts);

    return apr_pstrcat(pool, start, PICK(random, schemes_of),
                       PICK(random, subdomains), PICK(random, hosts),
                       PICK(random, ports),
                       start[strlen(start) - (*start ? 1 : 0)] == '('
                       ? ")" : "", PICK(random, ends), NULL);
}

static void test_random_against_pcre(void **state)
{
    apr_pool_t *pool;
    random_t random = random_start("regular expressions", 1500);
    unsigned int exact_ones = 0;
    unsigned int others = 0;
    int i;

    for (i = 0; i < 1500; i++) {
        claim_t claim;

        apr_pool_create(&pool, *state);
        check_claim(pool, random_regex(&random, pool), &claim);
        exact_ones += claim.code && !claim.differences && claim.matched;
        others += claim.code && claim.differences && claim.matched;
        apr_pool_destroy(pool);
    }
    CHECK(exact_ones > 100, "%u", exact_ones);
    CHECK(others > 100, "%u", others);
}

/* 64 patterns are some, 65 are too many, those that are the same counted. */
static void test_limit(void **state)
{
    apr_pool_t *pool = *state;
    unsigned int differences;
    const apr_array_header_t *patterns = cors_pattern_from(
        pool, "^https?://a?b?c?d?e?f\\.example$", &differences);

    assert_non_null(patterns);
    assert_int_equal(CORS_MAX_PATTERNS_FROM, patterns->nelts);
    assert_null(cors_pattern_from(pool, "^https?://a?b?c?d?e?f\\.example$"
                                  "|^https://x\\.example$", &differences));
    assert_null(cors_pattern_from(pool, "^https?://(a|a|b)(c|c|d)?(e|f)?"
                                  "(g)?\\.example$", &differences));
    /* A text with a wildcard may be two patterns. */
    assert_non_null(cors_pattern_from(pool, "^https?://(.*)a?b?c?d?\\.example$",
                                      &differences));
    assert_null(cors_pattern_from(pool, "^https?://(.*)a?b?c?d?e?x\\.example$",
                                  &differences));
}

/* The other form: the whole origin where there was a match in it. */
static void check_unanchored(apr_pool_t *pool, const char *regex)
{
    const char *body = cors_regex_unanchored(pool, regex);
    pcre2_code *search = compile(regex);
    pcre2_code *whole = !body ? NULL : compile(
        apr_pstrcat(pool, "\\A(?:", body, ")\\z", NULL));
    static const char *const patterns[] = {
        "https://a.example", "http://b.test", "http://localhost:3000", "null",
        "https://www.a.example"
    };
    size_t i;

    CHECK(!search || !body || whole, "%s: %s", regex, body);
    for (i = 0; search && whole && i < COUNT(patterns); i++) {
        const char *origin = patterns[i];
        const char *more[4];
        size_t k;

        more[0] = origin;
        more[1] = apr_pstrcat(pool, "x", origin, NULL);
        more[2] = apr_pstrcat(pool, origin, "x", NULL);
        more[3] = apr_pstrcat(pool, origin, ":3000", NULL);
        for (k = 0; k < COUNT(more); k++) {
            CHECK(has_match(search, more[k]) == has_match(whole, more[k]),
                  "%s as %s: %s", regex, body, more[k]);
        }
    }
    pcre2_code_free(search);
    pcre2_code_free(whole);
}

static void test_unanchored(void **state)
{
    static const struct {
        const char *regex;
        const char *body;
    } bodies[] = {
        { "^https?://.*$", "https?://.*" },
        { "a\\.example$", ".*a\\.example" },
        { "^https://[a-z]+\\.a", "https://[a-z]+\\.a.*" },
        { "(?i)^https://[a-z]+$", "(?i)https://[a-z]+" },
        { "^a$|^b$", ".*(?:^a$|^b$).*" },
        { "^(a|b)$", "(a|b)" },
        { "^[|]\\|$", "[|]\\|" },
        { "^a\\$", "a\\$.*" },
        { "^a\\\\$", "a\\\\" },
        { "^[^$]$", "[^$]" },
        { "^[]$]", "[]$].*" },
        { "", ".*.*" },
        { "^(?!b)a$", "(?!b)a" },
        { "(*UTF)a", NULL },
        { "^a\\Kb$", NULL },
        { "^(?x) a$", NULL },
        { "^a\\z", NULL },
    };
    random_t random = random_start("unanchored", 800);
    apr_pool_t *pool = *state;
    size_t i;

    for (i = 0; i < COUNT(bodies); i++) {
        const char *got = cors_regex_unanchored(pool, bodies[i].regex);

        CHECK((!got && !bodies[i].body)
              || (got && bodies[i].body && strcmp(got, bodies[i].body) == 0),
              "%s: %s", bodies[i].regex, got);
    }
    for (i = 0; i < COUNT(rows); i++) {
        check_unanchored(pool, rows[i].regex);
    }
    for (i = 0; i < 800; i++) {
        check_unanchored(pool, random_regex(&random, pool));
    }
}

static void test_forms(void **state)
{
    static const struct {
        const char *regex;
        int is_anchored;
        int is_one_group;
        int is_any;
    } forms[] = {
        { "^a$", 1, 0, 0 }, { "^a", 0, 0, 0 }, { "a$", 0, 0, 0 },
        { "(?i)^a$", 1, 0, 0 }, { "^a|b$", 0, 0, 0 }, { "^a\\$", 0, 0, 0 },
        { "^(a)$", 1, 1, 0 }, { "(?i)^(a)$", 1, 1, 0 },
        { "^(a|b)$", 1, 1, 0 }, { "^(a)(b)$", 1, 0, 0 },
        { "^((a)b)$", 1, 1, 0 }, { "^(?:a)$", 1, 0, 0 }, { "(a)", 0, 0, 0 },
        { "^(a)", 0, 0, 0 }, { "^a(b)$", 1, 0, 0 },
        { ".*", 0, 0, 1 }, { "^.*$", 1, 0, 1 }, { "^(.*)$", 1, 1, 1 },
        { "(.+)", 0, 0, 1 }, { ":", 0, 0, 1 }, { "", 0, 0, 1 },
        { "^", 0, 0, 1 }, { "^$", 1, 0, 0 }, { "^:$", 1, 0, 0 },
        { ".", 0, 0, 1 }, { "^.$", 1, 0, 0 }, { "^(?i).*$", 1, 0, 0 },
        { "(?i).*", 0, 0, 1 }, { "^https?://.*$", 1, 0, 0 },
    };
    apr_pool_t *pool = *state;
    size_t i;

    for (i = 0; i < COUNT(forms); i++) {
        const char *regex = exact_text(pool, forms[i].regex);

        CHECK(!cors_regex_is_anchored(regex) == !forms[i].is_anchored, "%s",
              regex);
        CHECK(!cors_regex_is_one_group(pool, regex) == !forms[i].is_one_group,
              "%s", regex);
        CHECK(!cors_regex_is_any(pool, regex) == !forms[i].is_any, "%s",
              regex);
    }
}

/* Hostile text ends, and well. */
static void test_random_bytes(void **state)
{
    static const char bytes[] = "^$()[]|?*+.\\dhttps://a-0{1,5}:xA \1\2\3\7";
    random_t random = random_start("bytes", 5000);
    apr_pool_t *pool;
    int i;

    for (i = 0; i < 8000; i++) {
        char text[24];
        unsigned int differences;
        size_t len = pick(&random, sizeof(text));
        size_t k;

        apr_pool_create(&pool, *state);
        for (k = 0; k < len; k++) {
            text[k] = bytes[pick(&random, sizeof(bytes) - 1)];
        }
        check_unanchored(pool, exact_text(pool, apr_pstrmemdup(pool, text,
                                                               len)));
        cors_pattern_from(pool, exact_text(pool, apr_pstrmemdup(pool, text,
                                                                len)),
                          &differences);
        cors_regex_is_any(pool, exact_text(pool, apr_pstrmemdup(pool, text,
                                                                len)));
        apr_pool_destroy(pool);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_rows),
    TEST(test_rows_against_pcre),
    TEST(test_random_against_pcre),
    TEST(test_limit),
    TEST(test_unanchored),
    TEST(test_forms),
    TEST(test_random_bytes),
};

RUN(tests)
