/* SPDX-License-Identifier: Apache-2.0 */

#include "mod_cors_htaccess.h"

#include "http_core.h"

#include "apr_cstr.h"

static int is_named(const ap_directive_t *directive, const char *name)
{
    return apr_cstr_casecmp(directive->directive, name) == 0;
}

/* Whether a directive, or one of a list of them, begins with "CORS". */
static int is_cors_name(const char *name)
{
    return apr_cstr_casecmpn(name, "CORS", 4) == 0;
}

/* Whether a directive of a <Directory> lets .htaccess files hold ours. */
static int opens_htaccess(apr_pool_t *pool, const ap_directive_t *directive)
{
    const char *args = directive->args;
    int is_list = is_named(directive, "AllowOverrideList");

    if (!is_list && !is_named(directive, "AllowOverride")) {
        return 0;
    }
    while (*args) {
        const char *word = ap_getword_conf(pool, &args);

        if (is_list ? is_cors_name(word)
                    : apr_cstr_casecmp(word, "All") == 0
                      || apr_cstr_casecmp(word, "FileInfo") == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether a directive of the same name follows: the last one counts. */
static int is_overridden(const ap_directive_t *directive)
{
    const ap_directive_t *next = directive->next;

    while (next && !is_named(next, directive->directive)) {
        next = next->next;
    }
    return next != NULL;
}

/* The first directive in the <Directory> sections of a list that lets
 * .htaccess files hold ours. */
const ap_directive_t *cors_htaccess_directive(apr_pool_t *pool,
                                              const ap_directive_t *list)
{
    const ap_directive_t *directive;

    for (; list; list = list->next) {
        if (!is_named(list, "<Directory")) {
            continue;
        }
        for (directive = list->first_child; directive;
             directive = directive->next) {
            if (opens_htaccess(pool, directive)
                && !is_overridden(directive)) {
                return directive;
            }
        }
    }
    return NULL;
}

/* What .htaccess files may hold: a class of directives, and some by name. */
typedef struct {
    int override;
    int (*is_meant)(const char *name);
} wanted_t;

static int section_lets_htaccess(const ap_conf_vector_t *section,
                                 const wanted_t *wanted)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const apr_array_header_t *names;
    int i;

    if (!core) {
        return 0;
    }
    if (core->override & wanted->override) {
        return 1;
    }
    if (!core->override_list) {
        return 0;
    }
    names = apr_table_elts(core->override_list);
    for (i = 0; i < names->nelts; i++) {
        if (wanted->is_meant(APR_ARRAY_IDX(names, i,
                                           apr_table_entry_t).key)) {
            return 1;
        }
    }
    return 0;
}

/* core has merged the main server's <Directory> sections into those of a
 * virtual host. */
static int server_lets_htaccess(const server_rec *s, const wanted_t *wanted)
{
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);
    int i;

    if (section_lets_htaccess(s->lookup_defaults, wanted)) {
        return 1;
    }
    for (i = 0; i < core->sec_dir->nelts; i++) {
        if (section_lets_htaccess(APR_ARRAY_IDX(core->sec_dir, i,
                                                ap_conf_vector_t *),
                                  wanted)) {
            return 1;
        }
    }
    return 0;
}

int cors_htaccess_is_allowed(const server_rec *s)
{
    static const wanted_t cors = { OR_FILEINFO, is_cors_name };

    return server_lets_htaccess(s, &cors);
}

static int is_request_header(const char *name)
{
    return apr_cstr_casecmp(name, "RequestHeader") == 0;
}

int cors_htaccess_may_change_requests(const server_rec *s)
{
    static const wanted_t changes = { OR_FILEINFO, is_request_header };

    return server_lets_htaccess(s, &changes);
}

int cors_htaccess_is_require(const char *name)
{
    return apr_cstr_casecmpn(name + (*name == '<'), "Require", 7) == 0;
}

int cors_htaccess_may_require(const server_rec *s)
{
    static const wanted_t require = {
        OR_AUTHCFG, cors_htaccess_is_require
    };

    return server_lets_htaccess(s, &require);
}
