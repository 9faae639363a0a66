/* SPDX-License-Identifier: Apache-2.0 */
/* nodus_layer.c - layers of nodes and links: a shape and a row of the table each.
 *
 *   nodes   num, style, tranship, then what the modeller likes
 *   links   num, style, enabled, node1, node2, mode, means, capacity, speed, then the same
 *
 * Further numeric fields of links may stand in formulas. Fields are found by name, whatever the
 * case. NODUS keeps the sum of angles along a line and the length in 32-bit floats, which a total
 * printed with all digits shows; so it is done here too. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "io/nodus_read.h"
#include "io/properties.h"

#define MOST_ID   1e15
#define RADIUS_KM 6378.137
#define RADIAN    (3.14159265358979323846 / 180.0)

enum { NUM, ENABLED, NODE1, NODE2, MODE, MEANS, CAPACITY, SPEED, TRANSHIP, STYLE, N_KNOWN };

static const char *const known[N_KNOWN] = {"NUM",   "ENABLED",  "NODE1", "NODE2",    "MODE",
                                           "MEANS", "CAPACITY", "SPEED", "TRANSHIP", "STYLE"};

static const krni_nodus_range ids = {true, -MOST_ID, MOST_ID, "a whole number"};

/* One layer while it is read. */
typedef struct layer {
    krni_nodus *p;
    const char *name;
    krni_bytes table, shape; /* data: malloc'd below */
    char *texts[3];
    krni_dbf *dbf;
    krni_shapes *shapes;
    int fields[N_KNOWN];
    uint32_t n_left_out;
} layer;

/* ---- lengths ---- */

static double angle_between(const double *a, const double *b)
{
    const double lat_a = a[1] * RADIAN, lat_b = b[1] * RADIAN;
    const double s = sin((lat_b - lat_a) / 2.0);
    const double t = sin((b[0] * RADIAN - a[0] * RADIAN) / 2.0);
    const double h = s * s + cos(lat_a) * cos(lat_b) * t * t;
    return 2.0 * asin(sqrt(h < 1.0 ? h : 1.0));
}

double krni_nodus_length_km(const double *points_deg, uint32_t n_points)
{
    float angle = 0.0F;
    for (uint32_t i = 1; i < n_points; i++)
        angle = (float)((double)angle + angle_between(points_deg + 2 * i - 2, points_deg + 2 * i));
    return (double)(angle * (float)RADIUS_KM);
}

/* ---- cells ---- */

static krni_place place_of(krni_bytes in, uint32_t record, const char *name)
{
    return (krni_place){in.rank, in.file, record, 0, name};
}

bool krni_nodus_number(krni_nodus *p, krni_bytes in, const krni_dbf *dbf, uint32_t record,
                       int field, const krni_nodus_range *range, double *out)
{
    const krni_dbf_field *fields;
    const char *text = krni_dbf_text(dbf, record, field);
    size_t length = strlen(text);
    double value = 0.0;
    (void)krni_dbf_fields(dbf, &fields);
    const size_t dot = length && text[length - 1] == '.' ? 1 : 0; /* "12." */
    if (krni_number_read(text, length - dot, &value) && value >= range->least &&
        value <= range->most && (!range->is_whole || value == floor(value))) {
        *out = value;
        return true;
    }
    krni_fault(p->faults, place_of(in, record + 1, fields[field].name), text, length, "%s",
               range->expected);
    return false;
}

static bool read_cell(layer *l, uint32_t record, int known_field, const krni_nodus_range *range,
                      double *out)
{
    return krni_nodus_number(l->p, l->table, l->dbf, record, l->fields[known_field], range, out);
}

/* Text of a field as UTF-8; "" for none. NULL when memory runs out. */
static const char *label_of(layer *l, uint32_t record, int field)
{
    if (field < 0)
        return "";
    size_t size = 0;
    char *text = krn_arena_text(l->p->arena, krni_dbf_text(l->dbf, record, field));
    return text ? krni_text_as_utf8(text, strlen(text), l->p->arena, &size) : NULL;
}

