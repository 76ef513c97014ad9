/* SPDX-License-Identifier: Apache-2.0 */

/* cors_counters.h */

#include "testing.h"

#include <sys/wait.h>
#include <unistd.h>

#include <apr_shm.h>

#include "cors_counters.h"

#define PROCESSES 4
#define TIMES 500000ul

static cors_counters_t *counters_create(apr_pool_t *pool)
{
    cors_counters_t *counters = block_of_size(cors_counters_size());

    apr_pool_cleanup_register(pool, counters, free_block,
                              apr_pool_cleanup_null);
    return counters;
}

/* ------------------------------------------------------------------------
 * What is counted where
 */

static const struct {
    const char *what;
    cors_decision_t decision;
    cors_count_t count;
} rows[] = {
    { "preflight, allowed",
      { .kind = CORS_KIND_PREFLIGHT, .is_allowed = 1 },
      CORS_COUNT_PREFLIGHT_ALLOWED },
    { "actual, allowed",
      { .kind = CORS_KIND_ACTUAL, .is_allowed = 1 },
      CORS_COUNT_ACTUAL_ALLOWED },
    { "preflight, the first reason",
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_CLOSED },
      CORS_COUNT_PREFLIGHT_DENIED },
    { "preflight, the next",
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_ORIGIN },
      CORS_COUNT_PREFLIGHT_DENIED + 1 },
    { "preflight, the last",
      { .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASONS - 1 },
      CORS_COUNT_ACTUAL_DENIED - 1 },
    { "actual, the first reason",
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASON_CLOSED },
      CORS_COUNT_ACTUAL_DENIED },
    { "actual, the last",
      { .kind = CORS_KIND_ACTUAL, .reason = CORS_REASONS - 1 },
      CORS_DECISION_COUNTS - 1 },
};

static const struct {
    const char *what;
    cors_kind_t kind;
    cors_report_t report;
    int count;
} report_rows[] = {
    { "preflight, the first", CORS_KIND_PREFLIGHT, CORS_REPORT_SAME,
      CORS_DECISION_COUNTS },
    { "preflight, the last", CORS_KIND_PREFLIGHT, CORS_REPORT_WOULD_ALLOW,
      CORS_COUNT_ACTUAL_REPORT - 1 },
    { "actual, the first", CORS_KIND_ACTUAL, CORS_REPORT_SAME,
      CORS_COUNT_ACTUAL_REPORT },
    { "actual, the last", CORS_KIND_ACTUAL, CORS_REPORT_WOULD_ALLOW,
      CORS_COUNT_DEFECT - 1 },
};

static void test_count_of_report(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(report_rows); i++) {
        int count = (int)cors_count_of_report(report_rows[i].kind,
                                              report_rows[i].report);

        CHECK(count == report_rows[i].count, "%s: %d", report_rows[i].what,
              count);
    }
}

/* What a URL has echoed is its own, or forgotten: most are remembered of as
 * many as there is room for. */
static void test_echoed(void **state)
{
    cors_counters_t *counters = counters_create(*state);
    unsigned int remembered = 0;
    unsigned int i;
    int pass;

    for (pass = 0; pass < 2; pass++) {
        for (i = 1; i <= CORS_ECHOES; i++) {
            char path[40];
            cors_echoed_t echoed;

            sprintf(path, "/things/%u", i);
            echoed = cors_echoed_get(counters, path);
            CHECK(echoed == 0 || (pass == 1 && echoed == i), "%s: %u", path,
                  echoed);
            remembered += echoed == i;
            if (pass == 0) {
                cors_echoed_set(counters, path, i);
                CHECK(cors_echoed_get(counters, path) == i, "%s", path);
            }
        }
    }
    CHECK(remembered > CORS_ECHOES / 2, "%u", remembered);
    for (i = 0; i < CORS_COUNTER_ROWS; i++) {
        int count;

        for (count = 0; count < CORS_COUNTS; count++) {
            CHECK(cors_counters_get(counters, i, (cors_count_t)count) == 0,
                  "row %u, count %d", i, count);
        }
    }
}

