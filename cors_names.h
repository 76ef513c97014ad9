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
 * Add the words of one line: "*" as the only value, else methods.
 * @return NULL or a message (cors_policy.h, "Messages")
 */
const char *cors_method_set_add(cors_method_set_t *set, int argc,
                                char *const argv[]);

/** Whether a set lists a method.  "*" in the set lists none. */
int cors_method_set_contains(const cors_method_set_t *set,
                             const char *method, apr_size_t len);

/** Whether the set is "*". */
int cors_method_set_is_any(const cors_method_set_t *set);

/** The methods as a header's value; NULL if there are none. */
const char *cors_method_set_value(const cors_method_set_t *set);

/** Append the words of the set to an array of const char *. */
void cors_method_set_words(const cors_method_set_t *set,
                           apr_array_header_t *words);

/** Whether no policy can allow a method (Fetch, "forbidden method"). */
int cors_method_is_forbidden(const char *method, apr_size_t len);

/** Whether browsers never look for a method in Access-Control-Allow-Methods
 * (Fetch, "CORS-safelisted method"). */
int cors_method_is_safelisted(const char *method, apr_size_t len);

/* ------------------------------------------------------------------------
 * Header names
 */

/** A set of header names, compared without case. */
typedef struct cors_name_set_t cors_name_set_t;

/** An empty set of names of request headers; "*" may stand beside names. */
cors_name_set_t *cors_name_set_make_request(apr_pool_t *pool);

/** An empty set of names of response headers; "*" must be the only value. */
cors_name_set_t *cors_name_set_make_response(apr_pool_t *pool);

/**
 * Add the words of one line: "none" as the only value, else names and "*".
 * @return NULL or a message (cors_policy.h, "Messages")
 */
const char *cors_name_set_add(cors_name_set_t *set, int argc,
                              char *const argv[]);

/** Whether a set lists a header name.  "*" in the set lists none. */
int cors_name_set_contains(const cors_name_set_t *set, const char *name,
                           apr_size_t len);

/** The same for a name that is known to hold no upper-case letter. */
int cors_name_set_contains_lower(const cors_name_set_t *set,
                                 const char *name, apr_size_t len);

/** Whether "*" is in the set. */
int cors_name_set_is_any(const cors_name_set_t *set);

/** The names as a header's value; NULL if there are none. */
const char *cors_name_set_value(const cors_name_set_t *set);

/** Append the words of the set to an array of const char *. */
void cors_name_set_words(const cors_name_set_t *set,
                         apr_array_header_t *words);

#endif /* CORS_NAMES_H */
