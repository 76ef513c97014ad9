/* SPDX-License-Identifier: Apache-2.0 */

/* The values of the other directives: methods, header names, max-age and
 * keywords. */

#include "testing.h"

#define X10 "xxxxxxxxxx"
#define X128 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10 "xxxxxxxx"

/* ------------------------------------------------------------------------
 * Lists
 */

typedef struct list_row_t {
    const char *what;
    const char *lines;
    const char *value;          /* the header's, with case; NULL for none */
    const char *offender;        /* the word that is refused */
} list_row_t;

static void check_message(const char *what, const char *message,
                          const char *offender)
{
    size_t len = strlen(offender);

    if (!message) {
        CHECK(message, "%s: a message", what);
        return;
    }
    len = len > CORS_MAX_QUOTE ? CORS_MAX_QUOTE : len;
    CHECK(message[0] == '"' && strncmp(message + 1, offender, len) == 0
          && strncmp(message + 1 + len,
                     strlen(offender) > CORS_MAX_QUOTE ? "...\": " : "\": ",
                     strlen(offender) > CORS_MAX_QUOTE ? 6 : 3) == 0,
          "%s: %s", what, message);
}

/** What a policy with these lines says, as a decision shows it. */
static void decide(cors_decision_t *decision, cors_policy_t *policy,
                   apr_pool_t *pool, const char *method,
                   const char *request_method, const char *request_headers)
{
    cors_request_t request = { NULL, "https://app.example", NULL, NULL };

    request.method = method;
    request.request_method = request_method;
    request.request_headers = request_headers;
    must_compile(add_line("CORSAllowOrigin", policy, pool, "*", 1));
    cors_decide(decision, policy, &request, NULL);
}

static const list_row_t methods[] = {
    { "one", "PUT", "PUT", NULL },
    { "in the order given", "PUT GET DELETE", "PUT, GET, DELETE", NULL },
    { "each once", "PUT GET PUT GET", "PUT, GET", NULL },
    { "lines accumulate", "PUT\nDELETE GET\nPUT", "PUT, DELETE, GET", NULL },
    { "C-53 patch", "patch PATCH Patch", "patch, PATCH, Patch", NULL },
    { "any token but *", "a!#$%&'+-.^_`|~09Z", "a!#$%&'+-.^_`|~09Z", NULL },
    { "near CONNECT", "CONNECTS CONNEC XCONNECT",
      "CONNECTS, CONNEC, XCONNECT", NULL },
    { "near TRACE and TRACK", "TRACES TRAC TRACKS TRA",
      "TRACES, TRAC, TRACKS, TRA", NULL },
    { "WebDAV", "PROPFIND VERSION-CONTROL", "PROPFIND, VERSION-CONTROL",
      NULL },
    { "C-57 CONNECT among others", "PUT CONNECT DELETE", "PUT, DELETE",
      NULL },
    { "C-57 trace and Track among others", "trace PUT Track", "PUT", NULL },
    { "only TRACE: what is requested", "TRACE", "GET", NULL },
    { "a wildcard at the end", "PUT P*", NULL, "P*" },
    { "a wildcard at the start", "*UT", NULL, "*UT" },
    { "a wildcard inside", "PR*FIND", NULL, "PR*FIND" },
    { "a prefix", "M-*", NULL, "M-*" },
    { "two wildcards", "**", NULL, "**" },
    { "*, then GET", "* GET", NULL, "GET" },
    { "GET, then *", "GET *", NULL, "*" },
    { "*, then GET on the next line", "*\nGET", NULL, "GET" },
    { "GET, then * on the next line", "GET\n*", NULL, "*" },
    { "comma", "GET,PUT", NULL, "GET,PUT" },
    { "comma last", "GET, PUT", NULL, "GET," },
    { "slash", "PUT/1.1", NULL, "PUT/1.1" },
    { "semicolon", "PUT;q=1", NULL, "PUT;q=1" },
    { "quoted", "\"PUT\"", NULL, "\"PUT\"" },
    { "colon", "PUT:", NULL, "PUT:" },
    { "parenthesis", "PUT(", NULL, "PUT(" },
    { "control byte", "PU\x01T", NULL, "PU\x01T" },
    { "not ASCII", "P\xc3\x9cT", NULL, "P\xc3\x9cT" },
    { "empty", "GET ", NULL, "" },
};

