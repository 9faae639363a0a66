/* SPDX-License-Identifier: Apache-2.0 */
/* shapefile_read.c - what the headers claim against the bytes that are there, then shapelib.
 *
 *   .shp  100 bytes, then a record each: number, length (big-endian, in 16-bit words), content
 *   .shx  100 bytes, then 8 a record: place and length, in words
 *   .dbf  32 bytes, 32 a field, 0x0d, then rows of one length, each with a mark of deletion first
 *
 * shapelib opens files by name alone. The name that it gets is the address of our bytes, written as
 * a text: no state is shared, and nothing on the disk is touched. */
#include "io/shapefile_read.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <shapefil.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"

#define HEADER_BYTES 100u
#define ADDRESS_SIZE 32

typedef struct stream {
    const char *data;
    size_t size, at;
    bool there;
} stream;

/* The files of one open handle, by extension. */
typedef struct memory {
    stream shp, shx, dbf;
} memory;

/* ---- hooks of shapelib ---- */

/* "ADDRESS.shp" -> the stream; NULL for every other name. */
static SAFile open_stream(const char *name, const char *access)
{
    char *rest = NULL;
    const uintmax_t address = strtoumax(name, &rest, 16);
    memory *m = (memory *)(uintptr_t)address;
    stream *s = NULL;
    (void)access;
    if (!m || !rest)
        return NULL;
    if (strcmp(rest, ".shp") == 0)
        s = &m->shp;
    else if (strcmp(rest, ".shx") == 0)
        s = &m->shx;
    else if (strcmp(rest, ".dbf") == 0)
        s = &m->dbf;
    if (!s || !s->there)
        return NULL;
    s->at = 0;
    return (SAFile)(void *)s;
}

static SAOffset read_stream(void *to, SAOffset size, SAOffset n, SAFile file)
{
    stream *s = (stream *)(void *)file;
    const size_t left = s->at < s->size ? s->size - s->at : 0;
    if (!size || !n)
        return 0;
    const SAOffset whole = left / size < n ? left / size : n;
    memcpy(to, s->data + (left ? s->at : 0), whole * size);
    s->at += whole * size;
    return whole;
}

static SAOffset write_stream(void *from, SAOffset size, SAOffset n, SAFile file)
{
    (void)from, (void)size, (void)n, (void)file;
    return 0;
}

static SAOffset seek_stream(SAFile file, SAOffset offset, int whence)
{
    stream *s = (stream *)(void *)file;
    const size_t from = whence == SEEK_SET ? 0 : whence == SEEK_CUR ? s->at : s->size;
    if (offset > s->size || from + offset > s->size)
        return (SAOffset)-1;
    s->at = from + offset;
    return 0;
}

static SAOffset tell_stream(SAFile file)
{
    return ((const stream *)(const void *)file)->at;
}

static int flush_stream(SAFile file)
{
    (void)file;
    return 0;
}

static int remove_stream(const char *name)
{
    (void)name;
    return -1;
}

static void pass_over(const char *message)
{
    (void)message;
}

static double number_of(const char *text)
{
    double value = 0.0;
    (void)krni_number_read(text, strlen(text), &value);
    return value;
}

static SAHooks hooks(void)
{
    return (SAHooks){.FOpen = open_stream,
                     .FRead = read_stream,
                     .FWrite = write_stream,
                     .FSeek = seek_stream,
                     .FTell = tell_stream,
                     .FFlush = flush_stream,
                     .FClose = flush_stream,
                     .Remove = remove_stream,
                     .Error = pass_over,
                     .Atof = number_of};
}

static void write_address(const memory *m, char out[ADDRESS_SIZE])
{
    (void)snprintf(out, ADDRESS_SIZE, "%" PRIxMAX, (uintmax_t)(uintptr_t)m);
}

/* ---- bytes ---- */

static uint32_t big_u32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

static uint32_t little_u32(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[3] << 24 | (uint32_t)b[2] << 16 | (uint32_t)b[1] << 8 | b[0];
}

static uint32_t little_u16(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (uint32_t)b[1] << 8 | b[0];
}

static void fault(krn_faults *faults, krni_bytes in, uint32_t record, const char *name,
                  const char *value, const char *expected)
{
    const krni_place place = {in.rank, in.file, record, 0, name};
    krni_fault(faults, place, value, strlen(value), "%s", expected);
}

static void fault_number(krn_faults *faults, krni_bytes in, uint32_t record, const char *name,
                         uint64_t value, const char *format, uint64_t wanted)
{
    char found[32], expected[96];
    (void)snprintf(found, sizeof found, "%" PRIu64, value);
    (void)snprintf(expected, sizeof expected, format, wanted);
    fault(faults, in, record, name, found, expected);
}

/* ---- tables ---- */

