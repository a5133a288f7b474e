/* SPDX-License-Identifier: Apache-2.0 */
/* Journals and parts: whatever happens to the file, the table is that of an uninterrupted run, or there is one
 * line that says why not. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cutropy/cutropy.h>

#include "check_main.h"
#include "engine/function/fields.h"
#include "engine/function/options.h"
#include "engine/function/result.h"
#include "failing_allocator.h"
#include "ref/requests.h"
#include "ref/support.h"

static char folder[64];
static char path[128];

static const char *in_folder(const char *name)
{
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* ---- what is run ---- */

static cutropy_status run(const request *r, const char *part, cutropy_journal *journal,
                          cutropy_result **out)
{
    asked a = must_ask(r, NULL);
    MUST(cutropy_options_set(a.options, "part", part));
    cutropy_options_set_journal(a.options, journal);
    const cutropy_status status = cutropy_run(a.problem, &a.cuts, a.options, out);
    asked_free(&a);
    return status;
}

static char *whole_table(const request *r)
{
    cutropy_result *result;
    MUST(run(r, NULL, NULL, &result));
    char *text = must_csv(result);
    cutropy_result_free(result);
    return text;
}

/* ---- files ---- */

static char *read_file(const char *name, size_t *length)
{
    FILE *file = fopen(name, "rb");
    ck_assert_msg(file != NULL, "%s is not there", name);
    char *text = malloc(1 << 24);
    *length = fread(text, 1, 1 << 24, file);
    fclose(file);
    return text;
}

static void write_file(const char *name, const char *text, size_t length)
{
    FILE *file = fopen(name, "wb");
    ck_assert_uint_eq(fwrite(text, 1, length, file), length);
    fclose(file);
}

/* The journal of a run that was ended when all was finished but nothing written. */
static char *full_journal(const request *r, const char *name, size_t *length)
{
    cutropy_journal *journal;
    cutropy_result *result;
    MUST(cutropy_journal_open(name, 0, &journal));
    MUST(run(r, NULL, journal, &result));
    cutropy_result_free(result);
    MUST(cutropy_journal_flush(journal));
    MUST(cutropy_journal_close(journal, 0));
    return read_file(name, length);
}

static void resume_gives(const request *r, const char *name, const char *table)
{
    cutropy_journal *journal;
    cutropy_result *result;
    MUST(cutropy_journal_open(name, 1, &journal));
    MUST(run(r, NULL, journal, &result));
    char *text = must_csv(result);
    ck_assert_str_eq(text, table);
    free(text);
    cutropy_result_free(result);
    MUST(cutropy_journal_close(journal, 0));
}

/* ---- journals ---- */

START_TEST(a_journal_torn_anywhere_gives_the_same_table)
{
    const int rounds = getenv("CUTROPY_TEST_SMALL") ? 2 : 4;
    uint64_t random = 1;
    for (size_t i = 0; i < REQUESTS; i += (size_t)amount(1, 2)) {
        size_t length, after;
        char *table = whole_table(&requests[i]);
        const char *name = in_folder("torn.journal");
        char *text = full_journal(&requests[i], name, &length);
        for (int k = 0; k < rounds; k++) {
            const size_t left = k ? ct_random(7, random++) % length : length;
            write_file(name, text, left);
            resume_gives(&requests[i], name, table);
            if (k)
                continue;
            free(read_file(name, &after)); /* all was known: nothing is new */
            ck_assert_uint_eq(after, length);
        }
        write_file(name, text, length / 2); /* garbage behind a torn line, as after power loss */
        FILE *file = fopen(name, "ab");
        for (int k = 0; k < 5000; k++)
            fputc(k % 7 ? 0 : '\n', file);
        fclose(file);
        resume_gives(&requests[i], name, table);
        unlink(name);
        free(text);
        free(table);
    }
}
END_TEST

