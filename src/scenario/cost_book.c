/* SPDX-License-Identifier: Apache-2.0 */
/* cost_book.c - which formula and which value of a variable hold for a demand class. */
#include "scenario/cost_book.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/edit_distance.h"
#include "base/error.h"
#include "base/text.h"

/* ---- sets and types ---- */

krn_status krni_cost_name_find(const char *what, const char *name, const void *items,
                               size_t item_size, uint32_t n, uint32_t *out, krn_error *err)
{
    char list[512] = "";
    size_t used = 0;
    const char *nearest = NULL;
    for (uint32_t k = 0; k < n; k++) {
        const char *own = *(const char *const *)((const char *)items + k * item_size);
        if (strcmp(own, name) == 0) {
            *out = k;
            return KRN_OK;
        }
        if (!nearest && krni_nearest(name, &own, 1) >= 0)
            nearest = own;
        if (used < sizeof list - 1)
            used += (size_t)snprintf(list + used, sizeof list - used, "%s%s", k ? ", " : "", own);
    }
    if (nearest)
        return krni_fail(err, KRN_E_NOT_FOUND, "no %s \"%s\"; did you mean %s?", what, name,
                         nearest);
    return krni_fail(err, KRN_E_NOT_FOUND, "no %s \"%s\"; there are: %s", what, name,
                     n ? list : "none");
}

krn_status krni_cost_set_find(const krn_cost_network *network, const char *name,
                              const krn_cost_set **out, krn_error *err)
{
    uint32_t at = 0;
    const krn_status status = krni_cost_name_find("cost set", name, network->sets,
                                                  sizeof *network->sets, network->n_sets, &at, err);
    if (!status)
        *out = &network->sets[at];
    return status;
}

static int compare_types(const void *pa, const void *pb)
{
    const krni_vehicle_type *a = pa, *b = pb;
    if (a->mode != b->mode)
        return a->mode < b->mode ? -1 : 1;
    return (a->vehicle_class > b->vehicle_class) - (a->vehicle_class < b->vehicle_class);
}

krn_status krni_cost_types(const krn_cost_network *network, const krn_cost_set *set,
                           krn_arena *arena, const krni_vehicle_type **out, uint32_t *out_n,
                           krn_error *err)
{
    krni_vehicle_type *types = krn_arena_calloc(arena, set->n_formulas + 1u, sizeof *types);
    uint32_t n = 0, n_kept = 0;
    if (!types)
        return krni_fail_memory(err);
    for (uint32_t k = 0; k < set->n_formulas; k++) {
        const krn_cost_formula *f = &set->formulas[k];
        if (!f->name && f->kind == KRN_COST_MOVE && !f->is_duration && f->mode > 0 &&
            f->vehicle_class > 0)
            types[n++] = (krni_vehicle_type){(uint32_t)f->mode, (uint32_t)f->vehicle_class};
    }
    qsort(types, n, sizeof *types, compare_types);
    for (uint32_t k = 0; k < n; k++) {
        if (n_kept && compare_types(&types[n_kept - 1], &types[k]) == 0)
            continue;
        uint32_t link = 0;
        while (link < network->n_links && (network->links[link].mode != types[k].mode ||
                                           network->links[link].classes < types[k].vehicle_class))
            link++;
        if (link < network->n_links)
            types[n_kept++] = types[k];
    }
    if (n_kept > KRNI_MOST_TYPES)
        return krni_fail(err, KRN_E_LIMIT, "%s: %u vehicle classes; at most %u", set->name, n_kept,
                         KRNI_MOST_TYPES);
    *out = types;
    *out_n = n_kept;
    return KRN_OK;
}

/* ---- the formula that holds ---- */

typedef struct key {
    const char *name; /* of a variable; NULL: an arc */
    krn_cost_kind kind;
    uint32_t mode, vehicle_class, to_mode, to_class;
} key;

static bool is_key(const krn_cost_formula *f, const key *k)
{
    if (f->is_duration || (uint32_t)f->mode != k->mode ||
        (uint32_t)f->vehicle_class != k->vehicle_class || (uint32_t)f->to_mode != k->to_mode ||
        (uint32_t)f->to_class != k->to_class)
        return false;
    if (k->name)
        return f->name && strcmp(f->name, k->name) == 0;
    return !f->name && f->kind == k->kind;
}

