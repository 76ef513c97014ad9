/* SPDX-License-Identifier: Apache-2.0 */

/* Finished responses as browsers judge them, and what is broken about them. */

#include "judge_model.h"

/* ------------------------------------------------------------------------
 * Tables: an exchange a row
 */

/* The lines of a response are separated by newlines; a row without a name
 * goes on with the recipe above it, and with what was echoed there. */
typedef struct row_t {
    const char *name;
    const char *method;         /* a preflight's is what it asks for */
    const char *origin;
    const char *names;          /* requested; "" for none.  A row that has
                                   them is a preflight */
    int with_credentials;
    int status;
    const char *lines;
    const char *expected;
    const char *site;           /* Sec-Fetch-Site */
    const char *mode;           /* Sec-Fetch-Mode */
} row_t;

#define A "https://app.example"
#define B "https://evil.example"
#define ACAO "Access-Control-Allow-Origin: "
#define ACAC "Access-Control-Allow-Credentials: "
#define ACAM "Access-Control-Allow-Methods: "
#define ACAH "Access-Control-Allow-Headers: "
#define OMIT 0
#define INCLUDE 1
#define GET(origin) "GET", origin, NULL
#define PREFLIGHT(method, origin, names) method, origin, names

static size_t lines_of(apr_pool_t *pool, line_t *lines, const char *text)
{
    char *rest = apr_pstrdup(pool, text);
    char *line;
    char *state;
    size_t count = 0;

    for (line = strtok_r(rest, "\n", &state); line;
         line = strtok_r(NULL, "\n", &state)) {
        char *colon = strchr(line, ':');

        assert_non_null(colon);
        *colon = '\0';
        lines[count].name = line;
        lines[count++].value = colon[1] == ' ' ? colon + 2 : colon + 1;
    }
    return count;
}

static cors_request_t request_of(const row_t *row)
{
    cors_request_t request = { NULL, NULL, NULL, NULL };

    request.method = row->names ? "OPTIONS" : row->method;
    request.origin = row->origin;
    if (row->names) {
        request.request_method = row->method;
        request.request_headers = *row->names ? row->names : NULL;
    }
    return request;
}

/* What the policy leaves to the backend. */
typedef enum { NOTHING, STATUS = 1, HEADERS = 2 } kept_t;

static void check_kept_rows(apr_pool_t *pool, const policy_text_t *text,
                            unsigned int kept, const row_t *rows,
                            size_t count)
{
    cors_echoed_t echoed = 0;
    echoes_t echoes = { { NULL }, 0 };
    cors_policy_t policy;
    size_t i;

    build(&policy, pool, text);
    for (i = 0; i < count; i++) {
        const row_t *row = &rows[i];
        cors_request_t request = request_of(row);
        cors_decision_t decision;
        line_t lines[8];
        seen_t seen;
        const char *got;

        if (row->name) {
            echoed = 0;
            echoes.count = 0;
        }
        cors_decide(&decision, &policy, &request, pool);
        seen.request = &request;
        seen.lines = lines;
        seen.count = lines_of(pool, lines, row->lines);
        seen.status = row->status;
        seen.is_active = cors_policy_is_active(&policy);
        seen.allows = decision.is_allowed;
        seen.allows_credentials = decision.allow_credentials != NULL;
        seen.with_credentials = row->with_credentials;
        seen.echoes = &echoes;
        seen.site = row->site;
        seen.mode = row->mode;
        seen.keeps_status = (kept & STATUS) != 0;
        seen.keeps_headers = (kept & HEADERS) != 0;
        got = judged(pool, &seen, &decision, &echoed);
        CHECK(same_text(got, row->expected), "row %lu, %s: %s, not %s",
              (unsigned long)i, or_null(row->name), got, row->expected);
        got = model_judge(pool, &seen);
        CHECK(same_text(got, row->expected), "row %lu, %s: the model: %s",
              (unsigned long)i, or_null(row->name), got);
    }
}

static void check_rows(apr_pool_t *pool, const policy_text_t *text,
                       const row_t *rows, size_t count)
{
    check_kept_rows(pool, text, NOTHING, rows, count);
}

/* ------------------------------------------------------------------------
 * Broken recipes, and one that is right, beside the policy that is to replace
 * them
 */

