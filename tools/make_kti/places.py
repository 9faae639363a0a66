#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the physical tables of the package from the raw tables: places.py RAW OUT

RAW holds corridor/, geo/ and ref/; OUT is the folder of the package. The package is kept by hand
afterwards; this script stays as the record of how its first version came about. Run it into an empty
folder: it knows nothing of later changes by hand. `keruen check` tells whether a package is sound.
"""

import sys

import borders
import calendars
import kti_tables as kt
import links
import nodes
import terminals
import timetable


def main(raw, out):
    package = kt.Package(out)
    handover = []
    places, parents = nodes.make(raw, package)
    rail = links.make_rail(raw, package, places, handover)
    roads, access, skipped = links.make_road(raw, package, places, parents)
    lanes = links.make_sea(raw, package, places)
    links.make_names(package, places)
    faults = links.make_rail_check(raw, package, places, rail)
    own = []
    borders.make_rail(raw, package, places, rail, handover)
    borders.make_road(package, places, roads)
    borders.make_gauge(raw, package, places, handover)
    terminals.make_vehicles(package)
    terminals.make_own(raw, package, places, own)
    terminals.make_astara(package)
    terminals.make_defaults(package)
    calendars.make_config(package)
    calendars.make_timezones(package, places)
    calendars.make_calendars(package)
    calendars.make_holidays(package)
    calendars.make_seasons(package)
    calendars.make_spreads(package)
    timetable.make(raw, package, places, rail)
    package.write()
    if "--for-measures" in sys.argv:
        for line in handover:
            print("\t".join(line))
        for measure, row in own:
            print(measure, {k: v for k, v in row.items() if v})
    print(f"{len(places.nodes)} nodes, {len(package.rows['LINK'])} links, {len(access)} access, {len(lanes)} lanes",
          file=sys.stderr)
    print("access that is a road already:", skipped, file=sys.stderr)
    for f in faults:
        if f[3]:
            print(f, file=sys.stderr)


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit("use: places.py RAW OUT")
    main(sys.argv[1], sys.argv[2])
