/* SPDX-License-Identifier: Apache-2.0 */
/* Which roads prove a cut, and how their decimals enter its record.
 *
 * Every real number of a row has a place for its decimals. Roads are tried from the cheapest to the
 * surest, and each fills what is still open, until nothing is: exact algebra (closed forms),
 * enclosures in twice the working precision, refined integer vectors (S alone), and eigenvalues to
 * a small relative error (theorem C), which has no limits but work and memory. */
#include "engine/exact_record.h"

#include <math.h>
#include <string.h>

#include "base/locale.h"
#include "certify/digits.h"
#include "engine/cut_enclosure.h"
#include "engine/cut_graded.h"
#include "engine/cut_rank.h"

#define BITS_PER_PLACE 3.3219280948873626
#define GUARD_BITS 40 /* beyond the decimals: how often one more attempt is needed, 2^-40 */
#define ATTEMPTS 3    /* with twice the bits each */

typedef struct ct_prover {
    const ct_function *f;
    const ct_quotient *q;
    const ct_blocks *blocks;
    const ct_spectrum *s;
    const ct_backend *backend;
    int threads;
    const ct_exact_wish *wish;
    cutropy_record *record;
    cutropy_exact *exact;
    int purity_decimals, tr_rho3_decimals;
    int64_t *rank_of_block; /* proved ranks, -1: not proved */
    bool rank_known;        /* record->rank_lo = rank_hi is proved */
    bool rational;
    bool brackets; /* the integers among the quantities are proved brackets */
} ct_prover;

/* Labels +-1 of 63 and 64 pixels leave the integers: their quotient holds real numbers. */
static bool has_integers(const ct_prover *p)
{
    return p->q->kind == CUTROPY_KIND_LABEL || p->q->kind == CUTROPY_KIND_INTEGER;
}

/* ---- memory ---- */

static void free_texts(char **text, size_t count)
{
    for (size_t i = 0; text && i < count; i++) {
        ct_free(text[i]);
        text[i] = NULL;
    }
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

/* ---- places ---- */

static bool is_open(const ct_prover *p, const char *text, int decimals)
{
    return !text || decimals < p->wish->digits;
}

/* Keeps the longer of two decimals; takes the text. */
static void offer(ct_decimal *decimal, char **text, int *decimals)
{
    if (decimal->text && (!*text || decimal->decimals > *decimals)) {
        ct_free(*text);
        *text = decimal->text;
        *decimals = decimal->decimals;
    } else {
        ct_free(decimal->text);
    }
    decimal->text = NULL;
}

static double order_of(const cutropy_quantity *quantity)
{
    return quantity->kind == CUTROPY_QUANTITY_RENYI ? quantity->parameter : 0.5;
}

/* Whether quantity k has decimals of its own. */
static bool has_decimals(cutropy_quantity_kind kind)
{
    return kind == CUTROPY_QUANTITY_RENYI || kind == CUTROPY_QUANTITY_LOG_NEGATIVITY ||
           kind == CUTROPY_QUANTITY_SCHMIDT_GAP || kind == CUTROPY_QUANTITY_DISCARDED_WEIGHT;
}

static bool wants(const ct_exact_wish *wish, cutropy_quantity_kind kind)
{
    for (size_t k = 0; k < wish->quantity_count; k++)
        if (wish->quantities[k].kind == kind)
            return true;
    return false;
}

static bool wants_brackets(const ct_exact_wish *wish)
{
    return wants(wish, CUTROPY_QUANTITY_NUMERICAL_RANK) || wants(wish, CUTROPY_QUANTITY_TRUNCATION);
}

static bool brackets_open(const ct_prover *p)
{
    for (size_t k = 0; k < p->wish->quantity_count; k++) {
        const cutropy_quantity_kind kind = p->wish->quantities[k].kind;
        if ((kind == CUTROPY_QUANTITY_NUMERICAL_RANK || kind == CUTROPY_QUANTITY_TRUNCATION) &&
            (!p->brackets || p->record->extra_err[k] != 0))
            return true;
    }
    return false;
}

static bool units_open(const ct_prover *p, char *const text[2], const int decimals[2])
{
    return is_open(p, text[0], decimals[0]) || is_open(p, text[1], decimals[1]);
}

static bool spectrum_open(const ct_prover *p)
{
    const cutropy_exact *exact = p->exact;
    bool open = wants(p->wish, CUTROPY_QUANTITY_SPECTRUM) && !exact->spectrum;
    for (size_t i = 0; !open && i < exact->spectrum_count; i++)
        open = exact->spectrum_decimals[i] < p->wish->digits;
    return open;
}

static bool purity_open(const ct_prover *p)
{
    const cutropy_fraction *exact = &p->record->purity_exact;
    return !exact->q[0] && !exact->q[1] && is_open(p, p->exact->purity, p->purity_decimals);
}

static bool tr_rho3_open(const ct_prover *p)
{
    const cutropy_fraction *exact = &p->record->tr_rho3_exact;
    return wants(p->wish, CUTROPY_QUANTITY_TR_RHO3) && !exact->q[0] && !exact->q[1] &&
           is_open(p, p->exact->tr_rho3, p->tr_rho3_decimals);
}

/* Something that only single eigenvalues tell. */
static bool levels_open(const ct_prover *p)
{
    const cutropy_exact *exact = p->exact;
    bool open = units_open(p, exact->renyi2, exact->renyi2_decimals) || purity_open(p) ||
                tr_rho3_open(p) || spectrum_open(p) || brackets_open(p);
    for (size_t k = 0; !open && k < p->wish->quantity_count; k++)
        open = has_decimals(p->wish->quantities[k].kind) &&
               units_open(p, exact->extra + 2 * k, exact->extra_decimals + 2 * k);
    return open;
}

static bool anything_open(const ct_prover *p)
{
    return units_open(p, p->exact->entropy, p->exact->decimals) || levels_open(p);
}

/* ---- an enclosure fills open places ---- */

static cutropy_status fill_units(const ct_prover *p, ct_enclosure *e, double alpha, char *text[2],
                                 int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        double radius;
        if (!is_open(p, text[unit], decimals[unit]))
            continue;
        CT_TRY(ct_enclosure_entropy(e, alpha, unit ? CT_UNIT_NATS : CT_UNIT_BITS, p->wish->digits,
                                    &decimal, &radius));
        offer(&decimal, &text[unit], &decimals[unit]);
    }
done:
    return status;
}

