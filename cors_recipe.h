/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_RECIPE_H
#define CORS_RECIPE_H

/**
 * @file cors_recipe.h
 * @brief What the fixed values of CORS headers stand for, where a server has
 * been told to send them: the words of a policy.
 *
 * Values are read as browsers read them (Fetch), not as they were meant: what
 * never had an effect is set apart.
 */

#include <apr_pools.h>
#include <apr_tables.h>

/** The members of a list, each in one array of const char *. */
typedef struct cors_recipe_list_t {
    apr_array_header_t *words;          /**< for a directive */
    apr_array_header_t *left_out;       /**< need no listing */
    apr_array_header_t *misplaced;      /**< names of response headers among
                                             those of requests, which pages
                                             may have set all the same */
    apr_array_header_t *dead;           /**< never matched anything */
    int is_malformed;                   /**< browsers read none of it */
} cors_recipe_list_t;

/**
 * Read Access-Control-Allow-Methods.
 * @param list Filled in completely
 * @param value NULL for none
 */
void cors_recipe_methods(cors_recipe_list_t *list, apr_pool_t *pool,
                         const char *value);

/** Read Access-Control-Allow-Headers. */
void cors_recipe_request_headers(cors_recipe_list_t *list, apr_pool_t *pool,
                                 const char *value);

/** Read Access-Control-Expose-Headers. */
void cors_recipe_response_headers(cors_recipe_list_t *list, apr_pool_t *pool,
                                  const char *value);

/** Take "*" out, which covers requests without credentials only.
 * @return Whether there was one */
int cors_recipe_list_drop_star(cors_recipe_list_t *list);

/** Without, and where "*" must be the only value, nothing else is left. */
void cors_recipe_list_star_covers(cors_recipe_list_t *list);

/** Whether a list of methods holds one that needs listing. */
int cors_recipe_needs_methods(const cors_recipe_list_t *methods);

/** Read Access-Control-Max-Age.
 * @return Seconds, at most CORS_MAX_AGE; NULL if browsers ignore the value */
const char *cors_recipe_max_age(apr_pool_t *pool, const char *value);

/** The value of a Header directive without its escapes. */
const char *cors_recipe_unescaped(apr_pool_t *pool, const char *value);

/** Whether a value, or NULL, means any origin, even if it says so twice. */
int cors_recipe_is_star(const char *value);

/**
 * The patterns that a fixed Access-Control-Allow-Origin stands for; several
 * origins, or one with a path, are meant even if they never worked.
 * @return An array of const char *, NULL if there is anything else in it
 */
const apr_array_header_t *cors_recipe_origins(apr_pool_t *pool,
                                              const char *value);

/** Some origins that a pattern matches: the only one, or several for each
 * wildcard.  An array of const char *. */
const apr_array_header_t *cors_recipe_samples(apr_pool_t *pool,
                                              const char *pattern);

/** Origins that resemble those of a pattern, and are mostly none of them:
 * look-alikes, other ports, the other scheme.  An array of const char *. */
const apr_array_header_t *cors_recipe_neighbours(apr_pool_t *pool,
                                                 const char *pattern);

#endif /* CORS_RECIPE_H */
