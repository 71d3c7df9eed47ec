# SPDX-License-Identifier: Apache-2.0
"""beaconwall plugin check: each rule finds its fault, and nothing where there is none."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from PIL import Image

SOURCE, BUILD = pathlib.Path(os.environ["BEACONWALL_SOURCE"]), pathlib.Path(os.environ["BEACONWALL_BUILD"])
SANITIZED = bool(os.environ.get("BEACONWALL_SANITIZE"))
SETTINGS = {"type": "object", "additionalProperties": False, "properties": {"size": {"type": "integer", "default": 3}}, "examples": [{"size": 4}]}
READING = (SOURCE / "assets/templates/event.json").read_text(encoding="utf-8")
MANIFEST = """name = "bad"
version = "1.2.3"
library = "bad_panel.so"
[[panel]]
id = "main"
title = { zh = "坏", en = "Bad" }
"""
SERVICE = """name = "bad"
service = "run"
publishes = ["com.example.bad.v1"]
"""
# What BAD_PANEL says: the rule that finds it, and how.
FAULTS = {
    "panels": ("manifest.panels", "fail"), "leak": ("panel.lifecycle", "fail"), "descriptors": ("panel.lifecycle", "fail"),
    "sizes": ("panel.sizes", "fail"), "events": ("panel.events", "crashed"), "subscribes": ("manifest.subscribes", "fail"),
    "extensions": ("panel.extensions", "crashed"), "threads": ("panel.threads", "fail"), "view": ("panel.view", "fail"),
    "determinism": ("panel.determinism", "fail"), "cost": ("panel.cost", "fail"), "idle": ("panel.idle", "fail"),
    "fuzz": ("panel.fuzz", "fail"), "socket": ("panel.languages", "warning"),
}
# In a sanitizer's build memory is not counted, and nothing is closed in.
NOT_SANITIZED = ("leak", "socket")


def check(*words, bad=None):
    environment = dict(os.environ, **({"BAD_PANEL": bad} if bad else {}))
    return subprocess.run([BUILD / "bin/beaconwall", "plugin", "check", *words], env=environment, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, text=True, timeout=250, check=False)


class CheckTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="bw-check-test-"))
        self.addCleanup(shutil.rmtree, self.root)
        self.plugin = self.root / "bad"
        self.plugin.mkdir()
        (self.plugin / "plugin.toml").write_text(MANIFEST, encoding="utf-8")
        shutil.copy(BUILD / "tests/check/bad_panel.so", self.plugin)
        self.schema("settings/main", SETTINGS)

    def schema(self, name, schema):
        file = self.plugin / "schemas" / (name + ".json")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(schema if isinstance(schema, str) else json.dumps(schema), encoding="utf-8")

    def verdicts(self, *words, **how):
        done = check("--json", *words, str(self.plugin), **how)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if report["good"] else 1)
        return {rule["rule"]: rule for rule in report["plugins"][0]["rules"]}

    def test_a_good_panel_passes_everything(self):
        found = self.verdicts()
        # It has no words, so it draws the same in both languages.
        self.assertEqual({rule: one["verdict"] for rule, one in found.items() if one["verdict"] != "pass"}, {"panel.languages": "warning"})
        self.assertGreaterEqual(len(found), 15)

    def test_each_rule_finds_its_fault(self):
        for bad, (rule, verdict) in FAULTS.items():
            if SANITIZED and bad in NOT_SANITIZED:
                continue
            with self.subTest(bad):
                found = self.verdicts("--only", rule, bad=bad)[rule]
                self.assertEqual(found["verdict"], verdict, found)
                self.assertTrue(found["text"] and found["advice"], found)

    def test_a_found_seed_is_shown_again(self):
        found = self.verdicts("--only", "panel.fuzz", "--seed", "7", bad="fuzz")["panel.fuzz"]
        self.assertIn("seed 7", found["text"])
        again = check("--reproduce", "7", str(self.plugin), bad="fuzz")
        self.assertIn("step 0: show main", again.stderr)
        step = re.search(r"step (\d+)", found["text"]).group(0)
        self.assertIn(step + ": draw main", again.stderr)
        self.assertIn(found["text"], again.stdout)

    def test_a_manifest_that_is_wrong_is_told_with_its_numbers(self):
        (self.plugin / "plugin.toml").write_text(MANIFEST.replace("bad_panel.so", "gone.so") + "colour = 1\n")
        done = check(str(self.plugin))
        self.assertEqual(done.returncode, 1)
        self.assertIn("manifest.valid", done.stdout)
        self.assertIn("BW1503", done.stdout)

    def service(self, script):
        (self.plugin / "plugin.toml").write_text(SERVICE, encoding="utf-8")
        shutil.rmtree(self.plugin / "schemas", ignore_errors=True)
        self.schema("com.example.bad.v1", READING)
        run = self.plugin / "run"
        run.write_text(script, encoding="utf-8")
        run.chmod(0o755)
        return self.verdicts()["service.wire"]

    def test_services(self):
        template = (SOURCE / "assets/templates/service.py").read_text(encoding="utf-8")
        good = template.replace("@TYPE@", "com.example.bad.v1")
        self.assertEqual(self.service(good)["verdict"], "pass")
        other = self.service(template.replace("@TYPE@", "com.example.other.v1"))
        self.assertEqual(other["verdict"], "fail")
        self.assertIn("com.example.other.v1", other["text"])
        faulty = self.service(good.replace('"value": round(value, 2)', '"value": "high"'))
        self.assertEqual(faulty["verdict"], "fail")
        self.assertIn("com.example.bad.v1: data/value: found a text; allowed: a number", faulty["text"])
        self.assertIn("status 3", self.service("#!/bin/sh\nexit 3\n")["text"])
        self.assertIn("no hello", self.service("#!/bin/sh\nexec sleep 100\n")["text"])
        deaf = good.replace("signal.signal(signal.SIGTERM, stop)", "signal.signal(signal.SIGTERM, signal.SIG_IGN)")
        self.assertIn("SIGTERM", self.service(deaf)["text"])

    def test_schemas_of_settings(self):
        rule = "schemas.settings"
        found = lambda: self.verdicts("--only", rule)[rule]
        self.assertEqual(found()["verdict"], "pass")
        self.schema("settings/main", dict(SETTINGS, examples=[{"size": "big"}]))
        self.assertIn("examples/0/size: found a text; allowed: a whole number", found()["text"])
        self.schema("settings/main", dict(SETTINGS, properties={"size": {"type": "integer", "default": "big"}}, examples=[]))
        self.assertEqual((found()["verdict"], "the defaults/size: found a text" in found()["text"]), ("fail", True), found())
        self.schema("settings/main", dict(SETTINGS, required=["name"], examples=[], properties={"name": {}, "size": {"default": 3}}))
        self.assertEqual(found()["verdict"], "pass", "what is required has no default")
        (self.plugin / "schemas/settings/main.json").unlink()
        self.assertEqual((found()["verdict"], "schemas/settings/main.json" in found()["text"]), ("warning", True))
        self.schema("settings/main", '{"type": "objekt"}')
        self.assertIn("BW1513", check(str(self.plugin)).stdout)

    def test_schemas_of_events(self):
        rule = "schemas.events"
        (self.plugin / "plugin.toml").write_text(
            'publishes = ["com.example.bad.v1", "com.example.open.", "x.trial"]\nowns = ["beaconwall.source.v1"]\n' + MANIFEST + 'commands = ["com.example.pin.v1", "beaconwall.wall.undo.v1"]\n', encoding="utf-8")
        found = lambda *words: self.verdicts("--only", rule, *words)[rule]
        for lacks in ("com.example.bad.v1", "com.example.open.", "com.example.pin.v1"):
            self.assertEqual((found()["verdict"], lacks in found()["text"]), ("fail", True), found())
            self.schema(lacks + "a.v1" if lacks.endswith(".") else lacks, READING)
        self.assertEqual(found()["verdict"], "pass", found())
        events = self.root / "events.jsonl"
        record = {"specversion": "1.0", "id": "1", "source": "t", "type": "com.example.bad.v1", "subject": "thing/1", "time": "2026-07-01T08:00:00Z",
                  "data": {"name": {"zh": "一", "en": "one"}, "value": 1, "unit": "m"}}
        events.write_text(json.dumps(record) + "\n", encoding="utf-8")
        self.assertIn("1 recorded events match", found("--events", str(events))["text"])
        record["data"]["value"] = "high"
        events.write_text(json.dumps(record) + "\n", encoding="utf-8")
        self.assertEqual((found("--events", str(events))["verdict"], "thing/1" in found("--events", str(events))["text"]), ("fail", True))
        self.schema("com.example.nobodys.v1", READING)
        self.assertEqual(found()["verdict"], "warning")
        self.schema("com.example.nobodys.v1", READING.replace('"value": 12.3', '"value": "high"'))
        self.assertEqual((found()["verdict"], "examples/0/value" in found()["text"]), ("fail", True), found())

    def test_a_picture_is_drawn_and_compared(self):
        record = {"specversion": "1.0", "id": "1", "source": "t", "type": "x.bad.v1", "subject": "thing/1", "time": "2026-07-01T08:00:00Z", "data": {}}
        events = self.root / "events.jsonl"
        events.write_text(json.dumps(record) + "\n", encoding="utf-8")

        def picture(out, *words, bad=None):
            return subprocess.run([BUILD / "bin/beaconwall", "plugin", "picture", self.plugin, "main", out, "--events", events, "--size", "320x180", *words],
                                  env=dict(os.environ, **({"BAD_PANEL": bad} if bad else {})), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        approved = self.root / "approved.png"
        self.assertEqual(picture(approved).returncode, 0)
        with Image.open(approved) as image:
            self.assertEqual(image.size, (320, 180))
            self.assertNotEqual(image.getpixel((10, 10)), image.getpixel((310, 170)), "its triangle covers the upper left half")
        self.assertEqual(picture("-", "--compare", approved).returncode, 0)
        changed = picture("-", "--compare", approved, bad="colour")
        self.assertEqual(changed.returncode, 1, changed.stdout)
        self.assertIn("% of the pixels differ", changed.stdout)
        self.assertIn("no panel gone", subprocess.run([BUILD / "bin/beaconwall", "plugin", "picture", self.plugin, "gone", "-"], stderr=subprocess.PIPE, text=True, check=False).stderr)

    def test_what_is_no_word_of_it_is_refused(self):
        for words in (["--what", "x"], ["--only", "panel.colour", "x"], []):
            done = check(*words)
            self.assertEqual(done.returncode, 2, done.stdout)
            self.assertTrue(done.stderr)

    def test_vendors_read_of_every_rule(self):
        listed = [line.split()[0] for line in check("--rules").stdout.splitlines()]
        text = (SOURCE / "docs/vendors/rules.md").read_text(encoding="utf-8")
        written = re.findall(r"^\| `([a-z.]+)` ", text, re.M)
        self.assertEqual(sorted(written), sorted(listed + ["manifest.valid", "panel.memory"]))

    def test_our_own_plugins_have_no_failure(self):
        folders = [str(BUILD / "lib/beaconwall/plugins" / name) for name in ("fire_watch", "flood_gauges", "supplies", "dispatch", "demo_field", "mqtt_bridge", "http_bridge")]
        report = json.loads(check("--json", *folders).stdout)
        bad = [(plugin["name"], rule) for plugin in report["plugins"] for rule in plugin["rules"] if rule["verdict"] in ("fail", "crashed")]
        self.assertEqual(bad, [])
        self.assertEqual(len(report["plugins"]), 7)


if __name__ == "__main__":
    unittest.main()
