/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/record/journal_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static cutropy_status io_error(const char *what, const char *path)
{
    return ct_fail(CUTROPY_EIO, "cannot %s '%s': %s", what, path, strerror(errno));
}

/* A file system without locks is one where nobody else can be seen. */
static cutropy_status claim(const char *path, int descriptor)
{
    if (flock(descriptor, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK)
        return ct_fail(CUTROPY_EIO,
                       "'%s' is being written by another run: wait for it, or name another output",
                       path);
    return CUTROPY_OK;
}

static cutropy_status read_all(const char *path, int descriptor, size_t length, char *to)
{
    for (size_t done = 0; done < length;) {
        const ssize_t got = pread(descriptor, to + done, length - done, (off_t)done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            errno = got ? errno : EIO; /* it is locked: nobody shortens it */
            return io_error("read", path);
        }
        done += (size_t)got;
    }
    return CUTROPY_OK;
}

cutropy_status ct_journal_file_open(const char *path, ct_journal_file *out, char **text,
                                    size_t *length)
{
    cutropy_status status = CUTROPY_OK;
    struct stat state;
    *out = (ct_journal_file){.path = ct_strdup(path), .descriptor = -1};
    *text = NULL;
    *length = 0;
    if (!out->path)
        CT_TRY(ct_fail_memory("path", strlen(path)));
    out->descriptor = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (out->descriptor < 0) {
        if (errno != ENOENT)
            status = io_error("open", path);
        else if (!lstat(path, &state)) /* where it leads, nothing is made */
            status =
                ct_fail(CUTROPY_EIO, "'%s' is a link to a file that is not there: remove it", path);
        goto done;
    }
    CT_TRY(claim(path, out->descriptor));
    if (fstat(out->descriptor, &state))
        CT_TRY(io_error("read", path));
    if (!S_ISREG(state.st_mode))
        CT_TRY(ct_fail(CUTROPY_EIO, "cannot write '%s': it is no plain file", path));
    if (!state.st_nlink) { /* its run came to an end while we waited for nothing */
        close(out->descriptor);
        out->descriptor = -1;
        goto done;
    }
    *length = (size_t)state.st_size;
    out->length = *length;
    CT_NEW(*text, *length + 1);
    CT_TRY(read_all(path, out->descriptor, *length, *text));
done:
    if (status != CUTROPY_OK) {
        ct_journal_file_close(out, false);
        ct_free(*text);
        *text = NULL;
    }
    return status;
}

void ct_journal_file_keep(ct_journal_file *file, uint64_t length)
{
    file->longer = file->longer || length < file->length;
    file->length = length;
}

static cutropy_status cut(ct_journal_file *file)
{
    if (ftruncate(file->descriptor, (off_t)file->length) || fsync(file->descriptor))
        return io_error("write", file->path);
    file->longer = false;
    return CUTROPY_OK;
}

/* The name of a new file is safe when its folder is; that may fail, since not every file system can. */
static void sync_folder(const char *path)
{
    char folder[4096];
    const char *slash = strrchr(path, '/');
    const size_t length = slash ? (size_t)(slash - path) + 1 : 1;
    if (length >= sizeof folder)
        return;
    memcpy(folder, slash ? path : ".", length);
    folder[length] = '\0';
    const int descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
        return;
    fsync(descriptor);
    close(descriptor);
}

static cutropy_status create(ct_journal_file *file)
{
    file->descriptor = open(file->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file->descriptor < 0 && errno == EEXIST)
        return ct_fail(CUTROPY_EIO,
                       "'%s' was made by another run meanwhile: two runs cannot have one output",
                       file->path);
    if (file->descriptor < 0)
        return io_error("write", file->path);
    sync_folder(file->path);
    return claim(file->path, file->descriptor);
}

/* How many bytes were written; fewer: errno says why. */
static size_t write_all(int descriptor, const char *bytes, size_t count, uint64_t at)
{
    size_t done = 0;
    while (done < count) {
        const ssize_t put = pwrite(descriptor, bytes + done, count - done, (off_t)(at + done));
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            errno = put ? errno : ENOSPC;
            break;
        }
        done += (size_t)put;
    }
    return done;
}

cutropy_status ct_journal_file_append(ct_journal_file *file, const char *bytes, size_t count)
{
    if (file->descriptor < 0) {
        const cutropy_status status = create(file);
        if (status != CUTROPY_OK)
            return status;
    }
    if (file->longer) {
        const cutropy_status status = cut(file);
        if (status != CUTROPY_OK)
            return status;
    }
    const size_t written = write_all(file->descriptor, bytes, count, file->length);
    if (written < count || fdatasync(file->descriptor)) {
        const int reason = errno;
        const char *last = memrchr(bytes, '\n', written); /* the lines that are whole stay */
        file->length += last ? (uint64_t)(last - bytes) + 1 : 0;
        const int cut =
            ftruncate(file->descriptor, (off_t)file->length) || fdatasync(file->descriptor);
        (void)cut; /* else the next run does it */
        return ct_fail(
            CUTROPY_EIO,
            "cannot write '%s': %s: what it holds stays, and --resume goes on from there",
            file->path, strerror(reason));
    }
    file->length += count;
    return CUTROPY_OK;
}

void ct_journal_file_close(ct_journal_file *file, bool removes)
{
    if (file->descriptor >= 0) {
        if (removes)
            unlink(file->path);
        close(file->descriptor);
    }
    ct_free(file->path);
    *file = (ct_journal_file){.descriptor = -1};
}
