/* SPDX-License-Identifier: Apache-2.0 */
/* The table of ranges. */
#include <math.h>

#include <cutropy/range.h>

#include "base/twofold.h"
#include "output/columns.h"
#include "output/listing.h"

#define COLUMNS 17
#define LOG_2 0.693147180559945309417232121458

static void add_masks(const cutropy_ranges *ranges, size_t i, ct_listing *out)
{
    const size_t words = ranges->result->cuts.words;
    char text[CT_CELL_SIZE];
    for (int k = 0; k < 2; k++) {
        if (ranges->rows[i].assumption1) {
            ct_listing_none(out);
            continue;
        }
        cutropy_mask_format(ranges->witness + (2 * i + (size_t)k) * words, words, text);
        ct_listing_text(out, text);
    }
}

/* bound - entropy in the unit, rounded down: each step is off by at most half a unit of its last
 * place, and so is LOG_2. */
static double slack(const cutropy_range *r, double unit)
{
    double slip, slack = r->range_pixels - r->entropy;
    ct_two_sum(r->range_pixels, -r->entropy, &slip);
    if (slip < 0)
        slack = nextafter(slack, -INFINITY);
    return unit == 1 ? slack : nextafter(nextafter(slack * unit, -INFINITY), -INFINITY);
}

/* That of the entropy, and what was rounded down. */
static double slack_error(const cutropy_range *r, double unit)
{
    const double size = fmax(r->range_pixels, fabs(r->entropy));
    return (r->entropy_err * (1 + 0x1p-50) + size * 0x1p-51) * unit;
}

static void add_row(const cutropy_ranges *ranges, size_t i, double unit, ct_listing *out)
{
    const cutropy_range *r = &ranges->rows[i];
    const bool known = r->range != CUTROPY_NO_RANGE;
    char text[CT_CELL_SIZE];
    cutropy_mask_format(ranges->result->cuts.masks + i * ranges->result->cuts.words,
                        ranges->result->cuts.words, text);
    ct_listing_text(out, text);
    if (known) {
        ct_listing_integer(out, r->range);
        ct_listing_integer(out, r->range_pixels);
    } else {
        ct_listing_none(out);
        ct_listing_none(out);
    }
    ct_listing_integer(out, r->assumption1);
    ct_listing_real(out, r->entropy * unit);
    ct_listing_real(out, r->entropy_err * unit);
    if (known)
        ct_listing_real(out, r->range_pixels * unit);
    else
        ct_listing_none(out);
    ct_listing_integer(out, r->classes[0]);
    ct_listing_integer(out, r->classes[1]);
    ct_listing_integer(out, r->boundary);
    ct_listing_integer(out, r->boundary_pixels);
    if (known) {
        ct_listing_real(out, slack(r, unit));
        ct_listing_real(out, slack_error(r, unit));
        ct_listing_real(out, (double)r->range * r->boundary_pixels * unit);
    } else {
        for (int k = 0; k < 3; k++)
            ct_listing_none(out);
    }
    ct_listing_integer(out, r->depth);
    add_masks(ranges, i, out);
}

cutropy_status cutropy_ranges_write(const cutropy_ranges *ranges, cutropy_format format,
                                    cutropy_base base, FILE *file)
{
    static const char *const names[2][COLUMNS] = {
        {"cut", "range", "range_pixels", "assumption1", "entropy_bits", "entropy_err", "bound_bits",
         "classes_a", "classes_b", "boundary", "boundary_pixels", "slack_bits", "slack_err",
         "boundary_bound_bits", "depth", "witness_1", "witness_2"},
        {"cut", "range", "range_pixels", "assumption1", "entropy_nats", "entropy_err", "bound_nats",
         "classes_a", "classes_b", "boundary", "boundary_pixels", "slack_nats", "slack_err",
         "boundary_bound_nats", "depth", "witness_1", "witness_2"}};
    const bool nats = base == CUTROPY_BASE_NATS;
    ct_listing out;
    if (format == CUTROPY_FORMAT_CSV && !ranges->complete) {
        size_t done = 0;
        for (size_t i = 0; i < ranges->count; i++)
            done += ranges->rows[i].done != 0;
        if (fprintf(file, "# partial: %zu of %zu cuts\n", done, ranges->count) < 0)
            return CUTROPY_EIO;
    }
    cutropy_status status =
        ct_listing_open(&out, format, base, ranges->result, names[nats], COLUMNS, file);
    if (status)
        return status;
    for (size_t i = 0; i < ranges->count; i++)
        if (ranges->rows[i].done)
            add_row(ranges, i, nats ? LOG_2 : 1, &out);
    return ct_listing_close(&out, ranges->complete);
}
