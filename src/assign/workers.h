/* workers.h - threads that share out numbered jobs.
 *
 * A job may write only to what belongs to its number and to the scratch of its worker, so that the
 * outcome does not hang on who did it.
 *
 *   ownership  krni_workers_free ends the threads
 *   errors     a thread that cannot be started is one worker less, and no error */
#ifndef ASSIGN_WORKERS_H
#define ASSIGN_WORKERS_H

#include <stdint.h>

#include <keruen/status.h>

typedef struct krni_workers krni_workers;

typedef void krni_job(void *context, uint32_t job, unsigned worker);

/* n_threads 0: all processors. */
krn_status krni_workers_new(unsigned n_threads, krni_workers **out, krn_error *err);
void krni_workers_free(krni_workers *workers);

/* Number of workers, the caller being worker 0. */
unsigned krni_workers_count(const krni_workers *workers);

/* Runs jobs 0 .. n - 1 and returns when all are done. */
void krni_workers_run(krni_workers *workers, uint32_t n, krni_job *job, void *context);

#endif
