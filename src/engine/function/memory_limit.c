/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/function/memory_limit.h"

#include <inttypes.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

/* MemAvailable of Linux, else the free pages. */
static uint64_t available_memory(void)
{
    uint64_t kib = 0;
    char line[128];
    FILE *file = fopen("/proc/meminfo", "r");
    if (file) {
        while (fgets(line, sizeof line, file))
            if (sscanf(line, "MemAvailable: %" SCNu64 " kB", &kib) == 1)
                break;
        fclose(file);
    }
    if (kib)
        return kib * 1024;
    long pages = sysconf(_SC_AVPHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? (uint64_t)pages * (uint64_t)size : UINT64_C(1) << 31;
}

/* What ulimit -v leaves. */
static uint64_t address_space(void)
{
    struct rlimit limit;
    unsigned long long pages = 0;
    if (getrlimit(RLIMIT_AS, &limit) || limit.rlim_cur == RLIM_INFINITY)
        return UINT64_MAX;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file) {
        if (fscanf(file, "%llu", &pages) != 1)
            pages = 0;
        fclose(file);
    }
    const uint64_t taken = pages * (uint64_t)sysconf(_SC_PAGESIZE);
    return limit.rlim_cur > taken ? limit.rlim_cur - taken : 0;
}

uint64_t ct_memory_limit(const cutropy_options *options)
{
    if (options->memory_limit)
        return options->memory_limit;
    const uint64_t memory = available_memory(), addresses = address_space();
    return (memory < addresses ? memory : addresses) / 10 * 9;
}
