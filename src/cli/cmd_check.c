/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy check TABLE: every row computed again and compared. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "certify/decimal.h"
#include "cli/check_index.h"
#include "cli/check_rows.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/job.h"
#include "cli/signals.h"
#include "sheet/save.h"

typedef struct check_options {
    const char *table;
    ct_run_options run; /* problem, lattice, threads, memory, quiet */
    const char *report;
    const char *tolerance; /* "0" */
    int unit;              /* -1: as the column says */
    bool plain;
} check_options;

typedef struct check {
    const check_options *options;
    ct_check_table table;
    cutropy_base unit;
    ct_job job;
    cutropy_result *result;
    ct_checked_row *rows;
    size_t *order; /* of the rows, by the size of the difference */
    size_t left_out;
} check;

enum { KEY_PROBLEM = 256, KEY_UNIT, KEY_REPORT, KEY_TOLERANCE, KEY_PLAIN, KEY_QUIET };

static const struct argp_option option_list[] = {
    {0, 0, 0, 0, "What the table is of (where it does not say so itself):", 1},
    {"problem", KEY_PROBLEM, "PROBLEM", 0, "as for cutropy table: NAME, NAME:key=value or a file",
     1},
    {"lattice", 'l', "LATTICE", 0, "default: the problem's own", 1},
    {"unit", KEY_UNIT, "bits|nats", 0, "of a column that is only called `entropy`; default: bits",
     1},
    {0, 0, 0, 0, "How it is checked:", 2},
    {"tolerance", KEY_TOLERANCE, "T", 0, "allow this much more than the table states, e.g. 1e-12",
     2},
    {"plain", KEY_PLAIN, 0, 0, "compare with floating-point values instead of proved ones: faster",
     2},
    {"report", KEY_REPORT, "FILE", 0, "write every row with its verdict as CSV", 2},
    {"threads", 't', "N", 0, "default: all cores this process may use", 2},
    {"quiet", KEY_QUIET, 0, 0, "no progress line (it only shows on a terminal)", 2},
    {0}};

static const char documentation[] =
    "Compute every row of TABLE again, with proofs, and compare."
    "\v"
    "TABLE is a table of this program (CSV or JSON, FILE.partial too), or any CSV with the column "
    "`cut` (hexadecimal masks of the kept pixels) and columns named as cutropy table names them: "
    "entropy_bits, entropy_nats, renyi_0.5_bits, purity, rank, spectrum ...; NAME_err beside NAME "
    "is its error; other columns may be there and are named. A JSON table, and a table listed in "
    "an index.json beside it, says itself what it is of.\n"
    "\n"
    "Verdicts: `agrees` (within the error that the row states, and ours; two correctly rounded "
    "decimals must be equal), `agrees within rounding of its own digits` (also within one unit of "
    "its last digit; a number of at most 17 digits without an error: within 1e-14, what a "
    "computation with doubles loses), `differs by ...`: these are printed, the largest difference "
    "first. Exit code 7: some row differs.\n"
    "\n"
    "An index.json of cutropy table --ground-truth: the SHA-256 of every table that it lists.\n"
    "\n"
    "  cutropy check table.json\n"
    "  cutropy check other.csv --problem connected --lattice 4x4 --unit nats\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    check_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ct_cli_init(state);
        return 0;
    case KEY_PROBLEM:
        options->run.problem = argument;
        return 0;
    case 'l':
        options->run.lattice = argument;
        return 0;
    case KEY_UNIT:
        if (strcmp(argument, "bits") && strcmp(argument, "nats"))
            return ct_cli_bad(state, "--unit %s: choose bits or nats", argument);
        options->unit = *argument == 'n';
        return 0;
    case KEY_TOLERANCE:
        if (!ct_number_is_valid(argument) || *argument == '-')
            return ct_cli_bad(state, "--tolerance %s: give a number such as 1e-12", argument);
        options->tolerance = argument;
        return 0;
    case KEY_PLAIN:
        options->plain = true;
        return 0;
    case KEY_REPORT:
        options->report = argument;
        return 0;
    case 't':
        return ct_parse_count("--threads", argument, 1, CUTROPY_MAX_THREADS, &options->run.threads,
                              state);
    case KEY_QUIET:
        options->run.quiet = true;
        return 0;
    case ARGP_KEY_ARG:
        if (options->table)
            return ct_cli_bad(state, "one table at a time: '%s' is too much", argument);
        options->table = argument;
        return 0;
    case ARGP_KEY_END:
        if (!options->table)
            return ct_cli_bad(state, "which table? e.g. '%s table.json'", state->argv[0]);
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

