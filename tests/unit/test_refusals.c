/* SPDX-License-Identifier: Apache-2.0 */

/* cors_refusals.h: the table, its locks, its log lines, and what floods do to
 * it.  Time is an argument, so nothing here waits. */

#include "testing.h"

#include <sys/wait.h>
#include <unistd.h>

#include <apr_shm.h>

#include "cors_refusals.h"

#define NOW 1000000020u         /* 30 s before a minute, 20 s into a window */
#define MINUTE(n) (1000000080u + 60 * (n))
#define WAYS 4
#define PROCESSES 4
#define TIMES 20000ul

static const unsigned char secret[16] = {
    3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3
};

static cors_refusals_t *table_create(apr_pool_t *pool)
{
    cors_refusals_t *table = block_of_size(cors_refusals_size());

    apr_pool_cleanup_register(pool, table, free_block, apr_pool_cleanup_null);
    return table;
}

static cors_refusal_t refusal_of(const char *origin)
{
    cors_refusal_t refusal = {
        .row = 7, .kind = CORS_KIND_PREFLIGHT, .reason = CORS_REASON_ORIGIN,
        .method = "PUT", .host = "api.example", .path = "/things",
        .client = "192.0.2.1",
    };

    apr_cpystrn(refusal.origin, origin, sizeof(refusal.origin));
    return refusal;
}

static cors_refusal_t refusal_number(unsigned int number)
{
    char origin[40];

    sprintf(origin, "https://o%u.example", number);
    return refusal_of(origin);
}

/* From a client of this number. */
static cors_refusal_line_t note(cors_refusals_t *table,
                                const cors_refusal_t *refusal,
                                unsigned int client, apr_uint32_t now)
{
    cors_refusal_line_t line;

    memset(&line, 0xff, sizeof(line));
    cors_refusals_note(table, secret, refusal, &client, sizeof(client), now,
                       &line);
    return line;
}

static void note_quietly(cors_refusals_t *table,
                         const cors_refusal_t *refusal, unsigned int client,
                         apr_uint32_t now)
{
    cors_refusals_note(table, secret, refusal, &client, sizeof(client), now,
                       NULL);
}

/* The place of a refusal with this origin and header, or -1. */
static int find(cors_refusals_t *table, const cors_refusal_t *wanted,
                apr_uint32_t now, cors_refusal_t *found)
{
    int i;

    for (i = 0; i < CORS_REFUSALS; i++) {
        if (cors_refusals_get(table, (unsigned int)i, now, found)
            && strcmp(found->origin, wanted->origin) == 0
            && strcmp(found->header, wanted->header) == 0) {
            return i;
        }
    }
    memset(found, 0, sizeof(*found));
    return -1;
}

static apr_uint32_t count_of(cors_refusals_t *table,
                             const cors_refusal_t *wanted, apr_uint32_t now)
{
    cors_refusal_t found;

    find(table, wanted, now, &found);
    return found.count;
}

/* How many places are taken, and the sum of their counts. */
static unsigned int size_of(cors_refusals_t *table, apr_uint32_t now,
                            apr_uint64_t *sum)
{
    unsigned int size = 0;
    unsigned int i;

    *sum = 0;
    for (i = 0; i < CORS_REFUSALS; i++) {
        cors_refusal_t refusal;

        if (cors_refusals_get(table, i, now, &refusal)) {
            size++;
            *sum += refusal.count;
        }
    }
    return size;
}

static cors_refusals_missed_t missed_of(cors_refusals_t *table)
{
    cors_refusals_missed_t missed;

    cors_refusals_missed(table, &missed);
    return missed;
}

/* ------------------------------------------------------------------------
 * What is kept
 */

static void test_new(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    cors_refusal_t found;
    apr_uint64_t sum;

    CHECK(size_of(table, NOW, &sum) == 0, "not empty");
    strcpy(refusal.header, "x-request-id");
    refusal.count = 99;
    refusal.first = 98;
    refusal.last = 97;
    note_quietly(table, &refusal, 1, NOW);
    CHECK(size_of(table, NOW, &sum) == 1, "not one");
    CHECK(find(table, &refusal, NOW, &found) >= 0, "not there");
    refusal.count = 1;
    refusal.first = refusal.last = NOW;
    CHECK(same_bytes(&found, &refusal, sizeof(found)), "not the same");
}

static void test_known(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    cors_refusal_t found;
    apr_uint64_t sum;
    unsigned int i;

    for (i = 0; i < 1000; i++) {
        note_quietly(table, &refusal, i, NOW + i / 10);
    }
    CHECK(size_of(table, NOW, &sum) == 1 && sum == 1000, "%" PRIu64, sum);
    find(table, &refusal, NOW, &found);
    CHECK(found.first == NOW && found.last == NOW + 99, "from %u to %u",
          found.first, found.last);
}

