/* cutropy_verify: collects the facts of every cut, then has them judged. */
#include "analysis/verify.h"

#include <stdio.h>
#include <string.h>

#include "analysis/moved.h"
#include "analysis/product.h"
#include "analysis/range.h"
#include "analysis/range_cut.h"
#include "base/bits.h"
#include "base/parallel.h"
#include "engine/entropy.h"
#include "engine/plan.h"
#include "engine/run.h"
#include "engine/solve_cut.h"

#define EXTRA 4 /* cuts that a pair adds: union, intersection, two differences */

typedef struct verify_run {
    const cutropy_options *options;
    int threads;
    uint64_t memory_limit;
    const ct_backend *backend;
    ct_function f;
    ct_adjacency adjacency;
    ct_evidence *evidence;
    cutropy_ranges *ranges;
    ct_worker worker;
} verify_run;

void cutropy_verification_free(cutropy_verification *verification)
{
    if (!verification)
        return;
    cutropy_ranges_free(verification->ranges);
    ct_free(verification);
}

/* ---- the cuts
 * --------------------------------------------------------------------------------------------------
 */

/* The family, then every pixel, then what neighbours in the family make together. */
static cutropy_status extend_cuts(const cutropy_cuts *cuts, int pixels, cutropy_cuts *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = cuts->words, n = cuts->count;
    uint64_t *next;
    *out = (cutropy_cuts){.words = words};
    out->count = n + (size_t)pixels + EXTRA * (n - 1);
    CT_NEW_ZERO(out->masks, out->count * words);
    memcpy(out->masks, cuts->masks, n * words * sizeof *cuts->masks);
    next = out->masks + n * words;
    for (int i = 0; i < pixels; i++, next += words)
        ct_set_bit(next, (uint64_t)i);
    for (size_t i = 0; i + 1 < n; i++, next += EXTRA * words)
        for (size_t w = 0; w < words; w++) {
            const uint64_t p = cuts->masks[i * words + w], q = cuts->masks[(i + 1) * words + w];
            next[w] = p | q;
            next[words + w] = p & q;
            next[2 * words + w] = p & ~q;
            next[3 * words + w] = q & ~p;
        }
done:
    return status;
}

static ct_side side_of_record(const cutropy_record *record)
{
    return (ct_side){.entropy = {record->entropy, record->entropy_err},
                     .rank_lo = record->rank_lo,
                     .rank_hi = record->rank_hi,
                     .purity = record->purity_exact};
}

static ct_side side_of_row(const cutropy_result *result, size_t row)
{
    return side_of_record(&result->records[result->rows[row].record]);
}

/* What the run of all cuts tells. */
static void read_run(verify_run *run, size_t family)
{
    const cutropy_result *result = run->ranges->result;
    const size_t sites = family, extra = family + (size_t)run->f.pixels;
    ct_evidence *e = run->evidence;
    for (size_t i = 0; i < family; i++) {
        e->facts[i].range = run->ranges->rows[i];
        e->facts[i].nb = run->f.pixels - e->facts[i].range.na;
        e->facts[i].here = side_of_row(result, i);
    }
    for (size_t i = sites; i < extra; i++) {
        ct_amount here = side_of_row(result, i).entropy;
        if (i == sites || here.value > e->site.value)
            e->site = here;
    }
    for (size_t i = 0; i < e->pairs; i++) {
        const size_t at = extra + EXTRA * i;
        e->pair[i] = (ct_pair){.first = i,
                               .p = e->facts[i].here.entropy,
                               .q = e->facts[i + 1].here.entropy,
                               .both = side_of_row(result, at).entropy,
                               .meet = side_of_row(result, at + 1).entropy,
                               .p_only = side_of_row(result, at + 2).entropy,
                               .q_only = side_of_row(result, at + 3).entropy};
    }
}

/* ---- the other side of a cut, and products
 * ---------------------------------------------------------------------------------------
 */

static cutropy_status check_memory(const verify_run *run, int na)
{
    const int larger = na > run->f.pixels - na ? na : run->f.pixels - na;
    char needs[24], limit[24];
    uint64_t bytes = ct_workspace_bytes(&run->f, run->f.pixels - larger);
    if (run->f.storage != CT_SUPPORT)
        bytes += UINT64_C(4) << larger; /* the map of the larger side */
    if (bytes <= run->memory_limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "both sides of a cut of %d pixels need %s but %s may be used (--memory raises "
                   "the limit)",
                   run->f.pixels, ct_bytes_format(bytes, needs),
                   ct_bytes_format(run->memory_limit, limit));
}

