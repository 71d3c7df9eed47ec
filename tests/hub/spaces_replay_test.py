# SPDX-License-Identifier: Apache-2.0
"""Replays: a span of live's journal in a space of its own, with what was known at its beginning, at a speed, to its end."""
import datetime
import time
import unittest

from spaces_test import SpaceCase
from wall_of_one import event, until

VIEW = "beaconwall.pane.view.v1"


def rfc3339(seconds):
    return datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.") + "%03dZ" % (seconds % 1 * 1000)


class ReplayTest(SpaceCase):
    def later(self):
        """A moment of the hub's clock between what was recorded and what will be, as a text."""
        mark = rfc3339(time.time() + 0.002)
        until("the clock to go on", lambda: rfc3339(time.time()) > mark)
        return mark

    def pause(self):
        """So long nothing happens that a replay of it can be subscribed to before something does."""
        begun = time.time()
        until("some seconds", lambda: time.time() > begun + 3)

    def recorded(self, count):
        until("the journal to have it", lambda: len([e for e in self.ctl.ask("events", type="x.", limit=1000)["events"]]) >= count)

    def a_past(self):
        """(since, until) of: thing/1 is 1, then 2 and 3; thing/2 is 5 before; state 1, then 2; an alarm within, one before, one behind."""
        self.publish(1, lane="telemetry")
        self.publish(5, "thing/2", lane="telemetry")
        self.put(1)
        self.publish(10, type_="x.alarm")
        since = self.later()
        for n, (type_, lane) in enumerate([("x.level", "telemetry"), ("x.alarm", "durable"), ("x.level", "telemetry")], 2):
            self.publish(n, type_=type_, lane=lane)
            self.later()
        self.put(2)
        until_ = self.later()
        self.publish(20, type_="x.alarm")
        self.publish(99, lane="telemetry")
        self.put(3)
        self.recorded(10)
        return since, until_

    def hears(self, space, count):
        peer = self.peer("look")
        reply = peer.ask("subscribe", prefixes=["x."], to=1000, space=space, **{"from": "snapshot"})
        self.assertTrue(reply["ok"], reply)
        peer.wait("%d of it" % count, lambda: len(peer.deliveries) >= count)
        return peer.deliveries

    def ended(self, name="then"):
        return until("its end", lambda: [s for s in self.ctl.ask("spaces")["spaces"] if s["name"] == name and s["state"] == "ended"])[0]

    def test_what_was_known_then_what_happened_then_it_stands(self):
        since, until_ = self.a_past()
        reply = self.started("then", "replay", since=since, until=until_, speed=60)
        self.assertEqual((reply["kind"], reply["since"], reply["until"], reply["speed"]), ("replay", since, until_, 60))
        its = self.ended()
        self.assertEqual((its["rate"], its["space_ns"] // 10**6), (0, round(datetime.datetime.fromisoformat(until_).timestamp() * 1000)))
        self.assertEqual(self.knows("then"), {("x.level", "thing/1"): ({"n": 4}, "then", None), ("x.level", "thing/2"): ({"n": 5}, "then", None),
                                              ("x.state", "thing/1"): ({"n": 2}, "then", 2)})
        self.assertEqual(self.knows("live")[("x.level", "thing/1")][0], {"n": 99})

    def test_it_is_played_in_order_with_its_own_times_and_never_too_fast(self):
        self.publish(1, "thing/0", lane="telemetry")
        since = self.later()
        self.pause()
        self.publish(2, type_="x.alarm")
        self.publish(3, type_="x.alarm")
        until_ = self.later()
        self.recorded(3)
        was = {e["data"]["n"]: e for e in self.ctl.ask("events", type="x.")["events"]}
        peer = self.peer("look")
        reply = self.ctl.start("command", event=event("beaconwall.space.start.v1", "space/then", {"name": "then", "kind": "replay", "since": since, "until": until_, "speed": 2}))
        # Subscribed as soon as there is such a space.
        until("the space", lambda: peer.ask("subscribe", prefixes=["x."], to=1000, space="then", **{"from": "snapshot"})["ok"])
        started = self.ctl.reply(reply)
        self.assertTrue(started["ok"], started)
        # Its clock: the beginning when it was started, then twice as fast as the hall's.
        self.assertEqual((started["rate"], started["space_ns"] // 10**6), (2, round(datetime.datetime.fromisoformat(since).timestamp() * 1000)))
        peer.wait("the last", lambda: [d for d in peer.deliveries if d["event"]["data"]["n"] == 3])
        ended = self.ended()
        self.assertGreaterEqual((ended["wall_ns"] - started["wall_ns"]) * 2, ended["space_ns"] - started["space_ns"])  # never sooner than it was
        for d in peer.deliveries:
            then = was[d["event"]["data"]["n"]]
            self.assertEqual((d["event"]["time"] if "time" in then else None, d["event"]["recordedtime"], d["event"]["source"], d["event"]["id"], d["event"]["space"]),
                             (then.get("time"), then["recordedtime"], then["source"], then["id"], "then"))
        order = [d["event"]["data"]["n"] for d in peer.deliveries]
        self.assertEqual(order[-1], 3)
        self.assertEqual(order, sorted(order))

    def test_what_happens_live_does_not_come_into_it_and_nothing_of_it_is_journalled(self):
        since, until_ = self.a_past()
        before = self.ctl.ask("events", type="x.", limit=1000)["events"]
        self.started("then", "replay", since=since, until=until_, speed=60)
        self.ended()
        known = self.knows("then")
        self.publish(7, "thing/2", lane="telemetry")
        self.put(8)
        self.assertEqual(self.knows("then"), known)
        self.assertEqual(self.ctl.ask("events", space="then")["events"], [])
        self.recorded(len(before) + 2)
        self.assertEqual([e["id"] for e in self.ctl.ask("events", type="x.", limit=1000)["events"]][:len(before)], [e["id"] for e in before])

    def test_nothing_is_written_into_it_but_where_a_panel_stands(self):
        since, until_ = self.a_past()
        self.started("then", "replay", since=since, until=until_)
        self.refused(self.ctl.ask("publish", event=event("x.level"), space="then"), "refused", "plays what was")
        put = {"op": "put", "write": "w", "writes": [{"type": "x.state", "subject": "thing/1", "data": {}}]}
        self.refused(self.ctl.ask("record", space="then", **put), "refused", "nothing is written into it")
        self.refused(self.ctl.ask("subscribe", prefixes=["x."], space="then", since=0, **{"from": "sequence"}), "refused", "snapshot")

    def test_bad_spans_are_refused_with_a_sentence(self):
        since, until_ = self.a_past()
        ask = lambda **more: self.start("then", "replay", **more)
        self.refused(ask(), "invalid", "needs since")
        self.refused(ask(since="yesterday"), "invalid", "since")
        for wrong, part in (("99999-01-01T00:00:00Z", "the year 99999"), ("0000-01-01T00:00:00Z", "the year 0000"),
                            ("-0001-01-01T00:00:00Z", "the year -0001"), ("2026-02-30T00:00:00Z", "the day 30"), ("2026-07-01T08:00:00", "no zone")):
            self.refused(ask(since=wrong), "invalid", "since of the replay: found " + part, wrong, "allowed")
            self.refused(ask(since=since, until=wrong), "invalid", "until of the replay: found " + part, wrong, "allowed")
        self.refused(ask(since=since, until=""), "invalid", "needs until")
        self.refused(ask(since=until_, until=since), "invalid", "before until")
        self.refused(ask(since=since, until=since), "invalid", "before until")
        self.refused(ask(since=since, until="2099-01-01T00:00:00Z"), "invalid", "future")
        for speed in (0, 61, 1.5, "2"):
            self.assertEqual(ask(since=since, speed=speed)["code"], "invalid", speed)
        reply = ask(since="2001-01-01T00:00:00Z", until="2001-01-02T00:00:00Z")
        self.refused(reply, "refused", "has nothing between 2001-01-01", "goes back to")
        self.assertEqual(self.ctl.ask("spaces")["spaces"], [])
        self.started("then", "replay", since=since, speed=60)  # to now
        self.assertTrue(self.end("then")["ok"])

    def test_it_is_over_when_the_hub_is(self):
        since, until_ = self.a_past()
        self.started("then", "replay", since=since, until=until_)
        self.started("drill")
        self.wall.kill()
        self.wall.start()
        self.ctl = self.peer("ctl")
        self.assertEqual([s["name"] for s in self.ctl.ask("spaces")["spaces"]], ["drill"])
        self.assertIn("the replay then is over", self.wall.log())
        until("its record to end", lambda: self.ctl.ask("record", op="get", type="beaconwall.space.v1", subject="then").get("code") == "unknown")
        self.refused(self.ctl.ask("subscribe", prefixes=["x."], space="then"), "unknown", "live, drill")

    def test_a_long_span_comes_in_pieces(self):
        count = 3000
        since = self.later()
        self.pause()
        feed = self.peer()
        for n in range(count):
            feed.send("publish", lane="durable", event=event("x.alarm", "thing/%d" % (n % 7), {"n": n}))
            if n % 250 == 249:
                feed.ask("layouts")
        self.publish(count, type_="x.alarm")
        until_ = self.later()
        peer = self.peer("look")
        start = self.ctl.start("command", event=event("beaconwall.space.start.v1", "space/then", {"name": "then", "kind": "replay", "since": since, "until": until_, "speed": 1}))
        until("the space", lambda: peer.ask("subscribe", prefixes=["x."], to=1000, space="then", **{"from": "now"})["ok"])
        self.assertTrue(self.ctl.reply(start)["ok"])
        def all_of_it():
            peer.send("credit", to=len(peer.deliveries) + 1000)
            return peer.deliveries and peer.deliveries[-1]["event"]["data"]["n"] == count
        peer.wait("the last", all_of_it)
        numbers = [d["event"]["data"]["n"] for d in peer.deliveries]
        self.assertEqual(numbers, list(range(count + 1)))  # each once, in order


if __name__ == "__main__":
    unittest.main()
