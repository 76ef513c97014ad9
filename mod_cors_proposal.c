/* SPDX-License-Identifier: Apache-2.0 */

/* What a recipe lets in and sends, as directives. */

#include "mod_cors_proposal.h"
#include "mod_cors_replay.h"
#include "mod_cors_startup.h"

#include "apr_cstr.h"
#include "apr_strings.h"

#include "cors_recipe.h"

/* Words of one line of the policy. */
#define WORDS_PER_LINE 20

/* A proposal in the making. */
typedef struct {
    apr_pool_t *pool;
    server_rec *s;
    cors_replay_t replay;
    cors_proposal_t *proposal;
    apr_array_header_t *lines;          /* of the policy, but its origins */
    const apr_array_header_t *around;   /* of policies around it */
    apr_array_header_t *insecure;       /* patterns that are left out */
} judge_t;

static void push(apr_array_header_t *texts, const char *text)
{
    APR_ARRAY_PUSH(texts, const char *) = text;
}

static const char *cite(const judge_t *judge, const ap_directive_t *directive)
{
    return cors_startup_describe(judge->pool, directive);
}

static void differ(judge_t *judge, const ap_directive_t *directive,
                   const char *how)
{
    push(judge->replay.differences,
         apr_psprintf(judge->pool, "%s: %s", cite(judge, directive), how));
}

