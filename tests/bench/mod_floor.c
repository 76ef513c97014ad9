/* SPDX-License-Identifier: Apache-2.0 */

/*
 * The floor under mod_cors: the least that a module can do to send the header
 * lines of the policy in Bench.pm.  It decides nothing and reads no policy;
 * the values are constants.  Built once for each answering point:
 *
 *     -DFLOOR_TRANSLATE_NAME   preflights, before any redirect or rewrite
 *     -DFLOOR_MAP_TO_STORAGE   preflights, before the file system
 *     -DFLOOR_HEADER_PARSER    preflights, before access control
 *     -DFLOOR_FIXUPS           actual requests
 *
 * With -DFLOOR_SECTION it answers only where "FloorHeaders On" is in force,
 * and so pays for a per-directory configuration of its own.
 */

#include "httpd.h"
#include "http_config.h"
#include "http_request.h"
#include "apr_tables.h"

module AP_MODULE_DECLARE_DATA floor_module;

#ifdef FLOOR_SECTION

/* Sections share these two; NULL is a section that says nothing. */
static const char floor_on[] = "On";
static const char floor_off[] = "Off";

typedef struct floor_dir_conf {
    const char *headers;
} floor_dir_conf;

static void *create_dir_conf(apr_pool_t *p, char *path)
{
    return apr_pcalloc(p, sizeof(floor_dir_conf));
}

static void *merge_dir_conf(apr_pool_t *p, void *outer, void *inner)
{
    return ((floor_dir_conf *)inner)->headers ? inner : outer;
}

static const char *cmd_headers(cmd_parms *cmd, void *conf, int flag)
{
    ((floor_dir_conf *)conf)->headers = flag ? floor_on : floor_off;
    return NULL;
}

static const command_rec commands[] = {
    AP_INIT_FLAG("FloorHeaders", cmd_headers, NULL, OR_FILEINFO,
                 "On or Off"),
    { NULL }
};

static int is_covered(request_rec *r)
{
    const floor_dir_conf *conf = ap_get_module_config(r->per_dir_config,
                                                      &floor_module);

    return conf->headers == floor_on;
}

#endif /* FLOOR_SECTION */

#ifdef FLOOR_FIXUPS

static int hook_fixups(request_rec *r)
{
    apr_table_t *out = r->headers_out;

#ifdef FLOOR_SECTION
    if (!is_covered(r)) {
        return DECLINED;
    }
#endif
    if (!apr_table_get(r->headers_in, "Origin")) {
        return DECLINED;
    }
    apr_table_setn(out, "Access-Control-Allow-Origin",
                   "https://app.example.com");
    apr_table_setn(out, "Access-Control-Allow-Credentials", "true");
    apr_table_setn(out, "Access-Control-Expose-Headers",
                   "ETag, X-Request-Id");
    apr_table_setn(out, "Vary", "Origin");
    return DECLINED;
}

#else /* preflights */

static int is_preflight(request_rec *r)
{
    return r->method_number == M_OPTIONS
        && apr_table_get(r->headers_in, "Origin")
        && apr_table_get(r->headers_in, "Access-Control-Request-Method");
}

static int hook_preflight(request_rec *r)
{
    apr_table_t *out = r->headers_out;
#ifdef FLOOR_SECTION
    ap_conf_vector_t *server_config = r->per_dir_config;
#endif

    if (!is_preflight(r)) {
        return DECLINED;
    }
#ifdef FLOOR_SECTION
    ap_location_walk(r);
    if (!is_covered(r)) {
        r->per_dir_config = server_config;
        return DECLINED;
    }
#endif
    apr_table_setn(out, "Access-Control-Allow-Origin",
                   "https://app.example.com");
    apr_table_setn(out, "Access-Control-Allow-Credentials", "true");
    apr_table_setn(out, "Access-Control-Allow-Methods",
                   "GET, POST, PUT, DELETE");
    apr_table_setn(out, "Access-Control-Allow-Headers",
                   "Authorization, Content-Type");
    apr_table_setn(out, "Access-Control-Max-Age", "600");
    apr_table_setn(out, "Vary",
                   "Origin, Access-Control-Request-Method, "
                   "Access-Control-Request-Headers");
    return HTTP_NO_CONTENT;
}

#endif /* FLOOR_FIXUPS */

static void register_hooks(apr_pool_t *p)
{
#if defined(FLOOR_TRANSLATE_NAME)
    ap_hook_translate_name(hook_preflight, NULL, NULL, APR_HOOK_REALLY_FIRST);
#elif defined(FLOOR_MAP_TO_STORAGE)
    ap_hook_map_to_storage(hook_preflight, NULL, NULL, APR_HOOK_REALLY_FIRST);
#elif defined(FLOOR_HEADER_PARSER)
    ap_hook_header_parser(hook_preflight, NULL, NULL, APR_HOOK_FIRST);
#elif defined(FLOOR_FIXUPS)
    ap_hook_fixups(hook_fixups, NULL, NULL, APR_HOOK_MIDDLE);
#else
#error "name an answering point"
#endif
}

AP_DECLARE_MODULE(floor) = {
    STANDARD20_MODULE_STUFF,
#ifdef FLOOR_SECTION
    .create_dir_config = create_dir_conf,
    .merge_dir_config = merge_dir_conf,
    .cmds = commands,
#endif
    .register_hooks = register_hooks
};
