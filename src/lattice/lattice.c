/* SPDX-License-Identifier: Apache-2.0 */
/* Lattices by name: "grid:4x4:torus" -> sizes; copying and freeing. The geometry is in bonds.c. */
#include "lattice/lattice.h"

#include <stdio.h>
#include <string.h>

#define FORMS                                                                                        \
    "grid:LXxLY[:torus] (short: 4x4), links:LXxLY[:torus], chain:N[:ring], and strips without end, " \
    "grid:LXxinf[:cylinder], links:LXxinf[:cylinder]"
#define SIZE_LIMIT 9999999 /* larger sizes saturate here, far above CUTROPY_MAX_PIXELS */

/* Rows that an infinite strip shows: as many as its cut touches. */
#define WINDOW 2
#define WINDOW_LINKS 4 /* of vertices */

/* If *text begins with prefix: steps over it. */
static bool skip(const char **text, const char *prefix)
{
    size_t length = strlen(prefix);
    if (strncmp(*text, prefix, length) != 0)
        return false;
    *text += length;
    return true;
}

/* Decimal digits without leading zeros. */
static bool parse_size(const char **text, int *size)
{
    const char *p = *text;
    int value = 0;
    if (*p == '0' && p[1] >= '0' && p[1] <= '9')
        return false;
    for (; *p >= '0' && *p <= '9'; p++)
        if (value < SIZE_LIMIT)
            value = value > (SIZE_LIMIT - 9) / 10 ? SIZE_LIMIT : 10 * value + (*p - '0');
    if (p == *text)
        return false;
    *text = p;
    *size = value;
    return true;
}

/* Reads kind, sizes and periodicity; false when the text has none of the valid forms. */
static bool parse_form(const char *text, cutropy_lattice *lattice)
{
    const char *wrap = ":torus";
    lattice->kind = CUTROPY_LATTICE_GRID;
    lattice->ly = 1;
    if (skip(&text, "chain:")) {
        lattice->kind = CUTROPY_LATTICE_CHAIN;
        wrap = ":ring";
    } else if (skip(&text, "links:")) {
        lattice->kind = CUTROPY_LATTICE_LINKS;
    } else {
        skip(&text, "grid:");
    }
    if (!parse_size(&text, &lattice->lx))
        return false;
    if (lattice->kind != CUTROPY_LATTICE_CHAIN) {
        if (!skip(&text, "x"))
            return false;
        lattice->infinite = skip(&text, "inf");
        if (!lattice->infinite && !parse_size(&text, &lattice->ly))
            return false;
    }
    if (lattice->infinite) {
        lattice->ly = lattice->kind == CUTROPY_LATTICE_LINKS ? WINDOW_LINKS : WINDOW;
        wrap = ":cylinder";
    }
    lattice->periodic = skip(&text, wrap);
    return *text == '\0';
}

static int64_t count_pixels(const cutropy_lattice *lattice)
{
    int64_t lx = lattice->lx, ly = lattice->ly;
    if (lx == 0 || ly == 0)
        return 0;
    if (lattice->kind != CUTROPY_LATTICE_LINKS)
        return lx * ly;
    return (lattice->periodic ? lx : lx - 1) * ly +
           lx * (lattice->periodic && !lattice->infinite ? ly : ly - 1);
}

/* Pixels, words and vertices from the sides. */
static cutropy_status set_pixels(const char *text, cutropy_lattice *lattice)
{
    int64_t pixels = count_pixels(lattice);
    if (pixels < 1)
        return ct_fail(CUTROPY_EINPUT, "lattice '%.60s' has no pixels; valid forms: " FORMS, text);
    if (lattice->kind == CUTROPY_LATTICE_LINKS && lattice->periodic &&
        (lattice->lx < 2 || lattice->ly < 2))
        return ct_fail(CUTROPY_EINPUT,
                       "lattice '%.60s': links on a %s need at least 2%s vertices; "
                       "valid forms: " FORMS,
                       text, lattice->infinite ? "cylinder" : "torus",
                       lattice->infinite ? "" : "x2");
    if (pixels > CUTROPY_MAX_PIXELS)
        return ct_fail(CUTROPY_EINPUT,
                       "lattice '%.60s' is too large, at most %d pixels; valid forms: " FORMS, text,
                       CUTROPY_MAX_PIXELS);
    lattice->pixels = (int)pixels;
    lattice->words = ((size_t)pixels + 63) / 64;
    lattice->vertices = lattice->kind == CUTROPY_LATTICE_LINKS ? lattice->lx * lattice->ly : 0;
    return CUTROPY_OK;
}

