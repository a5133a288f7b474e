/* SPDX-License-Identifier: Apache-2.0 */
/* The files of a map folder: which there are, and what each holds. */
#ifndef CT_MAP_FILES_H
#define CT_MAP_FILES_H

#include "base/base.h"
#include "output/map.h"
#include "sheet/text.h"

/* Not a family of its own: the cuts of the verdict. */
#define CT_MAP_LAW CUTROPY_MAP_FAMILIES

/* Why this map has not these cuts (or CT_MAP_LAW); NULL: it has. */
const char *ct_map_missing(const cutropy_map *map, int family);

/* A file name without its ending; the picture NAME is drawn by NAME.gp from NAME.csv (pairs: from
 * mutual_information.csv). */
typedef struct ct_map_picture {
    const char *name;
    int family; /* the cuts that it needs: a cutropy_map_family_id or CT_MAP_LAW */
    const unsigned char *script;
    const size_t *script_size;
    const char *what;            /* for the script */
    const char *title, *caption; /* for the report */
    const char *alternative;     /* what the picture shows, for those who do not see it */
} ct_map_picture;

extern const ct_map_picture ct_map_pictures[];
extern const size_t ct_map_picture_count;

/* Why this map has not that picture; NULL: it has. */
const char *ct_map_picture_missing(const cutropy_map *map, const ct_map_picture *picture);

/* The tables of a map, map_tables.c. */
typedef struct ct_map_table {
    const char *file; /* "bonds.csv" */
    int family;       /* as in ct_map_picture */
    void (*write)(const cutropy_map *map,
                  ct_text *out); /* no table: numbers alone; NULL: a sheet, */
    cutropy_status (*sheet)(const cutropy_map *map,
                            cutropy_sheet **out); /* NULL: of table, range */
} ct_map_table;

extern const ct_map_table ct_map_tables[];
extern const size_t ct_map_table_count;

/* Every file that a map may have, map_folder.c; the report and then the marker come last. */
#define CT_MAP_FILES 90
#define CT_MAP_FILE_SIZE 32
typedef struct ct_map_files {
    size_t count;
    const char *name[CT_MAP_FILES]; /* into text */
    char text[CT_MAP_FILES][CT_MAP_FILE_SIZE];
} ct_map_files;
void ct_map_list_files(ct_map_files *out);

/* The marker says what the folder is: {"cutropy": ..., "problem": ..., "complete": true}. */
#define CT_MAP_MARKER "cutropy-map.json"
cutropy_status ct_map_mark(const cutropy_map *map, const char *folder, bool complete);

void ct_map_script(const ct_map_picture *picture, ct_text *out);
/* What all scripts load: the lattice, colours, sizes. */
void ct_map_style(const cutropy_map *map, ct_text *out);

/* The corners of the cell of a pixel, or the ends of its link (a wrapped link ends beyond the last vertex). */
typedef struct ct_segment {
    double x0, y0, x1, y1;
} ct_segment;
ct_segment ct_map_shape(const cutropy_lattice *lattice, int pixel);

/* Some images of the function, drawn; nothing where there are none. map_images.c. */
void ct_map_images(const cutropy_map *map, ct_text *html);

/* The heading of a picture: rectangles of a chain are its blocks. */
const char *ct_map_title(const cutropy_map *map, const ct_map_picture *picture);
/* One picture with its words, all but its heading; drawn: gnuplot has drawn it, else its table. map_figures.c. Errors: CUTROPY_EIO,
 * CUTROPY_EMEMORY. */
cutropy_status ct_map_figure(const cutropy_map *map, const ct_map_picture *picture,
                             const char *folder, bool drawn, ct_text *html);

/* The words of the report about the numbers, and the report; map_words.c and map_report.c. */
void ct_map_words(const cutropy_map *map, ct_text *html);
cutropy_status ct_map_report(const cutropy_map *map, const char *folder,
                             const cutropy_map_save_options *options, bool pictures, ct_text *html);

#endif
