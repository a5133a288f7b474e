/* SPDX-License-Identifier: Apache-2.0 */
/* Stands behind the text of the user: the loops over images, for driver.c, with CT_KIND as in ct_ctext_kind and
 * CT_KEY, the hash of all this. */
#if N != CT_N || LX != CT_LX || LY != CT_LY
#error "N, LX and LY are the lattice's: take other names"
#endif

/* The loops themselves are known to be defined; what they call is what has to be watched. */
#define CT_PLAIN __attribute__((__no_sanitize__("undefined")))

const uint64_t ct_ctext_key = CT_KEY;
const uint64_t ct_ctext_images = (uint64_t)1 << CT_N;
void ct_ctext_changed(void); /* the driver's: the text has changed its image */

#if CT_SLICED

#define CT_WORDS ((CT_STEP + 63) / 64) /* of 64 labels a step */
#define CT_LOW (CT_STEP == 512 ? 9 : CT_STEP == 64 ? 6 : 0)
const unsigned ct_ctext_step = CT_STEP, ct_ctext_bytes = 8 * CT_WORDS;

static word ct_lit(int ct_i, uint64_t ct_first)
{
#if CT_STEP == 1
    return ct_first >> ct_i & 1 ? ALL : NONE;
#else
    static const uint64_t ct_low[6] = {0xaaaaaaaaaaaaaaaa, 0xcccccccccccccccc, 0xf0f0f0f0f0f0f0f0,
                                       0xff00ff00ff00ff00, 0xffff0000ffff0000, 0xffffffff00000000};
    if (ct_i >= CT_LOW)
        return ct_first >> ct_i & 1 ? ALL : NONE;
#if CT_STEP == 512
    word ct_mixed = NONE;
    for (int ct_k = 0; ct_k < 8; ct_k++)
        ct_mixed[ct_k] = ct_i < 6 ? ct_low[ct_i] : ct_k >> (ct_i - 6) & 1 ? ~(uint64_t)0 : 0;
    return ct_mixed;
#else
    return (word){ct_low[ct_i]};
#endif
#endif
}

/* After the last step, of image `last`: a text that changes the words it is given spoils the next steps. */
static CT_PLAIN void ct_unchanged(const word *ct_image, uint64_t ct_last)
{
    for (int ct_i = 0; ct_i < CT_N; ct_i++) {
        const word ct_is = ct_image[ct_i], ct_was = ct_lit(ct_i, ct_last);
        if (__builtin_memcmp(&ct_is, &ct_was, sizeof ct_is))
            ct_ctext_changed();
    }
}

/* Labels of images first .. first + count - 1, whole steps, as bits. */
CT_PLAIN void ct_ctext_fill(uint64_t ct_first, uint64_t ct_count, void *ct_out,
                            volatile uint64_t *ct_at)
{
    word ct_image[CT_N];
    uint64_t *ct_bits = (uint64_t *)ct_out;
    for (int ct_i = 0; ct_i < CT_N; ct_i++)
        ct_image[ct_i] = ct_lit(ct_i, ct_first);
    for (uint64_t ct_s = ct_first; ct_s < ct_first + ct_count; ct_s += CT_STEP) {
        *ct_at = ct_s;
        for (int ct_i = CT_LOW; ct_s > ct_first && ct_i < CT_N;
             ct_i++) { /* what a step changes: up to a lit one */
            ct_image[ct_i] = ct_s >> ct_i & 1 ? ALL : NONE;
            if (ct_s >> ct_i & 1)
                break;
        }
        const word ct_y = label(ct_image);
#if CT_STEP == 512
        __builtin_memcpy(ct_bits, &ct_y, sizeof ct_y);
#elif CT_STEP == 64 && CT_N < 6
        *ct_bits = ct_y[0] & (((uint64_t)1 << (1 << CT_N)) - 1);
#elif CT_STEP == 64
        *ct_bits = ct_y[0];
#else
        *ct_bits = ct_y[0] & 1;
#endif
        ct_bits += CT_WORDS;
    }
    ct_unchanged(ct_image, ct_first + ct_count - CT_STEP);
}

void ct_ctext_once(uint64_t ct_s)
{
    word ct_image[CT_N];
    for (int ct_i = 0; ct_i < CT_N; ct_i++)
        ct_image[ct_i] = ct_lit(ct_i, ct_s);
    volatile word ct_y = label(ct_image);
    (void)ct_y;
}

#elif CT_KIND == 0

const unsigned ct_ctext_step = CT_STEP, ct_ctext_bytes = 8;
#define CT_TOGETHER (CT_STEP == 1 ? 1 : CT_N < 6 ? 1 << CT_N : 64)

CT_PLAIN void ct_ctext_fill(uint64_t ct_first, uint64_t ct_count, void *ct_out,
                            volatile uint64_t *ct_at)
{
    uint64_t *ct_bits = (uint64_t *)ct_out;
    for (uint64_t ct_s = ct_first; ct_s < ct_first + ct_count; ct_s += CT_STEP) {
        uint8_t ct_y[64] = {0};
        uint64_t ct_packed = 0;
        *ct_at = ct_s;
        for (unsigned ct_k = 0; ct_k < CT_TOGETHER; ct_k++) /* the compiler makes vectors of it */
            ct_y[ct_k] = label(ct_s + ct_k) != 0;
        for (int ct_b = 0; ct_b < 8; ct_b++) { /* bit 0 of eight bytes into one byte */
            uint64_t ct_eight;
            __builtin_memcpy(&ct_eight, ct_y + 8 * ct_b, 8);
            ct_packed |= (ct_eight * (uint64_t)0x0102040810204080 >> 56) << 8 * ct_b;
        }
        *ct_bits++ = ct_packed;
    }
}

void ct_ctext_once(uint64_t ct_s)
{
    volatile int64_t ct_y = label(ct_s);
    (void)ct_y;
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

CT_PLAIN void ct_ctext_fill(uint64_t ct_first, uint64_t ct_count, void *ct_out,
                            volatile uint64_t *ct_at)
{
    ct_number *ct_values = (ct_number *)ct_out;
    for (uint64_t ct_k = 0; ct_k < ct_count; ct_k++) {
        *ct_at = ct_first + ct_k;
        ct_values[ct_k] = amplitude(ct_first + ct_k);
    }
}

void ct_ctext_once(uint64_t ct_s)
{
    volatile ct_number ct_y = amplitude(ct_s);
    (void)ct_y;
}

#endif
