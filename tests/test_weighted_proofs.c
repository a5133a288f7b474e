/* SPDX-License-Identifier: Apache-2.0 */
/* Proofs of automata with weights (theorem 23): decimals of tests/ref/weights_proved.py, which sees all amplitudes; blocks of few bits, where everything
 * that is rounded shows; closed forms; regions in several orders. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "backend/operations.h"
#include "certify/weighted_block.h"
#include "check_main.h"
#include "engine/options.h"
#include "engine/result.h"
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

/* Units are powers of two, and so is what <f|f> differs by. */
static void expect_block(const cutropy_problem *problem, int k, int64_t bits, int64_t steps,
                         double *most)
{
    const int pixels = problem->lattice->pixels;
    const bool is_complex = problem->kind == CUTROPY_KIND_COMPLEX;
    const size_t numbers = (is_complex ? 2 : 1) * ((size_t)1 << pixels);
    uint16_t order[16];
    ct_weighted w = {0};
    ct_near_block made;
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
    ck_assert_int_eq(ct_weighted_block_make(&w, k, bits, steps, 2, NULL, &made), CUTROPY_OK);
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
    ck_assert_int_eq(cutropy_run(problem, &cuts, &options, &plain), CUTROPY_OK);
    const cutropy_record *a = row_record(got, 0), *b = row_record(plain, 0);
    ck_assert_int_eq(a->guarantee, CUTROPY_GUARANTEE_CERTIFIED);
    ck_assert(fabs(a->entropy - b->entropy) <= b->entropy_err && a->entropy_err < 1e-15);
    cutropy_result_free(got);
    cutropy_result_free(plain);
    cutropy_cuts_free(&cuts);
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
        cutropy_problem *problem = must_problem(problems[i], "grid:7x7");
        cutropy_result *got = proved(problem, "half", 20);
        ck_assert_int_ne(row_record(got, 0)->guarantee, CUTROPY_GUARANTEE_FLOAT);
        ck_assert_str_eq(row_record(got, 0)->exact->entropy[0], "0.00000000000000000000");
        cutropy_result_free(got);
        cutropy_problem_free(problem);
    }
}
END_TEST

CHECK_MAIN("weighted_proofs", thirty_decimals, blocks_of_few_bits, long_chain, orders_agree,
           long_products, refusals, small_couplings)
