/* SPDX-License-Identifier: Apache-2.0 */
/* A cut whose Gram matrix no rank has room for: every rank makes its own part of it (engine/cut/gram_part.h), and the eigenvalues are computed by
 * all (ct_together). Blocks that one rank has room for are rank 0's. All ranks go the same steps, and whoever cannot go one says so before it: then
 * all leave the cut, which fails as it would on one rank.
 *
 *     to rank 0        ready STATUS TEXT SUMS SECONDS...   at each step
 *     from rank 0      go
 *                      leave                                of this cut */
#include "engine/run/ranks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "engine/cut/gram_part.h"
#include "engine/cut/needs.h"
#include "engine/record/journal.h"
#include "engine/record/record.h"
#include "engine/solver/cpu_cut.h"

#define WAIT 0.05 /* seconds between two looks whether to stop */

/* What ranks say of a step. */
typedef struct account {
    int status;
    char text[400];
    ct_u128 square_sum;        /* of the parts of a block */
    double seconds[CT_STAGES]; /* of the cut so far */
} account;

typedef struct cut {
    const ct_shared_run *run;
    const ct_ranks *ranks;
    const uint64_t *mask;
    uint64_t limit;    /* of rank 0: what has room within it is its own */
    size_t tried, all; /* such cuts, for the reporter of rank 0 */
    bool over;
    account mine, theirs; /* theirs: those that have come, added up */
    int come;
    ct_quotient quotient;
    ct_blocks blocks;
    ct_cut_answer answer;
    ct_block_answer *block;
    double *values;
    ct_arena arena;
} cut;

static void cut_free(cut *c)
{
    ct_arena_free(&c->arena);
    ct_free(c->values);
    ct_free(c->block);
    ct_blocks_free(&c->blocks);
    ct_quotient_free(&c->quotient);
}

/* This rank cannot go the next step; the message is kept. */
static void give_up(cut *c, cutropy_status status)
{
    if (status == CUTROPY_OK || c->mine.status != CUTROPY_OK)
        return;
    c->mine.status = (int)status;
    ct_error_save(c->mine.text, sizeof c->mine.text);
}

/* ---- what ranks say ---- */

static void put_account(ct_fields *line, account *a, char **text)
{
    uint64_t high = (uint64_t)(a->square_sum >> 64), low = (uint64_t)a->square_sum;
    ct_field_int(line, &a->status);
    ct_field_text(line, text);
    ct_field_word(line, &high);
    ct_field_word(line, &low);
    for (int stage = 0; stage < CT_STAGES; stage++)
        ct_field_double(line, &a->seconds[stage]);
    a->square_sum = (ct_u128)high << 64 | low;
}

static cutropy_status hear_ready(cut *c, int rank, ct_fields *fields)
{
    account theirs = {0};
    char *text = NULL;
    put_account(fields, &theirs, &text);
    const bool whole = ct_fields_done(fields);
    if (whole && theirs.status != CUTROPY_OK && c->theirs.status == CUTROPY_OK) {
        c->theirs.status = theirs.status;
        snprintf(c->theirs.text, sizeof c->theirs.text, "rank %d (%s): %.300s", rank,
                 c->run->host[rank], text ? text : "");
    }
    ct_free(text);
    c->theirs.square_sum += theirs.square_sum;
    for (int stage = 0; stage < CT_STAGES; stage++)
        c->theirs.seconds[stage] += theirs.seconds[stage];
    c->come++;
    if (fields->no_memory)
        return ct_fail_memory("message of another rank", sizeof theirs.text);
    return whole ? CUTROPY_OK : ct_fail(CUTROPY_EINTERNAL, "rank %d sends what no rank says", rank);
}

static cutropy_status hear_failed(const cut *c, int rank, ct_fields *fields)
{
    int status = CUTROPY_EINTERNAL;
    char *text = NULL;
    ct_field_int(fields, &status);
    ct_field_text(fields, &text);
    ct_fail((cutropy_status)status, "rank %d (%s): %s", rank, c->run->host[rank], text ? text : "");
    ct_free(text);
    return (cutropy_status)status;
}

