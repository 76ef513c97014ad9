/* SPDX-License-Identifier: Apache-2.0 */

/* The values of CORS headers that somebody wrote by hand. */

#include "cors_recipe.h"
#include "cors_policy.h"
#include "cors_text.h"

#include <apr_strings.h>

static void push(apr_array_header_t *words, const char *word)
{
    int i;

    for (i = 0; i < words->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(words, i, const char *), word) == 0) {
            return;
        }
    }
    APR_ARRAY_PUSH(words, const char *) = word;
}

static int is_token(const char *word)
{
    return *word && text_span(word, strlen(word), CORS_TOKEN) == strlen(word);
}

/* ------------------------------------------------------------------------
 * Lists
 */

/* Where a member of a list belongs. */
typedef void sort_fn(cors_recipe_list_t *list, const char *word);

static void sort_member(cors_recipe_list_t *list, const char *word,
                        sort_fn *sort)
{
    if (strcmp(word, "*") == 0) {
        push(list->words, word);
    }
    else if (!is_token(word) || strpbrk(word, "*'")
             || strlen(word) > CORS_MAX_HEADER_NAME) {
        push(list->dead, word);
    }
    else {
        sort(list, word);
    }
}

/* Blanks do not separate members, though some write them so: such a value is
 * no list (Fetch, "extracting header list values"). */
static void list_read(cors_recipe_list_t *list, apr_pool_t *pool,
                      const char *value, sort_fn *sort)
{
    static const char blanks[] = " \t\r\n";
    char *members = apr_pstrdup(pool, value ? value : "");
    char *next;
    char *member;

    list->words = apr_array_make(pool, 8, sizeof(const char *));
    list->left_out = apr_array_make(pool, 1, sizeof(const char *));
    list->misplaced = apr_array_make(pool, 1, sizeof(const char *));
    list->dead = apr_array_make(pool, 1, sizeof(const char *));
    list->is_malformed = 0;
    for (member = apr_strtok(members, ",", &next); member;
         member = apr_strtok(NULL, ",", &next)) {
        char *last;
        char *word = apr_strtok(member, blanks, &last);
        int words = 0;

        for (; word; word = apr_strtok(NULL, blanks, &last)) {
            sort_member(list, word, sort);
            list->is_malformed |= ++words > 1 || !is_token(word);
        }
    }
}

int cors_recipe_list_drop_star(cors_recipe_list_t *list)
{
    int i;

    for (i = 0; i < list->words->nelts; i++) {
        const char **word = &APR_ARRAY_IDX(list->words, i, const char *);

        if (strcmp(*word, "*") == 0) {
            memmove(word, word + 1,
                    (apr_size_t)(list->words->nelts - i - 1) * sizeof(*word));
            apr_array_pop(list->words);
            return 1;
        }
    }
    return 0;
}

void cors_recipe_list_star_covers(cors_recipe_list_t *list)
{
    int i;

    for (i = 0; i < list->words->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(list->words, i, const char *), "*") == 0) {
            apr_array_clear(list->words);
            push(list->words, "*");
        }
    }
}

static void sort_method(cors_recipe_list_t *list, const char *word)
{
    static const char *const normalized[] = {
        "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", NULL
    };
    const char *const *name = normalized;

    while (*name && apr_cstr_casecmp(word, *name) != 0) {
        name++;
    }
    if (cors_method_is_forbidden(word, strlen(word))
        || (*name && strcmp(word, *name) != 0)) {
        push(list->dead, word);
    }
    else if (strcmp(word, "OPTIONS") == 0 || strcmp(word, "HEAD") == 0) {
        push(list->left_out, word);
    }
    else {
        push(list->words, word);
    }
}

void cors_recipe_methods(cors_recipe_list_t *list, apr_pool_t *pool,
                         const char *value)
{
    list_read(list, pool, value, sort_method);
}

