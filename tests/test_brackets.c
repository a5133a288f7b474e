/* SPDX-License-Identifier: Apache-2.0 */
/* Integers that errors may leave open, weights and spectra: every bracket holds, every line of a spectrum is
 * levels, for random functions of many textures against 128-bit singular values (ref/schmidt.h).
 * test_errors.c does the same for the other numbers with another oracle. */
#include <math.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "ref/schmidt.h"
#include "ref/support.h"

#define LIST                                                                                       \
    "renyi:0.01,renyi:0.1,log_negativity,renyi:100,spectrum,rank:1e-3,rank:1e-10,rank:0,"          \
    "truncation:1e-6,truncation:1e-20,truncation:0,discarded_weight:0,discarded_weight:1,"         \
    "discarded_weight:2,discarded_weight:5"

typedef enum texture {
    UNIFORM,
    GRADED_COLUMNS,
    GRADED_BOTH,
    NEAR_PRODUCT,
    CONSTANT_NOISE,
    HALF_NOISE,
    RAMP,
    ROOT_OF_OFFSET,
    LOGARITHM,
    KERNEL,
    LOW_RANK,
    PRODUCT,
    FEW_VALUES,
    COMPLEX_UNIFORM,
    COMPLEX_GRADED,
    COMPLEX_NEAR_PRODUCT,
    SMALL_INTEGERS,
    LARGE_INTEGERS,
    INTEGER_LOW_RANK,
    INTEGER_KERNEL,
    LABELS,
    SPARSE,
    TEXTURES
} texture;

static double between(uint64_t *state, double low, double high)
{
    return low + (high - low) * draw_unit(state);
}

/* A factor that depends on the pixels under mask alone. */
static double factor(uint64_t image, uint64_t mask, uint64_t salt, double low, double high)
{
    uint64_t state = ((image & mask) + 1) * UINT64_C(0x9e3779b97f4a7c15) + salt;
    draw(&state);
    return between(&state, low, high);
}

static int is_complex(texture kind)
{
    return kind == COMPLEX_UNIFORM || kind == COMPLEX_GRADED || kind == COMPLEX_NEAR_PRODUCT;
}

static cutropy_kind kind_of(texture kind)
{
    return is_complex(kind)        ? CUTROPY_KIND_COMPLEX
           : kind < SMALL_INTEGERS ? CUTROPY_KIND_REAL
                                   : CUTROPY_KIND_INTEGER;
}

static double value_of(texture kind, uint64_t s, uint64_t mask, uint64_t salt, double noise,
                       uint64_t *state)
{
    const double g = factor(s, mask, salt, -1, 1), h = factor(s, ~mask, salt, -1, 1);
    double sum = 0;
    switch (kind) {
    case GRADED_COLUMNS:
    case COMPLEX_GRADED:
        return pow(10, factor(s, mask, salt, -14, 0)) * between(state, -1, 1);
    case GRADED_BOTH:
        return pow(10, factor(s, mask, salt, -7, 0) + factor(s, ~mask, salt, -7, 0)) *
               between(state, -1, 1);
    case NEAR_PRODUCT:
    case COMPLEX_NEAR_PRODUCT:
        return g * h * (1 + noise * between(state, -1, 1));
    case CONSTANT_NOISE:
        return 0.3 + noise * between(state, -1, 1);
    case HALF_NOISE:
        return s & 1 ? noise * between(state, -1, 1) : 0.3;
    case RAMP:
        return 1 + (double)s * noise;
    case ROOT_OF_OFFSET:
        return sqrt(1 / noise + (double)s);
    case LOGARITHM:
        return log((double)s + 1 + (double)(salt % 5));
    case KERNEL: {
        const double x = factor(s, mask, salt, 0, 1) - factor(s, ~mask, salt, 0, 1);
        return exp(-x * x * (double)(1 + salt % 20));
    }
    case LOW_RANK:
        for (uint64_t k = 0; k < 1 + salt % 3; k++)
            sum += factor(s, mask, salt + k, -1, 1) * factor(s, ~mask, salt + k, -1, 1);
        return sum;
    case PRODUCT:
        return g * h;
    case FEW_VALUES:
        return (double)(draw_below(state, 3)) * 0.7 - 0.2;
    case SMALL_INTEGERS:
        return (double)draw_below(state, 7) - 3;
    case LARGE_INTEGERS:
        return (double)draw_below(state, 1 << 26) - (1 << 25);
    case INTEGER_LOW_RANK:
        for (uint64_t k = 0; k < 1 + salt % 4; k++)
            sum += nearbyint(factor(s, mask, salt + k, -40, 40)) *
                   nearbyint(factor(s, ~mask, salt + k, -40, 40));
        return sum;
    case INTEGER_KERNEL: {
        const double x = factor(s, mask, salt, 0, 1) - factor(s, ~mask, salt, 0, 1);
        return nearbyint(0x1p24 * exp(-x * x * (double)(1 + salt % 20)));
    }
    case LABELS:
        return (double)draw_below(state, 2);
    case SPARSE:
        return draw_below(state, 8) == 0;
    default:
        return between(state, -1, 1);
    }
}

