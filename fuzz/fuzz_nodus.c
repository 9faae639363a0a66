/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_nodus.c - the bytes are one part of a small project of NODUS; the first one says which:
 *
 *   0 nodes, 1 links   [2 bytes: length of .shp] [2 bytes: length of .shx] .shp .shx .dbf
 *   2 an od table, 3 a cost set, 4 the .nodus file itself
 *
 * The project is refused with faults, or its network is whole, and flows on it are finite or one
 * error. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/cost_assign.h>

#include "io/nodus_read.h"
#include "support/memory_folder.h"

#define FOLDER KRN_SOURCE_DIR "/tests/golden/nodus-small"
#define KINDS  5

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_link(const krn_cost_network *n, const krn_cost_link *l)
{
    if (l->from_node >= n->n_nodes || l->to_node >= n->n_nodes || l->mode < 1 || l->classes < 1 ||
        !(l->length_km >= 0.0) || !(l->speed_kmh >= 0.0) || !(l->capacity >= 0.0) ||
        l->n_points < 2)
        abort();
    for (uint32_t k = 0; k < l->n_points; k++)
        if (!(fabs(l->points_deg[2 * k]) <= 180.0) || !(fabs(l->points_deg[2 * k + 1]) <= 90.0))
            abort();
    for (uint32_t k = 0; k < n->n_fields; k++)
        if (isinf(l->fields[k]))
            abort();
}

static void check_network(const krn_cost_network *n)
{
    for (uint32_t i = 0; i < n->n_nodes; i++)
        if ((i && n->nodes[i].id <= n->nodes[i - 1].id) || !n->nodes[i].name ||
            !(fabs(n->nodes[i].lon_deg) <= 180.0) || !(fabs(n->nodes[i].lat_deg) <= 90.0))
            abort();
    for (uint32_t i = 0; i < n->n_links; i++) {
        check_link(n, &n->links[i]);
        if (i && n->links[i].id <= n->links[i - 1].id)
            abort();
    }
    for (uint32_t k = 0; k < n->n_od_tables; k++)
        for (uint32_t i = 0; i < n->od_tables[k].n_rows; i++) {
            const krn_cost_demand *d = &n->od_tables[k].rows[i];
            if (d->origin >= n->n_nodes || d->destination >= n->n_nodes ||
                d->origin == d->destination || !n->nodes[d->origin].loads ||
                !n->nodes[d->destination].loads || !(d->quantity > 0.0))
                abort();
        }
}

static void ask(const krn_cost_network *network, krn_arena *arena)
{
    const char *table = "od_first";
    const krn_cost_question q = {.set = "road",
                                 .od_tables = &table,
                                 .n_od_tables = 1,
                                 .scenario = KRN_COST_ANY,
                                 .method = KRN_COST_ALL_OR_NOTHING};
    krn_cost_answer answer;
    krn_error err;
    if (krn_cost_assign(network, &q, arena, &answer, &err))
        return;
    if (isnan(answer.total_cost) || isnan(answer.quantity) ||
        !(answer.unserved <= answer.quantity * (1.0 + 1e-9)))
        abort();
}

static bool put_layer(memory_folder *folder, const char *const names[3], const uint8_t *data,
                      size_t size)
{
    static const uint8_t none[4] = {0};
    if (size < 4) {
        data = none;
        size = 4;
    }
    const size_t shp = (size_t)data[0] << 8 | data[1], shx = (size_t)data[2] << 8 | data[3];
    const size_t first = shp < size - 4 ? shp : size - 4;
    const size_t second = shx < size - 4 - first ? shx : size - 4 - first;
    const uint8_t *at = data + 4;
    return memory_folder_set(folder, names[0], at, first) &&
           memory_folder_set(folder, names[1], at + first, second) &&
           memory_folder_set(folder, names[2], at + first + second, size - 4 - first - second);
}

static bool put_part(memory_folder *folder, int kind, const uint8_t *data, size_t size)
{
    static const char *const layers[2][3] = {{"ports.shp", "ports.shx", "ports.dbf"},
                                             {"canals.shp", "canals.shx", "canals.dbf"}};
    static const char *const files[KINDS] = {NULL, NULL, "od_first.dbf", "road.costs",
                                             "small.nodus"};
    return kind < 2 ? put_layer(folder, layers[kind], data, size)
                    : memory_folder_set(folder, files[kind], data, size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static memory_folder *folders[KINDS]; /* one for each, as the same files of it change */
    if (!size || size > 16384)
        return 0;
    const int kind = data[0] % KINDS;
    if (!folders[kind])
        folders[kind] = memory_folder_open(FOLDER);
    krn_faults *faults = krn_faults_new();
    krn_arena *arena = krn_arena_new(NULL, (size_t)256 << 20);
    krn_cost_network network;
    krn_cost_notes notes;
    krn_error err;
    if (!folders[kind] || !faults || !arena || !put_part(folders[kind], kind, data + 1, size - 1))
        abort();
    const krni_files files = memory_folder_files(folders[kind]);
    const krn_status status =
        krni_nodus_read_from(&files, "small.nodus", faults, arena, &network, &notes, &err);
    if (status != KRN_OK && status != KRN_E_DATA && status != KRN_E_LIMIT)
        abort();
    if (status != KRN_E_LIMIT && (status == KRN_OK) != (krn_faults_count(faults) == 0))
        abort();
    check_network(&network); /* of nothing, when there are faults */
    if (status == KRN_OK)
        ask(&network, arena);
    krn_arena_free(arena);
    krn_faults_free(faults);
    return 0;
}
