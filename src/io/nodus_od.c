/* SPDX-License-Identifier: Apache-2.0 */
/* nodus_od.c - a table of quantities by origin and destination: grp, org, dst, qty; maybe class.
 *
 * Rows that NODUS passes over are left out, with a note that tells how many and of what quantity.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/nodus_read.h"

typedef struct od {
    krni_nodus *p;
    krni_bytes in;
    krni_dbf *dbf;
    int group, od_class, origin, destination, quantity; /* fields */
    krn_cost_demand *rows;
    uint32_t n, room, n_same, n_nothing, n_no_end, n_deleted;
    double left_out;
} od;

static bool has_fields(od *t, krn_faults *faults)
{
    static const char *const names[] = {"ORG", "DST", "QTY"};
    int *const fields[] = {&t->origin, &t->destination, &t->quantity};
    const krni_dbf_field *list;
    bool good = true;
    (void)krni_dbf_fields(t->dbf, &list);
    t->group = krni_dbf_find(t->dbf, "GRP");
    t->od_class = krni_dbf_find(t->dbf, "CLASS");
    for (int i = 0; i < 3; i++) {
        const krni_place place = {t->in.rank, t->in.file, 0, 0, names[i]};
        *fields[i] = krni_dbf_find(t->dbf, names[i]);
        if (*fields[i] >= 0 && list[*fields[i]].is_number)
            continue;
        krni_fault(faults, place, "(missing)", 9, "a numeric field of this name");
        good = false;
    }
    return good;
}

/* A node for loading and unloading of an id. */
static bool find_end(const krni_nodus *p, double id, uint32_t *out)
{
    const int64_t node = krni_nodus_find(p, (int64_t)id);
    *out = node >= 0 ? (uint32_t)node : 0;
    return node >= 0 && p->nodes[node].node.loads;
}

static krn_status read_row(od *t, uint32_t record, krn_error *err)
{
    static const krni_nodus_range ids = {true, -1e15, 1e15, "a whole number"},
                                  groups = {true, 0.0, KRNI_NODUS_GROUPS,
                                            "a whole number from 0 to 99"},
                                  amounts = {false, -1e15, 1e15, "a number"};
    double group = 0.0, od_class = 0.0, origin = 0.0, destination = 0.0, quantity = 0.0;
    uint32_t from = 0, to = 0;
    bool good = krni_nodus_number(t->p, t->in, t->dbf, record, t->origin, &ids, &origin);
    good =
        krni_nodus_number(t->p, t->in, t->dbf, record, t->destination, &ids, &destination) && good;
    good = krni_nodus_number(t->p, t->in, t->dbf, record, t->quantity, &amounts, &quantity) && good;
    if (t->group >= 0)
        good = krni_nodus_number(t->p, t->in, t->dbf, record, t->group, &groups, &group) && good;
    if (t->od_class >= 0)
        good =
            krni_nodus_number(t->p, t->in, t->dbf, record, t->od_class, &groups, &od_class) && good;
    if (!good)
        return KRN_OK;
    uint32_t *why = NULL;
    if (!(quantity > 0.0))
        why = &t->n_nothing;
    else if (origin == destination)
        why = &t->n_same;
    else if (!find_end(t->p, origin, &from) || !find_end(t->p, destination, &to))
        why = &t->n_no_end;
    if (why) {
        ++*why;
        t->left_out += quantity > 0.0 ? quantity : 0.0;
        return KRN_OK;
    }
    if (t->n == t->room) {
        t->rows = krni_arena_grow(t->p->arena, t->rows, t->n, &t->room, sizeof *t->rows);
        if (!t->rows)
            return krni_fail_memory(err);
    }
    t->rows[t->n++] = (krn_cost_demand){(int32_t)group, (int32_t)od_class, from, to, quantity};
    return KRN_OK;
}

static void tell_left_out(od *t)
{
    const uint32_t n = t->n_same + t->n_nothing + t->n_no_end + t->n_deleted;
    if (n)
        krni_note(&t->p->notes,
                  "%s: rows left out: %u, of %.15g in all: %u from a place to itself, %u of no "
                  "quantity, %u with an end that is no node for loading, %u deleted",
                  t->in.file, n, t->left_out, t->n_same, t->n_nothing, t->n_no_end, t->n_deleted);
    if (krni_dbf_find(t->dbf, "TIME") >= 0)
        krni_note(&t->p->notes, "%s: departure times are not used", t->in.file);
}

static krn_status keep_table(od *t, const char *name, krn_error *err)
{
    krni_nodus *p = t->p;
    if (p->n_tables == p->table_room) {
        p->tables =
            krni_arena_grow(p->arena, p->tables, p->n_tables, &p->table_room, sizeof *p->tables);
        if (!p->tables)
            return krni_fail_memory(err);
    }
    p->tables[p->n_tables++] = (krn_od_table){name, t->n, t->rows};
    return KRN_OK;
}

/* Opens the table. One that has nothing of an od table is told in a note, as is a damaged one that
 * nobody asked for. */
static krn_status open_table(od *t, bool optional, bool *out_is_table, krn_error *err)
{
    krn_faults *aside = optional ? krn_faults_new() : t->p->faults;
    if (!aside)
        return krni_fail_memory(err);
    krn_status status = krni_dbf_open(t->in, aside, &t->dbf, err);
    const bool none = !status && t->dbf && krni_dbf_find(t->dbf, "ORG") < 0 &&
                      krni_dbf_find(t->dbf, "DST") < 0 && krni_dbf_find(t->dbf, "QTY") < 0;
    *out_is_table = !status && t->dbf && !none && has_fields(t, aside);
    if (!status && !*out_is_table && (none || optional))
        krni_note(&t->p->notes, "%s: not used, as it is no layer and no od table (org, dst, qty)",
                  t->in.file);
    if (optional)
        krn_faults_free(aside);
    return status;
}

krn_status krni_nodus_od(krni_nodus *p, const char *name, bool optional, krn_error *err)
{
    char *text = NULL;
    od t = {.p = p};
    bool good = false;
    krn_status status = krni_nodus_file(p, name, ".dbf", p->next_rank++, &text, &t.in, err);
    if (!status && t.in.data)
        status = open_table(&t, optional, &good, err);
    const uint32_t n = !status && good ? krni_dbf_records(t.dbf) : 0;
    for (uint32_t i = 0; i < n && !status; i++) {
        if (krni_dbf_is_deleted(t.dbf, i))
            t.n_deleted++;
        else
            status = read_row(&t, i, err);
    }
    if (!status && good) {
        tell_left_out(&t);
        if (optional)
            krni_note(&p->notes, "%s: read as an od table, though importTables does not name it",
                      t.in.file);
        status = keep_table(&t, name, err);
    }
    krni_dbf_close(t.dbf);
    free(text);
    return status;
}
