/* SPDX-License-Identifier: Apache-2.0 */
/* A run that ranks share is the run of one process, and a rank that fails, is lost or does other work ends it with one line. The ranks
 * are threads here, and their messages go through lists; tests/cli/ranks.sh does it with MPI. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/options.h"
#include "engine/function/share.h"
#include "engine/run/ranks.h"
#include "ref/requests.h"
#include "ref/support.h"

#define RANKS 3
/* ---- messages ---- */

typedef struct letter {
    struct letter *next;
    ct_message message;
} letter;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t came = PTHREAD_COND_INITIALIZER;
static letter *box[RANKS][CT_BOXES];
static int lose_after; /* so many messages to the dealer rank 2 is lost; 0: never */

static void drop(int to, ct_box which, ct_message message)
{
    letter *l = malloc(sizeof *l), **end = &box[to][which];
    *l = (letter){.message = message};
    pthread_mutex_lock(&lock);
    while (*end)
        end = &(*end)->next;
    *end = l;
    pthread_cond_broadcast(&came);
    pthread_mutex_unlock(&lock);
}

static bool send_bytes(const ct_ranks *ranks, int to, ct_box which, const void *bytes, size_t size)
{
    char *copy = malloc(size + 1);
    memcpy(copy, bytes, size);
    copy[size] = '\0';
    drop(to, which, (ct_message){.from = ranks->rank, .bytes = copy, .size = size});
    return true;
}

static ct_message receive(const ct_ranks *ranks, ct_box which, double seconds)
{
    struct timespec until;
    ct_message message = {.from = -1};
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += seconds > 0;
    pthread_mutex_lock(&lock);
    letter **first = &box[ranks->rank][which];
    while (!*first && seconds > 0 && !pthread_cond_timedwait(&came, &lock, &until))
        ;
    letter *l = *first;
    if (l)
        *first = l->next;
    const bool loses = l && which == CT_BOX_DEALER && lose_after && !--lose_after;
    pthread_mutex_unlock(&lock);
    if (loses) {
        free(l->message.bytes);
        l->message = (ct_message){.from = 2, .lost = true, .why = "it is silent"};
    }
    if (l)
        message = l->message;
    free(l);
    return message;
}

static void forget_letters(void)
{
    for (int r = 0; r < RANKS; r++)
        for (int which = 0; which < CT_BOXES; which++)
            for (letter *l; (l = box[r][which]);) {
                box[r][which] = l->next;
                free(l->message.bytes);
                free(l);
            }
}

/* ---- a matrix that they hold together: the last rank to begin puts the parts together ---- */

static int running; /* ranks whose run has begun */

enum { WORKS, HANGS, FAILS, LACKS };

static struct {
    int mode;
    ct_grid grid;
    double *part[RANKS], *values;
    int begun, done, seen[RANKS]; /* matrices; begun: by one rank each */
} desk;

/* Row (side 0) or column k of the matrix is in the part of the rank. */
static bool is_mine(const ct_grid *g, int rank, int side, int64_t k)
{
    return side ? k / g->block % g->columns == rank % g->columns
                : k / g->block % g->rows == rank / g->columns;
}

static int64_t mine_before(const ct_grid *g, int rank, int side, int64_t k)
{
    int64_t count = 0;
    for (int64_t i = 0; i < k; i++)
        count += is_mine(g, rank, side, i);
    return count;
}

static uint64_t part_bytes(const ct_grid *g, int rank)
{
    return 8 * (uint64_t)(mine_before(g, rank, 0, g->n) * mine_before(g, rank, 1, g->n) + g->n);
}

static bool can(char *why, size_t size)
{
    snprintf(why, size, "there is no library");
    return desk.mode != LACKS;
}

static double *open_part(const ct_ranks *ranks, const ct_grid *grid, char *why, size_t size)
{
    double *part = calloc(part_bytes(grid, ranks->rank), 1);
    (void)why;
    (void)size;
    pthread_mutex_lock(&lock);
    desk.grid = *grid;
    desk.part[ranks->rank] = part;
    pthread_mutex_unlock(&lock);
    return part;
}