static bool fits(int32_t own, int32_t asked)
{
    return own == KRN_COST_ANY || own == asked;
}

static int rank_of(const krn_cost_formula *f)
{
    return 4 * (f->scenario != KRN_COST_ANY) + 2 * (f->od_class != KRN_COST_ANY) +
           (f->group != KRN_COST_ANY);
}

/* The most specific one; of two alike the later one. NULL: none. */
static const krn_cost_formula *choose(const krni_cost_asking *q, const key *k, int32_t group,
                                      int32_t od_class, bool *out_general)
{
    const krn_cost_formula *best = NULL;
    *out_general = false;
    for (uint32_t i = 0; i < q->set->n_formulas; i++) {
        const krn_cost_formula *f = &q->set->formulas[i];
        if (!is_key(f, k))
            continue;
        *out_general = *out_general || rank_of(f) == 0;
        if (fits(f->group, group) && fits(f->od_class, od_class) &&
            fits(f->scenario, q->scenario) && (!best || rank_of(f) >= rank_of(best)))
            best = f;
    }
    return best;
}

static const char *kind_word(krn_cost_kind kind)
{
    static const char *const words[KRN_COST_KIND_COUNT] = {
        [KRN_COST_LOAD] = "ld", [KRN_COST_UNLOAD] = "ul",   [KRN_COST_TRANSIT] = "tr",
        [KRN_COST_MOVE] = "mv", [KRN_COST_TRANSHIP] = "tp", [KRN_COST_SWITCH] = "sw",
        [KRN_COST_STOP] = "stp"};
    return words[kind];
}

void krni_cost_key(const krn_cost_set *set, const krn_cost_formula *formula, char *out, size_t size)
{
    char types[96] = "";
    if (formula->to_mode)
        (void)snprintf(types, sizeof types, ".%d,%d-%d,%d", formula->mode, formula->vehicle_class,
                       formula->to_mode, formula->to_class);
    else if (formula->mode)
        (void)snprintf(types, sizeof types, ".%d,%d", formula->mode, formula->vehicle_class);
    (void)snprintf(out, size, "%.80s: line %u: %.80s%s", set->name, formula->line,
                   formula->name ? formula->name : kind_word(formula->kind), types);
}

/* ---- variables ---- */

typedef enum variable_state { UNKNOWN, BEING_COMPUTED, KNOWN } variable_state;

typedef struct opening {
    const krni_cost_asking *asking;
    krni_cost_book *book;
    krn_arena *arena;
    uint32_t n_variables;
    const krn_cost_formula **any; /* a formula of each variable: its key */
    const char **names;           /* as formulas write them */
    double *values;
    variable_state *states;
    krn_error *err;
} opening;

static const char *spell(const krn_cost_formula *f, krn_arena *arena)
{
    char text[128];
    if (!f->mode)
        return f->name;
    (void)snprintf(text, sizeof text, "%.90s.%d,%d", f->name, f->mode, f->vehicle_class);
    return krn_arena_text(arena, text);
}

static krn_status list_variables(opening *o)
{
    const krn_cost_set *set = o->asking->set;
    o->any = krn_arena_calloc(o->arena, set->n_formulas + 1u, sizeof *o->any);
    o->names = krn_arena_calloc(o->arena, set->n_formulas + 1u, sizeof *o->names);
    o->values = krn_arena_calloc(o->arena, set->n_formulas + 1u, sizeof *o->values);
    o->states = krn_arena_calloc(o->arena, set->n_formulas + 1u, sizeof *o->states);
    if (!o->any || !o->names || !o->values || !o->states)
        return krni_fail_memory(o->err);
    for (uint32_t i = 0; i < set->n_formulas; i++) {
        const krn_cost_formula *f = &set->formulas[i];
        uint32_t k = 0;
        if (!f->name || f->is_duration)
            continue;
        while (k < o->n_variables &&
               (strcmp(o->any[k]->name, f->name) != 0 || o->any[k]->mode != f->mode ||
                o->any[k]->vehicle_class != f->vehicle_class))
            k++;
        if (k < o->n_variables)
            continue;
        o->any[k] = f;
        o->names[k] = spell(f, o->arena);
        if (!o->names[k])
            return krni_fail_memory(o->err);
        o->n_variables++;
    }
    return KRN_OK;
}