static void test_methods(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(methods); i++) {
        const list_row_t *row = &methods[i];
        cors_policy_t policy;
        cors_decision_t decision;
        const char *message;

        memset(&policy, 0, sizeof(policy));
        message = add_lines("CORSAllowMethods", &policy, *state,
                            row->lines);
        if (row->offender) {
            check_message(row->what, message, row->offender);
            continue;
        }
        CHECK(!message, "%s: %s", row->what, message);
        decide(&decision, &policy, *state, "OPTIONS", "GET", NULL);
        CHECK(same_text(decision.allow_methods, row->value), "%s: %s",
              row->what, or_null(decision.allow_methods));
    }
}

static const list_row_t allow_headers[] = {
    { "one", "Content-Type", "Content-Type", NULL },
    { "in the order given", "X-Api-Key Content-Type authorization",
      "X-Api-Key, Content-Type, authorization", NULL },
    { "each once", "X-A x-b X-a X-B x-a", "X-A, x-b", NULL },
    { "lines accumulate", "X-A\nX-B X-C\nx-a", "X-A, X-B, X-C", NULL },
    { "none", "none", NULL, NULL },
    { "* and names", "* X-A", "X-A", NULL },
    { "names and *", "X-A *", "X-A", NULL },
    { "names and * on lines", "X-A\n*\nX-B", "X-A, X-B", NULL },
    { "128 bytes", X128, X128, NULL },
    { "any token but *", "a!#$%&'+-.^_`|~09Z", "a!#$%&'+-.^_`|~09Z", NULL },
    { "prefixes are not sent", "X-A X-Amz-* X-B X-Goog-*", "X-A, X-B",
      NULL },
    { "prefixes and * beside a name", "X-A X-Amz-* *", "X-A", NULL },
    { "safelisted", "Accept Accept-Language Content-Language Range",
      "Accept, Accept-Language, Content-Language, Range", NULL },
    { "forbidden with some values only",
      "X-HTTP-Method X-HTTP-Method-Override X-Method-Override",
      "X-HTTP-Method, X-HTTP-Method-Override, X-Method-Override", NULL },
    { "not forbidden", "User-Agent Cache-Control If-None-Match DPR",
      "User-Agent, Cache-Control, If-None-Match, DPR", NULL },
    { "near forbidden", "Hosts X-Host Dates Cookies Vi Proxy Sec Secx "
      "Accept-Encodings Origins", "Hosts, X-Host, Dates, Cookies, Vi, "
      "Proxy, Sec, Secx, Accept-Encodings, Origins", NULL },
    { "129 bytes", X128 "y", NULL, X128 "y" },
    { "none, then a name", "none X-A", NULL, "X-A" },
    { "a name, then none", "X-A none", NULL, "none" },
    { "none, then *", "none *", NULL, "*" },
    { "*, then none", "* none", NULL, "none" },
    { "none, then a name on the next line", "none\nX-A", NULL, "X-A" },
    { "a name, then none on the next line", "X-A\nnone", NULL, "none" },
    { "comma", "X-A,X-B", NULL, "X-A,X-B" },
    { "comma last", "X-A, X-B", NULL, "X-A," },
    { "colon", "X-A:", NULL, "X-A:" },
    { "slash", "x/y", NULL, "x/y" },
    { "at", "x@y", NULL, "x@y" },
    { "equals", "x=1", NULL, "x=1" },
    { "quoted", "\"x\"", NULL, "\"x\"" },
    { "control byte", "x\x01", NULL, "x\x01" },
    { "not ASCII", "x\xc3\xbc", NULL, "x\xc3\xbc" },
    { "empty", "X-A ", NULL, "" },
    { "a * inside", "X-*-Meta", NULL, "X-*-Meta" },
    { "a * at the start", "*-Meta", NULL, "*-Meta" },
    { "a * without a hyphen", "X-A X-Amz*", NULL, "X-Amz*" },
    { "a * after a hyphen alone", "-*", NULL, "-*" },
    { "two *", "X-*-*", NULL, "X-*-*" },
    { "**", "**", NULL, "**" },
    { "a prefix of 129 bytes", X128 "y-*", NULL, X128 "y-*" },
    { "none, then a prefix", "none X-Amz-*", NULL, "X-Amz-*" },
};

