# SPDX-License-Identifier: Apache-2.0
"""What hostile machines do to the hub's TCP listener: replayed, forged and cut handshakes, floods, deafness, crowds."""
import itertools
import json
import os
import random
import socket
import time
import unittest

import zmq

from elsewhere import DISCONNECTED, Relay, RemoteCase, RemotePeer, events_of
from wall_of_one import event, until


class HostileCase(RemoteCase):
    def setUp(self):
        super().setUp()
        self.desk = self.key("desk", "administrator")
        self.other = self.key("other", "administrator")
        self.begin()
        self.good = self.greeted(self.other)
        self.good.subscribe("x.good")
        self.beat_at = 0

    def stay(self):
        """The good peer's beat, when it is due."""
        if time.monotonic() > self.beat_at:
            self.beat_at = time.monotonic() + 1
            self.good.send("beat")
            self.good.take_in(0)

    def the_hub_goes_on(self):
        """The same process, for who is here and for who comes."""
        self.assertIsNone(self.wall.process.poll(), "the hub died")
        self.good.deliveries.clear()
        self.ctl.send("publish", event=event("x.good"))
        self.good.wait("the delivery", lambda: self.good.of("x.good"))
        fresh = RemotePeer(self.endpoint, self.other)
        self.assertTrue(fresh.hello()["ok"])
        fresh.close()


class HandshakeTest(HostileCase):
    def record(self):
        """What a right client says until it is greeted, and behind it a publish that everybody would see."""
        relay = Relay(self.port)
        peer = RemotePeer("tcp://127.0.0.1:%d" % relay.port, self.desk)
        peer.hello()
        self.assertTrue(peer.ask("publish", lane="durable", event=event("x.good", "recorded"))["ok"])
        peer.close()
        until("the bytes", lambda: relay.said and len(relay.said[0]) > 800)
        relay.close()
        self.good.wait("the one that is right", lambda: self.good.of("x.good"))
        return bytes(relay.said[0])

    def failed(self):
        return self.hub()["refused_handshakes"]

    def played(self, data):
        self.stay()
        made = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        try:
            made.sendall(data)
            made.shutdown(socket.SHUT_WR)
            self.is_ended(made)
        except OSError:
            pass  # it did not even listen to the end
        finally:
            made.close()

    def test_a_handshake_that_is_replayed_gets_nowhere(self):
        said, peers, before = self.record(), self.hub()["peers"], self.failed()
        for _ in range(20):
            self.played(said)
        until("each to be counted", lambda: self.failed() >= before + 20)
        self.assertEqual(len(self.ctl.ask("events", type="x.good", since=0)["events"]), 1, "what it carried is not done again")
        until("no peer of it", lambda: self.hub()["peers"] < peers)
        self.the_hub_goes_on()

    def test_a_handshake_with_any_bit_turned_gets_nowhere(self):
        said, before, noise = self.record(), self.failed(), random.Random(11)
        for _ in range(200):
            data = bytearray(said)
            data[noise.randrange(10, len(data))] ^= 1 << noise.randrange(8)
            self.played(bytes(data))
        until("them to be counted", lambda: self.failed() >= before + 200)
        self.assertEqual(len(self.ctl.ask("events", type="x.good", since=0)["events"]), 1)
        self.the_hub_goes_on()

    def test_a_handshake_that_is_cut_short_gets_nowhere(self):
        said, before, lengths = self.record(), self.failed(), list(range(0, 700, 7))
        for length in lengths:
            self.played(said[:length])
        until("them to be counted", lambda: self.failed() >= before + len(lengths))
        self.the_hub_goes_on()

    def test_one_that_stops_in_the_middle_is_ended(self):
        said = self.record()
        waiting = [self.raw() for _ in range(40)]
        for i, each in enumerate(waiting):
            each.sendall(said[:i * 10])
        for each in waiting:
            self.assertTrue(self.is_ended(each))
        self.the_hub_goes_on()

    def test_noise_and_other_protocols_leave_no_memory_behind(self):
        noise = random.Random(5)
        said = self.record()
        openings = [b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00", b"\xff" * 64, said[:64] + b"\x06" + b"\xff" * 8 + b"x" * 5000,
                    said[:64] + b"\x04\xff" + b"x" * 300, said[:12] + b"PLAIN" + bytes(15) + said[32:64], said[:12] + b"NULL" + bytes(16) + said[32:64]]

        def storm(count):
            for i in range(count):
                data = openings[i % len(openings)] if i % 2 else said[:noise.randrange(200)] + noise.randbytes(noise.randrange(2000))
                self.played(data)

        storm(300)  # what is made once is made now
        before = self.rss_kb()
        storm(1500)
        until("all to be gone", lambda: self.hub()["connections"] <= 2)
        self.assertLess(self.grown_kb(before), 8 * 1024, "less than 6 KiB of each stays")
        self.the_hub_goes_on()

    def test_a_crowd_of_connections_is_bounded_and_keeps_nobody_waiting_who_is_in(self):
        crowd = []
        def turned_away():
            for _ in range(50 if len(crowd) < 900 else 0):
                crowd.append(socket.socket())
                self.addCleanup(crowd[-1].close)
                crowd[-1].setblocking(False)
                crowd[-1].connect_ex(("127.0.0.1", self.port))
            return self.hub()["refused_connections"] > 0
        until("some to be turned away", turned_away)
        self.ctl.send("publish", event=event("x.good"))
        self.good.wait("the delivery", lambda: self.good.of("x.good"))
        for each in crowd:
            each.settimeout(60)
            self.assertTrue(self.is_ended(each), "a handshake that is not made in two seconds is over")
        until("room", lambda: self.hub()["connections"] <= 2)
        self.the_hub_goes_on()


