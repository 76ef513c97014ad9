/* SPDX-License-Identifier: Apache-2.0 */

/*
 * mod_cors: Cross-Origin Resource Sharing (WHATWG Fetch) as a policy.
 *
 *     <Location "/api/">
 *         CORSAllowOrigin  https://app.example.com https://example.net
 *         CORSAllowMethods GET POST PUT DELETE
 *         CORSAllowHeaders Authorization Content-Type
 *     </Location>
 *
 * The files mod_cors* know httpd; cors_* know the protocol (cors_policy.h).
 * The path of a request:
 *
 * hook_post_read_request  takes down that the request has been read, so that
 *                       a refusal from here on can find its policy.
 * hook_translate_name   remembers the policy of the server and <Location>,
 *                       for responses that translate_name itself makes.
 *                       Answers preflights where CORSPreflight is early.
 * hook_map_to_storage   where that policy is final (mod_cors_startup.h)
 *                       answers preflights, before the file system is
 *                       touched; elsewhere forgets it.
 * hook_header_parser    remembers the effective policy, decides, publishes
 *                       the decision for access control, handlers and logs,
 *                       and answers the other preflights.
 * hook_insert_filter    inserts filter_response, on ordinary and on error
 *                       responses.
 * filter_response       is the one place that writes headers.
 *
 * Under ReportOnly all of these leave a request alone: mod_cors_report.h.
 *
 * What is remembered: see mod_cors_request.h.  Where nothing was remembered,
 * nothing is touched.
 */

#include "httpd.h"
#include "http_config.h"
#include "http_core.h"
#include "http_log.h"
#include "http_protocol.h"
#include "http_request.h"
#include "mod_status.h"
#include "util_filter.h"

#include "apr_strings.h"

#include "cors_policy.h"
#include "mod_cors_authz.h"
#include "mod_cors_check_require.h"
#include "mod_cors_forward.h"
#include "mod_cors_headers.h"
#include "mod_cors_htaccess.h"
#include "mod_cors_page.h"
#include "mod_cors_pcre.h"
#include "mod_cors_report.h"
#include "mod_cors_request.h"
#include "mod_cors_startup.h"
#include "mod_cors_status.h"
#include "mod_cors_suffix.h"
#include "mod_cors_version.h"

module AP_MODULE_DECLARE_DATA cors_module;

/* httpd gives a directive at most 64 words (AP_MAX_ARGC in server/config.c)
 * and drops the rest of the line without a word. */
#define MAX_WORDS 63

/* Where a preflight is answered, for people. */
static const char at_translate_name[] =
    "translate_name, before redirects and rewrites";
static const char at_map_to_storage[] =
    "map_to_storage, before the file is looked for";
static const char at_header_parser[] =
    "header_parser, before access control";

/* Of cors-status; made at start-up, not written after it. */
static cors_policy_t closed_policy;
static const cors_place_t status_place = {
    "cors-status", NULL, 0, CORS_ROW_OTHERS, 1
};

static ap_filter_rec_t *response_filter;
static ap_filter_rec_t *backend_filter;

/* ------------------------------------------------------------------------
 * Directives
 */

static void *create_dir_conf(apr_pool_t *p, char *dir)
{
    return apr_pcalloc(p, sizeof(cors_policy_t));
}

static void *merge_dir_conf(apr_pool_t *p, void *base, void *add)
{
    cors_policy_t *conf = apr_palloc(p, sizeof(*conf));

    cors_policy_merge(conf, base, add);
    return conf;
}

/* What a directive function ends with: takes down where the directive stands,
 * without which start-up does not see it, and returns NULL, the engine's
 * message with the directive's name, or that it must not stand there. */
static const char *directive_done(cmd_parms *cmd, void *conf,
                                  const char *message)
{
    const char *misplaced = ap_check_cmd_context(cmd, NOT_IN_LIMIT);

    cors_startup_note(cmd, conf);
    if (misplaced || !message) {
        return misplaced;
    }
    return apr_pstrcat(cmd->pool, cmd->cmd->name, " ", message, NULL);
}

