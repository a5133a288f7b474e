/* SPDX-License-Identifier: Apache-2.0 */
/* ct_save and cutropy_sheet_save: a file that appears whole or not at all.
 *
 * The content is written beside the target under a name of its own, flushed to the disk, then
 * renamed over the target. A symbolic link stays and its target is replaced; the permissions of a
 * replaced file stay; devices, pipes and open descriptors (/dev/stdout, /dev/fd/N) are written
 * directly. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base.h"
#include "sheet/abandoned.h"
#include "sheet/save.h"
#include "sheet/sheet.h"

typedef cutropy_status (*writer)(FILE *file, void *context);

typedef struct target {
    const char *asked; /* as the caller named it, for messages */
    char *path;        /* links resolved; from malloc */
    char *directory;   /* of path */
    char *temporary;   /* in the same directory */
    int descriptor;    /* /dev/stdout, /dev/fd/N: this one; else -1 */
    bool exists, is_regular;
    struct stat before;
} target;

static cutropy_status io_error(const target *t, const char *what)
{
    int reason = errno;
    ct_fail(CUTROPY_EIO, "cannot %s '%s': %s", what, t->asked, strerror(reason));
    errno = reason;
    return CUTROPY_EIO;
}

/* "a/b" -> "a", "/b" -> "/", "b" -> "." */
static char *directory_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return ct_strdup(".");
    size_t length = slash == path ? 1 : (size_t)(slash - path);
    char *directory = ct_alloc(length + 1, 1);
    if (directory) {
        memcpy(directory, path, length);
        directory[length] = '\0';
    }
    return directory;
}

static void target_close(target *t)
{
    free(t->path);
    ct_free(t->directory);
    ct_free(t->temporary);
}

/* Opening such a name again would lose the position in the file behind it, and following its link
 * leads nowhere for a pipe. */
int ct_output_descriptor(const char *path)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    if (!strcmp(path, "/dev/stdout"))
        return STDOUT_FILENO;
    if (!strcmp(path, "/dev/stderr"))
        return STDERR_FILENO;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        size_t length = strlen(folders[i]);
        if (strncmp(path, folders[i], length))
            continue;
        size_t digits = strspn(path + length, "0123456789");
        if (digits && digits < 7 && !path[length + digits])
            return atoi(path + length);
    }
    return -1;
}

static cutropy_status check_descriptor(const target *t)
{
    int flags = fcntl(t->descriptor, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) != O_RDONLY)
        return CUTROPY_OK;
    errno = EBADF;
    return io_error(t, "write");
}

static cutropy_status target_open(const char *path, target *t)
{
    cutropy_status status = CUTROPY_OK;
    struct stat link;
    *t = (target){.asked = path, .descriptor = ct_output_descriptor(path)};
    if (t->descriptor >= 0)
        return check_descriptor(t);
    if (!*path)
        return ct_fail(CUTROPY_EIO, "cannot write '': the name of the output file is empty");
    bool is_link = !lstat(path, &link) && S_ISLNK(link.st_mode);
    t->path = is_link ? realpath(path, NULL) : strdup(path);
    if (!t->path)
        CT_TRY(io_error(t, is_link ? "follow the link" : "write"));
    t->exists = !stat(t->path, &t->before);
    t->is_regular = !t->exists || S_ISREG(t->before.st_mode);
    if (t->exists && S_ISDIR(t->before.st_mode)) {
        errno = EISDIR;
        CT_TRY(io_error(t, "write"));
    }
    if (t->exists && access(t->path, W_OK))
        CT_TRY(io_error(t, "write")); /* a rename would replace even a write-protected file */
    t->directory = directory_of(t->path);
    size_t room = t->directory ? strlen(t->directory) + 64 : 0;
    t->temporary = room ? ct_alloc(room, 1) : NULL;
    if (!t->temporary)
        CT_TRY(ct_fail_memory("output path", room));
done:
    if (status)
        target_close(t);
    return status;
}

