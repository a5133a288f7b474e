/* SPDX-License-Identifier: Apache-2.0 */
/* Where the numbers of a network come from: the random stream of `seed`, or files of NumPy
 * (weights=PATH).
 *
 * The problem asks for its tensors one after the other, in its documented order; in each the last
 * index runs fastest.
 *   weights=FILE.npy  one 1-d array: all tensors one after the other in that order.
 *   weights=FOLDER    FOLDER/NAME.npy for each tensor. Axes of length 1 may be left out or added.
 *   weights=FILE.npz  the array NAME of this archive for each tensor; the same.
 * Values are taken as they stand: no scale, no division. f4, f8, and for complex networks c8, c16.
 */
#ifndef CT_WEIGHTS_H
#define CT_WEIGHTS_H

#include "input/npy.h"
#include "problem/args.h"

/* The parameters of problems with such numbers. */
#define CT_SCALE_PARAM                                                                             \
    {                                                                                              \
        "scale", CT_PARAM_REAL, "1", 0, 1000, NULL, "size of the weights"                          \
    }
#define CT_SEED_PARAM                                                                              \
    {                                                                                              \
        "seed", CT_PARAM_SEED, "0", 0, 0, NULL, "stream of the weights"                            \
    }
#define CT_WEIGHTS_PARAM                                                                           \
    {                                                                                              \
        "weights", CT_PARAM_FILE, "", 0, 0, NULL,                                                  \
            "trained weights instead of random ones: one 1-d .npy in the order of the "            \
            "definition, or a .npz or a folder with one array per tensor"                          \
    }

#define CT_ARCHIVE_TEXT                                                                            \
    " weights=FILE.npz reads the arrays of these names, without .npy, from one file."

#define CT_TENSOR_NAME 24
#define CT_TENSOR_AXES 4

typedef struct ct_tensor {
    char name[CT_TENSOR_NAME]; /* of the file in a folder or archive, without .npy */
    int axes;
    int shape[CT_TENSOR_AXES];
    double size, divisor; /* random: size * normal(counter) / divisor */
} ct_tensor;

typedef struct ct_weights {
    const char *problem; /* its name, for messages */
    const char *path;    /* "": random; borrowed from the parameters */
    int parts;           /* 1 real, 2 complex */
    uint64_t seed;
    uint64_t counter;     /* next random number */
    bool folder, archive; /* tensors by name; neither: one array */
    uint8_t *bytes;       /* of that */
    ct_npy array;
    uint64_t needed; /* numbers asked for so far */
    char (*used)[CT_TENSOR_NAME];
    size_t used_count, used_room;
} ct_weights;

/* Reads the keys seed, scale (where the problem has it) and weights. weights together with a given
 * seed or scale: CUTROPY_EINPUT. *out must be closed, also after a failure. */
cutropy_status ct_weights_open(const ct_args *args, const char *problem, int parts,
                               ct_weights *out);

/* The next tensor into out: product(shape) numbers of `parts` doubles. A file that is too short
 * gives zeros here and an error in ct_weights_finish. Errors: CUTROPY_EINPUT (missing tensor, wrong
 * shape or type), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_weights_next(ct_weights *weights, const ct_tensor *tensor, double *out);

/* CUTROPY_EINPUT when the file has another number of weights than were asked for, or the folder or
 * archive an array that nobody asked for. */
cutropy_status ct_weights_finish(const ct_weights *weights);

void ct_weights_close(ct_weights *weights);

/* The canonical text of the problem: without weights, or without seed and scale. */
cutropy_status ct_weights_text(const ct_args *args, char **out);

#endif
