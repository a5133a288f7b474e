/* SPDX-License-Identifier: Apache-2.0 */
/* Types and names: whose they are decides how they are written. */
#include "ctext/rewrite_parts.h"

#include <string.h>

#include "ctext/device_words.h"
#include "ctext/scan.h"

/* ---- types ---- */

typedef struct specifiers {
    int is_unsigned, is_signed, is_long, is_short, is_char, is_int;
} specifiers;

static bool note_specifier(const char *p, size_t length, specifiers *s)
{
    const struct {
        const char *word;
        int *count;
    } known[] = {{"unsigned", &s->is_unsigned}, {"signed", &s->is_signed}, {"long", &s->is_long},
                 {"short", &s->is_short},       {"char", &s->is_char},     {"int", &s->is_int}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (ct_word_is(p, length, known[i].word)) {
            ++*known[i].count;
            return true;
        }
    return false;
}

/* "unsigned long int", with blanks between. false: no integer's type. */
static bool put_integer_type(ct_writer *w)
{
    const char *const start = w->p;
    specifiers s = {0};
    const char *end = w->p, *next = w->p;
    for (size_t length; (length = ct_word_length(next)) && note_specifier(next, length, &s);) {
        end = next + length;
        next = end + ct_blanks(end);
    }
    if (end == w->p)
        return false;
    w->has_long |= s.is_long > 0;
    if (w->sliced) {
        ct_rewrite_copy(w, (size_t)(end - start));
        return true;
    }
    fprintf(w->out, "ct_num<%s%s>",
            s.is_unsigned              ? "unsigned "
            : s.is_char && s.is_signed ? "signed "
                                       : "",
            s.is_char        ? "char"
            : s.is_short     ? "short"
            : s.is_long == 2 ? "long long"
            : s.is_long      ? "long"
                             : "int");
    for (; w->p < end; w->p++)
        if (*w->p == '\n') {
            fputc('\n', w->out);
            w->line++;
        }
    return true;
}

/* Of the headers; false: it is none. */
static bool put_named_type(ct_writer *w, size_t length)
{
    static const char *const named[][2] = {
        {"int8_t", "signed char"},   {"uint8_t", "unsigned char"},
        {"int16_t", "short"},        {"uint16_t", "unsigned short"},
        {"int32_t", "int"},          {"uint32_t", "unsigned"},
        {"int64_t", "long"},         {"uint64_t", "unsigned long"},
        {"size_t", "unsigned long"}, {"bool", "bool"}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (ct_word_is(w->p, length, named[i][0])) {
            if (w->sliced) {
                ct_rewrite_copy(w, length);
                return true;
            }
            fprintf(w->out, "ct_num<%s>", named[i][1]);
            w->p += length;
            return true;
        }
    return false;
}

/* ---- names ---- */

bool ct_rewrite_is_macro(const ct_writer *w, const char *p, size_t length)
{
    for (const char *const *d = w->define; d && *d; d++)
        if (strcspn(*d, "=") == length && !memcmp(*d, p, length))
            return true;
    for (const char *at = strstr(w->text, "define"); at; at = strstr(at + 6, "define")) {
        const char *named = at + 6 + ct_blanks(at + 6);
        if (ct_word_length(named) == length && !memcmp(named, p, length))
            return true;
    }
    return false;
}

static bool is_parameter(const ct_writer *w, const char *p, size_t length)
{
    for (size_t i = 0; w->macro && i < w->to;) {
        const size_t here = ct_word_length(w->from + i);
        if (here == length && !memcmp(w->from + i, p, length))
            return true;
        i += here ? here : 1;
    }
    return false;
}

void ct_rewrite_own(ct_writer *w, size_t length)
{
    fputs("ct_u_", w->out);
    ct_rewrite_copy(w, length);
}

static void note_type(ct_writer *w)
{
    w->last = CT_LAST_TYPE;
    w->mark = 'n';
    w->pending = true;
    if (w->has_long && w->has_double)
        w->what = "long double";
    if (!w->declaring)
        w->declaring = w->nesting + 1;
}

/* A type is followed by the name that it declares: no casts, which could make a number of a word or a pointer. */
static void name_declared(ct_writer *w, size_t length)
{
    if (w->sliced && w->pending &&
        (ct_rewrite_is_macro(w, w->p, length) ||
         (is_parameter(w, w->p, length) && w->depth && !(w->counting && w->depth == 1))))
        w->what = "macros in the place of a name that is declared";
    w->pending = w->has_long = w->has_double = w->has_void = false;
}

static void put_operand(ct_writer *w, size_t length)
{
    const char *after = w->p + length + ct_blanks(w->p + length);
    const bool mine = !ct_word_in(w->p, length, ct_words_of_both) &&
                      !ct_word_in(w->p, length, w->sliced ? ct_words_sliced : ct_words_of_images);
    const bool entry = ct_word_is(w->p, length, "label") || ct_word_is(w->p, length, "amplitude");
    const bool declared = w->last == CT_LAST_TYPE;
    if (declared && *after == '(' && !entry && !w->is_static)
        w->what = "functions that are not static";
    name_declared(w, length);
    if (w->what)
        return;
    const bool element = !w->sliced && *after == '[';
    if (element && !declared)
        fputs("ct_at(", w->out);
    if (mine)
        ct_rewrite_own(w, length);
    else
        ct_rewrite_copy(w, length);
    w->last = CT_LAST_OPERAND;
    w->mark = 'n';
    if (element && declared) {
        ct_rewrite_lengths(w);
        w->last = CT_LAST_BRACKET;
    } else if (element) {
        fputc(')', w->out);
    }
}

static void put_constant(ct_writer *w, size_t length)
{
    const char *number = w->p + length + 1;
    const size_t digits = strspn(number, "0123456789abcdefABCDEFxX");
    if (w->p[length] != '(' || !ct_is_digit(*number) || number[digits] != ')') {
        w->what = "INT64_C and UINT64_C of anything but a number";
        return;
    }
    fputs(w->sliced ? "(" : "ct_c(", w->out);
    ct_rewrite_copy(w, length + digits + 2);
    fputc(')', w->out);
    w->last = CT_LAST_OPERAND;
    w->mark = 0;
}

void ct_rewrite_name(ct_writer *w, size_t length)
{
    const char first = *w->p;
    if (ct_word_in(w->p, length, ct_words_refused))
        w->what = "sizeof, no types of one's own, and no complex numbers";
    else if (first == '_' || ct_word_begins(w->p, length, "ct_") ||
             ct_word_begins(w->p, length, "CT_"))
        w->what = "names that begin with ct_, CT_ or _";
    else if (ct_word_in(w->p, length, ct_words_of_lattice)) {
        name_declared(w, length);
        fprintf(w->out, w->sliced ? "%.*s" : "ct_c(%.*s)", (int)length, w->p);
        w->p += length;
        w->last = CT_LAST_OPERAND;
        w->mark = 'n';
    } else if (ct_word_in(w->p, length,
                          ct_words_of_truth)) { /* with words that #if does not take */
        fprintf(w->out, w->sliced ? "((int)%d)" : "ct_c(%d)", first == 't');
        w->p += length;
        w->last = CT_LAST_OPERAND;
        w->mark = 0;
    } else if (ct_word_in(w->p, length, ct_words_of_constants)) {
        put_constant(w, length);
    } else if (ct_word_in(w->p, length, ct_words_of_types)) {
        w->has_double |= ct_word_is(w->p, length, "double");
        w->has_void |= ct_word_is(w->p, length, "void");
        w->is_static |= ct_word_is(w->p, length, "static");
        ct_rewrite_copy(w, length);
        note_type(w);
    } else if (w->sliced &&
               (ct_word_is(w->p, length, "word") || ct_word_is(w->p, length, "counter"))) {
        ct_rewrite_copy(w, length);
        note_type(w);
    } else if (ct_word_in(w->p, length, ct_words_of_statements) ||
               (w->sliced &&
                (ct_word_is(w->p, length, "switch") || ct_word_is(w->p, length, "case") ||
                 ct_word_is(w->p, length, "default")))) {
        w->mark = ct_word_is(w->p, length, "for") ? 'f' : 0;
        ct_rewrite_copy(w, length);
        w->last = CT_LAST_NONE;
    } else if (!w->sliced &&
               (ct_word_is(w->p, length, "switch") || ct_word_is(w->p, length, "case") ||
                ct_word_is(w->p, length, "default"))) {
        w->what = "switch";
    } else {
        put_operand(w, length);
    }
}

bool ct_rewrite_type(ct_writer *w, size_t length)
{
    if (!put_integer_type(w) && !put_named_type(w, length))
        return false;
    note_type(w);
    return true;
}
