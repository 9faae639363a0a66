/* geometry.h - lines of links and points of nodes as GeoJSON positions. */
#ifndef REPORT_GEOMETRY_H
#define REPORT_GEOMETRY_H

#include "report/records.h"

/* Appends the positions of a link to an array, in the direction from -> to of its ends; a straight
 * line where it has no geometry. Positions equal to the last one are left out. */
void krni_append_line(json_t *positions, const krn_package *package, uint32_t link,
                      uint32_t from_node, bool *failed);

/* [lon, lat] of a node. */
json_t *krni_node_position(const krn_package *package, uint32_t node, bool *failed);

/* {"type": "Feature", "geometry": {"type": type, "coordinates": coordinates}, "properties": ...};
 * takes both values. */
json_t *krni_feature(const char *type, json_t *coordinates, json_t *properties, bool *failed);

/* A point feature with id, name, country, kind of a node; properties are returned to be added to
 * (borrowed). */
json_t *krni_node_feature(const krn_package *package, uint32_t node, json_t **properties,
                          bool *failed);

/* {"type": "FeatureCollection", "features": features}; takes features. */
json_t *krni_feature_collection(json_t *features, bool *failed);

#endif
