/* SPDX-License-Identifier: Apache-2.0 */
/* A data set of grey images with labels. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "problem/args.h"
#include "problem/create.h"
#include "problem/data_set.h"
#include "problem/factors.h"
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

/* How many images there were, how many terms became of them, and how many of these carry weight. */
static cutropy_status note_images(const ct_grey *images, const char *name, cutropy_problem *problem)
{
    const ct_products *p = problem->products;
    char labels[40] = "", effective[60] = "", words[CT_PRODUCTS_WORDS] = "";
    if (!p)
        return ct_problem_note(problem,
                               "%s: %zu of %lld images of %d pixels, read as a list of label-1 "
                               "images",
                               name, ((const ct_images *)problem->data)->count,
                               (long long)images->count, images->pixels);
    if (p->label)
        snprintf(labels, sizeof labels, ", %d labels", p->classes);
    if (ct_products_effective(p) < 0.99 * (double)p->terms)
        ct_snprintf(effective, sizeof effective, ", effectively %.1f", ct_products_effective(p));
    if (*p->unlisted && p->dimension == 2) /* who asks for more bins expects it */
        ct_products_words(p, words);
    return ct_problem_note(problem, "%s: %lld of %lld images of %d pixels%s%s%s%s", name,
                           (long long)p->terms, (long long)images->count, images->pixels, labels,
                           effective, *words ? ", as " : "", words);
}

/* Pixels from the threshold on become 1, the others 0. */
static cutropy_status cut_at(const ct_args *args, const char *name, ct_grey *images)
{
    const char *text = ct_arg_text(args, "threshold");
    char *end;
    const double threshold = ct_strtod(text, &end);
    if (!*text)
        return CUTROPY_OK;
    if (*end || !isfinite(threshold))
        return ct_fail(CUTROPY_EINPUT, "data: threshold=%.40s is no number", text);
    if (strcmp(ct_arg_text(args, "map"), "levels") != 0 || ct_arg_int(args, "bins") != 2 ||
        ct_arg_real(args, "scale") != 0)
        return ct_fail(CUTROPY_EINPUT,
                       "data: threshold goes with map=levels,bins=2, without scale");
    uint64_t lit = 0;
    const uint64_t count = (uint64_t)images->count * (uint64_t)images->pixels;
    for (uint64_t i = 0; i < count; i++) {
        images->value[i] = images->value[i] >= threshold;
        lit += images->value[i] != 0;
    }
    images->scale = 1;
    if (!lit || lit == count)
        return ct_fail(CUTROPY_EINPUT, "%s: with threshold=%s all pixels are %s", name, text,
                       lit ? "lit" : "dark");
    return CUTROPY_OK;
}

/* What would change nothing, without a word. `theta` and `bins`: ct_map_text. What is as the default stands in texts that the program wrote. */
static cutropy_status check_use(const ct_args *args, bool labelled)
{
    const char *label = ct_arg_text(args, "label");
    if (labelled && !strcmp(label, "none") && !ct_arg_int(args, "per_class"))
        return ct_fail(
            CUTROPY_EINPUT,
            "data: without label= the labels would change nothing: say label=real, pm1:K, class:K or "
            "onehot (or per_class=K), or leave them out");
    if (ct_arg_changed(args, "label_side") && strcmp(label, "onehot") != 0)
        return ct_fail(
            CUTROPY_EINPUT,
            "data: label_side is of label=onehot and would change nothing: leave it out");
    if (ct_arg_changed(args, "normalise") && strcmp(ct_arg_text(args, "map"), "poly") != 0)
        return ct_fail(CUTROPY_EINPUT,
                       "data: normalise=no is of map=poly and would change nothing: leave it out");
    return CUTROPY_OK;
}

/* The function of images whose labels are read; labelled: from a file or an array of their own. */
static cutropy_status make_of(const ct_args *args, const ct_grey *images, bool labelled,
                              const char *name, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
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
    CT_TRY(check_use(args, labelled));
    CT_TRY(ct_map_text(args, choice.features.map, name, problem));
    CT_TRY(ct_data_set(images, &choice, name, problem));
    CT_TRY(note_images(images, name, problem));
done:
    return status;
}

