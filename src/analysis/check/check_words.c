/* SPDX-License-Identifier: Apache-2.0 */
/* What a check found, in words. */
#include <stdio.h>

#include "analysis/check/check.h"
#include "base/locale.h"

const char *cutropy_check_verdict_name(cutropy_check_verdict verdict)
{
    return verdict == CUTROPY_CHECK_AGREES    ? "agrees"
           : verdict == CUTROPY_CHECK_ROUNDED ? "agrees within rounding of its own digits"
                                              : "differs";
}

/* Columns that nobody compared: those of others, and texts. */
static void write_other_columns(const cutropy_check *c, FILE *file)
{
    const char *between = "not compared: ";
    for (int k = 0; k < (int)c->table.csv.columns; k++) {
        bool taken = k == c->table.cut;
        for (size_t i = 0; i < c->table.columns.count; i++)
            taken |= c->table.columns.column[i].value == k || c->table.columns.column[i].error == k;
        if (!taken) {
            fprintf(file, "%s%.60s", between, c->table.csv.name[k]);
            between = ", ";
        }
    }
    if (*between == ',')
        fprintf(file, "\n");
}

cutropy_status cutropy_check_words(const cutropy_check *check, FILE *file)
{
    const cutropy_check_summary *s = &check->summary;
    const ct_locale locale = ct_locale_enter();
    for (size_t i = 0; i < s->differ; i++) {
        const cutropy_checked_row *row = cutropy_check_row(check, i);
        fprintf(file, "differs by %.3g: line %zu, cut %s: %s %.80s, cutropy %s%s%s\n",
                row->difference, row->line, row->cut, row->column, row->theirs, row->ours,
                *row->others ? "; also " : "", row->others);
    }
    if (s->altered)
        fprintf(file, "altered: %s does not have the SHA-256 of the index beside it\n",
                check->path);
    write_other_columns(check, file);
    if (s->left_out)
        fprintf(file, "%zu values have no counterpart in cutropy\n", s->left_out);
    fprintf(file, "%zu rows: %zu agree, %zu agree within rounding of their own digits", s->rows,
            s->agree, s->rounded);
    if (s->rounded)
        fprintf(file, " (by %.3g at most)", s->rounded_by);
    fprintf(file, ", %zu differ\n", s->differ);
    ct_locale_leave(&locale);
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}
