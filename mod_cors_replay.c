/* SPDX-License-Identifier: Apache-2.0 */

/* A recipe is played with the origins that it names. */

#include "mod_cors_replay.h"
#include "mod_cors_startup.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include "cors_pattern_from.h"
#include "cors_recipe.h"

/* Stands for the whole of any origin that a regular expression matches. */
#define SOME_ORIGIN "https://some-origin.invalid"

/* Stands for a value that cannot be known. */
#define UNKNOWN "\001"

static void push(apr_array_header_t *texts, const char *text)
{
    int i;

    for (i = 0; i < texts->nelts; i++) {
        if (strcmp(APR_ARRAY_IDX(texts, i, const char *), text) == 0) {
            return;
        }
    }
    APR_ARRAY_PUSH(texts, const char *) = text;
}

static const char *cite(const cors_replay_t *replay,
                        const ap_directive_t *directive)
{
    return cors_startup_describe(replay->pool, directive);
}

static void doubt(cors_replay_t *replay, const ap_directive_t *directive,
                  const char *why)
{
    push(replay->doubts,
         apr_psprintf(replay->pool, "%s: %s", cite(replay, directive), why));
}

static void differ(cors_replay_t *replay, const ap_directive_t *directive,
                   const char *how)
{
    push(replay->differences,
         apr_psprintf(replay->pool, "%s: %s", cite(replay, directive), how));
}

static const cors_left_header_t *header_at(const cors_replay_t *replay, int i)
{
    return &APR_ARRAY_IDX(replay->recipe->headers, i, cors_left_header_t);
}

static const cors_left_variables_t *line_at(const cors_replay_t *replay,
                                            int i)
{
    return &APR_ARRAY_IDX(replay->recipe->variables, i,
                          cors_left_variables_t);
}

static const cors_left_variable_t *
variable_at(const cors_left_variables_t *line, int i)
{
    return &APR_ARRAY_IDX(line->variables, i, cors_left_variable_t);
}

/* ------------------------------------------------------------------------
 * Variables
 */

/* Another directive that seems to set a variable. */
static const ap_directive_t *find_other(const cors_replay_t *replay,
                                        const char *name)
{
    int i;

    for (i = 0; i < replay->recipe->others->nelts; i++) {
        const ap_directive_t *other =
            APR_ARRAY_IDX(replay->recipe->others, i, const ap_directive_t *);

        if (cors_leftover_sets(other, name)) {
            return other;
        }
    }
    return NULL;
}

static void check_variable(cors_replay_t *replay,
                           const cors_left_header_t *header,
                           const char *name)
{
    const ap_directive_t *other = find_other(replay, name);

    if (other) {
        doubt(replay, header->directive,
              apr_psprintf(replay->pool, "it depends on %s, which is not set "
                           "by Origin alone: %s", name, cite(replay, other)));
    }
    else if (!cors_leftover_knows(replay->recipe, name)) {
        doubt(replay, header->directive,
              apr_psprintf(replay->pool, "it depends on %s, which no SetEnvIf "
                           "Origin sets", name));
    }
    else if (apr_cstr_casecmpn(name, "HTTP_", 5) == 0) {
        doubt(replay, header->directive,
              apr_psprintf(replay->pool, "it depends on %s, which CGI and the "
                           "like set to what the request has", name));
    }
}

/* The variables of a line's condition and value. */
static void check_variables_of(cors_replay_t *replay,
                               const cors_left_header_t *header)
{
    const char *p = header->value;

    if (header->condition) {
        check_variable(replay, header,
                       header->condition + (*header->condition == '!'));
    }
    while (p && (p = strstr(p, "%{"))) {
        apr_size_t len = strcspn(p + 2, "}");

        check_variable(replay, header, apr_pstrmemdup(replay->pool, p + 2,
                                                     len));
        p += 2 + len;
    }
}

static void check_variables(cors_replay_t *replay)
{
    int i;

    for (i = 0; i < replay->recipe->headers->nelts; i++) {
        check_variables_of(replay, header_at(replay, i));
    }
    for (i = 0; i < replay->recipe->others->nelts; i++) {
        const ap_directive_t *other =
            APR_ARRAY_IDX(replay->recipe->others, i, const ap_directive_t *);

        if (cors_startup_is(other, "RegexDefaultOptions")
            && replay->recipe->variables->nelts > 0) {
            doubt(replay, other, "it changes what regular expressions match");
        }
    }
}

/* ------------------------------------------------------------------------
 * Playing
 */

typedef enum { LEFT_OUT, LET_IN, BROKEN, NOT_KNOWN } outcome_t;

