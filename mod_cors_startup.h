/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_STARTUP_H
#define MOD_CORS_STARTUP_H

/**
 * @file mod_cors_startup.h
 * @brief What the whole configuration adds up to.
 *
 * Directive functions judge one value.  What the sections of a configuration
 * add up to is found out here once it is read, for the main server and each
 * virtual host: its own policy, and that of each section merged over it.
 *
 * A request's policy is *final* once its <Location> sections are known, if
 * nothing that httpd merges later can change it: no CORS directive stands in
 * a <Directory>, <Files>, <If> or <Proxy> section of the virtual host or of
 * the main server, and no .htaccess file may hold one.  Then a preflight can
 * be answered without asking the file system.
 */

#include "httpd.h"
#include "http_config.h"

#include "cors_policy.h"
#include "mod_cors_place.h"

extern module AP_MODULE_DECLARE_DATA cors_module;

/** What is known of one virtual host, or of the main server, when requests
 * come. */
typedef struct cors_server_t {
    /** 1 if a CORS directive applies to it somewhere, or may stand in a
     * .htaccess file; else no request needs a thought. */
    int is_used;
    /** What keeps policies from being final, for people: a directive with its
     * file and line; NULL if nothing does. */
    const char *obstacle;
} cors_server_t;

/** A section of the configuration with CORS directives in it, or a server,
 * with or without. */
typedef struct cors_section_t {
    struct cors_section_t *outer;       /**< NULL for a server */
    const char *name;                   /**< kind and argument, and those of
                                             the sections around it: equal,
                                             as a pointer, for sections that
                                             apply to the same requests of a
                                             server; NULL for a server */
    const server_rec *server;           /**< whose configuration it is in */
    /** <Location> and the like; of a server, its <VirtualHost>, or NULL if it
     * is the main server or in no file. */
    const ap_directive_t *directive;
    const char *chain;                  /**< " <Location \"/api/\">" and those
                                             around it; "" for a server */
    const cors_policy_t *policy;        /**< what it says itself; NULL for
                                             nothing */
    cors_place_t place;                 /**< what the policy names */
    apr_array_header_t *directives;     /**< of const ap_directive_t *: its
                                             CORS directives, as written */
    apr_array_header_t *inner;          /**< of cors_section_t *: the sections
                                             in it */
    int is_in_tree;                     /**< 0 if all of it was read by another
                                             module by itself, from a <Perl>
                                             section say: it is not visited */
    int names_origins;                  /**< it does, or a section in it */
    const ap_directive_t *late;         /**< of a server: a CORS directive that
                                             httpd merges after <Location>
                                             sections; NULL if there is none */
} cors_section_t;

/**
 * Take down where a directive stands, and what the section says by it; the
 * policy gets its place.  To be called by every directive function.
 * @param policy The section's own; must live as long as cmd->pool
 */
void cors_startup_note(cmd_parms *cmd, cors_policy_t *policy);

/**
 * A place for a line of another module's that has to do with ours: that of the
 * section that it is in, with the line's own file and number.
 * @param section The section; one that only groups such lines is none
 */
const cors_place_t *cors_startup_place(cmd_parms *cmd,
                                       const ap_directive_t *section);

/** All places of the configuration, those of sections and those of lines: an
 * array of cors_place_t *. */
const apr_array_header_t *cors_startup_places(apr_pool_t *pconf);

/** The sections that have a policy of their own, in the order of the
 * configuration: an array of cors_section_t *. */
const apr_array_header_t *cors_startup_sections(apr_pool_t *pconf);

/**
 * Settle what is known of each server: its section, its cors_server_t.  A
 * hook for check_config, before the configuration is judged, and once more
 * for post_config, where other modules (mod_perl) may have added directives.
 */
int cors_startup_settle(apr_pool_t *pconf, apr_pool_t *plog,
                        apr_pool_t *ptemp, server_rec *main_server);

/** The section that stands for a server; not before cors_startup_settle(). */
const cors_section_t *cors_startup_server(apr_pool_t *pconf,
                                          const server_rec *s);

/** The policy that is in force in a section, as far as the server, the
 * sections around it, and those with the same name decide.
 * @param s The server; the section is its own, or one that all servers
 *          inherit */
cors_policy_t cors_startup_policy(const server_rec *s,
                                  const cors_section_t *section);

/** The sections with the same name that a server has itself, in the order in
 * which httpd merges them; it merges those of the main server before.
 * @return An array of const cors_section_t *, NULL if there are none */
const apr_array_header_t *
cors_startup_namesakes(const server_rec *s, const cors_section_t *section);

/**
 * The section that some directive of any module is in.
 * @param s The server whose configuration it is in
 * @param directive Of the tree; cors_startup_note() need not know of it
 * @param pool For the section, if it has no CORS directives
 */
const cors_section_t *cors_startup_section(apr_pool_t *pconf,
                                           const server_rec *s,
                                           const ap_directive_t *directive,
                                           apr_pool_t *pool);

/** Whether a section stands outside the virtual host that inherits it. */
int cors_startup_is_inherited(const server_rec *s,
                              const cors_section_t *section);

/** Called for a section as it applies to a server. */
typedef void cors_visit_fn(void *baton, const cors_section_t *section);

/**
 * Visit the sections that apply to a server, from the outside in: itself,
 * its own, and those of the main server that it inherits.
 * @param enter Called before the sections in a section
 * @param leave Called after them; may be NULL
 */
void cors_startup_walk(apr_pool_t *pconf, const server_rec *s,
                       const server_rec *main_server, cors_visit_fn *enter,
                       cors_visit_fn *leave, void *baton);

/** The directive that an origin pattern was written in; NULL if it is not in
 * the tree. */
const ap_directive_t *cors_startup_line(const cors_origin_entry_t *entry);

/** Whether a directive has a name; names of sections begin with "<". */
int cors_startup_is(const ap_directive_t *directive, const char *name);

/** A directive, and where it stands, for people.  Values are cut. */
const char *cors_startup_describe(apr_pool_t *pool,
                                  const ap_directive_t *directive);

/**
 * Judge the configuration: refuse policies that would expose credentials and
 * a "CORSPreflight early" that cannot be, warn of what has no effect.
 * A hook for check_config.
 * @return OK, or HTTP_INTERNAL_SERVER_ERROR after logging why
 */
int cors_check(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
               server_rec *main_server);

/**
 * Read the lines of mod_headers: those that have no effect beside a policy,
 * and those that change requests before it sees them.
 * @return An array of const char *, the warnings
 */
const apr_array_header_t *cors_leftovers(apr_pool_t *pconf, apr_pool_t *ptemp,
                                         const server_rec *main_server);

/** The request header that a line of mod_headers changes before everything
 * else, by "early"; NULL if it is no such line.  Without "early" mod_headers
 * comes after access control. */
const char *cors_changed_early(const ap_directive_t *directive,
                               apr_pool_t *pool);

/** Print the effective policies for "httpd -t -D DUMP_CORS".  A hook for
 * test_config, which runs after check_config. */
void cors_dump(apr_pool_t *pconf, server_rec *main_server);

#endif /* MOD_CORS_STARTUP_H */
