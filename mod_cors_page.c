/* SPDX-License-Identifier: Apache-2.0 */

/*
 * SetHandler cors-status: what is counted, as a page, as JSON and as metrics;
 * and what mod_status shows of it.
 *
 * Names of policies, origins, hosts and paths come from the configuration and
 * from strangers: each goes out through one of the functions of
 * mod_cors_escape.h.
 */

#include "mod_cors_page.h"
#include "mod_cors_escape.h"
#include "mod_cors_page_reports.h"
#include "mod_cors_page_require.h"
#include "mod_cors_status.h"

#include "http_core.h"
#include "http_protocol.h"
#include "mod_status.h"
#include "util_script.h"

#include "apr_strings.h"

#include "cors_origin.h"

static const char *iso_time(apr_pool_t *pool, apr_time_t time)
{
    apr_time_exp_t t;

    apr_time_exp_gmt(&t, time);
    return apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02dZ",
                        t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                        t.tm_min, t.tm_sec);
}

/* ------------------------------------------------------------------------
 * What is shown
 */

/* A count as one kind of request, verdict and reason. */
typedef struct {
    const char *kind;
    const char *verdict;
    const char *reason;         /* "-" if it is allowed */
} meaning_t;

static meaning_t meaning_of(cors_count_t count)
{
    meaning_t meaning = { "preflight", "denied", "-" };
    int reason;

    if (count == CORS_COUNT_PREFLIGHT_ALLOWED
        || count == CORS_COUNT_ACTUAL_ALLOWED) {
        meaning.verdict = "allowed";
        meaning.kind = count == CORS_COUNT_ACTUAL_ALLOWED ? "actual"
                                                          : "preflight";
        return meaning;
    }
    reason = (int)count - CORS_COUNT_PREFLIGHT_DENIED + 1;
    if (count >= CORS_COUNT_ACTUAL_DENIED) {
        meaning.kind = "actual";
        reason = (int)count - CORS_COUNT_ACTUAL_DENIED + 1;
    }
    meaning.reason = cors_reason_name((cors_reason_t)reason);
    return meaning;
}

static apr_uint64_t denied(unsigned int row, cors_count_t first)
{
    apr_uint64_t sum = 0;
    int i;

    for (i = 0; i < CORS_REASONS - 1; i++) {
        sum += cors_status_count(row, (cors_count_t)((int)first + i));
    }
    return sum;
}

/* Whether a row has a place in the configuration, or has counted anything. */
static int row_is_shown(unsigned int row)
{
    const cors_place_t *place = cors_status_row(row).place;

    return (place && place->has_policy)
           || cors_status_count(row, CORS_COUNT_PREFLIGHT_ALLOWED)
           || cors_status_count(row, CORS_COUNT_ACTUAL_ALLOWED)
           || denied(row, CORS_COUNT_PREFLIGHT_DENIED)
           || denied(row, CORS_COUNT_ACTUAL_DENIED)
           || cors_reports_in(row);
}

static const char *origin_advice(const char *text)
{
    cors_origin_t origin;

    if (strcmp(text, "null") == 0) {
        return "a sandboxed frame or a file: any page can send it";
    }
    if (!cors_origin_parse(&origin, text, strlen(text))) {
        return "no browser sends this: nothing to do";
    }
    return "if it is yours, add it to CORSAllowOrigin";
}

/* What an administrator can do about a refusal or report, in a clause. */
static const char *advice(apr_pool_t *pool, const cors_refusal_t *refusal)
{
    if (cors_requires_it(refusal)) {
        return cors_requires_advice(refusal);
    }
    switch (refusal->reason) {
    case CORS_REASON_NONE:
        return cors_reports_advice(refusal);
    case CORS_REASON_CLOSED:
        return "the policy says none: nothing to do if that is meant";
    case CORS_REASON_ORIGIN:
        return origin_advice(refusal->origin);
    case CORS_REASON_METHOD:
        return apr_psprintf(pool, "if the page may use it, add %s to "
                            "CORSAllowMethods", refusal->method);
    case CORS_REASON_HEADER:
        return apr_psprintf(pool, "if the page may set it, add %s to "
                            "CORSAllowHeaders", refusal->header);
    case CORS_REASON_MALFORMED:
        return "no browser sends this: nothing to do";
    default:
        return "the policy would expose credentials: see what configtest "
               "says";
    }
}

