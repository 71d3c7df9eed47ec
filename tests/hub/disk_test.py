# SPDX-License-Identifier: Apache-2.0
"""The hub over a disk that is full, read-only, failing, hung or damaged: the wall goes on, nothing acknowledged is lost, nothing that is lost was acknowledged."""
import contextlib
import os
import sqlite3
import subprocess
import unittest

from played import TAKE, SceneCase
from wall_of_one import BUILD, event, until

LIBRARY = BUILD / "tests" / "faulty_disk.so"


class DiskCase(SceneCase):
    def setUp(self):
        super().setUp()
        self.mode = self.wall.root / "disk"
        self.disk("well")
        self.wall.environment = {"LD_PRELOAD": str(LIBRARY), "BEACONWALL_FAULTY_DISK": str(self.mode)}

    def disk(self, mode):
        part = self.wall.root / "disk.part"
        part.write_text(mode)
        os.replace(part, self.mode)

    def begin(self, **how):
        super().begin(**how)
        until("the cameras", lambda: self.ctl.ask("record", op="list", type="beaconwall.source.v1")["events"])

    def publish(self, data, id_=None, peer=None):
        return (peer or self.ctl).ask("publish", lane="durable", event=event("x.alarm", data=data, id_=id_))

    def kept(self):
        """Data of all durable x.alarm, in the order of their sequences."""
        found, since, more = [], 0, True
        while more:
            page = self.ctl.ask("events", type="x.alarm", since=since)
            self.assertTrue(page["ok"], page)
            found += page["events"]
            since, more = page["next"], page["more"]
        sequences = [e["sequence"] for e in found]
        self.assertEqual(sequences, sorted(set(sequences)))
        return [e["data"] for e in found]

    def wait_disk(self, word):
        """Until the status says so and the wall strips are told."""
        status = until("the status to say " + word, lambda: (lambda s: s["journal"]["disk"] == word and s)(self.status()))
        said = lambda: [e["data"]["disk"] for e in self.compositor.of("beaconwall.wall.journal.v1")][-1:]
        self.until(self.compositor, lambda: said() in ([word], ["renewed"] if word == "well" else []))
        limits = [each for each in status["limits"] if each["what"] == "journal"]
        self.assertEqual([each["state"] for each in limits], [] if word == "well" else [word])
        return status["journal"]


class Faults(DiskCase):
    def ill(self, mode, word, advice):
        self.begin()
        self.assertTrue(self.publish("before")["ok"])
        reader = self.peer("reader")
        reader.subscribe("x.level")
        self.disk(mode)
        refused = self.publish("while", id_="again")
        self.assertEqual((refused["ok"], refused["code"]), (False, "system"))
        self.assertIn(advice, refused["text"])
        self.assertEqual(self.wait_disk(word)["text"], refused["text"])
        put = self.ctl.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a", "data": 1}])
        self.assertFalse(put["ok"])
        self.assertEqual(self.ctl.ask("record", op="get", type="x.item", subject="a")["code"], "unknown")
        # The wall goes on.
        take = self.command(TAKE, layout="two")
        self.assertEqual((take["ok"], take["recorded"]), (True, False))
        self.ctl.send("publish", event=event("x.level", data="while"))
        reader.wait("telemetry", lambda: reader.of("x.level"))
        self.assertEqual(self.kept(), ["before"])
        # And heals by itself, without anybody writing anything.
        self.disk("well")
        self.wait_disk("well")
        self.assertTrue(self.publish("while", id_="again")["ok"])
        self.assertTrue(self.command(TAKE, layout="three")["recorded"])
        self.assertEqual(self.kept(), ["before", "while"])
        levels = until("what was written behind", lambda: self.ctl.ask("events", type="x.level")["events"])
        self.assertEqual([e["data"] for e in levels], ["while"])
        self.assertEqual(self.status()["journal"]["lost"], 0)
        self.wall.kill()
        self.wall.start()
        self.ctl = self.peer()
        self.assertEqual(self.kept(), ["before", "while"])

    def test_a_full_disk(self):
        self.ill("full", "full", "make room in " + str(self.wall.state))

    def test_a_disk_that_became_read_only(self):
        self.ill("read-only", "read-only", "make it writable")

    def test_a_disk_that_returns_errors(self):
        self.ill("errors", "failing", "look after the disk")

    def test_a_disk_that_writes_half(self):
        self.ill("short", "failing", "look after the disk")

    def test_a_file_that_takes_nothing_while_its_log_does(self):
        self.begin()
        self.disk("main-errors")
        kept = []
        def ailing():
            kept.append(len(kept))
            self.assertTrue(self.publish(kept[-1])["ok"])
            return self.status()["journal"]["disk"] == "ailing"
        until("the status to say ailing", ailing)
        journal = self.wait_disk("ailing")
        self.assertIn("cannot be moved into the journal's file", journal["text"])
        self.assertIn("look after the disk of " + str(self.wall.state), journal["text"])
        self.assertGreater(journal["log_bytes"], 0)
        self.assertTrue(self.command(TAKE, layout="two")["recorded"])
        # The next hub finds all of it, and the same disk.
        self.wall.kill()
        self.compositor.close()
        self.begin()
        self.wait_disk("ailing")
        self.assertTrue(self.publish(len(kept))["ok"])
        self.assertEqual(self.kept(), kept + [len(kept)])
        self.disk("well")
        self.wait_disk("well")
        self.assertIn("the journal's file is written again", self.wall.log())
        self.assertEqual(self.kept(), kept + [len(kept)])
        self.assertEqual(self.status()["journal"]["damaged"], [])

    def test_what_cannot_be_written_behind_is_bounded_and_counted(self):
        self.begin()
        self.disk("full")
        self.publish("refused")
        self.wait_disk("full")
        big = "x" * 60_000
        for i in range(400):
            self.ctl.send("publish", event=event("x.level", "gauge/%d" % i, big))
        lost = until("the count", lambda: self.status()["journal"]["lost"])
        self.assertGreater(lost, 100)
        self.disk("well")
        self.wait_disk("well")
        newest = self.ctl.ask("events", type="x.level", limit=1)["events"]
        self.assertEqual(newest[0]["subject"], "gauge/399")

    def test_errors_now_and_then_lose_and_double_nothing(self):
        self.begin()
        reader = self.peer("reader")
        reader.subscribe("x.alarm")
        self.disk("flaky")
        acknowledged = []
        for i in range(300):
            id_ = "event-%d" % i
            def kept():
                reply = self.publish(i, id_)
                return reply["ok"] and reply
            acknowledged.append(until("event %d" % i, kept)["sequence"])
        self.disk("well")
        self.wait_disk("well")
        self.assertEqual(acknowledged, sorted(set(acknowledged)))
        self.assertEqual(self.kept(), list(range(300)))
        # Nor is anything kept that nobody was told of: what was refused is not there.
        reader.wait("all", lambda: len(reader.deliveries) >= 300)
        self.assertEqual([d["event"]["data"] for d in reader.deliveries], list(range(300)))


