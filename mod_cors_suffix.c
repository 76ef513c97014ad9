/* SPDX-License-Identifier: Apache-2.0 */

/* The public suffix list: see mod_cors_suffix.h. */

#include "mod_cors_suffix.h"
#include "cors_origin.h"

#ifdef CORS_HAVE_LIBPSL

#include <libpsl.h>

int cors_suffix_is_public(const char *domain)
{
    const psl_ctx_t *list = psl_builtin();

    /* The star rule would make every unlisted top-level domain a suffix;
     * the engine judges single labels by itself. */
    if (!list || !psl_is_public_suffix2(list, domain, PSL_TYPE_ANY
                                        | PSL_TYPE_NO_STAR_RULE)) {
        return 0;
    }
    return psl_is_public_suffix2(list, domain,
                                 PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE)
           ? CORS_SUFFIX_REGISTRY : CORS_SUFFIX_HOSTING;
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
