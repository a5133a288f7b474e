# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_FRONTIER_SOURCES
    frontier/affine.c
    frontier/affine_levels.c
    frontier/automaton.c
    frontier/counts.c
    frontier/diagram.c
    frontier/level_gram.c
    frontier/level_product.c
    frontier/levels.c
    frontier/paths.c
    frontier/region_order.c
    frontier/reorder.c
    frontier/reverse.c
)
