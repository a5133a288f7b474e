/* SPDX-License-Identifier: Apache-2.0 */
/* The tables of a bench. */
#include <math.h>

#include "analysis/bench/bench.h"
#include "backend/operations.h"
#include "base/base.h"
#include "sheet/sheet.h"

static void measured(ct_cell *cell, ct_measured value)
{
    ct_cell_real(cell, value.median, value.spread);
}

static void text(ct_cell *cell, const char *words)
{
    cell->text = words;
    cell->missing = !*words;
}

/* ---- times, and the shorter table ---- */

typedef enum time_id {
    CASE,
    PROBLEM,
    LATTICE,
    CUTS,
    KIND,
    COUNT,
    BACKEND,
    SOLVER,
    THREADS,
    SECONDS,
    SPEEDUP,
    PROCESSOR,
    STAGES, /* CT_STAGES of them */
    GRAM_SHARE = STAGES + CT_STAGES,
    EIGENVALUES_SHARE,
    DIFFERENCE,
    NOTE
} time_id;

static const ct_column_words time_columns[] = {{"case", CUTROPY_COLUMN_TEXT, 0},
                                               {"problem", CUTROPY_COLUMN_TEXT, 0},
                                               {"lattice", CUTROPY_COLUMN_TEXT, 0},
                                               {"cuts", CUTROPY_COLUMN_TEXT, 0},
                                               {"kind", CUTROPY_COLUMN_TEXT, CT_PLAIN},
                                               {"count", CUTROPY_COLUMN_INTEGER, 0},
                                               {"backend", CUTROPY_COLUMN_TEXT, 0},
                                               {"solver", CUTROPY_COLUMN_TEXT, CT_PLAIN},
                                               {"threads", CUTROPY_COLUMN_INTEGER, 0},
                                               {"seconds", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"speedup", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"processor", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"evaluate", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"symmetry", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"quotient", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"blocks", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"gram", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"eigenvalues", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"entropy", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"proofs", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                               {"gram_share", CUTROPY_COLUMN_REAL, 0},
                                               {"eigenvalues_share", CUTROPY_COLUMN_REAL, 0},
                                               {"difference", CUTROPY_COLUMN_REAL, 0},
                                               {"note", CUTROPY_COLUMN_TEXT, 0}};

static const time_id shorter[] = {CASE, LATTICE, BACKEND, SOLVER, THREADS, SECONDS, SPEEDUP, NOTE};

static const char *kind_name(cutropy_kind kind)
{
    static const char *const names[] = {[CUTROPY_KIND_LABEL] = "label",
                                        [CUTROPY_KIND_INTEGER] = "integer",
                                        [CUTROPY_KIND_REAL] = "real",
                                        [CUTROPY_KIND_COMPLEX] = "complex"};
    return names[kind];
}

/* What a row has whether or not it has numbers. */
static void get_setting(const cutropy_bench *bench, const ct_bench_time *time, time_id id,
                        ct_cell *cell)
{
    switch (id) {
    case CASE:
        text(cell, time->of->name);
        return;
    case PROBLEM:
        text(cell, time->of->problem);
        return;
    case LATTICE:
        text(cell, time->of->lattice[bench->quick]);
        return;
    case CUTS:
        text(cell, time->of->cuts);
        return;
    case KIND:
        text(cell, kind_name(time->kind));
        return;
    case COUNT:
        ct_cell_integer(cell, (int64_t)time->cuts);
        return;
    case BACKEND:
        text(cell, time->way.backend);
        return;
    case SOLVER:
        text(cell, time->way.solver == CT_SOLVE_FRONTIER ? "frontier" : "enumerate");
        return;
    case THREADS:
        ct_cell_integer(cell, time->way.threads);
        return;
    default:
        text(cell, time->note);
    }
}

static void get_time(const cutropy_bench *bench, size_t row, time_id id, ct_cell *cell)
{
    const ct_bench_time *time = &bench->times[row];
    if (id < SECONDS || id == NOTE) {
        get_setting(bench, time, id, cell);
        return;
    }
    cell->missing = *time->note != 0;
    if (cell->missing)
        return;
    if (id == SECONDS)
        measured(cell, time->seconds);
    else if (id == SPEEDUP)
        measured(cell, time->speedup);
    else if (id == PROCESSOR)
        measured(cell, time->processor);
    else if (id < GRAM_SHARE)
        measured(cell, time->stage[id - STAGES]);
    else if (id == GRAM_SHARE)
        ct_cell_real(cell, time->gram_share, 0);
    else if (id == EIGENVALUES_SHARE)
        ct_cell_real(cell, time->eigenvalues_share, 0);
    else
        ct_cell_real(cell, time->difference, 0);
}

static void times_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    get_time(sheet->of, row, (time_id)column, cell);
}

static void summary_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    get_time(sheet->of, row, shorter[column], cell);
}

/* ---- ceilings ---- */

