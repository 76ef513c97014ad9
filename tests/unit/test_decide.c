/* SPDX-License-Identifier: Apache-2.0 */

/* cors_decide over policies and requests.  Each row is a test of its own and
 * compares the complete decision. */

#include "testing.h"

#define O "https://app.example"

#define X10 "xxxxxxxxxx"
#define X100 X10 X10 X10 X10 X10 X10 X10 X10 X10 X10
#define X1000 X100 X100 X100 X100 X100 X100 X100 X100 X100 X100
#define X4000 X1000 X1000 X1000 X1000

/* ------------------------------------------------------------------------
 * Policies (the first four are PROTOCOL.md's)
 */

#define PA_ORIGINS O " http://localhost:8080 http://[::1]:3000 " \
    "http://127.0.0.1:8080 https://xn--bcher-kva.example"

static const policy_text_t PA = {
    .origins = PA_ORIGINS,
    .has_credentials = 1,
    .methods = "GET HEAD POST PUT DELETE",
    .allow_headers = "content-type x-api-key authorization",
    .expose_headers = "X-Request-Id ETag",
    .max_age = "600",
};

static const policy_text_t PW = {
    .origins = "*",
    .methods = "PUT",
    .allow_headers = "content-type",
    .expose_headers = "X-Request-Id",
};

static const policy_text_t PS = {
    .origins = "https://*.example.com",
    .methods = "*",
    .allow_headers = "*",
};

static const policy_text_t PX = {
    .origins = PA_ORIGINS,
    .has_credentials = 1,
    .methods = "*",
    .allow_headers = "*",
    .expose_headers = "X-Request-Id ETag",
    .max_age = "600",
};

static const policy_text_t P0 = { .methods = "PUT", .max_age = "600" };

static const policy_text_t engine_off = { .origins = O, .is_off = 1 };

static const policy_text_t defaults = { .origins = O };

static const policy_text_t closed = {
    .origins = "none", .methods = "PUT", .allow_headers = "x-a",
    .expose_headers = "x-b", .has_credentials = 1, .max_age = "600",
    .has_timing = 1,
};

static const policy_text_t closed_and_unsafe = {
    .origins = "none", .has_credentials = 1, .expose_headers = "*",
};

static const policy_text_t closed_debug = {
    .origins = "none", .methods = "PUT", .has_debug = 1,
};

static const policy_text_t only_put = {
    .origins = O, .methods = "PUT", .allow_headers = "content-type",
};

static const policy_text_t patch = { .origins = O, .methods = "PATCH" };
static const policy_text_t lower_patch = { .origins = O,
                                           .methods = "patch" };
static const policy_text_t options = { .origins = O, .methods = "OPTIONS" };

static const policy_text_t status_200 = {
    .origins = O, .methods = "PUT", .preflight_status = "200",
    .max_age = "0",
};

static const policy_text_t status_200_debug = {
    .origins = O, .methods = "PUT", .preflight_status = "200",
    .has_debug = 1,
};

static const policy_text_t extension = {
    .origins = PA_ORIGINS " chrome-extension://abcdefghijklmnop",
    .has_credentials = 1,
};

static const policy_text_t with_null = { .origins = O " null" };

static const policy_text_t timing = { .origins = O, .has_timing = 1 };
static const policy_text_t timing_any = { .origins = "*",
                                          .has_timing = 1 };

#define LISTED O ",http://localhost:3000,https://c.example:8443,app://x"
static const policy_text_t timing_list = {
    .timing = "List",
    .origins = O " https://*.d.example http://localhost:3000 null "
               "https://c.example:8443 https://e.example:* app://x",
};
static const policy_text_t timing_list_wild = {
    .timing = "List", .origins = "https://*.d.example null",
};
static const policy_text_t timing_list_any = {
    .timing = "List", .origins = "*",
};
static const policy_text_t timing_list_unsafe = {
    .timing = "List", .has_credentials = 1,
    .origins = "http://clear.example " O " null",
};
static const policy_text_t timing_list_lifted = {
    .timing = "List", .has_credentials = 1, .dangers = "insecure-origins",
    .origins = "http://clear.example " O,
};
static const policy_text_t timing_list_closed = {
    .timing = "List", .origins = "none",
};
static const policy_text_t timing_star = { .timing = "*", .origins = O };
static const policy_text_t timing_star_closed = {
    .timing = "*", .origins = "none",
};
static const policy_text_t timing_star_off = {
    .timing = "*", .origins = O, .is_off = 1,
};

static const policy_text_t expose_all = { .origins = O,
                                          .expose_headers = "*" };
static const policy_text_t expose_none = { .origins = O,
                                           .expose_headers = "none" };

static const policy_text_t expose_all_with_credentials = {
    .origins = O, .has_credentials = 1, .expose_headers = "*",
};
static const policy_text_t expose_prefix = { .origins = O,
                                             .expose_headers = "X-A x-b-*" };

static const policy_text_t no_headers = { .origins = O,
                                          .allow_headers = "none" };

static const policy_text_t star_and_authorization = {
    .origins = O, .methods = "*", .allow_headers = "* authorization",
};

static const policy_text_t any_all = {
    .origins = "*", .methods = "*", .allow_headers = "*",
    .expose_headers = "*", .has_timing = 1, .max_age = "86400",
};

/* Unsafe ones. */

static const policy_text_t any_with_credentials = {
    .origins = "*", .has_credentials = 1, .expose_headers = "x-b",
    .has_timing = 1, .has_debug = 1,
    .dangers = "insecure-origins public-suffixes",
};


#define MIXED_ORIGINS O " null http://clear.example http://*.clear.example " \
    "https://*.com https://shop.com https://*.shop.com http://*.localhost"

static const policy_text_t mixed = { .origins = MIXED_ORIGINS,
                                     .has_credentials = 1 };
static const policy_text_t mixed_without_credentials = {
    .origins = MIXED_ORIGINS,
};
static const policy_text_t mixed_insecure = {
    .origins = MIXED_ORIGINS, .has_credentials = 1,
    .dangers = "insecure-origins",
};
static const policy_text_t mixed_suffixes = {
    .origins = MIXED_ORIGINS, .has_credentials = 1,
    .dangers = "public-suffixes",
};
static const policy_text_t mixed_both = {
    .origins = MIXED_ORIGINS, .has_credentials = 1,
    .dangers = "insecure-origins public-suffixes",
};
static const policy_text_t mixed_none = {
    .origins = MIXED_ORIGINS, .has_credentials = 1, .dangers = "none",
};

/* With CORSDebug On. */

static const policy_text_t PA_debug = {
    .origins = PA_ORIGINS,
    .has_credentials = 1,
    .methods = "GET HEAD POST PUT DELETE",
    .allow_headers = "content-type x-api-key authorization",
    .expose_headers = "X-Request-Id ETag",
    .max_age = "600",
    .has_debug = 1,
};

