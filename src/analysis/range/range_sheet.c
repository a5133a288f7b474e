/* SPDX-License-Identifier: Apache-2.0 */
/* The table of ranges. */
#include <math.h>

#include "analysis/range/range.h"
#include "base/base.h"
#include "base/twofold.h"
#include "engine/function/result.h"
#include "sheet/sheet.h"

typedef enum column_id {
    CUT,
    RANGE,
    RANGE_PIXELS,
    ASSUMPTION1,
    ENTROPY,
    BOUND,
    CLASSES_A,
    CLASSES_B,
    BOUNDARY,
    BOUNDARY_PIXELS,
    SLACK,
    BOUNDARY_BOUND,
    DEPTH,
    WITNESS_1,
    WITNESS_2
} column_id;

/* bound - entropy in the unit, rounded down: each step is off by at most half a unit of its last
 * place, and so is M_LN2. */
static double slack(const cutropy_range *r, double unit)
{
    double slip, slack = r->range_pixels - r->entropy;
    ct_two_sum(r->range_pixels, -r->entropy, &slip);
    if (slip < 0)
        slack = nextafter(slack, -INFINITY);
    return unit == 1 ? slack : nextafter(nextafter(slack * unit, -INFINITY), -INFINITY);
}

/* That of the entropy, and what was rounded down. */
static double slack_error(const cutropy_range *r, double unit)
{
    const double size = fmax(r->range_pixels, fabs(r->entropy));
    return (r->entropy_err * (1 + 0x1p-50) + size * 0x1p-51) * unit;
}

static void get_witness(const cutropy_ranges *ranges, size_t row, size_t which, ct_cell *cell)
{
    const cutropy_cuts witness = {.words = ranges->result->cuts.words, .masks = ranges->witness};
    cell->missing = ranges->rows[row].assumption1;
    if (!cell->missing)
        ct_cell_mask(cell, &witness, 2 * row + which);
}

/* What a cut without a range does not have. */
static void get_bound(const cutropy_range *r, column_id id, double unit, ct_cell *cell)
{
    cell->missing = r->range == CUTROPY_NO_RANGE;
    if (cell->missing)
        return;
    if (id == RANGE || id == RANGE_PIXELS)
        ct_cell_integer(cell, id == RANGE ? r->range : r->range_pixels);
    else if (id == BOUND)
        ct_cell_real(cell, r->range_pixels * unit, 0);
    else if (id == SLACK)
        ct_cell_real(cell, slack(r, unit), slack_error(r, unit));
    else
        ct_cell_real(cell, (double)r->range * r->boundary_pixels * unit, 0);
}

static void get_cell(const cutropy_sheet *sheet, size_t at, size_t column, ct_cell *cell)
{
    const cutropy_ranges *ranges = sheet->of;
    const size_t row = ((const size_t *)sheet->own)[at]; /* of the finished ones */
    const cutropy_range *r = &ranges->rows[row];
    switch ((column_id)column) {
    case CUT:
        ct_cell_mask(cell, &ranges->result->cuts, row);
        return;
    case RANGE:
    case RANGE_PIXELS:
    case BOUND:
    case SLACK:
    case BOUNDARY_BOUND:
        get_bound(r, (column_id)column, sheet->unit, cell);
        return;
    case ASSUMPTION1:
        ct_cell_integer(cell, r->assumption1);
        return;
    case ENTROPY:
        ct_cell_bits(cell, r->entropy, r->entropy_err, sheet->unit);
        return;
    case CLASSES_A:
    case CLASSES_B:
        ct_cell_integer(cell, r->classes[column - CLASSES_A]);
        return;
    case BOUNDARY:
        ct_cell_integer(cell, r->boundary);
        return;
    case BOUNDARY_PIXELS:
        ct_cell_integer(cell, r->boundary_pixels);
        return;
    case DEPTH:
        ct_cell_integer(cell, r->depth);
        return;
    case WITNESS_1:
    case WITNESS_2:
        get_witness(ranges, row, column - WITNESS_1, cell);
    }
}

static const ct_column_words columns[] = {
    {"cut", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"range", CUTROPY_COLUMN_INTEGER, 0},
    {"range_pixels", CUTROPY_COLUMN_INTEGER, 0},
    {"assumption1", CUTROPY_COLUMN_FLAG, 0},
    {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
    {"bound", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"classes_a", CUTROPY_COLUMN_INTEGER, 0},
    {"classes_b", CUTROPY_COLUMN_INTEGER, 0},
    {"boundary", CUTROPY_COLUMN_INTEGER, 0},
    {"boundary_pixels", CUTROPY_COLUMN_INTEGER, 0},
    {"slack", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
    {"boundary_bound", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"depth", CUTROPY_COLUMN_INTEGER, 0},
    {"witness_1", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"witness_2", CUTROPY_COLUMN_TEXT, CT_PLAIN}};

cutropy_status cutropy_ranges_sheet(const cutropy_ranges *ranges, cutropy_base base,
                                    cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    size_t *finished = NULL;
    CT_TRY(ct_sheet_start(CT_COLUMNS(columns), base, ranges, 0, get_cell, out));
    cutropy_sheet *sheet = *out;
    CT_NEW(finished, ranges->count);
    sheet->own = finished;
    for (size_t row = 0; row < ranges->count; row++)
        if (ranges->rows[row].done)
            finished[sheet->rows++] = row;
    if (!ranges->complete)
        snprintf(sheet->partial, sizeof sheet->partial, "%zu of %zu cuts", sheet->rows,
                 ranges->count);
    ct_sheet_origins(sheet, ranges->result, base, false);
    sheet->origin_after = sheet->origins;
    ct_sheet_origin(sheet, "complete", json_boolean(ranges->complete));
done:
    return ct_sheet_finish(status, out);
}