class PeerTest(HostileCase):
    hub_lines = "messages_per_s = 500\nkib_per_s = 2048"

    def test_who_sends_too_much_is_told_then_cut_and_told_again(self):
        flood = self.connect(self.desk)
        monitor = flood.socket.get_monitor_socket(DISCONNECTED)
        flood.hello()
        sent = itertools.count()
        def cut():
            for _ in range(500):
                flood.send("layouts", id=str(next(sent)))
            flood.take_in(1)
            return flood.goodbyes
        flood.wait("the goodbye", cut)
        refused = [r for r in flood.replies.values() if not r["ok"]]
        self.assertEqual({r["code"] for r in refused}, {"full"})
        self.assertIn("more than 500 messages or 2048 KiB a second", refused[0]["text"])
        self.assertIn("you sent more than 500 messages", flood.goodbyes[0]["reason"])
        until("its connection to be ended", lambda: DISCONNECTED in events_of(monitor))
        hub = self.hub()
        self.assertGreaterEqual(hub["refused_messages"], 500)
        self.assertEqual(hub["cut"], 1)
        self.the_hub_goes_on()
        flood.socket.disable_monitor()
        flood.close()
        # It comes back by itself, once its time is over, and is told why it was cut.
        again = self.greeted(self.desk)
        self.assertIn("you sent more than", again.greeting["cut"]["why"])
        self.assertGreaterEqual(again.greeting["cut"]["ago_ms"], 4000)
        self.assertNotIn("cut", self.greeted(self.desk).greeting)

    def test_many_bytes_are_too_much_as_well(self):
        flood = self.greeted(self.desk)
        body = json.dumps({"event": event("x.big", data="x" * 1_000_000)}).encode()
        def cut():
            flood.socket.send_multipart([b"publish", body])
            flood.take_in(1)
            return flood.goodbyes
        flood.wait("the goodbye", cut)
        self.the_hub_goes_on()

    def test_messages_of_many_frames_or_without_bounds_are_bounded(self):
        many = self.greeted(self.desk)
        before = self.rss_kb()
        many.socket.send_multipart([b"publish"] + [b"x"] * 10_000)
        many.wait("the goodbye", lambda: many.goodbyes)
        huge = self.connect(self.desk)
        monitor = huge.socket.get_monitor_socket(DISCONNECTED)
        huge.hello()
        huge.socket.send_multipart([b"publish", b"{}", b"x" * (3 << 20)])
        until("a frame of 3 MiB to end its connection", lambda: DISCONNECTED in events_of(monitor))
        huge.socket.disable_monitor()
        self.assertLess(self.grown_kb(before), 48 * 1024)
        self.the_hub_goes_on()

    def test_one_message_that_goes_on_and_on_is_ended(self):
        endless = self.connect(self.desk)
        monitor = endless.socket.get_monitor_socket(DISCONNECTED)
        endless.hello()
        cut = self.hub()["cut"]
        endless.socket.send_multipart([b"publish"] + [os.urandom(1000)] * 300_000)
        until("its connection to be ended", lambda: DISCONNECTED in events_of(monitor))
        until("it to be counted", lambda: self.hub()["cut"] > cut)
        endless.socket.disable_monitor()
        self.the_hub_goes_on()


