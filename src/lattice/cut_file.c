/* SPDX-License-Identifier: Apache-2.0 */
/* Cuts from a file: one region a line, or drawn. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bits.h"
#include "lattice/cut_list.h"

#define LINE_SIZE 4096

typedef struct reader {
    FILE *file;
    const char *path;
    long line;            /* number of the line in text */
    long drawn;           /* of the last row of a picture */
    char text[LINE_SIZE]; /* without line end and trailing blanks */
} reader;

static cutropy_status fail_read(const reader *r)
{
    return ct_fail(CUTROPY_EIO, "cannot read '%.200s': %s", r->path, strerror(errno));
}

/* Removes blanks and the carriage return of a CRLF line end. */
static void trim_end(char *text, size_t length)
{
    while (length && strchr(" \t\r", text[length - 1]))
        length--;
    text[length] = '\0';
}

/* The next line; *more is false at the end of the file. */
static cutropy_status read_line(reader *r, bool *more)
{
    size_t length = 0;
    int c = getc(r->file);
    *more = c != EOF;
    r->line++;
    for (; c != EOF && c != '\n'; c = getc(r->file)) {
        if (c == '\0')
            return ct_fail(CUTROPY_EINPUT, "%.200s:%ld: NUL byte; masks are text such as 0x1f",
                           r->path, r->line);
        if (length == LINE_SIZE - 1)
            return ct_fail(CUTROPY_EINPUT, "%.200s:%ld: line longer than %d characters", r->path,
                           r->line, LINE_SIZE - 1);
        r->text[length++] = (char)c;
    }
    trim_end(r->text, length);
    return ferror(r->file) ? fail_read(r) : CUTROPY_OK;
}

/* ---- pictures: A is a pixel of A, a point is one of B, a line is a row of pixels ---- */

static bool is_picture(const char *text)
{
    return *text && strspn(text, "A.") == strlen(text);
}

/* The picture ends too early: the line is its last one, not the one behind it. */
static cutropy_status fail_rows(const reader *r, const cutropy_lattice *lattice, int rows)
{
    return ct_fail(CUTROPY_EINPUT,
                   "%.200s:%ld: a picture of a cut of %s has %d rows, and this one ends after %d",
                   r->path, r->drawn, lattice->name, lattice->ly, rows);
}

/* Row y = *rows; after the last one the cut is added. */
static cutropy_status draw_row(reader *r, const char *text, ct_cut_list *list, uint64_t *mask,
                               int *rows)
{
    const cutropy_lattice *lattice = list->lattice;
    const size_t width = strlen(text);
    r->drawn = r->line;
    if (lattice->kind == CUTROPY_LATTICE_LINKS)
        return ct_fail(
            CUTROPY_EINPUT,
            "%.200s:%ld: pictures of cuts are for grids and chains; write pixels {0-3,7}", r->path,
            r->line);
    if (width != (size_t)lattice->lx)
        return ct_fail(CUTROPY_EINPUT,
                       "%.200s:%ld: a row of a picture of %s has %d pixels, not %zu", r->path,
                       r->line, lattice->name, lattice->lx, width);
    if (!*rows)
        memset(mask, 0, lattice->words * sizeof *mask);
    for (size_t x = 0; x < width; x++)
        if (text[x] == 'A')
            ct_set_bit(mask, x + width * (size_t)*rows);
    *rows = (*rows + 1) % lattice->ly;
    return *rows ? CUTROPY_OK : ct_cut_list_add(list, mask);
}

static cutropy_status read_masks(reader *r, ct_cut_list *list)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t mask[CT_MAX_WORDS];
    bool more = true;
    int rows = 0;
    for (;;) {
        CT_TRY(read_line(r, &more));
        if (!more)
            break;
        const char *text = r->text + strspn(r->text, " \t");
        if (is_picture(text)) {
            CT_TRY(draw_row(r, text, list, mask, &rows));
            continue;
        }
        if (rows)
            CT_TRY(fail_rows(r, list->lattice, rows));
        if (*text == '\0' || *text == '#')
            continue;
        status = ct_region_parse(text, list->lattice, mask);
        if (status != CUTROPY_OK)
            return ct_fail(status, "%.200s:%ld: %s", r->path, r->line, cutropy_error());
        CT_TRY(ct_cut_list_add(list, mask));
    }
    if (rows)
        CT_TRY(fail_rows(r, list->lattice, rows));
done:
    return status;
}

cutropy_status ct_cuts_file(ct_cut_list *list, const char *path)
{
    reader r = {.path = path};
    r.file = fopen(strcmp(path, "-") ? path : "/dev/stdin", "r");
    if (!r.file)
        return fail_read(&r);
    cutropy_status status = read_masks(&r, list);
    if (fclose(r.file) != 0 && status == CUTROPY_OK)
        status = fail_read(&r);
    return status;
}