/* What comes within so many seconds, "go" and "leave" to a rank that is not the first. */
static cutropy_status listen(cut *c, double seconds, bool *go, bool *leave)
{
    cutropy_status status = CUTROPY_OK;
    const ct_ranks *ranks = c->ranks;
    ct_fields fields = {0};
    char key[CT_KEY] = "";
    size_t place = 0;
    if (!ranks->rank && ct_report("together", c->tried, c->all, c->run->reporter))
        return ct_fail(CUTROPY_ECANCELLED,
                       "stopped before %zu different cuts of all ranks together",
                       c->all - c->tried);
    const ct_message message =
        ranks->receive(ranks, ranks->rank ? CT_BOX_SOLVER : CT_BOX_DEALER, seconds);
    if (message.lost && ranks->rank)
        return ct_fail(CUTROPY_EDEVICE, "rank 0 is lost: %s", message.why);
    if (message.lost)
        return ct_fail(CUTROPY_EDEVICE, "rank %d (%s) is lost: %s", message.from,
                       c->run->host[message.from], message.why);
    if (!message.bytes)
        return CUTROPY_OK;
    c->over |= ranks->rank && !strncmp(message.bytes, "end", strlen("end"));
    if (!c->over && !ct_fields_next(message.bytes, message.size, &place, &fields, key))
        status = ct_fail(CUTROPY_EINTERNAL, "rank %d sends what no rank says", message.from);
    else if (!ranks->rank && !strcmp(key, "ready"))
        status = hear_ready(c, message.from, &fields);
    else if (!ranks->rank && !strcmp(key, "failed"))
        status = hear_failed(c, message.from, &fields);
    *go |= !strcmp(key, "go");
    *leave |= !strcmp(key, "leave");
    if (c->over)
        status = ct_fail(CUTROPY_ECANCELLED, "rank 0 has ended the run");
    free(message.bytes);
    return status;
}

static cutropy_status say(const ct_ranks *ranks, int to, const char *key)
{
    ct_fields line = {0};
    ct_fields_begin(&line, key);
    ct_fields_end(&line);
    return ct_ranks_post(ranks, to, CT_BOX_SOLVER, &line);
}

/* Rank 0: whether all go the next step. A failure that is no cut's own ends the run. */
static cutropy_status decide(cut *c, bool *go)
{
    cutropy_status status = CUTROPY_OK;
    bool nothing = false;
    while (c->come < c->ranks->count - 1)
        CT_TRY(listen(c, WAIT, &nothing, &nothing));
    if (c->mine.status == CUTROPY_OK && c->theirs.status != CUTROPY_OK) {
        c->mine.status = c->theirs.status;
        snprintf(c->mine.text, sizeof c->mine.text, "%s", c->theirs.text);
    }
    *go = c->mine.status == CUTROPY_OK;
    for (int r = 1; r < c->ranks->count; r++)
        CT_TRY(say(c->ranks, r, *go ? "go" : "leave"));
    if (!*go && !ct_fails_alone((cutropy_status)c->mine.status))
        CT_TRY(ct_error_restore((cutropy_status)c->mine.status, c->mine.text));
done:
    return status;
}

/* Every rank: says how it stands, and hears whether all go on. */
static cutropy_status agree(cut *c, bool *go)
{
    cutropy_status status = CUTROPY_OK;
    bool leave = false;
    *go = false;
    if (!c->ranks->rank) {
        CT_TRY(decide(c, go));
        goto done;
    }
    ct_fields line = {0};
    char *text = c->mine.text;
    ct_fields_begin(&line, "ready");
    put_account(&line, &c->mine, &text);
    ct_fields_end(&line);
    CT_TRY(ct_ranks_post(c->ranks, 0, CT_BOX_DEALER, &line));
    while (!*go && !leave)
        CT_TRY(listen(c, WAIT, go, &leave));
done:
    return status;
}

/* What the ranks said has been read; the next block begins with nothing. */
static void forget_sums(cut *c)
{
    c->theirs = (account){0};
    c->come = 0;
    c->mine.square_sum = 0;
}

/* ---- one cut ---- */

static cutropy_status open_cut(cut *c)
{
    cutropy_status status = CUTROPY_OK;
    const ct_setting *s = c->run->setting;
    const ct_function *f = s->f;
    int64_t levels = 0;
    char why[256];
    double last = ct_now();
    if (!c->ranks->together->can(why, sizeof why))
        CT_TRY(ct_fail(CUTROPY_EMEMORY, "%s", why));
    CT_TRY(ct_workspace_check(f, ct_workspace_bytes(f, cutropy_mask_pixels(c->mask, f->words)),
                              s->memory_limit));
    CT_TRY(ct_quotient_build(f, c->mask, s->backend, s->threads, &c->quotient));
    ct_lap(&c->mine.seconds[CT_STAGE_QUOTIENT], &last);
    if (c->quotient.storage == CT_Q_DENSE)
        CT_TRY(ct_fail(CUTROPY_EMEMORY, "labels +-1 of a list are shared by none"));
    CT_TRY(ct_blocks_find(&c->quotient, &c->blocks));
    ct_lap(&c->mine.seconds[CT_STAGE_BLOCKS], &last);
    for (int64_t b = 0; b < c->blocks.count; b++) {
        const int64_t rows = ct_block_size(&c->blocks, b, 0),
                      columns = ct_block_size(&c->blocks, b, 1);
        levels += rows < columns ? rows : columns;
    }
    CT_NEW_ZERO(c->block, c->blocks.count);
    CT_NEW(c->values, levels);
    c->answer = (ct_cut_answer){.kind = c->quotient.kind,
                                .classes = {c->quotient.side[0].count, c->quotient.side[1].count},
                                .blocks = c->blocks.count,
                                .block = c->block,
                                .quotient = &c->quotient,
                                .members = &c->blocks};
done:
    return status;
}

