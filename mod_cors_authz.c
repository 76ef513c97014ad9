/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Require cors: mod_cors_authz.h.  The provider finds out about a client's
 * request, once, and remembers it: only when the request is over is known
 * whether it was refused.
 */

#include "mod_cors_authz.h"
#include "mod_cors_check_require.h"
#include "mod_cors_headers.h"
#include "mod_cors_htaccess.h"
#include "mod_cors_place.h"
#include "mod_cors_request.h"
#include "mod_cors_startup.h"
#include "mod_cors_status.h"

#include "http_core.h"
#include "http_log.h"
#include "http_protocol.h"
#include "http_request.h"
#include "http_vhost.h"
#include "mod_auth.h"
#include "mod_core.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include "cors_text.h"

APLOG_USE_MODULE(cors);

#define USED_KEY "mod_cors-require"

/* A line. */
typedef struct {
    int is_isolated;
    const cors_place_t *place;
} require_t;

/* What was found out by one kind of line; place is NULL if none has asked.
 * Lines of .htaccess files may be gone by the end of the request, with the
 * subrequest that read them; places are not. */
typedef struct {
    const cors_place_t *place;
    const cors_policy_t *policy;
    cors_foreign_t found;
} finding_t;

/* What is remembered of a client's request. */
typedef struct {
    cors_foreign_request_t request;
    finding_t plain;
    finding_t isolated;
    finding_t refusal;          /* the last one, for more than subrequests:
                                   it is the one that httpd heeds */
} visit_t;

static ap_filter_rec_t *foreign_filter;
static ap_filter_rec_t *refused_filter;
static apr_size_t visit_note;           /* where requests have a visit_t; 0 if
                                         * they have none */

/* ------------------------------------------------------------------------
 * Requests
 */

/* The request that a client sent, or a subrequest that is explained. */
static const request_rec *first_request(const request_rec *r)
{
    while (r->prev || (r->main && !cors_ctx_is_explained(r))) {
        r = r->prev ? r->prev : r->main;
    }
    return r;
}

static visit_t **visit_at(const request_rec *r)
{
    return (visit_t **)ap_get_request_note((request_rec *)first_request(r),
                                           visit_note);
}

/* The visit of a request; NULL if no line has asked about it. */
static const visit_t *visit_get(const request_rec *r)
{
    const visit_t *visit = *visit_at(r);

    return visit && (visit->plain.place || visit->isolated.place) ? visit
                                                                  : NULL;
}

/* A request, or the one that a subrequest is for. */
static const request_rec *main_request(const request_rec *r)
{
    while (r->main && !cors_ctx_is_explained(r)) {
        r = r->main;
    }
    return r;
}

/* The policy that governs it; or, where WebDAV looks up what it is to write
 * besides, that one's own. */
static const cors_policy_t *policy_get(const request_rec *r)
{
    const request_rec *whole = main_request(r);
    const cors_ctx_t *ctx = cors_ctx_get(whole);

    if (whole != r && (whole->method_number == M_COPY
                       || whole->method_number == M_MOVE)) {
        return ap_get_module_config(r->per_dir_config, &cors_module);
    }
    return ctx ? ctx->policy : NULL;
}

/* Whether it makes an error document, which stays the answer to what it is
 * about. */
static int is_of_error(const request_rec *r)
{
    const request_rec *previous = main_request(r)->prev;

    return previous && previous->status != HTTP_OK;
}

/* Where the port of a virtual host is none of a name's, it is its own. */
static int is_host_served(const request_rec *r)
{
    return r->hostname
           && ap_matches_request_vhost((request_rec *)r, r->hostname,
                                       r->server->port);
}

static void request_read(cors_foreign_request_t *request,
                         const request_rec *r)
{
    const apr_table_t *headers = r->headers_in;

    request->method = r->main ? r->method : cors_method_sent(r);
    request->request_method = apr_table_get(headers,
                                            "Access-Control-Request-Method");
    request->host = apr_table_get(headers, "Host");
    if (request->host && !*request->host) {
        request->host = NULL;
    }
    request->site = apr_table_get(headers, "Sec-Fetch-Site");
    request->mode = apr_table_get(headers, "Sec-Fetch-Mode");
    request->dest = apr_table_get(headers, "Sec-Fetch-Dest");
    request->has_upgrade = apr_table_get(headers, "Upgrade") != NULL;
    request->is_https = strcmp(ap_http_scheme(r), "https") == 0;
    request->is_host_served = is_host_served(r);
}

