/* SPDX-License-Identifier: Apache-2.0 */
/* Matrix product states contracted against all values of their functions; bond dimensions against the oracle. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "analysis/export/mps.h"
#include "check_main.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "failing_allocator.h"
#include "input/npz_write.h"
#include "ref/sample.h"
#include "ref/support.h"

#define PRIME ((UINT64_C(1) << 61) - 1)

__extension__ typedef unsigned __int128 wide;

static uint64_t residue(int64_t x)
{
    return x >= 0 ? (uint64_t)x % PRIME : PRIME - (uint64_t)-x % PRIME;
}

static cutropy_mps *must_make(cutropy_state *state, cutropy_mps_form form, double cutoff)
{
    cutropy_mps *mps = NULL;
    cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
    wanted.form = form;
    wanted.cutoff = cutoff;
    ck_assert_msg(!cutropy_mps_make(state, &wanted, NULL, &mps), "%s", cutropy_error());
    return mps;
}

static size_t numbers_of(const cutropy_mps *mps, int site)
{
    return 2 * (size_t)cutropy_mps_bond(mps, site) * (size_t)cutropy_mps_bond(mps, site + 1);
}

/* product[image][right] of the sites so far, times one more; parts 1: residues, 2: long double pairs. */
static uint64_t *times_integers(const uint64_t *product, size_t images, size_t left, size_t right,
                                const int64_t *site)
{
    uint64_t *out = calloc(2 * images * right, sizeof *out);
    for (size_t s = 0; s < images; s++)
        for (size_t bit = 0; bit < 2; bit++)
            for (size_t a = 0; a < left; a++)
                for (size_t b = 0; product[s * left + a] && b < right; b++) {
                    uint64_t *to = &out[(s + bit * images) * right + b];
                    const uint64_t x = residue(site[(a * 2 + bit) * right + b]);
                    *to = (uint64_t)((*to + (wide)product[s * left + a] * x) % PRIME);
                }
    return out;
}

/* Are all of its numbers 64-bit integers? */
static bool fits(const cutropy_mps *mps)
{
    bool good = true;
    for (int k = 0; k < cutropy_mps_sites(mps) && good; k++) {
        int64_t denominator, *site = calloc(numbers_of(mps, k), sizeof *site);
        good = cutropy_mps_integers(mps, k, site, &denominator) == CUTROPY_OK;
        free(site);
    }
    return good;
}

/* All values times the product of the denominators are those of the sites, modulo a prime. */
static void check_integers(const cutropy_mps *mps, const int64_t *values)
{
    const int sites = cutropy_mps_sites(mps);
    uint64_t *product = calloc(1, sizeof *product), scale = 1;
    *product = 1;
    for (int k = 0; k < sites; k++) {
        int64_t denominator, *site = calloc(numbers_of(mps, k), sizeof *site);
        ck_assert_int_eq(cutropy_mps_kind(mps, k), CUTROPY_KIND_INTEGER);
        ck_assert_msg(!cutropy_mps_integers(mps, k, site, &denominator), "%s", cutropy_error());
        ck_assert_int_gt(denominator, 0);
        uint64_t *next = times_integers(product, (size_t)1 << k, (size_t)cutropy_mps_bond(mps, k),
                                        (size_t)cutropy_mps_bond(mps, k + 1), site);
        scale = (uint64_t)((wide)scale * residue(denominator) % PRIME);
        free(product);
        free(site);
        product = next;
    }
    bool good = true;
    for (size_t s = 0; s < (size_t)1 << sites; s++)
        good = good && product[s] == (uint64_t)((wide)residue(values[s]) * scale % PRIME);
    ck_assert(good);
    free(product);
}

/* Numbers of a site as pairs. */
static long double *pairs_of(const cutropy_mps *mps, int site)
{
    const size_t count = numbers_of(mps, site);
    const cutropy_kind kind = cutropy_mps_kind(mps, site);
    long double *out = calloc(2 * count, sizeof *out);
    int64_t *integers = calloc(count, sizeof *integers), denominator;
    double *reals = calloc(2 * count, sizeof *reals);
    if (kind == CUTROPY_KIND_INTEGER) {
        ck_assert_int_eq(cutropy_mps_integers(mps, site, integers, &denominator), CUTROPY_OK);
        ck_assert_int_eq(denominator, 1);
    } else
        ck_assert_int_eq(cutropy_mps_reals(mps, site, reals), CUTROPY_OK);
    for (size_t i = 0; i < count; i++) {
        out[2 * i] = kind == CUTROPY_KIND_INTEGER ? (long double)integers[i]
                     : kind == CUTROPY_KIND_REAL  ? reals[i]
                                                  : reals[2 * i];
        out[2 * i + 1] = kind == CUTROPY_KIND_COMPLEX ? reals[2 * i + 1] : 0;
    }
    free(integers);
    free(reals);
    return out;
}

