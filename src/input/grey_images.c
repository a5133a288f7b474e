/* SPDX-License-Identifier: Apache-2.0 */
#include "input/grey_images.h"

void ct_grey_free(ct_grey *images)
{
    ct_free(images->value);
    ct_free(images->label);
    *images = (ct_grey){0};
}
