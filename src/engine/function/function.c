/* SPDX-License-Identifier: Apache-2.0 */
/* What the engine needs to know of an evaluated function: its norm and its checksum. */
#include "engine/function/function.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cut.h>

#include "base/bits.h"
#include "base/hash.h"
#include "base/locale.h"
#include "base/parallel.h"
#include "base/sum.h"
#include "engine/function/refiner.h"
#include "frontier/affine.h"
#include "frontier/automaton.h"
#include "frontier/strip.h"
#include "frontier/weighing.h"
#include "problem/problem.h"

ct_function ct_function_of(const cutropy_problem *problem)
{
    const cutropy_lattice *lattice = problem->lattice;
    return (ct_function){.lattice = lattice,
                         .pixels = lattice->pixels,
                         .words = lattice->words,
                         .kind = problem->kind,
                         .products = problem->products};
}

void ct_function_free(ct_function *f)
{
    ct_automaton_close(f->automaton);
    f->automaton = NULL;
    ct_affine_close(f->affine);
    f->affine = NULL;
    ct_strip_close(f->strip);
    f->strip = NULL;
    ct_weighing_close(f->weighing);
    f->weighing = NULL;
    ct_refiner_close(f->refiner);
    f->refiner = NULL;
    if (f->levels)
        ct_function_free(f->levels);
    ct_free(f->levels);
    f->levels = NULL;
    ct_free(f->images);
    ct_free(f->table);
    if (!f->lent)
        ct_free(f->values);
    ct_big_free(&f->norm_big);
    f->images = NULL;
    f->table = NULL;
    f->values = NULL;
}

bool ct_cut_is_trivial(const ct_function *f, const uint64_t *mask)
{
    const int na = cutropy_mask_pixels(mask, f->words);
    return (na == 0 || na == f->pixels) && !(f->products && f->products->sides);
}

static cutropy_status no_images(void)
{
    return ct_fail(CUTROPY_EINPUT,
                   "the function is zero for every image, so it has no state and no entropy");
}

/* ---- pieces: what each adds is the same whatever the threads ---- */

#define PIECE 65536 /* images of a list, words of a table, or values that one thread takes */

typedef struct ct_piece {
    uint64_t checksum;
    ct_u128 low, high; /* integers: the sums of the lower and the upper words of their squares */
    double largest;    /* real, complex */
    double smallest;   /* real, complex: of those that are not zero */
    ct_sum sum;        /* of the squares */
} ct_piece;

typedef struct ct_measure {
    ct_function *f;
    ct_piece *piece;
} ct_measure;

/* The contribution of 64 neighbouring images: a hash of their common high bits and of their labels.
 */
static uint64_t block_checksum(const uint64_t *image, size_t words, uint64_t labels)
{
    uint64_t hash = ct_mix64((image[0] >> 6) + 1);
    for (size_t w = 1; w < words; w++)
        hash = ct_mix64(hash * 3 + image[w]);
    return ct_mix64(hash * 3 + labels);
}

static bool same_block(const ct_function *f, uint64_t i, uint64_t j)
{
    const uint64_t *a = f->images + i * f->words, *b = f->images + j * f->words;
    return a[0] >> 6 == b[0] >> 6 && !memcmp(a + 1, b + 1, (f->words - 1) * sizeof *a);
}

/* A block belongs to the piece of its first image. */
static void measure_list(void *context, size_t first, size_t last, int thread)
{
    const ct_measure *m = context;
    const ct_function *f = m->f;
    uint64_t sum = 0, i = first;
    (void)thread;
    while (i > 0 && i < f->ones && same_block(f, i, i - 1))
        i++;
    while (i < last) {
        const uint64_t start = i;
        uint64_t labels = 0;
        for (; i < f->ones && same_block(f, i, start); i++)
            labels |= UINT64_C(1) << (f->images[i * f->words] & 63);
        sum += block_checksum(f->images + start * f->words, f->words, labels);
    }
    m->piece[first / PIECE].checksum = sum;
}

static void measure_table(void *context, size_t first, size_t last, int thread)
{
    const ct_measure *m = context;
    uint64_t sum = 0;
    (void)thread;
    for (uint64_t w = first; w < last; w++) {
        const uint64_t image = w << 6;
        if (m->f->table[w])
            sum += block_checksum(&image, 1, m->f->table[w]);
    }
    m->piece[first / PIECE].checksum = sum;
}

static uint64_t values_checksum(const ct_function *f, uint64_t first, uint64_t last)
{
    const uint64_t *values = f->values;
    const size_t words = ct_value_bytes(f->kind) / 8;
    uint64_t sum = 0;
    for (uint64_t i = first; i < last; i++) {
        uint64_t hash = f->storage == CT_SPARSE ? ct_hash_words(f->images + i * f->words, f->words)
                                                : ct_mix64(i + 1);
        for (size_t k = 0; k < words; k++)
            hash = ct_mix64(hash * 3 + values[i * words + k]);
        sum += hash;
    }
    return sum;
}

