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

#include "cors_suffix.h"

#ifdef CORS_HAVE_LIBPSL

#include <libpsl.h>

int cors_suffix_is_public(const char *domain)
{
    const psl_ctx_t *list = psl_builtin();

    /* The star rule would make every unlisted top-level domain a suffix;
     * the engine judges single labels by itself. */
    return list
           && psl_is_public_suffix2(list, domain,
                                    PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE);
}

const char *cors_suffix_source(void)
{
    return psl_builtin() ? "libpsl " PSL_VERSION
                         : "single labels only (libpsl has no list)";
}

#else

int cors_suffix_is_public(const char *domain)
{
    (void)domain;
    return 0;
}

const char *cors_suffix_source(void)
{
    return "single labels only (built without libpsl)";
}

#endif