/* The side that cutropy_run does not take as A: the larger one, or the larger mask. */
static void other_mask(const verify_run *run, const uint64_t *mask, int na, uint64_t *out)
{
    const size_t words = run->f.words;
    const int pixels = run->f.pixels;
    bool keep = 2 * na > pixels;
    for (size_t w = words; 2 * na == pixels && w-- > 0;) {
        uint64_t rest =
            ~mask[w] & (w + 1 == words && pixels % 64 ? ct_low_mask(pixels % 64) : ~UINT64_C(0));
        if (mask[w] == rest)
            continue;
        keep = mask[w] > rest;
        break;
    }
    for (size_t w = 0; w < words; w++)
        out[w] = keep ? mask[w] : ~mask[w];
    if (pixels % 64)
        out[words - 1] &= ct_low_mask(pixels % 64);
}

static cutropy_status solve_other(verify_run *run, const uint64_t *mask, ct_facts *facts)
{
    cutropy_status status = CUTROPY_OK;
    const ct_setting setting = {
        .f = &run->f, .backend = run->backend, .memory_limit = run->memory_limit};
    uint64_t other[CT_MAX_WORDS];
    cutropy_record record = {0};
    ct_cut cut = {.mask = other, .record = &record};
    size_t waiting = 0;
    other_mask(run, mask, facts->range.na, other);
    CT_TRY(check_memory(run, facts->range.na));
    CT_TRY(ct_cut_start(&setting, run->threads, &run->worker, &cut, &waiting));
    facts->product = cut.trivial ? 1 : ct_quotient_is_product(&cut.quotient);
    CT_TRY(ct_cuts_finish(&setting, run->threads, &run->worker, &cut, 1));
    facts->other = side_of_record(&record);
done:
    ct_cut_free(&cut);
    ct_record_free(&record);
    return status;
}

static cutropy_status find_site_products(verify_run *run)
{
    cutropy_status status = CUTROPY_OK;
    ct_quotient q = {0};
    run->evidence->product = 1;
    for (int i = 0; i < run->f.pixels && run->evidence->product == 1 && run->f.pixels > 1; i++) {
        uint64_t mask[CT_MAX_WORDS] = {0};
        ct_set_bit(mask, (uint64_t)i);
        CT_TRY(ct_quotient_build(&run->f, mask, run->backend, run->threads, &q));
        run->evidence->product = ct_quotient_is_product(&q);
        ct_quotient_free(&q);
    }
done:
    ct_quotient_free(&q);
    return status;
}

/* ---- counted images
 * ----------------------------------------------------------------------------------------------
 */

/* Images of R_r, of B, and of B with the boundary pixels of A. */
static cutropy_status count_images(verify_run *run, const uint64_t *mask, ct_facts *facts)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t strip[CT_MAX_WORDS] = {0}, rest[CT_MAX_WORDS] = {0}, rim[CT_MAX_WORDS] = {0};
    const cutropy_range *range = &facts->range;
    ct_layers layers = {0};
    CT_TRY(ct_layers_make(&run->adjacency, run->f.pixels, mask, &layers));
    for (int i = 0; i < run->f.pixels; i++)
        if (!ct_bit(mask, (uint64_t)i)) {
            ct_set_bit(rest, (uint64_t)i);
            ct_set_bit(rim, (uint64_t)i);
        }
    for (int k = 0; k < ct_layers_within(&layers, 1); k++)
        ct_set_bit(rim, (uint64_t)layers.pixel[k]);
    for (int k = 0; k < range->range_pixels; k++)
        ct_set_bit(strip, (uint64_t)layers.pixel[k]);
    CT_TRY(ct_count_extendable(&run->f, rest, run->backend, run->threads, &facts->rest_images));
    CT_TRY(ct_count_extendable(&run->f, rim, run->backend, run->threads, &facts->rim_images));
    if (range->range == CUTROPY_NO_RANGE)
        goto done;
    if (run->evidence->no_zero) /* every image of R_r is extendable */
        facts->strip_images = UINT64_C(1) << range->range_pixels;
    else
        CT_TRY(
            ct_count_extendable(&run->f, strip, run->backend, run->threads, &facts->strip_images));
done:
    ct_layers_free(&layers);
    return status;
}

/* ---- the moved function
 * ------------------------------------------------------------------------------------------------
 */

