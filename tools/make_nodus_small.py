#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes tests/golden/nodus-small: a made-up project in the formats of NODUS, with one of each thing that its
reader must take, or leave out with a note.

    Aksay 1 --- 11 ==== 12 --- 2 Belkol      ---- ramps    ==== highway (road)
                 |       |
                21 ~~~~ 22                   ~~~~ canal (water)   |  line (rail) 11-21, 12-22
                 |
    Togay 3 --- 13 --- 4 Dala

usage: make_nodus_small.py
"""
import pathlib
import struct

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "tests" / "golden" / "nodus-small"

CENTROID, JUNCTION, SWITCH, EVERYTHING = 8, 0, 2, 1

# layer: further fields (name, type, width, decimals), rows (number, longitude, latitude, tranship, further...)
NODES = {
    "cities": ([("CITYNAME", "C", 12, 0)],
               [(3, 50.0, 40.0, CENTROID, "Togay"), (1, 50.0, 41.0, CENTROID, "Aksay"),
                (2, 52.0, 41.0, CENTROID, "Belkol"), (4, 51.5, 40.0, CENTROID, "D\xe4la")]),
    "junctions": ([], [(11, 50.5, 41.0, JUNCTION), (12, 51.5, 41.0, JUNCTION), (13, 50.5, 40.0, JUNCTION),
                       (14, 50.6, 40.1, JUNCTION, "deleted")]),
    "ports": ([("NAME", "C", 8, 0), ("DEPTH", "N", 6, 1)],
              [(21, 50.5, 40.5, EVERYTHING, "Quay 21", 4.5), (22, 51.5, 40.5, SWITCH, "Quay 22", 3.5)]),
}
LINK_FIELDS = [("NUM", "N", 10, 0), ("STYLE", "N", 3, 0), ("ENABLED", "N", 1, 0), ("NODE1", "N", 10, 0),
               ("NODE2", "N", 10, 0), ("MODE", "N", 2, 0), ("MEANS", "N", 2, 0), ("CAPACITY", "N", 10, 1),
               ("SPEED", "N", 6, 1)]
# layer: further fields, rows (number, enabled, from, to, mode, means, capacity, speed, points between, further...)
LINKS = {
    "ramps": ([], [(101, 1, 1, 11, 1, 2, 900, 40, ()), (102, 1, 2, 12, 1, 2, 900, 40, ()),
                   (103, 1, 3, 13, 1, 1, 900, 40, ()), (104, 1, 4, 13, 1, 1, 900, 40, ())]),
    "highways": ([("LANES", "N", 2, 0), ("LABEL", "C", 6, 0)],
                 [(201, 1, 11, 12, 1, 2, 500, 80, ((51.0, 41.1),), 2, "A1"),
                  (202, 1, 11, 13, 1, 2, 400, 60, (), None, "B7"),
                  (203, 0, 12, 13, 1, 2, 400, 60, (), 1, "B8"),
                  (204, 1, 21, 11, 1, 1, 400, 30, (), 1, "C1"),
                  (205, 1, 22, 12, 1, 1, 400, 30, (), 1, "C2")]),
    "canals": ([("DRAUGHT", "F", 6, 2)], [(301, 1, 21, 22, 2, 3, 50, 10, ((50.8, 40.4), (51.2, 40.4)), 2.75)]),
    "rails": ([("LENGTH", "N", 8, 2)], [(401, 1, 21, 22, 3, 1, 90, 70, (), 95.5)]),
}
# group, class, from, to, quantity; None: the row is marked as deleted
TABLES = {
    "od_first": ([("GRP", "N", 2, 0), ("CLASS", "N", 2, 0), ("ORG", "N", 10, 0), ("DST", "N", 10, 0),
                  ("QTY", "N", 12, 2)],
                 [(0, 0, 1, 2, 1000.0), (0, 0, 3, 2, 250.5), (1, 0, 1, 4, 400.0), (1, 1, 2, 3, 60.25),
                  (0, 0, 2, 2, 75.0), (0, 0, 1, 3, 0.0), (0, 0, 1, 12, 30.0), (0, 0, 4, 1, 500.0, "deleted")]),
    "od_second": ([("ORG", "N", 10, 0), ("DST", "N", 10, 0), ("QTY", "F", 12, 2), ("TIME", "N", 4, 0)],
                  [(4, 2, 120.0, 600), (1, 3, 80.0, 720)]),
    "tallies": ([("YEAR", "N", 4, 0), ("TOTAL", "N", 8, 0)], [(2020, 1790)]),
}
TEXTS = {
    "small.nodus": """\
# a made-up project
network.nodes = cities junctions \\
    ports
network.links = ramps highways canals rails
importTables = od_first
jdbc.driver = none
look.of.map = plain
""",
    "road.costs": """\
