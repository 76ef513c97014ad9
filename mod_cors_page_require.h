/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_PAGE_REQUIRE_H
#define MOD_CORS_PAGE_REQUIRE_H

/**
 * @file mod_cors_page_require.h
 * @brief What "Require cors" has refused, in what cors-status shows.
 */

#include "httpd.h"

#include "cors_refusals.h"

/** Whether a row has counted any. */
int cors_requires_in(unsigned int row);

/** Whether a refusal, or a report, is of "Require cors". */
int cors_requires_it(const cors_refusal_t *refusal);

/** What an administrator can do about one, in a clause. */
const char *cors_requires_advice(const cors_refusal_t *refusal);

/** Show the counts of all rows as a table, if there are any. */
void cors_requires_page(request_rec *r);

/** Show those of a row as a further member of its object. */
void cors_requires_json(request_rec *r, unsigned int row);

/** Show those of all rows as metrics.
 * @param suffix What HELP and TYPE have behind a name: "_total", or "" */
void cors_requires_metrics(request_rec *r, const char *suffix);

#endif /* MOD_CORS_PAGE_REQUIRE_H */
