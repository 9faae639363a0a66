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
ctest --test-dir "build/$preset" -j "$(nproc)" --verbose "$@" >"$log" 2>&1
status=$?
# Programs that failed, with what they printed; then single facts, counted over all programs.
for failed in $(sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#([0-9]+): .*(\*\*\*|Failed).*/\1/p' "$log"); do
    grep -E "^ *$failed: |Test +#$failed: " "$log" | grep -vE '\[ +(RUN|OK) ' | tail -n 60
done
facts_passed=$(sed -nE \
    -e 's/.*\[  PASSED  \] ([0-9]+) test\(s\)\..*/\1/p' -e 's/^[0-9]+: ([0-9]+) passed, [0-9]+ failed$/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
facts_failed=$(sed -nE \
    -e 's/.*\[  FAILED  \] ([0-9]+) test\(s\), listed.*/\1/p' -e 's/^[0-9]+: [0-9]+ passed, ([0-9]+) failed$/\1/p' "$log" | awk '{ n += $1 } END { print n + 0 }')
programs=$(grep -cE '^ *[0-9]+/[0-9]+ Test +#' "$log")
failures=$(grep -E '^ *[0-9]+/[0-9]+ Test +#' "$log" | grep -cvE ' Passed ')
if [ "$programs" = 0 ]; then
    tail -n 40 "$log"
    echo "0 passed, 1 failed"
    exit 1
fi
[ "$facts_failed" -ge "$failures" ] || facts_failed=$failures
echo "$programs test programs, $failures of them with a failure"
echo "$facts_passed passed, $facts_failed failed"
exit $status
