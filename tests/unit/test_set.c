/* SPDX-License-Identifier: Apache-2.0 */

/* Sets of origins, methods and header names against lists that are searched
 * from the front, on random data. */

#include "model.h"

/* ------------------------------------------------------------------------
 * Origins
 */

#define MAX_PATTERNS 10000

typedef struct origin_model_t {
    char *patterns[MAX_PATTERNS];
    size_t lens[MAX_PATTERNS];
    unsigned int count;
} origin_model_t;

/* Few labels, which begin and end alike, so that near misses abound. */
static const char *const labels[] = {
    "a", "b", "aa", "ab", "ba", "a-b", "a_b", "b1", "com", "acom", "coma",
};

static const char *const ports[] = {
    "", "", "", "", ":1", ":11", ":80", ":443", ":8443", ":65535",
};

static void random_host(random_t *random, char *text, unsigned int labels_max)
{
    unsigned int n = 1 + pick(random, labels_max);

    while (n--) {
        strcat(text, PICK(random, labels));
        strcat(text, n ? "." : "");
    }
    strcat(text, pick(random, 40) ? "" : ".");
}

static void random_origin(random_t *random, char *text,
                          unsigned int labels_max)
{
    static const char *const addresses[] = {
        "127.0.0.1", "127.0.0.11", "[::1]", "[::11]", "[a::b]",
    };

    strcpy(text, pick(random, 3) ? "https://" : "http://");
    if (pick(random, 12) == 0) {
        strcpy(text, pick(random, 2) ? "app://" : "httpsx://");
    }
    if (pick(random, 20) == 0) {
        strcat(text, PICK(random, addresses));
    }
    else {
        random_host(random, text, labels_max);
    }
    strcat(text, PICK(random, ports));
}

/** Take, add or change one byte. */
static void spoil(random_t *random, char *text)
{
    static const char put[] = "a.:/-*@?#A1 0,";
    size_t len = strlen(text);
    size_t at = pick(random, (unsigned int)len);

    switch (pick(random, 3)) {
    case 0:
        memmove(text + at, text + at + 1, len - at);
        break;
    case 1:
        memmove(text + at + 1, text + at, len - at + 1);
        text[at] = put[pick(random, sizeof(put) - 1)];
        break;
    default:
        text[at] = put[pick(random, sizeof(put) - 1)];
    }
}

/** A pattern that the engine must take, by the model's own judgement. */
static void random_pattern(random_t *random, char *text,
                           unsigned int labels_max)
{
    char origin[256];
    char *host;
    size_t len;
    int is_web;

    do {
        random_origin(random, origin, labels_max);
        len = strlen(origin);
    } while (!model_is_origin(origin, len));
    host = strstr(origin, "://") + 3;
    is_web = strncmp(origin, "http://", 7) == 0
             || strncmp(origin, "https://", 8) == 0;
    *text = '\0';
    strncat(text, origin, (size_t)(host - origin));
    if (is_web && !isdigit((unsigned char)*host) && *host != '['
        && pick(random, 3) == 0) {
        strcat(text, "*.");
    }
    strcat(text, host);
    if (is_web && (!strrchr(host, ':') || host[strlen(host) - 1] == ']')
        && pick(random, 3) == 0) {
        strcat(text, ":*");
    }
    if (pick(random, 50) == 0) {
        strcpy(text, "null");
    }
}

/** Whether the text ends in ":" and digits or is empty. */
static int is_any_port(const char *text, const char *end)
{
    return text == end
           || (*text == ':'
               && text + 1 + strspn(text + 1, MODEL_DIGITS) == end);
}

/** Whether one pattern matches: the text of the pattern is followed from
 * its front to its end, over what its wildcards stand for. */
