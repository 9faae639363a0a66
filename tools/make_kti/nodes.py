# SPDX-License-Identifier: Apache-2.0
"""Nodes, ports, the crosswalk and the access links: one place is one node.

Stations, ports and road places of the raw tables come together by place_crosswalk: two rows that are
the same place become one node under the id of the port; a station or port of a town stays a node of
its own, keeps the town as its parent and is joined to it by an access road.
"""

import re

import kti_tables as kt
import place_names

ACCESS_DETOUR = 1.3     # road over great circle, estimate
ACCESS_MIN_KM = 1.0
ACCESS_KMH = 25

STATION_TYPES = {"junction": "junction", "station": "station", "border": "border",
                 "gauge_change": "gauge_change", "terminal": "terminal", "port": "terminal"}
ROAD_TYPES = {"city": "city", "border_post": "border_post", "dry_port": "dry_port", "junction": "junction"}

BERTH_WAIT_H = {  # low, typical, high by sea; estimates
    "caspian": (2, 12, 72), "persian_gulf": (4, 18, 96), "oman": (3, 12, 48), "indian": (2, 10, 36),
    "red_sea": (2, 12, 48), "malacca": (2, 8, 24), "east_china": (3, 18, 48), "yellow": (3, 18, 48),
    "black": (4, 18, 96), "mediterranean": (2, 12, 48)}
BERTH_WAIT_OWN = {
    "kz-aktau-port": (3, 18, 120, "14 ships a month and 700 wagons in the jam of October 2025"),
    "kz-kuryk-port": (2, 12, 96, "shut by weather about half of November-December, see season.csv"),
    "ir-amirabad-port": (4, 24, 168, "nine ships with 28 kt waited in the north in March 2026"),
    "ir-shahid-rajaee-port": (6, 36, 240, "long stays of ships and boxes told since 2025"),
    "ir-imam-khomeini-port": (12, 72, 480, "grain ships sent here from Shahid Rajaee in 2025")}


class Places:
    """What the other modules need: merged id of a raw id, coordinates, country, type."""

    def __init__(self):
        self.node_of = {}
        self.nodes = {}

    def id(self, raw_id):
        return self.node_of[raw_id]

    def xy(self, node_id):
        node = self.nodes[node_id]
        return float(node["x_coord"]), float(node["y_coord"])

    def country(self, node_id):
        return self.nodes[node_id]["kr_country"]


def merged_ids(crosswalk):
    """Raw id -> node id; the id of the port wins."""
    return {row["place_id"]: row["same_place_as"] for row in crosswalk if row["same_place_as"]}


def parents_of(crosswalk, same):
    """Node id -> parents in the order town, port, border post as the crosswalk has them."""
    parents = {}
    for row in crosswalk:
        if not row["parent"]:
            continue
        child = same.get(row["place_id"], row["place_id"])
        parent = same.get(row["parent"], row["parent"])
        entry = parents.setdefault(child, [])
        if parent != child and parent not in [p for p, _ in entry]:
            entry.append((parent, row["note"]))
    for entry in parents.values():
        entry.sort(key=lambda p: 0 if p[0].endswith("-city") else 1)
    return parents


def station_node(row):
    note = kt.join(row["note"], "" if row["quality"] == row["coord_quality"]
                   else f"row as first built was {row['quality']}")
    kind = row["kind"]
    if kind == "port":
        note = kt.join(note, "raw kind: port (railway station of a port or ferry berth)")
    return dict(node_id=row["id"], name=row["name"], local=[row["name_local"]], x_coord=row["lon"],
                y_coord=row["lat"], node_type=STATION_TYPES[kind], kr_country=row["country"],
                kr_timezone=row["timezone"], unlocode=[row["unlocode"]], rail_code=[row["rail_code"]],
                gauge=row["gauge_mm"], aliases=[], kr_quality=row["coord_quality"] or row["quality"],
                kr_source_id=row["source_id"], estimated="", note=note)


def road_node(row):
    return dict(node_id=row["id"], name=row["name"], local=[row["name_local"]], x_coord=row["lon"],
                y_coord=row["lat"], node_type=ROAD_TYPES[row["kind"]], kr_country=row["country"],
                kr_timezone=row["timezone"], unlocode=[row["unlocode"]], rail_code=[], gauge="", aliases=[],
                kr_quality=row["quality"], kr_source_id=row["source_id"], estimated="", note=row["note"])


