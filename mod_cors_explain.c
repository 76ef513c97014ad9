/* SPDX-License-Identifier: Apache-2.0 */

/*
 * "What would you say to this origin, method and headers at this URL, and
 * why?"  httpd is asked by a subrequest, in which our own hooks remember the
 * policy as they do for a client's request (mod_cors_request.h); nothing is
 * answered, counted or logged, and no handler runs.
 */

#include "mod_cors_page.h"
#include "mod_cors_authz.h"
#include "mod_cors_escape.h"
#include "mod_cors_forward.h"
#include "mod_cors_request.h"
#include "mod_cors_startup.h"

#include "http_core.h"
#include "http_main.h"
#include "http_protocol.h"
#include "http_request.h"
#include "util_script.h"

#include "apr_strings.h"

#include "cors_nearest.h"
#include "cors_text.h"

/* What is asked. */
typedef struct {
    const char *url;
    const char *origin;
    const char *method;
    const char *headers;        /* NULL if there are none */
} question_t;

/* ------------------------------------------------------------------------
 * The question
 */

/* A value of the form; NULL if it is not there, or empty. */
static const char *value_of(const apr_table_t *form, const char *name)
{
    const char *value = apr_table_get(form, name);

    return value && *value ? value : NULL;
}

/* Whether httpd would take a value in a header or request line. */
static int is_sendable(const char *value)
{
    for (; *value; value++) {
        unsigned char c = (unsigned char)*value;

        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            return 0;
        }
    }
    return 1;
}

/* Read the question.  Returns what is wrong with it, or NULL. */
static const char *question_read(question_t *question, request_rec *r)
{
    apr_table_t *form;

    /* Decoded, it would end the value. */
    if (ap_strstr_c(r->args, "%00")) {
        return "write no %00, which no request has";
    }
    ap_args_to_table(r, &form);
    question->url = value_of(form, "url");
    question->origin = value_of(form, "origin");
    question->method = value_of(form, "method");
    question->headers = value_of(form, "headers");
    if (!question->method) {
        question->method = "GET";
    }
    if (!question->url || question->url[0] != '/'
        || strpbrk(question->url, " \t") || !is_sendable(question->url)) {
        return "url: write the path of the URL, /api/data.json";
    }
    if (!question->origin || !is_sendable(question->origin)) {
        return "origin: write the origin of the page, "
               "https://app.example.com";
    }
    if (text_span(question->method, strlen(question->method), CORS_TOKEN)
        != strlen(question->method)) {
        return "method: write a method, PUT";
    }
    if (question->headers && !is_sendable(question->headers)) {
        return "headers: write names separated by commas";
    }
    return NULL;
}

/* Fetch, "CORS-preflight request": whether a browser asks first. */
static int needs_preflight(const question_t *question)
{
    return question->headers
           || !cors_method_is_safelisted(question->method,
                                         strlen(question->method));
}

/* ------------------------------------------------------------------------
 * Asking httpd
 */

/* What a request of the page would not have from the request that asks. */
static const char *const left_out[] = {
    "Access-Control-Request-Headers", "Access-Control-Request-Method",
    "Authorization", "Connection", "Content-Length", "Content-Type",
    "Cookie", "If-Match", "If-Modified-Since", "If-None-Match", "If-Range",
    "If-Unmodified-Since", "Origin", "Range", "Referer", "Sec-Fetch-Dest",
    "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User", "Transfer-Encoding",
    "Upgrade", NULL
};

/* Whether a page of an origin asks its own server. */
static int is_own_origin(const request_rec *r, const char *origin)
{
    const char *host = apr_table_get(r->headers_in, "Host");

    return host && strcmp(origin, apr_pstrcat(r->pool, ap_http_scheme(r),
                                              "://", host, NULL)) == 0;
}

/* The header fields of a request as a browser would send it, from the same
 * client. */
static apr_table_t *headers_for(const request_rec *r,
                                const question_t *question, int is_preflight)
{
    apr_table_t *headers = apr_table_copy(r->pool, r->headers_in);
    const char *const *name;

    for (name = left_out; *name; name++) {
        apr_table_unset(headers, *name);
    }
    apr_table_setn(headers, "Origin", question->origin);
    apr_table_setn(headers, "Sec-Fetch-Dest", "empty");
    apr_table_setn(headers, "Sec-Fetch-Mode", "cors");
    apr_table_setn(headers, "Sec-Fetch-Site",
                   is_own_origin(r, question->origin) ? "same-origin"
                                                      : "cross-site");
    if (is_preflight) {
        apr_table_setn(headers, "Access-Control-Request-Method",
                       question->method);
        if (question->headers) {
            apr_table_setn(headers, "Access-Control-Request-Headers",
                           question->headers);
        }
    }
    return headers;
}

