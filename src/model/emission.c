/* SPDX-License-Identifier: Apache-2.0 */
/* emission.c - which row of emission.csv holds for a leg.
 *
 * Rows without a well-to-wheel figure and rows kept for reading are left out. Of the rows whose
 * every named condition fits, the most specific one wins: vehicle before country before emission
 * group before traction; then the lower id. On an electrified line traction is "electric", on all
 * else it is anything but that.
 *
 * Source of the method: ISO 14083:2023, emissions = transport activity (tkm) * emission intensity,
 * well to wheel, with tank to wheel beside it. */
#include <keruen/emission.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "model/condition.h"

#define ELECTRIC "electric"

/* Weights of what a row names: each one outweighs all below it. */
enum { BY_TRACTION = 1, BY_GROUP = 2, BY_COUNTRY = 4, BY_VEHICLE = 8 };

typedef struct factor {
    uint32_t row;
    const char *id;
    uint8_t mode;
    uint8_t specificity;
    bool any_traction;
    bool electric;
    const char *group;   /* "" any */
    krn_country country; /* 0 any */
    uint32_t vehicle;    /* KRN_NO_ROW any */
} factor;

struct krn_emission_book {
    krn_arena *arena;
    const krn_package *package; /* borrowed */
    factor *factors;            /* by mode, most specific first, then id */
    uint32_t n_factors;
    uint32_t first[KRN_MODE_COUNT + 1];
    uint32_t n_classes;
    const char **class_group; /* emission group of each cargo class */
};

static int compare_factors(const void *a, const void *b)
{
    const factor *x = a;
    const factor *y = b;
    if (x->mode != y->mode)
        return x->mode < y->mode ? -1 : 1;
    if (x->specificity != y->specificity)
        return x->specificity > y->specificity ? -1 : 1;
    return strcmp(x->id, y->id);
}

static bool read_factor(const krn_package *p, uint32_t row, factor *out)
{
    const krn_table t = KRN_TABLE_EMISSION;
    const char *mode = krni_text(p, t, row, EMISSION_MODE);
    const char *traction = krni_text(p, t, row, EMISSION_TRACTION);
    const krn_mode named = krni_mode_named(mode, strlen(mode));
    if (strcmp(krni_text(p, t, row, EMISSION_USE), "factor") != 0 || named == KRN_MODE_COUNT ||
        isnan(krni_number(p, t, row, EMISSION_KG_CO2E_PER_TKM_WTW)))
        return false;
    *out = (factor){.row = row,
                    .id = krni_text(p, t, row, EMISSION_EMISSION_ID),
                    .mode = (uint8_t)named,
                    .any_traction = *traction == '\0',
                    .electric = strcmp(traction, ELECTRIC) == 0,
                    .group = krni_text(p, t, row, EMISSION_EMISSION_GROUP),
                    .country = krn_country_parse(krni_text(p, t, row, EMISSION_COUNTRY)),
                    .vehicle = krni_ref(p, t, row, EMISSION_VEHICLE_ID)};
    out->specificity =
        (uint8_t)((out->vehicle != KRN_NO_ROW ? BY_VEHICLE : 0) + (out->country ? BY_COUNTRY : 0) +
                  (*out->group ? BY_GROUP : 0) + (out->any_traction ? 0 : BY_TRACTION));
    return true;
}

static krn_status make_factors(krn_emission_book *book, krn_error *err)
{
    const krn_package *p = book->package;
    const uint32_t n_rows = krn_package_rows(p, KRN_TABLE_EMISSION);
    book->n_classes = krn_package_rows(p, KRN_TABLE_CARGO_CLASS);
    book->factors = krn_arena_calloc(book->arena, n_rows, sizeof *book->factors);
    book->class_group = krn_arena_calloc(book->arena, book->n_classes, sizeof *book->class_group);
    if (!book->factors || !book->class_group)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < book->n_classes; i++)
        book->class_group[i] = krni_text(p, KRN_TABLE_CARGO_CLASS, i, CARGO_CLASS_EMISSION_GROUP);
    for (uint32_t row = 0; row < n_rows; row++)
        if (read_factor(p, row, &book->factors[book->n_factors]))
            book->n_factors++;
    qsort(book->factors, book->n_factors, sizeof *book->factors, compare_factors);
    uint32_t next = 0;
    for (uint32_t mode = 0; mode <= KRN_MODE_COUNT; mode++) {
        while (next < book->n_factors && book->factors[next].mode < mode)
            next++;
        book->first[mode] = next;
    }
    return KRN_OK;
}

krn_status krn_emission_book_new(const krn_package *package, krn_emission_book **out,
                                 krn_error *err)
{
    *out = NULL;
    krn_status status = KRN_OK;
    krn_arena *arena = krn_arena_new(NULL, 0);
    krn_emission_book *book = arena ? krn_arena_calloc(arena, 1, sizeof *book) : NULL;
    if (!book) {
        status = krni_fail_memory(err);
        goto done;
    }
    book->arena = arena;
    book->package = package;
    status = make_factors(book, err);
done:
    if (status)
        krn_arena_free(arena);
    else
        *out = book;
    return status;
}

void krn_emission_book_free(krn_emission_book *book)
{
    if (book)
        krn_arena_free(book->arena);
}

krn_emission_factor krn_emission_find(const krn_emission_book *book, krn_mode mode,
                                      uint32_t cargo_class, bool electrified, krn_country country,
                                      uint32_t vehicle)
{
    const krn_emission_factor unknown = {NAN, NAN, krn_figure_none(), KRN_ESTIMATED};
    if ((unsigned)mode >= KRN_MODE_COUNT)
        return unknown;
    const char *group = cargo_class < book->n_classes ? book->class_group[cargo_class] : "";
    for (uint32_t i = book->first[mode]; i < book->first[mode + 1]; i++) {
        const factor *f = &book->factors[i];
        if ((f->vehicle != KRN_NO_ROW && f->vehicle != vehicle) ||
            (f->country && f->country != country) || (*f->group && strcmp(f->group, group) != 0) ||
            (!f->any_traction && f->electric != electrified))
            continue;
        const krn_package *p = book->package;
        const krn_figure figure =
            krni_figure(KRN_TABLE_EMISSION, f->row, EMISSION_KG_CO2E_PER_TKM_WTW);
        const krn_emission_factor found = {
            krni_number(p, KRN_TABLE_EMISSION, f->row, EMISSION_KG_CO2E_PER_TKM_WTW),
            krni_number(p, KRN_TABLE_EMISSION, f->row, EMISSION_KG_CO2E_PER_TKM_TTW), figure,
            krn_package_quality(p, figure)};
        return found;
    }
    return unknown;
}
