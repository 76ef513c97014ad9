/* SPDX-License-Identifier: Apache-2.0 */

/*
 * What cors_judge makes of exchanges, for lib/judge.mjs to compare with what a
 * browser made of them.  Reads blocks of lines
 *
 *     method OPTIONS
 *     origin http://localhost:8080
 *     request-method PUT
 *     request-headers x-a
 *     credentials
 *     status 204
 *     header Access-Control-Allow-Origin: *
 *
 * of which some may be absent, each block ended by an empty line, and prints
 * "yes" or "no" for each: whether a page may read the response, or the
 * preflight passes.  The policy beside it allows all that the request asks.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_strings.h>

#include "cors_judge.h"

#define MAX_LINE 4096

static void add(const char *directive, cors_policy_t *policy,
                apr_pool_t *pool, const char *word, const char *more)
{
    char *argv[] = { apr_pstrdup(pool, word),
                     more ? apr_pstrdup(pool, more) : NULL };
    int argc = more ? 2 : 1;
    const char *message =
        strcmp(directive, "CORSAllowOrigin") == 0
        ? cors_policy_add_origins(policy, pool, argc, argv, NULL)
        : cors_policy_add(policy, cors_directive_find(directive), pool, argc,
                          argv);

    if (message) {
        fprintf(stderr, "%s: %s\n", directive, message);
        exit(1);
    }
}

static void answer(const cors_request_t *request,
                   const cors_exchange_t *exchange,
                   apr_pool_t *pool)
{
    cors_policy_t policy;
    cors_decision_t decision;
    cors_judgement_t judgement;
    cors_exchange_t judged = *exchange;

    memset(&policy, 0, sizeof(policy));
    add("CORSAllowOrigin", &policy, pool, request->origin, NULL);
    add("CORSAllowMethods", &policy, pool, "*", NULL);
    add("CORSAllowHeaders", &policy, pool, "*", "Authorization");
    add("CORSAllowCredentials", &policy, pool,
        exchange->with_credentials ? "On" : "Off", NULL);
    cors_decide(&decision, &policy, request, pool);
    judged.request = request;
    judged.decision = &decision;
    cors_judge(&judgement, &judged, NULL, pool);
    if (judgement.report == CORS_REPORT_NONE || !decision.is_allowed) {
        fprintf(stderr, "not judged, or not allowed: %s %s\n",
                request->method, request->origin);
        exit(1);
    }
    puts(judgement.is_readable ? "yes" : "no");
}

/* What follows a word and a space, or NULL. */
static const char *value_of(const char *line, const char *word,
                            apr_pool_t *pool)
{
    apr_size_t len = strlen(word);

    return strncmp(line, word, len) == 0 && line[len] == ' '
           ? apr_pstrdup(pool, line + len + 1) : NULL;
}

static void read_line(const char *line, cors_request_t *request,
                      cors_exchange_t *exchange, apr_table_t *headers,
                      apr_pool_t *pool)
{
    const struct {
        const char *word;
        const char **value;
    } members[] = {
        { "method", &request->method },
        { "origin", &request->origin },
        { "request-method", &request->request_method },
        { "request-headers", &request->request_headers },
    };
    const char *value;
    apr_size_t i;

    for (i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        value = value_of(line, members[i].word, pool);
        if (value) {
            *members[i].value = value;
        }
    }
    value = value_of(line, "status", pool);
    if (value) {
        exchange->status = (int)strtol(value, NULL, 10);
    }
    value = value_of(line, "header", pool);
    if (value) {
        const char *colon = strchr(value, ':');

        apr_table_addn(headers, apr_pstrndup(pool, value,
                                             (apr_size_t)(colon - value)),
                       colon + 1);
    }
    if (strcmp(line, "credentials") == 0) {
        exchange->with_credentials = 1;
    }
}

static int read_block(apr_pool_t *pool)
{
    cors_request_t request = { NULL, NULL, NULL, NULL };
    apr_table_t *headers = apr_table_make(pool, 8);
    cors_exchange_t exchange = { NULL, NULL, 0, 0, NULL, NULL,
                                 NULL, 0, 0 };
    char line[MAX_LINE];

    exchange.headers = headers;
    while (fgets(line, sizeof(line), stdin)) {
        line[strcspn(line, "\n")] = '\0';
        if (*line == '\0') {
            answer(&request, &exchange, pool);
            return 1;
        }
        read_line(line, &request, &exchange, headers, pool);
    }
    return 0;
}

int main(void)
{
    apr_pool_t *pool;

    apr_initialize();
    atexit(apr_terminate);
    apr_pool_create(&pool, NULL);
    while (read_block(pool)) {
        apr_pool_clear(pool);
    }
    return 0;
}
