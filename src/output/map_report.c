/* SPDX-License-Identifier: Apache-2.0 */
/* report.html: one page that needs no other file. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "engine/result.h"
#include "sheet/sheet.h"
#include "output/html.h"
#include "output/map_files.h"

#define FALLBACK_ROWS 40     /* of a table that stands for a picture */
#define SVG_LIMIT (64 << 20) /* bytes */

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n"
    "<style>\n"
    "body { font: 16px/1.5 sans-serif; color: #222; background: #fff; max-width: 46rem; "
    "margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }\n"
    "h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 1px solid #ccc; }\n"
    "h3 { font-size: 1.05rem; margin-top: 2rem; }\n"
    "svg { width: 100%; height: auto; }\n"
    "code { font-size: 0.9em; overflow-wrap: anywhere; }\n"
    "table { border-collapse: collapse; font-size: 0.9rem; }\n"
    "th { white-space: nowrap; }\n"
    "th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; "
    "border-bottom: 1px solid #eee; overflow-wrap: anywhere; }\n"
    ".wide { overflow-x: auto; } .wide th, .wide td { overflow-wrap: normal; }\n"
    ".files { color: #666; font-size: 0.85rem; }\n"
    ".missing { background: #f4f4f4; padding: 0.5rem 0.8rem; }\n"
    "</style>\n";

static void row(ct_text *html, const char *name, const char *value)
{
    ct_text_puts(html, "<tr><th>");
    ct_html_puts(html, name);
    ct_text_puts(html, "</th><td>");
    ct_html_puts(html, value);
    ct_text_puts(html, "</td></tr>\n");
}

static void the_function(const cutropy_map *map, const cutropy_map_save_options *options,
                         ct_text *html)
{
    static const char *const kinds[] = {"label, image to {0,1} (or {+1,-1})", "integers",
                                        "real amplitudes", "complex amplitudes"};
    static const char *const lattices[] = {"grid of %d x %d pixels", "links of %d x %d vertices",
                                           "chain"};
    const cutropy_result *r = map->result;
    const cutropy_lattice *l = map->lattice;
    char text[160];
    ct_text_puts(html, "<h2>The function</h2>\n");
    if (options->about)
        ct_html_paragraphs(html, options->about);
    ct_text_puts(html, "<table>\n");
    row(html, "Function", r->problem);
    row(html, "Values", kinds[r->kind]);
    int length = snprintf(text, sizeof text, lattices[l->kind], l->lx, l->ly);
    if (l->periodic)
        length +=
            snprintf(text + length, sizeof text - (size_t)length, ", %s",
                     l->kind == CUTROPY_LATTICE_CHAIN ? "closed to a ring" : "closed to a torus");
    snprintf(text + length, sizeof text - (size_t)length, " (%s), %d pixels, %d bonds", l->name,
             l->pixels, l->bonds);
    row(html, "Lattice", text);
    if (r->kind == CUTROPY_KIND_LABEL) {
        snprintf(text, sizeof text, "%" PRIu64 " of 2^%d", r->ones, l->pixels);
        row(html, "Images with label 1", text);
    }
    row(html, "<f|f>", r->norm);
    ct_text_puts(html, "</table>\n");
}

static cutropy_status read_file(const char *path, ct_text *out)
{
    char piece[4096];
    size_t got;
    FILE *file = fopen(path, "rb");
    if (!file)
        return ct_fail(CUTROPY_EIO, "cannot read '%s': %s", path, strerror(errno));
    while ((got = fread(piece, 1, sizeof piece, file)) > 0 && out->length < SVG_LIMIT)
        ct_text_add(out, piece, got);
    int broken = ferror(file);
    fclose(file);
    if (broken)
        return ct_fail(CUTROPY_EIO, "cannot read '%s'", path);
    return out->failed ? ct_fail_memory("picture", out->length) : CUTROPY_OK;
}

static cutropy_status include_picture(const char *folder, const char *name, ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text path = {0}, svg = {0};
    char prefix[32];
    ct_text_puts(&path, folder);
    ct_text_puts(&path, "/");
    ct_text_puts(&path, name);
    ct_text_add(&path, ".svg", 5);
    if (path.failed)
        CT_TRY(ct_fail_memory("path", path.length));
    CT_TRY(read_file(path.bytes, &svg));
    snprintf(prefix, sizeof prefix, "%s-", name);
    if (!ct_html_svg(html, svg.bytes, svg.length, prefix))
        CT_TRY(ct_fail(CUTROPY_EIO, "'%s' holds no picture", path.bytes));
done:
    ct_text_free(&path);
    ct_text_free(&svg);
    return status;
}

/* The table behind a picture, where there is no picture. */
static cutropy_status include_table(const cutropy_map *map, const char *folder, const char *name,
                                    ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text path = {0}, csv = {0};
    (void)map;
    ct_text_puts(&path, folder);
    ct_text_puts(&path, "/");
    ct_text_puts(&path, name);
    ct_text_add(&path, ".csv", 5);
    if (path.failed)
        CT_TRY(ct_fail_memory("path", path.length));
    CT_TRY(read_file(path.bytes, &csv));
    ct_html_table(html, csv.bytes, csv.length, FALLBACK_ROWS);
done:
    ct_text_free(&path);
    ct_text_free(&csv);
    return status;
}