static const ct_column_words ceiling_columns[] = {
    {"ceiling", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"unit", CUTROPY_COLUMN_TEXT, CT_PLAIN},
    {"one_thread", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
    {"all_threads", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
    {"threads", CUTROPY_COLUMN_INTEGER, 0}};

static void ceiling_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_bench *bench = sheet->of;
    const ct_ceiling *c = &bench->ceiling[row];
    if (column < 2)
        text(cell, column ? c->unit : c->name);
    else if (column < 4)
        measured(cell, c->rate[column - 2]);
    else
        ct_cell_integer(cell, bench->threads);
}

/* ---- growth ---- */

static const ct_column_words growth_columns[] = {{"series", CUTROPY_COLUMN_TEXT, 0},
                                                 {"problem", CUTROPY_COLUMN_TEXT, 0},
                                                 {"cuts", CUTROPY_COLUMN_TEXT, 0},
                                                 {"smallest", CUTROPY_COLUMN_INTEGER, 0},
                                                 {"largest", CUTROPY_COLUMN_INTEGER, 0},
                                                 {"exponent", CUTROPY_COLUMN_REAL, CT_HAS_ERROR},
                                                 {"seconds", CUTROPY_COLUMN_REAL, CT_HAS_ERROR}};

static void growth_cell(const cutropy_sheet *sheet, size_t row, size_t column, ct_cell *cell)
{
    const cutropy_bench *bench = sheet->of;
    const ct_growth *g = &bench->growth[row];
    if (column < 3)
        text(cell, column == 0 ? g->of->name : column == 1 ? g->of->problem : g->of->cuts);
    else if (column < 5)
        ct_cell_integer(cell, column == 3 ? g->smallest : g->largest);
    else if (column == 5)
        ct_cell_real(cell, g->exponent, g->exponent_se);
    else
        measured(cell, g->seconds);
}

/* ---- any of them ---- */

/* Rows of another table as JSON: NULL when memory runs out. */
static json_t *ceilings_json(const cutropy_bench *bench)
{
    json_t *array = json_array();
    for (int i = 0; i < CT_CEILINGS; i++) {
        const ct_ceiling *c = &bench->ceiling[i];
        ct_json_append(&array,
                       json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:i}", "ceiling", c->name, "unit",
                                 c->unit, "one_thread", ct_json_real(c->rate[0].median),
                                 "one_thread_err", ct_json_real(c->rate[0].spread), "all_threads",
                                 ct_json_real(c->rate[1].median), "all_threads_err",
                                 ct_json_real(c->rate[1].spread), "threads", bench->threads));
    }
    return array;
}

static json_t *growth_json(const cutropy_bench *bench)
{
    json_t *array = json_array();
    for (size_t i = 0; i < bench->growths; i++) {
        const ct_growth *g = &bench->growth[i];
        ct_json_append(&array, json_pack("{s:s, s:s, s:s, s:i, s:i, s:o, s:o, s:o, s:o}", "series",
                                         g->of->name, "problem", g->of->problem, "cuts",
                                         g->of->cuts, "smallest", g->smallest, "largest",
                                         g->largest, "exponent", ct_json_real(g->exponent),
                                         "exponent_err", ct_json_real(g->exponent_se), "seconds",
                                         ct_json_real(g->seconds.median), "seconds_err",
                                         ct_json_real(g->seconds.spread)));
    }
    return array;
}

/* Where the times come from. */
static void add_origins(cutropy_sheet *sheet, const cutropy_bench *bench)
{
    const ct_operations *cpu = ct_operations_cpu();
    ct_sheet_origin(sheet, "version", ct_json_text(cutropy_version()));
    ct_sheet_origin(sheet, "instruction_set", ct_json_text(cpu->instruction_set()));
    ct_sheet_origin(sheet, "libraries", ct_json_text(cpu->libraries()));
    ct_sheet_origin(sheet, "threads", json_integer(bench->threads));
    ct_sheet_origin(sheet, "load_before", ct_json_real(bench->load));
    ct_sheet_origin(sheet, "quick", json_boolean(bench->quick));
    ct_sheet_origin(sheet, "without_cuda", ct_json_text(bench->without_cuda));
    ct_sheet_origin(sheet, "ceilings", ceilings_json(bench));
    sheet->origin_after = sheet->origins;
    ct_sheet_origin(sheet, "growth", growth_json(bench));
    ct_sheet_origin(sheet, "complete", json_boolean(bench->complete));
}

cutropy_status cutropy_bench_sheet(const cutropy_bench *bench, cutropy_bench_table table,
                                   cutropy_sheet **out)
{
    cutropy_status status = CUTROPY_OK;
    ct_column_words short_columns[sizeof shorter / sizeof *shorter];
    for (size_t i = 0; i < sizeof shorter / sizeof *shorter; i++)
        short_columns[i] = time_columns[shorter[i]];
    const struct {
        const ct_column_words *words;
        size_t count, rows;
        ct_cell_maker *cell;
    } tables[] = {
        [CUTROPY_BENCH_TIMES] = {CT_COLUMNS(time_columns), bench->count, times_cell},
        [CUTROPY_BENCH_SUMMARY] = {CT_COLUMNS(short_columns), bench->count, summary_cell},
        [CUTROPY_BENCH_CEILINGS] = {CT_COLUMNS(ceiling_columns), CT_CEILINGS, ceiling_cell},
        [CUTROPY_BENCH_GROWTH] = {CT_COLUMNS(growth_columns), bench->growths, growth_cell},
    };
    *out = NULL;
    if ((size_t)table >= sizeof tables / sizeof *tables)
        return ct_fail(CUTROPY_EINPUT, "a bench has no table %d", (int)table);
    CT_TRY(ct_sheet_start(tables[table].words, tables[table].count, CUTROPY_BASE_BITS, bench,
                          tables[table].rows, tables[table].cell, out));
    if (!bench->complete)
        snprintf((*out)->partial, sizeof(*out)->partial, "%zu times", bench->count);
    if (table == CUTROPY_BENCH_TIMES)
        add_origins(*out, bench);
done:
    return ct_sheet_finish(status, out);
}
