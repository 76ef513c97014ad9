/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_POLICY_H
#define CORS_POLICY_H

/**
 * @file cors_policy.h
 * @brief The Cross-Origin Resource Sharing engine of mod_cors: read this
 * first.
 *
 * A *policy* says which origins may read a resource, with which methods and
 * headers.  It is compiled from words of text when configuration is read,
 * picked field by field when configuration sections merge, and matched when
 * a request comes:
 *
 *     cors_policy_add, cors_policy_add_*     words of a directive to policy
 *     cors_policy_merge                      two policies to one
 *     cors_decide                            a policy and a request to a
 *                                            decision
 *
 * The protocol is that of the WHATWG Fetch standard ("Fetch" below).  The
 * engine knows APR and Fetch; it knows no web server.  It does no input or
 * output, keeps no state outside the objects declared here, and never fails
 * on account of a request: what it does not understand it refuses, with a
 * reason.
 *
 * Its files, each of which uses only those below it:
 *
 *     cors_judge.{c,h}                responses as browsers judge them
 *     cors_decide.c                   decisions, Vary
 *     cors_counters.{c,h}   cors_refusals.{c,h}   what processes share
 *     cors_recipe.{c,h}               header values written by hand
 *     cors_policy.{c,h}               directives, policies, what is unsafe
 *     cors_diagnose.{c,h}             what is wrong with a pattern, in words
 *     cors_regex.{c,h}                what a regular expression lets through
 *     cors_nearest.{c,h}   cors_pattern_from.{c,h}   patterns for people
 *     cors_set.{c,h}   cors_names.{c,h}   patterns; methods, header names
 *     cors_origin.{c,h}               origins
 *     cors_text.{c,h}                 bytes, maps, messages
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
 * front.  After a message the policy is unusable and must be dropped.
 */

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_version.h>

#if !APR_VERSION_AT_LEAST(1, 6, 0)
#error "mod_cors needs APR 1.6 or later, which has apr_cstr.h"
#endif

#include "cors_names.h"
#include "cors_set.h"

/** Greatest Access-Control-Max-Age, in seconds: one day, the greatest that
 * any browser honours (Firefox; Chromium stops at 7200, WebKit at 600). */
#define CORS_MAX_AGE 86400

/* ------------------------------------------------------------------------
 * Policies
 */

/** Where a policy comes from.  The engine hands it on, and does not look. */
typedef struct cors_place_t cors_place_t;

/** The value of a keyword, or of several as bits; 0 is unset. */
typedef apr_uintptr_t cors_keyword_t;

/** Switches.  Of those above On only CORSEngine has one. */
enum {
    CORS_ON = 1,
    CORS_OFF,
    CORS_REPORT_ONLY            /**< decides, and changes nothing */
};

/** Who answers preflights. */
enum {
    CORS_PREFLIGHT_ANSWER = 1,  /**< the module; the default */
    CORS_PREFLIGHT_EARLY,       /**< the module, by the URL as it was asked,
                                     before redirects and rewrites */
    CORS_PREFLIGHT_PASS         /**< the handler or backend */
};

/** What happens to CORS headers that the response already has. */
enum {
    CORS_BACKEND_REPLACE = 1,   /**< they go; the default */
    CORS_BACKEND_KEEP           /**< with an Allow-Origin among them they
                                     stay, and ours are not written */
};

/** Which responses carry Timing-Allow-Origin. */
enum {
    CORS_TIMING_ON = CORS_ON,   /**< those with an Allow-Origin, the same */
    CORS_TIMING_OFF = CORS_OFF, /**< the default */
    CORS_TIMING_LIST,           /**< also those to requests without Origin,
                                     which get the policy's exact origins */
    CORS_TIMING_ANY             /**< "*" on every response */
};

/** What makes credentials unsafe and is accepted; bits. */
enum {
    CORS_DANGER_NONE = 1,       /**< nothing is; the default */
    CORS_DANGER_INSECURE_ORIGINS = 2,
    CORS_DANGER_PUBLIC_SUFFIXES = 4,
    CORS_DANGER_ANY_ORIGIN = 8  /**< "*"; counts only in the section that
                                     itself names it */
};

/**
 * A policy.  Each member is a word of memory, 0 or NULL where the section
 * says nothing: a zeroed policy is an empty one.  A member but the last is a
 * row of cors_directives, and all that is needed to merge and to show it.
 */
