# SPDX-License-Identifier: Apache-2.0
"""A whole wall and its schemas: what a plugin sends wrongly is refused and told; what we send ourselves, the hub's own events too, matches."""
import contextlib
import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema

import client
import wall

SOURCE = pathlib.Path(wall.SOURCE)
DEMO = SOURCE / "layouts/demo"
MANIFEST = """name = "faulty"
version = "1.0.0"
service = "faulty-service"
publishes = ["com.example.faulty.v1"]
"""
# One event in two has a text where a number belongs.
SERVICE = (SOURCE / "assets/templates/service.py").read_text(encoding="utf-8").replace("@TYPE@", "com.example.faulty.v1").replace(
    '"value": round(value, 2)', '"value": round(value, 2) if int(time.time()) % 2 else "high"')
FAULT = "com.example.faulty.v1 does not match its schema: data/value: found a text; allowed: a number"


def validators():
    files = [*(SOURCE / "assets/schemas").glob("*.json"), *(SOURCE / "plugins").glob("*/schemas/*.json")]
    return {file.stem: jsonschema.Draft4Validator(json.loads(file.read_text(encoding="utf-8"))) for file in files}


class FaultyPlugin(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="bw-plugins-")))
        folder = self.root / "faulty"
        (folder / "schemas").mkdir(parents=True)
        (folder / "plugin.toml").write_text(MANIFEST, encoding="utf-8")
        (folder / "faulty-service").write_text(SERVICE, encoding="utf-8")
        (folder / "faulty-service").chmod(0o755)
        schema = (SOURCE / "assets/templates/event.json").read_text(encoding="utf-8")
        (folder / "schemas/com.example.faulty.v1.json").write_text(schema, encoding="utf-8")

    def site(self, more=""):
        panes = {"a": "supplies/stores", "b": "supplies/pumps"}
        return self.enterContext(wall.site({"wall.toml": wall.display(more=more), "layouts/one.toml": wall.layout("screen", panes)}))

    def start(self, site):
        self.wall = self.enterContext(wall.Wall(site, env={"BEACONWALL_PLUGIN_PATH": str(self.root)}))

    def check(self, site):
        done = subprocess.run([wall.PROGRAM, "check", site], env={**os.environ, "BEACONWALL_PLUGIN_PATH": str(self.root)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=False)
        self.assertIn("com.example.faulty.v1.json", done.stdout)
        self.assertIn("BW1513", done.stdout)
        return done

    def test_a_faulty_event_is_refused_with_the_pointer_in_the_log_and_to_its_sender(self):
        self.start(self.site('plugins = ["faulty"]'))
        said = lambda who: [line for line in self.wall.log().splitlines() if FAULT in line and who in line]
        wall.until(lambda: said("service:faulty is refused"), 20, "the hub's line")
        wall.until(lambda: [line for line in self.wall.log().splitlines() if line.endswith(FAULT) and "is refused" not in line], 20, "what the service printed of its reply")
        wall.until(lambda: "com.example.faulty.v1" in self.wall.ctl("events", "--type", "com.example."), 20, "the good ones")
        for event in json.loads(self.wall.ctl("events", "--type", "com.example.", "--json"))["events"]:
            self.assertIsInstance(event["data"]["value"], float)
        # A person is told the same.
        with self.assertRaises(wall.Refused) as refused:
            self.wall.ctl("publish", "com.example.faulty.v1", "--subject", "a", "--data", '{"name": {"zh": "", "en": ""}, "unit": "m", "value": "high"}')
        self.assertIn("data/value: found a text; allowed: a number", refused.exception.error)
        with self.assertRaises(wall.Refused) as refused:
            self.wall.ctl("publish", "com.example.nobodys.v1", "--subject", "a", "--data", "{}")
        self.assertIn("not registered", refused.exception.error)
        self.wall.wait(wall.live, 20, "the panes live on")

    def test_a_faulty_schema_is_told_before_the_wall_runs_and_when_it_does(self):
        file = self.root / "faulty/schemas/com.example.faulty.v1.json"
        file.write_text('{"type": "object", "const": 1}', encoding="utf-8")
        self.assertEqual(self.check(self.site('plugins = ["faulty"]')).returncode, 1)
        # A site that does not name the plugin runs without it.
        unconcerned = self.site()
        self.assertIn("warning: ", self.check(unconcerned).stdout)
        self.start(unconcerned)
        self.wall.wait(wall.live, 20, "the panes live")
        self.assertIn("BW1513", self.wall.log())
        self.assertNotIn("faulty", [role["name"] for role in self.wall.status()["roles"]])


class Demo(unittest.TestCase):
    def test_the_demo_runs_without_a_refusal_and_all_that_is_said_matches(self):
        by_type, bad, seen = validators(), [], set()

        def heard():
            """The types so far. Read all the time: the hub gives up what waits for too long for one that does not read."""
            hub.turn(0)
            seen.update(event["type"] for event in hub.events[heard.count:])
            heard.count = len(hub.events)
            return seen
        heard.count = 0
        with wall.Wall(str(DEMO)) as demo:
            hub = client.Hub(demo.run_dir, [""])
            self.addCleanup(hub.close)
            self.assertTrue(hub.ask("layouts", 10))
            for layout in ("fire", "flood", "resources", "overview"):
                demo.ctl("take", layout)
                demo.wait(lambda s, name=layout: heard() and s["layout"]["on_air"] == name and wall.live(s), 30, layout + " live")
            hub.send("subscribe", prefixes=["beaconwall.source.state.v1/"], **{"from": "snapshot"})  # cameras that play say nothing new
            demo.ctl("hold", "left", "--for", "1h")
            demo.ctl("release", "left")
            demo.ctl("edit", "full", demo.status()["panes"][0]["id"])
            demo.ctl("undo")
            wanted = {"beaconwall.wall.live.v1", "beaconwall.wall.taken.v1", "beaconwall.wall.holds.v1", "beaconwall.compositor.taken.v1", "beaconwall.compositor.report.v1",
                      "beaconwall.media.report.v1", "beaconwall.source.state.v1", "beaconwall.status.ask.v1", "beaconwall.field.gauge.v1", "beaconwall.field.vehicle.v1",
                      "beaconwall.field.stock.v1", "beaconwall.flood.state.v1", "beaconwall.dispatch.position.v1", "beaconwall.fire.danger.v1", "beaconwall.supplies.stock.v1"}
            with contextlib.suppress(AssertionError):
                wall.until(lambda: wanted <= heard(), 40, "an event of each type")
            self.assertEqual(wanted - heard(), set(), "no such event was heard")
            since = 0
            while True:
                page = hub.ask("events", 10, since=since, limit=1000)
                hub.events += page["events"]
                if not page["more"]:
                    break
                since = int(page["next"])
            for event in hub.events:
                seen.add(event["type"])
                if event.get("tombstone") or event["type"].startswith("x."):
                    continue
                bad += [(event["type"], fault.message[:200], list(fault.path)) for fault in by_type[event["type"]].iter_errors(event.get("data", {}))]
            self.assertEqual(bad, [])
            self.assertGreaterEqual(len(seen), 20, seen)
            refused = [line for line in demo.log().splitlines() if " is refused: " in line or "the hub refused" in line or "does not match its schema" in line]
            self.assertEqual(refused, [])


if __name__ == "__main__":
    unittest.main()
