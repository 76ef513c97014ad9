/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_FORWARD_H
#define MOD_CORS_FORWARD_H

/**
 * @file mod_cors_forward.h
 * @brief CORSForwardOrigin Off: a trusted Origin is taken out of the request
 * while its handler or backend reads it.
 */

#include "mod_cors_request.h"

/** Register the hooks that this needs; where no configuration says Off, and
 * no .htaccess file may, it need not be called. */
void cors_forward_register(void);

/** Whether a policy keeps any. */
static inline int cors_forward_is_off(const cors_policy_t *policy)
{
    return policy->forward_origin == CORS_OFF;
}

/** Whether a policy keeps an origin from handlers and backends. */
int cors_forward_withholds(const cors_policy_t *policy, const char *origin);

/** Put back what was taken out of a request, once its handler has made a
 * response or redirected it. */
void cors_forward_restore(request_rec *r);

#endif /* MOD_CORS_FORWARD_H */
