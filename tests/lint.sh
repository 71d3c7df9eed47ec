#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Format and clang-tidy, both as errors. Prints one line per fault; exit 1 if there is any.
set -uo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."
status=0
git ls-files -z '*.h' '*.cpp' '*.c' | xargs -0 clang-format-14 --dry-run --Werror 2>&1 | head -40
[ "${PIPESTATUS[1]}" -eq 0 ] || status=1
# Each time: of a file that is new, a configuration of before knows no flags.
cmake -G Ninja -B build/tidy -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_C_COMPILER=clang-14 -DCMAKE_CXX_COMPILER=clang++-14 >/dev/null || exit 1
# A bound on how far the analyzer explores one function: through JSON's templates it would else spend half of the whole time. Files that
# include JSON first: they take longest, and no core is idle at the end.
mapfile -t json < <(git grep -l 'nlohmann/json.hpp' -- 'core/*.cpp' 'plugins/*.cpp')
mapfile -t others < <(git grep -L 'nlohmann/json.hpp' -- 'core/*.cpp' 'plugins/*.cpp')
printf '%s\0' "${json[@]}" "${others[@]}" | xargs -0 -P 2 -n 2 clang-tidy-14 -p build/tidy --quiet \
    --extra-arg=-Xclang --extra-arg=-analyzer-config --extra-arg=-Xclang --extra-arg=max-nodes=40000 2>/dev/null \
    | grep -E '(warning|error):' | sort -u | tee build/tidy/findings.txt | head -60
[ -s build/tidy/findings.txt ] && status=1
exit $status
