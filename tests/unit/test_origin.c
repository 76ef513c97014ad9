/* SPDX-License-Identifier: Apache-2.0 */

/* Serialized origins: cors_origin_parse, cors_origin_is_insecure. */

#include "model.h"

#define L10 "abcdefghij"
#define L60 L10 L10 L10 L10 L10 L10
#define L63 L60 "abc"
#define L64 L63 "d"
#define DOTTED_192 L63 "." L63 "." L63 "."
#define HOST_252 DOTTED_192 L60
#define HOST_253 HOST_252 "x"
#define HOST_254 HOST_252 "xy"

static int parse(apr_pool_t *pool, cors_origin_t *origin, const char *text,
                 size_t len)
{
    return cors_origin_parse(origin, exact(pool, text, len), len);
}

/* ------------------------------------------------------------------------
 * What is an origin, and its parts
 */

typedef struct accepted_t {
    const char *what;
    const char *text;
    const char *scheme;
    const char *host;
    int is_name;
    unsigned int port;
} accepted_t;

static const accepted_t accepted[] = {
    { "https", "https://app.example", "https", "app.example", 1, 0 },
    { "http", "http://app.example", "http", "app.example", 1, 0 },
    { "shortest", "a://b", "a", "b", 0, 0 },
    { "one label", "http://localhost", "http", "localhost", 1, 0 },
    { "port", "https://app.example:8443", "https", "app.example", 1, 8443 },
    { "port 1", "https://a.example:1", "https", "a.example", 1, 1 },
    { "port 65535", "https://a.example:65535", "https", "a.example", 1,
      65535 },
    { "port 60000", "https://a.example:60000", "https", "a.example", 1,
      60000 },
    { "port of the other scheme: http 443", "http://a.example:443", "http",
      "a.example", 1, 443 },
    { "port of the other scheme: https 80", "https://a.example:80", "https",
      "a.example", 1, 80 },
    { "longer than the default: http 8", "http://a.example:8", "http",
      "a.example", 1, 8 },
    { "longer than the default: http 800", "http://a.example:800", "http",
      "a.example", 1, 800 },
    { "longer than the default: https 4430", "https://a.example:4430",
      "https", "a.example", 1, 4430 },
    { "default port, longer scheme", "httpsx://a.example:443", "httpsx",
      "a.example:443", 0, 0 },
    { "default port, shorter scheme", "htt://a.example:80", "htt",
      "a.example:80", 0, 0 },
    { "scheme of an extension", "chrome-extension://abcdefghijklmnop",
      "chrome-extension", "abcdefghijklmnop", 0, 0 },
    { "scheme with all bytes", "a+b-c.9://localhost", "a+b-c.9",
      "localhost", 0, 0 },
    { "extension, upper case", "safari-web-extension://9A5B3C2D-0000",
      "safari-web-extension", "9A5B3C2D-0000", 0, 0 },
    { "a dot for a host", "app://.", "app", ".", 0, 0 },
    { "punctuation for a host", "app://a_b;c!(d):x", "app", "a_b;c!(d):x", 0,
      0 },
    { "file", "file://", "file", "", 0, 0 },
    { "longer than file", "filesystem://localhost", "filesystem",
      "localhost", 0, 0 },
    { "longer than ws", "wsx://a", "wsx", "a", 0, 0 },
    { "punycode", "https://xn--bcher-kva.example", "https",
      "xn--bcher-kva.example", 1, 0 },
    { "underscore inside", "https://a_b.example.com", "https",
      "a_b.example.com", 1, 0 },
    { "final dot", "https://app.example.", "https", "app.example.", 1, 0 },
    { "final dot and port", "https://app.example.:8443", "https",
      "app.example.", 1, 8443 },
    { "hyphen inside", "https://a-b.example", "https", "a-b.example", 1, 0 },
    { "two hyphens", "https://a--b.example", "https", "a--b.example", 1, 0 },
    { "one-byte labels", "https://a.b.c.d", "https", "a.b.c.d", 1, 0 },
    { "digits first", "https://1a.example", "https", "1a.example", 1, 0 },
    { "digits before a name", "https://127.0.0.1.example", "https",
      "127.0.0.1.example", 1, 0 },
    { "digits, then a letter, last", "https://example.1a", "https",
      "example.1a", 1, 0 },
    { "0x and no hex digit, last", "https://example.0xg", "https",
      "example.0xg", 1, 0 },
    { "hex without 0x, last", "https://example.a1", "https", "example.a1", 1,
      0 },
    { "x1, last", "https://example.x1", "https", "example.x1", 1, 0 },
    { "00x1, last", "https://example.00x1", "https", "example.00x1", 1, 0 },
    { "hex before the last", "https://0x1.example", "https", "0x1.example",
      1, 0 },
    { "label of 63", "https://" L63 ".example", "https", L63 ".example", 1,
      0 },
    { "only label of 63", "https://" L63, "https", L63, 1, 0 },
    { "label of 63, port", "https://" L63 ":1", "https", L63, 1, 1 },
    { "label of 63, final dot", "https://" L63 ".", "https", L63 ".", 1, 0 },
    { "host of 253", "https://" HOST_253, "https", HOST_253, 1, 0 },
    { "host of 253 and a port", "https://" HOST_253 ":65535", "https",
      HOST_253, 1, 65535 },
    { "host of 253 and a final dot", "https://" HOST_253 ".", "https",
      HOST_253 ".", 1, 0 },
    { "IPv4", "http://127.0.0.1", "http", "127.0.0.1", 0, 0 },
    { "IPv4 and port", "http://127.0.0.1:8080", "http", "127.0.0.1", 0,
      8080 },
    { "IPv4 least", "http://0.0.0.0", "http", "0.0.0.0", 0, 0 },
    { "IPv4 greatest", "http://255.255.255.255", "http", "255.255.255.255",
      0, 0 },
    { "IPv4 249", "http://249.200.199.100", "http", "249.200.199.100", 0,
      0 },
    { "IPv6 loopback", "http://[::1]:3000", "http", "[::1]", 0, 3000 },
    { "IPv6 without port", "http://[::1]", "http", "[::1]", 0, 0 },
    { "IPv6 unspecified", "http://[::]", "http", "[::]", 0, 0 },
    { "IPv6 full", "http://[1:2:3:4:5:6:7:8]", "http", "[1:2:3:4:5:6:7:8]",
      0, 0 },
    { "IPv6 longest",
      "http://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]:65535", "http",
      "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]", 0, 65535 },
    { "IPv6 run in the middle", "http://[2001:db8::1]", "http",
      "[2001:db8::1]", 0, 0 },
    { "IPv6 run at the end", "http://[2001:db8::]", "http", "[2001:db8::]",
      0, 0 },
    { "IPv6 run of one", "http://[1:0:3:4:5:6:7:8]", "http",
      "[1:0:3:4:5:6:7:8]", 0, 0 },
    { "IPv6 runs of one at both ends", "http://[0:2:3:4:5:6:7:0]", "http",
      "[0:2:3:4:5:6:7:0]", 0, 0 },
    { "IPv6 run of two", "http://[1::4:5:6:7:8]", "http", "[1::4:5:6:7:8]",
      0, 0 },
    { "IPv6 first of equal runs", "http://[1::4:0:0:7:8]", "http",
      "[1::4:0:0:7:8]", 0, 0 },
    { "IPv6 longer run second", "http://[1:0:0:4::8]", "http",
      "[1:0:0:4::8]", 0, 0 },
    { "IPv6 longer run first", "http://[1::5:0:0:8]", "http",
      "[1::5:0:0:8]", 0, 0 },
    { "IPv6 runs of one and of two", "http://[0:2::5:0:7:8]", "http",
      "[0:2::5:0:7:8]", 0, 0 },
    { "IPv6 mapped IPv4, in hex", "http://[::ffff:7f00:1]", "http",
      "[::ffff:7f00:1]", 0, 0 },
};

