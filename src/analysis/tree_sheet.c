/* SPDX-License-Identifier: Apache-2.0 */
/* The table of a tree. */
#include "analysis/tree.h"
#include "base/bits.h"
#include "sheet/sheet.h"

#define LOG_2 0.693147180559945309417232121458

typedef enum column_id { NODE, LEFT, RIGHT, PIXEL, CUT, RANK, ENTROPY } column_id;

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_tree *tree = sheet->of;
    const double unit = *(const double *)sheet->own;
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
        ct_cell_real(cell, n->entropy * unit, n->entropy_err * unit);
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
    static const char *const aims[] = {"rank", "parameters", "entropy"};
    cutropy_status status = CUTROPY_OK;
    const bool nats = base == CUTROPY_BASE_NATS;
    double *unit = NULL;
    CT_TRY(ct_sheet_make(sizeof columns / sizeof *columns, out));
    cutropy_sheet *sheet = *out;
    CT_NEW(unit, 1);
    *unit = nats ? LOG_2 : 1;
    sheet->own = unit;
    sheet->rows = (size_t)tree->count;
    sheet->of = tree;
    sheet->cell = get_cell;
    ct_sheet_columns(sheet, columns, sizeof columns / sizeof *columns, nats ? "nats" : "bits");
    ct_sheet_origins(sheet, tree->result, base, false);
    ct_sheet_origin(sheet, "least", json_string(aims[tree->aim]));
    const cutropy_order_sums *s = &tree->sums;
    ct_sheet_origin(sheet, "best",
                    json_pack("{s:I,s:I,s:f,s:f}", "largest_rank", (json_int_t)s->largest_rank,
                              "parameters", (json_int_t)s->parameters, "largest_entropy",
                              s->largest_entropy * *unit, "entropy_err", s->entropy_err * *unit));
    sheet->origin_after = sheet->origins;
done:
    return ct_sheet_finish(status, out);
}
