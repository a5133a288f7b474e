/* SPDX-License-Identifier: Apache-2.0 */
#include "input/table_csv.h"

#include <string.h>

#include "base/array.h"

typedef struct ct_cells {
    char **cell;
    size_t count, room;
} ct_cells;

void ct_csv_free(ct_csv *csv)
{
    ct_free(csv->bytes);
    ct_free(csv->name);
    ct_free(csv->cell);
    ct_free(csv->line);
    *csv = (ct_csv){0};
}

int ct_csv_column(const ct_csv *csv, const char *name)
{
    for (size_t c = 0; c < csv->columns; c++)
        if (!strcmp(csv->name[c], name))
            return (int)c;
    return -1;
}

static cutropy_status add_cell(ct_cells *cells, char *text)
{
    const cutropy_status status = CT_ROOM("cells", cells->cell, cells->count, cells->room, 1);
    if (status != CUTROPY_OK)
        return status;
    cells->cell[cells->count++] = text;
    return CUTROPY_OK;
}

/* A cell in quotes: unpacked in place; *at moves behind the closing quote. false: it never closes.
 */
static bool quoted_cell(char **at, size_t *line, char **text)
{
    char *from = *at + 1, *to = from;
    *text = from;
    for (; *from; from++) {
        if (*from == '"' && from[1] == '"')
            from++;
        else if (*from == '"')
            break;
        *line += *from == '\n';
        *to++ = *from;
    }
    if (!*from)
        return false;
    *at = from + 1;
    *to = 0;
    return true;
}

static char *skip_spaces(char *at)
{
    while (*at == ' ' || *at == '\t')
        at++;
    return at;
}

/* A plain cell up to the next comma or line break, without the spaces behind it; returns its end.
 */
static char *plain_cell(char *text)
{
    char *end = text + strcspn(text, ",\n"), *last = end;
    while (last > text && (last[-1] == ' ' || last[-1] == '\t' || last[-1] == '\r'))
        last--;
    if (last < end)
        *last = 0;
    return end;
}

/* The cells of one line; *at moves to the next one. */
static cutropy_status read_line(char **at, size_t *line, const char *name, ct_cells *cells)
{
    const size_t first_line = *line;
    for (;;) {
        char *text = skip_spaces(*at), *end = text;
        if (*text == '"') {
            if (!quoted_cell(&end, line, &text))
                return ct_fail(CUTROPY_EINPUT, "%s:%zu: a quote is never closed", name, first_line);
            end = skip_spaces(end);
            end += *end == '\r' && (end[1] == '\n' || !end[1]);
            if (*end && *end != ',' && *end != '\n')
                return ct_fail(CUTROPY_EINPUT, "%s:%zu: text after a closing quote", name,
                               first_line);
        } else {
            end = plain_cell(text);
        }
        const char stop = *end;
        *end = 0;
        const cutropy_status status = add_cell(cells, text);
        if (status != CUTROPY_OK)
            return status;
        *at = stop ? end + 1 : end;
        if (stop != ',')
            break;
    }
    (*line)++;
    return CUTROPY_OK;
}

static bool is_skipped(const char *at)
{
    return *at == '#' || *at == '\n' || (*at == '\r' && at[1] == '\n');
}

size_t ct_bom_length(const uint8_t *bytes, size_t size)
{
    return size >= 3 && !memcmp(bytes, "\xef\xbb\xbf", 3) ? 3 : 0;
}

cutropy_status ct_csv_parse(const uint8_t *bytes, size_t size, const char *name, ct_csv *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_cells cells = {0};
    size_t line = 1, room = 0;
    *out = (ct_csv){0};
    if (memchr(bytes, 0, size))
        return ct_fail(CUTROPY_EINPUT, "%s: not a text file: it has a zero byte", name);
    CT_NEW(out->bytes, size + 1);
    memcpy(out->bytes, bytes, size);
    out->bytes[size] = 0;
    for (char *at = out->bytes + ct_bom_length(bytes, size); *at;) {
        if (is_skipped(at)) {
            at += strcspn(at, "\n");
            at += *at == '\n';
            line++;
            continue;
        }
        const size_t before = cells.count, first_line = line;
        CT_TRY(read_line(&at, &line, name, &cells));
        if (!out->columns) {
            out->columns = cells.count;
            continue;
        }
        if (cells.count - before != out->columns)
            CT_TRY(ct_fail(CUTROPY_EINPUT, "%s:%zu: %zu cells, the header has %zu", name,
                           first_line, cells.count - before, out->columns));
        CT_TRY(CT_ROOM("lines", out->line, out->rows, room, 1));
        out->line[out->rows++] = first_line;
    }
    if (!out->columns)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: an empty table", name));
    CT_NEW(out->name, out->columns);
    CT_NEW(out->cell, out->rows * out->columns);
    memcpy(out->name, cells.cell, out->columns * sizeof *out->name);
    if (out->rows)
        memcpy(out->cell, cells.cell + out->columns, out->rows * out->columns * sizeof *out->cell);
done:
    ct_free(cells.cell);
    if (status != CUTROPY_OK)
        ct_csv_free(out);
    return status;
}
