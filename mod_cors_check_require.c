/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whether "Require cors" would open what other lines close.  All that a line
 * stands among is in cmd->directive's tree, but for what is before it at the
 * top of a .htaccess file.
 */

#include "mod_cors_check_require.h"
#include "mod_cors_locks.h"
#include "mod_cors_startup.h"

#include "http_main.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#define TOP_KEY "mod_cors-top"

/* Directives that let in where either of them is enough, in .htaccess files by
 * the request, else by the server. */
#define LINE_KEY "mod_cors-line"
#define OR_KEY "mod_cors-or"

/* The top of the file that is being read. */
typedef struct {
    const ap_conf_vector_t *file;
    const ap_directive_t *first;
} top_t;

/* ------------------------------------------------------------------------
 * Sections
 */

static const ap_directive_t *section_of(const ap_directive_t *directive)
{
    const ap_directive_t *section = directive->parent;

    while (section && (cors_locks_is_group(section)
                       || cors_locks_is_limit(section))) {
        section = section->parent;
    }
    return section;
}

const ap_directive_t *cors_check_require_section(const cmd_parms *cmd)
{
    return section_of(cmd->directive);
}

/* The first directive at the top that has to do with lines of Require: those
 * after it follow. */
static const ap_directive_t *note_top(const cmd_parms *cmd)
{
    void *data = NULL;
    top_t *top;

    apr_pool_userdata_get(&data, TOP_KEY, cmd->pool);
    top = data;
    if (!top || top->file != cmd->context) {
        top = apr_palloc(cmd->pool, sizeof(*top));
        top->file = cmd->context;
        top->first = cmd->directive;
        while (top->first->parent) {
            top->first = top->first->parent;
        }
        apr_pool_userdata_setn(top, TOP_KEY, NULL, cmd->pool);
    }
    return top->first;
}

static const ap_directive_t *first_of(const cmd_parms *cmd)
{
    const ap_directive_t *section = section_of(cmd->directive);

    return section ? section->first_child : note_top(cmd);
}

static int is_in_htaccess(const cmd_parms *cmd)
{
    return cmd->pool == cmd->temp_pool;
}

/* ------------------------------------------------------------------------
 * Errors
 */

static const char *cite(const cmd_parms *cmd, const ap_directive_t *directive)
{
    if (cors_locks_is_group(directive)) {
        return apr_psprintf(cmd->pool, "%s> (%s:%d)", directive->directive,
                            directive->filename, directive->line_num);
    }
    return cors_startup_describe(cmd->pool, directive);
}

/* Where a line may not stand, whatever is beside it. */
static const char *check_around(const cmd_parms *cmd)
{
    const ap_directive_t *section = cmd->directive;

    for (; section; section = section->parent) {
        if (cors_startup_is(section, "<AuthzProviderAlias")) {
            return apr_psprintf(cmd->pool, "%s gives Require cors another "
                                "name, under which it might open what other "
                                "lines close; write Require cors where it is "
                                "needed", cite(cmd, section));
        }
        if (cors_locks_is_negative(section)) {
            return apr_psprintf(cmd->pool, "Require cors in %s: it would "
                                "refuse all but foreign requests; write it "
                                "outside", cite(cmd, section));
        }
        if (cors_locks_is_limit(section)) {
            return apr_psprintf(cmd->pool, "Require cors in %s: it tells "
                                "methods apart by itself; write it outside",
                                cite(cmd, section));
        }
    }
    return NULL;
}

static const char *check_beside(const cmd_parms *cmd,
                                const ap_directive_t *first)
{
    int is_implied = 0;
    const ap_directive_t *other =
        cors_locks_opened(cmd->directive, first, &is_implied, cmd->temp_pool);

    if (!other) {
        return NULL;            /* it is another line of Require cors */
    }
    return apr_psprintf(cmd->pool, "Require cors with %s: either of them is "
                        "enough, so whom that one keeps out would get in; "
                        "write both in one <RequireAll>%s", cite(cmd, other),
                        is_implied
                        && cors_locks_says(other, "expr", cmd->temp_pool)
                        ? ", or in one <RequireAny> if that is meant" : "");
}

