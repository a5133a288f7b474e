/* SPDX-License-Identifier: Apache-2.0 */
/* Integers of texts of one image at a time on a device, which has no traps: in the text that rewrite.c makes, every integer is a ct_num, so
 * that each operation is C's, with C's types, and is watched: what would be undefined sets ct_undefined, and the table is thrown
 * away. Nothing turns a ct_num into a plain integer, and no plain integer turns into a ct_num: where that would be needed, the text
 * does not compile, and the CPU evaluates it. It may well be stricter than C. */
#define CT_FUNCTION static __device__ __forceinline__
#define CT_CONSTANT_FUNCTION                                                                       \
    CT_FUNCTION constexpr /* where nothing is undefined: for tables of constants */

extern "C" __device__ unsigned ct_undefined; /* 1: something was undefined, at any image */
__device__ unsigned ct_undefined;

#ifndef CT_NOTE /* the emulation's is another */
#define CT_NOTE()                                                                                  \
    asm volatile("st.relaxed.gpu.global.u32 [%0], %1;" : : "l"(&ct_undefined), "r"(1) : "memory")
#endif
CT_FUNCTION void ct_note()
{
    CT_NOTE();
}

template <class T> struct ct_unsigned {
    typedef T type;
};
template <> struct ct_unsigned<int> {
    typedef unsigned type;
};
template <> struct ct_unsigned<long> {
    typedef unsigned long type;
};
template <> struct ct_unsigned<long long> {
    typedef unsigned long long type;
};
/* Parameters of exactly these types, which nothing else is converted to. */
template <class B> struct ct_boolean {
};
template <> struct ct_boolean<bool> {
    typedef bool type;
};
template <class F> struct ct_real {
};
template <> struct ct_real<double> {
    typedef double type;
};
template <> struct ct_real<float> {
    typedef float type;
};

/* ---- what C would compute: T is int, long, long long, or one of their unsigned twins ---- */

template <class T> CT_CONSTANT_FUNCTION bool ct_is_signed()
{
    return (T)-1 < (T)1;
}
template <class T> CT_CONSTANT_FUNCTION T ct_least()
{
    return ct_is_signed<T>() ? (T)((typename ct_unsigned<T>::type)1 << (8 * sizeof(T) - 1)) : 0;
}
template <class T> CT_CONSTANT_FUNCTION T ct_add(T a, T b)
{
    typedef typename ct_unsigned<T>::type U;
    const T sum = (T)((U)a + (U)b);
    if (ct_is_signed<T>() && ((a ^ sum) & (b ^ sum)) < 0)
        ct_note();
    return sum;
}
template <class T> CT_CONSTANT_FUNCTION T ct_sub(T a, T b)
{
    typedef typename ct_unsigned<T>::type U;
    const T difference = (T)((U)a - (U)b);
    if (ct_is_signed<T>() && ((a ^ b) & (a ^ difference)) < 0)
        ct_note();
    return difference;
}
template <class T> CT_CONSTANT_FUNCTION T ct_mul(T a, T b)
{
    typedef typename ct_unsigned<T>::type U;
    const T product = (T)((U)a * (U)b);
    if (ct_is_signed<T>()) {
        const long long high =
            sizeof(T) == 8 ? __mul64hi(a, b) : ((long long)a * (long long)b) >> 32;
        if (high != (product < 0 ? -1 : 0))
            ct_note();
    }
    return product;
}
template <class T> CT_CONSTANT_FUNCTION bool ct_divides(T a, T b)
{
    const bool fine = b != 0 && !(ct_is_signed<T>() && b == (T)-1 && a == ct_least<T>());
    if (!fine)
        ct_note();
    return fine;
}
template <class T> CT_CONSTANT_FUNCTION T ct_div(T a, T b)
{
    return ct_divides(a, b) ? a / b : 0;
}
template <class T> CT_CONSTANT_FUNCTION T ct_rem(T a, T b)
{
    return ct_divides(a, b) ? a % b : 0;
}
template <class T> CT_CONSTANT_FUNCTION T ct_and(T a, T b)
{
    return a & b;
}
template <class T> CT_CONSTANT_FUNCTION T ct_or(T a, T b)
{
    return a | b;
}
template <class T> CT_CONSTANT_FUNCTION T ct_xor(T a, T b)
{
    return a ^ b;
}
template <class T, class C> CT_CONSTANT_FUNCTION bool ct_shifts(C count)
{
    const bool fine = !(count < 0) && (unsigned long)count < 8 * sizeof(T);
    if (!fine)
        ct_note();
    return fine;
}
template <class T, class C> CT_CONSTANT_FUNCTION T ct_shl(T a, C count)
{
    typedef typename ct_unsigned<T>::type U;
    if (!ct_shifts<T>(count))
        return 0;
    const T shifted = (T)((U)a << count);
    if (ct_is_signed<T>() && (a < 0 || shifted >> count != a))
        ct_note();
    return shifted;
}
template <class T, class C> CT_CONSTANT_FUNCTION T ct_shr(T a, C count)
{
    return ct_shifts<T>(count) ? a >> count : 0;
}

