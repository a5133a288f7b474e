/* SPDX-License-Identifier: Apache-2.0 */
/* The figures of report.html: a picture, its words and what its script needs, or the table where there is no picture. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "engine/function/result.h"
#include "sheet/sheet.h"
#include "output/html.h"
#include "output/map_files.h"

#define FALLBACK_ROWS 40 /* of a table that stands for a picture */
#define SCROLLED 2000    /* points of a picture that is not drawn twice */
#define NAMED                                                                                      \
    250000 /* digits of the masks that the script is given for a picture: the report stays below 2 MiB */
#define SVG_LIMIT (64 << 20) /* bytes */

static cutropy_status read_file(const char *path, ct_text *out)
{
    char piece[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (!file)
        return ct_fail(CUTROPY_EIO, "cannot read '%s': %s", path, strerror(errno));
    while ((got = fread(piece, 1, sizeof piece, file)) > 0 && out->length < SVG_LIMIT)
        ct_text_add(out, piece, got);
    int broken = ferror(file);
    fclose(file);
    if (broken)
        return ct_fail(CUTROPY_EIO, "cannot read '%s'", path);
    return out->failed ? ct_fail_memory("picture", out->length) : CUTROPY_OK;
}

static cutropy_status read_in(const char *folder, const char *name, const char *ending,
                              ct_text *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_text path = {0};
    const char *const parts[] = {folder, "/", name, ending};
    for (size_t i = 0; i < 4; i++)
        ct_text_puts(&path, parts[i]);
    ct_text_add(&path, "", 1);
    if (path.failed)
        CT_TRY(ct_fail_memory("path", path.length));
    CT_TRY(read_file(path.bytes, out));
done:
    ct_text_free(&path);
    return status;
}

/* prefix: of its ids, which every point repeats, so it is short. */
static cutropy_status include_svg(const char *folder, const char *name, const char *ending,
                                  const char *prefix, ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text svg = {0};
    CT_TRY(read_in(folder, name, ending, &svg));
    if (!ct_html_svg(html, svg.bytes, svg.length, prefix))
        CT_TRY(ct_fail(CUTROPY_EIO, "'%s/%s%s' holds no picture", folder, name, ending));
done:
    ct_text_free(&svg);
    return status;
}

/* How many points the picture has that are cuts; 0: it is another kind of picture. */
static size_t points_of(const cutropy_map *map, const ct_map_picture *p)
{
    if (p->family == CT_MAP_LAW)
        return map->law_points;
    return p->family == CUTROPY_MAP_RECTANGLES || p->family == CUTROPY_MAP_CONNECTED
               ? map->family[p->family].count
               : 0;
}

/* Their masks and entropies, for the script. */
static void put_points(const cutropy_map *map, const ct_map_picture *p, ct_text *html)
{
    const cutropy_result *r = map->result;
    const size_t count = points_of(map, p);
    char mask[CT_MASK_SIZE];
    if (!count || count * (size_t)map->lattice->pixels / 4 > NAMED)
        return;
    ct_text_puts(html, "<script type=\"application/json\" class=\"points\">[");
    for (size_t i = 0; i < count; i++) {
        const size_t row =
            p->family == CT_MAP_LAW ? map->law_point[i].row : map->family[p->family].first + i;
        cutropy_mask_format(r->cuts.masks + row * r->cuts.words, r->cuts.words, mask, sizeof mask);
        ct_text_puts(html, i ? ",[\"" : "[\"");
        ct_text_puts(html, mask + 2);
        ct_text_printf(html, "\",\"%.6g\"]", r->records[r->rows[row].record].entropy);
    }
    ct_text_puts(html, "]</script>\n");
}

static bool is_blocks(const cutropy_map *map, const ct_map_picture *p)
{
    return p->family == CUTROPY_MAP_RECTANGLES && map->lattice->kind == CUTROPY_LATTICE_CHAIN;
}

/* Twice, for broad and for narrow windows; a picture of very many points once, and a narrow window scrolls it. */
static cutropy_status include_picture(const cutropy_map *map, const char *folder,
                                      const ct_map_picture *p, ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    const int number = (int)(p - ct_map_pictures);
    const bool once = points_of(map, p) > SCROLLED;
    char prefix[2][16];
    snprintf(prefix[0], sizeof prefix[0], "b%d", number);
    snprintf(prefix[1], sizeof prefix[1], "n%d", number);
    ct_text_puts(html, "<figure role=\"img\" aria-label=\"");
    ct_html_puts(html, is_blocks(map, p) ? "Entropy of every block of the chain against its length."
                                         : p->alternative);
    ct_text_printf(html, "\">\n<div class=\"plot %s\">\n", once ? "scroll" : "broad");
    CT_TRY(include_svg(folder, p->name, ".svg", prefix[0], html));
    ct_text_puts(html, "</div>\n");
    if (!once) {
        ct_text_puts(html, "<div class=\"plot narrow\">\n");
        CT_TRY(include_svg(folder, p->name, "-narrow.svg", prefix[1], html));
        ct_text_puts(html, "</div>\n");
    }
    put_points(map, p, html);
    ct_text_puts(html, "</figure>\n");
done:
    return status;
}

/* The table behind a picture, where there is no picture. */
static cutropy_status include_table(const char *folder, const char *name, ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text csv = {0};
    CT_TRY(read_in(folder, name, ".csv", &csv));
    ct_html_table(html, csv.bytes, csv.length, FALLBACK_ROWS);
done:
    ct_text_free(&csv);
    return status;
}

const char *ct_map_title(const cutropy_map *map, const ct_map_picture *picture)
{
    return is_blocks(map, picture) ? "Every block" : picture->title;
}

static const char *ordinal(int n)
{
    const bool teens = n / 10 % 10 == 1;
    return teens || n % 10 > 3 || !(n % 10) ? "th" : n % 10 == 1 ? "st" : n % 10 == 2 ? "nd" : "rd";
}

cutropy_status ct_map_figure(const cutropy_map *map, const ct_map_picture *p, const char *folder,
                             bool drawn, ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_map_family *family = p->family == CT_MAP_LAW ? NULL : &map->family[p->family];
    const char *missing = ct_map_picture_missing(map, p);
    ct_text_puts(html, "<p>");
    if (missing) {
        ct_text_puts(html, "Left out: ");
        ct_html_puts(html, missing);
        ct_text_puts(html, ".</p>\n");
        return CUTROPY_OK;
    }
    ct_html_puts(
        html,
        is_blocks(map, p)
            ? "Entropy of every block of neighbours against its length, coloured by the bonds cut where they differ. Orange: the law "
              "of the blocks that begin at pixel 0. Points that would hide each other stand side by side; the box holds the middle half of them, "
              "its line is the median."
            : p->caption);
    if (p->family == CT_MAP_LAW && map->law->model >= 0)
        ct_text_puts(html,
                     " Orange: the law that describes them best, and below what it leaves over.");
    if (p->family == CUTROPY_MAP_CONNECTED)
        ct_text_printf(html, " Here up to %s pixels: %zu regions.", strchr(family->name, ':') + 1,
                       family->count);
    if (p->family == CUTROPY_MAP_PAIRS && map->pair_stride > 1 && strcmp(p->name, "bonds") != 0)
        ct_text_printf(html,
                       " The lattice is large: every %d%s pixel in each direction takes part%s.",
                       map->pair_stride, ordinal(map->pair_stride),
                       strcmp(p->name, "strongest") ? "" : ", and all bonds");
    if (p->family == CUTROPY_MAP_RECTANGLES && map->rectangle_stride > 1)
        ct_text_printf(
            html,
            " The lattice is large: these are the %zu rectangles whose corners lie on every %d%s line of it.",
            family->count, map->rectangle_stride, ordinal(map->rectangle_stride));
    if (family && family->left_out)
        ct_text_printf(html, " %zu cuts that are larger%s were left out.", family->left_out,
                       map->unlisted ? ", or have a longer boundary than a line across," : "");
    ct_text_puts(html, "</p>\n");
    if (drawn)
        CT_TRY(include_picture(map, folder, p, html));
    else
        CT_TRY(include_table(folder, p->name, html));
    ct_text_printf(html, "<p class=\"files\">Data: %s.csv; script: %s.gp</p>\n",
                   !strcmp(p->name, "pairs") ? "pairs.csv, mutual_information" : p->name, p->name);
done:
    return status;
}
