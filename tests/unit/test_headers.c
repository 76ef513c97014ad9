/* SPDX-License-Identifier: Apache-2.0 */

/* Access-Control-Request-Headers: the echo under "*", limits and hostile
 * values. */

#include "testing.h"

#define O "https://app.example"

#define HUGE_LEN 8190

static const policy_text_t listed = {
    .origins = O, .allow_headers = "content-type x-api-key",
};
static const policy_text_t listed_debug = {
    .origins = O, .allow_headers = "content-type x-api-key", .has_debug = 1,
};
static const policy_text_t star = {
    .origins = O, .allow_headers = "*",
};
static const policy_text_t star_debug = {
    .origins = O, .allow_headers = "*", .has_debug = 1,
};
static const policy_text_t star_and_names = {
    .origins = O, .allow_headers = "* Authorization X-Api-Key",
};

static const policy_text_t prefix = {
    .origins = O, .allow_headers = "content-type X-Amz-*",
};
static const policy_text_t prefix_debug = {
    .origins = O, .allow_headers = "content-type X-Amz-*", .has_debug = 1,
};
static const policy_text_t prefixes = {
    .origins = O, .allow_headers = "x-a-* X-Amz-Meta-* x-amz-* auth-*",
};
static const policy_text_t star_and_prefix = {
    .origins = O, .allow_headers = "* X-Amz-* Authorization-*",
};

static void decide(cors_decision_t *decision, apr_pool_t *pool,
                   const policy_text_t *text, const char *headers,
                   apr_pool_t *echo_pool)
{
    cors_request_t request = { "OPTIONS", O, "GET", NULL };
    cors_policy_t policy;

    build(&policy, pool, text);
    request.request_headers = exact_text(pool, headers);
    memset(decision, 0xa5, sizeof(*decision));
    cors_decide(decision, &policy, &request, echo_pool);
    if (decision->offender) {
        CHECK(decision->offender >= request.request_headers
              && decision->offender + decision->offender_len
                 <= request.request_headers + strlen(headers), "%s",
              "the offender is not in the list");
    }
}

/** How often a list separated by ", " holds a name, without case. */
static int times(const char *list, const char *name)
{
    size_t len = strlen(name);
    int n = 0;

    for (;;) {
        size_t element = strcspn(list, ",");

        n += element == len && strncasecmp(list, name, len) == 0;
        if (!list[element]) {
            return n;
        }
        CHECK(list[element + 1] == ' ' && element > 0, "separators: %s",
              list);
        list += element + 2;
    }
}

static int elements(const char *list)
{
    int n = 1;

    for (; *list; list++) {
        n += *list == ',';
    }
    return n;
}

/* ------------------------------------------------------------------------
 * The echo
 */

static const struct {
    const char *name;
    const policy_text_t *policy;
    const char *requested;
    const char *echoed[8];      /* in any order, any case */
} echoes[] = {
    { "C-67 two", &star, "x-foo,x-bar", { "x-foo", "x-bar" } },
    { "one", &star, "x-foo", { "x-foo" } },
    { "one byte", &star, "x", { "x" } },
    { "C-60 twice", &star, "x-foo,x-foo", { "x-foo" } },
    { "twice, by case", &star, "x-foo,X-FOO,X-Foo", { "x-foo" } },
    { "alternating", &star, "a,b,a,b,A,B", { "a", "b" } },
    { "prefixes", &star, "a,aa,aaa", { "a", "aa", "aaa" } },
    { "C-61 blanks and empty elements", &star, ",\t a ,, ,b\t,",
      { "a", "b" } },
    { "forbidden names", &star, "cookie,host,sec-x",
      { "cookie", "host", "sec-x" } },
    { "C-66 listed beside *, requested", &star_and_names,
      "authorization,x-foo", { "authorization", "x-api-key", "x-foo" } },
    { "C-66 listed beside *, by case", &star_and_names,
      "AUTHORIZATION,x-foo", { "authorization", "x-api-key", "x-foo" } },
    { "listed beside *, not requested", &star_and_names, "x-foo",
      { "authorization", "x-api-key", "x-foo" } },
    { "listed beside *, nothing else requested", &star_and_names,
      "x-api-key", { "authorization", "x-api-key" } },
    { "listed beside *, twice", &star_and_names,
      "x-api-key,X-API-KEY,x-foo,X-Foo",
      { "authorization", "x-api-key", "x-foo" } },
    { "longer than a listed name may be", &star_and_names,
      "x-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-key"
      "x-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-key"
      "x-api-key",
      { "authorization", "x-api-key",
        "x-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-key"
        "x-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-keyx-api-key"
        "x-api-key" } },
    { "a prefix", &prefix, "x-amz-date", { "content-type", "x-amz-date" } },
    { "a prefix, by case", &prefix, "X-AMZ-Date,content-type",
      { "content-type", "x-amz-date" } },
    { "a prefix, nothing that it matches", &prefix, "content-type",
      { "content-type" } },
    { "a prefix, each once", &prefix,
      "x-amz-a,x-amz-b,X-Amz-A,x-amz-a , x-amz-b",
      { "content-type", "x-amz-a", "x-amz-b" } },
    { "a prefix and one byte", &prefix, "x-amz-x",
      { "content-type", "x-amz-x" } },
    { "a prefix, in a name with blanks", &prefix, " x-amz-x\t,,",
      { "content-type", "x-amz-x" } },
    { "prefixes, nothing else listed", &prefixes,
      "x-amz-meta-a,x-a-b,x-amz-c,auth-x",
      { "x-amz-meta-a", "x-a-b", "x-amz-c", "auth-x" } },
    { "a prefix beside *", &star_and_prefix, "x-foo,x-amz-a",
      { "x-foo", "x-amz-a" } },
    { "a prefix, in a name that has more bytes than may be listed", &prefix,
      "x-amz-0123456789012345678901234567890123456789012345678901234567890"
      "0123456789012345678901234567890123456789012345678901234567890123456",
      { "content-type",
        "x-amz-0123456789012345678901234567890123456789012345678901234567890"
        "0123456789012345678901234567890123456789012345678901234567890123456"
      } },
};