/* The entropy of the first finished cut is replaced in the journal: the table has it, so it was not computed again. */
START_TEST(what_the_journal_has_is_not_computed_again)
{
    const request *r = &requests[0];
    const char *name = in_folder("planted.journal");
    size_t length, at = 0, lines = 0;
    char key[CT_KEY];
    char *text = full_journal(r, name, &length);
    ct_fields in = {0}, out = {0};
    while (ct_fields_next(text, length, &at, &in, key)) {
        char *line = strndup(in.at, (size_t)(in.end - in.at));
        char *entropy =
            strstr(line, " 0 - 1 1 2 "); /* failed, failure, solved, looks closed, float */
        if (entropy && !lines++)
            memcpy(entropy + strlen(" 0 - 1 1 2 "), "4058c0000000000", 15); /* 99 */
        ct_fields_begin(&out, key);
        ck_assert_uint_lt(out.length + strlen(line), (size_t)1 << 24);
        for (char *p = line; *p;) { /* word for word */
            const size_t n = strcspn(p + 1, " ");
            char word[4096];
            snprintf(word, sizeof word, "%.*s", (int)n, p + 1);
            if (*word == '=' || *word == '-') {
                ct_fields one = {.reads = true, .at = p, .end = p + 1 + n};
                char *value = NULL;
                ct_field_text(&one, &value);
                ct_field_text(&out, &value);
                ct_free(value);
            } else {
                uint64_t value = strtoull(word, NULL, 16);
                ct_field_word(&out, &value);
            }
            p += 1 + n;
        }
        ct_fields_end(&out);
        free(line);
    }
    ck_assert_uint_gt(lines, 0);
    write_file(name, out.text, out.length);
    cutropy_journal *journal;
    cutropy_result *result;
    MUST(cutropy_journal_open(name, 1, &journal));
    ck_assert_uint_gt(cutropy_journal_found(journal), 100);
    MUST(run(r, NULL, journal, &result));
    size_t planted = 0;
    for (size_t i = 0; i < result->record_count; i++)
        planted += result->records[i].entropy >= 98;
    ck_assert_uint_eq(planted, 1);
    cutropy_result_free(result);
    MUST(cutropy_journal_close(journal, 1));
    ck_assert_int_ne(access(name, F_OK), 0);
    ct_fields_free(&out);
    free(text);
}
END_TEST

static void refused(const request *r, const char *part, const char *name, const char *why)
{
    cutropy_journal *journal;
    cutropy_result *result = NULL;
    cutropy_status status = cutropy_journal_open(name, 1, &journal);
    if (status == CUTROPY_OK) {
        status = run(r, part, journal, &result);
        ck_assert_int_eq(cutropy_journal_close(journal, 0), CUTROPY_OK);
    }
    ck_assert_int_eq(status, CUTROPY_EINPUT);
    ck_assert_ptr_null(result);
    ck_assert_msg(strstr(cutropy_error(), why) != NULL, "'%s' lacks '%s'", cutropy_error(), why);
}

START_TEST(the_journal_of_another_run_is_refused_with_the_reason)
{
    const char *name = in_folder("other.journal");
    const request mine = {"random:seed=5", "3x3", "all", {{"symmetry", "no"}}};
    const struct {
        request r;
        const char *part, *why;
    } others[] = {
        {{"random:seed=6", "3x3", "all", {{"symmetry", "no"}}}, NULL, "whose problem is random"},
        {{"random:seed=5", "chain:9", "all", {{"symmetry", "no"}}}, NULL, "whose lattice is"},
        {{"random:seed=5", "3x3", "rectangles", {{"symmetry", "no"}}},
         NULL,
         "whose list of cuts is"},
        {{"random:seed=5", "3x3", "all", {{"symmetry", "no"}, {"quantities", "renyi:2"}}},
         NULL,
         "whose list of quantities is"},
        {{"random:seed=5", "3x3", "all", {{"symmetry", "no"}, {"digits", "30"}}},
         NULL,
         "whose number of digits is"},
        {{"random:seed=5", "3x3", "all", {{"symmetry", "no"}}},
         "1/2",
         "whose part is all, not 1/2"},
    };
    size_t length, after;
    char *text = full_journal(&mine, name, &length), *now;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        refused(&others[i].r, others[i].part, name, others[i].why);
        now = read_file(name, &after); /* and nothing is lost */
        ck_assert(after == length && !memcmp(now, text, length));
        free(now);
    }
    /* what is damaged as well stays as it is: whose it was may want it back */
    for (int at = 1; at < 3; at++) {
        cutropy_journal *journal;
        const size_t place = at * length / 3;
        text[place] ^= 1;
        write_file(name, text, length);
        refused(&others[0].r, NULL, name, others[0].why);
        ck_assert_int_eq(cutropy_journal_open(name, 0, &journal), CUTROPY_EINPUT);
        now = read_file(name, &after);
        ck_assert(after == length && !memcmp(now, text, length));
        free(now);
        text[place] ^= 1;
    }
    /* another version: the first line with its check */
    ct_fields first = {0};
    uint64_t format = 1;
    char *version = "0.0.7";
    ct_fields_begin(&first, "cutropyjournal");
    ct_field_word(&first, &format);
    ct_field_text(&first, &version);
    ct_fields_end(&first);
    write_file(name, first.text, first.length);
    ct_fields_free(&first);
    refused(&mine, NULL, name, "was begun by cutropy 0.0.7");
    write_file(name, "cut,na,entropy_bits\n0x1,1,1\n", 28);
    refused(&mine, NULL, name, "is no journal of cutropy");
    now = read_file(name, &after);
    ck_assert_uint_eq(after, 28); /* a foreign file is left alone */
    free(now);
    unlink(name);
    free(text);
}
END_TEST

