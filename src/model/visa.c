/* SPDX-License-Identifier: Apache-2.0 */
/* visa.c - entry of persons: which row of visa.csv holds for a subject, a passport and a country.
 *
 * Order: higher priority, then a row that names the nationality before one for any, then the later
 * first day, then the id. Business travellers and crews without a row of their own enter as
 * citizens; drivers and train crews do not. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/rule_book.h"

#define HOURS_PER_DAY 24.0

static int compare_visas(const void *a, const void *b)
{
    const krni_visa *x = a;
    const krni_visa *y = b;
    if (x->destination != y->destination)
        return x->destination < y->destination ? -1 : 1;
    if (x->priority != y->priority)
        return x->priority > y->priority ? -1 : 1;
    if (!x->nationality != !y->nationality)
        return x->nationality ? -1 : 1;
    if (x->days.from != y->days.from)
        return x->days.from > y->days.from ? -1 : 1;
    return strcmp(x->id, y->id);
}

krn_status krni_visas_make(krn_rule_book *book, krn_error *err)
{
    const krn_package *p = book->package;
    const krn_table t = KRN_TABLE_VISA;
    const uint32_t n_rows = krn_package_rows(p, t);
    book->visas = krn_arena_calloc(book->arena, n_rows, sizeof *book->visas);
    if (!book->visas)
        return krni_fail_memory(err);
    for (uint32_t row = 0; row < n_rows; row++) {
        if (strcmp(krni_text(p, t, row, VISA_USE), "rule") != 0)
            continue;
        book->visas[book->n_visas++] =
            (krni_visa){.row = row,
                        .id = krni_text(p, t, row, VISA_VISA_ID),
                        .subject = krni_text(p, t, row, VISA_SUBJECT),
                        .nationality = krn_country_parse(krni_text(p, t, row, VISA_NATIONALITY)),
                        .destination = krn_country_parse(krni_text(p, t, row, VISA_DESTINATION)),
                        .priority = (int)krni_number_or(p, t, row, VISA_PRIORITY, 0.0),
                        .days = krni_days_of(p, t, row, VISA_VALID_FROM, VISA_VALID_TO),
                        .lead_h = krni_number(p, t, row, VISA_LEAD_TYPICAL_DAYS) * HOURS_PER_DAY,
                        .free = strcmp(krni_text(p, t, row, VISA_REGIME), "visa_free") == 0};
    }
    qsort(book->visas, book->n_visas, sizeof *book->visas, compare_visas);
    return KRN_OK;
}

/* The row of one subject, without falling back. O(log rows + rows of the destination). */
static const krni_visa *find(const krn_rule_book *book, const char *subject,
                             krn_country nationality, krn_country destination, int32_t day)
{
    uint32_t low = 0;
    uint32_t high = book->n_visas;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (book->visas[middle].destination < destination)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < book->n_visas && book->visas[low].destination == destination; low++) {
        const krni_visa *v = &book->visas[low];
        if ((v->nationality == 0 || v->nationality == nationality) &&
            krni_days_hold(v->days, day) && strcmp(v->subject, subject) == 0)
            return v;
    }
    return NULL;
}

void krn_visa_find(const krn_rule_book *book, const char *subject, krn_country nationality,
                   krn_country destination, int32_t day, uint32_t *out_row)
{
    const krni_visa *visa = find(book, subject, nationality, destination, day);
    if (!visa && (strcmp(subject, "business") == 0 || strcmp(subject, "crew") == 0))
        visa = find(book, "citizen", nationality, destination, day);
    *out_row = visa ? visa->row : KRN_NO_ROW;
}

const char *krni_visa_subject(krn_mode mode)
{
    static const char *const subjects[KRN_MODE_COUNT] = {
        [KRN_RAIL] = "train_crew", [KRN_ROAD] = "driver", [KRN_SEA] = "crew"};
    return (unsigned)mode < KRN_MODE_COUNT ? subjects[mode] : "driver";
}

const krni_visa *krni_visa_at(const krn_rule_book *book, const krn_rule_case *question,
                              const krn_rule_point *point)
{
    const krn_country nationality =
        question->consignment->driver ? question->consignment->driver : question->origin;
    if (point->gate != KRN_GATE_ENTER || point->country == nationality)
        return NULL;
    const krni_visa *visa =
        find(book, krni_visa_subject(point->mode), nationality, point->country, question->day);
    return visa && !visa->free ? visa : NULL;
}
