/* SPDX-License-Identifier: Apache-2.0 */
/* The side that solves. */
#include "engine/run/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/build.h"
#include "engine/cut/exact.h"
#include "engine/function/share.h"
#include "engine/record/record.h"
#include "engine/record/record_fields.h"
#include "engine/run/passes.h"

#define WAIT 1.0 /* seconds */

typedef struct solver {
    const ct_shared_run *run;
    bool over; /* rank 0 has said so, or is lost */
    cutropy_status status;
    char why[512];
} solver;

cutropy_status ct_ranks_post(const ct_ranks *ranks, int to, ct_box box, ct_fields *lines)
{
    const bool good = !lines->failed && ranks->send(ranks, to, box, lines->text, lines->length);
    const size_t bytes = lines->length;
    ct_fields_free(lines);
    return good ? CUTROPY_OK : ct_fail_memory("message to another rank (1 GiB at most)", bytes);
}

void ct_ranks_fail(const ct_ranks *ranks, cutropy_status status)
{
    ct_fields line = {0};
    int code = (int)status;
    char *text = (char *)cutropy_error();
    ct_fields_begin(&line, "failed");
    ct_field_int(&line, &code);
    ct_field_text(&line, &text);
    ct_fields_end(&line);
    (void)ct_ranks_post(ranks, 0, CT_BOX_DEALER, &line); /* else it hears that nothing comes */
}

/* No line with a check: it must come also where no memory is left. */
void ct_ranks_end(const ct_ranks *ranks, int rank)
{
    static const char end[] = "end";
    (void)ranks->send(ranks, rank, CT_BOX_SOLVER, end, strlen(end));
}

void ct_ranks_dismiss(const ct_ranks *ranks)
{
    for (int r = 1; r < ranks->count; r++)
        ct_ranks_end(ranks, r);
}

static cutropy_status say_hello(const ct_shared_run *run)
{
    ct_fields line = {0};
    const ct_ranks *ranks = run->team->ranks;
    char *version = (char *)ct_build_name(), *host = (char *)ranks->host;
    char *output = (char *)(run->team->output ? run->team->output : "");
    ct_fields_begin(&line, "hello");
    ct_field_word(&line, &run->team->runs);
    ct_field_text(&line, &version);
    ct_field_text(&line, &host);
    ct_field_text(&line, &output);
    ct_identity_fields(&line, (ct_identity *)run->identity);
    ct_fields_end(&line);
    return ct_ranks_post(ranks, 0, CT_BOX_DEALER, &line);
}

/* What a message of rank 0 says but for pieces, of which it sends one at a time. */
static void listen(solver *s, const ct_message *message)
{
    if (message->lost) {
        s->over = true;
        s->status = CUTROPY_EDEVICE;
        snprintf(s->why, sizeof s->why, "rank 0 is lost: %s", message->why);
    } else if (message->bytes && !strncmp(message->bytes, "end", strlen("end"))) {
        s->over = true;
    }
}

/* Nobody asks a rank how far it is; it asks whether to stop. */
static int ask(const char *stage, uint64_t done, uint64_t total, void *user)
{
    solver *s = user;
    const ct_ranks *ranks = s->run->team->ranks;
    (void)stage;
    (void)done;
    (void)total;
    if (!s->over) {
        const ct_message message = ranks->receive(ranks, CT_BOX_SOLVER, 0);
        listen(s, &message);
        free(message.bytes);
    }
    return s->over;
}

/* The orbits of a piece. */
static cutropy_status read_piece(const solver *s, ct_fields *fields, ct_orbits *piece,
                                 size_t **orbit)
{
    cutropy_status status = CUTROPY_OK;
    const ct_orbits *all = s->run->orbits;
    uint64_t count, number;
    ct_field_word(fields, &count);
    if (fields->failed || count > all->count)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "rank 0 sends no piece"));
    *piece = (ct_orbits){.words = all->words, .count = (size_t)count};
    CT_NEW(piece->mask, count * all->words);
    CT_NEW(*orbit, count);
    for (size_t i = 0; i < count; i++) {
        ct_field_word(fields, &number);
        if (fields->failed || number >= all->count)
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "rank 0 sends no piece"));
        memcpy(piece->mask + i * all->words, all->mask + number * all->words,
               all->words * sizeof *all->mask);
        (*orbit)[i] = (size_t)number;
    }
done:
    return status;
}

static cutropy_status send_records(const solver *s, const size_t *orbit,
                                   const cutropy_record *records, size_t count,
                                   const double *seconds)
{
    ct_fields lines = {0};
    ct_fields_begin(&lines, "done");
    for (int stage = 0; stage < CT_STAGES; stage++)
        ct_field_double(&lines, (double *)&seconds[stage]);
    ct_fields_end(&lines);
    for (size_t i = 0; i < count; i++) {
        if (!records[i].solved && !records[i].failed)
            continue;
        ct_fields_begin(&lines, "cut");
        ct_record_line_put(&lines, orbit[i], s->run->setting->quantity_count, &records[i]);
        ct_fields_end(&lines);
    }
    return ct_ranks_post(s->run->team->ranks, 0, CT_BOX_DEALER, &lines);
}

static cutropy_status solve_piece(solver *s, ct_fields *fields)
{
    cutropy_status status = CUTROPY_OK;
    ct_reporter reporter = {.progress = ask, .user = s};
    const ct_watch watch = {.report = ct_report, .user = &reporter};
    ct_setting setting = *s->run->setting;
    ct_orbits piece = {0};
    size_t *orbit = NULL;
    ct_solve_outcome outcome;
    cutropy_record *records = NULL;
    double seconds[CT_STAGES] = {0};
    setting.watch = &watch;
    setting.journal = NULL;
    CT_TRY(read_piece(s, fields, &piece, &orbit));
    CT_NEW_ZERO(records, piece.count);
    status = ct_passes(&setting, &piece, &reporter, records, &outcome, seconds);
    if (status == CUTROPY_OK)
        status = send_records(s, orbit, records, piece.count, seconds);
    else if (s->over)
        status = CUTROPY_OK; /* it was stopped */
done:
    for (size_t i = 0; records && i < piece.count; i++) {
        ct_exact_free(records[i].exact, setting.quantity_count);
        ct_record_free(&records[i]);
    }
    ct_free(records);
    ct_free(orbit);
    ct_orbits_free(&piece);
    return status;
}

cutropy_status ct_ranks_serve(const ct_shared_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const ct_ranks *ranks = run->team->ranks;
    solver s = {.run = run};
    if (ranks->rank)
        run->team->runs++;
    ct_share_past(run->team);
    CT_TRY(say_hello(run));
    while (!s.over && status == CUTROPY_OK) {
        const ct_message message = ranks->receive(ranks, CT_BOX_SOLVER, WAIT);
        ct_fields fields = {0};
        char key[CT_KEY];
        size_t place = 0;
        listen(&s, &message);
        if (!s.over && message.bytes) {
            const bool whole = ct_fields_next(message.bytes, message.size, &place, &fields, key);
            if (whole && !strcmp(key, "piece"))
                status = solve_piece(&s, &fields);
            else if (whole && !strcmp(key, "together"))
                status = ct_ranks_help(run, &fields, &s.over);
            else
                status = ct_fail(CUTROPY_EINTERNAL, "rank 0 sends what no rank understands");
        }
        free(message.bytes);
    }
    if (status == CUTROPY_OK && s.status != CUTROPY_OK)
        status = ct_error_restore(s.status, s.why);
done:
    if (status != CUTROPY_OK)
        ct_ranks_fail(ranks, status);
    return status;
}