START_TEST(a_journal_has_one_run_at_a_time)
{
    const char *name = in_folder("locked.journal");
    size_t length;
    cutropy_journal *one, *two;
    cutropy_result *result;
    free(full_journal(&requests[0], name, &length));
    ck_assert_int_eq(cutropy_journal_open(name, 0, &one), CUTROPY_EINPUT);
    ck_assert_msg(strstr(cutropy_error(), "finished cuts of a run that did not come to its end") !=
                      NULL,
                  "%s", cutropy_error());
    MUST(cutropy_journal_open(name, 1, &one));
    ck_assert_int_eq(cutropy_journal_open(name, 1, &two), CUTROPY_EIO);
    ck_assert_msg(strstr(cutropy_error(), "is being written by another run") != NULL, "%s",
                  cutropy_error());
    MUST(cutropy_journal_close(one, 1));
    /* both begin where there is no file yet: the second one to write is told */
    MUST(cutropy_journal_open(name, 1, &one));
    MUST(cutropy_journal_open(name, 1, &two));
    MUST(run(&requests[0], NULL, one, &result));
    cutropy_result_free(result);
    MUST(cutropy_journal_flush(one));
    const cutropy_status status = run(&requests[0], NULL, two, &result);
    ck_assert(status == CUTROPY_OK || status == CUTROPY_EIO); /* one of a second writes itself */
    cutropy_result_free(result);
    ck_assert_int_eq(cutropy_journal_flush(two), CUTROPY_EIO);
    ck_assert_msg(strstr(cutropy_error(), "two runs cannot have one output") != NULL, "%s",
                  cutropy_error());
    cutropy_journal_close(two, 0);
    ck_assert_int_eq(cutropy_journal_exists(one), 1);
    MUST(cutropy_journal_close(one, 0));
    char *table = whole_table(&requests[0]);
    resume_gives(&requests[0], name, table);
    free(table);
    unlink(name);
    ck_assert_int_eq(cutropy_journal_open(folder, 1, &one), CUTROPY_EIO);
    ck_assert_int_eq(cutropy_journal_open("no/such/folder/x.journal", 1, &one), CUTROPY_OK);
    ck_assert_int_eq(run(&requests[8], NULL, one, &result), CUTROPY_OK); /* too short for a file */
    cutropy_result_free(result);
    ck_assert_int_eq(cutropy_journal_flush(one), CUTROPY_EIO);
    ck_assert_int_eq(cutropy_journal_close(one, 0), CUTROPY_OK);
}
END_TEST

/* An analysis of several runs finds each of them again. */
START_TEST(runs_one_after_the_other)
{
    const char *name = in_folder("several.journal");
    cutropy_journal *journal;
    cutropy_result *result;
    size_t length;
    char *table[3], *text;
    for (int i = 0; i < 3; i++)
        table[i] = whole_table(&requests[i]);
    MUST(cutropy_journal_open(name, 0, &journal));
    for (int i = 0; i < 3; i++) {
        MUST(run(&requests[i], NULL, journal, &result));
        cutropy_result_free(result);
    }
    MUST(cutropy_journal_flush(journal));
    MUST(cutropy_journal_close(journal, 0));
    text = read_file(name, &length);
    for (size_t left = length; left > 100; left /= 4) {
        write_file(name, text, left);
        MUST(cutropy_journal_open(name, 1, &journal));
        for (int i = 0; i < 3; i++) {
            MUST(run(&requests[i], NULL, journal, &result));
            char *again = must_csv(result);
            ck_assert_str_eq(again, table[i]);
            free(again);
            cutropy_result_free(result);
        }
        MUST(cutropy_journal_close(journal, 0));
    }
    for (int i = 0; i < 3; i++)
        free(table[i]);
    free(text);
    unlink(name);
}
END_TEST

/* ---- parts ---- */

#define MOST 6
static char part_path[MOST][128];

/* What a plan says of the different cuts of a part. */
static uint64_t planned(const request *r, const char *part)
{
    asked a = must_ask(r, NULL);
    cutropy_plan *plan;
    MUST(cutropy_options_set(a.options, "part", part));
    MUST(cutropy_make_plan(a.problem, &a.cuts, a.options, &plan));
    const uint64_t cuts = plan->distinct_cuts;
    cutropy_plan_free(plan);
    asked_free(&a);
    return cuts;
}

