/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as .npy: the structured arrays of one dimension that sheet/npy.c writes. */
#ifndef CT_TABLE_NPY_H
#define CT_TABLE_NPY_H

#include "input/table_csv.h"

/* The cells as in csv: texts (<U), doubles (<f8; NaN: empty), integers (<i8; INT64_MIN: empty; NAME and NAME_hi: lo..hi), flags (|b1). name is for messages.
 * Errors: CUTROPY_EINPUT (another array: of numbers, of other types, cut off), CUTROPY_EMEMORY. */
cutropy_status ct_table_npy_parse(const uint8_t *bytes, size_t size, const char *name, ct_csv *out);

#endif
