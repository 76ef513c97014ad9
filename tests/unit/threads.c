/* SPDX-License-Identifier: Apache-2.0 */

/* The engine's promise that any number of threads may match against one
 * policy: threads that decide, merge and look up at the same time get what a
 * single one gets.  And that they may count and note refusals in the same
 * memory.  Built with -fsanitize=thread, the program fails if one of them
 * writes what another one uses. */

#include "testing.h"

#include <pthread.h>

#include <apr_atomic.h>

#include "cors_counters.h"
#include "cors_refusals.h"

#define THREADS 8
#define ROUNDS 4000
#define NOW 1000000000u

/* What a thread is told, and tells. */
typedef struct work_t {
    pthread_t thread;
    size_t first;               /* where it begins */
    size_t wrong;               /* answers */
} work_t;

static void run_all(work_t *works, void *(*run)(void *))
{
    size_t i;

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

/* APR's atomics, as APR has them.  ThreadSanitizer sees what they order only
 * where they are compiled with it, and libapr is not.
 * NOLINTBEGIN(readability-non-const-parameter): these are APR's signatures */

apr_uint32_t apr_atomic_read32(volatile apr_uint32_t *mem)
{
    return __atomic_load_n(mem, __ATOMIC_RELAXED);
}

apr_uint32_t apr_atomic_inc32(volatile apr_uint32_t *mem)
{
    return __atomic_fetch_add(mem, 1, __ATOMIC_SEQ_CST);
}

apr_uint32_t apr_atomic_xchg32(volatile apr_uint32_t *mem, apr_uint32_t val)
{
    return __atomic_exchange_n(mem, val, __ATOMIC_SEQ_CST);
}

apr_uint32_t apr_atomic_cas32(volatile apr_uint32_t *mem, apr_uint32_t with,
                              apr_uint32_t cmp)
{
    __atomic_compare_exchange_n(mem, &cmp, with, 0, __ATOMIC_SEQ_CST,
                                __ATOMIC_SEQ_CST);
    return cmp;
}

/* NOLINTEND(readability-non-const-parameter) */

/* ------------------------------------------------------------------------
 * Policies
 */

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

static void *run_decide(void *data)
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

static void test_decisions(void **state)
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
    run_all(works, run_decide);
}

/* ------------------------------------------------------------------------
 * Counters and refusals
 */

static const unsigned char secret[16] = { 2, 7, 1, 8, 2, 8, 1, 8 };

static cors_counters_t *counters;
static cors_refusals_t *refusals;
static apr_uint32_t lines;

/* One of 40, whose details are all of one number. */
static cors_refusal_t refusal_at(size_t i)
{
    cors_refusal_t refusal = { .row = 2, .kind = CORS_KIND_ACTUAL,
                               .reason = CORS_REASON_ORIGIN };
    char number[12];

    sprintf(refusal.origin, "https://%u.example", (unsigned int)i % 40);
    sprintf(number, "%08u", (unsigned int)i);
    strcpy(refusal.method, number);
    strcpy(refusal.host, number);
    strcpy(refusal.path, number);
    strcpy(refusal.client, number);
    return refusal;
}

/* Whether a refusal that is read was written by one thread. */
static int is_whole(const cors_refusal_t *refusal)
{
    return same_text(refusal->method, refusal->host)
           && same_text(refusal->method, refusal->path)
           && same_text(refusal->method, refusal->client);
}

/* In two seconds, or the details would be written once. */
static void *run_count(void *data)
{
    work_t *work = data;
    size_t i;

    for (i = 0; i < ROUNDS; i++) {
        cors_refusal_t refusal = refusal_at(i + 100 * work->first);
        cors_refusal_line_t line;
        apr_uint32_t now = NOW + (apr_uint32_t)i % 2;

        cors_counters_add(counters, CORS_ROW_FIRST, CORS_COUNT_ACTUAL_DENIED,
                          i % 2 ? work->first : 0);
        cors_refusals_note(refusals, secret, &refusal, &work->first,
                           sizeof(work->first), now, &line);
        if (line.is_due) {
            apr_atomic_inc32(&lines);
        }
        if (cors_refusals_get(refusals, (unsigned int)i % CORS_REFUSALS, now,
                              &refusal)) {
            work->wrong += !is_whole(&refusal);
        }
        work->wrong += cors_counters_get(counters, CORS_ROW_FIRST,
                                         CORS_COUNT_ACTUAL_DENIED) <= i;
    }
    return NULL;
}

static void test_counts(void **state)
{
    work_t works[THREADS] = { 0 };
    cors_refusals_missed_t missed;
    cors_refusal_t refusal;
    apr_uint64_t n;
    unsigned int i;

    counters = block_of_size(cors_counters_size());
    refusals = block_of_size(cors_refusals_size());
    run_all(works, run_count);
    n = cors_counters_get(counters, CORS_ROW_FIRST, CORS_COUNT_ACTUAL_DENIED);
    CHECK(n == (apr_uint64_t)THREADS * ROUNDS, "counters: %" PRIu64, n);
    cors_refusals_missed(refusals, &missed);
    n = (apr_uint64_t)missed.lost + missed.over_budget;
    for (i = 0; i < CORS_REFUSALS; i++) {
        n += cors_refusals_get(refusals, i, NOW, &refusal) ? refusal.count
                                                           : 0;
    }
    CHECK(missed.replaced == 0 && n == (apr_uint64_t)THREADS * ROUNDS,
          "refusals: %" PRIu64 ", %u replaced", n, missed.replaced);
    CHECK(lines == CORS_REFUSAL_LINES, "%u lines", lines);
    free(counters);
    free(refusals);
}

static const struct CMUnitTest tests[] = {
    TEST(test_decisions),
    TEST(test_counts),
};

RUN(tests)
