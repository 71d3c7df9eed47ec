# SPDX-License-Identifier: Apache-2.0
"""The demo wall from one command: everything lives, pictures move, a take changes both displays in one frame."""
import json
import os
import unittest

from PIL import ImageChops

import wall

SITE = os.path.join(wall.SOURCE, "layouts", "demo")


class Demo(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.wall = wall.Wall(SITE).__enter__()
        cls.wall.wait(lambda s: all(p["freshness"] == "live" for p in s["panes"]) and s["panes"], 30, "every pane live")

    @classmethod
    def tearDownClass(cls):
        cls.wall.__exit__(None, None, None)

    def take(self, layout):
        self.wall.ctl("take", layout)
        return self.wall.wait(
            lambda s: s["layout"]["on_air"] == layout and s["panes"] and all(p["freshness"] == "live" for p in s["panes"]),
            20, f"every pane of {layout} live")

    def test_every_role_runs_and_every_camera_plays(self):
        self.take("overview")
        status = self.wall.wait(lambda s: len([c for c in s["sources"] if c["state"] == "playing"]) == 12, 15, "12 cameras")
        self.assertEqual({r["state"] for r in status["roles"]}, {"running"}, status["roles"])
        roles = {r["role"] for r in status["roles"]}
        self.assertEqual(roles, {"supervisor", "hub", "compositor", "panel", "service", "media", "console", "rules"})
        services = {r["name"] for r in status["roles"] if r["role"] == "service"}
        self.assertEqual(services, {"fire_watch", "flood_gauges", "supplies", "dispatch", "demo_field"})
        self.assertTrue(status["console"].startswith("http://127.0.0.1:"))

    def test_every_layout_is_live_and_can_be_looked_at(self):
        for entry in json.loads(self.wall.ctl("layouts", "--json"))["layouts"]:
            self.take(entry["name"])
            for display in ("left", "right"):
                shot = self.wall.snapshot("--display", display)
                self.assertEqual(shot.size, (1920, 1080))
                shot.save(os.path.join(wall.artifacts(), f"demo-{entry['name']}-{display}.png"))

    def test_pictures_move(self):
        self.take("overview")
        before = self.wall.status()
        first = self.wall.snapshot()
        cameras = {p["id"]: p["updates"] for p in before["panes"] if p["shows"].startswith("camera/")}
        self.assertEqual(len(cameras), 12)
        self.wall.wait(lambda s: all(p["updates"] >= cameras[p["id"]] + 20 for p in s["panes"] if p["id"] in cameras), 20,
                       "more than a second of new pictures of every camera")
        second = self.wall.snapshot()
        self.assertEqual(first.size, second.size)
        left = (0, 0, first.width // 2, first.height)
        changed = ImageChops.difference(first.crop(left).convert("L"), second.crop(left).convert("L"))
        share = sum(changed.point(lambda v: 255 if v > 8 else 0).histogram()[255:]) / (left[2] * left[3])
        print(f"{share * 100:.2f} % of the cameras' half changed")
        self.assertGreater(share, 0.01, "the cameras' half of the wall stands still")

    def test_a_take_changes_both_displays_in_one_frame_and_undo_brings_back_the_last(self):
        self.take("overview")
        for layout in ("fire", "flood", "resources", "overview"):
            self.wall.ctl("preview", layout)
            self.wall.wait(lambda s: s["layout"]["preview"] == layout, 10, f"preview of {layout}")
            self.wall.ctl("take")
            status = self.wall.wait(lambda s: s["layout"]["on_air"] == layout, 5, f"{layout} on air")
            takes = [d["last_take"] for d in status["displays"]]
            self.assertEqual(len(takes), 2)
            self.assertEqual(takes[0]["frame_id"], takes[1]["frame_id"])
            self.assertEqual(takes[0]["take"], status["layout"]["take"])
        self.wall.ctl("undo")
        self.wall.wait(lambda s: s["layout"]["on_air"] == "resources", 5, "undo brings back resources")

    def test_facts_change_by_themselves(self):
        self.take("flood")
        before = {p["id"]: p["updates"] for p in self.wall.status()["panes"] if p["shows"].startswith("flood_gauges/")}
        self.assertTrue(before)
        self.wall.wait(lambda s: any(p["updates"] > before.get(p["id"], 1 << 60) for p in s["panes"]), 15, "a flood panel draws again")


class Minimal(unittest.TestCase):
    def test_the_smallest_site_is_live(self):
        with wall.Wall(os.path.join(wall.SOURCE, "layouts", "minimal")) as w:
            w.wait(wall.live, 20, "every pane live")
            shot = w.snapshot()
            self.assertEqual(shot.size, (1280, 720))
            shot.save(os.path.join(wall.artifacts(), "minimal.png"))


if __name__ == "__main__":
    unittest.main()
