/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_NEAREST_H
#define CORS_NEAREST_H

/**
 * @file cors_nearest.h
 * @brief The pattern that a refused origin nearly matches, in words.
 */

#include <apr_pools.h>

#include "cors_set.h"

/**
 * Find the pattern that an origin nearly matches: one that differs in the
 * case of its letters, a trailing slash, the scheme, the port, that it is the
 * domain of a wildcard itself, or one letter of the host.
 * @param set The set; regular expressions are passed over
 * @param text The Origin request header
 * @param pool For the result
 * @return "https://app.example: the scheme differs" and the like; NULL if
 *         nothing is near
 */
const char *cors_origin_set_nearest(const cors_origin_set_t *set,
                                    const char *text, apr_pool_t *pool);

#endif /* CORS_NEAREST_H */
