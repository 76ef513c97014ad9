/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_TABLE_H
#define MOD_CORS_TABLE_H

/**
 * @file mod_cors_table.h
 * @brief A table of cors-status with a row for each place that has something
 * to show.
 */

#include "httpd.h"

/** Such a table. */
typedef struct cors_table_t {
    int (*has)(unsigned int row);       /**< whether a row of counters has
                                             something to show */
    void (*head)(request_rec *r);       /**< up to <tbody> */
    void (*show)(request_rec *r, unsigned int row);
} cors_table_t;

/** Show a table; nothing if it has no rows. */
void cors_table_show(request_rec *r, const cors_table_t *table);

#endif /* MOD_CORS_TABLE_H */
