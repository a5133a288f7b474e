/* SPDX-License-Identifier: Apache-2.0 */
/* The range of one cut: storages, trivial cuts, memory. */
#include "analysis/range/range_cut.h"

#include "engine/cut/quotient.h"

/* The empty cut has one row, the full one a row for every image, of one entry. */
static cutropy_status range_trivial(const ct_function *f, const ct_layers *layers, int threads,
                                    ct_cut_range *found)
{
    int64_t classes[2];
    const cutropy_status status = ct_quotient_empty_cut(f, threads, classes);
    found->classes = classes[layers->na > 0];
    found->needed = found->classes > 1 ? layers->na : 0;
    found->assumption1 = true;
    return status;
}

cutropy_status ct_range_cut(const ct_function *f, const uint64_t *mask, const ct_layers *layers,
                            const ct_range_setting *how, ct_cut_range *found)
{
    if (layers->na == 0 || layers->na == f->pixels)
        return range_trivial(f, layers, how->threads, found);
    if (f->storage == CT_AUTOMATON)
        return ct_range_from_automaton(f->automaton, mask, layers, how, found);
    if (f->storage == CT_SUPPORT)
        return ct_range_from_support(f, mask, layers, found);
    return ct_range_from_rows(f, mask[0], layers, how->backend, how->threads, found);
}

static uint64_t shifted(uint64_t x, int shift)
{
    return shift >= 63 || x > (UINT64_MAX >> 2) >> shift ? UINT64_MAX >> 2 : x << shift;
}

uint64_t ct_range_bytes(const ct_function *f, int na)
{
    const int nb = f->pixels - na;
    if (f->storage == CT_AUTOMATON)
        return 0;
    if (f->storage == CT_SUPPORT)
        return f->ones * (164 + 8 * f->words);
    int classes = na; /* log of their number */
    if (f->storage == CT_TABLE && nb < 6 && 1 << nb < na)
        classes = 1 << nb;
    uint64_t copy = f->storage == CT_TABLE ? 8 * ct_table_words(f->pixels)
                                           : shifted(ct_value_bytes(f->kind), f->pixels);
    return copy / 2 + copy / 2 + shifted(4, na) / 2 + shifted(4, na) / 2 + shifted(40, classes) +
           shifted(1, nb > 3 ? nb - 3 + 2 : 5);
}
