/* SPDX-License-Identifier: Apache-2.0 */
/* The table of what a check found: the worst row first. */
#include "analysis/check/check.h"
#include "base/base.h"
#include "base/locale.h"
#include "sheet/sheet.h"

typedef enum column_id { LINE, CUT, VERDICT, DIFFERENCE, COLUMN, THEIRS, OURS, OTHERS } column_id;

static const ct_column_words columns[] = {
    {"line", CUTROPY_COLUMN_INTEGER, 0},        {"cut", CUTROPY_COLUMN_TEXT, 0},
    {"verdict", CUTROPY_COLUMN_TEXT, CT_PLAIN}, {"difference", CUTROPY_COLUMN_REAL, 0},
    {"column", CUTROPY_COLUMN_TEXT, 0},         {"table", CUTROPY_COLUMN_TEXT, 0},
    {"cutropy", CUTROPY_COLUMN_TEXT, 0},        {"others", CUTROPY_COLUMN_TEXT, 0}};

static void get_cell(const cutropy_sheet *sheet, size_t at, size_t column, ct_cell *cell)
{
    const cutropy_checked_row *row = cutropy_check_row(sheet->of, at);
    switch ((column_id)column) {
    case LINE:
        ct_cell_integer(cell, (int64_t)row->line);
        return;
    case CUT:
        cell->text = row->cut;
        return;
    case VERDICT:
        cell->text = cutropy_check_verdict_name(row->verdict);
        return;
    case DIFFERENCE: /* for reading: three digits */
        ct_cell_real(cell, row->difference, 0);
        ct_snprintf(cell->room, sizeof cell->room, "%.3g", row->difference);
        cell->text = cell->room;
        return;
    case COLUMN:
        cell->text = row->column;
        return;
    case THEIRS:
        cell->text = row->theirs;
        return;
    case OURS:
        cell->text = row->ours;
        return;
    case OTHERS:
        cell->text = row->others;
    }
}

cutropy_status cutropy_check_sheet(const cutropy_check *check, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_sheet_start(CT_COLUMNS(columns), CUTROPY_BASE_BITS, check, check->summary.rows,
                          get_cell, out));
    cutropy_sheet *sheet = *out;
    for (size_t c = COLUMN; c <= OTHERS; c++)
        sheet->column[c].quoted = true; /* texts of others */
    ct_sheet_origin(sheet, "cutropy", json_string(cutropy_version()));
    ct_sheet_origin(sheet, "table", ct_json_text(check->path));
done:
    return ct_sheet_finish(status, out);
}
