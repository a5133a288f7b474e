/* SPDX-License-Identifier: Apache-2.0 */
/* What the program needs of a series beyond the public header. */
#ifndef CT_SERIES_H
#define CT_SERIES_H

#include <cutropy/series.h>

/* For a program that ends with it, while the run of the next lattice stands still: what is
 * finished of the result that cutropy_options.shown laid open becomes the next lattice. */
cutropy_status ct_series_rescue(cutropy_series *series, const void *partial);

#endif
