/* SPDX-License-Identifier: Apache-2.0 */
/* The cuts of a run: merged into orbits, side by side on the threads or one by one with the threads
 * inside. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/parallel.h"
#include "certify/decimal.h"
#include "engine/options.h"
#include "engine/plan.h"
#include "engine/run_state.h"

#define PIECE 64                /* cuts that a thread takes at once */
#define WAITING_BYTES (8 << 20) /* of cuts that wait for one batch of eigenvalues */

void ct_run_fail(ct_run *run, cutropy_status status)
{
    int expected = 0;
    if (__atomic_compare_exchange_n(&run->stop, &expected, 2, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE)) {
        run->failure = status;
        ct_error_save(run->failure_text, sizeof run->failure_text);
    }
}

bool ct_run_stopped(const ct_run *run)
{
    return __atomic_load_n(&run->stop, __ATOMIC_ACQUIRE) != 0;
}

bool ct_run_wants(const cutropy_options *options, cutropy_quantity_kind kind)
{
    for (size_t i = 0; i < options->quantity_count; i++)
        if (options->quantities[i].kind == kind)
            return true;
    return false;
}

/* Adds the cuts of single pixels that I(i:j) needs; site[i] = orbit of pixel i. */
static cutropy_status add_sites(ct_run *run, uint32_t *site)
{
    for (int i = 0; i < run->f->pixels; i++) {
        uint64_t mask[CUTROPY_MAX_PIXELS / 64] = {0};
        bool swapped;
        mask[i >> 6] |= UINT64_C(1) << (i & 63);
        cutropy_status status =
            ct_orbits_add(&run->orbits, run->symmetry, mask, &site[i], &swapped);
        if (status != CUTROPY_OK)
            return status;
    }
    return CUTROPY_OK;
}

cutropy_status ct_run_fill_rows(ct_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *result = run->result;
    uint32_t *site = result->sites;
    const cutropy_lattice *lattice = run->f->lattice;
    if (site) /* first, so that after Ctrl-C finished pairs have their sites */
        CT_TRY(add_sites(run, site));
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        cutropy_row *row = &result->rows[i];
        bool swapped;
        CT_TRY(ct_orbits_add(&run->orbits, run->symmetry, mask, &row->record, &swapped));
        row->swapped = swapped;
        row->na = cutropy_mask_pixels(mask, cuts->words);
        row->boundary = cutropy_boundary(lattice, mask);
        row->boundary_pixels = cutropy_boundary_pixels(lattice, mask);
        if (site && row->na != 2)
            CT_TRY(ct_fail(CUTROPY_EINPUT,
                           "mutual_information I(i:j) needs cuts of two pixels: use --cuts pairs"));
    }
done:
    return status;
}

/* I(i:j) as a sum of proved decimals, where all three have as many places. */
static cutropy_status mutual_decimals(const cutropy_record *const record[3], cutropy_row *row)
{
    for (int unit = 0; unit < 2; unit++) {
        const cutropy_exact *e[3] = {record[0]->exact, record[1]->exact, record[2]->exact};
        if (!e[0] || !e[1] || !e[2] || !e[0]->entropy[unit] || !e[1]->entropy[unit] ||
            !e[2]->entropy[unit] || e[0]->decimals[unit] != e[1]->decimals[unit] ||
            e[0]->decimals[unit] != e[2]->decimals[unit])
            continue;
        const cutropy_status status =
            ct_decimals_combine(e[0]->entropy[unit], e[1]->entropy[unit], e[2]->entropy[unit],
                                &row->mutual_information_text[unit]);
        if (status != CUTROPY_OK)
            return status;
        row->mutual_information_decimals[unit] = e[0]->decimals[unit];
    }
    return CUTROPY_OK;
}

static void take_mutual_information(const cutropy_record *const record[3], cutropy_row *row)
{
    const double i = record[0]->entropy + record[1]->entropy - record[2]->entropy;
    double error = record[0]->entropy_err + record[1]->entropy_err + record[2]->entropy_err;
    if (error > 0)
        error += 0x1p-51 * (record[0]->entropy + record[1]->entropy + record[2]->entropy + error);
    const bool known = error < fabs(i); /* else not one digit is, and 0 is as good */
    row->mutual_information = known ? i : 0;
    row->mutual_information_err = known ? error : fabs(i) + error;
}

cutropy_status ct_fill_mutual_information(cutropy_result *result)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_record *records = result->records;
    const uint32_t *site = result->sites;
    const cutropy_cuts *cuts = &result->cuts;
    for (size_t i = 0; i < cuts->count; i++) {
        cutropy_row *row = &result->rows[i];
        const cutropy_record *three[3] = {NULL, NULL, &records[row->record]};
        int known = 1, found = 0;
        for (int p = 0; p < (int)(64 * cuts->words) && found < 2; p++)
            if ((cuts->masks[i * cuts->words + (size_t)(p >> 6)] >> (p & 63)) & 1) {
                three[found++] = &records[site[p]];
                known &= records[site[p]].done;
            }
        if (found < 2)
            continue; /* refused before the run */
        take_mutual_information(three, row);
        for (int k = 0; k < 2; k++) /* a row is as good as the worst of its numbers */
            if (three[k]->guarantee > records[row->record].guarantee)
                records[row->record].guarantee = three[k]->guarantee;
        if (!known)
            records[row->record].done = 0;
        else if (three[2]->done && status == CUTROPY_OK)
            status = mutual_decimals(three, row);
    }
    return status;
}

