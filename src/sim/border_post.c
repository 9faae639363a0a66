/* SPDX-License-Identifier: Apache-2.0 */
/* border_post.c - a crossing: the queue before it, the stay there, examinations that are known.
 *
 *   [queue] --> post: wagons, trains or trucks a day --> stay (law of border.csv) --> other side
 *                                                        |-- examination --|-- once more --|
 *
 * Each direction is a resource of its own. The queue is served as terminal.c does it. Examinations
 * are part of the stay and never added to it: where the table has their share and hours, nobody
 * leaves before what is done to him. Agencies that examine one after another each take the time of
 * one examination, agencies that examine jointly take it once.
 * Papers that are not there yet, opening hours, convoys and closures hold a lot back before it
 * joins the queue (lot.c). */
#include "sim/corridor.h"

double krni_border_least_s(const krni_run *run, const krni_lot *lot)
{
    const krni_step *step = krni_step_of(run, lot);
    if (step->kind != KRN_CROSS || run->sim->input.unlimited || !(step->inspection_share > 0.0))
        return 0.0;
    if (run->sim->input.typical)
        return step->inspection_share * (1.0 + step->recheck_share) * step->inspection_s;
    if (krni_lot_chance(run, lot, 2) >= step->inspection_share)
        return 0.0;
    const bool again = krni_lot_chance(run, lot, 3) < step->recheck_share;
    return step->inspection_s * (again ? 2.0 : 1.0);
}
