/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Errors and warnings of the whole configuration, found when it is checked.
 * An error is a policy that would endanger users or cannot work; a warning is
 * a directive that has no effect.
 */

#include "mod_cors_startup.h"

#include "http_core.h"
#include "http_log.h"

#include "apr_cstr.h"
#include "apr_hash.h"
#include "apr_strings.h"

#include "cors_text.h"

APLOG_USE_MODULE(cors);

/* Sections that say CORSEngine On: how many, and the last that httpd merges. */
typedef struct {
    int count;
    int rank;
} switches_t;

/* The server at hand, and what has been said. */
typedef struct {
    apr_pool_t *pool;
    apr_pool_t *scratch;                /* for one word at a time */
    apr_pool_t *pconf;
    const server_rec *s;
    const cors_section_t *main_section;
    const cors_section_t *section;      /* that stands for s */
    switches_t switches;                /* that apply to s */
    int some_name_origins;              /* some server's directives do */
    apr_hash_t *effects;                /* effect_t, by the section */
    apr_hash_t *said;                   /* messages that were logged */
    int errors;
} check_t;

/* Log something about the configuration, once.  No LogLevel filters what has
 * no server. */
static void say(check_t *check, int level, const char *message)
{
    const server_rec *s = level == APLOG_ERR ? NULL : check->s;

    if (!apr_hash_get(check->said, message, APR_HASH_KEY_STRING)) {
        apr_hash_set(check->said, message, APR_HASH_KEY_STRING, message);
        ap_log_error(APLOG_MARK, level | APLOG_STARTUP, 0, s, "%s", message);
    }
}

/* ------------------------------------------------------------------------
 * Which directive it was
 */

/* Whether a directive has a word among its arguments, compared without
 * case. */
static int has_word(const check_t *check, const ap_directive_t *directive,
                    const char *word)
{
    const char *args = directive->args;
    int is_there = 0;

    while (*args && !is_there) {
        is_there = apr_cstr_casecmp(ap_getword_conf(check->scratch, &args),
                                    word) == 0;
    }
    apr_pool_clear(check->scratch);
    return is_there;
}

/* The last directive of a section with a name and, if word is not NULL, that
 * word: of several that set one value it is the one that counts. */
static const ap_directive_t *find(const check_t *check,
                                  const cors_section_t *section,
                                  const char *name, const char *word)
{
    int i;

    for (i = section->directives->nelts - 1; i >= 0; i--) {
        const ap_directive_t *directive =
            APR_ARRAY_IDX(section->directives, i, const ap_directive_t *);

        if (cors_startup_is(directive, name)
            && (!word || has_word(check, directive, word))) {
            return directive;
        }
    }
    return NULL;
}

/* The same of the sections of a server with the name of this one. */
static const ap_directive_t *find_among(const check_t *check,
                                        const server_rec *s,
                                        const cors_section_t *section,
                                        const char *name, const char *word)
{
    const apr_array_header_t *sections = cors_startup_namesakes(s, section);
    const ap_directive_t *found = NULL;
    int i;

    for (i = sections ? sections->nelts - 1 : -1; i >= 0 && !found; i--) {
        found = find(check, APR_ARRAY_IDX(sections, i,
                                          const cors_section_t *),
                     name, word);
    }
    return found;
}

/* The directive that takes effect in a section: the innermost, and a virtual
 * host's own before what it inherits. */
static const ap_directive_t *find_in_force(const check_t *check,
                                           const cors_section_t *section,
                                           const char *name,
                                           const char *word)
{
    const ap_directive_t *found = NULL;

    for (; section->outer && !found; section = section->outer) {
        found = find_among(check, check->s, section, name, word);
        if (!found) {
            found = find_among(check, check->main_section->server, section,
                               name, word);
        }
    }
    if (!found) {
        found = find(check, check->section, name, word);
    }
    return found ? found : find(check, check->main_section, name, word);
}

/* A directive, for people, of which only the word in question is shown: a
 * line may list many.  NULL is a directive that is not in the tree. */
