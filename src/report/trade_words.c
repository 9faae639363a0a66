/* SPDX-License-Identifier: Apache-2.0 */
/* trade_words.c - the answer of an assignment put together: ways by relation and class, modes by
 * goods, crossings, what is left behind. Whatever the order of the answer, the same order here. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "model/tables.h"
#include "report/resource_words.h"
#include "report/trade_page.h"

#define LEAST_T 1e-6 /* tonnes a year that count as some */

const char *krni_node_id(const krn_package *package, uint32_t node)
{
    return node == KRN_NO_ROW ? "" : krni_text(package, KRN_TABLE_NODE, node, NODE_NODE_ID);
}

const char *krni_class_id(const krni_trade *t, uint32_t cargo_class)
{
    return cargo_class == KRN_NO_ROW
               ? ""
               : krni_text(t->package, KRN_TABLE_CARGO_CLASS, cargo_class, CARGO_CLASS_CARGO_CLASS);
}

uint32_t krni_classes(const krni_trade *t)
{
    return krn_package_rows(t->package, KRN_TABLE_CARGO_CLASS);
}

void krni_write_goods_class(krni_writer *w, const krni_trade *t, uint32_t cargo_class)
{
    krni_write_spaced(w, krni_class_id(t, cargo_class));
}

const char *krni_class_words(const krni_trade *t, uint32_t cargo_class)
{
    krni_writer w;
    krni_writer_init(&w, t->arena);
    krni_write_goods_class(&w, t, cargo_class);
    return krni_writer_text(&w);
}

void krni_write_relation(krni_writer *w, krn_country from, krn_country to)
{
    char a[3], b[3];
    krn_country_text(from, a);
    krn_country_text(to, b);
    krni_writef(w, "%s → %s", a, b);
}

const char *krni_relation_words(const krni_trade *t, krn_country from, krn_country to)
{
    krni_writer w;
    krni_writer_init(&w, t->arena);
    krni_write_relation(&w, from, to);
    return krni_writer_text(&w);
}

const char *krni_trade_method_words(krn_trade_method method)
{
    static const char *const words[KRN_TRADE_METHOD_COUNT] = {
        [KRN_TRADE_ALL_OR_NOTHING] = "all by the cheapest way at no load",
        [KRN_TRADE_LOGIT] = "logit over the ways at no load",
        [KRN_TRADE_PATH_SIZE] = "path-size logit over the ways at no load",
        [KRN_TRADE_USER] = "user equilibrium",
        [KRN_TRADE_STOCHASTIC] = "stochastic user equilibrium",
        [KRN_TRADE_SYSTEM] = "system optimum",
    };
    return (unsigned)method < KRN_TRADE_METHOD_COUNT ? words[method] : "?";
}

const char *krni_trade_use_word(krn_trade_use_kind kind)
{
    static const char *const words[] = {"link", "border", "gauge_change", "port_in", "port_out"};
    return (unsigned)kind < sizeof words / sizeof words[0] ? words[kind] : "?";
}

/* ---- ways ---- */

static int compare_country(krn_country a, krn_country b)
{
    return (a > b) - (a < b);
}

static int compare_names(const void *pa, const void *pb)
{
    const krni_trade_bundle *a = pa, *b = pb;
    int order = compare_country(a->from, b->from);
    if (!order)
        order = compare_country(a->to, b->to);
    if (!order)
        order = (a->cargo_class > b->cargo_class) - (a->cargo_class < b->cargo_class);
    return order ? order : strcmp(a->words, b->words);
}

static int compare_tonnes(double a, double b)
{
    return (a < b) - (a > b);
}

static int compare_bundles(const void *pa, const void *pb)
{
    const krni_trade_bundle *a = pa, *b = pb;
    int order = compare_tonnes(a->relation_t, b->relation_t);
    if (!order)
        order = compare_country(a->from, b->from);
    if (!order)
        order = compare_country(a->to, b->to);
    if (!order)
        order = compare_tonnes(a->class_t, b->class_t);
    if (!order)
        order = (a->cargo_class > b->cargo_class) - (a->cargo_class < b->cargo_class);
    if (!order)
        order = compare_tonnes(a->year_t, b->year_t);
    return order ? order : strcmp(a->words, b->words);
}

/* Puts neighbours of one name together; returns how many are left. */
static uint32_t join_bundles(krni_trade_bundle *list, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        krni_trade_bundle *to = kept ? &list[kept - 1] : NULL;
        if (!to || compare_names(to, &list[i]) != 0) {
            list[kept++] = list[i];
            continue;
        }
        to->year_t += list[i].year_t;
        to->price_usd += list[i].price_usd;
        to->cost_usd += list[i].cost_usd;
        to->hours += list[i].hours;
        to->wait_h += list[i].wait_h;
        to->wtw_kg += list[i].wtw_kg;
    }
    return kept;
}

