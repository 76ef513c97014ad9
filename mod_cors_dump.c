/* SPDX-License-Identifier: Apache-2.0 */

/*
 * "httpd -t -D DUMP_CORS": for each server and section the policy that is in
 * force, as directives.  What a section inherits is shown as comments, and so
 * are sections that a virtual host inherits: pasted back, a dump says what the
 * configuration says, no more.
 */

#include "mod_cors_migrate.h"
#include "mod_cors_startup.h"
#include "mod_cors_suffix.h"
#include "mod_cors_version.h"

#include "http_core.h"

#include "apr_strings.h"

#define WORDS_PER_LINE 20

typedef struct {
    apr_pool_t *pool;
    apr_file_t *out;
    const server_rec *main_server;
    const server_rec *s;                /* the server at hand */
    const cors_section_t *section;      /* that stands for it */
} dump_t;

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

/* The start of a line in a section, level 0, or of its own lines, -1. */
static const char *line_start(const dump_t *dump,
                              const cors_section_t *section, int level)
{
    const char *mark = cors_startup_is_inherited(dump->s, section)
                       ? "# " : "";
    int host_level = dump->s->is_virtual ? 1 : 0;

    if (!section->outer) {
        return level + host_level > 0 ? "    " : "";
    }
    for (; section->outer; section = section->outer) {
        level++;
    }
    return apr_psprintf(dump->pool, "%*s%s%*s", 4 * host_level, "", mark,
                        4 * level, "");
}

static void dump_directive(const dump_t *dump, const char *start,
                           const cors_directive_t *directive,
                           const cors_policy_t *policy)
{
    const apr_array_header_t *words = cors_policy_words(policy, directive,
                                                        dump->pool);
    int i;

    for (i = 0; i < words->nelts; i++) {
        if (i % WORDS_PER_LINE == 0) {
            apr_file_printf(dump->out, "%s%s%s", i > 0 ? "\n" : "", start,
                            directive->name);
        }
        apr_file_printf(dump->out, " %s",
                        quote_word(dump->pool,
                                   APR_ARRAY_IDX(words, i, const char *)));
    }
    if (words->nelts > 0) {
        apr_file_printf(dump->out, "\n");
    }
}

static int is_same_value(const cors_directive_t *directive,
                         const cors_policy_t *a, const cors_policy_t *b)
{
    return memcmp((const char *)a + directive->offset,
                  (const char *)b + directive->offset,
                  sizeof(cors_keyword_t)) == 0;
}

/* What a section says itself, and as comments what is in force there besides,
 * inherited or said by a section of the same name. */
static void dump_policy(const dump_t *dump, const char *start,
                        const cors_policy_t *policy,
                        const cors_policy_t *own)
{
    const char *other = apr_pstrcat(dump->pool, start, "# ", NULL);
    const cors_directive_t *directive;

    for (directive = cors_directives; directive->name; directive++) {
        dump_directive(dump, start, directive, own);
        if (!is_same_value(directive, policy, own)) {
            dump_directive(dump, other, directive, policy);
        }
    }
}

/* What a virtual host inherits is worth showing where it has a policy of its
 * own to merge it over. */
static int is_shown(const dump_t *dump, const cors_section_t *section)
{
    return !cors_startup_is_inherited(dump->s, section)
           || dump->section->policy;
}

/* As it was written: httpd's own record lacks the scheme and the port, and
 * holds a name that httpd made up where none was written. */
static void dump_server_name(const dump_t *dump,
                             const ap_directive_t *directive)
{
    const ap_directive_t *named = NULL;

    for (; directive; directive = directive->next) {
        if (cors_startup_is(directive, "ServerName")) {
            named = directive;
        }
    }
    if (named) {
        apr_file_printf(dump->out, "    # ServerName %s\n", named->args);
    }
}

static void dump_server_head(const dump_t *dump)
{
    const cors_server_t *server =
        ap_get_module_config(dump->s->module_config, &cors_module);
    const ap_directive_t *host = dump->section->directive;

    if (host) {
        apr_file_printf(dump->out, "\n%s %s\n    # %s:%d\n",
                        host->directive, host->args, host->filename,
                        host->line_num);
        dump_server_name(dump, host->first_child);
    }
    else if (dump->s->is_virtual) {
        apr_file_printf(dump->out, "\n# virtual host %s, which is not "
                        "defined in any file\n", dump->s->server_hostname);
    }
    else {
        apr_file_printf(dump->out, "\n# main server\n");
    }
    apr_file_printf(dump->out, "%s# preflights are answered at %s%s\n",
                    host ? "    " : "",
                    server->obstacle ? "header_parser: " : "map_to_storage",
                    server->obstacle ? server->obstacle : "");
}

static void dump_section_head(const dump_t *dump,
                              const cors_section_t *section)
{
    const char *start = line_start(dump, section, -1);

    apr_file_printf(dump->out, "%s%s %s\n%s    # %s:%d\n", start,
                    section->directive->directive, section->directive->args,
                    start, section->directive->filename,
                    section->directive->line_num);
}

static void dump_enter(void *baton, const cors_section_t *section)
{
    static const cors_policy_t nothing = { 0 };
    const dump_t *dump = baton;
    cors_policy_t policy = cors_startup_policy(dump->s, section);
    const cors_policy_t *own = section->policy ? section->policy : &nothing;

    if (!is_shown(dump, section)) {
        return;
    }
    if (!section->outer) {
        dump_server_head(dump);
    }
    else {
        dump_section_head(dump, section);
    }
    if (section->policy || !section->outer) {
        dump_policy(dump, line_start(dump, section, 0), &policy,
                    cors_startup_is_inherited(dump->s, section) ? &policy
                                                                : own);
    }
}

static void dump_leave(void *baton, const cors_section_t *section)
{
    const dump_t *dump = baton;

    if (is_shown(dump, section) && section->directive) {
        apr_file_printf(dump->out, "%s</%s>\n",
                        line_start(dump, section, -1),
                        section->directive->directive + 1);
    }
}

static void dump_server(dump_t *dump, const server_rec *s)
{
    dump->s = s;
    dump->section = cors_startup_server(dump->pool, s);
    cors_startup_walk(dump->pool, s, dump->main_server, dump_enter,
                      dump_leave, dump);
}

/* httpd has its virtual hosts in reverse; in the order in which they were
 * written a dump of the dump is the same. */
static void dump_hosts(dump_t *dump, const server_rec *s)
{
    if (s) {
        dump_hosts(dump, s->next);
        dump_server(dump, s);
    }
}

void cors_dump(apr_pool_t *pconf, server_rec *main_server)
{
    dump_t dump = { 0 };

    if (!ap_exists_config_define("DUMP_CORS")) {
        return;
    }
    dump.pool = pconf;
    dump.main_server = main_server;
    apr_file_open_flags_stdout(&dump.out, APR_FOPEN_BUFFERED, pconf);
    apr_file_printf(dump.out, "# mod_cors " CORS_VERSION ": effective "
                    "policies; public suffixes: %s\n", cors_suffix_source());
    dump_server(&dump, main_server);
    dump_hosts(&dump, main_server->next);
    cors_migrate(pconf, dump.out, main_server);
    apr_file_flush(dump.out);
}
