/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

/*
 * Directives leave a note of the section they stand in (cors_startup_note).
 * Once the configuration is read, ap_conftree tells where those sections
 * are: the tree holds every directive with its file and line, includes and
 * macros resolved.  The parts, in order: notes, the tree, provably final,
 * errors, warnings, the dump.
 */

#include "cors_startup.h"
#include "cors_suffix.h"

#include "http_core.h"
#include "http_log.h"

#include "apr_cstr.h"
#include "apr_hash.h"
#include "apr_strings.h"

APLOG_USE_MODULE(cors);

/* ------------------------------------------------------------------------
 * Notes
 */

#define NOTES_KEY "mod_cors-notes"

/* What a hash finds by its address has a pointer as its key. */
#define ADDRESS_LEN sizeof(const void *)

/* A section, server or virtual host that has a policy. */
typedef struct {
    const cors_policy_t *policy;
    const ap_directive_t *first;        /* its first CORS directive */
    const char *text;                   /* that, and where it stands; a
                                         * module that has directives read
                                         * by itself may not keep them */
} note_t;

typedef struct {
    apr_array_header_t *list;           /* of const note_t * */
    apr_hash_t *by_policy;              /* the same, by the pointer */
} notes_t;

static notes_t *notes_get(apr_pool_t *pconf)
{
    void *data = NULL;
    notes_t *notes;

    apr_pool_userdata_get(&data, NOTES_KEY, pconf);
    if (data) {
        return data;
    }
    notes = apr_palloc(pconf, sizeof(*notes));
    notes->list = apr_array_make(pconf, 8, sizeof(const note_t *));
    notes->by_policy = apr_hash_make(pconf);
    apr_pool_userdata_setn(notes, NOTES_KEY, NULL, pconf);
    return notes;
}

/* A directive, and where it stands, for people. */
static const char *describe(apr_pool_t *pool, const ap_directive_t *directive)
{
    return apr_psprintf(pool, "%s %.*s%s (%s:%d)", directive->directive,
                        CORS_MAX_QUOTE, directive->args,
                        strlen(directive->args) > CORS_MAX_QUOTE ? "..." : "",
                        directive->filename, directive->line_num);
}

void cors_startup_note(cmd_parms *cmd, const cors_policy_t *policy)
{
    notes_t *notes;
    note_t *note;

    if (cmd->pool == cmd->temp_pool) {
        return;                 /* .htaccess */
    }
    notes = notes_get(cmd->pool);
    if (apr_hash_get(notes->by_policy, &policy, ADDRESS_LEN)) {
        return;
    }
    note = apr_palloc(cmd->pool, sizeof(*note));
    note->policy = policy;
    note->first = cmd->directive;
    note->text = describe(cmd->pool, cmd->directive);
    APR_ARRAY_PUSH(notes->list, const note_t *) = note;
    apr_hash_set(notes->by_policy, &note->policy, ADDRESS_LEN, note);
}

/* ------------------------------------------------------------------------
 * The tree
 */

static int directive_is(const ap_directive_t *directive, const char *name)
{
    return apr_cstr_casecmp(directive->directive, name) == 0;
}

static int is_cors(const ap_directive_t *directive)
{
    return apr_cstr_casecmpn(directive->directive, "CORS", 4) == 0;
}

/* Sections that httpd has merged by the time that a URL is translated. */
static int is_location(const ap_directive_t *directive)
{
    return directive_is(directive, "<Location")
           || directive_is(directive, "<LocationMatch");
}

/* A name for the place where something is defined. */
static const char *place_name(apr_pool_t *pool, const char *filename,
                              unsigned int line)
{
    return apr_psprintf(pool, "%u:%s", line, filename);
}

/* The sections of virtual hosts, in arrays of const ap_directive_t *, by where
 * they are defined, which is how httpd knows a host.  Those that one macro
 * makes share a place, and so what stands in one of them counts for all. */
