/* SPDX-License-Identifier: Apache-2.0 */

/* The refusals that an administrator should see: cors_refusals.h says how
 * the table behaves. */

#include "cors_refusals.h"

#include <stddef.h>
#include <string.h>

#include <apr_atomic.h>
#include <apr_siphash.h>
#include <apr_strings.h>

#define WAYS 4                  /* places that a key can have */
#define SETS (CORS_REFUSALS / WAYS)
#define CLIENTS 1024            /* budgets kept; a client takes over the one
                                   that another with the same place has */
#define ESTABLISHED 60          /* seconds from the first to a later one */
#define IDLE 86400              /* seconds after which all are forgotten */
#define STALE_LOCK 2            /* seconds after which a lock is taken over */
#define READ_TRIES 1000         /* to lock what is to be read; a writer that
                                   runs needs far less time */

/* Bytes of a refusal that are its key.  There is no padding in them. */
#define KEY_SIZE offsetof(cors_refusal_t, method)

typedef struct {
    cors_refusal_t refusal;     /* count 0: the place is free */
    int is_established;
    apr_uint32_t logged;        /* lines, up to CORS_REFUSAL_FIRST_LINES */
    apr_uint32_t logged_count;  /* the count when the last was written */
    apr_uint32_t logged_minute; /* in which the last was due */
} entry_t;

typedef struct {
    apr_uint32_t lock;          /* the second in which it was taken, or 0 */
    entry_t entry[WAYS];
} set_t;

struct cors_refusals_t {
    cors_refusals_missed_t missed;
    apr_uint32_t lines;         /* of a minute: its number << 8 | how many */
    apr_uint32_t left_out;
    apr_uint32_t client[CLIENTS];       /* tag << 20 | window << 8 | new */
    set_t set[SETS];
};

apr_size_t cors_refusals_size(void)
{
    return sizeof(cors_refusals_t);
}

/* ------------------------------------------------------------------------
 * Log lines
 */

/* Take one of the first lines that a minute has. */
static void line_take(cors_refusals_t *table, apr_uint32_t lines,
                      apr_uint32_t now, cors_refusal_line_t *line)
{
    apr_uint32_t minute = (now / 60) & 0xffffff;
    apr_uint32_t seen;
    apr_uint32_t used;

    do {
        seen = apr_atomic_read32(&table->lines);
        /* Another process may be in the next minute already. */
        minute += seen >> 8 == minute + 1;
        used = seen >> 8 == minute ? seen & 0xff : 0;
        if (used >= lines) {
            apr_atomic_inc32(&table->left_out);
            line->is_due = 0;
            return;
        }
    } while (apr_atomic_cas32(&table->lines, minute << 8 | (used + 1), seen)
             != seen);
    line->is_due = 1;
    line->is_last_new = used + 1 == CORS_REFUSAL_NEW_LINES;
    line->is_last = used + 1 == CORS_REFUSAL_LINES;
    line->left_out = used == 0 ? apr_atomic_xchg32(&table->left_out, 0) : 0;
}

/* Take a line for one of the first refusals of an entry, or the first of a
 * minute. */
static void entry_log(cors_refusals_t *table, entry_t *entry,
                      apr_uint32_t now, cors_refusal_line_t *line)
{
    apr_uint32_t count = entry->refusal.count;

    if (entry->logged >= CORS_REFUSAL_FIRST_LINES
        && entry->logged_minute == now / 60) {
        return;
    }
    entry->logged_minute = now / 60;
    line_take(table, count > 1 ? CORS_REFUSAL_LINES : CORS_REFUSAL_NEW_LINES,
              now, line);
    if (line->is_due) {
        line->since = count > entry->logged_count
                      ? count - entry->logged_count - 1 : 0;
        entry->logged += entry->logged < CORS_REFUSAL_FIRST_LINES;
        entry->logged_count = count;
    }
}

/* ------------------------------------------------------------------------
 * Sets
 */

static int set_lock(set_t *set, apr_uint32_t now)
{
    apr_uint32_t held = apr_atomic_cas32(&set->lock, now, 0);

    if (held == 0) {
        return 1;
    }
    /* Both ways: the clock may have been set back. */
    return now - held > STALE_LOCK && held - now > STALE_LOCK
           && apr_atomic_cas32(&set->lock, now, held) == held;
}