/* A number without unit in both places of quantity k; takes the text. */
static cutropy_status fill_both(const ct_prover *p, ct_decimal *decimal, size_t k)
{
    char **text = p->exact->extra + 2 * k;
    int *decimals = p->exact->extra_decimals + 2 * k;
    ct_decimal copy = *decimal;
    if (decimal->text) {
        copy.text = ct_strdup(decimal->text);
        if (!copy.text) {
            const size_t bytes = strlen(decimal->text) + 1;
            ct_free(decimal->text);
            decimal->text = NULL;
            return ct_fail_memory("text", bytes);
        }
    }
    offer(decimal, &text[0], &decimals[0]);
    offer(&copy, &text[1], &decimals[1]);
    return CUTROPY_OK;
}

static void drop_spectrum(cutropy_exact *exact)
{
    free_texts(exact->spectrum, exact->spectrum_count);
    ct_free(exact->spectrum);
    ct_free(exact->spectrum_decimals);
    exact->spectrum = NULL;
    exact->spectrum_decimals = NULL;
    exact->spectrum_count = 0;
}

/* Room for the texts and doubles of a spectrum of `levels` levels, empty. */
static cutropy_status open_spectrum(ct_prover *p, size_t levels)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_record *record = p->record;
    double *value = NULL, *error = NULL;
    int64_t *multiplicity = NULL;
    drop_spectrum(p->exact);
    CT_NEW(value, levels);
    CT_NEW(error, levels);
    CT_NEW(multiplicity, levels);
    CT_NEW_ZERO(p->exact->spectrum, levels);
    CT_NEW(p->exact->spectrum_decimals, levels);
    ct_free(record->spectrum);
    ct_free(record->spectrum_err);
    ct_free(record->multiplicity);
    record->spectrum = value;
    record->spectrum_err = error;
    record->multiplicity = multiplicity;
    record->spectrum_count = 0;
    value = error = NULL;
    multiplicity = NULL;
done:
    ct_free(value);
    ct_free(error);
    ct_free(multiplicity);
    return status;
}

/* Half a unit of the last place, and the rounding of the double that stands for the text. */
static double proved_error(int decimals, double value)
{
    return nextafter(0.5 * pow(10, -decimals) * (1 + 0x1p-40) + fabs(value) * 0x1p-53, 1);
}

