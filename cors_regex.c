/* SPDX-License-Identifier: Apache-2.0 */

/* What a regular expression over origins lets through: see cors_regex.h. */

#include "cors_regex.h"
#include "cors_text.h"

#include <apr_strings.h>

static int asks(const cors_origin_entry_t *entry, const char *text,
                apr_size_t len)
{
    cors_origin_t origin;

    return cors_origin_parse(&origin, text, len)
           && entry->regex->match(entry->regex->code, text, len);
}

/* ------------------------------------------------------------------------
 * The text of an expression
 */

/* A run of bytes that stand for themselves and may stand in a host. */
typedef struct {
    char text[CORS_MAX_HOST + 1];       /* NUL-terminated */
    apr_size_t len;
} run_t;

/* What an unescaped dot is in a run. */
#define ANY_BYTE '*'

static int is_quantifier(char c)
{
    return c == '*' || c == '+' || c == '?' || c == '{';
}

/* Skip a character class; s is behind its bracket. */
static const char *skip_class(const char *s)
{
    s += *s == '^';
    s += *s == ']';
    while (*s && *s != ']') {
        if (s[0] == '[' && s[1] == ':' && strstr(s, ":]")) {
            s = strstr(s, ":]") + 1;
        }
        s += s[0] == '\\' && s[1] ? 2 : 1;
    }
    return *s ? s + 1 : s;
}

/* Read one atom.  Returns what is behind it; byte is set to what the atom is
 * in a run, 0 if it ends one. */
static const char *atom_read(const char *s, char *byte)
{
    *byte = 0;
    if (s[0] == '\\' && s[1]) {
        if (strchr("._-", s[1])) {
            *byte = s[1];
        }
        return s + 2;
    }
    if (strncmp(s, "[.]", 3) == 0) {
        *byte = '.';
        return s + 3;
    }
    if (s[0] == '[') {
        return skip_class(s + 1);
    }
    if (s[0] == '(' && (s[1] == '?' || s[1] == '*')) {
        return s + 1 + strcspn(s + 1, s[1] == '*' ? ")" : ":)=!>'");
    }
    if (s[0] == '{') {
        return s + strcspn(s, "}");
    }
    if (s[0] == '.' && !is_quantifier(s[1])) {
        *byte = ANY_BYTE;
    }
    else if (text_is(s[0], CORS_LABEL) || s[0] == '-') {
        *byte = s[0];
    }
    return s + 1;
}

/* Read the next run of an expression.  Returns what is behind it, NULL if
 * there is none. */
static const char *run_read(const char *s, run_t *run)
{
    run->len = 0;
    while (*s) {
        const char *end;
        char byte;

        end = atom_read(s, &byte);
        if (byte && (*end == '?' || *end == '*')) {
            byte = 0;           /* it may be missing */
        }
        if (byte && run->len < CORS_MAX_HOST) {
            run->text[run->len++] = byte;
        }
        else if (run->len > 0) {
            break;
        }
        s = end;
    }
    run->text[run->len] = '\0';
    return run->len > 0 ? s : NULL;
}

/* The run as a host: every dot one. */
static const char *run_host(const run_t *run, apr_pool_t *pool)
{
    char *host = apr_pstrmemdup(pool, run->text, run->len);
    apr_size_t i;

    for (i = 0; i < run->len; i++) {
        if (host[i] == ANY_BYTE) {
            host[i] = '.';
        }
    }
    return host;
}

/* Whether an expression has a domain in its text, as a whole or as the end of
 * a longer one. */
static int names_exactly(const char *pattern, const char *domain)
{
    apr_size_t len = strlen(domain);
    run_t run;

    while ((pattern = run_read(pattern, &run))) {
        if (text_ends_with(run.text, run.len, domain)
            && (run.len == len || run.text[run.len - len - 1] == '.'
                || run.text[run.len - len - 1] == ANY_BYTE)) {
            return 1;
        }
    }
    return 0;
}

/* The same of a domain, or one that it is below. */
static int names_domain(const char *pattern, const char *domain)
{
    while (!names_exactly(pattern, domain)) {
        domain = strchr(domain, '.');
        if (!domain) {
            return 0;
        }
        domain++;
    }
    return 1;
}

/* The first port in an expression with its colon, empty if it has none. */
static const char *port_in(const char *pattern, apr_pool_t *pool)
{
    apr_size_t digits = 0;

    while (digits == 0 && (pattern = strchr(pattern, ':'))) {
        pattern++;
        digits = text_span(pattern, strlen(pattern), CORS_DIGIT);
    }
    return digits > 0 ? apr_pstrmemdup(pool, pattern - 1, digits + 1) : "";
}

