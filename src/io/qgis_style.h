/* qgis_style.h - how QGIS is to draw a layer, as the text it keeps in a GeoPackage (QML). */
#ifndef IO_QGIS_STYLE_H
#define IO_QGIS_STYLE_H

#include "base/text.h"
#include "io/layer_check.h"

/* A checked layer with geometry; ask the writer whether it failed. */
void krni_qgis_style(const krn_layer *layer, krni_writer *out);

#endif
