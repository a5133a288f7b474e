/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of automata with weights (theorem 23): decimals of tests/ref/weights_proved.py, which sees all amplitudes; blocks of few bits, where everything
 * that is rounded shows; closed forms; regions in several orders. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "backend/operations.h"
#include "certify/weighted_block.h"
#include "certify/weighted_rank.h"
#include "check_main.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "engine/prove/proof.h"
#include "failing_allocator.h"
#include "problem/forms.h"
#include "problem/network.h"
#include "ref/schmidt.h"
#include "ref/support.h"

static cutropy_result *proved(const cutropy_problem *problem, const char *cuts, int digits)
{
    cutropy_options options = ct_default_options();
    cutropy_cuts list = must_cuts(cuts, cutropy_problem_lattice(problem));
    cutropy_result *out = NULL;
    options.solver = CT_SOLVE_FRONTIER;
    options.threads = 2;
    options.digits = digits;
    ck_assert_msg(!cutropy_run(problem, &list, &options, &out), "%s: %s", problem->text,
                  cutropy_error());
    cutropy_cuts_free(&list);
    return out;
}

/* ---- weights that another program has, too ---- */

static double weight(int k)
{
    return ((37 * k + 11) % 64 - 32) / 64.0;
}

/* b and a as they come; local: unit h has weights to pixels h and h + 1. */
static void set_rbm(ct_rbm *d)
{
    const int n = d->pixels, hidden = d->hidden;
    const bool local = hidden == n - 1;
    for (int k = 0; k < n + hidden + hidden * n; k++) {
        const int w = k - n - hidden, away = w < 0 ? 0 : w % n - w / n;
        for (int part = 0; part < d->parts; part++)
            d->weight[part][k] = local && (away < 0 || away > 1) ? 0 : weight(d->parts * k + part);
    }
}

static void set_mps(ct_mps *d)
{
    int k = 0;
    for (int i = 0; i < d->pixels; i++)
        for (int s = 0; s < 2; s++)
            for (int a = 0; a < ct_mps_bond(d, i); a++)
                for (int b = 0; b < ct_mps_bond(d, i + 1) * d->parts; b++)
                    d->tensor[((2 * i + s) * d->chi + a) * d->chi * d->parts + b] = weight(k++);
}

static void set_network(ct_network *d)
{
    int k = 0;
    for (int l = 0; l < d->count; l++) {
        ct_layer *layer = &d->layer[l];
        for (int i = 0; i < layer->outputs * layer->inputs * layer->taps; i++)
            layer->weight[i] = weight(k++);
        for (int i = 0; i < layer->outputs; i++)
            layer->bias[i] = weight(k++);
    }
}

static cutropy_problem *problem_of(const char *text, const char *lattice)
{
    cutropy_problem *problem = must_problem(text, lattice);
    if (!strncmp(text, "rbm", 3))
        set_rbm((ct_rbm *)problem->data);
    if (!strncmp(text, "mps", 3))
        set_mps((ct_mps *)problem->data);
    if (!strncmp(text, "cnn", 3))
        set_network((ct_network *)problem->data);
    return problem;
}

