/* SPDX-License-Identifier: Apache-2.0 */
/* Plain twins of the launchers of kernels.h, over the fake CUDA run time: what the driver is tested
 * with apart from the kernels, and with mistakes that kernels must not make. */
#ifndef PLAIN_KERNELS_H
#define PLAIN_KERNELS_H

#ifdef __cplusplus
extern "C" {
#endif

/* The next `times` launches of classes report a collision in every batch's first cut, and give
 * nonsense for it. */
void plain_kernels_collide(int times);
/* Launches of classes since the last call. */
long plain_kernels_class_launches(void);
/* Launches of levels give a diagonal (1), or sets of states (2), that are not those of the entries. */
void plain_kernels_spoil_levels(int how);
/* The next launch of small eigenvalues reports info = 1 for its last matrix. */
void plain_kernels_give_up(int on);
/* The launches of small eigenvalues give the smallest one last. */
void plain_kernels_lose(int on);

#ifdef __cplusplus
}
#endif
#endif