/* values: 2^pixels doubles or pairs; integers, where they are, repeats them. */
static void draw_function(texture kind, int pixels, uint64_t mask, uint64_t *state, double *values,
                          int64_t *integers)
{
    const uint64_t salt = draw(state);
    const double noise = pow(10, between(state, -15, -3));
    const size_t parts = is_complex(kind) ? 2 : 1, count = parts << pixels;
    for (size_t i = 0; i < count; i++) {
        values[i] = value_of(kind, i / parts, mask, salt + i % parts, noise, state);
        integers[i] = (int64_t)values[i];
    }
    if (kind >= SMALL_INTEGERS && values[0] == 0) /* never all dark */
        values[0] = (double)(integers[0] = 1);
}

typedef struct numbers {
    texture kind;
    int round;
    const cutropy_result *result;
    const cutropy_record *record;
    schmidt_answer truth;
} numbers;

/* The oracle is good to 1e-17 of what it says. */
static void within(const numbers *c, const char *name, double value, double error,
                   long double truth)
{
    if (isnan(value)) {
        ck_assert(isnan(error));
        return;
    }
    const long double off = fabsl(value - truth), slack = 1e-17L * fabsl(truth) + 1e-60L;
    ck_assert_msg(error >= 0 && off <= error * (1 + 1e-9L) + slack,
                  "texture %d, round %d: %s is %.17g +- %.3g but %.20Lg (off %.3Lg)", (int)c->kind,
                  c->round, name, value, error, truth, off);
    ck_assert_msg(error == 0 || error < fabs(value) || value == 0,
                  "texture %d: %s %.17g has no digit (+- %.3g)", (int)c->kind, name, value, error);
}

static void inside(const numbers *c, const char *name, double low, double width, int64_t truth)
{
    ck_assert_msg(low <= (double)truth && (double)truth <= low + width,
                  "texture %d, round %d: %s is %lld, not in %g..%g", (int)c->kind, c->round, name,
                  (long long)truth, low, low + width);
}

static int64_t rank_above(const schmidt_answer *truth, long double epsilon)
{
    int64_t count = 0;
    for (size_t i = 0; i < truth->count; i++)
        count += truth->p[i] > epsilon * epsilon * truth->p[0];
    return count;
}

static int64_t truncation(const schmidt_answer *truth, long double epsilon)
{
    size_t kept = 0;
    while (schmidt_discarded(truth, kept) > epsilon)
        kept++;
    return (int64_t)kept;
}

static void check_spectrum(const numbers *c)
{
    const cutropy_record *r = c->record;
    size_t at = 0;
    for (size_t k = 0; k < r->spectrum_count; k++)
        for (int64_t i = 0; i < r->multiplicity[k]; i++, at++) {
            ck_assert_uint_lt(at, c->truth.count);
            within(c, "level", r->spectrum[k], r->spectrum_err[k], c->truth.p[at]);
        }
    ck_assert_int_le((int64_t)at, r->rank_hi);
    for (size_t k = 1; k < r->spectrum_count; k++)
        ck_assert(r->spectrum[k] < r->spectrum[k - 1]);
}

