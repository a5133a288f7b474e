/* SPDX-License-Identifier: Apache-2.0 */
/* Restricted Boltzmann machine with random weights, real or complex. */
#include <math.h>
#include <string.h>

#include "problem/forms.h"
#include "problem/types.h"
#include "problem/weights.h"

static void free_rbm(void *data)
{
    ct_rbm *d = data;
    for (int part = 0; part < 2; part++) {
        ct_free(d->weight[part]);
        ct_free(d->low[part]);
    }
    ct_free(d);
}

static void complex_exp(double re, double im, double *out_re, double *out_im)
{
    double size = exp(re);
    *out_re = im == 0 ? size : size * cos(im);
    *out_im = im == 0 ? 0 : size * sin(im);
}

/* The factors of pixels begin .. end - 1 of an image; b joins when asked. Term t goes to re[t *
 * stride], im[t * stride]. */
static void factors(const ct_rbm *d, uint64_t image, int begin, int end, bool with_b, size_t stride,
                    double *re, double *im)
{
    int n = d->pixels, hidden = d->hidden;
    for (int h = -1; h < hidden; h++) { /* -1: the visible term */
        double sum[2] = {0, 0};
        for (int part = 0; part < 2; part++) {
            const double *w = d->weight[part];
            if (!w)
                continue;
            const double *row = h < 0 ? w : w + n + hidden + (size_t)h * (size_t)n;
            sum[part] = with_b && h >= 0 ? w[n + h] : 0;
            for (int i = begin; i < end; i++)
                sum[part] += row[i] * ct_spin(image, i);
        }
        size_t plus = (size_t)(h < 0 ? 0 : 1 + 2 * h) * stride;
        double unused;
        complex_exp(sum[0], sum[1], &re[plus], im ? &im[plus] : &unused);
        if (h >= 0)
            complex_exp(-sum[0], -sum[1], &re[plus + stride], im ? &im[plus + stride] : &unused);
    }
}

static void high_factors(const ct_rbm *d, uint64_t image, double *re, double *im)
{
    const int low = d->pixels < CT_LOW_PIXELS ? d->pixels : CT_LOW_PIXELS;
    factors(d, image, low, d->pixels, true, 1, re, im);
}

static cutropy_status fill_real(const cutropy_problem *problem, uint64_t first, size_t count,
                                void *out)
{
    const ct_rbm *d = problem->data;
    double *value = out;
    int low_pixels = ct_low_pixels(problem);
    while (count) {
        double high[CT_RBM_TERMS];
        ct_block block = ct_next_block(first, count, low_pixels);
        high_factors(d, block.high, high, NULL);
        const double *low = d->low[0] + block.low;
        for (size_t k = 0; k < block.count; k++)
            value[k] = low[k] * high[0];
        for (int t = 1; t < d->terms; t += 2) {
            const double *plus = low + (size_t)t * CT_LOW_IMAGES, *minus = plus + CT_LOW_IMAGES;
            for (size_t k = 0; k < block.count; k++)
                value[k] *= plus[k] * high[t] + minus[k] * high[t + 1];
        }
        value += block.count;
        first += block.count;
        count -= block.count;
    }
    return CUTROPY_OK;
}

static cutropy_status fill_complex(const cutropy_problem *problem, uint64_t first, size_t count,
                                   void *out)
{
    const ct_rbm *d = problem->data;
    double *value = out;
    int low_pixels = ct_low_pixels(problem);
    while (count) {
        double high[2][CT_RBM_TERMS], re[CT_LOW_IMAGES], im[CT_LOW_IMAGES];
        ct_block block = ct_next_block(first, count, low_pixels);
        high_factors(d, block.high, high[0], high[1]);
        const double *low_re = d->low[0] + block.low, *low_im = d->low[1] + block.low;
        for (size_t k = 0; k < block.count; k++) {
            re[k] = low_re[k] * high[0][0] - low_im[k] * high[1][0];
            im[k] = low_re[k] * high[1][0] + low_im[k] * high[0][0];
        }
        for (int t = 1; t < d->terms; t += 2) {
            double pr = high[0][t], pi = high[1][t], mr = high[0][t + 1], mi = high[1][t + 1];
            size_t at = (size_t)t * CT_LOW_IMAGES;
            for (size_t k = 0; k < block.count; k++) {
                double ar = low_re[at + k], ai = low_im[at + k];
                double br = low_re[at + CT_LOW_IMAGES + k], bi = low_im[at + CT_LOW_IMAGES + k];
                double cr = (ar * pr - ai * pi) + (br * mr - bi * mi),
                       ci = (ar * pi + ai * pr) + (br * mi + bi * mr);
                double old = re[k];
                re[k] = old * cr - im[k] * ci;
                im[k] = old * ci + im[k] * cr;
            }
        }
        for (size_t k = 0; k < block.count; k++) {
            value[2 * k] = re[k];
            value[2 * k + 1] = im[k];
        }
        value += 2 * block.count;
        first += block.count;
        count -= block.count;
    }
    return CUTROPY_OK;
}

