/* SPDX-License-Identifier: Apache-2.0 */

#ifndef FUZZ_H
#define FUZZ_H

/**
 * @file fuzz.h
 * @brief What the fuzz targets share.
 *
 * A target is one file with one function, fuzz(), which makes something of
 * the input's bytes and states with HOLDS() what must be true of the engine's
 * results.  The file is compiled twice: with clang's libFuzzer, which invents
 * inputs (`make fuzz`), and with -DREPLAY, when it feeds the inputs of its
 * corpus file, each of which is one test (`make replay`).
 *
 * Inputs are mostly lines: flags, then directives' words, then the values of
 * a request.  A corpus file has one input on each line, with the escapes \n,
 * \t, \\ and \xNN; lines that start with # are comments.
 */

#include "model.h"

/** The line of the corpus that is replayed. */
static unsigned int replayed;

/** A property.  Where it does not hold, the run ends with a message made as
 * printf does. */
#define HOLDS(condition, ...) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "\n%s:%d, input %u: %s\n  ", __FILE__, \
                    __LINE__, replayed, #condition); \
            fprintf(stderr, __VA_ARGS__); \
            fprintf(stderr, "\n"); \
            abort(); \
        } \
    } while (0)

/** What is left of an input. */
typedef struct input_t {
    const char *bytes;
    size_t left;
} input_t;

static void fuzz(input_t *input, apr_pool_t *pool);

/* ------------------------------------------------------------------------
 * Taking inputs apart
 */

/** The next byte; 0 at the end. */
static inline unsigned int take_byte(input_t *input)
{
    if (input->left == 0) {
        return 0;
    }
    input->left--;
    return (unsigned char)*input->bytes++;
}

/** A number below a bound. */
static inline unsigned int take_below(input_t *input, unsigned int bound)
{
    return take_byte(input) % bound;
}

/** Bytes as a string in a block of exact size. */
static inline char *string_of(apr_pool_t *pool, const char *bytes, size_t len)
{
    char *string = block_of(bytes, len);

    apr_pool_cleanup_register(pool, string, free_block,
                              apr_pool_cleanup_null);
    return string;
}

/** The next line; empty at the end. */
static inline char *take_line(input_t *input, apr_pool_t *pool)
{
    const char *end = input->left
                      ? memchr(input->bytes, '\n', input->left) : NULL;
    size_t len = end ? (size_t)(end - input->bytes) : input->left;
    char *line = string_of(pool, input->bytes, len);

    input->bytes += len;
    input->left -= len;
    take_byte(input);
    return line;
}

/** All that is left. */
static inline char *take_rest(input_t *input, apr_pool_t *pool)
{
    char *rest = string_of(pool, input->bytes, input->left);

    input->left = 0;
    return rest;
}

/* ------------------------------------------------------------------------
 * Policies
 */

/** What a line of flags says; other letters say nothing. */
static inline void set_flags(cors_policy_t *policy, const char *flags)
{
    policy->credentials = strchr(flags, 'c') ? CORS_ON : 0;
    policy->debug = strchr(flags, 'd') ? CORS_ON : 0;
    policy->timing_allow_origin = strchr(flags, 't') ? CORS_TIMING_ON
                                  : strchr(flags, 'l') ? CORS_TIMING_LIST
                                  : strchr(flags, '*') ? CORS_TIMING_ANY : 0;
    policy->engine = strchr(flags, 'o') ? CORS_OFF : 0;
    policy->preflight_status = strchr(flags, '2') ? 200 : 0;
    if (strchr(flags, 'i') || strchr(flags, 's')) {
        policy->dangers =
            (strchr(flags, 'i') ? CORS_DANGER_INSECURE_ORIGINS : 0)
            | (strchr(flags, 's') ? CORS_DANGER_PUBLIC_SUFFIXES : 0);
    }
}

/** Compile a line into a policy of its own that has that list only; where it
 * is refused, or has no words, the policy stays empty. */
static inline int compile(const char *directive, cors_policy_t *policy,
                          apr_pool_t *pool, const char *line)
{
    cors_policy_t compiled;
    cors_policy_t before = *policy;

    memset(&compiled, 0, sizeof(compiled));
    if (*line == '\0'
        || add_line(directive, &compiled, pool, line, strlen(line))) {
        return 0;
    }
    cors_policy_merge(policy, &before, &compiled);
    return 1;
}

