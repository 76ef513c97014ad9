/* SPDX-License-Identifier: Apache-2.0 */

#ifndef CORS_REFUSALS_H
#define CORS_REFUSALS_H

/**
 * @file cors_refusals.h
 * @brief The refusals that an administrator should see, and under ReportOnly
 * the reports, in memory that processes share.
 *
 * A bounded table of refusals with their number, such that a flood of random
 * origins cannot push out those that come again and again:
 *
 * - a refusal that is known is counted;
 * - a client may bring a bounded number of new ones in a minute or so; all
 *   whose address is not known are one client;
 * - a new one takes a free place among the few that its key can have, else
 *   that of the one not seen for longest among those that are not
 *   established;
 * - one that is seen again a minute after it came is established; where all
 *   are, a new one replaces the rarest with a probability that falls with its
 *   count, or one that has been idle for a day.
 *
 * No request waits: what finds its places locked, by another process or
 * thread, is counted as lost, and a lock that is not given back (its holder
 * was killed) is taken over after two seconds.  Whatever is in the memory,
 * nothing is read or written beyond it, and every string that is read ends.
 *
 * A report is a refusal whose report is set, and shares room and budgets with
 * those of which it is not.
 *
 * The times given must be the present ones, not those at which requests began:
 * locks, windows and minutes go by them.
 */

#include <apr.h>

#include "cors_judge.h"

/** Refusals that the table holds. */
#define CORS_REFUSALS 256

/** New refusals that a client may bring in a window, and its seconds.  Windows
 * begin at multiples of that, for all clients. */
#define CORS_REFUSAL_BUDGET 32
#define CORS_REFUSAL_WINDOW 64

/** Lines that all refusals together may log in a minute, and how many of them
 * those may take that are seen for the first time: the rest is for the ones
 * that come again, whatever flood of new ones there is. */
#define CORS_REFUSAL_LINES 60
#define CORS_REFUSAL_NEW_LINES 40

/** Refusals of an entry that are logged one by one; then one in a minute. */
#define CORS_REFUSAL_FIRST_LINES 10

/** A refusal.  The first members up to the header are its key. */
typedef struct cors_refusal_t {
    apr_uint32_t row;           /**< of its counters, which is its place */
    apr_uint32_t kind;          /**< cors_kind_t */
    apr_uint32_t reason;        /**< cors_reason_t */
    apr_uint32_t report;        /**< cors_report_t; CORS_REPORT_NONE for what
                                     was refused */
    apr_uint32_t defects;       /**< CORS_DEFECT_BIT()s */
    char origin[101];           /**< cut, as all strings are: each ends */
    char header[49];            /**< the one refused or not listed, or
                                     empty */
    char method[17];            /**< of the last one, as these: */
    char host[65];
    char path[81];              /**< without the query, which may be secret */
    char client[49];            /**< address */
    apr_uint32_t count;
    apr_uint32_t first;         /**< seconds since 1970 */
    apr_uint32_t last;
} cors_refusal_t;

/** The table; zeroed memory is an empty one. */
typedef struct cors_refusals_t cors_refusals_t;

/** Bytes that the table takes. */
apr_size_t cors_refusals_size(void);

/** What is to be logged of a refusal. */
typedef struct cors_refusal_line_t {
    int is_due;                 /**< 1 if a line is */
    apr_uint32_t since;         /**< refusals with this key that were not
                                     logged since the last line of them, or
                                     before the first */
    apr_uint32_t left_out;      /**< lines of all kinds left out before,
                                     because there were too many */
    int is_last_new;            /**< 1 if the minute has no more lines for
                                     refusals seen for the first time */
    int is_last;                /**< 1 if it has none for any */
} cors_refusal_line_t;

/**
 * Note a refusal.
 * @param secret What hashes are keyed with: 16 random bytes
 * @param refusal count, first and last are not read
 * @param client What a budget belongs to: an IPv4 address, the first 56 bits
 *               of an IPv6 address; for one that is not known, nothing
 * @param now Seconds since 1970
 * @param line Set to what is to be logged; NULL if nothing would be
 */
void cors_refusals_note(cors_refusals_t *table,
                        const unsigned char secret[16],
                        const cors_refusal_t *refusal,
                        const void *client, apr_size_t client_len,
                        apr_uint32_t now, cors_refusal_line_t *line);

/**
 * Read one place of the table.  Refusals that would share the lock meanwhile
 * are lost; it is a matter of nanoseconds.
 * @param index Below CORS_REFUSALS
 * @param now Seconds since 1970
 * @param refusal Set to what is there.  Its kind, reason, report and
 *                defects are such as there are; the row is whatever a process
 *                wrote: check it
 * @return 1; 0 if the place is free, or another process keeps its lock
 */
int cors_refusals_get(cors_refusals_t *table, unsigned int index,
                      apr_uint32_t now, cors_refusal_t *refusal);

/** What did not find a place. */
typedef struct cors_refusals_missed_t {
    apr_uint32_t over_budget;   /**< new ones beyond the budget of a client */
    apr_uint32_t replaced;      /**< pushed out by new ones */
    apr_uint32_t not_admitted;  /**< new ones among established ones */
    apr_uint32_t lost;          /**< another process had the lock */
} cors_refusals_missed_t;

void cors_refusals_missed(cors_refusals_t *table,
                          cors_refusals_missed_t *missed);

#endif /* CORS_REFUSALS_H */
