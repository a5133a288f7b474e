/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a map that are no plain table of cuts: geometry, mutual information, spectrum. */
#include <math.h>

#include "lattice/lattice.h"
#include "sheet/sheet.h"
#include "output/map_parts.h"

typedef struct segment {
    double x0, y0, x1, y1;
} segment;

/* The corners of a cell, or the ends of a link (a wrapped link ends beyond the last vertex). */
static segment shape(const cutropy_lattice *l, int pixel)
{
    const double x = l->position[pixel][0], y = l->position[pixel][1];
    if (l->kind != CUTROPY_LATTICE_LINKS)
        return (segment){x - 0.5, y - 0.5, x + 0.5, y + 0.5};
    if (pixel < ct_links_per_row(l) * l->ly)
        return (segment){x - 0.5, y, x + 0.5, y};
    return (segment){x, y - 0.5, x, y + 0.5};
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

static const cutropy_record *record_of(const cutropy_map *map, cutropy_map_part part, size_t row)
{
    return &map->result->records[map->result->rows[map->family[part].first + row].record];
}

static void sites(const cutropy_map *map, ct_text *out)
{
    const cutropy_lattice *l = map->lattice;
    ct_text_puts(out, "pixel,x,y,x0,y0,x1,y1,entropy_bits,entropy_err,guarantee\n");
    for (int i = 0; i < l->pixels; i++) {
        const segment s = shape(l, i);
        const cutropy_record *r = record_of(map, CUTROPY_MAP_SITES, (size_t)i);
        ct_text_printf(out, "%d,%g,%g,%g,%g,%g,%g,", i, l->position[i][0], l->position[i][1], s.x0,
                       s.y0, s.x1, s.y1);
        ct_text_printf(out, "%.17g,%.17g,%s\n", r->entropy, r->entropy_err,
                       ct_guarantee_name(r->guarantee));
    }
}

/* x, y and x2, y2: the middles of the two pixels; dx, dy: the way from the first to the second,
 * across the edge of a torus where that is shorter. */
static void bonds(const cutropy_map *map, ct_text *out)
{
    const cutropy_lattice *l = map->lattice;
    const size_t n = (size_t)l->pixels;
    ct_text_puts(out, "pixel_i,pixel_j,x,y,x2,y2,dx,dy,mutual_information_bits,"
                      "mutual_information_err\n");
    for (int b = 0; b < l->bonds; b++) {
        const int i = l->bond[b][0], j = l->bond[b][1];
        const double *p = l->position[i], *q = l->position[j];
        const size_t at = (size_t)i * n + (size_t)j;
        ct_text_printf(out, "%d,%d,%g,%g,%g,%g,%g,%g,", i, j, p[0], p[1], q[0], q[1],
                       step(p[0], q[0], l->lx, l->periodic), step(p[1], q[1], l->ly, l->periodic));
        ct_text_printf(out, "%.17g,%.17g\n", map->mutual_information[at],
                       map->mutual_information_err[at]);
    }
}

static void pairs(const cutropy_map *map, ct_text *out)
{
    const size_t n = (size_t)map->lattice->pixels;
    size_t row = 0;
    ct_text_puts(out, "pixel_i,pixel_j,entropy_i_bits,entropy_j_bits,entropy_ij_bits,"
                      "mutual_information_bits,mutual_information_err\n");
    for (size_t i = 0; i < n; i++) {
        for (size_t j = i + 1; j < n; j++, row++) {
            ct_text_printf(out, "%zu,%zu,%.17g,%.17g,%.17g,%.17g,%.17g\n", i, j,
                           record_of(map, CUTROPY_MAP_SITES, i)->entropy,
                           record_of(map, CUTROPY_MAP_SITES, j)->entropy,
                           record_of(map, CUTROPY_MAP_PAIRS, row)->entropy,
                           map->mutual_information[i * n + j],
                           map->mutual_information_err[i * n + j]);
        }
    }
}

/* N lines of N numbers in bits, the diagonal nan. */
static void matrix(const cutropy_map *map, ct_text *out)
{
    const size_t n = (size_t)map->lattice->pixels;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            ct_text_puts(out, j ? "," : "");
            if (i == j)
                ct_text_puts(out, "nan");
            else
                ct_text_printf(out, "%.17g", map->mutual_information[i * n + j]);
        }
        ct_text_puts(out, "\n");
    }
}

/* One line a distinct eigenvalue: it has the places first .. last of the descending list. */
static void spectrum(const cutropy_map *map, ct_text *out)
{
    const cutropy_record *r = record_of(map, CUTROPY_MAP_HALF, 0);
    int64_t first = 1;
    ct_text_puts(out, "first,last,multiplicity,eigenvalue,minus_log2_bits\n");
    for (size_t i = 0; i < r->spectrum_count; i++) {
        const int64_t multiplicity = r->multiplicity[i];
        const double value = r->spectrum[i];
        if (value > 0)
            ct_text_printf(out, "%lld,%lld,%lld,%.17g,%.17g\n", (long long)first,
                           (long long)(first + multiplicity - 1), (long long)multiplicity, value,
                           0 - log2(value));
        first += multiplicity;
    }
}

const ct_map_table ct_map_tables[] = {
    {"sites.csv", CUTROPY_MAP_SITES, sites},
    {"bonds.csv", CUTROPY_MAP_PAIRS, bonds},
    {"pairs.csv", CUTROPY_MAP_PAIRS, pairs},
    {"mutual_information.csv", CUTROPY_MAP_PAIRS, matrix},
    {"range.csv", CUTROPY_MAP_RANGE, NULL},
    {"rows.csv", CUTROPY_MAP_ROWS, NULL},
    {"columns.csv", CUTROPY_MAP_COLUMNS, NULL},
    {"prefixes.csv", CUTROPY_MAP_PREFIXES, NULL},
    {"rectangles.csv", CUTROPY_MAP_RECTANGLES, NULL},
    {"connected.csv", CUTROPY_MAP_CONNECTED, NULL},
    {"half.csv", CUTROPY_MAP_HALF, NULL},
    {"spectrum.csv", CUTROPY_MAP_HALF, spectrum},
};
const size_t ct_map_table_count = sizeof ct_map_tables / sizeof ct_map_tables[0];
