/* SPDX-License-Identifier: Apache-2.0 */
/* The only door to the kernels.
 *
 * Every launcher enqueues its work on `stream` and returns the status of the launch (cudaSuccess,
 * or what cudaGetLastError says). Pointers are device pointers, sizes and indices 64-bit, arrays
 * row-major. No launcher allocates, waits or copies to the host. Results do not depend on
 * scheduling: integers are exact, numbers given out in parallel are made unique by a minimum or by
 * a scan.
 *
 * A batch holds `cuts` cuts of one function that keep the same number of pixels: na in A, nb in B.
 * Side 0 of a cut has the 2^na images of A as rows and those of B as columns, side 1 the other way
 * round: row r of a side stands for the image whose k-th kept pixel (ascending) is bit k of r. A
 * row is `words` 64-bit words: 2^n bits (one word, zero-filled, where n < 6) or 2^n values of 1 or
 * 2 words. */
#ifndef CT_KERNELS_H
#define CT_KERNELS_H

#include <cuda_runtime_api.h>
#include <stdint.h>

#include "problem/body.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- enumerate.cu: labels of all images ---- */

/* One level of the bit-sliced search: prefix[i] (count of them, ascending) are images whose pixels
 * >= base are known, the others 0. Bit k of alive[i]: the choice k of the pixels low .. base - 1
 * (at most 5) can have label 1; for low = 0 it has. number[i] = bits of alive[i]; number[count] =
 * 0. data: on the host; body: a ct_body. */
cudaError_t ct_launch_alive(const ct_body_data *data, int body, const uint64_t *prefix,
                            int64_t count, int base, int low, uint32_t *alive, uint64_t *number,
                            cudaStream_t stream);
/* The living choices as prefixes of the next level, those of prefix i from child[place[i]] on. */
cudaError_t ct_launch_expand(const uint64_t *prefix, const uint32_t *alive, const uint64_t *place,
                             int64_t count, int low, uint64_t *child, cudaStream_t stream);
/* For low = 0: the labels of the 32 images of a prefix into a truth table, which was cleared. */
cudaError_t ct_launch_deposit(const uint64_t *prefix, const uint32_t *alive, int64_t count,
                              uint64_t *table, cudaStream_t stream);
/* table[w] = labels of the images 64 (first + w) ..: bit k is set when ct_random(seed, image) >=
 * threshold. */
cudaError_t ct_launch_random_labels(uint64_t seed, uint64_t threshold, int64_t first, int64_t words,
                                    uint64_t *table, cudaStream_t stream);

/* ---- text.cu: a kernel that was compiled while the program runs ---- */

/* kernel: ct_ctext_kernel of src/ctext/kernel.h. out[k], k < count: the labels of images 64 (first + k) .., or the value of image
 * first + k. *report becomes 1 where something was undefined. */
cudaError_t ct_launch_text(cudaKernel_t kernel, int64_t first, int64_t count, uint64_t *out,
                           uint64_t *report, cudaStream_t stream);

/* ---- amplitudes.cu: values of the images first .. first + count - 1, bit for bit the CPU's ----
 *
 * out: count values (pairs where parts = 2) without -0.0. first and count are multiples of 2^low,
 * low = min(pixels, 8) (ct_low_pixels of problem/amplitude.h). The structs mirror problem/forms.h
 * and problem/network.h; their pointers are device pointers. */

#define CT_DEVICE_LOW_IMAGES 256 /* CT_LOW_IMAGES */
#define CT_DEVICE_PIXELS 40      /* CT_INDEX_PIXELS */
#define CT_DEVICE_MPS_CHI 128    /* CT_MPS_CHI */

typedef struct ct_device_ising {
    int32_t pixels, distances;
    int32_t distance[CT_DEVICE_PIXELS];
    uint64_t starts[CT_DEVICE_PIXELS];
    const double *value;
} ct_device_ising;

typedef struct ct_device_logistic {
    int32_t pixels, low, sigmoid;
    double weight[CT_DEVICE_PIXELS], bias;
    const double *low_sum; /* 2^low */
} ct_device_logistic;

typedef struct ct_device_mps {
    int32_t pixels, low, chi, parts;
    const double *tensor, *left;
} ct_device_mps;

