/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Require cors among the other sections.  Which of them apply to the same
 * request is known for sure of few; the others may, so what is said of them
 * must be right to do in any case.
 */

#include "mod_cors_check_access.h"
#include "mod_cors_directory.h"
#include "mod_cors_htaccess.h"
#include "mod_cors_locks.h"
#include "mod_cors_suffix.h"

#include "http_log.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include <limits.h>
#include <stdlib.h>

/* In the order in which httpd merges them. */
typedef enum {
    KIND_NONE,          /* no section that applies to requests */
    KIND_DIRECTORY,
    KIND_PROXY,         /* instead of directories */
    KIND_FILES,
    KIND_LOCATION,
    KIND_IF
} kind_t;

typedef enum { MERGING_OFF, MERGING_AND, MERGING_OR } merging_t;

typedef struct access_t {
    const struct access_t *outer;
    const ap_directive_t *directive;
    kind_t kind;
    const char *path;           /* of a server; NULL if it is a pattern */
    int depth;                  /* of a <Directory>'s path */
    int is_own;                 /* the virtual host's */
    int index;                  /* in the order of the files */
    cors_locks_t locks;
    merging_t merging;
    const ap_directive_t *merging_line;
    const ap_directive_t *line; /* of Require cors */
    const ap_directive_t *lock; /* the first line that may refuse */
    const ap_directive_t *override;     /* that lets .htaccess files lock */
    const ap_directive_t *satisfy;
    const ap_directive_t *auth_type;
} access_t;

typedef struct {
    cors_check_t *check;
    apr_array_header_t *sections;       /* access_t *, of the server at hand,
                                         * in the order of merging */
    apr_hash_t *warned;         /* the lines of Require cors that replace */
} accesses_t;

/* ------------------------------------------------------------------------
 * Sections
 */

static kind_t kind_of(const ap_directive_t *directive)
{
    static const struct {
        const char *name;
        kind_t kind;
    } kinds[] = {
        { "<Directory", KIND_DIRECTORY },
        { "<DirectoryMatch", KIND_DIRECTORY },
        { "<Proxy", KIND_PROXY }, { "<ProxyMatch", KIND_PROXY },
        { "<Files", KIND_FILES }, { "<FilesMatch", KIND_FILES },
        { "<Location", KIND_LOCATION }, { "<LocationMatch", KIND_LOCATION },
        { "<If", KIND_IF }, { "<ElseIf", KIND_IF }, { "<Else", KIND_IF },
        { NULL, KIND_NONE }
    };
    int i = 0;

    while (kinds[i].name && !cors_startup_is(directive, kinds[i].name)) {
        i++;
    }
    return kinds[i].kind;
}

/* The path of a section that is no directory; NULL if it is a pattern. */
static const char *path_of(const ap_directive_t *directive, kind_t kind,
                           apr_pool_t *pool)
{
    apr_size_t len = strlen(directive->args);
    const char *args = apr_pstrmemdup(pool, directive->args,
                                      len ? len - 1 : 0);
    const char *path = ap_getword_conf(pool, &args);

    if (kind == KIND_IF || cors_directory_is_pattern(path) || *args
        || strstr(directive->directive, "Match")
        || (kind == KIND_LOCATION
            && (*path != '/' || strstr(path, "//") || strstr(path, "/.")))) {
        return NULL;
    }
    return path;
}

/* The same of a directory; and how many names it has: regular expressions come
 * last. */
static void directory_read(access_t *access, apr_pool_t *pool)
{
    const char *path = cors_directory_path(access->directive, pool);

    access->path = path && !cors_directory_is_pattern(path) ? path : NULL;
    access->depth = path ? 0 : INT_MAX;
    for (; path && *path; path++) {
        access->depth += *path == '/';
    }
}

/* The last directive of a section that lets .htaccess files hold lines of
 * Require. */
static const ap_directive_t *override_of(const ap_directive_t *first,
                                         apr_pool_t *pool)
{
    const ap_directive_t *found = NULL;

    for (; first; first = first->next) {
        int is_list = cors_startup_is(first, "AllowOverrideList");
        const char *args = first->args;

        if (!is_list && !cors_startup_is(first, "AllowOverride")) {
            continue;
        }
        while (*args) {
            const char *word = ap_getword_conf(pool, &args);

            if (is_list ? cors_htaccess_is_require(word)
                        : apr_cstr_casecmp(word, "AuthConfig") == 0
                          || apr_cstr_casecmp(word, "All") == 0) {
                found = first;
            }
        }
    }
    return found;
}

