/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

#ifndef CORS_POLICY_H
#define CORS_POLICY_H

/**
 * @file cors_policy.h
 * @brief The Cross-Origin Resource Sharing engine of mod_cors.
 *
 * A *policy* says which origins may read a resource, with which methods and
 * headers.  It is compiled from words of text when configuration is read,
 * picked field by field when configuration sections merge, and matched when
 * a request comes:
 *
 *     cors_policy_init, cors_policy_add_*, cors_policy_set_*    text to policy
 *     cors_policy_merge                                  two policies to one
 *     cors_decide                      a policy and a request to a decision
 *
 * The protocol is that of the WHATWG Fetch standard ("Fetch" below).  The
 * engine knows APR and Fetch; it knows no web server.  It does no input or
 * output, keeps no state outside the objects declared here, and never fails
 * on account of a request: what it does not understand it refuses, with a
 * reason.
 *
 * Ownership.  Functions that compile take a pool, from which everything that
 * the policy points to is allocated; their word arguments are copied where
 * they are kept.  A set (origins, methods, names) may grow while the section
 * that holds it is being read and must not change afterwards, because merged
 * policies share it.  Then any number of threads may read it.  Strings in a
 * cors_request_t are borrowed, and so are the strings of a decision, from the
 * policy, the request or the pool given to cors_decide().
 *
 * Messages.  Functions that compile return NULL, or a message for the
 * administrator, allocated from the pool: it quotes the value (cut at
 * CORS_MAX_QUOTE bytes; escaping is left to the log that shows it) and says
 * what is accepted.  The name of the directive is the caller's to put in
 * front.  After a message the policy is
 * unusable and must be dropped.
 */

#include <apr_pools.h>
#include <apr_hash.h>
#include <apr_tables.h>
#include <apr_version.h>

#if !APR_VERSION_AT_LEAST(1, 6, 0)
#error "mod_cors needs APR 1.6 or later, which has apr_cstr.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------
 * Limits
 */

/** Longest host name and label, in bytes, final dot not counted (RFC 1035,
 * section 2.3.4).  Longer ones cannot be resolved, so no page comes from
 * there. */
#define CORS_MAX_HOST 253
#define CORS_MAX_LABEL 63

/** Longest header name, in bytes, that a policy may list.  It bounds the
 * buffer in which a requested name is put in lower case. */
#define CORS_MAX_HEADER_NAME 128

/** Most names that one Access-Control-Request-Headers may ask for,
 * repetitions counted.  Browsers send each name once and pages set a handful;
 * the bound keeps duplicate removal from growing with the request. */
#define CORS_MAX_REQUEST_HEADERS 64

/** Greatest Access-Control-Max-Age, in seconds: one day, the greatest that
 * any browser honours (Firefox; Chromium stops at 7200, WebKit at 600). */
#define CORS_MAX_AGE 86400

/** Bytes of a value that a message quotes. */
#define CORS_MAX_QUOTE 100

/* ------------------------------------------------------------------------
 * Origins
 */

/**
 * A serialized origin, taken apart (Fetch, "Origin header", serialized-origin;
 * beyond its grammar a host may hold underscores and one final dot, as the
 * URL standard allows).  All pointers borrow from the text that was parsed.
 */
typedef struct cors_origin_t {
    const char *text;       /**< the whole, not necessarily NUL-terminated */
    apr_size_t len;         /**< bytes in text */
    apr_size_t scheme_len;  /**< bytes of the scheme, at the start of text */
    const char *host;       /**< host; an IPv6 address with its brackets */
    apr_size_t host_len;    /**< bytes in host, at least 1 */
    int host_is_name;       /**< 1 for a domain, 0 for an IP address */
    int has_port;           /**< 1 if a port is written */
    unsigned int port;      /**< 1 to 65535 if has_port, else 0 */
} cors_origin_t;

/**
 * Parse a serialized origin, byte for byte as a browser sends it: lower case,
 * canonical IP addresses, no default port, no path, no userinfo.  "null" is
 * not a serialized origin.
 * @param origin Filled in on success, untouched otherwise
 * @param text The bytes; borrowed
 * @param len How many
 * @return 1 if well-formed, else 0
 */
int cors_origin_parse(cors_origin_t *origin, const char *text,
                      apr_size_t len);

/**
 * Whether pages of this origin travel in clear text: every scheme but https,
 * unless the host is a loopback one ("localhost", "*.localhost", 127/8,
 * "[::1]").
 */
int cors_origin_is_clear_text(const cors_origin_t *origin);

/**
 * Match an origin against a regular expression of the caller's.
 * @param regex What was given to cors_policy_add_origin_regex()
 * @param origin The origin's bytes
 * @param len How many
 * @return 1 if the whole origin matches, else 0
 */
