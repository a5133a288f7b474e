/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of the program share. */
#ifndef CT_CLI_H
#define CT_CLI_H

#include <argp.h>
#include <stdbool.h>
#include <stdint.h>

#include <cutropy/status.h>

/* Instead of an exit code: a page of help was printed, nothing else is to be done. */
#define CT_CLI_HELPED (-1)
/* argp_parse, with one line on standard error and CUTROPY_EINPUT when an option is wrong. The
 * parser function must call ct_cli_init(state) for ARGP_KEY_INIT. */
cutropy_status ct_cli_parse(const struct argp *argp, int argc, char **argv, void *input);
void ct_cli_init(struct argp_state *state);
/* Prints "cutropy NAME: ..." on standard error; returns EINVAL for the parser function to return.
 */
error_t ct_cli_bad(const struct argp_state *state, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Prints "NAME: cutropy_error()" and returns status. */
int ct_cli_fail(const char *name, cutropy_status status);
/* What became of a run that was stopped or failed (status) after it had found something: "NAME:
 * stopped: FILE.partial has 3 of 7 cuts", one line; output NULL: standard output. found: "3 of 7
 * cuts". Returns status. */
int ct_cli_partial(const char *name, cutropy_status status, const char *output, const char *found);
/* Flushes standard output: CUTROPY_EIO when something printed there was lost (silently when the
 * reader went away). */
int ct_cli_close_output(const char *name);

/* For the end of every --help. */
extern const char ct_cli_exit_codes[];

/* Prints text at this indentation, broken at 80 columns; a newline begins a new line. */
void ct_cli_paragraph(const char *text, int indent);

/* "12.3k", "1.50G": three digits and a decimal prefix; text needs 16 characters. */
void ct_cli_short_number(double value, char *text);

#endif
