/* cost_network_table.h - the folder of a cost network: its tables, their columns, and the one
 * descriptor, which writer and reader share. */
#ifndef IO_COST_NETWORK_TABLE_H
#define IO_COST_NETWORK_TABLE_H

#include <stdint.h>

#include <keruen/cost_network.h>

#include "io/faults.h"
#include "io/package_read.h"

#define KRNI_COST_PROFILE    "keruen-cost-network"
#define KRNI_COST_VERSION    1
#define KRNI_COST_FIELD      "field_" /* before the names of further fields in link.csv */
#define KRNI_COST_FILE_BYTES ((size_t)512 * 1024 * 1024)
#define KRNI_COST_MOST_ROWS  1000000u
#define KRNI_COST_NAME_BYTES ((size_t)200)
#define KRNI_COST_MOST_NAMES 1000u /* cost sets, od tables, further fields */

typedef enum krni_cost_table {
    KRNI_COST_NODE,
    KRNI_COST_LINK,
    KRNI_COST_FORMULA,
    KRNI_COST_OD,
    KRNI_COST_TABLES
} krni_cost_table;

/* Columns, in order. */
enum {
    CN_NODE_ID,
    CN_NODE_NAME,
    CN_X_COORD,
    CN_Y_COORD,
    CN_NODE_LAYER,
    CN_LOADS,
    CN_TRANSHIPS,
    CN_CHANGES,
    CN_PASSES,
    CN_NODE_COLUMNS
};
enum {
    CN_LINK_ID,
    CN_FROM_NODE_ID,
    CN_TO_NODE_ID,
    CN_DIRECTED,
    CN_GEOMETRY,
    CN_LENGTH,
    CN_FREE_SPEED,
    CN_CAPACITY,
    CN_LINK_LAYER,
    CN_MODE,
    CN_CLASSES,
    CN_LINK_COLUMNS /* further fields behind them */
};
enum {
    CN_SET,
    CN_LINE,
    CN_KIND,
    CN_VARIABLE,
    CN_FORMULA_MODE,
    CN_VEHICLE_CLASS,
    CN_TO_MODE,
    CN_TO_CLASS,
    CN_GROUP,
    CN_SCENARIO,
    CN_OD_CLASS,
    CN_DURATION,
    CN_FORMULA,
    CN_FORMULA_COLUMNS
};
enum {
    CN_TABLE,
    CN_OD_GROUP,
    CN_OD_OD_CLASS,
    CN_ORIGIN,
    CN_DESTINATION,
    CN_QUANTITY,
    CN_OD_COLUMNS
};

typedef struct krni_cost_column {
    const char *name, *type, *words; /* type: of Frictionless */
} krni_cost_column;

typedef struct krni_cost_format {
    const char *file;
    uint32_t n_columns;
    const krni_cost_column *columns;
} krni_cost_format;

extern const krni_cost_format krni_cost_formats[KRNI_COST_TABLES];

/* "load" ... "stop"; NULL: "variable". */
extern const char *const krni_cost_kinds[KRN_COST_KIND_COUNT];
#define KRNI_COST_VARIABLE "variable"

/* datapackage.json; malloc'd. */
krn_status krni_cost_descriptor_write(const krn_cost_network *network, char **out, krn_error *err);

typedef struct krni_cost_names {
    uint32_t n;
    const char **list;
} krni_cost_names;

typedef struct krni_cost_descriptor {
    const char *name, *title;
    krni_cost_names sets, od_tables, fields;
} krni_cost_descriptor;

/* Reads it into the arena; *out_is false when it is of something else (and nothing is told).
 * faults may be NULL: then only *out_is counts. */
krn_status krni_cost_descriptor_read(const char *text, size_t size, krn_faults *faults,
                                     krn_arena *arena, bool *out_is, krni_cost_descriptor *out,
                                     krn_error *err);

/* cost_network_read.c: a network whose files come through a pair of functions. */
krn_status krni_cost_network_read_from(const krni_files *files, krn_faults *faults,
                                       krn_arena *arena, krn_cost_network *out, krn_error *err);

#endif
