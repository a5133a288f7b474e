/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/function/share.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/bits.h"
#include "engine/function/fields.h"
#include "problem/problem.h"

#define GRAIN 16                     /* a part has a multiple of 2^16 images */
#define PIECE ((size_t)1 << 20 >> 3) /* words of a message */
#define WAIT 0.1                     /* seconds between two looks whether to stop */
#define REASON 5 /* seconds that rank 0 waits for the words of a rank that has gone */

typedef enum note_kind { OFFER, DATA, PAST, GONE } note_kind;

/* What a message begins with; words follow. */
typedef struct note {
    uint64_t kind, from, runs, number;
    uint64_t value; /* digest, or place of the first word */
} note;

/* ---- is it the same everywhere? ---- */

static uint64_t mix(uint64_t hash, const void *bytes, size_t size)
{
    for (size_t at = 0; at < size; at += 8) {
        uint64_t word = 0;
        memcpy(&word, (const char *)bytes + at, size - at < 8 ? size - at : 8);
        hash = ct_mix64(hash * 3 + word + 1);
    }
    return ct_mix64(hash * 3 + size + 1);
}

static uint64_t mix_text(uint64_t hash, const char *text)
{
    return text ? mix(hash, text, strlen(text)) : ct_mix64(hash + 1);
}

/* false: it is no plain file that can be read. */
static bool mix_file(const char *name, uint64_t *hash)
{
    static _Thread_local char bytes[1 << 16];
    struct stat about;
    FILE *file = name ? fopen(name, "rbe") : NULL;
    bool good = file && !fstat(fileno(file), &about) && S_ISREG(about.st_mode);
    for (size_t size; good && (size = fread(bytes, 1, sizeof bytes, file)) > 0;)
        *hash = mix(*hash, bytes, size);
    good = good && !ferror(file);
    if (file)
        fclose(file);
    return good;
}

/* What chooses among the versions of a function in libm. */
static bool mix_processor(uint64_t *hash)
{
    static const char *const keys[] = {"vendor_id", "cpu family",      "model",   "flags", /* x86 */
                                       "Features",  "CPU implementer", "CPU part"};        /* ARM */
    FILE *file = fopen("/proc/cpuinfo", "re");
    char *line = NULL;
    size_t room = 0, found = 0;
    while (file && getline(&line, &room, file) > 0 && *line != '\n')
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++)
            if (!strncmp(line, keys[k], strlen(keys[k]))) {
                *hash = mix_text(*hash, line);
                found++;
            }
    free(line);
    if (file)
        fclose(file);
    *hash = mix_text(*hash, getenv("GLIBC_TUNABLES"));
    return found > 0;
}

/* The file in which a function of libm is; NULL: in the program itself, or unknown. */
static const char *file_of_libm(void)
{
    double (*function)(double) = exp;
    void *address = NULL;
    Dl_info about;
    memcpy(&address, &function, sizeof address);
    return dladdr(address, &about) && about.dli_fname && strchr(about.dli_fname, '/')
               ? about.dli_fname
               : NULL;
}

/* 0: this rank does not share it. Arrays and texts in C are left out: the first cost no evaluation, the second are made by
 * a compiler that may be another one elsewhere. */
static uint64_t digest_of(const ct_operations *backend, const cutropy_problem *problem)
{
    uint64_t hash = 0;
    const char *libm = file_of_libm();
    if (problem->lattice->pixels < CT_SHARE_PIXELS || problem->lattice->pixels > 40 ||
        strcmp(backend->name, "cpu") != 0 ||
        (problem->body == CT_BODY_NONE && problem->form == CT_FORM_NONE) || problem->values)
        return 0;
    if (!mix_file("/proc/self/exe", &hash) || !mix_processor(&hash) ||
        (libm && !mix_file(libm, &hash)) || (problem->reads && !mix_file(problem->reads, &hash)))
        return 0;
    hash = mix_text(hash, backend->instruction_set());
    hash = mix_text(hash, problem->text);
    hash = mix_text(hash, problem->lattice->name);
    hash = ct_mix64(hash + (uint64_t)problem->kind);
    return hash ? hash : 1;
}

