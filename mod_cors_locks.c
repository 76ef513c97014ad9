/* SPDX-License-Identifier: Apache-2.0 */

/*
 * mod_authz_core's own rules, over all that its lines can answer at once.
 * Taking the lines for independent of each other can only find too many
 * pairs.
 */

#include "mod_cors_locks.h"

#include "mod_cors_startup.h"

#include "apr_cstr.h"

/* What a line or group comes to. */
typedef enum {
    ABSENT,             /* there is no line */
    EXCLUDED,           /* none is for the request's method: what grants it
                         * in <RequireAll>, and is ignored in <RequireAny> */
    NEUTRAL,            /* a line of "Require not" that does not refuse */
    DENIED,
    GRANTED,
    VALUES
} value_t;

typedef value_t fold_fn(value_t a, value_t b);

/* ------------------------------------------------------------------------
 * Sets of pairs
 */

static cors_locks_t pair(value_t before, value_t after)
{
    return (cors_locks_t)1 << (before * VALUES + after);
}

static cors_locks_t same(value_t value)
{
    return pair(value, value);
}

static value_t before_of(int bit)
{
    return (value_t)(bit / VALUES);
}

static value_t after_of(int bit)
{
    return (value_t)(bit % VALUES);
}

static int has(cors_locks_t locks, int bit)
{
    return (locks >> bit & 1) != 0;
}

/* <RequireAll> */
static value_t all_of(value_t a, value_t b)
{
    if (a == ABSENT || b == ABSENT || (a == EXCLUDED && b == EXCLUDED)) {
        return a == ABSENT ? b : a;
    }
    if (a == DENIED || b == DENIED) {
        return DENIED;
    }
    return a == NEUTRAL && b == NEUTRAL ? NEUTRAL : GRANTED;
}

/* <RequireAny>: the order of the values is that of their strength, but for
 * NEUTRAL, which EXCLUDED does not come to. */
static value_t any_of(value_t a, value_t b)
{
    return a > b ? a : b;
}

static cors_locks_t fold(cors_locks_t a, cors_locks_t b, fold_fn *op)
{
    cors_locks_t result = 0;
    int i;
    int j;

    for (i = 0; i < VALUES * VALUES; i++) {
        for (j = 0; has(a, i) && j < VALUES * VALUES; j++) {
            if (has(b, j)) {
                result |= pair(op(before_of(i), before_of(j)),
                               op(after_of(i), after_of(j)));
            }
        }
    }
    return result;
}

static value_t negative_of(value_t value)
{
    return value == GRANTED ? DENIED : value == DENIED ? NEUTRAL : value;
}

static cors_locks_t negate(cors_locks_t locks)
{
    cors_locks_t result = 0;
    int i;

    for (i = 0; i < VALUES * VALUES; i++) {
        if (has(locks, i)) {
            result |= pair(negative_of(before_of(i)),
                           negative_of(after_of(i)));
        }
    }
    return result;
}

/* httpd does not start with a group of nothing but lines of "not": beside
 * them, Require cors is what makes it one. */
static cors_locks_t complete(cors_locks_t locks)
{
    cors_locks_t result = 0;
    int i;

    for (i = 0; i < VALUES * VALUES; i++) {
        if (has(locks, i)) {
            result |= pair(before_of(i) == NEUTRAL && after_of(i) != NEUTRAL
                           ? ABSENT : before_of(i), after_of(i));
        }
    }
    return result;
}

/* ------------------------------------------------------------------------
 * Lines
 */

int cors_locks_is_group(const ap_directive_t *directive)
{
    return apr_cstr_casecmpn(directive->directive, "<Require", 8) == 0;
}

int cors_locks_is_limit(const ap_directive_t *directive)
{
    return cors_startup_is(directive, "<Limit")
           || cors_startup_is(directive, "<LimitExcept");
}

int cors_locks_is_negative(const ap_directive_t *directive)
{
    return cors_startup_is(directive, "<RequireNone")
           || cors_startup_is(directive, "<RequireNotAll");
}

int cors_locks_says(const ap_directive_t *directive, const char *word,
                    apr_pool_t *pool)
{
    const char *args = directive->args;

    return apr_cstr_casecmp(ap_getword_conf(pool, &args), word) == 0;
}

/* Whether a line is one of a provider, without "not". */
static int is_of(const ap_directive_t *line, const char *provider,
                 apr_pool_t *pool)
{
    return cors_startup_is(line, "Require")
           && cors_locks_says(line, provider, pool);
}

