/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/weighted.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "problem/label.h"

void ct_formulas_free(ct_formulas *n)
{
    ct_free(n->number);
    ct_free(n->summand);
    *n = (ct_formulas){0};
}

cutropy_status ct_formulas_add(ct_formulas *n, ct_formula_kind kind, const double *summand,
                               size_t count, bool is_complex)
{
    cutropy_status status = CUTROPY_OK;
    const size_t doubles = count * (is_complex ? 2 : 1);
    CT_TRY(CT_ROOM("numbers", n->number, n->count, n->room, 1));
    CT_TRY(CT_ROOM("numbers", n->summand, n->doubles, n->summand_room, doubles));
    memcpy(n->summand + n->doubles, summand, doubles * sizeof *summand);
    n->number[n->count++] = (ct_formula){.kind = kind, .start = n->doubles, .count = count};
    n->doubles += doubles;
done:
    return status;
}

void ct_weighted_free(ct_weighted *w)
{
    for (int k = 0; w->site && k < w->pixels; k++) {
        ct_free(w->site[k].start);
        ct_free(w->site[k].state);
        ct_free(w->site[k].value);
        ct_free(w->site[k].factor);
    }
    ct_formulas_free(&w->exact);
    ct_free(w->site);
    ct_free(w->bond);
    *w = (ct_weighted){0};
}

/* Room for all numbers of a site, whose rows have `most` each at most. */
static cutropy_status open_site(const ct_weighted *w, int k, int32_t most)
{
    cutropy_status status = CUTROPY_OK;
    ct_weighted_site *site = &w->site[k];
    const size_t rows = 2 * (size_t)w->bond[k], numbers = rows * (size_t)most;
    CT_NEW(site->start, rows + 1);
    CT_NEW(site->state, numbers);
    CT_NEW(site->value, numbers * (w->is_complex ? 2 : 1));
    for (size_t r = 0; r <= rows; r++)
        site->start[r] = (int64_t)r * most;
done:
    return status;
}

cutropy_status ct_weighted_new(int pixels, int32_t inner, int32_t numbers, bool is_complex,
                               ct_weighted_detail detail, ct_weighted *out)
{
    cutropy_status status = CUTROPY_OK;
    *out = (ct_weighted){.pixels = pixels, .is_complex = is_complex, .numbers = numbers};
    CT_NEW(out->bond, pixels + 1);
    for (int k = 0; k <= pixels; k++)
        out->bond[k] = k == 0 || k == pixels ? 1 : inner;
    if (detail == CT_BONDS)
        return CUTROPY_OK;
    CT_NEW_ZERO(out->site, pixels);
    for (int k = 0; k < pixels; k++)
        CT_TRY(open_site(out, k, k == 0 ? out->bond[1] : k == pixels - 1 ? 1 : numbers));
done:
    if (status != CUTROPY_OK)
        ct_weighted_free(out);
    return status;
}

cutropy_status ct_weighted_in_order(const cutropy_problem *problem, const uint16_t *order)
{
    for (int k = 0; k < problem->lattice->pixels; k++)
        if (order[k] != k)
            return ct_fail(
                CUTROPY_EUNSUPPORTED,
                "%s: solver frontier has the cuts between the first pixels and the "
                "others alone (prefixes, half); other cuts are enumerated, up to %d pixels",
                problem->text, CT_INDEX_PIXELS);
    return CUTROPY_OK;
}

static uint64_t mix(uint64_t hash, const void *number, size_t words)
{
    for (size_t i = 0; i < words; i++) {
        uint64_t word;
        memcpy(&word, (const char *)number + 8 * i, sizeof word);
        hash = ct_mix64(hash * 3 + word);
    }
    return hash;
}

