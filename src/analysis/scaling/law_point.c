/* SPDX-License-Identifier: Apache-2.0 */
#include "analysis/scaling/law_point.h"

#include <math.h>

#include "analysis/scaling/scaling.h"

static double ceiling_of(const cutropy_scaling_point *p)
{
    double most = p->most;
    if (p->images && p->images != UINT64_MAX)
        most = fmin(most, log2((double)p->images));
    if (p->classes > 0)
        most = fmin(most, log2((double)p->classes));
    return most;
}

ct_law_point ct_law_point_of(const cutropy_scaling *law, const cutropy_scaling_point *p)
{
    const int model = law->model, smaller = p->na < p->nb ? p->na : p->nb;
    const double rest =
        model < 0 ? NAN : cutropy_scaling_residual(law, (cutropy_scaling_model)model, p);
    return (ct_law_point){
        .row = p->row,
        .smaller = smaller,
        .length = p->length,
        .axis =
            law->same_length && model != CUTROPY_MODEL_LOG ? smaller : ct_scaling_axis(model, p),
        .ceiling = ceiling_of(p),
        .entropy = p->entropy,
        .entropy_err = p->entropy_err,
        .fit = p->entropy - rest,
    };
}
