/* SPDX-License-Identifier: Apache-2.0 */

#include "mod_cors_place.h"

#include "http_core.h"

#include "apr_strings.h"

#include "cors_counters.h"

const cors_place_t cors_place_htaccess = {
    ".htaccess files", NULL, 0, CORS_ROW_HTACCESS, 1
};

const char *cors_place_text(const cors_place_t *place, apr_pool_t *pool)
{
    return place->file ? apr_psprintf(pool, "%s (%s:%u)", place->name,
                                      place->file, place->line)
                       : place->name;
}

const char *cors_place_server(const server_rec *s, apr_pool_t *pool)
{
    const char *name = s->server_hostname ? s->server_hostname : "localhost";
    apr_port_t port = s->is_virtual && s->addrs ? s->addrs->host_port : 0;

    return port ? apr_psprintf(pool, "%s:%u", name, (unsigned int)port)
                : name;
}
