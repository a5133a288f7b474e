/* SPDX-License-Identifier: Apache-2.0 */
/* Every label function again, one image at a time with plain loops, sharing no code with the
 * library. */
#ifndef NAIVE_LABELS_H
#define NAIVE_LABELS_H

#include <stdbool.h>
#include <stdint.h>

typedef enum naive_shape { NAIVE_GRID, NAIVE_LINKS, NAIVE_CHAIN } naive_shape;

#define NAIVE_AROUND 2

typedef struct naive_case {
    const char *problem, *lattice; /* texts for the library */
    naive_shape shape;
    int lx, ly;
    int periodic; /* NAIVE_AROUND: along x alone */
    bool (*label)(const struct naive_case *c, const bool *lit);
    int64_t parameter;
    const char *pattern;
    int pixels; /* set by naive_prepare, like the rest */
    bool bond[64][64];
} naive_case;

void naive_prepare(naive_case *c);
bool naive_label(const naive_case *c, uint64_t image);

bool naive_loops(const naive_case *c, const bool *lit);
bool naive_contractible(const naive_case *c, const bool *lit);
bool naive_pixel_loops(const naive_case *c, const bool *lit);
bool naive_parity(const naive_case *c, const bool *lit); /* parameter: odd */
bool naive_majority(const naive_case *c, const bool *lit);
bool naive_threshold(const naive_case *c, const bool *lit); /* parameter: k */
bool naive_weight(const naive_case *c, const bool *lit);    /* parameter: k */
bool naive_ghz(const naive_case *c, const bool *lit);
bool naive_mirror(const naive_case *c, const bool *lit);
bool naive_bars_stripes(const naive_case *c, const bool *lit);
bool naive_connected(const naive_case *c, const bool *lit);
bool naive_percolation(const naive_case *c, const bool *lit);
bool naive_rectangle(const naive_case *c, const bool *lit);
bool naive_independent_set(const naive_case *c, const bool *lit);
bool naive_still_life(const naive_case *c, const bool *lit);
bool naive_contains(const naive_case *c, const bool *lit); /* parameter: 1 = lit only */
bool naive_inner_product(const naive_case *c, const bool *lit);
bool naive_primes(const naive_case *c, const bool *lit);
bool naive_random(const naive_case *c,
                  const bool *lit); /* density parameter / 1000 with seed from pattern */

uint64_t naive_splitmix64(uint64_t x);

#endif
