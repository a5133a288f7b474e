/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/fault.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "ctext/tool.h"

#define SHOWN 16 /* bytes of a state */

/* "0x1f", or that it is one of a step. */
static void image_words(const ct_ctext *text, uint64_t at, uint64_t step, char *out, size_t size)
{
    if (step > text->images)
        step = text->images;
    if (text->walks)
        snprintf(out, size, "a walk of its trial (number 0x%" PRIx64 ")", at);
    else if (step > 1)
        snprintf(out, size, "one of the images 0x%" PRIx64 " to 0x%" PRIx64, at, at + step - 1);
    else
        snprintf(out, size, "image 0x%" PRIx64, at);
}

/* Where an automaton was: "pixel 7 in a state of the bytes 0102" (its first ones, as they lie in memory). */
static void state_words(const ct_ctext *text, const ct_worker *worker, char *out, size_t size)
{
    const ct_question *q = &worker->question;
    const uint64_t at = worker->shared->at;
    char bytes[2 * SHOWN + 4] = "";
    for (size_t i = 0; at < q->count && i < SHOWN && i < text->state; i++)
        snprintf(bytes + 2 * i, sizeof bytes - 2 * i, "%02x",
                 (unsigned char)worker->buffer[at * text->state + i]);
    if (q->what == CT_ASK_START)
        snprintf(out, size, "its start");
    else if (q->what == CT_ASK_ACCEPT)
        snprintf(out, size, "accept in a state of the bytes %s%s", bytes,
                 text->state > SHOWN ? ".." : "");
    else
        snprintf(out, size, "pixel %" PRIu64 " in a state of the bytes %s%s", q->first, bytes,
                 text->state > SHOWN ? ".." : "");
}

static void where_words(const ct_ctext *text, const ct_worker *worker, char *out, size_t size)
{
    if (worker->question.what)
        state_words(text, worker, out, size);
    else
        image_words(text, worker->shared->at, worker->shared->step, out, size);
}

/* ---- the line of an instruction ---- */

/* "PATH:LINE" of the innermost function whose file is the user's; 0: none. */
static long line_in(const char *said, const char *name)
{
    const size_t named = strlen(name);
    for (const char *line = said; *line;) {
        const size_t length = strcspn(line, "\n");
        const char *colon = memchr(line, ':', length);
        for (const char *next = colon; next;
             next = memchr(next + 1, ':', (size_t)(line + length - next - 1)))
            colon = next;
        if (colon && (size_t)(colon - line) >= named && !memcmp(colon - named, name, named))
            return strtol(colon + 1, NULL, 10);
        line += length + (line[length] == '\n');
    }
    return 0;
}

/* 0: not known, for want of addr2line or of memory. */
static long find_line(const ct_ctext *text, const char *program, uint64_t place)
{
    char tool[1024], address[32];
    char *work = NULL, *said = NULL, *words = NULL;
    long line = 0;
    int code = 0;
    if (!place || !ct_tool_find("addr2line", tool, sizeof tool) ||
        ct_folder_work(&text->folder, &work))
        return 0;
    snprintf(address, sizeof address, "0x%" PRIx64, place);
    const char *const arguments[] = {tool, "-i", "-e", program, address, NULL};
    said = ct_folder_join(work, "said", "");
    if (said && !ct_tool_run(arguments, said, 10, &code) && !code)
        words = ct_folder_read(said);
    if (words)
        line = line_in(words, text->name);
    ct_free(words);
    ct_free(said);
    ct_folder_drop(work);
    return line;
}

/* Where it happened. */
typedef struct place {
    char line[32]; /* ":7", or "" where it is not known */
    char image[96];
} place;

/* The question of the one that failed, from the step on at which it did. */
static ct_question same_question(const ct_ctext *text, const ct_worker *failed, ct_worker *again)
{
    ct_question q = failed->question;
    const uint64_t at = failed->shared->at, step = failed->shared->step;
    if (!q.what) {
        const uint64_t rest = text->images - at;
        return (ct_question){at, rest < step ? rest : step, CT_ASK_IMAGES};
    }
    if (q.what != CT_ASK_START && at < q.count) {
        q.count = 1;
        memcpy(again->buffer, failed->buffer + at * text->state, text->state);
    }
    return q;
}