/* The high factors are those of this call's blocks of 2^low images: block x parts x terms. */
typedef struct ct_device_rbm {
    int32_t low, terms, parts;
    const double *factor[2]; /* of the low pixels: term x CT_DEVICE_LOW_IMAGES */
    const double *high;
} ct_device_rbm;

/* The rules of ct_layer_rule that need no library. */
enum {
    CT_RULE_LINEAR = 0,
    CT_RULE_RELU = 1,
    CT_RULE_QUADRATIC = 3,
    CT_RULE_MAX = 4,
    CT_RULE_MEAN = 5,
    CT_RULE_PRODUCT = 6
};

typedef struct ct_device_layer {
    int32_t rule, inputs, outputs, in_positions, positions, taps;
    int32_t last; /* drop -0.0 */
    const int32_t *start, *from, *tap;
    const double *weight, *bias;
} ct_device_layer;

cudaError_t ct_launch_ising(const ct_device_ising *d, int64_t first, int64_t count, double *out,
                            cudaStream_t stream);
cudaError_t ct_launch_logistic(const ct_device_logistic *d, int64_t first, int64_t count,
                               double *out, cudaStream_t stream);
cudaError_t ct_launch_mps(const ct_device_mps *d, int64_t first, int64_t count, double *out,
                          cudaStream_t stream);
cudaError_t ct_launch_rbm(const ct_device_rbm *d, int64_t count, double *out, cudaStream_t stream);
/* Networks: pixels x count spins, then layer after layer: x is inputs x in_positions x count, y is
 * outputs x positions x count. */
cudaError_t ct_launch_spins(int pixels, int64_t first, int64_t count, double *out,
                            cudaStream_t stream);
cudaError_t ct_launch_layer(const ct_device_layer *d, int64_t count, const double *x, double *y,
                            cudaStream_t stream);

/* ---- gather.cu: the cut matrix of every cut of a batch, rows of one side ---- */

/* More pixels: cudaErrorInvalidValue. */
#define CT_GATHER_PIXELS 31

/* rows[(c * 2^n_rows + r) * words + w]; mask[c] = pixels of A. table: 2^pixels bits. */
cudaError_t ct_launch_gather_bits(const uint64_t *table, int pixels, const uint64_t *mask,
                                  int64_t cuts, int na, int side, uint64_t *rows,
                                  cudaStream_t stream);
/* values: 2^pixels numbers of entry_words (1 or 2) words. */
cudaError_t ct_launch_gather_values(const uint64_t *values, int entry_words, int pixels,
                                    const uint64_t *mask, int64_t cuts, int na, int side,
                                    uint64_t *rows, cudaStream_t stream);

/* ---- classes.cu: equal rows, found by hashing and proved by comparison ---- */

/* One side of a batch. rows_per_cut = 2^n, slots = power of two >= 2 * rows_per_cut. Or one side of
 * one cut of a list of images: sparse rows, slots >= 4 * rows_per_cut. */
typedef struct ct_device_classes {
    int64_t cuts, rows_per_cut, words;
    const uint64_t *rows; /* cuts x rows_per_cut x words; lists: NULL */
    const uint64_t
        *start; /* lists: row r has the items start[r] .. start[r + 1] - 1, at least one */
    const uint32_t *item; /* lists: columns in which the row is 1, ascending within a row */
    uint64_t *hash;       /* cuts x rows_per_cut: 0 for a dropped zero row */
    uint64_t *key;        /* cuts x slots, work space */
    uint32_t *slot_row;   /* cuts x slots, work space */
    int64_t slots;
    int32_t *class_of; /* cuts x rows_per_cut: class numbered by first occurrence, -1 dropped */
    int32_t *first;    /* cuts x rows_per_cut: first row of each class */
    uint64_t *weight;  /* cuts x rows_per_cut: members of each class */
    int32_t *count;    /* cuts: number of classes */
    int32_t *collided; /* cuts: set to 1 where two different rows share a hash: repeat that cut with
                          another seed */
} ct_device_classes;

/* drop_zero: rows without a set bit belong to no class. */
cudaError_t ct_launch_classes(const ct_device_classes *side, int drop_zero, uint64_t seed,
                              cudaStream_t stream);

/* ---- lists.cu: the cut matrix of a list of images, sparse; count < 2^31 ---- */

