/* SPDX-License-Identifier: Apache-2.0 */
/* What the lanes of a warp do together: bar.warp.sync, shfl, vote, match, mma. */
#include "machine.h"

#include <algorithm>
#include <math.h>

namespace ct_ptx
{

/* The lanes that take part, with their operands. */
struct together {
    launch &l;
    block &b;
    int first; /* thread of lane 0 */
    uint32_t there;
    const instruction &i; /* of the lane that came last: registers may differ from lane to lane */

    thread &lane(int number) const
    {
        return b.threads[(size_t)(first + number)];
    }
    const instruction &its(int number) const
    {
        return l.program->code[(size_t)lane(number).at];
    }
    uint64_t operand(int number, int k) const
    {
        return lane(number).r[its(number).from[k]];
    }
    bool has(int number) const
    {
        return number >= 0 && number < 32 && (there >> number & 1);
    }
    bool says(const char *word) const
    {
        return i.text.find(word) != std::string::npos;
    }
};

#define EVERY_LANE(t, lane)                                                                        \
    int lane = 0;                                                                                  \
    lane < 32;                                                                                     \
    lane++)                                                                                        \
        if (!(t).has(lane))                                                                        \
    {                                                                                              \
    }                                                                                              \
    else

static void vote(const together &t)
{
    uint32_t yes = 0;
    for (EVERY_LANE(t, lane)
        yes |= (uint32_t)(t.operand(lane, 0) & 1) << lane;
    const bool any = t.says(".any."), all = t.says(".all.");
    if (!any && !all && !t.says(".ballot."))
        refuse("vote", t.i.text);
    for (EVERY_LANE(t, lane)
        t.lane(lane).r[t.its(lane).to[0]] = any ? yes != 0 : all ? yes == t.there : yes;
}

static void match(const together &t)
{
    const uint64_t width = t.says(".b32") ? UINT32_MAX : UINT64_MAX;
    uint32_t alike[32] = {};
    if (!t.says("match.any."))
        refuse("match", t.i.text);
    for (EVERY_LANE(t, lane)
        for (EVERY_LANE(t, other)
            alike[lane] |= (uint32_t)(((t.operand(lane, 0) ^ t.operand(other, 0)) & width) == 0) << other;
    for (EVERY_LANE(t, lane)
        t.lane(lane).r[t.its(lane).to[0]] = alike[lane];
}

/* "Operands: value, b, c", with the segment mask and the clamp in c. */
static void shuffle(const together &t)
{
    uint32_t value[32] = {};
    for (EVERY_LANE(t, lane)
        value[lane] = (uint32_t)t.operand(lane, 0);
    for (EVERY_LANE(t, lane) {
        const int by = (int)(t.operand(lane, 1) & 31), clamp = (int)(t.operand(lane, 2) & 31),
                  segment = (int)(t.operand(lane, 2) >> 8 & 31);
        const int most = (lane & segment) | (clamp & ~segment), least = lane & segment;
        int source = t.says(".up.")     ? lane - by
                     : t.says(".down.") ? lane + by
                     : t.says(".bfly.") ? lane ^ by
                     : t.says(".idx.")  ? (least | (by & ~segment))
                                        : (refuse("shfl", t.i.text), 0);
        const bool valid = t.says(".up.") ? source >= most : source <= most;
        source = valid ? source : lane;
        if (!t.has(source))
            violation(t.l, &t.lane(lane), "reads a lane that does not take part");
        t.lane(lane).r[t.its(lane).to[0]] = value[source];
        if (t.its(lane).tos > 1)
            t.lane(lane).r[t.its(lane).to[1]] = valid;
    }
}

/* mma.m16n8k256 of single bits, sums of ones of A and B. With g = lane / 4, q = lane % 4, in words of 32 columns
 * (rows of B): A's registers are (g, q), (g + 8, q), (g, q + 4), (g + 8, q + 4); B's (q, g), (q + 4, g); those of C and D
 * (g, 2 q), (g, 2 q + 1), (g + 8, 2 q), (g + 8, 2 q + 1). PTX ISA, "Matrix fragments for mma.m16n8k256". */
static void multiply_bits(const together &t)
{
    uint32_t a[16][8], b[8][8], c[16][8];
    for (EVERY_LANE(t, lane) {
        const int g = lane / 4, q = lane % 4;
        for (int k = 0; k < 4; k++) {
            a[g + k % 2 * 8][q + k / 2 * 4] = (uint32_t)t.operand(lane, k);
            c[g + k / 2 * 8][2 * q + k % 2] = (uint32_t)t.operand(lane, 6 + k);
        }
        for (int k = 0; k < 2; k++)
            b[q + 4 * k][g] = (uint32_t)t.operand(lane, 4 + k);
    }
    for (int row = 0; row < 16; row++)
        for (int column = 0; column < 8; column++)
            for (int k = 0; k < 8; k++)
                c[row][column] += (uint32_t)__builtin_popcount(a[row][k] & b[k][column]);
    for (EVERY_LANE(t, lane)
        for (int k = 0; k < 4; k++)
            t.lane(lane).r[t.its(lane).to[k]] = c[lane / 4 + k / 2 * 8][2 * (lane % 4) + k % 2];
}

static double number(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* mma.m8n8k4 of doubles: A's register is (g, q), B's (q, g), those of C and D (g, 2 q), (g, 2 q + 1). PTX ISA, "Matrix
 * Fragments for mma.m8n8k4 with .f64 floating point type". In which order it adds is not said; here as fma would. */
static void multiply_doubles(const together &t)
{
    double a[8][4], b[4][8], c[8][8];
    for (EVERY_LANE(t, lane) {
        const int g = lane / 4, q = lane % 4;
        a[g][q] = number(t.operand(lane, 0));
        b[q][g] = number(t.operand(lane, 1));
        for (int k = 0; k < 2; k++)
            c[g][2 * q + k] = number(t.operand(lane, 2 + k));
    }
    for (int row = 0; row < 8; row++)
        for (int column = 0; column < 8; column++)
            for (int k = 0; k < 4; k++)
                c[row][column] = fma(a[row][k], b[k][column], c[row][column]);
    for (EVERY_LANE(t, lane)
        for (int k = 0; k < 2; k++)
            memcpy(&t.lane(lane).r[t.its(lane).to[k]], &c[lane / 4][2 * (lane % 4) + k], sizeof **c);
}

static void multiply(const together &t)
{
    if (t.there != UINT32_MAX)
        violation(t.l, nullptr, "mma with lanes missing");
    if (t.says("mma.sync.aligned.m16n8k256.row.col.s32.b1.b1.s32.and.popc"))
        multiply_bits(t);
    else if (t.says("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64"))
        multiply_doubles(t);
    else
        refuse("mma", t.i.text);
}

void do_together(launch &l, block &b, int first, uint32_t there, const instruction &i)
{
    const together t = {l, b, first, there, i};
    const size_t at =
        i.guard < 0 ? 0 : i.text.find_first_not_of(" \t", i.text.find_first_of(" \t"));
    const std::string name = i.text.substr(at, i.text.find('.', at) - at);
    if (name == "vote")
        vote(t);
    else if (name == "match")
        match(t);
    else if (name == "shfl")
        shuffle(t);
    else if (name == "mma")
        multiply(t);
    else if (name != "bar")
        refuse("warp", i.text);
}

void meet_warp(launch &l, block &b, int warp)
{
    const int first = 32 * warp,
              lanes = (int)b.threads.size() - first < 32 ? (int)b.threads.size() - first : 32;
    const uint32_t exist = lanes == 32 ? UINT32_MAX : (UINT32_C(1) << lanes) - 1;
    for (int lane = 0; lane < lanes; lane++) {
        const thread &t = b.threads[(size_t)(first + lane)];
        if (t.is != MEETS_WARP)
            continue;
        const uint32_t expected = t.mask & exist & ~b.ended[(size_t)warp];
        if (!(t.mask >> lane & 1))
            violation(l, &t, "a lane is not in its own mask");
        if (expected & ~b.waiting[(size_t)warp])
            continue;
        const instruction &i = l.program->code[(size_t)t.at];
        bool all = true;
        for (int other = 0; other < lanes && all; other++) {
            const thread &o = b.threads[(size_t)(first + other)];
            all = !(expected >> other & 1) ||
                  (o.mask == t.mask && l.program->code[(size_t)o.at].alike == i.alike);
        }
        if (!all)
            continue;
        do_together(l, b, first, expected, i);
        uint32_t epoch = 0;
        for (int other = 0; other < lanes && i.tos == 0; other++) /* bar.warp.sync */
            if (expected >> other & 1)
                epoch = std::max(epoch, b.threads[(size_t)(first + other)].epoch + 1);
        for (int other = 0; other < lanes; other++)
            if (expected >> other & 1) {
                b.threads[(size_t)(first + other)].at++;
                if (epoch)
                    b.threads[(size_t)(first + other)].epoch = epoch;
                b.threads[(size_t)(first + other)].is = RUNS;
            }
        b.waiting[(size_t)warp] &= ~expected;
    }
}

} // namespace ct_ptx