/* The field that names nodes: NAME, else one with NAME in it, else the first text. */
static int label_field(const layer *l)
{
    const krni_dbf_field *fields;
    const uint32_t n = krni_dbf_fields(l->dbf, &fields);
    int first = -1, named = -1;
    for (uint32_t i = 0; i < n; i++) {
        if (!fields[i].is_text)
            continue;
        if (strcmp(fields[i].name, "NAME") == 0)
            return (int)i;
        if (named < 0 && strstr(fields[i].name, "NAME"))
            named = (int)i;
        if (first < 0)
            first = (int)i;
    }
    return named >= 0 ? named : first;
}

/* ---- files ---- */

krn_status krni_nodus_file(krni_nodus *p, const char *name, const char *extension, uint32_t rank,
                           char **out_text, krni_bytes *out, krn_error *err)
{
    const size_t size = strlen(name) + strlen(extension) + 1;
    char *file = krn_arena_alloc(p->arena, size);
    if (!file)
        return krni_fail_memory(err);
    (void)snprintf(file, size, "%s%s", name, extension);
    *out = (krni_bytes){.file = file, .rank = rank};
    const krn_status status =
        p->files->read(p->files->context, file, KRNI_NODUS_BYTES, out_text, &out->size, err);
    out->data = *out_text;
    if (!status && !out->data)
        krni_fault(p->faults, place_of(*out, 0, "(file)"), "", 0,
                   "a file in the folder of the project");
    return status;
}

static bool need_fields(layer *l, const int *wanted, int n)
{
    bool good = true;
    const krni_dbf_field *fields;
    (void)krni_dbf_fields(l->dbf, &fields);
    for (int i = 0; i < N_KNOWN; i++)
        l->fields[i] = krni_dbf_find(l->dbf, known[i]);
    for (int i = 0; i < n; i++) {
        const int field = l->fields[wanted[i]];
        if (field >= 0 && fields[field].is_number)
            continue;
        krni_fault(l->p->faults, place_of(l->table, 0, known[wanted[i]]), "(missing)", 9,
                   "a numeric field of this name");
        good = false;
    }
    return good;
}

static void close_layer(layer *l)
{
    krni_dbf_close(l->dbf);
    krni_shapes_close(l->shapes);
    for (int i = 0; i < 3; i++)
        free(l->texts[i]);
}

/* Both files and their fields; *out_good false with faults. */
static krn_status open_layer(layer *l, bool are_points, const int *wanted, int n_wanted,
                             bool *out_good, krn_error *err)
{
    krni_nodus *p = l->p;
    krni_bytes index;
    const uint32_t rank = p->next_rank++;
    *out_good = false;
    krn_status st = krni_nodus_file(p, l->name, ".dbf", rank, &l->texts[0], &l->table, err);
    if (!st)
        st = krni_nodus_file(p, l->name, ".shp", rank, &l->texts[1], &l->shape, err);
    if (!st)
        st = krni_nodus_file(p, l->name, ".shx", rank, &l->texts[2], &index, err);
    if (!st && l->table.data)
        st = krni_dbf_open(l->table, p->faults, &l->dbf, err);
    if (!st && l->shape.data && index.data)
        st = krni_shapes_open(l->shape, index, are_points, p->faults, &l->shapes, err);
    if (st || !l->dbf)
        return st;
    const bool fields = need_fields(l, wanted, n_wanted);
    if (!l->shapes)
        return KRN_OK;
    const uint32_t n = krni_dbf_records(l->dbf), n_shapes = krni_shapes_count(l->shapes);
    if (n != n_shapes) {
        char found[32];
        (void)snprintf(found, sizeof found, "%u records", n);
        krni_fault(p->faults, place_of(l->table, 0, "(records)"), found, strlen(found),
                   "%u records, as in %s,", n_shapes, l->shape.file);
        return KRN_OK;
    }
    *out_good = fields;
    return KRN_OK;
}

/* Adds to a list of names, each once, as long as there is room. */
static void name_unused(char list[KRNI_NODUS_LIST], const char *name)
{
    const size_t used = strlen(list), n = strlen(name);
    if (!n)
        return;
    for (const char *at = strstr(list, name); at; at = strstr(at + 1, name))
        if ((at == list || at[-1] == ' ') && (at[n] == ',' || !at[n]))
            return;
    if (used + n + 3 <= KRNI_NODUS_LIST)
        (void)snprintf(list + used, KRNI_NODUS_LIST - used, "%s%s", used ? ", " : "", name);
}

