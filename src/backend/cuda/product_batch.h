/* SPDX-License-Identifier: Apache-2.0 */
/* A batch of cuts of a sum of product states on a device: what it has there, and the three stretches of its work.
 *
 * Four squares of numbers a cut: L of both sides, W L, F. F F^H takes the place of the first L, the matrices of a size class those of
 * the second ones, the work space of the eigen-solver that of W L and F. */
#ifndef CT_CUDA_PRODUCT_BATCH_H
#define CT_CUDA_PRODUCT_BATCH_H

#include "backend/cuda/product_device.h"
#include "backend/operations.h"

#define CT_PRODUCT_SLACK (1 << 16) /* bytes: of arrays, and of the work space of small matrices */

/* Bytes that go to the device together, at the same offsets on both sides. */
typedef struct ct_product_blob {
    unsigned char *host, *device;
    uint64_t size, used, sent;
} ct_product_blob;

/* The first members are the caller's; `square` and what follows it are made by ct_product_batch_open. */
typedef struct ct_product_batch {
    ct_product_device *d;
    const ct_products *p;
    int parts;
    int64_t n; /* most parts of a side */
    int64_t count;
    const ct_product_side *side; /* two a cut, as below */
    ct_product_found **found;    /* of each cut */
    int64_t square;              /* doubles of a real matrix */
    ct_product_blob blob;
    /* on the device: square doubles a cut each */
    double *l[2], *moved; /* moved: W L, then F, two squares a cut and CT_PRODUCT_SLACK */
    double *panel;        /* n a side */
    int32_t *order, *place;
    double *values; /* a size class of n a cut */
    int32_t *info;
    /* there and on the host */
    ct_cholesky_state *state[2];                         /* a side */
    double *spread[2], *lost[2], *sums[2], *diagonal[2]; /* n a side, n a side, n a cut, n a cut */
} ct_product_batch;

enum { CT_THERE, CT_HERE }; /* device, host */

/* ---- product_batch.c ---- */

/* Device memory of one cut with sides of n parts, and what all cuts together need more. */
uint64_t ct_product_cut_room(const ct_products *p, int64_t n);
uint64_t ct_product_fixed_room(const ct_products *p);

/* Memory from the device's room; what is copied whole though not all of it is written is zero. After a failure close it too. */
cutropy_status ct_product_batch_open(ct_product_batch *b);
void ct_product_batch_close(ct_product_batch *b);

/* Where `bytes` of data (NULL: none yet, *host is where they are to be written) will be on the device once they are sent. NULL: there is no room,
 * which ct_product_send reports. */
void *ct_product_put(ct_product_blob *blob, const void *data, uint64_t bytes, void **host);
cutropy_status ct_product_send(ct_product_batch *b);
cutropy_status ct_product_fetch(const ct_product_batch *b, void *host, const void *device,
                                uint64_t bytes);

/* Matrix i of those that begin at `first`. */
double *ct_product_matrix_at(const ct_product_batch *b, double *first, int64_t i);
/* Which of the two sides of cut i has the smaller rank, as an index of `side`; that rank. */
int64_t ct_product_few(const ct_product_batch *b, int64_t i);
int64_t ct_product_rank(const ct_product_batch *b, int64_t i);
double ct_product_sum(const double *number, int64_t n);

/* ---- the stretches, one after the other ---- */

/* product_factors.c: Gram matrices, their Cholesky factors; waits for ranks and sums of squares. */
cutropy_status ct_product_factors(ct_product_batch *b);
/* product_matrices.c: W L, F, F F^H in the places of the first L. Enqueued. */
cutropy_status ct_product_matrices(ct_product_batch *b);
/* product_values.c: eigenvalues, and what was found of every cut. */
cutropy_status ct_product_values(ct_product_batch *b);

#endif
