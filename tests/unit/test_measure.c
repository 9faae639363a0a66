/* SPDX-License-Identifier: Apache-2.0 */
/* test_measure.c - what measures make of the mini package.
 *
 *   m-words 2025-05-05..12-31   m-fast-border 2026-06-01..   m-spur 2027-01-01..   m-no-ice no date
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/measure.h>

#include "model/tables.h"
#include "support/assert_near.h"
#include "support/memory_package.h"

#define DAY_2026_03_01 20513
#define DAY_2026_06_01 20605
#define DAY_2027_01_01 20819

typedef struct fixture {
    memory_package *files;
    krn_package *base;
    krn_arena *arena;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->files = memory_package_open(KRN_SOURCE_DIR);
    f->arena = krn_arena_new(NULL, 0);
    *state = f;
    return memory_package_load(f->files, NULL, &f->base, NULL) != KRN_OK;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    krn_package_free(f->base);
    memory_package_free(f->files);
    krn_arena_free(f->arena);
    free(f);
    return 0;
}

/* Adds the file of a further measure and loads again. */
static void add_measure(fixture *f, const char *id, const char *rest)
{
    char name[64], text[2048];
    krn_error err;
    (void)snprintf(name, sizeof name, "measure/%s.yaml", id);
    (void)snprintf(text, sizeof text,
                   "id: %s\nname: {en: x}\nkind: tariff\nstatus: x\nquality: published\n"
                   "source_id: s-mini\n%s",
                   id, rest);
    memory_package_drop(f->files, "datapackage.json");
    assert_true(memory_package_set(f->files, name, text, strlen(text)));
    krn_package_free(f->base);
    f->base = NULL;
    const krn_status status = memory_package_load(f->files, NULL, &f->base, &err);
    if (status)
        fprintf(stderr, "%s\n", err.text);
    assert_int_equal(status, KRN_OK);
}

static krn_package *apply(fixture *f, int32_t day, const char *with, const char *without,
                          krn_measure_report *report)
{
    const krn_measure_choice choice = {day, &with, with ? 1 : 0, &without, without ? 1 : 0};
    krn_package *scenario = NULL;
    krn_error err;
    const krn_status status =
        krn_measure_apply(f->base, &choice, f->arena, report, &scenario, &err);
    if (status)
        fprintf(stderr, "%s\n", err.text);
    assert_int_equal(status, KRN_OK);
    return scenario;
}

static double dwell(const krn_package *p, const char *border)
{
    return krni_number(p, KRN_TABLE_BORDER, krn_package_find(p, KRN_TABLE_BORDER, border),
                       BORDER_DWELL_TYPICAL_H);
}

static void those_in_force_apply_by_themselves(void **state)
{
    fixture *f = *state;
    krn_package *before = apply(f, DAY_2026_03_01, NULL, NULL, NULL);
    krn_package *after = apply(f, DAY_2026_06_01, NULL, NULL, NULL);
    assert_near(dwell(before, "bo-rail-out"), 10, 0);
    assert_near(dwell(after, "bo-rail-out"), 5, 0);
    assert_near(dwell(after, "bo-road-out"), 5, 0); /* another link: as it was */
    assert_near(dwell(f->base, "bo-rail-out"), 10, 0);
    krn_package_free(before);
    krn_package_free(after);
}

static void with_and_without_switch_any(void **state)
{
    fixture *f = *state;
    krn_measure_report report;
    krn_package *on = apply(f, DAY_2026_03_01, "m-fast-border", NULL, &report);
    assert_int_equal(report.n_applied, 1);
    assert_near(dwell(on, "bo-rail-out"), 5, 0);
    krn_package *off = apply(f, DAY_2027_01_01, NULL, "m-fast-border", &report);
    assert_int_equal(report.n_applied, 1);
    assert_near(dwell(off, "bo-rail-out"), 10, 0);
    krn_package *none = apply(f, DAY_2027_01_01, NULL, "all", &report);
    assert_int_equal(report.n_applied, 0);
    krn_package_free(on);
    krn_package_free(off);
    krn_package_free(none);
}

