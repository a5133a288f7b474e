/* SPDX-License-Identifier: Apache-2.0 */
/* Certificates: the proof of one entropy as a file of integers, which the separate program
 * cutropy-verify checks with arithmetic of its own.
 *
 *   cutropy_state *state;
 *   cutropy_result *result;
 *   cutropy_state_open(problem, NULL, &state);
 *   cutropy_state_run(state, &cuts, NULL, &result);                     cuts: one of them
 *   cutropy_certificate_save(state, result, CUTROPY_BASE_BITS, "half.txt");
 *
 * A certificate holds the blocks of the Gram matrix, eigenvectors rounded to integers, and what is
 * claimed of the entropy: docs/certificate.md. */
#ifndef CUTROPY_CERTIFICATE_H
#define CUTROPY_CERTIFICATE_H

#include <cutropy/sheet.h>
#include <cutropy/state.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Whether there can be one: exactly one cut, of a label or integer function. Ask before a long run.
 * Errors: CUTROPY_EINPUT, CUTROPY_EUNSUPPORTED. */
cutropy_status cutropy_certificate_check(const cutropy_cuts *cuts, cutropy_kind kind);

/* Writes the certificate of the only row of result, which is a run of state. The claims are the
 * entropy and error of the row in the unit of base: proved decimals (at most 20), else the double
 * and its error, wider by the rounding of its decimals. The blocks are computed again. Before
 * anything is written the conditions of cutropy-verify are checked in exact integers: claims that
 * the vectors do not prove to the last digit are widened to what they prove, a row that they
 * contradict is an error. The file appears whole or not at all. Cost: that of the row, and the
 * eigenvectors. Errors: those of cutropy_certificate_check, CUTROPY_EMEMORY, CUTROPY_ENUMERIC,
 * CUTROPY_EIO, CUTROPY_EINTERNAL. */
cutropy_status cutropy_certificate_save(const cutropy_state *state, const cutropy_result *result,
                                        cutropy_base base, const char *path);

#ifdef __cplusplus
}
#endif
#endif
