/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

/*
 * mod_cors: Cross-Origin Resource Sharing (WHATWG Fetch) as a policy.
 *
 *     <Location "/api/">
 *         CORSAllowOrigin  https://app.example.com https://example.net
 *         CORSAllowMethods GET POST PUT DELETE
 *         CORSAllowHeaders Authorization Content-Type
 *     </Location>
 *
 * This file knows httpd; cors_policy.c knows the protocol.  A request's way:
 *
 * hook_translate_name   remembers the policy of the server and <Location>,
 *                       for responses that translate_name itself makes.
 *                       Answers preflights where CORSPreflight is early.
 * hook_map_to_storage   where that policy is provably final (cors_startup.h)
 *                       answers preflights, before the file system is
 *                       touched; elsewhere forgets it.
 * hook_header_parser    remembers the effective policy and answers the other
 *                       preflights, before access control.
 * hook_fixups           decides on actual requests and shows the decision
 *                       to handlers and logs.
 * hook_insert_filter    inserts filter_response, on ordinary and on error
 *                       responses.
 * filter_response       is the one place that writes headers.
 *
 * What is remembered is a cors_ctx_t in r->request_config.  Along a chain of
 * internal redirects the first request that has a policy, also one that says
 * Off or none, governs: later ones share its context.  Where nothing was
 * remembered, nothing is touched.
 */

#include "httpd.h"
#include "http_config.h"
#include "http_core.h"
#include "http_log.h"
#include "http_protocol.h"
#include "http_request.h"
#include "util_filter.h"

#include "apr_strings.h"

#include "cors_policy.h"
#include "cors_startup.h"
#include "cors_suffix.h"

/* Before AP_REG_NO_DEFAULT, RegexDefaultOptions can change which origins a
 * regular expression allows. */
#if !AP_MODULE_MAGIC_AT_LEAST(20120211, 92)
#error "mod_cors needs httpd 2.4.43 or later, which has AP_REG_NO_DEFAULT"
#endif

module AP_MODULE_DECLARE_DATA cors_module;

/* Bytes of a request's value that a log line shows. */
#define LOG_MAX 100

/* httpd gives a directive at most 64 words (AP_MAX_ARGC in server/config.c)
 * and drops the rest of the line without a word. */
#define MAX_WORDS 63

/* What is known about a request.  No context in r->request_config means that
 * nothing is: the request was refused while it was being read, say. */
typedef struct {
    const cors_policy_t *policy;        /* that governs; NULL if no request
                                         * of the chain states one so far */
    const char *method;                 /* as the client sent it */
    const char *origin;                 /* when it was decided on */
    const char *uri;                    /* r->uri when it was remembered */
    int is_decided;
    int is_answered;                    /* a preflight, by this module */
    int is_active;                      /* the policy does something */
    const request_rec *shown;           /* request whose notes are set */
    cors_decision_t decision;           /* valid if is_decided */
} cors_ctx_t;

static const cors_ctx_t no_policy;

static ap_filter_rec_t *response_filter;

/* ------------------------------------------------------------------------
 * Directives
 */

static void *create_dir_conf(apr_pool_t *p, char *dir)
{
    cors_policy_t *conf = apr_palloc(p, sizeof(*conf));

    cors_policy_init(conf);
    return conf;
}

static void *merge_dir_conf(apr_pool_t *p, void *base, void *add)
{
    cors_policy_t *conf = apr_palloc(p, sizeof(*conf));

    cors_policy_merge(conf, base, add);
    return conf;
}

/* What a directive function returns: NULL, or the engine's message with the
 * directive's name, or that the directive must not stand where it does. */
static const char *verdict(cmd_parms *cmd, const void *conf,
                           const char *message)
{
    const char *misplaced = ap_check_cmd_context(cmd, NOT_IN_LIMIT);

    cors_startup_note(cmd, conf);

    if (misplaced || !message) {
        return misplaced;
    }
    return apr_pstrcat(cmd->pool, cmd->cmd->name, " ", message, NULL);
}

/* The same for directives that take a list. */
static const char *list_verdict(cmd_parms *cmd, const void *conf, int argc,
                                const char *message)
{
    if (argc == 0) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, " takes one or more "
                           "values", NULL);
    }
    if (argc > MAX_WORDS) {
        return apr_psprintf(cmd->pool, "%s takes at most %d values on a "
                            "line; write more lines, they add up",
                            cmd->cmd->name, MAX_WORDS);
    }
    return verdict(cmd, conf, message);
}