/* ------------------------------------------------------------------------
 * What matches any origin
 */

/* Origins that no policy names, under a domain that RFC 2606 reserves. */
static const char *const sentinels[] = {
    "https://invalid", "https://invalid:8443",
    "https://sentinel.invalid", "https://sentinel.invalid:8443",
    "https://cors.sentinel.invalid", "https://cors.sentinel.invalid:8443",
    "https://a-1.cors.sentinel.invalid",
    "http://invalid", "http://invalid:8080",
    "http://sentinel.invalid", "http://sentinel.invalid:8080",
    "http://cors.sentinel.invalid", "http://cors.sentinel.invalid:8080",
    "http://a-1.cors.sentinel.invalid",
    "cors-sentinel://sentinel.invalid", NULL
};

/* Names that nobody would choose, of different shapes. */
#define MIXED_NAME "q7x2-cors-sentinel."
#define PLAIN_NAME "qxzvjwk."

/* The same under domains that people do use. */
#define UNDER(suffix) \
    { suffix, { "https://" MIXED_NAME suffix, "https://" PLAIN_NAME suffix, \
                "https://www." PLAIN_NAME suffix, \
                "https://" PLAIN_NAME suffix ":8443", \
                "http://" PLAIN_NAME suffix, NULL } }

static const struct {
    const char *suffix;
    const char *origins[6];
} real_sentinels[] = {
    UNDER("com"), UNDER("net"), UNDER("org"), UNDER("io"), UNDER("co.uk"),
    UNDER("github.io")
};

/* Whether an expression matches one of a list. */
static int matches_one(const cors_origin_entry_t *entry,
                       const char *const *origin)
{
    const cors_regex_t *regex = entry->regex;

    while (*origin && !regex->match(regex->code, *origin, strlen(*origin))) {
        origin++;
    }
    return *origin != NULL;
}

/* What its text names is not any origin, but spans registrable domains. */
static int find_match_all(const cors_origin_entry_t *entry)
{
    apr_size_t i;

    for (i = 0; i < sizeof(real_sentinels) / sizeof(real_sentinels[0]); i++) {
        if (matches_one(entry, real_sentinels[i].origins)
            && !names_domain(entry->pattern, real_sentinels[i].suffix)) {
            return 1;
        }
    }
    return matches_one(entry, sentinels);
}

int cors_regex_is_match_all(const cors_origin_entry_t *entry)
{
    return entry->regex->is_probed ? entry->regex->is_match_all
                                   : find_match_all(entry);
}

/* ------------------------------------------------------------------------
 * What spans registrable domains
 */

/* Another label of the same shape: no byte of it is the same but "-" and
 * "_". */
static void label_change(char *label, apr_size_t len)
{
    static const char letters[] = "qxzvjwk";
    apr_size_t i;

    for (i = 0; i < len; i++) {
        apr_size_t at = i % (sizeof(letters) - 1);

        if (text_is(label[i], CORS_DIGIT)) {
            label[i] = (char)('0' + (label[i] - '0' + 3) % 10);
        }
        else if (label[i] == letters[at]) {
            label[i] = 'y';
        }
        else if (label[i] != '-' && label[i] != '_') {
            label[i] = letters[at];
        }
    }
}

/* Whether an origin is matched too if the label before a domain changes. */
static int matches_beside(const cors_origin_entry_t *entry,
                          const cors_origin_t *origin, apr_size_t label,
                          apr_size_t label_len)
{
    char text[CORS_MAX_WEB_ORIGIN];

    memcpy(text, origin->text, origin->len);
    label_change(text + (origin->host - origin->text) + label, label_len);
    return entry->regex->match(entry->regex->code, text, origin->len);
}

int cors_regex_spans(const cors_origin_entry_t *entry,
                     cors_public_suffix_fn *is_public_suffix,
                     const char *text, apr_size_t len)
{
    char domain[CORS_MAX_HOST + 2];
    cors_origin_t origin;
    apr_size_t at;
    int labels;

    if (!cors_origin_parse(&origin, text, len) || !origin.host_is_name
        || cors_origin_is_loopback(&origin)) {
        return 0;
    }
    at = origin.host_len - (origin.host[origin.host_len - 1] == '.');
    memcpy(domain, origin.host, at);
    domain[at] = '\0';
    for (labels = 1; labels <= CORS_MAX_SUFFIX_LABELS; labels++) {
        apr_size_t end;

        while (at > 0 && domain[at - 1] != '.') {
            at--;
        }
        if (at == 0) {
            break;
        }
        end = at - 1;           /* of the label in front */
        if (cors_domain_is_public_suffix(domain + at, is_public_suffix)) {
            apr_size_t start = end;

            while (start > 0 && domain[start - 1] != '.') {
                start--;
            }
            if (matches_beside(entry, &origin, start, end - start)) {
                return 1;
            }
        }
        at = end;
    }
    return 0;
}

