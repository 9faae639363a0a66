/* SPDX-License-Identifier: Apache-2.0 */
/* test_trade_report.c - what people and programs read of the trade on a network: a small answer
 * made by hand (support/trade_answer.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>
#include <math.h>

#include "base/text.h"
#include "support/assert_near.h"
#include "support/failing_alloc.h"
#include "support/trade_answer.h"

typedef struct fixture {
    trade_answer trade;
    krn_arena *arena;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    if (!f)
        return 1;
    trade_answer_open(&f->trade);
    f->arena = krn_arena_new(NULL, 0);
    *state = f;
    return f->arena ? 0 : 1;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    trade_answer_close(&f->trade);
    krn_arena_free(f->arena);
    free(f);
    return 0;
}

static const char *text_of(fixture *f, krn_format format, unsigned columns)
{
    const krn_report_options options = {.format = format, .columns = columns};
    char *text = NULL;
    krn_error err = {0};
    assert_int_equal(krn_report_trade(&f->trade.report, &options, f->arena, &text, &err), KRN_OK);
    assert_non_null(text);
    return text;
}

static void assert_narrow(const char *text, size_t columns)
{
    while (*text) {
        char line[1024];
        const size_t n = strcspn(text, "\n");
        assert_true(n < sizeof line);
        memcpy(line, text, n);
        line[n] = '\0';
        if (krni_width(line) > columns)
            fail_msg("%zu columns: %s", krni_width(line), line);
        text += n + (text[n] == '\n');
    }
}

static bool has_line(const char *text, const char *part, const char *other)
{
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part)) {
        const size_t n = strcspn(at, "\n");
        const char *found = strstr(at, other);
        if (found && (size_t)(found - at) < n)
            return true;
    }
    return false;
}

static void no_line_is_wider_than_the_page(void **state)
{
    static const unsigned widths[] = {60, 72, 80, 100};
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        assert_narrow(text_of(*state, KRN_FORMAT_TABLE, widths[i]), widths[i]);
}

static void the_page_tells_totals_shares_and_what_is_left(void **state)
{
    const char *text = text_of(*state, KRN_FORMAT_TABLE, 80);
    assert_non_null(strstr(text, "The trade of 2030 on the network: user equilibrium"));
    assert_non_null(strstr(text, "flows of 2025, the latest known for that year"));
    assert_non_null(strstr(text, "1,100 t a year of 1,280 t asked for; 180 t (14.1%) left"));
    assert_true(has_line(text, "rail by Gates", "67%")); /* 700 of 1050 */
    assert_true(has_line(text, "sea West Harbour", "250"));
    assert_non_null(strstr(text, "West Harbour berths are full"));
    assert_non_null(strstr(text, "no way from Farm Town to Far City"));
    assert_null(strstr(text, "a way that nobody takes"));
    assert_null(strstr(text, "nan"));
}

static void a_price_that_is_not_known_is_blank(void **state)
{
    const char *text = text_of(*state, KRN_FORMAT_TABLE, 80);
    assert_true(has_line(text, "████████████████", "120%"));
    assert_true(has_line(text, "120%", "123,456"));
    assert_non_null(strstr(text, "gauge change 1520 → 1435: 72.0 of 60 wagons a day"));
    assert_true(has_line(text, "████····", "25%"));
    assert_null(strstr(text, "berths/x"));
}

static void alike_resources_are_told_together(void **state)
{
    const char *text = text_of(*state, KRN_FORMAT_TABLE, 80);
    assert_non_null(strstr(text, "West Harbour berths, West Harbour berths: 1.0 of 4 ships each"));
}

static void figures_of_the_page_stand_in_the_document(void **state)
{
    json_t *root = json_loads(text_of(*state, KRN_FORMAT_JSON, 80), 0, NULL);
    assert_non_null(root);
    const json_t *links = json_object_get(root, "links"),
                 *borders = json_object_get(root, "borders"), *rows = json_object_get(root, "rows"),
                 *ways = json_object_get(root, "ways"),
                 *first = json_array_get(json_object_get(root, "resources"), 0),
                 *last = json_array_get(json_object_get(root, "resources"), 3);
    assert_int_equal(json_array_size(links), 2);
    assert_int_equal(json_array_size(borders), 3);
    assert_int_equal(json_array_size(rows), 4);
    assert_int_equal(json_array_size(ways), 5); /* those that carry something */
    assert_int_equal(json_array_size(json_object_get(root, "bottlenecks")), 1);
    assert_int_equal(json_array_size(json_object_get(root, "unserved")), 2);
    assert_near(json_number_value(json_object_get(root, "relative_gap")), 3e-9, 1e-20);
    assert_near(json_number_value(json_object_get(first, "price_usd_per_year")), 123456, 1e-9);
    assert_true(json_is_null(json_object_get(last, "capacity_a_day")));
    assert_true(json_is_null(json_object_get(json_array_get(rows, 3), "cost_usd_t")));
    json_decref(root);
}

