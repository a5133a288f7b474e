/* SPDX-License-Identifier: Apache-2.0 */
/* Several lattices in one option. */
#ifndef CT_LATTICE_SERIES_H
#define CT_LATTICE_SERIES_H

#include <cutropy/status.h>
#include <stddef.h>

#define CT_SERIES_NAME 64

/* Names of lattices, not yet parsed as such. */
typedef struct ct_lattice_series {
    size_t count, room;
    char (*name)[CT_SERIES_NAME]; /* owned */
} ct_lattice_series;

/* "2x2..6x6", "links:3x2..3x5:torus", "chain:4..12", "4xinf..9xinf", "3x3,4x4,4x6": from the first to the last in
 * steps of one; both sides grow together, or only one of them grows. Errors: CUTROPY_EINPUT,
 * CUTROPY_EMEMORY. */
cutropy_status ct_lattice_series_parse(const char *text, ct_lattice_series *out);
void ct_lattice_series_free(ct_lattice_series *series);

#endif
