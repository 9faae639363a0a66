#!/usr/bin/env bash
# keruen simulate --store killed again and again (kill -9) ends in the same bytes as without.
# usage: kill_simulate.sh KERUEN PACKAGE
set -euo pipefail
keruen=$1
package=$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ask=("$keruen" simulate -p "$package" -q -n 60 --days 900 --seed 5 -f json)
"${ask[@]}" -o "$work/whole"
kills=0
ended=0
for pause in 005 012 020 030 045 060 080 100 130 160 015 025 040 055 075 095 120 150 200 250 \
    010 035 050 065 085 105 125 145 170 190 007 009 011 017 019 021 033 077 099 111; do
    "${ask[@]}" -s "$work/store" -o "$work/answer" &
    pid=$!
    sleep "0.$pause"
    if kill -9 "$pid" 2>/dev/null; then
        kills=$((kills + 1))
    fi
    if wait "$pid" 2>/dev/null; then
        ended=$((ended + 1))
        cmp "$work/whole" "$work/answer" || { echo "kill_simulate: other bytes" >&2; exit 1; }
        rm -f "$work"/store* "$work/answer" # begin anew
    fi
done
"${ask[@]}" -s "$work/store" -o "$work/answer"
cmp "$work/whole" "$work/answer" || { echo "kill_simulate: other bytes" >&2; exit 1; }
[ -z "$(ls "$work" | grep -v -e '^whole$' -e '^answer$' -e '^store$' -e '\.tmp$')" ] ||
    { echo "kill_simulate: left behind: $(ls "$work")" >&2; exit 1; }
echo "kill_simulate: $kills kills, $((ended + 1)) ensembles ended, all in the same bytes"
