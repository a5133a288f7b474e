/* SPDX-License-Identifier: Apache-2.0 */
/* What the benchmarks of a GPU share; BENCH: the program's name. */
#ifndef BENCH_GPU_H
#define BENCH_GPU_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cuda_runtime_api.h>

static void must(cudaError_t error, const char *what)
{
    if (error == cudaSuccess)
        return;
    fprintf(stderr, BENCH ": %s: %s\n", what, cudaGetErrorString(error));
    exit(1);
}

static void *host_new(size_t bytes)
{
    void *memory = malloc(bytes);
    if (!memory)
        must(cudaErrorMemoryAllocation, "malloc");
    return memory;
}

static void *device_new(const void *host, size_t bytes)
{
    void *memory = NULL;
    must(cudaMalloc(&memory, bytes ? bytes : 1), "cudaMalloc");
    if (host)
        must(cudaMemcpy(memory, host, bytes, cudaMemcpyHostToDevice), "cudaMemcpy");
    return memory;
}

static double number(void) /* in [-1, 1) */
{
    static uint64_t state = 20261128;
    state = state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (double)(int64_t)state * 0x1p-63;
}

static int ascending(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

#endif
