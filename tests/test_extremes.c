/* SPDX-License-Identifier: Apache-2.0 */
/* Functions at the ends of double arithmetic, under each instruction set (CUTROPY_ISA, see CMakeLists.txt): long sums of
 * nearly equal terms, the range of doubles, labels without an image, empty and full cuts, flushed subnormals. Truth is
 * counted by hand or computed in 113 bits. */
#include <fenv.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <immintrin.h>
#endif

#include <cutropy/cutropy.h>

#include "backend/operations.h"
#include "backend/cpu/isa.h"
#include "backend/cpu/eigen/kernels.h"
#include "backend/cpu/level.h"
#include "check_main.h"
#include "engine/function/function.h"
#include "engine/function/options.h"
#include "ref/quad.h"
#include "ref/support.h"

/* ---- runs ---- */

static cutropy_result *run(cutropy_problem *problem, const uint64_t *masks, size_t count,
                           const char *quantities)
{
    cutropy_options options = ct_default_options();
    cutropy_cuts cuts = {.count = count, .words = 1, .masks = (uint64_t *)masks};
    options.use_symmetry = 0;
    return must_solve_with(problem, &cuts, quantities, &options);
}

static cutropy_problem *values_problem(const char *chain, cutropy_kind kind, const void *values,
                                       cutropy_lattice **lattice)
{
    cutropy_problem *problem = NULL;
    *lattice = must_lattice(chain);
    ck_assert_int_eq(cutropy_problem_from_values("values", *lattice, kind, values, &problem),
                     CUTROPY_OK);
    return problem;
}

static void leave(cutropy_result *result, cutropy_problem *problem, cutropy_lattice *lattice)
{
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}

/* ---- long sums: every single pixel against the 2 x 2 Gram matrix in 113 bits ---- */

/* S in bits of one pixel. */
static double site_entropy(const double *f, int parts, int pixels, int pixel)
{
    quad g[3] = {0, 0, 0}, im = 0; /* G00, G11, Re G01 */
    for (uint64_t s = 0; s < UINT64_C(1) << pixels; s++) {
        const double *x = f + parts * s, *y = f + parts * (s ^ (UINT64_C(1) << pixel));
        const int lit = s >> pixel & 1;
        for (int p = 0; p < parts; p++)
            g[lit] += (quad)x[p] * x[p];
        if (lit)
            continue;
        for (int p = 0; p < parts; p++)
            g[2] += (quad)x[p] * y[p];
        im += parts == 2 ? (quad)x[1] * y[0] - (quad)x[0] * y[1] : 0;
    }
    /* det by the sum of squared minors would be exact; 113 bits leave 1e-33 of the square of the norm */
    const quad norm = g[0] + g[1], det = (g[0] * g[1] - g[2] * g[2] - im * im) / norm / norm;
    const quad low = det <= 0 ? 0 : 2 * det / (1 + quad_sqrt(1 - 4 * det));
    return low > 0 ? (double)(-low * quad_log2(low) - (1 - low) * quad_log2(1 - low)) : 0;
}

typedef double (*family)(uint64_t image, double random, double constant);

static double constant_family(uint64_t image, double random, double constant)
{
    (void)image, (void)random;
    return constant;
}

static double ramp_family(uint64_t image, double random, double constant)
{
    (void)random;
    return constant * 1e6 + (double)image;
}

static double root_family(uint64_t image, double random, double constant)
{
    (void)random;
    return sqrt(constant * 1e9 + (double)image);
}

static double square_family(uint64_t image, double random, double constant)
{
    (void)random;
    return (constant * 1e5 + (double)image) * (constant * 1e5 + (double)image);
}

static double noise_family(uint64_t image, double random, double constant)
{
    return image & 1 ? 1e-9 * random : constant;
}

static void check_family(family f, int parts, int pixels, double constant, uint64_t *state)
{
    const size_t size = (size_t)1 << pixels;
    double *values = malloc(2 * size * sizeof *values);
    uint64_t masks[16];
    char chain[24];
    cutropy_lattice *lattice;
    ck_assert_ptr_nonnull(values);
    for (size_t s = 0; s < size; s++) {
        values[(size_t)parts * s] = f(s, 2 * draw_unit(state) - 1, constant);
        if (parts == 2)
            values[2 * s + 1] = f(s, 2 * draw_unit(state) - 1, 0.7 * constant);
    }
    for (int i = 0; i < pixels; i++)
        masks[i] = UINT64_C(1) << i;
    snprintf(chain, sizeof chain, "chain:%d", pixels);
    cutropy_problem *problem = values_problem(
        chain, parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL, values, &lattice);
    cutropy_result *result = run(problem, masks, (size_t)pixels, NULL);
    for (int i = 0; i < pixels; i++) {
        const cutropy_record *r = row_record(result, (size_t)i);
        const double truth = site_entropy(values, parts, pixels, i);
        ck_assert_msg(fabs(r->entropy - truth) <= r->entropy_err && r->entropy_err < 1e-12,
                      "pixel %d of %d, constant %g: %g +- %g, right %g", i, pixels, constant,
                      r->entropy, r->entropy_err, truth);
    }
    leave(result, problem, lattice);
    free(values);
}

