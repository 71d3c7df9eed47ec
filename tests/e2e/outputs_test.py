# SPDX-License-Identifier: Apache-2.0
"""Displays on the outputs of a real X server whose monitors' EDIDs the test sets: identity decides, pictures are turned as the
monitors hang, outputs come and go, and nobody's picture comes to a monitor that may be another's."""
import ctypes
import os
import subprocess
import unittest

from PIL import Image, ImageChops

import wall
import xserver
from xserver import edid

NATIVE = (1280, 720)
PLACES = {"DUMMY0": (0, 0), "DUMMY1": (1280, 0), "DUMMY2": (0, 720), "DUMMY3": (1280, 720)}
PANELS = ["flood_gauges/board", "supplies/stores", "dispatch/teams", "dispatch/map"]


def display(name, rotation, serial, x_mm, connector=""):
    across, down = (600, 337.5) if rotation % 180 == 0 else (337.5, 600)
    wide, high = NATIVE if rotation % 180 == 0 else NATIVE[::-1]
    plug = f', connector = "{connector}"' if connector else ""
    return f"""
[[display]]
name = "{name}"
x_mm = {x_mm}
y_mm = 0
width_mm = {across}
height_mm = {down}
width_px = {wide}
height_px = {high}
rotation = {rotation}
output = {{ maker = "DEL", model = "HALL", serial = "{serial}"{plug} }}
"""


def site_files(displays):
    """`displays`: (name, rotation, serial, connector)."""
    head = 'title = { zh = "输出", en = "Outputs" }\nfirst_layout = "one"\nbind = "displays"\nviewing_distance_mm = 2500\n'
    toml, layout = head, 'title = { zh = "甲", en = "One" }\n'
    for i, (name, rotation, serial, connector) in enumerate(displays):
        toml += display(name, rotation, serial, i * 700, connector)
        layout += f'[[grid]]\ndisplay = "{name}"\ncolumns = ["1fr"]\nrows = ["1fr"]\nareas = ["p{i}"]\n'
    for i in range(len(displays)):
        layout += f'[[pane]]\nid = "p{i}"\nshows = "{PANELS[i % len(PANELS)]}"\n'
    return {"wall.toml": toml, "layouts/one.toml": layout}


def outputs_of(status):
    return {d["name"]: d["output"] for d in status["displays"]}


def difference(a, b):
    """Share of pixels that differ by more than 24 of 255."""
    d = ImageChops.difference(a, b).convert("L").point(lambda v: 255 if v > 24 else 0)
    return d.histogram()[255] / (a.width * a.height)


