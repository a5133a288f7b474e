/* SPDX-License-Identifier: Apache-2.0 */
/* Which road for which size: the only place with such numbers. None of them has been measured on a
 * GPU yet; the values are those that the sizes of caches and the documentation of cuSOLVER suggest.
 * (Limits of kernels are in kernels/kernels.h.) */
#ifndef CT_CUDA_THRESHOLDS_H
#define CT_CUDA_THRESHOLDS_H

/* Batches that a device works on at the same time. */
#define CT_CUDA_LANES 2
/* Cuts of one batch at most: beyond, launches are long enough. */
#define CT_CUDA_BATCH_CUTS 8192
/* Batches that one lane should get at least, so that copies and kernels overlap. */
#define CT_CUDA_BATCHES 2

/* Functions of fewer pixels are evaluated by the CPU, larger ones are tried for so many
 * milliseconds: about what the opening of a device takes. */
#ifndef CT_CUDA_EVALUATE /* tests lower these */
#define CT_CUDA_EVALUATE 20
#endif
#ifndef CT_CUDA_HEAD_START
#define CT_CUDA_HEAD_START 100
#endif
/* Prefixes of the search that are decided together: 32 images each, enough to fill a device. */
#ifndef CT_CUDA_SEARCH_PIECE
#define CT_CUDA_SEARCH_PIECE (INT64_C(1) << 20)
#endif
/* Words of 64 labels, or values, of a C text that are evaluated together. */
#ifndef CT_CUDA_TEXT
#define CT_CUDA_TEXT (INT64_C(1) << 22)
#endif
/* Images of an amplitude that are evaluated together. */
#ifndef CT_CUDA_CHUNK
#define CT_CUDA_CHUNK (INT64_C(1) << 18)
#endif

/* Cuts of shorter lists are faster on the CPU than the launches that they take: 20 to 30. */
#ifndef CT_CUDA_LIST /* tests lower it */
#define CT_CUDA_LIST (UINT64_C(1) << 17)
#endif

/* Words of the Gram matrix of a level of an automaton from which on a device makes the next ones: 2048 states, where their
 * eigenvalues need the device anyway. */
#ifndef CT_CUDA_LEVEL
#define CT_CUDA_LEVEL (UINT64_C(1) << 21)
#endif

/* Memory that stays free for the libraries, which take more while they work, and the driver: this
 * much or a 32nd of the device, whatever is more, but a quarter of a small one. */
#define CT_CUDA_RESERVE (UINT64_C(1) << 30)

/* Gram matrices of labels from here on use the tensor cores. */
#ifndef CT_CUDA_MMA /* tests lower these three */
#define CT_CUDA_MMA 512
#endif
/* Real and complex Gram matrices from here on are products of their own (half the work); smaller
 * ones go in batches. */
#ifndef CT_CUDA_SYRK
#define CT_CUDA_SYRK 512
#endif
/* Jacobi's method has matrices to CT_EIGEN_SMALL (kernels.h), where our own reflections and QL take nearly as many instructions; at
 * n = 24 they take a third and at 32 a sixth. Larger real ones: to CT_CUDA_MEDIUM in one step, to CT_CUDA_BAND over a narrow band, a
 * thread block a matrix, to CT_CUDA_WIDE over a wide one, with all blocks of the device. Complex ones have no narrow band: to
 * CT_CUDA_COMPLEX in one step. cuSOLVER has what is larger than CT_CUDA_WIDE. */
#ifndef CT_CUDA_MEDIUM /* at most CT_EIGEN_MEDIUM; tests lower these */
#define CT_CUDA_MEDIUM CT_EIGEN_MEDIUM
#endif
#ifndef CT_CUDA_BAND /* at most CT_EIGEN_LARGE; no more than CT_CUDA_MEDIUM: none go that way */
#define CT_CUDA_BAND CT_EIGEN_LARGE
#endif
#ifndef CT_CUDA_COMPLEX /* at most CT_EIGEN_COMPLEX */
#define CT_CUDA_COMPLEX CT_EIGEN_COMPLEX
#endif
/* At most CT_EIGEN_WIDE; no more than the largest of the narrower roads: cuSOLVER has them. Both roads are measured by gpu-check, which lowers this by the
 * environment variable CUTROPY_CUDA_WIDE: the one that a device shows slower goes. */
#ifndef CT_CUDA_WIDE
#define CT_CUDA_WIDE CT_EIGEN_WIDE
#endif
#define CT_CUDA_OWN (CT_CUDA_BAND > CT_CUDA_MEDIUM ? CT_CUDA_BAND : CT_CUDA_MEDIUM)
/* QL to here: a thread a matrix takes longer than many of them that bisect it, when there are few matrices. */
#ifndef CT_CUDA_QL
#define CT_CUDA_QL 512
#endif
/* Single eigenvalue problems of the CPU's stages from here on go to a device. */
#ifndef CT_CUDA_LARGE
#define CT_CUDA_LARGE 2048
#endif
/* Cuts of sums of product states whose smaller side has so many different parts are whole on a device. */
#ifndef CT_CUDA_PRODUCTS /* tests lower it */
#define CT_CUDA_PRODUCTS 256
#endif
/* Entries of a matrix of overlaps, times the sites of the side: from here on a device makes them. */
#ifndef CT_CUDA_OVERLAPS /* tests lower it */
#define CT_CUDA_OVERLAPS (INT64_C(1) << 28)
#endif

#endif
