/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_PAGE_H
#define MOD_CORS_PAGE_H

/**
 * @file mod_cors_page.h
 * @brief SetHandler cors-status, and mod_status' page: what is counted, shown.
 */

#include "httpd.h"

/** Begin a page of HTML, up to its heading. */
void cors_page_begin(request_rec *r);

/** The form that asks "why?", with what the query has. */
void cors_page_form(request_rec *r);

/** Set the header fields that keep pages from using what is shown. */
void cors_page_protect(request_rec *r);

/**
 * Show the page, JSON ("?json") or metrics ("?metrics").
 * @return OK, or DECLINED if something else is asked for
 */
int cors_page_show(request_rec *r);

/** Explain a decision (mod_cors_explain.c): "?url=/&origin=https://a.example".
 * @return OK, or DECLINED if the query has no url */
int cors_explain_show(request_rec *r);

/** What mod_status shows of the counters: its optional hook. */
int cors_page_mod_status(request_rec *r, int flags);

#endif /* MOD_CORS_PAGE_H */
