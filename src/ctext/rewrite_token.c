/* SPDX-License-Identifier: Apache-2.0 */
/* Literals, punctuation, and which kind of token comes next. */
#include "ctext/rewrite_parts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/base.h"
#include "ctext/device_words.h"
#include "ctext/scan.h"

/* ---- literals ---- */

bool ct_is_plain_literal(const char *p, size_t length, bool hex, bool real)
{
    size_t end = length;
    errno = 0;
    if (real) {
        end -= !hex && (p[end - 1] == 'f' || p[end - 1] == 'F');
        end -= hex && (p[end - 1] == 'f' || p[end - 1] == 'F');
        return strspn(p, hex ? "0123456789abcdefABCDEFxX.pP+-" : "0123456789.eE+-") >= end;
    }
    while (end && strchr("uUlL", p[end - 1]))
        end--;
    const bool is_unsigned =
        memchr(p + end, 'u', length - end) || memchr(p + end, 'U', length - end);
    const unsigned long long value = strtoull(p, NULL, 0);
    if (errno || (*p != '0' && !is_unsigned && value > INT64_MAX))
        return false;
    return strspn(p + (hex ? 2 : 0), hex ? "0123456789abcdefABCDEF" : "0123456789") +
               (hex ? 2 : 0) ==
           end;
}

/* Integers as C types them; real numbers as they are. */
static void put_number(ct_writer *w)
{
    size_t length = 0;
    bool real = false;
    const bool hex = w->p[0] == '0' && (w->p[1] == 'x' || w->p[1] == 'X');
    for (; ct_is_letter(w->p[length]) || ct_is_digit(w->p[length]) || w->p[length] == '.';
         length++) {
        const char c = w->p[length];
        const bool power = hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
        real |= c == '.' || power;
        if (power && (w->p[length + 1] == '+' || w->p[length + 1] == '-'))
            length++;
    }
    if (!ct_is_plain_literal(w->p, length, hex, real)) {
        w->what =
            real ? "real numbers with l, L or other letters behind them" : "integers of this kind";
        return;
    }
    if (!real && !w->sliced)
        fputs("ct_c(", w->out);
    ct_rewrite_copy(w, length);
    if (!real && !w->sliced)
        fputc(')', w->out);
    w->last = CT_LAST_OPERAND;
    w->mark = 0;
}

/* An int in C, a char in C++. */
static void put_character(ct_writer *w)
{
    const bool escape = w->p[1] == '\\' && w->p[2] && strchr("nt0\\'", w->p[2]);
    const size_t length = escape ? 4 : 3;
    if ((!escape && (w->p[1] < ' ' || w->p[1] > '~' || w->p[1] == '\\' || w->p[1] == '\'')) ||
        w->p[length - 1] != '\'') {
        w->what = "characters of this kind";
        return;
    }
    fputs(w->sliced ? "((int)" : "ct_c((int)", w->out);
    ct_rewrite_copy(w, length);
    fputc(')', w->out);
    w->last = CT_LAST_OPERAND;
    w->mark = 0;
}

/* ---- punctuation ---- */

static const char *refused_address(const ct_writer *w)
{
    const char *named = w->p + 1 + ct_blanks(w->p + 1);
    const size_t length = ct_word_length(named);
    const char *after = named + length + ct_blanks(named + length);
    const bool argument = w->sliced && (w->mark == '(' || w->mark == ',') && length &&
                          !ct_is_digit(*named) && !ct_is_known_word(named, length) &&
                          !ct_rewrite_is_macro(w, named, length) &&
                          (*after == ')' || *after == ',');
    return argument ? NULL : "addresses (but &name for a function, among words)";
}

