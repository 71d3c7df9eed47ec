# SPDX-License-Identifier: Apache-2.0
"""Holds, live edits, saving and the preview on a real wall of two displays, as the pictures show them."""
import json
import os
import unittest

import wall

DISPLAY = """
[[display]]
name = "{name}"
x_mm = {x}
width_mm = 600
height_mm = 337
width_px = 640
height_px = 360
"""
WALL = """
title = { zh = "占用", en = "Holds" }
first_layout = "one"
viewing_distance_mm = 3000
""" + DISPLAY.format(name="left", x=0) + DISPLAY.format(name="right", x=610)
CAMERAS = "".join(f"""
[[camera]]
id = "{name}"
name = {{ zh = "{name}", en = "{name}" }}
main = "test://{pattern}"
""" for name, pattern in (("grey", "ball"), ("bars", "smpte")))


def layout(left, right):
    """One camera full on each display; panes are named after display and camera."""
    text = 'title = { zh = "x", en = "x" }\n'
    for display, camera in (("left", left), ("right", right)):
        text += f'[[grid]]\ndisplay = "{display}"\ncolumns = ["1fr"]\nrows = ["1fr"]\nareas = ["{display}-{camera}"]\n'
    for display, camera in (("left", left), ("right", right)):
        text += f'[[pane]]\nid = "{display}-{camera}"\nshows = "camera/{camera}"\n'
    return text


FILES = {"wall.toml": WALL, "cameras.toml": CAMERAS, "layouts/one.toml": layout("grey", "grey"), "layouts/two.toml": layout("bars", "bars")}


def colourful(shot):
    """The test bars have strong colours on much of the picture, the ball none."""
    saturation = shot.convert("HSV").getchannel("S").crop((shot.width // 8, shot.height // 4, shot.width * 7 // 8, shot.height // 2))
    return sum(saturation.point(lambda v: 255 if v > 128 else 0).histogram()[255:]) > saturation.width * saturation.height / 3


class Holds(unittest.TestCase):
    def setUp(self):
        self.site = self.enter(wall.site(FILES))
        self.wall = self.enter(wall.Wall(self.site))
        self.wall.wait(wall.live, 30, "every pane live")

    def enter(self, context):
        value = context.__enter__()
        self.addCleanup(context.__exit__, None, None, None)
        return value

    def colours(self, *words):
        """(left, right): whether each display shows the bars."""
        return tuple(colourful(self.wall.snapshot("--display", name, *words)) for name in ("left", "right"))

    def shows(self, left, right, what):
        wall.until(lambda: self.colours() == (left, right), 20, what)

    def on_air(self):
        layout_ = self.wall.status()["layout"]
        return layout_["on_air"], layout_["take"]

    def test_a_preview_is_a_whole_picture_while_something_else_is_on_air(self):
        self.shows(False, False, "the ball on both")
        self.wall.ctl("preview", "two")
        wall.until(lambda: self.colours("--preview") == (True, True), 20, "the preview shows the bars on both displays")
        self.assertEqual(self.colours(), (False, False))
        self.assertEqual(self.on_air(), ("one", 1))
        self.wall.ctl("take")
        status = self.wall.wait(lambda s: s["layout"]["take"] == 2, 10, "taken")
        takes = [d["last_take"] for d in status["displays"]]
        self.assertEqual([t["late_panes"] for t in takes], [[], []])  # it was prepared: complete in its first frame
        self.assertEqual(takes[0]["frame_id"], takes[1]["frame_id"])
        self.assertEqual(self.colours(), (True, True))

    def test_a_held_display_keeps_its_picture_over_takes_undo_and_a_crash_of_the_hub(self):
        self.shows(False, False, "the ball on both")
        self.wall.ctl("hold", "left", "--for", "1h", "--as", "Li")
        said = self.wall.ctl("take", "two")
        self.assertIn("held: left", said)
        self.assertIn("left out: left-bars", said)
        self.shows(False, True, "only the free display changed")
        hub = self.wall.kill("hub")
        self.wall.wait(lambda s: self.wall.pid("hub", status=s) != hub and s["displays"]
                       and [(h["zone"], h["by"]) for h in s["layout"]["holds"]] == [("left", "Li")], 20, "the new hub has the hold and the displays")
        self.wall.ctl("undo")
        self.shows(False, False, "undone, and the held display as before")
        with self.assertRaises(wall.Refused) as refused:
            self.wall.ctl("hold", "wall", "--as", "Wang")
        self.assertIn("left is held by Li until", refused.exception.error)
        self.wall.ctl("release", "left")
        self.wall.ctl("take", "two")
        self.shows(True, True, "free again")

    def test_an_edit_is_a_take_that_can_be_undone_and_saved(self):
        self.wall.ctl("edit", "show", "right-grey", "camera/bars")
        self.shows(False, True, "another source on the right")
        self.wall.ctl("edit", "swap", "left-grey", "right-grey")
        self.shows(True, False, "swapped")
        self.assertEqual(self.on_air(), ("one", 3))
        self.wall.ctl("edit", "full", "right-grey", "--on", "wall")
        self.wall.wait(lambda s: [p["id"] for p in s["panes"]] == ["right-grey"] and wall.live(s), 20, "one pane is all")
        self.wall.ctl("edit", "back")
        self.shows(True, False, "back from full screen")
        self.assertIn("saved-night", self.wall.ctl("save", "night", "--title", "夜间/Night"))
        names = [entry["name"] for entry in json.loads(self.wall.ctl("layouts", "--json"))["layouts"]]
        self.assertEqual(names, ["one", "saved-night", "two"])
        self.wall.ctl("take", "one")
        self.shows(False, False, "the layout as its file is")
        self.wall.ctl("take", "saved-night")
        self.shows(True, False, "the saved layout")
        self.assertIsNone(self.wall.status()["layout"]["preview"])
        for _ in range(2):
            self.wall.ctl("undo")
        self.shows(True, False, "the edits before the last takes")
        self.assertEqual(self.on_air()[0], "one")
        check = os.path.join(self.site, "layouts", "saved-night.toml")
        with open(check, encoding="utf-8") as file:
            self.assertIn('shows = "camera/bars"', file.read())


if __name__ == "__main__":
    unittest.main()
