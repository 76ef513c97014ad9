/* SPDX-License-Identifier: Apache-2.0 */

/* What an origin is: its grammar, and what follows from its parts. */

#include "cors_origin.h"
#include "cors_text.h"

#include <apr_strings.h>

/* Fetch, serialized-ipv4: a byte in decimal, no leading zeros. */
static int octet_is_canonical(const char *s, apr_size_t len)
{
    int value = 0;
    apr_size_t i;

    if (len == 0 || len > 3 || text_span(s, len, CORS_DIGIT) != len
        || (len > 1 && s[0] == '0')) {
        return 0;
    }
    for (i = 0; i < len; i++) {
        value = value * 10 + (s[i] - '0');
    }
    return value <= 255;
}

static int ipv4_is_canonical(const char *s, apr_size_t len)
{
    const char *end = s + len;
    int dots;

    for (dots = 0; dots < 3; dots++) {
        const char *dot = memchr(s, '.', (apr_size_t)(end - s));

        if (!dot || !octet_is_canonical(s, (apr_size_t)(dot - s))) {
            return 0;
        }
        s = dot + 1;
    }
    return octet_is_canonical(s, (apr_size_t)(end - s));
}

/* A run of an IPv6 address' eight groups. */
typedef struct {
    int start;                  /* index of its first group */
    int count;                  /* how many, 0 for none */
} ipv6_gap_t;

/* Read groups as a serializer writes them: lower case, no leading zeros.
 * Returns how many there are, or -1. */
static int ipv6_read_groups(unsigned char is_zero[8], const char *s,
                            apr_size_t len)
{
    int n = 0;

    while (len > 0) {
        apr_size_t digits = text_span(s, len, CORS_HEX);

        if (n == 8 || digits == 0 || digits > 4
            || (digits > 1 && s[0] == '0')) {
            return -1;
        }
        is_zero[n++] = s[0] == '0';
        if (digits == len) {
            return n;
        }
        if (s[digits] != ':' || digits + 1 == len) {
            return -1;
        }
        s += digits + 1;
        len -= digits + 1;
    }
    return n;
}

/* The first "::", NULL if there is none. */
static const char *ipv6_find_gap(const char *s, apr_size_t len)
{
    const char *end = s + len;

    while ((s = memchr(s, ':', (apr_size_t)(end - s))) && ++s < end) {
        if (*s == ':') {
            return s - 1;
        }
    }
    return NULL;
}

/* URL standard, IPv6 serializer: the first longest run of at least two zero
 * groups is what "::" stands for. */
static ipv6_gap_t ipv6_canonical_gap(const unsigned char is_zero[8])
{
    ipv6_gap_t best = { 0, 0 };
    int i = 0;

    while (i < 8) {
        int start = i;

        while (i < 8 && is_zero[i]) {
            i++;
        }
        if (i - start >= 2 && i - start > best.count) {
            best.start = start;
            best.count = i - start;
        }
        i++;
    }
    return best;
}

static int ipv6_is_canonical(const char *s, apr_size_t len)
{
    const char *gap = ipv6_find_gap(s, len);
    unsigned char is_zero[8];
    unsigned char behind[8];
    ipv6_gap_t canonical;
    int n_before;
    int n_behind;

    if (!gap) {
        return ipv6_read_groups(is_zero, s, len) == 8
               && ipv6_canonical_gap(is_zero).count == 0;
    }
    n_before = ipv6_read_groups(is_zero, s, (apr_size_t)(gap - s));
    n_behind = ipv6_read_groups(behind, gap + 2,
                                len - (apr_size_t)(gap + 2 - s));
    if (n_before < 0 || n_behind < 0 || n_before + n_behind > 6) {
        return 0;
    }
    memset(is_zero + n_before, 1, (apr_size_t)(8 - n_before - n_behind));
    memcpy(is_zero + 8 - n_behind, behind, (apr_size_t)n_behind);
    canonical = ipv6_canonical_gap(is_zero);
    return canonical.start == n_before
           && canonical.count == 8 - n_before - n_behind;
}

/* Fetch, domain-label, and the underscore that the URL standard allows. */
static int label_is_valid(const char *s, apr_size_t len)
{
    apr_size_t i;

    if (len == 0 || len > CORS_MAX_LABEL
        || !text_is(s[0], CORS_LABEL) || !text_is(s[len - 1], CORS_LABEL)) {
        return 0;
    }
    for (i = 1; i < len; i++) {
        if (!text_is(s[i], CORS_LABEL) && s[i] != '-') {
            return 0;
        }
    }
    return 1;
}

int cors_label_is_number(const char *s, apr_size_t len)
{
    if (len > 0 && text_span(s, len, CORS_DIGIT) == len) {
        return 1;
    }
    return text_starts_with(s, len, "0x") && text_span(s + 2, len - 2,
                                                       CORS_HEX) == len - 2;
}

static int domain_is_valid(const char *s, apr_size_t len)
{
    const char *end = s + len;

    if (len > 1 && end[-1] == '.') {
        end--;
    }
    if (end - s > CORS_MAX_HOST) {
        return 0;
    }
    for (;;) {
        const char *dot = memchr(s, '.', (apr_size_t)(end - s));
        apr_size_t label_len = (apr_size_t)((dot ? dot : end) - s);

        if (!label_is_valid(s, label_len)) {
            return 0;
        }
        if (!dot) {
            return !cors_label_is_number(s, label_len);
        }
        s = dot + 1;
    }
}

