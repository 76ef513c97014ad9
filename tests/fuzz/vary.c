/* SPDX-License-Identifier: Apache-2.0 */

/* Two values of Vary to be merged: a line with the one that is there, then
 * the names to add. */

#include "fuzz.h"

static unsigned int empty_elements(const char *list)
{
    unsigned int count = 0;

    for (;;) {
        size_t blanks = strspn(list, " \t");

        count += list[blanks] == ',' || list[blanks] == '\0';
        list += strcspn(list, ",");
        if (*list++ == '\0') {
            return count;
        }
    }
}

static void fuzz(input_t *input, apr_pool_t *pool)
{
    const char *have = take_line(input, pool);
    const char *add = take_rest(input, pool);
    elements_t in_have = split(pool, have, ",");
    elements_t in_add = split(pool, add, ",");
    const char *merged = cors_vary_merge(*have ? have : NULL, add, pool);
    elements_t in_merged = split(pool, merged, ",");

    HOLDS(*have || merged == add, "%s", merged);
    if (!*have) {
        return;
    }
    if (has_element(&in_have, "*", 1, strncmp)) {
        HOLDS(merged == have, "%s", merged);
        return;
    }
    HOLDS(strncmp(merged, have, strlen(have)) == 0, "%s: %s", have, merged);
    HOLDS(is_subset(&in_add, &in_merged, strncasecmp), "%s and %s: %s", have,
          add, merged);
    HOLDS(!is_each_once(&in_have, strncasecmp)
          || is_each_once(&in_merged, strncasecmp), "%s and %s: %s", have,
          add, merged);
    HOLDS(in_merged.count <= in_have.count + in_add.count, "%s", merged);
    HOLDS(merged == have || in_merged.count > in_have.count, "%s and %s: %s",
          have, add, merged);
    HOLDS(empty_elements(merged) <= empty_elements(have), "%s and %s: %s",
          have, add, merged);
    HOLDS(cors_vary_merge(merged, add, pool) == merged, "%s", merged);
}