static void test_count_of(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_count_t count = cors_count_of(&rows[i].decision);

        CHECK(count == rows[i].count, "%s: %d", rows[i].what, (int)count);
    }
}

/* The i-th of all decisions: two are allowed, then come the reasons of
 * preflights, then those of actual requests. */
static cors_decision_t decision_at(int i)
{
    cors_decision_t decision = { .kind = CORS_KIND_PREFLIGHT };

    if (i < 2) {
        decision.is_allowed = 1;
        decision.kind = i == 0 ? CORS_KIND_PREFLIGHT : CORS_KIND_ACTUAL;
        return decision;
    }
    i -= 2;
    if (i >= CORS_REASONS - 1) {
        decision.kind = CORS_KIND_ACTUAL;
        i -= CORS_REASONS - 1;
    }
    decision.reason = (cors_reason_t)(i + 1);
    return decision;
}

static void test_each_decision_has_its_counter(void **state)
{
    cors_counters_t *counters = counters_create(*state);
    int i;

    for (i = 0; i < CORS_DECISION_COUNTS; i++) {
        cors_decision_t decision = decision_at(i);
        int times;

        for (times = 0; times <= i; times++) {
            cors_counters_add(counters, CORS_ROW_FIRST,
                              cors_count_of(&decision), 0);
        }
    }
    for (i = 0; i < CORS_DECISION_COUNTS; i++) {
        cors_decision_t decision = decision_at(i);
        apr_uint64_t n = cors_counters_get(counters, CORS_ROW_FIRST,
                                           cors_count_of(&decision));

        CHECK(n == (apr_uint64_t)i + 1, "decision %d: %" PRIu64, i, n);
    }
}

/* ------------------------------------------------------------------------
 * Sums
 */

/* Each counter of each row its own number of times, spread over all shards
 * and beyond; then all are read. */
static void test_rows_and_shards(void **state)
{
    static const unsigned int of[] = {
        CORS_ROW_HTACCESS, CORS_ROW_OTHERS, CORS_ROW_FIRST,
        CORS_COUNTER_ROWS - 2, CORS_COUNTER_ROWS - 1,
    };
    cors_counters_t *counters = counters_create(*state);
    apr_uint64_t expected[CORS_COUNTER_ROWS] = { 0 };
    unsigned int row;
    size_t i;
    int count;

    for (i = 0; i < COUNT(of); i++) {
        expected[of[i]] = 10 * (i + 1);
        for (count = 0; count < CORS_COUNTS; count++) {
            apr_uint64_t times = expected[of[i]] + (apr_uint64_t)count;

            while (times-- > 0) {
                cors_counters_add(counters, of[i], (cors_count_t)count,
                                  (unsigned long)times * 0x9e3779b1ul);
            }
        }
    }
    for (row = 0; row < CORS_COUNTER_ROWS; row++) {
        for (count = 0; count < CORS_COUNTS; count++) {
            apr_uint64_t want = expected[row]
                                + (expected[row] ? (apr_uint64_t)count : 0);
            apr_uint64_t n = cors_counters_get(counters, row,
                                               (cors_count_t)count);

            CHECK(n == want, "row %u, count %d: %" PRIu64, row, count, n);
        }
    }
}

static void test_greatest_spread(void **state)
{
    cors_counters_t *counters = counters_create(*state);

    cors_counters_add(counters, CORS_COUNTER_ROWS - 1, CORS_COUNTS - 1,
                      ~0ul);
    CHECK(cors_counters_get(counters, CORS_COUNTER_ROWS - 1, CORS_COUNTS - 1)
          == 1, "not counted");
}

/* Put a value into each word of the counters that is 1. */
static size_t plant(cors_counters_t *counters, apr_uint32_t value)
{
    apr_uint32_t *word = (apr_uint32_t *)counters;
    size_t found = 0;
    size_t i;

    for (i = 0; i < cors_counters_size() / sizeof(*word); i++) {
        if (word[i] == 1) {
            word[i] = value;
            found++;
        }
    }
    return found;
}

