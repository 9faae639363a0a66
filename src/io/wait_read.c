/* SPDX-License-Identifier: Apache-2.0 */
/* wait_read.c - a user's tables of waits by load, one resource after the other.
 *
 *   resource,load_a_day,wait_h
 *   gauge_change/g-south,0,0.5
 *   gauge_change/g-south,40,3
 *   gauge_change/g-south,50,31
 *
 * The whole file is read; every fault is told with line, column and value. */
#include "io/wait_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "io/csv.h"
#include "io/faults.h"

#define FILE_BYTES  ((size_t)64 * 1024 * 1024)
#define MOST_ROWS   1000000u
#define MOST_NUMBER 1e12
#define NAME_BYTES  256u

static const char *const names[] = {"resource", "load_a_day", "wait_h"};
enum { RESOURCE, LOAD, WAIT, N_NAMES };

typedef struct point {
    char *resource; /* from the arena; that of the row before when it is the same */
    double load_a_day, wait_h;
} point;

typedef struct wait_read {
    const char *name;
    krn_faults *faults;
    krn_arena *arena;
    krni_csv *csv;
    int field_of[N_NAMES]; /* -1: no such column */
    uint32_t n_heading;
    point *points; /* malloc'd while it grows */
    uint32_t n, room;
    bool row_is_wrong;
} wait_read;

static krni_place place_of(const wait_read *r, int name)
{
    const krni_place place = {0, r->name, r->csv->line, name < 0 ? 0 : (uint32_t)name + 1,
                              name < 0 ? "(row)" : names[name]};
    return place;
}

static void fault(wait_read *r, int name, const char *value, size_t length, const char *expected)
{
    r->row_is_wrong = true;
    krni_fault(r->faults, place_of(r, name), value, length, "%s", expected);
}

static bool read_heading(wait_read *r)
{
    for (int k = 0; k < N_NAMES; k++)
        r->field_of[k] = -1;
    if (!krni_csv_next(r->csv)) {
        r->csv->line = 1;
        fault(r, -1, "", 0, "a line of column names: resource, load_a_day, wait_h");
        return false;
    }
    r->n_heading = r->csv->n_fields;
    for (uint32_t f = 0; f < r->n_heading && f < KRNI_CSV_FIELDS; f++) {
        const krni_field *field = &r->csv->fields[f];
        int k = 0;
        while (k < N_NAMES && (field->expected || strlen(names[k]) != field->length ||
                               memcmp(names[k], field->text, field->length) != 0))
            k++;
        if (k == N_NAMES)
            fault(r, -1, field->text, field->length, "a column of resource, load_a_day, wait_h");
        else if (r->field_of[k] >= 0)
            fault(r, k, names[k], strlen(names[k]), "a column that stands there only once");
        else
            r->field_of[k] = (int)f;
    }
    for (int k = 0; k < N_NAMES; k++)
        if (r->field_of[k] < 0)
            fault(r, k, "(missing)", 9, "this column");
    return krn_faults_count(r->faults) == 0;
}

/* ---- rows ---- */

static double read_number(wait_read *r, int name)
{
    const krni_field *field = &r->csv->fields[r->field_of[name]];
    double value = 0.0;
    if (field->expected)
        fault(r, name, field->text, field->length, field->expected);
    else if (!krni_number_read(field->text, field->length, &value) || !(value >= 0.0) ||
             value > MOST_NUMBER)
        fault(r, name, field->text, field->length,
              name == LOAD ? "a number of units a day from 0 to 1e12"
                           : "a number of h from 0 to 1e12");
    return value;
}

/* NULL: wrong, or memory ran out (*out_memory). */
static char *read_resource(wait_read *r, bool *out_memory)
{
    const krni_field *field = &r->csv->fields[r->field_of[RESOURCE]];
    const char *last = r->n ? r->points[r->n - 1].resource : "";
    if (field->expected || !field->length || field->length >= NAME_BYTES) {
        fault(r, RESOURCE, field->text, field->length,
              field->expected ? field->expected : "a text of 1 to 255 bytes");
        return NULL;
    }
    if (strlen(last) == field->length && memcmp(last, field->text, field->length) == 0)
        return r->points[r->n - 1].resource;
    char *text = krn_arena_alloc(r->arena, field->length + 1);
    *out_memory = !text;
    if (text) {
        memcpy(text, field->text, field->length);
        text[field->length] = '\0';
    }
    return text;
}

/* A point against the one before it of the same resource. */
static void check_point(wait_read *r, const point *p)
{
    const point *last = r->n ? &r->points[r->n - 1] : NULL;
    const krni_field *load = &r->csv->fields[r->field_of[LOAD]],
                     *wait = &r->csv->fields[r->field_of[WAIT]];
    if (!last || last->resource != p->resource) {
        if (p->load_a_day != 0.0)
            fault(r, LOAD, load->text, load->length, "0 in the first row of a resource");
        return;
    }
    if (!(p->load_a_day > last->load_a_day))
        fault(r, LOAD, load->text, load->length, "more than in the row before");
    if (!(p->wait_h >= last->wait_h))
        fault(r, WAIT, wait->text, wait->length, "no less than in the row before");
}

static krn_status keep_point(wait_read *r, const point *p, krn_error *err)
{
    if (r->n == MOST_ROWS)
        return krni_fail(err, KRN_E_LIMIT, "%s: more than %u rows", r->name, MOST_ROWS);
    if (r->n == r->room) {
        const uint32_t room = r->room ? 2 * r->room : 64;
        point *points = realloc(r->points, room * sizeof *points);
        if (!points)
            return krni_fail_memory(err);
        r->points = points;
        r->room = room;
    }
    r->points[r->n++] = *p;
    return KRN_OK;
}

