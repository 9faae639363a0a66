# SPDX-License-Identifier: Apache-2.0
"""timetable/: services as GTFS files, kr_trip.txt beside them. All times are UTC, from the start of a trip."""

import re

import kti_tables as kt
import links as link_tables

FEED_URL = "https://example.org/keruen"
FIRST_DAY, LAST_DAY = "20100101", "20351231"
WEEK_S = 604800

VESSELS = {  # typical_vessel of the raw table -> vehicle
    "river-sea dry-cargo ship of about 5 000 t dwt, part-laden": "ship-river-sea-5000",
    "Volgo-Don Max dry-cargo ship, 7 000 t dwt at full sea draught, about 4 500 t at 4.2 m": "ship-volgo-don-max",
    "multipurpose KSSL ship with containers": "ship-kssl-150",
    "container feeder (Barys, Turkestan type)": "ship-feeder-250",
    "rail ferry, single or double deck": "ship-rail-ferry-52", "ro-ro or ro-pax ferry": "ship-roro-40",
    "gulf feeder": "ship-gulf-feeder-800", "ocean container ship": "ship-ocean-3500",
    "handysize bulk carrier": "ship-handysize-30000", "small general-cargo ship or dhow": "ship-small-cargo",
    "main-line container ship": "ship-main-8000"}
SEA_CLASSES = {"tramp": "grain_bulk;general;metal", "liner": "container;reefer", "roro_ferry": "roro",
               "rail_ferry": "general;grain_bulk;metal;container;oil_bulk"}
SEA_BOOKING = {"tramp": "ship-nomination", "liner": "liner-booking", "roro_ferry": "ferry-booking",
               "rail_ferry": "ferry-booking"}
UNITS = {"t": "t", "TEU": "TEU", "trucks": "truck", "wagons": "wagon"}

AGENCIES = [  # id, name, address
    ("sea-carriers", "Shipping lines and tramp ships (several)", FEED_URL),
    ("rzdl", "RZD Logistics", "https://www.rzdlog.com/"), ("ktze", "KTZ Express", "https://ktze.kz/"),
    ("ktz-freight", "KTZ - Freight Transportation", "https://www.ktzh-gp.kz/"),
    ("rai", "Railways of the Islamic Republic of Iran", "https://www.rai.ir/"),
    ("demiryollary", "Demiryollary, railways of Turkmenistan", FEED_URL),
    ("utk", "Uztemiryulkonteyner", FEED_URL), ("kds", "Kedentransservice", FEED_URL),
    ("tcdd", "TCDD Transport", "https://www.tcddtasimacilik.gov.tr/"),
    ("cr", "China Railway", FEED_URL), ("transinvest", "TransInvest Group", FEED_URL),
    ("tulm", "Transport and Logistics Centre of Turkmenistan (TULM)", FEED_URL), ("rzd", "Russian Railways", "https://www.rzd.ru/"),
    ("pr", "Pakistan Railways", FEED_URL)]

BOOKING = [  # id, days, words
    ("train-booking", 7, "Order of wagons or container places 7 days before departure; estimate"),
    ("wagon-order", 10, "Monthly transport plan and wagon order, changes up to 10 days before; estimate"),
    ("ship-nomination", 5, "Nomination of the ship 5 days before loading; estimate"),
    ("liner-booking", 3, "Booking of container places 3 days before sailing; estimate"),
    ("ferry-booking", 2, "Place in the ferry queue 2 days before sailing; estimate")]

EVERY_DAY = 86400
MONTH_S = int(30.4375 * 86400)