static void check_accepted(apr_pool_t *pool, const accepted_t *row)
{
    cors_origin_t origin;
    size_t len = strlen(row->text);
    const char *text = exact(pool, row->text, len);
    size_t scheme_len = strlen(row->scheme);

    memset(&origin, 0xa5, sizeof(origin));
    if (!cors_origin_parse(&origin, text, len)) {
        CHECK(!"accepted", "%s: %s", row->what, row->text);
        return;
    }
    CHECK(model_is_origin(text, len), "the model: %s", row->what);
    CHECK(origin.text == text, "%s", row->what);
    CHECK(origin.len == len, "%s", row->what);
    CHECK(origin.scheme_len == scheme_len, "%s", row->what);
    CHECK(origin.host == text + scheme_len + 3, "%s", row->what);
    CHECK(origin.host_len == strlen(row->host), "%s: %lu", row->what,
          (unsigned long)origin.host_len);
    CHECK(origin.host_is_name == row->is_name, "%s", row->what);
    CHECK(origin.has_port == (row->port != 0), "%s", row->what);
    CHECK(origin.port == row->port, "%s: %u", row->what, origin.port);
}

static void test_accepted(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(accepted); i++) {
        check_accepted(*state, &accepted[i]);
    }
}

typedef struct refused_t {
    const char *what;
    const char *text;
} refused_t;

