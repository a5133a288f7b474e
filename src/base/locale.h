/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers as text with a decimal point, whatever LC_NUMERIC the program around the library chose.
 */
#ifndef CT_LOCALE_H
#define CT_LOCALE_H

#include <locale.h>
#include <stddef.h>

typedef struct ct_locale {
    locale_t plain, before;
} ct_locale;

/* This thread speaks the C locale between the two; errno stays. */
ct_locale ct_locale_enter(void);
void ct_locale_leave(const ct_locale *locale);

/* strtod and snprintf in the C locale. */
double ct_strtod(const char *text, char **end);
int ct_snprintf(char *text, size_t size, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
