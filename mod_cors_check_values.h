/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_CHECK_VALUES_H
#define MOD_CORS_CHECK_VALUES_H

/**
 * @file mod_cors_check_values.h
 * @brief Warnings about the values of a section.
 */

#include "mod_cors_cite.h"

/** Warn of the values of a section's own policy that have no effect, or
 * another than they seem to have. */
void cors_check_values(cors_check_t *check, const cors_section_t *section);

#endif /* MOD_CORS_CHECK_VALUES_H */
