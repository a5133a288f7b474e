/* SPDX-License-Identifier: Apache-2.0 */
/* Each stage of the pipeline alone, on one thread, beside the floor that the work sets.
 *
 *   bench_stages [--json FILE] [NAME]     only the lines whose name contains NAME
 *
 * A time is the best of several repetitions by the clock of the thread. Floor: bytes that must be
 * read or written, or operations that must be done; the rates are to be held against the memory
 * bandwidth (first line) and the peak of the processor. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../tests/isa_list.h"
#include "backend/operations.h"
#include "base/bits.h"
#include "engine/cut/blocks.h"
#include "engine/cut/classes.h"
#include "engine/cut/cut_rank.h"
#include "engine/cut/gram.h"
#include "engine/cut/moments.h"
#include "engine/cut/quotient.h"
#include "engine/cut/spectrum.h"
#include "engine/function/evaluate.h"
#include "engine/function/function.h"
#include "engine/function/symmetry.h"
#include "problem/problem.h"

#define LEAST_SECONDS 0.15 /* of all repetitions of a line */

/* ---- lines of the table
 * ------------------------------------------------------------------------------------------- */

typedef struct line {
    char name[96];
    double seconds, amount; /* amount / seconds = rate */
    const char *unit;       /* of amount: "images", "B", "popcounts", "flop", ... */
    char floor[64];
} line;

static struct {
    line lines[128];
    int count;
    const char *only;
} report;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void must(cutropy_status status)
{
    if (status == CUTROPY_OK)
        return;
    fprintf(stderr, "bench_stages: %s\n", cutropy_error());
    exit(EXIT_FAILURE);
}

static void *room(size_t count, size_t size)
{
    void *memory = ct_calloc(count, size);
    if (!memory)
        must(ct_fail_memory("benchmark", count * size));
    return memory;
}

static void print_rate(double rate, const char *unit)
{
    static const char *const prefix[] = {"", "k", "M", "G", "T", "P"};
    int k = 0;
    for (; rate >= 1000 && k < 5; k++)
        rate /= 1000;
    printf("%8.2f %s%s/s", rate, prefix[k], unit);
}

/* Runs work(context) until the time is up and keeps the best. */
static void measure(const char *name, double amount, const char *unit, const char *floor_text,
                    void (*work)(void *), void *context)
{
    double best = INFINITY, total = 0;
    line *l = &report.lines[report.count];
    if (report.only && !strstr(name, report.only))
        return;
    if (report.count == (int)(sizeof report.lines / sizeof *report.lines))
        return;
    for (int repeat = 0; repeat < 3 || (total < LEAST_SECONDS && repeat < 1000); repeat++) {
        const double start = now();
        work(context);
        const double seconds = now() - start;
        best = fmin(best, seconds);
        total += seconds;
    }
    *l = (line){.seconds = best, .amount = amount, .unit = unit};
    snprintf(l->name, sizeof l->name, "%s", name);
    snprintf(l->floor, sizeof l->floor, "%s", floor_text);
    report.count++;
    printf("%-44s %12.6f s ", name, best);
    print_rate(amount / best, unit);
    printf("   %s\n", floor_text);
    fflush(stdout);
}

static int write_json(const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) {
        perror(path);
        return EXIT_FAILURE;
    }
    fprintf(file, "{\"version\": \"%s\", \"instruction_set\": \"%s\", \"libraries\": \"%s\",\n",
            cutropy_version(), ct_operations_cpu()->instruction_set(),
            ct_operations_cpu()->libraries());
    fprintf(file, " \"threads\": 1, \"stages\": [\n");
    for (int i = 0; i < report.count; i++) {
        const line *l = &report.lines[i];
        fprintf(file,
                "  {\"name\": \"%s\", \"seconds\": %.9g, \"amount\": %.17g, \"unit\": \"%s\", "
                "\"rate\": %.9g, \"floor\": \"%s\"}%s\n",
                l->name, l->seconds, l->amount, l->unit, l->amount / l->seconds, l->floor,
                i + 1 < report.count ? "," : "");
    }
    fprintf(file, " ]}\n");
    const int failed = ferror(file);
    if (fclose(file) || failed) {
        perror(path);
        return EXIT_FAILURE;
    }
    return EXIT_SUCCESS;
}