/* Makes room for a level at place `at`. */
static void shift_levels(cutropy_exact *exact, cutropy_record *record, size_t at)
{
    const size_t behind = exact->spectrum_count - at;
    memmove(exact->spectrum + at + 1, exact->spectrum + at, behind * sizeof *exact->spectrum);
    memmove(exact->spectrum_decimals + at + 1, exact->spectrum_decimals + at,
            behind * sizeof *exact->spectrum_decimals);
    memmove(record->spectrum + at + 1, record->spectrum + at, behind * sizeof *record->spectrum);
    memmove(record->spectrum_err + at + 1, record->spectrum_err + at,
            behind * sizeof *record->spectrum_err);
    memmove(record->multiplicity + at + 1, record->multiplicity + at,
            behind * sizeof *record->multiplicity);
}

/* One level more, merged with one of which all printed places agree; descending, also where doubles
 * are equal (numbers from 0 to 1 are in the order of their texts). Takes the text. */
static void add_level(ct_prover *p, ct_decimal *decimal, int64_t multiplicity)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    size_t at = exact->spectrum_count;
    while (at && strcmp(exact->spectrum[at - 1], decimal->text) < 0)
        at--;
    if (at && !strcmp(exact->spectrum[at - 1], decimal->text)) {
        record->multiplicity[at - 1] += multiplicity;
        ct_free(decimal->text);
    } else {
        shift_levels(exact, record, at);
        exact->spectrum[at] = decimal->text;
        exact->spectrum_decimals[at] = decimal->decimals;
        record->spectrum[at] = ct_strtod(decimal->text, NULL);
        record->spectrum_err[at] = proved_error(decimal->decimals, record->spectrum[at]);
        record->multiplicity[at] = multiplicity;
        record->spectrum_count = ++exact->spectrum_count;
    }
    decimal->text = NULL;
}

static cutropy_status fill_spectrum(ct_prover *p, ct_enclosure *e)
{
    cutropy_status status = CUTROPY_OK;
    const size_t levels = ct_enclosure_levels(e);
    ct_decimal *list = NULL;
    bool all = true;
    CT_NEW_ZERO(list, levels);
    for (size_t k = 0; k < levels && all; k++) {
        CT_TRY(ct_enclosure_level(e, k, p->wish->digits, &list[k]));
        all = list[k].text && (!p->exact->spectrum || list[k].decimals == p->wish->digits);
    }
    if (!all)
        goto done;
    CT_TRY(open_spectrum(p, levels));
    for (size_t k = 0; k < levels; k++)
        add_level(p, &list[k], 1);
done:
    for (size_t k = 0; list && k < levels; k++)
        ct_free(list[k].text);
    ct_free(list);
    return status;
}

static cutropy_status fill_bracket(ct_prover *p, ct_enclosure *e, size_t k)
{
    const cutropy_quantity *quantity = &p->wish->quantities[k];
    int64_t low = 0, high = 0;
    const cutropy_status status =
        quantity->kind == CUTROPY_QUANTITY_TRUNCATION
            ? ct_enclosure_truncation(e, quantity->parameter, &low, &high)
            : ct_enclosure_numerical_rank(e, quantity->parameter, &low, &high);
    p->record->extra[k] = (double)low;
    p->record->extra_err[k] = (double)(high - low);
    return status;
}

static cutropy_status fill_quantity(ct_prover *p, ct_enclosure *e, size_t k)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    const cutropy_quantity *quantity = &p->wish->quantities[k];
    const int digits = p->wish->digits;
    ct_decimal decimal = {0};
    switch (quantity->kind) {
    case CUTROPY_QUANTITY_SPECTRUM:
        if (spectrum_open(p))
            CT_TRY(fill_spectrum(p, e));
        break;
    case CUTROPY_QUANTITY_SCHMIDT_GAP:
        CT_TRY(ct_enclosure_gap(e, digits, &decimal));
        CT_TRY(fill_both(p, &decimal, k));
        break;
    case CUTROPY_QUANTITY_DISCARDED_WEIGHT:
        CT_TRY(ct_enclosure_discarded(e, quantity->parameter, digits, &decimal));
        CT_TRY(fill_both(p, &decimal, k));
        break;
    case CUTROPY_QUANTITY_RENYI:
    case CUTROPY_QUANTITY_LOG_NEGATIVITY:
        CT_TRY(fill_units(p, e, order_of(quantity), exact->extra + 2 * k,
                          exact->extra_decimals + 2 * k));
        break;
    case CUTROPY_QUANTITY_TR_RHO3:
        if (!tr_rho3_open(p))
            break;
        CT_TRY(ct_enclosure_moment(e, 3, digits, &decimal));
        offer(&decimal, &exact->tr_rho3, &p->tr_rho3_decimals);
        break;
    case CUTROPY_QUANTITY_NUMERICAL_RANK:
    case CUTROPY_QUANTITY_TRUNCATION:
        CT_TRY(fill_bracket(p, e, k));
        break;
    default:
        break;
    }
