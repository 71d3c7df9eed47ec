# SPDX-License-Identifier: Apache-2.0
"""Deliveries of a peer that takes several in one message: the same ones, in the same order, under the same credit."""
import unittest

from elsewhere import RemoteCase
from wall_of_one import Peer, Wall, event


def numbers(peer):
    return [d["n"] for d in peer.deliveries]


class BundlesTest(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.start()

    def peer(self, name, **hello):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        peer.hello(**hello)
        return peer

    def burst(self, sender, count, first=0):
        """Durable events, all sent before the first is answered; the replies in their order."""
        ids = [sender.start("publish", lane="durable", event=event("x.alarm", "gauge/%d" % (i % 7), i)) for i in range(first, first + count)]
        return [sender.reply(id_)["sequence"] for id_ in ids]

    def test_both_kinds_of_peers_get_the_same_in_the_same_order(self):
        sender = self.peer("feed")
        one, many = self.peer("one"), self.peer("many", bundles=True)
        for reader in (one, many):
            reader.subscribe("x.")
        sequences = self.burst(sender, 600)
        for reader in (one, many):
            reader.wait("all", lambda: len(reader.deliveries) == 600)
            self.assertEqual([d["sequence"] for d in reader.deliveries], sequences)
            self.assertEqual([d["event"]["data"] for d in reader.deliveries], list(range(600)))
            self.assertEqual(numbers(reader), list(range(1, 601)))
            self.assertFalse(any(d["replayed"] or d["lane"] == 0 for d in reader.deliveries))
        self.assertEqual(set(one.together), {1})
        self.assertGreater(max(many.together), 1)
        self.assertLessEqual(max(many.together), 256)

    def test_what_is_acknowledged_was_delivered(self):
        # Its own reader: both come on one connection, whose order nothing changes.
        peer = self.peer("feed", bundles=True)
        peer.subscribe("x.")
        ids = [peer.start("publish", lane="durable", event=event("x.alarm", data=i)) for i in range(400)]
        for i, id_ in enumerate(ids):
            self.assertTrue(peer.reply(id_)["ok"])
            self.assertGreater(len(peer.deliveries), i)

    def test_credit_ends_a_bundle(self):
        sender, reader = self.peer("feed"), self.peer("reader", bundles=True)
        reader.subscribe("x.", to=3)
        self.burst(sender, 50)
        reader.wait("three", lambda: len(reader.deliveries) >= 3)
        reader.take_in(200)
        self.assertEqual(numbers(reader), [1, 2, 3])
        reader.together.clear()
        reader.send("credit", to=13)
        reader.wait("ten more", lambda: len(reader.deliveries) >= 13)
        reader.take_in(200)
        self.assertEqual((numbers(reader), reader.together), (list(range(1, 14)), [10]))

    def test_a_snapshot_and_a_subscription_from_a_sequence_come_in_bundles(self):
        sender = self.peer("feed")
        for i in range(100):
            sender.send("publish", event=event("x.level", "gauge/%d" % i, i))
        sequences = self.burst(sender, 100)
        late = self.peer("late", bundles=True)
        late.subscribe("x.level", source="snapshot")
        late.wait("the snapshot", lambda: len(late.deliveries) == 100)
        self.assertEqual(sorted(d["event"]["data"] for d in late.deliveries), list(range(100)))
        self.assertTrue(all(d["replayed"] for d in late.deliveries))
        self.assertEqual(late.together, [100])
        late.forget()
        late.ask("subscribe", prefixes=["x.alarm"], to=1000, since=sequences[0] - 1, **{"from": "sequence"})
        late.wait("what was", lambda: len(late.deliveries) == 100)
        self.assertEqual([d["sequence"] for d in late.deliveries], sequences)
        self.assertTrue(all(d["replayed"] for d in late.deliveries))
        self.assertEqual((late.together, numbers(late)), ([100], list(range(101, 201))))

    def test_events_too_big_for_one_bundle_come_in_several(self):
        sender, reader = self.peer("feed"), self.peer("reader", bundles=True)
        reader.subscribe("x.", to=1)
        big = "y" * 60_000
        for i in range(11):
            self.assertTrue(sender.ask("publish", lane="durable", event=event("x.big", data=[i, big]))["ok"])
        reader.wait("the first", lambda: reader.deliveries)
        reader.together.clear()
        reader.send("credit", to=100)
        reader.wait("all", lambda: len(reader.deliveries) == 11)
        self.assertEqual([d["event"]["data"][0] for d in reader.deliveries], list(range(11)))
        self.assertEqual(reader.together, [4, 4, 2])

    def test_a_command_does_not_overtake_what_was_said_before_it(self):
        sender, handler = self.peer("feed"), self.peer("media:0", bundles=True)
        handler.subscribe("x.")
        self.assertTrue(handler.ask("handle", prefixes=["beaconwall.compositor.snapshot.v1/"])["ok"])
        for i in range(20):
            for k in range(10):
                sender.send("publish", event=event("x.level", "gauge/%d" % k, i))
            asked = sender.start("command", event=event("beaconwall.compositor.snapshot.v1", "camera/T-%d" % i))
            handler.wait("the command", lambda: handler.commands)
            self.assertEqual(len(handler.deliveries), 10 * (i + 1))
            handler.send("answer", id=handler.commands.pop()["id"], ok=True)
            self.assertTrue(sender.reply(asked)["ok"])

    def test_who_subscribes_in_the_middle_gets_nothing_twice(self):
        sender, reader = self.peer("feed"), self.peer("reader", bundles=True)
        for i in range(30):
            sender.send("publish", event=event("x.level", "gauge/%d" % i, i))
            if i % 3 == 0:
                reader.send("subscribe", prefixes=["x.level/gauge/%d" % i], to=1000, **{"from": "snapshot"})
        sender.ask("layouts")
        reader.ask("layouts")
        reader.wait("ten", lambda: len(reader.deliveries) >= 10)
        reader.take_in(200)
        self.assertEqual(sorted(d["event"]["data"] for d in reader.deliveries), list(range(0, 30, 3)))

    def test_anything_but_true_is_no_wish_for_bundles(self):
        sender = self.peer("feed")
        for i, said in enumerate(("true", 1, [], {}, None, False)):
            reader = self.peer("reader-%d" % i, bundles=said)
            reader.subscribe("x.", to=1)
            self.burst(sender, 3)
            reader.send("credit", to=3)
            reader.wait("three", lambda: len(reader.deliveries) == 3)
            self.assertEqual(reader.together, [1, 1, 1], said)


class ElsewhereTest(RemoteCase):
    def test_another_machine_gets_bundles_too(self):
        key = self.key("desk")
        self.begin()
        desk = self.connect(key)
        desk.hello(bundles=True)
        desk.subscribe("x.", to=1)
        sent = [self.ctl.ask("publish", lane="durable", event=event("x.alarm", data=i))["sequence"] for i in range(40)]
        desk.send("credit", to=100)
        desk.wait("all", lambda: len(desk.deliveries) == 40)
        self.assertEqual([d["sequence"] for d in desk.deliveries], sent)
        self.assertEqual(desk.together, [1, 39])


if __name__ == "__main__":
    unittest.main()
