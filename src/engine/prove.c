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

void ct_exact_free(cutropy_exact *exact, size_t quantity_count)
{
    if (!exact)
        return;
    ct_texts_free(exact->entropy, 2);
    ct_texts_free(exact->closed_form, 2);
    ct_texts_free(exact->renyi2, 2);
    ct_free(exact->purity);
    ct_free(exact->tr_rho3);
    ct_texts_free(exact->extra, 2 * quantity_count);
    ct_free(exact->extra);
    ct_free(exact->extra_decimals);
    ct_free(exact->spectrum_decimals);
    ct_texts_free(exact->spectrum, exact->spectrum_count);
    ct_free(exact->spectrum);
    ct_free(exact);
}