static krn_status fail_at(const krn_cost_set *set, const krn_cost_formula *formula,
                          const char *what, krn_error *err)
{
    char place[256];
    krni_cost_key(set, formula, place, sizeof place);
    return krni_fail(err, KRN_E_DATA, "%s: %.600s", place, what);
}

static krn_status compute_variable(opening *o, uint32_t v);

static krn_status compute_used(opening *o, const krni_formula *formula, uint32_t first_slot)
{
    krn_status status = KRN_OK;
    for (uint32_t k = 0; k < o->n_variables && !status; k++)
        if (krni_formula_uses(formula, first_slot + k))
            status = compute_variable(o, k);
    return status;
}

/* Through the variables that its text names, each of which is computed once. */
static krn_status compute_variable(opening *o, uint32_t v)
{
    const krn_cost_formula *any = o->any[v];
    const key k = {.name = any->name,
                   .mode = (uint32_t)any->mode,
                   .vehicle_class = (uint32_t)any->vehicle_class};
    const krni_formula *formula = NULL;
    bool is_general;
    krn_error inner;
    if (o->states[v] == KNOWN)
        return KRN_OK;
    const krn_cost_formula *source =
        choose(o->asking, &k, o->book->group, o->book->od_class, &is_general);
    if (!source) {
        char text[96];
        (void)snprintf(text, sizeof text, "no value for group %d, class %d", o->book->group,
                       o->book->od_class);
        return fail_at(o->asking->set, any, text, o->err);
    }
    if (o->states[v] == BEING_COMPUTED)
        return fail_at(o->asking->set, source, "the variable hangs on itself", o->err);
    o->states[v] = BEING_COMPUTED;
    krn_status status =
        krni_formula_compile(source->text, o->names, o->n_variables, o->arena, &formula, &inner);
    if (status)
        return status == KRN_E_DATA ? fail_at(o->asking->set, source, inner.text, o->err)
                                    : krni_fail_memory(o->err);
    status = compute_used(o, formula, 0);
    if (status)
        return status;
    status =
        krni_formula_compute(formula, o->values, KRNI_FORMULA_NO_SLOT, &o->values[v], NULL, &inner);
    if (status)
        return fail_at(o->asking->set, source, inner.text, o->err);
    o->states[v] = KNOWN;
    return KRN_OK;
}

/* AVGLOAD and PCU of a type: above 0, or 1 where there is none. */
static krn_status reserved_value(opening *o, const char *name, const krni_vehicle_type *type,
                                 double *out)
{
    *out = 1.0;
    for (uint32_t v = 0; v < o->n_variables; v++) {
        const key k = {.name = name, .mode = type->mode, .vehicle_class = type->vehicle_class};
        bool is_general;
        if (strcmp(o->any[v]->name, name) != 0 || (uint32_t)o->any[v]->mode != type->mode ||
            (uint32_t)o->any[v]->vehicle_class != type->vehicle_class ||
            !choose(o->asking, &k, o->book->group, o->book->od_class, &is_general))
            continue;
        const krn_status status = compute_variable(o, v);
        if (status)
            return status;
        if (!(o->values[v] > 0.0))
            return fail_at(o->asking->set, o->any[v], "a value above 0 was expected", o->err);
        *out = o->values[v];
        return KRN_OK;
    }
    return KRN_OK;
}

/* ---- arcs ---- */

static const char *const move_names[KRNI_MOVE_SLOTS] = {
    "LENGTH", "SPEED", "CAPACITY", "VOLUME", "UPSTREAM", "FREQUENCY",
    "NUM",    "NODE1", "NODE2",    "MODE",   "MEANS",    "ENABLED"};
static const char *const node_names[KRNI_NODE_SLOTS] = {"TRANSHIP", "UPSTREAM", "FREQUENCY", "NUM"};

