/* SPDX-License-Identifier: Apache-2.0 */

/* What "Require cors" finds out about a request, and whom a policy trusts. */

#include "foreign_model.h"

/* ------------------------------------------------------------------------
 * Rows: what HTTP cannot say, and the words
 */

#define APP "https://app.example"

static const struct {
    const char *description;
    cors_foreign_request_t request;
    cors_foreign_t expected;
} rows[] = {
    { "nothing at all", { .method = "GET" }, CORS_FOREIGN_NO_BROWSER },
    { "no method", { .method = "", .site = "cross-site" },
      CORS_FOREIGN_FOREIGN },
    { "no method, no browser", { .method = "" }, CORS_FOREIGN_NO_BROWSER },
    { "no host, of the server", { .method = "GET", .host = "" },
      CORS_FOREIGN_HOST },
    { "no host but a port", { .method = "GET", .host = ":80" },
      CORS_FOREIGN_HOST },
    { "a dot", { .method = "GET", .host = "." }, CORS_FOREIGN_HOST },
    { "dots", { .method = "GET", .host = ".." }, CORS_FOREIGN_HOST },
    { "localhost, two dots", { .method = "GET", .host = "localhost.." },
      CORS_FOREIGN_HOST },
    { "below localhost", { .method = "GET", .host = ".localhost" },
      CORS_FOREIGN_NO_BROWSER },
    { "localhost, cut", { .method = "GET", .host = "localhos" },
      CORS_FOREIGN_HOST },
    { "localhost, longer", { .method = "GET", .host = "localhostx" },
      CORS_FOREIGN_HOST },
    { "an address in hexadecimal", { .method = "GET", .host = "0x7f000001" },
      CORS_FOREIGN_NO_BROWSER },
    { "an address in one number", { .method = "GET", .host = "2130706433" },
      CORS_FOREIGN_NO_BROWSER },
    { "a name that ends in a number", { .method = "GET", .host = "evil.7" },
      CORS_FOREIGN_NO_BROWSER },
    { "a name that ends in a number and a dot",
      { .method = "GET", .host = "evil.7." }, CORS_FOREIGN_NO_BROWSER },
    { "a name that starts with a number",
      { .method = "GET", .host = "7.evil" }, CORS_FOREIGN_HOST },
    { "no hexadecimal", { .method = "GET", .host = "0x7g" },
      CORS_FOREIGN_HOST },
    { "an address without its end", { .method = "GET", .host = "[::1" },
      CORS_FOREIGN_NO_BROWSER },
    { "https to TLS", { .method = "POST", .origin = "https://site.example",
      .host = "site.example", .is_host_served = 1, .is_https = 1 },
      CORS_FOREIGN_OWN_HOST },
    { "http to TLS", { .method = "POST", .origin = "http://site.example",
      .host = "site.example", .is_host_served = 1, .is_https = 1 },
      CORS_FOREIGN_FOREIGN },
    { "https to what may be TLS",
      { .method = "POST", .origin = "https://site.example",
      .host = "site.example", .is_host_served = 1 }, CORS_FOREIGN_OWN_HOST },
    { "a port of TLS", { .method = "POST", .origin = "https://site.example",
      .host = "site.example:443", .is_host_served = 1, .is_https = 1 },
      CORS_FOREIGN_OWN_HOST },
    { "a port without digits",
      { .method = "POST", .origin = "https://site.example",
      .host = "site.example:", .is_host_served = 1 }, CORS_FOREIGN_OWN_HOST },
    { "a port with zeros", { .method = "POST",
      .origin = "https://site.example", .host = "site.example:0443",
      .is_host_served = 1 }, CORS_FOREIGN_FOREIGN },
    { "a port and more", { .method = "POST",
      .origin = "https://site.example", .host = "site.example:443x",
      .is_host_served = 1 }, CORS_FOREIGN_FOREIGN },
    { "a port, cut", { .method = "POST",
      .origin = "https://site.example:8443", .host = "site.example:844",
      .is_host_served = 1 }, CORS_FOREIGN_FOREIGN },
    { "a port, longer", { .method = "POST",
      .origin = "https://site.example:844", .host = "site.example:8443",
      .is_host_served = 1 }, CORS_FOREIGN_FOREIGN },
    { "two hosts", { .method = "POST", .origin = "https://site.example",
      .host = "site.example, site.example", .is_host_served = 1 },
      CORS_FOREIGN_FOREIGN },
    { "a host of nobody's, and a preflight",
      { .method = "OPTIONS", .origin = APP, .request_method = "PUT",
      .host = "evil.example" }, CORS_FOREIGN_HOST },
    { "an empty request method is one",
      { .method = "OPTIONS", .origin = APP, .request_method = "" },
      CORS_FOREIGN_PREFLIGHT },
    { "an empty Origin is one",
      { .method = "OPTIONS", .origin = "", .request_method = "PUT" },
      CORS_FOREIGN_PREFLIGHT },
};

