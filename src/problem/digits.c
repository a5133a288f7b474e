/* SPDX-License-Identifier: Apache-2.0 */
/* The UCI handwritten digits: one class against the rest. The data are built into the library. */
#include <stdio.h>
#include <string.h>

#include "input/bytes.h"
#include "input/digits_csv.h"
#include "problem/args.h"
#include "problem/data_set.h"
#include "problem/stored.h"
#include "problem/types.h"

/* made from data/digits.csv.gz at build time (cmake/embed.cmake) */
extern const unsigned char ct_digits_gz[];
extern const size_t ct_digits_gz_size;

/* The grey images of the class under a feature map. */
static cutropy_status make_grey(const ct_args *args, const uint8_t *bytes, size_t size,
                                const char *name, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    char label[20];
    const ct_data_choice choice = {.features = {.map = ct_map_of(ct_arg_text(args, "map")),
                                                .theta = ct_arg_real(args, "theta"),
                                                .bins = (int)ct_arg_int(args, "bins"),
                                                .normalise = true},
                                   .label = label};
    ct_grey images = {0};
    snprintf(label, sizeof label, "class:%d", (int)ct_arg_int(args, "class"));
    if (problem->pm1)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "digits: encoding=pm1 is for map=bw"));
    if (ct_arg_changed(args, "threshold"))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "digits: threshold is of map=bw and would change nothing: leave it out"));
    CT_TRY(ct_map_text(args, choice.features.map, name, problem));
    CT_TRY(ct_grey_digits(bytes, size, name, &images));
    CT_TRY(ct_data_set(&images, &choice, name, problem));
done:
    ct_grey_free(&images);
    return status;
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t *images = NULL;
    size_t count = 0;
    uint8_t *file = NULL;
    const uint8_t *bytes = ct_digits_gz;
    size_t size = ct_digits_gz_size;
    const char *path = ct_arg_text(args, "path"), *name = path[0] ? path : "built-in digits";
    const cutropy_lattice *lattice = problem->lattice;
    int class_wanted = (int)ct_arg_int(args, "class");

    if (lattice->kind != CUTROPY_LATTICE_GRID || lattice->lx != 8 || lattice->ly != 8)
        return ct_fail(CUTROPY_EINPUT,
                       "digits: the images have 8x8 pixels; use --lattice 8x8 or leave it out");
    if (path[0]) {
        CT_TRY(ct_read_file(path, &file, &size));
        bytes = file;
    }
    if (strcmp(ct_arg_text(args, "map"), "bw") != 0) {
        status = make_grey(args, bytes, size, name, problem);
        goto done;
    }
    if (ct_arg_given(args, "theta") || ct_arg_given(args, "bins"))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "digits: theta and bins are of other maps than bw and would "
                                       "change nothing: give map=, or leave them out"));
    /* the parameters of other maps say nothing of this one */
    CT_TRY(ct_args_format(args, "map|theta|bins", &problem->text));
    CT_TRY(ct_digits_parse(bytes, size, name, class_wanted, (int)ct_arg_int(args, "threshold"),
                           &images, &count));
    if (!count)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: no image of class %d: no label-1 image", name,
                       class_wanted));
    CT_TRY(ct_store_images(problem, &images, count));
done:
    ct_free(images);
    ct_free(file);
    return status;
}

static const ct_param params[] = {
    {"class", CT_PARAM_INT, NULL, 0, 9, NULL, "the digit whose images have label 1"},
    {"threshold", CT_PARAM_INT, "8", 1, CT_DIGITS_BRIGHTEST, NULL,
     "a pixel is lit from this value on"},
    {"path", CT_PARAM_FILE, "", 0, 0, NULL, "another file of the same form (CSV, may be gzip)"},
    {"map", CT_PARAM_WORD, "bw", 0, 0, "bw|" CT_MAP_WORDS,
     "bw: black-white pixels; others: x = pixel / 16 under a feature map, as in data"},
    {"theta", CT_PARAM_REAL, "0.5", 0, 0, NULL, "of map cos and phase"},
    {"bins", CT_PARAM_INT, "2", 2, CT_MOST_DIMENSION, NULL, "of map levels"},
    {0},
};

const ct_problem_type ct_problem_digits = {
    .name = "digits",
    .summary = "handwritten digits 8x8: one class against the rest",
    .definition =
        "Label 1 exactly for the 8x8 images of one class among the 1797 images of the data set (a "
        "set: repeated images count "
        "once). Pixels are 0..16, row by row, row 0 first; a pixel is lit from `threshold` on. With another map than bw: the sum of the product states of these images, x = pixel / 16 (data:images=digits,label=class:K).",
    .source = "UCI Machine Learning Repository, \"Optical Recognition of Handwritten Digits\", E. "
              "Alpaydin and C. Kaynak, CC BY 4.0 "
              "(1797 images, in the library)",
    .known = "different images at threshold 8, class 0..9: 171 157 176 182 179 182 175 175 174 179",
    .lattice = "grid:8x8",
    .params = params,
    .is_label = true,
    .class_key = "class",
    .make = make,
};