/* Fields of nodes that NODUS would take in formulas, and labels of links. */
static void list_unused(const layer *l, bool are_nodes)
{
    const krni_dbf_field *fields;
    const uint32_t n = krni_dbf_fields(l->dbf, &fields);
    for (uint32_t i = 0; i < n; i++) {
        bool is_known = false;
        for (int k = 0; k < N_KNOWN; k++)
            is_known = is_known || l->fields[k] == (int)i;
        if (!is_known && are_nodes && fields[i].is_number)
            name_unused(l->p->node_fields, fields[i].name);
        if (!is_known && !are_nodes && !fields[i].is_number)
            name_unused(l->p->labels, fields[i].name);
    }
}

/* ---- nodes ---- */

static krn_status keep_node(layer *l, uint32_t record, double id, double tranship,
                            const krni_shape *shape, int label, krn_error *err)
{
    krni_nodus *p = l->p;
    const int may = (int)tranship % 5;
    if (p->n_nodes == KRNI_SHAPE_RECORDS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u nodes", l->table.file,
                         KRNI_SHAPE_RECORDS);
    if (p->n_nodes == p->node_room) {
        p->nodes = krni_arena_grow(p->arena, p->nodes, p->n_nodes, &p->node_room, sizeof *p->nodes);
        if (!p->nodes)
            return krni_fail_memory(err);
    }
    const char *name = label_of(l, record, label);
    if (!name)
        return krni_fail_memory(err);
    p->nodes[p->n_nodes++] = (krni_nodus_node){.node = {.id = (int64_t)id,
                                                        .name = name,
                                                        .layer = l->name,
                                                        .lon_deg = shape->x[0],
                                                        .lat_deg = shape->y[0],
                                                        .loads = may == 1 || may == 3,
                                                        .tranships = may == 1 || may == 2,
                                                        .changes = may == 1 || may == 4,
                                                        .passes = tranship < 5.0},
                                               .rank = l->table.rank,
                                               .record = record + 1,
                                               .file = l->table.file};
    return KRN_OK;
}

krn_status krni_nodus_nodes(krni_nodus *p, const char *name, krn_error *err)
{
    static const int wanted[] = {NUM, TRANSHIP};
    static const krni_nodus_range codes = {true, 0.0, 9.0, "a whole number from 0 to 9"};
    layer l = {.p = p, .name = name};
    bool good = false;
    krn_status status = open_layer(&l, true, wanted, 2, &good, err);
    const uint32_t n = !status && good ? krni_dbf_records(l.dbf) : 0;
    const int label = n ? label_field(&l) : -1;
    if (n)
        list_unused(&l, true);
    for (uint32_t i = 0; i < n && !status; i++) {
        double id = 0.0, tranship = 0.0;
        krni_shape shape = {0, NULL, NULL};
        if (krni_dbf_is_deleted(l.dbf, i)) {
            l.n_left_out++;
            continue;
        }
        bool whole = read_cell(&l, i, NUM, &ids, &id);
        whole = read_cell(&l, i, TRANSHIP, &codes, &tranship) && whole;
        whole = krni_shapes_read(l.shapes, i, p->faults, &shape) && whole;
        if (whole)
            status = keep_node(&l, i, id, tranship, &shape, label, err);
    }
    if (l.n_left_out)
        krni_note(&p->notes, "%s: deleted records, left out: %u", l.table.file, l.n_left_out);
    close_layer(&l);
    return status;
}

