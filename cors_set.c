/* SPDX-License-Identifier: Apache-2.0 */

/* Patterns, and sets of them: what matches an origin. */

#include "cors_set.h"
#include "cors_text.h"

#include <apr_strings.h>

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
    cors_origin_t origin;       /* plain, parsed */
} pattern_t;

int cors_pattern_is_web(const char *s)
{
    return strncmp(s, "http://", 7) == 0 || strncmp(s, "https://", 8) == 0;
}

static int pattern_read(pattern_t *pattern, const char *word,
                        apr_pool_t *pool)
{
    const char *host = strstr(word, "://");
    const char *plain = word;
    apr_size_t len;

    if (!host) {
        return 0;
    }
    host += 3;
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
           && !(pattern->any_subdomain
                && (!pattern->origin.host_is_name
                    || !cors_origin_has_room(&pattern->origin)))
           && !(pattern->any_port && pattern->origin.has_port)
           && (cors_pattern_is_web(word)
               || (!pattern->any_subdomain && !pattern->any_port));
}

int cors_pattern_is_valid(apr_pool_t *pool, const char *word)
{
    pattern_t pattern;

    return pattern_read(&pattern, word, pool);
}

/* ------------------------------------------------------------------------
 * Origin sets
 */

struct cors_origin_set_t {
    apr_pool_t *pool;
    unsigned int named;         /* CORS_NAMED_* bits */
    cors_origin_scope_t scope;
    int accepts_any;            /* "*", and the danger was accepted */
    cors_public_suffix_fn *is_public_suffix;    /* NULL for single labels */
    apr_array_header_t *entries;        /* of cors_origin_entry_t *;
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
    apr_array_header_t *regexes;        /* of those entries; NULL for none */
};

/* The longest suffix: a dot, a host, its final dot. */
#define MAX_SUFFIX (1 + CORS_MAX_HOST + 1)

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

void cors_origin_set_accept_any(cors_origin_set_t *set)
{
    set->accepts_any = 1;
}

int cors_origin_set_accepts_any(const cors_origin_set_t *set)
{
    return set->accepts_any;
}

cors_public_suffix_fn *cors_origin_set_suffixes(const cors_origin_set_t *set)
{
    return set->is_public_suffix;
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
    APR_ARRAY_PUSH(set->entries, cors_origin_entry_t *) = entry;
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
    return !cors_origin_is_loopback(origin)
           && cors_domain_is_public_suffix(apr_pstrmemdup(pool, origin->host,
                                                          len),
                                           is_public_suffix) != 0;
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
    entry->suffix_len = origin->host_len;
    cors_map_add(pattern->any_port ? &set->any_port : &set->subdomains,
                 set->pool, key, pattern->plain_len + 1, entry);
}

int cors_origin_set_add(cors_origin_set_t *set, const char *word,
                        cors_public_suffix_fn *is_public_suffix)
{
    cors_origin_entry_t *entry;
    pattern_t pattern;

    set->is_public_suffix = is_public_suffix;
    if (strcmp(word, "null") == 0) {
        entry = origin_entry_add(set, word);
        entry->is_null = 1;
        cors_map_add(&set->exact, set->pool, entry->pattern, strlen(word),
                     entry);
        return 1;
    }
    if (!pattern_read(&pattern, word, set->pool)) {
        return 0;
    }
    entry = origin_entry_add(set, word);
    entry->is_insecure = cors_origin_is_insecure(&pattern.origin) != 0;
    entry->is_onion = cors_origin_is_onion(&pattern.origin) != 0;
    if (pattern.any_subdomain) {
        entry->is_public_suffix = host_is_public_suffix(&pattern.origin,
                                                        is_public_suffix,
                                                        set->pool) != 0;
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

void cors_origin_set_add_regex(cors_origin_set_t *set, const char *pattern,
                               const void *code, cors_regex_match_fn *match,
                               cors_public_suffix_fn *is_public_suffix)
{
    cors_origin_entry_t *entry = origin_entry_add(set, pattern);

    if (!set->regexes) {
        set->regexes = apr_array_make(set->pool, 1,
                                      sizeof(cors_origin_entry_t *));
    }
    set->scope = CORS_SCOPE_REGEXES;
    set->is_public_suffix = is_public_suffix;
    entry->is_regex = 1;
    entry->regex = apr_pcalloc(set->pool, sizeof(*entry->regex));
    entry->regex->code = code;
    entry->regex->match = match;
    APR_ARRAY_PUSH(set->regexes, cors_origin_entry_t *) = entry;
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
    char key[CORS_MAX_WEB_ORIGIN];

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

    if (!origin->host_is_name || origin->len > CORS_MAX_WEB_ORIGIN) {
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
    int i;

    for (i = 0; set->regexes && i < set->regexes->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(set->regexes, i, const cors_origin_entry_t *);

        if (entry->regex->match(entry->regex->code, text, len)) {
            return entry;
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

const apr_array_header_t *
cors_origin_set_regexes(const cors_origin_set_t *set)
{
    return set->regexes;
}

/* The label boundaries from the wildcard's domain to the origin's. */
int cors_origin_set_spans(const cors_origin_set_t *set,
                          const cors_origin_entry_t *entry, const char *text,
                          apr_size_t len)
{
    char domain[CORS_MAX_HOST + 2];
    cors_origin_t origin;
    int labels = 1;
    char *end;
    char *at;

    if (!set->is_public_suffix || !cors_origin_parse(&origin, text, len)) {
        return 0;
    }
    memcpy(domain, origin.host, origin.host_len);
    end = domain + origin.host_len;
    at = end - entry->suffix_len;
    if (end[-1] == '.') {
        end--;
    }
    *end = '\0';
    while (--end > at) {
        labels += *end == '.';
    }
    while (at > domain && ++labels <= CORS_MAX_SUFFIX_LABELS) {
        at--;                   /* the dot */
        while (at > domain && at[-1] != '.') {
            at--;
        }
        if (set->is_public_suffix(at)) {
            return 1;
        }
    }
    return 0;
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