/* The visit of a request.  A line that another module has read while requests
 * were being served has none that would be remembered. */
static visit_t *visit_make(const request_rec *r)
{
    request_rec *first = (request_rec *)first_request(r);
    visit_t *visit = visit_note ? *visit_at(r) : NULL;

    if (!visit) {
        visit = apr_pcalloc(first->pool, sizeof(*visit));
        request_read(&visit->request, first);
        visit->request.origin = cors_origin_sent(main_request(r));
        if (visit_note) {
            *visit_at(r) = visit;
        }
    }
    return visit;
}

/* Before mod_headers may change what a redirected request is judged by. */
static int hook_fixups(request_rec *r)
{
    if (!r->main && !r->prev
        && (apr_table_get(r->headers_in, "Origin")
            || apr_table_get(r->headers_in, "Sec-Fetch-Site")
            || !is_host_served(r))) {
        visit_make(r);
    }
    return DECLINED;
}

/* ------------------------------------------------------------------------
 * The provider
 */

static authz_status check_authorization(request_rec *r, const char *args,
                                        const void *parsed)
{
    const require_t *line = parsed;
    const cors_policy_t *policy = policy_get(r);
    visit_t *visit;
    finding_t *finding;

    if (is_of_error(r)) {
        return AUTHZ_GRANTED;
    }
    visit = visit_make(r);
    finding = line->is_isolated ? &visit->isolated : &visit->plain;
    /* mod_rewrite may have asked before the policy was known. */
    if (!finding->place || finding->policy != policy) {
        visit->request.is_isolated = line->is_isolated;
        finding->found = cors_foreign_judge(&visit->request, policy);
        finding->policy = policy;
        finding->place = line->place;
        ap_log_rerror(APLOG_MARK, APLOG_DEBUG, 0, r, "Require cors%s: %s",
                      line->is_isolated ? " isolated" : "",
                      cors_foreign_name(finding->found));
    }
    if (cors_foreign_reason(finding->found) == CORS_REASON_NONE) {
        return AUTHZ_GRANTED;
    }
    if (!r->main) {
        visit->refusal = *finding;
        visit->refusal.place = line->place;
    }
    return AUTHZ_DENIED;
}

static const char *parse_require_line(cmd_parms *cmd, const char *args,
                                      const void **parsed)
{
    const char *word = ap_getword_conf(cmd->temp_pool, &args);
    const char *wrong = cors_check_require_line(cmd);
    require_t *line = apr_pcalloc(cmd->pool, sizeof(*line));

    if (wrong) {
        return wrong;
    }
    line->is_isolated = apr_cstr_casecmp(word, "isolated") == 0;
    if ((*word && !line->is_isolated) || *args) {
        return apr_psprintf(cmd->pool, "Require cors takes nothing or "
                            "isolated: '%.*s'", CORS_MAX_QUOTE,
                            line->is_isolated ? args : word);
    }
    line->place = cors_startup_place(cmd, cors_check_require_section(cmd));
    if (cmd->pool != cmd->temp_pool) {
        apr_pool_userdata_setn(line, USED_KEY, NULL, cmd->pool);
    }
    *parsed = line;
    return NULL;
}

/* Whether a line of mod_headers changes requests somewhere. */
static int changes_requests(const ap_directive_t *list)
{
    while (list && !cors_startup_is(list, "RequestHeader")
           && !changes_requests(list->first_child)) {
        list = list->next;
    }
    return list != NULL;
}

/* The same, or one may in a .htaccess file. */
static int may_change_requests(const server_rec *s)
{
    int may = changes_requests(ap_conftree);

    for (; s && !may; s = s->next) {
        may = cors_htaccess_may_change_requests(s);
    }
    return may && ap_find_linked_module("mod_headers.c");
}

