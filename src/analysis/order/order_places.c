/* SPDX-License-Identifier: Apache-2.0 */
/* Orders, whoever found them: their cuts, and what these add up to. */
#include <math.h>
#include <string.h>

#include "analysis/order/order.h"
#include "analysis/order/order_cuts.h"
#include "analysis/order/order_starts.h"
#include "engine/function/function.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "engine/record/record.h"
#include "engine/state/state.h"

int cutropy_order_aim_named(const char *name, cutropy_order_aim *out)
{
    static const char *const names[] = {"rank", "parameters", "entropy"};
    for (int i = 0; i < 3; i++)
        if (!strcmp(name, names[i])) {
            *out = (cutropy_order_aim)i;
            return 1;
        }
    return 0;
}

int cutropy_order_method_named(const char *name, cutropy_order_method *out)
{
    for (int i = 0; i <= CUTROPY_ORDER_REARRANGED; i++)
        if (!strcmp(name, ct_order_start_name(i))) {
            *out = (cutropy_order_method)i;
            return 1;
        }
    return 0;
}

void cutropy_order_free(cutropy_order *order)
{
    if (!order)
        return;
    for (int i = 0; i < 2; i++) {
        ct_free(order->place[i]);
        ct_free(order->mask[i]);
    }
    ct_free(order->pixel);
    cutropy_result_free(order->result);
    ct_free(order);
}

/* Of the cuts of an order: N x words. */
static void order_masks(const int *pixel, int count, size_t words, uint64_t *masks)
{
    memset(masks, 0, (size_t)count * words * sizeof *masks);
    for (int k = 0; k < count; k++) {
        if (k)
            memcpy(masks + (size_t)k * words, masks + (size_t)(k - 1) * words,
                   words * sizeof *masks);
        ct_set_bit(masks + (size_t)k * words, (uint64_t)pixel[k]);
    }
}

/* sum += 2 left right; -1: more than 62 bits. */
static void add_site(int64_t left, int64_t right, int64_t *sum)
{
    int64_t numbers;
    if (left < 0 || right < 0 || *sum < 0 || __builtin_mul_overflow(left, right, &numbers) ||
        __builtin_mul_overflow(numbers, 2, &numbers) ||
        __builtin_add_overflow(*sum, numbers, sum) || *sum > INT64_C(1) << 62)
        *sum = -1;
}

/* -1: open, or not done. */
static int64_t rank_of(const cutropy_record *r)
{
    if (!r)
        return 1;
    return r->done && r->rank_lo == r->rank_hi ? r->rank_lo : -1;
}

cutropy_status ct_order_describe(cutropy_order *order, int which, const int *pixel,
                                 const cutropy_record **records)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_order_sums *sums = &order->sums[which];
    int64_t left = rank_of(records[0]);
    CT_NEW(order->place[which], order->count);
    CT_NEW(order->mask[which], (size_t)order->count * order->words);
    order_masks(pixel, order->count, order->words, order->mask[which]);
    *sums = (cutropy_order_sums){.largest_rank = 1};
    order->done[which] = order->cuts = 0;
    for (int k = 0; k < order->count; k++) {
        const cutropy_record *r = records[k + 1];
        ct_order_place *p = &order->place[which][k];
        *p = (ct_order_place){.rank = rank_of(r)};
        if (r && r->done)
            *p = (ct_order_place){p->rank, r->entropy, r->entropy_err};
        else if (r)
            *p = (ct_order_place){-1, NAN, NAN};
        order->cuts += r != NULL;
        order->done[which] += r && r->done;
        add_site(left, p->rank, &sums->parameters);
        left = p->rank;
        if (p->rank < 0)
            sums->largest_rank = -1;
        else if (sums->largest_rank > 0 && p->rank > sums->largest_rank)
            sums->largest_rank = p->rank;
        if (k + 1 < order->count)
            sums->mean_entropy += p->entropy / (order->count - 1);
        sums->largest_entropy = fmax(sums->largest_entropy, p->entropy);
        sums->entropy_err = fmax(sums->entropy_err, p->entropy_err);
    }
    if (order->done[which] < order->cuts) /* nobody knows whether the others are larger */
        sums->largest_entropy = sums->entropy_err = NAN;
done:
    return status;
}

cutropy_status ct_order_run(cutropy_state *state, const cutropy_options *options,
                            cutropy_order *order)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options how = ct_options_without_quantities(options);
    const size_t n = (size_t)order->count, words = state->f.words;
    int *numbers = NULL;
    uint64_t *all = NULL;
    const cutropy_record **records = NULL;
    cutropy_cuts cuts = {.words = words};
    order->words = words;
    how.shown = NULL;
    CT_NEW(numbers, n);
    CT_NEW_ZERO(records, 2 * (n + 1));
    CT_NEW_ZERO(all, 2 * (n + 1) * words);
    for (size_t k = 0; k < n; k++)
        numbers[k] = (int)k;
    /* after `first`, .., n - first pixels; a trivial last one of the first order is overwritten */
    const size_t first = ct_cut_is_trivial(&state->f, all), each = n + 1 - 2 * first;
    order_masks(order->pixel, order->count, words, all + (1 - first) * words);
    order_masks(numbers, order->count, words, all + (each + 1 - first) * words);
    cuts.count = 2 * each;
    cuts.masks = all;
    const cutropy_status ran = cutropy_state_run(state, &cuts, &how, &order->result);
    if (!order->result || !ct_fails_alone(ran))
        CT_TRY(ran);
    if (!order->method)
        CT_TRY(ct_order_ranks_check(order->result));
    for (size_t k = 0; k < cuts.count; k++)
        records[k / each * (n + 1) + first + k % each] =
            &order->result->records[order->result->rows[k].record];
    CT_TRY(ct_order_describe(order, 0, order->pixel, records));
    CT_TRY(ct_order_describe(order, 1, numbers, records + n + 1));
    order->partial = ran != CUTROPY_OK;
    status = ran; /* nothing has failed since: its error stands */
done:
    ct_free(numbers);
    ct_free(all);
    ct_free(records);
    return status;
}

const cutropy_order_sums *cutropy_order_summarize(const cutropy_order *order, int by_numbers)
{
    return &order->sums[by_numbers != 0];
}

const int *cutropy_order_pixels(const cutropy_order *order)
{
    return order->pixel;
}

const char *cutropy_order_method_name(const cutropy_order *order)
{
    return order->method;
}

uint64_t cutropy_order_searched(const cutropy_order *order)
{
    return order->searched;
}
