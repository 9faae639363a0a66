# SPDX-License-Identifier: Apache-2.0
"""link.csv: railways, roads, sea lanes and access roads; rail_check.csv."""

import heapq
import math
import re

import kti_tables as kt
import nodes as node_tables

# Base tables are the world without the measures in force: what a measure opened, doubled or joined
# is planned, single or apart here, and the measure sets it. (raw link id, column) -> base value.
KTI_LINKS = ["l-kz-uzen--kz-bolashak", "l-kz-bolashak--tm-serhetyaka", "l-tm-serhetyaka--tm-gyzylgaya",
             "l-tm-gyzylgaya--tm-yasga", "l-tm-yasga--tm-bereket", "l-tm-bereket--tm-bugdayly",
             "l-tm-bugdayly--tm-etrek", "l-tm-etrek--tm-akyayla", "l-tm-akyayla--ir-incheh-borun",
             "l-ir-incheh-borun--ir-sabz-dasht"]
DOSTYK_LINKS = ["l-kz-balkhash--kz-sayak", "l-kz-sayak--kz-aktogay", "l-kz-aktogay--kz-dostyk",
                "l-kz-moyynty--kz-balkhash"]
BASE = {}
for _id in KTI_LINKS:
    BASE[(_id, "kr_status")] = ("planned", "in_service", "m-kti-rail-2014")
BASE[("l-tm-akyayla--ir-incheh-borun", "kr_gauge_mm")] = ("1435", "1520;1435", "m-inche-reconnect-2021")
for _id in DOSTYK_LINKS:
    BASE[(_id, "kr_tracks")] = ("1", "2", "m-dostyk-moyynty-2025")
    BASE[(_id, "kr_trains_per_day")] = ("12", "60", "m-dostyk-moyynty-2025")
BASE[("l-ir-rasht--ir-caspian-port", "kr_status")] = ("planned", "in_service", "m-rasht-caspian-2024")


def status_of(link_id, note):
    """Status of a railway by its note; 'in_service' unless the note says otherwise."""
    if "NOT IN SERVICE" not in note:
        return "in_service"
    if link_id in UNCONFIRMED:
        return "unconfirmed"
    told = note.split(";")[0] + note.split(";")[1]
    if "construction" in told or "track complete" in told:
        return "construction"
    return "planned"


UNCONFIRMED = ("l-ir-mianeh--ir-tabriz", "l-ir-zahedan--ir-khash")      # told as open in part


def up(km):
    """Rounded up to 0.1 km, never down."""
    return math.ceil(round(km * 10, 6)) / 10


def held_length(places, a, b, km, quality, note):
    """Length not shorter than the great circle of the two nodes."""
    direct = kt.great_circle_km(places.xy(a), places.xy(b))
    if km >= direct:
        return km, quality, note
    longer = up(direct)
    return longer, "derived", kt.join(note, f"length raised from {kt.number(km)} to the great circle of its two "
                                            f"nodes ({kt.number(longer)} km)")


def geometry(places, wkt, a, b):
    """The line, with the nodes themselves as its two ends."""
    points = [tuple(map(float, p.split())) for p in re.search(r"\((.*)\)", wkt).group(1).split(",")]
    for end, node in ((0, a), (-1, b)):
        xy = places.xy(node)
        if kt.great_circle_km(points[end], xy) > 0.02:
            points.insert(0, xy) if end == 0 else points.append(xy)
        else:
            points[end] = xy
    return "LINESTRING (" + ", ".join(f"{kt.number(x)} {kt.number(y)}" for x, y in points) + ")"


def rename(link_id, places):
    """Id of a railway with merged node ids: l-from--to."""
    a, b = link_id[2:].split("--")
    return f"l-{places.id(a)}--{places.id(b)}"


def straight(places, a, b):
    return "LINESTRING (%s %s, %s %s)" % (*map(kt.number, places.xy(a)), *map(kt.number, places.xy(b)))


