/* SPDX-License-Identifier: Apache-2.0 */
/* The program under a launcher of MPI (mpirun, srun): whose process is which rank. */
#ifndef CT_LAUNCH_H
#define CT_LAUNCH_H

#include <cutropy/status.h>

struct ct_team;

/* Where a launcher started several processes: opens the MPI module. shares: the command shares its work among ranks, others are
 * refused. Ranks but the first say nothing from now on. CUTROPY_MPI=off in the environment: every process works for itself.
 * Errors, and one process of each host prints the line: CUTROPY_EUNSUPPORTED, CUTROPY_EINPUT. */
cutropy_status ct_launch_start(const char *name, int shares);

/* NULL: this process is alone. */
struct ct_team *ct_launch_team(void);
/* Is this one of the ranks that write nothing? */
int ct_launch_helps(void);

/* Processes on this machine that share its memory, this one too. */
int ct_launch_neighbours(void);

/* Before the program ends with this code; the message of this thread is of a rank that helps. Returns the code: 0 on a rank whose failure is that of rank 0. */
int ct_launch_end(int code);

#endif
