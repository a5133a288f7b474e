/* SPDX-License-Identifier: Apache-2.0 */
/* Weights of networks from .npy and .npz files. Oracle: the documented order, written down once more here,
 * must reproduce the seeded networks bit by bit. */
#include "check_main.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <zip.h>
#include <zlib.h>

#include "failing_allocator.h"
#include "problem/problem.h"
#include "ref/support.h"

/* ---- files ---- */

static char folder[64];

static const char *path_of(const char *name)
{
    static char path[2][160];
    static int turn;
    turn ^= 1;
    snprintf(path[turn], sizeof path[turn], "%s/%s", folder, name);
    return path[turn];
}

static void start_folder(void)
{
    strcpy(folder, "/tmp/cutropy-weights-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void end_folder(void)
{
    char command[160];
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* data: bytes of the array; descr: "<f8" and so on; shape: "(3,)". */
static void write_npy(const char *path, const char *descr, const char *shape, const void *data,
                      size_t bytes)
{
    char header[128];
    int length = snprintf(header, sizeof header,
                          "{'descr': '%s', 'fortran_order': False, "
                          "'shape': %s, }",
                          descr, shape);
    memset(header + length, ' ', sizeof header - (size_t)length);
    header[117] = '\n';
    const unsigned char start[10] = {0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0};
    FILE *file = fopen(path, "wb");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(fwrite(start, 1, 10, file), 10);
    ck_assert_int_eq(fwrite(header, 1, 118, file), 118);
    ck_assert_int_eq(fwrite(data, 1, bytes, file), bytes);
    ck_assert_int_eq(fclose(file), 0);
}

/* ---- networks as lists of tensors ---- */

typedef struct tensor {
    char name[24];
    char shape[48];
    size_t count;
    double divide; /* after the scale */
    double size;
} tensor;

typedef struct network {
    const char *text, *lattice; /* seeded */
    int parts;
    unsigned seed;
    size_t tensors;
    tensor tensor[64];
} network;

static void add(network *n, const char *name, const char *shape, size_t count, double size,
                double divide)
{
    tensor *t = &n->tensor[n->tensors++];
    snprintf(t->name, sizeof t->name, "%s", name);
    snprintf(t->shape, sizeof t->shape, "%s", shape);
    t->count = count;
    t->size = size;
    t->divide = divide;
}

static void add_layer(network *n, const char *name, const char *shape, int outputs, int fan_in,
                      double scale)
{
    char tensor_name[24], bias[16];
    snprintf(tensor_name, sizeof tensor_name, "%.12s.weight", name);
    add(n, tensor_name, shape, (size_t)(outputs * fan_in), scale / sqrt(fan_in), 1);
    snprintf(tensor_name, sizeof tensor_name, "%.12s.bias", name);
    snprintf(bias, sizeof bias, "(%d,)", outputs);
    add(n, tensor_name, bias, (size_t)outputs, scale / sqrt(fan_in), 1);
}

/* The numbers of tensor k: the stream goes on through all tensors. */
static double *numbers_of(const network *n, size_t k)
{
    uint64_t counter = 0;
    double *numbers = malloc(n->tensor[k].count * (size_t)n->parts * sizeof(double) + 1);
    for (size_t before = 0; before < k; before++)
        counter += n->tensor[before].count * (size_t)n->parts;
    for (size_t i = 0; i < n->tensor[k].count * (size_t)n->parts; i++)
        numbers[i] =
            n->tensor[k].size * ct_random_normal(n->seed, counter + i) / n->tensor[k].divide;
    return numbers;
}

static void save_folder(const network *n)
{
    char name[48];
    for (size_t k = 0; k < n->tensors; k++) {
        double *numbers = numbers_of(n, k);
        snprintf(name, sizeof name, "%s.npy", n->tensor[k].name);
        write_npy(path_of(name), n->parts == 2 ? "<c16" : "<f8", n->tensor[k].shape, numbers,
                  n->tensor[k].count * (size_t)n->parts * sizeof(double));
        free(numbers);
    }
}

/* Packs files of the folder, as np.savez_compressed does. */
static void pack(const char *archive, const char *file)
{
    char bytes[1 << 16];
    FILE *from = fopen(path_of(file), "rb");
    ck_assert_ptr_nonnull(from);
    const size_t size = fread(bytes, 1, sizeof bytes, from);
    ck_assert(feof(from) && !fclose(from));
    zipFile to =
        zipOpen(archive, access(archive, F_OK) ? APPEND_STATUS_CREATE : APPEND_STATUS_ADDINZIP);
    ck_assert_int_eq(
        zipOpenNewFileInZip64(to, file, NULL, NULL, 0, NULL, 0, NULL, Z_DEFLATED, 6, 1), ZIP_OK);
    ck_assert_int_eq(zipWriteInFileInZip(to, bytes, (unsigned)size), ZIP_OK);
    ck_assert_int_eq(zipCloseFileInZip(to), ZIP_OK);
    ck_assert_int_eq(zipClose(to, NULL), ZIP_OK);
}

static void save_archive(const network *n)
{
    char name[48], archive[160];
    snprintf(archive, sizeof archive, "%s/all.npz", folder);
    for (size_t k = n->tensors; k-- > 0;) { /* in another order */
        snprintf(name, sizeof name, "%s.npy", n->tensor[k].name);
        pack(archive, name);
        unlink(path_of(name));
    }
}

static size_t total_of(const network *n)
{
    size_t total = 0;
    for (size_t k = 0; k < n->tensors; k++)
        total += n->tensor[k].count;
    return total;
}

static void save_file(const network *n, const char *path)
{
    size_t total = total_of(n), used = 0;
    double *all = malloc(total * (size_t)n->parts * sizeof(double));
    char shape[32];
    for (size_t k = 0; k < n->tensors; k++) {
        double *numbers = numbers_of(n, k);
        memcpy(all + used, numbers, n->tensor[k].count * (size_t)n->parts * sizeof(double));
        used += n->tensor[k].count * (size_t)n->parts;
        free(numbers);
    }
    snprintf(shape, sizeof shape, "(%zu,)", total);
    write_npy(path, n->parts == 2 ? "<c16" : "<f8", shape, all,
              total * (size_t)n->parts * sizeof(double));
    free(all);
}

/* ---- opening ---- */

static cutropy_status open_text(const char *text, const char *lattice_text, cutropy_problem **out)
{
    cutropy_lattice *lattice = must_lattice(lattice_text);
    cutropy_status status = cutropy_problem_parse(text, lattice, out);
    cutropy_lattice_free(lattice);
    return status;
}

static void refuse(cutropy_status expected, const char *lattice, const char *message,
                   const char *text)
{
    cutropy_problem *problem = NULL;
    ck_assert_int_eq(open_text(text, lattice, &problem), expected);
    ck_assert_ptr_null(problem);
    ck_assert_msg(strstr(cutropy_error(), message) != NULL, "%s: '%s' does not say '%s'", text,
                  cutropy_error(), message);
}

static void *values_of(const cutropy_problem *problem, size_t *bytes)
{
    size_t images = (size_t)1 << cutropy_problem_lattice(problem)->pixels;
    *bytes =
        images * sizeof(double) * (cutropy_problem_kind(problem) == CUTROPY_KIND_COMPLEX ? 2 : 1);
    void *values = malloc(*bytes);
    problem->fill_values(problem, 0, images, values);
    return values;
}

static void compare(const network *n, const char *text)
{
    cutropy_problem *seeded = NULL, *read = NULL, *again = NULL;
    char seeded_text[256];
    size_t bytes, read_bytes;
    snprintf(seeded_text, sizeof seeded_text, "%s,seed=%u", n->text, n->seed);
    ck_assert_msg(open_text(seeded_text, n->lattice, &seeded) == CUTROPY_OK, "%s", cutropy_error());
    ck_assert_msg(open_text(text, n->lattice, &read) == CUTROPY_OK, "%s", cutropy_error());
    void *a = values_of(seeded, &bytes), *b = values_of(read, &read_bytes);
    ck_assert_int_eq(bytes, read_bytes);
    ck_assert_msg(!memcmp(a, b, bytes), "%s: other values than %s", text, seeded_text);
    /* the canonical text opens the same network */
    ck_assert_msg(open_text(cutropy_problem_text(read), n->lattice, &again) == CUTROPY_OK, "%s: %s",
                  cutropy_problem_text(read), cutropy_error());
    ck_assert_str_eq(cutropy_problem_text(again), cutropy_problem_text(read));
    ck_assert_ptr_nonnull(strstr(cutropy_problem_text(read), "weights="));
    ck_assert_ptr_null(strstr(cutropy_problem_text(read), "seed="));
    ck_assert_ptr_null(strstr(cutropy_problem_text(read), "scale="));
    ck_assert_ptr_null(strstr(cutropy_problem_text(seeded), "weights="));
    ck_assert_ptr_nonnull(strstr(cutropy_problem_text(seeded), "seed="));
    free(a);
    free(b);
    cutropy_problem_free(seeded);
    cutropy_problem_free(read);
    cutropy_problem_free(again);
}

/* fixed: the parameters without scale and seed. */
static void check_network(const network *n, const char *fixed)
{
    char text[256];
    start_folder();
    save_folder(n);
    snprintf(text, sizeof text, "%s,weights=%s", fixed, folder);
    compare(n, text);
    save_archive(n);
    snprintf(text, sizeof text, "%s,weights=%s/all.npz", fixed, folder);
    compare(n, text);
    end_folder();
    start_folder();
    save_file(n, path_of("all.npy"));
    snprintf(text, sizeof text, "%s,weights=%s/all.npy", fixed, folder);
    compare(n, text);
    end_folder();
}

START_TEST(cnn)
{
    /* 5x4, two stages of two convolutions: 5x4 -> 3x2 -> 2x1 */
    network n = {.text = "cnn:channels=3,layers=2,poolings=2,scale=1.5",
                 .lattice = "5x2",
                 .parts = 1,
                 .seed = 4};
    add_layer(&n, "conv1", "(3, 1, 3, 3)", 3, 9, 1.5);
    add_layer(&n, "conv2", "(3, 3, 3, 3)", 3, 27, 1.5);
    add_layer(&n, "conv3", "(3, 3, 3, 3)", 3, 27, 1.5);
    add_layer(&n, "conv4", "(3, 3, 3, 3)", 3, 27, 1.5);
    add_layer(&n, "out", "(1, 6)", 1, 6, 1.5); /* 5x2 -> 3x1 -> 2x1 */
    check_network(&n, "cnn:channels=3,layers=2,poolings=2");

    network chain = {.text = "cnn:channels=2,layers=1,poolings=1,kernel=4,activation=tanh",
                     .lattice = "chain:9:ring",
                     .parts = 1,
                     .seed = 11};
    add_layer(&chain, "conv1", "(2, 1, 4)", 2, 4, 1);
    add_layer(&chain, "out", "(1, 10)", 1, 10, 1);
    check_network(&chain, "cnn:channels=2,layers=1,poolings=1,kernel=4,activation=tanh");
}
END_TEST

START_TEST(mlp)
{
    network n = {.text = "mlp:width=5,depth=2,activation=tanh,scale=0.7",
                 .lattice = "3x3",
                 .parts = 1,
                 .seed = 9};
    add_layer(&n, "layer1", "(5, 9)", 5, 9, 0.7);
    add_layer(&n, "layer2", "(5, 5)", 5, 5, 0.7);
    add_layer(&n, "out", "(1, 5)", 1, 5, 0.7);
    check_network(&n, "mlp:width=5,depth=2,activation=tanh");
    network flat = {.text = "mlp:depth=0", .lattice = "chain:6", .parts = 1};
    add_layer(&flat, "out", "(6,)", 1, 6, 1); /* the axis of length 1 left out */
    check_network(&flat, "mlp:depth=0");
}
END_TEST

START_TEST(rbm)
{
    for (int parts = 1; parts <= 2; parts++) {
        double size = 0.8 / sqrt(parts);
        char fixed[64], text[80];
        snprintf(fixed, sizeof fixed, "rbm:hidden=3,complex=%d", parts - 1);
        snprintf(text, sizeof text, "%s,scale=0.8", fixed);
        network n = {.text = text, .lattice = "5x2", .parts = parts, .seed = 21};
        add(&n, "a", "(10,)", 10, size, 1);
        add(&n, "b", "(3,)", 3, size, 1);
        add(&n, "W", "(3, 10)", 30, size, sqrt(10));
        check_network(&n, fixed);
    }
    network product = {.text = "rbm:hidden=0", .lattice = "chain:5", .parts = 1, .seed = 2};
    add(&product, "a", "(5,)", 5, 1, 1);
    check_network(&product, "rbm:hidden=0");
}
END_TEST

START_TEST(mps)
{
    for (int parts = 1; parts <= 2; parts++) {
        char text[64], name[16];
        snprintf(text, sizeof text, "mps:chi=3,complex=%d", parts - 1);
        network n = {.text = text, .lattice = "chain:10", .parts = parts, .seed = 33};
        double size = 1.0 / sqrt(parts * 3);
        add(&n, "A0", "(2, 1, 3)", 6, size, 1);
        for (int i = 1; i < 9; i++) {
            snprintf(name, sizeof name, "A%d", i);
            add(&n, name, "(2, 3, 3)", 18, size, 1);
        }
        add(&n, "A9", "(2, 3)", 6, size, 1);
        check_network(&n, text);
    }
}
END_TEST

/* Real weights in a complex network have imaginary part 0; f4 is read as it is. */
START_TEST(other_types)
{
    cutropy_problem *real = NULL, *complex = NULL;
    char text[160];
    float weights[14];
    size_t bytes, complex_bytes;
    start_folder();
    for (int k = 0; k < 14; k++)
        weights[k] = (float)(k - 5) / 8;
    write_npy(path_of("w.npy"), "<f4", "(14,)", weights, sizeof weights);
    snprintf(text, sizeof text, "rbm:hidden=2,weights=%s/w.npy", folder);
    ck_assert_msg(open_text(text, "chain:4", &real) == CUTROPY_OK, "%s", cutropy_error());
    snprintf(text, sizeof text, "rbm:hidden=2,complex=1,weights=%s/w.npy", folder);
    ck_assert_msg(open_text(text, "chain:4", &complex) == CUTROPY_OK, "%s", cutropy_error());
    double *a = values_of(real, &bytes), *b = values_of(complex, &complex_bytes);
    for (int s = 0; s < 16; s++) {
        double f = 1, field = 0;
        for (int i = 0; i < 4; i++)
            field += weights[i] * (s >> i & 1 ? 1 : -1);
        for (int h = 0; h < 2; h++) {
            double theta = weights[4 + h];
            for (int i = 0; i < 4; i++)
                theta += weights[6 + 4 * h + i] * (s >> i & 1 ? 1 : -1);
            f *= 2 * cosh(theta);
        }
        f *= exp(field);
        ck_assert_double_eq_tol(a[s], f, 1e-13 * f);
        ck_assert_double_eq_tol(b[2 * s], f, 1e-13 * f);
        ck_assert_double_eq_tol(b[2 * s + 1], 0, 1e-13 * f);
    }
    free(a);
    free(b);
    cutropy_problem_free(real);
    cutropy_problem_free(complex);
    end_folder();
}
END_TEST

#define REFUSE(expected, message, ...)                                                             \
    do {                                                                                           \
        char text_[320];                                                                           \
        snprintf(text_, sizeof text_, __VA_ARGS__);                                                \
        refuse(expected, "3x2", message, text_);                                                   \
    } while (0)

START_TEST(bad_files)
{
    double w[64] = {0};
    int64_t integers[8] = {1};
    for (int k = 0; k < 64; k++)
        w[k] = 0.125 * (k + 1);
    start_folder();
    /* depth=0 on 3x2 needs 7 numbers */
    write_npy(path_of("seven.npy"), "<f8", "(7,)", w, 56);
    write_npy(path_of("six.npy"), "<f8", "(6,)", w, 48);
    write_npy(path_of("eight.npy"), "<f8", "(8,)", w, 64);
    write_npy(path_of("square.npy"), "<f8", "(7, 1)", w, 56);
    write_npy(path_of("integers.npy"), "<i8", "(7,)", integers, 56);
    write_npy(path_of("complex.npy"), "<c16", "(7,)", w, 112);
    write_npy(path_of("empty.npy"), "<f8", "(0,)", w, 0);
    w[3] = NAN;
    write_npy(path_of("nan.npy"), "<f8", "(7,)", w, 56);
    REFUSE(CUTROPY_EINPUT, "contradictory", "mlp:depth=0,seed=3,weights=%s/seven.npy", folder);
    REFUSE(CUTROPY_EINPUT, "contradictory", "mlp:depth=0,scale=1,weights=%s/seven.npy", folder);
    REFUSE(CUTROPY_EINPUT, "6 weights, but this mlp needs 7", "mlp:depth=0,weights=%s/six.npy",
           folder);
    REFUSE(CUTROPY_EINPUT, "8 weights, but this mlp needs 7", "mlp:depth=0,weights=%s/eight.npy",
           folder);
    REFUSE(CUTROPY_EINPUT, "0 weights, but this mlp needs 7", "mlp:depth=0,weights=%s/empty.npy",
           folder);
    REFUSE(CUTROPY_EINPUT, "needs 33", "mlp:depth=1,width=4,weights=%s/seven.npy", folder);
    REFUSE(CUTROPY_EINPUT, "7 weights, but this rbm needs 13", "rbm:hidden=1,weights=%s/seven.npy",
           folder);
    REFUSE(CUTROPY_EINPUT, "7 weights, but this mps needs 12", "mps:chi=1,weights=%s/seven.npy",
           folder);
    REFUSE(CUTROPY_EINPUT, "needs 49",
           "cnn:layers=1,channels=4,poolings=1,kernel=3,"
           "weights=%s/seven.npy",
           folder);
    REFUSE(CUTROPY_EINPUT, "1-d", "mlp:depth=0,weights=%s/square.npy", folder);
    REFUSE(CUTROPY_EINPUT, "not integers", "mlp:depth=0,weights=%s/integers.npy", folder);
    REFUSE(CUTROPY_EINPUT, "complex weights in a real network",
           "mlp:depth=0,weights=%s/complex.npy", folder);
    REFUSE(CUTROPY_EINPUT, "entry 3 is not a number", "mlp:depth=0,weights=%s/nan.npy", folder);
    REFUSE(CUTROPY_EIO, "none.npy", "mlp:depth=0,weights=%s/none.npy", folder);
    end_folder();
}
END_TEST

START_TEST(bad_folders)
{
    double w[64];
    for (int k = 0; k < 64; k++)
        w[k] = 0.125 * (k + 1);
    start_folder();
    REFUSE(CUTROPY_EINPUT, "layer1.weight.npy: missing", "mlp:width=2,weights=%s", folder);
    write_npy(path_of("layer1.weight.npy"), "<f8", "(6, 2)", w, 96);
    REFUSE(CUTROPY_EINPUT, "wrong shape", "mlp:width=2,weights=%s", folder);
    ck_assert_ptr_nonnull(strstr(cutropy_error(), "(2, 6)"));
    write_npy(path_of("layer1.weight.npy"), "<f8", "(12,)", w, 96);
    REFUSE(CUTROPY_EINPUT, "wrong shape", "mlp:width=2,weights=%s", folder);
    write_npy(path_of("layer1.weight.npy"), "<f8", "(2, 1, 6)", w, 96); /* fits */
    REFUSE(CUTROPY_EINPUT, "layer1.bias.npy: missing", "mlp:width=2,weights=%s", folder);
    write_npy(path_of("layer1.bias.npy"), "<f8", "(2,)", w, 16);
    write_npy(path_of("out.weight.npy"), "<f8", "(1, 2)", w, 16);
    write_npy(path_of("out.bias.npy"), "<f8", "()", w, 8);
    cutropy_problem *problem = NULL;
    char text[160];
    snprintf(text, sizeof text, "mlp:width=2,weights=%s", folder);
    ck_assert_msg(open_text(text, "3x2", &problem) == CUTROPY_OK, "%s", cutropy_error());
    cutropy_problem_free(problem);
    write_npy(path_of("layer2.weight.npy"), "<f8", "(2, 2)", w, 32);
    REFUSE(CUTROPY_EINPUT, "no such tensor", "mlp:width=2,weights=%s", folder);
    end_folder();
}
END_TEST

START_TEST(bad_archives)
{
    double w[64];
    char archive[160];
    for (int k = 0; k < 64; k++)
        w[k] = 0.125 * (k + 1);
    start_folder();
    snprintf(archive, sizeof archive, "%s/net.npz", folder);
    write_npy(path_of("layer1.weight.npy"), "<f8", "(2, 6)", w, 96);
    write_npy(path_of("layer1.bias.npy"), "<f8", "(3,)", w, 24);
    write_npy(path_of("out.weight.npy"), "<f8", "(1, 2)", w, 16);
    write_npy(path_of("out.bias.npy"), "<f8", "(1,)", w, 8);
    pack(archive, "layer1.weight.npy");
    REFUSE(CUTROPY_EINPUT, "no array 'layer1.bias' in this archive; there is layer1.weight",
           "mlp:width=2,weights=%s", archive);
    pack(archive, "layer1.bias.npy");
    REFUSE(CUTROPY_EINPUT, "net.npz:layer1.bias: wrong shape", "mlp:width=2,weights=%s", archive);
    ck_assert_int_eq(unlink(archive), 0);
    write_npy(path_of("layer1.bias.npy"), "<f8", "(2,)", w, 16);
    pack(archive, "layer1.weight.npy");
    pack(archive, "layer1.bias.npy");
    pack(archive, "out.weight.npy");
    pack(archive, "out.bias.npy");
    cutropy_problem *problem = NULL;
    char text[200];
    snprintf(text, sizeof text, "mlp:width=2,weights=%s", archive);
    ck_assert_msg(open_text(text, "3x2", &problem) == CUTROPY_OK, "%s", cutropy_error());
    cutropy_problem_free(problem);
    write_npy(path_of("layer2.bias.npy"), "<f8", "(2,)", w, 16);
    pack(archive, "layer2.bias.npy");
    REFUSE(CUTROPY_EINPUT, "net.npz:layer2.bias: this mlp has no such tensor",
           "mlp:width=2,weights=%s", archive);
    ck_assert_int_eq(truncate(archive, 200), 0);
    REFUSE(CUTROPY_EINPUT, "damaged", "mlp:width=2,weights=%s", archive);
    end_folder();
}
END_TEST

static cutropy_status open_and_free(void *text)
{
    cutropy_lattice *lattice = NULL;
    cutropy_problem *problem = NULL;
    cutropy_status status = cutropy_lattice_parse("chain:10", &lattice);
    if (status == CUTROPY_OK)
        status = cutropy_problem_parse(text, lattice, &problem);
    cutropy_problem_free(problem);
    cutropy_lattice_free(lattice);
    return status;
}

START_TEST(allocation_failures)
{
    network n = {.text = "rbm:hidden=3,complex=1", .lattice = "chain:10", .parts = 2, .seed = 2};
    char text[160];
    add(&n, "a", "(10,)", 10, 0.5, 1);
    add(&n, "b", "(3,)", 3, 0.5, 1);
    add(&n, "W", "(3, 10)", 30, 0.5, 3);
    start_folder();
    save_folder(&n);
    snprintf(text, sizeof text, "rbm:hidden=3,complex=1,weights=%s", folder);
    ck_assert_int_gt(sweep_allocations(open_and_free, text), 10);
    save_archive(&n);
    snprintf(text, sizeof text, "rbm:hidden=3,complex=1,weights=%s/all.npz", folder);
    ck_assert_int_gt(sweep_allocations(open_and_free, text), 10);
    end_folder();
    start_folder();
    save_file(&n, path_of("all.npy"));
    snprintf(text, sizeof text, "rbm:hidden=3,complex=1,weights=%s/all.npy", folder);
    ck_assert_int_gt(sweep_allocations(open_and_free, text), 5);
    end_folder();
}
END_TEST

CHECK_MAIN("weights", cnn, mlp, rbm, mps, other_types, bad_files, bad_folders, bad_archives,
           allocation_failures)