def port_node(row, station):
    """A port, with the railway station that is the same place (or None)."""
    estimated = [f for f in row["estimated_fields"].split(";") if f in ("lat", "lon")]
    node = dict(node_id=row["id"], name=row["name"], local=[row["name_local"]], x_coord=row["lon"],
                y_coord=row["lat"], node_type="port", kr_country=row["country"], kr_timezone=row["timezone"],
                unlocode=[row["unlocode"]], rail_code=[], gauge=row["rail_gauge_mm"], aliases=[],
                kr_quality="estimated" if estimated else "published", kr_source_id=row["source_id"],
                estimated="x_coord;y_coord" if estimated else "", note="")
    if station is None:
        node["note"] = "harbour position read from the map" if estimated else "position of the port station"
        return node
    node["local"].append(station["name_local"])
    node["names"] = [station["name"]]
    node["unlocode"].append(station["unlocode"])
    node["rail_code"] = [station["rail_code"]]
    node["gauge"] = station["gauge_mm"] or node["gauge"]
    if station["id"] != row["id"]:
        node["aliases"] = [station["id"]]
    if station["coord_quality"] == "published" or not estimated:
        node.update(x_coord=station["lon"], y_coord=station["lat"], kr_quality=station["coord_quality"],
                    kr_source_id=station["source_id"], estimated="")
        moved = kt.great_circle_km((float(row["lon"]), float(row["lat"])),
                                   (float(station["lon"]), float(station["lat"])))
        node["note"] = kt.join("one node for the port and its railway station; position of the station",
                               station["note"],
                               f"the port stood {moved:.1f} km away in the raw table" if moved > 0.05 else "")
    else:
        node["note"] = kt.join("one node for the port and its railway station; harbour position read from the map",
                               station["note"])
    return node


def told_russian(raw):
    """Russian station names by ESR code, of the tariff guide and of OpenStreetMap, brackets left out."""
    names = {}
    for file, column in (("ref/esr_station.csv", "esr"), ("ref/tr4_station.csv", "esr")):
        for row in kt.read(raw, file):
            for text in [row["name"]] + row.get("alt_name", "").split(";") + row.get("old_name", "").split(";"):
                text = re.sub(r"\(.*", "", text).strip()
                if re.search("[А-Яа-я]", text):
                    names.setdefault(row[column], []).append(text)
    return names


NOT_A_NAME = ("Iran", "Azerbaijan", "as stub")


def split_brackets(name):
    """'Beineu (x)' is also found as 'Beineu' and as 'x'; 'Post (KZ)' only as 'Post'."""
    match = re.fullmatch(r"(.*?) \(([^)]*)\)(.*)", name)
    if not match:
        return []
    inside = match.group(2)
    parts = [(match.group(1) + match.group(3)).strip()]
    if len(inside) > 2 and not any(word in inside for word in NOT_A_NAME):
        parts.append(inside)
    return parts


def fill_names_and_codes(node, unlocodes, russian):
    """Names in the scripts of the corridor, UN/LOCODEs, other spellings."""
    node_id, country = node["node_id"], node["kr_country"]
    known = place_names.NAMES.get(node_id, {})
    local = [text for text in node.pop("local") if text]
    names = {lang: known.get(lang, "") for lang in ("ru", "kk", "fa", "tk")}
    other = list(node.pop("names", [])) + list(known.get("other", []))
    local_lang = place_names.LOCAL_LANGUAGE.get(country)
    for text in local:
        if local_lang and not names[local_lang]:
            names[local_lang] = text
        elif text not in names.values():
            other.append(text)
    plain = node["name"]
    other += split_brackets(plain)
    for code in node["rail_code"]:
        for text in russian.get(code, []):
            names["ru"] = names["ru"] or text
            other.append(text)
    codes = [code for code in node.pop("unlocode") if code]
    codes += place_names.UNLOCODE.get(node_id, [])
    codes += unlocodes.get(node_id, [])
    codes = [code for code in dict.fromkeys(codes) if code not in place_names.UNLOCODE_NOT.get(node_id, [])]
    seen, spellings = set(names.values()) | {plain}, []
    for text in other:
        text = text.replace(";", ",")
        if text and text not in seen:
            seen.add(text)
            spellings.append(text)
    node.update({f"kr_name_{lang}": text for lang, text in names.items()})
    node["kr_names_other"] = ";".join(spellings)
    node["kr_unlocode"] = ";".join(codes)
    node["kr_rail_code"] = ";".join(code for code in node.pop("rail_code") if code)
    node["kr_gauge_mm"] = node.pop("gauge")
    node["kr_aliases"] = ";".join(node.pop("aliases"))
    node["kr_estimated_fields"] = node.pop("estimated")
    node["kr_note"] = node.pop("note")


def plain_name(text):
    return "".join(ch for ch in text.lower() if ch.isalpha())