static const policy_text_t app_policy = {
    .origins = A, .methods = "GET POST PUT",
    .allow_headers = "Authorization Content-Type", .has_credentials = 1,
};

#define FULL ACAO A "\n" ACAC "true\n" ACAM "GET, POST, PUT\n" \
             ACAH "Authorization, Content-Type\n" "Vary: Origin"

static const row_t recipes[] = {
    { "P1: Basic authentication comes first, Header always",
      PREFLIGHT("PUT", A, "authorization"), OMIT, 401, FULL,
      "would-allow, read: no, broken: preflight-status-401" },
    { NULL, GET(A), INCLUDE, 401, FULL, "same, read: yes, broken: -" },

    { "P2: R=204 with Header set, which such an answer does not get",
      PREFLIGHT("PUT", A, "content-type"), OMIT, 204, "",
      "would-allow, read: no, broken: -" },
    { NULL, GET(B), OMIT, 200, ACAO "*",
      "would-refuse, read: yes, broken: -" },

    { "P3: a script's * beside Header set",
      GET(A), INCLUDE, 200, ACAO "*\n" ACAO A "\n" ACAC "true",
      "would-allow, read: no, broken: two-allow-origin" },
    { "P3: a backend's * beside Header always set",
      GET(A), OMIT, 200, ACAO "*\n" ACAO "*",
      "would-allow, read: no, broken: two-allow-origin" },

    { "P4: an error without the headers", GET(A), OMIT, 404, "",
      "would-allow, read: no, broken: -" },
    { NULL, PREFLIGHT("PUT", A, ""), OMIT, 404, "",
      "would-allow, read: no, broken: preflight-status-404" },

    { "P5: any origin is echoed", GET(A), INCLUDE, 200,
      ACAO A "\n" ACAC "true", "same, read: yes, broken: -" },
    { NULL, GET(B), INCLUDE, 200, ACAO B "\n" ACAC "true",
      "would-refuse, read: yes, broken: no-vary" },
    { NULL, GET(A), INCLUDE, 200, ACAO A "\n" ACAC "true",
      "same, read: yes, broken: no-vary" },

    { "P6: a regular expression without anchors",
      GET("https://app.example.evil.com"), OMIT, 200,
      ACAO "https://app.example.evil.com\nVary: Origin",
      "would-refuse, read: yes, broken: -" },
    { NULL, GET("https://appXexample"), OMIT, 200,
      ACAO "https://appXexample\nVary: Origin",
      "would-refuse, read: yes, broken: -" },
    { "P6: $0$1", GET(A), OMIT, 200,
      ACAO "https://app.examples\nVary: Origin",
      "would-allow, read: no, broken: -" },

    { "P7: * with credentials, too few Allow-Headers", GET(A), INCLUDE, 200,
      ACAO "*\n" ACAC "true",
      "would-allow, read: no, broken: star-with-credentials" },
    { NULL, PREFLIGHT("PUT", A, "authorization,content-type"), OMIT, 204,
      ACAO "*\n" ACAC "true\n" ACAM "GET, PUT\n" ACAH "Content-Type",
      "would-allow, read: no, broken: star-with-credentials, "
      "preflight-header-not-listed authorization" },

    { "P9: a backend's * beside ours", GET(A), OMIT, 200,
      ACAO "*\n" ACAO A "\nVary: Origin",
      "would-allow, read: no, broken: two-allow-origin" },

    { "right", GET(A), INCLUDE, 200, FULL, "same, read: yes, broken: -" },
    { NULL, GET(A), INCLUDE, 500, FULL, "same, read: yes, broken: -" },
    { NULL, GET(B), INCLUDE, 200, "Vary: Origin",
      "same, read: no, broken: -" },
    { NULL, PREFLIGHT("PUT", A, "authorization,content-type"), OMIT, 204,
      FULL, "same, read: yes, broken: -" },
    { NULL, PREFLIGHT("PUT", B, ""), OMIT, 204, "Vary: Origin",
      "same, read: no, broken: -" },
    { NULL, PREFLIGHT("DELETE", A, ""), OMIT, 204, FULL,
      "same, read: no, broken: -" },
    { NULL, PREFLIGHT("PUT", A, "x-other"), OMIT, 204, FULL,
      "same, read: no, broken: -" },

    { "right: one origin, the same to everybody", GET(A), INCLUDE, 200,
      ACAO A "\n" ACAC "true", "same, read: yes, broken: -" },
    { NULL, GET(B), INCLUDE, 200, ACAO A "\n" ACAC "true",
      "same, read: no, broken: -" },
    { NULL, GET(A), OMIT, 200, ACAO A "\n" ACAC "true",
      "same, read: yes, broken: -" },
};

