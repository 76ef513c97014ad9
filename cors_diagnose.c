/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What is wrong with a pattern.  This only words the refusal: what is
 * accepted is decided in cors_origin.c.  Each of the functions below returns
 * NULL where it has nothing to say.
 */

#include "cors_diagnose.h"
#include "cors_text.h"

#include <apr_strings.h>

/* What it is about. */
typedef struct {
    apr_pool_t *pool;
    const char *word;
    cors_public_suffix_fn *is_public_suffix;
} asked_t;

static const char *refused(const asked_t *asked, const char *why)
{
    return cors_refuse(asked->pool, asked->word, why);
}

/* What kind of public suffix the domain is that starts here, 0 for none. */
static int suffix_at(const asked_t *asked, const char *domain)
{
    apr_size_t len = strcspn(domain, ":");

    if (len > 0 && domain[len - 1] == '.') {
        len--;
    }
    return cors_domain_is_public_suffix(apr_pstrmemdup(asked->pool, domain,
                                                       len),
                                        asked->is_public_suffix);
}

/* The message, with a correction if that would be accepted and spans no
 * registrable domains. */
static const char *suggested(const asked_t *asked, const char *why,
                             const char *correction)
{
    const char *star = strstr(correction, "://*.");

    return cors_pattern_is_valid(asked->pool, correction)
           && (!star || !suffix_at(asked, star + 5)
               || strncmp(star + 5, "localhost", 9) == 0)
           ? cors_correct(asked->pool, asked->word, why, correction)
           : refused(asked, why);
}

/* The word with each run of wildcards in its host replaced. */
static const char *filled(const asked_t *asked, const char *with)
{
    const char *rest = strstr(asked->word, "://") + 3;
    apr_size_t host_len = strcspn(rest, ":");
    const char *text = apr_pstrmemdup(asked->pool, asked->word,
                                      (apr_size_t)(rest - asked->word));
    apr_size_t at = 0;

    while (at < host_len) {
        apr_size_t len = strcspn(rest + at, "*:");

        text = apr_pstrcat(asked->pool, text,
                           apr_pstrmemdup(asked->pool, rest + at, len), NULL);
        at += len;
        if (rest[at] == '*') {
            at += strspn(rest + at, "*");
            text = apr_pstrcat(asked->pool, text, with, NULL);
        }
    }
    return apr_pstrcat(asked->pool, text, rest + host_len, NULL);
}

/* Whether the wildcards leave alone what somebody registers: the domain
 * behind the last of them is no registry's, and one where customers get names
 * does not follow a wildcard alone. */
static int wildcards_are_narrow(const asked_t *asked)
{
    const char *label = strstr(asked->word, "://") + 3;
    const char *last = label + strcspn(label, ":");
    const char *domain;
    int suffix;

    while (*--last != '*') {
        continue;
    }
    domain = strchr(last, '.');
    if (!domain || !strchr(domain + 1, '.')) {
        return 0;
    }
    while (last > label && last[-1] != '.') {
        last--;
    }
    suffix = suffix_at(asked, domain + 1);
    return suffix == 0
           || (suffix != CORS_SUFFIX_REGISTRY
               && last + strspn(last, "*") < domain);
}

/* The message, with the regular expression that says what wildcards cannot,
 * if it says no more than that. */
static const char *refused_for_regex(const asked_t *asked, const char *why)
{
    int is_web = cors_pattern_is_web(asked->word);
    const char *p = strstr(asked->word, "://") + 3;
    const char *regex = apr_pstrmemdup(asked->pool, asked->word,
                                       (apr_size_t)(p - asked->word));

    if (strlen(asked->word) > CORS_MAX_QUOTE || !strchr(p, '*')
        || strchr(p, '^')
        || !cors_pattern_is_valid(asked->pool, filled(asked, "a"))
        || (is_web && !wildcards_are_narrow(asked))) {
        return refused(asked, why);
    }
    while (*p) {
        const char *atom = apr_pstrmemdup(asked->pool, p, 1);

        if (strcmp(p, ":*") == 0) {
            atom = "(:[0-9]+)?";
            p++;
        }
        else if (*p == '*') {
            atom = is_web ? "[a-z0-9-]+" : "[^/]+";
            p += strspn(p, "*") - 1;
        }
        else if (strchr(".+$()[]{}|", *p)) {    /* logs double a "\" */
            atom = apr_pstrcat(asked->pool, "[", atom, "]", NULL);
        }
        regex = apr_pstrcat(asked->pool, regex, atom, NULL);
        p++;
    }
    return refused(asked, apr_pstrcat(asked->pool, why,
                                      "; write CORSAllowOriginMatch ", "\"",
                                      regex, "\"", NULL));
}

