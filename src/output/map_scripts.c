/* SPDX-License-Identifier: Apache-2.0 */
/* The pictures of a map folder: which cuts they need, the words beside them, their scripts.
 *
 * The scripts (gnuplot 5.4 and newer) are the files plots/NAME.gp, put into the library by
 * cmake/embed.cmake. @NAME@ and @WHAT@ in them are the name of the picture and its subject. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/function/result.h"
#include "output/map_files.h"
#include "output/plot.h"

#define EMBEDDED(name)                                                                             \
    extern const unsigned char ct_plot_##name[];                                                   \
    extern const size_t ct_plot_##name##_size
EMBEDDED(style);
EMBEDDED(law);
EMBEDDED(sites);
EMBEDDED(bonds);
EMBEDDED(pairs);
EMBEDDED(strongest);
EMBEDDED(range);
EMBEDDED(profile);
EMBEDDED(scatter);
EMBEDDED(spectrum);
#define SCRIPT(name) ct_plot_##name, &ct_plot_##name##_size

const ct_map_picture ct_map_pictures[] = {
    {"law", CT_MAP_LAW, SCRIPT(law), "verdict", "The cuts behind the verdict",
     "Every point is a cut, coloured by the pixels on its smaller side; points that would hide each other stand side by side. "
     "Grey dashes: no cut there can have more (pixels, classes, images).",
     "Entropy of every cut against what the law grows with, and the residuals below."},
    {"sites", CUTROPY_MAP_SITES, SCRIPT(sites), "Entropy", "Entropy of every pixel",
     "How much a pixel is entangled with all others: 0 when the function factors into this pixel "
     "and the rest, 1 bit at most, and log2 of the levels where a pixel of a data set has more than two.",
     "The lattice, every pixel coloured by its entropy."},
    {"label", CUTROPY_MAP_LABEL, SCRIPT(sites), "I(pixel:label)",
     "What every pixel says about the label",
     "I(i:label) = S(i) + S(label) - S(i and the label), the quantum mutual information of a pixel and the label, at most twice S(i).",
     "The lattice, every pixel coloured by its mutual information with the label."},
    {"bonds", CUTROPY_MAP_PAIRS, SCRIPT(bonds), "bonds", "Mutual information of neighbours",
     "I(i:j) = S(i) + S(j) - S(ij) for every bond of the lattice, 2 bits at most (twice log2 of the levels). Bonds that leave "
     "through the edge of a torus are drawn as two stubs.",
     "The lattice, every bond coloured by the mutual information of its two pixels."},
    {"pairs", CUTROPY_MAP_PAIRS, SCRIPT(pairs), "pairs", "Mutual information of all pairs",
     "The same for every pair of pixels, numbered as in the masks of the cuts. Stripes beside the "
     "diagonal are neighbours in x and y; far from it they are correlations over a distance.",
     "A matrix of pixels by pixels, coloured by their mutual information."},
    {"strongest", CUTROPY_MAP_PAIRS, SCRIPT(strongest), "pairs", "Pairs that share most",
     "The pairs with the most mutual information, as many as there are pixels at most, on the lattice; the "
     "colours go by quantile: as many pairs have the darker half of them as the paler one.",
     "The lattice, with lines between the pairs of pixels of largest mutual information."},
    {"rows", CUTROPY_MAP_ROWS, SCRIPT(profile), "rows", "Growing block of rows",
     "The region of the first k rows: its boundary does not grow, its size does, up to the middle. "
     "The dashed line is the largest entropy that such a block can have: min(NA, NB) (of a data set the levels of the pixels and the classes of its label count), and not more "
     "than log2 of the different rows of the cut matrix, of which there are no more than images.",
     "Entropy of the first k rows against k, below the largest possible one."},
    {"columns", CUTROPY_MAP_COLUMNS, SCRIPT(profile), "columns", "Growing block of columns",
     "The same for columns.",
     "Entropy of the first k columns against k, below the largest possible one."},
    {"prefixes", CUTROPY_MAP_PREFIXES, SCRIPT(profile), "pixels", "Growing prefix",
     "The first k pixels in the order of their numbers. An exact matrix product state in this "
     "order needs a bond dimension of at least 2^S.",
     "Entropy of the first k pixels against k, below the largest possible one."},
    {"rectangles", CUTROPY_MAP_RECTANGLES, SCRIPT(scatter), "rectangle", "Every rectangle",
     "Entropy against boundary length, coloured by the size. Where the boundary decides, the "
     "colours mix on one line; where the size decides, they part. Points that would hide each other stand side by side; the box holds the middle half of "
     "them, its line is the median.",
     "Entropy of every rectangle against the length of its boundary."},
    {"connected", CUTROPY_MAP_CONNECTED, SCRIPT(scatter), "connected region",
     "Every connected region up to a size", "The same for connected regions of every shape.",
     "Entropy of every connected region against the length of its boundary."},
    {"spectrum", CUTROPY_MAP_HALF, SCRIPT(spectrum), "half cut",
     "Entanglement spectrum of the half cut",
     "Eigenvalues of rho_A for A = the first floor(N/2) pixels, one bar a distinct eigenvalue. A "
     "single flat bar means that all of them are equal.",
     "Minus log2 of the eigenvalues of the half cut, the largest eigenvalue first."},
    {"range", CUTROPY_MAP_RANGE, SCRIPT(range), "pixels", "Range of every pixel",
     "How far from a pixel the image still decides how the function depends on that pixel: the "
     "range in bonds (colour) of the cut A = all other pixels, and with it the number of row "
     "classes of A (log2 of it, rounded up, is the bits that all others must tell the pixel, "
     "one-way). 0: one class, the others decide nothing. Grey: no range, because it hangs on a "
     "pixel from which no bonds lead here.",
     "The lattice, every pixel coloured by its range."},
};
const size_t ct_map_picture_count = sizeof ct_map_pictures / sizeof ct_map_pictures[0];

const char *ct_map_missing(const cutropy_map *map, int family)
{
    if (family == CT_MAP_LAW)
        return map->law ? NULL : map->law_missing;
    if (*map->family[family].missing)
        return map->family[family].missing;
    if (family == CUTROPY_MAP_PAIRS && !map->pair)
        return "not all pairs were computed";
    return NULL;
}

static bool pairs_share(const cutropy_map *map)
{
    for (size_t k = 0; k < map->pairs; k++)
        if (map->pair[k].information > map->pair[k].err)
            return true;
    return false;
}

const char *ct_map_picture_missing(const cutropy_map *map, const ct_map_picture *picture)
{
    const char *missing = ct_map_missing(map, picture->family);
    if (!missing && picture->script == ct_plot_bonds && !map->lattice->bonds)
        return "the lattice has no bonds";
    if (!missing && picture->script == ct_plot_strongest &&
        map->lattice->kind == CUTROPY_LATTICE_CHAIN)
        missing = "on a chain the matrix shows where they lie";
    if (!missing && picture->script == ct_plot_strongest && !pairs_share(map))
        missing = "no pair shares anything";
    if (!missing && picture->family == CUTROPY_MAP_CONNECTED &&
        map->lattice->kind == CUTROPY_LATTICE_CHAIN)
        missing = "the connected regions of a chain are its blocks";
    return missing;
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

void ct_map_style(const cutropy_map *map, ct_text *out)
{
    static const char *const kinds[] = {"grid", "links", "chain"};
    const cutropy_lattice *l = map->lattice;
    ct_text_puts(out,
                 "# Shared by all scripts of this folder: colours, fonts and sizes.\nfunction = ");
    ct_plot_quoted(map->result->problem, 90, out);
    ct_text_puts(out, "\nlattice = ");
    ct_plot_quoted(l->name, 40, out);
    ct_text_printf(out, "\nkind = '%s'\nLx = %d\nLy = %d\nN = %d\ntorus = %d\n\n", kinds[l->kind],
                   l->lx, l->ly, l->pixels, l->periodic);
    ct_text_printf(out, "pair_stride = %d\nchosen = '", map->pair_stride);
    for (size_t i = 0; i < map->chosen_count; i++)
        ct_text_printf(out, "%d ", map->chosen[i]);
    ct_text_printf(out, "'\nhas_law = %d\n", map->law && map->law->model >= 0);
    for (int id = CUTROPY_MAP_ROWS; id <= CUTROPY_MAP_PREFIXES;
         id++) { /* bits of the smaller side, cut by cut */
        const cutropy_map_family *family = &map->family[id];
        ct_text_printf(out, "most_%s = '", family->name);
        for (size_t i = 0; i < family->count; i++) /* beyond doubles the classes decide */
            ct_text_printf(out, "%.17g ", fmin(map->most[family->first + i], 1e9));
        ct_text_puts(out, "'\n");
    }
    if (map->law)
        ct_law_head(map->law, map->law_length, out);
    ct_text_add(out, (const char *)ct_plot_style, ct_plot_style_size);
}