static uint64_t count_done(const cutropy_result *result)
{
    uint64_t done = 0;
    for (size_t k = 0; k < result->record_count; k++)
        done += result->records[k].done != 0;
    return done;
}

static void make_parts(const request *r, int parts)
{
    for (int i = 0; i < parts; i++) {
        char which[32];
        cutropy_result *result;
        snprintf(which, sizeof which, "%d/%d", i + 1, parts);
        snprintf(part_path[i], sizeof part_path[i], "%s/%d.part", folder, i + 1);
        MUST(run(r, which, NULL, &result));
        ck_assert_int_eq(result->complete, 0);
        ck_assert_uint_le(count_done(result), planned(r, which));
        MUST(cutropy_part_save(result, part_path[i]));
        cutropy_result_free(result);
    }
}

START_TEST(parts_in_any_order_are_the_whole)
{
    for (size_t k = 0; k < REQUESTS; k++) {
        char *table = whole_table(&requests[k]);
        for (int parts = k % 2 + 1; parts <= MOST; parts += 3) {
            const char *order[MOST];
            cutropy_result *result;
            make_parts(&requests[k], parts);
            for (int turn = amount(0, 1); turn < amount(3, 2); turn++) {
                for (int i = 0; i < parts; i++)
                    order[i] = part_path[(turn % 2 ? parts - 1 - i : i + turn) % parts];
                MUST(cutropy_parts_merge(order, (size_t)parts, &result));
                char *text = must_csv(result);
                ck_assert_str_eq(text, table);
                ck_assert_int_eq(result->complete, 1);
                free(text);
                cutropy_result_free(result);
            }
        }
        free(table);
    }
}
END_TEST

/* Each different cut is in one part, and the parts have as many cuts of each size. */
START_TEST(shares_are_even)
{
    const request r = {"random:seed=5", "4x3", "all", {{"symmetry", "no"}}};
    int size[MOST][13] = {{0}};
    uint64_t total = 0, most = 0;
    cutropy_result *result;
    for (int i = 0; i < 5; i++) {
        char which[32];
        snprintf(which, sizeof which, "%d/5", i + 1);
        MUST(run(&r, which, NULL, &result));
        for (size_t row = 0; row < result->count; row++) {
            const int na = result->rows[row].na;
            if (result->records[result->rows[row].record].done)
                size[i][na < 6 ? na : 12 - na]++;
        }
        const uint64_t done = count_done(result);
        total += done;
        most = done > most ? done : most;
        ck_assert_uint_eq(result->record_count, 2047);
        cutropy_result_free(result);
    }
    ck_assert_uint_eq(total, 2047);
    ck_assert_uint_le(most, planned(&r, "1/5"));
    ck_assert_uint_eq(planned(&r, "1/5"), 3 + 14 + 44 + 99 + 159 + 93); /* each size, rounded up */
    for (int na = 1; na < 6; na++)
        for (int i = 1; i < 5; i++)
            ck_assert_int_le(abs(size[i][na] - size[0][na]), 2);
}
END_TEST

static void not_merged(size_t count, const char *const *paths, const char *why)
{
    cutropy_result *result;
    ck_assert_int_eq(cutropy_parts_merge(paths, count, &result), CUTROPY_EINPUT);
    ck_assert_ptr_null(result);
    ck_assert_msg(strstr(cutropy_error(), why) != NULL, "'%s' lacks '%s'", cutropy_error(), why);
}

START_TEST(parts_that_do_not_fit_are_named)
{
    const request r = {"random:seed=5", "3x3", "all", {{"symmetry", "no"}}},
                  s = {"random:seed=6", "3x3", "all", {{"symmetry", "no"}}};
    cutropy_result *result;
    make_parts(&r, 4);
    const char *all[] = {part_path[0], part_path[1], part_path[2], part_path[3], part_path[4]};
    not_merged(3, all, "part 4 of 4 is missing");
    not_merged(1, all + 2, "parts 1, 2, 4 of 4 are missing");
    const char *twice[] = {part_path[0], part_path[1], part_path[0], part_path[3]};
    not_merged(4, twice, "are both part 1 of 4");
    ck_assert_ptr_nonnull(strstr(cutropy_error(), part_path[0]));
    snprintf(part_path[4], sizeof part_path[4], "%s/foreign.part", folder);
    MUST(run(&s, "3/4", NULL, &result));
    MUST(cutropy_part_save(result, part_path[4]));
    cutropy_result_free(result);
    not_merged(5, all, "foreign.part' is of another run than");
    not_merged(5, all, "its problem is random");
    MUST(run(&r, "3/5", NULL, &result));
    MUST(cutropy_part_save(result, part_path[4]));
    cutropy_result_free(result);
    not_merged(5, all, "foreign.part' is one of 5 parts");
    MUST(run(&r, NULL, NULL, &result));
    ck_assert_int_eq(cutropy_part_save(result, part_path[4]), CUTROPY_EINPUT);
    cutropy_result_free(result);
    write_file(part_path[4], "text\n", 5);
    not_merged(5, all, "foreign.part' is no part of a run");
    all[4] = in_folder("nothing.part");
    ck_assert_int_eq(cutropy_parts_merge(all, 5, &result), CUTROPY_EIO);
}
END_TEST

