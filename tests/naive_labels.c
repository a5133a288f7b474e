/* SPDX-License-Identifier: Apache-2.0 */
#include "naive_labels.h"

#include <stdlib.h>
#include <string.h>

/* ---- geometry ---- */

/* The two vertices of a link, as x + lx*y. */
static void link_ends(const naive_case *c, int link, int end[2])
{
    int k = 0;
    for (int y = 0; y < c->ly; y++)
        for (int x = 0; x < (c->periodic ? c->lx : c->lx - 1); x++)
            if (k++ == link) {
                end[0] = x + c->lx * y;
                end[1] = (x + 1) % c->lx + c->lx * y;
            }
    for (int y = 0; y < (c->periodic ? c->ly : c->ly - 1); y++)
        for (int x = 0; x < c->lx; x++)
            if (k++ == link) {
                end[0] = x + c->lx * y;
                end[1] = x + c->lx * ((y + 1) % c->ly);
            }
}

static bool is_step(int a, int b, int length, bool periodic)
{
    return a - b == 1 || b - a == 1 || (periodic && (a - b == length - 1 || b - a == length - 1));
}

static bool is_bond(const naive_case *c, int i, int j)
{
    if (i == j)
        return false;
    if (c->shape == NAIVE_LINKS) {
        int a[2] = {-1, -1}, b[2] = {-1, -1};
        link_ends(c, i, a);
        link_ends(c, j, b);
        return a[0] == b[0] || a[0] == b[1] || a[1] == b[0] || a[1] == b[1];
    }
    int xi = i % c->lx, yi = i / c->lx, xj = j % c->lx, yj = j / c->lx;
    return (yi == yj && is_step(xi, xj, c->lx, c->periodic)) ||
           (xi == xj && is_step(yi, yj, c->ly, c->periodic == true));
}

void naive_prepare(naive_case *c)
{
    c->pixels = c->lx * c->ly;
    if (c->shape == NAIVE_LINKS)
        c->pixels = c->periodic ? 2 * c->lx * c->ly : (c->lx - 1) * c->ly + c->lx * (c->ly - 1);
    for (int i = 0; i < c->pixels; i++)
        for (int j = 0; j < c->pixels; j++)
            c->bond[i][j] = is_bond(c, i, j);
}

bool naive_label(const naive_case *c, uint64_t image)
{
    bool lit[64];
    for (int i = 0; i < c->pixels; i++)
        lit[i] = image >> i & 1;
    return c->label(c, lit);
}

static int count_lit(const naive_case *c, const bool *lit)
{
    int count = 0;
    for (int i = 0; i < c->pixels; i++)
        count += lit[i];
    return count;
}

/* ---- loops ---- */

bool naive_loops(const naive_case *c, const bool *lit)
{
    int degree[64] = {0};
    for (int i = 0; i < c->pixels; i++) {
        int end[2] = {-1, -1};
        link_ends(c, i, end);
        degree[end[0]] += lit[i];
        degree[end[1]] += lit[i];
    }
    for (int v = 0; v < c->lx * c->ly; v++)
        if (degree[v] % 2)
            return false;
    return true;
}

/* Contractible: the boundary of some set of faces of the torus. Tries every set. */
bool naive_contractible(const naive_case *c, const bool *lit)
{
    int faces = c->lx * c->ly, vertical = c->lx * c->ly;
    for (uint64_t set = 0; set < UINT64_C(1) << faces; set++) {
        bool border[64] = {false};
        for (int y = 0; y < c->ly; y++)
            for (int x = 0; x < c->lx; x++)
                if (set >> (x + c->lx * y) & 1) {
                    border[x + c->lx * y] ^= true;
                    border[x + c->lx * ((y + 1) % c->ly)] ^= true;
                    border[vertical + x + c->lx * y] ^= true;
                    border[vertical + (x + 1) % c->lx + c->lx * y] ^= true;
                }
        if (memcmp(border, lit, (size_t)c->pixels * sizeof *lit) == 0)
            return true;
    }
    return false;
}

bool naive_pixel_loops(const naive_case *c, const bool *lit)
{
    for (int i = 0; i < c->pixels; i++) {
        int near = 0;
        for (int j = 0; j < c->pixels; j++)
            near += c->bond[i][j] && lit[j];
        if (lit[i] && near != 2)
            return false;
    }
    return true;
}

/* ---- counts ---- */

bool naive_parity(const naive_case *c, const bool *lit)
{
    return count_lit(c, lit) % 2 == c->parameter;
}

bool naive_majority(const naive_case *c, const bool *lit)
{
    return 2 * count_lit(c, lit) > c->pixels;
}

bool naive_threshold(const naive_case *c, const bool *lit)
{
    return count_lit(c, lit) >= c->parameter;
}

bool naive_weight(const naive_case *c, const bool *lit)
{
    return count_lit(c, lit) == c->parameter;
}

bool naive_ghz(const naive_case *c, const bool *lit)
{
    int count = count_lit(c, lit);
    return count == 0 || count == c->pixels;
}

/* ---- shapes ---- */

bool naive_mirror(const naive_case *c, const bool *lit)
{
    for (int y = 0; y < c->ly; y++)
        for (int x = 0; x < c->lx; x++)
            if (lit[x + c->lx * y] != lit[c->lx - 1 - x + c->lx * y])
                return false;
    return true;
}

bool naive_bars_stripes(const naive_case *c, const bool *lit)
{
    bool bars = true, stripes = true;
    for (int y = 0; y < c->ly; y++)
        for (int x = 0; x < c->lx; x++) {
            bars = bars && lit[x + c->lx * y] == lit[x];
            stripes = stripes && lit[x + c->lx * y] == lit[c->lx * y];
        }
    return bars || stripes;
}

