/* SPDX-License-Identifier: Apache-2.0 */
/* A table that somebody wrote, computed again and compared. */
#include "analysis/check/check.h"

#include <stdlib.h>
#include <string.h>

#include "certify/decimal.h"
#include "engine/function/options.h"
#include "problem/problem.h"

void cutropy_check_free(cutropy_check *check)
{
    if (!check)
        return;
    ct_free(check->rows);
    ct_free(check->shown);
    ct_free(check->tolerance);
    ct_free(check->path);
    cutropy_cuts_free(&check->cuts);
    cutropy_problem_free(check->problem);
    ct_check_table_free(&check->table);
    ct_free(check);
}

const cutropy_problem *cutropy_check_problem(const cutropy_check *check)
{
    return check->problem;
}

const cutropy_check_summary *cutropy_check_summarize(const cutropy_check *check)
{
    return &check->summary;
}

/* The unit of columns that do not say it. */
static cutropy_status choose_unit(cutropy_check *c, int wanted)
{
    const ct_check_table *t = &c->table;
    bool asked = false;
    size_t says = 0; /* the first column whose name says it */
    for (size_t k = 0; k < t->columns.count; k++)
        asked |= t->columns.column[k].has_unit && t->columns.column[k].unit < 0;
    while (says + 1 < t->columns.count && t->columns.column[says].unit < 0)
        says++;
    if (wanted >= 0 && !asked && t->unit >= 0 && t->unit != wanted)
        return ct_fail(CUTROPY_EINPUT, "--unit contradicts the name of the column %s",
                       t->csv.name[t->columns.column[says].value]);
    const int unit = wanted >= 0 ? wanted : t->unit;
    c->unit = unit == 1 ? CUTROPY_BASE_NATS : CUTROPY_BASE_BITS;
    return CUTROPY_OK;
}

static cutropy_status open_problem(cutropy_check *c, const cutropy_check_options *options)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *lattice = NULL;
    const char *problem = options->problem ? options->problem : c->table.problem;
    const char *place = options->lattice ? options->lattice : c->table.lattice;
    if (!problem)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s does not say what it is of: give --problem (and --lattice)", c->path));
    CT_TRY(choose_unit(c, options->unit));
    if (place)
        CT_TRY(cutropy_lattice_parse(place, &lattice));
    CT_TRY(cutropy_problem_parse(problem, lattice, &c->problem));
done:
    cutropy_lattice_free(lattice);
    return status;
}

/* The masks of all rows, in their order; a mask may stand there twice. */
static cutropy_status read_cuts(cutropy_check *c)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = cutropy_problem_lattice(c->problem);
    const ct_csv *csv = &c->table.csv;
    cutropy_cuts *cuts = &c->cuts;
    *cuts = (cutropy_cuts){.words = lattice->words, .count = csv->rows};
    CT_NEW(cuts->masks, csv->rows * cuts->words);
    for (size_t i = 0; i < csv->rows; i++) {
        const char *text = ct_csv_cell(csv, i, c->table.cut);
        cutropy_cuts one = {0};
        if (strncmp(text, "0x", 2))
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s:%zu: '%.40s' is not a hexadecimal mask", c->path,
                           csv->line[i], text));
        CT_TRY(cutropy_cuts_parse(text, lattice, &one));
        memcpy(cuts->masks + i * cuts->words, one.masks, cuts->words * sizeof *one.masks);
        cutropy_cuts_free(&one);
    }
done:
    return status;
}

static cutropy_status copy_text(const char *text, char **out)
{
    *out = ct_strdup(text);
    return *out ? CUTROPY_OK : ct_fail_memory("text", strlen(text) + 1);
}

cutropy_status cutropy_check_open(const char *path, const cutropy_check_options *options,
                                  cutropy_check **out)
{
    cutropy_status status = CUTROPY_OK;
    static const cutropy_check_options standard = CUTROPY_CHECK_OPTIONS;
    cutropy_check *c = NULL;
    *out = NULL;
    options = options ? options : &standard;
    CT_TRY(ct_options_known("CUTROPY_CHECK_OPTIONS", options->size, sizeof *options));
    CT_NEW_ZERO(c, 1);
    c->plain = options->plain != 0;
    CT_TRY(copy_text(path, &c->path));
    CT_TRY(copy_text(options->tolerance, &c->tolerance));
    if (!ct_number_is_valid(c->tolerance) || *c->tolerance == '-')
        CT_TRY(ct_fail(CUTROPY_EINPUT, "tolerance '%.40s': give a number such as 1e-12",
                       c->tolerance));
    CT_TRY(ct_check_table_read(path, &c->table));
    CT_TRY(open_problem(c, options));
    CT_TRY(read_cuts(c));
    *out = c;
    c = NULL;
done:
    cutropy_check_free(c);
    return status;
}

/* Decimals to prove: those of the correctly rounded numbers in the table, at least the usual
 * ones. */
