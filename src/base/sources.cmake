# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_BASE_SOURCES
    base/status.c
    base/arena.c
    base/array.c
    base/big.c
    base/clock.c
    base/floating_check.c
    base/hash.c
    base/locale.c
    base/memory.c
    base/number.c
    base/parallel.c
    base/queue.c
    base/report.c
    base/spawn.c
    base/stop.c
)
