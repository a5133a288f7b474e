/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base.h"
#include "base/locale.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_SIZE 512

static _Thread_local char message[MESSAGE_SIZE];

const char *cutropy_error(void)
{
    return message;
}

int cutropy_abi(void)
{
    return CUTROPY_ABI;
}

const char *cutropy_version(void)
{
    return CUTROPY_VERSION;
}

cutropy_status ct_fail(cutropy_status status, const char *format, ...)
{
    char text[MESSAGE_SIZE]; /* the arguments may point into the old message */
    const ct_locale locale = ct_locale_enter();
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    ct_locale_leave(&locale);
    for (char *p = text; *p; p++)
        if (*p == '\n' || *p == '\r')
            *p = ' ';
    memcpy(message, text, sizeof text);
    return status;
}

cutropy_status ct_fail_memory(const char *name, size_t bytes)
{
    return ct_fail(CUTROPY_EMEMORY, "out of memory: '%s' needs %zu bytes", name, bytes);
}

cutropy_status ct_options_known(const char *macro, size_t size, size_t known)
{
    if (size == known)
        return CUTROPY_OK;
    return ct_fail(CUTROPY_EINPUT,
                   "options of %zu bytes, but this library knows %zu: start them with %s of its "
                   "own headers",
                   size, known, macro);
}

void ct_error_save(char *text, size_t size)
{
    snprintf(text, size, "%s", message);
}

cutropy_status ct_error_restore(cutropy_status status, const char *text)
{
    return ct_fail(status, "%s", text);
}
