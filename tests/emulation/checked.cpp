/* SPDX-License-Identifier: Apache-2.0 */
/* The watched integers of C texts on a device (src/ctext/checked.h) against arithmetic in 128 bits: for every operator, pair of
 * types and pair of values at the edges the number and the type are C's, and undefined is noted where C has it. */
#include <cstdio>
#include <initializer_list>
#include <type_traits>

#define __device__
#define __forceinline__ inline
static bool noted;
#define CT_NOTE() (noted = true)
static inline long long __mul64hi(long long a, long long b)
{
    return (long long)((__int128)a * b >> 64);
}
#include "ctext/checked.h"

typedef __int128 wide;
static long checks, failures;

/* A defined result, of type R, where `right` fits; wraps: unsigned. */
template <class R, class G>
static void expect(const char *op, wide a, wide b, G got, bool defined, wide right)
{
    static_assert(std::is_same<G, ct_num<R>>::value, "another type than C's");
    const bool wraps = !ct_is_signed<R>();
    const bool fits = wraps || (right >= (wide)ct_least<R>() && right <= -1 - (wide)ct_least<R>());
    const bool fine = defined && fits;
    checks++;
    if (noted == fine || (fine && got.v != (R)right)) {
        failures++;
        printf("%lld %s %lld: %lld, %s\n", (long long)a, op, (long long)b, (long long)got.v,
               noted ? "undefined" : "defined");
    }
    noted = false;
}

