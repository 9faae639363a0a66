# SPDX-License-Identifier: Apache-2.0
"""Reading of raw tables, writing of package tables, the schema of src/model/schema.c, distances."""

import csv
import math
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA_C = os.path.join(HERE, "..", "..", "src", "model", "schema.c")
EARTH_RADIUS_KM = 6371.0088


def read(raw, name):
    """Rows of a raw table as dictionaries; name is relative to the raw folder, '/' between."""
    with open(os.path.join(raw, *name.split("/")), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def great_circle_km(a, b):
    """Distance of two (lon, lat) pairs in degrees on the mean sphere."""
    lon1, lat1, lon2, lat2 = map(math.radians, (a[0], a[1], b[0], b[1]))
    h = (math.sin((lat2 - lat1) / 2) ** 2
         + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2)
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(h)))


def number(value):
    """Shortest text of a number: 12.0 -> 12, 0.30000000000000004 -> 0.3."""
    if value is None or value == "":
        return ""
    text = f"{float(value):.4f}".rstrip("0").rstrip(".")
    return text if text not in ("-0", "") else "0"


def join(*parts):
    """Notes joined by '; ', blanks left out."""
    return "; ".join(part.strip() for part in parts if part and part.strip())


def literals(before, text):
    """C string literals after a pattern, joined as the compiler joins them."""
    match = re.search(before + r'\s*((?:"(?:[^"\\]|\\.)*"\s*)+)', text)
    return "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1))) if match else ""


class Column:
    def __init__(self, text):
        def find(pattern, default=""):
            match = re.search(pattern, text)
            return match.group(1) if match else default

        self.name = find(r'\.name = "([^"]*)"')
        self.type = find(r"\.type = KRNI_(\w+)")
        self.required = ".required = true" in text
        self.any_allowed = ".any_allowed = true" in text
        self.min = find(r"\.min = ([-0-9.e]+)", None)
        self.max = find(r"\.max = ([-0-9.e]+)", None)
        self.unit = find(r'\.unit = "([^"]*)"')
        self.choices = literals(r"\.choices =", text)
        self.refers = find(r"\.refers = KRN_TABLE_(\w+)")
        self.meaning = literals(r"\.meaning =", text)


class Table:
    def __init__(self, ident, file, title, optional, gtfs, columns, key, low):
        self.ident, self.file, self.title = ident, file, title
        self.optional, self.gtfs, self.columns = optional, gtfs, columns
        self.key, self.low = key, low


def schema():
    """Tables by ident (NODE, LINK, ...), read from the C source that the program itself uses."""
    with open(SCHEMA_C, encoding="utf-8") as file:
        text = file.read()
    columns = {}
    for match in re.finditer(r"static const krni_column (\w+)_columns\[\w+\] = \{(.*?)\n\};", text, re.S):
        body = match.group(2)
        entries = re.split(r"\n    \[(\w+)\]\s*=", "\n" + body)
        columns[match.group(1)] = {name: Column(entry) for name, entry in zip(entries[1::2], entries[2::2])}
    tables = {}
    body = re.search(r"static const krni_table tables\[KRN_TABLE_COUNT\] = \{(.*?)\n\};", text, re.S).group(1)
    for match in re.finditer(r"\[KRN_TABLE_(\w+)\]\s*=\s*\{(.*?)\},\s*(?=\[KRN_TABLE_|\Z)", body + "\n", re.S):
        strings = re.findall(r'"([^"]*)"', match.group(2))
        fields = [f.strip() for f in re.sub(r'"[^"]*"', '""', match.group(2)).split(",")]
        cols = columns[fields[5].replace("_columns", "")]
        key = fields[6]
        low = fields[10]
        tables[match.group(1)] = Table(
            match.group(1), strings[0], strings[1], fields[2] == "true", fields[3] == "true",
            list(cols.values()),
            None if key == "-1" else cols[key].name,
            None if low == "-1" else list(cols).index(low))
    return tables


class Package:
    """The tables being made: rows are dictionaries, written in the column order of the schema."""

    def __init__(self, out):
        self.out = out
        self.schema = schema()
        self.rows = {}

    def add(self, ident, **row):
        known = {column.name for column in self.schema[ident].columns}
        unknown = set(row) - known
        if unknown:
            raise KeyError(f"{ident}: {unknown}")
        self.rows.setdefault(ident, []).append({k: ("" if v is None else str(v)) for k, v in row.items()})

    def write(self):
        for ident, rows in self.rows.items():
            table = self.schema[ident]
            path = os.path.join(self.out, *table.file.split("/"))
            os.makedirs(os.path.dirname(path), exist_ok=True)
            names = [column.name for column in table.columns]
            with open(path, "w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow(names)
                for row in rows:
                    writer.writerow([row.get(name, "") for name in names])
