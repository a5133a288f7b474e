/* SPDX-License-Identifier: Apache-2.0 */
/* Stands behind the text of the user: the loops over images, for driver.c, with CT_KIND as in ct_ctext_kind and
 * CT_KEY, the hash of all this. */
#if N != CT_N || LX != CT_LX || LY != CT_LY
#error "N, LX and LY are the lattice's: take other names"
#endif

/* The loops themselves are known to be defined; what they call is what has to be watched. */
#define CT_PLAIN __attribute__((__no_sanitize__("undefined")))

const uint64_t ct_ctext_key = CT_KEY;
const uint64_t ct_ctext_images = (uint64_t)1 << (CT_N < 40 ? CT_N : 40);
void ct_ctext_changed(void); /* the driver's: the text has changed its image */

#if CT_AUTOMATON

state start(void);
int step(state *, int, int);
int accept(const state *);
_Static_assert(sizeof(state) >= 1 && sizeof(state) <= CT_STATE_MOST, "a state has 1 to 1024 bytes");
const uint64_t ct_ctext_state = sizeof(state);

/* Gaps between the fields of a struct, where the compiler can: states are compared byte by byte. (Asked by version: texts that ask what the
 * compiler has are compiled anew each time, compile.c.) */
#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ >= 11
#define CT_NO_GAPS(s) __builtin_clear_padding(s)
#else
#define CT_NO_GAPS(s) (void)(s)
#endif

#if CT_N <= 40

/* The label of an image is what its pixels lead to. */
static int ct_label(uint64_t ct_image)
{
    state ct_s = start();
    for (int ct_k = 0; ct_k < CT_N; ct_k++)
        if (!step(&ct_s, ct_k, (int)(ct_image >> ct_k & 1)))
            return 0;
    return accept(&ct_s) != 0;
}

#else

/* There are too many images to be asked for. The trial has walks that avoid dead ends, and a bit of all that they
 * pass. */
static CT_PLAIN int ct_label(uint64_t ct_walk)
{
    state ct_s = start();
    uint64_t ct_hash = ct_walk + (uint64_t)0x9e3779b97f4a7c15;
    for (int ct_k = 0; ct_k < CT_N; ct_k++) {
        const state ct_was = ct_s;
        ct_hash = (ct_hash ^ ct_hash >> 29) * (uint64_t)0xbf58476d1ce4e5b9;
        const int ct_bit = (int)(ct_hash >> 63);
        if (!step(&ct_s, ct_k, ct_bit)) {
            ct_s = ct_was;
            if (!step(&ct_s, ct_k, !ct_bit))
                return (int)(ct_hash >> 62 & 1);
        }
        CT_NO_GAPS(&ct_s);
        for (unsigned ct_i = 0; ct_i < sizeof ct_s; ct_i++)
            ct_hash = (ct_hash ^ ((const unsigned char *)&ct_s)[ct_i]) * (uint64_t)0x100000001b3;
    }
    return (accept(&ct_s) != 0) ^ (int)(ct_hash >> 62 & 1);
}

#endif
#define label ct_label

/* States of this many words each. */
#define CT_STATE ((sizeof(state) + 7) / 8)

static CT_PLAIN void ct_put(state *ct_s, uint64_t *ct_out)
{
    CT_NO_GAPS(ct_s);
    ct_out[CT_STATE - 1] = 0;
    __builtin_memcpy(ct_out, ct_s, sizeof *ct_s);
}

CT_PLAIN void ct_ctext_start(uint64_t *ct_out)
{
    state ct_s = start();
    ct_put(&ct_s, ct_out);
}

/* Two states each, and whether they live; what is dead is all zeros. */
CT_PLAIN void ct_ctext_read(int ct_k, uint64_t ct_count, const uint64_t *ct_in, uint64_t *ct_out,
                            unsigned char *ct_lives, volatile uint64_t *ct_at)
{
    for (uint64_t ct_i = 0; ct_i < 2 * ct_count; ct_i++) {
        state ct_s;
        *ct_at = ct_i / 2;
        __builtin_memcpy(&ct_s, ct_in + ct_i / 2 * CT_STATE, sizeof ct_s);
        ct_lives[ct_i] = step(&ct_s, ct_k, (int)(ct_i % 2)) != 0;
        if (ct_lives[ct_i])
            ct_put(&ct_s, ct_out + ct_i * CT_STATE);
        else
            __builtin_memset(ct_out + ct_i * CT_STATE, 0, 8 * CT_STATE);
    }
}

CT_PLAIN void ct_ctext_judge(uint64_t ct_count, const uint64_t *ct_in, unsigned char *ct_labels,
                             volatile uint64_t *ct_at)
{
    for (uint64_t ct_i = 0; ct_i < ct_count; ct_i++) {
        state ct_s;
        *ct_at = ct_i;
        __builtin_memcpy(&ct_s, ct_in + ct_i * CT_STATE, sizeof ct_s);
        ct_labels[ct_i] = accept(&ct_s) != 0;
    }
}

#else /* never asked for */

const uint64_t ct_ctext_state = 0;
void ct_ctext_start(void)
{
}
void ct_ctext_read(void)
{
}
void ct_ctext_judge(void)
{
}

#endif

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