/** The same but for case: the document leaves the case of names open. */
static int same_names(const char *a, const char *b)
{
    return a == b || (a && b && strcasecmp(a, b) == 0);
}

static void test_allow_headers(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(allow_headers); i++) {
        const list_row_t *row = &allow_headers[i];
        cors_policy_t policy;
        cors_decision_t decision;
        const char *message;
        char name[200] = "";

        memset(&policy, 0, sizeof(policy));
        message = add_lines("CORSAllowHeaders", &policy, *state,
                            row->lines);
        if (row->offender) {
            check_message(row->what, message, row->offender);
            continue;
        }
        CHECK(!message, "%s: %s", row->what, message);
        strncat(name, row->lines, strcspn(row->lines, " \n"));
        if (strcmp(name, "*") == 0) {
            strcpy(name, "x-a");
        }
        decide(&decision, &policy, *state, "OPTIONS", "GET", name);
        CHECK(same_names(decision.allow_headers, row->value), "%s: %s",
              row->what, or_null(decision.allow_headers));
        CHECK(decision.is_allowed == (row->value != NULL), "%s", row->what);
    }
}

static const list_row_t expose_headers[] = {
    { "one", "ETag", "ETag", NULL },
    { "in the order given", "X-Request-Id ETag", "X-Request-Id, ETag",
      NULL },
    { "each once", "ETag X-A etag", "ETag, X-A", NULL },
    { "lines accumulate", "ETag\nX-A X-B\nETAG", "ETag, X-A, X-B", NULL },
    { "none", "none", NULL, NULL },
    { "C-46 star", "*", "*", NULL },
    { "128 bytes", X128, X128, NULL },
    { "safelisted", "Content-Length Location", "Content-Length, Location",
      NULL },
    { "near Set-Cookie", "Set-Cookies Set-Cookie3 X-Set-Cookie",
      "Set-Cookies, Set-Cookie3, X-Set-Cookie", NULL },
    { "129 bytes", X128 "y", NULL, X128 "y" },
    { "C-45 Set-Cookie is not sent", "ETag Set-Cookie X-A set-cookie2",
      "ETag, X-A", NULL },
    { "C-45 Set-Cookie alone", "set-cookie", NULL, NULL },
    { "headers of CORS are not sent",
      "Access-Control-Allow-Origin ETag access-control-request-headers "
      "Timing-Allow-Origin Origin", "ETag", NULL },
    { "a * inside", "X-*-Meta", NULL, "X-*-Meta" },
    { "a * at the start", "ETag *-Count", NULL, "*-Count" },
    { "a * without a hyphen", "X-Amz*", NULL, "X-Amz*" },
    { "*, then a prefix", "* X-Amz-*", NULL, "X-Amz-*" },
    { "a prefix, then *", "X-Amz-* *", NULL, "*" },
    { "*, then a name", "* ETag", NULL, "ETag" },
    { "a name, then *", "ETag *", NULL, "*" },
    { "none, then a name", "none ETag", NULL, "ETag" },
    { "a name, then none", "ETag none", NULL, "none" },
    { "none, then *", "none *", NULL, "*" },
    { "*, then none", "* none", NULL, "none" },
    { "*, then a name on the next line", "*\nETag", NULL, "ETag" },
    { "a name, then none on the next line", "ETag\nnone", NULL, "none" },
    { "comma", "ETag,X-A", NULL, "ETag,X-A" },
    { "colon", "ETag:", NULL, "ETag:" },
    { "control byte", "x\x01", NULL, "x\x01" },
    { "empty", "ETag ", NULL, "" },
};

