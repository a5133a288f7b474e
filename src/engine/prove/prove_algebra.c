/* SPDX-License-Identifier: Apache-2.0 */
/* The algebraic prover: characteristic polynomials of labels and integers, closed forms. */
#include "engine/prove/proof.h"

/* Where the polynomials of a cut come together. */
typedef struct ct_gathering {
    ct_algebra *algebra;
    double work_limit;
} ct_gathering;

static cutropy_status add_polynomial(void *context, const ct_integer_block *block, bool *more)
{
    const ct_gathering *to = context;
    return ct_algebra_add(to->algebra, block, to->work_limit, more);
}

cutropy_status ct_prove_polynomials(const ct_proof *p, double work_limit, ct_algebra **out)
{
    cutropy_status status = CUTROPY_OK;
    bool complete;
    ct_big norm = {0};
    *out = NULL;
    CT_TRY(ct_proof_norm(p, &norm));
    CT_TRY(ct_algebra_create(&norm, out));
    ct_gathering to = {*out, work_limit};
    CT_TRY(ct_proof_each_block(p, add_polynomial, &to, &complete));
done:
    if (status != CUTROPY_OK) {
        ct_algebra_free(*out);
        *out = NULL;
    }
    ct_big_free(&norm);
    return status;
}

/* A Renyi entropy in both units. */
static cutropy_status algebra_units(const ct_proof *p, ct_algebra *algebra, double alpha,
                                    char *text[2], int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        CT_TRY(ct_algebra_entropy(algebra, alpha, unit ? CT_UNIT_NATS : CT_UNIT_BITS,
                                  p->setting->digits, &decimal));
        ct_proof_offer(&decimal, &text[unit], &decimals[unit]);
    }
done:
    return status;
}

/* Distinct levels with exact multiplicities. */
static cutropy_status algebra_spectrum(ct_proof *p, ct_algebra *algebra)
{
    cutropy_status status = CUTROPY_OK;
    ct_eigenvalue *list = NULL;
    size_t count = 0;
    CT_TRY(ct_algebra_spectrum(algebra, p->setting->digits, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (!list[i].decimal.text)
            goto done; /* not proved */
    CT_TRY(ct_proof_open_spectrum(p, count));
    for (size_t i = 0; i < count; i++)
        ct_proof_add_level(p, &list[i].decimal, list[i].multiplicity);
done:
    ct_eigenvalues_free(list, count);
    return status;
}

/* Everything that the polynomials give by themselves, then the rest from their roots. */
static cutropy_status take_algebra(ct_proof *p, ct_algebra *algebra)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    ct_enclosure *e = NULL;
    exact->distinct = ct_algebra_distinct(algebra);
    p->rational = ct_algebra_rational(algebra);
    CT_TRY(algebra_units(p, algebra, 1, exact->entropy, exact->decimals));
    CT_TRY(algebra_units(p, algebra, 2, exact->renyi2, exact->renyi2_decimals));
    CT_TRY(ct_algebra_closed_form(algebra, CT_UNIT_BITS, &exact->closed_form[0]));
    CT_TRY(ct_algebra_closed_form(algebra, CT_UNIT_NATS, &exact->closed_form[1]));
    CT_TRY(ct_algebra_moment(algebra, 2, &exact->purity));
    CT_TRY(ct_algebra_moment(algebra, 3, &exact->tr_rho3));
    p->purity_decimals = p->tr_rho3_decimals = p->setting->digits; /* fractions */
    if (ct_proof_wants(p, CUTROPY_QUANTITY_SPECTRUM))
        CT_TRY(algebra_spectrum(p, algebra));
    int64_t bits = ct_proof_bits(p) + 64;
    for (int i = 0; i < CT_PROOF_ATTEMPTS && ct_proof_any_open(p); i++, bits *= 2) {
        ct_enclosure_free(e);
        CT_TRY(ct_enclosure_of_algebra(algebra, bits, &e));
        if (e)
            CT_TRY(ct_proof_fill(p, e));
    }
done:
    ct_enclosure_free(e);
    return status;
}

/* The nullity of the polynomials is a second proof, which has to agree with the primes. */
static cutropy_status take_nullity(ct_proof *p, const ct_algebra *algebra)
{
    const int64_t rank = ct_algebra_rank(algebra);
    if (p->rank.proved ? p->rank.rank != rank : p->rank.rank > rank)
        return ct_fail(CUTROPY_EINTERNAL, "rank %lld by the polynomial and %lld modulo primes",
                       (long long)rank, (long long)p->rank.rank);
    ct_proof_set_rank(p, rank);
    return CUTROPY_OK;
}

static bool can(const ct_proof *p)
{
    return ct_proof_is_exact(p) && ct_has_exact_norm(p->setting->f) &&
           (!p->setting->certify || p->record->looks_closed);
}

static cutropy_status prove(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_algebra *algebra = NULL;
    CT_TRY(
        ct_prove_polynomials(p, p->setting->certify ? CT_CERTIFY_WORK : CT_EXACT_WORK, &algebra));
    if (ct_algebra_complete(algebra)) {
        CT_TRY(take_nullity(p, algebra));
        CT_TRY(take_algebra(p, algebra));
    }
done:
    ct_algebra_free(algebra);
    return status;
}

const ct_prover ct_algebra_prover = {"algebra", can, prove};

cutropy_status ct_prove_trivial(ct_proof *p)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t one = 1;
    const ct_integer_block block = {.n = 1, .gram = (const int64_t *)&one, .weight = &one};
    ct_algebra *algebra = NULL;
    bool added = false;
    CT_TRY(ct_algebra_create(&(ct_big){&one, 1}, &algebra));
    CT_TRY(ct_algebra_add(algebra, &block, CT_EXACT_WORK, &added));
    CT_TRY(take_algebra(p, algebra));
done:
    ct_algebra_free(algebra);
    return status;
}
