/* SPDX-License-Identifier: Apache-2.0 */

/* A set of origins and requests to it, both from a small stock of parts that
 * the input's bytes choose; and the set with its patterns in reverse, each
 * twice.  The look-up and a search from the front agree. */

#include "fuzz.h"

#define MAX_PATTERNS 40

static const char *const schemes[] = { "https://", "http://", "app://" };

static const char *const labels[] = {
    "a", "b", "aa", "ab", "a-b", "a_b", "com", "acom", "xn--a", "1", "0x1",
};

static const char *const whole_hosts[] = {
    "127.0.0.1", "127.0.0.11", "1.2.3", "[::1]", "[::11]", "[1::]",
    "localhost", "",
};

static const char *const ports[] = {
    "", "", ":1", ":11", ":80", ":443", ":65535", ":*",
};

/** "long" is a label of greatest length. */
static const char *take_label(input_t *input)
{
    static const char long_label[] =
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    unsigned int choice = take_byte(input);

    return choice >= 250 ? long_label : labels[choice % COUNT(labels)];
}

static const char *take_host(input_t *input, apr_pool_t *pool)
{
    unsigned int choice = take_byte(input);
    const char *host;
    unsigned int i;

    if (choice >= 240) {
        return whole_hosts[choice % COUNT(whole_hosts)];
    }
    host = take_label(input);
    for (i = 0; i < choice % 5; i++) {
        host = apr_pstrcat(pool, host, ".", take_label(input), NULL);
    }
    return choice & 0x40 && choice & 0x20 ? apr_pstrcat(pool, host, ".", NULL)
                                          : host;
}

static const char *take_pattern(input_t *input, apr_pool_t *pool)
{
    unsigned int choice = take_byte(input);

    if (choice == 255) {
        return "null";
    }
    return apr_pstrcat(pool, schemes[choice % COUNT(schemes)],
                       choice & 0x40 ? "*." : "", take_host(input, pool),
                       ports[(choice >> 3) % COUNT(ports)], NULL);
}

/** Something near a pattern, or something else. */
static const char *take_origin(input_t *input, apr_pool_t *pool,
                               const char *const *patterns,
                               unsigned int count)
{
    unsigned int choice = take_byte(input);
    char *text;
    char *star;

    if (count == 0 || choice & 0x80) {
        return take_pattern(input, pool);
    }
    text = apr_pstrdup(pool, patterns[take_below(input, count)]);
    star = strstr(text, "://*.");
    if (star) {
        star[3] = '\0';
        text = apr_pstrcat(pool, text, choice & 1 ? take_host(input, pool)
                                                  : "a", star + 4, NULL);
    }
    star = strstr(text, ":*");
    if (star) {
        *star = '\0';
        text = apr_pstrcat(pool, text, ports[take_below(input, 7)], NULL);
    }
    if (choice & 2 && *text) {
        text[take_byte(input) % strlen(text)] = (char)take_byte(input);
    }
    return text;
}

static void holds_same(const cors_policy_t *policy,
                       const cors_policy_t *reversed,
                       const char *const *patterns, unsigned int count,
                       const char *text)
{
    const cors_origin_entry_t *entry = NULL;
    size_t len = strlen(text);
    int is_allowed = 0;
    unsigned int i;

    for (i = 0; i < count && !is_allowed; i++) {
        is_allowed = model_matches(patterns[i], text, len);
    }
    HOLDS(ask(policy, text, len, &entry) == is_allowed, "%s, %u patterns",
          text, count);
    HOLDS(!is_allowed || model_matches(entry->pattern, text, len),
          "%s by %s", text, entry->pattern);
    HOLDS(ask(reversed, text, len, &entry) == is_allowed,
          "%s, reversed patterns", text);
    HOLDS(!is_allowed || model_matches(entry->pattern, text, len),
          "%s by %s", text, entry->pattern);
}

static void add(cors_policy_t *policy, apr_pool_t *pool, const char *pattern)
{
    must_compile(add_line("CORSAllowOrigin", policy, pool, pattern,
                          strlen(pattern)));
}

/** The wildcard said to cover a pattern matches it; where none is said to,
 * none does. */
static void holds_covering(const cors_policy_t *policy,
                           const char *const *patterns, unsigned int count)
{
    const apr_array_header_t *entries =
        cors_origin_set_entries(policy->origins);
    int i;

    for (i = 0; entries && i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);
        const cors_origin_entry_t *covering =
            cors_origin_set_covering(policy->origins, entry);
        size_t len = strlen(entry->pattern);
        int is_covered = 0;
        unsigned int j;

        for (j = 0; j < count; j++) {
            is_covered |= strchr(patterns[j], '*')
                          && !strchr(entry->pattern, '*')
                          && model_matches(patterns[j], entry->pattern, len);
        }
        HOLDS(!covering == !is_covered, "%s", entry->pattern);
        HOLDS(!covering || model_matches(covering->pattern, entry->pattern,
                                         len),
              "%s by %s", entry->pattern, covering->pattern);
    }
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *patterns[MAX_PATTERNS];
    unsigned int wanted = take_below(input, MAX_PATTERNS);
    unsigned int count = 0;
    cors_policy_t policy;
    cors_policy_t reversed;
    unsigned int i;

    memset(&policy, 0, sizeof(policy));
    memset(&reversed, 0, sizeof(reversed));
    for (i = 0; i < wanted && input->left; i++) {
        const char *pattern = take_pattern(input, pool);
        cors_policy_t single;

        memset(&single, 0, sizeof(single));
        if (compile("CORSAllowOrigin", &single, pool, pattern)) {
            patterns[count++] = pattern;
            add(&policy, pool, pattern);
        }
    }
    if (count == 0) {
        return;
    }
    for (i = 2 * count; i > 0; i--) {
        add(&reversed, pool, patterns[(i - 1) / 2]);
    }
    holds_covering(&policy, patterns, count);
    while (input->left) {
        holds_same(&policy, &reversed, patterns, count,
                   take_origin(input, pool, patterns, count));
    }
}
