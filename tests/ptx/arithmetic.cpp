/* SPDX-License-Identifier: Apache-2.0 */
/* What only touches the registers of one thread. Numbers of 64-bit floating point are the host's, rounded to nearest. */
#include "machine.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

namespace ct_ptx
{

template <class T> static T from(const thread &t, const instruction &i, int k)
{
    return number_of<T>(t.r[i.from[k]]);
}

template <class T> static void give(thread &t, const instruction &i, T value)
{
    t.r[i.to[0]] = bits_of(value);
}

/* ---- an operation as a class, an action for every type it has ---- */

template <class O, class T> static void do_one(launch &, block &, thread &t, const instruction &i)
{
    give(t, i, O::of(from<T>(t, i, 0)));
}
template <class O, class T> static void do_two(launch &, block &, thread &t, const instruction &i)
{
    give(t, i, O::of(from<T>(t, i, 0), from<T>(t, i, 1)));
}

#define FOR_TYPE(type, text, action)                                                               \
    if (name == text)                                                                              \
        return action<O, type>;

#define FOR_BITS(action)                                                                           \
    FOR_TYPE(bool, "pred", action)                                                                 \
    FOR_TYPE(uint16_t, "b16", action)                                                              \
    FOR_TYPE(uint32_t, "b32", action)                                                              \
    FOR_TYPE(uint64_t, "b64", action)

template <class O> static action one_bits(const std::string &name)
{
    FOR_BITS(do_one)
    return nullptr;
}
template <class O> static action one_signed(const std::string &name)
{
    FOR_TYPE(int16_t, "s16", do_one)
    FOR_TYPE(int32_t, "s32", do_one)
    FOR_TYPE(int64_t, "s64", do_one)
    FOR_TYPE(double, "f64", do_one)
    return nullptr;
}
template <class O> static action one_double(const std::string &name)
{
    FOR_TYPE(double, "f64", do_one)
    return nullptr;
}
template <class O> static action two_bits(const std::string &name)
{
    FOR_BITS(do_two)
    return nullptr;
}
template <class O> static action two_integers(const std::string &name)
{
    FOR_TYPE(uint16_t, "u16", do_two)
    FOR_TYPE(int16_t, "s16", do_two)
    FOR_TYPE(uint32_t, "u32", do_two)
    FOR_TYPE(int32_t, "s32", do_two)
    FOR_TYPE(uint64_t, "u64", do_two)
    FOR_TYPE(int64_t, "s64", do_two)
    return nullptr;
}
template <class O> static action two_numbers(const std::string &name)
{
    FOR_TYPE(double, "f64", do_two)
    return two_integers<O>(name);
}

/* Integers wrap; narrow ones are computed as int. */
template <class T> static constexpr bool is_double = std::is_same<T, double>::value;

#define WRAPPING(name, operator_)                                                                  \
    struct name {                                                                                  \
        template <class T> static T of(T a, T b)                                                   \
        {                                                                                          \
            if constexpr (is_double<T>)                                                            \
                return a operator_ b;                                                              \
            else                                                                                   \
                return (T)((uint64_t)a operator_(uint64_t) b);                                     \
        }                                                                                          \
    };
WRAPPING(plus, +)
WRAPPING(minus, -)
WRAPPING(times, *)

#define SIMPLE(name, expression)                                                                   \
    struct name {                                                                                  \
        template <class T> static T of(T a, T b)                                                   \
        {                                                                                          \
            return (T)(expression);                                                                \
        }                                                                                          \
    };
SIMPLE(bit_and, a &b)
SIMPLE(bit_or, a | b)
SIMPLE(bit_xor, a ^ b)
struct smaller {
    template <class T> static T of(T a, T b)
    {
        if constexpr (is_double<T>) /* a number wins over NaN */
            return std::fmin(a, b);
        else
            return std::min(a, b);
    }
};
struct larger {
    template <class T> static T of(T a, T b)
    {
        if constexpr (is_double<T>)
            return std::fmax(a, b);
        else
            return std::max(a, b);
    }
};

/* Division by zero has no defined result on a device: no kernel may meet it. */
template <class T> static void check_divisor(T a, T b)
{
    if (!b || (std::is_signed<T>::value && b == (T)-1 && a == std::numeric_limits<T>::min()))
        refuse("division", "it has no defined result");
}
struct quotient {
    template <class T> static T of(T a, T b)
    {
        if constexpr (!is_double<T>)
            check_divisor(a, b);
        return (T)(a / b);
    }
};
struct remainder {
    template <class T> static T of(T a, T b)
    {
        check_divisor(a, b);
        return (T)(a % b);
    }
};
struct high_part {
    template <class T> static T of(T a, T b)
    {
        return (T)(((__int128)a * b) >> (8 * sizeof(T)));
    }
    static uint64_t of(uint64_t a, uint64_t b)
    {
        return (uint64_t)(((unsigned __int128)a * b) >> 64);
    }
};
struct bit_not {
    template <class T> static T of(T a)
    {
        return (T)~a;
    }
    static bool of(bool a)
    {
        return !a;
    }
};
struct opposite {
    template <class T> static T of(T a)
    {
        if constexpr (is_double<T>)
            return -a;
        else
            return (T)(0 - (uint64_t)a);
    }
};
struct absolute {
    template <class T> static T of(T a)
    {
        if constexpr (is_double<T>)
            return std::fabs(a);
        else
            return a < 0 ? opposite::of(a) : a;
    }
};
struct root {
    static double of(double a)
    {
        return std::sqrt(a);
    }
};
struct inverse {
    static double of(double a)
    {
        return 1 / a;
    }
};
struct ones {
    template <class T> static uint32_t of(T a)
    {
        return (uint32_t)__builtin_popcountll(a);
    }
};
struct leading_zeros {
    template <class T> static uint32_t of(T a)
    {
        return a ? (uint32_t)__builtin_clzll(a) - (64 - 8 * sizeof(T)) : 8 * sizeof(T);
    }
};
struct reversed {
    template <class T> static T of(T a)
    {
        T out = 0;
        for (size_t k = 0; k < 8 * sizeof(T); k++)
            out = (T)(out | (T)(((uint64_t)a >> k & 1) << (8 * sizeof(T) - 1 - k)));
        return out;
    }
};

/* ---- the others ---- */

/* Amounts beyond the width count as the width. */
template <class T> static void do_shl(launch &, block &, thread &t, const instruction &i)
{
    const uint32_t by = from<uint32_t>(t, i, 1);
    give(t, i, by < 8 * sizeof(T) ? (T)(from<T>(t, i, 0) << by) : (T)0);
}
template <class T> static void do_shr(launch &, block &, thread &t, const instruction &i)
{
    const uint32_t by = from<uint32_t>(t, i, 1), most = 8 * sizeof(T) - 1;
    const T x = from<T>(t, i, 0);
    give(t, i, by <= most ? (T)(x >> by) : std::is_signed<T>::value ? (T)(x >> most) : (T)0);
}

/* Twice as wide as its factors. */
template <class T, class W> static void do_wide(launch &, block &, thread &t, const instruction &i)
{
    const W product = (W)from<T>(t, i, 0) * (W)from<T>(t, i, 1);
    give(t, i, i.froms == 3 ? (W)((uint64_t)product + from<uint64_t>(t, i, 2)) : product);
}
template <class T> static void do_mad(launch &, block &, thread &t, const instruction &i)
{
    give(t, i, plus::of(times::of(from<T>(t, i, 0), from<T>(t, i, 1)), from<T>(t, i, 2)));
}
static void do_fma(launch &, block &, thread &t, const instruction &i)
{
    give(t, i, std::fma(from<double>(t, i, 0), from<double>(t, i, 1), from<double>(t, i, 2)));
}
static void do_copysign(launch &, block &, thread &t, const instruction &i)
{
    give(t, i, std::copysign(from<double>(t, i, 1), from<double>(t, i, 0)));
}

/* CARRY: 1 takes it, 2 gives it. */
template <class T, int CARRY>
static void do_add_carry(launch &, block &, thread &t, const instruction &i)
{
    const unsigned __int128 sum =
        (unsigned __int128)from<T>(t, i, 0) + from<T>(t, i, 1) + (CARRY & 1 ? t.carry : 0);
    if (CARRY & 2)
        t.carry = (sum >> (8 * sizeof(T)) & 1) != 0;
    give(t, i, (T)sum);
}

template <class T> static void do_select(launch &, block &, thread &t, const instruction &i)
{
    give(t, i, from<T>(t, i, from<bool>(t, i, 2) ? 0 : 1));
}

/* Moves: one register, a pair into one, one into a pair. */
template <class T> static void do_move(launch &, block &, thread &t, const instruction &i)
{
    if (i.tos == 2) {
        const uint64_t x = t.r[i.from[0]];
        t.r[i.to[0]] = (uint32_t)x;
        t.r[i.to[1]] = x >> 32;
    } else if (i.froms == 2) {
        t.r[i.to[0]] = (uint32_t)t.r[i.from[0]] | t.r[i.from[1]] << 32;
    } else {
        give(t, i, from<T>(t, i, 0));
    }
}

template <uint64_t ADD> static void do_address(launch &, block &, thread &t, const instruction &i)
{
    t.r[i.to[0]] = t.r[i.from[0]] + ADD;
}

template <class T, bool DISTANCE>
static void do_bfind(launch &, block &, thread &t, const instruction &i)
{
    const uint64_t x = from<T>(t, i, 0);
    const uint32_t place = x ? 63 - (uint32_t)__builtin_clzll(x) : UINT32_MAX;
    give(t, i, x && DISTANCE ? (uint32_t)(8 * sizeof(T)) - 1 - place : place);
}
template <class T> static void do_bfi(launch &, block &, thread &t, const instruction &i)
{
    const T field = from<T>(t, i, 0), into = from<T>(t, i, 1);
    const unsigned at = t.r[i.from[2]] & 255, length = t.r[i.from[3]] & 255, width = 8 * sizeof(T);
    const T mask =
        at >= width ? (T)0 : (T)((length >= width ? ~(T)0 : (T)(((T)1 << length) - 1)) << at);
    give(t, i, (T)((into & (T)~mask) | (at < width ? (T)(field << at) & mask : (T)0)));
}

/* ---- names ---- */

#define BY_WIDTH(action32, action64)                                                               \
    (type.size() == 3 && type.substr(1) == "32"   ? (action)action32                               \
     : type.size() == 3 && type.substr(1) == "64" ? (action)action64                               \
                                                  : nullptr)

static action multiplication(const std::vector<std::string> &word)
{
    const std::string &type = word.back(), &part = word[1];
    if (type == "f64")
        return part == "rn" ? two_numbers<times>(type) : nullptr;
    if (part == "hi")
        return two_integers<high_part>(type);
    if (part == "wide")
        return type == "s32"   ? do_wide<int32_t, int64_t>
               : type == "u32" ? do_wide<uint32_t, uint64_t>
               : type == "s16" ? do_wide<int16_t, int32_t>
               : type == "u16" ? do_wide<uint16_t, uint32_t>
                               : nullptr;
    return part == "lo" ? two_integers<times>(type) : nullptr;
}

static action addition(const std::vector<std::string> &word)
{
    const std::string &type = word.back();
    const bool takes = word[0] == "addc", gives = word.size() == 3 && word[1] == "cc";
    if (takes)
        return gives ? BY_WIDTH((do_add_carry<uint32_t, 3>), (do_add_carry<uint64_t, 3>))
                     : BY_WIDTH((do_add_carry<uint32_t, 1>), (do_add_carry<uint64_t, 1>));
    if (gives)
        return BY_WIDTH((do_add_carry<uint32_t, 2>), (do_add_carry<uint64_t, 2>));
    return word.size() == 2 || word[1] == "rn" ? two_numbers<plus>(type) : nullptr;
}

static action shift(const std::string &name, const std::string &type)
{
    if (name == "shl")
        return type == "b16" ? do_shl<uint16_t> : BY_WIDTH(do_shl<uint32_t>, do_shl<uint64_t>);
    return type == "u16"   ? do_shr<uint16_t>
           : type == "s16" ? do_shr<int16_t>
           : type == "s32" ? do_shr<int32_t>
           : type == "s64" ? do_shr<int64_t>
                           : BY_WIDTH(do_shr<uint32_t>, do_shr<uint64_t>);
}

static action address(const std::vector<std::string> &word)
{
    const bool to = word[1] == "to";
    const std::string &name = word[to ? 2 : 1];
    const uint64_t window = name == "shared"  ? SHARED_WINDOW
                            : name == "local" ? LOCAL_WINDOW
                            : name == "param" ? PARAM_WINDOW
                                              : 0;
    if (!window)
        return name == "global" ? do_address<0> : nullptr;
    if (window == SHARED_WINDOW)
        return to ? do_address<0 - SHARED_WINDOW> : do_address<SHARED_WINDOW>;
    if (window == LOCAL_WINDOW)
        return to ? do_address<0 - LOCAL_WINDOW> : do_address<LOCAL_WINDOW>;
    return to ? do_address<0 - PARAM_WINDOW> : do_address<PARAM_WINDOW>;
}

static action moving(const std::string &type)
{
    return type == "pred"                   ? do_move<bool>
           : type == "u16" || type == "b16" ? do_move<uint16_t>
                                            : BY_WIDTH(do_move<uint32_t>, do_move<uint64_t>);
}

static action selection(const std::string &type)
{
    return type == "u16" || type == "b16" || type == "s16"
               ? do_select<uint16_t>
               : BY_WIDTH(do_select<uint32_t>, do_select<uint64_t>);
}

static bool rounded(const std::vector<std::string> &word)
{
    return word.size() == 3 && word[1] == "rn";
}

static action find(const std::vector<std::string> &word)
{
    const std::string &name = word[0], &type = word.back();
    if (name == "mov")
        return moving(type);
    if (name == "cvta")
        return address(word);
    if (name == "add" || name == "addc")
        return addition(word);
    if (name == "sub")
        return word.size() == 2 || rounded(word) ? two_numbers<minus>(type) : nullptr;
    if (name == "mul")
        return multiplication(word);
    if (name == "mad" && word[1] == "lo")
        return BY_WIDTH(do_mad<uint32_t>, do_mad<uint64_t>);
    if (name == "mad" && word[1] == "wide")
        return multiplication(word);
    if (name == "fma")
        return type == "f64" && rounded(word) ? do_fma : nullptr;
    if (name == "div")
        return word.size() == 2 || rounded(word) ? two_numbers<quotient>(type) : nullptr;
    if (name == "rem")
        return two_integers<remainder>(type);
    if (name == "rcp")
        return rounded(word) ? one_double<inverse>(type) : nullptr;
    if (name == "sqrt")
        return rounded(word) ? one_double<root>(type) : nullptr;
    if (name == "copysign")
        return type == "f64" ? do_copysign : nullptr;
    if (name == "and")
        return two_bits<bit_and>(type);
    if (name == "or")
        return two_bits<bit_or>(type);
    if (name == "xor")
        return two_bits<bit_xor>(type);
    if (name == "not")
        return one_bits<bit_not>(type);
    if (name == "shl" || name == "shr")
        return shift(name, type);
    if (name == "setp")
        return comparison(word);
    if (name == "selp")
        return selection(type);
    if (name == "cvt")
        return conversion(word);
    if (name == "min")
        return two_numbers<smaller>(type);
    if (name == "max")
        return two_numbers<larger>(type);
    if (name == "neg")
        return one_signed<opposite>(type);
    if (name == "abs")
        return one_signed<absolute>(type);
    if (name == "popc")
        return BY_WIDTH((do_one<ones, uint32_t>), (do_one<ones, uint64_t>));
    if (name == "clz")
        return BY_WIDTH((do_one<leading_zeros, uint32_t>), (do_one<leading_zeros, uint64_t>));
    if (name == "brev")
        return BY_WIDTH((do_one<reversed, uint32_t>), (do_one<reversed, uint64_t>));
    if (name == "bfind" && type[0] == 'u')
        return word[1] == "shiftamt"
                   ? BY_WIDTH((do_bfind<uint32_t, true>), (do_bfind<uint64_t, true>))
                   : BY_WIDTH((do_bfind<uint32_t, false>), (do_bfind<uint64_t, false>));
    if (name == "bfi")
        return BY_WIDTH(do_bfi<uint32_t>, do_bfi<uint64_t>);
    return nullptr;
}

bool decode_arithmetic(instruction &i, const std::vector<std::string> &word)
{
    i.run = find(word);
    return i.run != nullptr;
}

} // namespace ct_ptx