/* The halves of the images on the pixels of mask. half, first: slots, a power of two >= 2 count,
 * work space; slot_of[i]: the slot of image i, first[slot]: the first image there. */
cudaError_t ct_launch_list_halves(const uint64_t *images, int64_t count, uint64_t mask,
                                  uint64_t *half, int64_t slots, uint32_t *first, uint32_t *slot_of,
                                  cudaStream_t stream);
/* is_first[i] = 1 where image i is the first with its half; is_first[count] = 0. */
cudaError_t ct_launch_list_firsts(const uint32_t *first, const uint32_t *slot_of, int64_t count,
                                  uint64_t *is_first, cudaStream_t stream);
/* row_of[i]: number of the half of image i; number: the scan of is_first. */
cudaError_t ct_launch_list_numbers(const uint32_t *first, const uint32_t *slot_of,
                                   const uint64_t *number, int64_t count, uint32_t *row_of,
                                   cudaStream_t stream);
/* pair[i] = row << 32 | column, to be sorted. */
cudaError_t ct_launch_list_pairs(const uint32_t *row, const uint32_t *column, int64_t count,
                                 uint64_t *pair, cudaStream_t stream);
/* start and item of ct_device_classes from the sorted pairs. */
cudaError_t ct_launch_list_rows(const uint64_t *pair, int64_t count, uint64_t *start,
                                uint32_t *item, cudaStream_t stream);
/* Entries of each row class: counts[class]; the counts beyond the classes stay as they are. */
cudaError_t ct_launch_list_entry_counts(const ct_device_classes *rows,
                                        const ct_device_classes *columns, uint64_t *counts,
                                        cudaStream_t stream);
/* The entries themselves, those of class c from start[c] on. */
cudaError_t ct_launch_list_entries(const ct_device_classes *rows, const ct_device_classes *columns,
                                   const uint64_t *start, uint32_t *entry, cudaStream_t stream);

/* ---- blocks.cu: connected components of row and column classes ---- */

/* Entry (i, j) of the quotient is at row first[0][i], column first[1][j] of side 0. block_of[s]:
 * cuts x rows_per_cut of side s, the block of each class, numbered by their first row class;
 * blocks: cuts. all: non-zero: every entry counts as non-zero (labels +-1), one block; else zero
 * rows and columns have been dropped. A cut with a collision is left with garbage. The keys of both
 * sides are work space. */
typedef struct ct_device_blocks {
    ct_device_classes side[2];
    int entry_words; /* 0: bits */
    int all;
    /* Lists: the quotient. Class c of side s is 1 in the classes entry[s][entry_start[s][c] ..
     * entry_start[s][c + 1] - 1] of the other side, ascending. Else NULL. */
    const uint64_t *entry_start[2];
    const uint32_t *entry[2];
    int32_t *parent; /* cuts x (rows of both sides), work space */
    int32_t *block_of[2];
    int32_t *blocks;
    /* members of every block of a cut, ascending, block after block: cuts x rows_per_cut of the
     * side. The blocks of a cut start at start[s][begin[cut]] .., and one number more says where the
     * last one ends: begin[cut + 1] = begin[cut] + blocks[cut] + 1, so that only what there is need be
     * copied. Room: cuts, and cuts x (rows_per_cut of side 0 + 1) */
    int64_t *begin;
    int32_t *member[2], *start[2];
} ct_device_blocks;

cudaError_t ct_launch_blocks(const ct_device_blocks *b, cudaStream_t stream);

/* ---- gram.cu, gram_mma.cu: integer Gram matrices of blocks ---- */

/* One block: n = classes of its smaller side, `side` (rows when equal). */
typedef struct ct_gram_job {
    int64_t cut;    /* of the batch */
    int64_t member; /* first of its n classes in member[side] of the cut */
    int64_t other;  /* first of its k classes in member[1 - side] */
    int64_t n, k;
    int64_t matrix; /* offset of its ld x ld matrix, in numbers */
    int64_t ld;     /* >= n: the matrix is padded to a size class */
    int64_t sums;   /* offset of its 4 words of sums */
    int32_t side, pad;
} ct_gram_job;

