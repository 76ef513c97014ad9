/* SPDX-License-Identifier: Apache-2.0 */

/*
 * Directives say of themselves which server and which section they stand in
 * (cmd->server, cmd->directive->parent); that is taken down as they are read.
 * ap_conftree, which holds every directive with its file and line, is asked
 * for the rest: which <VirtualHost> a server comes from, and what lets
 * .htaccess files in.
 */

#include "mod_cors_startup.h"

#include "http_core.h"

#include "apr_cstr.h"
#include "apr_hash.h"
#include "apr_strings.h"

#include "cors_text.h"
#include "mod_cors_htaccess.h"

#define FACTS_KEY "mod_cors-startup"

/* What a hash finds by its address has a pointer as its key. */
#define ADDRESS_LEN sizeof(const void *)

/* What is taken down. */
typedef struct {
    apr_pool_t *pool;
    const server_rec *main_server;
    apr_hash_t *servers;        /* cors_section_t *, by the server_rec */
    apr_hash_t *sections;       /* the same, by the ap_directive_t */
    apr_hash_t *names;          /* of sections; each is its own key */
    apr_hash_t *groups;         /* group_t *, by their keys */
    apr_array_header_t *notes;  /* of note_t * */
    apr_array_header_t *all;    /* of cors_section_t *: those that have a
                                 * policy of their own */
    int settled;                /* how many notes */
    apr_array_header_t *places; /* of cors_place_t * */
    apr_array_header_t *lines;  /* of line_place_t * */
    const char *foreign;        /* the text of one that is not in the tree,
                                 * which does not tell where it applies */
} facts_t;

/* A directive.  One that another module has read by itself, from a <Perl>
 * section say, is not in the tree and may be gone by the time that the
 * configuration is read: its address and its text are all that is sure. */
typedef struct {
    const ap_directive_t *directive;
    cors_section_t *section;
    const char *text;           /* of the first in a section, else NULL */
    int is_late;
    int is_in_tree;             /* known once it is settled */
} note_t;

/* A line of another module's that has a place, and the section around it. */
typedef struct {
    cors_place_t place;
    const server_rec *server;
    const ap_directive_t *section;
} line_place_t;

typedef struct {
    const server_rec *server;
    const char *name;
} group_key_t;

/* The sections of a server that have one name. */
typedef struct {
    group_key_t key;
    apr_array_header_t *sections;       /* of cors_section_t * */
    cors_policy_t sum;                  /* merged, once they are settled */
} group_t;

int cors_startup_is(const ap_directive_t *directive, const char *name)
{
    return apr_cstr_casecmp(directive->directive, name) == 0;
}

const char *cors_startup_describe(apr_pool_t *pool,
                                  const ap_directive_t *directive)
{
    return apr_psprintf(pool, "%s %.*s%s (%s:%d)", directive->directive,
                        CORS_MAX_QUOTE, directive->args,
                        strlen(directive->args) > CORS_MAX_QUOTE ? "..." : "",
                        directive->filename, directive->line_num);
}

/* ------------------------------------------------------------------------
 * Notes
 */

static facts_t *facts_get(apr_pool_t *pconf)
{
    void *data = NULL;
    facts_t *facts;

    apr_pool_userdata_get(&data, FACTS_KEY, pconf);
    if (data) {
        return data;
    }
    facts = apr_pcalloc(pconf, sizeof(*facts));
    facts->pool = pconf;
    facts->servers = apr_hash_make(pconf);
    facts->sections = apr_hash_make(pconf);
    facts->names = apr_hash_make(pconf);
    facts->groups = apr_hash_make(pconf);
    facts->notes = apr_array_make(pconf, 16, sizeof(note_t *));
    facts->all = apr_array_make(pconf, 16, sizeof(cors_section_t *));
    facts->places = apr_array_make(pconf, 16, sizeof(cors_place_t *));
    facts->lines = apr_array_make(pconf, 4, sizeof(line_place_t *));
    apr_pool_userdata_setn(facts, FACTS_KEY, NULL, pconf);
    return facts;
}

static cors_section_t *section_make(apr_pool_t *pool, const server_rec *s,
                                    cors_section_t *outer,
                                    const ap_directive_t *directive)
{
    cors_section_t *section = apr_pcalloc(pool, sizeof(*section));

    section->outer = outer;
    section->server = s;
    section->directive = directive;
    section->chain = "";
    section->directives = apr_array_make(pool, 4,
                                         sizeof(const ap_directive_t *));
    section->inner = apr_array_make(pool, 1, sizeof(cors_section_t *));
    return section;
}

