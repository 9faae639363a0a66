#!/usr/bin/env bash
# Runs every test of a preset and ends with the line "N passed, N failed".
set -uo pipefail
preset=$1
shift
cd "$(dirname "$0")/.."
log=$(mktemp)
trap 'rm -f "$log"' EXIT
export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1:allocator_may_return_null=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
ctest --test-dir "build/$preset" -j "$(nproc)" --output-on-failure "$@" >"$log" 2>&1
status=$?
grep -E '^ *[0-9]+/[0-9]+ Test|Failed|\*\*\*|^\[|error|Error|==ERROR' "$log" | grep -vE '^\[ +(RUN|OK|PASSED) ' | tail -n 200
passed=$(grep -cE '^ *[0-9]+/[0-9]+ Test.* Passed ' "$log")
total=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#' "$log")
if [ "$total" = 0 ]; then
    tail -n 40 "$log"
    echo "0 passed, 1 failed"
    exit 1
fi
echo "$passed passed, $((total - passed)) failed"
exit $status
