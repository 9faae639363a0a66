/* store_check.h - what a store says of its run, and how two runs differ, in words. */
#ifndef REPORT_STORE_CHECK_H
#define REPORT_STORE_CHECK_H

#include <keruen/store.h>

/* FNV-1a of 64 bits, going on from `hash` (KRNI_HASH_START at first). */
#define KRNI_HASH_START 14695981039346656037u
uint64_t krni_hash(uint64_t hash, const void *bytes, size_t size);

/* Hash of the names of all metrics in their order. */
uint64_t krni_hash_names(const krn_store_run *run);

/* The run of a file, as it was read. */
typedef struct krni_kept_run {
    uint64_t fingerprint, seed, names;
    uint32_t n_metrics;
    const char *question;
} krni_kept_run;

/* KRN_OK when the file is of this run; else KRN_E_ARG with what differs as far as known. */
krn_status krni_compare_runs(const char *path, const krni_kept_run *kept, const krn_store_run *run,
                             krn_error *err);

#endif
