#!/usr/bin/env bash
# Builds one preset of CMakePresets.json; quiet when all is well.
set -euo pipefail
preset=$1
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if [ ! -e "build/$preset/build.ninja" ]; then
    echo "Build: configuring $preset" >&2
    cmake --preset "$preset" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
fi
echo "Build: $preset" >&2
if [ -t 2 ]; then
    cmake --build "build/$preset" >&2
else
    cmake --build "build/$preset" >"$log" 2>&1 || { tail -n 60 "$log" >&2; exit 1; }
fi
