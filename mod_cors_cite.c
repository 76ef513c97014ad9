/* SPDX-License-Identifier: Apache-2.0 */

/* Messages about the configuration, and which directives they are about. */

#include "mod_cors_cite.h"

#include "http_core.h"
#include "http_log.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include "cors_text.h"

APLOG_USE_MODULE(cors);

void cors_check_say(cors_check_t *check, int level, const char *format, ...)
{
    const server_rec *s = level == APLOG_ERR ? NULL : check->s;
    const char *message;
    va_list args;

    va_start(args, format);
    message = apr_pvsprintf(check->pool, format, args);
    va_end(args);
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
static int has_word(const cors_check_t *check, const ap_directive_t *directive,
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

const ap_directive_t *cors_check_find(const cors_check_t *check,
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
static const ap_directive_t *find_among(const cors_check_t *check,
                                        const server_rec *s,
                                        const cors_section_t *section,
                                        const char *name, const char *word)
{
    const apr_array_header_t *sections = cors_startup_namesakes(s, section);
    const ap_directive_t *found = NULL;
    int i;

    for (i = sections ? sections->nelts - 1 : -1; i >= 0 && !found; i--) {
        found = cors_check_find(check, APR_ARRAY_IDX(sections, i,
                                                     const cors_section_t *),
                                name, word);
    }
    return found;
}

const ap_directive_t *cors_check_find_in_force(const cors_check_t *check,
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
        found = cors_check_find(check, check->section, name, word);
    }
    return found ? found : cors_check_find(check, check->main_section, name,
                                           word);
}

/* A directive, for people, of which only the word in question is shown: a
 * line may list many.  NULL is a directive that is not in the tree. */
static const char *cite_word(const cors_check_t *check,
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

const char *cors_check_cite(const cors_check_t *check,
                            const cors_section_t *section, const char *name,
                            const char *word)
{
    const ap_directive_t *directive = cors_check_find_in_force(check, section,
                                                               name, word);

    if (word) {
        return cite_word(check, directive, name, word);
    }
    return directive ? cors_startup_describe(check->pool, directive)
                     : cite_word(check, NULL, name, "");
}

const char *cors_check_cite_entry(const cors_check_t *check,
                                  const cors_origin_entry_t *entry)
{
    return cite_word(check, cors_startup_line(entry),
                     entry->is_regex ? "CORSAllowOriginMatch"
                                     : "CORSAllowOrigin", entry->pattern);
}

const char *cors_check_cite_unsafe(const cors_check_t *check,
                                   const cors_section_t *section,
                                   cors_unsafe_t unsafe,
                                   const cors_origin_entry_t *entry)
{
    if (!entry) {
        return cors_check_cite(check, section, "CORSAllowOrigin", "*");
    }
    return cors_check_cite_entry(check, entry);
}
