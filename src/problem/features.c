/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/features.h"

#include <math.h>
#include <string.h>

ct_map ct_map_of(const char *word)
{
    return !strcmp(word, "cos")      ? CT_MAP_COS
           : !strcmp(word, "poly")   ? CT_MAP_POLY
           : !strcmp(word, "levels") ? CT_MAP_LEVELS
                                     : CT_MAP_PHASE;
}

int ct_bin_of(double x, int bins)
{
    const int bin = (int)(x * bins);
    return bin < bins ? bin : bins - 1;
}

/* The factor of x; `stride` doubles between its numbers. */
static void map_value(const ct_features *f, double x, size_t stride, double *out)
{
    switch (f->map) {
    case CT_MAP_COS:
        out[0] = cos(M_PI * (f->theta * x));
        out[stride] = sin(M_PI * (f->theta * x));
        break;
    case CT_MAP_POLY:
        out[0] = 1;
        out[stride] = x;
        break;
    case CT_MAP_LEVELS:
        for (int k = 0; k < f->bins; k++)
            out[(size_t)k * stride] = 0;
        out[(size_t)ct_bin_of(x, f->bins) * stride] = 1;
        break;
    case CT_MAP_PHASE:
        out[0] = 1;
        out[stride] = 0;
        out[2 * stride] = cos(2 * M_PI * (f->theta * x));
        out[3 * stride] = sin(2 * M_PI * (f->theta * x));
        break;
    }
}

/* Of a factor, in units of u: the value, its product with theta, pi and their product round the angle; the C library is within
 * one unit of the last place of either number. */
static double map_error(const ct_features *f)
{
    switch (f->map) {
    case CT_MAP_COS:
        return 2 + 3.5 * M_PI * f->theta;
    case CT_MAP_PHASE:
        return 2 + 3.5 * 2 * M_PI * f->theta;
    case CT_MAP_POLY:
        return 1;
    default:
        return 0;
    }
}

static cutropy_status check(const ct_features *f, const double *x, int64_t count, int sites,
                            const char *name)
{
    if ((f->map == CT_MAP_COS || f->map == CT_MAP_PHASE) && !(f->theta > 0))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: theta=%g makes all images equal; give a positive number", name,
                       f->theta);
    for (int64_t i = 0; f->map == CT_MAP_LEVELS && i < count * sites; i++)
        if (!(x[i] >= 0 && x[i] <= 1))
            return ct_fail(CUTROPY_EINPUT,
                           "%s: pixel %lld of image %lld is %g, outside 0..1: give scale=VALUE, "
                           "what stands for 1",
                           name, (long long)(i % sites), (long long)(i / sites), x[i]);
    return CUTROPY_OK;
}

cutropy_status ct_features_make(const ct_features *f, const double *x, int64_t count, int sites,
                                const double *weight, const char *name, ct_products **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_products *p = NULL;
    *out = NULL;
    CT_TRY(check(f, x, count, sites, name));
    CT_TRY(ct_products_new(count, sites, f->map == CT_MAP_LEVELS ? f->bins : 2,
                           f->map == CT_MAP_PHASE, &p));
    for (int n = 0; n < sites; n++)
        for (int64_t m = 0; m < count; m++)
            map_value(f, x[m * sites + n], (size_t)count, ct_products_row(p, n, 0, 0) + m);
    for (int64_t m = 0; weight && m < count; m++)
        p->weight[m] = weight[m];
    p->factor_error = map_error(f);
    CT_TRY(ct_products_settle(p, !f->normalise, name));
    *out = p;
    p = NULL;
done:
    ct_products_free(p);
    return status;
}
