/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Errors and warnings of the whole configuration, found when it is checked.
 * An error is a policy that would endanger users or cannot work; a warning is
 * a directive that has no effect.
 */

#include "mod_cors_check_access.h"
#include "mod_cors_check_values.h"
#include "mod_cors_cite.h"
#include "mod_cors_htaccess.h"
#include "mod_cors_suffix.h"

#include "http_core.h"
#include "http_log.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include "cors_text.h"

APLOG_USE_MODULE(cors);

/* ------------------------------------------------------------------------
 * What other sections may add
 */

/* Origins may come from any other section: which of them httpd merges with
 * this one depends on the request.  Or from a virtual host that inherits it,
 * or from a .htaccess file. */
static int may_get_origins(const cors_check_t *check)
{
    return cors_htaccess_is_allowed(check->s)
           || (!check->s->is_virtual && check->some_name_origins)
           || check->main_section->names_origins
           || check->section->names_origins;
}

/* Where a section is in httpd's order of merging, 0 for a server.  Of two that
 * apply, the one with the higher rank wins. */
static int section_rank(const cors_section_t *section)
{
    const char *name;

    if (!section->outer) {
        return 0;
    }
    name = section->directive->directive;
    return apr_cstr_casecmpn(name, "<Directory", 10) == 0
           || apr_cstr_casecmpn(name, "<Proxy", 6) == 0 ? 1
           : apr_cstr_casecmpn(name, "<Files", 6) == 0 ? 2
           : apr_cstr_casecmpn(name, "<Location", 9) == 0 ? 3 : 4;
}

static void switches_count(cors_switches_t *switches,
                           const cors_section_t *section)
{
    int i;

    if (section->outer && section->policy
        && section->policy->engine
        && section->policy->engine != CORS_OFF) {
        switches->count++;
        if (switches->rank < section_rank(section)) {
            switches->rank = section_rank(section);
        }
    }
    for (i = 0; i < section->inner->nelts; i++) {
        switches_count(switches, APR_ARRAY_IDX(section->inner, i,
                                               cors_section_t *));
    }
}

/* Whether a section may say CORSEngine On where this one is off: one that
 * httpd does not merge before the section that says Off. */
static int may_be_switched_on(const cors_check_t *check,
                              const cors_section_t *section)
{
    int rank;

    while (section->outer && !(section->policy && section->policy->engine)) {
        section = section->outer;
    }
    rank = section_rank(section);
    return cors_htaccess_is_allowed(check->s)
           || (check->switches.count > 0 && check->switches.rank >= rank);
}

/* ------------------------------------------------------------------------
 * Errors
 */

static const char *const unsafe_texts[] = {
    [CORS_UNSAFE_NONE] = "",
    [CORS_UNSAFE_ANY_ORIGIN] = "any site could read responses with the "
        "visitor's credentials; list the origins, or write "
        "CORSAllowCredentials Off",
    [CORS_UNSAFE_MATCH_ALL] = "it matches any origin, so any site could read "
        "responses with the visitor's credentials; narrow it, or write "
        "CORSAllowCredentials Off",
    [CORS_UNSAFE_NULL] = "any page can give itself the origin null; leave it "
        "out, or write CORSAllowCredentials Off",
    [CORS_UNSAFE_INSECURE_ORIGIN] = "whoever controls a visitor's network "
        "can impersonate that origin; write https, or accept the danger with "
        "CORSDangerouslyAllow insecure-origins",
    [CORS_UNSAFE_FILE] = "any page that is opened from a disk can have that "
        "origin; leave it out, or accept the danger with CORSDangerouslyAllow "
        "insecure-origins",
    [CORS_UNSAFE_PUBLIC_SUFFIX] = "anybody can register a name under that "
        "public suffix; write your own domain, or accept the danger with "
        "CORSDangerouslyAllow public-suffixes",
};

/* Whether the domain of a wildcard is a public suffix by a newer list than
 * libpsl's own. */
static int has_new_suffix(const cors_check_t *check,
                          const cors_origin_entry_t *entry)
{
    const char *domain = entry->is_regex ? NULL
                                         : strstr(entry->pattern, "*.");
    apr_size_t len = domain ? strcspn(domain + 2, ":") : 0;

    if (len > 0 && domain[2 + len - 1] == '.') {
        len--;
    }
    return len > 0
           && cors_suffix_is_new(apr_pstrmemdup(check->pool, domain + 2, len));
}

static void say_unsafe(cors_check_t *check, const cors_section_t *section,
                       cors_unsafe_t unsafe, const cors_origin_entry_t *entry)
{
    int is_new = unsafe == CORS_UNSAFE_PUBLIC_SUFFIX
                 && has_new_suffix(check, entry);

    check->errors += !is_new;
    cors_check_say(check, is_new ? APLOG_WARNING : APLOG_ERR,
                   "%s with %s%s: %s",
                   cors_check_cite_unsafe(check, section, unsafe, entry),
                   cors_check_cite(check, section, "CORSAllowCredentials",
                                   "On"),
                   is_new ? " is denied, by a newer list of public suffixes "
                            "than libpsl's own" : "",
                   unsafe_texts[unsafe]);
}

