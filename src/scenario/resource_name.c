/* SPDX-License-Identifier: Apache-2.0 */
/* resource_name.c - names of resources, cut from the names of their metrics, so that there is one
 * rule for both. */
#include "scenario/resource_name.h"

#include <assert.h>
#include <string.h>

#define TEXT_SIZE 640

const char *krni_resource_key(const krn_sim *sim, uint32_t resource, krn_arena *arena)
{
    char text[TEXT_SIZE];
    assert(resource < krn_sim_resources(sim));
    krn_sim_metric_name(sim, krn_sim_use_at(sim, resource, KRN_USE_SHARE), text, sizeof text);
    const char *end = strrchr(text, '/');
    assert(end && end > text);
    const size_t length = (size_t)(end - text);
    char *name = krn_arena_alloc(arena, length + 1);
    if (!name)
        return NULL;
    memcpy(name, text, length);
    name[length] = '\0';
    return name;
}
