/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Recipes in the configuration: in which places they are, which of them meet
 * in one request, and what is printed of them.
 */

#include "mod_cors_migrate.h"
#include "mod_cors_proposal.h"
#include "mod_cors_startup.h"

#include "apr_cstr.h"
#include "apr_strings.h"

/* Most places that a place is told to meet. */
#define MAX_MEETINGS 3

/* The main server, a virtual host or a section. */
typedef struct place_t {
    const struct place_t *outer;        /* NULL for the main server */
    const ap_directive_t *section;      /* NULL for the main server */
    apr_array_header_t *inner;          /* of place_t * */
    apr_array_header_t *members;        /* of a server: it and its sections,
                                           of const place_t *, in order */
    cors_leftover_t recipe;
} place_t;

static int is_host(const ap_directive_t *section)
{
    return cors_startup_is(section, "<VirtualHost");
}

/* Whether httpd takes a section for some requests of a URL only, or for
 * something that is no part of URLs. */
static int is_sometimes(const ap_directive_t *section)
{
    static const char *const always[] = {
        "<VirtualHost", "<Directory", "<DirectoryMatch", "<Location",
        "<LocationMatch", "<Files", "<FilesMatch", NULL
    };
    const char *const *name = always;

    while (*name && !cors_startup_is(section, *name)) {
        name++;
    }
    return !*name;
}

/* ------------------------------------------------------------------------
 * Places
 */

static place_t *place_make(apr_pool_t *pool, const place_t *outer,
                           const ap_directive_t *section,
                           const ap_directive_t *list)
{
    place_t *place = apr_pcalloc(pool, sizeof(*place));

    place->outer = outer;
    place->section = section;
    place->inner = apr_array_make(pool, 1, sizeof(place_t *));
    place->members = apr_array_make(pool, 1, sizeof(const place_t *));
    cors_leftover_read(&place->recipe, pool, outer ? &outer->recipe : NULL,
                       section, list);
    for (; list; list = list->next) {
        if (list->first_child || is_host(list)) {
            APR_ARRAY_PUSH(place->inner, place_t *) =
                place_make(pool, place, list, list->first_child);
        }
    }
    return place;
}

static const place_t *inner_at(const place_t *place, int i)
{
    return APR_ARRAY_IDX(place->inner, i, const place_t *);
}

static int has_headers_inside(const place_t *place)
{
    int i = 0;

    while (i < place->inner->nelts
           && !inner_at(place, i)->recipe.has_headers
           && !has_headers_inside(inner_at(place, i))) {
        i++;
    }
    return i < place->inner->nelts;
}

/* Variables and rules alone are parts of the recipes inside. */
static int is_shown(const place_t *place)
{
    return place->recipe.has_lines
           && (place->recipe.has_headers || !has_headers_inside(place));
}

static const place_t *server_of(const place_t *place)
{
    while (place->outer && !is_host(place->section)) {
        place = place->outer;
    }
    return place;
}

static void collect(apr_array_header_t *places, const place_t *place)
{
    int i;

    APR_ARRAY_PUSH(places, const place_t *) = place;
    APR_ARRAY_PUSH(server_of(place)->members, const place_t *) = place;
    for (i = 0; i < place->inner->nelts; i++) {
        collect(places, inner_at(place, i));
    }
}

/* What may be in force where a place is, and more: the main server's places
 * and those of its host; of all hosts for a section that these inherit. */
static const apr_array_header_t *
candidates(apr_pool_t *pool, const place_t *place,
           const apr_array_header_t *places)
{
    const place_t *server = server_of(place);
    const place_t *main_server = APR_ARRAY_IDX(places, 0, const place_t *);

    return server != main_server
           ? apr_array_append(pool, main_server->members, server->members)
           : place == server ? server->members : places;
}

static int is_inside(const place_t *inner, const place_t *outer)
{
    while (inner && inner != outer) {
        inner = inner->outer;
    }
    return inner != NULL;
}

/* The innermost section around a place, up to another place or the main
 * server, that applies sometimes, or NULL. */
static const ap_directive_t *find_sometimes(const place_t *inner,
                                            const place_t *end)
{
    while (inner != end && inner->section
           && !is_sometimes(inner->section)) {
        inner = inner->outer;
    }
    return inner != end ? inner->section : NULL;
}

/* ------------------------------------------------------------------------
 * Places that meet
 */

/* What a section is for, without its quotes and bracket; NULL if that is a
 * pattern, or a path that httpd writes otherwise. */
