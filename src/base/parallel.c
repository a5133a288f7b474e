/* SPDX-License-Identifier: Apache-2.0 */
#include "base/parallel.h"

#include <omp.h>

int ct_available_threads(void)
{
    const int asked = omp_get_max_threads(), there = omp_get_num_procs();
    return asked < there ? asked : there;
}

void ct_parallel_for(int threads, size_t count, size_t grain,
                     void (*body)(void *context, size_t first, size_t last, int thread),
                     void *context)
{
    const size_t pieces = (count + grain - 1) / grain;
    const int team = pieces > 1 ? threads : 1;
    if (team == 1) { /* no region of OpenMP: a caller's own regions stay the outermost */
        for (size_t p = 0; p < pieces; p++)
            body(context, p * grain, p * grain + grain < count ? p * grain + grain : count, 0);
        return;
    }
    /* monotonic: from OpenMP 5.0 on `dynamic` alone lets threads steal earlier pieces */
#pragma omp parallel for num_threads(team) schedule(monotonic : dynamic, 1)
    for (size_t p = 0; p < pieces; p++) {
        size_t first = p * grain, last = first + grain < count ? first + grain : count;
        body(context, first, last, omp_get_thread_num());
    }
}