def make_rail(raw, package, places, handover):
    lines = {row["link_id"]: row for row in kt.read(raw, "corridor/rail_link_geometry.csv")}
    made = {}
    for row in kt.read(raw, "corridor/rail_link.csv"):
        a, b = places.id(row["from_id"]), places.id(row["to_id"])
        km, quality, note = held_length(places, a, b, float(row["km"]), row["quality"], row["note"])
        countries = list(dict.fromkeys([places.country(a), places.country(b)]))
        line = lines[row["id"]]
        link_id = rename(row["id"], places)
        values = dict(
            link_id=link_id, from_node_id=a, to_node_id=b, directed="false",
            geometry=geometry(places, line["wkt"], a, b), length=kt.number(km), facility_type="railway",
            free_speed=row["freight_speed_kmh"], allowed_uses="freight_rail", kr_mode="rail",
            kr_country=";".join(countries), kr_status=status_of(row["id"], row["note"]), kr_gauge_mm=row["gauge_mm"],
            kr_tracks=row["tracks"], kr_electrified=row["electrified"],
            kr_trains_per_day=row["capacity_pairs_per_day"], kr_max_train_t=row["max_train_t"],
            kr_axle_t=row["axle_load_t"], kr_opened=row["opened"], kr_geometry_method=line["method"],
            kr_geometry_licence=line["licence"], kr_quality=quality, kr_source_id=row["source_id"],
            kr_estimated_fields="free_speed;kr_tracks;kr_electrified;kr_max_train_t;kr_axle_t", kr_note=note)
        for (raw_id, column), (base, in_force, measure) in BASE.items():
            if raw_id == row["id"]:
                values[column] = base
                values["kr_note"] = kt.join(values["kr_note"], f"{column}: {in_force} by measure {measure}")
                handover.append(("link", link_id, column, base, in_force, measure))
        package.add("LINK", **values)
        made[row["id"]] = values
    return made


def make_road(raw, package, places, parents):
    lines = {row["link_id"]: row for row in kt.read(raw, "corridor/road_link_geometry.csv")}
    pairs, made, ids = set(), [], set()
    for row in kt.read(raw, "corridor/road_link.csv"):
        a, b = places.id(row["from_id"]), places.id(row["to_id"])
        km, quality, note = held_length(places, a, b, float(row["km"]), row["quality"], row["note"])
        estimated = {"km": "length", "speed_kmh": "free_speed"}
        fields = [estimated[f] for f in row["estimated_fields"].split(";") if f in estimated]
        if row["estimated_fields"] == "all":
            fields = ["all"]
        line = lines[row["id"]]
        link_id = row["id"]
        assert link_id not in ids
        ids.add(link_id)
        countries = list(dict.fromkeys([places.country(a), places.country(b)]))
        package.add("LINK", link_id=link_id, from_node_id=a, to_node_id=b, directed="false",
                    geometry=geometry(places, line["wkt"], a, b), length=kt.number(km),
                    facility_type="border_road" if row["border"] == "1" else "road",
                    free_speed=row["speed_kmh"], allowed_uses="truck", kr_mode="road",
                    kr_country=";".join(countries), kr_status="in_service",
                    kr_geometry_method=line["method"], kr_geometry_licence=line["licence"], kr_quality=quality,
                    kr_source_id=row["source_id"], kr_estimated_fields=";".join(fields), kr_note=note)
        made.append((row, link_id, a, b))
        pairs.add(frozenset((a, b)))
    links, skipped = node_tables.access_links(places, parents, pairs)
    for child, parent, km, direct, why in links:
        countries = list(dict.fromkeys([places.country(child), places.country(parent)]))
        package.add("LINK", link_id=f"acc-{child}--{parent}", from_node_id=child, to_node_id=parent,
                    directed="false", geometry=straight(places, child, parent), length=kt.number(max(km, up(direct))),
                    facility_type="access", free_speed=node_tables.ACCESS_KMH, allowed_uses="truck", kr_mode="road",
                    kr_country=";".join(countries), kr_status="in_service", kr_geometry_method="straight",
                    kr_geometry_licence="ODbL-1.0", kr_quality="estimated", kr_source_id="rule-method-keruen",
                    kr_estimated_fields="length;free_speed",
                    kr_note=f"access road ({why}): great circle {direct:.1f} km times 1.3, at least 1 km; "
                            "25 km/h in town; estimate")
    return made, links, skipped


