/* SPDX-License-Identifier: Apache-2.0 */
/* Only bytes are looked at, not tokens: it refuses too much rather than too little. */
#include "ctext/plain_text.h"

#include <ctype.h>
#include <string.h>

static bool in_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Comments become blanks, lines stay; free with ct_free. */
static char *without_comments(const char *text)
{
    char *out = ct_strdup(text);
    for (char *p = out; p && *p; p++) {
        const bool line = p[0] == '/' && p[1] == '/', block = p[0] == '/' && p[1] == '*';
        char *end = line ? p + strcspn(p, "\n") : block ? strstr(p + 2, "*/") : NULL;
        if (!line && !block)
            continue;
        end = block ? (end ? end + 2 : p + strlen(p)) : end;
        for (; p < end; p++)
            *p = *p == '\n' ? '\n' : ' ';
        p--;
    }
    return out;
}

bool ct_plain_number(const char *text)
{
    text += *text == '-' || *text == '+';
    if (!isdigit((unsigned char)*text))
        return false;
    while (in_name(*text) || *text == '.')
        text++;
    return !*text;
}

/* "NAME" or, with a value, "NAME NUMBER", and nothing else. */
static bool is_definition(const char *p, bool value)
{
    char word[64];
    size_t length = strspn(p, " \t");
    p += length;
    for (length = 0; in_name(p[length]); length++)
        ;
    if (!length)
        return false;
    p += length;
    p += strspn(p, " \t");
    length = strcspn(p, "\n");
    while (length && (p[length - 1] == ' ' || p[length - 1] == '\t'))
        length--;
    if (!value || length >= sizeof word)
        return !value && !length;
    memcpy(word, p, length);
    word[length] = 0;
    return ct_plain_number(word);
}

/* p: behind the # */
static bool is_plain_line(const char *p)
{
    p += strspn(p, " \t");
    if (!strncmp(p, "include", 7))
        return p[7 + strspn(p + 7, " \t")] == '<';
    if (!strncmp(p, "define", 6) && !in_name(p[6]))
        return is_definition(p + 6, true);
    if (!strncmp(p, "ifndef", 6) && !in_name(p[6]))
        return is_definition(p + 6, false);
    return !strncmp(p, "endif", 5) && p[5 + strspn(p + 5, " \t")] == '\n';
}

/* text: with its comments. A comment on such a line may end elsewhere. */
static bool has_other_lines(const char *text, const char *bare)
{
    for (const char *line = bare; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        const char *p = line + strspn(line, " \t\v\f");
        if (*p != '#' && strncmp(p, "%:", 2) != 0)
            continue;
        const char *written = text + (line - bare);
        const size_t length = strcspn(line, "\n");
        if (*p != '#' || !is_plain_line(p + 1) || memcmp(written, line, length) != 0)
            return true;
    }
    return false;
}

/* A comma between ? and its : outside of brackets, e.g. c ? k += 2, b[k] : 3 */
static bool has_comma_in_choice(const char *p)
{
    for (p = strchr(p, '?'); p; p = strchr(p + 1, '?')) {
        int depth = 0, choices = 1;
        for (const char *q = p + 1; *q && depth >= 0 && choices; q++) {
            depth += strchr("([{", *q) != NULL;
            depth -= strchr(")]}", *q) != NULL;
            if (!depth && *q == ',')
                return true;
            choices += !depth && *q == '?';
            choices -= !depth && *q == ':';
        }
    }
    return false;
}

static const char *skip_back(const char *from, const char *p)
{
    while (p > from && isspace((unsigned char)p[-1]))
        p--;
    return p;
}

/* Whether the brackets from p + 1 to end hold a comparison or a logical operator, at any depth. */
static bool holds_truth(const char *p, const char *end)
{
    for (; p < end; p++) {
        const char next = p + 1 < end ? p[1] : 0;
        if ((*p == '<' || *p == '>') && next != *p && p[-1] != *p)
            return true;
        if ((*p == '=' || *p == '!') && next == '=')
            return true;
        if (*p == '!' || (*p == '&' && next == '&') || (*p == '|' && next == '|'))
            return true;
    }
    return false;
}

