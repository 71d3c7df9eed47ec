# SPDX-License-Identifier: Apache-2.0
"""A plugin that shows a picture of its own: on the wall to the pixel, new when its facts are, back when its process is, and free when it rests."""
import contextlib
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import wall

MANIFEST = """name = "image"
version = "1.0.0"
title = { zh = "图片", en = "Image" }
library = "image_panel.so"
extensions = ["beaconwall.textures/1"]
subscribes = ["x.image.v1"]
[[panel]]
id = "image"
title = { zh = "图片", en = "Image" }
"""
SITE = {
    "wall.toml": wall.display(),
    "layouts/one.toml": wall.layout("screen", {"a": "image/image", "b": "image/image", "c": "supplies/stores", "d": "image/image"}),
    "layouts/two.toml": wall.layout("screen", {"e": "image/image"}, columns=1, title="Two"),
}
FIELDS = [(0xC0, 0x20, 0x20), (0x20, 0xC0, 0x20), (0x20, 0x20, 0xC0), (0x80, 0x80, 0x80)]
NEW = (0x12, 0x98, 0xFE)


class Texture(unittest.TestCase):
    def setUp(self):
        with contextlib.ExitStack() as stack:
            self.folder = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bw-plugins-")), "image")
            self.folder.mkdir()
            (self.folder / "plugin.toml").write_text(MANIFEST, encoding="utf-8")
            shutil.copy(os.path.join(wall.BUILD, "tests/panel/image_panel.so"), self.folder)
            self.addCleanup(stack.pop_all().close)

    def start(self):
        site = self.enterContext(wall.site(SITE))
        self.wall = self.enterContext(wall.Wall(site, env={"BEACONWALL_PLUGIN_PATH": str(self.folder.parent)}))
        self.wall.wait(wall.live, 20, "all is live")

    def shows(self, pane, fields, what):
        """The middles of its four fields."""
        def seen():
            picture = self.wall.snapshot("--pane", pane).convert("RGB")
            width, height = picture.size
            points = [(width * x // 4, height * y // 4) for y in (1, 3) for x in (1, 3)]
            return all(max(abs(a - b) for a, b in zip(picture.getpixel(point), field)) <= 1 for point, field in zip(points, fields))
        wall.until(seen, 10, what)

    def colour(self):
        number = NEW[0] | NEW[1] << 8 | NEW[2] << 16
        self.wall.ctl("publish", "x.image.v1", "--subject", "it", "--data", json.dumps({"colour": number}))

    def test_it_is_shown_written_again_and_comes_back(self):
        self.start()
        for pane in "abd":
            self.shows(pane, FIELDS, f"{pane} shows its picture")
        self.wall.snapshot().save(os.path.join(wall.artifacts(), "textures.png"))
        self.colour()
        for pane in "abd":
            self.shows(pane, FIELDS[:3] + [NEW], f"{pane} shows what the event wrote")
        old = self.wall.kill("panel", "image")
        self.wall.wait(lambda s: self.wall.pid("panel", "image", s) not in (0, old) and wall.live(s), 20, "its successor is live")
        for pane in "abd":
            self.shows(pane, FIELDS[:3] + [NEW], f"{pane} is as it was: the event's last value came again")
        self.wall.kill("compositor")
        self.wall.wait(wall.live, 20, "all is live again")
        for pane in "abd":
            self.shows(pane, FIELDS[:3] + [NEW], f"{pane} is loaded again by the next compositor")

    def test_a_take_shows_it_at_once(self):
        self.start()
        self.wall.ctl("preview", "two")
        self.wall.ctl("take")
        self.shows("e", FIELDS, "e shows its picture")
        self.wall.ctl("undo")
        self.shows("a", FIELDS, "a shows its picture")

    def test_it_costs_nothing_when_it_rests(self):
        self.start()
        self.colour()
        for pane in "abd":
            self.shows(pane, FIELDS[:3] + [NEW], f"{pane} shows what the event wrote")

        def a_picture_for_nothing():
            """Each pane of it publishes a picture, which is the same, and not a pixel of the wall is drawn for that; the strip's clock, and
            marks on a machine that is busy, are."""
            before = self.wall.status()
            updates = {pane["id"]: pane["updates"] for pane in before["panes"]}
            self.wall.ctl("publish", "x.image.v1", "--subject", "it", "--data", '{"other": 1}')
            after = self.wall.wait(lambda s: all(p["updates"] > updates[p["id"]] for p in s["panes"] if p["id"] in "abd"), 5, "it drew")
            return after["displays"][0]["pixels_written"] - before["displays"][0]["pixels_written"] < 1000
        wall.until(a_picture_for_nothing, 10, "a picture that is the same is not drawn")

    def test_the_checker_tries_it_and_draws_it(self):
        done = subprocess.run([wall.PROGRAM, "plugin", "check", "--json", str(self.folder)], stdout=subprocess.PIPE, text=True, check=False, timeout=120)
        report = json.loads(done.stdout)["plugins"][0]["rules"]
        bad = {rule["rule"]: rule for rule in report if rule["verdict"] not in ("pass", "skipped", "warning")}
        self.assertEqual(bad, {})
        out = self.folder / "out.png"
        subprocess.run([wall.PROGRAM, "plugin", "picture", str(self.folder), "image", str(out), "--size", "640x320"], check=True, timeout=60)
        from PIL import Image
        with Image.open(out) as picture:
            pixels = [picture.convert("RGB").getpixel(at) for at in ((160, 80), (480, 80), (160, 240), (480, 240))]
        self.assertEqual(pixels, FIELDS)


if __name__ == "__main__":
    unittest.main()
