#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The whole suite: dev build, ASan+UBSan build with short fuzz runs, the threaded parts under TSan, lint.
# Goes on after a failing stage. Its end, which is all that a short look at a log shows: how long each stage took, the tests that
# were flaky, the tests that failed, and one line that adds all up.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
passed=0 failed=0
failures=() flaky=() times=()
export BEACONWALL_THOROUGH=1  # every repetition (tests/e2e/wall.py)
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0:detect_stack_use_after_return=0
export LSAN_OPTIONS=suppressions=$PWD/tests/lsan.supp:print_suppressions=0
export UBSAN_OPTIONS=print_stacktrace=1
export TSAN_OPTIONS=ignore_noninstrumented_modules=1:halt_on_error=1

begin() { stage=$1 began=$SECONDS; printf '\n== %s (%s)\n' "$stage" "$(date +%H:%M:%S)"; }
end() { times+=("$(printf '%-12s %4d s' "$stage" $((SECONDS - began)))"); printf -- '-- %s took %d s\n' "$stage" $((SECONDS - began)); }
fail() { failed=$((failed + 1)); failures+=("$1"); echo "FAILED: $1"; }

# one NAME COMMAND…: a stage that counts as one test.
one() {
    begin "$1"
    if "${@:2}"; then passed=$((passed + 1)); else fail "$1"; fi
    end
}

# by_itself PRESET TARGET: where several files are compiled as one, tries again with each file by itself: two that do not get along
# (cmake/Unity.cmake) are to be told apart from a fault, and cost minutes, not the run.
by_itself() {
    grep -q '^CMAKE_UNITY_BUILD:.*=ON' "build/$1/CMakeCache.txt" || return 1
    echo "-- again, with each file by itself"
    cmake --preset "$1" -G Ninja -DCMAKE_UNITY_BUILD=OFF >"build/$1.cmake.log" 2>&1 && ninja --quiet -C "build/$1" "$2" || return 1
    flaky+=("build $1 (its batches do not compile, its files do)")
}

# build PRESET TARGET
build() {
    begin "build $1"
    local built=0
    cmake --preset "$1" -G Ninja >"build/$1.cmake.log" 2>&1 || { tail -40 "build/$1.cmake.log"; built=1; }
    [ $built -eq 0 ] && { ninja --quiet -C "build/$1" "$2" || by_itself "$@" || built=1; }
    [ $built -eq 0 ] || fail "build $1"
    end
    return $built
}

# again PRESET NAME: runs a failed test of whole processes once more, alone, and keeps what the first run said.
# Why: such a test lives by deadlines, and a machine that stood still for seconds breaks them with nothing wrong in the code. One such
# moment in an hour must not sink the run; but it must not pass unseen either, for the next one may be a defect: so it is told at the
# end. What a sanitizer reported, or what died by a signal, is a defect at once and gets no second run.
again() {
    local preset=$1 name=$2 kept=build/$1/flaky/$2.log
    mkdir -p "build/$preset/flaky"
    awk -v head="Test: $name\$" '/^[0-9]+\/[0-9]+ Test: / { on = $0 ~ head } on' "build/$preset/first.log" >"$kept"
    grep -qE 'Sanitizer: |runtime error: |\*\*\*Exception' "$kept" && return 1
    ctest --test-dir "build/$preset" -N -L 'e2e|process' -R "^$name\$" | grep -q '^Total Tests: 1$' || return 1
    echo "-- $name failed; once more, alone"
    ctest --test-dir "build/$preset" --output-on-failure -R "^$name\$" >"build/$preset/flaky/$name.second.log" 2>&1
}

# why PRESET NAME: what its two runs failed by, a line each: of a long log that is what does not get shown.
why() {
    local log
    for log in "build/$1/flaky/$2.log" "build/$1/flaky/$2.second.log"; do
        [ ! -f "$log" ] || printf '\n    %s' "$(grep -m1 -E 'Error: |Failure$|: Failure|Sanitizer: |runtime error: ' "$log" | cut -c1-200)"
    done
}

