/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of a manifest, one after the other, and index.json; after each, what is finished stands in
 * index.json.partial. It is never computed again as long as its SHA-256 is the one of the index and
 * the function behind it has the checksum of the index. Nothing in
 * these files depends on the machine, the number of threads or the time: only integers, fractions,
 * and decimals that are rounded correctly. */
#include "cli/ground_truth.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "base/base.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/job.h"
#include "cli/manifest.h"
#include "cli/signals.h"
#include "input/bytes.h"
#include "sheet/save.h"
#include "output/sha256.h"
#include "problem/names.h"

typedef struct truth_options {
    const char *folder, *manifest;
    int threads;
    bool plan, quiet;
} truth_options;

typedef struct truth {
    const truth_options *options;
    const char *name; /* of the command */
    ct_manifest manifest;
    json_t *old;    /* "tables" of index.json.partial and index.json, what is there */
    json_t *tables; /* finished entries, in the order of the manifest */
    json_t *listed; /* while an index is written: what it lists */
    bool complete;
    size_t kept;
} truth;

enum { KEY_FOLDER = 256, KEY_PLAN, KEY_QUIET };

static const struct argp_option option_list[] = {
    {"ground-truth", KEY_FOLDER, "DIR", 0, "where the tables and index.json go", 1},
    {"plan", KEY_PLAN, 0, 0, "list the tables that are to be made, compute no cut", 1},
    {"threads", 't', "N", 0, "default: all cores this process may use", 1},
    {"quiet", KEY_QUIET, 0, 0, "no progress lines (they only show on a terminal)", 1},
    {0}};

static const char documentation[] =
    "Make a set of proved tables: those of MANIFEST, or the standard set."
    "\v"
    "Every table is a CSV as cutropy table --certify writes it; index.json lists for each its "
    "problem "
    "with all parameters, lattice, cuts, the checksum of the function, N_I = <f|f>, how many rows "
    "are "
    "exact and certified, and its SHA-256. Made again, on any machine and with any number of "
    "threads, "
    "the files are the same byte for byte. Ctrl-C keeps what is finished (index.json.partial); the "
    "next call goes on. A table that does not have its SHA-256, or whose function has another "
    "checksum now, is named and made again.\n"
    "\n"
    "  cutropy table --ground-truth truth\n"
    "  cutropy table --ground-truth mine my-manifest.json\n"
    "  cutropy check truth/index.json       every file against its SHA-256\n"
    "  cutropy check truth/connected-4x4.csv   every row computed again\n";

static error_t parse(int key, char *argument, struct argp_state *state)
{
    truth_options *options = state->input;
    switch (key) {
    case ARGP_KEY_INIT:
        ct_cli_init(state);
        return 0;
    case KEY_FOLDER:
        options->folder = argument;
        return 0;
    case KEY_PLAN:
        options->plan = true;
        return 0;
    case KEY_QUIET:
        options->quiet = true;
        return 0;
    case 't':
        return ct_parse_count("--threads", argument, 1, CUTROPY_MAX_THREADS, &options->threads,
                              state);
    case ARGP_KEY_ARG:
        if (options->manifest)
            return ct_cli_bad(state, "one manifest at a time: '%s' is too much", argument);
        options->manifest = argument;
        return 0;
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

int ct_wants_ground_truth(int argc, char **argv)
{
    static const char option[] = "--ground-truth";
    for (int i = 1; i < argc; i++)
        if (!strncmp(argv[i], option, strlen(option)))
            return 1;
    return 0;
}

/* ---- files ---- */

/* DIR/FILE; free with ct_free. */
static cutropy_status join(const char *folder, const char *file, char **out)
{
    cutropy_status status = CUTROPY_OK;
    const size_t size = strlen(folder) + strlen(file) + 2;
    CT_NEW(*out, size);
    snprintf(*out, size, "%s/%s", folder, file);
done:
    return status;
}

static cutropy_status hash_file(const char *path, char hex[65])
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    const cutropy_status status = ct_read_file(path, &bytes, &size);
    if (status == CUTROPY_OK)
        ct_sha256((const char *)bytes, size, hex);
    ct_free(bytes);
    return status;
}

static bool exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

/* Appends the entries of an index of this version to t->old; nothing when it is not there. */
static cutropy_status read_index(truth *t, const char *name)
{
    cutropy_status status = CUTROPY_OK;
    char *path = NULL;
    json_error_t error;
    json_t *root = NULL, *tables;
    CT_TRY(join(t->options->folder, name, &path));
    if (!exists(path))
        goto done;
    root = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: line %d: %s (remove it to make every table again)",
                       path, error.line, error.text));
    const char *version = json_string_value(json_object_get(root, "cutropy"));
    tables = json_object_get(root, "tables");
    if (version && !strcmp(version, cutropy_version()) && json_is_array(tables) &&
        json_array_extend(t->old, tables))
        CT_TRY(ct_fail_memory("index.json", 0));
