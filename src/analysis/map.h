/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_ANALYSIS_MAP_H
#define CT_ANALYSIS_MAP_H

#include "output/map.h"

/* The sections, from everything else. */
void ct_map_verdicts(cutropy_map *map);

#endif
