/* SPDX-License-Identifier: Apache-2.0 */
/* What a sampler is made of. */
#ifndef CT_SAMPLE_H
#define CT_SAMPLE_H

#include <cutropy/sample.h>

#include "frontier/affine.h"
#include "frontier/diagram.h"

struct cutropy_sampler {
    const cutropy_lattice *lattice; /* borrowed */
    size_t words;                   /* of a number of images */
    uint64_t *total;                /* words: all with label 1 */
    char *count;                    /* the same in decimal digits, owned */
    /* by levels: */
    ct_diagram diagram;
    uint64_t **completion; /* N + 1 levels: states x words, how many images complete it */
    /* or by equations: the pixels that end none of them are free */
    bool affine;
    ct_affine_rows rows;
};

/* Whether images of the lattice can be written so, before there is a sampler. Errors: CUTROPY_EINPUT. */
cutropy_status ct_image_format_check(const cutropy_lattice *lattice, const char *format);

#endif