/* Waits for whoever looks whether the file is abandoned; false: it was removed meanwhile. A file
 * system without locks is one where nobody removes anything. */
static bool claim(int descriptor)
{
    struct stat state;
    return flock(descriptor, LOCK_EX) || fstat(descriptor, &state) || state.st_nlink;
}

/* Creates the temporary file; no two writers ever share one. */
static cutropy_status create_temporary(target *t, int *descriptor)
{
    mode_t mode = t->exists ? t->before.st_mode & 0777 : 0666;
    ct_remove_abandoned(t->directory);
    for (int attempt = 0; attempt < 1000; attempt++) {
        sprintf(t->temporary, "%s/" CT_TEMPORARY_FORMAT, t->directory, (long)getpid(), attempt);
        *descriptor = open(t->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
        if (*descriptor >= 0 ? claim(*descriptor) : errno != EEXIST)
            break;
        if (*descriptor >= 0)
            close(*descriptor);
        *descriptor = -1;
    }
    if (*descriptor < 0)
        return io_error(t, "write");
    if (t->exists) {
        /* Best effort: only root may give a file away, and some file systems know no owners. */
        int owner = fchown(*descriptor, t->before.st_uid, t->before.st_gid);
        int permissions = fchmod(*descriptor, mode);
        (void)owner, (void)permissions;
    }
    return CUTROPY_OK;
}

static void sync_directory(const target *t)
{
    int directory = open(t->directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory < 0)
        return;
    fsync(directory); /* may fail: the file itself is safe already */
    close(directory);
}

/* The content, flushed as far as the kernel; errno is kept for the message. */
static cutropy_status write_content(const target *t, writer write, void *context, FILE *file)
{
    cutropy_status status = write(file, context);
    if (!status && (fflush(file) || ferror(file)))
        status = CUTROPY_EIO;
    return status == CUTROPY_EIO ? io_error(t, "write") : status;
}

static cutropy_status replace(target *t, writer write, void *context)
{
    cutropy_status status = CUTROPY_OK;
    FILE *file = NULL;
    int descriptor = -1, lock = -1;
    CT_TRY(create_temporary(t, &descriptor));
    lock = fcntl(descriptor, F_DUPFD_CLOEXEC, 0); /* keeps the lock until the file has its name */
    file = fdopen(descriptor, "wb");
    if (!file) {
        status = io_error(t, "write");
        close(descriptor);
        goto remove;
    }
    status = write_content(t, write, context, file);
    if (!status && fsync(descriptor))
        status = io_error(t, "write");
    if (fclose(file) && !status)
        status = io_error(t, "write");
    if (!status && rename(t->temporary, t->path))
        status = io_error(t, "write");
    if (!status) {
        sync_directory(t);
        goto done;
    }
remove:
    unlink(t->temporary);
done:
    if (lock >= 0)
        close(lock);
    return status;
}

static FILE *open_directly(const target *t)
{
    if (t->descriptor < 0)
        return fopen(t->path, "wb");
    int copy = fcntl(t->descriptor, F_DUPFD_CLOEXEC, 0);
    FILE *file = copy < 0 ? NULL : fdopen(copy, "wb");
    if (!file && copy >= 0)
        close(copy);
    return file;
}

static cutropy_status write_directly(const target *t, writer write, void *context)
{
    FILE *file = open_directly(t);
    if (!file)
        return io_error(t, "write");
    cutropy_status status = write_content(t, write, context, file);
    if (fclose(file) && !status)
        status = io_error(t, "write");
    return status;
}

cutropy_status ct_save(const char *path, writer write, void *context)
{
    target t;
    cutropy_status status = target_open(path, &t);
    if (status)
        return status;
    if (t.is_regular)
        status = replace(&t, write, context);
    else
        status = write_directly(&t, write, context);
    target_close(&t);
    return status;
}

cutropy_status ct_beside_path(const char *path, const char *ending, char **out)
{
    cutropy_status status = CUTROPY_OK;
    struct stat state;
    size_t length = strlen(path);
    *out = NULL;
    if (ct_output_descriptor(path) >= 0 ||
        (!stat(path, &state) && !S_ISREG(state.st_mode) && !S_ISDIR(state.st_mode)))
        return CUTROPY_OK;
    while (length > 1 && path[length - 1] == '/')
        length--;
    CT_NEW(*out, length + strlen(ending) + 1);
    memcpy(*out, path, length);
    strcpy(*out + length, ending);
done:
    return status;
}

cutropy_status ct_partial_path(const char *path, char **out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_beside_path(path, ".partial", out));
    if (*out)
        return CUTROPY_OK;
    *out = ct_strdup(path);
    if (!*out)
        status = ct_fail_memory("path", strlen(path) + 1);
done:
    return status;
}

