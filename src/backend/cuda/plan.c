/* SPDX-License-Identifier: Apache-2.0 */
#include "backend/cuda/plan.h"

#include "base/bits.h"

ct_shape ct_shape_of(const ct_function *f, int na)
{
    const bool bits = f->storage != CT_VALUES;
    const int n[2] = {na, f->pixels - na};
    ct_shape shape = {.pixels = f->pixels,
                      .na = na,
                      .kind = f->kind,
                      .value = {f->value[0], f->value[1]},
                      .integers = f->kind == CUTROPY_KIND_LABEL || f->kind == CUTROPY_KIND_INTEGER,
                      .drop_zero = !bits || f->value[0] == 0,
                      .entry_words = bits ? 0 : (int)(ct_value_bytes(f->kind) / 8),
                      .parts = f->kind == CUTROPY_KIND_COMPLEX ? 2 : 1,
                      .images = f->storage == CT_SUPPORT ? (int64_t)f->ones : 0};
    for (int s = 0; s < 2 && !shape.images; s++) {
        const int64_t columns = INT64_C(1) << n[1 - s];
        shape.rows[s] = INT64_C(1) << n[s];
        shape.words[s] = bits ? (int64_t)ct_table_words(n[1 - s]) : columns * shape.entry_words;
    }
    return shape;
}

/* ---- the layout ---- */

/* Slots of a table of hashes; blocks.cu needs room for 6 numbers a row there. */
static int64_t slots_for(const ct_shape *shape, int64_t rows)
{
    int64_t slots = 2;
    while (slots < (shape->images ? 4 : 2) * rows)
        slots *= 2;
    return slots;
}

/* One side: 8 words + 48 + 8 bytes a row. */
static void place_side(const ct_shape *shape, int s, int64_t cuts, ct_region *region,
                       ct_device_blocks *b)
{
    const uint64_t rows = (uint64_t)(cuts * shape->rows[s]);
    const int64_t slots = slots_for(shape, shape->rows[s]);
    ct_device_classes *side = &b->side[s];
    side->cuts = cuts;
    side->rows_per_cut = shape->rows[s];
    side->words = shape->words[s];
    side->slots = slots;
    if (!shape->images)
        side->rows = ct_region_take(region, rows * (uint64_t)shape->words[s] * 8);
    side->hash = ct_region_take(region, rows * 8);
    side->key = ct_region_take(region, (uint64_t)(cuts * slots) * 8);
    side->slot_row = ct_region_take(region, (uint64_t)(cuts * slots) * 4);
    side->class_of = ct_region_take(region, rows * 4);
    side->first = ct_region_take(region, rows * 4);
    side->weight = ct_region_take(region, rows * 8);
    b->block_of[s] = ct_region_take(region, rows * 4);
    b->member[s] = ct_region_take(region, rows * 4);
}

bool ct_layout_place(const ct_shape *shape, int64_t cuts, ct_region *region, ct_layout *out)
{
    const uint64_t starts = (uint64_t)(cuts * (shape->rows[0] + 1)) * 4;
    ct_device_blocks *b = &out->blocks;
    *out = (ct_layout){.control_bytes = ct_control_bytes(cuts)};
    out->mask = ct_region_take(region, (uint64_t)cuts * 8);
    for (int s = 0; s < 2; s++)
        place_side(shape, s, cuts, region, b);
    b->entry_words = shape->entry_words;
    b->all = !shape->drop_zero;
    b->parent = ct_region_take(region, (uint64_t)(cuts * (shape->rows[0] + shape->rows[1])) * 4);
    out->control = ct_region_take(region, out->control_bytes);
    for (int s = 0; s < 2; s++)
        b->start[s] = ct_region_take(region, starts);
    if (!b->start[1]) /* the last one: nothing before it failed */
        return false;
    const ct_control control = ct_control_at(out->control, cuts);
    for (int s = 0; s < 2; s++) {
        b->side[s].count = control.classes[s];
        b->side[s].collided = control.collided[s];
    }
    b->begin = control.begin;
    b->blocks = control.blocks;
    return true;
}

/* No array of a batch has more bytes than this. */
#define COUNTABLE (UINT64_C(1) << 46)

/* What ct_layout_place takes; UINT64_MAX: more than can be counted. */
static uint64_t layout_bytes(const ct_shape *shape, int64_t cuts)
{
    ct_region region = ct_region_counting();
    ct_layout layout;
    const uint64_t cells = (uint64_t)shape->rows[1] * (uint64_t)shape->words[1] * 8,
                   slots = (uint64_t)shape->rows[1] * 16, largest = cells > slots ? cells : slots;
    if (largest > COUNTABLE / (uint64_t)cuts)
        return UINT64_MAX;
    ct_layout_place(shape, cuts, &region, &layout);
    return region.used;
}

/* ---- lists ---- */