done:
    return status;
}

/* Everything that is open and that e shows. */
static cutropy_status fill(ct_prover *p, ct_enclosure *e)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    CT_TRY(fill_units(p, e, 1, exact->entropy, exact->decimals));
    CT_TRY(fill_units(p, e, 2, exact->renyi2, exact->renyi2_decimals));
    if (purity_open(p)) {
        ct_decimal decimal = {0};
        CT_TRY(ct_enclosure_moment(e, 2, p->wish->digits, &decimal));
        offer(&decimal, &exact->purity, &p->purity_decimals);
    }
    for (size_t k = 0; k < p->wish->quantity_count; k++)
        CT_TRY(fill_quantity(p, e, k));
    p->brackets = p->brackets || wants_brackets(p->wish);
done:
    return status;
}

/* ---- exact algebra ---- */

/* A Renyi entropy in both units. */
static cutropy_status algebra_units(const ct_prover *p, ct_algebra *algebra, double alpha,
                                    char *text[2], int decimals[2])
{
    cutropy_status status = CUTROPY_OK;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal = {0};
        CT_TRY(ct_algebra_entropy(algebra, alpha, unit ? CT_UNIT_NATS : CT_UNIT_BITS,
                                  p->wish->digits, &decimal));
        offer(&decimal, &text[unit], &decimals[unit]);
    }
done:
    return status;
}

/* Distinct levels with exact multiplicities. */
static cutropy_status algebra_spectrum(ct_prover *p, ct_algebra *algebra)
{
    cutropy_status status = CUTROPY_OK;
    ct_eigenvalue *list = NULL;
    size_t count = 0;
    CT_TRY(ct_algebra_spectrum(algebra, p->wish->digits, &list, &count));
    for (size_t i = 0; i < count; i++)
        if (!list[i].decimal.text)
            goto done; /* not proved */
    CT_TRY(open_spectrum(p, count));
    for (size_t i = 0; i < count; i++)
        add_level(p, &list[i].decimal, list[i].multiplicity);
done:
    ct_eigenvalues_free(list, count);
    return status;
}

/* Everything that the polynomials give by themselves, then the rest from their roots. */
static cutropy_status take_algebra(ct_prover *p, ct_algebra *algebra)
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
    p->purity_decimals = p->tr_rho3_decimals = p->wish->digits; /* fractions */
    if (wants(p->wish, CUTROPY_QUANTITY_SPECTRUM))
        CT_TRY(algebra_spectrum(p, algebra));
    int64_t bits = (int64_t)(BITS_PER_PLACE * p->wish->digits) + GUARD_BITS + 64;
    for (int i = 0; i < ATTEMPTS && anything_open(p); i++, bits *= 2) {
        ct_enclosure_free(e);
        CT_TRY(ct_enclosure_of_algebra(algebra, bits, &e));
        if (e)
            CT_TRY(fill(p, e));
    }
done:
    ct_enclosure_free(e);
    return status;
}

/* ---- ranks ---- */

/* A proved rank stands in the record, whatever was there. */
static void set_rank(ct_prover *p, int64_t rank)
{
    p->record->rank_lo = p->record->rank_hi = rank;
    p->rank_known = true;
}