/* ---- messages ---- */

static void tell(const ct_ranks *ranks, const note *n)
{
    for (int r = 0; r < ranks->count; r++)
        if (r != ranks->rank)
            (void)ranks->send(ranks, r, CT_BOX_SHARE, n, sizeof *n); /* else it hears of no reply */
}

void ct_share_past(const ct_team *team)
{
    const ct_ranks *ranks = team->ranks;
    tell(ranks, &(note){.kind = PAST, .from = (uint64_t)ranks->rank, .runs = team->runs - 1});
}

void ct_share_gone(const ct_ranks *ranks)
{
    tell(ranks, &(note){.kind = GONE, .from = (uint64_t)ranks->rank});
}

/* Is it said before this evaluation (-1), in it (0), or after (1)? */
static int compare(const note *n, const ct_share *share)
{
    if (n->kind == GONE)
        return 1;
    if (n->runs != share->runs)
        return n->runs < share->runs ? -1 : 1;
    if (n->kind == PAST)
        return 1;
    return n->number < share->number ? -1 : n->number > share->number;
}

/* The next message, or none for now (bytes NULL). */
static cutropy_status hear(const ct_share *share, ct_message *message, note *n)
{
    const ct_ranks *ranks = share->team->ranks;
    const ct_watch *watch = share->watch;
    *n = (note){0};
    *message = (ct_message){0};
    if (ct_asked_to_stop(watch, "evaluate", 0, 0))
        return ct_fail(CUTROPY_ECANCELLED, "stopped during evaluation");
    *message = ranks->receive(ranks, CT_BOX_SHARE, WAIT);
    if (message->lost)
        return ct_fail(CUTROPY_EDEVICE, "rank %d is lost: %s", message->from, message->why);
    if (!message->bytes)
        return CUTROPY_OK;
    if (message->size >= sizeof *n)
        memcpy(n, message->bytes, sizeof *n);
    if (message->size < sizeof *n || n->from >= (uint64_t)ranks->count)
        return ct_fail(CUTROPY_EINTERNAL, "a rank sends what no rank says");
    return CUTROPY_OK;
}

/* Messages that came too early, whole: a rank that has heard all others sends its first piece at once. */
typedef struct early {
    ct_message *message;
    size_t count, room;
} early;

/* Owns the bytes afterwards. */
static cutropy_status keep(early *e, ct_message *message)
{
    cutropy_status status = CUTROPY_OK;
    CT_TRY(CT_ROOM("message", e->message, e->count, e->room, 1));
    e->message[e->count++] = *message;
    message->bytes = NULL;
done:
    return status;
}

/* They lie in the box again. */
static cutropy_status put_back(const ct_ranks *ranks, const early *e)
{
    cutropy_status status = CUTROPY_OK;
    for (size_t i = 0; i < e->count; i++)
        if (!ranks->send(ranks, ranks->rank, CT_BOX_SHARE, e->message[i].bytes, e->message[i].size))
            CT_TRY(ct_fail_memory("message to this rank", e->message[i].size));
done:
    return status;
}

static void early_free(early *e)
{
    for (size_t i = 0; i < e->count; i++)
        free(e->message[i].bytes);
    ct_free(e->message);
}

/* ---- before ---- */

/* The first answer of every rank to this evaluation or beyond it: is it this digest? All ranks that wait see the same answers. */
static cutropy_status ask_all(const ct_share *share, uint64_t digest, bool *same)
{
    cutropy_status status = CUTROPY_OK;
    const ct_ranks *ranks = share->team->ranks;
    ct_message message = {0};
    note n;
    early later = {0};
    bool *answered = NULL;
    *same = digest != 0;
    CT_NEW_ZERO(answered, ranks->count);
    for (int waiting = ranks->count - 1; waiting > 0;) {
        CT_TRY(hear(share, &message, &n));
        const int when = message.bytes ? compare(&n, share) : -1;
        if (when >= 0 && !answered[n.from]) {
            answered[n.from] = true;
            waiting--;
            *same &= when == 0 && n.kind == OFFER && n.value == digest;
        }
        if (when > 0 || (when == 0 && n.kind == DATA))
            CT_TRY(keep(&later, &message));
        free(message.bytes);
        message.bytes = NULL;
    }
    CT_TRY(put_back(ranks, &later));
done:
    free(message.bytes);
    early_free(&later);
    ct_free(answered);
    return status;
}

