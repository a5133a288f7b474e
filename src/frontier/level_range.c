/* SPDX-License-Identifier: Apache-2.0 */
/* One pass over pairs of states from the last level to the first; a pair and its exchange are one. */
#include "frontier/level_range.h"

#include "base/parallel.h"

#define SAME UINT16_MAX      /* V of ways that differ nowhere yet */
#define FAR (UINT16_MAX - 1) /* V of those that differ where no way leads to B */

/* Bits of a pair: is there a way on to two images of label 1 that agree on B? */
enum {
    OPEN = 1,  /* that differ at the boundary later on */
    DIFFER = 2 /* whatever they do, since they differ there already */
};

typedef struct ct_ranging {
    const ct_level_range *cut;
    uint8_t **bits;       /* N + 1 levels: two bits a pair */
    uint16_t *now, *then; /* V of level k, k + 1 */
    int k;
} ct_ranging;

/* Bytes before row i of the bits: row t has t + 1 pairs, four in a byte. */
static size_t row_start(size_t i)
{
    const size_t q = i / 4, r = i % 4;
    return 2 * q * (q - (q > 0)) + r * q + i;
}

static size_t pair_number(size_t i, size_t j)
{
    return i >= j ? i * (i + 1) / 2 + j : j * (j + 1) / 2 + i;
}

static unsigned bits_of(const uint8_t *bits, int32_t a, int32_t b)
{
    const size_t i = (size_t)(a > b ? a : b), j = (size_t)(a > b ? b : a);
    return bits[row_start(i) + j / 4] >> 2 * (j % 4) & 3;
}

/* Pairs (i, j), j <= i, of level k. */
static void fill_rows(void *context, size_t first, size_t last, int thread)
{
    const ct_ranging *r = context;
    const int k = r->k, na = r->cut->na;
    const bool inside = k < na, near = inside && r->cut->distance[k] == 1;
    const uint16_t here = !inside                               ? 0
                          : r->cut->distance[k] == CT_LEVEL_FAR ? FAR
                                                                : (uint16_t)r->cut->distance[k];
    int32_t(*next)[2] = r->cut->levels->next[k];
    (void)thread;
    for (size_t i = first; i < last; i++)
        for (size_t j = 0; j <= i; j++) {
            unsigned open = 0;
            uint16_t most = k == na && i != j ? SAME : 0;
            for (int way = 0; way < (inside ? 4 : 2); way++) {
                const bool apart = way >= 2;
                const int32_t a = next[i][way & 1], b = next[j][(way & 1) != apart];
                if (a < 0 || b < 0)
                    continue;
                const unsigned behind = bits_of(r->bits[k + 1], a, b);
                open |= apart && near ? (behind & DIFFER ? OPEN | DIFFER : 0) : behind;
                if (!inside)
                    continue;
                uint16_t v = r->then[pair_number((size_t)a, (size_t)b)];
                v = apart && v > here ? here : v;
                most = v > most ? v : most;
            }
            r->bits[k][row_start(i) + j / 4] |= (uint8_t)(open << 2 * (j % 4));
            if (k <= na)
                r->now[pair_number(i, j)] = most;
        }
}

/* The two images, pixel by pixel, along pairs from which there is a way. */
static void walk(const ct_ranging *r, uint8_t *images)
{
    const ct_levels *l = r->cut->levels;
    int32_t a = 0, b = 0;
    bool differ = false;
    for (int k = 0; k < l->pixels; k++)
        for (int way = 0; way < 4; way++) {
            const bool apart = way >= 2, near = k < r->cut->na && r->cut->distance[k] == 1;
            const int x = way & 1, y = x != apart;
            const int32_t to = l->next[k][a][x], too = l->next[k][b][y];
            const bool then = differ || (apart && near);
            if ((apart && k >= r->cut->na) || to < 0 || too < 0 ||
                !(bits_of(r->bits[k + 1], to, too) & (then ? DIFFER : OPEN)))
                continue;
            images[k] = (uint8_t)x;
            images[l->pixels + k] = (uint8_t)y;
            a = to;
            b = too;
            differ = then;
            break;
        }
}

void ct_level_range_cost(const ct_level_range *cut, double *bytes, double *looks)
{
    double largest = 0;
    *bytes = *looks = 0;
    for (int k = 0; k <= cut->levels->pixels; k++) {
        const double n = cut->levels->count[k], pairs = n * (n + 1) / 2;
        *bytes += pairs / 4 + n;
        *looks += (k < cut->na ? 4 : 2) * pairs;
        largest = k <= cut->na && pairs > largest ? pairs : largest;
    }
    *bytes += 4 * largest;
}

static cutropy_status check_memory(const ct_level_range *cut, uint64_t memory_limit)
{
    double bytes, looks;
    ct_level_range_cost(cut, &bytes, &looks);
    if (bytes <= (double)memory_limit)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EMEMORY,
        "the pairs of states for the range of a cut of %d pixels need %s but %s may be used (--memory "
        "raises the limit)",
        cut->na, CT_BYTES((uint64_t)bytes), CT_BYTES(memory_limit));
}

static cutropy_status fill_level(ct_ranging *r, int threads)
{
    cutropy_status status = CUTROPY_OK;
    const ct_levels *l = r->cut->levels;
    const size_t n = (size_t)l->count[r->k];
    CT_NEW_ZERO(r->bits[r->k], row_start(n));
    if (r->k <= r->cut->na) {
        ct_free(r->then);
        r->then = r->now;
        r->now = NULL;
        CT_NEW(r->now, n * (n + 1) / 2);
    }
    if (r->k == l->pixels)
        r->bits[r->k][0] = DIFFER; /* two images of label 1 */
    else
        ct_parallel_for(threads, n, 16, fill_rows, r);
done:
    return status;
}

cutropy_status ct_level_range_find(const ct_level_range *cut, uint64_t memory_limit, int threads,
                                   const ct_watch *watch, ct_level_range_found *out)
{
    cutropy_status status = CUTROPY_OK;
    const int pixels = cut->levels->pixels;
    ct_ranging r = {.cut = cut};
    *out = (ct_level_range_found){0};
    CT_TRY(check_memory(cut, memory_limit));
    CT_NEW_ZERO(r.bits, pixels + 1);
    for (r.k = pixels; r.k >= 0; r.k--) {
        if (ct_asked_to_stop(watch, "pairs of states", (uint64_t)(pixels - r.k), (uint64_t)pixels))
            CT_TRY(ct_fail(CUTROPY_ECANCELLED, "stopped among the pairs of states of a cut"));
        CT_TRY(fill_level(&r, threads));
    }
    out->range = r.now[0] == FAR ? CT_LEVEL_FAR : r.now[0];
    out->assumption1 = !(bits_of(r.bits[0], 0, 0) & OPEN);
    if (!out->assumption1) {
        CT_NEW(out->images, 2 * (size_t)pixels);
        walk(&r, out->images);
    }
done:
    for (int k = 0; r.bits && k <= pixels; k++)
        ct_free(r.bits[k]);
    ct_free(r.bits);
    ct_free(r.now);
    ct_free(r.then);
    return status;
}
