/* SPDX-License-Identifier: Apache-2.0 */
/* Answers cuts of a sum of product states (product_cut.h): real or complex numbers, one block. */
#ifndef CT_SOLVER_PRODUCTS_H
#define CT_SOLVER_PRODUCTS_H

#include "backend/solver.h"

const ct_solver *ct_solver_products(void);

#endif
