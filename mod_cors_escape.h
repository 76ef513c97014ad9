/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_ESCAPE_H
#define MOD_CORS_ESCAPE_H

/**
 * @file mod_cors_escape.h
 * @brief Bytes from the configuration and from strangers, for people and
 * programs.
 */

#include <apr_pools.h>

/** Printable ASCII as it is, all other bytes as \xNN. */
const char *cors_printable(apr_pool_t *pool, const char *text);

/** The same for HTML, in text and in quoted attributes. */
const char *cors_html(apr_pool_t *pool, const char *text);

/** The same for a string of JSON or the label of a metric: quotes and
 * backslashes have a backslash in front. */
const char *cors_quoted(apr_pool_t *pool, const char *text);

#endif /* MOD_CORS_ESCAPE_H */