static const policy_text_t PX_debug = {
    .origins = PA_ORIGINS,
    .has_credentials = 1,
    .methods = "*",
    .allow_headers = "*",
    .max_age = "600",
    .has_debug = 1,
};

static const policy_text_t mixed_debug = {
    .origins = MIXED_ORIGINS, .has_credentials = 1, .has_debug = 1,
};

/* ------------------------------------------------------------------------
 * Outcomes
 */

#define VARY "Origin"
#define VARY_PW "Access-Control-Request-Method, " \
                "Access-Control-Request-Headers"
#define VARY_PF "Origin, " VARY_PW

#define PA_METHODS "GET, HEAD, POST, PUT, DELETE"
#define PA_HEADERS "content-type, x-api-key, authorization"
#define PA_EXPOSED "X-Request-Id, ETag"
#define DEFAULTS "GET, HEAD, POST"

#define IS_INERT { .kind = CORS_KIND_INERT }
#define NOT_CORS { .kind = CORS_KIND_NOT_CORS, .vary = VARY }

#define ACT_OK(origin, ...) \
    { .kind = CORS_KIND_ACTUAL, .is_allowed = 1, .allow_origin = origin, \
      .vary = VARY, __VA_ARGS__ }
#define ACT_OK_PA(origin) \
    ACT_OK(origin, .allow_credentials = "true", \
           .expose_headers = PA_EXPOSED)
