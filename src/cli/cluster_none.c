/* SPDX-License-Identifier: Apache-2.0 */
/* cluster_none.c - a program built without MPI: alone it works, with others it says so instead of
 * doing the same work several times. */
#include <stdlib.h>

#include "base/error.h"
#include "cli/cluster.h"

krn_status krni_cluster_open(krni_variable *variable, krni_cluster **out, krn_error *err)
{
    *out = NULL;
    const uint32_t n = krni_started_size(variable);
    if (n > 1)
        return krni_fail(err, KRN_E_ARG,
                         "started as one of %u processes, but built without MPI; build it with "
                         "libopenmpi-dev, or start it alone",
                         (unsigned)n);
    return KRN_OK;
}

void krni_cluster_close(krni_cluster *cluster)
{
    free(cluster);
}
