/* SPDX-License-Identifier: Apache-2.0 */
/* timetable_check.c - the calls of each trip: two at least, in order, in time, joined by links.
 *
 *   stop_times.txt --sorted by trip, sequence--> runs of one trip --> pairs of neighbours
 *   link.csv       --sorted by (mode, lower node, higher node)--> looked up by halving */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "io/package_check.h"

typedef struct call {
    uint32_t trip; /* offset of its id: equal texts are equal offsets */
    uint32_t row;
    double sequence;
} call;

typedef struct joint {
    uint32_t mode, low, high; /* offsets of texts */
} joint;

typedef struct timetable {
    const krn_package *package;
    krn_faults *faults;
    call *calls;
    uint32_t n_calls;
    joint *joints;
    uint32_t n_joints;
} timetable;

static int compare_calls(const void *a, const void *b)
{
    const call *x = a, *y = b;
    if (x->trip != y->trip)
        return x->trip < y->trip ? -1 : 1;
    if (x->sequence < y->sequence || x->sequence > y->sequence)
        return x->sequence < y->sequence ? -1 : 1;
    return x->row < y->row ? -1 : x->row > y->row;
}

static int compare_joints(const void *a, const void *b)
{
    const joint *x = a, *y = b;
    if (x->mode != y->mode)
        return x->mode < y->mode ? -1 : 1;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    return x->high < y->high ? -1 : x->high > y->high;
}

static uint32_t offset_of(const krn_package *p, krn_table table, uint32_t row, int column)
{
    const krni_rows *t = &p->tables[table];
    return t->cells[(size_t)row * t->n_columns + (uint32_t)column].text;
}

static joint joint_of(uint32_t mode, uint32_t a, uint32_t b)
{
    const joint j = {mode, a < b ? a : b, a < b ? b : a};
    return j;
}

static bool open_timetable(timetable *t)
{
    const krn_package *p = t->package;
    const uint32_t n_calls = krn_package_rows(p, KRN_TABLE_STOP_TIMES);
    const uint32_t n_links = krn_package_rows(p, KRN_TABLE_LINK);
    t->calls = malloc((n_calls + (size_t)1) * sizeof *t->calls);
    t->joints = malloc((n_links + (size_t)1) * sizeof *t->joints);
    if (!t->calls || !t->joints)
        return false;
    for (uint32_t r = 0; r < n_calls; r++) {
        const call c = {offset_of(p, KRN_TABLE_STOP_TIMES, r, STOP_TIMES_TRIP_ID), r,
                        krni_number_or(p, KRN_TABLE_STOP_TIMES, r, STOP_TIMES_STOP_SEQUENCE, -1)};
        t->calls[t->n_calls++] = c;
    }
    for (uint32_t l = 0; l < n_links; l++)
        t->joints[t->n_joints++] = joint_of(offset_of(p, KRN_TABLE_LINK, l, LINK_MODE),
                                            offset_of(p, KRN_TABLE_LINK, l, LINK_FROM_NODE_ID),
                                            offset_of(p, KRN_TABLE_LINK, l, LINK_TO_NODE_ID));
    qsort(t->calls, t->n_calls, sizeof *t->calls, compare_calls);
    qsort(t->joints, t->n_joints, sizeof *t->joints, compare_joints);
    return true;
}

static void report(const timetable *t, uint32_t row, int column, const char *expected)
{
    krni_fault_at(t->faults, t->package, KRN_TABLE_STOP_TIMES, row, column,
                  krni_text(t->package, KRN_TABLE_STOP_TIMES, row, column), expected);
}

/* Time at which a call is left, or reached; the other one when it is blank. */
static double time_of(const timetable *t, uint32_t row, bool leaving)
{
    const int first = leaving ? STOP_TIMES_DEPARTURE_TIME : STOP_TIMES_ARRIVAL_TIME;
    const int second = leaving ? STOP_TIMES_ARRIVAL_TIME : STOP_TIMES_DEPARTURE_TIME;
    return krni_number_or(t->package, KRN_TABLE_STOP_TIMES, row, first,
                          krni_number(t->package, KRN_TABLE_STOP_TIMES, row, second));
}

