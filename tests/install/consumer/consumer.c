/* SPDX-License-Identifier: Apache-2.0 */
/* A program of somebody who installed cutropy: the GHZ function (all pixels equal) on four pixels
 * has 1 bit. */
#include <stdint.h>
#include <stdio.h>

#include <cutropy/cutropy.h>

static int all_equal(uint64_t image, void *user)
{
    (void)user;
    return image == 0 || image == 15;
}

static cutropy_status run(double *entropy)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_result *result = NULL;
    cutropy_cuts cuts = {0};
    cutropy_options *options = NULL;
    cutropy_status status = cutropy_lattice_parse("2x2", &lattice);
    if (status == CUTROPY_OK)
        status = cutropy_problem_from_labels("all-equal", lattice, all_equal, NULL, &problem);
    if (status == CUTROPY_OK)
        status = cutropy_cuts_parse("half", lattice, &cuts);
    if (status == CUTROPY_OK)
        status = cutropy_options_create(&options);
    if (status == CUTROPY_OK)
        status = cutropy_options_set(options, "threads", "1");
    if (status == CUTROPY_OK)
        status = cutropy_run(problem, &cuts, options, &result);
    if (status == CUTROPY_OK)
        *entropy = cutropy_result_entropy(result, 0);
    cutropy_result_free(result);
    cutropy_options_free(options);
    cutropy_cuts_free(&cuts);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

int main(void)
{
    double entropy = 0;
    if (run(&entropy) != CUTROPY_OK) {
        fprintf(stderr, "%s\n", cutropy_error());
        return 1;
    }
    printf("cutropy %s: %g bit\n", cutropy_version(), entropy);
    return entropy == 1 ? 0 : 1;
}