static int wanted_digits(const ct_check_table *t)
{
    int digits = CUTROPY_CERTIFIED_DIGITS;
    for (size_t k = 0; k < t->columns.count; k++)
        for (size_t i = 0; t->columns.column[k].kind == CT_CHECK_REAL && i < t->csv.rows; i++) {
            const ct_check_column *column = &t->columns.column[k];
            const char *number = ct_csv_cell(&t->csv, i, column->value);
            const char *error = column->error < 0 ? "" : ct_csv_cell(&t->csv, i, column->error);
            const int rounded = ct_rounded_decimals(number, error);
            /* no error stated: as many as are printed, if they are more than a double has */
            const int decimals =
                *error || !ct_number_is_valid(number) ? rounded : ct_number_decimals(number);
            digits = decimals > digits ? decimals : digits;
        }
    return digits < CUTROPY_MAX_DIGITS ? digits : CUTROPY_MAX_DIGITS;
}

/* The worst comes first; equals stay in the order of the table. */
static int by_size(const void *a, const void *b, void *context)
{
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const ct_checked_row *rows = context, *x = &rows[i], *y = &rows[j];
    if (ct_check_is_worse(x, y))
        return -1;
    if (ct_check_is_worse(y, x))
        return 1;
    return (i > j) - (i < j);
}

static void summarize(cutropy_check *c, size_t left_out)
{
    cutropy_check_summary *s = &c->summary;
    *s = (cutropy_check_summary){
        .rows = c->table.csv.rows, .left_out = left_out, .altered = c->table.altered};
    for (size_t i = 0; i < s->rows; i++) {
        const ct_checked_row *row = &c->rows[i];
        s->agree += row->verdict == CUTROPY_CHECK_AGREES;
        s->rounded += row->verdict == CUTROPY_CHECK_ROUNDED;
        s->differ += row->verdict == CUTROPY_CHECK_DIFFERS;
        if (row->verdict == CUTROPY_CHECK_ROUNDED && row->difference > s->rounded_by)
            s->rounded_by = row->difference;
    }
}

static cutropy_checked_row show(const cutropy_check *c, size_t at)
{
    const ct_checked_row *row = &c->rows[at];
    const ct_csv *csv = &c->table.csv;
    const bool compared = row->column >= 0;
    return (cutropy_checked_row){.verdict = row->verdict,
                                 .difference = row->difference,
                                 .line = csv->line[at],
                                 .cut = ct_csv_cell(csv, at, c->table.cut),
                                 .column = compared ? csv->name[row->column] : "",
                                 .theirs = compared ? ct_csv_cell(csv, at, row->column) : "",
                                 .ours = row->ours,
                                 .others = row->others};
}

static cutropy_status compare(cutropy_check *c, const cutropy_result *result)
{
    cutropy_status status = CUTROPY_OK;
    const size_t rows = c->table.csv.rows;
    size_t left_out = 0, *order = NULL;
    ct_check_against against = {.path = c->path,
                                .table = &c->table,
                                .unit = c->unit,
                                .tolerance = c->tolerance,
                                .result = result,
                                .pixels = cutropy_problem_lattice(c->problem)->pixels};
    CT_NEW(order, rows);
    CT_TRY(ct_check_against_open(&against));
    for (size_t i = 0; i < rows; i++) {
        CT_TRY(ct_check_row(&against, i, &c->rows[i], &left_out));
        order[i] = i;
    }
    qsort_r(order, rows, sizeof *order, by_size, c->rows);
    for (size_t i = 0; i < rows; i++)
        c->shown[i] = show(c, order[i]);
    summarize(c, left_out);
done:
    ct_check_against_close(&against);
    ct_free(order);
    return status;
}

cutropy_status cutropy_check_run(cutropy_check *c, const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options wanted = *ct_options_or_standard(options);
    cutropy_result *result = NULL;
    wanted.quantities = c->table.columns.quantities;
    wanted.quantity_count = c->table.columns.quantity_count;
    if (wanted.solver == CT_SOLVE_AUTO && c->table.weighted)
        wanted.solver = CT_SOLVE_FRONTIER;
    else if (wanted.solver == CT_SOLVE_AUTO && c->table.classes && c->problem->weighs_less)
        wanted.solver = CT_SOLVE_ENUMERATE;
    if (!c->plain) {
        wanted.certify = 1;
        wanted.digits = wanted_digits(&c->table);
    }
    ct_free(c->rows);
    ct_free(c->shown);
    c->rows = NULL;
    c->shown = NULL;
    c->summary = (cutropy_check_summary){0}; /* of nothing, should this run fail */
    CT_NEW_ZERO(c->rows, c->table.csv.rows);
    CT_NEW_ZERO(c->shown, c->table.csv.rows);
    CT_TRY(cutropy_run(c->problem, &c->cuts, &wanted, &result));
    CT_TRY(compare(c, result));
done:
    cutropy_result_free(result);
    return status;
}

const cutropy_checked_row *cutropy_check_row(const cutropy_check *c, size_t i)
{
    return &c->shown[i];
}