/* Two shards of one counter shortly before they wrap. */
static void test_carry(void **state)
{
    const cors_count_t count = CORS_COUNT_ACTUAL_DENIED;
    cors_counters_t *counters = counters_create(*state);
    apr_uint64_t sum = 2 * UINT64_C(0xfffffffe);
    int i;

    cors_counters_add(counters, CORS_ROW_FIRST, count, 0);
    cors_counters_add(counters, CORS_ROW_FIRST, count, 1);
    CHECK(plant(counters, 0xfffffffeu) == 2, "two shards");
    for (i = 0; i < 4; i++) {
        apr_uint64_t n = cors_counters_get(counters, CORS_ROW_FIRST, count);

        CHECK(n == sum, "after %d: %" PRIu64, i, n);
        cors_counters_add(counters, CORS_ROW_FIRST, count, 0);
        cors_counters_add(counters, CORS_ROW_FIRST, count, 1);
        sum += 2;
    }
    for (i = 0; i < CORS_COUNTS; i++) {
        CHECK(i == (int)count
              || cors_counters_get(counters, CORS_ROW_FIRST, (cors_count_t)i)
                 == 0, "carried into %d", i);
        CHECK(cors_counters_get(counters, CORS_ROW_FIRST + 1,
                                (cors_count_t)i) == 0,
              "carried into the next row, %d", i);
    }
}

/* ------------------------------------------------------------------------
 * Processes
 */

/* Begins when the other end of the pipe is closed. */
static void count_in_child(cors_counters_t *counters, unsigned int number,
                           int begin)
{
    char byte;
    unsigned long i;

    if (read(begin, &byte, 1) != 0) {
        _exit(1);
    }
    for (i = 0; i < TIMES; i++) {
        cors_counters_add(counters, CORS_ROW_FIRST, CORS_COUNT_ACTUAL_ALLOWED,
                          number);
        cors_counters_add(counters, CORS_ROW_FIRST,
                          CORS_COUNT_PREFLIGHT_ALLOWED, 0);
    }
    _exit(0);
}

/* In shards of their own, in one for all, and over a carry. */
static void test_processes(void **state)
{
    apr_shm_t *shm;
    cors_counters_t *counters;
    pid_t child[PROCESSES];
    int begin[2];
    apr_uint64_t n;
    unsigned int i;
    int status;

    assert_int_equal(apr_shm_create(&shm, cors_counters_size(), NULL, *state),
                     APR_SUCCESS);
    counters = apr_shm_baseaddr_get(shm);
    memset(counters, 0, cors_counters_size());
    cors_counters_add(counters, CORS_ROW_FIRST, CORS_COUNT_PREFLIGHT_ALLOWED,
                      0);
    CHECK(plant(counters, (apr_uint32_t)(0 - TIMES)) == 1, "one shard");
    assert_int_equal(pipe(begin), 0);
    for (i = 0; i < PROCESSES; i++) {
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            close(begin[1]);
            count_in_child(counters, i, begin[0]);
        }
    }
    close(begin[0]);
    close(begin[1]);
    for (i = 0; i < PROCESSES; i++) {
        CHECK(waitpid(child[i], &status, 0) == child[i] && status == 0,
              "process %u: %d", i, status);
    }
    n = cors_counters_get(counters, CORS_ROW_FIRST,
                          CORS_COUNT_ACTUAL_ALLOWED);
    CHECK(n == PROCESSES * TIMES, "own shards: %" PRIu64, n);
    n = cors_counters_get(counters, CORS_ROW_FIRST,
                          CORS_COUNT_PREFLIGHT_ALLOWED);
    CHECK(n == (UINT64_C(1) << 32) + (PROCESSES - 1) * TIMES,
          "one shard, over the carry: %" PRIu64, n);
}

static const struct CMUnitTest tests[] = {
    TEST(test_count_of),
    TEST(test_count_of_report),
    TEST(test_echoed),
    TEST(test_each_decision_has_its_counter),
    TEST(test_rows_and_shards),
    TEST(test_greatest_spread),
    TEST(test_carry),
    TEST(test_processes),
};

RUN(tests)
