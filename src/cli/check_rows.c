/* Numbers are compared as the decimals that stand in the table, in exact arithmetic: 40 digits
 * count as 40. */
#include "cli/check_rows.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/locale.h"
#include "certify/decimal.h"

const char *ct_verdict_name(ct_verdict verdict)
{
    return verdict == CT_AGREES       ? "agrees"
           : verdict == CT_AS_PRINTED ? "agrees within its precision"
                                      : "wrong";
}

/* Our entropy and its radius as texts. */
typedef struct ct_ours {
    const char *value;
    int decimals; /* rounded correctly to so many; -1: a double */
    char number[40], radius[40];
} ct_ours;

static void our_entropy(const cutropy_record *record, cutropy_base unit, ct_ours *out)
{
    const int u = unit == CUTROPY_NATS;
    const cutropy_exact *exact = record->exact;
    if (exact && exact->entropy[u]) {
        out->value = exact->entropy[u];
        out->decimals = exact->decimals[u];
        snprintf(out->radius, sizeof out->radius, "5e-%d", exact->decimals[u] + 1);
        return;
    }
    const double scale = u ? M_LN2 : 1;
    ct_snprintf(out->number, sizeof out->number, "%.17g", record->entropy * scale);
    ct_snprintf(out->radius, sizeof out->radius, "%.3g",
                record->entropy_err * scale * 1.01 + record->entropy * 0x1p-51);
    out->value = out->number;
    out->decimals = -1;
}

int ct_rounded_decimals(const char *entropy, const char *error)
{
    bool half;
    char unit[32];
    if (!ct_number_is_valid(entropy) || !ct_number_is_valid(error) || strchr(entropy, '/'))
        return -2;
    ct_number_last_place(entropy, unit);
    const char *none = "0";
    char five[40];
    snprintf(five, sizeof five, "5e%d", atoi(unit + 2) - 1);
    if (ct_numbers_agree(error, five, &none, 1, &half, NULL) != CUTROPY_OK || !half)
        return -2;
    return ct_number_decimals(entropy);
}

static void note(ct_checked_row *row, const char *column)
{
    const size_t length = strlen(row->detail);
    row->verdict = CT_WRONG;
    snprintf(row->detail + length, sizeof row->detail - length, "%s%s", length ? ", " : "", column);
}

static void check_integer(const ct_check_table *t, size_t row, int column, const char *name,
                          int64_t ours, ct_checked_row *out)
{
    char text[24];
    if (column < 0 || !*ct_csv_cell(&t->csv, row, column))
        return;
    snprintf(text, sizeof text, "%lld", (long long)ours);
    if (strcmp(text, ct_csv_cell(&t->csv, row, column)))
        note(out, name);
}

/* "5", or "3..7" where neither side need be settled */
static void check_rank(const ct_check_table *t, size_t row, const cutropy_record *record,
                       ct_checked_row *out)
{
    if (t->rank < 0 || !*ct_csv_cell(&t->csv, row, t->rank))
        return;
    char *end;
    const char *text = ct_csv_cell(&t->csv, row, t->rank);
    const long long low = strtoll(text, &end, 10);
    const long long high = !strncmp(end, "..", 2) ? strtoll(end + 2, &end, 10) : low;
    if (*end || high < record->rank_lo || low > record->rank_hi)
        note(out, "rank");
}

/* A fraction must be ours; a decimal must be as near as it is printed (16 digits of a double at
 * most). */
static cutropy_status check_purity(const ct_check_table *t, size_t row,
                                   const cutropy_record *record, ct_checked_row *out)
{
    cutropy_status status = CUTROPY_OK;
    char ours[96], unit[32];
    bool agree = true;
    const char *text = t->purity < 0 ? "" : ct_csv_cell(&t->csv, row, t->purity);
    const char *radius[2] = {unit, "1e-14"};
    if (!*text)
        return CUTROPY_OK;
    const bool exact = record->purity_exact.q[0] || record->purity_exact.q[1];
    if (record->exact && record->exact->purity) {
        ct_number_last_place(text, unit);
        CT_TRY(ct_numbers_agree(text, record->exact->purity, radius, strchr(text, '/') ? 1 : 2,
                                &agree, NULL));
    } else {
        if (exact)
            cutropy_fraction_format(&record->purity_exact, ours);
        else
            ct_snprintf(ours, sizeof ours, "%.17g", record->purity);
        ct_number_last_place(text, unit);
        CT_TRY(
            ct_numbers_agree(text, ours, radius, exact && strchr(text, '/') ? 1 : 2, &agree, NULL));
    }
    if (!agree)
        note(out, "purity");
done:
    return status;
}

static cutropy_status check_entropy(const char *path, const ct_check_table *t, cutropy_base unit,
                                    const char *tolerance, const cutropy_record *record, size_t row,
                                    ct_checked_row *out)
{
    const char *theirs = ct_csv_cell(&t->csv, row, t->entropy);
    const char *stated = t->error < 0 ? "" : ct_csv_cell(&t->csv, row, t->error);
    char last_place[32];
    bool agree;
    ct_ours ours;
    our_entropy(record, unit, &ours);
    if (!ct_number_is_valid(theirs) || (*stated && !ct_number_is_valid(stated)))
        return ct_fail(CUTROPY_EINPUT, "%s: line %zu: '%.40s' is not a number", path,
                       t->csv.line[row], ct_number_is_valid(theirs) ? stated : theirs);
    ct_number_last_place(theirs, last_place);
    const char *radius[3] = {tolerance, *stated ? stated : last_place, ours.radius};
    /* two decimals rounded correctly to the same place are equal or one is wrong */
    const size_t radii = ct_rounded_decimals(theirs, stated) == ours.decimals ? 1 : 3;
    const cutropy_status status =
        ct_numbers_agree(theirs, ours.value, radius, radii, &agree, &out->difference);
    out->verdict = !agree ? CT_WRONG : *stated ? CT_AGREES : CT_AS_PRINTED;
    if (!agree)
        note(out, t->csv.name[t->entropy]);
    snprintf(out->ours, sizeof out->ours, "%.63s", ours.value);
    return status;
}

cutropy_status ct_check_row(const char *path, const ct_check_table *table, cutropy_base unit,
                            const char *tolerance, const cutropy_result *result, size_t row,
                            ct_checked_row *out)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_row *r = &result->rows[row];
    const cutropy_record *record = &result->records[r->record];
    *out = (ct_checked_row){0};
    CT_TRY(check_entropy(path, table, unit, tolerance, record, row, out));
    check_integer(table, row, table->na, "na", r->na, out);
    check_integer(table, row, table->boundary, "boundary", r->boundary, out);
    check_integer(table, row, table->classes_a, "classes_a", record->classes[r->swapped], out);
    check_integer(table, row, table->classes_b, "classes_b", record->classes[!r->swapped], out);
    check_rank(table, row, record, out);
    CT_TRY(check_purity(table, row, record, out));
done:
    return status;
}