/* The section that stands for a server. */
static cors_section_t *server_get(facts_t *facts, const server_rec *s)
{
    cors_section_t *section = apr_hash_get(facts->servers, &s, ADDRESS_LEN);

    if (!section) {
        section = section_make(facts->pool, s, NULL, NULL);
        apr_hash_set(facts->servers, &section->server, ADDRESS_LEN, section);
    }
    return section;
}

/* The sections around and with one.  The condition of an <If> may hold a
 * secret. */
static const char *chain_of(const cors_section_t *outer,
                            const ap_directive_t *directive, apr_pool_t *pool)
{
    int is_condition = cors_startup_is(directive, "<If")
                       || cors_startup_is(directive, "<ElseIf");

    /* Arguments have the ">" at their end. */
    return apr_pstrcat(pool, outer->chain, " ", directive->directive,
                       is_condition ? ">" : " ",
                       is_condition ? "" : directive->args, NULL);
}

/* The sections with one that may have no directive of ours. */
static const char *chain_around(const ap_directive_t *section,
                                apr_pool_t *pool)
{
    cors_section_t outer = { 0 };

    if (!section || cors_startup_is(section, "<VirtualHost")) {
        return "";
    }
    outer.chain = chain_around(section->parent, pool);
    return chain_of(&outer, section, pool);
}

/* <ElseIf> and <Else> depend on what they follow: no two are the same. */
static int depends_on_place(const ap_directive_t *directive)
{
    return cors_startup_is(directive, "<ElseIf")
           || cors_startup_is(directive, "<Else");
}

/* The name of a section, the same string for equal ones.  Quotes do not
 * count, as they do not for httpd. */
static const char *name_get(facts_t *facts, const cors_section_t *outer,
                            const ap_directive_t *directive)
{
    apr_size_t len = strlen(directive->args);
    const char *args = apr_pstrmemdup(
        facts->pool, directive->args,
        len && directive->args[len - 1] == '>' ? len - 1 : len);
    char *name = apr_pstrcat(facts->pool, outer->name ? outer->name : "",
                             "\n", directive->directive, NULL);
    const char *known;

    ap_str_tolower(name + strlen(name) - strlen(directive->directive));
    if (depends_on_place(directive)) {
        return apr_psprintf(facts->pool, "%s %pp", name, (void *)directive);
    }
    while (*args) {
        name = apr_pstrcat(facts->pool, name, "\t",
                           ap_getword_conf(facts->pool, &args), NULL);
    }
    known = apr_hash_get(facts->names, name, APR_HASH_KEY_STRING);
    if (!known) {
        apr_hash_set(facts->names, name, APR_HASH_KEY_STRING, name);
    }
    return known ? known : name;
}

static group_t *group_find(const facts_t *facts, const server_rec *s,
                           const char *name)
{
    group_key_t key;

    key.server = s;
    key.name = name;
    return apr_hash_get(facts->groups, &key, sizeof(key));
}

static void group_add(facts_t *facts, cors_section_t *section)
{
    group_t *group = group_find(facts, section->server, section->name);

    if (!group) {
        group = apr_pcalloc(facts->pool, sizeof(*group));
        group->key.server = section->server;
        group->key.name = section->name;
        group->sections = apr_array_make(facts->pool, 1,
                                         sizeof(cors_section_t *));
        apr_hash_set(facts->groups, &group->key, sizeof(group->key), group);
    }
    APR_ARRAY_PUSH(group->sections, cors_section_t *) = section;
}

/* The section that a directive opens; NULL or a <VirtualHost> stand for the
 * server. */
static cors_section_t *section_get(facts_t *facts, const server_rec *s,
                                   const ap_directive_t *directive)
{
    cors_section_t *section;

    if (!directive || cors_startup_is(directive, "<VirtualHost")) {
        return server_get(facts, s);
    }
    section = apr_hash_get(facts->sections, &directive, ADDRESS_LEN);
    if (!section) {
        cors_section_t *outer = section_get(facts, s, directive->parent);

        section = section_make(facts->pool, s, outer, directive);
        section->name = name_get(facts, outer, directive);
        group_add(facts, section);
        section->chain = chain_of(outer, directive, facts->pool);
        APR_ARRAY_PUSH(outer->inner, cors_section_t *) = section;
        apr_hash_set(facts->sections, &section->directive, ADDRESS_LEN,
                     section);
    }
    return section;
}

/* Whether httpd merges a section after the <Location> sections: it is
 * something else, or is in something else. */
