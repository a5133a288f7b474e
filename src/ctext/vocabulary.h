/* SPDX-License-Identifier: Apache-2.0 */
/* What the C text of a user sees; docs/own-functions.md explains it. The same text compiles for one image a
 * step, for 64 and for 512, and nothing here needs more than C and C++ have in common, so that a compiler
 * for devices (NVRTC) can read it. In front of this stand, as numbers,
 *   N LX LY                     pixels, row length, rows (links: vertices in a row, rows of vertices)
 *   CT_N CT_LX CT_LY            the same, for the loops behind the text
 *   CT_WRAPS CT_ROWS CT_PLACES  a torus or a ring; there is more than one row; pixels have places (x, y)
 *   CT_SLICED                   0: an image is a number, bit i = pixel i; 1: an image is an array of words
 *   CT_STEP                     images in a word: 1, 64, 512
 *   CT_COMPLEX                  amplitudes are complex
 *   CT_AUTOMATON                start, step and accept stand there: no word about an image has a meaning
 *   CT_NEAR                     N masks of the neighbours of each pixel, by the bonds of the lattice */
#ifdef __CUDACC_RTC__
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long int64_t;
typedef unsigned long uint64_t;
#define INT64_C(x) x##L
#define UINT64_C(x) x##UL
#define CT_FUNCTION static __device__ __forceinline__
#define CT_CONSTANT static __constant__
#define CT_POPCOUNT(x) __popcll(x)
#if CT_SLICED
#define CT_TRAP() __trap()
#else /* checked.h stands in front of this */
#define CT_TRAP()                                                                                  \
    do {                                                                                           \
        CT_NOTE();                                                                                 \
        return 0;                                                                                  \
    } while (0)
#endif
#else
#include <stddef.h>
#include <stdint.h>
#if CT_COMPLEX
#include <complex.h>
#endif
#define CT_FUNCTION static inline __attribute__((__always_inline__, __unused__))
#define CT_CONSTANT static const __attribute__((unused))
#define CT_POPCOUNT(x) __builtin_popcountll(x)
#define CT_TRAP() __builtin_trap()
#endif

/* The number of the pixel at (x, y): -1 outside of an open lattice, which is dark. */
CT_FUNCTION int ct_place(int x, int y)
{
#if CT_WRAPS
    x = (x % CT_LX + CT_LX) % CT_LX;
#if CT_ROWS
    y = (y % CT_LY + CT_LY) % CT_LY;
#endif
#endif
    return x < 0 || y < 0 || x >= CT_LX || y >= CT_LY ? -1 : x + CT_LX * y;
}

#if CT_AUTOMATON
/* Code in front of the user's: addr2line (binutils 2.40) names another file for what comes first. */
void ct_ctext_front(void)
{
}
#endif

#if CT_SLICED

/* ---- words: bit k of a word belongs to image k of the step ---- */

/* Vectors of any length, since whether one is true (if, &&, ?:) is no question. */
#ifdef __CUDACC_RTC__
/* What a word may do and no more: nothing that looks into one compiles, so that a function takes the same way
 * through its text for all images. What the CPU's traps have seen of one step holds for every step. */
class word
{
    uint64_t ct_bits;
    friend struct ct_words;

  public:
    __device__ constexpr word() : ct_bits(0)
    {
    }
};
struct
    ct_words { /* the only way in and out, of the operators and the loops: texts have no names like this */
    static __device__ __forceinline__ uint64_t of(word a)
    {
        return a.ct_bits;
    }
    static __device__ __forceinline__ word with(uint64_t bits)
    {
        word a;
        a.ct_bits = bits;
        return a;
    }
};
CT_FUNCTION word operator~(word a)
{
    return ct_words::with(~ct_words::of(a));
}
#define CT_OPERATOR(op)                                                                            \
    CT_FUNCTION word operator op(word a, word b)                                                   \
    {                                                                                              \
        return ct_words::with(ct_words::of(a) op ct_words::of(b));                                 \
    }                                                                                              \
    CT_FUNCTION word &operator op##=(word &a, word b)                                              \
    {                                                                                              \
        return a = a op b;                                                                         \
    }
CT_OPERATOR(&)
CT_OPERATOR(|)
CT_OPERATOR(^)
#define NONE (word())
#else
#if CT_STEP == 512
typedef uint64_t word __attribute__((vector_size(64)));
#else
typedef uint64_t word __attribute__((vector_size(8)));
#endif
#define NONE ((word){0})
#endif
#define ALL (~NONE)

CT_FUNCTION word ct_pix(const word *image, int i)
{
    if (i < 0 || i >= CT_N)
        CT_TRAP();
    return image[i];
}

CT_FUNCTION word ct_pixel(const word *image, int x, int y)
{
    const int i = ct_place(x, y);
    return i < 0 ? NONE : image[i];
}