/* Let httpd look the request up.  It copies the header fields. */
static request_rec *look_up(request_rec *r, const question_t *question,
                            int is_preflight)
{
    apr_table_t *own = r->headers_in;
    request_rec *sub;

    r->headers_in = headers_for(r, question, is_preflight);
    sub = ap_sub_req_method_uri(is_preflight ? "OPTIONS" : question->method,
                                question->url, r, NULL);
    r->headers_in = own;
    /* As hook_insert_filter does after DirectoryIndex and the like. */
    if (cors_ctx_get(sub) && !cors_ctx_get(sub)->policy) {
        cors_ctx_remember(sub);
    }
    return sub;
}

/* ------------------------------------------------------------------------
 * The answer
 */

/* Browsers get a page, all others text. */
static int is_page(const request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");

    return accept && ap_strstr_c(accept, "text/html");
}

static const char *shown(const request_rec *r, const char *value)
{
    return is_page(r) ? cors_html(r->pool, value)
                      : cors_printable(r->pool, value);
}

static void line(request_rec *r, const char *name, const char *value)
{
    ap_rprintf(r, "%-10s %s\n", name, shown(r, value));
}

static void header(request_rec *r, const char *name, const char *value)
{
    if (value) {
        ap_rprintf(r, "  %s: %s\n", name, shown(r, value));
    }
}

static void show_headers(request_rec *r, const cors_decision_t *decision)
{
    header(r, "Access-Control-Allow-Origin", decision->allow_origin);
    header(r, "Access-Control-Allow-Credentials",
           decision->allow_credentials);
    header(r, "Access-Control-Allow-Methods", decision->allow_methods);
    header(r, "Access-Control-Allow-Headers", decision->allow_headers);
    header(r, "Access-Control-Max-Age", decision->max_age);
    header(r, "Access-Control-Expose-Headers", decision->expose_headers);
    header(r, "Timing-Allow-Origin", decision->timing_allow_origin);
    header(r, "Vary", decision->vary);
}

/* Whether a section says of a field what a policy does. */
static int says_same(const cors_section_t *section,
                     const cors_policy_t *policy,
                     const cors_directive_t *directive)
{
    return section->policy
           && memcmp((const char *)section->policy + directive->offset,
                     (const char *)policy + directive->offset,
                     sizeof(cors_keyword_t)) == 0;
}

/* What a search for the section that says something finds. */
typedef struct {
    const cors_policy_t *policy;
    const cors_directive_t *directive;
    const cors_section_t *found;        /* the first, or that of the place */
    int count;
} source_t;

static void find_source(void *baton, const cors_section_t *section)
{
    source_t *source = baton;

    if (!says_same(section, source->policy, source->directive)) {
        return;
    }
    source->count++;
    if (!source->found || &section->place == source->policy->place) {
        source->found = section;
    }
}

/* Where the value of a directive comes from: its file and line. */
static const char *source_of(const server_rec *s, const cors_policy_t *policy,
                             const cors_directive_t *directive,
                             apr_pool_t *pool)
{
    source_t source = { NULL, NULL, NULL, 0 };
    int i;

    source.policy = policy;
    source.directive = directive;
    cors_startup_walk(s->process->pconf, s, ap_server_conf, find_source, NULL,
                      &source);
    if (!source.found) {
        return cors_place_htaccess.name;
    }
    if (source.count > 1 && &source.found->place != policy->place) {
        return "one of several sections";
    }
    for (i = 0; i < source.found->directives->nelts; i++) {
        const ap_directive_t *found = APR_ARRAY_IDX(source.found->directives,
                                                    i, const ap_directive_t *);

        if (cors_startup_is(found, directive->name)) {
            return apr_psprintf(pool, "%s:%d", found->filename,
                                found->line_num);
        }
    }
    return cors_place_text(&source.found->place, pool);
}

/* The policy, directive by directive, with the line that each comes from. */
static void show_policy(request_rec *r, const cors_policy_t *policy)
{
    const cors_directive_t *directive;

    ap_rputs("policy in force:\n", r);
    for (directive = cors_directives; directive->name; directive++) {
        const apr_array_header_t *words = cors_policy_words(policy, directive,
                                                            r->pool);

        if (words->nelts > 0) {
            const char *value = apr_array_pstrcat(r->pool, words, ' ');
            const char *source = source_of(r->server, policy, directive,
                                           r->pool);

            ap_rprintf(r, "  %s %s  (%s)\n", directive->name,
                       shown(r, value), shown(r, source));
        }
    }
}

