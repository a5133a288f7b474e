/* SPDX-License-Identifier: Apache-2.0 */
/* Grey images of a folder, one a file, in the order of their names. */
#ifndef CT_GREY_FOLDER_H
#define CT_GREY_FOLDER_H

#include "input/grey_images.h"

bool ct_is_folder(const char *path);

/* All files NAME.pgm or all files NAME.png of the folder, which must be of one size and have one scale. Errors: CUTROPY_EINPUT
 * (none, or both kinds, another size), those of ct_pgm_parse and ct_png_parse, CUTROPY_EIO. */
cutropy_status ct_grey_folder(const char *path, ct_grey *out);

#endif