int cors_authz_is_used(apr_pool_t *pconf, const server_rec *main_server)
{
    const server_rec *s;
    void *line = NULL;

    apr_pool_userdata_get(&line, USED_KEY, pconf);
    for (s = main_server; s && !line; s = s->next) {
        if (cors_htaccess_may_require(s)) {
            return 1;
        }
    }
    return line != NULL;
}

/* ------------------------------------------------------------------------
 * Responses
 */

/* The finding that refuses a request, or else the one there is. */
static const finding_t *finding_of(const visit_t *visit)
{
    return visit->refusal.place ? &visit->refusal
           : visit->isolated.place ? &visit->isolated : &visit->plain;
}

int cors_authz_found(const request_rec *r, cors_foreign_t *found)
{
    const visit_t *visit = visit_note ? visit_get(r) : NULL;

    if (!visit) {
        return 0;
    }
    *found = finding_of(visit)->found;
    return 1;
}

/* Whether a redirect chain has come to a status.  A script may give an error
 * document another one. */
static int has_had_status(const request_rec *r, int status)
{
    while (r && r->status != status) {
        r = r->prev;
    }
    return r != NULL;
}

/* Whether an ErrorDocument sends the client to another server instead. */
static int is_sent_away(request_rec *r)
{
    const char *document =
        ap_response_code_string(r, ap_index_of_response(HTTP_FORBIDDEN));
    const char *location = apr_table_get(r->headers_out, "Location");

    return r->status == HTTP_MOVED_TEMPORARILY
           && document && location && strcmp(document, location) == 0;
}

/* Whether a request was refused, which its status tells. */
static int is_refused(request_rec *r, const finding_t *finding)
{
    return cors_foreign_reason(finding->found) != CORS_REASON_NONE
           && (has_had_status(r, HTTP_FORBIDDEN) || is_sent_away(r));
}