static merging_t merging_of(const ap_directive_t *line, apr_pool_t *pool)
{
    return !line ? MERGING_OFF
           : cors_locks_says(line, "And", pool) ? MERGING_AND
           : cors_locks_says(line, "Or", pool) ? MERGING_OR : MERGING_OFF;
}

static access_t *access_make(const ap_directive_t *directive, kind_t kind,
                             apr_pool_t *pool)
{
    const ap_directive_t *first = directive->first_child;
    access_t *access = apr_pcalloc(pool, sizeof(*access));

    access->directive = directive;
    access->kind = kind;
    if (kind == KIND_DIRECTORY) {
        directory_read(access, pool);
    }
    else {
        access->path = path_of(directive, kind, pool);
    }
    access->locks = cors_locks_read(first, pool);
    access->merging_line = cors_locks_last(first, "AuthMerging");
    access->merging = merging_of(access->merging_line, pool);
    access->line = cors_locks_line(first, pool);
    access->lock = cors_locks_refuse(access->locks)
                   ? cors_locks_find(first, pool) : NULL;
    access->override = kind == KIND_DIRECTORY ? override_of(first, pool)
                                              : NULL;
    access->satisfy = cors_locks_satisfy(first, pool);
    access->auth_type = cors_locks_last(first, "AuthType");
    return access;
}

/* Those of a server, which have their own inside. */
static void collect(apr_array_header_t *sections, const ap_directive_t *list,
                    const access_t *outer, int is_own)
{
    for (; list; list = list->next) {
        kind_t kind = kind_of(list);
        access_t *access;

        if (kind == KIND_NONE) {
            continue;
        }
        access = access_make(list, kind, sections->pool);
        access->outer = outer;
        access->is_own = is_own;
        access->index = sections->nelts;
        APR_ARRAY_PUSH(sections, access_t *) = access;
        collect(sections, list->first_child, access, is_own);
    }
}

/* ------------------------------------------------------------------------
 * Which of two
 */

/* Those in other sections are merged in the order of these. */
static int compare(const access_t *a, const access_t *b)
{
    int order = (int)a->kind - (int)b->kind;

    if (order == 0 && a->kind == KIND_DIRECTORY) {
        order = a->depth < b->depth ? -1 : a->depth > b->depth;
    }
    else if (order == 0 && a->outer && b->outer) {
        order = compare(a->outer, b->outer);
    }
    else if (order == 0) {
        order = (a->outer != NULL) - (b->outer != NULL);
    }
    if (order == 0) {
        order = a->is_own - b->is_own;
    }
    return order ? order : a->index - b->index;
}

static int compare_elements(const void *a, const void *b)
{
    return compare(*(access_t *const *)a, *(access_t *const *)b);
}

/* Whether whatever has one path has the other too. */
static int is_within(const char *path, const char *outer, kind_t kind)
{
    apr_size_t len = strlen(outer);

    if (strncmp(path, outer, len) != 0) {
        return 0;
    }
    return kind == KIND_PROXY || !path[len]
           || (kind != KIND_FILES && (outer[len - 1] == '/'
                                      || path[len] == '/'));
}

static int are_disjoint(const access_t *a, const access_t *b)
{
    if (a->kind != b->kind) {
        return (a->kind == KIND_DIRECTORY && b->kind == KIND_PROXY)
               || (a->kind == KIND_PROXY && b->kind == KIND_DIRECTORY);
    }
    return a->path && b->path && !is_within(a->path, b->path, a->kind)
           && !is_within(b->path, a->path, a->kind);
}

/* Whether a request may be in both, for all that is known. */
static int may_meet(const access_t *a, const access_t *b)
{
    for (; a; a = a->outer) {
        const access_t *other;

        for (other = b; other; other = other->outer) {
            if (a != other && are_disjoint(a, other)) {
                return 0;
            }
        }
    }
    return 1;
}

