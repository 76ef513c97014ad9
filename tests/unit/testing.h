/* SPDX-License-Identifier: Apache-2.0 */

#ifndef TESTING_H
#define TESTING_H

/**
 * @file testing.h
 * @brief What the unit tests of the engine share.
 *
 * A test takes its pool from *state.  CHECK() counts a failed row and goes
 * on, so that one run shows all of them; the teardown fails the test.  All
 * text given to the engine lies in allocations of its exact size, and the
 * words of directives are freed once they are compiled.
 */

#ifndef _POSIX_C_SOURCE
#define _POSIX_C_SOURCE 200809L /* NOLINT: reserved for this */
#endif

#include <ctype.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmocka.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>

#include "cors_policy.h"
#include "cors_text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define TEST(function) \
    cmocka_unit_test_setup_teardown(function, setup, teardown)

#define NAMED(name, function) { name, function, setup, teardown, NULL }

static int failed_rows;

#define CHECK(condition, ...) \
    do { \
        if (!(condition)) { \
            failed_rows++; \
            print_error("# %s:%d: %s: ", __FILE__, __LINE__, #condition); \
            print_error(__VA_ARGS__); \
            print_error("\n"); \
        } \
    } while (0)

static inline int setup(void **state)
{
    apr_pool_t *pool;

    failed_rows = 0;
    apr_pool_create(&pool, NULL);
    *state = pool;
    return 0;
}

static inline int teardown(void **state)
{
    apr_pool_destroy(*state);
    return failed_rows ? -1 : 0;
}

/** Run a group between apr_initialize and apr_terminate. */
#define RUN(tests) \
    int main(void) \
    { \
        int rv; \
        apr_initialize(); \
        rv = cmocka_run_group_tests(tests, NULL, NULL); \
        apr_terminate(); \
        return rv; \
    }

/** Memory that no pool knows of, zeroed.  A size of 0 was too large for its
 * type. */
static inline void *block_of_size(size_t size)
{
    void *block = size ? calloc(1, size) : NULL;

    if (!block) {
        abort();
    }
    return block;
}

/** A string in a block of its exact size. */
static inline char *block_of(const char *bytes, size_t len)
{
    char *block = block_of_size(len + 1);

    memcpy(block, bytes, len);
    block[len] = '\0';
    return block;
}

static inline apr_status_t free_block(void *block)
{
    free(block);
    return APR_SUCCESS;
}

/** Bytes that end where their allocation ends; freed with the pool. */
static inline char *exact(apr_pool_t *pool, const char *text, size_t len)
{
    char *block = block_of_size(len + 1);

    memcpy(block + 1, text, len);
    apr_pool_cleanup_register(pool, block, free_block,
                              apr_pool_cleanup_null);
    return block + 1;
}

/** A NUL-terminated copy of exact size; NULL stays NULL. */
static inline char *exact_text(apr_pool_t *pool, const char *text)
{
    return text ? exact(pool, text, strlen(text) + 1) : NULL;
}

/** Text for a message of the tests: printable bytes, cut. */
static inline const char *shown(apr_pool_t *pool, const char *text,
                                size_t len)
{
    char *out = apr_palloc(pool, 4 * 120 + 1);
    char *end = out;
    size_t i;

    *end = '\0';
    for (i = 0; i < len && i < 120; i++) {
        int is_plain = text[i] >= 0x20 && text[i] < 0x7f;

        end += sprintf(end, is_plain ? "%c" : "\\x%02x",
                       (unsigned char)text[i]);
    }
    return out;
}

/** Whether two objects have the same bytes, padding included. */
static inline int same_bytes(const void *a, const void *b, size_t size)
{
    return memcmp(a, b, size) == 0;
}

static inline int same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/** Whether two decisions agree in all but their offender, which may stand
 * elsewhere. */
static inline int same_decision(const cors_decision_t *a,
                                const cors_decision_t *b)
{
    return a->kind == b->kind && a->reason == b->reason
           && a->status == b->status && a->is_allowed == b->is_allowed
           && same_text(a->allow_origin, b->allow_origin)
           && same_text(a->allow_credentials, b->allow_credentials)
           && same_text(a->allow_methods, b->allow_methods)
           && same_text(a->allow_headers, b->allow_headers)
           && same_text(a->expose_headers, b->expose_headers)
           && !a->exposed == !b->exposed
           && same_text(a->max_age, b->max_age)
           && same_text(a->timing_allow_origin, b->timing_allow_origin)
           && same_text(a->vary, b->vary);
}

static inline const char *or_null(const char *text)
{
    return text ? text : "NULL";
}

/* ------------------------------------------------------------------------
 * Random numbers: the same in every run
 */

#define SEED UINT64_C(0x9e3779b97f4a7c15)

typedef struct random_t {
    uint64_t state;
} random_t;

static inline random_t random_start(const char *what, unsigned long cases)
{
    random_t random = { SEED };

    print_message("# %s: %lu random cases, seed 0x%016" PRIx64 "\n", what,
                  cases, SEED);
    return random;
}

static inline unsigned int pick(random_t *random, unsigned int below)
{
    random->state ^= random->state << 13;
    random->state ^= random->state >> 7;
    random->state ^= random->state << 17;
    return (unsigned int)((random->state >> 20) % below);
}

#define PICK(random, array) (array)[pick(random, COUNT(array))]

/* ------------------------------------------------------------------------
 * Policies from text
 */

/** Compile the words of a directive; without a list of public suffixes. */
static inline const char *add_words(const char *directive,
                                    cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[])
{
    return strcmp(directive, "CORSAllowOrigin") == 0
           ? cors_policy_add_origins(policy, pool, argc, argv, NULL)
           : cors_policy_add(policy, cors_directive_find(directive), pool,
                             argc, argv);
}

/** Compile one line of a directive, words separated by single blanks. */
static inline const char *add_line(const char *directive,
                                   cors_policy_t *policy, apr_pool_t *pool,
                                   const char *line, size_t len)
{
    const char *end = line + len;
    const char *message;
    char **argv;
    int argc = len > 0;
    int i;
    size_t at;

    for (at = 0; at < len; at++) {
        argc += line[at] == ' ';
    }
    argv = block_of_size(sizeof(*argv) * (size_t)(argc + !argc));
    for (i = 0; i < argc; i++) {
        const char *blank = memchr(line, ' ', (size_t)(end - line));
        size_t size = (size_t)((blank ? blank : end) - line);

        argv[i] = block_of(line, size);
        line += size + 1;
    }
    message = add_words(directive, policy, pool, argc, argv);
    for (i = 0; i < argc; i++) {
        memset(argv[i], '#', strlen(argv[i]));
        free(argv[i]);
    }
    free(argv);
    return message;
}

/** Compile one word, which may be empty or hold blanks. */
static inline const char *add_word(const char *directive,
                                   cors_policy_t *policy, apr_pool_t *pool,
                                   const char *word)
{
    char *copy = block_of(word, strlen(word));
    const char *message = add_words(directive, policy, pool, 1, &copy);

    memset(copy, '#', strlen(copy));
    free(copy);
    return message;
}

/** Compile lines, separated by newlines, until one yields a message. */
static inline const char *add_lines(const char *directive,
                                    cors_policy_t *policy, apr_pool_t *pool,
                                    const char *lines)
{
    for (;;) {
        size_t len = strcspn(lines, "\n");
        const char *message = add_line(directive, policy, pool, lines, len);

        if (message || !lines[len]) {
            return message;
        }
        lines += len + 1;
    }
}

/** A policy as its directives; a NULL or 0 member is not written. */
typedef struct policy_text_t {
    const char *origins;
    const void *regex;
    cors_regex_match_fn *match;
    const char *methods;
    const char *allow_headers;
    const char *expose_headers;
    const char *max_age;
    const char *preflight_status;
    const char *dangers;
    int has_credentials;
    int has_timing;
    const char *timing;         /* unless it has: another keyword */
    int has_debug;
    int is_off;
    const char *more;           /* "CORSDebug On": one other directive */
} policy_text_t;

static inline void must_compile(const char *message)
{
    if (message) {
        fail_msg("a policy of the tests is refused: %s", message);
    }
}

static inline void build(cors_policy_t *policy, apr_pool_t *pool,
                         const policy_text_t *text)
{
    const struct {
        const char *directive;
        const char *lines;
    } values[] = {
        { "CORSAllowOrigin", text->origins },
        { "CORSAllowMethods", text->methods },
        { "CORSAllowHeaders", text->allow_headers },
        { "CORSExposeHeaders", text->expose_headers },
        { "CORSMaxAge", text->max_age },
        { "CORSPreflightStatus", text->preflight_status },
        { "CORSDangerouslyAllow", text->dangers },
        { "CORSAllowCredentials", text->has_credentials ? "On" : NULL },
        { "CORSTimingAllowOrigin", text->has_timing ? "On" : text->timing },
        { "CORSDebug", text->has_debug ? "On" : NULL },
        { "CORSEngine", text->is_off ? "Off" : NULL },
    };
    size_t i;

    memset(policy, 0, sizeof(*policy));
    for (i = 0; i < COUNT(values); i++) {
        if (values[i].lines) {
            must_compile(add_lines(values[i].directive, policy, pool,
                                   values[i].lines));
        }
    }
    if (text->more) {
        const char *value = strchr(text->more, ' ');
        char *name = apr_pstrndup(pool, text->more,
                                  (apr_size_t)(value - text->more));

        must_compile(add_lines(name, policy, pool, value + 1));
    }
    if (text->match) {
        must_compile(cors_policy_add_origin_regex(policy, pool, "regex",
                                                  text->regex, text->match,
                                                  NULL));
    }
}

#endif /* TESTING_H */
