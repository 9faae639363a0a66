/* SPDX-License-Identifier: Apache-2.0 */
/* trade_csv.c - tonnes over each link, crossing, gauge change and port with those of every class:
 * as rows, and with geometry. */
#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/number.h"
#include "model/tables.h"
#include "report/geometry.h"
#include "report/trade_page.h"

#define EXACT_DIGITS 15

static krn_table table_of(krn_trade_use_kind kind)
{
    static const krn_table tables[] = {KRN_TABLE_LINK, KRN_TABLE_BORDER, KRN_TABLE_GAUGE_CHANGE,
                                       KRN_TABLE_NODE, KRN_TABLE_NODE};
    return tables[kind];
}

const char *krni_trade_use_id(const krni_trade *t, const krn_trade_use *use)
{
    const krn_table table = table_of(use->kind);
    return krni_text(t->package, table, use->row, krni_schema(table)->key);
}

static void write_exact(krni_writer *w, double value)
{
    char number[KRNI_NUMBER_EXACT_SIZE];
    krni_number_exact(value, EXACT_DIGITS, number);
    krni_write(w, number);
}

krn_status krni_trade_csv(const krni_trade *t, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, t->arena);
    krni_write(&w, "kind,id,from_node,to_node,mode,length_km,total_t_per_year");
    for (uint32_t k = 0; k < krni_classes(t); k++)
        krni_writef(&w, ",%s_t_per_year", krni_class_id(t, k));
    krni_write(&w, "\r\n");
    for (uint32_t i = 0; i < t->answer->n_uses; i++) {
        const krn_trade_use *use = &t->answer->uses[i];
        krni_writef(&w, "%s,", krni_trade_use_word(use->kind));
        krni_csv_field(&w, krni_trade_use_id(t, use));
        krni_write(&w, ",");
        krni_csv_field(&w, krni_node_id(t->package, use->from_node));
        krni_write(&w, ",");
        krni_csv_field(&w, krni_node_id(t->package, use->to_node));
        krni_writef(&w, ",%s,", krn_mode_name(use->mode));
        if (use->kind == KRN_TRADE_LINK)
            write_exact(&w, use->length_km);
        krni_write(&w, ",");
        write_exact(&w, use->year_t);
        for (uint32_t k = 0; k < krni_classes(t); k++) {
            krni_write(&w, ",");
            write_exact(&w, use->class_t[k]);
        }
        krni_write(&w, "\r\n");
    }
    return krni_writer_answer(&w, out, err);
}

krn_status krni_trade_geojson(const krni_trade *t, char **out, krn_error *err)
{
    bool failed = false;
    json_t *features = json_array();
    for (uint32_t i = 0; i < t->answer->n_uses; i++) {
        const krn_trade_use *use = &t->answer->uses[i];
        json_t *o = json_object(), *classes = json_object(), *at;
        const bool is_line = use->kind == KRN_TRADE_LINK;
        krni_json_set(o, "kind", json_string(krni_trade_use_word(use->kind)), &failed);
        krni_json_set(o, "id", krni_json_text(krni_trade_use_id(t, use)), &failed);
        krni_json_set(o, "from", krni_json_text(krni_node_id(t->package, use->from_node)), &failed);
        krni_json_set(o, "to", krni_json_text(krni_node_id(t->package, use->to_node)), &failed);
        krni_json_set(o, "mode", json_string(krn_mode_name(use->mode)), &failed);
        krni_json_set(o, "tonnes", krni_json_number(use->year_t, 3), &failed);
        for (uint32_t k = 0; k < krni_classes(t); k++)
            if (use->class_t[k] > 0.0)
                krni_json_set(classes, krni_class_id(t, k), krni_json_number(use->class_t[k], 3),
                              &failed);
        krni_json_set(o, "classes", classes, &failed);
        if (is_line) {
            at = json_array();
            krni_append_line(at, t->package, use->row, use->from_node, &failed);
        } else {
            at = krni_node_position(t->package, use->from_node, &failed);
        }
        krni_json_append(features, krni_feature(is_line ? "LineString" : "Point", at, o, &failed),
                         &failed);
    }
    return krni_json_write(krni_feature_collection(features, &failed), failed, t->arena, out, err);
}