static int compare_nodes(const void *a, const void *b)
{
    const krni_nodus_node *x = a, *y = b;
    if (x->node.id != y->node.id)
        return x->node.id < y->node.id ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

static void fault_twice(krni_nodus *p, uint32_t rank, const char *file, uint32_t record, int64_t id)
{
    char found[32];
    const krni_place place = {rank, file, record, 0, "NUM"};
    (void)snprintf(found, sizeof found, "%lld", (long long)id);
    krni_fault(p->faults, place, found, strlen(found),
               "a number that stands only once in all layers");
}

krn_status krni_nodus_sort_nodes(krni_nodus *p, krn_error *err)
{
    if (p->n_nodes)
        qsort(p->nodes, p->n_nodes, sizeof *p->nodes, compare_nodes);
    for (uint32_t i = 1; i < p->n_nodes; i++)
        if (p->nodes[i].node.id == p->nodes[i - 1].node.id)
            fault_twice(p, p->nodes[i].rank, p->nodes[i].file, p->nodes[i].record,
                        p->nodes[i].node.id);
    return p->notes.failed ? krni_fail_memory(err) : KRN_OK;
}

int64_t krni_nodus_find(const krni_nodus *p, int64_t id)
{
    uint32_t low = 0, high = p->n_nodes;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (p->nodes[middle].node.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->n_nodes && p->nodes[low].node.id == id ? (int64_t)low : -1;
}

/* ---- links ---- */

/* The further numeric fields of a layer, by place in its table and among all fields. */
typedef struct further {
    uint32_t n;
    int fields[KRNI_DBF_FIELDS];
    uint32_t *slots;
    uint32_t n_blank;
    int length; /* a field LENGTH stands in for that of the line; -1: none */
} further;

static krn_status slot_of(krni_nodus *p, const char *name, uint32_t *out, krn_error *err)
{
    for (*out = 0; *out < p->n_fields; ++*out)
        if (strcmp(p->fields[*out], name) == 0)
            return KRN_OK;
    if (p->n_fields == KRNI_NODUS_FIELDS)
        return krni_fail(err, KRN_E_LIMIT, "more than %u fields of links", KRNI_NODUS_FIELDS);
    if (p->n_fields == p->field_room) {
        p->fields = krni_arena_grow(p->arena, (const void *)p->fields, p->n_fields, &p->field_room,
                                    sizeof *p->fields);
        if (!p->fields)
            return krni_fail_memory(err);
    }
    p->fields[p->n_fields] = krn_arena_text(p->arena, name);
    return p->fields[p->n_fields++] ? KRN_OK : krni_fail_memory(err);
}

static krn_status find_further(layer *l, further *out, krn_error *err)
{
    const krni_dbf_field *fields;
    const uint32_t n = krni_dbf_fields(l->dbf, &fields);
    krn_status status = KRN_OK;
    *out = (further){.length = -1};
    out->slots = krn_arena_calloc(l->p->arena, n, sizeof *out->slots);
    if (!out->slots)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n && !status; i++) {
        bool is_known = !fields[i].is_number;
        for (int k = 0; k < N_KNOWN; k++)
            is_known = is_known || (k != TRANSHIP && l->fields[k] == (int)i);
        if (!is_known && strcmp(fields[i].name, "LENGTH") == 0) {
            out->length = (int)i;
            continue;
        }
        if (is_known)
            continue;
        out->fields[out->n] = (int)i;
        status = slot_of(l->p, fields[i].name, &out->slots[out->n++], err);
    }
    return status;
}

/* A number, or NaN for a blank. */
static bool read_further(layer *l, uint32_t record, further *f, uint32_t k, double *out)
{
    static const krni_nodus_range any = {false, -1e300, 1e300, "a number"};
    *out = NAN;
    if (!*krni_dbf_text(l->dbf, record, f->fields[k])) {
        f->n_blank++;
        return true;
    }
    return krni_nodus_number(l->p, l->table, l->dbf, record, f->fields[k], &any, out);
}

static bool read_row(layer *l, uint32_t record, double out[N_KNOWN])
{
    static const krni_nodus_range switches = {true, 0.0, 99.0, "0 or 1"},
                                  classes = {true, 0.0, KRNI_NODUS_CLASSES,
                                             "a whole number from 0 to 99"},
                                  amounts = {false, 0.0, 1e15, "a number of 0 or more"};
    bool good = true;
    static const krni_nodus_range *const ranges[] = {
        [NUM] = &ids,      [ENABLED] = &switches, [NODE1] = &ids,        [NODE2] = &ids,
        [MODE] = &classes, [MEANS] = &classes,    [CAPACITY] = &amounts, [SPEED] = &amounts};
    for (int k = NUM; k <= SPEED; k++)
        good = read_cell(l, record, k, ranges[k], &out[k]) && good;
    return good;
}

/* Positions of a line into the arena. */
static const double *keep_points(krni_nodus *p, const krni_shape *shape)
{
    double *points = krn_arena_alloc(p->arena, 2 * sizeof *points * shape->n_points);
    for (uint32_t i = 0; points && i < shape->n_points; i++) {
        points[2 * i] = shape->x[i];
        points[2 * i + 1] = shape->y[i];
    }
    return points;
}

static krn_status keep_link(layer *l, uint32_t record, const double row[N_KNOWN],
                            const krni_shape *shape, const further *f, const double *values,
                            krn_error *err)
{
    krni_nodus *p = l->p;
    if (p->n_links == KRNI_SHAPE_RECORDS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u links", l->table.file,
                         KRNI_SHAPE_RECORDS);
    if (p->n_links == p->link_room)
        p->links = krni_arena_grow(p->arena, p->links, p->n_links, &p->link_room, sizeof *p->links);
    const double *points = keep_points(p, shape);
    if (!p->links || !points)
        return krni_fail_memory(err);
    p->links[p->n_links++] =
        (krni_nodus_link){.link = {.id = (int64_t)row[NUM],
                                   .layer = l->name,
                                   .mode = (uint32_t)row[MODE],
                                   .classes = (uint32_t)row[MEANS],
                                   .length_km = krni_nodus_length_km(points, shape->n_points),
                                   .speed_kmh = row[SPEED],
                                   .capacity = row[CAPACITY],
                                   .points_deg = points,
                                   .n_points = shape->n_points},
                          .ends = {(int64_t)row[NODE1], (int64_t)row[NODE2]},
                          .rank = l->table.rank,
                          .record = record + 1,
                          .file = l->table.file,
                          .values = values,
                          .slots = f->slots,
                          .n_values = f->n};
    return KRN_OK;
}

/* One record with all its faults. */
static krn_status read_link(layer *l, uint32_t record, further *f, krn_error *err)
{
    static const krni_nodus_range lengths = {false, 0.0, 1e6, "a number of km"};
    krni_nodus *p = l->p;
    double row[N_KNOWN] = {0}, length_km = 0.0;
    krni_shape shape = {0, NULL, NULL};
    double *values = krn_arena_calloc(p->arena, f->n + 1u, sizeof *values);
    if (!values)
        return krni_fail_memory(err);
    bool whole = read_row(l, record, row);
    for (uint32_t k = 0; k < f->n; k++)
        whole = read_further(l, record, f, k, &values[k]) && whole;
    if (f->length >= 0)
        whole = krni_nodus_number(p, l->table, l->dbf, record, f->length, &lengths, &length_km) &&
                whole;
    whole = krni_shapes_read(l->shapes, record, p->faults, &shape) && whole;
    if (!whole)
        return KRN_OK;
    if (row[ENABLED] == 0.0 || row[MODE] == 0.0 || row[MEANS] == 0.0) {
        l->n_left_out++;
        return KRN_OK;
    }
    const krn_status status = keep_link(l, record, row, &shape, f, values, err);
    if (!status && f->length >= 0)
        p->links[p->n_links - 1].link.length_km = length_km;
    return status;
}

krn_status krni_nodus_links(krni_nodus *p, const char *name, krn_error *err)
{
    static const int wanted[] = {NUM, ENABLED, NODE1, NODE2, MODE, MEANS, CAPACITY, SPEED};
    layer l = {.p = p, .name = name};
    bool good = false;
    further f = {.length = -1};
    krn_status status = open_layer(&l, false, wanted, 8, &good, err);
    if (!status && good)
        status = find_further(&l, &f, err);
    const uint32_t n = !status && good ? krni_dbf_records(l.dbf) : 0;
    if (n)
        list_unused(&l, false);
    for (uint32_t i = 0; i < n && !status; i++) {
        if (krni_dbf_is_deleted(l.dbf, i))
            l.n_left_out++;
        else
            status = read_link(&l, i, &f, err);
    }
    if (l.n_left_out)
        krni_note(&p->notes,
                  "%s: links that are disabled, deleted, or of mode or means 0, left out: %u",
                  l.table.file, l.n_left_out);
    if (f.n_blank)
        krni_note(&p->notes, "%s: further values that are blank, which no formula can use: %u",
                  l.table.file, f.n_blank);
    if (f.length >= 0)
        krni_note(&p->notes, "%s: LENGTH is that of the field, not of the line", l.table.file);
    close_layer(&l);
    return status;
}

/* ---- all of them ---- */

static int compare_links(const void *a, const void *b)
{
    const krni_nodus_link *x = a, *y = b;
    if (x->link.id != y->link.id)
        return x->link.id < y->link.id ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return x->record < y->record ? -1 : x->record > y->record;
}

static void find_ends(krni_nodus *p, krni_nodus_link *l)
{
    for (int e = 0; e < 2; e++) {
        char found[32];
        const krni_place place = {l->rank, l->file, l->record, 0, known[NODE1 + e]};
        const int64_t node = krni_nodus_find(p, l->ends[e]);
        uint32_t *to = e ? &l->link.to_node : &l->link.from_node;
        *to = node >= 0 ? (uint32_t)node : 0;
        if (node >= 0 || !p->nodes_known)
            continue;
        (void)snprintf(found, sizeof found, "%lld", (long long)l->ends[e]);
        krni_fault(p->faults, place, found, strlen(found), "the number of a node");
    }
    if (!(l->link.length_km > 0.0) && p->n_nodes) {
        const krn_cost_node *a = &p->nodes[l->link.from_node].node,
                            *b = &p->nodes[l->link.to_node].node;
        const double points[] = {a->lon_deg, a->lat_deg, b->lon_deg, b->lat_deg};
        l->link.length_km = krni_nodus_length_km(points, 2);
    }
}

static krn_status spread_fields(const krni_nodus *p, krn_cost_link *links, krn_error *err)
{
    if ((uint64_t)p->n_links * p->n_fields > UINT64_C(64) * 1024 * 1024)
        return krni_fail(err, KRN_E_LIMIT, "%u links of %u fields are too many", p->n_links,
                         p->n_fields);
    const size_t n = (size_t)p->n_links * p->n_fields;
    double *all = krn_arena_alloc(p->arena, (n + 1) * sizeof *all);
    if (!all)
        return krni_fail_memory(err);
    for (size_t i = 0; i < n; i++)
        all[i] = NAN;
    for (uint32_t i = 0; i < p->n_links; i++) {
        double *own = all + (size_t)i * p->n_fields;
        const krni_nodus_link *l = &p->links[i];
        for (uint32_t k = 0; k < l->n_values; k++)
            own[l->slots[k]] = l->values[k];
        links[i].fields = own;
    }
    return KRN_OK;
}

krn_status krni_nodus_join(krni_nodus *p, krn_cost_network *out, krn_error *err)
{
    if (p->n_links)
        qsort(p->links, p->n_links, sizeof *p->links, compare_links);
    for (uint32_t i = 0; i < p->n_links; i++) {
        krni_nodus_link *l = &p->links[i];
        if (i && l->link.id == p->links[i - 1].link.id)
            fault_twice(p, l->rank, l->file, l->record, l->link.id);
        find_ends(p, l);
    }
    krn_cost_node *nodes = krn_arena_alloc(p->arena, (p->n_nodes + 1) * sizeof *nodes);
    krn_cost_link *links = krn_arena_alloc(p->arena, (p->n_links + 1) * sizeof *links);
    if (!nodes || !links)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < p->n_nodes; i++)
        nodes[i] = p->nodes[i].node;
    for (uint32_t i = 0; i < p->n_links; i++)
        links[i] = p->links[i].link;
    out->nodes = nodes;
    out->links = links;
    out->n_nodes = p->n_nodes;
    out->n_links = p->n_links;
    out->fields = p->fields;
    out->n_fields = p->n_fields;
    return spread_fields(p, links, err);
}
