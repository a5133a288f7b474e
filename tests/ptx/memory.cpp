/* SPDX-License-Identifier: Apache-2.0 */
/* Loads, stores, atomics. Every address is checked: aligned, in one allocation that lives, in the memory of the block, of the
 * thread, of the parameters. */
#include "machine.h"

#include "fake.h"

namespace ct_ptx
{

static void check_global(launch &l, const thread &t, uint64_t at, uint64_t bytes)
{
    for (const interval &known : l.seen)
        if (at >= known.begin && at + bytes <= known.end)
            return;
    void *begin = nullptr;
    size_t size = 0;
    if (!ct_fake_block((const void *)at, &begin, &size) ||
        at + bytes > (uint64_t)(uintptr_t)begin + size)
        violation(l, &t, "outside of device memory");
    l.seen[l.next_seen++ % 4] =
        interval{(uint64_t)(uintptr_t)begin, (uint64_t)(uintptr_t)begin + size};
}

static unsigned char *inside(const launch &l, const thread &t, unsigned char *memory, uint64_t size,
                             uint64_t at, uint64_t bytes, const char *name)
{
    if (at > size || bytes > size - at)
        violation(l, &t, std::string("outside of ") + name);
    return memory + at;
}

/* Where `bytes` bytes of an instruction are. */
static unsigned char *place(launch &l, block &b, const thread &t, const instruction &i,
                            uint64_t bytes, access how)
{
    uint64_t at = t.r[i.base] + (uint64_t)i.offset;
    space where = i.where;
    if (where == GENERIC && (at & WINDOW)) {
        const uint64_t window = at & WINDOW;
        where = window == SHARED_WINDOW ? SHARED : window == LOCAL_WINDOW ? LOCAL : PARAM;
        at -= window;
    }
    if (at % bytes)
        violation(l, &t, "not aligned");
    if (l.races && where != LOCAL && where != PARAM)
        note_access(l, b, t, where == SHARED, at, bytes,
                    i.strong ? (how == READ ? STRONG_READ : STRONG_WRITE) : how);
    switch (where) {
    case SHARED:
        return inside(l, t, b.shared.data(), b.shared.size(), at, bytes, "shared memory");
    case LOCAL:
        return inside(l, t, t.local, l.program->local_bytes, at, bytes, "local memory");
    case PARAM:
        return inside(l, t, l.parameters.data(), l.parameters.size(), at, bytes, "the parameters");
    default:
        check_global(l, t, at, bytes);
        l.bytes += bytes;
        return (unsigned char *)(uintptr_t)at;
    }
}

/* A signed number fills a wider register with its sign. */
template <class T> static void do_load(launch &l, block &b, thread &t, const instruction &i)
{
    const unsigned char *from = place(l, b, t, i, sizeof(T) * (uint64_t)i.tos, READ);
    for (int k = 0; k < i.tos; k++) {
        T x;
        memcpy(&x, from + sizeof x * (size_t)k, sizeof x);
        t.r[i.to[k]] = i.wide ? (uint64_t)(int64_t)x : (uint32_t)(int32_t)x;
    }
}

template <class T> static void do_store(launch &l, block &b, thread &t, const instruction &i)
{
    unsigned char *to = place(l, b, t, i, sizeof(T) * (uint64_t)i.froms, WRITE);
    for (int k = 0; k < i.froms; k++) {
        const T x = (T)t.r[i.from[k]];
        memcpy(to + sizeof x * (size_t)k, &x, sizeof x);
    }
}

void set_load(instruction &i, const std::string &type)
{
    i.run = type == "u8" || type == "b8"     ? do_load<uint8_t>
            : type == "s8"                   ? do_load<int8_t>
            : type == "u16" || type == "b16" ? do_load<uint16_t>
            : type == "s16"                  ? do_load<int16_t>
            : type == "u32" || type == "b32" ? do_load<uint32_t>
            : type == "s32"                  ? do_load<int32_t>
            : type == "u64" || type == "b64" || type == "s64" || type == "f64"
                ? do_load<uint64_t>
                : (refuse("load", i.text), nullptr);
}

void set_store(instruction &i, const std::string &type)
{
    i.run = type == "u8" || type == "b8" || type == "s8"      ? do_store<uint8_t>
            : type == "u16" || type == "b16" || type == "s16" ? do_store<uint16_t>
            : type == "u32" || type == "b32" || type == "s32" ? do_store<uint32_t>
            : type == "u64" || type == "b64" || type == "s64" || type == "f64"
                ? do_store<uint64_t>
                : (refuse("store", i.text), nullptr);
}

/* ---- atomics: from[0] is the operand, for cas the comparison, from[1] the new value ---- */

enum atomic { ADD, MIN, MAX, AND, OR, XOR, EXCH, CAS };

template <class T, atomic A>
static void do_atomic(launch &l, block &b, thread &t, const instruction &i)
{
    unsigned char *at = place(l, b, t, i, sizeof(T), STRONG_WRITE);
    const T x = (T)t.r[i.from[0]];
    T old, next;
    memcpy(&old, at, sizeof old);
    next = A == ADD    ? (T)((uint64_t)old + (uint64_t)x)
           : A == MIN  ? (x < old ? x : old)
           : A == MAX  ? (x > old ? x : old)
           : A == AND  ? (T)(old & x)
           : A == OR   ? (T)(old | x)
           : A == XOR  ? (T)(old ^ x)
           : A == EXCH ? x
           : old == x  ? (T)t.r[i.from[1]]
                       : old;
    memcpy(at, &next, sizeof next);
    if (i.tos)
        t.r[i.to[0]] = bits_of(old);
}

template <atomic A> static action of_type(const std::string &type)
{
    return type == "u32" || type == "b32"   ? do_atomic<uint32_t, A>
           : type == "s32"                  ? do_atomic<int32_t, A>
           : type == "u64" || type == "b64" ? do_atomic<uint64_t, A>
           : type == "s64"                  ? do_atomic<int64_t, A>
                                            : nullptr;
}

void set_atomic(instruction &i, const std::string &operation, const std::string &type)
{
    i.run = operation == "add"    ? of_type<ADD>(type)
            : operation == "min"  ? of_type<MIN>(type)
            : operation == "max"  ? of_type<MAX>(type)
            : operation == "and"  ? of_type<AND>(type)
            : operation == "or"   ? of_type<OR>(type)
            : operation == "xor"  ? of_type<XOR>(type)
            : operation == "exch" ? of_type<EXCH>(type)
            : operation == "cas"  ? of_type<CAS>(type)
                                  : nullptr;
    i.strong = true;
    if (!i.run)
        refuse("atomic", i.text);
}

} // namespace ct_ptx
