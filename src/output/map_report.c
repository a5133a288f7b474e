/* SPDX-License-Identifier: Apache-2.0 */
/* report.html: one page that needs no other file. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/locale.h"
#include "engine/function/result.h"
#include "sheet/sheet.h"
#include "output/html.h"
#include "output/map_files.h"

#define LONGEST_NAME 120 /* characters of a heading */

extern const unsigned char ct_report_js[];
extern const size_t ct_report_js_size;

static const char head[] =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n"
    "<style>\n"
    ":root { --ink: #222; --soft: #666; --paper: #fff; --line: #ccc; --faint: #eee; --box: #f4f4f4; }\n"
    "@media (prefers-color-scheme: dark) { :root { --ink: #ddd; --soft: #a0a0a0; --paper: #181818; "
    "--line: #484848; --faint: #333; --box: #262626; } }\n"
    "body { font: 16px/1.5 sans-serif; color: var(--ink); background: var(--paper); max-width: 46rem; "
    "margin: 2rem auto; padding: 0 1rem; }\n"
    "h1 { font-size: 1.6rem; line-height: 1.25; margin-bottom: 0.3rem; overflow-wrap: anywhere; }\n"
    "h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 1px solid var(--line); }\n"
    "h3 { font-size: 1.05rem; margin-top: 2rem; }\n"
    "figure { margin: 0.5rem 0; }\n"
    "figcaption, .files, .of { color: var(--soft); font-size: 0.85rem; }\n"
    ".of { margin-top: 0; font-size: 1rem; overflow-wrap: anywhere; }\n"
    ".plot { background: #fff; border-radius: 4px; }\n" /* drawn in dark ink */
    ".plot svg { display: block; width: 100%; height: auto; }\n"
    ".plot image { image-rendering: pixelated; }\n"
    ".scroll { overflow-x: auto; } .plot.scroll svg { min-width: 36rem; }\n"
    ".narrow { display: none; }\n"
    "@media (max-width: 600px) { .narrow { display: block; } .broad { display: none; } }\n"
    ".images svg { margin: 0 0.7rem 0.3rem 0; max-width: 100%; }\n"
    ".cells .lit { fill: var(--ink); } .cells .dark { fill: var(--faint); }\n"
    ".cells path { stroke: var(--paper); stroke-width: 0.06; }\n"
    ".links path { stroke-width: 0.16; stroke-linecap: round; fill: none; }\n"
    ".links .lit { stroke: var(--ink); } .links .dark { stroke: var(--faint); }\n"
    "code { font-size: 0.9em; overflow-wrap: anywhere; }\n"
    "table { border-collapse: collapse; font-size: 0.9rem; }\n"
    "th { white-space: nowrap; }\n"
    "th, td { text-align: left; vertical-align: top; padding: 0.2rem 0.8rem 0.2rem 0; "
    "border-bottom: 1px solid var(--faint); overflow-wrap: anywhere; }\n"
    ".cut { position: absolute; background: var(--paper); border: 1px solid var(--line); border-radius: 4px; "
    "padding: 0.3rem 0.5rem; max-width: 16rem; pointer-events: none; }\n"
    ".cut p { margin: 0 0 0.3rem; font-size: 0.85rem; overflow-wrap: anywhere; }\n"
    ".wide { overflow-x: auto; } .wide th, .wide td { overflow-wrap: normal; }\n"
    ".missing { background: var(--box); padding: 0.5rem 0.8rem; }\n"
    "@media print { body { max-width: none; font-size: 11pt; } figure, table { break-inside: avoid; } "
    "h2, h3 { break-after: avoid; } .narrow { display: none; } .broad { display: block; } }\n"
    "</style>\n";

static void row(ct_text *html, const char *name, const char *value)
{
    ct_text_puts(html, "<tr><th>");
    ct_html_puts(html, name);
    ct_text_puts(html, "</th><td>");
    ct_html_puts(html, value);
    ct_text_puts(html, "</td></tr>\n");
}

