/* SPDX-License-Identifier: Apache-2.0 */
/* A sum of product states, psi = sum_m y_m (x)_n phi_n(m): M terms, N sites, d numbers a site.
 *
 * Every factor phi_n(m) is stored with norm 1, and its norm in y_m. One more site, the label, may stand on either side of
 * a cut, or a copy of it on both: its factors are the unit vectors e_l. */
#ifndef CT_PRODUCTS_H
#define CT_PRODUCTS_H

#include "base/base.h"
#include "base/product_state.h"

/* Sides that the label stands on. */
#define CT_LABEL_A 1u
#define CT_LABEL_B 2u

typedef struct ct_products {
    int64_t terms;   /* M >= 1 */
    int sites;       /* N >= 1: the pixels of the lattice */
    int dimension;   /* d >= 1 */
    bool is_complex; /* factors */
    double *
        factor; /* sites x d x parts x M: number k of the factors of all terms at a site, one after the other; complex:
                         their real parts, then their imaginary parts */
    double *weight; /* M: y_m times 2^-exponent, the largest between 1 and 2 */
    int exponent;
    int32_t *size;  /* sites: the numbers from here on are 0 for every term, at least 1 */
    int32_t *given; /* sites: the numbers that factors came with, d unless a file says otherwise */
    int32_t *level; /* sites x M: equal numbers where the factors of a site are equal */
    int32_t *label; /* M: 0 .. classes - 1, NULL: there is none */
    int classes;    /* of the labels; 1 where there is none */
    unsigned sides; /* CT_LABEL_A, CT_LABEL_B, both; 0 where there is no label */
    double factor_error; /* ||stored - true factor||_2, at most, in units of u = 2^-53 */
    double weight_error; /* relative, of every y_m, in units of u */
    int bits; /* of a level and of the label, where factors of different levels are orthogonal, all terms are different and y = 1: psi is 1 for M
                 of the images of levels, 0 for the others. 0: else */
    char unlisted
        [96]; /* levels: why psi is no list of label-1 images, for messages; "": of other factors */
    uint64_t checksum;
    ct_exact_state exact; /* for proofs */
    const double *value;  /* until it is settled, where exact.kind says so: M x sites values */
} ct_products;

/* For messages: "a sum of product states", and why, where that is not what it looks like; out needs CT_PRODUCTS_WORDS. */
#define CT_PRODUCTS_WORDS 128
const char *ct_products_words(const ct_products *p, char *out);

/* Numbers of a factor, at most. */
#define CT_MOST_DIMENSION 64

/* Room for all arrays but label; weight is 1 everywhere. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_products_new(int64_t terms, int sites, int dimension, bool is_complex,
                               ct_products **out);

/* Factors as they came: takes the norm of every one out of it, multiplies y_m by it (keep_norms) or leaves y_m alone, and
 * finds levels, sizes, exponent and checksum, and keeps what there was in exact. turn: M complex numbers that y_m is multiplied by too (needs is_complex and keep_norms),
 * or NULL. A term, and a number of a factor, that is not 0 stays so: less than 2^-1000 of the largest counts as 2^-1000. Errors: CUTROPY_EINPUT (a factor or a weight that is no finite number; nothing left),
 * CUTROPY_EMEMORY. name is for messages. */
cutropy_status ct_products_settle(ct_products *p, bool keep_norms, const double *turn,
                                  const char *name);

/* After ct_products_settle: the labels of all terms, 0 .. classes - 1, which p owns from now on. */
void ct_products_label(ct_products *p, int32_t *label, int classes, unsigned sides);

/* After ct_products_settle and ct_products_label, for factors that are unit vectors: sets bits, where terms and weights allow. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_products_find_bits(ct_products *p);

/* Number k (part 0: real, 1: imaginary part) of the factors at a site. */
static inline double *ct_products_row(const ct_products *p, int site, int k, int part)
{
    const int parts = p->is_complex ? 2 : 1;
    return p->factor +
           (((size_t)site * (size_t)p->dimension + (size_t)k) * (size_t)parts + (size_t)part) *
               (size_t)p->terms;
}

/* The dimension of a side of a cut, the label included where it stands there; inside: the pixels of mask, else the others. Infinite beyond doubles. */
double ct_products_space(const ct_products *p, const uint64_t *mask, bool inside);

/* How many sides the label stands on. */
int ct_products_copies(const ct_products *p);

/* The levels of every term as words of `bits` bits a site, term after term, and behind the sites those of every copy of the label, that of
 * side A first; free *out with ct_free. Errors: CUTROPY_EMEMORY. */
cutropy_status ct_products_images(const ct_products *p, int bits, uint64_t **out, size_t *words);

/* Bytes that a state of this size takes. */
uint64_t ct_products_bytes(int64_t terms, int sites, int dimension, bool is_complex);

/* (sum y^2)^2 / sum y^4: M where all weights are equal, near 1 where one term outweighs the others. */
double ct_products_effective(const ct_products *p);

void ct_products_free(ct_products *p);

#endif
