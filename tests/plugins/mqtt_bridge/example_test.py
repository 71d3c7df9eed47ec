#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The two examples of docs/bridges.md as they are written (but for ports and paths): the map, and a site's own folder on a whole wall."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))
sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "e2e"))
sys.path.insert(0, str(pathlib.Path(__file__).parent))
import wall  # noqa: E402
from bridge_test import Broker, Client, MqttCase  # noqa: E402
from bridge_wall import PROGRAMS, until  # noqa: E402

PAGE = (pathlib.Path(wall.SOURCE) / "docs/bridges.md").read_text(encoding="utf-8")
PROGRAM = PROGRAMS / "mqtt_bridge/mqtt_bridge-service"


def block(before, language):
    """The first block of that language behind `before`."""
    return re.search(r"```%s\n(.*?)```" % language, PAGE[PAGE.index(before):], re.S).group(1)


class TheMap(MqttCase):
    def test_it_says_what_it_does_and_does_it(self):
        self.broker()
        text = block("five minutes", "toml")
        self.assertIn("port = 1883", text)
        text = text.replace("port = 1883", "port = %d" % self.mosquitto.port)
        self.settings(text)
        command = block("without a wall or a broker", "sh").strip().replace("mqtt_bridge-service", str(PROGRAM))
        said = subprocess.run(["sh", "-c", command], cwd=self.wall.site, capture_output=True, text=True, check=True)
        tried = json.loads(said.stdout)
        self.assertEqual((tried["type"], tried["subject"], tried["data"]), ("x.county.level.v1", "gauge/G1", {"level_m": 1.25}))
        self.start_service()
        self.wait_state("the bridge to be up", lambda s: s.get("state") == "up")
        self.field().say("gauges/G1/level", "1.25")
        until("the event", lambda: [e["data"] for e in self.kept("x.county.level.v1")] == [{"level_m": 1.25}])
        rules = self.peer("rules")
        reply = rules.ask("record", op="put", write="1", writes=[{"type": "beaconwall.wall.attention.v1", "subject": "flood/gauge/G1", "data": {
            "rule": "flood", "state": "active", "title": {"zh": "水位超警", "en": "Above warning level"}, "level": 2, "count": 1,
            "since": "2031-07-21T09:30:00Z", "last": "2031-07-21T09:30:00Z", "event": "1", "type": "x.county.level.v1"}}])
        self.assertTrue(reply["ok"], reply)
        late = self.field("wall/#")
        until("it to be at the broker", lambda: late.of("wall/attention/flood/gauge/G1"))
        self.assertEqual(json.loads(late.of("wall/attention/flood/gauge/G1")[0])["title"]["en"], "Above warning level")


class ASitesOwnFolder(unittest.TestCase):
    def test_it_is_held_to_its_manifest_and_its_schema(self):
        broker = Broker()
        self.addCleanup(broker.close)
        root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="bw-county-")))
        folder = root / "new/county_mqtt"
        (folder / "schemas").mkdir(parents=True)
        manifest = block("`county_mqtt/plugin.toml`", "toml")
        self.assertIn("127.0.0.1:1883", manifest)
        (folder / "plugin.toml").write_text(manifest.replace("127.0.0.1:1883", "127.0.0.1:%d" % broker.port), encoding="utf-8")
        script = block("`county_mqtt/county_mqtt-service`", "sh")
        (folder / "county_mqtt-service").write_text(re.sub(r"/usr/lib/\S*mqtt_bridge-service", str(PROGRAM), script))
        os.chmod(folder / "county_mqtt-service", 0o755)
        (folder / "schemas/cn.county.level.v1.json").write_text(block("`county_mqtt/schemas/", "json"), encoding="utf-8")
        env = {"BEACONWALL_PLUGIN_PATH": str(root / "installed")}
        done = subprocess.run([wall.PROGRAM, "plugin", "install", "--yes", str(folder)], env={**os.environ, **env}, capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("cn.county.level.v1", done.stdout)

        inward = block("five minutes", "toml").replace("x.county.level.v1", "cn.county.level.v1").replace("port = 1883", "port = %d" % broker.port)
        site = {"wall.toml": wall.display(more='plugins = ["county_mqtt"]'), "layouts/one.toml": wall.layout("screen", {"a": "supplies/stores"}),
                "data/county_mqtt.toml": inward[:inward.index("[[out]]")]}
        with wall.site(site) as place, wall.Wall(place, env=env) as w:
            def state():
                return last(w, "beaconwall.bridge.state.v1").get("data", {})
            wall.until(lambda: state().get("state") == "up", 20, "the bridge is up")
            field = Client(broker)
            self.addCleanup(field.close)
            field.say("gauges/G1/level", "99999")  # above what the schema allows
            field.say("gauges/G1/level", "1.25")
            wall.until(lambda: last(w, "cn.county.level.v1").get("data") == {"level_m": 1.25}, 20, "the event")
            self.assertEqual(last(w, "cn.county.level.v1")["source"], "service:county_mqtt")
            wall.until(lambda: state().get("refused") == 1, 20, "the refusal")
            self.assertIn("level_m", state()["last_fault"])
            self.assertEqual(state()["published"], 1)


def last(w, type_):
    """The newest event of that type in the journal."""
    events = json.loads(w.ctl("events", "--json", "--type", type_))["events"]
    return events[-1] if events else {}


if __name__ == "__main__":
    unittest.main(verbosity=2)