static void test_recipes(void **state)
{
    check_rows(*state, &app_policy, recipes, COUNT(recipes));
}

/* ------------------------------------------------------------------------
 * Each defect, and near misses
 */

static const row_t broken[] = {
    { "two origins on a line", GET(A), OMIT, 200, ACAO A ", " B,
      "would-allow, read: no, broken: two-allow-origin" },
    { "two of the same", GET(A), OMIT, 200, ACAO A "\n" ACAO A,
      "would-allow, read: no, broken: two-allow-origin" },
    { "an empty one more", GET(A), OMIT, 200, ACAO A "\n" ACAO,
      "would-allow, read: no, broken: two-allow-origin" },
    { "spaces around it", GET(A), OMIT, 200, ACAO " \t" A "\t ",
      "same, read: yes, broken: -" },
    { "origins separated by a space", GET(A), OMIT, 200, ACAO A " " B,
      "would-allow, read: no, broken: -" },
    { "an empty one", GET(A), OMIT, 200, ACAO,
      "would-allow, read: no, broken: -" },
    { "another case", GET(A), OMIT, 200, "access-control-allow-ORIGIN: " A,
      "same, read: yes, broken: -" },
    { "null for null", GET("null"), OMIT, 200, ACAO "null",
      "would-refuse, read: yes, broken: -" },

    { "False", GET(A), OMIT, 200, ACAO A "\n" ACAC "False",
      "same, read: yes, broken: credentials-not-true" },
    { "True", GET(A), INCLUDE, 200, ACAO A "\n" ACAC "True",
      "would-allow, read: no, broken: credentials-not-true" },
    { "true, true", GET(A), INCLUDE, 200, ACAO A "\n" ACAC "true\n" ACAC
      "true", "would-allow, read: no, broken: credentials-not-true" },
    { "empty", GET(A), INCLUDE, 200, ACAO A "\n" ACAC,
      "would-allow, read: no, broken: credentials-not-true" },
    { "spaces", GET(A), INCLUDE, 200, ACAO A "\n" ACAC " true ",
      "same, read: yes, broken: -" },
    { "absent", GET(A), INCLUDE, 200, ACAO A,
      "would-allow, read: no, broken: -" },
    { "* and false", GET(B), INCLUDE, 200, ACAO "*\n" ACAC "false",
      "same, read: no, broken: credentials-not-true" },
    { "on a preflight", PREFLIGHT("PUT", A, ""), OMIT, 204,
      ACAO A "\n" ACAC "1\n" ACAM "PUT",
      "same, read: yes, broken: credentials-not-true" },

    { "199", PREFLIGHT("GET", A, ""), OMIT, 199, FULL,
      "would-allow, read: no, broken: preflight-status-199" },
    { "200", PREFLIGHT("GET", A, ""), OMIT, 200, FULL,
      "same, read: yes, broken: -" },
    { "299", PREFLIGHT("GET", A, ""), OMIT, 299, FULL,
      "same, read: yes, broken: -" },
    { "300", PREFLIGHT("GET", A, ""), OMIT, 300, FULL,
      "would-allow, read: no, broken: preflight-status-300" },
    { "302", PREFLIGHT("GET", A, ""), OMIT, 302, "Location: /",
      "would-allow, read: no, broken: preflight-status-302" },
    { "304", PREFLIGHT("GET", A, ""), OMIT, 304, FULL,
      "would-allow, read: no, broken: preflight-status-304" },
    { "401 for a denied origin", PREFLIGHT("GET", B, ""), OMIT, 401, FULL,
      "same, read: no, broken: -" },

    { "method", PREFLIGHT("PUT", A, ""), OMIT, 204,
      ACAO A "\n" ACAC "true\n" ACAM "PUTS, put, PU",
      "would-allow, read: no, broken: preflight-method-not-listed" },
    { "safelisted method", PREFLIGHT("POST", A, ""), OMIT, 204,
      ACAO A "\n" ACAC "true", "same, read: yes, broken: -" },
    { "no method, no header", PREFLIGHT("PUT", A, "content-type"), OMIT, 204,
      ACAO A "\n" ACAC "true",
      "would-allow, read: no, broken: preflight-method-not-listed, "
      "preflight-header-not-listed content-type" },
    { "lists in several lines",
      PREFLIGHT("PUT", A, "AUTHORIZATION , content-type"), OMIT, 204,
      ACAO A "\n" ACAC "true\n" ACAM "GET\n" ACAM "PUT,,\n" ACAH
      "content-TYPE\n" ACAH ", Authorization", "same, read: yes, broken: -" },
    { "the second name", PREFLIGHT("GET", A, "Content-Type,Authorization"),
      OMIT, 204, ACAO A "\n" ACAC "true\n" ACAH "content-type",
      "would-allow, read: no, broken: "
      "preflight-header-not-listed authorization" },

    { "* where the policy has credentials", PREFLIGHT("PUT", A, ""), OMIT,
      204, ACAO A "\n" ACAC "true\n" ACAM "*",
      "same, read: yes, broken: preflight-method-not-listed" },
    { "the same with credentials", PREFLIGHT("PUT", A, ""), INCLUDE, 204,
      ACAO A "\n" ACAC "true\n" ACAM "*",
      "would-allow, read: no, broken: preflight-method-not-listed" },
    { "the same of headers", PREFLIGHT("GET", A, "content-type"), OMIT, 204,
      ACAO A "\n" ACAC "true\n" ACAH "*", "same, read: yes, broken: "
      "preflight-header-not-listed content-type" },
    { "* is not for Authorization", PREFLIGHT("GET", A, "authorization"),
      OMIT, 204, ACAO A "\n" ACAC "true\n" ACAH "*",
      "would-allow, read: no, broken: "
      "preflight-header-not-listed authorization" },
    { "without credentials", PREFLIGHT("PUT", A, ""), OMIT, 204,
      ACAO A "\n" ACAM "PUT",
      "same, read: yes, broken: preflight-without-credentials" },
    { "*, without credentials", PREFLIGHT("PUT", A, ""), OMIT, 204,
      ACAO "*\n" ACAM "PUT",
      "same, read: yes, broken: preflight-without-credentials" },
    { "another origin, without credentials", PREFLIGHT("PUT", A, ""), OMIT,
      204, ACAO B "\n" ACAM "PUT", "would-allow, read: no, broken: -" },
    { "no defect of a denied preflight", PREFLIGHT("PUT", B, "x-a"), OMIT,
      204, ACAO "*", "same, read: no, broken: -" },

    { "a list of methods with spaces", PREFLIGHT("PUT", A, ""), OMIT, 204,
      ACAO A "\n" ACAC "true\n" ACAM "GET PUT",
      "would-allow, read: no, broken: preflight-malformed-list GET PUT" },
    { "even for a GET", PREFLIGHT("GET", A, ""), OMIT, 204,
      ACAO A "\n" ACAC "true\n" ACAM "GET;PUT",
      "would-allow, read: no, broken: preflight-malformed-list GET;PUT" },
    { "a list of headers with semicolons", PREFLIGHT("PUT", A, ""), OMIT,
      204, ACAO A "\n" ACAC "true\n" ACAM "PUT\n" ACAH "X-A, X-B; X-C",
      "would-allow, read: no, broken: preflight-malformed-list x-b; x-c" },
};

