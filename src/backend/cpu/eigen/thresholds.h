/* SPDX-License-Identifier: Apache-2.0 */
/* Every size that chooses between algorithms. Measured with benchmarks/bench_eigen (see
 * benchmarks/results). */
#ifndef CT_EIGEN_THRESHOLDS_H
#define CT_EIGEN_THRESHOLDS_H

/* From this size on a matrix deserves the two-stage reduction on all threads
 * (ct_eigen_symmetric_large); below it the one-stage reduction on one thread (ct_eigen_symmetric,
 * ct_eigen_batch) is faster even when a second core is idle. Callers choose by the size alone, so
 * that values do not depend on the number of threads. */
#define CT_EIGEN_TWO_STAGE 1024

/* The same for complex matrices. */
#define CT_EIGEN_TWO_STAGE_COMPLEX 640

/* Largest number of matrices that ct_eigen_batch works on together; more are done in groups of this
 * many. */
#define CT_EIGEN_LANES 16

#endif
