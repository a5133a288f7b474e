/* SPDX-License-Identifier: Apache-2.0 */
/* C texts that a device takes, and a cache for what they become. */
#ifndef DEVICE_TEXTS_H
#define DEVICE_TEXTS_H

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "own_cache.h"

/* One image at a time: what the vocabulary, the types and the operators of C have. */
static const char everything[] =
    "#include <stdbool.h>\n"
    "#define TWO 2\n"
    "static int SQUARE(int x) { return x * x; }\n"
    "static const int weights[2][3] = {{1, -2, 3}, {'a' - 90, 0x10, 1}};\n"
    "static int heavy(uint64_t image, int x, int y)\n"
    "{\n"
    "    return (x + 2 * y + 1) * pixel(x, y) * neighbours(x, y) + pixel(x + 1, y - 1);\n"
    "}\n"
    "static unsigned long long fold(uint64_t image, int depth)\n"
    "{\n"
    "    unsigned long long h = image * 0x9e3779b97f4a7c15ull;\n"
    "    for (int k = 0; k < depth; k++)\n"
    "        h ^= h >> (7 + k) ^ ~(h << 3);\n"
    "    return h % 1000;\n"
    "}\n"
    "int label(uint64_t image)\n"
    "{\n"
    "    int sum = lit, seen[N] = {0};\n"
    "    const uint64_t top = UINT64_C(1) << (N - 1);\n"
    "    short small = -5;\n"
    "    uint8_t byte = 250;\n"
    "    bool any = false;\n"
    "    each_pixel(x, y)\n"
    "        sum += heavy(image, x, y);\n"
    "    for (int y = 0; y < LY; y++)\n"
    "        sum += y * (int)(row(y) % 3);\n"
    "    for (int i = 0; i < N; i++) {\n"
    "        sum += i * neighbours_of(i);\n"
    "        seen[(i * 3 + lit) % N]++;\n"
    "    }\n"
    "    any |= image & top && !pix(0);\n"
    "    byte += small + (any ? lit : 2);\n"
    "    while (small++ < 0)\n"
    "        sum -= small / 2 - (-small % 3) + SQUARE(seen[lit % N]) * TWO * weights[lit & 1][byte % 3];\n"
    "    if ((image & top) != 0 || sum < 0)\n"
    "        sum = -sum;\n"
    "    double share = 0.5 * sum + lit / 3.0;\n"
    "    share *= 1.25;\n"
    "    return (sum + J * pix(N - 1) + (int)share + (int)fold(image, 4)) % 5 < 2 ? 0x100 : 0;\n"
    "}\n";
static const char integers[] = "int64_t amplitude(uint64_t image)\n"
                               "{\n"
                               "    long y = 1;\n"
                               "    for (int i = 0; i < N; i++)\n"
                               "        y = y * 3 % 1009 - (long)pix(i) * i;\n"
                               "    return lit & 1 ? y : y * y > 900 ? y - 7 : (long)image;\n"
                               "}\n";
static const char reals[] = "double amplitude(uint64_t image)\n"
                            "{\n"
                            "    double y = -0.0, step = 1.0 / 3;\n"
                            "    for (int i = 0; i < N; i++)\n"
                            "        y += pix(i) ? step / (i + 1) : -step * y * 0.1;\n"
                            "    return lit == 0 ? -0.0 : y;\n"
                            "}\n";

/* Whether this letter stands in the text as a word. */
static inline bool reads_letter(const char *text, char letter)
{
    for (const char *p = strchr(text, letter); p; p = strchr(p + 1, letter))
        if ((p == text || (!isalnum((unsigned char)p[-1]) && p[-1] != '_')) &&
            !isalnum((unsigned char)p[1]) && p[1] != '_')
            return true;
    return false;
}

/* Of K = 3 and J = 7 those that the text reads, since others are refused. */
static inline void own_definitions(const char *text, const char *define[3])
{
    int count = 0;
    if (reads_letter(text, 'K'))
        define[count++] = "K=3";
    if (reads_letter(text, 'J'))
        define[count++] = "J=7";
    define[count] = NULL;
}

#endif
