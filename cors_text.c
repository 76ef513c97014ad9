/* SPDX-License-Identifier: Apache-2.0 */

/* What the files of the engine share. */

#include "cors_text.h"

#include <apr_strings.h>

#define PUNCT (CORS_TOKEN)
#define NUMBER (CORS_TOKEN | CORS_LABEL | CORS_DIGIT | CORS_HEX | CORS_SCHEME)
#define A_TO_F (CORS_TOKEN | CORS_LABEL | CORS_HEX | CORS_SCHEME)
#define G_TO_Z (CORS_TOKEN | CORS_LABEL | CORS_SCHEME)
#define CAPITAL (CORS_TOKEN | CORS_UPPER)

const unsigned char cors_class_tbl[256] = {
    ['!'] = PUNCT,  ['#'] = PUNCT, ['$'] = PUNCT,  ['%'] = PUNCT,
    ['&'] = PUNCT,  ['\''] = PUNCT, ['*'] = PUNCT, ['^'] = PUNCT,
    ['`'] = PUNCT,  ['|'] = PUNCT, ['~'] = PUNCT,
    ['+'] = PUNCT | CORS_SCHEME, ['-'] = PUNCT | CORS_SCHEME,
    ['.'] = PUNCT | CORS_SCHEME, ['_'] = PUNCT | CORS_LABEL,
    ['0'] = NUMBER, ['1'] = NUMBER, ['2'] = NUMBER, ['3'] = NUMBER,
    ['4'] = NUMBER, ['5'] = NUMBER, ['6'] = NUMBER, ['7'] = NUMBER,
    ['8'] = NUMBER, ['9'] = NUMBER,
    ['a'] = A_TO_F, ['b'] = A_TO_F, ['c'] = A_TO_F, ['d'] = A_TO_F,
    ['e'] = A_TO_F, ['f'] = A_TO_F, ['g'] = G_TO_Z, ['h'] = G_TO_Z,
    ['i'] = G_TO_Z, ['j'] = G_TO_Z, ['k'] = G_TO_Z, ['l'] = G_TO_Z,
    ['m'] = G_TO_Z, ['n'] = G_TO_Z, ['o'] = G_TO_Z, ['p'] = G_TO_Z,
    ['q'] = G_TO_Z, ['r'] = G_TO_Z, ['s'] = G_TO_Z, ['t'] = G_TO_Z,
    ['u'] = G_TO_Z, ['v'] = G_TO_Z, ['w'] = G_TO_Z, ['x'] = G_TO_Z,
    ['y'] = G_TO_Z, ['z'] = G_TO_Z,
    ['A'] = CAPITAL, ['B'] = CAPITAL, ['C'] = CAPITAL, ['D'] = CAPITAL,
    ['E'] = CAPITAL, ['F'] = CAPITAL, ['G'] = CAPITAL, ['H'] = CAPITAL,
    ['I'] = CAPITAL, ['J'] = CAPITAL, ['K'] = CAPITAL, ['L'] = CAPITAL,
    ['M'] = CAPITAL, ['N'] = CAPITAL, ['O'] = CAPITAL, ['P'] = CAPITAL,
    ['Q'] = CAPITAL, ['R'] = CAPITAL, ['S'] = CAPITAL, ['T'] = CAPITAL,
    ['U'] = CAPITAL, ['V'] = CAPITAL, ['W'] = CAPITAL, ['X'] = CAPITAL,
    ['Y'] = CAPITAL, ['Z'] = CAPITAL,
};

char *cors_text_lower(apr_pool_t *pool, const char *s)
{
    char *copy = apr_pstrdup(pool, s);

    text_lower_into(copy, s, strlen(s));
    return copy;
}

void cors_map_add(cors_map_t *map, apr_pool_t *pool, const char *key,
                  apr_size_t len, const void *value)
{
    int i;

    if (cors_map_get(map, key, len)) {
        return;
    }
    if (map->hash) {
        apr_hash_set(map->hash, key, (apr_ssize_t)len, value);
        return;
    }
    if (map->count < CORS_MAP_LIST_SIZE) {
        map->list[map->count].key = key;
        map->list[map->count].len = len;
        map->list[map->count].value = value;
        map->count++;
        return;
    }
    map->hash = apr_hash_make(pool);
    for (i = 0; i < map->count; i++) {
        apr_hash_set(map->hash, map->list[i].key,
                     (apr_ssize_t)map->list[i].len, map->list[i].value);
    }
    apr_hash_set(map->hash, key, (apr_ssize_t)len, value);
}

/* A value as messages show it: in quotes, cut. */
static const char *quoted(apr_pool_t *pool, const char *value)
{
    apr_size_t len = strlen(value);

    return apr_psprintf(pool,
                        len > CORS_MAX_QUOTE ? "\"%.*s...\"" : "\"%.*s\"",
                        CORS_MAX_QUOTE, value);
}

const char *cors_refuse(apr_pool_t *pool, const char *value, const char *why)
{
    return apr_pstrcat(pool, quoted(pool, value), ": ", why, NULL);
}

const char *cors_correct(apr_pool_t *pool, const char *value, const char *why,
                         const char *correction)
{
    return apr_pstrcat(pool, quoted(pool, value), ": ", why, "; write ",
                       quoted(pool, correction), NULL);
}
