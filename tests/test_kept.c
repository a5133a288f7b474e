/* SPDX-License-Identifier: Apache-2.0 */
/* Quotients that are kept for proofs: moved in and out whole, or left where they are. That proofs say the
 * same without them is a test of answers, whose device has none. */
#include <string.h>

#include "check_main.h"
#include "engine/cut/kept.h"
#include "ref/support.h"
#include "stage_support.h"

#define PIXELS 8
#define MASK 0x0f

/* Quotient and blocks of a cut, twice: one to be moved and one to compare with. */
typedef struct twins {
    ct_function f;
    ct_quotient q[2];
    ct_blocks blocks[2];
} twins;

static void make_twins(const cutropy_lattice *lattice, int shape, ct_storage storage, twins *t)
{
    const uint64_t mask = MASK;
    uint8_t label[1 << PIXELS];
    uint64_t state = 3 + (uint64_t)shape;
    shaped_labels(shape, PIXELS, mask, &state, label);
    label[0] = 1;
    t->f = made_labels(lattice, storage, false, label);
    for (int k = 0; k < 2; k++) {
        ck_assert_int_eq(ct_quotient_build(&t->f, &mask, ct_operations_cpu(), 1, &t->q[k]),
                         CUTROPY_OK);
        ck_assert_int_eq(ct_blocks_find(&t->q[k], &t->blocks[k]), CUTROPY_OK);
    }
}

static void free_twins(twins *t)
{
    for (int k = 0; k < 2; k++) {
        ct_blocks_free(&t->blocks[k]);
        ct_quotient_free(&t->q[k]);
    }
    ct_function_free(&t->f);
}

static void expect_twins(const twins *t)
{
    const ct_quotient *a = &t->q[0], *b = &t->q[1];
    ck_assert_int_eq(a->storage, b->storage);
    for (int s = 0; s < 2; s++) {
        ck_assert_int_eq(a->side[s].count, b->side[s].count);
        ck_assert_int_eq(t->blocks[0].start[s][t->blocks[0].count],
                         t->blocks[1].start[s][t->blocks[1].count]);
    }
    for (int64_t i = 0; i < a->side[0].count && a->storage != CT_Q_EDGES; i++)
        for (int64_t j = 0; j < a->side[1].count; j++)
            ck_assert_int_eq(ct_quotient_entry(a, i, j), ct_quotient_entry(b, i, j));
    ck_assert_int_eq(a->edges, b->edges);
    ck_assert(!a->edges || !memcmp(a->edge, b->edge, (size_t)a->edges * sizeof *a->edge));
    ck_assert_int_eq(t->blocks[0].count, t->blocks[1].count);
}

START_TEST(in_and_out)
{
    cutropy_lattice *lattice = must_lattice("chain:8");
    for (int shape = 0; shape < SHAPES; shape++)
        for (int list = 0; list < 2; list++) {
            ct_kept kept;
            twins t;
            make_twins(lattice, shape, list ? CT_SUPPORT : CT_TABLE, &t);
            ck_assert_int_eq(ct_kept_start(3, UINT64_C(1) << 30, &kept), CUTROPY_OK);
            ct_kept_move(&kept, 1, &t.q[0], &t.blocks[0]);
            ck_assert_int_eq(t.q[0].side[0].count, 0);
            ck_assert_int_eq(t.blocks[0].count, 0);
            ck_assert(!ct_kept_take(&kept, 0, &t.q[0], &t.blocks[0]));
            ck_assert(ct_kept_take(&kept, 1, &t.q[0], &t.blocks[0]));
            expect_twins(&t);
            ck_assert(!ct_kept_take(&kept, 1, &t.q[0], &t.blocks[0]));
            ct_kept_move(&kept, 2, &t.q[0], &t.blocks[0]); /* and stays there */
            ct_kept_free(&kept);
            free_twins(&t);
        }
    cutropy_lattice_free(lattice);
}
END_TEST

/* Cuts are kept while their bytes, and there are some, fit a sixteenth of the limit. */
START_TEST(room)
{
    cutropy_lattice *lattice = must_lattice("chain:8");
    ct_kept kept;
    twins t;
    make_twins(lattice, SHAPE_RANDOM, CT_TABLE, &t);
    const uint64_t least = ct_quotient_bytes(&t.q[0]);
    ck_assert_uint_gt(least, 0);
    ck_assert_int_eq(ct_kept_start(2, 16 * least, &kept), CUTROPY_OK);
    ct_kept_move(&kept, 0, &t.q[0], &t.blocks[0]);
    expect_twins(&t); /* the blocks need room too */
    ck_assert(!ct_kept_take(&kept, 0, &t.q[0], &t.blocks[0]));
    ct_kept_free(&kept);
    ck_assert_int_eq(ct_kept_start(2, 16 * (3 * least + 2000) / 2, &kept), CUTROPY_OK);
    ct_kept_move(&kept, 0, &t.q[0], &t.blocks[0]);
    ck_assert_int_eq(t.q[0].side[0].count, 0);
    ct_kept_move(&kept, 1, &t.q[1], &t.blocks[1]); /* there is no room for two */
    ck_assert_int_gt(t.q[1].side[0].count, 0);
    ct_kept_free(&kept);
    free_twins(&t);
    cutropy_lattice_free(lattice);
}
END_TEST

START_TEST(large)
{
    ct_kept kept;
    ct_blocks blocks = {0};
    ct_quotient q = {.storage = CT_Q_EDGES, .edges = 1 << 20}; /* 8 MiB, were they there */
    ck_assert_int_eq(ct_kept_start(1, UINT64_C(1) << 40, &kept), CUTROPY_OK);
    ct_kept_move(&kept, 0, &q, &blocks);
    ck_assert_int_eq(q.edges, 1 << 20);
    ck_assert(!ct_kept_take(&kept, 0, &q, &blocks));
    ct_kept_free(&kept);
}
END_TEST

CHECK_MAIN("kept", in_and_out, room, large)
