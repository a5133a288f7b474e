/* SPDX-License-Identifier: Apache-2.0 */
/* Token by token, by a list of what is known to mean the same in C on the processor and in C++ on a device. A name of the user is
 * written with ct_u_ in front of it, everywhere and also in the preprocessor: what the device compiler has by the same name
 * (max, exp, new, a macro) is out of reach, and what the text does not define itself does not compile. */
#include "ctext/rewrite.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 65536 /* bytes of a text: names are looked for from its beginning */

typedef enum last {
    LAST_NONE,    /* the beginning, or any other punctuation */
    LAST_TYPE,    /* of a declaration */
    LAST_OPERAND, /* a name or a number */
    LAST_CLOSE,   /* ) */
    LAST_BRACKET  /* ] */
} last;

typedef struct writer {
    const char *name, *text, *p;
    const char *const *define;
    bool sliced;
    FILE *out;
    int line, depth; /* depth: of ( */
    int nesting,
        declaring; /* of ( [ {; one more than where a declaration began, 0: outside of one */
    last last;
    char mark;  /* the token before, where it is punctuation; f: `for`, n: another name; 0 */
    bool macro; /* in what a macro stands for */
    int outer_nesting, outer_declaring;
    const char *from;                             /* of the macro: its parameters, up to `to` */
    size_t to;                                    /* 0: none */
    bool counting;                                /* in the brackets of `for` */
    bool is_static;                               /* the declaration */
    bool has_long, has_double, has_void, pending; /* the type that waits for a name */
    const char *what;                             /* is refused; NULL: nothing so far */
} writer;

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void copy(writer *w, size_t length)
{
    for (size_t i = 0; i < length; i++)
        w->line += w->p[i] == '\n';
    (void)fwrite(w->p, 1, length, w->out); /* shows when the stream is closed */
    w->p += length;
}

/* The length of blanks and comments at p. */
static size_t blanks(const char *p)
{
    const char *start = p;
    for (;;)
        if (*p == ' ' || (*p >= '\t' && *p <= '\r')) {
            p++;
        } else if (p[0] == '/' && p[1] == '*') {
            const char *end = strstr(p + 2, "*/");
            p = end ? end + 2 : p + strlen(p);
        } else if (p[0] == '/' && p[1] == '/') {
            while (*p && *p != '\n')
                p += p[0] == '\\' && p[1] ? 2 : 1;
        } else {
            return (size_t)(p - start);
        }
}

static size_t word_length(const char *p)
{
    size_t length = 0;
    while (is_letter(p[length]) || is_digit(p[length]))
        length++;
    return length;
}

static bool equals(const char *p, size_t length, const char *word)
{
    return strlen(word) == length && !memcmp(p, word, length);
}

static bool is_one_of(const char *p, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (equals(p, length, *words))
            return true;
    return false;
}

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
        if (equals(p, length, known[i].word)) {
            ++*known[i].count;
            return true;
        }
    return false;
}

