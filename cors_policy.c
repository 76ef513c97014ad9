/* SPDX-License-Identifier: Apache-2.0 */

/* Policies: the table of directives, merging, compiling, what is unsafe. */

#include "cors_policy.h"
#include "cors_diagnose.h"
#include "cors_regex.h"
#include "cors_text.h"

#include <stddef.h>

#include <apr_strings.h>

/* ------------------------------------------------------------------------
 * Policies
 */

#define WORD_SIZE sizeof(cors_keyword_t)

/* Merging goes word by word. */
typedef char a_policy_consists_of_words[
    sizeof(cors_policy_t) % WORD_SIZE == 0
    && sizeof(const void *) == WORD_SIZE ? 1 : -1];

void cors_policy_merge(cors_policy_t *merged, const cors_policy_t *outer,
                       const cors_policy_t *inner)
{
    apr_size_t at;

    for (at = 0; at < sizeof(*merged); at += WORD_SIZE) {
        cors_keyword_t word;

        memcpy(&word, (const char *)inner + at, WORD_SIZE);
        if (!word) {
            memcpy(&word, (const char *)outer + at, WORD_SIZE);
        }
        memcpy((char *)merged + at, &word, WORD_SIZE);
    }
}

int cors_policy_says_anything(const cors_policy_t *policy)
{
    return policy->origins || policy->engine == CORS_OFF;
}

int cors_policy_is_active(const cors_policy_t *policy)
{
    return policy->origins && policy->engine <= CORS_ON;
}

int cors_policy_decides(const cors_policy_t *policy)
{
    return policy->origins && policy->engine != CORS_OFF;
}

int cors_policy_is_closed(const cors_policy_t *policy)
{
    return policy->origins
           && cors_origin_set_scope(policy->origins) == CORS_SCOPE_NONE;
}

int cors_policy_echoes_any(const cors_policy_t *policy)
{
    return policy->credentials == CORS_ON
           && policy->dangers & CORS_DANGER_ANY_ORIGIN
           && cors_origin_set_scope(policy->origins) == CORS_SCOPE_ANY
           && cors_origin_set_accepts_any(policy->origins);
}

/* ------------------------------------------------------------------------
 * Compiling
 */

static cors_origin_set_t *origins_get(cors_policy_t *policy, apr_pool_t *pool)
{
    if (!policy->origins) {
        policy->origins = cors_origin_set_make(pool);
    }
    return policy->origins;
}

/* Admit one more value to the origins, or say why not. */
static const char *origins_admit(cors_policy_t *policy, apr_pool_t *pool,
                                 unsigned int named, const char *word)
{
    return cors_origin_set_admit(origins_get(policy, pool), named)
           ? NULL
           : cors_refuse(pool, word, "* or none must be the only value; a "
                         "section has one of them, or patterns");
}

/* The section accepts the danger of its own "*", in whichever order. */
static void settle_any_origin(cors_policy_t *policy)
{
    if (policy->origins && policy->dangers & CORS_DANGER_ANY_ORIGIN
        && cors_origin_set_scope(policy->origins) == CORS_SCOPE_ANY) {
        cors_origin_set_accept_any(policy->origins);
    }
}

static const char *add_origin(cors_policy_t *policy, apr_pool_t *pool,
                              const char *word,
                              cors_public_suffix_fn *is_public_suffix)
{
    unsigned int named = strcmp(word, "*") == 0 ? CORS_NAMED_ANY
                         : strcmp(word, "none") == 0 ? CORS_NAMED_NONE
                         : CORS_NAMED_WORDS;
    const char *message = origins_admit(policy, pool, named, word);

    if (!message && named == CORS_NAMED_WORDS
        && !cors_origin_set_add(policy->origins, word, is_public_suffix)) {
        message = cors_pattern_diagnose(pool, word, is_public_suffix);
    }
    return message;
}

const char *cors_policy_add_origins(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[],
                                    cors_public_suffix_fn *is_public_suffix)
{
    const char *message = NULL;
    int i;

    for (i = 0; i < argc && !message; i++) {
        message = add_origin(policy, pool, argv[i], is_public_suffix);
    }
    settle_any_origin(policy);
    return message;
}