/* The 2^N amplitudes of the sites, pairs. */
static long double *contract(const cutropy_mps *mps)
{
    long double *product = calloc(2, sizeof *product);
    product[0] = 1;
    for (int k = 0; k < cutropy_mps_sites(mps); k++) {
        const size_t left = (size_t)cutropy_mps_bond(mps, k), images = (size_t)1 << k,
                     right = (size_t)cutropy_mps_bond(mps, k + 1);
        long double *site = pairs_of(mps, k), *next = calloc(4 * images * right, sizeof *next);
        for (size_t s = 0; s < images; s++)
            for (size_t bit = 0; bit < 2; bit++)
                for (size_t a = 0; a < left; a++)
                    for (size_t b = 0; b < right; b++) {
                        const long double *p = product + 2 * (s * left + a),
                                          *q = site + 2 * ((a * 2 + bit) * right + b);
                        long double *to = next + 2 * ((s + bit * images) * right + b);
                        to[0] += p[0] * q[0] - p[1] * q[1];
                        to[1] += p[0] * q[1] + p[1] * q[0];
                    }
        free(product);
        free(site);
        product = next;
    }
    return product;
}

static long double value_at(const oracle_function *f, size_t i, int part)
{
    return f->integers ? (part ? 0 : (long double)f->integers[i])
           : f->reals  ? (part ? 0 : f->reals[i])
                       : f->complexes[2 * i + (size_t)part];
}

/* || f / |f| - MPS || is not larger than the error says; returns it. */
static double check_error(const cutropy_mps *mps, const oracle_function *f)
{
    const size_t images = (size_t)1 << f->pixels;
    long double norm = 0, off = 0, *all = contract(mps);
    for (size_t i = 0; i < 2 * images; i++)
        norm += value_at(f, i / 2, i % 2) * value_at(f, i / 2, i % 2);
    norm = sqrtl(norm);
    for (size_t i = 0; i < 2 * images; i++) {
        const long double difference = value_at(f, i / 2, i % 2) / norm - all[i];
        off += difference * difference;
    }
    free(all);
    ck_assert_double_le((double)sqrtl(off), cutropy_mps_error(mps));
    return (double)sqrtl(off);
}

/* Every site but the first is an isometry to its right. */
static void check_isometries(const cutropy_mps *mps)
{
    for (int k = 1; k < cutropy_mps_sites(mps); k++) {
        const size_t left = (size_t)cutropy_mps_bond(mps, k), columns = numbers_of(mps, k) / left;
        long double *site = pairs_of(mps, k), worst = 0;
        for (size_t a = 0; a < left; a++)
            for (size_t b = 0; b < left; b++) {
                long double sum[2] = {-(long double)(a == b), 0};
                for (size_t c = 0; c < columns; c++) {
                    const long double *p = site + 2 * (a * columns + c),
                                      *q = site + 2 * (b * columns + c);
                    sum[0] += p[0] * q[0] + p[1] * q[1];
                    sum[1] += p[1] * q[0] - p[0] * q[1];
                }
                worst = fmaxl(worst, hypotl(sum[0], sum[1]));
            }
        ck_assert_ldouble_lt(worst, 1e-13L);
        free(site);
    }
}

/* ---- random functions of every kind ---- */

/* Different non-zero rows of a prefix cut, naively. */
static int64_t count_rows(const oracle_function *f, int k)
{
    const size_t rows = (size_t)1 << k, columns = (size_t)1 << (f->pixels - k);
    int64_t count = 0;
    for (size_t i = 0; i < rows; i++) {
        bool zero = true, known = false;
        for (size_t c = 0; c < columns; c++)
            zero = zero && value_at(f, i | c << k, 0) == 0 && value_at(f, i | c << k, 1) == 0;
        for (size_t j = 0; j < i && !known && !zero; j++) {
            known = true;
            for (size_t c = 0; c < columns && known; c++)
                for (int part = 0; part < 2; part++)
                    known = known && value_at(f, i | c << k, part) == value_at(f, j | c << k, part);
        }
        count += !zero && !known;
    }
    return count;
}

static void check_sample(const sample *s)
{
    char name[24];
    snprintf(name, sizeof name, "chain:%d", s->pixels);
    cutropy_lattice *lattice = must_lattice(name);
    cutropy_problem *problem = must_values(lattice, s->kind, s->values);
    cutropy_state *state = must_levels(problem, NULL);
    const bool whole = s->kind == CUTROPY_KIND_LABEL || s->kind == CUTROPY_KIND_INTEGER;

    cutropy_mps *classes = must_make(state, CUTROPY_MPS_CLASSES, 0);
    for (int k = 0; k <= s->pixels; k++)
        ck_assert_int_eq(cutropy_mps_bond(classes, k),
                         k < s->pixels ? count_rows(&s->function, k) : 1);
    if (whole)
        check_integers(classes, s->integers);
    else {
        long double *all = contract(classes); /* one product is not 0: exact */
        for (size_t i = 0; i < (size_t)2 << s->pixels; i++)
            ck_assert(all[i] == value_at(&s->function, i / 2, i % 2));
        free(all);
    }
    cutropy_mps_free(classes);

    if (whole) {
        cutropy_mps *rank = must_make(state, CUTROPY_MPS_RANK, 0);
        for (int k = 0; k <= s->pixels; k++)
            ck_assert_int_eq(cutropy_mps_bond(rank, k),
                             oracle_rank(&s->function, (UINT64_C(1) << k) - 1));
        if (fits(rank)) /* others: the tests of Python */
            check_integers(rank, s->integers);
        cutropy_mps_free(rank);
    }

    for (int rough = 0; rough < 2; rough++) {
        cutropy_mps *orthogonal = must_make(state, CUTROPY_MPS_ORTHOGONAL, rough ? 0.02 : 0);
        double weight = 0;
        for (int k = 1; k < s->pixels; k++) {
            weight += cutropy_mps_discarded(orthogonal, k);
            ck_assert_double_le(cutropy_mps_discarded(orthogonal, k), rough ? 0.02 : 1e-25);
        }
        const double error = check_error(orthogonal, &s->function);
        ck_assert_double_le(error, sqrt(weight) + 1e-13); /* truncations are orthogonal */
        ck_assert_double_le(cutropy_mps_error(orthogonal), sqrt(weight) * (1 + 1e-5) + 1e-11);
        check_isometries(orthogonal);
        cutropy_mps_free(orthogonal);
    }
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}