/* ---- integers ---- */

template <class T> struct ct_num {
    T v;
    ct_num() = default;
    template <class U> __device__ constexpr ct_num(const ct_num<U> &x) : v((T)x.v)
    {
    }
    template <class B, class = typename ct_boolean<B>::type>
    __device__ constexpr ct_num(B x) : v((T)x)
    {
    }
    /* of real numbers, where they fit after their digits behind the point are dropped */
    template <class F, class = typename ct_real<F>::type, class = void>
    __device__ explicit ct_num(F real) : v(0)
    {
        const double x = real;
        const double low = (double)ct_least<T>(),
                     high = 2.0 * (double)((typename ct_unsigned<T>::type)1
                                           << (8 * sizeof(T) - (ct_is_signed<T>() ? 2 : 1)));
        if (sizeof(T) >= 4 && (low == 0 ? x > -1 : x >= low) && x < high)
            v = (T)x;
        else
            ct_note();
    }
    __device__ static constexpr ct_num of(T x)
    {
        ct_num y(false);
        y.v = x;
        return y;
    }
    __device__ constexpr explicit operator bool() const
    {
        return v != 0;
    }
    template <class F, class = typename ct_real<F>::type> __device__ constexpr operator F() const
    {
        return (F)v;
    }
    ct_num *operator&() = delete;
    __device__ ct_num &operator++();
    __device__ ct_num &operator--();
    __device__ ct_num operator++(int)
    {
        const ct_num before = *this;
        ++*this;
        return before;
    }
    __device__ ct_num operator--(int)
    {
        const ct_num before = *this;
        --*this;
        return before;
    }
};

/* A literal, as C types it. */
template <class T> CT_CONSTANT_FUNCTION ct_num<T> ct_c(T x)
{
    return ct_num<T>::of(x);
}
/* The length of an array. */
template <class T> CT_CONSTANT_FUNCTION unsigned long ct_bound(ct_num<T> x)
{
    return (unsigned long)x.v;
}

#define CT_REAL_WITH(op)                                                                           \
    template <class T, class F>                                                                    \
    CT_CONSTANT_FUNCTION typename ct_real<F>::type operator op(ct_num<T> a, F b)                   \
    {                                                                                              \
        return (F)a.v op b;                                                                        \
    }                                                                                              \
    template <class T, class F>                                                                    \
    CT_CONSTANT_FUNCTION typename ct_real<F>::type operator op(F a, ct_num<T> b)                   \
    {                                                                                              \
        return a op(F) b.v;                                                                        \
    }                                                                                              \
    template <class T, class F>                                                                    \
    CT_CONSTANT_FUNCTION typename ct_real<F>::type &operator op##=(F &a, ct_num<T> b)              \
    {                                                                                              \
        return a = a op(F) b.v;                                                                    \
    }
