/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_FOREIGN_H
#define CORS_FOREIGN_H

/**
 * @file cors_foreign.h
 * @brief Whether a page of a foreign site made the browser send a request.
 *
 * CORS lets pages read and refuses nothing; this tells forged requests,
 * hijacked WebSockets and rebound names from ordinary ones.  What browsers say
 * by themselves decides: Sec-Fetch-Site (Fetch Metadata, section 2.4), which
 * pages cannot set, and Origin (Fetch, "Origin header").  The order of the
 * checks is that of the first enumeration.
 */

#include "cors_policy.h"

/** What is found out about a request, and by what. */
typedef enum {
    CORS_FOREIGN_HOST,          /**< refused: the name that was asked for is
                                     not the server's, it may be rebound */
    CORS_FOREIGN_PREFLIGHT,     /**< granted: it has neither effects nor
                                     credentials */
    CORS_FOREIGN_SAME_ORIGIN,   /**< granted: Sec-Fetch-Site says same-origin,
                                     or none, which is the visitor's own */
    CORS_FOREIGN_TRUSTED,       /**< granted: cors_policy_trusts() its
                                     Origin */
    CORS_FOREIGN_OWN_HOST,      /**< granted: no Sec-Fetch-Site, and Origin is
                                     of the host that was asked */
    CORS_FOREIGN_NO_BROWSER,    /**< granted: neither Sec-Fetch-Site nor
                                     Origin */
    CORS_FOREIGN_SAFE,          /**< granted: another site's GET, HEAD or
                                     OPTIONS, without Origin and Upgrade */
    CORS_FOREIGN_NAVIGATION,    /**< granted where requests are isolated: a
                                     link that was followed */
    CORS_FOREIGN_FOREIGN        /**< refused: none of these */
} cors_foreign_t;

/** A request.  A header that is absent is NULL; one that was sent in several
 * lines is their values joined with commas. */
typedef struct cors_foreign_request_t {
    const char *method;         /**< as it was sent; never NULL */
    const char *origin;         /**< Origin */
    const char *request_method; /**< Access-Control-Request-Method */
    const char *host;           /**< Host */
    const char *site;           /**< Sec-Fetch-Site */
    const char *mode;           /**< Sec-Fetch-Mode */
    const char *dest;           /**< Sec-Fetch-Dest */
    int has_upgrade;            /**< 1 if there is an Upgrade */
    int is_https;               /**< 1 if the server knows that it was asked
                                     by https; where something in front of it
                                     may have been, 0 */
    int is_host_served;         /**< 1 if the host is a name of the server's;
                                     addresses and localhost need not be */
    int is_isolated;            /**< 1 to refuse all that other sites' pages
                                     do, but for links that are followed */
} cors_foreign_request_t;

/**
 * Judge a request.
 * @param policy Whose origins are trusted; NULL if none governs the request
 */
cors_foreign_t cors_foreign_judge(const cors_foreign_request_t *request,
                                  const cors_policy_t *policy);

/** Why that refuses the request; CORS_REASON_NONE if it does not. */
static inline cors_reason_t cors_foreign_reason(cors_foreign_t found)
{
    return found == CORS_FOREIGN_HOST ? CORS_REASON_HOST
           : found == CORS_FOREIGN_FOREIGN ? CORS_REASON_FOREIGN
                                           : CORS_REASON_NONE;
}

/** What was found out in one word, for logs: "same-origin", "foreign".  Never
 * NULL. */
const char *cors_foreign_name(cors_foreign_t found);

/** The same in a sentence for people, without any byte of the request.  Never
 * NULL. */
const char *cors_foreign_text(cors_foreign_t found);

#endif /* CORS_FOREIGN_H */
