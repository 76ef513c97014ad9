/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_STATUS_H
#define MOD_CORS_STATUS_H

/**
 * @file mod_cors_status.h
 * @brief What is counted while the server runs, and who shows it.
 *
 * Counters and refused origins are in anonymous shared memory that belongs to
 * the server's process: it outlives restarts, and old children that finish
 * late count in it too.  Children write it, so the parent, which may be root,
 * reads nothing from it: which row belongs to which place is kept in memory
 * of its own, which children inherit.
 */

#include "httpd.h"

#include "cors_counters.h"
#include "cors_foreign.h"
#include "cors_judge.h"
#include "cors_policy.h"
#include "cors_refusals.h"
#include "mod_cors_startup.h"

/** A row of counters and the place that it belongs to. */
typedef struct cors_status_row_t {
    const char *name;           /**< of the place, never NULL */
    const cors_place_t *place;  /**< NULL if the configuration has it no
                                     longer, or for a row of many */
} cors_status_row_t;

/**
 * Find or make the shared memory, and give each place its row.  If there is
 * no memory to share, a warning is logged once, and nothing is counted.
 */
void cors_status_open(apr_pool_t *pconf, server_rec *main_server);

/**
 * Count a decision on a client's request, and note it if it is a refusal.
 * @param line What to log of a refusal; NULL if it would not be logged
 */
void cors_status_note(request_rec *r, const cors_policy_t *policy,
                      const cors_decision_t *decision,
                      const cors_request_t *request,
                      cors_refusal_line_t *line);

/** A report on a client's request (cors_judge.h). */
typedef struct cors_reported_t {
    const cors_policy_t *policy;
    const cors_exchange_t *exchange;
    const cors_judgement_t *judgement;
} cors_reported_t;

/**
 * Count a report, and note it unless it says that nothing would change and
 * nothing is broken.
 * @param line What to log of it; NULL if it would not be logged
 */
void cors_status_note_report(request_rec *r, const cors_reported_t *reported,
                             cors_refusal_line_t *line);

/** A request that cors_foreign_judge() refuses. */
typedef struct cors_foreigner_t {
    const cors_place_t *place;  /**< of the line that asked */
    const cors_foreign_request_t *request;
    cors_reason_t reason;       /**< CORS_REASON_FOREIGN or CORS_REASON_HOST */
    int is_let_through;         /**< 1 if something else granted it */
} cors_foreigner_t;

/**
 * Count such a request, and note it: as a report that it would be refused,
 * if it was let through.
 * @param line What to log of it; NULL if it would not be logged
 */
void cors_status_note_foreigner(request_rec *r,
                                const cors_foreigner_t *foreigner,
                                cors_refusal_line_t *line);

/** The shared counters, which also know what URLs have echoed; NULL if there
 * are none. */
cors_counters_t *cors_status_counters(void);

/** How many rows there are, 0 if nothing is counted. */
unsigned int cors_status_rows(void);

/** A row below that number. */
cors_status_row_t cors_status_row(unsigned int row);

/** The file and line of its place, "file:12"; NULL if it is in none. */
const char *cors_status_place(apr_pool_t *pool, unsigned int row);

/** What has been counted in a row. */
apr_uint64_t cors_status_count(unsigned int row, cors_count_t count);

/** The sum of that over all rows. */
apr_uint64_t cors_status_sum(cors_count_t count);

/** The refusals and reports that are known, most frequent first: an array of
 * cors_refusal_t from the pool. */
apr_array_header_t *cors_status_refusals(apr_pool_t *pool,
                                         cors_refusals_missed_t *missed);

/** When counting began. */
apr_time_t cors_status_started(void);

#endif /* MOD_CORS_STATUS_H */
