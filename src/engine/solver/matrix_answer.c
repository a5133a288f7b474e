/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/solver/matrix_answer.h"

#include <math.h>

#include "base/sum.h"

void ct_matrix_measure(ct_bounded_matrix *m)
{
    const size_t parts = m->is_complex ? 2 : 1;
    ct_sum trace = {0}, square = {0};
    for (int64_t i = 0; i < m->n; i++)
        for (int64_t j = i; j < m->n; j++) {
            const double *number = m->number + parts * (size_t)(i * m->n + j);
            const double im = parts == 2 && j > i ? number[1] : 0;
            ct_sum_add(&square, (j > i ? 2 : 1) * (number[0] * number[0] + im * im));
            if (j == i)
                ct_sum_add(&trace, number[0]);
        }
    m->trace = ct_sum_value(&trace);
    m->square = ct_sum_value(&square);
}

/* <f|f> was added up from all pixels, the trace from two sides. */
static cutropy_status check_trace(const ct_function *f, const ct_bounded_matrix *m,
                                  const char *cancelled)
{
    const double least = fmin(f->norm, m->trace);
    if (!(fabs(m->trace - f->norm) <= m->error + f->norm_error))
        return ct_fail(CUTROPY_ENUMERIC, "the eigenvalues add up to %.17g instead of %.17g",
                       m->trace, f->norm);
    if (!(m->error < least / 8))
        return ct_fail(CUTROPY_ENUMERIC, "<psi|psi> is %.3g, and its error may reach %.3g: %s",
                       f->norm, m->error, cancelled);
    return CUTROPY_OK;
}

cutropy_status ct_matrix_answer_make(const ct_solver_setting *setting, const ct_watch *watch,
                                     int threads, const ct_bounded_matrix *m, const int64_t size[2],
                                     int64_t most, const char *cancelled, ct_matrix_answer *out)
{
    cutropy_status status = CUTROPY_OK;
    const ct_function *f = setting->f;
    const int64_t n = size[0] < size[1] ? size[0] : size[1], skip = m->n < n ? n - m->n : 0;
    double *found = NULL;
    CT_TRY(check_trace(f, m, cancelled));
    CT_NEW_ZERO(out->values, n);
    if (!m->values) {
        CT_NEW(found, m->n);
        const ct_eigen_job job = {
            .n = m->n, .is_complex = m->is_complex, .a = m->number, .values = found};
        CT_TRY(setting->operations->eigenvalues(1, &job, watch, threads));
    }
    const double *values = m->values ? m->values : found;
    const double scale = f->norm / m->trace;
    double beyond = 0; /* the rank is n at most: what lies beyond is error */
    for (int64_t i = 0; i < m->n - n; i++)
        beyond += fabs(values[i]);
    for (int64_t i = skip; i < n; i++)
        out->values[i] = values[m->n - n + i] * scale;
    out->block = (ct_block_answer){.size = {size[0], size[1]},
                                   .square = m->square * scale * scale,
                                   .known_error = 2 * (m->error + beyond) / m->trace,
                                   .most = most,
                                   .values = out->values};
    out->answer = (ct_cut_answer){
        .kind = f->kind, .classes = {size[0], size[1]}, .blocks = 1, .block = &out->block};
done:
    ct_free(found);
    return status;
}