static const refused_t refused[] = {
    { "empty", "" },
    { "null", "null" },
    { "null in capitals", "NULL" },
    { "scheme null", "null://" },
    { "star", "*" },
    { "no scheme", "://app.example" },
    { "no scheme, no colon", "//app.example" },
    { "no scheme, no slashes", "app.example" },
    { "scheme alone", "https" },
    { "scheme and colon", "https:" },
    { "one slash", "https:/" },
    { "no host", "https://" },
    { "no host but a port", "https://:8443" },
    { "one slash before the host", "https:/app.example" },
    { "no slash before the host", "https:app.example" },
    { "three slashes", "https:///app.example" },
    { "backslashes", "https:\\\\app.example" },
    { "scheme in capitals", "HTTPS://app.example" },
    { "scheme with one capital", "httpS://app.example" },
    { "scheme starts with a digit", "1a://app.example" },
    { "scheme starts with +", "+a://app.example" },
    { "scheme starts with -", "-a://app.example" },
    { "scheme starts with .", ".a://app.example" },
    { "scheme with underscore", "a_b://app.example" },
    { "file and a path", "file:///srv/app.html" },
    { "file and a host", "file://localhost" },
    { "custom scheme, no host", "app://" },
    { "custom scheme, slash", "app://a/" },
    { "custom scheme, wildcard", "app://*" },
    { "custom scheme, blank", "app://a b" },
    { "custom scheme, comma", "app://a,app://b" },
    { "custom scheme, UTF-8", "app://m\xc3\xbcnster" },
    { "custom scheme in capitals", "APP://a" },
    { "ws", "ws://app.example" },
    { "wss", "wss://app.example" },
    { "data", "data://x" },
    { "blob", "blob://x" },
    { "about", "about://blank" },
    { "javascript", "javascript://x" },
    { "blank before", " https://app.example" },
    { "blank after", "https://app.example " },
    { "tab after", "https://app.example\t" },
    { "line feed after", "https://app.example\n" },
    { "host in capitals", "https://APP.example" },
    { "host with one capital", "https://app.examplE" },
    { "slash after", "https://app.example/" },
    { "path", "https://app.example/x" },
    { "query", "https://app.example?" },
    { "fragment", "https://app.example#" },
    { "semicolon", "https://app.example;" },
    { "comma", "https://app.example,https://evil.com" },
    { "list", "https://app.example https://evil.com" },
    { "user", "https://u@app.example" },
    { "user and password", "https://u:p@app.example" },
    { "user that looks like a host", "https://app.example@evil.com" },
    { "port that looks like a password", "https://evil.com:1@app.example" },
    { "percent", "https://b%C3%BCcher.example" },
    { "UTF-8", "https://m\xc3\xbcnster.example" },
    { "Latin-1", "https://m\xfcnster.example" },
    { "punycode in capitals", "https://XN--BCHER-KVA.example" },
    { "wildcard", "https://*.example" },
    { "dot first", "https://.example" },
    { "dots", "https://a..example" },
    { "two final dots", "https://a.example.." },
    { "dot alone", "https://." },
    { "hyphen alone", "https://-.example" },
    { "hyphen first", "https://-a.example" },
    { "hyphen last in a label", "https://a-.example" },
    { "hyphen last", "https://a.example-" },
    { "hyphen last before a port", "https://a.example-:1" },
    { "hyphen last before the final dot", "https://a.example-." },
    { "label of 64", "https://" L64 ".example" },
    { "last label of 64", "https://a." L64 },
    { "last label of 64, port", "https://a." L64 ":1" },
    { "last label of 64, final dot", "https://a." L64 "." },
    { "host of 254", "https://" HOST_254 },
    { "host of 254 and a port", "https://" HOST_254 ":1" },
    { "host of 254 and a final dot", "https://" HOST_254 "." },
    { "colon without port", "https://app.example:" },
    { "port 0", "https://app.example:0" },
    { "port 00", "https://app.example:00" },
    { "port 65536", "https://app.example:65536" },
    { "port 65979, which is 443 modulo 65536", "https://app.example:65979" },
    { "port 70000", "https://app.example:70000" },
    { "port 99999", "https://app.example:99999" },
    { "port of six digits", "https://app.example:655350" },
    { "port 4294967297", "https://app.example:4294967297" },
    { "port 18446744073709551617",
      "https://app.example:18446744073709551617" },
    { "leading zero", "https://app.example:08443" },
    { "leading zero, five digits", "https://app.example:00001" },
    { "leading zero, six digits", "https://app.example:000001" },
    { "signed port", "https://app.example:+8443" },
    { "negative port", "https://app.example:-1" },
    { "port in hex", "https://app.example:0x1" },
    { "port any", "https://app.example:any" },
    { "port star", "https://app.example:*" },
    { "port and a blank", "https://app.example:8443 " },
    { "port and a slash", "https://app.example:8443/" },
    { "port and a dot", "https://app.example:8443." },
    { "two ports", "https://app.example:1:2" },
    { "port and a user", "https://app.example:8443@evil.com" },
    { "default port of https", "https://app.example:443" },
    { "default port of http", "http://app.example:80" },
    { "default port and an address", "http://127.0.0.1:80" },
    { "default port and an IPv6 address", "https://[::1]:443" },
    { "default port after a final dot", "https://app.example.:443" },
    { "default port with a leading zero", "https://app.example:0443" },
    { "IPv4 of three numbers", "http://127.0.1" },
    { "IPv4 of two numbers", "http://127.1:8080" },
    { "IPv4 of one number", "http://2130706433:8080" },
    { "IPv4 of five numbers", "http://127.0.0.0.1" },
    { "IPv4 256 first", "http://256.0.0.1" },
    { "IPv4 256 last", "http://127.0.0.256" },
    { "IPv4 260", "http://127.0.0.260" },
    { "IPv4 300", "http://127.0.0.300" },
    { "IPv4 1000", "http://127.0.0.1000" },
    { "IPv4 leading zero", "http://127.0.0.01:8080" },
    { "IPv4 leading zero first", "http://0127.0.0.1" },
    { "IPv4 00", "http://127.00.0.1" },
    { "IPv4 empty number", "http://127..0.1" },
    { "IPv4 final dot", "http://127.0.0.1.:8080" },
    { "IPv4 in hex", "http://0x7f000001:8080" },
    { "IPv4 with a hex number", "http://127.0.0.0x1" },
    { "IPv4 with 0x alone", "http://127.0.0.0x" },
    { "last label 0x", "http://example.0x" },
    { "last label 0x and a final dot", "http://example.0x." },
    { "last label 0xff", "http://example.0xff" },
    { "last label a number", "http://example.1" },
    { "last label a number, final dot", "http://example.1." },
    { "last label 09", "http://example.09" },
    { "last label long number", "http://example.12345678901234567890" },
    { "label 0x alone", "http://0x" },
    { "label number alone", "http://0" },
    { "four labels, the last a number", "http://a.b.c.4" },
    { "IPv6 without brackets", "http://::1:3000" },
    { "IPv6 open", "http://[::1:3000" },
    { "IPv6 open at the end", "http://[::1" },
    { "IPv6 bracket alone", "http://[" },
    { "IPv6 not opened", "http://::1]" },
    { "IPv6 empty", "http://[]" },
    { "IPv6 colon", "http://[:]" },
    { "IPv6 three colons", "http://[:::]" },
    { "IPv6 text after", "http://[::1]a" },
    { "IPv6 final dot", "http://[::1].:3000" },
    { "IPv6 leading zero in the port", "http://[::1]:03000" },
    { "IPv6 no port after the colon", "http://[::1]:" },
    { "IPv6 two brackets", "http://[[::1]]" },
    { "IPv6 loopback written out", "http://[0:0:0:0:0:0:0:1]:3000" },
    { "IPv6 leading zeros", "http://[::0001]:3000" },
    { "IPv6 one leading zero", "http://[::01]" },
    { "IPv6 zone", "http://[::1%25lo]:3000" },
    { "IPv6 bare zone", "http://[::1%lo]" },
    { "IPv6 dotted tail", "http://[::ffff:127.0.0.1]:8080" },
    { "IPv6 dotted tail, compatible", "http://[::127.0.0.1]" },
    { "IPv6 capitals", "http://[2001:DB8::1]" },
    { "IPv6 not hex", "http://[::g]" },
    { "IPv6 five digits", "http://[::12345]" },
    { "IPv6 seven groups", "http://[1:2:3:4:5:6:7]" },
    { "IPv6 nine groups", "http://[1:2:3:4:5:6:7:8:9]" },
    { "IPv6 eight groups and ::", "http://[1:2:3:4::5:6:7:8]" },
    { "IPv6 :: for one group", "http://[1::3:4:5:6:7:8]" },
    { "IPv6 :: for one group, first", "http://[::2:3:4:5:6:7:8]" },
    { "IPv6 :: for one group, last", "http://[1:2:3:4:5:6:7::]" },
    { "IPv6 run of two not compressed", "http://[1:0:0:4:5:6:7:8]" },
    { "IPv6 two ::", "http://[1::4::8]" },
    { "IPv6 second of equal runs", "http://[1:0:0:4::7:8]" },
    { "IPv6 shorter run", "http://[1::4:0:0:0:8]" },
    { "IPv6 run longer than its ::", "http://[1:0::5:6:7:8]" },
    { "IPv6 zero after ::", "http://[1::0:5:6:7:8]" },
    { "IPv6 unspecified with a zero", "http://[::0]" },
    { "IPv6 unspecified with a zero first", "http://[0::]" },
    { "IPv6 colon first", "http://[:2:3:4:5:6:7:8]" },
    { "IPv6 colon last", "http://[1:2:3:4:5:6:7:]" },
    { "IPv6 colon after all groups", "http://[1:2:3:4:5:6:7:8:]" },
    { "IPv6 longer than any",
      "http://[ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffff]" },
    { "IPv6 future", "http://[v1.a]" },
};