static void put_together(void)
{
    const ct_grid *g = &desk.grid;
    double *whole = calloc((size_t)(g->n * g->n), sizeof *whole);
    for (int r = 0; r < RANKS; r++) {
        const int64_t height = mine_before(g, r, 0, g->n);
        int64_t column = 0;
        for (int64_t j = 0; j < g->n; j++) {
            int64_t row = 0;
            if (!is_mine(g, r, 1, j))
                continue;
            for (int64_t i = 0; i < g->n; i++)
                if (is_mine(g, r, 0, i)) {
                    if (i >= j)
                        whole[j * g->n + i] = desk.part[r][column * height + row];
                    row++;
                }
            column++;
        }
    }
    desk.values = realloc(desk.values, (size_t)g->n * sizeof *desk.values);
    const int before =
        __atomic_exchange_n(&running, 0, __ATOMIC_RELAXED); /* no memory is refused here */
    MUST(ct_operations_cpu()->eigenvalues(
        1, &(ct_eigen_job){.n = g->n, .a = whole, .values = desk.values}, NULL, 1));
    __atomic_store_n(&running, before, __ATOMIC_RELAXED);
    free(whole);
}

static bool begin(const ct_ranks *ranks, char *why, size_t size)
{
    (void)ranks;
    (void)why;
    (void)size;
    pthread_mutex_lock(&lock);
    if (++desk.begun % RANKS == 0) {
        put_together();
        desk.done++;
    }
    pthread_mutex_unlock(&lock);
    return true;
}

static int wait_for(const ct_ranks *ranks, double seconds, double *values, char *why, size_t size)
{
    int state = 0;
    (void)seconds;
    usleep(500);
    pthread_mutex_lock(&lock);
    if (desk.mode != HANGS && desk.done > desk.seen[ranks->rank]) {
        desk.seen[ranks->rank]++;
        memcpy(values, desk.values, (size_t)desk.grid.n * sizeof *values);
        state = desk.mode == FAILS ? -1 : 1;
        snprintf(why, size, "it did not work");
    }
    pthread_mutex_unlock(&lock);
    return state;
}

static void leave(const ct_ranks *ranks)
{
    pthread_mutex_lock(&lock);
    free(desk.part[ranks->rank]);
    desk.part[ranks->rank] = NULL;
    pthread_mutex_unlock(&lock);
}

static const ct_together together = {"threads", can, part_bytes, open_part, begin, wait_for, leave};

static void clear_desk(int mode)
{
    free(desk.values);
    memset(&desk, 0, sizeof desk);
    desk.mode = mode;
}

/* ---- runs ---- */

/* Beyond those of all tests: decimals of both directions of reading, and a part. */
static const request own_requests[] = {
    {"independent-set", "7x7", "prefixes,rows,columns", {{"solver", "frontier"}, {"digits", "20"}}},
    {"random:seed=5", "4x3", "all", {{"part", "2/3"}}},
};

typedef struct seat {
    request wanted;
    ct_ranks ranks;
    ct_team team;
    bool alone;
    cutropy_progress *progress;
    cutropy_journal *journal;
    void *(*work)(void *seat); /* NULL: sit */
    cutropy_status status;
    double purity; /* of the first cut */
    char why[512], *csv;
} seat;

/* Half cut of 16 pixels: blocks of 200 and 56 classes. */
static int two_blocks(uint64_t image, void *user)
{
    const uint64_t a = image & 255, b = image >> 8;
    (void)user;
    return (a < 200) == (b < 200) && ct_random(7, image) % 2;
}

/* NULL: a problem that its name says. */
static cutropy_problem *own_problem(const request *r)
{
    cutropy_problem *problem = NULL;
    if (strcmp(r->problem, "two blocks") != 0)
        return NULL;
    cutropy_lattice *lattice = must_lattice(r->lattice);
    MUST(cutropy_problem_from_labels("two-blocks", lattice, two_blocks, NULL, &problem));
    cutropy_lattice_free(lattice);
    return problem;
}

static cutropy_status compute(seat *s, cutropy_result **out)
{
    asked a = must_ask(&s->wanted, own_problem(&s->wanted));
    a.options->team = s->alone ? NULL : &s->team;
    a.options->progress = s->progress;
    a.options->journal = s->journal;
    __atomic_fetch_add(&running, 1, __ATOMIC_RELAXED);
    const cutropy_status status = cutropy_run(a.problem, &a.cuts, a.options, out);
    asked_free(&a);
    return status;
}

static void *sit(void *context)
{
    seat *s = context;
    cutropy_result *result;
    s->status = compute(s, &result);
    snprintf(s->why, sizeof s->why, "%s", s->status ? cutropy_error() : "");
    if (result && !s->ranks.rank)
        s->csv = must_csv(result);
    cutropy_result_free(result);
    return NULL;
}