# suite PRESET TARGET [CTEST OPTIONS]: builds and runs; each test counts. Under a sanitizer fewer at a time: each takes a core.
suite() {
    local preset=$1 target=$2 log=build/$1.ctest.log at_a_time=3 bad all name; shift 2
    [ "$preset" != dev ] || at_a_time=5
    build "$preset" "$target" || return
    begin "test $preset"
    rm -f "build/$preset/Testing/Temporary/LastTestsFailed.log"
    ctest --test-dir "build/$preset" --output-on-failure -j "$at_a_time" "$@" 2>&1 | tee "$log"
    cp "build/$preset/Testing/Temporary/LastTest.log" "build/$preset/first.log"  # second runs write it anew
    read -r bad all < <(sed -n 's/.*tests passed, \([0-9]*\) tests\? failed out of \([0-9]*\).*/\1 \2/p' "$log" | tail -1)
    if [ -z "${all:-}" ]; then fail "$preset: ctest"; end; return; fi
    passed=$((passed + all - bad))
    local names=()
    [ "$bad" -eq 0 ] || mapfile -t names < <(sed 's/^[0-9]*://' "build/$preset/Testing/Temporary/LastTestsFailed.log")
    # More failures than a moment explains: something is wrong, and second runs would only take time.
    for name in "${names[@]}"; do
        if [ ${#names[@]} -le 4 ] && again "$preset" "$name"; then
            passed=$((passed + 1)); flaky+=("$preset/$name (build/$preset/flaky/$name.log)")
        else
            fail "$preset/$name"
            failures[-1]+=$(why "$preset" "$name")
        fi
    done
    sed -n 's/^ *[0-9]*\/[0-9]* Test *#[0-9]*: \([^ ]*\) .* \([0-9.]*\) sec.*/\2 s  \1/p' "$log" | sort -rn | head -5
    end
}

# fuzz_one NAME: the committed inputs first, then new ones for some seconds. Findings stay below build/.
fuzz_one() {
    local name=$1 found=build/asan/fuzz/found/$1
    local more=()
    mkdir -p "$found" "build/asan/fuzz/corpus/$name"
    # A whole hub has so many features that libFuzzer would spend its time on weighing them.
    [ "$name" != hub_frames ] || more=(-entropic=0)
    if "build/asan/fuzz/fuzz_$name" -max_total_time="${FUZZ_SECONDS:-20}" -rss_limit_mb=2048 -max_len=65536 -verbosity=0 "${more[@]}" \
        -artifact_prefix="$found/" "build/asan/fuzz/corpus/$name" "tests/fuzz/corpus/$name" >"build/asan/fuzz/$name.log" 2>&1; then
        echo "fuzz $name: ok"
    else
        echo "fuzz $name: a finding (kept in $found)"
        grep -m1 -A 30 -E 'ERROR: |runtime error: ' "build/asan/fuzz/$name.log" || tail -40 "build/asan/fuzz/$name.log"
        return 1
    fi
}
export -f fuzz_one

fuzz() {
    [ -x build/asan/fuzz/fuzz_event_json ] || { echo "the fuzzers were not built"; return 1; }
    (cd build/asan/fuzz && ls -d fuzz_*) | sed 's/^fuzz_//' | xargs -P 2 -I{} bash -c 'fuzz_one {}'
}

mkdir -p build
suite dev all
suite asan all
one fuzz fuzz
# GLib reuses memory behind the back of ThreadSanitizer unless it is told not to.
G_SLICE=always-malloc suite tsan threaded_tests -L threaded
one lint tests/lint.sh
echo
printf '%s\n' "${times[@]}"
[ ${#flaky[@]} -eq 0 ] || printf 'flaky: %s\n' "${flaky[@]}"
[ ${#failures[@]} -eq 0 ] || printf 'failed: %s\n' "${failures[@]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
