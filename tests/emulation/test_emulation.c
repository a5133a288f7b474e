/* SPDX-License-Identifier: Apache-2.0 */
/* The emulation of CUDA's execution model and the fake run time: they accept correct programs and
 * find planted mistakes. What only a sanitizer finds is in mistake.sh. */
#include <stdbool.h>
#include <string.h>

#include "../check_main.h"

#include "emulation.h"
#include "fake.h"
#include "planted.h"

#define N 150
#define BLOCKS 3

static int numbers[192], sums[BLOCKS], out[64];

static void fill(void)
{
    for (int i = 0; i < 192; i++)
        numbers[i] = i * i;
    memset(sums, 0, sizeof sums);
    memset(out, 0, sizeof out);
}

static bool sums_are_right(void)
{
    for (int b = 0; b < BLOCKS; b++) {
        int sum = 0;
        for (int i = b * 64; i < (b + 1) * 64 && i < N; i++)
            sum += numbers[i];
        if (sums[b] != sum)
            return false;
    }
    return true;
}

/* True when some order gives a wrong sum. */
static bool some_order_is_wrong(cudaError_t (*launch)(const int *, int, int *, int), int mistake)
{
    bool wrong = false;
    for (int order = 0; order < CT_EMULATION_ORDERS; order++) {
        ct_emulation_order((uint64_t)order);
        fill();
        ck_assert_int_eq(launch(numbers, N, sums, mistake), cudaSuccess);
        wrong |= !sums_are_right();
    }
    return wrong;
}

START_TEST(correct_kernels)
{
    ck_assert(!some_order_is_wrong(launch_block_sum, 0));
    ck_assert(!some_order_is_wrong(launch_block_sum_dynamic, 0));
    for (int order = 0; order < CT_EMULATION_ORDERS; order++) {
        bool seen[64] = {false};
        ct_emulation_order((uint64_t)order);
        fill();
        ck_assert_int_eq(launch_warp_sum(numbers, out, 0), cudaSuccess);
        ck_assert_int_eq(out[0], 31 * 32 * 63 / 6);
        ck_assert_int_eq(out[0] + out[1], 63 * 64 * 127 / 6);
        fill();
        ck_assert_int_eq(launch_warp_operations(out), cudaSuccess);
        for (int k = 0; k < WARP_OPERATIONS; k++)
            ck_assert_msg(out[k] == 64, "operation %d: %d of 64 lanes, order %d", k, out[k], order);
        fill();
        ck_assert_int_eq(launch_divergent_barrier(out, 0), cudaSuccess);
        fill();
        ck_assert_int_eq(launch_tickets(out, 0), cudaSuccess);
        for (int t = 0; t < 64; t++) {
            ck_assert(out[t] >= 0 && out[t] < 64 && !seen[out[t]]);
            seen[out[t]] = true;
        }
    }
}
END_TEST

START_TEST(wrong_values)
{
#ifndef CT_TSAN /* which stops at the race: mistake.sh */
    ck_assert_msg(some_order_is_wrong(launch_block_sum, 1), "a missing barrier was not seen");
#endif
    ck_assert_msg(some_order_is_wrong(launch_block_sum, 2), "uninitialised memory was not seen");
}
END_TEST

/* The line of a launch that the emulation gives up in every order. */
static void must_be_found(const char *what, cudaError_t (*launch)(int mistake), int mistake)
{
    for (int order = 0; order < CT_EMULATION_ORDERS; order++) {
        ct_emulation_order((uint64_t)order);
        fill();
        ct_emulation_expect_error(1);
        ck_assert_int_eq(launch(mistake), cudaErrorLaunchFailure);
        ct_emulation_expect_error(0);
        const char *line = ct_emulation_take_error();
        ck_assert_msg(strstr(line, what) != NULL, "mistake %d, order %d: '%s'", mistake, order,
                      line);
        ck_assert_int_eq(launch(0), cudaSuccess); /* and it goes on */
    }
}

static cudaError_t barrier_with(int mistake)
{
    return launch_divergent_barrier(out, mistake);
}

static cudaError_t shuffle_with(int mistake)
{
    return launch_warp_sum(numbers, out, mistake);
}

START_TEST(divergence)
{
    must_be_found("barrier divergence", barrier_with, 4);
    must_be_found("barrier divergence", barrier_with, 5);
    must_be_found("lanes missing", shuffle_with, 6);
    must_be_found("lanes missing", shuffle_with, 7);
    must_be_found("which is missing", shuffle_with, 8);
    must_be_found("not in its own mask", shuffle_with, 9);
}
END_TEST

/* ---- the fake run time ---- */

/* Doubles numbers on the device by a copy there and back; correct clean-up. */
static cudaError_t round_trip(int *result)
{
    void *a = NULL, *b = NULL;
    cudaStream_t stream = NULL;
    cudaEvent_t event = NULL;
    cudaError_t status = cudaMalloc(&a, sizeof numbers);
    if (!status)
        status = cudaMallocHost(&b, sizeof numbers);
    if (!status)
        status = cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking);
    if (!status)
        status = cudaEventCreateWithFlags(&event, cudaEventDisableTiming);
    if (!status)
        status = cudaMemcpyAsync(a, numbers, sizeof numbers, cudaMemcpyHostToDevice, stream);
    if (!status)
        status = cudaMemcpyAsync(b, a, sizeof numbers, cudaMemcpyDeviceToHost, stream);
    if (!status)
        status = cudaEventRecord(event, stream);
    if (!status)
        status = cudaEventSynchronize(event);
    if (!status)
        memcpy(result, b, sizeof numbers);
    if (event)
        (void)cudaEventDestroy(event);
    if (stream)
        (void)cudaStreamDestroy(stream);
    (void)cudaFreeHost(b);
    (void)cudaFree(a);
    return status;
}

