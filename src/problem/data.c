/* SPDX-License-Identifier: Apache-2.0 */
/* A data set of grey images with labels. */
#include <string.h>

#include "problem/create.h"
#include "problem/data_set.h"
#include "problem/types.h"

static unsigned sides_of(const char *word)
{
    return !strcmp(word, "a")   ? CT_LABEL_A
           : !strcmp(word, "b") ? CT_LABEL_B
                                : CT_LABEL_A | CT_LABEL_B;
}

static cutropy_status read_labels(const char *path, ct_grey *images)
{
    cutropy_status status = CUTROPY_OK;
    double *label = NULL;
    int64_t count = 0;
    CT_TRY(ct_grey_labels(path, &label, &count));
    if (count != images->count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: %lld labels for %lld images", path, (long long)count,
                       (long long)images->count));
    ct_free(images->label);
    images->label = label;
    label = NULL;
done:
    ct_free(label);
    return status;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const char *path = ct_arg_text(args, "images"), *labels = ct_arg_text(args, "labels");
    const ct_data_choice choice = {
        .features = {.map = ct_map_of(ct_arg_text(args, "map")),
                     .theta = ct_arg_real(args, "theta"),
                     .bins = (int)ct_arg_int(args, "bins"),
                     .normalise = !strcmp(ct_arg_text(args, "normalise"), "yes")},
        .label = ct_arg_text(args, "label"),
        .sides = sides_of(ct_arg_text(args, "label_side")),
        .first = ct_arg_int(args, "first"),
        .per_class = ct_arg_int(args, "per_class"),
        .scale = ct_arg_real(args, "scale")};
    ct_grey images = {0};
    if (!path[0])
        return ct_fail(CUTROPY_EINPUT, "data: images=FILE is missing");
    if (!strcmp(path, "digits")) { /* in the library */
        ct_free(problem->reads);
        problem->reads = NULL;
    }
    CT_TRY(ct_grey_read(path, &images));
    if (labels[0])
        CT_TRY(read_labels(labels, &images));
    CT_TRY(ct_data_set(&images, &choice, path, problem));
    CT_TRY(ct_problem_note(problem, "%s: %lld images of %d pixels", path, (long long)images.count,
                           images.pixels));
done:
    ct_grey_free(&images);
    return status;
}

static const ct_param params[] = {
    {.key = "images",
     .type = CT_PARAM_FILE,
     .standard = NULL,
     .help = "the images: .npy (images x pixels, or images x rows x columns; bytes, or floats in "
             "0..1) or IDX, each also gzip; digits: the built-in digits with their labels"},
    {.key = "labels",
     .type = CT_PARAM_FILE,
     .standard = "",
     .help = "one number an image: .npy or IDX, each also gzip"},
    {.key = "map",
     .type = CT_PARAM_WORD,
     .standard = "cos",
     .words = CT_MAP_WORDS,
     .help = "a pixel x becomes cos: (cos(pi theta x), sin(pi theta x)); poly: (1, x); levels: the "
             "unit vector of its bin; phase: (1, exp(2 i pi theta x)) / sqrt 2"},
    {.key = "theta",
     .type = CT_PARAM_REAL,
     .standard = "0.5",
     .help = "of cos and phase, positive"},
    {.key = "bins",
     .type = CT_PARAM_INT,
     .standard = "2",
     .low = 2,
     .high = CT_MOST_DIMENSION,
     .help = "of levels: bin floor(bins x)"},
    {.key = "label",
     .type = CT_PARAM_TEXT,
     .standard = "none",
     .help =
         "none: y = 1; real: y = label; pm1:K: y = 1 for label K, else -1; class:K: only images "
         "of label K; onehot: one more site, the unit vector of the label"},
    {.key = "label_side",
     .type = CT_PARAM_WORD,
     .standard = "b",
     .words = "a|b|both",
     .help = "of onehot: the label stands with region A, with the rest, or a copy with each"},
    {.key = "first",
     .type = CT_PARAM_INT,
     .standard = "0",
     .low = 0,
     .high = INT32_MAX,
     .help = "so many images; 0: all"},
    {.key = "per_class",
     .type = CT_PARAM_INT,
     .standard = "0",
     .low = 0,
     .high = INT32_MAX,
     .help = "the first so many images of each label; 0: all"},
    {.key = "normalise",
     .type = CT_PARAM_WORD,
     .standard = "yes",
     .words = "yes|no",
     .help =
         "yes: the product of every image has norm 1; no: it keeps the norm that poly gives it"},
    {.key = "scale",
     .type = CT_PARAM_REAL,
     .standard = "0",
     .low = 0,
     .high = 1e300,
     .help = "the value of x = 1; 0: 255 for bytes, 16 for digits, 1 for floats"},
    {0},
};

const ct_problem_type ct_problem_data = {
    .name = "data",
    .summary = "your own grey images with labels under a feature map: a sum of product states",
    .definition =
        "psi = sum_m y_m (x)_n phi(x_mn): pixel n of image m has the value x_mn, the file's number divided "
        "by scale, and becomes the vector phi(x_mn) of norm 1 (cos, levels, phase; poly: divided by its norm, and "
        "with normalise=no the norms stay in y_m). label=onehot: psi = sum_m (x)_n phi(x_mn) (x) e_(label of m), whose last site "
        "stands with region A (label_side=a), with the other pixels (b), or with both, a copy each. Images that come twice count "
        "twice. first and per_class take images in the order of the file, per_class before first. Pixel n is number n of an image, "
        "row by row. Without --lattice the lattice is the grid of the images where the file says it, else a chain.",
    .source =
        "E. M. Stoudenmire and D. J. Schwab, NIPS 29 (2016), arXiv 1605.05775; J. Martyn, G. Vidal, C. Roberts, S. "
        "Leichenauer, arXiv 2007.06082",
    .known = "",
    .lattice = NULL,
    .params = params,
    .make = make,
};