done:
    json_decref(root);
    ct_free(path);
    return status;
}

/* The entry of a file in a list of entries; NULL: none. */
static json_t *entry_of(json_t *tables, const char *file)
{
    size_t i;
    json_t *entry;
    json_array_foreach(tables, i, entry)
    {
        const char *name = json_string_value(json_object_get(entry, "file"));
        if (name && file && !strcmp(name, file))
            return entry;
    }
    return NULL;
}

static cutropy_status write_index_file(FILE *file, void *context)
{
    const truth *t = context;
    json_t *root =
        json_pack("{s:s, s:s, s:b, s:O}", "cutropy", cutropy_version(), "manifest_sha256",
                  t->manifest.sha256, "complete", t->complete, "tables", t->listed);
    if (!root)
        return ct_fail_memory("index.json", 0);
    const int failed = json_dumpf(root, file, JSON_INDENT(1)) || putc('\n', file) == EOF;
    json_decref(root);
    return failed ? CUTROPY_EIO : CUTROPY_OK;
}

/* index.json when all is done, until then index.json.partial: an index that was complete stays,
 * and what the old ones know of tables that are still to come is kept. */
static cutropy_status write_index(truth *t)
{
    cutropy_status status = CUTROPY_OK;
    char *path = NULL, *partial = NULL;
    size_t i;
    json_t *entry;
    t->listed = json_copy(t->tables);
    if (!t->listed)
        CT_TRY(ct_fail_memory("index.json", 0));
    json_array_foreach(t->old, i, entry)
    {
        const char *file = json_string_value(json_object_get(entry, "file"));
        if (!t->complete && !entry_of(t->listed, file) && json_array_append(t->listed, entry))
            CT_TRY(ct_fail_memory("index.json", 0));
    }
    CT_TRY(join(t->options->folder, "index.json", &path));
    CT_TRY(ct_partial_path(path, &partial));
    CT_TRY(ct_save_run(path, t->complete, write_index_file, t));
    if (t->complete && unlink(partial) && errno != ENOENT)
        CT_TRY(ct_fail(CUTROPY_EIO, "cannot remove '%s': %s", partial, strerror(errno)));
done:
    json_decref(t->listed);
    t->listed = NULL;
    ct_free(partial);
    ct_free(path);
    return status;
}

/* ---- one table ---- */

/* The entry of the old index for this table, if it says that it is the same. */
static json_t *old_entry(const truth *t, const ct_manifest_entry *entry, const char *problem,
                         const char *lattice)
{
    size_t i;
    json_t *old;
    json_array_foreach(t->old, i, old)
    {
        const char *file = json_string_value(json_object_get(old, "file"));
        const char *text = json_string_value(json_object_get(old, "problem"));
        const char *place = json_string_value(json_object_get(old, "lattice"));
        const char *cuts = json_string_value(json_object_get(old, "cuts"));
        const json_int_t digits = json_integer_value(json_object_get(old, "digits"));
        if (file && text && place && cuts && !strcmp(file, entry->file) && !strcmp(text, problem) &&
            !strcmp(place, lattice) && !strcmp(cuts, entry->cuts) && digits == entry->digits)
            return old;
    }
    return NULL;
}

/* Ground truth holds proved rows only. */
static cutropy_status require_proofs(const ct_manifest_entry *entry, const cutropy_result *result,
                                     size_t count[2])
{
    char mask[2 * CUTROPY_MAX_PIXELS / 8 + 3];
    for (size_t i = 0; i < result->count; i++) {
        const cutropy_record *record = &result->records[result->rows[i].record];
        if (!record->exact || record->exact->decimals[0] < entry->digits ||
            !record->exact->renyi2[0] || record->rank_lo != record->rank_hi) {
            cutropy_mask_format(result->cuts.masks + i * result->cuts.words, result->cuts.words,
                                mask);
            return ct_fail(CUTROPY_EUNSUPPORTED, "%s: cut %.70s is not proved to %d decimals",
                           entry->file, mask, entry->digits);
        }
        count[record->guarantee == CUTROPY_GUARANTEE_EXACT ? 0 : 1]++;
    }
    return CUTROPY_OK;
}