static void judges(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_foreign_request_t request = copy_of(*state, &rows[i].request);
        cors_foreign_t found = cors_foreign_judge(&request, NULL);

        CHECK(found == rows[i].expected, "%s: %s", rows[i].description,
              cors_foreign_name(found));
    }
}

static void has_words(void **state)
{
    cors_foreign_t found;

    for (found = CORS_FOREIGN_HOST; found <= CORS_FOREIGN_FOREIGN; found++) {
        const char *name = cors_foreign_name(found);
        const char *text = cors_foreign_text(found);
        cors_reason_t reason = cors_foreign_reason(found);

        CHECK(*name && strspn(name, MODEL_LOWER "-") == strlen(name), "%s",
              name);
        CHECK(*text && text[strlen(text) - 1] == '.', "%s", text);
        CHECK((reason == CORS_REASON_NONE) == !is_refusal(found), "%s", name);
        CHECK(reason == CORS_REASON_NONE
              || strcmp(cors_reason_name(reason), name) == 0, "%s", name);
    }
}

/* ------------------------------------------------------------------------
 * Trust
 */

/* Matches all. */
static int match_all(const void *regex, const char *text, apr_size_t len)
{
    return 1;
}

static int match_app(const void *regex, const char *text, apr_size_t len)
{
    return len == strlen(APP) && memcmp(text, APP, len) == 0;
}

static const struct {
    policy_text_t policy;
    const char *origin;
    int is_trusted;
} trust[] = {
    { { .origins = APP }, APP, 1 },
    { { .origins = APP }, APP ":443", 0 },
    { { .origins = APP }, APP "/", 0 },
    { { .origins = APP }, "https://app.exampl", 0 },
    { { .origins = APP }, "https://app.examplee", 0 },
    { { .origins = APP }, "", 0 },
    { { .origins = APP }, "null", 0 },
    { { .origins = APP, .has_credentials = 1 }, APP, 1 },
    { { .origins = APP, .is_off = 1 }, APP, 0 },
    { { .origins = APP, .more = "CORSEngine ReportOnly" }, APP, 1 },
    { { .origins = "none" }, APP, 0 },
    { { .origins = NULL }, APP, 0 },
    { { .origins = "*" }, APP, 0 },
    { { .origins = "*", .has_credentials = 1, .dangers = "any-origin" }, APP,
      0 },
    { { .origins = "*", .has_credentials = 1, .dangers = "any-origin" },
      "null", 0 },
    { { .origins = "null " APP }, "null", 0 },
    { { .origins = "null " APP }, APP, 1 },
    { { .origins = "null " APP, .has_credentials = 1 }, "null", 0 },
    { { .origins = "http://app.example" }, "http://app.example", 0 },
    { { .origins = "http://app.example", .dangers = "insecure-origins" },
      "http://app.example", 1 },
    { { .origins = "http://app.example", .dangers = "public-suffixes" },
      "http://app.example", 0 },
    { { .origins = "http://localhost:3000" }, "http://localhost:3000", 1 },
    { { .origins = "http://127.0.0.1" }, "http://127.0.0.1", 1 },
    { { .origins = "https://*.app.example" }, "https://a.app.example", 1 },
    { { .origins = "https://*.app.example" }, APP, 0 },
    { { .origins = "https://*.example" }, APP, 0 },
    { { .origins = "https://*.example " APP }, APP, 1 },
    { { .origins = "https://*.example", .dangers = "public-suffixes" }, APP,
      1 },
    { { .match = match_app, .regex = "" }, APP, 1 },
    { { .match = match_app, .regex = "" }, "https://b.example", 0 },
    { { .match = match_all, .regex = "" }, APP, 0 },
    { { .match = match_all, .regex = "", .origins = APP }, APP, 0 },
    { { .match = match_all, .regex = "",
        .dangers = "insecure-origins public-suffixes" }, APP, 0 },
};