static void check_quantity(const numbers *c, size_t q)
{
    const cutropy_quantity *quantity = &c->result->quantities[q];
    const double value = c->record->extra[q], error = c->record->extra_err[q];
    const long double parameter = quantity->parameter;
    const schmidt_answer *truth = &c->truth;
    char name[48];
    cutropy_quantity_name(quantity, name, sizeof name);
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_RENYI:
        within(c, name, value, error, schmidt_renyi(truth, parameter));
        break;
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        within(c, name, value, error, schmidt_renyi(truth, 0.5L));
        break;
    case CUTROPY_QUANTITY_DISCARDED_WEIGHT:
        within(c, name, value, error,
               parameter == 0 ? 1 : schmidt_discarded(truth, (size_t)parameter));
        break;
    case CUTROPY_QUANTITY_NUMERICAL_RANK:
        inside(c, name, value, error, rank_above(truth, parameter));
        break;
    case CUTROPY_QUANTITY_TRUNCATION:
        inside(c, name, value, error, truncation(truth, parameter));
        break;
    default:
        check_spectrum(c);
    }
}

static void check_record(const numbers *c)
{
    const cutropy_record *r = c->record;
    long double purity = 0;
    for (size_t i = c->truth.count; i-- > 0;)
        purity += c->truth.p[i] * c->truth.p[i];
    within(c, "entropy", r->entropy, r->entropy_err, schmidt_renyi(&c->truth, 1));
    within(c, "renyi2", r->renyi2, r->renyi2_err, schmidt_renyi(&c->truth, 2));
    within(c, "purity", r->purity,
           r->purity_exact.q[0] || r->purity_exact.q[1] ? 1e-15 * r->purity : r->purity_err,
           purity);
    inside(c, "rank", (double)r->rank_lo, (double)(r->rank_hi - r->rank_lo),
           rank_above(&c->truth, 0));
    for (size_t q = 0; q < c->result->quantity_count; q++)
        check_quantity(c, q);
}

/* One function and three cuts of it, one of them the one it was made for. */
static void check_function(texture kind, int round, int pixels, uint64_t *state)
{
    double values[2 << 8];
    int64_t integers[2 << 8];
    char name[16];
    snprintf(name, sizeof name, "chain:%d", pixels);
    const uint64_t all = (UINT64_C(1) << pixels) - 1, half = (UINT64_C(1) << pixels / 2) - 1;
    const uint64_t masks[3] = {half, 1 + draw_below(state, all - 1),
                               1 + draw_below(state, all - 1)};
    draw_function(kind, pixels, half, state, values, integers);
    cutropy_lattice *lattice = must_lattice(name);
    cutropy_problem *problem = must_values(
        lattice, kind_of(kind),
        kind_of(kind) == CUTROPY_KIND_INTEGER ? (const void *)integers : (const void *)values);
    cutropy_result *result = must_run(problem, masks, 3, LIST, 1, 0);
    for (size_t i = 0; i < 3; i++) {
        numbers c = {
            .kind = kind, .round = round, .result = result, .record = row_record(result, i)};
        schmidt_solve(pixels, is_complex(kind), values, masks[i], &c.truth);
        check_record(&c);
        schmidt_free(&c.truth);
    }
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}

START_TEST(random_functions)
{
    uint64_t state = 11;
    for (int round = 0; round < amount(40, 3); round++)
        for (int kind = 0; kind < TEXTURES; kind++)
            check_function((texture)kind, round, 2 + (int)draw_below(&state, 7), &state);
}
END_TEST

/* One large value before 63 small ones, where the routine for singular values is off by 52 u of it: the squares of the levels are
 * the purity, proved by --digits 25. */
START_TEST(a_network_of_positive_numbers)
{
    const uint64_t mask = 0x4670;
    cutropy_problem *problem = must_problem("cnn", "4x4");
    cutropy_result *result = must_run(problem, &mask, 1, "spectrum", 1, 0);
    const cutropy_record *r = row_record(result, 0);
    long double sum = 0, error = 0;
    for (size_t k = 0; k < r->spectrum_count; k++) {
        const long double p = r->spectrum[k], err = r->spectrum_err[k];
        sum += (long double)r->multiplicity[k] * p * p;
        error += (long double)r->multiplicity[k] * (2 * p + err) * err;
    }
    ck_assert(r->spectrum_count > 40 && error < 1e-13L);
    ck_assert(fabsl(sum - 0.9321576963383656938426795L) <= error);
    cutropy_result_free(result);
    cutropy_problem_free(problem);
}
END_TEST

CHECK_MAIN("brackets", random_functions, a_network_of_positive_numbers)
