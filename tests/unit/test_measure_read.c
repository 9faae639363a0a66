/* SPDX-License-Identifier: Apache-2.0 */
/* test_measure_read.c - faults of measures: their files, and their changes tried on the tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support/fault_cases.h"

#define N(cases) (sizeof(cases) / sizeof(cases)[0])

/* Heads, changes, rows met, rows left. */
static const fault_case measure_cases[] = {
    {"measure/m-words.yaml", "source_id: s-mini", "source_id: s-none",
     "measure/m-words.yaml:11: source_id: s-none: a key of source.csv was expected"},
    {"measure/m-words.yaml", "in_force_to: 2025-12-31", "in_force_to: 2024-12-31",
     "measure/m-words.yaml:7: in_force_to: 2024-12-31: a value not below in_force_from "
     "(2025-05-05) was expected"},
    {"measure/m-words.yaml", "id: m-words", "id: m-word",
     "measure/m-words.yaml:1: id: m-word: the name of the file without .yaml was expected"},
    {"measure/m-words.yaml", "kind: institution", "kind: speech",
     "measure/m-words.yaml:3: kind: speech: one of procedure, tariff, infrastructure, institution, "
     "visa was expected"},
    {"measure/m-words.yaml", "kind: institution", "sort: institution",
     "measure/m-words.yaml:1: kind: (blank): one of procedure, tariff, infrastructure, "
     "institution, visa was expected\n"
     "measure/m-words.yaml:3: sort: (unknown key): a key of the format of measures was expected"},
    {"measure/m-words.yaml", "context: states good will and no figure\n", "",
     "measure/m-words.yaml:1: context: (blank): the reason why it changes nothing, or a list of "
     "changes was expected"},
    {"measure/m-words.yaml", "{en: Declaration of friendship}", "Declaration",
     "measure/m-words.yaml:1: name.en: (blank): a text was expected\n"
     "measure/m-words.yaml:2: name: Declaration: a map of en, ru, kk, fa was expected"},
    {"measure/m-words.yaml", "status: in force", "status: &s in force",
     "measure/m-words.yaml:8: (yaml): in force: a value without anchor or tag was expected"},
    {"measure/m-words.yaml", "status: in force", "status: [in force",
     "measure/m-words.yaml:9: (yaml): did not find expected ',' or ']': well-formed YAML was "
     "expected"},
    {"measure/m-words.yaml", "status: in force",
     "status: in force\n"
     "status: again",
     "measure/m-words.yaml:9: (yaml): status: a key that stands there only once was expected"},
    {"measure/m-words.yaml",
     "2025-05-05\n"
     "in",
     "2025-13-05\n"
     "in",
     "measure/m-words.yaml:5: agreed_on: 2025-13-05: a date YYYY-MM-DD was expected"},
    {"measure/m-spur.yaml", "- table: link", "- table: links",
     "measure/m-spur.yaml:11: table: links: the name of a table without extension was expected"},
    {"measure/m-spur.yaml", "kr_status: in_service", "kr_state: in_service",
     "measure/m-spur.yaml:13: kr_state: (unknown column): a column of link.csv was expected"},
    {"measure/m-spur.yaml", "kr_status: in_service", "kr_status: working",
     "measure/m-spur.yaml:13: kr_status: working: one of in_service, closed, planned, "
     "construction, unconfirmed was expected"},
    {"measure/m-spur.yaml", "set: {kr_status", "put: {kr_status",
     "measure/m-spur.yaml:11: changes: (none): exactly one of set, scale, add, remove was "
     "expected\n"
     "measure/m-spur.yaml:13: put: (unknown key): one of table, where, set, scale, add, remove, "
     "quality, note was expected"},
    {"measure/m-spur.yaml", "set: {kr_status: in_service}", "set: {link_id: in_service}",
     "measure/m-spur.yaml:13: link_id: in_service: a column other than the key was expected"},
    {"measure/m-spur.yaml", "    where: {link_id: [r-junction-spur]}\n", "",
     "measure/m-spur.yaml:11: where: (blank): a map of column: value was expected"},
    {"measure/m-spur.yaml", "[r-junction-spur]", "[r-junction-mine]",
     "measure/m-spur.yaml:11: where: (no row): a condition that a row of link.csv meets was "
     "expected"},
    {"measure/m-spur.yaml", "node_id: a-spur", "node_id: a-mine",
     "measure/m-spur.yaml:16: node_id: a-mine: a key of node.csv was expected"},
    {"measure/m-spur.yaml", "operation_id: op-spur-load, ", "",
     "measure/m-spur.yaml:16: operation_id: (blank): a key of letters, digits, '.', '_', '-' was "
     "expected"},
    {"measure/m-spur.yaml", "op-spur-load", "op-a-port",
     "measure/m-spur.yaml:16: operation_id: op-a-port: a key that no other row has was expected"},
    {"measure/m-fast-border.yaml", "dwell_high_h: 0.5", "dwell_high_h: 0.1",
     "measure/m-fast-border.yaml:12: dwell_high_h: 3: a high figure not below the typical one was "
     "expected"},
    {"measure/m-fast-border.yaml", "dwell_high_h: 0.5", "dwell_high_h: half",
     "measure/m-fast-border.yaml:14: dwell_high_h: half: a factor, a number was expected"},
    {"measure/m-fast-border.yaml", "dwell_high_h: 0.5", "agencies: 0.5",
     "measure/m-fast-border.yaml:14: agencies: 0.5: a column of numbers was expected"},
    {"measure/m-fast-border.yaml", "dwell_high_h: 0.5", "dwell_high_h: 1000",
     "measure/m-fast-border.yaml:12: dwell_high_h: 30000: a number of h in 0..10000 was expected"},
    {"measure/m-fast-border.yaml", "quality: estimated", "quality: guessed",
     "measure/m-fast-border.yaml:15: quality: guessed: one of published, derived, estimated was "
     "expected"},
    {"measure/m-no-ice.yaml", "remove: true", "remove: yes",
     "measure/m-no-ice.yaml:10: remove: yes: true was expected"},
    {"measure/m-no-ice.yaml", "remove: true",
     "remove: true\n"
     "    set: {closed: true}",
     "measure/m-no-ice.yaml:8: changes: (several): exactly one of set, scale, add, remove was "
     "expected"},
};

static void measures_that_do_not_fit_are_told(void **state)
{
    (void)state;
    check_fault_cases(measure_cases, N(measure_cases));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(measures_that_do_not_fit_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
