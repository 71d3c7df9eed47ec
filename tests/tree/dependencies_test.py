# SPDX-License-Identifier: Apache-2.0
"""One folder, one target, edges only downwards: what CMake links and what sources include, against the table."""
import os
import re
import unittest

SOURCE = os.environ["BEACONWALL_SOURCE"]
BUILD = os.environ["BEACONWALL_BUILD"]

# The dependency rule of CONTRIBUTING.md. Allowed are these edges and what they reach in turn.
DIRECT = {
    "abi": [], "base": [],
    "schema": ["base"], "config": ["base", "schema"], "control": ["base"], "events": ["base"], "rtsp": ["base"], "sandbox": ["base"], "surface": ["base"],
    "text": ["base", "surface"],
    "wall": ["config"], "access": ["config"],
    "sdk": ["abi", "text"], "sdk_service": ["events"],
    "rules": ["config", "events"], "rules_service": ["rules", "control"],
    "supervisor": ["base", "control", "sandbox"],
    "hub": ["access", "config", "wall", "control", "events", "schema"],
    "compositor": ["wall", "control", "events", "surface", "text"],
    "panel": ["abi", "control", "events", "sandbox", "schema", "surface", "text"],
    "media": ["config", "control", "events", "rtsp", "surface"],
    "console": ["access", "config", "control", "events", "surface"],
    "check": ["config", "control", "events", "panel", "sandbox", "schema", "surface", "text"],
    "cli": ["access", "config", "wall", "events", "rules", "sandbox"],
}
# text writes draw lists, whose plain data stand in core/surface: see docs/decisions/0004.


def reach(folder):
    seen, todo = set(), [folder]
    while todo:
        for dep in DIRECT[todo.pop()]:
            if dep not in seen:
                seen.add(dep)
                todo.append(dep)
    return seen


class DependencyRule(unittest.TestCase):
    def test_linked_targets_stay_within_the_table(self):
        with open(os.path.join(BUILD, "dependencies.txt"), encoding="utf-8") as table:
            lines = [line.split() for line in table if line.strip()]
        self.assertGreaterEqual(len(lines), 10, "the build wrote no dependency table")
        for folder, *deps in lines:
            self.assertIn(folder, DIRECT, f"a new folder needs a row in this table: {folder}")
            for dep in deps:
                self.assertIn(dep, reach(folder) | {folder}, f"core/{folder} must not link core/{dep}")

    def test_includes_stay_within_the_table(self):
        pattern = re.compile(r'#include "core/([a-z]+)/([a-z_/]*)')
        checked = 0
        for top, _, files in os.walk(os.path.join(SOURCE, "core")):
            folder = os.path.relpath(top, os.path.join(SOURCE, "core")).split(os.sep)[0]
            for name in files:
                if not name.endswith((".h", ".cpp", ".c")):
                    continue
                me = "sdk_service" if re.search(r"sdk/(beaconwall/)?service", top) else folder
                me = "rules_service" if top.endswith("rules/service") else me
                with open(os.path.join(top, name), encoding="utf-8") as source:
                    for used, rest in pattern.findall(source.read()):
                        used += "_service" if used in ("sdk", "rules") and rest.startswith("service/") else ""
                        checked += 1
                        self.assertIn(used, reach(me) | {me}, f"{os.path.join(top, name)} includes core/{used}")
        self.assertGreater(checked, 50)

    def test_plugins_of_ours_use_the_installed_kit_alone(self):
        """Its headers are <beaconwall/…>; what stands in their own folder they name without a path."""
        checked = 0
        for top, _, files in os.walk(os.path.join(SOURCE, "plugins")):
            for name in files:
                if not name.endswith((".h", ".cpp", ".c")):
                    continue
                with open(os.path.join(top, name), encoding="utf-8") as source:
                    for used in re.findall(r'#include "([^"]+)"', source.read()):
                        checked += 1
                        self.assertTrue(os.path.exists(os.path.join(top, used)) and "/" not in used, f"{top}/{name} includes {used}")
        self.assertGreater(checked, 20)

    def test_the_supervisor_maps_neither_zeromq_nor_toml_nor_gl(self):
        with open(os.path.join(BUILD, "libexec", "beaconwall-supervisor"), "rb") as program:
            image = program.read()
        for library in (b"libzmq.so", b"libGL.so", b"libepoxy.so", b"libEGL.so", b"libtomlplusplus.so"):
            self.assertNotIn(library, image)


if __name__ == "__main__":
    unittest.main()