/* What belongs to the key, and what does not. */
static void test_key(void **state)
{
    const cors_refusal_t base = refusal_of("https://a.example");
    cors_refusal_t other[7] = { base, base, base, base, base, base, base };
    cors_refusal_t same[5] = { base, base, base, base, base };
    cors_refusals_t *table = table_create(*state);
    apr_uint64_t sum;
    unsigned int size;
    size_t i;

    other[0].row++;
    other[1].kind = CORS_KIND_ACTUAL;
    other[2].reason = CORS_REASON_METHOD;
    strcpy(other[3].origin, "https://a.exampl");
    strcpy(other[4].header, "x");
    other[5].report = CORS_REPORT_WOULD_REFUSE;
    other[6].defects = CORS_DEFECT_BIT(CORS_DEFECT_NO_VARY);
    strcpy(same[0].method, "GET");
    strcpy(same[1].host, "x");
    strcpy(same[2].path, "/");
    strcpy(same[3].client, "::1");
    memset(same[4].origin + strlen(same[4].origin) + 1, 'x', 50);
    memset(same[4].header + 1, 'x', sizeof(same[4].header) - 1);

    note_quietly(table, &base, 1, NOW);
    for (i = 0; i < COUNT(same); i++) {
        note_quietly(table, &same[i], 1, NOW);
        size = size_of(table, NOW, &sum);
        CHECK(size == 1 && sum == i + 2, "same %u: %u", (unsigned int)i,
              size);
    }
    for (i = 0; i < COUNT(other); i++) {
        note_quietly(table, &other[i], 1, NOW);
        note_quietly(table, &other[i], 1, NOW);
        size = size_of(table, NOW, &sum);
        CHECK(size == i + 2 && sum == 6 + 2 * (i + 1), "other %u: %u",
              (unsigned int)i, size);
    }
}

/* What describes the last one is written once a second. */
static void test_details(void **state)
{
    static const struct {
        int seconds;
        const char *text;
        const char *shown;
    } steps[] = {
        { 0, "/a", "/a" }, { 0, "/b", "/a" }, { 1, "/c", "/c" },
        { 1, "/d", "/c" }, { 1, "/e", "/c" }, { 9, "/long", "/long" },
        { 10, "", "" }, { 8, "/back", "/back" }, { 8, "/x", "/back" },
        { -5, "/far", "/far" },
    };
    cors_refusals_t *table = table_create(*state);
    size_t i;

    for (i = 0; i < COUNT(steps); i++) {
        apr_uint32_t now = NOW + (apr_uint32_t)steps[i].seconds;
        cors_refusal_t refusal = refusal_of("https://a.example");
        cors_refusal_t found;
        const char *want = steps[i].shown;

        strcpy(refusal.method, steps[i].text);
        strcpy(refusal.host, steps[i].text);
        strcpy(refusal.path, steps[i].text);
        strcpy(refusal.client, steps[i].text);
        note_quietly(table, &refusal, 1, now);
        find(table, &refusal, now, &found);
        CHECK(found.count == i + 1 && found.last == now
              && found.first <= now, "step %u", (unsigned int)i);
        CHECK(same_text(found.method, want) && same_text(found.host, want)
              && same_text(found.path, want)
              && same_text(found.client, want), "step %u: %s",
              (unsigned int)i, found.path);
    }
}

static int all_end(const cors_refusal_t *refusal)
{
    return memchr(refusal->origin, '\0', sizeof(refusal->origin))
           && memchr(refusal->header, '\0', sizeof(refusal->header))
           && memchr(refusal->method, '\0', sizeof(refusal->method))
           && memchr(refusal->host, '\0', sizeof(refusal->host))
           && memchr(refusal->path, '\0', sizeof(refusal->path))
           && memchr(refusal->client, '\0', sizeof(refusal->client));
}

/* Strings that do not end are cut, and make the same key again. */
static void test_long_strings(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal;
    cors_refusal_t found;
    apr_uint64_t sum;
    unsigned int i;

    memset(&refusal, 'x', sizeof(refusal));
    refusal.kind = CORS_KIND_ACTUAL;
    refusal.reason = CORS_REASON_MALFORMED;
    refusal.report = CORS_REPORT_NONE;
    refusal.defects = 0;
    note_quietly(table, &refusal, 1, NOW);
    note_quietly(table, &refusal, 1, NOW);
    CHECK(size_of(table, NOW, &sum) == 1 && sum == 2, "%" PRIu64, sum);
    for (i = 0; i < CORS_REFUSALS; i++) {
        if (cors_refusals_get(table, i, NOW, &found)) {
            assert_true(all_end(&found));
            CHECK(strlen(found.origin) == 100 && strlen(found.header) == 48
                  && strlen(found.method) == 16 && strlen(found.host) == 64
                  && strlen(found.path) == 80 && strlen(found.client) == 48,
                  "cut elsewhere");
        }
    }
}

static void check_all_end(cors_refusals_t *table, apr_uint32_t now)
{
    unsigned int i;

    for (i = 0; i < CORS_REFUSALS; i++) {
        cors_refusal_t found;

        memset(&found, 'x', sizeof(found));
        if (cors_refusals_get(table, i, now, &found)) {
            CHECK(all_end(&found) && found.kind <= CORS_KIND_PREFLIGHT
                  && found.reason < CORS_ALL_REASONS && found.count > 0,
                  "place %u", i);
        }
    }
}

/* Another process may write anything: what reads and writes the table after
 * that stays within it.  In one round of three kinds and reasons are small, or
 * few of the places would be read. */
