/* SPDX-License-Identifier: Apache-2.0 */
/* sort.cu: the plain twins of CUB's scan and sort keep the same promises. */
#include <stdlib.h>

#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "ref/support.h"

#define MOST 300

static const int sizes[] = {1, 2, 3, 64, 65, MOST};
#define SIZES (sizeof sizes / sizeof *sizes)

static void *work_space(size_t bytes)
{
    ck_assert_uint_gt(bytes, 0);
    return device_copy(NULL, bytes);
}

START_TEST(scan)
{
    uint64_t state = 1, in[MOST], out[MOST];
    for (size_t s = 0; s < SIZES; s++)
        for (int in_place = 0; in_place < 2; in_place++) {
            const size_t count = (size_t)sizes[s];
            size_t bytes = 0;
            for (size_t i = 0; i < count; i++)
                in[i] = draw(&state); /* sums wrap around */
            ck_assert_int_eq(ct_scan_space((int64_t)count, &bytes), cudaSuccess);
            void *work = work_space(bytes);
            uint64_t *from = device_copy(in, count * sizeof *in);
            uint64_t *to = in_place ? from : device_copy(NULL, count * sizeof *out);
            ck_assert_int_eq(ct_launch_scan(from, to, (int64_t)count, work, bytes - 1, NULL),
                             cudaErrorInvalidValue);
            ck_assert_int_eq(ct_launch_scan(from, to, (int64_t)count, NULL, bytes, NULL),
                             cudaErrorInvalidValue);
            ck_assert_int_eq(ct_launch_scan(from, to, (int64_t)count, work, bytes, NULL),
                             cudaSuccess);
            host_copy(out, to, count * sizeof *out);
            uint64_t sum = 0;
            for (size_t i = 0; i < count; sum += in[i++])
                ck_assert_uint_eq(out[i], sum);
            device_free(from);
            device_free(work);
            if (!in_place)
                device_free(to);
        }
}
END_TEST

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Few different numbers, all bits used. */
START_TEST(sort)
{
    uint64_t state = 2, in[MOST], out[MOST];
    for (size_t s = 0; s < SIZES; s++) {
        const size_t count = (size_t)sizes[s];
        size_t bytes = 0;
        for (size_t i = 0; i < count; i++)
            in[i] = (draw_below(&state, 5) << 62) ^ draw_below(&state, 7);
        ck_assert_int_eq(ct_sort_space((int64_t)count, &bytes), cudaSuccess);
        void *work = work_space(bytes);
        uint64_t *from = device_copy(in, count * sizeof *in),
                 *to = device_copy(NULL, count * sizeof *out);
        ck_assert_int_eq(ct_launch_sort(from, to, (int64_t)count, work, bytes - 1, NULL),
                         cudaErrorInvalidValue);
        ck_assert_int_eq(ct_launch_sort(from, to, (int64_t)count, NULL, bytes, NULL),
                         cudaErrorInvalidValue);
        ck_assert_int_eq(ct_launch_sort(from, to, (int64_t)count, work, bytes, NULL), cudaSuccess);
        host_copy(out, to, count * sizeof *out);
        qsort(in, count, sizeof *in, by_value);
        for (size_t i = 0; i < count; i++)
            ck_assert_uint_eq(out[i], in[i]);
        device_free(work);
        device_free(from);
        device_free(to);
    }
}
END_TEST

CHECK_MAIN("kernel_sort", scan, sort)
