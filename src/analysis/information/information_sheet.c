/* SPDX-License-Identifier: Apache-2.0 */
/* The table of informations. */
#include "analysis/information/information.h"
#include "engine/record/rows.h"
#include "sheet/sheet.h"

typedef enum column_id {
    MASK_A,
    MASK_B,
    MASK_C,
    ENTROPY_A,
    ENTROPY_B,
    ENTROPY_AB,
    MUTUAL,
    CONDITIONAL,
    TRIPARTITE,
    NEGATIVITY,
    GUARANTEE
} column_id;

/* Coefficients of S of the unions A, B, AB, C, AC, BC, ABC. */
static const int coefficient[][CT_UNIONS] = {[MUTUAL] = {0, 1, 1, -1, 0, 0, 0, 0},
                                             [CONDITIONAL] = {0, 0, 0, 0, -1, 1, 1, -1},
                                             [TRIPARTITE] = {0, 1, 1, -1, 1, -1, -1, 1},
                                             [ENTROPY_A] = {0, 1},
                                             [ENTROPY_B] = {0, 0, 1},
                                             [ENTROPY_AB] = {0, 0, 0, 1}};

static const cutropy_record *record_of(const cutropy_information *x,
                                       const ct_information_item *item, int u)
{
    return &x->result->records[x->result->rows[item->cut[u]].record];
}

static void get_sum(const cutropy_information *x, const ct_information_item *item, column_id id,
                    double unit, ct_cell *cell)
{
    const cutropy_record *record[CT_UNIONS];
    int sign[CT_UNIONS], count = 0;
    double value, error;
    for (int u = 1; u < 1 << item->regions; u++)
        if (coefficient[id][u]) {
            record[count] = record_of(x, item, u);
            sign[count++] = coefficient[id][u];
        }
    ct_entropies_combine(record, sign, count, &value, &error);
    ct_cell_bits(cell, value, error, unit);
}

static void get_guarantee(const cutropy_information *x, const ct_information_item *item,
                          ct_cell *cell)
{
    cutropy_guarantee worst = x->negativities ? CUTROPY_GUARANTEE_FLOAT : CUTROPY_GUARANTEE_EXACT;
    for (int u = 1; u < 1 << item->regions; u++)
        if (record_of(x, item, u)->guarantee > worst)
            worst = record_of(x, item, u)->guarantee;
    cell->text = ct_guarantee_name(worst);
}

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_information *x = sheet->of;
    const ct_information_item *item = &x->item[row];
    const double unit = sheet->unit;
    const column_id id = (column_id)sheet->column[column].tag;
    switch (id) {
    case MASK_A:
    case MASK_B:
    case MASK_C:
        cell->missing = id == MASK_C && item->regions < 3;
        if (!cell->missing)
            ct_cell_mask(cell, &x->cuts, item->cut[1 << id]);
        return;
    case GUARANTEE:
        get_guarantee(x, item, cell);
        return;
    case NEGATIVITY:
        ct_cell_bits(cell, item->negativity, item->negativity_err, unit);
        return;
    case CONDITIONAL:
    case TRIPARTITE:
        cell->missing = item->regions < 3;
        if (cell->missing)
            return;
        get_sum(x, item, id, unit, cell);
        return;
    default:
        get_sum(x, item, id, unit, cell);
    }
}

cutropy_status cutropy_information_sheet(const cutropy_information *x, cutropy_base base,
                                         cutropy_sheet **out)
{
    static const ct_column_words columns[] = {
        [MASK_A] = {"a", CUTROPY_COLUMN_TEXT, CT_PLAIN},
        [MASK_B] = {"b", CUTROPY_COLUMN_TEXT, CT_PLAIN},
        [MASK_C] = {"c", CUTROPY_COLUMN_TEXT, CT_PLAIN},
        [ENTROPY_A] = {"entropy_a", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        [ENTROPY_B] = {"entropy_b", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        [ENTROPY_AB] = {"entropy_ab", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        [MUTUAL] = {"mutual_information", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        [CONDITIONAL] = {"conditional_information", CUTROPY_COLUMN_REAL,
                         CT_HAS_UNIT | CT_HAS_ERROR},
        [TRIPARTITE] = {"tripartite_information", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        [NEGATIVITY] = {"log_negativity", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
        [GUARANTEE] = {"guarantee", CUTROPY_COLUMN_TEXT, CT_PLAIN}};
    cutropy_status status = CUTROPY_OK;
    ct_column_words here[GUARANTEE + 1];
    int tag[GUARANTEE + 1];
    size_t count = 0;
    for (int id = MASK_A; id <= GUARANTEE; id++) {
        const bool three = id == MASK_C || id == CONDITIONAL || id == TRIPARTITE;
        if ((three && !x->three) || (id == NEGATIVITY && !x->negativities))
            continue;
        tag[count] = id;
        here[count++] = columns[id];
    }
    CT_TRY(ct_sheet_start(here, count, base, x, x->count, get_cell, out));
    cutropy_sheet *sheet = *out;
    for (size_t c = 0; c < count; c++)
        sheet->column[c].tag = tag[c];
    ct_sheet_origins(sheet, x->result, base, false);
    sheet->origin_after = sheet->origins;
done:
    return ct_sheet_finish(status, out);
}
