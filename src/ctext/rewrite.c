/* SPDX-License-Identifier: Apache-2.0 */
/* Token by token. Whatever is not understood here is copied, and then either means the same or does not compile: ct_num has
 * no way to a plain integer. */
#include "ctext/rewrite.h"

#include <string.h>

typedef enum last {
    LAST_NONE,    /* the beginning, or any other punctuation */
    LAST_TYPE,    /* of a declaration */
    LAST_OPERAND, /* a name or a number */
    LAST_CLOSE,   /* ) */
    LAST_BRACKET  /* ] */
} last;

typedef struct writer {
    const char *name, *p;
    FILE *out;
    int line, depth; /* depth: of ( */
    int nesting,
        declaring; /* of ( [ {; one more than where a declaration began, 0: outside of one */
    last last;
    bool macro;       /* in what a macro stands for */
    bool risky;       /* / % << >> behind a ) */
    const char *what; /* is refused; NULL: nothing so far */
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
    specifiers s = {0};
    const char *end = w->p, *next = w->p;
    for (size_t length; (length = word_length(next)) && note_specifier(next, length, &s);) {
        end = next + length;
        next = end + blanks(end);
    }
    if (end == w->p)
        return false;
    if (equals(next, word_length(next), "double"))
        w->what = "long double";
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
    static const char *const named[][2] = {{"int8_t", "signed char"},
                                           {"uint8_t", "unsigned char"},
                                           {"int16_t", "short"},
                                           {"uint16_t", "unsigned short"},
                                           {"int32_t", "int"},
                                           {"uint32_t", "unsigned"},
                                           {"int64_t", "long"},
                                           {"uint64_t", "unsigned long"},
                                           {"size_t", "unsigned long"},
                                           {"bool", "bool"},
                                           {"_Bool", "bool"}};
    for (size_t i = 0; i < sizeof named / sizeof *named; i++)
        if (equals(w->p, length, named[i][0])) {
            fprintf(w->out, "ct_num<%s>", named[i][1]);
            w->p += length;
            return true;
        }
    return false;
}

/* ---- names ---- */

static void note_type(writer *w)
{
    w->last = LAST_TYPE;
    if (!w->declaring)
        w->declaring = w->nesting + 1;
}

/* At the name of an array that is declared: its lengths. */
static void put_lengths(writer *w);

static void put_name(writer *w, size_t length)
{
    static const char *const refused[] = {
        "sizeof",   "typedef",  "struct",    "union",    "enum",         "auto",
        "typeof",   "asm",      "alignas",   "alignof",  "_Alignas",     "_Alignof",
        "_Generic", "_Complex", "complex",   "I",        "thread_local", "_Thread_local",
        "_Atomic",  "wchar_t",  "uintptr_t", "intptr_t", "ptrdiff_t",    NULL};
    static const char *const vocabulary[] = {"N", "LX", "LY", NULL};
    static const char *const constants[] = {"UINT64_C", "INT64_C", NULL};
    static const char *const types[] = {"double", "float", "void", "const", "volatile", NULL};
    static const char *const plain[] = {"return", "else", "case", "do", NULL};
    const char *after = w->p + length + blanks(w->p + length);
    if (is_one_of(w->p, length, refused))
        w->what = "sizeof, no types of one's own, and no complex numbers";
    else if (!strncmp(w->p, "ct_", 3) || !strncmp(w->p, "CT_", 3) || !strncmp(w->p, "__", 2))
        w->what = "names that begin with ct_, CT_ or __";
    else if (is_one_of(w->p, length, vocabulary)) {
        fprintf(w->out, "ct_c(%.*s)", (int)length, w->p);
        w->p += length;
        w->last = LAST_OPERAND;
    } else if (equals(w->p, length, "true") || equals(w->p, length, "false")) {
        fprintf(w->out, "ct_c(%d)", *w->p == 't');
        w->p += length;
        w->last = LAST_OPERAND;
    } else if (is_one_of(w->p, length, constants) && *after == '(') {
        fputs("ct_c(", w->out);
        copy(w, length + strcspn(w->p + length, ")") + (strchr(w->p, ')') != NULL));
        fputc(')', w->out);
        w->last = LAST_OPERAND;
    } else if (is_one_of(w->p, length, types)) {
        copy(w, length);
        note_type(w);
    } else if (is_one_of(w->p, length, plain)) {
        copy(w, length);
        w->last = LAST_NONE;
    } else if (*after == '[' && w->last == LAST_TYPE) {
        copy(w, length);
        put_lengths(w);
        w->last = LAST_BRACKET;
    } else if (*after == '[') {
        fprintf(w->out, "ct_at(%.*s)", (int)length, w->p);
        w->p += length;
        w->last = LAST_OPERAND;
    } else {
        copy(w, length);
        w->last = LAST_OPERAND;
    }
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
    if (!real)
        fputs("ct_c(", w->out);
    copy(w, length);
    if (!real)
        fputc(')', w->out);
    w->last = LAST_OPERAND;
}