CANAL_PORTS = {"ru-astrakhan-port": "4.2", "ru-olya-port": "4.2"}


def lane_id(a, b):
    return f"sea-{a.removesuffix('-port')}--{b.removesuffix('-port')}"


def make_sea(raw, package, places):
    """One link for each pair of ports, as long as the longest of its services' distances."""
    lines = {row["link_id"]: row for row in kt.read(raw, "corridor/sea_link_geometry.csv")}
    lanes = {}
    for row in kt.read(raw, "corridor/sea_link.csv"):
        lanes.setdefault((places.id(row["from_id"]), places.id(row["to_id"])), []).append(row)
    for (a, b), rows in lanes.items():
        assert (b, a) not in lanes
        best = max(rows, key=lambda r: float(r["distance_km"]))
        note = kt.join(best["note"].split(";")[0], f"{best['distance_nm']} nautical miles",
                       f"lane of {len(rows)} services: " + ", ".join(r["id"] for r in rows))
        km, quality, note = held_length(places, a, b, float(best["distance_km"]), best["quality"], note)
        line = lines[best["id"]]
        draughts = [CANAL_PORTS[p] for p in (a, b) if p in CANAL_PORTS]
        estimated = ""
        if draughts:
            note = kt.join(note, "Volga-Caspian canal: 4.5 m inside, 4.3 m beyond, worked to 4.2 m in November "
                                 "2025 (port-politnavigator-2025)")
        package.add("LINK", link_id=lane_id(a, b), from_node_id=a, to_node_id=b, directed="false",
                    geometry=geometry(places, line["wkt"], a, b), length=kt.number(km), facility_type="sea_lane",
                    allowed_uses="ship", kr_mode="sea", kr_country="XZ", kr_status="in_service",
                    kr_draught_m=min(draughts) if draughts else "", kr_geometry_method=line["method"],
                    kr_geometry_licence=line["licence"], kr_quality=quality, kr_source_id=best["source_id"],
                    kr_estimated_fields=estimated, kr_note=note)
    return lanes


def plain(name):
    return name.split(" (")[0]


def make_names(package, places):
    """A link is called after its two ends."""
    for row in package.rows["LINK"]:
        ends = [plain(places.nodes[row[key]]["name"]) for key in ("from_node_id", "to_node_id")]
        row["name"] = " - ".join(ends)


class RailGraph:
    """Shortest ways over railways that are in service once the measures in force are applied."""

    def __init__(self, rail, places):
        self.edges, self.link = {}, {}
        for raw_id, values in rail.items():
            status = BASE.get((raw_id, "kr_status"), (None, values["kr_status"]))[1]
            a, b, km = values["from_node_id"], values["to_node_id"], float(values["length"])
            self.link[frozenset((a, b))] = (raw_id, values, status)
            if status == "in_service":
                self.edges.setdefault(a, []).append((b, km))
                self.edges.setdefault(b, []).append((a, km))

    def km(self, a, b):
        best, queue = {a: 0.0}, [(0.0, a)]
        while queue:
            so_far, node = heapq.heappop(queue)
            if node == b:
                return so_far
            if so_far > best[node]:
                continue
            for other, km in self.edges.get(node, []):
                if so_far + km < best.get(other, math.inf) - 1e-9:
                    best[other] = so_far + km
                    heapq.heappush(queue, (so_far + km, other))
        raise ValueError(f"no railway {a} - {b}")


def make_rail_check(raw, package, places, rail):
    graph = RailGraph(rail, places)
    faults = []
    for row in kt.read(raw, "corridor/rail_check.csv"):
        stations = [places.id(s) for s in row["stations"].split(";")]
        ours = sum(graph.km(a, b) for a, b in zip(stations, stations[1:]))
        extra = round(float(row["sum_km"]) - ours, 1)
        faults.append((row["route"], ours, float(row["sum_km"]), extra, row["note"]))
        independent = "independent" in row["note"] and "partly" not in row["note"]
        package.add("RAIL_CHECK", route=row["route"], stations=";".join(stations),
                    published_km=row["published_km"], extra_km=kt.number(extra),
                    independent="true" if independent else "false", quality="published",
                    source_id=row["source_id"], note=row["note"])
    return faults
