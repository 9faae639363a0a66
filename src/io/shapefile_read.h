/* shapefile_read.h - shapes and tables (.shp, .shx, .dbf) whose bytes lie in memory.
 *
 * shapelib trusts the headers it reads, so every size and place is checked against the bytes first.
 *
 *   ownership  what _open gives is freed by _close; the bytes are borrowed and must live as long
 *   errors     KRN_OK and NULL in *out when there are faults: they are in the list, as
 *              "FILE:RECORD: ..."; KRN_E_LIMIT, KRN_E_MEMORY
 *   bounds     a million records, 255 fields */
#ifndef IO_SHAPEFILE_READ_H
#define IO_SHAPEFILE_READ_H

#include <stdbool.h>

#include "io/faults.h"

#define KRNI_SHAPE_RECORDS 1000000u
#define KRNI_DBF_FIELDS    255u
#define KRNI_DBF_NAME      12

typedef struct krni_bytes {
    const char *file; /* for messages */
    uint32_t rank;    /* of its faults */
    const char *data;
    size_t size;
} krni_bytes;

typedef struct krni_dbf_field {
    char name[KRNI_DBF_NAME]; /* capitals */
    bool is_number, is_text;
} krni_dbf_field;

typedef struct krni_dbf krni_dbf;

krn_status krni_dbf_open(krni_bytes bytes, krn_faults *faults, krni_dbf **out, krn_error *err);
void krni_dbf_close(krni_dbf *dbf); /* may be NULL */
uint32_t krni_dbf_records(const krni_dbf *dbf);
uint32_t krni_dbf_fields(const krni_dbf *dbf, const krni_dbf_field **out);
/* Field of a name in capitals, -1 if there is none. */
int krni_dbf_find(const krni_dbf *dbf, const char *name);
bool krni_dbf_is_deleted(const krni_dbf *dbf, uint32_t record);
/* Text without blanks around it; valid until the next one is asked for. */
const char *krni_dbf_text(const krni_dbf *dbf, uint32_t record, int field);

/* The next shape; x, y are valid until the next one is asked for. */
typedef struct krni_shape {
    uint32_t n_points;
    const double *x, *y;
} krni_shape;

typedef struct krni_shapes krni_shapes;

/* Points, or lines of one part and two points or more, all positions on the globe. Z and M of
 * shapes are left out. */
krn_status krni_shapes_open(krni_bytes shp, krni_bytes shx, bool are_points, krn_faults *faults,
                            krni_shapes **out, krn_error *err);
void krni_shapes_close(krni_shapes *shapes); /* may be NULL */
uint32_t krni_shapes_count(const krni_shapes *shapes);
/* False when shapelib cannot read it, of which a fault is told, as of positions that are none. */
bool krni_shapes_read(krni_shapes *shapes, uint32_t record, krn_faults *faults, krni_shape *out);

#endif
