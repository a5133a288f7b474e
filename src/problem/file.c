/* SPDX-License-Identifier: Apache-2.0 */
/* A function from a file: a table of 2^N values (file_table.h), a list of label-1 images, or a list of values (sparse.h). */
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "input/bytes.h"
#include "input/images.h"
#include "input/npy.h"
#include "input/npz.h"
#include "lattice/lattice.h"
#include "problem/args.h"
#include "problem/create.h"
#include "problem/file_table.h"
#include "problem/own_archive.h"
#include "problem/sparse.h"
#include "problem/stored.h"
#include "problem/types.h"

/* ---- lists of images ---- */

/* What is said of images that come again. */
static void say_repeats(size_t count, size_t distinct, char text[80])
{
    text[0] = '\0';
    if (distinct < count)
        snprintf(text, 80, "; %zu of them come again and count once (see multiplicity)",
                 count - distinct);
}

static cutropy_status load_images(const uint8_t *bytes, size_t size, const char *path,
                                  ct_multiplicity multiplicity, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const ct_sparse_how how = {.path = path, .local = 2};
    size_t distinct = 0;
    char again[80], shape[24];
    const cutropy_lattice *lattice = problem->lattice;
    ct_image_size wanted = {0, 0, 0};
    ct_image_list list = {0};
    char text[40];

    if (lattice) {
        wanted.pixels = lattice->pixels;
        wanted.lx = lattice->kind == CUTROPY_LATTICE_LINKS ? 0 : lattice->lx;
        wanted.ly = lattice->kind == CUTROPY_LATTICE_LINKS ? 0 : lattice->ly;
    }
    CT_TRY(ct_images_parse(bytes, size, path, wanted, &list));
    if (!lattice) {
        if (list.lx)
            snprintf(text, sizeof text, "grid:%dx%d", list.lx, list.ly);
        else
            snprintf(text, sizeof text, "chain:%d", list.pixels);
        CT_TRY(cutropy_lattice_parse(text, &problem->lattice));
    }
    if (list.count)
        CT_TRY(ct_sparse_from_images(&list, multiplicity, &how, problem, &distinct));
    if (problem->data) /* a list of values */
        goto done;
    CT_TRY(ct_store_images(problem, &list.bits, list.count));
    say_repeats(list.count, distinct, again);
    if (list.lx)
        snprintf(shape, sizeof shape, "%dx%d", list.lx, list.ly);
    else
        snprintf(shape, sizeof shape, "%d", list.pixels);
    CT_TRY(ct_problem_note(problem, "%s: read as %zu image%s of %s pixels, %s label 1%s", path,
                           list.count, list.count == 1 ? "" : "s", shape,
                           list.count == 1 ? "of" : "each of", again));
done:
    ct_free(list.bits);
    return status;
}

/* ---- which form ---- */

/* format=auto for an array: images are 0 and 1, kets are not, and images of one pixel are none. */
static cutropy_status guess(const ct_npy *array, const char *path, const char **format)
{
    bool few = (array->dimensions == 2 || array->dimensions == 3) && ct_npy_is_integer(array);
    const bool row = array->dimensions == 2 && array->shape[0] == 1 && array->shape[1] > 2 &&
                     !(array->shape[1] & (array->shape[1] - 1)); /* a bra, or one image */
    if (few && (ct_file_axes_of_two(array) || row))
        return ct_fail(CUTROPY_EINPUT,
                       "%s: a table or a list of images? say format=table or format=images", path);
    few &= !ct_file_axes_of_two(array) && !(array->dimensions == 2 && array->shape[1] == 1);
    *format = few ? "images" : "table";
    return CUTROPY_OK;
}

static bool ends_with(const char *path, const char *end)
{
    size_t length = strlen(path), size = strlen(end);
    return length >= size && strcasecmp(path + length - size, end) == 0;
}

static ct_sparse_how how_of(const ct_args *args, const char *path)
{
    return (ct_sparse_how){.path = path,
                           .msb = !strcmp(ct_arg_text(args, "order"), "msb"),
                           .local = (int)ct_arg_int(args, "local")};
}

static ct_multiplicity multiplicity_of(const ct_args *args)
{
    const char *word = ct_arg_text(args, "multiplicity");
    return !strcmp(word, "set")    ? CT_REPEATS_SET
           : !strcmp(word, "sqrt") ? CT_REPEATS_SQRT
                                   : CT_REPEATS_COUNT;
}

