/* SPDX-License-Identifier: Apache-2.0 */

/* RewriteRule as mod_rewrite reads it: which of them answers OPTIONS. */

#include "mod_cors_leftover.h"
#include "mod_cors_startup.h"

#include "apr_cstr.h"
#include "apr_lib.h"
#include "apr_strings.h"

static int same(const char *a, const char *b)
{
    return apr_cstr_casecmp(a, b) == 0;
}

static int starts(const char *text, const char *start)
{
    return apr_cstr_casecmpn(text, start, strlen(start)) == 0;
}

/* The words of a directive: a condition and a rule have three. */
#define MAX_RULE_WORDS 3

/* The words of a directive as mod_rewrite reads them: in some of them blanks
 * are escaped, in none are quotes. */
static void rewrite_words_read(const cors_leftover_t *recipe,
                               const ap_directive_t *directive,
                               const char *words[MAX_RULE_WORDS])
{
    const char *at = directive->args;
    int i;

    for (i = 0; i < MAX_RULE_WORDS; i++) {
        const char *start;
        char quote = '\0';

        at += strspn(at, " \t");
        if (*at == '"' || *at == '\'') {
            quote = *at++;
        }
        start = at;
        while (*at && (quote ? *at != quote : !apr_isspace(*at))) {
            at += *at == '\\' && apr_isspace(at[1]) ? 2 : 1;
        }
        words[i] = apr_pstrmemdup(recipe->pool, start,
                                  (apr_size_t)(at - start));
        at += *at != '\0';
    }
}

static int has_flag(const char *flags, const char *wanted)
{
    apr_size_t len = strlen(wanted);

    for (; *flags; flags += strcspn(flags, "[], \t")) {
        flags += strspn(flags, "[], \t");
        if (apr_cstr_casecmpn(flags, wanted, len) == 0
            && (!flags[len] || strchr("[], \t=", flags[len]))) {
            return 1;
        }
    }
    return 0;
}

/* Whether a regular expression of mod_rewrite, or a word behind "=", takes a
 * text; with "!" in front, whether it does not. */
static int takes(const cors_leftover_t *recipe, const char *const *words,
                 const char *text)
{
    int is_negated = *words[1] == '!';
    const char *pattern = words[1] + is_negated;
    int ignores_case = has_flag(words[2], "NC")
                       || has_flag(words[2], "nocase");
    const ap_regex_t *regex;

    if (*pattern == '=') {
        return (ignores_case ? same(pattern + 1, text)
                : strcmp(pattern + 1, text) == 0) != is_negated;
    }
    regex = ap_pregcomp(recipe->pool, pattern,
                        AP_REG_EXTENDED | (ignores_case ? AP_REG_ICASE : 0));
    return regex
           && (ap_regexec(regex, text, 0, NULL, 0) == 0) != is_negated;
}

/* Whether every value but the empty one meets a condition. */
static int is_for_any_value(const char *const *words)
{
    return strcmp(words[1], "!^$") == 0 || strcmp(words[1], ".") == 0
           || strcmp(words[1], ".+") == 0;
}

static const char request_method[] = "%{REQUEST_METHOD}";
static const char asked_method[] = "%{HTTP:Access-Control-Request-Method}";

/* Whether a condition is that the method is OPTIONS, or seems to be. */
static int is_about_options(const cors_leftover_t *recipe,
                            const ap_directive_t *condition)
{
    const char *words[MAX_RULE_WORDS];

    rewrite_words_read(recipe, condition, words);
    if (same(words[0], request_method)) {
        return takes(recipe, words, "OPTIONS") && !takes(recipe, words, "GET");
    }
    if (same(words[0], asked_method)) {
        return is_for_any_value(words);
    }
    return (same(words[0], "%{THE_REQUEST}") || same(words[0], "expr"))
           && strstr(words[1], "OPTIONS");
}

/* Whether every preflight meets a condition. */
static int is_met_by_preflights(const cors_leftover_t *recipe,
                                const ap_directive_t *condition)
{
    const char *words[MAX_RULE_WORDS];

    rewrite_words_read(recipe, condition, words);
    if (has_flag(words[2], "OR") || has_flag(words[2], "ornext")) {
        return 0;
    }
    if (same(words[0], request_method)) {
        return takes(recipe, words, "OPTIONS");
    }
    if (same(words[0], "%{THE_REQUEST}")) {
        return takes(recipe, words, "OPTIONS / HTTP/1.1")
               && takes(recipe, words, "OPTIONS /a?b HTTP/2.0");
    }
    return (same(words[0], "%{HTTP:Origin}") || same(words[0], asked_method))
           && is_for_any_value(words);
}

/* Whether requests with a method may meet all conditions; the field that
 * preflights have is in no others. */
