# SPDX-License-Identifier: Apache-2.0
"""Subscriptions from a sequence: what was, from the journal, then what happens, nothing lost and nothing twice."""
import unittest

from wall_of_one import Peer, Wall, event


class ReplayTest(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.sender = self.peer("feed")

    def peer(self, name):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def publish(self, count, type_="x.alarm", first=0):
        """Durable events with the data first, first + 1, …; their sequences."""
        ids = [self.sender.start("publish", lane="durable", event=event(type_, data=first + i)) for i in range(count)]
        return [self.sender.reply(id_)["sequence"] for id_ in ids]

    def since(self, peer, sequence, *prefixes, to=1000):
        self.assertTrue(peer.ask("subscribe", prefixes=list(prefixes), since=sequence, to=to, **{"from": "sequence"})["ok"])

    @staticmethod
    def data(peer):
        return [d["event"]["data"] for d in peer.deliveries if d["lane"]]

    def test_what_was_comes_first_and_then_what_happens(self):
        sequences = self.publish(10)
        self.publish(5, "x.other")
        reader = self.peer("reader")
        self.since(reader, sequences[3], "x.alarm/")
        reader.wait("the past", lambda: len(reader.deliveries) == 6)
        self.publish(2, first=10)
        reader.wait("the present", lambda: len(reader.deliveries) == 8)
        self.assertEqual(self.data(reader), list(range(4, 12)))
        self.assertEqual([d["sequence"] for d in reader.deliveries[:6]], sequences[4:])
        self.assertEqual([d["replayed"] for d in reader.deliveries], [True] * 6 + [False] * 2)
        self.assertEqual([d["n"] for d in reader.deliveries], list(range(1, 9)))

    def test_the_past_survives_the_hub(self):
        sequences = self.publish(3)
        self.wall.kill()
        self.wall.start()
        reader = self.peer("reader")
        self.since(reader, sequences[0], "x.")
        reader.wait("the past", lambda: len(reader.deliveries) == 2)
        self.assertEqual(self.data(reader), [1, 2])

    def test_nothing_is_lost_or_doubled_while_others_publish(self):
        self.publish(700)
        readers = [self.peer(f"reader-{i}") for i in range(4)]
        ids = []
        for i in range(1200):
            ids.append(self.sender.start("publish", lane="durable", event=event("x.alarm", data=700 + i)))
            if i % 300 == 100:
                readers[i // 300].start("subscribe", prefixes=["x."], since=0, to=40, **{"from": "sequence"})
            for reader in readers:
                self.top_up(reader)
        for id_ in ids:
            self.sender.reply(id_)
        for reader in readers:
            def all_of_it(reader=reader):
                self.top_up(reader)
                return len(reader.deliveries) >= 1900
            reader.wait("all of it", all_of_it)
            reader.take_in(50)
            self.assertEqual(self.data(reader), list(range(1900)), reader.name)

    @staticmethod
    def top_up(reader):
        reader.take_in(0)
        reader.send("credit", to=len(reader.deliveries) + 40)

    def test_who_is_too_slow_loses_nothing(self):
        # One that had caught up, in the middle of a list of records, and one that never did.
        self.publish(1, first=0)
        up, behind = self.peer("up"), self.peer("behind")
        self.since(up, 0, "x.", to=4)
        up.wait("the first", lambda: len(up.deliveries) == 1)
        writes = [{"type": "x.item", "subject": "i/%d" % i, "data": 1 + i} for i in range(10)]
        self.assertTrue(self.sender.ask("record", op="put", write="w", writes=writes)["ok"])
        self.since(behind, 0, "x.", to=0)
        count = 4500  # more than the hub queues for a peer
        for first in range(11, count, 300):
            self.publish(min(300, count - first), first=first)
        for slow in (up, behind):
            slow.take_in(50)
            self.assertLessEqual(len(slow.deliveries), 4)
            def rest(slow=slow):
                slow.send("credit", to=len(slow.deliveries) + 500)
                return len(slow.deliveries) >= count
            slow.wait("the rest", rest)
            self.assertEqual(self.data(slow), list(range(count)), slow.name)
        last = self.publish(1, first=count)[0]
        up.wait("the newest", lambda: up.deliveries[-1]["sequence"] == last)
        self.assertEqual(self.sender.ask("status")["hub"]["given_up"], 0)

    def test_telemetry_waits_behind_the_past_and_is_the_newest(self):
        self.publish(4)
        reader = self.peer("reader")
        self.since(reader, 0, "x.", to=1)
        for i in range(20):
            self.sender.send("publish", event=event("x.level", data=i))
        self.sender.ask("layouts")
        reader.wait("the first", lambda: len(reader.deliveries) == 1)
        reader.send("credit", to=100)
        reader.wait("the newest level", lambda: reader.of("x.level"))
        self.assertEqual([d["event"]["data"] for d in reader.deliveries], [0, 1, 2, 3, 19])

    def test_what_waits_already_is_not_sent_twice(self):
        reader = self.peer("reader")
        reader.subscribe("x.", to=1)
        self.publish(6)
        reader.wait("the first", lambda: len(reader.deliveries) == 1)
        self.since(reader, reader.deliveries[0]["sequence"], "x.", to=100)
        reader.wait("the rest", lambda: len(reader.deliveries) >= 6)
        last = self.publish(1, first=6)[0]
        reader.wait("the last", lambda: reader.deliveries[-1]["sequence"] == last)
        self.assertEqual(self.data(reader), list(range(7)))

    def test_asked_for_again_it_begins_anew(self):
        reader, ids = self.peer("reader"), self.publish(300)
        self.since(reader, 0, "x.", to=3)
        reader.wait("some", lambda: len(reader.deliveries) == 3)
        self.since(reader, ids[1], "x.", to=1000)
        reader.wait("the rest", lambda: len(reader.deliveries) >= 301)
        reader.take_in(50)
        self.assertEqual(self.data(reader), [0, 1, 2] + list(range(2, 300)))

    def test_a_list_of_records_comes_whole(self):
        writes = [{"type": "x.item", "subject": "i/%03d" % i, "data": i} for i in range(600)]
        self.assertTrue(self.sender.ask("record", op="put", write="w", writes=writes)["ok"])
        reader = self.peer("reader")
        self.since(reader, 0, "x.item/")  # two pages and more, of one sequence
        reader.wait("all", lambda: len(reader.deliveries) >= 600)
        self.assertEqual(self.data(reader), list(range(600)))
        page = reader.ask("events", type="x.item", since=0, limit=10)
        self.assertEqual(([e["data"] for e in page["events"]], page["more"]), (list(range(600)), False))

    def test_a_list_that_fits_into_no_message_is_refused(self):
        writes = [{"type": "x.item", "subject": "i/%d" % i, "data": "x" * 100_000} for i in range(17)]
        refused = self.sender.ask("record", op="put", write="w", writes=writes)
        self.assertEqual((refused["ok"], refused["code"]), (False, "invalid"))
        self.assertIn("several lists", refused["text"])
        self.assertTrue(self.sender.ask("record", op="put", write="w", writes=writes[:15])["ok"])
        self.assertEqual(len(self.sender.ask("events", type="x.item", since=0)["events"]), 15)

    def test_a_beginning_that_is_none_is_refused(self):
        for since in (-1, "7", 1.5, None):
            reply = self.sender.ask("subscribe", prefixes=["x."], since=since, to=10, **{"from": "sequence"})
            self.assertEqual((since, reply["ok"], reply["code"]), (since, False, "invalid"))
        self.assertIn("sequence", self.sender.ask("subscribe", prefixes=["x."], **{"from": "then"})["text"])

    def test_without_a_beginning_it_is_now(self):
        self.publish(3)
        self.assertTrue(self.sender.ask("subscribe", prefixes=["x."], to=10, **{"from": "sequence"})["ok"])
        self.publish(1, first=3)
        self.sender.wait("the new one", lambda: self.sender.deliveries)
        self.assertEqual(self.data(self.sender), [3])


if __name__ == "__main__":
    unittest.main()