static uint64_t first_of(const ct_share *share, uint64_t rank)
{
    const uint64_t grains = share->images >> GRAIN, count = (uint64_t)share->team->ranks->count;
    return (grains * rank / count) << GRAIN;
}

cutropy_status ct_share_begin(ct_team *team, const ct_operations *backend,
                              const cutropy_problem *problem, const ct_watch *watch, ct_share *out)
{
    cutropy_status status = CUTROPY_OK;
    bool same;
    *out = (ct_share){.team = team, .watch = watch};
    if (!team || team->ranks->count < 2)
        return CUTROPY_OK;
    const uint64_t digest = digest_of(backend, problem);
    if (!digest) /* what the others hear is that this rank solves, or ends */
        return CUTROPY_OK;
    const uint64_t rank = (uint64_t)team->ranks->rank;
    out->runs = team->runs;
    out->number = team->offers++;
    out->images = UINT64_C(1) << problem->lattice->pixels;
    tell(team->ranks, &(note){OFFER, rank, out->runs, out->number, digest});
    CT_TRY(ask_all(out, digest, &same));
    if (!same)
        return CUTROPY_OK;
    out->first = first_of(out, rank);
    out->last = first_of(out, rank + 1);
    out->shared = true;
    team->shared++;
done:
    return status;
}

/* ---- after ---- */

/* One rank's stretch of the data, in words. */
typedef struct stretch {
    uint64_t first, count;
} stretch;

static stretch stretch_of(const ct_share *share, int rank, size_t words)
{
    const int count = share->team->ranks->count;
    const uint64_t r = (uint64_t)((rank % count + count) % count);
    const uint64_t first = first_of(share, r) / 64 * words;
    return (stretch){first, first_of(share, r + 1) / 64 * words - first};
}

static uint64_t piece_of(const stretch *s, uint64_t piece)
{
    const uint64_t begin = piece * PIECE;
    return begin >= s->count ? 0 : s->count - begin < PIECE ? s->count - begin : PIECE;
}

static cutropy_status send_piece(const ct_share *share, const stretch *s, uint64_t piece,
                                 const uint64_t *data)
{
    cutropy_status status = CUTROPY_OK;
    const ct_ranks *ranks = share->team->ranks;
    const uint64_t place = s->first + piece * PIECE, count = piece_of(s, piece);
    const note n = {DATA, (uint64_t)ranks->rank, share->runs, share->number, place};
    char *bytes = NULL;
    CT_NEW(bytes, sizeof n + count * sizeof *data);
    memcpy(bytes, &n, sizeof n);
    memcpy(bytes + sizeof n, data + place, count * sizeof *data);
    if (!ranks->send(ranks, (ranks->rank + 1) % ranks->count, CT_BOX_SHARE, bytes,
                     sizeof n + count * sizeof *data))
        CT_TRY(ct_fail_memory("message to another rank", count * sizeof *data));
done:
    ct_free(bytes);
    return status;
}

/* What a rank said of its failure; CUTROPY_OK: the message is another one. */
static cutropy_status failure_in(const ct_message *message)
{
    ct_fields fields = {0};
    char key[CT_KEY], *text = NULL;
    size_t place = 0;
    int status = CUTROPY_OK;
    if (!message->bytes || !ct_fields_next(message->bytes, message->size, &place, &fields, key) ||
        strcmp(key, "failed") != 0)
        return CUTROPY_OK;
    ct_field_int(&fields, &status);
    ct_field_text(&fields, &text);
    ct_fail((cutropy_status)status, "rank %d (during evaluation): %s", message->from,
            text ? text : "");
    ct_free(text);
    return (cutropy_status)status;
}

