/* Which road an evaluation takes: the search, random labels, amplitudes, or the CPU. */
#include "backend/cuda/evaluate.h"

#include "backend/cuda/amplitudes.h"
#include "backend/cuda/search.h"
#include "backend/cuda/thresholds.h"
#include "problem/problem.h"

/* Opens the first device of the run for an evaluation. */
static cutropy_status open_device(ct_evaluation *out)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(ct_device_describe(0, &out->device));
    CT_TRY(ct_device_use(&out->device));
    CT_TRY(ct_device_room(&out->device));
    CT_CUDA(out->device.number, cudaStreamCreateWithFlags(&out->stream, cudaStreamNonBlocking));
done:
    return status;
}

static void close_device(ct_evaluation *evaluation)
{
    if (evaluation->stream) {
        (void)cudaStreamSynchronize(evaluation->stream); /* what failed before was reported */
        (void)cudaStreamDestroy(evaluation->stream);
    }
    ct_region_close(&evaluation->region);
}

static bool is_large(const cutropy_problem *problem)
{
    return problem->lattice->pixels >= CT_CUDA_EVALUATE;
}

cutropy_status ct_cuda_list_images(const cutropy_problem *problem,
                                   const ct_evaluate_options *options, uint64_t limit,
                                   uint64_t **images, uint64_t *count, bool *overflow)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluation evaluation = {.problem = problem, .options = options};
    bool served = false;
    if (is_large(problem)) {
        CT_TRY(open_device(&evaluation));
        CT_TRY(ct_search_list(&evaluation, limit, images, count, overflow, &served));
    }
    if (!served)
        status = ct_backend_cpu()->list_images(problem, options, limit, images, count, overflow);
done:
    close_device(&evaluation);
    return status;
}

cutropy_status ct_cuda_fill_table(const cutropy_problem *problem,
                                  const ct_evaluate_options *options, uint64_t *table)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluation evaluation = {.problem = problem, .options = options};
    bool served = false;
    if (is_large(problem) && (problem->body != CT_BODY_NONE || problem->form == CT_FORM_RANDOM)) {
        CT_TRY(open_device(&evaluation));
        CT_TRY(problem->body != CT_BODY_NONE ? ct_search_table(&evaluation, table, &served)
                                             : ct_random_table(&evaluation, table, &served));
    }
    if (!served)
        status = ct_backend_cpu()->fill_table(problem, options, table);
done:
    close_device(&evaluation);
    return status;
}

cutropy_status ct_cuda_fill_values(const cutropy_problem *problem,
                                   const ct_evaluate_options *options, void *values)
{
    cutropy_status status = CUTROPY_OK;
    ct_evaluation evaluation = {.problem = problem, .options = options};
    bool served = false;
    if (is_large(problem) && ct_amplitudes_serves(problem)) {
        CT_TRY(open_device(&evaluation));
        CT_TRY(ct_amplitudes_fill(&evaluation, values, &served));
    }
    if (!served)
        status = ct_backend_cpu()->fill_values(problem, options, values);
done:
    close_device(&evaluation);
    return status;
}
