/* SPDX-License-Identifier: Apache-2.0 */

/* The engine's promise that any number of threads may match against one
 * policy: threads that decide, merge and look up at the same time get what a
 * single one gets.  Built with -fsanitize=thread, the program fails if one of
 * them writes what another one uses. */

#include "testing.h"

#include <pthread.h>

#define THREADS 8
#define ROUNDS 4000

static cors_policy_t outer;
static cors_policy_t inner;

static const cors_request_t requests[] = {
    { "OPTIONS", "https://a.example", "PUT", "x-a, x-b,X-A" },
    { "OPTIONS", "https://a.example", "PATCH", "authorization" },
    { "OPTIONS", "https://x.y.wild.example:8443", "DELETE", ",,x-c" },
    { "OPTIONS", "https://regex.example", "PUT", NULL },
    { "OPTIONS", "https://evil.example", "PUT", "x-a" },
    { "GET", "https://a.example", NULL, NULL },
    { "GET", "null", NULL, NULL },
    { "GET", NULL, NULL, NULL },
};

static cors_decision_t expected[COUNT(requests)];

static int match_whole(const void *regex, const char *origin, apr_size_t len)
{
    return strlen(regex) == len && memcmp(regex, origin, len) == 0;
}

static void decide(cors_decision_t *decision, const cors_request_t *request,
                   apr_pool_t *pool)
{
    cors_policy_t merged;

    cors_policy_merge(&merged, &outer, &inner);
    cors_decide(decision, &merged, request, pool);
}

/* What a thread is told, and tells. */
typedef struct work_t {
    pthread_t thread;
    size_t first;               /* of the requests */
    size_t wrong;               /* answers */
} work_t;

static void *run(void *data)
{
    work_t *work = data;
    apr_pool_t *pool;
    size_t i;

    apr_pool_create_unmanaged(&pool);
    for (i = 0; i < ROUNDS; i++) {
        size_t which = (i + work->first) % COUNT(requests);
        cors_decision_t decision;

        decide(&decision, &requests[which], pool);
        work->wrong += !same_decision(&decision, &expected[which]);
        work->wrong += strcmp(cors_vary_merge("Accept", "Origin", pool),
                              "Accept, Origin") != 0;
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return NULL;
}

static void test_threads(void **state)
{
    static const policy_text_t outer_text = {
        .origins = "https://a.example https://*.wild.example:*",
        .regex = "https://regex.example", .match = match_whole,
        .allow_headers = "* X-Listed",
    };
    static const policy_text_t inner_text = {
        .methods = "*", .expose_headers = "X-Id", .max_age = "600",
        .has_credentials = 1, .has_timing = 1,
    };
    work_t works[THREADS] = { 0 };
    size_t i;

    build(&outer, *state, &outer_text);
    build(&inner, *state, &inner_text);
    for (i = 0; i < COUNT(requests); i++) {
        decide(&expected[i], &requests[i], *state);
    }
    for (i = 0; i < THREADS; i++) {
        works[i].first = i;
        if (pthread_create(&works[i].thread, NULL, run, &works[i])) {
            fail_msg("no thread %u", (unsigned int)i);
        }
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(works[i].thread, NULL);
        CHECK(works[i].wrong == 0, "%u of %d answers in thread %u",
              (unsigned int)works[i].wrong, ROUNDS, (unsigned int)i);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_threads),
};

RUN(tests)
