/* SPDX-License-Identifier: Apache-2.0 */
/* Restricted Boltzmann machine with random weights, real or complex. */
#include <math.h>
#include <string.h>

#include "problem/forms.h"
#include "problem/types.h"
#include "problem/weighted.h"
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
    int low_pixels = ct_low_pixels(problem);
    for (size_t done = 0; done < count;) {
        double high[CT_RBM_TERMS];
        ct_block block = ct_next_block(first + done, count - done, low_pixels);
        double *value = (double *)out + done;
        high_factors(d, block.high, high, NULL);
        const double *low = d->low[0] + block.low;
        for (size_t k = 0; k < block.count; k++)
            value[k] = low[k] * high[0];
        for (int t = 1; t < d->terms; t += 2) {
            const double *plus = low + (size_t)t * CT_LOW_IMAGES, *minus = plus + CT_LOW_IMAGES;
            for (size_t k = 0; k < block.count; k++)
                value[k] *= plus[k] * high[t] + minus[k] * high[t + 1];
        }
        done += block.count;
    }
    return CUTROPY_OK;
}

static cutropy_status fill_complex(const cutropy_problem *problem, uint64_t first, size_t count,
                                   void *out)
{
    const ct_rbm *d = problem->data;
    int low_pixels = ct_low_pixels(problem);
    for (size_t done = 0; done < count;) {
        double high[2][CT_RBM_TERMS], re[CT_LOW_IMAGES], im[CT_LOW_IMAGES];
        ct_block block = ct_next_block(first + done, count - done, low_pixels);
        double *value = (double *)out + 2 * done;
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
        done += block.count;
    }
    return CUTROPY_OK;
}

/* ---- without images ---- */

/* Weight k of a (N), b (hidden), W (hidden x N). */
static void weight_of(const ct_rbm *d, size_t k, double out[2])
{
    out[0] = d->weight[0][k];
    out[1] = d->weight[1] ? d->weight[1][k] : 0;
}

/* sum += t times weight k; *size: sum of all |weights| so far. */
static void add_weight(const ct_rbm *d, size_t k, double t, double sum[2], double *size)
{
    double w[2];
    weight_of(d, k, w);
    sum[0] += t * w[0];
    sum[1] += t * w[1];
    *size += fabs(w[0]) + fabs(w[1]);
}

/* t times weight k, a summand of an exact number. */
static void put_summand(const ct_rbm *d, size_t k, double t, double *summand, size_t *count)
{
    double w[2];
    weight_of(d, k, w);
    for (int c = 0; c < d->parts; c++)
        summand[(size_t)d->parts * *count + (size_t)c] = t * w[c];
    ++*count;
}

/* A factor for each hidden unit, of the pixels that it has weights to, and one for each pixel. */
typedef struct ct_units {
    ct_local local;
    ct_local_term *term;
    int32_t *pixel;
    double *value, *summand;
    ct_formulas exact;
} ct_units;

static void units_free(ct_units *u)
{
    ct_free(u->term);
    ct_free(u->pixel);
    ct_free(u->value);
    ct_free(u->summand);
    ct_formulas_free(&u->exact);
}

static cutropy_status find_units(const ct_rbm *d, ct_units *u)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)d->pixels, hidden = (size_t)d->hidden;
    int32_t *next;
    u->local = (ct_local){.is_complex = d->parts == 2, .terms = n + hidden};
    CT_NEW(u->term, n + hidden);
    CT_NEW(u->pixel, n + hidden * n);
    u->local.term = u->term;
    next = u->pixel;
    for (size_t t = 0; t < n + hidden; t++) {
        u->term[t].pixel = next;
        for (size_t i = 0; i < n; i++) {
            double w[2] = {t == i, 0};
            if (t >= n)
                weight_of(d, n + hidden + (t - n) * n + i, w);
            if (w[0] != 0 || w[1] != 0)
                *next++ = (int32_t)i;
        }
        u->term[t].count = (int)(next - u->term[t].pixel);
    }
done:
    return status;
}

#define CT_MOST_ERROR 0x1p43 /* of a factor, in units of u: a thousandth */