static bool has_sum_of_truths(const char *text)
{
    for (const char *p = strchr(text, '('); p; p = strchr(p + 1, '(')) {
        int depth = 1;
        const char *end = p + 1;
        for (; *end && depth; end++)
            depth += (*end == '(') - (*end == ')');
        if (depth || !holds_truth(p + 1, end - 1))
            continue;
        const char *after = end + strspn(end, " \t\n\v\f"), *before = skip_back(text, p);
        const char last = before > text ? before[-1] : ';';
        const bool logical = (*after == '&' || *after == '|') && after[1] == *after;
        const bool logical_before =
            before > text + 1 && (last == '&' || last == '|') && before[-2] == last;
        if ((strchr("+-*/%&|^", *after) && *after && !logical) ||
            (strchr("+-*/%&|^~", last) && !logical_before))
            return true;
        if ((*after == '<' && after[1] == '<') || (*after == '>' && after[1] == '>') ||
            (before > text + 1 && (last == '<' || last == '>') && before[-2] == last))
            return true;
    }
    return false;
}

static bool has_word(const char *text, const char *word)
{
    const size_t length = strlen(word);
    for (const char *p = strstr(text, word); p; p = strstr(p + 1, word))
        if ((p == text || !in_name(p[-1])) && !in_name(p[length]))
            return true;
    return false;
}

static bool has_real_numbers(const char *text)
{
    if (has_word(text, "double") || has_word(text, "float"))
        return true;
    for (const char *p = strchr(text, '.'); p; p = strchr(p + 1, '.'))
        if (isdigit((unsigned char)p[1]) || (p > text && isdigit((unsigned char)p[-1])))
            return true;
    for (const char *p = strpbrk(text, "0123456789"); p; p = strpbrk(p, "0123456789")) {
        const bool starts = p == text || !in_name(p[-1]);
        const size_t digits = strspn(p, "0123456789");
        if (starts &&
            (p[digits] == 'e' || p[digits] == 'E' || p[digits] == 'p' || p[digits] == 'P'))
            return true;
        p += digits;
    }
    return false;
}

/* INT64_C(...) and its kin, but of few digits: compilers differ in what they make of the largest ones, and of others. */
static bool has_odd_constant(const char *text)
{
    for (const char *p = strstr(text, "_C"); p; p = strstr(p + 1, "_C")) {
        const char *number = p + 2 + strspn(p + 2, " \t");
        if (in_name(p[2]))
            continue;
        number += *number == '(';
        number += strspn(number, " \t");
        const size_t digits = strspn(number, "0123456789");
        const char *end = number + digits + strspn(number + digits, " \t");
        if (number[-1] != '(' && number[-1] != ' ' && number[-1] != '\t')
            return true;
        if (digits < 1 || digits > 18 || *end != ')')
            return true;
    }
    return false;
}

/* ' directly behind a name or a number, or in front of what begins a comment; and any ". */
static bool has_odd_quotes(const char *text, const char *bare)
{
    for (const char *p = strchr(bare, '\''); p; p = strchr(p + 1, '\''))
        if (p > bare && in_name(p[-1]) && !(p > bare + 1 && p[-2] == '\''))
            return true;
    return strchr(bare, '"') || strstr(text, "'/");
}

cutropy_status ct_plain_text(const char *name, const char *text, bool sliced)
{
    const char *what = NULL;
    char *bare = without_comments(text);
    if (!bare)
        return ct_fail_memory("C text", strlen(text));
    if (strchr(text, '\\'))
        what = "\\";
    else if (has_odd_quotes(text, bare))
        what = "texts in quotes, and no characters behind names or in front of /";
    else if (has_odd_constant(bare))
        what = "INT64_C and its kin but with 1 to 18 decimal digits";
    else if (has_other_lines(text, bare))
        what =
            "lines of the preprocessor but #include <...>, #define NAME NUMBER, #ifndef NAME and #endif, without comments";
    else if (has_comma_in_choice(bare))
        what = "a comma between ? and :";
    else if (!sliced && has_real_numbers(bare) && has_sum_of_truths(bare))
        what = "arithmetic with comparisons in brackets where there are real numbers";
    ct_free(bare);
    return what ? ct_fail(CUTROPY_EUNSUPPORTED, "%s: a device takes no %s", name, what)
                : CUTROPY_OK;
}