/* Ranks of all blocks modulo primes. Where they prove nothing the bracket keeps what is proved. */
static cutropy_status take_primes(ct_prover *p, double work, ct_rank_proof *proof)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_record *record = p->record;
    CT_NEW(p->rank_of_block, p->blocks->count);
    CT_TRY(ct_cut_rank(p->q, p->blocks, work, proof, p->rank_of_block));
    if (proof->proved) {
        set_rank(p, proof->rank);
        p->exact->rank_first_prime = proof->first_prime;
        p->exact->rank_primes = proof->primes;
    } else if (!p->rank_known) {
        record->rank_lo = proof->rank;
        record->rank_hi = 0;
        for (int64_t b = 0; b < p->blocks->count; b++) {
            const int64_t rows = ct_block_size(p->blocks, b, 0),
                          columns = ct_block_size(p->blocks, b, 1);
            record->rank_hi += p->rank_of_block[b] >= 0 ? p->rank_of_block[b]
                               : rows < columns         ? rows
                                                        : columns;
        }
    }
done:
    return status;
}

/* The nullity of the polynomials is a second proof, which has to agree with the primes. */
static cutropy_status take_nullity(ct_prover *p, const ct_algebra *algebra,
                                   const ct_rank_proof *proof)
{
    const int64_t rank = ct_algebra_rank(algebra);
    if (proof->proved ? proof->rank != rank : proof->rank > rank)
        return ct_fail(CUTROPY_EINTERNAL, "rank %lld by the polynomial and %lld modulo primes",
                       (long long)rank, (long long)proof->rank);
    set_rank(p, rank);
    return CUTROPY_OK;
}

/* ---- enclosures ---- */

/* In twice the working precision; refined where the plain one does not decide everything. */
static cutropy_status take_enclosure(ct_prover *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_enclosure *e = NULL;
    for (int refine = levels_open(p); refine < 2 && anything_open(p); refine++) {
        ct_enclosure_free(e);
        CT_TRY(ct_cut_enclosure(p->f, p->q, p->blocks, p->backend, p->threads, refine, &e));
        if (!e)
            goto done;
        ct_enclosure_set_rank(e, p->rank_known ? p->record->rank_lo : -1);
        CT_TRY(fill(p, e));
    }
    if (e && !p->rank_known && ct_enclosure_positive(e) == (int64_t)ct_enclosure_levels(e))
        set_rank(p, ct_enclosure_positive(e));
done:
    ct_enclosure_free(e);
    return status;
}

/* S alone, by refined integer vectors. */
static cutropy_status take_refined(ct_prover *p)
{
    ct_decimal decimal[2];
    cutropy_exact *exact = p->exact;
    const cutropy_status status =
        ct_cut_refined(p->f, p->q, p->blocks, p->backend, p->threads, p->wish->memory_limit,
                       p->wish->digits, &decimal[0], &decimal[1]);
    for (int unit = 0; unit < 2; unit++)
        offer(&decimal[unit], &exact->entropy[unit], &exact->decimals[unit]);
    return status;
}

/* Below 2^-floor of the largest eigenvalue an upper bound is enough for everything that is asked.
 */
static int64_t find_floor(const ct_prover *p, int64_t bits)
{
    double floor = (double)bits + 64;
    for (size_t k = 0; k < p->wish->quantity_count; k++) {
        const cutropy_quantity *quantity = &p->wish->quantities[k];
        const double x = quantity->parameter;
        double own = 0;
        if (quantity->kind == CUTROPY_QUANTITY_RENYI ||
            quantity->kind == CUTROPY_QUANTITY_LOG_NEGATIVITY)
            own = order_of(quantity) > 0 && order_of(quantity) < 1
                      ? ((double)bits + 64) / order_of(quantity)
                      : 0;
        else if (quantity->kind == CUTROPY_QUANTITY_NUMERICAL_RANK ||
                 quantity->kind == CUTROPY_QUANTITY_TRUNCATION)
            own = x > 0 ? (double)bits - 2 * log2(x) : 0;
        floor = fmax(floor, own);
    }
    return floor < 1e9 ? (int64_t)floor : 1000000000;
}

/* Every eigenvalue to a small relative error, with more bits until everything is decided. */
static cutropy_status take_graded(ct_prover *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_cut_graded cut = {0};
    ct_enclosure *e = NULL;
    bool fits = true;
    ct_graded_goal goal = {.bits = (int64_t)(BITS_PER_PLACE * p->wish->digits) + GUARD_BITS,
                           .work_limit = CT_GRADED_WORK,
                           .memory_limit = p->wish->memory_limit,
                           .backend = p->backend,
                           .watch = p->wish->watch};
    CT_TRY(ct_cut_graded_make(p->q, p->blocks, p->backend, p->threads, &goal, &cut, &fits));
    for (int i = 0; fits && i < ATTEMPTS && anything_open(p); i++, goal.bits *= 2) {
        ct_enclosure_free(e);
        goal.floor = find_floor(p, goal.bits);
        CT_TRY(ct_cut_graded_enclosure(&cut, &goal, p->rank_of_block, &e));
        if (!e)
            break;
        ct_enclosure_set_rank(e, p->rank_known ? p->record->rank_lo : -1);
        CT_TRY(fill(p, e));
    }
    if (e && !p->rank_known && ct_enclosure_positive(e) == (int64_t)ct_enclosure_levels(e))
        set_rank(p, ct_enclosure_positive(e));
done:
    ct_enclosure_free(e);
    ct_cut_graded_free(&cut);
    return status;
}

