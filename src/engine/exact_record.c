#include "engine/exact_record.h"

#include <math.h>
#include <string.h>

#include "base/locale.h"
#include "certify/digits.h"

static void free_texts(char **text, size_t count)
{
    for (size_t i = 0; text && i < count; i++)
        ct_free(text[i]);
}

void ct_exact_free(cutropy_exact *exact, size_t quantity_count)
{
    if (!exact)
        return;
    free_texts(exact->entropy, 2);
    free_texts(exact->closed_form, 2);
    free_texts(exact->renyi2, 2);
    ct_free(exact->purity);
    ct_free(exact->tr_rho3);
    free_texts(exact->extra, 2 * quantity_count);
    ct_free(exact->extra);
    free_texts(exact->spectrum, exact->spectrum_count);
    ct_free(exact->spectrum);
    ct_free(exact);
}

/* A Renyi entropy in both units; NULL where nothing was proved. */
static cutropy_status both_units(ct_algebra *algebra, double alpha, int digits, char *text[2],
                                 int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        CT_TRY(ct_algebra_entropy(algebra, alpha, unit ? CT_UNIT_NATS : CT_UNIT_BITS, digits,
                                  &decimal));
        text[unit] = decimal.text;
        if (decimals)
            decimals[unit] = decimal.decimals;
    }
done:
    return status;
}

/* The doubles of the record, from the decimals in bits. */
static void take_entropy(const cutropy_exact *exact, bool rational, cutropy_record *record)
{
    if (!exact->entropy[0])
        return;
    record->entropy = ct_strtod(exact->entropy[0], NULL);
    record->entropy_err = nextafter(
        0.5 * pow(10, -exact->decimals[0]) * (1 + 0x1p-40) + record->entropy * 0x1p-53, 1);
    record->guarantee = rational ? CUTROPY_EXACT : CUTROPY_CERTIFIED;
}

