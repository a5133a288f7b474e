/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a map that are no plain table of cuts: geometry, mutual information, spectrum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/function/result.h"
#include "lattice/lattice.h"
#include "sheet/sheet.h"
#include "output/map_files.h"

ct_segment ct_map_shape(const cutropy_lattice *l, int pixel)
{
    const double x = l->position[pixel][0], y = l->position[pixel][1];
    if (l->kind != CUTROPY_LATTICE_LINKS)
        return (ct_segment){x - 0.5, y - 0.5, x + 0.5, y + 0.5};
    if (pixel < ct_links_per_row(l) * l->ly)
        return (ct_segment){x - 0.5, y, x + 0.5, y};
    return (ct_segment){x, y - 0.5, x, y + 0.5};
}

/* The shortest way from a to b on a ring. */
static double step(double a, double b, int length, int periodic)
{
    double d = b - a;
    if (periodic && 2 * d > length)
        d -= length;
    if (periodic && 2 * d < -length)
        d += length;
    return d;
}

static const cutropy_record *record_of(const cutropy_map *map, cutropy_map_family_id id, size_t row)
{
    return &map->result->records[map->result->rows[map->family[id].first + row].record];
}

#define COUNT(columns) (sizeof(columns) / sizeof *(columns))

/* ---- sites: x, y the middle of a pixel, then its corners or the ends of its link ---- */

static const ct_column_words site_columns[] = {
    {"pixel", CUTROPY_COLUMN_INTEGER, 0},
    {"x", CUTROPY_COLUMN_REAL, 0},
    {"y", CUTROPY_COLUMN_REAL, 0},
    {"x0", CUTROPY_COLUMN_REAL, 0},
    {"y0", CUTROPY_COLUMN_REAL, 0},
    {"x1", CUTROPY_COLUMN_REAL, 0},
    {"y1", CUTROPY_COLUMN_REAL, 0},
    {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR},
    {"guarantee", CUTROPY_COLUMN_TEXT, CT_PLAIN}};

static void get_site(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_map *map = sheet->of;
    const double *middle = map->lattice->position[row];
    const cutropy_record *r = record_of(map, CUTROPY_MAP_SITES, row);
    const ct_segment s = ct_map_shape(map->lattice, (int)row);
    const double numbers[] = {middle[0], middle[1], s.x0, s.y0, s.x1, s.y1, r->entropy};
    if (column == 0)
        ct_cell_integer(cell, (int64_t)row);
    else if (column == COUNT(numbers) + 1)
        cell->text = ct_guarantee_name(r->guarantee);
    else
        ct_cell_real(cell, numbers[column - 1], r->entropy_err);
}

static cutropy_status sites(const cutropy_map *map, cutropy_sheet **out)
{
    return ct_sheet_start(CT_COLUMNS(site_columns), CUTROPY_BASE_BITS, map,
                          (size_t)map->lattice->pixels, get_site, out);
}

/* ---- label: the same with I(pixel:label) and what it is made of ---- */

static const ct_column_words label_columns[] = {
    {"pixel", CUTROPY_COLUMN_INTEGER, 0},
    {"x", CUTROPY_COLUMN_REAL, 0},
    {"y", CUTROPY_COLUMN_REAL, 0},
    {"x0", CUTROPY_COLUMN_REAL, 0},
    {"y0", CUTROPY_COLUMN_REAL, 0},
    {"x1", CUTROPY_COLUMN_REAL, 0},
    {"y1", CUTROPY_COLUMN_REAL, 0},
    {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"label_entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"joint_entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"label_information", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR}};

/* The pixel and the label are the complement of all other pixels. */
static void get_label(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_map *map = sheet->of;
    const cutropy_record *site = record_of(map, CUTROPY_MAP_SITES, row),
                         *label = record_of(map, CUTROPY_MAP_LABEL, 0),
                         *joint = record_of(map, CUTROPY_MAP_RANGE, row);
    const double numbers[] = {site->entropy, label->entropy, joint->entropy,
                              site->entropy + label->entropy - joint->entropy};
    if (column < COUNT(site_columns) - 2)
        get_site(sheet, row, column, cell);
    else
        ct_cell_real(cell, numbers[column - (COUNT(site_columns) - 2)],
                     site->entropy_err + label->entropy_err + joint->entropy_err);
}

static cutropy_status label(const cutropy_map *map, cutropy_sheet **out)
{
    return ct_sheet_start(CT_COLUMNS(label_columns), CUTROPY_BASE_BITS, map,
                          (size_t)map->lattice->pixels, get_label, out);
}

/* ---- bonds: x, y and x2, y2 the middles of the two pixels; dx, dy the way from the first to the
 * second, across the edge of a torus where that is shorter ---- */

