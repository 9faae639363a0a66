#!/usr/bin/env python3
"""Writes the small project beside it, in the formats of NODUS, and the flows that it must have.

        road 1              rail 3, waterway 2 below
    A --- a --- b --- B     terminals S, T:  S ==== T
          |     |           quays of A and B: A ~~~~ q ~~~~ B
    C --- c --- d --- D

The flows are found without the program: the virtual network is written out arc by arc, costs are Python
functions, ways come from a search by heap over pairs of arc and set of vehicle classes.

usage: make_project.py      (rewrites the .shp, .shx, .dbf, .costs, .nodus files and expected/)
"""
import csv
import heapq
import math
import pathlib
import struct

HERE = pathlib.Path(__file__).resolve().parent
CENTROID, JUNCTION, TERMINAL = 8, 0, 2
# id: layer, lon, lat, tranship
NODES = {
    1: ("zones", 60.00, 45.00, CENTROID), 2: ("zones", 60.90, 45.02, CENTROID),
    3: ("zones", 60.02, 44.60, CENTROID), 4: ("zones", 60.92, 44.61, CENTROID),
    11: ("road_points", 60.20, 45.01, JUNCTION), 12: ("road_points", 60.70, 45.00, JUNCTION),
    13: ("road_points", 60.21, 44.62, JUNCTION), 14: ("road_points", 60.71, 44.60, JUNCTION),
    21: ("terminals", 60.25, 45.03, TERMINAL), 22: ("terminals", 60.68, 44.58, TERMINAL),
    31: ("water_points", 60.45, 45.10, JUNCTION)}
# id: layer, from, to, mode, means, capacity, speed, lanes, further points between
LINKS = {
    101: ("roads", 1, 11, 1, 1, 400, 50, 1, ()), 102: ("roads", 11, 12, 1, 2, 800, 80, 2, ((60.4, 45.05),)),
    103: ("roads", 12, 2, 1, 1, 400, 50, 1, ()), 104: ("roads", 11, 13, 1, 2, 400, 60, 1, ()),
    105: ("roads", 12, 14, 1, 2, 400, 60, 1, ()), 106: ("roads", 13, 14, 1, 2, 800, 90, 2, ((60.5, 44.55),)),
    107: ("roads", 3, 13, 1, 1, 400, 50, 1, ()), 108: ("roads", 14, 4, 1, 1, 400, 50, 1, ()),
    109: ("roads", 11, 21, 1, 1, 400, 30, 1, ()), 110: ("roads", 22, 14, 1, 1, 400, 30, 1, ()),
    201: ("waters", 1, 31, 2, 2, 1, 10, 0, ((60.2, 45.12),)), 202: ("waters", 31, 2, 2, 1, 1, 8, 0, ((60.7, 45.13),)),
    301: ("rails", 21, 22, 3, 1, 1, 70, 0, ((60.45, 44.8),))}
OD = {"od_first": [(0, 1, 2, 1200.0), (0, 1, 4, 800.0), (0, 3, 2, 350.5), (1, 2, 3, 640.0), (1, 4, 1, 95.25)],
      "od_more": [(0, 1, 2, 300.0), (1, 3, 4, 410.0), (1, 1, 3, 20.0)]}
COSTS = {
    "road": ("# hours on the road", "ld.1,1 = 0", "ul.1,1 = 0", "tr.1,1 = 0", "tr.1,2 = 0", "mv.1,1 = LENGTH/SPEED"),
    "all": ("# costs of three modes, by group", "AVGLOAD.1,1 = 14.5", "AVGLOAD.2,1.0 = 300", "AVGLOAD.2,1.1 = 350",
            "AVGLOAD.3,1 = 700", "PCU.1,1 = 1.5", "rate = 0.06", "rate.1 = 0.055", "rail_rate = rate / 3", "slow = 8",
            "ld.1,1 = 2.7", "ld.1,1.1 = 2.9", "ld.2,1 = 1.6", "ul.1,1 = 2.6", "ul.2,1 = max(1.7, 1.5 + 0.1)",
            "tr.1,1 = 0.01", "tr.2,1 = 0", "tr.3,1 = 0", "tp.1,1-3,1 = 0.4", "tp.3,1-1,1 = 0.3",
            "mv.1,1 = (60 / SPEED) * LENGTH * rate", "mv.2,1 = (slow / SPEED) * LENGTH * 0.03 + 1",
            "mv.3,1 = LENGTH * rail_rate", "mv@1,1 = 3600*LENGTH/SPEED"),
    "jam": ("AVGLOAD.1,1 = 2", "PCU.1,1 = 1.5", "ld.1,1 = 0", "ul.1,1 = 0", "tr.1,1 = 0",
            "mv.1,1 = (LENGTH / SPEED) * BPR(VOLUME, CAPACITY, 4, 1)")}

# ---- files ----