static void test_expose_headers(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(expose_headers); i++) {
        const list_row_t *row = &expose_headers[i];
        cors_policy_t policy;
        cors_decision_t decision;
        const char *message;

        memset(&policy, 0, sizeof(policy));
        message = add_lines("CORSExposeHeaders", &policy, *state,
                            row->lines);
        if (row->offender) {
            check_message(row->what, message, row->offender);
            continue;
        }
        CHECK(!message, "%s: %s", row->what, message);
        decide(&decision, &policy, *state, "GET", NULL, NULL);
        CHECK(same_names(decision.expose_headers, row->value), "%s: %s",
              row->what, or_null(decision.expose_headers));
    }
}

/* A wildcard lists nothing. */
static void test_sets_of_star(void **state)
{
    static const char *const words[] = { "*", "", "GET", "x-a" };
    cors_policy_t policy;
    size_t i;

    memset(&policy, 0, sizeof(policy));
    must_compile(add_lines("CORSAllowMethods", &policy, *state, "*"));
    must_compile(add_lines("CORSAllowHeaders", &policy, *state,
                           "* X-B"));
    for (i = 0; i < COUNT(words); i++) {
        size_t len = strlen(words[i]);

        CHECK(!cors_method_set_contains(policy.methods,
                                        exact(*state, words[i], len), len),
              "%s", words[i]);
        CHECK(!cors_name_set_contains(policy.allow_headers,
                                      exact(*state, words[i], len), len),
              "%s", words[i]);
    }
    CHECK(cors_name_set_contains(policy.allow_headers, "x-B", 3), "%s",
          "x-b");
}

/* What is accepted and has no effect, in the order of the configuration. */
static const struct {
    const char *what;
    const char *directive;
    const char *lines;
    const char *ineffective;
} ineffective[] = {
    { "C-57 forbidden methods", "CORSAllowMethods",
      "PUT TRACE\nconnect DELETE\nTrack", "TRACE connect Track" },
    { "near forbidden methods", "CORSAllowMethods", "TRACES CONNEC XTRACK",
      "" },
    { "any method", "CORSAllowMethods", "*", "" },
    { "C-71 forbidden request headers", "CORSAllowHeaders",
      "Accept-Charset accept-encoding Connection CONTENT-LENGTH Cookie "
      "Cookie2 Date DNT Expect Host Keep-Alive Origin Referer Set-Cookie te "
      "Trailer Transfer-Encoding Upgrade Via",
      "Accept-Charset accept-encoding Connection CONTENT-LENGTH Cookie "
      "Cookie2 Date DNT Expect Host Keep-Alive Origin Referer Set-Cookie te "
      "Trailer Transfer-Encoding Upgrade Via" },
    { "C-71 Proxy- and Sec-", "CORSAllowHeaders",
      "Proxy-Authorization X-A proxy-x Sec-Fetch-Site SEC-X Proxy Secx",
      "Proxy-Authorization proxy-x Sec-Fetch-Site SEC-X" },
    { "headers of CORS", "CORSAllowHeaders",
      "Access-Control-Allow-Origin X-A access-control-request-method "
      "Access-Control-X Timing-Allow-Origin Access-Controls",
      "Access-Control-Allow-Origin access-control-request-method "
      "Access-Control-X Timing-Allow-Origin" },
    { "prefixes of these", "CORSAllowHeaders",
      "Sec-* Proxy-* Access-Control-* X-Amz-* Access-* Sec-Fetch-*",
      "Sec-* Proxy-* Access-Control-* Sec-Fetch-*" },
    { "beside *", "CORSAllowHeaders", "* Host X-A", "Host" },
    { "near forbidden request headers", "CORSAllowHeaders",
      "Hosts X-Host Cookies Vi Secx Accept Origins Content-Lengths", "" },
    { "none", "CORSAllowHeaders", "none", "" },
    { "C-45 cookies", "CORSExposeHeaders",
      "ETag Set-Cookie set-cookie2 Set-Cookie3", "Set-Cookie set-cookie2" },
    { "headers of CORS, exposed", "CORSExposeHeaders",
      "Access-Control-Allow-Origin Origin access-control-request-headers "
      "Timing-Allow-Origin ETag Origins",
      "Access-Control-Allow-Origin Origin access-control-request-headers "
      "Timing-Allow-Origin" },
    { "request headers that responses have too", "CORSExposeHeaders",
      "Date Connection Via Content-Length Cookie", "" },
    { "a prefix, exposed", "CORSExposeHeaders", "Access-Control-* X-*",
      "Access-Control-*" },
};

