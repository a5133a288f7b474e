/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_FAKE_CUCOMPLEX_H
#define CT_FAKE_CUCOMPLEX_H
#ifndef CT_FAKE_DOUBLE2 /* device.h of the emulation */
#define CT_FAKE_DOUBLE2
typedef struct double2 {
    double x, y;
} double2;
#endif
typedef double2 cuDoubleComplex;
#endif
