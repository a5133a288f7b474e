/* SPDX-License-Identifier: Apache-2.0 */
/* Opens texts, and hands images to programs: each thread that asks gets one of its own. */
#include "ctext/text.h"

#include <inttypes.h>
#include <string.h>

#include "base/array.h"
#include "base/clock.h"
#include "ctext/fault.h"
#include "ctext/source.h"

#define COMPARED 16          /* steps that two programs are asked for */
#define COMPARED_TOGETHER 32 /* images of one question */
#define COMPARE_SECONDS 0.25 /* then that is enough */

/* Images of a step: words of 512 need 9 pixels. */
static int step_of(const ct_ctext_form *form, int pixels)
{
    return form->kind != CT_CTEXT_LABEL ? 1 : form->sliced && pixels >= 9 ? 512 : 64;
}

static cutropy_status check(const ct_ctext_source *source)
{
    if (!source->name || !*source->name || strpbrk(source->name, "\r\n"))
        return ct_fail(CUTROPY_EINPUT, "a C text needs a name of one line");
    if (!source->text)
        return ct_fail(CUTROPY_EINPUT, "%s: there is no text", source->name);
    if (strnlen(source->text, CT_CTEXT_LONGEST + 1) > CT_CTEXT_LONGEST)
        return ct_fail(CUTROPY_EINPUT, "%s: longer than 1 MiB, which no function of images is",
                       source->name);
    return CUTROPY_OK;
}

cutropy_status ct_ctext_open(const ct_ctext_source *source, ct_ctext **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_ctext *t = NULL;
    char *whole = NULL;
    *out = NULL;
    CT_TRY(check(source));
    CT_NEW_ZERO(t, 1);
    if (pthread_mutex_init(&t->lock, NULL)) {
        ct_free(t);
        return ct_fail_memory("lock", sizeof t->lock);
    }
    if (pthread_mutex_init(&t->trial, NULL)) {
        pthread_mutex_destroy(&t->lock);
        ct_free(t);
        return ct_fail_memory("lock", sizeof t->trial);
    }
    t->images = UINT64_C(1) << source->pixels;
    t->seconds = source->seconds;
    t->name = ct_strdup(source->name);
    if (!t->name)
        CT_TRY(ct_fail_memory("name", strlen(source->name)));
    CT_TRY(ct_ctext_form_of(source->name, source->text, &t->form));
    t->step = (unsigned)step_of(&t->form, source->pixels);
    CT_TRY(ct_ctext_write(source, &t->form, (int)t->step, &whole, &t->key));
    CT_TRY(ct_ctext_write(source, &t->form, 1, &t->slow_text, &t->slow_key));
    CT_TRY(ct_compiler_find(&t->compiler));
    CT_TRY(ct_folder_open(&t->folder));
    CT_TRY(ct_compile(&t->compiler, &t->folder, t->name, whole, false, &t->program));
    *out = t;
    t = NULL;
done:
    ct_free(whole);
    ct_ctext_free(t);
    return status;
}

void ct_ctext_free(ct_ctext *text)
{
    if (!text)
        return;
    for (size_t i = 0; i < text->idle_count; i++)
        ct_worker_free(&text->idle[i]);
    ct_free(text->idle);
    ct_program_free(&text->program);
    ct_folder_close(&text->folder);
    ct_compiler_free(&text->compiler);
    ct_free(text->slow_text);
    ct_free(text->refusal);
    ct_free(text->name);
    pthread_mutex_destroy(&text->trial);
    pthread_mutex_destroy(&text->lock);
    ct_free(text);
}

ct_ctext_kind ct_ctext_kind_of(const ct_ctext *text)
{
    return text->form.kind;
}

/* ---- programs ---- */