START_TEST(every_call_fails_once)
{
    int result[192];
    long k = 0;
    fill();
    ct_fake_devices(1, 1 << 20);
    for (int lost = 0; lost < 2; lost++)
        for (k = 0;; k++) {
            memset(result, 0, sizeof result);
            ct_fake_fail(k, lost);
            const cudaError_t status = round_trip(result);
            const char *failed = ct_fake_failed();
            ck_assert_int_eq(ct_fake_live(1), 0);
            if (!failed)
                break;
            if (k < 8)
                ck_assert_int_ne(status, cudaSuccess);
            else
                ck_assert_mem_eq(result, numbers, sizeof result); /* only freeing failed */
        }
    ck_assert_int_eq(k, 12);
    ck_assert_mem_eq(result, numbers, sizeof result);
}
END_TEST

START_TEST(deferred_work)
{
    void *a = NULL, *pinned = NULL;
    cudaStream_t one = NULL, two = NULL;
    cudaEvent_t event = NULL;
    int early = 0;
    for (uint64_t seed = 0; seed < 50; seed++) {
        ct_fake_defer(1, seed);
        ck_assert_int_eq(cudaMalloc(&a, 64), cudaSuccess);
        ck_assert_int_eq(cudaMallocHost(&pinned, 64), cudaSuccess);
        ck_assert_int_eq(cudaStreamCreateWithFlags(&one, cudaStreamNonBlocking), cudaSuccess);
        ck_assert_int_eq(cudaStreamCreateWithFlags(&two, cudaStreamNonBlocking), cudaSuccess);
        ck_assert_int_eq(cudaEventCreate(&event), cudaSuccess);
        /* one fills, two copies after the event: always seven; without the event: not always */
        ck_assert_int_eq(cudaMemsetAsync(a, 7, 64, one), cudaSuccess);
        ck_assert_int_eq(cudaEventRecord(event, one), cudaSuccess);
        if (seed % 2)
            ck_assert_int_eq(cudaStreamWaitEvent(two, event, 0), cudaSuccess);
        ck_assert_int_eq(cudaMemcpyAsync(pinned, a, 64, cudaMemcpyDeviceToHost, two), cudaSuccess);
        ck_assert_int_eq(cudaStreamSynchronize(two), cudaSuccess);
        if (seed % 2)
            ck_assert_int_eq(*(char *)pinned, 7);
        else
            early += *(char *)pinned != 7;
        ck_assert_int_eq(cudaEventDestroy(event), cudaSuccess);
        ck_assert_int_eq(cudaStreamDestroy(one), cudaSuccess);
        ck_assert_int_eq(cudaStreamDestroy(two), cudaSuccess);
        ck_assert_int_eq(cudaFree(a), cudaSuccess);
        ck_assert_int_eq(cudaFreeHost(pinned), cudaSuccess);
    }
    ct_fake_defer(0, 0);
    ck_assert_int_gt(early, 0);
    ck_assert_int_eq(ct_fake_live(1), 0);
}
END_TEST

START_TEST(devices_and_memory)
{
    int count = 7;
    void *a = NULL, *b = NULL;
    size_t left = 0, total = 0;
    ct_fake_devices(0, 0);
    ck_assert_int_eq(cudaGetDeviceCount(&count), cudaErrorNoDevice);
    ck_assert_int_eq(count, 0);
    ct_fake_devices(-1, 0);
    ck_assert_int_eq(cudaGetDeviceCount(&count), cudaErrorInsufficientDriver);
    ct_fake_devices(2, 1 << 20);
    ck_assert_int_eq(cudaGetDeviceCount(&count), cudaSuccess);
    ck_assert_int_eq(count, 2);
    ck_assert_int_eq(cudaSetDevice(2), cudaErrorInvalidDevice);
    ck_assert_int_eq(cudaGetLastError(), cudaErrorInvalidDevice);
    ck_assert_int_eq(cudaGetLastError(), cudaSuccess);
    ck_assert_int_eq(cudaSetDevice(1), cudaSuccess);
    ck_assert_int_eq(cudaMalloc(&a, 700000), cudaSuccess);
    ck_assert_int_eq(cudaMalloc(&b, 700000), cudaErrorMemoryAllocation);
    ck_assert_ptr_null(b);
    ck_assert_int_eq(cudaMemGetInfo(&left, &total), cudaSuccess);
    ck_assert_uint_eq(left, (1 << 20) - 700000);
    ck_assert_int_eq(ct_fake_live(0), 1);
    ck_assert(ct_fake_is_device(a, 700000) && !ct_fake_is_device(a, 700001));
    ck_assert_int_eq(cudaFree(a), cudaSuccess);
    ck_assert_int_eq(ct_fake_live(1), 0);
    ck_assert_int_eq(cudaSetDevice(0), cudaSuccess);
    ct_fake_devices(1, 1 << 30);
}
END_TEST

START_TEST(launches)
{
    const long before = ct_emulation_launched("warp_sum");
    ck_assert_int_eq(launch_warp_sum(numbers, out, 0), cudaSuccess);
    ck_assert_int_eq(ct_emulation_launched("warp_sum"), before + 1);
    ck_assert_int_eq(ct_emulation_launched("warp"), 0);
}
END_TEST

CHECK_MAIN("emulation", launches, correct_kernels, wrong_values, divergence, every_call_fails_once,
           deferred_work, devices_and_memory)