static const char *refused_punctuation(const ct_writer *w)
{
    const char c = w->p[0], d = w->p[1];
    const bool operand =
        w->last == CT_LAST_OPERAND || w->last == CT_LAST_CLOSE || w->last == CT_LAST_BRACKET;
    if (c == '"')
        return "strings";
    if (c == '.' || (c == '-' && d == '>') || !strchr("(){}[];,:?=+-*/%&|^~!<>", c))
        return "structures, and no # in macros";
    if ((c == '<' && (d == ':' || d == '%')) || ((c == ':' || c == '%') && d == '>') ||
        (c == '%' && d == ':') || (c == '?' && w->p[1 + ct_blanks(w->p + 1)] == ':'))
        return "digraphs, and no ?: with nothing in between";
    if (w->sliced && w->pending && c != '*' && !(w->has_void && w->mark == 'n' && c == ')'))
        return "casts, and no types without the name that they declare";
    if (c == '*' && !operand && !w->sliced)
        return "pointers";
    if (c == '&' && d == '&' && !operand)
        return "addresses of places";
    if (c == '&' && d != '&' && !operand)
        return refused_address(w);
    if (c == '[' && (!operand || w->last == CT_LAST_CLOSE))
        return "arrays here";
    if (c == '{' && (w->mark == '(' || w->last == CT_LAST_OPERAND))
        return "{ here";
    return NULL;
}

static void put_punctuation(ct_writer *w)
{
    const char c = w->p[0], d = w->p[1];
    const bool shift = (c == '<' && d == '<') || (c == '>' && d == '>');
    const bool type_star = c == '*' && w->last == CT_LAST_TYPE;
    const char before = w->mark;
    w->what = refused_punctuation(w);
    if (w->what)
        return;
    if (c != '*')
        w->pending = w->has_long = w->has_double = w->has_void = false;
    if (c == '(' && !w->depth)
        w->counting = before == 'f';
    w->depth += (c == '(') - (c == ')');
    w->nesting += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
    if (w->macro && w->depth < 0)
        w->what = "macros with ( and ) that do not belong together";
    if (c == ';' || (c == '{' && w->last == CT_LAST_CLOSE) || w->nesting < w->declaring - 1)
        w->declaring = 0;
    if ((c == ';' && !w->depth) || c == '{' || c == '}')
        w->is_static = false;
    w->last = c == ')'                                     ? CT_LAST_CLOSE
              : c == ']'                                   ? CT_LAST_BRACKET
              : type_star                                  ? CT_LAST_TYPE
              : c == ',' && w->declaring == w->nesting + 1 ? CT_LAST_TYPE /* int a, b[2] */
                                                           : CT_LAST_NONE;
    w->mark = c;
    if (!w->sliced && c == '!' && d != '=') { /* of a real number it would be an unwatched bool */
        fputs("ct_no{}->*", w->out);
        w->p++;
        return;
    }
    const size_t length = shift || ((c == '&' || c == '|' || c == '+' || c == '-') && c == d) ||
                                  (c == '!' && d == '=')
                              ? 2
                              : 1;
    const char *after = w->p + length + ct_blanks(w->p + length);
    const bool number = (ct_is_digit(*after) || *after == '.') &&
                        !memchr(w->p, '\n', (size_t)(after - w->p)); /* a macro may end here */
    const bool watched =
        !w->sliced && (shift || c == '/' || c == '%') && w->p[length] != '=' && !number;
    ct_rewrite_copy(w, length);
    if (watched) /* (a && b) / (c && d): both plain */
        fputs("ct_lift{}->*", w->out);
}

void ct_rewrite_token(ct_writer *w)
{
    const size_t length = ct_word_length(w->p);
    if (w->sliced && w->pending && !ct_is_letter(*w->p) && length)
        w->what = "casts, and no types without the name that they declare";
    else if (ct_is_digit(*w->p) || (*w->p == '.' && ct_is_digit(w->p[1])))
        put_number(w);
    else if (*w->p == '\'')
        put_character(w);
    else if (!length)
        put_punctuation(w);
    else if (!ct_rewrite_type(w, length))
        ct_rewrite_name(w, length);
}

void ct_rewrite_lengths(ct_writer *w)
{
    if (w->depth)
        w->what = "arrays as parameters";
    for (;;) {
        ct_rewrite_blanks(w);
        if (*w->p != '[' || w->what)
            return;
        ct_rewrite_copy(w, 1);
        ct_rewrite_blanks(w);
        const bool empty = *w->p == ']';
        if (!empty)
            fputs("ct_bound(", w->out);
        w->last = CT_LAST_NONE;
        while (*w->p && *w->p != ']' && !w->what) {
            ct_rewrite_token(w);
            ct_rewrite_blanks(w);
        }
        if (!empty)
            fputc(')', w->out);
        if (*w->p == ']')
            ct_rewrite_copy(w, 1);
    }
}
