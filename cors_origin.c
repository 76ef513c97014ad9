/* SPDX-License-Identifier: Apache-2.0 */

/* Origins, patterns and sets of them: what an origin is, and what matches. */

#include "cors_origin.h"
#include "cors_text.h"

#include <apr_strings.h>

/* ------------------------------------------------------------------------
 * Origins
 */

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

int cors_origin_parse(cors_origin_t *origin, const char *text,
                      apr_size_t len)
{
    cors_origin_t o;
    const char *authority;
    apr_size_t authority_len;
    apr_size_t host_len;

    o.text = text;
    o.len = len;
    o.scheme_len = text_span(text, len, CORS_SCHEME);
    if (o.scheme_len == 0 || text_is(text[0], CORS_DIGIT)
        || !text_is(text[0], CORS_LABEL)
        || !text_starts_with(text + o.scheme_len, len - o.scheme_len, "://")) {
        return 0;
    }
    authority = text + o.scheme_len + 3;
    authority_len = len - o.scheme_len - 3;
    host_len = cors_origin_host_span(authority, authority_len);
    if (!cors_origin_read_host(&o, authority, host_len)
        || !port_read(&o, authority + host_len, authority_len - host_len)) {
        return 0;
    }
    *origin = o;
    return 1;
}

static int host_is_loopback(const cors_origin_t *origin)
{
    if (!origin->host_is_name) {
        return text_starts_with(origin->host, origin->host_len, "127.")
               || text_same(origin->host, origin->host_len, "[::1]");
    }
    return text_same(origin->host, origin->host_len, "localhost")
           || text_ends_with(origin->host, origin->host_len, ".localhost");
}

int cors_origin_is_insecure(const cors_origin_t *origin)
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

int cors_pattern_is_web(const char *s)
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

    if (scheme_len == 0 || !text_is(s[0], CORS_LABEL)
        || text_is(s[0], CORS_DIGIT)
        || text_span(s, scheme_len, CORS_SCHEME) != scheme_len
        || strncmp(s + scheme_len, "://", 3) != 0
        || text_same(s, scheme_len, "file") || *rest == '\0') {
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
        plain = apr_pstrcat(pool,
                            apr_pstrmemdup(pool, word,
                                           (apr_size_t)(host - word)),
                            host + 2, NULL);
    }
    len = strlen(plain);
    pattern->any_port = text_ends_with(plain, len, ":*");
    if (pattern->any_port) {
        len -= 2;
    }
    pattern->plain = plain;
    pattern->plain_len = len;
    return cors_origin_parse(&pattern->origin, plain, len)
           && !(pattern->any_subdomain && !pattern->origin.host_is_name)
           && !(pattern->any_port && pattern->origin.has_port);
}

