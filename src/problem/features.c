/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/features.h"

#include <math.h>
#include <string.h>

#include "base/twofold.h"

ct_map ct_map_of(const char *word)
{
    return !strcmp(word, "cos")      ? CT_MAP_COS
           : !strcmp(word, "poly")   ? CT_MAP_POLY
           : !strcmp(word, "levels") ? CT_MAP_LEVELS
                                     : CT_MAP_PHASE;
}

/* a i >= b j of finite numbers, exactly: roundings are monotone, so where the rounded products differ they decide, and where they are
 * equal their remainders, which are doubles (i and j are integers up to 64), do. */
static bool reaches(double a, int i, double b, int j)
{
    const double left = a * i, right = b * j;
    return left != right ? left > right : fma(a, i, -left) >= fma(b, j, -right);
}

int ct_bin_of(double value, double scale, int bins)
{
    int bin = (int)(value / scale * bins); /* rounded: one off, at most */
    bin -= !reaches(value, bins, scale, bin);
    bin += reaches(value, bins, scale, bin + 1);
    return bin < bins ? bin : bins - 1;
}

/* theta value / scale, less an even number: the product is exact, and so are the remainders. */
static double turns(const ct_features *f, double value)
{
    int exponent;
    const double scale = frexp(f->scale, &exponent);
    double low;
    const double high = ct_two_product(f->theta, ldexp(value, -exponent), &low);
    return (remainder(high, 2 * scale) + remainder(low, 2 * scale)) / scale;
}

/* The factor of a value; `stride` doubles between its numbers. */
static void map_value(const ct_features *f, double value, size_t stride, double *out)
{
    double angle;
    switch (f->map) {
    case CT_MAP_COS:
        angle = M_PI * turns(f, value);
        out[0] = cos(angle);
        out[stride] = sin(angle);
        break;
    case CT_MAP_POLY:
        out[0] = 1;
        out[stride] = value / f->scale;
        break;
    case CT_MAP_LEVELS:
        for (int k = 0; k < f->bins; k++)
            out[(size_t)k * stride] = 0;
        out[(size_t)ct_bin_of(value, f->scale, f->bins) * stride] = 1;
        break;
    case CT_MAP_PHASE:
        angle = 2 * M_PI * turns(f, value);
        out[0] = 1;
        out[stride] = 0;
        out[2 * stride] = cos(angle);
        out[3 * stride] = sin(angle);
        break;
    }
}

/* Of a factor, in units of u: the sum of the remainders, its quotient, pi and their product round the angle, which is theta pi at most, and 2 pi (of
 * `phase` twice that); the C library is within one unit of the last place of either number. */
static double map_error(const ct_features *f)
{
    switch (f->map) {
    case CT_MAP_COS:
        return 2 + 3.5 * M_PI * fmin(f->theta, 2);
    case CT_MAP_PHASE:
        return 2 + 3.5 * 2 * M_PI * fmin(f->theta, 2);
    case CT_MAP_POLY:
        return 1;
    default:
        return 0;
    }
}

static cutropy_status check(const ct_features *f, const char *name)
{
    const bool turns = f->map == CT_MAP_COS || f->map == CT_MAP_PHASE;
    if (!turns)
        return CUTROPY_OK;
    if (!(f->theta > 0))
        return ct_fail(CUTROPY_EINPUT, "%s: theta=%g %s; give a positive number", name, f->theta,
                       f->theta < 0 ? "is negative" : "makes all images equal");
    if (!(f->theta <= CT_MOST_THETA))
        return ct_fail(CUTROPY_EINPUT, "%s: theta=%g is too large; give %g at most", name, f->theta,
                       CT_MOST_THETA);
    return CUTROPY_OK;
}

cutropy_status ct_features_make(const ct_features *f, const double *value, int64_t count, int sites,
                                const double *weight, const char *name, ct_products **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_products *p = NULL;
    *out = NULL;
    CT_TRY(check(f, name));
    CT_TRY(ct_products_new(count, sites, f->map == CT_MAP_LEVELS ? f->bins : 2,
                           f->map == CT_MAP_PHASE, &p));
    for (int n = 0; n < sites; n++)
        for (int64_t m = 0; m < count; m++)
            map_value(f, value[m * sites + n], (size_t)count, ct_products_row(p, n, 0, 0) + m);
    for (int64_t m = 0; weight && m < count; m++)
        p->weight[m] = weight[m];
    p->factor_error = map_error(f);
    p->exact.kind = f->map == CT_MAP_COS     ? CT_FACTOR_COS
                    : f->map == CT_MAP_POLY  ? CT_FACTOR_POLY
                    : f->map == CT_MAP_PHASE ? CT_FACTOR_PHASE
                                             : CT_FACTOR_NUMBERS;
    p->exact.theta = f->theta;
    p->exact.scale = f->scale;
    p->value = value;
    CT_TRY(ct_products_settle(p, !f->normalise, NULL, name));
    *out = p;
    p = NULL;
done:
    ct_products_free(p);
    return status;
}