static const char *diagnose_bytes(const asked_t *asked)
{
    const char *word = asked->word;
    const char *p;

    if (*word == '\0') {
        return refused(asked, "is empty; write an origin such as "
                       "https://www.example.com");
    }
    for (p = word; *p; p++) {
        if ((unsigned char)*p >= 0x80) {
            return refused(asked, "is not ASCII; browsers send hosts "
                           "in punycode (xn--...): write that");
        }
        if (*p <= ' ' || *p == 0x7f) {
            return refused(asked, "contains a space or control "
                           "character; origins never do");
        }
    }
    if (strchr(word, ',')) {
        return refused(asked, "contains a comma; separate origins "
                       "with spaces");
    }
    return NULL;
}

static const char *diagnose_never_sent(const asked_t *asked)
{
    const char *word = cors_text_lower(asked->pool, asked->word);

    if (strncmp(word, "ws", 2) == 0) {
        return suggested(asked, "WebSockets have the origin of their page",
                         apr_pstrcat(asked->pool, "http", word + 2, NULL));
    }
    return refused(asked, "no browser sends an origin with this scheme; "
                   "such pages have the origin null, or that of another "
                   "page");
}

static const char *diagnose_scheme(const asked_t *asked)
{
    const char *word = asked->word;
    const char *separator = strstr(word, "://");
    apr_size_t len;

    if (!apr_cstr_casecmp(word, "null") || !apr_cstr_casecmp(word, "none")) {
        return cors_correct(asked->pool, word, "keywords are in lower case",
                            cors_text_lower(asked->pool, word));
    }
    if (!apr_cstr_casecmpn(word, "file:", 5)) {
        return apr_cstr_casecmp(word, "file://") == 0
               ? suggested(asked, "browsers send origins in lower case",
                           "file://")
               : refused(asked, "browsers send the origin null for file: "
                         "pages, which no policy can tell apart; some old "
                         "web views send file://");
    }
    len = strcspn(word, ":");
    if (word[len] && cors_scheme_is_never_sent(cors_text_lower(asked->pool,
                                                               word), len)) {
        return diagnose_never_sent(asked);
    }
    if (!separator) {
        return suggested(asked, "has no scheme; an origin is "
                         "scheme://host[:port]",
                         apr_pstrcat(asked->pool, "https://", word, NULL));
    }
    len = (apr_size_t)(separator - word);
    if (memchr(word, '*', len)) {
        return refused(asked, "a scheme cannot be a wildcard; write "
                       "one pattern for https:// and one for each other "
                       "scheme");
    }
    if (text_span(word, len, CORS_SCHEME | CORS_UPPER) != len || len == 0
        || text_is(word[0], CORS_DIGIT)) {
        return refused(asked, "the scheme is malformed; an origin is "
                       "scheme://host[:port]");
    }
    return NULL;
}

/* The pattern with everything in lower case that browsers send so: of a
 * custom scheme's origin, the scheme. */
static const char *lower_pattern(const asked_t *asked)
{
    const char *word = asked->word;
    const char *rest = strstr(word, "://");
    const char *all = cors_text_lower(asked->pool, word);

    return cors_pattern_is_web(all)
           ? all
           : apr_pstrcat(asked->pool,
                         apr_pstrmemdup(asked->pool, all,
                                        (apr_size_t)(rest - word)),
                         rest, NULL);
}

static const char *diagnose_rest(const asked_t *asked)
{
    const char *word = asked->word;
    const char *authority = strstr(word, "://") + 3;
    apr_size_t len = strcspn(authority, "/\\?#");

    if (len == 0) {
        return refused(asked, "has no host");
    }
    if (authority[len] != '\0') {
        return suggested(asked, strcmp(authority + len, "/") == 0
                         ? "ends in a slash; an origin has no path"
                         : "has a path, query or fragment; an origin ends "
                           "after the host or port",
                         apr_pstrmemdup(asked->pool, word,
                                        (apr_size_t)(authority - word)
                                        + len));
    }
    if (strchr(authority, '@')) {
        return refused(asked, "contains a user name or an @; an "
                       "origin is scheme://host[:port]");
    }
    if (strcmp(lower_pattern(asked), word) != 0) {
        return suggested(asked, "browsers send origins in lower case",
                         lower_pattern(asked));
    }
    return NULL;
}

/* The following are for http and https.  "authority" is what stands behind
 * the scheme. */

