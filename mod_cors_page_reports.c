/* SPDX-License-Identifier: Apache-2.0 */

/* Reports of ReportOnly, in what cors-status shows. */

#include "mod_cors_page_reports.h"
#include "mod_cors_escape.h"
#include "mod_cors_status.h"
#include "mod_cors_table.h"

#include "http_protocol.h"

#include "apr_strings.h"

/* ------------------------------------------------------------------------
 * Counts
 */

/* A kind of requests and the first of its counts. */
static const struct {
    const char *name;
    cors_count_t first;
} kinds[] = {
    { "preflight", CORS_COUNT_PREFLIGHT_REPORT },
    { "actual", CORS_COUNT_ACTUAL_REPORT }
};

#define KINDS (sizeof(kinds) / sizeof(*kinds))

static apr_uint64_t report_count(unsigned int row, cors_count_t first,
                                 int report)
{
    return cors_status_count(row, (cors_count_t)((int)first + report - 1));
}

static apr_uint64_t defect_count(unsigned int row, int defect)
{
    return cors_status_count(row, (cors_count_t)(CORS_COUNT_DEFECT + defect));
}

int cors_reports_in(unsigned int row)
{
    apr_uint64_t sum = 0;
    int report;

    for (report = 1; report < CORS_REPORTS; report++) {
        sum += report_count(row, CORS_COUNT_PREFLIGHT_REPORT, report)
               + report_count(row, CORS_COUNT_ACTUAL_REPORT, report);
    }
    return sum > 0;
}

/* ------------------------------------------------------------------------
 * Single reports
 */

const char *cors_reports_text(apr_pool_t *pool, const cors_refusal_t *report)
{
    const char *text = cors_report_name((cors_report_t)report->report);
    int defect;

    for (defect = 0; defect < CORS_DEFECTS; defect++) {
        if (report->defects & CORS_DEFECT_BIT(defect)) {
            text = apr_pstrcat(pool, text, ", ",
                               cors_defect_name((cors_defect_t)defect), NULL);
        }
    }
    return text;
}

const char *cors_reports_advice(const cors_refusal_t *report)
{
    switch (report->report) {
    case CORS_REPORT_WOULD_REFUSE:
        return "if the page needs cookies, write CORSAllowCredentials On";
    case CORS_REPORT_WOULD_ALLOW:
        return "it fails today and will work; if it is not to, the policy "
               "allows too much";
    default:
        return "CORSEngine On will mend it, but for what is left to the "
               "backend by CORSBackendHeaders keep or CORSPreflight pass";
    }
}

/* ------------------------------------------------------------------------
 * The page
 */

static void page_defects(request_rec *r, unsigned int row)
{
    const char *separator = "";
    int defect;

    for (defect = 0; defect < CORS_DEFECTS; defect++) {
        apr_uint64_t count = defect_count(row, defect);

        if (count > 0) {
            ap_rprintf(r, "%s%s %" APR_UINT64_T_FMT, separator,
                       cors_defect_name((cors_defect_t)defect), count);
            separator = ", ";
        }
    }
}

/* How many reports of that name there are, and of which kind of requests. */
static void page_count(request_rec *r, unsigned int row, int report)
{
    apr_uint64_t preflights = report_count(row, CORS_COUNT_PREFLIGHT_REPORT,
                                           report);
    apr_uint64_t actual = report_count(row, CORS_COUNT_ACTUAL_REPORT, report);

    ap_rprintf(r, "<td class=\"n\" data-name=\"%s\">%" APR_UINT64_T_FMT
               " <small>preflights: %" APR_UINT64_T_FMT "</small></td>",
               cors_report_name((cors_report_t)report), preflights + actual,
               preflights);
}

static void page_row(request_rec *r, unsigned int row)
{
    const char *place = cors_status_place(r->pool, row);
    int report;

    ap_rprintf(r, "<tr><th scope=\"row\">%s <small>%s</small></th>",
               cors_html(r->pool, cors_status_row(row).name),
               place ? cors_html(r->pool, place) : "");
    for (report = 1; report < CORS_REPORTS; report++) {
        page_count(r, row, report);
    }
    ap_rputs("<td data-name=\"Broken\">", r);
    page_defects(r, row);
    ap_rputs("</td></tr>\n", r);
}

