#include "engine/exact_record.h"

#include <math.h>
#include <string.h>

#include "base/locale.h"
#include "certify/digits.h"
#include "engine/cut_enclosure.h"

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
    ct_free(exact->extra_decimals);
    ct_free(exact->spectrum_decimals);
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

static cutropy_status take_quantities(ct_algebra *algebra, const ct_exact_wish *wish,
                                      cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    for (size_t k = 0; k < wish->quantity_count; k++) {
        const cutropy_quantity *quantity = &wish->quantities[k];
        if (quantity->kind == CUTROPY_SPECTRUM && !exact->spectrum)
            CT_TRY(take_spectrum(algebra, wish->digits, record));
        if (quantity->kind != CUTROPY_RENYI && quantity->kind != CUTROPY_LOG_NEGATIVITY)
            continue;
        const double alpha = quantity->kind == CUTROPY_RENYI ? quantity->parameter : 0.5;
        CT_TRY(both_units(algebra, alpha, wish->digits, exact->extra + 2 * k, NULL));
        if (exact->extra[2 * k])
            record->extra[k] = ct_strtod(exact->extra[2 * k], NULL);
    }
done:
    return status;
}

static cutropy_status take_algebra(ct_algebra *algebra, const ct_exact_wish *wish,
                                   cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    exact->distinct = ct_algebra_distinct(algebra);
    CT_TRY(both_units(algebra, 1, wish->digits, exact->entropy, exact->decimals));
    CT_TRY(both_units(algebra, 2, wish->digits, exact->renyi2, NULL));
    CT_TRY(ct_algebra_closed_form(algebra, CT_UNIT_BITS, &exact->closed_form[0]));
    CT_TRY(ct_algebra_closed_form(algebra, CT_UNIT_NATS, &exact->closed_form[1]));
    CT_TRY(ct_algebra_moment(algebra, 2, &exact->purity));
    CT_TRY(ct_algebra_moment(algebra, 3, &exact->tr_rho3));
    CT_TRY(take_quantities(algebra, wish, record));
    take_entropy(exact, ct_algebra_rational(algebra) || record->guarantee == CUTROPY_EXACT, record);
done:
    return status;
}

/* Only the entropy, where a polynomial would be too large and an enclosure in doubles shows too
 * little. */
static cutropy_status take_refined(const ct_function *f, const ct_quotient *q,
                                   const ct_blocks *blocks, const ct_backend *backend, int threads,
                                   const ct_exact_wish *wish, cutropy_record *record)
{
    ct_decimal decimal[2];
    cutropy_exact *exact = record->exact;
    const cutropy_status status = ct_cut_refined(f, q, blocks, backend, threads, wish->memory_limit,
                                                 wish->digits, &decimal[0], &decimal[1]);
    for (int unit = 0; unit < 2; unit++) {
        if (exact->entropy[unit] && decimal[unit].decimals <= exact->decimals[unit]) {
            ct_free(decimal[unit].text);
            continue;
        }
        ct_free(exact->entropy[unit]);
        exact->entropy[unit] = decimal[unit].text;
        exact->decimals[unit] = decimal[unit].decimals;
    }
    take_entropy(exact, record->guarantee == CUTROPY_EXACT, record);
    return status;
}

/* The polynomial's nullity and the prime list are two proofs; they have to agree. */
static cutropy_status take_rank(const ct_algebra *algebra, const ct_rank_proof *proof,
                                cutropy_record *record)
{
    const bool known = algebra && ct_algebra_complete(algebra);
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

/* ---- enclosures ---- */

/* A number without unit in the place of quantity k; takes the text. */
static cutropy_status keep_gap(ct_decimal *gap, cutropy_exact *exact, size_t k,
                               cutropy_record *record)
{
    if (!gap->text)
        return CUTROPY_OK;
    ct_free(exact->extra[2 * k]);
    ct_free(exact->extra[2 * k + 1]);
    exact->extra[2 * k] = gap->text;
    record->extra[k] = ct_strtod(gap->text, NULL);
    exact->extra[2 * k + 1] = ct_strdup(gap->text);
    return exact->extra[2 * k + 1] ? CUTROPY_OK : ct_fail_memory("text", strlen(gap->text) + 1);
}

/* An entropy in both units from an enclosure; NULL where not one decimal was proved. */
static cutropy_status enclosed_units(ct_enclosure *e, double alpha, int digits, char *text[2],
                                     int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        double radius;
        ct_free(text[unit]);
        text[unit] = NULL;
        CT_TRY(ct_enclosure_entropy(e, alpha, unit ? CT_UNIT_NATS : CT_UNIT_BITS, digits, &decimal,
                                    &radius));
        text[unit] = decimal.text;
        if (decimals)
            decimals[unit] = decimal.decimals;
    }
done:
    return status;
}

