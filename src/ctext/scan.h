/* SPDX-License-Identifier: Apache-2.0 */
/* How a C text is cut: blanks, comments and words. */
#ifndef CT_CTEXT_SCAN_H
#define CT_CTEXT_SCAN_H

#include <stdbool.h>
#include <stddef.h>

bool ct_is_letter(char c); /* or _ */
bool ct_is_digit(char c);

/* The length of blanks and comments at p. */
size_t ct_blanks(const char *p);
/* Of a name or a number at p; 0: there is none. */
size_t ct_word_length(const char *p);

/* Whether the `length` bytes at p are this word, begin with it, or are one of a list up to NULL. */
bool ct_word_is(const char *p, size_t length, const char *word);
bool ct_word_begins(const char *p, size_t length, const char *with);
bool ct_word_in(const char *p, size_t length, const char *const *words);

#endif