static const char *cmd_engine(cmd_parms *cmd, void *conf, int flag)
{
    ((cors_policy_t *)conf)->engine = flag ? CORS_ON : CORS_OFF;
    return verdict(cmd, conf, NULL);
}

static const char *cmd_allow_credentials(cmd_parms *cmd, void *conf, int flag)
{
    ((cors_policy_t *)conf)->credentials = flag ? CORS_ON : CORS_OFF;
    return verdict(cmd, conf, NULL);
}

static const char *cmd_timing_allow_origin(cmd_parms *cmd, void *conf,
                                           int flag)
{
    ((cors_policy_t *)conf)->timing_allow_origin = flag ? CORS_ON : CORS_OFF;
    return verdict(cmd, conf, NULL);
}

static const char *cmd_debug(cmd_parms *cmd, void *conf, int flag)
{
    ((cors_policy_t *)conf)->debug = flag ? CORS_ON : CORS_OFF;
    return verdict(cmd, conf, NULL);
}

static const char *cmd_allow_origin(cmd_parms *cmd, void *conf, int argc,
                                    char *const argv[])
{
    return list_verdict(cmd, conf, argc,
                        cors_policy_add_origins(conf, cmd->pool, argc, argv,
                                                cors_suffix_is_public));
}

static const char *cmd_allow_methods(cmd_parms *cmd, void *conf, int argc,
                                     char *const argv[])
{
    return list_verdict(cmd, conf, argc,
                        cors_policy_add_methods(conf, cmd->pool, argc, argv));
}

static const char *cmd_allow_headers(cmd_parms *cmd, void *conf, int argc,
                                     char *const argv[])
{
    return list_verdict(cmd, conf, argc,
                        cors_policy_add_allow_headers(conf, cmd->pool, argc,
                                                      argv));
}

static const char *cmd_expose_headers(cmd_parms *cmd, void *conf, int argc,
                                      char *const argv[])
{
    return list_verdict(cmd, conf, argc,
                        cors_policy_add_expose_headers(conf, cmd->pool, argc,
                                                       argv));
}

static const char *cmd_dangerously_allow(cmd_parms *cmd, void *conf, int argc,
                                         char *const argv[])
{
    const char *misplaced = ap_check_cmd_context(cmd, NOT_IN_HTACCESS);

    if (misplaced) {
        return misplaced;
    }
    return list_verdict(cmd, conf, argc,
                        cors_policy_add_dangers(conf, cmd->pool, argc, argv));
}

/* A cors_regex_match_fn.  The match must be the whole origin whatever verbs
 * the pattern holds: (*ACCEPT) would end it before the anchor. */
static int regex_match(const void *regex, const char *origin, apr_size_t len)
{
    ap_regmatch_t match;

    return ap_regexec_len(regex, origin, len, 1, &match, 0) == 0
           && match.rm_so == 0 && (apr_size_t)match.rm_eo == len;
}

/* The bare pattern must compile by itself: "a)|(?:b" would slip out of the
 * group that the anchors stand around. */
static const ap_regex_t *regex_compile(apr_pool_t *p, const char *pattern)
{
    if (!ap_pregcomp(p, pattern, AP_REG_NO_DEFAULT)) {
        return NULL;
    }
    return ap_pregcomp(p, apr_pstrcat(p, "\\A(?:", pattern, ")\\z", NULL),
                       AP_REG_NO_DEFAULT);
}

static const char *cmd_allow_origin_match(cmd_parms *cmd, void *conf,
                                          int argc, char *const argv[])
{
    const char *message = NULL;
    int i;

    for (i = 0; i < argc && !message; i++) {
        const ap_regex_t *regex = regex_compile(cmd->pool, argv[i]);

        message = cors_policy_add_origin_regex(conf, cmd->pool, argv[i],
                                               regex, regex_match);
    }
    return list_verdict(cmd, conf, argc, message);
}

static const char *cmd_max_age(cmd_parms *cmd, void *conf, const char *word)
{
    return verdict(cmd, conf,
                   cors_policy_set_max_age(conf, cmd->pool, word));
}

