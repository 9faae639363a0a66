/* SPDX-License-Identifier: Apache-2.0 */
/* trace_file.c - events of a replication as rows of CSV.
 *
 *   event --> texts made beforehand for each activity, stream and resource --> buffer --> file
 *
 * What an activity is called: "rail haul", "border", "gauge change", "load", "unload", "tranship",
 * "departure", "sea ride", "arrival"; a wait is called by its cause. */
#include <assert.h>
#include <string.h>

#include <keruen/trace.h>

#include "base/error.h"
#include "io/file.h"
#include "io/trace_columns.h"
#include "model/tables.h"
#include "report/records.h"

#define BUFFER_BYTES ((size_t)64 * 1024)

struct krn_trace_file {
    krn_arena *arena;
    krni_file_out *out;
    krn_trace_names names;
    const char **activity; /* ",activity," and ",from,to," lie apart: see put_event */
    const char **places;
    const char **stream; /* "commodity,tonnes,relation," without tonnes of the lot */
    const char **resource;
    krni_writer w;
    int32_t day; /* whose date stands in date */
    char date[12];
};

/* A text as one field of CSV in the arena, with what stands before and behind it. */
static const char *field_in(krn_arena *arena, const char *text)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_csv_field(&w, text);
    return krni_writer_text(&w);
}

static void write_activity_name(krni_writer *w, const krn_activity *a)
{
    switch (a->kind) {
    case KRN_HAUL:
    case KRN_RIDE:
        krni_writef(w, "%s %s", krn_mode_name(a->mode), krn_activity_kind_name(a->kind));
        break;
    case KRN_TRANSFER:
        krni_write(w, a->from_side == KRN_SIDE_REST ? "load"
                      : a->to_side == KRN_SIDE_REST ? "unload"
                                                    : "tranship");
        break;
    default:
        krni_write(w, krn_activity_kind_name(a->kind));
    }
}

static const char *node_id(const krn_package *package, uint32_t node)
{
    return node == KRN_NO_ROW ? "" : krni_text(package, KRN_TABLE_NODE, node, NODE_NODE_ID);
}

static bool name_activities(krn_trace_file *f)
{
    const krn_network *network = f->names.network;
    const krn_package *package = krn_network_package(network);
    const uint32_t n = krn_network_activities(network);
    f->activity = krn_arena_calloc(f->arena, n + 1u, sizeof *f->activity);
    f->places = krn_arena_calloc(f->arena, n + 1u, sizeof *f->places);
    for (uint32_t i = 0; f->activity && f->places && i < n; i++) {
        krn_activity a;
        krni_writer name, places;
        krni_writer_init(&name, f->arena);
        krni_writer_init(&places, f->arena);
        krn_network_activity(network, (krn_activity_id){i}, &a);
        write_activity_name(&name, &a);
        krni_csv_field(&places, node_id(package, a.from_node));
        krni_write_char(&places, ',');
        krni_csv_field(&places, node_id(package, a.to_node));
        f->activity[i] = krni_writer_text(&name);
        f->places[i] = krni_writer_text(&places);
        if (!f->activity[i] || !f->places[i])
            return false;
    }
    return f->activity && f->places;
}

static bool name_streams(krn_trace_file *f)
{
    const krn_package *package = krn_network_package(f->names.network);
    f->stream = krn_arena_calloc(f->arena, 2u * f->names.n_streams + 1u, sizeof *f->stream);
    f->resource = krn_arena_calloc(f->arena, f->names.n_resources + 1u, sizeof *f->resource);
    if (!f->stream || !f->resource)
        return false;
    for (uint32_t i = 0; i < f->names.n_streams; i++) {
        const krn_consignment *lot = &f->names.streams[i].lot;
        krni_writer relation;
        krni_writer_init(&relation, f->arena);
        krni_writef(&relation, "%s>%s", node_id(package, lot->origin),
                    node_id(package, lot->destination));
        const char *text = krni_writer_text(&relation);
        f->stream[2 * i] = field_in(f->arena, krni_text(package, KRN_TABLE_COMMODITY,
                                                        lot->commodity, COMMODITY_COMMODITY_ID));
        f->stream[2 * i + 1] = text ? field_in(f->arena, text) : NULL;
        if (!f->stream[2 * i] || !f->stream[2 * i + 1])
            return false;
    }
    for (uint32_t i = 0; i < f->names.n_resources; i++) {
        f->resource[i] = field_in(f->arena, f->names.resources[i]);
        if (!f->resource[i])
            return false;
    }
    return true;
}

static krn_status flush(krn_trace_file *f, krn_error *err)
{
    const char *text = krni_writer_text(&f->w);
    if (!text)
        return krni_fail_memory(err);
    const krn_status st = krni_file_add(f->out, text, f->w.size, err);
    krni_writer_clear(&f->w);
    return st;
}

krn_status krn_trace_create(const char *path, const krn_trace_names *names, krn_trace_file **out,
                            krn_error *err)
{
    if (!path || !names || !names->network || !out)
        return krni_fail(err, KRN_E_ARG, "a trace needs a path and a network");
    *out = NULL;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_trace_file *f = arena ? krn_arena_calloc(arena, 1, sizeof *f) : NULL;
    if (!f) {
        krn_arena_free(arena);
        return krni_fail_memory(err);
    }
    f->arena = arena;
    f->names = *names;
    f->day = INT32_MIN;
    krni_writer_init(&f->w, NULL);
    for (unsigned c = 0; c < KRNI_TRACE_COLUMNS; c++)
        krni_writef(&f->w, "%s%s", c ? "," : "", krni_trace_column_name(c));
    krni_write(&f->w, "\n");
    krn_status st = KRN_OK;
    if (!name_activities(f) || !name_streams(f))
        st = krni_fail_memory(err);
    if (!st)
        st = krni_file_begin(path, &f->out, err);
    if (st)
        krn_trace_drop(f);
    else
        *out = f;
    return st;
}

