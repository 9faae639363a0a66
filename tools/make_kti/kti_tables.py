# SPDX-License-Identifier: Apache-2.0
"""Reading of raw tables, writing of package tables, the columns of src/model/schema_*.c, distances."""

import csv
import math
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
MODEL = os.path.join(HERE, "..", "..", "src", "model")
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


class Column:
    def __init__(self, text):
        self.name = re.search(r'\.name = "([^"]*)"', text).group(1)


class Table:
    def __init__(self, file, columns):
        self.file, self.columns = file, columns


def schema():
    """Files and columns of the tables (NODE, LINK, ...), read from the C sources that the program uses."""
    text = ""
    for name in sorted(os.listdir(MODEL)):
        if name.startswith("schema") and name.endswith(".c"):
            with open(os.path.join(MODEL, name), encoding="utf-8") as file:
                text += file.read()
    columns = {}
    for match in re.finditer(r"const krni_column krni_(\w+)_columns\[\w+\] = \{(.*?)\n\};", text, re.S):
        entries = re.split(r"\n    \[\w+\]\s*=", "\n" + match.group(2))[1:]
        columns[match.group(1)] = [Column(entry) for entry in entries]
    tables = {}
    for match in re.finditer(r'\[KRN_TABLE_(\w+)\]\s*=\s*\{\s*"([^"]*)".*?krni_(\w+)_columns', text, re.S):
        tables[match.group(1)] = Table(match.group(2), columns[match.group(3)])
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