static void check_refused(apr_pool_t *pool, const char *what,
                          const char *text, size_t len)
{
    cors_origin_t origin;
    cors_origin_t untouched;

    memset(&origin, 0xa5, sizeof(origin));
    memset(&untouched, 0xa5, sizeof(untouched));
    CHECK(!parse(pool, &origin, text, len), "%s: %s", what,
          shown(pool, text, len));
    CHECK(same_bytes(&origin, &untouched, sizeof(origin)), "%s", what);
    CHECK(!model_is_origin(text, len), "the model: %s", what);
}

static void test_refused(void **state)
{
    static const char nul_last[] = "https://app.example";
    static const char nul_inside[] = "https://app.example\0.evil.com";
    static const char nul_in_scheme[] = "htt\0ps://app.example";
    static const char nul_in_port[] = "https://app.example:8\0";
    size_t i;

    for (i = 0; i < COUNT(refused); i++) {
        check_refused(*state, refused[i].what, refused[i].text,
                      strlen(refused[i].text));
    }
    check_refused(*state, "NUL last", nul_last, sizeof(nul_last));
    check_refused(*state, "NUL inside", nul_inside, sizeof(nul_inside) - 1);
    check_refused(*state, "NUL in the scheme", nul_in_scheme,
                  sizeof(nul_in_scheme) - 1);
    check_refused(*state, "NUL in the port", nul_in_port,
                  sizeof(nul_in_port) - 1);
}