static int model_matches(const char *pattern, const char *text, size_t len)
{
    const char *end = text + len;
    const char *star = strstr(pattern, "://*.");
    size_t pattern_len = strlen(pattern);
    int any_port = pattern_len > 2
                   && strcmp(pattern + pattern_len - 2, ":*") == 0;
    const char *rest;

    if (any_port) {
        pattern_len -= 2;
    }
    if (!star) {
        return len >= pattern_len && memcmp(text, pattern, pattern_len) == 0
               && (any_port ? is_any_port(text + pattern_len, end)
                            : len == pattern_len);
    }
    if (strncmp(text, pattern, (size_t)(star - pattern) + 3) != 0) {
        return 0;
    }
    pattern_len -= (size_t)(star - pattern) + 4;
    for (rest = text + (star - pattern) + 4; rest < end; rest++) {
        if ((size_t)(end - rest) >= pattern_len
            && strncmp(rest, star + 4, pattern_len) == 0
            && (any_port ? is_any_port(rest + pattern_len, end)
                         : rest + pattern_len == end)) {
            return 1;
        }
    }
    return 0;
}

static int model_contains(const origin_model_t *model, const char *text,
                          size_t len)
{
    int is_origin = model_is_origin(text, len);
    unsigned int i;

    for (i = 0; i < model->count; i++) {
        int is_exact = len == model->lens[i]
                       && memcmp(text, model->patterns[i], len) == 0;

        if (is_exact ? is_origin || strcmp(text, "null") == 0
                     : is_origin && strchr(model->patterns[i], '*')
                       && model_matches(model->patterns[i], text, len)) {
            return 1;
        }
    }
    return 0;
}

static void fill(origin_model_t *model, cors_policy_t *policy,
                 apr_pool_t *pool, random_t *random, unsigned int count,
                 unsigned int labels_max)
{
    unsigned int i;

    memset(policy, 0, sizeof(*policy));
    model->count = count;
    for (i = 0; i < count; i++) {
        char text[256];

        random_pattern(random, text, labels_max);
        model->lens[i] = strlen(text);
        model->patterns[i] = apr_pstrdup(pool, text);
        must_compile(add_line("CORSAllowOrigin", policy, pool, text,
                              model->lens[i]));
    }
}

static void random_request(const origin_model_t *model, random_t *random,
                           char *text, unsigned int labels_max)
{
    const char *pattern = model->patterns[pick(random, model->count)];

    if (pick(random, 2)) {
        random_origin(random, text, labels_max + 2);
    }
    else {
        char *star;

        strcpy(text, pattern);
        star = strstr(text, "*.");
        if (star) {
            char host[256] = "";

            random_host(random, host, 2);
            strcat(host, strchr(pattern, '*') + 1);
            strcpy(star, host);
        }
        star = strstr(text, ":*");
        if (star) {
            strcpy(star, PICK(random, ports));
        }
    }
    if (pick(random, 3) == 0) {
        spoil(random, text);
    }
}

static unsigned long compare_origins(const origin_model_t *model,
                                     const cors_policy_t *policy,
                                     apr_pool_t *pool, random_t *random,
                                     unsigned int labels_max)
{
    const cors_origin_entry_t *entry = NULL;
    char text[512];
    size_t len;
    int got;

    random_request(model, random, text, labels_max);
    len = strlen(text);
    got = cors_origin_set_match(policy->origins, exact(pool, text, len), len,
                                &entry);
    CHECK(got == model_contains(model, text, len), "%s, of %u patterns",
          text, model->count);
    if (got) {
        CHECK(!strchr(entry->pattern, '*')
              ? strcmp(entry->pattern, text) == 0
              : model_matches(entry->pattern, text, len), "%s by %s", text,
              entry->pattern);
    }
    return (unsigned long)got;
}

