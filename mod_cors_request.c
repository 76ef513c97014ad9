/* SPDX-License-Identifier: Apache-2.0 */

/* What is remembered of a request, decided and published. */

#include "mod_cors_request.h"
#include "mod_cors_startup.h"
#include "mod_cors_status.h"

#include "http_core.h"
#include "http_log.h"
#include "http_request.h"

#include "apr_strings.h"

#include "cors_text.h"

APLOG_USE_MODULE(cors);

/* Of requests that no policy governs so far. */
static const cors_ctx_t no_policy;

/* Of requests that no more than the URL is known of, as it was asked, and
 * whose policy that would settle. */
static const cors_ctx_t not_looked_up;

/* ------------------------------------------------------------------------
 * Remembering
 */

static void ctx_set(request_rec *r, const cors_ctx_t *ctx)
{
    ap_set_module_config(r->request_config, &cors_module, (void *)ctx);
}

/* Whether an earlier request of a redirect chain settles the matter: it has
 * a policy, or nothing is known of it. */
static int is_governed_by_previous(const request_rec *r)
{
    const cors_ctx_t *previous;

    if (!r->prev) {
        return 0;
    }
    previous = cors_ctx_get(r->prev);
    return !previous || previous->policy;
}

static const cors_server_t *server_get(const request_rec *r)
{
    return ap_get_module_config(r->server->module_config, &cors_module);
}

int cors_ctx_is_possible(const request_rec *r)
{
    const cors_server_t *server = server_get(r);

    return server && server->is_used && r->uri[0] == '/'
           && (!r->main || cors_ctx_is_explained(r))
           && r->proxyreq != PROXYREQ_PROXY;
}

int cors_ctx_is_final(const request_rec *r)
{
    return !server_get(r)->obstacle;
}

const char *cors_method_sent(const request_rec *r)
{
    return apr_pstrmemdup(r->pool, r->the_request,
                          strcspn(r->the_request, " \t"));
}

/* httpd makes the method of a redirected request GET for error documents. */
static const char *client_method(const request_rec *r)
{
    return r->prev ? cors_method_sent(r) : r->method;
}

static void remember(request_rec *r, const cors_policy_t *policy)
{
    cors_ctx_t *ctx;

    ctx = cors_ctx_get(r);
    if (ctx && ctx->answered_at) {
        return;                 /* explained: it would have ended there */
    }
    if (!cors_policy_says_anything(policy)) {
        ctx_set(r, &no_policy);
        return;
    }
    if (!ctx || !ctx->policy) {
        ctx = apr_pcalloc(r->pool, sizeof(*ctx));
        ctx->method = client_method(r);
        ctx_set(r, ctx);
    }
    ctx->uri = r->uri;
    ctx->policy = policy;
    ctx->is_active = cors_policy_is_active(policy);
}

void cors_ctx_remember(request_rec *r)
{
    if (is_governed_by_previous(r)) {
        ctx_set(r, cors_ctx_get(r->prev));
        return;
    }
    remember(r, ap_get_module_config(r->per_dir_config, &cors_module));
}

void cors_ctx_forget(request_rec *r)
{
    const cors_ctx_t *ctx = cors_ctx_get(r);

    if (!is_governed_by_previous(r) && !(ctx && ctx->answered_at)) {
        ctx_set(r, NULL);
    }
}

/* ------------------------------------------------------------------------
 * Refusals before httpd looks the URL up
 */

#ifdef AP_UNESCAPE_URL_KEEP_SLASHES     /* httpd 2.4.51 */

/* The path that httpd would look up, NULL if it would refuse it: what
 * ap_process_request_internal() does first. */
static char *path_to_look_up(const request_rec *r)
{
    const core_server_config *server =
        ap_get_core_module_config(r->server->module_config);
    const core_dir_config *dir =
        ap_get_core_module_config(r->server->lookup_defaults);
    unsigned int normalize = AP_NORMALIZE_NOT_ABOVE_ROOT;
    unsigned int unescape = AP_UNESCAPE_URL_KEEP_UNRESERVED;
    char *path = apr_pstrdup(r->pool, r->parsed_uri.path);

    if (server->merge_slashes != AP_CORE_CONFIG_OFF) {
        normalize |= AP_NORMALIZE_MERGE_SLASHES;
    }
    if (!dir->allow_encoded_slashes) {
        unescape |= AP_UNESCAPE_URL_FORBID_SLASHES;
    }
    else if (!dir->decode_encoded_slashes) {
        unescape |= AP_UNESCAPE_URL_KEEP_SLASHES;
    }
    if (!path
        || !ap_normalize_path(path,
                              normalize | AP_NORMALIZE_DECODE_UNRESERVED)
        || ap_unescape_url_ex(path, unescape) != OK) {
        return NULL;
    }
    if (dir->allow_encoded_slashes && dir->decode_encoded_slashes) {
        ap_normalize_path(path, normalize);
    }
    return path;
}

