/* SPDX-License-Identifier: Apache-2.0 */
/* What the numbers of a map say, in words. */
#include <math.h>
#include <string.h>

#include "base/locale.h"
#include "engine/function/result.h"
#include "sheet/sheet.h"
#include "output/map_files.h"

const char *ct_map_bits(double value, int digits, char *room)
{
    const int length = ct_snprintf(room, 32, "%.*g", digits, value + 0.0);
    strcpy(room + length, strcmp(room, "1") != 0 ? " bits" : " bit");
    return room;
}

static const cutropy_record *record_of(const cutropy_map *map, size_t row)
{
    return &map->result->records[map->result->rows[row].record];
}

static int smaller(const cutropy_map *map, size_t row)
{
    const int na = map->result->rows[row].na, nb = map->lattice->pixels - na;
    return na < nb ? na : nb;
}

static void pixels(const cutropy_map *map, ct_text *html)
{
    const cutropy_map_family *family = &map->family[CUTROPY_MAP_SITES];
    size_t low = 0, high = 0;
    char room[2][40];
    for (size_t i = 1; i < family->count; i++) {
        const double value = record_of(map, family->first + i)->entropy;
        if (value < record_of(map, family->first + low)->entropy)
            low = i;
        if (value > record_of(map, family->first + high)->entropy)
            high = i;
    }
    const cutropy_record *least = record_of(map, family->first + low);
    const cutropy_record *most = record_of(map, family->first + high);
    if (most->entropy <= most->entropy_err)
        ct_text_puts(html, "<li>Every pixel has S = 0 bits within its error: the function is a "
                           "product over the pixels.</li>\n");
    else if (most->entropy - least->entropy <= most->entropy_err + least->entropy_err)
        ct_text_printf(html, "<li>All pixels have the same entropy: %s.</li>\n",
                       ct_map_bits(most->entropy, 6, room[0]));
    else
        ct_text_printf(html, "<li>Pixel entropies go from %s (pixel %zu) to %s (pixel %zu).</li>\n",
                       ct_map_bits(least->entropy, 6, room[0]), low,
                       ct_map_bits(most->entropy, 6, room[1]), high);
}

static void pairs(const cutropy_map *map, ct_text *html)
{
    const ct_map_pair *best = map->pair;
    size_t zero = 0;
    char room[40];
    if (!map->pair)
        return;
    for (size_t k = 0; k < map->pairs; k++) {
        zero += fabs(map->pair[k].information) <= map->pair[k].err;
        best = map->pair[k].information > best->information ? &map->pair[k] : best;
    }
    const char *those = map->pair_stride > 1 ? " that were computed" : "";
    if (zero == map->pairs)
        ct_text_printf(html,
                       "<li>No pixel knows anything about any other single pixel: I(i:j) = 0 "
                       "for all pairs%s.</li>\n",
                       those);
    else
        ct_text_printf(html,
                       "<li>The pair that shares most is pixels %d and %d: I = %s; %zu of "
                       "%zu pair%s%s %s nothing.</li>\n",
                       best->i, best->j, ct_map_bits(best->information, 6, room), zero, map->pairs,
                       map->pairs == 1 ? "" : "s", those, map->pairs == 1 ? "shares" : "share");
}

static void half(const cutropy_map *map, ct_text *html)
{
    const cutropy_map_family *family = &map->family[CUTROPY_MAP_HALF];
    if (!family->count)
        return;
    const cutropy_record *r = record_of(map, family->first);
    const int64_t classes =
        r->classes[0] < r->classes[1] ? r->classes[0] : r->classes[1]; /* S <= log2 classes */
    const double space = map->most[family->first];
    const bool few = log2((double)classes) < space;
    const double most = few ? log2((double)classes) : space;
    char room[2][40];
    if (r->entropy <= r->entropy_err)
        ct_text_puts(html, "<li>The half cut has S = 0 bits within its error; ");
    else
        ct_text_printf(html,
                       "<li>The half cut has S = %s (%s), %.3g %% of the %s that its %s allow; ",
                       ct_map_bits(r->entropy, 10, room[0]), ct_guarantee_name(r->guarantee),
                       100 * r->entropy / most, ct_map_bits(most, 4, room[1]),
                       few ? "classes of equal rows" : "pixels");
    if (r->rank_lo == r->rank_hi)
        ct_text_printf(html, "Schmidt rank %lld.</li>\n", (long long)r->rank_lo);
    else
        ct_text_printf(html, "Schmidt rank %lld..%lld.</li>\n", (long long)r->rank_lo,
                       (long long)r->rank_hi);
}

/* Local rules have ranges that do not grow with the lattice. */
static void ranges(const cutropy_map *map, ct_text *html)
{
    const cutropy_ranges *r = map->ranges;
    size_t high = 0, without = 0;
    for (size_t i = 0; r && i < cutropy_ranges_count(r); i++) {
        without += cutropy_ranges_row(r, i)->range == CUTROPY_NO_RANGE;
        if (cutropy_ranges_row(r, i)->range > cutropy_ranges_row(r, high)->range)
            high = i;
    }
    if (!r)
        return;
    const cutropy_range *most = cutropy_ranges_row(r, high);
    if (without)
        ct_text_printf(html,
                       "<li>%zu pixels have no range: how the function depends on them hangs on "
                       "pixels from which no bonds lead there.</li>\n",
                       without);
    else if (!most->range)
        ct_text_puts(html, "<li>Every pixel has range 0: how the function depends on a pixel is "
                           "the same for all images of the others (that have a label 1 at all)."
                           "</li>\n");
    else
        ct_text_printf(html,
                       "<li>How the function depends on a pixel is decided within %d bond%s of it "
                       "(range of pixel %zu, the largest; the farthest pixel is %d away).</li>\n",
                       most->range, most->range == 1 ? "" : "s", high, most->depth);
}

/* Blocks of k rows: the size grows to the middle of the lattice, the boundary does not. The verdict
 * stands in its own section. */
static void blocks(const cutropy_map *map, cutropy_map_family_id id, const char *what,
                   ct_text *html)
{
    const cutropy_map_family *family = &map->family[id];
    if (family->count < 3)
        return;
    const size_t first = family->first, middle = first + (family->count - 1) / 2;
    if (smaller(map, middle) <= smaller(map, first) ||
        map->result->rows[first].boundary != map->result->rows[middle].boundary)
        return;
    const int bonds = map->result->rows[first].boundary;
    char room[40];
    ct_text_printf(html,
                   "<li>Blocks of %s, all with a boundary of %d bond%s: from %d to %d pixels S "
                   "goes from %.4g to %s.</li>\n",
                   what, bonds, bonds == 1 ? "" : "s", smaller(map, first), smaller(map, middle),
                   record_of(map, first)->entropy,
                   ct_map_bits(record_of(map, middle)->entropy, 4, room));
}

void ct_map_words(const cutropy_map *map, ct_text *html)
{
    ct_text_puts(html, "<ul>\n");
    pixels(map, html);
    pairs(map, html);
    ranges(map, html);
    half(map, html);
    blocks(map, CUTROPY_MAP_ROWS, "rows", html);
    blocks(map, CUTROPY_MAP_COLUMNS, "columns", html);
    if (map->lattice->kind == CUTROPY_LATTICE_CHAIN)
        blocks(map, CUTROPY_MAP_PREFIXES, "pixels of the chain", html);
    ct_text_puts(html, "</ul>\n");
}
