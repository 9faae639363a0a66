/* nodus_read.h - a project of NODUS being read: what was found so far, layer by layer.
 *
 * Ranks of faults: 0 the project, then layers and tables as they are named, then .costs files. */
#ifndef IO_NODUS_READ_H
#define IO_NODUS_READ_H

#include <keruen/nodus.h>

#include "io/faults.h"
#include "io/package_read.h"
#include "io/shapefile_read.h"

#define KRNI_NODUS_BYTES    ((size_t)64 * 1024 * 1024)
#define KRNI_NODUS_CLASSES  99 /* modes and classes are 1..99 */
#define KRNI_NODUS_GROUPS   99
#define KRNI_NODUS_SCENARIO 999
#define KRNI_NODUS_FORMULAS 1000u
#define KRNI_NODUS_FIELDS   1000u

#define KRNI_NODUS_LIST     256

/* Sentences, in the order told. */
typedef struct krni_notes {
    krn_arena *arena;
    const char **texts;
    uint32_t n, room;
    bool failed; /* no memory for one of them */
} krni_notes;

void krni_note(krni_notes *notes, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Array that doubles on an arena; NULL when memory runs out. */
void *krni_arena_grow(krn_arena *arena, const void *old, uint32_t n, uint32_t *room, size_t size);

/* A node or link before all of them are known. */
typedef struct krni_nodus_node {
    krn_cost_node node;
    uint32_t rank, record;
    const char *file;
} krni_nodus_node;

typedef struct krni_nodus_link {
    krn_cost_link link;
    int64_t ends[2];
    uint32_t rank, record;
    const char *file;
    const double *values;  /* of numeric fields of its layer */
    const uint32_t *slots; /* where they stand among all fields */
    uint32_t n_values;
} krni_nodus_link;

typedef struct krni_nodus {
    const krni_files *files;
    krn_arena *arena;
    krn_faults *faults;
    krni_notes notes;
    uint32_t next_rank;
    bool nodes_known; /* all node layers were read without a fault */
    krni_nodus_node *nodes;
    krni_nodus_link *links;
    uint32_t n_nodes, node_room, n_links, link_room;
    const char **fields;
    uint32_t n_fields, field_room;
    krn_od_table *tables;
    uint32_t n_tables, table_room;
    krn_cost_set *sets;
    uint32_t n_sets, set_room;
    char labels[KRNI_NODUS_LIST], node_fields[KRNI_NODUS_LIST]; /* names of what is not used */
} krni_nodus;

/* NAME.EXTENSION of the project, from the arena's file name; *out_text malloc'd. A file that is not
 * there is a fault, and NULL. */
krn_status krni_nodus_file(krni_nodus *p, const char *name, const char *extension, uint32_t rank,
                           char **out_text, krni_bytes *out, krn_error *err);

/* nodus_layer.c: one layer; then all nodes and links by id, ends found, lengths. */
krn_status krni_nodus_nodes(krni_nodus *p, const char *layer, krn_error *err);
krn_status krni_nodus_links(krni_nodus *p, const char *layer, krn_error *err);
krn_status krni_nodus_sort_nodes(krni_nodus *p, krn_error *err);
krn_status krni_nodus_join(krni_nodus *p, krn_cost_network *out, krn_error *err);
/* Node of an id; -1 if there is none. Nodes are sorted. */
int64_t krni_nodus_find(const krni_nodus *p, int64_t id);

/* Sum of great circles along a line on a sphere of 6378.137 km, as NODUS rounds it. */
double krni_nodus_length_km(const double *points_deg, uint32_t n_points);

/* nodus_od.c: one table. optional: a file that is no od table, or is damaged, is a note. */
krn_status krni_nodus_od(krni_nodus *p, const char *name, bool optional, krn_error *err);

/* nodus_costs.c: one .costs file from its bytes, which are changed. text[size] must be there. */
krn_status krni_nodus_costs(krni_nodus *p, const char *file, char *text, size_t size,
                            krn_error *err);

/* What a number of a table may be. */
typedef struct krni_nodus_range {
    bool is_whole;
    double least, most;
    const char *expected;
} krni_nodus_range;

/* A number of a DBF table; false with a fault. */
bool krni_nodus_number(krni_nodus *p, krni_bytes in, const krni_dbf *dbf, uint32_t record,
                       int field, const krni_nodus_range *range, double *out);

/* nodus_project.c: PROJECT.nodus whose files come through p->files. */
krn_status krni_nodus_read_from(const krni_files *files, const char *project, krn_faults *faults,
                                krn_arena *arena, krn_cost_network *out, krn_cost_notes *out_notes,
                                krn_error *err);

#endif