START_TEST(long_sums)
{
    static const family families[] = {constant_family, ramp_family, root_family, square_family,
                                      noise_family};
    uint64_t state = 5;
    for (int parts = 1; parts <= 2; parts++)
        for (size_t k = 0; k < sizeof families / sizeof *families; k++)
            for (int i = 0; i < amount(4, 1); i++)
                check_family(families[k], parts, i ? 9 + i : amount(16, 12), 0.3 + i * 0.21,
                             &state);
    for (int i = 0; i < amount(60, 6); i++)
        check_family(noise_family, 1, amount(14, 11), 0.1 + i * 0.0137, &state);
}
END_TEST

/* ---- the range of doubles ---- */

START_TEST(range_of_doubles)
{
    static const struct {
        double large, small;
    } cases[] = {{1, 1e-200},      {1, 1e-158},    {1e300, 1e-300},  {1e160, 1e-170},
                 {1e-300, 5e-324}, {1e300, 1e250}, {1e-160, 1e-300}, {0x1p1023, 0x1p-1074}};
    const uint64_t mask = 1;
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++)
        for (int parts = 1; parts <= 2; parts++) {
            double values[8] = {0};
            const quad ratio = (quad)cases[k].small / cases[k].large;
            const double level = (double)(ratio * ratio / (1 + ratio * ratio));
            cutropy_lattice *lattice;
            values[0] = cases[k].large;
            values[3 * parts + parts - 1] = cases[k].small; /* complex: imaginary */
            cutropy_problem *problem = values_problem(
                "chain:2", parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL, values, &lattice);
            cutropy_result *result = run(problem, &mask, 1, "renyi:0.001,spectrum");
            const cutropy_record *r = row_record(result, 0);
            ck_assert_int_eq(r->classes[0], 2);
            ck_assert_int_eq(r->classes[1], 2);
            ck_assert_int_eq(r->blocks, 2);
            ck_assert_int_eq(r->rank_lo, 2);
            ck_assert_int_eq(r->rank_hi, 2);
            ck_assert_int_eq((int64_t)r->spectrum_count, 2);
            ck_assert(fabs(r->spectrum[1] - level) <= r->spectrum_err[1]);
            ck_assert(r->spectrum_err[1] <= fmax(1e-14 * level, 1e-301));
            /* an order that sees every level: right to its error, or not known */
            const double power = (double)quad_pow(ratio * ratio, (quad)0.001);
            const double truth = log2(1 + power) / 0.999, value = r->extra[0],
                         error = r->extra_err[0];
            ck_assert(isnan(value) ? isnan(error) : fabs(value - truth) <= error + 1e-15);
            leave(result, problem, lattice);
        }
}
END_TEST

/* What overflowed on the way is an input error that says so, and no zero. */
START_TEST(values_that_overflow)
{
    static const double bad[] = {INFINITY, -INFINITY, NAN};
    for (int k = 0; k < 12; k++) {
        double values[8] = {0};
        values[k % 4] = k / 4 == 2 ? NAN : 1;
        values[2] = bad[k / 4];
        ct_function f = {.pixels = k % 2 ? 2 : 3,
                         .kind = k % 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL,
                         .storage = CT_VALUES,
                         .values = values};
        ck_assert_int_eq(ct_function_measure(&f, 1), CUTROPY_EINPUT);
        ck_assert_ptr_nonnull(strstr(cutropy_error(), "overflows doubles"));
    }
}
END_TEST

/* The same state at any power of two: classes, rank and entropy stay, nothing is lost on the way. */
START_TEST(scaled_functions)
{
    uint64_t state = 9;
    double values[64], scaled[64];
    const uint64_t mask = 0x15;
    double entropy = 0, error = 0;
    for (int i = 0; i < 64; i++)
        values[i] = draw_below(&state, 3)
                        ? ldexp(draw_unit(&state) + 0.5, -(int)draw_below(&state, 60))
                        : 0;
    for (int exponent = -900; exponent <= 1000; exponent += 95) {
        cutropy_lattice *lattice;
        for (int i = 0; i < 64; i++)
            scaled[i] = ldexp(values[i], exponent);
        cutropy_problem *problem = values_problem("chain:6", CUTROPY_KIND_REAL, scaled, &lattice);
        cutropy_result *result = run(problem, &mask, 1, NULL);
        const cutropy_record *r = row_record(result, 0);
        if (exponent == -900) {
            entropy = r->entropy;
            error = r->entropy_err;
        }
        ck_assert(r->entropy == entropy && r->entropy_err == error);
        leave(result, problem, lattice);
    }
}
END_TEST

/* ---- empty and full cuts ---- */