typedef int cors_regex_match_fn(const void *regex, const char *origin,
                                apr_size_t len);

/**
 * Tell whether a domain is a public suffix, one under which anybody may
 * register a name.
 * @param domain A lower-case domain without a final dot
 * @return 1 if it is, else 0
 */
typedef int cors_public_suffix_fn(const char *domain);

/** One pattern of an origin set. */
typedef struct cors_origin_entry_t {
    const char *pattern;  /**< as the administrator wrote it */
    int is_clear_text;    /**< matches clear-text origins only (an http
                               pattern off the loopback) */
    int is_public_suffix; /**< a wildcard under a public suffix */
    int is_null;          /**< the literal "null" */
    int is_regex;         /**< a regular expression */
} cors_origin_entry_t;

/**
 * A set of origin patterns.  A look-up costs one probe for exact origins and
 * one for each label of the request's host that a wildcard could start
 * at, however many patterns there are; regular expressions are tried one by
 * one, last.
 */
typedef struct cors_origin_set_t cors_origin_set_t;

/**
 * Find the pattern that matches an Origin request header.
 * @param set The set
 * @param text The header's value; bytes are compared, nothing is normalised
 * @param len Its length
 * @param entry Set to the matching pattern on success, untouched otherwise
 * @return 1 if a pattern matches, else 0.  The keywords "*" and "none" are
 *         not patterns: a set of one of them matches nothing here.
 */
int cors_origin_set_match(const cors_origin_set_t *set, const char *text,
                          apr_size_t len, const cors_origin_entry_t **entry);

/**
 * The patterns of a set, in the order in which they were written.
 * @return An array of const cors_origin_entry_t *, NULL if there are none
 */
const apr_array_header_t *
cors_origin_set_entries(const cors_origin_set_t *set);

/**
 * Find the wildcard that matches everything that a pattern without one does.
 * @param entry A pattern of the set
 * @return The wildcard's entry, NULL if the pattern has a job of its own
 */
const cors_origin_entry_t *
cors_origin_set_covering(const cors_origin_set_t *set,
                         const cors_origin_entry_t *entry);

/* ------------------------------------------------------------------------
 * Methods and header names
 */

/** A set of methods, compared by bytes (Fetch, "methods"). */
typedef struct cors_method_set_t cors_method_set_t;

/** A set of header names, compared without case. */
typedef struct cors_name_set_t cors_name_set_t;

/** Whether a set lists a method.  "*" in the set lists none. */
int cors_method_set_contains(const cors_method_set_t *set,
                             const char *method, apr_size_t len);

/** Whether a set lists a header name.  "*" in the set lists none. */
int cors_name_set_contains(const cors_name_set_t *set, const char *name,
                           apr_size_t len);

/* ------------------------------------------------------------------------
 * Policies
 */

/** A switch that a section may leave unset. */
typedef enum {
    CORS_UNSET = -1,
    CORS_OFF = 0,
    CORS_ON = 1
} cors_switch_t;

/** Who answers preflights. */
typedef enum {
    CORS_PREFLIGHT_UNSET = -1,
    CORS_PREFLIGHT_ANSWER,      /**< the module; the default */
    CORS_PREFLIGHT_EARLY,       /**< the module, by the URL as it was asked,
                                     before redirects and rewrites */
    CORS_PREFLIGHT_PASS         /**< the handler or backend */
} cors_preflight_t;

/** What happens to CORS headers that the response already has. */
typedef enum {
    CORS_BACKEND_UNSET = -1,
    CORS_BACKEND_REPLACE,       /**< they go; the default */
    CORS_BACKEND_KEEP           /**< with an Allow-Origin among them they
                                     stay, and ours are not written */
} cors_backend_t;

/** Bits of cors_policy_t::dangerous. */
#define CORS_DANGER_INSECURE_ORIGINS 1
#define CORS_DANGER_PUBLIC_SUFFIXES 2

/**
 * A policy.  Every field can be unset (NULL, or -1); merging picks the inner
 * section's where it is set.
 */
typedef struct cors_policy_t {
    cors_switch_t engine;              /**< default On */
    cors_origin_set_t *origins;        /**< default: inert */
    cors_method_set_t *methods;        /**< default GET HEAD POST */
    cors_name_set_t *allow_headers;    /**< default none */
    cors_name_set_t *expose_headers;   /**< default none */
    cors_switch_t credentials;         /**< default Off */
    const char *max_age;               /**< seconds, as the header's value;
                                            default: the header is not sent */
    cors_preflight_t preflight;
    int preflight_status;              /**< 200 or 204 (default); -1 unset */
    cors_backend_t backend_headers;
    cors_switch_t timing_allow_origin; /**< default Off */
    cors_switch_t debug;               /**< default Off */
    int dangerous;                     /**< CORS_DANGER_* bits; default 0;
                                            -1 unset */
} cors_policy_t;

