# SPDX-License-Identifier: Apache-2.0
"""Questions to the journal: by time, type and subject, page by page, each answer bounded, none in the way of the hub."""
import unittest

from wall_of_one import Peer, Wall, event, until


class QueryTest(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.peer = Peer(self.wall, "feed")
        self.addCleanup(self.peer.close)
        self.peer.hello()

    def publish(self, count, type_="x.alarm", subject="thing/1", first=0, size=0):
        ids = [self.peer.start("publish", lane="durable", event=event(type_, subject, {"n": first + i, "pad": "x" * size})) for i in range(count)]
        for id_ in ids:
            self.assertTrue(self.peer.reply(id_)["ok"])

    def newest_time(self):
        return self.peer.ask("events", type="x.", limit=1)["events"][0]["recordedtime"]

    def all(self, **body):
        """Every page; the numbers of their events, and how many pages there were."""
        found, pages, more = [], 0, True
        while more:
            page = self.peer.ask("events", **body)
            self.assertTrue(page["ok"], page)
            found += [e["data"]["n"] for e in page["events"]]
            pages, more = pages + 1, page["more"]
            body["after"] = page["after"]
        return found, pages

    def test_a_span_of_time_comes_page_by_page_each_event_once(self):
        self.publish(30)
        self.peer.take_in(20)
        begin = self.newest_time()  # milliseconds: what was recorded in it is of the span
        until("the clock to go on", lambda: self.publish(1, "x.other") or self.newest_time() > begin)
        begin = self.newest_time()
        self.publish(75, first=100)
        end = self.newest_time()
        until("the clock to go on", lambda: self.publish(1, "x.other") or self.newest_time() > end)
        end = self.newest_time()
        self.publish(20, first=200)
        found, pages = self.all(**{"from": begin, "until": end, "type": "x.alarm", "limit": 10})
        self.assertEqual(found, list(range(100, 175)))
        self.assertGreaterEqual(pages, 8)
        self.assertEqual(self.all(**{"from": begin, "type": "x.alarm"})[0], list(range(100, 175)) + list(range(200, 220)))
        self.assertEqual(self.all(until=begin, type="x.alarm")[0], list(range(30)))

    def test_telemetry_is_part_of_a_span(self):
        self.publish(1)
        begin = self.newest_time()
        for n in range(5):
            self.peer.send("publish", event=event("x.level", "gauge/%d" % (n % 2), {"n": n}))
        def levels(**more):
            return self.all(**{"from": begin, "type": "x.level", **more})[0]
        until("all of it", lambda: levels() == [0, 1, 2, 3, 4])
        self.assertEqual(levels(subject="gauge/1"), [1, 3])

    def test_a_subject_is_its_beginning_for_every_way_of_asking(self):
        self.publish(3, subject="pump/1")
        self.publish(3, subject="pump/2", first=10)
        self.publish(1, subject="weir/1", first=20)
        numbers = lambda **body: [e["data"]["n"] for e in self.peer.ask("events", type="x.alarm", **body)["events"]]
        self.assertEqual(numbers(subject="pump/"), [0, 1, 2, 10, 11, 12])
        self.assertEqual(numbers(subject="pump/2", since=0), [10, 11, 12])
        self.assertEqual(numbers(subject="pump/1", until="2100-01-01T00:00:00Z"), [0, 1, 2])
        self.assertEqual(numbers(subject="pump/1%"), [])
        self.assertEqual(numbers(subject="pump/2", limit=2), [11, 12])

    def test_a_time_that_is_none_is_told_with_its_part(self):
        for verb, key in (("events", "from"), ("events", "until"), ("audit", "since")):
            for wrong, part in (("9999-01-01T00:00:00Z", "the year 9999"), ("2026-13-01T00:00:00Z", "the month 13"), ("soon", '"soon"'), (7, '""')):
                reply = self.peer.ask(verb, **{key: wrong})
                self.assertEqual((reply["ok"], reply["code"]), (False, "invalid"), reply)
                self.assertIn("%s: found %s" % (key, part), reply["text"])

    def test_a_page_has_at_most_a_mebibyte(self):
        self.publish(60, size=40_000)
        page = self.peer.ask("events", **{"type": "x.alarm", "from": "2000-01-01T00:00:00Z", "limit": 1000})
        self.assertTrue(page["more"])
        self.assertLess(len(page["events"]), 30)
        self.assertEqual(self.all(**{"type": "x.alarm", "from": "2000-01-01T00:00:00Z", "limit": 1000})[0], list(range(60)))
        page = self.peer.ask("events", type="x.alarm", since=0, limit=1000)
        self.assertTrue(page["more"] and len(page["events"]) < 30)

    def test_a_question_that_is_none_is_refused(self):
        for body, word in (({"from": "yesterday"}, "2026-07-01T08:00:00Z"), ({"until": 7}, "2026-07-01T08:00:00Z"), ({"after": "7"}, "last page"),
                           ({"after": "1:2x"}, "last page"), ({"since": 0, "until": "2026-07-01T08:00:00Z"}, "one of the two")):
            refused = self.peer.ask("events", **body)
            self.assertEqual((refused["ok"], refused["code"]), (False, "invalid"), body)
            self.assertIn(word, refused["text"])

    def test_the_hub_goes_on_while_many_ask(self):
        self.publish(300, size=2000)
        asker = Peer(self.wall, "asker")
        self.addCleanup(asker.close)
        asker.hello()
        asked = [asker.start("events", type="x.nothing.like.it", since=0) for _ in range(400)]
        self.assertTrue(self.peer.ask("layouts")["ok"])
        self.publish(10, first=300)
        replies = [asker.reply(id_) for id_ in asked]
        # What is too much at once is refused, and says so.
        self.assertEqual({(r["ok"], r.get("code")) for r in replies} - {(True, None), (False, "full")}, set())
        self.assertGreaterEqual(sum(r["ok"] for r in replies), 10)


if __name__ == "__main__":
    unittest.main()
