/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of proved tables: a folder of CSV files and an index.json that describes each.
 *
 *   cutropy_manifest *manifest;
 *   cutropy_ground_truth *set;
 *   cutropy_manifest_read(NULL, &manifest);                  the standard set
 *   cutropy_ground_truth_open("truth", manifest, &set);
 *   for (size_t i = 0; i < cutropy_manifest_count(manifest); i++)
 *       cutropy_ground_truth_make(set, i, NULL);
 *   cutropy_ground_truth_finish(set);
 *   cutropy_ground_truth_free(set);
 *   cutropy_manifest_free(manifest);
 *
 * Nothing in these files depends on the machine, the number of threads or the time: only integers,
 * fractions, and decimals that are rounded correctly. So a set that is made again is the same byte
 * for byte. What is there is never computed again as long as its SHA-256 is the one of the index
 * and the function behind it has the checksum of the index. docs/ground-truth.md describes the
 * files. */
#ifndef CUTROPY_GROUND_TRUTH_H
#define CUTROPY_GROUND_TRUTH_H

#include <stdio.h>

#include <cutropy/run.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what a set consists of ---- */

/* Read only. */
typedef struct cutropy_manifest_table {
    char *file;                     /* a plain name that ends in .csv, once in a manifest */
    char *problem, *lattice, *cuts; /* as for cutropy_problem_parse and its relatives */
    int digits;                     /* decimals of every entropy */
} cutropy_manifest_table;

typedef struct cutropy_manifest cutropy_manifest;

/* path: a JSON file {"manifest": 1, "tables": [{"file": "connected-4x4.csv", "problem":
 * "connected", "lattice": "4x4", "cuts": "all"}, ...]}, where an entry may have "digits" (20 if
 * not said); NULL: the standard set that the library carries. Errors: CUTROPY_EINPUT (which entry,
 * which key), CUTROPY_EIO, CUTROPY_EMEMORY; *out is NULL then. */
cutropy_status cutropy_manifest_read(const char *path, cutropy_manifest **out);
void cutropy_manifest_free(cutropy_manifest *manifest); /* NULL is allowed */

size_t cutropy_manifest_count(const cutropy_manifest *manifest); /* tables */
const cutropy_manifest_table *cutropy_manifest_entry(const cutropy_manifest *manifest, size_t i);
const char *cutropy_manifest_sha256(const cutropy_manifest *manifest); /* of its bytes */

/* ---- making it ---- */

typedef struct cutropy_ground_truth cutropy_ground_truth;

/* Reads the indices in the folder, which need not be there yet; changes nothing. manifest:
 * borrowed. Errors: CUTROPY_EINPUT (an index that cannot be read), CUTROPY_EMEMORY; *out is NULL
 * then. */
cutropy_status cutropy_ground_truth_open(const char *folder, const cutropy_manifest *manifest,
                                         cutropy_ground_truth **out);
void cutropy_ground_truth_free(cutropy_ground_truth *set); /* NULL is allowed */

/* Table i of the manifest, if it is not there already: look, compute and save in one call. */
cutropy_status cutropy_ground_truth_make(cutropy_ground_truth *set, size_t i,
                                         const cutropy_options *options);

/* After all tables: writes index.json and removes index.json.partial, which lists the finished
 * tables until then. Errors: CUTROPY_EINPUT (a table is missing), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status cutropy_ground_truth_finish(cutropy_ground_truth *set);

/* ---- the same in steps, for a program that has something to say in between ---- */

typedef enum cutropy_truth_state {
    CUTROPY_TRUTH_CURRENT,       /* there, and nothing is to be done */
    CUTROPY_TRUTH_MISSING,       /* not there, or not in the index as the manifest wants it */
    CUTROPY_TRUTH_ALTERED,       /* there, but with another SHA-256 than in the index */
    CUTROPY_TRUTH_OTHER_FUNCTION /* there, but its function has another checksum now */
} cutropy_truth_state;

/* What was found of a table; it belongs to the set, until the next look. Read only. */
typedef struct cutropy_truth_table {
    cutropy_truth_state state;
    const char *path; /* FOLDER/FILE */
    const cutropy_problem *problem;
    cutropy_cuts cuts;
} cutropy_truth_table;

/* Opens table i and says whether it is there; a current one joins the new index. A table that is
 * there costs the evaluation of its function. options: threads and memory for it, NULL for the
 * default ones. Errors: those of the parsers and of cutropy_run. */
cutropy_status cutropy_ground_truth_look(cutropy_ground_truth *set, size_t i,
                                         const cutropy_options *options,
                                         const cutropy_truth_table **out);

/* Computes the table that was looked at last, whatever its state; it is kept in memory. options as
 * for cutropy_run; quantities, certify and digits are chosen by the manifest. Makes the folder if
 * it is not there. Errors: those of cutropy_run, CUTROPY_EUNSUPPORTED (a row cannot be proved to
 * so many decimals), CUTROPY_EIO. */
cutropy_status cutropy_ground_truth_compute(cutropy_ground_truth *set,
                                            const cutropy_options *options);

/* Writes the table that was computed last, and with it index.json.partial. Errors: CUTROPY_EIO,
 * CUTROPY_EMEMORY. */
cutropy_status cutropy_ground_truth_save(cutropy_ground_truth *set);

size_t cutropy_ground_truth_done(const cutropy_ground_truth *set); /* current or saved so far */

/* ---- an index against its files ---- */

/* 1: the file is an index, a JSON object with "tables". */
int cutropy_ground_truth_is_index(const char *path);

/* Compares the SHA-256 of every file that an index lists, and writes one line for each that is
 * missing or differs, and a summary; *wrong counts them. No number is computed again: that is
 * cutropy_check. Errors: CUTROPY_EINPUT (no such file, no JSON; an entry without name or SHA-256),
 * CUTROPY_EMEMORY, CUTROPY_EIO (a line could not be written; errno says why). */
cutropy_status cutropy_ground_truth_check(const char *path, FILE *file, size_t *wrong);

#ifdef __cplusplus
}
#endif
#endif