static void test_ineffective(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(ineffective); i++) {
        apr_array_header_t *words =
            apr_array_make(*state, 4, sizeof(const char *));
        cors_policy_t policy;

        memset(&policy, 0, sizeof(policy));
        must_compile(add_lines(ineffective[i].directive, &policy, *state,
                               ineffective[i].lines));
        if (policy.methods) {
            cors_method_set_ineffective(policy.methods, words);
        }
        else {
            cors_name_set_ineffective(policy.allow_headers
                                      ? policy.allow_headers
                                      : policy.expose_headers, words);
        }
        CHECK(same_text(apr_array_pstrcat(*state, words, ' '),
                        ineffective[i].ineffective), "%s: %s",
              ineffective[i].what, apr_array_pstrcat(*state, words, ' '));
    }
}

static const char *const lower_methods[][2] = {
    { "patch", "patch" },
    { "PATCH", "" },
    { "patch PATCH", "" },
    { "PATCH\npatch", "" },
    { "PUT Patch propfind", "Patch propfind" },
    { "PROPFIND Propfind Patch", "Patch" },
    { "M-SEARCH m-search", "" },
    { "trace", "" },
    { "*", "" },
};

static void test_lower_methods(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(lower_methods); i++) {
        apr_array_header_t *words =
            apr_array_make(*state, 4, sizeof(const char *));
        cors_policy_t policy;

        memset(&policy, 0, sizeof(policy));
        must_compile(add_lines("CORSAllowMethods", &policy, *state,
                               lower_methods[i][0]));
        cors_method_set_lower(policy.methods, words);
        CHECK(same_text(apr_array_pstrcat(*state, words, ' '),
                        lower_methods[i][1]), "%s: %s", lower_methods[i][0],
              apr_array_pstrcat(*state, words, ' '));
    }
}

/* Tokens by RFC 9110, in methods and in both kinds of names. */
static void test_token_bytes(void **state)
{
    static const char *const lists[] = { "CORSAllowMethods",
                                     "CORSAllowHeaders",
                                     "CORSExposeHeaders" };
    static const char separators[] = "(),/:;<=>?@[\\]{}\" \t";
    size_t i;
    int byte;

    for (byte = 1; byte < 256; byte++) {
        int is_token = byte > 0x20 && byte < 0x7f
                       && !strchr(separators, byte);
        int is_name = is_token && byte != '*';  /* a wildcard stands alone */

        for (i = 0; i < COUNT(lists); i++) {
            char word[] = "x?y";
            char *argv[1];
            cors_policy_t policy;
            const char *message;

            word[1] = (char)byte;
            argv[0] = word;
            memset(&policy, 0, sizeof(policy));
            message = add_words(lists[i], &policy, *state, 1,
                                argv);
            CHECK((message == NULL) == is_name, "list %lu, 0x%02x",
                  (unsigned long)i, (unsigned int)byte);
        }
    }
}

