/* SPDX-License-Identifier: Apache-2.0 */
/* The table of statements. */
#include <math.h>

#include <cutropy/verify.h>

#include "output/columns.h"
#include "output/listing.h"

static void add_real(ct_listing *out, double value)
{
    if (isfinite(value))
        ct_listing_real(out, value);
    else
        ct_listing_none(out);
}

static void add_statement(const cutropy_verification *v, const cutropy_statement *s,
                          ct_listing *out)
{
    const cutropy_cuts *cuts = &v->ranges->result->cuts;
    char text[CT_CELL_SIZE];
    ct_listing_text(out, s->name);
    ct_listing_text(out, s->reference);
    ct_listing_text(out, cutropy_verdict_name(s->verdict));
    ct_listing_integer(out, (int64_t)s->checked);
    ct_listing_integer(out, (int64_t)s->undecided);
    ct_listing_integer(out, (int64_t)s->left_out);
    if (s->has_cut) {
        cutropy_mask_format(cuts->masks + s->cut * cuts->words, cuts->words, text);
        ct_listing_text(out, text);
    } else {
        ct_listing_none(out);
    }
    add_real(out, s->slack);
    add_real(out, s->slack_err);
    ct_listing_text(out, s->claim);
    ct_listing_text(out, s->detail);
}

cutropy_status cutropy_verification_write(const cutropy_verification *verification,
                                          cutropy_format format, FILE *file)
{
    static const char *const names[] = {"statement", "reference", "verdict", "checked",
                                        "undecided", "left_out",  "cut",     "slack",
                                        "slack_err", "claim",     "detail"};
    ct_listing out;
    cutropy_status status = ct_listing_open(&out, format, CUTROPY_BASE_BITS,
                                            verification->ranges->result, names, 11, file);
    if (status)
        return status;
    for (size_t i = 0; i < verification->count; i++)
        add_statement(verification, &verification->statements[i], &out);
    return ct_listing_close(&out, 1);
}