uint64_t ct_weighted_checksum(const ct_weighted *w)
{
    uint64_t hash = ct_mix64((uint64_t)w->pixels * 2 + w->is_complex);
    for (int k = 0; k < w->pixels; k++) {
        const ct_weighted_site *site = &w->site[k];
        const size_t rows = 2 * (size_t)w->bond[k], numbers = (size_t)site->start[rows];
        hash = mix(hash, site->start, rows + 1);
        for (size_t i = 0; i < numbers; i++)
            hash = ct_mix64(hash * 3 + (uint64_t)site->state[i]);
        hash = mix(hash, site->value, numbers * (w->is_complex ? 2 : 1));
    }
    return hash;
}

/* ---- functions of few pixels ---- */

typedef struct ct_local_reading {
    const ct_local *local;
    int pixels;
    const uint16_t *order;
    int32_t *place;   /* of each pixel in the order */
    int32_t *release; /* of each pixel: where the last term that it is in is complete */
    int32_t *done;    /* of each term: where it is complete */
    int32_t
        *waits; /* places of the pixels that wait before this one, ascending: the bits of a state */
    int count;  /* of them */
    size_t *term; /* the terms that are complete here */
    size_t terms;
    uint64_t *
        bits; /* of all their pixels: in the state, one after the other; 63: the bit that is read */
    bool exact;     /* exact numbers, too */
    int32_t *first; /* of each term: its exact number 0 */
    int32_t one, constant;
    ct_weighted *out;
} ct_local_reading;

static cutropy_status find_places(ct_local_reading *r)
{
    cutropy_status status = CUTROPY_OK;
    const size_t n = (size_t)r->pixels;
    size_t most = 0;
    CT_NEW(r->place, n);
    CT_NEW(r->release, n);
    CT_NEW(r->done, r->local->terms);
    CT_NEW(r->waits, n);
    CT_NEW(r->term, r->local->terms);
    for (int k = 0; k < r->pixels; k++)
        r->release[r->order[k]] = r->place[r->order[k]] = k;
    for (size_t t = 0; t < r->local->terms; t++) {
        const ct_local_term *term = &r->local->term[t];
        r->done[t] = 0;
        for (int j = 0; j < term->count; j++)
            if (r->place[term->pixel[j]] > r->done[t])
                r->done[t] = r->place[term->pixel[j]];
        for (int j = 0; j < term->count; j++)
            if (r->done[t] > r->release[term->pixel[j]])
                r->release[term->pixel[j]] = r->done[t];
        most += (size_t)term->count;
    }
    CT_NEW(r->bits, most);
done:
    return status;
}

/* Behind place k: it waits, and those that nothing asks for any more do not. */
static void pass(ct_local_reading *r, int k)
{
    int left = 0;
    r->waits[r->count++] = k;
    for (int j = 0; j < r->count; j++)
        if (r->release[r->order[r->waits[j]]] > k)
            r->waits[left++] = r->waits[j];
    r->count = left;
}

/* Levels of a sum have one state more, for what was added already; not the first and the last one. */
static cutropy_status find_bonds(ct_local_reading *r)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW(r->out->bond, r->pixels + 1);
    r->out->bond[0] = 1;
    for (int k = 0; k < r->pixels; k++) {
        pass(r, k);
        if (r->count > CT_MOST_WAITING)
            CT_TRY(
                ct_fail(CUTROPY_EUNSUPPORTED,
                        "in this order %d pixels that were read wait for others, and 2^%d states "
                        "are too many",
                        r->count, r->count));
        r->out->bond[k + 1] = (1 << r->count) + (r->local->is_sum && k + 1 < r->pixels);
    }
done:
    return status;
}

/* What is complete behind place k, and where its pixels stand. */
static void find_terms(ct_local_reading *r, int k)
{
    uint64_t *bit = r->bits;
    r->terms = 0;
    for (size_t t = 0; t < r->local->terms; t++) {
        const ct_local_term *term = &r->local->term[t];
        if (r->done[t] != k)
            continue;
        r->term[r->terms++] = t;
        for (int j = 0; j < term->count; j++, bit++) {
            const int32_t place = r->place[term->pixel[j]];
            *bit = 63;
            for (int i = 0; i < r->count && place != k; i++)
                if (r->waits[i] == place)
                    *bit = (uint64_t)i;
        }
    }
}