static void test_long(void **state)
{
    static const char *const fillers[] = { "a", "a.", "1", "0:", "-", "[",
                                           "://", "%", "\xff" };
    char text[8000];
    size_t i;

    for (i = 0; i < COUNT(fillers); i++) {
        size_t len = strlen(fillers[i]);
        size_t at = 8;

        memcpy(text, "https://", 8);
        while (at + len <= sizeof(text)) {
            memcpy(text + at, fillers[i], len);
            at += len;
        }
        check_refused(*state, "C-26 8000 bytes", text, at);
    }
}

/* ------------------------------------------------------------------------
 * Every byte at every place
 */

static const char *const templates[] = {
    "https://app-1.ex_ample.com:8443",
    "https://a.b",
    "https://a.b.",
    "http://127.0.0.1:8080",
    "http://255.255.255.255",
    "http://[2001:db8::a:0:9f]:3000",
    "http://[1:2:3:4:5:6:7:8]",
    "http://[::1]",
    "a+b-c.9://host",
    "http://example.0x1g",
    "http://a:80",
    "https://a:443",
    "https://a:65535",
};

static unsigned long sweeps;

static void compare_with_model(apr_pool_t *pool, const char *text,
                               size_t len)
{
    cors_origin_t origin;

    sweeps++;
    CHECK(parse(pool, &origin, text, len) == model_is_origin(text, len),
          "%s", shown(pool, text, len));
}

