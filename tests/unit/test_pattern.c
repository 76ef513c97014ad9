/* SPDX-License-Identifier: Apache-2.0 */

/* Origin patterns: cors_policy_add_origins and what the pattern matches. */

#include "testing.h"

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10
#define L63 L60 "abc"
#define L64 L63 "d"
#define HOST_252 L63 "." L63 "." L63 "." L60

static const char *compile(cors_policy_t *policy, apr_pool_t *pool,
                           const char *lines)
{
    memset(policy, 0, sizeof(*policy));
    return add_lines("CORSAllowOrigin", policy, pool, lines);
}

static const char *matching(const cors_policy_t *policy, apr_pool_t *pool,
                            const char *origin)
{
    const cors_origin_entry_t untouched = { "untouched", 0, 0, 0, 0 };
    const cors_origin_entry_t *entry = &untouched;
    size_t len = strlen(origin);

    if (!cors_origin_set_match(policy->origins, exact(pool, origin, len), len,
                               &entry)) {
        CHECK(entry == &untouched, "%s", origin);
        return NULL;
    }
    return entry->pattern;
}

/* ------------------------------------------------------------------------
 * Accepted patterns
 */

typedef struct pattern_row_t {
    const char *what;
    const char *pattern;
    const char *matched[8];
    const char *passed_by[24];
} pattern_row_t;

