/* SPDX-License-Identifier: Apache-2.0 */
/* Operations: arrays in, arrays out. The CPU serves all of them, a device overrides what pays; the
 * engine asks for them and never for a device.
 *
 * Every operation gives the same bits for any number of threads. */
#ifndef CT_OPERATIONS_H
#define CT_OPERATIONS_H

#include "backend/function.h"
#include "base/product_state.h"

/* Progress and cancellation of long operations: returns non-zero to stop. May be NULL. */
typedef struct ct_watch {
    int (*report)(const char *stage, uint64_t done, uint64_t total, void *user);
    void *user;
} ct_watch;

/* total 0: of how much, nobody knows. watch may be NULL. */
static inline bool ct_asked_to_stop(const ct_watch *watch, const char *stage, uint64_t done,
                                    uint64_t total)
{
    return watch && watch->report && watch->report(stage, done, total, watch->user);
}

typedef struct ct_evaluate_options {
    int threads;
    uint64_t memory_limit; /* bytes that the function may take */
    const ct_watch *watch;
    uint64_t first,
        last; /* images that the caller wants, multiples of 2^16: any others may stay as they are; last 0: all */
} ct_evaluate_options;

/* One eigenvalue problem: a is n x n, lower triangle, destroyed; values: n, ascending. */
typedef struct ct_eigen_job {
    int64_t n;
    bool is_complex; /* a holds n x n pairs (Hermitian), column-major */
    double *a;
    double *values;
} ct_eigen_job;

/* What a device found of one side of a cut of a sum of product states: the rank of L, and squares of || G - L L^H ||_F among the rows that
 * it did not choose and of || Y G Y ||_F, both over all terms (engine/solver/product_half.h). Errors of L: those of the slot `cholesky`. */
typedef struct ct_half_found {
    int64_t rank;
    double lost_square, spread_square;
} ct_half_found;

typedef struct ct_product_found {
    cutropy_status status; /* CUTROPY_OK, or CUTROPY_EUNSUPPORTED and nothing else is set */
    ct_half_found half[2];
    int few;              /* the side that F F^H is of */
    double trace, square; /* of F F^H */
    double *values; /* its eigenvalues, as many as that rank, ascending; free them with ct_free */
} ct_product_found;