static outcome_t outcome_of(const cors_left_sent_t *sent, const char *origin)
{
    const char *value = sent->values[CORS_LEFT_ORIGIN];

    if (!value) {
        return LEFT_OUT;
    }
    if (strstr(value, UNKNOWN)) {
        return NOT_KNOWN;
    }
    return sent->lines[CORS_LEFT_ORIGIN] == 1
           && (strcmp(value, "*") == 0 || strcmp(value, origin) == 0)
           ? LET_IN : BROKEN;
}

static int same_value(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void vary_by_origin(cors_replay_t *replay, cors_left_name_t name)
{
    push(replay->doubts,
         apr_psprintf(replay->pool, "%s is not the same for all origins that "
                      "may read", cors_leftover_name(name)));
}

/* Take down what an origin gets that is let in, or is meant to be. */
static void take_sent(cors_replay_t *replay, const cors_left_sent_t *sent,
                      const cors_left_sent_t *answer, const char *origin)
{
    const char *timing = sent->values[CORS_LEFT_TIMING];
    int is_timed = timing && same_value(timing,
                                        sent->values[CORS_LEFT_ORIGIN]);
    int i;

    if (!replay->has_sent) {
        replay->has_sent = 1;
        replay->sent = *sent;
        replay->answer = *answer;
        replay->is_timed = is_timed;
    }
    for (i = CORS_LEFT_CREDENTIALS; i < CORS_LEFT_TIMING; i++) {
        if (!same_value(sent->values[i], replay->sent.values[i])
            || !same_value(answer->values[i], replay->answer.values[i])) {
            vary_by_origin(replay, (cors_left_name_t)i);
        }
    }
    /* Credentials have no effect beside "*". */
    if (sent->values[CORS_LEFT_CREDENTIALS]
        && same_value(sent->values[CORS_LEFT_ORIGIN], "*")
           != same_value(replay->sent.values[CORS_LEFT_ORIGIN], "*")) {
        vary_by_origin(replay, CORS_LEFT_CREDENTIALS);
    }
    replay->is_timed &= is_timed;
    if (!answer->values[CORS_LEFT_ORIGIN]
        || (outcome_of(sent, origin) == LET_IN
            && outcome_of(answer, origin) == BROKEN)) {
        replay->answer.values[CORS_LEFT_ORIGIN] = NULL;
    }
    if (outcome_of(sent, origin) == BROKEN && !replay->broken) {
        replay->broken = apr_psprintf(replay->pool, "never worked for %s, "
                                     "say: Access-Control-Allow-Origin is %s",
                                     origin,
                                     sent->values[CORS_LEFT_ORIGIN]);
    }
}

/* Send an origin through the recipe. */
static outcome_t play(const cors_replay_t *replay, const char *origin,
                      cors_left_sent_t *sent, cors_left_sent_t *answer)
{
    const cors_leftover_t *answering = &replay->answering;

    *sent = cors_leftover_send(replay->recipe,
                               cors_leftover_environment(replay->recipe,
                                                         origin));
    *answer = cors_leftover_send_error(answering,
                                       cors_leftover_environment(answering,
                                                                 origin));
    return outcome_of(sent, origin);
}

/* The same of all, which should fare alike; LEFT_OUT if they are. */
static outcome_t play_all(cors_replay_t *replay,
                          const apr_array_header_t *origins,
                          const char *what)
{
    outcome_t outcome = LEFT_OUT;
    int left_out = 0;
    int i;

    for (i = 0; i < origins->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(origins, i, const char *);
        cors_left_sent_t sent;
        cors_left_sent_t answer;
        outcome_t this_one = play(replay, origin, &sent, &answer);

        if (this_one == LEFT_OUT) {
            left_out++;
            push(replay->left_out, origin);
            continue;
        }
        outcome = this_one;
        take_sent(replay, &sent, &answer, origin);
    }
    if (outcome != LEFT_OUT && left_out > 0) {
        push(replay->doubts,
             apr_psprintf(replay->pool, "some origins of %s are let in, and "
                          "others are not", what));
    }
    return outcome;
}

static outcome_t play_pattern(cors_replay_t *replay, const char *pattern)
{
    return play_all(replay, cors_recipe_samples(replay->pool, pattern),
                    pattern);
}

/* Origins that nothing in a recipe can mean but "all". */
static int play_any(cors_replay_t *replay)
{
    static const char *const anybody[] = {
        "https://a.invalid", "http://b.c.invalid:8080", "http://192.0.2.1",
        "app://d.invalid", NULL
    };
    apr_array_header_t *origins = apr_array_make(replay->pool, 4,
                                                 sizeof(const char *));
    int i;

    for (i = 0; anybody[i]; i++) {
        APR_ARRAY_PUSH(origins, const char *) = anybody[i];
    }
    return play_all(replay, origins, "*") != LEFT_OUT;
}

/* ------------------------------------------------------------------------
 * Origins that the recipe names
 */

/* Those of a fixed value. */
static void take_literal(cors_replay_t *replay,
                         const cors_left_header_t *header)
{
    const apr_array_header_t *origins;
    int i;

    if (!header->value || strchr(header->value, '%')
        || header->is_overridden) {
        return;
    }
    origins = cors_recipe_origins(replay->pool, header->value);
    if (!origins) {
        doubt(replay, header->directive, "its value is not an origin");
        return;
    }
    for (i = 0; i < origins->nelts; i++) {
        const char *pattern = APR_ARRAY_IDX(origins, i, const char *);

        if (strcmp(pattern, "*") != 0
            && play_pattern(replay, pattern) != LEFT_OUT) {
            push(replay->patterns, pattern);
        }
    }
}

/* How a line's variables get into Allow-Origin. */
typedef enum { NOT_USED, CONDITION_ONLY, WHOLE_MATCH, OTHERWISE } use_t;

static use_t use_of(const cors_replay_t *replay,
                    const cors_left_variable_t *variable,
                    const cors_left_header_t *header)
{
    if (header->is_overridden
        || !cors_leftover_uses(header, variable->name)) {
        return NOT_USED;
    }
    if (!header->value || !strchr(header->value, '%')) {
        return CONDITION_ONLY;
    }
    return variable->value && strcmp(variable->value, "$0") == 0
           && !apr_cstr_casecmp(header->value,
                                apr_psprintf(replay->pool, "%%{%s}e",
                                             variable->name))
           ? WHOLE_MATCH : OTHERWISE;
}

static use_t use_of_line(const cors_replay_t *replay,
                         const cors_left_variables_t *line)
{
    use_t use = NOT_USED;
    int i;
    int k;

    for (i = 0; i < replay->recipe->headers->nelts; i++) {
        for (k = 0; k < line->variables->nelts
                    && header_at(replay, i)->name == CORS_LEFT_ORIGIN; k++) {
            use_t one = use_of(replay, variable_at(line, k),
                               header_at(replay, i));

            use = one > use ? one : use;
        }
    }
    return use;
}

/* Whether all that a line matches are some origins without wildcards, each of
 * which is played. */
static int is_played(const cors_replay_t *replay,
                     const cors_left_variables_t *line)
{
    unsigned int differences;
    const apr_array_header_t *patterns =
        cors_pattern_from(replay->pool, line->regex, &differences);
    int i = 0;

    while (patterns && !differences && i < patterns->nelts
           && !strchr(APR_ARRAY_IDX(patterns, i, const char *), '*')) {
        i++;
    }
    return patterns && !differences && i == patterns->nelts;
}

/* Whether another line touches what has not been played one by one.
 * @param alike Whether one counts that does the same */
static int has_rival(const cors_replay_t *replay,
                     const cors_left_variables_t *line, int alike)
{
    int i = 0;

    while (i < replay->recipe->variables->nelts
           && (line_at(replay, i) == line
               || !cors_leftover_is_used(replay->recipe, line_at(replay, i))
               || (!alike && cors_leftover_is_alike(line, line_at(replay, i)))
               || is_played(replay, line_at(replay, i)))) {
        i++;
    }
    return i < replay->recipe->variables->nelts;
}

/* Where Allow-Origin is the match, a match that is not the whole origin lets
 * nobody in: the anchors are as good as there. */
static void name_differences(cors_replay_t *replay,
                             const cors_left_variables_t *line,
                             unsigned int differences, use_t use)
{
    if (use != WHOLE_MATCH && (differences & CORS_FROM_NO_START)) {
        differ(replay, line->directive, "also matches inside another origin: "
               "the regex has no ^");
    }
    if (use != WHOLE_MATCH && (differences & CORS_FROM_NO_END)) {
        differ(replay, line->directive, "also matches longer origins: the "
               "regex has no $");
    }
    if (use == WHOLE_MATCH && (differences & CORS_FROM_NO_END)
        && has_rival(replay, line, 1)) {
        differ(replay, line->directive, "may keep longer origins out that "
               "another line lets in: the regex has no $");
    }
    if (differences & CORS_FROM_DOT) {
        differ(replay, line->directive, "also matches other origins: a dot "
               "without a backslash is any character");
    }
    if (differences & CORS_FROM_LABEL) {
        differ(replay, line->directive, "also matches look-alikes: no dot is "
               "between .* and the domain");
    }
}

/* The environment that a line makes for an origin that nobody knows. */
static apr_table_t *environment_of(const cors_replay_t *replay,
                                   const cors_left_variables_t *line)
{
    apr_table_t *environment = apr_table_make(replay->pool, 2);
    int i;

    for (i = 0; i < line->variables->nelts; i++) {
        const cors_left_variable_t *variable = variable_at(line, i);
        const char *value = variable->value;

        if (!value) {
            continue;
        }
        if (strcmp(value, "$0") == 0
            || (strcmp(value, "$1") == 0
                && cors_regex_is_one_group(replay->pool, line->regex))) {
            value = SOME_ORIGIN;
        }
        else if (strchr(value, '$')) {
            value = UNKNOWN;
        }
        apr_table_set(environment, variable->name, value);
    }
    return environment;
}

/* The expression with a ^ where all that it can match begins so anyhow. */
static const char *with_start(apr_pool_t *pool, const char *regex)
{
    const char *text = strncmp(regex, "(?i)", 4) == 0 ? regex + 4 : regex;

    return strncmp(text, "http", 4) == 0
           ? apr_pstrcat(pool, text > regex ? "(?i)^" : "^", text, NULL)
           : regex;
}

static int has_unknown(const cors_left_sent_t *sent)
{
    int i = 0;

    while (i < CORS_LEFT_COUNT
           && !(sent->values[i] && strstr(sent->values[i], UNKNOWN))) {
        i++;
    }
    return i < CORS_LEFT_COUNT;
}

static void give_up(cors_replay_t *replay, const cors_left_variables_t *line)
{
    doubt(replay, line->directive, "which origins it matches cannot be put "
          "in other words");
}

/* A line that lets nobody in itself, and matches more than has been tried. */
static void leave_out(cors_replay_t *replay,
                      const cors_left_variables_t *line, use_t use)
{
    if (use == NOT_USED) {
        give_up(replay, line);
    }
    else {
        differ(replay, line->directive, "an exception, which the policy does "
               "not make");
    }
}

/* A regular expression that no patterns can stand for stays one. */
static void take_regex(cors_replay_t *replay,
                       const cors_left_variables_t *line, use_t use)
{
    const char *regex = use == WHOLE_MATCH
                        ? with_start(replay->pool, line->regex) : line->regex;
    const char *body = cors_regex_unanchored(replay->pool, regex);
    const apr_table_t *environment = environment_of(replay, line);
    cors_left_sent_t sent = cors_leftover_send(replay->recipe, environment);
    outcome_t outcome = outcome_of(&sent, SOME_ORIGIN);
    cors_left_sent_t answer = cors_leftover_send_error(
        &replay->answering,
        replay->answering.variables->nelts == replay->recipe->variables->nelts
        ? environment : apr_table_make(replay->pool, 1));

    if (outcome == LEFT_OUT || use == NOT_USED) {
        leave_out(replay, line, use);
        return;
    }
    if (!body || strchr(body, '"') || strstr(body, "\\\\")
        || !line->compiled || has_rival(replay, line, 0)
        || has_unknown(&sent)
        || (use == WHOLE_MATCH && !cors_regex_is_anchored(regex))) {
        give_up(replay, line);
        return;
    }
    take_sent(replay, &sent, &answer, SOME_ORIGIN);
    push(replay->regexes, body);
    /* Which the module's regular expressions are never asked about. */
    if (play_pattern(replay, "null") != LEFT_OUT) {
        push(replay->patterns, "null");
    }
}

/* A line that other headers depend on is played for what they are then. */
static void take_patterns(cors_replay_t *replay,
                          const cors_left_variables_t *line,
                          const apr_array_header_t *patterns,
                          unsigned int differences)
{
    use_t use = use_of_line(replay, line);
    int before = replay->patterns->nelts;
    int left_out = 0;
    int i;

    for (i = 0; i < patterns->nelts; i++) {
        const char *pattern = APR_ARRAY_IDX(patterns, i, const char *);

        if (play_pattern(replay, pattern) == LEFT_OUT) {
            left_out++;
        }
        else if (use != NOT_USED) {
            push(replay->patterns, pattern);
        }
    }
    if (left_out > 0 && differences) {
        leave_out(replay, line, use);
    }
    if (patterns->nelts == 0) {
        push(replay->notes,
             apr_psprintf(replay->pool, "%s: browsers send no such origin",
                          cite(replay, line->directive)));
    }
    if (replay->patterns->nelts > before && !replay->is_any) {
        name_differences(replay, line, differences, use);
    }
}

static void take_line(cors_replay_t *replay,
                      const cors_left_variables_t *line)
{
    use_t use = use_of_line(replay, line);
    const apr_array_header_t *patterns;
    unsigned int differences;

    if (!cors_leftover_is_used(replay->recipe, line)) {
        return;
    }
    if (cors_regex_is_any(replay->pool, line->regex)) {
        replay->is_any |= play_any(replay) && use != NOT_USED;
        return;
    }
    patterns = cors_pattern_from(replay->pool, line->regex, &differences);
    if (patterns) {
        take_patterns(replay, line, patterns, differences);
    }
    else {
        take_regex(replay, line, use);
    }
}

static void take_origins(cors_replay_t *replay)
{
    cors_left_sent_t sent = cors_leftover_send(
        replay->recipe, apr_table_make(replay->pool, 1));
    int i;

    if (cors_recipe_is_star(sent.values[CORS_LEFT_ORIGIN])) {
        replay->is_any = play_any(replay);
    }
    for (i = 0; i < replay->recipe->headers->nelts; i++) {
        if (header_at(replay, i)->name == CORS_LEFT_ORIGIN) {
            take_literal(replay, header_at(replay, i));
        }
    }
    for (i = 0; i < replay->recipe->variables->nelts; i++) {
        take_line(replay, line_at(replay, i));
    }
}

static int is_let_in(const cors_policy_t *policy, const char *origin)
{
    const cors_origin_entry_t *entry;

    return cors_origin_set_scope(policy->origins) == CORS_SCOPE_ANY
           || cors_origin_set_match(policy->origins, origin, strlen(origin),
                                    &entry);
}

/* Look for an origin that is let in today, and not by the policy, or the other
 * way round. */
static int compare_neighbours(cors_replay_t *replay,
                               const cors_policy_t *policy,
                               const apr_array_header_t *origins)
{
    int i;

    for (i = 0; i < origins->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(origins, i, const char *);
        cors_left_sent_t sent;
        cors_left_sent_t answer;
        int was_let_in = play(replay, origin, &sent, &answer) == LET_IN;

        if (is_let_in(policy, origin) ? !was_let_in && !replay->broken
                                      : was_let_in) {
            push(replay->differences,
                 apr_psprintf(replay->pool, was_let_in
                              ? "today it also lets in %s"
                              : "%s is not let in today", origin));
            return 1;
        }
    }
    return 0;
}

void cors_replay_compare(cors_replay_t *replay, const cors_policy_t *policy)
{
    const apr_array_header_t *patterns = replay->patterns;
    cors_left_sent_t sent;
    cors_left_sent_t answer;
    int i = 0;

    while (i < patterns->nelts
           && !compare_neighbours(replay, policy,
                                  cors_recipe_neighbours(
                                      replay->pool,
                                      APR_ARRAY_IDX(patterns, i,
                                                    const char *)))) {
        i++;
    }
    for (i = 0; i < replay->left_out->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(replay->left_out, i, const char *);

        if (is_let_in(policy, origin)) {
            push(replay->differences,
                 apr_psprintf(replay->pool, "%s is not let in today", origin));
        }
    }
    if (replay->is_any
        && play(replay, "null", &sent, &answer) == LEFT_OUT) {
        push(replay->differences, "* also lets in pages whose origin is "
             "null: sandboxed frames, local files");
    }
}

void cors_replay(cors_replay_t *replay, const cors_leftover_t *recipe)
{
    apr_pool_t *pool = recipe->pool;

    memset(replay, 0, sizeof(*replay));
    replay->pool = pool;
    replay->recipe = recipe;
    replay->answering = cors_leftover_answering(recipe);
    replay->doubts = apr_array_copy(pool, recipe->doubts);
    replay->differences = apr_array_make(pool, 2, sizeof(const char *));
    replay->notes = apr_array_copy(pool, recipe->dead);
    replay->patterns = apr_array_make(pool, 4, sizeof(const char *));
    replay->regexes = apr_array_make(pool, 1, sizeof(const char *));
    replay->left_out = apr_array_make(pool, 1, sizeof(const char *));
    check_variables(replay);
    if (replay->doubts->nelts > 0) {
        return;
    }
    take_origins(replay);
    if (replay->broken) {
        push(replay->differences, replay->broken);
    }
    if (!replay->has_sent && replay->doubts->nelts == 0) {
        push(replay->doubts, "nothing here lets an origin in: an application "
             "may");
    }
}