static const char *const fronts[] = {
    "https://" MIXED_NAME, "https://" PLAIN_NAME, "https://www." PLAIN_NAME,
    "http://" PLAIN_NAME, NULL
};

/* Their beginnings have each length that an expression is likely to ask for. */
static const char *const short_names[] = {
    "qxzvjwkqxzvjwkqx", "7302730273027302"
};

/* Whether an expression matches a name that nobody would choose, under a
 * domain. */
static int matches_any_name(const cors_origin_entry_t *entry,
                            const char *domain, apr_pool_t *pool)
{
    const char *port = port_in(entry->pattern, pool);
    const char *const *front;
    int i;

    for (front = fronts; *front; front++) {
        const char *text = apr_pstrcat(pool, *front, domain, NULL);
        const char *with_port = apr_pstrcat(pool, text, port, NULL);
        const char *other_port = apr_pstrcat(pool, text, ":8443", NULL);

        if (asks(entry, text, strlen(text))
            || asks(entry, with_port, strlen(with_port))
            || asks(entry, other_port, strlen(other_port))) {
            return 1;
        }
    }
    for (i = 0; i < 4 * 16; i++) {
        const char *text = apr_psprintf(pool, "%s://%.*s.%s%s",
                                        i & 1 ? "https" : "http", i / 4 + 1,
                                        short_names[i / 2 % 2], domain, port);
        apr_size_t len = strlen(text);

        if (asks(entry, text, len) || asks(entry, text, len - strlen(port))) {
            return 1;
        }
    }
    return 0;
}

/* Whether it does, under a public suffix that its own text names. */
static int find_public_suffix(const cors_origin_entry_t *entry,
                              cors_public_suffix_fn *is_public_suffix,
                              apr_pool_t *pool)
{
    const char *rest = entry->pattern;
    run_t run;

    while ((rest = run_read(rest, &run))) {
        const char *domain = run_host(&run, pool);

        while (domain) {
            domain += *domain == '.';
            if (*domain && strcmp(domain, "localhost") != 0
                && cors_domain_is_public_suffix(domain, is_public_suffix)
                && matches_any_name(entry, domain, pool)) {
                return 1;
            }
            domain = strchr(domain, '.');
        }
    }
    return 0;
}

/* ------------------------------------------------------------------------
 * Look-alikes
 */

/* A host as an origin that the expression matches, NULL if it does not. */
static const char *matched_as(const cors_origin_entry_t *entry,
                              const char *host, apr_pool_t *pool)
{
    static const char *const schemes[] = { "https://", "http://", NULL };
    const char *const *scheme;

    for (scheme = schemes; *scheme; scheme++) {
        const char *text = apr_pstrcat(pool, *scheme, host, NULL);

        if (asks(entry, text, strlen(text))) {
            return text;
        }
        text = apr_pstrcat(pool, text, port_in(entry->pattern, pool), NULL);
        if (asks(entry, text, strlen(text))) {
            return text;
        }
    }
    return NULL;
}

/* Whether the first label of a host is what somebody registers. */
static int is_registrable(const char *host,
                          cors_public_suffix_fn *is_public_suffix)
{
    const char *dot = strchr(host, '.');

    return dot && dot[1]
           && cors_domain_is_public_suffix(dot + 1, is_public_suffix) != 0;
}

/* Text before a host, and behind it.  What is before a dot is a subdomain,
 * and before a "-" somebody meant it. */
static const char *find_longer(const cors_origin_entry_t *entry,
                               const run_t *run, const char *host,
                               cors_public_suffix_fn *is_public_suffix,
                               apr_pool_t *pool)
{
    const char *found = NULL;

    if (!strchr(".-", run->text[0])
        && is_registrable(host, is_public_suffix)) {
        found = matched_as(entry, apr_pstrcat(pool, "evil", host, NULL),
                           pool);
    }
    if (!found) {
        found = matched_as(entry, apr_pstrcat(pool, host, ".evil.com", NULL),
                           pool);
    }
    return found ? found
                 : matched_as(entry, apr_pstrcat(pool, "www.", host,
                                                 ".evil.com", NULL), pool);
}