#define ACT_NO(why) \
    { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_ ## why, .vary = VARY }

#define PF_OK(origin, methods, ...) \
    { .kind = CORS_KIND_PREFLIGHT, .is_allowed = 1, .status = 204, \
      .allow_origin = origin, .allow_methods = methods, .vary = VARY_PF, \
      __VA_ARGS__ }
#define PF_OK_PA(origin, headers) \
    PF_OK(origin, PA_METHODS, .allow_credentials = "true", \
          .allow_headers = (headers), .max_age = "600")
#define PF_NO(why, ...) \
    { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_ ## why, \
      .status = 403, .vary = VARY_PF, __VA_ARGS__ }
/* For comparison: some set. */
#define SOME ((const cors_name_set_t *)"")
#define BLAMES(name) .offender = (name), .offender_len = sizeof(name) - 1

#define PF_DEBUG(why, ...) \
    { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_ ## why, \
      .status = 204, .vary = VARY_PF, __VA_ARGS__ }

#define GET(origin) { "GET", origin, NULL, NULL }
#define PF(origin, ...) { "OPTIONS", origin, __VA_ARGS__ }
#define PUT(...) { "OPTIONS", O, "PUT", __VA_ARGS__ }

typedef struct row_t {
    const char *name;
    const policy_text_t *policy;
    cors_request_t request;
    cors_decision_t expected;
} row_t;

static const row_t rows[] = {
    /* A. Classification */
    { "C-1 GET without Origin", &PA, GET(NULL), NOT_CORS },
    { "C-2 GET", &PA, GET(O), ACT_OK_PA(O) },
    { "C-3 HEAD", &PA, { "HEAD", O, NULL, NULL }, ACT_OK_PA(O) },
    { "C-3 POST", &PA, { "POST", O, NULL, NULL }, ACT_OK_PA(O) },
    { "PATCH is actual, listed or not", &PA, { "PATCH", O, NULL, NULL },
      ACT_OK_PA(O) },
    { "TRACE is actual", &PA, { "TRACE", O, "PUT", NULL }, ACT_OK_PA(O) },
    { "C-4 GET with ACRM and ACRH", &PA, { "GET", O, "PUT", "x-evil" },
      ACT_OK_PA(O) },
    { "C-4 HEAD with ACRM and ACRH", &PA, { "HEAD", O, "PUT", "x-evil" },
      ACT_OK_PA(O) },
    { "C-4 POST with ACRM and ACRH", &PA, { "POST", O, "PUT", "x y" },
      ACT_OK_PA(O) },
    { "C-5 OPTIONS without ACRM", &PA, PF(O, NULL, NULL), ACT_OK_PA(O) },
    { "C-5 OPTIONS with ACRH alone", &PA, PF(O, NULL, "x-evil"),
      ACT_OK_PA(O) },
    { "options in lower case", &PA, { "options", O, "PUT", NULL },
      ACT_OK_PA(O) },
    { "OPTIONSX", &PA, { "OPTIONSX", O, "PUT", NULL }, ACT_OK_PA(O) },
    { "C-6 OPTIONS without Origin", &PA, PF(NULL, "PUT", NULL), NOT_CORS },
    { "C-7 OPTIONS alone", &PA, PF(NULL, NULL, NULL), NOT_CORS },
    { "C-9 no policy: preflight", &P0, PUT("x-a"), IS_INERT },
    { "C-9 no policy: GET", &P0, GET(O), IS_INERT },
    { "C-9 no policy: no Origin", &P0, GET(NULL), IS_INERT },
    { "C-10 Off: preflight", &engine_off, PUT(NULL), IS_INERT },
    { "C-10 Off: GET", &engine_off, GET(O), IS_INERT },
    { "Off: no Origin", &engine_off, GET(NULL), IS_INERT },

    { "closed: GET", &closed, GET(O),
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_CLOSED } },
    { "closed: null", &closed, GET("null"),
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_CLOSED } },
    { "closed: no Origin", &closed, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS } },
    { "closed: preflight", &closed, PUT("x-a"),
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_CLOSED,
        .status = 403 } },
    { "closed: malformed preflight", &closed, PF(O, "", ";"),
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_CLOSED,
        .status = 403 } },
    { "closed: nothing is unsafe", &closed_and_unsafe, GET(O),
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_CLOSED } },
    { "closed: preflight with debug", &closed_debug, PUT(NULL),
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_CLOSED,
        .status = 403 } },

    /* B. Origins that match */
    { "C-22 IPv6", &PA, GET("http://[::1]:3000"),
      ACT_OK_PA("http://[::1]:3000") },
    { "C-22 IPv6 preflight", &PA, PF("http://[::1]:3000", "PUT", NULL),
      PF_OK_PA("http://[::1]:3000", NULL) },
    { "C-23 IPv4", &PA, GET("http://127.0.0.1:8080"),
      ACT_OK_PA("http://127.0.0.1:8080") },
    { "C-24 punycode", &PA, GET("https://xn--bcher-kva.example"),
      ACT_OK_PA("https://xn--bcher-kva.example") },
    { "C-29 extension, with credentials", &extension,
      GET("chrome-extension://abcdefghijklmnop"),
      ACT_OK("chrome-extension://abcdefghijklmnop",
             .allow_credentials = "true") },
    { "C-29 extension preflight", &extension,
      PF("chrome-extension://abcdefghijklmnop", "GET", NULL),
      PF_OK("chrome-extension://abcdefghijklmnop", DEFAULTS,
            .allow_credentials = "true") },
    { "C-29 other extension", &extension,
      GET("chrome-extension://abcdefghijklmnoq"), ACT_NO(ORIGIN) },
    { "C-30 subdomain", &PS, GET("https://a.example.com"),
      ACT_OK("https://a.example.com", 0) },
    { "C-30 subdomain of a subdomain", &PS, GET("https://a.b.example.com"),
      ACT_OK("https://a.b.example.com", 0) },
    { "C-30 hyphen", &PS, GET("https://a-1.example.com"),
      ACT_OK("https://a-1.example.com", 0) },
    { "C-31 underscore", &PS, GET("https://a_b.example.com"),
      ACT_OK("https://a_b.example.com", 0) },
    { "C-31 underscore preflight", &PS,
      PF("https://a_b.example.com", "PUT", NULL),
      PF_OK("https://a_b.example.com", "PUT", 0) },
    { "C-32 null", &with_null, GET("null"), ACT_OK("null", 0) },
    { "C-32 null preflight", &with_null, PF("null", "GET", NULL),
      PF_OK("null", DEFAULTS, 0) },
    { "C-32 NULL", &with_null, GET("NULL"), ACT_NO(ORIGIN) },

    /* C. Actual responses */
    { "C-36 any: no Origin", &PW, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS, .allow_origin = "*",
        .expose_headers = "X-Request-Id" } },
    { "C-36 any: some origin", &PW, GET("https://evil.com"),
      { .kind = CORS_KIND_ACTUAL, .is_allowed = 1, .allow_origin = "*",
        .expose_headers = "X-Request-Id" } },
    { "C-36 any: null", &PW, GET("null"),
      { .kind = CORS_KIND_ACTUAL, .is_allowed = 1, .allow_origin = "*",
        .expose_headers = "X-Request-Id" } },
    { "C-36 any: garbage", &PW, GET("https://x/ y\x01\xff"),
      { .kind = CORS_KIND_ACTUAL, .is_allowed = 1, .allow_origin = "*",
        .expose_headers = "X-Request-Id" } },
    { "C-36 any: empty", &PW, GET(""),
      { .kind = CORS_KIND_ACTUAL, .is_allowed = 1, .allow_origin = "*",
        .expose_headers = "X-Request-Id" } },
    { "C-36 any: OPTIONS without ACRM or Origin", &PW,
      PF(NULL, NULL, NULL),
      { .kind = CORS_KIND_NOT_CORS, .allow_origin = "*",
        .expose_headers = "X-Request-Id" } },
    { "C-45 expose none", &expose_none, GET(O), ACT_OK(O, 0) },
    { "C-46 expose all", &expose_all, GET(O),
      ACT_OK(O, .expose_headers = "*") },
    { "C-46 expose all: no Origin", &expose_all, GET(NULL), NOT_CORS },
    { "C-46 expose all with credentials", &expose_all_with_credentials,
      GET(O), ACT_OK(O, .allow_credentials = "true", .exposed = SOME) },
    { "C-46 expose all with credentials: no Origin",
      &expose_all_with_credentials, GET(NULL), NOT_CORS },
    { "C-46 expose all with credentials: another origin",
      &expose_all_with_credentials, GET("https://b.example"),
      ACT_NO(ORIGIN) },
    { "C-46 expose all with credentials: preflight",
      &expose_all_with_credentials, PF(O, "GET", NULL),
      PF_OK(O, DEFAULTS, .allow_credentials = "true") },
    { "expose a prefix", &expose_prefix, GET(O),
      ACT_OK(O, .exposed = SOME) },
    { "expose a prefix: no Origin", &expose_prefix, GET(NULL), NOT_CORS },
    { "expose a prefix: preflight", &expose_prefix, PF(O, "GET", NULL),
      PF_OK(O, DEFAULTS, 0) },
    { "C-48 one origin varies: no Origin", &defaults, GET(NULL), NOT_CORS },
    { "C-48 one origin varies", &defaults, GET(O), ACT_OK(O, 0) },
    { "C-48 one origin varies: another", &defaults, GET("https://b.example"),
      ACT_NO(ORIGIN) },
    { "C-79 timing", &timing, GET(O),
      ACT_OK(O, .timing_allow_origin = O) },
    { "C-79 timing denied", &timing, GET("https://b.example"),
      ACT_NO(ORIGIN) },
    { "C-79 timing without Origin", &timing, GET(NULL), NOT_CORS },
    { "C-79 no timing on preflights", &timing, PF(O, "GET", NULL),
      PF_OK(O, DEFAULTS, 0) },
    { "C-79 timing for any", &timing_any, GET(O),
      { .kind = CORS_KIND_ACTUAL, .is_allowed = 1, .allow_origin = "*",
        .timing_allow_origin = "*" } },
    { "C-79 timing for any, no Origin", &timing_any, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS, .allow_origin = "*",
        .timing_allow_origin = "*" } },
    { "C-79 list", &timing_list, GET(O),
      ACT_OK(O, .timing_allow_origin = O) },
    { "C-79 list: by a wildcard", &timing_list, GET("https://a.d.example"),
      ACT_OK("https://a.d.example",
             .timing_allow_origin = "https://a.d.example") },
    { "C-79 list: denied", &timing_list, GET("https://b.example"),
      ACT_NO(ORIGIN) },
    { "C-79 list: no Origin", &timing_list, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS, .vary = "Origin",
        .timing_allow_origin = LISTED } },
    { "C-79 list: preflight", &timing_list, PF(O, "GET", NULL),
      PF_OK(O, DEFAULTS, 0) },
    { "C-79 list of wildcards: no Origin", &timing_list_wild, GET(NULL),
      NOT_CORS },
    { "C-79 list of any: no Origin", &timing_list_any, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS, .allow_origin = "*",
        .timing_allow_origin = "*" } },
    { "C-79 list: what is unsafe is left out", &timing_list_unsafe,
      GET(NULL),
      { .kind = CORS_KIND_NOT_CORS, .vary = "Origin",
        .timing_allow_origin = O } },
    { "C-79 list: what is accepted is not", &timing_list_lifted, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS, .vary = "Origin",
        .timing_allow_origin = "http://clear.example," O } },
    { "C-79 list of none: no Origin", &timing_list_closed, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS } },
    { "C-79 *", &timing_star, GET(O), ACT_OK(O, .timing_allow_origin = "*") },
    { "C-79 *: no Origin", &timing_star, GET(NULL),
      { .kind = CORS_KIND_NOT_CORS, .vary = "Origin",
        .timing_allow_origin = "*" } },
    { "C-79 *: denied", &timing_star, GET("https://b.example"),
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_ORIGIN,
        .vary = "Origin", .timing_allow_origin = "*" } },
    { "C-79 *: preflight", &timing_star, PF(O, "GET", NULL),
      PF_OK(O, DEFAULTS, 0) },
    { "C-79 *: closed", &timing_star_closed, GET(O),
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_CLOSED,
        .timing_allow_origin = "*" } },
    { "C-79 *: off", &timing_star_off, GET(O), { .kind = CORS_KIND_INERT } },
    { "C-79 any, preflight", &timing_any, PF(O, "GET", NULL),
      { .kind = CORS_KIND_PREFLIGHT, .is_allowed = 1, .status = 204,
        .allow_origin = "*", .allow_methods = DEFAULTS, .vary = VARY_PW } },

    /* D. Preflights */
    { "C-49 method and headers", &PA, PUT("content-type,x-api-key"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-50 no headers", &PA, PF(O, "DELETE", NULL), PF_OK_PA(O, NULL) },
    { "C-51 POST", &PA, PF(O, "POST", NULL), PF_OK_PA(O, NULL) },
    { "C-51 GET and a header", &PA, PF(O, "GET", "x-api-key"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-52 GET is not listed", &only_put, PF(O, "GET", "content-type"),
      PF_OK(O, "PUT", .allow_headers = "content-type") },
    { "C-52 HEAD is not listed", &only_put, PF(O, "HEAD", NULL),
      PF_OK(O, "PUT", 0) },
    { "C-52 POST is not listed", &only_put, PF(O, "POST", NULL),
      PF_OK(O, "PUT", 0) },
    { "default methods: GET", &defaults, PF(O, "GET", NULL),
      PF_OK(O, DEFAULTS, 0) },
    { "default methods: PUT", &defaults, PUT(NULL), PF_NO(METHOD, 0) },
    { "default headers", &defaults, PF(O, "GET", "x-a"),
      PF_NO(HEADER, BLAMES("x-a")) },
    { "headers none", &no_headers, PF(O, "GET", "none"),
      PF_NO(HEADER, BLAMES("none")) },
    { "headers none, none requested", &no_headers, PF(O, "GET", ""),
      PF_OK(O, DEFAULTS, 0) },
    { "C-53 put", &PA, PF(O, "put", NULL), PF_NO(METHOD, 0) },
    { "C-53 Put", &PA, PF(O, "Put", NULL), PF_NO(METHOD, 0) },
    { "C-53 delete", &PA, PF(O, "delete", NULL), PF_NO(METHOD, 0) },
    { "C-53 get", &PA, PF(O, "get", NULL), PF_NO(METHOD, 0) },
    { "C-53 post", &PA, PF(O, "post", NULL), PF_NO(METHOD, 0) },
    { "C-53 Head", &PA, PF(O, "Head", NULL), PF_NO(METHOD, 0) },
    { "C-53 PATCH: patch", &patch, PF(O, "patch", NULL), PF_NO(METHOD, 0) },
    { "C-53 PATCH: PATCH", &patch, PF(O, "PATCH", NULL),
      PF_OK(O, "PATCH", 0) },
    { "C-53 patch: patch", &lower_patch, PF(O, "patch", NULL),
      PF_OK(O, "patch", 0) },
    { "C-53 patch: PATCH", &lower_patch, PF(O, "PATCH", NULL),
      PF_NO(METHOD, 0) },
    { "a method that begins another", &PA, PF(O, "PU", NULL),
      PF_NO(METHOD, 0) },
    { "a method that another begins", &PA, PF(O, "PUTS", NULL),
      PF_NO(METHOD, 0) },
    { "near GET", &PA, PF(O, "GE", NULL), PF_NO(METHOD, 0) },
    { "C-54 star, PA", &PA, PF(O, "*", NULL), PF_NO(METHOD, 0) },
    { "C-54 star, PX", &PX, PF(O, "*", NULL), PF_NO(METHOD, 0) },
    { "C-54 star, PS", &PS, PF("https://a.example.com", "*", NULL),
      PF_NO(METHOD, 0) },
    { "C-54 star for a header, PA", &PA, PUT("*"),
      PF_NO(HEADER, BLAMES("*")) },
    { "C-54 star for a header, PX", &PX, PUT("*"),
      PF_NO(HEADER, BLAMES("*")) },
    { "C-54 star among headers, PX", &PX, PUT("x-a,*,x-b"),
      PF_NO(HEADER, BLAMES("*")) },
    { "C-54 near star", &PX, PUT("**"),
      PF_OK(O, "PUT", .allow_credentials = "true", .allow_headers = "**",
            .max_age = "600") },
    { "C-56 PATCH", &PA, PF(O, "PATCH", NULL), PF_NO(METHOD, 0) },
    { "C-56 OPTIONS", &PA, PF(O, "OPTIONS", NULL), PF_NO(METHOD, 0) },
    { "C-56 OPTIONS listed", &options, PF(O, "OPTIONS", NULL),
      PF_OK(O, "OPTIONS", 0) },
    { "C-58 4000 bytes, PA", &PA, PF(O, X4000, NULL), PF_NO(METHOD, 0) },
    { "C-58 4000 bytes, PX", &PX, PF(O, X4000, NULL),
      PF_OK(O, X4000, .allow_credentials = "true", .max_age = "600") },
    { "C-59 case of headers", &PA, PUT("Content-Type, X-API-KEY"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-60 order", &PA, PUT("x-api-key,content-type"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-60 duplicates", &PA, PUT("content-type,content-type,x-api-key"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-61 lines joined", &PA, PUT("content-type, x-api-key"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-61 blanks", &PA, PUT("content-type , x-api-key"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-61 tabs", &PA, PUT("\tcontent-type\t,\tx-api-key\t"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-61 five blanks", &PA, PUT("     content-type,     x-api-key     "),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-61 empty elements", &PA, PUT(",content-type,, ,x-api-key,"),
      PF_OK_PA(O, PA_HEADERS) },
    { "C-62 empty", &PA, PUT(""), PF_OK_PA(O, NULL) },
    { "C-62 empty elements alone", &PA, PUT(", ,,\t"), PF_OK_PA(O, NULL) },
    { "C-62 blank", &PX, PUT(" "),
      PF_OK(O, "PUT", .allow_credentials = "true", .max_age = "600") },
    { "C-63 one too many", &PA, PUT("content-type,x-evil"),
      PF_NO(HEADER, BLAMES("x-evil")) },
    { "C-63 first of two", &PA, PUT("x-evil , x-worse"),
      PF_NO(HEADER, BLAMES("x-evil")) },
    { "a name that begins another", &PA, PUT("x-api-ke"),
      PF_NO(HEADER, BLAMES("x-api-ke")) },
    { "a name that another begins", &PA, PUT("x-api-keys"),
      PF_NO(HEADER, BLAMES("x-api-keys")) },
    { "C-66 authorization under *", &PS,
      PF("https://a.example.com", "PUT", "authorization,x-foo"),
      PF_NO(HEADER, BLAMES("authorization")) },
    { "C-66 Authorization under *", &PX, PUT("x-foo, AUTHORIZATION"),
      PF_NO(HEADER, BLAMES("AUTHORIZATION")) },
    { "C-66 near Authorization", &PX, PUT("authorizations"),
      PF_OK(O, "PUT", .allow_credentials = "true",
            .allow_headers = "authorizations", .max_age = "600") },
    { "C-66 authorization beside *", &star_and_authorization,
      PUT("authorization"),
      PF_OK(O, "PUT", .allow_headers = "authorization") },
    { "C-68 PURGE under *", &PX, PF(O, "PURGE", NULL),
      PF_OK(O, "PURGE", .allow_credentials = "true", .max_age = "600") },
    { "C-68 GET under *", &PX, PF(O, "GET", NULL),
      PF_OK(O, "GET", .allow_credentials = "true", .max_age = "600") },
    { "C-68 get under *", &PX, PF(O, "get", NULL),
      PF_OK(O, "get", .allow_credentials = "true", .max_age = "600") },
    { "C-69 method and header under *", &PS,
      PF("https://a.example.com", "PURGE", "x-foo"),
      PF_OK("https://a.example.com", "PURGE", .allow_headers = "x-foo") },
    { "C-70 accept", &PA, PUT("accept"), PF_NO(HEADER, BLAMES("accept")) },
    { "C-70 range", &PA, PUT("range"), PF_NO(HEADER, BLAMES("range")) },
    { "C-71 cookie", &PA, PUT("cookie"), PF_NO(HEADER, BLAMES("cookie")) },
    { "C-71 sec-fetch-site", &PA, PUT("sec-fetch-site"),
      PF_NO(HEADER, BLAMES("sec-fetch-site")) },
    { "C-71 cookie under *", &PS,
      PF("https://a.example.com", "PUT", "cookie"),
      PF_OK("https://a.example.com", "PUT", .allow_headers = "cookie") },
    { "C-72 max-age 0; C-73 200", &status_200, PUT(NULL),
      { .kind = CORS_KIND_PREFLIGHT, .is_allowed = 1, .status = 200,
        .allow_origin = O, .allow_methods = "PUT", .max_age = "0",
        .vary = VARY_PF } },
    { "C-72 no max-age when denied", &status_200, PF(O, "DELETE", NULL),
      PF_NO(METHOD, 0) },
    { "C-72 no max-age on actual responses", &status_200, GET(O),
      ACT_OK(O, 0) },
    { "C-77 any: allowed", &PW, PUT("content-type"),
      { .kind = CORS_KIND_PREFLIGHT, .is_allowed = 1, .status = 204,
        .allow_origin = "*", .allow_methods = "PUT",
        .allow_headers = "content-type", .vary = VARY_PW } },
    { "C-77 any: garbage for an origin", &PW, PF("x y", "PUT", NULL),
      { .kind = CORS_KIND_PREFLIGHT, .is_allowed = 1, .status = 204,
        .allow_origin = "*", .allow_methods = "PUT", .vary = VARY_PW } },
    { "C-77 any: denied method", &PW, PF(O, "DELETE", NULL),
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_METHOD,
        .status = 403, .vary = VARY_PW } },
    { "C-77 any: denied header", &PW, PUT("x-a"),
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_HEADER,
        .status = 403, .vary = VARY_PW, BLAMES("x-a") } },
    { "any, all: preflight", &any_all, PF("null", "PURGE", "x-a"),
      { .kind = CORS_KIND_PREFLIGHT, .is_allowed = 1, .status = 204,
        .allow_origin = "*", .allow_methods = "PURGE",
        .allow_headers = "x-a", .max_age = "86400", .vary = VARY_PW } },
    { "any, all: GET", &any_all, GET("null"),
      { .kind = CORS_KIND_ACTUAL, .is_allowed = 1, .allow_origin = "*",
        .expose_headers = "*", .timing_allow_origin = "*" } },

    /* The order of the checks */
    { "order: origin first", &PA, PF("https://b.example", "PATCH", "x-evil"),
      PF_NO(ORIGIN, 0) },
    { "order: origin before grammar", &PA, PF("https://b.example", "", ";"),
      PF_NO(ORIGIN, 0) },
    { "order: method before headers", &PA, PF(O, "PATCH", "x-evil"),
      PF_NO(METHOD, 0) },
    { "order: method before grammar of headers", &PA, PF(O, "PATCH", "x y"),
      PF_NO(METHOD, 0) },
    { "order: safety before method", &mixed,
      PF("http://clear.example", "PATCH", "x y"),
      PF_NO(UNSAFE_POLICY, 0) },

    /* Unsafe policies */
    { "C-80 any with credentials: GET", &any_with_credentials, GET(O),
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_UNSAFE_POLICY } },
    { "C-80 any with credentials: null", &any_with_credentials, GET("null"),
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_UNSAFE_POLICY } },
    { "C-80 any with credentials: no Origin", &any_with_credentials,
      GET(NULL), { .kind = CORS_KIND_NOT_CORS } },
    { "C-80 any with credentials: preflight", &any_with_credentials,
      PF(O, "GET", NULL),
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_UNSAFE_POLICY,
        .status = 403, .vary = VARY_PW } },

    { "mixed: https", &mixed, GET(O),
      ACT_OK(O, .allow_credentials = "true") },
    { "mixed: https preflight", &mixed, PF(O, "GET", NULL),
      PF_OK(O, DEFAULTS, .allow_credentials = "true") },
    { "mixed: another origin", &mixed, GET("https://b.example"),
      ACT_NO(ORIGIN) },
    { "mixed: no Origin", &mixed, GET(NULL), NOT_CORS },
    { "C-32 mixed: null", &mixed, GET("null"), ACT_NO(UNSAFE_POLICY) },
    { "C-32 mixed: null preflight", &mixed, PF("null", "GET", NULL),
      PF_NO(UNSAFE_POLICY, 0) },
    { "mixed: clear text", &mixed, GET("http://clear.example"),
      ACT_NO(UNSAFE_POLICY) },
    { "mixed: clear text preflight", &mixed,
      PF("http://clear.example", "GET", NULL), PF_NO(UNSAFE_POLICY, 0) },
    { "mixed: clear text by wildcard", &mixed,
      GET("http://a.clear.example"), ACT_NO(UNSAFE_POLICY) },
    { "mixed: loopback", &mixed, GET("http://a.localhost"),
      ACT_OK("http://a.localhost", .allow_credentials = "true") },
    { "mixed: public suffix", &mixed, GET("https://a.com"),
      ACT_NO(UNSAFE_POLICY) },
    { "mixed: exact under a public suffix", &mixed, GET("https://shop.com"),
      ACT_OK("https://shop.com", .allow_credentials = "true") },
    { "mixed: longer suffix under a public one", &mixed,
      GET("https://a.shop.com"),
      ACT_OK("https://a.shop.com", .allow_credentials = "true") },
    { "without credentials: null", &mixed_without_credentials, GET("null"),
      ACT_OK("null", 0) },
    { "without credentials: clear text", &mixed_without_credentials,
      GET("http://clear.example"), ACT_OK("http://clear.example", 0) },
    { "without credentials: public suffix", &mixed_without_credentials,
      GET("https://a.com"), ACT_OK("https://a.com", 0) },
    { "insecure-origins: null", &mixed_insecure, GET("null"),
      ACT_NO(UNSAFE_POLICY) },
    { "insecure-origins: clear text", &mixed_insecure,
      GET("http://clear.example"),
      ACT_OK("http://clear.example", .allow_credentials = "true") },
    { "insecure-origins: clear text by wildcard", &mixed_insecure,
      GET("http://a.clear.example"),
      ACT_OK("http://a.clear.example", .allow_credentials = "true") },
    { "insecure-origins: public suffix", &mixed_insecure,
      GET("https://a.com"), ACT_NO(UNSAFE_POLICY) },
    { "public-suffixes: null", &mixed_suffixes, GET("null"),
      ACT_NO(UNSAFE_POLICY) },
    { "public-suffixes: clear text", &mixed_suffixes,
      GET("http://clear.example"), ACT_NO(UNSAFE_POLICY) },
    { "public-suffixes: public suffix", &mixed_suffixes,
      GET("https://a.com"),
      ACT_OK("https://a.com", .allow_credentials = "true") },
    { "both dangers: null", &mixed_both, GET("null"),
      ACT_NO(UNSAFE_POLICY) },
    { "both dangers: clear text", &mixed_both, GET("http://clear.example"),
      ACT_OK("http://clear.example", .allow_credentials = "true") },
    { "both dangers: public suffix", &mixed_both, GET("https://a.com"),
      ACT_OK("https://a.com", .allow_credentials = "true") },
    { "no danger: clear text", &mixed_none, GET("http://clear.example"),
      ACT_NO(UNSAFE_POLICY) },
    { "no danger: public suffix", &mixed_none, GET("https://a.com"),
      ACT_NO(UNSAFE_POLICY) },

    /* CORSDebug On */
    { "debug: GET", &PA_debug, GET(O), ACT_OK_PA(O) },
    { "debug: denied GET", &PA_debug, GET("https://b.example"),
      ACT_NO(ORIGIN) },
    { "debug: allowed", &PA_debug, PUT("x-api-key"),
      PF_OK_PA(O, PA_HEADERS) },
    { "debug: origin stays 403", &PA_debug,
      PF("https://b.example", "PUT", NULL), PF_NO(ORIGIN, 0) },
    { "debug: unsafe stays 403", &mixed_debug,
      PF("http://clear.example", "GET", NULL), PF_NO(UNSAFE_POLICY, 0) },
    { "debug: method", &PA_debug, PF(O, "PATCH", NULL),
      PF_DEBUG(METHOD, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = PA_METHODS) },
    { "debug: method, header", &PA_debug, PF(O, "PATCH", "x-api-key"),
      PF_DEBUG(METHOD, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = PA_METHODS, .allow_headers = PA_HEADERS) },
    { "C-63 debug: header", &PA_debug, PUT("content-type,x-evil"),
      PF_DEBUG(HEADER, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = PA_METHODS, .allow_headers = PA_HEADERS,
               BLAMES("x-evil")) },
    { "debug: the first of two headers", &PA_debug, PUT("x-evil,x-worse"),
      PF_DEBUG(HEADER, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = PA_METHODS, .allow_headers = PA_HEADERS,
               BLAMES("x-evil")) },
    { "a header, then a malformed one", &PA, PUT("x-evil,x y"),
      PF_NO(HEADER, BLAMES("x-evil")) },
    { "debug: a header, then a malformed one", &PA_debug,
      PUT("x-evil,x y"), PF_NO(MALFORMED, BLAMES("x y")) },
    { "debug: TRACE", &PA_debug, PF(O, "TRACE", NULL),
      PF_DEBUG(METHOD, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = PA_METHODS) },
    { "debug: TRACE under *", &PX_debug, PF(O, "TRACE", NULL),
      PF_DEBUG(METHOD, .allow_origin = O, .allow_credentials = "true") },
    { "debug: * under *", &PX_debug, PF(O, "*", NULL),
      PF_DEBUG(METHOD, .allow_origin = O, .allow_credentials = "true") },
    { "debug: header * under *", &PX_debug, PUT("*"),
      PF_DEBUG(HEADER, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = "PUT", BLAMES("*")) },
    { "debug: authorization under *", &PX_debug, PUT("authorization"),
      PF_DEBUG(HEADER, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = "PUT", BLAMES("authorization")) },
    { "debug: authorization and another under *", &PX_debug,
      PUT("authorization,x-a"),
      PF_DEBUG(HEADER, .allow_origin = O, .allow_credentials = "true",
               .allow_methods = "PUT", .allow_headers = "x-a",
               BLAMES("authorization")) },
    { "debug: 204 whatever the status", &status_200_debug,
      PF(O, "PATCH", NULL),
      PF_DEBUG(METHOD, .allow_origin = O, .allow_methods = "PUT") },
    { "debug: malformed method", &PA_debug, PF(O, "P T", NULL),
      PF_NO(MALFORMED, 0) },
    { "debug: empty method", &PX_debug, PF(O, "", "x-a"),
      PF_NO(MALFORMED, 0) },
    { "debug: malformed header", &PA_debug, PUT("x y"),
      PF_NO(MALFORMED, BLAMES("x y")) },
};

