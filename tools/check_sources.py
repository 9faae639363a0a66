#!/usr/bin/env python3
"""Fails where a row of the shipped package has no source, or a source id is not in source.csv."""
import csv
import pathlib
import sys


def main():
    package = pathlib.Path(__file__).resolve().parent.parent / "data/kti"
    with open(package / "source.csv", encoding="utf-8", newline="") as file:
        known = {row["source_id"] for row in csv.DictReader(file)}
    bad = []
    for path in sorted(package.rglob("*.csv")) + sorted(package.rglob("kr_*.txt")):
        if path.name == "source.csv":
            continue
        with open(path, encoding="utf-8", newline="") as file:
            reader = csv.DictReader(file)
            column = next((c for c in ("source_id", "kr_source_id") if c in (reader.fieldnames or [])), None)
            if column is None:
                if path.name != "config.csv":
                    bad.append(f"{path.name}: no column of sources")
                continue
            for number, row in enumerate(reader, 2):
                if row[column] not in known:
                    bad.append(f"{path.name}:{number}: source {row[column]!r} is not in source.csv")
    print("\n".join(bad[:50]), end="\n" if bad else "")
    return 1 if bad else 0


sys.exit(main())
