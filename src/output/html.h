/* SPDX-License-Identifier: Apache-2.0 */
/* Pieces of HTML. */
#ifndef CT_HTML_H
#define CT_HTML_H

#include "sheet/text.h"

/* & < > " escaped; control characters become spaces. */
void ct_html_text(ct_text *out, const char *text, size_t length);
void ct_html_puts(ct_text *out, const char *text);

/* Plain text as <p>; an empty line ends a paragraph. */
void ct_html_paragraphs(ct_text *out, const char *text);

/* CSV (header line, no quotes) as a table of at most `rows` lines; says how many are missing. */
void ct_html_table(ct_text *out, const char *csv, size_t length, size_t rows);

/* An SVG file inside a page: from <svg on, every id and reference with this prefix, so that several
 * pictures do not mix; in fewer bytes: colours in hexadecimal, places to a tenth of a pixel (downwards), no titles, no tabs. false: there is no
 * <svg. */
bool ct_html_svg(ct_text *out, const char *svg, size_t length, const char *prefix);

#endif
