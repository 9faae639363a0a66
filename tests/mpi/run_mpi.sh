#!/usr/bin/env bash
# The same bytes under mpirun as alone, and one failure for all. usage: run_mpi.sh MPIRUN PROGRAM
set -euo pipefail
mpirun=$1
program=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_btl_vader_single_copy_mechanism=none
start() {
    timeout 100 "$mpirun" -n "$@"
}
fail() {
    echo "run_mpi: $*" >&2
    exit 1
}
"$program" >"$work/alone"
for n in 1 2 4; do
    start "$n" "$program" >"$work/with"
    cmp "$work/alone" "$work/with" || fail "$n processes answer otherwise than one"
done
expect() {
    local code=0
    start 4 "$program" "$1" >"$work/said" 2>"$work/err" || code=$?
    [ "$code" = 3 ] || fail "$1: exit code $code, not 3"
    [ "$(grep -c . "$work/said")" = 1 ] || fail "$1: not one line: $(cat "$work/said")"
    grep -q "$2" "$work/said" || fail "$1: $(cat "$work/said")"
}
expect fail "replication 9 fails"
expect odd "this machine has no tables"
expect other "process 1 has another package"
if start 4 "$program" die >"$work/said" 2>"$work/err"; then
    fail "a process died, and the others went on"
fi
echo "run_mpi: the same bytes by 1, 2 and 4 processes; failures end all"
