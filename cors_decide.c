/* SPDX-License-Identifier: Apache-2.0 */

/*
 * A policy and a request to a decision, in the order of Fetch; and Vary.  All
 * of the engine that runs for a request is here and in the look-ups of
 * cors_origin.c and cors_names.c.
 */

#include "cors_policy.h"
#include "cors_regex.h"
#include "cors_text.h"

#include <apr_strings.h>

/* The Allow-Methods of a policy that names none. */
#define DEFAULT_METHODS "GET, HEAD, POST"

#define VARY_REQUEST_FIELDS \
    "Access-Control-Request-Method, Access-Control-Request-Headers"

static const char *const reason_names[] = {
    [CORS_REASON_NONE] = "-",
    [CORS_REASON_CLOSED] = "closed",
    [CORS_REASON_ORIGIN] = "origin",
    [CORS_REASON_METHOD] = "method",
    [CORS_REASON_HEADER] = "header",
    [CORS_REASON_MALFORMED] = "malformed",
    [CORS_REASON_UNSAFE_POLICY] = "unsafe-policy",
    [CORS_REASON_FOREIGN] = "foreign",
    [CORS_REASON_HOST] = "host",
};

static const char *const reason_texts[] = {
    [CORS_REASON_NONE] = "The request is allowed.",
    [CORS_REASON_CLOSED] = "This resource is closed to other origins.",
    [CORS_REASON_ORIGIN] = "The origin is not allowed.",
    [CORS_REASON_METHOD] = "The requested method is not allowed.",
    [CORS_REASON_HEADER] = "A requested header is not allowed.",
    [CORS_REASON_MALFORMED] = "The preflight request is malformed.",
    [CORS_REASON_UNSAFE_POLICY] =
        "The policy would expose credentials and is not applied.",
    [CORS_REASON_FOREIGN] = "A page of a foreign origin made the request.",
    [CORS_REASON_HOST] = "The host is not a name of this server.",
};

const char *cors_reason_name(cors_reason_t reason)
{
    return reason_names[reason];
}

const char *cors_reason_text(cors_reason_t reason)
{
    return reason_texts[reason];
}

/* ------------------------------------------------------------------------
 * Origin and method
 */

/* Fetch, "HTTP requests". */
static cors_kind_t classify(const cors_request_t *request)
{
    if (!request->origin) {
        return CORS_KIND_NOT_CORS;
    }
    if (request->request_method && strcmp(request->method, "OPTIONS") == 0) {
        return CORS_KIND_PREFLIGHT;
    }
    return CORS_KIND_ACTUAL;
}

static const char *vary_for(cors_origin_scope_t scope, cors_kind_t kind)
{
    if (scope == CORS_SCOPE_NONE) {
        return NULL;
    }
    if (kind == CORS_KIND_PREFLIGHT) {
        return scope == CORS_SCOPE_ANY ? VARY_REQUEST_FIELDS
                                       : "Origin, " VARY_REQUEST_FIELDS;
    }
    return scope == CORS_SCOPE_ANY ? NULL : "Origin";
}

static int is_insecure(const char *text, apr_size_t len)
{
    cors_origin_t origin;

    return !cors_origin_parse(&origin, text, len)
           || cors_origin_is_insecure(&origin);
}

/* Whether a wildcard or a regular expression spans registrable domains at the
 * origin that it matched. */
static int entry_spans(const cors_policy_t *policy,
                       const cors_origin_entry_t *entry,
                       const char *text, apr_size_t len)
{
    const cors_origin_set_t *set = policy->origins;

    if (entry->is_public_suffix
        || policy->dangers & CORS_DANGER_PUBLIC_SUFFIXES) {
        return entry->is_public_suffix;
    }
    return entry->is_regex
           ? cors_regex_spans(entry, cors_origin_set_suffixes(set), text, len)
           : cors_origin_set_spans(set, entry, text, len);
}

static int entry_is_safe(const cors_policy_t *policy,
                         const cors_origin_entry_t *entry,
                         const char *text, apr_size_t len)
{
    int spans = 0;

    if (policy->credentials != CORS_ON) {
        return 1;
    }
    if (entry->is_regex || entry->suffix_len > 0) {
        spans = entry_spans(policy, entry, text, len);
    }
    return cors_policy_entry_unsafe(policy, entry,
                                    entry->is_regex
                                    ? is_insecure(text, len)
                                    : (int)entry->is_insecure, spans)
           == CORS_UNSAFE_NONE;
}

