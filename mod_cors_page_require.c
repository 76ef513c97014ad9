/* SPDX-License-Identifier: Apache-2.0 */

/* What "Require cors" has refused, in what cors-status shows. */

#include "mod_cors_page_require.h"
#include "mod_cors_escape.h"
#include "mod_cors_status.h"
#include "mod_cors_table.h"

#include "http_protocol.h"

/* What is counted. */
static const struct {
    cors_count_t count;
    const char *name;           /* for programs */
    const char *heading;
} outcomes[] = {
    { CORS_COUNT_FOREIGN, "foreign", "Refused as foreign" },
    { CORS_COUNT_HOST, "host", "Refused for their host" },
    { CORS_COUNT_LET_THROUGH, "let-through", "Let through" }
};

#define OUTCOMES (sizeof(outcomes) / sizeof(*outcomes))

int cors_requires_in(unsigned int row)
{
    apr_uint64_t sum = 0;
    apr_size_t i;

    for (i = 0; i < OUTCOMES; i++) {
        sum += cors_status_count(row, outcomes[i].count);
    }
    return sum > 0;
}

int cors_requires_it(const cors_refusal_t *refusal)
{
    return refusal->reason >= CORS_REASONS;
}

const char *cors_requires_advice(const cors_refusal_t *refusal)
{
    if (refusal->reason == CORS_REASON_HOST) {
        return "if the name is this server's, write it as ServerName or "
               "ServerAlias";
    }
    if (refusal->report != CORS_REPORT_NONE) {
        return "another Require beside it lets it in";
    }
    return *refusal->origin
           ? "if the page is yours, add its origin to CORSAllowOrigin"
           : "a page of another site made the browser ask: nothing to do";
}

/* ------------------------------------------------------------------------
 * The page
 */

static void page_head(request_rec *r)
{
    apr_size_t i;

    ap_rputs("<h2 id=\"require\">Require cors</h2>\n<table>\n"
             "<caption>Requests that are not the site's own</caption>\n"
             "<thead><tr><th scope=\"col\">Section</th>", r);
    for (i = 0; i < OUTCOMES; i++) {
        ap_rprintf(r, "<th scope=\"col\" class=\"n\">%s</th>",
                   outcomes[i].heading);
    }
    ap_rputs("</tr></thead>\n<tbody>\n", r);
}

static void page_row(request_rec *r, unsigned int row)
{
    const char *place = cors_status_place(r->pool, row);
    apr_size_t i;

    ap_rprintf(r, "<tr><th scope=\"row\">%s <small>%s</small></th>",
               cors_html(r->pool, cors_status_row(row).name),
               place ? cors_html(r->pool, place) : "");
    for (i = 0; i < OUTCOMES; i++) {
        ap_rprintf(r, "<td class=\"n\" data-name=\"%s\">%" APR_UINT64_T_FMT
                   "</td>", outcomes[i].heading,
                   cors_status_count(row, outcomes[i].count));
    }
    ap_rputs("</tr>\n", r);
}

void cors_requires_page(request_rec *r)
{
    static const cors_table_t table = {
        cors_requires_in, page_head, page_row
    };

    cors_table_show(r, &table);
}

/* ------------------------------------------------------------------------
 * JSON and metrics
 */

void cors_requires_json(request_rec *r, unsigned int row)
{
    apr_size_t i;

    if (!cors_requires_in(row)) {
        return;
    }
    ap_rputs(",\n \"require\":[", r);
    for (i = 0; i < OUTCOMES; i++) {
        ap_rprintf(r, "%s{\"outcome\":\"%s\",\"count\":%" APR_UINT64_T_FMT
                   "}", i > 0 ? "," : "", outcomes[i].name,
                   cors_status_count(row, outcomes[i].count));
    }
    ap_rputs("]", r);
}

void cors_requires_metrics(request_rec *r, const char *suffix)
{
    unsigned int row;
    apr_size_t i;

    ap_rprintf(r, "# HELP httpd_cors_require%s Requests that are not the "
               "site's own, by what became of them.\n"
               "# TYPE httpd_cors_require%s counter\n", suffix, suffix);
    for (row = 0; row < cors_status_rows(); row++) {
        const char *policy = cors_quoted(r->pool, cors_status_row(row).name);

        for (i = 0; cors_requires_in(row) && i < OUTCOMES; i++) {
            ap_rprintf(r, "httpd_cors_require_total{policy=\"%s\","
                       "outcome=\"%s\"} %" APR_UINT64_T_FMT "\n", policy,
                       outcomes[i].name,
                       cors_status_count(row, outcomes[i].count));
        }
    }
}