/* Eigenvalues that are equal to all printed places are printed once, with their number. */
static cutropy_status enclosed_spectrum(ct_enclosure *e, int digits, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    const size_t levels = ct_enclosure_levels(e);
    double *value = NULL;
    int64_t *multiplicity = NULL;
    CT_NEW_ZERO(exact->spectrum, levels);
    CT_NEW(value, levels);
    CT_NEW(multiplicity, levels);
    for (size_t k = 0; k < levels; k++) {
        ct_decimal decimal = {0};
        const size_t last = exact->spectrum_count;
        CT_TRY(ct_enclosure_level(e, k, digits, &decimal));
        if (!decimal.text) { /* not proved: the rounded spectrum stays */
            free_texts(exact->spectrum, exact->spectrum_count);
            ct_free(exact->spectrum);
            exact->spectrum = NULL;
            exact->spectrum_count = 0;
            goto done;
        }
        if (last && !strcmp(exact->spectrum[last - 1], decimal.text)) {
            multiplicity[last - 1]++;
            ct_free(decimal.text);
            continue;
        }
        exact->spectrum[last] = decimal.text;
        value[last] = ct_strtod(decimal.text, NULL);
        multiplicity[exact->spectrum_count++] = 1;
    }
    ct_free(record->spectrum);
    ct_free(record->multiplicity);
    record->spectrum = value;
    record->multiplicity = multiplicity;
    record->spectrum_count = exact->spectrum_count;
    value = NULL;
    multiplicity = NULL;
done:
    ct_free(value);
    ct_free(multiplicity);
    return status;
}

static cutropy_status enclosed_quantities(ct_enclosure *e, const ct_exact_wish *wish,
                                          cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    for (size_t k = 0; k < wish->quantity_count; k++) {
        const cutropy_quantity *quantity = &wish->quantities[k];
        ct_decimal gap = {0};
        switch (quantity->kind) {
        case CUTROPY_SPECTRUM:
            if (!exact->spectrum)
                CT_TRY(enclosed_spectrum(e, wish->digits, record));
            break;
        case CUTROPY_SCHMIDT_GAP:
            CT_TRY(ct_enclosure_gap(e, wish->digits, &gap));
            CT_TRY(keep_gap(&gap, exact, k, record));
            break;
        case CUTROPY_RENYI:
        case CUTROPY_LOG_NEGATIVITY:
            CT_TRY(enclosed_units(e, quantity->kind == CUTROPY_RENYI ? quantity->parameter : 0.5,
                                  wish->digits, exact->extra + 2 * k, NULL));
            if (exact->extra[2 * k])
                record->extra[k] = ct_strtod(exact->extra[2 * k], NULL);
            break;
        default:
            break;
        }
    }
done:
    return status;
}

/* Whether a kind is asked for. */
static bool wants(const ct_exact_wish *wish, cutropy_quantity_kind kind)
{
    for (size_t k = 0; k < wish->quantity_count; k++)
        if (wish->quantities[k].kind == kind)
            return true;
    return false;
}

/* Whether single eigenvalues are asked for: S alone needs less. */
static bool wants_levels(const ct_exact_wish *wish)
{
    return wants(wish, CUTROPY_SPECTRUM) || wants(wish, CUTROPY_SCHMIDT_GAP) ||
           wants(wish, CUTROPY_RENYI) || wants(wish, CUTROPY_LOG_NEGATIVITY);
}

/* -log Tr rho^2 from the exact purity. */
static cutropy_status take_renyi2(const ct_function *f, const ct_spectrum *s, int digits,
                                  cutropy_exact *exact)
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal;
        CT_TRY(ct_enclosure_renyi2(s->square_sum, f->norm_exact, unit ? CT_UNIT_NATS : CT_UNIT_BITS,
                                   digits, &decimal));
        exact->renyi2[unit] = decimal.text;
    }
done:
    return status;
}

/* S by an enclosure, refined where the plain one does not decide all decimals. */
static cutropy_status take_enclosure(const ct_function *f, const ct_quotient *q,
                                     const ct_blocks *blocks, const ct_backend *backend,
                                     int threads, const ct_exact_wish *wish, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = record->exact;
    ct_enclosure *e = NULL;
    const bool integers = f->kind == CUTROPY_LABEL || f->kind == CUTROPY_INTEGER;
    const bool rank_known = integers && exact->rank_first_prime;
    for (int refine = !integers || wants_levels(wish); refine < 2; refine++) {
        ct_enclosure_free(e);
        CT_TRY(ct_cut_enclosure(f, q, blocks, backend, threads, refine, &e));
        if (!e)
            goto done;
        ct_enclosure_set_rank(e, rank_known ? record->rank_lo : -1);
        CT_TRY(enclosed_units(e, 1, wish->digits, exact->entropy, exact->decimals));
        if (exact->decimals[0] == wish->digits && exact->decimals[1] == wish->digits)
            break;
    }
    if (!integers)
        CT_TRY(enclosed_units(e, 2, wish->digits, exact->renyi2, NULL));
    CT_TRY(enclosed_quantities(e, wish, record));
    take_entropy(exact, record->guarantee == CUTROPY_EXACT, record);
done:
    ct_enclosure_free(e);
    return status;
}

