/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of cutropy_expressivity_write, and the pictures of a sweep. */
#ifndef CT_OUTPUT_EXPRESSIVITY_H
#define CT_OUTPUT_EXPRESSIVITY_H

#include <cutropy/expressivity.h>

/* Data of the pictures: one block a group and depth, its title, then size, claim, mean S/L and its
 * standard error. CUTROPY_EIO: errno says why. */
cutropy_status ct_expressivity_data(const cutropy_expressivity *result, FILE *file);

/* The gnuplot script that draws NAME.svg and NAME.png from NAME.dat in its own folder. */
cutropy_status ct_expressivity_script(const cutropy_expressivity *result, const char *name,
                                      FILE *file);

#endif