def unlocode_matches(raw, nodes):
    """UN/LOCODEs of nodes that have none: country and name agree, and a published position lies near."""
    taken = {}
    rows = [r for r in kt.read(raw, "ref/unlocode_window.csv") if not r["qc"]]
    by_name = {}
    for row in rows:
        by_name.setdefault((row["country"], plain_name(row["name_ascii"])), []).append(row)
    for node in nodes.values():
        if any(node["unlocode"]) or node["node_id"] in place_names.UNLOCODE:
            continue
        if node["node_type"] == "border_post" or node["kr_country"] in ("KZ", "TM", "IR"):
            continue                    # those three by hand, see place_names.py
        name = node["name"].split("(")[0]
        for row in by_name.get((node["kr_country"], plain_name(name)), []):
            near = True
            if row["coord_src"] == "unlocode":
                near = kt.great_circle_km((float(row["lon"]), float(row["lat"])),
                                          (float(node["x_coord"]), float(node["y_coord"]))) < 40
            if near and row["country"] == node["kr_country"]:
                taken.setdefault(node["node_id"], []).append(row["locode"])
    return taken


def make(raw, package):
    places = Places()
    crosswalk = kt.read(raw, "corridor/place_crosswalk.csv")
    stations = {row["id"]: row for row in kt.read(raw, "corridor/rail_station.csv")}
    ports = kt.read(raw, "corridor/port.csv")
    same = merged_ids(crosswalk)
    parents = parents_of(crosswalk, same)

    station_of_port = {port: place for place, port in same.items()}
    nodes = {}
    for row in ports:
        nodes[row["id"]] = port_node(row, stations.get(station_of_port.get(row["id"], "")))
    for row in stations.values():
        places.node_of[row["id"]] = same.get(row["id"], row["id"])
        if row["id"] not in same:
            nodes[row["id"]] = station_node(row)
    for row in kt.read(raw, "corridor/road_place.csv"):
        nodes[row["id"]] = road_node(row)
    for node_id in nodes:
        places.node_of.setdefault(node_id, node_id)

    unlocodes = unlocode_matches(raw, nodes)
    russian = told_russian(raw)
    order = sorted(nodes)
    for node_id in order:
        fill_names_and_codes(nodes[node_id], unlocodes, russian)
        nodes[node_id]["parent_node_id"] = parents[node_id][0][0] if node_id in parents else ""
    for node_id in order:
        package.add("NODE", **nodes[node_id])
    places.nodes = nodes

    for row in crosswalk:
        package.add("PLACE_CROSSWALK", place_id=row["place_id"], kind=row["kind"],
                    same_place_as=row["same_place_as"], parent=row["parent"],
                    node_id=places.id(row["place_id"]), km=row["km"], quality=row["quality"],
                    source_id="rule-method-keruen", note=row["note"])
    make_ports(package, ports)
    return places, parents


def make_ports(package, ports):
    for row in sorted(ports, key=lambda r: r["id"]):
        if row["id"] == "kz-aktau-port":        # before the hub, which measure m-aktau-hub-2025 opens
            row = {**row, "container_capacity_teu_year": "70000"}
        own = BERTH_WAIT_OWN.get(row["id"])
        low, typical, high = own[:3] if own else BERTH_WAIT_H[row["sea"]]
        renamed = {"draft_m": "draught_m", "container_capacity_teu_year": "container_teu_year",
                   "bulk_capacity_t_year": "bulk_t_year"}
        estimated = [renamed.get(f, f) for f in row["estimated_fields"].split(";")
                     if f and f not in ("lat", "lon", "working_hours", "weekly_closed_day", "ice_months")]
        estimated += ["berth_wait_low_h", "berth_wait_typical_h", "berth_wait_high_h"]
        note = kt.join(row["note"],
                       f"works {row['working_hours']}" if row["working_hours"] else "",
                       f"offices closed on {row['weekly_closed_day'].capitalize()}" if row["weekly_closed_day"] else "",
                       f"wait for a berth estimated: {own[3]}" if own
                       else "wait for a berth: class value of the sea, estimated")
        package.add("PORT", node_id=row["id"], sea=row["sea"], draught_m=row["draft_m"], berths=row["berths"],
                    container_teu_year=row["container_capacity_teu_year"],
                    bulk_t_year=row["bulk_capacity_t_year"],
                    roro=row["roro"], rail_ferry=row["rail_ferry"], berth_wait_low_h=low,
                    berth_wait_typical_h=typical, berth_wait_high_h=high, quality=row["quality"],
                    source_id=row["source_id"], estimated_fields=";".join(dict.fromkeys(estimated)), note=note)


def access_links(places, parents, road_pairs):
    """Roads between a station or port and its town, where the road table has none."""
    links, skipped = [], []
    for child in sorted(parents):
        for parent, why in parents[child]:
            if frozenset((child, parent)) in road_pairs:
                skipped.append((child, parent))
                continue
            direct = kt.great_circle_km(places.xy(child), places.xy(parent))
            km = max(ACCESS_MIN_KM, round(direct * ACCESS_DETOUR + 0.05, 1))
            links.append((child, parent, km, direct, why))
    return links, skipped