def dbf(path, fields, rows):
    """dBASE III: fields (name, type, length, decimals)."""
    size = 1 + sum(field[2] for field in fields)
    with open(path, "wb") as file:
        file.write(struct.pack("<BBBBIHH20x", 3, 126, 11, 24, len(rows), 33 + 32 * len(fields), size))
        for name, kind, length, decimals in fields:
            file.write(struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), length, decimals))
        file.write(b"\r")
        for row in rows:
            file.write(b" ")
            for (_, kind, length, decimals), value in zip(fields, row):
                text = value if kind == "C" else f"{value:.{decimals}f}"
                file.write((text.ljust(length) if kind == "C" else text.rjust(length)).encode())
        file.write(b"\x1a")


def shapes(path, is_point, lines):
    """A shapefile with its index: points of each shape."""
    parts = []
    for line in lines:
        xs, ys = [p[0] for p in line], [p[1] for p in line]
        if is_point:
            parts.append(struct.pack("<idd", 1, *line[0]))
        else:
            parts.append(struct.pack("<i4d3i", 3, min(xs), min(ys), max(xs), max(ys), 1, len(line), 0)
                         + b"".join(struct.pack("<dd", *p) for p in line))
    xs, ys = [p[0] for line in lines for p in line], [p[1] for line in lines for p in line]
    box = struct.pack("<ii4d4d", 1000, 1 if is_point else 3, min(xs), min(ys), max(xs), max(ys), 0, 0, 0, 0)
    words = 50 + sum(4 + len(part) // 2 for part in parts)
    at = 50
    with open(path + ".shp", "wb") as shp, open(path + ".shx", "wb") as shx:
        shp.write(struct.pack(">i20xi", 9994, words) + box)
        shx.write(struct.pack(">i20xi", 9994, 50 + 4 * len(parts)) + box)
        for number, part in enumerate(parts):
            shp.write(struct.pack(">ii", number + 1, len(part) // 2) + part)
            shx.write(struct.pack(">ii", at, len(part) // 2))
            at += 4 + len(part) // 2


def line_of(link):
    _, a, b, *_, between = LINKS[link]
    return [NODES[a][1:3], *between, NODES[b][1:3]]


def write_project():
    number = ("N", 10, 0)
    for layer in ("zones", "road_points", "terminals", "water_points"):
        ids = [n for n in NODES if NODES[n][0] == layer]
        dbf(HERE / f"{layer}.dbf", [("NUM", *number), ("STYLE", "N", 2, 0), ("TRANSHIP", "N", 2, 0)],
            [(n, 0, NODES[n][3]) for n in ids])
        shapes(str(HERE / layer), True, [[NODES[n][1:3]] for n in ids])
    for layer in ("roads", "waters", "rails"):
        ids = [k for k in LINKS if LINKS[k][0] == layer]
        dbf(HERE / f"{layer}.dbf",
            [("NUM", *number), ("STYLE", "N", 2, 0), ("ENABLED", "N", 1, 0), ("NODE1", *number), ("NODE2", *number),
             ("MODE", "N", 2, 0), ("MEANS", "N", 2, 0), ("CAPACITY", "N", 8, 2), ("SPEED", "N", 8, 2), ("LANES", "N", 2, 0)],
            [(k, 0, 1, *LINKS[k][1:8]) for k in ids])
        shapes(str(HERE / layer), False, [line_of(k) for k in ids])
    for name, rows in OD.items():
        dbf(HERE / f"{name}.dbf", [("GRP", "N", 2, 0), ("ORG", *number), ("DST", *number), ("QTY", "N", 12, 2)], rows)
    for name, lines in COSTS.items():
        (HERE / f"{name}.costs").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (HERE / "mini.nodus").write_text("network.nodes = zones road_points terminals water_points\n"
                                     "network.links = roads waters rails\nimportTables = od_first od_more\n",
                                     encoding="utf-8")

# ---- the check ----


def float32(value):
    return struct.unpack("f", struct.pack("f", value))[0]


def length_km(link):
    total = 0.0
    points = [tuple(map(math.radians, p)) for p in line_of(link)]
    for (x1, y1), (x2, y2) in zip(points, points[1:]):
        h = math.sin((y2 - y1) / 2) ** 2 + math.cos(y1) * math.cos(y2) * math.sin((x2 - x1) / 2) ** 2
        total = float32(total + 2 * math.asin(math.sqrt(h)))
    return float32(total * float32(6378.137))


def road(kind, group, km, speed):
    del group
    types = {("ld", (1, 1)): 0, ("ul", (1, 1)): 0, ("tr", (1, 1)): 0, ("tr", (1, 2)): 0}
    return km / speed if kind == ("mv", (1, 1)) else types.get(kind)


def everything(kind, group, km, speed):
    rate = 0.055 if group == 1 else 0.06
    moves = {(1, 1): lambda: 60 / speed * km * rate, (2, 1): lambda: 8 / speed * km * 0.03 + 1, (3, 1): lambda: km * (rate / 3)}
    if kind[0] == "mv":
        return moves[kind[1]]() if kind[1] in moves else None
    return {("ld", (1, 1)): 2.9 if group == 1 else 2.7, ("ld", (2, 1)): 1.6, ("ul", (1, 1)): 2.6, ("ul", (2, 1)): 1.7,
            ("tr", (1, 1)): 0.01, ("tr", (2, 1)): 0, ("tr", (3, 1)): 0, ("tp", (1, 1), (3, 1)): 0.4,
            ("tp", (3, 1), (1, 1)): 0.3}.get(kind)


LOADS = {"road": {}, "all": {(1, 1, 0): 14.5, (1, 1, 1): 14.5, (2, 1, 0): 300, (2, 1, 1): 350, (3, 1, 0): 700, (3, 1, 1): 700}}


def moves():
    """All moves: (link, from, to, type)."""
    for link, (_, a, b, mode, means, *_) in LINKS.items():
        for c in range(1, means + 1):
            yield (link, a, b, (mode, c))
            yield (link, b, a, (mode, c))


def best_ways(function, group, origin, destination):
    """Cheapest way of each set of types: {set: (cost, handling and moves)}."""
    table = list(moves())
    may = {n: NODES[n][3] % 5 for n in NODES}
    passes = {n: NODES[n][3] < 5 for n in NODES}
    cost_of = {m: function(("mv", m[3]), group, length_km(m[0]), LINKS[m[0]][6]) for m in table}
    heap, number, found, done = [], 0, {}, set()
    for m in table:
        cost = function(("ld", m[3]), group, 0, 0)
        if m[1] == origin and may[origin] in (1, 3) and cost is not None and cost_of[m] is not None:
            heapq.heappush(heap, (cost + cost_of[m], number := number + 1, m, frozenset([m[3]]), (("load", None, m), m)))
    while heap:
        cost, _, m, types, way = heapq.heappop(heap)
        if (m, types) in done:
            continue
        done.add((m, types))
        end = function(("ul", m[3]), group, 0, 0)
        if m[2] == destination and may[destination] in (1, 3) and end is not None:
            if types not in found or cost + end < found[types][0]:
                found[types] = (cost + end, way + (("unload", m, None),))
        for t in table:
            if t[1] != m[2] or cost_of[t] is None:
                continue
            if t[3] == m[3]:
                join = function(("tr", m[3]), group, 0, 0) if passes[m[2]] and t[0] != m[0] else None
                more = ()
            else:
                join = function(("tp", m[3], t[3]), group, 0, 0) if may[m[2]] in (1, 2) else None
                more = (("tranship", m, t),)
            if join is not None:
                heapq.heappush(heap, (cost + join + cost_of[t], number := number + 1, t, types | {t[3]}, way + more + (t,)))
    return found


def flows(function, tables, spread):
    """Quantities by arc and group, costs by cell; spread None: all on the cheapest way."""
    cells = {}
    for table in tables:
        for group, origin, destination, quantity in OD[table]:
            cells[(group, origin, destination)] = cells.get((group, origin, destination), 0.0) + quantity
    arcs, costs = {}, {}
    for (group, origin, destination), quantity in sorted(cells.items()):
        ways = sorted(best_ways(function, group, origin, destination).values(), key=lambda w: w[0])
        weights = [math.exp(-(w[0] - ways[0][0]) / spread) for w in ways] if spread else [1.0] + [0.0] * (len(ways) - 1)
        costs[(group, origin, destination)] = (quantity, ways[0][0],
                                               sum(x * w[0] for x, w in zip(weights, ways)) / sum(weights))
        for weight, (_, way) in zip(weights, ways):
            for arc in way:
                by = arcs.setdefault(arc, [0.0, 0.0])
                by[group] += quantity * weight / sum(weights)
    return arcs, costs


def write_expected(name, function, tables, spread=None, loads=None):
    arcs, costs = flows(function, tables, spread)
    loads = LOADS[loads or name.split("_")[0]]
    with open(HERE / f"expected/{name}_links.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("mode", "means", "link", "from_node", "to_node", "qty0", "qty1", "veh0", "veh1"))
        for arc, by in sorted((a, b) for a, b in arcs.items() if isinstance(a[0], int) and sum(b) > 1e-6):
            link, a, b, (mode, c) = arc
            out.writerow((mode, c, link, a, b, *map(repr, by),
                          *(math.ceil(q / loads.get((mode, c, g), 1)) for g, q in enumerate(by))))
    with open(HERE / f"expected/{name}_handling.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("type", "node", "from_link", "to_link", "qty0", "qty1"))
        for (kind, m, t), by in sorted(((a, b) for a, b in arcs.items() if isinstance(a[0], str) and sum(b) > 1e-6),
                                       key=repr):
            out.writerow((kind, t[1] if t else m[2], m[0] if m else 0, t[0] if t else 0, *map(repr, by)))
    with open(HERE / f"expected/{name}_cells.csv", "w", newline="", encoding="utf-8") as file:
        out = csv.writer(file)
        out.writerow(("grp", "org", "dst", "qty", "cheapest_cost", "cost"))
        for key, values in sorted(costs.items()):
            out.writerow((*key, *map(repr, values)))


if __name__ == "__main__":
    (HERE / "expected").mkdir(exist_ok=True)
    write_project()
    write_expected("road_aon", road, ["od_first"])
    write_expected("all_aon", everything, ["od_first", "od_more"])
    write_expected("all_logit", everything, ["od_first", "od_more"], spread=1.5)