# What the raw texts of rail_service say, as figures: agency, kind, status, headway or days, classes, capacity,
# how transit days bind (from, to, days; None = none told), words.
RAIL = {
    "rzdl-chelyabinsk-bnd": dict(agency="rzdl", status="trial", days=["2023-05-04"], classes="metal;container;general",
                                 capacity=(62, "TEU"), words="31 flat wagons in the train of 4 May 2023, 2 TEU each"),
    "rzdl-chelyabinsk-saudi": dict(agency="rzdl", status="trial", days=["2023-06-01"], classes="container",
                                   capacity=(62, "TEU"), words="day of the month not told; capacity as the train before"),
    "rzdl-chekhov-bnd": dict(agency="rzdl", status="regular", headway=MONTH_S, classes="container;general",
                             capacity=(62, "TEU"), transit=("ru-moscow", "tm-serakhs", 7),
                             words="monthly; 17 a month planned for 2023; capacity of 31 FEU as told for Chekhov"),
    "rzdl-north-aprin": dict(agency="rzdl", status="trial", days=["2025-11-01"], classes="container",
                             capacity=(124, "TEU"), transit=("ru-moscow", "ir-aprin", 12.5 * 4533 / 5433),
                             words="62 FEU; 12-13 days told from about 900 km north of Moscow, prorated by kilometres; "
                                   "day of the month not told, no frequency told"),
    "omsk-bnd": dict(agency="rzdl", status="announced", days=["2023-08-01"], classes="container;general",
                     capacity=(82, "TEU"), words="announced in August 2023; capacity estimated"),
    "xian-aprin": dict(agency="ktze", status="regular", headway=int(WEEK_S * 24 / 30), classes="container",
                       capacity=(90, "TEU"), transit=("cn-xian", "ir-aprin", 15),
                       words="about 30 trains of all origins at Aprin in 24 weeks of June - November 2025: 1.25 a week"),
    "qom-yiwu": dict(agency="ktze", status="trial", days=["2024-07-01"], classes="container", capacity=(100, "TEU"),
                     transit=("ir-qom", "cn-yiwu", 15), words="50 FEU; day of the month not told"),
    "aprin-china-weekly": dict(agency="rai", status="announced", days=["2024-07-21"], both=True, classes="container",
                               capacity=(90, "TEU"), transit=("ir-aprin", "cn-xian", 14 * 7921 / 10297),
                               words="one a week each way planned, later daily; 14 days told for 10297 km, prorated; "
                                     "day from measure-irandaily-aprin-2024"),
    "yiwu-tehran-2016": dict(agency="transinvest", status="ended", days=["2016-01-28"], classes="container",
                             capacity=(82, "TEU"), transit=("cn-yiwu", "ir-tehran", 12),
                             words="trial trains; middle of 10-14 days; day about"),
    "changsha-tehran": dict(agency="cr", status="ended", days=["2017-12-01", "2017-12-11", "2017-12-21"],
                            classes="container", capacity=(82, "TEU"),
                            words="three trains in December 2017, days spread over the month; 41 wagons"),
    "akyayla-jinhua": dict(agency="ktze", status="announced", days=["2022-03-01"], classes="container", capacity=(84, "TEU"),
                           words="told as regular from March 2022, no frequency told; 42 FEU"),
    "pavlodar-turkey": dict(agency="ktze", status="trial", days=["2022-06-14"], classes="general;container",
                            capacity=(48, "TEU"), transit=("kz-pavlodar", "tr-malatya", 12 * 5924 / 6336),
                            words="12 days told for 6336 km, prorated; day about: Tehran on the fifth day, 18 June 2022"),
    "petcoke-arak": dict(agency="rai", status="ended", days=["2018-08-01"], classes="general", capacity=(50, "wagon"),
                         transit=("cn-urumqi", "ir-arak", 15), words="eighth train in August 2018, day not told; 50 wagons"),
    "kz-coal-iran": dict(agency="ktz-freight", status="trial", days=["2023-08-01"], classes="general", capacity=(50, "wagon"),
                         words="first train in summer 2023, day and capacity estimated"),
    "kz-grain-iran": dict(agency="ktz-freight", kind="wagon_flow", status="regular", headway=EVERY_DAY,
                          classes="grain_bulk;general", capacity=(50, "wagon"),
                          words="daily; capacity of a day's group estimated from 40-65 wagons a day at the border"),
    "kostanay-serhetabat-flour": dict(agency="ktz-freight", status="announced", days=["2018-07-01"], classes="general",
                                      capacity=(50, "wagon"), words="from July 2018, no frequency told; 50 wagons, 3300 t"),
    "sarakhs-sulphur-bnd": dict(agency="rai", kind="wagon_flow", status="regular", headway=EVERY_DAY,
                                classes="general;oil_bulk", capacity=(65, "wagon"),
                                transit=("ir-sarakhs", "ir-shahid-rajaee-port", 4),
                                words="middle of 3-5 days Sarakhs - Bandar Abbas; 1.31 Mt in 11 months of 1400 = 3.9 kt = 65 "
                                      "wagons of 60 t a day (derived)"),
    "sarakhs-export-cement": dict(agency="rai", kind="wagon_flow", status="regular", headway=EVERY_DAY,
                                  classes="general;metal;container", capacity=(51, "wagon"),
                                  words="9500 wagons in spring and summer 2021 = 51 a day (derived)"),
    "bnd-uz-containers": dict(agency="tulm", status="announced", days=["2024-08-01"], classes="container", capacity=(20, "TEU"),
                              words="first train August 2024, regular planned; 20 TEU"),
    "bnd-sergeli": dict(agency="utk", status="trial", days=["2023-06-01"], classes="container", capacity=(78, "TEU"),
                        transit=("ir-shahid-rajaee-port", "uz-tashkent", 14),
                        words="39 FEU; drawn to Tashkent-Tovarny; whether 14 days hold the sea leg is not told, taken as rail"),
    "bnd-astana": dict(agency="kds", status="trial", days=["2024-01-01"], classes="container", capacity=(12, "TEU"),
                       words="12 TEU; 25-30 days hold the sea leg, so table speeds here"),
    "izmir-tashkent": dict(agency="tcdd", status="trial", days=["2022-12-01"], classes="container;general",
                           capacity=(40, "wagon"), transit=("tr-malatya", "uz-tashkent", 25 * 3895 / 4500),
                           words="40 wagons; 25 days told for 4500 km, prorated"),
    "iti": dict(agency="pr", status="trial", days=["2021-12-21"], classes="general;container", capacity=(24, "wagon"),
                transit=("ir-mirjaveh", "tr-malatya", 12.75 * 3203 / 6500),
                words="irregular; 11.5-14 days told for 6500 km Islamabad - Istanbul, prorated; 24 wagons"),
    "astara-terminal": dict(agency="rzd", kind="wagon_flow", status="regular", headway=EVERY_DAY,
                            classes="general;grain_bulk;metal", capacity=(30, "wagon"),
                            words="120 thousand t in two months of 2023 = 2 kt = 30 wagons a day (derived)"),
    "khaf-rozanak": dict(agency="rai", status="trial", days=["2020-12-10"], classes="general;metal;oil_bulk",
                         capacity=(24, "wagon"), words="irregular; closed in 2021-2022 and repaired; capacity estimated"),
    "tm-transit-ns": dict(agency="demiryollary", kind="wagon_flow", status="regular", headway=EVERY_DAY,
                          classes="general;grain_bulk;metal;container;oil_bulk", capacity=(50, "wagon"),
                          transit=("tm-etrek", "tm-serhetyaka", 17.75 / 24),
                          words="17 h 45 min, best case of February 2024; capacity as the border"),
    "kz-turkey-btk": dict(agency="ktze", status="regular", headway=int(366 * 86400 / 358), classes="container",
                          capacity=(90, "TEU"),
                          words="358 trains in 2024; 12 days hold the sea and the Caucasus, so table speeds here"),
}
TOP_KMH = 60            # a goods train is not run faster than this to meet a told time


