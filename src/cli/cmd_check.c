/* cutropy check TABLE: every row computed again and compared. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "certify/decimal.h"
#include "cli/check_index.h"
#include "cli/check_rows.h"
#include "cli/cli.h"
#include "cli/job.h"
#include "cli/signals.h"
#include "output/save.h"

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
    "TABLE is a table of this program (CSV or JSON), or any CSV with the columns `cut` "
    "(hexadecimal "
    "masks of the kept pixels) and `entropy_bits`, `entropy_nats` or `entropy`; other columns may "
    "be "
    "there. A JSON table, and a table listed in an index.json beside it, says itself what it is "
    "of.\n"
    "\n"
    "Verdicts: `agrees` (within the error that the row states in entropy_err; two correctly "
    "rounded "
    "decimals must be equal), `agrees within its precision` (no error stated: within one unit of "
    "its "
    "last digit), `wrong`. The columns na, boundary, rank, classes_a, classes_b and purity are "
    "compared too where they are there. Wrong rows are printed. Exit code 7: some row is wrong.\n"
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

/* Decimals to prove: those of the correctly rounded entropies in the table, at least the usual
 * ones. */
static int wanted_digits(const ct_check_table *t)
{
    int digits = CUTROPY_CERTIFIED_DIGITS;
    for (size_t i = 0; i < t->csv.rows; i++) {
        const char *entropy = ct_csv_cell(&t->csv, i, t->entropy);
        const char *error = t->error < 0 ? "" : ct_csv_cell(&t->csv, i, t->error);
        const int rounded = ct_rounded_decimals(entropy, error);
        /* no error stated: as many as are printed, if they are more than a double has */
        const int decimals =
            *error || !ct_number_is_valid(entropy) ? rounded : ct_number_decimals(entropy);
        digits = decimals > digits ? decimals : digits;
    }
    return digits < CUTROPY_MAX_DIGITS ? digits : CUTROPY_MAX_DIGITS;
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
    c->unit = c->table.unit;
    if (c->options->unit >= 0 && !c->table.unit_known)
        c->unit = c->options->unit ? CUTROPY_NATS : CUTROPY_BITS;
    else if (c->options->unit >= 0 && (c->options->unit == 1) != (c->unit == CUTROPY_NATS))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "--unit contradicts the name of the column %s",
                       c->table.csv.name[c->table.entropy]));
    if (!c->options->plain) {
        run.certify = true;
        run.digits = wanted_digits(&c->table);
    }
    CT_TRY(ct_job_open_problem(&run, &c->job));
    CT_TRY(read_cuts(c));
    if (c->options->report)
        CT_TRY(cutropy_save_check(c->options->report));
done:
    return status;
}

static void close_check(check *c)
{
    cutropy_result_free(c->result);
    ct_free(c->rows);
    ct_job_close(&c->job);
    ct_check_table_free(&c->table);
}

static cutropy_status write_report(FILE *file, void *context)
{
    const check *c = context;
    fprintf(file, "cut,verdict,table,cutropy,difference,wrong\n");
    for (size_t i = 0; i < c->table.csv.rows; i++)
        fprintf(file, "%s,%s,%s,%s,%.3g,\"%s\"\n", ct_csv_cell(&c->table.csv, i, c->table.cut),
                ct_verdict_name(c->rows[i].verdict),
                ct_csv_cell(&c->table.csv, i, c->table.entropy), c->rows[i].ours,
                c->rows[i].difference, c->rows[i].detail);
    return ferror(file) ? CUTROPY_EIO : CUTROPY_OK;
}

/* Wrong rows and the summary; returns the exit code. */
static int print_verdicts(const check *c)
{
    size_t count[3] = {0};
    for (size_t i = 0; i < c->table.csv.rows; i++) {
        const ct_checked_row *row = &c->rows[i];
        count[row->verdict]++;
        if (row->verdict == CT_WRONG)
            printf("wrong: line %zu, cut %s: %s (table %s, cutropy %s, difference %.3g)\n",
                   c->table.csv.line[i], ct_csv_cell(&c->table.csv, i, c->table.cut), row->detail,
                   ct_csv_cell(&c->table.csv, i, c->table.entropy), row->ours, row->difference);
    }
    if (c->table.altered)
        printf("wrong: %s does not have the SHA-256 of the index.json beside it\n",
               c->options->table);
    printf("%zu rows: %zu agree, %zu agree within their precision, %zu wrong\n", c->table.csv.rows,
           count[CT_AGREES], count[CT_AS_PRINTED], count[CT_WRONG]);
    return count[CT_WRONG] || c->table.altered ? CUTROPY_EWRONG : CUTROPY_OK;
}

static cutropy_status run_check(check *c)
{
    cutropy_status status = CUTROPY_OK;
    CT_NEW_ZERO(c->rows, c->table.csv.rows);
    CT_TRY(ct_signals_watch("cutropy check", NULL, NULL));
    status = cutropy_run(c->job.problem, &c->job.cuts, &c->job.options, &c->result);
    ct_progress_erase(&c->job.progress);
    CT_TRY(status);
    for (size_t i = 0; i < c->table.csv.rows; i++)
        CT_TRY(ct_check_row(c->options->table, &c->table, c->unit, c->options->tolerance, c->result,
                            i, &c->rows[i]));
    ct_signals_writing(c->options->report);
    if (c->options->report)
        CT_TRY(ct_save(c->options->report, write_report, c));
done:
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
