/* SPDX-License-Identifier: Apache-2.0 */
/* The lines of a journal (engine/function/fields.h):
 *
 *     cutropyjournal FORMAT BUILD
 *     run IDENTITY ...                      the k-th of them is run k, from 0
 *     cut RUN ORBIT DONE RECORD ... */
#include "engine/record/journal.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "base/build.h"
#include "base/clock.h"
#include "engine/function/options.h"
#include "engine/record/journal_file.h"
#include "engine/record/record.h"
#include "engine/record/record_fields.h"

#define FIRST "cutropyjournal"
#define FORMAT 1
#define STACK (1 << 18) /* bytes, of the thread */
#define PAUSE 1.0       /* seconds between two writes, */
#define SHARE 10        /* and as many times as long as a write takes */

/* What there is of a cut. */
enum { HAS_VALUE = 1, IS_PROVED = 2 };

/* A line that was found. */
typedef struct line {
    uint64_t run, orbit;
    size_t place; /* of its fields in `found` */
    bool proved;  /* or no proof was asked for */
} line;

struct cutropy_journal {
    ct_journal_file file;
    /* what was found */
    char *found;
    size_t found_length;
    size_t found_values;
    uint64_t lost;
    bool damaged;
    line *cut; /* by runs and cuts, of each in the order of the file */
    size_t cuts, room;
    size_t *run; /* places of their lines */
    size_t runs, run_room;
    /* what is new */
    pthread_mutex_t lock;    /* of all below, */
    pthread_mutex_t writing; /* and of the file; taken first */
    pthread_cond_t news;
    ct_fields lines;
    uint64_t begun;        /* runs */
    size_t quantities;     /* of the run at work */
    unsigned char *held;   /* of it, a cut: HAS_VALUE, IS_PROVED */
    size_t values, proofs; /* cuts of all runs that have them, in the file or on the way to it */
    bool busy, has_thread, over;
    cutropy_status failure;
    char why[512];
    pthread_t thread;
};

/* ---- what there is ---- */

static cutropy_status foreign(const cutropy_journal *j, const ct_fields *fields, const char *why)
{
    if (fields->no_memory)
        return ct_fail_memory("journal", j->found_length);
    return ct_fail(CUTROPY_EINPUT, "'%s' %s: remove it, or name another output", j->file.path, why);
}

static cutropy_status read_first(const cutropy_journal *j, ct_fields *fields, const char *key)
{
    cutropy_status status = CUTROPY_OK;
    uint64_t format = 0;
    char *version = NULL, why[192];
    if (strcmp(key, FIRST))
        return foreign(j, fields, "is no journal of cutropy");
    ct_field_word(fields, &format);
    ct_field_text(fields, &version);
    if (!version || format != FORMAT || strcmp(version, ct_build_name())) {
        snprintf(why, sizeof why, "was begun by cutropy %.64s, and this is %.64s",
                 version ? version : "of an unknown version", ct_build_name());
        status = foreign(j, fields, why);
    }
    ct_free(version);
    return status;
}

static int compare_lines(const void *a, const void *b)
{
    const line *x = a, *y = b;
    if (x->run != y->run)
        return x->run < y->run ? -1 : 1;
    if (x->orbit != y->orbit)
        return x->orbit < y->orbit ? -1 : 1;
    return x->place < y->place ? -1 : x->place > y->place;
}

/* A value comes first and again with its proof: each counts once. */
static void count_lines(cutropy_journal *j)
{
    const line *before = NULL;
    for (size_t i = 0; i < j->cuts; before = &j->cut[i++]) {
        const bool same =
            before && before->run == j->cut[i].run && before->orbit == j->cut[i].orbit;
        j->values += !same;
        j->proofs += j->cut[i].proved && !(same && before->proved);
    }
    j->found_values = j->values;
}

/* Notes where the lines are. *good: the end of the last whole line. */
static cutropy_status scan(cutropy_journal *j, size_t *good)
{
    cutropy_status status = CUTROPY_OK;
    ct_fields fields = {0};
    char key[CT_KEY];
    *good = 0;
    for (size_t place = 0; ct_fields_next(j->found, j->found_length, &place, &fields, key);
         *good = place) {
        const size_t at = (size_t)(fields.at - j->found);
        uint64_t run, orbit;
        int proved;
        if (!*good) {
            CT_TRY(read_first(j, &fields, key));
        } else if (!strcmp(key, "run")) {
            CT_TRY(CT_ROOM("journal", j->run, j->runs, j->run_room, 1));
            j->run[j->runs++] = at;
        } else {
            ct_field_word(&fields, &run);
            ct_field_word(&fields, &orbit);
            ct_field_int(&fields, &proved);
            if (strcmp(key, "cut") || fields.failed || run >= j->runs)
                CT_TRY(foreign(j, &fields, "holds a line that no journal has"));
            CT_TRY(CT_ROOM("journal", j->cut, j->cuts, j->room, 1));
            j->cut[j->cuts++] = (line){run, orbit, at, proved != 0};
        }
        j->lines.chain = fields.chain;
    }
    if (j->cuts)
        qsort(j->cut, j->cuts, sizeof *j->cut, compare_lines);
    count_lines(j);
done:
    return status;
}