/* ---- from decimals to the doubles of the record ---- */

/* Whether proved decimals stand for the number: all that were asked for, or fewer where they say
 * more than the plain value does. */
static bool stands(const ct_prover *p, const char *text, int decimals, double plain_error)
{
    return text && (decimals >= p->wish->digits || 0.5 * pow(10, -decimals) <= plain_error);
}

/* One number: its double and error from its text, or the plain value if that says more. */
static bool settle(const ct_prover *p, char **text, int decimals, double *value, double *error)
{
    if (!stands(p, *text, decimals, *error)) {
        ct_free(*text);
        *text = NULL;
        return false;
    }
    if (!strchr(*text, '/')) {
        *value = ct_strtod(*text, NULL);
        *error = proved_error(decimals, *value);
    }
    return true;
}

/* A number in two units; the record holds bits. */
static bool settle_units(const ct_prover *p, char *text[2], int decimals[2], double *value,
                         double *error)
{
    const bool good =
        stands(p, text[0], decimals[0], *error) && stands(p, text[1], decimals[1], *error);
    if (good)
        return settle(p, &text[0], decimals[0], value, error);
    free_texts(text, 2);
    decimals[0] = decimals[1] = 0;
    return false;
}

static bool settle_quantity(ct_prover *p, size_t k)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    const cutropy_quantity_kind kind = p->wish->quantities[k].kind;
    const cutropy_fraction *cube = &record->tr_rho3_exact;
    switch (kind) {
    case CUTROPY_QUANTITY_SPECTRUM:
        return exact->spectrum != NULL;
    case CUTROPY_QUANTITY_TR_RHO3:
        return cube->q[0] || cube->q[1] ||
               settle(p, &exact->tr_rho3, p->tr_rho3_decimals, &record->tr_rho3,
                      &record->tr_rho3_err);
    case CUTROPY_QUANTITY_NUMERICAL_RANK:
    case CUTROPY_QUANTITY_TRUNCATION:
        return p->brackets;
    default:
        return !has_decimals(kind) ||
               settle_units(p, exact->extra + 2 * k, exact->extra_decimals + 2 * k,
                            &record->extra[k], &record->extra_err[k]);
    }
}

/* A level of which no digit shows, and that is not among those that the rank proves to exist, is
 * none. */
static void drop_nothings(ct_prover *p)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    int64_t count = 0;
    for (size_t i = 0; i < exact->spectrum_count; i++)
        count += record->multiplicity[i];
    const size_t last = exact->spectrum_count - 1;
    if (!exact->spectrum_count || record->spectrum[last] != 0 || count <= record->rank_lo)
        return;
    record->multiplicity[last] -= count - record->rank_lo;
    if (record->multiplicity[last] > 0)
        return;
    ct_free(exact->spectrum[last]);
    exact->spectrum_count = record->spectrum_count = last;
}

