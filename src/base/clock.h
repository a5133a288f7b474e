/* SPDX-License-Identifier: Apache-2.0 */
/* The one clock, and that of the processor. */
#ifndef CT_CLOCK_H
#define CT_CLOCK_H

/* Seconds since some moment in the past; never goes back. May be called by a signal handler. */
double ct_now(void);

/* Adds the seconds since *last, which becomes now. */
void ct_lap(double *seconds, double *last);

/* Seconds that the cores spent on this process, all threads together. */
double ct_now_processor(void);

#endif
