/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Lines of mod_headers that are left over from the time before a policy: those
 * that set Access-Control-Allow-Origin where the policy replaces it, and those
 * that change what policies judge requests by.
 */

#include "mod_cors_htaccess.h"
#include "mod_cors_startup.h"

#include "http_core.h"

#include "apr_cstr.h"
#include "apr_strings.h"

typedef struct {
    apr_pool_t *pool;
    apr_pool_t *pconf;
    const server_rec *main_server;
    const server_rec *s;                /* the server at hand */
    apr_array_header_t *exceptions;     /* const cors_section_t *: those of s
                                         * where a policy lets the headers of
                                         * others through */
    apr_array_header_t *warnings;       /* const char * */
} leftovers_t;

/* ------------------------------------------------------------------------
 * Lines
 */

/* A line, read up to the name of the header. */
typedef struct {
    const ap_directive_t *directive;
    const char *action;
    const char *header;         /* without the colon that it may have */
    const char *rest;
    int values;                 /* words of the rest that are the header's; -1
                                 * if the header does not change */
    const cors_section_t *section;
    int is_needed;              /* by some server that inherits it */
} line_t;

static int value_count(const char *action)
{
    static const struct {
        const char *action;
        int values;
    } actions[] = {
        { "unset", 0 }, { "set", 1 }, { "setifempty", 1 }, { "append", 1 },
        { "merge", 1 }, { "add", 1 }, { "edit", 2 }, { "edit*", 2 },
        { NULL, -1 }
    };
    int i = 0;

    while (actions[i].action
           && apr_cstr_casecmp(action, actions[i].action) != 0) {
        i++;
    }
    return actions[i].values;
}

static line_t line_read(apr_pool_t *pool, const ap_directive_t *directive)
{
    line_t line = { 0 };
    char *header;

    line.directive = directive;
    line.rest = directive->args;
    line.action = ap_getword_conf(pool, &line.rest);
    if (apr_cstr_casecmp(line.action, "always") == 0
        || apr_cstr_casecmp(line.action, "onsuccess") == 0) {
        line.action = ap_getword_conf(pool, &line.rest);
    }
    header = ap_getword_conf(pool, &line.rest);
    header[strcspn(header, ":")] = '\0';
    line.header = header;
    line.values = value_count(line.action);
    return line;
}

static int sets_allow_origin(const line_t *line)
{
    return cors_startup_is(line->directive, "Header") && line->values == 1
           && apr_cstr_casecmp(line->header,
                               "Access-Control-Allow-Origin") == 0;
}

const char *cors_changed_early(const ap_directive_t *directive,
                               apr_pool_t *pool)
{
    line_t line;
    int i;

    if (!cors_startup_is(directive, "RequestHeader")) {
        return NULL;
    }
    line = line_read(pool, directive);
    for (i = 0; i < line.values; i++) {
        ap_getword_conf(pool, &line.rest);
    }
    return line.values >= 0
           && apr_cstr_casecmp(ap_getword_conf(pool, &line.rest),
                               "early") == 0 ? line.header : NULL;
}

/* Whether a line changes, before policies see a request, what they judge it
 * by. */
static int hides_request(apr_pool_t *pool, const ap_directive_t *directive)
{
    const char *header = cors_changed_early(directive, pool);

    return header
           && (apr_cstr_casecmp(header, "Origin") == 0
               || apr_cstr_casecmp(header,
                                   "Access-Control-Request-Method") == 0
               || apr_cstr_casecmp(header,
                                   "Access-Control-Request-Headers") == 0);
}

static void warn(leftovers_t *leftovers, const line_t *line, const char *text)
{
    APR_ARRAY_PUSH(leftovers->warnings, const char *) =
        apr_pstrcat(leftovers->pool,
                    cors_startup_describe(leftovers->pool, line->directive),
                    " ", text, NULL);
}

/* The lines in a list, and in the sections in it, that set Allow-Origin. */
static void lines_find(leftovers_t *leftovers, const ap_directive_t *list,
                       apr_array_header_t *lines)
{
    for (; list; list = list->next) {
        if (cors_startup_is(list, "Header")) {
            line_t line = line_read(leftovers->pool, list);

            if (sets_allow_origin(&line)) {
                line.section = cors_startup_section(leftovers->pconf,
                                                    leftovers->s, list,
                                                    leftovers->pool);
                APR_ARRAY_PUSH(lines, line_t) = line;
            }
        }
        else if (!cors_startup_is(list, "<VirtualHost")) {
            lines_find(leftovers, list->first_child, lines);
        }
    }
}

/* ------------------------------------------------------------------------
 * Responses
 */

/* Whether a section is a <Location> or <Directory> of a plain path. */
static int is_plain_path(const cors_section_t *section)
{
    return (cors_startup_is(section->directive, "<Location")
            || cors_startup_is(section->directive, "<Directory"))
           && !strpbrk(section->name, "*?[~");
}

static const cors_section_t *outermost(const cors_section_t *section)
{
    while (section->outer->outer) {
        section = section->outer;
    }
    return section;
}