typedef struct ct_gram_batch {
    const ct_gram_job *job;  /* device */
    int64_t jobs, largest_n; /* at least one job; largest_n, largest_ld: of the jobs, on the host */
    int64_t largest_ld;
    ct_device_blocks blocks;
    int64_t value[2];   /* labels: what 0 and 1 stand for */
    int64_t columns[2]; /* 2^nb, 2^na: columns of a row of each side */
    int64_t *exact;     /* integers G at job.matrix, or NULL: not kept */
    double *
        scaled; /* D^1/2 G D^1/2 in double at job.matrix: entries (i, j), i <= j, at i * ld + j, which
                       is the lower triangle of a column-major matrix; what lies below the diagonal is
                       not defined (exact likewise, beyond n = 2). Column i >= n holds -pad_value on the
                       diagonal and 0 above it, pad_value = largest diagonal entry */
    uint64_t
        *sums; /* per job: low and high word of sum_ij m_i m_j G_ij^2, then m_0, m_1 (n = 1: 0) */
} ct_gram_batch;

/* Bits: G_ij = popcount(row_i & row_j) over whole rows (merged columns count as often as they
 * occur); labels +-1 are converted. More than 2^30 columns: cudaErrorInvalidValue. */
cudaError_t ct_launch_gram_bits(const ct_gram_batch *batch, cudaStream_t stream);
/* Integers: G_ij = sum over the k column classes of weight * Q_i * Q_j modulo 2^64 (the host has
 * bounded it: the result fits). */
cudaError_t ct_launch_gram_integers(const ct_gram_batch *batch, cudaStream_t stream);
/* The same results by binary tensor-core instructions (gram_mma.cu), for large blocks. */
cudaError_t ct_launch_gram_bits_mma(const ct_gram_batch *batch, cudaStream_t stream);

/* Lists: G_ij = sum of the weights of the other side's classes in which both i and j are 1. */
cudaError_t ct_launch_gram_lists(const ct_gram_batch *batch, cudaStream_t stream);

/* Real and complex: the block's Q scaled by the roots of both multiplicities, n x k with leading
 * dimension k, at job.matrix of `scaled`, for cuBLAS. */
cudaError_t ct_launch_scale_values(const ct_gram_batch *batch, double *scaled, cudaStream_t stream);

/* ---- level.cu: one step of the Gram recursion of an automaton ---- */

/* Rows hold upper triangles of blocks, as in ct_level_shape of backend/level_device.h: start (count + 1) of the new level, old_start of the
 * old one. Entry (i, j) becomes the sum over both bits of the old entry (to[bit][i], to[bit][j]), where there is one: integers of
 * words (the highest carry is dropped: the host has bounded the sums), or, with bounds, pairs of doubles (2 words, in both levels). diagonal: count x words,
 * the entries (m, m). parent: count, given as m for each m, becomes a forest whose roots are the smallest states of what entries that are not zero
 * join. */
typedef struct ct_device_level {
    int64_t count;
    const int64_t *start;
    const int32_t *to[2]; /* count each, -1: none */
    const int64_t *old_start;
    const uint64_t *old_entry;
    int32_t old_words, words, bounds;
    uint64_t *entry, *diagonal;
    int32_t *parent;
} ct_device_level;
/* entries: start[count], on the host. */
cudaError_t ct_launch_level(const ct_device_level *level, int64_t entries, cudaStream_t stream);

/* ---- square.cu ---- */

/* square[i] = ||H||_F^2 of `count` real symmetric (parts = 1) or Hermitian (parts = 2) n x n matrices,
 * column-major, one after the other, of which the lower triangles are read. sums: count x n, work
 * space. The same bits whatever the scheduling. */
cudaError_t ct_launch_square(const double *a, int64_t count, int64_t n, int parts, double *sums,
                             double *square, cudaStream_t stream);

/* ---- eigen.cu ---- */

/* Eigenvalues, ascending, of `count` real symmetric (parts = 1) or Hermitian (parts = 2) n x n
 * matrices, n <= 16, column-major, one after the other, of which the lower triangles are read;
 * values: count x n. Jacobi's method; info[i] = 0, or 1 (and NaN for values) where it did not
 * converge, where a number is not finite or an eigenvalue too large for one. Any scale. */
