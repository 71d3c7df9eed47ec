#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Every panel draws what the real services make of the real field: with facts, without, in both languages, small and large.

BEACONWALL_KEEP=DIR keeps the pictures and the recorded events, to look at.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import tomllib
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import fake_hub  # noqa: E402

DEMO = fake_hub.SOURCE / "layouts/demo"
PLUGINS = ("fire_watch", "flood_gauges", "supplies", "dispatch")
SIZES = {("fire_watch", "camera"): (1896, 1056), ("fire_watch", "grid"): (1896, 620), ("fire_watch", "danger"): (755, 420),
         ("flood_gauges", "board"): (1134, 522), ("flood_gauges", "hydrograph"): (1896, 522), ("flood_gauges", "reservoirs"): (755, 522),
         ("flood_gauges", "rain"): (945, 522), ("supplies", "stores"): (1134, 1056), ("supplies", "shortages"): (755, 522),
         ("supplies", "pumps"): (945, 522), ("dispatch", "teams"): (1134, 522), ("dispatch", "map"): (945, 522),
         ("dispatch", "forces"): (1896, 522)}
SETTINGS = {("fire_watch", "grid"): {"cameras": ["FF-002", "FF-003", "FF-004"], "columns": 3}, ("fire_watch", "camera"): {"camera": "incident"}}


def cameras():
    with open(DEMO / "cameras.toml", "rb") as file:
        return tomllib.load(file)["camera"]


def record(folder, seconds):
    """Plays the field to the services for a while; gives the file with the last values."""
    hub = fake_hub.FakeHub(folder)
    try:
        for camera in cameras():
            hub.publish("beaconwall.source.v1", "camera/" + camera["id"].split("/")[-1],
                        {"name": camera["name"], "kind": camera["kind"], "place": camera["place"],
                         "longitude": camera["position"][0], "latitude": camera["position"][1]})
        for name in PLUGINS:
            hub.start(name, DEMO)
        # The smoke rises 45 s after the exercise's begin; this field has begun a minute ago.
        state = pathlib.Path(folder) / "state/demo_field"
        state.mkdir(parents=True)
        now = time.time_ns()
        (state / "exercise.json").write_text(json.dumps({"begin_ns": now - 100 * 10**9, "seen_ns": now}))
        hub.start("demo_field", DEMO, program=fake_hub.BUILD / "tests/field_player")
        end = time.monotonic() + seconds
        hub.until(lambda: time.monotonic() > end and hub.of("beaconwall.fire.incident.v1") and len(hub.of("beaconwall.dispatch.team.v1")) == 143
                  and len(hub.of("beaconwall.flood.series.v1")) >= 20 and hub.of("beaconwall.dispatch.forces.v1"), 90)
        path = pathlib.Path(folder) / "events.jsonl"
        path.write_text("".join(json.dumps(event, ensure_ascii=False) + "\n" for event in hub.last.values()), encoding="utf-8")
        return path
    finally:
        hub.close()


class Panels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="bw-panels-")
        cls.folder = os.environ.get("BEACONWALL_KEEP") or cls.temporary.name
        os.makedirs(cls.folder, exist_ok=True)
        cls.events = record(cls.temporary.name, 8)
        if cls.folder != cls.temporary.name:
            (pathlib.Path(cls.folder) / "events.jsonl").write_bytes(cls.events.read_bytes())
        cls.nothing = pathlib.Path(cls.temporary.name) / "nothing.jsonl"
        cls.nothing.write_text("")

    @classmethod
    def tearDownClass(cls):
        cls.temporary.cleanup()

    def draw(self, plugin, panel, events, name, width, height, language="zh"):
        library = fake_hub.BUILD / "lib/beaconwall/plugins" / plugin / f"{plugin}.so"
        keep = os.environ.get("BEACONWALL_KEEP")
        picture = pathlib.Path(keep) / f"{plugin}-{panel}-{name}.png" if keep else "-"
        done = subprocess.run([fake_hub.BUILD / "tests/panel_view", library, panel, events, picture, str(width), str(height), language,
                               json.dumps(SETTINGS.get((plugin, panel), {})), "1.47"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""), f"{plugin}/{panel}")
        return json.loads(done.stdout)

    def test_every_panel_of_the_manifests_is_here(self):
        for plugin in PLUGINS:
            with open(fake_hub.SOURCE / "plugins" / plugin / "plugin.toml", "rb") as file:
                for panel in tomllib.load(file)["panel"]:
                    self.assertIn((plugin, panel["id"]), SIZES)

    def test_facts_are_drawn_in_both_languages(self):
        for (plugin, panel), (width, height) in SIZES.items():
            for language in ("zh", "en"):
                with self.subTest(panel=f"{plugin}/{panel}", language=language):
                    shown = self.draw(plugin, panel, self.events, language, width, height, language)
                    bare = self.draw(plugin, panel, self.nothing, language + "-empty", width, height, language)
                    self.assertGreater(shown["asked"], 0)
                    self.assertEqual(bare["asked"], 0)
                    if (plugin, panel) != ("fire_watch", "grid"):
                        self.assertGreater(shown["vertices"], bare["vertices"])

    def test_cameras_are_named_as_sources(self):
        width, height = SIZES[("fire_watch", "camera")]
        self.assertEqual(self.draw("fire_watch", "camera", self.events, "zh", width, height)["videos"], ["camera/FF-001"])
        self.assertEqual(self.draw("fire_watch", "camera", self.nothing, "zh-empty", width, height)["videos"], [])

    def test_the_same_state_again_needs_no_picture(self):
        for panel in ("board", "reservoirs", "rain"):
            shown = self.draw("flood_gauges", panel, self.events, "zh", *SIZES[("flood_gauges", panel)])
            stations = sum(1 for line in self.events.read_text().splitlines() if "beaconwall.flood.station.v1" in line)
            self.assertLess(shown["asked_again"], stations + 1, "states that read the same ask for nothing")

    def test_small_panes_lose_rows_and_nothing_else(self):
        for plugin, panel in SIZES:
            self.draw(plugin, panel, self.events, "small", 470, 260)


if __name__ == "__main__":
    unittest.main()