const char *cors_policy_add_origin_regex(
    cors_policy_t *policy, apr_pool_t *pool, const char *pattern,
    const void *regex, cors_regex_match_fn *match,
    cors_public_suffix_fn *is_public_suffix)
{
    const char *message;

    if (!regex) {
        return cors_refuse(pool, pattern, "is not a valid regular expression "
                           "(PCRE) by itself");
    }
    message = origins_admit(policy, pool, CORS_NAMED_WORDS, pattern);
    if (!message) {
        cors_origin_set_add_regex(policy->origins, pattern, regex, match,
                                  is_public_suffix);
    }
    return message;
}

void cors_policy_probe_regexes(cors_policy_t *policy, apr_pool_t *pool)
{
    const apr_array_header_t *regexes =
        policy->origins ? cors_origin_set_regexes(policy->origins) : NULL;
    int i;

    for (i = 0; regexes && i < regexes->nelts; i++) {
        cors_origin_entry_t *entry = APR_ARRAY_IDX(regexes, i,
                                                   cors_origin_entry_t *);

        if (!entry->regex->is_probed) {
            cors_regex_probe(entry, cors_origin_set_suffixes(policy->origins),
                             pool);
        }
    }
}

static const char *add_methods(cors_policy_t *policy, apr_pool_t *pool,
                               int argc, char *const argv[])
{
    if (!policy->methods) {
        policy->methods = cors_method_set_make(pool);
    }
    return cors_method_set_add(policy->methods, argc, argv);
}

static const char *add_allow_headers(cors_policy_t *policy, apr_pool_t *pool,
                                     int argc, char *const argv[])
{
    if (!policy->allow_headers) {
        policy->allow_headers = cors_name_set_make_request(pool);
    }
    return cors_name_set_add(policy->allow_headers, argc, argv);
}

static const char *add_expose_headers(cors_policy_t *policy,
                                      apr_pool_t *pool, int argc,
                                      char *const argv[])
{
    if (!policy->expose_headers) {
        policy->expose_headers = cors_name_set_make_response(pool);
    }
    return cors_name_set_add(policy->expose_headers, argc, argv);
}

static const char *set_max_age(cors_policy_t *policy, apr_pool_t *pool,
                               int argc, char *const argv[])
{
    static const struct {
        const char *name;
        unsigned int seconds;
    } units[] = {
        { "", 1 }, { "s", 1 }, { "min", 60 }, { "h", 3600 }, { "d", 86400 }
    };
    const char *word = argv[0];
    apr_size_t digits = text_span(word, strlen(word), CORS_DIGIT);
    apr_size_t unit = 0;
    apr_uint64_t seconds = 0;
    apr_size_t i;

    if (word[0] == '-') {
        return cors_correct(pool, word, "no browser understands a negative "
                            "age; 0 turns caching off", "0");
    }
    while (unit < sizeof(units) / sizeof(units[0])
           && strcmp(word + digits, units[unit].name) != 0) {
        unit++;
    }
    if (digits == 0 || unit == sizeof(units) / sizeof(units[0])) {
        return cors_refuse(pool, word, "is not a duration; write seconds, or "
                           "a whole number followed by s, min, h or d");
    }
    for (i = 0; i < digits && seconds <= CORS_MAX_AGE; i++) {
        seconds = seconds * 10 + (apr_uint64_t)(word[i] - '0');
    }
    seconds *= units[unit].seconds;
    if (seconds > CORS_MAX_AGE) {
        return cors_correct(pool, word, "no browser keeps an answer longer "
                            "than a day", APR_STRINGIFY(CORS_MAX_AGE));
    }
    policy->max_age = apr_psprintf(pool, "%u", (unsigned int)seconds);
    return NULL;
}

/* ------------------------------------------------------------------------
 * Keywords
 */

static const cors_choice_t switches[] = {
    { "On", CORS_ON }, { "Off", CORS_OFF }, { NULL, 0 }
};

