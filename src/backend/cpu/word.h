/* SPDX-License-Identifier: Apache-2.0 */
/* The word of the bit-sliced code, chosen by CT_WORD_BITS: 64 (portable), 256 (AVX2), 512
 * (AVX-512). */
#ifndef CT_WORD_H
#define CT_WORD_H

#include <stdint.h>
#include <string.h>

#include "base/bits.h"

#if CT_WORD_BITS == 64
typedef uint64_t ct_word;
#define CT_ZERO UINT64_C(0)
#define CT_WORD_SHIFT 6
static inline int ct_word_any(ct_word w)
{
    return w != 0;
}
#else
typedef uint64_t ct_word __attribute__((vector_size(CT_WORD_BITS / 8)));
#define CT_ZERO ((ct_word){0})
#if CT_WORD_BITS == 256
#define CT_WORD_SHIFT 8
#else
#define CT_WORD_SHIFT 9
#endif
static inline int ct_word_any(ct_word w)
{
    uint64_t any = 0;
    for (int k = 0; k < CT_WORD_BITS / 64; k++)
        any |= w[k];
    return any != 0;
}
#endif

#define CT_ONES (~CT_ZERO)
#define CT_ANY(word) ct_word_any(word)
#define CT_BODY(name) ct_body_##name
#define CT_BODY_FUNCTION(name) static ct_word CT_BODY(name)

#endif
