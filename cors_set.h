/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_SET_H
#define CORS_SET_H

/**
 * @file cors_set.h
 * @brief Patterns of origins, and sets of them.
 */

#include <apr_pools.h>
#include <apr_tables.h>

#include "cors_origin.h"

/* ------------------------------------------------------------------------
 * Patterns
 */

/**
 * Whether a word is a pattern: a serialized origin with "*." in front of its
 * domain, ":*" for its port, both or neither; or the origin of a scheme other
 * than http and https.  "null" is a pattern for cors_origin_set_add() only.
 * @param pool For temporary text
 */
int cors_pattern_is_valid(apr_pool_t *pool, const char *word);

/** Whether a word starts with "http://" or "https://". */
int cors_pattern_is_web(const char *s);

/* ------------------------------------------------------------------------
 * Origin sets
 */

/**
 * Match an origin against a regular expression of the caller's.
 * @param regex What was given to cors_origin_set_add_regex()
 * @param origin The origin's bytes
 * @param len How many
 * @return 1 if the whole origin matches, else 0
 */
typedef int cors_regex_match_fn(const void *regex, const char *origin,
                                apr_size_t len);

/** A regular expression of the caller's, and what cors_regex.c has found out
 * about it. */
typedef struct cors_regex_t {
    const void *code;           /**< borrowed */
    cors_regex_match_fn *match; /**< how to ask it */
    int is_probed;              /**< the rest is set */
    int is_match_all;           /**< matches any origin */
    int matches_nothing;        /**< cannot match any */
    const char *lookalike;      /**< an origin that it matches, and was hardly
                                     meant to; NULL if none was found */
} cors_regex_t;

/** One pattern of an origin set. */
typedef struct cors_origin_entry_t {
    const char *pattern;  /**< as the administrator wrote it */
    cors_regex_t *regex;  /**< a regular expression; NULL for a pattern */
    const void *line;     /**< where it was written, for the caller: see
                               cors_origin_set_cite(); NULL if unknown */
    apr_size_t suffix_len; /**< bytes of the domain behind "*.", final dot
                                included; 0 if there is no such wildcard */
    unsigned int is_insecure : 1;      /**< matches only origins that
                                            cors_origin_is_insecure() */
    unsigned int is_public_suffix : 1; /**< a wildcard under a public suffix,
                                            or a regular expression that
                                            matches any name under one */
    unsigned int is_onion : 1;         /**< cors_origin_is_onion() */
    unsigned int is_null : 1;          /**< the literal "null" */
    unsigned int is_regex : 1;         /**< a regular expression */
} cors_origin_entry_t;

/**
 * A set of origin patterns.  A look-up costs one probe for exact origins and
 * one for each label of the request's host that a wildcard could start
 * at, however many patterns there are; regular expressions are tried one by
 * one, last.
 */
typedef struct cors_origin_set_t cors_origin_set_t;

/** An empty set, which allocates from the pool as it grows. */
cors_origin_set_t *cors_origin_set_make(apr_pool_t *pool);

/**
 * Prepare a set for one more value: a pattern or regular expression
 * (CORS_NAMED_WORDS), or a keyword, which must be the only value and is added
 * by this (CORS_NAMED_ANY, CORS_NAMED_NONE; see cors_text.h).
 * @return 1, or 0 if the value may not join those that are there
 */
int cors_origin_set_admit(cors_origin_set_t *set, unsigned int named);

/**
 * Add a pattern.
 * @param word Its text; copied
 * @param is_public_suffix What judges the domain of a wildcard; NULL if only
 *                         domains of a single label are to count as public
 *                         suffixes
 * @return 1, or 0 if the word is not a pattern; the set is unchanged then
 */
int cors_origin_set_add(cors_origin_set_t *set, const char *word,
                        cors_public_suffix_fn *is_public_suffix);

/**
 * Say where the patterns were written that were added since the last call.
 * @param line The caller's own; kept, never looked into
 */
void cors_origin_set_cite(cors_origin_set_t *set, const void *line);

/**
 * Add a regular expression, about which nothing is known yet.
 * @param pattern Its text, for messages and listings; copied
 * @param code The compiled expression; borrowed
 * @param match How to ask it
 * @param is_public_suffix As above
 */
void cors_origin_set_add_regex(cors_origin_set_t *set, const char *pattern,
                               const void *code, cors_regex_match_fn *match,
                               cors_public_suffix_fn *is_public_suffix);

/** Which origins a set is about. */
typedef enum {
    CORS_SCOPE_LISTED,          /**< those that its patterns match */
    CORS_SCOPE_REGEXES,         /**< the same, and regular expressions are
                                     among them */
    CORS_SCOPE_ANY,             /**< the keyword "*" */
    CORS_SCOPE_ANY_BY_NAME,     /**< no set's: "*", to be answered with the
                                     request's origin */
    CORS_SCOPE_NONE             /**< the keyword "none" */
} cors_origin_scope_t;

cors_origin_scope_t cors_origin_set_scope(const cors_origin_set_t *set);

/** Take down that "*" with credentials is a danger that was accepted. */
void cors_origin_set_accept_any(cors_origin_set_t *set);

/** Whether it was. */
int cors_origin_set_accepts_any(const cors_origin_set_t *set);

/** What judges domains, NULL for nothing. */
cors_public_suffix_fn *
cors_origin_set_suffixes(const cors_origin_set_t *set);

/**
 * Find the pattern that matches an Origin request header.
 * @param set The set
 * @param text The header's value; bytes are compared, nothing is normalised
 * @param len Its length
 * @param entry Set to the matching pattern on success, untouched otherwise
 * @return 1 if a pattern matches, else 0.  The keywords "*" and "none" are
 *         not patterns: a set of one of them matches nothing here.
 */
int cors_origin_set_match(const cors_origin_set_t *set, const char *text,
                          apr_size_t len, const cors_origin_entry_t **entry);

/**
 * The patterns of a set, in the order in which they were written.
 * @return An array of cors_origin_entry_t *, NULL if there are none
 */
const apr_array_header_t *
cors_origin_set_entries(const cors_origin_set_t *set);

/** The same of its regular expressions. */
const apr_array_header_t *
cors_origin_set_regexes(const cors_origin_set_t *set);

/**
 * Whether a wildcard spans registrable domains on its way to an origin: the
 * origin's domain, or one between the two, is a public suffix.
 * @param entry One that matched the origin
 * @param text The origin
 */
int cors_origin_set_spans(const cors_origin_set_t *set,
                          const cors_origin_entry_t *entry, const char *text,
                          apr_size_t len);

/**
 * Find the wildcard that matches everything that a pattern without one does.
 * @param entry A pattern of the set
 * @return The wildcard's entry, NULL if the pattern has a job of its own
 */
const cors_origin_entry_t *
cors_origin_set_covering(const cors_origin_set_t *set,
                         const cors_origin_entry_t *entry);

#endif /* CORS_SET_H */
