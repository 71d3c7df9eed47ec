#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole suite: lint, dev build, ASan+UBSan build, the threaded parts under TSan, short fuzz runs.
# Goes on after a failing stage, and ends on one line that adds all up.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
passed=0 failed=0
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:detect_stack_use_after_return=0
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1

say() { printf '\n== %s (%s)\n' "$1" "$(date +%H:%M:%S)"; }

# one NAME COMMAND…: a stage that counts as one test.
one() {
    say "$1"; shift
    if "$@"; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "FAILED: $*"; fi
}

# suite PRESET TARGET [CTEST OPTIONS]: builds and runs; each test counts.
suite() {
    local preset=$1 target=$2 log; shift 2
    say "build $preset"
    cmake --preset "$preset" -G Ninja >"build/$preset.cmake.log" 2>&1 && ninja --quiet -C "build/$preset" "$target" || {
        tail -40 "build/$preset.cmake.log"; failed=$((failed + 1)); echo "FAILED: build $preset"; return; }
    say "test $preset"
    log=build/$preset.ctest.log
    ctest --test-dir "build/$preset" --output-on-failure -j2 "$@" 2>&1 | tee "$log"
    local bad all
    read -r bad all < <(sed -n 's/.*tests passed, \([0-9]*\) tests\? failed out of \([0-9]*\).*/\1 \2/p' "$log" | tail -1)
    if [ -z "${all:-}" ]; then failed=$((failed + 1)); return; fi
    passed=$((passed + all - bad)) failed=$((failed + bad))
}

fuzz() {
    cmake --preset fuzz -G Ninja >build/fuzz.cmake.log 2>&1 && ninja --quiet -C build/fuzz fuzzers || return 1
    local target status=0
    for target in build/fuzz/fuzz/fuzz_*; do
        [ -x "$target" ] || continue
        local name=${target##*/fuzz_}
        mkdir -p "build/fuzz/corpus/$name"
        if "$target" -max_total_time="${FUZZ_SECONDS:-15}" -rss_limit_mb=2048 -max_len=65536 -verbosity=0 \
            "build/fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"build/fuzz/$name.log" 2>&1; then
            echo "fuzz $name: ok"
        else
            echo "fuzz $name: a finding"; tail -40 "build/fuzz/$name.log"; status=1
        fi
    done
    return $status
}

mkdir -p build
suite dev all
suite asan all
suite tsan threaded_tests -L threaded
one "fuzz" fuzz
one "lint" tests/lint.sh
echo
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