static void trusts(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(trust); i++) {
        cors_policy_t policy;
        int is_trusted;

        build(&policy, *state, &trust[i].policy);
        is_trusted = cors_policy_trusts(&policy,
                                        exact_text(*state, trust[i].origin));
        CHECK(is_trusted == trust[i].is_trusted, "row %d, %s: %d", (int)i,
              trust[i].origin, is_trusted);
    }
}

/* ------------------------------------------------------------------------
 * Random requests
 */

#define CASES 300000UL

static const char *const methods[] = {
    "GET", "GET", "HEAD", "OPTIONS", "OPTIONS", "POST", "PUT", "get", "",
    "GETX", "TRACE",
};
static const char *const origins[] = {
    NULL, NULL, NULL, APP, "https://site.example", "http://site.example",
    "https://site.example:8443", "http://site.example:80", "null", "",
    "https://evil.example", "http://localhost", "http://[::1]:8080",
    "http://[::1]", "http://127.0.0.1", "HTTP://site.example",
    "https://site.example, https://site.example", "http://site.example.",
    "https://SITE.example", "ftp://site.example", "http://app.example",
    "https://a.app.example", "https://site.example/",
};
static const char *const hosts[] = {
    NULL, "site.example", "site.example", "Site.EXAMPLE", "site.example:443",
    "site.example:80", "site.example:8443", "site.example:", "site.example.",
    "evil.example", "localhost", "a.LOCALHOST.", "localhost:80", "[::1]",
    "[::1]:8080", "[::1]:80", "127.0.0.1", "127.0.0.1:80", "0x7f.1", "", ".",
    "site.example, site.example", "notlocalhost", "[",
};
static const char *const sites[] = {
    NULL, NULL, NULL, "same-origin", "none", "cross-site", "same-site", "",
    "None", "same-origin, same-origin", "nonesuch",
};
static const char *const modes[] = {
    NULL, "navigate", "navigate", "no-cors", "Navigate", "",
};
static const char *const dests[] = {
    NULL, "document", "document", "iframe", "Document", "",
};
static const policy_text_t policies[] = {
    { .origins = APP }, { .origins = "*" }, { .origins = "null " APP },
    { .origins = "http://app.example https://*.app.example" },
    { .origins = APP, .is_off = 1 }, { .origins = "none" },
};

static void judges_as_the_model(void **state)
{
    random_t random = random_start("requests", CASES);
    cors_policy_t compiled[COUNT(policies)];
    unsigned int seen[CORS_FOREIGN_FOREIGN + 1] = { 0 };
    unsigned long i;

    for (i = 0; i < COUNT(policies); i++) {
        build(&compiled[i], *state, &policies[i]);
    }
    for (i = 0; i < CASES && failed_rows < 10; i++) {
        unsigned int which = pick(&random, COUNT(policies) + 1);
        const cors_policy_t *policy = which < COUNT(policies)
                                      ? &compiled[which] : NULL;
        cors_foreign_request_t request = {
            .method = PICK(&random, methods),
            .origin = PICK(&random, origins),
            .request_method = pick(&random, 4) ? NULL : "PUT",
            .host = PICK(&random, hosts),
            .site = PICK(&random, sites),
            .mode = PICK(&random, modes),
            .dest = PICK(&random, dests),
            .has_upgrade = pick(&random, 4) == 0,
            .is_https = (int)pick(&random, 2),
            .is_host_served = pick(&random, 4) != 0,
            .is_isolated = (int)pick(&random, 2),
        };
        cors_foreign_t got = cors_foreign_judge(&request, policy);
        cors_foreign_t expected = model_foreign(&request, policy);

        seen[got]++;
        CHECK(got == expected, "%s: %s, the model: %s",
              request_text(*state, &request), cors_foreign_name(got),
              cors_foreign_name(expected));
    }
    for (i = 0; i < COUNT(seen); i++) {
        CHECK(seen[i] > CASES / 5000, "%s: only %u", cors_foreign_name(i),
              seen[i]);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(judges),
    TEST(has_words),
    TEST(trusts),
    TEST(judges_as_the_model),
};

RUN(tests)
