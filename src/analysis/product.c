/* Whether a cut matrix has rank 1: every minor with one non-zero entry vanishes. */
#include "analysis/product.h"

int ct_quotient_is_product(const ct_quotient *q)
{
    const int64_t rows = q->side[0].count, columns = q->side[1].count;
    int64_t pivot = 0;
    if (q->kind != CUTROPY_LABEL && q->kind != CUTROPY_INTEGER)
        return -1;
    if (rows == 1 || columns == 1)
        return 1;
    while (!ct_quotient_entry(q, 0, pivot)) /* zero rows were dropped: there is one */
        pivot++;
    const int64_t corner = ct_quotient_entry(q, 0, pivot);
    for (int64_t i = 1; i < rows; i++) {
        const int64_t left = ct_quotient_entry(q, i, pivot);
        for (int64_t j = 0; j < columns; j++)
            if ((ct_i128)corner * ct_quotient_entry(q, i, j) !=
                (ct_i128)left * ct_quotient_entry(q, 0, j))
                return 0;
    }
    return 1;
}
