/* SPDX-License-Identifier: Apache-2.0 */

#ifndef MOD_CORS_CITE_H
#define MOD_CORS_CITE_H

/**
 * @file mod_cors_cite.h
 * @brief Messages about the configuration, and which directives they are
 * about.
 */

#include "apr_hash.h"

#include "mod_cors_startup.h"

/** Sections that say CORSEngine On: how many, and the last that httpd
 * merges. */
typedef struct {
    int count;
    int rank;
} cors_switches_t;

/** The server at hand, and what has been said. */
typedef struct {
    apr_pool_t *pool;
    apr_pool_t *scratch;                /* for one word at a time */
    apr_pool_t *pconf;
    const server_rec *s;
    const cors_section_t *main_section;
    const cors_section_t *section;      /* that stands for s */
    cors_switches_t switches;           /* that apply to s */
    int some_name_origins;              /* some server's directives do */
    apr_hash_t *effects;                /* effect_t, by the section */
    apr_hash_t *said;                   /* messages that were logged */
    int errors;
} cors_check_t;

/** Log something about the configuration, once.  No LogLevel filters what has
 * no server. */
void cors_check_say(cors_check_t *check, int level, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/** The last directive of a section with a name and, if word is not NULL, that
 * word: of several that set one value it is the one that counts. */
const ap_directive_t *cors_check_find(const cors_check_t *check,
                                      const cors_section_t *section,
                                      const char *name, const char *word);

/** The directive that takes effect in a section: the innermost, and a virtual
 * host's own before what it inherits. */
const ap_directive_t *cors_check_find_in_force(const cors_check_t *check,
                                               const cors_section_t *section,
                                               const char *name,
                                               const char *word);

/** The directive that takes effect in a section, for people. */
const char *cors_check_cite(const cors_check_t *check,
                            const cors_section_t *section, const char *name,
                            const char *word);

/** The line that an origin comes from, and that origin alone. */
const char *cors_check_cite_entry(const cors_check_t *check,
                                  const cors_origin_entry_t *entry);

/** The directive that brings an unsafe value. */
const char *cors_check_cite_unsafe(const cors_check_t *check,
                                   const cors_section_t *section,
                                   cors_unsafe_t unsafe,
                                   const cors_origin_entry_t *entry);

#endif /* MOD_CORS_CITE_H */