int cors_origin_read_host(cors_origin_t *origin, const char *s,
                          apr_size_t len)
{
    origin->host = s;
    origin->host_len = len;
    origin->host_is_name = 0;
    if (len > 2 && s[0] == '[' && s[len - 1] == ']') {
        return ipv6_is_canonical(s + 1, len - 2);
    }
    if (ipv4_is_canonical(s, len)) {
        return 1;
    }
    origin->host_is_name = 1;
    return len > 0 && domain_is_valid(s, len);
}

static int scheme_is(const cors_origin_t *origin, const char *scheme)
{
    return text_same(origin->text, origin->scheme_len, scheme);
}

/* The port after the host: nothing, or ":" and a number that is not the
 * default of the scheme. */
static int port_read(cors_origin_t *origin, const char *s, apr_size_t len)
{
    unsigned int port = 0;
    apr_size_t i;

    origin->has_port = len > 0;
    origin->port = 0;
    if (len == 0) {
        return 1;
    }
    if (len < 2 || len > 6 || s[0] != ':' || s[1] == '0'
        || text_span(s + 1, len - 1, CORS_DIGIT) != len - 1) {
        return 0;
    }
    for (i = 1; i < len; i++) {
        port = port * 10 + (unsigned int)(s[i] - '0');
    }
    origin->port = port;
    return port <= 65535
           && !(port == 80 && scheme_is(origin, "http"))
           && !(port == 443 && scheme_is(origin, "https"));
}

apr_size_t cors_origin_host_span(const char *s, apr_size_t len)
{
    const char *end;

    if (len > 0 && s[0] == '[') {
        end = memchr(s, ']', len);
        return end ? (apr_size_t)(end - s) + 1 : len;
    }
    end = memchr(s, ':', len);
    return end ? (apr_size_t)(end - s) : len;
}

/* What an application's or a browser extension's scheme has for an authority:
 * compared and never taken apart. */
static int custom_read(cors_origin_t *origin, const char *s, apr_size_t len)
{
    apr_size_t i;

    origin->host = s;
    origin->host_len = len;
    origin->host_is_name = 0;
    origin->has_port = 0;
    origin->port = 0;
    for (i = 0; i < len; i++) {
        if (s[i] <= ' ' || s[i] >= 0x7f || strchr("/\\?#@*,\"", s[i])) {
            return 0;
        }
    }
    return scheme_is(origin, "file")
           ? len == 0
           : len > 0 && !cors_scheme_is_never_sent(origin->text,
                                                   origin->scheme_len);
}

int cors_scheme_is_never_sent(const char *scheme, apr_size_t len)
{
    static const char *const schemes[] = {
        "ws", "wss", "data", "blob", "about", "javascript", NULL
    };
    const char *const *one = schemes;

    while (*one && !text_same(scheme, len, *one)) {
        one++;
    }
    return *one != NULL;
}

static apr_size_t scheme_span(const char *text, apr_size_t len)
{
    if (text_starts_with(text, len, "https:")) {
        return 5;
    }
    return len > 0 && text_is(text[0], CORS_LABEL)
           && !text_is(text[0], CORS_DIGIT)
           ? text_span(text, len, CORS_SCHEME) : 0;
}

int cors_origin_parse(cors_origin_t *origin, const char *text,
                      apr_size_t len)
{
    cors_origin_t o;
    const char *authority;
    apr_size_t authority_len;
    apr_size_t host_len;

    o.text = text;
    o.len = len;
    o.scheme_len = scheme_span(text, len);
    if (o.scheme_len == 0
        || !text_starts_with(text + o.scheme_len, len - o.scheme_len, "://")) {
        return 0;
    }
    authority = text + o.scheme_len + 3;
    authority_len = len - o.scheme_len - 3;
    if (!scheme_is(&o, "https") && !scheme_is(&o, "http")) {
        if (!custom_read(&o, authority, authority_len)) {
            return 0;
        }
        *origin = o;
        return 1;
    }
    host_len = cors_origin_host_span(authority, authority_len);
    if (!cors_origin_read_host(&o, authority, host_len)
        || !port_read(&o, authority + host_len, authority_len - host_len)) {
        return 0;
    }
    *origin = o;
    return 1;
}

/* Whether the host, its final dot cut, is a name or below it. */
static int host_is_below(const cors_origin_t *origin, const char *name)
{
    apr_size_t len = origin->host_len;
    apr_size_t name_len = strlen(name);

    if (origin->host[len - 1] == '.') {
        len--;
    }
    return text_ends_with(origin->host, len, name)
           && (len == name_len || origin->host[len - name_len - 1] == '.');
}

int cors_origin_is_loopback(const cors_origin_t *origin)
{
    if (!origin->host_is_name) {
        return text_starts_with(origin->host, origin->host_len, "127.")
               || text_same(origin->host, origin->host_len, "[::1]");
    }
    return host_is_below(origin, "localhost");
}

int cors_origin_is_onion(const cors_origin_t *origin)
{
    return origin->host_is_name && host_is_below(origin, "onion");
}

int cors_origin_is_insecure(const cors_origin_t *origin)
{
    if (!scheme_is(origin, "http")) {
        return scheme_is(origin, "file");
    }
    return !cors_origin_is_loopback(origin) && !cors_origin_is_onion(origin);
}

int cors_origin_has_room(const cors_origin_t *origin)
{
    apr_size_t len = origin->host_len;

    return len - (origin->host[len - 1] == '.') <= CORS_MAX_HOST - 2;
}

int cors_domain_is_public_suffix(const char *domain,
                                 cors_public_suffix_fn *is_public_suffix)
{
    if (!strchr(domain, '.')) {
        return CORS_SUFFIX_REGISTRY;
    }
    return is_public_suffix ? is_public_suffix(domain) : 0;
}