static uint64_t shared_evaluations; /* by how many ranks */

/* Ranks 0 .. present - 1 of RANKS come. */
static void run_ranks(seat *seats, const request *r, int present)
{
    pthread_t thread[RANKS];
    for (int k = 0; k < RANKS; k++) {
        if (!seats[k].wanted.problem)
            seats[k].wanted = *r;
        seats[k].ranks = (ct_ranks){k, RANKS, "here", send_bytes, receive, NULL, &together};
        seats[k].team = (ct_team){.ranks = &seats[k].ranks};
        if (k < present)
            ck_assert_int_eq(
                pthread_create(&thread[k], NULL, seats[k].work ? seats[k].work : sit, &seats[k]),
                0);
    }
    for (int k = 0; k < present; k++)
        pthread_join(thread[k], NULL);
    for (int k = 0; k < present; k++)
        shared_evaluations += seats[k].team.shared;
    forget_letters();
}

static char *alone(const request *r)
{
    seat s = {.wanted = *r, .alone = true};
    sit(&s);
    ck_assert_msg(!s.status, "%s", s.why);
    return s.csv;
}

static void same_as_alone(const request *r)
{
    seat seats[RANKS] = {0};
    char *whole = alone(r);
    run_ranks(seats, r, RANKS);
    for (int k = 0; k < RANKS; k++)
        ck_assert_msg(!seats[k].status, "%s, rank %d: %s", r->problem, k, seats[k].why);
    ck_assert_str_eq(seats[0].csv, whole);
    free(seats[0].csv);
    free(whole);
}

START_TEST(a_shared_run_is_that_of_one_process)
{
    for (size_t i = 0; i < REQUESTS; i++)
        same_as_alone(&requests[i]);
    for (size_t i = 0; i < sizeof own_requests / sizeof *own_requests; i++)
        same_as_alone(&own_requests[i]);
}
END_TEST

/* A label function by index, one by walks, real and complex numbers (the last one alone under sanitizers). */
START_TEST(an_evaluation_in_stretches_is_that_of_one_rank)
{
    const request stretches[] = {
        {"random:seed=5", "chain:20", "0x7", {{"symmetry", "no"}, {"solver", "enumerate"}}},
        {"connected", "5x4", "0x7", {{"symmetry", "no"}, {"solver", "enumerate"}}},
        {"ising", "5x4", "0x7", {{"symmetry", "no"}, {"solver", "enumerate"}}},
        {"mps:chi=2,complex=1", "chain:20", "0x7", {{"symmetry", "no"}, {"solver", "enumerate"}}},
    };
    const size_t count = sizeof stretches / sizeof *stretches;
    for (size_t i = getenv("CUTROPY_TEST_SMALL") ? count - 1 : 0; i < count; i++) {
        const uint64_t before = shared_evaluations;
        same_as_alone(&stretches[i]);
        ck_assert_uint_eq(shared_evaluations, before + RANKS);
    }
    const uint64_t before = shared_evaluations;
    same_as_alone(&requests[0]); /* too few images */
    ck_assert_uint_eq(shared_evaluations, before);
}
END_TEST

/* Its part would be in the function of all, and nobody could tell. */
START_TEST(ranks_with_other_functions_share_no_evaluation)
{
    seat seats[RANKS] = {
        [2].wanted = {"random:seed=6", "chain:20", "0x7", {{"solver", "enumerate"}}}};
    const uint64_t before = shared_evaluations;
    run_ranks(seats, &(request){"random:seed=5", "chain:20", "0x7", {{"solver", "enumerate"}}},
              RANKS);
    ck_assert_uint_eq(shared_evaluations, before);
    ck_assert_int_eq(seats[0].status, CUTROPY_EINPUT);
    ck_assert_ptr_nonnull(strstr(
        seats[0].why, "rank 2 (here): does not do the work of rank 0: its problem is random"));
}
END_TEST

/* Rank 2: its offer is that of rank 0, which has come to the same evaluation. */
static void *offer_and_end(void *context)
{
    const ct_ranks *ranks = context;
    const uint64_t me = 2;
    ct_message message = {0};
    while (!message.bytes)
        message = receive(ranks, CT_BOX_SHARE, 1);
    memcpy(message.bytes + 8, &me, sizeof me); /* whom it is from */
    for (int r = 0; r < 2; r++)
        send_bytes(ranks, r, CT_BOX_SHARE, message.bytes, message.size);
    free(message.bytes);
    ct_fail(CUTROPY_EMEMORY, "no room");
    ct_ranks_fail(ranks, CUTROPY_EMEMORY);
    ct_share_gone(ranks);
    return NULL;
}