/* A new program, which has shown that it is the right one and has been tried. */
static cutropy_status start_program(const ct_ctext *text, const char *program, uint64_t key,
                                    ct_worker *worker)
{
    cutropy_status status = ct_worker_start(program, worker);
    if (status)
        return status;
    const ct_answer answer = ct_worker_ask(worker, 0, 0, text->seconds);
    if (worker->shared->key && worker->shared->key != key)
        status = ct_fail(CUTROPY_EIO, "%s: %s is the program of another text: remove it",
                         text->name, program);
    else if (answer != CT_ANSWER_DONE)
        status = ct_fault_tell(text, worker, answer);
    if (status)
        ct_worker_free(worker);
    return status;
}

/* ---- the trial ---- */

/* Labels and integers of one image, from what programs have filled in: k counts the images in `buffer`. */
static uint64_t fast_value(const ct_ctext *text, const char *buffer, uint64_t k)
{
    const bool label = text->form.kind == CT_CTEXT_LABEL;
    uint64_t word;
    memcpy(&word, buffer + 8 * (label ? k / 64 : k), 8);
    return label ? word >> k % 64 & 1 : word;
}

static cutropy_status refuse(const ct_ctext *text, uint64_t image)
{
    if (text->form.sliced)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: image 0x%" PRIx64 " has another label alone than in a word of %u "
                       "images: words are made of others by & | ^ ~ only (no + or -, no shifts, "
                       "nothing that looks into a word)",
                       text->name, image, text->step);
    return ct_fail(CUTROPY_EINPUT,
                   "%s: image 0x%" PRIx64 " has two values, with and without optimisation: it "
                   "reads what it has not set, or beyond its arrays",
                   text->name, image);
}

/* Some images of the step from `first` on, the same from both programs? */
static cutropy_status compare_some(const ct_ctext *text, ct_worker *fast, ct_worker *slow,
                                   uint64_t first, uint64_t from, uint64_t count)
{
    const ct_answer answer = ct_worker_ask(slow, first + from, count, text->seconds);
    if (answer != CT_ANSWER_DONE)
        return ct_fault_tell(text, slow, answer);
    for (uint64_t k = 0; k < count; k++) {
        uint64_t alone;
        memcpy(&alone, slow->buffer + 8 * k, 8);
        if (alone != fast_value(text, fast->buffer, from + k))
            return refuse(text, first + from + k);
    }
    return CUTROPY_OK;
}

/* Whole steps of the fast program against the slow one, which has one image a step: the first one, the last one and
 * some between; a slow function is tried on less of it. Real numbers may differ in their last digits. */
static cutropy_status compare(const ct_ctext *text, ct_worker *fast, ct_worker *slow)
{
    cutropy_status status = CUTROPY_OK;
    const double start = ct_now();
    const uint64_t size = text->form.kind == CT_CTEXT_LABEL ? text->step : 64;
    const uint64_t step = size < text->images ? size : text->images, steps = text->images / step;
    if (text->form.kind > CT_CTEXT_INTEGER)
        return CUTROPY_OK;
    for (uint64_t k = 0; k < COMPARED && k < steps && ct_now() - start < COMPARE_SECONDS; k++) {
        const uint64_t which = !k ? 0 : k == 1 ? steps - 1 : ct_mix64(k) % steps;
        const uint64_t asked = text->form.kind == CT_CTEXT_LABEL ? text->step : step;
        const ct_answer answer = ct_worker_ask(fast, which * step, asked, text->seconds);
        if (answer != CT_ANSWER_DONE)
            return ct_fault_tell(text, fast, answer);
        for (uint64_t i = 0; i < step && ct_now() - start < COMPARE_SECONDS; i += COMPARED_TOGETHER)
            CT_TRY(compare_some(text, fast, slow, which * step, i,
                                step - i < COMPARED_TOGETHER ? step - i : COMPARED_TOGETHER));
    }
done:
    return status;
}

/* Without optimisation, where variables that were not set are what lies in memory, and with it. Both must be of one
 * opinion. */
