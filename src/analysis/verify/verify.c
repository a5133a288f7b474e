/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_verify: collects the facts of every cut, then has the statements decided. */
#include "analysis/verify/verify.h"

#include <float.h>
#include <string.h>

#include "analysis/range/range.h"
#include "analysis/range/range_cut.h"
#include "base/bits.h"
#include "base/parallel.h"
#include "base/report.h"
#include "engine/function/memory_limit.h"
#include "engine/function/options.h"
#include "engine/run/run.h"

#define EXTRA 4 /* cuts that a pair adds: union, intersection, two differences */

typedef struct verify_run {
    const cutropy_options *options;
    int threads;
    uint64_t memory_limit;
    cutropy_state *state;
    const ct_function *f; /* of the state */
    ct_entries entries;   /* of f, unless family->why */
    ct_amount norm;       /* their <f|f>; the error is relative */
    ct_adjacency adjacency;
    ct_family_facts *family;
    cutropy_ranges *ranges;
    size_t finished; /* cuts */
    ct_reporter reporter;
} verify_run;

void cutropy_verification_free(cutropy_verification *verification)
{
    if (!verification)
        return;
    cutropy_ranges_free(verification->ranges);
    ct_free(verification);
}

/* ---- progress
 * ------------------------------------------------------------------------------------------------
 */

/* Between the steps of a cut, so that a stop is heard in time. */
static cutropy_status check_stop(verify_run *run)
{
    return ct_report("checks", run->finished, run->family->count, &run->reporter)
               ? ct_fail(CUTROPY_ECANCELLED, "stopped: nothing was verified")
               : CUTROPY_OK;
}

/* The runs of transformed functions report as this one. */
static int report_inside(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage, (void)done, (void)total;
    return check_stop(user) != CUTROPY_OK;
}

/* ---- the cuts
 * --------------------------------------------------------------------------------------------------
 */

/* The family, then what neighbours in the family make together. */
static cutropy_status extend_cuts(const cutropy_cuts *cuts, cutropy_cuts *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = cuts->words, n = cuts->count;
    uint64_t *next;
    *out = (cutropy_cuts){.words = words};
    out->count = n + EXTRA * (n - 1);
    CT_NEW_ZERO(out->masks, out->count * words);
    memcpy(out->masks, cuts->masks, n * words * sizeof *cuts->masks);
    next = out->masks + n * words;
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

/* entropy_err is that of the decimals where they are proved; the double rounds once more. */
static ct_side side_of_row(const cutropy_result *result, size_t row)
{
    const uint32_t number = result->rows[row].record;
    const cutropy_record *record = &result->records[number];
    const double s = record->entropy;
    return (ct_side){.entropy = {s, ct_up(record->entropy_err + fabs(s) * CT_UNIT_ROUNDOFF)},
                     .purity = {record->purity, ct_up(record->purity_err + CT_UNIT_ROUNDOFF)},
                     .rank_lo = record->rank_lo,
                     .rank_hi = record->rank_hi,
                     .fraction = record->purity_exact,
                     .record = number};
}

/* What the run of all cuts tells. */
static void read_run(verify_run *run, size_t family)
{
    const cutropy_result *result = run->ranges->result;
    ct_family_facts *e = run->family;
    for (size_t i = 0; i < family; i++) {
        e->cut[i].range = run->ranges->rows[i];
        e->cut[i].nb = run->f->pixels - e->cut[i].range.na;
        e->cut[i].here = side_of_row(result, i);
    }
    for (size_t i = 0; i < e->pairs; i++) {
        const size_t at = family + EXTRA * i;
        e->pair[i] = (ct_pair){.first = i,
                               .p = e->cut[i].here,
                               .q = e->cut[i + 1].here,
                               .both = side_of_row(result, at),
                               .meet = side_of_row(result, at + 1),
                               .p_only = side_of_row(result, at + 2),
                               .q_only = side_of_row(result, at + 3)};
    }
}

/* ---- the literal road
 * ----------------------------------------------------------------------------------------------
 */

/* <f|f> once more, by a plain sum over the listed images. */
static void sum_norm(verify_run *run)
{
    const ct_entries *e = &run->entries;
    ct_family_facts *out = run->family;
    const bool integers =
        run->f->kind == CUTROPY_KIND_LABEL || run->f->kind == CUTROPY_KIND_INTEGER;
    const double count = (double)e->count;
    long double sum = 0;
    for (uint64_t i = 0; i < e->count * e->words; i++) {
        double x;
        if (integers) {
            const int64_t k = e->value ? (int64_t)e->value[i] : 1; /* k^2 < 2^62 */
            out->listed += (ct_u128)(k * k);
            sum += (long double)(k * k);
            continue;
        }
        memcpy(&x, &e->value[i], sizeof x);
        sum += (long double)x * x;
    }
    out->images = e->count;
    run->norm = (ct_amount){(double)sum, (2 * count + 8) * (double)LDBL_EPSILON + CT_UNIT_ROUNDOFF};
    out->norm_ratio =
        (ct_amount){run->norm.value / run->f->norm, run->norm.error + 8 * CT_UNIT_ROUNDOFF};
}

static void mark_layers(const ct_layers *layers, int count, uint64_t *mask)
{
    memset(mask, 0, CT_MAX_WORDS * sizeof *mask);
    for (int k = 0; k < count; k++)
        ct_set_bit(mask, (uint64_t)layers->pixel[k]);
}

static cutropy_status tally_cut(verify_run *run, const uint64_t *mask, const ct_layers *layers,
                                const cutropy_range *range, ct_tally *tally)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t strip[CT_MAX_WORDS], inner[CT_MAX_WORDS];
    const bool known = range && range->range != CUTROPY_NO_RANGE;
    if (known)
        mark_layers(layers, range->range_pixels, strip);
    if (known && range->range > 0)
        mark_layers(layers, ct_layers_within(layers, range->range - 1), inner);
    CT_TRY(ct_tally_make(&run->entries, mask, known ? strip : NULL,
                         known && range->range > 0 ? inner : NULL, run->norm,
                         run->state->operations, tally));
done:
    return status;
}