/* Rank 2 offers its part, and ends instead of sending it: what it said is what rank 0 says. */
START_TEST(a_rank_that_fails_in_a_shared_evaluation_is_named)
{
    seat seats[RANKS] = {0};
    const request r = {"random:seed=5", "chain:20", "0x7", {{"solver", "enumerate"}}};
    const ct_ranks ranks = {2, RANKS, "here", send_bytes, receive, NULL, NULL};
    pthread_t third;
    ck_assert_int_eq(pthread_create(&third, NULL, offer_and_end, (void *)&ranks), 0);
    run_ranks(seats, &r, 2);
    pthread_join(third, NULL);
    ck_assert_int_eq(seats[0].status, CUTROPY_EMEMORY);
    ck_assert_str_eq(seats[0].why, "rank 2 (during evaluation): no room");
    ck_assert_int_eq(seats[1].status, CUTROPY_ECANCELLED);
}
END_TEST

START_TEST(whoever_has_no_memory_leaves_its_cuts_to_rank_0)
{
    seat seats[RANKS] = {0};
    char *whole = alone(&requests[0]);
    for (int k = 1; k < RANKS; k++) {
        seats[k].wanted = requests[0];
        seats[k].wanted.option[1][0] = "memory";
        seats[k].wanted.option[1][1] = "3000";
    }
    run_ranks(seats, &requests[0], RANKS);
    ck_assert_msg(!seats[0].status, "%s", seats[0].why);
    ck_assert_str_eq(seats[0].csv, whole);
    free(seats[0].csv);
    free(whole);
}
END_TEST

/* The half cut has 255 or 256 classes, 512 KiB of matrix; the small cuts fit. Bits, edges, two blocks of which one fits. */
static const request together_requests[] = {
    {"random:seed=3", "4x4", "half,0xf,columns", {{"memory", "450000"}}},
    {"random:seed=3,encoding=pm1", "chain:16", "half", {{"memory", "450000"}}},
    {"random:density=0.01,seed=4", "4x4", "half,0x1", {{"memory", "400000"}}},
    {"two blocks", "chain:16", "half", {{"memory", "250000"}, {"quantities", "blocks"}}},
};

START_TEST(what_no_rank_has_room_for_they_do_together)
{
    for (size_t i = 0; i < sizeof together_requests / sizeof *together_requests; i++) {
        seat seats[RANKS] = {0};
        request rich = together_requests[i];
        rich.option[0][0] = "threads";
        rich.option[0][1] = "1";
        char *whole = alone(&rich);
        clear_desk(WORKS);
        run_ranks(seats, &together_requests[i], RANKS);
        ck_assert_msg(!seats[0].status, "%zu: %s", i, seats[0].why);
        ck_assert_msg(seats[0].team.joined > 0, "%zu: nothing was done together", i);
        ck_assert_str_eq(seats[0].csv, whole);
        free(seats[0].csv);
        free(whole);
    }
}
END_TEST

/* Cuts stay refused, and the others are done. */
static void refused_together(const char *memory, const char *of_rank_1, int mode,
                             cutropy_status status, const char *words)
{
    seat seats[RANKS] = {0};
    request r = together_requests[0];
    r.option[0][1] = memory;
    seats[1].wanted = r;
    seats[1].wanted.option[0][1] = of_rank_1;
    clear_desk(mode);
    run_ranks(seats, &r, RANKS);
    ck_assert_msg(seats[0].status == status, "%s", seats[0].why);
    ck_assert_msg(strstr(seats[0].why, words) != NULL, "%s", seats[0].why);
    ck_assert_msg(seats[0].csv && strstr(seats[0].csv, "0xf,4") != NULL, "%s: %s", seats[0].why,
                  seats[0].csv ? seats[0].csv : "no table");
    for (int k = 1; k < RANKS; k++)
        ck_assert_msg(!seats[k].status, "%s", seats[k].why);
    free(seats[0].csv);
}

