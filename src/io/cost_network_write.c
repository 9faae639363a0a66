/* SPDX-License-Identifier: Apache-2.0 */
/* cost_network_write.c - a cost network as a folder of tables (docs/cost-network.md).
 *
 * All files are written beside the old ones first and renamed together at the end, the descriptor
 * last. Numbers have as many digits as read back exactly. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <keruen/nodus.h>

#include "base/error.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "io/cost_network_table.h"
#include "io/csv.h"
#include "io/file.h"

#define CHUNK_BYTES ((size_t)256 * 1024)

typedef struct table {
    krni_file_out *file;
    krni_writer w;
    krn_error *err;
    bool is_first; /* field of its row */
} table;

/* ---- fields ---- */

static void next_field(table *t)
{
    if (!t->is_first)
        krni_write_char(&t->w, ',');
    t->is_first = false;
}

static krn_status put_text(table *t, const char *text)
{
    next_field(t);
    if (!krni_utf8_valid(text, strlen(text)))
        return krni_fail(t->err, KRN_E_ARG, "a text that is no UTF-8 cannot be written");
    if (strlen(text) > KRNI_CSV_FIELD_BYTES)
        return krni_fail(t->err, KRN_E_LIMIT, "a text of more than 1 MiB cannot be written");
    if (!strpbrk(text, ",\"\r\n")) {
        krni_write(&t->w, text);
        return KRN_OK;
    }
    krni_write_char(&t->w, '"');
    for (; *text; text++) {
        if (*text == '"')
            krni_write_char(&t->w, '"');
        krni_write_char(&t->w, *text);
    }
    krni_write_char(&t->w, '"');
    return KRN_OK;
}

static void put_integer(table *t, int64_t value)
{
    next_field(t);
    krni_writef(&t->w, "%lld", (long long)value);
}

/* Blank where a value means none. */
static void put_unless(table *t, int32_t value, int32_t none)
{
    if (value == none)
        next_field(t);
    else
        put_integer(t, value);
}

static void put_number(table *t, double value)
{
    char text[KRNI_NUMBER_EXACT_SIZE];
    next_field(t);
    krni_number_exact(value, 17, text);
    krni_write(&t->w, text);
}

static krn_status end_row(table *t)
{
    krn_status status = KRN_OK;
    krni_write_char(&t->w, '\n');
    t->is_first = true;
    if (t->w.failed)
        return krni_fail_memory(t->err);
    if (t->w.size >= CHUNK_BYTES) {
        status = krni_file_add(t->file, t->w.data, t->w.size, t->err);
        krni_writer_clear(&t->w);
    }
    return status;
}

static krn_status put_heading(table *t, krni_cost_table which, const krn_cost_network *network)
{
    const krni_cost_format *format = &krni_cost_formats[which];
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < format->n_columns; i++) {
        next_field(t);
        krni_write(&t->w, format->columns[i].name);
    }
    for (uint32_t i = 0; which == KRNI_COST_LINK && i < network->n_fields && !status; i++) {
        krni_writer name;
        krni_writer_init(&name, NULL);
        krni_writef(&name, "%s%s", KRNI_COST_FIELD, network->fields[i]);
        const char *text = krni_writer_text(&name);
        status = text ? put_text(t, text) : krni_fail_memory(t->err);
        krni_writer_free(&name);
    }
    return status ? status : end_row(t);
}

/* ---- tables ---- */

static krn_status put_nodes(table *t, const krn_cost_network *network)
{
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < network->n_nodes && !status; i++) {
        const krn_cost_node *n = &network->nodes[i];
        put_integer(t, n->id);
        status = put_text(t, n->name);
        put_number(t, n->lon_deg);
        put_number(t, n->lat_deg);
        if (!status)
            status = put_text(t, n->layer);
        put_integer(t, n->loads);
        put_integer(t, n->tranships);
        put_integer(t, n->changes);
        put_integer(t, n->passes);
        if (!status)
            status = end_row(t);
    }
    return status;
}

/* "LINESTRING (4.35 50.84, 4.4 50.9)", always in quotes. */
static krn_status put_line(table *t, const krn_cost_link *l)
{
    char text[KRNI_NUMBER_EXACT_SIZE];
    next_field(t);
    if (!l->n_points)
        return KRN_OK;
    const size_t before = t->w.size;
    krni_write(&t->w, "\"LINESTRING (");
    for (uint32_t k = 0; k < 2 * l->n_points; k++) {
        if (k)
            krni_write(&t->w, k % 2 ? " " : ", ");
        krni_number_exact(l->points_deg[k], 17, text);
        krni_write(&t->w, text);
    }
    krni_write(&t->w, ")\"");
    if (t->w.size - before > KRNI_CSV_FIELD_BYTES)
        return krni_fail(t->err, KRN_E_LIMIT,
                         "link %lld: a line of %u points, of more than 1 MiB, cannot be written",
                         (long long)l->id, l->n_points);
    return KRN_OK;
}