static int section_is_late(const cors_section_t *section)
{
    for (; section->outer; section = section->outer) {
        if (!cors_startup_is(section->directive, "<Location")
            && !cors_startup_is(section->directive, "<LocationMatch")) {
            return 1;
        }
    }
    return 0;
}

/* A section has a policy of its own from its first directive on. */
static void section_start(facts_t *facts, cors_section_t *section,
                          cors_policy_t *policy,
                          const ap_directive_t *directive)
{
    section->policy = policy;
    section->place.file = apr_pstrdup(facts->pool, directive->filename);
    section->place.line = (unsigned int)directive->line_num;
    section->place.has_policy = 1;
    policy->place = &section->place;
    APR_ARRAY_PUSH(facts->all, cors_section_t *) = section;
    APR_ARRAY_PUSH(facts->places, cors_place_t *) = &section->place;
}

void cors_startup_note(cmd_parms *cmd, cors_policy_t *policy)
{
    facts_t *facts;
    note_t *note;

    if (cmd->pool == cmd->temp_pool) {
        policy->place = &cors_place_htaccess;
        return;
    }
    facts = facts_get(cmd->pool);
    note = apr_pcalloc(cmd->pool, sizeof(*note));
    APR_ARRAY_PUSH(facts->notes, note_t *) = note;
    note->directive = cmd->directive;
    note->section = section_get(facts, cmd->server, cmd->directive->parent);
    note->text = NULL;
    note->is_late = section_is_late(note->section);
    if (note->section->policy != policy) {
        note->text = cors_startup_describe(cmd->pool, cmd->directive);
        section_start(facts, note->section, policy, cmd->directive);
    }
    if (policy->origins) {
        cors_origin_set_cite(policy->origins, note);
    }
}

const cors_place_t *cors_startup_place(cmd_parms *cmd,
                                       const ap_directive_t *section)
{
    facts_t *facts;
    line_place_t *line;

    if (cmd->pool == cmd->temp_pool) {
        return &cors_place_htaccess;
    }
    facts = facts_get(cmd->pool);
    line = apr_pcalloc(cmd->pool, sizeof(*line));
    line->place.file = apr_pstrdup(cmd->pool, cmd->directive->filename);
    line->place.line = (unsigned int)cmd->directive->line_num;
    line->server = cmd->server;
    line->section = section;
    APR_ARRAY_PUSH(facts->lines, line_place_t *) = line;
    APR_ARRAY_PUSH(facts->places, cors_place_t *) = &line->place;
    return &line->place;
}

/* ------------------------------------------------------------------------
 * The tree
 */

/* A name for the line where a virtual host is defined. */
static const char *line_name(apr_pool_t *pool, const char *filename,
                             unsigned int line)
{
    return apr_psprintf(pool, "%u:%s", line, filename);
}

/* The <VirtualHost> sections in the order of definition, in arrays of const
 * ap_directive_t *, by where they are defined, which is what a server_rec
 * tells of it.  A file that is included twice, or a macro that is used twice,
 * defines two at one place. */
static apr_hash_t *hosts_make(apr_pool_t *pool)
{
    apr_hash_t *hosts = apr_hash_make(pool);
    const ap_directive_t *directive;

    for (directive = ap_conftree; directive; directive = directive->next) {
        apr_array_header_t *sections;
        const char *place;

        if (!cors_startup_is(directive, "<VirtualHost")) {
            continue;
        }
        place = line_name(pool, directive->filename,
                          (unsigned int)directive->line_num);
        sections = apr_hash_get(hosts, place, APR_HASH_KEY_STRING);
        if (!sections) {
            sections = apr_array_make(pool, 1,
                                      sizeof(const ap_directive_t *));
            apr_hash_set(hosts, place, APR_HASH_KEY_STRING, sections);
        }
        APR_ARRAY_PUSH(sections, const ap_directive_t *) = directive;
    }
    return hosts;
}

/* Give each server its <VirtualHost>.  httpd's list has virtual hosts in
 * reverse: the last of a place comes first. */
static void servers_locate(facts_t *facts, server_rec *s, apr_pool_t *ptemp)
{
    apr_hash_t *hosts = hosts_make(ptemp);

    for (; s; s = s->next) {
        cors_section_t *section = server_get(facts, s);
        apr_array_header_t *sections = NULL;

        if (s->is_virtual && s->defn_name) {
            sections = apr_hash_get(hosts,
                                    line_name(ptemp, s->defn_name,
                                              s->defn_line_number),
                                    APR_HASH_KEY_STRING);
        }
        if (sections && sections->nelts > 0) {
            section->directive =
                *(const ap_directive_t **)apr_array_pop(sections);
        }
    }
}

