/* SPDX-License-Identifier: Apache-2.0 */
/* Which thread runs next. Order 0 takes the threads of a block ascending, 1 descending, and lets each run until it
 * has to wait: lanes of one warp are as far apart as a program allows, so that whatever relies on lanes going together, where
 * a __syncwarp is missing, reads what is not there yet or what is gone. Larger orders draw thread and number of steps, with
 * several blocks under way. */
#include "machine.h"

#include <algorithm>
#include <random>
#include <stdio.h>
#include <stdlib.h>

namespace ct_ptx
{

[[noreturn]] void refuse(const std::string &where, const std::string &what)
{
    fprintf(stderr, "emulation: ptx: %s: not known: %s\n", where.c_str(), what.c_str());
    abort();
}

[[noreturn]] void violation(const launch &l, const thread *t, const std::string &what)
{
    fprintf(stderr, "emulation: ptx: %s, thread %d: %s: %s\n", l.program->name.c_str(),
            t ? t->number : -1,
            t && t->at < (int)l.program->code.size() ? l.program->code[(size_t)t->at].text.c_str()
                                                     : "",
            what.c_str());
    abort();
}

/* ---- what stops a thread: the program counter stays at the instruction ---- */

void jump(launch &, block &, thread &t, const instruction &i)
{
    t.at = i.target - 1;
}

void end_thread(launch &, block &b, thread &t, const instruction &)
{
    t.is = ENDED;
    b.ended[(size_t)t.number / 32] |= UINT32_C(1) << (t.number % 32);
    b.gone++;
}

void stop_block(launch &, block &b, thread &t, const instruction &)
{
    t.is = MEETS_BLOCK;
    b.met++;
}

/* The mask is the last operand; mma has none: all lanes. */
void stop_warp(launch &, block &b, thread &t, const instruction &i)
{
    t.is = MEETS_WARP;
    t.mask = i.by_all ? UINT32_MAX : (uint32_t)t.r[i.from[i.froms - 1]];
    b.waiting[(size_t)t.number / 32] |= UINT32_C(1) << (t.number % 32);
}

/* ---- threads ---- */

/* At most so many instructions, until the thread has to wait; polite: and no further than to the next access that
 * other threads may be waiting for or disturb. */
static void advance(launch &l, block &b, thread &t, uint64_t most, bool polite)
{
    const instruction *code = l.program->code.data();
    uint64_t done = 0;
    while (done < most && t.is == RUNS) {
        const instruction &i = code[t.at];
        done++;
        if (i.guard < 0 || ((t.r[i.guard] & 1) != 0) != i.guard_not)
            i.run(l, b, t, i);
        if (t.is == RUNS)
            t.at++;
        if (polite && i.strong)
            break;
    }
    l.instructions += done;
    if (t.is == MEETS_WARP || t.is == ENDED)
        meet_warp(l, b, t.number / 32);
}

static void open_barrier(block &b)
{
    if (!b.met || b.met + b.gone < b.threads.size())
        return;
    for (thread &t : b.threads)
        if (t.is == MEETS_BLOCK) {
            t.is = RUNS;
            t.at++;
        }
    b.met = 0;
    b.epoch++;
}

/* ---- blocks ---- */

static void start(const launch &l, uint64_t number, uint64_t order, block *out)
{
    const kernel &k = *l.program;
    const size_t each = k.registers.size();
    block &b = *out;
    b.x = (unsigned)(number % l.grid[0]);
    b.y = (unsigned)(number / l.grid[0] % l.grid[1]);
    b.z = (unsigned)(number / l.grid[0] / l.grid[1]);
    b.shared.assign(k.shared_bytes + l.dynamic_bytes, (unsigned char)(0xa5 + order));
    b.local.assign(k.local_bytes * l.threads, 0xcd);
    b.registers.resize(each * l.threads);
    b.threads.assign(l.threads, thread());
    b.waiting.assign(l.threads / 32 + 1, 0);
    b.ended.assign(l.threads / 32 + 1, 0);
    b.met = b.gone = 0;
    b.number = number;
    b.epoch = 0;
    b.history.clear();
    for (unsigned t = 0; t < l.threads; t++) {
        uint64_t *r = b.registers.data() + each * t;
        memcpy(r, k.registers.data(), each * sizeof *r);
        r[TID_X] = t;
        r[NTID_X] = l.threads;
        r[CTAID_X] = b.x;
        r[CTAID_Y] = b.y;
        r[CTAID_Z] = b.z;
        r[NCTAID_X] = l.grid[0];
        r[NCTAID_Y] = l.grid[1];
        r[NCTAID_Z] = l.grid[2];
        r[LANEID] = t % 32;
        b.threads[t].r = r;
        b.threads[t].number = (int)t;
        b.threads[t].local = b.local.data() + k.local_bytes * t;
    }
}

/* Some thread of the block goes on; false: all of them wait for ever. */
static bool go_on(launch &l, block &b, uint64_t order, std::mt19937_64 &random)
{
    const size_t n = b.threads.size();
    const size_t begin = order < 2 ? 0 : random() % n;
    for (size_t k = 0; k < n; k++) {
        thread &t = b.threads[order == 1 ? n - 1 - k : (begin + k) % n];
        if (t.is != RUNS)
            continue;
        const uint64_t draw = order < 2 ? 0 : random();
        advance(l, b, t, draw % 2 ? 1 + draw / 2 % 16 : 1 << 20, draw / 32 % 2);
        open_barrier(b);
        if (order > 1)
            return true;
    }
    return b.gone == n || std::any_of(b.threads.begin(), b.threads.end(),
                                      [](const thread &t) { return t.is == RUNS; });
}

[[noreturn]] static void all_wait(const launch &l, const block &b)
{
    for (const thread &t : b.threads)
        if (t.is != ENDED)
            violation(l, &t, "waits for ever");
    abort();
}

void run(launch &l, uint64_t order)
{
    const uint64_t blocks = (uint64_t)l.grid[0] * l.grid[1] * l.grid[2];
    const size_t together = order < 2 ? 1 : 4;
    std::mt19937_64 random(order * 7919 + 3);
    l.races = order == 0; /* they do not depend on the order */
    std::vector<uint64_t> number(blocks);
    std::vector<block> under_way(together);
    std::vector<size_t> busy, idle;
    for (uint64_t i = 0; i < blocks; i++)
        number[i] = order == 1 ? blocks - 1 - i : i;
    if (order > 1)
        std::shuffle(number.begin(), number.end(), random);
    for (size_t i = 0; i < together; i++)
        idle.push_back(i);
    for (uint64_t next = 0; next < blocks || !busy.empty();) {
        while (!idle.empty() && next < blocks) {
            start(l, number[next++], order, &under_way[idle.back()]);
            busy.push_back(idle.back());
            idle.pop_back();
        }
        const size_t which = order > 1 ? random() % busy.size() : 0;
        block &b = under_way[busy[which]];
        if (!go_on(l, b, order, random))
            all_wait(l, b);
        if (b.gone == b.threads.size()) {
            idle.push_back(busy[which]);
            busy.erase(busy.begin() + (long)which);
        }
    }
}

} // namespace ct_ptx