/* The fields behind the key of a line. */
static ct_fields fields_at(const cutropy_journal *j, size_t place)
{
    const char *text = j->found + place;
    const char *end = memchr(text, '\n', j->found_length - place);
    return (ct_fields){.reads = true, .at = text, .end = end - 17}; /* the check */
}

/* Whether the bytes may be the beginning of a journal, torn within its first line. */
static bool is_torn_start(const cutropy_journal *j)
{
    const size_t length = strlen(FIRST);
    return !memchr(j->found, '\n', j->found_length) &&
           !memcmp(j->found, FIRST, j->found_length < length ? j->found_length : length);
}

static cutropy_status read_journal(cutropy_journal *j, bool resume)
{
    cutropy_status status = CUTROPY_OK;
    size_t good;
    if (!j->found)
        return CUTROPY_OK;
    CT_TRY(scan(j, &good));
    if (!good && j->found_length && !is_torn_start(j))
        CT_TRY(foreign(j, &(ct_fields){0}, "is no journal of cutropy"));
    /* whole lines that say nothing any more: it was more than the end of a run that was killed */
    const bool damaged = j->damaged =
        good && memchr(j->found + good, '\n', j->found_length - good) != NULL;
    char held[CT_JOURNAL_WORDS];
    ct_journal_words(j->values, j->proofs, held);
    if (!resume && (j->cuts || damaged))
        CT_TRY(ct_fail(CUTROPY_EINPUT,
                       "'%s' holds %s%s of a run that did not come to its end: "
                       "resume it (--resume), or remove the file",
                       j->file.path, held, damaged ? ", and then damaged lines," : ""));
    if (!resume) { /* a run that had finished nothing */
        good = j->runs = 0;
        j->lines.chain = 0;
    }
    j->lost = resume ? j->found_length - good : 0;
    ct_journal_file_keep(&j->file,
                         good); /* cut when something is appended: the run may be another one */
    j->found_length = good;
done:
    return status;
}

/* ---- what is new ---- */

static void start_lines(cutropy_journal *j)
{
    uint64_t format = FORMAT;
    char *version = (char *)ct_build_name();
    ct_fields_begin(&j->lines, FIRST);
    ct_field_word(&j->lines, &format);
    ct_field_text(&j->lines, &version);
    ct_fields_end(&j->lines);
}

/* Whatever waits goes into the file. */
static cutropy_status write_lines(cutropy_journal *j)
{
    cutropy_status status;
    pthread_mutex_lock(&j->writing);
    pthread_mutex_lock(&j->lock);
    ct_fields lines = j->lines;
    j->lines = (ct_fields){.chain = lines.chain};
    status = j->failure;
    if (status != CUTROPY_OK)
        ct_error_restore(status, j->why);
    pthread_mutex_unlock(&j->lock);
    if (status == CUTROPY_OK && lines.length) {
        status = ct_journal_file_append(&j->file, lines.text, lines.length);
        if (status != CUTROPY_OK) {
            pthread_mutex_lock(&j->lock);
            j->failure = status;
            ct_error_save(j->why, sizeof j->why);
            pthread_mutex_unlock(&j->lock);
        }
    }
    ct_fields_free(&lines);
    pthread_mutex_unlock(&j->writing);
    return status;
}

/* Writes now and then until it is over. */
static void *write_on(void *context)
{
    cutropy_journal *j = context;
    double pause = PAUSE;
    pthread_mutex_lock(&j->lock);
    while (!j->over) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        const double end = (double)until.tv_nsec * 1e-9 + pause;
        until.tv_sec += (time_t)end;
        until.tv_nsec = (long)((end - (double)(time_t)end) * 1e9);
        while (!j->over && !pthread_cond_timedwait(&j->news, &j->lock, &until))
            ;
        if (j->over)
            break;
        if (!j->busy && j->file.descriptor < 0) /* it took less than a pause: no file is worth it */
            continue;
        pthread_mutex_unlock(&j->lock);
        const double start = ct_now();
        (void)write_lines(j); /* who puts the next line hears of it */
        const double took = SHARE * (ct_now() - start);
        pause = took > PAUSE ? took : PAUSE;
        pthread_mutex_lock(&j->lock);
    }
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

