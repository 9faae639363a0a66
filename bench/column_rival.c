/* SPDX-License-Identifier: Apache-2.0 */
/* column_rival.c - column generation: a linear program over ways, cheapest ways by its prices.
 *
 *   rows     pairs of origin and destination (flow = trips), then hard capacities (flow <= limit)
 *   columns  one a pair that stays at home at a high cost, then ways as they are found
 *
 * A round solves the program, builds one tree of cheapest ways per origin by time + price, and adds
 * each way that is cheaper than the price of its pair. It ends when none is. */
#include "column_rival.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <Clp_C_Interface.h>

#define MOST_ROUNDS 500u
#define CHEAPER     1e-9

typedef struct columns {
    const krn_assign_network *net;
    uint32_t *first_out, *out_link; /* by tail */
    uint32_t *row_of;               /* by link: row of its capacity, UINT32_MAX: none */
    double *cost, *label;
    uint32_t *enter, *heap, *place;
    uint32_t n_heap, n_limits;
    CoinBigIndex *starts;
    int *rows;
    double *lower, *upper, *price, *values;
    uint32_t n_new, n_entries, room;
} columns;

static bool sort_links(columns *c)
{
    const krn_assign_network *net = c->net;
    const size_t n = net->n_nodes + 2u, m = net->n_links + 1u;
    c->first_out = calloc(n, sizeof *c->first_out);
    c->out_link = calloc(m, sizeof *c->out_link);
    c->row_of = malloc(m * sizeof *c->row_of);
    c->cost = malloc(m * sizeof *c->cost);
    c->label = malloc(n * sizeof *c->label);
    c->enter = malloc(n * sizeof *c->enter);
    c->heap = malloc(n * sizeof *c->heap);
    c->place = malloc(n * sizeof *c->place);
    if (!c->first_out || !c->out_link || !c->row_of || !c->cost || !c->label || !c->enter ||
        !c->heap || !c->place)
        return false;
    for (uint32_t a = 0; a < net->n_links; a++)
        c->first_out[net->links[a].tail + 2]++;
    for (uint32_t v = 2; v < n; v++)
        c->first_out[v] += c->first_out[v - 1];
    for (uint32_t a = 0; a < net->n_links; a++) {
        c->out_link[c->first_out[net->links[a].tail + 1]++] = a;
        c->row_of[a] =
            isfinite(net->links[a].limit_flow) ? net->n_trips + c->n_limits++ : UINT32_MAX;
    }
    return true;
}

static void sift(columns *c, uint32_t at)
{
    const uint32_t node = c->heap[at];
    for (; at && c->label[c->heap[(at - 1) / 2]] > c->label[node]; at = (at - 1) / 2) {
        c->heap[at] = c->heap[(at - 1) / 2];
        c->place[c->heap[at]] = at;
    }
    c->heap[at] = node;
    c->place[node] = at;
}

static uint32_t take_least(columns *c)
{
    const uint32_t least = c->heap[0], last = c->heap[--c->n_heap];
    uint32_t at = 0;
    while (2 * at + 1 < c->n_heap) {
        uint32_t child = 2 * at + 1;
        child += child + 1 < c->n_heap && c->label[c->heap[child + 1]] < c->label[c->heap[child]];
        if (c->label[last] <= c->label[c->heap[child]])
            break;
        c->heap[at] = c->heap[child];
        c->place[c->heap[at]] = at;
        at = child;
    }
    if (c->n_heap) {
        c->heap[at] = last;
        c->place[last] = at;
    }
    return least;
}

static void build_tree(columns *c, uint32_t origin)
{
    const krn_assign_network *net = c->net;
    for (uint32_t v = 0; v < net->n_nodes; v++) {
        c->label[v] = HUGE_VAL;
        c->place[v] = UINT32_MAX;
    }
    c->label[origin] = 0.0;
    c->heap[0] = origin;
    for (c->n_heap = 1; c->n_heap;) {
        const uint32_t v = take_least(c);
        if (v != origin && net->no_through && net->no_through[v])
            continue;
        for (uint32_t k = c->first_out[v]; k < c->first_out[v + 1]; k++) {
            const uint32_t a = c->out_link[k], to = net->links[a].head;
            if (net->links[a].closed || !(c->label[v] + c->cost[a] < c->label[to]))
                continue;
            if (isinf(c->label[to])) {
                c->place[to] = c->n_heap;
                c->heap[c->n_heap++] = to;
            }
            c->label[to] = c->label[v] + c->cost[a];
            c->enter[to] = a;
            sift(c, c->place[to]);
        }
    }
}

static bool make_room(columns *c, uint32_t more)
{
    if (c->room >= c->n_entries + more && c->room >= c->n_new + 2)
        return true;
    const uint32_t room = 2 * (c->room + more + 1024);
    c->starts = realloc(c->starts, room * sizeof *c->starts);
    c->rows = realloc(c->rows, room * sizeof *c->rows);
    c->values = realloc(c->values, room * sizeof *c->values);
    c->price = realloc(c->price, room * sizeof *c->price);
    c->room = room;
    return c->starts && c->rows && c->values && c->price;
}