static const char *cmd_preflight(cmd_parms *cmd, void *conf,
                                 const char *word)
{
    cors_policy_t *policy = conf;
    const char *message =
        verdict(cmd, conf,
                cors_policy_set_preflight(policy, cmd->pool, word));

    if (!message && policy->preflight == CORS_PREFLIGHT_EARLY) {
        message = ap_check_cmd_context(cmd, NOT_IN_DIRECTORY | NOT_IN_FILES
                                            | NOT_IN_PROXY | NOT_IN_HTACCESS);
        if (message) {
            message = apr_pstrcat(cmd->pool, message, "; early acts before "
                                  "this context is known, write answer",
                                  NULL);
        }
    }
    return message;
}

static const char *cmd_preflight_status(cmd_parms *cmd, void *conf,
                                        const char *word)
{
    return verdict(cmd, conf,
                   cors_policy_set_preflight_status(conf, cmd->pool, word));
}

static const char *cmd_backend_headers(cmd_parms *cmd, void *conf,
                                       const char *word)
{
    return verdict(cmd, conf,
                   cors_policy_set_backend_headers(conf, cmd->pool, word));
}

static const command_rec commands[] = {
    AP_INIT_FLAG("CORSEngine", cmd_engine, NULL, OR_FILEINFO,
                 "On or Off"),
    AP_INIT_TAKE_ARGV("CORSAllowOrigin", cmd_allow_origin, NULL, OR_FILEINFO,
                      "*, none, or origins that may read responses"),
    AP_INIT_TAKE_ARGV("CORSAllowOriginMatch", cmd_allow_origin_match, NULL,
                      OR_FILEINFO,
                      "regular expressions of such origins"),
    AP_INIT_TAKE_ARGV("CORSAllowMethods", cmd_allow_methods, NULL,
                      OR_FILEINFO, "*, or methods that scripts may use"),
    AP_INIT_TAKE_ARGV("CORSAllowHeaders", cmd_allow_headers, NULL,
                      OR_FILEINFO,
                      "none, or request headers that scripts may set"),
    AP_INIT_TAKE_ARGV("CORSExposeHeaders", cmd_expose_headers, NULL,
                      OR_FILEINFO,
                      "none, *, or response headers that scripts may read"),
    AP_INIT_FLAG("CORSAllowCredentials", cmd_allow_credentials, NULL,
                 OR_FILEINFO, "On or Off"),
    AP_INIT_TAKE1("CORSMaxAge", cmd_max_age, NULL, OR_FILEINFO,
                  "how long browsers may keep a preflight's answer"),
    AP_INIT_TAKE1("CORSPreflight", cmd_preflight, NULL, OR_FILEINFO,
                  "answer, early or pass"),
    AP_INIT_TAKE1("CORSPreflightStatus", cmd_preflight_status, NULL,
                  OR_FILEINFO, "204 or 200"),
    AP_INIT_TAKE1("CORSBackendHeaders", cmd_backend_headers, NULL,
                  OR_FILEINFO, "replace or keep"),
    AP_INIT_FLAG("CORSTimingAllowOrigin", cmd_timing_allow_origin, NULL,
                 OR_FILEINFO, "On or Off"),
    AP_INIT_FLAG("CORSDebug", cmd_debug, NULL, OR_FILEINFO, "On or Off"),
    AP_INIT_TAKE_ARGV("CORSDangerouslyAllow", cmd_dangerously_allow, NULL,
                      RSRC_CONF | ACCESS_CONF,
                      "none, insecure-origins, public-suffixes"),
    { NULL }
};

/* ------------------------------------------------------------------------
 * What is remembered of a request
 */

static cors_ctx_t *ctx_get(const request_rec *r)
{
    return ap_get_module_config(r->request_config, &cors_module);
}

static void ctx_set(request_rec *r, const cors_ctx_t *ctx)
{
    ap_set_module_config(r->request_config, &cors_module, (void *)ctx);
}

/* The context of a request that an active policy governs, else NULL. */
static cors_ctx_t *ctx_active(const request_rec *r)
{
    cors_ctx_t *ctx = ctx_get(r);

    return ctx && ctx->is_active ? ctx : NULL;
}

/* Whether an earlier request of a redirect chain settles the matter: it has
 * a policy, or nothing is known of it. */
static int is_governed_by_previous(const request_rec *r)
{
    const cors_ctx_t *previous;

    if (!r->prev) {
        return 0;
    }
    previous = ctx_get(r->prev);
    return !previous || previous->policy;
}

static const cors_server_t *server_get(const request_rec *r)
{
    return ap_get_module_config(r->server->module_config, &cors_module);
}