static cutropy_status start_thread(cutropy_journal *j)
{
    pthread_attr_t attributes;
    int failed = pthread_attr_init(&attributes);
    if (!failed) {
        pthread_attr_setstacksize(&attributes, STACK);
        failed = pthread_create(&j->thread, &attributes, write_on, j);
        pthread_attr_destroy(&attributes);
    }
    if (failed)
        return ct_fail(CUTROPY_EMEMORY, "no thread can be created (limits: ulimit -u and -v)");
    j->has_thread = true;
    return CUTROPY_OK;
}

/* ---- runs ---- */

static cutropy_status compare(const cutropy_journal *j, const ct_identity *identity)
{
    cutropy_status status = CUTROPY_OK;
    ct_identity before = {0};
    char contrast[CT_CONTRAST_SIZE];
    ct_fields fields = fields_at(j, j->run[j->begun]);
    ct_identity_fields(&fields, &before);
    const int differs = ct_identity_differs(&before, identity);
    if (!ct_fields_done(&fields))
        status = foreign(j, &fields, "holds a run that no journal has");
    else if (differs >= 0) {
        ct_identity_contrast(&before, identity, differs, contrast);
        status = ct_fail(CUTROPY_EINPUT,
                         "'%s' is of another run, whose %s: remove it, or name another output",
                         j->file.path, contrast);
    }
    ct_identity_free(&before);
    return status;
}

static cutropy_status fill(const cutropy_journal *j, const line *from, cutropy_record *records,
                           size_t count, size_t quantities)
{
    ct_fields fields = fields_at(j, from->place);
    uint64_t run;
    size_t orbit;
    ct_field_word(&fields, &run);
    if (ct_record_line_take(&fields, quantities, records, count, &orbit))
        return CUTROPY_OK;
    return foreign(j, &fields, "holds a cut that its run has not");
}

/* A failure is of its machine: it is tried again. */
static void reopen_failed(cutropy_record *records, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (records[i].failed) {
            ct_record_free(&records[i]);
            records[i].failed = 0;
        }
}

static cutropy_status find_again(cutropy_journal *j, const ct_identity *identity,
                                 cutropy_record *records, size_t count, size_t quantities)
{
    cutropy_status status = CUTROPY_OK;
    size_t first = 0, last = j->cuts;
    CT_TRY(compare(j, identity));
    while (first < last) { /* the first line of the run */
        const size_t middle = first + (last - first) / 2;
        if (j->cut[middle].run < j->begun)
            first = middle + 1;
        else
            last = middle;
    }
    for (; first < j->cuts && j->cut[first].run == j->begun; first++) {
        CT_TRY(fill(j, &j->cut[first], records, count, quantities));
        j->held[j->cut[first].orbit] |= HAS_VALUE | (j->cut[first].proved ? IS_PROVED : 0);
    }
    reopen_failed(records, count);
    if (j->begun + 1 == j->runs) { /* nothing of it is needed again, and it may be large */
        ct_free(j->found);
        ct_free(j->cut);
        j->found = NULL;
        j->cut = NULL;
    }
done:
    return status;
}

cutropy_status ct_journal_begin(cutropy_journal *j, const ct_identity *identity,
                                cutropy_record *records, size_t count, size_t quantities)
{
    cutropy_status status = CUTROPY_OK;
    pthread_mutex_lock(&j->lock);
    const bool busy = j->busy;
    j->busy = true;
    pthread_mutex_unlock(&j->lock);
    if (busy)
        return ct_fail(CUTROPY_EINPUT, "a journal serves one run at a time");
    j->quantities = quantities;
    CT_NEW_ZERO(j->held, count);
    if (!j->has_thread)
        CT_TRY(start_thread(j));
    if (j->begun < j->runs) {
        CT_TRY(find_again(j, identity, records, count, quantities));
    } else {
        pthread_mutex_lock(&j->lock);
        if (!j->begun && !j->runs && !j->found_length)
            start_lines(j);
        ct_fields_begin(&j->lines, "run");
        ct_identity_fields(&j->lines, (ct_identity *)identity);
        ct_fields_end(&j->lines);
        if (j->lines.failed)
            status = ct_fail_memory("journal", j->lines.room);
        pthread_mutex_unlock(&j->lock);
    }
done:
    if (status != CUTROPY_OK) {
        ct_free(j->held);
        j->held = NULL;
        j->busy = false;
    }
    return status;
}

