/* SPDX-License-Identifier: Apache-2.0 */
/* The verdicts of a map: which law its entropies follow, and the topological constant. */
#ifndef CT_MAP_VERDICT_H
#define CT_MAP_VERDICT_H

#include <cutropy/map.h>

#define CT_MAP_VERDICTS 2

typedef struct ct_map_verdict {
    char law[4096], topological[1024]; /* plain text, an empty line ends a paragraph */
    cutropy_section section[CT_MAP_VERDICTS];
} ct_map_verdict;

void ct_map_judge(const cutropy_map *map, ct_map_verdict *out);

#endif
