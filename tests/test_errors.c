/* SPDX-License-Identifier: Apache-2.0 */
/* Does every printed error hold? Every real number of thousands of random functions of hard textures against 113-bit
 * singular values (ref/wide.h), as a plain and as a certified run. CUTROPY_TEST_ROUNDS=K: K times as many. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "ref/support.h"
#include "ref/wide.h"

static const char *const quantities =
    "renyi:0.01,renyi:0.1,renyi:0.5,renyi:0.9,renyi:0.999,renyi:1.001,renyi:1.5,renyi:3,renyi:10,renyi:200,renyi:inf,"
    "log_negativity,schmidt_gap,tr_rho3,discarded_weight:1,discarded_weight:3,spectrum";

/* ---- functions ---- */

typedef enum texture {
    UNIFORM,       /* every value independent */
    CONSTANT,      /* one value */
    RAMP,          /* offset + k */
    ROOTS,         /* sqrt(offset + k) */
    SQUARES,       /* (offset + k)^2 */
    LOGARITHM,     /* log(1 + scale k) */
    HALF_NOISE,    /* a constant where pixel 0 is dark, noise where it is lit */
    PRODUCT,       /* of one rounded function a pixel */
    PRODUCT_NOISE, /* and relative noise 1e-3 .. 1e-15 */
    GRADED,        /* a sum of products with weights that fall by powers of ten */
    KERNEL,       /* exp(-((a - b) / width)^2) between the lower and the upper half of the pixels */
    PAIRS,        /* exp of random couplings: a weak Boltzmann machine */
    STEEP,        /* many orders of magnitude */
    WIDE_RANGE,   /* exponents over the range of doubles */
    SPARSE,       /* a few values */
    CLASSES,      /* few distinct rows */
    WHOLE_SMALL,  /* integers -3 .. 3 */
    WHOLE_LARGE,  /* integers below 2^20 */
    WHOLE_KERNEL, /* rounded kernel */
    LABELS,       /* 0, 1 */
    TEXTURES
} texture;

typedef struct sample {
    texture kind;
    int pixels, parts;
    cutropy_kind values;
    double *value; /* 2^N x parts */
} sample;

static double normal(uint64_t *state)
{
    double sum = 0;
    for (int i = 0; i < 12; i++)
        sum += draw_unit(state);
    return sum - 6;
}

static double kernel(const sample *s, uint64_t image, double width)
{
    const int half = s->pixels / 2;
    const double a = (double)(image & ((UINT64_C(1) << half) - 1)), b = (double)(image >> half);
    return exp(-(a - b) * (a - b) / (width * width));
}

/* A product over the pixels; pixel i contributes 1 or factor[i]. */
static double product(const double *factor, uint64_t image)
{
    double value = 1;
    for (int i = 0; image >> i; i++)
        if (image >> i & 1)
            value *= factor[i];
    return value;
}

static double pairs(const double *coupling, int pixels, uint64_t image)
{
    double sum = 0;
    for (int i = 0; i < pixels; i++)
        for (int j = 0; j < i; j++)
            if ((image >> i & 1) == (image >> j & 1))
                sum += coupling[i * 16 + j];
    return exp(sum);
}

static double number(const sample *s, uint64_t k, const double *random, uint64_t salt,
                     uint64_t *state)
{
    const double offset = pow(10, (double)(salt % 11)), x = (double)k;
    uint64_t group = ((k * 3) & salt) * UINT64_C(0x9e3779b97f4a7c15) + (k & ~salt) % 3 + salt;
    double sum = 0;
    switch (s->kind) {
    case CONSTANT:
        return random[0];
    case RAMP:
        return offset + x;
    case ROOTS:
        return sqrt(offset + x);
    case SQUARES:
        return (offset + x) * (offset + x);
    case LOGARITHM:
        return log(1 + x * random[0] * random[0]) + 1e-3 * (double)(salt % 2);
    case HALF_NOISE:
        return k & 1 ? 1e-9 * normal(state) : random[0];
    case PRODUCT:
        return product(random, k);
    case PRODUCT_NOISE:
        return product(random, k) * (1 + pow(10, -(double)(3 + salt % 13)) * normal(state));
    case GRADED:
        for (int t = 0; t < 4; t++)
            sum += pow(10, -(double)(salt % 6) * t) * product(random + 12 * t, k);
        return sum;
    case KERNEL:
        return kernel(s, k, 1 + (double)(salt % 9));
    case WHOLE_KERNEL:
        return nearbyint(0x1p20 * kernel(s, k, 1 + (double)(salt % 9)));
    case PAIRS:
        return pairs(random, s->pixels, k);
    case STEEP:
        return normal(state) * pow(10, -12 * draw_unit(state));
    case WIDE_RANGE:
        return draw_below(state, 3) ? 0 : normal(state) * pow(10, 290 - 590 * draw_unit(state));
    case SPARSE:
        return draw_below(state, (UINT64_C(1) << s->pixels) / 3) ? 0 : normal(state);
    case CLASSES:
        return draw_below(&group, 4) ? draw_unit(&group) - 0.5 : 0;
    case WHOLE_SMALL:
        return draw_below(state, 2) ? (double)draw_below(state, 7) - 3 : 0;
    case WHOLE_LARGE:
        return (double)draw_below(state, 1 << 21) - 0x1p20;
    case LABELS:
        return (double)draw_below(state, 2);
    default:
        return normal(state);
    }
}