/* The whole image as A, and whether every pixel is a factor. */
static cutropy_status tally_whole(verify_run *run)
{
    cutropy_status status = CUTROPY_OK;
    ct_family_facts *e = run->family;
    const int pixels = run->f->pixels;
    uint64_t mask[CT_MAX_WORDS] = {0};
    ct_literal l = {0};
    for (int i = 0; i < pixels; i++)
        ct_set_bit(mask, (uint64_t)i);
    CT_TRY(tally_cut(run, mask, NULL, NULL, &e->whole));
    e->product = 1;
    for (int i = 0; i < pixels && e->product == 1; i++) {
        memset(mask, 0, sizeof mask);
        ct_set_bit(mask, (uint64_t)i);
        CT_TRY(check_stop(run));
        CT_TRY(ct_literal_make(&run->entries, mask, &l));
        e->product = l.why ? -1 : ct_literal_is_product(&l);
        ct_literal_free(&l);
    }
done:
    ct_literal_free(&l);
    return status;
}

static cutropy_status check_memory(const verify_run *run, const cutropy_cuts *cuts)
{
    int larger = 0;
    for (size_t i = 0; i < cuts->count; i++) {
        const int na = cutropy_mask_pixels(cuts->masks + i * cuts->words, cuts->words);
        larger = na > larger ? na : larger;
        larger = run->f->pixels - na > larger ? run->f->pixels - na : larger;
    }
    uint64_t bytes = run->entries.count * (72 + 16 * run->entries.words);
    if (run->entries.image) /* the images of the larger side are numbered by their pixels */
        bytes += UINT64_C(16) << larger;
    if (bytes <= run->memory_limit)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EMEMORY,
                   "the cut matrix of %d pixels needs %s but %s may be used (--memory raises the "
                   "limit)",
                   run->f->pixels, CT_BYTES(bytes), CT_BYTES(run->memory_limit));
}

static cutropy_status list_images(verify_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    ct_family_facts *e = run->family;
    e->product = -1;
    CT_TRY(ct_entries_make(run->f, &run->entries, &e->why));
    if (e->why)
        goto done;
    CT_TRY(check_memory(run, cuts));
    sum_norm(run);
    CT_TRY(tally_whole(run));
done:
    return status;
}