static const cors_choice_t engines[] = {
    { "On", CORS_ON }, { "Off", CORS_OFF }, { "ReportOnly", CORS_REPORT_ONLY },
    { NULL, 0 }
};

static const cors_choice_t preflights[] = {
    { "answer", CORS_PREFLIGHT_ANSWER }, { "early", CORS_PREFLIGHT_EARLY },
    { "pass", CORS_PREFLIGHT_PASS }, { NULL, 0 }
};

static const cors_choice_t statuses[] = {
    { "204", 204 }, { "200", 200 }, { NULL, 0 }
};

static const cors_choice_t backends[] = {
    { "replace", CORS_BACKEND_REPLACE }, { "keep", CORS_BACKEND_KEEP },
    { NULL, 0 }
};

static const cors_choice_t timings[] = {
    { "On", CORS_TIMING_ON }, { "Off", CORS_TIMING_OFF },
    { "List", CORS_TIMING_LIST }, { "*", CORS_TIMING_ANY }, { NULL, 0 }
};

static const cors_choice_t dangers[] = {
    { "none", CORS_DANGER_NONE },
    { "insecure-origins", CORS_DANGER_INSECURE_ORIGINS },
    { "public-suffixes", CORS_DANGER_PUBLIC_SUFFIXES },
    { "any-origin", CORS_DANGER_ANY_ORIGIN }, { NULL, 0 }
};

/* The value of a word, 0 if it is none of the choices. */
static cors_keyword_t choice_value(const cors_choice_t *choice,
                                   const char *word)
{
    while (choice->word && apr_cstr_casecmp(word, choice->word) != 0) {
        choice++;
    }
    return choice->value;
}

/* "write A, B or C" */
static const char *refuse_choice(apr_pool_t *pool, const char *word,
                                 const cors_choice_t *choice)
{
    const char *text = apr_pstrcat(pool, "write ", choice->word, NULL);

    for (choice++; choice->word; choice++) {
        text = apr_pstrcat(pool, text, choice[1].word ? ", " : " or ",
                           choice->word, NULL);
    }
    return cors_refuse(pool, word, text);
}

static const char *add_dangers(cors_policy_t *policy, apr_pool_t *pool,
                               int argc, char *const argv[])
{
    int i;

    for (i = 0; i < argc; i++) {
        cors_keyword_t value = choice_value(dangers, argv[i]);

        if (!value) {
            return refuse_choice(pool, argv[i], dangers);
        }
        if (cors_values_clash(policy->dangers, value, CORS_DANGER_NONE)) {
            return cors_refuse(pool, argv[i], "none must be the only value");
        }
        policy->dangers |= value;
    }
    settle_any_origin(policy);
    return NULL;
}

/* ------------------------------------------------------------------------
 * Words
 */

static void push(apr_array_header_t *words, const char *word)
{
    APR_ARRAY_PUSH(words, const char *) = word;
}

/* The patterns of the origins that are regular expressions, or are not. */
static void push_patterns(const cors_policy_t *policy, int is_regex,
                          apr_array_header_t *words)
{
    const apr_array_header_t *entries =
        policy->origins ? cors_origin_set_entries(policy->origins) : NULL;
    int i;

    for (i = 0; entries && i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);

        if ((int)entry->is_regex == is_regex) {
            push(words, entry->pattern);
        }
    }
}

static void origin_words(const cors_policy_t *policy,
                         apr_array_header_t *words)
{
    cors_origin_scope_t scope = policy->origins
                                ? cors_origin_set_scope(policy->origins)
                                : CORS_SCOPE_LISTED;

    if (scope == CORS_SCOPE_ANY || scope == CORS_SCOPE_NONE) {
        push(words, scope == CORS_SCOPE_ANY ? "*" : "none");
    }
    push_patterns(policy, 0, words);
}

static void regex_words(const cors_policy_t *policy,
                        apr_array_header_t *words)
{
    push_patterns(policy, 1, words);
}

static void method_words(const cors_policy_t *policy,
                         apr_array_header_t *words)
{
    if (policy->methods) {
        cors_method_set_words(policy->methods, words);
    }
}