/* Unless it has been taken over.  Not apr_atomic_set32(), which does not keep
 * what was written before it from coming after it in every version of APR. */
static void set_unlock(set_t *set, apr_uint32_t now)
{
    apr_atomic_cas32(&set->lock, 0, now);
}

static int set_lock_to_read(set_t *set, apr_uint32_t now)
{
    int tries = READ_TRIES;

    while (tries > 0 && !set_lock(set, now)) {
        tries--;
    }
    return tries > 0;
}

static entry_t *set_find(set_t *set, const cors_refusal_t *key)
{
    int i;

    for (i = 0; i < WAYS; i++) {
        entry_t *entry = &set->entry[i];

        if (entry->refusal.count > 0
            && memcmp(&entry->refusal, key, KEY_SIZE) == 0) {
            return entry;
        }
    }
    return NULL;
}

/* ------------------------------------------------------------------------
 * New refusals
 */

/* Whether a client may bring one more new refusal; counted if not. */
static int client_may_add(cors_refusals_t *table,
                          const unsigned char secret[16],
                          const void *client, apr_size_t len,
                          apr_uint32_t now)
{
    apr_uint64_t hash = apr_siphash24(client, len, secret);
    apr_uint32_t *word = &table->client[hash % CLIENTS];
    apr_uint32_t owner = (apr_uint32_t)(hash >> 52) << 20
                         | (now / CORS_REFUSAL_WINDOW & 0xfff) << 8;
    apr_uint32_t seen;
    apr_uint32_t used;

    do {
        seen = apr_atomic_read32(word);
        used = (seen & ~0xffu) == owner ? seen & 0xff : 0;
        if (used >= CORS_REFUSAL_BUDGET) {
            apr_atomic_inc32(&table->missed.over_budget);
            return 0;
        }
    } while (apr_atomic_cas32(word, owner | (used + 1), seen) != seen);
    return 1;
}

/* The place that a new refusal may take: a free one, or that of the one
 * not seen for longest among those that are not established; NULL if there is
 * none. */
static entry_t *find_place(set_t *set)
{
    entry_t *found = NULL;
    int i;

    for (i = 0; i < WAYS; i++) {
        entry_t *entry = &set->entry[i];

        if (entry->refusal.count == 0) {
            return entry;
        }
        if (!entry->is_established
            && (!found || entry->refusal.last < found->refusal.last)) {
            found = entry;
        }
    }
    return found;
}

/* The same where all are established: that of one that has been idle, or by
 * chance the rarest. */
static entry_t *find_established(set_t *set, apr_uint64_t chance,
                                 apr_uint32_t now)
{
    entry_t *rarest = &set->entry[0];
    int i;

    for (i = 0; i < WAYS; i++) {
        entry_t *entry = &set->entry[i];

        if (now > entry->refusal.last && now - entry->refusal.last > IDLE) {
            return entry;
        }
        if (entry->refusal.count < rarest->refusal.count) {
            rarest = entry;
        }
    }
    return chance % ((apr_uint64_t)rarest->refusal.count + 1) == 0 ? rarest
                                                                   : NULL;
}

/* Give a new refusal a place.  Returns NULL if it gets none. */
static entry_t *set_add(cors_refusals_t *table, set_t *set,
                        const cors_refusal_t *key, apr_uint64_t hash,
                        const unsigned char secret[16], apr_uint32_t now)
{
    entry_t *entry = find_place(set);

    if (!entry) {
        apr_uint64_t seed[2];

        seed[0] = hash + set->entry[0].refusal.count;
        seed[1] = now;
        entry = find_established(set, apr_siphash24(seed, sizeof(seed),
                                                    secret), now);
    }
    if (!entry) {
        apr_atomic_inc32(&table->missed.not_admitted);
        return NULL;
    }
    if (entry->refusal.count > 0) {
        apr_atomic_inc32(&table->missed.replaced);
    }
    memset(entry, 0, sizeof(*entry));
    memcpy(&entry->refusal, key, KEY_SIZE);
    entry->refusal.first = now;
    return entry;
}

/* ------------------------------------------------------------------------
 * The table
 */

/* The key of a refusal, the same bytes for the same key: what stands after
 * the ends of strings is zero. */
