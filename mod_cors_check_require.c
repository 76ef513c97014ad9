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

/* Directives that let in where either of them is enough, in .htaccess files by
 * the request, else by the server. */
#define LINE_KEY "mod_cors-line"
#define OR_KEY "mod_cors-or"

/* A line, and the first directive of its section. */
typedef struct {
    const ap_directive_t *line;
    const ap_directive_t *first;
} place_t;

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

/* The line that is being read, in a tree of the file. */
static const ap_directive_t *find_line(const ap_directive_t *tree,
                                       const ap_directive_t *line)
{
    for (; tree; tree = tree->next) {
        const ap_directive_t *found;

        if (tree->line_num == line->line_num
            && cors_startup_is(tree, line->directive)) {
            return tree;
        }
        found = find_line(tree->first_child, line);
        if (found) {
            return found;
        }
    }
    return NULL;
}

/* Read the .htaccess file of a line once more, into a tree of its own: from a
 * line at its top httpd gives no way back to those before it.  (To have
 * "Require" in the module's own table would show them; but a module has a
 * record in each section with a directive of its, which all requests pay for.)
 * Returns what is wrong, or NULL. */
static const char *read_again(place_t *place, const cmd_parms *cmd)
{
    static const char changed[] = "the file has changed while it was read";
    const char *name = cmd->directive->filename;
    cmd_parms parms = *cmd;
    ap_directive_t *tree = NULL;
    const char *wrong;

    if (ap_pcfg_openfile(&parms.config_file, cmd->temp_pool, name)
        != APR_SUCCESS) {
        return changed;
    }
    wrong = ap_build_config(&parms, cmd->temp_pool, cmd->temp_pool, &tree);
    ap_cfg_closefile(parms.config_file);
    place->line = find_line(tree, cmd->directive);
    place->first = tree;
    return wrong || !place->line ? changed : NULL;
}

/* Where a line stands.  Returns what is wrong, or NULL. */
static const char *place_get(place_t *place, const cmd_parms *cmd)
{
    const ap_directive_t *section = section_of(cmd->directive);

    place->line = cmd->directive;
    place->first = section ? section->first_child : NULL;
    return section ? NULL : read_again(place, cmd);
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

static const char *check_beside(const cmd_parms *cmd, const place_t *place)
{
    int is_implied = 0;
    const ap_directive_t *other =
        cors_locks_opened(place->line, place->first, &is_implied,
                          cmd->temp_pool);

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

const char *cors_check_merging(cmd_parms *cmd, void *config,
                               const char *args)
{
    place_t place;
    const char *wrong;

    if (!ap_find_linked_module("mod_authz_core.c")) {
        return "AuthMerging needs mod_authz_core, which is not loaded";
    }
    if (!is_in_htaccess(cmd)
        || !cors_locks_says(cmd->directive, "Or", cmd->temp_pool)) {
        return NULL;
    }
    wrong = place_get(&place, cmd);
    return wrong || cors_locks_last(place.first, "AuthMerging") != place.line
           ? wrong : note_or(cmd);
}

const char *cors_check_require_line(cmd_parms *cmd)
{
    const char *wrong = check_around(cmd);
    place_t place;
    cors_locks_t locks;

    if (wrong) {
        return wrong;
    }
    if (cors_locks_says(cmd->directive, "not", cmd->temp_pool)) {
        return "Require not cors would refuse all but foreign requests; write "
               "Require cors";
    }
    wrong = place_get(&place, cmd);
    if (wrong) {
        return wrong;
    }
    locks = cors_locks_read(place.first, cmd->temp_pool);
    wrong = cors_locks_open(locks) ? check_beside(cmd, &place) : NULL;
    wrong = wrong ? wrong : check_merging(cmd, place.first, locks);
    return wrong || !cors_locks_let_in(locks) ? wrong : note_line(cmd);
}