START_TEST(what_they_have_no_room_for_together_is_refused)
{
    refused_together(
        "240000", "240000", WORKS, CUTROPY_EMEMORY,
        "234.4 KiB may be used: about 173 fits (--memory raises the limit); 3 ranks together: its share needs");
    refused_together("450000", "240000", WORKS, CUTROPY_EMEMORY,
                     "3 ranks together: rank 1 (here): its share needs");
    refused_together("450000", "450000", FAILS, CUTROPY_ENUMERIC, "threads: it did not work");
    refused_together("450000", "450000", LACKS, CUTROPY_EMEMORY,
                     "3 ranks together: there is no library");
}
END_TEST

static bool all_inside(void)
{
    pthread_mutex_lock(&lock);
    const bool all = desk.begun == RANKS;
    pthread_mutex_unlock(&lock);
    return all;
}

static int lose_inside(const char *stage, uint64_t done, uint64_t total, void *user)
{
    static bool lost;
    (void)done;
    (void)total;
    (void)user;
    if (!strcmp(stage, "together") && all_inside() && !lost) {
        lost = true;
        drop(0, CT_BOX_DEALER, (ct_message){.from = 2, .lost = true, .why = "it is silent"});
    }
    return 0;
}

static int stop_inside(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)done;
    (void)total;
    (void)user;
    return !strcmp(stage, "together") && all_inside();
}

START_TEST(whoever_waits_for_a_matrix_hears_of_losses_and_stops)
{
    seat lost[RANKS] = {[0].progress = lose_inside}, stopped[RANKS] = {[0].progress = stop_inside};
    clear_desk(HANGS);
    run_ranks(lost, &together_requests[0], RANKS);
    ck_assert_int_eq(lost[0].status, CUTROPY_EDEVICE);
    ck_assert_str_eq(lost[0].why, "rank 2 (here) is lost: it is silent");
    free(lost[0].csv);
    clear_desk(HANGS);
    run_ranks(stopped, &together_requests[0], RANKS);
    ck_assert_int_eq(stopped[0].status, CUTROPY_ECANCELLED);
    for (int k = 1; k < RANKS; k++)
        ck_assert_msg(!stopped[k].status && !lost[k].status, "%s%s", stopped[k].why, lost[k].why);
    free(stopped[0].csv);
    clear_desk(WORKS);
}
END_TEST

/* ---- one allocation of any rank is refused ---- */

static struct {
    pthread_mutex_t lock;
    long asked, refuse, live;
} miser = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void *allocate(size_t bytes, void *user)
{
    (void)user;
    pthread_mutex_lock(&miser.lock);
    const bool counts = __atomic_load_n(&running, __ATOMIC_RELAXED) == RANKS;
    void *memory =
        counts && miser.asked++ == miser.refuse ? NULL : aligned_alloc(64, (bytes + 63) / 64 * 64);
    miser.live += memory != NULL;
    pthread_mutex_unlock(&miser.lock);
    return memory;
}

static void release(void *memory, void *user)
{
    (void)user;
    pthread_mutex_lock(&miser.lock);
    miser.live -= memory != NULL;
    pthread_mutex_unlock(&miser.lock);
    free(memory);
}

/* As the program does it: who fails says so, and rank 0 keeps nobody waiting. */
static void *sit_and_tell(void *context)
{
    seat *s = context;
    cutropy_result *result = NULL;
    s->status = compute(s, &result);
    snprintf(s->why, sizeof s->why, "%s", s->status ? cutropy_error() : "");
    if (!s->ranks.rank)
        ct_ranks_dismiss(&s->ranks);
    else if (s->status)
        ct_ranks_fail(&s->ranks, s->status);
    if (!s->ranks.rank && !s->status)
        s->purity = result->records[0].purity;
    cutropy_result_free(result);
    return NULL;
}

static long refuse_one(const request *r, long refuse, double *purity, uint64_t *joined)
{
    seat seats[RANKS] = {0};
    clear_desk(WORKS);
    miser.asked = miser.live = 0;
    miser.refuse = refuse;
    __atomic_store_n(&running, 0, __ATOMIC_RELAXED);
    for (int k = 0; k < RANKS; k++)
        seats[k].work = sit_and_tell;
    run_ranks(seats, r, RANKS);
    ck_assert_msg(seats[0].status == CUTROPY_OK || seats[0].status == CUTROPY_EMEMORY, "%ld: %s",
                  refuse, seats[0].why);
    ck_assert_msg(miser.live == 0, "%ld: %ld allocations are left", refuse, miser.live);
    *purity = seats[0].purity;
    *joined = seats[0].team.joined;
    return miser.asked;
}