static void sweep_template(apr_pool_t *pool, const char *text)
{
    size_t len = strlen(text);
    char changed[80];
    size_t at;
    int byte;

    for (at = 0; at <= len; at++) {
        apr_pool_t *sub;

        apr_pool_create(&sub, pool);
        compare_with_model(sub, text, at);
        compare_with_model(sub, text + at, len - at);
        memcpy(changed, text, at);
        memcpy(changed + at, text + at + 1, len - at);
        if (at < len) {
            compare_with_model(sub, changed, len - 1);
        }
        for (byte = 0; byte < 256; byte++) {
            memcpy(changed, text, len);
            changed[at] = (char)byte;
            if (at < len) {
                compare_with_model(sub, changed, len);
            }
            memcpy(changed + at + 1, text + at, len - at);
            compare_with_model(sub, changed, len + 1);
        }
        apr_pool_destroy(sub);
    }
}

static void test_sweep(void **state)
{
    size_t i;

    sweeps = 0;
    for (i = 0; i < COUNT(templates); i++) {
        sweep_template(*state, templates[i]);
    }
    print_message("# byte sweep: %lu texts\n", sweeps);
}

/** Pieces that make near misses when they are put together at random. */
static void test_random_pieces(void **state)
{
    static const char *const pieces[] = {
        "a", "b1", "-", "_", ".", "..", ":", "/", "//", "://", "http",
        "https", "http://", "https://", "x://", "[", "]", "[::1]", "::",
        "1", "0", "01", "0x", "0x1f", "127.0.0.1", "256", "80", "443",
        "65535", "65536", "example.com", "A", "%", "@", "*", " ", "null",
        L63, L64,
    };
    const unsigned long cases = 200000;
    random_t random = random_start("origins of pieces", cases);
    unsigned long accepted_cases = 0;
    apr_pool_t *pool = *state;
    apr_pool_t *sub;
    unsigned long i;

    apr_pool_create(&sub, pool);
    for (i = 0; i < cases; i++) {
        unsigned int n = pick(&random, 7);
        char text[800] = "";
        cors_origin_t origin;

        if (pick(&random, 4)) {
            strcat(text, pick(&random, 2) ? "https://" : "http://");
        }
        while (n--) {
            strcat(text, PICK(&random, pieces));
        }
        compare_with_model(sub, text, strlen(text));
        accepted_cases += (unsigned long)cors_origin_parse(&origin, text,
                                                           strlen(text));
        if (i % 1000 == 0) {
            apr_pool_clear(sub);
        }
    }
    print_message("# %lu of them are origins\n", accepted_cases);
    assert_in_range(accepted_cases, cases / 100, cases / 2);
}

/* ------------------------------------------------------------------------
 * Addresses
 */

static void random_ipv6(random_t *random, unsigned char *bytes)
{
    int i;

    for (i = 0; i < 16; i += 2) {
        unsigned int group = pick(random, 65536);

        if (pick(random, 5) < 3) {
            group = 0;
        }
        else if (pick(random, 2)) {
            group >>= 4 * pick(random, 4);
        }
        bytes[i] = (unsigned char)(group >> 8);
        bytes[i + 1] = (unsigned char)group;
    }
    if (pick(random, 16) == 0) {
        memset(bytes, 0, 10);
        memset(bytes + 10, pick(random, 2) ? 0xff : 0, 2);
    }
}

