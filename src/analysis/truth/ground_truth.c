/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of proved tables: which are there already, and making the others. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include <cutropy/sheet.h>

#include "analysis/truth/manifest.h"
#include "analysis/truth/truth_index.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "sheet/staging.h"
#include "problem/names.h"

struct cutropy_ground_truth {
    const cutropy_manifest *manifest;
    char *folder;
    json_t *old;    /* entries of the indices that were there, the newer ones first */
    json_t **entry; /* the new index, by the numbers of the manifest; NULL: to be made */
    size_t done;
    size_t at;                 /* the table that was looked at */
    cutropy_truth_table table; /* its path, problem and cuts are owned */
    cutropy_result *result;    /* what was computed for it */
};

static void close_table(cutropy_ground_truth *set)
{
    cutropy_result_free(set->result);
    set->result = NULL;
    cutropy_cuts_free(&set->table.cuts);
    cutropy_problem_free((cutropy_problem *)(uintptr_t)set->table.problem);
    ct_free((char *)(uintptr_t)set->table.path);
    set->table = (cutropy_truth_table){0};
}

void cutropy_ground_truth_free(cutropy_ground_truth *set)
{
    if (!set)
        return;
    close_table(set);
    for (size_t i = 0; set->entry && i < set->manifest->count; i++)
        json_decref(set->entry[i]);
    ct_free(set->entry);
    json_decref(set->old);
    ct_free(set->folder);
    ct_free(set);
}

cutropy_status cutropy_ground_truth_open(const char *folder, const cutropy_manifest *manifest,
                                         cutropy_ground_truth **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_ground_truth *set = NULL;
    *out = NULL;
    CT_NEW_ZERO(set, 1);
    set->manifest = manifest;
    set->folder = ct_strdup(folder);
    set->old = json_array();
    if (!set->folder || !set->old)
        CT_TRY(ct_fail_memory("index.json", 0));
    CT_NEW_ZERO(set->entry, manifest->count);
    CT_TRY(ct_index_read(folder, "index.json.partial", set->old));
    CT_TRY(ct_index_read(folder, "index.json", set->old));
    *out = set;
    set = NULL;
done:
    cutropy_ground_truth_free(set);
    return status;
}

size_t cutropy_ground_truth_done(const cutropy_ground_truth *set)
{
    return set->done;
}

static void take(cutropy_ground_truth *set, json_t *entry)
{
    set->done += set->entry[set->at] == NULL;
    json_decref(set->entry[set->at]);
    set->entry[set->at] = entry;
}

/* ---- what is there ---- */

/* The old entry of the table at hand, if it says that it is the same. */
static json_t *old_entry(const cutropy_ground_truth *set)
{
    const cutropy_manifest_table *wanted = &set->manifest->table[set->at];
    const cutropy_problem *problem = set->table.problem;
    size_t i;
    json_t *old;
    json_array_foreach(set->old, i, old)
    {
        if (!strcmp(ct_index_text(old, "file"), wanted->file) &&
            !strcmp(ct_index_text(old, "problem"), cutropy_problem_text(problem)) &&
            !strcmp(ct_index_text(old, "lattice"), cutropy_problem_lattice(problem)->name) &&
            !strcmp(ct_index_text(old, "cuts"), wanted->cuts) &&
            json_integer_value(json_object_get(old, "digits")) == wanted->digits)
            return old;
    }
    return NULL;
}

static cutropy_status open_table(cutropy_ground_truth *set, size_t i)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_manifest_table *wanted = &set->manifest->table[i];
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    char *path = NULL;
    close_table(set);
    set->at = i;
    CT_TRY(ct_path_join(set->folder, wanted->file, &path));
    set->table.path = path;
    CT_TRY(cutropy_lattice_parse(wanted->lattice, &lattice));
    CT_TRY(cutropy_problem_parse(wanted->problem, lattice, &problem));
    set->table.problem = problem;
    CT_TRY(cutropy_cuts_parse(wanted->cuts, cutropy_problem_lattice(problem), &set->table.cuts));
done:
    cutropy_lattice_free(lattice);
    return status;
}

/* The checksum of the function at hand: one trivial cut of it. */
static cutropy_status measure(const cutropy_ground_truth *set, const cutropy_options *options,
                              char checksum[17])
{
    cutropy_status status = CUTROPY_OK;
    cutropy_options plain = *ct_options_or_standard(options);
    cutropy_result *result = NULL;
    cutropy_cuts empty = {.words = set->table.cuts.words, .count = 1};
    plain.solver = CT_SOLVE_ENUMERATE; /* whose checksums are those of f */
    CT_NEW_ZERO(empty.masks, empty.words);
    CT_TRY(cutropy_run(set->table.problem, &empty, &plain, &result));
    snprintf(checksum, 17, "%016" PRIx64, result->checksum);
done:
    cutropy_result_free(result);
    cutropy_cuts_free(&empty);
    return status;
}

/* Whether the file is as its entry says, and its function the same still: the text of a problem
 * does not change with the file that it names. */
static cutropy_status compare(cutropy_ground_truth *set, json_t *old,
                              const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    char now[65];
    CT_TRY(ct_file_sha256(set->table.path, now));
    set->table.state = CUTROPY_TRUTH_ALTERED;
    if (strcmp(ct_index_text(old, "sha256"), now))
        goto done;
    CT_TRY(measure(set, options, now));
    set->table.state = CUTROPY_TRUTH_OTHER_FUNCTION;
    if (strcmp(ct_index_text(old, "checksum"), now))
        goto done;
    set->table.state = CUTROPY_TRUTH_CURRENT;
    take(set, json_incref(old));
done:
    return status;
}