static void show_decision(request_rec *r, const cors_ctx_t *ctx,
                          const question_t *question,
                          const cors_decision_t *decision)
{
    const cors_policy_t *policy = ctx->policy;
    const char *nearest = NULL;

    line(r, "verdict", decision->is_allowed ? "allowed" : "denied");
    if (!decision->is_allowed) {
        line(r, "reason", cors_reason_name(decision->reason));
    }
    line(r, "means", cors_reason_text(decision->reason));
    if (decision->offender) {
        line(r, "header", apr_pstrmemdup(r->pool, decision->offender,
                                         decision->offender_len));
    }
    if (decision->reason == CORS_REASON_ORIGIN) {
        nearest = cors_origin_set_nearest(policy->origins, question->origin,
                                          r->pool);
    }
    if (nearest) {
        line(r, "nearest", nearest);
    }
}

/* What Require cors has found, where it has been asked. */
static void show_require(request_rec *r, const request_rec *sub)
{
    cors_foreign_t found;

    if (cors_authz_found(sub, &found)) {
        line(r, "require", apr_psprintf(
            r->pool, "%s, %s: %s",
            cors_foreign_reason(found) == CORS_REASON_NONE ? "granted"
                                                           : "refused",
            cors_foreign_name(found), cors_foreign_text(found)));
    }
}

/* What becomes of a request that is not answered by this module. */
static void show_status(request_rec *r, const request_rec *sub)
{
    show_require(r, sub);
    ap_rprintf(r, "%-10s %s%d\n", "status", sub->status == HTTP_OK
               ? "the handler's, so far " : "", sub->status);
}

/* Why a request that no policy governs is left alone. */
static const char *inert_text(const cors_ctx_t *ctx)
{
    if (ctx && ctx->policy) {
        return "none: CORSEngine Off";
    }
    return "none: no origin is named for this URL, mod_cors does nothing";
}

static void show_request(request_rec *r, const question_t *question,
                         int is_preflight)
{
    request_rec *sub = look_up(r, question, is_preflight);
    const cors_ctx_t *ctx = cors_ctx_get(sub);
    cors_request_t request = { NULL, NULL, NULL, NULL };
    cors_decision_t decision;

    line(r, "request", is_preflight ? "preflight" : "actual");
    if (!ctx || !ctx->policy || !cors_policy_decides(ctx->policy)) {
        line(r, "policy", inert_text(ctx));
        show_status(r, sub);
        ap_destroy_sub_req(sub);
        return;
    }
    line(r, "policy", cors_place_text(ctx->policy->place, r->pool));
    if (!ctx->is_active) {
        line(r, "engine", "ReportOnly: nothing of this is sent");
    }
    if (is_preflight) {
        line(r, "answered", ctx->answered_at ? ctx->answered_at
                                             : "by the handler or backend");
        request.request_method = question->method;
        request.request_headers = question->headers;
    }
    request.method = is_preflight ? "OPTIONS" : question->method;
    request.origin = question->origin;
    cors_decide(&decision, ctx->policy, &request, r->pool);
    show_decision(r, ctx, question, &decision);
    if (is_preflight && ctx->answered_at) {
        ap_rprintf(r, "%-10s %d\n", "status", decision.status);
    }
    else {
        if (ctx->is_active && cors_forward_withholds(ctx->policy,
                                                     request.origin)) {
            line(r, "forward", "the handler or backend does not see Origin");
        }
        show_status(r, sub);
    }
    show_headers(r, &decision);
    show_policy(r, ctx->policy);
    ap_destroy_sub_req(sub);
}

static void show_answer(request_rec *r, const question_t *question)
{
    line(r, "server", cors_place_server(r->server, r->pool));
    line(r, "url", question->url);
    line(r, "origin", question->origin);
    if (needs_preflight(question)) {
        ap_rputs("\n", r);
        show_request(r, question, 1);
    }
    ap_rputs("\n", r);
    show_request(r, question, 0);
}

static void begin_answer(request_rec *r)
{
    if (!is_page(r)) {
        ap_set_content_type(r, "text/plain; charset=us-ascii");
        return;
    }
    cors_page_begin(r);
    ap_rputs("<p><a href=\"?\">Refusals and decisions</a></p>\n"
             "<h2>Answer</h2>\n<pre>", r);
}

static void end_answer(request_rec *r)
{
    if (is_page(r)) {
        ap_rputs("</pre>\n", r);
        cors_page_form(r);
        ap_rputs("</body>\n</html>\n", r);
    }
}

int cors_explain_show(request_rec *r)
{
    question_t question;
    const char *wrong = question_read(&question, r);

    if (wrong) {
        r->status = HTTP_BAD_REQUEST;
    }
    begin_answer(r);
    if (wrong) {
        ap_rprintf(r, "%s\n", wrong);
    }
    else {
        show_answer(r, &question);
    }
    end_answer(r);
    return OK;
}