/* An update of the list of public suffixes must not keep httpd from starting:
 * what it alone makes unsafe is a warning, and the search goes on. */
static void check_unsafe(cors_check_t *check, const cors_section_t *section,
                         const cors_policy_t *policy)
{
    const apr_array_header_t *entries;
    const cors_origin_entry_t *entry;
    cors_unsafe_t unsafe = cors_policy_find_unsafe(policy, &entry);
    int errors = check->errors;
    int i;

    if (unsafe != CORS_UNSAFE_PUBLIC_SUFFIX) {
        if (unsafe != CORS_UNSAFE_NONE) {
            say_unsafe(check, section, unsafe, entry);
        }
        return;
    }
    entries = cors_origin_set_entries(policy->origins);
    for (i = 0; i < entries->nelts && check->errors == errors; i++) {
        entry = APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);
        unsafe = cors_policy_entry_unsafe(policy, entry, entry->is_insecure,
                                          entry->is_public_suffix);
        if (unsafe != CORS_UNSAFE_NONE) {
            say_unsafe(check, section, unsafe, entry);
        }
    }
}

/* Whatever else this place says: other sections may say it otherwise. */
static void check_early(cors_check_t *check, const cors_section_t *section,
                        const cors_policy_t *policy)
{
    const cors_server_t *server =
        ap_get_module_config(check->s->module_config, &cors_module);

    if (!server->obstacle || policy->preflight != CORS_PREFLIGHT_EARLY
        || !may_get_origins(check)
        || (policy->engine == CORS_OFF
            && !may_be_switched_on(check, section))) {
        return;
    }
    check->errors++;
    cors_check_say(check, APLOG_ERR, "%s with %s: it can change the policy "
                   "after preflights have been answered; remove it, or write "
                   "CORSPreflight answer",
                   cors_check_cite(check, section, "CORSPreflight", "early"),
                   server->obstacle);
}

/* Under "*" no origin is trusted. */
static void check_forward(cors_check_t *check, const cors_section_t *section,
                          const cors_policy_t *policy)
{
    if (policy->forward_origin != CORS_OFF || !cors_policy_decides(policy)
        || cors_origin_set_scope(policy->origins) != CORS_SCOPE_ANY) {
        return;
    }
    check->errors++;
    cors_check_say(check, APLOG_ERR, "%s with %s: it keeps trusted origins "
                   "from backends, and * trusts none; list the origins, or "
                   "write CORSForwardOrigin On",
                   cors_check_cite(check, section, "CORSForwardOrigin", "Off"),
                   cors_check_cite(check, section, "CORSAllowOrigin", "*"));
}

static void check_section(void *baton, const cors_section_t *section)
{
    cors_check_t *check = baton;
    cors_policy_t policy = cors_startup_policy(check->s, section);

    check_unsafe(check, section, &policy);
    check_early(check, section, &policy);
    check_forward(check, section, &policy);
}

/* ------------------------------------------------------------------------
 * Warnings: what has no effect
 */

/* The first directive of a section that says more than whether its policy is
 * in force. CORSStatus has its effect without one. */
static const ap_directive_t *find_detail(const cors_section_t *section)
{
    int i;

    for (i = 0; i < section->directives->nelts; i++) {
        const ap_directive_t *directive =
            APR_ARRAY_IDX(section->directives, i, const ap_directive_t *);

        if (!cors_startup_is(directive, "CORSEngine")
            && !cors_startup_is(directive, "CORSStatus")) {
            return directive;
        }
    }
    return NULL;
}

/* A shared section is judged by all servers that inherit it: what has no
 * effect in one of them may have it in another. */
typedef struct {
    const cors_section_t *section;      /* the key */
    int may_have_origins;
    int may_be_on;                      /* with its own origins */
    const ap_directive_t *off;          /* what switches it off */
} effect_t;

static effect_t *effect_get(cors_check_t *check, const cors_section_t *section)
{
    effect_t *effect = apr_hash_get(check->effects, &section,
                                    sizeof(const cors_section_t *));

    if (!effect) {
        effect = apr_pcalloc(check->pool, sizeof(*effect));
        effect->section = section;
        apr_hash_set(check->effects, &effect->section,
                     sizeof(const cors_section_t *), effect);
    }
    return effect;
}

