/* SPDX-License-Identifier: Apache-2.0 */
/* A function of images: evaluated, in the cheapest of three storages, or known through its automata. */
#ifndef CT_FUNCTION_H
#define CT_FUNCTION_H

#include "base/big.h"
#include "problem/problem.h"

typedef enum ct_storage {
    CT_SUPPORT,   /* sorted list of the label-1 images */
    CT_TABLE,     /* truth table, one bit an image */
    CT_VALUES,    /* one number an image */
    CT_AUTOMATON, /* no image: automata that read the pixels in some order (frontier/automaton.h) */
    CT_AFFINE,    /* no image: linear equations (frontier/affine.h) */
    CT_PRODUCTS,  /* no image: a sum of product states (problem/products.h) */
    CT_STRIP,     /* no image: an infinite strip (frontier/strip.h) */
    CT_SPARSE,    /* numbers of a sorted list of images, all others are 0 */
    CT_WEIGHTED,  /* no image: automata with weights (frontier/weighing.h) */
    CT_LEVELS /* no image: a sum of product states whose factors are levels: it answers as `levels` does */
} ct_storage;

typedef struct ct_function {
    const cutropy_lattice *lattice; /* borrowed from the problem */
    int pixels;                     /* N */
    size_t words;                   /* 64-bit words per image */
    cutropy_kind kind;
    ct_storage storage;
    int64_t value[2]; /* labels: what label 0 and label 1 stand for, {0,1} or {+1,-1} */
    uint64_t
        ones; /* labels: number of label-1 images, UINT64_MAX: that or more; CT_SPARSE: of listed images */
    uint64_t *images; /* CT_SUPPORT, CT_SPARSE: ones x words, ascending as integers */
    uint64_t *table;  /* CT_TABLE: bit s = label of image s, max(1, 2^N / 64) words, bits beyond 2^N
                         are 0 */
    struct ct_automaton *automaton;     /* CT_AUTOMATON */
    struct ct_affine *affine;           /* CT_AFFINE */
    const struct ct_products *products; /* CT_PRODUCTS, CT_LEVELS: the problem's */
    struct ct_refiner *refiner;         /* CT_PRODUCTS: for cuts whose bound is wide */
    struct ct_weighing *weighing;       /* CT_WEIGHTED */
    double norm_error;                  /* of norm, where that is a sum that rounded */
    struct ct_strip *strip;             /* CT_STRIP */
    double growth[2]; /* infinite strips: what a row multiplies <f|f> by, and its error */
    struct ct_function
        *levels; /* CT_LEVELS: the list of its images, as many pixels a site as a level has bits */
    void *
        values; /* CT_VALUES: 2^N of int64_t, double, or double pairs; no -0.0. CT_SPARSE: ones, none is 0 */
    bool lent;          /* values are those of the problem's caller, and are not freed */
    ct_u128 norm_exact; /* labels and integers: <f|f> where it is below 2^62, else 0 */
    ct_big norm_big;    /* labels and integers: <f|f> where it is not, else 0 */
    double norm;        /* <f|f> of the stored values * 2^-unit */
    int exponent; /* real, complex: the stored values are f * 2^-exponent, 0 unless f is extreme and
                     no bit is lost */
    int unit; /* 0, or an exponent where <f|f>, or the squares of the largest values and their sums,
                     would leave the range of doubles */
    bool ordinary; /* real, complex: all values but zero are within 2^+-CT_ORDINARY_EXPONENT */
    bool wide;     /* real, complex: squares of some values come close to the ends of that range */
    uint64_t checksum; /* of f's labels or values; CT_AUTOMATON: of its least automaton;
                          CT_AFFINE: of its equations; CT_PRODUCTS, CT_LEVELS: of its factors;
                          CT_STRIP: of the automaton of a row; CT_SPARSE: of its list;
                          CT_WEIGHTED: of one with weights */
} ct_function;

/* Squares of numbers up to 2^100 either way, and squares of their sums, stay far inside the range of
 * doubles. */
#define CT_ORDINARY_EXPONENT 100

/* Whether <f|f> is an integer beyond what enumerating solvers count in: its sums are ct_big. */
static inline bool ct_is_big(const ct_function *f)
{
    return f->norm_big.count != 0;
}

/* Whether <f|f> is known as an integer. */
static inline bool ct_has_exact_norm(const ct_function *f)
{
    return f->norm_exact || ct_is_big(f);
}

/* Whether there are no images, or not every image has its number, to be read one after the other. */
static inline bool ct_has_no_images(const ct_function *f)
{
    return f->storage != CT_SUPPORT && f->storage != CT_TABLE && f->storage != CT_VALUES;
}

/* Whether cuts have a quotient (engine/cut/quotient.h): else answers, or equations, are all that is known of them. */
static inline bool ct_has_quotients(const ct_function *f)
{
    return f->storage != CT_AFFINE && f->storage != CT_PRODUCTS && f->storage != CT_STRIP &&
           f->storage != CT_WEIGHTED;
}

/* <f|f> of labels or integers; limb: room for the view. */
static inline ct_big ct_norm_view(const ct_function *f, uint64_t limb[2])
{
    return ct_is_big(f) ? f->norm_big : ct_big_view(f->norm_exact, limb);
}

/* 64-bit words of a truth table of N <= 40 pixels. */
static inline uint64_t ct_table_words(int pixels)
{
    return pixels <= 6 ? 1 : UINT64_C(1) << (pixels - 6);
}

void ct_function_free(ct_function *function);

#endif