static void collect(apr_hash_t *directives, const ap_directive_t *list)
{
    for (; list; list = list->next) {
        const ap_directive_t **key = apr_palloc(
            apr_hash_pool_get(directives), ADDRESS_LEN);

        *key = list;
        apr_hash_set(directives, key, ADDRESS_LEN, list);
        collect(directives, list->first_child);
    }
}

/* What a note says of the sections that it is in. */
static void note_settle(const note_t *note)
{
    cors_section_t *section = note->section;

    if (note->is_in_tree) {
        APR_ARRAY_PUSH(section->directives, const ap_directive_t *) =
            note->directive;
    }
    for (; section; section = section->outer) {
        section->is_in_tree |= note->is_in_tree;
        section->names_origins |= note->section->policy->origins != NULL;
        if (!section->outer && !section->late && note->is_in_tree
            && note->is_late) {
            section->late = note->directive;
        }
    }
}

static void place_name(facts_t *facts, cors_section_t *section,
                       apr_pool_t *ptemp)
{
    section->place.name = apr_pstrcat(
        facts->pool, cors_place_server(section->server, ptemp),
        section->chain, NULL);
}

/* Name the lines that have a place. */
static void lines_settle(facts_t *facts, apr_pool_t *ptemp)
{
    int i;

    for (i = 0; i < facts->lines->nelts; i++) {
        line_place_t *line = APR_ARRAY_IDX(facts->lines, i, line_place_t *);

        if (!line->place.name) {
            line->place.name = apr_pstrcat(
                facts->pool, cors_place_server(line->server, ptemp),
                chain_around(line->section, facts->pool), NULL);
        }
    }
}

/* The same of all notes that were taken since the last time. */
static void notes_settle(facts_t *facts, apr_pool_t *ptemp)
{
    apr_hash_t *in_tree = apr_hash_make(ptemp);

    if (facts->settled < facts->notes->nelts) {
        collect(in_tree, ap_conftree);
    }
    for (; facts->settled < facts->notes->nelts; facts->settled++) {
        note_t *note = APR_ARRAY_IDX(facts->notes, facts->settled, note_t *);

        note->is_in_tree = apr_hash_get(in_tree, &note->directive,
                                        ADDRESS_LEN) != NULL;
        note_settle(note);
        if (note->text) {
            place_name(facts, note->section, ptemp);
        }
        if (!note->is_in_tree && !facts->foreign) {
            facts->foreign = note->text;
        }
    }
}

static void merge_over(cors_policy_t *policy, const cors_policy_t *inner)
{
    cors_policy_t outer = *policy;

    cors_policy_merge(policy, &outer, inner);
}

/* Merging is associative: what the sections of a name say together need not
 * be merged again for each of them. */
static void groups_settle(facts_t *facts, apr_pool_t *ptemp)
{
    apr_hash_index_t *index;

    for (index = apr_hash_first(ptemp, facts->groups); index;
         index = apr_hash_next(index)) {
        group_t *group = apr_hash_this_val(index);
        int i;

        memset(&group->sum, 0, sizeof(group->sum));
        for (i = 0; i < group->sections->nelts; i++) {
            const cors_section_t *section =
                APR_ARRAY_IDX(group->sections, i, cors_section_t *);

            if (section->policy) {
                merge_over(&group->sum, section->policy);
            }
        }
    }
}

/* ------------------------------------------------------------------------
 * Final
 */

/* What keeps the policies of a server from being final, for people.  Its own
 * directives are named rather than those that all servers inherit. */
static const char *find_obstacle(facts_t *facts, const server_rec *s,
                                 const server_rec *main_server,
                                 const ap_directive_t *override,
                                 apr_pool_t *ptemp)
{
    const cors_section_t *section = server_get(facts, s);
    const ap_directive_t *directive = section->late;

    if (facts->foreign) {
        return facts->foreign;
    }
    if (!directive) {
        directive = server_get(facts, main_server)->late;
    }
    if (!directive) {
        if (!cors_htaccess_is_allowed(s)) {
            return NULL;
        }
        if (section->directive) {
            directive = cors_htaccess_directive(
                ptemp, section->directive->first_child);
        }
        if (!directive) {
            directive = override;
        }
    }
    return directive ? cors_startup_describe(facts->pool, directive)
                     : "a directory that allows FileInfo directives in "
                       ".htaccess";
}

static int has_directives(const cors_section_t *section)
{
    return section->policy || section->inner->nelts > 0;
}

/* httpd lets virtual hosts without a directive of ours share the main
 * server's record, so each server is given its own here. */
