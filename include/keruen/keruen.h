/* keruen.h - all of libkeruen. Load a package, choose measures, compile a network, plan on it:
 *
 *   krn_package_load -> krn_measure_apply -> krn_network_compile -> krn_plan
 */
#ifndef KERUEN_KERUEN_H
#define KERUEN_KERUEN_H

#include <keruen/arena.h>
#include <keruen/assign.h>
#include <keruen/calendar.h>
#include <keruen/cargo.h>
#include <keruen/connectivity.h>
#include <keruen/cost_assign.h>
#include <keruen/cost_network.h>
#include <keruen/demand.h>
#include <keruen/duration.h>
#include <keruen/emission.h>
#include <keruen/ensemble.h>
#include <keruen/io.h>
#include <keruen/layer.h>
#include <keruen/measure.h>
#include <keruen/network.h>
#include <keruen/nodus.h>
#include <keruen/omx.h>
#include <keruen/package.h>
#include <keruen/pareto.h>
#include <keruen/path_assign.h>
#include <keruen/place.h>
#include <keruen/plan.h>
#include <keruen/report.h>
#include <keruen/route.h>
#include <keruen/rule.h>
#include <keruen/scenario.h>
#include <keruen/sim.h>
#include <keruen/status.h>
#include <keruen/store.h>
#include <keruen/tariff.h>
#include <keruen/tntp.h>
#include <keruen/trace.h>
#include <keruen/trade.h>
#include <keruen/units.h>

#endif
