/* SPDX-License-Identifier: Apache-2.0 */
/* case_runner.c - runs domain cases: a network, a shipment, what is expected of its routes.
 *
 *   # a comment
 *   network  mini                                    mini, or a package under data/
 *   ship     a-farm -> b-gulf  barley 3000 t  ready 2026-03-02T00:00Z  modes rail
 *            further words: units 20x42G1, due TIME, arrive-by TIME, avoid PLACE, via PLACE
 *   route    cost                                    the best in a criterion (first: arrival)
 *   expect   cost_usd 123479 tol 1                   or days, time_h, cost_usd_t, co2e_kg, km, ...
 *   expect   legs rail sea road
 *   expect   blocked link.csv                        a fact of that table; filter; late
 *
 * Prints one line a file; ends with 1 if an expectation failed. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/keruen.h>

#define MOST_WORDS 40

typedef struct runner {
    const char *file;
    int line;
    int n_checks, n_failed;
    char folder[512];
    krn_package *base;
    krn_network *network;
    int32_t network_day;
    krn_arena *arena;
    krn_plan_result result;
    const krn_route *route;
} runner;

static void complain(runner *r, const char *what, const char *detail)
{
    r->n_failed++;
    fprintf(stderr, "%s:%d: %s: %s\n", r->file, r->line, what, detail);
}

static bool open_network(runner *r, int32_t day)
{
    krn_error err = {0};
    krn_package *scenario = NULL;
    const krn_measure_choice choice = {.day = day};
    if (r->network && r->network_day == day)
        return true;
    krn_network_free(r->network);
    r->network = NULL;
    r->network_day = day;
    if (krn_measure_apply(r->base, &choice, r->arena, NULL, &scenario, &err) ||
        krn_network_compile(scenario, day, &r->network, &err))
        complain(r, "network", err.text);
    return r->network != NULL;
}

static void do_network(runner *r, const char *name)
{
    krn_error err = {0};
    char folder[512];
    const bool mini = strcmp(name, "mini") == 0;
    snprintf(folder, sizeof folder, "%s/%s/%s", KRN_SOURCE_DIR, mini ? "tests/support" : "data",
             name);
    if (strcmp(folder, r->folder) == 0)
        return;
    krn_network_free(r->network);
    krn_package_free(r->base);
    r->network = NULL;
    r->base = NULL;
    snprintf(r->folder, sizeof r->folder, "%s", folder);
    if (krn_package_load(folder, NULL, 0, NULL, &r->base, &err))
        complain(r, "package", err.text);
}

static uint32_t node_of(runner *r, const char *id)
{
    const uint32_t row = krn_package_find(r->base, KRN_TABLE_NODE, id);
    if (row == KRN_NO_ROW)
        complain(r, "no such place", id);
    return row;
}

/* An instant in UTC: "2026-12-01T00:00Z". */
static krn_time time_of(runner *r, const char *text)
{
    char date[11] = "";
    int32_t day = 0;
    const size_t n = strlen(text);
    if (n >= 10)
        memcpy(date, text, 10);
    if (n != 17 || text[16] != 'Z' || krn_day_parse(date, &day, NULL))
        complain(r, "no instant", text);
    const long hour = n == 17 ? strtol(text + 11, NULL, 10) : 0;
    const long minute = n == 17 ? strtol(text + 14, NULL, 10) : 0;
    return (krn_time)day * KRN_SECONDS_PER_DAY + hour * KRN_SECONDS_PER_HOUR + minute * 60;
}

