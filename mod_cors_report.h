/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_REPORT_H
#define MOD_CORS_REPORT_H

/**
 * @file mod_cors_report.h
 * @brief CORSEngine ReportOnly: what switching a policy on would change.
 *
 * The response is sent as it would be without this module.  When it is logged,
 * and nothing can be disturbed any more, it is judged as a browser would judge
 * it and compared with the decision of the policy (cors_judge.h).  The report
 * is a note for access logs, a line of the error log, counts, and an entry
 * among the refusals (mod_cors_status.h).
 */

/** Register the hooks.  To be called where some section says ReportOnly. */
void cors_report_register(void);

#endif /* MOD_CORS_REPORT_H */
