/* trace.h - every event of one replication as a file, and the story of one lot told from it.
 *
 * The file is CSV (docs/trace-format.md): case, activity, instant, lifecycle and what goes with
 * them, in the order of time, as tools for process mining read it.
 *
 *   ownership  krn_trace_create / krn_trace_finish or krn_trace_drop; answers in the caller's arena
 *   threads    one at a time per file
 *   errors     KRN_E_IO (the old file of that name is intact), KRN_E_DATA (a trace with a fault),
 *              KRN_E_NOT_FOUND (no such lot: nearest ones are named), KRN_E_MEMORY, KRN_E_LIMIT
 */
#ifndef KERUEN_TRACE_H
#define KERUEN_TRACE_H

#include <keruen/report.h>
#include <keruen/sim.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- writing ---- */

typedef struct krn_trace_file krn_trace_file;

/* What the numbers of events mean; borrowed until the file is finished. */
typedef struct krn_trace_names {
    const krn_network *network;
    const krn_sim_stream *streams;
    uint32_t n_streams;
    const char *const *ways;      /* words by group of a way; NULL: its number in the stream */
    const char *const *resources; /* by index, n_resources of them */
    uint32_t n_resources;
} krn_trace_names;

/* Names of the resources of a simulation ("border/b-..."), from the arena; ways stays NULL. */
KRN_API krn_status krn_trace_names_of(const krn_sim *sim, const krn_sim_input *input,
                                      krn_arena *arena, krn_trace_names *out, krn_error *err);

/* To a temporary file beside path. */
KRN_API krn_status krn_trace_create(const char *path, const krn_trace_names *names,
                                    krn_trace_file **out, krn_error *err);

/* A krn_sim_trace whose context is the file. */
KRN_API krn_status krn_trace_write(void *file, const krn_sim_trace_event *event, krn_error *err);

/* Renames it to path; frees the file also when that fails. */
KRN_API krn_status krn_trace_finish(krn_trace_file *file, krn_error *err);
/* Leaves nothing behind; file may be NULL. */
KRN_API void krn_trace_drop(krn_trace_file *file);

/* ---- told ---- */

/* What a trace holds: lots, first and last instant, the slowest ten, waiting by cause. package: for
 * the names of places, or NULL. At most 16 million lots (KRN_E_LIMIT). O(bytes of the file). */
KRN_API krn_status krn_report_trace(const char *path, const krn_package *package,
                                    const krn_report_options *options, krn_arena *arena, char **out,
                                    krn_error *err);

/* The story of one lot: when, where, what, how long, and sums. At most 100,000 events of it. */
KRN_API krn_status krn_report_trace_lot(const char *path, uint32_t lot, const krn_package *package,
                                        const krn_report_options *options, krn_arena *arena,
                                        char **out, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
