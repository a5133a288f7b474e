/* The same function with some pixels flipped and all renumbered: another problem with the same
 * entropies. */
#ifndef CT_MOVED_H
#define CT_MOVED_H

#include <cutropy/cut.h>

#include "backend/function.h"

typedef struct ct_moved {
    const ct_function *f;
    uint64_t flips[CUTROPY_MAX_PIXELS / 64]; /* of the moved image */
    cutropy_problem *problem;                /* NULL: why says why */
    char why[120];
} ct_moved;

/* Pixel i becomes pixel N - 1 - i, then the pixels of a fixed random mask are flipped. limit: bytes
 * that arrays may take. f must live as long as *out. */
cutropy_status ct_moved_make(const ct_function *f, uint64_t limit, ct_moved *out);
void ct_moved_free(ct_moved *moved);

/* The cuts under the same renumbering. */
cutropy_status ct_moved_cuts(const cutropy_cuts *cuts, size_t count, int pixels, cutropy_cuts *out);

#endif