/* The first paragraph of `about` where it is short enough for a heading, else 0 characters. */
static size_t name_length(const cutropy_map_save_options *options)
{
    const char *end = options->about ? strstr(options->about, "\n\n") : NULL;
    const size_t length = !options->about ? 0
                          : end           ? (size_t)(end - options->about)
                                          : strlen(options->about);
    return length <= LONGEST_NAME ? length : 0;
}

static void put_name(const cutropy_map *map, const cutropy_map_save_options *options, ct_text *html)
{
    const size_t length = name_length(options);
    if (!length) {
        ct_html_puts(html, map->result->problem);
        return;
    }
    const char first = *options->about;
    const char capital = first >= 'a' && first <= 'z' ? (char)(first - 'a' + 'A') : first;
    ct_html_text(html, &capital, 1);
    ct_html_text(html, options->about + 1, length - 1);
}

static void put_lattice(const cutropy_lattice *l, ct_text *html)
{
    static const char *const lattices[] = {"a grid of %d x %d pixels",
                                           "the links of %d x %d vertices", "a chain of %d pixels"};
    ct_text_printf(html, lattices[l->kind], l->lx, l->ly);
    if (l->periodic)
        ct_text_puts(html, l->kind == CUTROPY_LATTICE_CHAIN ? ", closed to a ring"
                                                            : ", closed to a torus");
}

static void the_function(const cutropy_map *map, const cutropy_map_save_options *options,
                         ct_text *html)
{
    static const char *const kinds[] = {"labels", "integers", "real amplitudes",
                                        "complex amplitudes"};
    const cutropy_result *r = map->result;
    const char *rest = options->about ? options->about + name_length(options) : "";
    ct_text_puts(html, "<h1>");
    put_name(map, options, html);
    ct_text_puts(html, "</h1>\n<p class=\"of\">Entropy map of <code>");
    ct_html_puts(html, r->problem);
    ct_text_puts(html, "</code> on ");
    put_lattice(map->lattice, html);
    ct_text_printf(html, ": %s", kinds[r->kind]);
    if (r->kind == CUTROPY_KIND_LABEL && map->unlisted)
        ct_text_printf(html, ", label 1 for %s of 2^%d images", r->norm, map->lattice->pixels);
    else if (r->kind == CUTROPY_KIND_LABEL)
        ct_text_printf(html, ", label 1 for %" PRIu64 " of 2^%d images", r->ones,
                       map->lattice->pixels);
    ct_text_puts(html, "</p>\n");
    ct_map_images(map, html);
    ct_html_paragraphs(html, rest + strspn(rest, "\n"));
}

static void put_script(const cutropy_lattice *l, ct_text *html)
{
    const bool links = l->kind == CUTROPY_LATTICE_LINKS;
    double low[2] = {INFINITY, INFINITY}, high[2] = {-INFINITY, -INFINITY};
    ct_text_printf(html,
                   "<script type=\"application/json\" id=\"lattice\">{\"links\":%s,\"shape\":[",
                   links ? "true" : "false");
    for (int i = 0; i < l->pixels; i++) {
        const ct_segment s = ct_map_shape(l, i);
        ct_text_printf(html, "%s[%g,%g,%g,%g]", i ? "," : "", s.x0, s.y0, s.x1, s.y1);
        low[0] = fmin(low[0], s.x0);
        low[1] = fmin(low[1], s.y0);
        high[0] = fmax(high[0], s.x1);
        high[1] = fmax(high[1], s.y1);
    }
    ct_text_printf(html, "],\"box\":[%g,%g,%g,%g]}</script>\n<script>\n", low[0] - 0.2,
                   low[1] - 0.2, high[0] - low[0] + 0.4, high[1] - low[1] + 0.4);
    ct_text_add(html, (const char *)ct_report_js, ct_report_js_size);
    ct_text_puts(html, "</script>\n");
}

