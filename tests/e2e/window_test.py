# SPDX-License-Identifier: Apache-2.0
"""Windows under Xvfb show what the headless wall shows, and a hot key switches the layout."""
import os
import subprocess
import tempfile
import time
import unittest

from PIL import Image, ImageChops

import wall

SITE_FILES = {
    "wall.toml": wall.display(),
    "layouts/one.toml": 'key = "F1"\n' + wall.layout("screen", {"a": "flood_gauges/board", "b": "supplies/stores"}),
    "layouts/two.toml": 'key = "F2"\n' + wall.layout("screen", {"a": "dispatch/teams"}, columns=1),
}


class Xvfb:
    """A display of its own, on a number the server chooses."""

    def __enter__(self):
        read, write = os.pipe()
        self.process = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1600x900x24", "-nolisten", "tcp"],
            pass_fds=[write], stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as pipe:
            self.display = ":" + pipe.readline().strip()
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def windows(display):
    out = subprocess.run(["xdotool", "search", "--name", "Beaconwall"], env={**os.environ, "DISPLAY": display},
                         capture_output=True, text=True, check=False).stdout
    return out.split()


def grab(display, window, path):
    xwd = subprocess.run(["xwd", "-silent", "-id", window, "-display", display], capture_output=True, check=True).stdout
    return decode_xwd(xwd)


def decode_xwd(data):
    """XWD version 7, 32 bits a pixel, true colour: header of big-endian words, colour map, then BGRX rows."""
    word = lambda i: int.from_bytes(data[4 * i:4 * i + 4], "big")
    header, width, height, stride, colours = word(0), word(4), word(5), word(12), word(19)
    start = header + colours * 12
    return Image.frombuffer("RGB", (width, height), data[start:start + stride * height], "raw", "BGRX", stride, 1)


class Window(unittest.TestCase):
    def test_a_window_shows_the_headless_picture_and_obeys_its_hot_keys(self):
        with wall.site(SITE_FILES) as site, Xvfb() as server, tempfile.TemporaryDirectory() as scratch:
            with wall.Wall(site) as headless:
                headless.wait(lambda s: all(p["freshness"] == "live" for p in s["panes"]) and s["panes"], 20, "live panes")
                expected = headless.snapshot().convert("RGB")
            with wall.Wall(site, headless=False, env={"DISPLAY": server.display}) as shown:
                shown.wait(lambda s: all(p["freshness"] == "live" for p in s["panes"]) and s["panes"], 20, "live panes")
                found = windows(server.display)
                self.assertEqual(len(found), 1)
                own = shown.snapshot().convert("RGB")
                deadline = time.monotonic() + 10
                while True:
                    picture = grab(server.display, found[0], scratch)
                    self.assertEqual(picture.size, expected.size)
                    share = self.difference(picture, expected)
                    if share < 0.01 or time.monotonic() > deadline:
                        break
                picture.save(os.path.join(wall.artifacts(), "window.png"))
                self.assertLess(share, 0.01, "the window differs from the headless picture")
                self.assertLess(self.difference(own, expected), 0.01)
                subprocess.run(["xdotool", "key", "--window", found[0], "F2"], env={**os.environ, "DISPLAY": server.display},
                               check=True)
                shown.wait(lambda s: s["layout"]["on_air"] == "two", 5, "F2 takes layout two")

    def difference(self, a, b):
        """Share of pixels that differ by more than 24 of 255; the strip with its clock is left out."""
        box = (0, 0, a.width, int(a.height * 0.9))
        d = ImageChops.difference(a.crop(box), b.crop(box)).convert("L").point(lambda v: 255 if v > 24 else 0)
        return d.histogram()[255] / (box[2] * box[3])


if __name__ == "__main__":
    unittest.main()
