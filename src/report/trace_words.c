/* SPDX-License-Identifier: Apache-2.0 */
/* trace_words.c - see trace_words.h. */
#include "report/trace_words.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/tables.h"

static int32_t day_of(krn_time at)
{
    return (int32_t)((at - (at < 0 ? KRN_SECONDS_PER_DAY - 1 : 0)) / KRN_SECONDS_PER_DAY);
}

static char *instant(krn_time at, const char *format, char out[KRNI_WORD])
{
    int year, month, day;
    const int32_t days = day_of(at);
    const int s = (int)(at - (krn_time)days * KRN_SECONDS_PER_DAY);
    krn_day_to_civil(days, &year, &month, &day);
    if (format[0] == 'T')
        (void)snprintf(out, KRNI_WORD, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, s / 3600,
                       s / 60 % 60, s % 60);
    else
        (void)snprintf(out, KRNI_WORD, "%04d-%02d-%02d %02d:%02d", year, month, day, s / 3600,
                       s / 60 % 60);
    return out;
}

char *krni_utc_text(krn_time at, char out[KRNI_WORD])
{
    return instant(at, " ", out);
}

char *krni_utc_iso(krn_time at, char out[KRNI_WORD])
{
    return instant(at, "T", out);
}

const char *krni_trace_place(const krn_package *package, const char *id, krn_arena *arena)
{
    char name[4 * KRNI_WORD];
    const uint32_t row = package ? krn_package_find(package, KRN_TABLE_NODE, id) : KRN_NO_ROW;
    if (row == KRN_NO_ROW)
        return id;
    const char *own = krn_arena_text(arena, krni_place_short(package, row, name, sizeof name));
    return own ? own : id;
}

const char *krni_trace_ends(const krn_package *package, const char *from, const char *to,
                            krn_arena *arena)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_write(&w, krni_trace_place(package, from, arena));
    if (*from && *to && strcmp(from, to) != 0)
        krni_write(&w, " → ");
    if (!*from || (*to && strcmp(from, to) != 0))
        krni_write(&w, krni_trace_place(package, to, arena));
    const char *text = krni_writer_text(&w);
    return text ? text : "";
}

const char *krni_trace_relation(const krn_package *package, const char *relation, krn_arena *arena)
{
    char *from = krn_arena_text(arena, relation);
    char *sign = from ? strchr(from, '>') : NULL;
    if (!sign)
        return relation;
    *sign = '\0';
    return krni_trace_ends(package, from, sign + 1, arena);
}

const char *krni_trace_commodity(const krn_package *package, const char *id, krn_arena *arena)
{
    const uint32_t row = package ? krn_package_find(package, KRN_TABLE_COMMODITY, id) : KRN_NO_ROW;
    if (row == KRN_NO_ROW)
        return id;
    char *name = krn_arena_text(arena, krni_commodity_name(package, row));
    if (name && name[0] >= 'A' && name[0] <= 'Z' && !(name[1] >= 'A' && name[1] <= 'Z'))
        name[0] = (char)(name[0] - 'A' + 'a');
    return name ? name : id;
}

void krni_tally_add(krni_tallies *t, const char *name, double span_h, double net_t)
{
    uint32_t i = 0;
    while (i < t->n && strcmp(t->of[i].name, name) != 0)
        i++;
    if (i == KRNI_TALLIES) {
        i--;
        t->of[i].name = "other";
    }
    if (i == t->n) {
        char *own = krn_arena_text(t->arena, name);
        if (!own) {
            t->failed = true;
            return;
        }
        t->of[t->n++] = (krni_tally){.name = own};
    }
    t->of[i].span_h += span_h;
    t->of[i].net_t_h += span_h * net_t;
    t->of[i].n++;
}

static int compare(const void *pa, const void *pb)
{
    const krni_tally *a = pa, *b = pb;
    if (a->span_h != b->span_h)
        return a->span_h > b->span_h ? -1 : 1;
    return strcmp(a->name, b->name);
}

void krni_tally_sort(krni_tallies *t)
{
    qsort(t->of, t->n, sizeof *t->of, compare);
}

const char *krni_trace_state(const krn_trace_row *row)
{
    return row->step == KRN_STEP_COMPLETE ? "at rest" : row->activity;
}

bool krni_trace_is_wait(const char *state)
{
    return strncmp(state, "wait", 4) == 0;
}

krn_status krni_trace_disorder(const char *path, const krn_trace_row *row, krn_error *err)
{
    char at[KRNI_WORD];
    return krni_fail(err, KRN_E_DATA,
                     "%s: lot %u: timestamp: %s: no earlier instant than that of the lot's row "
                     "above was expected",
                     path, (unsigned)row->lot, krni_utc_iso(row->at, at));
}
