/* SPDX-License-Identifier: Apache-2.0 */

/* One origin pattern, the whole input.  What the engine accepts is what the
 * model accepts; it matches what the model says, in its own near
 * neighbourhood; a refusal says why, and what it says to write leads on. */

#include "fuzz.h"

/* Following corrections must come to an end. */
#define MAX_CORRECTIONS 8

/* Longer patterns have too many neighbours. */
#define MAX_NEIGHBOURS 80

static int is_public(const char *domain)
{
    return strcmp(domain, "co.uk") == 0;
}

static const char *add_pattern(cors_policy_t *policy, apr_pool_t *pool,
                            const char *word)
{
    char *argv[1];
    const char *message;

    memset(policy, 0, sizeof(*policy));
    argv[0] = exact(pool, word, strlen(word) + 1);
    message = cors_policy_add_origins(policy, pool, 1, argv, is_public);
    memset(argv[0], '#', strlen(argv[0]));
    return message;
}

static size_t ends_in_dot(const char *host)
{
    size_t len = strcspn(host, ":");

    return len > 0 && host[len - 1] == '.';
}

/** The model's own view of what a pattern is. */
static int model_is_pattern(apr_pool_t *pool, const char *word)
{
    int is_web = strncmp(word, "http://", 7) == 0
                 || strncmp(word, "https://", 8) == 0;
    size_t len = strlen(word);
    size_t scheme_len = strcspn(word, ":");
    const char *host = strstr(word, "://");
    char *plain;
    int any_port;
    int any_subdomain;

    if (strcmp(word, "*") == 0 || strcmp(word, "none") == 0
        || strcmp(word, "null") == 0) {
        return 1;
    }
    if (!host || host != word + scheme_len) {
        return 0;
    }
    host += 3;
    if (!is_web) {
        plain = apr_pstrmemdup(pool, word, scheme_len);
        return model_is_custom(plain, host);
    }
    any_subdomain = strncmp(host, "*.", 2) == 0;
    any_port = ends_with_text(word, len, ":*", 2);
    plain = apr_pstrcat(pool,
                        apr_pstrmemdup(pool, word, (size_t)(host - word)),
                        host + (any_subdomain ? 2 : 0), NULL);
    len = strlen(plain);
    if (any_port) {
        len -= 2;
        plain[len] = '\0';
    }
    host = strstr(plain, "://") + 3;
    return model_is_origin(plain, len)
           && !(any_port && port_len(host, strlen(host)) && *host != '[')
           && !(any_port && *host == '[' && plain[len - 1] != ']')
           && !(any_subdomain && (*host == '[' || model_is_ipv4(
                    apr_pstrmemdup(pool, host, strcspn(host, ":")))
                    || strcspn(host, ":") > 251 + ends_in_dot(host)));
}

static void holds_match(const cors_policy_t *policy, const char *word,
                        const char *text, size_t len)
{
    const cors_origin_entry_t *entry = NULL;
    int found = ask(policy, text, len, &entry);

    HOLDS(found == model_matches(word, text, len), "%s and %.*s", word,
          (int)len, text);
    HOLDS(!found || strcmp(entry->pattern, word) == 0, "%s", word);
}

/** Each byte taken away, replaced, and put in. */
static void holds_nearby(const cors_policy_t *policy, const char *word,
                         const char *text, size_t len, apr_pool_t *pool)
{
    static const char bytes[] = "a.:-1*/@A \n";
    char *near = apr_palloc(pool, len + 2);
    size_t at;
    size_t i;

    holds_match(policy, word, text, len);
    if (len > MAX_NEIGHBOURS) {
        return;
    }
    for (at = 0; at <= len; at++) {
        memcpy(near, text, at);
        if (at < len) {
            memcpy(near + at, text + at + 1, len - at - 1);
            holds_match(policy, word, near, len - 1);
        }
        for (i = 0; i < sizeof(bytes); i++) {
            near[at] = bytes[i];
            if (at < len) {
                memcpy(near + at + 1, text + at + 1, len - at - 1);
                holds_match(policy, word, near, len);
            }
            memcpy(near + at + 1, text + at, len - at);
            holds_match(policy, word, near, len + 1);
        }
    }
}