class Outputs(unittest.TestCase):
    def plug_all(self, x, serials):
        for output, serial in serials.items():
            x.plug(output, *PLACES[output], NATIVE, edid("DEL", "HALL", serial))

    def seen_at(self, output, rotation):
        """What that output shows, as its monitor hangs."""
        x, y = PLACES[output]
        picture = self.x.screen().crop((x, y, x + NATIVE[0], y + NATIVE[1]))
        turn = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
        return picture.transpose(turn[rotation]) if rotation else picture  # PIL turns the other way round

    def assert_shown(self, name, output, rotation):
        """The output shows the display's own picture, to the pixel but for what changed in between."""
        last = None

        def same():
            nonlocal last
            own = self.wall.snapshot("--display", name).convert("RGB")
            seen = self.seen_at(output, rotation)
            self.assertEqual(seen.size, own.size)
            last = difference(seen, own)
            return last < 0.002
        try:
            wall.until(same, 15, f"{output} shows {name}")
        except AssertionError as error:
            self.x.screen().save(os.path.join(wall.artifacts(), "outputs-failed.png"))
            raise AssertionError(f"{error}: {last:.4f} of the pixels differ") from None

    def running(self, displays, x):
        self.x = x
        return wall.Wall(self.site, headless=False, env={"DISPLAY": x.display})

    def live(self):
        self.wall.wait(lambda s: s["panes"] and all(p["freshness"] == "live" for p in s["panes"]), 30, "live panes")

    def test_pictures_go_where_the_identities_are_and_follow_them(self):
        displays = [("left", 0, "A1", ""), ("right", 0, "B1", "")]
        with wall.site(site_files(displays)) as self.site, xserver.Xorg() as x:
            self.plug_all(x, {"DUMMY0": "B1", "DUMMY1": "A1"})
            with self.running(displays, x) as self.wall:
                self.live()
                self.assertEqual(outputs_of(self.wall.status()), {"left": "DUMMY1", "right": "DUMMY0"})
                self.assert_shown("left", "DUMMY1", 0)
                self.assert_shown("right", "DUMMY0", 0)
                # The two pictures are not alike, else the test would say nothing.
                left, right = (self.wall.snapshot("--display", n).convert("RGB") for n in ("left", "right"))
                self.assertGreater(difference(left, right), 0.005)
                x.tell_identity("DUMMY0", edid("DEL", "HALL", "A1"))
                x.tell_identity("DUMMY1", edid("DEL", "HALL", "B1"))
                self.wall.wait(lambda s: outputs_of(s) == {"left": "DUMMY0", "right": "DUMMY1"}, 10, "they follow")
                self.assert_shown("left", "DUMMY0", 0)
                self.assert_shown("right", "DUMMY1", 0)
                x.screen().save(os.path.join(wall.artifacts(), "outputs.png"))

    def test_a_turned_monitor_shows_its_picture_as_it_hangs(self):
        displays = [("up", 0, "A1", ""), ("clockwise", 90, "B1", ""), ("over", 180, "C1", ""), ("counter", 270, "D1", "")]
        with wall.site(site_files(displays)) as self.site, xserver.Xorg() as x:
            self.plug_all(x, dict(zip(PLACES, ("A1", "B1", "C1", "D1"))))
            with self.running(displays, x) as self.wall:
                self.live()
                for (name, rotation, _, _), output in zip(displays, PLACES):
                    self.assert_shown(name, output, rotation)
                self.assertEqual([l for l in self.wall.status()["limits"] if l["what"].startswith("display ")], [])
                x.screen().save(os.path.join(wall.artifacts(), "outputs-turned.png"))

    def test_a_missing_monitor_and_a_strange_one(self):
        displays = [("left", 0, "A1", "DUMMY0"), ("right", 0, "B1", "DUMMY1")]
        with wall.site(site_files(displays)) as self.site, xserver.Xorg() as x:
            self.plug_all(x, {"DUMMY0": "A1", "DUMMY1": "B1"})
            with self.running(displays, x) as self.wall:
                self.live()
                self.assert_shown("right", "DUMMY1", 0)
                right = self.wall.snapshot("--display", "right").convert("RGB")
                pid = self.wall.pid("compositor")
                x.tell_identity("DUMMY1", edid("BNQ", "OTHER", "Z9"))
                status = self.wall.wait(lambda s: outputs_of(s) == {"left": "DUMMY0", "right": None}, 10, "right is missing")
                lack = [l for l in status["limits"] if l["what"] == "display right"]
                self.assertEqual([l["state"] for l in lack], ["missing"])
                self.assertIn("B1", lack[0]["effect"])
                page = self.await_page("DUMMY1", right)
                page.save(os.path.join(wall.artifacts(), "identify.png"))
                self.assert_shown("left", "DUMMY0", 0)
                x.unplug("DUMMY1")
                self.wall.wait(lambda s: outputs_of(s)["right"] is None, 10, "still missing")
                self.plug_all(x, {"DUMMY1": "B1"})
                self.wall.wait(lambda s: outputs_of(s)["right"] == "DUMMY1", 10, "back again")
                self.assert_shown("right", "DUMMY1", 0)
                self.assertEqual(self.wall.pid("compositor"), pid, "the compositor went on")
                self.assertTrue(all(p["freshness"] == "live" for p in self.wall.status()["panes"]))

    def test_doctor_prints_what_is_plugged_in_ready_to_paste(self):
        with xserver.Xorg() as x:
            self.plug_all(x, {"DUMMY0": "A1", "DUMMY1": "B1"})
            done = subprocess.run([wall.PROGRAM, "doctor", "--displays"], env=x.env, capture_output=True, text=True, check=True)
            self.assertIn('serial = "B1", connector = "DUMMY1"', done.stdout)
            files = site_files([("dummy0", 0, "A1", ""), ("dummy1", 0, "B1", "")])
            files["wall.toml"] = files["wall.toml"].split("[[display]]")[0] + done.stdout
            with wall.site(files) as site:
                checked = subprocess.run([wall.PROGRAM, "check", site], capture_output=True, text=True, check=False)
                self.assertEqual(checked.returncode, 0, checked.stdout + checked.stderr)

    def test_the_screen_saver_rests_while_the_wall_runs(self):
        displays = [("left", 0, "A1", "")]
        with wall.site(site_files(displays)) as self.site, xserver.Xorg() as x:
            self.plug_all(x, {"DUMMY0": "A1"})
            subprocess.run(["xset", "s", "1", "s", "blank"], env=x.env, check=True)
            saver = Saver(x.display)
            wall.until(lambda: saver.state() == "on", 20, "the screen saver works here")
            with self.running(displays, x) as self.wall:
                self.live()
                wall.until(lambda: saver.idle_ms() > 2500, 20, "nobody touches anything")
                self.assertNotEqual(saver.state(), "on")
            wall.until(lambda: saver.state() == "on", 20, "it works again afterwards")

    def await_page(self, output, picture):
        """The page in place of that picture: something is drawn, and it is not that."""
        def page():
            seen = self.seen_at(output, 0)
            drawn = len(seen.convert("L").getcolors(256)) > 8
            return seen if drawn and difference(seen, picture) > 0.01 else None
        return wall.until(page, 10, "the identify page")


class Saver:
    """The X server's screen saver, as MIT-SCREEN-SAVER tells it."""

    class Info(ctypes.Structure):
        _fields_ = [("window", ctypes.c_ulong), ("state", ctypes.c_int), ("kind", ctypes.c_int), ("since", ctypes.c_ulong),
                    ("idle", ctypes.c_ulong), ("mask", ctypes.c_ulong)]

    def __init__(self, display):
        self.x11, self.xss = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXss.so.1")
        self.x11.XOpenDisplay.restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(display.encode()))
        self.root = ctypes.c_ulong(self.x11.XDefaultRootWindow(self.display))

    def _ask(self):
        info = self.Info()
        self.xss.XScreenSaverQueryInfo(self.display, self.root, ctypes.byref(info))
        return info

    def state(self):
        return {0: "off", 1: "on"}.get(self._ask().state, "disabled")

    def idle_ms(self):
        return self._ask().idle


if __name__ == "__main__":
    unittest.main()
