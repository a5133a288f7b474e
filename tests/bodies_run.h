/* SPDX-License-Identifier: Apache-2.0 */
/* The bodies compiled for words of several widths: result bits for a list of images. */
#ifndef BODIES_RUN_H
#define BODIES_RUN_H

#include <stddef.h>
#include <stdint.h>

#include "problem/body.h"

typedef void bodies_run(ct_body body, const ct_body_data *data, int first, uint8_t poison,
                        const uint64_t *images, size_t count, uint8_t *out);
bodies_run bodies_run_32, bodies_run_64, bodies_run_256, bodies_run_512;

#endif