START_TEST(whatever_memory_a_rank_lacks_all_come_to_an_end)
{
    const request r = {"random:seed=3",
                       "4x3",
                       "half",
                       {{"memory", "32700"}, {"symmetry", "no"}, {"threads", "1"}}};
    double whole, purity;
    uint64_t joined;
    cutropy_set_allocator(allocate, release, NULL);
    const long all = refuse_one(&r, -1, &whole, &joined);
    ck_assert_uint_eq(joined, 1);
    for (long k = 0; k < all; k += getenv("CUTROPY_TEST_SMALL") ? 7 : 1) {
        refuse_one(&r, k, &purity, &joined);
        ck_assert_msg(purity == 0 || purity == whole, "%ld: another purity", k);
    }
    cutropy_set_allocator(NULL, NULL, NULL);
    clear_desk(WORKS);
}
END_TEST

START_TEST(a_rank_that_does_other_work_is_named)
{
    seat seats[RANKS] = {[2].wanted = {"random:seed=6", "4x3", "all", {{"symmetry", "no"}}}};
    run_ranks(seats,
              &(request){"random:seed=5", "4x3", "all", {{"symmetry", "no"}, {"certify", "yes"}}},
              RANKS);
    ck_assert_int_eq(seats[0].status, CUTROPY_EINPUT);
    ck_assert_msg(strstr(seats[0].why,
                         "rank 2 (here): does not do the work of rank 0: its problem is random") &&
                      strstr(seats[0].why, "seed=6, not random"),
                  "%s", seats[0].why);
}
END_TEST

START_TEST(a_rank_of_another_build_is_named)
{
    seat seats[RANKS] = {0};
    const ct_ranks ranks = {2, RANKS, "there", send_bytes, receive, NULL, NULL};
    ct_fields line = {0};
    uint64_t number = 1;
    char *version = "0.0.7", *host = "there";
    ct_fields_begin(&line, "hello");
    ct_field_word(&line, &number);
    ct_field_text(&line, &version);
    ct_field_text(&line, &host);
    ct_fields_end(&line);
    MUST(ct_ranks_post(&ranks, 0, CT_BOX_DEALER, &line));
    run_ranks(seats, &requests[0], 2);
    ck_assert_int_eq(seats[0].status, CUTROPY_EINPUT);
    ck_assert_msg(strstr(seats[0].why, "rank 2 (there): is cutropy 0.0.7, and rank 0 is 0.") !=
                      NULL,
                  "%s", seats[0].why);
}
END_TEST

START_TEST(a_rank_that_fails_says_why_to_rank_0)
{
    seat seats[RANKS] = {0};
    const ct_ranks ranks = {2, RANKS, "here", send_bytes, receive, NULL, NULL};
    ct_fail(CUTROPY_EMEMORY, "no room");
    ct_ranks_fail(&ranks, CUTROPY_EMEMORY);
    run_ranks(seats, &requests[0], 2);
    ck_assert_int_eq(seats[0].status, CUTROPY_EMEMORY);
    ck_assert_str_eq(seats[0].why, "rank 2 (not heard of yet): no room");
}
END_TEST

START_TEST(a_lost_rank_ends_the_run)
{
    seat seats[RANKS] = {0};
    drop(0, CT_BOX_DEALER, (ct_message){.from = 2, .lost = true, .why = "it is silent"});
    run_ranks(seats, &requests[0], 2);
    ck_assert_int_eq(seats[0].status, CUTROPY_EDEVICE);
    ck_assert_str_eq(seats[0].why, "rank 2 (not heard of yet) is lost: it is silent");
    ck_assert_int_eq(seats[1].status, CUTROPY_OK);
}
END_TEST

/* Rank 2 is lost, or the run is to stop, when all cuts are done. */
static int lose_at_the_end(const char *stage, uint64_t done, uint64_t total, void *user)
{
    static bool lost;
    (void)user;
    if (!strcmp(stage, "cuts") && done == total && !lost) {
        lost = true;
        drop(0, CT_BOX_DEALER, (ct_message){.from = 2, .lost = true, .why = "it is silent"});
    }
    return 0;
}

static int stop_at_the_end(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)user;
    return !strcmp(stage, "cuts") && done == total;
}