cutropy_status cutropy_ground_truth_look(cutropy_ground_truth *set, size_t i,
                                         const cutropy_options *options,
                                         const cutropy_truth_table **out)
{
    cutropy_status status = CUTROPY_OK;
    struct stat info;
    CT_TRY(open_table(set, i));
    set->table.state = CUTROPY_TRUTH_MISSING;
    json_t *old = old_entry(set);
    if (old && !stat(set->table.path, &info))
        CT_TRY(compare(set, old, options));
    *out = &set->table;
done:
    return status;
}

/* ---- making a table ---- */

/* Ground truth holds proved rows only. count: how many are exact, and how many certified. */
static cutropy_status require_proofs(const cutropy_manifest_table *wanted,
                                     const cutropy_result *result, size_t count[2])
{
    char mask[2 * CUTROPY_MAX_PIXELS / 8 + 3];
    count[0] = count[1] = 0;
    for (size_t i = 0; i < result->count; i++) {
        const cutropy_record *record = &result->records[result->rows[i].record];
        if (!record->exact || record->exact->decimals[0] < wanted->digits ||
            !record->exact->renyi2[0] || record->rank_lo != record->rank_hi) {
            cutropy_mask_format(result->cuts.masks + i * result->cuts.words, result->cuts.words,
                                mask, sizeof mask);
            return ct_fail(CUTROPY_EUNSUPPORTED, "%s: cut %.70s is not proved to %d decimals",
                           wanted->file, mask, wanted->digits);
        }
        count[record->guarantee == CUTROPY_GUARANTEE_EXACT ? 0 : 1]++;
    }
    return CUTROPY_OK;
}

cutropy_status cutropy_ground_truth_compute(cutropy_ground_truth *set,
                                            const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_manifest_table *wanted = &set->manifest->table[set->at];
    cutropy_options all = ct_options_without_quantities(options);
    cutropy_result *result = NULL;
    size_t count[2];
    all.solver = CT_SOLVE_ENUMERATE;
    all.certify = 1;
    all.digits = wanted->digits;
    CT_TRY(ct_make_folder(set->folder));
    CT_TRY(cutropy_run(set->table.problem, &set->table.cuts, &all, &result));
    CT_TRY(require_proofs(wanted, result, count));
    cutropy_result_free(set->result);
    set->result = result;
    result = NULL;
done:
    cutropy_result_free(result);
    return status;
}

static cutropy_status describe(const cutropy_ground_truth *set, json_t **out)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_manifest_table *wanted = &set->manifest->table[set->at];
    const cutropy_result *result = set->result;
    char checksum[17], sha256[65];
    size_t count[2];
    CT_TRY(require_proofs(wanted, result, count));
    CT_TRY(ct_file_sha256(set->table.path, sha256));
    snprintf(checksum, sizeof checksum, "%016" PRIx64, result->checksum);
    const ct_problem_type *type = ct_problem_find(result->problem, strcspn(result->problem, ":"));
    *out = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:i, s:I, s:I, s:s}", "file",
                     wanted->file, "problem", result->problem, "definition",
                     type ? type->definition : "", "lattice", result->lattice, "cuts", wanted->cuts,
                     "checksum", checksum, "norm", result->norm, "label1_images",
                     (json_int_t)result->ones, "rows", (json_int_t)result->count, "digits",
                     wanted->digits, "exact", (json_int_t)count[0], "certified",
                     (json_int_t)count[1], "sha256", sha256);
    if (!*out)
        status = ct_fail_memory("index.json", 0);
done:
    return status;
}

/* index.json when all is done, until then index.json.partial: an index that was complete stays,
 * and what the old ones know of tables that are still to come is kept. */
static cutropy_status write_index(const cutropy_ground_truth *set, bool complete)
{
    cutropy_status status = CUTROPY_OK;
    size_t i;
    json_t *entry, *listed = json_array();
    if (!listed)
        CT_TRY(ct_fail_memory("index.json", 0));
    for (i = 0; i < set->manifest->count; i++)
        if (set->entry[i] && json_array_append(listed, set->entry[i]))
            CT_TRY(ct_fail_memory("index.json", 0));
    json_array_foreach(set->old, i, entry)
    {
        if (!complete && !ct_index_find(listed, ct_index_text(entry, "file")) &&
            json_array_append(listed, entry))
            CT_TRY(ct_fail_memory("index.json", 0));
    }
    CT_TRY(ct_index_write(set->folder, set->manifest, complete, listed));
done:
    json_decref(listed);
    return status;
}

cutropy_status cutropy_ground_truth_save(cutropy_ground_truth *set)
{
    cutropy_status status = CUTROPY_OK;
    json_t *entry = NULL;
    if (!set->result)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "nothing was computed that could be saved"));
    CT_TRY(cutropy_save(set->result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, set->table.path));
    CT_TRY(describe(set, &entry));
    take(set, entry);
    CT_TRY(write_index(set, false));
done:
    return status;
}

cutropy_status cutropy_ground_truth_make(cutropy_ground_truth *set, size_t i,
                                         const cutropy_options *options)
{
    cutropy_status status = CUTROPY_OK;
    const cutropy_truth_table *table;
    CT_TRY(cutropy_ground_truth_look(set, i, options, &table));
    if (table->state == CUTROPY_TRUTH_CURRENT)
        goto done;
    CT_TRY(cutropy_ground_truth_compute(set, options));
    CT_TRY(cutropy_ground_truth_save(set));
done:
    return status;
}

cutropy_status cutropy_ground_truth_finish(cutropy_ground_truth *set)
{
    for (size_t i = 0; i < set->manifest->count; i++)
        if (!set->entry[i])
            return ct_fail(CUTROPY_EINPUT, "%s: %s is missing: the set is not complete",
                           set->folder, set->manifest->table[i].file);
    return write_index(set, true);
}