static void allow_header_words(const cors_policy_t *policy,
                               apr_array_header_t *words)
{
    if (policy->allow_headers) {
        cors_name_set_words(policy->allow_headers, words);
    }
}

static void expose_header_words(const cors_policy_t *policy,
                                apr_array_header_t *words)
{
    if (policy->expose_headers) {
        cors_name_set_words(policy->expose_headers, words);
    }
}

static void max_age_words(const cors_policy_t *policy,
                          apr_array_header_t *words)
{
    if (policy->max_age) {
        push(words, policy->max_age);
    }
}

static void danger_words(const cors_policy_t *policy,
                         apr_array_header_t *words)
{
    const cors_choice_t *choice;

    for (choice = dangers; choice->word; choice++) {
        if (policy->dangers & choice->value) {
            push(words, choice->word);
        }
    }
}

/* ------------------------------------------------------------------------
 * Directives
 */

#define FIELD(name) offsetof(cors_policy_t, name)

const cors_directive_t cors_directives[] = {
    { "CORSEngine", FIELD(engine), engines, NULL, NULL },
    { "CORSAllowOrigin", FIELD(origins), NULL, NULL, origin_words },
    { "CORSAllowOriginMatch", FIELD(origins), NULL, NULL, regex_words },
    { "CORSAllowMethods", FIELD(methods), NULL, add_methods, method_words },
    { "CORSAllowHeaders", FIELD(allow_headers), NULL, add_allow_headers,
      allow_header_words },
    { "CORSExposeHeaders", FIELD(expose_headers), NULL, add_expose_headers,
      expose_header_words },
    { "CORSAllowCredentials", FIELD(credentials), switches, NULL, NULL },
    { "CORSMaxAge", FIELD(max_age), NULL, set_max_age, max_age_words },
    { "CORSPreflight", FIELD(preflight), preflights, NULL, NULL },
    { "CORSPreflightStatus", FIELD(preflight_status), statuses, NULL, NULL },
    { "CORSBackendHeaders", FIELD(backend_headers), backends, NULL, NULL },
    { "CORSTimingAllowOrigin", FIELD(timing_allow_origin), timings, NULL,
      NULL },
    { "CORSForwardOrigin", FIELD(forward_origin), switches, NULL, NULL },
    { "CORSDebug", FIELD(debug), switches, NULL, NULL },
    { "CORSDangerouslyAllow", FIELD(dangers), NULL, add_dangers,
      danger_words },
    { "CORSStatus", FIELD(status), switches, NULL, NULL },
    { NULL, 0, NULL, NULL, NULL }
};

const cors_directive_t *cors_directive_find(const char *name)
{
    const cors_directive_t *directive = cors_directives;

    while (directive->name && apr_cstr_casecmp(directive->name, name) != 0) {
        directive++;
    }
    return directive->name ? directive : NULL;
}

const char *cors_policy_add(cors_policy_t *policy,
                            const cors_directive_t *directive,
                            apr_pool_t *pool, int argc, char *const argv[])
{
    cors_keyword_t value;

    if (directive->compile) {
        return directive->compile(policy, pool, argc, argv);
    }
    value = choice_value(directive->choices, argv[0]);
    if (!value) {
        return refuse_choice(pool, argv[0], directive->choices);
    }
    *(cors_keyword_t *)(void *)((char *)policy + directive->offset) = value;
    return NULL;
}

const apr_array_header_t *
cors_policy_words(const cors_policy_t *policy,
                  const cors_directive_t *directive, apr_pool_t *pool)
{
    apr_array_header_t *words = apr_array_make(pool, 4, sizeof(const char *));
    const cors_choice_t *choice = directive->choices;
    cors_keyword_t value;

    if (directive->words) {
        directive->words(policy, words);
        return words;
    }
    memcpy(&value, (const char *)policy + directive->offset, sizeof(value));
    for (; choice->word; choice++) {
        if (choice->value == value) {
            push(words, choice->word);
        }
    }
    return words;
}

/* ------------------------------------------------------------------------
 * What is unsafe
 */

