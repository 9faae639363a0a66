/* SPDX-License-Identifier: Apache-2.0 */
/* report_plan.c - the answer of a plan in the format that is asked for. */
#include "report/plan_page.h"

krn_status krn_report_plan(const krn_network *network, const krn_plan_query *query,
                           const krn_plan_result *result, const krn_report_options *options,
                           krn_arena *arena, char **out, krn_error *err)
{
    const krni_answer answer = {.network = network,
                                .package = krn_network_package(network),
                                .query = query,
                                .result = result,
                                .options = options,
                                .arena = arena};
    *out = NULL;
    switch (options->format) {
    case KRN_FORMAT_TABLE:
        return krni_plan_table(&answer, out, err);
    case KRN_FORMAT_JSON:
        return krni_plan_json(&answer, out, err);
    case KRN_FORMAT_CSV:
        return krni_plan_csv(&answer, out, err);
    case KRN_FORMAT_GEOJSON:
        return krni_plan_geojson(&answer, out, err);
    default:
        return krni_no_format(options, "a plan", err);
    }
}