static int is_report(const cors_refusal_t *refusal)
{
    return refusal->report != CORS_REPORT_NONE;
}

/* What is said of a request: a reason, or a report. */
static const char *outcome(apr_pool_t *pool, const cors_refusal_t *refusal)
{
    return is_report(refusal)
           ? cors_reports_text(pool, refusal)
           : cors_reason_name((cors_reason_t)refusal->reason);
}

/* The refusals, or the reports of ReportOnly. */
typedef struct {
    const char *name;           /* "refusals" */
    apr_array_header_t *list;   /* of const cors_refusal_t * */
} entries_t;

static entries_t entries_of(const apr_array_header_t *all, const char *name,
                            int are_reports)
{
    entries_t entries;
    int i;

    entries.name = name;
    entries.list = apr_array_make(all->pool, 16, sizeof(cors_refusal_t *));
    for (i = 0; i < all->nelts; i++) {
        const cors_refusal_t *refusal = &APR_ARRAY_IDX(all, i,
                                                       cors_refusal_t);

        if (is_report(refusal) == are_reports) {
            APR_ARRAY_PUSH(entries.list, const cors_refusal_t *) = refusal;
        }
    }
    return entries;
}

/* ------------------------------------------------------------------------
 * The page
 */

/* On a phone each row is a block, and each cell bears its own name. */
static const char page_head[] =
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n"
    "<title>CORS status</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; }\n"
    "body { font: 1rem/1.5 system-ui, sans-serif; margin: 1rem auto; "
    "max-width: 75rem; padding: 0 1rem; overflow-wrap: anywhere; }\n"
    "table { border-collapse: collapse; }\n"
    "caption { text-align: left; padding-bottom: .5rem; }\n"
    "th, td { border: 1px solid GrayText; padding: .25rem .5rem; "
    "text-align: left; vertical-align: top; min-width: 12ch; }\n"
    ".n { min-width: 8ch; }\n"
    "small { font-weight: normal; display: block; }\n"
    "time { white-space: nowrap; }\n"
    "pre { font-size: .9rem; white-space: pre-wrap; "
    "border: 1px solid GrayText; padding: .5rem; }\n"
    "label { display: block; margin-top: .5rem; }\n"
    "input { font: inherit; width: 100%; max-width: 40rem; "
    "box-sizing: border-box; }\n"
    "button { font: inherit; display: block; margin-top: 1rem; "
    "padding: .25rem 1rem; }\n"
    "@media (min-width: 60rem) { .n { text-align: right; "
    "font-variant-numeric: tabular-nums; } }\n"
    "@media (max-width: 60rem) {\n"
    "table, caption, tbody, tr, th, td { display: block; }\n"
    "tr { border: 1px solid GrayText; margin-bottom: 1rem; }\n"
    "th, td { border: 0; }\n"
    "td::before { content: attr(data-name) \": \"; }\n"
    "thead { position: absolute; clip-path: inset(50%); }\n"
    "}\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<h1>CORS status</h1>\n";

void cors_page_begin(request_rec *r)
{
    ap_set_content_type(r, "text/html; charset=utf-8");
    ap_rputs(page_head, r);
}

static void form_field(request_rec *r, const apr_table_t *form,
                       const char *name, const char *label,
                       const char *value)
{
    const char *given = apr_table_get(form, name);

    ap_rprintf(r, "<label for=\"%s\">%s</label>\n"
               "<input id=\"%s\" name=\"%s\" value=\"%s\" "
               "autocapitalize=\"off\" spellcheck=\"false\"%s>\n", name,
               label, name, name,
               cors_html(r->pool, given ? given : value),
               strcmp(name, "headers") == 0 ? "" : " required");
}

void cors_page_form(request_rec *r)
{
    apr_table_t *form;

    ap_args_to_table(r, &form);
    ap_rputs("<h2 id=\"explain\">Why?</h2>\n"
             "<p>What this server would say to a request, and why.</p>\n"
             "<form method=\"get\">\n", r);
    form_field(r, form, "url", "Path of the URL, such as /api/items", "/");
    form_field(r, form, "origin",
               "Origin of the page, such as https://app.example.com", "");
    form_field(r, form, "method", "Method", "GET");
    form_field(r, form, "headers", "Headers that the page sets, separated by "
               "commas (may be empty)", "");
    ap_rputs("<button>Explain</button>\n</form>\n", r);
}

