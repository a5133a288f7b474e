/* SPDX-License-Identifier: Apache-2.0 */
/* Arithmetic with 113-bit floating-point numbers for oracles: the compiler's own type, and the four functions that
 * spectra need, by Newton steps and series. Shares nothing with the library. */
#ifndef QUAD_H
#define QUAD_H

#include <float.h>

#if LDBL_MANT_DIG == 113
typedef long double quad;
#else
typedef __float128 quad;
#endif

#define QUAD_UNIT ((quad)0x1p-112) /* the distance of 1 to its successor */

quad quad_abs(quad x);
quad quad_sqrt(quad x);        /* x >= 0 */
quad quad_log2(quad x);        /* x > 0 */
quad quad_exp2(quad x);        /* |x| < 16000 */
quad quad_pow(quad x, quad y); /* x >= 0; 0^y = 0 */

#endif