/* ------------------------------------------------------------------------
 * One row
 */

static int is_offender(const cors_decision_t *got,
                      const cors_decision_t *expected,
                      const cors_request_t *request)
{
    const char *list = request->request_headers;

    if (!expected->offender) {
        return !got->offender && got->offender_len == 0;
    }
    return got->offender && got->offender >= list
           && got->offender + got->offender_len <= list + strlen(list)
           && got->offender_len == expected->offender_len
           && memcmp(got->offender, expected->offender,
                     expected->offender_len) == 0;
}

#define CHECK_TEXT(member) \
    CHECK(same_text(got->member, expected->member), "%s: %s", when, \
          or_null(got->member))

static void check_decision(const char *when, const cors_decision_t *got,
                           const cors_decision_t *expected,
                           const cors_request_t *request)
{
    CHECK(got->kind == expected->kind, "%s: %d", when, (int)got->kind);
    CHECK(got->is_allowed == expected->is_allowed, "%s: %d", when,
          got->is_allowed);
    CHECK(got->reason == expected->reason, "%s: %s", when,
          cors_reason_name(got->reason));
    CHECK(got->status == expected->status, "%s: %d", when, got->status);
    CHECK_TEXT(allow_origin);
    CHECK_TEXT(allow_credentials);
    CHECK_TEXT(allow_methods);
    CHECK_TEXT(allow_headers);
    CHECK_TEXT(expose_headers);
    CHECK_TEXT(max_age);
    CHECK_TEXT(timing_allow_origin);
    CHECK_TEXT(vary);
    CHECK(is_offender(got, expected, request), "%s: offender %.*s", when,
          (int)got->offender_len, got->offender ? got->offender : "");
}

