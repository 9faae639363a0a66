#!/usr/bin/env bash
# Installs what the build needs and is missing, and says what each thing is for. Debian 12 and kin; as
# root, or as a user with sudo. Does nothing, and asks no network, when all is there.
set -euo pipefail

# package | how to see that it is there | what for
needs=(
    "gcc|command -v gcc|C compiler"
    "libc6-dev|test -e /usr/include/stdio.h|headers of the C library"
    "cmake|command -v cmake|build description"
    "ninja-build|command -v ninja|build runner"
    "pkg-config|command -v pkg-config|finds the libraries below"
    "libjansson-dev|pkg-config --exists jansson|JSON: answers, datapackage.json"
    "libyaml-dev|pkg-config --exists yaml-0.1|YAML: measures"
    "libutf8proc-dev|pkg-config --exists libutf8proc|Unicode: names in any script"
    "libsqlite3-dev|pkg-config --exists sqlite3|SQLite: kept replications, GeoPackages"
    "libshp-dev|pkg-config --exists shapelib|shapefiles and DBF tables"
    "libhdf5-dev|pkg-config --exists hdf5-serial|HDF5: matrices in OMX files"
    "libcmocka-dev|pkg-config --exists cmocka|unit tests"
)
if [ "${KERUEN_CI:-}" = 1 ]; then
    needs+=(
        "clang|command -v clang|second compiler, fuzz targets"
        "libclang-rt-14-dev|ls /usr/lib/llvm-*/lib/clang/*/lib/linux/libclang_rt.fuzzer-*.a|fuzzer and sanitizer run time"
        "openmpi-bin|command -v mpirun|ensembles on several machines, tested"
        "libopenmpi-dev|pkg-config --exists ompi-c|the same"
        "clang-format|command -v clang-format|layout of the sources"
        "gdal-bin|command -v ogrinfo|reads back what is written for map programs"
        "libxml2-utils|command -v xmllint|the same, of styles"
        "python3|command -v python3|style checks"
        "git|command -v git|list of files for the style checks"
    )
fi

missing=()
for need in "${needs[@]}"; do
    IFS='|' read -r package test purpose <<<"$need"
    if ! eval "$test" >/dev/null 2>&1; then
        [ ${#missing[@]} -gt 0 ] || echo "Set-up: missing on this system" >&2
        printf '  %-18s %s\n' "$package" "$purpose" >&2
        missing+=("$package")
    fi
done
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || {
    echo "Set-up: this is not a Debian system; please install the above and start again." >&2
    exit 1
}
as_root=()
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || {
        echo "Set-up: installing needs root. As root: apt-get install ${missing[*]}" >&2
        exit 1
    }
    as_root=(sudo)
fi
echo "Set-up: installing ${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
install_missing() {
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -y --no-install-recommends \
        "${missing[@]}" >"$log" 2>&1
}
if ! install_missing; then
    "${as_root[@]}" apt-get update >>"$log" 2>&1 && install_missing || {
        tail -n 20 "$log" >&2
        echo "Set-up: apt-get failed; see above, repair, and start again." >&2
        exit 1
    }
fi
echo "Set-up: done" >&2
