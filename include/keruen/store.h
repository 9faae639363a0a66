/* store.h - finished replications in a file, as they come; an interrupted ensemble goes on from it.
 *
 * The file is an SQLite database (docs/store-format.md). Each replication is one transaction: after
 * a crash, kill -9 or a full disk at any point it holds all that was saved before, and nothing of
 * what was not. Numbers are kept as their bits, little-endian: the same on any machine.
 *
 *   ownership  krn_store_open / krn_store_close
 *   threads    one thread at a time per store; one process at a time per file (the second is told)
 *   errors     KRN_E_IO (cannot be read or written, in use, disk full), KRN_E_DATA (damaged, or no
 *              store), KRN_E_ARG (a store of another run: the text says what differs)
 */
#ifndef KERUEN_STORE_H
#define KERUEN_STORE_H

#include <keruen/ensemble.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct krn_store krn_store;

/* What the replications are of; borrowed for the call. */
typedef struct krn_store_run {
    uint64_t fingerprint; /* what decides: a file of another one is refused */
    uint64_t seed;
    const char *question; /* JSON object of what was asked: told where files differ */
    uint32_t n_metrics;
    void (*metric_name)(const void *context, uint32_t metric, char *out, size_t size);
    const void *context;
} krn_store_run;

/* The run of a simulation. */
KRN_API krn_store_run krn_store_run_of(const krn_sim *sim, uint64_t seed, const char *question);

/* Opens the file, or makes it when there is none; waits for another process for two seconds. The
 * file is checked as a whole. O(bytes of the file + metrics). */
KRN_API krn_status krn_store_open(const char *path, const krn_store_run *run, krn_store **out,
                                  krn_error *err);
KRN_API void krn_store_close(krn_store *store);

/* Replications that it keeps. */
KRN_API uint32_t krn_store_count(const krn_store *store);

/* For the options of an ensemble; borrows the store. */
KRN_API krn_ensemble_store krn_store_use(krn_store *store);

#ifdef __cplusplus
}
#endif
#endif