/* ------------------------------------------------------------------------
 * Lists
 */

/** The elements of a list, blanks and empty ones left out. */
typedef struct elements_t {
    const char **text;
    size_t *len;
    unsigned int count;
} elements_t;

static inline elements_t split(apr_pool_t *pool, const char *list,
                               const char *separators)
{
    elements_t elements = { NULL, NULL, 0 };
    size_t most = strlen(list) / 2 + 1;

    elements.text = apr_palloc(pool, most * sizeof(*elements.text));
    elements.len = apr_palloc(pool, most * sizeof(*elements.len));
    for (;;) {
        size_t len = strcspn(list, separators);
        size_t front = 0;
        size_t end = len;

        while (front < end && strchr(" \t", list[front])) {
            front++;
        }
        while (end > front && strchr(" \t", list[end - 1])) {
            end--;
        }
        if (end > front) {
            elements.text[elements.count] = list + front;
            elements.len[elements.count++] = end - front;
        }
        if (list[len] == '\0') {
            return elements;
        }
        list += len + 1;
    }
}

typedef int compare_fn(const char *a, const char *b, size_t len);

static inline int has_element(const elements_t *elements, const char *text,
                              size_t len, compare_fn *compare)
{
    unsigned int i;

    for (i = 0; i < elements->count; i++) {
        if (elements->len[i] == len
            && compare(elements->text[i], text, len) == 0) {
            return 1;
        }
    }
    return 0;
}

static inline int is_subset(const elements_t *part, const elements_t *whole,
                            compare_fn *compare)
{
    unsigned int i;

    for (i = 0; i < part->count; i++) {
        if (!has_element(whole, part->text[i], part->len[i], compare)) {
            return 0;
        }
    }
    return 1;
}

/** Whether two values, or NULL, are the same as sets. */
static inline int same_set(apr_pool_t *pool, const char *a, const char *b,
                           compare_fn *compare)
{
    elements_t in_a;
    elements_t in_b;

    if (!a || !b) {
        return a == b;
    }
    in_a = split(pool, a, ",");
    in_b = split(pool, b, ",");
    return is_subset(&in_a, &in_b, compare)
           && is_subset(&in_b, &in_a, compare);
}

static inline int is_each_once(const elements_t *elements,
                               compare_fn *compare)
{
    unsigned int i;

    for (i = 0; i + 1 < elements->count; i++) {
        elements_t rest = { elements->text + i + 1, elements->len + i + 1,
                            elements->count - i - 1 };

        if (has_element(&rest, elements->text[i], elements->len[i],
                        compare)) {
            return 0;
        }
    }
    return 1;
}

/* RFC 9110, 5.6.2. */
static inline int model_is_token(const char *text, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (!isalnum((unsigned char)text[i])
            && (text[i] == '\0' || !strchr("!#$%&'*+-.^_`|~", text[i]))) {
            return 0;
        }
    }
    return len > 0;
}

/* ------------------------------------------------------------------------
 * Origins
 */

static inline int ends_with_text(const char *text, size_t len,
                                 const char *end, size_t end_len)
{
    return len >= end_len && memcmp(text + len - end_len, end, end_len) == 0;
}

/** How many bytes at the end of an origin are its port with its colon. */
static inline size_t port_len(const char *text, size_t len)
{
    size_t digits = 0;

    while (digits < len && isdigit((unsigned char)text[len - 1 - digits])) {
        digits++;
    }
    return digits < len && text[len - 1 - digits] == ':' ? digits + 1 : 0;
}

/** Whether a pattern that the engine took matches an origin.  A wildcard is
 * judged from the ends: scheme and port go, the rest ends in a whole label of
 * the pattern. */
