/* SPDX-License-Identifier: Apache-2.0 */

/* Header and SetEnvIf as their modules read them, as far as recipes for CORS
 * go. */

#include "mod_cors_leftover.h"
#include "mod_cors_startup.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include "cors_recipe.h"

static const char *const names[CORS_LEFT_COUNT] = {
    [CORS_LEFT_ORIGIN] = "Access-Control-Allow-Origin",
    [CORS_LEFT_CREDENTIALS] = "Access-Control-Allow-Credentials",
    [CORS_LEFT_METHODS] = "Access-Control-Allow-Methods",
    [CORS_LEFT_HEADERS] = "Access-Control-Allow-Headers",
    [CORS_LEFT_EXPOSE] = "Access-Control-Expose-Headers",
    [CORS_LEFT_MAX_AGE] = "Access-Control-Max-Age",
    [CORS_LEFT_TIMING] = "Timing-Allow-Origin",
};

const char *cors_leftover_name(cors_left_name_t name)
{
    return names[name];
}

static int same(const char *a, const char *b)
{
    return apr_cstr_casecmp(a, b) == 0;
}

static int starts(const char *text, const char *start)
{
    return apr_cstr_casecmpn(text, start, strlen(start)) == 0;
}

/* The words of a directive, and empty ones behind them. */
#define MAX_LEFT_WORDS 8

static int words_read(const cors_leftover_t *recipe,
                      const ap_directive_t *directive,
                      const char *words[MAX_LEFT_WORDS])
{
    const char *args = directive->args;
    int count = 0;
    int i;

    while (*args && count < MAX_LEFT_WORDS) {
        words[count++] = ap_getword_conf(recipe->pool, &args);
    }
    for (i = count; i < MAX_LEFT_WORDS; i++) {
        words[i] = "";
    }
    return count;
}

void cors_leftover_take(cors_leftover_t *recipe,
                        const ap_directive_t *directive)
{
    APR_ARRAY_PUSH(recipe->lines, const ap_directive_t *) = directive;
    recipe->has_lines = 1;
}

void cors_leftover_doubt(cors_leftover_t *recipe, const char *why,
                         const ap_directive_t *directive)
{
    APR_ARRAY_PUSH(recipe->doubts, const char *) =
        apr_psprintf(recipe->pool, "%s: %s",
                     cors_startup_describe(recipe->pool, directive), why);
}

static void note_dead(cors_leftover_t *recipe, const char *why,
                      const ap_directive_t *directive)
{
    APR_ARRAY_PUSH(recipe->dead, const char *) =
        apr_psprintf(recipe->pool, "%s: %s",
                     cors_startup_describe(recipe->pool, directive), why);
}

/* Whether httpd looks at a section before a server's rules are asked:
 * <Location>, <If>. */
int cors_leftover_is_early(const ap_directive_t *section)
{
    return section && !starts(section->directive, "<Directory")
           && !starts(section->directive, "<Files");
}

/* ------------------------------------------------------------------------
 * Header
 */

/* Whether a value has nothing but text and %{VARIABLE}e in it. */
static int is_followed(const char *value)
{
    for (; *value; value++) {
        if (*value != '%') {
            continue;
        }
        value++;
        if (*value == '{') {
            value += strcspn(value, "}");
            if (*value != '}' || *++value != 'e') {
                return 0;
            }
        }
        else if (*value != '%') {
            return 0;
        }
    }
    return 1;
}