typedef struct ct_operations {
    const char *name;
    /* Before the operations of a state on this many threads, and after them: settings of the process
     * that they need are held until every start that succeeded has had its stop. Errors:
     * CUTROPY_EMEMORY (threads, or what the libraries need for each, cannot be had). */
    cutropy_status (*start)(int threads);
    void (*stop)(void);
    const char *(*instruction_set)(void);
    /* The numerical libraries and their versions, in one line. */
    const char *(*libraries)(void);

    /* Evaluation of every image; options->watch is asked now and then. Errors: CUTROPY_EMEMORY,
     * CUTROPY_ECANCELLED, CUTROPY_EDEVICE. */

    /* Problems with a sliced body: all label-1 images, ascending, in *images (count of them, owned
     * by the caller). More than `limit`: *overflow and no list. */
    cutropy_status (*list_images)(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t limit,
                                  uint64_t **images, uint64_t *count, bool *overflow);
    /* Label functions, N <= 40: the truth table (bit s = label of image s); the caller has cleared
     * it. */
    cutropy_status (*fill_table)(const cutropy_problem *problem, const ct_evaluate_options *options,
                                 uint64_t *table);
    /* The other kinds, N <= 40: 2^N values without -0.0, the same bits on every backend. */
    cutropy_status (*fill_values)(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, void *values);

    /* Rearranges a truth table so that the pixels of `low` become the low index bits and the others
     * the high ones: row r of the result holds 2^|low| consecutive bits. order[k] = pixel of index
     * bit k. out: as long as table. */
    void (*bit_layout)(const uint64_t *table, int pixels, uint64_t low, uint64_t *out,
                       uint8_t *order, int threads);

    /* Gram matrices fill the upper triangle of a row-major matrix (j >= i), which is the lower one
     * column-major; what lies below the diagonal is undefined. */

    /* g[i*n + j] = popcount(rows[i] & rows[j]); every row has `words` words. Errors:
     * CUTROPY_EMEMORY. */
    cutropy_status (*gram_bits)(int64_t n, const uint64_t *const *rows, size_t words, int64_t *g,
                                int threads);
    /* The first m rows of it: m x n, row-major. */
    cutropy_status (*gram_bit_rows)(int64_t m, int64_t n, const uint64_t *const *rows, size_t words,
                                    int64_t *g, int threads);

    /* g[i*n + j] = sum_k weight[k] q[i*ld + k] q[j*ld + k]. The caller has checked |g| < 2^62. */
    cutropy_status (*gram_integer)(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                                   const int64_t *weight, int64_t *g, int threads);

    /* h = q q^T (real) or q q^H (complex) for row-major q (n x k), entries below 2^200 and the
     * largest not below 2^-200, with ||h - q q^H||_F <= ct_gram_error ||q||_F^2. Errors:
     * CUTROPY_EMEMORY. */
    cutropy_status (*gram_real)(int64_t n, int64_t k, const double *q, double *h, int threads);
    cutropy_status (*gram_complex)(int64_t n, int64_t k, const double *q, double *h, int threads);
    /* The same, bit by bit, of the rows of a cut of real or complex f (CT_VALUES, of one word) where they lie: row r has the pixels of mask
     * as r says, and a column for each image of the others; there are some of both. */
    cutropy_status (*gram_cut)(const ct_function *f, uint64_t mask, double *h, int threads);

    /* All jobs; results do not depend on what else is in the batch. watch (may be NULL) is asked
     * now and then from the calling thread during a large one. Errors: CUTROPY_ENUMERIC,
     * CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
    cutropy_status (*eigenvalues)(size_t count, const ct_eigen_job *jobs, const ct_watch *watch,
                                  int threads);

    /* All singular values, descending, of a (m x n, m >= n >= 1, column-major, complex: pairs), which
     * is destroyed. Backward error of a few sqrt(n) u ||a_j|| in each column a_j, so that small
     * values of graded matrices keep their digits: *condition estimates the condition number of a
     * with its columns scaled to norm 1. One thread. Errors: CUTROPY_ENUMERIC, CUTROPY_EMEMORY,
     * CUTROPY_EUNSUPPORTED (n > 30000). */
    cutropy_status (*singular_values)(int64_t m, int64_t n, bool is_complex, double *a,
                                      double *values, double *condition);

    /* Singular values, descending, and vectors of a (m x n, row-major, complex: pairs), which is destroyed:
     * a = left diag(values) right, k = min(m, n): left, m x k, has orthonormal columns (NULL: not wanted), right, k x n,
     * orthonormal rows; right is the same with left and without. Whoever proves something with them treats them as approximations.
     * One thread. Errors: CUTROPY_ENUMERIC, CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (k > 23000, or a side beyond 32 bits). */
    cutropy_status (*singular_vectors)(int64_t m, int64_t n, bool is_complex, double *a,
                                       double *values, double *left, double *right);

    /* All eigenvalues, ascending, and eigenvectors of a real symmetric matrix: a is n x n
     * (row-major, upper triangle), and becomes the vectors, one after the other. Whoever proves
     * something with them treats them as approximations. Errors: CUTROPY_ENUMERIC, CUTROPY_EMEMORY,
     * CUTROPY_EUNSUPPORTED (n > 30000). */
    cutropy_status (*eigenvectors)(int64_t n, double *a, double *values);

    /* ---- sums of product states (problem/products.h) ---- */
#define CT_OVERLAP_STRIP 256

    /* g[i*n + j], i < rows, j >= i: the product over `sites` sites of conj(phi_i) phi_j of terms term[0 .. n - 1], complex: pairs. Entries
     * below 2^-500 may be zero. Cost: sites (2 d + 1) n^2 / 2. Errors: CUTROPY_EMEMORY. */
    cutropy_status (*overlaps)(const struct ct_products *p, int sites, const int32_t *site,
                               int64_t rows, int64_t n, const int32_t *term, double *g,
                               int threads);

    /* y = G x of real factors, G that matrix of the terms term[0 .. n - 1] (labelled: 0 where their labels differ), x and y n x k row-major;
     * G is never stored, strips of CT_OVERLAP_STRIP of its rows are. Cost: as that, and 2 n^2 k. Errors: CUTROPY_EMEMORY. */
    cutropy_status (*overlaps_times)(const struct ct_products *p, int sites, const int32_t *site,
                                     bool labelled, int64_t n, const int32_t *term, int64_t k,
                                     const double *x, double *y, int threads);

    /* Cholesky factor, pivoted where it must be, of a positive semidefinite matrix: a is n x n, lower triangle column-major (complex: pairs), and
     * becomes L, n x *rank, zeros above its diagonal; row i of L belongs to row order[i] of the matrix. In the first *rank rows
     * and columns the matrix differs from L L^H by (rank + 2) u sqrt(a_ii a_jj) at most; it stops where no diagonal entry of what
     * is left exceeds n u max a_ii. One thread. Errors: CUTROPY_ENUMERIC, CUTROPY_EMEMORY, CUTROPY_EUNSUPPORTED (n >= 2^31). */
    cutropy_status (*cholesky)(int64_t n, bool is_complex, double *a, int32_t *order,
                               int64_t *rank);

    /* h += r k r^H, upper triangle (row-major, rows x rows): r is rows x n, k Hermitian, n x n. Column j of r is zero from row height[j] on,
     * heights ascend; NULL: none is known to be. Every number of h takes 2 n roundings and one more. Cost: 2 rows n^2 + rows^2 n, 4 n^3 / 3 where r is a
     * triangle. Errors: CUTROPY_EMEMORY. */
    cutropy_status (*congruence)(bool is_complex, int64_t rows, int64_t n, const double *r,
                                 const int64_t *height, const double *k, double *h, int threads);

    /* c = a b^T, without conjugates: row-major, rows x inner and columns x inner. */
    void (*rows_by_rows)(bool is_complex, int64_t rows, int64_t columns, int64_t inner,
                         const double *a, const double *b, double *c, int threads);

    /* Cuts of such a state from their sides, two a cut, to the eigenvalues of F F^H (engine/solver/product_cut.h): sets found[i] of each, whose status
     * is CUTROPY_EUNSUPPORTED where the CPU is to do it. May be NULL: it does all. Errors: CUTROPY_EDEVICE, CUTROPY_EMEMORY (nothing found then). */
    cutropy_status (*product_cuts)(const struct ct_products *p, size_t count,
                                   const ct_product_side *side, ct_product_found *found);

    /* A solver that works beside the CPU's, on the devices of these operations; NULL: none. */
    const struct ct_solver *solver;
    /* Gram matrices of automata (backend/level_device.h); NULL: the CPU makes them. */
    const struct ct_level_device *levels;
} ct_operations;

const ct_operations *ct_operations_cpu(void);

/* Columns of a Gram matrix that are multiplied at a time; the slices are added one by one. */
#define CT_GRAM_SLICE 65536

/* Upper bound of ||h - q q^H||_F / ||q||_F^2 for gram_real and gram_complex in units of u = 2^-53,
 * rows of k entries, on every instruction set of the CPU (docs/mathematics.md). */
double ct_gram_error(int64_t k, bool is_complex);

#endif
