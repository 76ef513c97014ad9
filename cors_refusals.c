/* SPDX-License-Identifier: Apache-2.0 */

/* The refusals that an administrator should see: cors_refusals.h says how
 * the table behaves. */

#include "cors_refusals.h"

#include <stddef.h>
#include <string.h>

#include <apr_atomic.h>
#include <apr_siphash.h>

#define WAYS 4                  /* places that a key can have */
#define SETS (CORS_REFUSALS / WAYS)
#define CLIENTS 1024            /* budgets; clients may share one */
#define ESTABLISHED 60          /* seconds from the first to a later one */
#define IDLE 86400              /* seconds after which all are forgotten */
#define STALE_LOCK 2            /* seconds after which a lock is taken over */

typedef struct {
    apr_uint64_t hash;          /* of the key */
    cors_refusal_t refusal;     /* count 0: the place is free */
    int is_established;
    apr_uint32_t logged;        /* lines, up to CORS_REFUSAL_FIRST_LINES */
    apr_uint32_t logged_count;  /* the count when the last was written */
    apr_uint32_t logged_minute;
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

/* Take one of the lines that a minute has. */
static void line_take(cors_refusals_t *table, apr_uint32_t now,
                      cors_refusal_line_t *line)
{
    apr_uint32_t minute = (now / 60) & 0xffffff;
    apr_uint32_t seen;
    apr_uint32_t used;

    do {
        seen = apr_atomic_read32(&table->lines);
        used = seen >> 8 == minute ? seen & 0xff : 0;
        if (used == CORS_REFUSAL_LINES) {
            apr_atomic_inc32(&table->left_out);
            line->is_due = 0;
            return;
        }
    } while (apr_atomic_cas32(&table->lines, minute << 8 | (used + 1), seen)
             != seen);
    line->is_due = 1;
    line->is_last = used + 1 == CORS_REFUSAL_LINES;
    line->left_out = used == 0 ? apr_atomic_xchg32(&table->left_out, 0) : 0;
}

/* Whether an entry has a line to be written: its first ones, and the first of
 * each minute. */
static void entry_log(cors_refusals_t *table, entry_t *entry,
                      apr_uint32_t now, cors_refusal_line_t *line)
{
    apr_uint32_t count = entry->refusal.count;

    if (entry->logged >= CORS_REFUSAL_FIRST_LINES
        && entry->logged_minute == now / 60) {
        return;
    }
    line_take(table, now, line);
    if (line->is_due) {
        line->since = entry->logged > 0 ? count - entry->logged_count - 1 : 0;
        entry->logged += entry->logged < CORS_REFUSAL_FIRST_LINES;
        entry->logged_count = count;
        entry->logged_minute = now / 60;
    }
}

/* ------------------------------------------------------------------------
 * Keys
 */

static apr_uint64_t refusal_hash(const unsigned char secret[16],
                                 const cors_refusal_t *refusal)
{
    cors_refusal_t key;

    memset(&key, 0, sizeof(key));
    key.row = refusal->row;
    key.kind = refusal->kind;
    key.reason = refusal->reason;
    strcpy(key.origin, refusal->origin);
    strcpy(key.header, refusal->header);
    return apr_siphash24(&key, offsetof(cors_refusal_t, method), secret);
}

static int same_key(const entry_t *entry, apr_uint64_t hash,
                    const cors_refusal_t *refusal)
{
    return entry->refusal.count > 0 && entry->hash == hash
           && entry->refusal.row == refusal->row
           && entry->refusal.kind == refusal->kind
           && entry->refusal.reason == refusal->reason
           && strncmp(entry->refusal.origin, refusal->origin,
                      sizeof(refusal->origin)) == 0
           && strncmp(entry->refusal.header, refusal->header,
                      sizeof(refusal->header)) == 0;
}

/* ------------------------------------------------------------------------
 * The table
 */

static int set_lock(set_t *set, apr_uint32_t now)
{
    apr_uint32_t held = apr_atomic_cas32(&set->lock, now, 0);

    if (held == 0) {
        return 1;
    }
    /* The clock may have been set back. */
    return (now > held + STALE_LOCK || held > now + STALE_LOCK)
           && apr_atomic_cas32(&set->lock, now, held) == held;
}

static void set_unlock(set_t *set, apr_uint32_t now)
{
    apr_atomic_cas32(&set->lock, 0, now);
}

/* Whether a client may bring one more new refusal. */
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
        if (used == CORS_REFUSAL_BUDGET) {
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

static void entry_start(entry_t *entry, apr_uint64_t hash,
                        const cors_refusal_t *refusal, apr_uint32_t now)
{
    memset(entry, 0, sizeof(*entry));
    entry->hash = hash;
    entry->refusal = *refusal;
    entry->refusal.count = 1;
    entry->refusal.first = entry->refusal.last = now;
}

/* Once more; what describes the last one is written once a second. */
static void entry_again(entry_t *entry, const cors_refusal_t *refusal,
                        apr_uint32_t now)
{
    cors_refusal_t *known = &entry->refusal;

    known->count += known->count < 0xffffffffu;
    if (now > known->first && now - known->first >= ESTABLISHED) {
        entry->is_established = 1;
    }
    if (known->last != now) {
        known->last = now;
        strcpy(known->method, refusal->method);
        strcpy(known->host, refusal->host);
        strcpy(known->path, refusal->path);
        strcpy(known->client, refusal->client);
    }
}

static entry_t *set_find(set_t *set, apr_uint64_t hash,
                         const cors_refusal_t *refusal)
{
    int i;

    for (i = 0; i < WAYS; i++) {
        if (same_key(&set->entry[i], hash, refusal)) {
            return &set->entry[i];
        }
    }
    return NULL;
}

/* Give a new refusal a place.  Returns NULL if it gets none. */
static entry_t *set_add(cors_refusals_t *table, set_t *set,
                        apr_uint64_t hash, const cors_refusal_t *refusal,
                        const unsigned char secret[16], apr_uint32_t now)
{
    entry_t *entry = find_place(set);

    if (!entry) {
        apr_uint64_t chance[2] = { hash, now };

        chance[0] += set->entry[0].refusal.count;
        entry = find_established(set, apr_siphash24(chance, sizeof(chance),
                                                    secret), now);
    }
    if (!entry) {
        apr_atomic_inc32(&table->missed.not_admitted);
        return NULL;
    }
    if (entry->refusal.count > 0) {
        apr_atomic_inc32(&table->missed.replaced);
    }
    entry_start(entry, hash, refusal, now);
    return entry;
}

void cors_refusals_note(cors_refusals_t *table,
                        const unsigned char secret[16],
                        const cors_refusal_t *refusal,
                        const void *client, apr_size_t client_len,
                        apr_uint32_t now, cors_refusal_line_t *line)
{
    apr_uint64_t hash = refusal_hash(secret, refusal);
    set_t *set = &table->set[hash % SETS];
    entry_t *entry = NULL;

    if (line) {
        memset(line, 0, sizeof(*line));
    }
    if (set_lock(set, now)) {
        entry = set_find(set, hash, refusal);
        if (entry) {
            entry_again(entry, refusal, now);
        }
        else if (client_may_add(table, secret, client, client_len, now)) {
            entry = set_add(table, set, hash, refusal, secret, now);
        }
        else {
            apr_atomic_inc32(&table->missed.over_budget);
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
        line_take(table, now, line);
    }
}

int cors_refusals_get(cors_refusals_t *table, unsigned int index,
                      cors_refusal_t *refusal)
{
    const entry_t *entry = &table->set[index / WAYS].entry[index % WAYS];

    *refusal = entry->refusal;
    refusal->origin[sizeof(refusal->origin) - 1] = '\0';
    refusal->header[sizeof(refusal->header) - 1] = '\0';
    refusal->method[sizeof(refusal->method) - 1] = '\0';
    refusal->host[sizeof(refusal->host) - 1] = '\0';
    refusal->path[sizeof(refusal->path) - 1] = '\0';
    refusal->client[sizeof(refusal->client) - 1] = '\0';
    return refusal->count > 0 && refusal->reason < CORS_REASONS;
}

void cors_refusals_missed(cors_refusals_t *table,
                          cors_refusals_missed_t *missed)
{
    missed->over_budget = apr_atomic_read32(&table->missed.over_budget);
    missed->replaced = apr_atomic_read32(&table->missed.replaced);
    missed->not_admitted = apr_atomic_read32(&table->missed.not_admitted);
    missed->lost = apr_atomic_read32(&table->missed.lost);
}