# USD a tonne by lorry
ld.1,1 = 2
ul.1,1 = 2
tr.1,1 = 0
mv.1,1 = 0.1 * LENGTH
mv@1,1 = 3600 * LENGTH / SPEED
""",
    "all.costs": """\
# every mode; group 1 is dearer, scenario 2 has tolls
AVGLOAD.1,1 = 20
AVGLOAD.1,1.1 = 16
AVGLOAD.2,1 = 900
AVGLOAD.3,1 = 1200
PCU.1,1 = 2
toll = 0
2.toll = 5
rate = 0.09
rate = 0.1
rate.1 = 0.12
ld.1,1 = 2
ld.1,1.1 = 2.5
ld.1,1-1 = 3
ul.1,1 = 2
tr.1,1 = 0
tr.2,1 = 0
tp.1,1-2,1 = 0.5
tp.2,1-1,1 = 0.5
tp.1,1-3,1 = 0.75
tp.3,1-1,1 = 0.75
mv.1,1 = toll + rate * LENGTH
mv.2,1 = 0.02 * LENGTH * \\
    max(1, 4 - DRAUGHT)
mv.3,1 = 0.03 * LENGTH
mv@1,1 = 3600 * LENGTH / SPEED
ld@1,1 = 1800
stp.3,1 = 4
Logit.plugin = 1
""",
    "jam.costs": """\
AVGLOAD.1,1 = 10
PCU.1,1 = 1.5
ld.1,1 = 0
ul.1,1 = 0
tr.1,1 = 0
mv.1,1 = (LENGTH / SPEED) * BPR(VOLUME, CAPACITY, 4, 0.15)
""",
    "merge.sql": "create table od_all as select * from od_first;\n",
    "after.groovy": "// does nothing\n",
}


def dbf(fields, rows):
    """A table; a row that ends in "deleted" beyond its fields has the mark of deletion."""
    width = 1 + sum(f[2] for f in fields)
    head = struct.pack("<B3BIHH20x", 3, 126, 1, 1, len(rows), 33 + 32 * len(fields), width)
    for name, kind, size, decimals in fields:
        head += struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), size, decimals)
    body = b""
    for row in rows:
        body += b"*" if len(row) > len(fields) else b" "
        for (name, kind, size, decimals), value in zip(fields, row):
            text = "" if value is None else value if kind == "C" else f"{value:.{decimals}f}"
            text = text.ljust(size) if kind == "C" else text.rjust(size)
            assert len(text) == size, (name, value)
            body += text.encode("latin-1")
    return head + b"\r" + body + b"\x1a"


def shapes(kind, shapes_of):
    """The .shp and .shx files of points (1) or lines (3)."""
    xs = [x for line in shapes_of for x, _ in line]
    ys = [y for line in shapes_of for _, y in line]
    box = struct.pack("<4d", min(xs), min(ys), max(xs), max(ys))
    body, index = b"", b""
    for number, line in enumerate(shapes_of, 1):
        flat = [value for point in line for value in point]
        if kind == 1:
            content = struct.pack("<i2d", 1, *flat)
        else:
            own = struct.pack("<4d", min(flat[::2]), min(flat[1::2]), max(flat[::2]), max(flat[1::2]))
            content = struct.pack("<i", 3) + own + struct.pack("<3i", 1, len(line), 0)
            content += struct.pack(f"<{len(flat)}d", *flat)
        index += struct.pack(">2i", (100 + len(body)) // 2, len(content) // 2)
        body += struct.pack(">2i", number, len(content) // 2) + content

    def head(size):
        return struct.pack(">i20xi", 9994, size // 2) + struct.pack("<2i", 1000, kind) + box + bytes(32)
    return head(100 + len(body)) + body, head(100 + len(index)) + index


def write_layer(name, fields, rows, kind, lines):
    shp, shx = shapes(kind, lines)
    (FOLDER / f"{name}.shp").write_bytes(shp)
    (FOLDER / f"{name}.shx").write_bytes(shx)
    (FOLDER / f"{name}.dbf").write_bytes(dbf(fields, rows))


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    places = {row[0]: row[1:3] for _, rows in NODES.values() for row in rows}
    fields = [("NUM", "N", 10, 0), ("STYLE", "N", 2, 0), ("TRANSHIP", "N", 1, 0)]
    for name, (further, rows) in NODES.items():
        write_layer(name, fields + further, [(r[0], 0, r[3], *r[4:]) for r in rows], 1, [[r[1:3]] for r in rows])
    for name, (further, rows) in LINKS.items():
        write_layer(name, LINK_FIELDS + further, [(r[0], 0, *r[1:8], *r[9:]) for r in rows], 3,
                    [[places[r[2]], *r[8], places[r[3]]] for r in rows])
    for name, (further, rows) in TABLES.items():
        (FOLDER / f"{name}.dbf").write_bytes(dbf(further, rows))
    for name, text in TEXTS.items():
        (FOLDER / name).write_text(text)


if __name__ == "__main__":
    main()