static void key_of(cors_refusal_t *key, const cors_refusal_t *refusal)
{
    memset(key, 0, KEY_SIZE);
    key->row = refusal->row;
    key->kind = refusal->kind;
    key->reason = refusal->reason;
    key->report = refusal->report;
    key->defects = refusal->defects;
    apr_cpystrn(key->origin, refusal->origin, sizeof(key->origin));
    apr_cpystrn(key->header, refusal->header, sizeof(key->header));
}

/* Without the zeros at its end, mostly: they would be most of the work. */
static apr_uint64_t key_hash(const cors_refusal_t *key,
                             const unsigned char secret[16])
{
    apr_size_t len = *key->header ? KEY_SIZE
                                  : offsetof(cors_refusal_t, origin)
                                    + strlen(key->origin);

    return apr_siphash24(key, len, secret);
}

/* What describes the last refusal is written once a second. */
static void entry_count(entry_t *entry, const cors_refusal_t *refusal,
                        apr_uint32_t now)
{
    cors_refusal_t *known = &entry->refusal;

    known->count += known->count < 0xffffffffu;
    if (known->first > now) {
        known->first = now;     /* the clock was set back */
    }
    if (now - known->first >= ESTABLISHED) {
        entry->is_established = 1;
    }
    if (known->last != now) {
        known->last = now;
        apr_cpystrn(known->method, refusal->method, sizeof(known->method));
        apr_cpystrn(known->host, refusal->host, sizeof(known->host));
        apr_cpystrn(known->path, refusal->path, sizeof(known->path));
        apr_cpystrn(known->client, refusal->client, sizeof(known->client));
    }
}

void cors_refusals_note(cors_refusals_t *table,
                        const unsigned char secret[16],
                        const cors_refusal_t *refusal,
                        const void *client, apr_size_t client_len,
                        apr_uint32_t now, cors_refusal_line_t *line)
{
    cors_refusal_t key;
    apr_uint64_t hash;
    set_t *set;
    entry_t *entry = NULL;

    key_of(&key, refusal);
    hash = key_hash(&key, secret);
    set = &table->set[hash % SETS];
    now += now == 0;            /* a lock of 0 is none */
    if (line) {
        memset(line, 0, sizeof(*line));
    }
    if (set_lock(set, now)) {
        entry = set_find(set, &key);
        if (!entry && client_may_add(table, secret, client, client_len, now)) {
            entry = set_add(table, set, &key, hash, secret, now);
        }
        if (entry) {
            entry_count(entry, refusal, now);
        }
        if (entry && line) {
            entry_log(table, entry, now, line);
        }
        set_unlock(set, now);
    }
    else {
        apr_atomic_inc32(&table->missed.lost);
    }
    if (!entry && line) {
        line_take(table, CORS_REFUSAL_NEW_LINES, now, line);
    }
}

int cors_refusals_get(cors_refusals_t *table, unsigned int index,
                      apr_uint32_t now, cors_refusal_t *refusal)
{
    set_t *set = &table->set[index / WAYS];

    now += now == 0;            /* a lock of 0 is none */
    if (!set_lock_to_read(set, now)) {
        return 0;
    }
    *refusal = set->entry[index % WAYS].refusal;
    set_unlock(set, now);
    refusal->origin[sizeof(refusal->origin) - 1] = '\0';
    refusal->header[sizeof(refusal->header) - 1] = '\0';
    refusal->method[sizeof(refusal->method) - 1] = '\0';
    refusal->host[sizeof(refusal->host) - 1] = '\0';
    refusal->path[sizeof(refusal->path) - 1] = '\0';
    refusal->client[sizeof(refusal->client) - 1] = '\0';
    return refusal->count > 0 && refusal->kind <= CORS_KIND_PREFLIGHT
           && refusal->reason < CORS_ALL_REASONS
           && refusal->report < CORS_REPORTS
           && refusal->defects < CORS_DEFECT_BIT(CORS_DEFECTS);
}

void cors_refusals_missed(cors_refusals_t *table,
                          cors_refusals_missed_t *missed)
{
    missed->over_budget = apr_atomic_read32(&table->missed.over_budget);
    missed->replaced = apr_atomic_read32(&table->missed.replaced);
    missed->not_admitted = apr_atomic_read32(&table->missed.not_admitted);
    missed->lost = apr_atomic_read32(&table->missed.lost);
}
