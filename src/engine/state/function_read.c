/* SPDX-License-Identifier: Apache-2.0 */
/* A function known through its automata: no image is looked at. */
#include "engine/state/function_make.h"
#include "engine/function/function.h"
#include "frontier/automaton.h"
#include "problem/problem.h"

cutropy_status ct_function_read(const cutropy_problem *problem, bool by_columns,
                                uint64_t memory_limit, const ct_watch *watch, ct_function *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_automaton_options options = {.memory_limit = memory_limit, .watch = watch};
    *out = ct_function_of(problem);
    out->value[1] = 1;
    out->storage = CT_AUTOMATON;
    CT_TRY(ct_automaton_open(problem, by_columns, &options, &out->automaton));
    const ct_counts *counts =
        &out->automaton->reading[by_columns ? CT_BY_COLUMNS : CT_BY_ROWS].count[0];
    const ct_big norm = ct_words_view(ct_counts_total(counts), counts->words);
    CT_TRY(ct_function_set_norm(out, &norm));
    out->ones = norm.count == 1 ? norm.limb[0] : UINT64_MAX;
    out->checksum = out->automaton->checksum;
done:
    if (status != CUTROPY_OK)
        ct_function_free(out);
    return status;
}
