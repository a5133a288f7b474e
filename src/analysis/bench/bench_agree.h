/* SPDX-License-Identifier: Apache-2.0 */
/* Two results of the same cuts must be one. */
#ifndef CT_BENCH_AGREE_H
#define CT_BENCH_AGREE_H

#include "engine/function/result.h"

/* Integers and proved decimals equal, brackets of ranks with a common number, real numbers within the sum of their errors.
 * *difference: the largest of the entropies, bits. Errors: CUTROPY_EINTERNAL, which cut and which number; who: the
 * second one, in the message. */
cutropy_status ct_bench_agree(const cutropy_result *a, const cutropy_result *b, const char *who,
                              double *difference);

#endif
