/* SPDX-License-Identifier: Apache-2.0 */
#include "ctext/trial.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "ctext/fault.h"

#define COMPARED 16          /* steps that two programs are asked for */
#define COMPARED_TOGETHER 32 /* images of one question */
#define COMPARE_SECONDS 0.25 /* then that is enough */

cutropy_status ct_trial_start(const ct_ctext *text, const char *program, uint64_t key,
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
    if (text->walks)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: a walk through its states has two ends, with and without optimisation: "
                       "it reads what it has not set, or beyond its arrays",
                       text->name);
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
    CT_TRY(ct_trial_start(text, program.path, text->slow_key, &slow));
    CT_TRY(ct_trial_start(text, text->program.path, text->key, fast));
    CT_TRY(compare(text, fast, &slow));
done:
    if (status)
        ct_worker_free(fast);
    ct_worker_free(&slow);
    ct_program_free(&program);
    return status;
}

cutropy_status ct_trial_once(ct_ctext *text, ct_worker *worker)
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