static const struct {
    const char *name;
    const policy_text_t *policy;
    const char *requested;
    const char *offender;
    cors_reason_t reason;
} refused_names[] = {
    { "shorter than the prefix", &prefix, "x-amz", "x-amz",
      CORS_REASON_HEADER },
    { "the prefix alone", &prefix, "x-amz-", "x-amz-", CORS_REASON_HEADER },
    { "another hyphen", &prefix, "content-type,x-amz_date", "x-amz_date",
      CORS_REASON_HEADER },
    { "in front of the prefix", &prefix, "x-amz-a,y-x-amz-a", "y-x-amz-a",
      CORS_REASON_HEADER },
    { "C-54 *", &prefix, "*", "*", CORS_REASON_HEADER },
    { "not a token", &prefix, "x-amz-a/b", "x-amz-a/b",
      CORS_REASON_MALFORMED },
    { "not a token, beyond ASCII", &prefix, "x-amz-\xc3\xbc",
      "x-amz-\xc3\xbc", CORS_REASON_MALFORMED },
    { "blanks inside", &prefix, "x-amz-a b", "x-amz-a b",
      CORS_REASON_MALFORMED },
    { "not a token, twice", &prefix, "x-amz-a,x-amz-a;", "x-amz-a;",
      CORS_REASON_MALFORMED },
    { "C-66 Authorization under Auth-*", &prefixes, "auth-x,authorization",
      "authorization", CORS_REASON_HEADER },
    { "C-66 Authorization under * and Authorization-*", &star_and_prefix,
      "x-a,Authorization", "Authorization", CORS_REASON_HEADER },
    { "not a token, under *", &star, "x-a,x-a:", "x-a:",
      CORS_REASON_MALFORMED },
};

static void test_refused_names(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(refused_names); i++) {
        cors_decision_t decision;

        decide(&decision, *state, refused_names[i].policy,
               refused_names[i].requested, *state);
        CHECK(decision.reason == refused_names[i].reason, "%s: %s",
              refused_names[i].name, cors_reason_name(decision.reason));
        CHECK(decision.offender
              && decision.offender_len == strlen(refused_names[i].offender)
              && memcmp(decision.offender, refused_names[i].offender,
                        decision.offender_len) == 0, "%s: %.*s",
              refused_names[i].name, (int)decision.offender_len,
              decision.offender ? decision.offender : "");
        CHECK(!decision.allow_headers, "%s: %s", refused_names[i].name,
              decision.allow_headers);
    }
}

/* ------------------------------------------------------------------------
 * What is exposed of a response
 */

