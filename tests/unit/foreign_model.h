/* SPDX-License-Identifier: Apache-2.0 */

#ifndef FOREIGN_MODEL_H
#define FOREIGN_MODEL_H

/**
 * @file foreign_model.h
 * @brief "Require cors" once more: refused is what one of a few questions asks
 * for, and hosts are compared as the URL of a page and of a request, written out.
 */

#include "cors_foreign.h"
#include "model.h"

static inline int is_refusal(cors_foreign_t found)
{
    return found == CORS_FOREIGN_HOST || found == CORS_FOREIGN_FOREIGN;
}

/** A request whose values lie in blocks of exact size. */
static inline cors_foreign_request_t copy_of(
    apr_pool_t *pool, const cors_foreign_request_t *request)
{
    cors_foreign_request_t copy = *request;

    copy.method = exact_text(pool, request->method);
    copy.origin = exact_text(pool, request->origin);
    copy.request_method = exact_text(pool, request->request_method);
    copy.host = exact_text(pool, request->host);
    copy.site = exact_text(pool, request->site);
    copy.mode = exact_text(pool, request->mode);
    copy.dest = exact_text(pool, request->dest);
    return copy;
}

static inline const char *request_text(apr_pool_t *pool,
                                       const cors_foreign_request_t *request)
{
    return apr_psprintf(
        pool, "%s origin=%s asks=%s host=%s site=%s mode=%s dest=%s%s%s%s%s",
        request->method, or_null(request->origin),
        or_null(request->request_method), or_null(request->host),
        or_null(request->site), or_null(request->mode),
        or_null(request->dest), request->has_upgrade ? " upgrade" : "",
        request->is_https ? " https" : "",
        request->is_host_served ? " served" : "",
        request->is_isolated ? " isolated" : "");
}

/* ------------------------------------------------------------------------
 * Hosts
 */

/* A Host in two: its port, or "", is returned. */
static inline const char *model_cut_port(char *host)
{
    char *end = host[0] == '[' ? strchr(host, ']') : host;
    char *colon = end ? strchr(end, ':') : NULL;

    if (host[0] == '[' && colon && colon != end + 1) {
        colon = NULL;
    }
    if (!colon) {
        return "";
    }
    *colon = '\0';
    return colon + 1;
}

/* Whether DNS is asked for a host: not for addresses and localhost. */
static inline int model_is_asked_of_dns(const char *host)
{
    char name[256];
    const char *label;
    size_t len;

    snprintf(name, sizeof(name), "%s", host);
    model_cut_port(name);
    len = strlen(name);
    if (name[0] == '[') {
        return 0;
    }
    if (len > 0 && name[len - 1] == '.') {
        name[len - 1] = '\0';
    }
    label = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;
    return strcasecmp(label, "localhost") != 0
           && (*label == '\0' || !model_is_number(label));
}

/* Whether a page of that origin is of the host, over either scheme, or https
 * alone. */
static inline int model_is_own(const cors_foreign_request_t *request)
{
    static const struct {
        const char *scheme;
        const char *port;
    } schemes[] = { { "https", "443" }, { "http", "80" } };
    cors_origin_t origin;
    size_t i;

    /* What is no origin is nobody's own. */
    if (!request->host || !cors_origin_parse(&origin, request->origin,
                                             strlen(request->origin))) {
        return 0;
    }
    for (i = 0; i < (request->is_https ? 1 : COUNT(schemes)); i++) {
        char host[256];
        char own[512];
        const char *port;
        char *c;

        snprintf(host, sizeof(host), "%s", request->host);
        for (c = host; *c; c++) {
            *c = (char)tolower((unsigned char)*c);
        }
        port = model_cut_port(host);
        snprintf(own, sizeof(own), "%s://%s", schemes[i].scheme, host);
        if ((*port == '\0' || strcmp(port, schemes[i].port) == 0)
            && strcmp(own, request->origin) == 0) {
            return 1;
        }
        snprintf(own, sizeof(own), "%s://%s:%s", schemes[i].scheme, host,
                 port);
        if (*port && strcmp(own, request->origin) == 0) {
            return 1;
        }
    }
    return 0;
}

/* ------------------------------------------------------------------------
 * Requests
 */

static inline int model_is(const char *value, const char *word)
{
    return value && strcmp(value, word) == 0;
}

static inline cors_foreign_t model_foreign(
    const cors_foreign_request_t *request, const cors_policy_t *policy)
{
    int is_options = model_is(request->method, "OPTIONS");
    int is_quiet = (is_options || model_is(request->method, "GET")
                    || model_is(request->method, "HEAD"))
                   && !request->origin && !request->has_upgrade;
    int is_link = model_is(request->method, "GET")
                  && model_is(request->mode, "navigate")
                  && model_is(request->dest, "document");
    const struct {
        int is_so;
        cors_foreign_t found;
    } answers[] = {
        { request->host && !request->is_host_served
          && model_is_asked_of_dns(request->host), CORS_FOREIGN_HOST },
        { is_options && request->origin && request->request_method,
          CORS_FOREIGN_PREFLIGHT },
        { model_is(request->site, "same-origin")
          || model_is(request->site, "none"), CORS_FOREIGN_SAME_ORIGIN },
        { policy && request->origin
          && cors_policy_trusts(policy, request->origin),
          CORS_FOREIGN_TRUSTED },
        { !request->site && !request->origin, CORS_FOREIGN_NO_BROWSER },
        { !request->site && request->origin && model_is_own(request),
          CORS_FOREIGN_OWN_HOST },
        { request->site && is_quiet && !request->is_isolated,
          CORS_FOREIGN_SAFE },
        { request->site && is_quiet && is_link, CORS_FOREIGN_NAVIGATION },
    };
    size_t i;

    for (i = 0; i < COUNT(answers); i++) {
        if (answers[i].is_so) {
            return answers[i].found;
        }
    }
    return CORS_FOREIGN_FOREIGN;
}

#endif /* FOREIGN_MODEL_H */
