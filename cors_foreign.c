/* SPDX-License-Identifier: Apache-2.0 */

/* Whether a page of a foreign site made the browser send a request. */

#include "cors_foreign.h"

#include "cors_set.h"
#include "cors_text.h"

static const struct {
    const char *name;
    const char *text;
} findings[] = {
    [CORS_FOREIGN_HOST] = {
        "host", "The host that was asked for is not a name of this server." },
    [CORS_FOREIGN_PREFLIGHT] = {
        "preflight", "A preflight has neither effects nor credentials." },
    [CORS_FOREIGN_SAME_ORIGIN] = {
        "same-origin", "The browser says that this origin's own page, or the "
        "visitor, asks." },
    [CORS_FOREIGN_TRUSTED] = {
        "trusted", "The policy trusts the origin." },
    [CORS_FOREIGN_OWN_HOST] = {
        "own-host", "The origin is of the host that was asked for." },
    [CORS_FOREIGN_NO_BROWSER] = {
        "no-browser", "No browser asks, or an old one that says nothing." },
    [CORS_FOREIGN_SAFE] = {
        "safe", "Another site's page asks, by a method without effects." },
    [CORS_FOREIGN_NAVIGATION] = {
        "navigation", "A link of another site was followed." },
    [CORS_FOREIGN_FOREIGN] = {
        "foreign", "A page of a foreign origin made the browser ask." }
};

const char *cors_foreign_name(cors_foreign_t found)
{
    return findings[found].name;
}

const char *cors_foreign_text(cors_foreign_t found)
{
    return findings[found].text;
}

static int is_one_of(const char *value, const char *a, const char *b)
{
    return value && (strcmp(value, a) == 0 || strcmp(value, b) == 0);
}

/* ------------------------------------------------------------------------
 * Hosts
 */

/* Whether a host cannot be rebound: no DNS says what an address is, and
 * browsers keep localhost to themselves. */
static int is_never_rebound(const char *host, apr_size_t len)
{
    static const char localhost[] = "localhost";
    const apr_size_t localhost_len = sizeof(localhost) - 1;
    apr_size_t label = len;

    if (len > 0 && host[0] == '[') {
        return 1;
    }
    if (len > 0 && host[len - 1] == '.') {
        label = --len;
    }
    while (label > 0 && host[label - 1] != '.') {
        label--;
    }
    return cors_label_is_number(host + label, len - label)
           || (len - label == localhost_len
               && apr_cstr_casecmpn(host + label, localhost,
                                    localhost_len) == 0);
}

static int is_host_known(const cors_foreign_request_t *request)
{
    const char *host = request->host;

    return !host || request->is_host_served
           || is_never_rebound(host, cors_origin_host_span(host,
                                                           strlen(host)));
}

/* Whether the port of a Host, ":8443" or nothing, is that of an origin. */
static int is_same_port(const cors_origin_t *origin, const char *port)
{
    const char *of_origin = origin->host + origin->host_len;
    apr_size_t len = (apr_size_t)(origin->text + origin->len - of_origin);

    if (!origin->has_port) {
        return is_one_of(port, "", ":")
               || strcmp(port, origin->scheme_len == 5 ? ":443" : ":80") == 0;
    }
    return text_same(of_origin, len, port);
}

/* Whether Origin is of the host that was asked for.  Its scheme is compared
 * where the server knows its own. */
static int is_own_host(const cors_foreign_request_t *request)
{
    const char *host = request->host;
    apr_size_t len;
    cors_origin_t origin;

    if (!host || !cors_pattern_is_web(request->origin)
        || !cors_origin_parse(&origin, request->origin,
                              strlen(request->origin))
        || (request->is_https && origin.scheme_len != 5)) {
        return 0;
    }
    len = cors_origin_host_span(host, strlen(host));
    return len == origin.host_len
           && apr_cstr_casecmpn(host, origin.host, len) == 0
           && is_same_port(&origin, host + len);
}

/* ------------------------------------------------------------------------
 * Requests
 */

/* Of a page of another site. */
static int is_safe(const cors_foreign_request_t *request)
{
    return !request->origin && !request->has_upgrade
           && (is_one_of(request->method, "GET", "HEAD")
               || strcmp(request->method, "OPTIONS") == 0);
}

/* Of those, a link that was followed in a window of its own. */
static int is_navigation(const cors_foreign_request_t *request)
{
    return strcmp(request->method, "GET") == 0
           && request->mode && strcmp(request->mode, "navigate") == 0
           && request->dest && strcmp(request->dest, "document") == 0;
}

cors_foreign_t cors_foreign_judge(const cors_foreign_request_t *request,
                                  const cors_policy_t *policy)
{
    if (!is_host_known(request)) {
        return CORS_FOREIGN_HOST;
    }
    if (request->origin && request->request_method
        && strcmp(request->method, "OPTIONS") == 0) {
        return CORS_FOREIGN_PREFLIGHT;
    }
    if (is_one_of(request->site, "same-origin", "none")) {
        return CORS_FOREIGN_SAME_ORIGIN;
    }
    if (request->origin && policy
        && cors_policy_trusts(policy, request->origin)) {
        return CORS_FOREIGN_TRUSTED;
    }
    if (!request->site) {
        return !request->origin ? CORS_FOREIGN_NO_BROWSER
               : is_own_host(request) ? CORS_FOREIGN_OWN_HOST
                                      : CORS_FOREIGN_FOREIGN;
    }
    if (!is_safe(request)) {
        return CORS_FOREIGN_FOREIGN;
    }
    if (!request->is_isolated) {
        return CORS_FOREIGN_SAFE;
    }
    return is_navigation(request) ? CORS_FOREIGN_NAVIGATION
                                  : CORS_FOREIGN_FOREIGN;
}