static cutropy_status try_both(ct_ctext *text, ct_worker *fast)
{
    cutropy_status status = CUTROPY_OK;
    ct_program program = {0};
    ct_worker slow = {0};
    CT_TRY(ct_compile(&text->compiler, &text->folder, text->name, text->slow_text, true, &program));
    CT_TRY(start_program(text, program.path, text->slow_key, &slow));
    CT_TRY(start_program(text, text->program.path, text->key, fast));
    CT_TRY(compare(text, fast, &slow));
done:
    if (status)
        ct_worker_free(fast);
    ct_worker_free(&slow);
    ct_program_free(&program);
    return status;
}

/* Once for a text, by whoever comes first, who gets the program that was tried. What is wrong with the text is the
 * answer to all who come later. */
static cutropy_status try_once(ct_ctext *text, ct_worker *worker)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_lock(&text->trial);
    if (text->refused) {
        status = ct_fail(text->refused, "%s", text->refusal);
    } else if (!text->tried) {
        status = try_both(text, worker);
        text->tried = !status;
        if (status == CUTROPY_EINPUT && (text->refusal = ct_strdup(cutropy_error())) != NULL)
            text->refused = status;
    }
    pthread_mutex_unlock(&text->trial);
    return status;
}

static cutropy_status borrow(ct_ctext *text, ct_worker *worker)
{
    *worker = (ct_worker){0};
    pthread_mutex_lock(&text->lock);
    while (text->idle_count && !worker->process) {
        *worker = text->idle[--text->idle_count];
        if (!ct_worker_is_ours(worker)) /* we are a fork of the one that started it */
            ct_worker_free(worker);
    }
    pthread_mutex_unlock(&text->lock);
    if (worker->process)
        return CUTROPY_OK;
    const cutropy_status status = try_once(text, worker);
    if (status || worker->process)
        return status;
    return start_program(text, text->program.path, text->key, worker);
}

static cutropy_status give_back(ct_ctext *text, ct_worker *worker)
{
    pthread_mutex_lock(&text->lock);
    const cutropy_status status =
        CT_ROOM("programs", text->idle, text->idle_count, text->idle_room, 1);
    if (!status)
        text->idle[text->idle_count++] = *worker;
    pthread_mutex_unlock(&text->lock);
    if (status)
        ct_worker_free(worker);
    return status;
}

/* ---- images ---- */

/* One question: images first .. first + count - 1, which fit into the buffer together with what makes whole steps
 * of them. */
static cutropy_status fill_some(const ct_ctext *text, ct_worker *worker, uint64_t first,
                                uint64_t count, void *out)
{
    static const size_t bits_of[] = {1, 64, 64, 128};
    const size_t bits = bits_of[text->form.kind];
    const uint64_t start = first - first % text->step;
    const uint64_t asked = (first + count - start + text->step - 1) / text->step * text->step;
    const uint64_t before = worker->shared->filled;
    const ct_answer answer = ct_worker_ask(worker, start, asked, text->seconds);
    if (answer != CT_ANSWER_DONE)
        return ct_fault_tell(text, worker, answer);
    if (worker->shared->filled != before + asked || worker->shared->fault)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: it writes beyond its arrays: the count of finished images is wrong",
                       text->name);
    memcpy(out, worker->buffer + (first - start) * bits / 8, (count * bits + 7) / 8);
    return CUTROPY_OK;
}

cutropy_status ct_ctext_fill(ct_ctext *text, uint64_t first, uint64_t count, void *out)
{
    cutropy_status status = CUTROPY_OK;
    const bool label = text->form.kind == CT_CTEXT_LABEL;
    const uint64_t most = label ? CT_CTEXT_PIECE : CT_SHARED_BUFFER / 16;
    const size_t bytes = text->form.kind == CT_CTEXT_COMPLEX ? 16 : 8; /* of a value or a word */
    ct_worker worker;
    status = borrow(text, &worker);
    for (uint64_t done = 0; !status && done < count; done += most) {
        const uint64_t rest = count - done, images = rest < most ? rest : most;
        status = fill_some(text, &worker, first + done, images,
                           (char *)out + (label ? done / 64 : done) * bytes);
    }
    if (status)
        ct_worker_free(&worker);
    return status ? status : give_back(text, &worker);
}
