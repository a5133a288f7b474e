/* The range of one cut: storages, trivial cuts, memory. */
#include "analysis/range_cut.h"

#include "base/bits.h"

cutropy_status ct_range_cut(const ct_function *f, const uint64_t *mask, const ct_layers *layers,
                            const ct_backend *backend, int threads, ct_range_answer *answer)
{
    if (layers->na == 0 || layers->na == f->pixels) {
        ct_range_trivial(f, layers, answer);
        return CUTROPY_OK;
    }
    if (f->storage == CT_SUPPORT)
        return ct_range_from_support(f, mask, layers, answer);
    return ct_range_from_rows(f, mask[0], layers, backend, threads, answer);
}

/* Values that are not zero and not all the same, or both signs of labels +1/-1. */
static bool has_two_values(const ct_function *f)
{
    if (f->kind == CUTROPY_LABEL)
        return f->value[0] != 0 && f->ones != 0 && f->ones != UINT64_C(1) << f->pixels;
    const uint64_t *values = f->values;
    const size_t words = ct_value_bytes(f->kind) / 8;
    const uint64_t *first = NULL;
    for (uint64_t i = 0; i < UINT64_C(1) << f->pixels; i++) {
        const uint64_t *here = values + i * words;
        if (!(here[0] | here[words - 1]))
            continue;
        if (first && (here[0] != first[0] || here[words - 1] != first[words - 1]))
            return true;
        first = here;
    }
    return false;
}

void ct_range_trivial(const ct_function *f, const ct_layers *layers, ct_range_answer *answer)
{
    const bool differ = layers->na > 0 && has_two_values(f);
    answer->needed = differ ? layers->na : 0;
    answer->classes = 1; /* as in a table: the spectrum of a pure state */
    answer->assumption1 = true;
}

static uint64_t shifted(uint64_t x, int shift)
{
    return shift >= 63 || x > (UINT64_MAX >> 2) >> shift ? UINT64_MAX >> 2 : x << shift;
}

uint64_t ct_range_bytes(const ct_function *f, int na)
{
    const int nb = f->pixels - na;
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