/* The part of this rank, filled; its sums. */
static cutropy_status make_part(cut *c, int64_t b, const ct_grid *grid)
{
    cutropy_status status = CUTROPY_OK;
    const ct_setting *s = c->run->setting;
    const ct_together *together = c->ranks->together;
    char why[256], needs[24], limit[24];
    double last = ct_now();
    const uint64_t bytes = together->bytes(grid, c->ranks->rank) + ct_quotient_bytes(&c->quotient) +
                           ct_gram_part_bytes(&c->quotient, &c->blocks, b, grid, c->ranks->rank);
    if (bytes > s->memory_limit)
        CT_TRY(ct_fail(CUTROPY_EMEMORY, "its share needs %s but %s may be used",
                       ct_bytes_format(bytes, needs), ct_bytes_format(s->memory_limit, limit)));
    double *part = together->open(c->ranks, grid, why, sizeof why);
    if (!part)
        CT_TRY(ct_fail(CUTROPY_EMEMORY, "%s", why));
    CT_TRY(ct_gram_part_fill(&c->quotient, &c->blocks, b, s->backend, s->threads, grid,
                             c->ranks->rank, part, &c->mine.square_sum));
    ct_lap(&c->mine.seconds[CT_STAGE_GRAM], &last);
done:
    return status;
}

/* Eigenvalues of the matrix, of which every rank has its part ready. */
static cutropy_status compute(cut *c, double *values)
{
    cutropy_status status = CUTROPY_OK;
    const ct_together *together = c->ranks->together;
    char why[256];
    double last = ct_now();
    bool nothing = false;
    int state = 0;
    if (!together->begin(c->ranks, why, sizeof why)) /* the others are inside already */
        CT_TRY(ct_fail(CUTROPY_EDEVICE, "%s", why));
    while (!state) {
        state = together->wait(c->ranks, WAIT, values, why, sizeof why);
        if (!state)
            CT_TRY(listen(c, 0, &nothing, &nothing));
    }
    if (state == -2)
        CT_TRY(ct_fail(CUTROPY_EDEVICE, "the ranks have lost each other: %s", why));
    if (state == -1)
        give_up(c, ct_fail(CUTROPY_ENUMERIC, "%s: %s", together->name, why));
    ct_lap(&c->mine.seconds[CT_STAGE_EIGENVALUES], &last);
done:
    return status;
}

static cutropy_status solve_shared(cut *c, int64_t b, int64_t n, double *values, bool *go)
{
    cutropy_status status = CUTROPY_OK;
    const ct_grid grid = ct_gram_grid(n, c->ranks->count);
    ct_block_answer *out = &c->block[b];
    out->size[0] = ct_block_size(&c->blocks, b, 0);
    out->size[1] = ct_block_size(&c->blocks, b, 1);
    out->values = values;
    if (c->mine.status == CUTROPY_OK)
        give_up(c, make_part(c, b, &grid));
    CT_TRY(agree(c, go));
    out->square_sum = c->mine.square_sum + c->theirs.square_sum;
    forget_sums(c);
    if (*go)
        CT_TRY(compute(c, values));
done:
    c->ranks->together->leave(c->ranks);
    return status;
}

/* One that rank 0 has room for. */
static cutropy_status solve_alone(cut *c, int64_t b, double *values)
{
    const ct_setting *s = c->run->setting;
    const ct_solver_setting setting = {.f = s->f,
                                       .operations = s->backend,
                                       .threads = s->threads,
                                       .memory_limit = s->memory_limit};
    double last = ct_now();
    const cutropy_status status =
        ct_cpu_answer_block(&setting, &c->quotient, &c->blocks, b, s->watch, &c->arena, values,
                            &c->answer, &c->block[b]);
    ct_lap(&c->mine.seconds[CT_STAGE_EIGENVALUES], &last);
    if (status != CUTROPY_OK && !ct_fails_alone(status))
        return status;
    give_up(c, status);
    return CUTROPY_OK;
}

