/* SPDX-License-Identifier: Apache-2.0 */
/* One planted mistake, in every order; the report ends the program. Without one it prints "not
 * found".
 *
 *   emulation_mistake NAME      race barrier syncwarp overrun dynamic host freed read nothing */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "emulation.h"
#include "fake.h"
#include "planted.h"

static int numbers[192], sums[3], out[64];

static void kernels(const char *name)
{
    launch_block_sum(numbers, 192, sums,
                     !strcmp(name, "barrier")   ? 1
                     : !strcmp(name, "overrun") ? 3
                                                : 0);
    launch_block_sum_dynamic(numbers, 192, sums, !strcmp(name, "dynamic") ? 3 : 0);
    launch_tickets(out, !strcmp(name, "race") ? 10 : !strcmp(name, "syncwarp") ? 11 : 0);
    launch_warp_sum(numbers, out, 0);
    launch_warp_operations(out);
    launch_divergent_barrier(out, 0);
}

int main(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "nothing";
    void *memory = NULL;
    volatile int seen = 0;
    for (int order = 0; order < CT_EMULATION_ORDERS; order++) {
        ct_emulation_order((uint64_t)order);
        kernels(name);
    }
    if (cudaMalloc(&memory, 64))
        return EXIT_FAILURE;
    if (!strcmp(name, "host"))
        cudaMemcpy(out, numbers, 64, cudaMemcpyHostToDevice);
    if (!strcmp(name, "read"))
        seen = *(int *)memory;
    cudaFree(memory);
    if (!strcmp(name, "freed"))
        cudaMemset(memory, 0, 64);
    printf(strcmp(name, "nothing") ? "not found %d\n" : "accepted %d\n", seen);
    return EXIT_SUCCESS;
}
