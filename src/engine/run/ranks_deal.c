/* SPDX-License-Identifier: Apache-2.0 */
/* Rank 0: hands out cuts and takes records. */
#include "engine/run/ranks.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "base/clock.h"
#include "certify/thread.h"
#include "engine/record/journal.h"
#include "engine/record/record.h"
#include "engine/record/record_fields.h"
#include "engine/run/part_choose.h"

#define PIECE 0.5  /* seconds that a piece should take, where cuts are small */
#define MOST 65536 /* cuts of a piece */
#define FIRST 4    /* cuts a thread, of a kind that was not seen yet */
#define WAIT 0.1   /* seconds between two looks whether to stop */

/* A rank, as rank 0 knows it. */
typedef struct player {
    bool here;    /* it has said hello */
    size_t given; /* cuts that it has */
    size_t kind;  /* of these */
    double since; /* when it got them */
} player;

typedef struct open_cut {
    uint32_t orbit, kind; /* kind: pixels of the smaller side, or the pass of automata */
} open_cut;

typedef struct dealer {
    const ct_shared_run *run;
    player *player;
    open_cut *cut; /* in the order in which they are given */
    size_t count, given, taken;
    int here;     /* ranks that have come */
    double *cost; /* seconds of a cut of a kind, as last seen; 0: not yet */
    size_t kinds;
    size_t wanted, finished; /* for the reporter */
} dealer;

/* ---- which cuts ---- */

/* Large cuts first, so that nobody is left with one at the end; automata by passes. */
static int compare_cuts(const void *a, const void *b)
{
    const open_cut *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind > y->kind ? -1 : 1;
    return x->orbit < y->orbit ? -1 : x->orbit > y->orbit;
}

static cutropy_status find_open(dealer *d)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = d->run->setting->f;
    const ct_orbits *orbits = d->run->orbits;
    const size_t pixels = (size_t)f->pixels;
    d->kinds = pixels / 2 + CT_PASSES + 1;
    CT_NEW_ZERO(d->cost, d->kinds);
    CT_NEW(d->cut, orbits->count);
    for (size_t i = 0; i < orbits->count; i++) {
        const cutropy_record *record = &d->run->records[i];
        const uint64_t *mask = orbits->mask + i * orbits->words;
        size_t kind = (size_t)cutropy_mask_pixels(mask, orbits->words);
        if (record->elsewhere)
            continue;
        d->wanted++;
        d->finished += record->done || record->failed;
        if (record->done || record->failed)
            continue; /* what lacks its proofs alone goes again as a whole */
        kind = kind < pixels - kind ? kind : pixels - kind;
        if (f->storage == CT_AUTOMATON)
            CT_TRY(ct_part_pass(f, mask, &kind));
        d->cut[d->count++] = (open_cut){(uint32_t)i, (uint32_t)kind};
    }
    qsort(d->cut, d->count, sizeof *d->cut, compare_cuts);
done:
    return status;
}

/* How many of the next cuts go together: as many as take PIECE seconds, fewer towards the end; all of one pass of automata. */
static size_t piece_size(const dealer *d)
{
    const ct_setting *setting = d->run->setting;
    const size_t left = d->count - d->given, kind = d->cut[d->given].kind;
    const size_t share = left / (2 * (size_t)d->run->team->ranks->count) + 1;
    const bool is_pass = setting->f->storage == CT_AUTOMATON;
    size_t most =
        d->cost[kind] > 0 ? (size_t)(PIECE / d->cost[kind]) : FIRST * (size_t)setting->threads;
    most = most < MOST ? most : MOST;
    most = most < share ? most : share;
    most = is_pass ? (kind < CT_PASSES ? left : 1) : most ? most : 1;
    size_t size = 1;
    while (size < most && d->cut[d->given + size].kind == kind)
        size++;
    return size;
}

static cutropy_status give(dealer *d, int rank)
{
    player *p = &d->player[rank];
    const ct_ranks *ranks = d->run->team->ranks;
    if (!p->here || p->given || d->given == d->count)
        return CUTROPY_OK;
    ct_fields line = {0};
    uint64_t size = piece_size(d);
    ct_fields_begin(&line, "piece");
    ct_field_word(&line, &size);
    for (size_t i = 0; i < size; i++) {
        uint64_t orbit = d->cut[d->given + i].orbit;
        ct_field_word(&line, &orbit);
    }
    ct_fields_end(&line);
    p->given = size;
    p->kind = d->cut[d->given].kind;
    p->since = ct_now();
    d->given += size;
    return ct_ranks_post(ranks, rank, CT_BOX_SOLVER, &line);
}