/* A sum of product states as it is, without images. */
static cutropy_status make_tensor(const ct_args *args, cutropy_problem *problem)
{
    static const char *const others[] = {"images",    "labels",     "map",   "theta",
                                         "bins",      "label",      "first", "per_class",
                                         "normalise", "label_side", "scale", "threshold"};
    cutropy_status status = CUTROPY_OK;
    const char *path = ct_arg_text(args, "factors");
    for (size_t k = 0; k < sizeof others / sizeof *others; k++)
        if (ct_arg_given(args, others[k]))
            return ct_fail(CUTROPY_EINPUT, "data: %s is about images; factors=FILE stands alone",
                           others[k]);
    ct_free(problem->reads);
    problem->reads = ct_strdup(path);
    if (!problem->reads)
        return ct_fail_memory("path", strlen(path) + 1);
    CT_TRY(ct_factors_read(path, problem));
    CT_TRY(ct_args_format(
        args, "images|map|theta|bins|label|label_side|first|per_class|normalise|scale|threshold",
        &problem->text));
    CT_TRY(ct_problem_note(problem, "%s: %lld terms of %d factors of up to %d numbers", path,
                           (long long)problem->products->terms, problem->products->sites,
                           problem->products->dimension));
done:
    return status;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const char *path = ct_arg_text(args, "images"), *labels = ct_arg_text(args, "labels");
    ct_grey images = {0};
    if (ct_arg_text(args, "factors")[0])
        return make_tensor(args, problem);
    if (!path[0])
        return ct_fail(CUTROPY_EINPUT, "data: images=FILE, or factors=FILE, is missing");
    if (!strcmp(path, "digits")) { /* in the library */
        ct_free(problem->reads);
        problem->reads = NULL;
    }
    CT_TRY(ct_grey_read(path, &images));
    if (labels[0])
        CT_TRY(read_labels(labels, &images));
    CT_TRY(cut_at(args, path, &images));
    CT_TRY(make_of(args, &images, labels[0] != 0, path, problem));
done:
    ct_grey_free(&images);
    return status;
}

static const ct_param params[] = {
    {"images", CT_PARAM_FILE, "digits", 0, 0, NULL,
     "the images: .npy (images x pixels, or images x rows x columns; bytes, or floats in "
     "0..1) or IDX, each also gzip, or a folder of PGM or grey PNG files in the order of their names; digits: the built-in digits with their labels"},
    {"labels", CT_PARAM_FILE, "", 0, 0, NULL, "one number an image: .npy or IDX, each also gzip"},
    {"map", CT_PARAM_WORD, "cos", 0, 0, CT_MAP_WORDS,
     "a pixel x becomes cos: (cos(pi theta x), sin(pi theta x)); poly: (1, x); levels: the "
     "unit vector of its bin; phase: (1, exp(2 i pi theta x)) / sqrt 2"},
    {"theta", CT_PARAM_REAL, "0.5", 0, 0, NULL, "of cos and phase, positive, 1e100 at most"},
    {"bins", CT_PARAM_INT, "2", 2, CT_MOST_DIMENSION, NULL,
     "of levels: bin floor(bins x), exactly"},
    {"label", CT_PARAM_TEXT, "none", 0, 0, NULL,
     "none: y = 1; real: y = label; pm1:K: y = 1 for label K, else -1; class:K: only images "
     "of label K; onehot: one more site, the unit vector of the label"},
    {"label_side", CT_PARAM_WORD, "b", 0, 0, "a|b|both",
     "of onehot: the label stands with region A, with the rest, or a copy with each. With a or b S(A) and S(rest) "
     "differ, and cuts like all, connected and half list one of the two: the other label_side gives the other"},
    {"first", CT_PARAM_INT, "0", 0, INT32_MAX, NULL, "so many images; 0: all"},
    {"per_class", CT_PARAM_INT, "0", 0, INT32_MAX, NULL,
     "the first so many images of each label; 0: all"},
    {"normalise", CT_PARAM_WORD, "yes", 0, 0, "yes|no",
     "yes: the product of every image has norm 1; no: it keeps the norm that poly gives it"},
    {"scale", CT_PARAM_REAL, "0", 0, 1e300, NULL,
     "the value of x = 1; 0: 255 for bytes, 16 for digits, 1 for floats; values outside 0..scale are refused"},
    {"threshold", CT_PARAM_TEXT, "", 0, 0, NULL,
     "of levels with bins=2, in the numbers of the file: pixels from it on are lit; not given: half of scale"},
    {"factors", CT_PARAM_FILE, "", 0, 0, NULL,
     "instead of images: a CP tensor, .npz with factor_0, factor_1, .. (d x terms each) and weights"},
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
        "row by row. factors=FILE: psi = sum_r w_r (x)_n a_n[:, r] for any sum of product states, site n has the factor a_n. Without --lattice the lattice is the grid of the images where the file says it, else a chain.",
    .source =
        "E. M. Stoudenmire and D. J. Schwab, NIPS 29 (2016), arXiv 1605.05775; J. Martyn, G. Vidal, C. Roberts, S. "
        "Leichenauer, arXiv 2007.06082",
    .known = "",
    .lattice = NULL,
    .params = params,
    .make = make,
};