static cutropy_status pictures(const cutropy_map *map, const char *folder, bool drawn,
                               ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text_puts(html, "<h2>The pictures</h2>\n");
    if (!drawn)
        ct_text_puts(html, "<p class=\"missing\">gnuplot was not found when this report was made: "
                           "here are the tables instead. Install gnuplot and run the command "
                           "again, or run <code>gnuplot sites.gp</code> and so on in this "
                           "folder.</p>\n");
    for (size_t i = 0; i < ct_map_picture_count; i++) {
        const ct_map_picture *p = &ct_map_pictures[i];
        const cutropy_map_family *family = &map->family[p->family];
        const char *missing = ct_map_picture_missing(map, p);
        ct_text_puts(html, "<h3>");
        ct_html_puts(html, p->title);
        ct_text_puts(html, "</h3>\n<p>");
        if (missing) {
            ct_text_puts(html, "Left out: ");
            ct_html_puts(html, missing);
            ct_text_puts(html, ".</p>\n");
            continue;
        }
        ct_html_puts(html, p->caption);
        if (p->family == CUTROPY_MAP_CONNECTED)
            ct_text_printf(html, " Here up to %s pixels: %zu regions.",
                           strchr(family->name, ':') + 1, family->count);
        if (family->left_out)
            ct_text_printf(html, " %zu larger cuts were left out.", family->left_out);
        ct_text_puts(html, "</p>\n");
        if (drawn)
            CT_TRY(include_picture(folder, p->name, html));
        else
            CT_TRY(include_table(map, folder, p->name, html));
        ct_text_printf(html, "<p class=\"files\">Data: %s.csv; script: %s.gp</p>\n",
                       !strcmp(p->name, "pairs") ? "pairs.csv, mutual_information" : p->name,
                       p->name);
    }
done:
    return status;
}

static void verdicts(const cutropy_map *map, ct_text *html)
{
    ct_text_puts(html, "<h2>What the numbers say</h2>\n");
    ct_map_words(map, html);
    for (size_t i = 0; i < CT_MAP_SECTIONS; i++) {
        ct_text_puts(html, "<h3>");
        ct_html_puts(html, map->section[i].title);
        ct_text_puts(html, "</h3>\n");
        ct_html_paragraphs(html, map->section[i].text);
    }
}

static void guarantees(const cutropy_result *r, ct_text *html)
{
    size_t count[3] = {0};
    double worst = 0;
    for (size_t i = 0; i < r->count; i++) {
        const cutropy_record *record = &r->records[r->rows[i].record];
        count[record->guarantee]++;
        worst = record->entropy_err > worst ? record->entropy_err : worst;
    }
    ct_text_puts(html, "<tr><th>Guarantee</th><td>");
    for (int g = 0; g < 3; g++)
        if (count[g])
            ct_text_printf(html, "%zu cuts %s; ", count[g],
                           ct_guarantee_name((cutropy_guarantee)g));
    ct_text_printf(html, "largest entropy_err %.2g bits</td></tr>\n", worst);
}

static void how(const cutropy_map *map, const cutropy_map_save_options *options, ct_text *html)
{
    const cutropy_result *r = map->result;
    char text[320];
    ct_text_puts(html,
                 "<h2>How it was computed</h2>\n"
                 "<p>The image is cut into the pixels of a region A and the rest B. The cut matrix "
                 "M[s<sub>A</sub>][s<sub>B</sub>] = f(s<sub>A</sub>, s<sub>B</sub>) gives "
                 "&rho;<sub>A</sub> = M M<sup>H</sup> / &lt;f|f&gt;, and S = &minus;Tr "
                 "&rho;<sub>A</sub> log<sub>2</sub> &rho;<sub>A</sub>, in bits. The definition is "
                 "that of arXiv 1710.05520. The function was evaluated once; nothing was "
                 "sampled.</p>\n<table>\n");
    if (options->command)
        row(html, "Command", options->command);
    row(html, "Program", "cutropy");
    html->length -= strlen("</td></tr>\n");
    ct_text_printf(html, " %s</td></tr>\n", cutropy_version());
    snprintf(text, sizeof text, "%s, %s, %d threads", r->backend, r->instruction_set, r->threads);
    row(html, "Backend", text);
    row(html, "Libraries", *r->libraries ? r->libraries : "none");
    snprintf(text, sizeof text, "%016" PRIx64, r->checksum);
    row(html, "Checksum of f", text);
    row(html, "Storage of f", r->storage);
    snprintf(text, sizeof text, "%zu asked for, %zu different after %.17g symmetries", r->count,
             r->record_count, r->symmetries);
    row(html, "Cuts", text);
    guarantees(r, html);
    int length = 0;
    for (size_t i = 0; i < r->timing_count && length < 280; i++)
        length += ct_snprintf(text + length, sizeof text - (size_t)length, "%s%s %.3g s",
                              i ? ", " : "", r->timings[i].stage, r->timings[i].seconds);
    row(html, "Time", text);
    ct_text_puts(html, "</table>\n"
                       "<p>Guarantee: <em>exact</em>, every eigenvalue in closed form; "
                       "<em>certified</em>, entropy_err is a proved radius; <em>float</em>, "
                       "eigenvalues in double precision with the standard estimate of their "
                       "error.</p>\n");
}

cutropy_status ct_map_report(const cutropy_map *map, const char *folder,
                             const cutropy_map_save_options *options, bool drawn, ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text_puts(html, head);
    ct_text_puts(html, "<title>Entropy map of ");
    ct_html_puts(html, map->result->problem);
    ct_text_puts(html, "</title>\n</head>\n<body>\n<h1>Entropy map of ");
    ct_html_puts(html, map->result->problem);
    ct_text_puts(html, " on ");
    ct_html_puts(html, map->lattice->name);
    ct_text_puts(html, "</h1>\n");
    the_function(map, options, html);
    CT_TRY(pictures(map, folder, drawn, html));
    verdicts(map, html);
    how(map, options, html);
    ct_text_puts(html, "</body>\n</html>\n");
    if (html->failed)
        CT_TRY(ct_fail_memory("report", html->length));
done:
    return status;
}
