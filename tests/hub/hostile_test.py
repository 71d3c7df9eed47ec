# SPDX-License-Identifier: Apache-2.0
"""Whatever a peer sends, it gets a reason or a goodbye, and the hub goes on for everybody else."""
import json
import os
import random
import unittest

from wall_of_one import Peer, Wall, event, until

RECORD = {"type": "x.item", "subject": "s", "data": 1}
ODD = [None, True, -1, 2 ** 63, 1e308, "", "x" * 300, [], {}, [[]], {"a": None}]


class HostileTest(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.good = self.peer("good")
        self.good.subscribe("x.good")
        self.addCleanup(self.the_hub_goes_on)

    def peer(self, name):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def the_hub_goes_on(self):
        """The same process, with the good peer's subscription."""
        self.assertIsNone(self.wall.process.poll(), "the hub died")
        self.assertIn("sequence", self.good.ask("publish", lane="durable", event=event("x.good")))
        self.good.wait("the delivery", lambda: self.good.of("x.good"))

    def refused(self, reply):
        self.assertFalse(reply["ok"], reply)
        self.assertIn(reply["code"], ("refused", "invalid", "unknown", "conflict", "expired", "timeout", "full"))
        self.assertGreater(len(reply["text"]), 5)

    def test_attributes_of_null_are_absent(self):
        peer, reader = self.peer("feed"), self.peer("reader")
        reader.subscribe("x.null")
        for lane in ("telemetry", "durable"):
            sent = dict(event("x.null", data=lane), subject=None, time=None, space=None, vendorfield=None)
            self.assertTrue(peer.ask("publish", lane=lane, event=sent)["ok"])
        reader.wait("both", lambda: len(reader.deliveries) == 2)
        for got in reader.deliveries:
            self.assertNotIn("vendorfield", got["event"])
            self.assertEqual(got["event"].get("space"), "live")
        self.refused(peer.ask("command", event=dict(event("x.nobody"), subject=None, space=None)))

    def test_a_command_is_noted_in_the_space_of_its_sender(self):
        self.refused(self.peer("ctl").ask("command", event=dict(event("x.nobody"), space="exercise")))
        until("its note", lambda: len(self.good.ask("events", type="x.nobody", since=0)["events"]) == 1)
        self.assertEqual(self.good.ask("events", type="x.nobody", since=0, space="exercise")["events"], [])

    def test_events_that_are_none_are_refused_with_a_reason(self):
        peer = self.peer("feed")
        for key in ("specversion", "id", "type", "subject", "time", "source"):
            for odd in ODD:
                if key in ("subject", "time") and odd in (None, ""):
                    continue
                for verb in ("publish", "command"):
                    self.refused(peer.ask(verb, event={**event("x.a"), key: odd}))
        for odd in ODD:
            self.refused(peer.ask("publish", event=odd))

    def test_fields_of_the_wrong_type_are_refused_or_ignored(self):
        peer = self.peer("feed")
        requests = {
            "subscribe": {"prefixes": ["x."], "from": "now", "to": 1, "since": 0}, "handle": {"prefixes": ["x."]},
            "publish": {"lane": "telemetry", "event": event("x.a")}, "command": {"event": event("x.a"), "expires_ms": 5, "sent_ns": 1},
            "record": {"op": "put", "write": "w", "writes": [RECORD]}, "blob": {"op": "get", "digest": "0" * 64, "offset": 0, "length": 1},
            "events": {"since": 0, "type": "x", "space": "live", "limit": 1}, "answer": {"ok": True}, "credit": {"to": 5}, "status": {}, "layouts": {}, "spaces": {},
            "hello": {"protocol": 1, "name": "n", "cycle": "c", "space": "live"}, "no-such-verb": {}, "": {}}
        for verb, fields in requests.items():
            for key in fields:
                for odd in ODD:
                    peer.send(verb, id="%s/%s" % (verb, key), **{**fields, key: odd})
        for key in RECORD:
            for odd in ODD:
                peer.send("record", id="w", op="put", write="w-%s-%s" % (key, odd), writes=[{**RECORD, key: odd}])
        peer.hello()
        self.assertTrue(peer.ask("layouts")["ok"])

    def test_commands_of_the_wall_with_odd_data_are_refused(self):
        peer = self.peer("ctl")
        for verb, fields in (("take", {"layout": "two", "if_take": 1, "fade_ms": 1, "transition": {"kind": "fade", "ms": 5}}), ("preview", {"layout": "two"}),
                             ("undo", {"fade_ms": 0}), ("hold", {"zone": "wall", "for_ms": 5, "as": "a"}), ("release", {"zone": "wall"}),
                             ("edit", {"op": "swap", "pane": "a", "other": "b"}), ("edit", {"op": "show", "pane": "a", "shows": "camera/T-1", "settings": {}}),
                             ("edit", {"op": "full", "pane": "a", "on": "wall"}), ("edit", {"op": "save", "name": "n", "title": {"zh": "x"}})):
            kind = "beaconwall.wall.%s.v1" % verb
            for odd in ODD:
                if not isinstance(odd, dict):
                    peer.ask("command", event=event(kind, "wall", odd), expires_ms=20000)
                for key in fields:
                    reply = peer.ask("command", event=event(kind, "wall", {**fields, key: odd}), expires_ms=20000)
                    self.assertIn("ok", reply)
                    if reply["ok"] and verb == "hold":
                        peer.ask("command", event=event("beaconwall.wall.release.v1", "wall", {"zone": "wall"}))

    def test_frames_that_are_no_request_get_a_goodbye_or_a_reason(self):
        peer = self.peer("feed")
        noise = random.Random(7)
        for frames in ([b""], [b"publish"], [b"publish", b"\xff\xfe{}"], [b"publish", b"{}", b"", b""], [b"\xff", b"{}"], [b"publish", b"[]"],
                       [b"publish", b'{"event": {"subject": "\xc3\x28"}}'], [b"publish", b"[" * 4000 + b"]" * 4000], [b"blob", b'{"op": "put"}', b"x"],
                       *[[b"publish", noise.randbytes(noise.randrange(400))] for _ in range(300)]):
            peer.socket.send_multipart(frames)
        peer.hello()
        self.assertTrue(peer.ask("layouts")["ok"])

    def test_a_message_beyond_all_bounds_ends_its_connection_alone(self):
        peer = self.peer("feed")
        peer.send("publish", event=event("x.a", data="x" * (3 << 20)))
        stranger = self.peer("another")
        self.assertTrue(stranger.ask("layouts")["ok"])
        self.refused(stranger.ask("publish", event=event("x.a", data="x" * (1 << 20))))

    def test_one_that_asks_and_never_reads_harms_nobody(self):
        deaf = self.peer("deaf")
        for i in range(20_000):
            deaf.socket.send_multipart([b"layouts", b'{"id": "%d"}' % i])
        for _ in range(20):  # one after the other, behind what the deaf one asked
            self.assertTrue(self.good.ask("layouts")["ok"])
        self.assertLessEqual(self.wall.log().count("replies are lost"), 3, "it does not fill the log either")

    def test_a_flood_of_telemetry_is_conflated_for_who_is_slow(self):
        slow, flood = self.peer("slow"), self.peer("flood")
        slow.subscribe("x.", to=1)
        for i in range(20_000):
            flood.socket.send_multipart([b"publish", json.dumps({"event": event("x.flood", "g/%d" % (i % 10), i, id_=str(i))}).encode()])
        flood.wait("all of it is read", lambda: flood.ask("layouts"))
        slow.send("credit", to=100)
        slow.wait("the newest", lambda: {d["event"]["data"] for d in slow.deliveries} >= set(range(19_990, 20_000)))
        self.assertLessEqual(len(slow.deliveries), 12)

    def test_subscriptions_of_one_peer_have_bounds(self):
        peer, other = self.peer("greedy"), self.peer("follower")
        for i in range(16):
            self.assertTrue(peer.ask("subscribe", prefixes=["x.%d.%d/" % (i, j) for j in range(256)])["ok"])
        self.assertEqual(peer.ask("subscribe", prefixes=["x.more/"])["code"], "full")
        self.assertTrue(peer.ask("subscribe", prefixes=["x.0.%d/" % j for j in range(256)])["ok"], "what it has it may say again")
        for i in range(256):
            self.assertTrue(other.ask("subscribe", prefixes=["x.%d/" % i], since=0, **{"from": "sequence"})["ok"])
        self.assertEqual(other.ask("subscribe", prefixes=["x.more/"], since=0, **{"from": "sequence"})["code"], "full")
        for field in ("cycle", "space"):
            self.refused(other.ask("hello", **{"protocol": 1, "name": "n", "cycle": "c", field: "x" * 600}))

    def test_requests_that_another_thread_works_on_are_few_at_a_time(self):
        peer = self.peer("asker")
        asked = [peer.start("events", since=0) for _ in range(400)]
        codes = {reply["ok"] or reply["code"] for reply in map(peer.reply, asked)}
        self.assertLessEqual(codes, {True, "full"})
        self.assertIn(True, codes)
        self.assertTrue(peer.ask("events", since=0)["ok"], "when they are answered it may ask again")

    def test_uploads_that_are_never_finished_are_given_back(self):
        pieces = []
        for i in range(6):
            peer = self.peer("up-%d" % i)
            reply = peer.ask("blob", os.urandom(262144), op="put", digest="%064x" % i, size=64 << 20, offset=0)
            self.assertTrue(reply["ok"])
            pieces.append(reply)
            peer.close()
        for odd in (-1, 1, 2 ** 62):
            self.refused(self.good.ask("blob", b"x", op="put", digest="0" * 64, size=10, offset=odd))


if __name__ == "__main__":
    unittest.main()
