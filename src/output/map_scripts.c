/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures of a map folder: which cuts they need, the words beside them, their scripts.
 *
 * The scripts (gnuplot 5.4 and newer) are the files plots/NAME.gp, put into the library by
 * cmake/embed.cmake. @NAME@ and @WHAT@ in them are the name of the picture and its subject. */
#include <string.h>

#include "engine/result.h"
#include "output/map_files.h"

#define EMBEDDED(name)                                                                             \
    extern const unsigned char ct_plot_##name[];                                                   \
    extern const size_t ct_plot_##name##_size
EMBEDDED(style);
EMBEDDED(sites);
EMBEDDED(bonds);
EMBEDDED(pairs);
EMBEDDED(range);
EMBEDDED(profile);
EMBEDDED(scatter);
EMBEDDED(spectrum);
#define SCRIPT(name) ct_plot_##name, &ct_plot_##name##_size

const ct_map_picture ct_map_pictures[] = {
    {"sites", CUTROPY_MAP_SITES, SCRIPT(sites), "pixels", "Entropy of every pixel",
     "How much a pixel is entangled with all others: 0 when the function factors into this pixel "
     "and the rest, 1 bit at most."},
    {"bonds", CUTROPY_MAP_PAIRS, SCRIPT(bonds), "bonds", "Mutual information of neighbours",
     "I(i:j) = S(i) + S(j) - S(ij) for every bond of the lattice, 2 bits at most. Bonds that leave "
     "through the edge of a torus are drawn as two stubs."},
    {"pairs", CUTROPY_MAP_PAIRS, SCRIPT(pairs), "pairs", "Mutual information of all pairs",
     "The same for every pair of pixels, numbered as in the masks of the cuts. Stripes beside the "
     "diagonal are neighbours in x and y; far from it they are correlations over a distance."},
    {"range", CUTROPY_MAP_RANGE, SCRIPT(range), "pixels", "Range of every pixel",
     "How far from a pixel the image still decides how the function depends on that pixel: the "
     "range in bonds (colour) of the cut A = all other pixels, and with it the number of row "
     "classes of A (log2 of it, rounded up, is the bits that all others must tell the pixel, "
     "one-way). 0: one class, the others decide nothing. Grey: no range, because it hangs on a "
     "pixel from which no bonds lead here."},
    {"rows", CUTROPY_MAP_ROWS, SCRIPT(profile), "rows", "Growing block of rows",
     "The region of the first k rows: its boundary does not grow, its size does, up to the middle. "
     "The dashed line is the largest entropy that such a block can have: min(NA, NB), and not more "
     "than log2 of the different rows of the cut matrix, of which there are no more than images."},
    {"columns", CUTROPY_MAP_COLUMNS, SCRIPT(profile), "columns", "Growing block of columns",
     "The same for columns."},
    {"prefixes", CUTROPY_MAP_PREFIXES, SCRIPT(profile), "pixels", "Growing prefix",
     "The first k pixels in the order of their numbers. An exact matrix product state in this "
     "order needs a bond dimension of at least 2^S."},
    {"rectangles", CUTROPY_MAP_RECTANGLES, SCRIPT(scatter), "rectangle", "Every rectangle",
     "Entropy against boundary length, coloured by the size. Where the boundary decides, the "
     "colours "
     "mix on one line; where the size decides, they part. The verdict stands below."},
    {"connected", CUTROPY_MAP_CONNECTED, SCRIPT(scatter), "connected region",
     "Every connected region up to a size", "The same for connected regions of every shape."},
    {"spectrum", CUTROPY_MAP_HALF, SCRIPT(spectrum), "half cut",
     "Entanglement spectrum of the half cut",
     "Eigenvalues of rho_A for A = the first floor(N/2) pixels, one bar a distinct eigenvalue. A "
     "single flat bar means that all of them are equal."},
};
const size_t ct_map_picture_count = sizeof ct_map_pictures / sizeof ct_map_pictures[0];

const char *ct_map_picture_missing(const cutropy_map *map, const ct_map_picture *picture)
{
    const cutropy_map_family *family = &map->family[picture->family];
    if (*family->missing)
        return family->missing;
    if (picture->family == CUTROPY_MAP_PAIRS && !map->mutual_information)
        return "not all pairs were computed";
    if (picture->script == ct_plot_bonds && !map->lattice->bonds)
        return "the lattice has no bonds";
    return NULL;
}

void ct_map_script(const ct_map_picture *picture, ct_text *out)
{
    static const char name_mark[] = "@NAME@", what_mark[] = "@WHAT@";
    const size_t mark = sizeof name_mark - 1;
    const char *p = (const char *)picture->script, *end = p + *picture->script_size;
    while (p < end) {
        const char *next = memchr(p, '@', (size_t)(end - p));
        if (!next)
            next = end;
        ct_text_add(out, p, (size_t)(next - p));
        p = next;
        if ((size_t)(end - p) >= mark && !memcmp(p, name_mark, mark)) {
            ct_text_puts(out, picture->name);
            p += mark;
        } else if ((size_t)(end - p) >= mark && !memcmp(p, what_mark, mark)) {
            ct_text_puts(out, picture->what);
            p += mark;
        } else if (p < end) {
            ct_text_add(out, p++, 1);
        }
    }
}

/* A single-quoted string of gnuplot; control characters would end it. */
static void put_quoted(const char *text, size_t limit, ct_text *out)
{
    size_t length = strlen(text);
    const bool whole = length <= limit;
    if (!whole)
        for (length = limit; length && (text[length] & 0xc0) == 0x80; length--)
            ; /* not inside a character of UTF-8 */
    ct_text_puts(out, "'");
    for (size_t i = 0; i < length; i++) {
        if (text[i] == '\'')
            ct_text_puts(out, "''");
        else
            ct_text_add(out, (unsigned char)text[i] < ' ' ? "?" : text + i, 1);
    }
    ct_text_puts(out, whole ? "'" : "...'");
}

void ct_map_style(const cutropy_map *map, ct_text *out)
{
    static const char *const kinds[] = {"grid", "links", "chain"};
    const cutropy_lattice *l = map->lattice;
    ct_text_puts(out,
                 "# Shared by all scripts of this folder: colours, fonts and sizes.\nfunction = ");
    put_quoted(map->result->problem, 90, out);
    ct_text_puts(out, "\nlattice = ");
    put_quoted(l->name, 40, out);
    ct_text_printf(out, "\nkind = '%s'\nLx = %d\nLy = %d\nN = %d\ntorus = %d\n\n", kinds[l->kind],
                   l->lx, l->ly, l->pixels, l->periodic);
    ct_text_add(out, (const char *)ct_plot_style, ct_plot_style_size);
}
