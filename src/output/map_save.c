/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy_map_save: tables, scripts, pictures and the report, in this order. */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>

#include "engine/function/result.h"
#include "output/gnuplot.h"
#include "output/map_files.h"
#include "sheet/save.h"
#include "sheet/sheet.h"
#include "sheet/staging.h"

typedef struct folder {
    const char *path;
    char *file; /* path/NAME, room for the longest name */
} folder;

#define LONGEST_NAME 64

static cutropy_status folder_open(const char *path, folder *f)
{
    const size_t length = strlen(path);
    *f = (folder){.path = path, .file = ct_alloc(length + 2 + LONGEST_NAME, 1)};
    if (!f->file)
        return ct_fail_memory("path", length);
    sprintf(f->file, "%s/", path);
    return CUTROPY_OK;
}

static const char *file_in(const folder *f, const char *name, const char *ending)
{
    sprintf(f->file + strlen(f->path) + 1, "%.*s%s", LONGEST_NAME - 16, name, ending);
    return f->file;
}

static cutropy_status write_text(FILE *file, void *context)
{
    const ct_text *text = context;
    bool lost = text->length && fwrite(text->bytes, 1, text->length, file) != text->length;
    return lost ? CUTROPY_EIO : CUTROPY_OK;
}

static cutropy_status save_text(const folder *f, const char *name, const char *ending,
                                ct_text *text)
{
    if (text->failed)
        return ct_fail_memory(name, text->length);
    return ct_save(file_in(f, name, ending), write_text, text);
}

/* The rows of one family as a result: what `cutropy table --cuts NAME` prints. Borrows from the map. */
static cutropy_result rows_of(const cutropy_map *map, cutropy_map_family_id id)
{
    const cutropy_map_family *family = &map->family[id];
    cutropy_result view = *map->result;
    view.count = view.cuts.count = family->count;
    view.rows += family->first;
    view.cuts.masks += family->first * view.cuts.words;
    view.quantity_count = 0; /* the spectrum has a table of its own */
    return view;
}

static cutropy_status make_sheet(const cutropy_map *map, const ct_map_table *t,
                                 cutropy_result *view, cutropy_sheet **sheet)
{
    if (t->sheet)
        return t->sheet(map, sheet);
    if (t->family == CUTROPY_MAP_RANGE)
        return cutropy_ranges_sheet(map->ranges, CUTROPY_BASE_BITS, sheet);
    *view = rows_of(map, (cutropy_map_family_id)t->family);
    return cutropy_result_sheet(view, CUTROPY_BASE_BITS, sheet);
}

static cutropy_status save_sheet(const cutropy_map *map, const ct_map_table *t, const char *path)
{
    cutropy_sheet *sheet = NULL;
    cutropy_result view;
    cutropy_status status = make_sheet(map, t, &view, &sheet);
    if (!status)
        status = cutropy_sheet_save(sheet, CUTROPY_FORMAT_CSV, path);
    cutropy_sheet_free(sheet);
    return status;
}

static cutropy_status save_tables(const cutropy_map *map, const folder *f)
{
    cutropy_status status = CUTROPY_OK;
    ct_text text = {0};
    for (size_t i = 0; i < ct_map_table_count; i++) {
        const ct_map_table *t = &ct_map_tables[i];
        if (ct_map_missing(map, t->family))
            continue;
        if (t->write) {
            text.length = 0;
            t->write(map, &text);
            CT_TRY(save_text(f, t->file, "", &text));
        } else {
            CT_TRY(save_sheet(map, t, file_in(f, t->file, "")));
        }
    }
done:
    ct_text_free(&text);
    return status;
}

static cutropy_status save_scripts(const cutropy_map *map, const folder *f)
{
    cutropy_status status = CUTROPY_OK;
    ct_text text = {0};
    ct_map_style(map, &text);
    CT_TRY(save_text(f, "style", ".gp", &text));
    for (size_t i = 0; i < ct_map_picture_count; i++) {
        const ct_map_picture *p = &ct_map_pictures[i];
        if (ct_map_picture_missing(map, p))
            continue;
        text.length = 0;
        ct_map_script(p, &text);
        CT_TRY(save_text(f, p->name, ".gp", &text));
    }
done:
    ct_text_free(&text);
    return status;
}

