/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

/*
 * The parts, in order: bytes, origins, patterns and their diagnosis, origin
 * sets, methods and header names, policies, decisions.  cors_policy.h says
 * what they mean.
 */

#include "cors_policy.h"

#include <string.h>

#include <apr_cstr.h>
#include <apr_strings.h>

/* ------------------------------------------------------------------------
 * Bytes
 */

#define TOKEN  0x01             /* RFC 9110, 5.6.2 */
#define LABEL  0x02             /* of a host name, anywhere; "-" is separate */
#define DIGIT  0x04
#define HEX    0x08             /* lower case */
#define SCHEME 0x10             /* of a scheme, after its first letter */
#define UPPER  0x20

#define PUNCT (TOKEN)
#define NUMBER (TOKEN | LABEL | DIGIT | HEX | SCHEME)
#define A_TO_F (TOKEN | LABEL | HEX | SCHEME)
#define G_TO_Z (TOKEN | LABEL | SCHEME)
#define CAPITAL (TOKEN | UPPER)

static const unsigned char class_tbl[256] = {
    ['!'] = PUNCT,  ['#'] = PUNCT, ['$'] = PUNCT,  ['%'] = PUNCT,
    ['&'] = PUNCT,  ['\''] = PUNCT, ['*'] = PUNCT, ['^'] = PUNCT,
    ['`'] = PUNCT,  ['|'] = PUNCT, ['~'] = PUNCT,
    ['+'] = TOKEN | SCHEME, ['-'] = TOKEN | SCHEME, ['.'] = TOKEN | SCHEME,
    ['_'] = TOKEN | LABEL,
    ['0'] = NUMBER, ['1'] = NUMBER, ['2'] = NUMBER, ['3'] = NUMBER,
    ['4'] = NUMBER, ['5'] = NUMBER, ['6'] = NUMBER, ['7'] = NUMBER,
    ['8'] = NUMBER, ['9'] = NUMBER,
    ['a'] = A_TO_F, ['b'] = A_TO_F, ['c'] = A_TO_F, ['d'] = A_TO_F,
    ['e'] = A_TO_F, ['f'] = A_TO_F, ['g'] = G_TO_Z, ['h'] = G_TO_Z,
    ['i'] = G_TO_Z, ['j'] = G_TO_Z, ['k'] = G_TO_Z, ['l'] = G_TO_Z,
    ['m'] = G_TO_Z, ['n'] = G_TO_Z, ['o'] = G_TO_Z, ['p'] = G_TO_Z,
    ['q'] = G_TO_Z, ['r'] = G_TO_Z, ['s'] = G_TO_Z, ['t'] = G_TO_Z,
    ['u'] = G_TO_Z, ['v'] = G_TO_Z, ['w'] = G_TO_Z, ['x'] = G_TO_Z,
    ['y'] = G_TO_Z, ['z'] = G_TO_Z,
    ['A'] = CAPITAL, ['B'] = CAPITAL, ['C'] = CAPITAL, ['D'] = CAPITAL,
    ['E'] = CAPITAL, ['F'] = CAPITAL, ['G'] = CAPITAL, ['H'] = CAPITAL,
    ['I'] = CAPITAL, ['J'] = CAPITAL, ['K'] = CAPITAL, ['L'] = CAPITAL,
    ['M'] = CAPITAL, ['N'] = CAPITAL, ['O'] = CAPITAL, ['P'] = CAPITAL,
    ['Q'] = CAPITAL, ['R'] = CAPITAL, ['S'] = CAPITAL, ['T'] = CAPITAL,
    ['U'] = CAPITAL, ['V'] = CAPITAL, ['W'] = CAPITAL, ['X'] = CAPITAL,
    ['Y'] = CAPITAL, ['Z'] = CAPITAL,
};

static int is(char c, unsigned int classes)
{
    return (class_tbl[(unsigned char)c] & classes) != 0;
}

/* How many of the first bytes of s belong to the classes. */
static apr_size_t span(const char *s, apr_size_t len, unsigned int classes)
{
    apr_size_t n = 0;

    while (n < len && is(s[n], classes)) {
        n++;
    }
    return n;
}

static int same(const char *s, apr_size_t len, const char *literal)
{
    return strlen(literal) == len && memcmp(s, literal, len) == 0;
}

static int same_nocase(const char *s, apr_size_t len, const char *literal)
{
    return strlen(literal) == len && apr_cstr_casecmpn(s, literal, len) == 0;
}

static int starts_with(const char *s, apr_size_t len, const char *literal)
{
    apr_size_t literal_len = strlen(literal);

    return len >= literal_len && memcmp(s, literal, literal_len) == 0;
}

static int ends_with(const char *s, apr_size_t len, const char *literal)
{
    apr_size_t literal_len = strlen(literal);

    return len >= literal_len
           && memcmp(s + len - literal_len, literal, literal_len) == 0;
}

static char lower_char(char c)
{
    return (char)(is(c, UPPER) ? c | 0x20 : c);
}

static char *lower(apr_pool_t *pool, const char *s)
{
    char *copy = apr_pstrdup(pool, s);
    char *p;

    for (p = copy; *p; p++) {
        *p = lower_char(*p);
    }
    return copy;
}

/* A value as messages show it: in quotes, cut. */
static const char *quoted(apr_pool_t *pool, const char *value)
{
    apr_size_t len = strlen(value);

    return apr_psprintf(pool, len > CORS_MAX_QUOTE ? "\"%.*s...\""
                                                   : "\"%.*s\"",
                        CORS_MAX_QUOTE, value);
}

/* The message that a value is wrong: why, and what to do. */
static const char *refused(apr_pool_t *pool, const char *value,
                           const char *why)
{
    return apr_pstrcat(pool, quoted(pool, value), ": ", why, NULL);
}

/* The same with a correction that the administrator may paste. */
static const char *corrected(apr_pool_t *pool, const char *value,
                             const char *why, const char *correction)
{
    return apr_pstrcat(pool, quoted(pool, value), ": ", why, "; write ",
                       quoted(pool, correction), NULL);
}

/* ------------------------------------------------------------------------
 * Maps
 */

/* Most policies name a few of anything.  Comparing these one by one costs a
 * fraction of hashing the request's bytes, and nothing when a .htaccess file
 * is read. */
#define MAP_LIST_SIZE 8

/* From strings to values that are not NULL. */
typedef struct {
    struct {
        const char *key;
        apr_size_t len;
        const void *value;
    } list[MAP_LIST_SIZE];
    int count;                  /* in the list; not used with a hash */
    apr_hash_t *hash;           /* NULL as long as the list suffices */
} map_t;

static const void *map_get(const map_t *map, const char *key, apr_size_t len)
{
    int i;

    if (map->hash) {
        return apr_hash_get(map->hash, key, (apr_ssize_t)len);
    }
    for (i = 0; i < map->count; i++) {
        if (map->list[i].len == len
            && memcmp(map->list[i].key, key, len) == 0) {
            return map->list[i].value;
        }
    }
    return NULL;
}

/* Keys that are there already keep their value.  The key is borrowed. */
static void map_add(map_t *map, apr_pool_t *pool, const char *key,
                    apr_size_t len, const void *value)
{
    if (map_get(map, key, len)) {
        return;
    }
    if (!map->hash && map->count < MAP_LIST_SIZE) {
        map->list[map->count].key = key;
        map->list[map->count].len = len;
        map->list[map->count].value = value;
        map->count++;
        return;
    }
    if (!map->hash) {
        int i;

        map->hash = apr_hash_make(pool);
        for (i = 0; i < map->count; i++) {
            apr_hash_set(map->hash, map->list[i].key,
                         (apr_ssize_t)map->list[i].len, map->list[i].value);
        }
    }
    apr_hash_set(map->hash, key, (apr_ssize_t)len, value);
}

static int map_is_empty(const map_t *map)
{
    return map->count == 0;
}

/* ------------------------------------------------------------------------
 * Origins
 */

