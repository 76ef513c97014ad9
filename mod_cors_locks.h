/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_LOCKS_H
#define MOD_CORS_LOCKS_H

/**
 * @file mod_cors_locks.h
 * @brief What lines of Require demand with and without "Require cors".
 *
 * Such a line passes everybody but foreign requests.  So it is taken for one
 * that grants, and any other line for one that may grant or not; what the
 * lines of a section then add up to, by the rules of mod_authz_core, is a set
 * of pairs: how a request may fare without the lines of Require cors, and how
 * the same request fares with them.
 */

#include "httpd.h"
#include "http_config.h"

#include "apr_pools.h"

/** A set of such pairs. */
typedef apr_uint32_t cors_locks_t;

/** What the lines add up to in a section that begins with a directive. */
cors_locks_t cors_locks_read(const ap_directive_t *first, apr_pool_t *pool);

/** Whether there are lines at all. */
int cors_locks_are_there(cors_locks_t locks);

/** Whether a request that was refused may be let in. */
int cors_locks_open(cors_locks_t locks);

/** Whether a request may be refused that is not foreign. */
int cors_locks_refuse(cors_locks_t locks);

/** Whether the section lets every request in that is not foreign. */
int cors_locks_grant(cors_locks_t locks);

/** Whether the section demands nothing, or a request of which nothing was
 * demanded is let in now by a line of Require cors: where either this or
 * another section is enough, it opens that one. */
int cors_locks_let_in(cors_locks_t locks);

/** Whether the section would demand nothing without its lines of Require
 * cors: it is for their sake that it replaces what others demand. */
int cors_locks_are_new(cors_locks_t locks);

/** Whether a line, a group or a <Limit> lets everybody in, by some methods at
 * least, so that httpd does not ask what is below it. */
int cors_locks_let_all_in(const ap_directive_t *directive, apr_pool_t *pool);

/** The first line of Require cors; NULL if there is none. */
const ap_directive_t *cors_locks_line(const ap_directive_t *first,
                                      apr_pool_t *pool);

/** The first line that may refuse a request that is not foreign. */
const ap_directive_t *cors_locks_find(const ap_directive_t *first,
                                      apr_pool_t *pool);

/**
 * The line beside a line of Require cors that is not needed any more: either
 * of them is enough.  NULL if there is none.
 * @param line The line, with its groups and those beside them
 * @param first The first directive of its section
 * @param is_implied Set to 1 if no <RequireAny> says so
 */
const ap_directive_t *cors_locks_opened(const ap_directive_t *line,
                                        const ap_directive_t *first,
                                        int *is_implied, apr_pool_t *pool);

/** Whether a directive is a section that groups lines of Require, or limits
 * them to methods. */
int cors_locks_is_group(const ap_directive_t *directive);
int cors_locks_is_limit(const ap_directive_t *directive);

/** Whether a directive is a <RequireNone> or <RequireNotAll>. */
int cors_locks_is_negative(const ap_directive_t *directive);

/** Whether a word is the first of a directive, compared without case. */
int cors_locks_says(const ap_directive_t *directive, const char *word,
                    apr_pool_t *pool);

/** The last directive of a section with a name, which it is also in a <Limit>
 * or a group of lines; NULL if there is none. */
const ap_directive_t *cors_locks_last(const ap_directive_t *first,
                                      const char *name);

/** The line of Satisfy that counts: "All" for some methods leaves the others
 * to what is before. */
const ap_directive_t *cors_locks_satisfy(const ap_directive_t *first,
                                         apr_pool_t *pool);

#endif /* MOD_CORS_LOCKS_H */
