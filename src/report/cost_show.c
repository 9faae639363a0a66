/* SPDX-License-Identifier: Apache-2.0 */
/* cost_show.c - what a cost network holds: nodes, links by mode, od tables, cost sets, and what of
 * its project could not be used. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"
#include "report/words.h"

#define MOST_MODE 99u

/* Links of one mode. */
typedef struct mode_sum {
    uint32_t n, classes;
    double km;
} mode_sum;

static double quantity_of(const krn_od_table *table)
{
    double sum = 0.0;
    for (uint32_t i = 0; i < table->n_rows; i++)
        sum += table->rows[i].quantity;
    return sum;
}

static void sum_modes(const krn_cost_network *network, mode_sum out[MOST_MODE + 1])
{
    memset(out, 0, (MOST_MODE + 1) * sizeof *out);
    for (uint32_t i = 0; i < network->n_links; i++) {
        const krn_cost_link *l = &network->links[i];
        mode_sum *m = &out[l->mode <= MOST_MODE ? l->mode : 0];
        m->n++;
        m->km += l->length_km;
        m->classes = l->classes > m->classes ? l->classes : m->classes;
    }
}

static uint32_t functions_of(const krn_cost_set *set)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < set->n_formulas; i++)
        n += !set->formulas[i].name && !set->formulas[i].is_duration;
    return n;
}

/* ---- table ---- */

static void write_links(krni_page *page, const krn_cost_network *network, krn_arena *arena)
{
    static const krni_grid_column columns[] = {{"mode", KRNI_RIGHT, 0},
                                               {"links", KRNI_RIGHT, 0},
                                               {"km", KRNI_RIGHT, 0},
                                               {"vehicle classes", KRNI_RIGHT, 0}};
    mode_sum modes[MOST_MODE + 1];
    krni_grid grid;
    sum_modes(network, modes);
    krni_page_section(page, "Links");
    krni_grid_init(&grid, arena, columns, 4);
    for (uint32_t m = 0; m <= MOST_MODE; m++) {
        if (!modes[m].n)
            continue;
        krni_grid_format(&grid, "%u", m);
        krni_grid_number(&grid, modes[m].n, 0, true);
        krni_grid_number(&grid, modes[m].km, 1, true);
        krni_grid_format(&grid, modes[m].classes > 1 ? "1 to %u" : "%u", modes[m].classes);
    }
    krni_grid_write(&grid, page, 0);
}

static void write_tables(krni_page *page, const krn_cost_network *network, krn_arena *arena)
{
    static const krni_grid_column od_columns[] = {
        {"od table", KRNI_LEFT, 12}, {"rows", KRNI_RIGHT, 0}, {"quantity", KRNI_RIGHT, 0}};
    static const krni_grid_column set_columns[] = {
        {"cost set", KRNI_LEFT, 12}, {"cost functions", KRNI_RIGHT, 0}, {"lines", KRNI_RIGHT, 0}};
    krni_grid grid;
    krni_page_section(page, "Demand");
    krni_grid_init(&grid, arena, od_columns, 3);
    for (uint32_t i = 0; i < network->n_od_tables; i++) {
        krni_grid_cell(&grid, network->od_tables[i].name);
        krni_grid_number(&grid, network->od_tables[i].n_rows, 0, true);
        krni_grid_number(&grid, quantity_of(&network->od_tables[i]), 0, true);
    }
    krni_grid_write(&grid, page, 0);
    krni_page_section(page, "Costs");
    krni_grid_init(&grid, arena, set_columns, 3);
    for (uint32_t i = 0; i < network->n_sets; i++) {
        krni_grid_cell(&grid, network->sets[i].name);
        krni_grid_number(&grid, functions_of(&network->sets[i]), 0, true);
        krni_grid_number(&grid, network->sets[i].n_formulas, 0, true);
    }
    krni_grid_write(&grid, page, 0);
}

