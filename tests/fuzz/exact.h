/* SPDX-License-Identifier: Apache-2.0 */

#ifndef EXACT_H
#define EXACT_H

/**
 * @file exact.h
 * @brief Allocations from a pool, each a block of its own and of exact size.
 *
 * The engine is compiled for fuzzing with this file in front (-include), so
 * that AddressSanitizer sees a step past the end of what it allocated, which
 * would otherwise fall into the same pool, and that what is read before it is
 * written shows.
 */

#include <stdlib.h>
#include <string.h>

#include <apr_pools.h>
#include <apr_strings.h>

static inline apr_status_t exact_free(void *block)
{
    free(block);
    return APR_SUCCESS;
}

static inline void *exact_palloc(apr_pool_t *pool, apr_size_t size)
{
    void *block = malloc(size);

    memset(block, 0x5a, size);
    apr_pool_cleanup_register(pool, block, exact_free, apr_pool_cleanup_null);
    return block;
}

static inline char *exact_pstrmemdup(apr_pool_t *pool, const char *s,
                                     apr_size_t len)
{
    char *copy = exact_palloc(pool, len + 1);

    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

static inline char *exact_pstrdup(apr_pool_t *pool, const char *s)
{
    return exact_pstrmemdup(pool, s, strlen(s));
}

#define apr_palloc exact_palloc
#define apr_pstrmemdup exact_pstrmemdup
#define apr_pstrdup exact_pstrdup

#endif /* EXACT_H */
