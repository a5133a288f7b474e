/* SPDX-License-Identifier: Apache-2.0 */
/* Tables for people: text for terminals, Markdown, LaTeX. All are aligned, so that their source can
 * be read too; reals are rounded with their error in brackets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "sheet/sheet.h"

#define FLUSH_BYTES ((size_t)1 << 16)

typedef struct style {
    const char *begin, *between, *end; /* of a line */
    const char *missing;
    cutropy_format format;
} style;

static const style styles[] = {{"", "  ", "\n", "-", CUTROPY_FORMAT_TEXT},
                               {"| ", " | ", " |\n", "-", CUTROPY_FORMAT_MARKDOWN},
                               {"", " & ", " \\\\\n", "--", CUTROPY_FORMAT_LATEX}};

/* ---- one cell ---- */

static void add_escaped(const style *s, const char *text, ct_text *out)
{
    for (; *text; text++) {
        const char one = (unsigned char)*text < 0x20 ? ' ' : *text;
        if (s->format == CUTROPY_FORMAT_LATEX && one == '\\')
            ct_text_puts(out, "\\textbackslash{}");
        else if (s->format == CUTROPY_FORMAT_LATEX && strchr("^~<>", one))
            ct_text_puts(out, one == '^'   ? "\\textasciicircum{}"
                              : one == '~' ? "\\textasciitilde{}"
                              : one == '<' ? "\\textless{}"
                                           : "\\textgreater{}");
        else {
            const char *special = s->format == CUTROPY_FORMAT_LATEX      ? "_&%$#{}"
                                  : s->format == CUTROPY_FORMAT_MARKDOWN ? "|\\*`<["
                                                                         : "";
            ct_text_puts(out, strchr(special, one) ? "\\" : "");
            ct_text_add(out, &one, 1);
        }
    }
}

/* -1.5(2)e-20: $-1.5(2)\times 10^{-20}$ in LaTeX. */
static void add_number(const style *s, const char *number, ct_text *out)
{
    const char *power = strchr(number, 'e');
    if (s->format != CUTROPY_FORMAT_LATEX || (!power && *number != '-')) {
        ct_text_puts(out, number);
        return;
    }
    ct_text_puts(out, "$");
    ct_text_add(out, number, power ? (size_t)(power - number) : strlen(number));
    if (power) {
        ct_text_puts(out, "\\times 10^{");
        ct_text_puts(out, power + 1);
        ct_text_puts(out, "}");
    }
    ct_text_puts(out, "$");
}

static void add_real(const style *s, double value, double error, ct_text *out)
{
    char number[CT_BRACKETED_SIZE];
    ct_bracketed(value, error, number);
    add_number(s, number, out);
}

/* A proved number in full. A rounded decimal is off by half a unit of its last place, as its digits
 * say themselves; a larger error stands behind it. */
static void add_exact(const style *s, const ct_cell *cell, ct_text *out)
{
    const char *point = strchr(cell->text, '.');
    char mantissa[8];
    int place;
    add_number(s, cell->text, out);
    if (!point || !cell->error_text ||
        sscanf(cell->error_text, "%7[0-9.]e-%d", mantissa, &place) != 2)
        return;
    const double units = strtod(mantissa, NULL) * pow(10, (int)strlen(point + 1) - place);
    if (units > 0.5)
        ct_text_printf(out, "(%.0f)", ceil(units));
}

static void add_levels(const style *s, const ct_cell *cell, ct_text *out)
{
    for (size_t i = 0; i < cell->levels; i++) {
        ct_text_puts(out, i ? "; " : "");
        if (cell->decimal)
            add_number(s, cell->decimal[i], out);
        else
            add_real(s, cell->level[i], cell->level_err ? cell->level_err[i] : NAN, out);
        add_escaped(s, "^", out);
        ct_text_integer(out, cell->multiplicity[i]);
    }
}

static bool is_missing(const ct_column *column, const ct_cell *cell)
{
    return cell->missing || (column->type == CUTROPY_COLUMN_TEXT && !*cell->text) ||
           (column->type == CUTROPY_COLUMN_REAL && !cell->text && isnan(cell->real));
}

static void add_cell(const style *s, const ct_column *column, const ct_cell *cell, ct_text *out)
{
    if (is_missing(column, cell))
        ct_text_puts(out, s->missing);
    else if (column->type == CUTROPY_COLUMN_TEXT)
        add_escaped(s, cell->text, out);
    else if (column->type == CUTROPY_COLUMN_FLAG)
        ct_text_puts(out, cell->integer ? "yes" : "no");
    else if (column->type == CUTROPY_COLUMN_LIST)
        add_levels(s, cell, out);
    else if (column->type == CUTROPY_COLUMN_REAL && cell->text)
        add_exact(s, cell, out);
    else if (column->type == CUTROPY_COLUMN_REAL)
        add_real(s, cell->real, column->has_error ? cell->error : 0, out);
    else
        ct_cell_value(column, cell, false, out);
}

/* ---- lines ---- */