/* list stands by name: relations, in these classes. */
static void sum_bundles(krni_trade_bundle *list, uint32_t n)
{
    for (uint32_t i = 0, end = 0; i < n; i = end) {
        double relation_t = 0.0;
        for (end = i; end < n && list[end].from == list[i].from && list[end].to == list[i].to;
             end++)
            relation_t += list[end].year_t;
        for (uint32_t k = i, last = i; k < end; k = last) {
            double class_t = 0.0;
            for (last = k; last < end && list[last].cargo_class == list[k].cargo_class; last++)
                class_t += list[last].year_t;
            for (uint32_t j = k; j < last; j++) {
                list[j].relation_t = relation_t;
                list[j].class_t = class_t;
            }
        }
    }
}

krni_trade_bundle *krni_trade_bundles(const krni_trade *t, const double *ways_t, uint32_t *out_n)
{
    const krn_trade_answer *a = t->answer;
    krni_trade_bundle *list = krn_arena_calloc(t->arena, (size_t)a->n_ways + 1, sizeof *list);
    uint32_t n = 0;
    *out_n = 0;
    if (!list)
        return NULL;
    for (uint32_t i = 0; i < a->n_ways; i++) {
        const krn_trade_way *way = &a->ways[i];
        const krn_trade_row *row = &a->rows[way->row];
        const double year_t = ways_t ? ways_t[i] : way->year_t;
        if (!(year_t > LEAST_T))
            continue;
        list[n++] = (krni_trade_bundle){.from = row->from,
                                        .to = row->to,
                                        .cargo_class = row->cargo_class,
                                        .words = way->words,
                                        .modes = way->modes,
                                        .year_t = year_t,
                                        .price_usd = year_t * way->price_usd_t,
                                        .cost_usd = year_t * way->cost_usd_t,
                                        .hours = year_t * (way->free_h + way->wait_h),
                                        .wait_h = year_t * way->wait_h,
                                        .wtw_kg = year_t * way->wtw_kg_t};
    }
    qsort(list, n, sizeof *list, compare_names);
    n = join_bundles(list, n);
    sum_bundles(list, n);
    qsort(list, n, sizeof *list, compare_bundles);
    *out_n = n;
    return list;
}

uint32_t krni_trade_class_size(const krni_trade_bundle *list, uint32_t n, uint32_t first)
{
    uint32_t end = first + 1;
    while (end < n && list[end].from == list[first].from && list[end].to == list[first].to &&
           list[end].cargo_class == list[first].cargo_class)
        end++;
    return end - first;
}

/* ---- modes ---- */

typedef struct mode_entry {
    krni_trade_mode mode;
    double goods_t;
} mode_entry;

static int compare_mode_names(const void *pa, const void *pb)
{
    const mode_entry *a = pa, *b = pb;
    if (a->mode.commodity != b->mode.commodity)
        return a->mode.commodity < b->mode.commodity ? -1 : 1;
    return strcmp(a->mode.modes, b->mode.modes);
}

static int compare_modes(const void *pa, const void *pb)
{
    const mode_entry *a = pa, *b = pb;
    int order = compare_tonnes(a->goods_t, b->goods_t);
    if (!order)
        order = (a->mode.commodity > b->mode.commodity) - (a->mode.commodity < b->mode.commodity);
    if (!order)
        order = compare_tonnes(a->mode.year_t, b->mode.year_t);
    return order ? order : strcmp(a->mode.modes, b->mode.modes);
}

static uint32_t join_modes(mode_entry *list, uint32_t n)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < n; i++) {
        if (kept && compare_mode_names(&list[kept - 1], &list[i]) == 0)
            list[kept - 1].mode.year_t += list[i].mode.year_t;
        else
            list[kept++] = list[i];
    }
    for (uint32_t i = 0, end = 0; i < kept; i = end) {
        double goods_t = 0.0;
        for (end = i; end < kept && list[end].mode.commodity == list[i].mode.commodity; end++)
            goods_t += list[end].mode.year_t;
        for (uint32_t k = i; k < end; k++) {
            list[k].goods_t = goods_t;
            list[k].mode.share = list[k].mode.year_t / goods_t;
        }
    }
    return kept;
}