def clock(hours):
    minutes = round(hours * 60)
    return f"{minutes // 60}:{minutes % 60:02}:00"


class Rail:
    """Run and stand times of a train along its path."""

    def __init__(self, package, graph):
        self.graph = graph
        self.border = {(r["link_id"], r["from_country"]): float(r["dwell_typical_h"])
                       for r in package.rows["BORDER"] if not r.get("cargo_class")}
        self.gauge = {}
        for r in package.rows["GAUGE_CHANGE"]:
            if r["node_id"] == "tm-akyayla":        # taken away by a measure in force
                continue
            key = (r["node_id"], int(r["from_gauge_mm"]), int(r["to_gauge_mm"]))
            self.gauge[key] = min(float(r["typical_h"]), self.gauge.get(key, 1e9))

    def gauges(self, a, b):
        raw_id, values, status = self.graph.link[frozenset((a, b))]
        text = link_tables.BASE.get((raw_id, "kr_gauge_mm"), (None, values["kr_gauge_mm"]))[1]
        return [int(g) for g in text.split(";")]

    def states(self, path):
        """Gauge on every section: the change falls where gauge_change.csv has a row."""
        choices = [self.gauges(a, b) for a, b in zip(path, path[1:])]
        best = {g: (0, [g]) for g in choices[0]}
        for i, options in enumerate(choices[1:], 1):
            following = {}
            for gauge, (changes, trace) in best.items():
                for other in options:
                    if other != gauge and (path[i], gauge, other) not in self.gauge:
                        continue
                    count = changes + (other != gauge)
                    if other not in following or count < following[other][0]:
                        following[other] = (count, trace + [other])
            best = following
        assert best, path
        return min(best.values())[1]

    def plan(self, path, places):
        """Lists: run hours and km of each section, stand hours at each stop before it leaves."""
        gauges = self.states(path)
        run, km, stand = [], [], [0.0] * len(path)
        for i, (a, b) in enumerate(zip(path, path[1:])):
            values = self.graph.link[frozenset((a, b))][1]
            km.append(float(values["length"]))
            run.append(km[-1] / float(values["free_speed"]))
            if i and gauges[i] != gauges[i - 1]:
                stand[i] += self.gauge[(a, gauges[i - 1], gauges[i])]
            if places.country(a) != places.country(b):
                stand[i] += self.border[(values["link_id"], places.country(a))]
        return run, km, stand, gauges


