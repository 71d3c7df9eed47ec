# SPDX-License-Identifier: Apache-2.0
"""Exercises and replays on the demo wall, as one sees them: the band on every tile, the live wall back at the end, and no camera in a replay."""
import os
import unittest

from PIL import Image, ImageChops

import wall

SITE = os.path.join(wall.SOURCE, "layouts", "demo")
BAND = (0xB0, 0x8C, 0xFF)
STRIPES = (0x40, 0x39, 0x60)   # the band's colour at three tenths, on a caption's ground
GROUND = (0x10, 0x15, 0x1C)   # of a tile without a picture


def like(picture, colour, tolerance=0):
    """A mask of the pixels of that colour."""
    out = None
    for channel, wanted in zip(picture.convert("RGB").split(), colour):
        near = channel.point(lambda v, wanted=wanted: 255 if abs(v - wanted) <= tolerance else 0)
        out = near if out is None else ImageChops.darker(out, near)
    return out


def share(picture, colour):
    """How much of a picture has exactly that colour, 0 to 1."""
    return like(picture, colour).histogram()[255] / (picture.width * picture.height)


def banded(picture):
    """Diagonal stripes stand across it: a row of pixels of which at least a tenth are theirs, besides those of the word's solid ground."""
    rows = like(picture, STRIPES, 8).resize((1, picture.height), resample=Image.BOX).tobytes()   # the mean of each row
    return max(rows) > 25 and share(picture, BAND) > 0.0005


def cameras(status):
    return [p for p in status["panes"] if p["shows"].startswith("camera/")]


def in_space(name):
    """A predicate on the status: that space is on air and everything that can be is live."""
    def holds(status):
        space = status.get("space")
        return (space or {}).get("name") == name and bool(status["panes"]) and all(p["freshness"] in ("live", "none") for p in status["panes"])
    return holds


class Spaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wall = wall.Wall(SITE).__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.wall.__exit__(None, None, None)

    def setUp(self):
        self.wall.ctl("take", "overview", "--space", "live")
        self.live = self.wall.wait(lambda s: s.get("space") is None and wall.live(s), 40, "all is live")

    def keep(self, name):
        """A picture for people."""
        self.wall.snapshot().save(os.path.join(wall.artifacts(), f"space-{name}.png"))

    def bands(self, status):
        """{pane: whether its tile wears the band}"""
        return {p["id"]: banded(self.wall.snapshot("--pane", p["id"])) for p in status["panes"]}

    def any_band(self):
        """Whether anything on any display wears it. (This site's tag of exercise data is another thing: it has no stripes.)"""
        return any(banded(self.wall.snapshot("--display", name)) for name in ("left", "right"))

    def test_an_exercise_wears_its_band_on_every_tile_and_leaves_the_wall_as_it_was(self):
        self.assertFalse(self.any_band())
        before = self.live["layout"]["on_air"]
        self.wall.ctl("space", "start", "drill", "--exercise", "--title", "春季演练/Spring drill")
        self.wall.ctl("take", "flood", "--space", "drill")
        status = self.wall.wait(lambda s: in_space("drill")(s) and s["layout"]["on_air"] == "flood", 40, "the exercise is on air")
        self.keep("exercise")
        bands = self.bands(status)
        self.assertEqual(set(bands.values()), {True}, [pane for pane, band in bands.items() if not band])
        videos = [video for pane in status["panes"] for video in pane["videos"]]   # in a panel of river cameras
        self.assertEqual({video["freshness"] for video in videos}, {"live"})
        for display in ("left", "right"):
            strip = self.wall.snapshot("--display", display).crop((0, 1040, 1920, 1080))
            self.assertTrue(banded(strip), f"the wall strip of {display}")

        self.wall.kill("compositor")   # it comes back with the exercise, not with the live wall
        status = self.wall.wait(in_space("drill"), 40, "the exercise is on air again")
        self.assertEqual(set(self.bands(status).values()), {True})

        self.wall.ctl("space", "end", "drill")
        status = self.wall.wait(lambda s: s.get("space") is None and wall.live(s), 40, "live again")
        self.assertEqual(status["layout"]["on_air"], before)
        self.assertFalse(self.any_band())

    def test_a_replay_wears_its_band_and_shows_no_camera(self):
        camera = cameras(self.live)[0]["id"]
        picture = self.wall.snapshot("--pane", camera)
        self.assertLess(share(picture, GROUND), 0.3)
        self.wall.wait(lambda s: len([c for c in s["sources"] if c["state"] == "playing"]) == 12, 30, "every camera plays")
        self.wall.ctl("space", "start", "past", "--replay", "--since", "1h")
        self.wall.ctl("take", "overview", "--space", "past")
        status = self.wall.wait(in_space("past"), 40, "the replay is on air")
        self.keep("replay")
        self.assertEqual(len(cameras(status)), 12)
        for pane in cameras(status):
            self.assertEqual((pane["freshness"], pane["reason"]["code"]), ("none", "no_recording"), pane)
            self.assertEqual([v["freshness"] for v in pane["videos"]], ["none"], pane)
            shot = self.wall.snapshot("--pane", pane["id"])
            self.assertGreater(share(shot, GROUND), 0.6, pane["id"])
        self.assertEqual({p["freshness"] for p in status["panes"] if p not in cameras(status)}, {"live"})
        bands = self.bands(status)
        self.assertEqual(set(bands.values()), {True}, [pane for pane, band in bands.items() if not band])
        # Nobody decodes what nobody may see.
        self.wall.wait(lambda s: not [c for c in s["sources"] if c.get("decoding")], 30, "no source is decoded any more")

        self.wall.ctl("take", "overview", "--space", "live")
        self.wall.wait(lambda s: s.get("space") is None and wall.live(s) and len(cameras(s)) == 12, 40, "twelve live cameras again")
        self.wall.ctl("space", "end", "past")


if __name__ == "__main__":
    unittest.main()