/* ---- the stages ---- */

static cutropy_status finish_waiting(ct_run *run, int threads, ct_worker *worker, ct_cut *cuts,
                                     size_t *count, size_t *waiting)
{
    cutropy_status status = ct_cuts_finish(&run->setting, threads, worker, cuts, *count);
    __atomic_fetch_add(&run->finished, *count, __ATOMIC_RELAXED);
    *count = 0;
    *waiting = 0;
    return status;
}

/* Orbits first .. last - 1 on one thread (or, for large cuts, on all). */
static cutropy_status solve_piece(ct_run *run, size_t first, size_t last, int threads,
                                  ct_worker *worker)
{
    cutropy_status status = CUTROPY_OK;
    ct_cut cuts[PIECE];
    size_t count = 0, waiting = 0;
    for (size_t i = first; i < last && !ct_run_stopped(run); i++) {
        if (run->result->records[i].solved)
            continue;
        cuts[count] = (ct_cut){.mask = run->orbits.mask + i * run->orbits.words,
                               .record = &run->result->records[i]};
        CT_TRY(ct_cut_start(&run->setting, threads, worker, &cuts[count++], &waiting));
        if (waiting >= WAITING_BYTES)
            CT_TRY(finish_waiting(run, threads, worker, cuts, &count, &waiting));
    }
    if (!ct_run_stopped(run))
        CT_TRY(finish_waiting(run, threads, worker, cuts, &count, &waiting));
done:
    for (size_t i = 0; i < count; i++)
        ct_cut_free(&cuts[i]);
    return status;
}

static void piece_body(void *context, size_t first, size_t last, int thread)
{
    ct_run *run = context;
    if (ct_run_stopped(run))
        return;
    cutropy_status status = solve_piece(run, first, last, 1, &run->workers[thread]);
    if (status != CUTROPY_OK)
        ct_run_fail(run, status);
    else if (thread == 0 && ct_report("cuts", __atomic_load_n(&run->finished, __ATOMIC_RELAXED),
                                      run->orbits.count, &run->reporter)) {
        int expected = 0;
        __atomic_compare_exchange_n(&run->stop, &expected, 1, false, __ATOMIC_ACQ_REL,
                                    __ATOMIC_ACQUIRE);
    }
}

void ct_run_largest_needs(const ct_run *run, uint64_t *workspace, uint64_t *matrices)
{
    const ct_function *f = run->f;
    *workspace = 0;
    *matrices = 0;
    for (size_t i = 0; i < run->orbits.count; i++) {
        if (run->result->records[i].solved)
            continue;
        int na = cutropy_mask_pixels(run->orbits.mask + i * run->orbits.words, run->orbits.words);
        uint64_t quotient = ct_workspace_bytes(f, na), matrix = ct_matrix_bytes(f, na);
        *workspace = quotient > *workspace ? quotient : *workspace;
        *matrices = matrix > *matrices ? matrix : *matrices;
    }
}

cutropy_status ct_run_fits(const ct_run *run, int na)
{
    return ct_workspace_check(run->f, ct_workspace_bytes(run->f, na), run->memory_limit);
}

/* Small cuts side by side on the threads, cuts with a large workspace one by one with the threads
 * inside. */
static cutropy_status solve_by_operations(ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const size_t count = run->orbits.count, left = count - run->finished;
    uint64_t workspace, matrices;
    ct_run_largest_needs(run, &workspace, &matrices);
    CT_TRY(ct_workspace_check(run->f, workspace, run->memory_limit));
    const bool room = ct_side_by_side(workspace, matrices, run->memory_limit, run->threads);
    if (room && (left >= 2 * (size_t)run->threads || run->threads == 1)) {
        size_t grain = count / ((size_t)run->threads * 8) + 1;
        ct_parallel_for(run->threads, count, grain < PIECE ? grain : PIECE, piece_body, run);
    } else {
        for (size_t i = 0; i < count && !ct_run_stopped(run); i++) {
            if (run->result->records[i].solved)
                continue;
            CT_TRY(solve_piece(run, i, i + 1, run->threads, &run->workers[0]));
            if (ct_report("cuts", run->finished, count, &run->reporter))
                run->stop = 1;
        }
    }
done:
    return status;
}

cutropy_status ct_run_solve(ct_run *run)
{
    cutropy_status status = CUTROPY_OK;
    const size_t count = run->orbits.count;
    CT_TRY(ct_run_solve_on_devices(run));
    if (run->finished < count && !ct_run_stopped(run))
        CT_TRY(solve_by_operations(run));
    if (run->stop == 2)
        status = ct_error_restore(run->failure, run->failure_text);
    else if (run->stop == 1 && run->finished < count)
        status = ct_fail(CUTROPY_ECANCELLED, "stopped after %zu of %zu different cuts",
                         run->finished, count);
done:
    return status;
}