static void check_pair(const timetable *t, uint32_t before, uint32_t after, uint32_t mode,
                       double *last_time)
{
    const krn_package *p = t->package;
    const uint32_t a = offset_of(p, KRN_TABLE_STOP_TIMES, before, STOP_TIMES_STOP_ID);
    const uint32_t b = offset_of(p, KRN_TABLE_STOP_TIMES, after, STOP_TIMES_STOP_ID);
    const joint wanted = joint_of(mode, a, b);
    const double reached = time_of(t, after, false);
    if (reached < *last_time)
        report(t, after, STOP_TIMES_ARRIVAL_TIME, "a time not before that of the call before");
    if (!isnan(reached))
        *last_time = time_of(t, after, true);
    if (a && a == b)
        report(t, after, STOP_TIMES_STOP_ID, "another stop than that of the call before");
    else if (mode && a && b &&
             !bsearch(&wanted, t->joints, t->n_joints, sizeof *t->joints, compare_joints)) {
        const char *name = p->pool + mode;
        report(t, after, STOP_TIMES_STOP_ID,
               strcmp(name, "sea") == 0    ? "a stop that a sea link joins to the one before"
               : strcmp(name, "rail") == 0 ? "a stop that a rail link joins to the one before"
                                           : "a stop that a road link joins to the one before");
    }
}

/* calls[from .. to) are of one trip */
static void check_trip_calls(const timetable *t, uint32_t from, uint32_t to)
{
    const krn_package *p = t->package;
    const char *id = p->pool + t->calls[from].trip;
    const uint32_t trip = krn_package_find(p, KRN_TABLE_TRIP, id);
    const uint32_t mode = trip == KRN_NO_ROW ? 0 : offset_of(p, KRN_TABLE_TRIP, trip, TRIP_MODE);
    double last_time = time_of(t, t->calls[from].row, true);
    if (to - from < 2)
        report(t, t->calls[from].row, STOP_TIMES_TRIP_ID, "a trip of two calls at least");
    if (isnan(last_time))
        report(t, t->calls[from].row, STOP_TIMES_DEPARTURE_TIME, "a time at the first call");
    if (to - from >= 2 && isnan(time_of(t, t->calls[to - 1].row, false)))
        report(t, t->calls[to - 1].row, STOP_TIMES_ARRIVAL_TIME, "a time at the last call");
    for (uint32_t i = from + 1; i < to; i++)
        check_pair(t, t->calls[i - 1].row, t->calls[i].row, mode, &last_time);
}

/* Every trip has calls and what freight needs to know of it. */
static void check_trips(const timetable *t)
{
    const krn_package *p = t->package;
    for (uint32_t r = 0; r < krn_package_rows(p, KRN_TABLE_TRIPS); r++) {
        const call wanted = {offset_of(p, KRN_TABLE_TRIPS, r, TRIPS_TRIP_ID), 0, -2};
        uint32_t low = 0, high = t->n_calls;
        while (low < high) {
            const uint32_t middle = low + (high - low) / 2;
            if (compare_calls(&t->calls[middle], &wanted) < 0)
                low = middle + 1;
            else
                high = middle;
        }
        const char *id = krni_text(p, KRN_TABLE_TRIPS, r, TRIPS_TRIP_ID);
        if (!*id)
            continue;
        if (low == t->n_calls || t->calls[low].trip != wanted.trip)
            krni_fault_at(t->faults, p, KRN_TABLE_TRIPS, r, TRIPS_TRIP_ID, id,
                          "a trip with calls in stop_times.txt");
        if (krn_package_find(p, KRN_TABLE_TRIP, id) == KRN_NO_ROW)
            krni_fault_at(t->faults, p, KRN_TABLE_TRIPS, r, TRIPS_TRIP_ID, id,
                          "a trip with a row in kr_trip.txt");
    }
}

krn_status krni_check_timetable(const krn_package *package, krn_faults *faults, krn_error *err)
{
    timetable t = {package, faults, NULL, 0, NULL, 0};
    krn_status status = KRN_OK;
    if (!open_timetable(&t)) {
        status = krni_fail_memory(err);
        goto done;
    }
    for (uint32_t from = 0, to; from < t.n_calls; from = to) {
        for (to = from + 1; to < t.n_calls && t.calls[to].trip == t.calls[from].trip;)
            to++;
        if (t.calls[from].trip)
            check_trip_calls(&t, from, to);
    }
    check_trips(&t);
done:
    free(t.calls);
    free(t.joints);
    return status;
}
