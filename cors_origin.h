/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_ORIGIN_H
#define CORS_ORIGIN_H

/**
 * @file cors_origin.h
 * @brief Origins, the patterns that match them, and sets of patterns.
 */

#include <apr_pools.h>
#include <apr_tables.h>

/* ------------------------------------------------------------------------
 * Origins
 */

/** Longest host name and label, in bytes, final dot not counted (RFC 1035,
 * section 2.3.4).  Longer ones cannot be resolved, so no page comes from
 * there. */
#define CORS_MAX_HOST 253
#define CORS_MAX_LABEL 63

/**
 * A serialized origin, taken apart (Fetch, "Origin header", serialized-origin;
 * beyond its grammar a host may hold underscores and one final dot, as the
 * URL standard allows).  All pointers borrow from the text that was parsed.
 */
typedef struct cors_origin_t {
    const char *text;       /**< the whole, not necessarily NUL-terminated */
    apr_size_t len;         /**< bytes in text */
    apr_size_t scheme_len;  /**< bytes of the scheme, at the start of text */
    const char *host;       /**< host; an IPv6 address with its brackets */
    apr_size_t host_len;    /**< bytes in host, at least 1 */
    int host_is_name;       /**< 1 for a domain, 0 for an IP address */
    int has_port;           /**< 1 if a port is written */
    unsigned int port;      /**< 1 to 65535 if has_port, else 0 */
} cors_origin_t;

/**
 * Parse a serialized origin, byte for byte as a browser sends it: lower case,
 * canonical IP addresses, no default port, no path, no userinfo.  "null" is
 * not a serialized origin.
 * @param origin Filled in on success, untouched otherwise
 * @param text The bytes; borrowed
 * @param len How many
 * @return 1 if well-formed, else 0
 */
int cors_origin_parse(cors_origin_t *origin, const char *text,
                      apr_size_t len);

/**
 * Whether pages of this origin travel the network unprotected: every scheme
 * but https, unless the host is a loopback one ("localhost", "*.localhost",
 * 127/8, "[::1]").
 */
int cors_origin_is_insecure(const cors_origin_t *origin);

/**
 * Take the host of an origin apart: a domain, an IPv4 address, or an IPv6
 * address in brackets, as browsers write them.
 * @param origin Its host, host_len and host_is_name are set
 * @return 1 if well-formed, else 0
 */
int cors_origin_read_host(cors_origin_t *origin, const char *host,
                          apr_size_t len);

/** How many bytes of "host[:port]" are the host, well-formed or not. */
apr_size_t cors_origin_host_span(const char *authority, apr_size_t len);

/**
 * Whether a label, the last of a host, makes it an IPv4 address or nothing
 * (URL standard, "ends in a number").
 */
int cors_label_is_number(const char *label, apr_size_t len);

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
int cors_pattern_is_web(const char *word);

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

/**
 * Tell whether a domain is a public suffix, one under which anybody may
 * register a name.
 * @param domain A lower-case domain without a final dot
 * @return 1 if it is, else 0
 */
typedef int cors_public_suffix_fn(const char *domain);

/** One pattern of an origin set. */
typedef struct cors_origin_entry_t {
    const char *pattern;  /**< as the administrator wrote it */
    int is_insecure;      /**< matches insecure origins only (an http pattern
                               off the loopback) */
    int is_public_suffix; /**< a wildcard under a public suffix */
    int is_null;          /**< the literal "null" */
    int is_regex;         /**< a regular expression */
    const void *line;     /**< where it was written, for the caller: see
                               cors_origin_set_cite(); NULL if unknown */
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
 * Add a regular expression, and find out whether it matches everything.
 * @param pattern Its text, for messages and listings; copied
 * @param regex The compiled expression; borrowed
 * @param match How to ask it
 */
void cors_origin_set_add_regex(cors_origin_set_t *set, const char *pattern,
                               const void *regex,
                               cors_regex_match_fn *match);

/**
 * Say where the patterns were written that were added since the last call.
 * @param line The caller's own; kept, never looked into
 */
void cors_origin_set_cite(cors_origin_set_t *set, const void *line);

/** Which origins a set is about. */
typedef enum {
    CORS_SCOPE_LISTED,          /**< those that its patterns match */
    CORS_SCOPE_MATCH_ALL,       /**< the same, and a regular expression
                                     among them matches any origin */
    CORS_SCOPE_ANY,             /**< the keyword "*" */
    CORS_SCOPE_NONE             /**< the keyword "none" */
} cors_origin_scope_t;

cors_origin_scope_t cors_origin_set_scope(const cors_origin_set_t *set);

/** The regular expression that matches any origin, NULL if none does. */
const cors_origin_entry_t *
cors_origin_set_match_all(const cors_origin_set_t *set);

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
 * @return An array of const cors_origin_entry_t *, NULL if there are none
 */
const apr_array_header_t *
cors_origin_set_entries(const cors_origin_set_t *set);

/**
 * Find the wildcard that matches everything that a pattern without one does.
 * @param entry A pattern of the set
 * @return The wildcard's entry, NULL if the pattern has a job of its own
 */
const cors_origin_entry_t *
cors_origin_set_covering(const cors_origin_set_t *set,
                         const cors_origin_entry_t *entry);

#endif /* CORS_ORIGIN_H */