/* Takes the weights; *bound is the largest possible |log f|. */
static cutropy_status take_weights(const ct_args *args, ct_weights *weights, ct_rbm *d,
                                   double *bound)
{
    cutropy_status status = CUTROPY_OK;
    int n = d->pixels, hidden = d->hidden, parts = weights->parts, all = n + hidden + hidden * n;
    double scale = ct_arg_real(args, "scale") / sqrt(parts);
    const ct_tensor tensors[] = {
        {.name = "a", .axes = 1, .shape = {n}, .size = scale, .divisor = 1},
        {.name = "b", .axes = 1, .shape = {hidden}, .size = scale, .divisor = 1},
        {.name = "W", .axes = 2, .shape = {hidden, n}, .size = scale, .divisor = sqrt(n)}};
    double *numbers = NULL;
    CT_NEW(numbers, all * parts);
    CT_TRY(ct_weights_next(weights, &tensors[0], numbers));
    if (hidden) {
        CT_TRY(ct_weights_next(weights, &tensors[1], numbers + parts * n));
        CT_TRY(ct_weights_next(weights, &tensors[2], numbers + parts * (n + hidden)));
    }
    CT_TRY(ct_weights_finish(weights));
    *bound = hidden * log(2.0);
    for (int part = 0; part < parts; part++)
        CT_NEW(d->weight[part], all);
    for (int k = 0; k < all; k++) {
        for (int part = 0; part < parts; part++)
            d->weight[part][k] = numbers[parts * k + part];
        *bound += fabs(d->weight[0][k]);
    }
done:
    ct_free(numbers);
    return status;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_rbm *d = NULL;
    int parts = ct_arg_int(args, "complex") ? 2 : 1;
    double bound = 0;
    ct_weights weights = {0};

    CT_TRY(ct_label_index(problem, "rbm"));
    CT_TRY(ct_weights_open(args, "rbm", parts, &weights));
    CT_NEW_ZERO(d, 1);
    problem->data = d;
    problem->free_data = free_rbm;
    d->pixels = problem->lattice->pixels;
    d->hidden = (int)ct_arg_int(args, "hidden");
    d->terms = 1 + 2 * d->hidden;
    d->parts = parts;
    d->high = high_factors;
    CT_TRY(take_weights(args, &weights, d, &bound));
    if (!(bound <= CT_MAX_LOG))
        CT_TRY(ct_fail(
            CUTROPY_EINPUT,
            "rbm: log f may reach %.0f (limit %.0f); take a smaller scale or fewer hidden units",
            bound, CT_MAX_LOG));
    for (int part = 0; part < parts; part++)
        CT_NEW(d->low[part], d->terms * CT_LOW_IMAGES);
    for (unsigned image = 0; image < 1U << ct_low_pixels(problem); image++)
        factors(d, image, 0, ct_low_pixels(problem), false, CT_LOW_IMAGES, d->low[0] + image,
                parts == 2 ? d->low[1] + image : NULL);
    problem->kind = parts == 2 ? CUTROPY_KIND_COMPLEX : CUTROPY_KIND_REAL;
    problem->fill_values = parts == 2 ? fill_complex : fill_real;
    problem->form = CT_FORM_RBM;
    CT_TRY(ct_weights_text(args, &problem->text));
done:
    ct_weights_close(&weights);
    return status;
}

static const ct_param params[] = {
    {.key = "hidden",
     .type = CT_PARAM_INT,
     .standard = "8",
     .low = 0,
     .high = CT_RBM_HIDDEN,
     .help = "hidden units"},
    CT_SCALE_PARAM,
    {.key = "complex",
     .type = CT_PARAM_INT,
     .standard = "0",
     .low = 0,
     .high = 1,
     .help = "1: complex weights"},
    CT_SEED_PARAM,
    CT_WEIGHTS_PARAM,
    {0},
};

const ct_problem_type ct_problem_rbm = {
    .name = "rbm",
    .summary = "restricted Boltzmann machine with random or trained weights",
    .definition =
        "f(s) = exp(sum_i a_i sigma_i) prod_h 2 cosh(b_h + sum_i W_hi sigma_i), sigma = "
        "2 s - 1. Weights in the order "
        "a_0 .. a_N-1, b_0 .. b_H-1, W_00, W_01 .. (h major): number k is scale * "
        "normal(k), and for W divided by "
        "sqrt(N); with complex=1 it is scale * (normal(2k) + i normal(2k+1)) / sqrt(2), "
        "W again divided by sqrt(N). " CT_NORMAL_TEXT
        "With weights=FILE.npy a, b, W are read in this order, as they stand; "
        "weights=FOLDER reads a.npy (N), b.npy (H), W.npy (H, N); hidden=0: a.npy alone." CT_ARCHIVE_TEXT,
    .source = "G. Carleo and M. Troyer, Science 355, 602 (2017)",
    .known =
        "in exact arithmetic hidden=0 is a product, S = 0, and S of every cut is at most `hidden` "
        "bits; the program prints S up to entropy_err and a bracket of the rank, because the "
        "amplitudes are rounded",
    .lattice = "grid:4x4",
    .params = params,
    .make = make,
};
