/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy export PROBLEM: arrays for other programs: a matrix product state, a density matrix, Schmidt vectors, the function. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <cutropy/cutropy.h>

#include "analysis/export/function_export.h"
#include "cli/call.h"
#include "cli/cli.h"
#include "cli/signals.h"

static const char documentation[] =
    "Write PROBLEM as arrays that other programs read: a matrix product state along the numbers of the pixels, the reduced density "
    "matrix or the Schmidt decomposition of a cut, or the function itself."
    "\v"
    "--mps: f(s) = A_0[0, s_0, :] A_1[:, s_1, :] .. A_N-1[:, s_N-1, 0]; array site_k of FILE.npz is A_k, of "
    "shape (left, 2, right). Where the problem has an automaton (docs/frontier.md) no image is "
    "enumerated: 8x8 pixels take a second.\n"
    "\n"
    "classes: exact. One bond index for every different non-zero row of the cut, entries 0 and 1, the "
    "values of f in the last array. Every function has it.\n"
    "\n"
    "rank: exact. The bond dimensions are the Schmidt ranks, proved from both sides; A_k is site_k / "
    "denominator_k, integers, or decimal texts where they have more than 64 bits. Labels and integers.\n"
    "\n"
    "orthogonal: psi = f / sqrt(<f|f>) in doubles; every array but the first is an isometry "
    "to its right. `error` is a proved bound of || psi - MPS ||, `infidelity` one of 1 - |<psi|MPS>|^2 / <MPS|MPS>, "
    "`discarded` the weight that each bond lost. The only form of data sets and other sums of product states, whose arrays "
    "have the shape (left, d, right); a label is one more site.\n"
    "\n"
    "--density: rho, 2^NA x 2^NA, and error, a bound in the Frobenius norm; labels and integers: gram, the integers "
    "of which rho is gram / norm. --schmidt: psi = u diag(s) vh with s (r), u (2^NA x r), vh (r x 2^NB), and proved "
    "bounds: error, s_error, u_error, vh_error. --function: f, or index and value, which cutropy reads again "
    "(docs/export.md).\n"
    "\n"
    "  cutropy export connected --lattice 8x8 --mps rank -o connected.npz\n"
    "  cutropy export loops -l links:4x5:torus --order rows --mps rank -o loops.npz\n"
    "  cutropy export page -l chain:12 --mps orthogonal --cutoff 1e-6 -o page.npz\n"
    "  cutropy export ising --lattice 3x4 --density '{0,1,4,5}' -o rho.npz\n"
    "  cutropy export random --lattice 3x4 --schmidt half --bits msb -o schmidt.npz\n"
    "  cutropy export digits:class=3 --function sparse -o threes.npz\n"
    "\n"
    "Into quimb (TeNPy: docs/export.md):\n"
    "  a = numpy.load('connected.npz')\n"
    "  sites = [a[f'site_{k}'] / a[f'denominator_{k}'] for k in range(64)]\n"
    "  mps = quimb.tensor.MatrixProductState([sites[0][0], *sites[1:-1], sites[-1][..., 0]], "
    "shape='lpr')\n";

static const ct_serves serves[] = {
    {CT_OPTION_HEADER, 1, "What to write:", NULL},
    {CT_OPTION_LATTICE, 1, NULL, NULL},
    {CT_OPTION_MPS, 1, NULL, NULL},
    {CT_OPTION_CUTOFF, 1, NULL, NULL},
    {CT_OPTION_ORDER, 1, NULL, NULL},
    {CT_OPTION_DENSITY, 1, NULL, NULL},
    {CT_OPTION_SCHMIDT, 1, NULL, NULL},
    {CT_OPTION_FUNCTION, 1, NULL, NULL},
    {CT_OPTION_BITS, 1, NULL, NULL},
    CT_SERVES_TEXT,
    {CT_OPTION_HEADER, 2, "Where it goes:", NULL},
    {CT_OPTION_OUTPUT, 2, "write FILE.npz whole or not at all (required)", NULL},
    {CT_OPTION_QUIET, 2, "no progress line, and no line about what was written", NULL},
    CT_SERVES_LEVELS,
    {0}};

static error_t check(ct_options *options, const struct argp_state *state)
{
    const int forms =
        (options->mps >= 0) + (options->function >= 0) + !!options->density + !!options->schmidt;
    if (forms != 1)
        return ct_cli_bad(state,
                          "%s? one of --mps FORM, --density CUT, --schmidt CUT and --function "
                          "dense|sparse",
                          forms ? "which of them" : "export what");
    if (options->mps < 0 && options->order)
        return ct_cli_bad(state, "--order goes with --mps; --bits says which bit a pixel is");
    if (options->mps >= 0 && options->bits >= 0)
        return ct_cli_bad(state, "--bits: the sites of --mps have no numbers; see --order");
    if (!isnan(options->cutoff) && options->mps != CUTROPY_MPS_ORTHOGONAL)
        return ct_cli_bad(state, "--cutoff goes with --mps orthogonal: the other forms are exact");
    if (!options->output)
        return ct_cli_bad(state, "where to? -o FILE.npz");
    const char *name = strrchr(options->output, '/'), *dot = strrchr(options->output, '.');
    if (dot && (!name || dot > name) && strcmp(dot, ".npz"))
        return ct_cli_bad(state, "-o %s: the file is an archive of arrays, FILE.npz",
                          options->output);
    return 0;
}