/* The policy of the server and the <Location> sections.  The request is left
 * as it is: the walk works on a copy, and what it keeps for the next one is
 * taken away. */
static const cors_policy_t *look_up(request_rec *r)
{
    void **walked = ap_get_request_note(r, AP_NOTE_LOCATION_WALK);
    void *before = *walked;
    request_rec copy = *r;

    copy.uri = path_to_look_up(r);
    if (!copy.uri) {
        return NULL;
    }
    copy.per_dir_config = r->server->lookup_defaults;
    copy.subprocess_env = apr_table_make(r->pool, 1);
    *walked = NULL;
    ap_location_walk(&copy);
    *walked = before;
    return ap_get_module_config(copy.per_dir_config, &cors_module);
}

#else

static const cors_policy_t *look_up(request_rec *r)
{
    return NULL;
}

#endif

/* Look up what has not been. */
static void settle(request_rec *r)
{
    if (cors_ctx_get(r) == &not_looked_up) {
        const cors_policy_t *policy = look_up(r);

        ctx_set(r, NULL);
        if (policy) {
            remember(r, policy);
        }
    }
}

/* What a forward proxy is asked for is not recognised yet; its targets are
 * whole URLs. */
void cors_ctx_start(request_rec *r)
{
    if (r->prev) {
        settle(r->prev);
    }
    else if (cors_ctx_is_possible(r) && cors_ctx_is_final(r)
             && r->unparsed_uri[0] == '/') {
        ctx_set(r, &not_looked_up);
    }
}

void cors_ctx_complete(request_rec *r)
{
    const cors_ctx_t *ctx = cors_ctx_get(r);

    if (ctx == &not_looked_up) {
        settle(r);
    }
    else if (ctx && !ctx->policy) {
        cors_ctx_remember(r);
    }
}

/* ------------------------------------------------------------------------
 * Decisions
 */

static const char *const reason_texts[] = {
    [CORS_REASON_NONE] = "",
    [CORS_REASON_CLOSED] = " (closed to other origins)",
    [CORS_REASON_ORIGIN] = " (origin not allowed)",
    [CORS_REASON_METHOD] = " (method not allowed)",
    [CORS_REASON_HEADER] = " (header not allowed)",
    [CORS_REASON_MALFORMED] = " (malformed request)",
    [CORS_REASON_UNSAFE_POLICY] = " (unsafe policy)",
};

const char *cors_log_rest(const cors_refusal_line_t *line, apr_pool_t *pool)
{
    const char *rest = "";

    if (line->since > 0) {
        rest = apr_psprintf(pool, "; %u more like this were not logged",
                            line->since);
    }
    if (line->left_out > 0) {
        rest = apr_psprintf(pool, "%s; %u other lines were left out before",
                            rest, line->left_out);
    }
    if (line->is_last_new) {
        return apr_pstrcat(pool, rest, "; no more new refusals are logged in "
                           "this minute", NULL);
    }
    if (line->is_last) {
        return apr_pstrcat(pool, rest, "; no more refusals are logged in "
                           "this minute", NULL);
    }
    return rest;
}

static void log_decision(request_rec *r, const cors_ctx_t *ctx,
                         const cors_request_t *request,
                         const cors_refusal_line_t *line)
{
    const cors_decision_t *decision = &ctx->decision;
    int preflight = decision->kind == CORS_KIND_PREFLIGHT;
    int offender_len = decision->offender_len < CORS_MAX_QUOTE
                       ? (int)decision->offender_len : CORS_MAX_QUOTE;

    ap_log_rerror(APLOG_MARK, decision->is_allowed ? APLOG_DEBUG : APLOG_INFO,
                  0, r,
                  "%s %s%s: origin '%.*s', method '%.*s'%s%.*s%s, policy "
                  "%s%s",
                  preflight ? "preflight" : "actual request",
                  decision->is_allowed ? "allowed" : "denied",
                  reason_texts[decision->reason],
                  CORS_MAX_QUOTE, request->origin,
                  CORS_MAX_QUOTE, preflight ? request->request_method
                                            : request->method,
                  decision->offender ? ", header '" : "",
                  offender_len, decision->offender ? decision->offender : "",
                  decision->offender ? "'" : "",
                  cors_place_text(ctx->policy->place, r->pool),
                  cors_log_rest(line, r->pool));
}

