/* SPDX-License-Identifier: Apache-2.0 */

/* The pattern that a refused origin nearly matches: for people who look for
 * the reason of a refusal, never for decisions. */

#include "cors_nearest.h"
#include "cors_text.h"

#include <stdlib.h>

#include <apr_strings.h>

/* An origin or pattern as its parts; they need not be well-formed. */
typedef struct {
    const char *scheme;
    const char *host;           /* without "*." */
    const char *port;           /* "" if there is none, "*" for any */
    int is_wildcard;            /* "*." is in front of the host */
    int is_lower;               /* it has no capital letters */
} parts_t;

/* How an origin differs from a pattern, the nearest first. */
typedef enum {
    DIFFERS_CASE,
    DIFFERS_SLASH,
    DIFFERS_SCHEME,
    DIFFERS_PORT,
    DIFFERS_APEX,
    DIFFERS_LETTER,
    DIFFERS_MORE
} difference_t;

static const char *const texts[] = {
    [DIFFERS_CASE] = "letters differ in case",
    [DIFFERS_SLASH] = "the origin ends in a slash or path",
    [DIFFERS_SCHEME] = "the scheme differs",
    [DIFFERS_PORT] = "the port differs",
    [DIFFERS_APEX] = "the wildcard does not match the domain itself",
    [DIFFERS_LETTER] = "one letter of the host differs",
};

static parts_t parts_of(apr_pool_t *pool, const char *text)
{
    char *copy = cors_text_lower(pool, text);
    char *separator = strstr(copy, "://");
    char *host = separator ? separator + 3 : copy;
    apr_size_t len;
    parts_t parts;

    parts.is_lower = strcmp(copy, text) == 0;
    parts.scheme = separator ? copy : "";
    if (separator) {
        *separator = '\0';
    }
    host[strcspn(host, "/?#")] = '\0';
    parts.is_wildcard = strncmp(host, "*.", 2) == 0;
    host += parts.is_wildcard ? 2 : 0;
    len = cors_origin_host_span(host, strlen(host));
    parts.port = host[len] == ':' ? apr_pstrdup(pool, host + len + 1) : "";
    host[len] = '\0';
    parts.host = host;
    return parts;
}

/* Whether two hosts differ by one letter: added, left out, or another. */
static int one_letter_differs(const char *a, const char *b)
{
    apr_size_t a_len = strlen(a);
    apr_size_t b_len = strlen(b);

    while (*a && *a == *b) {
        a++;
        b++;
    }
    if (a_len == b_len) {
        return *a && strcmp(a + 1, b + 1) == 0;
    }
    return a_len + 1 == b_len ? strcmp(a, b + 1) == 0
           : b_len + 1 == a_len && strcmp(a + 1, b) == 0;
}

/* Whether a host is what a pattern's host part stands for. */
static int host_matches(const parts_t *pattern, const char *host)
{
    apr_size_t len = strlen(host);
    apr_size_t suffix_len = strlen(pattern->host);

    if (!pattern->is_wildcard) {
        return strcmp(pattern->host, host) == 0;
    }
    return len > suffix_len + 1 && host[len - suffix_len - 1] == '.'
           && strcmp(host + len - suffix_len, pattern->host) == 0;
}

/* How an origin differs whose scheme, host and port a pattern stands for. */
static difference_t spelling_of(const parts_t *pattern, const parts_t *origin,
                                const char *text)
{
    const char *authority = strstr(text, "://");

    if (authority && strpbrk(authority + 3, "/?#")) {
        return DIFFERS_SLASH;
    }
    if (!origin->is_lower) {
        return DIFFERS_CASE;
    }
    /* ":*" does not stand for the scheme's own port, or what is none. */
    return strcmp(pattern->port, "*") == 0 && *origin->port ? DIFFERS_PORT
                                                            : DIFFERS_MORE;
}

static difference_t difference_of(const parts_t *pattern,
                                  const parts_t *origin, const char *text)
{
    int same_scheme = strcmp(pattern->scheme, origin->scheme) == 0;
    int same_port = strcmp(pattern->port, origin->port) == 0
                    || strcmp(pattern->port, "*") == 0;

    if (origin->is_wildcard) {
        return DIFFERS_MORE;
    }
    if (host_matches(pattern, origin->host)) {
        if (same_scheme && same_port) {
            return spelling_of(pattern, origin, text);
        }
        return same_scheme ? DIFFERS_PORT
               : same_port ? DIFFERS_SCHEME : DIFFERS_MORE;
    }
    if (!same_scheme || !same_port) {
        return DIFFERS_MORE;
    }
    if (pattern->is_wildcard) {
        return strcmp(pattern->host, origin->host) == 0 ? DIFFERS_APEX
                                                        : DIFFERS_MORE;
    }
    return one_letter_differs(pattern->host, origin->host) ? DIFFERS_LETTER
                                                           : DIFFERS_MORE;
}

const char *cors_origin_set_nearest(const cors_origin_set_t *set,
                                    const char *text, apr_pool_t *pool)
{
    const apr_array_header_t *entries = cors_origin_set_entries(set);
    parts_t origin = parts_of(pool, text);
    difference_t least = DIFFERS_MORE;
    const char *nearest = NULL;
    int i;

    for (i = 0; entries && i < entries->nelts; i++) {
        const cors_origin_entry_t *entry =
            APR_ARRAY_IDX(entries, i, const cors_origin_entry_t *);
        difference_t difference;
        parts_t pattern;

        if (entry->is_regex || entry->is_null) {
            continue;
        }
        pattern = parts_of(pool, entry->pattern);
        difference = difference_of(&pattern, &origin, text);
        if (difference < least) {
            least = difference;
            nearest = entry->pattern;
        }
    }
    return nearest ? apr_pstrcat(pool, nearest, ": ", texts[least], NULL)
                   : NULL;
}
