/* SPDX-License-Identifier: Apache-2.0 */
#include "support/layers.h"

#include <math.h>

static const krn_layer_column way_columns[] = {{"name", KRN_LAYER_TEXT},
                                               {"tonnes", KRN_LAYER_REAL},
                                               {"full_share", KRN_LAYER_REAL},
                                               {"number of \"trains\"", KRN_LAYER_INTEGER}};
static const double there[] = {50.0, 40.0, 51.0, 41.0, 52.0, 40.0};
static const double back[] = {52.0, 40.0, 51.0, 41.0, 50.0, 40.0};
static const krn_layer_cell first[] = {
    {"Ақтау \"north\", <a & b>", 0.0}, {NULL, 0.1 + 0.2}, {NULL, 0.97}, {NULL, 9007199254740992.0}};
static const krn_layer_cell second[] = {
    {"b", 0.0}, {NULL, 1e-6}, {NULL, (double)NAN}, {NULL, -7.0}};
static const krn_layer_cell third[] = {
    {NULL, 0.0}, {NULL, (double)NAN}, {NULL, (double)INFINITY}, {NULL, (double)NAN}};
static const krn_layer_feature ways[] = {{there, 3, first}, {back, 3, second}, {NULL, 0, third}};

static const krn_layer_column place_columns[] = {{"place", KRN_LAYER_TEXT},
                                                 {"tonnes of the year", KRN_LAYER_REAL},
                                                 {"tonnes of the day", KRN_LAYER_REAL}};
static const krn_layer_cell place_a[] = {{"a", 0.0}, {NULL, 123456789.25}, {NULL, -1.0 / 3.0}};
static const krn_layer_cell place_b[] = {{"b", 0.0}, {NULL, -1.5e-300}, {NULL, 0.0}};
static const krn_layer_feature places[] = {{there, 1, place_a}, {back, 1, place_b}};

static const krn_layer_column figure_columns[] = {{"what", KRN_LAYER_TEXT},
                                                  {"figure", KRN_LAYER_REAL}};
static const krn_layer_cell figure[] = {{"gap", 0.0}, {NULL, 1e-12}};
static const krn_layer_feature figures[] = {{NULL, 0, figure}};

const krn_layer support_layers[] = {{.name = "ways",
                                     .title = "Ways, tonnes a year",
                                     .columns = way_columns,
                                     .n_columns = 4,
                                     .features = ways,
                                     .n_features = 3,
                                     .is_directed = true,
                                     .width_column = "tonnes",
                                     .colour_column = "full_share"},
                                    {.name = "places",
                                     .is_points = true,
                                     .columns = place_columns,
                                     .n_columns = 3,
                                     .features = places,
                                     .n_features = 2,
                                     .width_column = "tonnes of the year"},
                                    {.name = "figures",
                                     .columns = figure_columns,
                                     .n_columns = 2,
                                     .features = figures,
                                     .n_features = 1}};
const uint32_t support_n_layers = 3;