/* The same once more, image by image. Where that fails too, its image and its line are those. */
static void look_closer(const ct_ctext *text, const ct_worker *failed, place *out)
{
    ct_program program = {0};
    ct_worker worker = {0};
    if (!ct_compile(&text->compiler, &text->folder, text->name, text->slow_text, true, &program) &&
        !ct_worker_start(program.path, &worker)) {
        const ct_question q = same_question(text, failed, &worker);
        const ct_answer answer = ct_worker_ask_for(&worker, &q, text->seconds);
        const uint32_t fault = worker.shared->fault;
        if (answer == CT_ANSWER_ENDED && fault != CT_FAULT_NONE && fault != CT_FAULT_IMPURE) {
            const long line = find_line(text, program.path, worker.shared->place);
            where_words(text, &worker, out->image, sizeof out->image);
            if (line)
                snprintf(out->line, sizeof out->line, ":%ld", line);
        }
    }
    ct_worker_free(&worker);
    ct_program_free(&program);
}

static const char *call_words(long number)
{
    switch (number) {
    case SYS_write:
    case SYS_writev:
        return "prints";
    case SYS_clock_gettime:
        return "reads the clock";
    case SYS_exit_group:
        return "ends the program";
    case SYS_clone:
#ifdef SYS_clone3
    case SYS_clone3:
#endif
#ifdef SYS_fork
    case SYS_fork:
    case SYS_vfork:
#endif
        return "starts a process";
    case SYS_brk:
    case SYS_mmap:
    case SYS_getrandom: /* the first thing that malloc does */
        return "asks for memory";
    default:
        return "calls the system";
    }
}

cutropy_status ct_fault_tell(const ct_ctext *text, const ct_worker *worker, ct_answer answer)
{
    const ct_shared *shared = worker->shared;
    const uint32_t fault = shared->fault, detail = shared->detail;
    const char *name = text->name;
    place p = {.line = ""};
    where_words(text, worker, p.image, sizeof p.image);
    if (answer == CT_ANSWER_LATE)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: no answer within %d seconds at %s: an endless loop? (seconds=N allows "
                       "more)",
                       name, text->seconds, p.image);
    if (fault == CT_FAULT_TRAP || fault == CT_FAULT_MEMORY || fault == CT_FAULT_SYSTEM)
        look_closer(text, worker, &p);
    switch (fault) {
    case CT_FAULT_TRAP:
        return ct_fail(CUTROPY_EINPUT,
                       "%s%s: undefined behaviour at %s: a division by zero, a shift too far, an "
                       "overflow, or an index out of bounds",
                       name, p.line, p.image);
    case CT_FAULT_MEMORY:
        return ct_fail(CUTROPY_EINPUT,
                       "%s%s: a crash at %s: it reads or writes beyond its arrays, or calls itself "
                       "too deeply",
                       name, p.line, p.image);
    case CT_FAULT_SYSTEM:
        return ct_fail(CUTROPY_EINPUT,
                       "%s%s: it %s at %s (system call %u): a function of images only computes",
                       name, p.line, call_words((long)detail), p.image, detail);
    case CT_FAULT_IMPURE:
        if (text->form.automaton)
            return ct_fail(CUTROPY_EINPUT,
                           "%s: two answers from the same state at %s: it must keep nothing from "
                           "call to call (static variables), read nothing that it has not set, and "
                           "set all bytes of its state (a struct may have gaps between its fields)",
                           name, p.image);
        return ct_fail(CUTROPY_EINPUT,
                       "%s: two answers for the same image, %s: it must keep nothing from call to "
                       "call (static variables) and read nothing that it has not set",
                       name, p.image);
    case CT_FAULT_IMAGE:
        return ct_fail(CUTROPY_EINPUT, "%s: it changes its image, which is to be read only, at %s",
                       name, p.image);
    case CT_FAULT_SETUP:
        return ct_fail(CUTROPY_EUNSUPPORTED,
                       "%s: this system does not let a program give up its system calls "
                       "(seccomp: %s), without which C text is not run",
                       name, strerror((int)detail));
    default:
        break;
    }
    if (WIFSIGNALED(worker->status))
        return ct_fail(CUTROPY_EINPUT, "%s: its program was ended by signal %d at %s", name,
                       WTERMSIG(worker->status), p.image);
    return ct_fail(CUTROPY_EIO, "%s: its program ended at %s, with code %d", name, p.image,
                   WIFEXITED(worker->status) ? WEXITSTATUS(worker->status) : -1);
}