static sample draw_sample(texture kind, int pixels, uint64_t *state)
{
    const size_t size = (size_t)1 << pixels;
    sample s = {.kind = kind, .pixels = pixels, .parts = 1, .values = CUTROPY_KIND_REAL};
    if (kind == LABELS)
        s.values = CUTROPY_KIND_LABEL;
    else if (kind >= WHOLE_SMALL)
        s.values = CUTROPY_KIND_INTEGER;
    else if (draw_below(state, 4) == 0) {
        s.values = CUTROPY_KIND_COMPLEX;
        s.parts = 2;
    }
    s.value = calloc(size * 2, sizeof *s.value);
    ck_assert_ptr_nonnull(s.value);
    for (bool zero = true; zero;)
        for (int part = 0; part < s.parts; part++) {
            double random[256];
            const uint64_t salt = draw(state) >> 1;
            for (size_t i = 0; i < 256; i++)
                random[i] = normal(state) * (kind == PAIRS ? pow(0.1, (double)(salt % 4)) : 1);
            for (size_t k = 0; k < size; k++) {
                s.value[(size_t)s.parts * k + (size_t)part] = number(&s, k, random, salt, state);
                zero = zero && s.value[(size_t)s.parts * k + (size_t)part] == 0;
            }
        }
    return s;
}

static cutropy_problem *problem_of(const sample *s, const cutropy_lattice *lattice)
{
    const size_t size = (size_t)1 << s->pixels;
    cutropy_problem *problem = NULL;
    if (s->values != CUTROPY_KIND_LABEL && s->values != CUTROPY_KIND_INTEGER)
        return must_values(lattice, s->values, s->value);
    int64_t *whole = malloc(size * sizeof *whole);
    uint8_t *labels = malloc(size);
    ck_assert(whole && labels);
    for (size_t k = 0; k < size; k++) {
        whole[k] = (int64_t)s->value[k];
        labels[k] = s->value[k] != 0;
    }
    problem =
        must_values(lattice, s->values, s->values == CUTROPY_KIND_LABEL ? (void *)labels : whole);
    free(labels);
    free(whole);
    return problem;
}

/* ---- comparisons ---- */

static struct {
    long numbers, unknown, loose; /* compared; not known; error above 1e-9 */
    long wrong;
} seen;

typedef struct place {
    const sample *s;
    uint64_t mask;
    int certified;
} place;

static void complain(const place *at, const char *what, double value, double error, wide_ball truth)
{
    if (++seen.wrong > 40)
        return;
    fprintf(
        stderr,
        "%s %.17g +- %.3g, right %.17g (+- %.1g), off by %.3g: texture %d, %s%d pixels, cut 0x%llx%s\n",
        what, value, error, (double)((truth.low + truth.high) / 2),
        (double)((truth.high - truth.low) / 2),
        (double)quad_abs(value - (truth.low + truth.high) / 2), (int)at->s->kind,
        at->s->parts == 2 ? "complex, " : "", at->s->pixels, (unsigned long long)at->mask,
        at->certified ? ", certified" : "");
}

static void compare(const place *at, const char *what, double value, double error, wide_ball truth)
{
    seen.numbers++;
    if (isnan(value)) {
        seen.unknown++;
        if (!isnan(error))
            complain(at, what, value, error, truth);
        return;
    }
    seen.loose += error > 1e-9;
    if (!(error >= 0 && isfinite(error) && value - (quad)error <= truth.high &&
          value + (quad)error >= truth.low))
        complain(at, what, value, error, truth);
    if (value != 0 && !(error < fabs(value)))
        complain(at, "no digit of", value, error, truth);
}

