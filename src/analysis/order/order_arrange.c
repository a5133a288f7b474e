/* SPDX-License-Identifier: Apache-2.0 */
/* Orders that somebody would try first: those of positions, and those of the graph of mutual information. Heuristics; nothing is
 * said of other orders.
 *
 * Rearranged: the pixels in halves that share little mutual information, these in halves again, until single pixels are left (as Y.
 * Alexander, N. De La Vega, N. Razin, N. Cohen, NeurIPS 2023, arXiv 2303.11249). A half begins as the first part of the spectral
 * order, then the swap of two pixels that lowers the sum between the halves most is made until none lowers it (after B. W.
 * Kernighan, S. Lin, Bell Syst. Tech. J. 49, 291 (1970)). */
#include <math.h>
#include <stdlib.h>

#include "analysis/order/order.h"
#include "analysis/order/order_cuts.h"
#include "analysis/order/order_pairs.h"
#include "analysis/order/order_starts.h"
#include "engine/function/options.h"
#include "engine/state/state.h"
#include "lattice/lattice.h"

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* Of the pixels 0 .. half - 1 and half .. n - 1 of a block: what each shares with the other side less what it shares with its own. */
static void find_gains(const double *weight, int pixels, const int *block, int half, int n,
                       double *gain)
{
    for (int i = 0; i < n; i++) {
        const double *w = weight + (size_t)block[i] * (size_t)pixels;
        gain[i] = 0;
        for (int j = 0; j < n; j++)
            gain[i] += (i < half) == (j < half) ? -w[block[j]] : w[block[j]];
    }
}

/* Sums of multiples of 2^-30: exact, so that every swap lowers the sum and there is an end. */
static void swap_pairs(const double *weight, int pixels, int *block, int half, int n, double *gain)
{
    for (;;) {
        double best = 0;
        int first = 0, second = 0;
        find_gains(weight, pixels, block, half, n, gain);
        for (int i = 0; i < half; i++)
            for (int j = half; j < n; j++) {
                const double w = weight[(size_t)block[i] * (size_t)pixels + (size_t)block[j]],
                             lowered = gain[i] + gain[j] - 2 * w;
                if (lowered > best) {
                    best = lowered;
                    first = i;
                    second = j;
                }
            }
        if (!(best > 0))
            return;
        const int other = block[first];
        block[first] = block[second];
        block[second] = other;
    }
}

static cutropy_status halve(const double *weight, int pixels, int *block, int n, double *gain)
{
    cutropy_status status = CUTROPY_OK;
    const int half = n / 2;
    if (n < 2)
        return CUTROPY_OK;
    qsort(block, (size_t)n, sizeof *block, compare);
    CT_TRY(ct_order_spectral(weight, pixels, block, n));
    swap_pairs(weight, pixels, block, half, n, gain);
    CT_TRY(halve(weight, pixels, block, half, gain));
    CT_TRY(halve(weight, pixels, block + half, n - half, gain));
done:
    return status;
}

/* By pairs of pixels. */
static cutropy_status by_pairs(cutropy_state *state, cutropy_order_method method,
                               const cutropy_options *options, cutropy_order *order)
{
    cutropy_status status = CUTROPY_OK;
    const int n = order->count;
    ct_order_cuts cuts = {0};
    double *weight = NULL, *gain = NULL;
    CT_TRY(ct_order_cuts_start(state, options, (uint64_t)n * ((uint64_t)n + 1) / 2, &cuts));
    CT_TRY(ct_order_pairs(&cuts, n, &weight));
    if (*cuts.why)
        CT_TRY(ct_fail(CUTROPY_EMEMORY, "cuts of one and two pixels are needed: %s", cuts.why));
    order->searched = cuts.budget;
    CT_NEW(order->pixel, n);
    CT_NEW(gain, n);
    for (int i = 0; i < n; i++)
        order->pixel[i] = i;
    CT_TRY(method == CUTROPY_ORDER_REARRANGED ? halve(weight, n, order->pixel, n, gain)
                                              : ct_order_spectral(weight, n, order->pixel, n));
done:
    ct_free(weight);
    ct_free(gain);
    ct_order_cuts_free(&cuts);
    return status;
}

cutropy_status cutropy_order_arrange(cutropy_state *state, cutropy_order_method method,
                                     const cutropy_options *options, cutropy_order **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_order *order = NULL;
    *out = NULL;
    options = ct_options_or_standard(options);
    CT_TRY(ct_lattice_has_end(state->f.lattice));
    if (state->f.pixels < 2)
        return ct_fail(CUTROPY_EINPUT, "one pixel has one order");
    CT_NEW_ZERO(order, 1);
    order->count = state->f.pixels;
    order->method = ct_order_start_name((int)method);
    if (method == CUTROPY_ORDER_SPECTRAL || method == CUTROPY_ORDER_REARRANGED)
        CT_TRY(by_pairs(state, method, options, order));
    else
        CT_TRY(ct_order_of_lattice(state->f.lattice, (int)method, &order->pixel));
    status = ct_order_run(state, options, order);
    if (!status || order->partial) {
        *out = order;
        order = NULL;
    }
done:
    cutropy_order_free(order);
    return status;
}
