/* SPDX-License-Identifier: Apache-2.0 */
/* overlaps.cu: the bits of plain loops in the order that is promised, which are those of the CPU's operation. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "backend/operations.h"
#include "check_main.h"
#include "kernel_support.h"
#include "kernels.h"
#include "problem/products.h"
#include "ref/support.h"

#define JOBS 4 /* more than blocks along z where the kernel is small */

typedef struct example {
    int parts, dimension, sites;
    int64_t terms, n,
        rows;   /* n terms of a job, rows of the first job: the others have one row less each */
    bool faint; /* products get below 2^-500 */
} example;

static ct_products state;
static int32_t *label, *terms, *sites;

static void draw_state(const example *e)
{
    const size_t all = (size_t)(e->sites * e->dimension * e->parts) * (size_t)e->terms;
    uint64_t random = 7;
    state = (ct_products){.terms = e->terms,
                          .sites = e->sites,
                          .dimension = e->dimension,
                          .is_complex = e->parts == 2};
    state.factor = malloc(all * sizeof *state.factor);
    label = malloc((size_t)e->terms * sizeof *label);
    terms = malloc((size_t)e->n * sizeof *terms);
    sites = malloc((size_t)e->sites * sizeof *sites);
    ck_assert(state.factor && label && terms && sites);
    for (size_t i = 0; i < all; i++)
        state.factor[i] = (draw_unit(&random) - 0.4) * (e->faint ? 0x1p-16 : 1);
    for (int64_t m = 0; m < e->terms; m++)
        label[m] = (int32_t)draw_below(&random, 3);
    for (int64_t i = 0; i < e->n; i++)
        terms[i] = (int32_t)draw_below(&random, (uint64_t)e->terms);
    for (int s = 0; s < e->sites; s++)
        sites[s] = e->sites - 1 - s;
}

/* Entry of two terms over the first `count` of the sites. */
static void defined(const example *e, int count, int64_t i, int64_t j, double out[2])
{
    double re = 1, im = 0;
    for (int s = 0; s < count; s++) {
        double r = 0, m = 0;
        for (int k = 0; k < e->dimension; k++) {
            const double *x = ct_products_row(&state, sites[s], k, 0),
                         *y = e->parts == 2 ? ct_products_row(&state, sites[s], k, 1) : NULL;
            if (e->parts == 2) {
                r += x[j] * x[i] + y[j] * y[i];
                m += y[j] * x[i] - x[j] * y[i];
            } else {
                r = k == 0 ? x[j] * x[i] : r + x[j] * x[i];
            }
        }
        const double next = e->parts == 2 ? re * r - im * m : re * r;
        im = e->parts == 2 ? re * m + im * r : 0;
        re = next;
        re = s % 16 == 15 && fabs(re) < 0x1p-500 ? 0 : re;
        im = s % 16 == 15 && fabs(im) < 0x1p-500 ? 0 : im;
    }
    out[0] = re;
    out[1] = im;
}

static int64_t zeros; /* entries that were made zero */

static void check_job(const example *e, const ct_overlap_job *job, const double *g)
{
    const size_t parts = (size_t)e->parts;
    double *cpu = malloc((size_t)(job->rows * job->n) * parts * sizeof *cpu);
    ck_assert(cpu != NULL);
    ck_assert_int_eq(
        ct_operations_cpu()->overlaps(&state, job->sites, sites, job->rows, job->n, terms, cpu, 1),
        CUTROPY_OK);
    for (int64_t i = 0; i < job->rows; i++)
        for (int64_t j = 0; j < job->ld; j++) {
            const double *found = g + (size_t)(i * job->ld + j) * parts;
            double right[2];
            if (j < i || j >= job->n) { /* nobody writes there */
                ck_assert(found[0] == 5);
                continue;
            }
            defined(e, job->sites, terms[i], terms[j], right);
            ck_assert(!memcmp(right, cpu + (size_t)(i * job->n + j) * parts, parts * 8));
            zeros += right[0] == 0;
            if (job->label && label[terms[i]] != label[terms[j]])
                right[0] = right[1] = 0;
            ck_assert_msg(!memcmp(right, found, parts * 8), "(%lld, %lld): %.17g instead of %.17g",
                          (long long)i, (long long)j, found[0], right[0]);
        }
    free(cpu);
}

static void check(const example *e)
{
    const int64_t ld = e->n + 1;
    const size_t parts = (size_t)e->parts, size = (size_t)(e->rows * ld) * parts;
    ct_overlap_job job[JOBS];
    double *g = malloc(size * sizeof *g), *device_g[JOBS];
    draw_state(e);
    ct_device_products p = {.terms = e->terms, .dimension = e->dimension, .parts = e->parts};
    p.factor = device_copy(state.factor, (size_t)(e->sites * e->dimension * e->parts) *
                                             (size_t)e->terms * sizeof *state.factor);
    int32_t *device_site = device_copy(sites, (size_t)e->sites * sizeof *sites),
            *device_term = device_copy(terms, (size_t)e->n * sizeof *terms),
            *device_label = device_copy(label, (size_t)e->terms * sizeof *label);
    for (EVERY_ORDER(order)) {
        for (int k = 0; k < JOBS; k++) {
            for (size_t i = 0; i < size; i++)
                g[i] = 5;
            device_g[k] = device_copy(g, size * sizeof *g);
            job[k] = (ct_overlap_job){.rows = e->rows > k ? e->rows - k : 1,
                                      .n = e->n > k ? e->n - k : 1,
                                      .ld = ld,
                                      .sites = e->sites > k ? e->sites - k : 1,
                                      .site = device_site,
                                      .term = device_term,
                                      .label = k % 2 ? device_label : NULL,
                                      .g = device_g[k]};
        }
        ct_overlap_job *device_jobs = device_copy(job, sizeof job);
        ck_assert_int_eq(ct_launch_overlaps(&p, device_jobs, JOBS, e->rows, e->n, NULL),
                         cudaSuccess);
        for (int k = 0; k < JOBS; k++) {
            host_copy(g, device_g[k], size * sizeof *g);
            check_job(e, &job[k], g);
            device_free(device_g[k]);
        }
        device_free(device_jobs);
    }
    device_free((void *)(uintptr_t)p.factor);
    device_free(device_site);
    device_free(device_term);
    device_free(device_label);
    free(state.factor);
    free(label);
    free(terms);
    free(sites);
    free(g);
}

START_TEST(overlaps)
{
    static const example cases[] = {
        /* the first five are the small test */
        {1, 2, 5, 3, 1, 1, false},    {1, 2, 4, 40, 70, 70, false}, {1, 2, 33, 6, 10, 10, true},
        {2, 2, 7, 20, 40, 40, false}, {1, 5, 2, 30, 65, 40, false}, {1, 1, 3, 9, 20, 9, false},
        {2, 3, 2, 9, 33, 20, false},  {2, 2, 33, 6, 10, 10, true},
    };
    for (size_t k = 0; k < (size_t)amount(8, 5); k++) {
        const int64_t before = zeros;
        check(&cases[k]);
        ck_assert((zeros > before) == cases[k].faint);
    }
}
END_TEST

CHECK_MAIN("kernel_overlaps", overlaps)