/* ---- images of a program ---- */

static cutropy_status copy_images(const double *values, const double *labels, const size_t shape[3],
                                  ct_grey *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t pixels = shape[1] * shape[2];
    *out = (ct_grey){.count = (int64_t)shape[0],
                     .pixels = (int)pixels,
                     .lx = shape[1] > 1 ? (int)shape[2] : 0,
                     .ly = shape[1] > 1 ? (int)shape[1] : 0,
                     .scale = 1};
    CT_NEW(out->value, shape[0] * pixels);
    memcpy(out->value, values, shape[0] * pixels * sizeof *values);
    for (size_t i = 0; i < shape[0] * pixels; i++)
        if (!isfinite(values[i]))
            CT_TRY(ct_fail(CUTROPY_EINPUT, "images: pixel %zu of image %zu is no finite number",
                           i % pixels, i / pixels));
    if (labels) {
        CT_NEW(out->label, shape[0]);
        for (size_t i = 0; i < shape[0]; i++) {
            out->label[i] = labels[i];
            if (!isfinite(labels[i]))
                CT_TRY(ct_fail(CUTROPY_EINPUT, "labels: number %zu is no finite number", i));
        }
    }
done:
    return status;
}

cutropy_status cutropy_problem_from_data(const char *text, const cutropy_lattice *lattice,
                                         const double *values, const double *labels,
                                         const size_t shape[3], cutropy_problem **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_args *args = NULL;
    cutropy_problem *problem = NULL;
    ct_grey images = {0};
    *out = NULL;
    if (!shape[0] || !shape[1] || !shape[2] || shape[0] > INT32_MAX ||
        shape[1] > CUTROPY_MAX_PIXELS || shape[2] > CUTROPY_MAX_PIXELS ||
        shape[1] * shape[2] > CUTROPY_MAX_PIXELS)
        return ct_fail(CUTROPY_EINPUT,
                       "images: %zu of %zu x %zu pixels; 1 to 2^31 of 1 to %d are served", shape[0],
                       shape[1], shape[2], CUTROPY_MAX_PIXELS);
    CT_TRY(ct_args_parse(&ct_problem_data, text, &args));
    CT_TRY(copy_images(values, labels, shape, &images));
    CT_TRY(ct_problem_new(lattice, &problem));
    CT_TRY(make_of(args, &images, labels != NULL, ct_arg_text(args, "images"), problem));
    *out = problem;
    problem = NULL;
done:
    ct_free(args);
    ct_grey_free(&images);
    cutropy_problem_free(problem);
    return status;
}
