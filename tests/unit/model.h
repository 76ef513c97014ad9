/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MODEL_H
#define MODEL_H

/**
 * @file model.h
 * @brief The grammar of serialized origins once more, from string functions
 * and the C library's address functions instead of tables, slow and plain.
 */

#include "testing.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#define MODEL_LOWER "abcdefghijklmnopqrstuvwxyz"
#define MODEL_DIGITS "0123456789"

/** The one way to write an IPv6 address in a URL: as inet_ntop does, but
 * without dotted decimals. */
static inline void model_ipv6_text(char *text, size_t size,
                                   const unsigned char *bytes)
{
    char *dot;

    assert_non_null(inet_ntop(AF_INET6, bytes, text, (socklen_t)size));
    dot = strchr(text, '.');
    if (dot) {
        char *tail = strrchr(text, ':') + 1;

        sprintf(tail, "%x:%x", bytes[12] << 8 | bytes[13],
                bytes[14] << 8 | bytes[15]);
    }
}

static inline int model_is_ipv6(const char *text)
{
    unsigned char bytes[16];
    char canonical[64];

    if (inet_pton(AF_INET6, text, bytes) != 1) {
        return 0;
    }
    model_ipv6_text(canonical, sizeof(canonical), bytes);
    return strcmp(text, canonical) == 0;
}

static inline int model_is_ipv4(const char *text)
{
    unsigned char bytes[4];
    char canonical[32];

    return inet_pton(AF_INET, text, bytes) == 1
           && inet_ntop(AF_INET, bytes, canonical, sizeof(canonical))
           && strcmp(text, canonical) == 0;
}

static inline int model_is_number(const char *label)
{
    if (label[strspn(label, MODEL_DIGITS)] == '\0') {
        return 1;
    }
    return strncmp(label, "0x", 2) == 0
           && label[2 + strspn(label + 2, MODEL_DIGITS "abcdef")] == '\0';
}

static inline int model_is_label(const char *label)
{
    size_t len = strlen(label);

    return len >= 1 && len <= 63
           && strspn(label, MODEL_LOWER MODEL_DIGITS "-_") == len
           && label[0] != '-' && label[len - 1] != '-';
}

/** Cuts the host to pieces. */
static inline int model_is_domain(char *host)
{
    size_t len = strlen(host);
    char *label = host;

    if (model_is_ipv4(host)) {
        return 1;
    }
    if (len && host[len - 1] == '.') {
        host[--len] = '\0';
    }
    if (len > 253) {
        return 0;
    }
    for (;;) {
        char *dot = strchr(label, '.');

        if (dot) {
            *dot = '\0';
        }
        if (!model_is_label(label)) {
            return 0;
        }
        if (!dot) {
            return !model_is_number(label);
        }
        label = dot + 1;
    }
}

static inline int model_is_port(const char *text, const char *scheme)
{
    size_t len = strspn(text, MODEL_DIGITS);
    long port;

    if (text[len] || len < 1 || len > 5 || text[0] == '0') {
        return 0;
    }
    port = strtol(text, NULL, 10);
    if (port > 65535) {
        return 0;
    }
    return !(strcmp(scheme, "http") == 0 && port == 80)
           && !(strcmp(scheme, "https") == 0 && port == 443);
}

/* Reads no byte by itself: APR declares apr_pstrmemdup()'s result without its
 * NUL, so that to gcc 14's UBSan an empty one has no byte to read. */
static inline int model_is_scheme(const char *scheme)
{
    return strspn(scheme, MODEL_LOWER) > 0
           && strspn(scheme, MODEL_LOWER MODEL_DIGITS "+-.")
              == strlen(scheme);
}

static inline int model_is_authority(char *host, const char *scheme)
{
    char *port;

    if (host[0] != '[') {
        port = strchr(host, ':');
        if (port) {
            *port++ = '\0';
        }
        return model_is_domain(host)
               && (!port || model_is_port(port, scheme));
    }
    port = strchr(host, ']');
    if (!port) {
        return 0;
    }
    *port++ = '\0';
    return model_is_ipv6(host + 1)
           && (!*port || (*port == ':' && model_is_port(port + 1, scheme)));
}

/** Whether a scheme other than http and https, and what follows its "://",
 * are the origin of an application or extension, or file://. */
static inline int model_is_custom(const char *scheme, const char *rest)
{
    static const char *const never[] = {
        "about", "blob", "data", "javascript", "ws", "wss",
    };
    size_t i;

    for (i = 0; i < COUNT(never); i++) {
        if (strcmp(scheme, never[i]) == 0) {
            return 0;
        }
    }
    for (i = 0; rest[i]; i++) {
        if (!isgraph((unsigned char)rest[i])
            || strchr("/\\?#@*,\"", rest[i])) {
            return 0;
        }
    }
    return model_is_scheme(scheme)
           && (strcmp(scheme, "file") == 0) == (i == 0);
}

static inline int model_is_web(const char *text, size_t len)
{
    return (len >= 7 && memcmp(text, "http://", 7) == 0)
           || (len >= 8 && memcmp(text, "https://", 8) == 0);
}

/** Whether the bytes are a serialized origin. */
static inline int model_is_origin(const char *text, size_t len)
{
    char *copy = block_of(text, len);
    char *separator = strstr(copy, "://");
    int result = 0;

    if (strlen(copy) == len && separator) {
        *separator = '\0';
        result = model_is_web(text, len)
                 ? model_is_authority(separator + 3, copy)
                 : model_is_custom(copy, separator + 3);
    }
    free(copy);
    return result;
}

#endif /* MODEL_H */
