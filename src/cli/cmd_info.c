/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy info: what this program is and what it runs on. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "backend/module.h"
#include "base/build.h"
#include "base/parallel.h"
#include "base/base.h"
#include "cli/cli.h"
#include "cli/lazy.h"
#include "cli/options.h"
#include "ctext/compile.h"
#include "ctext/nvrtc.h"
#include "engine/function/memory_limit.h"

/* The module, what it is built for, and its devices; or why there are none. */
static void print_cuda(void)
{
    const ct_module *module = NULL;
    char text[400];
    int devices = 0;
    if (ct_module_open(&module)) {
        printf("cuda             %s\n", cutropy_error());
        return;
    }
    module->versions(text, sizeof text);
    printf("cuda             %s\n", ct_module_path());
    printf("cuda module      %s\n", module->built);
    printf("cuda libraries   %s\n", text);
    if (module->count(&devices))
        printf("cuda devices     %s\n", cutropy_error());
    for (int i = 0; i < devices; i++) {
        const bool failed = module->describe(i, text, sizeof text);
        printf("cuda:%-11d %s\n", i, failed ? cutropy_error() : text);
    }
}

static void print_mpi(void)
{
    const ct_mpi_module *module = NULL;
    if (ct_mpi_module_open(&module))
        printf("mpi              %s\n", cutropy_error());
    else
        printf("mpi              %s\nmpi module       %s\n", ct_mpi_module_path(), module->built);
}

/* Of C texts. */
static void print_compiler(void)
{
    ct_compiler compiler;
    const bool failed = ct_compiler_find(&compiler) != CUTROPY_OK;
    printf("C compiler       %s\n", failed ? cutropy_error() : compiler.path);
    if (!failed)
        ct_compiler_free(&compiler);
}

static void print_nvrtc(void)
{
    char path[4096];
    const bool failed = ct_nvrtc_find(path, sizeof path) != CUTROPY_OK;
    printf("NVRTC            %s\n", failed ? cutropy_error() : path);
}

/* The backends that a run can use here. */
static const char *backends(void)
{
    const ct_module *module = NULL;
    int devices = 0;
    const bool cuda = !ct_module_open(&module) && !module->count(&devices);
    return cuda ? "cpu, cuda" : "cpu";
}

static int run_command(const ct_command *command, ct_options *options)
{
    char limit[24], total[24];
    const ct_operations *cpu = ct_operations_cpu();
    const cutropy_status status = cpu->start(1);
    if (status)
        return ct_cli_fail(command->name, status);
    ct_bytes_format(ct_memory_limit(options->run), limit);
    ct_bytes_format((uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE), total);
    printf("version          %s\n", ct_build_name());
    printf("backends         %s\n", backends());
    printf("instruction set  %s%s\n", cpu->instruction_set(),
           getenv("CUTROPY_ISA") ? " (CUTROPY_ISA chooses: portable, avx2 or avx512)" : "");
    printf("cores            %d usable, %ld online\n", ct_available_threads(),
           sysconf(_SC_NPROCESSORS_ONLN));
    printf("memory           %s for a run (change with --memory), %s in all\n", limit, total);
    ct_open_openblas();
    printf("libraries        %s, jansson %s\n", cpu->libraries(), jansson_version_str());
    print_cuda();
    print_mpi();
    print_compiler();
    print_nvrtc();
    cpu->stop();
    return ct_cli_close_output(command->name);
}

const ct_command ct_command_info = {
    .name = "cutropy info",
    .summary = "version, backends, processor and memory as the program sees them",
    .twice = "takes no argument",
    .documentation =
        "Print the version, the backends with the instruction set in use, the cores and the memory "
        "this process may use, the libraries, the CUDA devices and the MPI module or why there are none, and the C compiler of "
        "functions given as C text, with NVRTC, which compiles them for devices. "
        "CUTROPY_ISA=portable, avx2 or avx512 in the environment chooses the instruction set.",
    .run = run_command,
};