/* Fetch, serialized-ipv4: a byte in decimal, no leading zeros. */
static int octet_is_canonical(const char *s, apr_size_t len)
{
    int value = 0;
    apr_size_t i;

    if (len == 0 || len > 3 || span(s, len, DIGIT) != len
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

/* Where the "::" of an IPv6 address is, or would be. */
typedef struct {
    int start;                  /* index of the first group left out */
    int count;                  /* how many, 0 for none */
} ipv6_gap_t;

/* Read an address into its groups; gap tells which of them "::" stood for.
 * Each group is what a serializer writes: lower case, no leading zeros. */
static int ipv6_read(unsigned char is_zero[8], ipv6_gap_t *gap,
                     const char *s, apr_size_t len)
{
    const char *end = s + len;
    int before_gap = -1;
    int n = 0;
    int i;

    if (starts_with(s, len, "::")) {
        before_gap = 0;
        s += 2;
    }
    while (s < end) {
        apr_size_t digits = span(s, (apr_size_t)(end - s), HEX);

        if (n == 8 || digits == 0 || digits > 4
            || (digits > 1 && s[0] == '0')) {
            return 0;
        }
        is_zero[n++] = s[0] == '0';
        s += digits;
        if (s == end) {
            break;
        }
        if (*s++ != ':' || s == end) {
            return 0;
        }
        if (*s == ':') {
            if (before_gap >= 0) {
                return 0;
            }
            before_gap = n;
            s++;
        }
    }
    if (before_gap < 0) {
        gap->start = gap->count = 0;
        return n == 8;
    }
    gap->start = before_gap;
    gap->count = 8 - n;
    for (i = 7; i >= before_gap; i--) {
        is_zero[i] = i < before_gap + gap->count
                     || is_zero[i - gap->count];
    }
    return gap->count >= 2;
}

/* URL standard, IPv6 serializer: the first longest run of at least two zero
 * groups is left out. */
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
    unsigned char is_zero[8] = { 0 };
    ipv6_gap_t gap;
    ipv6_gap_t canonical;

    if (!ipv6_read(is_zero, &gap, s, len)) {
        return 0;
    }
    canonical = ipv6_canonical_gap(is_zero);
    return gap.start == canonical.start && gap.count == canonical.count;
}

/* Fetch, domain-label, and the underscore that the URL standard allows. */
static int label_is_valid(const char *s, apr_size_t len)
{
    apr_size_t i;

    if (len == 0 || len > CORS_MAX_LABEL
        || !is(s[0], LABEL) || !is(s[len - 1], LABEL)) {
        return 0;
    }
    for (i = 1; i < len; i++) {
        if (!is(s[i], LABEL) && s[i] != '-') {
            return 0;
        }
    }
    return 1;
}

/* URL standard, "ends in a number": such a host is an IPv4 address or
 * nothing. */
static int label_is_number(const char *s, apr_size_t len)
{
    if (len > 0 && span(s, len, DIGIT) == len) {
        return 1;
    }
    return starts_with(s, len, "0x") && span(s + 2, len - 2, HEX) == len - 2;
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
            return !label_is_number(s, label_len);
        }
        s = dot + 1;
    }
}

