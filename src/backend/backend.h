/* SPDX-License-Identifier: Apache-2.0 */
/* A backend is one struct of operations. The engine asks for them and never for a device.
 *
 * Every operation gives the same bits for any number of threads. */
#ifndef CT_BACKEND_H
#define CT_BACKEND_H

#include "backend/function.h"

/* Progress and cancellation of long operations: returns non-zero to stop. May be NULL. */
typedef struct ct_watch {
    int (*report)(const char *stage, uint64_t done, uint64_t total, void *user);
    void *user;
} ct_watch;

typedef struct ct_evaluate_options {
    int threads;
    uint64_t memory_limit; /* bytes that the function may take */
    const ct_watch *watch;
} ct_evaluate_options;

/* One eigenvalue problem: a is n x n, lower triangle, destroyed; values: n, ascending. */
typedef struct ct_eigen_job {
    int64_t n;
    bool is_complex; /* a holds n x n pairs (Hermitian), column-major */
    double *a;
    double *values;
} ct_eigen_job;

/* ---- whole cuts on a device ---- */

/* What a device says of one block of a cut: n = the smaller of its sizes. */
typedef struct ct_block_answer {
    int64_t size[2];    /* row classes of A, of B */
    ct_u128 square_sum; /* labels, integers: sum_ij m_i m_j G_ij^2 */
    double square;      /* real, complex: ||H||_F^2 */
    double gram_error;  /* real, complex: what ct_gram_error says of the CPU's products */
    int64_t g[3];       /* labels and integers, n <= 2: G_00, G_01, G_11 (n = 1: only the first) */
    uint64_t weight[2]; /* labels and integers, n <= 2: m_0, m_1 of the side with n classes */
    /* n eigenvalues of D_m^1/2 G D_m^1/2, ascending; NULL where labels and integers have n <= 2 */
    const double *values;
} ct_block_answer;

/* One cut; blocks are numbered by their first row class, as the engine's. */
typedef struct ct_cut_answer {
    int64_t classes[2]; /* of A, of B */
    int64_t blocks;
    const ct_block_answer *block;
} ct_cut_answer;

/* Takes the answers of cuts first .. first + count - 1; they are valid during the call only. Called
 * from the thread that called `solve`, in ascending order, while the device works on the next cuts.
 */
typedef cutropy_status (*ct_take_answers)(void *context, size_t first, size_t count,
                                          const ct_cut_answer *answers);

/* A function that lies on the devices of a backend. */
typedef struct ct_resident ct_resident;

/* Seconds that the stages took on the devices, summed over all of them. */
typedef struct ct_device_seconds {
    double quotient, blocks, gram, eigenvalues;
} ct_device_seconds;

typedef struct ct_backend {
    const char *name;
    /* Called once before the operations of a run on this many threads. Errors: CUTROPY_EMEMORY
     * (threads, or what the libraries need for each, cannot be had). */
    cutropy_status (*start)(int threads);
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

    /* g[i*n + j] = sum_k weight[k] q[i*ld + k] q[j*ld + k]. The caller has checked |g| < 2^62. */
    cutropy_status (*gram_integer)(int64_t n, int64_t k, const int64_t *q, int64_t ld,
                                   const int64_t *weight, int64_t *g, int threads);

    /* h = q q^T (real) or q q^H (complex) for row-major q (n x k), entries below 2^200 and the
     * largest not below 2^-200, with ||h - q q^H||_F <= ct_gram_error ||q||_F^2. Errors:
     * CUTROPY_EMEMORY. */
    cutropy_status (*gram_real)(int64_t n, int64_t k, const double *q, double *h, int threads);
    cutropy_status (*gram_complex)(int64_t n, int64_t k, const double *q, double *h, int threads);

    /* All jobs; results do not depend on what else is in the batch. watch (may be NULL) is asked
     * now and then from the calling thread during a large one. Errors: CUTROPY_ENUMERIC,
     * CUTROPY_EMEMORY, CUTROPY_ECANCELLED. */
    cutropy_status (*eigenvalues)(size_t count, const ct_eigen_job *jobs, const ct_watch *watch,
                                  int threads);

    /* All singular values, descending, of a (m x n, m >= n >= 1, column-major, complex: pairs), which
     * is destroyed. Backward error of a few sqrt(n) u ||a_j|| in each column a_j, so that small
     * values of graded matrices keep their digits: *condition estimates the condition number of a
     * with its columns scaled to norm 1. One thread. Errors: CUTROPY_ENUMERIC, CUTROPY_EMEMORY. */
    cutropy_status (*singular_values)(int64_t m, int64_t n, bool is_complex, double *a,
                                      double *values, double *condition);

    /* All eigenvalues, ascending, and eigenvectors of a real symmetric matrix: a is n x n
     * (row-major, upper triangle), and becomes the vectors, one after the other. Whoever proves
     * something with them treats them as approximations. Errors: CUTROPY_ENUMERIC, CUTROPY_EMEMORY.
     */
    cutropy_status (*eigenvectors)(int64_t n, double *a, double *values);

    /* Optional group, all or none (NULL: not offered): cuts from the quotient to the eigenvalues
     * without leaving the device. */

    /* Puts a function on the devices. CUTROPY_EUNSUPPORTED: this storage or size is better served
     * by the operations above (not an error of the run). */
    cutropy_status (*hold)(const ct_function *f, ct_resident **out);
    void (*release)(ct_resident *resident);
    /* Do the devices have room for cuts of na pixels, the smaller side? The others are served by
     * the operations above. */
    bool (*takes)(const ct_resident *resident, int na);
    /* Cuts: masks of region A (one word each), the smaller side, neither empty nor full, sorted
     * by the number of pixels in A. Integers, classes and blocks are those of the CPU bit for bit;
     * eigenvalues come from a backward-stable routine that depends on the size of a block alone.
     * Adds to *seconds. watch (may be NULL) is asked now and then from the calling thread. Errors:
     * CUTROPY_EMEMORY, CUTROPY_ENUMERIC, CUTROPY_EDEVICE, CUTROPY_EINTERNAL, CUTROPY_ECANCELLED,
     * and whatever `take` returns. */
    cutropy_status (*solve)(ct_resident *resident, const uint64_t *masks, size_t count,
                            ct_take_answers take, void *context, const ct_watch *watch,
                            ct_device_seconds *seconds);
} ct_backend;

const ct_backend *ct_backend_cpu(void);

/* Columns of a Gram matrix that are multiplied at a time; the slices are added one by one. */
#define CT_GRAM_SLICE 65536

/* Upper bound of ||h - q q^H||_F / ||q||_F^2 for gram_real and gram_complex in units of u = 2^-53,
 * rows of k entries, on every instruction set of the CPU (docs/mathematics.md). */
double ct_gram_error(int64_t k, bool is_complex);

#endif
