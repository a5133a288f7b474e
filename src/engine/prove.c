/* SPDX-License-Identifier: Apache-2.0 */
/* Which provers are asked about a cut. */
#include "engine/prove.h"

#include <math.h>

#include "engine/proof.h"

#define FEW 8 /* levels: their polynomials are cheap */

const ct_prover *const ct_provers[] = {
    &ct_rank_prover,      &ct_algebra_prover,        &ct_purity_prover,
    &ct_enclosing_prover, &ct_refining_prover,       &ct_number_rank_prover,
    &ct_graded_prover,    &ct_late_enclosing_prover, NULL};

bool ct_prove_closed(const ct_function *f, const ct_spectrum *s)
{
    if (s->closed || s->count <= FEW)
        return true;
    for (size_t i = 0; i < s->count; i++) {
        const double lambda = s->level[i].value * f->norm;
        const double error = 4 * s->level[i].error * f->norm + 1e-9;
        if (!(fabs(lambda - nearbyint(lambda)) <= error))
            return false;
    }
    return true;
}

cutropy_status ct_prove_cut(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                            bool closed, const ct_backend *backend, int threads,
                            const ct_prove_wish *wish, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    ct_proof p = {.f = f,
                  .q = q,
                  .blocks = blocks,
                  .closed = closed,
                  .backend = backend,
                  .threads = threads,
                  .wish = wish,
                  .record = record};
    CT_TRY(ct_proof_start(&p));
    if (!q)
        CT_TRY(ct_prove_trivial(&p));
    for (const ct_prover *const *prover = ct_provers; q && *prover; prover++)
        if ((*prover)->can(&p))
            CT_TRY((*prover)->prove(&p));
    ct_proof_settle(&p);
done:
    ct_proof_end(&p);
    return status;
}
