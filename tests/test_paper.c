/* SPDX-License-Identifier: Apache-2.0 */
/* The statements of arXiv 1710.05520 as property tests, on random functions and random cuts:
 * Theorem 1 (product functions have S = 0), Theorem 2 (S <= min(NA, NB) log 2), Theorem 3 (S <=
 * |R_r| log 2 for a function of range r), S(A) = S(B), the inequalities of entropies, what leaves S
 * unchanged, and the examples. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "ref/sample.h"
#include "ref/support.h"

static cutropy_result *run_values(cutropy_lattice *lattice, cutropy_kind kind, const void *values,
                                  const uint64_t *masks, size_t count)
{
    cutropy_problem *problem = must_values(lattice, kind, values);
    cutropy_result *result = must_run(problem, masks, count, NULL, 1, 1);
    cutropy_problem_free(problem);
    return result;
}

static int same_exact(const cutropy_record *a, const cutropy_record *b)
{
    return !memcmp(&a->purity_exact, &b->purity_exact, sizeof a->purity_exact) &&
           !memcmp(&a->tr_rho3_exact, &b->tr_rho3_exact, sizeof a->tr_rho3_exact) &&
           a->rank_lo == b->rank_lo && a->rank_hi == b->rank_hi &&
           fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err;
}

/* ---- theorem 1 ---- */

static void expect_product(cutropy_kind kind, const void *values, cutropy_lattice *lattice)
{
    uint64_t masks[63];
    for (uint64_t mask = 0; mask < 63; mask++)
        masks[mask] = mask * 4 + mask % 3;
    cutropy_result *result = run_values(lattice, kind, values, masks, 63);
    for (size_t row = 0; row < 63; row++) {
        const cutropy_record *r = row_record(result, row);
        ck_assert_msg(fabs(r->entropy) <= r->entropy_err, "S = %g, err %g", r->entropy,
                      r->entropy_err);
        ck_assert(r->entropy_err < 1e-11);
        ck_assert_int_eq(r->rank_lo, 1);
        if (kind == CUTROPY_KIND_LABEL) {
            ck_assert(r->entropy == 0 && r->renyi2 == 0 && r->purity == 1);
            ck_assert_int_eq(r->guarantee, CUTROPY_GUARANTEE_EXACT);
        }
        if (kind == CUTROPY_KIND_LABEL || kind == CUTROPY_KIND_INTEGER) {
            ck_assert_int_eq(r->rank_hi, 1);
            ck_assert(r->purity_exact.p[0] == 1 && r->purity_exact.q[0] == 1);
        }
    }
    cutropy_result_free(result);
}

