/* SPDX-License-Identifier: Apache-2.0 */
/* Stands behind the text of the user: the loops over images, for driver.c, with CT_KIND as in ct_ctext_kind and
 * CT_KEY, the hash of all this. */
#if N != CT_N || LX != CT_LX || LY != CT_LY
#error "N, LX and LY are the lattice's: take other names"
#endif

/* The loops themselves are known to be defined; what they call is what has to be watched. */
#define CT_PLAIN __attribute__((no_sanitize("undefined")))

const uint64_t ct_ctext_key = CT_KEY;
const uint64_t ct_ctext_images = (uint64_t)1 << CT_N;
void ct_ctext_changed(void); /* the driver's: the text has changed its image */

#if CT_SLICED

#define CT_WORDS ((CT_STEP + 63) / 64) /* of 64 labels a step */
#define CT_LOW (CT_STEP == 512 ? 9 : CT_STEP == 64 ? 6 : 0)
const unsigned ct_ctext_step = CT_STEP, ct_ctext_bytes = 8 * CT_WORDS;

static word ct_lit(int i, uint64_t first)
{
#if CT_STEP == 1
    return first >> i & 1 ? ALL : NONE;
#else
    static const uint64_t low[6] = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
                                    0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000};
    if (i >= CT_LOW)
        return first >> i & 1 ? ALL : NONE;
#if CT_STEP == 512
    word mixed = NONE;
    for (int k = 0; k < 8; k++)
        mixed[k] = i < 6 ? low[i] : k >> (i - 6) & 1 ? ~(uint64_t)0 : 0;
    return mixed;
#else
    return (word){low[i]};
#endif
#endif
}

/* After the last step, of image `last`: a text that changes the words it is given spoils the next steps. */
static CT_PLAIN void ct_unchanged(const word *image, uint64_t last)
{
    for (int i = 0; i < CT_N; i++) {
        const word is = image[i], was = ct_lit(i, last);
        if (__builtin_memcmp(&is, &was, sizeof is))
            ct_ctext_changed();
    }
}

/* Labels of images first .. first + count - 1, whole steps, as bits. */
CT_PLAIN void ct_ctext_fill(uint64_t first, uint64_t count, void *out, volatile uint64_t *at)
{
    word image[CT_N];
    uint64_t *bits = (uint64_t *)out;
    for (int i = 0; i < CT_N; i++)
        image[i] = ct_lit(i, first);
    for (uint64_t s = first; s < first + count; s += CT_STEP) {
        *at = s;
        for (int i = CT_LOW; s > first && i < CT_N;
             i++) { /* what a step changes: up to a lit one */
            image[i] = s >> i & 1 ? ALL : NONE;
            if (s >> i & 1)
                break;
        }
        const word y = label(image);
#if CT_STEP == 512
        __builtin_memcpy(bits, &y, sizeof y);
#elif CT_STEP == 64 && CT_N < 6
        *bits = y[0] & (((uint64_t)1 << (1 << CT_N)) - 1);
#elif CT_STEP == 64
        *bits = y[0];
#else
        *bits = y[0] & 1;
#endif
        bits += CT_WORDS;
    }
    ct_unchanged(image, first + count - CT_STEP);
}

void ct_ctext_once(uint64_t s)
{
    word image[CT_N];
    for (int i = 0; i < CT_N; i++)
        image[i] = ct_lit(i, s);
    volatile word y = label(image);
    (void)y;
}

#elif CT_KIND == 0

const unsigned ct_ctext_step = CT_STEP, ct_ctext_bytes = 8;
#define CT_TOGETHER (CT_STEP == 1 ? 1 : CT_N < 6 ? 1 << CT_N : 64)

CT_PLAIN void ct_ctext_fill(uint64_t first, uint64_t count, void *out, volatile uint64_t *at)
{
    uint64_t *bits = (uint64_t *)out;
    for (uint64_t s = first; s < first + count; s += CT_STEP) {
        uint8_t y[64] = {0};
        uint64_t packed = 0;
        *at = s;
        for (unsigned k = 0; k < CT_TOGETHER; k++) /* the compiler makes vectors of it */
            y[k] = label(s + k) != 0;
        for (int b = 0; b < 8; b++) { /* bit 0 of eight bytes into one byte */
            uint64_t eight;
            __builtin_memcpy(&eight, y + 8 * b, 8);
            packed |= (eight * (uint64_t)0x0102040810204080 >> 56) << 8 * b;
        }
        *bits++ = packed;
    }
}

void ct_ctext_once(uint64_t s)
{
    volatile int y = label(s);
    (void)y;
}

#else

#if CT_KIND == 1
typedef int64_t ct_number;
#elif CT_KIND == 2
typedef double ct_number;
#else
typedef double _Complex ct_number;
#endif
const unsigned ct_ctext_step = 1, ct_ctext_bytes = sizeof(ct_number);

CT_PLAIN void ct_ctext_fill(uint64_t first, uint64_t count, void *out, volatile uint64_t *at)
{
    ct_number *values = (ct_number *)out;
    for (uint64_t k = 0; k < count; k++) {
        *at = first + k;
        values[k] = amplitude(first + k);
    }
}

void ct_ctext_once(uint64_t s)
{
    volatile ct_number y = amplitude(s);
    (void)y;
}

#endif
