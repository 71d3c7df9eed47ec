# SPDX-License-Identifier: Apache-2.0
"""A disk that is full from the start of a take on, and then has room again; a journal that is none any more: the wall goes on, says so, and loses nothing that it
acknowledged."""
import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import unittest

import wall

SITE = {"wall.toml": wall.display(), "layouts/one.toml": wall.layout("screen", {"cam": "camera/T-001"}, columns=1),
        "layouts/two.toml": wall.layout("screen", {"cam": "camera/T-001", "stores": "supplies/stores"}),
        "cameras.toml": '[[camera]]\nid = "T-001"\nmain = "test://ball"\n'}


class FullDisk(unittest.TestCase):
    def setUp(self):
        top = tempfile.mkdtemp(prefix="bw-")
        self.addCleanup(shutil.rmtree, top, ignore_errors=True)
        self.run_dir, self.state = os.path.join(top, "run"), os.path.join(top, "run", "state")
        os.makedirs(self.state, mode=0o700)
        os.chmod(self.run_dir, 0o700)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32m,mode=0700", "tmpfs", self.state], capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("mounting a small disk needs the privilege to mount")
        self.addCleanup(subprocess.run, ["umount", "-l", self.state], check=True)
        self.wall = self.enterContext(wall.Wall(self.enterContext(wall.site(SITE)), run_dir=self.run_dir))
        self.wall.wait(wall.live, 30, "live")

    def fill(self):
        path = os.path.join(self.state, "filler")
        with open(path, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        return path

    def publish(self, subject):
        return self.wall.ctl("publish", "x.disk.v1", "--subject", subject, "--data", json.dumps("x" * 20000), "--durable")

    def subjects(self):
        listed = json.loads(self.wall.ctl("events", "--type", "x.disk", "--since", "0", "--json"))["events"]
        return [event["subject"] for event in listed]

    def test_takes_go_on_and_nothing_acknowledged_is_lost(self):
        self.assertRegex(self.publish("before"), r"^sequence \d+$")
        filler = self.fill()
        with self.assertRaises(wall.Refused) as refused:
            for n in range(400):  # what the journal has room for without growing
                self.publish(f"while-{n}")
        self.assertEqual(refused.exception.code, 1)
        self.assertIn("make room in " + self.state, refused.exception.error)
        kept = self.subjects()
        self.assertIn("(not recorded)", self.wall.ctl("take", "two"))
        status = self.wall.wait(lambda s: s["layout"]["on_air"] == "two" and wall.live(s), 20, "the take acts")
        self.assertFalse(status["layout"]["recorded"])
        self.assertIn("NOT RECORDED", self.wall.ctl("status"))
        self.assertEqual((status["journal"]["disk"], [limit["state"] for limit in status["limits"] if limit["what"] == "journal"]), ("full", ["full"]))
        self.assertIn("make room in " + self.state, status["journal"]["text"])
        os.remove(filler)
        self.wall.wait(lambda s: s["journal"]["disk"] == "well", 20, "it heals though nobody writes")
        self.assertNotIn("not recorded", self.wall.ctl("take", "one"))
        self.assertTrue(self.wall.status()["layout"]["recorded"])
        self.publish("after")
        self.assertEqual(self.subjects(), kept + ["after"])
        self.assertEqual({role["restarts"] for role in self.wall.status()["roles"]}, {0})


@unittest.skipIf(wall.SLOW > 1, "a library that is loaded before the hub goes badly with a sanitizer's")
class AilingDisk(unittest.TestCase):
    """The journal's file takes nothing while its log does: all is recorded, and the wall says what is wrong, in both languages."""

    def setUp(self):
        self.folder = self.enterContext(tempfile.TemporaryDirectory(prefix="bw-disk-"))
        self.site = self.enterContext(wall.site(SITE | {
            "layouts/three.toml": wall.layout("screen", {"cam": "camera/T-001", "gone": "camera/T-002"}),
            "cameras.toml": SITE["cameras.toml"] + '[[camera]]\nid = "T-002"\nmain = "file:///nowhere/at/all.mp4"\n'}))
        self.disk("well")
        library = os.path.join(wall.BUILD, "tests", "faulty_disk.so")
        self.wall = self.enterContext(wall.Wall(self.site, env={"LD_PRELOAD": library, "BEACONWALL_FAULTY_DISK": os.path.join(self.folder, "mode")}))
        self.wall.wait(wall.live, 30, "live")

    def disk(self, mode):
        self.replace(os.path.join(self.folder, "mode"), mode)

    def replace(self, path, text):
        with open(path + ".part", "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(path + ".part", path)

    def strip(self):
        """What stands at the right end of the wall strip: never the clock."""
        return self.wall.snapshot("--display", "screen").convert("RGB").crop((640, 690, 1280, 720))

    def said(self, other_than, what):
        """The strip once it stands and is another than those."""
        seen = []

        def stands():
            seen.append(self.strip())
            return len(seen) > 1 and seen[-1].tobytes() == seen[-2].tobytes() and seen[-1].tobytes() not in other_than and seen[-1]
        return wall.until(stands, 20, what)

    def publish_until(self, word):
        def told():
            self.wall.ctl("publish", "x.disk.v1", "--subject", word, "--data", "1", "--durable")
            return self.wall.status()["journal"]["disk"] == word
        wall.until(told, 30, "the status says " + word)

    def test_it_is_said_on_the_wall_in_chinese_and_in_english_until_it_heals(self):
        well = self.said([], "a strip that stands")
        self.disk("main-errors")
        self.publish_until("ailing")
        self.assertIn("nothing is lost", self.wall.status()["journal"]["text"])
        chinese = self.said([well.tobytes()], "it is said")
        self.wall.snapshot("--display", "screen").save(os.path.join(wall.artifacts(), "disk-ailing-zh.png"))
        self.replace(os.path.join(self.site, "wall.toml"), 'language = "en"\n' + SITE["wall.toml"])
        english = self.said([well.tobytes(), chinese.tobytes()], "it is said in English")
        self.wall.snapshot("--display", "screen").save(os.path.join(wall.artifacts(), "disk-ailing-en.png"))
        # It does not take the place of what is said of tiles.
        self.assertNotIn("not recorded", self.wall.ctl("take", "three"))
        self.wall.wait(lambda s: any(p["freshness"] == "lost" for p in s["panes"]), 30, "a tile that is not live")
        both = self.said([well.tobytes(), english.tobytes()], "both are said")
        self.wall.snapshot("--display", "screen").save(os.path.join(wall.artifacts(), "disk-ailing-trouble.png"))
        # One that has hardly any room is not called a broken one.
        self.disk("well")
        self.wall.wait(lambda s: s["journal"]["disk"] == "well", 20, "it heals though nobody writes")
        self.disk("third")
        self.publish_until("scarce")
        self.assertIn("make room", self.wall.status()["journal"]["text"])
        self.said([well.tobytes(), english.tobytes(), both.tobytes()], "it is said that room is scarce")
        self.wall.snapshot("--display", "screen").save(os.path.join(wall.artifacts(), "disk-scarce-en.png"))
        self.disk("well")
        self.wall.wait(lambda s: s["journal"]["disk"] == "well", 20, "it heals though nobody writes")
        self.replace(os.path.join(self.site, "wall.toml"), SITE["wall.toml"])
        self.wall.ctl("take", "one")
        healed = self.said([both.tobytes(), chinese.tobytes(), english.tobytes()], "it is gone from the strip")
        self.assertEqual(healed.tobytes(), well.tobytes())


class DamagedJournal(unittest.TestCase):
    def test_it_is_set_aside_and_the_wall_goes_on(self):
        running = self.enterContext(wall.Wall(self.enterContext(wall.site(SITE))))
        status = running.wait(wall.live, 30, "live")
        publish = lambda subject: int(running.ctl("publish", "x.disk.v1", "--subject", subject, "--data", "1", "--durable").split()[1])
        before = publish("before")
        state = os.path.join(running.run_dir, "state")
        for name in ("journal.db", "journal.db-wal"):  # whatever of the two is the newer
            with open(os.path.join(state, name), "r+b") as file:
                file.write(bytes(4096))
        os.kill(next(role["pid"] for role in status["roles"] if role["role"] == "hub"), signal.SIGKILL)
        status = running.wait(lambda s: s["journal"]["damaged"] and wall.live(s), 30, "another hub, and a new journal")
        self.assertEqual(status["journal"]["damaged"], [name for name in os.listdir(state) if name.startswith("journal-damaged-") and name.endswith(".sqlite")])
        self.assertGreater(publish("after"), before)
        self.assertNotIn("not recorded", running.ctl("take", "two"))
        running.wait(lambda s: s["layout"]["on_air"] == "two" and wall.live(s), 20, "the take")
        damaged = os.path.join(state, status["journal"]["damaged"][0])
        checked = subprocess.run([wall.PROGRAM, "journal", "check", damaged], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 1, checked.stdout)
        self.assertIn("not a database", checked.stderr)
        checked = subprocess.run([wall.PROGRAM, "journal", "check", "--run-dir", running.run_dir], capture_output=True, text=True, check=False)
        self.assertEqual(checked.returncode, 0, checked.stderr)


if __name__ == "__main__":
    unittest.main()
