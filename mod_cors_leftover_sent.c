/* SPDX-License-Identifier: Apache-2.0 */

/* What the directives of a recipe send. */

#include "mod_cors_leftover.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include "cors_pattern_from.h"

static int same(const char *a, const char *b)
{
    return apr_cstr_casecmp(a, b) == 0;
}

static const cors_left_header_t *header_at(const cors_leftover_t *recipe,
                                           int i)
{
    return &APR_ARRAY_IDX(recipe->headers, i, cors_left_header_t);
}

static const cors_left_variables_t *
variables_at(const cors_leftover_t *recipe, int i)
{
    return &APR_ARRAY_IDX(recipe->variables, i, cors_left_variables_t);
}

static const cors_left_variable_t *
variable_at(const cors_left_variables_t *line, int i)
{
    return &APR_ARRAY_IDX(line->variables, i, cors_left_variable_t);
}

int cors_leftover_uses(const cors_left_header_t *header, const char *variable)
{
    const char *p = header->value;
    apr_size_t len = strlen(variable);

    if (header->condition
        && same(header->condition + (*header->condition == '!'), variable)) {
        return 1;
    }
    while (p && (p = strstr(p, "%{"))) {
        p += 2;
        if (apr_cstr_casecmpn(p, variable, len) == 0 && p[len] == '}') {
            return 1;
        }
    }
    return 0;
}

int cors_leftover_knows(const cors_leftover_t *recipe, const char *variable)
{
    int i;
    int k;

    for (i = 0; i < recipe->variables->nelts; i++) {
        const cors_left_variables_t *line = variables_at(recipe, i);

        for (k = 0; k < line->variables->nelts; k++) {
            if (same(variable_at(line, k)->name, variable)) {
                return 1;
            }
        }
    }
    return 0;
}

int cors_leftover_is_used(const cors_leftover_t *recipe,
                          const cors_left_variables_t *line)
{
    int i;
    int k;

    for (i = 0; i < recipe->headers->nelts; i++) {
        for (k = 0; k < line->variables->nelts; k++) {
            if (!header_at(recipe, i)->is_overridden
                && cors_leftover_uses(header_at(recipe, i),
                                      variable_at(line, k)->name)) {
                return 1;
            }
        }
    }
    return 0;
}

int cors_leftover_is_alike(const cors_left_variables_t *line,
                           const cors_left_variables_t *other)
{
    int i;

    for (i = 0; i < line->variables->nelts && i < other->variables->nelts;
         i++) {
        const cors_left_variable_t *a = variable_at(line, i);
        const cors_left_variable_t *b = variable_at(other, i);

        if (!same(a->name, b->name) || !a->value != !b->value
            || (a->value && strcmp(a->value, b->value) != 0)
            || (a->value && strchr(a->value, '$')
                && (strcmp(a->value, "$0") != 0
                    || !cors_regex_is_anchored(other->regex)))) {
            return 0;
        }
    }
    return line->variables->nelts == other->variables->nelts;
}

int cors_leftover_sets(const ap_directive_t *directive, const char *variable)
{
    apr_size_t len = strlen(variable);
    const char *p = directive->args;

    for (; len > 0 && (p = ap_strcasestr(p, variable)); p += len) {
        if ((p == directive->args || strchr("=! \t\"'", p[-1]))
            && strchr("=:,] \t\"'", p[len])) {
            return 1;
        }
    }
    return 0;
}

static const char *touched(const cors_leftover_t *recipe,
                           const cors_left_header_t *header,
                           const ap_directive_t *directive)
{
    const char *p = header->value ? header->value : "";
    const char *name = header->condition;

    if (name && cors_leftover_sets(directive, name + (*name == '!'))) {
        return name + (*name == '!');
    }
    while ((p = strstr(p, "%{"))) {
        p += 2;
        name = apr_pstrmemdup(recipe->pool, p, strcspn(p, "}"));
        if (cors_leftover_sets(directive, name)) {
            return name;
        }
    }
    return NULL;
}

const char *cors_leftover_touched(const cors_leftover_t *recipe,
                                  const ap_directive_t *directive)
{
    const char *name = NULL;
    int i;

    for (i = 0; i < recipe->headers->nelts && !name; i++) {
        name = touched(recipe, header_at(recipe, i), directive);
    }
    return name;
}

apr_table_t *cors_leftover_environment(const cors_leftover_t *recipe,
                                       const char *origin)
{
    apr_table_t *environment = apr_table_make(recipe->pool, 4);
    int i;
    int k;

    for (i = 0; i < recipe->variables->nelts; i++) {
        const cors_left_variables_t *line = variables_at(recipe, i);
        ap_regmatch_t match[AP_MAX_REG_MATCH];

        if (!line->compiled || ap_regexec(line->compiled, origin,
                                          AP_MAX_REG_MATCH, match, 0) != 0) {
            continue;
        }
        for (k = 0; k < line->variables->nelts; k++) {
            const cors_left_variable_t *variable = variable_at(line, k);

            if (variable->value) {
                apr_table_set(environment, variable->name,
                              ap_pregsub(recipe->pool, variable->value,
                                         origin, AP_MAX_REG_MATCH, match));
            }
            else {
                apr_table_unset(environment, variable->name);
            }
        }
    }
    return environment;
}

