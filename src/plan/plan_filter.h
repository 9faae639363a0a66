/* plan_filter.h - which filters of a query hit an activity. */
#ifndef PLAN_PLAN_FILTER_H
#define PLAN_PLAN_FILTER_H

#include "plan/planning.h"

/* All of them, ascending; out has room for all filters of the query. Returns their number. */
uint32_t krni_filters_of(const krni_planning *planning, uint32_t activity, uint32_t *out);

#endif