/* The last words of a Header directive: [value] [early|env=...|expr=...]. */
static void header_end(cors_leftover_t *recipe, cors_left_header_t *header,
                       const char *const *words)
{
    const char *clause = *words;

    if (!same(header->action, "unset")) {
        header->value = cors_recipe_unescaped(recipe->pool, *words);
        clause = words[1];
        if (starts(header->value, "expr=")) {
            cors_leftover_doubt(recipe, "an expression makes the value",
                                header->directive);
        }
        else if (!is_followed(header->value)) {
            cors_leftover_doubt(recipe,
                                "its value depends on more than Origin",
                                header->directive);
        }
        if (strpbrk(header->value, "\r\n")) {
            cors_leftover_doubt(recipe,
                                "httpd answers 500 instead of sending a line "
                                "break",
                                header->directive);
        }
    }
    if (starts(clause, "env=")) {
        header->condition = clause + 4;
    }
    else if (starts(clause, "expr=")) {
        cors_leftover_doubt(recipe, "an expression decides when it applies",
                            header->directive);
    }
    else if (same(clause, "early")) {
        cors_leftover_doubt(recipe, "it comes before the response is made",
                            header->directive);
    }
}

/* A header that is set or unset whatever there is. */
static void override(cors_leftover_t *recipe, const cors_left_header_t *by)
{
    int i;

    if (by->condition
        || (!same(by->action, "set") && !same(by->action, "unset"))) {
        return;
    }
    for (i = 0; i < recipe->inherited_headers; i++) {
        cors_left_header_t *header = &APR_ARRAY_IDX(recipe->headers, i,
                                                    cors_left_header_t);

        header->is_overridden |= header->name == by->name
                                 && header->is_always == by->is_always;
    }
}

static void read_known_header(cors_leftover_t *recipe,
                              cors_left_header_t *header,
                              const char *const *words)
{
    static const char *const actions[] = {
        "set", "setifempty", "append", "merge", "add", "unset", NULL
    };
    const char *const *action = actions;

    cors_leftover_take(recipe, header->directive);
    recipe->has_headers = 1;
    while (*action && !same(header->action, *action)) {
        action++;
    }
    if (!*action) {
        if (!same(header->action, "note")) {
            cors_leftover_doubt(recipe, "it changes what others have sent",
                                header->directive);
        }
        return;
    }
    header->action = *action;
    header_end(recipe, header, words);
    override(recipe, header);
    APR_ARRAY_PUSH(recipe->headers, cors_left_header_t) = *header;
}

static void read_header(cors_leftover_t *recipe,
                        const ap_directive_t *directive)
{
    const char *words[MAX_LEFT_WORDS];
    const char *const *word = words;
    cors_left_header_t header = { 0 };
    const char *name;
    int i = 0;

    words_read(recipe, directive, words);
    header.directive = directive;
    header.is_late = recipe->section
                     && !cors_leftover_is_early(recipe->section);
    header.is_always = same(*word, "always");
    word += header.is_always || same(*word, "onsuccess");
    header.action = *word++;
    name = apr_pstrmemdup(recipe->pool, *word, strcspn(*word, ":"));
    word++;
    while (i < CORS_LEFT_COUNT && !same(name, names[i])) {
        i++;
    }
    if (i < CORS_LEFT_COUNT) {
        header.name = (cors_left_name_t)i;
        read_known_header(recipe, &header, word);
    }
    else if (starts(name, "Access-Control-")) {
        cors_leftover_take(recipe, directive);
        note_dead(recipe, "no browser reads that header", directive);
    }
    else if (same(name, "Vary") && ap_strcasestr(*word, "Origin")) {
        APR_ARRAY_PUSH(recipe->lines, const ap_directive_t *) = directive;
    }
}

static void read_request_header(cors_leftover_t *recipe,
                                const ap_directive_t *directive)
{
    const char *words[MAX_LEFT_WORDS] = { NULL };
    int count = words_read(recipe, directive, words);

    if (!same(words[1], "Origin") && !same(words[1], "Origin:")) {
        return;
    }
    cors_leftover_take(recipe, directive);
    if (same(words[count - 1], "early")) {
        cors_leftover_doubt(recipe,
                            "it changes Origin before the policy sees it",
                            directive);
    }
    else {
        note_dead(recipe, "it may stay: the policy sees what the browser sent",
                  directive);
    }
}