/* ------------------------------------------------------------------------
 * Max-age
 */

static const struct {
    const char *word;
    const char *value;          /* NULL if it is refused */
} max_ages[] = {
    { "0", "0" },
    { "1", "1" },
    { "5", "5" },
    { "600", "600" },
    { "86399", "86399" },
    { "86400", "86400" },
    { "86401", NULL },
    { "90000", NULL },
    { "100000", NULL },
    { "864000", NULL },
    { "0s", "0" },
    { "600s", "600" },
    { "86400s", "86400" },
    { "86401s", NULL },
    { "0min", "0" },
    { "10min", "600" },
    { "1440min", "86400" },
    { "1441min", NULL },
    { "0h", "0" },
    { "2h", "7200" },
    { "24h", "86400" },
    { "25h", NULL },
    { "0d", "0" },
    { "1d", "86400" },
    { "2d", NULL },
    { "4294967295", NULL },
    { "4294967296", NULL },
    { "4294967356", NULL },
    { "9223372036854775807", NULL },
    { "9223372036854775808", NULL },
    { "18446744073709551615", NULL },
    { "18446744073709551616", NULL },
    { "18446744073709552216", NULL },
    { "340282366920938463463374607431768211456", NULL },
    { "71582789min", NULL },
    { "1193047h", NULL },
    { "49711d", NULL },
    { "307445734561825861min", NULL },
    { "5124095576030432h", NULL },
    { "213503982334602d", NULL },
    { "", NULL },
    { "-", NULL },
    { "-1", NULL },
    { "-0", NULL },
    { "+1", NULL },
    { "+0", NULL },
    { " 1", NULL },
    { "1 ", NULL },
    { "1 h", NULL },
    { "1\n", NULL },
    { "1.5", NULL },
    { "1.5h", NULL },
    { "1,5", NULL },
    { "1e3", NULL },
    { "0x10", NULL },
    { "s", NULL },
    { "min", NULL },
    { "h", NULL },
    { "d", NULL },
    { "1m", NULL },
    { "1mi", NULL },
    { "1mins", NULL },
    { "1ms", NULL },
    { "1sec", NULL },
    { "1ss", NULL },
    { "1hh", NULL },
    { "1h30min", NULL },
    { "1days", NULL },
    { "1w", NULL },
    { "s1", NULL },
    { "off", NULL },
    { "none", NULL },
    { "*", NULL },
};

static void test_max_age(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(max_ages); i++) {
        cors_policy_t policy;
        const char *message;

        memset(&policy, 0, sizeof(policy));
        message = add_word("CORSMaxAge", &policy, *state,
                           max_ages[i].word);
        if (!max_ages[i].value) {
            check_message(max_ages[i].word, message, max_ages[i].word);
            continue;
        }
        CHECK(!message, "%s: %s", max_ages[i].word, message);
        CHECK(same_text(policy.max_age, max_ages[i].value), "%s: %s",
              max_ages[i].word, or_null(policy.max_age));
    }
}

static void test_every_max_age(void **state)
{
    static const struct {
        const char *name;
        long seconds;
    } units[] = { { "", 1 }, { "s", 1 }, { "min", 60 }, { "h", 3600 },
                  { "d", 86400 } };
    apr_pool_t *sub;
    size_t i;

    apr_pool_create(&sub, *state);
    for (i = 0; i < COUNT(units); i++) {
        long count;

        for (count = 0; count <= 87000; count++) {
            char word[32];
            char value[32];
            cors_policy_t policy;
            int is_fine = count * units[i].seconds <= 86400;

            sprintf(word, "%ld%s", count, units[i].name);
            sprintf(value, "%ld", count * units[i].seconds);
            memset(&policy, 0, sizeof(policy));
            CHECK((add_word("CORSMaxAge", &policy, sub, word) == NULL)
                  == is_fine, "%s", word);
            CHECK(!is_fine || same_text(policy.max_age, value), "%s: %s",
                  word, or_null(policy.max_age));
            if (count % 1000 == 0) {
                apr_pool_clear(sub);
            }
        }
    }
}