typedef struct cors_policy_t {
    cors_keyword_t engine;             /**< default On */
    cors_origin_set_t *origins;        /**< default: inert */
    cors_method_set_t *methods;        /**< default GET HEAD POST */
    cors_name_set_t *allow_headers;    /**< default none */
    cors_name_set_t *expose_headers;   /**< default none */
    cors_keyword_t credentials;        /**< default Off */
    const char *max_age;               /**< seconds, as the header's value;
                                            default: the header is not sent */
    cors_keyword_t preflight;          /**< CORS_PREFLIGHT_* */
    cors_keyword_t preflight_status;   /**< 200 or 204; default 204 */
    cors_keyword_t backend_headers;    /**< CORS_BACKEND_* */
    cors_keyword_t timing_allow_origin; /**< CORS_TIMING_* */
    cors_keyword_t forward_origin;     /**< default On */
    cors_keyword_t debug;              /**< default Off */
    cors_keyword_t dangers;            /**< CORS_DANGER_* bits */
    cors_keyword_t status;             /**< default Off */
    const cors_place_t *place;         /**< where it comes from, as the caller
                                            knows it; the inner section's */
} cors_policy_t;

/**
 * Pick each field from @a inner where it is set there, else from @a outer.
 * Allocates nothing, writes neither, and is associative, because httpd does
 * not merge from the outside in.
 * @param merged The result; may be neither of the two
 */
void cors_policy_merge(cors_policy_t *merged, const cors_policy_t *outer,
                       const cors_policy_t *inner);

/**
 * Whether the policy says anything about being in force: its engine is Off,
 * or it names origins (also "none").  On, the default, and ReportOnly say
 * nothing.
 */
int cors_policy_says_anything(const cors_policy_t *policy);

/** Whether the policy does anything: origins are named, engine On. */
int cors_policy_is_active(const cors_policy_t *policy);

/** Whether the policy decides on requests: it is active, or would be but for
 * ReportOnly. */
int cors_policy_decides(const cors_policy_t *policy);

/** Whether the policy's origins are "none". */
int cors_policy_is_closed(const cors_policy_t *policy);

/** Most patterns that a policy may have for its exact origins to be listed in
 * Timing-Allow-Origin: the list goes out with each image. */
#define CORS_MAX_TIMING_ORIGINS 32

/**
 * The value of Timing-Allow-Origin that names the exact origins of a policy,
 * as far as it allows them; from @a pool.
 * @return NULL if there is none: no such origin, or too many patterns
 */
const char *cors_policy_timing_list(const cors_policy_t *policy,
                                    apr_pool_t *pool);

/** Whether the policy's origins are "*" with credentials, and the danger was
 * accepted where they are named and still is: each origin is allowed by its
 * name. */
int cors_policy_echoes_any(const cors_policy_t *policy);

/* ------------------------------------------------------------------------
 * Directives
 */

/** Words of one directive line to policy.  See "Messages" above for what is
 * returned.  @a argc is at least 1; lines of list directives accumulate. */
typedef const char *cors_compile_fn(cors_policy_t *policy, apr_pool_t *pool,
                                    int argc, char *const argv[]);

/** Append the words of a field, such that compiling them again yields the
 * same, to an array of const char *; none if it is unset. */
typedef void cors_words_fn(const cors_policy_t *policy,
                           apr_array_header_t *words);

/** A word of a directive and the value that it stands for. */
typedef struct cors_choice_t {
    const char *word;           /**< NULL ends a list of these */
    cors_keyword_t value;
} cors_choice_t;

/**
 * A directive: all that is to be known of it to read, merge and show it.
 * A directive of keywords has choices, and nothing else is to be written for
 * it; any other has functions.
 */
typedef struct cors_directive_t {
    const char *name;           /**< "CORSDebug"; NULL ends the table */
    apr_size_t offset;          /**< of its field in cors_policy_t */
    const cors_choice_t *choices;       /**< its keywords, or NULL */
    cors_compile_fn *compile;   /**< NULL: one of the choices; or it needs
                                     more than words, see below */
    cors_words_fn *words;       /**< NULL: that choice's word */
} cors_directive_t;

/** The directives, in the order in which they are listed and shown. */
extern const cors_directive_t cors_directives[];

/** The row of a directive, compared without case; NULL if there is none. */
const cors_directive_t *cors_directive_find(const char *name);

/**
 * Compile one line of a directive; not of CORSAllowOrigin and
 * CORSAllowOriginMatch, which need what follows.
 */
const char *cors_policy_add(cors_policy_t *policy,
                            const cors_directive_t *directive,
                            apr_pool_t *pool, int argc, char *const argv[]);

/** Origins: "*" or "none" as the only value, else patterns:
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
 * @param match How to ask it
 * @param is_public_suffix As above
 */
const char *cors_policy_add_origin_regex(
    cors_policy_t *policy, apr_pool_t *pool, const char *pattern,
    const void *regex, cors_regex_match_fn *match,
    cors_public_suffix_fn *is_public_suffix);

