/* SPDX-License-Identifier: Apache-2.0 */
/* trace_names.c - resources of a simulation by the names that their metrics have. */
#include <string.h>

#include <keruen/trace.h>

#include "base/error.h"

#define NAME_BYTES 512

/* "border/b-.../share" without its last part. */
static const char *resource_name(const krn_sim *sim, uint32_t index, krn_arena *arena)
{
    char name[NAME_BYTES] = "";
    krn_sim_metric_name(sim, krn_sim_use_at(sim, index, KRN_USE_SHARE), name, sizeof name);
    char *slash = strrchr(name, '/');
    if (slash)
        *slash = '\0';
    return krn_arena_text(arena, name);
}

krn_status krn_trace_names_of(const krn_sim *sim, const krn_sim_input *input, krn_arena *arena,
                              krn_trace_names *out, krn_error *err)
{
    const uint32_t n = krn_sim_resources(sim);
    const char **names = krn_arena_calloc(arena, n + 1u, sizeof *names);
    if (!names)
        return krni_fail_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        names[i] = resource_name(sim, i, arena);
        if (!names[i])
            return krni_fail_memory(err);
    }
    *out = (krn_trace_names){.network = input->network,
                             .streams = input->streams,
                             .n_streams = input->n_streams,
                             .resources = names,
                             .n_resources = n};
    return KRN_OK;
}