/** Whether the decision may take memory: names are requested under "*", or
 * origins are listed. */
static int may_echo(const row_t *row)
{
    const char *list = row->request.request_headers;

    if (row->policy->timing && strcmp(row->policy->timing, "List") == 0
        && !row->request.origin) {
        return 1;
    }
    return row->policy->allow_headers && list
           && strchr(row->policy->allow_headers, '*')
           && list[strspn(list, ", \t")] != '\0';
}

/** Decide into a decision full of rubbish. */
static void decide(cors_decision_t *decision, const cors_policy_t *policy,
                   const cors_request_t *request, apr_pool_t *pool)
{
    cors_policy_t before;

    memcpy(&before, policy, sizeof(before));
    memset(decision, 0xa5, sizeof(*decision));
    cors_decide(decision, policy, request, pool);
    CHECK(same_bytes(&before, policy, sizeof(before)), "%s",
          "the policy is written");
}

static void check_row(apr_pool_t *pool, const row_t *row)
{
    cors_request_t request;
    cors_decision_t decision;
    cors_policy_t policy;
    apr_pool_t *echo_pool = may_echo(row) ? pool : NULL;

    request.method = exact_text(pool, row->request.method);
    request.origin = exact_text(pool, row->request.origin);
    request.request_method = exact_text(pool, row->request.request_method);
    request.request_headers = exact_text(pool, row->request.request_headers);

    build(&policy, pool, row->policy);
    decide(&decision, &policy, &request, echo_pool);
    check_decision(row->name, &decision, &row->expected, &request);
    decide(&decision, &policy, &request, echo_pool);
    check_decision("again", &decision, &row->expected, &request);

    policy.preflight = CORS_PREFLIGHT_PASS;
    policy.backend_headers = CORS_BACKEND_KEEP;
    decide(&decision, &policy, &request, echo_pool);
    check_decision("pass, keep", &decision, &row->expected, &request);
}

