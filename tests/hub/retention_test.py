# SPDX-License-Identifier: Apache-2.0
"""What goes from a journal with age while the hub runs, from rows that were put into its file as an older hub would have; pictures that nothing names."""
import hashlib
import os
import sqlite3
import time
import unittest

from wall_of_one import Peer, Wall, event, until

DAY_NS = 86_400 * 10**9


class RetentionTest(unittest.TestCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.start()
        self.peer = self.meet()

    def meet(self, name="ctl"):
        peer = Peer(self.wall, name)
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def journal(self):
        return self.peer.ask("status")["journal"]

    def age(self, type_, days, lane=0, count=600, step_s=1):
        """Rows of that age, one each second, as if an older hub had written them."""
        self.wall.stop()
        with sqlite3.connect(self.wall.state / "journal.db") as db:
            begin = time.time_ns() - int(days * DAY_NS)
            begin -= begin % (3600 * 10**9)
            for n in range(count):
                sequence = db.execute("SELECT max(sequence) FROM journal").fetchone()[0] + (1 if lane else 0)
                db.execute("INSERT INTO journal(sequence, kept, space, type, subject, source, id, revision, tombstone, recorded_ns, event) "
                           "VALUES(?,?,'live',?,'old','test',?,0,0,?,?)",
                           (sequence, lane, type_, "%s-%s-%d" % (type_, days, n), begin + n * step_s * 10**9, '{"type": "%s", "data": %d}' % (type_, n)))
        db.close()
        self.wall.start()
        self.peer = self.meet()

    def left(self, type_):
        found, body, more = [], {"until": "2100-01-01T00:00:00Z"}, True
        while more:
            page = self.peer.ask("events", type=type_, limit=1000, **body)
            self.assertTrue(page["ok"], page)
            found += [e["data"] for e in page["events"]]
            body["after"], more = page["after"], page["more"]
        return found

    def test_old_telemetry_is_thinned_while_others_publish(self):
        self.age("x.level", 2)
        self.age("x.level", 10, step_s=10)
        self.assertTrue(self.peer.ask("publish", lane="durable", event=event("x.alarm"))["ok"])
        expected = list(range(359, 600, 360)) + [599] + list(range(59, 600, 60))
        def thinned():
            self.assertTrue(self.peer.ask("publish", lane="durable", event=event("x.alarm"))["ok"])
            return self.left("x.level") == expected
        until("one per hour, and one per minute", thinned)
        self.assertGreaterEqual(self.journal()["thinned"], 500)
        self.assertEqual(self.journal()["disk"], "well")

    def test_what_the_site_says_counts_also_while_it_runs(self):
        self.age("x.old.alarm", 20, lane=1, count=50)
        self.age("x.old.alarm", 5, lane=1, count=50)
        self.assertEqual(len(self.left("x.old.alarm")), 100)
        file = self.wall.site / "wall.toml"
        text = file.read_text()
        file.write_text(text.replace("[[display]]", "[journal]\nkeep_days = 10\ntelemetry_hour_days = 10\n\n[[display]]", 1))
        until("those of twenty days to go", lambda: len(self.left("x.old.alarm")) == 50)
        file.write_text(text.replace("[[display]]", "[journal]\nkeep_days = 2\ntelemetry_minute_days = 20\ntelemetry_hour_days = 2\n\n[[display]]", 1))
        until("the fault", lambda: [f["number"] for f in self.peer.ask("status")["faults"]] == ["BW1118"])
        self.assertEqual(len(self.left("x.old.alarm")), 50)

    def test_the_whole_journal_is_looked_at_and_found_whole(self):
        for _ in range(20):
            self.peer.ask("publish", lane="durable", event=event("x.alarm"))
        until("a round", lambda: self.journal()["checked"])

    def test_a_byte_that_changed_is_found_though_nobody_asked(self):
        marks = ["marker-%d" % n for n in range(300)]
        for mark in marks:
            self.assertTrue(self.peer.ask("publish", lane="durable", event=event("x.alarm", data=mark))["ok"])
        self.wall.stop()
        path = self.wall.state / "journal.db"
        content = path.read_bytes()
        at = content.rindex(b"marker-150")
        with open(path, "r+b") as file:
            file.seek(at)
            file.write(b"marker-951")
        self.wall.start()
        self.peer = self.meet()
        until("the file to be set aside", lambda: self.journal()["damaged"])
        until("what is whole", lambda: self.peer.ask("events", type="x.alarm", since=0)["ok"])
        found = self.left("x.alarm")
        self.assertEqual(found, [m for m in marks if m != "marker-150"])

    def test_pictures_stay_after_one_round(self):
        named, unnamed, young = (os.urandom(2000) for _ in range(3))
        digests = []
        for content in (named, unnamed, young):
            digest = hashlib.sha256(content).hexdigest()
            self.assertTrue(self.peer.ask("blob", content, op="put", digest=digest, size=len(content), offset=0)["ok"])
            digests.append(digest)
        self.assertTrue(self.peer.ask("publish", lane="durable", event=event("x.still", data={"picture": digests[0]}))["ok"])
        old = time.time() - 2 * 86_400
        for digest in digests[:2]:
            os.utime(self.wall.state / "pictures" / digest, (old, old))
        # Two have to agree: hub_round.
        self.assertTrue(until("a round", lambda: self.journal()["checked"]))
        self.assertEqual({path.name for path in (self.wall.state / "pictures").iterdir()}, set(digests))


if __name__ == "__main__":
    unittest.main()
