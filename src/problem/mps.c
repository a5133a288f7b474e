/* SPDX-License-Identifier: Apache-2.0 */
/* Random matrix product state over the pixels in their order, open ends. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "problem/forms.h"
#include "problem/types.h"
#include "problem/weighted.h"
#include "problem/weights.h"

static void free_mps(void *data)
{
    ct_mps *d = data;
    ct_free(d->tensor);
    ct_free(d->left);
    ct_free(d);
}

static const double *matrix(const ct_mps *d, int pixel, int s)
{
    return d->tensor + (size_t)(2 * pixel + s) * (size_t)(d->chi * d->chi * d->parts);
}

/* right[a][part] = (A_low A_low+1 .. A_N-1)(a, 0) */
static void right_vector(const ct_mps *d, uint64_t image, int low_pixels, double *right)
{
    double next[2 * CT_MPS_CHI];
    int parts = d->parts;
    right[0] = 1;
    right[1] = 0;
    for (int i = d->pixels - 1; i >= low_pixels; i--) {
        const double *m = matrix(d, i, (int)(image >> i & 1));
        int columns = ct_mps_bond(d, i + 1);
        memcpy(next, right, sizeof(double) * (size_t)(parts * columns));
        for (int a = 0; a < ct_mps_bond(d, i); a++) {
            double re = 0, im = 0;
            const double *row = m + a * d->chi * parts;
            for (int b = 0; b < columns && parts == 1; b++)
                re += row[b] * next[b];
            for (int b = 0; b < columns && parts == 2; b++) {
                re += row[2 * b] * next[2 * b] - row[2 * b + 1] * next[2 * b + 1];
                im += row[2 * b] * next[2 * b + 1] + row[2 * b + 1] * next[2 * b];
            }
            right[parts * a] = re;
            if (parts == 2)
                right[2 * a + 1] = im;
        }
    }
}

static cutropy_status fill_real(const cutropy_problem *problem, uint64_t first, size_t count,
                                void *out)
{
    const ct_mps *d = problem->data;
    int low_pixels = ct_low_pixels(problem), dimension = ct_mps_bond(d, low_pixels);
    for (size_t done = 0; done < count;) {
        double right[2 * CT_MPS_CHI];
        ct_block block = ct_next_block(first + done, count - done, low_pixels);
        double *value = (double *)out + done;
        right_vector(d, block.high, low_pixels, right);
        memset(value, 0, block.count * sizeof *value);
        for (int b = 0; b < dimension; b++) {
            const double *left = d->left + (size_t)b * CT_LOW_IMAGES + block.low;
            for (size_t k = 0; k < block.count; k++)
                value[k] += left[k] * right[b];
        }
        done += block.count;
    }
    return CUTROPY_OK;
}

static cutropy_status fill_complex(const cutropy_problem *problem, uint64_t first, size_t count,
                                   void *out)
{
    const ct_mps *d = problem->data;
    int low_pixels = ct_low_pixels(problem), dimension = ct_mps_bond(d, low_pixels);
    for (size_t done = 0; done < count;) {
        double right[2 * CT_MPS_CHI];
        ct_block block = ct_next_block(first + done, count - done, low_pixels);
        double *value = (double *)out + 2 * done;
        right_vector(d, block.high, low_pixels, right);
        memset(value, 0, 2 * block.count * sizeof *value);
        for (int b = 0; b < dimension; b++) {
            const double *re = d->left + (size_t)(2 * b) * CT_LOW_IMAGES + block.low,
                         *im = re + CT_LOW_IMAGES;
            for (size_t k = 0; k < block.count; k++) {
                value[2 * k] += re[k] * right[2 * b] - im[k] * right[2 * b + 1];
                value[2 * k + 1] += re[k] * right[2 * b + 1] + im[k] * right[2 * b];
            }
        }
        done += block.count;
    }
    return CUTROPY_OK;
}

/* Tensor i has the shape (2, rows, columns); in memory the rows stand chi apart. */
static cutropy_status take_tensors(ct_weights *weights, ct_mps *d)
{
    cutropy_status status = CUTROPY_OK;
    double *numbers = NULL;
    CT_NEW(numbers, 2 * d->chi * d->chi * d->parts);
    for (int i = 0; i < d->pixels; i++) {
        int rows = ct_mps_bond(d, i), columns = ct_mps_bond(d, i + 1);
        ct_tensor tensor = {.axes = 3,
                            .shape = {2, rows, columns},
                            .size = 1.0 / sqrt(d->parts * d->chi),
                            .divisor = 1};
        snprintf(tensor.name, sizeof tensor.name, "A%d", i);
        CT_TRY(ct_weights_next(weights, &tensor, numbers));
        size_t row = (size_t)(columns * d->parts);
        for (int s = 0; s < 2; s++)
            for (int a = 0; a < rows; a++)
                memcpy((double *)matrix(d, i, s) + a * d->chi * d->parts,
                       numbers + (size_t)(s * rows + a) * row, row * sizeof *numbers);
    }
    CT_TRY(ct_weights_finish(weights));
done:
    ct_free(numbers);
    return status;
}