static int meets_method(const cors_leftover_t *recipe,
                        const apr_array_header_t *conditions,
                        const char *method)
{
    const char *request = apr_pstrcat(recipe->pool, method, " / HTTP/1.1",
                                      NULL);
    int i;

    for (i = 0; i < conditions->nelts; i++) {
        const char *words[MAX_RULE_WORDS];

        rewrite_words_read(recipe, APR_ARRAY_IDX(conditions, i,
                                                 const ap_directive_t *),
                           words);
        if (has_flag(words[2], "OR") || has_flag(words[2], "ornext")) {
            continue;
        }
        if (same(words[0], asked_method)
            ? strcmp(method, "OPTIONS") != 0
            : same(words[0], request_method)
            ? !takes(recipe, words, method)
            : same(words[0], "%{THE_REQUEST}")
              && !takes(recipe, words, request)) {
            return 0;
        }
    }
    return 1;
}

static int has_other_methods(const cors_leftover_t *recipe,
                             const apr_array_header_t *conditions)
{
    static const char *const others[] = {
        "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", NULL
    };
    const char *const *method = others;

    while (*method && !meets_method(recipe, conditions, *method)) {
        method++;
    }
    return *method != NULL;
}

/* The status that the flags of a rule make, 0 if they make none. */
static int flags_status(apr_pool_t *pool, const char *flags)
{
    char *next;
    char *flag = apr_strtok(apr_pstrdup(pool, flags), "[], \t", &next);
    int status = 0;

    for (; flag; flag = apr_strtok(NULL, "[], \t", &next)) {
        if (starts(flag, "R=") || starts(flag, "redirect=")) {
            status = (int)strtol(strchr(flag, '=') + 1, NULL, 10);
            status = status ? status : HTTP_MOVED_TEMPORARILY;
        }
        else if (same(flag, "R") || same(flag, "redirect")) {
            status = HTTP_MOVED_TEMPORARILY;
        }
        else if (same(flag, "F") || same(flag, "forbidden")) {
            status = HTTP_FORBIDDEN;
        }
        else if (same(flag, "G") || same(flag, "gone")) {
            status = HTTP_GONE;
        }
    }
    return status;
}

/* Whether the flags of a rule keep later ones from being asked. */
static int flags_end(apr_pool_t *pool, const char *flags)
{
    static const char *const ends[] = {
        "L", "last", "END", "P", "proxy", "PT", "passthrough", NULL
    };
    char *next;
    char *flag = apr_strtok(apr_pstrdup(pool, flags), "[], \t", &next);
    const char *const *end;

    for (; flag; flag = apr_strtok(NULL, "[], \t", &next)) {
        for (end = ends; *end; end++) {
            if (same(flag, *end)) {
                return 1;
            }
        }
    }
    return flags_status(pool, flags) != 0;
}

/* Whether they decide if the next ones are asked. */
static int flags_skip(const char *flags)
{
    return has_flag(flags, "S") || has_flag(flags, "skip")
           || has_flag(flags, "C") || has_flag(flags, "chain");
}

static int is_for_all_urls(const char *pattern)
{
    static const char *const all[] = {
        "^", ".*", "^.*", "^.*$", "(.*)", "^(.*)", "^(.*)$", "$", NULL
    };
    const char *const *known = all;

    while (*known && strcmp(*known, pattern) != 0) {
        known++;
    }
    return *known != NULL;
}

/* A rule that OPTIONS requests meet. */
static void take_rule(cors_leftover_t *recipe, cors_left_rule_t *rule,
                      const ap_directive_t *directive,
                      const apr_array_header_t *conditions)
{
    const char *words[MAX_RULE_WORDS];
    int i;

    rewrite_words_read(recipe, directive, words);
    for (i = 0; i < conditions->nelts; i++) {
        const ap_directive_t *condition =
            APR_ARRAY_IDX(conditions, i, const ap_directive_t *);

        cors_leftover_take(recipe, condition);
        if (!is_met_by_preflights(recipe, condition)) {
            cors_leftover_doubt(recipe,
                                "it decides which preflights are answered",
                                condition);
        }
    }
    cors_leftover_take(recipe, directive);
    if (rule->skips) {
        cors_leftover_doubt(recipe, "it decides which preflights are answered",
                            rule->skips);
    }
    if (!is_for_all_urls(words[0])) {
        cors_leftover_doubt(recipe, "it answers preflights of some URLs only",
                            directive);
    }
    if (!rule->directive) {
        rule->directive = directive;
        rule->status = flags_status(recipe->pool, words[2]);
        rule->has_others = has_other_methods(recipe, conditions);
    }
}

/* Whether a rule answers requests itself, preflights too. */
static int is_answer(const cors_leftover_t *recipe, const char *const *rule,
                     const apr_array_header_t *conditions)
{
    if (!flags_status(recipe->pool, rule[2])
        && (!strstr(rule[1], "://") || has_flag(rule[2], "P")
            || has_flag(rule[2], "proxy"))) {
        return 0;
    }
    return meets_method(recipe, conditions, "OPTIONS");
}

