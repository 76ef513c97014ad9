/* SPDX-License-Identifier: Apache-2.0 */

/* Every combination of a few policies and requests, seen from a browser: what
 * it accepts by Fetch's own steps is what the policy allows. */

#include "testing.h"

/* ------------------------------------------------------------------------
 * Lists
 */

static int list_has(const char *list, const char *word, const char *separator,
                    int (*compare)(const char *, const char *, size_t))
{
    size_t len = strlen(word);

    while (list && *list) {
        size_t element = strcspn(list, separator);

        if (element == len && compare(list, word, len) == 0) {
            return 1;
        }
        list += element;
        list += strspn(list, separator);
    }
    return 0;
}

static int has_word(const char *words, const char *word)
{
    return list_has(words, word, " ", strncmp);
}

static int has_method(const char *value, const char *method)
{
    return list_has(value, method, ", ", strncmp);
}

static int has_name(const char *value, const char *name)
{
    return list_has(value, name, ", ", strncasecmp);
}

/* ------------------------------------------------------------------------
 * The browser (Fetch, sections "CORS check" and "CORS-preflight fetch")
 */

typedef struct fetch_t {
    const char *origin;
    const char *method;
    const char *names[5];       /* unsafe ones, NULL-terminated */
    int is_include;             /* the credentials mode */
} fetch_t;

static int passes_cors_check(const cors_decision_t *response,
                             const fetch_t *fetch)
{
    if (!response->allow_origin) {
        return 0;
    }
    if (!fetch->is_include && strcmp(response->allow_origin, "*") == 0) {
        return 1;
    }
    if (strcmp(response->allow_origin, fetch->origin) != 0) {
        return 0;
    }
    return !fetch->is_include
           || same_text(response->allow_credentials, "true");
}

static int passes_preflight(const cors_decision_t *response,
                            const fetch_t *fetch)
{
    const char *allow_methods = response->allow_methods;
    const char *allow_headers = response->allow_headers;
    const char *const *name;

    if (!passes_cors_check(response, fetch) || response->status < 200
        || response->status > 299) {
        return 0;
    }
    if (!has_method(allow_methods, fetch->method)
        && !has_word("GET HEAD POST", fetch->method)
        && (fetch->is_include || !has_method(allow_methods, "*"))) {
        return 0;
    }
    for (name = fetch->names; *name; name++) {
        int is_covered = !fetch->is_include && has_name(allow_headers, "*")
                         && strcasecmp(*name, "authorization") != 0;

        if (!has_name(allow_headers, *name) && !is_covered) {
            return 0;
        }
    }
    return 1;
}

/* ------------------------------------------------------------------------
 * The policies, and what each allows in plain words
 */

typedef struct origins_t {
    const char *text;
    const char *allowed;        /* of the origins below */
    const char *unsafe;         /* of those, with credentials */
} origins_t;

static const char *const all_origins[] = {
    "https://a.example", "https://b.example", "http://a.example", "null",
    "https://x.c.example", "https://y.com",
};

#define ALL "https://a.example https://b.example http://a.example null " \
            "https://x.c.example https://y.com"

static const origins_t origins[] = {
    { "https://a.example", "https://a.example", "" },
    { "https://a.example http://a.example null",
      "https://a.example http://a.example null", "http://a.example null" },
    { "https://*.c.example https://*.com",
      "https://x.c.example https://y.com", "https://y.com" },
    { "*", ALL, ALL },
    { "none", "", "" },
};

static const char *const method_lists[] = { NULL, "PUT", "*",
                                            "PATCH DELETE TRACE" };
static const char *const header_lists[] = { NULL, "none", "x-a", "*",
                                            "* authorization",
                                            "x-a authorization", "x-*",
                                            "authorization-* x-b x-c-*" };
static const char *const expose_lists[] = { NULL, "x-e", "*", "x-e x-f-*" };

static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "put",
                                       "DELETE", "PURGE", "TRACE", "*" };
static const char *const names[] = { "authorization", "x-a", "x-b", "*" };

static int allows_origin(const policy_text_t *text, const origins_t *set,
                         const char *origin)
{
    if (!has_word(set->allowed, origin)) {
        return 0;
    }
    return !text->has_credentials || !has_word(set->unsafe, origin);
}

static int allows_method(const policy_text_t *text, const char *method)
{
    if (has_word("GET HEAD POST", method)) {
        return 1;
    }
    if (has_word("TRACE *", method)) {
        return 0;
    }
    return has_word(text->methods, method) || has_word(text->methods, "*");
}

static int allows_name(const policy_text_t *text, const char *name)
{
    if (strcmp(name, "*") == 0) {
        return 0;
    }
    return has_word(text->allow_headers, name)
           || (has_word(text->allow_headers, "x-*")
               && strncmp(name, "x-", 2) == 0)
           || (has_word(text->allow_headers, "*")
               && strcmp(name, "authorization") != 0);
}

static int allows_names(const policy_text_t *text, const fetch_t *fetch)
{
    const char *const *name;

    for (name = fetch->names; *name; name++) {
        if (!allows_name(text, *name)) {
            return 0;
        }
    }
    return 1;
}

/* ------------------------------------------------------------------------
 * Comparing
 */

static const char *described(apr_pool_t *pool, const policy_text_t *text,
                             const fetch_t *fetch, const char *headers)
{
    return apr_psprintf(pool, "origins %s, methods %s, headers %s, expose "
                        "%s%s%s: %s %s %s", text->origins,
                        or_null(text->methods),
                        or_null(text->allow_headers),
                        or_null(text->expose_headers),
                        text->has_credentials ? ", credentials" : "",
                        text->has_debug ? ", debug" : "", fetch->origin,
                        fetch->method, headers);
}

