/* SPDX-License-Identifier: Apache-2.0 */
/* Grey images of a folder: PGM files (P2 and P5, 1 or 2 bytes a pixel) in the order of their names. */
#ifndef CT_PGM_H
#define CT_PGM_H

#include "input/grey_images.h"

bool ct_is_folder(const char *path);

/* All files NAME.pgm of the folder, which must be of one size and have one largest value (the scale). Errors: CUTROPY_EINPUT
 * (none, PNG instead, another size, cut short), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status ct_pgm_folder(const char *path, ct_grey *out);

#endif
