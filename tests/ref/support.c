/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"
#include "engine/function/options.h"

#include <check.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t draw(uint64_t *state)
{
    uint64_t x = *state ? *state : UINT64_C(88172645463325252);
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(2685821657736338717);
}

uint64_t draw_below(uint64_t *state, uint64_t bound)
{
    return (draw(state) >> 20) % bound;
}

double draw_unit(uint64_t *state)
{
    return (double)(draw(state) >> 11) * 0x1p-53;
}

int amount(int full, int small)
{
    return getenv("CUTROPY_TEST_SMALL") ? small : full;
}

uint64_t all_pixels(const cutropy_lattice *lattice)
{
    return lattice->pixels == 64 ? ~UINT64_C(0) : (UINT64_C(1) << lattice->pixels) - 1;
}

int lit_pixels(uint64_t mask)
{
    int count = 0;
    for (; mask; mask &= mask - 1)
        count++;
    return count;
}

size_t bytes_of_value(cutropy_kind kind)
{
    return kind == CUTROPY_KIND_LABEL ? 1 : kind == CUTROPY_KIND_COMPLEX ? 16 : 8;
}

int stop_at_once(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)stage, (void)done, (void)total, (void)user;
    return 1;
}

const char *truth_problem(const char *text)
{
    if (!strcmp(text, "parity-even"))
        return "parity";
    return strcmp(text, "splitmix-top-bit-one") ? text : "random";
}

static void must(cutropy_status status, const char *what)
{
    ck_assert_msg(status == CUTROPY_OK, "%s: status %d: %s", what, (int)status, cutropy_error());
}

cutropy_lattice *must_lattice(const char *text)
{
    cutropy_lattice *lattice = NULL;
    must(cutropy_lattice_parse(text, &lattice), text);
    return lattice;
}

cutropy_problem *must_problem_on(const char *text, const cutropy_lattice *lattice)
{
    cutropy_problem *problem = NULL;
    must(cutropy_problem_parse(text, lattice, &problem), text);
    return problem;
}

cutropy_problem *must_problem(const char *text, const char *lattice_text)
{
    cutropy_lattice *lattice = lattice_text ? must_lattice(lattice_text) : NULL;
    cutropy_problem *problem = must_problem_on(text, lattice);
    cutropy_lattice_free(lattice);
    return problem;
}

cutropy_problem *must_values(const cutropy_lattice *lattice, cutropy_kind kind, const void *values)
{
    cutropy_problem *problem = NULL;
    must(cutropy_problem_from_values("values", lattice, kind, values, &problem), "values");
    return problem;
}

cutropy_cuts must_cuts(const char *text, const cutropy_lattice *lattice)
{
    cutropy_cuts cuts = {0};
    must(cutropy_cuts_parse(text, lattice, &cuts), text);
    return cuts;
}

cutropy_result *must_run(const cutropy_problem *problem, const uint64_t *masks, size_t count,
                         const char *quantities, int threads, int symmetry)
{
    uint64_t *copy = malloc(count * sizeof *copy);
    cutropy_cuts cuts = {1, count, copy};
    cutropy_options options = ct_default_options();
    ck_assert_ptr_nonnull(copy);
    for (size_t i = 0; i < count; i++)
        copy[i] = masks[i];
    options.threads = threads;
    options.use_symmetry = symmetry;
    cutropy_result *result = must_solve_with(problem, &cuts, quantities, &options);
    ck_assert_uint_eq(result->count, count);
    ck_assert_int_eq(result->complete, 1);
    free(copy);
    return result;
}

cutropy_options *must_options(const char *key, ...)
{
    cutropy_options *options = NULL;
    va_list rest;
    must(cutropy_options_create(&options), "options");
    va_start(rest, key);
    for (; key; key = va_arg(rest, const char *))
        must(cutropy_options_set(options, key, va_arg(rest, const char *)), key);
    va_end(rest);
    return options;
}

cutropy_state *must_state(const cutropy_problem *problem, const cutropy_options *options)
{
    cutropy_state *state = NULL;
    must(cutropy_state_open(problem, options, &state), cutropy_problem_text(problem));
    return state;
}

cutropy_state *must_levels(const cutropy_problem *problem, const cutropy_options *options)
{
    cutropy_state *state = NULL;
    must(cutropy_state_open_levels(problem, options, &state), cutropy_problem_text(problem));
    return state;
}

cutropy_result *must_solve(const cutropy_problem *problem, const cutropy_cuts *cuts,
                           const cutropy_options *options)
{
    cutropy_result *result = NULL;
    must(cutropy_run(problem, cuts, options, &result), cutropy_problem_text(problem));
    return result;
}

cutropy_result *must_solve_with(const cutropy_problem *problem, const cutropy_cuts *cuts,
                                const char *quantities, const cutropy_options *options)
{
    cutropy_options with = *options;
    cutropy_quantity *list = NULL;
    if (quantities)
        must(cutropy_quantities_parse(quantities, &list, &with.quantity_count), quantities);
    with.quantities = list;
    cutropy_result *result = must_solve(problem, cuts, &with);
    cutropy_quantities_free(list);
    return result;
}

char *must_csv(const cutropy_result *result)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    must(cutropy_write(result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, file), "csv");
    ck_assert_int_eq(fclose(file), 0);
    return text;
}

const cutropy_record *row_record(const cutropy_result *result, size_t row)
{
    ck_assert_uint_lt(result->rows[row].record, result->record_count);
    const cutropy_record *record = &result->records[result->rows[row].record];
    ck_assert_int_ne(record->done, 0);
    return record;
}

int64_t row_classes(const cutropy_result *result, size_t row, int side)
{
    return row_record(result, row)->classes[side ^ (result->rows[row].swapped != 0)];
}

double entropy_of(const char *text, const char *lattice, uint64_t mask, double *error)
{
    cutropy_problem *problem = must_problem(text, lattice);
    cutropy_result *result = must_run(problem, &mask, 1, NULL, 1, 1);
    const cutropy_record *record = row_record(result, 0);
    double entropy = record->entropy;
    *error = record->entropy_err;
    cutropy_result_free(result);
    cutropy_problem_free(problem);
    return entropy;
}