static const ct_column_words line_columns[] = {
    {"pixel_i", CUTROPY_COLUMN_INTEGER, 0},
    {"pixel_j", CUTROPY_COLUMN_INTEGER, 0},
    {"x", CUTROPY_COLUMN_REAL, 0},
    {"y", CUTROPY_COLUMN_REAL, 0},
    {"x2", CUTROPY_COLUMN_REAL, 0},
    {"y2", CUTROPY_COLUMN_REAL, 0},
    {"dx", CUTROPY_COLUMN_REAL, 0},
    {"dy", CUTROPY_COLUMN_REAL, 0},
    {"mutual_information", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR}};

static void get_line(const cutropy_map *map, int i, int j, const ct_map_pair *pair, size_t column,
                     ct_cell *cell)
{
    const cutropy_lattice *l = map->lattice;
    const double *p = l->position[i], *q = l->position[j];
    const double numbers[] = {p[0],
                              p[1],
                              q[0],
                              q[1],
                              step(p[0], q[0], l->lx, l->periodic),
                              step(p[1], q[1], l->ly, l->periodic),
                              pair->information};
    if (column < 2)
        ct_cell_integer(cell, column ? j : i);
    else
        ct_cell_real(cell, numbers[column - 2], pair->err);
}

static void get_bond(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_map *map = sheet->of;
    const int *bond = map->lattice->bond[row];
    get_line(map, bond[0], bond[1], ct_map_pair_of_bond(map, row), column, cell);
}

static cutropy_status bonds(const cutropy_map *map, cutropy_sheet **out)
{
    return ct_sheet_start(CT_COLUMNS(line_columns), CUTROPY_BASE_BITS, map,
                          (size_t)map->lattice->bonds, get_bond, out);
}

/* ---- pairs ---- */

static const ct_column_words pair_columns[] = {
    {"pixel_i", CUTROPY_COLUMN_INTEGER, 0},
    {"pixel_j", CUTROPY_COLUMN_INTEGER, 0},
    {"entropy_i", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"entropy_j", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"entropy_ij", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"mutual_information", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR}};

static void get_pair(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_map *map = sheet->of;
    const ct_map_pair *pair = &map->pair[row];
    const double numbers[] = {record_of(map, CUTROPY_MAP_SITES, (size_t)pair->i)->entropy,
                              record_of(map, CUTROPY_MAP_SITES, (size_t)pair->j)->entropy,
                              record_of(map, CUTROPY_MAP_PAIRS, row)->entropy, pair->information};
    if (column < 2)
        ct_cell_integer(cell, column ? pair->j : pair->i);
    else
        ct_cell_real(cell, numbers[column - 2], pair->err);
}

static cutropy_status pairs(const cutropy_map *map, cutropy_sheet **out)
{
    return ct_sheet_start(CT_COLUMNS(pair_columns), CUTROPY_BASE_BITS, map, map->pairs, get_pair,
                          out);
}

/* A line and a column a chosen pixel, bits, the diagonal nan. */
static void matrix(const cutropy_map *map, ct_text *out)
{
    const size_t n = map->chosen_count;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            ct_text_puts(out, j ? "," : "");
            if (i == j)
                ct_text_puts(out, "nan");
            else
                ct_text_printf(out, "%.17g",
                               ct_map_pair_of(map, i < j ? i : j, i < j ? j : i)->information);
        }
        ct_text_puts(out, "\n");
    }
}

/* ---- strongest: the pairs that share most, the strongest last, so that it is drawn on top; places as in bonds ---- */

#define MOST_STRONGEST 300 /* and no more than pixels: more could not be told apart */

static void get_strongest(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const ct_map_pair *pair = (const ct_map_pair *)sheet->own + row;
    get_line(sheet->of, pair->i, pair->j, pair, column, cell);
}

/* Less information first; of equals the later pair, so that the first ones are kept. */
static int compare_pairs(const void *a, const void *b)
{
    const ct_map_pair *p = a, *q = b;
    if (p->information != q->information)
        return p->information < q->information ? -1 : 1;
    return p->i != q->i ? q->i - p->i : q->j - p->j;
}

static cutropy_status strongest(const cutropy_map *map, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_map_pair *sorted = NULL;
    size_t most = (size_t)map->lattice->pixels, count = 0;
    most = most < MOST_STRONGEST ? most : MOST_STRONGEST;
    CT_NEW(sorted, map->pairs);
    for (size_t k = 0; k < map->pairs; k++)
        if (map->pair[k].information > map->pair[k].err)
            sorted[count++] = map->pair[k];
    qsort(sorted, count, sizeof *sorted, compare_pairs);
    const size_t kept = count < most ? count : most;
    memmove(sorted, sorted + count - kept, kept * sizeof *sorted);
    CT_TRY(
        ct_sheet_start(CT_COLUMNS(line_columns), CUTROPY_BASE_BITS, map, kept, get_strongest, out));
    (*out)->own = sorted;
    sorted = NULL;
done:
    ct_free(sorted);
    return status;
}

