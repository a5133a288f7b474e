/* SPDX-License-Identifier: Apache-2.0 */
/* Some images of a function, drawn on its lattice for the report. */
#include "base/bits.h"
#include "engine/function/result.h"
#include "output/html.h"
#include "output/map_files.h"
#include "sheet/sheet.h"

/* CSS pixels */
#define SIDE 88  /* the longer side of an image */
#define CELL 16  /* a pixel of a chain, */
#define LINE 680 /* which is no longer than that */

static void draw_pixel(const cutropy_lattice *l, int pixel, bool lit, ct_text *html)
{
    const ct_segment s = ct_map_shape(l, pixel);
    const char *class = lit ? "lit" : "dark";
    if (l->kind == CUTROPY_LATTICE_LINKS)
        ct_text_printf(html, "<path class=\"%s\" d=\"M%g %gL%g %g\"/>", class, s.x0, s.y0, s.x1,
                       s.y1);
    else
        ct_text_printf(html, "<path class=\"%s\" d=\"M%g %gh1v1h-1z\"/>", class, s.x0, s.y0);
}

static void draw(const cutropy_map *map, const uint64_t *image, ct_text *html)
{
    const cutropy_lattice *l = map->lattice;
    const bool links = l->kind == CUTROPY_LATTICE_LINKS;
    const double room = links && l->periodic ? 1 : 0; /* for links around the edge */
    const double width = (links ? l->lx - 1 : l->lx) + room + 0.3;
    const double height = (links ? l->ly - 1 : l->ly) + room + 0.3;
    double scale = SIDE / (width > height ? width : height);
    if (l->kind == CUTROPY_LATTICE_CHAIN)
        scale = width * CELL < LINE ? CELL : LINE / width;
    char mask[CT_MASK_SIZE];
    cutropy_mask_format(image, l->words, mask, sizeof mask);
    ct_text_puts(html, "<svg role=\"img\" aria-label=\"image ");
    ct_text_puts(html, mask);
    ct_text_printf(html,
                   "\" class=\"image %s\" width=\"%.0f\" height=\"%.0f\" viewBox=\"%g %g %g %g\">",
                   links ? "links" : "cells", width * scale + 1, height * scale + 1,
                   links ? -0.15 : -0.65, links ? -0.15 : -0.65, width, height);
    for (int lit = 0; lit < 2; lit++) /* the lit ones on top */
        for (int i = 0; i < l->pixels; i++)
            if (ct_bit(image, (uint64_t)i) == lit)
                draw_pixel(l, i, lit, html);
    ct_text_puts(html, "</svg>\n");
}

void ct_map_images(const cutropy_map *map, ct_text *html)
{
    if (*map->example_missing) {
        ct_text_puts(html, "<p class=\"missing\">No images to look at: ");
        ct_html_puts(html, map->example_missing);
        ct_text_puts(html, ".</p>\n");
    }
    if (!map->examples)
        return;
    ct_text_puts(html, "<figure class=\"images\">\n");
    for (size_t k = 0; k < map->examples; k++)
        draw(map, map->example + k * map->lattice->words, html);
    const char *s = map->examples == 1 ? "" : "s";
    ct_text_puts(html, "<figcaption>");
    if (map->result->kind != CUTROPY_KIND_LABEL)
        ct_text_printf(html, "The %zu image%s with the largest |f|", map->examples, s);
    else if (map->examples == map->result->ones)
        ct_text_printf(html, "All images with label 1");
    else if (map->unlisted)
        ct_text_printf(html,
                       "%zu of the images with label 1, drawn with the same probability for each "
                       "(cutropy sample, seed 1)",
                       map->examples);
    else
        ct_text_printf(html, "%zu of the images with label 1, spread evenly over their list",
                       map->examples);
    ct_text_puts(html, map->lattice->kind == CUTROPY_LATTICE_LINKS ? "; lit links stand out."
                                                                   : "; lit pixels stand out.");
    ct_text_puts(html, "</figcaption>\n</figure>\n");
}
