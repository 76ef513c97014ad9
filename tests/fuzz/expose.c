/* SPDX-License-Identifier: Apache-2.0 */

/* What is exposed of a response: a line with the words of CORSExposeHeaders,
 * then lines with the names of the response's headers, of which every other
 * one is in its second table. */

#include "fuzz.h"

static int is_word(const char *name, const char *word)
{
    return strcasecmp(name, word) == 0;
}

/** Whether no page may read a header, or none has a use for it. */
static int model_is_hidden(const char *name)
{
    return is_word(name, "set-cookie") || is_word(name, "set-cookie2")
           || is_word(name, "origin") || is_word(name, "timing-allow-origin")
           || strncasecmp(name, "access-control-", 15) == 0;
}

/** Whether a word of the directive stands for a name. */
static int model_covers(const char *word, size_t len, const char *name)
{
    size_t name_len = strlen(name);

    if (word[len - 1] != '*') {
        return name_len == len && strncasecmp(word, name, len) == 0;
    }
    return name_len >= len && strncasecmp(word, name, len - 1) == 0;
}

static int model_covers_one(const elements_t *words, const char *name)
{
    unsigned int i;

    for (i = 0; i < words->count; i++) {
        if (model_covers(words->text[i], words->len[i], name)) {
            return 1;
        }
    }
    return 0;
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    cors_policy_t policy = { 0 };
    const char *line = take_line(input, pool);
    apr_table_t *tables[2];
    const apr_table_t *const *borrowed = (const apr_table_t *const *)tables;
    apr_array_header_t *names = apr_array_make(pool, 8, sizeof(char *));
    elements_t words;
    elements_t exposed;
    const char *value;
    unsigned int i;

    if (!compile("CORSExposeHeaders", &policy, pool, line)
        || strcasecmp(line, "none") == 0) {
        return;
    }
    words = split(pool, line, " ");
    tables[0] = apr_table_make(pool, 8);
    tables[1] = apr_table_make(pool, 8);
    while (input->left) {
        const char *name = take_line(input, pool);

        APR_ARRAY_PUSH(names, const char *) = name;
        apr_table_addn(tables[names->nelts % 2], name, "v");
    }
    value = cors_name_set_expose(policy.expose_headers, borrowed, pool);
    holds_value("Expose-Headers", value);
    exposed = split(pool, value ? value : "", ",");
    HOLDS(is_each_once(&exposed, strncasecmp), "%s", value);
    for (i = 0; i < exposed.count; i++) {
        const char *name = apr_pstrmemdup(pool, exposed.text[i],
                                          exposed.len[i]);

        HOLDS(model_is_token(name, strlen(name)) && !model_is_hidden(name)
              && model_covers_one(&words, name), "%s of %s", name, value);
    }
    for (i = 0; i < (unsigned int)names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        HOLDS(has_element(&exposed, name, strlen(name), strncasecmp)
              == (model_is_token(name, strlen(name))
                  && !model_is_hidden(name)
                  && model_covers_one(&words, name)),
              "%s and %s", name, or_null(value));
    }
}