/* ---- counted images
 * ----------------------------------------------------------------------------------------------
 */

/* Images of R_r, of B, and of B with the boundary pixels of A. */
static cutropy_status count_images(verify_run *run, const uint64_t *mask, const ct_layers *layers,
                                   ct_cut_facts *facts)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t strip[CT_MAX_WORDS] = {0}, rest[CT_MAX_WORDS] = {0}, rim[CT_MAX_WORDS] = {0};
    const cutropy_range *range = &facts->range;
    for (int i = 0; i < run->f->pixels; i++)
        if (!ct_bit(mask, (uint64_t)i)) {
            ct_set_bit(rest, (uint64_t)i);
            ct_set_bit(rim, (uint64_t)i);
        }
    for (int k = 0; k < ct_layers_within(layers, 1); k++)
        ct_set_bit(rim, (uint64_t)layers->pixel[k]);
    for (int k = 0; k < range->range_pixels; k++)
        ct_set_bit(strip, (uint64_t)layers->pixel[k]);
    CT_TRY(ct_count_extendable(run->f, rest, run->state->operations, run->threads,
                               &facts->rest_images));
    CT_TRY(
        ct_count_extendable(run->f, rim, run->state->operations, run->threads, &facts->rim_images));
    if (range->range == CUTROPY_NO_RANGE)
        goto done;
    if (run->family->no_zero) /* every image of R_r is extendable */
        facts->strip_images = UINT64_C(1) << range->range_pixels;
    else
        CT_TRY(ct_count_extendable(run->f, strip, run->state->operations, run->threads,
                                   &facts->strip_images));
done:
    return status;
}

/* ---- unitary matrices
 * ------------------------------------------------------------------------------------------------
 */

static cutropy_status solve_rotated(verify_run *run, const uint64_t *mask, ct_cut_facts *facts)
{
    cutropy_status status = CUTROPY_OK;
    ct_unitary unitary;
    cutropy_result *result = NULL;
    cutropy_options options = ct_options_without_quantities(run->options);
    const cutropy_cuts cut = {.words = run->f->words, .count = 1, .masks = (uint64_t *)mask};
    options.use_symmetry = options.digits = options.certify = 0;
    options.progress = run->options->progress ? report_inside : NULL;
    options.user = run;
    options.shown = NULL;
    CT_TRY(ct_unitary_make(run->f, mask, run->memory_limit, &unitary));
    facts->no_rotated = unitary.why;
    facts->reflected = unitary.reflected;
    if (unitary.why)
        goto done;
    CT_TRY(cutropy_run(unitary.problem, &cut, &options, &result));
    facts->rotated = side_of_row(result, 0);
    facts->rotated.entropy.error = ct_up(facts->rotated.entropy.error + unitary.loss);
done:
    cutropy_result_free(result);
    ct_unitary_free(&unitary);
    return status;
}

/* ---- all of it
 * -------------------------------------------------------------------------------------------------
 */

static cutropy_status collect_cut(verify_run *run, const uint64_t *mask, ct_cut_facts *facts)
{
    cutropy_status status = CUTROPY_OK;
    ct_layers layers = {0};
    CT_TRY(ct_layers_make(&run->adjacency, run->f->pixels, mask, &layers));
    CT_TRY(solve_rotated(run, mask, facts));
    CT_TRY(check_stop(run));
    CT_TRY(count_images(run, mask, &layers, facts));
    CT_TRY(check_stop(run));
    facts->tally = (ct_tally){.why = run->family->why, .product = -1, .near_product = INFINITY};
    if (!run->family->why)
        CT_TRY(tally_cut(run, mask, &layers, &facts->range, &facts->tally));
done:
    ct_layers_free(&layers);
    return status;
}

static cutropy_status collect_facts(verify_run *run, const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(list_images(run, cuts));
    for (; run->finished < cuts->count; run->finished++) {
        CT_TRY(check_stop(run));
        CT_TRY(collect_cut(run, cuts->masks + run->finished * cuts->words,
                           &run->family->cut[run->finished]));
    }
    if (run->options->progress) /* all is done: too late to stop */
        run->options->progress("checks", cuts->count, cuts->count, run->options->user);
done:
    return status;
}

