/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_HEADERS_H
#define MOD_CORS_HEADERS_H

/**
 * @file mod_cors_headers.h
 * @brief The response headers of a decision, among those of others.
 *
 * They are in two tables: r->headers_out, and r->err_headers_out, which error
 * documents keep and which "Header always" writes to.
 */

#include "mod_cors_request.h"

/** Whether CORS headers that the handler or backend makes may stay. */
int cors_headers_may_be_kept(const cors_ctx_t *ctx);

/** Find out, where they may, which of the two tables they are in: to be
 * called before mod_headers adds its own. */
void cors_headers_look_at_backend(request_rec *r);

/**
 * Write the headers of the decision in place of all others of these names,
 * or keep those of the handler or backend: of each name what one table has,
 * and of Access-Control-Allow-Origin one line.
 * @param ctx An active one, decided
 */
void cors_headers_write(request_rec *r, const cors_ctx_t *ctx);

/** Add names to Vary, each once. */
void cors_headers_add_vary(request_rec *r, const char *names);

#endif /* MOD_CORS_HEADERS_H */
