/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_DIAGNOSE_H
#define CORS_DIAGNOSE_H

/**
 * @file cors_diagnose.h
 * @brief What is wrong with a pattern, in words.
 */

#include <apr_pools.h>

/**
 * Say why a word is not an origin pattern, and what to write instead.
 * @param pool For the message
 * @param word One that cors_origin_set_add() does not accept
 * @return The message, never NULL
 */
const char *cors_pattern_diagnose(apr_pool_t *pool, const char *word);

#endif /* CORS_DIAGNOSE_H */
