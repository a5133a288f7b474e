/* SPDX-License-Identifier: Apache-2.0 */
/* R_k of one level: residues modulo primes, fractions of them, and the check in integers. */
#include "certify/train_parts.h"

#include "certify/train.h"
#include "certify/train_echelon.h"

#define PRIME_BITS 61
#define SMALL_BITS 30 /* such residues are those of integers */
#define ASK_EVERY 64  /* states */

static void residues_free(ct_residues *r)
{
    for (int32_t i = 0; i < r->count; i++)
        fmpz_clear(r->value + i);
    ct_free(r->column);
    ct_free(r->value);
    *r = (ct_residues){0};
}

/* Other pivots, or the end: nothing is known. */
static void forget(ct_lifting *l)
{
    for (int32_t i = 0; i < l->states; i++) {
        if (l->residues)
            residues_free(&l->residues[i]);
        if (l->row)
            ct_rationals_free(&l->row[i]);
        if (l->lifted)
            l->lifted[i] = false;
    }
    fmpz_one(l->modulus);
}

void ct_lifting_free(ct_lifting *l)
{
    forget(l);
    for (int32_t c = 0; l->sum && c < 2 * l->right; c++)
        fmpz_clear(l->sum + c);
    ct_free(l->sum);
    ct_free(l->uses);
    ct_free(l->pivot);
    ct_free(l->lifted);
    ct_free(l->residues);
    ct_free(l->row);
    fmpz_clear(l->modulus);
}

cutropy_status ct_lifting_start(const ct_train_levels *levels, int k, const ct_rationals *behind,
                                int32_t right, ct_lifting *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_lifting){.levels = levels,
                        .level = k,
                        .states = levels->count[k],
                        .next = levels->next[k],
                        .behind = behind,
                        .right = right};
    fmpz_init_set_ui(out->modulus, 1);
    CT_NEW(out->pivot, out->states);
    CT_NEW_ZERO(out->lifted, out->states);
    CT_NEW_ZERO(out->residues, out->states);
    CT_NEW_ZERO(out->row, out->states);
    CT_NEW_ZERO(out->uses, 2 * right);
    CT_NEW(out->sum, 2 * right);
    for (int32_t c = 0; c < 2 * right; c++)
        fmpz_init(out->sum + c);
    for (int32_t i = 0; i < out->states; i++)
        for (int bit = 0; bit < 2; bit++) {
            const int32_t q = out->next[i][bit];
            for (size_t e = q < 0 ? 0 : behind->start[q]; q >= 0 && e < behind->start[q + 1]; e++)
                out->uses[bit * right + behind->column[e]]++;
        }
done:
    return status;
}

/* R_{k+1} modulo the prime; *fits = false: it divides a denominator. */
static cutropy_status reduce_behind(const ct_rationals *behind, ulong prime, ulong *value,
                                    bool *fits)
{
    nmod_t mod;
    nmod_init(&mod, prime);
    *fits = true;
    for (int32_t q = 0; q < behind->rows; q++) {
        const ulong below = fmpz_fdiv_ui(behind->denominator + q, prime);
        *fits = *fits && below;
        const ulong inverse = below ? n_invmod(below, prime) : 0;
        for (size_t e = behind->start[q]; e < behind->start[q + 1]; e++)
            value[e] = nmod_mul(fmpz_fdiv_ui(behind->numerator + e, prime), inverse, mod);
    }
    return CUTROPY_OK;
}

static cutropy_status ask(const ct_lifting *l, const ct_echelon *e)
{
    const uint64_t bytes = ct_echelon_bytes(e);
    if (bytes > l->levels->memory_limit)
        return ct_fail(
            CUTROPY_EMEMORY,
            "the echelon form of site %d needs more than %s, but %s may be used (--memory "
            "raises the limit; the form classes needs no elimination)",
            l->level, CT_BYTES(bytes), CT_BYTES(l->levels->memory_limit));
    if (l->levels->stop && l->levels->stop(l->level + 1, l->levels->user))
        return ct_fail(CUTROPY_ECANCELLED,
                       "stopped while the rank of the cut of %d pixels was found", l->level);
    return CUTROPY_OK;
}

static void enter_state(const ct_lifting *l, int32_t i, const ulong *value, ct_echelon *e)
{
    const ct_rationals *b = l->behind;
    for (int bit = 0; bit < 2; bit++) {
        const int32_t q = l->next[i][bit];
        for (size_t at = q < 0 ? 0 : b->start[q]; q >= 0 && at < b->start[q + 1]; at++)
            ct_echelon_enter(e, bit * l->right + b->column[at], value[at]);
    }
}

