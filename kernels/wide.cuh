/* SPDX-License-Identifier: Apache-2.0 */
/* What the kernels for single large symmetric matrices share: widths, and where a panel's work lies. Panel p of a matrix with
 * band `width` are its columns width p .. width (p + 1) - 1, of which the rows from `first` = width (p + 1) on are taken to a
 * triangle; rows of u, m and y below count from there. */
#ifndef CT_WIDE_CUH
#define CT_WIDE_CUH

#include "spectrum.cuh"

#ifndef CT_WIDE_BAND /* tests lower these */
#define CT_WIDE_BAND 32
#define CT_WIDE_BROAD 16384 /* matrices from here on have a band of twice that */
#define CT_WIDE_TILE 64     /* rows and columns of a block's tile */
#define CT_WIDE_ROWS 256    /* of a panel that a block has, a thread each */
#define CT_WIDE_BLOCKS 264  /* that keep a device busy: shorter panels are split */
#endif

#define WIDE_SUMS 2 /* tiles of rows that a block sums up for U^T U and U^T Y */

static inline int wide_band(int n)
{
    return n < CT_WIDE_BROAD ? CT_WIDE_BAND : 2 * CT_WIDE_BAND;
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

/* Parts of a row of tiles that are multiplied at the same time: by n alone. */
static inline int wide_splits(int n)
{
    const int strips = wide_tiles(n), splits = (CT_WIDE_BLOCKS + strips - 1) / strips;
    return splits < 8 ? splits : 8;
}

/* One panel of each of `count` matrices; the offsets are in numbers, from the work of a matrix on. */
struct wide_panel {
    double *a, *room;
    int64_t each; /* numbers of work a matrix */
    int n, first, rows, lead, splits, sums;
    int64_t u, m, y, part, head, tau, gram, total, mix;
};

/* The work of every panel of matrices of dimension n; `first` and `rows` are to be set. */
static inline wide_panel wide_place(int n)
{
    const int64_t width = wide_band(n);
    wide_panel w = {};
    w.n = n;
    w.splits = wide_splits(n);
    w.lead = wide_tiles(n) * CT_WIDE_TILE;
    w.sums = (wide_tiles(n) + WIDE_SUMS - 1) / WIDE_SUMS;
    const int64_t panel = width * w.lead, chunks = wide_chunks(n);
    w.m = w.u + panel;
    w.y = w.m + panel;                    /* `splits` of them; their sum is the first */
    w.part = w.y + w.splits * panel;      /* even and odd columns, a row a block */
    w.head = w.part + 2 * chunks * width; /* likewise, the panel's row */
    w.tau = w.head + 2 * width;
    w.gram = w.tau + width; /* U^T U and U^T Y, of a block each */
    w.total = w.gram + 2 * w.sums * width * width;
    w.mix = w.total + 2 * width * width; /* P on -T, and room for U^T X */
    w.each = w.mix + 3 * width * width;
    return w;
}

/* Panels by the reflections of columns (wide_panel.cu) and products of tiles (wide_tiles.cu), enqueued. */
cudaError_t ct_wide_factor(const wide_panel *w, int64_t count, cudaStream_t stream);
cudaError_t ct_wide_product(const wide_panel *w, int64_t count, cudaStream_t stream); /* Y = A U */
cudaError_t ct_wide_sums(const wide_panel *w, int64_t count,
                         cudaStream_t stream); /* U^T U, U^T Y */
cudaError_t ct_wide_mix(const wide_panel *w, int64_t count, cudaStream_t stream);
cudaError_t ct_wide_update(const wide_panel *w, int64_t count, cudaStream_t stream); /* M, then A */

#endif
