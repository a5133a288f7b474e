/* SPDX-License-Identifier: Apache-2.0 */
/* Grey images as their files have them. */
#ifndef CT_GREY_IMAGES_H
#define CT_GREY_IMAGES_H

#include "base/base.h"

typedef struct ct_grey {
    int64_t count;
    int pixels;    /* of an image, row by row, row 0 first */
    int lx, ly;    /* 0: the file does not say */
    double *value; /* count x pixels, as in the file */
    double
        scale; /* what stands for 1: 255 for bytes, 16 for the digits, 1 for floats; 0: not known */
    double *label; /* count, where the file has them (digits); else NULL */
} ct_grey;

void ct_grey_free(ct_grey *images);

#endif
