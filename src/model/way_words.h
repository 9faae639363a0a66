/* way_words.h - places and ways of routes in short. Buffers are the caller's. */
#ifndef MODEL_WAY_WORDS_H
#define MODEL_WAY_WORDS_H

#include <keruen/route.h>

#include "base/text.h"

/* English name of a node row; "-" for KRN_NO_ROW. */
const char *krni_place_name(const krn_package *package, uint32_t node);

/* The name without what only a register needs ("International Sea Commercial Port"). */
char *krni_place_short(const krn_package *package, uint32_t node, char *out, size_t size);

/* The way of a route in short: "rail by Bolashak, sea Aktau - Amirabad, rail". */
void krni_write_way(krni_writer *w, const krn_network *network, const krn_route *route);

/* The same without crossings by which a route leaves a country and comes back to it: lines of one
 * corridor that run over a corner of a neighbour are one way. */
void krni_write_through_way(krni_writer *w, const krn_network *network, const krn_route *route);

/* The way proper: of these legs those that are long, at sea or cross a border. */
void krni_write_brief_way(krni_writer *w, const krn_network *network, const krn_route *route);

/* Whether a leg only carries to or from the way proper: on land, short, over no border. */
bool krni_is_short_leg(const krn_network *network, const krn_route *route, const krn_leg *leg);

/* A crossing by its first side, without "post" and what stands in brackets. */
void krni_write_crossing(krni_writer *w, const char *crossing);

/* Crossing of border.csv that a step passes, or "". */
const char *krni_crossing_of(const krn_network *network, const krn_step *step);

#endif