static const char *cite_word(const check_t *check,
                             const ap_directive_t *directive,
                             const char *name, const char *word)
{
    if (!directive) {
        return apr_psprintf(check->pool, "%s %s", name, word);
    }
    return apr_psprintf(check->pool, "%s %.*s%s (%s:%d)",
                        directive->directive, CORS_MAX_QUOTE, word,
                        strlen(word) > CORS_MAX_QUOTE ? "..." : "",
                        directive->filename, directive->line_num);
}

/* The directive that takes effect in a section, for people. */
static const char *cite(const check_t *check, const cors_section_t *section,
                        const char *name, const char *word)
{
    const ap_directive_t *directive = find_in_force(check, section, name,
                                                    word);

    return directive && !word
           ? cors_startup_describe(check->pool, directive)
           : cite_word(check, directive, name, word ? word : "");
}

static const char *cite_entry(const check_t *check,
                              const cors_origin_entry_t *entry)
{
    return cite_word(check, cors_startup_line(entry),
                     entry->is_regex ? "CORSAllowOriginMatch"
                                     : "CORSAllowOrigin", entry->pattern);
}

/* ------------------------------------------------------------------------
 * What other sections may add
 */

/* Origins may come from any other section: which of them httpd merges with
 * this one depends on the request.  Or from a virtual host that inherits it,
 * or from a .htaccess file. */
