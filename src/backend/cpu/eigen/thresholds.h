/* Every size that chooses between algorithms (measured with benchmarks/bench_eigen, see
 * benchmarks/results). */
#ifndef CT_EIGEN_THRESHOLDS_H
#define CT_EIGEN_THRESHOLDS_H

/* From here on one matrix is first reduced to a band (two stages), also by a single thread. */
#define CT_EIGEN_TWO_STAGE 1024

#endif