/* ---- what ranks say ---- */

static cutropy_status fail_of(const dealer *d, int rank, cutropy_status status, const char *text)
{
    return ct_fail(status, "rank %d (%s): %s", rank, d->run->host[rank], text);
}

/* What cannot be read for want of memory says nothing of the rank. */
static cutropy_status check_room(const ct_fields *fields)
{
    return fields->no_memory ? ct_fail_memory("message of another rank", CT_HOST) : CUTROPY_OK;
}

static cutropy_status hear_hello(dealer *d, int rank, ct_fields *fields)
{
    cutropy_status status = CUTROPY_OK;
    ct_identity theirs = {0};
    const char *ours = d->run->team->output ? d->run->team->output : "";
    char *version = NULL, *host = NULL, *output = NULL, text[CT_CONTRAST_SIZE + 160];
    uint64_t number = 0;
    ct_field_word(fields, &number);
    ct_field_text(fields, &version);
    ct_field_text(fields, &host);
    ct_field_text(fields, &output);
    CT_TRY(check_room(fields));
    if (number != d->run->team->runs) /* it came late to an earlier one */
        goto done;
    snprintf(d->run->host[rank], CT_HOST, "%s", host ? host : "");
    if (!version || strcmp(version, ct_build_name())) {
        snprintf(text, sizeof text, "is cutropy %.64s, and rank 0 is %.64s",
                 version ? version : "of an unknown version", ct_build_name());
        CT_TRY(fail_of(d, rank, CUTROPY_EINPUT, text));
    }
    if (!output || strcmp(output, ours) != 0) {
        snprintf(text, sizeof text,
                 "has '-o %.100s', and rank 0 '-o %.100s': one output, the same for all ranks",
                 output ? output : "", ours);
        CT_TRY(fail_of(d, rank, CUTROPY_EINPUT, text));
    }
    ct_identity_fields(fields, &theirs);
    CT_TRY(check_room(fields));
    const int differs = ct_identity_differs(&theirs, d->run->identity);
    if (!ct_fields_done(fields))
        CT_TRY(fail_of(d, rank, CUTROPY_EINTERNAL, "sends what no rank says"));
    if (differs >= 0) {
        char contrast[CT_CONTRAST_SIZE];
        ct_identity_contrast(&theirs, d->run->identity, differs, contrast);
        snprintf(text, sizeof text, "does not do the work of rank 0: its %s", contrast);
        CT_TRY(fail_of(d, rank, CUTROPY_EINPUT, text));
    }
    d->here += !d->player[rank].here;
    d->player[rank].here = true;
done:
    ct_identity_free(&theirs);
    ct_free(version);
    ct_free(host);
    ct_free(output);
    return status;
}

/* A cut that failed elsewhere may have room here. */
static cutropy_status take_record(dealer *d, int rank, size_t orbit)
{
    cutropy_record *record = &d->run->records[orbit];
    d->finished++;
    if (record->failed && rank) {
        ct_record_free(record);
        record->failed = 0;
        return CUTROPY_OK;
    }
    return ct_journal_put(d->run->setting->journal, orbit, record);
}

static cutropy_status hear_done(dealer *d, int rank, ct_fields *fields, const ct_message *message,
                                size_t place)
{
    cutropy_status status = CUTROPY_OK;
    player *p = &d->player[rank];
    const size_t quantities = d->run->setting->quantity_count, count = d->run->orbits->count;
    char key[CT_KEY];
    size_t orbit, records = 0;
    for (int stage = 0; stage < CT_STAGES; stage++) {
        double seconds;
        ct_field_double(fields, &seconds);
        d->run->seconds[stage] += seconds;
    }
    while (ct_fields_next(message->bytes, message->size, &place, fields, key)) {
        if (strcmp(key, "cut") ||
            !ct_record_line_take(fields, quantities, d->run->records, count, &orbit))
            break;
        records++;
        CT_TRY(take_record(d, rank, orbit));
    }
    CT_TRY(check_room(fields));
    if (place < message->size || records != p->given)
        CT_TRY(fail_of(d, rank, CUTROPY_EINTERNAL, "answers with other cuts than it was given"));
    d->cost[p->kind] = (ct_now() - p->since) / (double)records;
    d->taken += records;
    p->given = 0;
done:
    return status;
}

