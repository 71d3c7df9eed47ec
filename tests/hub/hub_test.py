# SPDX-License-Identifier: Apache-2.0
"""The hub as its peers see it: greeting, lanes, credit, gaps, records, commands, blobs, the journal over kill -9."""
import hashlib
import json
import os
import time
import unittest

import zmq

from wall_of_one import ADDRESS, PLUG, ROLE, UNPLUG, Peer, Wall, control_message, event, until


class HubTest(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.start()

    def peer(self, name="ctl", greet=True):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        if greet:
            peer.hello()
        return peer

    # -- greeting

    def test_who_was_not_greeted_gets_a_goodbye_and_nothing_done(self):
        stranger = self.peer(greet=False)
        stranger.send("publish", id="1", lane="durable", event=event("x.trial", id_="early"))
        stranger.wait("a goodbye", lambda: stranger.goodbyes)
        self.assertEqual(stranger.replies, {})
        stranger.hello()
        ids = [e["id"] for e in stranger.ask("events", type="x.")["events"]]
        self.assertNotIn("early", ids)

    def test_the_empty_message_of_a_new_connection_is_answered_with_a_goodbye(self):
        stranger = self.peer(greet=False)
        stranger.socket.send(b"")
        stranger.wait("a goodbye", lambda: stranger.goodbyes)
        self.assertEqual(stranger.goodbyes[0], {"reason": "say hello"})

    def test_names_of_plugins_cannot_be_claimed(self):
        for name in ("service:supplies", "panel:supplies", "hub", "", "no spaces"):
            peer = self.peer(name, greet=False)
            reply = peer.ask("hello", protocol=1, name=name, cycle="c")
            self.assertEqual((name, reply["ok"], reply["code"]), (name, False, "refused"))

    def test_a_newer_compositor_ends_the_older_ones_stay(self):
        old, new = self.peer("compositor:main"), self.peer("compositor:main")
        old.wait("a goodbye", lambda: old.goodbyes)
        self.assertEqual(old.goodbyes[0], {"reason": "a newer one of your name is here", "replaced": True})
        self.assertTrue(new.ask("layouts")["ok"])

    def test_hello_again_in_the_same_cycle_keeps_the_subscription(self):
        peer = self.peer(greet=False)
        peer.hello("one")
        peer.subscribe("x.")
        peer.hello("one")
        peer.send("publish", event=event("x.trial"))
        peer.wait("the delivery", lambda: peer.of("x.trial"))

    def test_heartbeats_come_with_both_clocks(self):
        peer = self.peer()
        peer.wait("beats", lambda: len(peer.beats) >= 2)
        self.assertLess(abs(peer.beats[-1]["mono_ns"] - time.monotonic_ns()), 10**10)
        self.assertEqual(peer.beats[-1]["n"], 0)

    # -- lanes

    def test_telemetry_arrives_stamped_with_its_unknown_attributes(self):
        sender, reader = self.peer("feed"), self.peer("reader")
        reader.subscribe("x.level")
        sender.send("publish", event=dict(event("x.level", data={"cm": 12}), vendorfield="kept", source="somebody-else"))
        reader.wait("the delivery", lambda: reader.deliveries)
        got = reader.deliveries[0]["event"]
        self.assertEqual((got["source"], got["vendorfield"], got["data"]), ("feed", "kept", {"cm": 12}))
        self.assertIn("recordedtime", got)
        self.assertEqual(reader.deliveries[0]["lane"], 0)

    def test_refusals_say_why(self):
        peer = self.peer()
        for body, word in (({"event": event("no.such.type")}, "not registered"),
                           ({"event": event("beaconwall.wall.live.v1")}, "hub alone"),
                           ({"event": event("beaconwall.wall.take.v1")}, "command"),
                           ({"event": event("x.big", data="x" * 70000)}, "65536"),
                           ({"event": dict(event("x.a"), specversion="2")}, "specversion"),
                           ({}, "event is missing")):
            reply = peer.ask("publish", **body)
            self.assertFalse(reply["ok"])
            self.assertIn(word, reply["text"])
        peer.socket.send_multipart([b"publish", b"[" * 100000])
        peer.wait("the refusal", lambda: peer.replies.pop("", None))
        self.assertFalse(peer.ask("no-such-verb")["ok"])

    def test_a_field_of_another_kind_is_no_field_that_is_missing(self):
        peer = self.peer()
        def put(write, **more):
            return peer.ask("record", op="put", write=write, writes=[{"type": "x.item", "subject": "a", "data": write, **more}])
        self.assertEqual(put("first")["revisions"], [1])
        # Taken for none, each of these would have written over what somebody else wrote.
        for n, revision in enumerate(("7", 7.0, -7, 2**64 - 1, True, [7])):
            refused = put("over-%d" % n, revision=revision)
            self.assertEqual((refused["ok"], refused["code"]), (False, "invalid"), revision)
            self.assertIn("revision: found", refused["text"])
        self.assertIn("tombstone: found a text", put("gone", tombstone="true")["text"])
        self.assertEqual(put("nothing said", revision=None)["revisions"], [2])
        self.assertEqual(peer.ask("record", op="get", type="x.item", subject="a")["event"]["data"], "nothing said")
        for verb, name, value, word in (("publish", "lane", 5, "lane: found a number"), ("subscribe", "to", "9", "to: found a text"),
                                        ("subscribe", "from", 1, "from: found a number"), ("events", "limit", "1", "limit: found a text"),
                                        ("events", "since", "1", "since: found a text"), ("events", "type", ["x."], "type: found a list"),
                                        ("audit", "after", 1.5, "after: found another number"), ("blob", "offset", "0", "offset: found a text"),
                                        ("layouts", "session", 5, "session: found a number")):
            reply = peer.ask(verb, **{"event": event("x.a"), "prefixes": ["x."], name: value})
            self.assertEqual((reply["ok"], reply["code"]), (False, "invalid"), (verb, name))
            self.assertIn(word, reply["text"])
        for cycle in (5, ["c"]):
            self.assertIn("cycle: found", peer.ask("hello", protocol=1, name="ctl", cycle=cycle)["text"])
        peer.send("layouts", id=5)
        self.assertIn("id: found a number", peer.wait("the refusal", lambda: peer.replies.pop("", None))["text"])

    def test_what_is_no_json_is_said_to_whoever_asked(self):
        peer = self.peer()
        for n, (data, word) in enumerate(((b"1e999", "greater than any double"), (b"[" * 60 + b"]" * 60, "deeper than 48"), (b"NaN", "at byte"),
                                          (b'"\\ud800"', "at byte"), (b'"\xff"', "at byte"), (b'{"id":"inner"', "at byte"))):
            peer.socket.send_multipart([b"publish", b'{"id":"r-%d","lane":"durable","event":{"id":"e","data":%s}}' % (n, data)])
            reply = peer.reply("r-%d" % n)
            self.assertEqual((reply["ok"], reply["code"]), (False, "invalid"), data)
            self.assertIn(word, reply["text"])
        peer.socket.send_multipart([b"publish", b'["no object"]'])
        self.assertEqual(peer.wait("the refusal", lambda: peer.replies.pop("", None))["text"], "the second frame is not a JSON object")

    def test_durable_events_are_delivered_in_order_and_then_acknowledged(self):
        sender, reader = self.peer("feed"), self.peer("reader")
        reader.subscribe("x.alarm")
        ids = [sender.start("publish", lane="durable", event=event("x.alarm", data=i)) for i in range(50)]
        sequences = [sender.reply(i)["sequence"] for i in ids]
        self.assertEqual(sequences, sorted(set(sequences)))
        reader.wait("all", lambda: len(reader.deliveries) == 50)
        self.assertEqual([d["sequence"] for d in reader.deliveries], sequences)
        self.assertEqual([d["event"]["data"] for d in reader.deliveries], list(range(50)))
        self.assertEqual(reader.deliveries[0]["event"]["sequence"], "%020d" % sequences[0])

    def test_the_same_durable_event_is_kept_once(self):
        peer = self.peer()
        first = peer.ask("publish", lane="durable", event=event("x.alarm", id_="same"))
        self.wall.kill()
        self.wall.start()
        again = self.peer()
        second = again.ask("publish", lane="durable", event=event("x.alarm", id_="same"))
        self.assertEqual(first["sequence"], second["sequence"])
        self.assertEqual(len([e for e in again.ask("events", type="x.alarm", since=0)["events"]]), 1)

    def test_what_has_the_id_of_another_is_not_acknowledged_like_one_that_was_sent_again(self):
        peer = self.peer()
        def publish(data, type_="x.alarm", id_="1", **more):
            return peer.ask("publish", lane="durable", event=event(type_, data=data, id_=id_), **more)
        def put(data, subject="a"):
            return peer.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": subject, "data": data}])
        first, record = publish({"n": 1}), put({"n": 1})
        def look(after):
            self.assertEqual(publish({"n": 1})["sequence"], first["sequence"], after)
            self.assertEqual(put({"n": 1})["sequence"], record["sequence"], after)
            for other in (publish({"n": 2}), publish({"n": 1}, type_="x.other"), publish({"n": 1}, id_="w/0")):
                self.assertEqual((other["ok"], other["code"]), (False, "conflict"), after)
                self.assertIn("an id of its own", other["text"])
        look("at once")
        self.assertEqual([put({"n": 2})["code"], put({"n": 1}, "b")["code"]], ["conflict", "conflict"])
        ids = [peer.start("publish", lane="durable", event=event("x.alarm", data=n, id_="same")) for n in range(3)]
        self.assertEqual([peer.reply(i).get("code") for i in ids], [None, "conflict", "conflict"], "while the first is on its way")
        self.wall.kill()
        self.wall.start()
        peer = self.peer()
        look("of a hub before")
        look("asked twice")
        self.assertEqual([e["data"] for e in peer.ask("events", type="x.", since=0)["events"]], [{"n": 1}, {"n": 1}, 0])

    def test_nothing_acknowledged_is_lost_by_kill_9(self):
        acknowledged, highest = {}, 0
        for _ in range(3):
            peer = self.peer("feed")
            ids = {peer.start("publish", lane="durable", event=e): e for e in (event("x.alarm") for _ in range(300))}
            peer.wait("some acknowledgements", lambda: len(peer.replies) >= 60)
            self.wall.kill()
            peer.take_in(100)
            for id_, reply in peer.replies.items():
                if id_ in ids:
                    acknowledged[ids[id_]["id"]] = reply["sequence"]
                    self.assertGreater(reply["sequence"], highest)
            highest = max(acknowledged.values())
            self.wall.start()
        kept, since, reader = {}, 0, self.peer()
        while True:
            page = reader.ask("events", type="x.alarm", since=since, limit=500)
            kept.update({e["id"]: int(e["sequence"]) for e in page["events"]})
            since = page["next"]
            if not page["more"]:
                break
        self.assertEqual({i: kept.get(i) for i in acknowledged}, acknowledged)
        self.assertGreaterEqual(len(acknowledged), 180)

    # -- credit, snapshots, gaps

    def test_nothing_is_sent_beyond_credit_and_telemetry_is_conflated(self):
        sender, slow = self.peer("feed"), self.peer("slow")
        slow.subscribe("x.", to=3)
        for i in range(1000):
            sender.send("publish", event=event("x.level", "gauge/%d" % (i % 2), i))
        sender.ask("layouts")
        slow.wait("three", lambda: len(slow.deliveries) == 3)
        slow.take_in(200)
        self.assertEqual(len(slow.deliveries), 3)
        slow.send("credit", to=1000)
        slow.wait("the newest", lambda: {d["event"]["data"] for d in slow.deliveries[-2:]} == {998, 999})
        self.assertLessEqual(len(slow.deliveries), 5)
        self.assertEqual([d["n"] for d in slow.deliveries], list(range(1, len(slow.deliveries) + 1)))

    def test_a_peer_too_slow_for_durable_events_is_told_what_it_missed(self):
        sender, slow = self.peer("feed"), self.peer("slow")
        slow.subscribe("x.", to=1)
        sent = 4200
        for start in range(0, sent, 300):
            ids = [sender.start("publish", lane="durable", event=event("x.alarm")) for _ in range(300)]
            for id_ in ids:
                sender.reply(id_)
        slow.take_in(100)
        self.assertEqual(len(slow.deliveries), 1)
        slow.wait("a beat with the gap", lambda: slow.beats and slow.beats[-1]["n"] > 4000)
        missed = slow.beats[-1]["n"] - 1
        slow.send("credit", to=slow.beats[-1]["n"] + 500)
        last = sender.ask("publish", lane="durable", event=event("x.alarm"))["sequence"]
        slow.wait("the rest", lambda: slow.deliveries[-1]["sequence"] == last)
        self.assertEqual(len(slow.deliveries) + missed, sent + 1)

    def test_a_late_joiner_sees_the_state_that_everybody_has(self):
        sender, early = self.peer("feed"), self.peer("early")
        early.subscribe("x.")
        def state_of(peer):
            state = {}
            for d in peer.deliveries:
                e = d["event"]
                state[e["type"], e["subject"]] = None if e.get("tombstone") else e["data"]
            return {k: v for k, v in state.items() if v is not None}
        for i in range(40):
            sender.send("publish", event=event("x.level", "gauge/%d" % (i % 5), i))
            writes = [{"type": "x.item", "subject": "item/%d" % (i % 4), "data": i, "tombstone": i == 38}]
            self.assertTrue(sender.ask("record", op="put", write="w%d" % i, writes=writes)["ok"])
        late = self.peer("late")
        late.subscribe("x.", source="snapshot")
        sender.send("publish", event=event("x.level", "gauge/0", "last"))
        for peer in (early, late):
            peer.wait("the last", lambda: state_of(peer).get(("x.level", "gauge/0")) == "last")
        self.assertEqual(state_of(late), {**state_of(early)})
        self.assertTrue(late.deliveries[0]["replayed"])
        self.assertFalse(late.deliveries[-1]["replayed"])
        self.assertNotIn(("x.item", "item/2"), state_of(late))

    def test_the_state_survives_a_restart_of_the_hub(self):
        peer = self.peer()
        peer.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a", "data": {"v": 1}}])
        self.wall.kill()
        self.wall.start()
        after = self.peer()
        after.subscribe("x.", source="snapshot")
        after.wait("the record", lambda: after.of("x.item"))
        self.assertEqual((after.of("x.item")[0]["data"], after.of("x.item")[0]["revision"]), ({"v": 1}, 1))

    # -- records

    def test_a_record_written_from_an_old_revision_is_a_conflict_and_nothing_is_written(self):
        peer = self.peer()
        def put(write, *writes):
            return peer.ask("record", op="put", write=write, writes=list(writes))
        item = {"type": "x.item", "subject": "a", "data": 1}
        self.assertEqual(put("1", item)["revisions"], [1])
        self.assertEqual(put("2", dict(item, revision=1, data=2))["revisions"], [2])
        refused = put("3", {"type": "x.item", "subject": "b", "data": 9}, dict(item, revision=1, data=3))
        self.assertEqual((refused["ok"], refused["code"]), (False, "conflict"))
        self.assertEqual(peer.ask("record", op="get", type="x.item", subject="a")["event"]["data"], 2)
        self.assertEqual(peer.ask("record", op="get", type="x.item", subject="b")["code"], "unknown")
        both = put("4", dict(item, revision=2), {"type": "x.item", "subject": "b", "data": 1})
        self.assertEqual(both["revisions"], [3, 1])
        listed = peer.ask("record", op="list", type="x.item")["events"]
        self.assertEqual([(e["subject"], e["sequence"]) for e in listed], [("a", "%020d" % both["sequence"]), ("b", "%020d" % both["sequence"])])
        self.assertEqual(peer.ask("record", op="list", type="x.item", after="a")["events"][0]["subject"], "b")

    def test_only_its_owner_writes_a_record(self):
        peer = self.peer()
        reply = peer.ask("record", op="put", write="w", writes=[{"type": "beaconwall.source.v1", "subject": "camera/T-1", "data": {}}])
        self.assertEqual((reply["ok"], reply["code"]), (False, "refused"))

    def test_cameras_of_the_files_are_records_and_written_once(self):
        peer = self.peer()
        until("the cameras", lambda: len(peer.ask("record", op="list", type="beaconwall.source.v1")["events"]) == 2)
        cameras = peer.ask("record", op="list", type="beaconwall.source.v1")["events"]
        self.assertEqual(cameras[0]["data"]["origin"], "file")
        self.assertEqual(cameras[0]["data"]["main"]["uri"], "test://ball")
        self.wall.kill()
        self.wall.start()
        again = self.peer().ask("record", op="get", type="beaconwall.source.v1", subject="camera/T-1")["event"]
        self.assertEqual(again["revision"], cameras[0]["revision"])

    # -- commands

    def test_a_command_is_forwarded_once_and_its_reply_comes_back(self):
        handler, sender = self.peer("media:0"), self.peer()
        self.assertTrue(handler.ask("handle", prefixes=["beaconwall.compositor.snapshot.v1/"])["ok"])
        command = event("beaconwall.compositor.snapshot.v1", "camera/T-1", id_="once")
        first = sender.start("command", event=command)
        handler.wait("the command", lambda: handler.commands)
        second = sender.start("command", event=command)
        got = handler.commands[0]
        self.assertEqual((got["event"]["source"], got["event"]["subject"]), ("ctl", "camera/T-1"))
        handler.send("answer", id=got["id"], ok=True, tried=7)
        self.assertEqual(sender.reply(first)["tried"], 7)
        self.assertEqual(sender.reply(second)["tried"], 7)
        self.assertEqual(sender.ask("command", event=command)["tried"], 7)
        handler.take_in(100)
        self.assertEqual(len(handler.commands), 1)
        noted = sender.ask("events", type="beaconwall.compositor.snapshot.v1", since=0)["events"]
        self.assertEqual((noted[0]["source"], json.loads(noted[0]["reply"])["tried"]), ("ctl", 7))

    def test_a_source_is_tried_again_by_whoever_plays_it(self):
        one, other, sender = self.peer("media:0"), self.peer("media:1"), self.peer()
        for peer in (one, other):
            peer.subscribe("beaconwall.source.try.v1/")
        # The file's cameras become records behind the start.
        until("the camera", lambda: sender.ask("record", op="get", type="beaconwall.source.v1", subject="camera/T-1")["ok"])
        self.assertTrue(sender.command("beaconwall.source.retry.v1", subject="camera/T-1")["ok"])
        for peer in (one, other):
            peer.wait("the call", lambda peer=peer: peer.deliveries)
            self.assertEqual([d["event"]["subject"] for d in peer.deliveries], ["camera/T-1"])
        unknown = sender.command("beaconwall.source.retry.v1", subject="camera/T-9")
        self.assertEqual((unknown["ok"], unknown["code"]), (False, "unknown"))
        one.close()
        other.close()
        until("nobody plays", lambda: sender.command("beaconwall.source.retry.v1", subject="camera/T-1").get("code") == "refused")

    def test_an_expired_command_never_runs(self):
        handler, sender = self.peer("media:0"), self.peer()
        handler.ask("handle", prefixes=["beaconwall.compositor.snapshot.v1/"])
        old = sender.command("beaconwall.compositor.snapshot.v1", subject="camera/T-1", expires_ms=2000, sent_ns=time.time_ns() - 2_100_000_000)
        self.assertEqual((old["ok"], old["code"]), (False, "expired"))
        late = sender.command("beaconwall.compositor.snapshot.v1", subject="camera/T-1", expires_ms=150)
        self.assertEqual((late["ok"], late["code"]), (False, "timeout"))
        handler.take_in(50)
        self.assertEqual(len(handler.commands), 1)
        handler.send("answer", id=handler.commands[0]["id"], ok=True)
        # Python's time.time() * 1e9: not a whole number, and no reason to take an old command for a new one.
        for sent_ns in (1.0, "1", -1, 2**63):
            odd = sender.command("beaconwall.compositor.snapshot.v1", subject="camera/T-1", sent_ns=sent_ns)
            self.assertEqual((odd["ok"], odd["code"]), (False, "invalid"))
            self.assertIn("sent_ns: found", odd["text"])
        handler.take_in(50)
        self.assertEqual(len(handler.commands), 1)
        nobody = sender.command("x.nobody.handles")
        self.assertEqual((nobody["ok"], nobody["code"]), (False, "unknown"))

    def test_who_is_told_yes_handles_all_that_was_asked_for(self):
        handler, sender = self.peer("handler"), self.peer()
        for prefixes in (None, "x.h.", [5], ["x.h.", "y" * 600]):
            self.assertEqual(handler.ask("handle", prefixes=prefixes)["code"], "invalid", prefixes)
        self.assertEqual(handler.ask("handle", prefixes=["x.h.%d" % n for n in range(65)])["code"], "full")
        self.assertEqual(sender.command("x.h.1")["code"], "unknown", "of a list that was refused nothing is handled")
        for _ in range(3):  # said again it takes no more room
            self.assertTrue(handler.ask("handle", prefixes=["x.h.%d/" % n for n in range(64)])["ok"])
        waiting = sender.start("command", event=event("x.h.63"))
        handler.wait("the command", lambda: handler.commands)
        handler.send("answer", id=handler.commands[0]["id"], ok=True)
        self.assertTrue(sender.reply(waiting)["ok"])

    def test_a_handler_that_leaves_ends_the_wait(self):
        handler, sender = self.peer("media:0"), self.peer()
        handler.ask("handle", prefixes=["beaconwall.compositor.snapshot.v1/"])
        waiting = sender.start("command", event=event("beaconwall.compositor.snapshot.v1"), expires_ms=30000)
        handler.wait("the command", lambda: handler.commands)
        handler.close()
        self.assertIn("left", sender.reply(waiting)["text"])

    # -- blobs

    def test_blobs_are_verified_and_come_back_in_pieces(self):
        peer = self.peer()
        content = os.urandom(700_000)
        digest = hashlib.sha256(content).hexdigest()
        def put(name, data):
            for offset in range(0, len(data), 262144):
                reply = peer.ask("blob", data[offset:offset + 262144], op="put", digest=name, size=len(data), offset=offset)
            return reply
        self.assertEqual(put(digest, content)["digest"], digest)
        back = b""
        while len(back) < len(content):
            piece = peer.ask("blob", op="get", digest=digest, offset=len(back))
            self.assertTrue(piece["ok"] and 0 < len(piece["bytes"]) <= 262144)
            back += piece["bytes"]
        self.assertEqual(back, content)
        wrong = hashlib.sha256(b"other").hexdigest()
        self.assertEqual(put(wrong, content)["code"], "invalid")
        self.assertEqual(peer.ask("blob", op="get", digest=wrong, offset=0)["code"], "unknown")
        self.assertEqual(peer.ask("blob", op="get", digest="../../etc/passwd", offset=0)["code"], "invalid")
        self.assertEqual(peer.ask("blob", b"x" * 10, op="put", digest=digest, size=100, offset=50)["code"], "invalid")

    # -- plugin processes

    def test_a_plugged_process_gets_its_name_from_the_plug(self):
        path = str(self.wall.run / "w1")
        listener = zmq.Context.instance().socket(zmq.DEALER)
        self.addCleanup(listener.close)
        listener.setsockopt(zmq.LINGER, 0)
        listener.bind("ipc://" + path)
        plugin = Peer(self.wall, "whatever it says", connect=False)
        plugin.socket.close()
        plugin.socket = listener
        self.wall.control.send(control_message(PLUG, 7, name="service:demo_field", text=path))
        plugin.wait("the hub to introduce itself", lambda: plugin.goodbyes)
        self.assertEqual(plugin.hello()["name"], "service:demo_field")
        reply = plugin.ask("record", op="put", write="w", writes=[{"type": "beaconwall.source.v1", "subject": "camera/T-1", "data": {"main": {"uri": "rtsp://x"}}}])
        self.assertIn("the file wins", reply["text"])
        free = {"type": "beaconwall.source.v1", "subject": "camera/S-9", "data": {"main": {"uri": "rtsp://127.0.0.1/9"}}}
        self.assertTrue(plugin.ask("record", op="put", write="v", writes=[free])["ok"])
        self.assertEqual(plugin.ask("record", op="get", type="beaconwall.source.v1", subject="camera/S-9")["event"]["data"]["origin"], "service:demo_field")
        before = self.peer().ask("status")["hub"]["peers"]
        self.wall.control.send(control_message(UNPLUG, 7, name="service:demo_field"))
        watcher = self.peer("watcher")
        until("the peer to go", lambda: watcher.ask("status")["hub"]["peers"] == before)

    # -- status

    def test_the_status_has_what_the_reports_and_the_supervisor_say(self):
        compositor, peer = self.peer("compositor:main"), self.peer()
        compositor.subscribe("beaconwall.status.ask.v1")
        self.wall.control.send(control_message(ROLE, value=(os.getpid(), 2, 3, 0), name="supervisor/main"))
        self.wall.control.send(control_message(ADDRESS, text="http://127.0.0.1:8780/"))
        until("the role row", lambda: peer.ask("status")["roles"])
        report = {"displays": [{"name": "desk"}], "panes": [{"id": "one"}], "limits": [{"what": "w", "state": "missing", "effect": "e"}]}
        asked = peer.start("status")

        def answered():
            compositor.take_in(5)
            for question in compositor.of("beaconwall.status.ask.v1"):
                compositor.send("publish", event=event("beaconwall.compositor.report.v1", "main", dict(report, nonce=question["data"]["nonce"])))
            compositor.deliveries.clear()
            peer.take_in(5)
            return peer.replies.pop(asked, None)
        status = until("the status", answered)
        self.assertEqual((status["displays"], status["panes"], status["limits"]), ([{"name": "desk"}], [{"id": "one"}], report["limits"]))
        row = status["roles"][0]
        self.assertEqual((row["role"], row["name"], row["pid"], row["state"], row["restarts"]), ("supervisor", "main", os.getpid(), "running", 3))
        self.assertGreater(row["rss_kb"], 1000)
        self.assertEqual(status["console"], "http://127.0.0.1:8780/")
        self.assertEqual([s["state"] for s in status["sources"]], ["idle", "idle"])
        self.assertEqual(set(status["hub"]) >= {"sequence", "journal_bytes", "peers", "telemetry_dropped"}, True)

    def test_who_subscribes_while_the_status_waits_for_it_is_asked_too(self):
        # As after a restart of the hub: a compositor has said hello, and its subscription comes after the question.
        early, late, peer = self.peer("media:first"), self.peer("compositor:main"), self.peer()
        early.subscribe("beaconwall.status.ask.v1")
        asked = peer.start("status")
        early.wait("the question", lambda: early.of("beaconwall.status.ask.v1"))
        late.subscribe("beaconwall.status.ask.v1")
        question = late.wait("the question again", lambda: late.of("beaconwall.status.ask.v1"))[0]
        late.send("publish", event=event("beaconwall.compositor.report.v1", "main", {"panes": [{"id": "late"}], "nonce": question["data"]["nonce"]}))
        early.send("publish", event=event("beaconwall.media.report.v1", "first", {"sources": [], "nonce": question["data"]["nonce"]}))
        peer.wait("the status", lambda: asked in peer.replies)
        self.assertEqual(peer.replies[asked]["panes"], [{"id": "late"}])

    def test_an_unknown_plugin_is_not_restarted(self):
        self.assertEqual(self.peer().command("beaconwall.plugin.restart.v1", subject="plugin/none")["code"], "unknown")

    def test_stop_ends_it_in_order(self):
        self.assertEqual(self.wall.stop(), 0)


if __name__ == "__main__":
    unittest.main()