/* What an archive of one cut, or of the function, is written by. */
static cutropy_status save_arrays(const ct_call *c, cutropy_state *state)
{
    const ct_options *typed = c->typed;
    const cutropy_bit_order bits = typed->bits == 1 ? CUTROPY_BITS_MSB : CUTROPY_BITS_LSB;
    if (typed->function >= 0)
        return cutropy_function_save(state, typed->function == 1, bits, typed->output, &c->options);
    return (typed->density ? cutropy_density_save : cutropy_schmidt_save)(
        state, c->cuts.masks, bits, typed->output, &c->options);
}

static void say_arrays(const ct_call *c)
{
    const cutropy_lattice *lattice = cutropy_problem_lattice(c->problem);
    if (c->typed->function >= 0) {
        printf("%s: %s of %d pixels\n", c->typed->output,
               c->typed->function ? "the values that are not 0" : "all values", lattice->pixels);
        return;
    }
    const int na = cutropy_mask_pixels(c->cuts.masks, c->cuts.words);
    printf("%s: %s, %d of %d pixels\n", c->typed->output,
           c->typed->density ? "density matrix" : "Schmidt decomposition", na, lattice->pixels);
}

static cutropy_status parse_cut(ct_call *c)
{
    const char *text = c->typed->density ? c->typed->density : c->typed->schmidt;
    if (!text)
        return CUTROPY_OK;
    const cutropy_status status =
        cutropy_cuts_parse(text, cutropy_problem_lattice(c->problem), &c->cuts);
    if (!status && c->cuts.count != 1) {
        fprintf(stderr, "%s: '%s' is %zu cuts: one at a time\n", c->name, text, c->cuts.count);
        return CUTROPY_EINPUT;
    }
    return status ? (cutropy_status)ct_cli_fail(c->name, status) : CUTROPY_OK;
}

static int compute_arrays(ct_call *c)
{
    cutropy_state *state = NULL;
    cutropy_status status = parse_cut(c);
    if (status)
        return (int)status;
    status = ct_signals_watch(c->name, NULL, c);
    if (!status && c->typed->function >= 0)
        status = ct_function_export_check(c->problem, c->typed->function == 1, &c->options);
    if (!status)
        status = (c->typed->function >= 0 ? cutropy_state_open : cutropy_state_open_levels)(
            c->problem, &c->options, &state);
    ct_progress_erase(&c->progress);
    if (!status) {
        ct_signals_writing(c->typed->output);
        status = save_arrays(c, state);
        ct_progress_erase(&c->progress);
    }
    cutropy_state_free(state);
    if (!status && !c->typed->quiet)
        say_arrays(c);
    return status ? ct_cli_fail(c->name, status) : ct_cli_close_output(c->name);
}

/* "rank, 64 sites, largest bond 836 (24), 38270848 numbers" */
static void say(const ct_call *c, const cutropy_mps *mps)
{
    const int sites = cutropy_mps_sites(mps);
    int place = 0;
    double numbers = 0;
    for (int k = 0; k < sites; k++) {
        if (cutropy_mps_bond(mps, k) > cutropy_mps_bond(mps, place))
            place = k;
        numbers += cutropy_mps_dimension(mps, k) * (double)cutropy_mps_bond(mps, k) *
                   (double)cutropy_mps_bond(mps, k + 1);
    }
    printf("%s: %d site%s, largest bond %lld (after %d pixel%s), %.0f numbers", c->typed->output,
           sites, sites == 1 ? "" : "s", (long long)cutropy_mps_bond(mps, place), place,
           place == 1 ? "" : "s", numbers);
    if (c->typed->mps == CUTROPY_MPS_ORTHOGONAL)
        printf(", error at most %.2g, fidelity at least 1 - %.2g", cutropy_mps_error(mps) * 1.01,
               cutropy_mps_infidelity(mps) * 1.01);
    printf("\n");
}

static int compute(ct_call *c)
{
    cutropy_state *state = NULL;
    cutropy_mps *mps = NULL;
    cutropy_mps_options wanted = CUTROPY_MPS_OPTIONS;
    wanted.form = (cutropy_mps_form)c->typed->mps;
    wanted.cutoff = isnan(c->typed->cutoff) ? 0 : c->typed->cutoff;
    int order[CUTROPY_MAX_PIXELS];
    cutropy_status status = CUTROPY_OK;
    if (c->typed->order) {
        status = cutropy_mps_order(c->typed->order, cutropy_problem_lattice(c->problem), order);
        wanted.order = order;
    }
    if (!status)
        status = ct_signals_watch(c->name, NULL, c);
    if (!status)
        status = cutropy_state_open_levels(c->problem, &c->options, &state);
    if (!status)
        status = cutropy_mps_make(state, &wanted, &c->options, &mps);
    cutropy_state_free(state);
    ct_progress_erase(&c->progress);
    if (!status) {
        ct_signals_writing(c->typed->output);
        status = cutropy_mps_save(mps, c->typed->output, &c->options);
        ct_progress_erase(&c->progress);
    }
    if (!status && !c->typed->quiet)
        say(c, mps);
    cutropy_mps_free(mps);
    return status ? ct_cli_fail(c->name, status) : ct_cli_close_output(c->name);
}

static int run_command(const ct_command *command, ct_options *options)
{
    return ct_call_problem(command, options, options->mps >= 0 ? compute : compute_arrays);
}

const ct_command ct_command_export = {
    .name = "cutropy export",
    .summary =
        "arrays for NumPy, quimb, TeNPy: exact matrix product states, density matrices, Schmidt vectors",
    CT_TAKES_A_PROBLEM("export"),
    .documentation = documentation,
    .serves = serves,
    .check = check,
    .run = run_command,
};