#define CT_EIGEN_SMALL 16
cudaError_t ct_launch_eigen_small(double *a, int64_t count, int n, int parts, double *values,
                                  int32_t *info, cudaStream_t stream);
/* ---- tridiagonal.cu or band.cu and chase.cu, then ql.cu: medium and large matrices in steps ---- */

/* d (n x count) and e (n - 1 x count), number i of all matrices side by side: symmetric tridiagonal matrices with the
 * eigenvalues of `count` real symmetric (parts = 1, n <= 128) or Hermitian (parts = 2, n <= 96) n x n matrices, laid out as for
 * ct_launch_eigen_small. Householder's reflections; backward error: docs/gpu.md. A matrix with a number that is not finite: NaN in d. Any
 * scale. */
#define CT_EIGEN_MEDIUM 128
#define CT_EIGEN_COMPLEX 96
cudaError_t ct_launch_tridiagonal(const double *a, int64_t count, int n, int parts, double *d,
                                  double *e, cudaStream_t stream);
/* The same for real matrices, n <= 1024, in two launches. The first brings `a` to CT_BAND diagonals below the main one, in place (what is left
 * below those means nothing), divided by scales (count; NaN: a number is not finite); the second reads both. room: device
 * memory of their own of the bytes that each asks for. */
#define CT_EIGEN_LARGE 1024
#define CT_BAND 16
size_t ct_band_bytes(int64_t count, int n);
cudaError_t ct_launch_band(double *a, int64_t count, int n, double *scales, void *room,
                           cudaStream_t stream);
size_t ct_chase_bytes(int64_t count, int n);
cudaError_t ct_launch_chase(const double *a, int64_t count, int n, const double *scales, void *room,
                            double *d, double *e, cudaStream_t stream);
/* The same for n <= 65536, real or Hermitian, which all blocks of a device share: many launches of each (wide_panel.cu, wide_tiles.cu,
 * wide_chase.cu). The band has 32 or 64 diagonals below the main one. room: aligned to 16 bytes. */
#define CT_EIGEN_WIDE 65536
#define CT_WIDE_COUNT 65535
size_t ct_wide_band_bytes(int64_t count, int n, int parts);
cudaError_t ct_launch_wide_band(double *a, int64_t count, int n, int parts, double *scales,
                                void *room, cudaStream_t stream);
size_t ct_wide_chase_bytes(int64_t count, int n, int parts);
cudaError_t ct_launch_wide_chase(const double *a, int64_t count, int n, int parts,
                                 const double *scales, void *room, double *d, double *e,
                                 cudaStream_t stream);
/* Eigenvalues, ascending, of such matrices, any n; values: count x n. QL without square roots, at most `sweeps`
 * iterations a matrix, bisection for what needs more. info[i] = 0, or 1 (and NaN for values) where a number is not
 * finite or an eigenvalue too large for one. work: ct_ql_bytes. Any scale. */
#define CT_QL_SWEEPS(n) (30 * (n))
size_t ct_ql_bytes(int64_t count, int n);
cudaError_t ct_launch_ql(const double *d, const double *e, int64_t count, int n, int sweeps,
                         void *work, double *values, int32_t *info, cudaStream_t stream);

/* ---- eigen.cu: large matrices ---- */

/* Eigenvalues, ascending, of symmetric tridiagonal matrices d (n x count) and e (n - 1 x count) by bisection with Sturm counts, each
 * to full precision of the largest; values: count x n. info[i] = 1 (and NaN for values) where a number is not finite or Gershgorin's
 * bound of the eigenvalues is not; else it stays as it was. The bits depend on the matrix alone. */
#define CT_BISECT_COUNT 65535
cudaError_t ct_launch_bisect(const double *d, const double *e, int64_t count, int64_t n,
                             double *values, int32_t *info, cudaStream_t stream);

/* ---- overlaps.cu: sums of product states ---- */

/* factor: as in problem/products.h, sites x dimension x parts x terms. */
typedef struct ct_device_products {
    int64_t terms;
    int32_t dimension, parts;
    const double *factor;
} ct_device_products;

/* g[i * ld + j], i < rows, i <= j < n: the product over the sites of conj(phi_i) phi_j of the terms term[0 .. n - 1], complex: pairs;
 * 0 where the labels of both differ (label, one a term: not NULL). */