static quad parse(const char *text, quad *unit)
{
    quad value = 0, scale = 1;
    const int negative = *text == '-';
    bool point = false;
    for (text += negative; *text; text++) {
        if (*text == '.') {
            point = true;
            continue;
        }
        ck_assert_msg(*text >= '0' && *text <= '9', "not a decimal: %s", text);
        value = 10 * value + (*text - '0');
        if (point)
            scale *= 10;
    }
    *unit = 1 / scale;
    return (negative ? -value : value) / scale;
}

/* A proved decimal: within half a unit of its last place. */
static void compare_text(const place *at, const char *what, const char *text, int decimals,
                         wide_ball truth)
{
    quad unit;
    if (!text)
        return;
    const quad value = parse(text, &unit);
    quad expected = 1;
    for (int i = 0; i < decimals; i++)
        expected /= 10;
    seen.numbers++;
    if (quad_abs(unit / expected - 1) > (quad)1e-20 ||
        value - unit / 2 > truth.high + (quad)1e-32 || value + unit / 2 < truth.low - (quad)1e-32)
        complain(at, what, (double)value, (double)(unit / 2), truth);
}

static wide_ball truth_of(const cutropy_quantity *quantity, const wide_spectrum *s)
{
    const wide_ball first = wide_level(s, 0), second = wide_level(s, 1);
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_RENYI:
        return wide_renyi(s, quantity->parameter);
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        return wide_renyi(s, 0.5);
    case CUTROPY_QUANTITY_SCHMIDT_GAP:
        return (wide_ball){first.low - second.high, first.high - second.low};
    case CUTROPY_QUANTITY_TR_RHO3:
        return wide_moment(s, 3);
    default:
        return wide_tail(s, (size_t)quantity->parameter);
    }
}

/* Every level lies within its error of the true one of the same place. */
static void compare_spectrum(const place *at, const cutropy_record *r, const wide_spectrum *s)
{
    size_t k = 0;
    for (size_t i = 0; i < r->spectrum_count; i++)
        for (int64_t m = 0; m < r->multiplicity[i]; m++)
            compare(at, "level", r->spectrum[i], r->spectrum_err[i], wide_level(s, k++));
    if ((int64_t)k > r->rank_hi)
        complain(at, "more levels than the rank", (double)k, 0,
                 (wide_ball){(quad)r->rank_lo, (quad)r->rank_hi});
    for (; k < s->count; k++) /* what is left out may not be clear */
        if (wide_level(s, k).low > 1e-9)
            complain(at, "left out", 0, 0, wide_level(s, k));
}

static void compare_record(const place *at, const cutropy_result *result, const wide_spectrum *s)
{
    const cutropy_record *r = row_record(result, 0);
    const cutropy_exact *exact = r->exact;
    char name[48];
    compare(at, "entropy", r->entropy, r->entropy_err, wide_renyi(s, 1));
    compare(at, "renyi2", r->renyi2, r->renyi2_err, wide_renyi(s, 2));
    if (!r->purity_exact.q[0] && !r->purity_exact.q[1])
        compare(at, "purity", r->purity, r->purity_err, wide_moment(s, 2));
    if (exact) {
        compare_text(at, "entropy text", exact->entropy[0], exact->decimals[0], wide_renyi(s, 1));
        compare_text(at, "renyi2 text", exact->renyi2[0], exact->renyi2_decimals[0],
                     wide_renyi(s, 2));
    }
    for (size_t q = 0; q < result->quantity_count; q++) {
        const cutropy_quantity *quantity = &result->quantities[q];
        cutropy_quantity_name(quantity, name, sizeof name);
        if (quantity->kind == CUTROPY_QUANTITY_SPECTRUM)
            continue;
        if (quantity->kind == CUTROPY_QUANTITY_TR_RHO3) {
            if (!r->tr_rho3_exact.q[0] && !r->tr_rho3_exact.q[1])
                compare(at, name, r->tr_rho3, r->tr_rho3_err, truth_of(quantity, s));
            continue;
        }
        compare(at, name, cutropy_result_quantity(result, 0, q),
                cutropy_result_quantity_error(result, 0, q), truth_of(quantity, s));
        if (exact && exact->extra && exact->extra_decimals)
            compare_text(at, name, exact->extra[2 * q], exact->extra_decimals[2 * q],
                         truth_of(quantity, s));
    }
    compare_spectrum(at, r, s);
    /* Schmidt values that are clear in 113 bits are at most the rank */
    size_t least = 0;
    for (size_t k = 0; k < s->count; k++)
        least += wide_level(s, k).low > 0;
    if ((int64_t)least > r->rank_hi)
        complain(at, "rank", (double)r->rank_hi, 0, (wide_ball){(quad)least, (quad)least});
    if (at->certified) {
        seen.loose += r->guarantee == CUTROPY_GUARANTEE_FLOAT;
    }
}

