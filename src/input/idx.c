/* SPDX-License-Identifier: Apache-2.0 */
#include "input/idx.h"

#include <math.h>
#include <string.h>

static int bytes_of(uint8_t type)
{
    switch (type) {
    case 8:
    case 9:
        return 1;
    case 11:
        return 2;
    case 12:
    case 13:
        return 4;
    case 14:
        return 8;
    default:
        return 0;
    }
}

bool ct_is_idx(const uint8_t *bytes, size_t size)
{
    return size >= 4 && !bytes[0] && !bytes[1] && bytes_of(bytes[2]) && bytes[3];
}

static uint64_t load(const uint8_t *at, int bytes)
{
    uint64_t word = 0;
    for (int i = 0; i < bytes; i++)
        word = word << 8 | at[i];
    return word;
}

cutropy_status ct_idx_parse(const uint8_t *bytes, size_t size, const char *name, ct_idx *out)
{
    *out = (ct_idx){.type = bytes[2], .axes = bytes[3], .bytes = bytes_of(bytes[2]), .count = 1};
    if (out->axes > CT_IDX_AXES)
        return ct_fail(CUTROPY_EINPUT, "%s: an IDX file of %d axes; at most %d are read", name,
                       out->axes, CT_IDX_AXES);
    const size_t header = 4 + 4 * (size_t)out->axes;
    if (size < header)
        return ct_fail(CUTROPY_EINPUT, "%s: cut short: an IDX file whose header ends early", name);
    for (int i = 0; i < out->axes; i++) {
        out->shape[i] = (uint32_t)load(bytes + 4 + 4 * i, 4);
        if (__builtin_mul_overflow(out->count, out->shape[i], &out->count) || out->count >> 48)
            return ct_fail(CUTROPY_EINPUT, "%s: more than 2^48 numbers are announced", name);
    }
    const uint64_t wanted = out->count * (uint64_t)out->bytes, there = size - header;
    if (wanted != there)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: %s: %llu bytes of numbers are announced, %llu are there", name,
                       there < wanted ? "cut short" : "bytes after the end",
                       (unsigned long long)wanted, (unsigned long long)there);
    out->data = bytes + header;
    return CUTROPY_OK;
}

static double number_at(const ct_idx *array, uint64_t i)
{
    const uint64_t word = load(array->data + i * (uint64_t)array->bytes, array->bytes);
    const uint32_t half = (uint32_t)word;
    float narrow;
    double wide;
    switch (array->type) {
    case 8:
        return (double)word;
    case 9:
        return (double)(int8_t)word;
    case 11:
        return (double)(int16_t)word;
    case 12:
        return (double)(int32_t)word;
    case 13:
        memcpy(&narrow, &half, sizeof narrow);
        return (double)narrow;
    default:
        memcpy(&wide, &word, sizeof wide);
        return wide;
    }
}

cutropy_status ct_idx_numbers(const ct_idx *array, const char *name, double *out)
{
    for (uint64_t i = 0; i < array->count; i++) {
        out[i] = number_at(array, i);
        if (!isfinite(out[i]))
            return ct_fail(CUTROPY_EINPUT, "%s: number %llu is %s", name, (unsigned long long)i,
                           isnan(out[i]) ? "not a number (NaN)" : "infinite");
    }
    return CUTROPY_OK;
}