/* The masks of all rows, in their order; a mask may stand there twice. */
static cutropy_status read_cuts(check *c)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_lattice *lattice = cutropy_problem_lattice(c->job.problem);
    const ct_csv *csv = &c->table.csv;
    cutropy_cuts *cuts = &c->job.cuts;
    *cuts = (cutropy_cuts){.words = lattice->words, .count = csv->rows};
    CT_NEW(cuts->masks, csv->rows * cuts->words);
    for (size_t i = 0; i < csv->rows; i++) {
        const char *text = ct_csv_cell(csv, i, c->table.cut);
        cutropy_cuts one = {0};
        if (strncmp(text, "0x", 2))
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: line %zu: '%.40s' is not a hexadecimal mask",
                           c->options->table, csv->line[i], text));
        CT_TRY(cutropy_cuts_parse(text, lattice, &one));
        memcpy(cuts->masks + i * cuts->words, one.masks, cuts->words * sizeof *one.masks);
        cutropy_cuts_free(&one);
    }
done:
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

/* Nothing that is written may be read: the table, its index, what is behind the problem. */
static cutropy_status check_files(const check *c)
{
    cutropy_status status = CUTROPY_OK;
    const char *slash = strrchr(c->options->table, '/');
    const int folder = slash ? (int)(slash - c->options->table) + 1 : 0;
    ct_files files = {0};
    char *index = NULL;
    CT_NEW(index, (size_t)folder + sizeof "index.json");
    sprintf(index, "%.*sindex.json", folder, c->options->table);
    CT_TRY(ct_files_read_job(&files, c->job.problem, NULL));
    CT_TRY(ct_files_read(&files, c->options->table));
    CT_TRY(ct_files_read(&files, index));
    CT_TRY(ct_files_write(&files, NULL));
    if (c->options->report) {
        CT_TRY(ct_files_write(&files, c->options->report));
        CT_TRY(cutropy_save_check(c->options->report));
    }
done:
    ct_free(index);
    ct_files_free(&files);
    return status;
}

/* The unit of columns that do not say it. */
static cutropy_status choose_unit(check *c)
{
    const ct_check_table *t = &c->table;
    bool asked = false;
    for (size_t k = 0; k < t->columns.count; k++)
        asked |= t->columns.column[k].has_unit && t->columns.column[k].unit < 0;
    if (c->options->unit >= 0 && !asked && t->unit >= 0 && t->unit != c->options->unit)
        return ct_fail(CUTROPY_EINPUT, "--unit contradicts the name of the column %s",
                       t->csv.name[t->columns.column[0].value]);
    const int unit = c->options->unit >= 0 ? c->options->unit : t->unit;
    c->unit = unit == 1 ? CUTROPY_BASE_NATS : CUTROPY_BASE_BITS;
    return CUTROPY_OK;
}

static cutropy_status open_check(check *c)
{
    cutropy_status status = CUTROPY_OK;
    ct_run_options run = c->options->run;
    CT_TRY(ct_check_table_read(c->options->table, &c->table));
    run.problem = run.problem ? run.problem : c->table.problem;
    run.lattice = run.lattice ? run.lattice : c->table.lattice;
    if (!run.problem)
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "%s does not say what it is of: give --problem (and --lattice)",
                       c->options->table));
    CT_TRY(choose_unit(c));
    if (!c->options->plain) {
        run.certify = true;
        run.digits = wanted_digits(&c->table);
    }
    CT_TRY(ct_job_open_problem(&run, &c->job));
    CT_TRY(check_files(c));
    CT_TRY(read_cuts(c));
    c->job.options.quantities = c->table.columns.quantities;
    c->job.options.quantity_count = c->table.columns.quantity_count;
done:
    return status;
}

static void close_check(check *c)
{
    cutropy_result_free(c->result);
    ct_free(c->rows);
    ct_free(c->order);
    ct_job_close(&c->job);
    ct_check_table_free(&c->table);
}

/* What differs most comes first; equals stay in the order of the table. */
static int by_size(const void *a, const void *b, void *context)
{
    const size_t i = *(const size_t *)a, j = *(const size_t *)b;
    const ct_checked_row *rows = context, *x = &rows[i], *y = &rows[j];
    if (x->verdict != y->verdict)
        return x->verdict < y->verdict ? 1 : -1;
    if (x->difference != y->difference)
        return x->difference < y->difference ? 1 : -1;
    return (i > j) - (i < j);
}

