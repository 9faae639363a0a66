/* SPDX-License-Identifier: Apache-2.0 */
/* cluster.c - what holds with MPI and without: who started this process, and agreeing. */
#include "cli/cluster.h"

#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

#define TEXT_DOUBLES (KRN_ERROR_TEXT_SIZE / sizeof(double))
#define HEAD_DOUBLES 2u /* status, fingerprint */

/* First of the variables that holds a whole number, or otherwise. */
static uint32_t first_number(krni_variable *variable, const char *const *names, uint32_t otherwise)
{
    for (; *names; names++) {
        const char *text = variable(*names);
        int64_t number;
        if (text && krni_integer_read(text, strlen(text), &number) && number >= 0 &&
            number < UINT32_MAX)
            return (uint32_t)number;
    }
    return otherwise;
}

/* mpirun of Open MPI, starters that speak PMI, and steps of Slurm (not its batch script, which is
 * one process whatever the job has). */
uint32_t krni_started_size(krni_variable *variable)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "SLURM_STEP_NUM_TASKS",
                                        NULL};
    const uint32_t n = first_number(variable, names, 1);
    return n ? n : 1;
}

bool krni_started_by_mpirun(krni_variable *variable)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE", NULL};
    return first_number(variable, names, 0) > 0;
}

uint32_t krni_started_rank(krni_variable *variable)
{
    static const char *const names[] = {"OMPI_COMM_WORLD_RANK", "PMI_RANK", "SLURM_PROCID", NULL};
    return krni_started_size(variable) > 1 ? first_number(variable, names, 0) : 0;
}

const krn_ensemble_cluster *krni_cluster_of(const krni_cluster *cluster)
{
    return cluster ? &cluster->use : NULL;
}

uint32_t krni_cluster_rank(const krni_cluster *cluster)
{
    return cluster ? cluster->use.rank : 0;
}

/* Every process has all of them: by rank status, fingerprint, text. */
static krn_status judge(const krni_cluster *c, const double *all, krn_error *err)
{
    const size_t width = HEAD_DOUBLES + TEXT_DOUBLES;
    for (uint32_t rank = 0; rank < c->use.size; rank++) {
        const double *said = all + rank * width;
        char text[KRN_ERROR_TEXT_SIZE];
        memcpy(text, said + HEAD_DOUBLES, sizeof text);
        text[sizeof text - 1] = '\0';
        if (said[0] != 0.0)
            return krni_fail(err, (krn_status)(int)said[0], "%s", text);
    }
    for (uint32_t rank = 1; rank < c->use.size; rank++)
        if (memcmp(all + 1, all + rank * width + 1, sizeof *all) != 0)
            return krni_fail(err, KRN_E_DATA,
                             "process %u has another package or version than process 0: all need "
                             "the same",
                             (unsigned)rank);
    return KRN_OK;
}

krn_status krni_cluster_agree(const krni_cluster *cluster, krn_status status, uint64_t fingerprint,
                              krn_error *err)
{
    const size_t width = HEAD_DOUBLES + TEXT_DOUBLES;
    if (!cluster || cluster->use.size < 2)
        return status;
    double *mine = calloc(width * (cluster->use.size + 1u), sizeof *mine);
    if (!mine) /* ends this process, and with it the starter ends the others */
        return krni_fail_memory(err);
    mine[0] = (double)status;
    memcpy(mine + 1, &fingerprint, sizeof *mine);
    if (status && err)
        memcpy(mine + HEAD_DOUBLES, err->text, sizeof err->text);
    krn_status st = cluster->use.all_gather(cluster->use.context, mine, width, mine + width, err);
    if (!st)
        st = judge(cluster, mine + width, err);
    free(mine);
    return st;
}