static inline int model_matches(const char *pattern, const char *text,
                                size_t len)
{
    size_t pattern_len = strlen(pattern);
    size_t scheme_len = strcspn(pattern, ":") + 3;

    if (!strchr(pattern, '*')) {
        return len == pattern_len && memcmp(text, pattern, len) == 0;
    }
    if (!model_is_origin(text, len) || len < scheme_len
        || memcmp(text, pattern, scheme_len) != 0) {
        return 0;
    }
    if (ends_with_text(pattern, pattern_len, ":*", 2)) {
        pattern_len -= 2;
        len -= port_len(text, len);
    }
    pattern += scheme_len;
    pattern_len -= scheme_len;
    text += scheme_len;
    len -= scheme_len;
    if (*pattern != '*') {
        return len == pattern_len && memcmp(text, pattern, len) == 0;
    }
    return len > pattern_len - 1
           && ends_with_text(text, len, pattern + 1, pattern_len - 1);
}

/** Whether credentials are in danger with an origin. */
static inline int model_is_insecure(const char *text, size_t len)
{
    const char *host = text + 7;
    char address[16] = "";

    if (len == 7 && memcmp(text, "file://", 7) == 0) {
        return 1;
    }
    if (len < 7 || memcmp(text, "http://", 7) != 0) {
        return 0;
    }
    len -= 7;
    len -= port_len(host, len);
    len -= host[len - 1] == '.';
    if (len < sizeof(address)) {
        memcpy(address, host, len);
    }
    return !(strncmp(address, "127.", 4) == 0 && model_is_ipv4(address))
           && strcmp(address, "[::1]") != 0
           && strcmp(address, "localhost") != 0
           && strcmp(address, "onion") != 0
           && !ends_with_text(host, len, ".localhost", 10)
           && !ends_with_text(host, len, ".onion", 6);
}

/** Ask a set about bytes that lie in a block of their own. */
static inline int ask(const cors_policy_t *policy, const char *text,
                      size_t len, const cors_origin_entry_t **entry)
{
    char *block = block_of_size(len + 1);
    int found;

    memcpy(block + 1, text, len);
    found = cors_origin_set_match(policy->origins, block + 1, len, entry);
    free(block);
    return found;
}

/* ------------------------------------------------------------------------
 * Decisions
 */

static inline cors_decision_t decide(const cors_policy_t *policy,
                                     const cors_request_t *request,
                                     apr_pool_t *pool)
{
    cors_decision_t decision;

    memset(&decision, 0x5a, sizeof(decision));
    cors_decide(&decision, policy, request, pool);
    return decision;
}

static inline void holds_value(const char *name, const char *value)
{
    const char *p;

    for (p = value; p && *p; p++) {
        HOLDS(*p >= 0x20 && *p < 0x7f, "%s: %s", name, value);
    }
    HOLDS(!value || *value, "%s is empty", name);
}