/* In quotes, which are doubled. */
static void put_quoted(const char *text, FILE *file)
{
    putc('"', file);
    for (; *text; text++) {
        if (*text == '"')
            putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

static const char *their_cell(const check *c, size_t row, int column)
{
    return column < 0 ? "" : ct_csv_cell(&c->table.csv, row, column);
}

static cutropy_status write_report(FILE *file, void *context)
{
    const check *c = context;
    fprintf(file, "line,cut,verdict,difference,column,table,cutropy,others\n");
    for (size_t k = 0; k < c->table.csv.rows; k++) {
        const size_t i = c->order[k];
        const ct_checked_row *row = &c->rows[i];
        fprintf(file, "%zu,%s,%s,%.3g,", c->table.csv.line[i], their_cell(c, i, c->table.cut),
                ct_verdict_name(row->verdict), row->difference);
        put_quoted(row->column < 0 ? "" : c->table.csv.name[row->column], file);
        putc(',', file);
        put_quoted(their_cell(c, i, row->column), file);
        fprintf(file, ",\"%s\",", row->ours);
        put_quoted(row->others, file);
        putc('\n', file);
    }
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}

static void print_row(const check *c, size_t i)
{
    const ct_checked_row *row = &c->rows[i];
    printf("differs by %.3g: line %zu, cut %s: %s %.80s, cutropy %s%s%s\n", row->difference,
           c->table.csv.line[i], their_cell(c, i, c->table.cut), c->table.csv.name[row->column],
           their_cell(c, i, row->column), row->ours, *row->others ? "; also " : "", row->others);
}

/* Columns that nobody compared: those of others, and texts. */
static void print_other_columns(const check *c)
{
    const char *between = "not compared: ";
    for (int k = 0; k < (int)c->table.csv.columns; k++) {
        bool taken = k == c->table.cut;
        for (size_t i = 0; i < c->table.columns.count; i++)
            taken |= c->table.columns.column[i].value == k || c->table.columns.column[i].error == k;
        if (!taken) {
            printf("%s%.60s", between, c->table.csv.name[k]);
            between = ", ";
        }
    }
    if (*between == ',')
        printf("\n");
}

/* The rows that differ, and the summary; returns the exit code. */
static int print_verdicts(const check *c)
{
    size_t count[3] = {0};
    double rounded = 0;
    for (size_t k = 0; k < c->table.csv.rows; k++) {
        const ct_checked_row *row = &c->rows[c->order[k]];
        count[row->verdict]++;
        if (row->verdict == CT_DIFFERS)
            print_row(c, c->order[k]);
        if (row->verdict == CT_ROUNDED && row->difference > rounded)
            rounded = row->difference;
    }
    if (c->table.altered)
        printf("altered: %s does not have the SHA-256 of the index beside it\n", c->options->table);
    print_other_columns(c);
    if (c->left_out)
        printf("%zu values have no counterpart in cutropy\n", c->left_out);
    printf("%zu rows: %zu agree, %zu agree within rounding of their own digits", c->table.csv.rows,
           count[CT_AGREES], count[CT_ROUNDED]);
    if (count[CT_ROUNDED])
        printf(" (by %.3g at most)", rounded);
    printf(", %zu differ\n", count[CT_DIFFERS]);
    return count[CT_DIFFERS] || c->table.altered ? CUTROPY_EWRONG : CUTROPY_OK;
}

static cutropy_status run_check(check *c)
{
    cutropy_status status = CUTROPY_OK;
    const size_t rows = c->table.csv.rows;
    ct_check_against against = {.path = c->options->table,
                                .table = &c->table,
                                .unit = c->unit,
                                .tolerance = c->options->tolerance,
                                .pixels = cutropy_problem_lattice(c->job.problem)->pixels};
    CT_NEW_ZERO(c->rows, rows);
    CT_NEW(c->order, rows);
    CT_TRY(ct_signals_watch("cutropy check", NULL, NULL));
    status = cutropy_run(c->job.problem, &c->job.cuts, &c->job.options, &c->result);
    ct_progress_erase(&c->job.progress);
    CT_TRY(status);
    against.result = c->result;
    CT_TRY(ct_check_against_open(&against));
    for (size_t i = 0; i < rows; i++) {
        CT_TRY(ct_check_row(&against, i, &c->rows[i], &c->left_out));
        c->order[i] = i;
    }
    qsort_r(c->order, rows, sizeof *c->order, by_size, c->rows);
    ct_signals_writing(c->options->report);
    if (c->options->report)
        CT_TRY(ct_save(c->options->report, write_report, c));
done:
    ct_check_against_close(&against);
    return status;
}

/* cutropy check DIR/index.json: the files, not their numbers. */
static int check_index(const char *name, const char *path)
{
    size_t wrong;
    const cutropy_status status = ct_check_index(path, &wrong);
    if (status)
        return ct_cli_fail(name, status);
    if (ct_cli_close_output(name))
        return CUTROPY_EIO;
    return wrong ? CUTROPY_EWRONG : CUTROPY_OK;
}

int ct_cmd_check(int argc, char **argv)
{
    static const struct argp argp = {.options = option_list,
                                     .parser = parse,
                                     .args_doc = "TABLE",
                                     .doc = documentation,
                                     .help_filter = ct_run_help_filter};
    check_options options = {.unit = -1, .tolerance = "0"};
    check c = {.options = &options};
    cutropy_status status = ct_cli_parse(&argp, argc, argv, &options);
    if (status)
        return (int)status; /* the message is out */
    if (ct_is_index(options.table))
        return check_index(argv[0], options.table);
    status = open_check(&c);
    if (!status)
        status = run_check(&c);
    int code = status ? ct_cli_fail(argv[0], status) : print_verdicts(&c);
    if (!status && ct_cli_close_output(argv[0]))
        code = CUTROPY_EIO;
    close_check(&c);
    return code;
}