/* One word with its value; false when it is none. */
static bool read_word(runner *r, krn_plan_query *q, const char *name, const char *value,
                      uint32_t nodes[2])
{
    krn_error err = {0};
    if (strcmp(name, "ready") == 0)
        q->consignment.ready = time_of(r, value);
    else if (strcmp(name, "due") == 0)
        q->consignment.due = time_of(r, value);
    else if (strcmp(name, "arrive-by") == 0)
        q->arrive_by = time_of(r, value);
    else if (strcmp(name, "modes") == 0) {
        q->modes = 0;
        for (int m = 0; m < KRN_MODE_COUNT; m++)
            q->modes |= strstr(value, krn_mode_name((krn_mode)m)) ? 1u << m : 0u;
    } else if (strcmp(name, "units") == 0) {
        q->consignment.net_t = 0.0;
        if (krn_units_parse(r->base, value, &q->consignment.loading_unit, &q->consignment.n_units,
                            &err))
            complain(r, "units", err.text);
    } else if (strcmp(name, "avoid") == 0) {
        nodes[0] = node_of(r, value);
        q->avoid_nodes = &nodes[0];
        q->n_avoid_nodes = 1;
    } else if (strcmp(name, "via") == 0) {
        nodes[1] = node_of(r, value);
        q->require_nodes = &nodes[1];
        q->n_require_nodes = 1;
    } else
        return false;
    return true;
}

/* ship A -> B commodity tonnes t word value ... */
static void do_ship(runner *r, char **word, int n)
{
    krn_error err = {0};
    krn_plan_query q;
    uint32_t nodes[2];
    krn_plan_query_init(&q);
    q.max_routes = 0;
    r->route = NULL;
    r->result = (krn_plan_result){0};
    krn_arena_reset(r->arena);
    if (!r->base || n < 7 || strcmp(word[2], "->") != 0 || strcmp(word[6], "t") != 0) {
        complain(r, "ship", "expected: A -> B commodity tonnes t ...");
        return;
    }
    q.consignment.origin = node_of(r, word[1]);
    q.consignment.destination = node_of(r, word[3]);
    if (krn_commodity_find(r->base, word[4], &q.consignment.commodity, &err))
        complain(r, "commodity", err.text);
    q.consignment.net_t = strtod(word[5], NULL);
    for (int i = 7; i < n; i += 2)
        if (i + 1 == n || !read_word(r, &q, word[i], word[i + 1], nodes))
            complain(r, "word", word[i]);
    const krn_time day = q.consignment.ready != KRN_TIME_NONE ? q.consignment.ready : q.arrive_by;
    if (!open_network(r, (int32_t)(day / KRN_SECONDS_PER_DAY)))
        return;
    if (krn_plan(r->network, &q, r->arena, &r->result, &err))
        complain(r, "plan", err.text);
    else if (r->result.n_routes)
        r->route = &r->result.routes[0];
}

static void do_route(runner *r, const char *name)
{
    for (int c = 0; c < KRN_CRITERION_COUNT; c++) {
        if (strcmp(name, krn_criterion_name((krn_criterion)c)) != 0)
            continue;
        for (uint32_t i = 0; i < r->result.n_routes; i++)
            if (krn_route_value(&r->result.routes[i], (krn_criterion)c) <
                krn_route_value(r->route, (krn_criterion)c))
                r->route = &r->result.routes[i];
        return;
    }
    complain(r, "no criterion", name);
}

static double measure(const runner *r, const char *name)
{
    const krn_route *x = r->route;
    if (strcmp(name, "routes") == 0)
        return r->result.n_non_dominated;
    if (!x)
        return NAN;
    const struct {
        const char *name;
        double value;
    } values[] = {
        {"time_h", x->duration_h},      {"days", x->duration_h / 24.0},
        {"cost_usd", x->cost_usd},      {"cost_usd_t", x->cost_usd / r->result.load.net_t},
        {"co2e_kg", x->wtw_kg_co2e},    {"km", x->length_km},
        {"handlings", x->handlings},    {"risk_h", x->risk_h},
        {"waiting_h", x->waiting_h},    {"border_h", x->border_h},
        {"gauge_h", x->gauge_change_h}, {"moving_h", x->moving_h},
        {"terminal_h", x->terminal_h},  {"papers", x->papers.n_papers},
    };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        if (strcmp(values[i].name, name) == 0)
            return values[i].value;
    return NAN;
}