/* ------------------------------------------------------------------------
 * Keywords
 */

static const struct {
    const char *directive;
    const char *word;
    int value;                  /* 0 if it is refused */
} keywords[] = {
    { "CORSEngine", "On", CORS_ON },
    { "CORSEngine", "off", CORS_OFF },
    { "CORSEngine", "ReportOnly", CORS_REPORT_ONLY },
    { "CORSEngine", "reportonly", CORS_REPORT_ONLY },
    { "CORSEngine", "Report", 0 },
    { "CORSEngine", "ReportOnlys", 0 },
    { "CORSEngine", "", 0 },
    { "CORSAllowCredentials", "ReportOnly", 0 },
    { "CORSPreflight", "answer", CORS_PREFLIGHT_ANSWER },
    { "CORSPreflight", "early", CORS_PREFLIGHT_EARLY },
    { "CORSPreflight", "Pass", CORS_PREFLIGHT_PASS },
    { "CORSPreflight", "passe", 0 },
    { "CORSPreflight", "pas", 0 },
    { "CORSPreflight", "answers", 0 },
    { "CORSPreflight", "", 0 },
    { "CORSPreflight", "on", 0 },
    { "CORSPreflightStatus", "200", 200 },
    { "CORSPreflightStatus", "204", 204 },
    { "CORSPreflightStatus", "201", 0 },
    { "CORSPreflightStatus", "20", 0 },
    { "CORSPreflightStatus", "2000", 0 },
    { "CORSPreflightStatus", "0200", 0 },
    { "CORSPreflightStatus", "403", 0 },
    { "CORSPreflightStatus", "", 0 },
    { "CORSPreflightStatus", "ok", 0 },
    { "CORSBackendHeaders", "replace", CORS_BACKEND_REPLACE },
    { "CORSBackendHeaders", "keep", CORS_BACKEND_KEEP },
    { "CORSBackendHeaders", "keeps", 0 },
    { "CORSBackendHeaders", "merge", 0 },
    { "CORSBackendHeaders", "", 0 },
};

static void test_keywords(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(keywords); i++) {
        const cors_directive_t *directive =
            cors_directive_find(keywords[i].directive);
        const char *word = keywords[i].word;
        cors_keyword_t value;
        cors_policy_t policy;
        const char *message;

        memset(&policy, 0, sizeof(policy));
        message = add_word(directive->name, &policy, *state, word);
        memcpy(&value, (char *)&policy + directive->offset, sizeof(value));
        CHECK((int)value == keywords[i].value, "%s %s: %d", directive->name,
              word, (int)value);
        if (keywords[i].value == 0) {
            check_message(directive->name, message, word);
            continue;
        }
        CHECK(!message, "%s %s: %s", directive->name, word, message);
    }
}

static void test_directives(void **state)
{
    (void)state;
    assert_ptr_equal(cors_directive_find("corsdebug"),
                     cors_directive_find("CORSDebug"));
    assert_null(cors_directive_find("CORSDebugs"));
    assert_null(cors_directive_find(""));
}

