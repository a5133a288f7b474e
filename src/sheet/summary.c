/* SPDX-License-Identifier: Apache-2.0 */
/* One row about all cuts of a run. */
#include <math.h>

#include "engine/function/result.h"
#include "sheet/sheet.h"

typedef struct summary {
    size_t cuts;
    double entropy[3], entropy_err[3]; /* mean, least, largest; bits */
    double purity, purity_err, wallach, wallach_err;
    bool sites; /* the cuts are all single pixels, of two levels */
    cutropy_guarantee guarantee;
} summary;

typedef enum column_id { CUTS, MEAN, LEAST, LARGEST, PURITY, WALLACH, GUARANTEE } column_id;

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const summary *s = sheet->own;
    (void)row;
    switch ((column_id)column) {
    case CUTS:
        ct_cell_integer(cell, (int64_t)s->cuts);
        return;
    case MEAN:
    case LEAST:
    case LARGEST:
        ct_cell_bits(cell, s->entropy[column - MEAN], s->entropy_err[column - MEAN], sheet->unit);
        return;
    case PURITY:
        ct_cell_real(cell, s->purity, s->purity_err);
        return;
    case WALLACH:
        ct_cell_real(cell, s->wallach, s->wallach_err);
        cell->missing = !s->sites;
        return;
    case GUARANTEE:
        cell->text = ct_guarantee_name(s->guarantee);
    }
}

/* Sums of doubles: u of every partial sum, the error of each number, and that of the fraction that a double stands for. */
static void add(double value, double error, double *sum, double *sum_err)
{
    *sum += value;
    *sum_err += error + 0x1p-53 * (fabs(value) + *sum);
}

static cutropy_status fill(const cutropy_result *result, summary *s)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *lattice = NULL;
    CT_TRY(cutropy_lattice_parse(result->lattice, &lattice));
    s->sites = result->two_levels && result->count == (size_t)lattice->pixels;
    for (size_t row = 0; row < result->count; row++) {
        const cutropy_record *r = &result->records[result->rows[row].record];
        if (!r->done || r->failed)
            CT_TRY(ct_fail(CUTROPY_EINPUT, "a summary is about all cuts, and one has no numbers"));
        add(r->entropy, r->entropy_err, &s->entropy[0], &s->entropy_err[0]);
        add(r->purity, r->purity_err, &s->purity, &s->purity_err);
        if (!row || r->entropy < s->entropy[1])
            s->entropy[1] = r->entropy;
        if (!row || r->entropy > s->entropy[2])
            s->entropy[2] = r->entropy;
        /* of the least and of the largest of numbers that are off by this at most */
        s->entropy_err[1] = s->entropy_err[2] = fmax(s->entropy_err[1], r->entropy_err);
        s->sites &= result->rows[row].na == 1;
        s->guarantee = r->guarantee > s->guarantee ? r->guarantee : s->guarantee;
    }
    s->cuts = result->count;
    const double count = (double)s->cuts;
    s->entropy[0] /= count;
    s->entropy_err[0] = s->entropy_err[0] / count + 0x1p-53 * s->entropy[0];
    s->purity /= count;
    s->purity_err = s->purity_err / count + 0x1p-53 * s->purity;
    s->wallach = 2 * (1 - s->purity);
    s->wallach_err = 2 * s->purity_err + 0x1p-52;
done:
    cutropy_lattice_free(lattice);
    return status;
}

cutropy_status cutropy_summary_sheet(const cutropy_result *result, cutropy_base base,
                                     cutropy_sheet **out)
{
    static const ct_column_words columns[] = {
        {"cuts", CUTROPY_COLUMN_INTEGER, 0},
        {"entropy_mean", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        {"entropy_least", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        {"entropy_largest", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        {"purity_mean", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
        {"meyer_wallach", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
        {"guarantee", CUTROPY_COLUMN_TEXT, CT_PLAIN}};
    cutropy_status status = CUTROPY_OK;
    summary *s = NULL;
    CT_TRY(ct_sheet_start(CT_COLUMNS(columns), base, result, 1, get_cell, out));
    cutropy_sheet *sheet = *out;
    CT_NEW_ZERO(s, 1);
    sheet->own = s;
    CT_TRY(fill(result, s));
    ct_sheet_origins(sheet, result, base, false);
    sheet->origin_after = sheet->origins;
done:
    return ct_sheet_finish(status, out);
}
