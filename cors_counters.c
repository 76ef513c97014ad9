/* SPDX-License-Identifier: Apache-2.0 */

/* Counters of decisions and reports, in memory that processes share. */

#include "cors_counters.h"

#include <apr_atomic.h>
#include <apr_hash.h>

#define SHARDS 8                /* a power of two */
#define WORDS 32                /* two lines of cache, mostly */

typedef char all_counts_fit[CORS_COUNTS <= WORDS ? 1 : -1];

typedef struct {
    apr_uint32_t shard[SHARDS][WORDS];
    apr_uint32_t carry[WORDS];
} row_t;

/* What a URL has echoed. */
typedef struct {
    apr_uint32_t url;           /* hash of its path, or 0 */
    apr_uint32_t echoed;        /* cors_echoed_t */
} echo_t;

struct cors_counters_t {
    row_t row[CORS_COUNTER_ROWS];
    echo_t echo[CORS_ECHOES];
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

cors_count_t cors_count_of_report(cors_kind_t kind, cors_report_t report)
{
    return (cors_count_t)((kind == CORS_KIND_PREFLIGHT
                           ? CORS_COUNT_PREFLIGHT_REPORT
                           : CORS_COUNT_ACTUAL_REPORT)
                          + (int)report - 1);
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

static apr_uint32_t hash_of(const char *path)
{
    apr_ssize_t len = APR_HASH_KEY_STRING;

    apr_uint32_t hash = apr_hashfunc_default(path, &len);

    return hash + (hash == 0);
}

static echo_t *echo_at(cors_counters_t *counters, apr_uint32_t url)
{
    return &counters->echo[url % CORS_ECHOES];
}

cors_echoed_t cors_echoed_get(cors_counters_t *counters, const char *path)
{
    apr_uint32_t url = hash_of(path);
    echo_t *echo = echo_at(counters, url);
    cors_echoed_t echoed = 0;

    if (apr_atomic_read32(&echo->url) == url) {
        echoed = apr_atomic_read32(&echo->echoed);
    }
    return apr_atomic_read32(&echo->url) == url ? echoed : 0;
}

void cors_echoed_set(cors_counters_t *counters, const char *path,
                     cors_echoed_t echoed)
{
    apr_uint32_t url = hash_of(path);
    echo_t *echo = echo_at(counters, url);

    if (apr_atomic_read32(&echo->url) != url) {
        apr_atomic_xchg32(&echo->echoed, 0);
        apr_atomic_xchg32(&echo->url, url);
    }
    apr_atomic_xchg32(&echo->echoed, echoed);
}
