/* SPDX-License-Identifier: Apache-2.0 */
/* contains: a small pattern appears somewhere. */
#include <string.h>

#include "base/bits.h"
#include "problem/label.h"
#include "problem/types.h"

static const ct_param params[] = {
    {"pattern", CT_PARAM_TEXT, "11/11", 0, 0, NULL,
     "rows of 0 and 1, top row first, separated by slashes: 11/10"},
    {"match", CT_PARAM_WORD, "exact", 0, 0, "exact|lit",
     "exact: lit and unlit pixels of the pattern must match; lit: only the lit ones"},
    {0},
};

typedef struct pattern {
    const char *rows;
    int width, height;
    bool exact;
} pattern;

static cutropy_status read_pattern(const char *text, bool exact, pattern *out)
{
    *out = (pattern){.rows = text, .width = (int)strcspn(text, "/"), .height = 1, .exact = exact};
    bool good = out->width > 0 && text[strspn(text, "01/")] == '\0';
    for (const char *row = strchr(text, '/'); row && good; row = strchr(row, '/')) {
        row++;
        good = (int)strcspn(row, "/") == out->width;
        out->height++;
    }
    if (!good)
        return ct_fail(CUTROPY_EINPUT,
                       "contains: pattern=%.60s is not equally long rows of 0 and 1 such as 11/10",
                       text);
    if (!exact && !strchr(text, '1'))
        return ct_fail(
            CUTROPY_EINPUT,
            "contains: pattern=%.60s has no lit pixel, but match=lit looks only at those", text);
    return CUTROPY_OK;
}

/* Beyond 64 pixels: the translate at the top left corner alone, its lit pixels in the first half of `group`, its dark
 * ones in the second. */
static void put_corner(ct_body_data *data, const pattern *p)
{
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            const bool lit = p->rows[y * (p->width + 1) + x] == '1';
            if (lit || p->exact)
                ct_set_bit(data->group + (lit ? 0 : CT_BODY_PIXELS), (uint64_t)(x + data->lx * y));
        }
}

/* The translate whose top left pixel is (x0, y0). */
static void add_translate(ct_body_data *data, const pattern *p, int x0, int y0)
{
    uint64_t *masks = &data->group[2 * data->groups++]; /* lit, unlit */
    for (int y = 0; y < p->height; y++)
        for (int x = 0; x < p->width; x++) {
            bool lit = p->rows[y * (p->width + 1) + x] == '1';
            int i = (x0 + x) % data->lx + data->lx * ((y0 + y) % data->ly);
            if (lit || p->exact)
                masks[lit ? 0 : 1] |= UINT64_C(1) << i;
        }
}

static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    pattern p;
    CT_TRY(read_pattern(ct_arg_text(args, "pattern"),
                        strcmp(ct_arg_text(args, "match"), "exact") == 0, &p));
    if (p.width > problem->lattice->lx || p.height > problem->lattice->ly)
        return ct_fail(CUTROPY_EINPUT, "contains: a pattern of %dx%d pixels does not fit on %s",
                       p.width, p.height, problem->lattice->name);
    ct_body_data *data = problem->body_data;
    data->parameter[0] = p.width;
    data->parameter[1] = p.height;
    if (!ct_label_is_sliced(problem)) {
        put_corner(data, &p);
        return CUTROPY_OK;
    }
    int columns = data->periodic ? data->lx : data->lx - p.width + 1;
    int rows = data->periodic ? data->ly : data->ly - p.height + 1;
    for (int y = 0; y < rows; y++)
        for (int x = 0; x < columns; x++)
            add_translate(data, &p, x, y);
done:
    return status;
}

const ct_problem_type ct_problem_contains = {
    .name = "contains",
    .summary = "a small pattern appears somewhere",
    .definition = "Label 1: some translate of the pattern lies in the image; its first row is the "
                  "one with the smallest "
                  "y, its first character the smallest x. Translates stay inside an open lattice "
                  "and wrap around a "
                  "torus or ring. match=exact: all pixels of the pattern match; match=lit: those "
                  "that are 1 are lit.",
    .source = "textbook",
    .known = "chain:N, pattern=11: 2^N - F(N+2) label-1 images (Fibonacci numbers)",
    .lattice = "grid:4x4",
    .params = params,
    .is_label = true,
    .lattices = CT_ON_GRID | CT_ON_CHAIN,
    .body = CT_BODY_contains,
    .make = make,
};