/* Of the value of a term whose pixels stand there. */
static size_t term_index(const uint64_t *bit, int count, uint64_t state)
{
    size_t index = 0;
    for (int j = 0; j < count; j++)
        index |= (size_t)(state >> bit[j] & 1) << j;
    return index;
}

/* The product or the sum of these terms; state: with the bit that is read as bit 63. */
static void weigh(const ct_local_reading *r, uint64_t state, double number[2])
{
    const uint64_t *bit = r->bits;
    const bool is_sum = r->local->is_sum, is_complex = r->local->is_complex;
    number[0] = !is_sum;
    number[1] = 0;
    for (size_t t = 0; t < r->terms; t++) {
        const ct_local_term *term = &r->local->term[r->term[t]];
        const size_t index = term_index(bit, term->count, state);
        bit += term->count;
        if (is_sum) {
            number[0] += term->value[index];
        } else if (is_complex) {
            const double *v = term->value + 2 * index, re = number[0];
            number[0] = re * v[0] - number[1] * v[1];
            number[1] = re * v[1] + number[1] * v[0];
        } else {
            number[0] *= term->value[index];
        }
    }
}

/* Squares of what is between these, and sums of them, stay far inside the range of doubles. */
static bool has_range(double number)
{
    return number == 0 || (fabs(number) >= 0x1p-400 && fabs(number) <= 0x1p400);
}

static uint64_t next_state(const ct_local_reading *r, int k, uint64_t state)
{
    uint64_t next = 0;
    int left = 0;
    for (int j = 0; j <= r->count; j++) {
        const int32_t place = j < r->count ? r->waits[j] : k;
        if (r->release[r->order[place]] > k)
            next |= (state >> (j < r->count ? j : 63) & 1) << left++;
    }
    return next;
}

/* The exact factors, or summands, of a number; is_one: what goes on without them. */
static void set_exact(const ct_local_reading *r, ct_weighted_site *site, int64_t at, bool is_one,
                      uint64_t state)
{
    const uint64_t *bit = r->bits;
    const bool last = site == &r->out->site[r->pixels - 1];
    if (!r->exact)
        return;
    int32_t *factor = site->factor + at * site->factors;
    for (size_t t = 0; t < r->terms; t++) {
        const int count = r->local->term[r->term[t]].count;
        *factor++ = is_one ? -1 : r->first[r->term[t]] + (int32_t)term_index(bit, count, state);
        bit += count;
    }
    if (r->local->is_sum)
        *factor = is_one ? r->one : last ? r->constant : -1;
}

static cutropy_status fill_site(ct_local_reading *r, int k)
{
    cutropy_status status = CUTROPY_OK;
    const bool is_sum = r->local->is_sum, last = k == r->pixels - 1;
    const size_t parts = r->local->is_complex ? 2 : 1;
    const uint64_t states = UINT64_C(1) << r->count;
    ct_weighted_site *site = &r->out->site[k];
    int64_t at = 0;
    CT_TRY(open_site(r->out, k, r->out->numbers));
    if (r->exact) {
        site->factors = (int)r->terms + is_sum;
        CT_NEW(site->factor, (int64_t)site->factors * site->start[2 * (size_t)r->out->bond[k]]);
    }
    for (uint64_t x = 0; x < 2; x++)
        for (int64_t i = 0; i < r->out->bond[k]; i++) {
            const bool added = (uint64_t)i == states; /* the state of what was added already */
            const uint64_t state = (uint64_t)i | x << 63;
            const int32_t end = r->out->bond[k + 1] - 1;
            double number[2] = {1, 0};
            site->start[x * (uint64_t)r->out->bond[k] + (uint64_t)i] = at;
            if (!added)
                weigh(r, state, number);
            if (!has_range(number[0]) || !has_range(number[1]))
                CT_TRY(
                    ct_fail(CUTROPY_EINPUT,
                            "the factors of pixel %d make %.3g: take smaller weights or parameters",
                            r->order[k], number[0]));
            if (is_sum && !added && last)
                number[0] += r->local->constant;
            if (is_sum && !added && !last) { /* go on, and add */
                set_exact(r, site, at, true, state);
                site->state[at] = (int32_t)next_state(r, k, state);
                site->value[at++] = 1;
            }
            set_exact(r, site, at, added, state);
            site->state[at] = is_sum ? end : (int32_t)next_state(r, k, state);
            memcpy(site->value + parts * (size_t)at, number, parts * sizeof *number);
            at += r->exact || number[0] != 0 || number[1] != 0;
        }
    site->start[2 * (size_t)r->out->bond[k]] = at;
done:
    return status;
}

