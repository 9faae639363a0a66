/* package_read.h - a package being read: where its files are, what was found so far.
 *
 * Files come through two functions, so that a package can be a folder or lie in memory. */
#ifndef IO_PACKAGE_READ_H
#define IO_PACKAGE_READ_H

#include <stdbool.h>

#include "io/faults.h"
#include "model/tables.h"

#define KRNI_TABLE_BYTES   ((size_t)64 * 1024 * 1024)
#define KRNI_MEASURE_BYTES ((size_t)4 * 1024 * 1024)
#define KRNI_MEASURE_FILES 10000u

typedef struct krni_files {
    void *context;
    const char *origin;
    /* Text of a file by its name inside the package, malloc'd and NUL-terminated; NULL and KRN_OK
     * if there is none. */
    krn_status (*read)(void *context, const char *name, size_t limit, char **out, size_t *out_size,
                       krn_error *err);
    /* Names in a folder of the package, ascending, from the arena; none if there is no such. */
    krn_status (*list)(void *context, const char *folder, krn_arena *arena, uint32_t *out_n,
                       const char ***out, krn_error *err);
} krni_files;

/* The files of a folder; both texts must live as long. origin: for messages. */
krni_files krni_folder_files(char *folder, const char *origin);

/* The first line of a table's file. */
typedef struct krni_header {
    bool present;
    uint32_t n;
    const char *const *names;
} krni_header;

typedef struct krni_reading {
    const krni_files *files;
    krni_builder *builder;
    krn_arena *arena; /* of the builder */
    krn_faults *faults;
    krni_header headers[KRN_TABLE_COUNT];
    uint32_t n_measure_names;
    const char *const *measure_names; /* files in measure/, ascending */
} krni_reading;

/* All CSV tables. Faults go to the list; a status other than KRN_OK ends the reading. */
krn_status krni_read_tables(krni_reading *reading, krn_error *err);

/* One table from the text of its file (changed in the course). */
krn_status krni_read_table(krni_reading *reading, krn_table table, char *text, size_t size,
                           krn_error *err);

/* Reads and checks a whole package, own measures by path. */
krn_status krni_package_load_from(const krni_files *files, const char *const *own_measures,
                                  uint32_t n_own, krn_faults *faults, krn_package **out,
                                  krn_error *err);

/* Place of a cell for a fault. */
krni_place krni_cell_place(krn_table table, const char *file, uint32_t line, uint32_t column,
                           const char *name);

#endif
