/* SPDX-License-Identifier: Apache-2.0 */
/* Before a function is evaluated for cutropy_function_save: whether its values certainly do not fit. */
#ifndef CT_FUNCTION_EXPORT_H
#define CT_FUNCTION_EXPORT_H

#include <stdbool.h>

#include <cutropy/export.h>

/* Label-1 images of large lattices are counted by automata or equations, where the problem has them. Errors: CUTROPY_EMEMORY,
 * CUTROPY_EUNSUPPORTED (all values of more pixels than an index names), CUTROPY_ECANCELLED. */
cutropy_status ct_function_export_check(const cutropy_problem *problem, bool sparse,
                                        const cutropy_options *options);

#endif
