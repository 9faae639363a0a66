/* layers.h - three small layers: lines in two directions, points, a table.
 *
 *   ways     a (50, 40) --- (51, 41) --- b (52, 40)      the same back       one without a line
 *   places   a, b */
#ifndef SUPPORT_LAYERS_H
#define SUPPORT_LAYERS_H

#include <keruen/layer.h>

extern const krn_layer support_layers[];
extern const uint32_t support_n_layers;

#endif