/* gnuplot says nothing of a disk that is full: whether the file ends as a picture does. */
static cutropy_status check_picture(const folder *f, const char *name, const char *ending,
                                    const char *last)
{
    cutropy_status status = CUTROPY_OK;
    const char *path = file_in(f, name, ending);
    char end[16] = "";
    struct statvfs disk;
    FILE *file = fopen(path, "rb");
    if (!file)
        return ct_fail(CUTROPY_EIO, "cannot read '%s': %s", path, strerror(errno));
    const bool whole = !fseek(file, -(long)strlen(last), SEEK_END) &&
                       fread(end, 1, strlen(last), file) == strlen(last) && !strcmp(end, last);
    if (!whole && !statvfs(f->path, &disk))
        status = ct_fail(CUTROPY_EIO,
                         "gnuplot did not write all of '%s': %llu bytes are free on that disk",
                         path, (unsigned long long)disk.f_bavail * disk.f_frsize);
    else if (!whole)
        status = ct_fail(CUTROPY_EIO, "gnuplot did not write all of '%s'", path);
    fclose(file);
    return status;
}

static cutropy_status draw(const cutropy_map *map, const folder *f, int *pictures)
{
    cutropy_status status = CUTROPY_OK;
    bool found = true;
    char script[LONGEST_NAME];
    for (size_t i = 0; i < ct_map_picture_count && found; i++) {
        const ct_map_picture *p = &ct_map_pictures[i];
        if (ct_map_picture_missing(map, p))
            continue;
        snprintf(script, sizeof script, "%s.gp", p->name);
        CT_TRY(ct_gnuplot(f->path, script, &found));
        if (found) {
            CT_TRY(check_picture(f, p->name, ".svg", "</svg>\n\n"));
            CT_TRY(check_picture(f, p->name, "-narrow.svg", "</svg>\n\n"));
            CT_TRY(check_picture(f, p->name, ".png", "IEND\xae\x42\x60\x82"));
        }
        *pictures += found;
    }
done:
    return status;
}

static cutropy_status save_report(const cutropy_map *map, const folder *f,
                                  const cutropy_map_save_options *options, bool drawn)
{
    cutropy_status status = CUTROPY_OK;
    ct_text html = {0};
    CT_TRY(ct_map_report(map, f->path, options, drawn, &html));
    CT_TRY(save_text(f, "report", ".html", &html));
done:
    ct_text_free(&html);
    return status;
}

cutropy_status cutropy_map_save(const cutropy_map *map, const char *path,
                                const cutropy_map_save_options *options, int *out)
{
    static const cutropy_map_save_options standard = CUTROPY_MAP_SAVE_OPTIONS;
    cutropy_status status = CUTROPY_OK;
    int pictures = 0;
    folder f = {0};
    ct_map_files files;
    char *stage = NULL;
    options = options ? options : &standard;
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0), before = (locale_t)0;
    if (!plain) /* a decimal comma would spoil every number */
        CT_TRY(ct_fail_memory("locale", 0));
    before = uselocale(plain);
    CT_TRY(ct_options_known("CUTROPY_MAP_SAVE_OPTIONS", options->size, sizeof *options));
    ct_map_list_files(&files);
    CT_TRY(cutropy_map_save_check(path));
    CT_TRY(ct_staging_open(path, files.name, files.count, &stage));
    CT_TRY(ct_map_mark(map, stage, false));
    CT_TRY(folder_open(stage, &f));
    CT_TRY(save_tables(map, &f));
    CT_TRY(save_scripts(map, &f));
    CT_TRY(draw(map, &f, &pictures));
    CT_TRY(save_report(map, &f, options, pictures > 0));
    CT_TRY(ct_staging_publish(path, files.name, files.count));
    CT_TRY(ct_map_mark(map, path, true));
done:
    ct_free(f.file);
    ct_free(stage);
    if (plain) {
        uselocale(before);
        freelocale(plain);
    }
    if (out)
        *out = pictures;
    return status;
}
