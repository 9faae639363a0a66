/* layer.h - layers of points and lines to files that map programs open.
 *
 *   GeoPackage 1.3 (OGC 12-128r17) on SQLite, with a style that QGIS opens it by
 *   shapefile with DBF: names of columns cut to 10 characters
 *
 *   units      WGS 84 longitude and latitude, degrees
 *   ownership  all is borrowed for the call
 *   threads    any number; nothing is shared
 *   errors     KRN_E_IO, KRN_E_ARG (two columns of one name, a line of one point, a position that
 *              is none, a whole number that is none), KRN_E_LIMIT, KRN_E_MEMORY. The old file
 *              stays when a new one fails
 */
#ifndef KERUEN_LAYER_H
#define KERUEN_LAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <keruen/arena.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum krn_layer_type { KRN_LAYER_TEXT, KRN_LAYER_REAL, KRN_LAYER_INTEGER } krn_layer_type;

typedef struct krn_layer_column {
    const char *name;
    krn_layer_type type;
} krn_layer_column;

typedef struct krn_layer_cell {
    const char *text; /* TEXT; NULL: none */
    double number;    /* REAL, INTEGER; NaN or infinite: none */
} krn_layer_cell;

typedef struct krn_layer_feature {
    const double *points_deg;    /* lon, lat, lon, lat, ... */
    uint32_t n_points;           /* 0: no geometry; a point: 1; a line: 2 or more */
    const krn_layer_cell *cells; /* one a column */
} krn_layer_feature;

typedef struct krn_layer {
    const char *name, *title;
    bool is_points; /* else lines */
    const krn_layer_column *columns;
    uint32_t n_columns;
    const krn_layer_feature *features;
    uint32_t n_features;
    bool is_directed; /* the style draws lines on the right of their middle, so that two directions
                         lie side by side */
    /* Width (lines) or size (points) and colour grow with these columns in the QGIS style; NULL:
     * plain. colour_column: 0 .. 1 green to red, none grey. */
    const char *width_column, *colour_column;
} krn_layer;

/* Writes a whole file, by way of a temporary one beside it. The same bytes for the same layers. A
 * layer whose features have no geometry is a plain table. The first column is "fid", from 1 on in
 * the order of the features; the geometry is "geom": neither may be the name of a column. */
KRN_API krn_status krn_gpkg_write(const char *path, const krn_layer *layers, uint32_t n_layers,
                                  krn_error *err);

/* Writes PATH.dbf and PATH.cpg, and PATH.shp, PATH.shx, PATH.prj when the layer has geometry; a
 * ".shp" or ".dbf" at the end of path is left out. Numbers read back exactly; texts are cut to 254
 * bytes; a column "id" (numbers from 1 on) stands in for no columns at all. */
KRN_API krn_status krn_shapefile_write(const char *path, const krn_layer *layer, krn_error *err);

#ifdef __cplusplus
}
#endif
#endif
