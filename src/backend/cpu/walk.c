/* SPDX-License-Identifier: Apache-2.0 */
/* Parallel bit-sliced enumeration: split the top levels into prefixes, walk below them on all
 * threads. */
#include "backend/cpu/walk.h"

#include <string.h>

#include "backend/cpu/image_queue.h"
#include "backend/cpu/isa.h"

/* Enough prefixes that threads finish together. */
#define WANTED_PREFIXES 512

typedef struct ct_prefixes {
    uint64_t *prefix;
    size_t count;
    int base; /* pixels >= base are given */
} ct_prefixes;

/* The stretch of a thread's list that belongs to one prefix. */
typedef struct ct_stretch {
    int thread;
    size_t start, count;
} ct_stretch;

static cutropy_status sink_status(const ct_sink *sink)
{
    return sink->no_memory ? ct_fail_memory("images", sink->count * 16) : CUTROPY_OK;
}

/* Splits level by level until there are enough prefixes or one level is left. */
static cutropy_status find_prefixes(const ct_isa *isa, const ct_body_data *data, ct_body body,
                                    ct_prefixes *out)
{
    cutropy_status status = CUTROPY_OK;
    ct_sink sink = {0};
    *out = (ct_prefixes){.base = data->pixels};
    CT_NEW_ZERO(out->prefix, 1);
    out->count = 1;
    for (;;) {
        int low = ct_walk_low(data->pixels, out->base, isa->shift);
        if (low <= 0 || out->count >= WANTED_PREFIXES)
            break;
        sink = (ct_sink){.limit = SIZE_MAX};
        for (size_t i = 0; i < out->count && !sink.no_memory; i++)
            isa->walk(data, body, out->prefix[i], out->base, low, &sink);
        CT_TRY(sink_status(&sink));
        ct_free(out->prefix);
        out->prefix = sink.list;
        out->count = sink.count;
        out->base = low;
        sink.list = NULL;
    }
done:
    ct_free(sink.list);
    if (status != CUTROPY_OK) {
        ct_free(out->prefix);
        out->prefix = NULL;
    }
    return status;
}

typedef struct ct_walk {
    const ct_isa *isa;
    const ct_body_data *data;
    ct_body body;
    const ct_prefixes *prefixes;
    ct_sink *sinks;
    ct_stretch *stretch;  /* may be NULL */
    uint64_t first, last; /* images that are wanted; last 0: all */
    ct_queue queue;
} ct_walk;

/* Has the prefix an image that is wanted? */
static bool is_wanted(const ct_walk *w, uint64_t prefix)
{
    return !w->last || (prefix < w->last && prefix + (UINT64_C(1) << w->prefixes->base) > w->first);
}

static cutropy_status walk_piece(void *context, size_t first, size_t last, int thread)
{
    cutropy_status status = CUTROPY_OK;
    ct_walk *w = context;
    ct_sink *sink = &w->sinks[thread];
    for (size_t i = first; i < last; i++) {
        const size_t start = sink->count;
        if (is_wanted(w, w->prefixes->prefix[i]))
            w->isa->walk(w->data, w->body, w->prefixes->prefix[i], w->prefixes->base, 0, sink);
        if (w->stretch)
            w->stretch[i] =
                (ct_stretch){.thread = thread, .start = start, .count = sink->count - start};
        CT_TRY(sink_status(sink));
        if (sink->overflow)
            ct_stop_ask(&w->queue.stop); /* no failure: there is another storage */
        else
            ct_queue_finished(&w->queue, 1, thread);
    }
done:
    return status;
}

/* Walks every prefix; each thread has its own sink; stretch (may be NULL) says where the images of a
 * prefix went. */
static cutropy_status walk_prefixes(const ct_isa *isa, const ct_body_data *data, ct_body body,
                                    const ct_evaluate_options *options, const ct_prefixes *prefixes,
                                    ct_sink *sinks, ct_stretch *stretch)
{
    ct_walk w = {.isa = isa,
                 .data = data,
                 .body = body,
                 .prefixes = prefixes,
                 .sinks = sinks,
                 .stretch = stretch,
                 .first = options->first,
                 .last = options->last};
    w.queue = (ct_queue){.count = prefixes->count, .grain = 1, .work = walk_piece, .context = &w};
    const cutropy_status status = ct_cpu_image_queue(&w.queue, options);
    for (int t = 0; t < options->threads; t++)
        if (sinks[t].overflow && status == CUTROPY_ECANCELLED)
            return CUTROPY_OK;
    return status;
}

/* Prefixes ascend, so the stretches in order of their prefixes are the sorted list. */
static cutropy_status join_stretches(const ct_sink *sinks, const ct_stretch *stretch,
                                     size_t stretches, uint64_t total, uint64_t **images)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t place = 0;
    CT_NEW(*images, total);
    for (size_t i = 0; i < stretches; i++) {
        if (stretch[i].count)
            memcpy(*images + place, sinks[stretch[i].thread].list + stretch[i].start,
                   stretch[i].count * sizeof **images);
        place += stretch[i].count;
    }
done:
    return status;
}

cutropy_status ct_walk_list(const ct_body_data *data, ct_body body,
                            const ct_evaluate_options *options, uint64_t limit, uint64_t **images,
                            uint64_t *count, bool *overflow)
{
    cutropy_status status = CUTROPY_OK;
    const ct_isa *isa = ct_isa_pick();
    ct_prefixes prefixes = {0};
    ct_sink *sinks = NULL;
    ct_stretch *stretch = NULL;
    uint64_t total = 0, reserved = 0;

    *images = NULL;
    CT_TRY(find_prefixes(isa, data, body, &prefixes));
    CT_NEW_ZERO(sinks, options->threads);
    CT_NEW_ZERO(stretch, prefixes.count);
    /* lists double, so this much room never refuses `limit` images in all */
    const uint64_t most = 2 * limit + (uint64_t)options->threads * CT_SINK_START;
    for (int t = 0; t < options->threads; t++)
        sinks[t] = (ct_sink){.limit = limit, .reserved = &reserved, .most_reserved = most};
    CT_TRY(walk_prefixes(isa, data, body, options, &prefixes, sinks, stretch));
    *overflow = false;
    for (int t = 0; t < options->threads; t++) {
        CT_TRY(sink_status(&sinks[t]));
        *overflow |= sinks[t].overflow;
        total += sinks[t].count;
    }
    *overflow |= total > limit;
    if (!*overflow) {
        CT_TRY(join_stretches(sinks, stretch, prefixes.count, total, images));
        *count = total;
    }
done:
    for (int t = 0; sinks && t < options->threads; t++)
        ct_free(sinks[t].list);
    ct_free(sinks);
    ct_free(stretch);
    ct_free(prefixes.prefix);
    return status;
}

cutropy_status ct_walk_table(const ct_body_data *data, ct_body body,
                             const ct_evaluate_options *options, uint64_t *table)
{
    cutropy_status status = CUTROPY_OK;
    const ct_isa *isa = ct_isa_pick();
    ct_prefixes prefixes = {0};
    ct_sink *sinks = NULL;
    CT_TRY(find_prefixes(isa, data, body, &prefixes));
    CT_NEW_ZERO(sinks, options->threads);
    for (int t = 0; t < options->threads; t++)
        sinks[t].table = table;
    CT_TRY(walk_prefixes(isa, data, body, options, &prefixes, sinks, NULL));
done:
    ct_free(sinks);
    ct_free(prefixes.prefix);
    return status;
}
