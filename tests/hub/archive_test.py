# SPDX-License-Identifier: Apache-2.0
"""A span of a journal in a file, and back: nothing old looks new, nothing is doubled; who may; what is wrong with a file is said by line."""
import gzip
import json
import re
import subprocess
import time
import unittest

from spaces_replay_test import rfc3339
from wall_of_one import BUILD, Peer, Wall, event, until

PROGRAM = BUILD / "bin/beaconwall"


class ArchiveTest(unittest.TestCase):
    def setUp(self):
        self.wall, self.peer = self.begin()
        self.file = self.wall.root / "span.jsonl.gz"

    def begin(self):
        wall = Wall()
        self.addCleanup(wall.close)
        wall.start()
        return wall, self.meet(wall)

    def meet(self, wall, name="feed"):
        peer = Peer(wall, name)
        self.addCleanup(peer.close)
        peer.hello()
        return peer

    def journal(self, verb, *words, code=0):
        done = subprocess.run([PROGRAM, "journal", verb, *map(str, words)], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout if code == 0 else done.stderr

    def export(self, *words, wall=None):
        return self.journal("export", self.file, "--state-dir", (wall or self.wall).state, *words)

    def lines(self):
        with gzip.open(self.file, "rt", encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def fill(self):
        for n in range(40):
            self.assertTrue(self.peer.ask("publish", lane="durable", event=event("x.alarm", data=n))["ok"])
            self.peer.send("publish", event=event("x.level", "gauge/%d" % (n % 3), n))
        self.peer.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a", "data": 1}])
        self.peer.command("beaconwall.source.retry.v1", subject="camera/none")
        until("all of it", lambda: len(self.all(self.peer, "x.level")) == 40)

    def all(self, peer, type_):
        page = peer.ask("events", type=type_, limit=1000, until="2100-01-01T00:00:00Z")
        self.assertFalse(page["more"])
        return page["events"]

    def test_a_span_is_in_the_file_as_it_was_delivered_and_nothing_else(self):
        self.fill()
        said = self.export("--type", "x.")
        lines = self.lines()
        self.assertEqual((lines[0]["beaconwall"], lines[0]["format"], lines[-1]), ("journal", 1, {"end": 81}))
        self.assertEqual(said, "81 rows\n")
        alarms = [line["event"] for line in lines[1:-1] if line["event"]["type"] == "x.alarm"]
        self.assertEqual(alarms, self.all(self.peer, "x.alarm"))
        self.assertEqual({line["lane"] for line in lines[1:-1]}, {"durable", "telemetry"})
        times = [line["recorded_ns"] for line in lines[1:-1]]
        self.assertEqual(times, sorted(times))
        self.assertIn("81 rows", self.journal("check", self.file))
        self.export("--until", "2001-01-01")
        self.assertEqual(self.lines()[1:], [{"end": 0}])
        self.export("--subject", "gauge/1")
        self.assertEqual([line["event"]["data"] for line in self.lines()[1:-1]], list(range(1, 40, 3)))
        self.export()
        self.assertIn("command", {line.get("lane") for line in self.lines()})

    def test_into_the_same_hub_nothing_is_added(self):
        self.fill()
        self.export("--type", "x.")
        before = [self.all(self.peer, type_) for type_ in ("x.alarm", "x.level", "x.item")]
        self.assertEqual(self.journal("import", self.file, "--run-dir", self.wall.run), "0 rows added, 81 were there\n")
        self.assertEqual([self.all(self.peer, type_) for type_ in ("x.alarm", "x.level", "x.item")], before)

    def test_into_another_it_is_found_by_time_and_is_nothing_new(self):
        self.fill()
        self.export("--type", "x.")
        other, peer = self.begin()
        reader = self.meet(other, "reader")
        reader.subscribe("x.")
        follower = self.meet(other, "follower")
        self.assertTrue(follower.ask("subscribe", prefixes=["x."], since=0, to=1000, **{"from": "sequence"})["ok"])
        mine = peer.ask("publish", lane="durable", event=event("x.mine"))["sequence"]
        self.assertEqual(self.journal("import", self.file, "--run-dir", other.run), "81 rows added, 0 were there\n")
        self.assertEqual(self.journal("import", self.file, "--run-dir", other.run), "0 rows added, 81 were there\n")
        found = self.all(peer, "x.level")
        theirs = self.all(self.peer, "x.level")
        self.assertEqual([{**e, "imported": True} for e in theirs], found)
        # Neither delivered nor a last value, a record or a sequence; nor after a restart.
        for again in range(2):
            self.assertEqual([e["type"] for e in peer.ask("events", type="x.", since=0)["events"]], ["x.mine"])
            self.assertEqual({e["type"] for e in peer.ask("events", type="x.")["events"]} - {"x.end"}, {"x.mine"})
            self.assertEqual(peer.ask("record", op="get", type="x.item", subject="a")["code"], "unknown")
            snapshot = self.meet(other, "late")
            snapshot.subscribe("x.", source="snapshot")
            snapshot.send("publish", event=event("x.end"))
            snapshot.wait("the end", lambda: snapshot.of("x.end"))
            self.assertEqual([d["event"]["type"] for d in snapshot.deliveries], ["x.end"])
            if again == 0:
                self.assertEqual({d["event"]["type"] for d in reader.deliveries + follower.deliveries} - {"x.mine", "x.end"}, set())
                other.kill()
                other.start()
                peer = self.meet(other)
        self.assertEqual(len(self.all(peer, "x.level")), 40)
        self.assertGreater(peer.ask("publish", lane="durable", event=event("x.mine"))["sequence"], mine)
        # What was imported does not go out again as if it had happened there.
        self.export("--type", "x.level", wall=other)
        self.assertEqual(self.lines()[1:], [{"end": 0}])

    def test_a_replay_of_what_was_imported_is_refused_with_what_to_do_instead(self):
        self.fill()
        self.export("--type", "x.")
        times = [line["recorded_ns"] / 1e9 for line in self.lines()[1:-1]]
        span = {"since": rfc3339(times[0] - 0.001), "until": rfc3339(times[-1] + 0.002)}
        other, peer = self.begin()
        replay = lambda: peer.command("beaconwall.space.start.v1", dict(span, name="then", kind="replay"), subject="space/then", expires_ms=30000)
        self.assertNotIn("imported", replay()["text"])
        self.journal("import", self.file, "--run-dir", other.run)
        refused = replay()
        self.assertEqual((refused["ok"], refused["code"]), (False, "refused"))
        self.assertIn("the journal has nothing of its own between " + span["since"], refused["text"])
        self.assertIn("what was imported is not played", refused["text"])
        self.assertIn("replay the span on the wall where it was recorded", refused["text"])
        # The command that it names gives what was asked for.
        words = re.search("`(beaconwall ctl [^`]*)`", refused["text"]).group(1).split()
        read = subprocess.run([PROGRAM, "ctl", "--run-dir", other.run, *words[2:], "--json"], capture_output=True, text=True, check=False, timeout=60)
        self.assertEqual(read.returncode, 0, read.stderr)
        self.assertEqual(len([e for e in json.loads(read.stdout)["events"] if e["imported"]]), 81)

    def test_a_time_of_the_future_is_refused(self):
        row = {"lane": "telemetry", "recorded_ns": time.time_ns() + 10**12, "event": event("x.level")}
        refused = self.peer.ask("journal", op="import", rows=[row])
        self.assertEqual((refused["ok"], refused["code"]), (False, "invalid"))
        self.assertIn("row 1: recorded_ns", refused["text"])
        for rows in ([], {}, [7], [{"lane": "loud", "recorded_ns": 1, "event": {}}], [{"lane": "durable", "recorded_ns": 1, "event": {}}]):
            self.assertEqual(self.peer.ask("journal", op="import", rows=rows)["code"], "invalid")
        self.assertEqual(self.peer.ask("journal", op="export")["code"], "invalid")

    def test_check_says_what_is_wrong_and_where(self):
        self.fill()
        self.wall.stop()
        self.assertIn("each as it was written", self.journal("check", "--state-dir", self.wall.state))
        self.export("--type", "x.")
        whole = gzip.decompress(self.file.read_bytes()).splitlines(keepends=True)
        def write(lines):
            self.file.write_bytes(gzip.compress(b"".join(lines)))
            return self.journal("check", self.file, code=1)
        self.assertIn(":82: it was cut off", write(whole[:-1]))
        self.assertIn(":3: no JSON", write(whole[:2] + [whole[2][:20] + b"\n"] + whole[3:]))
        self.assertIn("80 rows are here", write(whole[:5] + whole[6:]))
        self.assertIn(":1: this is no journal", write(whole[1:]))
        self.assertIn(":84: there is more behind the end", write([*whole, whole[2]]))
        self.file.write_bytes(b"no archive at all")
        self.assertIn("no journal", self.journal("check", self.file, code=1))
        self.assertIn("no exported journal", self.journal("import", self.file, "--run-dir", self.wall.run, code=1))
        self.assertIn("No such file", self.journal("import", str(self.file) + ".not", "--run-dir", self.wall.run, code=1))
        journal = self.wall.state / "journal.db"
        content = journal.read_bytes()
        at = content.rindex(b'"x.alarm"')
        journal.write_bytes(content[:at] + b'"x.alarn"' + content[at + 9:])
        self.assertRegex(self.journal("check", "--state-dir", self.wall.state, code=1), r"row \d+ is not what was written")

    def test_of_a_file_that_is_not_whole_the_import_says_what_is_missing(self):
        self.fill()
        self.export("--type", "x.")
        whole = gzip.decompress(self.file.read_bytes()).splitlines(keepends=True)
        other, reader = self.begin()
        for lines, why, there in ((whole[:-1], "cut off", 81), (whole[:50] + [b"{]\n"] + whole[51:], ":51: no JSON", 49),
                                  (whole[:5] + whole[6:], "80 rows are here, and the end says 81", 80)):
            self.file.write_bytes(gzip.compress(b"".join(lines)))
            done = subprocess.run([PROGRAM, "journal", "import", self.file, "--run-dir", other.run], capture_output=True, text=True, check=False, timeout=60)
            self.assertEqual(done.returncode, 1, done.stdout)
            self.assertIn(why, done.stderr)
            self.assertEqual(sum(int(word) for word in done.stdout.split() if word.isdigit()), there)
        self.assertEqual(len(self.all(reader, "x.")), 81)

    def test_wrong_usage_is_told(self):
        self.assertIn("--state-dir", self.journal("export", self.file, code=1))
        self.assertIn("--since", self.journal("export", self.file, "--since", "now", code=2))
        self.journal("import", self.file, "--run-dir", self.wall.run, code=1)


if __name__ == "__main__":
    unittest.main()
