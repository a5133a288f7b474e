/* SPDX-License-Identifier: Apache-2.0 */
/* Masks: hexadecimal text, number of pixels, boundary. */
#include <cutropy/cut.h>

#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "lattice/lattice.h"

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

cutropy_status ct_mask_parse(const char *text, const cutropy_lattice *lattice, uint64_t *mask)
{
    memset(mask, 0, lattice->words * sizeof *mask);
    size_t length = strlen(text);
    if (length < 3 || text[0] != '0' || (text[1] != 'x' && text[1] != 'X'))
        return ct_fail(CUTROPY_EINPUT,
                       "'%.60s' is not a mask; write hexadecimal digits after 0x, e.g. 0x1f", text);
    for (size_t k = 0; k < length - 2; k++) {
        char c = text[length - 1 - k];
        int digit = hex_digit(c);
        if (digit < 0)
            return ct_fail(CUTROPY_EINPUT,
                           "mask '%.60s' has a character that is not a hexadecimal digit", text);
        for (size_t bit = 0; bit < 4; bit++) {
            if (!(digit >> bit & 1))
                continue;
            size_t pixel = 4 * k + bit;
            if (pixel >= (size_t)lattice->pixels)
                return ct_fail(CUTROPY_EINPUT,
                               "mask '%.60s' has pixel %zu, but %s has only pixels 0 to %d", text,
                               pixel, lattice->name, lattice->pixels - 1);
            ct_set_bit(mask, pixel);
        }
    }
    return CUTROPY_OK;
}

size_t cutropy_mask_format(const uint64_t *mask, size_t words, char *buffer, size_t size)
{
    while (words > 1 && mask[words - 1] == 0)
        words--;
    size_t length =
        (size_t)snprintf(buffer, size, "0x%llx", words ? (unsigned long long)mask[words - 1] : 0);
    for (; words > 1; words--) {
        const size_t at = length < size ? length : size;
        length += (size_t)snprintf(size ? buffer + at : NULL, size - at, "%016llx",
                                   (unsigned long long)mask[words - 2]);
    }
    return length;
}

int cutropy_mask_pixels(const uint64_t *mask, size_t words)
{
    int pixels = 0;
    for (size_t w = 0; w < words; w++)
        pixels += ct_popcount(mask[w]);
    return pixels;
}

int cutropy_boundary(const cutropy_lattice *lattice, const uint64_t *mask)
{
    int boundary = 0;
    for (int b = 0; b < lattice->bonds; b++)
        boundary += ct_bit(mask, (uint64_t)lattice->bond[b][0]) ^
                    ct_bit(mask, (uint64_t)lattice->bond[b][1]);
    return boundary;
}

int cutropy_boundary_pixels(const cutropy_lattice *lattice, const uint64_t *mask)
{
    uint64_t touching[CT_MAX_WORDS] = {0};
    for (int b = 0; b < lattice->bonds; b++) {
        uint64_t i = (uint64_t)lattice->bond[b][0], j = (uint64_t)lattice->bond[b][1];
        if (ct_bit(mask, i) != ct_bit(mask, j))
            ct_set_bit(touching, ct_bit(mask, i) ? i : j);
    }
    return cutropy_mask_pixels(touching, lattice->words);
}
