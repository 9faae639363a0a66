#!/usr/bin/env python3
"""Fails where a double of a public header carries no unit in its name.

A name that is a unit or a share itself (tonnes, days, share) is enough. What holds values of many
units says so beside it: metrics and values of a vector, mean and half width of an estimate, a
capacity with its unit in the next field.
"""
import pathlib
import re
import sys

UNIT = re.compile(r"(_(km|h|h2|kmh|usd|t|tkm|kg_co2e|share|prob|deg|m|nm|kn|d)(\b|_per_\w+$)|_usd_per_\w+$"
                  r"|_a_(day|year)$|^(lat|lon|share|tonnes|days)$)")
MANY = ("metrics", "out_metrics", "values", "out", "mean", "half", "capacity", "quantity")
CALLERS = re.compile(r"(^|_)(flow|time|cost|load|weight|length|toll|equivalents|factor|power|units|size|"
                     r"slope|times?|prices|fields|quantity|vehicles|capacity|number|gap)$")
CALLERS_HEADERS = ("assign.h", "tntp.h", "path_assign.h", "cost_network.h", "cost_assign.h", "layer.h", "omx.h")
NOISE = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"", re.S)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    bad = []
    for path in sorted((root / "include/keruen").glob("*.h")):
        code = NOISE.sub(" ", path.read_text(encoding="utf-8"))
        for match in re.finditer(r"\bdouble\s+([^;(){}]+?)\s*[;,)]", code):
            for name in match.group(1).split(","):
                name = name.strip().lstrip("*").strip()
                name = re.sub(r"\[.*", "", name)
                if re.fullmatch(r"\w+", name) and name not in ("double",) + MANY and not UNIT.search(name) and not (
                        path.name in CALLERS_HEADERS and CALLERS.search(name)):
                    bad.append(f"{path.relative_to(root)}: double {name} has no unit in its name")
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


sys.exit(main())
