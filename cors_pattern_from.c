/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A regular expression is expanded into all the texts that it can match, in
 * which a few bytes stand for what has no single text: ".*", digits, anchors.
 * Then each text is read as a pattern.  Expressions that use anything else are
 * given up.
 */

#include "cors_pattern_from.h"
#include "cors_set.h"
#include "cors_text.h"

#include <apr_strings.h>

/* Bytes of an expanded text that are no literals. */
#define ANY    '\1'             /* . or [^/] */
#define STAR   '\2'             /* any number of these */
#define PLUS   '\3'             /* at least one */
#define DIGIT  '\4'             /* \d or [0-9] */
#define DIGITS '\5'             /* as many as a port may have */
#define START  '\6'             /* ^ */
#define END    '\7'             /* $ */
#define LAST_MARK END

/* ------------------------------------------------------------------------
 * Texts
 */

typedef struct {
    apr_pool_t *pool;
    const char *at;             /* what is still to be read */
    int ignores_case;
    int has_lazy;               /* a wildcard that matches as little as it can */
    int has_failed;
} reader_t;

static apr_array_header_t *texts_make(apr_pool_t *pool, const char *text)
{
    apr_array_header_t *texts = apr_array_make(pool, 2, sizeof(const char *));

    if (text) {
        APR_ARRAY_PUSH(texts, const char *) = text;
    }
    return texts;
}

static const char *text_at(const apr_array_header_t *texts, int i)
{
    return APR_ARRAY_IDX(texts, i, const char *);
}

static void texts_add(reader_t *reader, apr_array_header_t *texts,
                      const apr_array_header_t *others)
{
    apr_array_cat(texts, others);
    reader->has_failed |= texts->nelts > CORS_MAX_PATTERNS_FROM;
}

/* Each of the texts followed by each of the others. */
static apr_array_header_t *texts_join(reader_t *reader,
                                      const apr_array_header_t *texts,
                                      const apr_array_header_t *others)
{
    apr_array_header_t *joined = texts_make(reader->pool, NULL);
    int i;
    int k;

    if (texts->nelts * others->nelts > CORS_MAX_PATTERNS_FROM) {
        reader->has_failed = 1;
        return joined;
    }
    for (i = 0; i < texts->nelts; i++) {
        for (k = 0; k < others->nelts; k++) {
            APR_ARRAY_PUSH(joined, const char *) =
                apr_pstrcat(reader->pool, text_at(texts, i),
                            text_at(others, k), NULL);
        }
    }
    return joined;
}

/* ------------------------------------------------------------------------
 * Reading
 */

static apr_array_header_t *read_alternatives(reader_t *reader);

/* Go past a text if it is what comes next. */
static int skip(reader_t *reader, const char *text)
{
    apr_size_t len = strlen(text);

    if (strncmp(reader->at, text, len) != 0) {
        return 0;
    }
    reader->at += len;
    return 1;
}

static apr_array_header_t *one_byte(const reader_t *reader, char byte)
{
    if (reader->ignores_case && text_is(byte, CORS_UPPER)) {
        byte |= 0x20;
    }
    return texts_make(reader->pool, apr_pstrmemdup(reader->pool, &byte, 1));
}

static apr_array_header_t *read_fails(reader_t *reader)
{
    reader->has_failed = 1;
    return texts_make(reader->pool, NULL);
}

/* After "(". */
static apr_array_header_t *read_group(reader_t *reader)
{
    apr_array_header_t *texts;

    if (!skip(reader, "?:") && strchr("?*", *reader->at)) {
        return read_fails(reader);
    }
    texts = read_alternatives(reader);
    if (!skip(reader, ")")) {
        return read_fails(reader);
    }
    return texts;
}