def fit(run, km, stand, first, last, hours):
    """Makes sections first..last take the told hours; returns words on what was done."""
    runs, stands = range(first, last), range(first, last + 1)
    run_h, stand_h = sum(run[i] for i in runs), sum(stand[i] for i in stands if i < last)
    if run_h + stand_h <= hours or hours - stand_h >= sum(min(run[i], km[i] / TOP_KMH) for i in runs):
        factor = (hours - stand_h) / run_h
        for i in runs:
            run[i] *= factor
        return f"runs times {factor:.2f} to meet the told time"
    for i in runs:
        run[i] = min(run[i], km[i] / TOP_KMH)
    left = hours - sum(run[i] for i in runs)
    factor = max(0.0, left / stand_h)
    for i in stands:
        if i < last:
            stand[i] *= factor
    return (f"table speeds and stays take {run_h + stand_h:.0f} h against {hours:.0f} h told: runs at {TOP_KMH} km/h, stays "
            f"times {factor:.2f}")


class Feed:
    def __init__(self, package, places):
        self.package, self.places = package, places
        self.stops, self.services = set(), {}

    def service(self, ident, weekdays, start=FIRST_DAY, end=LAST_DAY, dates=()):
        if ident in self.services:
            return ident
        self.services[ident] = True
        days = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        self.package.add("SERVICE_CALENDAR", service_id=ident, start_date=start, end_date=end,
                         **{day: 1 if day in weekdays else 0 for day in days})
        for date in dates:
            self.package.add("CALENDAR_DATES", service_id=ident, date=date.replace("-", ""), exception_type=1)
        return ident

    def trip(self, route, trip, service, headsign, direction, headway, calls, rule):
        """calls: (node, arrival h, departure h, pickup, drop off)."""
        self.package.add("TRIPS", route_id=route, service_id=service, trip_id=trip, trip_headsign=headsign,
                         direction_id=direction)
        for i, (node, arrival, departure, pickup, drop_off) in enumerate(calls):
            self.stops.add(node)
            self.package.add("STOP_TIMES", trip_id=trip, arrival_time=clock(arrival), departure_time=clock(departure),
                             stop_id=node, stop_sequence=i + 1, pickup_type=pickup, drop_off_type=drop_off, timepoint=0,
                             pickup_booking_rule_id=rule if pickup == 0 else "")
        if headway:
            self.package.add("FREQUENCIES", trip_id=trip, start_time="0:00:00", end_time="168:00:00",
                             headway_secs=headway, exact_times=0)


def make_sea(raw, package, places, feed):
    weekly = feed.service("weekly", ("monday",))
    for row in kt.read(raw, "corridor/sea_link.csv"):
        a, b = places.id(row["from_id"]), places.id(row["to_id"])
        route, kind = row["id"], row["service_kind"]
        per_week = float(row["frequency_per_week"] or 0)
        package.add("ROUTES", route_id=route, agency_id="sea-carriers", route_short_name=kind.replace("_", " "),
                    route_long_name=f"{places.nodes[a]['name']} - {places.nodes[b]['name']}",
                    route_desc=row["typical_vessel"], route_type=4 if kind.endswith("ferry") else 1000)
        hours = float(row["transit_hours_typical"])
        for direction, (start, end, way) in enumerate(((a, b, "out"), (b, a, "back"))):
            trip = f"{route}-{way}"
            headway = round(WEEK_S / per_week) if per_week else None
            feed.trip(route, trip, weekly, places.nodes[end]["name"], direction, headway,
                      [(start, 0, 0, 0, 1), (end, hours, hours, 1, 0)], SEA_BOOKING[kind])
            rate = (f"freight told: {row['freight_rate_usd']} USD per {row['rate_unit']} ({row['rate_quality']}), see tariff.csv"
                    if row["freight_rate_usd"] else "")
            estimated = [f for f in row["estimated_fields"].split(";")]
            fields = ["capacity"] if "vessel_capacity" in estimated or "all" in estimated else []
            package.add("TRIP", trip_id=trip, mode="sea", kind=kind, cargo_classes=SEA_CLASSES[kind],
                        vehicle_id=VESSELS[row["typical_vessel"]], capacity=row["vessel_capacity"],
                        capacity_unit=UNITS[row["capacity_unit"]], status="regular" if per_week else "announced",
                        transit_days=kt.number(round(hours / 24, 2)), quality=row["quality"], source_id=row["source_id"],
                        estimated_fields=";".join(fields),
                        note=kt.join(row["note"], f"{row['frequency_per_week']} sailings a week each way, an estimate unless told above; {row['distance_nm']} "
                                                  f"nm, {row['distance_km']} km at {row['vessel_speed_kn']} kn, sailing only",
                                     rate))


