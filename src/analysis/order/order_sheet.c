/* SPDX-License-Identifier: Apache-2.0 */
/* The table of an order. */
#include <math.h>

#include "analysis/order/order.h"
#include "analysis/order/order_sheet.h"

typedef enum column_id {
    PLACE,
    PIXEL,
    CUT,
    RANK,
    ENTROPY,
    RANK_BY_NUMBERS,
    ENTROPY_BY_NUMBERS
} column_id;

static void get_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_order *order = sheet->of;
    const ct_order_place *best = &order->place[0][row], *numbers = &order->place[1][row];
    const cutropy_cuts cut = {
        .words = order->words, .count = (size_t)order->count, .masks = order->mask[0]};
    switch ((column_id)column) {
    case PLACE:
        ct_cell_integer(cell, (int64_t)row);
        return;
    case PIXEL:
        ct_cell_integer(cell, order->pixel[row]);
        return;
    case CUT:
        ct_cell_mask(cell, &cut, row);
        return;
    case RANK:
    case RANK_BY_NUMBERS:
        ct_cell_integer(cell, column == RANK ? best->rank : numbers->rank);
        cell->missing = cell->integer < 0; /* more than 62 bits, or open */
        return;
    case ENTROPY:
        ct_cell_bits(cell, best->entropy, best->entropy_err, sheet->unit);
        cell->missing = isnan(best->entropy);
        return;
    case ENTROPY_BY_NUMBERS:
        ct_cell_bits(cell, numbers->entropy, numbers->entropy_err, sheet->unit);
        cell->missing = isnan(numbers->entropy);
    }
}

static const ct_column_words columns[] = {
    {"place", CUTROPY_COLUMN_INTEGER, 0},
    {"pixel", CUTROPY_COLUMN_INTEGER, 0},
    {"cut", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"rank", CUTROPY_COLUMN_INTEGER, 0},
    {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
    {"rank_by_numbers", CUTROPY_COLUMN_INTEGER, 0},
    {"entropy_by_numbers", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR}};

/* null: more than 62 bits, open, or of cuts that have no numbers. */
static json_t *integer(int64_t value)
{
    return value < 0 ? json_null() : json_integer((json_int_t)value);
}

void ct_order_add_aim(cutropy_sheet *sheet, cutropy_order_aim aim)
{
    static const char *const aims[] = {"rank", "parameters", "entropy"};
    ct_sheet_origin(sheet, "least", json_string(aims[aim]));
}

void ct_order_add_sums(cutropy_sheet *sheet, const char *key, const cutropy_order_sums *s)
{
    ct_sheet_origin(
        sheet, key,
        json_pack("{s:o,s:o,s:o,s:o}", "largest_rank", integer(s->largest_rank), "parameters",
                  integer(s->parameters), "largest_entropy",
                  ct_json_real(s->largest_entropy * sheet->unit), "entropy_err",
                  ct_json_real(ct_bits_error(s->largest_entropy, s->entropy_err, sheet->unit))));
}

cutropy_status cutropy_order_sheet(const cutropy_order *order, cutropy_base base,
                                   cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_sheet_start(CT_COLUMNS(columns), base, order, (size_t)order->count, get_cell, out));
    cutropy_sheet *sheet = *out;
    ct_sheet_origins(sheet, order->result, base, false);
    if (!order->method)
        ct_order_add_aim(sheet, order->aim);
    if (order->budget)
        ct_sheet_origin(sheet, "search",
                        json_pack("{s:I,s:I,s:s}", "budget", (json_int_t)order->budget, "cuts",
                                  (json_int_t)order->searched, "start", order->start));
    if (order->method)
        ct_sheet_origin(sheet, "method", json_string(order->method));
    ct_order_add_sums(sheet, order->budget || order->method ? "found" : "best", &order->sums[0]);
    ct_order_add_sums(sheet, "by_numbers", &order->sums[1]);
    ct_sheet_origin(sheet, "mean_entropy",
                    json_pack("{s:o,s:o}", "found",
                              ct_json_real(order->sums[0].mean_entropy * sheet->unit), "by_numbers",
                              ct_json_real(order->sums[1].mean_entropy * sheet->unit)));
    if (order->partial)
        snprintf(sheet->partial, sizeof sheet->partial,
                 "%d of %d cuts of the order, %d of %d by the numbers", order->done[0], order->cuts,
                 order->done[1], order->cuts);
    sheet->origin_after = sheet->origins;
done:
    return ct_sheet_finish(status, out);
}