START_TEST(functions_of_every_kind)
{
    uint64_t random = 20261129;
    for (int round = 0; round < amount(4, 1); round++)
        for (int kind = 0; kind < TEXTURES; kind++) {
            sample s;
            sample_draw((texture)kind, 4 + (int)draw_below(&random, 5), &random, &s);
            check_sample(&s);
            sample_free(&s);
        }
}
END_TEST

/* ---- one function, whoever knows it ---- */

static char *file_of(const cutropy_problem *problem, const char *solver, cutropy_mps_form form,
                     size_t *size)
{
    char path[] = "export_XXXXXX.npz";
    cutropy_options *options = must_options("solver", solver, NULL);
    cutropy_state *state = must_levels(problem, options);
    cutropy_mps *mps = must_make(state, form, 0);
    cutropy_state_free(state); /* is not needed any more */
    close(mkstemps(path, 4));
    ck_assert_msg(!cutropy_mps_save(mps, path, NULL), "%s", cutropy_error());
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(1 << 20);
    *size = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    remove(path);
    cutropy_mps_free(mps);
    cutropy_options_free(options);
    return bytes;
}

START_TEST(solvers_write_the_same_file)
{
    static const char *const cases[][2] = {
        {"connected", "3x4"},      {"independent-set", "4x3"}, {"percolation", "3x3"},
        {"pixel-loops", "4x4"},    {"still-life", "3x3"},      {"rectangle", "3x3:torus"},
        {"mirror", "4x2"},         {"contains", "3x3"},        {"bars-stripes", "3x4"},
        {"weight:k=3", "chain:9"}, {"parity", "chain:1"},      {"ghz", "chain:7"},
        {"majority", "chain:10"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int form = 0; form < 3; form++) {
            size_t size[2];
            cutropy_problem *problem = must_problem(cases[i][0], cases[i][1]);
            char *a = file_of(problem, "frontier", (cutropy_mps_form)form, &size[0]),
                 *b = file_of(problem, "enumerate", (cutropy_mps_form)form, &size[1]);
            ck_assert_uint_eq(size[0], size[1]);
            ck_assert(!memcmp(a, b, size[0]));
            free(a);
            free(b);
            cutropy_problem_free(problem);
        }
}
END_TEST

/* Those of linear equations, too; and on lattices beyond, where they are narrow. */
START_TEST(equations_write_the_same_file)
{
    static const char *const cases[][2] = {{"loops", "links:2x3"},
                                           {"loops", "links:2x2:torus"},
                                           {"loops:contractible=1", "links:2x3:torus"},
                                           {"parity:odd=1", "chain:9"},
                                           {"mirror", "4x3"},
                                           {"ghz", "chain:6"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int form = 0; form < 2; form++) {
            size_t size[2];
            cutropy_problem *problem = must_problem(cases[i][0], cases[i][1]);
            char *a = file_of(problem, "affine", (cutropy_mps_form)form, &size[0]),
                 *b = file_of(problem, "enumerate", (cutropy_mps_form)form, &size[1]);
            ck_assert_uint_eq(size[0], size[1]);
            ck_assert(!memcmp(a, b, size[0]));
            free(a);
            free(b);
            cutropy_problem_free(problem);
        }
    static const char *const large[][2] = {
        {"parity:odd=1", "chain:77"}, {"mirror", "5x20"}, {"ghz", "chain:90"}};
    for (size_t i = 0; i < sizeof large / sizeof large[0]; i++) {
        size_t size[2];
        cutropy_problem *problem = must_problem(large[i][0], large[i][1]);
        char *a = file_of(problem, "affine", CUTROPY_MPS_CLASSES, &size[0]),
             *b = file_of(problem, "frontier", CUTROPY_MPS_CLASSES, &size[1]);
        ck_assert_uint_eq(size[0], size[1]);
        ck_assert(!memcmp(a, b, size[0]));
        free(a);
        free(b);
        cutropy_problem_free(problem);
    }
    cutropy_problem *torus = must_problem("loops", "links:8x8:torus");
    cutropy_mps *mps = NULL;
    cutropy_state *state = must_levels(torus, NULL);
    ck_assert_int_eq(cutropy_mps_make(state, NULL, NULL, &mps), CUTROPY_EMEMORY);
    ck_assert_msg(strstr(cutropy_error(), "have 2^50 states after 57 of its pixels") != NULL, "%s",
                  cutropy_error());
    cutropy_state_free(state);
    cutropy_problem_free(torus);
}
END_TEST

/* Sites in another order: the bonds are the ranks of its cuts, whoever knows the function; and orders that are none. */
START_TEST(order_of_the_sites)
{
    static const char *const cases[][3] = {{"loops", "links:2x3:torus", "affine"},
                                           {"connected", "3x4", "frontier"}};
    static const char *const solvers[] = {"", "enumerate"};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_problem *problem = must_problem(cases[i][0], cases[i][1]);
        int order[12], columns[12];
        uint64_t mask[11] = {0};
        for (int k = 0; k < 12; k++)
            order[k] = (5 * k + 7) % 12;
        for (int k = 0; k < 11; k++)
            mask[k] = (k ? mask[k - 1] : 0) | UINT64_C(1) << order[k];
        cutropy_result *ranks = must_run(problem, mask, 11, NULL, 1, 0);
        ck_assert_int_eq(cutropy_mps_order("columns", cutropy_problem_lattice(problem), columns),
                         CUTROPY_OK);
        for (int s = 0; s < 2; s++) {
            cutropy_mps *mps = NULL;
            cutropy_options *options = must_options(NULL);
            ck_assert_int_eq(cutropy_options_set(options, "solver", s ? solvers[1] : cases[i][2]),
                             CUTROPY_OK);
            cutropy_state *state = must_state(problem, options);
            cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
            wanted.form = CUTROPY_MPS_RANK;
            wanted.order = order;
            ck_assert_msg(!cutropy_mps_make(state, &wanted, NULL, &mps), "%s", cutropy_error());
            for (int k = 1; k < 12; k++)
                ck_assert_int_eq(cutropy_mps_bond(mps, k),
                                 row_record(ranks, (size_t)k - 1)->rank_lo);
            cutropy_mps_free(mps);
            wanted.size =
                offsetof(cutropy_mps_options, order); /* of a program that does not know it */
            ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_OK);
            ck_assert_int_eq(cutropy_mps_bond(mps, 1), 2);
            cutropy_mps_free(mps);
            wanted.size = sizeof wanted;
            order[3] = 12;
            ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_EINPUT);
            order[3] = order[4];
            ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_EINPUT);
            ck_assert_ptr_null(mps);
            order[3] = (5 * 3 + 7) % 12;
            cutropy_state_free(state);
            cutropy_options_free(options);
        }
        cutropy_result_free(ranks);
        cutropy_problem_free(problem);
    }
    cutropy_lattice *lattice = must_lattice("3x2");
    int order[6], expected[6] = {0, 3, 1, 4, 2, 5};
    static const char *const bad[] = {"pixel\n0\n1\n2\n3\n4\n", "pixel\n0\n1\n2\n3\n4\n4\n",
                                      "pixel\n0\n1\n2\n3\n4\n6\n", "place\n0\n1\n2\n3\n4\n5\n",
                                      "pixel\n0\n1\n2\n3\n4\nx\n"};
    ck_assert_int_eq(cutropy_mps_order("columns", lattice, order), CUTROPY_OK);
    ck_assert_mem_eq(order, expected, sizeof order);
    ck_assert_int_eq(cutropy_mps_order("spectral", lattice, order), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_mps_order("/nowhere/order.csv", lattice, order), CUTROPY_EIO);
    char path[] = "order_XXXXXX.csv";
    close(mkstemps(path, 4));
    for (size_t i = 0; i <= sizeof bad / sizeof bad[0]; i++) {
        FILE *file = fopen(path, "w");
        const bool good = i == sizeof bad / sizeof bad[0];
        fputs(good ? "place,pixel\n0,0\n1,3\n2,1\n3,4\n4,2\n5,5\n" : bad[i], file);
        fclose(file);
        memset(order, -1, sizeof order);
        ck_assert_int_eq(cutropy_mps_order(path, lattice, order),
                         good ? CUTROPY_OK : CUTROPY_EINPUT);
    }
    ck_assert_mem_eq(order, expected, sizeof order);
    remove(path);
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(lists_of_many_words)
{
    /* of 70 pixels: three images, 0..01, 10..01 and 1..10: two classes from the second pixel on */
    const uint64_t images[][2] = {{0, 32}, {1, 32}, {~UINT64_C(0), 31}};
    cutropy_lattice *lattice = must_lattice("chain:70");
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(cutropy_problem_from_images("three", lattice, images[0], 3, &problem),
                     CUTROPY_OK);
    cutropy_state *state = must_levels(problem, NULL);
    for (int form = 0; form < 3; form++) {
        cutropy_mps *mps = must_make(state, (cutropy_mps_form)form, 0);
        for (int k = 0; k <= 70; k++)
            ck_assert_int_eq(cutropy_mps_bond(mps, k), k == 0 || k == 70 ? 1 : 2);
        ck_assert_double_lt(cutropy_mps_error(mps), 1e-12);
        cutropy_mps_free(mps);
    }
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}
END_TEST

