/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Whether "Require cors" would open what other lines close.  All that a line
 * stands among is in cmd->directive's tree, but for what is before it at the
 * top of a .htaccess file.
 */

#include "mod_cors_check_require.h"
#include "mod_cors_directory.h"
#include "mod_cors_locks.h"
#include "mod_cors_startup.h"

#include "http_main.h"

#include "apr_cstr.h"
#include "apr_strings.h"

/* Directives that let in where either of them is enough: arrays of merged_t,
 * of .htaccess files by the request, else by the server. */
#define LINE_KEY "mod_cors-line"
#define OR_KEY "mod_cors-or"

/* A line, and the first directive of its section. */
typedef struct {
    const ap_directive_t *line;
    const ap_directive_t *first;
} place_t;

/* When httpd merges sections, by what they are for. */
enum {
    RANK_DIRECTORY,
    RANK_FILES,
    RANK_LOCATION,
    RANKS                       /* <If> comes behind them */
};

/* A directive whose section httpd merges with others. */
typedef struct {
    const ap_directive_t *directive;
    int rank;
    const char *path;           /* of its directory, with "/" at its end; NULL
                                 * if it is a pattern, or not known */
    int is_in_htaccess;
} merged_t;

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
    const char *name = cmd->directive->filename;
    cmd_parms parms = *cmd;
    ap_directive_t *tree = NULL;
    const char *wrong;

    if (ap_pcfg_openfile(&parms.config_file, cmd->temp_pool, name)
        != APR_SUCCESS) {
        return apr_psprintf(cmd->pool, "Require cors in %s: what stands "
                            "beside it cannot be seen; write it into the "
                            ".htaccess file itself", name);
    }
    wrong = ap_build_config(&parms, cmd->temp_pool, cmd->temp_pool, &tree);
    ap_cfg_closefile(parms.config_file);
    place->line = find_line(tree, cmd->directive);
    place->first = tree;
    return wrong || !place->line ? "the file has changed while it was read"
                                 : NULL;
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

/* Whether AllowOverrideList names a directive. */
static int is_listed(const cmd_parms *cmd, const ap_directive_t *directive)
{
    return cmd->override_list
           && apr_table_get(cmd->override_list, directive->directive);
}

/* Whether AllowOverride lets a .htaccess file have what a line of it is.  In a
 * group httpd makes it look so: it is, unless a list has let the group in. */
static int is_allowed(const cmd_parms *cmd)
{
    const ap_directive_t *outer = cmd->directive;
    const ap_directive_t *group = NULL;

    for (; outer; outer = outer->parent) {
        group = cors_locks_is_group(outer) ? outer : group;
    }
    return (cmd->override & OR_AUTHCFG) && !(group && is_listed(cmd, group));
}

/* Whether a directive in a .htaccess file is not passed over, nor what it is
 * in; all that a group has in it is taken with it. */
static int is_taken(const cmd_parms *cmd, const ap_directive_t *directive)
{
    const ap_directive_t *section = section_of(directive);
    int is_passed = 0;

    for (; directive != section; directive = directive->parent) {
        is_passed = !is_listed(cmd, directive)
                    || (is_passed && !cors_locks_is_group(directive));
    }
    return !is_passed || is_allowed(cmd);
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
        && !(merging && is_taken(cmd, merging)
             && cors_locks_says(merging, "And", cmd->temp_pool))) {
        return "Require cors in a .htaccess file replaces what the server's "
               "configuration requires; write AuthMerging And beside it";
    }
    return NULL;
}

/* ------------------------------------------------------------------------
 * Between .htaccess files and other sections, which see nothing of each other
 */

static int is_condition(const ap_directive_t *section)
{
    return cors_startup_is(section, "<If")
           || cors_startup_is(section, "<ElseIf")
           || cors_startup_is(section, "<Else");
}

/* Conditions come in the order of what they are in, and those in other
 * conditions after all these. */
static int rank_of(const ap_directive_t *section)
{
    int rank = 0;

    for (; section && is_condition(section); section = section->parent) {
        rank += RANKS;
    }
    if (!section) {
        return rank;
    }
    return rank + (apr_cstr_casecmpn(section->directive, "<Files", 6) == 0
                   ? RANK_FILES
                   : apr_cstr_casecmpn(section->directive, "<Location", 9) == 0
                     ? RANK_LOCATION : RANK_DIRECTORY);
}

/* The path of the <Directory> that a section is, or is in; "" of others, NULL
 * of patterns. */
static const char *path_of(const ap_directive_t *section, apr_pool_t *pool)
{
    const char *path;

    while (section && apr_cstr_casecmpn(section->directive, "<Directory",
                                        10)) {
        section = section->parent;
    }
    if (!section) {
        return "";
    }
    path = cors_directory_path(section, pool);
    return path && !cors_directory_is_pattern(path) ? path : NULL;
}

static const char *path_of_file(const char *name, apr_pool_t *pool)
{
    const char *slash = strrchr(name, '/');

    return *name == '/' && slash
           ? apr_pstrmemdup(pool, name, (apr_size_t)(slash - name) + 1)
           : NULL;
}