static void compare_sets(apr_pool_t *pool, const char *what,
                         unsigned int sets, unsigned int count_max,
                         unsigned long requests, unsigned int labels_max)
{
    origin_model_t *model = apr_palloc(pool, sizeof(*model));
    random_t random = random_start(what, sets * requests);
    unsigned long hits = 0;
    unsigned int set;

    for (set = 0; set < sets; set++) {
        apr_pool_t *sub;
        cors_policy_t policy;
        unsigned long i;

        apr_pool_create(&sub, pool);
        fill(model, &policy, sub, &random,
             sets == 1 ? count_max : 1 + pick(&random, count_max),
             labels_max);
        for (i = 0; i < requests; i++) {
            hits += compare_origins(model, &policy, sub, &random,
                                    labels_max);
        }
        apr_pool_destroy(sub);
    }
    print_message("# %lu of them match\n", hits);
    assert_in_range(hits, sets * requests / 10, sets * requests * 9 / 10);
}

static void test_few_origins(void **state)
{
    compare_sets(*state, "sets of at most 4 origins", 1000, 4, 100, 3);
}

static void test_some_origins(void **state)
{
    compare_sets(*state, "sets of at most 60 origins", 100, 60, 1000, 3);
}

static void test_10000_origins(void **state)
{
    compare_sets(*state, "a set of 10,000 origins", 1, MAX_PATTERNS, 10000,
                 7);
}

/* ------------------------------------------------------------------------
 * Methods and header names
 */

typedef struct word_model_t {
    char words[200][140];
    unsigned int count;
} word_model_t;

static void random_word(random_t *random, char *text, const char *alphabet)
{
    unsigned int len = 1 + pick(random, 4);
    size_t letters = strlen(alphabet);

    if (pick(random, 30) == 0) {
        len = 120 + pick(random, 12);
    }
    text[len] = '\0';
    while (len--) {
        text[len] = alphabet[pick(random, (unsigned int)letters)];
        if (len > 10) {
            text[len] = alphabet[0];
        }
    }
}

static int list_contains(const word_model_t *model, const char *word,
                         int (*compare)(const char *, const char *))
{
    unsigned int i;

    for (i = 0; i < model->count; i++) {
        if (compare(model->words[i], word) == 0) {
            return 1;
        }
    }
    return 0;
}

/** Add random words in lines of four; the model keeps each once. */
static void fill_words(word_model_t *model, cors_policy_t *policy,
                       apr_pool_t *pool, random_t *random, const char *directive,
                       const char *alphabet,
                       int (*compare)(const char *, const char *))
{
    unsigned int lines = 1 + pick(random, 25);

    model->count = 0;
    while (lines--) {
        char line[600] = "";
        int i;

        for (i = 0; i < 4; i++) {
            char word[140];

            random_word(random, word, alphabet);
            if (strlen(word) > CORS_MAX_HEADER_NAME) {
                word[CORS_MAX_HEADER_NAME] = '\0';
            }
            strcat(line, i ? " " : "");
            strcat(line, word);
            if (!list_contains(model, word, compare)) {
                strcpy(model->words[model->count++], word);
            }
        }
        must_compile(add_line(directive, policy, pool, line, strlen(line)));
    }
}

static const char *joined(apr_pool_t *pool, const word_model_t *model)
{
    const char *value = model->words[0];
    unsigned int i;

    for (i = 1; i < model->count; i++) {
        value = apr_pstrcat(pool, value, ", ", model->words[i], NULL);
    }
    return value;
}

#define ALPHABET "xaAbB-"