static int same_value(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* ------------------------------------------------------------------------
 * Preflights
 */

static int is_in_directory(const ap_directive_t *directive)
{
    const ap_directive_t *section = directive->parent;

    return !section || cors_startup_is(section, "<VirtualHost")
           || cors_startup_is(section, "<Directory")
           || cors_startup_is(section, "<DirectoryMatch");
}

/* Whether a server's rule answers by other lines of Allow-Origin than those
 * of a section: it may let more in. */
static int has_late_origins(const judge_t *judge)
{
    const cors_leftover_t *recipe = judge->replay.recipe;
    const cors_leftover_t *early = &judge->replay.answering;
    const cors_left_header_t *first = NULL;
    int i;

    for (i = 0; i < recipe->headers->nelts; i++) {
        const cors_left_header_t *header = &APR_ARRAY_IDX(recipe->headers, i,
                                                          cors_left_header_t);

        if (header->name == CORS_LEFT_ORIGIN && !header->is_late) {
            first = header;
        }
        else if (header->name == CORS_LEFT_ORIGIN
                 && early->headers->nelts < recipe->headers->nelts
                 && !(first && same_value(first->value, header->value))) {
            return 1;
        }
    }
    return 0;
}

/* What the answer of a rule lacks. */
static void compare_answer(judge_t *judge, const cors_left_rule_t *rule)
{
    int i;

    if (!judge->replay.answer.values[CORS_LEFT_ORIGIN]) {
        differ(judge, rule->directive, "no preflight passes today: its answer "
               "has no Access-Control-Allow-Origin");
        return;
    }
    for (i = CORS_LEFT_ORIGIN; i <= CORS_LEFT_MAX_AGE; i++) {
        if (i == CORS_LEFT_ORIGIN
            ? has_late_origins(judge)
            : i != CORS_LEFT_EXPOSE
              && !same_value(judge->replay.answer.values[i],
                             judge->replay.sent.values[i])) {
            differ(judge, rule->directive,
                   apr_psprintf(judge->pool, "its answer to preflights has "
                                "another %s than other responses, or none",
                                cors_leftover_name((cors_left_name_t)i)));
        }
    }
}

static void note_rule(judge_t *judge, const cors_left_rule_t *rule)
{
    if (rule->directive && !rule->is_on) {
        push(judge->replay.notes,
             apr_psprintf(judge->pool, "%s: RewriteEngine is not On",
                          cite(judge, rule->directive)));
    }
}

/* What comes behind a rule, and is asked once it is gone. */
static void compare_later(judge_t *judge, const cors_left_rule_t *rule)
{
    const cors_leftover_t *recipe = judge->replay.recipe;
    static const char how[] = "where it applies, preflights get its answer "
                              "once the rule is gone";

    if (rule != &recipe->server_rule) {
        return;
    }
    if (rule->later) {
        differ(judge, rule->later, how);
    }
    if (recipe->redirect) {
        differ(judge, recipe->redirect, how);
    }
}

/* A rule of the server that keeps a section's from being asked. */
static const ap_directive_t *find_end(const cors_leftover_t *recipe,
                                      const cors_left_rule_t *rule)
{
    return rule == &recipe->dir_rule && recipe->server_rule.is_on
           ? recipe->server_rule.ends : NULL;
}

/* @param asks Whether the policy allows what browsers ask about */
static void compare_preflights(judge_t *judge, int asks)
{
    const cors_left_rule_t *rule = cors_leftover_rule(judge->replay.recipe);
    const ap_directive_t *earlier = rule->earlier
                                    ? rule->earlier
                                    : find_end(judge->replay.recipe, rule);

    note_rule(judge, &judge->replay.recipe->server_rule);
    note_rule(judge, &judge->replay.recipe->dir_rule);
    if (!rule->directive || !rule->is_on || rule->status == 0) {
        if (asks) {
            push(judge->replay.differences, "preflights reach the handler "
                 "today, and pass only where it answers them");
        }
        return;
    }
    if (earlier) {
        differ(judge, earlier, "where it applies, preflights get its "
               "answer today");
    }
    if (rule->has_others) {
        differ(judge, rule->directive, "it answers other methods, too: leave "
               "it for those, but not for OPTIONS");
    }
    if (!is_in_directory(rule->directive)) {
        differ(judge, rule->directive, "rules are not supported in this "
               "section, and may not answer today");
    }
    if (rule->status < 200 || rule->status > 299) {
        differ(judge, rule->directive, "no preflight passes today: browsers "
               "refuse that status");
    }
    else {
        compare_answer(judge, rule);
        compare_later(judge, rule);
    }
}

/* ------------------------------------------------------------------------
 * The policy
 */

static void add_line(const judge_t *judge, apr_array_header_t *lines,
                     const char *name, const apr_array_header_t *words)
{
    const char *line = NULL;
    int i;

    for (i = 0; i < words->nelts; i++) {
        line = apr_pstrcat(judge->pool, i % WORDS_PER_LINE ? line : name, " ",
                           APR_ARRAY_IDX(words, i, const char *), NULL);
        if (i % WORDS_PER_LINE == WORDS_PER_LINE - 1
            || i == words->nelts - 1) {
            push(lines, line);
        }
    }
}

static void add_word(const judge_t *judge, apr_array_header_t *lines,
                     const char *name, const char *word)
{
    push(lines, apr_pstrcat(judge->pool, name, " ", word, NULL));
}

static void add_origins(const judge_t *judge, apr_array_header_t *lines)
{
    const cors_replay_t *replay = &judge->replay;
    int i;

    if (replay->is_any) {
        add_word(judge, lines, "CORSAllowOrigin", "*");
        return;
    }
    add_line(judge, lines, "CORSAllowOrigin", replay->patterns);
    for (i = 0; i < replay->regexes->nelts; i++) {
        add_word(judge, lines, "CORSAllowOriginMatch",
                 apr_pstrcat(judge->pool, "\"",
                             APR_ARRAY_IDX(replay->regexes, i, const char *),
                             "\"", NULL));
    }
}

/* Say what of a list is not in the policy. */
static void note_list(judge_t *judge, const cors_recipe_list_t *list,
                      cors_left_name_t name)
{
    int i;

    for (i = 0; i < list->left_out->nelts; i++) {
        push(judge->proposal->left_out, APR_ARRAY_IDX(list->left_out, i,
                                                      const char *));
    }
    if (list->dead->nelts > 0) {
        push(judge->replay.notes,
             apr_psprintf(judge->pool, "%s: never had an effect: %s",
                          cors_leftover_name(name),
                          apr_array_pstrcat(judge->pool, list->dead, ' ')));
    }
    if (list->misplaced->nelts > 0) {
        push(judge->replay.differences,
             apr_psprintf(judge->pool, "%s: left out, though pages could send "
                          "them: %s", cors_leftover_name(name),
                          apr_array_pstrcat(judge->pool, list->misplaced,
                                            ' ')));
    }
    if (list->is_malformed && name != CORS_LEFT_EXPOSE) {
        push(judge->replay.differences,
             apr_psprintf(judge->pool, "no preflight passes today: %s is not "
                          "a list with commas", cors_leftover_name(name)));
    }
}

/* Beside credentials a policy would let "*" cover requests with them, too. */
static void drop_star(judge_t *judge, cors_recipe_list_t *list,
                      cors_left_name_t name)
{
    if (cors_recipe_list_drop_star(list)) {
        push(judge->replay.differences,
             apr_psprintf(judge->pool, "%s: left out: *, which today covers "
                          "requests without credentials",
                          cors_leftover_name(name)));
    }
}

/* Browsers let "*" cover it, the module does not. */
static void note_authorization(judge_t *judge,
                               const cors_recipe_list_t *headers)
{
    int has_star = 0;
    int i;

    for (i = 0; i < headers->words->nelts; i++) {
        const char *word = APR_ARRAY_IDX(headers->words, i, const char *);

        if (apr_cstr_casecmp(word, "Authorization") == 0) {
            return;
        }
        has_star |= strcmp(word, "*") == 0;
    }
    if (has_star) {
        push(judge->replay.differences, "Access-Control-Allow-Headers: in "
             "today's browsers * covers Authorization, too; write it beside "
             "the * if pages send it");
    }
}

/* Whether the recipe's credentials are what browsers take for some. */
static int read_credentials(judge_t *judge)
{
    const char *value = judge->replay.sent.values[CORS_LEFT_CREDENTIALS];
    const char *origin = judge->replay.sent.values[CORS_LEFT_ORIGIN];

    if (!value) {
        return 0;
    }
    if (strcmp(value, "true") == 0) {
        if (judge->replay.is_any || !same_value(origin, "*")) {
            return 1;
        }
        value = "true beside *";
    }
    else if (same_value(judge->replay.sent.on_errors[CORS_LEFT_CREDENTIALS],
                        "true")) {
        push(judge->replay.differences,
             apr_psprintf(judge->pool, "%s: has an effect on errors only: %s",
                          cors_leftover_name(CORS_LEFT_CREDENTIALS), value));
        return 0;
    }
    push(judge->replay.notes,
         apr_psprintf(judge->pool, "%s: never had an effect: %s",
                      cors_leftover_name(CORS_LEFT_CREDENTIALS), value));
    return 0;
}

static void add_max_age(judge_t *judge)
{
    const char *value = judge->replay.sent.values[CORS_LEFT_MAX_AGE];
    const char *seconds = value ? cors_recipe_max_age(judge->pool, value)
                                : NULL;

    if (seconds) {
        add_word(judge, judge->lines, "CORSMaxAge", seconds);
    }
    else if (value) {
        push(judge->replay.notes,
             apr_psprintf(judge->pool, "%s: never had an effect: %s",
                          cors_leftover_name(CORS_LEFT_MAX_AGE), value));
    }
}

/* The Timing-Allow-Origin of responses to an origin, "" for none. */
static const char *timing_for(const judge_t *judge, const char *origin)
{
    const cors_leftover_t *recipe = judge->replay.recipe;

    return cors_leftover_send(recipe,
                              cors_leftover_environment(recipe, origin))
           .values[CORS_LEFT_TIMING];
}

/* Whether an origin that may not read may time. */
static int times_others(const judge_t *judge)
{
    const apr_array_header_t *origins = judge->replay.left_out;
    int i;

    for (i = 0; i < origins->nelts; i++) {
        const char *origin = APR_ARRAY_IDX(origins, i, const char *);
        const char *timing = timing_for(judge, origin);

        if (timing && (strcmp(timing, "*") == 0
                       || strcmp(timing, origin) == 0)) {
            return 1;
        }
    }
    return 0;
}

/* The word that has the same Timing-Allow-Origin sent, to images without an
 * Origin, too; NULL if none does. */
static const char *timing_word(const judge_t *judge)
{
    const cors_replay_t *replay = &judge->replay;
    const char *without_origin = timing_for(judge, "");

    if (!replay->is_timed || times_others(judge)) {
        return NULL;
    }
    if (replay->is_any) {
        return same_value(without_origin, "*") ? "On" : NULL;
    }
    if (!without_origin) {
        return "On";
    }
    return replay->patterns->nelts == 1 && replay->regexes->nelts == 0
           && strcmp(without_origin, "null") != 0
           && same_value(without_origin, APR_ARRAY_IDX(replay->patterns, 0,
                                                       const char *))
           ? "List" : NULL;
}

static void add_timing(judge_t *judge)
{
    const char *word = timing_word(judge);

    if (word) {
        add_word(judge, judge->lines, "CORSTimingAllowOrigin", word);
    }
    else if (judge->replay.sent.values[CORS_LEFT_TIMING]
             || timing_for(judge, "") || times_others(judge)) {
        push(judge->replay.notes, "Timing-Allow-Origin may stay: the "
             "policy does not touch it");
    }
}

/* Whether a regular expression matches https origins only. */
static int is_https_only(const char *regex)
{
    static const char https[] = "https://";

    regex += strncmp(regex, "(?i)", 4) == 0 ? 4 : 0;
    while (*regex == '(' && !strstr(regex, ")?") && !strstr(regex, ")*")
           && !strstr(regex, "){")) {
        regex++;
    }
    return strncmp(regex, https, sizeof(https) - 1) == 0
           && !strstr(regex + sizeof(https) - 1, "://")
           && !strchr(regex, '|');
}

/* With credentials, an insecure origin is refused even if it is matched. */
static void compare_regexes(judge_t *judge)
{
    const apr_array_header_t *regexes = judge->replay.regexes;
    int i = 0;

    while (i < regexes->nelts
           && is_https_only(APR_ARRAY_IDX(regexes, i, const char *))) {
        i++;
    }
    if (i < regexes->nelts) {
        push(judge->replay.differences, "left out, as insecure with "
             "credentials: http origins that CORSAllowOriginMatch matches");
    }
}

static int has_line(const apr_array_header_t *lines, const char *name)
{
    apr_size_t len = strlen(name);
    int i = 0;

    while (i < lines->nelts
           && (strncmp(APR_ARRAY_IDX(lines, i, const char *), name, len) != 0
               || APR_ARRAY_IDX(lines, i, const char *)[len] != ' ')) {
        i++;
    }
    return i < lines->nelts;
}

/* What the policies around this one have, and this one has not, it would
 * inherit from them. */
static void add_resets(judge_t *judge)
{
    static const struct {
        const char *name;
        const char *value;
    } resets[] = {
        { "CORSAllowMethods", "GET HEAD POST" },
        { "CORSAllowHeaders", "none" }, { "CORSExposeHeaders", "none" },
        { "CORSAllowCredentials", "Off" },
        { "CORSMaxAge", "5" },      /* as browsers have it without one */
        { "CORSTimingAllowOrigin", "Off" }
    };
    apr_size_t i;

    for (i = 0; i < sizeof(resets) / sizeof(*resets); i++) {
        if (has_line(judge->around, resets[i].name)
            && !has_line(judge->lines, resets[i].name)) {
            add_word(judge, judge->lines, resets[i].name, resets[i].value);
        }
    }
}

static void add_policy(judge_t *judge)
{
    const cors_left_sent_t *sent = &judge->replay.sent;
    int has_credentials = read_credentials(judge);
    cors_recipe_list_t methods;
    cors_recipe_list_t headers;
    cors_recipe_list_t exposed;

    cors_recipe_methods(&methods, judge->pool,
                        sent->values[CORS_LEFT_METHODS]);
    cors_recipe_request_headers(&headers, judge->pool,
                                sent->values[CORS_LEFT_HEADERS]);
    cors_recipe_response_headers(&exposed, judge->pool,
                                 sent->values[CORS_LEFT_EXPOSE]);
    if (has_credentials) {
        drop_star(judge, &methods, CORS_LEFT_METHODS);
        drop_star(judge, &headers, CORS_LEFT_HEADERS);
        drop_star(judge, &exposed, CORS_LEFT_EXPOSE);
    }
    else {
        cors_recipe_list_star_covers(&methods);
        cors_recipe_list_star_covers(&exposed);
    }
    add_line(judge, judge->lines, "CORSAllowMethods", methods.words);
    add_line(judge, judge->lines, "CORSAllowHeaders", headers.words);
    add_line(judge, judge->lines, "CORSExposeHeaders", exposed.words);
    if (has_credentials) {
        add_word(judge, judge->lines, "CORSAllowCredentials", "On");
        compare_regexes(judge);
    }
    add_max_age(judge);
    add_timing(judge);
    add_resets(judge);
    note_list(judge, &methods, CORS_LEFT_METHODS);
    note_list(judge, &headers, CORS_LEFT_HEADERS);
    note_authorization(judge, &headers);
    note_list(judge, &exposed, CORS_LEFT_EXPOSE);
    compare_preflights(judge, cors_recipe_needs_methods(&methods)
                              || headers.words->nelts > 0);
}

/* ------------------------------------------------------------------------
 * Whether httpd would take it
 */

static const char *unsafe_text(cors_unsafe_t unsafe)
{
    switch (unsafe) {
    case CORS_UNSAFE_ANY_ORIGIN:
    case CORS_UNSAFE_MATCH_ALL:
        return "with credentials, it would let in any origin";
    case CORS_UNSAFE_NULL:
        return "with credentials, it would let in the origin null";
    case CORS_UNSAFE_INSECURE_ORIGIN:
        return "with credentials, it would let in an insecure origin";
    case CORS_UNSAFE_PUBLIC_SUFFIX:
        return "with credentials, it would let in all domains under a public "
               "suffix";
    default:
        return "with credentials, the module would refuse it";
    }
}

/* Have httpd read the lines, as if they stood in a .htaccess file, for which
 * directive functions take nothing down. */
static const char *compile(const judge_t *judge,
                           const apr_array_header_t *lines,
                           cors_policy_t **policy)
{
    ap_conf_vector_t *section = ap_create_per_dir_config(judge->pool);
    ap_directive_t *directives = apr_pcalloc(judge->pool,
                                             ((apr_size_t)lines->nelts + 1)
                                             * sizeof(*directives));
    cmd_parms parms = { 0 };
    const char *message;
    int i;

    for (i = 0; i < lines->nelts; i++) {
        const char *line = APR_ARRAY_IDX(lines, i, const char *);
        apr_size_t len = strcspn(line, " ");

        directives[i].directive = apr_pstrmemdup(judge->pool, line, len);
        directives[i].args = line + len + 1;
        directives[i].filename = "proposal";
        directives[i].line_num = i + 1;
        directives[i].next = i + 1 < lines->nelts ? &directives[i + 1] : NULL;
    }
    parms.override = OR_ALL | RSRC_CONF | ACCESS_CONF;
    parms.limited = -1;
    parms.pool = parms.temp_pool = judge->pool;
    parms.server = judge->s;
    message = ap_walk_config(directives, &parms, section);
    *policy = ap_get_module_config(section, &cors_module);
    return message;
}

/* Take a pattern out that credentials make unsafe.  Returns 0 if nothing
 * would be left. */
static int drop(judge_t *judge, const char *pattern)
{
    apr_array_header_t *patterns = judge->replay.patterns;
    int i = 0;

    while (i < patterns->nelts
           && strcmp(APR_ARRAY_IDX(patterns, i, const char *),
                     pattern) != 0) {
        i++;
    }
    if (i == patterns->nelts
        || patterns->nelts + judge->replay.regexes->nelts == 1) {
        return 0;
    }
    for (; i + 1 < patterns->nelts; i++) {
        APR_ARRAY_IDX(patterns, i, const char *) =
            APR_ARRAY_IDX(patterns, i + 1, const char *);
    }
    apr_array_pop(patterns);
    push(judge->insecure, pattern);
    return 1;
}

/* The first reason why httpd would not start with the policy; NULL if it
 * would, and then the lines are the proposal's. */
static const char *settle(judge_t *judge)
{
    const cors_origin_entry_t *entry;
    cors_unsafe_t unsafe;
    cors_policy_t *policy;
    apr_array_header_t *lines;

    do {
        const char *message;

        lines = apr_array_make(judge->pool, 8, sizeof(const char *));
        add_origins(judge, lines);
        apr_array_cat(lines, judge->lines);
        message = compile(judge, lines, &policy);
        if (message) {
            return message;
        }
        cors_policy_probe_regexes(policy, judge->pool);
        unsafe = cors_policy_find_unsafe(policy, &entry);
    } while (unsafe == CORS_UNSAFE_INSECURE_ORIGIN
             && drop(judge, entry->pattern));
    if (unsafe != CORS_UNSAFE_NONE) {
        return apr_pstrcat(judge->pool, unsafe_text(unsafe),
                           entry ? ": " : NULL, entry ? entry->pattern : NULL,
                           NULL);
    }
    if (judge->insecure->nelts > 0) {
        push(judge->replay.differences,
             apr_psprintf(judge->pool, "left out, as insecure with "
                          "credentials: %s",
                          apr_array_pstrcat(judge->pool, judge->insecure,
                                            ' ')));
    }
    cors_replay_compare(&judge->replay, policy);
    judge->proposal->lines = lines;
    return NULL;
}

void cors_proposal_make(cors_proposal_t *proposal,
                        const cors_leftover_t *recipe,
                        const apr_array_header_t *around, server_rec *s)
{
    judge_t judge = { 0 };
    const char *refusal = NULL;

    judge.pool = recipe->pool;
    judge.s = s;
    judge.proposal = proposal;
    judge.lines = apr_array_make(judge.pool, 8, sizeof(const char *));
    judge.insecure = apr_array_make(judge.pool, 1, sizeof(const char *));
    judge.around = around;
    proposal->left_out = apr_array_make(judge.pool, 2, sizeof(const char *));
    proposal->lines = apr_array_make(judge.pool, 1, sizeof(const char *));
    cors_replay(&judge.replay, recipe);
    if (judge.replay.doubts->nelts == 0) {
        add_policy(&judge);
        refusal = settle(&judge);
    }
    if (refusal) {
        push(judge.replay.doubts, refusal);
    }
    proposal->doubts = judge.replay.doubts;
    proposal->differences = judge.replay.differences;
    proposal->notes = judge.replay.notes;
}
