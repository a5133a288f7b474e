/* SPDX-License-Identifier: Apache-2.0 */
/* The points of a picture of a verdict: of a map, of a series. */
#ifndef CT_LAW_POINT_H
#define CT_LAW_POINT_H

#include "output/map.h"

/* row: that of the point. */
ct_law_point ct_law_point_of(const cutropy_scaling *law, const cutropy_scaling_point *point);

#endif
