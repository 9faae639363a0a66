#!/usr/bin/env bash
# Conventions that a machine can see: includes against the layers, units in public headers, banned
# functions, public headers that compile alone, layout by clang-format.
set -uo pipefail
cd "$(dirname "$0")/.."
failed=0
step() {
    local name=$1
    shift
    if "$@"; then echo "style: $name: ok"; else echo "style: $name: FAILED"; failed=1; fi
}
headers_alone() {
    local bad=0
    for header in include/keruen/*.h; do
        for compiler in gcc clang; do
            command -v $compiler >/dev/null || continue
            echo "#include <keruen/$(basename "$header")>" |
                $compiler -std=c17 -Wall -Wextra -Wpedantic -Werror -Iinclude -fsyntax-only -x c - || bad=1
        done
    done
    local libraries # hdf5.h has no usual place; without it the headers that need it are passed over
    libraries=$(pkg-config --cflags hdf5-serial 2>/dev/null || pkg-config --cflags hdf5 2>/dev/null) ||
        libraries=
    for header in src/*/*.h; do
        [ -n "$libraries" ] || ! grep -q '<hdf5.h>' "$header" || continue
        echo "#include \"${header#src/}\"" |
            gcc -std=c17 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Wpedantic -Werror -Iinclude -Isrc $libraries \
                -fsyntax-only -x c - || bad=1
    done
    return $bad
}
layout() {
    git ls-files '*.c' '*.h' | xargs clang-format --dry-run -Werror
}
step "includes against the layers" python3 tools/check_includes.py
step "units in public headers" python3 tools/check_units.py
step "banned functions, file-scope data" python3 tools/check_banned.py
step "figures and sources" python3 tools/check_sources.py
step "headers compile alone" headers_alone
if command -v clang-format >/dev/null; then step "layout" layout; fi
exit $failed
