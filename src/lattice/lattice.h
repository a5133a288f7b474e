/* SPDX-License-Identifier: Apache-2.0 */
/* What the rest of the library uses of lattices beyond the public headers. */
#ifndef CT_LATTICE_H
#define CT_LATTICE_H

#include <cutropy/lattice.h>

#include "base/base.h"
#include "lattice/bonds.h"

#define CT_MAX_WORDS (CUTROPY_MAX_PIXELS / 64)

/* A deep copy. */
cutropy_status ct_lattice_copy(const cutropy_lattice *lattice, cutropy_lattice **out);

/* The same infinite strip, of which other rows are shown: more than two of a grid, more than three of links. Errors:
 * CUTROPY_EINPUT (too many pixels), CUTROPY_EMEMORY. */
cutropy_status ct_lattice_window(const cutropy_lattice *lattice, int rows, cutropy_lattice **out);

/* CUTROPY_EUNSUPPORTED for an infinite strip: who reads, draws or orders all pixels, or takes other cuts. */
cutropy_status ct_lattice_has_end(const cutropy_lattice *lattice);

/* One hexadecimal mask "0x1f" into lattice->words words; the message of CUTROPY_EINPUT shows the
 * text. */
cutropy_status ct_mask_parse(const char *text, const cutropy_lattice *lattice, uint64_t *mask);

/* A region as people write it, "0x1f", "{0-3,7}" or "x<2&y!=1" (cut.h), into a mask. */
cutropy_status ct_region_parse(const char *text, const cutropy_lattice *lattice, uint64_t *mask);
/* Does it look like one? Families and files do not. */
bool ct_is_region(const char *text);

#endif