/* Under "*" with credentials. */
static cors_reason_t check_any(const char *text, apr_size_t len)
{
    cors_origin_t origin;

    return text_same(text, len, "null")
           || cors_origin_parse(&origin, text, len) ? CORS_REASON_NONE
                                                    : CORS_REASON_ORIGIN;
}

static cors_reason_t check_origin(const cors_policy_t *policy,
                                  cors_origin_scope_t scope,
                                  const char *text)
{
    const cors_origin_entry_t *entry;
    apr_size_t len;

    if (scope == CORS_SCOPE_NONE) {
        return CORS_REASON_CLOSED;
    }
    if (cors_policy_unsafe(policy) != CORS_UNSAFE_NONE) {
        return CORS_REASON_UNSAFE_POLICY;
    }
    if (scope == CORS_SCOPE_ANY) {
        return CORS_REASON_NONE;
    }
    len = strlen(text);
    if (scope == CORS_SCOPE_ANY_BY_NAME) {
        return check_any(text, len);
    }
    if (!cors_origin_set_match(policy->origins, text, len, &entry)) {
        return CORS_REASON_ORIGIN;
    }
    return entry_is_safe(policy, entry, text, len)
           ? CORS_REASON_NONE : CORS_REASON_UNSAFE_POLICY;
}

int cors_policy_trusts(const cors_policy_t *policy, const char *origin)
{
    cors_policy_t with_credentials = *policy;
    cors_origin_scope_t scope;

    if (!cors_policy_decides(policy)) {
        return 0;
    }
    scope = cors_origin_set_scope(policy->origins);
    with_credentials.credentials = CORS_ON;
    return (scope == CORS_SCOPE_LISTED || scope == CORS_SCOPE_REGEXES)
           && check_origin(&with_credentials, scope, origin)
              == CORS_REASON_NONE;
}

static cors_reason_t check_method(const cors_method_set_t *set,
                                  const char *method)
{
    apr_size_t len = strlen(method);

    if (cors_method_is_safelisted(method, len)
        || (set && cors_method_set_contains(set, method, len))) {
        return CORS_REASON_NONE;
    }
    if (len == 0 || text_span(method, len, CORS_TOKEN) != len) {
        return CORS_REASON_MALFORMED;
    }
    if (!set || !cors_method_set_is_any(set)
        || cors_method_is_forbidden(method, len)
        || text_same(method, len, "*")) {
        return CORS_REASON_METHOD;
    }
    return CORS_REASON_NONE;
}

/* ------------------------------------------------------------------------
 * Requested header names
 */

/* A requested name. */
typedef struct {
    const char *text;
    apr_size_t len;
} name_t;

/* Access-Control-Request-Headers as it is read. */
typedef struct {
    const char *next;           /* what is not read yet */
    const char *end;
    int count;                  /* of names that were */
} names_t;

/* Skip what may stand between the elements of a list (RFC 9110, 5.6.1.2). */
static const char *skip_separators(const char *s)
{
    return text_is(*s, CORS_TOKEN) ? s : s + strspn(s, ", \t");
}

static void names_start(names_t *names, const char *list)
{
    names->next = skip_separators(list);
    names->end = names->next + strlen(names->next);
    names->count = 0;
}

/* Cut the blanks behind a name.  They are spaces, which memchr() finds
 * fastest, and hardly ever tabs. */
static void name_trim(name_t *name)
{
    const char *space = memchr(name->text, ' ', name->len);
    apr_size_t len = space && space[-1] != '\t'
                     ? (apr_size_t)(space - name->text)
                     : strcspn(name->text, " \t,");

    if (len + strspn(name->text + len, " \t") == name->len) {
        name->len = len;
    }
}

/* Read what stands before the next comma.  Returns 0 at the end. */
static int names_read(names_t *names, name_t *name)
{
    const char *comma;
    const char *end;

    if (names->next == names->end) {
        return 0;
    }
    comma = memchr(names->next, ',', (apr_size_t)(names->end - names->next));
    end = comma ? comma : names->end;
    name->text = names->next;
    name->len = (apr_size_t)(end - name->text);
    if (!text_is(end[-1], CORS_TOKEN)) {
        name_trim(name);
    }
    names->next = comma ? skip_separators(comma + 1) : end;
    names->count++;
    return 1;
}

/* Whether a name is a token, and the classes of all its bytes. */
static int name_classes(const name_t *name, unsigned int *classes)
{
    apr_size_t len = 0;
    unsigned int of_byte;

    *classes = 0;
    while ((of_byte = text_class(name->text[len])) & CORS_TOKEN) {
        *classes |= of_byte;
        len++;
    }
    return len == name->len;
}

