/* SPDX-License-Identifier: Apache-2.0 */
/* random: a random set of images. */
#include <math.h>

#include "base/bits.h"
#include "base/hash.h"
#include "problem/forms.h"
#include "problem/types.h"

static const ct_param params[] = {
    {"density", CT_PARAM_REAL, "0.5", 0, 1, NULL, "probability of label 1"},
    {"count", CT_PARAM_INT, "0", 0, 0x1p40, NULL, "exactly so many label-1 images; 0: by density"},
    {"seed", CT_PARAM_SEED, "0", 0, 0, NULL, "stream of random numbers"},
    {0},
};

/* ---- by density ---- */

/* 64 labels; fixed trip count and no branch, so that the compiler uses vectors. */
static uint64_t label_word(uint64_t seed, uint64_t threshold, uint64_t image)
{
    uint64_t word = 0;
    for (uint64_t k = 0; k < 64; k++)
        word |= (uint64_t)(ct_random(seed, image + k) >= threshold) << k;
    return word;
}

static cutropy_status fill_labels(const cutropy_problem *problem, uint64_t first_word, size_t words,
                                  uint64_t *out)
{
    const ct_random_labels *data = problem->data;
    for (size_t w = 0; w < words; w++)
        out[w] = label_word(data->seed, data->threshold, 64 * (first_word + w));
    if (problem->lattice->pixels < 6 && words)
        out[0] &= ct_low_mask(1 << problem->lattice->pixels);
    return CUTROPY_OK;
}

/* ---- by count ---- */

static cutropy_status list_images(const cutropy_problem *problem, ct_images *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_random_labels *data = problem->data;
    const size_t words = problem->lattice->words;
    const int last_bits = (problem->lattice->pixels - 1) % 64 + 1;
    ct_hash drawn = {0};
    *out = (ct_images){0};
    CT_TRY(ct_hash_start(&drawn, data->count));
    out->words = ct_alloc(data->count, words * sizeof *out->words);
    if (!out->words) {
        status = ct_fail_memory("random images", data->count * words * sizeof *out->words);
        goto done;
    }
    const ct_word_rows rows = {.row = out->words, .words = words};
    for (uint64_t draw = 0; out->count < data->count; draw++) {
        uint64_t *image = out->words + out->count * words;
        for (size_t w = 0; w < words; w++)
            image[w] = ct_random(data->seed, draw * words + w);
        image[words - 1] &= ct_low_mask(last_bits);
        uint32_t *slot = ct_hash_find_row(&drawn, &rows, image);
        if (!*slot)
            *slot = (uint32_t)++out->count;
    }
done:
    ct_hash_free(&drawn);
    return status;
}

/* ---- creation ---- */

/* The threshold is the smallest integer >= 2^64 (1 - density), exactly; 0 for density 1. */
static cutropy_status make_by_density(double density, cutropy_problem *problem)
{
    ct_random_labels *data = problem->data;
    const double share = floor(ldexp(density, 64));
    if (share < 1 && !problem->pm1)
        return ct_fail(CUTROPY_EINPUT,
                       "random: density=%.17g leaves no label-1 image; it must be at least 2^-64",
                       density);
    if (share < 1) { /* +1 everywhere: the empty list */
        problem->list_images = list_images;
        return CUTROPY_OK;
    }
    data->threshold = density >= 1 ? 0 : UINT64_C(0) - (uint64_t)share;
    problem->fill_labels = fill_labels;
    problem->form = CT_FORM_RANDOM;
    return CUTROPY_OK;
}

static cutropy_status make_by_count(const ct_args *args, cutropy_problem *problem)
{
    ct_random_labels *data = problem->data;
    int pixels = problem->lattice->pixels;
    if (ct_arg_given(args, "density"))
        return ct_fail(CUTROPY_EINPUT,
                       "random: density and count contradict each other; give one of them");
    if (pixels < 64 && data->count > UINT64_C(1) << pixels)
        return ct_fail(CUTROPY_EINPUT, "random: count=%zu is larger than the number of images 2^%d",
                       data->count, pixels);
    problem->list_images = list_images;
    return ct_args_format(args, "density", &problem->text);
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    ct_random_labels *data = NULL;
    CT_NEW_ZERO(data, 1);
    problem->data = data;
    data->seed = ct_arg_seed(args, "seed");
    data->count = (size_t)ct_arg_int(args, "count");
    if (data->count)
        return make_by_count(args, problem);
    CT_TRY(ct_label_index(problem, "random"));
    CT_TRY(make_by_density(ct_arg_real(args, "density"), problem));
done:
    return status;
}

const ct_problem_type ct_problem_random = {
    .name = "random",
    .summary = "a random set of images",
    .definition = "With R(c) = random number c of the stream: m(c + m(seed) + 0x9e3779b97f4a7c15), "
                  "m the finaliser of "
                  "splitmix64 (m(0) = 0, so seed 0 is splitmix64(c)). By density, N <= 40: image s "
                  "has label 1 when "
                  "R(s) >= 2^64 (1 - density), compared exactly; density 1/2 with seed 0 is the "
                  "most significant bit of "
                  "splitmix64(s). By count: draw c = 0, 1, ... is the image with words R(c W), "
                  "..., R(c W + W - 1), "
                  "W = ceil(N/64), cut to N pixels; label 1 for the first `count` different ones.",
    .source = "arXiv 1710.05520, random image sets; G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014 "
              "(splitmix64)",
    .known = "seed 0, density 1/2: 139, 516, 2048 label-1 images at N = 8, 10, 12; at N = 8 the "
             "half cut has rank 16, "
             "purity 7301/19321, S = 2.265976005188295 bits",
    .lattice = "grid:4x4",
    .params = params,
    .is_label = true,
    .make = make,
};
