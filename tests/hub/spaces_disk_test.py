# SPDX-License-Identifier: Apache-2.0
"""Spaces on a disk that is full or may not be written: a sentence that says what to do, nothing left behind; when it is done the next one is well."""
import errno
import hashlib
import os
import subprocess
import time
import unittest

from spaces_replay_test import rfc3339
from spaces_test import SpaceCase
from wall_of_one import Wall, event, until


class FullDisk(SpaceCase):
    def setUp(self):
        self.wall = Wall()
        self.addCleanup(self.wall.close)
        self.wall.state.mkdir(mode=0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m,mode=0700", "tmpfs", self.wall.state], capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("mounting a small disk needs the privilege to mount")
        self.addCleanup(subprocess.run, ["umount", "-l", self.wall.state], check=True)
        self.wall.start()
        self.ctl = self.peer("ctl")

    def fill(self):
        """Not a byte is left."""
        with open(self.wall.state / "filler", "wb", buffering=0) as filler:
            for size in (1 << 16, 1 << 12, 1):
                try:
                    while True:
                        filler.write(b"\0" * size)
                except OSError as full:
                    self.assertEqual(full.errno, errno.ENOSPC)

    def images(self):
        folder = self.wall.state / "spaces"
        return sorted(os.listdir(folder)) if folder.exists() else []

    def fill_live(self):
        """More than a page that was left anyway; and it is in the journal, later there is no room for it."""
        for n in range(20):
            self.ctl.send("publish", event=event("x.level", "gauge/%d" % n, {"n": "x" * 40_000}))
        until("all of them in the journal", lambda: len(self.ctl.ask("events", type="x.level", limit=100)["events"]) == 20)

    def test_says_where_to_make_room_leaves_nothing_and_starts_when_there_is_some(self):
        self.fill_live()
        self.fill()
        for _ in range(2):
            self.refused(self.start(), "system", "No space left on device", "make room in %s, then start it again" % self.wall.state)
            self.assertEqual(self.ctl.ask("spaces")["spaces"], [])
            self.assertEqual(self.images(), [])
        self.assertIn("the space drill does not start: writing", self.wall.log())
        (self.wall.state / "filler").unlink()
        until("the disk to be well", lambda: self.ctl.ask("status")["journal"]["disk"] == "well")
        self.started()
        self.assertEqual(self.images(), ["drill.image"])
        self.assertEqual(len(self.knows("drill")), 20)
        self.wall.kill()
        self.wall.start()
        self.ctl.close()
        self.ctl = self.peer("ctl")
        self.assertEqual([s["name"] for s in self.ctl.ask("spaces")["spaces"]], ["drill"])
        self.assertEqual(len(self.knows("drill")), 20)

    def test_a_picture_that_finds_no_room_says_where_to_make_some(self):
        self.fill()
        piece = b"picture" * 1000
        asked = {"op": "put", "digest": hashlib.sha256(piece).hexdigest(), "size": len(piece), "offset": 0}
        reply = self.ctl.ask("blob", piece, **asked)
        self.assertFalse(reply["ok"])
        self.assertEqual(reply["text"], "keeping a blob: No space left on device; make room in %s" % (self.wall.state / "pictures"))
        self.assertFalse(any((self.wall.state / "pictures").glob("**/*.part")))
        (self.wall.state / "filler").unlink()
        self.assertTrue(self.ctl.ask("blob", piece, **asked)["ok"])


class ReadOnlyDisk(SpaceCase):
    """A real one, under a hub that starts on it."""

    def setUp(self):
        super().setUp()
        self.put(1)
        self.ctl.close()
        self.assertEqual(self.wall.stop(), 0)
        if self.mount("--bind", self.wall.state).returncode != 0:
            self.skipTest("mounting needs the privilege to mount")
        self.addCleanup(subprocess.run, ["umount", "-l", self.wall.state], check=True)
        self.mount("-o", "remount,bind,ro", check=True)
        self.wall.start()
        self.ctl = self.peer("ctl")

    def mount(self, *how, check=False):
        return subprocess.run(["mount", *how, self.wall.state], capture_output=True, check=check)

    def test_says_that_it_may_not_be_written_and_starts_when_it_may(self):
        hour = {"since": rfc3339(time.time() - 3600)}
        writable = "make it writable: %s (" % self.wall.state
        for _ in range(2):
            exercise = self.start()
            self.refused(exercise, "system", "writing %s/spaces/drill.image: Read-only file system: " % self.wall.state, writable, "mount -o remount,rw", "then start it again")
            replay = self.start("then", "replay", **hour)
            self.refused(replay, "system", writable, "mount its disk for writing")
            self.assertNotIn("make room", exercise["text"] + replay["text"])
            self.assertEqual(self.ctl.ask("spaces")["spaces"], [])
        self.mount("-o", "remount,bind,rw", check=True)
        until("the disk to be well", lambda: self.ctl.ask("status")["journal"]["disk"] == "well")
        self.started()
        self.started("then", "replay", **hour)
        self.assertEqual(len(self.knows("drill")), 1)


if __name__ == "__main__":
    unittest.main()
