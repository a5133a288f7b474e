/* SPDX-License-Identifier: Apache-2.0 */
/* The memory plan of a batch: which arrays a batch of cuts has on the device, and how many cuts
 * fit. */
#ifndef CT_CUDA_PLAN_H
#define CT_CUDA_PLAN_H

#include "backend/cuda/memory.h"
#include "backend/function.h"
#include "kernels.h"

/* All cuts of a function that keep na pixels look alike. */
typedef struct ct_shape {
    int pixels, na;
    cutropy_kind kind;
    int64_t value[2]; /* labels: what 0 and 1 stand for */
    bool integers;    /* labels and integers: exact Gram matrices */
    bool drop_zero;   /* zero rows are dropped: always but for labels +-1 */
    int entry_words;  /* words of a value; 0: bits */
    int parts;        /* doubles of a matrix entry: 2 when complex */
    int64_t images;   /* of a list; 0: a truth table or values */
    int64_t rows[2];  /* 2^na, 2^nb; lists: known when a cut's matrix has been built */
    int64_t words[2]; /* of a row; lists: 0 */
} ct_shape;

ct_shape ct_shape_of(const ct_function *f, int na);

/* What the host must know of every batch before it can list its blocks: one piece, laid out alike on
 * host and device. The names are those of ct_device_classes and ct_device_blocks. */
typedef struct ct_control {
    int64_t *begin; /* a cut */
    int32_t *classes[2], *collided[2], *blocks;
} ct_control;

static inline uint64_t ct_control_bytes(int64_t cuts)
{
    return (uint64_t)cuts * (8 + 5 * 4);
}

static inline ct_control ct_control_at(void *memory, int64_t cuts)
{
    int64_t *begin = memory;
    int32_t *first = (int32_t *)(void *)(begin + cuts);
    return (ct_control){.begin = begin,
                        .classes = {first, first + cuts},
                        .collided = {first + 2 * cuts, first + 3 * cuts},
                        .blocks = first + 4 * cuts};
}

/* The arrays of a batch up to its blocks. control: what the host must know of every batch, in one piece
 * (ct_control); blocks.start, of which it needs what there is, comes after it. */
typedef struct ct_layout {
    uint64_t *mask;
    ct_device_blocks blocks;
    void *control;
    uint64_t control_bytes;
} ct_layout;

/* The arrays that the sparse matrix of a list needs until it is built. */
typedef struct ct_list_space {
    uint64_t *start[2];
    uint32_t *item[2];
    /* from here on only while it is built */
    uint32_t *row_of[2], *first, *slot_of;
    uint64_t *half, *number, *sorted;
    void *work; /* of scans and sorts */
    size_t work_bytes;
    int64_t slots;
} ct_list_space;

/* Takes them from the region, with a work space of the given size; *kept: how much of the region
 * the first four need. */
void ct_list_space_place(int64_t images, size_t work_bytes, ct_region *region, uint64_t *kept,
                         ct_list_space *out);

/* Beside ct_layout: the entries of the quotient of a list, and a work space for their scans again;
 * NULL: they do not fit. */
void *ct_list_entries_place(const ct_shape *shape, size_t work_bytes, ct_region *region,
                            ct_device_blocks *blocks, ct_list_space *space);

/* Takes the arrays of `cuts` cuts from the region, in the order of the list in docs/gpu.md; false
 * when they do not fit. */
bool ct_layout_place(const ct_shape *shape, int64_t cuts, ct_region *region, ct_layout *out);

/* Dimension to which a matrix of n classes is padded, so that matrices of about one size are solved
 * together: a size class for integers, n itself for real and complex functions. */
int64_t ct_padded(const ct_shape *shape, int64_t n);
/* The smallest size class that holds n, n itself beyond the largest. */
int64_t ct_size_class(int64_t n);

/* Bytes of a block's matrix; real, complex: also of the scaled rows it comes from. */
uint64_t ct_block_matrix_bytes(const ct_shape *shape, int64_t n, int64_t k);

/* Bytes that each block has beside its matrix at most: its job, four sums, four exact entries, two
 * eigenvalues a class, a square, a status. */
#define CT_BLOCK_BYTES (sizeof(ct_gram_job) + 4 * 8 + 4 * 8 + 2 * 8 + 8 + 4)

/* A region for `cuts` cuts without anything to merge: layout, results, matrices, and as much work
 * space of the eigen-solver as matrices. The slack covers the rounding of a few arrays and the
 * least work space. */
#define CT_BATCH_SLACK (UINT64_C(64) << 10)
uint64_t ct_batch_bytes(const ct_shape *shape, int64_t cuts);

/* Cuts, at most `wanted`, that such a region of `room` bytes serves; 0: not even one. */
int64_t ct_plan_cuts(const ct_shape *shape, uint64_t room, int64_t wanted);

#endif
