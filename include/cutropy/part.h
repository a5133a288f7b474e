/* SPDX-License-Identifier: Apache-2.0 */
/* A run in parts, on as many machines as there are: each computes its share of the different cuts (option
 * "part", I/K), and the files together are the result of one run.
 *
 *     cutropy_options_set(options, "part", "2/5");
 *     cutropy_run(problem, &cuts, options, &result);
 *     cutropy_part_save(result, "2.part");
 *     ...
 *     cutropy_parts_merge(paths, 5, &result);
 *
 * The result of a part is partial (its table has the rows of its own cuts). */
#ifndef CUTROPY_PART_H
#define CUTROPY_PART_H

#include <cutropy/result.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Saves what a part of a run found, whole or not at all, as a text whose lines have checks. Errors:
 * CUTROPY_EINPUT (not the result of a part; a part that is not finished), CUTROPY_EIO, CUTROPY_EMEMORY. */
cutropy_status cutropy_part_save(const cutropy_result *result, const char *path);

/* The result of the whole run from the files of all parts, in any order: bit for bit that of a run that was
 * not parted, but for seconds (sums over parts) and threads (the most of any part). Nothing is computed, and neither
 * problem nor files of its function are needed. As after cutropy_run, *out holds also a result with cuts that failed, whose
 * status is returned. Errors, and *out is NULL then: CUTROPY_EINPUT (parts that are missing, stand twice, or
 * belong to another run, a file that is none or damaged; all by name), CUTROPY_EIO, CUTROPY_EMEMORY. Cost: reading the files. */
cutropy_status cutropy_parts_merge(const char *const *paths, size_t count, cutropy_result **out);

#ifdef __cplusplus
}
#endif
#endif
