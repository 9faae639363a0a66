/* SPDX-License-Identifier: Apache-2.0 */
/* simulate_table.c - the answer of a simulation on a terminal, from what was asked to how sure it
 * is; and the choice of the format. */
#include "base/error.h"
#include "report/records.h"
#include "report/simulate_page.h"

krn_status krni_simulate_table(const krni_run *run, char **out, krn_error *err)
{
    krni_writer w;
    krni_writer_init(&w, run->arena);
    krni_page page = krni_page_of(&w, run->options);
    krni_simulate_head(&page, run);
    krni_simulate_delivered(&page, run);
    krni_simulate_times(&page, run);
    krni_simulate_jams(&page, run);
    krni_simulate_fleet(&page, run);
    krni_simulate_sums(&page, run);
    krni_simulate_unserved(&page, run);
    return krni_writer_answer(&w, out, err);
}

krn_status krn_report_simulation(const krn_simulation *simulation,
                                 const krn_report_options *options, krn_arena *arena, char **out,
                                 krn_error *err)
{
    const krni_run run = {.simulation = simulation,
                          .network = simulation->network,
                          .package = krn_network_package(simulation->network),
                          .question = simulation->question,
                          .setup = simulation->setup,
                          .sim = simulation->sim,
                          .ensemble = simulation->ensemble,
                          .options = options,
                          .arena = arena};
    *out = NULL;
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return krni_simulate_table(&run, out, err);
    case KRN_FORMAT_JSON:
        return krni_simulate_json(&run, out, err);
    case KRN_FORMAT_CSV:
        return krni_simulate_csv(&run, out, err);
    default:
        return krni_no_format(options, "a simulation", err);
    }
}
