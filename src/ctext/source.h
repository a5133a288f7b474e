/* SPDX-License-Identifier: Apache-2.0 */
/* The whole text that is compiled: the lattice as numbers, the vocabulary, the definitions, the user's text by its
 * own lines, and the loops. */
#ifndef CT_CTEXT_SOURCE_H
#define CT_CTEXT_SOURCE_H

#include "ctext/form.h"

/* step: images a step, 1, 64 or 512. *key: a hash that the program will show; NULL: not asked for. *out is freed with ct_free. Errors: CUTROPY_EINPUT (a definition that is none),
 * CUTROPY_EMEMORY. */
cutropy_status ct_ctext_write(const ct_ctext_source *source, const ct_ctext_form *form, int step,
                              char **out, uint64_t *key);
/* The same for a device (a text that ct_ctext_write has accepted): with a kernel behind it, and with integers that are watched
 * where one image is taken at a time. Errors: CUTROPY_EUNSUPPORTED (rewrite.h), CUTROPY_EMEMORY. */
cutropy_status ct_ctext_write_kernel(const ct_ctext_source *source, const ct_ctext_form *form,
                                     char **out);
/* The program around NVRTC. */
cutropy_status ct_ctext_write_nvrtc(char **out);
/* The program around it. */
cutropy_status ct_ctext_write_driver(char **out);

#endif
