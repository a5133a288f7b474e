/* SPDX-License-Identifier: Apache-2.0 */
/* The bit kernels, compiled once for each instruction set from the same source (isa_template.h). */
#ifndef CT_ISA_H
#define CT_ISA_H

#include "backend/function.h"
#include "problem/body.h"

#define CT_SINK_START 1024 /* images that a list has room for at first */

/* Where the images of a walk go. */
typedef struct ct_sink {
    uint64_t *table; /* bit s of a truth table, or NULL: the list */
    uint64_t *list;  /* grows; freed by the owner */
    size_t count, room;
    size_t limit;           /* more images than this: overflow */
    uint64_t *reserved;     /* room of all sinks of a walk together; NULL: not counted */
    uint64_t most_reserved; /* more than this: overflow */
    bool overflow, no_memory;
} ct_sink;

#define CT_PANEL 16 /* columns of a twofold product whose sums stay in registers */
#define CT_PIECE                                                                                   \
    64 /* terms of it that are added up by themselves first: what they round is a share of them, not of all */

/* Products of rows (rows_isa.h): */
#define CT_MOST_ROWS 256           /* rows at a time, at most */
#define CT_CHUNK 16                /* products that a lane adds one after the other */
#define CT_STRETCH 256             /* numbers of a row whose products become one sum */
#define CT_GROUP (16 * CT_STRETCH) /* numbers whose sums are added one by one */

/* Doubles of a stretch of `rows` rows, packed four at a time. */
static inline int64_t ct_stretch_room(int64_t rows)
{
    return (rows + 3) / 4 * 4 * CT_STRETCH;
}

/* Doubles of room that the products of rows need: a stretch, and the sums of a group behind the first one. */
static inline int64_t ct_rows_room(int parts, int64_t rows, int64_t columns, int64_t length)
{
    return ct_stretch_room(rows) + (length > CT_GROUP ? rows * columns * parts : 0);
}

/* How a cut lies among 2^N numbers. Columns of a stretch are alike in all stretches: their pixels are the lowest ones of B.
 * Doubles lie together in units: of columns side by side, or of one column, where rows do. */
typedef struct ct_cut_view {
    int unit;     /* doubles: 1, 2, 4, 8 */
    int together; /* rows whose units lie side by side, 1, 2, 4; 1 where a unit has several columns */
    uint64_t rest;               /* pixels of B */
    int64_t unit_at[CT_STRETCH]; /* where each unit of a first stretch begins, from its row on */
} ct_cut_view;

/* Rows: from `at` on, `ld` doubles apart, or those of a cut, which begin with row[i]. */
typedef struct ct_row_view {
    const double *at;
    int64_t ld;
    const ct_cut_view *cut; /* NULL: ld */
    const int64_t *row;
} ct_row_view;

/* Overlaps of product states (overlap_isa.h) that are multiplied together in the nearest cache: */
#define CT_OVERLAP_ROWS 32
#define CT_OVERLAP_COLUMNS 64

typedef struct ct_isa {
    const char *name;
    int shift; /* a word holds 2^shift images */

    /* Visits every image whose pixels >= base are given by prefix, prunes dead blocks, and puts
     * label-1 images (stop = 0), or the undecided prefixes with their pixels >= stop (stop > 0),
     * into the sink in ascending order. */
    void (*walk)(const ct_body_data *data, ct_body body, uint64_t prefix, int base, int stop,
                 ct_sink *sink);

    /* Swaps index bits i < j of a bit array, units first .. last - 1 of those that layout_isa.h
     * describes. */
    void (*swap_bits)(uint64_t *bits, uint64_t first, uint64_t last, int i, int j);

    /* g[i*n + j] for rows i in [row0, row1) and j >= i. gram_short works from the transposed rows,
     * turned[w * n + j] = word w of row j; it also writes some entries left of the diagonal. */
    void (*gram_long)(int64_t n, const uint64_t *const *rows, size_t words, int64_t row0,
                      int64_t row1, int64_t *g);
    void (*gram_short)(int64_t n, const uint64_t *turned, size_t words, int64_t row0, int64_t row1,
                       int64_t *g);

    /* sum[j] + slip[j] += sum_k (high + low)(k) (b + b_low)(k, j) in twice the working precision
     * for `width` <= CT_PANEL columns j: entries of high and low (may be NULL) are `stride` apart,
     * rows of b and b_low (may be NULL) `columns`. sum and slip are a pair afterwards (inner > 0). The same bits on every instruction
     * set. */
    void (*product2_row)(int64_t inner, const double *high, const double *low, int64_t stride,
                         const double *b, const double *b_low, int64_t columns, int64_t width,
                         double *sum, double *slip);

    /* c = a b^T (parts = 2: a b^H, numbers are pairs): rows of `length` doubles, those of
     * c `ldc` apart. upper: entries below the diagonal are not needed, some are written. Up
     * to CT_MOST_ROWS rows and columns; room: ct_rows_room(..) doubles, aligned to 64 bytes. */
    void (*products_of_rows)(int parts, bool upper, int64_t rows, const ct_row_view *a,
                             int64_t columns, const ct_row_view *b, int64_t length, double *c,
                             int64_t ldc, double *room);

    /* out *= overlaps at one site of CT_OVERLAP_ROWS with CT_OVERLAP_COLUMNS terms; arrays aligned to 64 bytes. */
    void (*overlap_tile)(int d, bool is_complex, const double *a, const double *b, double *out);
    /* The same in twice the working precision (overlap2_isa.h): every row of numbers is followed by one of what they lack, the real and the
     * imaginary parts of out by what those lack. The same bits on every instruction set. */
    void (*overlap2_tile)(int d, bool is_complex, const double *a, const double *b, double *out);

    /* ct_cpu_product; NULL: BLAS does it. */
    void (*product)(int64_t rows, int64_t columns, int64_t inner, const double *a, int64_t lda,
                    const double *b, int64_t ldb, bool turned, double *c, int64_t ldc);
} ct_isa;

extern const ct_isa ct_isa_generic;
#ifdef CT_HAVE_X86
extern const ct_isa ct_isa_avx2, ct_isa_avx512;
#endif

/* The best one that this processor runs and CUTROPY_ISA allows. */
const ct_isa *ct_isa_pick(void);

/* The level of pixels that a walk splits next: pixels [ct_walk_low(N, base), base) vary inside a
 * word. */
static inline int ct_walk_low(int pixels, int base, int shift)
{
    int rest = pixels % shift;
    return base == pixels && rest ? base - rest : base - shift;
}

#endif
