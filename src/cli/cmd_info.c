/* SPDX-License-Identifier: Apache-2.0 */
/* cutropy info: what this program is and what it runs on. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "backend/module.h"
#include "base/parallel.h"
#include "base/base.h"
#include "cli/cli.h"
#include "engine/options.h"
#include "engine/plan.h"

static error_t parse(int key, char *argument, struct argp_state *state)
{
    switch (key) {
    case ARGP_KEY_INIT:
        ct_cli_init(state);
        return 0;
    case ARGP_KEY_ARG:
        return ct_cli_bad(state, "takes no argument: '%s' is too much", argument);
    default:
        return ARGP_ERR_UNKNOWN;
    }
}

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

/* The backends that a run can use here. */
static const char *backends(void)
{
    const ct_module *module = NULL;
    int devices = 0;
    const bool cuda = !ct_module_open(&module) && !module->count(&devices);
    return cuda ? "cpu, cuda" : "cpu";
}

int ct_cmd_info(int argc, char **argv)
{
    static const struct argp argp = {
        .parser = parse,
        .doc = "Print the version, the backends with the instruction set in use, the cores and the "
               "memory this process may use, the libraries, and the CUDA devices or why there are "
               "none. CUTROPY_ISA=portable, avx2 or avx512 in the environment chooses the "
               "instruction set."};
    char limit[24], total[24];
    cutropy_status status = ct_cli_parse(&argp, argc, argv, NULL);
    if (status)
        return (int)status;
    const ct_backend *cpu = ct_backend_cpu();
    status = cpu->start(1);
    if (status)
        return ct_cli_fail(argv[0], status);
    const cutropy_options options = ct_default_options();
    ct_bytes_format(ct_memory_limit(&options), limit);
    ct_bytes_format((uint64_t)sysconf(_SC_PHYS_PAGES) * (uint64_t)sysconf(_SC_PAGESIZE), total);
    printf("version          %s\n", cutropy_version());
    printf("backends         %s\n", backends());
    printf("instruction set  %s%s\n", cpu->instruction_set(),
           getenv("CUTROPY_ISA") ? " (CUTROPY_ISA chooses: portable, avx2 or avx512)" : "");
    printf("cores            %d usable, %ld online\n", ct_available_threads(),
           sysconf(_SC_NPROCESSORS_ONLN));
    printf("memory           %s for a run (change with --memory), %s in all\n", limit, total);
    printf("libraries        %s, jansson %s\n", cpu->libraries(), jansson_version_str());
    print_cuda();
    return ct_cli_close_output(argv[0]);
}
