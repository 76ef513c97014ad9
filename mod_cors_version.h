/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_VERSION_H
#define MOD_CORS_VERSION_H

/**
 * @file mod_cors_version.h
 * @brief The version, defined here alone.
 *
 * The Makefile and the packages read it.  CHANGES says what its numbers
 * promise, and when it was released.
 */

#define CORS_VERSION "0.9.0"

#endif /* MOD_CORS_VERSION_H */