static const struct {
    const char *name;
    const char *words;
    const char *headers;        /* of the response */
    const char *always;         /* those in the other table */
    const char *exposed;
} exposed[] = {
    { "C-46 all", "*", "Content-Type X-A", "X-B", "Content-Type, X-A, X-B" },
    { "C-46 all, each once", "*", "X-A X-A x-a", "X-B X-a", "X-A, X-B" },
    { "C-46 all, no header", "*", "", "", NULL },
    { "C-46 never cookies", "*", "Set-Cookie ETag set-cookie2",
      "SET-COOKIE", "ETag" },
    { "never headers of CORS", "*",
      "Access-Control-Allow-Origin Vary Timing-Allow-Origin",
      "access-control-x Origin", "Vary" },
    { "only tokens", "*", "X-A X(B) X:C X,D", "\xc3\xbc", "X-A" },
    { "a prefix", "X-Amz-*", "ETag x-amz-id-2 X-AMZ-Request-Id X-Am",
      "X-Amz- X-Amz-A", "x-amz-id-2, X-AMZ-Request-Id, X-Amz-A" },
    { "a prefix, nothing that it matches", "X-Amz-*", "ETag X-Amzn",
      "Content-Type", NULL },
    { "names and a prefix", "ETag X-Amz-* X-Amz-A Link",
      "X-Amz-B x-amz-a etag", "X-Amz-C",
      "ETag, X-Amz-A, Link, X-Amz-B, X-Amz-C" },
    { "two prefixes", "X-A-* X-A-B-*", "X-A-B-C X-A-B", "X-B",
      "X-A-B-C, X-A-B" },
    { "cookies under a prefix", "Set-* Set-Cookie", "Set-Cookie Set-Other",
      "", "Set-Other" },
    { "CORS under a prefix", "Access-Control-* Timing-*",
      "Access-Control-Allow-Origin Timing-Allow-Origin Timing-A", "",
      "Timing-A" },
};

static const apr_table_t *table_of(apr_pool_t *pool, const char *names)
{
    apr_table_t *table = apr_table_make(pool, 4);
    char *text = apr_pstrdup(pool, names);
    const char *name;

    while ((name = apr_strtok(text, " ", &text))) {
        apr_table_addn(table, name, "v");
    }
    return table;
}

static void test_exposed(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(exposed); i++) {
        cors_policy_t policy = { 0 };
        const apr_table_t *tables[2];
        const char *value;

        must_compile(add_line("CORSExposeHeaders", &policy, *state,
                              exposed[i].words, strlen(exposed[i].words)));
        tables[0] = table_of(*state, exposed[i].headers);
        tables[1] = table_of(*state, exposed[i].always);
        value = cors_name_set_expose(policy.expose_headers, tables, *state);
        CHECK(same_text(value, exposed[i].exposed), "%s: %s",
              exposed[i].name, or_null(value));
    }
}

static void test_echo(void **state)
{
    size_t i;
    int n;

    for (i = 0; i < COUNT(echoes); i++) {
        const char *name = echoes[i].name;
        cors_decision_t decision;

        decide(&decision, *state, echoes[i].policy, echoes[i].requested,
               *state);
        CHECK(decision.is_allowed, "%s", name);
        if (!decision.allow_headers) {
            CHECK(decision.allow_headers, "%s", name);
            continue;
        }
        for (n = 0; echoes[i].echoed[n]; n++) {
            CHECK(times(decision.allow_headers, echoes[i].echoed[n]) == 1,
                  "%s: %s", name, decision.allow_headers);
        }
        CHECK(elements(decision.allow_headers) == n, "%s: %s", name,
              decision.allow_headers);
    }
}

/* ------------------------------------------------------------------------
 * Limits
 */

/** So many names, x0 and so on; the same one if they repeat. */
static char *many(apr_pool_t *pool, int count, const char *format)
{
    char *list = apr_palloc(pool, (apr_size_t)count * 32 + 1);
    char *end = list;
    int i;

    *end = '\0';
    for (i = 0; i < count; i++) {
        if (i > 0) {
            *end++ = ',';
        }
        /* cppcheck-suppress wrongPrintfScanfArgNum ; a format may ignore i */
        end += sprintf(end, format, i);
    }
    return list;
}

static void check_limit(apr_pool_t *pool, const policy_text_t *policy,
                        const char *requested, int is_allowed,
                        int expected_elements)
{
    cors_decision_t decision;

    decide(&decision, pool, policy, requested, pool);
    CHECK(decision.is_allowed == is_allowed, "%.40s", requested);
    CHECK(decision.reason == (is_allowed ? CORS_REASON_NONE
                                         : CORS_REASON_MALFORMED),
          "%.40s: %s", requested, cors_reason_name(decision.reason));
    CHECK(!is_allowed == !decision.allow_headers, "%.40s", requested);
    CHECK(!is_allowed == !!decision.offender, "%.40s", requested);
    CHECK(!decision.allow_headers
          || elements(decision.allow_headers) == expected_elements,
          "%.40s: %.200s", requested, decision.allow_headers);
}