static void test_random_methods(void **state)
{
    const unsigned long cases = 100000;
    random_t random = random_start("method sets", cases);
    word_model_t *model = apr_palloc(*state, sizeof(*model));
    unsigned long hits = 0;
    unsigned long i;
    unsigned int set;

    for (set = 0; set < 200; set++) {
        apr_pool_t *sub;
        cors_policy_t policy;
        cors_request_t request = { "OPTIONS", "https://a", "GET", NULL };
        cors_decision_t decision;

        apr_pool_create(&sub, *state);
        memset(&policy, 0, sizeof(policy));
        must_compile(add_line("CORSAllowOrigin", &policy, sub, "*",
                              1));
        fill_words(model, &policy, sub, &random, "CORSAllowMethods",
                   ALPHABET, strcmp);
        cors_decide(&decision, &policy, &request, NULL);
        CHECK(same_text(decision.allow_methods, joined(sub, model)), "%s",
              or_null(decision.allow_methods));
        for (i = 0; i < cases / 200; i++) {
            char word[140];
            size_t len;
            int expected;

            random_word(&random, word, ALPHABET);
            len = strlen(word);
            expected = list_contains(model, word, strcmp);
            hits += (unsigned long)expected;
            CHECK(cors_method_set_contains(policy.methods,
                                           exact(sub, word, len), len)
                  == expected, "%s", word);
            request.request_method = word;
            cors_decide(&decision, &policy, &request, NULL);
            CHECK(decision.is_allowed == expected, "%s", word);
        }
        apr_pool_destroy(sub);
    }
    print_message("# %lu of them are in the set\n", hits);
    assert_in_range(hits, cases / 20, cases * 19 / 20);
}

static void test_random_names(void **state)
{
    const unsigned long cases = 100000;
    random_t random = random_start("header name sets", cases);
    word_model_t *model = apr_palloc(*state, sizeof(*model));
    unsigned long hits = 0;
    unsigned long i;
    unsigned int set;

    for (set = 0; set < 200; set++) {
        apr_pool_t *sub;
        cors_policy_t policy;
        cors_request_t request = { "OPTIONS", "https://a", "GET", NULL };
        cors_decision_t decision;

        apr_pool_create(&sub, *state);
        memset(&policy, 0, sizeof(policy));
        must_compile(add_line("CORSAllowOrigin", &policy, sub, "*",
                              1));
        fill_words(model, &policy, sub, &random,
                   "CORSAllowHeaders", ALPHABET, strcasecmp);
        for (i = 0; i < cases / 200; i++) {
            char word[140];
            size_t len;
            int expected;

            random_word(&random, word, ALPHABET);
            len = strlen(word);
            expected = list_contains(model, word, strcasecmp);
            hits += (unsigned long)expected;
            CHECK(cors_name_set_contains(policy.allow_headers,
                                         exact(sub, word, len), len)
                  == expected, "%s", word);
            request.request_headers = word;
            cors_decide(&decision, &policy, &request, NULL);
            CHECK(decision.is_allowed == expected, "%s", word);
            CHECK(!expected || strcasecmp(or_null(decision.allow_headers),
                                          joined(sub, model)) == 0,
                  "%s", or_null(decision.allow_headers));
        }
        apr_pool_destroy(sub);
    }
    print_message("# %lu of them are in the set\n", hits);
    assert_in_range(hits, cases / 20, cases * 19 / 20);
}

/* Case is folded in ASCII letters, and in nothing else. */
static void test_name_bytes(void **state)
{
    int listed;
    int asked;

    for (listed = 0x21; listed < 0x7f; listed++) {
        char word[] = "x?";
        cors_policy_t policy;

        word[1] = (char)listed;
        memset(&policy, 0, sizeof(policy));
        if (add_line("CORSAllowHeaders", &policy, *state, word,
                     2)) {
            continue;
        }
        for (asked = 0; asked < 256; asked++) {
            char name[2] = { 'X', (char)asked };
            int expected = asked < 0x80
                           && tolower(asked) == tolower(listed);

            CHECK(cors_name_set_contains(policy.allow_headers,
                                         exact(*state, name, 2), 2)
                  == expected, "0x%02x 0x%02x", (unsigned int)listed,
                  (unsigned int)asked);
        }
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_few_origins),
    TEST(test_some_origins),
    TEST(test_10000_origins),
    TEST(test_random_methods),
    TEST(test_random_names),
    TEST(test_name_bytes),
};

RUN(tests)
