#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which files of a target may be compiled as one: reads "FOLDER|TARGET|FILE" lines, prints "FOLDER|FILE|BATCH" (whole paths).

What a .cpp keeps to itself (unnamed namespaces, static, its own aliases) must not meet its namesake of another file. So a file
joins a batch only if no name that it declares at the left margin is declared there too. Names are read by their look, and rather one
too many than one too few: that costs a batch more, nothing else. A file not printed is compiled alone.
"""
import os
import re
import sys

LARGEST = 8  # more share no more headers, and leave one core idle at the end
# Their macros (None, Status, Bool) or their own #define would reach the files behind them.
ALONE = re.compile(r'^#\s*(define|include [<"](X11/|GLFW/|.*glfw_window\.h))', re.M)
DIRECTIVE = re.compile(r"^using namespace [\w:]+;", re.M)
DECLARATIONS = [re.compile(p, re.M) for p in (
    r"^(?:template <[^\n]*>\s+)?(?:struct|class|union|enum class|enum)\s+(?:alignas\(\w+\) )?(\w+)",
    r"^[A-Za-z\[][^\n(=;{}]*?[\s*&](\w+)\(",              # functions; those of a class have :: before the name
    r"^[A-Za-z\[][^\n(;]*?[\s*&](\w+)(?:\[[^\n]*\])?(?: =|\{|;)",  # constants and variables
    r"^(INSTANTIATE_\w+)\(")]

# These may be said twice, if they say the same.
ALIASES = re.compile(r"^((?:using|namespace) (\w+) = [^;]*|using (?:\w*::)+(\w+));", re.M)


def names(text):
    """{name: what it stands for; nothing if it must not be declared twice at all}"""
    found = {one or other: " ".join(said.split()) for said, one, other in ALIASES.findall(text)}
    found |= {name: None for pattern in DECLARATIONS for name in pattern.findall(text)}
    for word in ("namespace", "return"):
        found.pop(word, None)
    return found


def meet(a, b):
    return any(name in b and (what is None or b[name] != what) for name, what in a.items())


def batches(files):
    """Greedily, in the order given: [[path, …], …]."""
    made = []  # (paths, names, directives)
    for path in files:
        with open(path, encoding="utf-8") as source:
            text = source.read()
        if ALONE.search(text):
            continue
        own, directives = names(text), frozenset(DIRECTIVE.findall(text))
        for paths, taken, theirs in made:
            if len(paths) < LARGEST and theirs == directives and not meet(own, taken):
                paths.append(path)
                taken.update(own)
                break
        else:
            made.append(([path], own, directives))
    return [paths for paths, _, _ in made if len(paths) > 1]


def main():
    targets = {}
    for line in sys.stdin.read().splitlines():
        folder, target, path = line.split("|")
        full = path if os.path.isabs(path) else os.path.join(folder, path)
        if full.endswith(".cpp") and os.path.exists(full):  # generated ones are not there yet
            targets.setdefault((folder, target), {})[full] = path
    seen = set()  # a source of two targets in one folder goes alone: its batch is a property of the file, not of the target
    for (folder, target), files in targets.items():
        shared = {f for (d, t), other in targets.items() for f in other if d == folder and t != target}
        for number, batch in enumerate(batches([f for f in files if f not in shared and f not in seen])):
            seen.update(batch)
            for full in batch:
                print(f"{folder}|{full}|{target}_{number}")


if __name__ == "__main__":
    main()
