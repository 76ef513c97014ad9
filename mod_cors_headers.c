/* SPDX-License-Identifier: Apache-2.0 */

#include "mod_cors_headers.h"

#include "cors_text.h"

/* ------------------------------------------------------------------------
 * What handlers and backends made
 */

static const char allow_origin[] = "Access-Control-Allow-Origin";

/* CGI scripts write to the table for errors too, mod_proxy_http does not. */
void cors_headers_look_at_backend(request_rec *r)
{
    cors_ctx_t *ctx = cors_ctx_active(r);

    if (ctx) {
        ctx->is_kept_always = !apr_table_get(r->headers_out, allow_origin)
                              || apr_table_get(r->err_headers_out,
                                               allow_origin);
    }
}

int cors_headers_may_be_kept(const cors_ctx_t *ctx)
{
    return ctx->policy->backend_headers == CORS_BACKEND_KEEP
           && !ctx->is_answered && !cors_policy_is_closed(ctx->policy);
}

/* Keep them, rather than those that mod_headers has added since.  Returns the
 * Allow-Origin that stays; NULL if ours are to be written. */
static const char *keep(request_rec *r, const cors_ctx_t *ctx,
                        const char *const *names)
{
    apr_table_t *kept = ctx->is_kept_always ? r->err_headers_out
                                            : r->headers_out;
    apr_table_t *other = ctx->is_kept_always ? r->headers_out
                                             : r->err_headers_out;
    const char *origin;

    if (!cors_headers_may_be_kept(ctx)) {
        return NULL;
    }
    for (; *names; names++) {
        if (apr_table_get(kept, *names)) {
            apr_table_unset(other, *names);
        }
    }
    if (!apr_table_get(kept, allow_origin)) {
        kept = other;
    }
    origin = apr_table_get(kept, allow_origin);
    if (origin) {
        apr_table_setn(kept, allow_origin, origin);
    }
    return origin;
}

/* ------------------------------------------------------------------------
 * What this module makes
 */

#define FOUND_CORS 1
#define FOUND_TIMING 2
#define FOUND_VARY 4
#define FOUND_COOKIE 8

static const char cors_prefix[] = "Access-Control-";

static const char *const owned_names[] = {
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "Access-Control-Allow-Methods",
    "Access-Control-Allow-Headers",
    "Access-Control-Allow-Private-Network",
    "Access-Control-Max-Age",
    "Access-Control-Expose-Headers",
    NULL
};

/* One pass in place of a look-up for each name: those that begin alike are
 * alike to a table's index, and nearly always none of them is there. */
static int owned_headers_find(const apr_table_t *table)
{
    const apr_array_header_t *elts = apr_table_elts(table);
    const apr_table_entry_t *entry = (const apr_table_entry_t *)elts->elts;
    int found = 0;
    int i;

    for (i = 0; i < elts->nelts; i++, entry++) {
        switch (entry->key[0]) {
        case 'A':
        case 'a':
            if (ap_cstr_casecmpn(entry->key, cors_prefix,
                                 sizeof(cors_prefix) - 1) == 0) {
                found |= FOUND_CORS;
            }
            break;
        case 'S':
        case 's':
            if (ap_cstr_casecmp(entry->key, "Set-Cookie") == 0) {
                found |= FOUND_COOKIE;
            }
            break;
        case 'T':
        case 't':
            if (ap_cstr_casecmp(entry->key, "Timing-Allow-Origin") == 0) {
                found |= FOUND_TIMING;
            }
            break;
        case 'V':
        case 'v':
            if (ap_cstr_casecmp(entry->key, "Vary") == 0) {
                found |= FOUND_VARY;
            }
            break;
        }
    }
    return found;
}

static void owned_headers_unset(apr_table_t *table, int found)
{
    if (found & FOUND_CORS) {
        const char *const *name;

        for (name = owned_names; *name; name++) {
            apr_table_unset(table, *name);
        }
    }
    if (found & FOUND_TIMING) {
        apr_table_unset(table, "Timing-Allow-Origin");
    }
    if (found & FOUND_COOKIE) {
        apr_table_unset(table, "Set-Cookie");
    }
}

/* What is taken off a response.  The cookies that mod_session gives to error
 * responses too have no place on the answer to a preflight. */
static int owned_headers(const cors_ctx_t *ctx)
{
    int is_timed = ctx->policy->timing_allow_origin
                   && ctx->policy->timing_allow_origin != CORS_TIMING_OFF;

    return FOUND_CORS
           | (is_timed ? FOUND_TIMING : 0)
           | (ctx->is_answered ? FOUND_COOKIE : 0);
}

/* The name must not be in the table. */
static void write_header(request_rec *r, const char *name, const char *value)
{
    if (value) {
        apr_table_addn(r->headers_out, name, value);
    }
}

static void write_vary(request_rec *r, const char *add, int found)
{
    const char *vary;
    const char *always;

    if (!(found & FOUND_VARY)) {
        apr_table_addn(r->headers_out, "Vary", add);
        return;
    }
    vary = apr_table_getm(r->pool, r->headers_out, "Vary");
    always = apr_table_getm(r->pool, r->err_headers_out, "Vary");
    if (always) {
        vary = cors_vary_merge(vary, always, r->pool);
        apr_table_unset(r->err_headers_out, "Vary");
    }
    apr_table_setn(r->headers_out, "Vary",
                   cors_vary_merge(vary, add, r->pool));
}

void cors_headers_add_vary(request_rec *r, const char *names)
{
    write_vary(r, names, FOUND_VARY);
}

/* A list that is made from the response is left out on a 304: the browser
 * would put it in place of the one that it has stored, which names more. */
static const char *exposed_names(const request_rec *r,
                                 const cors_decision_t *decision)
{
    const apr_table_t *tables[2];

    if (!decision->exposed || r->status == HTTP_NOT_MODIFIED) {
        return decision->expose_headers;
    }
    tables[0] = r->headers_out;
    tables[1] = r->err_headers_out;
    return cors_name_set_expose(decision->exposed, tables, r->pool);
}

void cors_headers_write(request_rec *r, const cors_ctx_t *ctx)
{
    const cors_decision_t *decision = &ctx->decision;
    const char *kept = keep(r, ctx, owned_names);
    const char *vary = decision->vary;
    int owned = owned_headers(ctx);
    int found = owned_headers_find(r->headers_out);
    int found_always = owned_headers_find(r->err_headers_out);

    /* What a backend allows one origin it may not allow another. */
    if (kept && strcmp(kept, "*") != 0) {
        vary = cors_vary_merge(vary, "Origin", r->pool);
    }
    if (vary) {
        write_vary(r, vary, found | found_always);
    }
    if (kept) {
        return;
    }
    owned_headers_unset(r->headers_out, found & owned);
    owned_headers_unset(r->err_headers_out, found_always & owned);
    write_header(r, "Access-Control-Allow-Origin", decision->allow_origin);
    write_header(r, "Access-Control-Allow-Credentials",
                 decision->allow_credentials);
    write_header(r, "Access-Control-Allow-Methods", decision->allow_methods);
    write_header(r, "Access-Control-Allow-Headers", decision->allow_headers);
    write_header(r, "Access-Control-Max-Age", decision->max_age);
    write_header(r, "Access-Control-Expose-Headers",
                 exposed_names(r, decision));
    write_header(r, "Timing-Allow-Origin", decision->timing_allow_origin);
}
