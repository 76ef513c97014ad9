/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is wrong with a pattern.  This only words the refusal: what is
 * accepted is decided in cors_origin.c.  Each of the functions below returns
 * NULL where it has nothing to say.
 */

#include "cors_diagnose.h"
#include "cors_origin.h"
#include "cors_text.h"

#include <apr_strings.h>

/* The message, with a correction if that would be accepted. */
static const char *suggested(apr_pool_t *pool, const char *word,
                             const char *why, const char *correction)
{
    return cors_pattern_is_valid(pool, correction)
           ? cors_correct(pool, word, why, correction)
           : cors_refuse(pool, word, why);
}

static const char *diagnose_bytes(apr_pool_t *pool, const char *word)
{
    const char *p;

    if (*word == '\0') {
        return cors_refuse(pool, word, "is empty; write an origin such as "
                           "https://www.example.com");
    }
    for (p = word; *p; p++) {
        if ((unsigned char)*p >= 0x80) {
            return cors_refuse(pool, word, "is not ASCII; browsers send hosts "
                               "in punycode (xn--...): write that");
        }
        if (*p <= ' ' || *p == 0x7f) {
            return cors_refuse(pool, word, "contains a space or control "
                               "character; origins never do");
        }
    }
    if (strchr(word, ',')) {
        return cors_refuse(pool, word, "contains a comma; separate origins "
                           "with spaces");
    }
    return NULL;
}

static const char *diagnose_scheme(apr_pool_t *pool, const char *word)
{
    const char *separator = strstr(word, "://");
    apr_size_t len;

    if (!apr_cstr_casecmp(word, "null") || !apr_cstr_casecmp(word, "none")) {
        return cors_correct(pool, word, "keywords are in lower case",
                            cors_text_lower(pool, word));
    }
    if (!apr_cstr_casecmpn(word, "file:", 5)) {
        return cors_refuse(pool, word, "browsers send the origin null for "
                           "file: pages; no policy can tell them apart");
    }
    if (!separator) {
        return suggested(pool, word, "has no scheme; an origin is "
                         "scheme://host[:port]",
                         apr_pstrcat(pool, "https://", word, NULL));
    }
    len = (apr_size_t)(separator - word);
    if (memchr(word, '*', len)) {
        return cors_refuse(pool, word, "a scheme cannot be a wildcard; write "
                           "one pattern for https:// and one for each other "
                           "scheme");
    }
    if (text_span(word, len, CORS_SCHEME | CORS_UPPER) != len || len == 0
        || text_is(word[0], CORS_DIGIT)) {
        return cors_refuse(pool, word, "the scheme is malformed; an origin is "
                           "scheme://host[:port]");
    }
    return NULL;
}

/* The pattern with everything in lower case that browsers send so: of a
 * custom scheme's origin, the scheme. */
static const char *lower_pattern(apr_pool_t *pool, const char *word)
{
    const char *rest = strstr(word, "://");
    const char *all = cors_text_lower(pool, word);

    return cors_pattern_is_web(all)
           ? all
           : apr_pstrcat(pool,
                         apr_pstrmemdup(pool, all, (apr_size_t)(rest - word)),
                         rest, NULL);
}

static const char *diagnose_rest(apr_pool_t *pool, const char *word)
{
    const char *authority = strstr(word, "://") + 3;
    apr_size_t len = strcspn(authority, "/\\?#");

    if (len == 0) {
        return cors_refuse(pool, word, "has no host");
    }
    if (authority[len] != '\0') {
        return suggested(pool, word, strcmp(authority + len, "/") == 0
                         ? "ends in a slash; an origin has no path"
                         : "has a path, query or fragment; an origin ends "
                           "after the host or port",
                         apr_pstrmemdup(pool, word,
                                        (apr_size_t)(authority - word)
                                        + len));
    }
    if (strchr(authority, '@')) {
        return cors_refuse(pool, word, "contains a user name or an @; an "
                           "origin is scheme://host[:port]");
    }
    if (strcmp(lower_pattern(pool, word), word) != 0) {
        return suggested(pool, word, "browsers send origins in lower case",
                         lower_pattern(pool, word));
    }
    return NULL;
}

/* The following are for http and https.  "authority" is what stands behind
 * the scheme. */