/* Whether a directive that takes a list has too few or too many values. */
static const char *count_check(const cmd_parms *cmd, int argc)
{
    if (argc == 0) {
        return apr_pstrcat(cmd->pool, cmd->cmd->name, " takes one or more "
                           "values", NULL);
    }
    if (argc > MAX_WORDS) {
        return apr_psprintf(cmd->pool, "%s takes at most %d values on a line; "
                            "use several lines, which add up", cmd->cmd->name,
                            MAX_WORDS);
    }
    return NULL;
}

/* The row of a directive: the two tables have the same order. */
static const cors_directive_t *row_of(const cmd_parms *cmd)
{
    return &cors_directives[cmd->cmd - cors_module.cmds];
}

/* Any directive that its row describes whole. */
static const char *cmd_list(cmd_parms *cmd, void *conf, int argc,
                            char *const argv[])
{
    const char *message = count_check(cmd, argc);

    if (message) {
        return message;
    }
    message = cors_policy_add(conf, row_of(cmd), cmd->pool, argc, argv);
    return directive_done(cmd, conf, message);
}

static const char *cmd_word(cmd_parms *cmd, void *conf, const char *word)
{
    char *argv[1];

    argv[0] = (char *)word;
    return cmd_list(cmd, conf, 1, argv);
}

static const char *cmd_switch(cmd_parms *cmd, void *conf, int flag)
{
    return cmd_word(cmd, conf, flag ? "On" : "Off");
}

/* Who writes a .htaccess file reads no log; and what reports is registered
 * when the server starts. */
static const char *cmd_engine(cmd_parms *cmd, void *conf, const char *word)
{
    const cors_policy_t *policy = conf;
    const char *message = cmd_word(cmd, conf, word);

    if (!message && policy->engine == CORS_REPORT_ONLY) {
        message = ap_check_cmd_context(cmd, NOT_IN_HTACCESS);
        if (message) {
            message = apr_pstrcat(cmd->pool, message, "; its reports are for "
                                  "the server's administrator: write On or "
                                  "Off, or ReportOnly in a <Directory> of the "
                                  "server's configuration", NULL);
        }
    }
    return message;
}

static const char *cmd_allow_origin(cmd_parms *cmd, void *conf, int argc,
                                    char *const argv[])
{
    const char *message = count_check(cmd, argc);

    if (message) {
        return message;
    }
    message = cors_policy_add_origins(conf, cmd->pool, argc, argv,
                                      cors_suffix_is_public);
    return directive_done(cmd, conf, message);
}

static const char *cmd_dangerously_allow(cmd_parms *cmd, void *conf, int argc,
                                         char *const argv[])
{
    const char *misplaced = ap_check_cmd_context(cmd, NOT_IN_HTACCESS);

    if (misplaced) {
        return misplaced;
    }
    return cmd_list(cmd, conf, argc, argv);
}

static const char *cmd_status(cmd_parms *cmd, void *conf, int flag)
{
    const char *misplaced = ap_check_cmd_context(cmd, NOT_IN_HTACCESS);

    return misplaced ? misplaced : cmd_switch(cmd, conf, flag);
}

static const char *cmd_allow_origin_match(cmd_parms *cmd, void *conf,
                                          int argc, char *const argv[])
{
    const char *message = count_check(cmd, argc);
    int i;

    if (message) {
        return message;
    }
    for (i = 0; i < argc && !message; i++) {
        const cors_pcre_t *regex = cors_pcre_compile(cmd, argv[i]);

        message = cors_policy_add_origin_regex(conf, cmd->pool, argv[i],
                                               regex, cors_pcre_match,
                                               cors_suffix_for_regex);
        if (!message && !cors_pcre_is_short_lived(cmd)) {
            cors_policy_probe_regexes(conf, cmd->pool);
            cors_pcre_forget(regex);
        }
    }
    return directive_done(cmd, conf, message);
}

