/* cluster.h - the processes of one ensemble that mpirun or srun started.
 *
 *   krni_cluster_open      NULL when this process was started alone: MPI is not called then
 *   ... each process reads its arguments and lays out the same simulation ...
 *   krni_cluster_agree     all go on, or all end with the first failure
 *   krn_ensemble_run       with krni_cluster_of(); the store, if any, on rank 0 alone
 *   ... rank 0 writes the answer, the others write nothing ...
 *   krni_cluster_close     waits for all
 *
 *   threads    the thread that opened it
 *   errors     KRN_E_ARG: started with others, but the program was built without MPI, or the
 *              starter and this MPI do not know each other */
#ifndef CLI_CLUSTER_H
#define CLI_CLUSTER_H

#include <keruen/ensemble.h>

typedef struct krni_cluster {
    krn_ensemble_cluster use;
    bool began_here; /* MPI_Init was called by krni_cluster_open */
} krni_cluster;

/* Variables of the environment, NULL when not set. */
typedef const char *krni_variable(const char *name);

/* What the starter says, without MPI: how many processes (1: alone), and which one this is. */
uint32_t krni_started_size(krni_variable *variable);
uint32_t krni_started_rank(krni_variable *variable);

/* Whether mpirun or its like started this process: the terminal that it gives is no one's. */
bool krni_started_by_mpirun(krni_variable *variable);

krn_status krni_cluster_open(krni_variable *variable, krni_cluster **out, krn_error *err);
void krni_cluster_close(krni_cluster *cluster);

/* NULL and 0 for NULL. */
const krn_ensemble_cluster *krni_cluster_of(const krni_cluster *cluster);
uint32_t krni_cluster_rank(const krni_cluster *cluster);

/* Each process says how it fares and what it works on (krn_sim_fingerprint; any number where it
 * failed). The same failure in all: the first by rank, or that two do not work on the same. */
krn_status krni_cluster_agree(const krni_cluster *cluster, krn_status status, uint64_t fingerprint,
                              krn_error *err);

#endif
