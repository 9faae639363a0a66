#!/usr/bin/env bash
# Runs each fuzz target for some seconds, from its seeds. usage: run_fuzz.sh BUILD_FOLDER SECONDS
set -euo pipefail
build=$1
seconds=$2
cd "$(dirname "$0")/.."
passed=0
failed=0
for target in "$build"/fuzz/fuzz_*; do
    [ -x "$target" ] && [ -f "$target" ] || continue
    name=$(basename "$target")
    work=$(mktemp -d)
    if "$target" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=0 \
        -verbosity=0 -artifact_prefix="$work/" "$work" "fuzz/corpus/$name" >"$work.log" 2>&1; then
        passed=$((passed + 1))
        echo "fuzz $name: $seconds s without a finding"
    else
        failed=$((failed + 1))
        tail -n 30 "$work.log"
        echo "fuzz $name: FAILED"
    fi
    rm -rf "$work" "$work.log"
done
echo "fuzz: $passed passed, $failed failed"
[ "$passed" -gt 0 ] && [ "$failed" = 0 ]
