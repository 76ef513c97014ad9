/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_COUNTERS_H
#define CORS_COUNTERS_H

/**
 * @file cors_counters.h
 * @brief Counters of decisions and reports, in memory that processes share.
 *
 * There is a row of counters for each place that a policy comes from.  A row
 * has several shards, so that threads seldom write the same line of cache,
 * and every shard wraps after 2^32 into a carry that they share: 64-bit
 * atomics are not to be had in shared memory everywhere, and not before APR
 * 1.7.
 *
 * Beside them is what CORS_DEFECT_NO_VARY is found by (cors_judge.h).
 */

#include <apr.h>

#include "cors_judge.h"

/** Rows there are; what has none shares one. */
#define CORS_COUNTER_ROWS 1024

/** The row of all .htaccess files, and that of places without a row. */
#define CORS_ROW_HTACCESS 0
#define CORS_ROW_OTHERS 1
#define CORS_ROW_FIRST 2

/** What is counted; at most 32. */
typedef enum {
    CORS_COUNT_PREFLIGHT_ALLOWED,
    CORS_COUNT_ACTUAL_ALLOWED,
    /** Denied preflights and actual requests, each followed by the same for
     * the other reasons, in the order of cors_reason_t from 1. */
    CORS_COUNT_PREFLIGHT_DENIED,
    CORS_COUNT_ACTUAL_DENIED = CORS_COUNT_PREFLIGHT_DENIED
                               + CORS_REASONS - 1,
    /** Under ReportOnly, reports on preflights and on actual requests, in the
     * order of cors_report_t from 1, and what is broken. */
    CORS_COUNT_PREFLIGHT_REPORT = CORS_COUNT_ACTUAL_DENIED + CORS_REASONS - 1,
    CORS_COUNT_ACTUAL_REPORT = CORS_COUNT_PREFLIGHT_REPORT + CORS_REPORTS - 1,
    CORS_COUNT_DEFECT = CORS_COUNT_ACTUAL_REPORT + CORS_REPORTS - 1,
    /** Requests that were refused as foreign, those for a foreign host, and
     * those that something else than cors_foreign_judge() let through. */
    CORS_COUNT_FOREIGN = CORS_COUNT_DEFECT + CORS_DEFECTS,
    CORS_COUNT_HOST,
    CORS_COUNT_LET_THROUGH,
    CORS_COUNTS
} cors_count_t;

/** How many of them, the first ones, are of decisions. */
#define CORS_DECISION_COUNTS CORS_COUNT_PREFLIGHT_REPORT

/** The counters; zeroed memory is that of nothing counted. */
typedef struct cors_counters_t cors_counters_t;

/** Bytes that the counters take. */
apr_size_t cors_counters_size(void);

/** The counter of a decision on an actual request or a preflight. */
cors_count_t cors_count_of(const cors_decision_t *decision);

/** The counter of a report, which is not CORS_REPORT_NONE, on an actual
 * request or a preflight. */
cors_count_t cors_count_of_report(cors_kind_t kind, cors_report_t report);

/**
 * Count once.
 * @param row Below CORS_COUNTER_ROWS
 * @param spread Any number; requests at the same time should have different
 *               ones
 */
void cors_counters_add(cors_counters_t *counters, unsigned int row,
                       cors_count_t count, unsigned long spread);

/** What has been counted in a row.  It is 2^32 short if read in the moment
 * in which a shard wraps. */
apr_uint64_t cors_counters_get(cors_counters_t *counters, unsigned int row,
                               cors_count_t count);

/** URLs of which is known at a time what they have echoed. */
#define CORS_ECHOES 4096

/** What a URL has echoed so far: 0 if it has given way to another one. */
cors_echoed_t cors_echoed_get(cors_counters_t *counters, const char *path);

/** Remember it.  In the moment in which another URL takes the same place,
 * either is forgotten. */
void cors_echoed_set(cors_counters_t *counters, const char *path,
                     cors_echoed_t echoed);

#endif /* CORS_COUNTERS_H */
