/* A file that appears whole or not at all. */
#ifndef CT_SAVE_H
#define CT_SAVE_H

#include <stdio.h>

#include <cutropy/status.h>

/* Opens a file beside PATH, calls write(file, context), flushes it to the disk and renames it over
 * PATH. A symbolic link stays a link; the permissions of a replaced file stay; devices and pipes
 * are written directly. On failure an existing file is untouched.
 * write returns CUTROPY_EIO when errno says why (the message with the path is made here); any other
 * failure of write comes with its own message. What fwrite and fflush lost is found in any case. */
cutropy_status ct_save(const char *path, cutropy_status (*write)(FILE *file, void *context),
                       void *context);

#endif