#define CHECK(op, defined, right)                                                                  \
    expect<decltype(T() op U())>(#op, a, b, ct_c(x) op ct_c(y), defined, right)

template <class T, class U> static void pair(T x, U y)
{
    typedef decltype(T() + U()) R;
    typedef decltype(+T()) P;
    const wide a = (R)x, b = (R)y, p = (P)x, c = (wide)y;
    const int width = 8 * sizeof(P);
    const bool shifts = c >= 0 && c < width;
    CHECK(+, true, a + b);
    CHECK(-, true, a - b);
    CHECK(*, true, (wide)((unsigned __int128)a * (unsigned __int128)b));
    CHECK(/, b != 0, b ? a / b : 0);
    CHECK(%, b != 0 && !(ct_is_signed<R>() && b == -1 && a == (wide)ct_least<R>()), b ? a % b : 0);
    CHECK(&, true, a & b);
    CHECK(|, true, a | b);
    CHECK(^, true, a ^ b);
    expect<P>("<<", p, c, ct_c(x) << ct_c(y), shifts && (!ct_is_signed<P>() || p >= 0),
              shifts ? (wide)((unsigned __int128)p << c) : 0);
    expect<P>(">>", p, c, ct_c(x) >> ct_c(y), shifts, shifts ? p >> c : 0);
    expect<int>("<", a, b, ct_c(x) < ct_c(y), true, a < b);
    expect<int>("==", a, b, ct_c(x) == ct_c(y), true, a == b);
    expect<int>(">=", a, b, ct_c(x) >= ct_c(y), true, a >= b);
    expect<int>("!=", a, b, ct_c(x) != ct_c(y), true, a != b);
    ct_num<T> to = ct_c(y); /* as C narrows it */
    expect<T>("=", y, y, to, true, (wide)(T)y);
}

template <class T> static void one(T x)
{
    typedef decltype(-T()) P;
    expect<P>("-", 0, x, -ct_c(x), true, -(wide)(P)x);
    expect<P>("~", 0, x, ~ct_c(x), true, (wide)(P) ~(P)x);
    expect<int>("!", 0, x, ct_no{}->*ct_c(x), true, !x);
    expect<int>("!!", 0, x, ct_no{}->*ct_no{}->*ct_c(x), true, !!x);
    expect<int>("! of a real", 0, x, ct_no{}->*(double)x, true, !x);
    expect<int>("! of a truth", 0, x, ct_no{}->*(x && true), true, !x);
    expect<int>("lifted", 0, x, ct_lift{}->*(x && true), true, x && true);
    ct_num<T> up = ct_c(x), down = ct_c(x);
    ++up;
    expect<T>("++", 0, x, up,
              sizeof(T) < 4 || !ct_is_signed<T>() || (wide)x < -1 - (wide)ct_least<T>(),
              (wide)(T)((wide)x + 1));
    --down;
    expect<T>("--", 0, x, down,
              sizeof(T) < 4 || !ct_is_signed<T>() || (wide)x > (wide)ct_least<T>(),
              (wide)(T)((wide)x - 1));
}

template <class T> struct edges {
    static constexpr int count = 12;
    static T at(int k)
    {
        const T least = std::is_signed<T>::value ? (T)((wide)1 << (8 * sizeof(T) - 1)) : 0;
        const T values[count] = {
            0, 1, 2, 3, (T)-1, least, (T)(least + 1), (T)~least, (T)(~least - 1), 31, 63, 64};
        return values[k];
    }
};

template <class T, class U> static void pairs()
{
    for (int i = 0; i < edges<T>::count; i++)
        for (int j = 0; j < edges<U>::count; j++)
            pair<T, U>(edges<T>::at(i), edges<U>::at(j));
}

template <class T> static void all_with()
{
    for (int i = 0; i < edges<T>::count; i++)
        one<T>(edges<T>::at(i));
    pairs<T, signed char>();
    pairs<T, unsigned short>();
    pairs<T, int>();
    pairs<T, unsigned>();
    pairs<T, long>();
    pairs<T, unsigned long>();
    pairs<T, long long>();
}

/* Real numbers become integers where they fit, once what stands behind the point is gone. */
template <class T> static void cut(double x)
{
    const double least = (double)ct_least<T>();
    const bool fits = (least - 1 < least ? x > least - 1 : x >= least) &&
                      x < (ct_is_signed<T>() ? -(double)ct_least<T>()
                                             : 2.0 * (double)((T)1 << (8 * sizeof(T) - 1)));
    const ct_num<T> got(x);
    checks++;
    if (noted == fits || (fits && got.v != (T)x)) {
        failures++;
        printf("(integer)%.17g: %s\n", x, noted ? "undefined" : "defined");
    }
    noted = false;
}

template <class T> static void arrays()
{
    ct_num<int> a[2][3] = {{ct_c(1), ct_c(2), ct_c(3)}, {ct_c(4), ct_c(5), ct_c(6)}};
    for (int i = -1; i <= 2; i++)
        for (int j = -1; j <= 3; j++) {
            const ct_num<int> got = ct_at(a)[ct_c((T)i)][ct_c((T)j)];
            const bool fine = i >= 0 && i < 2 && j >= 0 && j < 3;
            checks++;
            failures += noted == fine || (fine && got.v != 3 * i + j + 1);
            noted = false;
        }
}

int main()
{
    all_with<signed char>();
    all_with<unsigned char>();
    all_with<short>();
    all_with<int>();
    all_with<unsigned>();
    all_with<long>();
    all_with<unsigned long>();
    all_with<long long>();
    for (double x :
         {0.0, 0.9, -0.9, -1.0, 2147483647.0, 2147483647.9, 2147483648.0, -2147483648.0,
          -2147483649.0, 4294967295.5, 4294967296.0, 9223372036854775807.0, 9223372036854774784.0,
          -9223372036854775808.0, 18446744073709549568.0, 18446744073709551616.0, 1e300, -1e300}) {
        cut<int>(x);
        cut<unsigned>(x);
        cut<long>(x);
        cut<unsigned long>(x);
    }
    cut<int>(__builtin_nan(""));
    arrays<int>();
    arrays<long>();
    printf("%ld checks, %ld failures\n", checks, failures);
    /* nothing plain goes in or out */
    static_assert(!std::is_convertible<int, ct_num<int>>::value &&
                      !std::is_convertible<ct_num<int>, int>::value,
                  "plain");
    static_assert(!std::is_convertible<ct_num<int>, unsigned long>::value &&
                      std::is_convertible<ct_num<int>, double>::value,
                  "plain");
    static_assert(!std::is_constructible<int, ct_num<int>>::value &&
                      !std::is_convertible<double, ct_num<int>>::value,
                  "plain");
    return failures != 0;
}
