# SPDX-License-Identifier: Apache-2.0
"""The supervisor is killed: its children end, the compositor keeps the pictures and marks them; `run` again takes over the wall."""
import os
import signal
import sys
import unittest

from PIL import ImageChops

import wall
import window_test

SITE = {
    "wall.toml": wall.display(),
    "layouts/one.toml": wall.layout("screen", {"rivers": "flood_gauges/board", "stores": "supplies/stores", "cam": "camera/T-001"}),
    "layouts/two.toml": wall.layout("screen", {"stores": "supplies/stores"}, columns=1, title="Two"),
    "cameras.toml": '[[camera]]\nid = "T-001"\nname = { zh = "试验", en = "Trial" }\nmain = "test://ball"\n',
}


class Supervisor(unittest.TestCase):
    def setUp(self):
        self.site = self.enterContext(wall.site(SITE))
        self.wall = wall.Wall(self.site).__enter__()
        self.addCleanup(lambda: self.wall.__exit__(*sys.exc_info()))
        self.wall.wait(wall.live, 20, "live")

    def test_killed_and_run_again(self):
        self.wall.ctl("take", "two")
        before = self.wall.wait(lambda s: s["layout"]["on_air"] == "two" and wall.live(s), 10, "layout two is on air")
        compositor = self.wall.pid("compositor", status=before)
        others = [r["pid"] for r in before["roles"] if r["role"] not in ("supervisor", "compositor")]
        self.wall.process.kill()
        self.wall.process.wait()
        wall.until(lambda: not any(map(wall.alive, others)), 5, "the children end with it")
        self.assertTrue(wall.alive(compositor), "the compositor keeps the pictures")

        self.wall.start()
        after = self.wall.wait(wall.live, 20, "the same wall lives again")
        self.assertNotEqual(self.wall.pid("compositor", status=after), compositor)
        self.assertEqual(after["layout"]["on_air"], "two", "the scene on air stays on air")
        wall.until(lambda: not wall.alive(compositor), 5, "the old compositor leaves once its successor has drawn")

    def test_sigterm_after_a_takeover_leaves_nothing(self):
        self.wall.process.kill()
        self.wall.process.wait()
        self.wall.start()
        code, took = self.wall.stop()
        self.assertEqual(code, 0)
        self.assertLess(took, 2 * wall.SLOW)
        self.assertEqual(wall.processes_naming(self.wall.run_dir), [])
        self.assertEqual(os.listdir(self.wall.run_dir), ["state"])

    def test_a_stopped_supervisor_kills_nobody_when_it_goes_on(self):
        before = {r["pid"] for r in self.wall.status()["roles"]}
        self.wall.process.send_signal(signal.SIGSTOP)
        try:
            self.wall.run_for(6)   # longer than a panel's beat deadline
        finally:
            self.wall.process.send_signal(signal.SIGCONT)
        self.wall.run_for(1)
        self.assertEqual({r["pid"] for r in self.wall.wait(wall.live, 10, "live")["roles"]}, before)


class Marks(unittest.TestCase):
    def test_without_a_supervisor_the_pictures_stay_and_are_marked(self):
        with wall.site(SITE) as site, window_test.Xvfb() as server, wall.Wall(site, headless=False, env={"DISPLAY": server.display}) as w:
            compositor = w.pid("compositor", status=w.wait(wall.live, 20, "live"))
            window = window_test.windows(server.display)[0]

            def stores():
                """The tile of the pane `stores`, top right of four."""
                picture = window_test.grab(server.display, window, None)
                return picture.crop((picture.width // 2, 0, picture.width, picture.height // 2)).convert("L")
            quiet = stores()
            w.process.kill()
            w.process.wait()

            def marked():
                changed = ImageChops.difference(stores(), quiet).point(lambda v: 255 if v > 24 else 0)
                return changed.histogram()[255] > 0.002 * quiet.width * quiet.height
            wall.until(marked, 10, "the tile is marked")
            self.assertTrue(wall.alive(compositor))
            shades = sum(1 for count in stores().histogram() if count > 4)
            self.assertGreater(shades, 20, "the picture is still there under its mark")
            w.start()
            w.wait(wall.live, 20, "the same wall lives again")


if __name__ == "__main__":
    unittest.main()
