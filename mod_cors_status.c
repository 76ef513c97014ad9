/* SPDX-License-Identifier: Apache-2.0 */

/* What is counted while the server runs: mod_cors_status.h. */

#include "mod_cors_status.h"

#include <stdlib.h>

#include "http_core.h"
#include "http_log.h"

#include "apr_general.h"
#include "apr_hash.h"
#include "apr_network_io.h"
#include "apr_shm.h"
#include "apr_strings.h"

APLOG_USE_MODULE(cors);

/* What a restart keeps.  The module may be another build after it: this holds
 * no pointer into the module or the configuration, and its key names the
 * layout of all that it holds and points to. */
typedef struct {
    void *counters;             /* shared; NULL if there is no memory */
    void *refusals;             /* shared */
    unsigned char secret[16];   /* what the hashes of refusals are keyed by */
    apr_time_t started;
    unsigned int rows;          /* that have a name */
    const char *name[CORS_COUNTER_ROWS];
} retained_t;

/* As it was when this child, or the configuration, started. */
static retained_t *retained;
static const cors_place_t **places;     /* by row; NULL for none */

/* ------------------------------------------------------------------------
 * Start-up
 */

static const char *const shared_rows[CORS_ROW_FIRST] = {
    [CORS_ROW_HTACCESS] = ".htaccess files",
    [CORS_ROW_OTHERS] = "other places"
};

/* Change it where what is kept means something else in the same size. */
#define LAYOUT 2

static const char *retained_key(apr_pool_t *pool)
{
    return apr_psprintf(pool, "mod_cors-status-%d-%d-%" APR_SIZE_T_FMT
                        "-%" APR_SIZE_T_FMT "-%" APR_SIZE_T_FMT, LAYOUT,
                        CORS_COUNTS, sizeof(retained_t), cors_counters_size(),
                        cors_refusals_size());
}

#define LINE 64                 /* of cache */

/* Get the memory to share.  The system hands out pages of zeros, and only as
 * they are touched. */