/* Bit 5 is left out: it tells the two cases of a letter apart. */
static inline apr_uint64_t hash_word(apr_uint64_t hash, apr_uint64_t word)
{
    word |= APR_UINT64_C(0x2020202020202020);
    return ((hash >> 32) ^ hash ^ word) * APR_UINT64_C(0x9e3779b97f4a7c15);
}

/* Eight bytes at a time. */
static unsigned int name_hash(const name_t *name)
{
    const char *text = name->text;
    apr_size_t left = name->len;
    apr_uint64_t hash = left;
    apr_uint64_t word;

    for (; left >= sizeof(word); left -= sizeof(word)) {
        memcpy(&word, text, sizeof(word));
        text += sizeof(word);
        hash = hash_word(hash, word);
    }
    if (left > 0) {
        word = 0;
        memcpy(&word, text, left);
        hash = hash_word(hash, word);
    }
    return (unsigned int)(hash >> 32);  /* the bits that all others move */
}

#define REPEATED_SLOTS 256      /* a few for each name that there can be; an
                                 * index has 8 bits */

/* Requested names that only "*" or a prefix allows, each once. */
typedef struct {
    struct {
        const char *text;
        apr_size_t len;
        unsigned int hash;
    } names[CORS_MAX_REQUEST_HEADERS];
    int count;
    apr_size_t len;             /* of all names together */
    unsigned char slots[REPEATED_SLOTS];        /* by hash, probed linearly:
                                                 * a name's number, from 1;
                                                 * set if count > 0 */
} repeated_names_t;

/* Whether a name is among them; its slot is where it is or belongs.  Most
 * often the bytes are the same. */
static int repeated_find(const repeated_names_t *repeated,
                         const name_t *name, unsigned int hash,
                         unsigned int *slot)
{
    int i;

    *slot = hash >> 24;
    while (repeated->count > 0 && (i = repeated->slots[*slot]) != 0) {
        if (repeated->names[i - 1].hash == hash
            && repeated->names[i - 1].len == name->len
            && (memcmp(repeated->names[i - 1].text, name->text, name->len)
                == 0
                || apr_cstr_casecmpn(repeated->names[i - 1].text, name->text,
                                     name->len) == 0)) {
            return 1;
        }
        *slot = (*slot + 1) % REPEATED_SLOTS;
    }
    return 0;
}

static void repeated_add(repeated_names_t *repeated, const name_t *name,
                         unsigned int hash, unsigned int slot)
{
    if (repeated->count == 0) {
        memset(repeated->slots, 0, sizeof(repeated->slots));
    }
    repeated->names[repeated->count].text = name->text;
    repeated->names[repeated->count].len = name->len;
    repeated->names[repeated->count].hash = hash;
    repeated->count++;
    repeated->slots[slot] = (unsigned char)repeated->count;
    repeated->len += name->len;
}

/* The listed names and the others that were requested. */
static const char *repeated_value(const repeated_names_t *repeated,
                                  const char *listed, apr_pool_t *pool)
{
    apr_size_t listed_len = listed ? strlen(listed) : 0;
    char *value;
    char *p;
    int i;

    p = value = apr_palloc(pool, listed_len + repeated->len
                                 + 2 * (apr_size_t)repeated->count + 1);
    if (listed) {
        memcpy(p, listed, listed_len);
        p += listed_len;
    }
    for (i = 0; i < repeated->count; i++) {
        if (p > value) {
            *p++ = ',';
            *p++ = ' ';
        }
        memcpy(p, repeated->names[i].text, repeated->names[i].len);
        p += repeated->names[i].len;
    }
    *p = '\0';
    return value;
}

/* Whether "*" covers a name.  Fetch, "CORS non-wildcard request-header name":
 * not Authorization.  And not "*" itself, which the answer would turn into a
 * wildcard in the browser's cache. */
static int wildcard_covers(const name_t *name)
{
    return !text_same(name->text, name->len, "*")
           && !text_same_nocase(name->text, name->len, "authorization");
}

static int is_allowed_unlisted(const cors_name_set_t *set, const name_t *name)
{
    return (cors_name_set_is_any(set) && wildcard_covers(name))
           || cors_name_set_matches_prefix(set, name->text, name->len);
}

/* Check a name that is not listed byte for byte; one that only "*" or a prefix
 * allows is repeated in the answer. */