/* ---- memory
 * -------------------------------------------------------------------------------------------------------
 */

#define COPY_BYTES ((size_t)64 << 20)

typedef struct copy {
    void *to, *from;
} copy;

static void run_copy(void *context)
{
    const copy *c = context;
    memcpy(c->to, c->from, COPY_BYTES);
}

static void bench_copy(void)
{
    copy c = {room(COPY_BYTES, 1), room(COPY_BYTES, 1)};
    memset(c.from, 1, COPY_BYTES);
    measure("copy 64 MiB", 2.0 * (double)COPY_BYTES, "B", "the bandwidth itself", run_copy, &c);
    ct_free(c.to);
    ct_free(c.from);
}

/* ---- evaluation
 * ---------------------------------------------------------------------------------------------------
 */

typedef struct walk {
    const ct_isa *isa;
    const cutropy_problem *problem;
    uint64_t *table;
} walk;

static void run_walk(void *context)
{
    const walk *w = context;
    ct_sink sink = {.limit = SIZE_MAX, .table = w->table};
    w->isa->walk(w->problem->body_data, w->problem->body, 0, w->problem->lattice->pixels, 0, &sink);
    if (sink.no_memory)
        must(ct_fail_memory("images", sink.count * 8));
    ct_free(sink.list);
}

static void bench_evaluate(const char *problem_text, const char *lattice_text, bool table)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    const ct_isa *isa;
    char name[96];
    must(cutropy_lattice_parse(lattice_text, &lattice));
    must(cutropy_problem_parse(problem_text, lattice, &problem));
    const double images = ldexp(1.0, lattice->pixels);
    walk w = {.problem = problem};
    if (table)
        w.table = room(ct_table_words(lattice->pixels), sizeof *w.table);
    for (int number = 0; (isa = isa_number(number)) != NULL; number++) {
        w.isa = isa;
        snprintf(name, sizeof name, "evaluate %s %s, %s", problem_text, lattice_text, isa->name);
        measure(name, images, "image", table ? "1/8 B an image; gates" : "gates; early exit",
                run_walk, &w);
    }
    ct_free(w.table);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}