class HungDisk(DiskCase):
    def hang(self):
        self.begin()
        self.assertTrue(self.publish("before")["ok"])
        self.disk("hang")
        first = self.publish("first", id_="first")  # comes back though the disk does not
        self.assertEqual((first["ok"], first["code"]), (False, "timeout"))
        self.assertIn("same id", first["text"])
        self.wait_disk("hung")

    def test_everybody_gets_an_answer_and_the_wall_goes_on(self):
        self.hang()
        refused = self.publish("second", id_="second")
        self.assertEqual((refused["ok"], refused["code"]), (False, "system"))
        reader = self.peer("reader")
        reader.subscribe("x.")
        self.ctl.send("publish", event=event("x.level", data=1))
        reader.wait("telemetry", lambda: reader.of("x.level"))
        take = self.command(TAKE, layout="two")
        self.assertEqual((take["ok"], take["recorded"]), (True, False))
        self.assertTrue(self.ctl.ask("record", op="list", type="beaconwall.source.v1")["events"])
        self.disk("well")
        self.wait_disk("well")
        # What was in its hands is kept after all, delivered, and known by its id.
        reader.wait("the first", lambda: reader.of("x.alarm"))
        self.assertTrue(self.publish("first", id_="first")["again"])
        self.assertTrue(self.publish("second", id_="second")["ok"])
        self.assertEqual(self.kept(), ["before", "first", "second"])

    def test_the_hub_ends_all_the_same(self):
        self.hang()
        self.assertEqual(self.wall.stop(), 0)
        self.disk("well")
        self.wall.start()
        self.ctl = self.peer()
        self.assertIn("before", self.kept())

    def test_a_hub_that_starts_on_it_learns_later_what_was(self):
        self.begin()
        last = self.publish("before")["sequence"]
        self.ctl.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a", "data": 7}])
        self.wall.kill()
        self.compositor.close()
        self.disk("hang")
        self.begin_without_past()
        refused = self.publish("early")
        self.assertEqual((refused["ok"], refused["code"]), (False, "system"))
        self.disk("well")
        got = until("the record of before", lambda: (lambda r: r["ok"] and r)(self.ctl.ask("record", op="get", type="x.item", subject="a")))
        self.assertEqual((got["event"]["data"], got["event"]["revision"]), (7, 1))
        # It may have read what was before it has written again; a refusal is to be tried again.
        after = until("an event to be kept", lambda: (lambda r: r["ok"] and r)(self.publish("after", id_="after")))
        self.assertGreater(after["sequence"], last)
        self.assertEqual(self.kept(), ["before", "after"])

    def begin_without_past(self):
        self.wall.start()
        self.ctl = self.peer()


