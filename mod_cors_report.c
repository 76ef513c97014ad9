/* SPDX-License-Identifier: Apache-2.0 */

/*
 * CORSEngine ReportOnly: mod_cors_report.h.  Nothing but notes of the request
 * is written here, and these when it is over.
 */

#include "mod_cors_report.h"
#include "mod_cors_place.h"
#include "mod_cors_request.h"
#include "mod_cors_status.h"

#include "http_log.h"
#include "http_protocol.h"
#include "http_request.h"

#include "apr_cstr.h"
#include "apr_lib.h"
#include "apr_strings.h"

#include "cors_text.h"

APLOG_USE_MODULE(cors);

/* The request as it came: RequestHeader may change it before it is over. */
typedef struct cors_observed_t {
    const cors_policy_t *policy;
    cors_request_t request;
    cors_decision_t decision;
    int with_credentials;
    const char *fetch_site;
    const char *fetch_mode;
} observed_t;

/* ------------------------------------------------------------------------
 * Requests
 */

/* The context of a request that a policy under ReportOnly governs. */
static cors_ctx_t *ctx_get(const request_rec *r)
{
    cors_ctx_t *ctx = cors_ctx_get(r);

    return ctx && ctx->policy && !ctx->is_active
           && cors_policy_decides(ctx->policy) ? ctx : NULL;
}

/* Whether a request shows that the page asked for credentials.  Authorization
 * of other schemes, such as Bearer, is mostly set by the page itself. */