typedef struct row_state_t {
    apr_pool_t *pool;
    const void *row;
} row_state_t;

static int row_setup(void **state)
{
    const void *row = *state;
    row_state_t *made;
    apr_pool_t *pool;

    failed_rows = 0;
    apr_pool_create(&pool, NULL);
    made = apr_palloc(pool, sizeof(*made));
    made->pool = pool;
    made->row = row;
    *state = made;
    return 0;
}

static int row_teardown(void **state)
{
    row_state_t *made = *state;

    apr_pool_destroy(made->pool);
    return failed_rows ? -1 : 0;
}

static void test_row(void **state)
{
    row_state_t *made = *state;

    check_row(made->pool, made->row);
}

/* ------------------------------------------------------------------------
 * Refused origins: as an actual request and as a preflight
 */

typedef struct refused_t {
    const char *name;
    const policy_text_t *policy;
    const char *origins[16];
} refused_t;

#define L60 "abcdefghijabcdefghijabcdefghijabcdefghijabcdefghijabcdefghij"

static const refused_t refused[] = {
    { "C-11 other schemes", &PA,
      { "http://app.example", "ws://app.example", "https+x://app.example" }
    },
    { "C-12 ports", &PA,
      { O ":8443", O ":443", O ":", O ":0443", O ":65979",
        "http://localhost", "http://localhost:80801",
        "http://localhost:08080" } },
    { "C-13 case", &PA,
      { "HTTPS://app.example", "https://APP.example",
        "https://app.Example" } },
    { "C-14 more or less than an origin", &PA,
      { O "/", O "/x", O "?", O "#", O ";", "https:/app.example",
        "https:app.example", "https:///app.example",
        "https:\\\\app.example" } },
    { "C-15 userinfo", &PA,
      { "https://u@app.example", "https://u:p@app.example",
        O "@evil.com", O ":443@evil.com" } },
    { "C-16 look-alikes", &PA,
      { "https://evil-app.example", "https://evilapp.example",
        "https://x.app.example", "https://app.example.evil.com",
        "https://app.examples", "https://app.exampl",
        "https://appxexample", "https://app.example.",
        "https://app..example", "https://app.example%2eevil.com",
        "https://app%2eexample" } },
    { "C-17 null", &PA, { "null", "NULL", "Null", "\"null\"" } },
    { "C-18 empty", &PA, { "" } },
    { "C-19 two lines", &PA,
      { O ", " O, O ", https://evil.com", "https://evil.com, " O,
        O "," O } },
    { "C-20 a list", &PA,
      { O " https://evil.com", O ",https://evil.com", O ", " O } },
    { "C-22 IPv6", &PA,
      { "http://[::1]", "http://[::1]:03000",
        "http://[0:0:0:0:0:0:0:1]:3000", "http://[::0001]:3000",
        "http://[::1%25lo]:3000", "http://::1:3000", "http://[::1:3000",
        "http://[::1].:3000", "http://[::ffff:127.0.0.1]:8080" } },
    { "C-23 IPv4", &PA,
      { "http://127.1:8080", "http://0x7f000001:8080",
        "http://2130706433:8080", "http://127.0.0.01:8080",
        "http://127.0.0.1.:8080" } },
    { "C-24 IDN", &PA,
      { "https://m\xc3\xbcnster.example", "https://m\xfcnster.example",
        "https://b%C3%BCcher.example", "https://XN--BCHER-KVA.example" } },
    { "C-25 control bytes", &PA,
      { O "\x01", O "\x0b", O "\x7f", O "\r", O "\n", "\x01" O } },
    { "C-26 8000 bytes", &PA,
      { "https://" X4000 X4000, O X4000 X4000, O ":" X4000 X4000 } },
    { "C-27 line ends", &PA,
      { O "%0d%0aSet-Cookie:x=1", O "\r\nSet-Cookie:x=1", O "  x" } },
    { "C-28 no origin at all", &PA,
      { "*", "https://*", "https://*.example", "https://", "://app.example",
        "//app.example", "app.example", "file://", "data:", "about:blank",
        "javascript:alert(1)" } },
    { "C-28 no origin at all, wildcard", &PS,
      { "*", "https://*", "https://*.example.com", "https://",
        "://a.example.com", "//a.example.com", "a.example.com", "file://",
        "https://a.example.com, https://b.example.com" } },
    { "C-29 extensions", &extension,
      { "chrome-extension://abcdefghijklmno",
        "chrome-extension://abcdefghijklmnopq",
        "CHROME-EXTENSION://abcdefghijklmnop",
        "chrome-extension://abcdefghijklmnop/" } },
    { "C-30 beside the wildcard", &PS,
      { "https://example.com", "https://.example.com",
        "https://a..example.com", "https://-.example.com",
        "https://evil-example.com", "https://evilexample.com",
        "https://a.example.com.evil.com", "https://a.example.com:8443",
        "http://a.example.com", "https://A.example.com",
        "https://*.example.com", "null" } },
    { "C-30 ill-formed, ending in the domain", &PS,
      { "https://evil.com/.example.com", "https://evil.com?.example.com",
        "https://evil.com#.example.com", "https://evil.com\\.example.com",
        "https://evil.com:1@a.example.com",
        "https://evil.com:any.example.com",
        "https://" X100 X100 X100 ".example.com",
        "https://" L60 "." L60 "." L60 "." L60 ".example.com" } },
    { "C-34 C-35 not listed", &PA,
      { "https://this-server.example", "https://evil.com" } },
};