/* 2 cosh of a unit, or exp of a pixel, for all images of its pixels. */
static cutropy_status fill_unit(const ct_rbm *d, size_t t, bool exact, ct_units *u, double *value)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)d->pixels, hidden = (size_t)d->hidden, parts = (size_t)d->parts;
    const ct_local_term *term = &u->term[t];
    for (size_t image = 0; image < (size_t)1 << term->count; image++) {
        double sum[2] = {0, 0}, size = 0, plus[2], minus[2] = {0, 0};
        size_t count = 0;
        if (t >= n)
            add_weight(d, t, 1, sum, &size);
        if (t >= n)
            put_summand(d, t, 1, u->summand, &count);
        for (int j = 0; j < term->count; j++) {
            const size_t i = (size_t)term->pixel[j], w = t < n ? i : n + hidden + (t - n) * n + i;
            add_weight(d, w, ct_spin(image, j), sum, &size);
            put_summand(d, w, ct_spin(image, j), u->summand, &count);
        }
        if (exact)
            CT_TRY(ct_formulas_add(&u->exact, t < n ? CT_EXP : CT_TWO_COSH, u->summand, count,
                                   parts == 2));
        complex_exp(sum[0], sum[1], &plus[0], &plus[1]);
        if (t >= n)
            complex_exp(-sum[0], -sum[1], &minus[0], &minus[1]);
        for (size_t c = 0; c < parts; c++)
            value[parts * image + c] = plus[c] + minus[c];
        /* the sum, two exponentials, which cancel where complex weights bring cosh near a zero, and their sum */
        const double *v = value + parts * image,
                     ratio = (hypot(plus[0], plus[1]) + hypot(minus[0], minus[1])) /
                             hypot(v[0], parts == 2 ? v[1] : 0);
        const double error = ratio * ((term->count + 1) * size + (parts == 2 ? 8 : 2)) + 1;
        if (!(error < CT_MOST_ERROR))
            return ct_fail(
                CUTROPY_EUNSUPPORTED,
                "rbm: hidden unit %zu is 0 for some image, or so near that rounding hides "
                "it; --solver enumerate takes the values as they are evaluated",
                t - n);
        u->local.error = fmax(u->local.error, error);
    }
done:
    return status;
}

static cutropy_status fill_units(const ct_rbm *d, bool exact, ct_units *u)
{
    cutropy_status status = CUTROPY_OK;
    size_t numbers = 0, at = 0;
    for (size_t t = 0; t < u->local.terms; t++)
        numbers += (size_t)d->parts << u->term[t].count;
    CT_NEW(u->value, numbers);
    CT_NEW(u->summand, 2 * (d->pixels + 1));
    u->local.exact = &u->exact;
    for (size_t t = 0; t < u->local.terms; t++) {
        u->term[t].value = u->value + at;
        u->term[t].exact = (int32_t)u->exact.count;
        CT_TRY(fill_unit(d, t, exact, u, u->value + at));
        at += (size_t)d->parts << u->term[t].count;
    }
done:
    return status;
}

/* Two numbers, exp of -w and of w. */
static cutropy_status add_pair(const ct_rbm *d, size_t k, ct_formulas *out)
{
    cutropy_status status = CUTROPY_OK;
    for (int sign = -1; sign <= 1; sign += 2) {
        double summand[2];
        size_t count = 0;
        put_summand(d, k, sign, summand, &count);
        CT_TRY(ct_formulas_add(out, CT_EXP, summand, 1, d->parts == 2));
    }
done:
    return status;
}

/* The exact factors of a pixel: of a, of each row of W, and for the first one of each b. */
static cutropy_status find_exact(const ct_rbm *d, size_t pixel, bool first, ct_weighted *out,
                                 ct_weighted_site *site)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)d->pixels, hidden = (size_t)d->hidden;
    const int64_t states = INT64_C(1) << hidden;
    const int32_t own = (int32_t)out->exact.count, unit = own + 2, bias = unit + 2 * d->hidden;
    CT_TRY(add_pair(d, pixel, &out->exact));
    for (size_t h = 0; h < hidden; h++)
        CT_TRY(add_pair(d, n + hidden + h * n + pixel, &out->exact));
    for (size_t h = 0; h < hidden && first; h++)
        CT_TRY(add_pair(d, n + h, &out->exact));
    site->factors = 1 + d->hidden * (first ? 2 : 1);
    CT_NEW(site->factor, 2 * states * site->factors);
    for (int64_t at = 0; at < 2 * states; at++) {
        int32_t *factor = site->factor + at * site->factors;
        const bool lit = at >= states;
        *factor++ = own + lit;
        for (int32_t h = 0; h < d->hidden; h++)
            *factor++ = unit + 2 * h + ((at >> h & 1) == lit);
        for (int32_t h = 0; h < d->hidden && first; h++)
            *factor++ = bias + 2 * h + (at >> h & 1);
    }
