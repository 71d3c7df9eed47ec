# SPDX-License-Identifier: Apache-2.0
"""Exercises and replays on the whole demo wall: every pane in the space, nothing of it in live, and the live layout back, also over the
death of the hub. (What they look like: spaces_test.py.)"""
import datetime
import json
import os
import time
import unittest

import wall

SITE = os.path.join(wall.SOURCE, "layouts", "demo")
STATE = "beaconwall.flood.state.v1"


class Spaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.began = time.time()
        cls.wall = wall.Wall(SITE).__enter__()
        cls.live(cls, "the wall")

    @classmethod
    def tearDownClass(cls):
        cls.wall.__exit__(None, None, None)

    def live(self, what, space=None):
        """The status when every pane in sight is as live as it gets, in that space."""
        def good(s):
            fresh = {"live"} if space is None or s["space"]["kind"] == "exercise" else {"live", "none"}
            return (s["space"] or {}).get("name") == space and s["panes"] and all(p["freshness"] in fresh for p in s["panes"])
        return self.wall.wait(good, 40, f"{what}: every pane in {space or 'live'}")

    def gauge(self, *words):
        """The first gauge's state, as one space knows it."""
        events = json.loads(self.wall.ctl("events", "--type", STATE, "--json", *words))["events"]
        return events[-1] if events else None

    def scene_spaces(self):
        taken = json.loads(self.wall.ctl("events", "--type", "beaconwall.wall.taken.v1", "--json"))["events"][-1]["data"]
        return taken["layout"], {pane["space"] for pane in taken["scene"]["panes"]}

    def shot(self, name):
        image = self.wall.snapshot()
        image.save(os.path.join(wall.artifacts(), f"spaces-demo-{name}.png"))
        return image

    def test_an_exercise(self):
        self.wall.ctl("take", "flood")
        self.live("before")
        self.shot("before")
        self.wall.ctl("space", "start", "drill", "--exercise", "--title", "防汛演练/Flood drill")
        self.assertIn("space: drill", self.wall.ctl("take", "--space", "drill"))
        status = self.live("the exercise", "drill")
        self.assertEqual((status["layout"]["on_air"], self.scene_spaces()), ("flood", ("flood", {"drill"})))
        self.shot("exercise")
        # An injected event is the exercise's alone.
        self.wall.ctl("publish", "x.inject.v1", "--space", "drill", "--subject", "gauge/1", "--data", '{"n": 1}', "--durable")
        self.assertEqual(len(json.loads(self.wall.ctl("events", "--type", "x.inject", "--space", "drill", "--json"))["events"]), 1)
        self.assertEqual(json.loads(self.wall.ctl("events", "--type", "x.inject", "--json"))["events"], [])
        # Going on within it, and over the death of the hub.
        self.wall.ctl("take", "overview")
        self.live("another layout", "drill")
        self.wall.kill("hub")
        self.live("a new hub", "drill")
        self.assertEqual(self.scene_spaces(), ("overview", {"drill"}))
        self.wall.ctl("space", "end", "drill")
        status = self.live("after its end")
        self.assertEqual((status["layout"]["on_air"], status["spaces"], self.scene_spaces()), ("flood", [], ("flood", {"live"})))
        self.shot("after")

    def test_a_replay_at_60x(self):
        self.wall.ctl("take", "flood")
        self.live("before")
        wall.until(lambda: time.time() > self.began + 20, 30, "some seconds to play")
        since = datetime.datetime.fromtimestamp(time.time() - 8, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        before = self.gauge("--since", since)
        self.assertIsNotNone(before, "the demo has published while it was waited for")
        self.wall.ctl("space", "start", "then", "--replay", "--since", since, "--speed", "60")
        self.wall.ctl("take", "--space", "then")
        self.live("the replay", "then")
        status = self.wall.wait(lambda s: s["space"] and s["space"]["state"] == "ended", 30, "its end")
        self.assertEqual(status["space"]["rate"], 0)
        self.live("its last moment", "then")
        self.assertEqual(self.scene_spaces(), ("flood", {"then"}))
        self.shot("replay")
        self.assertEqual(json.loads(self.wall.ctl("events", "--space", "then", "--json"))["events"], [])
        # Cameras have no recording.
        self.wall.ctl("take", "overview")
        status = self.live("cameras", "then")
        cameras = [p for p in status["panes"] if p["shows"].startswith("camera/")]
        self.assertTrue(cameras)
        self.assertEqual({p["freshness"] for p in cameras}, {"none"})
        self.shot("replay-cameras")
        self.wall.ctl("take", "--space", "live")
        self.assertEqual(self.live("back")["layout"]["on_air"], "flood")
        self.wall.ctl("space", "end", "then")
        self.assertEqual(self.live("after its end")["spaces"], [])


if __name__ == "__main__":
    unittest.main()
