/* SPDX-License-Identifier: Apache-2.0 */

#include "mod_cors_forward.h"

#include "http_config.h"
#include "http_protocol.h"

int cors_forward_withholds(const cors_policy_t *policy, const char *origin)
{
    return cors_forward_is_off(policy) && cors_policy_trusts(policy, origin);
}

/* What makes a part of a response sees no more than what makes the whole. */
static int hook_handler(request_rec *r)
{
    const request_rec *whole = r;
    const char *origin;
    cors_ctx_t *ctx;

    while (whole->main) {
        whole = whole->main;
    }
    ctx = cors_ctx_active(whole);
    if (!ctx || !cors_forward_is_off(ctx->policy)) {
        return DECLINED;
    }
    origin = apr_table_get(r->headers_in, "Origin");
    if (!origin || !cors_forward_withholds(ctx->policy, origin)) {
        return DECLINED;
    }
    if (r->main) {
        r->headers_in = apr_table_copy(r->pool, r->headers_in);
    }
    else {
        ctx->withheld = origin;
    }
    apr_table_unset(r->headers_in, "Origin");
    /* Where a module has made a script's environment already. */
    apr_table_unset(r->subprocess_env, "HTTP_ORIGIN");
    return DECLINED;
}

void cors_forward_restore(request_rec *r)
{
    cors_ctx_t *ctx = cors_ctx_active(r);

    if (ctx && ctx->withheld) {
        apr_table_setn(r->headers_in, "Origin", ctx->withheld);
        ctx->withheld = NULL;
    }
}

/* What has answered without filters, an upgraded connection say. */
static int hook_log_transaction(request_rec *r)
{
    while (r->next) {
        r = r->next;
    }
    cors_forward_restore(r);
    return DECLINED;
}

void cors_forward_register(void)
{
    /* It stores by what the client asked, and finds by it. */
    static const char *const after_cache[] = { "mod_cache.c", NULL };

    ap_hook_handler(hook_handler, after_cache, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_log_transaction(hook_log_transaction, NULL, NULL,
                            APR_HOOK_REALLY_FIRST);
}