static apr_status_t filter_foreign(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    const visit_t *visit = visit_get(r);

    cors_headers_add_vary(r, visit->isolated.place
                             ? "Sec-Fetch-Site, Origin, Sec-Fetch-Mode, "
                               "Sec-Fetch-Dest"
                             : "Sec-Fetch-Site, Origin");
    if (is_refused(r, finding_of(visit))) {
        apr_table_unset(r->err_headers_out, "Cache-Control");
        apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    }
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

/* mod_cache drops what is before its own filter where it has an error
 * document stored. */
static void hook_insert_filter(request_rec *r)
{
    const visit_t *visit = r->main ? NULL : visit_get(r);

    if (!visit) {
        return;
    }
    ap_add_output_filter_handle(foreign_filter, NULL, r, r->connection);
    if (is_refused(r, finding_of(visit))) {
        ap_add_output_filter_handle(refused_filter, NULL, r, r->connection);
    }
}

/* httpd's page of an error shows this note. */
static void hook_insert_error_filter(request_rec *r)
{
    const visit_t *visit = visit_get(r);
    const cors_policy_t *policy = policy_get(r);

    hook_insert_filter(r);
    if (visit && policy && policy->debug == CORS_ON
        && is_refused(r, finding_of(visit))) {
        /* After a sentence of httpd's. */
        apr_table_setn(r->notes, "error-notes", apr_pstrcat(
            r->pool, " ", cors_foreign_text(finding_of(visit)->found), NULL));
    }
}

/* ------------------------------------------------------------------------
 * Logs
 */

static const char *or_dash(const char *value)
{
    return value ? value : "-";
}

static void log_foreigner(request_rec *r, const cors_foreigner_t *foreigner,
                          const cors_refusal_line_t *line)
{
    const cors_foreign_request_t *request = foreigner->request;

    ap_log_rerror(APLOG_MARK, APLOG_INFO, 0, r,
                  "request %s (%s): origin '%.*s', Sec-Fetch-Site '%.*s', "
                  "method '%.*s', host '%.*s'%s, Require cors of %s%s",
                  foreigner->is_let_through ? "let through, though foreign"
                                            : "refused",
                  cors_reason_name(foreigner->reason),
                  CORS_MAX_QUOTE, or_dash(request->origin),
                  CORS_MAX_QUOTE, or_dash(request->site),
                  CORS_MAX_QUOTE, request->method,
                  CORS_MAX_QUOTE, or_dash(request->host),
                  foreigner->reason == CORS_REASON_HOST
                  ? " is not a name of this server: if it is, write it "
                    "as ServerName or ServerAlias" : "",
                  cors_place_text(foreigner->place, r->pool),
                  cors_log_rest(line, r->pool));
}

/* Count and log it, as record_decision() does a decision. */
static void record_foreigner(request_rec *r,
                             const cors_foreigner_t *foreigner)
{
    static const cors_refusal_line_t one_line = { 1, 0, 0, 0, 0 };
    cors_refusal_line_t line = one_line;
    int is_rationed = !APLOG_R_IS_LEVEL(r, APLOG_DEBUG)
                      && APLOG_R_IS_LEVEL(r, APLOG_INFO);

    cors_status_note_foreigner(r, foreigner, is_rationed ? &line : NULL);
    if (is_rationed ? line.is_due : APLOG_R_IS_LEVEL(r, APLOG_DEBUG)) {
        log_foreigner(r, foreigner, &line);
    }
}

/* What is noted goes to the last request of a redirect chain, whose notes
 * logs show. */
static int hook_log_transaction(request_rec *r)
{
    const visit_t *visit = visit_get(r);
    request_rec *last = r;
    const finding_t *finding;
    cors_foreigner_t foreigner;

    if (!visit) {
        return DECLINED;
    }
    while (last->next) {
        last = last->next;
    }
    finding = finding_of(visit);
    apr_table_setn(last->notes, "cors-foreign",
                   cors_foreign_name(finding->found));
    foreigner.reason = cors_foreign_reason(finding->found);
    if (foreigner.reason == CORS_REASON_NONE) {
        return DECLINED;
    }
    foreigner.place = finding->place;
    foreigner.request = &visit->request;
    foreigner.is_let_through = !is_refused(last, finding);
    if (foreigner.is_let_through
        && (!visit->refusal.place       /* parts of it were refused */
            || has_had_status(last, HTTP_UNAUTHORIZED))) {
        return DECLINED;        /* it is asked for a password before */
    }
    if (!foreigner.is_let_through) {
        apr_table_setn(last->notes, "cors-verdict", "denied");
        apr_table_setn(last->notes, "cors-reason",
                       cors_reason_name(foreigner.reason));
        apr_table_setn(last->notes, "cors-policy", foreigner.place->name);
    }
    record_foreigner(r, &foreigner);
    return DECLINED;
}

/* ------------------------------------------------------------------------
 * Registration
 */

void cors_authz_register(apr_pool_t *p)
{
    static const authz_provider provider = {
        check_authorization, parse_require_line
    };

    ap_register_auth_provider(p, AUTHZ_PROVIDER_GROUP, "cors",
                              AUTHZ_PROVIDER_VERSION, &provider,
                              AP_AUTH_INTERNAL_PER_CONF);
    visit_note = 0;
    foreign_filter = ap_register_output_filter("CORS-FOREIGN", filter_foreign,
                                               NULL, AP_FTYPE_CONTENT_SET);
    refused_filter = ap_register_output_filter("CORS-REFUSED", filter_foreign,
                                               NULL, AP_FTYPE_CONTENT_SET + 2);
}

void cors_authz_register_hooks(const server_rec *main_server)
{
    /* So that Header lines lose. */
    static const char *const after_headers[] = { "mod_headers.c", NULL };

    visit_note = ap_register_request_note();
    if (may_change_requests(main_server)) {
        ap_hook_fixups(hook_fixups, NULL, NULL, APR_HOOK_MIDDLE);
    }
    ap_hook_insert_filter(hook_insert_filter, after_headers, NULL,
                          APR_HOOK_LAST);
    ap_hook_insert_error_filter(hook_insert_error_filter, after_headers, NULL,
                                APR_HOOK_LAST);
    ap_hook_log_transaction(hook_log_transaction, NULL, NULL, APR_HOOK_FIRST);
}