int cors_startup_settle(apr_pool_t *pconf, apr_pool_t *plog,
                        apr_pool_t *ptemp, server_rec *main_server)
{
    const ap_directive_t *override =
        cors_htaccess_directive(ptemp, ap_conftree);
    facts_t *facts = facts_get(pconf);
    server_rec *s;

    facts->main_server = main_server;
    notes_settle(facts, ptemp);
    lines_settle(facts, ptemp);
    groups_settle(facts, ptemp);
    servers_locate(facts, main_server, ptemp);
    for (s = main_server; s; s = s->next) {
        cors_server_t *server = apr_pcalloc(pconf, sizeof(*server));

        server->obstacle = find_obstacle(facts, s, main_server, override,
                                         ptemp);
        server->is_used = server->obstacle
                          || has_directives(server_get(facts, main_server))
                          || has_directives(server_get(facts, s));
        ap_set_module_config(s->module_config, &cors_module, server);
    }
    return OK;
}

/* ------------------------------------------------------------------------
 * Sections
 */

const cors_section_t *cors_startup_server(apr_pool_t *pconf,
                                          const server_rec *s)
{
    return server_get(facts_get(pconf), s);
}

const apr_array_header_t *cors_startup_sections(apr_pool_t *pconf)
{
    return facts_get(pconf)->all;
}

const apr_array_header_t *cors_startup_places(apr_pool_t *pconf)
{
    return facts_get(pconf)->places;
}

int cors_startup_is_inherited(const server_rec *s,
                              const cors_section_t *section)
{
    return section->server != s;
}

const apr_array_header_t *
cors_startup_namesakes(const server_rec *s, const cors_section_t *section)
{
    const group_t *group = group_find(facts_get(s->process->pconf), s,
                                      section->name);

    return group ? group->sections : NULL;
}

const cors_section_t *cors_startup_section(apr_pool_t *pconf,
                                           const server_rec *s,
                                           const ap_directive_t *directive,
                                           apr_pool_t *pool)
{
    facts_t *facts = facts_get(pconf);
    const ap_directive_t *opening = directive->parent;
    cors_section_t *section;

    if (!opening || cors_startup_is(opening, "<VirtualHost")) {
        return server_get(facts, s);
    }
    section = apr_hash_get(facts->sections, &opening, ADDRESS_LEN);
    if (!section) {
        section = section_make(pool, s, (cors_section_t *)
                               cors_startup_section(pconf, s, opening, pool),
                               opening);
        section->name = name_get(facts, section->outer, opening);
    }
    return section;
}

const ap_directive_t *cors_startup_line(const cors_origin_entry_t *entry)
{
    const note_t *note = entry->line;

    return note && note->is_in_tree ? note->directive : NULL;
}

static void merge_group(cors_policy_t *policy, const group_t *group)
{
    if (group) {
        merge_over(policy, &group->sum);
    }
}

/* httpd merges the sections that all servers inherit before a virtual host's
 * own. */
cors_policy_t cors_startup_policy(const server_rec *s,
                                  const cors_section_t *section)
{
    const facts_t *facts = facts_get(s->process->pconf);
    cors_policy_t policy;

    if (!section->outer) {
        return *(const cors_policy_t *)
               ap_get_module_config(s->lookup_defaults, &cors_module);
    }
    policy = cors_startup_policy(s, section->outer);
    if (s != facts->main_server) {
        merge_group(&policy, group_find(facts, facts->main_server,
                                        section->name));
    }
    merge_group(&policy, group_find(facts, s, section->name));
    return policy;
}

static void walk_inner(const cors_section_t *section, cors_visit_fn *enter,
                       cors_visit_fn *leave, void *baton)
{
    int i;

    for (i = 0; i < section->inner->nelts; i++) {
        const cors_section_t *inner = APR_ARRAY_IDX(section->inner, i,
                                                    cors_section_t *);

        if (inner->is_in_tree) {
            enter(baton, inner);
            walk_inner(inner, enter, leave, baton);
            if (leave) {
                leave(baton, inner);
            }
        }
    }
}

void cors_startup_walk(apr_pool_t *pconf, const server_rec *s,
                       const server_rec *main_server, cors_visit_fn *enter,
                       cors_visit_fn *leave, void *baton)
{
    const cors_section_t *server = cors_startup_server(pconf, s);

    enter(baton, server);
    walk_inner(server, enter, leave, baton);
    if (s != main_server) {
        walk_inner(cors_startup_server(pconf, main_server), enter, leave,
                   baton);
    }
    if (leave) {
        leave(baton, server);
    }
}