static cors_reason_t check_other(const cors_name_set_t *set,
                                 const name_t *name,
                                 repeated_names_t *repeated)
{
    unsigned int hash = name_hash(name);
    unsigned int classes;
    unsigned int slot;

    if (repeated_find(repeated, name, hash, &slot)) {
        return CORS_REASON_NONE;
    }
    if (!name_classes(name, &classes)) {
        return CORS_REASON_MALFORMED;
    }
    if (!set) {
        return CORS_REASON_HEADER;
    }
    if (classes & CORS_UPPER
        && cors_name_set_contains(set, name->text, name->len)) {
        return CORS_REASON_NONE;
    }
    if (!is_allowed_unlisted(set, name)) {
        return CORS_REASON_HEADER;
    }
    repeated_add(repeated, name, hash, slot);
    return CORS_REASON_NONE;
}

/* Most names are listed, in lower case, as browsers send them.  A listed name
 * is a token. */
static cors_reason_t check_name(const cors_name_set_t *set,
                                const name_t *name,
                                repeated_names_t *repeated)
{
    return set && cors_name_set_contains_lower(set, name->text, name->len)
           ? CORS_REASON_NONE : check_other(set, name, repeated);
}

static void refuse(cors_decision_t *decision, cors_reason_t reason,
                   const char *offender, apr_size_t len)
{
    decision->reason = reason;
    decision->offender = offender;
    decision->offender_len = len;
}

/* Check the requested headers and set the value of Allow-Headers.  The first
 * name that is refused ends it, but not under CORSDebug, which wants the
 * whole answer; then a malformed list is malformed wherever that shows. */
static void check_headers(cors_decision_t *decision,
                          const cors_policy_t *policy, const char *requested,
                          apr_pool_t *pool)
{
    const cors_name_set_t *set = policy->allow_headers;
    cors_reason_t reason = CORS_REASON_NONE;
    repeated_names_t repeated;
    names_t names;
    name_t name;

    names_start(&names, requested);
    if (*names.next == '\0') {
        return;
    }
    repeated.count = 0;
    repeated.len = 0;
    while (names_read(&names, &name)) {
        reason = names.count > CORS_MAX_REQUEST_HEADERS
                 ? CORS_REASON_MALFORMED
                 : check_name(set, &name, &repeated);
        if (reason == CORS_REASON_NONE) {
            continue;
        }
        if (reason == CORS_REASON_MALFORMED) {
            break;
        }
        if (reason == CORS_REASON_HEADER
            && decision->reason == CORS_REASON_NONE) {
            refuse(decision, reason, name.text, name.len);
            if (policy->debug != CORS_ON) {
                return;
            }
        }
    }
    if (reason == CORS_REASON_MALFORMED
        && decision->reason != CORS_REASON_METHOD) {
        refuse(decision, reason, name.text, name.len);
        return;
    }
    decision->allow_headers = set ? cors_name_set_value(set) : NULL;
    if (repeated.count > 0) {
        decision->allow_headers =
            repeated_value(&repeated, decision->allow_headers, pool);
    }
}

/* ------------------------------------------------------------------------
 * Decisions
 */

static const char *methods_value(const cors_method_set_t *set,
                                 const char *requested,
                                 cors_reason_t reason)
{
    const char *value = set ? cors_method_set_value(set) : DEFAULT_METHODS;

    if (value) {
        return value;
    }
    /* Under "*", or where only forbidden ones are listed. */
    return reason == CORS_REASON_NONE ? requested : NULL;
}

static void set_origin(cors_decision_t *decision, const cors_policy_t *policy,
                       const char *origin)
{
    decision->allow_origin = origin;
    decision->allow_credentials =
        policy->credentials == CORS_ON ? "true" : NULL;
}

/* With credentials browsers take "*" for the name of a header. */
static void set_exposed(cors_decision_t *decision,
                        const cors_policy_t *policy,
                        const cors_name_set_t *set)
{
    int is_any = cors_name_set_is_any(set);

    if (is_any && policy->credentials != CORS_ON) {
        decision->expose_headers = "*";
    }
    else if (is_any || cors_name_set_has_prefixes(set)) {
        decision->exposed = set;
    }
    else {
        decision->expose_headers = cors_name_set_value(set);
    }
}

static void decide_actual(cors_decision_t *decision,
                          const cors_policy_t *policy, const char *origin)
{
    set_origin(decision, policy, origin);
    if (policy->expose_headers) {
        set_exposed(decision, policy, policy->expose_headers);
    }
}