static void test_any_bytes(void **state)
{
    cors_refusals_t *table = table_create(*state);
    size_t words = cors_refusals_size() / sizeof(apr_uint32_t);
    random_t random = random_start("any bytes", 60);
    unsigned int round;

    for (round = 0; round < 60; round++) {
        apr_uint32_t *word = (apr_uint32_t *)table;
        unsigned int i;

        for (i = 0; i < words; i++) {
            word[i] = round % 3 == 0 ? 0xffffffffu
                      : round % 3 == 1 ? pick(&random, 0xffffffffu)
                      : pick(&random, 4) + 0x01010100u * pick(&random, 2);
        }
        check_all_end(table, NOW);
        for (i = 0; i < 500; i++) {
            cors_refusal_t refusal = refusal_number(pick(&random, 400));

            note(table, &refusal, pick(&random, 10), NOW + i);
        }
        check_all_end(table, NOW + i);
    }
}

/* ------------------------------------------------------------------------
 * Budgets of clients
 */

/* So many new refusals, the first of this number. */
static void note_new(cors_refusals_t *table, unsigned int first,
                     unsigned int how_many, unsigned int client,
                     apr_uint32_t now)
{
    unsigned int i;

    for (i = 0; i < how_many; i++) {
        cors_refusal_t refusal = refusal_number(first + i);

        note_quietly(table, &refusal, client, now);
    }
}

/* How many were let in, wherever they are now. */
static unsigned int admitted(cors_refusals_t *table, apr_uint32_t now)
{
    apr_uint64_t sum;

    return size_of(table, now, &sum) + missed_of(table).replaced;
}

static void test_budget(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t known = refusal_number(0);
    apr_uint32_t window = (NOW / CORS_REFUSAL_WINDOW + 1)
                          * CORS_REFUSAL_WINDOW;

    note_new(table, 0, 32, 1, window);
    CHECK(admitted(table, window) == 32, "%u", admitted(table, window));
    note_new(table, 32, 1, 1, window);
    note_new(table, 33, 100, 1, window + 63);
    CHECK(admitted(table, window) == 32, "%u", admitted(table, window));
    CHECK(missed_of(table).over_budget == 101, "%u",
          missed_of(table).over_budget);

    note_quietly(table, &known, 1, window + 63);
    CHECK(count_of(table, &known, window) == 2, "a known one");
    note_new(table, 200, 32, 2, window + 63);
    CHECK(admitted(table, window) == 64, "another client: %u",
          admitted(table, window));
    note_new(table, 300, 40, 1, window + 64);
    CHECK(admitted(table, window) == 96, "the next window: %u",
          admitted(table, window));
    CHECK(missed_of(table).over_budget == 109, "%u",
          missed_of(table).over_budget);
    CHECK(missed_of(table).lost == 0 && missed_of(table).not_admitted == 0,
          "lost");
}

/* All bytes of a client count; clients that are not known are one. */
static void test_clients(void **state)
{
    static const unsigned char address[7] = { 192, 0, 2, 1, 0, 0, 0 };
    static const size_t lens[] = { 0, 4, 7 };
    cors_refusals_t *table = table_create(*state);
    unsigned int number = 0;
    size_t i;

    for (i = 0; i < COUNT(lens); i++) {
        unsigned int times;

        for (times = 0; times < 40; times++) {
            cors_refusal_t refusal = refusal_number(number++);

            cors_refusals_note(table, secret, &refusal,
                               lens[i] ? address : NULL, lens[i], NOW, NULL);
        }
        CHECK(admitted(table, NOW) == 32 * (i + 1), "%u bytes: %u",
              (unsigned int)lens[i], admitted(table, NOW));
    }
}

/* There are more clients than budgets: one that spent its own leaves nobody
 * else without. */
static void test_many_clients(void **state)
{
    cors_refusals_t *table = table_create(*state);
    unsigned int client;

    for (client = 0; client < 5000; client++) {
        note_new(table, 100 * client, client % 1000 ? 1 : 33, client, NOW);
    }
    CHECK(missed_of(table).over_budget == 5, "%u",
          missed_of(table).over_budget);
}

/* ------------------------------------------------------------------------
 * Who gives way to whom
 */

/* Refusals that have the same places; and the first of these. */
static int share_a_set(apr_pool_t *pool, cors_refusal_t *refusals,
                       size_t how_many)
{
    size_t found = 0;
    int set = -1;
    unsigned int number;

    for (number = 0; found < how_many; number++) {
        cors_refusals_t *table = block_of_size(cors_refusals_size());
        cors_refusal_t refusal = refusal_number(number);
        cors_refusal_t ignored;
        int place;

        note_quietly(table, &refusal, 1, NOW);
        place = find(table, &refusal, NOW, &ignored);
        if (set == -1) {
            set = place;
        }
        if (place == set) {
            refusals[found++] = refusal;
        }
        free(table);
    }
    return set;
}

static void note_times(cors_refusals_t *table, const cors_refusal_t *refusal,
                       unsigned int times, apr_uint32_t now)
{
    while (times-- > 0) {
        note_quietly(table, refusal, 1, now);
    }
}

/* In a set that is full the one not seen for longest goes, but never one that
 * came again 60 s after it came. */