static int with_credentials(const request_rec *r)
{
    static const char *const of_browsers[] = {
        "Basic ", "Digest ", "Negotiate ", "NTLM ", NULL
    };
    const char *authorization = apr_table_get(r->headers_in, "Authorization");
    const char *const *scheme;

    if (apr_table_get(r->headers_in, "Cookie")) {
        return 1;
    }
    for (scheme = of_browsers; authorization && *scheme; scheme++) {
        if (apr_cstr_casecmpn(authorization, *scheme, strlen(*scheme)) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Handshakes of WebSockets have no Sec-Fetch-Mode in some browsers; and pages
 * cannot set Upgrade. */
static const char *fetch_mode(const request_rec *r)
{
    const char *upgrade = apr_table_get(r->headers_in, "Upgrade");

    return upgrade && apr_cstr_casecmp(upgrade, "websocket") == 0
           ? "websocket" : apr_table_get(r->headers_in, "Sec-Fetch-Mode");
}

static void observe(request_rec *r, cors_ctx_t *ctx)
{
    observed_t *observed;

    if (ctx->observed) {
        return;
    }
    observed = apr_pcalloc(r->pool, sizeof(*observed));
    cors_ctx_request(&observed->request, r, ctx);
    observed->with_credentials = with_credentials(r);
    observed->fetch_site = apr_table_get(r->headers_in, "Sec-Fetch-Site");
    observed->fetch_mode = fetch_mode(r);
    observed->policy = ctx->answerable ? ctx->answerable : ctx->policy;
    cors_decide(&observed->decision, observed->policy, &observed->request,
                r->pool);
    ctx->observed = observed;
}

/* Before RequestHeader. */
static int hook_fixups(request_rec *r)
{
    cors_ctx_t *ctx = r->main ? NULL : ctx_get(r);

    if (ctx) {
        observe(r, ctx);
    }
    return DECLINED;
}

/* ------------------------------------------------------------------------
 * Responses
 */

/* The request that the client made, of those that it was redirected to. */
static request_rec *first_request(request_rec *r)
{
    while (r->prev) {
        r = r->prev;
    }
    return r;
}

/* Judge what was sent.  What a URL has echoed is kept for the path that the
 * client asked for: two sections with a fixed origin each are no echo, though
 * one policy may be for both.  Between reading and writing it another request
 * may come: its origin comes again. */
static void judge(cors_judgement_t *judgement, const cors_exchange_t *exchange,
                  const request_rec *r)
{
    cors_counters_t *counters = cors_status_counters();
    cors_echoed_t before;
    cors_echoed_t echoed;
    const char *path;

    path = apr_pstrcat(r->pool, r->hostname ? r->hostname : "",
                       r->parsed_uri.path, NULL);
    before = echoed = counters ? cors_echoed_get(counters, path) : 0;
    cors_judge(judgement, exchange, counters ? &echoed : NULL, r->pool);
    if (echoed != before) {
        cors_echoed_set(counters, path, echoed);
    }
}

/* What the log says of a response. */
static const char *response_text(const cors_judgement_t *judgement,
                                 int is_preflight, apr_pool_t *pool)
{
    const char *allow_origin = judgement->allow_origin;

    return apr_psprintf(pool, "response %d %s%s%s%.*s%s", judgement->status,
                        is_preflight ? judgement->is_readable ? "passes"
                                                              : "fails"
                        : judgement->is_readable ? "can be read"
                                                 : "cannot be read",
                        judgement->allows_credentials ? ", with credentials"
                                                      : "",
                        allow_origin ? ", Access-Control-Allow-Origin '"
                                     : ", no Access-Control-Allow-Origin",
                        CORS_MAX_QUOTE, allow_origin ? allow_origin : "",
                        allow_origin ? "'" : "");
}

static const char *decision_text(const cors_decision_t *decision,
                                 apr_pool_t *pool)
{
    if (decision->is_allowed) {
        return decision->allow_credentials ? "policy allows, with credentials"
                                           : "policy allows";
    }
    return apr_pstrcat(pool, "policy denies (",
                       cors_reason_name(decision->reason), ")", NULL);
}

static void log_report(request_rec *r, const cors_reported_t *reported,
                       const char *text, const cors_refusal_line_t *line)
{
    const cors_judgement_t *judgement = reported->judgement;
    const cors_decision_t *decision = reported->exchange->decision;
    const cors_request_t *request = reported->exchange->request;
    int is_preflight = decision->kind == CORS_KIND_PREFLIGHT;
    int is_trivial = judgement->report == CORS_REPORT_SAME
                     && !judgement->defects;

    ap_log_rerror(APLOG_MARK, is_trivial ? APLOG_DEBUG : APLOG_INFO, 0, r,
                  "report-only: %s %s: %s, %s, origin '%.*s', method '%.*s', "
                  "policy %s%s",
                  is_preflight ? "preflight" : "actual request", text,
                  decision_text(decision, r->pool),
                  response_text(judgement, is_preflight, r->pool),
                  CORS_MAX_QUOTE, request->origin, CORS_MAX_QUOTE,
                  is_preflight ? request->request_method : request->method,
                  cors_place_text(reported->policy->place, r->pool),
                  cors_log_rest(line, r->pool));
}

/* Count a report and log it, as record_decision() does a refusal. */
static void record_report(request_rec *r, const cors_reported_t *reported,
                          const char *text)
{
    static const cors_refusal_line_t one_line = { 1, 0, 0, 0, 0 };
    const cors_judgement_t *judgement = reported->judgement;
    cors_refusal_line_t line = one_line;
    int is_rationed = (judgement->report != CORS_REPORT_SAME
                       || judgement->defects)
                      && !APLOG_R_IS_LEVEL(r, APLOG_DEBUG)
                      && APLOG_R_IS_LEVEL(r, APLOG_INFO);

    cors_status_note_report(r, reported, is_rationed ? &line : NULL);
    if (is_rationed ? line.is_due : APLOG_R_IS_LEVEL(r, APLOG_DEBUG)) {
        log_report(r, reported, text, &line);
    }
}

/* What the policy would leave to the handler or backend, or to a redirect that
 * came before it could answer a preflight. */
static void exchange_read_ctx(cors_exchange_t *exchange,
                              const cors_ctx_t *ctx)
{
    const observed_t *observed = ctx->observed;
    const cors_policy_t *policy = observed->policy;
    int is_preflight = observed->decision.kind == CORS_KIND_PREFLIGHT;

    exchange->keeps_status = is_preflight && !ctx->answerable;
    exchange->keeps_headers = policy->backend_headers == CORS_BACKEND_KEEP
                              && !cors_policy_is_closed(policy)
                              && (!is_preflight || !ctx->answerable);
}

static void report(request_rec *r, const cors_ctx_t *ctx)
{
    const observed_t *observed = ctx->observed;
    cors_exchange_t exchange;
    cors_judgement_t judgement;
    cors_reported_t reported;
    const char *text;

    exchange.request = &observed->request;
    exchange.decision = &observed->decision;
    exchange.with_credentials = observed->with_credentials;
    exchange.fetch_site = observed->fetch_site;
    exchange.fetch_mode = observed->fetch_mode;
    exchange.status = r->status;
    exchange.headers = r->headers_out;
    exchange_read_ctx(&exchange, ctx);
    judge(&judgement, &exchange, first_request(r));
    if (judgement.report == CORS_REPORT_NONE) {
        return;
    }
    text = cors_report_name(judgement.report);
    if (judgement.defects) {
        text = apr_pstrcat(r->pool, text, ", ",
                           cors_judgement_defects(&judgement, r->pool), NULL);
    }
    apr_table_setn(r->notes, "cors-report", text);
    apr_table_setn(r->notes, "cors-policy", observed->policy->place->name);
    reported.policy = observed->policy;
    reported.exchange = &exchange;
    reported.judgement = &judgement;
    record_report(first_request(r), &reported, text);
}

/* Whether a script has written the header fields of its response itself, so
 * that they are not known.  Scripts go by their handler, or by a type. */
static int is_nph(const request_rec *r)
{
    const char *handler = r->handler ? r->handler : r->content_type;

    return r->filename && handler
           && (strcmp(handler, "cgi-script") == 0
               || strcmp(handler, "application/x-httpd-cgi") == 0)
           && strncmp(apr_filepath_name_get(r->filename), "nph-", 4) == 0;
}

/* The last request of a redirect chain has the response; and by now its
 * header fields are those that were sent.  If the client was gone before,
 * they are not. */
static int hook_log_transaction(request_rec *r)
{
    cors_ctx_t *ctx;

    while (r->next) {
        r = r->next;
    }
    cors_ctx_complete(r);
    ctx = ctx_get(r);
    if (ctx && !is_nph(r)
        && !(r->connection->aborted && r->bytes_sent == 0)) {
        observe(r, ctx);
        report(r, ctx);
    }
    return DECLINED;
}

void cors_report_register(void)
{
    ap_hook_fixups(hook_fixups, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_log_transaction(hook_log_transaction, NULL, NULL, APR_HOOK_FIRST);
}
