/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_CHECK_ACCESS_H
#define MOD_CORS_CHECK_ACCESS_H

/**
 * @file mod_cors_check_access.h
 * @brief Warnings about "Require cors" among the other sections, and beside
 * what lets requests in without asking it.
 */

#include "mod_cors_cite.h"

/** Warn of sections whose Require cors replaces what others require, and of
 * Satisfy, CacheEnable, ServerAlias and AuthType that do not go with it. */
void cors_check_access(cors_check_t *check, const server_rec *main_server);

#endif /* MOD_CORS_CHECK_ACCESS_H */
