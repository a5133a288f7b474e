/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_FAKE_LIBRARY_TYPES_H
#define CT_FAKE_LIBRARY_TYPES_H
typedef enum cudaDataType_t { CUDA_R_64F = 1, CUDA_C_64F = 5 } cudaDataType;
#endif
