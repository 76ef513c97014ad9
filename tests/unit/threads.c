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

/* The engine's promise that any number of threads may match against one
 * policy: threads that decide, merge and look up at the same time get what a
 * single one gets.  To be built with -fsanitize=thread, which ends the program
 * at a race. */

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <apr_general.h>
#include <apr_pools.h>
#include <apr_strings.h>

#include "cors_policy.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define THREADS 8
#define ROUNDS 4000

static cors_policy_t outer;
static cors_policy_t inner;

static const cors_request_t requests[] = {
    { "OPTIONS", "https://a.example", "PUT", "x-a, x-b,X-A" },
    { "OPTIONS", "https://a.example", "PATCH", "authorization" },
    { "OPTIONS", "https://x.y.wild.example:8443", "DELETE", ",,x-c" },
    { "OPTIONS", "https://regex.example", "PUT", NULL },
    { "OPTIONS", "https://evil.example", "PUT", "x-a" },
    { "GET", "https://a.example", NULL, NULL },
    { "GET", "null", NULL, NULL },
    { "GET", NULL, NULL, NULL },
};

static cors_decision_t expected[COUNT(requests)];

static int match_regex(const void *regex, const char *origin, apr_size_t len)
{
    return strlen(regex) == len && memcmp(regex, origin, len) == 0;
}

static void must(const char *message)
{
    if (message) {
        printf("Bail out! %s\n", message);
        exit(1);
    }
}

typedef const char *add_fn(cors_policy_t *policy, apr_pool_t *pool,
                           int argc, char *const argv[]);

static const char *add_origins(cors_policy_t *policy, apr_pool_t *pool,
                               int argc, char *const argv[])
{
    return cors_policy_add_origins(policy, pool, argc, argv, NULL);
}

static void add(add_fn *add_words, cors_policy_t *policy, apr_pool_t *pool,
                const char *line)
{
    char **argv;
    int argc = 0;

    apr_tokenize_to_argv(line, &argv, pool);
    while (argv[argc]) {
        argc++;
    }
    must(add_words(policy, pool, argc, argv));
}

static void compile(apr_pool_t *pool)
{
    cors_policy_init(&outer);
    cors_policy_init(&inner);
    add(add_origins, &outer, pool,
        "https://a.example https://*.wild.example:*");
    must(cors_policy_add_origin_regex(&outer, pool, "regex",
                                      "https://regex.example", match_regex));
    add(cors_policy_add_allow_headers, &outer, pool, "* X-Listed");
    add(cors_policy_add_methods, &inner, pool, "*");
    add(cors_policy_add_expose_headers, &inner, pool, "X-Id");
    must(cors_policy_set_max_age(&inner, pool, "600"));
    inner.credentials = CORS_ON;
}

static void decide(cors_decision_t *decision, const cors_request_t *request,
                   apr_pool_t *pool)
{
    cors_policy_t merged;

    cors_policy_merge(&merged, &outer, &inner);
    cors_decide(decision, &merged, request, pool);
}

static int same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static int same_decision(const cors_decision_t *a, const cors_decision_t *b)
{
    return a->kind == b->kind && a->is_allowed == b->is_allowed
           && a->reason == b->reason && a->status == b->status
           && same_text(a->allow_origin, b->allow_origin)
           && same_text(a->allow_methods, b->allow_methods)
           && same_text(a->allow_headers, b->allow_headers)
           && same_text(a->expose_headers, b->expose_headers)
           && same_text(a->max_age, b->max_age)
           && same_text(a->vary, b->vary);
}

/* What a thread is told, and tells. */
typedef struct work_t {
    pthread_t thread;
    size_t first;               /* of the requests */
    size_t wrong;               /* answers */
} work_t;

static void *run(void *data)
{
    work_t *work = data;
    apr_pool_t *pool;
    size_t i;

    apr_pool_create_unmanaged(&pool);
    for (i = 0; i < ROUNDS; i++) {
        size_t which = (i + work->first) % COUNT(requests);
        cors_decision_t decision;

        decide(&decision, &requests[which], pool);
        work->wrong += !same_decision(&decision, &expected[which]);
        work->wrong += strcmp(cors_vary_merge("Accept", "Origin", pool),
                              "Accept, Origin") != 0;
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return NULL;
}

int main(void)
{
    static work_t works[THREADS];
    apr_pool_t *pool;
    size_t wrong = 0;
    size_t i;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    compile(pool);
    for (i = 0; i < COUNT(requests); i++) {
        decide(&expected[i], &requests[i], pool);
    }
    for (i = 0; i < THREADS; i++) {
        works[i].first = i;
        if (pthread_create(&works[i].thread, NULL, run, &works[i])) {
            must("no thread");
        }
    }
    for (i = 0; i < THREADS; i++) {
        pthread_join(works[i].thread, NULL);
        wrong += works[i].wrong;
    }
    printf("%s 1 - %d threads, %d decisions each, %lu wrong\n1..1\n",
           wrong ? "not ok" : "ok", THREADS, ROUNDS, (unsigned long)wrong);
    apr_pool_destroy(pool);
    apr_terminate();
    return wrong ? 1 : 0;
}
