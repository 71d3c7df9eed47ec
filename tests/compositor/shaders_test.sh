#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Compiles every shader with the reference compiler, and proves that a bad one would be noticed.
set -u
command -v glslangValidator >/dev/null || { echo "glslangValidator is missing: install glslang-tools"; exit 1; }
count=0
for file in "$1"/*.vert "$1"/*.frag; do
    glslangValidator "$file" || exit 1
    count=$((count + 1))
done
[ "$count" -ge 6 ] || { echo "only $count shaders in $1"; exit 1; }
bad=$(mktemp --suffix=.frag)
printf '#version 330 core\nvoid main() { nonsense(); }\n' >"$bad"
if glslangValidator "$bad" >/dev/null; then rm -f "$bad"; echo "a bad shader passed"; exit 1; fi
rm -f "$bad"
