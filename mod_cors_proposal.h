/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_PROPOSAL_H
#define MOD_CORS_PROPOSAL_H

/**
 * @file mod_cors_proposal.h
 * @brief A recipe to the policy that replaces it, and how sure that is.
 *
 * What the policy would do otherwise than the recipe, as browsers see it, is a
 * difference, in words.  Where the recipe cannot be followed, or httpd would
 * refuse the policy, there is a doubt, and no policy.  What the module does
 * better anyway (headers on errors, Vary, each header once) is neither.
 */

#include "mod_cors_leftover.h"

typedef struct cors_proposal_t {
    apr_array_header_t *doubts;         /**< of const char *; then nothing
                                             below is to be trusted */
    apr_array_header_t *differences;    /**< the same, of what changes */
    apr_array_header_t *notes;          /**< what has no effect, or may stay */
    apr_array_header_t *left_out;       /**< words that need no listing */
    apr_array_header_t *lines;          /**< the policy: directives as they
                                             stand in a file */
} cors_proposal_t;

/**
 * @param proposal Filled in completely
 * @param recipe The recipe of a place; its doubts become the proposal's
 * @param around Lines of the policies that it would be inside of; what they
 *               have and it has not is taken back
 * @param s A server for directives to be read for
 */
void cors_proposal_make(cors_proposal_t *proposal,
                        const cors_leftover_t *recipe,
                        const apr_array_header_t *around, server_rec *s);

#endif /* MOD_CORS_PROPOSAL_H */