/* After "[": a class of one byte, or one that has a mark. */
static apr_array_header_t *read_class(reader_t *reader)
{
    char byte = *reader->at;

    if (skip(reader, "0-9]")) {
        return one_byte(reader, DIGIT);
    }
    if (skip(reader, "^/]") || skip(reader, "^\\/]")) {
        return one_byte(reader, ANY);
    }
    if (skip(reader, "\\.]")) {
        return one_byte(reader, '.');
    }
    if (byte <= ' ' || strchr("*^]\\", byte) || reader->at[1] != ']') {
        return read_fails(reader);
    }
    reader->at += 2;
    return one_byte(reader, byte);
}

/* After "\". */
static apr_array_header_t *read_escape(reader_t *reader)
{
    char byte = *reader->at;

    if (byte == 'd') {
        reader->at++;
        return one_byte(reader, DIGIT);
    }
    if (byte <= ' ' || byte >= 0x7f || byte == '*'
        || text_is(byte, CORS_LABEL | CORS_UPPER)) {
        return read_fails(reader);
    }
    reader->at++;
    return one_byte(reader, byte);
}

static apr_array_header_t *read_atom(reader_t *reader)
{
    char byte = *reader->at++;

    switch (byte) {
    case '(':
        return read_group(reader);
    case '[':
        return read_class(reader);
    case '\\':
        return read_escape(reader);
    case '.':
        return one_byte(reader, ANY);
    case '^':
        return one_byte(reader, START);
    case '$':
        return one_byte(reader, END);
    default:
        return byte <= ' ' || byte >= 0x7f || strchr("*+?{", byte)
               ? read_fails(reader) : one_byte(reader, byte);
    }
}

/* Whether the texts are one, which is this mark. */
static int is_mark(const apr_array_header_t *texts, char mark)
{
    return texts->nelts == 1 && text_at(texts, 0)[0] == mark
           && text_at(texts, 0)[1] == '\0';
}

/* The texts, if no quantifier follows, or no further one. */
static apr_array_header_t *unless_quantified(reader_t *reader,
                                             apr_array_header_t *texts)
{
    return *reader->at && strchr("*+?{", *reader->at) ? read_fails(reader)
                                                      : texts;
}

static apr_array_header_t *read_quantifier(reader_t *reader,
                                           apr_array_header_t *texts)
{
    if (is_mark(texts, START) || is_mark(texts, END)) {
        return unless_quantified(reader, texts);
    }
    if (skip(reader, "?")) {
        texts_add(reader, texts, texts_make(reader->pool, ""));
    }
    else if (is_mark(texts, DIGIT)
             && (skip(reader, "+") || skip(reader, "*")
                 || skip(reader, "{1,5}") || skip(reader, "{1,}"))) {
        texts = one_byte(reader, DIGITS);
    }
    else if (is_mark(texts, ANY) && skip(reader, "*")) {
        texts = one_byte(reader, STAR);
    }
    else if (is_mark(texts, ANY) && skip(reader, "+")) {
        texts = one_byte(reader, PLUS);
    }
    else {
        return unless_quantified(reader, texts);
    }
    reader->has_lazy |= skip(reader, "?");
    return unless_quantified(reader, texts);
}

static apr_array_header_t *read_sequence(reader_t *reader)
{
    apr_array_header_t *texts = texts_make(reader->pool, "");

    while (!reader->has_failed && *reader->at && !strchr("|)", *reader->at)) {
        apr_array_header_t *atom = read_atom(reader);

        texts = texts_join(reader, texts, read_quantifier(reader, atom));
    }
    return texts;
}

static apr_array_header_t *read_alternatives(reader_t *reader)
{
    apr_array_header_t *texts = read_sequence(reader);

    while (!reader->has_failed && skip(reader, "|")) {
        texts_add(reader, texts, read_sequence(reader));
    }
    return texts;
}

/* ------------------------------------------------------------------------
 * From texts to patterns
 */

