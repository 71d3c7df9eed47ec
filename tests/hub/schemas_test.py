# SPDX-License-Identifier: Apache-2.0
"""What does not match the schema of its type is refused, with the pointer of the fault; what has no schema, too."""
import json
import os
import pathlib
import shutil
import tempfile
import unittest

from played import SceneCase
from wall_of_one import PLUG, Peer, Wall, control_message, event, until

LEVEL = {"type": "object", "additionalProperties": False, "required": ["level_m"],
         "properties": {"level_m": {"type": "number", "minimum": -5}, "note": {"type": "string"}}}
PIN = {"type": "object", "required": ["at"], "properties": {"at": {"type": "array", "items": {"type": "number"}, "minItems": 2}}}
MANIFEST = """name = "%s"
version = "1.0.0"
service = "run"
library = "panel.so"
publishes = ["acme.level.v1", "acme.level.v2", "acme.bare.v1", "acme.open."]
owns = ["acme.station.v1"]
[[panel]]
id = "main"
title = { zh = "甲", en = "A" }
commands = ["acme.pin.v1"]
"""


class SchemasTest(SceneCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bw-plugins-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.wall = Wall(plugins=self.folder)
        self.addCleanup(self.wall.close)
        self.plugged = 0

    def write(self, plugin, **schemas):
        folder = self.folder / plugin
        (folder / "schemas").mkdir(parents=True, exist_ok=True)
        (folder / "plugin.toml").write_text(MANIFEST % plugin, encoding="utf-8")
        for file in ("run", "panel.so"):
            (folder / file).write_text("#!/bin/sh\n", encoding="utf-8")
            (folder / file).chmod(0o755)
        for type_, schema in schemas.items():
            (folder / "schemas" / (type_.replace("_", ".") + ".json")).write_text(
                schema if isinstance(schema, str) else json.dumps(schema), encoding="utf-8")

    def acme(self):
        self.write("acme", acme_level_v1=LEVEL, acme_level_v2=dict(LEVEL, required=["note"]), acme_station_v1=LEVEL, acme_pin_v1=PIN, acme_open_any_v1=LEVEL)
        self.wall.start()
        return self.plugin("service:acme")

    def plugin(self, name):
        self.plugged += 1
        path = str(self.wall.run / ("w%d" % self.plugged))
        peer = Peer(self.wall, "whatever it says", connect=False)
        self.addCleanup(peer.close)
        peer.socket.bind("ipc://" + path)
        self.wall.control.send(control_message(PLUG, self.plugged, name=name, text=path))
        peer.wait("the hub to introduce itself", lambda: peer.goodbyes)
        peer.hello()
        return peer

    def faulty(self, reply, pointer, *words):
        self.assertEqual((reply["ok"], reply["code"], reply.get("pointer")), (False, "invalid", pointer), reply)
        for word in words:
            self.assertIn(word, reply["text"])

    def test_both_lanes_refuse_with_the_pointer_and_what_is_allowed(self):
        acme, reader = self.acme(), self.peer("reader")
        reader.subscribe("acme.", source="now")
        for lane in ("telemetry", "durable"):
            say = lambda data, type_="acme.level.v1": acme.ask("publish", lane=lane, event=event(type_, data=data))
            self.faulty(say({"level_m": "high"}), "/event/data/level_m", "acme.level.v1", "data/level_m: found a text; allowed: a number")
            self.faulty(say({"level_m": -6}), "/event/data/level_m", "at least -5")
            self.faulty(say({}), "/event/data", "`level_m` is missing")
            self.faulty(say({"level_m": 1, "levle": 2}), "/event/data/levle", "`levle` is not known here", "note")
            self.faulty(say([1]), "/event/data", "found a list; allowed: an object")
            self.assertTrue(say({"level_m": 1})["ok"])
        reader.wait("the good ones", lambda: len(reader.deliveries) >= 2)
        self.assertEqual([got["event"]["data"] for got in reader.deliveries], [{"level_m": 1}] * 2)

    def test_without_data_it_is_an_empty_object(self):
        acme = self.acme()
        bare = event("acme.level.v1")
        del bare["data"]
        self.faulty(acme.ask("publish", event=bare), "/event/data", "`level_m` is missing")

    def test_versions_live_side_by_side(self):
        acme = self.acme()
        say = lambda type_, data: acme.ask("publish", event=event(type_, data=data))
        self.assertTrue(say("acme.level.v1", {"level_m": 1})["ok"])
        self.assertTrue(say("acme.level.v2", {"note": "n"})["ok"])
        self.faulty(say("acme.level.v2", {"level_m": 1}), "/event/data", "`note` is missing")
        self.faulty(say("acme.level.v1", {"note": "n"}), "/event/data", "`level_m` is missing")

    def test_a_type_without_a_schema_is_refused_and_x_is_free(self):
        acme = self.acme()
        for type_ in ("acme.bare.v1", "acme.open.other.v1"):
            reply = acme.ask("publish", event=event(type_, data={}))
            self.assertEqual((reply["ok"], reply["code"]), (False, "refused"))
            self.assertIn("schemas/%s.json" % type_, reply["text"])
        self.assertTrue(acme.ask("publish", event=event("acme.open.any.v1", data={"level_m": 1}))["ok"])
        self.assertTrue(acme.ask("publish", event=event("x.acme", data=["anything"]))["ok"])

    def test_records_are_told_by_their_place_in_the_list(self):
        acme = self.acme()
        put = lambda *data: acme.ask("record", op="put", write=str(len(data)), writes=[
            {"type": "acme.station.v1", "subject": "s/%d" % n, "data": one} for n, one in enumerate(data)])
        self.faulty(put({"level_m": 1}, {"level_m": 2}, {"level_m": None}), "/writes/2/data/level_m", "acme.station.v1")
        self.assertEqual(acme.ask("record", op="list", type="acme.station.v1")["events"], [], "a list is written whole or not at all")
        self.assertTrue(put({"level_m": 1}, {"level_m": 2})["ok"])
        gone = acme.ask("record", op="put", write="gone", writes=[{"type": "acme.station.v1", "subject": "s/1", "tombstone": True}])
        self.assertTrue(gone["ok"], "a tombstone has no data")

    def test_a_source_is_held_against_what_its_owner_wrote(self):
        self.wall.start()
        demo = self.plugin("service:demo_field")
        put = lambda data: demo.ask("record", op="put", write=json.dumps(data), writes=[{"type": "beaconwall.source.v1", "subject": "camera/S-9", "data": data}])
        self.faulty(put({"main": {"url": "rtsp://127.0.0.1/9"}}), "/writes/0/data/main/url", "uri")
        self.assertTrue(put({"main": {"uri": "rtsp://127.0.0.1/9"}})["ok"])

    def test_commands_are_held_to_theirs(self):
        self.acme()
        ctl, handler = self.peer(), self.peer("handler")
        self.faulty(ctl.command("beaconwall.wall.take.v1", {"layot": "two"}), "/event/data/layot", "layout")
        self.faulty(ctl.command("beaconwall.wall.take.v1", {"layout": 2}), "/event/data/layout", "a text")
        self.assertTrue(handler.ask("handle", prefixes=["acme."])["ok"])
        self.faulty(ctl.command("acme.pin.v1", {"at": [1]}), "/event/data/at", "at least 2")
        self.assertEqual(handler.commands, [])
        asked = ctl.start("command", event=event("acme.pin.v1", "pin/1", {"at": [1, 2]}))
        handler.wait("the command", lambda: handler.commands)
        handler.send("answer", id=handler.commands[0]["id"], ok=True)
        self.assertTrue(ctl.reply(asked)["ok"])
        self.assertEqual(ctl.command("nobodys.pin.v1", {})["code"], "refused")

    def test_what_is_refused_stands_in_the_log_and_does_not_fill_it(self):
        acme = self.acme()
        for n in range(300):
            acme.send("publish", event=event("acme.level.v1", data={"level_m": str(n)}))
        acme.ask("status")
        lines = [line for line in self.wall.log().splitlines() if "acme.level.v1" in line]
        self.assertEqual(len(lines), 1, lines)
        self.assertIn("service:acme is refused: acme.level.v1 does not match its schema: data/level_m: found a text; allowed: a number", lines[0])

    def test_a_faulty_schema_is_a_fault_of_its_plugin_and_the_others_run(self):
        self.write("broken", acme_level_v1='{"type": "object",\n "propertys": {}}')
        acme = self.acme()
        self.assertTrue(acme.ask("publish", event=event("acme.level.v1", data={"level_m": 1}))["ok"])
        line = next(line for line in self.wall.log().splitlines() if "broken/schemas/acme.level.v1.json" in line)
        self.assertIn("propertys", line)
        self.assertIn("BW1513", line)
        broken = self.plugin("service:broken")
        self.assertEqual(broken.ask("publish", event=event("acme.level.v1", data={"level_m": 1}))["code"], "refused")

    def test_each_is_held_to_its_own_schema_of_a_type_that_two_publish(self):
        self.write("beta", acme_level_v1=dict(LEVEL, required=["note"]))
        acme = self.acme()
        beta = self.plugin("service:beta")
        self.assertTrue(acme.ask("publish", event=event("acme.level.v1", data={"level_m": 1}))["ok"])
        self.assertTrue(beta.ask("publish", event=event("acme.level.v1", data={"note": "n"}))["ok"])
        self.faulty(beta.ask("publish", event=event("acme.level.v1", data={"level_m": 1})), "/event/data", "note")

    def test_one_that_costs_much_is_told_so_and_keeps_nobody_waiting(self):
        words = {"type": "object", "properties": {"words": {"type": "array", "items": {
            "type": "string", "maxLength": 4096, "pattern": "^[a-z]{1,64}$"}}}}
        self.write("acme", acme_level_v1=words)
        self.wall.start()
        acme, other = self.plugin("service:acme"), self.peer("other")
        for _ in range(60 if os.environ.get("BEACONWALL_SANITIZE") else 400):  # some 0.1 s each there
            acme.send("publish", event=event("acme.level.v1", data={"words": ["ab" * 30] * 900}))
        self.assertTrue(other.ask("status")["ok"])
        self.faulty(acme.ask("publish", event=event("acme.level.v1", data={"words": ["ab" * 30] * 900})), "/event/data/words", "too much")


if __name__ == "__main__":
    unittest.main()
