/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels for single large symmetric and Hermitian matrices share: widths, and where a panel's work lies. Panel p of a matrix with
 * band `width` are its columns width p .. width (p + 1) - 1, of which the rows from `first` = width (p + 1) on are taken to a
 * triangle; rows of u, m and y below count from there.
 *
 * Hermitian matrices are pairs of numbers, but what a panel makes is planes of real ones, so that tensor cores multiply it as they do
 * the real matrices' panels of twice the width:
 *
 *     u   -Im Re Im -Re: i U from u - plane on, U from u on, -i U from u + plane on
 *     m   Re Im        y   Re Im        mix   of a number x + i y: rows (x y) and (-y x)
 *
 * a plane being `width` columns. */
#ifndef CT_WIDE_CUH
#define CT_WIDE_CUH

#include "spectrum.cuh"

#ifndef CT_WIDE_BAND /* tests lower these */
#define CT_WIDE_BAND 32
#define CT_WIDE_BROAD 16384 /* matrices from here on have a band of twice that */
#define CT_WIDE_TILE 64     /* rows and columns of a block's tile */
#define CT_WIDE_ROWS 256    /* of a panel that a block has, a thread each */
#define CT_WIDE_BLOCKS 264  /* that keep a device busy: shorter panels are split */
#define CT_WIDE_SINGLE 1025
#endif

#define WIDE_SUMS 2 /* tiles of rows that a block sums up for U^T U and U^T Y */

/* A complex number has twice the bytes and four times the operations: the narrow band is as broad for it. */
static inline int wide_band(int n, int parts)
{
    return n < CT_WIDE_BROAD || parts == 2 ? CT_WIDE_BAND : 2 * CT_WIDE_BAND;
}

static __host__ __device__ inline int wide_tiles(int rows)
{
    return (rows + CT_WIDE_TILE - 1) / CT_WIDE_TILE;
}

/* Blocks that share the rows of a panel, a thread each. */
static __host__ __device__ inline int wide_chunks(int rows)
{
    return (rows + CT_WIDE_ROWS - 1) / CT_WIDE_ROWS;
}

/* Parts of a row of tiles that are multiplied at the same time, by n alone; matrices below CT_WIDE_SINGLE come in batches. */
static inline int wide_splits(int n)
{
    const int strips = wide_tiles(n), splits = (CT_WIDE_BLOCKS + strips - 1) / strips;
    return n < CT_WIDE_SINGLE ? 1 : splits < 8 ? splits : 8;
}

/* One panel of each of `count` matrices; the offsets are in doubles, from the work of a matrix on. */
struct wide_panel {
    double *a, *room;
    int64_t each; /* doubles of work a matrix */
    int n, parts, first, rows, lead, splits, sums;
    int64_t u, m, y, part, head, tau, gram, total, mix;
};

/* The work of every panel of matrices of dimension n; `first` and `rows` are to be set. */
static inline wide_panel wide_place(int n, int parts)
{
    const int64_t band = wide_band(n, parts), width = parts * band;
    wide_panel w = {};
    w.n = n;
    w.parts = parts;
    w.splits = wide_splits(n);
    w.lead = wide_tiles(n) * CT_WIDE_TILE;
    w.sums = (wide_tiles(n) + WIDE_SUMS - 1) / WIDE_SUMS;
    const int64_t panel = width * w.lead, chunks = wide_chunks(n);
    w.u = parts == 2 ? band * w.lead : 0;
    w.m = w.u + panel + w.u;
    w.y = w.m + panel;                    /* `splits` of them; their sum is the first */
    w.part = w.y + w.splits * panel;      /* even and odd columns, a row a block */
    w.head = w.part + 2 * chunks * width; /* likewise, the panel's row */
    w.tau = w.head + 2 * width;
    w.gram = w.tau + width; /* U^H U and U^H Y, of a block each */
    w.total = w.gram + 2 * w.sums * width * width;
    w.mix = w.total + 2 * width * width; /* P on -T, and room for U^H X */
    w.each = w.mix + 3 * width * width;
    return w;
}

/* Panels by the reflections of columns (wide_panel.cu) and products of tiles (wide_tiles.cu), enqueued. */
cudaError_t ct_wide_factor(const wide_panel *w, int64_t count, cudaStream_t stream);
cudaError_t ct_wide_product(const wide_panel *w, int64_t count, cudaStream_t stream); /* Y = A U */
cudaError_t ct_wide_sums(const wide_panel *w, int64_t count,
                         cudaStream_t stream); /* U^H U, U^H Y */
cudaError_t ct_wide_mix(const wide_panel *w, int64_t count, cudaStream_t stream);
cudaError_t ct_wide_update(const wide_panel *w, int64_t count, cudaStream_t stream); /* M, then A */

#endif