def make_rail(raw, package, places, feed, rail_links):
    rail = Rail(package, link_tables.RailGraph(rail_links, places))
    for row in kt.read(raw, "corridor/rail_service.csv"):
        told = RAIL[row["id"]]
        route = f"rail-{row['id']}"
        package.add("ROUTES", route_id=route, agency_id=told["agency"], route_short_name="", route_long_name=row["name"],
                    route_desc=f"carriers: {row['operator']}; frequency told: {row['frequency']}; since {row['since']}", route_type=2)
        since = (row["since"] + "-01-01")[:10].replace("-", "") if row["since"] else FIRST_DAY
        if len(since) != 8:
            since = FIRST_DAY
        start = since if told["status"] == "regular" and since > FIRST_DAY else FIRST_DAY
        path = [places.id(node) for node in row["path"].split(";")]
        for direction in (0, 1) if told.get("both") else (0,):
            make_train(package, places, feed, rail, row, told, route, path if direction == 0 else path[::-1], direction, start)


def make_train(package, places, feed, rail, row, told, route, path, direction, start):
    kind = told.get("kind", "block_train")
    trip = f"{route}-{'out' if direction == 0 else 'back'}"
    run, km, stand, gauges = rail.plan(path, places)
    words = "table speeds and stays"
    if "transit" in told:
        first, last, days = told["transit"]
        ends = sorted((path.index(places.id(first)), path.index(places.id(last))))
        words = fit(run, km, stand, ends[0], ends[1], days * 24)
    calls, now = [], 0.0
    for i, node in enumerate(path):
        arrival = now
        now += stand[i]
        kind_of = places.nodes[node]["node_type"]
        passing = kind_of in ("border", "gauge_change") if kind == "wagon_flow" else kind_of not in ("terminal", "port")
        pickup = 1 if passing or i == len(path) - 1 else 0
        drop_off = 1 if passing or i == 0 else 0
        if i == 0:
            pickup = 0
        if i == len(path) - 1:
            drop_off = 0
        calls.append((node, arrival, now, pickup, drop_off))
        if i < len(run):
            now += run[i]
    if "headway" in told:
        service = feed.service(f"from-{start}", ("monday",), start)
    else:
        day = told["days"][0].replace("-", "")
        service = feed.service(f"days-{row['id']}", (), day, told["days"][-1].replace("-", ""), told["days"])
    feed.trip(route, trip, service, places.nodes[path[-1]]["name"], direction, told.get("headway"), calls,
              "wagon-order" if kind == "wagon_flow" else "train-booking")
    package.add("TRIP", trip_id=trip, mode="rail", kind=kind, cargo_classes=told["classes"], capacity=told["capacity"][0],
                capacity_unit=told["capacity"][1], gauge_mm=gauges[0], status=told["status"], transit_days=row["transit_days"],
                commodities=row["commodities"], quality=row["quality"], source_id=row["source_id"],
                estimated_fields="capacity" if "estimated" in told["words"] else "",
                note=kt.join(row["note"], told["words"], words))


def make(raw, package, places, rail_links):
    feed = Feed(package, places)
    for ident, name, url in AGENCIES:
        package.add("AGENCY", agency_id=ident, agency_name=name, agency_url=url, agency_timezone="Etc/UTC")
    make_sea(raw, package, places, feed)
    make_rail(raw, package, places, feed, rail_links)
    for node_id in sorted(feed.stops):
        node = places.nodes[node_id]
        code = (node["kr_rail_code"] or node["kr_unlocode"]).split(";")[0]
        package.add("STOPS", stop_id=node_id, stop_code=code, stop_name=node["name"], stop_lat=node["y_coord"],
                    stop_lon=node["x_coord"], location_type=0, stop_timezone=node["kr_timezone"])
    for ident, days, words in BOOKING:
        package.add("BOOKING_RULES", booking_rule_id=ident, booking_type=2, prior_notice_last_day=days,
                    prior_notice_last_time="18:00:00", message=words)
    package.add("FEED_INFO", feed_publisher_name="Keruen", feed_publisher_url=FEED_URL, feed_lang="en",
                feed_start_date=FIRST_DAY, feed_end_date=LAST_DAY, feed_version="0.1.0")
