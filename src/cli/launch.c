/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/launch.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "backend/module.h"
#include "cli/signals.h"
#include "engine/function/share.h"
#include "engine/run/ranks.h"

#define PATIENCE 60 /* seconds; CUTROPY_MPI_PATIENCE says otherwise */

static ct_team team;

static int number_of(const char *variable)
{
    const char *text = getenv(variable);
    return text ? atoi(text) : 0;
}

/* Settings of the environment that are no settings. */
static cutropy_status read_settings(int *patience)
{
    cutropy_status status = CUTROPY_OK;
    const char *wanted = getenv("CUTROPY_MPI"), *text = getenv("CUTROPY_MPI_PATIENCE");
    if (wanted && *wanted && strcmp(wanted, "on") != 0 && strcmp(wanted, "off") != 0)
        CT_TRY(ct_fail(CUTROPY_EINPUT, "CUTROPY_MPI is on or off, not '%.40s'", wanted));
    *patience = text ? atoi(text) : PATIENCE;
    if (text && (*patience < 1 || strspn(text, "0123456789") != strlen(text) || strlen(text) > 9))
        CT_TRY(ct_fail(
            CUTROPY_EINPUT,
            "CUTROPY_MPI_PATIENCE is a whole number of seconds from 1 to 999999999, not '%.40s'",
            text));
done:
    return status;
}

/* How many processes the launcher started. */
static int launched(void)
{
    const char *wanted = getenv("CUTROPY_MPI");
    if (wanted && !strcmp(wanted, "off"))
        return 1;
    const int counts[] = {number_of("OMPI_COMM_WORLD_SIZE"), /* Open MPI */
                          number_of("PMI_SIZE"), /* MPICH and its relatives, srun --mpi=pmi2 */
                          getenv("PMIX_RANK") ? number_of("SLURM_STEP_NUM_TASKS")
                                              : 0}; /* srun --mpi=pmix */
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (counts[i])
            return counts[i];
    return 1;
}

/* One line a host, where every process says the same. */
static bool speaks(void)
{
    return !number_of("OMPI_COMM_WORLD_LOCAL_RANK") && !number_of("MPI_LOCALRANKID") &&
           !number_of("SLURM_LOCALID");
}

static cutropy_status begin(int count, int patience)
{
    cutropy_status status = CUTROPY_OK;
    const ct_mpi_module *module = NULL;
    char why[256];
    if (ct_mpi_module_open(&module) != CUTROPY_OK) {
        ct_error_save(why, sizeof why);
        CT_TRY(ct_fail(
            CUTROPY_EUNSUPPORTED,
            "started as %d processes by a launcher of MPI, but %s (CUTROPY_MPI=off: each works for itself)",
            count, why));
    }
    team.ranks = module->open(count, patience, why, sizeof why);
    if (!team.ranks)
        CT_TRY(ct_fail(CUTROPY_EUNSUPPORTED, "%s", why));
    snprintf(ct_cli_who, sizeof ct_cli_who, "rank %d (%s): ", team.ranks->rank, team.ranks->host);
done:
    return status;
}

/* What it has to say, it says to rank 0. */
static void be_silent(void)
{
    const int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (nothing < 0)
        return;
    ct_cli_voice = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    dup2(nothing, STDOUT_FILENO);
    dup2(nothing, STDERR_FILENO);
    close(nothing);
    signal(SIGINT,
           SIG_IGN); /* the launcher sends them to all: rank 0 has the word, and time to write */
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
}

cutropy_status ct_launch_start(const char *name, int shares)
{
    cutropy_status status = CUTROPY_OK;
    int patience = 0;
    const int count = launched();
    status = read_settings(&patience);
    if (status == CUTROPY_OK && count < 2)
        return CUTROPY_OK;
    if (status == CUTROPY_OK && !shares)
        status = ct_fail(CUTROPY_EINPUT,
                         "only cutropy table shares its work among ranks: start this without %s",
                         getenv("SLURM_STEP_NUM_TASKS") ? "srun" : "mpirun");
    if (status == CUTROPY_OK)
        status = begin(count, patience);
    if (status != CUTROPY_OK && speaks())
        fprintf(stderr, "%s: %s\n", name, cutropy_error());
    if (status == CUTROPY_OK && team.ranks->rank)
        be_silent();
    return status;
}

ct_team *ct_launch_team(void)
{
    return team.ranks ? &team : NULL;
}

int ct_launch_helps(void)
{
    return team.ranks && team.ranks->rank;
}

int ct_launch_neighbours(void)
{
    const int counts[] = {number_of("OMPI_COMM_WORLD_LOCAL_SIZE"), number_of("MPI_LOCALNRANKS")};
    for (size_t i = 0; i < sizeof counts / sizeof *counts && team.ranks; i++)
        if (counts[i] > 0)
            return counts[i];
    return 1;
}

int ct_launch_end(int code)
{
    if (!team.ranks)
        return code;
    signal(SIGINT, SIG_IGN); /* all is said and written */
    signal(SIGTERM, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    if (*team.why && !code)
        fprintf(stderr, "cutropy: %s; all cuts were done, and the table is complete\n", team.why);
    if (!team.ranks->rank)
        ct_ranks_dismiss(team.ranks);
    else if (code == CUTROPY_EDEVICE && team.ranks->rank == 1)
        dprintf(ct_cli_voice, "cutropy: %s\n", cutropy_error());
    else if (code && code != CUTROPY_EDEVICE) {
        ct_ranks_fail(team.ranks, (cutropy_status)code);
        code = CUTROPY_OK; /* rank 0 ends with it; a launcher would end rank 0 at once */
    }
    ct_share_gone(team.ranks);
    if (!team.ranks->close(team.ranks, code)) {
        if (!team.ranks->rank && !code)
            fprintf(
                stderr,
                "cutropy: a rank did not come to the end of MPI; all cuts were done, and the table is complete\n");
        fflush(NULL);
        _exit(code); /* a thread is in MPI_Finalize still */
    }
    return code;
}