/* Row vectors of one more pixel: next[b][image + s 2^i] = sum_a now[a][image] A_i[s](a, b). */
static void extend_left(const ct_mps *d, int i, const double *now, double *next)
{
    int parts = d->parts;
    memset(next, 0, sizeof(double) * (size_t)(parts * d->chi) * CT_LOW_IMAGES);
    for (unsigned image = 0; image < 2U << i; image++) {
        unsigned shorter = image & ((1U << i) - 1);
        const double *m = matrix(d, i, (int)(image >> i));
        for (int b = 0; b < ct_mps_bond(d, i + 1); b++)
            for (int a = 0; a < ct_mps_bond(d, i); a++) {
                const double *w = m + (a * d->chi + b) * parts;
                const double *v = now + (size_t)(a * parts) * CT_LOW_IMAGES + shorter;
                double *sum = next + (size_t)(b * parts) * CT_LOW_IMAGES + image;
                if (parts == 1) {
                    sum[0] += v[0] * w[0];
                } else {
                    sum[0] += v[0] * w[0] - v[CT_LOW_IMAGES] * w[1];
                    sum[CT_LOW_IMAGES] += v[0] * w[1] + v[CT_LOW_IMAGES] * w[0];
                }
            }
    }
}

/* The tensors themselves. */
static cutropy_status weigh(const cutropy_problem *problem, const uint16_t *order,
                            ct_weighted_detail detail, ct_weighted *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_mps *d = problem->data;
    const size_t parts = (size_t)d->parts;
    CT_TRY(ct_weighted_in_order(problem, order));
    CT_TRY(ct_weighted_new(d->pixels, d->chi, d->chi, parts == 2, detail, out));
    for (int i = 0; i < d->pixels && detail != CT_BONDS; i++)
        for (int s = 0, row = 0; s < 2; s++)
            for (int a = 0; a < ct_mps_bond(d, i); a++, row++)
                for (int b = 0; b < ct_mps_bond(d, i + 1); b++) {
                    const size_t at = (size_t)out->site[i].start[row] + (size_t)b;
                    out->site[i].state[at] = b;
                    memcpy(out->site[i].value + parts * at,
                           matrix(d, i, s) + (size_t)(a * d->chi + b) * parts,
                           parts * sizeof(double));
                }
done:
    return status;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_mps *d = NULL;
    double *next = NULL;
    ct_weights weights = {0};
    int parts = ct_arg_int(args, "complex") ? 2 : 1;

    CT_TRY(ct_weights_open(args, "mps", parts, &weights));
    CT_NEW_ZERO(d, 1);
    problem->data = d;
    problem->free_data = free_mps;
    d->pixels = problem->lattice->pixels;
    d->chi = (int)ct_arg_int(args, "chi");
    d->parts = parts;
    size_t table = (size_t)(d->parts * d->chi) * CT_LOW_IMAGES;
    CT_NEW(d->tensor, 2 * d->pixels * d->chi * d->chi * d->parts);
    CT_NEW_ZERO(d->left, table);
    CT_NEW(next, table);
    CT_TRY(take_tensors(&weights, d));
    d->left[0] = 1;
    for (int i = 0; i < ct_low_pixels(problem); i++) {
        extend_left(d, i, d->left, next);
        double *swap = d->left;
        d->left = next;
        next = swap;
    }
    problem->kind = d->parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL;
    problem->fill_values = d->parts == 2 ? fill_complex : fill_real;
    problem->weigh = weigh;
    problem->weighs_less = d->pixels > 60 || d->chi < INT64_C(1) << d->pixels / 2;
    problem->form = CT_FORM_MPS;
    CT_TRY(ct_weights_text(args, &problem->text));
done:
    ct_weights_close(&weights);
    ct_free(next);
    return status;
}

static const ct_param params[] = {
    {"chi", CT_PARAM_INT, "4", 1, CT_MPS_CHI, NULL, "bond dimension"},
    {"complex", CT_PARAM_INT, "0", 0, 1, NULL, "1: complex entries"},
    {"seed", CT_PARAM_SEED, "0", 0, 0, NULL, "stream of the entries"},
    CT_WEIGHTS_PARAM,
    {0},
};

const ct_problem_type ct_problem_mps = {
    .name = "mps",
    .summary = "matrix product state over the pixels in their order, random or given",
    .definition = "f(s) = A_0[s_0] A_1[s_1] .. A_N-1[s_N-1]; A_0 is a row, A_N-1 a column, all "
                  "others chi x chi (N = 1: one number). "
                  "Entries normal(k) / sqrt(chi), k = 0, 1, .. in the order pixel, s, row, column; "
                  "with complex=1 (normal(2k) + i "
                  "normal(2k+1)) / sqrt(2 chi). " CT_NORMAL_TEXT
                  "With weights=FILE.npy all entries are read in this order, as they stand; "
                  "weights=FOLDER reads A0.npy (2, 1, chi), A1.npy (2, chi, chi) .., the last one "
                  "(2, chi, 1)." CT_ARCHIVE_TEXT,
    .source = "U. Schollwoeck, Ann. Phys. 326, 96 (2011)",
    .known =
        "in exact arithmetic prefix cuts have rank at most min(chi, 2^NA, 2^NB), and almost every "
        "choice of the entries reaches it; chi=1: S = 0. The program prints a bracket of the "
        "rank, and S = 0 up to entropy_err, because the amplitudes are rounded",
    .lattice = "chain:16",
    .params = params,
    .make = make,
};