static void check_refused_origin(apr_pool_t *pool,
                                 const policy_text_t *policy,
                                 const char *origin)
{
    const char *name = shown(pool, origin, strlen(origin));
    row_t get = { NULL, NULL, GET(NULL), ACT_NO(ORIGIN) };
    row_t preflight = { NULL, NULL, PUT("content-type"), PF_NO(ORIGIN, 0) };

    get.name = preflight.name = name;
    get.policy = preflight.policy = policy;
    get.request.origin = preflight.request.origin = origin;
    check_row(pool, &get);
    check_row(pool, &preflight);
}

static void test_refused(void **state)
{
    row_state_t *made = *state;
    const refused_t *row = made->row;
    size_t i;

    for (i = 0; i < COUNT(row->origins) && row->origins[i]; i++) {
        check_refused_origin(made->pool, row->policy, row->origins[i]);
    }
}

/* ------------------------------------------------------------------------
 * Refused and malformed methods and header names, under PA, PS and PX
 */

static void check_preflight(apr_pool_t *pool, const policy_text_t *text,
                            const char *method, const char *headers,
                            cors_reason_t reason)
{
    row_t row = { NULL, NULL, PF(NULL, NULL, NULL), PF_NO(NONE, 0) };

    row.name = apr_pstrcat(pool, shown(pool, method, strlen(method)), " ",
                           shown(pool, headers, strlen(headers)), NULL);
    row.policy = text;
    row.request.origin = text == &PS ? "https://a.example.com" : O;
    row.request.request_method = method;
    row.request.request_headers = headers;
    row.expected.reason = reason;
    if (strcmp(headers, "") != 0) {
        row.expected.offender = headers;
        row.expected.offender_len = strlen(headers);
    }
    check_row(pool, &row);
}

