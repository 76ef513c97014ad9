/* SPDX-License-Identifier: Apache-2.0 */

/* Sets of methods and of header names: what may be listed, what is, what of
 * it has no effect. */

#include "cors_names.h"
#include "cors_text.h"

#include <apr_strings.h>

/* ------------------------------------------------------------------------
 * Lists of words
 */

/* Words in the order of the configuration, and as the header's value. */
typedef struct {
    apr_array_header_t *words;  /* of const char *: all of them */
    apr_array_header_t *sent;   /* those that the header lists */
    const char *value;          /* NULL as long as there are none of these */
} word_list_t;

static void word_list_init(word_list_t *list, apr_pool_t *pool)
{
    list->words = apr_array_make(pool, 4, sizeof(const char *));
    list->sent = apr_array_make(pool, 4, sizeof(const char *));
    list->value = NULL;
}

/* Add a word that the header does not list; returns the copy that is kept. */
static const char *word_list_add_unsent(word_list_t *list, apr_pool_t *pool,
                                        const char *word)
{
    const char *copy = apr_pstrdup(pool, word);

    APR_ARRAY_PUSH(list->words, const char *) = copy;
    return copy;
}

static int word_list_has(const word_list_t *list, const char *word)
{
    int i;

    for (i = 0; i < list->words->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(list->words, i, const char *), word) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *word_list_add(word_list_t *list, apr_pool_t *pool,
                                 const char *word)
{
    const char *copy = word_list_add_unsent(list, pool, word);

    APR_ARRAY_PUSH(list->sent, const char *) = copy;
    return copy;
}

/* Words as the value of a header; NULL if there are none. */
static const char *words_value(const apr_array_header_t *array,
                               apr_pool_t *pool)
{
    const char *const *words = (const char *const *)array->elts;
    apr_size_t len = 0;
    char *value;
    char *p;
    int i;

    if (array->nelts == 0) {
        return NULL;
    }
    for (i = 0; i < array->nelts; i++) {
        len += strlen(words[i]) + 2;
    }
    p = value = apr_palloc(pool, len);
    for (i = 0; i < array->nelts; i++) {
        if (i > 0) {
            *p++ = ',';
            *p++ = ' ';
        }
        len = strlen(words[i]);
        memcpy(p, words[i], len);
        p += len;
    }
    *p = '\0';
    return value;
}

/* Make the value anew from the words. */
static void word_list_finish(word_list_t *list, apr_pool_t *pool)
{
    list->value = words_value(list->sent, pool);
}

/* The entry of a NULL-terminated list that equals a word but for case. */
static const char *find_nocase(const char *const list[], const char *s,
                               apr_size_t len)
{
    for (; *list; list++) {
        if (text_same_nocase(s, len, *list)) {
            return *list;
        }
    }
    return NULL;
}

/* What keeps a word from being a token. */
static const char *token_diagnose(apr_pool_t *pool, const char *word,
                                  const char *what)
{
    apr_size_t len = strlen(word);

    if (strchr(word, ',')) {
        return cors_refuse(pool, word,
                           apr_pstrcat(pool, "contains a comma; separate ",
                                       what, "s with spaces", NULL));
    }
    if (len == 0 || text_span(word, len, CORS_TOKEN) != len) {
        return cors_refuse(pool, word,
                           apr_pstrcat(pool, "is not a ", what, "; one "
                                       "consists of letters, digits and "
                                       "!#$%&'*+-.^_`|~", NULL));
    }
    return NULL;
}

/* ------------------------------------------------------------------------
 * Methods
 */

struct cors_method_set_t {
    apr_pool_t *pool;
    unsigned int named;         /* CORS_NAMED_* bits */
    word_list_t list;
    cors_map_t methods;         /* that are not forbidden */
};

cors_method_set_t *cors_method_set_make(apr_pool_t *pool)
{
    cors_method_set_t *set = apr_pcalloc(pool, sizeof(*set));

    set->pool = pool;
    word_list_init(&set->list, pool);
    return set;
}

int cors_method_set_contains(const cors_method_set_t *set,
                             const char *method, apr_size_t len)
{
    return cors_map_get(&set->methods, method, len) != NULL;
}

int cors_method_set_is_any(const cors_method_set_t *set)
{
    return set->named == CORS_NAMED_ANY;
}

const char *cors_method_set_value(const cors_method_set_t *set)
{
    return set->list.value;
}

void cors_method_set_words(const cors_method_set_t *set,
                           apr_array_header_t *words)
{
    if (cors_method_set_is_any(set)) {
        APR_ARRAY_PUSH(words, const char *) = "*";
    }
    apr_array_cat(words, set->list.words);
}

int cors_method_is_forbidden(const char *method, apr_size_t len)
{
    return text_same_nocase(method, len, "CONNECT")
           || text_same_nocase(method, len, "TRACE")
           || text_same_nocase(method, len, "TRACK");
}

int cors_method_is_safelisted(const char *method, apr_size_t len)
{
    return text_same(method, len, "GET")
           || text_same(method, len, "HEAD")
           || text_same(method, len, "POST");
}

/* Fetch, "normalize a method": these reach a server in upper case only. */
static const char *const normalized_methods[] = {
    "DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT", NULL
};

static const char *method_diagnose(apr_pool_t *pool, const char *word)
{
    const char *message = token_diagnose(pool, word, "method");
    apr_size_t len = strlen(word);
    const char *normalized;

    if (message) {
        return message;
    }
    if (strchr(word, '*')) {
        return cors_refuse(pool, word, "a method has no wildcard; list the "
                           "methods, or write only * for every method");
    }
    if (text_same_nocase(word, len, "none")) {
        return cors_refuse(pool, word, "is not a method; GET, HEAD and POST "
                           "always pass, so name one of them to allow no "
                           "other");
    }
    normalized = find_nocase(normalized_methods, word, len);
    if (normalized && strcmp(word, normalized) != 0) {
        return cors_correct(pool, word, "methods are case-sensitive, and "
                            "browsers send this one in upper case",
                            normalized);
    }
    return NULL;
}

static const char *method_add(cors_method_set_t *set, const char *word)
{
    unsigned int named = strcmp(word, "*") == 0 ? CORS_NAMED_ANY
                                                : CORS_NAMED_WORDS;
    const char *message = NULL;
    apr_size_t len = strlen(word);

    if (cors_values_clash(set->named, named, CORS_NAMED_ANY)) {
        return cors_refuse(set->pool, word, "* must be the only value; it "
                           "already allows every method");
    }
    if (named == CORS_NAMED_WORDS) {
        message = method_diagnose(set->pool, word);
    }
    if (message) {
        return message;
    }
    set->named |= named;
    if (cors_method_is_forbidden(word, len)) {
        if (!word_list_has(&set->list, word)) {
            word_list_add_unsent(&set->list, set->pool, word);
        }
    }
    else if (named == CORS_NAMED_WORDS
             && !cors_method_set_contains(set, word, len)) {
        word = word_list_add(&set->list, set->pool, word);
        cors_map_add(&set->methods, set->pool, word, len, word);
    }
    return NULL;
}

const char *cors_method_set_add(cors_method_set_t *set, int argc,
                                char *const argv[])
{
    const char *message = NULL;
    int i;

    for (i = 0; i < argc && !message; i++) {
        message = method_add(set, argv[i]);
    }
    word_list_finish(&set->list, set->pool);
    return message;
}

void cors_method_set_ineffective(const cors_method_set_t *set,
                                 apr_array_header_t *words)
{
    int i;

    for (i = 0; i < set->list.words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(set->list.words, i, const char *);

        if (cors_method_is_forbidden(word, strlen(word))) {
            APR_ARRAY_PUSH(words, const char *) = word;
        }
    }
}

/* Whether a set lists a method in upper case. */
static int has_upper(const cors_method_set_t *set, const char *method,
                     apr_pool_t *pool)
{
    char *upper = apr_pstrdup(pool, method);
    char *p;

    for (p = upper; *p; p++) {
        if (*p >= 'a' && *p <= 'z') {
            *p ^= 0x20;
        }
    }
    return cors_method_set_contains(set, upper, strlen(upper));
}

void cors_method_set_lower(const cors_method_set_t *set,
                           apr_array_header_t *words)
{
    int i;

    for (i = 0; i < set->list.sent->nelts; i++) {
        const char *word = APR_ARRAY_IDX(set->list.sent, i, const char *);

        if (!has_upper(set, word, words->pool)) {
            APR_ARRAY_PUSH(words, const char *) = word;
        }
    }
}

/* ------------------------------------------------------------------------
 * Header names
 */

static unsigned int named_by(const char *word)
{
    if (strcmp(word, "*") == 0) {
        return CORS_NAMED_ANY;
    }
    return apr_cstr_casecmp(word, "none") == 0 ? CORS_NAMED_NONE
                                               : CORS_NAMED_WORDS;
}

/* What sets the two lists of header names apart. */
typedef struct {
    int (*is_effective)(const char *name, apr_size_t len);
    int sends_all;              /* also what has no effect: Safari up to 10
                                 * asks for Origin */
    unsigned int alone;         /* CORS_NAMED_* that must be the only value */
    const char *clash;          /* the message where they are not */
} name_rules_t;

/* "X-Amz-*" is "x-amz-". */
typedef struct {
    const char *text;
    apr_size_t len;
} prefix_t;

struct cors_name_set_t {
    apr_pool_t *pool;
    const name_rules_t *rules;
    unsigned int named;         /* CORS_NAMED_* bits */
    word_list_t list;
    cors_map_t names;           /* in lower case */
    apr_array_header_t *prefixes;       /* of prefix_t; NULL without any */
};

int cors_name_set_contains_lower(const cors_name_set_t *set,
                                 const char *name, apr_size_t len)
{
    return cors_map_get(&set->names, name, len) != NULL;
}

int cors_name_set_contains(const cors_name_set_t *set, const char *name,
                           apr_size_t len)
{
    char key[CORS_MAX_HEADER_NAME];

    if (len > sizeof(key)) {
        return 0;
    }
    text_lower_into(key, name, len);
    return cors_name_set_contains_lower(set, key, len);
}

int cors_name_set_has_prefixes(const cors_name_set_t *set)
{
    return set->prefixes != NULL;
}

int cors_name_set_matches_prefix(const cors_name_set_t *set,
                                 const char *name, apr_size_t len)
{
    const prefix_t *prefix;
    int i;

    if (!set->prefixes) {
        return 0;
    }
    /* Browsers send lower case. */
    prefix = (const prefix_t *)set->prefixes->elts;
    for (i = 0; i < set->prefixes->nelts; i++, prefix++) {
        if (len > prefix->len
            && (memcmp(name, prefix->text, prefix->len) == 0
                || apr_cstr_casecmpn(name, prefix->text,
                                     prefix->len) == 0)) {
            return 1;
        }
    }
    return 0;
}

int cors_name_set_is_any(const cors_name_set_t *set)
{
    return (set->named & CORS_NAMED_ANY) != 0;
}

const char *cors_name_set_value(const cors_name_set_t *set)
{
    return set->list.value;
}

void cors_name_set_words(const cors_name_set_t *set,
                         apr_array_header_t *words)
{
    if (set->named & CORS_NAMED_ANY) {
        APR_ARRAY_PUSH(words, const char *) = "*";
    }
    if (set->named & CORS_NAMED_NONE) {
        APR_ARRAY_PUSH(words, const char *) = "none";
    }
    apr_array_cat(words, set->list.words);
}

/* Fetch, "forbidden request-header", but for the names that are forbidden
 * with some values only. */
static const char *const forbidden_names[] = {
    "accept-charset", "accept-encoding", "connection", "content-length",
    "cookie", "cookie2", "date", "dnt", "expect", "host", "keep-alive",
    "origin", "referer", "set-cookie", "te", "trailer", "transfer-encoding",
    "upgrade", "via", NULL
};

static int starts_with_nocase(const char *name, apr_size_t len,
                              const char *start)
{
    apr_size_t start_len = strlen(start);

    return len >= start_len && apr_cstr_casecmpn(name, start, start_len) == 0;
}

/* What browsers and servers tell each other about CORS. */
static int is_cors_name(const char *name, apr_size_t len)
{
    return starts_with_nocase(name, len, "access-control-")
           || text_same_nocase(name, len, "timing-allow-origin");
}

int cors_name_is_settable(const char *name, apr_size_t len)
{
    return !find_nocase(forbidden_names, name, len)
           && !starts_with_nocase(name, len, "proxy-")
           && !starts_with_nocase(name, len, "sec-")
           && !is_cors_name(name, len);
}

/* Fetch, "forbidden response-header name", and request headers of CORS. */
static int is_readable(const char *name, apr_size_t len)
{
    return !text_same_nocase(name, len, "set-cookie")
           && !text_same_nocase(name, len, "set-cookie2")
           && !text_same_nocase(name, len, "origin")
           && !is_cors_name(name, len);
}

static const name_rules_t request_rules = {
    cors_name_is_settable, 1, CORS_NAMED_NONE, "none must be the only value"
};

static const name_rules_t response_rules = {
    is_readable, 0, CORS_NAMED_NONE | CORS_NAMED_ANY,
    "* or none must be the only value"
};

static cors_name_set_t *name_set_make(apr_pool_t *pool,
                                      const name_rules_t *rules)
{
    cors_name_set_t *set = apr_pcalloc(pool, sizeof(*set));

    set->pool = pool;
    set->rules = rules;
    word_list_init(&set->list, pool);
    return set;
}

cors_name_set_t *cors_name_set_make_request(apr_pool_t *pool)
{
    return name_set_make(pool, &request_rules);
}

cors_name_set_t *cors_name_set_make_response(apr_pool_t *pool)
{
    return name_set_make(pool, &response_rules);
}

/* How many bytes of a word are the prefix that it stands for; 0 if it is
 * none. */
static apr_size_t prefix_len(const char *word)
{
    const char *star = strchr(word, '*');

    return star && star[1] == '\0' && star - word > 1 && star[-1] == '-'
           ? (apr_size_t)(star - word) : 0;
}

static const char *name_diagnose(const cors_name_set_t *set, const char *word)
{
    const char *message = token_diagnose(set->pool, word, "header name");

    if (!message && strlen(word) > CORS_MAX_HEADER_NAME) {
        message = cors_refuse(set->pool, word,
                              "is longer than "
                              APR_STRINGIFY(CORS_MAX_HEADER_NAME) " bytes");
    }
    if (!message && strchr(word, '*') && !prefix_len(word)) {
        message = cors_refuse(set->pool, word, "a * can only stand for the "
                              "end of a name, after a hyphen, as in X-Amz-*, "
                              "or alone");
    }
    return message;
}

static void prefix_add(cors_name_set_t *set, const char *word, apr_size_t len)
{
    prefix_t *prefix;
    int i;

    if (!set->prefixes) {
        set->prefixes = apr_array_make(set->pool, 1, sizeof(*prefix));
    }
    for (i = 0; i < set->prefixes->nelts; i++) {
        prefix = &APR_ARRAY_IDX(set->prefixes, i, prefix_t);
        if (text_same_nocase(word, len, prefix->text)) {
            return;
        }
    }
    word_list_add_unsent(&set->list, set->pool, word);
    prefix = apr_array_push(set->prefixes);
    prefix->text = cors_text_lower(set->pool,
                                   apr_pstrmemdup(set->pool, word, len));
    prefix->len = len;
}

static void name_add_new(cors_name_set_t *set, const char *word,
                         apr_size_t len)
{
    word = set->rules->sends_all || set->rules->is_effective(word, len)
           ? word_list_add(&set->list, set->pool, word)
           : word_list_add_unsent(&set->list, set->pool, word);
    cors_map_add(&set->names, set->pool, cors_text_lower(set->pool, word),
                 len, word);
}

static const char *name_add(cors_name_set_t *set, const char *word)
{
    unsigned int named = named_by(word);
    const char *message = NULL;
    apr_size_t len = strlen(word);

    if (cors_values_clash(set->named, named, set->rules->alone)) {
        return cors_refuse(set->pool, word, set->rules->clash);
    }
    if (named == CORS_NAMED_WORDS) {
        message = name_diagnose(set, word);
    }
    if (message) {
        return message;
    }
    set->named |= named;
    if (prefix_len(word)) {
        prefix_add(set, word, prefix_len(word));
    }
    else if (named == CORS_NAMED_WORDS
             && !cors_name_set_contains(set, word, len)) {
        name_add_new(set, word, len);
    }
    return NULL;
}

const char *cors_name_set_add(cors_name_set_t *set, int argc,
                              char *const argv[])
{
    const char *message = NULL;
    int i;

    for (i = 0; i < argc && !message; i++) {
        message = name_add(set, argv[i]);
    }
    word_list_finish(&set->list, set->pool);
    return message;
}

void cors_name_set_ineffective(const cors_name_set_t *set,
                               apr_array_header_t *words)
{
    int i;

    for (i = 0; i < set->list.words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(set->list.words, i, const char *);

        if (!set->rules->is_effective(word, strlen(word))) {
            APR_ARRAY_PUSH(words, const char *) = word;
        }
    }
}

/* ------------------------------------------------------------------------
 * Names of a response
 */

/* Whether a response's header is exposed although it is not listed. */
static int is_exposed(const cors_name_set_t *set, const char *name,
                      apr_size_t len)
{
    return (cors_name_set_is_any(set)
            || cors_name_set_matches_prefix(set, name, len))
           && text_span(name, len, CORS_TOKEN) == len && is_readable(name, len)
           && !cors_name_set_contains(set, name, len);
}

const char *cors_name_set_expose(const cors_name_set_t *set,
                                 const apr_table_t *const tables[2],
                                 apr_pool_t *pool)
{
    apr_array_header_t *names = apr_array_copy(pool, set->list.sent);
    cors_map_t seen = { 0 };
    int which;
    int i;

    for (which = 0; which < 2; which++) {
        const apr_array_header_t *elts = apr_table_elts(tables[which]);

        for (i = 0; i < elts->nelts; i++) {
            const char *name = APR_ARRAY_IDX(elts, i, apr_table_entry_t).key;
            apr_size_t len = strlen(name);
            const char *key;

            if (len == 0 || !is_exposed(set, name, len)) {
                continue;
            }
            key = cors_text_lower(pool, name);
            if (!cors_map_get(&seen, key, len)) {
                cors_map_add(&seen, pool, key, len, name);
                APR_ARRAY_PUSH(names, const char *) = name;
            }
        }
    }
    return words_value(names, pool);
}
