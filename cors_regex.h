/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_REGEX_H
#define CORS_REGEX_H

/**
 * @file cors_regex.h
 * @brief What a regular expression over origins lets through, beyond what it
 * was meant to.
 *
 * An expression is a callback (cors_set.h), and its text.  What is to be
 * known about it is found out by asking it about made-up origins: sentinels,
 * which no policy names; names that nobody would choose, under the public
 * suffixes in its own text; and look-alikes of the hosts there.
 */

#include "cors_set.h"

/**
 * Find out all about an expression, once, when it is compiled: its
 * cors_regex_t, and the entry's is_public_suffix.
 * @param entry Of a regular expression, in a set that is not shared yet
 * @param is_public_suffix As for cors_origin_set_add()
 * @param pool For what is found
 */
void cors_regex_probe(cors_origin_entry_t *entry,
                      cors_public_suffix_fn *is_public_suffix,
                      apr_pool_t *pool);

/** Whether an expression matches any origin; found out now if it has not
 * been probed. */
int cors_regex_is_match_all(const cors_origin_entry_t *entry);

/**
 * Whether an expression spans registrable domains at an origin that it
 * matched: with another name under the same public suffix it matches too.
 * Asks it once for each public suffix that the origin is under.
 */
int cors_regex_spans(const cors_origin_entry_t *entry,
                     cors_public_suffix_fn *is_public_suffix,
                     const char *text, apr_size_t len);

#endif /* CORS_REGEX_H */
