/* SPDX-License-Identifier: Apache-2.0 */
/* Logistic regression on pixels. */
#include <math.h>
#include <string.h>

#include "base/exp.h"
#include "problem/forms.h"
#include "problem/types.h"

static cutropy_status fill(const cutropy_problem *problem, uint64_t first, size_t count, void *out)
{
    const ct_logistic *d = problem->data;
    int low_pixels = ct_low_pixels(problem), n = problem->lattice->pixels;
    for (size_t done = 0; done < count;) {
        ct_block block = ct_next_block(first + done, count - done, low_pixels);
        double *value = (double *)out + done;
        double high = d->bias;
        for (int i = low_pixels; i < n; i++)
            if (block.high >> i & 1)
                high += d->weight[i];
        for (size_t k = 0; k < block.count; k++) {
            double score = high + d->low[block.low + k];
            value[k] = d->sigmoid ? 1.0 / (1.0 + ct_exp(-score)) : ct_exp(score);
        }
        done += block.count;
    }
    return CUTROPY_OK;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_logistic *d = NULL;
    int n = problem->lattice->pixels;
    uint64_t seed = ct_arg_seed(args, "seed");
    double scale = ct_arg_real(args, "scale"), bound;

    CT_TRY(ct_label_index(problem, "logistic"));
    CT_NEW_ZERO(d, 1);
    problem->data = d;
    d->sigmoid = strcmp(ct_arg_text(args, "link"), "sigmoid") == 0;
    d->bias = scale * ct_random_normal(seed, (uint64_t)n);
    bound = fabs(d->bias);
    for (int i = 0; i < n; i++) {
        d->weight[i] = scale * ct_random_normal(seed, (uint64_t)i);
        bound += fabs(d->weight[i]);
    }
    if (bound > CT_MAX_LOG)
        return ct_fail(CUTROPY_EINPUT,
                       "logistic: scale=%g is too large: w.s + b may reach %.0f (limit %.0f)",
                       scale, bound, CT_MAX_LOG);
    for (unsigned image = 0; image < 1U << ct_low_pixels(problem); image++)
        for (int i = 0; i < ct_low_pixels(problem); i++)
            if (image >> i & 1)
                d->low[image] += d->weight[i];
    problem->fill_values = fill;
    problem->form = CT_FORM_LOGISTIC;
done:
    return status;
}

static const ct_param params[] = {
    {"link", CT_PARAM_WORD, "exp", 0, 0, "exp|sigmoid",
     "exp: the unnormalised score, a product; sigmoid: the probability, not a product"},
    {"scale", CT_PARAM_REAL, "1", 0, 1000, NULL, "standard deviation of the weights"},
    {"seed", CT_PARAM_SEED, "0", 0, 0, NULL, "stream of the weights"},
    {0},
};

const ct_problem_type ct_problem_logistic = {
    .name = "logistic",
    .summary = "logistic regression with random weights: a product function, zero entropy",
    .definition =
        "f(s) = exp(w.s + b), s_i = 0 or 1 (link=exp), or 1 / (1 + exp(-(w.s + b))) (link=sigmoid, "
        "which is no "
        "product and has entropy). w_i = scale * normal(i), b = scale * normal(N). " CT_NORMAL_TEXT,
    .source = "arXiv 1710.05520 (logistic regression has zero entropy)",
    .known =
        "link=exp: rank 1 and S = 0 for every cut in exact arithmetic; the program prints S = 0 "
        "up to entropy_err and a bracket of the rank, because the amplitudes are rounded",
    .lattice = "grid:4x4",
    .params = params,
    .make = make,
};