static void test_count(void **state)
{
    static const policy_text_t *const stars[] = { &star, &star_debug };
    static const policy_text_t *const lists[] = { &listed, &listed_debug };
    static const policy_text_t *const starts[] = { &prefix, &prefix_debug };
    static const char *const repeated[] = {
        "content-type", " content-type ", "Content-Type", ",content-type",
        "\t,\tcontent-type\t,\t",
    };
    size_t i;
    size_t j;

    for (i = 0; i < 2; i++) {
        check_limit(*state, stars[i], many(*state, 63, "x%d"), 1, 63);
        check_limit(*state, stars[i], many(*state, 64, "x%d"), 1, 64);
        check_limit(*state, stars[i], many(*state, 65, "x%d"), 0, 0);
        check_limit(*state, stars[i], many(*state, 700, "x%d"), 0, 0);
        check_limit(*state, stars[i], many(*state, 64, "a"), 1, 1);
        check_limit(*state, stars[i], many(*state, 65, "a"), 0, 0);
        check_limit(*state, starts[i], many(*state, 63, "x-amz-%d"), 1, 64);
        check_limit(*state, starts[i], many(*state, 64, "x-amz-%d"), 1, 65);
        check_limit(*state, starts[i], many(*state, 65, "x-amz-%d"), 0, 0);
        check_limit(*state, starts[i], many(*state, 64, "X-Amz-A "), 1, 2);
        check_limit(*state, starts[i], many(*state, 65, "x-amz-a"), 0, 0);
        for (j = 0; j < COUNT(repeated); j++) {
            const char *name = repeated[j];

            check_limit(*state, lists[i], many(*state, 64, name), 1, 2);
            check_limit(*state, lists[i], many(*state, 65, name), 0, 0);
        }
    }
}

/* What follows the names does not count. */
static void test_count_empty_elements(void **state)
{
    const char *full = many(*state, 64, "content-type");

    check_limit(*state, &listed, apr_pstrcat(*state, full, ",", NULL), 1, 2);
    check_limit(*state, &listed, apr_pstrcat(*state, full, " , ,,", NULL), 1,
                2);
    check_limit(*state, &listed, apr_pstrcat(*state, ",,", full, NULL), 1,
                2);
    check_limit(*state, &listed, apr_pstrcat(*state, full, ",x", NULL), 0,
                0);
    check_limit(*state, &listed, apr_pstrcat(*state, full, ",;", NULL), 0,
                0);
}

/* A name of 128 bytes may be listed, and is found; one byte more or less is
 * another name. */
static void test_name_length(void **state)
{
    int len;

    for (len = CORS_MAX_HEADER_NAME - 2; len <= CORS_MAX_HEADER_NAME + 2;
         len++) {
        char name[CORS_MAX_HEADER_NAME + 8];
        policy_text_t text = { 0 };
        cors_decision_t decision;
        char longest[CORS_MAX_HEADER_NAME + 1];

        memset(name, 'X', sizeof(name));
        name[len] = '\0';
        memset(longest, 'x', sizeof(longest));
        longest[CORS_MAX_HEADER_NAME] = '\0';
        text.origins = O;
        text.allow_headers = longest;
        decide(&decision, *state, &text, name, NULL);
        CHECK(decision.is_allowed == (len == CORS_MAX_HEADER_NAME), "%d",
              len);
        CHECK(decision.is_allowed
              || (decision.reason == CORS_REASON_HEADER
                  && decision.offender_len == (apr_size_t)len), "%d", len);
    }
}

/* ------------------------------------------------------------------------
 * Hostile values of 8190 bytes, the most that httpd reads into one line
 */

/** A unit over and over, between a start and an end. */
static const char *huge(apr_pool_t *pool, const char *start,
                        const char *unit, const char *end)
{
    char *text = apr_palloc(pool, HUGE_LEN + 1);
    size_t at = strlen(start);
    size_t unit_len = strlen(unit);

    memcpy(text, start, at);
    while (at + unit_len + strlen(end) <= HUGE_LEN) {
        memcpy(text + at, unit, unit_len);
        at += unit_len;
    }
    strcpy(text + at, end);
    return text;
}