static void test_established(void **state)
{
    static const struct {
        int seconds;            /* since NOW */
        int comes;
        const char *are;        /* there, then */
    } steps[] = {
        { 0, 0, "0" }, { 1, 1, "01" }, { 2, 2, "012" }, { 3, 3, "0123" },
        { 59, 0, "0123" },      /* not established */
        { 61, 1, "0123" },      /* established, just */
        { 62, 4, "0134" }, { 63, 5, "0145" }, { 64, 6, "1456" },
        { 65, 7, "1567" }, { 66, 0, "0167" }, { 125, 0, "0167" },
        { 126, 0, "0167" },     /* established */
        { 127, 7, "0167" },     /* established */
        { 128, 2, "0127" }, { 129, 3, "0137" }, { 130, 4, "0147" },
    };
    cors_refusal_t refusals[8];
    cors_refusals_t *table = table_create(*state);
    size_t i;

    share_a_set(*state, refusals, COUNT(refusals));
    for (i = 0; i < COUNT(steps); i++) {
        apr_uint32_t now = NOW + (apr_uint32_t)steps[i].seconds;
        char are[COUNT(refusals) + 1];
        size_t len = 0;
        size_t n;

        note_quietly(table, &refusals[steps[i].comes], 1, now);
        for (n = 0; n < COUNT(refusals); n++) {
            if (count_of(table, &refusals[n], now) > 0) {
                are[len++] = (char)('0' + n);
            }
        }
        are[len] = '\0';
        CHECK(same_text(are, steps[i].are), "step %u: %s", (unsigned int)i,
              are);
    }
    CHECK(missed_of(table).replaced == 8, "%u", missed_of(table).replaced);
}

/* Four established ones of a set, seen so often; and the time. */
static apr_uint32_t fill_set(cors_refusals_t *table,
                             const cors_refusal_t *refusals,
                             const unsigned int *counts)
{
    int i;

    for (i = 0; i < WAYS; i++) {
        note_times(table, &refusals[i], counts[i] - 1, NOW);
        note_quietly(table, &refusals[i], 1, NOW + 60);
    }
    return NOW + 60;
}

/* Where all are established the rarest of count 9 goes once in 10. */
static void test_chance(void **state)
{
    static const unsigned int counts[WAYS] = { 200, 10, 9, 100 };
    cors_refusal_t refusals[WAYS + 1];
    cors_refusals_t *table = table_create(*state);
    cors_refusals_t *copy = table_create(*state);
    unsigned int replaced = 0;
    apr_uint32_t now;
    unsigned int i;

    share_a_set(*state, refusals, COUNT(refusals));
    now = fill_set(table, refusals, counts);
    for (i = 0; i < 2000; i++) {
        cors_refusals_missed_t missed;

        memcpy(copy, table, cors_refusals_size());
        note_quietly(copy, &refusals[WAYS], 1, now + i);
        missed = missed_of(copy);
        CHECK(missed.replaced + missed.not_admitted == 1, "second %u", i);
        CHECK(count_of(copy, &refusals[WAYS], now) == missed.replaced
              && count_of(copy, &refusals[2], now) == 9 - 9 * missed.replaced,
              "second %u: another one goes", i);
        replaced += missed.replaced;
    }
    CHECK(replaced > 140 && replaced < 260, "%u of 2000", replaced);
}

/* Nothing of the one that went is left, in the second in which it was there,
 * too: neither its details and lines, nor that it was established. */
static void test_replaced(void **state)
{
    static const unsigned int counts[WAYS] = { 2, 2, 2, 2 };
    cors_refusal_t refusals[WAYS + 2];
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t found;
    cors_refusal_line_t line;
    apr_uint32_t now;
    int i;

    share_a_set(*state, refusals, COUNT(refusals));
    now = fill_set(table, refusals, counts);
    for (i = 0; i < 10; i++) {
        note(table, &refusals[0], 1, now + 1);
        note(table, &refusals[1], 1, now + 1);
        note(table, &refusals[2], 1, now + 1);
    }
    now += 86402;
    note_quietly(table, &refusals[3], 1, now);
    strcpy(refusals[WAYS].path, "/new");
    line = note(table, &refusals[WAYS], 1, now);
    CHECK(line.is_due && line.since == 0, "since %u", line.since);
    for (i = 0; i < 9; i++) {
        line = note(table, &refusals[WAYS], 1, now);
        CHECK(line.is_due && line.since == 0, "line %d", i);
    }
    strcpy(refusals[WAYS + 1].path, "/newer");
    note(table, &refusals[WAYS + 1], 1, now);
    CHECK(count_of(table, &refusals[WAYS], now) == 0, "established");
    find(table, &refusals[WAYS + 1], now, &found);
    CHECK(found.first == now && found.last == now && found.count == 1
          && same_text(found.path, "/newer"), "%s", found.path);
}

/* One that is idle for a day goes, however often it was seen. */
static void test_idle(void **state)
{
    static const unsigned int counts[WAYS] = { 5000, 6000, 7000, 5000 };
    cors_refusal_t refusals[WAYS + 2];
    cors_refusals_t *table = table_create(*state);
    apr_uint32_t now;
    int i;

    share_a_set(*state, refusals, COUNT(refusals));
    now = fill_set(table, refusals, counts);
    for (i = 0; i < WAYS; i++) {
        note_quietly(table, &refusals[i], 1, now + (i == 1 ? 0 : 1));
    }
    note_quietly(table, &refusals[WAYS], 1, now + 86400);
    CHECK(count_of(table, &refusals[WAYS], now) == 0, "a day");
    note_quietly(table, &refusals[WAYS], 1, now + 86401);
    CHECK(count_of(table, &refusals[WAYS], now) == 1
          && count_of(table, &refusals[1], now) == 0, "more than a day");
    note_times(table, &refusals[WAYS], 3000, now + 86461);
    note_quietly(table, &refusals[WAYS + 1], 1, now - 1000000);
    CHECK(count_of(table, &refusals[WAYS + 1], now) == 0, "the clock is back");
}

