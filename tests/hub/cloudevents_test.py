# SPDX-License-Identifier: Apache-2.0
"""CloudEvents 1.0 at the hub's door and behind it: what comes in, what goes out, what does not fit."""
import json
import unittest

from played import SceneCase
from wall_of_one import event, until

KIB = 1024
OURS = {"specversion", "id", "source", "type", "subject", "time", "data", "datacontenttype", "dataschema", "space", "recordedtime",
        "sequence", "revision", "tombstone"}


class CloudEventsTest(SceneCase):
    def setUp(self):
        super().setUp()
        self.wall.start()

    def refused(self, reply, *words, code="invalid"):
        self.assertEqual((reply["ok"], reply["code"]), (False, code), reply)
        for word in words:
            self.assertIn(word, reply["text"])

    def heard(self, sent, lane="durable"):
        """`sent` as a subscriber has it."""
        reader = self.peer("reader")
        reader.subscribe(sent["type"])
        self.assertTrue(self.peer("feed").ask("publish", lane=lane, event=sent)["ok"])
        reader.wait("the delivery", lambda: reader.deliveries)
        return reader.deliveries[0]["event"]

    def test_unknown_extensions_are_passed_on_untouched(self):
        extensions = {"traceparent": "00-4bf92f35-01", "partitionkey": "潮白河 %20 \\ \"", "vendorcount": -2147483648, "vendorflag": False,
                      "dataschema": "https://example.com/level.json", "datacontenttype": "application/geo+json", "time": "2026-07-01T08:00:00.123456789+08:00"}
        for lane in ("telemetry", "durable"):
            sent = dict(event("x.passed." + lane, data={"a": [1, None, "b"], "n": 0.1}), **extensions)
            got = self.heard(sent, lane)
            for name, value in extensions.items():
                self.assertEqual((name, got[name]), (name, value))
                self.assertIs(type(got[name]), type(value))
            self.assertEqual(got["data"], sent["data"])
            self.assertEqual((got["id"], got["subject"]), (sent["id"], sent["subject"]))
            again = until("the journal", lambda: self.peer("journal").ask("events", type=sent["type"])["events"])
            self.assertEqual([each["partitionkey"] for each in again], [extensions["partitionkey"]])

    def test_what_goes_out_is_an_event_by_the_book(self):
        self.peer("ctl").ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a/1", "data": {"n": 1}}])
        reader = self.peer("reader")
        reader.subscribe("", source="snapshot")
        self.heard(event("x.book"))
        reader.wait("what there is", lambda: reader.of("x.book") and reader.of("x.item") and reader.of("beaconwall.source.v1"))
        for delivery in reader.deliveries:
            got = delivery["event"]
            self.assertEqual(got["specversion"], "1.0")
            for name in ("id", "source", "type", "subject"):
                self.assertTrue(isinstance(got[name], str) and got[name], got)
            for name, value in got.items():
                self.assertRegex(name, "^[a-z0-9]+$")
                self.assertIn(name, OURS)
                self.assertTrue(name == "data" or isinstance(value, (str, bool)) or isinstance(value, int) and abs(value) < 2 ** 31, got)

    def test_each_clause_is_told_with_its_name(self):
        peer = self.peer("feed")
        for change, words in (({"specversion": "0.3"}, ["specversion"]), ({"id": ""}, ["id is missing"]), ({"source": "a b"}, ["source", "%XX"]),
                              ({"type": 5}, ["type"]), ({"Vendor": "x"}, ["Vendor", "a-z and 0-9"]), ({"vendorfield": {"a": 1}}, ["vendorfield", "an object", "into data"]),
                              ({"vendorfield": 2 ** 31}, ["32 bits"]), ({"vendorfield": "a\u0007"}, ["control character"]), ({"type": "x.a\nb"}, ["control character"]),
                              ({"time": "soon"}, ["RFC 3339"]), ({"subject": ""}, ["leave it out"]), ({"data_base64": "aGk="}, ["both"])):
            for verb, more in (("publish", {}), ("publish", {"lane": "durable"}), ("command", {})):
                self.refused(peer.ask(verb, event=dict(event("x.clause"), **change), **more), *words)
        self.assertEqual(peer.ask("events", type="x.clause")["events"], [])
        self.refused(peer.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a\u0000b"}]), "control character")

    def test_data_that_are_no_json_are_for_trials(self):
        binary = dict(event("x.binary"), data_base64="aGk=")
        del binary["data"]
        self.assertEqual(self.heard(binary)["data_base64"], "aGk=")
        text = dict(event("x.text", data="<a/>"), datacontenttype="text/xml")
        self.assertEqual(self.heard(text)["data"], "<a/>")
        take = dict(event("beaconwall.wall.take.v1", "wall"), data_base64="aGk=")
        del take["data"]
        self.refused(self.peer("ctl").ask("command", event=take), "is JSON")

    def test_an_event_has_64_kib_a_record_1_mib_and_what_is_larger_goes_by_reference(self):
        peer = self.peer("feed")
        whole = lambda size: event("x.size", data="x" * size, id_="1")
        envelope = len(json.dumps(whole(0), separators=(",", ":")))
        fits = whole(64 * KIB - envelope)
        for lane in ("telemetry", "durable"):
            self.assertTrue(peer.ask("publish", lane=lane, event=fits)["ok"], lane)
            self.refused(peer.ask("publish", lane=lane, event=whole(64 * KIB - envelope + 1)), "65537 bytes", "at most 65536", "blob")
        self.refused(peer.ask("command", event=whole(64 * KIB)), "at most 65536", "blob")
        put = lambda size: peer.ask("record", op="put", write=str(size), writes=[{"type": "x.size", "subject": "s", "data": "x" * (size - 2)}])
        self.assertTrue(put(KIB * KIB)["ok"])
        self.refused(put(KIB * KIB + 1), "1048577 bytes", "at most 1048576", "blob")

    def test_a_scene_on_air_has_1_mib(self):
        compositor = self.peer("compositor:main")
        said = lambda size: compositor.ask("publish", event=event("beaconwall.compositor.report.v1", "main", {"nonce": "n", "more": "x" * size}))
        self.assertTrue(said(900 * KIB)["ok"])
        self.refused(said(1024 * KIB), "at most 1048576")

    def test_the_same_source_and_id_are_one_event(self):
        peer = self.peer("feed")
        sent = event("x.once", id_="one")
        first, second = peer.ask("publish", lane="durable", event=sent), peer.ask("publish", lane="durable", event=sent)
        self.assertEqual(first["sequence"], second["sequence"])
        self.assertEqual(len(peer.ask("events", type="x.once")["events"]), 1)


if __name__ == "__main__":
    unittest.main()
