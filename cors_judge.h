/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_JUDGE_H
#define CORS_JUDGE_H

/**
 * @file cors_judge.h
 * @brief A finished response as a browser would judge it, whoever made it.
 *
 * A browser lets a page read a response, or takes the answer to a preflight
 * for a yes, by the steps of Fetch alone ("CORS check", "CORS-preflight
 * fetch").  cors_judge() takes the same steps, compares the outcome with the
 * decision of a policy, and names what is broken about the response.
 *
 * It is Fetch that is followed, where browsers are more lenient too, but for
 * one thing: today all of them let a "*" in Access-Control-Allow-Headers cover
 * Authorization, which Fetch does not.  Where the policy allows that name, the
 * "*" is not taken for it; where the policy denies it, a page that sends it
 * would fail from then on, and that is what is reported.
 */

#include <apr_pools.h>
#include <apr_tables.h>

#include "cors_policy.h"

/** What switching the policy on would change. */
typedef enum {
    CORS_REPORT_NONE,         /**< not judged: the policy is inert, there is
                                   no Origin, or browsers apply no CORS check
                                   to the status (101, 304, 407) or to the
                                   request, as Sec-Fetch-* says: a form or an
                                   image of another site, one's own page */
    CORS_REPORT_SAME,         /**< nothing about who may read; what of the
                                   response scripts see is not compared */
    CORS_REPORT_WOULD_REFUSE, /**< the browser lets the page read, the policy
                                   would not */
    CORS_REPORT_WOULD_ALLOW   /**< the reverse */
} cors_report_t;

/** How many values cors_report_t has. */
#define CORS_REPORTS (CORS_REPORT_WOULD_ALLOW + 1)

/** The report in one word, for logs: "would-refuse"; "-" for
 * CORS_REPORT_NONE.  Never NULL. */
const char *cors_report_name(cors_report_t report);

/**
 * What can be broken about a response.  The first four are so whatever the
 * policy says; the others are why the answer to a preflight that the policy
 * allows does not serve.
 */
typedef enum {
    CORS_DEFECT_TWO_ALLOW_ORIGIN, /**< several lines, or several origins in
                                       one: no browser takes it */
    CORS_DEFECT_STAR_WITH_CREDENTIALS, /**< "*" beside Allow-Credentials: no
                                            credentialed request may read */
    CORS_DEFECT_CREDENTIALS_NOT_TRUE, /**< Allow-Credentials of which the
                                           value is not "true" */
    CORS_DEFECT_NO_VARY,        /**< the origin is echoed, and another was
                                     before, without Vary: Origin: caches
                                     give one origin's copy to another */
    CORS_DEFECT_PREFLIGHT_STATUS, /**< not 200 to 299 */
    CORS_DEFECT_PREFLIGHT_WITHOUT_CREDENTIALS, /**< the policy has them,
                                                    Allow-Credentials is
                                                    absent */
    CORS_DEFECT_PREFLIGHT_MALFORMED_LIST, /**< Allow-Methods or Allow-Headers
                                               has an element that is no
                                               token: browsers then drop the
                                               whole answer */
    CORS_DEFECT_PREFLIGHT_METHOD_NOT_LISTED,
    CORS_DEFECT_PREFLIGHT_HEADER_NOT_LISTED
} cors_defect_t;

/** How many values cors_defect_t has. */
#define CORS_DEFECTS (CORS_DEFECT_PREFLIGHT_HEADER_NOT_LISTED + 1)

/** The bit of a defect in a set of them. */
#define CORS_DEFECT_BIT(defect) (1u << (defect))

/** The defect in one word: "preflight-status".  Never NULL. */
const char *cors_defect_name(cors_defect_t defect);

/**
 * What origins a place has echoed so far in responses without Vary: Origin:
 * none at first (0), one, or several, which proves that its Allow-Origin
 * depends on the request.  (A constant value needs no Vary.)  Kept by the
 * caller for as long as it likes, for each URL or group of URLs that answers
 * alike; of two threads that write it at once either may win.
 */
typedef apr_uint32_t cors_echoed_t;

/** A request and the response to it. */
typedef struct cors_exchange_t {
    const cors_request_t *request;
    const cors_decision_t *decision; /**< the policy's, on this request */
    int with_credentials;       /**< whether the page asked for credentials
                                     (Fetch, "credentials mode").  Cookie
                                     shows that it did; Authorization, only
                                     if the browser added it, as it does
                                     Basic, and not a script, as most do
                                     Bearer; a preflight never shows it */
    int status;                 /**< of the response */
    const apr_table_t *headers; /**< its fields as they go out, an entry for
                                     each line */
    const char *fetch_site;     /**< Sec-Fetch-Site of the request, NULL if it
                                     has none */
    const char *fetch_mode;     /**< Sec-Fetch-Mode */
    int keeps_status;           /**< of a preflight, the policy would leave
                                     the status as it is (CORSPreflight
                                     pass) */
    int keeps_headers;          /**< it would leave them as they are if there
                                     is an Allow-Origin (CORSBackendHeaders
                                     keep) */
} cors_exchange_t;

/** What a browser would make of it. */
typedef struct cors_judgement_t {
    cors_report_t report;
    int is_readable;            /**< the page may read the response, or the
                                     preflight passes */
    const char *allow_origin;   /**< as the browser sees it, lines joined;
                                     NULL if absent */
    int allows_credentials;     /**< Allow-Credentials is "true" */
    int status;                 /**< of the response */
    unsigned int defects;       /**< CORS_DEFECT_BIT()s */
    const char *culprit;        /**< of the last three defects: the element
                                     that is no token, or the first requested
                                     name that is not listed, in lower case;
                                     not NUL-terminated; NULL if none is */
    apr_size_t culprit_len;     /**< bytes in culprit */
} cors_judgement_t;

/**
 * Judge a response.  Takes time linear in the length of the request's values
 * and of the response's lists.
 *
 * A policy that allows an origin without credentials would refuse a request
 * with them: CORS_REPORT_WOULD_REFUSE then goes with CORS_REASON_NONE in the
 * decision.  The report on a preflight is on the request that with_credentials
 * speaks of; its defects are those for any request that the policy allows,
 * with credentials if it has them.
 *
 * @param judgement Filled in completely; everything but the report is 0 or
 *                  NULL for CORS_REPORT_NONE
 * @param exchange Borrowed for as long as @a judgement is used
 * @param echoed Read and written; NULL if CORS_DEFECT_NO_VARY is not to be
 *               looked for
 * @param pool For values that must be joined or put in lower case
 */
void cors_judge(cors_judgement_t *judgement, const cors_exchange_t *exchange,
                cors_echoed_t *echoed, apr_pool_t *pool);

/**
 * The defects in words: "two-allow-origin, preflight-status-401", or
 * "preflight-header-not-listed x-a", of which the last word comes from
 * outside and is cut at CORS_MAX_QUOTE bytes; "-" if there are none.
 */
const char *cors_judgement_defects(const cors_judgement_t *judgement,
                                   apr_pool_t *pool);

#endif /* CORS_JUDGE_H */
