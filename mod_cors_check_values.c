/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Warnings about the values of a section's own policy: what has no effect, or
 * another than it seems to have.
 */

#include "mod_cors_check_values.h"

#include "http_core.h"
#include "http_log.h"

#include "apr_cstr.h"
#include "apr_strings.h"

APLOG_USE_MODULE(cors);

/* The section's own value is the same for every server that inherits it. */
static void warn_covered(cors_check_t *check, const cors_section_t *section)
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
            cors_check_say(check, APLOG_WARNING, "%s has no effect: %s covers "
                           "it", cors_check_cite_entry(check, entry),
                           covering->pattern);
        }
    }
}

/* What else is to be said of an entry of the origins, NULL for nothing. */
static const char *origin_remark(const cors_check_t *check,
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

static void warn_origins(cors_check_t *check, const cors_section_t *section)
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
        cors_check_say(check, APLOG_WARNING, "%s has no effect: it counts "
                       "only in the section that itself has CORSAllowOrigin *",
                       cors_check_cite(check, section, "CORSDangerouslyAllow",
                                       "any-origin"));
    }
    entries = policy->origins ? cors_origin_set_entries(policy->origins)
                              : NULL;
    for (i = 0; entries && i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);
        const char *remark = origin_remark(check, entry);

        if (remark) {
            cors_check_say(check, APLOG_WARNING, "%s %s",
                           cors_check_cite_unsafe(check, section,
                                                  CORS_UNSAFE_NONE, entry),
                           remark);
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

static void warn_safelisted(cors_check_t *check, const cors_section_t *section)
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
    cors_check_say(check, APLOG_WARNING, "%s has almost no effect: browsers "
                   "send ordinary values of these headers without asking; "
                   "leave it out",
                   cors_check_cite(check, section, "CORSAllowHeaders", NULL));
}

/* Words of a directive of the section's own, and where the first of them
 * stands. */
static const char *cite_words(const cors_check_t *check,
                              const cors_section_t *section,
                              const char *name,
                              const apr_array_header_t *words)
{
    const ap_directive_t *directive =
        cors_check_find(check, section, name,
                        APR_ARRAY_IDX(words, 0, const char *));
    const char *text = apr_pstrcat(check->pool, name, " ",
                                   apr_array_pstrcat(check->pool, words, ' '),
                                   NULL);

    return directive ? apr_psprintf(check->pool, "%s (%s:%d)", text,
                                    directive->filename, directive->line_num)
                     : text;
}

static void warn_of_words(cors_check_t *check, const cors_section_t *section,
                          const char *name, const apr_array_header_t *words,
                          const char *text)
{
    if (words->nelts > 0) {
        cors_check_say(check, APLOG_WARNING, "%s %s",
                       cite_words(check, section, name, words), text);
    }
}

static void warn_methods(cors_check_t *check, const cors_section_t *section)
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
static void warn_any_x(cors_check_t *check, const cors_section_t *section)
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

static void warn_header_names(cors_check_t *check,
                              const cors_section_t *section)
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
static const char *cite_origins(const cors_check_t *check,
                                const cors_section_t *section)
{
    const ap_directive_t *patterns =
        cors_check_find_in_force(check, section, "CORSAllowOrigin", NULL);

    return cors_check_cite(check, section, patterns ? "CORSAllowOrigin"
                                           : "CORSAllowOriginMatch", NULL);
}

static void warn_timing(cors_check_t *check, const cors_section_t *section)
{
    cors_policy_t policy = cors_startup_policy(check->s, section);
    const apr_array_header_t *entries;
    int is_long;

    if (policy.timing_allow_origin != CORS_TIMING_LIST
        || !cors_policy_decides(&policy)
        || cors_policy_timing_list(&policy, check->pool)) {
        return;
    }
    entries = cors_origin_set_entries(policy.origins);
    is_long = entries && entries->nelts > CORS_MAX_TIMING_ORIGINS;
    cors_check_say(check, APLOG_WARNING, "%s with %s lists nothing: %s; it "
                   "does no more than On",
                   cors_check_cite(check, section, "CORSTimingAllowOrigin",
                                   NULL), cite_origins(check, section),
                   is_long ? "there are more than "
                             APR_STRINGIFY(CORS_MAX_TIMING_ORIGINS)
                             " patterns"
                           : "no exact origin is named");
}

/* A backend that does not see the origin sends no CORS headers. */
static void warn_forward(cors_check_t *check, const cors_section_t *section)
{
    cors_policy_t policy = cors_startup_policy(check->s, section);
    int is_passed = policy.preflight == CORS_PREFLIGHT_PASS;

    if (policy.forward_origin != CORS_OFF || !cors_policy_decides(&policy)
        || (!is_passed && policy.backend_headers != CORS_BACKEND_KEEP)) {
        return;
    }
    cors_check_say(check, APLOG_WARNING, "%s with %s: the backend sends no "
                   "CORS headers where it does not see the origin; write "
                   "CORSForwardOrigin On, or %s",
                   cors_check_cite(check, section, "CORSForwardOrigin", "Off"),
                   is_passed ? cors_check_cite(check, section,
                                               "CORSPreflight", "pass")
                             : cors_check_cite(check, section,
                                               "CORSBackendHeaders", "keep"),
                   is_passed ? "CORSPreflight answer"
                             : "CORSBackendHeaders replace");
}

void cors_check_values(cors_check_t *check, const cors_section_t *section)
{
    warn_covered(check, section);
    warn_forward(check, section);
    warn_origins(check, section);
    warn_safelisted(check, section);
    warn_methods(check, section);
    warn_header_names(check, section);
    warn_timing(check, section);
}