static void put_character(writer *w)
{
    size_t length = 1;
    while (w->p[length] && w->p[length] != '\'' && w->p[length] != '\n')
        length += w->p[length] == '\\' && w->p[length + 1] ? 2 : 1;
    fputs("ct_c((int)", w->out);
    copy(w, length + (w->p[length] == '\''));
    fputc(')', w->out);
    w->last = LAST_OPERAND;
}

/* ---- the rest ---- */

static void put_punctuation(writer *w)
{
    const char c = w->p[0], d = w->p[1];
    const bool operand =
        w->last == LAST_OPERAND || w->last == LAST_CLOSE || w->last == LAST_BRACKET;
    const bool shift = (c == '<' && d == '<') || (c == '>' && d == '>');
    if (c == '"')
        w->what = "strings";
    else if (c == '\\' || c == '.' || (c == '-' && d == '>') || c == '@' || c == '$' || c == '#')
        w->what = "structures, and no # in macros";
    else if (c == '*' && !operand)
        w->what = "pointers";
    else if (c == '&' && d != '&' && !operand)
        w->what = "addresses";
    else if (c == '[' && !operand)
        w->what = "arrays here";
    if (w->what)
        return;
    w->depth += (c == '(') - (c == ')');
    w->nesting += (c == '(' || c == '[' || c == '{') - (c == ')' || c == ']' || c == '}');
    if (c == ';' || (c == '{' && w->last == LAST_CLOSE) || w->nesting < w->declaring - 1)
        w->declaring = 0;
    /* (a && b) / (c && d): both plain */
    w->risky = w->last == LAST_CLOSE && (shift || ((c == '/' || c == '%') && d != '='));
    w->last = c == ')'                                     ? LAST_CLOSE
              : c == ']'                                   ? LAST_BRACKET
              : c == ',' && w->declaring == w->nesting + 1 ? LAST_TYPE /* int a, b[2] */
                                                           : LAST_NONE;
    copy(w, shift || ((c == '&' || c == '|' || c == '+' || c == '-') && c == d) ? 2 : 1);
}

/* A line of the preprocessor: of a macro, what it stands for is text. */
static void put_line(writer *w)
{
    static const char *const headers[] = {"stdint.h", "stddef.h", "stdbool.h", NULL};
    size_t length = 1;
    length += strspn(w->p + length, " \t");
    const bool macro = !strncmp(w->p + length, "define", 6);
    if (!strncmp(w->p + length, "include", 7)) { /* others would not be rewritten */
        const char *header = w->p + length + 7 + strspn(w->p + length + 7, " \t");
        if (*header != '<' || !is_one_of(header + 1, strcspn(header + 1, ">\n"), headers))
            w->what = "other headers than stdint.h, stddef.h and stdbool.h";
    }
    if (w->what)
        return;
    w->macro = macro;
    if (macro) { /* its name, and its parameters if it has some */
        length += 6;
        length += strspn(w->p + length, " \t");
        length += word_length(w->p + length);
        if (w->p[length] == '(')
            length += strcspn(w->p + length, ")\n") + (strchr(w->p + length, ')') != NULL);
    } else {
        while (w->p[length] && w->p[length] != '\n')
            length += w->p[length] == '\\' && w->p[length + 1] ? 2 : 1;
    }
    copy(w, length);
    w->last = LAST_NONE;
}

/* The next token. */
static void put_token(writer *w)
{
    const bool risky = w->risky;
    const size_t length = word_length(w->p);
    w->risky = false;
    if (is_digit(*w->p) || (*w->p == '.' && is_digit(w->p[1])))
        put_number(w);
    else if (*w->p == '\'')
        put_character(w);
    else if (!length) {
        if (risky)
            w->what = "/ % << >> between two brackets";
        else
            put_punctuation(w);
    } else if (put_integer_type(w) || put_named_type(w, length)) {
        note_type(w);
    } else {
        put_name(w, length);
    }
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

cutropy_status ct_rewrite(const char *name, const char *text, FILE *out)
{
    writer w = {.name = name, .p = text, .out = out, .line = 1};
    bool line_start = true;
    while (!w.what) {
        const char *from = w.p;
        put_blanks(&w);
        line_start |= memchr(from, '\n', (size_t)(w.p - from)) != NULL;
        if (w.macro && (line_start || !*w.p)) {
            w.macro = false;
            if (w.last == LAST_TYPE)
                w.what = "macros for types";
            w.last = LAST_NONE;
        }
        if (!*w.p && !w.what)
            return CUTROPY_OK;
        if (w.what)
            break;
        if (*w.p == '#' && line_start)
            put_line(&w);
        else if (w.p[0] == '\\' && (w.p[1] == '\n' || w.p[1] == '\r')) /* a line goes on */
            copy(&w, 2);
        else
            put_token(&w);
        line_start = false;
    }
    return ct_fail(CUTROPY_EUNSUPPORTED, "%s:%d: a device takes no %s in a function of one image",
                   name, w.line, w.what);
}
