/* SPDX-License-Identifier: Apache-2.0 */
/* geometry.c - the line of a link (WKT "LINESTRING (lon lat, ...)" of link.csv) as GeoJSON. A line
 * that is travelled against its direction is turned round. */
#include "report/geometry.h"

#include <string.h>

#include "base/number.h"
#include "model/tables.h"

/* A number of WKT; moves *at behind it. False at anything else. */
static bool read_number(const char **at, double *out)
{
    const char *s = *at + strspn(*at, " (,");
    const size_t length = strcspn(s, " (,)");
    *at = s + length;
    return krni_number_read(s, length, out);
}

static json_t *position(double lon, double lat, bool *failed)
{
    json_t *pair = json_array();
    krni_json_append(pair, krni_json_number(lon, 5), failed);
    krni_json_append(pair, krni_json_number(lat, 5), failed);
    return pair;
}

static void append_position(json_t *positions, double lon, double lat, bool *failed)
{
    json_t *pair = position(lon, lat, failed);
    const size_t n = json_array_size(positions);
    if (n && json_equal(json_array_get(positions, n - 1), pair))
        json_decref(pair);
    else
        krni_json_append(positions, pair, failed);
}

json_t *krni_node_position(const krn_package *package, uint32_t node, bool *failed)
{
    return position(krni_number(package, KRN_TABLE_NODE, node, NODE_X_COORD),
                    krni_number(package, KRN_TABLE_NODE, node, NODE_Y_COORD), failed);
}

static void append_node(json_t *positions, const krn_package *package, uint32_t node, bool *failed)
{
    append_position(positions, krni_number(package, KRN_TABLE_NODE, node, NODE_X_COORD),
                    krni_number(package, KRN_TABLE_NODE, node, NODE_Y_COORD), failed);
}

void krni_append_line(json_t *positions, const krn_package *package, uint32_t link,
                      uint32_t from_node, bool *failed)
{
    const uint32_t begin = krni_ref(package, KRN_TABLE_LINK, link, LINK_FROM_NODE_ID),
                   end = krni_ref(package, KRN_TABLE_LINK, link, LINK_TO_NODE_ID);
    const bool reversed = from_node != begin;
    const char *at = strchr(krni_text(package, KRN_TABLE_LINK, link, LINK_GEOMETRY), '(');
    json_t *line = json_array();
    double lon, lat;
    while (at && read_number(&at, &lon) && read_number(&at, &lat))
        append_position(line, lon, lat, failed);
    const size_t n = json_array_size(line);
    if (n < 2) {
        append_node(positions, package, reversed ? end : begin, failed);
        append_node(positions, package, reversed ? begin : end, failed);
    }
    for (size_t i = 0; n >= 2 && i < n; i++) {
        const json_t *pair = json_array_get(line, reversed ? n - 1 - i : i);
        append_position(positions, json_number_value(json_array_get(pair, 0)),
                        json_number_value(json_array_get(pair, 1)), failed);
    }
    json_decref(line);
}

json_t *krni_feature(const char *type, json_t *coordinates, json_t *properties, bool *failed)
{
    json_t *feature = json_object(), *geometry = json_object();
    krni_json_set(geometry, "type", json_string(type), failed);
    krni_json_set(geometry, "coordinates", coordinates, failed);
    krni_json_set(feature, "type", json_string("Feature"), failed);
    krni_json_set(feature, "geometry", geometry, failed);
    krni_json_set(feature, "properties", properties, failed);
    return feature;
}

json_t *krni_node_feature(const krn_package *package, uint32_t node, json_t **properties,
                          bool *failed)
{
    json_t *object = json_object();
    krni_json_set(object, "id",
                  krni_json_text(krni_text(package, KRN_TABLE_NODE, node, NODE_NODE_ID)), failed);
    krni_json_set(object, "name",
                  krni_json_text(krni_text(package, KRN_TABLE_NODE, node, NODE_NAME)), failed);
    krni_json_set(object, "country",
                  krni_json_text(krni_text(package, KRN_TABLE_NODE, node, NODE_COUNTRY)), failed);
    krni_json_set(object, "kind",
                  krni_json_text(krni_text(package, KRN_TABLE_NODE, node, NODE_NODE_TYPE)), failed);
    *properties = object;
    return krni_feature("Point", krni_node_position(package, node, failed), object, failed);
}

json_t *krni_feature_collection(json_t *features, bool *failed)
{
    json_t *root = json_object();
    krni_json_set(root, "type", json_string("FeatureCollection"), failed);
    krni_json_set(root, "features", features, failed);
    return root;
}