static void add(char *text, size_t size, const char *word)
{
    const size_t used = strlen(text);
    snprintf(text + used, size - used, "%s ", word);
}

static void expect_legs(runner *r, char **word, int n)
{
    char found[256] = "", wanted[256] = "";
    for (int i = 2; i < n; i++)
        add(wanted, sizeof wanted, word[i]);
    for (uint32_t i = 0; r->route && i < r->route->n_legs; i++)
        add(found, sizeof found, krn_mode_name(r->route->legs[i].mode));
    if (strcmp(found, wanted) != 0)
        complain(r, "legs are", found);
}

static void expect_blocked(runner *r, const char *what)
{
    const krn_blocked *b = &r->result.blocked;
    if (r->result.n_routes) {
        complain(r, "there is a route though expected blocked by", what);
        return;
    }
    if (strcmp(what, "late") == 0 && b->earliest != KRN_TIME_NONE)
        return;
    for (uint32_t i = 0; i < b->n_facts; i++) {
        const uint16_t table = b->facts[i].figure.table;
        if (strcmp(table < KRN_TABLE_COUNT ? krn_table_file((krn_table)table) : "filter", what) ==
            0)
            return;
    }
    complain(r, "blocked by something else", b->n_facts ? b->facts[0].text : b->reason);
}

static void do_expect(runner *r, char **word, int n)
{
    r->n_checks++;
    if (n >= 3 && strcmp(word[1], "legs") == 0)
        expect_legs(r, word, n);
    else if (n == 3 && strcmp(word[1], "blocked") == 0)
        expect_blocked(r, word[2]);
    else if (n == 5 && strcmp(word[3], "tol") == 0) {
        const double found = measure(r, word[1]), wanted = strtod(word[2], NULL);
        char text[128];
        snprintf(text, sizeof text, "%s is %.6g, expected %s within %s", word[1], found, word[2],
                 word[4]);
        if (!(fabs(found - wanted) <= strtod(word[4], NULL)))
            complain(r, "expectation", text);
    } else
        complain(r, "expect", "expected: NAME VALUE tol VALUE, legs MODES or blocked TABLE");
}

static void run_line(runner *r, char *line)
{
    char *word[MOST_WORDS];
    int n = 0;
    line[strcspn(line, "#\r\n")] = '\0';
    for (char *at = line + strspn(line, " \t"); *at && n < MOST_WORDS;) {
        word[n++] = at;
        at += strcspn(at, " \t");
        if (*at)
            *at++ = '\0';
        at += strspn(at, " \t");
    }
    if (n == 0)
        return;
    if (strcmp(word[0], "network") == 0 && n == 2)
        do_network(r, word[1]);
    else if (strcmp(word[0], "ship") == 0)
        do_ship(r, word, n);
    else if (strcmp(word[0], "route") == 0 && n == 2 && r->route)
        do_route(r, word[1]);
    else if (strcmp(word[0], "expect") == 0)
        do_expect(r, word, n);
    else
        complain(r, "cannot be done", word[0]);
}

int main(int argc, char **argv)
{
    runner r = {.arena = krn_arena_new(NULL, 0)};
    if (!r.arena)
        return 2;
    for (int i = 1; i < argc; i++) {
        char line[1024];
        const int checks = r.n_checks, failed = r.n_failed;
        r.file = argv[i];
        r.line = 0;
        FILE *f = fopen(argv[i], "r");
        while (f && fgets(line, sizeof line, f)) {
            r.line++;
            run_line(&r, line);
        }
        if (f)
            fclose(f);
        else
            complain(&r, "cannot be read", argv[i]);
        printf("%s: %d expectations, %d failed\n", argv[i], r.n_checks - checks,
               r.n_failed - failed);
    }
    krn_network_free(r.network);
    krn_package_free(r.base);
    krn_arena_free(r.arena);
    return r.n_failed ? 1 : 0;
}
