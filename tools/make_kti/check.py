#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a package folder against src/model/schema.c: check.py PACKAGE

Types, bounds, keys, references, percentile triplets, lengths against great circles, trains on links
that are joined. A small second opinion beside the program's own reader.
"""

import csv
import os
import re
import sys

import kti_tables as kt

NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?")
KEY = re.compile(r"[A-Za-z0-9._-]+")
COUNTRY = re.compile(r"[A-Z]{2}")
CLOCK = re.compile(r"\d{1,4}:[0-5]\d:[0-5]\d")
HOURS = re.compile(r"([01]\d|2[0-4]):[0-5]\d-([01]\d|2[0-4]):[0-5]\d")


def rows_of(folder, table):
    path = os.path.join(folder, *table.file.split("/"))
    if table.file.endswith("/") or not os.path.exists(path):
        return None, []
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        header = next(reader)
        rows = []
        for fields in reader:
            rows.append((reader.line_num, fields))
    return header, rows


class Check:
    def __init__(self, folder):
        self.folder, self.schema, self.faults = folder, kt.schema(), []
        self.tables, self.keys = {}, {}

    def fault(self, table, line, column, value, expected):
        self.faults.append(f"{table.file}:{line}: {column}: '{value}': {expected}")

    def load(self):
        for ident, table in self.schema.items():
            header, rows = rows_of(self.folder, table)
            if header is None:
                self.tables[ident] = None
                continue
            made = []
            for line, fields in rows:
                if len(fields) != len(header):
                    self.fault(table, line, "-", len(fields), f"{len(header)} fields")
                    continue
                made.append((line, dict(zip(header, fields))))
            for column in table.columns:
                if column.required and column.name not in header:
                    self.fault(table, 1, column.name, "", "column missing")
            self.tables[ident] = made
            if table.key:
                keys = {}
                for line, row in made:
                    if row.get(table.key, "") in keys:
                        self.fault(table, line, table.key, row[table.key], "duplicate")
                    keys[row.get(table.key, "")] = row
                self.keys[ident] = keys

    def refer(self, table, line, column, value):
        if self.tables.get(column.refers) is None:
            return                      # table not here yet
        if value not in self.keys[column.refers]:
            self.fault(table, line, column.name, value, f"key of {self.schema[column.refers].file}")

    def cell(self, table, line, column, value):
        if value == "":
            if column.required:
                self.fault(table, line, column.name, value, "not blank")
            return
        kind = column.type
        if column.any_allowed and value == "any":
            return
        if kind in ("NUMBER", "INTEGER"):
            if not NUMBER.fullmatch(value) or (kind == "INTEGER" and "." in value):
                self.fault(table, line, column.name, value, kind.lower())
            elif column.min is not None and column.max is not None and column.min != column.max:
                if not float(column.min) <= float(value) <= float(column.max):
                    self.fault(table, line, column.name, value, f"{column.min}..{column.max}")
            elif column.max is not None and float(value) > float(column.max):
                self.fault(table, line, column.name, value, f"at most {column.max}")
        elif kind == "KEY":
            if not KEY.fullmatch(value):
                self.fault(table, line, column.name, value, "key")
            if column.refers:
                self.refer(table, line, column, value)
        elif kind == "REF":
            self.refer(table, line, column, value)
        elif kind == "REF_LIST":
            for part in value.split(";"):
                self.refer(table, line, column, part)
        elif kind in ("CHOICE", "CHOICE_LIST"):
            for part in value.split(";") if kind == "CHOICE_LIST" else [value]:
                if part not in column.choices.split("|"):
                    self.fault(table, line, column.name, part, column.choices)
        elif kind in ("COUNTRY", "COUNTRY_LIST"):
            for part in value.split(";"):
                if not COUNTRY.fullmatch(part):
                    self.fault(table, line, column.name, part, "ISO 3166-1 alpha-2")
        elif kind == "BOOL" and value not in ("true", "false", "1", "0"):
            self.fault(table, line, column.name, value, "true false 1 0")
        elif kind == "DATE":
            if not re.fullmatch(r"\d{8}" if table.gtfs else r"\d{4}-\d\d-\d\d", value):
                self.fault(table, line, column.name, value, "date")
        elif kind == "MONTH_DAY" and not re.fullmatch(r"\d\d-\d\d", value):
            self.fault(table, line, column.name, value, "MM-DD")
        elif kind == "CLOCK" and not CLOCK.fullmatch(value):
            self.fault(table, line, column.name, value, "H:MM:SS")
        elif kind == "HOURS":
            for part in value.split(";"):
                if not HOURS.fullmatch(part):
                    self.fault(table, line, column.name, part, "HH:MM-HH:MM")
        elif kind == "WKT" and not value.startswith("LINESTRING ("):
            self.fault(table, line, column.name, value[:20], "LINESTRING")
        elif kind == "ZONE":
            zones = {row["zone"] for _, row in self.tables["TIMEZONE"] or []}
            if zones and value not in zones:
                self.fault(table, line, column.name, value, "zone of timezone.csv")

    def cells(self):
        for ident, table in self.schema.items():
            for line, row in self.tables[ident] or []:
                for column in table.columns:
                    self.cell(table, line, column, row.get(column.name, ""))
                if table.low is not None:
                    names = [c.name for c in table.columns[table.low:table.low + 3]]
                    values = [row.get(n, "") for n in names]
                    if any(values) and not all(values):
                        self.fault(table, line, names[0], ";".join(values), "all three or none")
                    elif all(values) and not float(values[0]) <= float(values[1]) <= float(values[2]):
                        self.fault(table, line, names[0], ";".join(values), "low <= typical <= high")
                estimated = next((c.name for c in table.columns if c.name.endswith("estimated_fields")), None)
                if estimated and row.get(estimated):
                    names = {c.name for c in table.columns} | {"all"}
                    for part in row[estimated].split(";"):
                        if part not in names:
                            self.fault(table, line, estimated, part, "column of the table")

    def lengths(self):
        nodes = self.keys["NODE"]
        table = self.schema["LINK"]
        pairs = {}
        for line, row in self.tables["LINK"]:
            a, b = nodes[row["from_node_id"]], nodes[row["to_node_id"]]
            direct = kt.great_circle_km((float(a["x_coord"]), float(a["y_coord"])),
                                        (float(b["x_coord"]), float(b["y_coord"])))
            if float(row["length"]) < direct:
                self.fault(table, line, "length", row["length"], f"at least the great circle {direct:.2f}")
            if row["kr_mode"] == "rail":
                pairs[frozenset((row["from_node_id"], row["to_node_id"]))] = row
            countries = [a["kr_country"], b["kr_country"]]
            if row["kr_mode"] != "sea" and ";".join(dict.fromkeys(countries)) != row["kr_country"]:
                self.fault(table, line, "kr_country", row["kr_country"], ";".join(countries))
        trips = {row["trip_id"]: row for _, row in self.tables["TRIP"]}
        last = {}
        for line, row in self.tables["STOP_TIMES"]:
            before = last.get(row["trip_id"])
            if before:
                if seconds(row["arrival_time"]) < seconds(before["departure_time"]):
                    self.fault(self.schema["STOP_TIMES"], line, "arrival_time", row["arrival_time"], "not before departure")
                if (trips[row["trip_id"]]["mode"] == "rail"
                        and frozenset((before["stop_id"], row["stop_id"])) not in pairs):
                    self.fault(self.schema["STOP_TIMES"], line, "stop_id", row["stop_id"], f"railway from {before['stop_id']}")
            last[row["trip_id"]] = row


def seconds(text):
    h, m, s = text.split(":")
    return int(h) * 3600 + int(m) * 60 + int(s)


def main(folder):
    check = Check(folder)
    check.load()
    check.cells()
    check.lengths()
    for fault in check.faults[:200]:
        print(fault, file=sys.stderr)
    print(f"{len(check.faults)} faults", file=sys.stderr)
    return 1 if check.faults else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("use: check.py PACKAGE")
    sys.exit(main(sys.argv[1]))