static void test_clock_set_back(void **state)
{
    cors_refusal_t refusals[WAYS + 2];
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t found;
    int i;

    share_a_set(*state, refusals, COUNT(refusals));
    note_quietly(table, &refusals[0], 1, NOW);
    note_quietly(table, &refusals[0], 1, NOW - 5000);
    find(table, &refusals[0], NOW, &found);
    CHECK(found.count == 2 && found.first == NOW - 5000
          && found.last == NOW - 5000, "from %u to %u", found.first,
          found.last);
    note_quietly(table, &refusals[0], 1, NOW - 4940);
    for (i = 1; i < WAYS + 2; i++) {
        note_quietly(table, &refusals[i], 1, NOW - 4930);
    }
    CHECK(count_of(table, &refusals[0], NOW) == 3, "not established");
    CHECK(missed_of(table).lost == 0, "lost");
}

/* The first second of all is a time like others. */
static void test_no_clock(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    cors_refusal_t found;
    cors_refusal_line_t line = note(table, &refusal, 1, 0);

    CHECK(line.is_due && line.left_out == 0, "no line");
    note(table, &refusal, 1, 0);
    find(table, &refusal, 0, &found);
    CHECK(found.count == 2 && same_text(found.path, "/things"), "%u, %s",
          found.count, found.path);
    CHECK(missed_of(table).lost == 0, "lost");
}

/* ------------------------------------------------------------------------
 * Locks
 */

/* Where the only refusal of a table lies in memory: in the first place of its
 * set, which begins with the lock. */
static cors_refusal_t *only_refusal(cors_refusals_t *table)
{
    cors_refusal_t found;
    char *at = (char *)table;
    size_t i;

    for (i = 0; !cors_refusals_get(table, (unsigned int)i, NOW, &found);) {
        assert_true(++i < CORS_REFUSALS);
    }
    for (i = offsetof(cors_refusal_t, origin);
         i + sizeof(found) <= cors_refusals_size(); i++) {
        if (memcmp(at + i, found.origin, sizeof(found.origin)) == 0) {
            return (cors_refusal_t *)(void *)
                   (at + i - offsetof(cors_refusal_t, origin));
        }
    }
    abort();                    /* it is nowhere */
}

static apr_uint32_t *lock_of(cors_refusals_t *table)
{
    return (apr_uint32_t *)only_refusal(table) - 1;
}

static const struct {
    const char *what;
    apr_uint32_t held;
    apr_uint32_t now;
    int is_taken;
} lock_rows[] = {
    { "now", NOW, NOW, 0 },
    { "a second ago", NOW - 1, NOW, 0 },
    { "two seconds ago", NOW - 2, NOW, 0 },
    { "three seconds ago", NOW - 3, NOW, 1 },
    { "a day ago", NOW - 86400, NOW, 1 },
    { "in a second", NOW + 1, NOW, 0 },
    { "in two seconds", NOW + 2, NOW, 0 },
    { "in three seconds", NOW + 3, NOW, 1 },
    { "before the clock was set back", NOW + 100000, NOW, 1 },
    { "before the seconds wrapped, two", 0xffffffffu, 1, 0 },
    { "before the seconds wrapped, three", 0xffffffffu, 2, 1 },
    { "before the seconds wrap, three", 0xfffffffcu, 0xffffffffu, 1 },
    { "in half the time there is", NOW ^ 0x80000000u, NOW, 1 },
};

/* A lock that another one holds is respected, unless it is stale. */
static void test_lock(void **state)
{
    size_t i;

    for (i = 0; i < COUNT(lock_rows); i++) {
        cors_refusals_t *table = table_create(*state);
        cors_refusals_t *before = table_create(*state);
        cors_refusal_t refusal = refusal_of("https://a.example");
        apr_uint32_t now = lock_rows[i].now;
        cors_refusal_t found;
        apr_uint32_t *lock;
        cors_refusals_missed_t *missed;

        note_quietly(table, &refusal, 1, now);
        lock = lock_of(table);
        CHECK(*lock == 0, "%s: not given back", lock_rows[i].what);
        *lock = lock_rows[i].held;
        memcpy(before, table, cors_refusals_size());
        note_quietly(table, &refusal, 1, now);
        if (lock_rows[i].is_taken) {
            CHECK(*lock == 0 && count_of(table, &refusal, now) == 2
                  && missed_of(table).lost == 0, "%s: lost",
                  lock_rows[i].what);
            continue;
        }
        CHECK(missed_of(table).lost == 1, "%s: not lost", lock_rows[i].what);
        CHECK(find(table, &refusal, now, &found) == -1, "%s: read",
              lock_rows[i].what);
        /* The counts of what was missed come first. */
        missed = (cors_refusals_missed_t *)(void *)before;
        missed->lost++;
        CHECK(same_bytes(table, before, cors_refusals_size()),
              "%s: written", lock_rows[i].what);
    }
}

