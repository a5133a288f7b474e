/* SPDX-License-Identifier: Apache-2.0 */
/* SHA-256 (FIPS 180-4). Its constants are made from their definition, the first 32 bits of the
 * fractional parts of roots of primes, so that a misprint in one table cannot hide in the other one
 * of this project (the verifier of certificates shares no code with the library). */
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/base.h"
#include "output/sha256.h"

typedef struct sha {
    uint32_t constant[64], state[8];
} sha;

/* floor(2^32 p^(1/power)) mod 2^32: the largest x with x^power <= p 2^(32 power), power 2 or 3. */
static uint32_t root_bits(uint64_t p, int power)
{
    uint64_t x = 0;
    for (int bit = 36; bit >= 0; bit--) {
        const uint64_t next = x | UINT64_C(1) << bit;
        const ct_u128 square = (ct_u128)next * next;
        /* x < 2^37: for the cube compare x^2 with p 2^96 / x */
        const bool fits =
            power == 2 ? square <= (ct_u128)p << 64 : square <= ((ct_u128)p << 96) / next;
        x = fits ? next : x;
    }
    return (uint32_t)x;
}

static bool is_prime(uint64_t p)
{
    for (uint64_t d = 2; d * d <= p; d++)
        if (p % d == 0)
            return false;
    return p > 1;
}

static void start(sha *s)
{
    int count = 0;
    for (uint64_t p = 2; count < 64; p++) {
        if (!is_prime(p))
            continue;
        s->constant[count] = root_bits(p, 3);
        if (count < 8)
            s->state[count] = root_bits(p, 2);
        count++;
    }
}

static uint32_t turn(uint32_t x, int by)
{
    return x >> by | x << (32 - by);
}

/* Sixty-four bytes. */
static void absorb(sha *s, const uint8_t *bytes)
{
    uint32_t w[16];
    uint32_t a = s->state[0], b = s->state[1], c = s->state[2], d = s->state[3];
    uint32_t e = s->state[4], f = s->state[5], g = s->state[6], h = s->state[7];
    for (int t = 0; t < 64; t++) {
        uint32_t *word = &w[t % 16];
        if (t < 16) {
            *word = (uint32_t)bytes[4 * t] << 24 | (uint32_t)bytes[4 * t + 1] << 16 |
                    (uint32_t)bytes[4 * t + 2] << 8 | bytes[4 * t + 3];
        } else {
            const uint32_t near = w[(t + 14) % 16], far = w[(t + 1) % 16];
            *word += w[(t + 9) % 16] + (turn(far, 7) ^ turn(far, 18) ^ far >> 3) +
                     (turn(near, 17) ^ turn(near, 19) ^ near >> 10);
        }
        const uint32_t t1 = h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + (g ^ (e & (f ^ g))) +
                            s->constant[t] + *word;
        const uint32_t t2 = (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) | (c & (a | b)));
        h = g, g = f, f = e, e = d + t1;
        d = c, c = b, b = a, a = t1 + t2;
    }
    s->state[0] += a, s->state[1] += b, s->state[2] += c, s->state[3] += d;
    s->state[4] += e, s->state[5] += f, s->state[6] += g, s->state[7] += h;
}

void ct_sha256(const char *bytes, size_t length, char hex[65])
{
    sha s;
    uint8_t tail[128] = {0};
    const uint8_t *at = (const uint8_t *)bytes;
    size_t left = length;
    start(&s);
    for (; left >= 64; left -= 64, at += 64)
        absorb(&s, at);
    if (left)
        memcpy(tail, at, left);
    tail[left] = 0x80;
    const size_t end = left < 56 ? 64 : 128;
    uint64_t bits = (uint64_t)length << 3;
    for (size_t i = end; bits; bits >>= 8)
        tail[--i] = (uint8_t)bits;
    for (size_t i = 0; i < end; i += 64)
        absorb(&s, tail + i);
    for (int i = 0; i < 8; i++)
        snprintf(hex + 8 * i, 9, "%08x", (unsigned)s.state[i]);
}