int cors_pattern_is_valid(apr_pool_t *pool, const char *word)
{
    pattern_t pattern;

    return cors_pattern_is_web(word) ? pattern_read(&pattern, word, pool)
                               : custom_origin_is_valid(word);
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
    unsigned int named;         /* CORS_NAMED_* bits */
    cors_origin_scope_t scope;
    const cors_origin_entry_t *match_all;       /* a regex that matched a
                                                 * sentinel, or NULL */
    apr_array_header_t *entries;        /* of const cors_origin_entry_t *;
                                         * NULL until there is one */
    int cited;                  /* how many of them have their line */
    /* From keys to entries.  The key of a host wildcard is the pattern
     * without the *, that of a port wildcard is without the :*. */
    cors_map_t exact;           /* https://a.example:8443 */
    cors_map_t any_port;        /* https://a.example, https://.a.example */
    cors_map_t subdomains;      /* https://.a.example:8443 */
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

cors_origin_set_t *cors_origin_set_make(apr_pool_t *pool)
{
    cors_origin_set_t *set = apr_pcalloc(pool, sizeof(*set));

    set->pool = pool;
    return set;
}

int cors_origin_set_admit(cors_origin_set_t *set, unsigned int named)
{
    if (cors_values_clash(set->named, named,
                          CORS_NAMED_ANY | CORS_NAMED_NONE)) {
        return 0;
    }
    set->named |= named;
    set->scope = named == CORS_NAMED_ANY ? CORS_SCOPE_ANY
                 : named == CORS_NAMED_NONE ? CORS_SCOPE_NONE : set->scope;
    return 1;
}

cors_origin_scope_t cors_origin_set_scope(const cors_origin_set_t *set)
{
    return set->scope;
}

const cors_origin_entry_t *
cors_origin_set_match_all(const cors_origin_set_t *set)
{
    return set->match_all;
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
    cors_map_add(pattern->any_port ? &set->any_port : &set->subdomains,
                 set->pool, key, pattern->plain_len + 1, entry);
}

int cors_origin_set_add(cors_origin_set_t *set, const char *word,
                        cors_public_suffix_fn *is_public_suffix)
{
    cors_origin_entry_t *entry;
    pattern_t pattern;
    int is_null = strcmp(word, "null") == 0;

    if (is_null
        || (!cors_pattern_is_web(word) && custom_origin_is_valid(word))) {
        entry = origin_entry_add(set, word);
        entry->is_null = is_null;
        cors_map_add(&set->exact, set->pool, entry->pattern, strlen(word),
                     entry);
        return 1;
    }
    if (!cors_pattern_is_web(word)
        || !pattern_read(&pattern, word, set->pool)) {
        return 0;
    }
    entry = origin_entry_add(set, word);
    entry->is_insecure = cors_origin_is_insecure(&pattern.origin);
    if (pattern.any_subdomain) {
        entry->is_public_suffix = host_is_public_suffix(&pattern.origin,
                                                        is_public_suffix,
                                                        set->pool);
        origin_set_add_wildcard(set, &pattern, entry);
    }
    else if (pattern.any_port) {
        cors_map_add(&set->any_port, set->pool, entry->pattern,
                     pattern.plain_len, entry);
    }
    else {
        cors_map_add(&set->exact, set->pool, entry->pattern, pattern.plain_len,
                     entry);
    }
    return 1;
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

void cors_origin_set_add_regex(cors_origin_set_t *set, const char *pattern,
                               const void *regex,
                               cors_regex_match_fn *match)
{
    cors_origin_entry_t *entry = origin_entry_add(set, pattern);
    const char *const *sentinel;
    origin_regex_t *added;

    if (!set->regexes) {
        set->regexes = apr_array_make(set->pool, 1, sizeof(origin_regex_t));
    }
    entry->is_regex = 1;
    added = apr_array_push(set->regexes);
    added->regex = regex;
    added->match = match;
    added->entry = entry;
    for (sentinel = sentinels; *sentinel; sentinel++) {
        if (match(regex, *sentinel, strlen(*sentinel))) {
            set->scope = CORS_SCOPE_MATCH_ALL;
            set->match_all = entry;
            break;
        }
    }
}

/* Look up the pattern without its wildcard: the scheme, and the host from one
 * of its dots. */
static const cors_origin_entry_t *
origin_set_match_suffix(const cors_origin_set_t *set,
                        const cors_origin_t *origin, const char *dot)
{
    apr_size_t scheme_len = (apr_size_t)(origin->host - origin->text);
    apr_size_t tail_len = (apr_size_t)(origin->text + origin->len - dot);
    apr_size_t host_len = (apr_size_t)(origin->host + origin->host_len - dot);
    const cors_origin_entry_t *entry;
    char key[MAX_WEB_ORIGIN];

    memcpy(key, origin->text, scheme_len);
    memcpy(key + scheme_len, dot, tail_len);
    entry = cors_map_get(&set->subdomains, key, scheme_len + tail_len);
    return entry ? entry
                 : cors_map_get(&set->any_port, key, scheme_len + host_len);
}

static const cors_origin_entry_t *
origin_set_match_wildcard(const cors_origin_set_t *set,
                          const cors_origin_t *origin)
{
    const char *end = origin->host + origin->host_len;
    const cors_origin_entry_t *entry = NULL;
    const char *dot = origin->host;

    if (!origin->host_is_name || origin->len > MAX_WEB_ORIGIN) {
        return NULL;
    }
    while (!entry && (dot = memchr(dot, '.', (apr_size_t)(end - dot)))) {
        if (set->suffix_lens[end - dot]) {
            entry = origin_set_match_suffix(set, origin, dot);
        }
        dot++;
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
        cors_map_get(&set->any_port, origin->text,
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
    const cors_origin_entry_t *found = cors_map_get(&set->exact, text, len);
    cors_origin_t origin;

    if (!found
        && (set->suffix_lens || set->regexes
            || !cors_map_is_empty(&set->any_port))
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

void cors_origin_set_cite(cors_origin_set_t *set, const void *line)
{
    for (; set->entries && set->cited < set->entries->nelts; set->cited++) {
        APR_ARRAY_IDX(set->entries, set->cited,
                      cors_origin_entry_t *)->line = line;
    }
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

    if (entry->is_regex || !cors_map_get(&set->exact, entry->pattern, len)
        || !cors_origin_parse(&origin, entry->pattern, len)) {
        return NULL;
    }
    return origin_set_match_pattern(set, &origin);
}