static cutropy_status pictures(const cutropy_map *map, const char *folder, bool drawn,
                               ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text_puts(html, "<h2>The maps</h2>\n");
    for (size_t i = 0; i < ct_map_picture_count; i++) {
        if (ct_map_pictures[i].family == CT_MAP_LAW ||
            (ct_map_pictures[i].family == CUTROPY_MAP_LABEL &&
             *map->family[CUTROPY_MAP_LABEL].missing))
            continue;
        ct_text_puts(html, "<h3>");
        ct_html_puts(html, ct_map_title(map, &ct_map_pictures[i]));
        ct_text_puts(html, "</h3>\n");
        CT_TRY(ct_map_figure(map, &ct_map_pictures[i], folder, drawn, html));
    }
done:
    return status;
}

/* The numbers in words; the first section is the verdict, with its picture. */
static cutropy_status verdicts(const cutropy_map *map, const char *folder, bool drawn,
                               ct_text *html)
{
    cutropy_status status = CUTROPY_OK;
    ct_text_puts(html, "<h2>What the numbers say</h2>\n");
    if (!drawn)
        ct_text_puts(html,
                     "<p class=\"missing\">gnuplot was not found when this report was made: "
                     "here are the tables instead of pictures. Install gnuplot and run the command "
                     "again, or run <code>gnuplot sites.gp</code> and so on in this "
                     "folder.</p>\n");
    ct_map_words(map, html);
    for (size_t i = 0; i < CT_MAP_SECTIONS; i++) {
        ct_text_puts(html, "<h3>");
        ct_html_puts(html, map->section[i].title);
        ct_text_puts(html, "</h3>\n");
        ct_html_paragraphs(html, map->section[i].text);
        for (size_t k = 0; k < ct_map_picture_count && i == 0; k++)
            if (ct_map_pictures[k].family == CT_MAP_LAW && map->law)
                CT_TRY(ct_map_figure(map, &ct_map_pictures[k], folder, drawn, html));
    }
done:
    return status;
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
                 "that of arXiv 1710.05520. ");
    ct_text_puts(
        html,
        map->unlisted
            ? "Automata or linear equations know every image without listing them: what needs "
              "the list is left out above; no number was sampled.</p>\n<table>\n"
            : "The function was evaluated once; nothing was sampled.</p>\n<table>\n");
    if (options->command)
        row(html, "Command", options->command);
    snprintf(text, sizeof text, "%s, %d pixels, %d bond%s", map->lattice->name,
             map->lattice->pixels, map->lattice->bonds, map->lattice->bonds == 1 ? "" : "s");
    row(html, "Lattice", text);
    snprintf(text, sizeof text, "%.100s +- %.100s", r->norm, r->norm_error);
    row(html, "<f|f>", *r->norm_error && strcmp(r->norm_error, "0") != 0 ? text : r->norm);
    row(html, "Program", "cutropy");
    html->length -= strlen("</td></tr>\n");
    ct_text_printf(html, " %s</td></tr>\n", cutropy_version());
    snprintf(text, sizeof text, "%s, %s, %d threads", r->backend, r->instruction_set, r->threads);
    row(html, "Backend", text);
    row(html, "Libraries", *ct_result_libraries(r) ? ct_result_libraries(r) : "none");
    snprintf(text, sizeof text, "%016" PRIx64, r->checksum);
    row(html, "Checksum of f", text);
    row(html, "Storage of f", r->storage);
    snprintf(text, sizeof text, "%zu asked for, %zu different%s", r->count, r->record_count,
             r->symmetries > 1 ? " (others are equal by symmetries of the function)" : "");
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
    put_name(map, options, html);
    ct_text_puts(html, "</title>\n</head>\n<body>\n");
    the_function(map, options, html);
    CT_TRY(verdicts(map, folder, drawn, html));
    CT_TRY(pictures(map, folder, drawn, html));
    how(map, options, html);
    if (drawn)
        put_script(map->lattice, html);
    ct_text_puts(html, "</body>\n</html>\n");
    if (html->failed)
        CT_TRY(ct_fail_memory("report", html->length));
done:
    return status;
}