static const policy_text_t *const three[] = { &PA, &PS, &PX };

static void test_malformed_methods(void **state)
{
    static const char *const methods[] = {
        "", "GE T", "PUT,DELETE", "PUT;q=1", "\"PUT\"", "PUT/1.1",
        "P\xc3\x9cT", "PUT, PUT", "PUT, GET", " PUT", "PUT ", "PUT\t", ",",
        "PUT\x01", "PUT\x7f", "GET,", "PUT:", "(PUT)", "<PUT>", "PUT@x",
        "[PUT]", "{PUT}", "PUT\\", "PUT=1", "PUT?",
    };
    size_t i;
    size_t j;

    for (i = 0; i < COUNT(methods); i++) {
        for (j = 0; j < COUNT(three); j++) {
            check_preflight(*state, three[j], methods[i], "",
                            CORS_REASON_MALFORMED);
        }
    }
}

static void test_forbidden_methods(void **state)
{
    static const char *const methods[] = {
        "CONNECT", "TRACE", "TRACK", "trace", "Track", "connect", "tRACE",
    };
    size_t i;
    size_t j;

    for (i = 0; i < COUNT(methods); i++) {
        for (j = 0; j < COUNT(three); j++) {
            check_preflight(*state, three[j], methods[i], "",
                            CORS_REASON_METHOD);
        }
    }
}

static void test_malformed_names(void **state)
{
    static const char *const names[] = {
        "x api", "x@y", "x:y", "x/y", "\"x\"", "x=1", "\x80",
        "content-type;x", "content-type x-api-key", "x\x01", "x\x7f",
        "\x01", "x\r", "x\n", "content-type\x0b", "(x)", "x\\", "[x]",
        "{x}", "x?", "<x>", "x\xff", ";", ":",
    };
    size_t i;
    size_t j;

    for (i = 0; i < COUNT(names); i++) {
        for (j = 0; j < COUNT(three); j++) {
            check_preflight(*state, three[j], "PUT", names[i],
                            CORS_REASON_MALFORMED);
        }
    }
}

/** Every byte in a method and in a header name. */
static void test_token_bytes(void **state)
{
    static const char tokens[] = "!#$%&'*+-.^_`|~";
    cors_policy_t policy;
    int byte;

    build(&policy, *state, &PX);
    for (byte = 1; byte < 256; byte++) {
        int is_token = byte < 0x80
                       && (isalnum(byte) || strchr(tokens, byte));
        int is_blank = strchr(" \t,", byte) != NULL;
        char text[] = "x?";
        cors_request_t request = { "OPTIONS", O, NULL, NULL };
        cors_decision_t decision;

        text[1] = (char)byte;
        request.request_method = text;
        cors_decide(&decision, &policy, &request, NULL);
        CHECK(decision.is_allowed == is_token, "method 0x%02x",
              (unsigned int)byte);
        request.request_method = "PUT";
        request.request_headers = text;
        cors_decide(&decision, &policy, &request, *state);
        CHECK(decision.is_allowed == (is_token || is_blank),
              "header 0x%02x", (unsigned int)byte);
    }
}

/* The engine's strings are those of the request and the policy. */
static void test_borrowed(void **state)
{
    static const char origin[] = O;
    static const char method[] = "PURGE";
    cors_request_t request = { "OPTIONS", NULL, NULL, NULL };
    cors_decision_t decision;
    cors_policy_t policy;

    build(&policy, *state, &PX);
    request.origin = origin;
    request.request_method = method;
    cors_decide(&decision, &policy, &request, NULL);
    assert_true(decision.max_age == policy.max_age);
    assert_true(decision.allow_methods == method);
}

#define OTHERS 5

static struct CMUnitTest tests[COUNT(rows) + COUNT(refused) + OTHERS];

static const struct CMUnitTest others[OTHERS] = {
    NAMED("C-55 malformed methods", test_malformed_methods),
    NAMED("C-57 forbidden methods", test_forbidden_methods),
    NAMED("C-64 malformed header names", test_malformed_names),
    TEST(test_token_bytes),
    TEST(test_borrowed),
};

static void add_test(size_t n, const char *name, CMUnitTestFunction test,
                     const void *row)
{
    tests[n].name = name;
    tests[n].test_func = test;
    tests[n].setup_func = row_setup;
    tests[n].teardown_func = row_teardown;
    tests[n].initial_state = (void *)row;
}

int main(void)
{
    size_t i;
    int rv;

    for (i = 0; i < COUNT(rows); i++) {
        add_test(i, rows[i].name, test_row, &rows[i]);
    }
    for (i = 0; i < COUNT(refused); i++) {
        add_test(COUNT(rows) + i, refused[i].name, test_refused,
                 &refused[i]);
    }
    memcpy(tests + COUNT(rows) + COUNT(refused), others, sizeof(others));
    apr_initialize();
    rv = cmocka_run_group_tests(tests, NULL, NULL);
    apr_terminate();
    return rv;
}
