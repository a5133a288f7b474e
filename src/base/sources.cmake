set(CUTROPY_BASE_SOURCES
    base/status.c
    base/arena.c
    base/locale.c
    base/memory.c
    base/number.c
    base/parallel.c
)
