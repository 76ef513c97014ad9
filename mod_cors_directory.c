/* SPDX-License-Identifier: Apache-2.0 */

#include "mod_cors_directory.h"
#include "mod_cors_startup.h"

#include "apr_file_info.h"
#include "apr_strings.h"

const char *cors_directory_path(const ap_directive_t *section,
                                apr_pool_t *pool)
{
    apr_size_t len = strlen(section->args);
    const char *args = apr_pstrmemdup(pool, section->args, len ? len - 1 : 0);
    const char *word = ap_getword_conf(pool, &args);
    char *path;

    if (*args || cors_startup_is(section, "<DirectoryMatch")) {
        return NULL;
    }
    if (apr_filepath_merge(&path, NULL, word, APR_FILEPATH_TRUENAME, pool)
        != APR_SUCCESS) {
        return word;            /* httpd does not start */
    }
    return path[strlen(path) - 1] == '/' ? path
                                         : apr_pstrcat(pool, path, "/", NULL);
}

int cors_directory_is_pattern(const char *path)
{
    return strpbrk(path, "*?[\\") != NULL;
}
