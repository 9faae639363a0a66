/* SPDX-License-Identifier: Apache-2.0 */
/* fuzz_tntp.c - the bytes are a network and its trips, apart by a NUL: they are refused with
 * faults, or whole, and then a few iterations conserve flow. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <keruen/assign.h>

#include "io/tntp_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_whole(const krn_tntp *t)
{
    for (uint32_t k = 0; k < t->n_links; k++) {
        const krn_tntp_link *l = &t->links[k];
        if (l->tail >= t->n_nodes || l->head >= t->n_nodes || l->tail == l->head ||
            !(l->free_time >= 0.0) || !(l->capacity >= 0.0) || !(l->power <= 64.0))
            abort();
    }
    for (uint32_t k = 0; k < t->n_trips; k++)
        if (t->trips[k].origin >= t->n_zones || t->trips[k].destination >= t->n_zones ||
            !(t->trips[k].flow > 0.0))
            abort();
}

static void check_balance(const krn_assign_network *n, const krn_assignment *a)
{
    double out = krn_assignment_unserved_flow(a) + krn_assignment_inner_flow(a), all = 0.0;
    const double *load = krn_assignment_load(a);
    double *starts = calloc(n->n_nodes, sizeof *starts), *flow = calloc(n->n_nodes, sizeof *flow);
    if (!starts || !flow)
        abort();
    for (uint32_t k = 0; k < n->n_trips; k++)
        all += n->trips[k].flow;
    for (uint32_t k = 0; k < n->n_links; k++) {
        if (!(load[k] >= 0.0))
            abort();
        flow[n->links[k].tail] += load[k];
        flow[n->links[k].head] -= load[k];
    }
    for (uint32_t k = 0; k < n->n_trips; k++)
        if (n->trips[k].origin != n->trips[k].destination) {
            starts[n->trips[k].origin] += n->trips[k].flow;
            starts[n->trips[k].destination] -= n->trips[k].flow;
        }
    for (uint32_t v = 0; v < n->n_nodes && !(krn_assignment_unserved_flow(a) > 0.0); v++)
        if (!(fabs(flow[v] - starts[v]) <= 1e-6 * all))
            abort();
    if (!(out <= all * (1.0 + 1e-9)))
        abort();
    free(starts);
    free(flow);
}

static void run_some(const krn_tntp *t, krn_arena *arena)
{
    krn_assign_link *links = krn_arena_calloc(arena, t->n_links + 1u, sizeof *links);
    krn_assign_trip *trips = krn_arena_calloc(arena, t->n_trips + 1u, sizeof *trips);
    const krn_assign_class all = {"all", 1.0, 1.0, 0.1, 0.1};
    krn_assignment *a = NULL;
    if (!links || !trips)
        abort();
    for (uint32_t k = 0; k < t->n_links; k++) {
        const krn_tntp_link *l = &t->links[k];
        links[k] = (krn_assign_link){.tail = l->tail,
                                     .head = l->head,
                                     .delay = {.kind = KRN_DELAY_BPR,
                                               .free_time = l->free_time,
                                               .capacity = l->capacity > 0.0 ? l->capacity : 1.0,
                                               .factor = l->factor,
                                               .power = l->power},
                                     .toll = l->toll,
                                     .length = l->length,
                                     .limit_flow = HUGE_VAL};
        if (l->free_time > 1e6 || l->factor > 1e6 || l->toll > 1e6 || l->length > 1e6 ||
            (l->capacity < 1e-3 && l->capacity > 0.0))
            return; /* read, but beyond what doubles conserve */
    }
    for (uint32_t k = 0; k < t->n_trips; k++) {
        trips[k] =
            (krn_assign_trip){0, t->trips[k].origin, t->trips[k].destination, t->trips[k].flow};
        if (t->trips[k].flow > 1e3)
            return;
    }
    const krn_assign_network network = {.n_nodes = t->n_nodes,
                                        .n_links = t->n_links,
                                        .n_classes = 1,
                                        .n_trips = t->n_trips,
                                        .links = links,
                                        .classes = &all,
                                        .trips = trips};
    const krn_assign_options options = {.gap_share = 1e-6, .max_iterations = 20, .n_threads = 1};
    if (krn_assign(&network, &options, &a, NULL) == KRN_OK)
        check_balance(&network, a);
    krn_assignment_free(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 16384 || size == 0)
        return 0;
    char *text = malloc(size + 1);
    krn_faults *faults = krn_faults_new();
    krn_arena *arena = krn_arena_new(NULL, (size_t)256 << 20);
    krn_tntp tntp;
    krn_error err;
    if (!text || !faults || !arena)
        abort();
    memcpy(text, data, size);
    text[size] = '\0';
    const size_t cut = strlen(text) < size ? strlen(text) : size;
    const size_t second = cut < size ? cut + 1 : size;
    const krn_status status = krni_tntp_read_text(
        (krni_tntp_text){"net", text, cut}, (krni_tntp_text){"trips", text + second, size - second},
        faults, arena, &tntp, &err);
    if (status != KRN_E_LIMIT && status != KRN_E_MEMORY &&
        (status == KRN_OK) != (krn_faults_count(faults) == 0))
        abort();
    if (status == KRN_OK) {
        check_whole(&tntp);
        if (tntp.n_nodes <= 1000)
            run_some(&tntp, arena);
    }
    krn_arena_free(arena);
    krn_faults_free(faults);
    free(text);
    return 0;
}
