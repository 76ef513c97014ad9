/* SPDX-License-Identifier: Apache-2.0 */

/* A regular expression, the first line, and origins to try, the other lines; the
 * patterns that it is turned into, against PCRE.  They are patterns; what they
 * match has a match, and what else has one is a difference that was told.  The
 * origins are those of the input, and what resembles the patterns and the
 * literals of the expression. */

#include "fuzz.h"

#include "cors_pattern_from.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* What PCRE may try before a match is given up. */
#define MAX_STEPS 100000

typedef struct claim_t {
    const char *regex;
    pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    const apr_array_header_t *patterns;
    cors_origin_set_t *set;
    unsigned int differences;
    apr_pool_t *pool;
} claim_t;

static const char *pattern_at(const claim_t *claim, int i)
{
    return APR_ARRAY_IDX(claim->patterns, i, const char *);
}

/* ------------------------------------------------------------------------
 * Origins
 */

static int is_origin(const claim_t *claim, const char *text)
{
    cors_origin_t origin;

    return strcmp(text, "null") == 0
           || cors_origin_parse(&origin, text, strlen(text))
           || (!cors_pattern_is_web(text) && !strchr(text, '*')
               && cors_pattern_is_valid(claim->pool, text));
}

static void holds_for(const claim_t *claim, const char *text)
{
    const cors_origin_entry_t *entry;
    int is_matched;
    int rv;

    if (!is_origin(claim, text)) {
        return;
    }
    is_matched = cors_origin_set_match(claim->set, text, strlen(text), &entry);
    rv = pcre2_match(claim->code, (PCRE2_SPTR)text, strlen(text), 0, 0,
                     claim->data, claim->context);
    HOLDS(rv > 0 || rv == PCRE2_ERROR_NOMATCH
          || rv == PCRE2_ERROR_MATCHLIMIT, "%s: PCRE says %d", claim->regex,
          rv);
    HOLDS(!is_matched || rv != PCRE2_ERROR_NOMATCH, "%s does not match %s",
          claim->regex, text);
    HOLDS(is_matched || rv <= 0 || claim->differences,
          "%s matches %s, and no difference is told", claim->regex, text);
}

/** With other bytes at its ends, and each byte replaced or taken out. */
static void holds_near(const claim_t *claim, const char *text)
{
    static const char *const fronts[] = { "x", "http://a.", "https://a" };
    static const char *const ends[] = { ":1", ":443", ":65535", "x", ".x",
                                        "0", "." };
    size_t i;

    holds_for(claim, text);
    for (i = 0; i < COUNT(fronts); i++) {
        holds_for(claim, apr_pstrcat(claim->pool, fronts[i], text, NULL));
    }
    for (i = 0; i < COUNT(ends); i++) {
        holds_for(claim, apr_pstrcat(claim->pool, text, ends[i], NULL));
    }
    for (i = 0; text[i]; i++) {
        char *near = apr_pstrdup(claim->pool, text);

        near[i] = 'z';
        holds_for(claim, near);
        memmove(near + i, near + i + 1, strlen(near + i));
        holds_for(claim, near);
    }
}

/** CORSAllowOrigin takes it. */
static void holds_taken(const claim_t *claim, const char *pattern)
{
    cors_policy_t policy;
    const char *message;

    memset(&policy, 0, sizeof(policy));
    message = add_line("CORSAllowOrigin", &policy, claim->pool, pattern,
                       strlen(pattern));
    HOLDS(!message, "%s: %s", claim->regex, message);
}

/** A pattern with its wildcards filled in. */
static void holds_for_pattern(const claim_t *claim, const char *pattern)
{
    static const char *const leads[] = { "", "a.", "a.b.", "a", "9-" };
    const char *host = strstr(pattern, "://");
    char *rest;
    size_t i;

    holds_taken(claim, pattern);
    if (!host) {
        holds_near(claim, pattern);
        return;
    }
    host += 3;
    rest = apr_pstrdup(claim->pool, host + (strncmp(host, "*.", 2) ? 0 : 2));
    if (ends_with_text(rest, strlen(rest), ":*", 2)) {
        rest[strlen(rest) - 2] = '\0';
    }
    for (i = 0; i < COUNT(leads); i++) {
        holds_near(claim, apr_psprintf(claim->pool, "%.*s%s%s",
                                       (int)(host - pattern), pattern,
                                       leads[i], rest));
    }
}

/** What the expression says if its special bytes say nothing, and its
 * alternatives alone. */
static void holds_for_literals(const claim_t *claim)
{
    const char *from = claim->regex;
    char *text = apr_palloc(claim->pool, strlen(from) + 1);
    char *to = text;

    for (; *from; from++) {
        if (*from == '|') {
            *to = '\0';
            holds_near(claim, text);
            to = text;
        }
        else if (!strchr("^$\\()?*+[]{}", *from)) {
            *to++ = *from;
        }
    }
    *to = '\0';
    holds_near(claim, text);
}

/* ------------------------------------------------------------------------
 * Expressions
 */

static void holds_claim(claim_t *claim, input_t *input)
{
    int i;

    HOLDS(claim->patterns->nelts <= CORS_MAX_PATTERNS_FROM, "%s: %d",
          claim->regex, claim->patterns->nelts);
    for (i = 0; i < claim->patterns->nelts; i++) {
        HOLDS(cors_origin_set_add(claim->set, pattern_at(claim, i), NULL),
              "%s: %s twice", claim->regex, pattern_at(claim, i));
    }
    for (i = 0; i < claim->patterns->nelts; i++) {
        holds_for_pattern(claim, pattern_at(claim, i));
    }
    holds_for_literals(claim);
    while (input->left) {
        holds_near(claim, take_line(input, claim->pool));
    }
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *regex = take_line(input, pool);
    claim_t claim = { regex, NULL, NULL, NULL, NULL, NULL, 0, pool };
    PCRE2_SIZE at;
    int error;

    cors_regex_is_any(pool, regex);
    cors_regex_is_one_group(pool, regex);
    cors_regex_unanchored(pool, regex);
    claim.patterns = cors_pattern_from(pool, regex, &claim.differences);
    if (!claim.patterns) {
        return;
    }
    claim.code = pcre2_compile((PCRE2_SPTR)regex, PCRE2_ZERO_TERMINATED,
                               PCRE2_DOTALL | PCRE2_DOLLAR_ENDONLY, &error,
                               &at, NULL);
    HOLDS(claim.code, "%s is no regular expression", regex);
    claim.data = pcre2_match_data_create_from_pattern(claim.code, NULL);
    claim.context = pcre2_match_context_create(NULL);
    pcre2_set_match_limit(claim.context, MAX_STEPS);
    claim.set = cors_origin_set_make(pool);
    holds_claim(&claim, input);
    pcre2_match_context_free(claim.context);
    pcre2_match_data_free(claim.data);
    pcre2_code_free(claim.code);
}