static apr_status_t retained_share(retained_t *made, server_rec *s)
{
    apr_size_t counters = APR_ALIGN(cors_counters_size(), LINE);
    apr_status_t rv;
    apr_shm_t *shm;
    char *base;

    rv = apr_shm_create(&shm, LINE + counters + cors_refusals_size(), NULL,
                        s->process->pool);
    if (rv == APR_SUCCESS) {
        rv = apr_generate_random_bytes(made->secret, sizeof(made->secret));
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    base = apr_shm_baseaddr_get(shm);
    base += LINE - (apr_size_t)base % LINE;
    made->counters = base;
    made->refusals = base + counters;
    return APR_SUCCESS;
}

static retained_t *retained_make(server_rec *s, const char *key)
{
    retained_t *made = ap_retained_data_create(key, sizeof(*made));
    apr_status_t rv = retained_share(made, s);

    made->started = apr_time_now();
    for (; made->rows < CORS_ROW_FIRST; made->rows++) {
        made->name[made->rows] = apr_pstrdup(s->process->pool,
                                             shared_rows[made->rows]);
    }
    if (rv != APR_SUCCESS) {
        ap_log_error(APLOG_MARK, APLOG_WARNING, rv, s, "no memory can be "
                     "shared: decisions are not counted, and cors-status "
                     "shows none");
    }
    return made;
}

/* The row of a name; a new one as long as there are any. */
static unsigned int row_get(apr_hash_t *rows, server_rec *s,
                            const char *name)
{
    const char **known = apr_hash_get(rows, name, APR_HASH_KEY_STRING);

    if (known) {
        return (unsigned int)(known - retained->name);
    }
    if (retained->rows == CORS_COUNTER_ROWS) {
        return CORS_ROW_OTHERS;
    }
    known = &retained->name[retained->rows];
    *known = apr_pstrdup(s->process->pool, name);
    apr_hash_set(rows, *known, APR_HASH_KEY_STRING, known);
    return retained->rows++;
}

void cors_status_open(apr_pool_t *pconf, server_rec *main_server)
{
    const apr_array_header_t *named = cors_startup_places(pconf);
    const char *key = retained_key(pconf);
    apr_hash_t *rows = apr_hash_make(pconf);
    unsigned int row;
    int i;

    retained = ap_retained_data_get(key);
    if (!retained) {
        retained = retained_make(main_server, key);
    }
    for (row = CORS_ROW_FIRST; row < retained->rows; row++) {
        apr_hash_set(rows, retained->name[row], APR_HASH_KEY_STRING,
                     &retained->name[row]);
    }
    places = apr_pcalloc(pconf, CORS_COUNTER_ROWS
                               * sizeof(const cors_place_t *));
    for (i = 0; i < named->nelts; i++) {
        cors_place_t *place = APR_ARRAY_IDX(named, i, cors_place_t *);

        place->row = row_get(rows, main_server, place->name);
        if (place->row >= CORS_ROW_FIRST
            && (!places[place->row] || !places[place->row]->has_policy)) {
            places[place->row] = place;
        }
    }
}

/* ------------------------------------------------------------------------
 * Counting
 */

/* What a budget of new refusals belongs to: an IPv4 address or a network of
 * IPv6 addresses. */
static const void *client_key(const request_rec *r, apr_size_t *len)
{
    const apr_sockaddr_t *address = r->useragent_addr;

    *len = 0;
    if (address && address->family == APR_INET) {
        *len = 4;
    }
#if APR_HAVE_IPV6
    if (address && address->family == APR_INET6) {
        *len = 7;
    }
#endif
    return *len > 0 ? address->ipaddr_ptr : "";
}

static unsigned int row_of(const cors_policy_t *policy)
{
    return policy->place ? policy->place->row : CORS_ROW_OTHERS;
}

static void set_header(cors_refusal_t *refusal, const char *name,
                       apr_size_t len)
{
    if (name) {
        apr_cpystrn(refusal->header, name,
                    len < sizeof(refusal->header) ? len + 1
                                                  : sizeof(refusal->header));
    }
}

/* What all refusals have. */
static void refusal_start(cors_refusal_t *refusal, const request_rec *r,
                          unsigned int row, const char *origin,
                          const char *method)
{
    memset(refusal, 0, sizeof(*refusal));
    refusal->row = row;
    apr_cpystrn(refusal->origin, origin, sizeof(refusal->origin));
    apr_cpystrn(refusal->method, method, sizeof(refusal->method));
    apr_cpystrn(refusal->host, r->hostname ? r->hostname : "",
                sizeof(refusal->host));
    apr_cpystrn(refusal->path, r->uri, sizeof(refusal->path));
    apr_cpystrn(refusal->client, r->useragent_ip, sizeof(refusal->client));
}

static void refusal_fill(cors_refusal_t *refusal, const request_rec *r,
                         unsigned int row, const cors_decision_t *decision,
                         const cors_request_t *request)
{
    refusal_start(refusal, r, row, request->origin,
                  decision->kind == CORS_KIND_PREFLIGHT
                  ? request->request_method : request->method);
    refusal->kind = decision->kind;
    refusal->reason = decision->reason;
    set_header(refusal, decision->offender, decision->offender_len);
}

static apr_uint32_t seconds_now(void)
{
    return (apr_uint32_t)apr_time_sec(apr_time_now());
}

/* What is logged where nothing is noted: every line. */
static void line_start(cors_refusal_line_t *line)
{
    if (line) {
        memset(line, 0, sizeof(*line));
        line->is_due = 1;
    }
}

static void refusal_note(const request_rec *r, const cors_refusal_t *refusal,
                         cors_refusal_line_t *line)
{
    apr_size_t client_len;
    const void *client = client_key(r, &client_len);

    cors_refusals_note(retained->refusals, retained->secret, refusal, client,
                       client_len, seconds_now(), line);
}

static void count(const request_rec *r, unsigned int row, cors_count_t what)
{
    cors_counters_add(retained->counters, row, what,
                      (unsigned long)r->connection->id);
}

void cors_status_note(request_rec *r, const cors_policy_t *policy,
                      const cors_decision_t *decision,
                      const cors_request_t *request,
                      cors_refusal_line_t *line)
{
    unsigned int row = row_of(policy);
    cors_refusal_t refusal;

    line_start(line);
    if (!retained || !retained->counters) {
        return;
    }
    count(r, row, cors_count_of(decision));
    if (!decision->is_allowed) {
        refusal_fill(&refusal, r, row, decision, request);
        refusal_note(r, &refusal, line);
    }
}

static void count_report(const request_rec *r, unsigned int row,
                         cors_kind_t kind, const cors_judgement_t *judgement)
{
    int defect;

    count(r, row, cors_count_of_report(kind, judgement->report));
    for (defect = 0; defect < CORS_DEFECTS; defect++) {
        if (judgement->defects & CORS_DEFECT_BIT(defect)) {
            count(r, row, (cors_count_t)(CORS_COUNT_DEFECT + defect));
        }
    }
}

void cors_status_note_report(request_rec *r, const cors_reported_t *reported,
                             cors_refusal_line_t *line)
{
    const cors_judgement_t *judgement = reported->judgement;
    const cors_decision_t *decision = reported->exchange->decision;
    unsigned int row = row_of(reported->policy);
    cors_refusal_t refusal;

    line_start(line);
    if (!retained || !retained->counters) {
        return;
    }
    count_report(r, row, decision->kind, judgement);
    if (judgement->report != CORS_REPORT_SAME || judgement->defects) {
        refusal_fill(&refusal, r, row, decision, reported->exchange->request);
        refusal.report = judgement->report;
        refusal.defects = judgement->defects;
        set_header(&refusal, judgement->culprit, judgement->culprit_len);
        refusal_note(r, &refusal, line);
    }
}

static void foreigner_fill(cors_refusal_t *refusal, const request_rec *r,
                           const cors_foreigner_t *foreigner)
{
    const cors_foreign_request_t *request = foreigner->request;
    int is_host = foreigner->reason == CORS_REASON_HOST;
    const char *value = is_host ? request->host : request->site;

    refusal_start(refusal, r, foreigner->place->row,
                  request->origin ? request->origin : "", request->method);
    refusal->kind = request->origin ? CORS_KIND_ACTUAL : CORS_KIND_NOT_CORS;
    refusal->reason = foreigner->reason;
    if (foreigner->is_let_through) {
        refusal->report = CORS_REPORT_WOULD_REFUSE;
    }
    if (value) {
        apr_snprintf(refusal->header, sizeof(refusal->header), "%s: %s",
                     is_host ? "Host" : "Sec-Fetch-Site", value);
    }
}

void cors_status_note_foreigner(request_rec *r,
                                const cors_foreigner_t *foreigner,
                                cors_refusal_line_t *line)
{
    cors_refusal_t refusal;

    line_start(line);
    if (!retained || !retained->counters) {
        return;
    }
    count(r, foreigner->place->row,
          foreigner->is_let_through ? CORS_COUNT_LET_THROUGH
          : foreigner->reason == CORS_REASON_HOST ? CORS_COUNT_HOST
                                                  : CORS_COUNT_FOREIGN);
    foreigner_fill(&refusal, r, foreigner);
    refusal_note(r, &refusal, line);
}

cors_counters_t *cors_status_counters(void)
{
    return retained ? retained->counters : NULL;
}

/* ------------------------------------------------------------------------
 * Reading
 */

unsigned int cors_status_rows(void)
{
    return retained && retained->counters ? retained->rows : 0;
}

cors_status_row_t cors_status_row(unsigned int row)
{
    cors_status_row_t found;

    found.name = retained->name[row];
    found.place = places[row];
    return found;
}

const char *cors_status_place(apr_pool_t *pool, unsigned int row)
{
    const cors_place_t *place = cors_status_row(row).place;

    return place ? apr_psprintf(pool, "%s:%u", place->file, place->line)
                 : NULL;
}

apr_uint64_t cors_status_count(unsigned int row, cors_count_t count)
{
    return cors_counters_get(retained->counters, row, count);
}

apr_uint64_t cors_status_sum(cors_count_t count)
{
    apr_uint64_t sum = 0;
    unsigned int row;

    for (row = 0; row < cors_status_rows(); row++) {
        sum += cors_status_count(row, count);
    }
    return sum;
}

apr_time_t cors_status_started(void)
{
    return retained->started;
}

static int by_count(const void *a, const void *b)
{
    const cors_refusal_t *x = a;
    const cors_refusal_t *y = b;

    if (x->count != y->count) {
        return x->count < y->count ? 1 : -1;
    }
    return x->last < y->last ? 1 : x->last > y->last ? -1 : 0;
}

apr_array_header_t *cors_status_refusals(apr_pool_t *pool,
                                         cors_refusals_missed_t *missed)
{
    apr_array_header_t *refusals = apr_array_make(pool, 16,
                                                  sizeof(cors_refusal_t));
    cors_refusal_t refusal;
    unsigned int i;

    memset(missed, 0, sizeof(*missed));
    if (cors_status_rows() == 0) {
        return refusals;
    }
    for (i = 0; i < CORS_REFUSALS; i++) {
        if (cors_refusals_get(retained->refusals, i, seconds_now(), &refusal)
            && refusal.row < retained->rows) {
            APR_ARRAY_PUSH(refusals, cors_refusal_t) = refusal;
        }
    }
    qsort(refusals->elts, (size_t)refusals->nelts, sizeof(cors_refusal_t),
          by_count);
    cors_refusals_missed(retained->refusals, missed);
    return refusals;
}