START_TEST(a_run_whose_cuts_are_all_done_wants_nobody)
{
    char *whole = alone(&requests[0]);
    cutropy_progress *const ends[] = {lose_at_the_end, stop_at_the_end};
    const char *const why[] = {"rank 2 (not heard of yet) is lost: it is silent",
                               "stopped before all ranks had come"};
    for (int i = 0; i < 2; i++) {
        seat seats[RANKS] = {[0].progress = ends[i]};
        run_ranks(seats, &requests[0], 2);
        ck_assert_msg(!seats[0].status, "%s", seats[0].why);
        ck_assert_str_eq(seats[0].csv, whole);
        ck_assert_str_eq(seats[0].team.why, why[i]);
        free(seats[0].csv);
    }
    free(whole);
}
END_TEST

START_TEST(what_was_finished_before_is_not_lost)
{
    char name[] = "ranks-XXXXXX", *whole = alone(&requests[0]);
    seat seats[RANKS] = {0}, again[RANKS] = {0};
    const int made = mkstemp(name);
    ck_assert_int_ge(made, 0);
    close(made);
    MUST(cutropy_journal_open(name, 1, &seats[0].journal));
    lose_after = 12;
    run_ranks(seats, &requests[0], RANKS);
    ck_assert_int_eq(seats[0].status, CUTROPY_EDEVICE);
    ck_assert_str_eq(seats[0].why,
                     "rank 2 (here) is lost: it is silent; the same call with --resume goes on");
    MUST(cutropy_journal_close(seats[0].journal, 0));
    MUST(cutropy_journal_open(name, 1, &again[0].journal));
    ck_assert_uint_gt(cutropy_journal_found(again[0].journal), 0);
    run_ranks(again, &requests[0], RANKS);
    ck_assert_msg(!again[0].status, "%s", again[0].why);
    ck_assert_str_eq(again[0].csv, whole);
    MUST(cutropy_journal_close(again[0].journal, 1));
    free(again[0].csv);
    free(whole);
}
END_TEST

START_TEST(without_rank_0_the_others_end)
{
    seat s = {.wanted = requests[0]};
    drop(1, CT_BOX_SOLVER, (ct_message){.from = 0, .lost = true, .why = "it is silent"});
    s.ranks = (ct_ranks){1, RANKS, "here", send_bytes, receive, NULL, NULL};
    s.team.ranks = &s.ranks;
    sit(&s);
    forget_letters();
    ck_assert_int_eq(s.status, CUTROPY_EDEVICE);
    ck_assert_str_eq(s.why, "rank 0 is lost: it is silent");
}
END_TEST

static int stop_cuts(const char *stage, uint64_t done, uint64_t total, void *user)
{
    (void)total;
    (void)user;
    return !strcmp(stage, "cuts") && done > 100;
}

START_TEST(a_stop_ends_all_ranks)
{
    seat seats[RANKS] = {[0].progress = stop_cuts};
    run_ranks(seats,
              &(request){"random:seed=5",
                         amount(1, 0) ? "4x4" : "chain:14",
                         "all",
                         {{"certify", "yes"}, {"symmetry", "no"}}},
              RANKS);
    ck_assert_int_eq(seats[0].status, CUTROPY_ECANCELLED);
    ck_assert_msg(strstr(seats[0].why, amount(1, 0) ? "of 32767 different cuts"
                                                    : "of 8191 different cuts") != NULL,
                  "%s", seats[0].why);
    for (int k = 1; k < RANKS; k++)
        ck_assert_msg(!seats[k].status, "%s", seats[k].why);
    free(seats[0].csv);
}
END_TEST

CHECK_MAIN("ranks", a_shared_run_is_that_of_one_process,
           an_evaluation_in_stretches_is_that_of_one_rank,
           ranks_with_other_functions_share_no_evaluation,
           a_rank_that_fails_in_a_shared_evaluation_is_named,
           whoever_has_no_memory_leaves_its_cuts_to_rank_0,
           what_no_rank_has_room_for_they_do_together,
           what_they_have_no_room_for_together_is_refused,
           whoever_waits_for_a_matrix_hears_of_losses_and_stops,
           whatever_memory_a_rank_lacks_all_come_to_an_end, a_rank_that_does_other_work_is_named,
           a_rank_of_another_build_is_named, a_rank_that_fails_says_why_to_rank_0,
           a_lost_rank_ends_the_run, a_run_whose_cuts_are_all_done_wants_nobody,
           what_was_finished_before_is_not_lost, without_rank_0_the_others_end,
           a_stop_ends_all_ranks)