static void check_trivial(cutropy_kind kind, const char *chain, const void *values,
                          int64_t different)
{
    cutropy_lattice *lattice;
    cutropy_problem *problem = values_problem(chain, kind, values, &lattice);
    const uint64_t masks[2] = {0, (UINT64_C(1) << (chain[6] - '0')) - 1};
    cutropy_result *result = run(problem, masks, 2, NULL);
    for (size_t row = 0; row < 2; row++)
        for (int side = 0; side < 2; side++)
            ck_assert_int_eq(row_classes(result, row, side), (size_t)side == row ? 1 : different);
    leave(result, problem, lattice);
}

START_TEST(trivial_cuts)
{
    static const int64_t integers[] = {1, 2, 3, 5}, signs[] = {-1, 1, 0, -1};
    static const double reals[] = {1, 2, 0, -0.0, 2, 1, 4e-324, 1.5};
    static const double pairs[] = {1, 0, 0, 1, 0, 0, 1, 0, 1, 1, 1, 0, 2, 0, 0, -0.0};
    static const uint8_t labels[] = {0, 1, 1, 0};
    check_trivial(CUTROPY_KIND_INTEGER, "chain:2", integers, 4);
    check_trivial(CUTROPY_KIND_INTEGER, "chain:2", signs, 2);
    check_trivial(CUTROPY_KIND_REAL, "chain:3", reals, 4);
    check_trivial(CUTROPY_KIND_COMPLEX, "chain:3", pairs, 4);
    check_trivial(CUTROPY_KIND_LABEL, "chain:2", labels, 1);
}
END_TEST

/* ---- labels +-1 without a label-1 image ---- */

START_TEST(all_plus_one)
{
    static const char *const lattices[] = {"chain:1", "chain:2", "grid:3x3", "chain:14",
                                           "chain:20"};
    for (size_t k = 0; k < sizeof lattices / sizeof *lattices; k++) {
        cutropy_problem *problem = must_problem("random:density=0,encoding=pm1", lattices[k]);
        const uint64_t masks[2] = {0, 1};
        cutropy_result *result = run(problem, masks, k ? 2 : 1, NULL);
        for (size_t row = 0; row < (k ? 2 : 1); row++) {
            const cutropy_record *r = row_record(result, row);
            ck_assert(r->entropy == 0 && r->entropy_err == 0 && r->purity == 1 &&
                      r->guarantee == CUTROPY_GUARANTEE_EXACT);
            ck_assert(r->rank_lo == 1 && r->rank_hi == 1 && r->classes[0] == 1 &&
                      r->classes[1] == 1);
        }
        cutropy_result_free(result);
        cutropy_problem_free(problem);
    }
}
END_TEST

/* ---- the processor ---- */

START_TEST(instruction_sets)
{
    static const char *const names[] = {"portable", "AVX2", "AVX-512"}, *const words[] = {
                                                                            "portable", "avx2",
                                                                            "avx512"};
    const char *text = getenv("CUTROPY_ISA");
    char *before = text ? strdup(text) : NULL;
    unsetenv("CUTROPY_ISA");
    const ct_cpu_level most = ct_cpu_level_allowed();
    for (int k = 0; k < 3; k++) {
        setenv("CUTROPY_ISA", words[k], 1);
        ck_assert_int_eq(ct_cpu_level_check(), k <= (int)most ? CUTROPY_OK : CUTROPY_EINPUT);
        if (k > (int)most) {
            ck_assert_int_eq(ct_operations_cpu()->start(1), CUTROPY_EINPUT);
            continue;
        }
        ck_assert_ptr_eq(ct_eigen_kernels_best(), ct_eigen_kernels_number(k));
        if (k < 2 || !strcmp(ct_isa_pick()->name, names[k]))
            ck_assert_str_eq(ct_isa_pick()->name, names[k]);
    }
    setenv("CUTROPY_ISA", "AVX", 1);
    ck_assert_int_eq(ct_operations_cpu()->start(1), CUTROPY_EINPUT);
    if (before)
        setenv("CUTROPY_ISA", before, 1);
    else
        unsetenv("CUTROPY_ISA");
    free(before);
}
END_TEST

static void must_refuse(void)
{
    cutropy_problem *problem = must_problem("page", "chain:4");
    uint64_t mask = 3;
    cutropy_cuts cuts = {.count = 1, .words = 1, .masks = &mask};
    cutropy_result *result = NULL;
    ck_assert_int_eq(cutropy_run(problem, &cuts, NULL, &result), CUTROPY_EUNSUPPORTED);
    ck_assert_ptr_null(result);
    cutropy_problem_free(problem);
}

START_TEST(other_arithmetic)
{
    ck_assert_int_eq(fesetround(FE_UPWARD), 0);
    must_refuse();
    fesetround(FE_TONEAREST);
#ifdef __SSE2__
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8000); /* flush to zero */
    must_refuse();
    _mm_setcsr(before | 0x0040); /* denormals are zero */
    must_refuse();
    _mm_setcsr(before);
#endif
    ck_assert_int_eq(ct_floating_check(), CUTROPY_OK);
}
END_TEST

CHECK_MAIN("extremes", long_sums, range_of_doubles, values_that_overflow, scaled_functions,
           trivial_cuts, all_plus_one, instruction_sets, other_arithmetic)