static void page_count(request_rec *r, const char *name, apr_uint64_t count)
{
    ap_rprintf(r, "<td class=\"n\" data-name=\"%s\">%" APR_UINT64_T_FMT
               "</td>", name, count);
}

static void page_policies(request_rec *r)
{
    unsigned int row;

    ap_rputs("<h2 id=\"policies\">Decisions</h2>\n<table>\n"
             "<caption>Requests with an Origin, by policy</caption>\n"
             "<thead><tr><th scope=\"col\">Policy</th>"
             "<th scope=\"col\" class=\"n\">Preflights allowed</th>"
             "<th scope=\"col\" class=\"n\">Preflights denied</th>"
             "<th scope=\"col\" class=\"n\">Actual requests allowed</th>"
             "<th scope=\"col\" class=\"n\">Actual requests denied</th>"
             "</tr></thead>\n<tbody>\n", r);
    for (row = 0; row < cors_status_rows(); row++) {
        const char *place = cors_status_place(r->pool, row);

        if (!row_is_shown(row)) {
            continue;
        }
        ap_rprintf(r, "<tr><th scope=\"row\">%s <small>%s</small></th>",
                   cors_html(r->pool, cors_status_row(row).name),
                   place ? cors_html(r->pool, place) : "");
        page_count(r, "Preflights allowed",
                   cors_status_count(row, CORS_COUNT_PREFLIGHT_ALLOWED));
        page_count(r, "Preflights denied",
                   denied(row, CORS_COUNT_PREFLIGHT_DENIED));
        page_count(r, "Actual requests allowed",
                   cors_status_count(row, CORS_COUNT_ACTUAL_ALLOWED));
        page_count(r, "Actual requests denied",
                   denied(row, CORS_COUNT_ACTUAL_DENIED));
        ap_rputs("</tr>\n", r);
    }
    ap_rputs("</tbody>\n</table>\n", r);
}

static void page_refusal(request_rec *r, const cors_refusal_t *refusal)
{
    apr_pool_t *pool = r->pool;
    const char *kind = cors_requires_it(refusal) ? "Require cors"
                       : refusal->kind == CORS_KIND_PREFLIGHT
                       ? "preflight" : "actual request";

    ap_rprintf(r, "<tr><th scope=\"row\">%s</th>", *refusal->origin
               ? cors_html(pool, refusal->origin) : "no Origin");
    page_count(r, "Count", refusal->count);
    ap_rprintf(r, "<td data-name=\"%s\">%s: %s <small>%s%s%s</small>"
               "</td><td data-name=\"What to do\">%s</td>"
               "<td data-name=\"Policy\">%s</td>",
               is_report(refusal) ? "Report" : "Refused", kind,
               outcome(pool, refusal),
               cors_html(pool, refusal->method),
               *refusal->header ? ", " : "",
               cors_html(pool, refusal->header),
               cors_html(pool, advice(pool, refusal)),
               cors_html(pool, cors_status_row(refusal->row).name));
    ap_rprintf(r, "<td data-name=\"Last\"><time>%s</time> "
               "<small>%s%s from %s</small>"
               "<small>first: <time>%s</time></small></td></tr>\n",
               iso_time(pool, apr_time_from_sec(refusal->last)),
               cors_html(pool, refusal->host),
               cors_html(pool, refusal->path),
               cors_html(pool, refusal->client),
               iso_time(pool, apr_time_from_sec(refusal->first)));
}

static void page_missed(request_rec *r, const cors_refusals_missed_t *missed)
{
    if (missed->over_budget || missed->not_admitted || missed->lost
        || missed->replaced) {
        ap_rprintf(r, "<p>Counted below, but not in this table: %u refusals "
                   "of clients with too many new ones, %u for want of room, "
                   "%u while another process wrote. Of the table, %u gave "
                   "way to newer ones.</p>\n", missed->over_budget,
                   missed->not_admitted, missed->lost, missed->replaced);
    }
}