START_TEST(thirty_decimals)
{
    static const struct {
        const char *problem, *lattice;
        unsigned mask;
        const char *entropy;
    } rows[] = {
        {"ising", "grid:4x4", 0xf, "1.047349716109404904076227916433"},
        {"ising", "grid:4x4", 0x1f, "1.160382888361157563271751965591"},
        {"ising", "grid:4x4", 0x33, "0.959036543683703318074533897399"},
        {"ising:beta=1.7,j=0.3", "grid:5x3", 0x1f, "1.474990568562335672075789369201"},
        {"ising:beta=0.9,j=-1,h=0.25", "grid:4x3", 0xf, "1.173304049562699492690071254182"},
        {"ising:beta=0.9,j=-1,h=0.25", "grid:4x3", 0x801, "1.170098811171979300049666735308"},
        {"ising:beta=0.3,j=0.7,h=-0.5", "grid:3x4:torus", 0x7, "0.384421521157314975814293134525"},
        {"ising:beta=0.3,j=0.7,h=-0.5", "grid:3x4:torus", 0x111,
         "0.646283918525383095731358799990"},
        {"rbm:hidden=3", "grid:5x2", 0x1f, "0.404190713773521758610031585595"},
        {"rbm:hidden=3", "grid:5x2", 0x155, "0.332432867032225836994124089246"},
        {"rbm:hidden=3,complex=1", "grid:5x2", 0x7, "0.536189384966231003562543252255"},
        {"rbm:hidden=3,complex=1", "grid:5x2", 0x21, "0.308684183836711654332217146194"},
        {"rbm:hidden=9", "chain:10", 0x1f, "0.007917788872392847989634538636"},
        {"rbm:hidden=9", "chain:10", 0x55, "0.074770940871913440319475836914"},
        {"rbm:hidden=9,complex=1", "chain:10", 0x1f, "0.078231759582166442897358044104"},
        {"mps:chi=5", "chain:10", 0x1, "0.369955675173743867191339367182"},
        {"mps:chi=5", "chain:10", 0xf, "1.187020198632780968799335224128"},
        {"mps:chi=5", "chain:10", 0xff, "0.825099392293538426932178021684"},
        {"mps:chi=3,complex=1", "chain:9", 0x3, "0.243824502056151850783973588685"},
        {"mps:chi=3,complex=1", "chain:9", 0x1f, "0.135454337891017969970109732743"},
        {"cnn:kernel=2,channels=2,poolings=0,activation=relu", "chain:9", 0x7,
         "0.058031669374450420473834084753"},
        {"cnn:kernel=2,channels=2,poolings=0,activation=relu", "chain:9", 0x55,
         "0.266376491820641221002981776669"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char cut[16];
        snprintf(cut, sizeof cut, "0x%x", rows[i].mask);
        cutropy_problem *problem = problem_of(rows[i].problem, rows[i].lattice);
        cutropy_result *got = proved(problem, cut, 30);
        ck_assert_str_eq(got->storage, "weights");
        ck_assert_int_eq(row_record(got, 0)->guarantee, CUTROPY_GUARANTEE_CERTIFIED);
        ck_assert_str_eq(row_record(got, 0)->exact->entropy[0], rows[i].entropy);
        cutropy_result_free(got);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- blocks, of few bits or from steps of few bits ---- */

/* Eigenvalues of the block, ascending. */
static double *levels_of(const ct_near_block *made, double *trace)
{
    const int64_t n = made->block.n;
    double *a = calloc((size_t)(n * n), sizeof *a), *values = calloc((size_t)n, sizeof *values);
    ck_assert(a && values);
    *trace = 0;
    for (int64_t i = 0; i < n; i++) {
        *trace += (double)made->gram[i * n + i];
        for (int64_t j = i; j < n; j++)
            a[i * n + j] = a[j * n + i] = (double)made->gram[i * n + j];
    }
    ck_assert_int_eq(ct_operations_cpu()->start(1), CUTROPY_OK);
    ck_assert_int_eq(ct_operations_cpu()->eigenvectors(n, a, values), CUTROPY_OK);
    ct_operations_cpu()->stop();
    free(a);
    return values;
}

static cutropy_status keep_block(void *context, int k, ct_near_block *block)
{
    (void)k;
    *(ct_near_block *)context = *block;
    return CUTROPY_OK;
}

/* Units are powers of two, and so is what <f|f> differs by. */
static void expect_block(const cutropy_problem *problem, int k, int64_t bits, int64_t steps,
                         double *most)
{
    const int pixels = problem->lattice->pixels;
    const bool is_complex = problem->kind == CUTROPY_KIND_COMPLEX;
    const size_t numbers = (is_complex ? 2 : 1) * ((size_t)1 << pixels);
    uint16_t order[16];
    ct_weighted w = {0};
    ct_near_block made = {0};
    bool wanted[17] = {false};
    const ct_weighted_blocks blocks = {.w = &w,
                                       .wanted = wanted,
                                       .bits = bits,
                                       .steps = steps,
                                       .threads = 2,
                                       .take = keep_block,
                                       .context = &made};
    schmidt_answer right;
    double *values = malloc(numbers * sizeof *values), norm = 0, trace, off = 0;
    ck_assert_ptr_nonnull(values);
    for (int i = 0; i < pixels; i++)
        order[i] = (uint16_t)i;
    ck_assert_int_eq(problem->fill_values(problem, 0, (size_t)1 << pixels, values), CUTROPY_OK);
    for (size_t i = 0; i < numbers; i++)
        norm += values[i] * values[i];
    schmidt_solve(pixels, is_complex, values, (UINT64_C(1) << k) - 1, &right);
    ck_assert_int_eq(problem->weigh(problem, order, CT_EXACT_NUMBERS, &w), CUTROPY_OK);
    wanted[k] = true;
    ck_assert_int_eq(ct_weighted_blocks_make(&blocks), CUTROPY_OK);
    ck_assert_msg(made.block.n > 0 && made.block.words == 1,
                  "%s at %d, %d and %d bits: n = %d, words %d", problem->text, k, (int)bits,
                  (int)steps, (int)made.block.n, made.block.words);
    double *found = levels_of(&made, &trace);
    norm *= exp2(floor(log2(trace / made.copies / norm) +
                       0.2));             /* the block may lie above by more than it lies below */
    const double rounded = 1e-14 * trace; /* amplitudes, and eigenvalues here */
    ck_assert_msg(fabs(norm * made.copies - trace) <= made.slack + rounded,
                  "%s at %d, %d and %d bits: %.17g for %.17g, slack %g", problem->text, k,
                  (int)bits, (int)steps, trace, norm * made.copies, made.slack);
    int64_t at = made.block.n;
    for (size_t i = 0; i < right.count; i++)
        for (int c = 0; c < made.copies; c++) {
            const double own = at-- > 0 ? found[at] : 0, truth = (double)right.p[i] * norm;
            off += fabs(own - truth);
            ck_assert_msg(!w.single || own > truth - 1e-9 * norm, "%s: %g below %g", problem->text,
                          own, truth);
        }
    while (at-- > 0)
        off += fabs(found[at]);
    ck_assert_msg(off <= made.slack + rounded, "%s at %d, %d and %d bits: %g beside %g",
                  problem->text, k, (int)bits, (int)steps, off, made.slack);
    ck_assert(found[0] > -1e-9 * norm);
    *most = fmax(*most, off / made.slack);
    free(found);
    free(values);
    schmidt_free(&right);
    ct_near_block_free(&made);
    ct_weighted_free(&w);
}

START_TEST(blocks_of_few_bits)
{
    static const struct {
        const char *problem, *lattice;
    } cases[] = {{"ising:h=0.2", "grid:3x3"},
                 {"ising:beta=1.1,j=-1,h=0.3", "grid:2x4:torus"},
                 {"rbm:hidden=3", "chain:8"},
                 {"rbm:hidden=3,complex=1", "chain:8"},
                 {"rbm:hidden=7", "chain:8"},
                 {"mps:chi=4", "chain:8"},
                 {"mps:chi=3,complex=1", "chain:8"},
                 {"cnn:kernel=2,channels=2,poolings=0,activation=relu", "chain:8"}};
    double most[2] = {0, 0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cutropy_problem *problem = must_problem(cases[i].problem, cases[i].lattice);
        for (int k = 1; k < problem->lattice->pixels; k += 2)
            for (int few = 0; few < 8; few += 4) {
                expect_block(problem, k, 18 + few, 40, &most[0]);
                expect_block(problem, k, 36, 18 + few, &most[1]);
            }
        cutropy_problem_free(problem);
    }
    ck_assert_msg(most[0] > 0.1 && most[1] > 0.01, "only %.3g and %.3g of the slack", most[0],
                  most[1]);
}
END_TEST

/* ---- beyond enumeration ---- */

/* Two levels (1 +- 1 / cosh(beta j)) / 2; the first 34 decimals of S at beta = 1/2 by mpmath. */
START_TEST(long_chain)
{
    cutropy_problem *problem = must_problem("ising:beta=0.5", "chain:300");
    cutropy_result *got = proved(problem, "half", 34);
    ck_assert_str_eq(row_record(got, 0)->exact->entropy[0], "0.3137593212159897076526685743166144");
    ck_assert_int_eq(row_record(got, 0)->rank_lo, 2);
    cutropy_result_free(got);
    cutropy_problem_free(problem);
}
END_TEST

/* Cuts that the lattice makes equal, through orders and levels of their own; decimals are rounded correctly, so the texts are equal. */
START_TEST(orders_agree)
{
    static const char *const cuts[] = {"x<2", "y<2", "y>2", "x>2"};
    cutropy_problem *problem = must_problem("ising:beta=0.6,h=0.2", "grid:5x5");
    cutropy_problem *turned = must_problem("ising:beta=0.6,h=-0.2", "grid:5x5");
    cutropy_result *first = proved(turned, "x<2", 22);
    for (int i = 0; i < 4; i++) {
        cutropy_result *got = proved(problem, cuts[i], 22);
        ck_assert_str_eq(row_record(got, 0)->exact->entropy[0],
                         row_record(first, 0)->exact->entropy[0]);
        ck_assert_str_eq(row_record(got, 0)->exact->purity, row_record(first, 0)->exact->purity);
        cutropy_result_free(got);
    }
    cutropy_result_free(first);
    cutropy_problem_free(turned);
    cutropy_problem_free(problem);
}
END_TEST

/* Steps do not amplify what earlier ones rounded: a thousand pixels of dense matrices are proved in the first attempt. */
START_TEST(long_products)
{
    cutropy_problem *problem = must_problem("mps:chi=4,complex=1", "chain:1000");
    cutropy_options options = ct_default_options();
    cutropy_cuts cuts = must_cuts("{0-400}", cutropy_problem_lattice(problem));
    cutropy_result *plain = NULL, *got = proved(problem, "{0-400}", 20);
    plain = must_solve(problem, &cuts, &options);
    const cutropy_record *a = row_record(got, 0), *b = row_record(plain, 0);
    ck_assert_int_eq(a->guarantee, CUTROPY_GUARANTEE_CERTIFIED);
    ck_assert(fabs(a->entropy - b->entropy) <= b->entropy_err && a->entropy_err < 1e-15);
    cutropy_result_free(got);
    cutropy_result_free(plain);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

/* Cuts that share a pass, in groups that fit in memory and side by side, have the texts that each has alone. */
START_TEST(shared_passes)
{
    static const struct {
        const char *problem, *lattice, *cuts;
    } cases[] = {{"ising:h=0.3", "grid:4x3", "rows,prefixes,columns,{0,1,4,5}"},
                 {"mps:chi=3", "chain:12", "prefixes"},
                 {"cnn:kernel=2,channels=2,poolings=0,activation=relu", "chain:12", "prefixes"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cutropy_problem *problem = must_problem(cases[i].problem, cases[i].lattice);
        cutropy_result *all = proved(problem, cases[i].cuts, 25);
        for (size_t row = 0; row < all->count; row++) {
            char cut[24];
            snprintf(cut, sizeof cut, "0x%llx", (unsigned long long)all->cuts.masks[row]);
            cutropy_result *one = proved(problem, cut, 25);
            const cutropy_record *a = row_record(all, row), *b = row_record(one, 0);
            ck_assert_int_eq(a->guarantee, CUTROPY_GUARANTEE_CERTIFIED);
            ck_assert_str_eq(a->exact->entropy[0], b->exact->entropy[0]);
            ck_assert_str_eq(a->exact->purity, b->exact->purity);
            ck_assert_int_eq(a->rank_lo, b->rank_lo);
            ck_assert_int_eq(a->rank_hi, b->rank_hi);
            cutropy_result_free(one);
        }
        cutropy_result_free(all);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- ranks ---- */

/* The rank that the record has proved, after a check of its quantities renyi:0 and renyi:0.01. */
static void expect_rank(const cutropy_problem *problem, const char *cut, int64_t rank)
{
    cutropy_options options = ct_default_options();
    cutropy_cuts list = must_cuts(cut, cutropy_problem_lattice(problem));
    cutropy_quantity wanted[] = {{.kind = CUTROPY_QUANTITY_RENYI, .parameter = 0}};
    cutropy_result *got = NULL;
    options.solver = CT_SOLVE_FRONTIER;
    options.certify = true;
    options.quantities = wanted;
    options.quantity_count = 1;
    ck_assert_msg(!cutropy_run(problem, &list, &options, &got), "%s: %s", problem->text,
                  cutropy_error());
    const cutropy_record *record = row_record(got, 0);
    ck_assert_msg(record->rank_lo == rank && record->rank_hi == rank,
                  "%s, %s: rank %lld..%lld, not %lld", problem->text, cut,
                  (long long)record->rank_lo, (long long)record->rank_hi, (long long)rank);
    ck_assert_int_ne(record->guarantee, CUTROPY_GUARANTEE_FLOAT);
    ck_assert(fabs(record->extra[0] - log2((double)rank)) <= record->extra_err[0] + 1e-15 &&
              record->extra_err[0] < 1e-15);
    cutropy_result_free(got);
    cutropy_cuts_free(&list);
}

static void expect_rank_of(const char *text, const char *lattice, const char *cut, int64_t rank)
{
    cutropy_problem *problem = must_problem(text, lattice);
    expect_rank(problem, cut, rank);
    cutropy_problem_free(problem);
}

START_TEST(ranks)
{
    expect_rank_of("ising:beta=10,j=0,h=0", "grid:3x2", "0x38", 1);
    expect_rank_of("ising:beta=0.7,j=0,h=-2", "grid:7x7", "half", 1);
    expect_rank_of("ising", "grid:7x7", "half", 128);
    expect_rank_of("ising:j=1e-300", "grid:3x3", "0x7", 8); /* no level but one is above 1e-600 */
    expect_rank_of("ising:h=0.3", "grid:2x2", "0x6", 3);    /* A and B know each other's sums */
    expect_rank_of("ising", "grid:3x3", "0xb",
                   4); /* a corner: three pixels of A, two of B at the boundary */
    expect_rank_of("mps:chi=4,complex=1", "chain:12", "half", 4);
    expect_rank_of("rbm:hidden=2,complex=1", "chain:12", "half", 4);
}
END_TEST

/* What is left of bonds where matrices are padded with zeros, or rows are multiples. */
START_TEST(ranks_of_padded_products)
{
    for (int parts = 1; parts <= 2; parts++) {
        cutropy_problem *problem =
            must_problem(parts == 1 ? "mps:chi=4" : "mps:chi=4,complex=1", "chain:10");
        ct_mps *d = (ct_mps *)problem->data;
        for (int i = 0; i < d->pixels; i++)
            for (int s = 0; s < 2; s++)
                for (int a = 0; a < d->chi; a++)
                    for (int b = 0; b < d->chi * parts; b++) {
                        double *v = d->tensor + ((2 * i + s) * d->chi + a) * d->chi * parts;
                        if (a == 3 || b / parts == 3)
                            v[b] = 0;
                        if (a == 2)
                            v[b] = 2 * (v - d->chi * parts)[b];
                    }
        expect_rank(problem, "half", 2);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* Bounds of either kind beside singular values of all amplitudes in 128 bits, at all levels of small functions. */
START_TEST(ranks_of_all_levels)
{
    static const struct {
        const char *problem, *lattice;
    } cases[] = {{"ising:h=0.2", "grid:3x3"},  {"ising:beta=1.1,j=-1", "grid:2x4:torus"},
                 {"rbm:hidden=2", "chain:8"},  {"rbm:hidden=7,complex=1", "chain:8"},
                 {"mps:chi=3", "chain:9"},     {"cnn:kernel=2,channels=2,poolings=0", "chain:8"},
                 {"ising:j=0,h=1", "grid:3x3"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        cutropy_problem *problem = must_problem(cases[i].problem, cases[i].lattice);
        const int pixels = problem->lattice->pixels;
        const bool is_complex = problem->kind == CUTROPY_KIND_COMPLEX;
        double *values = malloc((sizeof *values << pixels) * 2);
        uint16_t order[16];
        ct_weighted w = {0};
        ck_assert_ptr_nonnull(values);
        for (int k = 0; k < pixels; k++)
            order[k] = (uint16_t)k;
        ck_assert_int_eq(problem->fill_values(problem, 0, (size_t)1 << pixels, values), CUTROPY_OK);
        ck_assert_int_eq(problem->weigh(problem, order, CT_EXACT_NUMBERS, &w), CUTROPY_OK);
        for (int k = 1; k < pixels; k++) {
            schmidt_answer right;
            int64_t least, most, rank = 0;
            bool fewer = true;
            schmidt_solve(pixels, is_complex, values, (UINT64_C(1) << k) - 1, &right);
            for (size_t j = 0; j < right.count; j++)
                rank += (double)right.p[j] > 1e-28; /* amplitudes are rounded */
            ck_assert_int_eq(ct_weighted_rank_least(&w, k, w.bond[k], 1e9, &least), CUTROPY_OK);
            ck_assert_int_eq(ct_weighted_rank_most(&w, k, &most), CUTROPY_OK);
            ck_assert_int_eq(ct_weighted_rank_is(&w, k, rank - 1, 1e9, &fewer), CUTROPY_OK);
            ck_assert(!fewer);
            ck_assert_msg(least == rank && most >= rank, "%s at %d: %d .. %d, not %d",
                          problem->text, k, (int)least, (int)most, (int)rank);
            schmidt_free(&right);
        }
        free(values);
        ct_weighted_free(&w);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* A rank that is open leaves a Renyi entropy of order 0 to doubles, at once, and no zeros stand for decimals that are not proved. */
START_TEST(what_ranks_leave_open)
{
    cutropy_problem *problem = must_problem("rbm:hidden=9,scale=3", "chain:40");
    cutropy_options options = ct_default_options();
    cutropy_cuts list = must_cuts("half", cutropy_problem_lattice(problem));
    cutropy_quantity wanted[] = {{.kind = CUTROPY_QUANTITY_RENYI, .parameter = 0},
                                 {.kind = CUTROPY_QUANTITY_RENYI, .parameter = 0.01}};
    ct_rbm *d = (ct_rbm *)problem->data;
    for (int h = 0; h < d->hidden;
         h++) /* one unit across the cut, of six pixels: rank 2 of 8 states */
        for (int i = 0; i < d->pixels; i++)
            if (h ? i / 4 != h : i < 17 || i > 22)
                d->weight[0][d->pixels + d->hidden + h * d->pixels + i] = 0;
    options.solver = CT_SOLVE_FRONTIER;
    options.certify = true;
    options.quantities = wanted;
    options.quantity_count = 2;
    cutropy_result *got = must_solve(problem, &list, &options);
    const cutropy_record *record = row_record(got, 0);
    ck_assert_int_eq(record->rank_lo, 2);
    ck_assert_int_eq(record->rank_hi, 8);
    ck_assert_int_eq(record->guarantee, CUTROPY_GUARANTEE_FLOAT);
    ck_assert_ptr_nonnull(record->exact->entropy[0]);
    for (int k = 0; k < 2; k++)
        ck_assert_ptr_null(record->exact->extra[2 * k]);
    cutropy_result_free(got);
    cutropy_cuts_free(&list);
    cutropy_problem_free(problem);
}
END_TEST

/* Zeros are no decimals of what is not proved to so many places, however bad the plain value is; a digit is one. */
START_TEST(zeros_that_say_nothing)
{
    static const cutropy_quantity wanted = {.kind = CUTROPY_QUANTITY_RENYI, .parameter = 0.5};
    static const char *const texts[] = {"0", "0.00000000000000000000", "0.001", "0.002"};
    static const int decimals[] = {0, 20, 3, 3};
    for (int i = 0; i < 4; i++) {
        const ct_setting setting = {.quantities = &wanted, .quantity_count = 1, .digits = 20};
        double extra = 1, extra_err = i == 3 ? 1e-4 : 3;
        cutropy_record record = {.extra = &extra, .extra_err = &extra_err};
        ct_proof p = {.setting = &setting, .record = &record};
        ck_assert_int_eq(ct_proof_start(&p), CUTROPY_OK);
        for (int unit = 0; unit < 2; unit++) {
            ct_decimal more = {.text = ct_strdup(texts[i]), .decimals = decimals[i]};
            ct_proof_offer(&more, &p.exact->extra[unit], &p.exact->extra_decimals[unit]);
        }
        ct_proof_settle(&p);
        const bool stands = i == 1 || i == 2; /* the plain value of the last one says more */
        ck_assert_int_eq(p.exact->extra[0] != NULL, stands);
        ck_assert(stands ? extra == strtod(texts[i], NULL) : extra == 1);
        ct_proof_end(&p);
        ct_exact_free(p.exact, 1);
    }
}
END_TEST

/* ---- runs that come to no end ---- */

static int stop_at_proofs(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)done;
    (void)total;
    return !strcmp(stage, user);
}

/* What was proved before stands; nothing else. */
START_TEST(stopped)
{
    static char stages[][16] = {"proofs", "certify"};
    cutropy_problem *problem = must_problem("ising", "grid:6x7");
    cutropy_cuts cuts = must_cuts("rows,columns", cutropy_problem_lattice(problem));
    for (int threads = 1; threads <= 2; threads++)
        for (int i = 0; i < 2; i++) {
            cutropy_options options = ct_default_options();
            cutropy_result *got = NULL;
            options.digits = 3;
            options.threads = threads;
            options.progress = stop_at_proofs;
            options.user = stages[i];
            ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &got), CUTROPY_ECANCELLED);
            ck_assert_ptr_nonnull(strstr(cutropy_error(), "stopped after"));
            for (size_t r = 0; got && r < got->record_count; r++)
                ck_assert(!got->records[r].done || got->records[r].exact->entropy[0]);
            cutropy_result_free(got);
        }
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

static cutropy_status small_run(const char *text)
{
    cutropy_options options = ct_default_options();
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_cuts cuts = {0};
    cutropy_result *got = NULL;
    cutropy_status status = cutropy_lattice_parse("chain:4", &lattice);
    options.solver = CT_SOLVE_FRONTIER;
    options.digits = 5;
    options.threads = 1;
    if (status == CUTROPY_OK)
        status = cutropy_problem_parse(text, lattice, &problem);
    if (status == CUTROPY_OK)
        status = cutropy_cuts_parse("prefixes", lattice, &cuts);
    if (status == CUTROPY_OK)
        status = cutropy_run(problem, &cuts, &options, &got);
    cutropy_result_free(got);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

START_TEST(memory_failures)
{
    static const char *const problems[] = {"ising:h=0.1", "mps:chi=2"};
    for (int i = 0; i < 2; i++) {
        ck_assert_int_eq(small_run(problems[i]), CUTROPY_OK); /* what is made once is there */
        for (long k = 0;; k++) {
            failing_allocator_start(k);
            const cutropy_status status = small_run(problems[i]);
            const bool fired = failing_allocator_stop();
            ck_assert_int_eq(failing_allocator_live(), 0);
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            if (!fired)
                break;
        }
    }
}
END_TEST

/* A function that is 0 whatever its states; and which function a table is of. */
START_TEST(what_is_said)
{
    cutropy_problem *problem = must_problem("cnn:scale=0", "grid:4x11");
    cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
    cutropy_result *got = NULL;
    ck_assert_int_eq(cutropy_run(problem, &cuts, NULL, &got), CUTROPY_EINPUT);
    ck_assert_msg(strstr(cutropy_error(), "zero for every image"), "%s", cutropy_error());
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    problem = must_problem("cnn:kernel=2,channels=2,poolings=0", "chain:8");
    got = proved(problem, "half", 20);
    cutropy_sheet *sheet = NULL;
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(cutropy_result_sheet(got, CUTROPY_BASE_BITS, &sheet), CUTROPY_OK);
    ck_assert_int_eq(cutropy_sheet_write(sheet, CUTROPY_FORMAT_JSON, file), CUTROPY_OK);
    fclose(file);
    ck_assert_msg(
        strstr(text, "\"proved_of\": \"f of its parameters, which are doubles; of cnn the sums of "
                     "its windows"),
        "%s", text);
    free(text);
    cutropy_sheet_free(sheet);
    cutropy_result_free(got);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(refusals)
{
    cutropy_problem *problem = must_problem("ising", "3xinf");
    cutropy_cuts cuts = must_cuts("half", cutropy_problem_lattice(problem));
    cutropy_options options = ct_default_options();
    cutropy_result *got = NULL;
    options.certify = true;
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &got), CUTROPY_EUNSUPPORTED);
    ck_assert_msg(strstr(cutropy_error(), "nothing proves decimals"), "%s", cutropy_error());
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
}
END_TEST

START_TEST(small_couplings)
{
    static const char *const problems[] = {"ising:beta=1e-300,j=1", "ising:beta=0.4,j=1e-300",
                                           "ising:beta=1e-307,j=-1e-307", "ising:beta=0.4,j=0,h=3"};
    for (int i = 0; i < 4; i++) {
        cutropy_problem *problem = must_problem(problems[i], "grid:6x7");
        cutropy_result *got = proved(problem, "half", 20);
        ck_assert_int_ne(row_record(got, 0)->guarantee, CUTROPY_GUARANTEE_FLOAT);
        ck_assert_str_eq(row_record(got, 0)->exact->entropy[0], "0.00000000000000000000");
        cutropy_result_free(got);
        cutropy_problem_free(problem);
    }
}
END_TEST

CHECK_MAIN("weighted_proofs", thirty_decimals, blocks_of_few_bits, long_chain, orders_agree,
           long_products, shared_passes, ranks, ranks_of_padded_products, ranks_of_all_levels,
           what_ranks_leave_open, zeros_that_say_nothing, stopped, memory_failures, what_is_said,
           refusals, small_couplings)
