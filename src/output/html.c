/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of HTML. */
#include "output/html.h"

#include <string.h>

void ct_html_text(ct_text *out, const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        const char c = text[i];
        if (c == '&')
            ct_text_puts(out, "&amp;");
        else if (c == '<')
            ct_text_puts(out, "&lt;");
        else if (c == '>')
            ct_text_puts(out, "&gt;");
        else if (c == '"')
            ct_text_puts(out, "&quot;");
        else
            ct_text_add(out, (unsigned char)c < ' ' ? " " : &c, 1);
    }
}

void ct_html_puts(ct_text *out, const char *text)
{
    ct_html_text(out, text, strlen(text));
}

void ct_html_paragraphs(ct_text *out, const char *text)
{
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t length = end ? (size_t)(end - text) : strlen(text);
        ct_text_puts(out, "<p>");
        ct_html_text(out, text, length);
        ct_text_puts(out, "</p>\n");
        text += length;
        text += strspn(text, "\n");
    }
}

static void table_line(ct_text *out, const char *line, size_t length, const char *cell)
{
    size_t start = 0;
    ct_text_puts(out, "<tr>");
    for (size_t i = 0; i <= length; i++) {
        if (i < length && line[i] != ',')
            continue;
        ct_text_printf(out, "<%s>", cell);
        ct_html_text(out, line + start, i - start);
        ct_text_printf(out, "</%s>", cell);
        start = i + 1;
    }
    ct_text_puts(out, "</tr>\n");
}

void ct_html_table(ct_text *out, const char *csv, size_t length, size_t rows)
{
    size_t line = 0, missing = 0;
    ct_text_puts(out, "<div class=\"wide\"><table>\n");
    for (const char *p = csv, *end = csv + length; p < end; line++) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (!stop)
            stop = end;
        if (line <= rows)
            table_line(out, p, (size_t)(stop - p), line ? "td" : "th");
        else
            missing++;
        p = stop + 1;
    }
    ct_text_puts(out, "</table></div>\n");
    if (missing)
        ct_text_printf(out, "<p>%zu more lines are in the file.</p>\n", missing);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "rgb( 35, 144, 140)" at p: "#23908c", and where it ends; else NULL. */
static const char *put_colour(ct_text *out, const char *p, const char *end)
{
    unsigned part[3] = {0};
    int parts = 0, digits = 0;
    if (end - p < 10 || memcmp(p, "rgb(", 4) != 0)
        return NULL;
    for (p += 4; p < end && *p != ')'; p++) {
        if (is_digit(*p) && parts < 3 && part[parts] < 100) {
            part[parts] = 10 * part[parts] + (unsigned)(*p - '0');
            digits++;
        } else if (*p == ',' && digits) {
            parts++;
            digits = 0;
        } else if (*p != ' ') {
            return NULL;
        }
    }
    if (p == end || parts != 2 || !digits || part[0] > 255 || part[1] > 255 || part[2] > 255)
        return NULL;
    ct_text_printf(out, "#%02x%02x%02x", part[0], part[1], part[2]);
    return p + 1;
}

/* What need not be copied at p: a title (a tooltip with the name that gnuplot gave), a tab, a space before "=". */
static const char *skip(const char *p, const char *end)
{
    if (*p == '\t')
        return p + 1;
    if (*p == ' ' && end - p > 1 && p[1] == '=')
        return p + 1;
    if (end - p > 7 && !memcmp(p, "<title>", 7)) {
        const char *stop = memmem(p, (size_t)(end - p), "</title>", 8);
        return stop ? stop + 8 : p;
    }
    return p;
}

bool ct_html_svg(ct_text *out, const char *svg, size_t length, const char *prefix)
{
    static const char *const marks[] = {" id=\"", " id='", "href=\"#", "href='#", "url(#"};
    const char *p = memmem(svg, length, "<svg", 4), *end = svg + length;
    bool tag = false;
    if (!p)
        return false;
    while (p < end) {
        size_t match = 0;
        const char *next = skip(p, end);
        if (next > p || (next = put_colour(out, p, end)) != NULL) {
            p = next;
            continue;
        }
        for (size_t m = 0; m < sizeof marks / sizeof marks[0] && !match; m++) {
            size_t size = strlen(marks[m]);
            if ((size_t)(end - p) >= size && !memcmp(p, marks[m], size))
                match = size;
        }
        ct_text_add(out, p, match ? match : 1);
        if (match)
            ct_text_puts(out, prefix);
        p += match ? match : 1;
        tag = p[-1] == '<' || (tag && p[-1] != '>');
        if (p[-1] == '=')
            while (p < end && *p == ' ')
                p++;
        if (tag && p[-1] == '.' && p < end && is_digit(*p)) { /* a tenth of a pixel is enough */
            ct_text_add(out, p++, 1);
            while (p < end && is_digit(*p))
                p++;
        }
    }
    return true;
}
