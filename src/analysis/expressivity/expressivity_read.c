/* SPDX-License-Identifier: Apache-2.0 */
/* What a sweep found, for programs. */
#include "output/expressivity.h"

const cutropy_cuts *cutropy_expressivity_cuts(const cutropy_expressivity *result)
{
    return &result->cuts;
}

size_t cutropy_expressivity_points(const cutropy_expressivity *result)
{
    return result->point_count;
}

size_t cutropy_expressivity_done(const cutropy_expressivity *result)
{
    return result->done;
}

int cutropy_expressivity_complete(const cutropy_expressivity *result)
{
    return result->complete;
}

size_t cutropy_expressivity_claims(const cutropy_expressivity *result)
{
    return result->claim_count;
}

const char *cutropy_expressivity_key(const cutropy_expressivity *result, size_t i)
{
    return i < result->key_count ? result->key[i] : NULL;
}

const cutropy_sweep_point *cutropy_expressivity_point(const cutropy_expressivity *result, size_t i)
{
    return &result->points[i];
}

const cutropy_claim *cutropy_expressivity_claim(const cutropy_expressivity *result, size_t i)
{
    return &result->claims[i];
}