static void read_rule(cors_leftover_t *recipe, cors_left_rule_t *rule,
                      const ap_directive_t *directive,
                      apr_array_header_t *conditions)
{
    const char *words[MAX_RULE_WORDS];
    int i = 0;

    rewrite_words_read(recipe, directive, words);
    while (i < conditions->nelts
           && !is_about_options(recipe,
                                APR_ARRAY_IDX(conditions, i,
                                              const ap_directive_t *))) {
        i++;
    }
    if (!rule->skips && flags_skip(words[2])) {
        rule->skips = directive;
    }
    if (i < conditions->nelts) {
        take_rule(recipe, rule, directive, conditions);
    }
    else if (!rule->directive && !rule->earlier
             && flags_end(recipe->pool, words[2])) {
        rule->earlier = directive;
    }
    else if (rule->directive && !rule->later
             && is_answer(recipe, words, conditions)) {
        rule->later = directive;
    }
    if (!rule->ends && has_flag(words[2], "END")) {
        rule->ends = directive;
    }
    if (ap_strcasestr(words[2], "E=") || ap_strcasestr(words[2], "env=")) {
        APR_ARRAY_PUSH(recipe->others, const ap_directive_t *) = directive;
    }
    apr_array_clear(conditions);
}

/* The rules of a section replace those of the sections around it. */
static void read_rules(cors_leftover_t *recipe, cors_left_rule_t *rule,
                       const ap_directive_t *list)
{
    apr_array_header_t *conditions =
        apr_array_make(recipe->pool, 2, sizeof(const ap_directive_t *));
    int is_on = rule->is_on;
    int has_any = 0;

    for (; list; list = list->next) {
        if (!starts(list->directive, "Rewrite")) {
            continue;
        }
        if (!has_any++) {
            memset(rule, 0, sizeof(*rule));
            recipe->rewrites = list;
        }
        if (cors_startup_is(list, "RewriteEngine")) {
            const char *args = list->args;

            is_on = same(ap_getword_conf(recipe->pool, &args), "On");
        }
        else if (cors_startup_is(list, "RewriteCond")) {
            APR_ARRAY_PUSH(conditions, const ap_directive_t *) = list;
        }
        else if (cors_startup_is(list, "RewriteRule")) {
            read_rule(recipe, rule, list, conditions);
        }
        else if (cors_startup_is(list, "RewriteOptions")
                 && ap_strcasestr(list->args, "inherit")) {
            cors_leftover_doubt(recipe, "it decides which rules apply", list);
        }
    }
    rule->is_on = is_on;
}

const cors_left_rule_t *cors_leftover_rule(const cors_leftover_t *recipe)
{
    return recipe->server_rule.directive && recipe->server_rule.is_on
           ? &recipe->server_rule : &recipe->dir_rule;
}

/* ------------------------------------------------------------------------
 * Places
 */

static void inherit(cors_leftover_t *recipe, const cors_leftover_t *outer)
{
    apr_array_cat(recipe->headers, outer->headers);
    apr_array_cat(recipe->variables, outer->variables);
    apr_array_cat(recipe->others, outer->others);
    apr_array_cat(recipe->doubts, outer->doubts);
    recipe->inherited_headers = outer->headers->nelts;
    recipe->inherited_variables = outer->variables->nelts;
    recipe->inherited_others = outer->others->nelts;
    recipe->redirect = outer->redirect;
    recipe->server_rule = outer->server_rule;
    recipe->dir_rule = outer->dir_rule;
}

static void recipe_init(cors_leftover_t *recipe, apr_pool_t *pool,
                        const ap_directive_t *section)
{
    memset(recipe, 0, sizeof(*recipe));
    recipe->pool = pool;
    recipe->section = section;
    recipe->lines = apr_array_make(pool, 4, sizeof(const ap_directive_t *));
    recipe->headers = apr_array_make(pool, 4, sizeof(cors_left_header_t));
    recipe->variables = apr_array_make(pool, 1,
                                       sizeof(cors_left_variables_t));
    recipe->others = apr_array_make(pool, 1, sizeof(const ap_directive_t *));
    recipe->doubts = apr_array_make(pool, 1, sizeof(const char *));
    recipe->dead = apr_array_make(pool, 1, sizeof(const char *));
}

/* Rules are not inherited from server to server; whether there are any in
 * force is, also by sections. */
void cors_leftover_read(cors_leftover_t *recipe, apr_pool_t *pool,
                        const cors_leftover_t *outer,
                        const ap_directive_t *section,
                        const ap_directive_t *list)
{
    int is_server = !section || cors_startup_is(section, "<VirtualHost");
    const ap_directive_t *directive;

    recipe_init(recipe, pool, is_server ? NULL : section);
    if (outer) {
        inherit(recipe, outer);
    }
    if (is_server) {
        const cors_left_rule_t none = { .is_on = recipe->server_rule.is_on };

        recipe->server_rule = none;
    }
    for (directive = list; directive; directive = directive->next) {
        cors_leftover_read_line(recipe, directive);
    }
    read_rules(recipe, is_server ? &recipe->server_rule : &recipe->dir_rule,
               list);
    if (is_server) {
        recipe->dir_rule.is_on = recipe->server_rule.is_on;
    }
    else if (cors_leftover_is_early(section)) {
        recipe->server_rule.is_on = recipe->dir_rule.is_on;
    }
}