static int applies(const cors_left_header_t *header,
                   const apr_table_t *environment)
{
    const char *name = header->condition;

    return !name || (*name == '!' ? !apr_table_get(environment, name + 1)
                                  : apr_table_get(environment, name) != NULL);
}

/* A value with its variables. */
static const char *expand(apr_pool_t *pool, const char *value,
                          const apr_table_t *environment)
{
    const char *text = "";

    while (*value) {
        apr_size_t len = strcspn(value, "%");

        text = apr_pstrcat(pool, text, apr_pstrmemdup(pool, value, len),
                           NULL);
        value += len;
        if (strncmp(value, "%{", 2) == 0) {
            const char *found;

            len = strcspn(value, "}");
            found = apr_table_get(environment,
                                  apr_pstrmemdup(pool, value + 2, len - 2));
            text = apr_pstrcat(pool, text, found ? found : "(null)", NULL);
            value += len + 2;
        }
        else if (*value) {
            text = apr_pstrcat(pool, text, "%", NULL);
            value += 2;
        }
    }
    return text;
}

/* Whether a list has a member, as "Header merge" looks for it: no blank is
 * taken off what is looked for. */
static int has_member(const char *list, const char *value)
{
    while (*list) {
        const char *member;

        list += strspn(list, " \t");
        member = list;
        list += strcspn(list, ",");
        if ((apr_size_t)(list - member) == strlen(value)
            && strncmp(member, value, strlen(value)) == 0) {
            return 1;
        }
        list += *list == ',';
    }
    return 0;
}

static void sent_apply(cors_left_sent_t *sent,
                       const cors_left_header_t *header, const char *value,
                       apr_pool_t *pool)
{
    const char **has = &sent->values[header->name];
    int *lines = &sent->lines[header->name];

    if (!value) {               /* unset */
        *has = NULL;
        *lines = 0;
    }
    else if (same(header->action, "set") || *lines == 0) {
        *has = value;
        *lines = 1;
    }
    else if (!same(header->action, "setifempty")
             && !(same(header->action, "merge")
                  && has_member(*has, value))) {
        *has = apr_pstrcat(pool, *has, ", ", value, NULL);
        *lines += same(header->action, "add");
    }
}

/* A value as it arrives: without blanks around it. */
static const char *text_trimmed(apr_pool_t *pool, const char *text)
{
    apr_size_t len;

    text += strspn(text, " \t");
    len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\t')) {
        len--;
    }
    return apr_pstrmemdup(pool, text, len);
}

/* What one of the two tables of headers sends. */
static cors_left_sent_t send_table(const cors_leftover_t *recipe,
                                   const apr_table_t *environment,
                                   int is_always)
{
    cors_left_sent_t sent = { { 0 }, { 0 }, { 0 } };
    int i;

    for (i = 0; i < recipe->headers->nelts; i++) {
        const cors_left_header_t *header = header_at(recipe, i);

        if (header->is_always == is_always && applies(header, environment)) {
            sent_apply(&sent, header,
                       header->value ? expand(recipe->pool, header->value,
                                              environment) : NULL,
                       recipe->pool);
        }
    }
    for (i = 0; i < CORS_LEFT_COUNT; i++) {
        if (sent.values[i]) {
            sent.values[i] = text_trimmed(recipe->pool, sent.values[i]);
        }
    }
    return sent;
}

cors_leftover_t cors_leftover_answering(const cors_leftover_t *recipe)
{
    cors_leftover_t early = *recipe;
    int i;

    if (cors_leftover_rule(recipe) != &recipe->server_rule) {
        return early;
    }
    early.headers = apr_array_make(recipe->pool, 4,
                                   sizeof(cors_left_header_t));
    for (i = 0; i < recipe->headers->nelts; i++) {
        if (!header_at(recipe, i)->is_late) {
            APR_ARRAY_PUSH(early.headers, cors_left_header_t) =
                *header_at(recipe, i);
        }
    }
    early.variables = apr_array_make(recipe->pool, 1,
                                     sizeof(cors_left_variables_t));
    for (i = 0; i < recipe->variables->nelts; i++) {
        if (!variables_at(recipe, i)->is_late) {
            APR_ARRAY_PUSH(early.variables, cors_left_variables_t) =
                *variables_at(recipe, i);
        }
    }
    return early;
}

cors_left_sent_t cors_leftover_send_error(const cors_leftover_t *recipe,
                                          const apr_table_t *environment)
{
    return send_table(recipe, environment, 1);
}

cors_left_sent_t cors_leftover_send(const cors_leftover_t *recipe,
                                    const apr_table_t *environment)
{
    cors_left_sent_t sent = send_table(recipe, environment, 1);
    cors_left_sent_t more = send_table(recipe, environment, 0);
    int i;

    memcpy(sent.on_errors, sent.values, sizeof(sent.values));
    for (i = 0; i < CORS_LEFT_COUNT; i++) {
        if (more.lines[i]) {
            sent.values[i] = sent.lines[i]
                             ? apr_pstrcat(recipe->pool, sent.values[i], ", ",
                                           more.values[i], NULL)
                             : more.values[i];
            sent.lines[i] += more.lines[i];
        }
    }
    return sent;
}