/** Make every field unset. */
void cors_policy_init(cors_policy_t *policy);

/**
 * Pick each field from @a inner where it is set there, else from @a outer.
 * Allocates nothing, writes neither, and is associative, because httpd does
 * not merge from the outside in.
 * @param merged The result; may be neither of the two
 */
void cors_policy_merge(cors_policy_t *merged, const cors_policy_t *outer,
                       const cors_policy_t *inner);

/**
 * Whether the policy says anything about being in force: its engine is set
 * or it names origins (also "none").
 */
int cors_policy_is_stated(const cors_policy_t *policy);

/** Whether the policy does anything: origins are named, engine not Off. */
int cors_policy_is_active(const cors_policy_t *policy);

/** Whether the policy's origins are "none". */
int cors_policy_is_closed(const cors_policy_t *policy);

/** Why a policy with credentials is, or could be, unsafe. */
typedef enum {
    CORS_UNSAFE_NONE,           /**< it is not */
    CORS_UNSAFE_ANY_ORIGIN,     /**< origins are "*" */
    CORS_UNSAFE_MATCH_ALL,      /**< a regular expression matches any origin */
    CORS_UNSAFE_EXPOSE_ALL,     /**< exposed headers are "*" */
    CORS_UNSAFE_NULL,           /**< "null" is listed */
    CORS_UNSAFE_CLEAR_TEXT,     /**< a clear-text origin is listed */
    CORS_UNSAFE_PUBLIC_SUFFIX   /**< a wildcard spans registrable domains */
} cors_unsafe_t;

/**
 * Find out whether a policy is unsafe.  The first three poison the policy as
 * a whole: cors_decide() denies every request.  The others deny the origins
 * that match the entry.
 * @param entry Set to the entry at fault for CORS_UNSAFE_MATCH_ALL and the
 *              last three, else to NULL
 */
cors_unsafe_t cors_policy_find_unsafe(const cors_policy_t *policy,
                                      const cors_origin_entry_t **entry);

/** The values of a policy that are lists of words. */
typedef enum {
    CORS_LIST_ORIGINS,          /**< patterns, or "*" or "none" alone */
    CORS_LIST_ORIGIN_REGEXES,
    CORS_LIST_METHODS,
    CORS_LIST_ALLOW_HEADERS,
    CORS_LIST_EXPOSE_HEADERS,
    CORS_LIST_DANGERS
} cors_list_t;

/**
 * The words of a list, such that compiling them again yields the same.
 * @return An array of const char *, from @a pool; empty if the list is unset
 */
const apr_array_header_t *cors_policy_words(const cors_policy_t *policy,
                                            cors_list_t list,
                                            apr_pool_t *pool);

/* Compiling.  Each of these takes the words of one directive line, at least
 * one; lines of list directives accumulate.  See "Messages" above for the
 * return value. */

/** Origins: "*" or "none" alone, else patterns:
 * scheme://host[:port], scheme://\*.host, a port of "*", or "null".
 * @param is_public_suffix What judges the domain of a wildcard; NULL if only
 *                         domains of a single label are to count as public
 *                         suffixes */
const char *cors_policy_add_origins(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[],
                                    cors_public_suffix_fn *is_public_suffix);

/**
 * One regular expression over origins.  It is only ever asked about
 * well-formed serialized origins, never about "null".
 * @param pattern Its text, for messages and listings; copied
 * @param regex The compiled expression; borrowed, must live as long as the
 *              policy; NULL if it did not compile, which is refused
 * @param match How to ask it; called here too, to find out whether it
 *              matches everything
 */
const char *cors_policy_add_origin_regex(cors_policy_t *policy,
                                         apr_pool_t *pool,
                                         const char *pattern,
                                         const void *regex,
                                         cors_regex_match_fn *match);

/** Methods: "*" alone, else tokens. */
const char *cors_policy_add_methods(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[]);

/** Allowed request headers: "none" alone, else names, "*" among them. */
const char *cors_policy_add_allow_headers(cors_policy_t *policy,
                                          apr_pool_t *pool,
                                          int argc, char *const argv[]);

/** Exposed response headers: "none" or "*" alone, else names. */
const char *cors_policy_add_expose_headers(cors_policy_t *policy,
                                           apr_pool_t *pool,
                                           int argc, char *const argv[]);

/** Max-age: digits, then nothing or "s", "min", "h", "d"; at most
 * CORS_MAX_AGE seconds in all. */