static const char *diagnose_wildcard(apr_pool_t *pool, const char *word,
                                     const char *authority)
{
    apr_size_t len = cors_origin_host_span(authority, strlen(authority));
    const char *star = memchr(authority, '*', len);

    if (!star) {
        return NULL;
    }
    if (text_same(authority, len, "*") || text_same(authority, len, "*.")) {
        return cors_refuse(pool, word, "would match every site; add the "
                           "domain, https://*.example.com, or write only * "
                           "for a public resource");
    }
    if (star > authority || memchr(authority + 1, '*', len - 1)) {
        return cors_refuse(pool, word, "a host wildcard is a single *. before "
                           "a domain: https://*.example.com");
    }
    if (authority[1] != '.') {
        return suggested(pool, word, "would match look-alikes such as "
                         "evilexample.com; a wildcard stands for whole "
                         "labels",
                         apr_pstrcat(pool,
                                     apr_pstrmemdup(pool, word,
                                                    (apr_size_t)(authority
                                                                 - word)),
                                     "*.", authority + 1, NULL));
    }
    return NULL;
}

/* Whether the last label makes a host an IPv4 address, or nothing. */
static int host_ends_in_number(const char *host, apr_size_t len)
{
    const char *end = host + len;
    const char *last;

    if (len > 0 && end[-1] == '.') {
        end--;
    }
    for (last = end; last > host && last[-1] != '.'; last--) {
        continue;
    }
    return cors_label_is_number(last, (apr_size_t)(end - last));
}

static const char *diagnose_host(apr_pool_t *pool, const char *word,
                                 const char *authority)
{
    int any_subdomain = strncmp(authority, "*.", 2) == 0;
    const char *host = authority + (any_subdomain ? 2 : 0);
    apr_size_t len = cors_origin_host_span(host, strlen(host));
    cors_origin_t origin;

    if (host[0] != '[' && host[len] == ':' && strchr(host + len + 1, ':')) {
        return cors_refuse(pool, word, "has more than one port; write an IPv6 "
                           "address in brackets: https://[2001:db8::1]");
    }
    if (len == 0) {
        return cors_refuse(pool, word, "has no host");
    }
    if (cors_origin_read_host(&origin, host, len)) {
        return any_subdomain && !origin.host_is_name
               ? cors_refuse(pool, word, "an IP address has no subdomains")
               : NULL;
    }
    if (host[0] == '[') {
        return cors_refuse(pool, word, "is not an IPv6 address as browsers "
                           "send it: lower-case, no leading zeros, the "
                           "longest run of zeros as ::, no dotted quad");
    }
    if (host_ends_in_number(host, len)) {
        return cors_refuse(pool, word, "is not an IPv4 address as browsers "
                           "send it: four numbers from 0 to 255 without "
                           "leading zeros");
    }
    return cors_refuse(pool, word, "the host is malformed; it consists of "
                       "labels of 1 to 63 lower-case letters, digits, - and "
                       "_, at most 253 bytes in all");
}

static const char *diagnose_port(apr_pool_t *pool, const char *word,
                                 const char *authority)
{
    const char *port =
        authority + cors_origin_host_span(authority, strlen(authority));
    const char *without_port =
        apr_pstrmemdup(pool, word, (apr_size_t)(port - word));

    if (*port != ':') {
        return cors_refuse(pool, word, "something other than a port follows "
                           "the IPv6 address");
    }
    if (port[1] == '\0') {
        return suggested(pool, word, "has a colon and no port",
                         without_port);
    }
    if ((strcmp(port, ":443") == 0 && !strncmp(word, "https:", 6))
        || (strcmp(port, ":80") == 0 && !strncmp(word, "http:", 5))) {
        return suggested(pool, word, "browsers leave out the scheme's default "
                         "port", without_port);
    }
    return cors_refuse(pool, word, "the port must be a number from 1 to 65535 "
                       "without leading zeros, or * for any port");
}

const char *cors_pattern_diagnose(apr_pool_t *pool, const char *word)
{
    const char *message = diagnose_bytes(pool, word);
    const char *authority;

    if (!message) {
        message = diagnose_scheme(pool, word);
    }
    if (!message) {
        message = diagnose_rest(pool, word);
    }
    if (message) {
        return message;
    }
    authority = strstr(word, "://") + 3;
    if (!cors_pattern_is_web(word)) {
        return cors_refuse(pool, word, "an origin with a scheme other than "
                           "http and https is an exact string, "
                           "chrome-extension://abcdef: no wildcard, no path");
    }
    message = diagnose_wildcard(pool, word, authority);
    if (!message) {
        message = diagnose_host(pool, word, authority);
    }
    return message ? message : diagnose_port(pool, word, authority);
}
