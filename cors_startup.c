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

#include "cors_startup.h"
#include "cors_policy.h"

#include "http_core.h"
#include "http_log.h"

#include "apr_cstr.h"
#include "apr_lib.h"
#include "apr_strings.h"

APLOG_USE_MODULE(cors);

/* ------------------------------------------------------------------------
 * The configuration tree
 */

/* A place in the tree, as a condition on directives. */
typedef int directive_test_fn(const ap_directive_t *directive,
                              const ap_directive_t *section);

static int directive_is(const ap_directive_t *directive, const char *name)
{
    return apr_cstr_casecmp(directive->directive, name) == 0;
}

/* Sections that httpd has merged by the time that a URL is translated. */
static int is_location(const ap_directive_t *directive)
{
    return directive_is(directive, "<Location")
           || directive_is(directive, "<LocationMatch");
}

/* A virtual host is known by where it is defined.  Those that one macro makes
 * share a place, and so what stands in one of them counts for all. */
static int is_section_of(const ap_directive_t *directive,
                         const server_rec *s)
{
    return s->is_virtual && s->defn_name
           && s->defn_line_number == (unsigned int)directive->line_num
           && strcmp(s->defn_name, directive->filename) == 0;
}

/* The first directive that passes a test, among those that apply to a
 * server: the main server's and its own.  "section" is the outermost section
 * around it that is not a <VirtualHost> or <Location>. */
static const ap_directive_t *find(const ap_directive_t *directive,
                                  const server_rec *s,
                                  const ap_directive_t *section,
                                  directive_test_fn *test)
{
    const ap_directive_t *found = NULL;

    for (; directive && !found; directive = directive->next) {
        if (test(directive, section)) {
            return directive;
        }
        if (directive_is(directive, "<VirtualHost")) {
            if (is_section_of(directive, s)) {
                found = find(directive->first_child, s, section, test);
            }
        }
        else if (is_location(directive)) {
            found = find(directive->first_child, s, section, test);
        }
        else {
            found = find(directive->first_child, s,
                         section ? section : directive, test);
        }
    }
    return found;
}

static int is_cors_in_late_section(const ap_directive_t *directive,
                                   const ap_directive_t *section)
{
    return section && apr_cstr_casecmpn(directive->directive, "CORS", 4) == 0;
}

/* Whether a list of words holds one that starts with a prefix. */
static int has_word(const char *words, const char *prefix)
{
    const char *p;

    for (p = words; *p; p++) {
        if ((p == words || !apr_isalnum(p[-1]))
            && apr_cstr_casecmpn(p, prefix, strlen(prefix)) == 0) {
            return 1;
        }
    }
    return 0;
}

static int opens_htaccess(const ap_directive_t *directive,
                          const ap_directive_t *section)
{
    if (directive_is(directive, "AllowOverride")) {
        return has_word(directive->args, "All")
               || has_word(directive->args, "FileInfo");
    }
    return directive_is(directive, "AllowOverrideList")
           && has_word(directive->args, "CORS");
}

static int is_early(const ap_directive_t *directive,
                    const ap_directive_t *section)
{
    return directive_is(directive, "CORSPreflight")
           && has_word(directive->args, "early");
}

/* A directive and where it stands, for people. */
static const char *describe(apr_pool_t *p, const ap_directive_t *directive)
{
    return apr_psprintf(p, "\"%s %s\" (%s:%d)", directive->directive,
                        directive->args, directive->filename,
                        directive->line_num);
}

/* ------------------------------------------------------------------------
 * Provably final
 */

static int lets_htaccess(const ap_conf_vector_t *section)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const apr_array_header_t *names;
    const apr_table_entry_t *elts;
    int i;

    if (!core) {
        return 0;
    }
    if (core->override & OR_FILEINFO) {
        return 1;
    }
    if (!core->override_list) {
        return 0;
    }
    names = apr_table_elts(core->override_list);
    elts = (const apr_table_entry_t *)names->elts;
    for (i = 0; i < names->nelts; i++) {
        if (apr_cstr_casecmpn(elts[i].key, "CORS", 4) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether a .htaccess file anywhere may hold our directives.  core has merged
 * the main server's <Directory> sections into those of a virtual host. */
static int server_lets_htaccess(const server_rec *s)
{
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);
    ap_conf_vector_t *const *sections =
        (ap_conf_vector_t *const *)core->sec_dir->elts;
    int i;

    if (lets_htaccess(s->lookup_defaults)) {
        return 1;
    }
    for (i = 0; i < core->sec_dir->nelts; i++) {
        if (lets_htaccess(sections[i])) {
            return 1;
        }
    }
    return 0;
}

static const char *find_obstacle(apr_pool_t *p, const server_rec *s)
{
    const ap_directive_t *directive = find(ap_conftree, s, NULL,
                                           is_cors_in_late_section);

    if (directive) {
        return describe(p, directive);
    }
    if (!server_lets_htaccess(s)) {
        return NULL;
    }
    directive = find(ap_conftree, s, NULL, opens_htaccess);
    return directive ? describe(p, directive)
                     : "a directory that allows FileInfo in .htaccess";
}

/* ------------------------------------------------------------------------
 * Policies
 */

static int policy_is_early(const cors_policy_t *policy)
{
    return cors_policy_is_active(policy)
           && policy->preflight == CORS_PREFLIGHT_EARLY;
}

/* Whether a policy of the server or of a <Location> answers early. */
static int server_is_early(const server_rec *s)
{
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);
    ap_conf_vector_t *const *sections =
        (ap_conf_vector_t *const *)core->sec_url->elts;
    const cors_policy_t *outer =
        ap_get_module_config(s->lookup_defaults, &cors_module);
    int i;

    if (policy_is_early(outer)) {
        return 1;
    }
    for (i = 0; i < core->sec_url->nelts; i++) {
        const cors_policy_t *inner =
            ap_get_module_config(sections[i], &cors_module);
        cors_policy_t policy;

        if (inner) {
            cors_policy_merge(&policy, outer, inner);
            if (policy_is_early(&policy)) {
                return 1;
            }
        }
    }
    return 0;
}

static int check_early(apr_pool_t *ptemp, const server_rec *s,
                       const char *obstacle)
{
    const ap_directive_t *early;

    if (!obstacle || !server_is_early(s)) {
        return OK;
    }
    early = find(ap_conftree, s, NULL, is_early);
    ap_log_error(APLOG_MARK, APLOG_ERR | APLOG_STARTUP, 0, s,
                 "%s: %s can change the policy after it was applied; take "
                 "that out or write CORSPreflight answer",
                 early ? describe(ptemp, early) : "CORSPreflight early",
                 obstacle);
    return HTTP_INTERNAL_SERVER_ERROR;
}

int cors_startup_check(apr_pool_t *pconf, apr_pool_t *plog,
                       apr_pool_t *ptemp, server_rec *s)
{
    int result = OK;

    for (; s; s = s->next) {
        cors_server_t *server = ap_get_module_config(s->module_config,
                                                     &cors_module);

        server->obstacle = find_obstacle(pconf, s);
        if (check_early(ptemp, s, server->obstacle) != OK) {
            result = HTTP_INTERNAL_SERVER_ERROR;
        }
    }
    return result;
}