/* Ranks of 2^64 images: those of the table of entropies, from other matrices by other primes. */
START_TEST(ranks_beyond_enumeration)
{
    static const char *const cases[][2] = {
        {"independent-set", "8x8"}, {"pixel-loops", "7x7"}, {"rectangle", "8x8"}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        cutropy_problem *problem = must_problem(cases[i][0], cases[i][1]);
        cutropy_cuts cuts = must_cuts("rows", cutropy_problem_lattice(problem));
        cutropy_result *result = NULL;
        cutropy_options *options = must_options("solver", "frontier", NULL);
        cutropy_state *state = must_levels(problem, NULL);
        ck_assert_msg(!cutropy_state_run(state, &cuts, options, &result), "%s", cutropy_error());
        cutropy_mps *rank = must_make(state, CUTROPY_MPS_RANK, 0),
                    *classes = must_make(state, CUTROPY_MPS_CLASSES, 0);
        for (size_t row = 0; row < cuts.count; row++) {
            const int k = cutropy_mask_pixels(cuts.masks + row, 1);
            ck_assert_int_eq(cutropy_mps_bond(rank, k), row_record(result, row)->rank_lo);
            ck_assert_int_eq(cutropy_mps_bond(rank, k), row_record(result, row)->rank_hi);
            ck_assert_int_eq(cutropy_mps_bond(classes, k), row_classes(result, row, 0));
        }
        cutropy_mps_free(rank);
        cutropy_mps_free(classes);
        cutropy_result_free(result);
        cutropy_state_free(state);
        cutropy_options_free(options);
        cutropy_cuts_free(&cuts);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- large fractions ---- */

START_TEST(numbers_of_more_than_64_bits)
{
    cutropy_problem *problem = must_problem("random:seed=3", "chain:14");
    size_t unfit = 0;
    cutropy_state *state = must_levels(problem, NULL);
    cutropy_mps *mps = must_make(state, CUTROPY_MPS_RANK, 0);
    for (int k = 0; k < 14; k++) {
        int64_t denominator, *site = calloc(numbers_of(mps, k), sizeof *site);
        const cutropy_status status = cutropy_mps_integers(mps, k, site, &denominator);
        ck_assert(status == CUTROPY_OK || status == CUTROPY_EUNSUPPORTED);
        unfit += status != CUTROPY_OK;
        ck_assert_int_eq(cutropy_mps_bond(mps, k), 1 << (k < 7 ? k : 14 - k));
        free(site);
    }
    ck_assert_uint_gt(unfit, 0);
    cutropy_mps_free(mps);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

/* ---- what is refused ---- */

/* Random bytes do not shrink: the archive ends before they do. */
START_TEST(archives_that_are_too_large)
{
    static uint8_t noise[100000];
    static const size_t lengths[] = {100, 700, 860, 870, 880, 900, 990, 1000, 5000, 100000};
    uint64_t random = 1;
    for (size_t i = 0; i < sizeof noise; i++) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        noise[i] = (uint8_t)(random >> 56);
    }
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        FILE *file = fopen("/dev/null", "wb");
        ct_npz_writer writer = ct_npz_start(file);
        writer.limit = 1000;
        const ct_npz_array array = {.name = "noise",
                                    .type = "|u1",
                                    .item = 1,
                                    .dimensions = 1,
                                    .shape = {lengths[i]},
                                    .data = noise};
        const cutropy_status status = ct_npz_finish(&writer, ct_npz_add(&writer, &array));
        ck_assert_msg(status == (i < 2 ? CUTROPY_OK : CUTROPY_EUNSUPPORTED), "%zu bytes: %s",
                      lengths[i], cutropy_error());
        fclose(file);
    }
}
END_TEST

static int stop_third(void *user)
{
    return ++*(int *)user == 3;
}

/* A long array is stopped inside: asked before its header, its first piece and its second one. */
START_TEST(an_array_is_stopped)
{
    const uint64_t length = 40 << 20;
    uint8_t *zeros = calloc(length, 1);
    int asked = 0;
    FILE *file = fopen("/dev/null", "wb");
    ct_npz_writer writer = ct_npz_start(file);
    writer.stop = stop_third;
    writer.user = &asked;
    const ct_npz_array array = {.name = "long",
                                .type = "|u1",
                                .item = 1,
                                .dimensions = 1,
                                .shape = {length},
                                .data = zeros};
    ck_assert_int_eq(ct_npz_finish(&writer, ct_npz_add(&writer, &array)), CUTROPY_ECANCELLED);
    ck_assert_int_eq(asked, 3);
    fclose(file);
    free(zeros);
}
END_TEST

static int stop_while_written(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)done, (void)total, (void)user;
    return !strcmp(stage, "sites written");
}