static cors_locks_t line_read(const ap_directive_t *line,
                              const ap_directive_t *limit, apr_pool_t *pool)
{
    const char *args = line->args;
    const char *provider = ap_getword_conf(pool, &args);
    int is_negative = apr_cstr_casecmp(provider, "not") == 0;
    cors_locks_t locks = same(GRANTED) | same(DENIED);

    if (strcmp(provider, "cors") == 0) {
        return pair(ABSENT, GRANTED);
    }
    if (is_negative) {
        provider = ap_getword_conf(pool, &args);
    }
    if (strcmp(provider, "all") == 0) {
        locks = same(apr_cstr_casecmp(args, "granted") == 0 ? GRANTED
                                                            : DENIED);
    }
    return (is_negative ? negate(locks) : locks)
           | (limit ? same(EXCLUDED) : 0);
}

/* Whether a group that says so itself has a line of Require cors. */
static int is_beside_cors(const ap_directive_t *line, const char *group,
                          apr_pool_t *pool)
{
    const ap_directive_t *other = NULL;

    if (line->parent && cors_startup_is(line->parent, group)) {
        other = line->parent->first_child;
    }
    while (other && !is_of(other, "cors", pool)) {
        other = other->next;
    }
    return other != NULL;
}

/* "Require all granted" is there for the sake of Require cors, or of lines of
 * "not" beside it, if all of them have to pass. */
static int is_filler(const ap_directive_t *line, apr_pool_t *pool)
{
    return is_of(line, "all", pool)
           && line_read(line, NULL, pool) == same(GRANTED)
           && is_beside_cors(line, "<RequireAll", pool);
}

/* Either Require cors or an expression is to be enough: for what an identity
 * provider posts, say. */
static int is_exception(const ap_directive_t *line, apr_pool_t *pool)
{
    return is_of(line, "expr", pool)
           && is_beside_cors(line, "<RequireAny", pool);
}

/* ------------------------------------------------------------------------
 * Groups
 */

static cors_locks_t list_read(const ap_directive_t *list,
                              const ap_directive_t *limit, fold_fn *op,
                              apr_pool_t *pool);

static cors_locks_t group_read(const ap_directive_t *group,
                               const ap_directive_t *limit, apr_pool_t *pool)
{
    int is_any = cors_startup_is(group, "<RequireAny")
                 || cors_startup_is(group, "<RequireNone");
    cors_locks_t locks = list_read(group->first_child, limit,
                                   is_any ? any_of : all_of, pool);

    return cors_locks_is_negative(group) ? negate(locks) : complete(locks);
}

/* A line, or a group of them, or nothing of the kind. */
static cors_locks_t one_read(const ap_directive_t *directive,
                             const ap_directive_t *limit, fold_fn *op,
                             apr_pool_t *pool)
{
    if (cors_locks_is_limit(directive)) {
        return list_read(directive->first_child, directive, op, pool);
    }
    if (cors_locks_is_group(directive)) {
        return group_read(directive, limit, pool);
    }
    if (!cors_startup_is(directive, "Require")) {
        return same(ABSENT);
    }
    if (is_exception(directive, pool)) {
        return pair(ABSENT, GRANTED) | pair(ABSENT, DENIED);
    }
    return is_filler(directive, pool) ? pair(ABSENT, GRANTED)
                                      : line_read(directive, limit, pool);
}

static cors_locks_t list_read(const ap_directive_t *list,
                              const ap_directive_t *limit, fold_fn *op,
                              apr_pool_t *pool)
{
    cors_locks_t locks = same(ABSENT);

    for (; list; list = list->next) {
        locks = fold(locks, one_read(list, limit, op, pool), op);
    }
    return locks;
}

cors_locks_t cors_locks_read(const ap_directive_t *first, apr_pool_t *pool)
{
    return list_read(first, NULL, any_of, pool);
}

/* ------------------------------------------------------------------------
 * Questions
 */

/* The pairs that go from one of some values to one of others. */
static cors_locks_t from_to(unsigned int before, unsigned int after)
{
    cors_locks_t locks = 0;
    int i;

    for (i = 0; i < VALUES * VALUES; i++) {
        if ((before >> before_of(i) & 1) && (after >> after_of(i) & 1)) {
            locks |= (cors_locks_t)1 << i;
        }
    }
    return locks;
}

#define ANY_VALUE ((1u << VALUES) - 1)
#define REFUSED (1u << DENIED | 1u << NEUTRAL)

int cors_locks_are_there(cors_locks_t locks)
{
    return locks != same(ABSENT);
}