/* Requests that may have a policy: those of a client for a path of a server
 * that some CORS directive applies to; not subrequests, OPTIONS * or what a
 * forward proxy passes on. */
static int may_have_policy(const request_rec *r)
{
    const cors_server_t *server = server_get(r);

    return server && server->is_used && !r->main && r->uri[0] == '/'
           && r->proxyreq != PROXYREQ_PROXY;
}

/* httpd makes the method of a redirected request GET for error documents. */
static const char *client_method(const request_rec *r)
{
    if (!r->prev) {
        return r->method;
    }
    return apr_pstrmemdup(r->pool, r->the_request,
                          strcspn(r->the_request, " \t"));
}

static void remember(request_rec *r)
{
    const cors_policy_t *policy;
    cors_ctx_t *ctx;

    if (is_governed_by_previous(r)) {
        ctx_set(r, ctx_get(r->prev));
        return;
    }
    policy = ap_get_module_config(r->per_dir_config, &cors_module);
    if (!cors_policy_is_stated(policy)) {
        ctx_set(r, &no_policy);
        return;
    }
    ctx = ctx_get(r);
    if (!ctx || !ctx->policy) {
        ctx = apr_pcalloc(r->pool, sizeof(*ctx));
        ctx->method = client_method(r);
        ctx_set(r, ctx);
    }
    ctx->uri = r->uri;
    ctx->policy = policy;
    ctx->is_active = cors_policy_is_active(policy);
}

static void forget(request_rec *r)
{
    if (!is_governed_by_previous(r)) {
        ctx_set(r, NULL);
    }
}

/* ------------------------------------------------------------------------
 * Decisions
 */

static void log_decision(request_rec *r, const cors_decision_t *decision,
                         const cors_request_t *request)
{
    int preflight = decision->kind == CORS_KIND_PREFLIGHT;
    int level = decision->reason == CORS_REASON_NONE ? APLOG_DEBUG
                                                     : APLOG_INFO;
    int culprit_len = decision->culprit_len < LOG_MAX
                      ? (int)decision->culprit_len : LOG_MAX;

    if (decision->kind == CORS_KIND_NOT_CORS
        || !APLOG_R_IS_LEVEL(r, level)) {
        return;
    }
    ap_log_rerror(APLOG_MARK, level, 0, r,
                  "%s %s: reason %s, origin '%.*s', method '%.*s'%s%.*s%s",
                  preflight ? "preflight" : "actual request",
                  decision->is_allowed ? "allowed" : "denied",
                  cors_reason_name(decision->reason),
                  LOG_MAX, request->origin,
                  LOG_MAX, preflight ? request->request_method
                                     : request->method,
                  decision->culprit ? ", header '" : "",
                  culprit_len, decision->culprit ? decision->culprit : "",
                  decision->culprit ? "'" : "");
}

static void decide(request_rec *r, cors_ctx_t *ctx)
{
    cors_request_t request;

    if (ctx->is_decided) {
        return;
    }
    request.method = ctx->method;
    request.origin = ctx->origin = apr_table_get(r->headers_in, "Origin");
    request.request_method = request.request_headers = NULL;
    /* Only preflights have these two, and they are OPTIONS requests. */
    if (request.origin && strcmp(ctx->method, "OPTIONS") == 0) {
        request.request_method =
            apr_table_get(r->headers_in, "Access-Control-Request-Method");
        request.request_headers =
            apr_table_get(r->headers_in, "Access-Control-Request-Headers");
    }
    cors_decide(&ctx->decision, ctx->policy, &request, r->pool);
    ctx->is_decided = 1;
    log_decision(r, &ctx->decision, &request);
}

/* Show the decision to handlers and logs.  Each request of a redirect chain
 * has its own notes and environment. */
static void show(request_rec *r, cors_ctx_t *ctx)
{
    const cors_decision_t *decision = &ctx->decision;

    if (ctx->shown == r || decision->kind == CORS_KIND_NOT_CORS) {
        return;
    }
    ctx->shown = r;
    apr_table_setn(r->notes, "cors-verdict",
                   decision->is_allowed ? "allowed" : "denied");
    if (decision->is_allowed) {
        apr_table_setn(r->subprocess_env, "CORS_ORIGIN", ctx->origin);
    }
    else {
        apr_table_setn(r->notes, "cors-reason",
                       cors_reason_name(decision->reason));
    }
}