/* A text taken apart. */
typedef struct {
    char *scheme;               /* with its "://" */
    char *host;                 /* and what follows, without wildcards */
    char lead;                  /* STAR or PLUS in front of the host, or 0 */
    int is_started;             /* nothing may stand in front of a match */
    int is_ended;               /* nothing may follow it */
    int has_any_port;
    int has_any_byte;           /* in the place of a dot */
} text_t;

/* What becomes of a regular expression. */
typedef struct {
    apr_pool_t *pool;
    apr_array_header_t *patterns;       /* of const char * */
    apr_array_header_t *ported;         /* the same, with any port */
    unsigned int differences;
} result_t;

static int has_mark(const char *s)
{
    while (*s > LAST_MARK || *s < 0) {
        s++;
    }
    return *s != '\0';
}

/* Cut off the last byte if it is this one. */
static int cut(char *s, char byte)
{
    apr_size_t len = strlen(s);

    if (len == 0 || s[len - 1] != byte) {
        return 0;
    }
    s[len - 1] = '\0';
    return 1;
}

static void text_read_end(text_t *text)
{
    apr_size_t len;

    text->is_ended = cut(text->host, END);
    len = strlen(text->host);
    if (len > 1 && text->host[len - 2] == ':'
        && strchr((const char[]){ DIGITS, STAR, PLUS, '\0' },
                  text->host[len - 1])) {
        text->host[len - 2] = '\0';
        text->has_any_port = text->is_ended = 1;
    }
    else if (cut(text->host, STAR)) {
        text->is_ended = 0;
    }
}

static int text_read(text_t *text, apr_pool_t *pool, const char *expanded)
{
    const char *separator = strstr(expanded, "://");
    char *p;

    memset(text, 0, sizeof(*text));
    text->is_started = *expanded == START;
    expanded += text->is_started;
    if (!separator) {
        return 0;
    }
    text->scheme = apr_pstrmemdup(pool, expanded,
                                  (apr_size_t)(separator + 3 - expanded));
    text->host = apr_pstrdup(pool, separator + 3);
    text_read_end(text);
    if (*text->host == STAR || *text->host == PLUS) {
        text->lead = *text->host++;
    }
    for (p = text->host; *p; p++) {
        if (*p == ANY) {
            *p = '.';
            text->has_any_byte = 1;
        }
    }
    return !has_mark(text->scheme) && !has_mark(text->host);
}

/* Whether a literal is in the text that origins of the web do not hold: part
 * of a path, a letter in upper case. */
static int is_impossible(const text_t *text)
{
    const char *p = text->host;

    while (text_is(*p, CORS_LABEL) || (*p && strchr("-.:[]", *p))) {
        p++;
    }
    return *p && cors_pattern_is_web(text->scheme);
}

static int texts_have(const apr_array_header_t *texts, const char *text)
{
    int i;

    for (i = 0; i < texts->nelts; i++) {
        if (strcmp(text_at(texts, i), text) == 0) {
            return 1;
        }
    }
    return 0;
}

static int result_add(result_t *result, const text_t *text,
                      const char *wildcard, const char *host)
{
    apr_array_header_t *list = text->has_any_port ? result->ported
                                                  : result->patterns;
    const char *pattern = apr_pstrcat(result->pool, text->scheme, wildcard,
                                      host, NULL);

    if (!cors_pattern_is_valid(result->pool, pattern)) {
        return 0;
    }
    if (!texts_have(list, pattern)) {
        APR_ARRAY_PUSH(list, const char *) = pattern;
    }
    return 1;
}

/* The patterns of a text.  Returns 0 if origins may match that none of them
 * matches, and it is no difference either. */