/* The guarantee of a row is that of its weakest number. */
static void settle_record(ct_prover *p)
{
    cutropy_exact *exact = p->exact;
    cutropy_record *record = p->record;
    drop_nothings(p);
    const cutropy_fraction *square = &record->purity_exact;
    bool proved =
        settle_units(p, exact->entropy, exact->decimals, &record->entropy, &record->entropy_err);
    proved &= settle_units(p, exact->renyi2, exact->renyi2_decimals, &record->renyi2,
                           &record->renyi2_err);
    if (!square->q[0] && !square->q[1])
        proved &=
            settle(p, &exact->purity, p->purity_decimals, &record->purity, &record->purity_err);
    for (size_t k = 0; k < p->wish->quantity_count; k++)
        proved &= settle_quantity(p, k);
    if (record->guarantee == CUTROPY_GUARANTEE_EXACT) /* closed forms throughout */
        return;
    record->guarantee = !proved       ? CUTROPY_GUARANTEE_FLOAT
                        : p->rational ? CUTROPY_GUARANTEE_EXACT
                                      : CUTROPY_GUARANTEE_CERTIFIED;
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

/* -log Tr rho^2 from the exact purity. */
static cutropy_status take_renyi2(ct_prover *p)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_exact *exact = p->exact;
    for (int unit = 0; unit < 2; unit++) {
        ct_decimal decimal;
        CT_TRY(ct_enclosure_renyi2(p->s->square_sum, p->f->norm_exact,
                                   unit ? CT_UNIT_NATS : CT_UNIT_BITS, p->wish->digits, &decimal));
        offer(&decimal, &exact->renyi2[unit], &exact->renyi2_decimals[unit]);
    }
done:
    return status;
}

static cutropy_status prove_integers(ct_prover *p)
{
    cutropy_status status = CUTROPY_OK;
    const ct_exact_wish *wish = p->wish;
    ct_rank_proof proof = {.rank = 1};
    ct_algebra *algebra = NULL;
    const double work = wish->certify ? CT_CERTIFY_WORK : CT_EXACT_WORK;
    const bool fits = !(p->f->norm_exact >> 63);
    CT_TRY(take_primes(p, work, &proof));
    if (fits && (!wish->certify || may_be_closed(p->f, p->s)))
        CT_TRY(ct_cut_algebra(p->f, p->q, p->blocks, p->backend, p->threads, work, &algebra));
    if (algebra && ct_algebra_complete(algebra)) {
        CT_TRY(take_nullity(p, algebra, &proof));
        CT_TRY(take_algebra(p, algebra));
    }
    if (anything_open(p))
        CT_TRY(take_renyi2(p));
    if (anything_open(p))
        CT_TRY(take_enclosure(p));
    if (units_open(p, p->exact->entropy, p->exact->decimals) && !levels_open(p))
        CT_TRY(take_refined(p));
    if (anything_open(p))
        CT_TRY(take_graded(p));
done:
    ct_algebra_free(algebra);
    return status;
}

static cutropy_status prove_numbers(ct_prover *p)
{
    cutropy_status status = CUTROPY_OK;
    ct_rank_proof proof = {0};
    const bool many = p->wish->digits > CT_ENCLOSED_DIGITS;
    if (!many)
        CT_TRY(take_enclosure(p));
    if (!p->rank_known)
        CT_TRY(take_primes(p, CT_NUMBER_RANK_WORK, &proof));
    if (anything_open(p))
        CT_TRY(take_graded(p));
    if (many && anything_open(p))
        CT_TRY(take_enclosure(p));
    p->exact->rank_first_prime = 0; /* which road proved it depends on the machine */
    p->exact->rank_primes = 0;
done:
    return status;
}

/* The empty or full cut: one eigenvalue 1. */
static cutropy_status prove_trivial(ct_prover *p)
{
    cutropy_status status = CUTROPY_OK;
    const int64_t one = 1;
    const uint64_t weight = 1;
    ct_algebra *algebra = NULL;
    bool added = false;
    CT_TRY(ct_algebra_create(1, &algebra));
    CT_TRY(ct_algebra_add(algebra, 1, &one, &weight, CT_EXACT_WORK, &added));
    CT_TRY(take_algebra(p, algebra));
done:
    ct_algebra_free(algebra);
    return status;
}

cutropy_status ct_exact_record(const ct_function *f, const ct_quotient *q, const ct_blocks *blocks,
                               const ct_spectrum *s, const ct_backend *backend, int threads,
                               const ct_exact_wish *wish, cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    ct_prover p = {.f = f,
                   .q = q,
                   .blocks = blocks,
                   .s = s,
                   .backend = backend,
                   .threads = threads,
                   .wish = wish,
                   .record = record};
    CT_NEW_ZERO(record->exact, 1);
    p.exact = record->exact;
    CT_NEW_ZERO(record->exact->extra, 2 * wish->quantity_count);
    CT_NEW_ZERO(record->exact->extra_decimals, 2 * wish->quantity_count);
    CT_TRY(!q ? prove_trivial(&p) : has_integers(&p) ? prove_integers(&p) : prove_numbers(&p));
    settle_record(&p);
done:
    ct_free(p.rank_of_block);
    return status;
}
