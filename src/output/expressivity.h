/* SPDX-License-Identifier: Apache-2.0 */
/* The files of cutropy_expressivity_draw. */
#ifndef CT_OUTPUT_EXPRESSIVITY_H
#define CT_OUTPUT_EXPRESSIVITY_H

#include <cutropy/expressivity.h>

/* Data of the pictures (one block a group and depth: its title, then size, claim, mean S/L and its
 * standard error), the script that draws them in its own folder, and the pictures. */
#define CT_EXPRESSIVITY_PICTURES 4
extern const char *const ct_expressivity_pictures[CT_EXPRESSIVITY_PICTURES];

#endif
