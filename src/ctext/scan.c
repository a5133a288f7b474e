/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/scan.h"

#include <string.h>

bool ct_is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool ct_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

size_t ct_blanks(const char *p)
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

size_t ct_word_length(const char *p)
{
    size_t length = 0;
    while (ct_is_letter(p[length]) || ct_is_digit(p[length]))
        length++;
    return length;
}

bool ct_word_is(const char *p, size_t length, const char *word)
{
    return strlen(word) == length && !memcmp(p, word, length);
}

bool ct_word_in(const char *p, size_t length, const char *const *words)
{
    for (; *words; words++)
        if (ct_word_is(p, length, *words))
            return true;
    return false;
}

bool ct_word_begins(const char *p, size_t length, const char *with)
{
    return length >= strlen(with) && !memcmp(p, with, strlen(with));
}
