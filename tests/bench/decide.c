/* SPDX-License-Identifier: Apache-2.0 */

/*
 * usage: decide CASE COUNT
 *
 * Takes a decision COUNT times, for valgrind to count its instructions:
 * those of two counts are subtracted, so that starting up cancels out.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "cors_policy.h"

enum {
    CASE_ACTUAL, CASE_PREFLIGHT, CASE_WILDCARD, CASE_LISTED, CASE_ANY, CASES
};

static const char *const cases[CASES] = {
    "actual", "preflight", "wildcard", "listed", "any"
};

/* 64 names, x-name-1 and so on, separated as asked. */
static const char *names(apr_pool_t *pool, const char *separator)
{
    const char *text = "x-name-1";
    int i;

    for (i = 2; i <= CORS_MAX_REQUEST_HEADERS; i++) {
        text = apr_psprintf(pool, "%s%sx-name-%d", text, separator, i);
    }
    return text;
}

/* One line of a directive, its words separated by blanks. */
static void add(cors_policy_t *policy, apr_pool_t *pool, const char *name,
                const char *line)
{
    char *word[CORS_MAX_REQUEST_HEADERS + 1];
    char *text = apr_pstrdup(pool, line);
    int count = 0;

    while ((word[count] = apr_strtok(text, " ", &text))) {
        count++;
    }
    if (strcmp(name, "CORSAllowOrigin") == 0) {
        cors_policy_add_origins(policy, pool, count, word, NULL);
    }
    else {
        cors_policy_add(policy, cors_directive_find(name), pool, count, word);
    }
}

static void compile(cors_policy_t *policy, apr_pool_t *pool, int which)
{
    memset(policy, 0, sizeof(*policy));
    add(policy, pool, "CORSAllowOrigin", "https://app.example "
        "http://localhost:8080 http://127.0.0.1:8080 "
        "https://xn--bcher-kva.example https://*.example.com");
    add(policy, pool, "CORSAllowMethods", "GET HEAD POST PUT DELETE");
    add(policy, pool, "CORSAllowCredentials", "On");
    add(policy, pool, "CORSMaxAge", "600");
    add(policy, pool, "CORSAllowHeaders",
        which == CASE_ANY ? "*" : "content-type x-api-key authorization");
    if (which == CASE_LISTED) {
        add(policy, pool, "CORSAllowHeaders", names(pool, " "));
    }
}

int main(int argc, char *argv[])
{
    cors_request_t request = { "OPTIONS", "https://app.example", "PUT", NULL };
    cors_decision_t decision;
    cors_policy_t policy;
    apr_pool_t *pool;
    int which = 0;
    long i;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    while (argc == 3 && which < CASES
           && strcmp(argv[1], cases[which]) != 0) {
        which++;
    }
    if (argc != 3 || which == CASES) {
        fputs("usage: decide CASE COUNT\n", stderr);
        return 2;
    }
    compile(&policy, pool, which);
    if (which == CASE_ACTUAL) {
        request.method = "GET";
        request.request_method = NULL;
    }
    else if (which == CASE_PREFLIGHT) {
        request.request_headers = "authorization,content-type";
    }
    else if (which == CASE_WILDCARD) {
        request.origin = "https://deep.below.example.com";
    }
    else {
        request.request_headers = names(pool, ",");
    }
    for (i = strtol(argv[2], NULL, 10); i > 0; i--) {
        cors_decide(&decision, &policy, &request, pool);
    }
    return 0;
}
