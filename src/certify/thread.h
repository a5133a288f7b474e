/* SPDX-License-Identifier: Apache-2.0 */
#ifndef CT_CERTIFY_THREAD_H
#define CT_CERTIFY_THREAD_H

/* A thread that has proved something ends: what FLINT keeps for it goes. */
void ct_certify_thread_end(void);

#endif