/* Options that this file has no use for would change nothing without a word. */
static cutropy_status check_use(const ct_args *args, const char *path, bool images, bool qudits)
{
    if (multiplicity_of(args) != CT_REPEATS_SET && !images)
        return ct_fail(CUTROPY_EINPUT, "%s: multiplicity is about lists of images", path);
    if (ct_arg_int(args, "local") > 2 && !qudits)
        return ct_fail(CUTROPY_EINPUT, "%s: local is about tables of local^L values (.npy)", path);
    if (images && !strcmp(ct_arg_text(args, "order"), "msb"))
        return ct_fail(
            CUTROPY_EINPUT,
            "%s: order=msb is for tables of values and for indices, this is a list of images",
            path);
    return CUTROPY_OK;
}

/* What no list of images begins with: gzip; IDX, as MNIST has it. */
static bool is_packed_or_grey(const uint8_t *bytes, size_t size)
{
    return size >= 4 && ((bytes[0] == 0x1f && bytes[1] == 0x8b) || (!bytes[0] && !bytes[1]));
}

static cutropy_status load(const uint8_t *bytes, size_t size, const char *path, const ct_args *args,
                           cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const char *format = ct_arg_text(args, "format");
    const bool automatic = strcmp(format, "auto") == 0;
    const ct_sparse_how how = how_of(args, path);
    const ct_multiplicity multiplicity = multiplicity_of(args);
    ct_npy array;
    if (!strcmp(format, "sparse") || (automatic && ct_sparse_is_csv(bytes, size)))
        return check_use(args, path, false, false) ? CUTROPY_EINPUT
                                                   : ct_sparse_from_csv(bytes, size, &how, problem);
    if (!ct_is_npy(bytes, size)) {
        if (ends_with(path, ".npy"))
            return ct_npy_fail(bytes, size, path);
        if (!automatic && strcmp(format, "images") != 0)
            return ct_fail(CUTROPY_EINPUT, "%s: format=%s needs a .npy file", path, format);
        if (is_packed_or_grey(bytes, size))
            return ct_fail(CUTROPY_EINPUT,
                           "%s: a gzip or IDX file; a data set of grey images is data:images=%s",
                           path, path);
        return check_use(args, path, true, false)
                   ? CUTROPY_EINPUT
                   : load_images(bytes, size, path, multiplicity, problem);
    }
    CT_TRY(ct_npy_parse(bytes, size, path, &array));
    if (how.local > 2 && !automatic && strcmp(format, "table") != 0)
        CT_TRY(check_use(args, path, true, false));
    if (how.local > 2)
        return check_use(args, path, false, true)
                   ? CUTROPY_EINPUT
                   : ct_sparse_from_qudits(ct_file_drop_axes(&array), &how, problem);
    if (automatic)
        CT_TRY(guess(&array, path, &format));
    CT_TRY(check_use(args, path, !strcmp(format, "images"), true));
    if (strcmp(format, "images") == 0)
        CT_TRY(load_images(bytes, size, path, multiplicity, problem));
    else if (strcmp(format, "packed") == 0)
        CT_TRY(ct_file_load_packed(&array, path, how.msb, problem));
    else
        CT_TRY(ct_file_load_table(&array, path, how.msb, problem));
done:
    return status;
}

/* Lattice and order are the archive's, unless the user says otherwise, which is refused. */
static cutropy_status take_place(const ct_own_archive *own, const char *path, const ct_args *args,
                                 cutropy_problem *problem, ct_args **settled)
{
    cutropy_status status = CUTROPY_OK;
    if (problem->lattice && strcmp(problem->lattice->name, own->lattice->name) != 0)
        return ct_fail(CUTROPY_EINPUT, "%s: written on the lattice %s, not %s: leave out --lattice",
                       path, own->lattice->name, problem->lattice->name);
    if (ct_arg_given(args, "order") && strcmp(ct_arg_text(args, "order"), own->bits) != 0)
        return ct_fail(CUTROPY_EINPUT, "%s: written with the bits %s, not %s: leave out order",
                       path, own->bits, ct_arg_text(args, "order"));
    if (!problem->lattice)
        CT_TRY(ct_lattice_copy(own->lattice, &problem->lattice));
    CT_TRY(check_use(args, path, false, false));
    CT_TRY(ct_args_with(args, "order", own->bits, settled));
    CT_TRY(ct_args_format(*settled, NULL, &problem->text));
done:
    return status;
}