/* All steps; afterwards c->mine.status says whether the cut is solved. */
static cutropy_status solve(cut *c)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t each = ct_entry_bytes(c->run->setting->f);
    double *values;
    bool go;
    give_up(c, open_cut(c));
    CT_TRY(agree(c, &go));
    forget_sums(c);
    values = c->values;
    for (int64_t b = 0; go && b < c->blocks.count; b++) {
        const int64_t rows = ct_block_size(&c->blocks, b, 0),
                      columns = ct_block_size(&c->blocks, b, 1),
                      n = rows < columns ? rows : columns;
        if (n > 2 && (uint64_t)(n * n) * each > c->limit)
            CT_TRY(solve_shared(c, b, n, values, &go));
        else if (!c->ranks->rank && c->mine.status == CUTROPY_OK)
            CT_TRY(solve_alone(c, b, values));
        values += n;
    }
    if (go)
        CT_TRY(agree(c, &go));
done:
    return status;
}

cutropy_status ct_ranks_help(const ct_shared_run *run, ct_fields *fields, bool *over)
{
    cutropy_status status = CUTROPY_OK;
    cut c = {.run = run, .ranks = run->team->ranks};
    uint64_t orbit = 0;
    ct_field_word(fields, &orbit);
    ct_field_word(fields, &c.limit);
    if (!ct_fields_done(fields) || orbit >= run->orbits->count || !c.ranks->together)
        return ct_fail(CUTROPY_EINTERNAL, "rank 0 sends what no rank understands");
    c.mask = run->orbits->mask + orbit * run->orbits->words;
    status = solve(&c);
    cut_free(&c);
    *over = c.over;
    return c.over ? CUTROPY_OK : status;
}

/* ---- all of them ---- */

/* Whether the ranks could do together what none of them can: labels, whose matrices are much larger than they are themselves. Values take
 * as much memory as the largest matrix of their cuts. */
static bool is_possible(const ct_shared_run *run)
{
    const ct_setting *s = run->setting;
    return run->team->ranks->together && run->team->ranks->count > 1 && !run->team->lost &&
           !s->digits && s->f->kind == CUTROPY_KIND_LABEL &&
           (s->f->storage == CT_SUPPORT || s->f->storage == CT_TABLE);
}

static cutropy_status ask_all(const cut *c, size_t orbit)
{
    cutropy_status status = CUTROPY_OK;
    for (int r = 1; r < c->ranks->count; r++) {
        ct_fields line = {0};
        uint64_t number = orbit, limit = c->limit;
        ct_fields_begin(&line, "together");
        ct_field_word(&line, &number);
        ct_field_word(&line, &limit);
        ct_fields_end(&line);
        CT_TRY(ct_ranks_post(c->ranks, r, CT_BOX_SOLVER, &line));
    }
done:
    return status;
}

/* The failed record becomes one that is solved, or fails with what the ranks lack. */
static cutropy_status take(const cut *c, size_t orbit)
{
    cutropy_status status = (cutropy_status)c->mine.status;
    cutropy_record *record = &c->run->records[orbit], solved = {0};
    bool postponed;
    if (status != CUTROPY_OK)
        ct_fail(CUTROPY_EMEMORY, "%s; %d ranks together: %s", record->failure, c->ranks->count,
                c->mine.text);
    else
        status = ct_record_make(c->run->setting, c->mask, c->run->setting->threads, &c->answer,
                                true, &postponed, &solved);
    if (status != CUTROPY_OK)
        return ct_fails_alone(status) ? ct_record_fail(record, status) : status;
    ct_record_free(record);
    *record = solved;
    c->run->team->joined++;
    return ct_journal_put(c->run->setting->journal, orbit, record);
}

static cutropy_status join(const ct_shared_run *run, size_t orbit, size_t tried, size_t all)
{
    cutropy_status status = CUTROPY_OK;
    cut c = {.run = run,
             .ranks = run->team->ranks,
             .mask = run->orbits->mask + orbit * run->orbits->words,
             .limit = run->setting->memory_limit,
             .tried = tried,
             .all = all};
    CT_TRY(ask_all(&c, orbit));
    CT_TRY(solve(&c));
    for (int stage = 0; stage < CT_STAGES; stage++)
        run->seconds[stage] += c.mine.seconds[stage] + c.theirs.seconds[stage];
    CT_TRY(take(&c, orbit));
done:
    cut_free(&c);
    return status;
}

cutropy_status ct_ranks_join(const ct_shared_run *run)
{
    cutropy_status status = CUTROPY_OK;
    size_t tried = 0, all = 0;
    if (!is_possible(run))
        return CUTROPY_OK;
    for (size_t i = 0; i < run->orbits->count; i++)
        all += run->records[i].failed == CUTROPY_EMEMORY;
    for (size_t i = 0; i < run->orbits->count; i++)
        if (run->records[i].failed == CUTROPY_EMEMORY)
            CT_TRY(join(run, i, tried++, all));
done:
    return ct_ranks_say_how_to_go_on(run, status);
}
