/* SPDX-License-Identifier: Apache-2.0 */
/* All cuts: the plan of the batches, one thread a device with its lanes, answers in order. */
#include "backend/cuda/solve.h"

#include <string.h>

#include "backend/cuda/batch.h"
#include "backend/cuda/eigen_batch.h"
#include "backend/cuda/own.h"
#include "backend/cuda/thresholds.h"

/* One device at work. */
typedef struct ct_team {
    ct_resident *resident;
    const ct_holder *holder;
    ct_region block; /* all device memory of the lanes */
    int lanes;
    ct_lane lane[CT_CUDA_LANES];
    ct_handout *handout;
    const uint64_t *masks;
    pthread_t thread;
    bool running;
    ct_solver_seconds seconds;
} ct_team;

/* Cuts of one solve that keep the same number of pixels, and how many of them go together. */
typedef struct ct_run_of_cuts {
    ct_shape shape;
    size_t first, count;
    int64_t together;
} ct_run_of_cuts;

typedef struct ct_solve_plan {
    ct_run_of_cuts run[64];
    int runs;
    int lanes;
    bool libraries, solver; /* some block may need them, or cuSOLVER among them */
    uint64_t least, wanted; /* bytes of a device: one cut a lane, and all that can be used */
    ct_batch_range *batch;
    size_t batches;
} ct_solve_plan;

/* ---- one device ---- */

static int busy_lanes(const ct_team *team)
{
    int busy = 0;
    for (int l = 0; l < team->lanes; l++)
        busy += team->lane[l].phase != CT_LANE_IDLE;
    return busy;
}

static cutropy_status start_next(ct_team *team, ct_lane *lane, bool *end)
{
    size_t number = 0;
    const ct_offer offer = ct_handout_next(team->handout, busy_lanes(team) == 0, &number);
    const ct_batch_range *batch = &team->handout->batch[number];
    *end = offer == CT_OFFER_END;
    if (offer != CT_OFFER_BATCH)
        return CUTROPY_OK;
    return ct_batch_start(lane, number, batch->na, team->masks + batch->first,
                          (int64_t)batch->count);
}

static cutropy_status step(ct_team *team, ct_lane *lane, bool *end)
{
    cutropy_status status = CUTROPY_OK;
    ct_answers answers = {0};
    if (lane->phase == CT_LANE_CLASSES)
        return ct_batch_matrices(lane);
    if (lane->phase == CT_LANE_MATRICES) {
        CT_TRY(ct_batch_finish(lane, &answers));
        ct_handout_deliver(team->handout, lane->batch, &answers);
    }
    CT_TRY(start_next(team, lane, end));
done:
    return status;
}

/* The lanes take turns: while the host waits for one, the device has the work of the other. */
static cutropy_status serve(ct_team *team)
{
    cutropy_status status = CUTROPY_OK;
    bool end = false;
    CT_TRY(ct_device_use(&team->holder->device));
    while ((!end || busy_lanes(team)) && !ct_stopped(&team->handout->stop))
        for (int l = 0; l < team->lanes; l++)
            CT_TRY(step(team, &team->lane[l], &end));
done:
    return status;
}

static void *team_main(void *user)
{
    ct_team *team = user;
    const cutropy_status status = serve(team);
    if (status != CUTROPY_OK)
        ct_handout_fail(team->handout, status);
    return NULL;
}

/* The lanes, then their memory: handles of the libraries, where blocks may need them, come first, because the region leaves them too
 * little. */
static cutropy_status team_open(ct_team *team, const ct_solve_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    ct_device device = team->holder->device;
    CT_TRY(ct_device_use(&device));
    for (int l = 0; l < team->lanes; l++) {
        CT_TRY(ct_lane_open(team->resident, team->holder, &team->lane[l]));
        if (plan->libraries)
            CT_TRY(ct_lane_libraries(&team->lane[l]));
        if (plan->solver)
            CT_TRY(ct_libraries_open_solver(team->lane[l].libraries));
    }
    CT_TRY(ct_device_room(&device));
    CT_TRY(ct_region_open(device.number, plan->wanted < device.room ? plan->wanted : device.room,
                          plan->least, &team->block));
    const uint64_t each = team->block.size / (uint64_t)team->lanes / 256 * 256;
    for (int l = 0; l < team->lanes; l++)
        team->lane[l].region = ct_region_part(&team->block, (uint64_t)l * each, each);
done:
    return status;
}