/* ------------------------------------------------------------------------
 * Responses
 */

/* What a table of response headers holds of what this module writes. */
#define HAS_CORS 1
#define HAS_TIMING 2
#define HAS_VARY 4

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
static int table_scan(const apr_table_t *table)
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
                found |= HAS_CORS;
            }
            break;
        case 'T':
        case 't':
            if (ap_cstr_casecmp(entry->key, "Timing-Allow-Origin") == 0) {
                found |= HAS_TIMING;
            }
            break;
        case 'V':
        case 'v':
            if (ap_cstr_casecmp(entry->key, "Vary") == 0) {
                found |= HAS_VARY;
            }
            break;
        }
    }
    return found;
}

static void table_clean(apr_table_t *table, int found, int with_timing)
{
    if (found & HAS_CORS) {
        const char *const *name;

        for (name = owned_names; *name; name++) {
            apr_table_unset(table, *name);
        }
    }
    if (with_timing && found & HAS_TIMING) {
        apr_table_unset(table, "Timing-Allow-Origin");
    }
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

    if (!(found & HAS_VARY)) {
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

/* Whether the CORS headers that the handler or backend made stay. */
static int keeps_backend_headers(const request_rec *r, const cors_ctx_t *ctx)
{
    return ctx->policy->backend_headers == CORS_BACKEND_KEEP
           && !ctx->is_answered && !cors_policy_is_closed(ctx->policy)
           && (apr_table_get(r->headers_out, "Access-Control-Allow-Origin")
               || apr_table_get(r->err_headers_out,
                                "Access-Control-Allow-Origin"));
}

static void write_headers(request_rec *r, const cors_ctx_t *ctx)
{
    const cors_decision_t *decision = &ctx->decision;
    int with_timing = ctx->policy->timing_allow_origin == CORS_ON;
    int found = table_scan(r->headers_out);
    int found_always = table_scan(r->err_headers_out);

    if (decision->vary) {
        write_vary(r, decision->vary, found | found_always);
    }
    if (keeps_backend_headers(r, ctx)) {
        return;
    }
    table_clean(r->headers_out, found, with_timing);
    table_clean(r->err_headers_out, found_always, with_timing);
    write_header(r, "Access-Control-Allow-Origin", decision->allow_origin);
    write_header(r, "Access-Control-Allow-Credentials",
                 decision->allow_credentials);
    write_header(r, "Access-Control-Allow-Methods", decision->allow_methods);
    write_header(r, "Access-Control-Allow-Headers", decision->allow_headers);
    write_header(r, "Access-Control-Max-Age", decision->max_age);
    write_header(r, "Access-Control-Expose-Headers",
                 decision->expose_headers);
    write_header(r, "Timing-Allow-Origin", decision->timing_allow_origin);
}

static apr_status_t filter_response(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    cors_ctx_t *ctx = ctx_active(r);

    if (ctx) {
        write_headers(r, ctx);
    }
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

/* ------------------------------------------------------------------------
 * Preflights
 */

static int is_preflight(const request_rec *r)
{
    return r->method_number == M_OPTIONS
           && apr_table_get(r->headers_in, "Origin")
           && apr_table_get(r->headers_in, "Access-Control-Request-Method");
}

/* Whether this module answers the preflights that a context governs.  An
 * error document stays the answer to what it is about. */
static int answers(const request_rec *r, const cors_ctx_t *ctx)
{
    return ctx && ctx->policy->preflight != CORS_PREFLIGHT_PASS
           && r->status == HTTP_OK;
}

/* Answer a preflight.  Neither a handler nor an ErrorDocument has a say;
 * the filters of errors have, for "Header always". */
static int answer(request_rec *r, cors_ctx_t *ctx)
{
    const cors_decision_t *decision = &ctx->decision;

    decide(r, ctx);
    show(r, ctx);
    ctx->is_answered = 1;
    r->status = decision->status;
    r->output_filters = r->proto_output_filters;
    ap_run_insert_error_filter(r);
    /* Where no other module has a filter, ours has nothing to wait for. */
    if (r->output_filters == r->proto_output_filters) {
        write_headers(r, ctx);
    }
    else {
        ap_add_output_filter_handle(response_filter, NULL, r, r->connection);
    }
    if (r->status == HTTP_FORBIDDEN && ctx->policy->debug == CORS_ON) {
        ap_set_content_type(r, "text/plain;charset=us-ascii");
        ap_rputs(cors_reason_text(decision->reason), r);
        ap_rputs("\n", r);
    }
    return DONE;
}

/* ------------------------------------------------------------------------
 * Hooks
 */

/* Whether server and <Location> configuration settles a request's policy. */
static int is_final(const request_rec *r)
{
    return !server_get(r)->obstacle;
}

static int hook_translate_name(request_rec *r)
{
    cors_ctx_t *ctx;

    if (!may_have_policy(r)) {
        return DECLINED;
    }
    remember(r);
    ctx = ctx_active(r);
    if (ctx && ctx->policy->preflight == CORS_PREFLIGHT_EARLY && is_final(r)
        && is_preflight(r) && answers(r, ctx)) {
        return answer(r, ctx);
    }
    return DECLINED;
}

static int hook_map_to_storage(request_rec *r)
{
    ap_conf_vector_t *per_dir_config = r->per_dir_config;
    cors_ctx_t *ctx;

    if (!may_have_policy(r)) {
        return DECLINED;
    }
    if (!is_final(r)) {
        forget(r);
        return DECLINED;
    }
    /* Once the URI has been rewritten, what is remembered is another's. */
    if (!is_preflight(r)) {
        ctx = ctx_get(r);
        if (!ctx || ctx->uri != r->uri) {
            forget(r);
        }
        return DECLINED;
    }
    ap_location_walk(r);
    remember(r);
    ctx = ctx_active(r);
    if (answers(r, ctx)) {
        return answer(r, ctx);
    }
    /* directory_walk must not start from the <Location>'s configuration. */
    r->per_dir_config = per_dir_config;
    return DECLINED;
}

static int hook_header_parser(request_rec *r)
{
    cors_ctx_t *ctx;

    if (!may_have_policy(r)) {
        return DECLINED;
    }
    remember(r);
    ctx = ctx_active(r);
    return answers(r, ctx) && is_preflight(r) ? answer(r, ctx) : DECLINED;
}

static int hook_fixups(request_rec *r)
{
    cors_ctx_t *ctx = ctx_active(r);

    if (ctx) {
        decide(r, ctx);
        show(r, ctx);
    }
    return DECLINED;
}

static void hook_insert_filter(request_rec *r)
{
    cors_ctx_t *ctx = ctx_get(r);

    /* DirectoryIndex, MultiViews and FallbackResource change the
     * configuration without a new request: where nothing was said so far,
     * that of the resource they chose may. */
    if (ctx && !ctx->policy) {
        remember(r);
    }
    ctx = ctx_active(r);
    if (ctx && !ctx->is_answered) {
        decide(r, ctx);
        show(r, ctx);
        ap_add_output_filter_handle(response_filter, NULL, r, r->connection);
    }
}

static void register_hooks(apr_pool_t *p)
{
    /* So that SetEnvIf, which may steer logging, sees preflights too. */
    static const char *const after_setenvif[] = { "mod_setenvif.c", NULL };
    /* So that left-over Header lines lose. */
    static const char *const after_headers[] = { "mod_headers.c", NULL };

    ap_hook_check_config(cors_startup_check, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_test_config(cors_startup_dump, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(cors_startup_prove, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_translate_name(hook_translate_name, NULL, NULL,
                           APR_HOOK_REALLY_FIRST);
    ap_hook_map_to_storage(hook_map_to_storage, NULL, NULL,
                           APR_HOOK_REALLY_FIRST);
    ap_hook_header_parser(hook_header_parser, after_setenvif, NULL,
                          APR_HOOK_FIRST);
    ap_hook_fixups(hook_fixups, NULL, NULL, APR_HOOK_REALLY_FIRST);
    ap_hook_insert_filter(hook_insert_filter, after_headers, NULL,
                          APR_HOOK_LAST);
    ap_hook_insert_error_filter(hook_insert_filter, after_headers, NULL,
                                APR_HOOK_LAST);
    response_filter = ap_register_output_filter("CORS", filter_response, NULL,
                                                AP_FTYPE_CONTENT_SET);
}

AP_DECLARE_MODULE(cors) = {
    STANDARD20_MODULE_STUFF,
    create_dir_conf,
    merge_dir_conf,
    NULL,                       /* a server's record is made at start-up */
    NULL,
    commands,
    register_hooks,
    AP_MODULE_FLAG_NONE
};
