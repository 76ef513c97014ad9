/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_LEFTOVER_H
#define MOD_CORS_LEFTOVER_H

/**
 * @file mod_cors_leftover.h
 * @brief The directives of mod_headers, mod_setenvif and mod_rewrite that
 * people make CORS of, read from the configuration, and what they send.
 *
 * A place (the server, a virtual host, a section) has a recipe: its own lines
 * behind those of the places around it, in the order in which httpd asks them.
 * What depends on more than the Origin header is not followed: it is a doubt.
 */

#include "httpd.h"
#include "http_config.h"

/** The headers of a recipe. */
typedef enum {
    CORS_LEFT_ORIGIN,           /**< Access-Control-Allow-Origin */
    CORS_LEFT_CREDENTIALS,
    CORS_LEFT_METHODS,
    CORS_LEFT_HEADERS,
    CORS_LEFT_EXPOSE,
    CORS_LEFT_MAX_AGE,
    CORS_LEFT_TIMING,           /**< Timing-Allow-Origin */
    CORS_LEFT_COUNT
} cors_left_name_t;

/** A SetEnvIf or SetEnvIfNoCase that asks about Origin. */
typedef struct cors_left_variables_t {
    const ap_directive_t *directive;
    const char *regex;          /**< begins with "(?i)" for NoCase */
    const ap_regex_t *compiled;
    int is_late;                /**< asked after a server's RewriteRule */
    apr_array_header_t *variables;      /**< of cors_left_variable_t */
} cors_left_variables_t;

typedef struct cors_left_variable_t {
    const char *name;
    const char *value;          /**< with $0 to $9; NULL: it is unset */
} cors_left_variable_t;

/** A Header directive. */
typedef struct cors_left_header_t {
    const ap_directive_t *directive;
    cors_left_name_t name;
    const char *action;         /**< set, add, ...; in lower case */
    int is_always;              /**< for errors, too */
    int is_late;                /**< not known to a server's RewriteRule */
    const char *value;          /**< with %{NAME}e; NULL for unset */
    const char *condition;      /**< a variable, or !variable, or NULL */
    int is_overridden;          /**< a section within replaces it, so that it
                                     is not meant there */
} cors_left_header_t;

/** A RewriteRule that answers OPTIONS. */
typedef struct cors_left_rule_t {
    const ap_directive_t *directive;    /**< NULL if there is none */
    const ap_directive_t *earlier;      /**< a rule that may end rewriting
                                             before this, or NULL */
    const ap_directive_t *skips;        /**< one that decides whether later
                                             ones are asked, or NULL */
    const ap_directive_t *later;        /**< one that answers what this does
                                             not: a redirect, a refusal; or
                                             NULL */
    const ap_directive_t *ends; /**< one with END, which keeps the rules of
                                     sections from being asked, or NULL */
    int has_others;             /**< it is for other methods, too */
    int status;                 /**< 0 if it hands the request on */
    int is_on;                  /**< RewriteEngine On */
} cors_left_rule_t;

/** The recipe of a place. */
typedef struct cors_leftover_t {
    apr_pool_t *pool;
    const ap_directive_t *section;      /**< NULL for a server */
    apr_array_header_t *lines;  /**< of const ap_directive_t *: its own */
    int has_headers;            /**< some of these are Header directives */
    int has_lines;              /**< some are more than Vary */
    apr_array_header_t *headers;        /**< of cors_left_header_t: those of
                                             the places around it come
                                             first, as in the next two */
    apr_array_header_t *variables;      /**< of cors_left_variables_t */
    apr_array_header_t *others; /**< of const ap_directive_t *: what else sets
                                     variables */
    int inherited_headers;      /**< how many of each are from around */
    int inherited_variables;
    int inherited_others;
    cors_left_rule_t server_rule;
    cors_left_rule_t dir_rule;  /**< of a section */
    const ap_directive_t *redirect;     /**< a Redirect that httpd asks behind
                                             a server's rules, or NULL */
    const ap_directive_t *rewrites;     /**< the first of its own directives
                                             of mod_rewrite, or NULL */
    apr_array_header_t *doubts; /**< of const char *: why not to trust this */
    apr_array_header_t *dead;   /**< of const char *: what has no effect */
} cors_leftover_t;

/**
 * Read the directives of a place.
 * @param recipe Filled in completely
 * @param outer The recipe of the place around it, NULL for the main server
 * @param section What opens the place, NULL for the main server
 * @param list The directives in it
 */
void cors_leftover_read(cors_leftover_t *recipe, apr_pool_t *pool,
                        const cors_leftover_t *outer,
                        const ap_directive_t *section,
                        const ap_directive_t *list);

/** The same of one directive, which is none of mod_rewrite. */
void cors_leftover_read_line(cors_leftover_t *recipe,
                             const ap_directive_t *directive);

/** Whether httpd looks at a section before a server's rules are asked. */
int cors_leftover_is_early(const ap_directive_t *section);

/** Take down that a line is part of a recipe. */
void cors_leftover_take(cors_leftover_t *recipe,
                        const ap_directive_t *directive);

/** Take down why a line keeps its recipe from being followed. */
void cors_leftover_doubt(cors_leftover_t *recipe, const char *why,
                         const ap_directive_t *directive);

/** The rule that answers OPTIONS in a place; its directive is NULL if none
 * does. */
const cors_left_rule_t *cors_leftover_rule(const cors_leftover_t *recipe);

/** The variables as a request with an Origin has them. */
apr_table_t *cors_leftover_environment(const cors_leftover_t *recipe,
                                       const char *origin);

/** What a response carries. */
typedef struct cors_left_sent_t {
    const char *values[CORS_LEFT_COUNT];        /**< lines joined; NULL */
    int lines[CORS_LEFT_COUNT];                 /**< how many */
    const char *on_errors[CORS_LEFT_COUNT];     /**< what errors carry */
} cors_left_sent_t;

/** What an ordinary response carries, given the variables. */
cors_left_sent_t cors_leftover_send(const cors_leftover_t *recipe,
                                    const apr_table_t *environment);

/** The same of an error, and of what a RewriteRule answers: only "Header
 * always" reaches them. */
cors_left_sent_t cors_leftover_send_error(const cors_leftover_t *recipe,
                                          const apr_table_t *environment);

/**
 * The part of a recipe that the rule which answers OPTIONS finds in force: a
 * server's is asked before most sections are looked at.
 */
cors_leftover_t cors_leftover_answering(const cors_leftover_t *recipe);

/** The name of a header. */
const char *cors_leftover_name(cors_left_name_t name);

/** Whether a directive seems to set a variable. */
int cors_leftover_sets(const ap_directive_t *directive, const char *variable);

/** The variable of a recipe's headers that a directive seems to set, NULL if
 * there is none. */
const char *cors_leftover_touched(const cors_leftover_t *recipe,
                                  const ap_directive_t *directive);

/** Whether the value or the condition of a line asks for a variable. */
int cors_leftover_uses(const cors_left_header_t *header,
                       const char *variable);

/** Whether a SetEnvIf that asks about Origin sets or unsets a variable. */
int cors_leftover_knows(const cors_leftover_t *recipe, const char *variable);

/** Whether any header depends on a line. */
int cors_leftover_is_used(const cors_leftover_t *recipe,
                          const cors_left_variables_t *line);

/** Whether another line does what a line does to any origin that both match:
 * sets the same, of which a match is the whole origin. */
int cors_leftover_is_alike(const cors_left_variables_t *line,
                           const cors_left_variables_t *other);

#endif /* MOD_CORS_LEFTOVER_H */
