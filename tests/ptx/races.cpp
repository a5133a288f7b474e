/* SPDX-License-Identifier: Apache-2.0 */
/* Races: two threads touch the same four bytes, one writes, not both by an atomic or volatile access, and nothing orders
 * them. What orders: bar.sync the threads of a block, bar.warp.sync the lanes of its mask. Shuffles, votes and matches do not order
 * memory, and blocks of one launch are not ordered at all. So a missing __syncwarp is found although lanes happen to go
 * together. Of every place the last write and two reads of different threads are remembered; what is reported is a race,
 * but not every race is reported. */
#include "machine.h"

namespace ct_ptx
{

/* The same thread, or one that this one has waited for since. */
static bool before(const touch &old, const touch &now)
{
    if (old.block != now.block)
        return old.block == 0; /* nobody yet */
    return old.thread == now.thread || old.block_epoch < now.block_epoch ||
           (old.thread / 32 == now.thread / 32 && old.warp_epoch < now.warp_epoch);
}

static void check(const launch &l, const thread &t, const touch &old, const touch &now,
                  const char *what)
{
    if (!before(old, now) && !(old.strong && now.strong))
        violation(l, &t,
                  std::string("a race with ") + what + " of thread " + std::to_string(old.thread) +
                      " of block " + std::to_string(old.block - 1));
}

static void note(const launch &l, const thread &t, place_history &h, const touch &now, bool writes)
{
    check(l, t, h.written, now, "the write");
    if (writes) {
        for (const touch &read : h.read)
            check(l, t, read, now, "the read");
        h.written = now;
        return;
    }
    if (h.read[0].block != now.block || h.read[0].thread != now.thread)
        h.read[1] = h.read[0];
    h.read[0] = now;
}

void note_access(launch &l, block &b, const thread &t, bool shared, uint64_t at, uint64_t bytes,
                 access how)
{
    const touch now = {b.number + 1, (uint32_t)t.number, b.epoch, t.epoch,
                       how == STRONG_READ || how == STRONG_WRITE};
    for (uint64_t k = at / 4; k < (at + bytes) / 4; k++) {
        if (shared && b.history.size() <= k)
            b.history.resize(b.shared.size() / 4 + 1);
        note(l, t, shared ? b.history[k] : l.history[k], now, how == WRITE || how == STRONG_WRITE);
    }
}

} // namespace ct_ptx