/** Another text, often of the same address. */
static void change_ipv6(random_t *random, char *text)
{
    static const char put[] = "0:0:123fFg.%]";
    size_t len = strlen(text);
    size_t at = pick(random, (unsigned int)len + 1);
    char *pair;

    switch (pick(random, 4)) {
    case 0:
        memmove(text + at + 1, text + at, len - at + 1);
        text[at] = put[pick(random, sizeof(put) - 1)];
        break;
    case 1:
        if (at < len) {
            text[at] = put[pick(random, sizeof(put) - 1)];
        }
        break;
    case 2:
        if (at < len) {
            memmove(text + at, text + at + 1, len - at);
        }
        break;
    default:
        pair = strstr(text, "::");
        if (pair) {
            memmove(pair + 4, pair + 1, strlen(pair + 1) + 1);
            memcpy(pair, ":0::", 4);
        }
    }
}

static void expect_host(apr_pool_t *pool, const char *host, int expected)
{
    char text[128];
    cors_origin_t origin;
    int len = snprintf(text, sizeof(text), "https://[%s]:8443", host);

    CHECK(parse(pool, &origin, text, (size_t)len) == expected, "%s", text);
}

static void test_random_ipv6(void **state)
{
    const unsigned long cases = 100000;
    random_t random = random_start("IPv6 addresses", cases);
    apr_pool_t *pool = *state;
    apr_pool_t *sub;
    unsigned long i;

    apr_pool_create(&sub, pool);
    for (i = 0; i < cases; i++) {
        unsigned char bytes[16];
        char text[80];
        int changes;

        random_ipv6(&random, bytes);
        model_ipv6_text(text, sizeof(text), bytes);
        assert_true(model_is_ipv6(text));
        expect_host(sub, text, 1);
        for (changes = 0; changes < 3; changes++) {
            change_ipv6(&random, text);
            expect_host(sub, text, model_is_ipv6(text));
        }
        if (i % 1000 == 0) {
            apr_pool_clear(sub);
        }
    }
}

/** Every way to write or to compress which groups are zero. */
static void test_every_ipv6_shape(void **state)
{
    unsigned int zeros;

    for (zeros = 0; zeros < 256; zeros++) {
        int from;
        int to;

        for (from = 0; from <= 8; from++) {
            for (to = from; to <= 8; to++) {
                char text[64] = "";
                int i;

                for (i = 0; i < from; i++) {
                    strcat(text, i ? ":" : "");
                    strcat(text, zeros & 1u << i ? "0" : "f");
                }
                strcat(text, from == to ? (from && to < 8 ? ":" : "")
                                        : "::");
                for (i = to; i < 8; i++) {
                    strcat(text, i > to ? ":" : "");
                    strcat(text, zeros & 1u << i ? "0" : "f");
                }
                expect_host(*state, text, model_is_ipv6(text));
            }
        }
    }
}

static void test_random_ipv4(void **state)
{
    static const char *const numbers[] = {
        "0", "1", "9", "10", "99", "100", "199", "200", "249", "250", "255",
        "256", "260", "300", "999", "1000", "00", "01", "001", "a", "0x1",
        "", "127", "4294967296",
    };
    const unsigned long cases = 100000;
    random_t random = random_start("IPv4 addresses", cases);
    apr_pool_t *pool = *state;
    apr_pool_t *sub;
    unsigned long i;

    apr_pool_create(&sub, pool);
    for (i = 0; i < cases; i++) {
        char text[128] = "http://";
        unsigned int n = pick(&random, 8) ? 4 : 1 + pick(&random, 5);
        unsigned int range = pick(&random, 4) ? 11 : COUNT(numbers);

        while (n--) {
            strcat(text, numbers[pick(&random, range)]);
            strcat(text, n ? "." : "");
        }
        strcat(text, pick(&random, 2) ? ":8080" : "");
        compare_with_model(sub, text, strlen(text));
        if (i % 1000 == 0) {
            apr_pool_clear(sub);
        }
    }
}