/* What it comes to with the sections that httpd merges before. */
static const char *check_merging(const cmd_parms *cmd,
                                 const ap_directive_t *first,
                                 cors_locks_t locks)
{
    const ap_directive_t *merging = cors_locks_last(first, "AuthMerging");

    if (merging && cors_locks_says(merging, "Or", cmd->temp_pool)
        && cors_locks_let_in(locks)) {
        return apr_psprintf(cmd->pool, "Require cors with %s: either it or "
                            "what other sections require is enough, so whom "
                            "they keep out would get in; write AuthMerging "
                            "And", cite(cmd, merging));
    }
    if (is_in_htaccess(cmd) && cors_locks_are_new(locks)
        && !(merging && cors_locks_says(merging, "And", cmd->temp_pool))) {
        return "Require cors in a .htaccess file replaces what the server's "
               "configuration requires; write AuthMerging And beside it";
    }
    return NULL;
}

/* ------------------------------------------------------------------------
 * Between .htaccess files and other sections, which see nothing of each other
 */

static const char *server_key(const server_rec *s, apr_pool_t *pool)
{
    return apr_psprintf(pool, LINE_KEY "-%pp", (const void *)s);
}

static const ap_directive_t *recall(const char *key, apr_pool_t *pool)
{
    void *directive = NULL;

    apr_pool_userdata_get(&directive, key, pool);
    return directive;
}

static const char *check_either(const cmd_parms *cmd,
                                const ap_directive_t *merging,
                                const ap_directive_t *line)
{
    if (!merging || !line) {
        return NULL;
    }
    return apr_psprintf(cmd->pool, "%s in a .htaccess file with %s: either of "
                        "them is enough, so whom other lines keep out would "
                        "get in; write AuthMerging And", cite(cmd, merging),
                        cite(cmd, line));
}

/* A line that is let in by where nothing else is demanded.  Of the server's
 * sections, those of URLs come after the .htaccess files. */
static const char *note_line(const cmd_parms *cmd)
{
    const ap_directive_t *section = section_of(cmd->directive);

    if (is_in_htaccess(cmd)) {
        apr_pool_userdata_setn(cmd->directive, LINE_KEY, NULL, cmd->pool);
        return check_either(cmd, recall(OR_KEY, cmd->pool), cmd->directive);
    }
    if (section && apr_cstr_casecmpn(section->directive, "<Location", 9)) {
        apr_pool_userdata_set(cmd->directive,
                              server_key(cmd->server, cmd->temp_pool), NULL,
                              cmd->pool);
    }
    return NULL;
}

/* An AuthMerging Or of a .htaccess file. */
static const char *note_or(const cmd_parms *cmd)
{
    apr_pool_t *pconf = cmd->server->process->pconf;
    const server_rec *servers[] = { cmd->server, ap_server_conf };
    const ap_directive_t *line = recall(LINE_KEY, cmd->pool);
    int i;

    for (i = 0; i < 2 && !line; i++) {
        line = recall(server_key(servers[i], cmd->pool), pconf);
    }
    apr_pool_userdata_setn(cmd->directive, OR_KEY, NULL, cmd->pool);
    return check_either(cmd, cmd->directive, line);
}

/* ------------------------------------------------------------------------
 * Lines
 */

const char *cors_check_require_note(cmd_parms *cmd, void *config,
                                    const char *args)
{
    const ap_directive_t *first;

    if (!ap_find_linked_module("mod_authz_core.c")) {
        return "Require and AuthMerging need mod_authz_core, which is not "
               "loaded";
    }
    first = first_of(cmd);
    return is_in_htaccess(cmd)
           && cors_locks_last(first, "AuthMerging") == cmd->directive
           && cors_locks_says(cmd->directive, "Or", cmd->temp_pool)
           ? note_or(cmd) : NULL;
}

const char *cors_check_require_line(cmd_parms *cmd)
{
    const char *wrong = check_around(cmd);
    const ap_directive_t *first;
    cors_locks_t locks;

    if (wrong) {
        return wrong;
    }
    if (cors_locks_says(cmd->directive, "not", cmd->temp_pool)) {
        return "Require not cors would refuse all but foreign requests; write "
               "Require cors";
    }
    first = first_of(cmd);
    locks = cors_locks_read(first, cmd->temp_pool);
    wrong = cors_locks_open(locks) ? check_beside(cmd, first) : NULL;
    wrong = wrong ? wrong : check_merging(cmd, first, locks);
    return wrong || !cors_locks_let_in(locks) ? wrong : note_line(cmd);
}
