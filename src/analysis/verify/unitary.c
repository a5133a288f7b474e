/* SPDX-License-Identifier: Apache-2.0 */
/* Unitary matrices on A and on B; see unitary.h. */
#include "analysis/verify/unitary.h"

#include <math.h>
#include <string.h>

#include "base/bits.h"

#define SEED 1710

/* ---- the permutation ---- */

static void add_pixel(uint64_t *image, int from, int to)
{
    image[to >> 6] ^= (uint64_t)ct_bit(image, (uint64_t)from) << (to & 63);
}

/* Linear over GF(2), and invertible: every step is its own inverse. */
static void mix(const ct_unitary *u, uint64_t *image)
{
    const int *pixel = u->pixel, sides[3] = {0, u->na, u->f->pixels};
    for (int side = 0; side < 2; side++) {
        const int first = sides[side], last = sides[side + 1] - 1;
        for (int k = first; k < last; k++)
            add_pixel(image, pixel[k + 1], pixel[k]);
        if (first < last)
            add_pixel(image, pixel[first], pixel[last]);
    }
}

static void prepare(ct_unitary *u)
{
    int next = 0;
    for (int side = 1; side >= 0; side--) {
        for (int i = 0; i < u->f->pixels; i++)
            if (ct_bit(u->mask, (uint64_t)i) == side)
                u->pixel[next++] = i;
        u->na = side ? next : u->na;
    }
    for (int i = 0; i < u->f->pixels; i++)
        if (ct_random(SEED, (uint64_t)i) & 1)
            ct_set_bit(u->flips, (uint64_t)i);
    for (int b = 0; b < 5 && 8 * b < u->f->pixels; b++)
        for (int v = 1; v < 256 && u->f->pixels <= 40; v++) {
            uint64_t image = ((uint64_t)v << (8 * b)) & ct_low_mask(u->f->pixels);
            mix(u, &image);
            u->part[b][v] = image;
        }
}

static uint64_t moved(const ct_unitary *u, uint64_t s)
{
    return u->flips[0] ^ u->part[0][s & 255] ^ u->part[1][s >> 8 & 255] ^
           u->part[2][s >> 16 & 255] ^ u->part[3][s >> 24 & 255] ^ u->part[4][s >> 32 & 255];
}

/* ---- labels that stay labels ---- */

static int table_label(uint64_t image, void *user)
{
    const ct_unitary *u = user;
    return ct_bit(u->table, image);
}

static cutropy_status permute_table(ct_unitary *u)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = u->f;
    CT_NEW_ZERO(u->table, ct_table_words(f->pixels));
    for (uint64_t s = 0; s < UINT64_C(1) << f->pixels; s++)
        if (ct_bit(f->table, s))
            ct_set_bit(u->table, moved(u, s));
    CT_TRY(cutropy_problem_from_labels("permuted", f->lattice, table_label, u, &u->problem));
done:
    return status;
}

static cutropy_status permute_list(ct_unitary *u)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = u->f;
    uint64_t *images = NULL;
    CT_NEW(images, f->ones * f->words);
    memcpy(images, f->images, f->ones * f->words * sizeof *images);
    for (uint64_t i = 0; i < f->ones; i++) {
        uint64_t *image = images + i * f->words;
        mix(u, image);
        for (size_t w = 0; w < f->words; w++)
            image[w] ^= u->flips[w];
    }
    CT_TRY(cutropy_problem_from_images("permuted", f->lattice, images, f->ones, &u->problem));
done:
    ct_free(images);
    return status;
}

/* ---- numbers ---- */

static void fill_labels(const ct_unitary *u, int64_t *values)
{
    const ct_function *f = u->f;
    const uint64_t size = UINT64_C(1) << f->pixels;
    for (uint64_t s = 0; s < size; s++)
        values[moved(u, s)] = f->value[f->storage == CT_TABLE && ct_bit(f->table, s)];
    for (uint64_t i = 0; f->storage == CT_SUPPORT && i < f->ones; i++)
        values[moved(u, f->images[i])] = f->value[1];
}

/* Sum and difference over one pixel; words = 0: integers, else doubles an image. */
static void reflect(void *values, int pixels, int pixel, size_t words)
{
    const uint64_t far = UINT64_C(1) << pixel, size = UINT64_C(1) << pixels;
    const size_t each = words ? words : 1;
    for (uint64_t s = 0; s < size; s++)
        for (size_t w = 0; w < each && !(s & far); w++) {
            const uint64_t x = s * each + w, y = (s | far) * each + w;
            if (words) {
                double *v = values;
                const double sum = v[x] + v[y], difference = v[x] - v[y];
                v[x] = sum;
                v[y] = difference;
            } else {
                int64_t *v = values;
                const int64_t sum = v[x] + v[y], difference = v[x] - v[y];
                v[x] = sum;
                v[y] = difference;
            }
        }
}

/* Rounding moves the normalised state by at most 2 u a reflection, so by a trace distance e of less
 * than 8 u in all: |dS| <= e log(d - 1) + H2(e) (Fannes, Audenaert). */
static double rounding_loss(const ct_unitary *u)
{
    const double e = 0x1p-50;
    const int nb = u->f->pixels - u->na, side = u->na < nb ? u->na : nb;
    return e * (side + 50 + 2);
}

static cutropy_status transform_array(ct_unitary *u, uint64_t limit)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = u->f;
    const bool integers = f->kind == CUTROPY_KIND_LABEL || f->kind == CUTROPY_KIND_INTEGER;
    const size_t words = ct_value_bytes(f->kind) / 8;
    uint64_t *values = NULL;
    if (f->pixels > 40 || limit >> f->pixels < 8 * 8 * words) { /* this array and its copies */
        u->why = "the transformed function does not fit the memory limit";
        return CUTROPY_OK;
    }
    CT_NEW(values, words << f->pixels);
    if (f->kind == CUTROPY_KIND_LABEL)
        fill_labels(u, (int64_t *)values);
    else
        for (uint64_t s = 0; s < UINT64_C(1) << f->pixels; s++)
            memcpy(values + moved(u, s) * words, (const uint64_t *)f->values + s * words,
                   8 * words);
    u->reflected = !integers || f->norm_exact < (ct_u128)1 << 59; /* each doubles <f|f> */
    for (int side = 0; side < 2 && u->reflected; side++)
        if (side ? u->na < f->pixels : u->na > 0)
            reflect(values, f->pixels, u->pixel[side ? u->na : 0], integers ? 0 : words);
    u->loss = integers ? 0 : rounding_loss(u);
    CT_TRY(cutropy_problem_from_values(
        "transformed", f->lattice, integers ? CUTROPY_KIND_INTEGER : f->kind, values, &u->problem));
done:
    ct_free(values);
    return status;
}

cutropy_status ct_unitary_make(const ct_function *f, const uint64_t *mask, uint64_t limit,
                               ct_unitary *out)
{
    memset(out, 0, sizeof *out);
    out->f = f;
    memcpy(out->mask, mask, f->words * sizeof *mask);
    prepare(out);
    if (f->kind != CUTROPY_KIND_LABEL || f->value[0] != 0 || f->pixels <= CT_REFLECTED_PIXELS)
        return transform_array(out, limit);
    return f->storage == CT_SUPPORT ? permute_list(out) : permute_table(out);
}

void ct_unitary_free(ct_unitary *unitary)
{
    cutropy_problem_free(unitary->problem);
    ct_free(unitary->table);
    unitary->problem = NULL;
    unitary->table = NULL;
}