static void write_table(krni_writer *w, const krn_cost_network *network,
                        const krn_cost_notes *notes, const char *where,
                        const krn_report_options *options, krn_arena *arena)
{
    krni_page page = krni_page_of(w, options);
    uint32_t n_loads = 0;
    char line[256];
    for (uint32_t i = 0; i < network->n_nodes; i++)
        n_loads += network->nodes[i].loads;
    krni_page_title(&page, where);
    (void)snprintf(line, sizeof line,
                   "a cost network: %u nodes, %u of them load and unload; %u links",
                   network->n_nodes, n_loads, network->n_links);
    krni_page_text(&page, line, 0);
    write_links(&page, network, arena);
    write_tables(&page, network, arena);
    if (notes && notes->n)
        krni_page_section(&page, "Not used");
    for (uint32_t i = 0; notes && i < notes->n; i++)
        krni_page_text(&page, notes->texts[i], 2);
}

/* ---- JSON ---- */

static int put(json_t *object, const char *key, json_t *value)
{
    return json_object_set_new(object, key, value);
}

static json_t *lists(const krn_cost_network *network, const krn_cost_notes *notes, bool *failed)
{
    json_t *root = json_object(), *modes = json_array(), *tables = json_array(),
           *sets = json_array(), *texts = json_array();
    mode_sum sums[MOST_MODE + 1];
    int bad = 0;
    sum_modes(network, sums);
    for (uint32_t m = 0; m <= MOST_MODE; m++)
        if (sums[m].n)
            bad |= json_array_append_new(
                modes, json_pack("{s:i, s:i, s:f, s:i}", "mode", (int)m, "links", (int)sums[m].n,
                                 "length_km", sums[m].km, "classes", (int)sums[m].classes));
    for (uint32_t i = 0; i < network->n_od_tables; i++)
        bad |= json_array_append_new(
            tables, json_pack("{s:s, s:i, s:f}", "name", network->od_tables[i].name, "rows",
                              (int)network->od_tables[i].n_rows, "quantity",
                              quantity_of(&network->od_tables[i])));
    for (uint32_t i = 0; i < network->n_sets; i++)
        bad |= json_array_append_new(sets,
                                     json_pack("{s:s, s:i}", "name", network->sets[i].name,
                                               "functions", (int)functions_of(&network->sets[i])));
    for (uint32_t i = 0; notes && i < notes->n; i++)
        bad |= json_array_append_new(texts, json_string(notes->texts[i]));
    bad |= put(root, "name", json_string(network->name));
    bad |= put(root, "nodes", json_integer(network->n_nodes));
    bad |= put(root, "links", json_integer(network->n_links));
    bad |= put(root, "modes", modes);
    bad |= put(root, "od_tables", tables);
    bad |= put(root, "cost_sets", sets);
    bad |= put(root, "notes", texts);
    *failed = bad != 0;
    return root;
}

krn_status krn_report_cost_network(const krn_cost_network *network, const krn_cost_notes *notes,
                                   const char *where, const krn_report_options *options,
                                   krn_arena *arena, char **out, krn_error *err)
{
    krni_writer w;
    if (options->format != KRN_FORMAT_TABLE && options->format != KRN_FORMAT_JSON)
        return krni_fail(err, KRN_E_ARG, "what a cost network holds comes as table or json");
    krni_writer_init(&w, arena);
    if (options->format == KRN_FORMAT_JSON) {
        bool failed = false;
        json_t *root = lists(network, notes, &failed);
        char *text = failed ? NULL : json_dumps(root, JSON_INDENT(2));
        json_decref(root);
        if (text)
            krni_write(&w, text);
        w.failed = w.failed || !text;
        free(text);
        krni_write(&w, "\n");
    } else {
        write_table(&w, network, notes, where, options, arena);
    }
    *out = krni_writer_text(&w);
    return *out ? KRN_OK : krni_fail_memory(err);
}