static void test_every_port(void **state)
{
    static const char *const schemes[] = { "http", "https", "app" };
    apr_pool_t *pool = *state;
    apr_pool_t *sub;
    int port;
    size_t i;

    apr_pool_create(&sub, pool);
    for (port = 0; port <= 66000; port++) {
        for (i = 0; i < COUNT(schemes); i++) {
            char text[64];
            cors_origin_t origin;
            int is_default = (i == 0 && port == 80) || (i == 1 && port == 443);
            int len = sprintf(text, "%s://a.b:%d", schemes[i], port);
            int expected = i == 2
                           || (port >= 1 && port <= 65535 && !is_default);
            int got = parse(sub, &origin, text, (size_t)len);

            CHECK(got == expected, "%s", text);
            CHECK(!got || origin.port == (i < 2 ? (unsigned int)port : 0),
                  "%s", text);
        }
        if (port % 1000 == 0) {
            apr_pool_clear(sub);
        }
    }
}

/* ------------------------------------------------------------------------
 * Clear text
 */

static void test_clear_text(void **state)
{
    static const struct {
        const char *origin;
        int is_insecure;
    } rows[] = {
        { "https://app.example", 0 },
        { "https://app.example:8443", 0 },
        { "https://127.0.0.1", 0 },
        { "https://192.0.2.1", 0 },
        { "http://app.example", 1 },
        { "http://app.example:8080", 1 },
        { "httpx://app.example", 0 },
        { "httpsx://app.example", 0 },
        { "chrome-extension://abcdefghijklmnop", 0 },
        { "moz-extension://0f3c7fde-6f6a-4c53-8d3e-0d2c1c3f9b11", 0 },
        { "app://.", 0 },
        { "file://", 1 },
        { "filesystem://localhost", 0 },
        { "http://localhost.", 0 },
        { "http://localhost.:3000", 0 },
        { "http://foo.localhost.", 0 },
        { "http://foo.bar.localhost.:1", 0 },
        { "http://foolocalhost.", 1 },
        { "http://localhost.example.", 1 },
        { "http://expyuzz4wqqyqhjn.onion", 0 },
        { "http://a.expyuzz4wqqyqhjn.onion:8080", 0 },
        { "http://expyuzz4wqqyqhjn.onion.", 0 },
        { "http://exampleonion", 1 },
        { "http://example.onion.example", 1 },
        { "http://localhost", 0 },
        { "http://localhost:8080", 0 },
        { "http://a.localhost", 0 },
        { "http://a.b.localhost:1", 0 },
        { "capacitor://localhost", 0 },
        { "http://alocalhost", 1 },
        { "http://a-localhost", 1 },
        { "http://localhos", 1 },
        { "http://localhosts", 1 },
        { "http://ocalhost", 1 },
        { "http://localhost.example", 1 },
        { "http://localhost.localdomain", 1 },
        { "http://127.0.0.1", 0 },
        { "http://127.0.0.1:8080", 0 },
        { "http://127.0.0.0", 0 },
        { "http://127.255.255.255", 0 },
        { "http://126.255.255.255", 1 },
        { "http://128.0.0.1", 1 },
        { "http://12.7.0.1", 1 },
        { "http://10.0.0.1", 1 },
        { "http://0.0.0.0", 1 },
        { "http://1.127.0.1", 1 },
        { "http://127.0.0.1.example", 1 },
        { "http://127.example", 1 },
        { "http://[::1]", 0 },
        { "http://[::1]:3000", 0 },
        { "http://[::]", 1 },
        { "http://[::2]", 1 },
        { "http://[::11]", 1 },
        { "http://[::1:1]", 1 },
        { "http://[1::1]", 1 },
        { "http://[::ffff:7f00:1]", 1 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_origin_t origin;

        if (!parse(*state, &origin, rows[i].origin, strlen(rows[i].origin))) {
            CHECK(!"parsed", "%s", rows[i].origin);
            continue;
        }
        CHECK(cors_origin_is_insecure(&origin) == rows[i].is_insecure,
              "%s", rows[i].origin);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_accepted),
    TEST(test_refused),
    TEST(test_long),
    TEST(test_sweep),
    TEST(test_random_pieces),
    TEST(test_random_ipv6),
    TEST(test_every_ipv6_shape),
    TEST(test_random_ipv4),
    TEST(test_every_port),
    TEST(test_clear_text),
};

RUN(tests)