/* The array is full to its last byte, whoever wrote it. */
static void test_no_ends(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    cors_refusal_t *kept;
    unsigned int read = 0;
    unsigned int i;

    note_quietly(table, &refusal, 1, NOW);
    kept = only_refusal(table);
    memset(kept, 'x', sizeof(*kept));
    kept->kind = CORS_KIND_ACTUAL;
    kept->reason = CORS_REASONS - 1;
    kept->report = CORS_REPORTS - 1;
    kept->defects = CORS_DEFECT_BIT(CORS_DEFECTS) - 1;
    for (i = 0; i < CORS_REFUSALS; i++) {
        if (cors_refusals_get(table, i, NOW, &refusal)) {
            assert_true(all_end(&refusal));
            read++;
        }
    }
    CHECK(read == 1, "%u", read);
    kept->reason = CORS_REASONS;
    check_all_end(table, NOW);
    kept->reason = CORS_REASON_NONE;
    kept->kind = CORS_KIND_PREFLIGHT + 1;
    check_all_end(table, NOW);
    kept->kind = CORS_KIND_PREFLIGHT;
    kept->report = CORS_REPORTS;
    check_all_end(table, NOW);
    kept->report = CORS_REPORT_SAME;
    kept->defects = CORS_DEFECT_BIT(CORS_DEFECTS);
    check_all_end(table, NOW);
}

static void test_lock_to_read(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    apr_uint32_t *lock;

    note_quietly(table, &refusal, 1, NOW);
    lock = lock_of(table);
    *lock = NOW - 3;
    CHECK(count_of(table, &refusal, NOW) == 1, "a stale lock");
    CHECK(*lock == 0, "not given back");
}

/* One that cannot be written is logged all the same. */
static void test_lock_and_lines(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    cors_refusal_line_t line;

    note_quietly(table, &refusal, 1, NOW);
    *lock_of(table) = NOW;
    line = note(table, &refusal, 1, NOW);
    CHECK(line.is_due && line.since == 0 && line.left_out == 0
          && !line.is_last, "no line");
}

/* ------------------------------------------------------------------------
 * Log lines
 */

static void check_line(const char *what, unsigned int number,
                       const cors_refusal_line_t *line, int is_due,
                       apr_uint32_t since)
{
    CHECK(line->is_due == is_due && line->since == since, "%s %u: %d, %u",
          what, number, line->is_due, line->since);
}

/* Ten, then one in a minute. */
static void test_lines_of_one(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    cors_refusal_line_t line;
    unsigned int i;

    for (i = 0; i < 30; i++) {
        line = note(table, &refusal, 1, MINUTE(0) + i);
        check_line("refusal", i, &line, i < 10, 0);
    }
    line = note(table, &refusal, 1, MINUTE(0) + 59);
    check_line("end of the minute", 0, &line, 0, 0);
    line = note(table, &refusal, 1, MINUTE(1));
    check_line("next minute", 0, &line, 1, 21);
    line = note(table, &refusal, 1, MINUTE(1));
    check_line("next minute", 1, &line, 0, 0);
    line = note(table, &refusal, 1, MINUTE(5) + 30);
    check_line("later minute", 0, &line, 1, 1);
    line = note(table, &refusal, 1, MINUTE(6));
    check_line("the one after", 0, &line, 1, 0);
    for (i = 0; i < 100; i++) {
        note_quietly(table, &refusal, 1, MINUTE(6));
    }
    line = note(table, &refusal, 1, MINUTE(7));
    check_line("after others that had no line", 0, &line, 1, 100);
    line = note(table, &refusal, 1, MINUTE(2));
    check_line("the clock is set back", 0, &line, 1, 0);
}

/* Ten are for each, and are not spent in one minute. */
static void test_lines_of_two(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t a = refusal_of("https://a.example");
    cors_refusal_t b = refusal_of("https://b.example");
    cors_refusal_line_t line;
    unsigned int i;

    for (i = 0; i < 10; i++) {
        line = note(table, &a, 1, MINUTE(i));
        check_line("a", i, &line, 1, 0);
        line = note(table, &b, 1, MINUTE(0));
        check_line("b", i, &line, 1, 0);
    }
    line = note(table, &a, 1, MINUTE(9));
    check_line("a", 10, &line, 0, 0);
    line = note(table, &b, 1, MINUTE(9));
    check_line("b", 10, &line, 1, 0);
}

/* So many lines, of refusals that are new, or that nobody has a place for. */
static unsigned int take_lines(cors_refusals_t *table, unsigned int first,
                               unsigned int how_many, apr_uint32_t now)
{
    unsigned int due = 0;
    unsigned int i;

    for (i = first; i < first + how_many; i++) {
        cors_refusal_t refusal = refusal_number(i);
        cors_refusal_line_t line = note(table, &refusal, 1, now);

        CHECK(line.since == 0, "line %u: since %u", i, line.since);
        CHECK(line.is_last_new
              == (line.is_due && due == CORS_REFUSAL_NEW_LINES - 1),
              "line %u: %d", i, line.is_last_new);
        CHECK(!line.is_last, "line %u", i);
        CHECK(line.left_out == 0, "line %u: %u", i, line.left_out);
        due += (unsigned int)line.is_due;
    }
    return due;
}

/* All lines of a minute: the first refusals come again. */
static void take_all_lines(cors_refusals_t *table, apr_uint32_t now)
{
    unsigned int due = take_lines(table, 0, 40, now);
    unsigned int i;

    CHECK(due == 40, "%u", due);
    for (i = 0; i < 20; i++) {
        cors_refusal_t refusal = refusal_number(i);
        cors_refusal_line_t line = note(table, &refusal, 1, now);

        check_line("again", i, &line, 1, 0);
        CHECK(line.is_last == (i == 19) && !line.is_last_new, "line %u", i);
    }
}

