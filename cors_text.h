/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_TEXT_H
#define CORS_TEXT_H

/**
 * @file cors_text.h
 * @brief What the files of the engine share: classes of bytes, comparisons,
 * a small map, the form of a message.
 *
 * For the engine's own files, and whoever quotes values as they do; no other
 * header includes it.
 */

#include <string.h>

#include <apr_cstr.h>
#include <apr_hash.h>
#include <apr_pools.h>

/* ------------------------------------------------------------------------
 * Bytes
 */

#define CORS_TOKEN  0x01        /**< RFC 9110, 5.6.2 */
#define CORS_LABEL  0x02        /**< of a host name, anywhere; "-" is not */
#define CORS_DIGIT  0x04
#define CORS_HEX    0x08        /**< lower case */
#define CORS_SCHEME 0x10        /**< of a scheme, after its first letter */
#define CORS_UPPER  0x20

/** The classes that each byte belongs to. */
extern const unsigned char cors_class_tbl[256];

static inline unsigned int text_class(char c)
{
    return cors_class_tbl[(unsigned char)c];
}

static inline int text_is(char c, unsigned int classes)
{
    return (text_class(c) & classes) != 0;
}

/** How many of the first bytes of s belong to the classes. */
static inline apr_size_t text_span(const char *s, apr_size_t len,
                                   unsigned int classes)
{
    apr_size_t n = 0;

    while (n < len && text_is(s[n], classes)) {
        n++;
    }
    return n;
}

static inline int text_same(const char *s, apr_size_t len,
                                 const char *literal)
{
    return strlen(literal) == len && memcmp(s, literal, len) == 0;
}

static inline int text_same_nocase(const char *s, apr_size_t len,
                                   const char *literal)
{
    return strlen(literal) == len && apr_cstr_casecmpn(s, literal, len) == 0;
}

static inline int text_starts_with(const char *s, apr_size_t len,
                                        const char *literal)
{
    apr_size_t literal_len = strlen(literal);

    return len >= literal_len && memcmp(s, literal, literal_len) == 0;
}

static inline int text_ends_with(const char *s, apr_size_t len,
                                      const char *literal)
{
    apr_size_t literal_len = strlen(literal);

    return len >= literal_len
           && memcmp(s + len - literal_len, literal, literal_len) == 0;
}

/** Copy bytes in lower case; the copy is not NUL-terminated. */
static inline void text_lower_into(char *copy, const char *s,
                                        apr_size_t len)
{
    apr_size_t i;

    for (i = 0; i < len; i++) {
        copy[i] = (char)(text_is(s[i], CORS_UPPER) ? s[i] | 0x20 : s[i]);
    }
}

/** A copy in lower case. */
char *cors_text_lower(apr_pool_t *pool, const char *s);

/* ------------------------------------------------------------------------
 * Maps
 */

/** Most policies name a few of anything.  Comparing these one by one costs a
 * fraction of hashing the request's bytes, and nothing when a .htaccess file
 * is read. */
#define CORS_MAP_LIST_SIZE 8

/** From strings to values that are not NULL; empty if zeroed. */
typedef struct cors_map_t {
    struct {
        const char *key;
        apr_size_t len;
        const void *value;
    } list[CORS_MAP_LIST_SIZE];
    int count;                  /**< in the list; not used with a hash */
    apr_hash_t *hash;           /**< NULL as long as the list suffices */
} cors_map_t;

/** The value of a key, NULL if there is none. */
static inline const void *cors_map_get(const cors_map_t *map,
                                       const char *key, apr_size_t len)
{
    int i;

    if (map->hash) {
        return apr_hash_get(map->hash, key, (apr_ssize_t)len);
    }
    for (i = 0; i < map->count; i++) {
        if (map->list[i].len == len
            && memcmp(map->list[i].key, key, len) == 0) {
            return map->list[i].value;
        }
    }
    return NULL;
}

static inline int cors_map_is_empty(const cors_map_t *map)
{
    return map->count == 0;
}

/** Add a key, which is borrowed; one that is there keeps its value. */
void cors_map_add(cors_map_t *map, apr_pool_t *pool, const char *key,
                  apr_size_t len, const void *value);

/* ------------------------------------------------------------------------
 * Values and messages
 */

/** Bits for what a list has named so far. */
#define CORS_NAMED_NONE  1      /**< the keyword "none" */
#define CORS_NAMED_ANY   2      /**< the keyword "*" */
#define CORS_NAMED_WORDS 4      /**< anything else */

/**
 * Whether a value may not join those that a list has: one of them all must be
 * the only one.
 * @param named Bits of what the list has, 0 if it is empty
 * @param added Bit of what joins it
 * @param alone Bits of what must be the only value
 */
static inline int cors_values_clash(unsigned int named, unsigned int added,
                                    unsigned int alone)
{
    return named != 0 && ((named | added) & alone) != 0;
}

/** Bytes of a value that a message quotes. */
#define CORS_MAX_QUOTE 100

/** A message that a value is refused: the value, why, and what to do. */
const char *cors_refuse(apr_pool_t *pool, const char *value, const char *why);

/** The same with a correction that the administrator may paste. */
const char *cors_correct(apr_pool_t *pool, const char *value, const char *why,
                         const char *correction);

#endif /* CORS_TEXT_H */