static int may_get_origins(const check_t *check)
{
    return cors_startup_lets_htaccess(check->s)
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

static void switches_count(switches_t *switches,
                           const cors_section_t *section)
{
    int i;

    if (section->outer && section->policy
        && section->policy->engine == CORS_ON) {
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
static int may_be_switched_on(const check_t *check,
                              const cors_section_t *section)
{
    int rank;

    while (section->outer && !(section->policy && section->policy->engine)) {
        section = section->outer;
    }
    rank = section_rank(section);
    return cors_startup_lets_htaccess(check->s)
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

/* The directive that brings an unsafe value. */
static const char *cite_unsafe(const check_t *check,
                               const cors_section_t *section,
                               cors_unsafe_t unsafe,
                               const cors_origin_entry_t *entry)
{
    if (!entry) {
        return cite(check, section, "CORSAllowOrigin", "*");
    }
    return cite_entry(check, entry);
}

static void check_unsafe(check_t *check, const cors_section_t *section,
                         const cors_policy_t *policy)
{
    const cors_origin_entry_t *entry;
    cors_unsafe_t unsafe = cors_policy_find_unsafe(policy, &entry);

    if (unsafe == CORS_UNSAFE_NONE) {
        return;
    }
    check->errors++;
    say(check, APLOG_ERR,
        apr_psprintf(check->pool, "%s with %s: %s",
                     cite_unsafe(check, section, unsafe, entry),
                     cite(check, section, "CORSAllowCredentials", "On"),
                     unsafe_texts[unsafe]));
}

/* Whatever else this place says: other sections may say it otherwise. */
static void check_early(check_t *check, const cors_section_t *section,
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
    say(check, APLOG_ERR,
        apr_psprintf(check->pool, "%s with %s: it can change the policy after "
                     "preflights have been answered; remove it, or write "
                     "CORSPreflight answer",
                     cite(check, section, "CORSPreflight", "early"),
                     server->obstacle));
}

static void check_section(void *baton, const cors_section_t *section)
{
    check_t *check = baton;
    cors_policy_t policy = cors_startup_policy(check->s, section);

    check_unsafe(check, section, &policy);
    check_early(check, section, &policy);
}

/* ------------------------------------------------------------------------
 * Warnings: what has no effect
 */

/* The first directive of a section that says more than whether its policy is
 * in force. */
static const ap_directive_t *find_detail(const cors_section_t *section)
{
    int i;

    for (i = 0; i < section->directives->nelts; i++) {
        const ap_directive_t *directive =
            APR_ARRAY_IDX(section->directives, i, const ap_directive_t *);

        if (!cors_startup_is(directive, "CORSEngine")) {
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

static effect_t *effect_get(check_t *check, const cors_section_t *section)
{
    effect_t *effect = apr_hash_get(check->effects, &section,
                                    sizeof(section));

    if (!effect) {
        effect = apr_pcalloc(check->pool, sizeof(*effect));
        effect->section = section;
        apr_hash_set(check->effects, &effect->section, sizeof(section),
                     effect);
    }
    return effect;
}

/* The sections in this one that say CORSEngine On and replace its origins. */
static int replacements_count(const cors_section_t *section)
{
    switches_t switches = { 0, 0 };
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
static int may_be_on(const check_t *check, const cors_section_t *section)
{
    return cors_startup_lets_htaccess(check->s)
           || check->switches.count > replacements_count(section);
}

static void gather_switched_off(check_t *check, const cors_section_t *section,
                                const cors_policy_t *policy, effect_t *effect)
{
    const ap_directive_t *off;

    if (policy->engine != CORS_OFF || may_be_on(check, section)) {
        effect->may_be_on = 1;
        return;
    }
    /* What several lines close is not to be opened by one. */
    off = find_in_force(check, section, "CORSEngine", NULL);
    effect->may_be_on |= effect->off && effect->off != off;
    effect->off = off;
}

static void gather(void *baton, const cors_section_t *section)
{
    check_t *check = baton;
    effect_t *effect = effect_get(check, section);
    cors_policy_t policy = cors_startup_policy(check->s, section);

    effect->may_have_origins |= policy.origins || may_get_origins(check);
    if (section->policy && section->policy->origins
        && !section->policy->engine) {
        gather_switched_off(check, section, &policy, effect);
    }
}

static void warn_inert(check_t *check, const cors_section_t *section,
                       const effect_t *effect)
{
    const ap_directive_t *detail = find_detail(section);

    if (detail && !effect->may_have_origins) {
        say(check, APLOG_WARNING,
            apr_psprintf(check->pool, "%s has no effect: no origin is "
                         "allowed there; add CORSAllowOrigin",
                         cors_startup_describe(check->pool, detail)));
    }
}

static void warn_switched_off(check_t *check, const cors_section_t *section,
                              const effect_t *effect)
{
    const ap_directive_t *origins;

    if (!effect->off || effect->may_be_on) {
        return;
    }
    origins = find(check, section, "CORSAllowOrigin", NULL);
    if (!origins) {
        origins = find(check, section, "CORSAllowOriginMatch", NULL);
    }
    if (origins) {
        say(check, APLOG_WARNING,
            apr_psprintf(check->pool, "%s has no effect: %s switches it off; "
                         "add CORSEngine On",
                         cors_startup_describe(check->pool, origins),
                         cors_startup_describe(check->pool, effect->off)));
    }
}

/* The section's own value is the same for every server that inherits it. */
static void warn_covered(check_t *check, const cors_section_t *section)
{
    const apr_array_header_t *entries;
    int i;

    if (cors_startup_is_inherited(check->s, section) || !section->policy
        || !section->policy->origins) {
        return;
    }
    entries = cors_origin_set_entries(section->policy->origins);
    for (i = 0; entries && i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);
        const cors_origin_entry_t *covering =
            cors_origin_set_covering(section->policy->origins, entry);

        if (covering) {
            say(check, APLOG_WARNING,
                apr_psprintf(check->pool, "%s has no effect: %s covers it",
                             cite_entry(check, entry), covering->pattern));
        }
    }
}

/* What else is to be said of an entry of the origins, NULL for nothing. */
static const char *origin_remark(const check_t *check,
                                 const cors_origin_entry_t *entry)
{
    if (entry->is_onion) {
        return "has almost no effect: Tor Browser sends the origin null for "
               "pages of .onion sites";
    }
    if (!entry->is_regex) {
        return NULL;
    }
    if (entry->regex->matches_nothing) {
        return "has no effect: it must match the whole origin, "
               "scheme://host[:port], and cannot match ://";
    }
    return entry->regex->lookalike
           ? apr_pstrcat(check->pool, "also matches ",
                         entry->regex->lookalike, NULL)
           : NULL;
}

static void warn_origins(check_t *check, const cors_section_t *section)
{
    const cors_policy_t *policy = section->policy;
    const apr_array_header_t *entries;
    int i;

    if (cors_startup_is_inherited(check->s, section) || !policy) {
        return;
    }
    if (policy->dangers & CORS_DANGER_ANY_ORIGIN
        && !(policy->origins
             && cors_origin_set_accepts_any(policy->origins))) {
        say(check, APLOG_WARNING,
            apr_psprintf(check->pool, "%s has no effect: it counts only in "
                         "the section that itself has CORSAllowOrigin *",
                         cite(check, section, "CORSDangerouslyAllow",
                              "any-origin")));
    }
    entries = policy->origins ? cors_origin_set_entries(policy->origins)
                              : NULL;
    for (i = 0; entries && i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);
        const char *remark = origin_remark(check, entry);

        if (remark) {
            say(check, APLOG_WARNING,
                apr_psprintf(check->pool, "%s %s",
                             cite_unsafe(check, section, CORS_UNSAFE_NONE,
                                         entry), remark));
        }
    }
}

/* Fetch, "CORS-safelisted request-header", but for Content-Type and Range,
 * which need listing with most of their values. */
static int is_safelisted(const char *name)
{
    return apr_cstr_casecmp(name, "Accept") == 0
           || apr_cstr_casecmp(name, "Accept-Language") == 0
           || apr_cstr_casecmp(name, "Content-Language") == 0;
}

static void warn_safelisted(check_t *check, const cors_section_t *section)
{
    const apr_array_header_t *names;
    int i;

    if (cors_startup_is_inherited(check->s, section) || !section->policy
        || !section->policy->allow_headers) {
        return;
    }
    names = cors_policy_words(section->policy,
                              cors_directive_find("CORSAllowHeaders"),
                              check->pool);
    for (i = 0; i < names->nelts; i++) {
        if (!is_safelisted(APR_ARRAY_IDX(names, i, const char *))) {
            return;
        }
    }
    say(check, APLOG_WARNING,
        apr_psprintf(check->pool, "%s has almost no effect: browsers send "
                     "ordinary values of these headers without asking; leave "
                     "it out",
                     cite(check, section, "CORSAllowHeaders", NULL)));
}

/* Words of a directive of the section's own, and where the first of them
 * stands. */
static const char *cite_words(const check_t *check,
                              const cors_section_t *section,
                              const char *name,
                              const apr_array_header_t *words)
{
    const ap_directive_t *directive =
        find(check, section, name, APR_ARRAY_IDX(words, 0, const char *));
    const char *text = apr_pstrcat(check->pool, name, " ",
                                   apr_array_pstrcat(check->pool, words, ' '),
                                   NULL);

    return directive ? apr_psprintf(check->pool, "%s (%s:%d)", text,
                                    directive->filename, directive->line_num)
                     : text;
}

static void warn_of_words(check_t *check, const cors_section_t *section,
                          const char *name, const apr_array_header_t *words,
                          const char *text)
{
    if (words->nelts > 0) {
        say(check, APLOG_WARNING,
            apr_pstrcat(check->pool, cite_words(check, section, name, words),
                        " ", text, NULL));
    }
}

static void warn_methods(check_t *check, const cors_section_t *section)
{
    apr_array_header_t *words =
        apr_array_make(check->pool, 4, sizeof(const char *));

    if (cors_startup_is_inherited(check->s, section) || !section->policy
        || !section->policy->methods) {
        return;
    }
    cors_method_set_ineffective(section->policy->methods, words);
    warn_of_words(check, section, "CORSAllowMethods", words,
                  "has no effect: browsers never send this to another origin, "
                  "and no policy can allow it");
    apr_array_clear(words);
    cors_method_set_lower(section->policy->methods, words);
    warn_of_words(check, section, "CORSAllowMethods", words,
                  "allows this spelling only: browsers send such a method as "
                  "the page writes it, mostly in upper case");
}

/* Names that servers trust, because the proxy in front of them sets or
 * removes them, begin with "X-". */
static void warn_any_x(check_t *check, const cors_section_t *section)
{
    apr_array_header_t *words =
        apr_array_make(check->pool, 1, sizeof(const char *));
    const apr_array_header_t *names =
        cors_policy_words(section->policy,
                          cors_directive_find("CORSAllowHeaders"),
                          check->pool);
    int i;

    for (i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        if (apr_cstr_casecmp(name, "X-*") == 0) {
            APR_ARRAY_PUSH(words, const char *) = name;
        }
    }
    warn_of_words(check, section, "CORSAllowHeaders", words,
                  "also allows X-Forwarded-For, X-HTTP-Method-Override and "
                  "X-Remote-User; write a longer prefix, or list the names");
}

static void warn_header_names(check_t *check, const cors_section_t *section)
{
    apr_array_header_t *words =
        apr_array_make(check->pool, 4, sizeof(const char *));

    if (cors_startup_is_inherited(check->s, section) || !section->policy) {
        return;
    }
    if (section->policy->allow_headers) {
        cors_name_set_ineffective(section->policy->allow_headers, words);
        warn_of_words(check, section, "CORSAllowHeaders", words,
                      "has no effect: pages cannot set these headers, or have "
                      "no use for them");
        warn_any_x(check, section);
    }
    apr_array_clear(words);
    if (section->policy->expose_headers) {
        cors_name_set_ineffective(section->policy->expose_headers, words);
        warn_of_words(check, section, "CORSExposeHeaders", words,
                      "has no effect: pages cannot read these headers, or "
                      "have no use for them");
    }
}

/* Where the origins of a section come from, for people. */
static const char *cite_origins(const check_t *check,
                                const cors_section_t *section)
{
    return cite(check, section,
                find_in_force(check, section, "CORSAllowOrigin", NULL)
                ? "CORSAllowOrigin" : "CORSAllowOriginMatch", NULL);
}

static void warn_timing(check_t *check, const cors_section_t *section)
{
    cors_policy_t policy = cors_startup_policy(check->s, section);
    const apr_array_header_t *entries;

    if (policy.timing_allow_origin != CORS_TIMING_LIST
        || !cors_policy_is_active(&policy)
        || cors_policy_timing_list(&policy, check->pool)) {
        return;
    }
    entries = cors_origin_set_entries(policy.origins);
    say(check, APLOG_WARNING,
        apr_psprintf(check->pool, "%s with %s lists nothing: %s; it does no "
                     "more than On",
                     cite(check, section, "CORSTimingAllowOrigin", NULL),
                     cite_origins(check, section),
                     entries && entries->nelts > CORS_MAX_TIMING_ORIGINS
                     ? "there are more than "
                       APR_STRINGIFY(CORS_MAX_TIMING_ORIGINS) " patterns"
                     : "no exact origin is named"));
}

static void warn_section(void *baton, const cors_section_t *section)
{
    check_t *check = baton;

    if (!cors_startup_is_inherited(check->s, section)) {
        const effect_t *effect = effect_get(check, section);

        warn_inert(check, section, effect);
        warn_switched_off(check, section, effect);
    }
    warn_covered(check, section);
    warn_origins(check, section);
    warn_safelisted(check, section);
    warn_methods(check, section);
    warn_header_names(check, section);
    warn_timing(check, section);
}

/* ------------------------------------------------------------------------
 * The whole
 */

static void check_use(check_t *check, const server_rec *s)
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
    check_t check = { 0 };
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
    leftovers = cors_leftovers(pconf, ptemp, main_server);
    for (i = 0; i < leftovers->nelts; i++) {
        say(&check, APLOG_WARNING, APR_ARRAY_IDX(leftovers, i, const char *));
    }
    return check.errors ? HTTP_INTERNAL_SERVER_ERROR : OK;
}
