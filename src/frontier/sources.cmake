# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_FRONTIER_SOURCES
    frontier/affine.c
    frontier/affine_levels.c
    frontier/automaton.c
    frontier/counts.c
    frontier/diagram.c
    frontier/level_gram.c
    frontier/levels.c
    frontier/paths.c
    frontier/reverse.c
)