static int is_in(const cors_section_t *section, const cors_section_t *outer)
{
    while (section && section->name != outer->name) {
        section = section->outer;
    }
    return section != NULL;
}

/* Whether the second of two sections may change what is in force in the
 * first. */
static int may_meet(const cors_section_t *a, const cors_section_t *b)
{
    apr_size_t len;

    if (!a->outer || is_in(a, b)) {
        return !a->outer;
    }
    a = outermost(a);
    b = outermost(b);
    if (!is_plain_path(a) || !is_plain_path(b)
        || !cors_startup_is(a->directive, b->directive->directive)) {
        return 1;
    }
    len = strlen(a->name) < strlen(b->name) ? strlen(a->name)
                                            : strlen(b->name);
    return strncmp(a->name, b->name, len) == 0;
}

/* Whether the headers of others get past the policy of a section. */
static int lets_through(const server_rec *s, const cors_section_t *section)
{
    cors_policy_t policy = cors_startup_policy(s, section);

    return !cors_policy_is_active(&policy)
           || policy.backend_headers == CORS_BACKEND_KEEP;
}

static void find_exception(void *baton, const cors_section_t *section)
{
    leftovers_t *leftovers = baton;

    if (section->outer && section->policy
        && (section->policy->engine
            || section->policy->backend_headers == CORS_BACKEND_KEEP)
        && lets_through(leftovers->s, section)) {
        APR_ARRAY_PUSH(leftovers->exceptions, const cors_section_t *) =
            section;
    }
}

static int is_needed(const leftovers_t *leftovers, const line_t *line)
{
    int i;

    if (lets_through(leftovers->s, line->section)) {
        return 1;
    }
    for (i = 0; i < leftovers->exceptions->nelts; i++) {
        if (may_meet(line->section,
                     APR_ARRAY_IDX(leftovers->exceptions, i,
                                   const cors_section_t *))) {
            return 1;
        }
    }
    return 0;
}

static void lines_judge(const leftovers_t *leftovers,
                        const apr_array_header_t *lines)
{
    int i;

    for (i = 0; i < lines->nelts; i++) {
        line_t *line = &APR_ARRAY_IDX(lines, i, line_t);

        line->is_needed = line->is_needed || is_needed(leftovers, line);
    }
}

static void lines_warn(leftovers_t *leftovers,
                       const apr_array_header_t *lines)
{
    int i;

    for (i = 0; i < lines->nelts; i++) {
        const line_t *line = &APR_ARRAY_IDX(lines, i, line_t);

        if (!line->is_needed) {
            warn(leftovers, line, "has no effect where a CORS policy "
                 "applies; remove it");
        }
    }
}

/* ------------------------------------------------------------------------
 * Requests
 */

/* An early line counts in the server or virtual host only, not in a section
 * there. */
static void warn_early(leftovers_t *leftovers, const ap_directive_t *list)
{
    for (; list; list = list->next) {
        if (hides_request(leftovers->pool, list)) {
            line_t line = line_read(leftovers->pool, list);

            warn(leftovers, &line, "changes the header before CORS policies "
                 "see it; leave out early, so that only handlers and "
                 "backends see the change");
        }
    }
}

static int may_have_origins(const leftovers_t *leftovers, const server_rec *s)
{
    return cors_htaccess_is_allowed(s)
           || cors_startup_server(leftovers->pconf, s)->names_origins
           || cors_startup_server(leftovers->pconf,
                                  leftovers->main_server)->names_origins;
}

const apr_array_header_t *cors_leftovers(apr_pool_t *pconf, apr_pool_t *ptemp,
                                         const server_rec *main_server)
{
    leftovers_t leftovers = { ptemp, pconf, main_server, main_server };
    apr_array_header_t *shared = apr_array_make(ptemp, 4, sizeof(line_t));
    int some_have_origins = 0;
    const server_rec *s;

    leftovers.exceptions = apr_array_make(ptemp, 4, sizeof(cors_section_t *));
    leftovers.warnings = apr_array_make(ptemp, 4, sizeof(const char *));
    lines_find(&leftovers, ap_conftree, shared);
    for (s = main_server; s; s = s->next) {
        const ap_directive_t *host = cors_startup_server(pconf, s)->directive;
        const ap_directive_t *list = host ? host->first_child : NULL;
        apr_array_header_t *own = apr_array_make(ptemp, 1, sizeof(line_t));

        leftovers.s = s;
        apr_array_clear(leftovers.exceptions);
        cors_startup_walk(pconf, s, main_server, find_exception, NULL,
                          &leftovers);
        lines_find(&leftovers, list, own);
        lines_judge(&leftovers, shared);
        lines_judge(&leftovers, own);
        lines_warn(&leftovers, own);
        if (may_have_origins(&leftovers, s)) {
            warn_early(&leftovers, list);
            some_have_origins = 1;
        }
    }
    lines_warn(&leftovers, shared);
    if (some_have_origins) {
        warn_early(&leftovers, ap_conftree);
    }
    return leftovers.warnings;
}
