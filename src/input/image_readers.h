/* SPDX-License-Identifier: Apache-2.0 */
/* The readers of images.h, one a format. */
#ifndef CT_IMAGE_READERS_H
#define CT_IMAGE_READERS_H

#include "input/image_list.h"

cutropy_status ct_images_from_npy(const uint8_t *bytes, size_t size, const char *name,
                                  ct_image_list *out);
cutropy_status ct_images_from_pbm(const uint8_t *bytes, size_t size, const char *name,
                                  ct_image_list *out);
cutropy_status ct_images_from_text(const uint8_t *bytes, size_t size, const char *name,
                                   ct_image_size wanted, ct_image_list *out);

#endif
