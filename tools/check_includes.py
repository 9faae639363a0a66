#!/usr/bin/env python3
"""Fails where a source includes against the layers (see docs/tour.md), or two files share a name."""
import collections
import pathlib
import re
import sys

PRIVATE = {
    "base": {"base"}, "model": {"base", "model"}, "io": {"base", "model", "io"},
    "plan": {"base", "model", "plan"}, "sim": {"base", "model", "sim"},
    "assign": {"base", "assign"}, "scenario": {"base", "model", "scenario"},
    "report": {"base", "model", "io", "report"}, "cli": {"base", "cli"},
}
BASE_HEADERS = {"status", "arena", "units"}
ENGINES = {"plan", "pareto"}
ALL = None
# A rival method on the library's own packed problem, so that nothing but the method differs.
RIVALS = {"bench/bush_rival.c"}
PUBLIC = {  # layers of public headers that a folder may include; None: all
    "base": {"base"}, "model": {"base", "model"}, "io": {"base", "model", "io"},
    "plan": {"base", "model", "plan"}, "sim": {"base", "model", "sim"},
    "assign": {"base", "assign"},
    "scenario": {"base", "model", "plan", "sim", "assign", "scenario"},
    "report": {"base", "model", "io", "plan", "sim", "assign", "scenario", "report"}, "cli": ALL,
}


def layer_of_public(name):
    if name in BASE_HEADERS:
        return "base"
    if name in ENGINES:
        return "plan"
    if name in {"sim", "ensemble"}:
        return "sim"
    if name in {"assign", "path_assign"}:
        return "assign"
    if name in {"scenario", "trade", "cost_assign"}:
        return "scenario"
    if name in {"tntp", "omx", "layer", "nodus"}:
        return "io"
    if name in {"store", "trace"}:
        return "report"
    if name in {"io", "report", "keruen"}:
        return name
    return "model"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    bad = []
    names = collections.Counter()
    for path in sorted(root.glob("src/*/*.[ch]")) + sorted(root.glob("include/keruen/*.h")):
        names[path.name] += 1
        text = path.read_text(encoding="utf-8")
        relative = path.relative_to(root)
        public = path.parts[-2] == "keruen"
        own = layer_of_public(path.stem) if public else path.parts[-2]
        for folder in re.findall(r'#include\s+"([a-z_]+)/', text):
            if public or folder not in PRIVATE[own]:
                bad.append(f"{relative}: includes \"{folder}/...\"")
        for name in re.findall(r'#include\s+<keruen/(\w+)\.h>', text):
            layer = layer_of_public(name)
            allowed = PUBLIC.get(own, ALL)
            if own in ("keruen",):
                continue
            if allowed is not None and layer not in allowed:
                bad.append(f"{relative}: includes <keruen/{name}.h> of layer {layer}")
    for folder in ("tests/cli", "tests/cases", "tests/property", "fuzz", "bench", "examples"):
        for path in sorted((root / folder).rglob("*.c")):
            for inner in re.findall(r'#include\s+"(base|model|io|plan|assign|report|cli)/', path.read_text()):
                if folder in ("bench", "examples") and str(path.relative_to(root)) not in RIVALS:
                    bad.append(f"{path.relative_to(root)}: only public headers here, not {inner}/")
    bad += [f"two files are called {name}" for name, n in names.items() if n > 1]
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


sys.exit(main())