void ct_list_space_place(int64_t images, size_t work_bytes, ct_region *region, uint64_t *kept,
                         ct_list_space *out)
{
    const uint64_t count = (uint64_t)images;
    *out = (ct_list_space){.work_bytes = work_bytes, .slots = 2};
    while (out->slots < 2 * images)
        out->slots *= 2;
    for (int s = 0; s < 2; s++) {
        out->start[s] = ct_region_take(region, (count + 1) * 8);
        out->item[s] = ct_region_take(region, count * 4);
    }
    *kept = region->used;
    for (int s = 0; s < 2; s++)
        out->row_of[s] = ct_region_take(region, count * 4);
    out->first = ct_region_take(region, (uint64_t)out->slots * 4);
    out->slot_of = ct_region_take(region, count * 4);
    out->half = ct_region_take(region, (uint64_t)out->slots * 8);
    out->number = ct_region_take(region, (count + 1) * 8);
    out->sorted = ct_region_take(region, count * 8);
    out->work = ct_region_take(region, work_bytes);
}

/* Rows of a side at most. */
static int64_t most_rows(const ct_shape *shape, int pixels)
{
    return pixels < 31 && INT64_C(1) << pixels < shape->images ? INT64_C(1) << pixels
                                                               : shape->images;
}

static uint64_t result_bytes(const ct_shape *shape, int64_t cuts)
{
    /* no more blocks than rows, and no block is padded to more than twice its size */
    return (uint64_t)cuts * (uint64_t)shape->rows[0] * CT_BLOCK_BYTES;
}

/* One cut of a list in which no rows are equal, without its matrices, which nobody knows before. */
static uint64_t list_bytes(const ct_shape *shape)
{
    ct_region region = ct_region_counting();
    ct_shape largest = *shape;
    ct_list_space space;
    ct_layout layout;
    uint64_t kept;
    largest.rows[0] = most_rows(shape, shape->na);
    largest.rows[1] = most_rows(shape, shape->pixels - shape->na);
    ct_list_space_place(shape->images, 16 * (size_t)shape->images, &region, &kept, &space);
    const uint64_t building = region.used;
    ct_region_rewind(&region, kept);
    ct_layout_place(&largest, 1, &region, &layout);
    ct_list_entries_place(&largest, 16 * (size_t)shape->images, &region, &layout.blocks, &space);
    const uint64_t classes = region.used + result_bytes(&largest, 1);
    return (building > classes ? building : classes) + CT_BATCH_SLACK;
}

void *ct_list_entries_place(const ct_shape *shape, size_t work_bytes, ct_region *region,
                            ct_device_blocks *blocks, ct_list_space *space)
{
    void *last = NULL;
    for (int s = 0; s < 2; s++) {
        blocks->side[s].start = space->start[s];
        blocks->side[s].item = space->item[s];
        blocks->entry_start[s] = ct_region_take(region, (uint64_t)(shape->rows[s] + 1) * 8);
        blocks->entry[s] = ct_region_take(region, (uint64_t)shape->images * 4);
    }
    last = ct_region_take(region, work_bytes);
    space->work = last;
    space->work_bytes = work_bytes;
    return last;
}

/* ---- matrices ---- */

int64_t ct_size_class(int64_t n)
{
    static const int64_t classes[] = {2,  4,   8,   12,  16,  24,  32,  48,  64,
                                      96, 128, 192, 256, 384, 512, 768, 1024};
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        if (n <= classes[i])
            return classes[i];
    return n;
}

int64_t ct_padded(const ct_shape *shape, int64_t n)
{
    return shape->integers ? ct_size_class(n) : n;
}

uint64_t ct_block_matrix_bytes(const ct_shape *shape, int64_t n, int64_t k)
{
    const uint64_t ld = (uint64_t)ct_padded(shape, n), entry = 8 * (uint64_t)shape->parts;
    return shape->integers ? ld * ld * 8 : (ld * ld + (uint64_t)n * (uint64_t)k) * entry;
}

uint64_t ct_batch_bytes(const ct_shape *shape, int64_t cuts)
{
    if (shape->images)
        return cuts == 1 ? list_bytes(shape) : UINT64_MAX;
    const uint64_t layout = layout_bytes(shape, cuts);
    const uint64_t matrix = ct_block_matrix_bytes(shape, shape->rows[0], shape->rows[1]);
    if (layout == UINT64_MAX || matrix > COUNTABLE / (uint64_t)cuts)
        return UINT64_MAX;
    return layout + result_bytes(shape, cuts) + 2 * (uint64_t)cuts * matrix + CT_BATCH_SLACK;
}

int64_t ct_plan_cuts(const ct_shape *shape, uint64_t room, int64_t wanted)
{
    int64_t low = 0, high = wanted;
    while (low < high) {
        const int64_t middle = low + (high - low + 1) / 2;
        if (ct_batch_bytes(shape, middle) <= room)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}
