/* SPDX-License-Identifier: Apache-2.0 */
/* A PGM file (P2 or P5, 1 or 2 bytes a pixel) as a grey image. */
#ifndef CT_PGM_H
#define CT_PGM_H

#include "input/grey_images.h"

/* One image; its largest value is the scale. name is for messages. Errors: CUTROPY_EINPUT (damaged, cut short, more than one
 * image), CUTROPY_EMEMORY. */
cutropy_status ct_pgm_parse(const uint8_t *bytes, size_t size, const char *name, ct_grey *out);

#endif
