# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_LATTICE_SOURCES
    lattice/lattice.c
    lattice/bonds.c
    lattice/mask.c
    lattice/region.c
    lattice/cut_list.c
    lattice/families.c
    lattice/rectangles.c
    lattice/connected.c
    lattice/cut_file.c
    lattice/cuts.c
    lattice/automorphism.c
)
