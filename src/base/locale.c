/* SPDX-License-Identifier: Apache-2.0 */
/* The C locale for a moment, in this thread only: setlocale would change the whole process. */
#include "base/locale.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

ct_locale ct_locale_enter(void)
{
    int reason = errno;
    ct_locale locale = {0};
    /* "C" is built in: known C libraries allocate nothing for it, so this does not fail */
    locale.plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale.before = uselocale(locale.plain);
    errno = reason;
    return locale;
}

void ct_locale_leave(const ct_locale *locale)
{
    int reason = errno;
    uselocale(locale->before);
    if (locale->plain)
        freelocale(locale->plain);
    errno = reason;
}

double ct_strtod(const char *text, char **end)
{
    const ct_locale locale = ct_locale_enter();
    double value = strtod(text, end);
    ct_locale_leave(&locale);
    return value;
}

int ct_snprintf(char *text, size_t size, const char *format, ...)
{
    const ct_locale locale = ct_locale_enter();
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, size, format, arguments);
    va_end(arguments);
    ct_locale_leave(&locale);
    return length;
}
