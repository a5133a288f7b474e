/* SPDX-License-Identifier: Apache-2.0 */
/* Control of the fake CUDA run time and its fake libraries (runtime.cpp, libraries.cpp). C and C++.
 *
 * Device memory is memory of the process that only a running kernel, copy or library call may
 * touch: the host dies of a fault when it reads it. Fresh and freed device memory is overwritten.
 * Every pointer handed to the run time is checked: device pointers must lie in one live allocation.
 *
 * Call number k, counted from 0 over all functions that can fail, fails on demand:
 *
 *   for (long k = 0;; k++) {
 *       ct_fake_fail(k, 0);
 *       status = call(&out);
 *       const char *failed = ct_fake_failed();    NULL: the sweep is over
 *       ... status is a clear error, out is empty ...
 *       ck_assert_int_eq(ct_fake_live(), 0);
 *   } */
#ifndef CT_FAKE_H
#define CT_FAKE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* `count` devices (0 to 8; -1: the driver is too old) of `bytes` memory each. Default: 1 device (or
 * what the environment variable CT_FAKE_DEVICES says), 1 GiB. Nothing may be live. */
void ct_fake_devices(int count, size_t bytes);

/* From now on call number k fails; negative: none. lost: from that call on every call fails, as
 * when a device is lost. What frees or destroys does its work even when it fails. */
void ct_fake_fail(long k, int lost);
/* The function that was made to fail since ct_fake_fail, or NULL; switches failing off. */
const char *ct_fake_failed(void);
/* Calls counted since ct_fake_fail. */
long ct_fake_calls(void);
/* Library call number k from now reports info = value for its matrix `which` (negative k: none). */
void ct_fake_fail_info(long k, int64_t which, int value);

/* What cusolverGetVersion says. Default: 12000. */
void ct_fake_solver_version(int version);

/* on: work of a stream waits until something synchronises with it, in an order drawn from seed
 * among streams: finds missing synchronisation. So does a copy from pageable memory on the default
 * stream, for which streams made with cudaStreamNonBlocking do not wait. Default: work is done at
 * once. */
void ct_fake_defer(int on, uint64_t seed);

/* Allocations, streams, events and handles that live; prints them when print is not 0. */
int ct_fake_live(int print);
/* The largest number of bytes of device memory that lived at once on a device, since
 * ct_fake_devices. */
size_t ct_fake_peak(int device);
/* 1: memory + bytes lies in one live device allocation. */
int ct_fake_is_device(const void *memory, size_t bytes);
/* 1: the allocation in which memory lies. */
int ct_fake_block(const void *memory, void **begin, size_t *bytes);

#ifdef __cplusplus
}
#endif
#endif