static void bench_all_bodies(void)
{
    static const char *const cases[][2] = {
        {"parity", "chain:24"},
        {"majority", "chain:24"},
        {"threshold:k=3", "chain:24"},
        {"weight:k=12", "chain:24"},
        {"inner-product", "chain:24"},
        {"connected", "5x5"},
        {"percolation", "5x5"},
        {"contains", "5x5"},
        {"independent-set", "5x5"},
        {"still-life", "5x5"},
        {"mirror", "5x5"},
        {"rectangle", "5x5"},
        {"bars-stripes", "5x5"},
        {"ghz", "chain:24"},
        {"pixel-loops", "5x5"},
        {"loops", "links:4x4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        bench_evaluate(cases[i][0], cases[i][1], true);
    bench_evaluate("pixel-loops", "6x5", false);
}

/* ---- layout and classes
 * ------------------------------------------------------------------------------------------- */

typedef struct rows {
    uint64_t *table, *out;
    int pixels, shift;
    uint64_t low;
    bool want_map;
} rows;

static void run_layout(void *context)
{
    const rows *r = context;
    uint8_t order[64];
    ct_operations_cpu()->bit_layout(r->table, r->pixels, r->low, r->out, order, 1);
}

static void run_classes(void *context)
{
    const rows *r = context;
    ct_classes classes;
    must(ct_classes_of_rows(r->table, UINT64_C(1) << (r->pixels - r->shift), r->shift, true,
                            r->want_map, 1, &classes));
    ct_classes_free(&classes);
}

static void run_columns(void *context)
{
    const rows *r = context;
    ct_classes classes;
    must(ct_classes_of_columns(r->table, 1024, ct_table_words(r->pixels) / 1024, 1, true, 1,
                               &classes));
    ct_classes_free(&classes);
}

static void bench_rows(void)
{
    enum { PIXELS = 26 };
    const uint64_t words = ct_table_words(PIXELS);
    rows r = {.table = room(words, 8), .out = room(words, 8), .pixels = PIXELS};
    char name[64];
    for (uint64_t i = 0; i < words; i++)
        r.table[i] = ct_random(1, i);
    static const struct {
        const char *name;
        uint64_t low;
        int passes; /* swaps of two index bits */
    } layouts[] = {{"lowest half", 0x1fff, 0},
                   {"highest half", 0x3ffe000, 13},
                   {"every second", 0x2aaaaaa, 6},
                   {"one high pixel", 0x2000000, 1}};
    for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
        r.low = layouts[i].low;
        snprintf(name, sizeof name, "layout N=%d, %s", PIXELS, layouts[i].name);
        measure(name, 2.0 * 8.0 * (double)words, "B", "one read, one write of the table",
                run_layout, &r);
    }
    for (r.shift = 0; r.shift <= 14; r.shift += r.shift < 6 ? 1 : 4)
        for (int map = 0; map < 2; map++) {
            r.want_map = map;
            snprintf(name, sizeof name, "classes of 2^%d-bit rows%s", r.shift,
                     map ? ", with map" : "");
            measure(name, 8.0 * (double)words, "B", "one read of the table", run_classes, &r);
        }
    measure("classes of columns, 1024 x 1024 words", 8.0 * (double)words, "B",
            "two reads of the matrix", run_columns, &r);
    ct_free(r.table);
    ct_free(r.out);
}

/* ---- Gram matrices
 * ------------------------------------------------------------------------------------------------
 */

typedef struct gram {
    int64_t n, k;
    const uint64_t **row;
    uint64_t *bits, *turned;
    const ct_isa *isa;
    bool is_long;
    int64_t *integers, *weight, *g;
    double *numbers, *h;
} gram;

static void run_gram_bits(void *context)
{
    const gram *m = context;
    if (m->is_long)
        m->isa->gram_long(m->n, m->row, (size_t)m->k, 0, m->n, m->g);
    else
        m->isa->gram_short(m->n, m->turned, (size_t)m->k, 0, m->n, m->g);
}

static void run_gram_integer(void *context)
{
    const gram *m = context;
    must(ct_operations_cpu()->gram_integer(m->n, m->k, m->integers, m->k, m->weight, m->g, 1));
}

static void run_gram_real(void *context)
{
    const gram *m = context;
    must(ct_operations_cpu()->gram_real(m->n, m->k, m->numbers, m->h, 1));
}

static void run_gram_complex(void *context)
{
    const gram *m = context;
    must(ct_operations_cpu()->gram_complex(m->n, m->k / 2, m->numbers, m->h, 1));
}

static void bench_gram_bits(int64_t n, int64_t words, bool is_long)
{
    const size_t order = (size_t)n, count = order * (size_t)words;
    gram m = {.n = n, .k = words, .is_long = is_long};
    char name[64];
    m.bits = room(count, 8);
    m.turned = room(count, 8);
    m.row = room(order, sizeof *m.row);
    m.g = room(order * order, 8);
    for (size_t i = 0; i < count; i++)
        m.bits[i] = ct_random(2, i);
    for (size_t i = 0; i < order; i++) {
        m.row[i] = m.bits + i * (size_t)words;
        for (size_t w = 0; w < (size_t)words; w++)
            m.turned[w * order + i] = m.row[i][w];
    }
    for (int number = 0; (m.isa = isa_number(number)) != NULL; number++) {
        snprintf(name, sizeof name, "gram of bits, %s, %lld x %lld words, %s",
                 is_long ? "long" : "short", (long long)n, (long long)words, m.isa->name);
        measure(name, 0.5 * (double)n * (double)(n + 1) * (double)words, "popcount",
                "64-bit popcounts of the triangle", run_gram_bits, &m);
    }
    ct_free(m.bits);
    ct_free(m.turned);
    ct_free(m.row);
    ct_free(m.g);
}

static void bench_gram_numbers(int64_t n, int64_t k)
{
    gram m = {.n = n, .k = k};
    char name[64];
    const size_t order = (size_t)n, count = order * (size_t)k;
    const double flops = (double)n * (double)(n + 1) * (double)k;
    m.integers = room(count, 8);
    m.weight = room((size_t)k, 8);
    m.g = room(order * order, 8);
    m.numbers = room(count, 8);
    m.h = room(2 * order * order, 8);
    for (size_t i = 0; i < count; i++) {
        m.integers[i] = (int64_t)(ct_random(3, i) % 7) - 3;
        m.numbers[i] = ct_random_unit(4, i) - 0.5;
    }
    for (int64_t c = 0; c < k; c++)
        m.weight[c] = 1 + c % 5;
    snprintf(name, sizeof name, "gram_integer %lld x %lld", (long long)n, (long long)k);
    measure(name, flops, "flop", "multiply-adds of the triangle", run_gram_integer, &m);
    m.weight[0] = INT64_C(1) << 56; /* beyond 2^53: the exact loop */
    snprintf(name, sizeof name, "gram_integer %lld x %lld, beyond 2^53", (long long)n,
             (long long)k);
    measure(name, flops, "op", "multiply-adds of the triangle", run_gram_integer, &m);
    snprintf(name, sizeof name, "gram_real %lld x %lld", (long long)n, (long long)k);
    measure(name, flops, "flop", "multiply-adds of the triangle", run_gram_real, &m);
    snprintf(name, sizeof name, "gram_complex %lld x %lld", (long long)n, (long long)(k / 2));
    measure(name, 2 * flops, "flop", "multiply-adds of the triangle", run_gram_complex, &m);
    ct_free(m.integers);
    ct_free(m.weight);
    ct_free(m.g);
    ct_free(m.numbers);
    ct_free(m.h);
}

/* ---- whole cuts and symmetries
 * ------------------------------------------------------------------------------------ */

typedef struct cut {
    ct_function f;
    uint64_t mask;
    ct_quotient quotient;
    ct_blocks blocks;
    ct_gram gram;
} cut;

static void run_quotient(void *context)
{
    cut *c = context;
    ct_quotient q;
    must(ct_quotient_build(&c->f, &c->mask, ct_operations_cpu(), 1, &q));
    ct_quotient_free(&q);
}

static void run_blocks(void *context)
{
    cut *c = context;
    ct_blocks blocks;
    must(ct_blocks_find(&c->quotient, &blocks));
    ct_blocks_free(&blocks);
}

static void run_rank(void *context)
{
    cut *c = context;
    ct_rank_proof proof;
    must(ct_block_rank(&c->quotient, &c->blocks, 0, CT_RANK_WORK, &proof));
}

static void run_square_sum(void *context)
{
    cut *c = context;
    volatile double keep = (double)ct_square_sum(&c->gram);
    (void)keep;
}

static void run_cube_sum(void *context)
{
    cut *c = context;
    ct_u128 sum = 0;
    bool fits = true;
    must(ct_cube_sum(&c->gram, &sum, &fits));
}

static void run_symmetry(void *context)
{
    cut *c = context;
    ct_symmetry s;
    must(ct_symmetry_find(&c->f, true, 1, &s));
    ct_symmetry_free(&s);
}

static double function_bytes(const ct_function *f)
{
    if (f->storage == CT_SUPPORT)
        return 8.0 * (double)f->ones * (double)f->words;
    return f->storage == CT_TABLE ? 8.0 * (double)ct_table_words(f->pixels)
                                  : ldexp((double)ct_value_bytes(f->kind), f->pixels);
}

static void bench_matrix_stages(cut *c, const char *text)
{
    char name[96];
    ct_arena arena = {0};
    must(ct_gram_block(&c->quotient, &c->blocks, 0, ct_operations_cpu(), 1, &arena, &c->gram));
    const double n = (double)c->gram.n, height = (double)ct_block_size(&c->blocks, 0, 0),
                 width = (double)ct_block_size(&c->blocks, 0, 1);
    if (c->gram.integer && n > 1 && n <= 512) {
        snprintf(name, sizeof name, "rank %s", text);
        measure(name, height * width * fmin(height, width) / 2, "op", "modular multiply-adds",
                run_rank, c);
        snprintf(name, sizeof name, "square sum %s", text);
        measure(name, 4 * n * (n + 1), "B", "one read of the triangle", run_square_sum, c);
        snprintf(name, sizeof name, "cube sum %s", text);
        measure(name, n * n * n / 2, "op", "128-bit multiply-adds", run_cube_sum, c);
    }
    ct_gram_free(&c->gram);
    ct_arena_free(&arena);
}

static void bench_cut(const char *problem_text, const char *lattice_text, uint64_t mask)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cut c = {.mask = mask};
    char text[64], name[96];
    const ct_evaluate_options options = {.threads = 1, .memory_limit = UINT64_MAX};
    must(cutropy_lattice_parse(lattice_text, &lattice));
    must(cutropy_problem_parse(problem_text, lattice, &problem));
    must(ct_evaluate(ct_operations_cpu(), problem, &options, NULL, &c.f));
    must(ct_function_measure(&c.f, 1));
    snprintf(text, sizeof text, "%.30s %.20s", problem_text, lattice_text);
    const double bytes = function_bytes(&c.f);
    must(ct_quotient_build(&c.f, &c.mask, ct_operations_cpu(), 1, &c.quotient));
    must(ct_blocks_find(&c.quotient, &c.blocks));
    snprintf(name, sizeof name, "quotient %s", text);
    measure(name, bytes, "B", "one read of the function", run_quotient, &c);
    snprintf(name, sizeof name, "blocks %s", text);
    measure(name, (double)(c.quotient.side[0].count + c.quotient.side[1].count), "class",
            "one visit of a class", run_blocks, &c);
    bench_matrix_stages(&c, text);
    snprintf(name, sizeof name, "symmetry %s", text);
    measure(name, bytes, "B", "one read a test that holds", run_symmetry, &c);
    ct_blocks_free(&c.blocks);
    ct_quotient_free(&c.quotient);
    ct_function_free(&c.f);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
}