/* The regular expression that matches any origin, NULL if none does. */
static const cors_origin_entry_t *find_match_all(const cors_policy_t *policy)
{
    const apr_array_header_t *regexes =
        cors_origin_set_regexes(policy->origins);
    int i;

    for (i = 0; regexes && i < regexes->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(regexes, i, const cors_origin_entry_t *);

        if (cors_regex_is_match_all(entry)) {
            return entry;
        }
    }
    return NULL;
}

cors_unsafe_t cors_policy_unsafe(const cors_policy_t *policy)
{
    cors_origin_scope_t scope;

    if (policy->credentials != CORS_ON) {
        return CORS_UNSAFE_NONE;
    }
    scope = cors_origin_set_scope(policy->origins);
    if (scope == CORS_SCOPE_ANY && !cors_policy_echoes_any(policy)) {
        return CORS_UNSAFE_ANY_ORIGIN;
    }
    if (scope == CORS_SCOPE_REGEXES && find_match_all(policy)) {
        return CORS_UNSAFE_MATCH_ALL;
    }
    return CORS_UNSAFE_NONE;
}

cors_unsafe_t cors_policy_entry_unsafe(const cors_policy_t *policy,
                                       const cors_origin_entry_t *entry,
                                       int is_insecure, int spans)
{
    if (policy->credentials != CORS_ON) {
        return CORS_UNSAFE_NONE;
    }
    if (entry->is_null) {
        return CORS_UNSAFE_NULL;
    }
    if (is_insecure && !(policy->dangers & CORS_DANGER_INSECURE_ORIGINS)) {
        return strcmp(entry->pattern, "file://") == 0
               ? CORS_UNSAFE_FILE : CORS_UNSAFE_INSECURE_ORIGIN;
    }
    if (spans && !(policy->dangers & CORS_DANGER_PUBLIC_SUFFIXES)) {
        return CORS_UNSAFE_PUBLIC_SUFFIX;
    }
    return CORS_UNSAFE_NONE;
}

cors_unsafe_t cors_policy_find_unsafe(const cors_policy_t *policy,
                                      const cors_origin_entry_t **entry)
{
    const apr_array_header_t *entries;
    cors_unsafe_t unsafe;
    int i;

    *entry = NULL;
    if (!cors_policy_decides(policy)) {
        return CORS_UNSAFE_NONE;
    }
    unsafe = cors_policy_unsafe(policy);
    if (unsafe == CORS_UNSAFE_MATCH_ALL) {
        *entry = find_match_all(policy);
    }
    entries = cors_origin_set_entries(policy->origins);
    for (i = 0; unsafe == CORS_UNSAFE_NONE && entries && i < entries->nelts;
         i++) {
        const cors_origin_entry_t *listed =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);

        unsafe = cors_policy_entry_unsafe(policy, listed,
                                          listed->is_insecure,
                                          listed->is_public_suffix);
        if (unsafe != CORS_UNSAFE_NONE) {
            *entry = listed;
        }
    }
    return unsafe;
}

/* ------------------------------------------------------------------------
 * Timing-Allow-Origin
 */

const char *cors_policy_timing_list(const cors_policy_t *policy,
                                    apr_pool_t *pool)
{
    const apr_array_header_t *entries =
        cors_origin_set_entries(policy->origins);
    apr_array_header_t *origins;
    int i;

    if (!entries || entries->nelts > CORS_MAX_TIMING_ORIGINS
        || cors_policy_unsafe(policy) != CORS_UNSAFE_NONE) {
        return NULL;
    }
    origins = apr_array_make(pool, entries->nelts, sizeof(const char *));
    for (i = 0; i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);

        if (!entry->is_regex && !entry->is_null
            && !strchr(entry->pattern, '*')
            && cors_policy_entry_unsafe(policy, entry, entry->is_insecure, 0)
               == CORS_UNSAFE_NONE) {
            push(origins, entry->pattern);
        }
    }
    return origins->nelts > 0 ? apr_array_pstrcat(pool, origins, ',') : NULL;
}