int cors_locks_open(cors_locks_t locks)
{
    return (locks & from_to(REFUSED, 1u << GRANTED)) != 0;
}

int cors_locks_refuse(cors_locks_t locks)
{
    return (locks & from_to(ANY_VALUE, REFUSED)) != 0;
}

int cors_locks_grant(cors_locks_t locks)
{
    return (locks & ~from_to(ANY_VALUE, 1u << GRANTED)) == 0;
}

int cors_locks_let_in(cors_locks_t locks)
{
    return (locks & from_to(1u << ABSENT | 1u << EXCLUDED, 1u << GRANTED)) != 0
           || !cors_locks_refuse(locks);
}

int cors_locks_are_new(cors_locks_t locks)
{
    return (locks & from_to(1u << ABSENT, 1u << GRANTED)) != 0
           || !cors_locks_refuse(locks);
}

int cors_locks_let_all_in(const ap_directive_t *directive, apr_pool_t *pool)
{
    cors_locks_t locks = one_read(directive, NULL, any_of, pool);

    return (locks & ~same(EXCLUDED)) == same(GRANTED);
}

/* ------------------------------------------------------------------------
 * Finding lines
 */

static int holds_lines(const ap_directive_t *directive)
{
    return cors_locks_is_group(directive) || cors_locks_is_limit(directive);
}

const ap_directive_t *cors_locks_line(const ap_directive_t *first,
                                      apr_pool_t *pool)
{
    const ap_directive_t *found = NULL;

    for (; first && !found; first = first->next) {
        found = is_of(first, "cors", pool) ? first
                : holds_lines(first)
                  ? cors_locks_line(first->first_child, pool) : NULL;
    }
    return found;
}

const ap_directive_t *cors_locks_find(const ap_directive_t *first,
                                      apr_pool_t *pool)
{
    const ap_directive_t *found = NULL;

    for (; first && !found; first = first->next) {
        if (!cors_locks_refuse(one_read(first, NULL, all_of, pool))) {
            continue;
        }
        found = holds_lines(first) ? cors_locks_find(first->first_child, pool)
                                   : first;
        if (!found) {
            found = first;      /* a <RequireNone> of lines that grant */
        }
    }
    return found;
}

const ap_directive_t *cors_locks_last(const ap_directive_t *first,
                                      const char *name)
{
    const ap_directive_t *found = NULL;

    for (; first; first = first->next) {
        const ap_directive_t *inner =
            holds_lines(first) ? cors_locks_last(first->first_child, name)
                               : NULL;

        found = inner ? inner : cors_startup_is(first, name) ? first : found;
    }
    return found;
}

const ap_directive_t *cors_locks_satisfy(const ap_directive_t *first,
                                         apr_pool_t *pool)
{
    const ap_directive_t *found = NULL;

    for (; first; first = first->next) {
        const ap_directive_t *line =
            holds_lines(first) ? cors_locks_satisfy(first->first_child, pool)
            : cors_startup_is(first, "Satisfy") ? first : NULL;

        if (line && (!found || !cors_locks_is_limit(first)
                     || cors_locks_says(line, "Any", pool))) {
            found = line;
        }
    }
    return found;
}

/* A line among those that are not in a group which refuses a request that
 * another one lets in. */
static const ap_directive_t *find_beside(const ap_directive_t *child,
                                         const ap_directive_t *first,
                                         apr_pool_t *pool)
{
    const ap_directive_t *found = NULL;

    for (; first && !found; first = first->next) {
        if (first == child) {
            continue;
        }
        if (cors_locks_is_limit(first)) {
            found = find_beside(child, first->first_child, pool);
        }
        else if (one_read(first, NULL, any_of, pool)
                 & from_to(REFUSED, ANY_VALUE)) {
            found = first;
        }
    }
    return found;
}

const ap_directive_t *cors_locks_opened(const ap_directive_t *line,
                                        const ap_directive_t *first,
                                        int *is_implied, apr_pool_t *pool)
{
    const ap_directive_t *group = line->parent;
    const ap_directive_t *found = NULL;
    int is_group = group && cors_locks_is_group(group);

    if ((!is_group || cors_startup_is(group, "<RequireAny"))
        && (one_read(line, NULL, any_of, pool)
            & from_to(ANY_VALUE & ~(1u << GRANTED), 1u << GRANTED))) {
        found = find_beside(line, is_group ? group->first_child : first, pool);
        *is_implied = !is_group;
    }
    return found || !is_group
           ? found : cors_locks_opened(group, first, is_implied, pool);
}
