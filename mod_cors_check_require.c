/* SPDX-License-Identifier: Apache-2.0 */

/* Whether "Require cors" would open what other lines close. */

#include "mod_cors_check_require.h"

#include "apr_cstr.h"

static int groups_lines(const ap_directive_t *directive)
{
    return apr_cstr_casecmpn(directive->directive, "<Require", 8) == 0;
}

const ap_directive_t *cors_check_require_section(const cmd_parms *cmd)
{
    const ap_directive_t *section = cmd->directive->parent;

    while (section && groups_lines(section)) {
        section = section->parent;
    }
    return section;
}

const char *cors_check_require_line(cmd_parms *cmd)
{
    return NULL;
}
