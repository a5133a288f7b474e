/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy: exact entanglement entropies of functions of images (arXiv 1710.05520), for every cut.
 *
 *   cutropy_lattice *lattice;
 *   cutropy_problem *problem;
 *   cutropy_cuts cuts;
 *   cutropy_result *result;
 *   cutropy_lattice_parse("4x4", &lattice);
 *   cutropy_problem_parse("connected", lattice, &problem);
 *   cutropy_cuts_parse("rectangles", lattice, &cuts);
 *   cutropy_run(problem, &cuts, NULL, &result);
 *   cutropy_write(result, CUTROPY_FORMAT_CSV, CUTROPY_BASE_BITS, stdout);
 *
 * Every function returns a cutropy_status; on failure cutropy_error() says why. Whoever creates, frees. */
#ifndef CUTROPY_CUTROPY_H
#define CUTROPY_CUTROPY_H

#include <cutropy/bench.h>
#include <cutropy/certificate.h>
#include <cutropy/check.h>
#include <cutropy/classes.h>
#include <cutropy/cut.h>
#include <cutropy/export.h>
#include <cutropy/expressivity.h>
#include <cutropy/ground_truth.h>
#include <cutropy/information.h>
#include <cutropy/journal.h>
#include <cutropy/lattice.h>
#include <cutropy/map.h>
#include <cutropy/order.h>
#include <cutropy/sheet.h>
#include <cutropy/part.h>
#include <cutropy/plot.h>
#include <cutropy/problem.h>
#include <cutropy/range.h>
#include <cutropy/result.h>
#include <cutropy/run.h>
#include <cutropy/sample.h>
#include <cutropy/scaling.h>
#include <cutropy/series.h>
#include <cutropy/state.h>
#include <cutropy/status.h>
#include <cutropy/topological.h>
#include <cutropy/verify.h>
#include <cutropy/watch.h>

#endif
