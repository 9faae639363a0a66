/* SPDX-License-Identifier: Apache-2.0 */
/* test_cost_golden.c - the small project of tests/golden/nodus-mini against flows that were found
 * without the program (make_project.py there). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <keruen/cost_assign.h>
#include <keruen/nodus.h>

#include "support/assert_near.h"

#define FOLDER      KRN_SOURCE_DIR "/tests/golden/nodus-mini"
#define MOST_FIELDS 12

typedef struct project {
    krn_arena *arena;
    krn_cost_network network;
    krn_cost_answer answer;
} project;

static void open_project(project *p)
{
    krn_faults *faults = krn_faults_new();
    krn_cost_notes notes;
    krn_error err = {0};
    p->arena = krn_arena_new(NULL, 0);
    assert_non_null(p->arena);
    if (krn_nodus_read(FOLDER "/mini.nodus", faults, p->arena, &p->network, &notes, &err) != KRN_OK)
        fail_msg("%s", err.text);
    krn_faults_free(faults);
}

static void ask(project *p, const char *set, uint32_t n_tables, krn_cost_method method)
{
    static const char *const tables[] = {"od_first", "od_more"};
    krn_error err = {0};
    const krn_cost_question q = {.set = set,
                                 .od_tables = tables,
                                 .n_od_tables = n_tables,
                                 .scenario = KRN_COST_ANY,
                                 .method = method,
                                 .spread_cost = 1.5};
    if (krn_cost_assign(&p->network, &q, p->arena, &p->answer, &err) != KRN_OK)
        fail_msg("%s", err.text);
}

/* Rows of a file of expected/ behind its heading: fields of each as text. */
typedef void row_check(const project *p, char *const *fields);

static uint32_t check_rows(const project *p, const char *name, row_check *check)
{
    char path[512], line[512], *fields[MOST_FIELDS];
    uint32_t n = 0;
    (void)snprintf(path, sizeof path, "%s/expected/%s", FOLDER, name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    while (fgets(line, sizeof line, file)) {
        int k = 0;
        char *at = line;
        line[strcspn(line, "\r\n")] = '\0';
        for (fields[k++] = at; (at = strchr(at, ',')) && k < MOST_FIELDS; fields[k++] = at)
            *at++ = '\0';
        check(p, fields);
        n++;
    }
    (void)fclose(file);
    return n;
}

static int64_t whole(const char *text)
{
    return strtoll(text, NULL, 10);
}

static double real(const char *text)
{
    return strtod(text, NULL);
}

static void check_groups(const krn_cost_flow *f, char *const *quantities, char *const *vehicles)
{
    for (int g = 0; g < 2; g++) {
        const double expected = real(quantities[g]);
        assert_near(f->group_quantity[g], expected, 1e-9 * (1.0 + expected));
        if (vehicles)
            assert_near(f->group_vehicles[g], real(vehicles[g]), 0.0);
    }
}

static void check_link(const project *p, char *const *fields)
{
    for (uint32_t k = 0; k < p->answer.n_flows; k++) {
        const krn_cost_flow *f = &p->answer.flows[k];
        if (f->kind == KRN_COST_MOVE && f->mode == whole(fields[0]) &&
            f->vehicle_class == whole(fields[1]) &&
            p->network.links[f->link].id == whole(fields[2]) &&
            p->network.nodes[f->node].id == whole(fields[3]) &&
            p->network.nodes[f->to_node].id == whole(fields[4])) {
            check_groups(f, fields + 5, fields + 7);
            return;
        }
    }
    fail_msg("no flow on link %s from %s", fields[2], fields[3]);
}

static int64_t link_id(const project *p, bool is_there, uint32_t link)
{
    return is_there ? p->network.links[link].id : 0;
}

static void check_handling(const project *p, char *const *fields)
{
    static const char *const words[KRN_COST_KIND_COUNT] = {
        [KRN_COST_LOAD] = "load", [KRN_COST_UNLOAD] = "unload", [KRN_COST_TRANSHIP] = "tranship"};
    for (uint32_t k = 0; k < p->answer.n_flows; k++) {
        const krn_cost_flow *f = &p->answer.flows[k];
        if (!words[f->kind] || strcmp(words[f->kind], fields[0]) != 0 ||
            p->network.nodes[f->node].id != whole(fields[1]))
            continue;
        const uint32_t from = f->kind == KRN_COST_TRANSHIP ? f->from_link : f->link;
        if (link_id(p, f->kind != KRN_COST_LOAD, from) == whole(fields[2]) &&
            link_id(p, f->kind != KRN_COST_UNLOAD, f->link) == whole(fields[3])) {
            check_groups(f, fields + 4, NULL);
            return;
        }
    }
    fail_msg("no %s at %s", fields[0], fields[1]);
}

static void check_cell(const project *p, char *const *fields)
{
    for (uint32_t k = 0; k < p->answer.n_cells; k++) {
        const krn_cost_cell *c = &p->answer.cells[k];
        if (c->group != whole(fields[0]) || p->network.nodes[c->origin].id != whole(fields[1]) ||
            p->network.nodes[c->destination].id != whole(fields[2]))
            continue;
        assert_near(c->quantity, real(fields[3]), 1e-9);
        assert_near_relative(c->least_cost, real(fields[4]), 1e-12);
        assert_near_relative(c->cost, real(fields[5]), 1e-12);
        return;
    }
    fail_msg("no cell from %s to %s", fields[1], fields[2]);
}

static void check_all(const project *p, const char *name)
{
    char file[64];
    uint32_t n;
    (void)snprintf(file, sizeof file, "%s_links.csv", name);
    n = check_rows(p, file, check_link);
    (void)snprintf(file, sizeof file, "%s_handling.csv", name);
    n += check_rows(p, file, check_handling);
    assert_int_equal(p->answer.n_flows, n);
    (void)snprintf(file, sizeof file, "%s_cells.csv", name);
    assert_int_equal(p->answer.n_cells, check_rows(p, file, check_cell));
    assert_near(p->answer.unserved, 0.0, 0.0);
}

static void roads_carry_what_they_should(void **state)
{
    project p;
    (void)state;
    open_project(&p);
    ask(&p, "road", 1, KRN_COST_ALL_OR_NOTHING);
    check_all(&p, "road_aon");
    krn_arena_free(p.arena);
}

static void three_modes_and_two_groups_go_the_cheapest_way(void **state)
{
    project p;
    (void)state;
    open_project(&p);
    ask(&p, "all", 2, KRN_COST_ALL_OR_NOTHING);
    check_all(&p, "all_aon");
    krn_arena_free(p.arena);
}

static void combinations_of_modes_share_by_logit(void **state)
{
    project p;
    (void)state;
    open_project(&p);
    ask(&p, "all", 2, KRN_COST_LOGIT);
    check_all(&p, "all_logit");
    krn_arena_free(p.arena);
}

static void a_jam_on_the_roads_is_in_equilibrium(void **state)
{
    project p;
    (void)state;
    open_project(&p);
    ask(&p, "jam", 2, KRN_COST_USER);
    assert_true(p.answer.step.gap_share <= 1e-8);
    for (uint32_t k = 0; k < p.answer.n_cells; k++)
        assert_near_relative(p.answer.cells[k].cost, p.answer.cells[k].least_cost, 1e-6);
    krn_arena_free(p.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(roads_carry_what_they_should),
        cmocka_unit_test(three_modes_and_two_groups_go_the_cheapest_way),
        cmocka_unit_test(combinations_of_modes_share_by_logit),
        cmocka_unit_test(a_jam_on_the_roads_is_in_equilibrium),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
