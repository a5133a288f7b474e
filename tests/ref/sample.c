/* SPDX-License-Identifier: Apache-2.0 */
#include "sample.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

static int bits(uint64_t x)
{
    int count = 0;
    for (; x; x &= x - 1)
        count++;
    return count;
}

static double uniform(uint64_t *state)
{
    return 2 * draw_unit(state) - 1;
}

/* A class of the pixels under mask: a random function of them with few values. */
static int group_of(uint64_t image, uint64_t mask, uint64_t salt)
{
    uint64_t state = (image & mask) * UINT64_C(0x9e3779b97f4a7c15) + salt;
    return (int)draw_below(&state, 4);
}

static int label_value(texture kind, uint64_t image, uint64_t hidden, uint64_t salt,
                       uint64_t *state)
{
    switch (kind) {
    case SPARSE_LABELS:
        return 0; /* lit afterwards */
    case THIN_LABELS:
        return draw_below(state, 8) == 0;
    case DENSE_LABELS:
        return draw_below(state, 16) != 0;
    case CLASS_LABELS:
        return (int)(salt >>
                         (4 * group_of(image, hidden, salt) + group_of(image, ~hidden, salt ^ 5)) &
                     1);
    case WEIGHT_LABELS:
        return (int)(salt >> bits(image) & 1);
    case BLOCK_LABELS:
        return (image & 1) == (image >> 2 & 1) && (image >> 1 & 1) == (image >> 3 & 1) &&
               draw_below(state, 3) != 0;
    default:
        return (int)draw_below(state, 2);
    }
}

static int64_t integer_value(texture kind, int pixels, uint64_t image, uint64_t hidden,
                             uint64_t salt, uint64_t *state)
{
    int size = 30 - pixels / 2; /* <f|f> stays below 2^61 */
    uint64_t pair =
        salt ^ (uint64_t)(4 * group_of(image, hidden, salt) + group_of(image, ~hidden, salt ^ 5));
    switch (kind) {
    case SIGNS:
        return draw_below(state, 2) ? 1 : -1;
    case CLASS_INTEGERS:
        return (int64_t)draw_below(&pair, 5) - 2;
    case LARGE_INTEGERS:
        return (int64_t)draw_below(state, UINT64_C(2) << size) - (INT64_C(1) << size);
    default:
        return draw_below(state, 2) ? (int64_t)draw_below(state, 7) - 3 : 0;
    }
}

static double number_value(texture kind, uint64_t image, uint64_t hidden, uint64_t salt,
                           uint64_t *state)
{
    uint64_t left = (image & hidden) * 3 + salt, right = (image & ~hidden) * 5 + salt;
    uint64_t pair =
        salt ^ (uint64_t)(4 * group_of(image, hidden, salt) + group_of(image, ~hidden, salt ^ 5));
    switch (kind) {
    case STEEP_REALS:
        return uniform(state) * pow(10, -10 * draw_unit(state));
    case CLASS_REALS:
    case CLASS_COMPLEXES:
        if (draw_below(&pair, 4) == 0)
            return draw_below(state, 2) ? 0.0 : -0.0;
        return uniform(&pair);
    case LOW_RANK_REALS: { /* every factor is a small multiple of 1/8, so that the sum is exact */
        double a = floor(uniform(&left) * 50), b = floor(uniform(&right) * 50);
        double c = floor(uniform(&left) * 50), d = floor(uniform(&right) * 50);
        return (a * b + c * d) / 8;
    }
    default:
        return uniform(state);
    }
}

static void fill(texture kind, uint64_t *state, sample *out)
{
    size_t size = (size_t)1 << out->pixels;
    uint64_t hidden = draw(state), salt = draw(state) | 1;
    for (uint64_t s = 0; s < size; s++) {
        if (out->kind == CUTROPY_KIND_LABEL)
            out->integers[s] = label_value(kind, s, hidden, salt, state);
        else if (out->kind == CUTROPY_KIND_INTEGER)
            out->integers[s] = integer_value(kind, out->pixels, s, hidden, salt, state);
        else if (out->kind == CUTROPY_KIND_REAL)
            out->numbers[s] = number_value(kind, s, hidden, salt, state);
        else
            for (uint64_t part = 0; part < 2; part++)
                out->numbers[2 * s + part] = number_value(kind, s, hidden, salt + 2 * part, state);
    }
    uint64_t lit = kind == SPARSE_LABELS ? 1 + draw_below(state, 4) : 0;
    for (uint64_t k = 0; k < lit; k++)
        out->integers[draw_below(state, size)] = 1;
}

static int is_zero(const sample *s)
{
    size_t size = (size_t)1 << s->pixels;
    for (size_t k = 0; k < size; k++)
        if (s->integers ? s->integers[k] != 0 : s->numbers[k] != 0)
            return 0;
    if (s->kind == CUTROPY_KIND_COMPLEX)
        for (size_t k = size; k < 2 * size; k++)
            if (s->numbers[k] != 0)
                return 0;
    return 1;
}

void sample_draw(texture kind, int pixels, uint64_t *state, sample *out)
{
    size_t size = (size_t)1 << pixels;
    memset(out, 0, sizeof *out);
    out->pixels = out->function.pixels = pixels;
    out->kind = kind < SIGNS       ? CUTROPY_KIND_LABEL
                : kind < REALS     ? CUTROPY_KIND_INTEGER
                : kind < COMPLEXES ? CUTROPY_KIND_REAL
                                   : CUTROPY_KIND_COMPLEX;
    if (out->kind == CUTROPY_KIND_LABEL || out->kind == CUTROPY_KIND_INTEGER)
        out->integers = malloc(size * sizeof *out->integers);
    else
        out->numbers = malloc(2 * size * sizeof *out->numbers);
    if (!out->integers && !out->numbers)
        abort();
    do
        fill(kind, state, out);
    while (is_zero(out));
    out->function.integers = out->integers;
    out->values = out->integers ? (const void *)out->integers : out->numbers;
    if (out->kind == CUTROPY_KIND_REAL)
        out->function.reals = out->numbers;
    if (out->kind == CUTROPY_KIND_COMPLEX)
        out->function.complexes = out->numbers;
    if (out->kind == CUTROPY_KIND_LABEL) {
        out->labels = malloc(size);
        if (!out->labels)
            abort();
        for (size_t s = 0; s < size; s++)
            out->labels[s] = (uint8_t)out->integers[s];
        out->values = out->labels;
    }
}

void sample_free(sample *s)
{
    free(s->labels);
    free(s->integers);
    free(s->numbers);
    memset(s, 0, sizeof *s);
}