static cutropy_result *run(const cutropy_problem *problem, uint64_t mask, int certify)
{
    cutropy_options options = ct_default_options();
    cutropy_cuts cuts = {1, 1, &mask};
    cutropy_quantity *list = NULL;
    cutropy_result *result = NULL;
    ck_assert_int_eq(cutropy_quantities_parse(quantities, &list, &options.quantity_count),
                     CUTROPY_OK);
    options.quantities = list;
    options.threads = 1;
    options.certify = certify;
    const cutropy_status status = cutropy_run(problem, &cuts, &options, &result);
    cutropy_quantities_free(list);
    if (status != CUTROPY_OK) {
        fprintf(stderr, "refused (%d): %s\n", (int)status, cutropy_error());
        seen.wrong++;
        return NULL;
    }
    return result;
}

static int rounds(void)
{
    const char *text = getenv("CUTROPY_TEST_ROUNDS");
    return text ? atoi(text) : 1;
}

static void attack(texture kind, int count, int certify)
{
    uint64_t state = UINT64_C(0x1234567) + (uint64_t)kind * 977 + (uint64_t)certify;
    const char *seed = getenv("CUTROPY_TEST_SEED");
    if (seed)
        state += UINT64_C(0x9e3779b97f4a7c15) * (uint64_t)atoll(seed);
    for (int i = 0; i < count; i++) {
        const int pixels = 2 + (int)draw_below(&state, 7);
        char name[24];
        snprintf(name, sizeof name, "chain:%d", pixels);
        cutropy_lattice *lattice = must_lattice(name);
        sample s = draw_sample(kind, pixels, &state);
        cutropy_problem *problem = problem_of(&s, lattice);
        const uint64_t all = (UINT64_C(1) << pixels) - 1;
        place at = {.s = &s, .mask = 1 + draw_below(&state, all - 1), .certified = certify};
        wide_spectrum truth;
        wide_solve(&(wide_function){pixels, s.parts, s.value}, at.mask, &truth);
        cutropy_result *result = run(problem, at.mask, certify);
        if (result)
            compare_record(&at, result, &truth);
        else
            complain(&at, "refused", 0, 0, (wide_ball){0, 0});
        cutropy_result_free(result);
        wide_free(&truth);
        cutropy_problem_free(problem);
        cutropy_lattice_free(lattice);
        free(s.value);
    }
}

START_TEST(test_plain)
{
    memset(&seen, 0, sizeof seen);
    for (int kind = 0; kind < TEXTURES; kind++)
        attack((texture)kind, rounds() * amount(60, 6), 0);
    fprintf(stderr, "plain: %ld numbers, %ld not known, %ld with an error above 1e-9, %ld wrong\n",
            seen.numbers, seen.unknown, seen.loose, seen.wrong);
    ck_assert_int_eq(seen.wrong, 0);
    /* errors that say nothing would hold too */
    ck_assert_int_lt(seen.unknown, seen.numbers / 50);
    ck_assert_int_lt(seen.loose, seen.numbers / 20);
}
END_TEST

START_TEST(test_certified)
{
    memset(&seen, 0, sizeof seen);
    for (int kind = 0; kind < TEXTURES; kind++)
        attack((texture)kind, rounds() * amount(20, 2), 1);
    fprintf(stderr, "certified: %ld numbers, %ld not known, %ld not proved, %ld wrong\n",
            seen.numbers, seen.unknown, seen.loose, seen.wrong);
    ck_assert_int_eq(seen.wrong, 0);
    ck_assert_int_eq(seen.unknown, 0);
    ck_assert_int_eq(seen.loose, 0);
}
END_TEST

CHECK_MAIN("errors", test_plain, test_certified)
