#!/usr/bin/env bash
# What keruen writes for map programs is read back by GDAL: every layer with the features, kind of
# geometry, figures and extent of the answer; styles are XML. Ends with 77 where GDAL is not.
# usage: read_by_gdal.sh KERUEN SOURCE
set -euo pipefail
keruen=$1
source=$2
for tool in ogrinfo python3; do
    command -v $tool >/dev/null || { echo "read_by_gdal: $tool is not installed: not tested"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "read_by_gdal: $*" >&2; exit 1; }

# FILE LAYER FIELD: what ogrinfo says of a layer in a line "FIELD: ..."
summary() { ogrinfo -ro -so "$1" "$2" 2>"$work/err" | sed -n "s/^$3: //p" | head -1; }
# FILE SQL: the only figure of a query
figure() { ogrinfo -ro -q "$1" -sql "$2" 2>"$work/err" | sed -n 's/^  .*) = //p'; }
# FILE LAYER COUNT GEOMETRY
check_layer() {
    local count geometry
    count=$(summary "$1" "$2" "Feature Count")
    geometry=$(summary "$1" "$2" Geometry)
    [ "$count" = "$3" ] || fail "$2: ${count:-no} features, $3 were written: $(cat "$work/err")"
    [ "$geometry" = "$4" ] || fail "$2: geometry $geometry, not $4"
    ogrinfo -ro -q "$1" "$2" >"$work/all" 2>"$work/err" || fail "$2: $(cat "$work/err")"
    [ ! -s "$work/err" ] || fail "$2: $(cat "$work/err")"
    [ "$(grep -c '^OGRFeature' "$work/all")" = "$3" ] || fail "$2: not all features are read"
}
# WHAT FOUND EXPECTED [SHARE]: the same to a share, 1e-9
check_same() {
    awk -v a="$2" -v b="$3" -v e="${4:-1e-9}" 'BEGIN {
        d = a - b; exit !(a != "" && b > 0 && (d < 0 ? -d : d) <= e * b) }' ||
        fail "$1: $2, $3 was written"
}
# FILE LAYER LON LAT LON LAT: lies within
check_extent() {
    local at
    at=$(summary "$1" "$2" Extent)
    tr -d '(),' <<<"$at" | awk -v w="$3" -v s="$4" -v e="$5" -v n="$6" \
        '{ exit !($1 >= w && $2 >= s && $4 <= e && $5 <= n && $1 <= $4 && $2 < $5) }' ||
        fail "$2: extent $at"
}
# FILE LAYERS: a style for each, well-formed, that names a column of the layer
check_styles() {
    python3 - "$1" "$2" <<'PYTHON' || fail "styles of $1"
import sqlite3, sys, xml.etree.ElementTree as tree
base = sqlite3.connect(sys.argv[1])
rows = base.execute("select f_table_name, f_geometry_column, useAsDefault, styleQML from layer_styles").fetchall()
assert sorted(r[0] for r in rows) == sorted(sys.argv[2].split()), rows
for layer, column, default, style in rows:
    assert column == "geom" and default, layer
    root = tree.fromstring(style)
    assert root.tag == "qgis" and root.find(".//symbol") is not None, layer
    names = [r[1] for r in base.execute(f'pragma table_info("{layer}")')]
    used = [o.get("value") for o in root.iter("Option") if o.get("name") == "expression"]
    assert any(f'"{n}"' in u for u in used for n in names), (layer, used)
assert base.execute("pragma integrity_check").fetchone() == ("ok",)
assert not base.execute("pragma foreign_key_check").fetchall()
PYTHON
}

# ---- the trade of a package ----
map=$work/trade.gpkg
"$keruen" assign -q -p "$source/tests/support/mini" --gpkg "$map" -f csv -o "$work/trade.csv"
"$keruen" assign -q -p "$source/tests/support/mini" -f json -o "$work/trade.json"
# of the CSV: features, then tonnes
of_csv() { awk -F, -v want="$1" 'NR > 1 && ($1 == "link") == (want == "link") { n++; t += $7 }
    END { printf "%d %.12g\n", n, t }' "$work/trade.csv"; }
read -r links links_t <<<"$(of_csv link)"
read -r places places_t <<<"$(of_csv place)"
resources=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["resources"]))' "$work/trade.json")
[ "$links" -gt 4 ] && [ "$places" -gt 2 ] || fail "the package has too little trade to test with"
check_layer "$map" links "$links" "Line String"
check_layer "$map" places "$places" Point
check_layer "$map" resources "$resources" Point
check_same "tonnes over links" "$(figure "$map" "select sum(tonnes) from links")" "$links_t"
check_same "tonnes over places" "$(figure "$map" "select sum(tonnes) from places")" "$places_t"
check_same "tonnes by class" \
    "$(figure "$map" "select sum(t_grain_bulk + t_container + t_general) from links")" "$links_t"
check_same "fullest" "$(figure "$map" "select max(full_share) from resources")" \
    "$(python3 -c 'import json, sys; print(max(r["full_share"] or 0 for r in json.load(open(sys.argv[1]))["resources"]))' "$work/trade.json")" 1e-5
check_extent "$map" links 59 35.5 60 45
check_extent "$map" places 60 40.8 60 41
check_styles "$map" "links places resources"

# ---- a cost network: GeoPackage and shapefiles ----
map=$work/cost.gpkg
"$keruen" assign -q -p "$source/tests/golden/nodus-mini/mini.nodus" --costs all --od od_first -f csv \
    --flows "$work/flows" --gpkg "$map" >"$work/cost.csv"
nodes=$(awk -F, 'NR > 1 { if (!seen[$2]++) n++ } END { print n }' "$work/flows/handling.csv")
links=$(summary "$work/flows" flow_links "Feature Count")
for file in "$map" "$work/flows"; do
    check_layer "$file" flow_links "$links" "Line String"
    check_layer "$file" flow_nodes "$nodes" Point
    check_same "loaded" "$(figure "$file" "select sum(LOADED) from flow_nodes")" 3085.75
    ab=$(figure "$file" "select sum(QTY_AB) from flow_links")
    ba=$(figure "$file" "select sum(QTY_BA) from flow_links")
    check_same "both directions" "$(awk "BEGIN { printf \"%.15g\", $ab + $ba }")" \
        "$(figure "$file" "select sum(QTY) from flow_links")"
    check_extent "$file" flow_links 59 44 62 46
done
check_same "flows of both files" "$(figure "$map" "select sum(QTY) from flow_links")" \
    "$(figure "$work/flows" "select sum(QTY) from flow_links")"
check_styles "$map" "flow_links flow_nodes"
echo "read_by_gdal: $(ogrinfo --version | cut -d, -f1) reads what was written"
