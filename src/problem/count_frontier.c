/* SPDX-License-Identifier: Apache-2.0 */
/* parity, majority, threshold, weight, ghz: the state is the number of lit pixels, as far as it matters. */
#include <string.h>

#include "problem/frontier.h"

static uint16_t number(const uint8_t *state)
{
    uint16_t count;
    memcpy(&count, state, sizeof count);
    return count;
}

static void set_number(uint8_t *state, int count)
{
    const uint16_t value = (uint16_t)count;
    memcpy(state, &value, sizeof value);
}

static int parameter(const ct_frontier *f)
{
    return f->problem->body_data->parameter[0];
}

static bool parity_step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    (void)f, (void)x, (void)y;
    state[0] ^= lit;
    return true;
}

static bool parity_accept(const ct_frontier *f, const uint8_t *state)
{
    return state[0] == parameter(f);
}

/* The number that is enough, whatever follows. */
static int enough(const ct_frontier *f)
{
    return f->problem->body == CT_BODY_majority ? f->problem->lattice->pixels / 2 + 1
                                                : parameter(f);
}

static bool threshold_step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int count = number(state) + lit;
    (void)x, (void)y;
    set_number(state, count < enough(f) ? count : enough(f));
    return true;
}

static bool threshold_accept(const ct_frontier *f, const uint8_t *state)
{
    return number(state) >= enough(f);
}

static bool weight_step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const int count = number(state) + lit;
    (void)x, (void)y;
    set_number(state, count);
    return count <= parameter(f);
}

static bool weight_accept(const ct_frontier *f, const uint8_t *state)
{
    return number(state) == parameter(f);
}

/* 1: all dark, 2: all lit. */
static bool ghz_step(const ct_frontier *f, int x, int y, bool lit, uint8_t *state)
{
    const uint8_t before = state[0];
    (void)f, (void)x, (void)y;
    state[0] = lit ? 2 : 1;
    return !before || before == state[0];
}

bool ct_frontier_count(bool by_columns, ct_frontier *f)
{
    (void)by_columns;
    f->bytes = 8;
    f->any_order = f->turns = true;
    switch (f->problem->body) {
    case CT_BODY_parity:
        f->step = parity_step;
        f->accept = parity_accept;
        break;
    case CT_BODY_weight:
        f->step = weight_step;
        f->accept = weight_accept;
        break;
    case CT_BODY_ghz:
        f->step = ghz_step;
        f->accept = ct_frontier_accept_all;
        break;
    default:
        f->step = threshold_step;
        f->accept = threshold_accept;
    }
    return true;
}
