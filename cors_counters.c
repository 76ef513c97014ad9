/* SPDX-License-Identifier: Apache-2.0 */

/* Counters of decisions, in memory that processes share. */

#include "cors_counters.h"

#include <apr_atomic.h>

#define SHARDS 8                /* a power of two */
#define WORDS 32                /* two lines of cache, mostly */

typedef char all_counts_fit[CORS_COUNTS <= WORDS ? 1 : -1];

typedef struct {
    apr_uint32_t shard[SHARDS][WORDS];
    apr_uint32_t carry[WORDS];
} row_t;

struct cors_counters_t {
    row_t row[CORS_COUNTER_ROWS];
};

apr_size_t cors_counters_size(void)
{
    return sizeof(cors_counters_t);
}

cors_count_t cors_count_of(const cors_decision_t *decision)
{
    int is_preflight = decision->kind == CORS_KIND_PREFLIGHT;

    if (decision->is_allowed) {
        return is_preflight ? CORS_COUNT_PREFLIGHT_ALLOWED
                            : CORS_COUNT_ACTUAL_ALLOWED;
    }
    return (cors_count_t)((is_preflight ? CORS_COUNT_PREFLIGHT_DENIED
                                        : CORS_COUNT_ACTUAL_DENIED)
                          + (int)decision->reason - 1);
}

void cors_counters_add(cors_counters_t *counters, unsigned int row,
                       cors_count_t count, unsigned long spread)
{
    row_t *r = &counters->row[row];

    if (apr_atomic_inc32(&r->shard[spread % SHARDS][count])
        == 0xffffffffu) {
        apr_atomic_inc32(&r->carry[count]);
    }
}

apr_uint64_t cors_counters_get(cors_counters_t *counters, unsigned int row,
                               cors_count_t count)
{
    row_t *r = &counters->row[row];
    apr_uint64_t sum = (apr_uint64_t)apr_atomic_read32(&r->carry[count])
                       << 32;
    int i;

    for (i = 0; i < SHARDS; i++) {
        sum += apr_atomic_read32(&r->shard[i][count]);
    }
    return sum;
}
