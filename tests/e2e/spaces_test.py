# SPDX-License-Identifier: Apache-2.0
"""Exercises and replays on the demo wall, as one sees them: the band on every tile, the live wall back at the end, and no camera in a replay."""
import os
import unittest

import wall

SITE = os.path.join(wall.SOURCE, "layouts", "demo")
BAND = (0xB0, 0x8C, 0xFF)
GROUND = (0x10, 0x15, 0x1C)   # of a tile without a picture


def share(picture, colour):
    """How much of a picture has exactly that colour, 0 to 1."""
    pixels = picture.convert("RGB").tobytes()
    wanted = bytes(colour)
    same = sum(1 for i in range(0, len(pixels), 3) if pixels[i:i + 3] == wanted)
    return 3 * same / len(pixels)


def banded(picture):
    """The band's word stands on a solid ground that is wider than a letter. The tag of a site whose data is an exercise's has strokes alone."""
    inner = picture.convert("RGB").crop((2, 2, picture.width - 2, picture.height - 2))   # without the tile's edge
    return sum(bytes(BAND) * 32 in inner.crop((0, y, inner.width, y + 1)).tobytes() for y in range(inner.height)) >= 4


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

    def test_an_exercise_wears_its_band_on_every_tile_and_leaves_the_wall_as_it_was(self):
        self.assertEqual(set(self.bands(self.live).values()), {False})
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
        self.assertEqual(set(self.bands(status).values()), {False})

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