/** What is true of every decision. */
static inline void holds_decision(const cors_decision_t *decision,
                                  const cors_policy_t *policy,
                                  const cors_request_t *request)
{
    int is_preflight = decision->kind == CORS_KIND_PREFLIGHT;
    int has_credentials = policy->credentials == CORS_ON;
    const char *origin = decision->allow_origin;

    holds_value("Allow-Origin", origin);
    holds_value("Allow-Credentials", decision->allow_credentials);
    holds_value("Allow-Methods", decision->allow_methods);
    holds_value("Allow-Headers", decision->allow_headers);
    holds_value("Expose-Headers", decision->expose_headers);
    holds_value("Max-Age", decision->max_age);
    holds_value("Timing-Allow-Origin", decision->timing_allow_origin);
    holds_value("Vary", decision->vary);

    HOLDS(!decision->is_allowed || decision->reason == CORS_REASON_NONE,
          "allowed: %s", cors_reason_name(decision->reason));
    HOLDS(!origin || strcmp(origin, "*") == 0
          || (request->origin && strcmp(origin, request->origin) == 0),
          "an Origin that was not sent: %s", origin);
    HOLDS(same_text(decision->allow_credentials,
                    origin && has_credentials ? "true" : NULL),
          "Allow-Credentials with %s", or_null(origin));
    HOLDS(!has_credentials || !same_text(origin, "*"), "* with credentials");
    HOLDS(!has_credentials || !same_text(decision->expose_headers, "*"),
          "a * that browsers take for a name");
    HOLDS(!decision->exposed || (origin && !is_preflight
                                 && !decision->expose_headers),
          "what is made from a response");
    HOLDS(!decision->timing_allow_origin
          || same_text(decision->timing_allow_origin, origin)
          || (policy->timing_allow_origin == CORS_TIMING_LIST
              && !request->origin
              && !strchr(decision->timing_allow_origin, '*'))
          || (policy->timing_allow_origin == CORS_TIMING_ANY
              && same_text(decision->timing_allow_origin, "*")),
          "Timing-Allow-Origin");
    HOLDS(origin || (!decision->allow_methods && !decision->allow_headers
                     && !decision->expose_headers && !decision->max_age),
          "lists and no Allow-Origin");
    HOLDS(is_preflight || (!decision->allow_methods && !decision->max_age
                           && !decision->allow_headers && !decision->status),
          "a preflight's headers on another request");
    HOLDS(!is_preflight || (!decision->expose_headers
                            && !decision->timing_allow_origin),
          "an actual request's headers on a preflight");
    HOLDS(!is_preflight || decision->is_allowed
          || (policy->debug == CORS_ON
              && (decision->reason == CORS_REASON_METHOD
                  || decision->reason == CORS_REASON_HEADER))
          || (!origin && decision->status == 403),
          "a denied preflight: %s, status %d",
          cors_reason_name(decision->reason), decision->status);
    HOLDS(!is_preflight || !decision->is_allowed
          || decision->status == (policy->preflight_status == 200 ? 200
                                                                  : 204),
          "status %d", decision->status);
    HOLDS(is_preflight || decision->kind == CORS_KIND_NOT_CORS
          || decision->is_allowed || !origin, "a denied request");
}

/* ------------------------------------------------------------------------
 * The two ways to run
 */

static apr_pool_t *fuzz_root;

static inline void fuzz_end(void)
{
    apr_pool_destroy(fuzz_root);
    apr_terminate();
}

static inline void fuzz_one(const char *bytes, size_t len)
{
    char *copy = block_of_size(len + 1);
    input_t input = { copy + 1, len };
    apr_pool_t *pool;

    if (!fuzz_root) {
        apr_initialize();
        apr_pool_create(&fuzz_root, NULL);
        atexit(fuzz_end);
    }
    memcpy(copy + 1, bytes, len);
    apr_pool_create(&pool, fuzz_root);
    fuzz(&input, pool);
    apr_pool_destroy(pool);
    free(copy);
}

#ifndef REPLAY

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    fuzz_one((const char *)data, size);
    return 0;
}

#else

#define MAX_LINE 65536

/** Undo the escapes of a line, in place; returns how many bytes are left. */
static inline size_t unescape(char *line)
{
    const char *from = line;
    char *to = line;

    while (*from && *from != '\n') {
        char hex[3] = "";

        if (*from != '\\' || from[1] == '\0') {
            *to++ = *from++;
            continue;
        }
        switch (from[1]) {
        case 'n':
            *to++ = '\n';
            break;
        case 't':
            *to++ = '\t';
            break;
        case 'x':
            strncat(hex, from + 2, 2);
            *to++ = (char)strtoul(hex, NULL, 16);
            from += strlen(hex);
            break;
        default:
            *to++ = from[1];
        }
        from += 2;
    }
    return (size_t)(to - line);
}

int main(int argc, char **argv)
{
    static char line[MAX_LINE];
    const char *path = argc > 1 ? argv[1] : CORPUS;
    FILE *corpus = fopen(path, "r");
    unsigned int number = 0;
    unsigned int fed = 0;

    while (corpus && fgets(line, sizeof(line), corpus)) {
        number++;
        if (*line != '#' && *line != '\n') {
            replayed = number;
            fuzz_one(line, unescape(line));
            printf("ok %u - line %u\n", ++fed, number);
            fflush(stdout);
        }
    }
    if (corpus) {
        fclose(corpus);
    }
    printf("%s %u - inputs were fed\n", fed ? "ok" : "not ok", fed + 1);
    printf("1..%u\n", fed + 1);
    return fed ? 0 : 1;
}

#endif /* REPLAY */

#endif /* FUZZ_H */
