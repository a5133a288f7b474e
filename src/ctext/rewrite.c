/* SPDX-License-Identifier: Apache-2.0 */
/* Token by token, by a list of what is known to mean the same in C on the processor and in C++ on a device. A name of the user is
 * written with ct_u_ in front of it, everywhere and also in the preprocessor: what the device compiler has by the same name
 * (max, exp, new, a macro) is out of reach, and what the text does not define itself does not compile. */
#include "ctext/rewrite.h"

#include <string.h>

#include "ctext/rewrite_parts.h"
#include "ctext/scan.h"

#define LONGEST 65536 /* bytes of a text: names are looked for from its beginning */

void ct_rewrite_copy(ct_writer *w, size_t length)
{
    for (size_t i = 0; i < length; i++)
        w->line += w->p[i] == '\n';
    (void)fwrite(w->p, 1, length, w->out); /* shows when the stream is closed */
    w->p += length;
}

void ct_rewrite_blanks(ct_writer *w)
{
    ct_rewrite_copy(w, ct_blanks(w->p));
}

/* Does a comment take the line on? */
static bool goes_on(const char *p)
{
    const char *end = p[0] == '/' && p[1] == '*' ? strstr(p + 2, "*/") : NULL;
    return end && memchr(p, '\n', (size_t)(end - p)) != NULL;
}

/* What two compilers may cut into tokens in two ways. */
static const char *odd_text(const char *text)
{
    if (strlen(text) > LONGEST)
        return "texts beyond 64 KiB";
    if (strstr(text, "?\?/"))
        return "trigraphs";
    for (const char *p = strpbrk(text, "\\\r"); p; p = strpbrk(p + 1, "\\\r")) {
        const size_t space = strspn(p + 1, " \t\v\f\r");
        if (*p == '\r' ? p[1] != '\n' : space && p[1 + space] == '\n')
            return "\\ with blanks behind it, and no other ends of lines than \\n";
    }
    return NULL;
}

cutropy_status ct_rewrite(const char *name, const char *text, const char *const *define,
                          bool sliced, FILE *out)
{
    ct_writer w = {.name = name,
                   .text = text,
                   .p = text,
                   .define = define,
                   .sliced = sliced,
                   .out = out,
                   .line = 1,
                   .what = odd_text(text)};
    bool line_start = true, directive = false;
    while (!w.what) {
        const char *from = w.p;
        if (directive && goes_on(w.p + strspn(w.p, " \t")))
            w.what = "comments that take a line of the preprocessor on";
        ct_rewrite_blanks(&w);
        line_start |= memchr(from, '\n', (size_t)(w.p - from)) != NULL;
        directive &= !line_start;
        if (w.macro && (line_start || !*w.p))
            ct_rewrite_end_macro(&w);
        if (!*w.p && !w.what)
            return CUTROPY_OK;
        if (w.what)
            break;
        if (*w.p == '#' && line_start) {
            ct_rewrite_line(&w);
            directive = true;
        } else if (w.macro && w.p[0] == '\\' && w.p[1] == '\n' && w.p > text &&
                   strchr(" \t;{}(),", w.p[-1])) { /* a line goes on */
            ct_rewrite_copy(&w, 2);
        } else {
            ct_rewrite_token(&w);
        }
        line_start = false;
    }
    return ct_fail(CUTROPY_EUNSUPPORTED, "%s:%d: a device takes no %s in a function of %s", name,
                   w.line, w.what, sliced ? "words" : "one image");
}
