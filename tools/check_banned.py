#!/usr/bin/env python3
"""Fails on banned functions and on mutable data at file scope."""
import pathlib
import re
import sys

BANNED = ("sprintf", "vsprintf", "strcpy", "strcat", "strtok", "atoi", "atol", "atof", "localtime",
          "gmtime", "rand", "srand", "gets", "setlocale", "alloca", "asctime", "ctime")
NOISE = re.compile(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'", re.S)
BELOW_CLI = re.compile(r"\b(time|clock_gettime|gettimeofday)\s*\(")


def blank(match):
    return "\n" * match.group(0).count("\n") if match.group(0)[0] == "/" else '""'


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    bad = []
    for folder in ("src", "include", "tests", "bench", "fuzz", "examples"):
        for path in sorted((root / folder).rglob("*.[ch]")):
            code = NOISE.sub(blank, path.read_text(encoding="utf-8"))
            where = path.relative_to(root)
            for number, line in enumerate(code.split("\n"), 1):
                for name in BANNED:
                    if folder in ("src", "include") and re.search(rf"(?<![\w.>]){name}\s*\(", line):
                        bad.append(f"{where}:{number}: {name} is banned")
                if folder == "src" and path.parts[-2] in ("base", "model", "plan") and BELOW_CLI.search(line):
                    bad.append(f"{where}:{number}: no wall clock here")
            if folder == "src":
                for match in re.finditer(
                        r"^(?!.*\b(?:const|typedef|extern|return|goto)\b)(?:static\s+)?[A-Za-z_][\w \*]*\s\**\w+"
                        r"(?:\[[^\]]*\])*\s*(?:=[^;(]*)?;", code, re.M):
                    text = match.group(0).strip()
                    if not re.match(r"(?:struct|enum|union) \w+;", text) and "break" not in text:
                        bad.append(f"{where}: mutable data at file scope: {text[:60]}")
    print("\n".join(bad), end="\n" if bad else "")
    return 1 if bad else 0


sys.exit(main())