static int result_add_text(result_t *result, const text_t *text)
{
    int is_exact = text->is_started && text->is_ended && !text->has_any_byte
                   && !text->has_any_port;

    if (is_impossible(text)) {
        /* In origins of other schemes there may be upper case. */
        result->differences |= text->is_started || strchr(text->host, '/')
                               ? 0 : CORS_FROM_NO_START;
        return 1;
    }
    result->differences |= (text->is_started ? 0 : CORS_FROM_NO_START)
                           | (text->is_ended ? 0 : CORS_FROM_NO_END)
                           | (text->has_any_byte ? CORS_FROM_DOT : 0);
    if (!text->lead) {
        return result_add(result, text, "", text->host) || is_exact;
    }
    if (*text->host == '.') {
        return result_add(result, text, "*", text->host);
    }
    result->differences |= CORS_FROM_LABEL;
    return result_add(result, text, "*.", text->host)
           && (text->lead == PLUS || result_add(result, text, "", text->host));
}

/* The pattern's host with ":*" for any port or none takes both. */
static int result_merge_ports(result_t *result)
{
    int i;
    int k;

    for (i = 0; i < result->ported->nelts; i++) {
        const char *pattern = text_at(result->ported, i);

        for (k = 0; k < result->patterns->nelts
                    && strcmp(text_at(result->patterns, k), pattern) != 0;
             k++) {
            continue;
        }
        if (k == result->patterns->nelts) {
            return 0;
        }
        pattern = apr_pstrcat(result->pool, pattern, ":*", NULL);
        if (!cors_pattern_is_valid(result->pool, pattern)) {
            return 0;
        }
        APR_ARRAY_IDX(result->patterns, k, const char *) = pattern;
    }
    return 1;
}

/* "null" is the only origin without "://"; any other text that is the whole
 * match is none. */
static int result_add_null(result_t *result, const char *expanded)
{
    int is_started = *expanded == START;
    char *rest = apr_pstrdup(result->pool, expanded + is_started);
    int is_ended = cut(rest, END);

    if (strcmp(rest, "null") != 0) {
        return is_started && is_ended && !has_mark(rest)
               && !strstr(rest, "://");
    }
    result->differences |= (is_started ? 0 : CORS_FROM_NO_START)
                           | (is_ended ? 0 : CORS_FROM_NO_END);
    if (!texts_have(result->patterns, rest)) {
        APR_ARRAY_PUSH(result->patterns, const char *) = rest;
    }
    return 1;
}

static const char case_prefix[] = "(?i)";

/* Go past what makes a regular expression ignore case. */
static const char *after_case_prefix(const char *regex)
{
    return strncmp(regex, case_prefix, sizeof(case_prefix) - 1) == 0
           ? regex + sizeof(case_prefix) - 1 : regex;
}

static const apr_array_header_t *read_texts(apr_pool_t *pool,
                                            const char *regex, int *has_lazy)
{
    reader_t reader = { pool, after_case_prefix(regex), 0, 0, 0 };
    apr_array_header_t *texts;

    reader.ignores_case = reader.at > regex;
    texts = read_alternatives(&reader);
    *has_lazy = reader.has_lazy;
    return reader.has_failed || *reader.at ? NULL : texts;
}

const apr_array_header_t *cors_pattern_from(apr_pool_t *pool,
                                            const char *regex,
                                            unsigned int *differences)
{
    int has_lazy;
    const apr_array_header_t *texts = read_texts(pool, regex, &has_lazy);
    int ignores_case = after_case_prefix(regex) > regex;
    result_t result = { pool, texts_make(pool, NULL), texts_make(pool, NULL),
                        0 };
    int i;

    *differences = 0;
    for (i = 0; texts && i < texts->nelts; i++) {
        text_t text;

        if (text_read(&text, pool, text_at(texts, i))
            /* Other origins than those of the web may have upper case. */
            ? (ignores_case && !cors_pattern_is_web(text.scheme))
              || !result_add_text(&result, &text)
            : !result_add_null(&result, text_at(texts, i))) {
            return NULL;
        }
    }
    if (!texts || !result_merge_ports(&result)
        || result.patterns->nelts > CORS_MAX_PATTERNS_FROM
        /* With an end, lazy or not, the matches are the same. */
        || (has_lazy && (result.differences & CORS_FROM_NO_END))) {
        return NULL;
    }
    *differences = result.differences;
    return result.patterns;
}