static const char *plain_target(apr_pool_t *pool,
                                const ap_directive_t *section)
{
    const char *args = section->args;
    char *target = ap_getword_conf(pool, &args);
    apr_size_t len = strlen(target);

    if (len > 0 && target[len - 1] == '>') {
        target[len - 1] = '\0';
    }
    return *args && *args != '>' ? NULL
           : strpbrk(target, "*?[~") || strstr(target, "//")
             || strstr(target, "/./") || strstr(target, "/../") ? NULL
           : target;
}

/* Whether two sections may be for one request. */
static int sections_meet(apr_pool_t *pool, const ap_directive_t *a,
                         const ap_directive_t *b)
{
    const char *for_a = plain_target(pool, a);
    const char *for_b = plain_target(pool, b);
    apr_size_t len;

    if (!for_a || !for_b || !cors_startup_is(a, b->directive)) {
        return 1;
    }
    if (cors_startup_is(a, "<Files")) {
        return strcmp(for_a, for_b) == 0;
    }
    if (!cors_startup_is(a, "<Location")
        && !cors_startup_is(a, "<Directory")) {
        return 1;
    }
    len = strlen(for_a) < strlen(for_b) ? strlen(for_a) : strlen(for_b);
    return strncmp(for_a, for_b, len) == 0;
}

/* The same of two places, each in its sections. */
static int chains_meet(apr_pool_t *pool, const place_t *place,
                       const place_t *other)
{
    const place_t *around;

    for (; place != server_of(place); place = place->outer) {
        for (around = other; around != server_of(around);
             around = around->outer) {
            if (place != around
                && !sections_meet(pool, place->section, around->section)) {
                return 0;
            }
        }
    }
    return 1;
}

/* Whether what a place has is not all that is in force there: the other one
 * may apply, too, and it is not around this one. */
static int meets(apr_pool_t *pool, const place_t *place, const place_t *other)
{
    const place_t *server = server_of(place);
    const place_t *other_server = server_of(other);

    if (!other->recipe.has_headers || is_inside(place, other)) {
        return 0;
    }
    /* NOLINTNEXTLINE(readability-suspicious-call-argument) */
    if (is_inside(other, place)) {
        return find_sometimes(other, place) != NULL;
    }
    if (server != other_server && other_server->section
        && (server->section || place == server)) {
        return 0;
    }
    if (place == server) {      /* sections that a host inherits */
        return find_sometimes(other, other_server) != NULL;
    }
    return other == other_server
           || chains_meet(pool, place, other);
}

static void note_meetings(apr_pool_t *pool, const place_t *place,
                          const apr_array_header_t *places,
                          apr_array_header_t *differences)
{
    int found = 0;
    int i;

    for (i = 0; i < places->nelts && found < MAX_MEETINGS; i++) {
        const place_t *other = APR_ARRAY_IDX(places, i, const place_t *);

        if (other != place && is_shown(other) && meets(pool, place, other)) {
            found++;
            APR_ARRAY_PUSH(differences, const char *) = apr_psprintf(
                pool, "%s: a recipe, too; where both apply, httpd merges "
                "them", cors_startup_describe(pool, other->section));
        }
    }
}

/* Whether another place, which is not part of this one's recipe, may set
 * variables for its requests. */
static int may_touch(apr_pool_t *pool, const place_t *place,
                     const place_t *other)
{
    const place_t *other_server = server_of(other);

    if (is_inside(place, other)) {
        return 0;
    }
    /* NOLINTNEXTLINE(readability-suspicious-call-argument) */
    if (is_inside(other, place)) {
        return !is_shown(other) || find_sometimes(other, place) != NULL;
    }
    return (server_of(place) == other_server || !other_server->section)
           && chains_meet(pool, place, other);
}

static void note_touch(apr_pool_t *pool, const place_t *place,
                       const ap_directive_t *line,
                       apr_array_header_t *differences)
{
    const char *name = cors_leftover_touched(&place->recipe, line);

    if (name) {
        APR_ARRAY_PUSH(differences, const char *) = apr_psprintf(
            pool, "%s: in its section it sets %s, which the recipe goes by",
            cors_startup_describe(pool, line), name);
    }
}

/* Whether the rules of another section take the place of a recipe's in the
 * requests that both are for, or its RewriteEngine switches them off. */
