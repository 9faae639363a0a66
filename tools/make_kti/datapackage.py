#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes datapackage.json of a package folder from src/model/schema.c: datapackage.py PACKAGE"""

import csv
import json
import os
import sys

import kti_tables as kt

TYPES = {"NUMBER": "number", "INTEGER": "integer", "BOOL": "boolean", "DATE": "date"}


def field(column, gtfs):
    made = {"name": column.name, "type": TYPES.get(column.type, "string")}
    if column.meaning:
        made["description"] = column.meaning + (f" ({column.unit})" if column.unit else "")
    constraints = {}
    if column.required:
        constraints["required"] = True
    if column.type == "DATE":
        made["format"] = "%Y%m%d" if gtfs else "default"
    if column.type == "BOOL":
        made["trueValues"], made["falseValues"] = ["true", "1"], ["false", "0"]
    if column.type == "CHOICE":
        constraints["enum"] = column.choices.split("|") + (["any"] if column.any_allowed else [])
    if column.type in ("NUMBER", "INTEGER") and (column.min or column.max) and column.min != column.max:
        convert = float if column.type == "NUMBER" else lambda text: int(float(text))
        constraints["minimum"] = convert(column.min or "0")
        constraints["maximum"] = convert(column.max)
    if constraints:
        made["constraints"] = constraints
    return made


def name_of(table):
    """Resource name: timetable/stop_times.txt -> timetable-stop-times."""
    return os.path.splitext(table.file)[0].replace("/", "-").replace("_", "-").lower()


def resource(folder, table, tables):
    path = os.path.join(folder, *table.file.split("/"))
    with open(path, encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    known = {column.name: column for column in table.columns}
    fields, foreign = [], []
    for name in header:
        if name not in known:
            fields.append({"name": name, "type": "string"})
            continue
        column = known[name]
        fields.append(field(column, table.gtfs))
        if column.type in ("REF", "KEY") and column.refers:
            target = tables[column.refers]
            foreign.append({"fields": [name], "reference": {
                "resource": "" if target is table else name_of(target), "fields": [target.key]}})
    made = {"fields": fields, "missingValues": [""]}
    if table.key:
        made["primaryKey"] = [table.key]
    if foreign:
        made["foreignKeys"] = foreign
    return {"name": name_of(table), "path": table.file, "profile": "tabular-data-resource", "title": table.title,
            "format": "csv", "mediatype": "text/csv", "encoding": "utf-8",
            "dialect": {"delimiter": ",", "lineTerminator": "\n"}, "schema": made}


def main(folder):
    tables = kt.schema()
    with open(os.path.join(folder, "config.csv"), encoding="utf-8", newline="") as file:
        config = next(csv.DictReader(file))
    resources = []
    for table in tables.values():
        if table.file.endswith("/"):
            continue
        if not os.path.exists(os.path.join(folder, *table.file.split("/"))):
            if not table.optional:
                print(f"{table.file} is not there", file=sys.stderr)
            continue
        resources.append(resource(folder, table, tables))
    measures = sorted(f for f in os.listdir(os.path.join(folder, "measure")) if f.endswith(".yaml")) \
        if os.path.isdir(os.path.join(folder, "measure")) else []
    for name in measures:
        resources.append({"name": "measure-" + os.path.splitext(name)[0].lower(), "path": f"measure/{name}",
                          "format": "yaml", "mediatype": "application/yaml", "encoding": "utf-8"})
    package = {
        "profile": "data-package", "name": "kti", "title": config["dataset_name"], "version": config["kr_version"],
        "created": config["kr_date"] + "T00:00:00Z",
        "description": "A freight corridor as tables: places and lines (GMNS), timetable (GTFS), borders, terminals, tariffs, "
                       "rules, measures. See SOURCES.md.",
        "licenses": [{"name": "ODbL-1.0", "path": "https://opendatacommons.org/licenses/odbl/1-0/",
                      "title": "Open Data Commons Open Database License 1.0"}],
        "sources": [
            {"title": "OpenStreetMap contributors", "path": "https://www.openstreetmap.org/copyright"},
            {"title": "GeoNames", "path": "https://www.geonames.org/"},
            {"title": "Natural Earth", "path": "https://www.naturalearthdata.com/"},
            {"title": "UN/LOCODE", "path": "https://unece.org/trade/uncefact/unlocode"},
            {"title": "all others: source.csv", "path": "source.csv"}],
        "resources": resources}
    with open(os.path.join(folder, "datapackage.json"), "w", encoding="utf-8", newline="\n") as file:
        json.dump(package, file, ensure_ascii=False, indent=1)
        file.write("\n")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("use: datapackage.py PACKAGE")
    main(sys.argv[1])