/* Whether every request that is in one is in the other. */
static int covers(const access_t *outer, const access_t *access)
{
    for (; access; access = access->outer) {
        if (outer == access
            || (!outer->outer && outer->kind == access->kind && outer->path
                && access->path
                && is_within(access->path, outer->path, outer->kind))) {
            return 1;
        }
    }
    return 0;
}

/* Whether .htaccess files that one section lets may be merged before another
 * one: those of the directories above it, if it is a directory. */
static int lets_files_before(const access_t *section, const access_t *access)
{
    return section->override
           && (access->kind != KIND_DIRECTORY || !access->path
               || section->depth < access->depth);
}

static const access_t *section_at(const accesses_t *all, int i)
{
    return APR_ARRAY_IDX(all->sections, i, const access_t *);
}

/* ------------------------------------------------------------------------
 * What other sections require
 */

/* What a section that surely applies replaces: all of its kind that comes
 * before, since httpd merges those first, and other kinds unless a later one
 * of its kind is merged with them. */
typedef struct {
    unsigned int kinds;
    unsigned int merged;
    int is_all;
} replaced_t;

static void replaced_add(replaced_t *replaced, const access_t *section,
                         const access_t *access)
{
    if (section->merging != MERGING_OFF) {
        replaced->merged |= 1u << section->kind;
    }
    else if (cors_locks_are_there(section->locks)
             && covers(section, access)) {
        replaced->kinds |= 1u << section->kind;
        replaced->is_all |= !(replaced->merged >> section->kind & 1);
    }
}

/* The line that would be missed most, of those merged before a section. */
static const ap_directive_t *find_replaced(const accesses_t *all, int at,
                                           int *is_file)
{
    const access_t *access = section_at(all, at);
    replaced_t replaced = { 0, 0, 0 };
    int i;

    for (i = at - 1; i >= 0; i--) {
        const access_t *section = section_at(all, i);

        if (!may_meet(section, access)) {
            continue;
        }
        *is_file = lets_files_before(section, access);
        if (*is_file) {
            return section->override;
        }
        if (section->lock && !replaced.is_all
            && !(replaced.kinds >> section->kind & 1)) {
            return section->lock;
        }
        replaced_add(&replaced, section, access);
    }
    return NULL;
}

/* The line by which a password is asked for, for nothing: of a section merged
 * later, if that does not require anything. */
static const ap_directive_t *find_auth_type(const accesses_t *all, int at)
{
    const access_t *access = section_at(all, at);
    const ap_directive_t *found = access->auth_type;
    int i;

    for (i = at - 1; i >= 0 && !found; i--) {
        if (may_meet(section_at(all, i), access)) {
            found = section_at(all, i)->auth_type;
        }
    }
    for (i = at + 1; i < all->sections->nelts && !found; i++) {
        const access_t *section = section_at(all, i);

        if (may_meet(section, access)
            && !cors_locks_are_there(section->locks)) {
            found = section->auth_type;
        }
    }
    return found && !cors_locks_says(found, "None", all->check->scratch)
           ? found : NULL;
}

static const char *cite(const accesses_t *all, const ap_directive_t *directive)
{
    if (cors_locks_is_group(directive)) {
        return apr_psprintf(all->check->pool, "%s> (%s:%d)",
                            directive->directive, directive->filename,
                            directive->line_num);
    }
    return cors_startup_describe(all->check->pool, directive);
}

static void warn_replaced(accesses_t *all, int at)
{
    const access_t *access = section_at(all, at);
    int is_file = 0;
    const ap_directive_t *other = find_replaced(all, at, &is_file);
    const ap_directive_t *auth_type = other ? NULL : find_auth_type(all, at);

    if (other && access->merging != MERGING_AND
        && !apr_hash_get(all->warned, &access->line, sizeof(const void *))) {
        apr_hash_set(all->warned, &access->line, sizeof(const void *), other);
        cors_check_say(all->check, APLOG_WARNING, "%s replaces %s%s: whom "
                       "that keeps out gets in; write AuthMerging And beside "
                       "it", cite(all, access->line), is_file
                       ? "what .htaccess files require by " : "",
                       cite(all, other));
    }
    if (auth_type) {
        cors_check_say(all->check, APLOG_WARNING, "%s with %s: nobody is "
                       "asked for a password; write Require valid-user too, "
                       "and both in one <RequireAll>",
                       cite(all, access->line), cite(all, auth_type));
    }
}

