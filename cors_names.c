/* SPDX-License-Identifier: Apache-2.0 */

/* Sets of methods and of header names: what may be listed, what is. */

#include "cors_names.h"
#include "cors_text.h"

#include <apr_strings.h>

/* ------------------------------------------------------------------------
 * Lists of words
 */

/* Words in the order of the configuration, and as the header's value. */
typedef struct {
    apr_array_header_t *words;  /* of const char * */
    const char *value;          /* NULL while the list is empty */
} word_list_t;

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
    cors_map_t methods;
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
    if (cors_method_is_forbidden(word, len)) {
        return cors_refuse(pool, word, "browsers never send this method to "
                           "another origin, and no policy can allow it");
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
    if (named == CORS_NAMED_WORDS
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
    const char *(*diagnose)(apr_pool_t *pool, const char *word);
    unsigned int alone;         /* CORS_NAMED_* that must be the only value */
    const char *clash;          /* the message where they are not */
} name_rules_t;

struct cors_name_set_t {
    apr_pool_t *pool;
    const name_rules_t *rules;
    unsigned int named;         /* CORS_NAMED_* bits */
    word_list_t list;
    cors_map_t names;           /* in lower case */
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

static const char *request_name_diagnose(apr_pool_t *pool, const char *word)
{
    apr_size_t len = strlen(word);

    if (text_same_nocase(word, len, "cookie")) {
        return cors_refuse(pool, word, "scripts cannot set this header; "
                           "browsers send cookies where credentials are "
                           "allowed");
    }
    if (find_nocase(cors_response_names, word, len)) {
        return cors_refuse(pool, word, "is a response header; name the "
                           "request headers that scripts may set");
    }
    if (find_nocase(forbidden_names, word, len)
        || apr_cstr_casecmpn(word, "proxy-", 6) == 0
        || apr_cstr_casecmpn(word, "sec-", 4) == 0) {
        return cors_refuse(pool, word, "scripts cannot set this header, so no "
                           "browser asks for it; leave it out");
    }
    return NULL;
}

static const char *response_name_diagnose(apr_pool_t *pool, const char *word)
{
    apr_size_t len = strlen(word);

    if (text_same_nocase(word, len, "set-cookie")
        || text_same_nocase(word, len, "set-cookie2")) {
        return cors_refuse(pool, word, "browsers never show cookies to "
                           "scripts of another origin; leave it out");
    }
    if (find_nocase(cors_request_names, word, len)) {
        return cors_refuse(pool, word, "is a request header; name the "
                           "response headers that scripts may read");
    }
    return NULL;
}

static const name_rules_t request_rules = {
    request_name_diagnose, CORS_NAMED_NONE, "none must be the only value"
};

static const name_rules_t response_rules = {
    response_name_diagnose, CORS_NAMED_NONE | CORS_NAMED_ANY,
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

static const char *name_diagnose(const cors_name_set_t *set, const char *word)
{
    const char *message = set->rules->diagnose(set->pool, word);

    if (!message) {
        message = token_diagnose(set->pool, word, "header name");
    }
    if (!message && strlen(word) > CORS_MAX_HEADER_NAME) {
        message = cors_refuse(set->pool, word,
                              "is longer than "
                              APR_STRINGIFY(CORS_MAX_HEADER_NAME) " bytes");
    }
    return message;
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
    if (named == CORS_NAMED_WORDS && !cors_name_set_contains(set, word, len)) {
        word = word_list_add(&set->list, set->pool, word);
        cors_map_add(&set->names, set->pool, cors_text_lower(set->pool, word),
                     len, word);
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