/* ------------------------------------------------------------------------
 * Variables
 */

/* Whether mod_setenvif takes a regular expression for a string, as it has no
 * operators.  $0 is text then. */
static int is_string(const char *regex)
{
    for (; *regex; regex++) {
        int is_escaped = *regex == '\\' && regex[1];

        regex += is_escaped;
        if ((strchr("^.$|()[]*+?{}\\", *regex) != NULL) != is_escaped) {
            return 0;
        }
    }
    return 1;
}

static const char *escape_dollars(apr_pool_t *pool, const char *value)
{
    const char *text = "";

    for (; *value; value++) {
        text = apr_psprintf(pool, "%s%s%c", text, *value == '$' ? "\\" : "",
                            *value);
    }
    return text;
}

/* The place of a variable in a line: of two of a name, the second counts. */
static cors_left_variable_t *variable_make(cors_left_variables_t *line,
                                           const char *name)
{
    cors_left_variable_t *variable;
    int i;

    for (i = 0; i < line->variables->nelts; i++) {
        variable = &APR_ARRAY_IDX(line->variables, i, cors_left_variable_t);
        if (same(variable->name, name)) {
            return variable;
        }
    }
    variable = apr_array_push(line->variables);
    variable->name = name;
    return variable;
}

static void read_variables(cors_leftover_t *recipe,
                           const ap_directive_t *directive)
{
    cors_left_variables_t *line;
    const char *args = directive->args;
    int ignores_case = same(directive->directive, "SetEnvIfNoCase");
    const char *attribute = ap_getword_conf(recipe->pool, &args);
    const char *regex;

    if (!same(attribute, "Origin")) {
        APR_ARRAY_PUSH(recipe->others, const ap_directive_t *) = directive;
        return;
    }
    cors_leftover_take(recipe, directive);
    regex = ap_getword_conf(recipe->pool, &args);
    line = apr_array_push(recipe->variables);
    line->directive = directive;
    line->is_late = recipe->section != NULL;
    line->regex = ignores_case ? apr_pstrcat(recipe->pool, "(?i)", regex,
                                             NULL) : regex;
    line->compiled = ap_pregcomp(recipe->pool, line->regex, AP_REG_EXTENDED);
    line->variables = apr_array_make(recipe->pool, 1,
                                     sizeof(cors_left_variable_t));
    while (*args) {
        const char *value = ap_getword_conf(recipe->pool, &args);
        const char *name = ap_getword(recipe->pool, &value, '=');
        cors_left_variable_t *variable;

        if (!*value) {
            value = *name == '!' ? "!" : "1";
            name += *name == '!';
        }
        variable = variable_make(line, name);
        variable->value = *value == '!' ? NULL : value;
        if (variable->value && is_string(regex)) {
            variable->value = escape_dollars(recipe->pool, variable->value);
        }
    }
}

/* ------------------------------------------------------------------------
 * All of them
 */

void cors_leftover_read_line(cors_leftover_t *recipe,
                             const ap_directive_t *directive)
{
    const char *name = directive->directive;

    if (same(name, "Header")) {
        read_header(recipe, directive);
    }
    else if (same(name, "RequestHeader")) {
        read_request_header(recipe, directive);
    }
    else if (same(name, "SetEnvIf") || same(name, "SetEnvIfNoCase")) {
        read_variables(recipe, directive);
    }
    else if (same(name, "SetEnv") || same(name, "PassEnv")
             || same(name, "UnsetEnv") || starts(name, "BrowserMatch")
             || same(name, "SetEnvIfExpr")
             || same(name, "RegexDefaultOptions")) {
        APR_ARRAY_PUSH(recipe->others, const ap_directive_t *) = directive;
    }
    else if (starts(name, "Redirect") && !same(name, "RedirectRelative")
             && (!recipe->section
                 || cors_leftover_is_early(recipe->section))) {
        recipe->redirect = directive;
    }
}