static void test_dangers(void **state)
{
    static const struct {
        const char *lines;
        int value;
        const char *offender;
    } rows[] = {
        { "none", CORS_DANGER_NONE, NULL },
        { "insecure-origins", CORS_DANGER_INSECURE_ORIGINS, NULL },
        { "public-suffixes", CORS_DANGER_PUBLIC_SUFFIXES, NULL },
        { "insecure-origins public-suffixes", 6, NULL },
        { "public-suffixes\ninsecure-origins", 6, NULL },
        { "public-suffixes public-suffixes", CORS_DANGER_PUBLIC_SUFFIXES,
          NULL },
        { "none insecure-origins", 0, "insecure-origins" },
        { "insecure-origins none", 0, "none" },
        { "none\npublic-suffixes", 0, "public-suffixes" },
        { "public-suffixes\nnone", 0, "none" },
        { "insecure-origin", 0, "insecure-origin" },
        { "public-suffixess", 0, "public-suffixess" },
        { "null", 0, "null" },
        { "*", 0, "*" },
        { "insecure-origins,public-suffixes", 0,
          "insecure-origins,public-suffixes" },
        { "insecure-origins ", 0, "" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t policy;
        const char *message;

        memset(&policy, 0, sizeof(policy));
        message = add_lines("CORSDangerouslyAllow", &policy, *state,
                            rows[i].lines);
        if (rows[i].offender) {
            check_message(rows[i].lines, message, rows[i].offender);
            continue;
        }
        CHECK(!message, "%s: %s", rows[i].lines, message);
        CHECK((int)policy.dangers == rows[i].value, "%s: %d", rows[i].lines,
              (int)policy.dangers);
    }
}

/* Escapes and cuts, whatever the directive. */
static void test_hostile_words(void **state)
{
    const cors_directive_t *directive;
    char word[3001];
    char *argv[1];
    int round;

    argv[0] = word;
    for (round = 0; round < 2; round++) {
        char hundred[CORS_MAX_QUOTE + 2] = "";
        cors_policy_t policy;

        memset(word, round ? '\x1b' : 'q', sizeof(word) - 1);
        word[50] = round ? '\n' : '@';
        word[sizeof(word) - 1] = '\0';
        memcpy(hundred, word, CORS_MAX_QUOTE);
        for (directive = cors_directives; directive->name; directive++) {
            const char *message;

            if (strcmp(directive->name, "CORSAllowOriginMatch") == 0) {
                continue;
            }
            memset(&policy, 0, sizeof(policy));
            message = add_words(directive->name, &policy, *state, 1, argv);
            check_message("hostile", message, word);
            CHECK(message && strlen(message) < 8 * CORS_MAX_QUOTE + 400,
                  "%s", or_null(message));
            CHECK(round || strstr(or_null(message), hundred), "%s",
                  or_null(message));
            CHECK(!strstr(or_null(message), word + 3000 - CORS_MAX_QUOTE),
                  "%s", or_null(message));
        }
    }
}

/* ------------------------------------------------------------------------
 * Reasons
 */

static void test_reasons(void **state)
{
    static const char *const names[] = {
        [CORS_REASON_NONE] = "-",
        [CORS_REASON_CLOSED] = "closed",
        [CORS_REASON_ORIGIN] = "origin",
        [CORS_REASON_METHOD] = "method",
        [CORS_REASON_HEADER] = "header",
        [CORS_REASON_MALFORMED] = "malformed",
        [CORS_REASON_UNSAFE_POLICY] = "unsafe-policy",
    };
    size_t i;
    size_t j;

    (void)state;
    for (i = 0; i < COUNT(names); i++) {
        const char *text = cors_reason_text((cors_reason_t)i);

        CHECK(same_text(cors_reason_name((cors_reason_t)i), names[i]), "%s",
              names[i]);
        CHECK(text && strchr(text, ' '), "%s", names[i]);
        for (j = 0; j < i; j++) {
            CHECK(!same_text(text, cors_reason_text((cors_reason_t)j)),
                  "%s", names[i]);
        }
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_methods),
    TEST(test_allow_headers),
    TEST(test_ineffective),
    TEST(test_lower_methods),
    TEST(test_expose_headers),
    TEST(test_sets_of_star),
    TEST(test_token_bytes),
    TEST(test_max_age),
    TEST(test_every_max_age),
    TEST(test_keywords),
    TEST(test_directives),
    TEST(test_dangers),
    TEST(test_hostile_words),
    TEST(test_reasons),
};

RUN(tests)