/* ---- spectrum: a row a distinct eigenvalue; it has the places first .. last of the descending
 * list ---- */

static const ct_column_words level_columns[] = {{"first", CUTROPY_COLUMN_INTEGER, 0},
                                                {"last", CUTROPY_COLUMN_INTEGER, 0},
                                                {"multiplicity", CUTROPY_COLUMN_INTEGER, 0},
                                                {"eigenvalue", CUTROPY_COLUMN_REAL, 0},
                                                {"minus_log2", CUTROPY_COLUMN_REAL, CT_HAS_UNIT}};

static void get_level(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_record *r = record_of(sheet->of, CUTROPY_MAP_HALF, 0);
    const int64_t *first = sheet->own;
    const int64_t integers[] = {first[row], first[row] + r->multiplicity[row] - 1,
                                r->multiplicity[row]};
    if (column < COUNT(integers))
        ct_cell_integer(cell, integers[column]);
    else
        ct_cell_real(cell,
                     column == COUNT(integers) ? r->spectrum[row] : 0 - log2(r->spectrum[row]), 0);
}

/* Descending: those that are not positive stand at the end. */
static cutropy_status spectrum(const cutropy_map *map, cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_record *r = record_of(map, CUTROPY_MAP_HALF, 0);
    int64_t *first;
    size_t rows = 0;
    while (rows < r->spectrum_count && r->spectrum[rows] > 0)
        rows++;
    CT_TRY(ct_sheet_start(CT_COLUMNS(level_columns), CUTROPY_BASE_BITS, map, rows, get_level, out));
    first = (*out)->own = ct_alloc(rows, sizeof *first);
    if (!first)
        CT_TRY(ct_fail_memory("spectrum", rows * sizeof *first));
    for (size_t i = 0; i < rows; i++)
        first[i] = i ? first[i - 1] + r->multiplicity[i - 1] : 1;
done:
    return ct_sheet_finish(status, out);
}

/* ---- law: a row a cut of the verdict ---- */

static const ct_column_words law_columns[] = {
    {"cut", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"min_side", CUTROPY_COLUMN_INTEGER, 0},
    {"length", CUTROPY_COLUMN_INTEGER, 0},
    {"axis", CUTROPY_COLUMN_REAL, 0},
    {"ceiling", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"fit", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"residual", CUTROPY_COLUMN_REAL, CT_HAS_UNIT},
    {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_UNIT | CT_HAS_ERROR}};

static void get_law_point(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_map *map = sheet->of;
    const ct_law_point *p = &map->law_point[row];
    const double numbers[] = {p->axis, p->ceiling, p->fit, p->entropy - p->fit, p->entropy};
    if (column == 0) {
        ct_cell_mask(cell, &map->result->cuts, p->row);
    } else if (column < 3) {
        ct_cell_integer(cell, column == 1 ? p->smaller : p->length);
    } else {
        ct_cell_real(cell, numbers[column - 3], p->entropy_err);
        cell->missing = !isfinite(cell->real);
    }
}

static cutropy_status law(const cutropy_map *map, cutropy_sheet **out)
{
    return ct_sheet_start(CT_COLUMNS(law_columns), CUTROPY_BASE_BITS, map, map->law_points,
                          get_law_point, out);
}

const ct_map_table ct_map_tables[] = {
    {"law.csv", CT_MAP_LAW, NULL, law},
    {"sites.csv", CUTROPY_MAP_SITES, NULL, sites},
    {"label.csv", CUTROPY_MAP_LABEL, NULL, label},
    {"bonds.csv", CUTROPY_MAP_PAIRS, NULL, bonds},
    {"pairs.csv", CUTROPY_MAP_PAIRS, NULL, pairs},
    {"mutual_information.csv", CUTROPY_MAP_PAIRS, matrix, NULL},
    {"strongest.csv", CUTROPY_MAP_PAIRS, NULL, strongest},
    {"range.csv", CUTROPY_MAP_RANGE, NULL, NULL},
    {"rows.csv", CUTROPY_MAP_ROWS, NULL, NULL},
    {"columns.csv", CUTROPY_MAP_COLUMNS, NULL, NULL},
    {"prefixes.csv", CUTROPY_MAP_PREFIXES, NULL, NULL},
    {"rectangles.csv", CUTROPY_MAP_RECTANGLES, NULL, NULL},
    {"connected.csv", CUTROPY_MAP_CONNECTED, NULL, NULL},
    {"half.csv", CUTROPY_MAP_HALF, NULL, NULL},
    {"spectrum.csv", CUTROPY_MAP_HALF, NULL, spectrum},
};
const size_t ct_map_table_count = sizeof ct_map_tables / sizeof ct_map_tables[0];