static int has_later_rules(apr_pool_t *pool, const place_t *place,
                           const place_t *other)
{
    const cors_left_rule_t *rule = cors_leftover_rule(&place->recipe);
    const char *for_other;
    const char *for_rule;

    if (!rule->directive || !rule->is_on || !other->recipe.rewrites
        || other == server_of(other)) {
        return 0;
    }
    if (rule == &place->recipe.server_rule) {
        return cors_leftover_is_early(other->section)
               && !other->recipe.server_rule.is_on;
    }
    for_other = plain_target(pool, other->section);
    for_rule = plain_target(pool, rule->directive->parent);
    return !for_other || !for_rule
           || !cors_startup_is(other->section, "<Directory")
           || !cors_startup_is(rule->directive->parent, "<Directory")
           || strlen(for_other) >= strlen(for_rule);
}

/* Whether another section redirects what a server's rule answers today. */
static int has_later_redirect(const place_t *place, const place_t *other)
{
    const cors_left_rule_t *rule = &place->recipe.server_rule;

    return rule->directive && rule->is_on && other->recipe.redirect
           && other->recipe.redirect != place->recipe.redirect;
}

/* Variables that other places set, and rules that they have. */
static void note_touches(apr_pool_t *pool, const place_t *place,
                         const apr_array_header_t *places,
                         apr_array_header_t *differences)
{
    int i;
    int k;

    for (i = 0; i < places->nelts; i++) {
        const place_t *other = APR_ARRAY_IDX(places, i, const place_t *);
        const cors_leftover_t *recipe = &other->recipe;

        if (!may_touch(pool, place, other)) {
            continue;
        }
        for (k = recipe->inherited_variables; k < recipe->variables->nelts;
             k++) {
            note_touch(pool, place,
                       APR_ARRAY_IDX(recipe->variables, k,
                                     cors_left_variables_t).directive,
                       differences);
        }
        for (k = recipe->inherited_others; k < recipe->others->nelts; k++) {
            note_touch(pool, place,
                       APR_ARRAY_IDX(recipe->others, k,
                                     const ap_directive_t *),
                       differences);
        }
        if (has_later_rules(pool, place, other)) {
            APR_ARRAY_PUSH(differences, const char *) = apr_psprintf(
                pool, "%s: in its section it replaces the rule of the recipe",
                cors_startup_describe(pool, recipe->rewrites));
        }
        if (has_later_redirect(place, other)) {
            APR_ARRAY_PUSH(differences, const char *) = apr_psprintf(
                pool, "%s: where it applies, preflights get its answer once "
                "the rule is gone",
                cors_startup_describe(pool, recipe->redirect));
        }
    }
}

/* Virtual hosts inherit the main server's policy, but not its rules. */
static void note_hosts(apr_pool_t *pool, const place_t *place,
                       apr_array_header_t *differences)
{
    const cors_left_rule_t *rule = &place->recipe.server_rule;
    const place_t *server = server_of(place);
    int i = 0;

    while (i < server->inner->nelts
           && !is_host(inner_at(server, i)->section)) {
        i++;
    }
    if (!server->section && rule->directive && i < server->inner->nelts) {
        APR_ARRAY_PUSH(differences, const char *) = apr_psprintf(
            pool, "%s: not in virtual hosts, which inherit the rest",
            cors_startup_describe(pool, rule->directive));
    }
}

/* Whether a section is for a file that httpd may choose for a directory. */
static int is_for_index(apr_pool_t *pool, const ap_directive_t *section)
{
    static const char *const names[] = { "index.html", "index.php", NULL };
    const char *args = section->args;
    char *file = ap_getword_conf(pool, &args);
    int is_regex = cors_startup_is(section, "<FilesMatch");
    const ap_regex_t *regex;
    int i = 0;

    if (!is_regex && !cors_startup_is(section, "<Files")) {
        return 0;
    }
    if (strcmp(file, "~") == 0) {
        is_regex = 1;
        file = ap_getword_conf(pool, &args);
    }
    if (*file && file[strlen(file) - 1] == '>') {
        file[strlen(file) - 1] = '\0';
    }
    regex = is_regex ? ap_pregcomp(pool, file, AP_REG_EXTENDED) : NULL;
    while (names[i] && (regex ? ap_regexec(regex, names[i], 0, NULL, 0)
                              : ap_strcmp_match(names[i], file))) {
        i++;
    }
    return names[i] != NULL;
}

/* Such a file's policy is for no directory that has one itself. */
static void note_index(apr_pool_t *pool, const place_t *place,
                       const apr_array_header_t *around,
                       apr_array_header_t *differences)
{
    if (place->section && around->nelts > 0
        && is_for_index(pool, place->section)) {
        APR_ARRAY_PUSH(differences, const char *) = apr_psprintf(
            pool, "%s: where httpd chooses such a file for a directory, the "
            "policy around it applies",
            cors_startup_describe(pool, place->section));
    }
}