static const char *cmd_preflight(cmd_parms *cmd, void *conf,
                                 const char *word)
{
    const cors_policy_t *policy = conf;
    const char *message = cmd_word(cmd, conf, word);

    if (!message && policy->preflight == CORS_PREFLIGHT_EARLY) {
        message = ap_check_cmd_context(cmd, NOT_IN_DIRECTORY | NOT_IN_FILES
                                            | NOT_IN_PROXY | NOT_IN_HTACCESS);
        if (message) {
            message = apr_pstrcat(cmd->pool, message, "; early answers before "
                                  "this context is known; write answer", NULL);
        }
    }
    return message;
}

/* In the order of cors_directives. */
static const command_rec commands[] = {
    AP_INIT_TAKE1("CORSEngine", cmd_engine, NULL, OR_FILEINFO,
                  "On, Off or ReportOnly"),
    AP_INIT_TAKE_ARGV("CORSAllowOrigin", cmd_allow_origin, NULL, OR_FILEINFO,
                      "*, none, or origins that may read responses"),
    AP_INIT_TAKE_ARGV("CORSAllowOriginMatch", cmd_allow_origin_match, NULL,
                      OR_FILEINFO,
                      "regular expressions of such origins"),
    AP_INIT_TAKE_ARGV("CORSAllowMethods", cmd_list, NULL,
                      OR_FILEINFO, "*, or methods that scripts may use"),
    AP_INIT_TAKE_ARGV("CORSAllowHeaders", cmd_list, NULL,
                      OR_FILEINFO,
                      "none, *, or request headers that scripts may set"),
    AP_INIT_TAKE_ARGV("CORSExposeHeaders", cmd_list, NULL,
                      OR_FILEINFO,
                      "none, *, or response headers that scripts may read"),
    AP_INIT_FLAG("CORSAllowCredentials", cmd_switch, NULL,
                 OR_FILEINFO, "On or Off"),
    AP_INIT_TAKE1("CORSMaxAge", cmd_word, NULL, OR_FILEINFO,
                  "how long browsers may keep a preflight's answer"),
    AP_INIT_TAKE1("CORSPreflight", cmd_preflight, NULL, OR_FILEINFO,
                  "answer, early or pass"),
    AP_INIT_TAKE1("CORSPreflightStatus", cmd_word, NULL,
                  OR_FILEINFO, "204 or 200"),
    AP_INIT_TAKE1("CORSBackendHeaders", cmd_word, NULL,
                  OR_FILEINFO, "replace or keep"),
    AP_INIT_TAKE1("CORSTimingAllowOrigin", cmd_word, NULL,
                  OR_FILEINFO, "On, Off, List or *"),
    AP_INIT_FLAG("CORSForwardOrigin", cmd_switch, NULL, OR_FILEINFO,
                 "whether backends see trusted origins: On or Off"),
    AP_INIT_FLAG("CORSDebug", cmd_switch, NULL, OR_FILEINFO, "On or Off"),
    AP_INIT_TAKE_ARGV("CORSDangerouslyAllow", cmd_dangerously_allow, NULL,
                      RSRC_CONF | ACCESS_CONF,
                      "none, insecure-origins, public-suffixes, any-origin"),
    AP_INIT_FLAG("CORSStatus", cmd_status, NULL, RSRC_CONF | ACCESS_CONF,
                 "On or Off"),
    CORS_CHECK_MERGING,
    { NULL }
};

/* ------------------------------------------------------------------------
 * Responses
 */

/* Before mod_headers, whose lines may ask for what the handler has not seen,
 * adds to what it or a backend has made. */