static apr_hash_t *hosts_make(apr_pool_t *pool)
{
    apr_hash_t *hosts = apr_hash_make(pool);
    const ap_directive_t *directive;

    for (directive = ap_conftree; directive; directive = directive->next) {
        apr_array_header_t *sections;
        const char *place;

        if (!directive_is(directive, "<VirtualHost")) {
            continue;
        }
        place = place_name(pool, directive->filename,
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

/* The sections of one virtual host; NULL for the main server, and for a host
 * that stands in no file. */
static const apr_array_header_t *hosts_get(apr_hash_t *hosts,
                                           const server_rec *s)
{
    if (!s->is_virtual || !s->defn_name) {
        return NULL;
    }
    return apr_hash_get(hosts,
                        place_name(apr_hash_pool_get(hosts), s->defn_name,
                                   s->defn_line_number),
                        APR_HASH_KEY_STRING);
}

/* Whether a directive has a word among its arguments, compared without
 * case. */
static int has_word(apr_pool_t *pool, const ap_directive_t *directive,
                    const char *word)
{
    const char *args = directive->args;

    while (*args) {
        if (apr_cstr_casecmp(ap_getword_conf(pool, &args), word) == 0) {
            return 1;
        }
    }
    return 0;
}

/* A test of a directive; "section" is the outermost section around it that is
 * not a <VirtualHost> or <Location>, or NULL. */
typedef int directive_test_fn(apr_pool_t *pool,
                              const ap_directive_t *directive,
                              const ap_directive_t *section);

/* The first directive that passes a test, in a list and the sections in it, but
 * not in virtual hosts. */
static const ap_directive_t *find(apr_pool_t *pool,
                                  const ap_directive_t *directive,
                                  const ap_directive_t *section,
                                  directive_test_fn *test)
{
    const ap_directive_t *found = NULL;

    for (; directive && !found; directive = directive->next) {
        if (test(pool, directive, section)) {
            return directive;
        }
        if (!directive_is(directive, "<VirtualHost")) {
            found = find(pool, directive->first_child,
                         section || is_location(directive) ? section
                                                           : directive, test);
        }
    }
    return found;
}

/* The same in the sections of a virtual host; they may be NULL. */
static const ap_directive_t *find_in_host(apr_pool_t *pool,
                                          const apr_array_header_t *sections,
                                          directive_test_fn *test)
{
    const ap_directive_t *found = NULL;
    int i;

    for (i = 0; sections && i < sections->nelts && !found; i++) {
        found = find(pool,
                     APR_ARRAY_IDX(sections, i,
                                   const ap_directive_t *)->first_child,
                     NULL, test);
    }
    return found;
}

/* A section, as the tree is walked, or the server around all of them. */
typedef struct place_t {
    const struct place_t *outer;        /* NULL for the server */
    const ap_directive_t *section;      /* NULL for the server */
    const cors_policy_t *own;   /* what it says itself; NULL for nothing */
    const cors_policy_t *stated;        /* the same; but of a virtual host,
                                         * without what it inherits */
    int is_inherited;           /* stands outside the virtual host */
} place_t;

typedef struct walk_t {
    apr_pool_t *pool;
    server_rec *server;
    apr_hash_t *hosts;          /* hosts_make() */
    const apr_array_header_t *host_sections;    /* of the server */
    const ap_directive_t *host; /* the first of them; NULL for none */
    apr_array_header_t *shared; /* const ap_directive_t *: sections with a
                                 * policy in them, outside virtual hosts */
    apr_hash_t *policies;       /* of notes, by the address of the first */
    apr_hash_t *said;           /* messages that were logged */
    const char *obstacle;       /* of the server */
    int has_origins;            /* some section of some server names them */
    int has_shared_origins;     /* one does that all servers inherit */
    int has_warned_of_headers;  /* that this server's mod_headers sets */
    int has_warned_of_shared_headers;   /* that all servers inherit */
    int errors;
    /* Called for the server and each section with a policy in it, from the
     * outside in; leave may be NULL. */
    void (*enter)(struct walk_t *walk, const place_t *place);
    void (*leave)(struct walk_t *walk, const place_t *place);
    apr_file_t *out;            /* of the dump */
} walk_t;

static const cors_policy_t *own_policy(const walk_t *walk,
                                       const ap_directive_t *list)
{
    const cors_policy_t *policy = NULL;

    for (; list && !policy; list = list->next) {
        policy = apr_hash_get(walk->policies, &list, ADDRESS_LEN);
    }
    return policy;
}

static int has_policy_inside(const walk_t *walk, const ap_directive_t *section)
{
    const ap_directive_t *directive;

    if (own_policy(walk, section->first_child)) {
        return 1;
    }
    for (directive = section->first_child; directive;
         directive = directive->next) {
        if (has_policy_inside(walk, directive)) {
            return 1;
        }
    }
    return 0;
}

static int is_walked(const walk_t *walk, const ap_directive_t *directive)
{
    return directive->first_child && !directive_is(directive, "<VirtualHost")
           && has_policy_inside(walk, directive);
}

static void walk_list(walk_t *walk, const ap_directive_t *list,
                      const place_t *outer, int is_inherited);

static void walk_section(walk_t *walk, const ap_directive_t *section,
                         const place_t *outer, int is_inherited)
{
    place_t place;

    place.outer = outer;
    place.section = section;
    place.own = own_policy(walk, section->first_child);
    place.stated = place.own;
    place.is_inherited = is_inherited;
    walk->enter(walk, &place);
    walk_list(walk, section->first_child, &place, is_inherited);
    if (walk->leave) {
        walk->leave(walk, &place);
    }
}

static void walk_list(walk_t *walk, const ap_directive_t *list,
                      const place_t *outer, int is_inherited)
{
    for (; list; list = list->next) {
        if (is_walked(walk, list)) {
            walk_section(walk, list, outer, is_inherited);
        }
    }
}

static const cors_policy_t *server_policy(const server_rec *s)
{
    return ap_get_module_config(s->lookup_defaults, &cors_module);
}

static void walk_server(walk_t *walk)
{
    place_t place = { NULL, NULL, NULL, NULL, 0 };
    int i;

    place.own = server_policy(walk->server);
    if (walk->host) {
        place.stated = own_policy(walk, walk->host->first_child);
    }
    else if (!walk->server->is_virtual) {
        place.stated = place.own;
    }
    walk->enter(walk, &place);
    if (walk->host) {
        walk_list(walk, walk->host->first_child, &place, 0);
    }
    for (i = 0; i < walk->shared->nelts; i++) {
        walk_section(walk,
                     APR_ARRAY_IDX(walk->shared, i, const ap_directive_t *),
                     &place, walk->server->is_virtual);
    }
    if (walk->leave) {
        walk->leave(walk, &place);
    }
}

/* Turn to a server. */
static void walk_start(walk_t *walk, server_rec *s)
{
    const cors_server_t *server = ap_get_module_config(s->module_config,
                                                       &cors_module);

    walk->server = s;
    walk->host_sections = hosts_get(walk->hosts, s);
    walk->host = walk->host_sections
                 ? APR_ARRAY_IDX(walk->host_sections, 0,
                                 const ap_directive_t *) : NULL;
    walk->obstacle = server->obstacle;
    walk->has_warned_of_headers = 0;
}

static int test_origins(apr_pool_t *pool, const ap_directive_t *directive,
                        const ap_directive_t *section)
{
    return directive_is(directive, "CORSAllowOrigin")
           || directive_is(directive, "CORSAllowOriginMatch");
}

static void walk_init(walk_t *walk, apr_pool_t *pool, apr_pool_t *pconf)
{
    const apr_array_header_t *notes = notes_get(pconf)->list;
    const ap_directive_t *directive;
    int i;

    memset(walk, 0, sizeof(*walk));
    walk->pool = pool;
    walk->hosts = hosts_make(pool);
    walk->policies = apr_hash_make(pool);
    walk->said = apr_hash_make(pool);
    for (i = 0; i < notes->nelts; i++) {
        const note_t *note = APR_ARRAY_IDX(notes, i, const note_t *);

        apr_hash_set(walk->policies, &note->first, ADDRESS_LEN, note->policy);
        walk->has_origins |= note->policy->origins != NULL;
    }
    walk->has_shared_origins = find(pool, ap_conftree, NULL, test_origins)
                               != NULL;
    walk->shared = apr_array_make(pool, 4, sizeof(const ap_directive_t *));
    for (directive = ap_conftree; directive; directive = directive->next) {
        if (is_walked(walk, directive)) {
            APR_ARRAY_PUSH(walk->shared, const ap_directive_t *) = directive;
        }
    }
}

/* The policy that is in force in a section, as far as the sections around it
 * and the server decide. */
static cors_policy_t effective_policy(const place_t *place)
{
    cors_policy_t merged;
    cors_policy_t outer;

    if (!place->outer) {
        return *place->own;
    }
    outer = effective_policy(place->outer);
    if (!place->own) {
        return outer;
    }
    cors_policy_merge(&merged, &outer, place->own);
    return merged;
}

/* Of the directives in a list, one with a name and, if word is not NULL, that
 * word. */
static const ap_directive_t *list_find(apr_pool_t *pool,
                                       const ap_directive_t *list,
                                       const char *name, const char *word)
{
    for (; list; list = list->next) {
        if (directive_is(list, name)
            && (!word || has_word(pool, list, word))) {
            return list;
        }
    }
    return NULL;
}

/* The directive that takes effect in a place, the innermost. */
static const ap_directive_t *locate(const walk_t *walk, const place_t *place,
                                    const char *name, const char *word)
{
    const ap_directive_t *found = NULL;

    for (; place->outer && !found; place = place->outer) {
        found = list_find(walk->pool, place->section->first_child, name,
                          word);
    }
    if (walk->host && !found) {
        found = list_find(walk->pool, walk->host->first_child, name, word);
    }
    return found ? found : list_find(walk->pool, ap_conftree, name, word);
}

/* The directive above, for people.  Only its value in question is shown: a
 * line may list many. */
static const char *cite(const walk_t *walk, const place_t *place,
                        const char *name, const char *word)
{
    const ap_directive_t *directive = locate(walk, place, name, word);

    if (!directive) {
        return apr_psprintf(walk->pool, "%s %s", name, word ? word : "");
    }
    if (!word) {
        return describe(walk->pool, directive);
    }
    return apr_psprintf(walk->pool, "%s %.*s%s (%s:%d)",
                        directive->directive, CORS_MAX_QUOTE, word,
                        strlen(word) > CORS_MAX_QUOTE ? "..." : "",
                        directive->filename, directive->line_num);
}

/* Log something about the configuration, once. */
static void say(walk_t *walk, int level, const char *message)
{
    if (!apr_hash_get(walk->said, message, APR_HASH_KEY_STRING)) {
        apr_hash_set(walk->said, message, APR_HASH_KEY_STRING, message);
        ap_log_error(APLOG_MARK, level | APLOG_STARTUP, 0, walk->server,
                     "%s", message);
    }
}

/* ------------------------------------------------------------------------
 * Provably final
 */

static int test_cors(apr_pool_t *pool, const ap_directive_t *directive,
                     const ap_directive_t *section)
{
    return is_cors(directive);
}

static int test_late_cors(apr_pool_t *pool, const ap_directive_t *directive,
                          const ap_directive_t *section)
{
    return section && is_cors(directive);
}

static int test_override(apr_pool_t *pool, const ap_directive_t *directive,
                         const ap_directive_t *section)
{
    const char *args = directive->args;

    /* Elsewhere it has no effect, and of several the last one counts. */
    if (!section || !directive_is(section, "<Directory")
        || list_find(pool, directive->next, directive->directive, NULL)) {
        return 0;
    }
    if (directive_is(directive, "AllowOverride")) {
        return has_word(pool, directive, "All")
               || has_word(pool, directive, "FileInfo");
    }
    if (!directive_is(directive, "AllowOverrideList")) {
        return 0;
    }
    while (*args) {
        if (apr_cstr_casecmpn(ap_getword_conf(pool, &args), "CORS", 4)
            == 0) {
            return 1;
        }
    }
    return 0;
}

static int lets_htaccess(const ap_conf_vector_t *section)
{
    const core_dir_config *core = ap_get_core_module_config(section);
    const apr_array_header_t *names;
    int i;

    if (!core) {
        return 0;
    }
    if (core->override & OR_FILEINFO) {
        return 1;
    }
    if (!core->override_list) {
        return 0;
    }
    names = apr_table_elts(core->override_list);
    for (i = 0; i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, apr_table_entry_t).key;

        if (apr_cstr_casecmpn(name, "CORS", 4) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Whether a .htaccess file anywhere may hold our directives.  core has merged
 * the main server's <Directory> sections into those of a virtual host. */
static int server_lets_htaccess(const server_rec *s)
{
    const core_server_config *core =
        ap_get_core_module_config(s->module_config);
    int i;

    if (lets_htaccess(s->lookup_defaults)) {
        return 1;
    }
    for (i = 0; i < core->sec_dir->nelts; i++) {
        if (lets_htaccess(APR_ARRAY_IDX(core->sec_dir, i,
                                        ap_conf_vector_t *))) {
            return 1;
        }
    }
    return 0;
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

/* A directive that another module had read, from a <Perl> section say, and of
 * which the tree does not tell where it applies. */
static const char *find_foreign(apr_pool_t *pconf, apr_pool_t *ptemp)
{
    const apr_array_header_t *notes = notes_get(pconf)->list;
    apr_hash_t *directives = apr_hash_make(ptemp);
    int i;

    if (notes->nelts > 0) {
        collect(directives, ap_conftree);
    }
    for (i = 0; i < notes->nelts; i++) {
        const note_t *note = APR_ARRAY_IDX(notes, i, const note_t *);

        if (!apr_hash_get(directives, &note->first, ADDRESS_LEN)) {
            return note->text;
        }
    }
    return NULL;
}

/* Directives outside virtual hosts, which apply to every server; NULL where
 * there is none. */
typedef struct {
    const ap_directive_t *cors;
    const ap_directive_t *late_cors;    /* in a <Directory>, say */
    const ap_directive_t *override;
} shared_t;

static const char *find_obstacle(apr_pool_t *pconf, apr_pool_t *ptemp,
                                 const server_rec *s, const shared_t *shared,
                                 const apr_array_header_t *sections)
{
    const ap_directive_t *directive = find_in_host(ptemp, sections,
                                                   test_late_cors);

    if (!directive) {
        directive = shared->late_cors;
    }
    if (!directive) {
        if (!server_lets_htaccess(s)) {
            return NULL;
        }
        directive = find_in_host(ptemp, sections, test_override);
        if (!directive) {
            directive = shared->override;
        }
    }
    return directive ? describe(pconf, directive)
                     : "a directory that allows FileInfo in .htaccess";
}

/* httpd lets virtual hosts without a directive of ours share the main
 * server's record, so each server is given its own here. */
int cors_startup_prove(apr_pool_t *pconf, apr_pool_t *plog,
                       apr_pool_t *ptemp, server_rec *s)
{
    const char *foreign = find_foreign(pconf, ptemp);
    apr_hash_t *hosts = hosts_make(ptemp);
    shared_t shared;

    shared.cors = find(ptemp, ap_conftree, NULL, test_cors);
    shared.late_cors = find(ptemp, ap_conftree, NULL, test_late_cors);
    shared.override = find(ptemp, ap_conftree, NULL, test_override);
    for (; s; s = s->next) {
        const apr_array_header_t *sections = hosts_get(hosts, s);
        cors_server_t *server = apr_pcalloc(pconf, sizeof(*server));

        server->obstacle = foreign ? foreign
                                   : find_obstacle(pconf, ptemp, s, &shared,
                                                   sections);
        server->is_used = server->obstacle || shared.cors
                          || find_in_host(ptemp, sections, test_cors);
        ap_set_module_config(s->module_config, &cors_module, server);
    }
    return OK;
}

/* ------------------------------------------------------------------------
 * Errors
 */

static const char *const unsafe_texts[] = {
    [CORS_UNSAFE_NONE] = "",
    [CORS_UNSAFE_ANY_ORIGIN] = "any site could read responses with the "
        "visitor's credentials; name the origins, or write "
        "CORSAllowCredentials Off",
    [CORS_UNSAFE_MATCH_ALL] = "it matches any origin, so any site could read "
        "responses with the visitor's credentials; narrow it, or write "
        "CORSAllowCredentials Off",
    [CORS_UNSAFE_EXPOSE_ALL] = "with credentials browsers take * for the "
        "name of a header; list the headers, or write CORSAllowCredentials "
        "Off",
    [CORS_UNSAFE_NULL] = "any page can give itself the origin null; leave it "
        "out, or write CORSAllowCredentials Off",
    [CORS_UNSAFE_CLEAR_TEXT] = "whoever controls a visitor's network can "
        "speak as that origin; write https, or accept the danger with "
        "CORSDangerouslyAllow insecure-origins",
    [CORS_UNSAFE_PUBLIC_SUFFIX] = "anybody can register a name under that "
        "public suffix; write a domain of yours, or accept the danger with "
        "CORSDangerouslyAllow public-suffixes",
};

/* The directive that brings an unsafe value. */
static const char *cite_unsafe(const walk_t *walk, const place_t *place,
                               cors_unsafe_t unsafe,
                               const cors_origin_entry_t *entry)
{
    if (unsafe == CORS_UNSAFE_EXPOSE_ALL) {
        return cite(walk, place, "CORSExposeHeaders", "*");
    }
    if (!entry) {
        return cite(walk, place, "CORSAllowOrigin", "*");
    }
    return cite(walk, place, entry->is_regex ? "CORSAllowOriginMatch"
                                             : "CORSAllowOrigin",
                entry->pattern);
}

static void check_unsafe(walk_t *walk, const place_t *place,
                         const cors_policy_t *policy)
{
    const cors_origin_entry_t *entry;
    cors_unsafe_t unsafe = cors_policy_find_unsafe(policy, &entry);

    if (unsafe == CORS_UNSAFE_NONE) {
        return;
    }
    walk->errors++;
    say(walk, APLOG_ERR,
        apr_psprintf(walk->pool, "%s with %s: %s",
                     cite_unsafe(walk, place, unsafe, entry),
                     cite(walk, place, "CORSAllowCredentials", "On"),
                     unsafe_texts[unsafe]));
}

static void check_early(walk_t *walk, const place_t *place,
                        const cors_policy_t *policy)
{
    if (!walk->obstacle || !cors_policy_is_active(policy)
        || policy->preflight != CORS_PREFLIGHT_EARLY) {
        return;
    }
    walk->errors++;
    say(walk, APLOG_ERR,
        apr_psprintf(walk->pool, "%s with %s: that can change the policy "
                     "after preflights are answered; take it out, or write "
                     "CORSPreflight answer",
                     cite(walk, place, "CORSPreflight", "early"),
                     walk->obstacle));
}

static void check_place(walk_t *walk, const place_t *place)
{
    cors_policy_t policy = effective_policy(place);

    check_unsafe(walk, place, &policy);
    check_early(walk, place, &policy);
}

/* ------------------------------------------------------------------------
 * Warnings: what has no effect
 */

/* Whether a directive of mod_headers gives the header a value. */
static int sets_allow_origin(apr_pool_t *pool,
                             const ap_directive_t *directive)
{
    static const char *const actions[] = {
        "set", "setifempty", "append", "merge", "add", NULL
    };
    const char *args = directive->args;
    const char *const *action = actions;
    const char *word;
    const char *name;

    if (!directive_is(directive, "Header")) {
        return 0;
    }
    word = ap_getword_conf(pool, &args);
    if (apr_cstr_casecmp(word, "always") == 0
        || apr_cstr_casecmp(word, "onsuccess") == 0) {
        word = ap_getword_conf(pool, &args);
    }
    while (*action && apr_cstr_casecmp(word, *action) != 0) {
        action++;
    }
    name = ap_getword_conf(pool, &args);
    return *action
           && (apr_cstr_casecmp(name, "Access-Control-Allow-Origin") == 0
               || apr_cstr_casecmp(name, "Access-Control-Allow-Origin:")
                  == 0);
}

/* The directives that a place consists of; NULL if they are in no file. */
static const ap_directive_t *place_list(const walk_t *walk,
                                        const place_t *place)
{
    if (place->section) {
        return place->section->first_child;
    }
    if (walk->host) {
        return walk->host->first_child;
    }
    return walk->server->is_virtual ? NULL : ap_conftree;
}

/* The first directive of a place that says more than whether its policy is
 * in force. */
static const ap_directive_t *find_detail(const walk_t *walk,
                                         const place_t *place)
{
    const ap_directive_t *list = place_list(walk, place);

    while (list && (!is_cors(list) || directive_is(list, "CORSEngine"))) {
        list = list->next;
    }
    return list;
}

/* Origins may come from any other section: which of them httpd merges with
 * this one depends on the request.  Or from a virtual host that inherits it,
 * or from a .htaccess file. */
static int may_get_origins(const walk_t *walk)
{
    return server_lets_htaccess(walk->server)
           || (!walk->server->is_virtual && walk->server->next
               && walk->has_origins)
           || walk->has_shared_origins
           || find_in_host(walk->pool, walk->host_sections, test_origins);
}

static void warn_inert(walk_t *walk, const place_t *place,
                       const cors_policy_t *policy)
{
    const ap_directive_t *detail = find_detail(walk, place);

    if (detail && !policy->origins && !may_get_origins(walk)) {
        say(walk, APLOG_WARNING,
            apr_psprintf(walk->pool, "%s has no effect: no origin is allowed "
                         "there; add CORSAllowOrigin",
                         describe(walk->pool, detail)));
    }
}

static void warn_switched_off(walk_t *walk, const place_t *place,
                              const cors_policy_t *policy)
{
    const ap_directive_t *list = place_list(walk, place);
    const ap_directive_t *origins;

    if (!place->stated || !place->stated->origins
        || place->stated->engine != CORS_UNSET
        || policy->engine != CORS_OFF) {
        return;
    }
    origins = list_find(walk->pool, list, "CORSAllowOrigin", NULL);
    if (!origins) {
        origins = list_find(walk->pool, list, "CORSAllowOriginMatch", NULL);
    }
    if (origins) {
        say(walk, APLOG_WARNING,
            apr_psprintf(walk->pool, "%s has no effect: %s switches it off; "
                         "add CORSEngine On",
                         describe(walk->pool, origins),
                         cite(walk, place, "CORSEngine", NULL)));
    }
}

static void warn_covered(walk_t *walk, const place_t *place)
{
    const apr_array_header_t *entries;
    int i;

    if (!place->stated || !place->stated->origins) {
        return;
    }
    entries = cors_origin_set_entries(place->stated->origins);
    for (i = 0; entries && i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);
        const cors_origin_entry_t *covering =
            cors_origin_set_covering(place->stated->origins, entry);

        if (covering) {
            say(walk, APLOG_WARNING,
                apr_psprintf(walk->pool, "%s has no effect: %s beside it "
                             "covers it",
                             cite(walk, place, "CORSAllowOrigin",
                                  entry->pattern), covering->pattern));
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

static void warn_safelisted(walk_t *walk, const place_t *place)
{
    const apr_array_header_t *names;
    int i;

    if (!place->stated || !place->stated->allow_headers) {
        return;
    }
    names = cors_policy_words(place->stated, CORS_LIST_ALLOW_HEADERS,
                              walk->pool);
    for (i = 0; i < names->nelts; i++) {
        if (!is_safelisted(APR_ARRAY_IDX(names, i, const char *))) {
            return;
        }
    }
    say(walk, APLOG_WARNING,
        apr_psprintf(walk->pool, "%s has hardly an effect: browsers send "
                     "ordinary values of these headers without asking; leave "
                     "it out",
                     cite(walk, place, "CORSAllowHeaders", NULL)));
}

/* Warn of each line in a list and the sections in it, but not in virtual
 * hosts. */
static void warn_header_list(walk_t *walk, const ap_directive_t *list)
{
    for (; list; list = list->next) {
        if (sets_allow_origin(walk->pool, list)) {
            say(walk, APLOG_WARNING,
                apr_psprintf(walk->pool, "%s has no effect where a CORS "
                             "policy applies; take it out",
                             describe(walk->pool, list)));
        }
        if (!directive_is(list, "<VirtualHost")) {
            warn_header_list(walk, list->first_child);
        }
    }
}

static void warn_header(walk_t *walk, const cors_policy_t *policy)
{
    int i;

    if (walk->has_warned_of_headers || !cors_policy_is_active(policy)
        || policy->backend_headers == CORS_BACKEND_KEEP) {
        return;
    }
    if (!walk->has_warned_of_shared_headers) {
        warn_header_list(walk, ap_conftree);
    }
    for (i = 0; walk->host_sections && i < walk->host_sections->nelts; i++) {
        warn_header_list(walk,
                         APR_ARRAY_IDX(walk->host_sections, i,
                                       const ap_directive_t *)->first_child);
    }
    walk->has_warned_of_headers = walk->has_warned_of_shared_headers = 1;
}

static void warn_place(walk_t *walk, const place_t *place)
{
    cors_policy_t policy = effective_policy(place);

    warn_inert(walk, place, &policy);
    warn_switched_off(walk, place, &policy);
    warn_covered(walk, place);
    warn_safelisted(walk, place);
    warn_header(walk, &policy);
}

int cors_startup_check(apr_pool_t *pconf, apr_pool_t *plog,
                       apr_pool_t *ptemp, server_rec *s)
{
    walk_t walk;

    walk_init(&walk, ptemp, pconf);
    cors_startup_prove(pconf, plog, ptemp, s);
    for (; s; s = s->next) {
        walk_start(&walk, s);
        walk.enter = check_place;
        walk_server(&walk);
        walk.enter = warn_place;
        walk_server(&walk);
    }
    return walk.errors ? HTTP_INTERNAL_SERVER_ERROR : OK;
}

/* ------------------------------------------------------------------------
 * The dump
 */

#define WORDS_PER_LINE 20

/* A word as httpd reads it back. */
static const char *quote_word(apr_pool_t *pool, const char *word)
{
    char *quoted;
    char *p;

    if (*word && !strpbrk(word, " \t\"'\\")) {
        return word;
    }
    p = quoted = apr_palloc(pool, 2 * strlen(word) + 3);
    *p++ = '"';
    for (; *word; word++) {
        if (*word == '"' || *word == '\\') {
            *p++ = '\\';
        }
        *p++ = *word;
    }
    *p++ = '"';
    *p = '\0';
    return quoted;
}

/* The start of a line inside a place, or with -1 of the section's own lines.
 * Sections that a virtual host inherits stand elsewhere, and so are shown as
 * comments. */
static const char *line_start(const walk_t *walk, const place_t *place,
                              int level)
{
    const char *mark = place->is_inherited ? "# " : "";
    int host_level = walk->server->is_virtual ? 1 : 0;

    if (!place->outer) {
        return level + host_level > 0 ? "    " : "";
    }
    for (; place->outer; place = place->outer) {
        level++;
    }
    return apr_psprintf(walk->pool, "%*s%s%*s", 4 * host_level, "", mark,
                        4 * level, "");
}

/* What a place inherits is shown as comments: pasted back, a dump says what
 * the configuration says, no more. */
static const char *inherited_mark(int is_own)
{
    return is_own ? "" : "# ";
}

static void dump_words(const walk_t *walk, const char *start,
                       const char *name, const cors_policy_t *policy,
                       const cors_policy_t *stated, cors_list_t list)
{
    const apr_array_header_t *words = cors_policy_words(policy, list,
                                                        walk->pool);
    int is_own = cors_policy_words(stated, list, walk->pool)->nelts > 0;
    int i;

    for (i = 0; i < words->nelts; i++) {
        if (i % WORDS_PER_LINE == 0) {
            apr_file_printf(walk->out, "%s%s%s%s", i > 0 ? "\n" : "", start,
                            inherited_mark(is_own), name);
        }
        apr_file_printf(walk->out, " %s",
                        quote_word(walk->pool,
                                   APR_ARRAY_IDX(words, i, const char *)));
    }
    if (words->nelts > 0) {
        apr_file_printf(walk->out, "\n");
    }
}

static void dump_value(const walk_t *walk, const char *start,
                       const char *name, const char *value, int is_own)
{
    if (value) {
        apr_file_printf(walk->out, "%s%s%s %s\n", start,
                        inherited_mark(is_own), name, value);
    }
}

static void dump_switch(const walk_t *walk, const char *start,
                        const char *name, cors_switch_t value,
                        cors_switch_t stated)
{
    if (value != CORS_UNSET) {
        dump_value(walk, start, name, value == CORS_ON ? "On" : "Off",
                   stated != CORS_UNSET);
    }
}

static const char *preflight_word(cors_preflight_t preflight)
{
    switch (preflight) {
    case CORS_PREFLIGHT_ANSWER:
        return "answer";
    case CORS_PREFLIGHT_EARLY:
        return "early";
    case CORS_PREFLIGHT_PASS:
        return "pass";
    case CORS_PREFLIGHT_UNSET:
        break;
    }
    return NULL;
}

static const char *backend_word(cors_backend_t backend)
{
    switch (backend) {
    case CORS_BACKEND_REPLACE:
        return "replace";
    case CORS_BACKEND_KEEP:
        return "keep";
    case CORS_BACKEND_UNSET:
        break;
    }
    return NULL;
}

static void dump_policy(const walk_t *walk, const char *start,
                        const cors_policy_t *policy,
                        const cors_policy_t *stated)
{
    dump_switch(walk, start, "CORSEngine", policy->engine, stated->engine);
    dump_words(walk, start, "CORSAllowOrigin", policy, stated,
               CORS_LIST_ORIGINS);
    dump_words(walk, start, "CORSAllowOriginMatch", policy, stated,
               CORS_LIST_ORIGIN_REGEXES);
    dump_words(walk, start, "CORSAllowMethods", policy, stated,
               CORS_LIST_METHODS);
    dump_words(walk, start, "CORSAllowHeaders", policy, stated,
               CORS_LIST_ALLOW_HEADERS);
    dump_words(walk, start, "CORSExposeHeaders", policy, stated,
               CORS_LIST_EXPOSE_HEADERS);
    dump_switch(walk, start, "CORSAllowCredentials", policy->credentials,
                stated->credentials);
    dump_value(walk, start, "CORSMaxAge", policy->max_age,
               stated->max_age != NULL);
    dump_value(walk, start, "CORSPreflight",
               preflight_word(policy->preflight),
               stated->preflight != CORS_PREFLIGHT_UNSET);
    dump_value(walk, start, "CORSPreflightStatus",
               policy->preflight_status < 0
               ? NULL : apr_itoa(walk->pool, policy->preflight_status),
               stated->preflight_status >= 0);
    dump_value(walk, start, "CORSBackendHeaders",
               backend_word(policy->backend_headers),
               stated->backend_headers != CORS_BACKEND_UNSET);
    dump_switch(walk, start, "CORSTimingAllowOrigin",
                policy->timing_allow_origin, stated->timing_allow_origin);
    dump_switch(walk, start, "CORSDebug", policy->debug, stated->debug);
    dump_words(walk, start, "CORSDangerouslyAllow", policy, stated,
               CORS_LIST_DANGERS);
}

/* What a virtual host inherits is worth showing where it has a policy of its
 * own to merge it over. */
static int is_shown(const walk_t *walk, const place_t *place)
{
    return !place->is_inherited
           || (walk->host && own_policy(walk, walk->host->first_child));
}

static void dump_server_head(const walk_t *walk)
{
    const server_rec *s = walk->server;
    const ap_directive_t *host = walk->host;

    if (host) {
        apr_file_printf(walk->out, "\n%s %s\n    # %s:%d\n",
                        host->directive, host->args, host->filename,
                        host->line_num);
        dump_value(walk, "    ", "ServerName", s->server_hostname, 1);
    }
    else if (s->is_virtual) {
        apr_file_printf(walk->out, "\n# virtual host %s, which stands in no "
                        "file\n", s->server_hostname);
    }
    else {
        apr_file_printf(walk->out, "\n# main server\n");
    }
    apr_file_printf(walk->out, "%s# preflights are answered at %s%s\n",
                    host ? "    " : "",
                    walk->obstacle ? "header_parser: " : "map_to_storage",
                    walk->obstacle ? walk->obstacle : "");
}

static void dump_enter(walk_t *walk, const place_t *place)
{
    cors_policy_t policy = effective_policy(place);
    cors_policy_t nothing;

    cors_policy_init(&nothing);
    if (!place->outer) {
        dump_server_head(walk);
    }
    else if (is_shown(walk, place)) {
        const char *start = line_start(walk, place, -1);

        apr_file_printf(walk->out, "%s%s %s\n%s    # %s:%d\n", start,
                        place->section->directive, place->section->args,
                        start, place->section->filename,
                        place->section->line_num);
    }
    if (place->own && is_shown(walk, place)) {
        /* Sections of others are comments as a whole. */
        dump_policy(walk, line_start(walk, place, 0), &policy,
                    place->is_inherited ? &policy
                    : place->stated ? place->stated : &nothing);
    }
}

static void dump_leave(walk_t *walk, const place_t *place)
{
    if (is_shown(walk, place)
        && (place->outer || walk->host)) {
        apr_file_printf(walk->out, "%s</%s>\n", line_start(walk, place, -1),
                        place->section ? place->section->directive + 1
                                       : "VirtualHost");
    }
}

static void dump_server(walk_t *walk, server_rec *s)
{
    walk_start(walk, s);
    walk_server(walk);
}

/* httpd has its virtual hosts in reverse; in the order in which they were
 * written a dump of the dump is the same. */
static void dump_hosts(walk_t *walk, server_rec *s)
{
    if (s) {
        dump_hosts(walk, s->next);
        dump_server(walk, s);
    }
}

void cors_startup_dump(apr_pool_t *pconf, server_rec *s)
{
    walk_t walk;

    if (!ap_exists_config_define("DUMP_CORS")) {
        return;
    }
    walk_init(&walk, pconf, pconf);
    walk.enter = dump_enter;
    walk.leave = dump_leave;
    apr_file_open_stdout(&walk.out, pconf);
    apr_file_printf(walk.out, "# mod_cors: effective policies; public "
                    "suffixes: %s\n", cors_suffix_source());
    dump_server(&walk, s);
    dump_hosts(&walk, s->next);
}