/* A rank has gone: rank 0 says what it said before, the others wait for the end of rank 0. */
static cutropy_status fail_of(const ct_share *share, int from)
{
    const ct_ranks *ranks = share->team->ranks;
    for (double waited = 0; !ranks->rank && waited < REASON; waited += WAIT) {
        const ct_message message = ranks->receive(ranks, CT_BOX_DEALER, WAIT);
        const cutropy_status status = failure_in(&message);
        free(message.bytes);
        if (status != CUTROPY_OK)
            return status;
    }
    return ct_fail(CUTROPY_ECANCELLED, "rank %d has ended during evaluation", from);
}

/* Is this piece among what came too early? Its bytes are the caller's then. */
static bool came_early(const ct_share *share, early *e, uint64_t place, ct_message *message)
{
    for (size_t i = 0; i < e->count; i++) {
        note n;
        memcpy(&n, e->message[i].bytes, sizeof n);
        if (n.kind != DATA || n.value != place || compare(&n, share) != 0)
            continue;
        *message = e->message[i];
        memmove(e->message + i, e->message + i + 1, (--e->count - i) * sizeof *e->message);
        return true;
    }
    return false;
}

/* The next message, unless the piece that begins here has come already. A rank may have sent the next pieces while this one
 * still heard offers, which lie in any order then. */
static cutropy_status hear_piece(const ct_share *share, uint64_t place, early *later,
                                 ct_message *message, bool *taken)
{
    cutropy_status status = CUTROPY_OK;
    note n;
    *taken = came_early(share, later, place, message);
    if (*taken)
        return CUTROPY_OK;
    CT_TRY(hear(share, message, &n));
    if (!message->bytes)
        return CUTROPY_OK;
    if (n.kind == GONE)
        CT_TRY(fail_of(share, (int)n.from));
    *taken = n.kind == DATA && n.value == place && compare(&n, share) == 0;
    if (!*taken && (compare(&n, share) > 0 || (compare(&n, share) == 0 && n.kind == DATA)))
        CT_TRY(keep(later, message));
done:
    return status;
}

static cutropy_status take_piece(const ct_share *share, const stretch *s, uint64_t piece,
                                 uint64_t *data, early *later)
{
    cutropy_status status = CUTROPY_OK;
    const uint64_t place = s->first + piece * PIECE, bytes = piece_of(s, piece) * sizeof *data;
    ct_message message = {0};
    for (bool taken = false; !taken;) {
        free(message.bytes);
        message = (ct_message){0};
        CT_TRY(hear_piece(share, place, later, &message, &taken));
    }
    if (message.size != sizeof(note) + bytes)
        CT_TRY(ct_fail(CUTROPY_EINTERNAL, "a rank sends another piece of the function"));
    memcpy(data + place, message.bytes + sizeof(note), bytes);
done:
    free(message.bytes);
    return status;
}

cutropy_status ct_share_end(const ct_share *share, uint64_t *data, size_t words)
{
    cutropy_status status = CUTROPY_OK;
    early later = {0};
    if (!share->shared)
        return CUTROPY_OK;
    const ct_ranks *ranks = share->team->ranks;
    for (int step = 0; step + 1 < ranks->count; step++) {
        const stretch out = stretch_of(share, ranks->rank - step, words);
        const stretch in = stretch_of(share, ranks->rank - step - 1, words);
        for (uint64_t p = 0; piece_of(&out, p) || piece_of(&in, p); p++) {
            if (piece_of(&out, p))
                CT_TRY(send_piece(share, &out, p, data));
            if (piece_of(&in, p))
                CT_TRY(take_piece(share, &in, p, data, &later));
        }
    }
    CT_TRY(put_back(ranks, &later));
done:
    early_free(&later);
    return status;
}
