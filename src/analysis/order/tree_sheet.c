/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a tree. */
#include "analysis/order/order_sheet.h"
#include "analysis/order/tree.h"
#include "base/bits.h"

typedef enum column_id { NODE, LEFT, RIGHT, PIXEL, CUT, RANK, ENTROPY } column_id;

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_tree *tree = sheet->of;
    const ct_tree_node *n = &tree->node[row];
    uint64_t set = n->set;
    const cutropy_cuts cut = {.words = 1, .count = 1, .masks = &set};
    switch ((column_id)column) {
    case NODE:
        ct_cell_integer(cell, (int64_t)row);
        return;
    case LEFT:
    case RIGHT:
        ct_cell_integer(cell, n->below[column == RIGHT]);
        cell->missing = n->below[0] < 0;
        return;
    case PIXEL:
        ct_cell_integer(cell, ct_lowest(set));
        cell->missing = n->below[0] >= 0;
        return;
    case CUT:
        ct_cell_mask(cell, &cut, 0);
        return;
    case RANK:
        ct_cell_integer(cell, n->rank);
        return;
    case ENTROPY:
        ct_cell_bits(cell, n->entropy, n->entropy_err, sheet->unit);
    }
}

static const ct_column_words columns[] = {
    {"node", CUTROPY_COLUMN_INTEGER, 0},
    {"left", CUTROPY_COLUMN_INTEGER, 0},
    {"right", CUTROPY_COLUMN_INTEGER, 0},
    {"pixel", CUTROPY_COLUMN_INTEGER, 0},
    {"cut", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"rank", CUTROPY_COLUMN_INTEGER, 0},
    {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR}};

cutropy_status cutropy_tree_sheet(const cutropy_tree *tree, cutropy_base base, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_sheet_start(CT_COLUMNS(columns), base, tree, (size_t)tree->count, get_cell, out));
    cutropy_sheet *sheet = *out;
    ct_sheet_origins(sheet, tree->result, base, false);
    ct_order_add_aim(sheet, tree->aim);
    ct_order_add_sums(sheet, "best", &tree->sums);
    sheet->origin_after = sheet->origins;
done:
    return ct_sheet_finish(status, out);
}