static void test_lines_of_a_minute(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_number(20);
    cors_refusal_line_t line;
    unsigned int due;

    take_all_lines(table, MINUTE(0));
    due = take_lines(table, 40, 40, MINUTE(0));
    CHECK(due == 0, "%u", due);
    CHECK(missed_of(table).over_budget == 48, "%u",
          missed_of(table).over_budget);
    line = note(table, &refusal, 1, MINUTE(0) + 59);
    CHECK(!line.is_due && !line.is_last && line.left_out == 0, "the last");

    line = note(table, &refusal, 1, MINUTE(3));
    CHECK(line.is_due && line.left_out == 41 && line.since == 1
          && !line.is_last, "left out: %u, since: %u", line.left_out,
          line.since);
    line = note(table, &refusal, 1, MINUTE(4));
    CHECK(line.is_due && line.left_out == 0, "twice: %u", line.left_out);

    due = take_lines(table, 200, 100, MINUTE(6));
    CHECK(due == 40, "%u", due);
    line = note(table, &refusal, 1, MINUTE(2));
    CHECK(line.is_due && line.left_out == 60, "the clock is set back: %u",
          line.left_out);
}

/* Refusals that come again have the lines that new ones may not take. */
static void test_lines_of_known_ones(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_line_t line;
    unsigned int i;

    for (i = 0; i < 60; i++) {
        cors_refusal_t refusal = refusal_number(i % 30);

        /* Twice, so that it stays. */
        note(table, &refusal, i % 30, MINUTE(i / 30));
    }
    take_lines(table, 1000, 100, MINUTE(2));
    for (i = 0; i < 30; i++) {
        cors_refusal_t refusal = refusal_number(i);

        line = note(table, &refusal, i, MINUTE(2));
        check_line("known", i, &line, i < 20, 0);
        CHECK(line.is_last == (i == 19) && !line.is_last_new, "line %u", i);
    }
}

/* A refusal of which nothing is to be logged takes no line. */
static void test_no_lines(void **state)
{
    cors_refusals_t *table = table_create(*state);
    unsigned int due;

    note_new(table, 1000, 200, 1, MINUTE(0));
    due = take_lines(table, 0, 60, MINUTE(0));
    CHECK(due == 40, "%u", due);
}

/* What is left out is counted as lines, not as refusals: an entry that has had
 * its ten has one in a minute. */
static void test_left_out_of_one(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t known = refusal_of("https://a.example");
    cors_refusal_t late = refusal_of("https://late.example");
    cors_refusal_line_t line;
    unsigned int i;

    for (i = 0; i < 10; i++) {
        note(table, &known, 9, MINUTE(0));
    }
    take_all_lines(table, MINUTE(1));
    for (i = 0; i < 500; i++) {
        line = note(table, &known, 9, MINUTE(1));
        check_line("known", i, &line, 0, 0);
    }
    for (i = 0; i < 5; i++) {
        line = note(table, &late, 9, MINUTE(1));
        check_line("late", i, &line, 0, 0);
    }
    line = note(table, &known, 9, MINUTE(2));
    check_line("known", 0, &line, 1, 500);
    CHECK(line.left_out == 6, "%u", line.left_out);
    line = note(table, &late, 9, MINUTE(2));
    check_line("late", 0, &line, 1, 5);
}

/* Processes that are not quite at the same time share the lines of a minute,
 * rather than begin it anew each time. */
static void test_lines_at_the_turn(void **state)
{
    cors_refusals_t *table = table_create(*state);
    unsigned int due = 0;
    unsigned int i;

    for (i = 0; i < 200; i++) {
        cors_refusal_t refusal = refusal_number(i);

        due += (unsigned int)note(table, &refusal, 1,
                                  MINUTE(1) - i % 2).is_due;
    }
    CHECK(due == 40, "%u", due);
}

/* A count stops at its greatest value, and lines go on. */
static void test_greatest_count(void **state)
{
    cors_refusals_t *table = table_create(*state);
    cors_refusal_t refusal = refusal_of("https://a.example");
    cors_refusal_line_t line;

    note(table, &refusal, 1, NOW);
    only_refusal(table)->count = 0xfffffffeu;
    line = note(table, &refusal, 1, NOW);
    check_line("the last that is counted", 0, &line, 1, 0xfffffffdu);
    line = note(table, &refusal, 1, NOW);
    check_line("the one after", 0, &line, 1, 0);
    CHECK(count_of(table, &refusal, NOW) == 0xffffffffu, "%u",
          count_of(table, &refusal, NOW));
}

/* ------------------------------------------------------------------------
 * Processes
 */

static void note_in_child(cors_refusals_t *table, unsigned int number)
{
    unsigned int i;

    for (i = 0; i < TIMES; i++) {
        cors_refusal_t refusal = refusal_number(i % 20);

        note_quietly(table, &refusal, number, NOW);
    }
    _exit(0);
}