static void team_close(ct_team *team)
{
    (void)cudaSetDevice(team->holder->device.number);
    for (int l = 0; l < team->lanes; l++) {
        ct_seconds_add(&team->lane[l].clock.seconds, &team->seconds);
        ct_lane_close(&team->lane[l]);
    }
    ct_region_close(&team->block);
}

/* ---- the plan ---- */

static size_t divide_up(size_t a, size_t b)
{
    return (a + b - 1) / b;
}

/* Every lane of every device should get CT_CUDA_BATCHES batches, of at most CT_CUDA_BATCH_CUTS. */
static int64_t together_at_most(const ct_resident *resident, size_t count)
{
    const int devices = resident->devices;
    if (resident->f->storage == CT_SUPPORT)
        return 1; /* what its matrices need is not known before */
    const size_t share = divide_up(count, (size_t)devices * CT_CUDA_LANES * CT_CUDA_BATCHES);
    return (int64_t)(share < CT_CUDA_BATCH_CUTS ? share : CT_CUDA_BATCH_CUTS);
}

static cutropy_status plan_runs(const ct_resident *resident, const uint64_t *masks, size_t count,
                                ct_solve_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    int64_t own = 0;
    CT_TRY(ct_own_most(&own));
    for (size_t i = 0; i < count; i++) {
        const int na = __builtin_popcountll(masks[i]);
        if (na < 1 || na >= resident->f->pixels ||
            (plan->runs && na < plan->run[plan->runs - 1].shape.na))
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "cuts are not sorted by their pixels"));
        if (!plan->runs || plan->run[plan->runs - 1].shape.na != na)
            plan->run[plan->runs++] =
                (ct_run_of_cuts){.shape = ct_shape_of(resident->f, na), .first = i};
        plan->run[plan->runs - 1].count++;
    }
    for (int r = 0; r < plan->runs; r++) {
        ct_run_of_cuts *run = &plan->run[r];
        run->together = together_at_most(resident, run->count);
        plan->solver |= ct_eigen_needs_libraries(own, run->shape.parts, run->shape.rows[0]);
        plan->libraries |= !run->shape.integers || plan->solver;
        uint64_t least = ct_batch_bytes(&run->shape, 1),
                 wanted =
                     run->shape.images ? UINT64_MAX : ct_batch_bytes(&run->shape, run->together);
        least = least > UINT64_MAX / 8 ? UINT64_MAX / 8 : least;
        wanted = wanted > UINT64_MAX / 8 ? UINT64_MAX / 8 : wanted;
        plan->least = least > plan->least ? least : plan->least;
        plan->wanted = wanted > plan->wanted ? wanted : plan->wanted;
    }
    plan->lanes = count > 1 ? CT_CUDA_LANES : 1;
    for (int d = 0; d < resident->devices; d++)
        if ((plan->least + 256) * CT_CUDA_LANES > resident->holder[d].device.room)
            plan->lanes = 1; /* one large cut after the other */
    plan->least = (plan->least + 256) * (uint64_t)plan->lanes;
    plan->wanted = (plan->wanted + 256) * (uint64_t)plan->lanes;
done:
    return status;
}

/* The run whose batches bring back most, once for all. (Runs of lists: not known before.) */
static cutropy_status reserve_host(ct_team *team, const ct_solve_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    const ct_run_of_cuts *most = NULL;
    for (int r = 0; r < plan->runs; r++) {
        const ct_run_of_cuts *run = &plan->run[r];
        if (!most || run->together * run->shape.rows[0] > most->together * most->shape.rows[0])
            most = run;
    }
    if (!most || most->shape.images)
        return CUTROPY_OK;
    CT_TRY(ct_device_use(&team->holder->device));
    for (int l = 0; l < team->lanes; l++)
        CT_TRY(ct_lane_reserve(&team->lane[l], &most->shape, most->together));
done:
    return status;
}