static void test_defects(void **state)
{
    check_rows(*state, &app_policy, broken, COUNT(broken));
}

/* ------------------------------------------------------------------------
 * Policies without credentials
 */

static const row_t any_rows[] = {
    { "*", GET(B), OMIT, 200, ACAO "*", "same, read: yes, broken: -" },
    { "an echo with credentials", GET(B), INCLUDE, 200,
      ACAO B "\n" ACAC "true\nVary: Origin",
      "would-refuse, read: yes, broken: -" },
    { "nothing", GET(B), INCLUDE, 200, "", "same, read: no, broken: -" },
    { "* in the lists", PREFLIGHT("PUT", B, "x-a,x-b"), OMIT, 204,
      ACAO "*\n" ACAM "*\n" ACAH "*", "same, read: yes, broken: -" },
    { "the same, asked with credentials", PREFLIGHT("PUT", B, "x-a,x-b"),
      INCLUDE, 204, ACAO B "\n" ACAC "true\n" ACAM "*\n" ACAH "*",
      "same, read: no, broken: -" },
};

static void test_any_origin(void **state)
{
    static const policy_text_t text = {
        .origins = "*", .methods = "*", .allow_headers = "*",
    };

    check_rows(*state, &text, any_rows, COUNT(any_rows));
}

/* ------------------------------------------------------------------------
 * Authorization, which browsers let "*" cover and Fetch does not
 */

