/* SPDX-License-Identifier: Apache-2.0 */

#include "mod_cors_forward.h"

#include "http_config.h"
#include "http_protocol.h"

int cors_forward_withholds(const cors_policy_t *policy, const char *origin)
{
    return policy->forward_origin == CORS_OFF
           && cors_policy_trusts(policy, origin);
}

static int hook_handler(request_rec *r)
{
    cors_ctx_t *ctx = r->main ? NULL : cors_ctx_active(r);
    const char *origin;

    if (!ctx || ctx->policy->forward_origin != CORS_OFF) {
        return DECLINED;
    }
    origin = apr_table_get(r->headers_in, "Origin");
    if (origin && cors_forward_withholds(ctx->policy, origin)) {
        apr_table_unset(r->headers_in, "Origin");
        ctx->withheld = origin;
    }
    return DECLINED;
}

/* What has answered without filters, an upgraded connection say. */
static int hook_log_transaction(request_rec *r)
{
    cors_ctx_t *ctx;

    while (r->next) {
        r = r->next;
    }
    ctx = cors_ctx_active(r);
    if (ctx) {
        cors_forward_restore(r, ctx);
    }
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
