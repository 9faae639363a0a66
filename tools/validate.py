#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Simulates the shipped corridor, assigns its trade, and writes docs/validation.md.

  tools/validate.py [--keruen PROGRAM] [--jobs N] [--replications N] [--only validation|sensitivity|assignment]

Published figures stand in docs/validation.csv; how each is read off the simulation is in its column
`reading`, one of the functions named read_* below with its words. Blocks between
`<!-- NAME begin -->` and `<!-- NAME end -->` of the document are written anew, all else is left.
Inputs of the list INPUTS are scaled one at a time. docs/validation_assign.csv has the figures that an
assignment is set beside, with readings named assigned_*. Standard library only.
"""
import argparse
import concurrent.futures
import csv
import datetime
import json
import math
import os
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FIGURES = os.path.join(ROOT, "docs", "validation.csv")
DOCUMENT = os.path.join(ROOT, "docs", "validation.md")
ASSIGNED = os.path.join(ROOT, "docs", "validation_assign.csv")
TRIPS = os.path.join(ROOT, "docs", "validation_trips.csv")
PACKAGE = os.path.join(ROOT, "data", "kti")
SOURCES = os.path.join(PACKAGE, "source.csv")
SEED = "1"
# Student's t, two-sided 95 %, by degrees of freedom 1..30
T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
       2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]
GRAIN = {"barley", "wheat", "corn"}
CASPIAN = [(a, "ir-") for a in ("kz-", "ru-", "az-", "tm-")] + [("ir-", b) for b in ("kz-", "ru-", "az-", "tm-")]
STARTED = time.monotonic()


def log(text):
    print(f"validate: {time.monotonic() - STARTED:5.0f} s  {text}", file=sys.stderr, flush=True)


def interval(values):
    """mean and half of the 95 % interval of independent values"""
    values = [v for v in values if v is not None]
    if not values:
        return None, None
    if len(values) == 1:
        return values[0], None
    t = T95[min(len(values) - 1, 30) - 1]
    return statistics.fmean(values), t * statistics.stdev(values) / math.sqrt(len(values))


# ---- runs ----------------------------------------------------------------------------------------

class Trace:
    """what one traced replication tells, counted from `start` on"""

    def __init__(self, path, start, trips):
        self.cross_t, self.cross_lots, self.cross_h = {}, {}, {}
        self.sea_t, self.sea_grain_t, self.sea_h, self.sea_lots = {}, {}, {}, {}
        self.trips, self.stays, self.transit_t = {}, {}, 0.0
        open_, wait, last, begun, landed = {}, {}, {}, {}, {}
        with open(path, newline="", encoding="utf-8") as file:
            # most rows are of no use here: they are passed over before the CSV reader sees them
            rows = csv.reader(line for line in file if trips or ",border," in line or ",sea ride," in line)
            for case, activity, stamp, cycle, a, b, _, cause, goods, tonnes, relation, way in rows:
                if case == "case_id":
                    continue
                if activity == "load" and cycle == "complete" and case not in begun:
                    begun[case] = stamp
                elif activity == "unload" and cycle == "start":
                    last[case] = stamp
                elif activity == "delivered":
                    if case in begun and case in last and stamp >= start:
                        self.trips.setdefault(relation, []).append((hours(begun[case], last[case]), way))
                    begun.pop(case, None)
                    last.pop(case, None)
                elif activity == "wait: border":
                    wait[case] = stamp
                elif activity == "border":
                    if cycle == "start":
                        open_[case] = wait.pop(case, stamp)
                    elif stamp >= start and case in open_:
                        key = (a, b)
                        self.cross_t[key] = self.cross_t.get(key, 0.0) + float(tonnes)
                        self.cross_lots[key] = self.cross_lots.get(key, 0) + 1
                        self.cross_h[key] = self.cross_h.get(key, 0.0) + hours(open_.pop(case), stamp)
                        # goods for ships at Shahid Rajaee are transit by their trade
                        from_, to = relation.split(">")
                        if b.startswith("ir-") and "-bcp" not in b and not from_.startswith("ir-") and (
                                not to.startswith("ir-") or to == "ir-shahid-rajaee-port"):
                            self.transit_t += float(tonnes)
                elif activity == "rail haul" and cycle == "start" and landed.get(case, ("", ""))[0] == a:
                    self.stays.setdefault(a, []).append(hours(landed.pop(case)[1], stamp))
                elif activity == "sea ride":
                    landed[case] = (b, stamp)
                    if cycle == "start":
                        open_[case] = stamp
                    elif stamp >= start and case in open_:
                        key = (a, b)
                        self.sea_t[key] = self.sea_t.get(key, 0.0) + float(tonnes)
                        self.sea_lots[key] = self.sea_lots.get(key, 0) + 1
                        self.sea_h[key] = self.sea_h.get(key, 0.0) + hours(open_.pop(case), stamp)
                        if goods in GRAIN:
                            self.sea_grain_t[key] = self.sea_grain_t.get(key, 0.0) + float(tonnes)


_INSTANTS = {}


def seconds(stamp):
    day = stamp[:10]
    if day not in _INSTANTS:
        _INSTANTS[day] = (datetime.date.fromisoformat(day) - datetime.date(2000, 1, 1)).days * 86400
    return _INSTANTS[day] + int(stamp[11:13]) * 3600 + int(stamp[14:16]) * 60 + int(stamp[17:19])


def hours(a, b):
    return (seconds(b) - seconds(a)) / 3600.0


def simulate(keruen, arguments):
    """the JSON answer of one run"""
    command = [keruen, "simulate", "--package", PACKAGE, "--seed", SEED, "--format", "json", "--quiet", *arguments]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(f"validate: {' '.join(command)}\n{done.stderr}")
    return json.loads(done.stdout)


def traced(job):
    keruen, arguments, replication, start, folder = job
    path = tempfile.mktemp(".csv", "trace-", folder)
    try:
        simulate(keruen, [*arguments, "-n", "1", "--threads", "1", "--trace", path, "--trace-replication", str(replication)])
        return Trace(path, start, TRIPS in arguments)
    finally:
        if os.path.exists(path):
            os.unlink(path)


class Run:
    def __init__(self, answer, traces):
        self.answer, self.traces = answer, traces
        self.days = answer["query"]["days"]
        self.served = {}
        for r in answer["resources"]:
            self.served.setdefault((r["kind"], r["id"]), r)


def run_arguments(name):
    if name == "trips":
        return ["--from", "2024-01-01", "--routing", "best", "--demand", TRIPS]
    return ["--from", f"{name}-01-01", "--year", name]


def make_runs(keruen, names, replications, jobs):
    runs = {}
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        for name in names:
            arguments = run_arguments(name)
            n = 1 if name == "trips" else replications
            start = arguments[1]
            log(f"run {name}: {n} replication{'s' if n > 1 else ''}, each traced")
            jobs_ = [(keruen, arguments, k, start, folder) for k in range(n)]
            traces = list(pool.map(traced, jobs_))
            runs[name] = Run(simulate(keruen, [*arguments, "-n", str(n)]), traces)
    return runs


# ---- readings: (mean, half) ------------------------------------------------------------------------

def pairs(words):
    return [tuple(w.split(">")) for w in words]


def sum_of(words, table):
    return sum(table.get(p, 0.0) for p in pairs(words))


def read_total(run, words):
    """a total of the answer, times a factor"""
    e = run.answer["totals"][words[0]]
    f = float(words[1]) if len(words) > 1 else 1.0
    return (e["mean"] * f, (e["half"] or 0.0) * f) if e["mean"] is not None else (None, None)


def read_delay_share(run, words):
    """1 - speed with delay / speed without; half from the halves of both, taken together"""
    a, b = run.answer["totals"][f"swd_{words[0]}_kmh"], run.answer["totals"][f"swod_{words[0]}_kmh"]
    q = a["mean"] / b["mean"]
    return 1.0 - q, q * (a["half"] / a["mean"] + b["half"] / b["mean"])


def read_served_a_day(run, words):
    """units that borders served, a day, over all named; halves added"""
    rows = [run.served[("border", w)] for w in words]
    return sum(r["served"]["mean"] for r in rows) / run.days, sum(r["served"]["half"] for r in rows) / run.days


def read_crossing_kt(run, words):
    """thousand tonnes over the named pairs of places"""
    return interval([sum_of(words, t.cross_t) / 1000.0 for t in run.traces])


def read_crossing_kt_a_day(run, words):
    return interval([sum_of(words, t.cross_t) / 1000.0 / run.days for t in run.traces])


def read_crossing_ratio(run, words):
    """tonnes of the first pair over tonnes of the second"""
    return interval([sum_of(words[:1], t.cross_t) / sum_of(words[1:], t.cross_t) for t in run.traces])


def read_kt_a_train(run, words):
    """thousand tonnes over a pair of places / trains that a border served"""
    kt, half = read_crossing_kt(run, words[1:])
    e = run.served[("border", words[0])]["served"]
    q = kt / e["mean"]
    return q, q * (half / kt + e["half"] / e["mean"])


def ends(table, from_, to):
    """sum over sea rides, by the beginning of the names of their ends"""
    return sum(v for (a, b), v in table.items() if a.startswith(from_) and b.startswith(to))


def read_sea_kt(run, words):
    return interval([ends(t.sea_t, words[0], words[1]) / 1000.0 for t in run.traces])


def read_sea_grain_kt(run, words):
    return interval([ends(t.sea_grain_t, words[0], words[1]) / 1000.0 for t in run.traces])


def read_port_kt(run, words):
    """by sea, in and out"""
    return interval([(ends(t.sea_t, words[0], "") + ends(t.sea_t, "", words[0])) / 1000.0 for t in run.traces])


def read_sea_both_kt(run, _):
    """by sea between Iran and the other shores of the Caspian"""
    return interval([sum(ends(t.sea_t, a, b) for a, b in CASPIAN) / 1000.0 for t in run.traces])


def read_sea_d(run, words):
    return interval([ends(t.sea_h, words[0], words[1]) / ends(t.sea_lots, words[0], words[1]) / 24.0 for t in run.traces])


def read_transit_kt(run, _):
    return interval([t.transit_t / 1000.0 for t in run.traces])


def read_stay_d(run, words):
    """from the end of a voyage to the begin of the rail haul; over lots of one replication"""
    return interval([h / 24.0 for h in run.traces[0].stays.get(words[0], [])])


def departures(run, from_, to):
    """departures with cargo of tramps; halves added"""
    rows = [r for (kind, id_), r in run.served.items() if kind == "service" and id_.startswith(f"sea-{from_}-")
            and id_.endswith("-tramp-out") and r["from_node"].startswith(f"kz-{from_}")
            and any(id_.startswith(f"sea-{from_}-{p}") for p in to.split("|"))]
    return sum(r["served"]["mean"] for r in rows), sum(r["served"]["half"] for r in rows)


def read_ships_a_month(run, words):
    n, half = departures(run, words[0], words[1])
    return n / (run.days / 30.4), half / (run.days / 30.4)


def read_kt_a_ship(run, words):
    """all dry cargo of tramps over the departures with cargo"""
    n, half = departures(run, words[0], words[1])
    kt, kt_half = read_sea_kt(run, [f"kz-{words[0]}", "ir-"])
    q = kt / n
    return q, q * (half / n + kt_half / kt)


def read_ships_at_berth(run, words):
    e = run.served[("berths", words[0])]["served"]
    return e["mean"], e["half"]


def read_port_kt_a_ship(run, words):
    kt, kt_half = read_port_kt(run, words)
    n, half = read_ships_at_berth(run, words)
    return kt / n, kt / n * (kt_half / kt + half / n)


def read_trip_h(run, words):
    """from the end of loading to the begin of unloading; over lots of one replication"""
    return interval([h for h, _ in run.traces[0].trips.get(words[0], [])])


def read_trip_d(run, words):
    mean, half = read_trip_h(run, words)
    return (mean / 24.0, half / 24.0) if mean is not None else (None, None)


READINGS = {name[5:]: f for name, f in list(globals().items()) if name.startswith("read_")}


# ---- the document ------------------------------------------------------------------------------------

def number(x):
    if x is None:
        return "–"
    if abs(x) >= 1000:
        return f"{x:,.0f}"
    if abs(x) >= 100:
        return f"{x:.0f}"
    if abs(x) >= 10:
        return f"{x:.1f}"
    return f"{x:.2f}"


def load(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def verdict(low, high, mean, half):
    """inside: the interval meets the published range"""
    half = half or 0.0
    if mean is None:
        return "not told"
    if mean + half < low:
        return "below"
    if mean - half > high:
        return "above"
    return "inside"


def validation(keruen, replications, jobs):
    figures, known = load(FIGURES), {s["source_id"] for s in load(SOURCES)}
    for f in figures:
        for s in f["source_ids"].split(";"):
            if s not in known:
                raise SystemExit(f"validate: {FIGURES}: {f['figure_id']}: {s}: no such row of source.csv")
        if f["use"] not in ("calibration", "test"):
            raise SystemExit(f"validate: {FIGURES}: {f['figure_id']}: {f['use']}: calibration or test was expected")
    names = sorted({f["run"] for f in figures})
    runs = make_runs(keruen, names, replications, jobs)
    blocks, why = {}, []
    for use in ("calibration", "test"):
        lines = ["| figure | published | year | model | | of the nearest published | source |", "|---|---|---|---|---|---|---|"]
        count, near = {"inside": 0}, 0
        for f in (f for f in figures if f["use"] == use):
            words = f["reading"].split()
            mean, half = READINGS[words[0]](runs[f["run"]], words[1:])
            low, high = float(f["low"]), float(f["high"])
            told = number(low) if low == high else f"{number(low)}–{number(high)}"
            v = verdict(low, high, mean, half)
            count[v] = count.get(v, 0) + 1
            model = number(mean) + (f" ± {number(half)}" if half else "")
            share = mean / (low if mean < low else high if mean > high else mean) if mean else 0.0
            near += v == "inside" or 0.8 <= share <= 1.25
            lines.append(f"| {f['what']} | {(told + ' ' + f['unit']).strip()} | {f['year']} | {model} | "
                         f"{v if v == 'inside' else '**' + v + '**'} | {share:.2f} | {', '.join(f['source_ids'].split(';'))} |")
            if v != "inside":
                why.append(f"- **{f['what']}** ({v}). {f['why']}")
                if not f["why"]:
                    log(f"{f['figure_id']} is {v} and nobody says why")
            log(f"{use:11} {f['figure_id']:34} {told:>14} {model:>18} {f['unit']:12} {v}")
        outside = sum(n for k, n in count.items() if k != "inside")
        blocks[use] = "\n".join(lines) + f"\n\nInside: {count['inside']} of {count['inside'] + outside}; inside or off by a quarter at most: {near}."
    blocks["why"] = "\n".join(why)
    answer = next(run for name, run in runs.items() if name != "trips").answer
    blocks["run"] = (f"Written by `make validation`: {replications} replications of 365 days after {number(answer['query']['warmup_d'])} "
                     f"days of warm-up, seed {SEED}, routing `{answer['query']['routing']}`.")
    return blocks


# ---- sensitivity ---------------------------------------------------------------------------------------

BOLASHAK = ["kz-bolashak>tm-serhetyaka", "tm-serhetyaka>kz-bolashak"]
STEPS = (0.8, 1.2)


def rows_of(table, key, test):
    path = os.path.join(PACKAGE, f"{table}.csv")
    if not os.path.exists(path):
        path = os.path.join(PACKAGE, "timetable", f"{table}.txt")
    keys = sorted({r[key] for r in load(path) if test(r)})
    if not keys:
        raise SystemExit(f"validate: {table}: no row for a scaled input")
    return keys


def caspian_tramp(row):
    return row["trip_id"].startswith("sea-") and "-tramp-" in row["trip_id"] and "ir-" not in row["trip_id"]


def border_of(*names):
    return lambda r: any(n in r["border_id"] for n in names) and "-bcp" not in r["border_id"]


DWELL = ["dwell_low_h", "dwell_typical_h", "dwell_high_h"]
# id, in words, estimated?, changes: (table, columns, key, rows)
INPUTS = [
    ("demand", "tonnes of all flows", "partly", None),
    ("lot", "size of lots", "mostly", [("flow", ["lot_t"], "flow_id", lambda r: r["year"] == "2024")]),
    ("spread", "spread of the logit shares, 10 USD/t", "yes", [("config", ["kr_logit_usd_t"], "dataset_name", lambda r: True)]),
    ("patience", "patience, 10 days", "yes", [("config", ["kr_patience_d"], "dataset_name", lambda r: True)]),
    ("locomotives", "IR locomotives on the corridor, 37.5", "share", [("fleet", ["corridor_share"], "fleet_id",
     lambda r: r["fleet_id"] == "ir-locomotive-1435")]),
    ("wagons", "IR wagons on the corridor, 3,744", "share", [("fleet", ["corridor_share"], "fleet_id",
     lambda r: r["fleet_id"] == "ir-wagon-1435")]),
    ("incheh", "Incheh Borun, wagons a day: border and gauge change", "no", [
        ("border", ["wagons_per_day"], "border_id", border_of("b-akyayla-incheh-borun")),
        ("gauge_change", ["wagons_per_day"], "gauge_change_id", lambda r: r["node_id"] == "ir-incheh-borun" and r["wagons_per_day"])]),
    ("sarakhs", "Sarakhs, wagons a day: border and gauge change", "no", [
        ("border", ["wagons_per_day"], "border_id", border_of("b-serakhs-sarakhs")),
        ("gauge_change", ["wagons_per_day"], "gauge_change_id", lambda r: r["node_id"] == "ir-sarakhs" and r["wagons_per_day"])]),
    ("dwell-rail", "stay at all rail borders", "half", [("border", DWELL, "border_id", lambda r: "-bcp" not in r["border_id"])]),
    ("paths", "trains a day of single track", "yes", [("link", ["kr_trains_per_day"], "link_id",
     lambda r: r["kr_mode"] == "rail" and r["kr_tracks"] == "1" and r["kr_trains_per_day"])]),
    ("running", "running time of trains, all railways", "partly", [("spread", ["typical_factor"], "spread_id",
     lambda r: r["mode"] == "rail")]),
    ("headway", "days between tramp ships", "yes", [("frequencies", ["headway_secs"], "trip_id", caspian_tramp)]),
    ("draught", "depth of water in Caspian ports", "partly", [("port", ["draught_m"], "node_id",
     lambda r: r["sea"] == "caspian" and r["draught_m"])]),
    ("tariff-tm-ir", "rail tariffs of Turkmenistan and Iran", "yes", [("tariff", ["price"], "tariff_id",
     lambda r: r["mode"] == "rail" and r["use"] == "rate" and r["charge"] == "haul" and r["countries"] in ("TM", "IR", "IR;TR;PK"))]),
    ("tariff-sea", "sea freights", "mostly", [("tariff", ["price"], "tariff_id",
     lambda r: r["mode"] == "sea" and r["use"] == "rate" and r["charge"] == "freight")]),
]


def measure(input_id, changes, factor, folder):
    """path of a measure that scales the cells of one input"""
    name = f"m-{input_id}-{round(factor * 100)}"
    path = os.path.join(folder, f"{name}.yaml")
    with open(path, "w", encoding="utf-8") as out:
        out.write(f"id: {name}\nname: {{en: scaled by {factor}}}\nkind: infrastructure\nparties: [IR]\nstatus: in force\n"
                  "effect: one input scaled\nquality: estimated\nsource_id: rule-method-keruen\nchanges:\n")
        for table, columns, key, test in changes:
            keys = ", ".join('"' + k.replace('"', "") + '"' for k in rows_of(table, key, test))
            scale = ", ".join(f"{c}: {factor}" for c in columns)
            out.write(f"  - table: {table}\n    where: {{{key}: [{keys}]}}\n    scale: {{{scale}}}\n")
    return path


def stored(path):
    """of each replication of a store: mean days from door to door over tonnes, and price a tonne"""
    with sqlite3.connect(path) as base:
        place = {n: i for i, n in base.execute("select number, name from metric")}
        rows = base.execute("select metrics from replication order by number").fetchall()
    out = []
    groups = sum(n.startswith("group ") and n.endswith("/mean_h") for n in place)
    for (blob,) in rows:
        value = lambda n: struct.unpack_from("<d", blob, 8 * place[n])[0]  # noqa: E731
        parts = [(value(f"group {g}/delivered_t"), value(f"group {g}/mean_h")) for g in range(groups)]
        parts = [(t, h) for t, h in parts if t > 0 and not math.isnan(h)]
        out.append((sum(t * h for t, h in parts) / sum(t for t, _ in parts) / 24.0,
                    value("total/price_usd") / value("total/delivered_t")))
    return out


def outputs(job):
    """of one variant: a value for each year of one traced replication, or for each replication"""
    keruen, arguments, replications, years, folder = job
    trace, store = tempfile.mktemp(".csv", "trace-", folder), tempfile.mktemp(".db", "store-", folder)
    try:
        simulate(keruen, [*arguments, "--days", str(365 * years), "-n", str(replications), "--threads", "1",
                          "--store", store, "--trace", trace])
        first = datetime.date.fromisoformat(arguments[1])
        starts = [(first + datetime.timedelta(365 * k)).isoformat() for k in range(years + 1)]
        bolashak, caspian = [0.0] * years, [0.0] * years
        over = {tuple(w.split(">")) for w in BOLASHAK}
        shores = [(a, b) for a, b in CASPIAN]
        with open(trace, encoding="utf-8") as file:
            # the columns before `way` hold no quoted comma
            for line in file:
                if ",border,20" in line or ",sea ride,20" in line:
                    _, activity, stamp, cycle, a, b, _, _, _, tonnes, _ = line.split(",", 10)
                    if cycle != "complete" or stamp < starts[0]:
                        continue
                    year = sum(stamp >= s for s in starts[1:years])
                    if activity == "border":
                        bolashak[year] += float(tonnes) / 1e3 if (a, b) in over else 0.0
                    elif any(a.startswith(x) and b.startswith(y) for x, y in shores):
                        caspian[year] += float(tonnes) / 1e3
        days, usd = zip(*stored(store))
        return {"bolashak": bolashak, "caspian": caspian, "days": list(days), "usd": list(usd)}
    finally:
        for path in (trace, store):
            if os.path.exists(path):
                os.unlink(path)


COLUMNS = [("bolashak", "Bolashak, kt"), ("caspian", "Caspian, kt"), ("days", "door to door, days"), ("usd", "price, USD/t")]


def difference(values, base):
    mean, half = interval([a - b for a, b in zip(values, base)])
    if abs(mean) <= half:
        return f"{mean:+.1f} ± {half:.1f}"
    return f"**{mean:+.1f}** ± {half:.1f}"


def sensitivity(keruen, replications, years, jobs):
    variants = {"base": []}
    table = {}
    with tempfile.TemporaryDirectory() as folder:
        for input_id, _, _, changes in INPUTS:
            for step in STEPS:
                variants[f"{input_id} {step}"] = (["--demand-scale", str(step)] if changes is None else
                                                  ["--with", measure(input_id, changes, step, folder)])
        log(f"sensitivity: {len(variants)} variants, {replications} replications of {years} years each")
        with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
            waiting = {name: pool.submit(outputs, (keruen, [*run_arguments("2024"), *more], replications, years, folder))
                       for name, more in variants.items()}
            for name, future in waiting.items():
                table[name] = future.result()
                log(f"  {name:22} " + "  ".join(f"{c} {interval(v)[0]:.1f}" for c, v in table[name].items()))
    base = table["base"]

    def strength(row):
        """largest change of an output, in shares of the output, over both steps"""
        return max(abs(interval([a - b for a, b in zip(table[f"{row[0]} {s}"][c], base[c])])[0]) / abs(interval(base[c])[0])
                   for s in STEPS for c, _ in COLUMNS)

    lines = ["| input | estimated | change | " + " | ".join(t for _, t in COLUMNS) + " |", "|---|---|---|" + "---|" * len(COLUMNS)]
    lines.append("| *as it is* | | | " + " | ".join("{:.1f} ± {:.1f}".format(*interval(base[c])) for c, _ in COLUMNS) + " |")
    ranked = sorted(INPUTS, key=strength, reverse=True)
    for row in ranked[:10]:
        for step in STEPS:
            values = table[f"{row[0]} {step}"]
            lines.append(f"| {row[1] if step == STEPS[0] else ''} | {row[2] if step == STEPS[0] else ''} | {step - 1:+.0%} | "
                         + " | ".join(difference(values[c], base[c]) for c, _ in COLUMNS) + " |")
    weak = ", ".join(f"{row[1]} ({strength(row):.1%})" for row in ranked[10:])
    return {"sensitivity": "\n".join(lines) + f"\n\nLess than these, largest change of one of the four in brackets: {weak}."}


# ---- assignment ------------------------------------------------------------------------------------------

METHODS = ("ue", "sue", "logit")


def assigned_link_kt(answer, words):
    """thousand tonnes over links between the named pairs of places, any mode"""
    wanted = set(pairs(words))
    return sum(l["tonnes"] for l in answer["links"] if (l["from"], l["to"]) in wanted) / 1000.0


def assigned_link_kt_a_day(answer, words):
    return assigned_link_kt(answer, words) / 365.0


def assigned_link_ratio(answer, words):
    """tonnes of the first pair over tonnes of the second"""
    return assigned_link_kt(answer, words[:1]) / assigned_link_kt(answer, words[1:])


def assigned_load_a_day(answer, words):
    """units a day at the named borders"""
    return sum(r["load_a_day"] for r in answer["resources"] if r["kind"] == "border" and r["row"] in words)


def assigned_grain(answer, from_, to):
    """tonnes of grain between beginnings of places, and those of them over the Caspian"""
    rows, all_t, sea_t = answer["rows"], 0.0, 0.0
    for w in answer["ways"]:
        r = rows[w["row"]]
        if r["commodity"] in GRAIN and r["origin"].startswith(from_) and r["destination"].startswith(to):
            all_t += w["tonnes"]
            sea_t += w["tonnes"] if "sea" in w["modes"] else 0.0
    return all_t, sea_t


def assigned_grain_sea_kt(answer, words):
    return assigned_grain(answer, words[0], words[1])[1] / 1000.0


def assigned_grain_sea_share(answer, words):
    all_t, sea_t = assigned_grain(answer, words[0], words[1])
    return sea_t / all_t


def assigned_port_kt(answer, words):
    """by sea, in and out"""
    return sum(p["tonnes"] for p in answer["ports"] if p["node"] == words[0]) / 1000.0


def assigned_sea_both_kt(answer, _):
    """by sea between Iran and the other shores of the Caspian"""
    return sum(l["tonnes"] for l in answer["links"] if l["mode"] == "sea" and
               any(l["from"].startswith(a) and l["to"].startswith(b) for a, b in CASPIAN)) / 1000.0


ASSIGNED_READINGS = {name[9:]: f for name, f in list(globals().items()) if name.startswith("assigned_")}


def assign(keruen, year, method):
    """the JSON answer, as told without prices of capacity"""
    command = [keruen, "assign", "--package", PACKAGE, "--year", year, "--method", method, "--gap", "1e-8",
               "--priced", "0", "--format", "json", "--quiet"]
    started = time.monotonic()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"validate: {' '.join(command)}\n{done.stderr}")
    answer = json.loads(done.stdout)
    log(f"assign {year} {method:6} gap {answer['relative_gap']:.1e}, {time.monotonic() - started:.1f} s")
    return answer


def assignment(keruen):
    figures, known = load(ASSIGNED), {s["source_id"] for s in load(SOURCES)}
    for f in figures:
        for s in f["source_ids"].split(";"):
            if s not in known:
                raise SystemExit(f"validate: {ASSIGNED}: {f['figure_id']}: {s}: no such row of source.csv")
    answers = {(y, m): assign(keruen, y, m) for y in sorted({f["run"] for f in figures}) for m in METHODS}
    lines, why = [], []
    for use, title in (("calibration", "Calibration"), ("test", "Kept for testing")):
        lines += [f"{title}:", "", f"| figure | published | year | {' | '.join(METHODS)} | ue of the nearest published | source |",
                  "|---|---|---|" + "---|" * len(METHODS) + "---|---|"]
        near = {m: 0 for m in METHODS}
        of_use = [f for f in figures if f["use"] == use]
        for f in of_use:
            words = f["reading"].split()
            low, high = float(f["low"]), float(f["high"])
            values = {m: ASSIGNED_READINGS[words[0]](answers[(f["run"], m)], words[1:]) for m in METHODS}
            shares = {m: v / (low if v < low else high if v > high else v) if v else 0.0 for m, v in values.items()}
            for m in METHODS:
                near[m] += 0.8 <= shares[m] <= 1.25
            told = number(low) if low == high else f"{number(low)}–{number(high)}"
            lines.append(f"| {f['what']} | {(told + ' ' + f['unit']).strip()} | {f['year']} | "
                         f"{' | '.join(number(values[m]) for m in METHODS)} | {shares['ue']:.2f} | "
                         f"{', '.join(f['source_ids'].split(';'))} |")
            if shares["ue"] != 1.0 and f["why"]:
                why.append(f"- **{f['what']}**. {f['why']}")
            log(f"{use:11} {f['figure_id']:34} {told:>14} {' '.join(number(values[m]) for m in METHODS)}")
        lines += ["", "Within a quarter of the published figure: " +
                  ", ".join(f"{m} {near[m]} of {len(of_use)}" for m in METHODS) + ".", ""]
    full = answers[(max(y for y, _ in answers), "ue")]
    fullest = [f"{r['words']} {r['full_share']:.2f}" for r in full["resources"][:6]]
    lines += [f"Fullest in the equilibrium of {full['question']['demand_year']} (load to capacity): {'; '.join(fullest)}."]
    return {"assignment": "\n".join(lines), "assignment why": "\n".join(why)}


# ---- main ------------------------------------------------------------------------------------------------

def write_document(blocks):
    with open(DOCUMENT, encoding="utf-8") as file:
        text = file.read()
    for name, block in blocks.items():
        begin, end = f"<!-- {name} begin -->", f"<!-- {name} end -->"
        if begin not in text or end not in text:
            raise SystemExit(f"validate: {DOCUMENT}: no block {name}")
        text = text[:text.index(begin) + len(begin)] + "\n\n" + block + "\n\n" + text[text.index(end):]
    partial = DOCUMENT + ".part"
    with open(partial, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(partial, DOCUMENT)


def main():
    parser = argparse.ArgumentParser(description="writes docs/validation.md anew")
    parser.add_argument("--keruen", default=os.path.join(ROOT, "build", "release", "keruen"))
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--replications", type=int, default=10, help="of the table of figures")
    parser.add_argument("--paired", type=int, default=3, help="replications of each scaled input, for days and price")
    parser.add_argument("--years", type=int, default=3, help="years of each replication; one is traced for the tonnes")
    parser.add_argument("--only", choices=("validation", "sensitivity", "assignment"))
    args = parser.parse_args()
    if not os.access(args.keruen, os.X_OK):
        raise SystemExit(f"validate: {args.keruen}: no program; make build")
    blocks = {}
    if args.only in (None, "validation"):
        blocks.update(validation(args.keruen, args.replications, args.jobs))
    if args.only in (None, "sensitivity"):
        blocks.update(sensitivity(args.keruen, args.paired, args.years, args.jobs))
    if args.only in (None, "assignment"):
        blocks.update(assignment(args.keruen))
    write_document(blocks)
    log(f"wrote {os.path.relpath(DOCUMENT, ROOT)}")


if __name__ == "__main__":
    main()
