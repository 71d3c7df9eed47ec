# SPDX-License-Identifier: Apache-2.0
"""No way out of an exercise or a replay: every command that the running hub's registry has, ours, those of our plugins' manifests and
those of a plugin of others, is sent in each, and none reaches a handler, in the hub or in another process; each gets a sentence."""
import json
import pathlib
import shutil
import tempfile
import unittest

from played import SceneCase
from wall_of_one import BUILD, SOURCE, event, until

START = "beaconwall.space.start.v1"
MANIFEST = """name = "drill"
version = "1.0.0"
library = "panel.so"
[[panel]]
id = "main"
title = { zh = "甲", en = "A" }
commands = ["drill.pump.v1"]
"""
SCHEMA = {"$schema": "http://json-schema.org/draft-04/schema#", "title": "Pump", "description": "Command: run a pump.", "type": "object", "examples": [{}]}


class NoWayOutTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.plugins = pathlib.Path(tempfile.mkdtemp(prefix="bw-plugins-"))
        self.addCleanup(shutil.rmtree, self.plugins)
        shutil.copytree(BUILD / "lib/beaconwall/plugins", self.plugins, dirs_exist_ok=True)
        folder = self.plugins / "drill"
        (folder / "schemas").mkdir(parents=True)
        (folder / "plugin.toml").write_text(MANIFEST)
        (folder / "panel.so").write_bytes(b"")
        (folder / "schemas/drill.pump.v1.json").write_text(json.dumps(SCHEMA))
        self.wall.plugins = self.plugins
        self.begin()
        self.ctl.ask("publish", lane="durable", event=event("x.mark", "m"))
        mark = self.ctl.ask("events", type="x.mark", limit=1)["events"][0]["recordedtime"]
        until("the clock to go on", lambda: self.ctl.ask("publish", lane="durable", event=event("x.mark", "m"))["ok"] and
              self.ctl.ask("events", type="x.mark", limit=1)["events"][0]["recordedtime"] > mark)
        for name, more in (("drill", {"kind": "exercise"}), ("then", {"kind": "replay", "since": mark})):
            reply = self.command(START, name=name, **more)
            self.assertTrue(reply["ok"], reply)
        # Whatever the hub does not do itself comes here.
        self.handler = self.peer("everything")
        self.assertTrue(self.handler.ask("handle", prefixes=[""])["ok"])

    def state(self):
        """All that a command of the hub's own could change."""
        status = self.status()
        return self.compositor.shown["take"], status["layout"], [s["name"] for s in status["spaces"]]

    def registry(self):
        """{type: data that its schema allows} of every command that the hub knows by name."""
        types = sorted({each["type"] for each in self.ctl.ask("commands")["commands"]})
        schemas = {file.stem: file for file in [*(SOURCE / "assets/schemas").glob("*.json"), *self.plugins.glob("*/schemas/*.json")]}
        return {type_: json.loads(schemas[type_].read_text())["examples"][0] for type_ in types}

    def test_what_says_that_it_is_of_a_space_does_not_become_live_by_being_sent_on(self):
        before = self.state()
        for space, kind in (("drill", "exercise"), ("then", "replay")):
            strays = {"command": event("beaconwall.wall.take.v1", "wall", {"layout": "two"}), "publish": event("x.alarm", "gauge/1", {"level": 4})}
            for verb, stray in strays.items():
                refused = self.ctl.ask(verb, event={**stray, "space": space})
                self.assertEqual((refused["ok"], refused["code"]), (False, "invalid"))
                self.assertIn("of the %s %s, and the request is about live" % (kind, space), refused["text"])
        self.assertEqual(self.state(), before)
        self.assertTrue(self.ctl.ask("publish", space="drill", event={**event("x.alarm"), "space": "drill"})["ok"])
        # What somebody else calls a space is none of ours.
        self.assertTrue(self.ctl.ask("publish", lane="durable", event={**event("x.alarm"), "space": "hall-2"})["ok"])
        self.assertEqual(self.ctl.ask("events", type="x.alarm", limit=1)["events"][0]["space"], "live")

    def test_every_command_in_every_space(self):
        all_of_them = self.registry()
        self.assertLessEqual({START, "beaconwall.wall.take.v1", "beaconwall.source.retry.v1", "drill.pump.v1"}, set(all_of_them))
        before = self.state()
        for space, kind in (("drill", "exercise"), ("then", "replay")):
            peer = self.peer("trainee")
            for type_, data in {**all_of_them, "x.free.v1": {}, "com.nobody.v1": {}}.items():
                for subject in ("wall", "plugin/flood_gauges", "camera/T-1", "main"):
                    reply = peer.ask("command", space=space, event=event(type_, subject, data))
                    self.assertEqual((reply["ok"], reply["code"], reply["space"], reply["kind"]), (False, "refused", space, kind), (type_, reply))
                    self.assertIn("this is the %s %s" % (kind, space), reply["text"])
            # Also without a word, by a peer that stands there.
            inside = self.peer("x")
            self.assertTrue(inside.ask("hello", protocol=1, name="x", cycle="2", space=space)["ok"])
            reply = inside.ask("command", event=event("beaconwall.wall.take.v1", "wall", {"layout": "two"}))
            self.assertEqual((reply["code"], reply["space"]), ("refused", space))
        self.handler.ask("layouts")  # what was sent to it before is here
        self.assertEqual(self.handler.commands, [])
        self.assertEqual(self.state(), before)

    def test_in_live_the_same_ones_do_reach_somebody(self):
        """Else the test above could not fail."""
        for type_ in ("x.free.v1", "beaconwall.attention.acknowledge.v1", "drill.pump.v1"):
            self.ctl.start("command", event=event(type_, "a/b", {}))
            self.handler.wait("it", lambda: [c for c in self.handler.commands if c["event"]["type"] == type_])
        self.assertTrue(self.command("beaconwall.wall.take.v1", layout="two")["ok"])

    def test_what_compositors_say_there_is_not_heard(self):
        before = self.state()
        compositor = self.compositor
        reply = compositor.ask("publish", space="drill", event=event("beaconwall.compositor.on_air.v1", "main", {"take": 99, "scene": compositor.shown["scene"]}))
        self.assertTrue(reply["ok"], reply)
        self.assertEqual(self.state(), before)


if __name__ == "__main__":
    unittest.main()
