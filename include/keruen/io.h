/* io.h - packages, own measures and snapshots from files: read once, checked whole, trusted after.
 *
 *   ownership  *out is the caller's: krn_package_free, krn_network_free, krn_faults_free
 *   errors     KRN_E_IO (a file cannot be read), KRN_E_DATA (faults; the first one is the error's
 *              text, all are in the list, at most 10,000), KRN_E_SNAPSHOT, KRN_E_LIMIT
 *   bounds     a table file: 64 MiB, 4 million rows, 67 million cells, 1024 columns, 1 MiB a field;
 *              a measure: 4 MiB, 10,000 changes; all texts of a package: 1 GiB
 */
#ifndef KERUEN_IO_H
#define KERUEN_IO_H

#include <keruen/arena.h>
#include <keruen/demand.h>
#include <keruen/network.h>
#include <keruen/omx.h>
#include <keruen/package.h>

#ifdef __cplusplus
extern "C" {
#endif

/* All faults found, in the order of files, lines and columns. */
typedef struct krn_faults krn_faults;

KRN_API krn_faults *krn_faults_new(void);
KRN_API void krn_faults_free(krn_faults *faults);
KRN_API uint32_t krn_faults_count(const krn_faults *faults);

/* One fault: "link.csv:12: length: 3,5: a number of km in 0..30000 was expected". */
KRN_API const char *krn_faults_text(const krn_faults *faults, uint32_t index);

/* Reads and checks a package folder with own measures beside it (paths; n_own may be 0). faults may
 * be NULL. With faults the package is not made: nothing is half accepted. */
KRN_API krn_status krn_package_load(const char *folder, const char *const *own_measures,
                                    uint32_t n_own, krn_faults *faults, krn_package **out,
                                    krn_error *err);

/* The format as a Markdown document and as a Frictionless descriptor for a package, printed from
 * the description of columns. From the arena. */
KRN_API krn_status krn_format_markdown(krn_arena *arena, char **out, krn_error *err);
KRN_API krn_status krn_format_datapackage(const krn_package *package, krn_arena *arena, char **out,
                                          krn_error *err);

/* A user's table of demand (CSV), whole or not at all; faults may be NULL. Columns: origin,
 * destination (places by id, code or name), commodity; tonnes, or units ("20x42G1"); optional:
 *   lot_t         one shipment; blank: the largest lot of flow.csv for the commodity, else for its
 *                 cargo class, else the whole row
 *   loading_unit  what the tonnes are packed in
 *   ready, due    the row is one consignment, ready then (local time of the origin, due of the
 *                 destination); blank: tonnes a year, over the months of flow_month.csv
 * Rows keep the order of the file; those without units, tonnes or places are faults. KRN_E_LIMIT
 * beyond 64 MiB or a million rows. O(rows * (places + rows of flow_month.csv)). */
KRN_API krn_status krn_demand_read(const krn_package *package, const char *path, krn_faults *faults,
                                   krn_arena *arena, krn_demand_list *out, krn_error *err);

/* Demand as matrices of tonnes a year (scaled): one by commodity, in the order of their keys, and
 * "total"; zones by id of node.csv, those that the list names. Dated consignments are left out.
 * From the arena. */
KRN_API krn_status krn_demand_to_omx(const krn_package *package, const krn_demand_list *list,
                                     double demand_share, krn_arena *arena, krn_omx *out,
                                     krn_error *err);

/* And back, whole or not at all: matrices named by commodity ("total" is passed over), zones by
 * place; lots and months are those of the package. name: for messages; faults may be NULL. */
KRN_API krn_status krn_demand_from_omx(const krn_package *package, const char *name,
                                       const krn_omx *omx, krn_faults *faults, krn_arena *arena,
                                       krn_demand_list *out, krn_error *err);

/* Waits at a resource by its load. */
typedef struct krn_wait_table {
    const char *resource; /* name as an assignment tells it: "border/b-..." */
    uint32_t n_points;    /* >= 2 */
    double *load_a_day;   /* ascending, the first 0 */
    double *wait_h;       /* >= 0, not descending */
} krn_wait_table;

/* A user's tables of waits (CSV), whole or not at all; faults may be NULL. Columns: resource,
 * load_a_day, wait_h; rows of one resource stand together. KRN_E_LIMIT beyond 64 MiB or a million
 * rows. From the arena, in the order of the file. O(rows + resources^2). */
KRN_API krn_status krn_wait_tables_read(const char *path, krn_faults *faults, krn_arena *arena,
                                        krn_wait_table **out, uint32_t *out_n, krn_error *err);

/* Writes a compiled network with its scenario: to a temporary file beside path, then renamed. */
KRN_API krn_status krn_snapshot_write(const krn_network *network, const char *path, krn_error *err);

/* Maps a snapshot. Magic, format version, byte order, size and checksum are checked, then the
 * invariants of the network; a damaged one is refused with the reason. Under 2 ms on the shipped
 * corridor. */
KRN_API krn_status krn_snapshot_map(const char *path, krn_network **out, krn_error *err);

/* Whole file to a NUL-terminated text of at most limit_bytes (else KRN_E_LIMIT); free() it. */
KRN_API krn_status krn_file_read(const char *path, size_t limit_bytes, char **out, size_t *out_size,
                                 krn_error *err);

/* ---- the trace of a simulation (docs/trace-format.md) ---- */

typedef enum krn_trace_step { KRN_STEP_WAIT, KRN_STEP_START, KRN_STEP_COMPLETE } krn_trace_step;

/* "wait", "start", "complete". */
KRN_API const char *krn_trace_step_name(krn_trace_step step);

/* One row; texts are valid for the call. */
typedef struct krn_trace_row {
    uint32_t lot; /* >= 1 */
    krn_time at;
    krn_trace_step step;
    double net_t;
    const char *activity, *from, *to, *resource, *cause, *commodity, *relation, *way;
} krn_trace_row;

/* Reads a trace row by row, in memory of 200 KiB. The first fault ends it with KRN_E_DATA
 * ("trace.csv:12: timestamp: 2027-13-01: ... was expected"), as does a visit that is not KRN_OK
 * with its own status. At most 4,294,967,294 rows of 64 KiB. O(bytes). */
typedef krn_status (*krn_trace_visit)(void *context, const krn_trace_row *row, krn_error *err);
KRN_API krn_status krn_trace_read(const char *path, krn_trace_visit visit, void *context,
                                  krn_error *err);
/* The same of bytes that hold a whole trace; they are changed. name: for messages. */
KRN_API krn_status krn_trace_parse(const char *name, char *text, size_t size, krn_trace_visit visit,
                                   void *context, krn_error *err);

/* Text to a file by way of a temporary one beside it; on failure the old file is intact. */
KRN_API krn_status krn_file_write(const char *path, const char *text, size_t size, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