struct krni_dbf {
    memory bytes;
    DBFHandle handle;
    uint32_t n_records, n_fields;
    krni_dbf_field fields[KRNI_DBF_FIELDS];
};

/* Name in capitals; false if it holds anything but letters, digits and '_'. */
static bool take_name(const char *at, char out[KRNI_DBF_NAME])
{
    size_t n = 0;
    bool plain = true;
    for (; n < 11 && at[n]; n++) {
        const unsigned char c = (unsigned char)at[n];
        plain = plain && c < 0x80 && (isalnum(c) || c == '_');
        out[n] = (char)(c < 0x80 ? toupper(c) : '?');
    }
    while (n && out[n - 1] == ' ')
        n--;
    out[n] = '\0';
    return plain && n;
}

/* Fields of the header; false with a fault. */
static bool check_fields(krni_dbf *dbf, krni_bytes in, uint32_t head, uint32_t row,
                         krn_faults *faults)
{
    uint64_t width = 1; /* the mark of deletion */
    uint32_t at = 32;
    bool good = true;
    for (; at + 32 <= head && in.data[at] != '\r'; at += 32) {
        if (dbf->n_fields == KRNI_DBF_FIELDS) {
            fault(faults, in, 0, "(header)", "256 fields or more", "at most 255 fields");
            return false;
        }
        krni_dbf_field *f = &dbf->fields[dbf->n_fields];
        const char type = in.data[at + 11];
        const bool plain = take_name(in.data + at, f->name);
        f->is_number = plain && (type == 'N' || type == 'F');
        f->is_text = type == 'C';
        if (krni_dbf_find(dbf, f->name) >= 0) {
            fault(faults, in, 0, "(header)", f->name, "a name of a field that stands only once");
            good = false;
        }
        dbf->n_fields++;
        width += (unsigned char)in.data[at + 16];
    }
    if (!dbf->n_fields) {
        fault(faults, in, 0, "(header)", "no fields", "a field or more");
        return false;
    }
    if (width > row) {
        fault_number(faults, in, 0, "(header)", row,
                     "a length of rows of %" PRIu64 " bytes or more, as the fields are long",
                     width);
        return false;
    }
    return good;
}

static bool check_table(krni_dbf *dbf, krni_bytes in, krn_faults *faults)
{
    if (in.size < 33) {
        fault_number(faults, in, 0, "(size)", in.size, "a file of %" PRIu64 " bytes or more", 33);
        return false;
    }
    const uint64_t n = little_u32(in.data + 4);
    const uint32_t head = little_u16(in.data + 8), row = little_u16(in.data + 10);
    if (head < 65 || head > in.size) {
        fault_number(faults, in, 0, "(header)", head,
                     "a length of the header of 65 to %" PRIu64 " bytes", in.size);
        return false;
    }
    if (row < 2) {
        fault_number(faults, in, 0, "(header)", row,
                     "a length of rows of %" PRIu64 " bytes or more", 2);
        return false;
    }
    if (head + n * row > in.size) {
        fault_number(faults, in, 0, "(size)", in.size,
                     "a file of %" PRIu64 " bytes or more, as the header counts rows",
                     head + n * row);
        return false;
    }
    dbf->n_records = (uint32_t)n;
    return check_fields(dbf, in, head, row, faults);
}

krn_status krni_dbf_open(krni_bytes in, krn_faults *faults, krni_dbf **out, krn_error *err)
{
    char name[ADDRESS_SIZE];
    SAHooks ours = hooks();
    *out = NULL;
    krni_dbf *dbf = calloc(1, sizeof *dbf);
    if (!dbf)
        return krni_fail_memory(err);
    krn_status status = KRN_OK;
    dbf->bytes.dbf = (stream){in.data, in.size, 0, true};
    if (!check_table(dbf, in, faults))
        goto done;
    if (dbf->n_records > KRNI_SHAPE_RECORDS) {
        status =
            krni_fail(err, KRN_E_LIMIT, "%s: more than %u records", in.file, KRNI_SHAPE_RECORDS);
        goto done;
    }
    write_address(&dbf->bytes, name);
    dbf->handle = DBFOpenLL(name, "rb", &ours);
    if (!dbf->handle || DBFGetRecordCount(dbf->handle) != (int)dbf->n_records ||
        DBFGetFieldCount(dbf->handle) != (int)dbf->n_fields)
        fault(faults, in, 0, "(header)", "a damaged header", "a DBF table");
    else
        *out = dbf;
done:
    if (!*out)
        krni_dbf_close(dbf);
    return status;
}

void krni_dbf_close(krni_dbf *dbf)
{
    if (!dbf)
        return;
    if (dbf->handle)
        DBFClose(dbf->handle);
    free(dbf);
}

uint32_t krni_dbf_records(const krni_dbf *dbf)
{
    return dbf->n_records;
}

