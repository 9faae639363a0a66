/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_cost_network.c - the first byte chooses a file of the mini project's folder of tables, the
 * rest becomes its text. The folder is refused with faults, or the network is whole: every node,
 * name and formula that it speaks of is there. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/nodus.h>

#include "io/cost_network_table.h"
#include "io/nodus_read.h"
#include "support/memory_folder.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const names[] = {"node.csv", "link.csv", "cost_formula.csv", "od.csv",
                                    "datapackage.json"};
#define N_NAMES (sizeof names / sizeof names[0])

static memory_folder *open_base(void)
{
    return memory_folder_open(KRN_SOURCE_DIR "/tests/support/cost_tables");
}

static void check_network(const krn_cost_network *n)
{
    for (uint32_t i = 0; i < n->n_nodes; i++)
        if (!n->nodes[i].name || !n->nodes[i].layer || (i && n->nodes[i].id <= n->nodes[i - 1].id))
            abort();
    for (uint32_t i = 0; i < n->n_links; i++) {
        const krn_cost_link *l = &n->links[i];
        if (l->from_node >= n->n_nodes || l->to_node >= n->n_nodes || !l->mode || !l->classes ||
            !(l->length_km >= 0.0) || (i && l->id <= n->links[i - 1].id))
            abort();
    }
    for (uint32_t s = 0; s < n->n_sets; s++)
        for (uint32_t i = 0; i < n->sets[s].n_formulas; i++)
            if (!*n->sets[s].formulas[i].text)
                abort();
    for (uint32_t t = 0; t < n->n_od_tables; t++)
        for (uint32_t i = 0; i < n->od_tables[t].n_rows; i++) {
            const krn_cost_demand *d = &n->od_tables[t].rows[i];
            if (d->origin >= n->n_nodes || d->destination >= n->n_nodes || !(d->quantity > 0.0))
                abort();
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    krn_cost_network network;
    krn_error err;
    if (!size || size > 32768)
        return 0;
    memory_folder *base = open_base();
    krn_arena *arena = krn_arena_new(NULL, (size_t)256 << 20);
    krn_faults *faults = krn_faults_new();
    if (!base || !arena || !faults ||
        !memory_folder_set(base, names[data[0] % N_NAMES], data + 1, size - 1))
        abort();
    const krni_files files = memory_folder_files(base);
    const krn_status status = krni_cost_network_read_from(&files, faults, arena, &network, &err);
    if (status == KRN_OK && krn_faults_count(faults))
        abort();
    if (status == KRN_E_DATA && !krn_faults_count(faults))
        abort();
    if (status == KRN_OK)
        check_network(&network);
    krn_faults_free(faults);
    krn_arena_free(arena);
    memory_folder_free(base);
    return 0;
}