typedef struct hostile_t {
    const char *name;
    const char *start;
    const char *unit;
    const char *end;
    cors_reason_t when_listed;
    cors_reason_t under_star;
} hostile_t;

static const hostile_t hostile[] = {
    { "commas", "", ",", "", CORS_REASON_NONE, CORS_REASON_NONE },
    { "blanks", "", " ", "", CORS_REASON_NONE, CORS_REASON_NONE },
    { "tabs", "", "\t", "", CORS_REASON_NONE, CORS_REASON_NONE },
    { "commas and blanks", "", " ,\t,", "", CORS_REASON_NONE,
      CORS_REASON_NONE },
    { "blanks between names", "content-type,", " ", "x-api-key",
      CORS_REASON_NONE, CORS_REASON_NONE },
    { "blanks after a name", "content-type", " ", ",x-api-key",
      CORS_REASON_NONE, CORS_REASON_NONE },
    { "commas between names", "content-type", ",", "x-api-key",
      CORS_REASON_NONE, CORS_REASON_NONE },
    { "blanks in a name", "content", " ", "type", CORS_REASON_MALFORMED,
      CORS_REASON_MALFORMED },
    { "blanks after a bad byte", "content-type;", " ", "",
      CORS_REASON_MALFORMED, CORS_REASON_MALFORMED },
    { "one name", "", "x", "", CORS_REASON_HEADER, CORS_REASON_NONE },
    { "one name after another", "content-type,", "x", "",
      CORS_REASON_HEADER, CORS_REASON_NONE },
    { "one name of a listed one", "", "content-type", "",
      CORS_REASON_HEADER, CORS_REASON_NONE },
    { "a listed name again and again", "", "content-type,", "",
      CORS_REASON_MALFORMED, CORS_REASON_MALFORMED },
    { "unknown names", "", "a,", "", CORS_REASON_HEADER,
      CORS_REASON_MALFORMED },
    { "alternating unknown names", "", "a,b,", "", CORS_REASON_HEADER,
      CORS_REASON_MALFORMED },
    { "alternating listed names", "", "content-type,x-api-key,", "",
      CORS_REASON_MALFORMED, CORS_REASON_MALFORMED },
    { "stars", "", "*,", "", CORS_REASON_HEADER, CORS_REASON_HEADER },
    { "colons", "", ":", "", CORS_REASON_MALFORMED, CORS_REASON_MALFORMED },
    { "bytes that are not ASCII", "", "\xff", "", CORS_REASON_MALFORMED,
      CORS_REASON_MALFORMED },
};

static int has_names(const char *list)
{
    return list[strspn(list, ", \t")] != '\0';
}

static void check_hostile(apr_pool_t *pool, const hostile_t *row,
                          const policy_text_t *policy, cors_reason_t reason)
{
    const char *text = huge(pool, row->start, row->unit, row->end);
    int may_echo = policy == &star && has_names(text);
    cors_decision_t decision;
    int is_allowed = reason == CORS_REASON_NONE;

    decide(&decision, pool, policy, text, may_echo ? pool : NULL);
    CHECK(decision.reason == reason, "%s: %s", row->name,
          cors_reason_name(decision.reason));
    CHECK(decision.is_allowed == is_allowed, "%s", row->name);
    CHECK(decision.status == (is_allowed ? 204 : 403), "%s: %d", row->name,
          decision.status);
    CHECK((decision.offender == NULL) == is_allowed, "%s", row->name);
    CHECK(!!decision.allow_headers == (is_allowed && has_names(text)), "%s",
          row->name);
    if (is_allowed && has_names(text) && policy == &listed) {
        CHECK(same_text(decision.allow_headers, "content-type, x-api-key"),
              "%s: %.80s", row->name, decision.allow_headers);
    }
    else if (decision.allow_headers) {
        CHECK(strlen(decision.allow_headers) <= strlen(text) + 64, "%s",
              row->name);
        times(decision.allow_headers, "");
    }
}

static void test_hostile(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(hostile); i++) {
        check_hostile(*state, &hostile[i], &listed, hostile[i].when_listed);
        check_hostile(*state, &hostile[i], &star, hostile[i].under_star);
    }
}

/* The whole name is echoed, and nothing of it is cut. */
static void test_longest_name(void **state)
{
    const char *name = huge(*state, "", "x", "");
    cors_decision_t decision;

    decide(&decision, *state, &star, name, *state);
    assert_string_equal(decision.allow_headers, name);
}