/* "2027-03-01T08:30:00Z" */
static void put_instant(krn_trace_file *f, krn_time at)
{
    const int32_t day =
        (int32_t)((at - (at < 0 ? KRN_SECONDS_PER_DAY - 1 : 0)) / KRN_SECONDS_PER_DAY);
    const int s = (int)(at - (krn_time)day * KRN_SECONDS_PER_DAY);
    assert(s >= 0 && s < KRN_SECONDS_PER_DAY);
    if (day != f->day) {
        krni_writer w;
        int year, month, of_month;
        krn_day_to_civil(day, &year, &month, &of_month);
        krni_writer_init(&w, NULL);
        krni_writef(&w, "%04d-%02d-%02d", year, month, of_month);
        const char *text = krni_writer_text(&w);
        if (text && w.size < sizeof f->date)
            memcpy(f->date, text, w.size + 1);
        else
            f->w.failed = true;
        krni_writer_free(&w);
        f->day = day;
    }
    const int part[] = {s / 3600, s / 60 % 60, s % 60};
    char clock[] = "T00:00:00Z";
    for (int i = 0; i < 3; i++) {
        clock[1 + 3 * i] = (char)('0' + part[i] / 10);
        clock[2 + 3 * i] = (char)('0' + part[i] % 10);
    }
    krni_write(&f->w, f->date);
    krni_write(&f->w, clock);
}

/* Name, lifecycle. */
static void put_what(krn_trace_file *f, const krn_sim_trace_event *e, bool known,
                     const char *name[2])
{
    switch (e->kind) {
    case KRN_TRACE_MADE:
        name[0] = "made";
        break;
    case KRN_TRACE_DELIVERED:
        name[0] = "delivered";
        break;
    case KRN_TRACE_WAIT:
        name[0] = "wait";
        break;
    default:
        name[0] = known ? f->activity[e->activity.index] : "activity";
    }
    name[1] = krn_trace_step_name(e->kind == KRN_TRACE_WAIT    ? KRN_STEP_WAIT
                                  : e->kind == KRN_TRACE_START ? KRN_STEP_START
                                                               : KRN_STEP_COMPLETE);
}

static void put_places(krn_trace_file *f, const krn_sim_trace_event *e, bool known)
{
    const krn_consignment *lot = &f->names.streams[e->stream].lot;
    const krn_package *package = krn_network_package(f->names.network);
    if (known) {
        krni_write(&f->w, f->places[e->activity.index]);
        return;
    }
    krni_csv_field(
        &f->w, node_id(package, e->kind == KRN_TRACE_DELIVERED ? lot->destination : lot->origin));
    krni_write_char(&f->w, ',');
}

static void put_way(krn_trace_file *f, const krn_sim_trace_event *e)
{
    const krn_sim_stream *stream = &f->names.streams[e->stream];
    if (f->names.ways && e->way < stream->n_ways)
        krni_csv_field(&f->w, f->names.ways[stream->ways[e->way].group]);
    else
        krni_writef(&f->w, "%u", (unsigned)e->way + 1u);
}

krn_status krn_trace_write(void *file, const krn_sim_trace_event *e, krn_error *err)
{
    krn_trace_file *f = file;
    krni_writer *w = &f->w;
    char tonnes[32];
    const char *name[2];
    if (e->stream >= f->names.n_streams)
        return krni_fail(err, KRN_E_ARG, "an event of a stream that the trace does not know");
    const bool known =
        e->activity.index < krn_network_activities(f->names.network) && e->kind != KRN_TRACE_MADE;
    const bool waits = e->kind == KRN_TRACE_WAIT;
    put_what(f, e, known, name);
    krni_writef(w, "%u,%s%s%s,", (unsigned)e->lot, name[0], waits ? ": " : "",
                waits ? krn_sim_cause_name(e->cause) : "");
    put_instant(f, e->at);
    krni_write_char(w, ',');
    krni_write(w, name[1]);
    krni_write_char(w, ',');
    put_places(f, e, known);
    krni_write_char(w, ',');
    if (e->resource < f->names.n_resources)
        krni_write(w, f->resource[e->resource]);
    krni_write_char(w, ',');
    krni_write(w, waits ? krn_sim_cause_name(e->cause) : "");
    krni_write_char(w, ',');
    krni_write(w, f->stream[2 * e->stream]);
    krni_write_char(w, ',');
    krni_write(w, krni_number_short(e->tonnes, 3, tonnes, sizeof tonnes));
    krni_write_char(w, ',');
    krni_write(w, f->stream[2 * e->stream + 1]);
    krni_write_char(w, ',');
    put_way(f, e);
    krni_write_char(w, '\n');
    if (w->failed)
        return krni_fail_memory(err);
    return w->size >= BUFFER_BYTES ? flush(f, err) : KRN_OK;
}

krn_status krn_trace_finish(krn_trace_file *f, krn_error *err)
{
    krn_status st = flush(f, err);
    if (!st) {
        st = krni_file_end(f->out, err);
        f->out = NULL;
    }
    krn_trace_drop(f);
    return st;
}

void krn_trace_drop(krn_trace_file *f)
{
    if (!f)
        return;
    krni_file_drop(f->out);
    krni_writer_free(&f->w);
    krn_arena_free(f->arena); /* f itself lies in it */
}