static const row_t authorization[] = {
    { "* lets it pass today, the policy would not",
      PREFLIGHT("GET", A, "authorization"), OMIT, 204,
      ACAO "*\n" ACAH "*", "would-refuse, read: yes, broken: -" },
    { "among others", PREFLIGHT("GET", A, "Authorization,x-a"), OMIT, 204,
      ACAO A "\n" ACAH "X-B, *", "would-refuse, read: yes, broken: -" },
    { "not with credentials", PREFLIGHT("GET", A, "authorization"), INCLUDE,
      204, ACAO A "\n" ACAC "true\n" ACAH "*",
      "same, read: no, broken: -" },
    { "not without *", PREFLIGHT("GET", A, "authorization"), OMIT, 204,
      ACAO A "\n" ACAH "x-a", "same, read: no, broken: -" },
};

static void test_authorization(void **state)
{
    static const policy_text_t text = {
        .origins = A, .methods = "GET", .allow_headers = "*",
    };

    check_rows(*state, &text, authorization, COUNT(authorization));
}

/* ------------------------------------------------------------------------
 * What the policy leaves to the backend
 */

static const row_t kept_status[] = {
    { "a status that the policy would leave",
      PREFLIGHT("PUT", A, ""), OMIT, 401, FULL,
      "same, read: no, broken: preflight-status-401" },
    { "without headers", PREFLIGHT("PUT", A, ""), OMIT, 404, "",
      "same, read: no, broken: preflight-status-404" },
    { "the headers would come", PREFLIGHT("PUT", A, ""), OMIT, 200, "",
      "would-allow, read: no, broken: -" },
    { "and go", PREFLIGHT("PUT", B, ""), OMIT, 200, ACAO "*\n" ACAM "*",
      "would-refuse, read: yes, broken: -" },
};

static const row_t kept_headers[] = {
    { "an origin that the backend knows", GET(B), OMIT, 200, ACAO "*",
      "same, read: yes, broken: -" },
    { "one that it does not know", GET(A), OMIT, 200, ACAO B,
      "same, read: no, broken: -" },
    { "credentials that it does not allow", GET(A), INCLUDE, 200, ACAO A,
      "same, read: no, broken: -" },
    { "no Allow-Origin to keep", GET(A), OMIT, 200, ACAC "true",
      "would-allow, read: no, broken: -" },
    { "two, of which one would stay", GET(A), OMIT, 200,
      ACAO A "\n" ACAO "*",
      "would-allow, read: no, broken: two-allow-origin" },
    { "two that are the same, so that it is known", GET(B), OMIT, 200,
      ACAO "*\n" ACAO "*",
      "would-allow, read: no, broken: two-allow-origin" },
    { "and does not serve", GET(A), OMIT, 200, ACAO B "\n" ACAO B,
      "same, read: no, broken: two-allow-origin" },
    { "two in one line, which stays as it is", GET(A), OMIT, 200,
      ACAO A ", *", "same, read: no, broken: two-allow-origin" },
    { "credentials twice", GET(A), INCLUDE, 200,
      ACAO A "\n" ACAC "true\n" ACAC "true",
      "would-allow, read: no, broken: credentials-not-true" },
    { "preflights", PREFLIGHT("DELETE", B, ""), OMIT, 204,
      ACAO "*\n" ACAM "DELETE", "same, read: yes, broken: -" },
    { "and such as fail", PREFLIGHT("PUT", A, ""), OMIT, 204, ACAO A,
      "same, read: no, broken: preflight-without-credentials, "
      "preflight-method-not-listed" },
};