static void measure_integers(void *context, size_t first, size_t last, int thread)
{
    const ct_measure *m = context;
    const int64_t *values = m->f->values;
    ct_piece *piece = &m->piece[first / PIECE];
    (void)thread;
    piece->checksum = values_checksum(m->f, first, last);
    for (size_t i = first; i < last; i++) {
        const uint64_t size = values[i] < 0 ? 0 - (uint64_t)values[i] : (uint64_t)values[i];
        const ct_u128 square = (ct_u128)size * size;
        piece->low += (uint64_t)square;
        piece->high += square >> 64;
    }
}

static size_t numbers_per_value(const ct_function *f)
{
    return f->kind == CUTROPY_KIND_COMPLEX ? 2 : 1;
}

static void sum_squares(void *context, size_t first, size_t last, int thread)
{
    const ct_measure *m = context;
    const double *values = m->f->values;
    const size_t parts = numbers_per_value(m->f);
    ct_sum sum = {0};
    (void)thread;
    for (size_t i = first * parts; i < last * parts; i++) {
        const double x = m->f->unit ? ldexp(values[i], -m->f->unit) : values[i];
        ct_sum_add(&sum, x * x);
    }
    m->piece[first / PIECE].sum = sum;
}

static void measure_numbers(void *context, size_t first, size_t last, int thread)
{
    const ct_measure *m = context;
    const double *values = m->f->values;
    const size_t parts = numbers_per_value(m->f);
    double largest = 0, smallest = INFINITY;
    m->piece[first / PIECE].checksum = values_checksum(m->f, first, last);
    for (size_t i = first * parts; i < last * parts; i++) {
        const double size = fabs(values[i]);
        largest = size > largest ? size : largest;
        if (!(size <= DBL_MAX)) /* nor is it NaN */
            largest = INFINITY;
        smallest = size < smallest && size > 0 ? size : smallest;
    }
    m->piece[first / PIECE].largest = largest;
    m->piece[first / PIECE].smallest = smallest;
    sum_squares(context, first, last, thread); /* again where the values turn out to be extreme */
}

static void scale_numbers(void *context, size_t first, size_t last, int thread)
{
    const ct_measure *m = context;
    double *values = m->f->values;
    const size_t parts = numbers_per_value(m->f);
    for (size_t i = first * parts; i < last * parts; i++)
        values[i] = ldexp(values[i], -m->f->exponent);
    sum_squares(context, first, last, thread);
}

/* ---- together ---- */

/* <f|f> as an integer below 2^63 (labels: the number of images that count). */
static cutropy_status label_norm(ct_function *f)
{
    if (f->value[0] == 0 && f->ones == 0)
        return no_images();
    if (f->value[0] != 0 && f->pixels > 64)
        return ct_fail(CUTROPY_EINPUT,
                       "encoding=pm1 has 2^%d values: up to 64 pixels are supported", f->pixels);
    if (f->value[0] != 0 && f->pixels > 62) {
        f->norm = ldexp(1, f->pixels); /* integers end here: these two sizes go on in double */
        return CUTROPY_OK;
    }
    f->norm_exact = f->value[0] ? (ct_u128)1 << f->pixels : f->ones;
    return CUTROPY_OK;
}

/* Doubles hold norms up to here, and what is computed with them. */
#define LARGEST_EXPONENT 960

cutropy_status ct_function_set_norm(ct_function *f, const ct_big *norm)
{
    cutropy_status status = CUTROPY_OK;
    int exponent;
    const double size = ct_big_double(norm, &exponent);
    ct_u128 whole;
    if (ct_big_fits(norm, &whole) && whole < (ct_u128)1 << 62) {
        f->norm_exact = whole;
        f->norm = (double)whole;
        return CUTROPY_OK;
    }
    CT_TRY(ct_big_copy(&f->norm_big, norm));
    f->norm_exact = 0;
    f->unit = exponent > LARGEST_EXPONENT ? exponent / 2 : 0;
    f->norm = ldexp(size, exponent - 2 * f->unit);
done:
    return status;
}

static cutropy_status integer_norm(ct_function *f, const ct_piece *piece, size_t pieces)
{
    ct_u128 low = 0, high = 0;
    for (size_t k = 0; k < pieces; k++) {
        low += piece[k].low;
        high += piece[k].high;
    }
    high += low >> 64;
    uint64_t limb[3] = {(uint64_t)low, (uint64_t)high, (uint64_t)(high >> 64)};
    const ct_big norm = {limb, limb[2] ? 3 : limb[1] ? 2 : limb[0] != 0};
    return norm.count ? ct_function_set_norm(f, &norm) : no_images();
}

/* Extreme amplitudes are scaled by a power of two, so that squares of the norm neither overflow nor
 * underflow; the state is the same. Where a value would lose bits, all are kept as they are, and
 * norm and Gram matrices are scaled instead. */