static void page_table(request_rec *r, const entries_t *entries,
                       const char *heading)
{
    int i;

    ap_rprintf(r, "<table>\n<caption>The most frequent first</caption>\n"
               "<thead><tr><th scope=\"col\">Origin</th>"
               "<th scope=\"col\" class=\"n\">Count</th>"
               "<th scope=\"col\">%s</th>"
               "<th scope=\"col\">What to do</th>"
               "<th scope=\"col\">Policy</th><th scope=\"col\">Last</th>"
               "</tr></thead>\n<tbody>\n", heading);
    for (i = 0; i < entries->list->nelts; i++) {
        page_refusal(r, APR_ARRAY_IDX(entries->list, i,
                                      const cors_refusal_t *));
    }
    ap_rputs("</tbody>\n</table>\n", r);
}

static void page_refusals(request_rec *r)
{
    cors_refusals_missed_t missed;
    apr_array_header_t *all = cors_status_refusals(r->pool, &missed);
    entries_t refusals = entries_of(all, "refusals", 0);
    entries_t reports = entries_of(all, "reports", 1);

    ap_rputs("<h2 id=\"refusals\">Refusals</h2>\n", r);
    if (refusals.list->nelts > 0) {
        page_table(r, &refusals, "Refused");
    }
    else {
        ap_rputs("<p>None.</p>\n", r);
    }
    if (reports.list->nelts > 0) {
        ap_rputs("<h2 id=\"reports\">Reports</h2>\n"
                 "<p>Of CORSEngine ReportOnly, and of Require cors where "
                 "something else lets requests in.</p>\n", r);
        page_table(r, &reports, "Report");
    }
    if (all->nelts > 0) {
        page_missed(r, &missed);
    }
}

static void show_page(request_rec *r)
{
    cors_page_begin(r);
    if (cors_status_rows() == 0) {
        ap_rputs("<p>Nothing is counted: the server got no memory to share, "
                 "or no CORS directive is in use.</p>\n", r);
    }
    else {
        ap_rprintf(r, "<p>Since <time>%s</time>, over restarts. "
                   "<a href=\"?json\">JSON</a>, <a href=\"?metrics\">metrics"
                   "</a>, <a href=\"#explain\">why?</a>, "
                   "<a href=\"#policies\">decisions</a></p>\n",
                   iso_time(r->pool, cors_status_started()));
        page_refusals(r);
    }
    cors_page_form(r);
    if (cors_status_rows() > 0) {
        page_policies(r);
        cors_requires_page(r);
        cors_reports_page(r);
    }
    ap_rputs("</body>\n</html>\n", r);
}

/* ------------------------------------------------------------------------
 * JSON
 */

static void json_counts(request_rec *r, unsigned int row)
{
    int count;

    for (count = 0; count < CORS_DECISION_COUNTS; count++) {
        meaning_t meaning = meaning_of((cors_count_t)count);

        ap_rprintf(r, "%s{\"kind\":\"%s\",\"verdict\":\"%s\","
                   "\"reason\":\"%s\",\"count\":%" APR_UINT64_T_FMT "}",
                   count > 0 ? "," : "", meaning.kind, meaning.verdict,
                   meaning.reason,
                   cors_status_count(row, (cors_count_t)count));
    }
}

static void json_policies(request_rec *r)
{
    const char *separator = "";
    unsigned int row;

    for (row = 0; row < cors_status_rows(); row++) {
        const cors_place_t *place = cors_status_row(row).place;

        if (!row_is_shown(row) && !cors_requires_in(row)) {
            continue;
        }
        ap_rprintf(r, "%s\n{\"policy\":\"%s\",", separator,
                   cors_quoted(r->pool, cors_status_row(row).name));
        if (place) {
            ap_rprintf(r, "\"file\":\"%s\",\"line\":%u,",
                       cors_quoted(r->pool, place->file), place->line);
        }
        ap_rputs("\"decisions\":[", r);
        json_counts(r, row);
        ap_rputs("]", r);
        cors_reports_json(r, row);
        cors_requires_json(r, row);
        ap_rputs("}", r);
        separator = ",";
    }
}