static krn_status put_links(table *t, const krn_cost_network *network)
{
    krn_status status = KRN_OK;
    for (uint32_t i = 0; i < network->n_links && !status; i++) {
        const krn_cost_link *l = &network->links[i];
        put_integer(t, l->id);
        put_integer(t, network->nodes[l->from_node].id);
        put_integer(t, network->nodes[l->to_node].id);
        put_integer(t, 0);
        status = put_line(t, l);
        put_number(t, l->length_km);
        put_number(t, l->speed_kmh);
        put_number(t, l->capacity);
        if (!status)
            status = put_text(t, l->layer);
        put_integer(t, l->mode);
        put_integer(t, l->classes);
        for (uint32_t k = 0; k < network->n_fields; k++)
            put_number(t, l->fields[k]);
        if (!status)
            status = end_row(t);
    }
    return status;
}

static krn_status put_formula(table *t, const krn_cost_set *set, const krn_cost_formula *f)
{
    krn_status status = put_text(t, set->name);
    put_integer(t, f->line);
    next_field(t);
    krni_write(&t->w, f->name ? KRNI_COST_VARIABLE : krni_cost_kinds[f->kind]);
    if (!status)
        status = put_text(t, f->name ? f->name : "");
    put_unless(t, f->mode, 0);
    put_unless(t, f->vehicle_class, 0);
    put_unless(t, f->to_mode, 0);
    put_unless(t, f->to_class, 0);
    put_unless(t, f->group, KRN_COST_ANY);
    put_unless(t, f->scenario, KRN_COST_ANY);
    put_unless(t, f->od_class, KRN_COST_ANY);
    put_integer(t, f->is_duration);
    if (!status)
        status = put_text(t, f->text);
    return status ? status : end_row(t);
}

static krn_status put_formulas(table *t, const krn_cost_network *network)
{
    krn_status status = KRN_OK;
    for (uint32_t s = 0; s < network->n_sets; s++)
        for (uint32_t i = 0; i < network->sets[s].n_formulas && !status; i++)
            status = put_formula(t, &network->sets[s], &network->sets[s].formulas[i]);
    return status;
}

static krn_status put_od(table *t, const krn_cost_network *network)
{
    krn_status status = KRN_OK;
    for (uint32_t k = 0; k < network->n_od_tables; k++)
        for (uint32_t i = 0; i < network->od_tables[k].n_rows && !status; i++) {
            const krn_cost_demand *d = &network->od_tables[k].rows[i];
            status = put_text(t, network->od_tables[k].name);
            put_integer(t, d->group);
            put_integer(t, d->od_class);
            put_integer(t, network->nodes[d->origin].id);
            put_integer(t, network->nodes[d->destination].id);
            put_number(t, d->quantity);
            if (!status)
                status = end_row(t);
        }
    return status;
}

/* ---- files ---- */

static krn_status put_table(table *t, krni_cost_table which, const krn_cost_network *network)
{
    krn_status (*const put[])(table *, const krn_cost_network *) = {put_nodes, put_links,
                                                                    put_formulas, put_od};
    krn_status status = put_heading(t, which, network);
    if (!status)
        status = put[which](t, network);
    if (!status)
        status = krni_file_add(t->file, t->w.data, t->w.size, t->err);
    return status;
}

static krn_status begin_file(const char *folder, const char *name, krni_file_out **out,
                             krn_error *err)
{
    char *path = krni_path_join(folder, name);
    if (!path)
        return krni_fail_memory(err);
    const krn_status status = krni_file_begin(path, out, err);
    free(path);
    return status;
}

static krn_status write_files(const krn_cost_network *network, const char *folder, krn_error *err)
{
    krni_file_out *files[KRNI_COST_TABLES + 1] = {NULL};
    char *descriptor = NULL;
    krn_status status = krni_cost_descriptor_write(network, &descriptor, err);
    for (int t = 0; t < KRNI_COST_TABLES && !status; t++) {
        table out = {.err = err, .is_first = true};
        krni_writer_init(&out.w, NULL);
        status = begin_file(folder, krni_cost_formats[t].file, &files[t], err);
        out.file = files[t];
        if (!status)
            status = put_table(&out, (krni_cost_table)t, network);
        krni_writer_free(&out.w);
    }
    if (!status)
        status = begin_file(folder, "datapackage.json", &files[KRNI_COST_TABLES], err);
    if (!status)
        status = krni_file_add(files[KRNI_COST_TABLES], descriptor, strlen(descriptor), err);
    if (!status)
        status = krni_file_add(files[KRNI_COST_TABLES], "\n", 1, err);
    for (int t = 0; t <= KRNI_COST_TABLES && !status; t++) {
        status = krni_file_end(files[t], err);
        files[t] = NULL;
    }
    for (int t = 0; t <= KRNI_COST_TABLES; t++)
        krni_file_drop(files[t]);
    free(descriptor);
    return status;
}

krn_status krn_cost_network_write(const krn_cost_network *network, const char *folder,
                                  krn_error *err)
{
    const bool made = mkdir(folder, 0777) == 0;
    if (!made && errno != EEXIST)
        return krni_fail(err, KRN_E_IO, "cannot make the folder %s: %s", folder,
                         errno == ENOENT ? "the one above it is not there" : "refused");
    const krn_status status = write_files(network, folder, err);
    if (status && made)
        (void)rmdir(folder);
    return status;
}
