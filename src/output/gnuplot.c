/* SPDX-License-Identifier: Apache-2.0 */
/* gnuplot as a child process: an argument vector, no shell. */
#include "output/gnuplot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/base.h"
#include "base/spawn.h"

extern char **environ;

#define SAID 4096

static cutropy_status system_error(const char *script, int reason)
{
    return ct_fail(CUTROPY_EIO, "cannot run gnuplot on %s: %s", script, strerror(reason));
}

/* What a call is given: a script of a folder, or (folder NULL) its text and room for what it prints. */
typedef struct job {
    const char *folder, *script;
    FILE *text, *printed;
} job;

/* 0 or an errno. */
static int spawn(const job *j, int error_pipe[2], pid_t *child)
{
    char name[] = "gnuplot";
    char *const arguments[] = {name, (char *)j->script, NULL};
    posix_spawn_file_actions_t actions;
    int failed = posix_spawn_file_actions_init(&actions);
    if (failed)
        return failed;
    if (j->folder) {
        failed = posix_spawn_file_actions_addchdir_np(&actions, j->folder);
        if (!failed)
            failed = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
        if (!failed)
            failed = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    } else {
        failed = posix_spawn_file_actions_adddup2(&actions, fileno(j->text), 0);
        if (!failed)
            failed = posix_spawn_file_actions_adddup2(&actions, fileno(j->printed), 1);
    }
    if (!failed)
        failed = posix_spawn_file_actions_adddup2(&actions, error_pipe[1], 2);
    if (!failed)
        failed = ct_spawn(name, arguments, environ, &actions, false, child);
    posix_spawn_file_actions_destroy(&actions);
    return failed;
}

/* The beginning of what comes through the pipe; the rest is read and dropped. */
static void listen_to(int descriptor, char *said)
{
    char waste[512];
    size_t length = 0;
    for (;;) {
        bool room = length < SAID - 1;
        ssize_t got =
            read(descriptor, room ? said + length : waste, room ? SAID - 1 - length : sizeof waste);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            break;
        length += room ? (size_t)got : 0;
    }
    said[length] = '\0';
}

/* gnuplot shows the faulty line and a caret before the reason, and warnings before and behind: keep the line behind the first
 * caret, else the last line that says something. */
static const char *reason_in(char *said)
{
    const char *reason = "it gave no reason";
    bool pointed = false;
    char *rest;
    for (char *line = strtok_r(said, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        line += strspn(line, " \t");
        if (*line && *line != '^')
            reason = line;
        if (pointed && reason == line)
            break;
        pointed |= *line == '^';
    }
    return reason;
}

static cutropy_status draw(const job *j, bool *found)
{
    const char *script = j->script;
    int error_pipe[2], state = 0;
    char said[SAID];
    pid_t child, ended;
    *found = true;
    if (pipe2(error_pipe, O_CLOEXEC))
        return system_error(script, errno);
    int failed = spawn(j, error_pipe, &child);
    close(error_pipe[1]);
    if (!failed)
        listen_to(error_pipe[0], said);
    close(error_pipe[0]);
    if (failed == ENOENT &&
        (!j->folder || !access(j->folder, X_OK))) { /* not the folder: the program */
        *found = false;
        return CUTROPY_OK;
    }
    if (failed)
        return system_error(script, failed);
    do
        ended = waitpid(child, &state, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0)
        return system_error(script, errno);
    if (WIFSIGNALED(state))
        return ct_fail(CUTROPY_EIO, "gnuplot was stopped by signal %d in %s/%s", WTERMSIG(state),
                       j->folder ? j->folder : "", script);
    if (WEXITSTATUS(state))
        return ct_fail(CUTROPY_EIO, "gnuplot failed on %s/%s: %s", j->folder ? j->folder : "",
                       script, reason_in(said));
    return CUTROPY_OK;
}

cutropy_status ct_gnuplot(const char *folder, const char *script, bool *found)
{
    const job j = {.folder = folder, .script = script};
    return draw(&j, found);
}

cutropy_status ct_gnuplot_text(const ct_text *script, ct_text *picture, bool *found)
{
    cutropy_status status = CUTROPY_OK;
    job j = {.script = "-", .text = tmpfile(), .printed = tmpfile()};
    char piece[4096];
    size_t got;
    if (!j.text || !j.printed ||
        fwrite(script->bytes, 1, script->length, j.text) != script->length || fflush(j.text) ||
        lseek(fileno(j.text), 0, SEEK_SET))
        CT_TRY(system_error("a temporary file", errno));
    CT_TRY(draw(&j, found));
    rewind(j.printed);
    while ((got = fread(piece, 1, sizeof piece, j.printed)) > 0)
        ct_text_add(picture, piece, got);
    if (ferror(j.printed))
        CT_TRY(system_error("a temporary file", errno));
    if (picture->failed)
        CT_TRY(ct_fail_memory("picture", picture->length));
done:
    if (j.text)
        fclose(j.text);
    if (j.printed)
        fclose(j.printed);
    return status;
}