START_TEST(a_damaged_part_is_never_merged)
{
    const request r = {
        "random:seed=5", "3x3", "all", {{"digits", "20"}, {"quantities", "spectrum"}}};
    size_t length;
    make_parts(&r, 2);
    const char *both[] = {part_path[0], part_path[1]};
    char *text = read_file(part_path[1], &length);
    cutropy_result *result;
    MUST(cutropy_parts_merge(both, 2, &result));
    cutropy_result_free(result);
    const size_t step = getenv("CUTROPY_TEST_SMALL") ? 4001 : 1009;
    for (size_t at = 0; at < length; at += step) {
        write_file(part_path[1], text, at);
        ck_assert_int_eq(cutropy_parts_merge(both, 2, &result), CUTROPY_EINPUT);
        text[at] ^= 1;
        write_file(part_path[1], text, length);
        ck_assert_int_eq(cutropy_parts_merge(both, 2, &result), CUTROPY_EINPUT);
        text[at] ^= 1;
    }
    write_file(part_path[1], text, length);
    FILE *file = fopen(part_path[1], "ab");
    fputs("more\n", file);
    fclose(file);
    ck_assert_int_eq(cutropy_parts_merge(both, 2, &result), CUTROPY_EINPUT);
    free(text);
}
END_TEST

START_TEST(start)
{
    /* where flushing costs nothing, if there is such a place: a busy disk takes a second each time */
    snprintf(folder, sizeof folder, "%sjournal-XXXXXX",
             access("/dev/shm", W_OK) ? "" : "/dev/shm/");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}
END_TEST

/* Whatever allocation fails, the table is right or there is none, and nothing leaks. */
START_TEST(no_memory)
{
    const request r = {
        "connected", "3x2", "all", {{"digits", "5"}, {"quantities", "spectrum"}, {"threads", "1"}}};
    const char *name = in_folder("memory.journal");
    size_t length;
    char *table = whole_table(&r), *text = full_journal(&r, name, &length);
    make_parts(&r, 2);
    const char *both[] = {part_path[0], part_path[1]};
    for (long k = 0, fired = 1; fired; k++) {
        cutropy_result *result = NULL;
        failing_allocator_start(k);
        cutropy_status status = cutropy_parts_merge(both, 2, &result);
        fired = failing_allocator_stop();
        ck_assert_int_eq(status == CUTROPY_OK, result != NULL);
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        if (result) {
            char *again = must_csv(result);
            ck_assert_str_eq(again, table);
            free(again);
        }
        cutropy_result_free(result);
        ck_assert_int_eq(failing_allocator_live(), 0);
    }
    write_file(name, text, length / 2);
    for (long k = 0, fired = 1; fired; k++) {
        cutropy_journal *journal = NULL;
        failing_allocator_start(k);
        cutropy_status status = cutropy_journal_open(name, 1, &journal);
        fired = failing_allocator_stop();
        ck_assert_int_eq(status, fired ? CUTROPY_EMEMORY : CUTROPY_OK);
        MUST(cutropy_journal_close(journal, 0));
        ck_assert_int_eq(failing_allocator_live(), 0);
    }
    resume_gives(&r, name, table);
    free(table);
    free(text);
}
END_TEST

START_TEST(end)
{
    char command[128];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

CHECK_MAIN("journal", start, a_journal_torn_anywhere_gives_the_same_table,
           what_the_journal_has_is_not_computed_again,
           the_journal_of_another_run_is_refused_with_the_reason, a_journal_has_one_run_at_a_time,
           runs_one_after_the_other, parts_in_any_order_are_the_whole, shares_are_even,
           parts_that_do_not_fit_are_named, a_damaged_part_is_never_merged, no_memory, end)
