# SPDX-License-Identifier: Apache-2.0
"""One command makes a wall; SIGTERM leaves nothing of it; two walls live side by side, but never in one folder."""
import os
import signal
import subprocess
import tempfile
import unittest

import wall

SITE = {
    "wall.toml": wall.display(),
    "layouts/one.toml": wall.layout("screen", {"rivers": "flood_gauges/board", "stores": "supplies/stores", "cam": "camera/T-001"}),
    "cameras.toml": '[[camera]]\nid = "T-001"\nname = { zh = "试验", en = "Trial" }\nmain = "test://ball"\n',
}
ROLES = {"supervisor", "hub", "compositor", "media", "panel", "console"}


class Run(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(wall.site(SITE))

    def test_ready_then_the_status_knows_every_role_and_pane(self):
        with wall.Wall(self.site) as w:
            status = w.wait(lambda s: wall.live(s) and all(r["state"] == "running" for r in s["roles"]), 20, "all live, all running")
            self.assertLessEqual(ROLES, {r["role"] for r in status["roles"]})
            self.assertEqual({p["id"] for p in status["panes"]}, {"rivers", "stores", "cam"})
            for row in status["roles"]:
                self.assertTrue(wall.alive(row["pid"]), row)
                self.assertEqual(row["restarts"], 0, row)
            self.assertEqual(status["layout"]["on_air"], "one")
            self.assertTrue(any(line.startswith("console http://127.0.0.1:") for line in w.lines), w.lines)
            self.assertEqual(w.snapshot().size, (1280, 720))

    def ends_clean(self, number, group=False):
        with wall.Wall(self.site) as w:
            w.wait(wall.live, 20, "live")
            pids = {r["pid"] for r in w.status()["roles"]} | {pid for pid, _ in w.noted_processes()}
            pids |= set(wall.processes_naming(w.run_dir))
            self.assertGreaterEqual(len(pids), 6)
            code, took = w.stop(number, group=group)
            self.assertEqual(code, 0)
            self.assertLess(took, 2 * wall.SLOW)
            self.assertEqual([pid for pid in pids if wall.alive(pid)], [])
            self.assertEqual(wall.processes_naming(w.run_dir), [], "somebody still knows this wall")
            self.assertEqual(os.listdir(w.run_dir), ["state"], "only the state stays")

    def test_sigterm_leaves_nothing(self):
        self.ends_clean(signal.SIGTERM)

    def test_ctrl_c_leaves_nothing(self):
        self.ends_clean(signal.SIGINT, group=True)

    def test_sigterm_while_it_starts_leaves_nothing(self):
        for moment in (0, 0.02, 0.05, 0.1, 0.2, 0.3):
            w = wall.Wall(self.site)
            try:
                w.start(wait_ready=False)
                w.run_for(moment)
                code, took = w.stop()
                self.assertIn(code, (0, -signal.SIGTERM), "by its own end, or before it made anything")
                self.assertLess(took, 2 * wall.SLOW)
                self.assertEqual(wall.processes_naming(w.run_dir), [], f"left over after {moment} s")
                left = os.listdir(w.run_dir) if os.path.isdir(w.run_dir) else []
                self.assertLessEqual(set(left), {"state"}, f"left over after {moment} s")
            finally:
                w.clean()

    def test_two_walls_do_not_disturb_each_other(self):
        with wall.Wall(self.site) as a, wall.Wall(self.site) as b:
            for one in (a, b):
                one.wait(wall.live, 20, "live")
            ours, theirs = ({r["pid"] for r in one.status()["roles"]} for one in (a, b))
            self.assertFalse(ours & theirs)
            self.assertNotEqual(a.status()["console"], b.status()["console"])
            a.stop()
            self.assertTrue(all(map(wall.alive, theirs)))
            self.assertTrue(wall.live(b.status()))

    def test_a_second_wall_on_the_same_folder_is_refused(self):
        with wall.Wall(self.site) as w:
            done = subprocess.run([wall.PROGRAM, "run", self.site, "--headless", "--run-dir", w.run_dir], capture_output=True,
                                  text=True, timeout=20 * wall.PATIENCE, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(w.run_dir, done.stderr)
            self.assertIn("another wall", done.stderr)
            w.wait(wall.live, 20, "the first wall is untouched")

    def test_a_run_directory_with_too_long_a_name_is_refused_by_name(self):
        with tempfile.TemporaryDirectory(prefix="bw-") as top:
            folder = os.path.join(top, "x" * 100)
            done = subprocess.run([wall.PROGRAM, "run", self.site, "--headless", "--run-dir", folder], capture_output=True,
                                  text=True, timeout=20 * wall.PATIENCE, check=False)
            self.assertEqual(done.returncode, 1)
            self.assertIn(folder, done.stderr)


if __name__ == "__main__":
    unittest.main()