static cutropy_status hear_failed(const dealer *d, int rank, ct_fields *fields)
{
    int status;
    char *text = NULL;
    ct_field_int(fields, &status);
    ct_field_text(fields, &text);
    if (rank)
        fail_of(d, rank, (cutropy_status)status, text ? text : "");
    else
        ct_error_restore((cutropy_status)status, text ? text : "");
    ct_free(text);
    return (cutropy_status)status;
}

static cutropy_status hear(dealer *d, const ct_message *message)
{
    cutropy_status status = CUTROPY_OK;
    ct_fields fields = {0};
    char key[CT_KEY];
    size_t place = 0;
    if (message->lost)
        return ct_fail(CUTROPY_EDEVICE, "rank %d (%s) is lost: %s", message->from,
                       d->run->host[message->from], message->why);
    if (!message->bytes)
        return CUTROPY_OK;
    if (!ct_fields_next(message->bytes, message->size, &place, &fields, key))
        return fail_of(d, message->from, CUTROPY_EINTERNAL, "sends what no rank says");
    if (!strcmp(key, "failed"))
        return hear_failed(d, message->from, &fields);
    CT_TRY(strcmp(key, "done") ? hear_hello(d, message->from, &fields)
                               : hear_done(d, message->from, &fields, message, place));
    CT_TRY(give(d, message->from));
done:
    return status;
}

/* ---- the run ---- */

/* When all cuts are done, the table wants nothing of a rank that did not come or has no memory. */
static cutropy_status do_without(dealer *d, int rank, cutropy_status status)
{
    ct_team *team = d->run->team;
    if (!rank || d->taken < d->count || (status != CUTROPY_EDEVICE && status != CUTROPY_EMEMORY))
        return status;
    d->here += !d->player[rank].here;
    d->player[rank].here = true;
    if (!team->lost++)
        ct_error_save(team->why, sizeof team->why);
    return CUTROPY_OK;
}

static void *solve_here(void *context)
{
    const ct_shared_run *run = context;
    if (run->setting->digits)
        ct_certify_thread();
    (void)ct_ranks_serve(run); /* which says itself what went wrong */
    return NULL;
}

static cutropy_status deal(dealer *d)
{
    cutropy_status status = CUTROPY_OK;
    const ct_ranks *ranks = d->run->team->ranks;
    while (d->taken < d->count || d->here < ranks->count) { /* the last one too may do other work */
        const bool stop = ct_report("cuts", d->finished, d->wanted, d->run->reporter);
        if (stop && d->taken == d->count) { /* the launcher ends all where one rank ends early */
            snprintf(d->run->team->why, sizeof d->run->team->why,
                     "stopped before all ranks had come");
            break;
        }
        if (stop)
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped after %zu of %zu different cuts",
                           d->finished, d->wanted));
        const ct_message message = ranks->receive(ranks, CT_BOX_DEALER, WAIT);
        status = hear(d, &message);
        free(message.bytes);
        if (status != CUTROPY_OK)
            CT_TRY(do_without(d, message.from, status));
    }
done:
    return status;
}

cutropy_status ct_ranks_say_how_to_go_on(const ct_shared_run *run, cutropy_status status)
{
    cutropy_journal *journal = run->setting->journal;
    char text[400];
    if (status != CUTROPY_EDEVICE || !journal)
        return status;
    ct_error_save(text, sizeof text);
    if (cutropy_journal_flush(journal) == CUTROPY_OK && cutropy_journal_exists(journal))
        return ct_fail(status, "%s; the same call with --resume goes on", text);
    return ct_error_restore(status, text);
}

cutropy_status ct_ranks_deal(const ct_shared_run *run)
{
    cutropy_status status = CUTROPY_OK;
    dealer d = {.run = run, .here = run->team->lost};
    pthread_t solver;
    bool solves = false;
    run->team->runs++;
    CT_NEW_ZERO(d.player, run->team->ranks->count);
    for (int r = 0; r < run->team->ranks->count; r++)
        snprintf(run->host[r], CT_HOST, "not heard of yet");
    CT_TRY(find_open(&d));
    solves = !pthread_create(&solver, NULL, solve_here, (void *)run);
    if (!solves)
        CT_TRY(ct_fail(CUTROPY_EMEMORY, "no thread can be created (limits: ulimit -u and -v)"));
    CT_TRY(deal(&d));
done:
    status = ct_ranks_say_how_to_go_on(run, status);
    if (solves) {
        ct_ranks_end(run->team->ranks, 0);
        pthread_join(solver, NULL);
    }
    ct_free(d.cost);
    ct_free(d.cut);
    ct_free(d.player);
    return status;
}
