/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_REQUEST_H
#define MOD_CORS_REQUEST_H

/**
 * @file mod_cors_request.h
 * @brief What is remembered of a request, decided and published.
 *
 * The policy that governs a request is remembered in r->request_config, in
 * one of these states:
 *
 *     NULL                      nothing is known: the request was refused
 *                               while it was being read, say
 *     a context without policy  the request has been read and not looked up;
 *                               or no request of the chain says anything so
 *                               far
 *     one with a policy         it governs this request and those that it is
 *                               redirected to, which share the context
 *
 * Along a chain of internal redirects the first request that has a policy,
 * also one that says Off or none, governs.
 */

#include "httpd.h"
#include "http_config.h"

#include "cors_policy.h"
#include "cors_refusals.h"
#include "mod_cors_startup.h"

/** What is known of a request. */
typedef struct cors_ctx_t {
    const cors_policy_t *policy;        /**< that governs, or NULL */
    const char *method;                 /**< as the client sent it */
    const char *origin;                 /**< when it was decided on */
    const char *uri;                    /**< r->uri when it was remembered */
    int is_decided;
    int is_answered;                    /**< a preflight, by this module */
    int is_kept_always;                 /**< the handler's or backend's CORS
                                             headers, if they are to be kept,
                                             are those of r->err_headers_out */
    int is_active;                      /**< the policy does something: it is
                                             not off, and not ReportOnly */
    int is_asking;                      /**< a request to cors-status, whose
                                             subrequest is to be explained */
    const char *answered_at;            /**< of a subrequest that is: where a
                                             preflight would be answered; NULL
                                             if it would not */
    const char *withheld;               /**< the Origin that is taken out of
                                             r->headers_in for the handler or
                                             backend; NULL if it is there */
    const cors_policy_t *answerable;    /**< not active: by which a preflight
                                             would have been answered if it
                                             were; NULL if another module came
                                             first, or it is not answered */
    struct cors_observed_t *observed;   /**< under ReportOnly: the request, as
                                             it came (mod_cors_report.c) */
    const request_rec *published_for;   /**< request whose notes are set */
    cors_decision_t decision;           /**< valid if is_decided */
} cors_ctx_t;

/** What is remembered; NULL if nothing is. */
static inline cors_ctx_t *cors_ctx_get(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &cors_module);
}

/** The context of a request that an active policy governs, else NULL. */
static inline cors_ctx_t *cors_ctx_active(const request_rec *r)
{
    cors_ctx_t *ctx = cors_ctx_get(r);

    return ctx && ctx->is_active ? ctx : NULL;
}

/**
 * Whether a request may have a policy: it is a client's, for a path of a
 * server that some CORS directive applies to.  Not subrequests, OPTIONS * and
 * what a forward proxy passes on.
 */
int cors_ctx_is_possible(const request_rec *r);

/** Whether server and <Location> configuration settles the policy of a
 * request for which that is so (mod_cors_startup.h, "final"). */
int cors_ctx_is_final(const request_rec *r);

/**
 * To be called before other modules can refuse a request that has been read:
 * cors_ctx_complete() then finds the policy of one that they do refuse, by its
 * URL, where that makes it final.
 */
void cors_ctx_start(request_rec *r);

/** Whether a subrequest is one that cors-status explains. */
static inline int cors_ctx_is_explained(const request_rec *r)
{
    const cors_ctx_t *ctx = r->main ? cors_ctx_get(r->main) : NULL;

    return ctx && ctx->is_asking;
}

/** The method that the client sent, whatever other modules and error documents
 * have made of it since. */
const char *cors_method_sent(const request_rec *r);

/** The Origin that the client sent, also while the handler or backend is not
 * to see it; NULL if there is none. */
const char *cors_origin_sent(const request_rec *r);

/** Govern a request by a policy of the module's own, whatever its
 * configuration says, and decide anew. */
cors_ctx_t *cors_ctx_override(request_rec *r, const cors_policy_t *policy);

/** Remember the policy of the configuration as it is merged now, unless an
 * earlier request of the chain governs. */
void cors_ctx_remember(request_rec *r);

/** Remember a policy, at last, where what was remembered has none: the
 * request was refused before its URL was looked up, or DirectoryIndex,
 * MultiViews or FallbackResource have changed its configuration. */
void cors_ctx_complete(request_rec *r);

/** Forget what was remembered, unless an earlier request governs. */
void cors_ctx_forget(request_rec *r);

/** What a request asks that a context governs. */
void cors_ctx_request(cors_request_t *request, const request_rec *r,
                      cors_ctx_t *ctx);

/** What follows a line of the log about a refusal, or a report: how many had
 * none. */
const char *cors_log_rest(const cors_refusal_line_t *line, apr_pool_t *pool);

/**
 * Decide, once for a chain, and publish the decision in the environment and
 * the notes of this request.
 * @param ctx An active one
 */
void cors_ctx_decide(request_rec *r, cors_ctx_t *ctx);

#endif /* MOD_CORS_REQUEST_H */