static cutropy_status collect(verify_run *run, const cutropy_problem *problem,
                              const cutropy_cuts *cuts)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_cuts extended = {0};
    cutropy_options inside = *run->options;
    ct_family_facts *e = run->family;
    const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
    if (!cuts->count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "no cut was asked for"));
    if (cuts->words != lattice->words)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "the cuts belong to another lattice"));
    CT_TRY(extend_cuts(cuts, &extended));
    CT_TRY(ct_state_open_for(NULL, problem, &extended, run->options, "verification", &run->state));
    CT_TRY(ct_state_needs_words(run->state, "a verification"));
    CT_TRY(ct_state_needs_images(run->state, "a verification"));
    run->f = &run->state->f;
    inside.shown = NULL;
    CT_TRY(ct_ranges_run(run->state, &extended, cuts->count, &inside, &run->ranges));
    CT_TRY(ct_adjacency_make(lattice, &run->adjacency));
    e->kind = run->f->kind;
    e->no_zero = run->f->kind == CUTROPY_KIND_LABEL && run->f->value[0] != 0;
    e->plain = run->f->kind == CUTROPY_KIND_LABEL && !e->no_zero;
    e->norm = run->f->norm_exact;
    e->ones = run->f->ones;
    e->count = cuts->count;
    e->pairs = cuts->count - 1;
    CT_NEW_ZERO(e->cut, e->count);
    CT_NEW_ZERO(e->pair, e->pairs);
    read_run(run, cuts->count);
    CT_TRY(collect_facts(run, cuts));
done:
    cutropy_cuts_free(&extended);
    return status;
}

cutropy_status ct_family_facts_collect(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                       const cutropy_options *options, cutropy_ranges **ranges,
                                       ct_family_facts *family)
{
    verify_run run = {.options = ct_options_or_standard(options), .family = family};
    run.reporter = (ct_reporter){.progress = run.options->progress, .user = run.options->user};
    *ranges = NULL;
    *family = (ct_family_facts){0};
    run.threads = run.options->threads > 0 ? run.options->threads : ct_available_threads();
    run.memory_limit = ct_memory_limit(run.options);
    cutropy_status status = collect(&run, problem, cuts);
    if (status == CUTROPY_OK) {
        *ranges = run.ranges;
    } else {
        cutropy_ranges_free(run.ranges);
        ct_family_facts_free(family);
    }
    ct_entries_free(&run.entries);
    ct_adjacency_free(&run.adjacency);
    cutropy_state_free(run.state);
    return status;
}

void ct_family_facts_free(ct_family_facts *family)
{
    ct_free(family->cut);
    ct_free(family->pair);
    *family = (ct_family_facts){0};
}

cutropy_status cutropy_verify(const cutropy_problem *problem, const cutropy_cuts *cuts,
                              const cutropy_options *options, cutropy_verification **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_verification *v = NULL;
    ct_family_facts family = {0};
    *out = NULL;
    CT_NEW_ZERO(v, 1);
    CT_TRY(ct_family_facts_collect(problem, cuts, options, &v->ranges, &family));
    ct_decide(&family, v->statements);
    v->held = 1;
    for (size_t i = 0; i < CT_STATEMENTS; i++) {
        v->held &= v->statements[i].verdict != CUTROPY_VERDICT_FAILS;
        v->undecided += v->statements[i].verdict == CUTROPY_VERDICT_NOT_DECIDED;
    }
    *out = v;
    v = NULL;
done:
    cutropy_verification_free(v);
    ct_family_facts_free(&family);
    return status;
}

/* ---- what was found ---- */

const cutropy_ranges *cutropy_verification_ranges(const cutropy_verification *verification)
{
    return verification->ranges;
}

size_t cutropy_verification_count(const cutropy_verification *verification)
{
    (void)verification;
    return CT_STATEMENTS;
}

const cutropy_statement *cutropy_verification_statement(const cutropy_verification *verification,
                                                        size_t i)
{
    return &verification->statements[i];
}

int cutropy_verification_held(const cutropy_verification *verification)
{
    return verification->held;
}

size_t cutropy_verification_undecided(const cutropy_verification *verification)
{
    return verification->undecided;
}