/* Count a decision and log it.  At the level of info a refusal that comes
 * again and again is logged as cors_refusals.h says; debug logs all. */
static void record_decision(request_rec *r, const cors_ctx_t *ctx,
                            const cors_request_t *request)
{
    static const cors_refusal_line_t one_line = { 1, 0, 0, 0, 0 };
    const cors_decision_t *decision = &ctx->decision;
    cors_refusal_line_t line = one_line;
    int is_rationed;

    if (decision->kind == CORS_KIND_NOT_CORS) {
        return;
    }
    is_rationed = !decision->is_allowed
                  && !APLOG_R_IS_LEVEL(r, APLOG_DEBUG)
                  && APLOG_R_IS_LEVEL(r, APLOG_INFO);
    cors_status_note(r, ctx->policy, decision, request,
                     is_rationed ? &line : NULL);
    if (is_rationed ? line.is_due : APLOG_R_IS_LEVEL(r, APLOG_DEBUG)) {
        log_decision(r, ctx, request, &line);
    }
}

/* What is sent is well-formed if a pattern has matched it. */
static int origin_is_well_formed(const cors_ctx_t *ctx)
{
    const char *allowed = ctx->decision.allow_origin;
    cors_origin_t origin;

    return (allowed && strcmp(allowed, "*") != 0)
           || strcmp(ctx->origin, "null") == 0
           || cors_origin_parse(&origin, ctx->origin, strlen(ctx->origin));
}

/* Show the decision to access control, handlers and logs.  Each request of a
 * redirect chain has its own notes and environment; they have none of these
 * names yet. */
static void publish_decision(request_rec *r, cors_ctx_t *ctx)
{
    const cors_decision_t *decision = &ctx->decision;
    int is_well_formed;

    if (ctx->published_for == r || decision->kind == CORS_KIND_NOT_CORS) {
        return;
    }
    ctx->published_for = r;
    is_well_formed = origin_is_well_formed(ctx);
    apr_table_addn(r->notes, "cors-verdict",
                   decision->is_allowed ? "allowed" : "denied");
    apr_table_addn(r->notes, "cors-policy", ctx->policy->place->name);
    apr_table_addn(r->notes, "cors-origin",
                   is_well_formed ? ctx->origin : "malformed");
    if (!decision->is_allowed) {
        apr_table_addn(r->notes, "cors-reason",
                       cors_reason_name(decision->reason));
    }
    else if (is_well_formed) {
        apr_table_setn(r->subprocess_env, "CORS_ORIGIN", ctx->origin);
    }
}

const char *cors_origin_sent(const request_rec *r)
{
    const cors_ctx_t *ctx = cors_ctx_get(r);

    return ctx && ctx->withheld ? ctx->withheld
                                : apr_table_get(r->headers_in, "Origin");
}

static void request_read(cors_request_t *request, const request_rec *r,
                         cors_ctx_t *ctx)
{
    request->method = ctx->method;
    request->origin = ctx->origin = apr_table_get(r->headers_in, "Origin");
    request->request_method = request->request_headers = NULL;
    /* Only preflights have these two, and they are OPTIONS requests. */
    if (request->origin && strcmp(ctx->method, "OPTIONS") == 0) {
        request->request_method =
            apr_table_get(r->headers_in, "Access-Control-Request-Method");
        request->request_headers =
            apr_table_get(r->headers_in, "Access-Control-Request-Headers");
    }
}

void cors_ctx_request(cors_request_t *request, const request_rec *r,
                      cors_ctx_t *ctx)
{
    request_read(request, r, ctx);
}

void cors_ctx_decide(request_rec *r, cors_ctx_t *ctx)
{
    cors_request_t request;

    if (r->main) {
        return;                 /* explained, not answered */
    }
    if (ctx->is_decided) {
        publish_decision(r, ctx);
        return;
    }
    request_read(&request, r, ctx);
    cors_decide(&ctx->decision, ctx->policy, &request, r->pool);
    ctx->is_decided = 1;
    publish_decision(r, ctx);
    record_decision(r, ctx, &request);
}

cors_ctx_t *cors_ctx_override(request_rec *r, const cors_policy_t *policy)
{
    cors_ctx_t *ctx = apr_pcalloc(r->pool, sizeof(*ctx));
    cors_request_t request;

    ctx->method = r->method;
    ctx->uri = r->uri;
    ctx->policy = policy;
    ctx->is_active = 1;
    request_read(&request, r, ctx);
    cors_decide(&ctx->decision, policy, &request, r->pool);
    ctx->is_decided = 1;
    ctx_set(r, ctx);
    return ctx;
}