/* The archive at problem->reads, of which an array is named or none. */
static cutropy_status make_from_archive(const char *name, const ct_args *args,
                                        cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const char *path = problem->reads;
    ct_own_archive own = {0};
    ct_args *settled = NULL;
    uint8_t *bytes = NULL;
    size_t size = 0;
    bool sparse = false;
    CT_TRY(ct_own_archive_open(path, &own));
    if (own.form == CT_OWN_OTHER && !name)
        CT_TRY(ct_own_archive_fail(&own, path));
    if ((own.form == CT_OWN_DENSE && (!name || !strcmp(name, "f"))) ||
        (own.form == CT_OWN_SPARSE && !name)) {
        CT_TRY(take_place(&own, path, args, problem, &settled));
        args = settled;
        name = own.form == CT_OWN_DENSE ? "f" : NULL;
    }
    if (!name)
        CT_TRY(ct_sparse_is_npz(path, &sparse));
    if (sparse) {
        const ct_sparse_how how = how_of(args, path);
        CT_TRY(check_use(args, path, false, false));
        CT_TRY(ct_sparse_from_npz(&how, problem));
    } else {
        CT_TRY(ct_npz_read(path, name, &bytes, &size));
        CT_TRY(load(bytes, size, ct_arg_text(args, "path"), args, problem));
    }
done:
    ct_own_archive_free(&own);
    ct_free(settled);
    ct_free(bytes);
    return status;
}

/* FILE, or FILE.npz:NAME. */
static cutropy_status make(const ct_args *args, cutropy_problem *problem)
{
    cutropy_status status = CUTROPY_OK;
    const char *path = ct_arg_text(args, "path"), *colon = ct_npz_colon(path);
    uint8_t *bytes = NULL;
    size_t size = 0;
    struct stat about;

    if (!path[0])
        return ct_fail(CUTROPY_EINPUT, "file: path=FILE is missing");
    if (colon) {
        problem->reads[colon - path] = '\0';
        return make_from_archive(colon + 1, args, problem);
    }
    if (!stat(path, &about) && S_ISDIR(about.st_mode))
        return ct_fail(CUTROPY_EINPUT, "%s: a folder; one of grey images is data:images=%s", path,
                       path);
    CT_TRY(ct_read_file(path, &bytes, &size));
    if (ct_is_zip(bytes, size)) {
        ct_free(bytes);
        return make_from_archive(NULL, args, problem);
    }
    CT_TRY(load(bytes, size, path, args, problem));
done:
    ct_free(bytes);
    return status;
}

static const ct_param params[] = {
    {"path", CT_PARAM_FILE, NULL, 0, 0, NULL, "the file"},
    {"format", CT_PARAM_WORD, "auto", 0, 0, "auto|table|images|packed|sparse",
     "table of 2^N values, list of label-1 images, table of packed bits, list of values; auto: by the content"},
    {"order", CT_PARAM_WORD, "lsb", 0, 0, "lsb|msb",
     "of the pixels in the number of an image, tables and indices only. lsb: pixel i is bit i (Qiskit); "
     "msb: pixel 0 is the most significant bit, the first axis (quimb, QuTiP, Cirq, "
     "PennyLane, NumPy's kron)"},
    {"multiplicity", CT_PARAM_WORD, "set", 0, 0, "set|sqrt|count",
     "the value of an image that stands m times in a list of images: 1, the root of m (rounded to a double where it is no "
     "integer: neither --certify nor --digits), or m"},
    {"local", CT_PARAM_INT, "2", 2, 64, NULL,
     "numbers of a site: a table of local^L values, site k packed into neighbouring pixels, for "
     "local=3 the pixels 2k and 2k+1; on the lattice 2xL, which is the default, row k is site k"},
    {0},
};

const ct_problem_type ct_problem_file = {
    .name = "file",
    .summary =
        "your own function: .npy table of values, or a list of label-1 images (.npy, text, PBM)",
    .definition =
        "table: .npy with 2^N values on one axis (or a ket, 2^N x 1 or 1 x 2^N), value k "
        "for the image whose bit i is pixel i, or with N axes of length 2 "
        "(first axis: pixel N-1); order=msb: pixel 0 first. FILE.npz:NAME is an array of "
        "a .npz archive (:NAME may be left out if there is one only, or where `cutropy export --function` wrote it, which also "
        "says lattice and order). Types b1, i1..i8, u1..u8 (only 0 and 1: labels, "
        "else integers), f4 f8 (real), c8 c16 "
        "(complex). packed: u1 array, np.packbits(labels, bitorder=\"little\"). images: "
        ".npy of shape (count, N) or (count, Ly, "
        "Lx) with 0 and 1; PBM (P1, P4, several images one after the other, black = "
        "lit); text with one image a line (0 or . "
        "dark, 1 or # lit, pixel 0 first), or with the rows of an image on lines of Lx "
        "pixels. auto: .npy with two or three axes "
        "are images, other .npy are tables, everything else is images. sparse: values that are not 0, of any number "
        "of pixels: a text with the columns index (or image: letters 0 and 1, pixel 0 first) and value (or re,im), or "
        "an .npz archive of index (or images) and value. Without --lattice "
        "the lattice is the grid Lx x Ly of the "
        "images where the file says it, else a chain.",
    .source = "the user",
    .known = "",
    .lattice = NULL,
    .params = params,
    .is_label = true,
    .make = make,
};
