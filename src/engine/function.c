/* What the engine needs to know of an evaluated function: its norm and its checksum. */
#include "engine/function.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bits.h"

void ct_function_free(ct_function *f)
{
    ct_free(f->images);
    ct_free(f->table);
    ct_free(f->values);
    f->images = NULL;
    f->table = NULL;
    f->values = NULL;
}

static cutropy_status no_images(void)
{
    return ct_fail(CUTROPY_EINPUT,
                   "the function is zero for every image, so it has no state and no entropy");
}

/* <f|f> as an integer below 2^63 (labels: the number of images that count). */
static cutropy_status label_norm(ct_function *f)
{
    if (f->value[0] == 0 && f->ones == 0)
        return no_images();
    if (f->value[0] != 0 && f->pixels > 64)
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "encoding=pm1 has 2^%d values: up to 64 pixels are supported", f->pixels);
    if (f->value[0] != 0 && f->pixels > 62) {
        f->norm = ldexp(1, f->pixels); /* integers end here: these two sizes go on in double */
        return CUTROPY_OK;
    }
    f->norm_exact = f->value[0] ? (ct_u128)1 << f->pixels : f->ones;
    return CUTROPY_OK;
}

static cutropy_status integer_norm(ct_function *f)
{
    const int64_t *values = f->values;
    ct_u128 sum = 0;
    for (uint64_t i = 0; i < UINT64_C(1) << f->pixels; i++) {
        uint64_t size = values[i] < 0 ? 0 - (uint64_t)values[i] : (uint64_t)values[i];
        if (size >= UINT64_C(1) << 32 || (sum += (ct_u128)size * size) >= (ct_u128)1 << 62)
            return ct_fail(CUTROPY_EUNSUPPORTED, "the squares of the integer values add up to 2^62 "
                                                 "or more; pass them as f8 (double)");
    }
    f->norm_exact = sum;
    return sum ? CUTROPY_OK : no_images();
}

/* Extreme amplitudes are scaled by a power of two, so that squares and cubes of the norm neither
 * overflow nor underflow; the state is the same. What underflows then is below 2^-900 of the
 * largest amplitude. */
static cutropy_status scale_values(ct_function *f, uint64_t count)
{
    double *values = f->values, largest = 0;
    for (uint64_t i = 0; i < count; i++)
        largest = fabs(values[i]) > largest ? fabs(values[i]) : largest;
    if (largest == 0)
        return no_images();
    f->exponent = ilogb(largest);
    if (abs(f->exponent) <= 100)
        f->exponent = 0;
    for (uint64_t i = 0; i < count && f->exponent; i++)
        values[i] = ldexp(values[i], -f->exponent);
    return CUTROPY_OK;
}

static cutropy_status float_norm(ct_function *f)
{
    const uint64_t count = (UINT64_C(1) << f->pixels) * (f->kind == CUTROPY_COMPLEX ? 2 : 1);
    cutropy_status status = scale_values(f, count);
    const double *values = f->values;
    double sum = 0, slip = 0; /* Neumaier: the error of the sum does not grow with 2^N */
    for (uint64_t i = 0; i < count; i++) {
        double term = values[i] * values[i], next = sum + term;
        slip += sum >= term ? (sum - next) + term : (term - next) + sum;
        sum = next;
    }
    f->norm = sum + slip;
    return status;
}

/* The contribution of 64 neighbouring images: a hash of their common high bits and of their labels.
 */
static uint64_t block_checksum(const uint64_t *image, size_t words, uint64_t labels)
{
    uint64_t hash = ct_mix64((image[0] >> 6) + 1);
    for (size_t w = 1; w < words; w++)
        hash = ct_mix64(hash * 3 + image[w]);
    return ct_mix64(hash * 3 + labels);
}

static uint64_t support_checksum(const ct_function *f)
{
    uint64_t sum = 0;
    for (uint64_t i = 0; i < f->ones;) {
        const uint64_t *image = f->images + i * f->words;
        uint64_t labels = 0;
        uint64_t end = i;
        for (; end < f->ones; end++) {
            const uint64_t *other = f->images + end * f->words;
            if (other[0] >> 6 != image[0] >> 6 ||
                memcmp(other + 1, image + 1, (f->words - 1) * sizeof *image))
                break;
            labels |= UINT64_C(1) << (other[0] & 63);
        }
        sum += block_checksum(image, f->words, labels);
        i = end;
    }
    return sum;
}

static uint64_t table_checksum(const ct_function *f)
{
    uint64_t sum = 0;
    const uint64_t words = ct_table_words(f->pixels);
    for (uint64_t w = 0; w < words; w++) {
        uint64_t image = w << 6;
        if (f->table[w])
            sum += block_checksum(&image, 1, f->table[w]);
    }
    return sum;
}

static uint64_t values_checksum(const ct_function *f)
{
    const uint64_t *values = f->values;
    const size_t words = ct_value_bytes(f->kind) / 8;
    uint64_t sum = 0;
    for (uint64_t i = 0; i < UINT64_C(1) << f->pixels; i++) {
        uint64_t hash = ct_mix64(i + 1);
        for (size_t k = 0; k < words; k++)
            hash = ct_mix64(hash * 3 + values[i * words + k]);
        sum += hash;
    }
    return sum;
}

cutropy_status ct_function_measure(ct_function *f)
{
    /* before the values are scaled */
    const uint64_t sum = f->storage == CT_SUPPORT ? support_checksum(f)
                         : f->storage == CT_TABLE ? table_checksum(f)
                                                  : values_checksum(f);
    cutropy_status status;
    f->checksum = ct_mix64(sum + (uint64_t)f->pixels + ((uint64_t)f->kind << 8) +
                           ((uint64_t)(f->value[0] != 0) << 16));
    if (f->kind == CUTROPY_LABEL)
        status = label_norm(f);
    else if (f->kind == CUTROPY_INTEGER)
        status = integer_norm(f);
    else
        status = float_norm(f);
    if (status == CUTROPY_OK && f->norm_exact)
        f->norm = (double)f->norm_exact;
    return status;
}