static krn_status read_row(wait_read *r, krn_error *err)
{
    char found[32], expected[32];
    point p = {0};
    bool memory = false;
    r->row_is_wrong = false;
    if (r->csv->n_fields == 1 && !r->csv->fields[0].length && !r->csv->fields[0].expected)
        return KRN_OK; /* an empty line */
    if (r->csv->n_fields != r->n_heading) {
        (void)snprintf(found, sizeof found, "%u fields", r->csv->n_fields);
        (void)snprintf(expected, sizeof expected, "%u fields", r->n_heading);
        fault(r, -1, found, strlen(found), expected);
        return KRN_OK;
    }
    p.resource = read_resource(r, &memory);
    if (memory)
        return krni_fail_memory(err);
    p.load_a_day = read_number(r, LOAD);
    p.wait_h = read_number(r, WAIT);
    if (p.resource && !r->row_is_wrong)
        check_point(r, &p);
    return p.resource ? keep_point(r, &p, err) : KRN_OK;
}

/* ---- tables ---- */

/* The first point of table `index` of the runs of one resource; r->n behind the last. */
static uint32_t run_end(const wait_read *r, uint32_t first)
{
    uint32_t end = first + 1;
    while (end < r->n && r->points[end].resource == r->points[first].resource)
        end++;
    return end;
}

static krn_status lay_tables(wait_read *r, krn_wait_table **out, uint32_t *out_n, krn_error *err)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < r->n; i = run_end(r, i))
        n++;
    krn_wait_table *tables = krn_arena_calloc(r->arena, n + 1u, sizeof *tables);
    double *numbers = krn_arena_calloc(r->arena, 2u * (size_t)r->n + 1u, sizeof *numbers);
    if (!tables || !numbers)
        return krni_fail_memory(err);
    n = 0;
    for (uint32_t i = 0, end; i < r->n; i = end) {
        end = run_end(r, i);
        tables[n] = (krn_wait_table){r->points[i].resource, end - i, numbers + 2u * (size_t)i,
                                     numbers + 2u * (size_t)i + (end - i)};
        for (uint32_t k = i; k < end; k++) {
            tables[n].load_a_day[k - i] = r->points[k].load_a_day;
            tables[n].wait_h[k - i] = r->points[k].wait_h;
        }
        n++;
    }
    *out = tables;
    *out_n = n;
    return KRN_OK;
}

static int compare_tables(const void *pa, const void *pb)
{
    const krn_wait_table *const *a = pa, *const *b = pb;
    return strcmp((*a)->resource, (*b)->resource);
}

/* Each resource once, with two points at least. */
static krn_status check_tables(wait_read *r, const krn_wait_table *tables, uint32_t n,
                               krn_error *err)
{
    const krn_wait_table **order = krn_arena_calloc(r->arena, n + 1u, sizeof *order);
    if (!order)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        order[i] = &tables[i];
        if (tables[i].n_points < 2)
            fault(r, RESOURCE, tables[i].resource, strlen(tables[i].resource),
                  "a resource of two rows at least");
    }
    qsort(order, n, sizeof(*order), compare_tables);
    for (uint32_t i = 1; i < n; i++)
        if (strcmp(order[i - 1]->resource, order[i]->resource) == 0)
            fault(r, RESOURCE, order[i]->resource, strlen(order[i]->resource),
                  "a resource whose rows stand together");
    if (!n)
        fault(r, -1, "", 0, "two rows of a resource at least");
    return krni_faults_close(r->faults, err);
}

static krn_status read_all(wait_read *r, krn_wait_table **out, uint32_t *out_n, krn_error *err)
{
    krn_status status = KRN_OK;
    if (!read_heading(r))
        return krni_faults_close(r->faults, err);
    while (!status && !krni_csv_at_end(r->csv) && krni_csv_next(r->csv))
        status = read_row(r, err);
    if (!status)
        status = krni_faults_close(r->faults, err);
    if (!status)
        status = lay_tables(r, out, out_n, err);
    return status ? status : check_tables(r, *out, *out_n, err);
}

krn_status krni_wait_tables_read_text(const char *name, char *text, size_t size, krn_faults *faults,
                                      krn_arena *arena, krn_wait_table **out, uint32_t *out_n,
                                      krn_error *err)
{
    wait_read r = {.name = name, .arena = arena};
    krni_csv *csv = malloc(sizeof *csv);
    krn_faults *own = faults ? NULL : krn_faults_new();
    krn_status status = krni_fail_memory(err);
    *out = NULL;
    *out_n = 0;
    if (csv && (faults || own)) {
        r.csv = csv;
        r.faults = faults ? faults : own;
        krni_csv_open(csv, text, size);
        status = read_all(&r, out, out_n, err);
    }
    if (status) {
        *out = NULL; /* nothing is half accepted */
        *out_n = 0;
    }
    krn_faults_free(own);
    free(r.points);
    free(csv);
    return status;
}

krn_status krn_wait_tables_read(const char *path, krn_faults *faults, krn_arena *arena,
                                krn_wait_table **out, uint32_t *out_n, krn_error *err)
{
    char *text = NULL;
    size_t size = 0;
    *out = NULL;
    *out_n = 0;
    krn_status status = krn_file_read(path, FILE_BYTES, &text, &size, err);
    if (!status)
        status = krni_wait_tables_read_text(path, text, size, faults, arena, out, out_n, err);
    free(text);
    return status;
}