/* A section that httpd merges later may be enough by itself, or that with
 * Require cors. */
static void warn_either(accesses_t *all, int at)
{
    const access_t *access = section_at(all, at);
    int i;

    for (i = at + 1; i < all->sections->nelts; i++) {
        const access_t *section = section_at(all, i);

        if (section->merging == MERGING_OR && may_meet(section, access)) {
            cors_check_say(all->check, APLOG_WARNING, "%s with %s, where both "
                           "apply: either of them is enough, so whom other "
                           "lines keep out gets in; write AuthMerging And",
                           cite(all, access->line),
                           cite(all, section->merging_line));
        }
    }
}

/* ------------------------------------------------------------------------
 * What does not ask it
 */

/* Where either of two lines is enough, httpd asks no more once one grants. */
static void warn_order(const accesses_t *all, const ap_directive_t *list,
                       int is_any)
{
    const ap_directive_t *granted = NULL;

    for (; list; list = list->next) {
        int is_group = cors_locks_is_group(list);
        const ap_directive_t *line =
            is_group ? cors_locks_line(list->first_child, all->check->scratch)
            : cors_startup_is(list, "Require")
              && cors_locks_says(list, "cors", all->check->scratch) ? list
                                                                    : NULL;

        if (granted && line) {
            cors_check_say(all->check, APLOG_WARNING, "%s is not asked below "
                           "%s: that lets everybody in; write it above",
                           cite(all, line), cite(all, granted));
        }
        else if (is_group) {
            warn_order(all, list->first_child,
                       cors_startup_is(list, "<RequireAny"));
        }
        if (is_any && cors_locks_let_all_in(list, all->check->scratch)) {
            granted = list;
        }
    }
}

/* Satisfy is not merged: the last section that says something of it decides. */
static void warn_satisfy(accesses_t *all, int at)
{
    const access_t *access = section_at(all, at);
    const ap_directive_t *satisfy = NULL;
    int i;

    for (i = all->sections->nelts - 1; i >= 0 && !satisfy; i--) {
        const access_t *section = section_at(all, i);

        if (!section->satisfy || !may_meet(section, access)) {
            continue;
        }
        if (cors_locks_says(section->satisfy, "Any", all->check->scratch)) {
            satisfy = section->satisfy;
        }
        else if (covers(section, access)) {
            return;
        }
    }
    if (satisfy) {
        cors_check_say(all->check, APLOG_WARNING, "%s with %s: it is not "
                       "asked about those whom Allow and Deny let in; write "
                       "Satisfy All in its place", cite(all, access->line),
                       cite(all, satisfy));
    }
}

static int answers_first(const accesses_t *all, const ap_directive_t *enable,
                         const access_t *access)
{
    const char *args = enable->args;
    const char *path;

    ap_getword_conf(all->check->scratch, &args);
    path = ap_getword_conf(all->check->scratch, &args);
    if (*path != '/') {
        return 0;               /* it is about requests to other hosts */
    }
    while (access && !(access->kind == KIND_LOCATION && access->path)) {
        access = access->outer;
    }
    return !access || strncmp(path, access->path, strlen(path)) == 0
           || is_within(path, access->path, KIND_LOCATION);
}

/* mod_cache's usual handler is there before access control. */
static void warn_cache(accesses_t *all, int at, const ap_directive_t *list)
{
    const access_t *access = section_at(all, at);

    for (; list; list = list->next) {
        if (cors_startup_is(list, "CacheEnable")
            && answers_first(all, list, access)) {
            cors_check_say(all->check, APLOG_WARNING, "%s with %s: the cache "
                           "answers before it is asked; write "
                           "CacheQuickHandler Off", cite(all, access->line),
                           cite(all, list));
            return;
        }
    }
}

/* Whether a name matches some that strangers may have registered: where
 * nothing but a public suffix is left whole behind its last wildcard. */
static int is_of_strangers(const char *name, apr_pool_t *pool)
{
    const char *rest = name + strlen(name);
    const char *dot;
    char *domain;

    while (rest > name && rest[-1] != '*' && rest[-1] != '?') {
        rest--;
    }
    if (rest == name) {
        return 0;
    }
    dot = strchr(rest, '.');
    domain = apr_pstrdup(pool, dot ? dot + 1 : rest);
    ap_str_tolower(domain);
    return !*domain || cors_suffix_is_public(domain);
}

