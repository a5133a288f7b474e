/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the preprocessor, which both compilers read after this. */
#include "ctext/rewrite_parts.h"

#include <string.h>

#include "ctext/device_words.h"
#include "ctext/scan.h"

/* #include <stdint.h>: nothing of it is needed beyond the vocabulary. */
static void put_include(ct_writer *w, size_t length)
{
    static const char *const headers[] = {"stdint.h", "stddef.h", "stdbool.h", NULL};
    const char *p = w->p + length + strspn(w->p + length, " \t");
    const size_t named = *p == '<' ? strcspn(p + 1, ">\n") : 0;
    if (!named || !ct_word_in(p + 1, named, headers) || p[named + 1] != '>' ||
        !strchr("\r\n", p[named + 2 + strspn(p + named + 2, " \t")])) {
        w->what = "other headers than <stdint.h>, <stddef.h> and <stdbool.h>";
        return;
    }
    w->p = p + named + 2;
}

/* Names of macros on this line, as conditions have them. */
static void put_condition(ct_writer *w, size_t length)
{
    ct_rewrite_copy(w, length);
    while (*w->p && *w->p != '\n' && !w->what) {
        const size_t named = ct_word_length(w->p);
        const size_t space = ct_blanks(w->p);
        if (space && !memchr(w->p, '\n', space))
            ct_rewrite_copy(w, space);
        else if (space)
            return;
        else if (ct_is_digit(*w->p) &&
                 ct_is_plain_literal(w->p, named, w->p[1] == 'x' || w->p[1] == 'X', false))
            ct_rewrite_copy(w, named);
        else if (!named && strchr("()!<>=&|+-*/%?:~^", *w->p))
            ct_rewrite_copy(w, 1);
        else if (ct_word_is(w->p, named, "defined") || ct_word_in(w->p, named, ct_words_of_lattice))
            ct_rewrite_copy(w, named);
        else if (named && ct_is_letter(*w->p) && !ct_is_system_word(w->p, named) &&
                 !ct_is_known_word(w->p, named) && ct_rewrite_is_macro(w, w->p, named))
            ct_rewrite_own(w, named);
        else
            w->what = "conditions about names that neither the text nor --define defines";
    }
}

/* What the macro stands for is text. */
static void put_macro(ct_writer *w, size_t length)
{
    length += strspn(w->p + length, " \t");
    ct_rewrite_copy(w, length);
    const size_t named = ct_word_length(w->p);
    if (!named || ct_is_digit(*w->p) || ct_is_system_word(w->p, named) ||
        ct_is_known_word(w->p, named)) {
        w->what = "macros by names of C or of the vocabulary";
        return;
    }
    ct_rewrite_own(w, named);
    w->from = w->p;
    w->to = 0;
    if (*w->p == '(') {
        w->to = strcspn(w->p, ")\n") + 1;
        if (w->p[w->to - 1] != ')')
            w->what = "macros whose parameters take several lines";
        for (const char *end = w->p + w->to; w->p < end && !w->what;) {
            const size_t here = ct_word_length(w->p);
            if (here && (ct_is_digit(*w->p) || ct_is_system_word(w->p, here) ||
                         ct_is_known_word(w->p, here)))
                w->what = "parameters of macros by names of C or of the vocabulary";
            else if (here)
                ct_rewrite_own(w, here);
            else if (strchr("(), \t", *w->p))
                ct_rewrite_copy(w, 1);
            else
                w->what = "macros with these parameters";
        }
    }
    w->macro = true;
    w->outer_nesting = w->nesting;
    w->outer_declaring = w->declaring;
    w->nesting = w->declaring = 0;
    w->last = CT_LAST_NONE;
    w->mark = 0;
    w->is_static = false;
}

void ct_rewrite_line(ct_writer *w)
{
    static const char *const conditions[] = {"if", "elif", "ifdef", "ifndef", NULL};
    static const char *const copied[] = {"else", "endif", NULL};
    const size_t start = 1 + strspn(w->p + 1, " \t"), length = ct_word_length(w->p + start);
    const char *word = w->p + start;
    if (w->depth || w->pending)
        w->what = "lines of the preprocessor inside of ( ) or of a declaration";
    else if (ct_word_is(word, length, "include"))
        put_include(w, start + length);
    else if (ct_word_is(word, length, "define"))
        put_macro(w, start + length);
    else if (ct_word_in(word, length, conditions))
        put_condition(w, start + length);
    else if (ct_word_in(word, length, copied))
        ct_rewrite_copy(w, start + length);
    else if (ct_word_is(word, length, "error")) {
        fputs("#error", w->out);
        w->p += strcspn(w->p, "\n");
    } else
        w->what = "other lines of the preprocessor than include, define, error and conditions";
    if (!w->macro)
        w->last = CT_LAST_NONE;
}

void ct_rewrite_end_macro(ct_writer *w)
{
    w->macro = false;
    if (w->last == CT_LAST_TYPE || w->pending)
        w->what = "macros for types";
    else if (w->depth)
        w->what = "macros with ( and ) that do not belong together";
    w->depth = 0;
    w->nesting = w->outer_nesting;
    w->declaring = w->outer_declaring;
    w->last = CT_LAST_NONE;
    w->mark = 0;
}