/* The way of the tree to the end of a trip as a column. */
static bool add_way(columns *c, uint32_t trip)
{
    const krn_assign_network *net = c->net;
    if (!make_room(c, net->n_nodes + 1))
        return false;
    double cost = 0.0;
    c->starts[c->n_new] = (CoinBigIndex)c->n_entries;
    c->rows[c->n_entries++] = (int)trip;
    for (uint32_t v = net->trips[trip].destination; v != net->trips[trip].origin;) {
        const uint32_t a = c->enter[v];
        cost += net->links[a].delay.free_time;
        if (c->row_of[a] != UINT32_MAX)
            c->rows[c->n_entries++] = (int)c->row_of[a];
        v = net->links[a].tail;
    }
    c->price[c->n_new++] = cost;
    return true;
}

/* Ways cheaper than the price of their pair; false: no memory. Trips come by origin. */
static bool find_ways(columns *c, const double *dual)
{
    const krn_assign_network *net = c->net;
    for (uint32_t a = 0; a < net->n_links; a++)
        c->cost[a] = net->links[a].delay.free_time +
                     (c->row_of[a] != UINT32_MAX ? fmax(0.0, -dual[c->row_of[a]]) : 0.0);
    c->n_new = c->n_entries = 0;
    for (uint32_t k = 0; k < net->n_trips; k++) {
        const krn_assign_trip *t = &net->trips[k];
        if (!k || t->origin != net->trips[k - 1].origin)
            build_tree(c, t->origin);
        if (t->origin == t->destination || !(t->flow > 0.0) || isinf(c->label[t->destination]))
            continue;
        if (c->label[t->destination] < dual[k] - CHEAPER * (1.0 + fabs(dual[k])) && !add_way(c, k))
            return false;
    }
    return true;
}

static bool begin(columns *c, Clp_Simplex *lp, double high)
{
    const krn_assign_network *net = c->net;
    const uint32_t n_rows = net->n_trips + c->n_limits;
    c->lower = malloc((n_rows + 1u) * sizeof *c->lower);
    c->upper = malloc((n_rows + 1u) * sizeof *c->upper);
    if (!c->lower || !c->upper || !make_room(c, net->n_trips + 2))
        return false;
    for (uint32_t k = 0; k < net->n_trips; k++) {
        const bool moves = net->trips[k].origin != net->trips[k].destination;
        c->lower[k] = c->upper[k] = moves ? net->trips[k].flow : 0.0;
        c->starts[k] = (CoinBigIndex)k;
        c->rows[k] = (int)k;
        c->values[k] = 1.0;
        c->price[k] = high;
    }
    c->starts[net->n_trips] = (CoinBigIndex)net->n_trips;
    for (uint32_t a = 0; a < net->n_links; a++)
        if (c->row_of[a] != UINT32_MAX) {
            c->lower[c->row_of[a]] = -HUGE_VAL;
            c->upper[c->row_of[a]] = net->links[a].limit_flow;
        }
    Clp_setLogLevel(lp, 0);
    Clp_loadProblem(lp, (int)net->n_trips, (int)n_rows, c->starts, c->rows, c->values, NULL, NULL,
                    c->price, c->lower, c->upper);
    return true;
}

static void tell(const columns *c, Clp_Simplex *lp, double high, column_outcome *out)
{
    const double *flow = Clp_primalColumnSolution(lp), *dual = Clp_dualRowSolution(lp);
    for (uint32_t k = 0; k < c->net->n_trips; k++)
        out->unserved += flow[k];
    for (uint32_t a = 0; a < c->net->n_links; a++)
        if (c->row_of[a] != UINT32_MAX)
            out->price_sum -= dual[c->row_of[a]] * c->net->links[a].limit_flow;
    out->cost = Clp_objectiveValue(lp) - high * out->unserved;
    out->n_columns = (uint32_t)Clp_numberColumns(lp);
    out->good = true;
}

column_outcome column_solve(const krn_assign_network *net)
{
    column_outcome out = {0};
    columns c = {.net = net};
    double high = 0.0;
    Clp_Simplex *lp = Clp_newModel();
    for (uint32_t a = 0; a < net->n_links; a++)
        high += net->links[a].delay.free_time;
    bool good = lp && sort_links(&c) && begin(&c, lp, high);
    for (; good && out.rounds < MOST_ROUNDS; out.rounds++) {
        good = Clp_primal(lp, 0) == 0 && find_ways(&c, Clp_dualRowSolution(lp));
        if (!good || !c.n_new)
            break;
        c.starts[c.n_new] = (CoinBigIndex)c.n_entries;
        for (uint32_t k = 0; k < c.n_entries; k++)
            c.values[k] = 1.0;
        Clp_addColumns(lp, (int)c.n_new, NULL, NULL, c.price, c.starts, c.rows, c.values);
    }
    if (good)
        tell(&c, lp, high, &out);
    if (lp)
        Clp_deleteModel(lp);
    void *all[] = {c.first_out, c.out_link, c.row_of, c.cost,  c.label, c.enter, c.heap,
                   c.place,     c.starts,   c.rows,   c.lower, c.upper, c.price, c.values};
    for (size_t k = 0; k < sizeof all / sizeof all[0]; k++)
        free(all[k]);
    return out;
}
