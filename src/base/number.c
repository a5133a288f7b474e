/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "base/locale.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

ct_u128 ct_gcd(ct_u128 a, ct_u128 b)
{
    while (b) {
        ct_u128 rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

int ct_u128_format(ct_u128 value, char *text)
{
    char digits[40];
    int length = 0;
    do {
        digits[length++] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value);
    for (int i = 0; i < length; i++)
        text[i] = digits[length - 1 - i];
    text[length] = '\0';
    return length;
}

const char *ct_bytes_format(uint64_t bytes, char *text)
{
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    int unit = 0;
    double size = (double)bytes;
    for (; size >= 1024 && unit < 6; unit++)
        size /= 1024;
    ct_snprintf(text, 24, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
    return text;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

void ct_sort_numbers(double *number, size_t count)
{
    qsort(number, count, sizeof *number, compare);
}

/* Both numbers of a pair of counters (pair is even). */
static void normal_pair(uint64_t seed, uint64_t pair, double normal[2])
{
    const double two_pi = 6.283185307179586476925286766559;
    const double radius = sqrt(-2.0 * log(ct_random_unit(seed, pair)));
    const double angle = two_pi * ct_random_unit(seed, pair + 1);
    normal[0] = radius * cos(angle);
    normal[1] = radius * sin(angle);
}

void ct_random_normals(uint64_t seed, uint64_t first, size_t count, double *out)
{
    const uint64_t last = first + count;
    for (uint64_t pair = first & ~UINT64_C(1); pair < last; pair += 2) {
        double normal[2];
        normal_pair(seed, pair, normal);
        for (int k = 0; k < 2; k++)
            if (pair + k >= first && pair + k < last)
                out[pair + k - first] = normal[k];
    }
}

double ct_random_normal(uint64_t seed, uint64_t counter)
{
    double normal;
    ct_random_normals(seed, counter, 1, &normal);
    return normal;
}