/* Something else for a dot that was not escaped. */
static const char *find_undotted(const cors_origin_entry_t *entry,
                                 const run_t *run,
                                 cors_public_suffix_fn *is_public_suffix,
                                 apr_pool_t *pool)
{
    const char *host = run_host(run, pool);
    const char *front = *host == '.' ? "www" : "";
    const char *found = NULL;
    apr_size_t label = 0;
    apr_size_t i;

    for (i = 0; i < run->len && !found; i++) {
        if (run->text[i] == ANY_BYTE && i > label) {
            char *changed = apr_pstrdup(pool, host);

            changed[i] = 'x';
            if (is_registrable(changed + label, is_public_suffix)) {
                found = matched_as(entry, apr_pstrcat(pool, front, changed,
                                                      NULL), pool);
            }
        }
        label = host[i] == '.' ? i + 1 : label;
    }
    return found;
}

/* Whether a host has a domain, and a top-level one in letters. */
static int has_domain(const char *host)
{
    const char *dot = strrchr(host, '.');

    return dot && dot > host && !text_is(dot[1], CORS_DIGIT) && dot[1]
           && dot[2];
}

static const char *find_lookalike(const cors_origin_entry_t *entry,
                                  cors_public_suffix_fn *is_public_suffix,
                                  apr_pool_t *pool)
{
    const char *rest = entry->pattern;
    const char *found = NULL;
    run_t run;

    while (!found && (rest = run_read(rest, &run))) {
        const char *host = run_host(&run, pool);

        host += *host == '.';
        if (has_domain(host)) {
            found = find_longer(entry, &run, host, is_public_suffix, pool);
        }
        if (!found) {
            found = find_undotted(entry, &run, is_public_suffix, pool);
        }
    }
    return found;
}

/* ------------------------------------------------------------------------
 * What matches nothing
 */

/* Skip a class that has no "/" and ":".  Returns NULL if it may have. */
static const char *skip_plain_class(const char *s)
{
    const char *end = skip_class(s);

    for (; s + 1 < end; s++) {
        if (s[0] == '\\' && s[1] && strchr("dw._-", s[1])) {
            s++;
        }
        else if (!text_is(s[0], CORS_LABEL | CORS_UPPER)
                 && !(s[0] == '.' && s[1] != '-') && s[0] != '-') {
            return NULL;
        }
    }
    return end;
}

/* Skip an atom, or a group's bracket, that matches neither ":" nor "/".
 * Returns NULL if it may. */
static const char *skip_plain(const char *s)
{
    switch (s[0]) {
    case '\\':
        return s[1] && strchr("dwbBAzZ._-()[]{}|^$?*+", s[1]) ? s + 2 : NULL;
    case '[':
        return skip_plain_class(s + 1);
    case '(':
        return s[1] != '?' && s[1] != '*' ? s + 1
               : strncmp(s, "(?:", 3) == 0 ? s + 3 : NULL;
    case '.':
    case ':':
    case '/':
        return NULL;
    default:
        return s + 1;
    }
}

/* Whether nothing in an expression can be the "://" that every origin has:
 * three atoms in a row, or one that is repeated.  1 only if it is certain. */
static int find_nothing(const char *s)
{
    int in_a_row = 0;
    int depth = 0;

    while (*s) {
        const char *end = skip_plain(s);

        depth += (*s == '(') - (*s == ')');
        if (!end) {
            if (!strchr(".:/", *s) || (is_quantifier(s[1]) && s[1] != '?')
                || ++in_a_row == 3) {
                return 0;
            }
            end = s + 1;
        }
        else if (*s == ')' && is_quantifier(*end) && in_a_row > 0) {
            return 0;
        }
        else if (*s == '{') {
            end = s + strcspn(s, "}");
        }
        else if (depth == 0 && !strchr(")|^$", *s) && !is_quantifier(*s)
                 && *end != '?' && *end != '*' && *end != '{') {
            in_a_row = 0;       /* one that must be there */
        }
        s = end;
    }
    return 1;
}

void cors_regex_probe(cors_origin_entry_t *entry,
                      cors_public_suffix_fn *is_public_suffix,
                      apr_pool_t *pool)
{
    cors_regex_t *regex = entry->regex;

    regex->is_match_all = find_match_all(entry);
    if (!regex->is_match_all) {
        entry->is_public_suffix =
            find_public_suffix(entry, is_public_suffix, pool) != 0;
        regex->lookalike = find_lookalike(entry, is_public_suffix, pool);
        regex->matches_nothing = find_nothing(entry->pattern);
    }
    regex->is_probed = 1;
}
