/* SPDX-License-Identifier: Apache-2.0 */
/* Hands states of an automaton to its programs. */
#include <string.h>

#include "ctext/fault.h"
#include "ctext/text.h"

/* One question about states that fit into the buffer; outs, flags: states and bytes that come back for each. */
static cutropy_status ask(const ct_ctext *text, ct_worker *worker, const ct_question *q,
                          const uint64_t *states, uint64_t *out, unsigned outs, uint8_t *bytes,
                          unsigned flags)
{
    const size_t ins = states ? q->count * text->state : 0, outsize = outs * q->count * text->state;
    const uint64_t before = worker->shared->filled;
    if (states)
        memcpy(worker->buffer, states, ins);
    const ct_answer answer = ct_worker_ask_for(worker, q, text->seconds);
    if (answer != CT_ANSWER_DONE)
        return ct_fault_tell(text, worker, answer);
    if (worker->shared->filled != before + q->count || worker->shared->fault)
        return ct_fail(CUTROPY_EINPUT,
                       "%s: it writes beyond its arrays: the count of finished states is wrong",
                       text->name);
    if (outs)
        memcpy(out, worker->buffer + ins, outsize);
    for (size_t i = 0; i < flags * q->count; i++)
        bytes[i] = worker->buffer[ins + outsize + i] != 0;
    return CUTROPY_OK;
}

/* In pieces that the buffer takes. */
static cutropy_status ask_all(ct_ctext *text, ct_question q, const uint64_t *states, uint64_t *out,
                              unsigned outs, uint8_t *bytes, unsigned flags)
{
    const size_t count = q.count, most = CT_STATE_COUNT(text->state), words = text->state / 8;
    ct_worker worker;
    cutropy_status status = ct_text_borrow(text, &worker);
    for (size_t done = 0; !status && done < count; done += most) {
        q.count = count - done < most ? count - done : most;
        status = ask(text, &worker, &q, states ? states + done * words : NULL,
                     out ? out + outs * done * words : NULL, outs,
                     bytes ? bytes + flags * done : NULL, flags);
    }
    if (status)
        ct_worker_free(&worker);
    return status ? status : ct_text_give_back(text, &worker);
}

size_t ct_ctext_state_bytes(const ct_ctext *text)
{
    return text->state;
}

cutropy_status ct_ctext_start(ct_ctext *text, uint64_t *state)
{
    return ask_all(text, (ct_question){0, 1, CT_ASK_START}, NULL, state, 1, NULL, 0);
}

cutropy_status ct_ctext_step(ct_ctext *text, int k, const uint64_t *states, size_t count,
                             uint64_t *next, uint8_t *lives)
{
    return ask_all(text, (ct_question){(uint64_t)k, count, CT_ASK_STEP}, states, next, 2, lives, 2);
}

cutropy_status ct_ctext_accept(ct_ctext *text, const uint64_t *states, size_t count,
                               uint8_t *labels)
{
    return ask_all(text, (ct_question){0, count, CT_ASK_ACCEPT}, states, NULL, 0, labels, 1);
}
