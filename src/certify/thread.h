/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_CERTIFY_THREAD_H
#define CT_CERTIFY_THREAD_H

/* This thread may prove something: what FLINT keeps for it goes when it ends. Threads of base/parallel.c stay. */
void ct_certify_thread(void);

#endif
