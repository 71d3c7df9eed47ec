# SPDX-License-Identifier: Apache-2.0
"""Exercises: a space of its own that begins with what live knows, on one connection with live; over kill -9; its end."""
import time
import unittest

from wall_of_one import Peer, Wall, event, until

START, END = "beaconwall.space.start.v1", "beaconwall.space.end.v1"


class SpaceCase(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.ctl = self.peer("ctl")

    def peer(self, name="feed"):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def start(self, name="drill", kind="exercise", **more):
        return self.ctl.command(START, dict({"name": name, "kind": kind}, **more), subject="space/" + name, expires_ms=30000)

    def started(self, name="drill", kind="exercise", **more):
        reply = self.start(name, kind, **more)
        self.assertTrue(reply["ok"], reply)
        return reply

    def end(self, name="drill"):
        return self.ctl.command(END, {"name": name}, subject="space/" + name, expires_ms=30000)

    def publish(self, n, subject="thing/1", type_="x.level", lane="durable", id_=None, **where):
        reply = self.ctl.ask("publish", lane=lane, event=event(type_, subject, {"n": n}, id_), **where)
        self.assertTrue(reply["ok"], reply)

    def put(self, n, subject="thing/1", type_="x.state", **where):
        reply = self.ctl.ask("record", op="put", write="w-%s-%s-%d" % (where, subject, n), writes=[{"type": type_, "subject": subject, "data": {"n": n}}], **where)
        self.assertTrue(reply["ok"], reply)
        return reply["revisions"][0]

    def knows(self, space, *prefixes):
        """{(type, subject): (data, space, revision)} of a snapshot to a new peer."""
        peer = self.peer("look")
        reply = peer.ask("subscribe", prefixes=list(prefixes or ["x."]), to=1000, space=space, **{"from": "snapshot"})
        self.assertTrue(reply["ok"], reply)
        count = peer.wait("a beat", lambda: [b["n"] for b in peer.beats] if len(peer.beats) > 1 else None)[-1]
        peer.wait("the snapshot", lambda: len(peer.deliveries) >= count)
        found = {(d["event"]["type"], d["event"]["subject"]): (d["event"]["data"], d["event"]["space"], d["event"].get("revision")) for d in peer.deliveries}
        peer.close()
        return found

    def refused(self, reply, code, *words):
        self.assertEqual((reply["ok"], reply.get("code")), (False, code), reply)
        for word in words:
            self.assertIn(word, reply["text"])


class ExerciseTest(SpaceCase):
    def test_it_begins_with_what_live_knows_and_both_go_on_apart(self):
        self.publish(1, lane="telemetry")
        self.publish(5, "thing/2", lane="telemetry")
        self.assertEqual(self.put(1), 1)
        self.assertEqual(self.put(2), 2)
        self.started(title={"zh": "防汛演练", "en": "Flood drill"})
        level, state = ("x.level", "thing/1"), ("x.state", "thing/1")
        self.assertEqual(self.knows("drill"), {level: ({"n": 1}, "drill", None), ("x.level", "thing/2"): ({"n": 5}, "drill", None),
                                               state: ({"n": 2}, "drill", 2)})
        self.publish(2, lane="telemetry")
        self.put(3)
        self.assertEqual((self.knows("drill")[level][0], self.knows("drill")[state][0]), ({"n": 1}, {"n": 2}))
        self.publish(90, lane="telemetry", space="drill")
        self.assertEqual(self.put(91, space="drill"), 3)
        self.publish(92, "thing/new", lane="telemetry", space="drill")
        drill, live = self.knows("drill"), self.knows("live")
        self.assertEqual((drill[level][0], drill[state][0], drill[("x.level", "thing/new")][0]), ({"n": 90}, {"n": 91}, {"n": 92}))
        self.assertEqual((live[level], live[state], ("x.level", "thing/new") in live), (({"n": 2}, "live", None), ({"n": 3}, "live", 3), False))

    def test_one_connection_hears_several_spaces(self):
        self.started()
        peer = self.peer()
        peer.subscribe("x.level")
        self.assertTrue(peer.ask("subscribe", prefixes=["x.alarm"], to=1000, space="drill")["ok"])
        for n, (type_, where) in enumerate([("x.level", {}), ("x.level", {"space": "drill"}), ("x.alarm", {}), ("x.alarm", {"space": "drill"})]):
            self.publish(n, type_=type_, **where)
        peer.wait("the last", lambda: [d for d in peer.deliveries if d["event"]["data"]["n"] == 3])
        self.assertEqual([(d["event"]["data"]["n"], d["event"]["space"], d["n"]) for d in peer.deliveries], [(0, "live", 1), (3, "drill", 2)])

    def test_telemetry_that_waits_is_conflated_in_each_space_alone(self):
        self.started()
        peer = self.peer()
        for space in ("live", "drill"):  # no credit: it waits
            peer.ask("subscribe", prefixes=["x.level"], space=space)
        for n in range(6):
            self.publish(n, lane="telemetry", space=("live", "drill")[n % 2])
        peer.send("credit", to=100)
        peer.wait("both", lambda: len(peer.deliveries) >= 2)
        self.assertEqual(sorted((d["event"]["space"], d["event"]["data"]["n"]) for d in peer.deliveries), [("drill", 5), ("live", 4)])

    def test_durable_events_from_a_sequence_in_their_space(self):
        self.started()
        since = self.ctl.ask("status")["hub"]["sequence"]
        for n in range(6):
            self.publish(n, space=("live", "drill")[n % 2])
        peer = self.peer()
        self.assertTrue(peer.ask("subscribe", prefixes=["x."], to=1000, since=since, space="drill", **{"from": "sequence"})["ok"])
        peer.wait("them", lambda: len(peer.deliveries) >= 3)
        self.publish(6, space="live")
        self.publish(7, space="drill")
        peer.wait("what comes", lambda: len(peer.deliveries) >= 4)
        self.assertEqual([d["event"]["data"]["n"] for d in peer.deliveries], [1, 3, 5, 7])

    def test_a_peer_may_greet_for_a_space(self):
        self.started()
        peer = Peer(self.wall, "trainer")
        self.addCleanup(peer.close)
        self.assertTrue(peer.ask("hello", protocol=1, name="trainer", cycle="c", space="drill")["ok"])
        self.assertTrue(peer.ask("publish", event=event("x.level", "thing/9", {"n": 1}))["ok"])
        self.assertEqual(list(self.knows("drill")), [("x.level", "thing/9")])
        self.assertEqual(self.knows("live"), {})

    def test_what_is_no_space_is_refused_with_what_there_is(self):
        self.started()
        for verb, body in (("subscribe", {"prefixes": ["x."]}), ("publish", {"event": event("x.level")}), ("record", {"op": "list", "type": "x.state"}),
                           ("record", {"op": "put", "write": "w", "writes": [{"type": "x.state", "subject": "s"}]}), ("command", {"event": event("x.do")})):
            self.refused(self.ctl.ask(verb, space="other", **body), "unknown", "there is no space other", "live, drill")
            for odd in (5, ["drill"], {}, True):
                self.refused(self.ctl.ask(verb, space=odd, **body), "invalid", "space is the name")

    def test_names_kinds_and_how_many(self):
        for bad in ("", "live", "no spaces", "a" * 65, "../x", "雨"):
            self.assertEqual(self.start(bad)["code"], "invalid", bad)
        self.refused(self.start("x", "rehearsal"), "invalid", "kind")
        for key, value in (("since", "2026-07-01T08:00:00Z"), ("until", "2026-07-01T08:00:00Z"), ("speed", 2)):
            self.refused(self.start("x", **{key: value}), "invalid", key, "of a replay")
        for n in range(4):
            self.started("drill-%d" % n)
        self.refused(self.start("drill-2"), "conflict", "already")
        self.refused(self.start("fifth"), "full", "end one of them")
        self.assertTrue(self.end("drill-2")["ok"])
        self.started("fifth")
        self.refused(self.end("drill-2"), "unknown", "fifth")
        self.refused(self.end("live"), "refused")

    def test_the_status_and_the_verb_spaces_and_its_record_name_it(self):
        self.assertEqual((self.ctl.ask("status")["space"], self.ctl.ask("status")["spaces"]), (None, []))
        self.started(title={"zh": "防汛演练", "en": "Flood drill"})
        status, listed = self.ctl.ask("status"), self.ctl.ask("spaces")
        self.assertEqual((status["space"], listed["on_air"], listed["spaces"]), (None, None, status["spaces"]))
        its = status["spaces"][0]
        self.assertEqual((its["name"], its["kind"], its["title"], its["state"], its["by"], its["rate"]),
                         ("drill", "exercise", {"zh": "防汛演练", "en": "Flood drill"}, "running", "ctl", 1.0))
        self.assertEqual(its["wall_ns"], its["space_ns"])
        record = self.ctl.ask("record", op="get", type="beaconwall.space.v1", subject="drill")["event"]
        self.assertEqual((record["data"]["name"], record["source"], record["space"]), ("drill", "hub", "live"))
        self.end()
        self.assertEqual(self.ctl.ask("record", op="get", type="beaconwall.space.v1", subject="drill")["code"], "unknown")
        self.assertEqual(self.ctl.ask("status")["spaces"], [])

    def test_it_goes_on_over_kill_9_with_its_values(self):
        self.publish(1, lane="telemetry")
        self.publish(1, "thing/2", lane="telemetry")
        self.put(1)
        self.put(1, "thing/2")
        clock = self.started()["wall_ns"]
        self.publish(50, lane="telemetry", space="drill")
        self.put(51, space="drill")
        self.publish(2, "thing/2", lane="telemetry")
        self.put(2, "thing/2")
        self.publish(3, "mark")  # durable: what was written behind before is on the disk, too
        before = self.knows("drill")
        self.assertEqual(sorted(v[0]["n"] for v in before.values()), [1, 1, 50, 51])
        until("the journal to have it", lambda: [e for e in self.ctl.ask("events", type="x.level", space="drill")["events"] if e["data"]["n"] == 50])
        self.wall.kill()
        self.wall.start()
        self.ctl = self.peer("ctl")
        self.assertEqual(self.knows("drill"), before)
        self.assertEqual(self.ctl.ask("spaces")["spaces"][0]["wall_ns"], clock)
        self.assertEqual(self.put(52, space="drill"), 3)
        self.assertEqual(self.knows("live")[("x.state", "thing/2")][0], {"n": 2})

    def test_its_end_forgets_its_values_and_keeps_its_events(self):
        self.publish(1, lane="telemetry")
        self.started()
        peer = self.peer()
        peer.ask("subscribe", prefixes=["x."], to=1000, space="drill")
        self.publish(7, space="drill")
        self.put(8, space="drill")
        self.assertTrue((self.wall.state / "spaces/drill.image").exists())
        self.assertTrue(self.end()["ok"])
        self.refused(self.ctl.ask("subscribe", prefixes=["x."], space="drill"), "unknown")
        self.refused(self.ctl.ask("publish", event=event("x.level"), space="drill"), "unknown")
        kept = self.ctl.ask("events", type="x.", space="drill")["events"]
        self.assertEqual([e["data"]["n"] for e in kept], [7, 8])
        until("the image to go", lambda: not (self.wall.state / "spaces/drill.image").exists())
        # One of its name begins anew, also for a hub that is killed.
        self.publish(2, lane="telemetry")
        self.started()
        self.assertEqual({k: v[0] for k, v in self.knows("drill").items()}, {("x.level", "thing/1"): {"n": 2}})
        self.publish(9, space="drill")
        heard = [d["event"]["data"]["n"] for d in peer.deliveries]
        self.assertNotIn(9, heard)
        self.wall.kill()
        self.wall.start()
        self.ctl = self.peer("ctl")
        self.assertEqual({k: v[0] for k, v in self.knows("drill").items()}, {("x.level", "thing/1"): {"n": 2}})
        self.assertEqual(self.put(10, space="drill"), 1)

    def test_an_exercise_whose_beginning_is_lost_is_over(self):
        self.started()
        image = self.wall.state / "spaces/drill.image"
        self.wall.kill()
        image.write_bytes(image.read_bytes()[:-1] + b"?")
        self.wall.start()
        self.ctl = self.peer("ctl")
        self.assertEqual(self.ctl.ask("spaces")["spaces"], [])
        self.assertIn("the exercise drill is over", self.wall.log())

    def test_a_big_site_is_copied_while_the_hub_answers(self):
        count = 20_000
        feed = self.peer()
        for n in range(count):
            feed.send("publish", event=event("x.level", "thing/%05d" % n, {"n": n}))
            if n % 500 == 499:
                self.assertTrue(feed.ask("layouts")["ok"])
        # Changed while it is copied: what it was at the start is what the exercise has.
        start = self.ctl.start("command", event=event(START, "space/drill", {"name": "drill", "kind": "exercise"}), expires_ms=30000)
        answers = 0
        while start not in self.ctl.replies:
            feed.send("publish", event=event("x.level", "thing/%05d" % (count - 1 - answers % count), {"n": -1}))
            self.assertTrue(feed.ask("layouts")["ok"])
            answers += 1
            self.ctl.take_in(0)
        reply = self.ctl.reply(start)
        self.assertTrue(reply["ok"], reply)
        print("a copy of %d subjects: %d ms, in which %d requests were answered" % (count, reply["took_ms"], answers))
        self.assertGreater(answers, 1)
        peer = self.peer("look")
        peer.ask("subscribe", prefixes=["x."], to=1000, space="drill", **{"from": "snapshot"})
        while len(peer.deliveries) < count:
            peer.send("credit", to=len(peer.deliveries) + 1000)
            got = len(peer.deliveries)
            peer.wait("more", lambda: len(peer.deliveries) > got)
        data = {d["event"]["subject"]: d["event"]["data"]["n"] for d in peer.deliveries}
        self.assertEqual(len(data), count)
        changed = [n for n in data.values() if n == -1]
        # All that were published before the start was read are there as they were; of those that came while
        # it was on its way to the hub, some may be of the start.
        self.assertLess(len(changed), answers)


if __name__ == "__main__":
    unittest.main()
