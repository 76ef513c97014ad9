/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_ORIGIN_H
#define CORS_ORIGIN_H

/**
 * @file cors_origin.h
 * @brief What an origin is, and a public suffix.
 */

#include <apr.h>

/** Longest host name and label, in bytes, final dot not counted (RFC 1035,
 * section 2.3.4).  Longer ones cannot be resolved, so no page comes from
 * there. */
#define CORS_MAX_HOST 253
#define CORS_MAX_LABEL 63

/** Longest origin of http and https: https://HOST.:65535 */
#define CORS_MAX_WEB_ORIGIN (8 + CORS_MAX_HOST + 1 + 6)

/**
 * A serialized origin, taken apart (Fetch, "Origin header", serialized-origin;
 * beyond its grammar a host may hold underscores and one final dot, as the
 * URL standard allows).  Schemes other than http and https are an
 * application's or a browser extension's own: what stands behind "://" is
 * taken for the host, in any case.  All pointers borrow from the text that
 * was parsed.
 */
typedef struct cors_origin_t {
    const char *text;       /**< the whole, not necessarily NUL-terminated */
    apr_size_t len;         /**< bytes in text */
    apr_size_t scheme_len;  /**< bytes of the scheme, at the start of text */
    const char *host;       /**< host; an IPv6 address with its brackets */
    apr_size_t host_len;    /**< bytes in host; 0 for "file://" only */
    int host_is_name;       /**< 1 for a domain under http or https */
    int has_port;           /**< 1 if a port is written; never of others */
    unsigned int port;      /**< 1 to 65535 if has_port, else 0 */
} cors_origin_t;

/**
 * Parse a serialized origin, byte for byte as a browser sends it: lower case,
 * canonical IP addresses, no default port, no path, no userinfo.  Of other
 * schemes than http and https, a scheme in lower case and anything without
 * blanks, wildcards and what would start a path, query or user name; and
 * "file://".  "null" is not a serialized origin, and no browser sends one
 * with a scheme such as ws or data (cors_scheme_is_never_sent()).
 * @param origin Filled in on success, untouched otherwise
 * @param text The bytes; borrowed
 * @param len How many
 * @return 1 if well-formed, else 0
 */
int cors_origin_parse(cors_origin_t *origin, const char *text,
                      apr_size_t len);

/**
 * Whether credentials are in danger with this origin: its pages travel the
 * network unprotected, by http, and its host is neither a loopback one
 * ("localhost", "*.localhost", each also with a final dot, 127/8, "[::1]") nor
 * a Tor service (".onion", which encrypts by itself); or it is "file://",
 * which old web views give any page that was downloaded.
 */
int cors_origin_is_insecure(const cors_origin_t *origin);

/** Whether the host of an http or https origin is a loopback one. */
int cors_origin_is_loopback(const cors_origin_t *origin);

/** Whether the host ends in ".onion".  Tor Browser sends the origin null
 * for pages from there. */
int cors_origin_is_onion(const cors_origin_t *origin);

/** Whether a host of a label more can be: one byte and a dot. */
int cors_origin_has_room(const cors_origin_t *origin);

/** Whether a scheme is of URLs that have no origin, or never make a request
 * with one: ws, wss, data, blob, about, javascript. */
int cors_scheme_is_never_sent(const char *scheme, apr_size_t len);

/**
 * Take the host of an origin apart: a domain, an IPv4 address, or an IPv6
 * address in brackets, as browsers write them.
 * @param origin Its host, host_len and host_is_name are set
 * @return 1 if well-formed, else 0
 */
int cors_origin_read_host(cors_origin_t *origin, const char *s,
                          apr_size_t len);

/** How many bytes of "host[:port]" are the host, well-formed or not. */
apr_size_t cors_origin_host_span(const char *s, apr_size_t len);

/**
 * Whether a label, the last of a host, makes it an IPv4 address or nothing
 * (URL standard, "ends in a number").
 */
int cors_label_is_number(const char *s, apr_size_t len);

/** What a public suffix, under which anybody may register a name, is. */
enum {
    CORS_SUFFIX_REGISTRY = 1,   /**< a registry's: com, co.uk */
    CORS_SUFFIX_HOSTING         /**< that of a company: netlify.app */
};

/**
 * Tell whether a domain is a public suffix.
 * @param domain A lower-case domain without a final dot
 * @return 0 if it is none, else CORS_SUFFIX_*
 */
typedef int cors_public_suffix_fn(const char *domain);

/** Most labels of a domain that is_public_suffix is asked about: the longest
 * rules of the Public Suffix List have five. */
#define CORS_MAX_SUFFIX_LABELS 8

/** The same, of one label always: nothing is known to be above it.
 * @param is_public_suffix NULL if nothing else is one */
int cors_domain_is_public_suffix(const char *domain,
                                 cors_public_suffix_fn *is_public_suffix);

#endif /* CORS_ORIGIN_H */