krni_trade_mode *krni_trade_modes_by_goods(const krni_trade *t, uint32_t *out_n)
{
    const krn_trade_answer *a = t->answer;
    mode_entry *list = krn_arena_calloc(t->arena, (size_t)a->n_ways + 1, sizeof *list);
    uint32_t n = 0;
    *out_n = 0;
    if (!list)
        return NULL;
    for (uint32_t i = 0; i < a->n_ways; i++) {
        const krn_trade_way *way = &a->ways[i];
        if (way->year_t > LEAST_T)
            list[n++] = (mode_entry){
                .mode = {.commodity = t->question->demand->rows[a->rows[way->row].demand].commodity,
                         .modes = way->modes,
                         .year_t = way->year_t}};
    }
    qsort(list, n, sizeof *list, compare_mode_names);
    n = join_modes(list, n);
    qsort(list, n, sizeof *list, compare_modes);
    krni_trade_mode *modes = krn_arena_calloc(t->arena, (size_t)n + 1, sizeof *modes);
    for (uint32_t i = 0; i < n && modes; i++)
        modes[i] = list[i].mode;
    *out_n = n;
    return modes;
}

/* ---- crossings ---- */

static int compare_crossings(const void *pa, const void *pb)
{
    const krni_trade_crossing *a = pa, *b = pb;
    const int order = compare_tonnes(a->year_t, b->year_t);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

/* The entry of a crossing, direction and mode; a new one behind the last when there is none. */
static krni_trade_crossing *find_crossing(const krni_trade *t, krni_trade_crossing *list,
                                          uint32_t *n, const krn_trade_use *use)
{
    const krn_package *p = t->package;
    const char *name = krni_text(p, KRN_TABLE_BORDER, use->row, BORDER_CROSSING);
    const krn_country from = krn_country_parse(
                          krni_text(p, KRN_TABLE_BORDER, use->row, BORDER_FROM_COUNTRY)),
                      to = krn_country_parse(
                          krni_text(p, KRN_TABLE_BORDER, use->row, BORDER_TO_COUNTRY));
    for (uint32_t i = 0; i < *n; i++)
        if (list[i].from == from && list[i].to == to && list[i].mode == use->mode &&
            strcmp(list[i].name, name) == 0)
            return &list[i];
    list[*n] = (krni_trade_crossing){
        .name = name,
        .from = from,
        .to = to,
        .mode = use->mode,
        .row = use->row,
        .class_t = krn_arena_calloc(t->arena, krni_classes(t) + 1u, sizeof(double))};
    return list[*n].class_t ? &list[(*n)++] : NULL;
}

krni_trade_crossing *krni_trade_crossing_list(const krni_trade *t, uint32_t *out_n)
{
    const krn_trade_answer *a = t->answer;
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->n_uses; i++)
        n += a->uses[i].kind == KRN_TRADE_BORDER;
    krni_trade_crossing *list = krn_arena_calloc(t->arena, (size_t)n + 1, sizeof *list);
    n = 0;
    for (uint32_t i = 0; i < a->n_uses && list; i++) {
        const krn_trade_use *use = &a->uses[i];
        if (use->kind != KRN_TRADE_BORDER || !(use->year_t > LEAST_T))
            continue;
        krni_trade_crossing *c = find_crossing(t, list, &n, use);
        if (!c)
            return NULL;
        c->year_t += use->year_t;
        c->row = use->row < c->row ? use->row : c->row;
        for (uint32_t k = 0; k < krni_classes(t); k++)
            c->class_t[k] += use->class_t[k];
    }
    if (list)
        qsort(list, n, sizeof *list, compare_crossings);
    *out_n = n;
    return list;
}

/* ---- what is left behind ---- */

static int compare_left(const void *pa, const void *pb)
{
    const krni_trade_left *a = pa, *b = pb;
    const int order = compare_tonnes(a->year_t, b->year_t);
    return order ? order : (a->row > b->row) - (a->row < b->row);
}

krni_trade_left *krni_trade_left_behind(const krni_trade *t, uint32_t *out_n)
{
    const krn_trade_answer *a = t->answer;
    krni_trade_left *list = krn_arena_calloc(t->arena, (size_t)a->n_rows + 1, sizeof *list);
    uint32_t n = 0;
    for (uint32_t i = 0; i < a->n_rows && list; i++) {
        const krn_trade_row *row = &a->rows[i];
        const double left_t = row->asked_t - row->sent_t;
        if (left_t > LEAST_T && (row->reason || left_t > 1e-6 * row->asked_t))
            list[n++] = (krni_trade_left){row, &t->question->demand->rows[row->demand], left_t,
                                          row->reason ? row->reason : "no reason is known"};
    }
    if (list)
        qsort(list, n, sizeof *list, compare_left);
    *out_n = list ? n : 0;
    return list;
}
