/* SPDX-License-Identifier: Apache-2.0 */
#include "problem/own_archive.h"

#include <string.h>

#include "input/npy.h"
#include "input/npz.h"

/* All that every archive of ours has, and no other is likely to. */
static const char *const texts[] = {"form", "problem", "lattice", "norm", "norm_err"};
#define TEXTS (sizeof texts / sizeof texts[0])
#define ALL_TEXTS ((1u << TEXTS) - 1)
#define BITS (1u << TEXTS)

void ct_own_archive_free(ct_own_archive *archive)
{
    ct_free(archive->word);
    cutropy_lattice_free(archive->lattice);
    *archive = (ct_own_archive){0};
}

static cutropy_status take_name(void *context, const char *name)
{
    unsigned *seen = context;
    for (unsigned i = 0; i < TEXTS; i++)
        if (!strcmp(name, texts[i]))
            *seen |= 1u << i;
    if (!strcmp(name, "bits"))
        *seen |= BITS;
    return CUTROPY_OK;
}

/* NULL: numbers. */
static cutropy_status read_text(const char *path, const char *name, char **out)
{
    uint8_t *bytes = NULL;
    size_t size = 0;
    cutropy_status status = ct_npz_read(path, name, &bytes, &size);
    *out = NULL;
    if (!status)
        status = ct_npy_text(bytes, size, name, out);
    ct_free(bytes);
    return status;
}

static cutropy_status read_place(const char *path, ct_own_archive *out)
{
    cutropy_status status = CUTROPY_OK;
    char *lattice = NULL, *bits = NULL;
    CT_TRY(read_text(path, "lattice", &lattice));
    CT_TRY(read_text(path, "bits", &bits));
    if (!lattice || !bits || (strcmp(bits, "lsb") != 0 && strcmp(bits, "msb") != 0))
        CT_TRY(ct_fail(CUTROPY_EINPUT, "%s: its lattice or its bits are no text: it is damaged",
                       path));
    out->bits = !strcmp(bits, "msb") ? "msb" : "lsb";
    CT_TRY(cutropy_lattice_parse(lattice, &out->lattice));
done:
    ct_free(lattice);
    ct_free(bits);
    return status;
}

cutropy_status ct_own_archive_open(const char *path, ct_own_archive *out)
{
    static const char *const others[] = {"classes", "rank", "orthogonal", "density", "schmidt"};
    cutropy_status status = CUTROPY_OK;
    unsigned seen = 0;
    *out = (ct_own_archive){0};
    CT_TRY(ct_npz_names(path, take_name, &seen));
    if ((seen & ALL_TEXTS) != ALL_TEXTS)
        goto done;
    CT_TRY(read_text(path, "form", &out->word));
    if (!out->word)
        goto done;
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (!strcmp(out->word, others[i]))
            out->form = CT_OWN_OTHER;
    if (seen & BITS && (!strcmp(out->word, "dense") || !strcmp(out->word, "sparse"))) {
        out->form = out->word[0] == 'd' ? CT_OWN_DENSE : CT_OWN_SPARSE;
        CT_TRY(read_place(path, out));
    }
done:
    return status;
}

cutropy_status ct_own_archive_fail(const ct_own_archive *archive, const char *path)
{
    if (!strcmp(archive->word, "density"))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: the density matrix of a cut, not a function: numpy.load reads it",
                       path);
    if (!strcmp(archive->word, "schmidt"))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: the Schmidt vectors of a cut, not a function: numpy.load reads them",
                       path);
    return ct_fail(CUTROPY_EINPUT,
                   "%s: a matrix product state (form %s), not a table: in Python cutropy.MPS.load "
                   "reads it, and cutropy.mps(..) of that is the function (bonds up to 128)",
                   path, archive->word);
}
