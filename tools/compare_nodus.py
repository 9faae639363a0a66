#!/usr/bin/env python3
"""Runs the demo project of NODUS and compares with flows that NODUS gave.

usage: compare_nodus.py FOLDER [--keruen PROGRAM] [--runs N]

FOLDER is the demo folder of NODUS 8.4 (demo.nodus with its layers, tables and .costs files). Where it
has expected/NAME_links.csv, NAME_handling.csv, NAME_od.csv (columns as keruen assign writes them)
every row is compared. The folder that keruen convert makes of it must give the same answers, byte for byte. The
demo is under the GPL and not part of this project.
"""
import argparse
import csv
import json
import math
import pathlib
import resource
import subprocess
import sys
import tempfile
import time

ALL = "od_road,od_rail,od_iww"
SCENARIOS = (  # name, cost set, tables, method, further options, files in expected/
    ("road", "road", "od_road", "aon", (), "road_aon"),
    ("waterway", "iww", "od_iww", "aon", (), None),
    ("rail", "rail", "od_rail", "aon", (), None),
    ("uncalibrated", "uncalibrated", ALL, "aon", (), None),
    ("MNL", "MNL", ALL, "aon", (), None),
    ("intermodal", "intermodal", ALL, "aon", (), "intermodal_aon"),
    ("intermodal2", "intermodal2", ALL, "aon", (), None),
    ("uncalibrated logit", "uncalibrated", ALL, "logit", ("--spread", "2"), None),
    ("MNL logit", "MNL", ALL, "logit", ("--spread", "2"), None),
    ("intermodal logit", "intermodal", ALL, "logit", ("--spread", "2"), None),
    ("intermodal2 logit", "intermodal2", ALL, "logit", ("--spread", "2"), None),
    ("equilibrium", "equilibrium", "od_equilibrium", "ue", ("--gap", "1e-8"), None),
)
TOTALS = {"road_aon": "36395083.926263", "intermodal_aon": "313824927.931058"}  # as NODUS prints them
KEYS = {"links": ("mode", "means", "link", "from_node", "to_node"),
        "handling": ("type", "node", "from_link", "from_mode", "from_means", "to_link", "to_mode", "to_means"),
        "od": ("grp", "org", "dst")}
RELATIVE = {"length_km", "speed_kmh", "ucost", "cheapest_cost"}


def rows_of(path, keys):
    with open(path, newline="", encoding="utf-8") as file:
        return {tuple(row[key] for key in keys): row for row in csv.DictReader(file)}


def largest_difference(expected, own):
    """Largest difference of quantities, and of unit costs relative to themselves; rows unlike."""
    quantity = cost = 0.0
    unlike = len(set(expected) ^ set(own))
    for key in set(expected) & set(own):
        for name, text in expected[key].items():
            if name not in own[key] or not text:
                continue
            try:
                wanted, found = float(text), float(own[key][name])
            except ValueError:
                continue
            if name.rstrip("0123456789") in RELATIVE:
                cost = max(cost, abs(wanted - found) / max(abs(wanted), 1e-12))
            else:
                quantity = max(quantity, abs(wanted - found))
    return quantity, cost, unlike


def compare(folder, files, flows):
    quantity = cost = 0.0
    n = unlike = 0
    for kind, own in (("links", "links.csv"), ("handling", "handling.csv"), ("od", "cells.csv")):
        path = folder / "expected" / f"{files}_{kind}.csv"
        if not path.exists():
            continue
        expected = rows_of(path, KEYS[kind])
        q, c, u = largest_difference(expected, rows_of(flows / own, KEYS[kind]))
        quantity, cost, unlike, n = max(quantity, q), max(cost, c), unlike + u, n + len(expected)
    return n, quantity, cost, unlike


def imbalance(flows):
    """Largest difference of what comes to a node and what leaves it, over the largest flow."""
    balance, most = {}, 0.0

    def add(node, value):
        balance[node] = balance.get(node, 0.0) + value
    for row in rows_of(flows / "links.csv", KEYS["links"]).values():
        add(row["from_node"], -float(row["qty"]))
        add(row["to_node"], float(row["qty"]))
        most = max(most, float(row["qty"]))
    for row in rows_of(flows / "handling.csv", KEYS["handling"]).values():
        add(row["node"], {"load": 1, "unload": -1, "tranship": 0}[row["type"]] * float(row["qty"]))
    return max(map(abs, balance.values()), default=0.0) / max(most, 1.0)


def processor_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--keruen", default=str(pathlib.Path(__file__).resolve().parent.parent / "build/release/keruen"))
    parser.add_argument("--runs", type=int, default=5, help="of which the fastest is told")
    given = parser.parse_args()
    print(f"{'scenario':<19}{'rows':>6}{'unlike':>7}{'quantity':>10}{'unit cost':>10}"
          f"{'total cost':>19}{'gap':>9}{'balance':>9}{'seconds':>8}{'cpu':>8}")
    with tempfile.TemporaryDirectory() as converted:
        subprocess.run([given.keruen, "convert", "nodus", str(given.folder / "demo.nodus"), converted + "/demo", "--quiet"],
                       stdout=subprocess.DEVNULL, check=True)
        bad = run_all(given, converted + "/demo")
    return 1 if bad else 0


def run_all(given, converted):
    bad = 0
    for name, costs, tables, method, more, files in SCENARIOS:
        with tempfile.TemporaryDirectory() as work:
            flows = pathlib.Path(work) / "flows"
            command = [given.keruen, "assign", "--package", str(given.folder / "demo.nodus"), "--costs", costs,
                       "--od", tables, "--method", method, *more, "--quiet", "--format", "json"]
            folder = [converted if word == command[3] else word for word in command]
            done = subprocess.run(command + ["--flows", str(flows)], capture_output=True, text=True, check=False)
            if done.returncode != 0:
                bad += 1
                print(f"{name:<19}exit {done.returncode}: {done.stderr.strip()}")
                continue
            answer = json.loads(done.stdout)
            seconds = processor = math.inf
            for _ in range(given.runs):
                begin, used = time.perf_counter(), processor_seconds()
                subprocess.run(command[:-1] + ["table"], capture_output=True, check=False)
                seconds = min(seconds, time.perf_counter() - begin)
                processor = min(processor, processor_seconds() - used)
            total = f"{answer['totals']['cost']:.6f}"
            n, quantity, cost, unlike = compare(given.folder, files, flows) if files else (0, 0.0, 0.0, 0)
            same = unlike == 0 and quantity <= 1e-6 and cost <= 1e-9 and (not files or total == TOTALS[files])
            alike = subprocess.run(folder, capture_output=True, text=True, check=False).stdout == done.stdout
            good = same and alike and answer["gap_reached"] and imbalance(flows) <= 1e-9
            bad += not good
            told = (f"{n:>6}{unlike:>7}{quantity:>10.1e}{cost:>10.1e}" if files else f"{'-':>6}{'-':>7}{'-':>10}{'-':>10}")
            print(f"{name:<19}{told}{total:>19}{answer['relative_gap']:>9.1e}{imbalance(flows):>9.1e}{seconds:>8.3f}{processor:>8.3f}"
                  + ("" if good else "  NOT AS EXPECTED"))
    return bad


if __name__ == "__main__":
    sys.exit(main())
