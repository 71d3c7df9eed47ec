# SPDX-License-Identifier: Apache-2.0
"""No way out of an exercise or a replay: every command that there is, ours from the hub's registry and those of our plugins'
manifests, is sent in each, and none reaches a handler, in the hub or in another process; each gets a sentence."""
import json
import re
import sys
import unittest

from played import Compositor, SceneCase
from wall_of_one import BUILD, SOURCE, event, until

sys.path.insert(0, str(SOURCE / "docs"))
import asyncapi  # the types of ours, from the registry's table; the plugins' manifests

START = "beaconwall.space.start.v1"


def commands():
    """{type: data that its schema allows} of all commands that are registered or that a manifest names."""
    types = {type_ for type_, class_, _ in asyncapi.our_types() if class_ == "command"}
    for manifest in asyncapi.manifests().values():
        for panel in manifest.get("panel", []):
            types |= set(panel.get("commands", []))
    schemas = {file.stem: file for file in [*(SOURCE / "assets/schemas").glob("*.json"), *(SOURCE / "plugins").glob("*/schemas/*.json")]}
    return {type_: json.loads(schemas[type_].read_text())["examples"][0] for type_ in sorted(types)}


class NoWayOutTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.wall.plugins = BUILD / "lib/beaconwall/plugins"
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

    def test_every_command_in_every_space(self):
        all_of_them = commands()
        registry = (SOURCE / "core/hub/registry.cpp").read_text()
        rows = re.findall(r'\{"([a-z0-9_.]+)", Class::command', registry)
        self.assertGreater(len(rows), 10)
        self.assertLessEqual(set(rows), set(all_of_them))
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
        for type_ in ("x.free.v1", "beaconwall.attention.acknowledge.v1"):
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
