/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_PATTERN_FROM_H
#define CORS_PATTERN_FROM_H

/**
 * @file cors_pattern_from.h
 * @brief The patterns that a regular expression stands for.
 *
 * The regular expression (PCRE) is one that is looked for somewhere in the
 * Origin header, as SetEnvIf of Apache httpd does.  What begins with "(?i)" is
 * compared without case; browsers send origins in lower case.
 */

#include <apr_pools.h>
#include <apr_tables.h>

/** Most patterns that one regular expression is turned into. */
#define CORS_MAX_PATTERNS_FROM 64

/** What a regular expression matches beside its patterns; bits. */
enum {
    CORS_FROM_NO_START = 1,     /**< origins that hold a match further on: it
                                     has no ^ */
    CORS_FROM_NO_END = 2,       /**< origins that go on after the match: it has
                                     no $ */
    CORS_FROM_DOT = 4,          /**< any other byte in the place of a dot: it
                                     has no backslash */
    CORS_FROM_LABEL = 8         /**< other domains that end alike: .* in front
                                     of a name, without a dot between them */
};

/**
 * Turn a regular expression into patterns.  Every origin that one of them
 * matches has a match.  Without differences they match every well-formed
 * origin that has one.
 * @param regex Its text
 * @param differences Set to CORS_FROM_* bits, 0 if there are none
 * @return An array of const char *, empty if no well-formed origin can match;
 *         NULL if patterns cannot say it
 */
const apr_array_header_t *cors_pattern_from(apr_pool_t *pool,
                                            const char *regex,
                                            unsigned int *differences);

/**
 * The regular expression that matches a whole origin where the given one has
 * a match in it: the same without its anchors, and with .* in the place of
 * those that it lacks.
 * @return NULL if it holds what cannot be wrapped so
 */
const char *cors_regex_unanchored(apr_pool_t *pool, const char *regex);

/** Whether a match is always the whole origin: there are anchors at both ends
 * and no alternatives beside them. */
int cors_regex_is_anchored(const char *regex);

/** Whether the first group is all that stands between such anchors. */
int cors_regex_is_one_group(apr_pool_t *pool, const char *regex);

/** Whether it is one of those that are written to match any origin, such as
 * "^(.*)$" or ":". */
int cors_regex_is_any(apr_pool_t *pool, const char *regex);

#endif /* CORS_PATTERN_FROM_H */