static void test_kept(void **state)
{
    check_kept_rows(*state, &app_policy, STATUS, kept_status,
                    COUNT(kept_status));
    check_kept_rows(*state, &app_policy, HEADERS, kept_headers,
                    COUNT(kept_headers));
    check_kept_rows(*state, &app_policy, STATUS | HEADERS, kept_headers,
                    COUNT(kept_headers));
}

/* ------------------------------------------------------------------------
 * What is not judged
 */

static const row_t unjudged[] = {
    { "304", GET(A), OMIT, 304, ACAO "*\n" ACAO "*",
      "-, read: no, broken: -" },
    { "407", GET(A), OMIT, 407, "", "-, read: no, broken: -" },
    { "101", GET(A), OMIT, 101, "", "-, read: no, broken: -" },
    { "no Origin", GET(NULL), OMIT, 200, ACAO "*\n" ACAC "true",
      "-, read: no, broken: -" },
    { "no Origin, OPTIONS", PREFLIGHT("PUT", NULL, ""), OMIT, 405, "",
      "-, read: no, broken: -" },
};

#define UNJUDGED "-, read: no, broken: -"
#define JUDGED "would-refuse, read: yes, broken: -"
#define FETCH(name, expected, site, mode) \
    { name, GET(B), OMIT, 200, ACAO "*", expected, site, mode }

/* What Sec-Fetch-* says of a request. */
static const row_t fetched[] = {
    FETCH("one's own page", UNJUDGED, "same-origin", "cors"),
    FETCH("its form", UNJUDGED, "same-origin", "navigate"),
    FETCH("another site's form", UNJUDGED, "cross-site", "navigate"),
    FETCH("its beacon", UNJUDGED, "cross-site", "no-cors"),
    FETCH("a WebSocket", UNJUDGED, "cross-site", "websocket"),
    FETCH("mode same-origin", UNJUDGED, NULL, "same-origin"),
    FETCH("its script", JUDGED, "cross-site", "cors"),
    FETCH("a neighbour's script", JUDGED, "same-site", "cors"),
    FETCH("a mode that nobody knows", JUDGED, "cross-site", "Navigate"),
    FETCH("no mode", JUDGED, "same-site", NULL),
    FETCH("neither", JUDGED, NULL, NULL),
    { "a preflight is one", PREFLIGHT("PUT", B, ""), OMIT, 204,
      ACAO "*\n" ACAM "*", JUDGED, "same-origin", "no-cors" },
};

static const row_t inert[] = {
    { "no policy", GET(A), OMIT, 200, ACAO "*\n" ACAO "*",
      "-, read: no, broken: -" },
    { "no policy, preflight", PREFLIGHT("PUT", A, ""), OMIT, 500, "",
      "-, read: no, broken: -" },
};

static void test_unjudged(void **state)
{
    static const policy_text_t none = { 0 };

    check_rows(*state, &app_policy, unjudged, COUNT(unjudged));
    check_rows(*state, &app_policy, fetched, COUNT(fetched));
    check_rows(*state, &none, inert, COUNT(inert));
}

/* ------------------------------------------------------------------------
 * Echoes
 */

#define C "https://third.example"

static const row_t echoing[] = {
    { "one origin again and again", GET(A), OMIT, 200, ACAO A,
      "same, read: yes, broken: -" },
    { NULL, GET(A), OMIT, 404, ACAO A, "same, read: yes, broken: -" },
    { NULL, GET(B), OMIT, 200, ACAO A, "same, read: no, broken: -" },
    { NULL, PREFLIGHT("GET", B, ""), OMIT, 204, ACAO B,
      "would-refuse, read: yes, broken: -" },
    { NULL, GET(B), OMIT, 200, ACAO B "\nVary: Accept, ORIGIN",
      "would-refuse, read: yes, broken: -" },
    { NULL, GET(B), OMIT, 200, ACAO B "\nVary: *",
      "would-refuse, read: yes, broken: -" },
    { NULL, GET(B), OMIT, 200, ACAO "*",
      "would-refuse, read: yes, broken: -" },
    { NULL, GET(A), OMIT, 200, ACAO A, "same, read: yes, broken: -" },
    { NULL, GET(B), OMIT, 200, ACAO B "\nVary: Origins, x-origin",
      "would-refuse, read: yes, broken: no-vary" },
    { NULL, GET(C), OMIT, 200, ACAO C "\nVary: Accept\nVary: Origin",
      "would-refuse, read: yes, broken: -" },
    { NULL, GET(C), OMIT, 200, ACAO C "\nVary:",
      "would-refuse, read: yes, broken: no-vary" },
    { NULL, GET(A), OMIT, 200, ACAO A, "same, read: yes, broken: no-vary" },
};