static cutropy_status describe(const ct_manifest_entry *entry, const cutropy_result *result,
                               const char *path, json_t **out)
{
    cutropy_status status = CUTROPY_OK;
    char checksum[17], sha256[65];
    size_t count[2] = {0};
    CT_TRY(require_proofs(entry, result, count));
    CT_TRY(hash_file(path, sha256));
    snprintf(checksum, sizeof checksum, "%016" PRIx64, result->checksum);
    const ct_problem_type *type = ct_problem_find(result->problem, strcspn(result->problem, ":"));
    *out = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:i, s:I, s:I, s:s}", "file",
                     entry->file, "problem", result->problem, "definition",
                     type ? type->definition : "", "lattice", result->lattice, "cuts", entry->cuts,
                     "checksum", checksum, "norm", result->norm, "label1_images",
                     (json_int_t)result->ones, "rows", (json_int_t)result->count, "digits",
                     entry->digits, "exact", (json_int_t)count[0], "certified",
                     (json_int_t)count[1], "sha256", sha256);
    if (!*out)
        status = ct_fail_memory("index.json", 0);
done:
    return status;
}

static cutropy_status compute(truth *t, const ct_manifest_entry *entry, ct_job *job,
                              const char *path)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *result = NULL;
    json_t *line = NULL;
    size_t count[2] = {0};
    job->options.certify = 1;
    job->options.digits = entry->digits;
    status = cutropy_run(job->problem, &job->cuts, &job->options, &result);
    ct_progress_erase(&job->progress);
    ct_signals_hold(); /* a table and its line in the index belong together */
    CT_TRY(status);
    CT_TRY(require_proofs(entry, result, count));
    CT_TRY(cutropy_save(result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, path));
    CT_TRY(describe(entry, result, path, &line));
    if (json_array_append_new(t->tables, line))
        CT_TRY(ct_fail_memory("index.json", 0));
    CT_TRY(write_index(t));
done:
    ct_signals_release();
    cutropy_result_free(result);
    return status;
}

/* The checksum of the function behind a job: one trivial cut of it. */
static cutropy_status measure(ct_job *job, char checksum[17])
{
    cutropy_status status = CUTROPY_OK;
    cutropy_result *result = NULL;
    cutropy_cuts empty = {.words = job->cuts.words, .count = 1};
    CT_NEW_ZERO(empty.masks, empty.words);
    status = cutropy_run(job->problem, &empty, &job->options, &result);
    ct_progress_erase(&job->progress);
    CT_TRY(status);
    snprintf(checksum, 17, "%016" PRIx64, result->checksum);
done:
    cutropy_result_free(result);
    cutropy_cuts_free(&empty);
    return status;
}

/* Whether the table is there as its entry says, and its function is the same still: the text of a
 * problem does not change with the file that it names. */
static cutropy_status is_current(const truth *t, const json_t *old, const char *path, ct_job *job,
                                 bool *current)
{
    cutropy_status status = CUTROPY_OK;
    char now[65];
    const char *sha256 = json_string_value(json_object_get(old, "sha256"));
    const char *checksum = json_string_value(json_object_get(old, "checksum"));
    *current = false;
    CT_TRY(hash_file(path, now));
    if (!sha256 || strcmp(sha256, now)) {
        fprintf(stderr, "%s: %s does not have the SHA-256 of the index: it is made again\n",
                t->name, path);
        goto done;
    }
    CT_TRY(measure(job, now));
    *current = checksum && !strcmp(checksum, now);
    if (!*current)
        fprintf(stderr, "%s: %s is of another function than %s now: it is made again\n", t->name,
                path, cutropy_problem_text(job->problem));
done:
    return status;
}

