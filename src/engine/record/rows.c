/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record/rows.h"

#include <math.h>

#include "base/bits.h"
#include "certify/decimal.h"
#include "engine/record/record.h"

static const int mutual[3] = {1, 1, -1}; /* I = S(A) + S(B) - S(AB) */

#define ASK_EVERY 4096 /* cuts; fewer take less than a hundredth of a second */

/* Adds the cuts of single pixels that I(i:j) needs; site[i] = orbit of pixel i. */
static cutropy_status add_sites(int pixels, const ct_symmetry *symmetry, ct_orbits *orbits,
                                uint32_t *site)
{
    for (int i = 0; i < pixels; i++) {
        uint64_t mask[CUTROPY_MAX_PIXELS / 64] = {0};
        bool swapped;
        mask[i >> 6] |= UINT64_C(1) << (i & 63);
        cutropy_status status = ct_orbits_add(orbits, symmetry, mask, &site[i], &swapped);
        if (status != CUTROPY_OK)
            return status;
    }
    return CUTROPY_OK;
}

/* Adds the complements of all cuts, and all pixels, whose complement is the label. */
static cutropy_status add_labels(const cutropy_cuts *cuts, int pixels, const ct_symmetry *symmetry,
                                 ct_orbits *orbits, uint32_t *labels)
{
    for (size_t i = 0; i <= cuts->count; i++) {
        uint64_t mask[CUTROPY_MAX_PIXELS / 64] = {0};
        bool swapped;
        for (int n = 0; n < pixels; n++)
            if (i == cuts->count || !ct_bit(cuts->masks + i * cuts->words, (uint64_t)n))
                ct_set_bit(mask, (uint64_t)n);
        const cutropy_status status = ct_orbits_add(orbits, symmetry, mask, &labels[i], &swapped);
        if (status != CUTROPY_OK)
            return status;
    }
    return CUTROPY_OK;
}

cutropy_status ct_rows_fill(cutropy_result *result, const cutropy_lattice *lattice,
                            const ct_symmetry *symmetry, ct_reporter *reporter, ct_orbits *orbits)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_cuts *cuts = &result->cuts;
    uint32_t *site = result->sites;
    if (site) /* first, so that after Ctrl-C finished pairs have their sites */
        CT_TRY(add_sites(lattice->pixels, symmetry, orbits, site));
    if (result->labels)
        CT_TRY(add_labels(cuts, lattice->pixels, symmetry, orbits, result->labels));
    for (size_t i = 0; i < cuts->count; i++) {
        const uint64_t *mask = cuts->masks + i * cuts->words;
        cutropy_row *row = &result->rows[i];
        bool swapped;
        if (i % ASK_EVERY == ASK_EVERY - 1 && ct_report("symmetry", i, cuts->count, reporter))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped before the first cut"));
        CT_TRY(ct_orbits_add(orbits, symmetry, mask, &row->record, &swapped));
        row->swapped = swapped;
        row->na = cutropy_mask_pixels(mask, cuts->words);
        row->boundary = cutropy_boundary(lattice, mask);
        row->boundary_pixels = cutropy_boundary_pixels(lattice, mask);
        if (site && row->na != 2)
            CT_TRY(ct_fail(CUTROPY_EINPUT,
                           "mutual_information I(i:j) needs cuts of two pixels: use --cuts pairs"));
    }
done:
    return status;
}

/* I(i:j) as a sum of proved decimals, where all three have as many places. */
static cutropy_status mutual_decimals(const cutropy_record *const record[3], cutropy_row *row)
{
    for (int unit = 0; unit < 2; unit++) {
        const cutropy_exact *e[3] = {record[0]->exact, record[1]->exact, record[2]->exact};
        if (!e[0] || !e[1] || !e[2] || !e[0]->entropy[unit] || !e[1]->entropy[unit] ||
            !e[2]->entropy[unit] || e[0]->decimals[unit] != e[1]->decimals[unit] ||
            e[0]->decimals[unit] != e[2]->decimals[unit])
            continue;
        const cutropy_status status =
            ct_decimals_combine(e[0]->entropy[unit], e[1]->entropy[unit], e[2]->entropy[unit],
                                &row->mutual_information_text[unit]);
        if (status != CUTROPY_OK)
            return status;
        row->mutual_information_decimals[unit] = e[0]->decimals[unit];
    }
    return CUTROPY_OK;
}

void ct_entropies_combine(const cutropy_record *const *record, const int *sign, int count,
                          double *value, double *error)
{
    double i = 0, e = 0, size = 0;
    for (int k = 0; k < count; k++) {
        i += sign[k] * record[k]->entropy;
        e += record[k]->entropy_err;
        size += record[k]->entropy;
    }
    if (e > 0)
        e += (count + 1) * 0x1p-53 * (size + e);
    const bool known = e < fabs(i); /* else not one digit is, and 0 is as good */
    *value = known ? i : 0;
    *error = known ? e : fabs(i) + e;
}

/* A pair fails with its sites. */
static cutropy_status pass_failure_on(const cutropy_record *site, cutropy_record *pair)
{
    if (!site->failed || pair->failed)
        return CUTROPY_OK;
    (void)ct_error_restore((cutropy_status)site->failed, site->failure);
    return ct_record_fail(pair, (cutropy_status)site->failed);
}

cutropy_status ct_rows_mutual_information(cutropy_result *result)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_record *records = result->records;
    const uint32_t *site = result->sites;
    const cutropy_cuts *cuts = &result->cuts;
    for (size_t i = 0; i < cuts->count; i++) {
        cutropy_row *row = &result->rows[i];
        const cutropy_record *three[3] = {NULL, NULL, &records[row->record]};
        int known = 1, found = 0;
        for (int p = 0; p < (int)(64 * cuts->words) && found < 2; p++)
            if ((cuts->masks[i * cuts->words + (size_t)(p >> 6)] >> (p & 63)) & 1) {
                three[found++] = &records[site[p]];
                known &= records[site[p]].done;
            }
        if (found < 2)
            continue; /* refused before the run */
        ct_entropies_combine(three, mutual, 3, &row->mutual_information,
                             &row->mutual_information_err);
        for (int k = 0; k < 2; k++) /* a row is as good as the worst of its numbers */
            if (three[k]->guarantee > records[row->record].guarantee)
                records[row->record].guarantee = three[k]->guarantee;
        for (int k = 0; k < 2 && status == CUTROPY_OK; k++)
            status = pass_failure_on(three[k], &records[row->record]);
        if (!known)
            records[row->record].done = 0;
        else if (three[2]->done && status == CUTROPY_OK)
            status = mutual_decimals(three, row);
    }
    return status;
}

cutropy_status ct_rows_labels(cutropy_result *result)
{
    cutropy_record *records = result->records;
    const cutropy_record *label = &records[result->labels[result->count]];
    for (size_t i = 0; i < result->count; i++) {
        cutropy_row *row = &result->rows[i];
        cutropy_record *own = &records[row->record];
        const cutropy_record *three[3] = {own, label, &records[result->labels[i]]};
        for (int k = 1; k < 3; k++) {
            const cutropy_status status = pass_failure_on(three[k], own);
            if (status != CUTROPY_OK)
                return status;
            if (!three[k]->done)
                own->done = 0;
            if (three[k]->guarantee > own->guarantee) /* as good as the worst of its numbers */
                own->guarantee = three[k]->guarantee;
            row->label[k] = three[k]->entropy;
            row->label_err[k] = three[k]->entropy_err;
        }
        ct_entropies_combine(three, mutual, 3, &row->label[0], &row->label_err[0]);
    }
    return CUTROPY_OK;
}