/* The exact spectrum in place of the rounded one: texts, doubles and multiplicities. */
static cutropy_status take_spectrum(ct_algebra *algebra, int digits, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    ct_eigenvalue *list = NULL;
    double *value = NULL;
    int64_t *multiplicity = NULL;
    size_t count = 0;
    CT_TRY(ct_algebra_spectrum(algebra, digits, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (!list[i].decimal.text)
            goto done; /* not proved: the rounded one stays */
    CT_NEW(value, count);
    CT_NEW(multiplicity, count);
    CT_NEW_ZERO(exact->spectrum, count);
    exact->spectrum_count = count;
    for (size_t i = 0; i < count; i++) {
        exact->spectrum[i] = list[i].decimal.text;
        list[i].decimal.text = NULL;
        value[i] = list[i].value;
        multiplicity[i] = list[i].multiplicity;
    }
    ct_free(record->spectrum);
    ct_free(record->multiplicity);
    record->spectrum = value;
    record->multiplicity = multiplicity;
    record->spectrum_count = count;
    value = NULL;
    multiplicity = NULL;
done:
    ct_free(multiplicity);
    ct_free(value);
    ct_eigenvalues_free(list, count);
    return status;
}

static cutropy_status take_quantities(ct_algebra *algebra, int digits,
                                      const cutropy_quantity *quantities, size_t quantity_count,
                                      cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    CT_NEW_ZERO(exact->extra, 2 * quantity_count);
    for (size_t k = 0; k < quantity_count; k++) {
        const cutropy_quantity *quantity = &quantities[k];
        if (quantity->kind == CUTROPY_SPECTRUM && !exact->spectrum)
            CT_TRY(take_spectrum(algebra, digits, record));
        if (quantity->kind != CUTROPY_RENYI && quantity->kind != CUTROPY_LOG_NEGATIVITY)
            continue;
        const double alpha = quantity->kind == CUTROPY_RENYI ? quantity->alpha : 0.5;
        CT_TRY(both_units(algebra, alpha, digits, exact->extra + 2 * k, NULL));
        if (exact->extra[2 * k])
            record->extra[k] = ct_strtod(exact->extra[2 * k], NULL);
    }
done:
    return status;
}

static cutropy_status take_algebra(ct_algebra *algebra, int digits,
                                   const cutropy_quantity *quantities, size_t quantity_count,
                                   cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    exact->distinct = ct_algebra_distinct(algebra);
    CT_TRY(both_units(algebra, 1, digits, exact->entropy, exact->decimals));
    CT_TRY(both_units(algebra, 2, digits, exact->renyi2, NULL));
    CT_TRY(ct_algebra_closed_form(algebra, CT_UNIT_BITS, &exact->closed_form[0]));
    CT_TRY(ct_algebra_closed_form(algebra, CT_UNIT_NATS, &exact->closed_form[1]));
    CT_TRY(ct_algebra_moment(algebra, 2, &exact->purity));
    CT_TRY(ct_algebra_moment(algebra, 3, &exact->tr_rho3));
    CT_TRY(take_quantities(algebra, digits, quantities, quantity_count, record));
    take_entropy(exact, ct_algebra_rational(algebra), record);
done:
    return status;
}

/* Only the entropy, where a polynomial would be too large. */
static cutropy_status take_refined(const ct_function *f, const ct_quotient *q,
                                   const ct_blocks *blocks, const ct_backend *backend, int threads,
                                   uint64_t memory_limit, int digits, cutropy_record *record)
{
    ct_decimal decimal[2];
    cutropy_exact *exact = record->exact;
    const cutropy_status status = ct_cut_refined(f, q, blocks, backend, threads, memory_limit,
                                                 digits, &decimal[0], &decimal[1]);
    for (int unit = 0; unit < 2; unit++) {
        exact->entropy[unit] = decimal[unit].text;
        exact->decimals[unit] = decimal[unit].decimals;
    }
    take_entropy(exact, false, record);
    return status;
}

/* The polynomial's nullity and the prime list are two proofs; they have to agree. */
static cutropy_status take_rank(const ct_algebra *algebra, const ct_rank_proof *proof,
                                cutropy_record *record)
{
    const bool known = ct_algebra_complete(algebra);
    const int64_t rank = known ? ct_algebra_rank(algebra) : proof->rank;
    if (known && (proof->proved ? proof->rank != rank : proof->rank > rank))
        return ct_fail(CUTROPY_EINTERNAL, "rank %lld by the polynomial and %lld modulo primes",
                       (long long)rank, (long long)proof->rank);
    if (!known && !proof->proved)
        return CUTROPY_OK;
    if (rank < record->rank_lo || rank > record->rank_hi)
        return ct_fail(CUTROPY_EINTERNAL, "rank %lld is proved but %lld..%lld was computed",
                       (long long)rank, (long long)record->rank_lo, (long long)record->rank_hi);
    record->rank_lo = record->rank_hi = rank;
    if (proof->proved) {
        record->exact->rank_first_prime = proof->first_prime;
        record->exact->rank_primes = proof->primes;
    }
    return CUTROPY_OK;
}

cutropy_status ct_exact_record(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                               const ct_backend *backend, int threads, uint64_t memory_limit,
                               int digits, const cutropy_quantity *quantities,
                               size_t quantity_count, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t one = 1;
    const uint64_t weight = 1;
    ct_rank_proof proof = {.rank = 1};
    ct_algebra *algebra = NULL;
    bool added = false;
    CT_NEW_ZERO(record->exact, 1);
    if (f->kind != CUTROPY_LABEL && f->kind != CUTROPY_INTEGER)
        return CUTROPY_OK;
    if (q) {
        if (f->norm_exact >> 63) /* too large for the algebra: nothing is attempted */
            return CUTROPY_OK;
        CT_TRY(ct_cut_algebra(f, q, blocks, backend, threads, CT_EXACT_WORK, &algebra));
        CT_TRY(ct_cut_rank(q, blocks, CT_EXACT_WORK, &proof));
    } else {
        CT_TRY(ct_algebra_create(1, &algebra));
        CT_TRY(ct_algebra_add(algebra, 1, &one, &weight, CT_EXACT_WORK, &added));
    }
    CT_TRY(take_rank(algebra, &proof, record));
    if (ct_algebra_complete(algebra))
        CT_TRY(take_algebra(algebra, digits, quantities, quantity_count, record));
    if (q && !record->exact->entropy[0] && !record->exact->entropy[1])
        CT_TRY(take_refined(f, q, blocks, backend, threads, memory_limit, digits, record));
done:
    ct_algebra_free(algebra);
    return status;
}