START_TEST(products)
{
    uint64_t state = 1;
    cutropy_lattice *lattice = must_lattice("grid:4x2");
    for (int repeat = 0; repeat < amount(40, 10); repeat++) {
        uint8_t labels[256];
        int64_t integers[256], whole[8][2];
        double reals[256], complexes[512], factor[8][4];
        for (int i = 0; i < 8; i++)
            for (int k = 0; k < 4; k++) {
                whole[i][k & 1] =
                    (int64_t)draw_below(&state, 9) - (k & 1 ? 3 : 10); /* the first is never 0 */
                factor[i][k] =
                    ((double)draw_below(&state, 31) - 15.5) / 8; /* few bits: products are exact */
            }
        uint64_t fixed = draw(&state) & 255, pattern = draw(&state) & fixed;
        for (uint64_t s = 0; s < 256; s++) {
            double re = 1, im = 0;
            labels[s] = (s & fixed) == pattern;
            integers[s] = 1;
            reals[s] = 1;
            for (int i = 0; i < 8; i++) {
                int bit = s >> i & 1;
                double x = factor[i][bit], y = factor[i][2 + bit], swap = re * x - im * y;
                integers[s] *= whole[i][bit];
                reals[s] *= x;
                im = re * y + im * x;
                re = swap;
            }
            complexes[2 * s] = re;
            complexes[2 * s + 1] = im;
        }
        expect_product(CUTROPY_KIND_LABEL, labels, lattice);
        expect_product(CUTROPY_KIND_INTEGER, integers, lattice);
        expect_product(CUTROPY_KIND_REAL, reals, lattice);
        expect_product(CUTROPY_KIND_COMPLEX, complexes, lattice);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

/* Regression with an exponential link is a product of pixel functions; any other link is not. */
START_TEST(logistic_regression)
{
    uint64_t masks[31];
    for (uint64_t k = 0; k < 31; k++)
        masks[k] = 16 * k + 5;
    cutropy_problem *product = must_problem("logistic:link=exp", "grid:3x3");
    cutropy_result *result = must_run(product, masks, 31, NULL, 1, 1);
    for (size_t row = 0; row < 31; row++) {
        const cutropy_record *r = row_record(result, row);
        ck_assert_msg(fabs(r->entropy) <= r->entropy_err && r->entropy_err < 1e-11, "%g, err %g",
                      r->entropy, r->entropy_err);
    }
    cutropy_result_free(result);
    cutropy_problem_free(product);
    double error;
    ck_assert(entropy_of("logistic:link=sigmoid", "grid:3x3", 0x1f, &error) > 1e-6);
}
END_TEST

/* ---- theorem 2 and the inequalities of entropies ---- */

/* S of every mask of one function, and its error. */
static void all_entropies(const sample *s, cutropy_lattice *lattice, double *entropy, double *error)
{
    uint64_t masks[256], size = all_pixels(lattice) + 1;
    for (uint64_t mask = 0; mask < size; mask++)
        masks[mask] = mask;
    cutropy_result *result = run_values(lattice, s->kind, s->values, masks, size);
    for (size_t mask = 0; mask < size; mask++) {
        entropy[mask] = row_record(result, mask)->entropy;
        error[mask] = row_record(result, mask)->entropy_err;
    }
    cutropy_result_free(result);
}

/* 0 <= S <= min(NA, NB); |S(X) - S(Y)| <= S(X+Y) <= S(X) + S(Y); S(XYZ) + S(Y) <= S(XY) + S(YZ). */
START_TEST(inequalities)
{
    uint64_t state = 2;
    for (texture kind = 0; kind < TEXTURES; kind++)
        for (int repeat = 0; repeat < amount(3, 1); repeat++) {
            sample s;
            double entropy[256], error[256];
            cutropy_lattice *lattice = must_lattice(repeat & 1 ? "grid:4x2" : "chain:7:ring");
            sample_draw(kind, lattice->pixels, &state, &s);
            all_entropies(&s, lattice, entropy, error);
            uint64_t everything = all_pixels(lattice);
            for (uint64_t mask = 0; mask <= everything; mask++) {
                int na = lit_pixels(mask), nb = lattice->pixels - na;
                ck_assert(entropy[mask] >= -error[mask]);
                ck_assert(entropy[mask] <= (na < nb ? na : nb) + error[mask]);
            }
            for (int triple = 0; triple < 2000; triple++) {
                uint64_t x = draw(&state) & everything, y = draw(&state) & everything & ~x;
                uint64_t z = draw(&state) & everything & ~x & ~y;
                double slack =
                    4e-13 + error[x] + error[y] + error[x | y] + error[x | y | z] + error[y | z];
                ck_assert(entropy[x | y] <= entropy[x] + entropy[y] + slack);
                ck_assert(fabs(entropy[x] - entropy[y]) <= entropy[x | y] + slack);
                ck_assert(entropy[x | y | z] + entropy[y] <=
                          entropy[x | y] + entropy[y | z] + slack);
            }
            cutropy_lattice_free(lattice);
            sample_free(&s);
        }
}
END_TEST

/* ---- theorem 3 ---- */

/* Bonds from every pixel of A to the nearest pixel of B; 99 where there is no way. */
static void distances(const cutropy_lattice *lattice, uint64_t mask, int *distance)
{
    for (int i = 0; i < lattice->pixels; i++)
        distance[i] = mask >> i & 1 ? 99 : 0;
    for (int round = 0; round < lattice->pixels; round++)
        for (int b = 0; b < lattice->bonds; b++)
            for (int end = 0; end < 2; end++) {
                int from = lattice->bond[b][end], to = lattice->bond[b][1 - end];
                if (distance[to] > distance[from] + 1)
                    distance[to] = distance[from] + 1;
            }
}

/* 1 if extendable sA that agree on the pixels of `near` have equal rows. */
static int rows_follow(const uint8_t *labels, uint64_t everything, uint64_t mask, uint64_t near)
{
    for (uint64_t x = 0; x <= everything; x++)
        for (uint64_t y = 0; y < x; y++) {
            if ((x | y) & ~mask || (x ^ y) & near)
                continue;
            int differ = 0, lit_x = 0, lit_y = 0;
            for (uint64_t rest = 0; rest <= everything; rest++) {
                if (rest & mask)
                    continue;
                lit_x |= labels[x | rest];
                lit_y |= labels[y | rest];
                differ |= labels[x | rest] != labels[y | rest];
            }
            if (lit_x && lit_y && differ)
                return 0;
        }
    return 1;
}

/* |R_r| for the smallest r that works. */
static int range_pixels(const cutropy_lattice *lattice, const uint8_t *labels, uint64_t mask,
                        int *range)
{
    int distance[64];
    distances(lattice, mask, distance);
    for (*range = 0;; ++*range) {
        uint64_t near = 0;
        for (int i = 0; i < lattice->pixels; i++)
            if ((mask >> i & 1) && distance[i] <= *range)
                near |= UINT64_C(1) << i;
        if (near == mask || rows_follow(labels, all_pixels(lattice), mask, near))
            return lit_pixels(near);
    }
}

/* A label function made of random rules: one on every bond (reach 1), or on every bond and pairs of
 * bonds (reach 2). */
static void local_rules(const cutropy_lattice *lattice, int reach, uint64_t *state, uint8_t *labels)
{
    uint64_t rule =
        draw(state) & 0xff; /* the four pairs, then the four ends of a path of two bonds */
    for (uint64_t s = 0; s <= all_pixels(lattice); s++) {
        labels[s] = 1;
        for (int b = 0; b < lattice->bonds; b++) {
            const int *one = lattice->bond[b];
            int pair = (int)(s >> one[0] & 1) + (int)(s >> one[1] & 1);
            labels[s] &= (rule >> pair & 1) || pair == 0;
            for (int c = b + 1; reach == 2 && c < lattice->bonds; c++) {
                const int *two = lattice->bond[c];
                if (one[0] == two[0] || one[0] == two[1] || one[1] == two[0] || one[1] == two[1]) {
                    int path = pair + (int)(s >> two[0] & 1) + (int)(s >> two[1] & 1);
                    labels[s] &= path == 0 || (rule >> (3 + path) & 1);
                }
            }
        }
    }
}

START_TEST(theorem_3)
{
    uint64_t state = 3;
    int nontrivial = 0;
    for (int repeat = 0; repeat < amount(60, 12); repeat++) {
        static const char *const names[] = {"grid:3x3", "chain:9", "grid:2x4:torus", "chain:8:ring",
                                            "links:2x3"};
        cutropy_lattice *lattice = must_lattice(names[repeat % 5]);
        uint8_t labels[512];
        int reach = 1 + repeat % 2;
        local_rules(lattice, reach, &state, labels);
        if (repeat % 7 == 6)
            for (uint64_t s = 1; s <= all_pixels(lattice); s++)
                labels[s] = (uint8_t)draw_below(&state, 2);
        uint64_t masks[6];
        for (int k = 0; k < 6; k++)
            masks[k] =
                k < 3 ? (UINT64_C(1) << (2 * k + 2)) - 1 : draw(&state) & all_pixels(lattice);
        masks[2] &= all_pixels(lattice);
        cutropy_result *result = run_values(lattice, CUTROPY_KIND_LABEL, labels, masks, 6);
        for (size_t row = 0; row < 6; row++) {
            int range, pixels = range_pixels(lattice, labels, masks[row], &range);
            const cutropy_record *r = row_record(result, row);
            ck_assert_msg(r->entropy <= pixels + r->entropy_err, "S = %g > |R_%d| = %d", r->entropy,
                          range, pixels);
            ck_assert_msg(range > 0 || r->rank_hi == 1, "range 0 means one class");
            ck_assert_int_le(r->rank_hi, INT64_C(1) << pixels);
            if (repeat % 7 != 6)
                ck_assert_msg(range <= reach, "range %d from rules of reach %d", range, reach);
            if (range == 1)
                ck_assert_int_le(result->rows[row].boundary_pixels, pixels);
            nontrivial += r->entropy > 0.1 && pixels < lit_pixels(masks[row]);
        }
        cutropy_result_free(result);
        cutropy_lattice_free(lattice);
    }
    ck_assert_int_gt(nontrivial, 5);
}
END_TEST

/* ---- what leaves S unchanged ---- */

static uint64_t permute(uint64_t image, const int *target, int pixels)
{
    uint64_t out = 0;
    for (int i = 0; i < pixels; i++)
        out |= (image >> i & 1) << target[i];
    return out;
}

/* f'(perm(s) ^ flips) = f(s): the same state in another basis and order. */
START_TEST(flips_and_permutations)
{
    uint64_t state = 4;
    for (texture kind = 0; kind < TEXTURES; kind++)
        for (int repeat = 0; repeat < amount(4, 1); repeat++) {
            cutropy_lattice *lattice = must_lattice("chain:8");
            sample s;
            uint8_t moved[16 * 256];
            int target[8];
            sample_draw(kind, 8, &state, &s);
            size_t size = bytes_of_value(s.kind);
            uint64_t flips = draw(&state) & 255;
            for (int i = 0; i < 8; i++) {
                int other = (int)draw_below(&state, (uint64_t)i + 1);
                target[i] = target[other]; /* inside-out shuffle */
                target[other] = i;
            }
            for (uint64_t image = 0; image < 256; image++)
                memcpy(moved + size * (permute(image, target, 8) ^ flips),
                       (const uint8_t *)s.values + size * image, size);
            uint64_t masks[8], moved_masks[8];
            for (uint64_t k = 0; k < 8; k++) {
                masks[k] = 31 * k + 3;
                moved_masks[k] =
                    permute(masks[k], target, 8) ^ (k & 1 ? 255 : 0); /* odd: S(A) = S(B) too */
            }
            cutropy_result *x = run_values(lattice, s.kind, s.values, masks, 8);
            cutropy_result *y = run_values(lattice, s.kind, moved, moved_masks, 8);
            for (size_t row = 0; row < 8; row++) {
                const cutropy_record *a = row_record(x, row), *b = row_record(y, row);
                ck_assert_msg(fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err,
                              "%.17g, %.17g", a->entropy, b->entropy);
                ck_assert(s.kind >= CUTROPY_KIND_REAL || same_exact(a, b));
                for (int side = 0; side < 2; side++)
                    ck_assert_int_eq(row_classes(x, row, side),
                                     row_classes(y, row, side ^ (row & 1)));
            }
            cutropy_result_free(x);
            cutropy_result_free(y);
            cutropy_lattice_free(lattice);
            sample_free(&s);
        }
}
END_TEST

/* A Hadamard rotation of every pixel of an integer function: other integers, other classes, the
 * same spectrum. */
START_TEST(local_rotations)
{
    uint64_t state = 5;
    cutropy_lattice *lattice = must_lattice("chain:6");
    for (texture kind = 0; kind < LARGE_INTEGERS; kind++)
        for (int repeat = 0; repeat < amount(10, 2); repeat++) {
            sample s;
            int64_t rotated[64];
            uint64_t masks[16];
            sample_draw(kind, 6, &state, &s);
            memcpy(rotated, s.integers, sizeof rotated);
            for (int step = 1; step < 64; step *= 2)
                for (int i = 0; i < 64; i++)
                    if (!(i & step)) {
                        int64_t x = rotated[i], y = rotated[i + step];
                        rotated[i] = x + y;
                        rotated[i + step] = x - y;
                    }
            for (uint64_t k = 0; k < 16; k++)
                masks[k] = 4 * k + 1;
            cutropy_result *x = run_values(lattice, CUTROPY_KIND_INTEGER, s.integers, masks, 16);
            cutropy_result *y = run_values(lattice, CUTROPY_KIND_INTEGER, rotated, masks, 16);
            for (size_t row = 0; row < 16; row++)
                ck_assert_msg(same_exact(row_record(x, row), row_record(y, row)),
                              "texture %d, cut 0x%llx: S %.17g %.17g", (int)kind,
                              (unsigned long long)masks[row], row_record(x, row)->entropy,
                              row_record(y, row)->entropy);
            cutropy_result_free(x);
            cutropy_result_free(y);
            sample_free(&s);
        }
    cutropy_lattice_free(lattice);
}
END_TEST

/* Phases i^k on pixels turn a real function into a complex one with the same spectrum. */
START_TEST(local_phases)
{
    uint64_t state = 6, masks[8];
    cutropy_lattice *lattice = must_lattice("chain:7");
    for (int repeat = 0; repeat < amount(30, 6); repeat++) {
        sample s;
        double turned[2 * 128];
        sample_draw(repeat & 1 ? REALS : CLASS_REALS, 7, &state, &s);
        uint64_t turn = draw(&state);
        for (uint64_t image = 0; image < 128; image++) {
            int quarter = 0;
            for (int i = 0; i < 7; i++)
                quarter += image >> i & 1 ? (int)(turn >> (2 * i) & 3) : 0;
            double x = quarter & 2 ? -s.numbers[image] : s.numbers[image];
            turned[2 * image] = quarter & 1 ? 0 : x;
            turned[2 * image + 1] = quarter & 1 ? x : 0;
        }
        for (uint64_t k = 0; k < 8; k++)
            masks[k] = 13 * k + 9;
        cutropy_result *x = run_values(lattice, CUTROPY_KIND_REAL, s.numbers, masks, 8);
        cutropy_result *y = run_values(lattice, CUTROPY_KIND_COMPLEX, turned, masks, 8);
        for (size_t row = 0; row < 8; row++) {
            const cutropy_record *a = row_record(x, row), *b = row_record(y, row);
            ck_assert(fabs(a->entropy - b->entropy) <= a->entropy_err + b->entropy_err);
            ck_assert(fabs(a->purity - b->purity) < 1e-13);
        }
        cutropy_result_free(x);
        cutropy_result_free(y);
        sample_free(&s);
    }
    cutropy_lattice_free(lattice);
}
END_TEST

/* ---- examples of the paper ---- */

/* Random image sets: a volume law. +1/-1 values follow Page's average n - 1/(2 ln 2) bits at the
 * half cut of 2n pixels; labels of density d mix it with the uniform state: about H2(d) + (1 - d)
 * Page. */
START_TEST(random_sets)
{
    for (int n = 5; n <= 6; n++) {
        char text[64], lattice[16];
        double signs = 0, labels = 0, error, page = n - 0.5 / log(2);
        int seeds = amount(8, 3);
        snprintf(lattice, sizeof lattice, "chain:%d", 2 * n);
        for (int seed = 1; seed <= seeds; seed++) {
            snprintf(text, sizeof text, "random:density=0.5,seed=%d,encoding=pm1", seed);
            signs += entropy_of(text, lattice, (UINT64_C(1) << n) - 1, &error) / seeds;
            snprintf(text, sizeof text, "random:density=0.5,seed=%d", seed);
            labels += entropy_of(text, lattice, (UINT64_C(1) << n) - 1, &error) / seeds;
        }
        ck_assert_msg(fabs(signs - page) < 0.1, "n = %d: %g, Page %g", n, signs, page);
        ck_assert_msg(fabs(labels - (1 + page / 2)) < 0.3, "n = %d: %g, not near %g", n, labels,
                      1 + page / 2);
    }
}
END_TEST

/* Closed loops: an area law. A straight cut of an open lattice touches Lx vertices, whose parities
 * on the side of A are free but for one constraint: S = Lx - 1 bits at every height. */
START_TEST(loops_area_law)
{
    for (int size = 2; size <= 4; size++) {
        char text[32];
        snprintf(text, sizeof text, "links:%dx%d", size, size);
        cutropy_problem *problem = must_problem("loops", text);
        const cutropy_lattice *lattice = cutropy_problem_lattice(problem);
        cutropy_cuts cuts = must_cuts("rows", lattice);
        cutropy_result *result = must_run(problem, cuts.masks, cuts.count, NULL, 1, 1);
        ck_assert_uint_eq(cuts.count, size - 1);
        for (size_t row = 0; row < cuts.count; row++) {
            const cutropy_record *r = row_record(result, row);
            ck_assert(fabs(r->entropy - (size - 1)) <= r->entropy_err);
            ck_assert_int_eq(r->guarantee, CUTROPY_GUARANTEE_EXACT);
        }
        cutropy_result_free(result);
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(problem);
    }
}
END_TEST

CHECK_MAIN("paper", products, logistic_regression, inequalities, theorem_3, flips_and_permutations,
           local_rotations, local_phases, random_sets, loops_area_law)