/* Characters, not bytes of UTF-8. */
static int width_of(const ct_text *text)
{
    int width = 0;
    for (size_t i = 0; i < text->length; i++)
        width += (text->bytes[i] & 0xc0) != 0x80;
    return width;
}

static bool is_left(const ct_column *column)
{
    return column->type == CUTROPY_COLUMN_TEXT || column->type == CUTROPY_COLUMN_LIST;
}

static void add_spaces(int count, ct_text *out)
{
    while (count-- > 0)
        ct_text_puts(out, " ");
}

/* row: NULL: the titles. width: is found where out is NULL, else used. */
static void do_line(const style *s, const cutropy_sheet *sheet, const size_t *row, int *width,
                    ct_text *piece, ct_text *out)
{
    ct_cell cell;
    if (out)
        ct_text_puts(out, s->begin);
    for (size_t c = 0; c < sheet->columns; c++) {
        const ct_column *column = &sheet->column[c];
        piece->length = 0;
        if (row) {
            ct_sheet_cell(sheet, *row, c, &cell);
            add_cell(s, column, &cell, piece);
        } else {
            add_escaped(s, column->title, piece);
        }
        const int own = width_of(piece);
        if (!out) {
            width[c] = own > width[c] ? own : width[c];
            continue;
        }
        ct_text_puts(out, c ? s->between : "");
        add_spaces(is_left(column) ? 0 : width[c] - own, out);
        ct_text_add(out, piece->bytes, piece->length);
        const bool last = c + 1 == sheet->columns && s->format == CUTROPY_FORMAT_TEXT;
        add_spaces(is_left(column) && !last ? width[c] - own : 0, out);
    }
    if (out)
        ct_text_puts(out, s->end);
}

static void add_rule(const style *s, const cutropy_sheet *sheet, const int *width, ct_text *out)
{
    ct_text_puts(out, s->begin);
    for (size_t c = 0; c < sheet->columns; c++) {
        const bool colon = s->format == CUTROPY_FORMAT_MARKDOWN && !is_left(&sheet->column[c]);
        ct_text_puts(out, c ? s->between : "");
        for (int i = 0; i < width[c] - colon; i++)
            ct_text_puts(out, "-");
        ct_text_puts(out, colon ? ":" : "");
    }
    ct_text_puts(out, s->end);
}

static void add_head(const style *s, const cutropy_sheet *sheet, int *width, ct_text *piece,
                     ct_text *out)
{
    if (*sheet->partial && s->format != CUTROPY_FORMAT_LATEX)
        ct_text_printf(out,
                       s->format == CUTROPY_FORMAT_TEXT ? "# partial: %s\n" : "partial: %s\n\n",
                       sheet->partial);
    if (s->format == CUTROPY_FORMAT_LATEX) {
        ct_text_puts(out, "\\begin{tabular}{");
        for (size_t c = 0; c < sheet->columns; c++)
            ct_text_puts(out, is_left(&sheet->column[c]) ? "l" : "r");
        ct_text_puts(out, "}\n\\toprule\n");
    }
    do_line(s, sheet, NULL, width, piece, out);
    if (s->format == CUTROPY_FORMAT_LATEX)
        ct_text_puts(out, "\\midrule\n");
    else
        add_rule(s, sheet, width, out);
}

static void add_tail(const style *s, const cutropy_sheet *sheet, ct_text *out)
{
    if (s->format != CUTROPY_FORMAT_LATEX)
        return;
    if (*sheet->partial)
        ct_text_printf(out, "\\midrule\n\\multicolumn{%zu}{l}{partial: %s} \\\\\n", sheet->columns,
                       sheet->partial);
    ct_text_puts(out, "\\bottomrule\n\\end{tabular}\n");
}

cutropy_status ct_write_aligned(const cutropy_sheet *sheet, cutropy_format format, FILE *file)
{
    cutropy_status status = CUTROPY_OK;
    const style *s = &styles[format - CUTROPY_FORMAT_TEXT];
    const cutropy_sheet *part;
    ct_text piece = {0}, out = {0};
    int *width = NULL;
    CT_NEW_ZERO(width, sheet->columns);
    do_line(s, sheet, NULL, width, &piece, NULL);
    for (part = sheet; part; part = part->next)
        for (size_t row = 0; row < part->rows; row++)
            do_line(s, part, &row, width, &piece, NULL);
    add_head(s, sheet, width, &piece, &out);
    for (part = sheet; part; part = part->next)
        for (size_t row = 0; row < part->rows; row++) {
            do_line(s, part, &row, width, &piece, &out);
            if (out.length < FLUSH_BYTES || out.failed)
                continue;
            CT_TRY(ct_write_bytes(file, out.bytes, out.length));
            out.length = 0;
        }
    add_tail(s, sheet, &out);
    if (out.failed || piece.failed)
        CT_TRY(ct_fail_memory("table row", out.capacity));
    CT_TRY(ct_write_bytes(file, out.bytes, out.length));
done:
    ct_text_free(&piece);
    ct_text_free(&out);
    ct_free(width);
    return status;
}
