/* SPDX-License-Identifier: Apache-2.0 */
#include "certify/thread.h"

#include <flint/flint.h>

void ct_certify_thread_end(void)
{
    flint_cleanup();
}
