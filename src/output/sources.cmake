# SPDX-License-Identifier: Apache-2.0
set(CUTROPY_OUTPUT_SOURCES
    output/sha256.c
    output/map_folder.c
    output/gnuplot.c
    output/plot.c
    output/html.c
    output/map_tables.c
    output/map_scripts.c
    output/map_figures.c
    output/map_images.c
    output/map_words.c
    output/map_report.c
    output/map_save.c
    output/expressivity_plot.c
)
