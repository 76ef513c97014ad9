/* SPDX-License-Identifier: Apache-2.0 */

#include "mod_cors_table.h"
#include "mod_cors_status.h"

#include "http_protocol.h"

void cors_table_show(request_rec *r, const cors_table_t *table)
{
    int is_open = 0;
    unsigned int row;

    for (row = 0; row < cors_status_rows(); row++) {
        if (table->has(row)) {
            if (!is_open) {
                table->head(r);
            }
            is_open = 1;
            table->show(r, row);
        }
    }
    if (is_open) {
        ap_rputs("</tbody>\n</table>\n", r);
    }
}
