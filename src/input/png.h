/* SPDX-License-Identifier: Apache-2.0 */
/* A grey PNG file as a grey image, by libpng where the library was built with it. */
#ifndef CT_PNG_H
#define CT_PNG_H

#include "input/grey_images.h"

/* One image of 1 to 16 bits a pixel. Scale 255, or 65535 for 16 bits; samples of 1, 2 and 4 bits are multiplied by 255, 85 and 17,
 * so that x is the sample over the largest one. Numbers are taken as they are: no gamma, no profile. name is for messages. Errors:
 * CUTROPY_EINPUT (colours, a palette, transparency, animation, more than CUTROPY_MAX_PIXELS, damaged, bytes after the end),
 * CUTROPY_EUNSUPPORTED (built without libpng), CUTROPY_EMEMORY. */
cutropy_status ct_png_parse(const uint8_t *bytes, size_t size, const char *name, ct_grey *out);

#endif