static const pattern_row_t accepted[] = {
    { "https", "https://app.example",
      { "https://app.example" },
      { "http://app.example", "ws://app.example", "https+x://app.example",
        "https://app.example:8443", "https://app.example:443",
        "https://app.example:", "https://app.example/",
        "https://app.example.", "https://app.examples",
        "https://app.exampl", "https://x.app.example",
        "https://xapp.example", "https://App.example", "app.example", "",
        "null", "*", "none", "https://app.example https://app.example" } },
    { "http", "http://app.example",
      { "http://app.example" },
      { "https://app.example", "http://app.example:80" } },
    { "port", "https://app.example:8443",
      { "https://app.example:8443" },
      { "https://app.example", "https://app.example:8444",
        "https://app.example:844", "https://app.example:84430",
        "https://app.example:08443", "http://app.example:8443" } },
    { "least and greatest port", "http://a.example:1 http://a.example:65535",
      { "http://a.example:1", "http://a.example:65535" },
      { "http://a.example", "http://a.example:2", "http://a.example:65534",
        "http://a.example:0", "http://a.example:65537" } },
    { "default port of the other scheme",
      "http://a.example:443 https://a.example:80",
      { "http://a.example:443", "https://a.example:80" },
      { "http://a.example", "https://a.example", "http://a.example:80",
        "https://a.example:443" } },
    { "any port or none", "https://app.example:*",
      { "https://app.example", "https://app.example:1",
        "https://app.example:65535", "https://app.example:8443",
        "https://app.example:80" },
      { "https://app.example:443", "https://app.example:",
        "https://app.example:0", "https://app.example:65536",
        "https://app.example:any", "https://app.example:1:2",
        "https://app.example:*", "https://app.example:1@evil.com",
        "https://x.app.example:1", "https://app.example.evil.com",
        "http://app.example:1", "https://app.example/" } },
    { "subdomains", "https://*.example.com",
      { "https://a.example.com", "https://a.b.example.com",
        "https://a-1.example.com", "https://a_b.example.com",
        "https://example.com.example.com", "https://1.example.com",
        "https://a.b.c.d.e.f.g.h.example.com" },
      { "https://example.com", "https://.example.com",
        "https://a..example.com", "https://-.example.com",
        "https://a-.example.com", "https://evil-example.com",
        "https://evilexample.com", "https://a.example.com.evil.com",
        "https://a.example.com:8443", "https://a.example.com:443",
        "http://a.example.com", "https://evil.com/.example.com",
        "https://evil.com?.example.com", "https://evil.com#.example.com",
        "https://evil.com\\.example.com",
        "https://evil.com:1@a.example.com",
        "https://evil.com:any.example.com", "https://A.example.com",
        "https://*.example.com", "https://a.example.com.",
        "https://a.example.co", "null" } },
    { "subdomains, limits", "https://*.example.com",
      { "https://" L63 ".example.com",
        "https://" L63 "." L63 "." L63 "." L10 L10 L10 L10 "abcdefghi"
        ".example.com" },
      { "https://" L64 ".example.com",
        "https://" L63 "." L63 "." L63 "." L10 L10 L10 L10 "abcdefghij"
        ".example.com" } },
    { "subdomains of a short domain", "https://*.b.c",
      { "https://a.b.c", "https://b.c.b.c" },
      { "https://b.c", "https://ab.c", "https://a.b.c.b", "https://a.b.c.d",
        "https://b.b.d" } },
    { "subdomains of one label", "https://*.com",
      { "https://a.com", "https://a.b.com", "https://com.com" },
      { "https://com", "https://a.comx", "https://acom", "https://a.com." } },
    { "subdomains on a port", "http://*.example.com:8080",
      { "http://a.example.com:8080", "http://a.b.example.com:8080" },
      { "http://example.com:8080", "http://a.example.com",
        "http://a.example.com:808", "http://a.example.com:80800",
        "http://a.example.com:8081", "https://a.example.com:8080" } },
    { "subdomains on any port", "https://*.example.com:*",
      { "https://a.example.com", "https://a.example.com:1",
        "https://a.b.example.com:65535" },
      { "https://example.com", "https://example.com:1",
        "https://a.example.com:443", "https://a.example.com:65536",
        "https://a.example.com:", "http://a.example.com",
        "https://evil.com:1.example.com", "https://xexample.com" } },
    { "subdomains, final dot", "https://*.example.com.",
      { "https://a.example.com." },
      { "https://a.example.com", "https://example.com.",
        "https://aexample.com.", "https://a.example.com.." } },
    { "subdomains of a host with an underscore", "https://*.a_b.example",
      { "https://x.a_b.example" },
      { "https://a_b.example", "https://x.a-b.example" } },
    { "overlapping patterns",
      "https://*.example.com https://*.a.example.com https://a.example.com:*",
      { "https://a.example.com", "https://a.example.com:1",
        "https://b.a.example.com", "https://b.example.com" },
      { "https://example.com", "https://b.example.com:1",
        "https://b.a.example.com:1" } },
    { "one suffix, two schemes and ports",
      "https://*.example.com:8443 http://*.example.com",
      { "https://a.example.com:8443", "http://a.example.com" },
      { "https://a.example.com", "http://a.example.com:8443" } },
    { "IPv4", "http://127.0.0.1:8080",
      { "http://127.0.0.1:8080" },
      { "http://127.1:8080", "http://0x7f000001:8080",
        "http://2130706433:8080", "http://127.0.0.01:8080",
        "http://127.0.0.1.:8080", "http://127.0.0.1" } },
    { "IPv4, any port", "http://127.0.0.1:*",
      { "http://127.0.0.1", "http://127.0.0.1:1" },
      { "http://127.0.0.1:80", "http://127.0.0.10", "http://127.0.0.1." } },
    { "IPv6", "http://[::1]:3000",
      { "http://[::1]:3000" },
      { "http://[::1]", "http://[::1]:03000",
        "http://[0:0:0:0:0:0:0:1]:3000", "http://[::0001]:3000",
        "http://[::1%25lo]:3000", "http://::1:3000", "http://[::1:3000",
        "http://[::1].:3000" } },
    { "IPv6, any port", "https://[2001:db8::1]:*",
      { "https://[2001:db8::1]", "https://[2001:db8::1]:1" },
      { "https://[2001:db8::1]:443", "https://[2001:db8::2]",
        "https://[2001:DB8::1]" } },
    { "punycode", "https://xn--bcher-kva.example",
      { "https://xn--bcher-kva.example" },
      { "https://m\xc3\xbcnster.example", "https://m\xfcnster.example",
        "https://b%C3%BCcher.example", "https://XN--BCHER-KVA.example" } },
    { "one label", "http://localhost:8080",
      { "http://localhost:8080" },
      { "http://localhost", "http://localhost:80801",
        "http://localhost:08080" } },
    { "final dot", "https://app.example.",
      { "https://app.example." },
      { "https://app.example", "https://app.example.." } },
    { "label of 63", "https://" L63 ".example",
      { "https://" L63 ".example" }, { "https://" L64 ".example" } },
    { "host of 253", "https://" HOST_252 "x",
      { "https://" HOST_252 "x" }, { "https://" HOST_252 "xx" } },
    { "null", "null",
      { "null" }, { "NULL", "Null", "nul", "nulll", "\"null\"", "" } },
    { "null among others", "https://app.example null",
      { "null", "https://app.example" }, { "NULL", "https://null" } },
    { "wildcards do not match null", "https://*.null https://null:*",
      { "https://a.null", "https://null:1" }, { "null" } },
    { "C-29 extension", "chrome-extension://abcdefghijklmnop",
      { "chrome-extension://abcdefghijklmnop" },
      { "chrome-extension://abcdefghijklmnoq",
        "chrome-extension://abcdefghijklmno",
        "chrome-extension://abcdefghijklmnop/",
        "chrome-extension://abcdefghijklmnop:1",
        "chrome-extension://x.abcdefghijklmnop",
        "CHROME-EXTENSION://abcdefghijklmnop" } },
    { "applications",
      "capacitor://localhost ionic://localhost app://obsidian.md",
      { "capacitor://localhost", "ionic://localhost", "app://obsidian.md" },
      { "capacitor://localhost:1", "app://localhost", "app://obsidian",
        "http://localhost" } },
    { "schemes that begin like http", "httpx://a httpsx://a:443 htt://a:80",
      { "httpx://a", "httpsx://a:443", "htt://a:80" },
      { "http://a", "https://a", "httpx://a:80" } },
    { "twice", "https://app.example https://app.example\n"
      "https://app.example https://*.example.net\nhttps://*.example.net",
      { "https://app.example", "https://a.example.net" },
      { "https://example.net" } },
    { "lines accumulate", "https://a.example\nhttp://b.example:*\n"
      "https://*.c.example\nnull",
      { "https://a.example", "http://b.example:1", "https://x.c.example",
        "null" },
      { "https://b.example", "https://c.example" } },
};

