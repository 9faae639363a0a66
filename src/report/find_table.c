/* SPDX-License-Identifier: Apache-2.0 */
/* find_table.c - matches of a search for places. */
#include <string.h>

#include "base/error.h"
#include "model/tables.h"
#include "report/geometry.h"
#include "report/words.h"

static const char *text_of(const krn_package *package, uint32_t node, int column)
{
    return krni_text(package, KRN_TABLE_NODE, node, column);
}

/* The first UN/LOCODE and the first rail code. */
static void write_codes(krni_writer *w, const krn_package *package, uint32_t node)
{
    const char *locode = text_of(package, node, NODE_UNLOCODE),
               *rail = text_of(package, node, NODE_RAIL_CODE);
    krni_write_bytes(w, locode, strcspn(locode, ";"));
    krni_write(w, *locode && *rail ? " " : "");
    krni_write_bytes(w, rail, strcspn(rail, ";"));
}

/* How it was met: "name", "spelling, 2 errors: Bandar Abbas". */
static const char *match_words(const krn_package *package, const krn_place_match *m,
                               krn_arena *arena)
{
    krni_writer w;
    krni_writer_init(&w, arena);
    krni_write(&w, krn_match_kind_name(m->kind));
    if (m->distance)
        krni_writef(&w, ", %u error%s", m->distance, m->distance == 1 ? "" : "s");
    if (m->kind != KRN_MATCH_CODE && m->kind != KRN_MATCH_ID &&
        strcmp(m->matched, text_of(package, m->node, NODE_NAME)) != 0)
        krni_writef(&w, ": %s", m->matched);
    return krni_writer_text(&w);
}

static krn_status places_table(const krn_package *package, const krn_place_match *matches,
                               uint32_t n, const krn_report_options *options, krn_arena *arena,
                               char **out, krn_error *err)
{
    static const krni_grid_column columns[] = {{"id", KRNI_LEFT, 0},    {"place", KRNI_LEFT, 16},
                                               {"", KRNI_LEFT, 0},      {"kind", KRNI_LEFT, 0},
                                               {"codes", KRNI_LEFT, 0}, {"match", KRNI_LEFT, 12}};
    krni_writer w;
    krni_grid grid;
    krni_writer_init(&w, arena);
    krni_page page = krni_page_of(&w, options);
    krni_grid_init(&grid, arena, columns, 6);
    for (uint32_t i = 0; i < n; i++) {
        const uint32_t node = matches[i].node;
        krni_writer codes;
        krni_writer_init(&codes, arena);
        write_codes(&codes, package, node);
        krni_grid_cell(&grid, text_of(package, node, NODE_NODE_ID));
        krni_grid_cell(&grid, text_of(package, node, NODE_NAME));
        krni_grid_cell(&grid, text_of(package, node, NODE_COUNTRY));
        krni_grid_cell(&grid, text_of(package, node, NODE_NODE_TYPE));
        krni_grid_cell(&grid, krni_writer_text(&codes));
        krni_grid_cell(&grid, match_words(package, &matches[i], arena));
    }
    if (!n)
        krni_page_text(&page, "No place is called so.", 0);
    krni_grid_write(&grid, &page, 0);
    return krni_writer_answer(&w, out, err);
}

static void add_match(krni_records *r, const krn_package *package, const krn_place_match *m)
{
    static const int columns[] = {NODE_NODE_ID,  NODE_NAME,     NODE_NAME_RU, NODE_NAME_KK,
                                  NODE_NAME_FA,  NODE_NAME_TK,  NODE_COUNTRY, NODE_NODE_TYPE,
                                  NODE_UNLOCODE, NODE_RAIL_CODE};
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++)
        krni_record_text(r, text_of(package, m->node, columns[i]));
    krni_record_number(r, krni_number(package, KRN_TABLE_NODE, m->node, NODE_Y_COORD), 5);
    krni_record_number(r, krni_number(package, KRN_TABLE_NODE, m->node, NODE_X_COORD), 5);
    krni_record_text(r, krn_match_kind_name(m->kind));
    krni_record_number(r, m->distance, 0);
    krni_record_text(r, m->matched);
}

static krn_status places_geojson(const krn_package *package, const krn_place_match *matches,
                                 uint32_t n, krn_arena *arena, char **out, krn_error *err)
{
    bool failed = false;
    json_t *features = json_array();
    for (uint32_t i = 0; i < n; i++) {
        json_t *properties = NULL;
        json_t *feature = krni_node_feature(package, matches[i].node, &properties, &failed);
        krni_json_set(properties, "match", krni_json_text(krn_match_kind_name(matches[i].kind)),
                      &failed);
        krni_json_append(features, feature, &failed);
    }
    json_t *root = krni_feature_collection(features, &failed);
    return krni_json_write(root, failed, arena, out, err);
}

krn_status krn_report_places(const krn_package *package, const krn_place_match *matches, uint32_t n,
                             const krn_report_options *options, krn_arena *arena, char **out,
                             krn_error *err)
{
    static const char *const keys[] = {"id",      "name",    "name_ru", "name_kk",  "name_fa",
                                       "name_tk", "country", "kind",    "unlocode", "rail_code",
                                       "lat",     "lon",     "match",   "distance", "matched"};
    *out = NULL;
    if (options->format == KRN_FORMAT_TABLE)
        return places_table(package, matches, n, options, arena, out, err);
    if (options->format == KRN_FORMAT_GEOJSON)
        return places_geojson(package, matches, n, arena, out, err);
    krni_records records;
    krni_records_init(&records, arena, keys, sizeof keys / sizeof keys[0]);
    for (uint32_t i = 0; i < n; i++)
        add_match(&records, package, &matches[i]);
    return krni_records_answer(&records, "places", options, arena, out, err);
}