/* The sections in this one that say CORSEngine On and replace its origins. */
static int replacements_count(const cors_section_t *section)
{
    cors_switches_t switches = { 0, 0 };
    int count = 0;
    int i;

    for (i = 0; i < section->inner->nelts; i++) {
        const cors_section_t *inner = APR_ARRAY_IDX(section->inner, i,
                                                    cors_section_t *);

        if (inner->policy && inner->policy->origins) {
            switches_count(&switches, inner);
        }
        else {
            count += replacements_count(inner);
        }
    }
    return count + switches.count;
}

/* Whether another section may switch on what is off in this one. */
static int may_be_on(const cors_check_t *check, const cors_section_t *section)
{
    return cors_htaccess_is_allowed(check->s)
           || check->switches.count > replacements_count(section);
}

static void gather_switched_off(cors_check_t *check,
                                const cors_section_t *section,
                                const cors_policy_t *policy, effect_t *effect)
{
    const ap_directive_t *off;

    if (policy->engine != CORS_OFF || may_be_on(check, section)) {
        effect->may_be_on = 1;
        return;
    }
    /* What several lines close is not to be opened by one. */
    off = cors_check_find_in_force(check, section, "CORSEngine", NULL);
    effect->may_be_on |= effect->off && effect->off != off;
    effect->off = off;
}

static void gather(void *baton, const cors_section_t *section)
{
    cors_check_t *check = baton;
    effect_t *effect = effect_get(check, section);
    cors_policy_t policy = cors_startup_policy(check->s, section);

    effect->may_have_origins |= policy.origins || may_get_origins(check);
    if (section->policy && section->policy->origins
        && !section->policy->engine) {
        gather_switched_off(check, section, &policy, effect);
    }
}

static void warn_inert(cors_check_t *check, const cors_section_t *section,
                       const effect_t *effect)
{
    const ap_directive_t *detail = find_detail(section);

    if (detail && !effect->may_have_origins) {
        cors_check_say(check, APLOG_WARNING, "%s has no effect: no origin is "
                       "allowed there; add CORSAllowOrigin",
                       cors_startup_describe(check->pool, detail));
    }
}

static void warn_switched_off(cors_check_t *check,
                              const cors_section_t *section,
                              const effect_t *effect)
{
    const ap_directive_t *origins;

    if (!effect->off || effect->may_be_on) {
        return;
    }
    origins = cors_check_find(check, section, "CORSAllowOrigin", NULL);
    if (!origins) {
        origins = cors_check_find(check, section, "CORSAllowOriginMatch",
                                  NULL);
    }
    if (origins) {
        cors_check_say(check, APLOG_WARNING, "%s has no effect: %s switches "
                       "it off; add CORSEngine On",
                       cors_startup_describe(check->pool, origins),
                       cors_startup_describe(check->pool, effect->off));
    }
}

static void warn_section(void *baton, const cors_section_t *section)
{
    cors_check_t *check = baton;

    if (!cors_startup_is_inherited(check->s, section)) {
        const effect_t *effect = effect_get(check, section);

        warn_inert(check, section, effect);
        warn_switched_off(check, section, effect);
    }
    cors_check_values(check, section);
}

/* ------------------------------------------------------------------------
 * The whole
 */

static void check_use(cors_check_t *check, const server_rec *s)
{
    check->s = s;
    check->section = cors_startup_server(check->pconf, s);
    memset(&check->switches, 0, sizeof(check->switches));
    switches_count(&check->switches, check->section);
    if (check->section != check->main_section) {
        switches_count(&check->switches, check->main_section);
    }
}

int cors_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
               server_rec *main_server)
{
    cors_check_t check = { 0 };
    const apr_array_header_t *leftovers;
    const server_rec *s;
    int i;

    cors_startup_settle(pconf, plog, ptemp, main_server);
    check.pool = ptemp;
    apr_pool_create(&check.scratch, ptemp);
    check.pconf = pconf;
    check.said = apr_hash_make(ptemp);
    check.effects = apr_hash_make(ptemp);
    check.main_section = cors_startup_server(pconf, main_server);
    for (s = main_server; s; s = s->next) {
        check.some_name_origins |= cors_startup_server(pconf,
                                                       s)->names_origins;
    }
    for (s = main_server; s; s = s->next) {
        check_use(&check, s);
        cors_startup_walk(pconf, s, main_server, check_section, NULL, &check);
        cors_startup_walk(pconf, s, main_server, gather, NULL, &check);
    }
    for (s = main_server; s; s = s->next) {
        check_use(&check, s);
        cors_startup_walk(pconf, s, main_server, warn_section, NULL, &check);
    }
    cors_check_access(&check, main_server);
    leftovers = cors_leftovers(pconf, ptemp, main_server);
    for (i = 0; i < leftovers->nelts; i++) {
        cors_check_say(&check, APLOG_WARNING, "%s",
                       APR_ARRAY_IDX(leftovers, i, const char *));
    }
    return check.errors ? HTTP_INTERNAL_SERVER_ERROR : OK;
}
