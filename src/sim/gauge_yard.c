/* SPDX-License-Identifier: Apache-2.0 */
/* gauge_yard.c - the change of gauge: how many wagons a day, and which wagons go on.
 *
 *      1520  ==== wagons ====>  [ track 1 | track 2 | ... ]  ====>  1435
 *                                 gang, crane or jacks each
 *
 * wagons_per_day is what the yard handles with all its tracks at work. A track works when it has a
 * gang and a crane (or jacks): with fewer of these than tracks it handles that share. Lots are
 * handled one after another (terminal.c), each direction for itself; shifts are the calendar.
 * Moved over (transhipment), goods go on in wagons of the other gauge, which must be there
 * (wagon.c); with bogies changed the wagon itself runs on. */
#include <math.h>
#include <string.h>

#include "sim/corridor.h"

double krni_gauge_yard_rate(const krn_package *package, uint32_t row)
{
    const double all =
        krni_number(package, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_WAGONS_PER_DAY);
    const double tracks =
        fmax(1.0, krni_number_or(package, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_TRACKS, 1.0));
    const double gangs =
        krni_number_or(package, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_GANGS, tracks);
    const double cranes =
        krni_number_or(package, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_CRANES, tracks);
    return all * fmin(tracks, fmin(gangs, cranes)) / tracks;
}

bool krni_gauge_yard_keeps_wagon(const krn_package *package, uint32_t row)
{
    const char *method = krni_text(package, KRN_TABLE_GAUGE_CHANGE, row, GAUGE_CHANGE_METHOD);
    return strcmp(method, "bogie_exchange") == 0;
}