uint32_t krni_dbf_fields(const krni_dbf *dbf, const krni_dbf_field **out)
{
    *out = dbf->fields;
    return dbf->n_fields;
}

int krni_dbf_find(const krni_dbf *dbf, const char *name)
{
    for (uint32_t i = 0; i < dbf->n_fields; i++)
        if (strcmp(dbf->fields[i].name, name) == 0)
            return (int)i;
    return -1;
}

bool krni_dbf_is_deleted(const krni_dbf *dbf, uint32_t record)
{
    return DBFIsRecordDeleted(dbf->handle, (int)record) != 0;
}

const char *krni_dbf_text(const krni_dbf *dbf, uint32_t record, int field)
{
    assert(record < dbf->n_records && field >= 0 && (uint32_t)field < dbf->n_fields);
    const char *text = DBFReadStringAttribute(dbf->handle, (int)record, field);
    return text ? text : "";
}

/* ---- shapes ---- */

struct krni_shapes {
    memory bytes;
    krni_bytes shp;
    SHPHandle handle;
    SHPObject *object;
    uint32_t n_records;
    bool are_points;
};

/* Magic, length and type of a header; the type goes to *out. */
static bool check_header(krni_bytes in, krn_faults *faults, uint32_t *out_type)
{
    if (in.size < HEADER_BYTES) {
        fault_number(faults, in, 0, "(size)", in.size, "a file of %" PRIu64 " bytes or more",
                     HEADER_BYTES);
        return false;
    }
    if (big_u32(in.data) != 9994 || little_u32(in.data + 28) != 1000) {
        fault(faults, in, 0, "(header)", "another beginning",
              "the header of a shapefile (9994, version 1000)");
        return false;
    }
    const uint64_t bytes = 2 * (uint64_t)big_u32(in.data + 24);
    if (bytes > in.size) { /* NODUS counts 8 bytes less than it writes */
        fault_number(faults, in, 0, "(size)", in.size,
                     "a file of %" PRIu64 " bytes or more, as the header says", bytes);
        return false;
    }
    *out_type = little_u32(in.data + 32);
    return true;
}

static bool is_wanted_type(uint32_t type, bool are_points)
{
    return are_points ? type == SHPT_POINT || type == SHPT_POINTZ || type == SHPT_POINTM
                      : type == SHPT_ARC || type == SHPT_ARCZ || type == SHPT_ARCM;
}

static const char *wanted_words(bool are_points)
{
    return are_points ? "a point (type 1, 11 or 21)" : "a line (type 3, 13 or 23)";
}

static void fault_type(krn_faults *faults, krni_bytes in, uint32_t record, uint32_t type,
                       const char *expected)
{
    char found[32];
    (void)snprintf(found, sizeof found, "type %" PRIu32, type);
    fault(faults, in, record, "(type)", found, expected);
}

/* Content of a record of `size` bytes at `at`. */
static bool check_content(const krni_shapes *s, uint32_t record, size_t at, size_t size,
                          krn_faults *faults)
{
    const char *content = s->shp.data + at;
    const uint32_t type = size >= 4 ? little_u32(content) : UINT32_MAX;
    if (!is_wanted_type(type, s->are_points)) {
        fault_type(faults, s->shp, record + 1, type, wanted_words(s->are_points));
        return false;
    }
    if (s->are_points) {
        const size_t wanted = type == SHPT_POINT ? 20 : 28;
        if (size < wanted)
            fault_number(faults, s->shp, record + 1, "(size)", size, "%" PRIu64 " bytes of a point",
                         wanted);
        return size >= wanted;
    }
    const uint64_t parts = size >= 44 ? little_u32(content + 36) : 0,
                   points = size >= 44 ? little_u32(content + 40) : 0;
    if (parts != 1 || points < 2) {
        fault_number(faults, s->shp, record + 1, parts != 1 ? "(parts)" : "(points)",
                     parts != 1 ? parts : points,
                     "a line of one part and %" PRIu64 " points or more", 2);
        return false;
    }
    const uint64_t wanted = 48 + 16 * points + (type == SHPT_ARCZ ? 16 + 8 * points : 0);
    if (size < wanted) {
        fault_number(faults, s->shp, record + 1, "(size)", size,
                     "%" PRIu64 " bytes, as the points are counted", wanted);
        return false;
    }
    if (little_u32(content + 44) != 0)
        fault_number(faults, s->shp, record + 1, "(part)", little_u32(content + 44),
                     "a part that begins at point %" PRIu64, 0);
    return little_u32(content + 44) == 0;
}