/**
 * Find out what the policy's regular expressions let through, while its
 * section is being read; see cors_regex_t.  It is for policies that many
 * requests will use.  Of others cors_decide() finds out what it must know,
 * each time.
 */
void cors_policy_probe_regexes(cors_policy_t *policy, apr_pool_t *pool);

/**
 * The words of a directive, such that compiling them again yields the same.
 * @return An array of const char *, from @a pool; empty if the field is unset
 */
const apr_array_header_t *
cors_policy_words(const cors_policy_t *policy,
                  const cors_directive_t *directive, apr_pool_t *pool);

/* ------------------------------------------------------------------------
 * What is unsafe
 */

/** Why a policy with credentials is, or could be, unsafe. */
typedef enum {
    CORS_UNSAFE_NONE,           /**< it is not */
    CORS_UNSAFE_ANY_ORIGIN,     /**< origins are "*" */
    CORS_UNSAFE_MATCH_ALL,      /**< a regular expression matches any origin */
    CORS_UNSAFE_NULL,           /**< "null" is listed */
    CORS_UNSAFE_INSECURE_ORIGIN, /**< an insecure origin is listed */
    CORS_UNSAFE_FILE,           /**< "file://" is listed */
    CORS_UNSAFE_PUBLIC_SUFFIX   /**< a wildcard or regular expression spans
                                     registrable domains */
} cors_unsafe_t;

/**
 * Find out whether a policy is unsafe.  The first two poison the policy as a
 * whole: cors_decide() denies every request.  The others deny the origins
 * that match the entry.
 * @param entry Set to the entry at fault for CORS_UNSAFE_MATCH_ALL and the
 *              last four, else to NULL
 */
cors_unsafe_t cors_policy_find_unsafe(const cors_policy_t *policy,
                                      const cors_origin_entry_t **entry);

/** Of these reasons, one that denies every request of the policy;
 * CORS_UNSAFE_NONE if there is none.  The policy must name origins. */
cors_unsafe_t cors_policy_unsafe(const cors_policy_t *policy);

/**
 * What makes credentials, if they are on, unsafe with one entry.
 * @param is_insecure Whether the origin that matched it is
 * @param spans Whether it spans registrable domains at that origin
 */
cors_unsafe_t cors_policy_entry_unsafe(const cors_policy_t *policy,
                                       const cors_origin_entry_t *entry,
                                       int is_insecure, int spans);

/* ------------------------------------------------------------------------
 * Decisions
 */

/** Most names that one Access-Control-Request-Headers may ask for,
 * repetitions counted.  Browsers send each name once and pages set a handful;
 * the bound keeps duplicate removal from growing with the request. */
#define CORS_MAX_REQUEST_HEADERS 64

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
    CORS_KIND_INERT,     /**< the policy does not decide: leave it alone */
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
    CORS_REASON_UNSAFE_POLICY, /**< the policy would expose credentials */
    CORS_REASONS,              /**< how many cors_decide() gives */
    /** Those for which cors_foreign_judge() refuses a request: */
    CORS_REASON_FOREIGN = CORS_REASONS, /**< a foreign page has made it */
    CORS_REASON_HOST,          /**< the host is not the server's */
    CORS_ALL_REASONS           /**< how many there are */
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
    const cors_name_set_t *exposed; /**< what Expose-Headers is to be made
                                  from when the names of the response's own
                                  headers are known, which then is not in
                                  expose_headers; NULL if that need not be:
                                  see cors_name_set_expose() */
    const char *max_age;
    const char *timing_allow_origin;
    const char *vary;        /**< to be merged into Vary: see
                                  cors_vary_merge() */
    const char *offender;    /**< the requested header that was refused, or
                                  where its list is malformed; not
                                  NUL-terminated; NULL if none was */
    apr_size_t offender_len; /**< bytes in offender */
} cors_decision_t;

/**
 * Decide, in the order of Fetch: origin, method, headers.
 * Takes time linear in the length of the request's values, and allocates
 * only an Allow-Headers value that must repeat requested names, and a list for
 * Timing-Allow-Origin.
 * @param decision Filled in completely
 * @param policy The effective policy
 * @param request The request; borrowed for as long as @a decision is used
 * @param pool For the values above; not used otherwise
 */
void cors_decide(cors_decision_t *decision, const cors_policy_t *policy,
                 const cors_request_t *request, apr_pool_t *pool);

/**
 * Whether a policy trusts an origin with what a visitor may do, not only with
 * what anybody may read: its list allows it, or would if credentials were on.
 * "*" trusts nobody.
 */
int cors_policy_trusts(const cors_policy_t *policy, const char *origin);

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

#endif /* CORS_POLICY_H */