void ct_journal_end(cutropy_journal *j)
{
    pthread_mutex_lock(&j->lock);
    ct_free(j->held);
    j->held = NULL;
    j->begun++;
    j->busy = false;
    pthread_mutex_unlock(&j->lock);
}

cutropy_status ct_journal_put(cutropy_journal *j, size_t orbit, const cutropy_record *record)
{
    cutropy_status status = CUTROPY_OK;
    if (!j)
        return CUTROPY_OK;
    pthread_mutex_lock(&j->lock);
    if (j->failure != CUTROPY_OK) {
        status = ct_error_restore(j->failure, j->why);
    } else {
        unsigned char *held = &j->held[orbit];
        j->values += !(*held & HAS_VALUE);
        j->proofs += record->done && !(*held & IS_PROVED);
        *held |= HAS_VALUE | (record->done ? IS_PROVED : 0);
        ct_fields_begin(&j->lines, "cut");
        ct_field_word(&j->lines, &j->begun);
        ct_record_line_put(&j->lines, orbit, j->quantities, record);
        ct_fields_end(&j->lines);
        if (j->lines.failed)
            status = ct_fail_memory("journal", j->lines.room);
    }
    pthread_mutex_unlock(&j->lock);
    return status;
}

/* ---- the handle ---- */

static void free_journal(cutropy_journal *j, bool removes)
{
    ct_journal_file_close(&j->file, removes);
    ct_fields_free(&j->lines);
    ct_free(j->found);
    ct_free(j->cut);
    ct_free(j->run);
    ct_free(j->held);
    ct_free(j);
}

cutropy_status cutropy_journal_open(const char *path, int resume, cutropy_journal **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_journal *j = NULL;
    pthread_condattr_t steady;
    *out = NULL;
    CT_NEW_ZERO(j, 1);
    j->file.descriptor = -1;
    CT_TRY(ct_journal_file_open(path, &j->file, &j->found, &j->found_length));
    CT_TRY(read_journal(j, resume != 0));
    pthread_mutex_init(&j->lock, NULL); /* these cannot fail on Linux */
    pthread_mutex_init(&j->writing, NULL);
    pthread_condattr_init(&steady);
    pthread_condattr_setclock(&steady, CLOCK_MONOTONIC); /* the other clock may go back */
    pthread_cond_init(&j->news, &steady);
    pthread_condattr_destroy(&steady);
    *out = j;
    j = NULL;
done:
    if (j)
        free_journal(j, false);
    return status;
}

size_t cutropy_journal_found(const cutropy_journal *journal)
{
    return journal->found_values;
}

uint64_t cutropy_journal_lost(const cutropy_journal *journal)
{
    return journal->lost;
}

void ct_journal_words(size_t values, size_t proofs, char text[CT_JOURNAL_WORDS])
{
    if (values == proofs)
        snprintf(text, CT_JOURNAL_WORDS, "%zu finished cuts", values);
    else
        snprintf(text, CT_JOURNAL_WORDS, "%zu values and %zu proofs", values, proofs);
}

void ct_journal_count(cutropy_journal *j, size_t *values, size_t *proofs)
{
    pthread_mutex_lock(&j->lock);
    *values = j->values;
    *proofs = j->proofs;
    pthread_mutex_unlock(&j->lock);
}

bool ct_journal_was_damaged(const cutropy_journal *journal)
{
    return journal->damaged;
}

void cutropy_options_set_journal(cutropy_options *options, cutropy_journal *journal)
{
    options->journal = journal;
}

cutropy_status cutropy_journal_flush(cutropy_journal *journal)
{
    return write_lines(journal);
}

int cutropy_journal_exists(cutropy_journal *journal)
{
    pthread_mutex_lock(&journal->writing);
    const int exists = journal->file.descriptor >= 0;
    pthread_mutex_unlock(&journal->writing);
    return exists;
}

cutropy_status cutropy_journal_close(cutropy_journal *journal, int removes)
{
    cutropy_status status = CUTROPY_OK;
    if (!journal)
        return CUTROPY_OK;
    pthread_mutex_lock(&journal->lock);
    journal->over = true;
    pthread_cond_signal(&journal->news);
    pthread_mutex_unlock(&journal->lock);
    if (journal->has_thread)
        pthread_join(journal->thread, NULL);
    if (!removes && journal->file.descriptor >= 0)
        status = write_lines(journal);
    pthread_cond_destroy(&journal->news);
    pthread_mutex_destroy(&journal->lock);
    pthread_mutex_destroy(&journal->writing);
    free_journal(journal, removes != 0);
    return status;
}