static bool check_record(const krni_shapes *s, krni_bytes shx, uint32_t record, uint64_t *sum,
                         krn_faults *faults)
{
    const char *entry = shx.data + HEADER_BYTES + 8 * (size_t)record;
    const uint64_t at = 2 * (uint64_t)big_u32(entry), size = 2 * (uint64_t)big_u32(entry + 4);
    if (at < HEADER_BYTES || at + 8 + size > s->shp.size) {
        fault_number(faults, shx, record + 1, "(record)", at,
                     "a place of a record within the %" PRIu64 " bytes of the .shp file",
                     s->shp.size);
        return false;
    }
    const uint64_t stated = 2 * (uint64_t)big_u32(s->shp.data + at + 4);
    if (stated != size) {
        fault_number(faults, s->shp, record + 1, "(size)", stated,
                     "a record of %" PRIu64 " bytes, as the .shx file says", size);
        return false;
    }
    *sum += 8 + size;
    return check_content(s, record, (size_t)at + 8, (size_t)size, faults);
}

static bool check_shapes(krni_shapes *s, krni_bytes shx, krn_faults *faults)
{
    uint32_t type = 0, type_too = 0;
    uint64_t sum = HEADER_BYTES;
    bool good = check_header(s->shp, faults, &type);
    good = check_header(shx, faults, &type_too) && good;
    if (!good)
        return false;
    if (!is_wanted_type(type, s->are_points)) {
        fault_type(faults, s->shp, 0, type, wanted_words(s->are_points));
        return false;
    }
    if (type_too != type) {
        fault_type(faults, shx, 0, type_too, "the type of the .shp file");
        return false;
    }
    for (uint32_t i = 0; i < s->n_records; i++)
        good = check_record(s, shx, i, &sum, faults) && good;
    if (good && sum > s->shp.size) {
        fault_number(faults, shx, 0, "(records)", sum,
                     "records that are apart, in %" PRIu64 " bytes of the .shp file", s->shp.size);
        return false;
    }
    return good;
}

krn_status krni_shapes_open(krni_bytes shp, krni_bytes shx, bool are_points, krn_faults *faults,
                            krni_shapes **out, krn_error *err)
{
    char name[ADDRESS_SIZE];
    SAHooks ours = hooks();
    *out = NULL;
    if (shx.size >= HEADER_BYTES && (shx.size - HEADER_BYTES) / 8 > KRNI_SHAPE_RECORDS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u records", shx.file,
                         KRNI_SHAPE_RECORDS);
    krni_shapes *s = calloc(1, sizeof *s);
    if (!s)
        return krni_fail_memory(err);
    s->bytes.shp = (stream){shp.data, shp.size, 0, true};
    s->bytes.shx = (stream){shx.data, shx.size, 0, true};
    s->shp = shp;
    s->are_points = are_points;
    s->n_records = shx.size >= HEADER_BYTES ? (uint32_t)((shx.size - HEADER_BYTES) / 8) : 0;
    if (check_shapes(s, shx, faults)) {
        write_address(&s->bytes, name);
        s->handle = SHPOpenLL(name, "rb", &ours);
        if (s->handle && s->handle->nRecords == (int)s->n_records) {
            SHPSetFastModeReadObject(s->handle, 1);
            *out = s;
        } else
            fault(faults, shp, 0, "(header)", "a damaged header", "a shapefile");
    }
    if (!*out)
        krni_shapes_close(s);
    return KRN_OK;
}

void krni_shapes_close(krni_shapes *shapes)
{
    if (!shapes)
        return;
    if (shapes->object)
        SHPDestroyObject(shapes->object);
    if (shapes->handle)
        SHPClose(shapes->handle);
    free(shapes);
}

uint32_t krni_shapes_count(const krni_shapes *shapes)
{
    return shapes->n_records;
}

static bool check_position(const krni_shapes *s, uint32_t record, double value, double most,
                           const char *name, krn_faults *faults)
{
    char found[KRNI_NUMBER_EXACT_SIZE];
    if (value >= -most && value <= most)
        return true;
    krni_number_exact(value, 9, found);
    fault(faults, s->shp, record + 1, name,
          isnan(value)   ? "NaN"
          : isinf(value) ? "infinite"
                         : found,
          most > 90.0 ? "degrees from -180 to 180" : "degrees from -90 to 90");
    return false;
}

bool krni_shapes_read(krni_shapes *s, uint32_t record, krn_faults *faults, krni_shape *out)
{
    bool good = true;
    assert(record < s->n_records);
    if (s->object)
        SHPDestroyObject(s->object);
    s->object = SHPReadObject(s->handle, (int)record);
    if (!s->object || s->object->nVertices < 1) {
        fault(faults, s->shp, record + 1, "(record)", "damaged", wanted_words(s->are_points));
        return false;
    }
    *out = (krni_shape){(uint32_t)s->object->nVertices, s->object->padfX, s->object->padfY};
    for (uint32_t i = 0; i < out->n_points && good; i++) {
        good = check_position(s, record, out->x[i], 180.0, "(longitude)", faults);
        good = check_position(s, record, out->y[i], 90.0, "(latitude)", faults) && good;
    }
    return good;
}
