# SPDX-License-Identifier: Apache-2.0
"""A plugin is installed, replaced while it runs, and taken away: the tile is never late, and a version that does not come up changes nothing."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest

import wall

SITE = {"wall.toml": wall.display(), "layouts/one.toml": wall.layout("screen", {"new": "versioned/main", "other": "supplies/stores"})}
MANIFEST = """name = "versioned"
version = "%s"
vendor = "Example"
licence = "MIT"
title = { zh = "试验", en = "Trial" }
library = "versioned.so"
service = "versioned-service"
publishes = ["com.example.versioned.v1"]
network = ["192.0.2.0/24:502"]
[[panel]]
id = "main"
title = { zh = "试验", en = "Trial" }
commands = ["beaconwall.wall.undo.v1"]
"""
COLOURS = {"a": (0x30, 0x60, 0x90), "b": (0x20, 0x80, 0x40)}
SERVICE = pathlib.Path(wall.SOURCE, "assets/templates/service.py").read_text(encoding="utf-8")


def service(version):
    return SERVICE.replace("@TYPE@", "com.example.versioned.v1").replace("@NAME@/1", "gauge/" + version)


class Plugin(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory(prefix="bw-plugins-")))
        self.env = {"BEACONWALL_PLUGIN_PATH": str(self.root / "installed")}
        self.install("1.0.0", "a")
        self.site = self.enterContext(wall.site(SITE))

    def start(self):
        self.wall = wall.Wall(self.site, env=self.env).__enter__()
        self.addCleanup(lambda: self.wall.__exit__(*sys.exc_info()))
        self.wall.wait(wall.live, 20, "both panes live")

    def beaconwall(self, *words, code=0):
        done = subprocess.run([wall.PROGRAM, *words], env={**os.environ, **self.env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              stdin=subprocess.DEVNULL, text=True, timeout=60, check=False)
        self.assertEqual(done.returncode, code, done.stdout)
        return done.stdout

    def install(self, version, library, script=None):
        folder = self.root / "new" / "versioned"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        (folder / "schemas").mkdir()
        schema = pathlib.Path(wall.SOURCE, "assets/templates/event.json").read_text(encoding="utf-8")
        (folder / "schemas/com.example.versioned.v1.json").write_text(schema.replace("@TYPE@", "com.example.versioned.v1"), encoding="utf-8")
        shutil.copy(pathlib.Path(wall.BUILD, "tests/e2e", "versioned_%s.so" % library), folder / "versioned.so")
        (folder / "plugin.toml").write_text(MANIFEST % version, encoding="utf-8")
        program = folder / "versioned-service"
        program.write_text(script or service(version), encoding="utf-8")
        program.chmod(0o755)
        return self.beaconwall("plugin", "install", "--yes", str(folder))

    def colour(self):
        picture = self.wall.snapshot("--pane", "new").convert("RGB")
        return picture.getpixel((picture.width // 2, picture.height * 3 // 4)), picture.getpixel((picture.width // 2, picture.height // 3))

    def shows(self, version, timeout=10):
        wall.until(lambda: self.colour()[0] == COLOURS[version], timeout, "version %s is shown" % version)

    def watched(self, do):
        """What `do` gives, and every freshness of the pane that was seen meanwhile."""
        seen, over = [], threading.Event()

        def watch():
            while not over.is_set():
                pane = next(p for p in self.wall.status()["panes"] if p["id"] == "new")
                seen.append(pane["freshness"])
        watcher = threading.Thread(target=watch)
        watcher.start()
        try:
            return do(), seen
        finally:
            over.set()
            watcher.join()

    def pids(self):
        status = self.wall.status()
        return self.wall.pid("panel", "versioned", status), self.wall.pid("service", "versioned", status)

    def refused_reload(self):
        with self.assertRaises(wall.Refused) as refused:
            self.wall.ctl("plugin", "reload", "versioned", timeout=40)
        self.assertEqual(refused.exception.code, 1)
        self.assertIn("the old one stays", refused.exception.error)
        return refused.exception.error

    def test_install_shows_what_it_may_do_and_asks(self):
        folder = str(self.root / "new" / "versioned")
        said = self.beaconwall("plugin", "install", folder, code=1)
        for word in ("1.0.0", "Example", "MIT", "versioned/main", "com.example.versioned.v1", "192.0.2.0/24:502", "beaconwall.wall.undo.v1", "--yes"):
            self.assertIn(word, said)
        self.assertIn("versioned/main", self.beaconwall("plugin", "list"))
        os.symlink("/etc/passwd", os.path.join(folder, "passwd"))
        self.assertIn("no links", self.beaconwall("plugin", "install", "--yes", folder, code=1))
        self.beaconwall("plugin", "remove", "versioned")
        self.assertNotIn("versioned", self.beaconwall("plugin", "list"))
        self.assertIn("plugin list", self.beaconwall("plugin", "remove", "versioned", code=1))
        self.assertEqual(os.listdir(self.root / "installed"), [])

    def test_a_new_version_takes_over_without_a_gap(self):
        self.start()
        self.shows("a")
        before = self.pids()
        self.install("2.0.0", "b")
        said, seen = self.watched(lambda: self.wall.ctl("plugin", "reload", "versioned", timeout=40))
        self.assertIn("versioned 2.0.0 runs", said)
        self.shows("b")
        self.assertLessEqual(set(seen), {"live"}, "the tile was never anything but live")
        after = self.pids()
        self.assertTrue(before[0] != after[0] and before[1] != after[1])
        wall.until(lambda: not any(map(wall.alive, before)), 5, "the old processes have ended")
        wall.until(lambda: "gauge/2.0.0" in self.wall.ctl("events", "--type", "com.example."), 10, "the new service publishes")

    def test_versions_that_do_not_come_up_change_nothing(self):
        self.start()
        before = self.pids()
        for library, why in (("no_init", "init said no"), ("dies", "ended"), ("silent", "shows nothing")):
            with self.subTest(library):
                self.install("2.0.0", library)
                self.assertIn(why, self.refused_reload())
                self.wall.wait(wall.live, 10, "the old one is shown")
                self.assertEqual(self.pids()[0], before[0])
                self.shows("a")
        # It still hears what happens.
        self.wall.ctl("publish", "x.versioned.v1", "--subject", "thing/1", "--data", '{"odd":true}')
        wall.until(lambda: self.colour()[1] == (255, 255, 255), 10, "the old one draws what was published")

    def test_a_service_that_does_not_come_up_leaves_the_old_one(self):
        self.start()
        before = self.pids()
        self.install("2.0.0", "a", "#!/bin/sh\nexit 3\n")
        self.refused_reload()
        self.assertEqual(self.pids()[1], before[1])
        last = self.last_reading()
        wall.until(lambda: self.last_reading() > last, 10, "the old service goes on publishing")

    def last_reading(self):
        events = json.loads(self.wall.ctl("events", "--type", "com.example.", "--json"))["events"]
        return max((event["recordedtime"] for event in events), default="")

    def test_what_it_writes_is_in_the_log_and_in_the_report_of_its_end(self):
        self.install("3.1.4", "a", "#!/bin/sh\necho 'no gauge answers'\nsleep 0.3\nkill -SEGV $$\n")
        self.start()
        wall.until(lambda: "service/versioned says: no gauge answers" in self.wall.log(), 10, "its words in the log")
        crashes = pathlib.Path(self.wall.run_dir, "state", "crashes")
        report = wall.until(lambda: crashes.is_dir() and sorted(crashes.glob("service-versioned-*.txt")), 10, "a crash report")[0]
        text = wall.until(lambda: report.read_text(encoding="utf-8"), 5, "its text")
        for word in ("service/versioned", "3.1.4", "signal 11", "no gauge answers"):
            self.assertIn(word, text)

    def test_a_panel_that_dies_leaves_a_backtrace(self):
        if os.environ.get("BEACONWALL_SANITIZE"):
            self.skipTest("a sanitizer writes its own")
        self.install("2.0.0", "dies")
        self.wall = wall.Wall(self.site, env=self.env).__enter__()
        self.addCleanup(lambda: self.wall.__exit__(*sys.exc_info()))
        crashes = pathlib.Path(self.wall.run_dir, "state", "crashes")
        report = wall.until(lambda: crashes.is_dir() and sorted(crashes.glob("panel-versioned-*.txt")), 10, "a crash report")[0]
        wall.until(lambda: "versioned.so" in report.read_text(encoding="utf-8"), 5, "a backtrace that names the library")
        self.assertIn("signal 6", report.read_text(encoding="utf-8"))


if __name__ == "__main__":
    unittest.main()
