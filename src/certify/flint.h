/* SPDX-License-Identifier: Apache-2.0 */
/* FLINT and Arb, before their merger (FLINT 2 with Arb 2) and after it (FLINT 3). Only files of
 * src/certify include this. */
#ifndef CT_FLINT_H
#define CT_FLINT_H

#include <stdlib.h> /* FLINT 2 brought it along, and some of its own headers too */

#include <flint/flint.h>
#include <flint/fmpq.h>
#include <flint/fmpz.h>
#include <flint/fmpz_factor.h>
#include <flint/fmpz_mat.h>
#include <flint/fmpz_poly.h>
#include <flint/fmpz_poly_factor.h>
#include <flint/fmpz_vec.h>
#include <flint/nmod.h>
#include <flint/nmod_mat.h>
#include <flint/nmod_poly.h>
#include <flint/ulong_extras.h>
#if __FLINT_RELEASE >= 30000
#include <flint/acb.h>
#include <flint/arb.h>
#include <flint/arb_fmpz_poly.h>
#include <flint/arb_mat.h>
#else
#include <acb.h>
#include <arb.h>
#include <arb_fmpz_poly.h>
#include <arb_mat.h>
#endif

#endif