/* ------------------------------------------------------------------------
 * Random lists, against a plain reading of RFC 9110, 5.6.1.2
 */

typedef struct reading_t {
    int count;
    int is_malformed;
    int is_listed;              /* all are */
    char first[64];             /* that is not listed */
} reading_t;

static void read_element(reading_t *reading, const char *text, size_t len)
{
    char name[64];

    while (len && strchr(" \t", text[0])) {
        text++;
        len--;
    }
    while (len && strchr(" \t", text[len - 1])) {
        len--;
    }
    if (len == 0) {
        return;
    }
    memcpy(name, text, len);
    name[len] = '\0';
    reading->count++;
    if (strcspn(name, " \t\"(),/:;<=>?@[\\]{}\x7f\xff") != len) {
        reading->is_malformed = 1;
    }
    if (strcasecmp(name, "a") != 0 && strcasecmp(name, "b-1") != 0) {
        if (reading->is_listed) {
            strcpy(reading->first, name);
        }
        reading->is_listed = 0;
    }
}

static void read_list(reading_t *reading, const char *text)
{
    memset(reading, 0, sizeof(*reading));
    reading->is_listed = 1;
    for (;;) {
        size_t len = strcspn(text, ",");

        read_element(reading, text, len);
        if (!text[len]) {
            break;
        }
        text += len + 1;
    }
    reading->is_malformed |= reading->count > CORS_MAX_REQUEST_HEADERS;
}

static void check_random(cors_policy_t *policy, apr_pool_t *pool,
                         const char *list, int is_star)
{
    cors_request_t request = { "OPTIONS", O, "GET", NULL };
    cors_decision_t decision;
    reading_t reading;
    int is_allowed;

    request.request_headers = exact(pool, list, strlen(list) + 1);
    cors_decide(&decision, policy, &request, is_star ? pool : NULL);
    read_list(&reading, list);
    is_allowed = !reading.is_malformed && (is_star || reading.is_listed);
    CHECK(decision.is_allowed == is_allowed, "%s",
          shown(pool, list, strlen(list)));
    CHECK(!decision.allow_headers == !(is_allowed && reading.count), "%s",
          shown(pool, list, strlen(list)));
    if (!is_allowed && !reading.is_malformed) {
        CHECK(decision.reason == CORS_REASON_HEADER
              && decision.offender_len == strlen(reading.first)
              && memcmp(decision.offender, reading.first,
                        decision.offender_len) == 0, "%s: %.*s",
              shown(pool, list, strlen(list)), (int)decision.offender_len,
              decision.offender ? decision.offender : "");
    }
    if (!is_allowed && (is_star || reading.is_listed)) {
        CHECK(decision.reason == CORS_REASON_MALFORMED, "%s: %s",
              shown(pool, list, strlen(list)),
              cors_reason_name(decision.reason));
    }
}

static void test_random_lists(void **state)
{
    static const char *const pieces[] = {
        "a", "A", "b-1", "B-1", "a", "b-1", ",", ",", ",", ", ", " ", "\t",
        "c", "a,b-1", ":", "\xff", "a,",
    };
    const unsigned long cases = 200000;
    random_t random = random_start("lists of requested names", cases);
    cors_policy_t policies[2];
    apr_pool_t *sub;
    unsigned long i;
    policy_text_t texts[2] = { { .origins = O, .allow_headers = "a b-1" },
                               { .origins = O, .allow_headers = "*" } };

    build(&policies[0], *state, &texts[0]);
    build(&policies[1], *state, &texts[1]);
    apr_pool_create(&sub, *state);
    for (i = 0; i < cases; i++) {
        char list[64] = "";
        unsigned int n = pick(&random, 9);
        unsigned int range = COUNT(pieces) - pick(&random, 6);

        while (n--) {
            strcat(list, pieces[pick(&random, range)]);
        }
        check_random(&policies[i % 2], sub, list, (int)(i % 2));
        if (i % 1000 == 0) {
            apr_pool_clear(sub);
        }
    }
}

static const struct CMUnitTest tests[] = {
    NAMED("C-60 C-66 C-67 the echo under * and prefixes", test_echo),
    TEST(test_refused_names),
    NAMED("C-45 C-46 what is exposed of a response", test_exposed),
    TEST(test_count),
    TEST(test_count_empty_elements),
    TEST(test_name_length),
    NAMED("C-65 hostile lists", test_hostile),
    TEST(test_longest_name),
    TEST(test_random_lists),
};

RUN(tests)