/* Of an actual request, or one without Origin. */
static void set_timing(cors_decision_t *decision, const cors_policy_t *policy,
                       apr_pool_t *pool)
{
    switch (policy->timing_allow_origin) {
    case CORS_TIMING_ANY:
        decision->timing_allow_origin = "*";
        break;
    case CORS_TIMING_LIST:
        decision->timing_allow_origin =
            decision->kind == CORS_KIND_NOT_CORS && !decision->allow_origin
            ? cors_policy_timing_list(policy, pool) : decision->allow_origin;
        break;
    case CORS_TIMING_ON:
        decision->timing_allow_origin = decision->allow_origin;
        break;
    }
}

/* The origin has passed. */
static void decide_preflight(cors_decision_t *decision,
                             const cors_policy_t *policy,
                             const cors_request_t *request,
                             const char *allow_origin, apr_pool_t *pool)
{
    int is_explained = policy->debug == CORS_ON;
    cors_reason_t method_reason = check_method(policy->methods,
                                               request->request_method);

    decision->reason = method_reason;
    if (request->request_headers && (is_explained || !method_reason)) {
        check_headers(decision, policy, request->request_headers, pool);
    }
    decision->is_allowed = decision->reason == CORS_REASON_NONE;
    if (decision->is_allowed) {
        decision->status = policy->preflight_status == 200 ? 200 : 204;
        decision->max_age = policy->max_age;
    }
    else if (is_explained && decision->reason != CORS_REASON_MALFORMED) {
        decision->status = 204;
    }
    else {
        decision->allow_headers = NULL;
        return;
    }
    set_origin(decision, policy, allow_origin);
    decision->allow_methods = methods_value(policy->methods,
                                            request->request_method,
                                            method_reason);
}

void cors_decide(cors_decision_t *decision, const cors_policy_t *policy,
                 const cors_request_t *request, apr_pool_t *pool)
{
    cors_origin_scope_t scope;
    const char *allow_origin;

    memset(decision, 0, sizeof(*decision));
    if (!cors_policy_decides(policy)) {
        decision->kind = CORS_KIND_INERT;
        return;
    }
    scope = cors_origin_set_scope(policy->origins);
    if (scope == CORS_SCOPE_ANY && cors_policy_echoes_any(policy)) {
        scope = CORS_SCOPE_ANY_BY_NAME;
    }
    allow_origin = scope == CORS_SCOPE_ANY ? "*" : request->origin;
    decision->kind = classify(request);
    decision->vary = vary_for(scope, decision->kind);
    if (decision->kind == CORS_KIND_NOT_CORS) {
        if (scope == CORS_SCOPE_ANY
            && cors_policy_unsafe(policy) == CORS_UNSAFE_NONE) {
            decide_actual(decision, policy, allow_origin);
        }
        set_timing(decision, policy, pool);
        return;
    }
    decision->reason = check_origin(policy, scope, request->origin);
    if (decision->kind == CORS_KIND_PREFLIGHT) {
        decision->status = 403;
        if (decision->reason == CORS_REASON_NONE) {
            decide_preflight(decision, policy, request, allow_origin, pool);
        }
        return;
    }
    decision->is_allowed = decision->reason == CORS_REASON_NONE;
    if (decision->is_allowed) {
        decide_actual(decision, policy, allow_origin);
    }
    set_timing(decision, policy, pool);
}

/* ------------------------------------------------------------------------
 * Vary
 */

/* The length of the first element of a list, without the blanks after it. */
static apr_size_t element_len(const char *s)
{
    apr_size_t len = strcspn(s, ",");

    while (len > 0 && (s[len - 1] == ' ' || s[len - 1] == '\t')) {
        len--;
    }
    return len;
}

static int list_contains(const char *list, const char *name, apr_size_t len)
{
    list += strspn(list, ", \t");
    while (*list) {
        apr_size_t n = element_len(list);

        if (n == len && apr_cstr_casecmpn(list, name, len) == 0) {
            return 1;
        }
        list += strcspn(list, ",");
        list += strspn(list, ", \t");
    }
    return 0;
}

const char *cors_vary_merge(const char *have, const char *add,
                            apr_pool_t *pool)
{
    const char *merged = have;

    if (!have || *have == '\0') {
        return add;
    }
    if (list_contains(have, "*", 1)) {
        return have;
    }
    add += strspn(add, ", \t");
    while (*add) {
        apr_size_t len = element_len(add);

        if (!list_contains(merged, add, len)) {
            merged = apr_pstrcat(pool, merged, ", ",
                                 apr_pstrmemdup(pool, add, len), NULL);
        }
        add += strcspn(add, ",");
        add += strspn(add, ", \t");
    }
    return merged;
}
