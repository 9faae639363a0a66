#!/usr/bin/env bash
# keruen simulate under mpirun: the same bytes as alone, one voice, and a store that goes on after all
# processes were killed. usage: run_simulate.sh MPIRUN KERUEN PACKAGE
set -euo pipefail
mpirun=$1
keruen=$2
package=$3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
fail() {
    echo "run_simulate: $*" >&2
    exit 1
}
ask=("$keruen" simulate -p "$package" -q --seed 5 -f json --threads 2)

"${ask[@]}" -n 11 --days 90 -o "$work/alone"
"$mpirun" -n 3 "${ask[@]}" -n 11 --days 90 -o "$work/three"
cmp "$work/alone" "$work/three" || fail "three processes answer otherwise than one"
"$mpirun" -n 4 "${ask[@]}" -n 11 --days 90 >"$work/four"
cmp "$work/alone" "$work/four" || fail "more than one process speaks, or answers otherwise"
# mpirun gives its processes a terminal of its own: what it passes on to a file is no page in colour
"$keruen" simulate -p "$package" -q --days 90 >"$work/page"
for n in 1 2; do
    "$mpirun" -n "$n" "$keruen" simulate -p "$package" -q --days 90 >"$work/page$n"
    cmp "$work/page" "$work/page$n" || fail "the page of $n processes is another one"
done
"${ask[@]}" --precision 0.02 --days 90 -o "$work/alone"
"$mpirun" -n 4 "${ask[@]}" --precision 0.02 --days 90 -o "$work/four"
cmp "$work/alone" "$work/four" || fail "with a precision four processes answer otherwise than one"

# one line of what is wrong, exit code as alone
code=0
"$mpirun" -n 4 "$keruen" simulate -p "$package" --days 0 >"$work/out" 2>"$work/err" || code=$?
[ "$code" = 2 ] || fail "a usage error exits with $code"
[ "$(grep -c '^keruen: ' "$work/err")" = 1 ] || fail "a usage error is told: $(cat "$work/err")"

# all processes killed in the middle, the rest done by one; the time grows until some are kept
"${ask[@]}" -n 60 --days 900 -o "$work/alone"
for pause in 0.4 0.6 0.8; do
    "$mpirun" -n 2 "${ask[@]}" -n 60 --days 900 -s "$work/store" -o "$work/two" 2>/dev/null &
    pid=$!
    sleep "$pause"
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
done
# the processes end when they miss mpirun; until then the store is theirs
for ((i = 0; i < 20; i++)); do
    "${ask[@]}" -n 60 --days 900 -s "$work/store" -o "$work/rest" 2>"$work/err" && break
    grep -q "another run works with it" "$work/err" || fail "$(cat "$work/err")"
done
cmp "$work/alone" "$work/rest" || fail "a killed ensemble ends otherwise"
echo "run_simulate: the same bytes by 1, 3 and 4 processes, and after all were killed"