START_TEST(refused)
{
    cutropy_problem *problem = must_problem("ising", "chain:6");
    cutropy_mps *mps = NULL;
    cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
    cutropy_state *state = must_levels(problem, NULL);
    wanted.form = CUTROPY_MPS_RANK;
    ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_null(mps);
    wanted.form = CUTROPY_MPS_CLASSES;
    wanted.cutoff = 0.1;
    ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_EINPUT);
    wanted.form = CUTROPY_MPS_ORTHOGONAL;
    static const double bad[] = {-0.1, 1, 2, NAN};
    for (int i = 0; i < 4; i++) {
        wanted.cutoff = bad[i];
        ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_EINPUT);
    }
    wanted = (cutropy_mps_options){.size = 3};
    ck_assert_int_eq(cutropy_mps_make(state, &wanted, NULL, &mps), CUTROPY_EINPUT);
    ck_assert_int_eq(cutropy_mps_make(state, NULL, NULL, &mps), CUTROPY_OK);
    int64_t integer, denominator;
    ck_assert_int_eq(cutropy_mps_integers(mps, 5, &integer, &denominator), CUTROPY_EUNSUPPORTED);
    double real;
    ck_assert_int_eq(cutropy_mps_reals(mps, 0, &real), CUTROPY_EUNSUPPORTED);
    ck_assert_int_eq(cutropy_mps_save(mps, "no-such-folder/x.npz", NULL), CUTROPY_EIO);
    cutropy_options stopping = ct_default_options();
    cutropy_options_set_progress(&stopping, stop_while_written, NULL);
    ck_assert_int_eq(cutropy_mps_save(mps, "stopped.npz", &stopping), CUTROPY_ECANCELLED);
    ck_assert_str_eq(cutropy_error(), "stopped while array form was written");
    ck_assert_int_ne(access("stopped.npz", F_OK), 0);
    cutropy_mps_free(mps);
    cutropy_mps_form form;
    ck_assert(!cutropy_mps_form_named("mps", &form));
    ck_assert(cutropy_mps_form_named("orthogonal", &form) && form == CUTROPY_MPS_ORTHOGONAL);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