int cors_recipe_needs_methods(const cors_recipe_list_t *methods)
{
    int i;

    for (i = 0; i < methods->words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(methods->words, i, const char *);

        if (!cors_method_is_safelisted(word, strlen(word))) {
            return 1;
        }
    }
    return 0;
}

static int starts_nocase(const char *word, const char *start)
{
    return apr_cstr_casecmpn(word, start, strlen(start)) == 0;
}

static int is_one_of(const char *const *names, const char *word)
{
    while (*names && apr_cstr_casecmp(*names, word) != 0) {
        names++;
    }
    return *names != NULL;
}

/* Those that no page can set are left out. */
static void sort_request_header(cors_recipe_list_t *list, const char *word)
{
    if (cors_name_is_settable(word, strlen(word))) {
        push(list->words, word);
    }
    else if ((starts_nocase(word, "Access-Control-")
              && !starts_nocase(word, "Access-Control-Request-"))
             || apr_cstr_casecmp(word, "Timing-Allow-Origin") == 0) {
        push(list->misplaced, word);
    }
    else {
        push(list->left_out, word);
    }
}

void cors_recipe_request_headers(cors_recipe_list_t *list, apr_pool_t *pool,
                                 const char *value)
{
    list_read(list, pool, value, sort_request_header);
}

/* Those that a page has no use for, or cannot read. */
static void sort_response_header(cors_recipe_list_t *list, const char *word)
{
    static const char *const useless[] = {
        "Origin", "Set-Cookie", "Set-Cookie2", "Timing-Allow-Origin", NULL
    };

    push(is_one_of(useless, word) || starts_nocase(word, "Access-Control-")
         ? list->left_out : list->words, word);
}

void cors_recipe_response_headers(cors_recipe_list_t *list, apr_pool_t *pool,
                                  const char *value)
{
    list_read(list, pool, value, sort_response_header);
    if (list->is_malformed) {
        apr_array_clear(list->words);
    }
}

const char *cors_recipe_max_age(apr_pool_t *pool, const char *value)
{
    apr_size_t len = strlen(value);

    if (len == 0 || text_span(value, len, CORS_DIGIT) != len) {
        return NULL;
    }
    while (*value == '0' && value[1]) {
        value++;
    }
    return strlen(value) > 5 || apr_atoi64(value) > CORS_MAX_AGE
           ? apr_itoa(pool, CORS_MAX_AGE) : value;
}

/* ------------------------------------------------------------------------
 * Origins
 */

static int is_pattern(apr_pool_t *pool, const char *word)
{
    return strcmp(word, "*") == 0 || strcmp(word, "null") == 0
           || cors_pattern_is_valid(pool, word);
}

/* The pattern without path and capitals. */
static const char *mended(apr_pool_t *pool, const char *word)
{
    const char *host = strstr(word, "://");

    if (!host) {
        return word;
    }
    host += 3;
    return cors_text_lower(pool, apr_pstrmemdup(pool, word, strcspn(host, "/")
                                                + (apr_size_t)(host - word)));
}

const char *cors_recipe_unescaped(apr_pool_t *pool, const char *value)
{
    static const char codes[] = "\\tnr";
    static const char bytes[] = "\\\t\n\r";
    char *text = apr_pstrdup(pool, value);
    char *to = text;

    for (; *value; value++) {
        const char *code = *value == '\\' && value[1]
                           ? strchr(codes, value[1]) : NULL;

        if (code) {
            *to++ = bytes[code - codes];
            value++;
        }
        else {
            *to++ = *value;
        }
    }
    *to = '\0';
    return text;
}

int cors_recipe_is_star(const char *value)
{
    return value && strchr(value, '*')
           && strspn(value, "*, ") == strlen(value);
}