const char *cors_policy_set_max_age(cors_policy_t *policy, apr_pool_t *pool,
                                    const char *word);

/** Preflights: "answer", "early" or "pass". */
const char *cors_policy_set_preflight(cors_policy_t *policy,
                                      apr_pool_t *pool, const char *word);

/** Status of an allowed preflight: "200" or "204". */
const char *cors_policy_set_preflight_status(cors_policy_t *policy,
                                             apr_pool_t *pool,
                                             const char *word);

/** Headers of the backend: "replace" or "keep". */
const char *cors_policy_set_backend_headers(cors_policy_t *policy,
                                            apr_pool_t *pool,
                                            const char *word);

/** Dangers accepted: "none" alone, else "insecure-origins",
 * "public-suffixes". */
const char *cors_policy_add_dangers(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[]);

/* ------------------------------------------------------------------------
 * Decisions
 */

/** What a request asks.  A header that is absent is NULL; one that was sent
 * in several lines is their values joined with commas (RFC 9110, 5.3). */
typedef struct cors_request_t {
    const char *method;          /**< the request method; never NULL */
    const char *origin;          /**< Origin */
    const char *request_method;  /**< Access-Control-Request-Method */
    const char *request_headers; /**< Access-Control-Request-Headers */
} cors_request_t;

/** What a request is (Fetch, "HTTP requests"). */
typedef enum {
    CORS_KIND_INERT,     /**< the policy is not active: leave it alone */
    CORS_KIND_NOT_CORS,  /**< no Origin */
    CORS_KIND_ACTUAL,    /**< an Origin, and not a preflight */
    CORS_KIND_PREFLIGHT  /**< OPTIONS with Origin and Request-Method */
} cors_kind_t;

/** Why a request is denied. */
typedef enum {
    CORS_REASON_NONE,          /**< it is not */
    CORS_REASON_CLOSED,        /**< the policy's origins are "none" */
    CORS_REASON_ORIGIN,        /**< no pattern matches the Origin */
    CORS_REASON_METHOD,        /**< the requested method is not allowed */
    CORS_REASON_HEADER,        /**< a requested header is not allowed */
    CORS_REASON_MALFORMED,     /**< a request header breaks its grammar or
                                    CORS_MAX_REQUEST_HEADERS */
    CORS_REASON_UNSAFE_POLICY  /**< the policy would expose credentials */
} cors_reason_t;

/** The reason in one word, for logs: "origin", "unsafe-policy"; "-" for
 * CORS_REASON_NONE.  Never NULL. */
const char *cors_reason_name(cors_reason_t reason);

/** The reason in a sentence for developers of front ends, without any byte of
 * the request or the policy.  Never NULL. */
const char *cors_reason_text(cors_reason_t reason);

/**
 * A decision.  The header values are what the response must carry, each as
 * one field line; NULL means that the response must not have that header.
 */
typedef struct cors_decision_t {
    cors_kind_t kind;
    int is_allowed;          /**< 1 if the origin may read the response, or
                                  the preflight passes */
    cors_reason_t reason;    /**< CORS_REASON_NONE if allowed, or not CORS */
    int status;              /**< of the answer to a preflight: 200, 204 or
                                  403; 0 for other requests */
    const char *allow_origin;
    const char *allow_credentials;
    const char *allow_methods;
    const char *allow_headers;
    const char *expose_headers;
    const char *max_age;
    const char *timing_allow_origin;
    const char *vary;        /**< to be merged into Vary: see
                                  cors_vary_merge() */
    const char *culprit;     /**< the requested header that was refused, or
                                  where its list is malformed; not
                                  NUL-terminated; NULL if none was */
    apr_size_t culprit_len;  /**< bytes in culprit */
} cors_decision_t;

/**
 * Decide, in the order of Fetch: origin, method, headers.
 * Takes time linear in the length of the request's values, and allocates
 * only an Allow-Headers value that must repeat requested names.
 * @param decision Filled in completely
 * @param policy The effective policy
 * @param request The request; borrowed for as long as @a decision is used
 * @param pool For the value above; not used otherwise
 */
void cors_decide(cors_decision_t *decision, const cors_policy_t *policy,
                 const cors_request_t *request, apr_pool_t *pool);

/**
 * Add field names to a Vary value, each once, compared without case.
 * @param have The value so far, NULL if there is none
 * @param add Names separated by ", "
 * @param pool For a new value; not used where @a have or @a add serves
 * @return The value: @a add if @a have is NULL, @a have if it holds "*" or
 *         all of @a add, else a new one
 */
const char *cors_vary_merge(const char *have, const char *add,
                            apr_pool_t *pool);

#ifdef __cplusplus
}
#endif

#endif /* CORS_POLICY_H */