static apr_status_t filter_backend(ap_filter_t *f, apr_bucket_brigade *bb)
{
    cors_forward_restore(f->r);
    cors_headers_look_at_backend(f->r);
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

static apr_status_t filter_response(ap_filter_t *f, apr_bucket_brigade *bb)
{
    request_rec *r = f->r;
    cors_ctx_t *ctx = cors_ctx_active(r);

    if (ctx) {
        cors_headers_write(r, ctx);
    }
    ap_remove_output_filter(f);
    return ap_pass_brigade(f->next, bb);
}

/* ------------------------------------------------------------------------
 * Preflights
 */

/* Whether a request is one, if it has an Origin: the decision knows. */
static int may_be_preflight(const request_rec *r)
{
    return r->method_number == M_OPTIONS
           && apr_table_get(r->headers_in, "Access-Control-Request-Method");
}

/* Whether this module answers a preflight that a context governs.  An error
 * document stays the answer to what it is about; and where another module has
 * made OPTIONS of what the client sent, the decision knows better. */
static int is_answered_here(request_rec *r, cors_ctx_t *ctx,
                            const char *stage)
{
    if (!ctx || !ctx->policy
        || ctx->policy->preflight == CORS_PREFLIGHT_PASS
        || r->status != HTTP_OK) {
        return 0;
    }
    if (!ctx->is_active) {
        if (!ctx->answerable) {
            ctx->answerable = ctx->policy;
        }
        return 0;
    }
    if (r->main) {
        if (!ctx->answered_at) {
            ctx->answered_at = stage;   /* explained, not answered */
        }
        return 0;
    }
    cors_ctx_decide(r, ctx);
    return ctx->decision.kind == CORS_KIND_PREFLIGHT;
}

/* Answer a preflight.  Neither a handler nor an ErrorDocument has a say;
 * the filters of errors have, for "Header always". */
static int send_answer(request_rec *r, cors_ctx_t *ctx)
{
    const cors_decision_t *decision = &ctx->decision;

    ctx->is_answered = 1;
    r->status = decision->status;
    r->output_filters = r->proto_output_filters;
    ap_run_insert_error_filter(r);
    /* Where no other module has a filter, ours has nothing to wait for. */
    if (r->output_filters == r->proto_output_filters) {
        cors_headers_write(r, ctx);
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

static int hook_post_read_request(request_rec *r)
{
    if (r->prev) {
        cors_forward_restore(r->prev);
    }
    cors_ctx_start(r);
    return DECLINED;
}

/* What a quick handler sends was stored: it is left alone. */
static int hook_quick_handler(request_rec *r, int is_lookup)
{
    cors_ctx_forget(r);
    return DECLINED;
}

static int hook_translate_name(request_rec *r)
{
    cors_ctx_t *ctx;

    if (!cors_ctx_is_possible(r)) {
        return DECLINED;
    }
    cors_ctx_remember(r);
    ctx = cors_ctx_get(r);
    if (ctx && ctx->policy && ctx->policy->preflight == CORS_PREFLIGHT_EARLY
        && cors_ctx_is_final(r) && may_be_preflight(r)
        && is_answered_here(r, ctx, at_translate_name)) {
        return send_answer(r, ctx);
    }
    return DECLINED;
}

/* As httpd does it for itself: LogLevel in a <Location> counts. */
static void location_walk(request_rec *r)
{
    const core_dir_config *core;

    ap_location_walk(r);
    core = ap_get_core_module_config(r->per_dir_config);
    if (core->log) {
        r->log = core->log;
    }
}

static int hook_map_to_storage(request_rec *r)
{
    ap_conf_vector_t *per_dir_config = r->per_dir_config;
    const struct ap_logconf *log = r->log;
    cors_ctx_t *ctx;

    if (!cors_ctx_is_possible(r)) {
        return DECLINED;
    }
    if (!cors_ctx_is_final(r)) {
        cors_ctx_forget(r);
        return DECLINED;
    }
    /* Once the URI has been rewritten, what is remembered is another's. */
    if (!may_be_preflight(r)) {
        ctx = cors_ctx_get(r);
        if (!ctx || ctx->uri != r->uri) {
            cors_ctx_forget(r);
        }
        return DECLINED;
    }
    location_walk(r);
    cors_ctx_remember(r);
    ctx = cors_ctx_get(r);
    if (is_answered_here(r, ctx, at_map_to_storage)) {
        return send_answer(r, ctx);
    }
    /* directory_walk must not start from the <Location>'s configuration. */
    r->per_dir_config = per_dir_config;
    r->log = log;
    return DECLINED;
}

static int hook_header_parser(request_rec *r)
{
    cors_ctx_t *ctx;

    if (!cors_ctx_is_possible(r)) {
        return DECLINED;
    }
    cors_ctx_remember(r);
    ctx = cors_ctx_get(r);
    if (ctx && ctx->is_active) {
        cors_ctx_decide(r, ctx);
    }
    return may_be_preflight(r) && is_answered_here(r, ctx, at_header_parser)
           ? send_answer(r, ctx) : DECLINED;
}

/* What hook_header_parser does for clients' requests, for subrequests that
 * are explained, for which it is not called. */
static int hook_post_perdir_config(request_rec *r)
{
    cors_ctx_t *ctx;

    if (!r->main || !cors_ctx_is_possible(r)) {
        return DECLINED;
    }
    cors_ctx_remember(r);
    ctx = cors_ctx_active(r);
    if (may_be_preflight(r)) {
        is_answered_here(r, ctx, at_header_parser);
    }
    return DECLINED;
}

/* What cors-status says of itself is closed to other origins, whatever the
 * configuration says. */
static int hook_handler(request_rec *r)
{
    const cors_policy_t *policy;
    cors_ctx_t *ctx;
    int rv;

    if (!r->handler || strcmp(r->handler, "cors-status") != 0) {
        return DECLINED;
    }
    policy = ap_get_module_config(r->per_dir_config, &cors_module);
    if (policy->status != CORS_ON) {
        return DECLINED;
    }
    ctx = cors_ctx_override(r, &closed_policy);
    cors_page_protect(r);
    if (r->method_number != M_GET) {
        ap_allow_standard_methods(r, REPLACE_ALLOW, M_GET, -1);
        return r->method_number == M_OPTIONS ? DECLINED
                                             : HTTP_METHOD_NOT_ALLOWED;
    }
    rv = cors_page_show(r);
    if (rv == DECLINED) {
        ctx->is_asking = 1;
        rv = cors_explain_show(r);
        ctx->is_asking = 0;
    }
    return rv;
}

static void hook_insert_filter(request_rec *r)
{
    cors_ctx_t *ctx;

    cors_ctx_complete(r);
    ctx = cors_ctx_active(r);
    if (ctx && !ctx->is_answered) {
        cors_ctx_decide(r, ctx);
        if (cors_headers_may_be_kept(ctx)
            || cors_forward_is_off(ctx->policy)) {
            ap_add_output_filter_handle(backend_filter, NULL, r,
                                        r->connection);
        }
        ap_add_output_filter_handle(response_filter, NULL, r, r->connection);
    }
}

static void register_request_hooks(void)
{
    /* So that SetEnvIf, which may steer logging, sees preflights too. */
    static const char *const after_setenvif[] = { "mod_setenvif.c", NULL };
    /* So that left-over Header lines lose. */
    static const char *const after_headers[] = { "mod_headers.c", NULL };

    /* So that those that refuse come after. */
    static const char *const before_refusals[] = { "mod_security2.c", NULL };

    ap_hook_post_read_request(hook_post_read_request, NULL, before_refusals,
                              APR_HOOK_REALLY_FIRST);
    if (ap_find_linked_module("mod_cache.c")) {
        ap_hook_quick_handler(hook_quick_handler, NULL, NULL,
                              APR_HOOK_REALLY_FIRST);
    }
    ap_hook_translate_name(hook_translate_name, NULL, NULL,
                           APR_HOOK_REALLY_FIRST);
    ap_hook_map_to_storage(hook_map_to_storage, NULL, NULL,
                           APR_HOOK_REALLY_FIRST);
    ap_hook_header_parser(hook_header_parser, after_setenvif, NULL,
                          APR_HOOK_FIRST);
    ap_hook_insert_filter(hook_insert_filter, after_headers, NULL,
                          APR_HOOK_LAST);
    ap_hook_insert_error_filter(hook_insert_filter, after_headers, NULL,
                                APR_HOOK_LAST);
}

/* What shows and explains is there where the configuration says so. */
static void register_status_hooks(apr_pool_t *pconf)
{
    static char word[] = "none";
    static char *const none[] = { word };

    memset(&closed_policy, 0, sizeof(closed_policy));
    cors_policy_add_origins(&closed_policy, pconf, 1, none, NULL);
    closed_policy.place = &status_place;
    ap_hook_handler(hook_handler, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_perdir_config(hook_post_perdir_config, NULL, NULL,
                               APR_HOOK_MIDDLE);
}

/* The hooks that only some configurations need. */
static void register_rare_hooks(apr_pool_t *pconf, const server_rec *s)
{
    const apr_array_header_t *sections = cors_startup_sections(pconf);
    int may_withhold = 0;
    int has_status = 0;
    int has_report_only = 0;
    int i;

    for (; s && !may_withhold; s = s->next) {
        may_withhold = cors_htaccess_is_allowed(s);
    }

    for (i = 0; i < sections->nelts; i++) {
        const cors_policy_t *policy =
            APR_ARRAY_IDX(sections, i, cors_section_t *)->policy;

        may_withhold |= policy->forward_origin == CORS_OFF;
        has_status |= policy->status == CORS_ON;
        has_report_only |= policy->engine == CORS_REPORT_ONLY;
    }
    if (may_withhold) {
        cors_forward_register();
    }
    if (has_status) {
        register_status_hooks(pconf);
    }
    if (has_report_only) {
        cors_report_register();
    }
}

/* Whether a CORS directive applies to some server, or may stand in one of its
 * .htaccess files. */
static int is_used(const server_rec *s)
{
    for (; s; s = s->next) {
        const cors_server_t *server =
            ap_get_module_config(s->module_config, &cors_module);

        if (server->is_used) {
            return 1;
        }
    }
    return 0;
}

/* Where no request can have a policy, none is to pay for this module.  httpd
 * drops all hooks before it reads its configuration again, and has sorted
 * those that modules register by themselves, under their names. */
static int hook_post_config(apr_pool_t *pconf, apr_pool_t *plog,
                            apr_pool_t *ptemp, server_rec *s)
{
    const char *current = apr_hook_debug_current;
    int has_policies;
    int has_require = cors_authz_is_used(pconf, s);

    cors_startup_settle(pconf, plog, ptemp, s);
    has_policies = is_used(s);
    if (!has_policies && !has_require) {
        return OK;
    }
    cors_status_open(pconf, s);
    apr_hook_debug_current = cors_module.name;
    if (has_policies) {
        register_request_hooks();
        register_rare_hooks(pconf, s);
    }
    if (has_require) {
        cors_authz_register_hooks(s);
    }
    apr_hook_debug_current = current;
    apr_hook_sort_all();
    return OK;
}

static void register_hooks(apr_pool_t *p)
{
    ap_hook_pre_config(cors_version_check, NULL, NULL, APR_HOOK_FIRST);
    ap_hook_pre_config(cors_suffix_read, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(cors_suffix_serve, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_post_config(cors_version_log, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_check_config(cors_check, NULL, NULL, APR_HOOK_MIDDLE);
    ap_hook_test_config(cors_dump, NULL, NULL, APR_HOOK_MIDDLE);
    /* After all others.  mod_perl may add directives in a hook that is really
     * last; and sorting hooks reorders in place the list that is being run, so
     * that httpd would run one twice and miss another. */
    ap_hook_post_config(hook_post_config, NULL, NULL,
                        APR_HOOK_REALLY_LAST + 100);
    cors_authz_register(p);
    APR_OPTIONAL_HOOK(ap, status_hook, cors_page_mod_status, NULL, NULL,
                      APR_HOOK_MIDDLE);
    response_filter = ap_register_output_filter("CORS", filter_response, NULL,
                                                AP_FTYPE_CONTENT_SET);
    backend_filter = ap_register_output_filter("CORS-BACKEND", filter_backend,
                                               NULL, AP_FTYPE_CONTENT_SET - 1);
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
