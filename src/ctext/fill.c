/* SPDX-License-Identifier: Apache-2.0 */
/* Opens texts, and hands images to programs: each thread that asks gets one of its own. */
#include "ctext/text.h"

#include <string.h>

#include "base/array.h"
#include "ctext/fault.h"
#include "ctext/message.h"
#include "ctext/source.h"
#include "ctext/trial.h"

#define MOST_PIXELS 40 /* of what is asked image by image */

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

/* For devices, or why not. */
static cutropy_status write_kernel(ct_ctext *t, const ct_ctext_source *source)
{
    cutropy_status status = CUTROPY_EUNSUPPORTED;
    if (t->form.kind == CT_CTEXT_COMPLEX)
        ct_fail(status, "%s: complex amplitudes are no matter for a device", t->name);
    else if (t->form.automaton)
        ct_fail(status, "%s: an automaton is read by the CPU", t->name);
    else if (source->pixels < 6)
        ct_fail(status, "%s: fewer than 6 pixels are no matter for a device", t->name);
    else
        status = ct_ctext_write_kernel(source, &t->form, &t->kernel_text);
    if (status != CUTROPY_EUNSUPPORTED)
        return status;
    ct_ctext_device_refused(t, cutropy_error());
    return CUTROPY_OK;
}

/* How large a state is, which the compiler alone knows. */
static cutropy_status learn_state(ct_ctext *text)
{
    ct_worker worker;
    const cutropy_status status = ct_text_borrow(text, &worker);
    if (status)
        return status;
    text->state = 8 * CT_STATE_WORDS((size_t)worker.shared->state);
    if (!text->state || text->state > CT_STATE_MOST) {
        ct_worker_free(&worker);
        return ct_fail(CUTROPY_EINPUT, "%s: it writes beyond its arrays: its state has no size",
                       text->name);
    }
    return ct_text_give_back(text, &worker);
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
    t->walks = source->pixels > MOST_PIXELS;
    t->images = UINT64_C(1) << (t->walks ? MOST_PIXELS : source->pixels);
    t->seconds = source->seconds;
    t->name = ct_strdup(source->name);
    if (!t->name)
        CT_TRY(ct_fail_memory("name", strlen(source->name)));
    CT_TRY(ct_ctext_form_of(source->name, source->text, &t->form));
    t->step = (unsigned)step_of(&t->form, source->pixels);
    CT_TRY(ct_ctext_write(source, &t->form, (int)t->step, &whole, &t->key));
    CT_TRY(ct_ctext_write(source, &t->form, 1, &t->slow_text, &t->slow_key));
    CT_TRY(write_kernel(t, source));
    CT_TRY(ct_compiler_find(&t->compiler));
    CT_TRY(ct_folder_open(&t->folder));
    CT_TRY(ct_message_teach(
        &t->form, ct_compile(&t->compiler, &t->folder, t->name, whole, false, &t->program)));
    if (t->form.automaton)
        CT_TRY(learn_state(t));
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
    ct_free(text->kernel_text);
    ct_free(text->no_device);
    ct_free(text->refusal);
    ct_free(text->name);
    pthread_mutex_destroy(&text->trial);
    pthread_mutex_destroy(&text->lock);
    ct_free(text);
}

bool ct_ctext_is_automaton(const char *text)
{
    ct_ctext_form form = {0};
    if (text)
        (void)ct_ctext_form_of("", text, &form);
    return form.automaton;
}

ct_ctext_kind ct_ctext_kind_of(const ct_ctext *text)
{
    return text->form.kind;
}

/* ---- programs ---- */

cutropy_status ct_text_borrow(ct_ctext *text, ct_worker *worker)
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
    const cutropy_status status = ct_trial_once(text, worker);
    if (status || worker->process)
        return status;
    return ct_trial_start(text, text->program.path, text->key, worker);
}

cutropy_status ct_text_give_back(ct_ctext *text, ct_worker *worker)
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
    status = ct_text_borrow(text, &worker);
    for (uint64_t done = 0; !status && done < count; done += most) {
        const uint64_t rest = count - done, images = rest < most ? rest : most;
        status = fill_some(text, &worker, first + done, images,
                           (char *)out + (label ? done / 64 : done) * bytes);
    }
    if (status)
        ct_worker_free(&worker);
    return status ? status : ct_text_give_back(text, &worker);
}
