/* SPDX-License-Identifier: Apache-2.0 */
/* way_words.c - the way of a route in short: its modes, the crossings it passes, the ports of its
 * voyages. Reports print it, and a simulation counts lots by it. */
#include "model/way_words.h"

#include <stdio.h>
#include <string.h>

#include "model/tables.h"

#define MOST_CROSSINGS 3u   /* that the way of a leg names */
#define MOST_STEPS     512u /* of a route, among which detours are found */
#define MOST_COUNTRIES 64u
#define SHORT_LEG      0.15 /* of a route: what carries to and from the way proper */

const char *krni_place_name(const krn_package *package, uint32_t node)
{
    return node == KRN_NO_ROW ? "-" : krni_text(package, KRN_TABLE_NODE, node, NODE_NAME);
}

char *krni_place_short(const krn_package *package, uint32_t node, char *out, size_t size)
{
    static const char *const tails[] = {" International", " Port", " Special", " Sea ", " ("};
    const char *name = krni_place_name(package, node);
    size_t kept = strlen(name);
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        const char *tail = strstr(name, tails[i]);
        if (tail && tail > name && (size_t)(tail - name) < kept)
            kept = (size_t)(tail - name);
    }
    (void)snprintf(out, size, "%.*s", (int)kept, name);
    return out;
}

const char *krni_crossing_of(const krn_network *network, const krn_step *step)
{
    if (step->kind != KRN_CROSS || step->time_figure.table != KRN_TABLE_BORDER)
        return "";
    return krni_text(krn_network_package(network), KRN_TABLE_BORDER, step->time_figure.row,
                     BORDER_CROSSING);
}

void krni_write_crossing(krni_writer *w, const char *crossing)
{
    static const char *const ends[] = {" - ", " post", " ("};
    size_t n = strlen(crossing);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const char *end = strstr(crossing, ends[i]);
        if (end && (size_t)(end - crossing) < n)
            n = (size_t)(end - crossing);
    }
    krni_write_bytes(w, crossing, n);
}

/* Steps that are passed over in silence, a bit each. */
typedef struct silence {
    uint64_t bits[MOST_STEPS / 64];
} silence;

static bool is_silent(const silence *quiet, uint32_t step)
{
    return quiet && step < MOST_STEPS && (quiet->bits[step / 64] >> (step % 64) & 1u);
}

static void make_silent(silence *quiet, uint32_t step)
{
    if (step < MOST_STEPS)
        quiet->bits[step / 64] |= (uint64_t)1 << (step % 64);
}

/* Crossings by which a route leaves a country and comes back to it:
 *
 *     KZ --a--> RU --b--> KZ --c--> TM      a and b are silent, c is told */
static silence find_detours(const krn_network *network, const krn_route *route)
{
    silence quiet = {{0}};
    krn_country entered[MOST_COUNTRIES];
    uint32_t step_of[MOST_COUNTRIES], n = 0;
    for (uint32_t s = 0; s < route->n_steps; s++) {
        krn_activity a;
        if (route->steps[s].kind != KRN_CROSS)
            continue;
        krn_network_activity(network, route->steps[s].activity, &a);
        if (n == 0) {
            entered[n] = a.country;
            step_of[n++] = MOST_STEPS;
        }
        uint32_t before = 0;
        while (before < n && entered[before] != a.enters)
            before++;
        if (before == n && n < MOST_COUNTRIES) {
            entered[n] = a.enters;
            step_of[n++] = s;
        } else if (before < n) {
            make_silent(&quiet, s);
            while (n > before + 1)
                make_silent(&quiet, step_of[--n]);
        }
    }
    return quiet;
}

/* " by Bolashak + Akyayla", at most MOST_CROSSINGS of them with the n_told before; how many there
 * are now. */
static uint32_t write_crossings(krni_writer *w, const krn_network *network, const krn_route *route,
                                const krn_leg *leg, const silence *quiet, uint32_t n_told)
{
    uint32_t n = n_told;
    for (uint32_t s = leg->first_step; s < leg->first_step + leg->n_steps; s++) {
        const char *crossing = krni_crossing_of(network, &route->steps[s]);
        if (!*crossing || is_silent(quiet, s))
            continue;
        if (n < MOST_CROSSINGS) {
            krni_write(w, n ? " + " : " by ");
            krni_write_crossing(w, crossing);
        }
        n++;
    }
    if (n > MOST_CROSSINGS && n_told < n)
        krni_writef(w, " + %u more", n - (n_told > MOST_CROSSINGS ? n_told : MOST_CROSSINGS));
    return n;
}

/* Whether a leg is drayage: on land, short, without a crossing that is told. */
static bool is_short(const krn_network *network, const krn_route *route, const krn_leg *leg,
                     const silence *quiet)
{
    if (leg->mode == KRN_SEA || leg->length_km >= SHORT_LEG * route->length_km)
        return false;
    for (uint32_t s = leg->first_step; s < leg->first_step + leg->n_steps; s++)
        if (*krni_crossing_of(network, &route->steps[s]) && !is_silent(quiet, s))
            return false;
    return true;
}

bool krni_is_short_leg(const krn_network *network, const krn_route *route, const krn_leg *leg)
{
    const silence quiet = find_detours(network, route);
    return is_short(network, route, leg, &quiet);
}

static void write_sea(krni_writer *w, const krn_package *package, const krn_leg *leg)
{
    char from[64], to[64];
    krni_writef(w, " %s – %s", krni_place_short(package, leg->from_node, from, sizeof from),
                krni_place_short(package, leg->to_node, to, sizeof to));
}

static void write_way(krni_writer *w, const krn_network *network, const krn_route *route,
                      const silence *quiet)
{
    const krn_package *package = krn_network_package(network);
    char from[64];
    for (uint32_t i = 0; i < route->n_legs; i++) {
        const krn_leg *leg = &route->legs[i];
        krni_writef(w, "%s%s", i ? ", " : "", krn_mode_name(leg->mode));
        if (leg->mode == KRN_SEA)
            write_sea(w, package, leg);
        else if (!write_crossings(w, network, route, leg, quiet, 0) && i > 0)
            krni_writef(w, " from %s",
                        krni_place_short(package, leg->from_node, from, sizeof from));
    }
}

void krni_write_way(krni_writer *w, const krn_network *network, const krn_route *route)
{
    write_way(w, network, route, NULL);
}

void krni_write_through_way(krni_writer *w, const krn_network *network, const krn_route *route)
{
    const silence quiet = find_detours(network, route);
    write_way(w, network, route, &quiet);
}

/* Legs of one mode with only drayage between them are told as one. */
void krni_write_brief_way(krni_writer *w, const krn_network *network, const krn_route *route)
{
    const silence quiet = find_detours(network, route);
    krn_mode last = KRN_SEA;
    uint32_t n_told = 0;
    bool any = false;
    for (uint32_t i = 0; i < route->n_legs; i++) {
        const krn_leg *leg = &route->legs[i];
        if (is_short(network, route, leg, &quiet))
            continue;
        if (!any || leg->mode == KRN_SEA || leg->mode != last) {
            krni_writef(w, "%s%s", any ? ", " : "", krn_mode_name(leg->mode));
            n_told = 0;
        }
        if (leg->mode == KRN_SEA)
            write_sea(w, krn_network_package(network), leg);
        else
            n_told = write_crossings(w, network, route, leg, &quiet, n_told);
        last = leg->mode;
        any = true;
    }
    if (!any)
        write_way(w, network, route, &quiet);
}
