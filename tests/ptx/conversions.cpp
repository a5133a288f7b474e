/* SPDX-License-Identifier: Apache-2.0 */
/* setp and cvt. */
#include "machine.h"

#include <cmath>
#include <limits>
#include <type_traits>

namespace ct_ptx
{

template <class T> static T from(const thread &t, const instruction &i, int k)
{
    return number_of<T>(t.r[i.from[k]]);
}

template <class T> static constexpr bool is_double = std::is_same<T, double>::value;

/* ---- comparisons ---- */

enum joins { ALONE, WITH_AND, WITH_OR, WITH_XOR };

template <class C, class T, joins J>
static void do_compare(launch &, block &, thread &t, const instruction &i)
{
    bool yes = C::of(from<T>(t, i, 0), from<T>(t, i, 1)), no = !yes;
    if (J != ALONE) {
        const bool other = from<bool>(t, i, 2);
        yes = J == WITH_AND ? yes && other : J == WITH_OR ? yes || other : yes != other;
        no = J == WITH_AND ? no && other : J == WITH_OR ? no || other : no != other;
    }
    t.r[i.to[0]] = yes;
    if (i.tos == 2)
        t.r[i.to[1]] = no;
}

template <class C, class T> static action with_join(const std::vector<std::string> &word)
{
    const std::string &join = word.size() == 4 ? word[2] : "";
    return join == "and"   ? do_compare<C, T, WITH_AND>
           : join == "or"  ? do_compare<C, T, WITH_OR>
           : join == "xor" ? do_compare<C, T, WITH_XOR>
           : join.empty()  ? do_compare<C, T, ALONE>
                           : nullptr;
}

template <class C> static action compare_type(const std::vector<std::string> &word)
{
    const std::string &type = word.back();
    return type == "u16" || type == "b16"   ? with_join<C, uint16_t>(word)
           : type == "s16"                  ? with_join<C, int16_t>(word)
           : type == "u32" || type == "b32" ? with_join<C, uint32_t>(word)
           : type == "s32"                  ? with_join<C, int32_t>(word)
           : type == "u64" || type == "b64" ? with_join<C, uint64_t>(word)
           : type == "s64"                  ? with_join<C, int64_t>(word)
           : type == "f64"                  ? with_join<C, double>(word)
                                            : nullptr;
}

/* NaN: no ordered comparison holds, every unordered one does. */
template <class T> static bool unordered(T a, T b)
{
    if constexpr (is_double<T>)
        return std::isnan(a) || std::isnan(b);
    else
        return false;
}
#define COMPARISON(name, expression)                                                               \
    struct name {                                                                                  \
        template <class T> static bool of(T a, T b)                                                \
        {                                                                                          \
            return expression;                                                                     \
        }                                                                                          \
    };
COMPARISON(equal, a == b)
COMPARISON(not_equal, a != b && !unordered(a, b))
COMPARISON(less, a < b)
COMPARISON(at_most, a <= b)
COMPARISON(more, a > b)
COMPARISON(at_least, a >= b)
COMPARISON(equal_u, a == b || unordered(a, b))
COMPARISON(not_equal_u, a != b || unordered(a, b))
COMPARISON(less_u, !(a >= b))
COMPARISON(at_most_u, !(a > b))
COMPARISON(more_u, !(a <= b))
COMPARISON(at_least_u, !(a < b))
COMPARISON(numbers, !unordered(a, b))
COMPARISON(no_numbers, unordered(a, b))

action comparison(const std::vector<std::string> &word)
{
    static const std::map<std::string, action (*)(const std::vector<std::string> &)> known = {
        {"eq", compare_type<equal>},    {"ne", compare_type<not_equal>},
        {"lt", compare_type<less>},     {"le", compare_type<at_most>},
        {"gt", compare_type<more>},     {"ge", compare_type<at_least>},
        {"lo", compare_type<less>},     {"ls", compare_type<at_most>},
        {"hi", compare_type<more>},     {"hs", compare_type<at_least>},
        {"equ", compare_type<equal_u>}, {"neu", compare_type<not_equal_u>},
        {"ltu", compare_type<less_u>},  {"leu", compare_type<at_most_u>},
        {"gtu", compare_type<more_u>},  {"geu", compare_type<at_least_u>},
        {"num", compare_type<numbers>}, {"nan", compare_type<no_numbers>}};
    const auto found = known.find(word[1]);
    return found == known.end() ? nullptr : found->second(word);
}

/* ---- conversions ---- */

/* Numbers out of range become the nearest one in it, NaN zero. */
template <class T> static T clamped(double x)
{
    const double low = (double)std::numeric_limits<T>::min(),
                 high = std::ldexp(1, std::numeric_limits<T>::digits);
    return std::isnan(x) ? (T)0
           : x < low     ? std::numeric_limits<T>::min()
           : x >= high   ? std::numeric_limits<T>::max()
                         : (T)x;
}

enum rounding { TO_ZERO, TO_NEAREST, DOWN, UP };

template <class T, class F, rounding R>
static void do_convert(launch &, block &, thread &t, const instruction &i)
{
    const F x = from<F>(t, i, 0);
    if constexpr (is_double<F>) {
        const double whole = R == TO_ZERO      ? std::trunc(x)
                             : R == TO_NEAREST ? std::nearbyint(x)
                             : R == DOWN       ? std::floor(x)
                                               : std::ceil(x);
        if constexpr (is_double<T>)
            t.r[i.to[0]] = bits_of(whole);
        else
            t.r[i.to[0]] = bits_of(clamped<T>(whole));
    } else {
        t.r[i.to[0]] = bits_of((T)x);
    }
}

template <class T, rounding R> static action convert_from(const std::string &type)
{
    return type == "u8"    ? do_convert<T, uint8_t, R>
           : type == "s8"  ? do_convert<T, int8_t, R>
           : type == "u16" ? do_convert<T, uint16_t, R>
           : type == "s16" ? do_convert<T, int16_t, R>
           : type == "u32" ? do_convert<T, uint32_t, R>
           : type == "s32" ? do_convert<T, int32_t, R>
           : type == "u64" ? do_convert<T, uint64_t, R>
           : type == "s64" ? do_convert<T, int64_t, R>
           : type == "f64" ? do_convert<T, double, R>
                           : nullptr;
}
template <rounding R> static action convert(const std::string &to, const std::string &type)
{
    return to == "u16"   ? convert_from<uint16_t, R>(type)
           : to == "s16" ? convert_from<int16_t, R>(type)
           : to == "u32" ? convert_from<uint32_t, R>(type)
           : to == "s32" ? convert_from<int32_t, R>(type)
           : to == "u64" ? convert_from<uint64_t, R>(type)
           : to == "s64" ? convert_from<int64_t, R>(type)
           : to == "f64" ? convert_from<double, R>(type)
                         : nullptr;
}

action conversion(const std::vector<std::string> &word)
{
    const std::string &type = word.back(), &to = word[word.size() - 2];
    const std::string how = word.size() == 4 ? word[1] : "";
    return how.empty() || how == "rzi"   ? convert<TO_ZERO>(to, type)
           : how == "rn" || how == "rni" ? convert<TO_NEAREST>(to, type)
           : how == "rmi"                ? convert<DOWN>(to, type)
           : how == "rpi"                ? convert<UP>(to, type)
                                         : nullptr;
}

} // namespace ct_ptx