/* "unsigned long int", with blanks between. false: no integer's type. */
static bool put_integer_type(writer *w)
{
    const char *const start = w->p;
    specifiers s = {0};
    const char *end = w->p, *next = w->p;
    for (size_t length; (length = word_length(next)) && note_specifier(next, length, &s);) {
        end = next + length;
        next = end + blanks(end);
    }
    if (end == w->p)
        return false;
    w->has_long |= s.is_long > 0;
    if (w->sliced) {
        copy(w, (size_t)(end - start));
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
static bool put_named_type(writer *w, size_t length)
{
    static const char *const named[][2] = {
        {"int8_t", "signed char"},   {"uint8_t", "unsigned char"},
        {"int16_t", "short"},        {"uint16_t", "unsigned short"},
        {"int32_t", "int"},          {"uint32_t", "unsigned"},
        {"int64_t", "long"},         {"uint64_t", "unsigned long"},
        {"size_t", "unsigned long"}, {"bool", "bool"}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (equals(w->p, length, named[i][0])) {
            if (w->sliced) {
                copy(w, length);
                return true;
            }
            fprintf(w->out, "ct_num<%s>", named[i][1]);
            w->p += length;
            return true;
        }
    return false;
}

/* ---- names ---- */

/* What both forms know, what only words do, and what only single images do; none of these is a macro's name. */
static const char *const specifiers_known[] = {"double", "float",  "void", "const",
                                               "static", "inline", NULL};
static const char *const statements_known[] = {"return", "else", "do",    "if",       "for",
                                               "while",  "goto", "break", "continue", NULL};
static const char *const words_only[] = {"word", "counter", "NONE",     "ALL", "COUNTER",
                                         "add",  "exactly", "at_least", "odd", "switch",
                                         "case", "default", NULL};
static const char *const images_only[] = {"lit", "neighbours", "neighbours_of", "row", NULL};
static const char *const vocabulary[] = {"pix",   "pixel",     "each_pixel", "image",
                                         "label", "amplitude", NULL};
static const char *const lattice[] = {"N", "LX", "LY", NULL};
static const char *const constants[] = {"UINT64_C", "INT64_C", NULL};
static const char *const truths[] = {"true", "false", NULL};
static const char *const refused[] = {
    "sizeof",    "typedef",  "struct",    "union",    "enum",         "auto",
    "typeof",    "asm",      "alignas",   "alignof",  "complex",      "I",
    "extern",    "register", "restrict",  "volatile", "thread_local", "wchar_t",
    "uintptr_t", "intptr_t", "ptrdiff_t", NULL};

static bool begins(const char *p, size_t length, const char *with)
{
    return length >= strlen(with) && !memcmp(p, with, strlen(with));
}

/* Macros that a compiler or the headers that are always there may have: their names begin like this, or are these. */
static bool is_system(const char *p, size_t length)
{
    static const char *const whole[] = {"linux", "unix", "i386", "NULL", "offsetof", NULL};
    static const char *const starts[] = {"_",       "ct_",        "CT_",   "INT",   "UINT", "WINT",
                                         "PTRDIFF", "SIG_ATOMIC", "SIZE_", "WCHAR", NULL};
    for (size_t i = 0; starts[i]; i++)
        if (begins(p, length, starts[i]))
            return true;
    return is_one_of(p, length, whole);
}

static bool is_known(const char *p, size_t length)
{
    static const char *const *const lists[] = {specifiers_known, statements_known, words_only,
                                               images_only,      vocabulary,       lattice,
                                               constants,        truths,           refused};
    static const char *const types[] = {"unsigned", "signed",   "long",    "short",    "char",
                                        "int",      "int8_t",   "uint8_t", "int16_t",  "uint16_t",
                                        "int32_t",  "uint32_t", "int64_t", "uint64_t", "size_t",
                                        "bool",     "defined",  NULL};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        if (is_one_of(p, length, lists[i]))
            return true;
    return is_one_of(p, length, types);
}

/* Does the text, or --define, make a macro of this name? Said too often (of one in a comment), never too seldom. */
static bool is_macro(const writer *w, const char *p, size_t length)
{
    for (const char *const *d = w->define; d && *d; d++)
        if (strcspn(*d, "=") == length && !memcmp(*d, p, length))
            return true;
    for (const char *at = strstr(w->text, "define"); at; at = strstr(at + 6, "define")) {
        const char *named = at + 6 + blanks(at + 6);
        if (word_length(named) == length && !memcmp(named, p, length))
            return true;
    }
    return false;
}

static bool is_parameter(const writer *w, const char *p, size_t length)
{
    for (size_t i = 0; w->macro && i < w->to;) {
        const size_t here = word_length(w->from + i);
        if (here == length && !memcmp(w->from + i, p, length))
            return true;
        i += here ? here : 1;
    }
    return false;
}

static void put_own(writer *w, size_t length)
{
    fputs("ct_u_", w->out);
    copy(w, length);
}

static void note_type(writer *w)
{
    w->last = LAST_TYPE;
    w->mark = 'n';
    w->pending = true;
    if (w->has_long && w->has_double)
        w->what = "long double";
    if (!w->declaring)
        w->declaring = w->nesting + 1;
}

/* A type is followed by the name that it declares: no casts, which could make a number of a word or a pointer. */
static void name_declared(writer *w, size_t length)
{
    if (w->sliced && w->pending &&
        (is_macro(w, w->p, length) ||
         (is_parameter(w, w->p, length) && w->depth && !(w->counting && w->depth == 1))))
        w->what = "macros in the place of a name that is declared";
    w->pending = w->has_long = w->has_double = w->has_void = false;
}

/* At the name of an array that is declared: its lengths. */
static void put_lengths(writer *w);

static void put_operand(writer *w, size_t length)
{
    const char *after = w->p + length + blanks(w->p + length);
    const bool mine = !is_one_of(w->p, length, vocabulary) &&
                      !is_one_of(w->p, length, w->sliced ? words_only : images_only);
    const bool entry = equals(w->p, length, "label") || equals(w->p, length, "amplitude");
    const bool declared = w->last == LAST_TYPE;
    if (declared && *after == '(' && !entry && !w->is_static)
        w->what = "functions that are not static";
    name_declared(w, length);
    if (w->what)
        return;
    const bool element = !w->sliced && *after == '[';
    if (element && !declared)
        fputs("ct_at(", w->out);
    if (mine)
        put_own(w, length);
    else
        copy(w, length);
    w->last = LAST_OPERAND;
    w->mark = 'n';
    if (element && declared) {
        put_lengths(w);
        w->last = LAST_BRACKET;
    } else if (element) {
        fputc(')', w->out);
    }
}

static void put_constant(writer *w, size_t length)
{
    const char *number = w->p + length + 1;
    const size_t digits = strspn(number, "0123456789abcdefABCDEFxX");
    if (w->p[length] != '(' || !is_digit(*number) || number[digits] != ')') {
        w->what = "INT64_C and UINT64_C of anything but a number";
        return;
    }
    fputs(w->sliced ? "(" : "ct_c(", w->out);
    copy(w, length + digits + 2);
    fputc(')', w->out);
    w->last = LAST_OPERAND;
    w->mark = 0;
}

static void put_name(writer *w, size_t length)
{
    const char first = *w->p;
    if (is_one_of(w->p, length, refused))
        w->what = "sizeof, no types of one's own, and no complex numbers";
    else if (first == '_' || begins(w->p, length, "ct_") || begins(w->p, length, "CT_"))
        w->what = "names that begin with ct_, CT_ or _";
    else if (is_one_of(w->p, length, lattice)) {
        name_declared(w, length);
        fprintf(w->out, w->sliced ? "%.*s" : "ct_c(%.*s)", (int)length, w->p);
        w->p += length;
        w->last = LAST_OPERAND;
        w->mark = 'n';
    } else if (is_one_of(w->p, length, truths)) { /* with words that #if does not take */
        fprintf(w->out, w->sliced ? "((int)%d)" : "ct_c(%d)", first == 't');
        w->p += length;
        w->last = LAST_OPERAND;
        w->mark = 0;
    } else if (is_one_of(w->p, length, constants)) {
        put_constant(w, length);
    } else if (is_one_of(w->p, length, specifiers_known)) {
        w->has_double |= equals(w->p, length, "double");
        w->has_void |= equals(w->p, length, "void");
        w->is_static |= equals(w->p, length, "static");
        copy(w, length);
        note_type(w);
    } else if (w->sliced && (equals(w->p, length, "word") || equals(w->p, length, "counter"))) {
        copy(w, length);
        note_type(w);
    } else if (is_one_of(w->p, length, statements_known) ||
               (w->sliced && (equals(w->p, length, "switch") || equals(w->p, length, "case") ||
                              equals(w->p, length, "default")))) {
        w->mark = equals(w->p, length, "for") ? 'f' : 0;
        copy(w, length);
        w->last = LAST_NONE;
    } else if (!w->sliced && (equals(w->p, length, "switch") || equals(w->p, length, "case") ||
                              equals(w->p, length, "default"))) {
        w->what = "switch";
    } else {
        put_operand(w, length);
    }
}

/* ---- literals ---- */

/* Digits, and u, l (integers) or f (real numbers) behind them. */
static bool is_plain(const char *p, size_t length, bool hex, bool real)
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
static void put_number(writer *w)
{
    size_t length = 0;
    bool real = false;
    const bool hex = w->p[0] == '0' && (w->p[1] == 'x' || w->p[1] == 'X');
    for (; is_letter(w->p[length]) || is_digit(w->p[length]) || w->p[length] == '.'; length++) {
        const char c = w->p[length];
        const bool power = hex ? c == 'p' || c == 'P' : c == 'e' || c == 'E';
        real |= c == '.' || power;
        if (power && (w->p[length + 1] == '+' || w->p[length + 1] == '-'))
            length++;
    }
    if (!is_plain(w->p, length, hex, real)) {
        w->what =
            real ? "real numbers with l, L or other letters behind them" : "integers of this kind";
        return;
    }
    if (!real && !w->sliced)
        fputs("ct_c(", w->out);
    copy(w, length);
    if (!real && !w->sliced)
        fputc(')', w->out);
    w->last = LAST_OPERAND;
    w->mark = 0;
}

/* An int in C, a char in C++. */
static void put_character(writer *w)
{
    const bool escape = w->p[1] == '\\' && w->p[2] && strchr("nt0\\'", w->p[2]);
    const size_t length = escape ? 4 : 3;
    if ((!escape && (w->p[1] < ' ' || w->p[1] > '~' || w->p[1] == '\\' || w->p[1] == '\'')) ||
        w->p[length - 1] != '\'') {
        w->what = "characters of this kind";
        return;
    }
    fputs(w->sliced ? "((int)" : "ct_c((int)", w->out);
    copy(w, length);
    fputc(')', w->out);
    w->last = LAST_OPERAND;
    w->mark = 0;
}

/* ---- the rest ---- */

static const char *refused_address(const writer *w)
{
    const char *named = w->p + 1 + blanks(w->p + 1);
    const size_t length = word_length(named);
    const char *after = named + length + blanks(named + length);
    const bool argument = w->sliced && (w->mark == '(' || w->mark == ',') && length &&
                          !is_digit(*named) && !is_known(named, length) &&
                          !is_macro(w, named, length) && (*after == ')' || *after == ',');
    return argument ? NULL : "addresses (but &name for a function, among words)";
}

static const char *refused_punctuation(const writer *w)
{
    const char c = w->p[0], d = w->p[1];
    const bool operand =
        w->last == LAST_OPERAND || w->last == LAST_CLOSE || w->last == LAST_BRACKET;
    if (c == '"')
        return "strings";
    if (c == '.' || (c == '-' && d == '>') || !strchr("(){}[];,:?=+-*/%&|^~!<>", c))
        return "structures, and no # in macros";
    if ((c == '<' && (d == ':' || d == '%')) || ((c == ':' || c == '%') && d == '>') ||
        (c == '%' && d == ':') || (c == '?' && w->p[1 + blanks(w->p + 1)] == ':'))
        return "digraphs, and no ?: with nothing in between";
    if (w->sliced && w->pending && c != '*' && !(w->has_void && w->mark == 'n' && c == ')'))
        return "casts, and no types without the name that they declare";
    if (c == '*' && !operand && !w->sliced)
        return "pointers";
    if (c == '&' && d == '&' && !operand)
        return "addresses of places";
    if (c == '&' && d != '&' && !operand)
        return refused_address(w);
    if (c == '[' && (!operand || w->last == LAST_CLOSE))
        return "arrays here";
    if (c == '{' && (w->mark == '(' || w->last == LAST_OPERAND))
        return "{ here";
    return NULL;
}

static void put_punctuation(writer *w)
{
    const char c = w->p[0], d = w->p[1];
    const bool shift = (c == '<' && d == '<') || (c == '>' && d == '>');
    const bool type_star = c == '*' && w->last == LAST_TYPE;
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
    if (c == ';' || (c == '{' && w->last == LAST_CLOSE) || w->nesting < w->declaring - 1)
        w->declaring = 0;
    if ((c == ';' && !w->depth) || c == '{' || c == '}')
        w->is_static = false;
    w->last = c == ')'                                     ? LAST_CLOSE
              : c == ']'                                   ? LAST_BRACKET
              : type_star                                  ? LAST_TYPE
              : c == ',' && w->declaring == w->nesting + 1 ? LAST_TYPE /* int a, b[2] */
                                                           : LAST_NONE;
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
    const char *after = w->p + length + blanks(w->p + length);
    const bool number = (is_digit(*after) || *after == '.') &&
                        !memchr(w->p, '\n', (size_t)(after - w->p)); /* a macro may end here */
    const bool watched =
        !w->sliced && (shift || c == '/' || c == '%') && w->p[length] != '=' && !number;
    copy(w, length);
    if (watched) /* (a && b) / (c && d): both plain */
        fputs("ct_lift{}->*", w->out);
}

/* ---- the preprocessor ---- */

/* #include <stdint.h>: nothing of it is needed beyond the vocabulary. */
static void put_include(writer *w, size_t length)
{
    static const char *const headers[] = {"stdint.h", "stddef.h", "stdbool.h", NULL};
    const char *p = w->p + length + strspn(w->p + length, " \t");
    const size_t named = *p == '<' ? strcspn(p + 1, ">\n") : 0;
    if (!named || !is_one_of(p + 1, named, headers) || p[named + 1] != '>' ||
        !strchr("\r\n", p[named + 2 + strspn(p + named + 2, " \t")])) {
        w->what = "other headers than <stdint.h>, <stddef.h> and <stdbool.h>";
        return;
    }
    w->p = p + named + 2;
}

/* Names of macros on this line, as conditions have them. */
static void put_condition(writer *w, size_t length)
{
    copy(w, length);
    while (*w->p && *w->p != '\n' && !w->what) {
        const size_t named = word_length(w->p);
        const size_t space = blanks(w->p);
        if (space && !memchr(w->p, '\n', space))
            copy(w, space);
        else if (space)
            return;
        else if (is_digit(*w->p) && is_plain(w->p, named, w->p[1] == 'x' || w->p[1] == 'X', false))
            copy(w, named);
        else if (!named && strchr("()!<>=&|+-*/%?:~^", *w->p))
            copy(w, 1);
        else if (equals(w->p, named, "defined") || is_one_of(w->p, named, lattice))
            copy(w, named);
        else if (named && is_letter(*w->p) && !is_system(w->p, named) && !is_known(w->p, named) &&
                 is_macro(w, w->p, named))
            put_own(w, named);
        else
            w->what = "conditions about names that neither the text nor --define defines";
    }
}

/* What the macro stands for is text. */
static void put_macro(writer *w, size_t length)
{
    length += strspn(w->p + length, " \t");
    copy(w, length);
    const size_t named = word_length(w->p);
    if (!named || is_digit(*w->p) || is_system(w->p, named) || is_known(w->p, named)) {
        w->what = "macros by names of C or of the vocabulary";
        return;
    }
    put_own(w, named);
    w->from = w->p;
    w->to = 0;
    if (*w->p == '(') {
        w->to = strcspn(w->p, ")\n") + 1;
        if (w->p[w->to - 1] != ')')
            w->what = "macros whose parameters take several lines";
        for (const char *end = w->p + w->to; w->p < end && !w->what;) {
            const size_t here = word_length(w->p);
            if (here && (is_digit(*w->p) || is_system(w->p, here) || is_known(w->p, here)))
                w->what = "parameters of macros by names of C or of the vocabulary";
            else if (here)
                put_own(w, here);
            else if (strchr("(), \t", *w->p))
                copy(w, 1);
            else
                w->what = "macros with these parameters";
        }
    }
    w->macro = true;
    w->outer_nesting = w->nesting;
    w->outer_declaring = w->declaring;
    w->nesting = w->declaring = 0;
    w->last = LAST_NONE;
    w->mark = 0;
    w->is_static = false;
}

static void put_line(writer *w)
{
    static const char *const conditions[] = {"if", "elif", "ifdef", "ifndef", NULL};
    static const char *const copied[] = {"else", "endif", NULL};
    const size_t start = 1 + strspn(w->p + 1, " \t"), length = word_length(w->p + start);
    const char *word = w->p + start;
    if (w->depth || w->pending)
        w->what = "lines of the preprocessor inside of ( ) or of a declaration";
    else if (equals(word, length, "include"))
        put_include(w, start + length);
    else if (equals(word, length, "define"))
        put_macro(w, start + length);
    else if (is_one_of(word, length, conditions))
        put_condition(w, start + length);
    else if (is_one_of(word, length, copied))
        copy(w, start + length);
    else if (equals(word, length, "error")) {
        fputs("#error", w->out);
        w->p += strcspn(w->p, "\n");
    } else
        w->what = "other lines of the preprocessor than include, define, error and conditions";
    if (!w->macro)
        w->last = LAST_NONE;
}

/* The next token. */
static void put_token(writer *w)
{
    const size_t length = word_length(w->p);
    if (w->sliced && w->pending && !is_letter(*w->p) && length)
        w->what = "casts, and no types without the name that they declare";
    else if (is_digit(*w->p) || (*w->p == '.' && is_digit(w->p[1])))
        put_number(w);
    else if (*w->p == '\'')
        put_character(w);
    else if (!length)
        put_punctuation(w);
    else if (put_integer_type(w) || put_named_type(w, length))
        note_type(w);
    else
        put_name(w, length);
}

static void put_blanks(writer *w)
{
    copy(w, blanks(w->p));
}

static void put_lengths(writer *w)
{
    if (w->depth)
        w->what = "arrays as parameters";
    for (;;) {
        put_blanks(w);
        if (*w->p != '[' || w->what)
            return;
        copy(w, 1);
        put_blanks(w);
        const bool empty = *w->p == ']';
        if (!empty)
            fputs("ct_bound(", w->out);
        w->last = LAST_NONE;
        while (*w->p && *w->p != ']' && !w->what) {
            put_token(w);
            put_blanks(w);
        }
        if (!empty)
            fputc(')', w->out);
        if (*w->p == ']')
            copy(w, 1);
    }
}

static void end_macro(writer *w)
{
    w->macro = false;
    if (w->last == LAST_TYPE || w->pending)
        w->what = "macros for types";
    else if (w->depth)
        w->what = "macros with ( and ) that do not belong together";
    w->depth = 0;
    w->nesting = w->outer_nesting;
    w->declaring = w->outer_declaring;
    w->last = LAST_NONE;
    w->mark = 0;
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
    writer w = {.name = name,
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
        put_blanks(&w);
        line_start |= memchr(from, '\n', (size_t)(w.p - from)) != NULL;
        directive &= !line_start;
        if (w.macro && (line_start || !*w.p))
            end_macro(&w);
        if (!*w.p && !w.what)
            return CUTROPY_OK;
        if (w.what)
            break;
        if (*w.p == '#' && line_start) {
            put_line(&w);
            directive = true;
        } else if (w.macro && w.p[0] == '\\' && w.p[1] == '\n' && w.p > text &&
                   strchr(" \t;{}(),", w.p[-1])) { /* a line goes on */
            copy(&w, 2);
        } else {
            put_token(&w);
        }
        line_start = false;
    }
    return ct_fail(CUTROPY_EUNSUPPORTED, "%s:%d: a device takes no %s in a function of %s", name,
                   w.line, w.what, sliced ? "words" : "one image");
}