static merged_t *merged_make(const cmd_parms *cmd)
{
    const ap_directive_t *section = section_of(cmd->directive);
    merged_t *merged = apr_pcalloc(cmd->pool, sizeof(*merged));

    merged->directive = cmd->directive;
    merged->rank = rank_of(section);
    merged->is_in_htaccess = is_in_htaccess(cmd);
    merged->path = merged->is_in_htaccess
                   ? path_of_file(cmd->directive->filename, cmd->pool)
                   : path_of(section, cmd->pool);
    return merged;
}

static int is_within(const char *path, const char *outer)
{
    return strncmp(path, outer, strlen(outer)) == 0;
}

/* Whether a line may be merged before an AuthMerging Or, and for the same
 * request.  One of them at least is in a .htaccess file, which comes behind
 * the server's sections for its directory, and before those for what is in
 * it. */
static int may_open(const merged_t *line, const merged_t *merging)
{
    int is_deeper = !merging->path || !line->path
                    || is_within(merging->path, line->path);

    if (line->rank > merging->rank
        || !(is_deeper || is_within(line->path, merging->path))) {
        return 0;
    }
    return line->rank < merging->rank
           || (is_deeper
               && (merging->is_in_htaccess || !merging->path || !line->path
                   || strcmp(merging->path, line->path) != 0));
}

static const char *key_of(const char *key, const server_rec *s,
                          apr_pool_t *pool)
{
    return apr_psprintf(pool, "%s-%pp", key, (const void *)s);
}

/* Take down a directive for those that come. */
static void note(const cmd_parms *cmd, const char *key, merged_t *merged)
{
    apr_array_header_t *all;
    void *data = NULL;

    if (!merged->is_in_htaccess) {
        key = key_of(key, cmd->server, cmd->pool);
    }
    apr_pool_userdata_get(&data, key, cmd->pool);
    all = data ? data : apr_array_make(cmd->pool, 1, sizeof(merged_t *));
    APR_ARRAY_PUSH(all, merged_t *) = merged;
    apr_pool_userdata_setn(all, key, NULL, cmd->pool);
}

typedef int meets_fn(const merged_t *a, const merged_t *b);

static int opens(const merged_t *merging, const merged_t *line)
{
    return may_open(line, merging);
}

static const merged_t *find_in(apr_pool_t *pool, const char *key,
                               const merged_t *merged, meets_fn *meets)
{
    const apr_array_header_t *all;
    void *data = NULL;
    int i;

    apr_pool_userdata_get(&data, key, pool);
    all = data;
    for (i = 0; all && i < all->nelts; i++) {
        const merged_t *other = APR_ARRAY_IDX(all, i, const merged_t *);

        if (meets(merged, other)) {
            return other;
        }
    }
    return NULL;
}

/* Another directive that has been read: of the request, one that it is a
 * subrequest of, the virtual host or the main server. */
static const merged_t *find(const cmd_parms *cmd, const char *key,
                            const merged_t *merged, meets_fn *meets)
{
    const server_rec *servers[] = { cmd->server, ap_server_conf };
    apr_pool_t *pconf = cmd->server->process->pconf;
    const merged_t *found = NULL;
    apr_pool_t *pool;
    int i;

    for (pool = cmd->pool; pool && !found; pool = apr_pool_parent_get(pool)) {
        found = find_in(pool, key, merged, meets);
    }
    for (i = 0; i < 2 && !found; i++) {
        found = find_in(pconf, key_of(key, servers[i], cmd->pool), merged,
                        meets);
    }
    return found;
}

static const char *check_either(const cmd_parms *cmd, const merged_t *merging,
                                const merged_t *line)
{
    if (!merging || !line) {
        return NULL;
    }
    return apr_psprintf(cmd->pool, "%s%s with %s%s: either of them is enough, "
                        "so whom other lines keep out would get in; write "
                        "AuthMerging And", cite(cmd, merging->directive),
                        merging->is_in_htaccess ? " in a .htaccess file" : "",
                        cite(cmd, line->directive),
                        merging->is_in_htaccess
                        ? "" : " in a .htaccess file, where both apply");
}

/* A line that is let in by where nothing else is demanded. */
static const char *note_line(const cmd_parms *cmd)
{
    merged_t *line = merged_make(cmd);

    note(cmd, LINE_KEY, line);
    return line->is_in_htaccess
           ? check_either(cmd, find(cmd, OR_KEY, line, may_open), line) : NULL;
}

static const char *note_or(const cmd_parms *cmd)
{
    merged_t *merging = merged_make(cmd);

    note(cmd, OR_KEY, merging);
    return merging->is_in_htaccess
           ? check_either(cmd, merging, find(cmd, LINE_KEY, merging, opens))
           : NULL;
}

/* ------------------------------------------------------------------------
 * Lines
 */

const char *cors_check_merging(cmd_parms *cmd, void *config,
                               const char *args)
{
    place_t place;

    if (!ap_find_linked_module("mod_authz_core.c")) {
        return "AuthMerging needs mod_authz_core, which is not loaded";
    }
    if (!cors_locks_says(cmd->directive, "Or", cmd->temp_pool)) {
        return NULL;
    }
    if (!place_get(&place, cmd)
        && (cors_locks_last(place.first, "AuthMerging") != place.line
            || cors_locks_grant(cors_locks_read(place.first,
                                                cmd->temp_pool)))) {
        return NULL;
    }
    return note_or(cmd);
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
