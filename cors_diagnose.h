/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_DIAGNOSE_H
#define CORS_DIAGNOSE_H

/**
 * @file cors_diagnose.h
 * @brief What is wrong with a pattern, in words.
 */

#include <apr_pools.h>

#include "cors_set.h"

/**
 * Say why a word is not an origin pattern, and what to write instead.
 * @param pool For the message
 * @param word One that cors_origin_set_add() does not accept
 * @param is_public_suffix As there: no wildcard under one is suggested
 * @return The message, never NULL
 */
const char *cors_pattern_diagnose(apr_pool_t *pool, const char *word,
                                  cors_public_suffix_fn *is_public_suffix);

#endif /* CORS_DIAGNOSE_H */