class ReadOnlyDisk(DiskCase):
    """A real one, from the start on."""

    def mount(self, *how):
        return subprocess.run(["mount", *how, str(self.wall.state)], capture_output=True, check=False).returncode == 0

    def test_what_was_is_known_and_it_heals(self):
        self.begin()
        self.assertTrue(self.publish("before")["ok"])
        self.assertEqual(self.wall.stop(), 0)
        if not self.mount("--bind", str(self.wall.state)):
            self.skipTest("mounting needs the privilege to mount")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.wall.state)], check=True)
        self.assertTrue(self.mount("-o", "remount,bind,ro"))
        self.compositor.close()
        self.begin()
        refused = self.publish("while")
        self.assertEqual((refused["ok"], refused["code"]), (False, "system"))
        self.assertIn("make it writable", refused["text"])
        self.wait_disk("read-only")
        self.assertFalse(self.command(TAKE, layout="two")["recorded"])
        self.assertEqual(self.kept(), ["before"])
        self.assertTrue(self.mount("-o", "remount,bind,rw"))
        self.wait_disk("well")
        self.assertTrue(self.publish("after")["ok"])
        self.assertEqual(self.kept(), ["before", "after"])


class DamagedFile(DiskCase):
    def fill(self, count=600):
        """Enough to damage a part of, in the file itself and not in its log when this returns; the hub is stopped."""
        big = "x" * 20_000
        for start in range(0, count, 100):
            ids = [self.ctl.start("publish", lane="durable", event=event("x.alarm", "big", start + i)) for i in range(100)]
            ids += [self.ctl.start("publish", lane="durable", event=event("x.fill", "big", big)) for i in range(60)]
            for id_ in ids:
                self.last = self.ctl.reply(id_)["sequence"]
        self.ctl.ask("record", op="put", write="w", writes=[{"type": "x.item", "subject": "a", "data": 7}])
        self.wall.stop()
        self.compositor.close()
        # It did so itself, unless the disk was too slow for the time in which it has to end.
        with contextlib.closing(sqlite3.connect(self.wall.state / "journal.db")) as journal:
            self.assertEqual(journal.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0], 0)

    def overwrite(self, offset, size, byte=b"\xa5"):
        with open(self.wall.state / "journal.db", "r+b") as file:
            file.seek(offset)
            file.write(byte * size)
            return file.seek(0, os.SEEK_END)

    def reads_all(self):
        since, page = 0, {"ok": True, "more": True}
        while page["ok"] and page["more"]:
            page = self.ctl.ask("events", type="x.", since=since)
            since = page.get("next")
        return page["ok"]

    def damaged(self):
        return sorted(path.name for path in self.wall.state.glob("journal-damaged-*.sqlite"))

    def check_renewed(self, status):
        self.assertEqual(len(self.damaged()), 1)
        self.assertEqual(status["damaged"], self.damaged())
        self.assertIn("set aside as " + self.damaged()[0], self.wall.log())
        self.until(self.compositor, lambda: [e["data"]["disk"] for e in self.compositor.of("beaconwall.wall.journal.v1")][-1:] == ["renewed"])
        after = self.publish("after")
        self.assertTrue(after["ok"], after)
        self.assertGreater(after["sequence"], self.last)
        got = self.ctl.ask("record", op="get", type="x.item", subject="a")
        self.assertEqual((got["event"]["data"], got["event"]["revision"]), (7, 1))
        # And so it is for the next hub.
        self.wall.kill()
        self.wall.start()
        self.ctl = self.peer()
        got = self.ctl.ask("record", op="get", type="x.item", subject="a")
        self.assertEqual((got["event"]["data"], got["event"]["revision"]), (7, 1))
        self.assertGreater(self.publish("more")["sequence"], after["sequence"])
        kept = self.kept()
        self.assertEqual(kept[-2:], ["after", "more"])
        self.assertEqual(kept[:-2], sorted(set(kept[:-2])))  # what was saved: each once, in order
        return kept

    def test_of_a_file_that_is_none_any_more_the_sequence_goes_on(self):
        self.begin()
        self.fill()
        self.overwrite(0, 4096)
        self.begin()
        self.ctl.ask("record", op="put", write="v", writes=[{"type": "x.item", "subject": "a", "data": 7}])
        self.check_renewed(self.status()["journal"])

    def test_pages_in_the_middle_are_found_by_who_reads_them_and_the_rest_is_saved(self):
        self.begin()
        self.fill()
        self.begin()
        size = (self.wall.state / "journal.db").stat().st_size
        self.assertGreater(size, 2_000_000)
        self.overwrite(size // 2 // 4096 * 4096, 8 * 4096)
        # Pages that the reader has in its memory it reads from the disk only when others took their place. What a read is told of it
        # may be over before the next one: the new file is what stays.
        def found():
            self.reads_all()
            return self.damaged()
        until("the damage to be found and a new file", found)
        status = self.wait_disk("well")
        kept = self.check_renewed(status)
        self.assertGreater(len(kept), 100)


if __name__ == "__main__":
    unittest.main()