/* Classes of each row add up to its total, and every row has as many fields as the heading. */
static void rows_of_csv_add_up(void **state)
{
    const char *at = text_of(*state, KRN_FORMAT_CSV, 80);
    size_t fields = 0, rows = 0;
    for (; *at; rows++) {
        char line[1024];
        const size_t n = strcspn(at, "\r");
        assert_true(n < sizeof line && at[n + 1] == '\n');
        memcpy(line, at, n);
        line[n] = '\0';
        at += n + 2;
        size_t k = 0;
        double total_t = 0, sum_t = 0;
        for (char *field = line, *end; field; field = end, k++) {
            end = strchr(field, ',');
            if (end)
                *end++ = '\0';
            if (rows && k == 6)
                total_t = strtod(field, NULL);
            else if (rows && k > 6)
                sum_t += strtod(field, NULL);
        }
        fields = rows ? fields : k;
        assert_int_equal(k, fields);
        assert_near(sum_t, total_t, 1e-9);
    }
    assert_int_equal(rows, 9);
}

static void a_map_has_a_feature_for_each_use(void **state)
{
    json_t *root = json_loads(text_of(*state, KRN_FORMAT_GEOJSON, 80), 0, NULL);
    const json_t *features = json_object_get(root, "features");
    assert_int_equal(json_array_size(features), 8);
    const json_t *line = json_object_get(json_array_get(features, 1), "geometry");
    assert_string_equal(json_string_value(json_object_get(line, "type")), "LineString");
    /* against the link: begins at the junction */
    assert_near(json_number_value(
                    json_array_get(json_array_get(json_object_get(line, "coordinates"), 0), 1)),
                43.5, 1e-9);
    json_decref(root);
}

static void nothing_sent_is_a_page_too(void **state)
{
    fixture *f = *state;
    f->trade.answer.sent_t = 0;
    f->trade.answer.unserved_t = 1280;
    f->trade.answer.n_ways = f->trade.answer.n_uses = f->trade.answer.n_resources = 0;
    for (int i = 0; i < 4; i++) {
        f->trade.rows[i].sent_t = 0;
        f->trade.rows[i].reason = "closed";
    }
    const char *text = text_of(f, KRN_FORMAT_TABLE, 80);
    assert_non_null(strstr(text, "0 t a year of 1,280 t asked for"));
    assert_non_null(strstr(text, "Left behind"));
    assert_null(strstr(text, "nan"));
}

static void memory_that_runs_out_is_told(void **state)
{
    static const krn_format formats[] = {KRN_FORMAT_TABLE, KRN_FORMAT_JSON, KRN_FORMAT_CSV,
                                         KRN_FORMAT_GEOJSON};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
        for (long n = 1;; n++) {
            const krn_report_options options = {.format = formats[i], .columns = 80};
            krn_arena *arena = krn_arena_new(NULL, 0);
            char *text = NULL;
            krn_error err = {0};
            assert_non_null(arena);
            failing_alloc_arm(n);
            const krn_status status =
                krn_report_trade(&f->trade.report, &options, arena, &text, &err);
            const bool failed = failing_alloc_disarm();
            if (status != (failed ? KRN_E_MEMORY : KRN_OK))
                fail_msg("format %zu, allocation %ld: status %d", i, n, (int)status);
            krn_arena_free(arena);
            if (!failed)
                break;
        }
}

/* The number in a named column of a feature. */
static double number_at(const krn_layer *l, uint32_t feature, const char *column)
{
    for (uint32_t c = 0; c < l->n_columns; c++)
        if (strcmp(l->columns[c].name, column) == 0)
            return l->features[feature].cells[c].number;
    fail_msg("%s: no column %s", l->name, column);
    return 0.0;
}

static const char *cell_of(const krn_layer *l, uint32_t feature, const char *column)
{
    for (uint32_t c = 0; c < l->n_columns; c++)
        if (strcmp(l->columns[c].name, column) == 0)
            return l->features[feature].cells[c].text;
    fail_msg("%s: no column %s", l->name, column);
    return NULL;
}

static void layers_have_each_use_and_resource_where_it_is(void **state)
{
    fixture *f = *state;
    krn_layer l[3];
    krn_error err = {0};
    assert_int_equal(krn_trade_layers(&f->trade.report, f->arena, l, &err), KRN_OK);
    assert_int_equal(l[0].n_features, 2); /* a link, both ways */
    assert_int_equal(l[1].n_features, 6);
    assert_int_equal(l[2].n_features, 4);
    assert_string_equal(cell_of(&l[0], 0, "from_id"), "a-farm");
    assert_string_equal(cell_of(&l[0], 1, "from_id"), "a-junction");
    assert_near(number_at(&l[0], 0, "tonnes"), 700, 0);
    assert_near(number_at(&l[0], 0, "t_grain_bulk"), 700, 0);
    assert_near(number_at(&l[0], 1, "t_container"), 50, 0);
    assert_near(number_at(&l[0], 0, "tkm"), 700 * 180.5, 1e-9);
    assert_true(isnan(number_at(&l[0], 0, "full_share"))); /* nothing limits it */
    const krn_layer_feature *there = &l[0].features[0], *back = &l[0].features[1];
    assert_true(there->n_points >= 2 && there->n_points == back->n_points);
    assert_near(there->points_deg[0], back->points_deg[2 * (there->n_points - 1)], 0);
    assert_string_equal(cell_of(&l[1], 0, "kind"), "border");
    assert_string_equal(cell_of(&l[1], 0, "id"), "bo-rail-out");
    assert_true(isnan(number_at(&l[1], 0, "full_share")));
    assert_near(number_at(&l[1], 3, "full_share"), 1.2, 0);  /* the yard */
    assert_near(number_at(&l[1], 5, "full_share"), 0.25, 0); /* berths */
    assert_string_equal(cell_of(&l[2], 0, "resource"), "gauge change/gc-out");
    assert_near(number_at(&l[2], 0, "worth_usd_a_year"), 123456, 0);
    assert_true(isnan(number_at(&l[2], 1, "worth_usd_a_year")));
    assert_int_equal(l[2].features[0].n_points, 1);
}

