/* SPDX-License-Identifier: Apache-2.0 */

/* Bytes from the configuration and from strangers, for people and programs:
 * mod_cors_escape.h. */

#include "mod_cors_escape.h"

#include "httpd.h"

const char *cors_printable(apr_pool_t *pool, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    char *copy = apr_palloc(pool, 4 * strlen(text) + 1);
    char *to = copy;

    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c >= 0x20 && c < 0x7f) {
            *to++ = *text;
            continue;
        }
        *to++ = '\\';
        *to++ = 'x';
        *to++ = digits[c >> 4];
        *to++ = digits[c & 15];
    }
    *to = '\0';
    return copy;
}

const char *cors_html(apr_pool_t *pool, const char *text)
{
    return ap_escape_html(pool, cors_printable(pool, text));
}

const char *cors_quoted(apr_pool_t *pool, const char *text)
{
    const char *from = cors_printable(pool, text);
    char *copy = apr_palloc(pool, 2 * strlen(from) + 1);
    char *to = copy;

    for (; *from; from++) {
        if (*from == '"' || *from == '\\') {
            *to++ = '\\';
        }
        *to++ = *from;
    }
    *to = '\0';
    return copy;
}