/** Nothing goes out that the policy does not allow. */
static int is_honest(const cors_decision_t *response,
                     const policy_text_t *text)
{
    size_t i;

    for (i = 0; i < COUNT(methods); i++) {
        if (has_method(response->allow_methods, methods[i])
            && !allows_method(text, methods[i])) {
            return 0;
        }
    }
    for (i = 0; i < COUNT(names); i++) {
        if (has_name(response->allow_headers, names[i])
            && !allows_name(text, names[i])) {
            return 0;
        }
    }
    if (response->allow_credentials
        && (!text->has_credentials || !response->allow_origin
            || strcmp(response->allow_origin, "*") == 0)) {
        return 0;
    }
    return !response->max_age || response->is_allowed;
}

static void check_preflight(apr_pool_t *pool, const cors_policy_t *policy,
                            const policy_text_t *text, const origins_t *set,
                            fetch_t *fetch)
{
    char headers[64] = "";
    cors_request_t request = { "OPTIONS", NULL, NULL, NULL };
    cors_decision_t response;
    const char *const *name;
    int is_allowed = allows_origin(text, set, fetch->origin)
                     && allows_method(text, fetch->method)
                     && allows_names(text, fetch);

    for (name = fetch->names; *name; name++) {
        strcat(headers, *headers ? "," : "");
        strcat(headers, *name);
    }
    request.origin = fetch->origin;
    request.request_method = fetch->method;
    request.request_headers = *headers ? headers : NULL;
    cors_decide(&response, policy, &request, pool);
    CHECK(response.is_allowed == is_allowed, "%s",
          described(pool, text, fetch, headers));
    fetch->is_include = 0;
    CHECK(passes_preflight(&response, fetch) == is_allowed, "%s",
          described(pool, text, fetch, headers));
    fetch->is_include = 1;
    CHECK(passes_preflight(&response, fetch)
          == (is_allowed && text->has_credentials), "%s",
          described(pool, text, fetch, headers));
    CHECK(is_honest(&response, text), "%s",
          described(pool, text, fetch, headers));
}

static void check_actual(apr_pool_t *pool, const cors_policy_t *policy,
                         const policy_text_t *text, const origins_t *set,
                         fetch_t *fetch)
{
    cors_request_t request = { "GET", NULL, NULL, NULL };
    cors_decision_t response;
    int is_allowed = allows_origin(text, set, fetch->origin);

    request.origin = fetch->origin;
    cors_decide(&response, policy, &request, NULL);
    CHECK(response.is_allowed == is_allowed, "%s",
          described(pool, text, fetch, ""));
    fetch->is_include = 0;
    CHECK(passes_cors_check(&response, fetch) == is_allowed, "%s",
          described(pool, text, fetch, ""));
    fetch->is_include = 1;
    CHECK(passes_cors_check(&response, fetch)
          == (is_allowed && text->has_credentials), "%s",
          described(pool, text, fetch, ""));
    CHECK(!(response.expose_headers || response.exposed)
          == !(is_allowed && text->expose_headers), "%s",
          described(pool, text, fetch, ""));
    CHECK(!response.allow_credentials
          || !same_text(response.expose_headers, "*"), "%s",
          described(pool, text, fetch, ""));
    CHECK(is_honest(&response, text), "%s",
          described(pool, text, fetch, ""));
}

static unsigned long combinations;

static void check_policy(apr_pool_t *pool, const policy_text_t *text,
                         const origins_t *set)
{
    cors_policy_t policy;
    size_t origin;
    size_t method;
    unsigned int subset;

    build(&policy, pool, text);
    for (origin = 0; origin < COUNT(all_origins); origin++) {
        fetch_t fetch = { NULL, "GET", { NULL }, 0 };

        fetch.origin = all_origins[origin];
        check_actual(pool, &policy, text, set, &fetch);
        for (method = 0; method < COUNT(methods); method++) {
            fetch.method = methods[method];
            for (subset = 0; subset < 1u << COUNT(names); subset++) {
                size_t i;
                size_t n = 0;

                for (i = 0; i < COUNT(names); i++) {
                    if (subset & 1u << i) {
                        fetch.names[n++] = names[i];
                    }
                }
                fetch.names[n] = NULL;
                check_preflight(pool, &policy, text, set, &fetch);
                combinations++;
            }
        }
    }
}

static void test_browser(void **state)
{
    const size_t policies = COUNT(origins) * COUNT(method_lists)
                            * COUNT(header_lists) * COUNT(expose_lists) * 4;
    size_t i;

    combinations = 0;
    for (i = 0; i < policies; i++) {
        policy_text_t text = { 0 };
        const origins_t *set = &origins[i % COUNT(origins)];
        size_t rest = i / COUNT(origins);
        apr_pool_t *sub;

        text.origins = set->text;
        text.methods = method_lists[rest % COUNT(method_lists)];
        rest /= COUNT(method_lists);
        text.allow_headers = header_lists[rest % COUNT(header_lists)];
        rest /= COUNT(header_lists);
        text.expose_headers = expose_lists[rest % COUNT(expose_lists)];
        rest /= COUNT(expose_lists);
        text.has_credentials = (int)rest & 1;
        text.has_debug = (int)rest >> 1;
        text.max_age = "600";
        apr_pool_create(&sub, *state);
        check_policy(sub, &text, set);
        apr_pool_destroy(sub);
    }
    print_message("# %lu preflights under %lu policies\n", combinations,
                  (unsigned long)policies);
}

static const struct CMUnitTest tests[] = {
    TEST(test_browser),
};

RUN(tests)