static cutropy_status set_sizes(const char *text, cutropy_lattice *lattice)
{
    if (!parse_form(text, lattice))
        return ct_fail(CUTROPY_EINPUT, "lattice '%.60s' is not understood; valid forms: " FORMS,
                       text);
    return set_pixels(text, lattice);
}

static void set_name(cutropy_lattice *lattice)
{
    char rows[16] = "inf";
    if (!lattice->infinite)
        snprintf(rows, sizeof rows, "%d", lattice->ly);
    if (lattice->kind == CUTROPY_LATTICE_CHAIN)
        snprintf(lattice->name, sizeof lattice->name, "chain:%d%s", lattice->lx,
                 lattice->periodic ? ":ring" : "");
    else
        snprintf(lattice->name, sizeof lattice->name, "%s:%dx%s%s",
                 lattice->kind == CUTROPY_LATTICE_GRID ? "grid" : "links", lattice->lx, rows,
                 !lattice->periodic  ? ""
                 : lattice->infinite ? ":cylinder"
                                     : ":torus");
}

cutropy_status cutropy_lattice_parse(const char *text, cutropy_lattice **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *lattice = NULL;
    *out = NULL;
    CT_NEW_ZERO(lattice, 1);
    CT_TRY(set_sizes(text, lattice));
    set_name(lattice);
    CT_TRY(ct_lattice_build(lattice));
    *out = lattice;
    lattice = NULL;
done:
    cutropy_lattice_free(lattice);
    return status;
}

cutropy_status ct_lattice_has_end(const cutropy_lattice *lattice)
{
    if (!lattice->infinite)
        return CUTROPY_OK;
    return ct_fail(
        CUTROPY_EUNSUPPORTED,
        "%s is an infinite strip, which has one cut: table, scaling --lattices and check --plain serve it alone",
        lattice->name);
}

cutropy_status ct_lattice_window(const cutropy_lattice *lattice, int rows, cutropy_lattice **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *window = NULL;
    *out = NULL;
    CT_NEW(window, 1);
    *window = (cutropy_lattice){.kind = lattice->kind,
                                .lx = lattice->lx,
                                .ly = rows,
                                .periodic = lattice->periodic,
                                .infinite = 1};
    CT_TRY(set_pixels(lattice->name, window));
    set_name(window);
    CT_TRY(ct_lattice_build(window));
    *out = window;
    window = NULL;
done:
    cutropy_lattice_free(window);
    return status;
}

cutropy_status ct_lattice_copy(const cutropy_lattice *lattice, cutropy_lattice **out)
{
    cutropy_status status = CUTROPY_OK;
    cutropy_lattice *copy = NULL;
    *out = NULL;
    CT_NEW(copy, 1);
    *copy = *lattice;
    copy->bond = NULL;
    copy->position = NULL;
    copy->star = NULL;
    copy->star_degree = NULL;

    CT_NEW(copy->bond, lattice->bonds);
    memcpy(copy->bond, lattice->bond, (size_t)lattice->bonds * sizeof *copy->bond);
    CT_NEW(copy->position, lattice->pixels);
    memcpy(copy->position, lattice->position, (size_t)lattice->pixels * sizeof *copy->position);
    if (lattice->vertices) {
        size_t vertices = (size_t)lattice->vertices;
        CT_NEW(copy->star, vertices);
        memcpy(copy->star, lattice->star, vertices * sizeof *copy->star);
        CT_NEW(copy->star_degree, vertices);
        memcpy(copy->star_degree, lattice->star_degree, vertices * sizeof *copy->star_degree);
    }
    *out = copy;
    copy = NULL;
done:
    cutropy_lattice_free(copy);
    return status;
}

void cutropy_lattice_free(cutropy_lattice *lattice)
{
    if (!lattice)
        return;
    ct_free(lattice->bond);
    ct_free(lattice->position);
    ct_free(lattice->star);
    ct_free(lattice->star_degree);
    ct_free(lattice);
}
