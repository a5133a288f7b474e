/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of proved tables with an index: cutropy table --ground-truth DIR [MANIFEST]. */
#ifndef CT_GROUND_TRUTH_H
#define CT_GROUND_TRUTH_H

/* Whether a command line of cutropy table asks for it. */
int ct_wants_ground_truth(int argc, char **argv);
/* The command; returns the exit code. */
int ct_ground_truth(int argc, char **argv);

#endif