static void a_changed_figure_names_its_measure(void **state)
{
    fixture *f = *state;
    krn_package *p = apply(f, DAY_2027_01_01, NULL, NULL, NULL);
    const uint32_t border = krn_package_find(p, KRN_TABLE_BORDER, "bo-rail-in");
    const krn_figure figure = krni_figure(KRN_TABLE_BORDER, border, BORDER_DWELL_LOW_H);
    assert_int_equal(krn_package_quality(p, figure), KRN_ESTIMATED);
    assert_string_equal(krn_package_source(p, figure), "s-mini");
    assert_string_equal(krn_package_changed_by(p, figure), "m-fast-border");
    assert_string_equal(krni_text(p, KRN_TABLE_BORDER, border, BORDER_DWELL_LOW_H), "1.5");
    const krn_figure fee = krni_figure(KRN_TABLE_BORDER, border, BORDER_FEE_USD);
    assert_string_equal(krn_package_changed_by(p, fee), "");
    const uint32_t added = krn_package_find(p, KRN_TABLE_OPERATION, "op-spur-load");
    const krn_figure rate = krni_figure(KRN_TABLE_OPERATION, added, OPERATION_RATE_PER_H);
    assert_int_equal(krn_package_quality(p, rate), KRN_DERIVED);
    assert_string_equal(krn_package_source(p, rate), "s-mini");
    assert_string_equal(krn_package_changed_by(p, rate), "m-spur");
    assert_string_equal(krn_package_row_file(p, KRN_TABLE_OPERATION, added), "measure/m-spur.yaml");
    krn_package_free(p);
}

static void rows_taken_out_leave_the_others_in_order(void **state)
{
    fixture *f = *state;
    krn_package *p = apply(f, DAY_2026_03_01, "m-no-ice", NULL, NULL);
    assert_int_equal(krn_package_rows(p, KRN_TABLE_SEASON), 1);
    assert_string_equal(krni_text(p, KRN_TABLE_SEASON, 0, SEASON_SEASON_ID), "se-storm");
    assert_int_equal(krn_package_find(p, KRN_TABLE_SEASON, "se-ice"), KRN_NO_ROW);
    const uint32_t visa = krn_package_find(p, KRN_TABLE_VISA, "v-xa-xb-driver");
    assert_string_equal(krni_text(p, KRN_TABLE_VISA, visa, VISA_COST_USD), "");
    krn_package_free(p);
}

/* m-later sets what m-fast-border has scaled; the later date stands, by id at equal dates */
static void two_that_set_one_cell_are_reported_and_the_later_stands(void **state)
{
    fixture *f = *state;
    krn_measure_report report;
    add_measure(
        f, "m-later",
        "in_force_from: 2026-07-01\nchanges:\n  - table: border\n"
        "    where: {border_id: bo-rail-in}\n    set: {dwell_typical_h: 7, dwell_low_h: 7}\n");
    krn_package *p = apply(f, DAY_2027_01_01, NULL, NULL, &report);
    assert_near(dwell(p, "bo-rail-in"), 7, 0);
    assert_int_equal(report.n_applied, 3);
    assert_int_equal(report.n_conflicts, 2);
    assert_int_equal(report.conflicts[0].figure.table, KRN_TABLE_BORDER);
    assert_string_equal(
        krni_text(p, KRN_TABLE_MEASURE, report.conflicts[0].first, MEASURE_MEASURE_ID),
        "m-fast-border");
    assert_string_equal(
        krni_text(p, KRN_TABLE_MEASURE, report.conflicts[0].second, MEASURE_MEASURE_ID), "m-later");
    krn_package_free(p);
}

static void a_measure_may_lean_on_one_of_an_earlier_date(void **state)
{
    fixture *f = *state;
    add_measure(f, "m-after-spur",
                "in_force_from: 2027-06-01\nchanges:\n  - table: operation\n"
                "    where: {operation_id: op-spur-load}\n    scale: {rate_per_h: 2}\n");
    krn_package *p = apply(f, DAY_2027_01_01 + 365, NULL, NULL, NULL);
    const uint32_t row = krn_package_find(p, KRN_TABLE_OPERATION, "op-spur-load");
    assert_near(krni_number(p, KRN_TABLE_OPERATION, row, OPERATION_RATE_PER_H), 160, 1e-12);
    krn_package_free(p);
}

static void conditions_look_into_lists_and_for_blanks(void **state)
{
    fixture *f = *state;
    add_measure(f, "m-lists",
                "changes:\n  - table: link\n    where: {kr_country: 'contains:XB', kr_mode: rail}\n"
                "    set: {kr_tracks: 2}\n  - table: border\n"
                "    where: {cargo_class: '', link_id: r-gate}\n    set: {agencies: one}\n");
    krn_package *p = apply(f, DAY_2026_03_01, "m-lists", NULL, NULL);
    uint32_t doubled = 0, one = 0;
    for (uint32_t r = 0; r < krn_package_rows(p, KRN_TABLE_LINK); r++)
        doubled += krni_number(p, KRN_TABLE_LINK, r, LINK_TRACKS) > 1;
    for (uint32_t r = 0; r < krn_package_rows(p, KRN_TABLE_BORDER); r++)
        one += strcmp(krni_text(p, KRN_TABLE_BORDER, r, BORDER_AGENCIES), "one") == 0;
    assert_int_equal(doubled, 4);
    assert_int_equal(one, 2);
    krn_package_free(p);
}