static int host_read(cors_origin_t *origin, const char *s, apr_size_t len)
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
    return same(origin->text, origin->scheme_len, scheme);
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
        || span(s + 1, len - 1, DIGIT) != len - 1) {
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

/* How many bytes of an authority are the host. */
static apr_size_t host_span(const char *s, apr_size_t len)
{
    const char *end;

    if (len > 0 && s[0] == '[') {
        end = memchr(s, ']', len);
        return end ? (apr_size_t)(end - s) + 1 : len;
    }
    end = memchr(s, ':', len);
    return end ? (apr_size_t)(end - s) : len;
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
    o.scheme_len = span(text, len, SCHEME);
    if (o.scheme_len == 0 || is(text[0], DIGIT) || !is(text[0], LABEL)
        || !starts_with(text + o.scheme_len, len - o.scheme_len, "://")) {
        return 0;
    }
    authority = text + o.scheme_len + 3;
    authority_len = len - o.scheme_len - 3;
    host_len = host_span(authority, authority_len);
    if (!host_read(&o, authority, host_len)
        || !port_read(&o, authority + host_len, authority_len - host_len)) {
        return 0;
    }
    *origin = o;
    return 1;
}

static int host_is_loopback(const cors_origin_t *origin)
{
    if (!origin->host_is_name) {
        return starts_with(origin->host, origin->host_len, "127.")
               || same(origin->host, origin->host_len, "[::1]");
    }
    return same(origin->host, origin->host_len, "localhost")
           || ends_with(origin->host, origin->host_len, ".localhost");
}

int cors_origin_is_clear_text(const cors_origin_t *origin)
{
    return !scheme_is(origin, "https") && !host_is_loopback(origin);
}

/* ------------------------------------------------------------------------
 * Patterns
 */

/* A pattern taken apart.  "plain" is the origin that is left without its
 * wildcards; a host wildcard leaves the suffix. */
typedef struct {
    const char *plain;
    apr_size_t plain_len;
    int any_subdomain;
    int any_port;
    cors_origin_t origin;       /* plain, parsed; not of custom schemes */
} pattern_t;

static int scheme_is_web(const char *s)
{
    return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

/* A scheme other than http and https: an application's or a browser
 * extension's own, whose origins are compared and never taken apart. */
static int custom_origin_is_valid(const char *s)
{
    apr_size_t scheme_len = strcspn(s, ":");
    const char *rest = s + scheme_len + 3;
    const char *p;

    if (scheme_len == 0 || !is(s[0], LABEL) || is(s[0], DIGIT)
        || span(s, scheme_len, SCHEME) != scheme_len
        || strncmp(s + scheme_len, "://", 3) != 0
        || same(s, scheme_len, "file") || *rest == '\0') {
        return 0;
    }
    for (p = rest; *p; p++) {
        if (*p <= ' ' || *p >= 0x7f || strchr("/\\?#@*,\"", *p)) {
            return 0;
        }
    }
    return 1;
}

static int pattern_read(pattern_t *pattern, const char *word,
                        apr_pool_t *pool)
{
    const char *host = strstr(word, "://") + 3;
    const char *plain = word;
    apr_size_t len;

    pattern->any_subdomain = strncmp(host, "*.", 2) == 0;
    if (pattern->any_subdomain) {
        plain = apr_pstrcat(pool, apr_pstrmemdup(pool, word,
                                                 (apr_size_t)(host - word)),
                            host + 2, NULL);
    }
    len = strlen(plain);
    pattern->any_port = ends_with(plain, len, ":*");
    if (pattern->any_port) {
        len -= 2;
    }
    pattern->plain = plain;
    pattern->plain_len = len;
    return cors_origin_parse(&pattern->origin, plain, len)
           && !(pattern->any_subdomain && !pattern->origin.host_is_name)
           && !(pattern->any_port && pattern->origin.has_port);
}

static int pattern_is_valid(apr_pool_t *pool, const char *word)
{
    pattern_t pattern;

    return scheme_is_web(word) ? pattern_read(&pattern, word, pool)
                               : custom_origin_is_valid(word);
}

/* What is wrong with a pattern.  These only word the refusal: what is accepted
 * is decided above.  Each returns NULL where it has nothing to say. */

/* The message, with a correction if that would be accepted. */
static const char *suggested(apr_pool_t *pool, const char *word,
                             const char *why, const char *correction)
{
    return pattern_is_valid(pool, correction)
           ? corrected(pool, word, why, correction)
           : refused(pool, word, why);
}

static const char *diagnose_bytes(apr_pool_t *pool, const char *word)
{
    const char *p;

    if (*word == '\0') {
        return refused(pool, word, "is empty; write an origin such as "
                       "https://www.example.com");
    }
    for (p = word; *p; p++) {
        if ((unsigned char)*p >= 0x80) {
            return refused(pool, word, "is not ASCII; browsers send a host "
                           "in its punycode form (xn--...): write that");
        }
        if (*p <= ' ' || *p == 0x7f) {
            return refused(pool, word, "holds a blank or control character; "
                           "no origin does");
        }
    }
    if (strchr(word, ',')) {
        return refused(pool, word, "holds a comma; separate origins with "
                       "blanks");
    }
    return NULL;
}

static const char *diagnose_scheme(apr_pool_t *pool, const char *word)
{
    const char *separator = strstr(word, "://");
    apr_size_t len;

    if (!apr_cstr_casecmp(word, "null") || !apr_cstr_casecmp(word, "none")) {
        return corrected(pool, word, "keywords are lower-case",
                         lower(pool, word));
    }
    if (!apr_cstr_casecmpn(word, "file:", 5)) {
        return refused(pool, word, "browsers send the origin null for file: "
                       "pages; no policy can tell them apart");
    }
    if (!separator) {
        return suggested(pool, word, "has no scheme; an origin is "
                         "scheme://host[:port]",
                         apr_pstrcat(pool, "https://", word, NULL));
    }
    len = (apr_size_t)(separator - word);
    if (memchr(word, '*', len)) {
        return refused(pool, word, "a scheme cannot be a wildcard; write one "
                       "pattern for https:// and one for each other scheme");
    }
    if (span(word, len, SCHEME | UPPER) != len || len == 0
        || is(word[0], DIGIT)) {
        return refused(pool, word, "the scheme is malformed; an origin is "
                       "scheme://host[:port]");
    }
    return NULL;
}

/* The pattern with everything in lower case that browsers send so: of a
 * custom scheme's origin, the scheme. */
static const char *lower_pattern(apr_pool_t *pool, const char *word)
{
    const char *rest = strstr(word, "://");
    const char *all = lower(pool, word);

    return scheme_is_web(all)
           ? all
           : apr_pstrcat(pool, apr_pstrmemdup(pool, all,
                                              (apr_size_t)(rest - word)),
                         rest, NULL);
}

static const char *diagnose_rest(apr_pool_t *pool, const char *word)
{
    const char *authority = strstr(word, "://") + 3;
    apr_size_t len = strcspn(authority, "/\\?#");

    if (len == 0) {
        return refused(pool, word, "has no host");
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
        return refused(pool, word, "holds a user name or an @; an origin is "
                       "scheme://host[:port]");
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
    apr_size_t len = host_span(authority, strlen(authority));
    const char *star = memchr(authority, '*', len);

    if (!star) {
        return NULL;
    }
    if (same(authority, len, "*") || same(authority, len, "*.")) {
        return refused(pool, word, "would match every site; write the "
                       "domain, https://*.example.com, or * alone for a "
                       "public resource");
    }
    if (star > authority || memchr(authority + 1, '*', len - 1)) {
        return refused(pool, word, "a host wildcard is one *. in front of a "
                       "domain: https://*.example.com");
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
    return label_is_number(last, (apr_size_t)(end - last));
}

static const char *diagnose_host(apr_pool_t *pool, const char *word,
                                 const char *authority)
{
    int any_subdomain = strncmp(authority, "*.", 2) == 0;
    const char *host = authority + (any_subdomain ? 2 : 0);
    apr_size_t len = host_span(host, strlen(host));
    cors_origin_t origin;

    if (host[0] != '[' && host[len] == ':' && strchr(host + len + 1, ':')) {
        return refused(pool, word, "has more than one port; an IPv6 address "
                       "stands in brackets: https://[2001:db8::1]");
    }
    if (len == 0) {
        return refused(pool, word, "has no host");
    }
    if (host_read(&origin, host, len)) {
        return any_subdomain && !origin.host_is_name
               ? refused(pool, word, "an IP address has no subdomains")
               : NULL;
    }
    if (host[0] == '[') {
        return refused(pool, word, "is not an IPv6 address as browsers send "
                       "it: lower-case, no leading zeros, the longest run "
                       "of zeros as ::, no dotted quad");
    }
    if (host_ends_in_number(host, len)) {
        return refused(pool, word, "is not an IPv4 address as browsers send "
                       "it: four numbers from 0 to 255 without leading "
                       "zeros");
    }
    return refused(pool, word, "the host is malformed; it consists of labels "
                   "of 1 to 63 lower-case letters, digits, - and _, at most "
                   "253 bytes in all");
}

static const char *diagnose_port(apr_pool_t *pool, const char *word,
                                 const char *authority)
{
    const char *port = authority + host_span(authority, strlen(authority));
    const char *without_port =
        apr_pstrmemdup(pool, word, (apr_size_t)(port - word));

    if (*port != ':') {
        return refused(pool, word, "something other than a port follows the "
                       "IPv6 address");
    }
    if (port[1] == '\0') {
        return suggested(pool, word, "has a colon and no port",
                         without_port);
    }
    if ((strcmp(port, ":443") == 0 && !strncmp(word, "https:", 6))
        || (strcmp(port, ":80") == 0 && !strncmp(word, "http:", 5))) {
        return suggested(pool, word, "browsers leave the scheme's default "
                         "port out", without_port);
    }
    return refused(pool, word, "the port must be a number from 1 to 65535 "
                   "without leading zeros, or * for any port");
}

static const char *pattern_diagnose(apr_pool_t *pool, const char *word)
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
    if (!scheme_is_web(word)) {
        return refused(pool, word, "an origin with a scheme other than http "
                       "and https is an exact string, "
                       "chrome-extension://abcdef: no wildcard, no path");
    }
    message = diagnose_wildcard(pool, word, authority);
    if (!message) {
        message = diagnose_host(pool, word, authority);
    }
    return message ? message : diagnose_port(pool, word, authority);
}

/* ------------------------------------------------------------------------
 * Origin sets
 */

typedef struct {
    const void *regex;
    cors_regex_match_fn *match;
    const cors_origin_entry_t *entry;
} origin_regex_t;

struct cors_origin_set_t {
    apr_pool_t *pool;
    int is_any;                 /* "*" */
    int is_none;                /* "none" */
    const cors_origin_entry_t *match_all;       /* a regex that matched a
                                                 * sentinel, or NULL */
    apr_array_header_t *entries;        /* of const cors_origin_entry_t *;
                                         * NULL until there is one */
    /* From keys to entries.  The key of a host wildcard is the pattern
     * without the *, that of a port wildcard is without the :*. */
    map_t exact;                /* https://a.example:8443 */
    map_t any_port;             /* https://a.example, https://.a.example */
    map_t subdomains;           /* https://.a.example:8443 */
    unsigned char *suffix_lens; /* by length of a wildcard's suffix with its
                                 * dot: whether there is one; NULL if there
                                 * are no host wildcards */
    apr_array_header_t *regexes;        /* of origin_regex_t; NULL for none */
};

/* The longest suffix: a dot, a host, its final dot. */
#define MAX_SUFFIX (1 + CORS_MAX_HOST + 1)

/* The longest origin that a host wildcard can match:
 * https://HOST.:65535 */
#define MAX_WEB_ORIGIN (8 + CORS_MAX_HOST + 1 + 6)

static cors_origin_set_t *origin_set_get(cors_policy_t *policy,
                                         apr_pool_t *pool)
{
    if (!policy->origins) {
        policy->origins = apr_pcalloc(pool, sizeof(*policy->origins));
        policy->origins->pool = pool;
    }
    return policy->origins;
}

static int origin_set_is_empty(const cors_origin_set_t *set)
{
    return !set->is_any && !set->is_none && !set->entries;
}

static cors_origin_entry_t *origin_entry_add(cors_origin_set_t *set,
                                             const char *pattern)
{
    cors_origin_entry_t *entry = apr_pcalloc(set->pool, sizeof(*entry));

    entry->pattern = apr_pstrdup(set->pool, pattern);
    if (!set->entries) {
        set->entries = apr_array_make(set->pool, 4,
                                      sizeof(cors_origin_entry_t *));
    }
    APR_ARRAY_PUSH(set->entries, const cors_origin_entry_t *) = entry;
    return entry;
}

/* Whether a wildcard under this host spans registrable domains. */
static int host_is_public_suffix(const cors_origin_t *origin,
                                 cors_public_suffix_fn *is_public_suffix,
                                 apr_pool_t *pool)
{
    apr_size_t len = origin->host_len;

    if (origin->host[len - 1] == '.') {
        len--;
    }
    if (host_is_loopback(origin)) {
        return 0;
    }
    return !memchr(origin->host, '.', len)
           || (is_public_suffix
               && is_public_suffix(apr_pstrmemdup(pool, origin->host, len)));
}

static void origin_set_add_wildcard(cors_origin_set_t *set,
                                    const pattern_t *pattern,
                                    cors_origin_entry_t *entry)
{
    const cors_origin_t *origin = &pattern->origin;
    apr_size_t scheme_len = origin->scheme_len + 3;
    char *key = apr_palloc(set->pool, pattern->plain_len + 2);

    memcpy(key, pattern->plain, scheme_len);
    key[scheme_len] = '.';
    memcpy(key + scheme_len + 1, pattern->plain + scheme_len,
           pattern->plain_len - scheme_len);
    key[pattern->plain_len + 1] = '\0';

    if (!set->suffix_lens) {
        set->suffix_lens = apr_pcalloc(set->pool, MAX_SUFFIX + 1);
    }
    set->suffix_lens[origin->host_len + 1] = 1;
    map_add(pattern->any_port ? &set->any_port : &set->subdomains,
            set->pool, key, pattern->plain_len + 1, entry);
}

static const char *origin_set_add(cors_origin_set_t *set, const char *word,
                                  cors_public_suffix_fn *is_public_suffix)
{
    cors_origin_entry_t *entry;
    pattern_t pattern;
    int is_null = strcmp(word, "null") == 0;

    if (is_null || (custom_origin_is_valid(word) && !scheme_is_web(word))) {
        entry = origin_entry_add(set, word);
        entry->is_null = is_null;
        map_add(&set->exact, set->pool, entry->pattern, strlen(word), entry);
        return NULL;
    }
    if (!scheme_is_web(word) || !pattern_read(&pattern, word, set->pool)) {
        return pattern_diagnose(set->pool, word);
    }
    entry = origin_entry_add(set, word);
    entry->is_clear_text = cors_origin_is_clear_text(&pattern.origin);
    if (pattern.any_subdomain) {
        entry->is_public_suffix = host_is_public_suffix(&pattern.origin,
                                                        is_public_suffix,
                                                        set->pool);
        origin_set_add_wildcard(set, &pattern, entry);
    }
    else if (pattern.any_port) {
        map_add(&set->any_port, set->pool, entry->pattern,
                pattern.plain_len, entry);
    }
    else {
        map_add(&set->exact, set->pool, entry->pattern, pattern.plain_len,
                entry);
    }
    return NULL;
}

/* Probe for each suffix of the host that starts at a dot.  The keys begin
 * with the scheme, so it is written in front of each suffix in turn, over
 * the labels that have been tried already. */
static const cors_origin_entry_t *
origin_set_match_wildcard(const cors_origin_set_t *set,
                          const cors_origin_t *origin)
{
    const cors_origin_entry_t *entry = NULL;
    apr_size_t scheme_len = origin->scheme_len + 3;
    char text[MAX_WEB_ORIGIN];
    const char *host_end;
    const char *text_end;
    char *dot;

    if (!origin->host_is_name || origin->len > sizeof(text)) {
        return NULL;
    }
    memcpy(text, origin->text, origin->len);
    text_end = text + origin->len;
    dot = text + scheme_len;
    host_end = dot + origin->host_len;
    while (!entry
           && (dot = memchr(dot + 1, '.', (apr_size_t)(host_end - dot - 1)))
           && dot + 1 < host_end) {
        char *key = dot - scheme_len;

        if (!set->suffix_lens[host_end - dot]) {
            continue;
        }
        memmove(key, origin->text, scheme_len);
        entry = map_get(&set->subdomains, key,
                        (apr_size_t)(text_end - key));
        if (!entry) {
            entry = map_get(&set->any_port, key,
                            (apr_size_t)(host_end - key));
        }
    }
    return entry;
}

static const cors_origin_entry_t *
origin_set_match_regex(const cors_origin_set_t *set, const char *text,
                       apr_size_t len)
{
    const origin_regex_t *regexes;
    int i;

    if (!set->regexes) {
        return NULL;
    }
    regexes = (const origin_regex_t *)set->regexes->elts;
    for (i = 0; i < set->regexes->nelts; i++) {
        if (regexes[i].match(regexes[i].regex, text, len)) {
            return regexes[i].entry;
        }
    }
    return NULL;
}

/* Everything but exact patterns, which need no well-formed origin. */
static const cors_origin_entry_t *
origin_set_match_pattern(const cors_origin_set_t *set,
                         const cors_origin_t *origin)
{
    const cors_origin_entry_t *entry =
        map_get(&set->any_port, origin->text,
                (apr_size_t)(origin->host - origin->text)
                + origin->host_len);

    if (!entry && set->suffix_lens) {
        entry = origin_set_match_wildcard(set, origin);
    }
    return entry;
}

int cors_origin_set_match(const cors_origin_set_t *set, const char *text,
                          apr_size_t len, const cors_origin_entry_t **entry)
{
    const cors_origin_entry_t *found = map_get(&set->exact, text, len);
    cors_origin_t origin;

    if (!found
        && (set->suffix_lens || set->regexes || !map_is_empty(&set->any_port))
        && cors_origin_parse(&origin, text, len)) {
        found = origin_set_match_pattern(set, &origin);
        if (!found) {
            found = origin_set_match_regex(set, text, len);
        }
    }
    if (!found) {
        return 0;
    }
    *entry = found;
    return 1;
}

const apr_array_header_t *
cors_origin_set_entries(const cors_origin_set_t *set)
{
    return set->entries;
}

const cors_origin_entry_t *
cors_origin_set_covering(const cors_origin_set_t *set,
                         const cors_origin_entry_t *entry)
{
    apr_size_t len = strlen(entry->pattern);
    cors_origin_t origin;

    if (entry->is_regex || !map_get(&set->exact, entry->pattern, len)
        || !cors_origin_parse(&origin, entry->pattern, len)) {
        return NULL;
    }
    return origin_set_match_pattern(set, &origin);
}

/* ------------------------------------------------------------------------
 * Methods and header names
 */

/* A list in the order of the configuration, and as the header's value. */
typedef struct {
    apr_array_header_t *words;  /* of const char * */
    const char *value;          /* NULL while the list is empty */
} word_list_t;

struct cors_method_set_t {
    apr_pool_t *pool;
    int is_any;                 /* "*" */
    word_list_t list;
    map_t methods;
};

struct cors_name_set_t {
    apr_pool_t *pool;
    int is_any;                 /* "*" */
    int is_none;                /* "none" */
    word_list_t list;
    map_t names;                /* in lower case */
};

static void word_list_init(word_list_t *list, apr_pool_t *pool)
{
    list->words = apr_array_make(pool, 4, sizeof(const char *));
    list->value = NULL;
}

/* Returns the copy that is kept. */
static const char *word_list_add(word_list_t *list, apr_pool_t *pool,
                                 const char *word)
{
    const char *copy = apr_pstrdup(pool, word);

    APR_ARRAY_PUSH(list->words, const char *) = copy;
    return copy;
}

/* Make the value anew from the words. */
static void word_list_finish(word_list_t *list, apr_pool_t *pool)
{
    const char *const *words = (const char *const *)list->words->elts;
    apr_size_t len = 0;
    char *value;
    int i;

    if (list->words->nelts == 0) {
        return;
    }
    for (i = 0; i < list->words->nelts; i++) {
        len += strlen(words[i]) + 2;
    }
    list->value = value = apr_palloc(pool, len);
    for (i = 0; i < list->words->nelts; i++) {
        if (i > 0) {
            *value++ = ',';
            *value++ = ' ';
        }
        len = strlen(words[i]);
        memcpy(value, words[i], len);
        value += len;
    }
    *value = '\0';
}

/* Fetch, "forbidden method". */
static int method_is_forbidden(const char *s, apr_size_t len)
{
    return same_nocase(s, len, "CONNECT") || same_nocase(s, len, "TRACE")
           || same_nocase(s, len, "TRACK");
}

/* Fetch, "CORS-safelisted method": browsers never look for these in
 * Access-Control-Allow-Methods. */
static int method_is_safelisted(const char *s, apr_size_t len)
{
    return same(s, len, "GET") || same(s, len, "HEAD")
           || same(s, len, "POST");
}

/* Fetch, "normalize a method": these reach a server in upper case only. */
static const char *const normalized_methods[] = {
    "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", NULL
};

/* The entry of a NULL-terminated list that equals a word but for case. */
static const char *find_nocase(const char *const list[], const char *s,
                               apr_size_t len)
{
    for (; *list; list++) {
        if (same_nocase(s, len, *list)) {
            return *list;
        }
    }
    return NULL;
}

int cors_method_set_contains(const cors_method_set_t *set,
                             const char *method, apr_size_t len)
{
    return map_get(&set->methods, method, len) != NULL;
}

int cors_name_set_contains(const cors_name_set_t *set, const char *name,
                           apr_size_t len)
{
    char key[CORS_MAX_HEADER_NAME];
    apr_size_t i;

    if (len > sizeof(key)) {
        return 0;
    }
    for (i = 0; i < len; i++) {
        key[i] = lower_char(name[i]);
    }
    return map_get(&set->names, key, len) != NULL;
}

/* What keeps a word from being a token. */
static const char *token_diagnose(apr_pool_t *pool, const char *word,
                                  const char *what)
{
    apr_size_t len = strlen(word);

    if (strchr(word, ',')) {
        return refused(pool, word, apr_pstrcat(pool, "holds a comma; "
                       "separate ", what, "s with blanks", NULL));
    }
    if (len == 0 || span(word, len, TOKEN) != len) {
        return refused(pool, word, apr_pstrcat(pool, "is not a ", what,
                       "; one consists of letters, digits and "
                       "!#$%&'*+-.^_`|~", NULL));
    }
    return NULL;
}

static const char *method_set_add(cors_method_set_t *set, const char *word)
{
    const char *message = token_diagnose(set->pool, word, "method");
    const char *normalized;
    apr_size_t len = strlen(word);

    if (message) {
        return message;
    }
    if (set->is_any || (strcmp(word, "*") == 0 && set->list.words->nelts)) {
        return refused(set->pool, word, "* stands alone; it allows every "
                       "method already");
    }
    if (strcmp(word, "*") == 0) {
        set->is_any = 1;
        return NULL;
    }
    if (method_is_forbidden(word, len)) {
        return refused(set->pool, word, "browsers never send this method to "
                       "another origin, and no policy can allow it");
    }
    if (same_nocase(word, len, "none")) {
        return refused(set->pool, word, "is not a method; GET, HEAD and POST "
                       "always pass, so name one of them to allow no other");
    }
    normalized = find_nocase(normalized_methods, word, len);
    if (normalized && strcmp(word, normalized) != 0) {
        return corrected(set->pool, word, "methods are compared with case, "
                         "and browsers send this one in upper case",
                         normalized);
    }
    if (!cors_method_set_contains(set, word, len)) {
        word = word_list_add(&set->list, set->pool, word);
        map_add(&set->methods, set->pool, word, len, word);
    }
    return NULL;
}

/* Fetch, "forbidden request-header", but for the names that are forbidden
 * with some values only. */
static const char *const forbidden_names[] = {
    "accept-charset", "accept-encoding", "access-control-request-headers",
    "access-control-request-method", "connection", "content-length",
    "cookie2", "date", "dnt", "expect", "host", "keep-alive", "origin",
    "referer", "set-cookie", "te", "trailer", "transfer-encoding", "upgrade",
    "via", NULL
};

static const char *const cors_response_names[] = {
    "access-control-allow-credentials", "access-control-allow-headers",
    "access-control-allow-methods", "access-control-allow-origin",
    "access-control-allow-private-network", "access-control-expose-headers",
    "access-control-max-age", "timing-allow-origin", NULL
};

static const char *const cors_request_names[] = {
    "access-control-request-headers", "access-control-request-method",
    "access-control-request-private-network", "origin", NULL
};

static const char *request_name_check(apr_pool_t *pool, const char *word)
{
    apr_size_t len = strlen(word);

    if (same_nocase(word, len, "cookie")) {
        return refused(pool, word, "scripts cannot set this header; cookies "
                       "are allowed by CORSAllowCredentials On");
    }
    if (find_nocase(cors_response_names, word, len)) {
        return refused(pool, word, "is a response header; name the request "
                       "headers that scripts may set");
    }
    if (find_nocase(forbidden_names, word, len)
        || apr_cstr_casecmpn(word, "proxy-", 6) == 0
        || apr_cstr_casecmpn(word, "sec-", 4) == 0) {
        return refused(pool, word, "scripts cannot set this header, so no "
                       "browser asks for it; leave it out");
    }
    return NULL;
}

static const char *response_name_check(apr_pool_t *pool, const char *word)
{
    apr_size_t len = strlen(word);

    if (same_nocase(word, len, "set-cookie")
        || same_nocase(word, len, "set-cookie2")) {
        return refused(pool, word, "browsers never show cookies to scripts "
                       "of another origin; leave it out");
    }
    if (find_nocase(cors_request_names, word, len)) {
        return refused(pool, word, "is a request header; name the response "
                       "headers that scripts may read");
    }
    return NULL;
}

static const char *name_set_add(cors_name_set_t *set, const char *word)
{
    const char *message = token_diagnose(set->pool, word, "header name");
    apr_size_t len = strlen(word);

    if (message) {
        return message;
    }
    if (len > CORS_MAX_HEADER_NAME) {
        return refused(set->pool, word, "is longer than "
                       APR_STRINGIFY(CORS_MAX_HEADER_NAME) " bytes");
    }
    if (!cors_name_set_contains(set, word, len)) {
        word = word_list_add(&set->list, set->pool, word);
        map_add(&set->names, set->pool, lower(set->pool, word), len, word);
    }
    return NULL;
}

static cors_name_set_t *name_set_make(apr_pool_t *pool)
{
    cors_name_set_t *set = apr_pcalloc(pool, sizeof(*set));

    set->pool = pool;
    word_list_init(&set->list, pool);
    return set;
}

/* ------------------------------------------------------------------------
 * Policies
 */

void cors_policy_init(cors_policy_t *policy)
{
    memset(policy, 0, sizeof(*policy));
    policy->engine = CORS_UNSET;
    policy->credentials = CORS_UNSET;
    policy->preflight = CORS_PREFLIGHT_UNSET;
    policy->preflight_status = -1;
    policy->backend_headers = CORS_BACKEND_UNSET;
    policy->timing_allow_origin = CORS_UNSET;
    policy->debug = CORS_UNSET;
    policy->dangerous = -1;
}

#define PICK(field, unset) \
    merged->field = inner->field != (unset) ? inner->field : outer->field

void cors_policy_merge(cors_policy_t *merged, const cors_policy_t *outer,
                       const cors_policy_t *inner)
{
    PICK(engine, CORS_UNSET);
    PICK(origins, NULL);
    PICK(methods, NULL);
    PICK(allow_headers, NULL);
    PICK(expose_headers, NULL);
    PICK(credentials, CORS_UNSET);
    PICK(max_age, NULL);
    PICK(preflight, CORS_PREFLIGHT_UNSET);
    PICK(preflight_status, -1);
    PICK(backend_headers, CORS_BACKEND_UNSET);
    PICK(timing_allow_origin, CORS_UNSET);
    PICK(debug, CORS_UNSET);
    PICK(dangerous, -1);
}

int cors_policy_is_stated(const cors_policy_t *policy)
{
    return policy->origins != NULL || policy->engine != CORS_UNSET;
}

int cors_policy_is_active(const cors_policy_t *policy)
{
    return policy->origins != NULL && policy->engine != CORS_OFF;
}

int cors_policy_is_closed(const cors_policy_t *policy)
{
    return policy->origins != NULL && policy->origins->is_none;
}

const char *cors_policy_add_origins(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[],
                                    cors_public_suffix_fn *is_public_suffix)
{
    cors_origin_set_t *set = origin_set_get(policy, pool);
    int i;

    for (i = 0; i < argc; i++) {
        int is_any = strcmp(argv[i], "*") == 0;
        int is_none = strcmp(argv[i], "none") == 0;
        const char *message;

        if (set->is_any || set->is_none
            || ((is_any || is_none) && !origin_set_is_empty(set))) {
            return refused(pool, argv[i], "* and none stand alone; a section "
                           "has either one of them or patterns");
        }
        if (is_any || is_none) {
            set->is_any = is_any;
            set->is_none = is_none;
            continue;
        }
        message = origin_set_add(set, argv[i], is_public_suffix);
        if (message) {
            return message;
        }
    }
    return NULL;
}

/* Origins that no real policy names: a regex that matches one of them
 * matches, or may as well match, all.  RFC 2606 reserves .invalid. */
static const char *const sentinels[] = {
    "https://invalid", "https://invalid:8443",
    "https://sentinel.invalid", "https://sentinel.invalid:8443",
    "https://cors.sentinel.invalid", "https://cors.sentinel.invalid:8443",
    "https://a-1.cors.sentinel.invalid",
    "http://invalid", "http://invalid:8080",
    "http://sentinel.invalid", "http://sentinel.invalid:8080",
    "http://cors.sentinel.invalid", "http://cors.sentinel.invalid:8080",
    "http://a-1.cors.sentinel.invalid",
    "cors-sentinel://sentinel.invalid", NULL
};

const char *cors_policy_add_origin_regex(cors_policy_t *policy,
                                         apr_pool_t *pool,
                                         const char *pattern,
                                         const void *regex,
                                         cors_regex_match_fn *match)
{
    cors_origin_set_t *set = origin_set_get(policy, pool);
    cors_origin_entry_t *entry;
    origin_regex_t *added;
    const char *const *sentinel;

    if (!regex) {
        return refused(pool, pattern, "is not a regular expression by "
                       "itself (PCRE)");
    }
    if (set->is_any || set->is_none) {
        return refused(pool, pattern, "* and none stand alone; a section has "
                       "either one of them or patterns");
    }
    if (!set->regexes) {
        set->regexes = apr_array_make(pool, 1, sizeof(origin_regex_t));
    }
    entry = origin_entry_add(set, pattern);
    entry->is_regex = 1;
    added = apr_array_push(set->regexes);
    added->regex = regex;
    added->match = match;
    added->entry = entry;
    for (sentinel = sentinels; *sentinel; sentinel++) {
        if (match(regex, *sentinel, strlen(*sentinel))) {
            set->match_all = entry;
            break;
        }
    }
    return NULL;
}

const char *cors_policy_add_methods(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[])
{
    cors_method_set_t *set = policy->methods;
    int i;

    if (!set) {
        set = apr_pcalloc(pool, sizeof(*set));
        set->pool = pool;
        word_list_init(&set->list, pool);
        policy->methods = set;
    }
    for (i = 0; i < argc; i++) {
        const char *message = method_set_add(set, argv[i]);

        if (message) {
            return message;
        }
    }
    word_list_finish(&set->list, pool);
    return NULL;
}

/* What sets the two lists of header names apart. */
typedef struct {
    const char *(*check)(apr_pool_t *pool, const char *word);
    int any_stands_alone;       /* "*" as well as "none" */
    const char *alone;          /* the message */
} name_rules_t;

static const name_rules_t allow_rules = {
    request_name_check, 0, "none stands alone"
};

static const name_rules_t expose_rules = {
    response_name_check, 1, "* and none stand alone"
};

static const char *names_add(cors_name_set_t *set, const name_rules_t *rules,
                             const char *word)
{
    int is_none = apr_cstr_casecmp(word, "none") == 0;
    int is_any = strcmp(word, "*") == 0;
    int is_alone = is_none || (is_any && rules->any_stands_alone);
    const char *message;

    if (set->is_none || (set->is_any && rules->any_stands_alone)
        || (is_alone && (set->is_any || set->list.words->nelts))) {
        return refused(set->pool, word, rules->alone);
    }
    if (is_none || is_any) {
        set->is_none |= is_none;
        set->is_any |= is_any;
        return NULL;
    }
    message = rules->check(set->pool, word);
    return message ? message : name_set_add(set, word);
}

static const char *names_add_all(cors_name_set_t **set, apr_pool_t *pool,
                                 const name_rules_t *rules, int argc,
                                 char *const argv[])
{
    const char *message = NULL;
    int i;

    if (!*set) {
        *set = name_set_make(pool);
    }
    for (i = 0; i < argc && !message; i++) {
        message = names_add(*set, rules, argv[i]);
    }
    word_list_finish(&(*set)->list, pool);
    return message;
}

const char *cors_policy_add_allow_headers(cors_policy_t *policy,
                                          apr_pool_t *pool,
                                          int argc, char *const argv[])
{
    return names_add_all(&policy->allow_headers, pool, &allow_rules, argc,
                         argv);
}

const char *cors_policy_add_expose_headers(cors_policy_t *policy,
                                           apr_pool_t *pool,
                                           int argc, char *const argv[])
{
    return names_add_all(&policy->expose_headers, pool, &expose_rules, argc,
                         argv);
}

const char *cors_policy_set_max_age(cors_policy_t *policy, apr_pool_t *pool,
                                    const char *word)
{
    static const struct {
        const char *name;
        unsigned int seconds;
    } units[] = {
        { "", 1 }, { "s", 1 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 }
    };
    apr_size_t digits = span(word, strlen(word), DIGIT);
    apr_size_t unit = 0;
    apr_uint64_t seconds = 0;
    apr_size_t i;

    if (word[0] == '-') {
        return corrected(pool, word, "no browser knows a negative age; 0 "
                         "turns caching off", "0");
    }
    while (unit < sizeof(units) / sizeof(units[0])
           && strcmp(word + digits, units[unit].name) != 0) {
        unit++;
    }
    if (digits == 0 || unit == sizeof(units) / sizeof(units[0])) {
        return refused(pool, word, "is not a duration; write seconds, or a "
                       "whole number followed by s, min, h or d");
    }
    for (i = 0; i < digits && seconds <= CORS_MAX_AGE; i++) {
        seconds = seconds * 10 + (apr_uint64_t)(word[i] - '0');
    }
    seconds *= units[unit].seconds;
    if (seconds > CORS_MAX_AGE) {
        return corrected(pool, word, "no browser keeps a preflight longer "
                         "than a day", APR_STRINGIFY(CORS_MAX_AGE));
    }
    policy->max_age = apr_psprintf(pool, "%u", (unsigned int)seconds);
    return NULL;
}

const char *cors_policy_set_preflight(cors_policy_t *policy,
                                      apr_pool_t *pool, const char *word)
{
    if (apr_cstr_casecmp(word, "answer") == 0) {
        policy->preflight = CORS_PREFLIGHT_ANSWER;
    }
    else if (apr_cstr_casecmp(word, "early") == 0) {
        policy->preflight = CORS_PREFLIGHT_EARLY;
    }
    else if (apr_cstr_casecmp(word, "pass") == 0) {
        policy->preflight = CORS_PREFLIGHT_PASS;
    }
    else {
        return refused(pool, word, "write answer, early or pass");
    }
    return NULL;
}

const char *cors_policy_set_preflight_status(cors_policy_t *policy,
                                             apr_pool_t *pool,
                                             const char *word)
{
    if (strcmp(word, "204") == 0) {
        policy->preflight_status = 204;
    }
    else if (strcmp(word, "200") == 0) {
        policy->preflight_status = 200;
    }
    else {
        return refused(pool, word, "write 204 or 200");
    }
    return NULL;
}

const char *cors_policy_set_backend_headers(cors_policy_t *policy,
                                            apr_pool_t *pool,
                                            const char *word)
{
    if (apr_cstr_casecmp(word, "replace") == 0) {
        policy->backend_headers = CORS_BACKEND_REPLACE;
    }
    else if (apr_cstr_casecmp(word, "keep") == 0) {
        policy->backend_headers = CORS_BACKEND_KEEP;
    }
    else {
        return refused(pool, word, "write replace or keep");
    }
    return NULL;
}

const char *cors_policy_add_dangers(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[])
{
    int i;

    for (i = 0; i < argc; i++) {
        int is_none = apr_cstr_casecmp(argv[i], "none") == 0;

        if (policy->dangerous == 0 || (is_none && policy->dangerous > 0)) {
            return refused(pool, argv[i], "none stands alone");
        }
        if (is_none) {
            policy->dangerous = 0;
            continue;
        }
        if (policy->dangerous < 0) {
            policy->dangerous = 0;
        }
        if (apr_cstr_casecmp(argv[i], "insecure-origins") == 0) {
            policy->dangerous |= CORS_DANGER_INSECURE_ORIGINS;
        }
        else if (apr_cstr_casecmp(argv[i], "public-suffixes") == 0) {
            policy->dangerous |= CORS_DANGER_PUBLIC_SUFFIXES;
        }
        else {
            return refused(pool, argv[i], "write none, or insecure-origins, "
                           "public-suffixes or both");
        }
    }
    return NULL;
}

/* What makes the policy unsafe for whoever asks. */
static cors_unsafe_t policy_unsafe(const cors_policy_t *policy)
{
    if (policy->credentials != CORS_ON) {
        return CORS_UNSAFE_NONE;
    }
    if (policy->origins->is_any) {
        return CORS_UNSAFE_ANY_ORIGIN;
    }
    if (policy->origins->match_all) {
        return CORS_UNSAFE_MATCH_ALL;
    }
    if (policy->expose_headers && policy->expose_headers->is_any) {
        return CORS_UNSAFE_EXPOSE_ALL;
    }
    return CORS_UNSAFE_NONE;
}

/* What makes credentials unsafe with the origins of one entry. */
static cors_unsafe_t entry_unsafe(const cors_policy_t *policy,
                                  const cors_origin_entry_t *entry,
                                  int is_clear_text)
{
    int dangerous = policy->dangerous < 0 ? 0 : policy->dangerous;

    if (entry->is_null) {
        return CORS_UNSAFE_NULL;
    }
    if (is_clear_text && !(dangerous & CORS_DANGER_INSECURE_ORIGINS)) {
        return CORS_UNSAFE_CLEAR_TEXT;
    }
    if (entry->is_public_suffix
        && !(dangerous & CORS_DANGER_PUBLIC_SUFFIXES)) {
        return CORS_UNSAFE_PUBLIC_SUFFIX;
    }
    return CORS_UNSAFE_NONE;
}

cors_unsafe_t cors_policy_find_unsafe(const cors_policy_t *policy,
                                      const cors_origin_entry_t **entry)
{
    const apr_array_header_t *entries;
    cors_unsafe_t unsafe;
    int i;

    *entry = NULL;
    if (!cors_policy_is_active(policy) || policy->credentials != CORS_ON) {
        return CORS_UNSAFE_NONE;
    }
    unsafe = policy_unsafe(policy);
    if (unsafe == CORS_UNSAFE_MATCH_ALL) {
        *entry = policy->origins->match_all;
    }
    entries = policy->origins->entries;
    for (i = 0; unsafe == CORS_UNSAFE_NONE && entries && i < entries->nelts;
         i++) {
        const cors_origin_entry_t *listed =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);

        unsafe = entry_unsafe(policy, listed, listed->is_clear_text);
        if (unsafe != CORS_UNSAFE_NONE) {
            *entry = listed;
        }
    }
    return unsafe;
}

static void words_push(apr_array_header_t *words, const char *word)
{
    APR_ARRAY_PUSH(words, const char *) = word;
}

static void words_push_origins(apr_array_header_t *words,
                               const cors_origin_set_t *set, int is_regex)
{
    int i;

    if (!set) {
        return;
    }
    if (!is_regex && (set->is_any || set->is_none)) {
        words_push(words, set->is_any ? "*" : "none");
    }
    for (i = 0; set->entries && i < set->entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(set->entries, i, const cors_origin_entry_t *);

        if (entry->is_regex == is_regex) {
            words_push(words, entry->pattern);
        }
    }
}

static void words_push_names(apr_array_header_t *words,
                             const cors_name_set_t *set)
{
    if (!set) {
        return;
    }
    if (set->is_any) {
        words_push(words, "*");
    }
    if (set->is_none) {
        words_push(words, "none");
    }
    apr_array_cat(words, set->list.words);
}

const apr_array_header_t *cors_policy_words(const cors_policy_t *policy,
                                            cors_list_t list,
                                            apr_pool_t *pool)
{
    apr_array_header_t *words = apr_array_make(pool, 4, sizeof(const char *));

    switch (list) {
    case CORS_LIST_ORIGINS:
        words_push_origins(words, policy->origins, 0);
        break;
    case CORS_LIST_ORIGIN_REGEXES:
        words_push_origins(words, policy->origins, 1);
        break;
    case CORS_LIST_METHODS:
        if (policy->methods && policy->methods->is_any) {
            words_push(words, "*");
        }
        else if (policy->methods) {
            apr_array_cat(words, policy->methods->list.words);
        }
        break;
    case CORS_LIST_ALLOW_HEADERS:
        words_push_names(words, policy->allow_headers);
        break;
    case CORS_LIST_EXPOSE_HEADERS:
        words_push_names(words, policy->expose_headers);
        break;
    case CORS_LIST_DANGERS:
        if (policy->dangerous == 0) {
            words_push(words, "none");
        }
        if (policy->dangerous > 0
            && policy->dangerous & CORS_DANGER_INSECURE_ORIGINS) {
            words_push(words, "insecure-origins");
        }
        if (policy->dangerous > 0
            && policy->dangerous & CORS_DANGER_PUBLIC_SUFFIXES) {
            words_push(words, "public-suffixes");
        }
        break;
    }
    return words;
}

/* ------------------------------------------------------------------------
 * Decisions
 */

/* The Allow-Methods of a policy that names none. */
#define DEFAULT_METHODS "GET, HEAD, POST"

#define VARY_REQUEST_FIELDS \
    "Access-Control-Request-Method, Access-Control-Request-Headers"

static const char *const reason_names[] = {
    [CORS_REASON_NONE] = "-",
    [CORS_REASON_CLOSED] = "closed",
    [CORS_REASON_ORIGIN] = "origin",
    [CORS_REASON_METHOD] = "method",
    [CORS_REASON_HEADER] = "header",
    [CORS_REASON_MALFORMED] = "malformed",
    [CORS_REASON_UNSAFE_POLICY] = "unsafe-policy",
};

static const char *const reason_texts[] = {
    [CORS_REASON_NONE] = "The request is allowed.",
    [CORS_REASON_CLOSED] = "This resource is closed to other origins.",
    [CORS_REASON_ORIGIN] = "The origin is not allowed.",
    [CORS_REASON_METHOD] = "The requested method is not allowed.",
    [CORS_REASON_HEADER] = "A requested header is not allowed.",
    [CORS_REASON_MALFORMED] = "The preflight request is malformed.",
    [CORS_REASON_UNSAFE_POLICY] =
        "The policy would expose credentials and is not applied.",
};

const char *cors_reason_name(cors_reason_t reason)
{
    return reason_names[reason];
}

const char *cors_reason_text(cors_reason_t reason)
{
    return reason_texts[reason];
}

/* Fetch, "HTTP requests". */
static cors_kind_t classify(const cors_request_t *request)
{
    if (!request->origin) {
        return CORS_KIND_NOT_CORS;
    }
    if (request->request_method && strcmp(request->method, "OPTIONS") == 0) {
        return CORS_KIND_PREFLIGHT;
    }
    return CORS_KIND_ACTUAL;
}

static const char *vary_for(const cors_origin_set_t *origins,
                            cors_kind_t kind)
{
    if (origins->is_none) {
        return NULL;
    }
    if (kind == CORS_KIND_PREFLIGHT) {
        return origins->is_any ? VARY_REQUEST_FIELDS
                               : "Origin, " VARY_REQUEST_FIELDS;
    }
    return origins->is_any ? NULL : "Origin";
}

static int check_entry(const cors_policy_t *policy,
                       const cors_origin_entry_t *entry,
                       const char *text, apr_size_t len)
{
    int is_clear_text = entry->is_clear_text;
    cors_origin_t origin;

    if (policy->credentials != CORS_ON) {
        return 1;
    }
    if (entry->is_regex) {
        is_clear_text = !cors_origin_parse(&origin, text, len)
                        || cors_origin_is_clear_text(&origin);
    }
    return entry_unsafe(policy, entry, is_clear_text) == CORS_UNSAFE_NONE;
}

static cors_reason_t check_origin(const cors_policy_t *policy,
                                  const char *text)
{
    const cors_origin_entry_t *entry;
    apr_size_t len;

    if (policy->origins->is_none) {
        return CORS_REASON_CLOSED;
    }
    if (policy_unsafe(policy) != CORS_UNSAFE_NONE) {
        return CORS_REASON_UNSAFE_POLICY;
    }
    if (policy->origins->is_any) {
        return CORS_REASON_NONE;
    }
    len = strlen(text);
    if (!cors_origin_set_match(policy->origins, text, len, &entry)) {
        return CORS_REASON_ORIGIN;
    }
    return check_entry(policy, entry, text, len) ? CORS_REASON_NONE
                                                 : CORS_REASON_UNSAFE_POLICY;
}

static cors_reason_t check_method(const cors_method_set_t *set,
                                  const char *method)
{
    apr_size_t len = strlen(method);

    if (len == 0 || span(method, len, TOKEN) != len) {
        return CORS_REASON_MALFORMED;
    }
    if (method_is_safelisted(method, len)) {
        return CORS_REASON_NONE;
    }
    if (!set || method_is_forbidden(method, len)) {
        return CORS_REASON_METHOD;
    }
    if (set->is_any) {
        return strcmp(method, "*") == 0 ? CORS_REASON_METHOD
                                        : CORS_REASON_NONE;
    }
    return cors_method_set_contains(set, method, len) ? CORS_REASON_NONE
                                                      : CORS_REASON_METHOD;
}

/* A requested name: its bytes, and what they are looked up by. */
typedef struct {
    const char *text;
    apr_size_t len;
    char key[CORS_MAX_HEADER_NAME];     /* in lower case, cut */
} name_t;

/* Read a token; its length is 0 if there is none. */
static void name_read(name_t *name, const char *s)
{
    apr_size_t len;

    for (len = 0; is(s[len], TOKEN); len++) {
        if (len < sizeof(name->key)) {
            name->key[len] = lower_char(s[len]);
        }
    }
    name->text = s;
    name->len = len;
}

/* Of the key, eight bytes at a time. */
static unsigned int name_hash(const name_t *name)
{
    apr_size_t len = name->len < sizeof(name->key) ? name->len
                                                   : sizeof(name->key);
    apr_uint64_t hash = len;
    apr_size_t i;

    /* cppcheck-suppress knownConditionTrueFalse ; it takes len for 0 */
    for (i = 0; i < len; i += sizeof(hash)) {
        apr_size_t n = len - i < sizeof(hash) ? len - i : sizeof(hash);
        apr_uint64_t word = 0;

        memcpy(&word, name->key + i, n);
        hash = ((hash >> 32) ^ hash ^ word)
               * APR_UINT64_C(0x9e3779b97f4a7c15);
    }
    return (unsigned int)(hash >> 32);  /* the bits that all others move */
}

#define ECHO_SLOTS 256          /* a few for each name that there can be; an
                                 * index has 8 bits */

/* Requested names that are allowed by "*" alone, each once. */
typedef struct {
    struct {
        const char *text;
        apr_size_t len;
        unsigned int hash;
    } names[CORS_MAX_REQUEST_HEADERS];
    int count;
    apr_size_t len;             /* of all names together */
    unsigned char slots[ECHO_SLOTS];    /* by hash, probed linearly: the
                                         * number of a name, from 1 */
} echo_t;

static void echo_init(echo_t *echo)
{
    echo->count = 0;
    echo->len = 0;
    memset(echo->slots, 0, sizeof(echo->slots));
}

static void echo_add(echo_t *echo, const name_t *name)
{
    unsigned int hash = name_hash(name);
    unsigned int slot = hash >> 24;
    int i;

    while ((i = echo->slots[slot]) != 0) {
        if (echo->names[i - 1].hash == hash
            && echo->names[i - 1].len == name->len
            && apr_cstr_casecmpn(echo->names[i - 1].text, name->text,
                                 name->len) == 0) {
            return;
        }
        slot = (slot + 1) % ECHO_SLOTS;
    }
    echo->names[echo->count].text = name->text;
    echo->names[echo->count].len = name->len;
    echo->names[echo->count].hash = hash;
    echo->count++;
    echo->slots[slot] = (unsigned char)echo->count;
    echo->len += name->len;
}

/* The listed names and the others that were requested. */
static const char *echo_value(const echo_t *echo, const char *listed,
                              apr_pool_t *pool)
{
    apr_size_t listed_len = listed ? strlen(listed) : 0;
    char *value;
    char *p;
    int i;

    p = value = apr_palloc(pool, listed_len + echo->len
                                 + 2 * (apr_size_t)echo->count + 1);
    if (listed) {
        memcpy(p, listed, listed_len);
        p += listed_len;
    }
    for (i = 0; i < echo->count; i++) {
        if (p > value) {
            *p++ = ',';
            *p++ = ' ';
        }
        memcpy(p, echo->names[i].text, echo->names[i].len);
        p += echo->names[i].len;
    }
    *p = '\0';
    return value;
}

static int name_is_listed(const cors_name_set_t *set, const name_t *name)
{
    return name->len <= sizeof(name->key)
           && map_get(&set->names, name->key, name->len);
}

/* Whether "*" covers a name.  Fetch, "CORS non-wildcard request-header name":
 * not Authorization.  And not "*" itself, which the answer would turn into a
 * wildcard in the browser's cache. */
static int wildcard_covers(const name_t *name)
{
    return !same(name->text, name->len, "*")
           && !same_nocase(name->text, name->len, "authorization");
}

/* Skip what may stand between the elements of a list (RFC 9110, 5.6.1.2). */
static const char *skip_separators(const char *s)
{
    return *s == ',' || *s == ' ' || *s == '\t' ? s + strspn(s, ", \t") : s;
}

/* Whether a list goes on, or ends, behind an element. */
static int ends_element(const char *s)
{
    s += *s == ' ' || *s == '\t' ? strspn(s, " \t") : 0;
    return *s == ',' || *s == '\0';
}

/* The first name that is refused gives the reason; but a malformed list is
 * malformed wherever that shows. */
static void blame(cors_decision_t *decision, cors_reason_t reason,
                  const char *name, apr_size_t len)
{
    if (decision->reason == CORS_REASON_NONE
        || (decision->reason == CORS_REASON_HEADER
            && reason == CORS_REASON_MALFORMED)) {
        decision->reason = reason;
        decision->culprit = name;
        decision->culprit_len = len;
    }
}

/* Check Access-Control-Request-Headers, whose first element s is, name by
 * name.  Stops at the first that is refused, unless the whole answer is
 * wanted.  An echo collects what "*" allows; it is NULL where there is no
 * "*". */
static void check_names(cors_decision_t *decision, const cors_name_set_t *set,
                        const char *s, echo_t *echo, int want_all)
{
    int count = 0;
    name_t name;

    while (*s) {
        name_read(&name, s);
        if (name.len == 0 || !ends_element(s + name.len)
            || ++count > CORS_MAX_REQUEST_HEADERS) {
            blame(decision, CORS_REASON_MALFORMED, s, strcspn(s, ","));
            return;
        }
        if (!set || !name_is_listed(set, &name)) {
            if (echo && wildcard_covers(&name)) {
                echo_add(echo, &name);
            }
            else {
                blame(decision, CORS_REASON_HEADER, s, name.len);
                if (!want_all) {
                    return;
                }
            }
        }
        s = skip_separators(s + name.len);
    }
}

/* Check the requested headers and set the value of Allow-Headers. */
static void check_headers(cors_decision_t *decision,
                          const cors_name_set_t *set, const char *requested,
                          int want_all, apr_pool_t *pool)
{
    requested = skip_separators(requested);
    if (*requested == '\0') {
        return;
    }
    if (set && set->is_any) {
        echo_t echo;

        echo_init(&echo);
        check_names(decision, set, requested, &echo, want_all);
        decision->allow_headers =
            echo.count > 0 && (want_all || !decision->reason)
            ? echo_value(&echo, set->list.value, pool) : set->list.value;
        return;
    }
    check_names(decision, set, requested, NULL, want_all);
    decision->allow_headers = set ? set->list.value : NULL;
}

static const char *methods_value(const cors_method_set_t *set,
                                 const char *requested,
                                 cors_reason_t reason)
{
    if (!set) {
        return DEFAULT_METHODS;
    }
    if (!set->is_any) {
        return set->list.value;
    }
    return reason == CORS_REASON_NONE ? requested : NULL;
}

static void set_origin(cors_decision_t *decision, const cors_policy_t *policy,
                       const char *origin)
{
    decision->allow_origin = policy->origins->is_any ? "*" : origin;
    decision->allow_credentials =
        policy->credentials == CORS_ON ? "true" : NULL;
}

static void decide_actual(cors_decision_t *decision,
                          const cors_policy_t *policy, const char *origin)
{
    const cors_name_set_t *expose = policy->expose_headers;

    set_origin(decision, policy, origin);
    if (expose) {
        decision->expose_headers = expose->is_any ? "*" : expose->list.value;
    }
    if (policy->timing_allow_origin == CORS_ON) {
        decision->timing_allow_origin = decision->allow_origin;
    }
}

/* The origin has passed. */
static void decide_preflight(cors_decision_t *decision,
                             const cors_policy_t *policy,
                             const cors_request_t *request, apr_pool_t *pool)
{
    int want_all = policy->debug == CORS_ON;
    cors_reason_t method_reason = check_method(policy->methods,
                                               request->request_method);

    decision->reason = method_reason;
    if (request->request_headers && (want_all || !method_reason)) {
        check_headers(decision, policy->allow_headers,
                      request->request_headers, want_all, pool);
    }
    decision->is_allowed = decision->reason == CORS_REASON_NONE;
    if (decision->is_allowed) {
        decision->status = policy->preflight_status == 200 ? 200 : 204;
        decision->max_age = policy->max_age;
    }
    else if (want_all && decision->reason != CORS_REASON_MALFORMED) {
        decision->status = 204;
    }
    else {
        decision->allow_headers = NULL;
        return;
    }
    set_origin(decision, policy, request->origin);
    decision->allow_methods = methods_value(policy->methods,
                                            request->request_method,
                                            method_reason);
}

void cors_decide(cors_decision_t *decision, const cors_policy_t *policy,
                 const cors_request_t *request, apr_pool_t *pool)
{
    memset(decision, 0, sizeof(*decision));
    if (!cors_policy_is_active(policy)) {
        decision->kind = CORS_KIND_INERT;
        return;
    }
    decision->kind = classify(request);
    decision->vary = vary_for(policy->origins, decision->kind);
    if (decision->kind == CORS_KIND_NOT_CORS) {
        if (policy->origins->is_any
            && policy_unsafe(policy) == CORS_UNSAFE_NONE) {
            decide_actual(decision, policy, NULL);
        }
        return;
    }
    decision->reason = check_origin(policy, request->origin);
    if (decision->kind == CORS_KIND_PREFLIGHT) {
        decision->status = 403;
        if (decision->reason == CORS_REASON_NONE) {
            decide_preflight(decision, policy, request, pool);
        }
        return;
    }
    decision->is_allowed = decision->reason == CORS_REASON_NONE;
    if (decision->is_allowed) {
        decide_actual(decision, policy, request->origin);
    }
}

/* The length of the first element of a list, without the blanks after it. */
static apr_size_t element_len(const char *s)
{
    apr_size_t len = strcspn(s, ",");

    while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t')) {
        len--;
    }
    return len;
}

static int list_contains(const char *list, const char *name, apr_size_t len)
{
    list += strspn(list, ", \t");
    while (*list) {
        apr_size_t n = element_len(list);

        if (n == len && apr_cstr_casecmpn(list, name, len) == 0) {
            return 1;
        }
        list += strcspn(list, ",");
        list += strspn(list, ", \t");
    }
    return 0;
}

const char *cors_vary_merge(const char *have, const char *add,
                            apr_pool_t *pool)
{
    const char *merged = have;

    if (!have || *have == '\0') {
        return add;
    }
    if (list_contains(have, "*", 1)) {
        return have;
    }
    add += strspn(add, ", \t");
    while (*add) {
        apr_size_t len = element_len(add);

        if (!list_contains(merged, add, len)) {
            merged = apr_pstrcat(pool, merged, ", ",
                                 apr_pstrmemdup(pool, add, len), NULL);
        }
        add += strcspn(add, ",");
        add += strspn(add, ", \t");
    }
    return merged;
}
