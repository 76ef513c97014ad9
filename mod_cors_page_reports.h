/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_PAGE_REPORTS_H
#define MOD_CORS_PAGE_REPORTS_H

/**
 * @file mod_cors_page_reports.h
 * @brief Reports of ReportOnly, in what cors-status shows.
 */

#include "httpd.h"

#include "cors_refusals.h"

/** Whether a row has counted any. */
int cors_reports_in(unsigned int row);

/** A report in words: "would-allow, preflight-status". */
const char *cors_reports_text(apr_pool_t *pool, const cors_refusal_t *report);

/** What an administrator can do about one of which the policy allows the
 * request, in a clause. */
const char *cors_reports_advice(const cors_refusal_t *report);

/** Show the counts of all rows as a table, if there are any. */
void cors_reports_page(request_rec *r);

/** Show those of a row as further members of its object. */
void cors_reports_json(request_rec *r, unsigned int row);

/** Show those of all rows as metrics.
 * @param suffix What HELP and TYPE have behind a name: "_total", or "" */
void cors_reports_metrics(request_rec *r, const char *suffix);

#endif /* MOD_CORS_PAGE_REPORTS_H */