static cutropy_status solve_moved(verify_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    ct_moved moved = {0};
    cutropy_cuts moved_cuts = {0};
    cutropy_result *result = NULL;
    cutropy_options options = *run->options;
    options.quantities = NULL;
    options.quantity_count = 0;
    options.shown = NULL;
    options.use_symmetry = 0;
    CT_TRY(ct_moved_make(&run->f, run->memory_limit, &moved));
    if (!moved.problem) {
        snprintf(run->evidence->no_moved, sizeof run->evidence->no_moved, "%s", moved.why);
        goto done;
    }
    CT_TRY(ct_moved_cuts(cuts, cuts->count, run->f.pixels, &moved_cuts));
    CT_TRY(cutropy_run(moved.problem, &moved_cuts, &options, &result));
    for (size_t i = 0; i < cuts->count; i++)
        run->evidence->facts[i].moved = side_of_row(result, i);
done:
    cutropy_result_free(result);
    cutropy_cuts_free(&moved_cuts);
    ct_moved_free(&moved);
    return status;
}

/* ---- all of it
 * -------------------------------------------------------------------------------------------------
 */

static bool asked_to_stop(const verify_run *run, size_t done, double *last)
{
    const double now = ct_now();
    if (!run->options->progress || (now - *last < 0.1 && done < run->evidence->count))
        return false;
    *last = now;
    return run->options->progress("checks", done, run->evidence->count, run->options->user) != 0;
}

static cutropy_status collect_facts(verify_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    double last = 0;
    CT_TRY(find_site_products(run));
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        CT_TRY(solve_other(run, mask, &run->evidence->facts[i]));
        CT_TRY(count_images(run, mask, &run->evidence->facts[i]));
        if (asked_to_stop(run, i + 1, &last) && i + 1 < cuts->count)
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped: nothing was verified"));
    }
    CT_TRY(solve_moved(run, cuts));
done:
    return status;
}

static cutropy_status collect(verify_run *run, const cutropy_problem *problem,
                              const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_cuts extended = {0};
    ct_evidence *e = run->evidence;
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    if (!cuts->count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "no cut was asked for"));
    if (cuts->words != lattice->words)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "the cuts belong to another lattice"));
    CT_TRY(ct_choose_backend(run->options, &run->backend));
    CT_TRY(extend_cuts(cuts, lattice->pixels, &extended));
    CT_TRY(ct_ranges_run(problem, &extended, cuts->count, run->options, &run->ranges, &run->f));
    CT_TRY(ct_adjacency_make(lattice, &run->adjacency));
    e->kind = run->f.kind;
    e->no_zero = run->f.kind == CUTROPY_LABEL && run->f.value[0] != 0;
    e->count = cuts->count;
    e->pairs = cuts->count - 1;
    CT_NEW_ZERO(e->facts, e->count);
    CT_NEW_ZERO(e->pair, e->pairs);
    read_run(run, cuts->count);
    CT_TRY(collect_facts(run, cuts));
done:
    cutropy_cuts_free(&extended);
    return status;
}

cutropy_status ct_evidence_collect(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                   const cutropy_options *options, cutropy_ranges **ranges,
                                   ct_evidence *evidence)
{
    const cutropy_options standard = cutropy_default_options();
    verify_run run = {.options = options ? options : &standard, .evidence = evidence};
    *ranges = NULL;
    *evidence = (ct_evidence){0};
    run.threads = run.options->threads > 0 ? run.options->threads : ct_available_threads();
    run.memory_limit = ct_memory_limit(run.options);
    cutropy_status status = collect(&run, problem, cuts);
    if (status == CUTROPY_OK) {
        *ranges = run.ranges;
    } else {
        cutropy_ranges_free(run.ranges);
        ct_evidence_free(evidence);
    }
    ct_arena_free(&run.worker.arena);
    ct_adjacency_free(&run.adjacency);
    ct_function_free(&run.f);
    return status;
}

void ct_evidence_free(ct_evidence *evidence)
{
    ct_free(evidence->facts);
    ct_free(evidence->pair);
    *evidence = (ct_evidence){0};
}

cutropy_status cutropy_verify(const cutropy_problem *problem, const cutropy_cuts *cuts,
                              const cutropy_options *options, cutropy_verification **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_verification *v = NULL;
    ct_evidence evidence = {0};
    *out = NULL;
    CT_NEW_ZERO(v, 1);
    CT_TRY(ct_evidence_collect(problem, cuts, options, &v->ranges, &evidence));
    v->count = CUTROPY_STATEMENTS;
    ct_judge(&evidence, v->statements);
    v->held = 1;
    for (size_t i = 0; i < v->count; i++)
        v->held &= v->statements[i].verdict != CUTROPY_COUNTEREXAMPLE;
    *out = v;
    v = NULL;
done:
    cutropy_verification_free(v);
    ct_evidence_free(&evidence);
    return status;
}
