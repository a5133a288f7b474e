/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/cut/mirror.h"

#include <string.h>

static size_t words_of(int words)
{
    return words ? (size_t)words : 1;
}

static const int64_t *entry(const ct_integer_block *b, int64_t i, int64_t j)
{
    return b->gram + (i <= j ? i * b->n + j : j * b->n + i) * (int64_t)words_of(b->words);
}

bool ct_mirror_holds(const ct_integer_block *b, const int32_t *mirror)
{
    const size_t words = words_of(b->words), weight_words = words_of(b->weight_words);
    for (int64_t i = 0; i < b->n; i++) {
        if (memcmp(b->weight + (size_t)i * weight_words,
                   b->weight + (size_t)mirror[i] * weight_words, weight_words * sizeof *b->weight))
            return false;
        for (int64_t j = i; j < b->n; j++)
            if (memcmp(entry(b, i, j), entry(b, mirror[i], mirror[j]), words * sizeof *b->gram))
                return false;
    }
    return true;
}

/* out = a + b or a - b in `to` words, two's complement; a and b have `from` words. */
static void combine(const int64_t *a, const int64_t *b, bool minus, size_t from, size_t to,
                    int64_t *out)
{
    const uint64_t flip = minus ? UINT64_MAX : 0;
    uint64_t carry = minus;
    for (size_t w = 0; w < to; w++) {
        const size_t v = w < from ? w : from - 1; /* beyond: the sign */
        const uint64_t x = w < from ? (uint64_t)a[v] : (uint64_t)(a[v] >> 63),
                       y = (w < from ? (uint64_t)b[v] : (uint64_t)(b[v] >> 63)) ^ flip, sum = x + y;
        const uint64_t next = (sum < y) | (sum + carry < carry);
        out[w] = (int64_t)(sum + carry);
        carry = next;
    }
}

/* 2 m or m in `to` words. */
static void put_weight(const uint64_t *m, size_t from, bool twice, size_t to, uint64_t *out)
{
    uint64_t carry = 0;
    for (size_t w = 0; w < to; w++) {
        const uint64_t word = w < from ? m[w] : 0;
        out[w] = twice ? word << 1 | carry : word;
        carry = twice ? word >> 63 : 0;
    }
}

/* Is there a number whose highest bits, `spare` of them, are not all its sign? */
static bool is_tight(const uint64_t *number, size_t count, size_t words, int spare, bool sign)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t top = number[i * words + words - 1], folded = sign && top >> 63 ? ~top : top;
        if (folded >> (64 - spare))
            return true;
    }
    return false;
}

static size_t doubled_weight_words(const ct_integer_block *b)
{
    const size_t words = words_of(b->weight_words);
    return words + is_tight(b->weight, (size_t)b->n, words, 1, false);
}

/* One more bit, and the sign: no entry is larger than the largest on the diagonal. */
static size_t doubled_gram_words(const ct_integer_block *b)
{
    const size_t words = words_of(b->words);
    for (int64_t i = 0; i < b->n; i++)
        if (is_tight((const uint64_t *)entry(b, i, i), 1, words, 2, true))
            return words + 1;
    return words;
}

static cutropy_status fill_half(const ct_integer_block *b, const int32_t *mirror, bool odd,
                                ct_halved *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = doubled_gram_words(b), weight_words = doubled_weight_words(b),
                 from = words_of(b->words), weight_from = words_of(b->weight_words);
    int64_t *gram = NULL, n = 0, at = 0;
    uint64_t *weight = NULL;
    for (int64_t i = 0; i < b->n; i++)
        n += i < mirror[i] || (!odd && i == mirror[i]);
    CT_NEW(gram, (size_t)(n * n) * words);
    out->gram[odd] = gram;
    CT_NEW(weight, (size_t)n * weight_words);
    out->weight[odd] = weight;
    for (int64_t i = 0; i < b->n; i++) {
        if (i > mirror[i] || (odd && i == mirror[i]))
            continue;
        put_weight(b->weight + (size_t)i * weight_from, weight_from, i != mirror[i], weight_words,
                   weight + (size_t)at * weight_words);
        int64_t *row = gram + (at * n + at) * (int64_t)words;
        for (int64_t j = i; j < b->n; j++) {
            if (j > mirror[j] || (odd && j == mirror[j]))
                continue;
            combine(entry(b, i, j), entry(b, i, mirror[j]), odd, from, words, row);
            row += words;
        }
        at++;
    }
    out->half[odd] = (ct_integer_block){.n = n,
                                        .gram = gram,
                                        .weight = weight,
                                        .words = (int)words,
                                        .weight_words = (int)weight_words};
done:
    return status;
}

cutropy_status ct_mirror_halve(const ct_integer_block *block, const int32_t *mirror, ct_halved *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_halved){0};
    for (int odd = 0; odd < 2; odd++)
        CT_TRY(fill_half(block, mirror, odd, out));
done:
    return status;
}

void ct_halved_free(ct_halved *halved)
{
    for (int odd = 0; odd < 2; odd++) {
        ct_free(halved->gram[odd]);
        ct_free(halved->weight[odd]);
    }
    *halved = (ct_halved){0};
}

cutropy_status ct_mirror_double(const ct_integer_block *block, uint64_t **weight,
                                ct_integer_block *out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t words = doubled_weight_words(block), from = words_of(block->weight_words);
    CT_NEW(*weight, (size_t)block->n * words);
    for (size_t i = 0; i < (size_t)block->n; i++)
        put_weight(block->weight + i * from, from, true, words, *weight + i * words);
    *out = *block;
    out->weight = *weight;
    out->weight_words = (int)words;
done:
    return status;
}
