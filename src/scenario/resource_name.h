/* resource_name.h - what resources are called in answers and in tables of waits. */
#ifndef SCENARIO_RESOURCE_NAME_H
#define SCENARIO_RESOURCE_NAME_H

#include <keruen/arena.h>
#include <keruen/sim.h>

/* "border/b-...", "section/...", "service/TRIP@NODE", "storage in/...": kind and id of the row that
 * makes it, the same in every layout of the same rows; what metrics of the simulation begin with.
 * From the arena; NULL when memory runs out. */
const char *krni_resource_key(const krn_sim *sim, uint32_t resource, krn_arena *arena);

#endif