static void page_head(request_rec *r)
{
    int report;

    ap_rputs("<h2 id=\"compared\">ReportOnly</h2>\n<table>\n"
             "<caption>Responses, and what the policy would do</caption>\n"
             "<thead><tr><th scope=\"col\">Policy</th>", r);
    for (report = 1; report < CORS_REPORTS; report++) {
        ap_rprintf(r, "<th scope=\"col\" class=\"n\">%s</th>",
                   cors_report_name((cors_report_t)report));
    }
    ap_rputs("<th scope=\"col\">Broken</th></tr></thead>\n<tbody>\n", r);
}

void cors_reports_page(request_rec *r)
{
    static const cors_table_t table = { cors_reports_in, page_head, page_row };

    cors_table_show(r, &table);
}

/* ------------------------------------------------------------------------
 * JSON and metrics
 */

void cors_reports_json(request_rec *r, unsigned int row)
{
    const char *separator = "";
    apr_size_t kind;
    int i;

    if (!cors_reports_in(row)) {
        return;
    }
    ap_rputs(",\n \"reports\":[", r);
    for (kind = 0; kind < KINDS; kind++) {
        for (i = 1; i < CORS_REPORTS; i++) {
            ap_rprintf(r, "%s{\"kind\":\"%s\",\"report\":\"%s\","
                       "\"count\":%" APR_UINT64_T_FMT "}", separator,
                       kinds[kind].name, cors_report_name((cors_report_t)i),
                       report_count(row, kinds[kind].first, i));
            separator = ",";
        }
    }
    ap_rputs("],\n \"defects\":[", r);
    for (i = 0; i < CORS_DEFECTS; i++) {
        ap_rprintf(r, "%s{\"defect\":\"%s\",\"count\":%" APR_UINT64_T_FMT "}",
                   i > 0 ? "," : "", cors_defect_name((cors_defect_t)i),
                   defect_count(row, i));
    }
    ap_rputs("]", r);
}

static void metrics_reports(request_rec *r, unsigned int row)
{
    const char *policy = cors_quoted(r->pool, cors_status_row(row).name);
    apr_size_t kind;
    int report;

    for (kind = 0; kind < KINDS; kind++) {
        for (report = 1; report < CORS_REPORTS; report++) {
            ap_rprintf(r, "httpd_cors_reports_total{policy=\"%s\","
                       "kind=\"%s\",report=\"%s\"} %" APR_UINT64_T_FMT "\n",
                       policy, kinds[kind].name,
                       cors_report_name((cors_report_t)report),
                       report_count(row, kinds[kind].first, report));
        }
    }
}

static void metrics_defects(request_rec *r, unsigned int row)
{
    const char *policy = cors_quoted(r->pool, cors_status_row(row).name);
    int defect;

    for (defect = 0; defect < CORS_DEFECTS; defect++) {
        ap_rprintf(r, "httpd_cors_defects_total{policy=\"%s\",defect=\"%s\"} "
                   "%" APR_UINT64_T_FMT "\n", policy,
                   cors_defect_name((cors_defect_t)defect),
                   defect_count(row, defect));
    }
}

void cors_reports_metrics(request_rec *r, const char *suffix)
{
    static const struct {
        const char *name;
        const char *help;
        void (*show)(request_rec *r, unsigned int row);
    } families[] = {
        { "reports", "Responses under ReportOnly, by what the policy would do",
          metrics_reports },
        { "defects", "Responses under ReportOnly that are broken",
          metrics_defects }
    };
    apr_size_t i;
    unsigned int row;

    for (i = 0; i < sizeof(families) / sizeof(*families); i++) {
        ap_rprintf(r, "# HELP httpd_cors_%s%s %s.\n"
                   "# TYPE httpd_cors_%s%s counter\n", families[i].name,
                   suffix, families[i].help, families[i].name, suffix);
        for (row = 0; row < cors_status_rows(); row++) {
            if (cors_reports_in(row)) {
                families[i].show(r, row);
            }
        }
    }
}
