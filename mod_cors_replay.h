/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_REPLAY_H
#define MOD_CORS_REPLAY_H

/**
 * @file mod_cors_replay.h
 * @brief A recipe played: which origins could read a response, in a browser,
 * and what they get with it.
 *
 * The origins to try are those that the recipe names, and whatever its regular
 * expressions stand for.
 */

#include "mod_cors_leftover.h"

#include "cors_policy.h"

typedef struct cors_replay_t {
    apr_pool_t *pool;
    const cors_leftover_t *recipe;
    cors_leftover_t answering;  /**< the part that answers OPTIONS */
    apr_array_header_t *doubts; /**< of const char *: why the recipe cannot be
                                     followed; nothing else counts then */
    apr_array_header_t *differences;    /**< of const char *: what it lets in
                                     beside the following, or never did */
    apr_array_header_t *notes;  /**< of const char *: what has no effect */
    int is_any;                 /**< all origins are let in */
    apr_array_header_t *patterns;       /**< else, of const char *: those that
                                             are */
    apr_array_header_t *regexes;        /**< the same, for what patterns cannot
                                             say */
    apr_array_header_t *left_out;       /**< of const char *: origins that have
                                             been tried, and may not read */
    const char *broken;         /**< that one is meant, and gets another
                                     Access-Control-Allow-Origin; or NULL */
    int has_sent;
    cors_left_sent_t sent;      /**< what each of them gets */
    cors_left_sent_t answer;    /**< and what a preflight's answer gets, if the
                                     recipe makes it */
    int is_timed;               /**< Timing-Allow-Origin is always the same as
                                     Access-Control-Allow-Origin */
} cors_replay_t;

/**
 * Play a recipe.
 * @param replay Filled in completely
 */
void cors_replay(cors_replay_t *replay, const cors_leftover_t *recipe);

/** Add differences: origins that the recipe lets in and a policy does not, or
 * the other way round, among those that have been tried and those that
 * resemble them. */
void cors_replay_compare(cors_replay_t *replay, const cors_policy_t *policy);

#endif /* MOD_CORS_REPLAY_H */