/* ------------------------------------------------------------------------
 * Printing
 */

static void print_name(apr_pool_t *pool, apr_file_t *out,
                       const place_t *place)
{
    if (!place->section) {
        apr_file_printf(out, " main server");
        return;
    }
    if (place->outer->section) {
        print_name(pool, out, place->outer);
    }
    apr_file_printf(out, " %s", cors_startup_describe(pool, place->section));
}

/* Those of a place, behind those around it that are part of its recipe. */
static void print_lines(apr_pool_t *pool, apr_file_t *out,
                        const place_t *place, const place_t *user)
{
    int i;

    if (place->outer) {
        print_lines(pool, out, place->outer, user);
    }
    if (place != user && is_shown(place)) {
        return;
    }
    for (i = 0; i < place->recipe.lines->nelts; i++) {
        const ap_directive_t *line = APR_ARRAY_IDX(place->recipe.lines, i,
                                                   const ap_directive_t *);

        if (server_of(place) == server_of(user)
            || apr_cstr_casecmpn(line->directive, "Rewrite", 7) != 0) {
            apr_file_printf(out, "#     %s\n",
                            cors_startup_describe(pool, line));
        }
    }
}

static void print_list(apr_file_t *out, const char *title,
                       const apr_array_header_t *texts, const char *mark)
{
    int i;

    if (texts->nelts > 0) {
        apr_file_printf(out, "# %s:\n", title);
    }
    for (i = 0; i < texts->nelts; i++) {
        apr_file_printf(out, "#     %s%s\n", mark,
                        APR_ARRAY_IDX(texts, i, const char *));
    }
}

/* The lines of the policies that are proposed for the places around one, and
 * that it would inherit. */
static apr_array_header_t *lines_around(apr_pool_t *pool,
                                        const place_t *place, server_rec *s)
{
    apr_array_header_t *lines;
    cors_proposal_t proposal;

    if (!place->outer) {
        return apr_array_make(pool, 1, sizeof(const char *));
    }
    lines = lines_around(pool, place->outer, s);
    if (is_shown(place->outer)) {
        cors_proposal_make(&proposal, &place->outer->recipe, lines, s);
        apr_array_cat(lines, proposal.lines);
    }
    return lines;
}

static void print_place(apr_pool_t *pool, apr_file_t *out,
                        const place_t *place,
                        const apr_array_header_t *places, server_rec *s)
{
    const ap_directive_t *sometimes = find_sometimes(place, NULL);
    const apr_array_header_t *around = lines_around(pool, place, s);
    cors_proposal_t proposal;

    cors_proposal_make(&proposal, &place->recipe, around, s);
    if (sometimes) {
        APR_ARRAY_PUSH(proposal.doubts, const char *) =
            apr_psprintf(pool, "%s: it applies to some requests only",
                         cors_startup_describe(pool, sometimes));
    }
    places = candidates(pool, place, places);
    note_meetings(pool, place, places, proposal.differences);
    note_touches(pool, place, places, proposal.differences);
    note_hosts(pool, place, proposal.differences);
    note_index(pool, place, around, proposal.differences);
    apr_file_printf(out, "\n# recipe in");
    print_name(pool, out, place);
    apr_file_printf(out, "\n");
    print_lines(pool, out, place, place);
    if (proposal.doubts->nelts > 0) {
        print_list(out, "cannot tell", proposal.doubts, "- ");
        return;
    }
    if (proposal.differences->nelts == 0) {
        apr_file_printf(out, "# exact\n");
    }
    print_list(out, "differences", proposal.differences, "- ");
    print_list(out, "notes", proposal.notes, "- ");
    if (proposal.left_out->nelts > 0) {
        apr_file_printf(out, "# needs no listing: %s\n",
                        apr_array_pstrcat(pool, proposal.left_out, ' '));
    }
    print_list(out, "policy", proposal.lines, "");
}

void cors_migrate(apr_pool_t *pool, apr_file_t *out, server_rec *s)
{
    apr_array_header_t *places = apr_array_make(pool, 4,
                                                sizeof(const place_t *));
    int i;

    collect(places, place_make(pool, NULL, NULL, ap_conftree));
    for (i = 0; i < places->nelts; i++) {
        const place_t *place = APR_ARRAY_IDX(places, i, const place_t *);

        if (is_shown(place)) {
            print_place(pool, out, place, places, s);
        }
    }
}