static void check_pattern(apr_pool_t *pool, const pattern_row_t *row)
{
    cors_policy_t policy;
    const char *message = compile(&policy, pool, row->pattern);
    size_t i;

    if (message) {
        CHECK(!message, "%s: %s", row->what, message);
        return;
    }
    for (i = 0; i < COUNT(row->matched) && row->matched[i]; i++) {
        const char *pattern = matching(&policy, pool, row->matched[i]);

        CHECK(pattern, "%s: %s", row->what, row->matched[i]);
        CHECK(!pattern || strstr(row->pattern, pattern), "%s: %s",
              row->what, pattern);
    }
    for (i = 0; i < COUNT(row->passed_by) && row->passed_by[i]; i++) {
        CHECK(!matching(&policy, pool, row->passed_by[i]), "%s: %s",
              row->what, shown(pool, row->passed_by[i],
                               strlen(row->passed_by[i])));
    }
}

static void test_accepted(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(accepted); i++) {
        check_pattern(*state, &accepted[i]);
    }
}

static void test_embedded_nul(void **state)
{
    static const char text[] = "https://app.example\0.evil.com";
    cors_policy_t policy;
    const cors_origin_entry_t *entry;
    size_t len = sizeof(text) - 1;

    assert_null(compile(&policy, *state, "https://app.example "
                        "https://app.example:* https://*.evil.com"));
    for (; len > strlen(text); len--) {
        CHECK(!cors_origin_set_match(policy.origins,
                                     exact(*state, text, len), len, &entry),
              "%lu", (unsigned long)len);
    }
    CHECK(cors_origin_set_match(policy.origins, exact(*state, text, len),
                                len, &entry), "%lu", (unsigned long)len);
}