static void warn_alias(accesses_t *all, const access_t *access,
                       const ap_directive_t *list)
{
    for (; list; list = list->next) {
        const char *args = list->args;

        while (cors_startup_is(list, "ServerAlias") && *args) {
            const char *name = ap_getword_conf(all->check->pool, &args);

            if (is_of_strangers(name, all->check->scratch)) {
                cors_check_say(all->check, APLOG_WARNING, "%s with %s: a "
                               "stranger may have such a name, so it does not "
                               "stop DNS rebinding; list the names",
                               cite(all, access->line), cite(all, list));
                return;
            }
        }
    }
}

/* What is judged by what the browser says of itself. */
static void warn_early(accesses_t *all, const access_t *access,
                       const ap_directive_t *list)
{
    static const char *const judged[] = {
        "Origin", "Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest",
        "Host", "Upgrade", "Access-Control-Request-Method", NULL
    };

    for (; list; list = list->next) {
        const char *header = cors_changed_early(list, all->check->scratch);
        int i = 0;

        while (header && judged[i] && apr_cstr_casecmp(header, judged[i])) {
            i++;
        }
        if (header && judged[i]) {
            cors_check_say(all->check, APLOG_WARNING, "%s with %s: it does "
                           "not see what the browser sent; leave out early, "
                           "so that only handlers and backends see the "
                           "change", cite(all, access->line),
                           cite(all, list));
        }
    }
}

/* ------------------------------------------------------------------------
 * Servers
 */

static int has_quick_handler(const accesses_t *all,
                             const ap_directive_t *own)
{
    const ap_directive_t *line = cors_locks_last(own, "CacheQuickHandler");

    if (!line) {
        line = cors_locks_last(ap_conftree, "CacheQuickHandler");
    }
    return !line || !cors_locks_says(line, "Off", all->check->scratch);
}

static void warn_section(accesses_t *all, int at, const ap_directive_t *own)
{
    const access_t *access = section_at(all, at);

    if (cors_locks_are_new(access->locks)) {
        warn_replaced(all, at);
    }
    if (cors_locks_let_in(access->locks)) {
        warn_either(all, at);
    }
    warn_satisfy(all, at);
    warn_order(all, access->directive->first_child, 1);
    if (has_quick_handler(all, own)) {
        warn_cache(all, at, own);
        if (own != ap_conftree) {
            warn_cache(all, at, ap_conftree);
        }
    }
}

static void check_server(accesses_t *all, const ap_directive_t *own)
{
    const access_t *first = NULL;
    int i;

    all->sections = apr_array_make(all->check->pool, 16, sizeof(access_t *));
    collect(all->sections, ap_conftree, NULL, 0);
    if (own != ap_conftree) {
        collect(all->sections, own, NULL, 1);
    }
    qsort(all->sections->elts, (size_t)all->sections->nelts,
          sizeof(access_t *), compare_elements);
    for (i = 0; i < all->sections->nelts; i++) {
        if (section_at(all, i)->line) {
            warn_section(all, i, own);
            first = first ? first : section_at(all, i);
        }
    }
    if (first) {
        warn_alias(all, first, own);
        warn_early(all, first, own);
        if (own != ap_conftree) {
            warn_early(all, first, ap_conftree);
        }
    }
}

/* Whether there is a line of Require cors somewhere. */
static int is_used(const ap_directive_t *list, apr_pool_t *pool)
{
    int found = 0;

    for (; list && !found; list = list->next) {
        found = (cors_startup_is(list, "Require")
                 && cors_locks_says(list, "cors", pool))
                || is_used(list->first_child, pool);
    }
    return found;
}

void cors_check_access(cors_check_t *check, const server_rec *main_server)
{
    accesses_t all = { 0 };
    const server_rec *s;

    if (!is_used(ap_conftree, check->scratch)) {
        return;
    }
    all.check = check;
    all.warned = apr_hash_make(check->pool);
    for (s = main_server; s; s = s->next) {
        const ap_directive_t *host = cors_startup_server(check->pconf,
                                                         s)->directive;

        if (host || s == main_server) {
            check->s = s;
            check_server(&all, host ? host->first_child : ap_conftree);
        }
    }
}