/* Keeps the table that is there, or makes it. */
static cutropy_status make_table(truth *t, const ct_manifest_entry *entry)
{
    cutropy_status status = CUTROPY_OK;
    const ct_run_options run = {.problem = entry->problem,
                                .lattice = entry->lattice,
                                .cuts = entry->cuts,
                                .threads = t->options->threads,
                                .quiet = t->options->quiet};
    char *path = NULL;
    bool current = false;
    ct_job job = {0};
    CT_TRY(join(t->options->folder, entry->file, &path));
    CT_TRY(ct_job_open(&run, NULL, &job));
    json_t *old = old_entry(t, entry, cutropy_problem_text(job.problem),
                            cutropy_problem_lattice(job.problem)->name);
    if (old && exists(path))
        CT_TRY(is_current(t, old, path, &job, &current));
    if (current) {
        t->kept++;
        if (json_array_append(t->tables, old))
            CT_TRY(ct_fail_memory("index.json", 0));
        goto done;
    }
    if (t->options->plan) {
        printf("%-40s %zu cuts of %s on %s\n", entry->file, job.cuts.count,
               cutropy_problem_text(job.problem), cutropy_problem_lattice(job.problem)->name);
        goto done;
    }
    CT_TRY(compute(t, entry, &job, path));
done:
    ct_job_close(&job);
    ct_free(path);
    return status;
}

static cutropy_status stopped(const truth *t)
{
    return ct_fail(CUTROPY_ECANCELLED, "stopped after %zu of %zu tables",
                   json_array_size(t->tables), t->manifest.count);
}

/* The tables so far are there, with their lines in the index. */
static int say_stopped(void *context)
{
    const truth *t = context;
    return ct_cli_fail(t->name, stopped(t));
}

/* No table may be a file that is read: the manifest, or one behind a problem or its cuts. */
static cutropy_status check_files(const truth *t)
{
    static const char *const indices[] = {"index.json", "index.json.partial"};
    cutropy_status status = CUTROPY_OK;
    ct_files files = {0};
    ct_job job = {0};
    char *path = NULL;
    CT_TRY(ct_files_read(&files, t->options->manifest));
    for (size_t i = 0; i < t->manifest.count; i++) {
        const ct_manifest_entry *entry = &t->manifest.entry[i];
        const ct_run_options run = {.problem = entry->problem, .lattice = entry->lattice};
        ct_job_close(&job);
        CT_TRY(ct_job_open_problem(&run, &job));
        CT_TRY(ct_files_read_job(&files, job.problem, entry->cuts));
    }
    for (size_t i = 0; i < t->manifest.count + 2; i++) {
        const bool table = i < t->manifest.count;
        ct_free(path);
        CT_TRY(join(t->options->folder,
                    table ? t->manifest.entry[i].file : indices[i - t->manifest.count], &path));
        CT_TRY(ct_files_write(&files, path));
    }
done:
    ct_free(path);
    ct_job_close(&job);
    ct_files_free(&files);
    return status;
}

static cutropy_status make_all(truth *t)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_manifest_read(t->options->manifest, &t->manifest));
    t->tables = json_array();
    t->old = json_array();
    if (!t->tables || !t->old)
        CT_TRY(ct_fail_memory("index.json", 0));
    CT_TRY(check_files(t));
    if (!t->options->plan && mkdir(t->options->folder, 0777) && errno != EEXIST)
        CT_TRY(ct_fail(CUTROPY_EIO, "%s: %s", t->options->folder, strerror(errno)));
    CT_TRY(read_index(t, "index.json.partial")); /* the newer one comes first */
    CT_TRY(read_index(t, "index.json"));
    CT_TRY(ct_signals_watch(t->name, say_stopped, t));
    for (size_t i = 0; i < t->manifest.count; i++) {
        CT_TRY(make_table(t, &t->manifest.entry[i]));
        if (ct_signals_stop())
            CT_TRY(stopped(t));
    }
    if (t->options->plan)
        goto done;
    t->complete = true;
    CT_TRY(write_index(t));
    printf("%zu tables in %s (%zu were there already); index: %s/index.json\n", t->manifest.count,
           t->options->folder, t->kept, t->options->folder);
done:
    return status;
}

int ct_ground_truth(int argc, char **argv)
{
    static const struct argp argp = {.options = option_list,
                                     .parser = parse,
                                     .args_doc = "[MANIFEST]",
                                     .doc = documentation,
                                     .help_filter = ct_run_help_filter};
    truth_options options = {0};
    truth t = {.options = &options, .name = argv[0]};
    cutropy_status status = ct_cli_parse(&argp, argc, argv, &options);
    if (status)
        return (int)status; /* the message is out */
    status = make_all(&t);
    int code = status ? ct_cli_fail(argv[0], status) : ct_cli_close_output(argv[0]);
    json_decref(t.old);
    json_decref(t.tables);
    ct_manifest_free(&t.manifest);
    return code;
}
