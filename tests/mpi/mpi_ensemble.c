/* SPDX-License-Identifier: Apache-2.0 */
/* mpi_ensemble.c - a small ensemble, alone or under mpirun; rank 0 prints every bit of the answer.
 *
 *   mpi_ensemble            40 replications, then a precision: exit 0
 *   mpi_ensemble fail       replication 9 fails: one line, exit 3
 *   mpi_ensemble odd        rank 1 could not begin: one line, exit 3
 *   mpi_ensemble other      rank 1 works on something else: one line, exit 3
 *   mpi_ensemble die        rank 1 dies in the middle */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "cli/cluster.h"
#include "support/fake_ensemble.h"

static const char *variable(const char *name)
{
    return getenv(name);
}

static void print_answer(const krn_ensemble *e)
{
    (void)printf("%u replications, precise %d\n", (unsigned)krn_ensemble_size(e),
                 krn_ensemble_precise(e));
    for (uint32_t m = 0; m < FAKE_METRICS; m++) {
        const krn_estimate s = krn_ensemble_estimate(e, m);
        (void)printf("%u %a %a %u\n", (unsigned)m, s.mean, s.half, (unsigned)s.n);
    }
    for (uint32_t i = 0; i < krn_ensemble_size(e); i++)
        for (uint32_t m = 0; m < FAKE_METRICS; m++)
            (void)printf("%a\n", krn_ensemble_metrics(e, i)[m]);
}

static krn_status ask(const krni_cluster *c, const fake_model *fake, double precision_share,
                      krn_error *err)
{
    const krni_ensemble_model model = fake_ensemble_model(fake);
    const krn_ensemble_options options = {.replications = 40,
                                          .precision_share = precision_share,
                                          .n_threads = 2,
                                          .cluster = krni_cluster_of(c)};
    krn_ensemble *e = NULL;
    const krn_status st = krni_ensemble_run(&model, &options, &e, err);
    if (!st && krni_cluster_rank(c) == 0)
        print_answer(e);
    krn_ensemble_free(e);
    return st;
}

static krn_status run(const krni_cluster *c, const char *what, krn_error *err)
{
    const bool odd = krni_cluster_rank(c) == 1;
    fake_model fake = {.seed = 5, .spread = 0.2, .fail_at = UINT32_MAX, .slow_us = 300};
    uint64_t fingerprint = 77;
    krn_status st = KRN_OK;
    if (strcmp(what, "fail") == 0)
        fake.fail_at = 9;
    if (strcmp(what, "odd") == 0 && odd)
        st = krni_fail(err, KRN_E_DATA, "this machine has no tables");
    if (strcmp(what, "other") == 0 && odd)
        fingerprint++;
    st = krni_cluster_agree(c, st, fingerprint, err);
    if (!st && strcmp(what, "die") == 0 && odd)
        abort();
    if (!st)
        st = ask(c, &fake, 0, err);
    if (!st)
        st = ask(c, &fake, 0.015, err);
    return st;
}

int main(int argc, char **argv)
{
    krn_error err = {0};
    krni_cluster *c = NULL;
    krn_status st = krni_cluster_open(variable, &c, &err);
    if (!st)
        st = run(c, argc > 1 ? argv[1] : "", &err);
    const bool speaks = krni_cluster_rank(c) == 0;
    if (st && speaks)
        (void)printf("%s\n", err.text);
    krni_cluster_close(c);
    return st && speaks ? 3 : 0;
}