/* A wildcard, and text right behind it: a domain, or the rest of a label. */
static const char *diagnose_part_of_label(const asked_t *asked,
                                          const char *authority)
{
    static const char why[] = "would match look-alikes such as "
        "evilexample.com; a wildcard stands for whole labels";
    const char *dotted = apr_pstrcat(
        asked->pool,
        apr_pstrmemdup(asked->pool, asked->word,
                       (apr_size_t)(authority - asked->word)),
        "*.", authority + 1, NULL);

    return cors_pattern_is_valid(asked->pool, dotted)
           ? suggested(asked, why, dotted) : refused_for_regex(asked, why);
}

static const char *diagnose_wildcard(const asked_t *asked,
                                     const char *authority)
{
    apr_size_t len = cors_origin_host_span(authority, strlen(authority));
    const char *star = memchr(authority, '*', len);

    if (!star) {
        return NULL;
    }
    if (text_same(authority, len, "*") || text_same(authority, len, "*.")) {
        return refused(asked, "would match every site; add the "
                       "domain, https://*.example.com, or write only * "
                       "for a public resource");
    }
    if (star > authority || memchr(authority + 1, '*', len - 1)) {
        return refused_for_regex(asked, "a host wildcard is a single *. "
                                 "before a domain: https://*.example.com");
    }
    return authority[1] != '.' ? diagnose_part_of_label(asked, authority)
                               : NULL;
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

static const char *diagnose_subdomain(const asked_t *asked,
                                      const cors_origin_t *origin)
{
    if (!origin->host_is_name) {
        return refused(asked, "an IP address has no subdomains");
    }
    return cors_origin_has_room(origin)
           ? NULL
           : refused(asked, "can match nothing: with a label in front the "
                     "host has more than 253 bytes");
}

static const char *diagnose_host(const asked_t *asked,
                                 const char *authority)
{
    int any_subdomain = strncmp(authority, "*.", 2) == 0;
    const char *host = authority + (any_subdomain ? 2 : 0);
    apr_size_t len = cors_origin_host_span(host, strlen(host));
    cors_origin_t origin;

    if (host[0] != '[' && host[len] == ':' && strchr(host + len + 1, ':')) {
        return refused(asked, "has more than one port; write an IPv6 "
                       "address in brackets: https://[2001:db8::1]");
    }
    if (len == 0) {
        return refused(asked, "has no host");
    }
    if (cors_origin_read_host(&origin, host, len)) {
        return any_subdomain ? diagnose_subdomain(asked, &origin) : NULL;
    }
    if (host[0] == '[') {
        return refused(asked, "is not an IPv6 address as browsers "
                       "send it: lower-case, no leading zeros, the "
                       "longest run of zeros as ::, no dotted quad");
    }
    if (host_ends_in_number(host, len)) {
        return refused(asked, "is not an IPv4 address as browsers "
                       "send it: four numbers from 0 to 255 without "
                       "leading zeros");
    }
    return refused(asked, "the host is malformed; it consists of "
                   "labels of 1 to 63 lower-case letters, digits, - and "
                   "_, at most 253 bytes in all");
}

static const char *diagnose_port(const asked_t *asked,
                                 const char *authority)
{
    const char *word = asked->word;
    const char *port =
        authority + cors_origin_host_span(authority, strlen(authority));
    const char *without_port =
        apr_pstrmemdup(asked->pool, word, (apr_size_t)(port - word));

    if (*port != ':') {
        return refused(asked, "something other than a port follows "
                       "the IPv6 address");
    }
    if (port[1] == '\0') {
        return suggested(asked, "has a colon and no port",
                         without_port);
    }
    if ((strcmp(port, ":443") == 0 && !strncmp(word, "https:", 6))
        || (strcmp(port, ":80") == 0 && !strncmp(word, "http:", 5))) {
        return suggested(asked, "browsers leave out the scheme's default "
                         "port", without_port);
    }
    return refused(asked, "the port must be a number from 1 to 65535 "
                   "without leading zeros, or * for any port");
}

const char *cors_pattern_diagnose(apr_pool_t *pool, const char *word,
                                  cors_public_suffix_fn *is_public_suffix)
{
    asked_t about = { pool, word, is_public_suffix };
    const asked_t *asked = &about;
    const char *message = diagnose_bytes(asked);
    const char *authority;

    if (!message) {
        message = diagnose_scheme(asked);
    }
    if (!message) {
        message = diagnose_rest(asked);
    }
    if (message) {
        return message;
    }
    authority = strstr(word, "://") + 3;
    if (!cors_pattern_is_web(word)) {
        return refused_for_regex(asked, "an origin with a scheme other than "
                                 "http and https is an exact string, "
                                 "chrome-extension://abcdef: no wildcard, "
                                 "no path");
    }
    message = diagnose_wildcard(asked, authority);
    if (!message) {
        message = diagnose_host(asked, authority);
    }
    return message ? message : diagnose_port(asked, authority);
}