typedef struct ct_overlap_job {
    int64_t rows, n, ld;
    int32_t sites;
    const int32_t *site, *term, *label;
    double *g;
} ct_overlap_job;

/* jobs: device memory, no more rows and n than these. The bits of ct_operations.overlaps on the CPU. More than 2^21 rows:
 * cudaErrorInvalidValue. */
cudaError_t ct_launch_overlaps(const ct_device_products *p, const ct_overlap_job *jobs,
                               int64_t count, int64_t rows, int64_t n, cudaStream_t stream);

/* ---- cholesky.cu ---- */

/* root: of the pivot of the column at work; least: it ends where no diagonal entry of what is left exceeds n u max a_ii. */
typedef struct ct_cholesky_state {
    double root, least;
    int64_t rank;
    int32_t ended;
} ct_cholesky_state;

/* Positive semidefinite a: n x n, column-major, entry (r, c) of the lower triangle at c * ld + r, complex: pairs. The first `rank` columns
 * become L on and below the diagonal, row i of which belongs to row order[i] of the matrix; behind them stands what is left of the rows and columns that were not
 * chosen, a - L L^H. square: n, work space; place: for ct_launch_finish_factors. Upper triangles are neither read nor written. */
typedef struct ct_cholesky_job {
    int64_t n, ld;
    double *a, *square;
    int32_t *order, *place;
    ct_cholesky_state *state;
} ct_cholesky_job;

/* jobs: device memory, no larger n than this. Every entry of a - L L^H, with what is left where rows and columns were not chosen, is off by (rank + 2) u
 * sqrt(a_ii a_jj) at most (complex: 2.83 times that). More than CT_CHOLESKY_ROWS rows: cudaErrorInvalidValue. */
#define CT_CHOLESKY_ROWS (INT64_C(1) << 20)
cudaError_t ct_launch_cholesky(const ct_cholesky_job *jobs, int64_t count, int64_t n, int parts,
                               cudaStream_t stream);

/* ---- factors.cu ---- */

/* sums[c] = sum over r >= c of w_r w_c |a_rc|^2, twice where r > c, w = weight of order[r] (NULL: r; weight NULL: 1); 0 for columns below
 * the rank of state (NULL: 0). diagonal[c] = a_cc. a as of ct_cholesky_job. */
typedef struct ct_squares_job {
    int64_t n, ld;
    const double *a, *weight;
    const int32_t *order;
    const ct_cholesky_state *state;
    double *sums, *diagonal;
} ct_squares_job;
cudaError_t ct_launch_squares(const ct_squares_job *jobs, int64_t count, int64_t n, int parts,
                              cudaStream_t stream);

/* Zeros above the diagonals of L; place[order[i]] = i. */
cudaError_t ct_launch_finish_factors(const ct_cholesky_job *jobs, int64_t count, int64_t n,
                                     int parts, cudaStream_t stream);

/* x (rank x n_to, row-major) = L^T moved to the rows of another L: entry (k, i) is the sum over t, start[o] <= t < start[o + 1], o =
 * order_to[i], of weight[t] times row place_from[from[t]] of column k of l, which has n_from rows. */
typedef struct ct_move_job {
    int64_t rank, n_from, n_to;
    const double *l, *weight;
    const int32_t *start, *from, *place_from, *order_to;
    double *x;
} ct_move_job;
/* No larger rank and n_to than n. */
cudaError_t ct_launch_move(const ct_move_job *jobs, int64_t count, int64_t n, int parts,
                           cudaStream_t stream);

/* ---- sort.cu: work space is asked for, allocated by the caller and handed in ---- */

/* out[i] = in[0] + .. + in[i - 1]; in and out may be the same. */
cudaError_t ct_scan_space(int64_t count, size_t *bytes);
cudaError_t ct_launch_scan(const uint64_t *in, uint64_t *out, int64_t count, void *work,
                           size_t bytes, cudaStream_t stream);
/* Ascending. Input and output must not overlap. */
cudaError_t ct_sort_space(int64_t count, size_t *bytes);
cudaError_t ct_launch_sort(const uint64_t *in, uint64_t *out, int64_t count, void *work,
                           size_t bytes, cudaStream_t stream);

#ifdef __cplusplus
}
#endif
#endif
