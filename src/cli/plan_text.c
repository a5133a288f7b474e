/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/plan_text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "backend/cuda/thresholds.h"
#include "base/base.h"
#include "cli/launch.h"
#include "engine/cut/gram_part.h"
#include "engine/function/options.h"
#include "engine/run/ranks.h"
#include "problem/c_text.h"

/* "at most 8.0 MiB", or that only enumeration tells. */
static void print_bytes(const char *what, uint64_t bytes, bool known)
{
    char text[24];
    ct_bytes_format(bytes, text);
    if (known)
        printf("%-15s at most %s\n", what, text);
    else if (bytes < UINT64_MAX / 2)
        printf("%-15s not known before enumeration (at most %s)\n", what, text);
    else
        printf("%-15s not known before enumeration\n", what);
}

/* Whether it fits, where that is certain. */
static const char *fit_text(const cutropy_plan *plan)
{
    const uint64_t limit = plan->memory_limit;
    if (plan->function_bytes <= limit && plan->workspace_bytes <= limit - plan->function_bytes)
        return "fits";
    if (!strcmp(plan->storage, "automaton") && plan->fits)
        return "the workspace is an upper bound: cuts that need more than the limit will fail";
    return plan->fits ? "whether it fits is not known before enumeration" : "does not fit";
}

/* Where C text goes when devices are asked for. */
static void print_evaluation(const ct_call *c, const cutropy_problem *problem)
{
    const int pixels = cutropy_problem_lattice(problem)->pixels;
    const bool label = cutropy_problem_kind(problem) == CUTROPY_KIND_LABEL;
    const uint64_t most = CT_CUDA_TEXT, items = UINT64_C(1) << pixels >> (label ? 6 : 0);
    char why[600], bytes[24];
    if (!ct_c_text_is(cutropy_problem_text(problem)) || !ct_call_wants_cuda(c))
        return;
    ct_c_text_no_device(problem, why, sizeof why);
    if (*why)
        printf("evaluation      on the CPU: %s\n", why);
    else if (pixels < CT_CUDA_EVALUATE)
        printf("evaluation      on the CPU: fewer than %d pixels\n", CT_CUDA_EVALUATE);
    else
        printf("evaluation      on the device, compiled by NVRTC, with %s there\n",
               ct_bytes_format(8 * (items < most ? items : most), bytes));
}

/* What ranks of MPI do about it. */
static void print_together(const ct_call *c, const cutropy_problem *problem,
                           const cutropy_plan *plan)
{
    const ct_team *team = ct_launch_team();
    char bytes[24], why[256];
    if (!team || !team->ranks->together || ct_options_digits(&c->options) ||
        cutropy_problem_kind(problem) != CUTROPY_KIND_LABEL ||
        (strcmp(plan->storage, "table") && strcmp(plan->storage, "support?")) ||
        plan->workspace_bytes <= plan->memory_limit)
        return;
    if (!team->ranks->together->can(why, sizeof why)) {
        printf("together        no cut is shared by the ranks: %s\n", why);
        return;
    }
    const ct_grid grid = ct_gram_grid((int64_t)plan->largest_matrix, team->ranks->count);
    printf(
        "together        a cut that no rank has memory for is shared by all %d: at most %s of its matrix "
        "in each, and the quotient\n",
        team->ranks->count, ct_bytes_format(team->ranks->together->bytes(&grid, 0), bytes));
}

cutropy_status ct_print_plan(const ct_call *c, const cutropy_problem *problem, bool *fits)
{
    cutropy_plan *plan;
    char limit[24], part[32];
    const int pixels = cutropy_problem_lattice(problem)->pixels;
    cutropy_status status = cutropy_make_plan(problem, &c->cuts, &c->options, &plan);
    if (status)
        return status;
    ct_bytes_format(plan->memory_limit, limit);
    printf("problem         %s\n", cutropy_problem_text(problem));
    printf("lattice         %s\n", cutropy_problem_lattice(problem)->name);
    printf("cuts            %" PRIu64 ", ", plan->cuts);
    if (c->options.part.count) {
        ct_part_format(&c->options.part, part);
        printf("at most %" PRIu64 " different ones in part %s (evaluation tells which)\n",
               plan->distinct_cuts, part);
    } else {
        printf("%" PRIu64 " after merging complements\n", plan->distinct_cuts);
    }
    if (plan->images && pixels > 40)
        printf("images          2^%d\n", pixels);
    else if (plan->images)
        printf("images          %" PRIu64 "\n", plan->images);
    printf("storage         %s\n", plan->storage);
    print_evaluation(c, problem);
    if (plan->states)
        printf("states          %" PRIu64 "\n", plan->states);
    print_bytes("function", plan->function_bytes, plan->known);
    print_bytes("workspace", plan->workspace_bytes, plan->known);
    printf("largest matrix  at most %" PRIu64 " x %" PRIu64 "\n", plan->largest_matrix,
           plan->largest_matrix);
    if (plan->operations > 0)
        printf("operations      %s %.2g a cut: %.2g hours where a second has 3e10%s\n",
               c->options.bracket ? "at most" : "about", plan->operations,
               plan->operations / 3e10 / 3600,
               c->options.bracket
                   ? ""
                   : "; a hundred times that where the first attempt leaves decimals open");
    printf("memory limit    %s: %s\n", limit, fit_text(plan));
    print_together(c, problem, plan);
    *fits &= plan->fits != 0;
    cutropy_plan_free(plan);
    return CUTROPY_OK;
}