/* The gap, which the algebra does not give. */
static cutropy_status take_gap(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                               const ct_backend *backend, int threads, const ct_exact_wish *wish,
                               cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    ct_enclosure *e = NULL;
    CT_TRY(ct_cut_enclosure(f, q, blocks, backend, threads, true, &e));
    if (!e)
        goto done;
    ct_enclosure_set_rank(e, record->rank_lo);
    for (size_t k = 0; k < wish->quantity_count; k++) {
        ct_decimal gap = {0};
        if (wish->quantities[k].kind != CUTROPY_SCHMIDT_GAP)
            continue;
        CT_TRY(ct_enclosure_gap(e, wish->digits, &gap));
        CT_TRY(keep_gap(&gap, record->exact, k, record));
    }
done:
    ct_enclosure_free(e);
    return status;
}

/* ---- which road ---- */

/* All levels look like integers / T, or are few: the polynomials may give closed forms. */
static bool may_be_closed(const ct_function *f, const ct_spectrum *s)
{
    if (s->closed || s->count <= 8)
        return true;
    for (size_t i = 0; i < s->count; i++) {
        const double lambda = s->level[i].value * f->norm;
        const double error = 4 * s->level[i].error * f->norm + 1e-9;
        if (!(fabs(lambda - nearbyint(lambda)) <= error))
            return false;
    }
    return true;
}

static cutropy_status prove_integers(const ct_function *f, const ct_quotient *q,
                                     const ct_blocks *blocks, const ct_spectrum *s,
                                     const ct_backend *backend, int threads,
                                     const ct_exact_wish *wish, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    ct_rank_proof proof = {.rank = 1};
    ct_algebra *algebra = NULL;
    const double work = wish->certify ? CT_CERTIFY_WORK : CT_EXACT_WORK;
    const bool fits = !(f->norm_exact >> 63);
    CT_TRY(ct_cut_rank(q, blocks, work, &proof));
    if (fits && (!wish->certify || may_be_closed(f, s)))
        CT_TRY(ct_cut_algebra(f, q, blocks, backend, threads, work, &algebra));
    CT_TRY(take_rank(algebra, &proof, record));
    if (algebra && ct_algebra_complete(algebra)) {
        CT_TRY(take_algebra(algebra, wish, record));
        if (wants(wish, CUTROPY_SCHMIDT_GAP))
            CT_TRY(take_gap(f, q, blocks, backend, threads, wish, record));
        if (record->exact->entropy[0] && record->exact->entropy[1])
            goto done;
    }
    if (!record->exact->renyi2[0])
        CT_TRY(take_renyi2(f, s, wish->digits, record->exact));
    CT_TRY(take_enclosure(f, q, blocks, backend, threads, wish, record));
    if (record->exact->decimals[0] < wish->digits || record->exact->decimals[1] < wish->digits)
        CT_TRY(take_refined(f, q, blocks, backend, threads, wish, record));
done:
    ct_algebra_free(algebra);
    return status;
}

/* The empty or full cut: one eigenvalue 1. */
static cutropy_status prove_trivial(const ct_exact_wish *wish, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t one = 1;
    const uint64_t weight = 1;
    ct_algebra *algebra = NULL;
    bool added = false;
    CT_TRY(ct_algebra_create(1, &algebra));
    CT_TRY(ct_algebra_add(algebra, 1, &one, &weight, CT_EXACT_WORK, &added));
    CT_TRY(take_algebra(algebra, wish, record));
done:
    ct_algebra_free(algebra);
    return status;
}

cutropy_status ct_exact_record(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                               const ct_spectrum *s, const ct_backend *backend, int threads,
                               const ct_exact_wish *wish, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(record->exact, 1);
    CT_NEW_ZERO(record->exact->extra, 2 * wish->quantity_count);
    if (!q)
        CT_TRY(prove_trivial(wish, record));
    else if (f->kind == CUTROPY_LABEL || f->kind == CUTROPY_INTEGER)
        CT_TRY(prove_integers(f, q, blocks, s, backend, threads, wish, record));
    else
        CT_TRY(take_enclosure(f, q, blocks, backend, threads, wish, record));
done:
    return status;
}