static void what_cannot_be_chosen_is_told(void **state)
{
    fixture *f = *state;
    const char *wrong = "m-fast-bordr", *right = "m-spur";
    krn_measure_choice choice = {DAY_2026_03_01, &wrong, 1, NULL, 0};
    krn_package *p = NULL;
    krn_error err;
    assert_int_equal(krn_measure_apply(f->base, &choice, f->arena, NULL, &p, &err),
                     KRN_E_NOT_FOUND);
    assert_non_null(strstr(err.text, "m-fast-border"));
    choice.with = choice.without = &right;
    choice.n_without = 1;
    assert_int_equal(krn_measure_apply(f->base, &choice, f->arena, NULL, &p, &err), KRN_E_ARG);
    assert_null(p);
}

/* krn_package_load reads it from a path; it applies whatever its dates, after all others */
static void an_own_measure_applies_last(void **state)
{
    fixture *f = *state;
    const char *const own = KRN_BINARY_DIR "/test_measure_own.yaml";
    static const char text[] =
        "id: my-own\nname: {en: Own}\nkind: procedure\nstatus: idea\nquality: estimated\n"
        "source_id: s-guess\nin_force_from: 2020-01-01\nin_force_to: 2020-01-02\nchanges:\n"
        "  - table: border\n    where: {border_id: bo-rail-out}\n"
        "    set: {dwell_low_h: 1, dwell_typical_h: 2, dwell_high_h: 3}\n";
    krn_measure_report report;
    krn_error err;
    krn_package_free(f->base);
    f->base = NULL;
    assert_int_equal(krn_file_write(own, text, sizeof text - 1, &err), KRN_OK);
    assert_int_equal(
        krn_package_load(KRN_SOURCE_DIR "/tests/support/mini", &own, 1, NULL, &f->base, &err),
        KRN_OK);
    krn_package *p = apply(f, DAY_2027_01_01, NULL, NULL, &report);
    assert_near(dwell(p, "bo-rail-out"), 2, 0);
    assert_int_equal(report.n_applied, 3);
    assert_string_equal(krni_text(p, KRN_TABLE_MEASURE, report.applied[2], MEASURE_MEASURE_ID),
                        "my-own");
    krn_package_free(p);
    p = apply(f, DAY_2027_01_01, NULL, "my-own", &report);
    assert_near(dwell(p, "bo-rail-out"), 5, 0);
    krn_package_free(p);
    assert_int_equal(remove(own), 0);
    assert_int_equal(
        krn_package_load(KRN_SOURCE_DIR "/tests/support/mini", &own, 1, NULL, &p, &err), KRN_E_IO);
}

static void changes_are_told_in_words(void **state)
{
    fixture *f = *state;
    const uint32_t fast = krn_package_find(f->base, KRN_TABLE_MEASURE, "m-fast-border");
    const uint32_t spur = krn_package_find(f->base, KRN_TABLE_MEASURE, "m-spur");
    assert_int_equal(krn_measure_changes(f->base, spur), 2);
    assert_string_equal(
        krn_measure_change_text(f->base, fast, 0, f->arena),
        "border: 3 rows: scale dwell_low_h by 0.5, dwell_typical_h by 0.5, dwell_high_h by 0.5");
    assert_string_equal(krn_measure_change_text(f->base, spur, 0, f->arena),
                        "link: 1 row: set kr_status to in_service");
    assert_string_equal(krn_measure_change_text(f->base, spur, 1, f->arena),
                        "operation: 1 row: add op-spur-load");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(those_in_force_apply_by_themselves),
        TEST(with_and_without_switch_any),
        TEST(a_changed_figure_names_its_measure),
        TEST(rows_taken_out_leave_the_others_in_order),
        TEST(two_that_set_one_cell_are_reported_and_the_later_stands),
        TEST(a_measure_may_lean_on_one_of_an_earlier_date),
        TEST(conditions_look_into_lists_and_for_blanks),
        TEST(what_cannot_be_chosen_is_told),
        TEST(an_own_measure_applies_last),
        TEST(changes_are_told_in_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