/* Marks what is joined to i by lit pixels. Bonds between rows (of `width` pixels) that are not next
 * to each other are left out; width = N leaves out none. */
static void visit(const naive_case *c, const bool *lit, bool *seen, int i, int width)
{
    seen[i] = true;
    for (int j = 0; j < c->pixels; j++)
        if (c->bond[i][j] && lit[j] && !seen[j] && abs(i / width - j / width) <= 1)
            visit(c, lit, seen, j, width);
}

bool naive_connected(const naive_case *c, const bool *lit)
{
    bool seen[64] = {false};
    int components = 0;
    for (int i = 0; i < c->pixels; i++)
        if (lit[i] && !seen[i]) {
            visit(c, lit, seen, i, c->pixels);
            components++;
        }
    return components == 1;
}

bool naive_percolation(const naive_case *c, const bool *lit)
{
    bool seen[64] = {false};
    int width = c->shape == NAIVE_CHAIN ? 1 : c->lx;
    for (int i = 0; i < width; i++)
        if (lit[i])
            visit(c, lit, seen, i, width);
    for (int i = c->pixels - width; i < c->pixels; i++)
        if (seen[i])
            return true;
    return false;
}

static bool is_filled(const naive_case *c, const bool *lit, int x0, int x1, int y0, int y1)
{
    for (int y = 0; y < c->ly; y++)
        for (int x = 0; x < c->lx; x++)
            if (lit[x + c->lx * y] != (x >= x0 && x <= x1 && y >= y0 && y <= y1))
                return false;
    return true;
}

bool naive_rectangle(const naive_case *c, const bool *lit)
{
    for (int x0 = 0; x0 < c->lx; x0++)
        for (int x1 = x0; x1 < c->lx; x1++)
            for (int y0 = 0; y0 < c->ly; y0++)
                for (int y1 = y0; y1 < c->ly; y1++)
                    if (is_filled(c, lit, x0, x1, y0, y1))
                        return true;
    return false;
}

bool naive_independent_set(const naive_case *c, const bool *lit)
{
    for (int i = 0; i < c->pixels; i++)
        for (int j = 0; j < c->pixels; j++)
            if (c->bond[i][j] && lit[i] && lit[j])
                return false;
    return true;
}

static int cell(const naive_case *c, const bool *lit, int x, int y)
{
    if (c->periodic == NAIVE_AROUND && (y < 0 || y >= c->ly))
        return 0;
    if (c->periodic)
        return lit[(x + 2 * c->lx) % c->lx + c->lx * ((y + 2 * c->ly) % c->ly)];
    return x >= 0 && y >= 0 && x < c->lx && y < c->ly && lit[x + c->lx * y];
}

bool naive_still_life(const naive_case *c, const bool *lit)
{
    for (int y = -1; y <= c->ly; y++) /* one more row and column on each side: cells born outside */
        for (int x = -1; x <= c->lx; x++) {
            int around = 0;
            for (int dy = -1; dy <= 1; dy++)
                for (int dx = -1; dx <= 1; dx++)
                    around += dx == 0 && dy == 0 ? 0 : cell(c, lit, x + dx, y + dy);
            int next = around == 3 || (around == 2 && cell(c, lit, x, y));
            if (next != cell(c, lit, x, y))
                return false;
        }
    return true;
}

bool naive_contains(const naive_case *c, const bool *lit)
{
    int width = (int)strcspn(c->pattern, "/"), height = ((int)strlen(c->pattern) + 1) / (width + 1);
    for (int y0 = 0; y0 < c->ly; y0++)
        for (int x0 = 0; x0 < c->lx; x0++) {
            bool match = c->periodic || (x0 + width <= c->lx && y0 + height <= c->ly);
            for (int y = 0; y < height && match; y++)
                for (int x = 0; x < width && match; x++) {
                    bool want = c->pattern[y * (width + 1) + x] == '1';
                    bool is = lit[(x0 + x) % c->lx + c->lx * ((y0 + y) % c->ly)];
                    match = want == is || (c->parameter && !want);
                }
            if (match)
                return true;
        }
    return false;
}

/* ---- numbers ---- */

static uint64_t number(const naive_case *c, const bool *lit)
{
    uint64_t image = 0;
    for (int i = c->pixels - 1; i >= 0; i--)
        image = 2 * image + lit[i];
    return image;
}

bool naive_inner_product(const naive_case *c, const bool *lit)
{
    int half = c->pixels / 2, sum = 0;
    for (int i = 0; i < half; i++)
        sum += lit[i] * lit[half + i];
    return sum % 2 == 1;
}

bool naive_primes(const naive_case *c, const bool *lit)
{
    uint64_t n = number(c, lit);
    for (uint64_t d = 2; d * d <= n; d++)
        if (n % d == 0)
            return false;
    return n >= 2;
}

/* As published: state += 0x9e37..., then two xor-shift-multiply rounds and a last xor-shift. */
uint64_t naive_splitmix64(uint64_t x)
{
    uint64_t z = x + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* R >= 2^64 (1 - p/q) as q (2^64 - R) <= p 2^64, with 128-bit integers; p/q is a dyadic fraction
 * parameter/1024. */
bool naive_random(const naive_case *c, const bool *lit)
{
    uint64_t seed = strtoull(c->pattern, NULL, 10);
    uint64_t mixed = naive_splitmix64(seed - UINT64_C(0x9e3779b97f4a7c15));
    __extension__ typedef unsigned __int128 wide;
    wide rest = ((wide)1 << 64) - naive_splitmix64(number(c, lit) + mixed);
    return rest * 1024 <= (wide)c->parameter << 64;
}
