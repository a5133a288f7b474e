/* SPDX-License-Identifier: Apache-2.0 */
/* The table of statements. */
#include <math.h>

#include "analysis/range/range.h"
#include "analysis/verify/verify.h"
#include "base/base.h"
#include "engine/function/result.h"
#include "sheet/sheet.h"

typedef enum column_id {
    STATEMENT,
    REFERENCE,
    VERDICT,
    CHECKED,
    UNDECIDED,
    LEFT_OUT,
    CUT,
    SLACK,
    CLAIM,
    DETAIL
} column_id;

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_verification *v = sheet->of;
    const cutropy_statement *s = &v->statements[row];
    switch ((column_id)column) {
    case STATEMENT:
        cell->text = s->name;
        return;
    case REFERENCE:
        cell->text = s->reference;
        return;
    case VERDICT:
        cell->text = cutropy_verdict_name(s->verdict);
        return;
    case CHECKED:
        ct_cell_integer(cell, (int64_t)s->checked);
        return;
    case UNDECIDED:
        ct_cell_integer(cell, (int64_t)s->undecided);
        return;
    case LEFT_OUT:
        ct_cell_integer(cell, (int64_t)s->left_out);
        return;
    case CUT:
        cell->missing = !s->has_cut;
        if (s->has_cut)
            ct_cell_mask(cell, &v->ranges->result->cuts, s->cut);
        return;
    case SLACK:
        ct_cell_real(cell, isfinite(s->slack) ? s->slack : NAN,
                     isfinite(s->slack_err) ? s->slack_err : NAN);
        return;
    case CLAIM:
        cell->text = s->claim;
        return;
    case DETAIL:
        cell->text = s->detail;
    }
}

cutropy_status cutropy_verification_sheet(const cutropy_verification *verification,
                                          cutropy_sheet **out)
{
    static const ct_column_words columns[] = {
        {"statement", CUTROPY_COLUMN_TEXT, 0},    {"reference", CUTROPY_COLUMN_TEXT, 0},
        {"verdict", CUTROPY_COLUMN_TEXT, 0},      {"checked", CUTROPY_COLUMN_INTEGER, 0},
        {"undecided", CUTROPY_COLUMN_INTEGER, 0}, {"left_out", CUTROPY_COLUMN_INTEGER, 0},
        {"cut", CUTROPY_COLUMN_TEXT, CT_PLAIN},   {"slack", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
        {"claim", CUTROPY_COLUMN_TEXT, 0},        {"detail", CUTROPY_COLUMN_TEXT, 0}};
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_sheet_start(CT_COLUMNS(columns), CUTROPY_BASE_BITS, verification, CT_STATEMENTS,
                          get_cell, out));
    cutropy_sheet *sheet = *out;
    ct_sheet_origins(sheet, verification->ranges->result, CUTROPY_BASE_BITS, false);
    sheet->origin_after = sheet->origins;
    ct_sheet_origin(sheet, "complete", json_true());
done:
    return ct_sheet_finish(status, out);
}
