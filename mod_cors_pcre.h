/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_PCRE_H
#define MOD_CORS_PCRE_H

/**
 * @file mod_cors_pcre.h
 * @brief Regular expressions over origins: httpd's, anchored, and limited in
 * the steps that a match may take.
 */

#include "httpd.h"
#include "http_config.h"

/** A compiled expression. */
typedef struct cors_pcre_t cors_pcre_t;

/**
 * Compile an expression.
 * @return NULL if it is not one by itself: "a)|(?:b" would slip out of the
 *         group that the anchors stand around
 */
const cors_pcre_t *cors_pcre_compile(cmd_parms *cmd, const char *pattern);

/**
 * A cors_regex_match_fn.  An expression that takes too many steps to tell does
 * not match; that is logged, once a minute.
 */
int cors_pcre_match(const void *compiled, const char *origin, apr_size_t len);

/** Whether a directive stands in a .htaccess file, whose expressions last for
 * one request. */
int cors_pcre_is_short_lived(const cmd_parms *cmd);

/** Forget when it was last logged: what was asked so far came from no
 * request. */
void cors_pcre_forget(const cors_pcre_t *regex);

#endif /* MOD_CORS_PCRE_H */
