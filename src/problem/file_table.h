/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of 2^N values from a file. */
#ifndef CT_FILE_TABLE_H
#define CT_FILE_TABLE_H

#include "input/npy.h"
#include "problem/problem.h"

/* Makes the evaluator of the problem, and its lattice where none was given: a chain. path: for messages;
 * msb: pixel 0 is the most significant bit. Errors: CUTROPY_EINPUT, CUTROPY_EMEMORY. */
cutropy_status ct_file_load_table(ct_npy *array, const char *path, bool msb,
                                  cutropy_problem *problem);
/* np.packbits(labels, bitorder="little"): bit k of byte j is the label of image 8j + k. */
cutropy_status ct_file_load_packed(const ct_npy *array, const char *path, bool msb,
                                   cutropy_problem *problem);

/* Whether every axis has two values. */
bool ct_file_axes_of_two(const ct_npy *array);
/* Kets are columns or rows, of shape (2^N, 1) or (1, 2^N). */
const ct_npy *ct_file_drop_axes(ct_npy *array);

#endif