/* The residues of a state modulo one prime more: those of the last vector. */
static cutropy_status join(ct_residues *known, const fmpz_t modulus, const ct_sparse *s,
                           ulong prime)
{
    cutropy_status status = CUTROPY_OK;
    ct_residues out = {0};
    fmpz_t zero;
    fmpz_init(zero);
    const size_t first = s->start[s->rows - 1], last = s->start[s->rows];
    const size_t most = (size_t)known->count + (last - first);
    CT_NEW(out.column, most);
    CT_NEW(out.value, most);
    size_t j = first;
    for (int32_t i = 0; i < known->count || j < last; out.count++) {
        const int32_t a = i < known->count ? known->column[i] : INT32_MAX,
                      b = j < last ? s->column[j] : INT32_MAX;
        out.column[out.count] = a < b ? a : b;
        fmpz_init(out.value + out.count);
        fmpz_CRT_ui(out.value + out.count, a <= b ? known->value + i : zero, modulus,
                    b <= a ? s->value[j] : 0, prime, 1);
        i += a <= b;
        j += b <= a;
    }
    residues_free(known);
    *known = out;
    out = (ct_residues){0};
done:
    residues_free(&out);
    fmpz_clear(zero);
    return status;
}

/* ---- from residues to a row of R_k ---- */

/* *found = false: some residue is that of no small fraction. */
static cutropy_status lift(const ct_residues *r, const fmpz_t modulus, ct_rationals *row,
                           bool *found)
{
    cutropy_status status = CUTROPY_OK;
    fmpq_t q;
    fmpq_init(q);
    fmpz_t factor;
    fmpz_init(factor);
    ct_rationals_free(row);
    CT_TRY(ct_rationals_start(1, row));
    *found = true;
    for (int32_t i = 0; i < r->count && *found; i++) {
        if (fmpz_bits(r->value + i) < SMALL_BITS)
            fmpq_set_fmpz(q, r->value + i);
        else {
            fmpz_mod(factor, r->value + i, modulus);
            *found = fmpq_reconstruct_fmpz(q, factor, modulus);
        }
        if (!*found || fmpq_is_zero(q))
            continue;
        CT_TRY(ct_rationals_add(row, r->column[i]));
        fmpz_lcm(factor, row->denominator, fmpq_denref(q));
        if (!fmpz_equal(factor, row->denominator)) {
            fmpz_divexact(row->denominator, factor, row->denominator);
            for (size_t e = 0; e + 1 < row->count; e++)
                fmpz_mul(row->numerator + e, row->numerator + e, row->denominator);
            fmpz_set(row->denominator, factor);
        }
        fmpz_divexact(factor, row->denominator, fmpq_denref(q));
        fmpz_mul(row->numerator + row->count - 1, fmpq_numref(q), factor);
    }
    row->start[1] = row->count;
done:
    fmpz_clear(factor);
    fmpq_clear(q);
    return status;
}

/* sum += factor common M_i, common a multiple of the denominators of M_i. */
static void add_state(ct_lifting *l, int32_t i, const fmpz_t factor, const fmpz_t common,
                      fmpz_t scratch)
{
    const ct_rationals *b = l->behind;
    for (int bit = 0; bit < 2; bit++) {
        const int32_t q = l->next[i][bit];
        if (q < 0)
            continue;
        fmpz_divexact(scratch, common, b->denominator + q);
        fmpz_mul(scratch, scratch, factor);
        for (size_t e = b->start[q]; e < b->start[q + 1]; e++)
            fmpz_addmul(l->sum + bit * l->right + b->column[e], scratch, b->numerator + e);
    }
}

static void widen(const ct_lifting *l, int32_t i, fmpz_t common)
{
    for (int bit = 0; bit < 2; bit++)
        if (l->next[i][bit] >= 0)
            fmpz_lcm(common, common, l->behind->denominator + l->next[i][bit]);
}

/* Whether columns of M_i that are not 0 in the sum are left; clears them. */
static bool clear_state(ct_lifting *l, int32_t i)
{
    const ct_rationals *b = l->behind;
    bool zero = true;
    for (int bit = 0; bit < 2; bit++) {
        const int32_t q = l->next[i][bit];
        for (size_t e = q < 0 ? 0 : b->start[q]; q >= 0 && e < b->start[q + 1]; e++) {
            fmpz *sum = l->sum + bit * l->right + b->column[e];
            zero = zero && fmpz_is_zero(sum);
            fmpz_zero(sum);
        }
    }
    return zero;
}

