/* SPDX-License-Identifier: Apache-2.0 */
/* A list of black-white images, and the size that is wanted of it. */
#ifndef CT_IMAGE_LIST_H
#define CT_IMAGE_LIST_H

#include "base/base.h"

typedef struct ct_image_list {
    int pixels;   /* N */
    int lx, ly;   /* size when the file holds rows, else 0 */
    size_t words; /* 64-bit words per image */
    size_t count;
    uint64_t *bits; /* count x words, bit i = pixel i */
} ct_image_list;

typedef struct ct_image_size {
    int pixels, lx, ly;
} ct_image_size;

/* Clears room for count images of N pixels; sets pixels, words, count and bits. */
cutropy_status ct_images_new(ct_image_list *out, const char *name, uint64_t pixels, uint64_t count);

#endif