static cutropy_status float_norm(ct_measure *m, size_t count, size_t pieces, int threads)
{
    ct_function *f = m->f;
    double largest = 0, smallest = INFINITY;
    ct_sum sum = {0};
    for (size_t k = 0; k < pieces; k++) {
        largest = fmax(m->piece[k].largest, largest);
        smallest = fmin(m->piece[k].smallest, smallest);
    }
    if (largest > DBL_MAX)
        return ct_fail(CUTROPY_EINPUT, "a value of the function overflows doubles (1.8e308): take "
                                       "smaller weights or parameters");
    if (largest == 0)
        return ct_fail(CUTROPY_EINPUT, "the function is zero for every image, so it has no state "
                                       "and no entropy (doubles end at 5e-324: take larger weights "
                                       "if it is not)");
    const int exponent = ilogb(largest);
    const bool lossless = exponent < 0 || ilogb(smallest) - exponent >= DBL_MIN_EXP - 1;
    f->wide = !lossless || ilogb(smallest) - exponent < -4 * CT_ORDINARY_EXPONENT;
    f->ordinary = exponent <= CT_ORDINARY_EXPONENT && ilogb(smallest) >= -CT_ORDINARY_EXPONENT;
    if (abs(exponent) > CT_ORDINARY_EXPONENT) {
        f->exponent = lossless ? exponent : 0;
        f->unit = lossless ? 0 : exponent;
        ct_parallel_for(threads, count, PIECE, lossless ? scale_numbers : sum_squares, m);
    }
    for (size_t k = 0; k < pieces; k++) {
        ct_sum_add(&sum, m->piece[k].sum.total);
        sum.slip += m->piece[k].sum.slip;
    }
    f->norm = ct_sum_value(&sum);
    f->norm_error = ldexp(f->norm, -51); /* a square rounds once, their sum twice */
    return CUTROPY_OK;
}

cutropy_status ct_function_measure(ct_function *f, int threads)
{
    cutropy_status status = CUTROPY_OK;
    ct_measure m = {.f = f};
    const size_t count = f->storage == CT_SUPPORT || f->storage == CT_SPARSE ? f->ones
                         : f->storage == CT_TABLE ? ct_table_words(f->pixels)
                                                  : (size_t)1 << f->pixels,
                 pieces = (count + PIECE - 1) / PIECE;
    uint64_t checksum = 0;
    CT_NEW_ZERO(m.piece, pieces + 1); /* a list may be empty */
    ct_parallel_for(threads, count, PIECE,
                    f->storage == CT_SUPPORT          ? measure_list
                    : f->storage == CT_TABLE          ? measure_table
                    : f->kind == CUTROPY_KIND_INTEGER ? measure_integers
                                                      : measure_numbers,
                    &m);
    for (size_t k = 0; k < pieces; k++)
        checksum += m.piece[k].checksum;
    f->checksum = ct_mix64(checksum + (uint64_t)f->pixels + ((uint64_t)f->kind << 8) +
                           ((uint64_t)(f->value[0] != 0) << 16));
    if (f->kind == CUTROPY_KIND_LABEL)
        CT_TRY(label_norm(f));
    else if (f->kind == CUTROPY_KIND_INTEGER)
        CT_TRY(integer_norm(f, m.piece, pieces));
    else
        CT_TRY(float_norm(&m, count, pieces, threads));
    if (f->norm_exact)
        f->norm = (double)f->norm_exact;
done:
    ct_free(m.piece);
    return status;
}

/* x 4^(exponent + unit), also beyond long double. */
static cutropy_status format_scaled(const ct_function *f, int digits, double x, char **out)
{
    char text[48];
    const int power = 2 * (f->exponent + f->unit);
    if (abs(power) > LDBL_MAX_EXP - 128)
        ct_snprintf(text, sizeof text, "%.*g*2^%d", digits, x, power);
    else
        ct_snprintf(text, sizeof text, "%.*Lg", digits, ldexpl(x, power));
    *out = ct_strdup(text);
    return *out ? CUTROPY_OK : ct_fail_memory("norm", sizeof text);
}

cutropy_status ct_function_norm_error_text(const ct_function *f, char **out)
{
    *out = NULL;
    if (f->lattice && f->lattice->infinite)
        *out = ct_strdup("");
    else if (f->norm_error > 0) /* 17 digits of the norm, and three of this */
        return format_scaled(f, 3, 1.005 * (f->norm_error + ldexp(f->norm, -53)), out);
    else
        *out = ct_strdup("0");
    return *out ? CUTROPY_OK : ct_fail_memory("norm", 2);
}

cutropy_status ct_function_norm_text(const ct_function *f, char **out)
{
    cutropy_status status = CUTROPY_OK;
    char text[48];
    *out = NULL;
    if (f->lattice && f->lattice->infinite) {
        *out = ct_strdup("infinite");
        return *out ? CUTROPY_OK : ct_fail_memory("norm", sizeof text);
    }
    if (ct_is_big(f))
        return ct_big_format(&f->norm_big, out);
    if (!f->norm_exact)
        return format_scaled(f, 17, f->norm, out);
    ct_u128_format(f->norm_exact, text);
    *out = ct_strdup(text);
    if (!*out)
        status = ct_fail_memory("norm", sizeof text);
    return status;
}