CT_REAL_WITH(+)
CT_REAL_WITH(-)
CT_REAL_WITH(*)
CT_REAL_WITH(/)

#define CT_ARITHMETIC(op, name)                                                                    \
    template <class T, class U>                                                                    \
    CT_CONSTANT_FUNCTION ct_num<decltype(T() + U())> operator op(ct_num<T> a, ct_num<U> b)         \
    {                                                                                              \
        typedef decltype(T() + U()) R;                                                             \
        return ct_num<R>::of(ct_##name<R>((R)a.v, (R)b.v));                                        \
    }                                                                                              \
    CT_WITH_BOOLEANS(op)
#define CT_SHIFT(op, name)                                                                         \
    template <class T, class U>                                                                    \
    CT_CONSTANT_FUNCTION ct_num<decltype(+T())> operator op(ct_num<T> a, ct_num<U> b)              \
    {                                                                                              \
        typedef decltype(+T()) R;                                                                  \
        return ct_num<R>::of(ct_##name<R>((R)a.v, b.v));                                           \
    }                                                                                              \
    CT_WITH_BOOLEANS(op)
/* What && and || give is plain. */
#define CT_WITH_BOOLEANS(op)                                                                       \
    template <class T, class B, class = typename ct_boolean<B>::type>                              \
    CT_CONSTANT_FUNCTION auto operator op(ct_num<T> a, B b)                                        \
    {                                                                                              \
        return a op ct_c((int)b);                                                                  \
    }                                                                                              \
    template <class T, class B, class = typename ct_boolean<B>::type>                              \
    CT_CONSTANT_FUNCTION auto operator op(B a, ct_num<T> b)                                        \
    {                                                                                              \
        return ct_c((int)a) op b;                                                                  \
    }                                                                                              \
    template <class T, class U> CT_CONSTANT_FUNCTION ct_num<T> &operator op##=(ct_num<T> &a, U b)  \
    {                                                                                              \
        return a = ct_num<T>(a op b);                                                              \
    }
CT_ARITHMETIC(+, add)
CT_ARITHMETIC(-, sub)
CT_ARITHMETIC(*, mul)
CT_ARITHMETIC(/, div)
CT_ARITHMETIC(%, rem)
CT_ARITHMETIC(&, and)
CT_ARITHMETIC(|, or)
CT_ARITHMETIC(^, xor)
CT_SHIFT(<<, shl)
CT_SHIFT(>>, shr)

#define CT_COMPARISON(op)                                                                          \
    template <class T, class U>                                                                    \
    CT_CONSTANT_FUNCTION ct_num<int> operator op(ct_num<T> a, ct_num<U> b)                         \
    {                                                                                              \
        typedef decltype(T() + U()) R;                                                             \
        return ct_num<int>::of((R)a.v op(R) b.v);                                                  \
    }                                                                                              \
    template <class T, class B, class = typename ct_boolean<B>::type>                              \
    CT_CONSTANT_FUNCTION ct_num<int> operator op(ct_num<T> a, B b)                                 \
    {                                                                                              \
        return a op ct_c((int)b);                                                                  \
    }                                                                                              \
    template <class T, class B, class = typename ct_boolean<B>::type>                              \
    CT_CONSTANT_FUNCTION ct_num<int> operator op(B a, ct_num<T> b)                                 \
    {                                                                                              \
        return ct_c((int)a) op b;                                                                  \
    }                                                                                              \
    template <class T, class F, class = typename ct_real<F>::type, class = void>                   \
    CT_CONSTANT_FUNCTION ct_num<int> operator op(ct_num<T> a, F b)                                 \
    {                                                                                              \
        return ct_num<int>::of((F)a.v op b);                                                       \
    }                                                                                              \
    template <class T, class F, class = typename ct_real<F>::type, class = void>                   \
    CT_CONSTANT_FUNCTION ct_num<int> operator op(F a, ct_num<T> b)                                 \
    {                                                                                              \
        return ct_num<int>::of(a op(F) b.v);                                                       \
    }
CT_COMPARISON(==)
CT_COMPARISON(!=)
CT_COMPARISON(<)
CT_COMPARISON(<=)
CT_COMPARISON(>)
CT_COMPARISON(>=)

template <class T> CT_CONSTANT_FUNCTION auto operator+(ct_num<T> a)
{
    return ct_c(+a.v);
}
template <class T> CT_CONSTANT_FUNCTION auto operator-(ct_num<T> a)
{
    return ct_c(ct_sub<decltype(+T())>(0, +a.v));
}
template <class T> CT_CONSTANT_FUNCTION auto operator~(ct_num<T> a)
{
    return ct_c(~(+a.v));
}
/* !x is ct_no{}->*x, which binds as ! does: always a number that is watched, also of what && and || give and of real numbers.
 * Divisors and counts of shifts go through ct_lift for the same reason: of two plain ones the operator would be C++'s own. */
struct ct_no {
};
struct ct_yes {
};
struct ct_lift {
};
template <class T> CT_CONSTANT_FUNCTION ct_num<int> operator->*(ct_no, ct_num<T> a)
{
    return ct_num<int>::of(a.v == 0);
}
template <class B, class = typename ct_boolean<B>::type>
CT_CONSTANT_FUNCTION ct_num<int> operator->*(ct_no, B a)
{
    return ct_num<int>::of(!a);
}
template <class F, class = typename ct_real<F>::type, class = void>
CT_CONSTANT_FUNCTION ct_num<int> operator->*(ct_no, F a)
{
    return ct_num<int>::of(!a);
}
CT_CONSTANT_FUNCTION ct_yes operator->*(ct_no, ct_no)
{
    return ct_yes{};
}
CT_CONSTANT_FUNCTION ct_no operator->*(ct_yes, ct_no)
{
    return ct_no{};
}
template <class X> CT_CONSTANT_FUNCTION ct_num<int> operator->*(ct_yes, X a)
{
    return ct_no{}->*(ct_no{}->*a);
}
CT_CONSTANT_FUNCTION ct_no operator->*(ct_lift, ct_no)
{
    return ct_no{};
}
template <class T> CT_CONSTANT_FUNCTION ct_num<T> operator->*(ct_lift, ct_num<T> a)
{
    return a;
}
template <class B, class = typename ct_boolean<B>::type>
CT_CONSTANT_FUNCTION ct_num<int> operator->*(ct_lift, B a)
{
    return ct_c((int)a);
}
template <class F, class = typename ct_real<F>::type, class = void>
CT_CONSTANT_FUNCTION F operator->*(ct_lift, F a)
{
    return a;
}
template <class T> __device__ ct_num<T> &ct_num<T>::operator++()
{
    return *this = ct_num<T>(*this + ct_c(1));
}
template <class T> __device__ ct_num<T> &ct_num<T>::operator--()
{
    return *this = ct_num<T>(*this - ct_c(1));
}

/* ---- arrays: a[i] is ct_at(a)[i], whose index is watched ---- */

template <class E, unsigned long COUNT> struct ct_part;
template <class E> CT_CONSTANT_FUNCTION E &ct_at(E &element)
{
    return element;
}
template <class E, unsigned long COUNT>
CT_CONSTANT_FUNCTION ct_part<E, COUNT> ct_at(E (&array)[COUNT])
{
    return ct_part<E, COUNT>{array};
}
template <class E, unsigned long COUNT> struct ct_part {
    E (&of)[COUNT];
    template <class T> __device__ decltype(auto) operator[](ct_num<T> index) const
    {
        const bool fine = !(index.v < 0) && (unsigned long)index.v < COUNT;
        if (!fine)
            ct_note();
        return ct_at(of[fine ? (unsigned long)index.v : 0]);
    }
};