static void test_echoes(void **state)
{
    check_rows(*state, &app_policy, echoing, COUNT(echoing));
}

static void test_echoes_unwatched(void **state)
{
    static const char *const origins[] = { A, B, A };
    cors_policy_t policy;
    size_t i;

    build(&policy, *state, &app_policy);
    for (i = 0; i < COUNT(origins); i++) {
        cors_request_t request = { "GET", NULL, NULL, NULL };
        line_t line = { "Access-Control-Allow-Origin", NULL };
        cors_decision_t decision;
        seen_t seen = { 0 };

        request.origin = line.value = origins[i];
        cors_decide(&decision, &policy, &request, *state);
        seen.request = &request;
        seen.lines = &line;
        seen.count = 1;
        seen.status = 200;
        assert_string_equal(judged(*state, &seen, &decision, NULL),
                            strcmp(origins[i], A)
                            ? "would-refuse, read: yes, broken: -"
                            : "same, read: yes, broken: -");
    }
}

/* ------------------------------------------------------------------------
 * Texts
 */

static void test_names(void **state)
{
    static const char *const reports[] = {
        "-", "same", "would-refuse", "would-allow",
    };
    static const char *const words[] = {
        "two-allow-origin", "star-with-credentials", "credentials-not-true",
        "no-vary", "preflight-status", "preflight-without-credentials",
        "preflight-malformed-list", "preflight-method-not-listed",
        "preflight-header-not-listed",
    };
    int i;

    assert_int_equal(COUNT(reports), CORS_REPORTS);
    assert_int_equal(COUNT(words), CORS_DEFECTS);
    for (i = 0; i < CORS_REPORTS; i++) {
        assert_string_equal(cors_report_name(i), reports[i]);
    }
    for (i = 0; i < CORS_DEFECTS; i++) {
        assert_string_equal(cors_defect_name(i), words[i]);
    }
}

/* A name of any length, and many of them, in linear time. */
static void test_long_names(void **state)
{
    enum { COUNT_OF_NAMES = 4000 };
    char *names = apr_palloc(*state, COUNT_OF_NAMES * 6 + 201);
    line_t lines[3] = { { "Access-Control-Allow-Origin", A },
                        { "Access-Control-Allow-Headers", NULL },
                        { "Access-Control-Allow-Methods", "PUT" } };
    cors_request_t request = { "OPTIONS", A, "PUT", NULL };
    cors_decision_t decision;
    cors_policy_t policy;
    seen_t seen = { 0 };
    const char *got;
    char *end = names;
    int i;

    build(&policy, *state, &app_policy);
    for (i = 0; i < COUNT_OF_NAMES; i++) {
        end += sprintf(end, "x%04d,", i);
    }
    lines[1].value = apr_pstrdup(*state, names);
    memset(end, 'Z', 200);
    end[200] = '\0';
    request.request_headers = names;
    cors_decide(&decision, &policy, &request, *state);
    decision.is_allowed = 1;    /* as if it were no more than 64 */
    seen.request = &request;
    seen.lines = lines;
    seen.count = COUNT(lines);
    seen.status = 204;
    got = judged(*state, &seen, &decision, NULL);
    assert_string_equal(got, apr_psprintf(
        *state, "would-allow, read: no, broken: "
        "preflight-header-not-listed %.*s", CORS_MAX_QUOTE,
        cors_text_lower(*state, end)));
    *end = '\0';
    assert_string_equal(judged(*state, &seen, &decision, NULL),
                        "same, read: yes, broken: -");
}

static const struct CMUnitTest tests[] = {
    TEST(test_recipes),
    TEST(test_defects),
    TEST(test_any_origin),
    TEST(test_authorization),
    TEST(test_kept),
    TEST(test_unjudged),
    TEST(test_echoes),
    TEST(test_echoes_unwatched),
    TEST(test_names),
    TEST(test_long_names),
};

RUN(tests)