/* ------------------------------------------------------------------------
 * Anchors
 */

/* Go past one item of a regular expression: an escape, a class, a byte. */
static const char *after_item(const char *p)
{
    if (*p == '\\' && p[1]) {
        return p + 2;
    }
    if (*p != '[') {
        return p + 1;
    }
    p += p[1] == '^' ? 2 : 1;
    p += *p == ']';
    while (*p && *p != ']') {
        p += *p == '\\' && p[1] ? 2 : 1;
    }
    return *p ? p + 1 : p;
}

/* The first byte of a kind that is in no group, class or escape; the end of
 * the text if there is none. */
static const char *find_outside(const char *p, char byte)
{
    int depth = 0;

    while (*p && !(depth == 0 && *p == byte)) {
        depth += *p == '(' ? 1 : *p == ')' ? -1 : 0;
        p = after_item(p);
    }
    return p;
}

/* Verbs, options and other extensions that reach beyond their place. */
static int can_be_wrapped(const char *regex)
{
    for (; *regex; regex = after_item(regex)) {
        if ((regex[0] == '(' && regex[1] == '*')
            || (regex[0] == '(' && regex[1] == '?'
                && (!regex[2] || !strchr(":=!<>|", regex[2])))
            || (regex[0] == '\\' && regex[1] && strchr("KGQEAzZ", regex[1]))) {
            return 0;
        }
    }
    return 1;
}

/* The anchors of a regular expression without alternatives; where it has
 * some outside of groups, an anchor is one alternative's. */
static int starts_anchored(const char *regex)
{
    return *regex == '^' && !(regex[1] && strchr("*+?{", regex[1]))
           && !*find_outside(regex, '|');
}

static int ends_anchored(const char *regex)
{
    const char *end = find_outside(regex, '$');

    return *end && end[1] == '\0' && !*find_outside(regex, '|');
}

/* What is between the anchors. */
static const char *body_of(apr_pool_t *pool, const char *regex)
{
    regex = after_case_prefix(regex);
    return apr_pstrmemdup(pool, regex + starts_anchored(regex),
                          strlen(regex) - (apr_size_t)starts_anchored(regex)
                          - (apr_size_t)ends_anchored(regex));
}

const char *cors_regex_unanchored(apr_pool_t *pool, const char *regex)
{
    const char *text = after_case_prefix(regex);
    const char *body = body_of(pool, regex);

    if (!can_be_wrapped(text)) {
        return NULL;
    }
    if (*find_outside(text, '|')) {
        body = apr_pstrcat(pool, "(?:", body, ")", NULL);
    }
    return apr_pstrcat(pool, text > regex ? case_prefix : "",
                       starts_anchored(text) ? "" : ".*", body,
                       ends_anchored(text) ? "" : ".*", NULL);
}

int cors_regex_is_anchored(const char *regex)
{
    regex = after_case_prefix(regex);
    return starts_anchored(regex) && ends_anchored(regex);
}

int cors_regex_is_one_group(apr_pool_t *pool, const char *regex)
{
    const char *body = body_of(pool, regex);
    const char *end;

    if (!cors_regex_is_anchored(regex) || body[0] != '(' || body[1] == '?'
        || body[1] == '*') {
        return 0;
    }
    end = find_outside(body + 1, ')');
    return *end && end[1] == '\0';
}

int cors_regex_is_any(apr_pool_t *pool, const char *regex)
{
    static const char *const any[] = {
        "", ".", ".*", ".+", "(.*)", "(.+)", ":", "://", "(.*?)", NULL
    };
    const char *const *known = any;
    const char *body = body_of(pool, regex);

    while (*known && strcmp(*known, body) != 0) {
        known++;
    }
    /* "^:$" and the like are no such expression. */
    return *known && (strchr(body, '*') || strchr(body, '+')
                      || !cors_regex_is_anchored(regex));
}