/* Names by slot: those of the place, then fields, then variables. */
static const char **slot_names(const opening *o, const char *const *own, uint32_t n_own,
                               uint32_t n_fields)
{
    const char **names =
        krn_arena_calloc(o->arena, (size_t)n_own + n_fields + o->n_variables + 1u, sizeof *names);
    if (!names)
        return NULL;
    memcpy(names, own, n_own * sizeof *names);
    for (uint32_t k = 0; k < n_fields; k++)
        names[n_own + k] = o->asking->network->fields[k];
    for (uint32_t k = 0; k < o->n_variables; k++)
        names[n_own + n_fields + k] = o->names[k];
    return names;
}

typedef struct slot_list {
    const char **names;
    uint32_t first_variable;
} slot_list;

static krn_status open_entry(opening *o, const slot_list *slots, key k, krni_cost_entry *out)
{
    bool is_general;
    krn_error inner;
    const krn_cost_formula *source =
        choose(o->asking, &k, o->book->group, o->book->od_class, &is_general);
    *out = (krni_cost_entry){NULL, NULL};
    if (!source || !is_general || strcmp(source->text, "null") == 0)
        return KRN_OK;
    out->source = source;
    const krn_status status =
        krni_formula_compile(source->text, slots->names, slots->first_variable + o->n_variables,
                             o->arena, &out->formula, &inner);
    if (status)
        return status == KRN_E_DATA ? fail_at(o->asking->set, source, inner.text, o->err)
                                    : krni_fail_memory(o->err);
    return compute_used(o, out->formula, slots->first_variable);
}

static krn_status open_type(opening *o, const slot_list *moves, const slot_list *nodes, uint32_t t)
{
    const krni_vehicle_type *types = o->asking->types;
    krni_cost_book *b = o->book;
    const key own = {.mode = types[t].mode, .vehicle_class = types[t].vehicle_class};
    key move = own, load = own, unload = own, transit = own;
    move.kind = KRN_COST_MOVE;
    load.kind = KRN_COST_LOAD;
    unload.kind = KRN_COST_UNLOAD;
    transit.kind = KRN_COST_TRANSIT;
    krn_status status = open_entry(o, moves, move, &b->move[t]);
    if (!status)
        status = open_entry(o, nodes, load, &b->load[t]);
    if (!status)
        status = open_entry(o, nodes, unload, &b->unload[t]);
    if (!status)
        status = open_entry(o, nodes, transit, &b->transit[t]);
    for (uint32_t u = 0; u < b->n_types && !status; u++) {
        key tranship = own;
        tranship.kind = KRN_COST_TRANSHIP;
        tranship.to_mode = types[u].mode;
        tranship.to_class = types[u].vehicle_class;
        if (u != t)
            status = open_entry(o, nodes, tranship, &b->tranship[t * b->n_types + u]);
    }
    if (!status)
        status = reserved_value(o, "AVGLOAD", &types[t], &b->load_quantity[t]);
    return status ? status : reserved_value(o, "PCU", &types[t], &b->car_units[t]);
}

static krni_cost_book *book_new(const krni_cost_asking *q, uint32_t n_variables, krn_arena *arena)
{
    const size_t n = q->n_types + 1u;
    krni_cost_book *b = krn_arena_calloc(arena, 1, sizeof *b);
    if (!b)
        return NULL;
    *b = (krni_cost_book){.set = q->set, .n_types = q->n_types, .n_fields = q->network->n_fields};
    b->move = krn_arena_calloc(arena, n, sizeof *b->move);
    b->load = krn_arena_calloc(arena, n, sizeof *b->load);
    b->unload = krn_arena_calloc(arena, n, sizeof *b->unload);
    b->transit = krn_arena_calloc(arena, n, sizeof *b->transit);
    b->tranship = krn_arena_calloc(arena, n * n, sizeof *b->tranship);
    b->load_quantity = krn_arena_calloc(arena, n, sizeof *b->load_quantity);
    b->car_units = krn_arena_calloc(arena, n, sizeof *b->car_units);
    b->move_values = krn_arena_calloc(
        arena, (size_t)KRNI_MOVE_SLOTS + q->network->n_fields + n_variables, sizeof(double));
    b->node_values = krn_arena_calloc(arena, (size_t)KRNI_NODE_SLOTS + n_variables, sizeof(double));
    if (!b->move || !b->load || !b->unload || !b->transit || !b->tranship || !b->load_quantity ||
        !b->car_units || !b->move_values || !b->node_values)
        return NULL;
    return b;
}

