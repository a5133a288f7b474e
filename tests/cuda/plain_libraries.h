/* SPDX-License-Identifier: Apache-2.0 */
/* Control of the plain twin of backend/cuda/libraries.c. */
#ifndef PLAIN_LIBRARIES_H
#define PLAIN_LIBRARIES_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* on: the last matrix of every call reports info = 7. */
void plain_libraries_give_up(int on);
/* Calls for more than `count` matrices report CUTROPY_EMEMORY (0: none), and work space that is
 * asked for is multiplied. */
void plain_libraries_limit(int64_t count, uint64_t work_factor);

#ifdef __cplusplus
}
#endif
#endif