/* numerators M[pivots] = denominator M_i, in integers. */
static bool holds(ct_lifting *l, int32_t i)
{
    const ct_rationals *row = &l->row[i];
    fmpz_t common, scratch, minus;
    fmpz_init_set_ui(common, 1);
    fmpz_init(scratch);
    fmpz_init(minus);
    widen(l, i, common);
    for (size_t e = 0; e < row->count; e++)
        widen(l, l->pivot[row->column[e]], common);
    fmpz_neg(minus, row->denominator);
    add_state(l, i, minus, common, scratch);
    for (size_t e = 0; e < row->count; e++)
        add_state(l, l->pivot[row->column[e]], row->numerator + e, common, scratch);
    bool good = clear_state(l, i);
    for (size_t e = 0; e < row->count; e++)
        good &= clear_state(l, l->pivot[row->column[e]]);
    fmpz_clear(common);
    fmpz_clear(scratch);
    fmpz_clear(minus);
    return good;
}

/* ---- all states of a level ---- */

/* The pivots of a prime are those that are known (the first prime: none is), or *other. */
static cutropy_status eliminate(ct_lifting *l, ulong prime, const ulong *value, bool *other)
{
    cutropy_status status = CUTROPY_OK;
    ct_echelon echelon;
    ct_sparse combination = {0};
    const bool fresh = fmpz_is_one(l->modulus);
    *other = false;
    CT_TRY(ct_echelon_start(2 * l->right, l->uses, prime, &echelon));
    for (int32_t i = 0; i < l->states && !*other; i++) {
        bool independent;
        const bool known = !fresh && echelon.row.rows < l->rank && l->pivot[echelon.row.rows] == i;
        if (i % ASK_EVERY == 0)
            CT_TRY(ask(l, &echelon));
        if (!known && l->lifted[i])
            continue;
        enter_state(l, i, value, &echelon);
        CT_TRY(ct_echelon_reduce(&echelon, &independent, &combination));
        *other = !fresh && independent != known;
        if (independent && fresh)
            l->pivot[echelon.row.rows - 1] = i;
        if (!independent && !*other)
            CT_TRY(join(&l->residues[i], l->modulus, &combination, prime));
    }
    if (fresh)
        l->rank = echelon.row.rows;
    if (!*other)
        fmpz_mul_ui(l->modulus, l->modulus, prime);
done:
    ct_sparse_free(&combination);
    ct_echelon_free(&echelon);
    return status;
}

/* Rows that are fractions of the size that the primes allow, and hold. *left: how many are not. */
static cutropy_status lift_all(ct_lifting *l, int32_t *left)
{
    cutropy_status status = CUTROPY_OK;
    int32_t next = 0;
    *left = 0;
    for (int32_t i = 0; i < l->states; i++) {
        if (next < l->rank && l->pivot[next] == i) {
            next++;
            continue;
        }
        if (l->lifted[i])
            continue;
        CT_TRY(lift(&l->residues[i], l->modulus, &l->row[i], &l->lifted[i]));
        l->lifted[i] = l->lifted[i] && holds(l, i);
        if (l->lifted[i])
            residues_free(&l->residues[i]);
        *left += !l->lifted[i];
    }
done:
    return status;
}

/* R_k, whose rows of pivots are those of the identity. */
static cutropy_status gather(ct_lifting *l, ct_rationals *out)
{
    cutropy_status status = CUTROPY_OK;
    int32_t next = 0;
    CT_TRY(ct_rationals_start(l->states, out));
    for (int32_t i = 0; i < l->states; i++) {
        const ct_rationals *row = &l->row[i];
        if (next < l->rank && l->pivot[next] == i) {
            CT_TRY(ct_rationals_add(out, next++));
            fmpz_one(out->numerator + out->count - 1);
        } else {
            for (size_t e = 0; e < row->count; e++) {
                CT_TRY(ct_rationals_add(out, row->column[e]));
                fmpz_set(out->numerator + out->count - 1, row->numerator + e);
            }
            fmpz_set(out->denominator + i, row->denominator);
        }
        out->start[i + 1] = out->count;
    }
done:
    return status;
}

/* Prime after prime. One that finds other pivots than the first is bad, or shows that the first one was: it becomes the first. */
cutropy_status ct_lifting_solve(ct_lifting *l, ct_rationals *out)
{
    cutropy_status status = CUTROPY_OK;
    ulong prime = UINT64_C(1) << PRIME_BITS, *value = NULL;
    int32_t left = 1;
    CT_NEW(value, l->behind->count);
    while (left) {
        bool fits, other;
        prime = n_nextprime(prime, 1);
        CT_TRY(reduce_behind(l->behind, prime, value, &fits));
        if (!fits)
            continue;
        CT_TRY(eliminate(l, prime, value, &other));
        if (other) {
            forget(l);
            CT_TRY(eliminate(l, prime, value, &other));
        }
        CT_TRY(lift_all(l, &left));
    }
    CT_TRY(gather(l, out));
done:
    ct_free(value);
    return status;
}