static cutropy_status fill_sites(ct_local_reading *r)
{
    cutropy_status status = CUTROPY_OK;
    const double each = r->local->is_complex ? 3 : 1;
    CT_NEW_ZERO(r->out->site, r->pixels);
    r->count = 0;
    for (int k = 0; k < r->pixels; k++) {
        find_terms(r, k);
        CT_TRY(fill_site(r, k));
        if (!r->local->is_sum)
            r->out->error = fmax(r->out->error, (double)r->terms * (each + r->local->error));
        pass(r, k);
    }
done:
    return status;
}

/* The exact numbers of the terms, or their values as they are. */
static cutropy_status take_exact(ct_local_reading *r)
{
    cutropy_status status = CUTROPY_OK;
    const ct_local *local = r->local;
    ct_formulas *exact = &r->out->exact;
    CT_NEW(r->first, local->terms);
    r->out->adds = local->is_sum;
    if (local->exact) {
        *exact = *local->exact;
        *local->exact = (ct_formulas){0};
    }
    for (size_t t = 0; t < local->terms; t++) {
        const ct_local_term *term = &local->term[t];
        const size_t parts = local->is_complex ? 2 : 1;
        r->first[t] = local->exact ? term->exact : (int32_t)exact->count;
        for (size_t i = 0; i < (size_t)1 << term->count && !local->exact; i++)
            CT_TRY(ct_formulas_add(exact, CT_SUM, term->value + parts * i, 1, local->is_complex));
    }
    r->constant = (int32_t)exact->count;
    CT_TRY(ct_formulas_add(exact, CT_SUM, (double[2]){local->constant}, 1, local->is_complex));
    r->one = (int32_t)exact->count;
    CT_TRY(ct_formulas_add(exact, CT_SUM, (double[2]){1}, 1, local->is_complex));
    if (exact->count > INT32_MAX)
        status = ct_fail(CUTROPY_EUNSUPPORTED, "%zu exact numbers are too many", exact->count);
done:
    return status;
}

cutropy_status ct_weighted_local(const ct_local *local, int pixels, const uint16_t *order,
                                 ct_weighted_detail detail, ct_weighted *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_local_reading r = {.local = local,
                          .pixels = pixels,
                          .order = order,
                          .exact = detail == CT_EXACT_NUMBERS,
                          .out = out};
    *out =
        (ct_weighted){.pixels = pixels, .is_complex = local->is_complex, .single = !local->is_sum};
    out->numbers = local->is_sum ? 2 : 1;
    CT_TRY(find_places(&r));
    CT_TRY(find_bonds(&r));
    if (r.exact)
        CT_TRY(take_exact(&r));
    if (detail != CT_BONDS)
        CT_TRY(fill_sites(&r));
done:
    ct_free(r.first);
    ct_free(r.place);
    ct_free(r.release);
    ct_free(r.done);
    ct_free(r.waits);
    ct_free(r.term);
    ct_free(r.bits);
    if (status != CUTROPY_OK)
        ct_weighted_free(out);
    return status;
}