/* Whether the table says that it is not all of so many cuts: in its first bytes, or (LaTeX, lists of JSON) in its last ones. */
static bool is_partial_of(FILE *file, size_t count)
{
    bool is = false;
    char text[4097], cuts[48], asked[48];
    snprintf(cuts, sizeof cuts, " of %zu cuts", count);
    snprintf(asked, sizeof asked, "\"cuts_asked\": %zu,", count);
    for (int end = 0; end < 2 && !is; end++) {
        if (end && fseek(file, -(long)(sizeof text - 1), SEEK_END))
            break; /* it has no more than the first ones */
        const size_t length = fread(text, 1, sizeof text - 1, file);
        for (size_t i = 0; i < length; i++)
            if (!text[i]) /* .npy */
                text[i] = ' ';
        text[length] = '\0';
        is = (strstr(text, cuts) && strstr(text, "partial")) ||
             (strstr(text, asked) && strstr(text, "\"complete\": false"));
    }
    return is;
}

cutropy_status ct_remove_partial(const char *path, size_t count)
{
    cutropy_status status = CUTROPY_OK;
    char *partial = NULL;
    CT_TRY(ct_beside_path(path, ".partial", &partial));
    FILE *file = partial ? fopen(partial, "rb") : NULL;
    if (!file) /* there is none */
        goto done;
    const bool is_of_it = is_partial_of(file, count);
    fclose(file);
    if (is_of_it && unlink(partial) && errno != ENOENT)
        status = ct_fail(CUTROPY_EIO, "cannot remove '%s': %s", partial, strerror(errno));
done:
    ct_free(partial);
    return status;
}

cutropy_status ct_save_run(const char *path, bool complete, writer write, void *context)
{
    cutropy_status status = CUTROPY_OK;
    char *partial = NULL;
    if (!complete)
        CT_TRY(ct_partial_path(path, &partial));
    status = ct_save(partial ? partial : path, write, context);
done:
    ct_free(partial);
    return status;
}

typedef struct table {
    const cutropy_sheet *sheet;
    cutropy_format format;
} table;

static cutropy_status write_table(FILE *file, void *context)
{
    const table *t = context;
    return ct_write_sheet(t->sheet, t->format, file);
}

cutropy_status cutropy_sheet_save(const cutropy_sheet *sheet, cutropy_format format,
                                  const char *path)
{
    table t = {sheet, format};
    return ct_save_run(path, !*sheet->partial, write_table, &t);
}

cutropy_status cutropy_save(const cutropy_result *result, cutropy_format format, cutropy_base base,
                            const char *path)
{
    cutropy_sheet *sheet = NULL;
    cutropy_status status = cutropy_result_sheet(result, base, &sheet);
    if (!status)
        status = cutropy_sheet_save(sheet, format, path);
    const int reason = errno;
    cutropy_sheet_free(sheet);
    errno = reason;
    return status;
}

cutropy_status cutropy_save_check(const char *path)
{
    target t;
    int descriptor = -1;
    cutropy_status status = target_open(path, &t);
    if (status)
        return status;
    if (t.is_regular)
        status = create_temporary(&t, &descriptor);
    if (descriptor >= 0) {
        close(descriptor);
        unlink(t.temporary);
    }
    target_close(&t);
    return status;
}
