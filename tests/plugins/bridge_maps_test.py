#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The bridges' settings that lie in layouts/, read by the bridges themselves: as they are, and with what is switched off in them."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import tomllib
import unittest

BUILD, SOURCE = pathlib.Path(os.environ["BEACONWALL_BUILD"]), pathlib.Path(os.environ["BEACONWALL_SOURCE"])
FILES = sorted(SOURCE.glob("layouts/*/data/*_bridge.toml"))
OFF = re.compile(r"^#(?=\w+ = )", re.M)
GAUGE = {"level": 44.71, "at": "2031-07-21T17:30:00"}


def service(file, *arguments, **more):
    name = file.stem
    return subprocess.run([BUILD / "lib/beaconwall/plugins" / name / (name + "-service"), *arguments], capture_output=True, text=True, check=False, **more)


class Maps(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="bw-maps-")))

    def all_on(self, file):
        """The file with nothing switched off, and what it names beside it."""
        text = OFF.sub("", file.read_text(encoding="utf-8"))
        for name in re.findall(r'(?:ca|key|certificate|\w+_file) = "([^"]+)"', text):
            (self.folder / name).write_text("0123456789abcdef\n")
            (self.folder / name).chmod(0o600)
        copy = self.folder / file.name
        copy.write_text(text, encoding="utf-8")
        return copy

    def test_both_bridges_have_one(self):
        self.assertEqual({file.stem for file in FILES}, {"mqtt_bridge", "http_bridge"})

    def test_each_has_no_fault(self):
        for file in FILES:
            self.assertTrue(OFF.search(file.read_text(encoding="utf-8")), file)
            for each in (file, self.all_on(file)):
                done = service(each, "--check", str(each))
                self.assertEqual((done.returncode, done.stderr), (0, ""), each)

    def test_a_fault_in_one_would_be_told(self):
        for file in FILES:
            copy = self.all_on(file)
            copy.write_text(copy.read_text(encoding="utf-8") + "\ncolour = 1\n", encoding="utf-8")
            done = service(copy, "--check", str(copy))
            self.assertEqual(done.returncode, 1, copy)
            self.assertIn("colour", done.stderr)

    def test_they_ask_for_no_more_than_the_shipped_bridge_may(self):
        for file in FILES:
            manifest = tomllib.loads((SOURCE / "plugins" / file.stem / "plugin.toml").read_text(encoding="utf-8"))
            settings = tomllib.loads(file.read_text(encoding="utf-8"))
            for out in settings["out"]:
                self.assertTrue(any(out["type"].startswith(each) for each in manifest["subscribes"]), out)
            for type_ in [each["type"] for each in settings.get("in", [])] + settings.get("listen", {}).get("types", []):
                self.assertTrue(type_.startswith("x."), type_)

    def test_the_messages_of_the_example_become_events(self):
        file = SOURCE / "layouts/demo/data/mqtt_bridge.toml"
        senml = [{"bn": "station:", "bt": 1.9e9, "n": "temperature", "u": "Cel", "v": 31.5}, {"n": "wind", "u": "m/s", "v": 4}]
        for topic, message, type_, subject, data in (
                ("county/gauges/G1/level", json.dumps(GAUGE), "x.county.level.v1", "gauge/G1", {"level_m": 44.71}),
                ("county/rain/R7/mm", "12.5", "x.county.rain.v1", "rain/R7", {"rain_mm": 12.5, "station": "R7"}),
                ("county/weather/W1", json.dumps(senml), "x.county.weather.v1", "weather/W1", {"temperature_c": 31.5, "wind_m_s": 4})):
            done = service(file, "--try", str(file), topic, input=message)
            self.assertEqual(done.returncode, 0, done.stderr)
            event, = map(json.loads, done.stdout.splitlines())
            self.assertEqual((event["type"], event["subject"], event["data"]), (type_, subject, data))
            if "gauges" in topic:
                self.assertEqual(event["time"], "2031-07-21T09:30:00.000Z")  # as 17:30 in Beijing

    def test_what_the_hub_would_refuse_is_refused_when_it_is_tried(self):
        file = SOURCE / "layouts/demo/data/mqtt_bridge.toml"
        for name, why in (("G" * 300, "subject is longer than 256 bytes"), ("G\x07", "has a control character at byte")):
            done = service(file, "--try", str(file), "county/gauges/%s/level" % name, input=json.dumps(GAUGE))
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(why, done.stderr)

    def test_the_command_in_its_comment_is_that_message(self):
        file = SOURCE / "layouts/demo/data/mqtt_bridge.toml"
        command = re.search(r"^#   (echo .* --try .*)$", file.read_text(encoding="utf-8"), re.M).group(1)
        shutil.copy(file, self.folder)
        environment = dict(os.environ, PATH="%s:%s" % (BUILD / "lib/beaconwall/plugins/mqtt_bridge", os.environ["PATH"]))
        done = subprocess.run(["sh", "-c", command], cwd=self.folder, env=environment, capture_output=True, text=True, check=True)
        self.assertEqual(json.loads(done.stdout)["data"], {"level_m": GAUGE["level"]})


if __name__ == "__main__":
    unittest.main()