/* Batches that fit every lane of `room` bytes. */
static cutropy_status plan_batches(uint64_t room, ct_solve_plan *plan)
{
    cutropy_status status = CUTROPY_OK;
    for (int r = 0; r < plan->runs; r++) {
        ct_run_of_cuts *run = &plan->run[r];
        run->together = ct_plan_cuts(&run->shape, room, run->together);
        if (!run->together)
            CT_TRY(ct_fail(CUTROPY_EINTERNAL, "device memory was planned for no cut at all"));
        plan->batches += divide_up(run->count, (size_t)run->together);
    }
    CT_NEW(plan->batch, plan->batches);
    plan->batches = 0;
    for (int r = 0; r < plan->runs; r++) {
        const ct_run_of_cuts *run = &plan->run[r];
        for (size_t i = 0; i < run->count; i += (size_t)run->together) {
            const size_t left = run->count - i, most = (size_t)run->together;
            plan->batch[plan->batches++] = (ct_batch_range){
                .first = run->first + i, .count = left < most ? left : most, .na = run->shape.na};
        }
    }
done:
    return status;
}

/* ---- together ---- */

static cutropy_status start_teams(ct_team *team, int devices)
{
    for (int d = 0; d < devices; d++) {
        if (pthread_create(&team[d].thread, NULL, team_main, &team[d]))
            return ct_fail(CUTROPY_EMEMORY, "a thread for device %d could not be started",
                           team[d].holder->device.number);
        team[d].running = true;
    }
    return CUTROPY_OK;
}

/* Opens the devices, plans for the lane with the least memory, and runs. */
static cutropy_status solve_with(ct_resident *resident, ct_team *team, ct_handout *handout,
                                 ct_solve_plan *plan, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t room = UINT64_MAX;
    bool opened = false;
    for (int d = 0; d < resident->devices; d++) {
        team[d] = (ct_team){.resident = resident,
                            .holder = &resident->holder[d],
                            .lanes = plan->lanes,
                            .handout = handout,
                            .masks = call->masks};
        CT_TRY(team_open(&team[d], plan));
        room = team[d].lane[0].region.size < room ? team[d].lane[0].region.size : room;
    }
    CT_TRY(plan_batches(room, plan));
    for (int d = 0; d < resident->devices; d++)
        CT_TRY(reserve_host(&team[d], plan));
    opened = true;
    CT_TRY(ct_handout_open(plan->batch, plan->batches,
                           2 * (size_t)(resident->devices * plan->lanes), handout));
    CT_TRY(start_teams(team, resident->devices));
    CT_TRY(ct_handout_take(handout, call));
done:
    if (opened && status != CUTROPY_OK)
        ct_handout_fail(handout, status);
    for (int d = 0; d < resident->devices; d++)
        if (team[d].running)
            pthread_join(team[d].thread, NULL);
    if (opened)
        ct_handout_close(handout);
    return status;
}

cutropy_status ct_cuda_solve(ct_resident *resident, const ct_solve_call *call)
{
    cutropy_status status = CUTROPY_OK;
    ct_team *team = NULL;
    ct_handout handout = {0};
    ct_solve_plan plan = {0};
    if (!call->count)
        return CUTROPY_OK;
    CT_NEW_ZERO(team, resident->devices);
    CT_TRY(plan_runs(resident, call->masks, call->count, &plan));
    CT_TRY(solve_with(resident, team, &handout, &plan, call));
done:
    for (int d = 0; d < resident->devices && team; d++) {
        if (!team[d].holder)
            continue;
        team_close(&team[d]);
        ct_seconds_add(&team[d].seconds, call->seconds);
    }
    ct_free(team);
    ct_free(plan.batch);
    return status;
}