/* One number an image, 0 .. 127, as seven planes of bits. */
typedef struct counter {
    word plane[7];
    int most; /* how large it may be by now */
} counter;
#define COUNTER(name)                                                                              \
    counter name;                                                                                  \
    ct_clear(&name)

CT_FUNCTION void ct_clear(counter *c)
{
    for (int b = 0; b < 7; b++)
        c->plane[b] = NONE;
    c->most = 0;
}

CT_FUNCTION void add(counter *c, word w)
{
    if (++c->most > 127)
        CT_TRAP();
    for (int b = 0; b < 7 && c->most >> b; b++) {
        const word carry = c->plane[b] & w;
        c->plane[b] ^= w;
        w = carry;
    }
}

CT_FUNCTION word exactly(const counter *c, int k)
{
    word equal = ALL;
    if (k < 0 || k > 127)
        return NONE;
    for (int b = 0; b < 7; b++)
        equal &= k >> b & 1 ? c->plane[b] : ~c->plane[b];
    return equal;
}

CT_FUNCTION word at_least(const counter *c, int k)
{
    word more = ALL;
    if (k <= 0)
        return ALL;
    if (k > 127)
        return NONE;
    for (int b = 0; b < 7; b++)
        more = k >> b & 1 ? c->plane[b] & more : c->plane[b] | more;
    return more;
}

CT_FUNCTION word odd(const counter *c)
{
    return c->plane[0];
}

#define lit lit_is_for_one_image_count_with_COUNTER
#define row(y) row_is_for_one_image_use_pixel
#define neighbours(x, y) neighbours_is_for_one_image_count_with_COUNTER
#define neighbours_of(i) neighbours_of_is_for_one_image_count_with_COUNTER

#elif !CT_AUTOMATON

/* ---- one image at a time: bit i of its number is pixel i ---- */

CT_CONSTANT uint64_t ct_near[CT_N] = CT_NEAR;

CT_FUNCTION int ct_pix(uint64_t image, int i)
{
    if (i < 0 || i >= CT_N)
        CT_TRAP();
    return (int)(image >> i & 1);
}

CT_FUNCTION int ct_pixel(uint64_t image, int x, int y)
{
    const int i = ct_place(x, y);
    return i < 0 ? 0 : (int)(image >> i & 1);
}

CT_FUNCTION uint64_t ct_row(uint64_t image, int y)
{
    if (y < 0 || y >= CT_LY)
        CT_TRAP();
    return image >> CT_LX * y & (((uint64_t)1 << CT_LX) - 1);
}

CT_FUNCTION int ct_neighbours(uint64_t image, int i)
{
    if (i < 0 || i >= CT_N)
        CT_TRAP();
    return (int)CT_POPCOUNT(image & ct_near[i]);
}

/* Integers of devices are watched (checked.h), those of the text and what it gets from here. */
#ifdef __CUDACC_RTC__
#define CT_INTEGER ct_num<int>
#define CT_IN(image) (image).v
#define CT_INDEX(i) ct_num<int>(i).v
#define CT_OUT(x) ct_c(x)
#else
#define CT_INTEGER int
#define CT_IN(image) image
#define CT_INDEX(i) (i)
#define CT_OUT(x) x
#endif
#define lit CT_OUT((int)CT_POPCOUNT(CT_IN(image)))
#define neighbours_of(i) CT_OUT(ct_neighbours(CT_IN(image), CT_INDEX(i)))
#if CT_PLACES
#define row(y) CT_OUT(ct_row(CT_IN(image), CT_INDEX(y)))
#define neighbours(x, y) CT_OUT(ct_neighbours(CT_IN(image), ct_place(CT_INDEX(x), CT_INDEX(y))))
#else
#define row(y) row_needs_a_grid_or_a_chain
#define neighbours(x, y) neighbours_needs_a_grid_or_a_chain_use_neighbours_of
#endif
#endif

#if CT_SLICED
#define CT_INTEGER int
#define CT_IN(image) image
#define CT_INDEX(i) (i)
#define CT_OUT(x) x
#endif
#if !CT_AUTOMATON /* which sees one pixel after the other */
#define pix(i) CT_OUT(ct_pix(CT_IN(image), CT_INDEX(i)))
#if CT_PLACES
#define pixel(x, y) CT_OUT(ct_pixel(CT_IN(image), CT_INDEX(x), CT_INDEX(y)))
#define each_pixel(x, y)                                                                           \
    for (CT_INTEGER y = CT_OUT(0); y < CT_OUT(CT_LY); y++)                                         \
        for (CT_INTEGER x = CT_OUT(0); x < CT_OUT(CT_LX); x++)
#else
#define pixel(x, y) pixel_needs_a_grid_or_a_chain_use_pix
#define each_pixel(x, y) each_pixel_needs_a_grid_or_a_chain
#endif
#endif
