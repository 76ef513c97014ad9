/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_NAMES_H
#define CORS_NAMES_H

/**
 * @file cors_names.h
 * @brief Sets of methods and of header names.
 */

#include <apr_pools.h>
#include <apr_tables.h>

/** Longest header name, in bytes, that a policy may list.  It bounds the
 * buffer in which a requested name is put in lower case. */
#define CORS_MAX_HEADER_NAME 128

/* ------------------------------------------------------------------------
 * Methods
 */

/** A set of methods, compared by bytes (Fetch, "methods"). */
typedef struct cors_method_set_t cors_method_set_t;

/** An empty set, which allocates from the pool as it grows. */
cors_method_set_t *cors_method_set_make(apr_pool_t *pool);

/**
 * Add the words of one line: "*" as the only value, else methods.  Those that
 * no policy can allow are kept, to be shown, and have no effect.
 * @return NULL or a message (cors_policy.h, "Messages")
 */
const char *cors_method_set_add(cors_method_set_t *set, int argc,
                                char *const argv[]);

/** Whether a set lists a method, and a policy can allow it.  "*" in the set
 * lists none. */
int cors_method_set_contains(const cors_method_set_t *set,
                             const char *method, apr_size_t len);

/** Whether the set is "*". */
int cors_method_set_is_any(const cors_method_set_t *set);

/** The methods that a policy can allow as a header's value; NULL if there are
 * none. */
const char *cors_method_set_value(const cors_method_set_t *set);

/** Append the words of the set to an array of const char *. */
void cors_method_set_words(const cors_method_set_t *set,
                           apr_array_header_t *words);

/** Append the listed methods that have no effect, because no policy can allow
 * them, to an array of const char *. */
void cors_method_set_ineffective(const cors_method_set_t *set,
                                 apr_array_header_t *words);

/** Append the listed methods with lower-case letters whose upper case,
 * which is another method, is not listed. */
void cors_method_set_lower(const cors_method_set_t *set,
                           apr_array_header_t *words);

/** Whether no policy can allow a method (Fetch, "forbidden method"). */
int cors_method_is_forbidden(const char *method, apr_size_t len);

/** Whether pages can set a request header of any value (Fetch, "forbidden
 * request-header"), other than those about CORS. */
int cors_name_is_settable(const char *name, apr_size_t len);

/** Whether browsers never look for a method in Access-Control-Allow-Methods
 * (Fetch, "CORS-safelisted method"). */
int cors_method_is_safelisted(const char *method, apr_size_t len);

/* ------------------------------------------------------------------------
 * Header names
 */

/** A set of header names and of prefixes, compared without case. */
typedef struct cors_name_set_t cors_name_set_t;

/** An empty set of names of request headers; "*" may stand beside names. */
cors_name_set_t *cors_name_set_make_request(apr_pool_t *pool);

/** An empty set of names of response headers; "*" must be the only value. */
cors_name_set_t *cors_name_set_make_response(apr_pool_t *pool);

/**
 * Add the words of one line: "none" as the only value, else names, prefixes
 * such as "X-Amz-*", and "*".
 * @return NULL or a message (cors_policy.h, "Messages")
 */
const char *cors_name_set_add(cors_name_set_t *set, int argc,
                              char *const argv[]);

/** Whether a set lists a header name.  "*" and prefixes in the set list
 * none. */
int cors_name_set_contains(const cors_name_set_t *set, const char *name,
                           apr_size_t len);

/** The same for a name that is known to hold no upper-case letter. */
int cors_name_set_contains_lower(const cors_name_set_t *set,
                                 const char *name, apr_size_t len);

/** Whether a prefix is in the set. */
int cors_name_set_has_prefixes(const cors_name_set_t *set);

/** Whether a header name is longer than a prefix in the set, and begins with
 * it. */
int cors_name_set_matches_prefix(const cors_name_set_t *set,
                                 const char *name, apr_size_t len);

/** Whether "*" is in the set. */
int cors_name_set_is_any(const cors_name_set_t *set);

/** The names as a header's value, without prefixes and, in a response,
 * without those that have no effect; NULL if there are none. */
const char *cors_name_set_value(const cors_name_set_t *set);

/** Append the words of the set to an array of const char *. */
void cors_name_set_words(const cors_name_set_t *set,
                         apr_array_header_t *words);

/** Append the listed names and prefixes that have no effect, because pages
 * cannot set (or, in a response, read) such headers, or have no use for
 * them. */
void cors_name_set_ineffective(const cors_name_set_t *set,
                               apr_array_header_t *words);

/**
 * What a set exposes of a response, where prefixes or "*" stand for the names
 * of headers that the response has.
 * @param tables The response's headers
 * @return The listed names and those that match, each once, as a header's
 *         value, from @a pool; NULL if there are none.  Set-Cookie and the
 *         headers of CORS match nothing.
 */
const char *cors_name_set_expose(const cors_name_set_t *set,
                                 const apr_table_t *const tables[2],
                                 apr_pool_t *pool);

#endif /* CORS_NAMES_H */