/* A set of a keyword matches nothing. */
static void test_keywords(void **state)
{
    static const char *const origins[] = { "*", "none", "null", "",
                                           "https://app.example" };
    cors_policy_t any;
    cors_policy_t none;
    size_t i;

    assert_null(compile(&any, *state, "*"));
    assert_null(compile(&none, *state, "none"));
    for (i = 0; i < COUNT(origins); i++) {
        CHECK(!matching(&any, *state, origins[i]), "%s", origins[i]);
        CHECK(!matching(&none, *state, origins[i]), "%s", origins[i]);
    }
}

/* ------------------------------------------------------------------------
 * Entries
 */

static void test_entries(void **state)
{
    static const struct {
        const char *pattern;
        const char *origin;
        int is_insecure;
        int is_public_suffix;
        int is_null;
    } rows[] = {
        { "https://a.example", "https://a.example", 0, 0, 0 },
        { "http://a.example", "http://a.example", 1, 0, 0 },
        { "http://a.example:*", "http://a.example:1", 1, 0, 0 },
        { "http://*.a.example", "http://b.a.example", 1, 0, 0 },
        { "http://localhost", "http://localhost", 0, 0, 0 },
        { "http://localhost:*", "http://localhost:1", 0, 0, 0 },
        { "http://a.localhost", "http://a.localhost", 0, 0, 0 },
        { "http://*.a.localhost", "http://b.a.localhost", 0, 0, 0 },
        { "http://alocalhost", "http://alocalhost", 1, 0, 0 },
        { "http://127.0.0.1", "http://127.0.0.1", 0, 0, 0 },
        { "http://127.9.9.9:*", "http://127.9.9.9:1", 0, 0, 0 },
        { "http://128.0.0.1", "http://128.0.0.1", 1, 0, 0 },
        { "http://[::1]", "http://[::1]", 0, 0, 0 },
        { "http://[::2]", "http://[::2]", 1, 0, 0 },
        { "https://*.com", "https://a.com", 0, 1, 0 },
        { "https://*.com:*", "https://a.com:1", 0, 1, 0 },
        { "https://*.com:8443", "https://a.com:8443", 0, 1, 0 },
        { "https://*.com.", "https://a.com.", 0, 1, 0 },
        { "http://*.com", "http://a.com", 1, 1, 0 },
        { "https://*.a.com", "https://b.a.com", 0, 0, 0 },
        { "https://com", "https://com", 0, 0, 0 },
        { "https://com:*", "https://com:1", 0, 0, 0 },
        { "null", "null", 0, 0, 1 },
        { "https://null", "https://null", 0, 0, 0 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_origin_entry_t *entry = NULL;
        cors_policy_t policy;

        assert_null(compile(&policy, *state, rows[i].pattern));
        if (!cors_origin_set_match(policy.origins, rows[i].origin,
                                   strlen(rows[i].origin), &entry)) {
            CHECK(!"matched", "%s", rows[i].pattern);
            continue;
        }
        CHECK(same_text(entry->pattern, rows[i].pattern), "%s",
              rows[i].pattern);
        CHECK(entry->is_insecure == rows[i].is_insecure, "%s",
              rows[i].pattern);
        CHECK(entry->is_public_suffix == rows[i].is_public_suffix, "%s",
              rows[i].pattern);
        CHECK(entry->is_null == rows[i].is_null, "%s", rows[i].pattern);
        CHECK(entry->is_regex == 0, "%s", rows[i].pattern);
    }
}

/* A narrow pattern answers before a wide one, in any order: a wildcard that
 * is refused with credentials must not take its neighbours along. */
static void test_narrow_first(void **state)
{
    static const struct {
        const char *patterns;
        const char *origin;
        const char *entry;
    } rows[] = {
        { "https://*.com https://a.com", "https://a.com", "https://a.com" },
        { "https://a.com https://*.com", "https://a.com", "https://a.com" },
        { "https://*.com https://a.com:*", "https://a.com",
          "https://a.com:*" },
        { "https://*.com:* https://a.com:*", "https://a.com:1",
          "https://a.com:*" },
        { "https://*.com https://*.a.com", "https://b.a.com",
          "https://*.a.com" },
        { "https://*.a.com https://*.com", "https://b.a.com",
          "https://*.a.com" },
        { "https://*.com:* https://*.a.com", "https://b.a.com",
          "https://*.a.com" },
        { "https://*.com https://*.a.com:*", "https://b.a.com",
          "https://*.a.com:*" },
        { "https://*.com https://*.b.a.com https://*.a.com",
          "https://c.b.a.com", "https://*.b.a.com" },
        { "https://*.com https://*.a.com", "https://b.com",
          "https://*.com" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t policy;

        assert_null(compile(&policy, *state, rows[i].patterns));
        CHECK(same_text(matching(&policy, *state, rows[i].origin),
                        rows[i].entry), "%s", rows[i].patterns);
    }
}

/* ------------------------------------------------------------------------
 * Refused patterns
 */

typedef struct refused_row_t {
    const char *what;
    const char *lines;
    const char *offender;        /* the word that is quoted; NULL for lines */
} refused_row_t;

static const refused_row_t refused[] = {
    { "slash", "https://app.example/", NULL },
    { "path", "https://app.example/x", NULL },
    { "query", "https://app.example?", NULL },
    { "fragment", "https://app.example#", NULL },
    { "semicolon", "https://app.example;", NULL },
    { "comma", "https://app.example,https://b.example", NULL },
    { "comma last", "https://app.example,", NULL },
    { "user", "https://u@app.example", NULL },
    { "user and password", "https://u:p@app.example", NULL },
    { "no scheme", "app.example", NULL },
    { "no scheme but a port", "app.example:8443", NULL },
    { "no scheme but slashes", "//app.example", NULL },
    { "empty scheme", "://app.example", NULL },
    { "any scheme", "*://app.example", NULL },
    { "scheme with a wildcard", "http*://app.example", NULL },
    { "scheme alone", "https:", NULL },
    { "one slash", "https:/app.example", NULL },
    { "three slashes", "https:///app.example", NULL },
    { "no host", "https://", NULL },
    { "no host but a port", "https://:8443", NULL },
    { "scheme in capitals", "HTTPS://app.example", NULL },
    { "scheme with a capital", "Http://app.example", NULL },
    { "scheme with a digit first", "1https://app.example", NULL },
    { "scheme with an underscore", "my_app://localhost", NULL },
    { "host in capitals", "https://App.example", NULL },
    { "host in capitals, wildcard", "https://*.Example.com", NULL },
    { "UTF-8", "https://m\xc3\xbcnster.example", NULL },
    { "Latin-1", "https://m\xfcnster.example", NULL },
    { "percent", "https://b%C3%BCcher.example", NULL },
    { "control byte", "https://app\x01.example", NULL },
    { "line end", "https://app.example\r", NULL },
    { "tab", "https://app\t.example", NULL },
    { "DEL", "https://app.example\x7f", NULL },
    { "backslash", "https://app.example\\", NULL },
    { "quote", "https://\"app.example\"", NULL },
    { "C-80 default port of https", "https://app.example:443", NULL },
    { "C-80 default port of http", "http://app.example:80", NULL },
    { "default port of an address", "http://127.0.0.1:80", NULL },
    { "default port of an IPv6 address", "https://[::1]:443", NULL },
    { "default port after a wildcard", "https://*.example.com:443", NULL },
    { "no port after the colon", "https://app.example:", NULL },
    { "port 0", "https://app.example:0", NULL },
    { "port 65536", "https://app.example:65536", NULL },
    { "port 65979", "https://app.example:65979", NULL },
    { "port of six digits", "https://app.example:655350", NULL },
    { "port that overflows", "https://app.example:18446744073709551617",
      NULL },
    { "leading zero", "https://app.example:08443", NULL },
    { "signed port", "https://app.example:-1", NULL },
    { "port and junk", "https://app.example:8443x", NULL },
    { "port prefix", "https://app.example:8*", NULL },
    { "two stars for a port", "https://app.example:**", NULL },
    { "port and any port", "https://app.example:1:*", NULL },
    { "any port and a port", "https://app.example:*:1", NULL },
    { "any port and a slash", "https://app.example:*/", NULL },
    { "any host", "https://*", NULL },
    { "any host and port", "https://*:8443", NULL },
    { "any host, any port", "https://*:*", NULL },
    { "star and dot", "https://*.", NULL },
    { "star and dot and port", "https://*.:8443", NULL },
    { "star and two dots", "https://*..example.com", NULL },
    { "star without dot", "https://*example.com", NULL },
    { "star in a label", "https://a*.example.com", NULL },
    { "star in the middle", "https://a.*.example.com", NULL },
    { "star last", "https://example.*", NULL },
    { "two stars", "https://*.*.example.com", NULL },
    { "double star", "https://**.example.com", NULL },
    { "dot first", "https://.example.com", NULL },
    { "empty label", "https://a..example", NULL },
    { "two final dots", "https://a.example..", NULL },
    { "hyphen first", "https://-a.example", NULL },
    { "hyphen last", "https://a-.example", NULL },
    { "hyphen after a wildcard", "https://*.-a.example", NULL },
    { "label of 64", "https://" L64 ".example", NULL },
    { "host of 254", "https://" HOST_252 "xy", NULL },
    { "host of 254 after a wildcard", "https://*." HOST_252 "xy", NULL },
    { "IPv4 of three numbers", "http://127.0.1", NULL },
    { "IPv4 leading zero", "http://127.0.0.01", NULL },
    { "IPv4 256", "http://127.0.0.256", NULL },
    { "IPv4 final dot", "http://127.0.0.1.", NULL },
    { "IPv4 in hex", "http://0x7f000001", NULL },
    { "IPv4 as a number", "http://2130706433", NULL },
    { "name that ends in a number", "http://example.1", NULL },
    { "wildcard of an IPv4 address", "http://*.127.0.0.1", NULL },
    { "wildcard in an IPv4 address", "http://*.0.0.1", NULL },
    { "wildcard of a number", "http://*.1", NULL },
    { "wildcard of an IPv6 address", "http://*.[::1]", NULL },
    { "IPv6 without brackets", "http://::1", NULL },
    { "IPv6 without brackets, port", "http://2001:db8::1:3000", NULL },
    { "IPv6 not compressed", "http://[0:0:0:0:0:0:0:1]", NULL },
    { "IPv6 capitals", "http://[2001:DB8::1]", NULL },
    { "IPv6 dotted", "http://[::ffff:127.0.0.1]", NULL },
    { "IPv6 zone", "http://[fe80::1%25eth0]", NULL },
    { "IPv6 open", "http://[::1", NULL },
    { "IPv6 text after", "http://[::1]x", NULL },
    { "IPv6 empty", "http://[]", NULL },
    { "null in capitals", "NULL", NULL },
    { "null in quotes", "\"null\"", NULL },
    { "file and a slash", "file:///", NULL },
    { "file with a path", "file:///index.html", NULL },
    { "file with a host", "file://localhost", NULL },
    { "file and any", "file://*", NULL },
    { "data", "data:", NULL },
    { "about", "about:blank", NULL },
    { "custom scheme without host", "app://", NULL },
    { "custom scheme and any host", "chrome-extension://*", NULL },
    { "custom scheme and a wildcard", "app://*.example.com", NULL },
    { "custom scheme and any port", "capacitor://localhost:*", NULL },
    { "custom scheme and a slash", "chrome-extension://abc/", NULL },
    { "custom scheme in capitals", "CHROME-extension://abc", NULL },
    { "custom scheme, blank control byte", "app://a\x01", NULL },
    { "custom scheme, not ASCII", "app://\xc3\xbc", NULL },
    { "regular expression", "https://(a|b).example.com", NULL },
    { "empty word", "https://a.example ", "" },
    { "empty word first", " https://a.example", "" },
    { "second word", "https://a.example https://b.example/ https://c.d",
      "https://b.example/" },
    { "second line", "https://a.example\nhttps://B.example\nhttps://c.d",
      "https://B.example" },
    { "pattern, then *", "https://a.example *", "*" },
    { "*, then pattern", "* https://a.example", "https://a.example" },
    { "pattern, then none", "https://a.example none", "none" },
    { "none, then pattern", "none https://a.example", "https://a.example" },
    { "wildcard, then *", "https://*.a.example *", "*" },
    { "any port, then none", "https://a.example:* none", "none" },
    { "null, then *", "null *", "*" },
    { "*, then null", "* null", "null" },
    { "* and none", "* none", "none" },
    { "none and *", "none *", "*" },
    { "* on the next line", "https://a.example\n*", "*" },
    { "none on the next line", "https://a.example\nnone", "none" },
    { "pattern on the line after *", "*\nhttps://a.example",
      "https://a.example" },
    { "pattern on the line after none", "none\nhttps://a.example",
      "https://a.example" },
    { "none on the line after *", "*\nnone", "none" },
};

static void check_message(apr_pool_t *pool, const char *what,
                          const char *message, const char *word)
{
    const char *quote;

    if (!message) {
        CHECK(message, "%s: a message", what);
        return;
    }
    quote = strlen(word) > CORS_MAX_QUOTE
            ? apr_psprintf(pool, "\"%.*s...\": ", CORS_MAX_QUOTE, word)
            : apr_psprintf(pool, "\"%s\": ", word);
    CHECK(strncmp(message, quote, strlen(quote)) == 0, "%s: %s", what,
          message);
    CHECK(strlen(message) < 2 * CORS_MAX_QUOTE + 400, "%s: %s", what,
          message);
}

static void test_refused(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(refused); i++) {
        const refused_row_t *row = &refused[i];
        cors_policy_t policy;

        check_message(*state, row->what,
                      compile(&policy, *state, row->lines),
                      row->offender ? row->offender : row->lines);
    }
}

/* Every byte that no pattern may hold. */
static void test_refused_bytes(void **state)
{
    int byte;

    for (byte = 1; byte < 256; byte++) {
        char word[] = "https://a.exam?ple.com";
        char *argv[1];
        cors_policy_t policy;
        const char *message;
        int is_fine = islower(byte) || isdigit(byte)
                      || memchr("-._", byte, 3) != NULL;

        word[strcspn(word, "?")] = (char)byte;
        argv[0] = word;
        memset(&policy, 0, sizeof(policy));
        message = add_words("CORSAllowOrigin", &policy, *state, 1, argv);
        if (is_fine) {
            CHECK(!message, "0x%02x: %s", (unsigned int)byte, message);
        }
        else {
            check_message(*state, "byte", message, word);
        }
    }
}

/* Long values are cut: no byte after the hundredth is quoted. */
static void test_refused_long(void **state)
{
    static const size_t lens[] = { 100, 101, 300, 7000 };
    size_t i;

    for (i = 0; i < COUNT(lens); i++) {
        char *word = apr_pcalloc(*state, lens[i] + 1);
        char *first = apr_pcalloc(*state, 102);
        const char *message;
        cors_policy_t policy;

        memset(word, 'q', lens[i]);
        memcpy(word, "app://", 6);
        word[CORS_MAX_QUOTE - 1] = '/';
        memcpy(first, word, CORS_MAX_QUOTE);
        message = compile(&policy, *state, word);
        check_message(*state, "long", message, word);
        CHECK(message && strstr(message, first), "%s", or_null(message));
        first[CORS_MAX_QUOTE] = 'q';
        CHECK(message && !strstr(message, first), "%s", or_null(message));
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_accepted),
    TEST(test_embedded_nul),
    TEST(test_keywords),
    TEST(test_entries),
    TEST(test_narrow_first),
    TEST(test_refused),
    TEST(test_refused_bytes),
    TEST(test_refused_long),
};

RUN(tests)