static void json_refusal(request_rec *r, const cors_refusal_t *refusal)
{
    apr_pool_t *pool = r->pool;

    ap_rprintf(r, "{\"count\":%u,\"origin\":\"%s\",\"kind\":\"%s\",",
               refusal->count, cors_quoted(pool, refusal->origin),
               cors_requires_it(refusal) ? "require"
               : refusal->kind == CORS_KIND_PREFLIGHT ? "preflight"
                                                      : "actual");
    if (is_report(refusal)) {
        ap_rprintf(r, "\"report\":\"%s\",", cors_reports_text(pool, refusal));
    }
    ap_rprintf(r, "\"reason\":\"%s\",\"method\":\"%s\",\"header\":\"%s\","
               "\"policy\":\"%s\",\"host\":\"%s\",\"path\":\"%s\","
               "\"client\":\"%s\",\"first\":\"%s\",\"last\":\"%s\"}",
               cors_reason_name((cors_reason_t)refusal->reason),
               cors_quoted(pool, refusal->method),
               cors_quoted(pool, refusal->header),
               cors_quoted(pool, cors_status_row(refusal->row).name),
               cors_quoted(pool, refusal->host),
               cors_quoted(pool, refusal->path),
               cors_quoted(pool, refusal->client),
               iso_time(pool, apr_time_from_sec(refusal->first)),
               iso_time(pool, apr_time_from_sec(refusal->last)));
}

static void json_entries(request_rec *r, const entries_t *entries)
{
    int i;

    ap_rprintf(r, "],\n\"%s\":[", entries->name);
    for (i = 0; i < entries->list->nelts; i++) {
        ap_rputs(i > 0 ? ",\n" : "\n", r);
        json_refusal(r, APR_ARRAY_IDX(entries->list, i,
                                      const cors_refusal_t *));
    }
}

static void show_json(request_rec *r)
{
    cors_refusals_missed_t missed;
    apr_array_header_t *all = cors_status_refusals(r->pool, &missed);
    entries_t refusals = entries_of(all, "refusals", 0);
    entries_t reports = entries_of(all, "reports", 1);

    ap_set_content_type(r, "application/json");
    if (r->header_only) {
        return;
    }
    ap_rprintf(r, "{\"since\":\"%s\",\n\"policies\":[",
               cors_status_rows() ? iso_time(r->pool, cors_status_started())
                                  : "");
    json_policies(r);
    json_entries(r, &refusals);
    json_entries(r, &reports);
    ap_rprintf(r, "],\n\"missed\":{\"over_budget\":%u,\"not_admitted\":%u,"
               "\"lost\":%u,\"replaced\":%u}}\n", missed.over_budget,
               missed.not_admitted, missed.lost, missed.replaced);
}

/* ------------------------------------------------------------------------
 * Metrics: Prometheus' text format 0.0.4, or OpenMetrics
 */

#define MANY_ROWS 64            /* beyond which rows of zeros are left out */

static void metrics_row(request_rec *r, unsigned int row)
{
    const char *policy = cors_quoted(r->pool, cors_status_row(row).name);
    int count;

    for (count = 0; count < CORS_DECISION_COUNTS; count++) {
        meaning_t meaning = meaning_of((cors_count_t)count);

        ap_rprintf(r, "httpd_cors_decisions_total{policy=\"%s\",kind=\"%s\","
                   "verdict=\"%s\",reason=\"%s\"} %" APR_UINT64_T_FMT "\n",
                   policy, meaning.kind, meaning.verdict, meaning.reason,
                   cors_status_count(row, (cors_count_t)count));
    }
}

static void show_metrics(request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");
    int is_open = accept && ap_strstr_c(accept,
                                        "application/openmetrics-text");
    unsigned int row;

    ap_set_content_type(r, is_open ? "application/openmetrics-text; "
                                     "version=1.0.0; charset=utf-8"
                                   : "text/plain; version=0.0.4");
    if (r->header_only) {
        return;
    }
    ap_rprintf(r, "# HELP httpd_cors_decisions%s Requests with an Origin, by "
               "policy and decision.\n# TYPE httpd_cors_decisions%s counter\n",
               is_open ? "" : "_total", is_open ? "" : "_total");
    for (row = 0; row < cors_status_rows(); row++) {
        if (cors_status_rows() <= MANY_ROWS || row_is_shown(row)) {
            metrics_row(r, row);
        }
    }
    cors_reports_metrics(r, is_open ? "" : "_total");
    cors_requires_metrics(r, is_open ? "" : "_total");
    if (cors_status_rows() > 0) {
        ap_rprintf(r, "# HELP httpd_cors_start_time_seconds When counting "
                   "began, since 1970.\n"
                   "# TYPE httpd_cors_start_time_seconds gauge\n"
                   "httpd_cors_start_time_seconds %" APR_TIME_T_FMT "\n",
                   apr_time_sec(cors_status_started()));
    }
    if (is_open) {
        ap_rputs("# EOF\n", r);
    }
}