done:
    return status;
}

/* f = sum over signs t of the hidden units of prod_i exp(a_i sigma_i + sum_h t_h W_hi sigma_i) prod_h exp(t_h b_h): a state for each t. */
static cutropy_status weigh_signs(const ct_rbm *d, const uint16_t *order, ct_weighted_detail detail,
                                  ct_weighted *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)d->pixels, hidden = (size_t)d->hidden, parts = (size_t)d->parts;
    const int64_t states = INT64_C(1) << hidden;
    CT_TRY(ct_weighted_new(d->pixels, (int32_t)states, 1, parts == 2, detail, out));
    for (int k = 0; k < d->pixels && detail != CT_BONDS; k++)
        for (int64_t at = 0; at < 2 * states; at++) {
            const int64_t t = at % states;
            const double sigma = at < states ? -1 : 1;
            double sum[2] = {0, 0}, size = 0, number[2];
            add_weight(d, order[k], sigma, sum, &size);
            for (size_t h = 0; h < hidden; h++) {
                const double sign = t >> h & 1 ? 1 : -1;
                add_weight(d, n + hidden + h * n + order[k], sign * sigma, sum, &size);
                if (k == 0)
                    add_weight(d, n + h, sign, sum, &size);
            }
            complex_exp(sum[0], sum[1], &number[0], &number[1]);
            if (!(fabs(sum[0]) <= CT_MAX_LOG))
                CT_TRY(ct_fail(CUTROPY_EINPUT,
                               "rbm: the weights of pixel %d add up to %.0f (limit %.0f)", order[k],
                               sum[0], CT_MAX_LOG));
            out->site[k].state[at] = k == d->pixels - 1 ? 0 : (int32_t)t;
            memcpy(out->site[k].value + parts * (size_t)at, number, parts * sizeof *number);
            out->error = fmax(out->error, (2 * (double)hidden + 2) * size + 8);
        }
    for (int k = 0; k < d->pixels && detail == CT_EXACT_NUMBERS; k++)
        CT_TRY(find_exact(d, order[k], k == 0, out, &out->site[k]));
done:
    if (status != CUTROPY_OK)
        ct_weighted_free(out);
    return status;
}

static int64_t most_states(const ct_weighted *w)
{
    int32_t most = 1;
    for (int k = 0; k <= w->pixels; k++)
        most = w->bond[k] > most ? w->bond[k] : most;
    return most;
}

/* States are the pixels that units wait for, or the signs of the units, whichever are fewer. */
static cutropy_status weigh(const cutropy_problem *problem, const uint16_t *order,
                            ct_weighted_detail detail, ct_weighted *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_rbm *d = problem->data;
    ct_units units = {0};
    CT_TRY(find_units(d, &units));
    const cutropy_status found = ct_weighted_local(&units.local, d->pixels, order, CT_BONDS, out);
    if (found != CUTROPY_OK && found != CUTROPY_EUNSUPPORTED)
        CT_TRY(found);
    const int64_t most = found == CUTROPY_OK ? most_states(out) : INT64_MAX;
    if (d->hidden <= CT_MOST_WAITING && INT64_C(1) << d->hidden < most) {
        ct_weighted_free(out);
        CT_TRY(weigh_signs(d, order, detail, out));
        goto done;
    }
    CT_TRY(found);
    if (detail == CT_BONDS)
        goto done;
    ct_weighted_free(out);
    CT_TRY(fill_units(d, detail == CT_EXACT_NUMBERS, &units));
    CT_TRY(ct_weighted_local(&units.local, d->pixels, order, detail, out));
done:
    units_free(&units);
    return status;
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
    if (d->pixels <= CT_INDEX_PIXELS && !(bound <= CT_MAX_LOG))
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
    problem->weigh = weigh;
    problem->form = CT_FORM_RBM;
    CT_TRY(ct_weights_text(args, &problem->text));
done:
    ct_weights_close(&weights);
    return status;
}

static const ct_param params[] = {
    {"hidden", CT_PARAM_INT, "8", 0, CT_RBM_HIDDEN, NULL, "hidden units"},
    CT_SCALE_PARAM,
    {"complex", CT_PARAM_INT, "0", 0, 1, NULL, "1: complex weights"},
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
