/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *     http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

#ifndef CORS_STARTUP_H
#define CORS_STARTUP_H

/**
 * @file cors_startup.h
 * @brief What mod_cors finds out about the whole configuration at start-up.
 *
 * Directive functions judge one value; what the sections of a configuration
 * add up to is judged here, for the main server and each virtual host: its
 * own policy, and that of each of its sections merged over it.
 *
 * A request's policy is *provably final* once its <Location> sections are
 * known, if nothing that httpd merges later can change it: no CORS directive
 * stands in a <Directory>, <Files>, <If> or <Proxy> section of the virtual
 * host or of the main server, and no .htaccess file may hold one.  Then a
 * preflight can be answered without asking the file system.
 */

#include "httpd.h"
#include "http_config.h"

#include "cors_policy.h"

/** What is known of one virtual host, or of the main server. */
typedef struct cors_server_t {
    /** 1 if a CORS directive applies to it somewhere, or may stand in a
     * .htaccess file; else no request needs a thought. */
    int is_used;
    /** What keeps policies from being provably final, for people: a
     * directive with its file and line; NULL if nothing does. */
    const char *obstacle;
} cors_server_t;

/**
 * Take down which section a policy comes from.  To be called by every
 * directive function.  Does nothing while a .htaccess file is read.
 * @param policy The section's own; must live as long as cmd->pool
 */
void cors_startup_note(cmd_parms *cmd, const cors_policy_t *policy);

/**
 * Judge the configuration: refuse policies that would expose credentials and
 * a "CORSPreflight early" that cannot be, warn of what has no effect.
 * A hook for check_config.
 * @return OK, or HTTP_INTERNAL_SERVER_ERROR after logging why
 */
int cors_startup_check(apr_pool_t *pconf, apr_pool_t *plog,
                       apr_pool_t *ptemp, server_rec *s);

/** Find the obstacle of each server.  A hook for post_config. */
int cors_startup_prove(apr_pool_t *pconf, apr_pool_t *plog,
                       apr_pool_t *ptemp, server_rec *s);

/** Print the effective policies for "httpd -t -D DUMP_CORS".  A hook for
 * test_config, which runs after check_config. */
void cors_startup_dump(apr_pool_t *pconf, server_rec *s);

#endif /* CORS_STARTUP_H */
