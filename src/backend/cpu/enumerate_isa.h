/* SPDX-License-Identifier: Apache-2.0 */
/* Bit-sliced search: a word holds 2^shift images that differ in `shift` neighbouring pixels. At
 * each level one word decides which choices of the next lower pixels can still have label 1; only
 * those are visited. */

#include "base/array.h"
#include "problem/body_files.h"

typedef struct ct_walker {
    const ct_body_data *data;
    ct_body body;
    int stop;
    ct_sink *sink;
    ct_word px[CT_BODY_PIXELS];
} ct_walker;

static ct_word ct_call_body(const ct_walker *w, int first)
{
#define CT_BODY_CASE(name)                                                                         \
    case CT_BODY_##name:                                                                           \
        return CT_BODY(name)(w->data, w->px, first);
    switch (w->body) {
        CT_BODIES(CT_BODY_CASE)
    default:
        return CT_ZERO;
    }
#undef CT_BODY_CASE
}

/* Pixel k of the images inside a word: bit k of the lane number. */
static ct_word ct_lane_pattern(int k)
{
    static const uint64_t low[6] = {UINT64_C(0xaaaaaaaaaaaaaaaa), UINT64_C(0xcccccccccccccccc),
                                    UINT64_C(0xf0f0f0f0f0f0f0f0), UINT64_C(0xff00ff00ff00ff00),
                                    UINT64_C(0xffff0000ffff0000), UINT64_C(0xffffffff00000000)};
    uint64_t parts[CT_WORD_BITS / 64];
    for (int p = 0; p < CT_WORD_BITS / 64; p++)
        parts[p] = k < 6 ? low[k] : (p >> (k - 6)) & 1 ? ~UINT64_C(0) : 0;
    ct_word word;
    memcpy(&word, parts, sizeof word);
    return word;
}

static void ct_sink_push(ct_sink *sink, uint64_t image)
{
    if (sink->count >= sink->limit) {
        sink->overflow = true;
        return;
    }
    if (sink->count == sink->room) {
        const size_t more = sink->room ? sink->room : CT_SINK_START;
        if (sink->reserved &&
            __atomic_add_fetch(sink->reserved, more, __ATOMIC_RELAXED) > sink->most_reserved) {
            sink->overflow = true;
            return;
        }
        if (CT_ROOM("images", sink->list, sink->count, sink->room, more)) {
            sink->no_memory = true;
            return;
        }
    }
    sink->list[sink->count++] = image;
}

static void ct_walk_level(ct_walker *w, uint64_t prefix, int base)
{
    const int low = ct_walk_low(w->data->pixels, base, CT_WORD_SHIFT);
    const int width = base - low;
    uint64_t lanes[CT_WORD_BITS / 64];

    for (int k = 0; k < width; k++)
        w->px[low + k] = ct_lane_pattern(k);
    ct_word alive = ct_call_body(w, low);
    memcpy(lanes, &alive, sizeof lanes);

    const int parts = width <= 6 ? 1 : 1 << (width - 6);
    if (width < 6)
        lanes[0] &= ct_low_mask(1 << width);
    if (low == 0 && w->sink->table) {
        for (int p = 0; p < parts; p++)
            w->sink->table[(prefix >> 6) + (uint64_t)p] = lanes[p];
        return;
    }
    for (int p = 0; p < parts; p++) {
        for (uint64_t bits = lanes[p]; bits; bits &= bits - 1) {
            uint64_t lane = (uint64_t)(64 * p + ct_lowest(bits));
            uint64_t image = prefix | lane << low;
            if (low <= w->stop) {
                ct_sink_push(w->sink, image);
            } else {
                for (int k = 0; k < width; k++)
                    w->px[low + k] = (lane >> k) & 1 ? CT_ONES : CT_ZERO;
                ct_walk_level(w, image, low);
            }
            if (w->sink->overflow || w->sink->no_memory)
                return;
        }
    }
}

static void CT_ISA(walk)(const ct_body_data *data, ct_body body, uint64_t prefix, int base,
                         int stop, ct_sink *sink)
{
    ct_walker w = {.data = data, .body = body, .stop = stop, .sink = sink};
    for (int i = base; i < data->pixels; i++)
        w.px[i] = (prefix >> i) & 1 ? CT_ONES : CT_ZERO;
    ct_walk_level(&w, prefix, base);
}