/* What several processes note at once is counted, or counted as lost. */
static void test_processes(void **state)
{
    apr_shm_t *shm;
    cors_refusals_t *table;
    pid_t child[PROCESSES];
    apr_uint64_t sum;
    unsigned int i;
    int status;

    assert_int_equal(apr_shm_create(&shm, cors_refusals_size(), NULL, *state),
                     APR_SUCCESS);
    table = apr_shm_baseaddr_get(shm);
    memset(table, 0, cors_refusals_size());
    for (i = 0; i < PROCESSES; i++) {
        child[i] = fork();
        assert_true(child[i] >= 0);
        if (child[i] == 0) {
            note_in_child(table, i);
        }
    }
    for (i = 0; i < PROCESSES; i++) {
        CHECK(waitpid(child[i], &status, 0) == child[i] && status == 0,
              "process %u: %d", i, status);
    }
    CHECK(size_of(table, NOW, &sum) == 20, "not 20");
    CHECK(sum + missed_of(table).lost == PROCESSES * TIMES,
          "%" PRIu64 " and %u lost", sum, missed_of(table).lost);
    CHECK(sum > TIMES, "%" PRIu64, sum);
}

/* ------------------------------------------------------------------------
 * Floods
 */

#define REAL 20                 /* origins; the last 5 come with the flood */
#define KNOWN 15
#define TICKS 2                 /* in a second */
#define QUIET (1800 * TICKS)
#define FLOOD (300 * TICKS)

static const struct {
    const char *what;
    unsigned int rate;          /* refusals in a second */
    unsigned int clients;
    unsigned int origins;       /* that repeat; 0: random */
    int least;                  /* known ones that stay, with their counts */
    int least_new;              /* of those that come meanwhile */
} floods[] = {
    { "no flood", 0, 1, 0, KNOWN, 5 },
    { "1 client, random origins", 2000, 1, 0, KNOWN, 4 },
    { "1000 clients, random origins", 2000, 1000, 0, KNOWN, 0 },
    { "100,000 clients, random origins", 2000, 100000, 0, KNOWN, 0 },
    { "1 client, 12,000 origins", 2000, 1, 12000, KNOWN, 4 },
    { "1 client, 500 origins", 1000, 1, 500, 13, 0 },
    { "50 clients, 500 origins", 1000, 50, 500, 7, 0 },
};

/* Mean seconds between two refusals of a real origin. */
static unsigned int gap_of(int real)
{
    static const unsigned int gaps[] = {
        1, 1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 200, 300
    };

    return gaps[real % COUNT(gaps)];
}

static void one_tick(cors_refusals_t *table, random_t *random, int reals,
                     apr_uint32_t now, apr_uint32_t *counts)
{
    int i;

    for (i = 0; i < reals; i++) {
        if (pick(random, gap_of(i) * TICKS) == 0) {
            cors_refusal_t refusal = refusal_number((unsigned int)i);

            note_quietly(table, &refusal, 1000000 + (unsigned int)i, now);
            counts[i]++;
        }
    }
}

static void flood_tick(cors_refusals_t *table, random_t *random, size_t row,
                       apr_uint32_t now)
{
    unsigned int i;

    for (i = 0; i < floods[row].rate / TICKS; i++) {
        unsigned int number = pick(random, floods[row].origins
                                           ? floods[row].origins
                                           : 0x7fffffff);
        cors_refusal_t refusal = refusal_number(1000 + number);

        note_quietly(table, &refusal, pick(random, floods[row].clients), now);
    }
}

static void test_floods(void **state)
{
    random_t random = random_start("floods", COUNT(floods));
    size_t row;

    for (row = 0; row < COUNT(floods); row++) {
        cors_refusals_t *table = table_create(*state);
        apr_uint32_t counts[REAL] = { 0 };
        apr_uint32_t now = NOW;
        int stay = 0;
        int come = 0;
        int i;

        for (i = 0; i < QUIET + FLOOD; i++) {
            now = NOW + (apr_uint32_t)i / TICKS;
            one_tick(table, &random, i < QUIET ? KNOWN : REAL, now, counts);
            if (i >= QUIET) {
                flood_tick(table, &random, row, now);
            }
        }
        for (i = 0; i < REAL; i++) {
            cors_refusal_t refusal = refusal_number((unsigned int)i);
            apr_uint32_t count = count_of(table, &refusal, now);

            stay += i < KNOWN && count == counts[i];
            come += i >= KNOWN && count > 0;
        }
        print_message("# %s: %d of 15 stay, %d of 5 come, %u over budget, "
                      "%u replaced\n", floods[row].what, stay, come,
                      missed_of(table).over_budget,
                      missed_of(table).replaced);
        CHECK(stay >= floods[row].least && come >= floods[row].least_new,
              "%s: %d stay, %d come", floods[row].what, stay, come);
        CHECK(missed_of(table).lost == 0, "%s: lost", floods[row].what);
    }
}

static const struct CMUnitTest tests[] = {
    TEST(test_new),
    TEST(test_known),
    TEST(test_key),
    TEST(test_details),
    TEST(test_long_strings),
    TEST(test_any_bytes),
    TEST(test_budget),
    TEST(test_clients),
    TEST(test_many_clients),
    TEST(test_established),
    TEST(test_chance),
    TEST(test_replaced),
    TEST(test_idle),
    TEST(test_clock_set_back),
    TEST(test_no_clock),
    TEST(test_lock),
    TEST(test_no_ends),
    TEST(test_lock_to_read),
    TEST(test_lock_and_lines),
    TEST(test_lines_of_one),
    TEST(test_lines_of_two),
    TEST(test_lines_of_a_minute),
    TEST(test_lines_of_known_ones),
    TEST(test_no_lines),
    TEST(test_left_out_of_one),
    TEST(test_lines_at_the_turn),
    TEST(test_greatest_count),
    TEST(test_processes),
    TEST(test_floods),
};

RUN(tests)