int main(int argc, char **argv)
{
    const char *json = NULL;
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "--json") && i + 1 < argc)
            json = argv[++i];
        else
            report.only = argv[i];
    }
    if (report.only && report.only[0] == '-') {
        fprintf(stderr, "usage: bench_stages [--json FILE] [NAME]\n");
        return 2;
    }
    if (ct_operations_cpu()->start)
        ct_operations_cpu()->start(1);
    printf("one thread, best of several; %s\n", ct_operations_cpu()->libraries());
    printf("%-44s %14s %18s   floor\n", "stage", "time", "rate");
    bench_copy();
    bench_all_bodies();
    bench_rows();
    bench_gram_bits(2048, 1, false);
    bench_gram_bits(512, 8, false);
    for (int64_t words = 16; words <= 64; words *= 2)
        for (int is_long = 0; is_long < 2; is_long++) /* where one road overtakes the other */
            bench_gram_bits(512, words, is_long);
    bench_gram_bits(512, 128, true);
    bench_gram_bits(256, 4096, true);
    bench_gram_numbers(512, 1024);
    bench_cut("random", "4x4", 0xff);
    bench_cut("random", "5x5", 0xfff);
    bench_cut("connected", "5x5", 0x3ff);
    bench_cut("majority", "chain:20", 0x3ff);
    bench_cut("loops", "links:4x4", 0xfff);
    bench_cut("page:seed=1", "4x4", 0xff);
    return json ? write_json(json) : EXIT_SUCCESS;
}