/* ---- singular vectors ---- */

/* The largest |entry - wanted| of x^H x, or of y y^H, from 1. */
static long double skew_of(const double *x, int64_t count, int64_t length, int64_t next,
                           int64_t across, int parts)
{
    long double worst = 0;
    for (int64_t i = 0; i < count; i++)
        for (int64_t j = 0; j <= i; j++) {
            long double sum[2] = {-(long double)(i == j), 0};
            for (int64_t c = 0; c < length; c++) {
                const double *p = x + parts * (i * next + c * across),
                             *q = x + parts * (j * next + c * across);
                for (int part = 0; part < parts; part++)
                    sum[0] += (long double)p[part] * q[part];
                if (parts == 2)
                    sum[1] += (long double)p[1] * q[0] - (long double)p[0] * q[1];
            }
            worst = fmaxl(worst, hypotl(sum[0], sum[1]));
        }
    return worst;
}

/* || a - left diag(values) right || / || a ||, Frobenius norms */
static long double residual_of(const double *a, int64_t m, int64_t n, int parts,
                               const double *values, const double *left, const double *right)
{
    const int64_t k = m < n ? m : n;
    long double off = 0, norm = 0;
    for (int64_t i = 0; i < m; i++)
        for (int64_t j = 0; j < n; j++) {
            long double sum[2] = {0};
            for (int part = 0; part < parts; part++) {
                sum[part] = a[parts * (i * n + j) + part];
                norm += sum[part] * sum[part];
            }
            for (int64_t c = 0; c < k; c++) {
                const double *p = left + parts * (i * k + c), *q = right + parts * (c * n + j);
                const long double s = values[c];
                sum[0] -= s * p[0] * q[0];
                if (parts == 2) {
                    sum[0] += s * p[1] * q[1];
                    sum[1] -= s * p[0] * q[1] + s * p[1] * q[0];
                }
            }
            off += sum[0] * sum[0] + sum[1] * sum[1];
        }
    return sqrtl(off / norm);
}

/* Entries of the given rank, 2^-400 times numbers around 1 if asked. */
static double *draw_matrix(int64_t m, int64_t n, int parts, int64_t rank, int exponent)
{
    double *a = calloc((size_t)(m * n * parts), sizeof *a);
    for (int64_t i = 0; i < m * n * parts; i++)
        for (int64_t r = 0; r < rank; r++) { /* real factors to the left */
            const uint64_t row = (uint64_t)(i / (n * parts)), column = (uint64_t)(i % (n * parts));
            const double x = ct_random_normal((uint64_t)r + 1, row),
                         y = ct_random_normal((uint64_t)r + 1001, column);
            a[i] += ldexp(x * y, exponent);
        }
    return a;
}

static void check_vectors(int64_t m, int64_t n, int parts, int64_t rank, int exponent)
{
    const int64_t k = m < n ? m : n, most = m < n ? n : m;
    const size_t numbers = (size_t)(m * n * parts);
    const double bound = 0x1p-53 * 4 * (sqrt((double)most) + 8);
    double *a = draw_matrix(m, n, parts, rank, exponent), *copy = calloc(numbers, sizeof *copy),
           *values = calloc(2 * (size_t)k, sizeof *values),
           *left = calloc((size_t)(m * k * parts), sizeof *left),
           *right = calloc((size_t)(2 * k * n * parts), sizeof *right),
           *alone = right + k * n * parts;
    for (int64_t i = 0; i < m * k * parts; i++)
        left[i] = NAN; /* no number may be taken for a zero */
    for (int64_t i = 0; i < 2 * k * n * parts; i++)
        right[i] = NAN;
    for (int with = 1; with >= 0; with--) {
        memcpy(copy, a, numbers * sizeof *a);
        ck_assert_msg(
            !ct_operations_cpu()->singular_vectors(m, n, parts == 2, copy, values + (with ? 0 : k),
                                                   with ? left : NULL, with ? right : alone),
            "%s", cutropy_error());
    }
    ck_assert(!memcmp(values, values + k, (size_t)k * sizeof *values));
    ck_assert(!memcmp(right, alone, (size_t)(k * n * parts) * sizeof *right));
    for (int64_t i = 0; i < k; i++) {
        ck_assert(values[i] >= 0 && (!i || values[i] <= values[i - 1]));
        if (i >= rank)
            ck_assert_double_le(values[i], bound * values[0]);
    }
    ck_assert_ldouble_le(residual_of(a, m, n, parts, values, left, right), bound);
    ck_assert_ldouble_le(skew_of(left, k, m, 1, k, parts), bound);
    ck_assert_ldouble_le(skew_of(right, k, n, n, 1, parts), bound);
    free(a);
    free(copy);
    free(values);
    free(left);
    free(right);
}

