/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts of lists of images, one at a time. */
#ifndef CT_CUDA_LIST_H
#define CT_CUDA_LIST_H

#include "backend/cuda/lane.h"

/* The sparse cut matrix of one cut, both ways, and room for everything up to its blocks: sets the
 * rows of the lane's shape, its layout and its list. Waits for the device once. */
cutropy_status ct_list_build(ct_lane *lane, uint64_t mask);
/* Enqueues the entries of the quotient, when the classes have been enqueued. */
cutropy_status ct_list_entries(ct_lane *lane);

#endif