static double matrix_at(const krn_omx *omx, const char *name, const char *from, const char *to)
{
    uint32_t a = 0, b = 0;
    for (uint32_t z = 0; z < omx->n_zones; z++) {
        a = strcmp(omx->zones[z], from) == 0 ? z : a;
        b = strcmp(omx->zones[z], to) == 0 ? z : b;
    }
    for (uint32_t m = 0; m < omx->n_matrices; m++)
        if (strcmp(omx->matrices[m].name, name) == 0)
            return omx->matrices[m].values[a * omx->n_zones + b];
    fail_msg("no matrix %s", name);
    return 0.0;
}

static void matrices_have_tonnes_and_means_by_tonnes(void **state)
{
    fixture *f = *state;
    krn_omx omx;
    krn_error err = {0};
    assert_int_equal(krn_trade_to_omx(&f->trade.report, f->arena, &omx, &err), KRN_OK);
    assert_int_equal(omx.n_zones, 5); /* a-farm, b-city, a-port, b-gulf, c-city */
    assert_int_equal(omx.n_matrices, 2 + 2 * 2 + 6);
    assert_near(matrix_at(&omx, "asked_total", "a-port", "b-gulf"), 200, 0);
    assert_near(matrix_at(&omx, "sent_total", "a-port", "b-gulf"), 50, 0);
    assert_near(matrix_at(&omx, "sent_barley", "a-farm", "b-city"), 1000, 0);
    assert_near(matrix_at(&omx, "sent_machinery", "a-farm", "b-city"), 0, 0);
    assert_near(matrix_at(&omx, "cost_usd_t", "a-farm", "b-city"), 0.7 * 44 + 0.2 * 45 + 0.1 * 46,
                1e-9);
    assert_near(matrix_at(&omx, "hours", "a-farm", "b-city"), 100, 1e-9);
    assert_near(matrix_at(&omx, "wait_h", "b-city", "a-farm"), 10, 1e-9);
    assert_near(matrix_at(&omx, "distance_km", "b-city", "a-farm"), 500, 1e-9);
    assert_near(matrix_at(&omx, "asked_total", "a-farm", "c-city"), 30, 0);
    assert_true(isnan(matrix_at(&omx, "hours", "a-farm", "c-city")));
    f->trade.answer.n_rows = 0;
    assert_int_equal(krn_trade_to_omx(&f->trade.report, f->arena, &omx, &err), KRN_E_ARG);
}

static void memory_of_layers_and_matrices_runs_out_cleanly(void **state)
{
    fixture *f = *state;
    f->trade.resources[2].words =
        (krn_sim_resource){.kind = KRN_RESOURCE_SECTION, /* a track, which has a line */
                           .figure = {KRN_TABLE_LINK, 0, f->trade.uses[0].row},
                           .from_node = KRN_NO_ROW,
                           .to_node = KRN_NO_ROW};
    for (int what = 0; what < 2; what++)
        for (long n = 1;; n++) {
            krn_arena *arena = krn_arena_new(NULL, 0);
            krn_layer layers[3];
            krn_omx omx;
            krn_error err = {0};
            assert_non_null(arena);
            failing_alloc_arm(n);
            const krn_status status = what
                                          ? krn_trade_to_omx(&f->trade.report, arena, &omx, &err)
                                          : krn_trade_layers(&f->trade.report, arena, layers, &err);
            const bool failed = failing_alloc_disarm();
            krn_arena_free(arena);
            assert_int_equal(status, failed ? KRN_E_MEMORY : KRN_OK);
            if (!failed)
                break;
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(no_line_is_wider_than_the_page, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_page_tells_totals_shares_and_what_is_left, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_price_that_is_not_known_is_blank, set_up, tear_down),
        cmocka_unit_test_setup_teardown(alike_resources_are_told_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(figures_of_the_page_stand_in_the_document, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(rows_of_csv_add_up, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_map_has_a_feature_for_each_use, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_sent_is_a_page_too, set_up, tear_down),
        cmocka_unit_test_setup_teardown(layers_have_each_use_and_resource_where_it_is, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(matrices_have_tonnes_and_means_by_tonnes, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(memory_of_layers_and_matrices_runs_out_cleanly, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(memory_that_runs_out_is_told, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