/* Also where one side is larger than LAPACK's work space allows both to be. */
START_TEST(singular_vectors_of_every_shape)
{
    static const int64_t shapes[][2] = {{1, 1},     {1, 7},     {7, 1},    {2, 2},   {40, 40},
                                        {41, 40},   {33, 70},   {90, 13},  {5, 300}, {32768, 2},
                                        {3, 40000}, {24000, 1}, {1, 24000}};
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++)
        for (int parts = 1; parts <= 2; parts++) {
            const int64_t m = shapes[i][0], n = shapes[i][1], k = m < n ? m : n;
            check_vectors(m, n, parts, k, 0);
            check_vectors(m, n, parts, 1, 0);
            check_vectors(m, n, parts, k / 2 + 1, -400);
        }
    double number = 0;
    ck_assert_int_eq(ct_operations_cpu()->singular_vectors(23001, 1 << 20, false, &number, &number,
                                                           NULL, &number),
                     CUTROPY_EUNSUPPORTED);
    ck_assert_str_eq(
        cutropy_error(),
        "singular vectors of a 23001 x 1048576 matrix: the smaller side may be 23000 at most");
}
END_TEST

/* 2^15 rows before the last site. */
START_TEST(more_states_than_a_square_matrix_has_rows)
{
    static const char *const names[] = {"page", "page:complex=1"};
    for (int i = 0; i < amount(2, 1); i++) {
        cutropy_problem *problem = must_problem(names[i], "chain:16");
        cutropy_state *state = must_levels(problem, NULL);
        cutropy_mps *mps = must_make(state, CUTROPY_MPS_ORTHOGONAL, 0);
        ck_assert_int_eq(cutropy_mps_bond(mps, 15), 2);
        ck_assert_int_eq(cutropy_mps_bond(mps, 8), 256);
        ck_assert_double_le(cutropy_mps_error(mps), 1e-11);
        check_isometries(mps);
        cutropy_mps_free(mps);
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

START_TEST(memory_is_refused_in_one_line)
{
    cutropy_problem *problem = must_problem("random", "chain:12");
    cutropy_mps *mps = NULL;
    cutropy_state *state = must_levels(problem, NULL);
    cutropy_options *options = must_options("memory", "10000", NULL);
    ck_assert_int_eq(cutropy_mps_make(state, NULL, options, &mps), CUTROPY_EMEMORY);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "--memory"));
    ck_assert_ptr_null(mps);
    cutropy_options_free(options);
    /* enough for the levels, not for the matrices of the middle */
    cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
    wanted.form = CUTROPY_MPS_ORTHOGONAL;
    options = must_options("memory", "200K", NULL);
    ck_assert_int_eq(cutropy_mps_make(state, &wanted, options, &mps), CUTROPY_EMEMORY);
    ck_assert_msg(strstr(cutropy_error(), "a matrix of 64 x 64 numbers at site 6 needs ") != NULL,
                  "%s", cutropy_error());
    cutropy_options_free(options);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

static int stop(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage, (void)done, (void)total;
    return --*(int *)user < 0;
}

static bool stop_train(int left, void *user)
{
    (void)left;
    return stop("", 0, 0, user);
}

START_TEST(stopped)
{
    cutropy_problem *problem = must_problem("random", "chain:10");
    ct_diagram diagram;
    cutropy_state *state = must_levels(problem, NULL);
    for (int calls = 0; calls < 10; calls += 3) {
        int left = calls;
        const ct_watch watch = {stop, &left};
        ck_assert_int_eq(ct_diagram_make(&state->f, UINT64_MAX, &watch, &diagram),
                         CUTROPY_ECANCELLED);
        ck_assert_ptr_null(diagram.value);
    }
    ck_assert_int_eq(ct_diagram_make(&state->f, UINT64_MAX, NULL, &diagram), CUTROPY_OK);
    for (int calls = 0; calls < 10; calls += 3) {
        int left = calls;
        const ct_watch watch = {stop, &left};
        ct_orthogonal orthogonal;
        ct_train *train = NULL;
        const ct_train_levels levels = {.sites = 10,
                                        .count = diagram.levels.count,
                                        .next = diagram.levels.next,
                                        .value = diagram.value,
                                        .memory_limit = UINT64_MAX,
                                        .stop = stop_train,
                                        .user = &left};
        ck_assert_int_eq(ct_train_make(&levels, &train), CUTROPY_ECANCELLED);
        ck_assert_ptr_null(train);
        left = calls;
        ck_assert_int_eq(
            ct_orthogonal_make(&diagram, ct_operations_cpu(), 0, UINT64_MAX, &watch, &orthogonal),
            CUTROPY_ECANCELLED);
        ct_orthogonal_free(&orthogonal);
    }
    ct_diagram_free(&diagram);
    cutropy_state_free(state);
    cutropy_problem_free(problem);
}
END_TEST

static void sweep(const char *name, const char *lattice, const char *solver)
{
    failing_allocator_start(-1);
    cutropy_problem *problem = must_problem(name, lattice);
    cutropy_options *options = must_options("solver", solver, NULL);
    cutropy_state *state = must_levels(problem, options);
    cutropy_options_free(options);
    const long live = failing_allocator_live();
    for (int form = 0; form < 3; form++) {
        bool fired = true;
        for (long k = 0; fired; k++) {
            cutropy_mps *mps = NULL;
            cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
            wanted.form = (cutropy_mps_form)form;
            failing_allocator_start(k);
            cutropy_status status = cutropy_mps_make(state, &wanted, NULL, &mps);
            if (!status)
                status = cutropy_mps_save(mps, "/dev/null", NULL);
            fired = failing_allocator_stop();
            if (status || !fired ||
                state->f.storage != CT_AFFINE) /* levels may stay larger than they need be */
                ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            cutropy_mps_free(mps);
            ck_assert_int_eq(failing_allocator_live(), live);
        }
    }
    cutropy_state_free(state);
    cutropy_problem_free(problem);
    ck_assert_int_eq(failing_allocator_live(), 0);
}

START_TEST(failing_allocations)
{
    sweep("primes", "chain:6", "auto");
    sweep("ghz", "chain:6", "affine");
}
END_TEST

/* Kind k of the archives of one cut, or of the function. */
static cutropy_status save_arrays(cutropy_state *state, int kind)
{
    const uint64_t mask = 0x15;
    const cutropy_bit_order bits = (cutropy_bit_order)(kind % 2);
    switch (kind / 2) {
    case 0:
        return cutropy_density_save(state, &mask, bits, "/dev/null", NULL);
    case 1:
        return cutropy_schmidt_save(state, &mask, bits, "/dev/null", NULL);
    default:
        return cutropy_function_save(state, kind / 2 == 2, bits, "/dev/null", NULL);
    }
}

/* Their numbers are tested from Python (python/tests/test_export_arrays.py). */
START_TEST(arrays_without_memory)
{
    static const char *const names[] = {"connected", "random", "page:complex=1", "ising"};
    for (int i = 0; i < 8; i++) {
        failing_allocator_start(-1);
        cutropy_problem *problem = must_problem(names[i / 2], "3x3");
        cutropy_state *state = NULL;
        ck_assert_int_eq(i % 2 ? cutropy_state_open(problem, NULL, &state)
                               : cutropy_state_open_levels(problem, NULL, &state),
                         CUTROPY_OK);
        const long live = failing_allocator_live();
        const bool no_images = state->f.storage == CT_AUTOMATON;
        for (int kind = 0; kind < (no_images ? 4 : 8); kind++) {
            bool fired = true;
            for (long k = 0; fired; k++) {
                failing_allocator_start(k);
                const cutropy_status status = save_arrays(state, kind);
                fired = failing_allocator_stop();
                ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
                ck_assert_int_eq(failing_allocator_live(), live);
            }
        }
        cutropy_state_free(state);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* The function of a file that was written is that of the state; without memory there is none. */
START_TEST(a_written_function_is_read_again)
{
    for (int i = 0; i < 8; i++) {
        failing_allocator_start(-1);
        char path[] = "export_XXXXXX.npz";
        cutropy_problem *problem = must_problem(i < 4 ? "page:complex=1" : "connected", "2x3"),
                        *again = NULL;
        cutropy_state *state = NULL;
        ck_assert_int_eq(cutropy_state_open(problem, NULL, &state), CUTROPY_OK);
        close(mkstemps(path, 4));
        ck_assert_int_eq(
            cutropy_function_save(state, i / 2 % 2, (cutropy_bit_order)(i % 2), path, NULL),
            CUTROPY_OK);
        bool fired = true;
        for (long k = 0; fired; k++) {
            const long live = failing_allocator_live();
            failing_allocator_start(k);
            const cutropy_status status = cutropy_problem_parse(path, NULL, &again);
            fired = failing_allocator_stop();
            ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
            if (fired)
                ck_assert_int_eq(failing_allocator_live(), live);
        }
        ck_assert_str_eq(cutropy_problem_lattice(again)->name, "grid:2x3");
        cutropy_state *other = NULL;
        double value[2][2 * 64];
        ck_assert_int_eq(cutropy_state_open(again, NULL, &other), CUTROPY_OK);
        ck_assert_int_eq(cutropy_state_values(state, 0, 64, value[0]), CUTROPY_OK);
        ck_assert_int_eq(cutropy_state_values(other, 0, 64, value[1]), CUTROPY_OK);
        ck_assert(!memcmp(value[0], value[1], i < 4 ? sizeof value[0] : 64));
        cutropy_state_free(other);
        cutropy_state_free(state);
        cutropy_problem_free(again);
        cutropy_problem_free(problem);
        ck_assert_int_eq(failing_allocator_live(), 0);
        remove(path);
    }
}
END_TEST

CHECK_MAIN("export", singular_vectors_of_every_shape, more_states_than_a_square_matrix_has_rows,
           an_array_is_stopped, functions_of_every_kind, solvers_write_the_same_file,
           equations_write_the_same_file, order_of_the_sites, lists_of_many_words,
           ranks_beyond_enumeration, numbers_of_more_than_64_bits, archives_that_are_too_large,
           refused, memory_is_refused_in_one_line, stopped, failing_allocations,
           arrays_without_memory, a_written_function_is_read_again)
