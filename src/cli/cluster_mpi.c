/* SPDX-License-Identifier: Apache-2.0 */
/* cluster_mpi.c - the processes of an ensemble by MPI. Called from one thread only. A process that
 * dies takes the others with it: that is what mpirun and srun do. */
#include <limits.h>
#include <stdlib.h>

#include <mpi.h>

#include "base/error.h"
#include "cli/cluster.h"

static krn_status fail_mpi(int code, krn_error *err)
{
    char text[MPI_MAX_ERROR_STRING + 1] = "";
    int length = 0;
    if (MPI_Error_string(code, text, &length) != MPI_SUCCESS)
        length = 0;
    return krni_fail(err, KRN_E_IO, "between processes: %.*s", length, text);
}

static krn_status all_gather(void *context, const double *values, size_t count, double *out,
                             krn_error *err)
{
    (void)context;
    if (count > INT_MAX)
        return krni_fail(err, KRN_E_LIMIT, "more than %d numbers at once between processes",
                         INT_MAX);
    const int code =
        MPI_Allgather(values, (int)count, MPI_DOUBLE, out, (int)count, MPI_DOUBLE, MPI_COMM_WORLD);
    return code == MPI_SUCCESS ? KRN_OK : fail_mpi(code, err);
}

static krn_status begin(bool *out_here, krn_error *err)
{
    int is = 0, level = 0;
    *out_here = false;
    if (MPI_Initialized(&is) == MPI_SUCCESS && is)
        return KRN_OK;
    const int code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
    if (code != MPI_SUCCESS)
        return fail_mpi(code, err);
    *out_here = true;
    if (level < MPI_THREAD_FUNNELED)
        return krni_fail(err, KRN_E_ARG, "this MPI cannot work beside threads");
    (void)MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
    return KRN_OK;
}

krn_status krni_cluster_open(krni_variable *variable, krni_cluster **out, krn_error *err)
{
    const uint32_t started = krni_started_size(variable);
    *out = NULL;
    if (started < 2)
        return KRN_OK;
    krni_cluster *c = calloc(1, sizeof *c);
    if (!c)
        return krni_fail_memory(err);
    int rank = 0, size = 1;
    krn_status st = begin(&c->began_here, err);
    if (!st) {
        (void)MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        (void)MPI_Comm_size(MPI_COMM_WORLD, &size);
        c->use = (krn_ensemble_cluster){
            .context = c, .rank = (uint32_t)rank, .size = (uint32_t)size, .all_gather = all_gather};
        if ((uint32_t)size != started)
            st = krni_fail(err, KRN_E_ARG,
                           "started as one of %u processes, but MPI knows of %d: start with "
                           "mpirun, or srun --mpi=pmix",
                           (unsigned)started, size);
    }
    if (st)
        krni_cluster_close(c);
    else
        *out = c;
    return st;
}

void krni_cluster_close(krni_cluster *cluster)
{
    if (cluster && cluster->began_here)
        (void)MPI_Finalize();
    free(cluster);
}
