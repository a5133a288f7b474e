/* SPDX-License-Identifier: Apache-2.0 */
/* The verdict on a certificate. */
#ifndef CV_VERIFY_H
#define CV_VERIFY_H

#include "verifier/certificate.h"

typedef enum cv_verdict {
    CV_VERIFIED = 0,     /* every claim follows from the matrices in the file */
    CV_NOT_VERIFIED = 1, /* some claim does not: message says which and where */
    CV_UNUSABLE = 2      /* not a certificate: damaged, incomplete, another version */
} cv_verdict;

/* What the matrices and vectors prove about the entropy in the unit of the file; fixed.h. */
typedef struct cv_enclosure {
    mpz_t lower, upper;
} cv_enclosure;

void cv_enclosure_init(cv_enclosure *enclosure);
void cv_enclosure_free(cv_enclosure *enclosure);

/* Recomputes everything from the matrices, multiplicities and vectors. positive: also prove that
 * the matrices are positive semidefinite; else that is taken for granted. proved is filled for
 * CV_VERIFIED, and when the claims alone are narrower than what is proved; message is one line
 * unless the verdict is CV_VERIFIED. */
cv_verdict cv_verify(const cv_certificate *certificate, bool positive, cv_enclosure *proved,
                     char message[CV_MESSAGE]);

#endif