/** Something that a pattern matches: its wildcards filled in. */
static const char *filled_in(apr_pool_t *pool, const char *word,
                             const char *labels, const char *port)
{
    const char *star = strstr(word, "://*.");
    size_t len = strlen(word);
    char *text = apr_pstrdup(pool, word);

    if (ends_with_text(word, len, ":*", 2)) {
        text[len - 2] = '\0';
        text = apr_pstrcat(pool, text, port, NULL);
    }
    if (star) {
        size_t front = (size_t)(star - word) + 3;

        text = apr_pstrcat(pool, apr_pstrmemdup(pool, text, front), labels,
                           text + front + 1, NULL);
    }
    return text;
}

static void holds_accepted(cors_policy_t *policy, const char *word,
                           apr_pool_t *pool)
{
    static const char *const labels[] = { "a", "a.b", "xn--a" };
    static const char *const ports[] = { "", ":1", ":65535", ":65536" };
    const apr_array_header_t *words;
    const cors_origin_entry_t *entry;
    cors_policy_t again;
    size_t i;
    size_t j;

    words = cors_policy_words(policy, cors_directive_find("CORSAllowOrigin"),
                          pool);
    HOLDS(words->nelts == 1
          && strcmp(APR_ARRAY_IDX(words, 0, const char *), word) == 0,
          "the words of %s", word);
    HOLDS(!add_pattern(&again, pool, APR_ARRAY_IDX(words, 0, const char *)),
          "%s once more", word);
    policy->credentials = CORS_ON;
    cors_policy_find_unsafe(policy, &entry);
    if (strcmp(word, "*") == 0 || strcmp(word, "none") == 0) {
        HOLDS(!ask(policy, word, strlen(word), &entry), "%s", word);
        return;
    }
    for (i = 0; i < COUNT(labels); i++) {
        for (j = 0; j < COUNT(ports); j++) {
            const char *text = filled_in(pool, word, labels[i], ports[j]);

            if (i + j == 0) {
                holds_nearby(policy, word, text, strlen(text), pool);
            }
            holds_match(policy, word, text, strlen(text));
        }
    }
    HOLDS(strchr(word, '*') || ask(policy, word, strlen(word), &entry),
          "%s does not match itself", word);
}

/** The last thing that a message says to write, NULL if it names nothing, or
 * not the whole of it. */
static const char *correction_in(const char *message, size_t quoted_len,
                                 apr_pool_t *pool)
{
    static const char write[] = "; write \"";
    const char *at = message + 1 + quoted_len;
    const char *last = NULL;
    size_t len = strlen(message);

    while ((at = strstr(at, write)) != NULL) {
        last = at += strlen(write);
    }
    if (!last || message[len - 1] != '"'
        || ends_with_text(message, len, "...\"", 4)) {
        return NULL;
    }
    return apr_pstrmemdup(pool, last, strlen(last) - 1);
}

static void holds_refused(const char *message, const char *word,
                          apr_pool_t *pool)
{
    cors_policy_t policy;
    int count;

    for (count = 0; message; count++) {
        size_t len = strlen(word) < CORS_MAX_QUOTE ? strlen(word)
                                                   : CORS_MAX_QUOTE;

        HOLDS(message[0] == '"' && strncmp(message + 1, word, len) == 0,
              "%s", message);
        HOLDS(count < MAX_CORRECTIONS, "no end of corrections: %s", message);
        word = correction_in(message, len, pool);
        message = word ? add_pattern(&policy, pool, word) : NULL;
    }
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *word = take_rest(input, pool);
    cors_policy_t policy;
    const char *message = add_pattern(&policy, pool, word);

    HOLDS((message == NULL) == model_is_pattern(pool, word), "%s: %s", word,
          or_null(message));
    if (message) {
        holds_refused(message, word, pool);
    }
    else {
        holds_accepted(&policy, word, pool);
    }
}