const apr_array_header_t *cors_recipe_origins(apr_pool_t *pool,
                                              const char *value)
{
    apr_array_header_t *origins = apr_array_make(pool, 1,
                                                 sizeof(const char *));
    char *next;
    char *word = apr_strtok(apr_pstrdup(pool, value), ", \t", &next);

    for (; word; word = apr_strtok(NULL, ", \t", &next)) {
        const char *origin = is_pattern(pool, word) ? word
                                                    : mended(pool, word);

        if (!is_pattern(pool, origin)) {
            return NULL;
        }
        push(origins, origin);
    }
    return origins->nelts > 0 ? origins : NULL;
}

/* A pattern of http or https without its wildcards. */
typedef struct {
    const char *scheme;         /* with "://" */
    const char *host;
    const char *port;           /* with ":"; "" for none */
    int any_subdomain;
    int any_port;
} parts_t;

static int parts_read(parts_t *parts, apr_pool_t *pool, const char *pattern)
{
    const char *host = strstr(pattern, "://");
    apr_size_t len;

    if (!cors_pattern_is_web(pattern)) {
        return 0;
    }
    host += 3;
    parts->scheme = apr_pstrmemdup(pool, pattern,
                                   (apr_size_t)(host - pattern));
    parts->any_subdomain = strncmp(host, "*.", 2) == 0;
    host += parts->any_subdomain ? 2 : 0;
    len = cors_origin_host_span(host, strlen(host));
    parts->host = apr_pstrmemdup(pool, host, len);
    parts->any_port = strcmp(host + len, ":*") == 0;
    parts->port = parts->any_port ? "" : host + len;
    return 1;
}

const apr_array_header_t *cors_recipe_samples(apr_pool_t *pool,
                                              const char *pattern)
{
    static const char *const labels[] = { "sub.", "a.b-c.", "x9.", NULL };
    static const char *const ports[] = { "", ":1", ":8443", NULL };
    apr_array_header_t *samples = apr_array_make(pool, 9,
                                                 sizeof(const char *));
    parts_t parts;
    int i;
    int k;

    if (!parts_read(&parts, pool, pattern)) {
        push(samples, pattern);
        return samples;
    }
    for (i = 0; labels[i]; i++) {
        for (k = 0; ports[k]; k++) {
            push(samples,
                 apr_pstrcat(pool, parts.scheme,
                             parts.any_subdomain ? labels[i] : "", parts.host,
                             parts.any_port ? ports[k] : parts.port, NULL));
        }
    }
    return samples;
}

/* Add a look-alike if it is an origin. */
static void push_origin(apr_array_header_t *origins, apr_pool_t *pool,
                        const char *scheme, const char *label,
                        const char *host, const char *tail)
{
    const char *text = apr_pstrcat(pool, scheme, label, host, tail, NULL);
    cors_origin_t origin;

    if (cors_origin_parse(&origin, text, strlen(text))) {
        push(origins, text);
    }
}

const apr_array_header_t *cors_recipe_neighbours(apr_pool_t *pool,
                                                 const char *pattern)
{
    static const char *const labels[] = { "", "evil", "evil.", "sub.evil",
                                          NULL };
    static const char *const tails[] = { "", ":1", ":8443", ".evil.example",
                                         NULL };
    static const char *const schemes[] = { "https://", "http://", NULL };
    apr_array_header_t *origins = apr_array_make(pool, 32,
                                                 sizeof(const char *));
    parts_t parts;
    char *dotless;
    char *dot;
    int s;
    int i;
    int k;

    if (!parts_read(&parts, pool, pattern)) {
        return origins;
    }
    dotless = apr_pstrdup(pool, parts.host);
    dot = strchr(dotless, '.');
    if (dot) {
        *dot = 'x';
    }
    for (s = 0; schemes[s]; s++) {
        push_origin(origins, pool, schemes[s], "", dotless, parts.port);
        for (i = 0; labels[i]; i++) {
            push_origin(origins, pool, schemes[s], labels[i], parts.host,
                        parts.port);
            for (k = 0; tails[k]; k++) {
                push_origin(origins, pool, schemes[s], labels[i], parts.host,
                            tails[k]);
            }
        }
    }
    return origins;
}