krn_status krni_cost_book_open(const krni_cost_asking *asking, int32_t group, int32_t od_class,
                               krn_arena *arena, krni_cost_book **out, krn_error *err)
{
    const uint32_t n_fields = asking->network->n_fields;
    opening o = {.asking = asking, .arena = arena, .err = err};
    krn_status status = list_variables(&o);
    if (status)
        return status;
    o.book = book_new(asking, o.n_variables, arena);
    const slot_list moves = {slot_names(&o, move_names, KRNI_MOVE_SLOTS, n_fields),
                             KRNI_MOVE_SLOTS + n_fields};
    const slot_list nodes = {slot_names(&o, node_names, KRNI_NODE_SLOTS, 0), KRNI_NODE_SLOTS};
    if (!o.book || !moves.names || !nodes.names)
        return krni_fail_memory(err);
    o.book->group = group;
    o.book->od_class = od_class;
    for (uint32_t t = 0; t < asking->n_types && !status; t++)
        status = open_type(&o, &moves, &nodes, t);
    if (status)
        return status;
    memcpy(o.book->move_values + moves.first_variable, o.values, o.n_variables * sizeof(double));
    memcpy(o.book->node_values + nodes.first_variable, o.values, o.n_variables * sizeof(double));
    *out = o.book;
    return KRN_OK;
}

/* ---- values ---- */

void krni_cost_book_link(krni_cost_book *book, const krn_cost_network *network, uint32_t link,
                         bool forwards, double volume)
{
    const krn_cost_link *l = &network->links[link];
    const int64_t from = network->nodes[l->from_node].id, to = network->nodes[l->to_node].id;
    double *v = book->move_values;
    v[KRNI_MOVE_LENGTH] = l->length_km;
    v[KRNI_MOVE_SPEED] = l->speed_kmh;
    v[KRNI_MOVE_CAPACITY] = l->capacity;
    v[KRNI_MOVE_VOLUME] = volume;
    v[KRNI_MOVE_UPSTREAM] = (forwards ? from < to : to < from) ? 1.0 : 0.0;
    v[KRNI_MOVE_FREQUENCY] = 0.0;
    v[KRNI_MOVE_NUM] = (double)l->id;
    v[KRNI_MOVE_NODE1] = (double)from;
    v[KRNI_MOVE_NODE2] = (double)to;
    v[KRNI_MOVE_MODE] = l->mode;
    v[KRNI_MOVE_MEANS] = l->classes;
    v[KRNI_MOVE_ENABLED] = 1.0;
    if (book->n_fields)
        memcpy(v + KRNI_MOVE_SLOTS, l->fields, book->n_fields * sizeof *v);
}

void krni_cost_book_node(krni_cost_book *book, const krn_cost_node *node)
{
    double *v = book->node_values;
    double may = 0.0;
    if (node->loads && node->tranships)
        may = 1.0;
    else if (node->tranships)
        may = 2.0;
    else if (node->loads)
        may = 3.0;
    else if (node->changes)
        may = 4.0;
    v[KRNI_NODE_TRANSHIP] = node->passes ? may : may + 5.0;
    v[KRNI_NODE_UPSTREAM] = 0.0;
    v[KRNI_NODE_FREQUENCY] = 0.0;
    v[KRNI_NODE_NUM] = (double)node->id;
}

krn_status krni_cost_compute(const krni_cost_book *book, const krni_cost_entry *entry,
                             const double *values, krni_cost_place place, double *out_cost,
                             krn_error *err)
{
    char where[256];
    krn_error inner = {0};
    const krn_status status =
        krni_formula_compute(entry->formula, values, KRNI_FORMULA_NO_SLOT, out_cost, NULL, &inner);
    if (!status && *out_cost >= 0.0)
        return KRN_OK;
    krni_cost_key(book->set, entry->source, where, sizeof where);
    if (status)
        return krni_fail(err, KRN_E_DATA, "%s: %s %lld: %.600s", where, place.word,
                         (long long)place.id, inner.text);
    return krni_fail(err, KRN_E_DATA,
                     "%s: %s %lld: \"%.200s\" is %.6g; a cost of 0 or more was expected", where,
                     place.word, (long long)place.id, krni_formula_text(entry->formula), *out_cost);
}