/* ------------------------------------------------------------------------
 * The handler
 */

void cors_page_protect(request_rec *r)
{
    apr_table_setn(r->headers_out, "Cache-Control", "no-store");
    apr_table_setn(r->headers_out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(r->headers_out, "Cross-Origin-Resource-Policy",
                   "same-origin");
    apr_table_setn(r->headers_out, "Content-Security-Policy",
                   "default-src 'none'; style-src 'unsafe-inline'; "
                   "img-src data:; form-action 'self'; "
                   "frame-ancestors 'none'");
}

/* "?name", or "?name=" as Prometheus writes it. */
static int is_asked(const request_rec *r, const char *name)
{
    size_t len = strlen(name);

    return strncmp(r->args, name, len) == 0
           && (r->args[len] == '\0' || strcmp(r->args + len, "=") == 0);
}

int cors_page_show(request_rec *r)
{
    if (!r->args || !*r->args) {
        show_page(r);
    }
    else if (is_asked(r, "json")) {
        show_json(r);
    }
    else if (is_asked(r, "metrics")) {
        show_metrics(r);
    }
    else {
        return DECLINED;
    }
    return OK;
}

/* ------------------------------------------------------------------------
 * mod_status: numbers, and nobody's data
 */

static apr_uint64_t denied_by(cors_reason_t reason)
{
    int at = (int)reason - 1;

    return cors_status_sum((cors_count_t)(CORS_COUNT_PREFLIGHT_DENIED + at))
           + cors_status_sum((cors_count_t)(CORS_COUNT_ACTUAL_DENIED + at));
}

static void status_line(request_rec *r, int is_short, const char *name,
                        apr_uint64_t number)
{
    ap_rprintf(r, is_short ? "%s: %" APR_UINT64_T_FMT "\n"
                           : "<tr><td>%s</td><td align=\"right\">"
                             "%" APR_UINT64_T_FMT "</td></tr>\n",
               name, number);
}

int cors_page_mod_status(request_rec *r, int flags)
{
    int is_short = (flags & AP_STATUS_SHORT) != 0;
    apr_uint64_t denied_sum[2] = { 0, 0 };
    int i;

    if (cors_status_rows() == 0) {
        return DECLINED;
    }
    for (i = 0; i < CORS_REASONS - 1; i++) {
        denied_sum[0] += cors_status_sum(
            (cors_count_t)(CORS_COUNT_PREFLIGHT_DENIED + i));
        denied_sum[1] += cors_status_sum(
            (cors_count_t)(CORS_COUNT_ACTUAL_DENIED + i));
    }
    if (!is_short) {
        ap_rputs("<hr />\n<h1>CORS decisions</h1>\n<table border=\"0\">\n",
                 r);
    }
    status_line(r, is_short, "CORSPreflightAllowed",
                cors_status_sum(CORS_COUNT_PREFLIGHT_ALLOWED));
    status_line(r, is_short, "CORSPreflightDenied", denied_sum[0]);
    status_line(r, is_short, "CORSActualAllowed",
                cors_status_sum(CORS_COUNT_ACTUAL_ALLOWED));
    status_line(r, is_short, "CORSActualDenied", denied_sum[1]);
    status_line(r, is_short, "CORSDeniedClosed",
                denied_by(CORS_REASON_CLOSED));
    status_line(r, is_short, "CORSDeniedOrigin",
                denied_by(CORS_REASON_ORIGIN));
    status_line(r, is_short, "CORSDeniedMethod",
                denied_by(CORS_REASON_METHOD));
    status_line(r, is_short, "CORSDeniedHeader",
                denied_by(CORS_REASON_HEADER));
    status_line(r, is_short, "CORSDeniedMalformed",
                denied_by(CORS_REASON_MALFORMED));
    status_line(r, is_short, "CORSDeniedUnsafe",
                denied_by(CORS_REASON_UNSAFE_POLICY));
    status_line(r, is_short, "CORSRefusedForeign",
                cors_status_sum(CORS_COUNT_FOREIGN));
    status_line(r, is_short, "CORSRefusedHost",
                cors_status_sum(CORS_COUNT_HOST));
    if (!is_short) {
        ap_rputs("</table>\n<p>Refused origins: see cors-status.</p>\n", r);
    }
    return OK;
}
