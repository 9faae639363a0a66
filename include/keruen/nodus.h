/* nodus.h - cost networks from projects of NODUS, and as folders of tables.
 *
 *   ownership  all that is read lives in the caller's arena
 *   errors     KRN_E_IO, KRN_E_DATA (faults with file, row or line, column, value, expected),
 *              KRN_E_LIMIT, KRN_E_MEMORY
 *   bounds     a million nodes, links and od rows, 1000 formulas a set, 64 MiB a file
 */
#ifndef KERUEN_NODUS_H
#define KERUEN_NODUS_H

#include <keruen/cost_network.h>
#include <keruen/io.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What a reader could not use: one sentence each, in the order met. */
typedef struct krn_cost_notes {
    uint32_t n;
    const char *const *texts;
} krn_cost_notes;

/* Reads a project of NODUS (PROJECT.nodus with its layers, od tables and .costs files beside it),
 * whole or not at all. */
KRN_API krn_status krn_nodus_read(const char *project_path, krn_faults *faults, krn_arena *arena,
                                  krn_cost_network *out, krn_cost_notes *out_notes, krn_error *err);

/* The same network as a folder of tables (docs/cost-network.md), and back. */
KRN_API krn_status krn_cost_network_write(const krn_cost_network *network, const char *folder,
                                          krn_error *err);
KRN_API krn_status krn_cost_network_read(const char *folder, krn_faults *faults, krn_arena *arena,
                                         krn_cost_network *out, krn_error *err);
/* Whether a folder holds such a network (by its datapackage.json). */
KRN_API bool krn_cost_network_is(const char *folder);

#ifdef __cplusplus
}
#endif
#endif
