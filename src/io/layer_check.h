/* layer_check.h - what both writers of layers need: is a layer as layer.h says, and what it holds.
 */
#ifndef IO_LAYER_CHECK_H
#define IO_LAYER_CHECK_H

#include <keruen/layer.h>

/* KRN_E_ARG with layer, feature and column. Names of columns are compared without case. */
krn_status krni_layer_check(const krn_layer *layer, krn_error *err);

/* Whether two names are the same but for the case of ASCII letters. */
bool krni_same_name(const char *a, const char *b);

/* False when there are features and none has a geometry. */
bool krni_layer_has_geometry(const krn_layer *layer);

/* Column of a name, or -1; name may be NULL. */
int64_t krni_layer_column(const krn_layer *layer, const char *name);

/* Largest number of a column; 0 when there is none above 0. */
double krni_layer_most(const krn_layer *layer, uint32_t column);

/* Bounds of all positions: least lon, least lat, most lon, most lat. False: no position. */
bool krni_layer_bounds(const krn_layer *layer, double out_deg[4]);

#endif
