/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_PLACE_H
#define MOD_CORS_PLACE_H

/**
 * @file mod_cors_place.h
 * @brief Where policies and their values come from, for people.
 */

#include "httpd.h"

#include "cors_policy.h"

/** Where a policy comes from: a section, with those around it, of a server;
 * or all .htaccess files. */
struct cors_place_t {
    const char *name;           /**< "api.example <Location \"/api/\">",
                                     without file and line, so that it is the
                                     same after an edit; NULL until
                                     cors_startup_settle() */
    const char *file;           /**< of its first CORS directive; NULL for
                                     .htaccess files */
    unsigned int line;
    unsigned int row;           /**< of its counters (mod_cors_status.h) */
    int has_policy;             /**< 0 if it is that of a line of another
                                     module's */
};

/** The place of policies in .htaccess files. */
extern const cors_place_t cors_place_htaccess;

/** A place for people, with its file and line. */
const char *cors_place_text(const cors_place_t *place, apr_pool_t *pool);

/** The name of a server, with its port if it is a virtual host with one. */
const char *cors_place_server(const server_rec *s, apr_pool_t *pool);

#endif /* MOD_CORS_PLACE_H */
