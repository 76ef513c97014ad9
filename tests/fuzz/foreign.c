/* SPDX-License-Identifier: Apache-2.0 */

/* A policy and a request, one line for each part: flags, origins; then method,
 * Origin, requested method, Host, Sec-Fetch-Site, -Mode and -Dest, of which an
 * empty line is none, and '' is an empty value.  Flags are those of a policy
 * and
 *
 *     p          there is no policy
 *     u          Upgrade
 *     h          the server speaks TLS
 *     n          the host is a name of the server's
 *     I          isolated
 */

#include "foreign_model.h"
#include "fuzz.h"

/** A value of a header. */
static const char *take_value(input_t *input, apr_pool_t *pool)
{
    char *line = take_line(input, pool);

    return strcmp(line, "''") == 0 ? line + 2 : *line ? line : NULL;
}

static cors_foreign_request_t take_request(input_t *input, const char *flags,
                                           apr_pool_t *pool)
{
    cors_foreign_request_t request;

    request.method = take_line(input, pool);
    request.origin = take_value(input, pool);
    request.request_method = take_value(input, pool);
    request.host = take_value(input, pool);
    request.site = take_value(input, pool);
    request.mode = take_value(input, pool);
    request.dest = take_value(input, pool);
    request.has_upgrade = strchr(flags, 'u') != NULL;
    request.is_https = strchr(flags, 'h') != NULL;
    request.is_host_served = strchr(flags, 'n') != NULL;
    request.is_isolated = strchr(flags, 'I') != NULL;
    return request;
}

/** Isolated is only stricter, and so are an upgrade, TLS, no policy and a
 * host that is not the server's. */
static void holds_stricter(const cors_foreign_request_t *request,
                           cors_foreign_t found)
{
    cors_foreign_request_t stricter = *request;

    stricter.is_isolated = stricter.has_upgrade = stricter.is_https = 1;
    stricter.is_host_served = 0;
    HOLDS(!is_refusal(found)
          || is_refusal(cors_foreign_judge(&stricter, NULL)), "%s",
          cors_foreign_name(found));
}

/** Whom a policy trusts may read with credentials. */
static void holds_trust(const cors_policy_t *policy, const char *origin,
                        apr_pool_t *pool)
{
    cors_policy_t with_credentials = *policy;
    cors_request_t request = { "GET", origin, NULL, NULL };
    cors_decision_t decision;

    if (!cors_policy_trusts(policy, origin)) {
        return;
    }
    with_credentials.credentials = CORS_ON;
    cors_decide(&decision, &with_credentials, &request, pool);
    HOLDS(decision.is_allowed && decision.allow_credentials
          && strcmp(decision.allow_origin, origin) == 0
          && strcmp(origin, "null") != 0, "%s", origin);
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *flags = take_line(input, pool);
    const cors_policy_t *governing;
    cors_policy_t policy;
    cors_foreign_request_t request;
    cors_foreign_t found;
    cors_foreign_t expected;

    memset(&policy, 0, sizeof(policy));
    set_flags(&policy, flags);
    compile("CORSAllowOrigin", &policy, pool, take_line(input, pool));
    request = take_request(input, flags, pool);
    if (request.host && strlen(request.host) > 200) {
        return;                 /* longer than the model takes */
    }
    governing = strchr(flags, 'p') ? NULL : &policy;
    found = cors_foreign_judge(&request, governing);
    expected = model_foreign(&request, governing);
    HOLDS(found == expected, "%s: %s, the model: %s",
          request_text(pool, &request), cors_foreign_name(found),
          cors_foreign_name(expected));
    holds_stricter(&request, found);
    if (request.origin) {
        holds_trust(&policy, request.origin, pool);
    }
}
