# Keruen: short names for what people do. All building is CMake's (see CMakePresets.json).
#   make run     set up, build, plan the flagship consignment and show it
#   make test    set up, build, run every test; ends with "N passed, N failed"
#   make validation   set up, build, simulate beside published figures: docs/validation.md
BUILD   := build/release
KERUEN  := $(BUILD)/keruen
PREFIX  ?= /usr/local

# ci-deps: what further compilers, fuzzers and style checks need
.PHONY: help run build test validation deps ci-deps bench format check-style install asan tsan clang fuzz clean

help:
	@sed -n 's/^#   //p' Makefile
	@echo "also: deps build bench format check-style asan tsan clang fuzz install PREFIX=$(PREFIX)"

run: build
	@tools/first_run.sh $(KERUEN)

deps:
	@tools/setup.sh

ci-deps:
	@KERUEN_CI=1 tools/setup.sh

build: deps
	@tools/build.sh release

test: build
	@tools/run_tests.sh release

validation: build
	@tools/validate.py --keruen $(KERUEN)

asan tsan clang: ci-deps
	@tools/build.sh $@
	@tools/run_tests.sh $@

fuzz: ci-deps
	@tools/build.sh fuzz
	@tools/run_fuzz.sh build/fuzz 20

bench: build
	@$(BUILD)/bench/bench_pareto
	@$(BUILD)/bench/bench_plan

format: ci-deps
	@git ls-files '*.c' '*.h' | xargs clang-format -i

check-style: ci-deps build
	@tools/check_style.sh

install: build
	@cmake --install $(BUILD) --prefix $(PREFIX)

clean:
	@rm -rf build