@unittest.skipIf(os.environ.get("BEACONWALL_SANITIZE"), "memory and shares of time are a sanitizer's own: it keeps what was freed and takes ten times as long")
class SlowTest(HostileCase):
    hub_lines = "messages_per_s = 5000\nkib_per_s = 65536"

    def feed(self, count, size):
        """Durable events for everybody, each on the disk before the next."""
        for i in range(count):
            reply = self.ctl.ask("publish", lane="durable", event=event("x.slow", "n/%d" % i, "x" * size))
            self.assertTrue(reply["ok"], reply)
            self.stay()

    def test_who_does_not_read_costs_a_bounded_queue_and_is_told_what_it_missed(self):
        # It may have 1000 deliveries on their way, and its own library takes in next to nothing.
        slow = self.connect(self.desk, rcvhwm=1, rcvbuf=4096)
        slow.hello()
        slow.subscribe("x.slow", to=1000)
        reader = self.greeted(self.other)
        reader.subscribe("x.slow", to=1000)
        before = self.rss_kb()
        size, count = 60_000, 900
        for i in range(count):
            self.ctl.ask("publish", lane="durable", event=event("x.slow", "n/%d" % i, "x" * size))
            slow.send("beat")  # alive, but deaf
            reader.take_in(0)
            self.stay()
        reader.wait("all of it", lambda: len(reader.deliveries) == count)
        self.assertEqual([d["n"] for d in reader.deliveries], list(range(1, count + 1)), "the other one misses nothing")
        # 8 MiB on the way, 16 MiB in its queue, and what the hub keeps of its own.
        self.assertLess(self.grown_kb(before), 64 * 1024, "%d MiB were published" % (size * count >> 20))
        slow.wait("to be told", lambda: [b for b in slow.beats if b.get("missed")])
        told = [b for b in slow.beats if b.get("missed")][-1]
        self.assertIn("you read too slowly", told["why"])
        slow.wait("the rest", lambda: slow.take_in(50) or max(b["n"] for b in slow.beats) >= count)
        got = [d["n"] for d in slow.deliveries]
        self.assertEqual(got, sorted(set(got)))
        self.assertEqual(count - len(got), max(b.get("missed", 0) for b in slow.beats), "what is missing is what was told")

    def test_who_asks_and_does_not_read_costs_what_is_on_the_way(self):
        deaf = self.connect(self.desk, rcvhwm=1, rcvbuf=4096, sndhwm=0)
        deaf.hello()
        self.feed(200, 5000)
        before = self.rss_kb()
        for _ in range(100 if os.environ.get("BEACONWALL_SANITIZE") else 400):  # 1 MiB of replies each
            deaf.send("events", id="e", since=0, limit=200)
            self.ctl.ask("layouts")
            self.stay()
        self.assertLess(self.grown_kb(before), 64 * 1024)
        until("the replies that nobody takes", lambda: "replies are lost: key:desk does not read" in self.wall.log())
        self.the_hub_goes_on()

    def test_what_takes_much_of_the_hubs_time_is_limited_as_well(self):
        for i in range(5000):
            self.ctl.send("publish", event=event("x.many", "n/%d" % i, "x" * 100))
        self.ctl.ask("layouts")
        greedy = self.greeted(self.desk)
        sent = itertools.count()
        def refused():
            for _ in range(20):
                greedy.send("subscribe", id="s%d" % next(sent), prefixes=["x.", "y.%d" % next(sent)], to=1, **{"from": "snapshot"})
            greedy.take_in(20)
            return [r for r in greedy.replies.values() if not r["ok"] and "of the hub's time" in r["text"]]
        found = greedy.wait("a refusal", refused)
        self.assertEqual(found[0]["code"], "full")
        self.the_hub_goes_on()

    def test_who_says_nothing_is_gone_and_hears_why_when_it_comes_back(self):
        mute = self.greeted(self.desk)
        mute.subscribe("x.mute", to=1)
        for i in range(5):
            self.ctl.ask("publish", lane="durable", event=event("x.mute", "n/%d" % i))
        end = time.monotonic() + 60
        while self.hub()["cut"] == 0:
            self.assertLess(time.monotonic(), end, "it was not cut")
            self.stay()
        mute.wait("the goodbye", lambda: mute.goodbyes)
        self.assertEqual(mute.goodbyes[0]["reason"], "you said nothing for 15 s")
        again = self.greeted(self.desk)
        self.assertEqual((again.greeting["cut"]["why"], again.greeting["cut"]["missed"]), ("you said nothing for 15 s", 4))


if __name__ == "__main__":
    unittest.main()
