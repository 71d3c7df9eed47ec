# SPDX-License-Identifier: Apache-2.0
"""A take keeps what both layouts show: the camera neither reconnects nor starts anew, in a cut, a fade and a push; pages turn with live
pictures; afterwards a still wall draws nothing."""
import unittest

import wall

CAMERAS = "".join(f"""
[[camera]]
id = "T-00{n}"
name = {{ zh = "试验{n}", en = "Trial {n}" }}
kind = "trial"
main = "test://{pattern}"
""" for n, pattern in enumerate(("ball", "smpte", "snow"), 1))

# The same camera small at the left, and large at the right.
LAYOUTS = {
    "layouts/one.toml": """
title = { zh = "一", en = "One" }
[[grid]]
display = "screen"
columns = ["1fr", "2fr"]
rows = ["1fr"]
areas = ["common other"]
[[pane]]
id = "common"
shows = "camera/T-001"
[[pane]]
id = "other"
shows = "camera/T-002"
""",
    "layouts/two.toml": """
title = { zh = "二", en = "Two" }
[[grid]]
display = "screen"
columns = ["1fr", "2fr"]
rows = ["1fr"]
areas = ["third common"]
[[pane]]
id = "common"
shows = "camera/T-001"
[[pane]]
id = "third"
shows = "camera/T-003"
""",
    "layouts/pages.toml": """
title = { zh = "页", en = "Pages" }
[[grid]]
display = "screen"
columns = ["1fr"]
rows = ["1fr"]
areas = ["grid"]
[[pane]]
id = "grid"
shows = "sources"
sources = { kind = "trial", columns = 1, rows = 1, page_s = 4 }
""",
}


def pane(status, name):
    return next(p for p in status["panes"] if p["id"] == name)


def source(status, name):
    return next(s for s in status["sources"] if s["id"] == name)


class Transition(unittest.TestCase):
    def setUp(self):
        site = self.enterContext(wall.site({"wall.toml": wall.display(), "cameras.toml": CAMERAS, **LAYOUTS}))
        self.wall = self.enterContext(wall.Wall(site))
        self.wall.wait(wall.live, 20, "all live")

    def take_and_watch(self, layout, *words):
        """Takes it and asks as fast as it can until all is live: the common pane must be live in every answer."""
        before = self.wall.status()
        updates = pane(before, "common")["updates"]
        self.wall.ctl("take", layout, *words)

        def look(status):
            if status["layout"]["on_air"] != layout:
                return False
            common = pane(status, "common")
            self.assertIn(common["freshness"], ("live", "late"), common)  # late: the machine, not the take
            self.assertGreaterEqual(common["updates"], updates)
            return wall.live(status) and common["updates"] > updates + 20
        after = self.wall.wait(look, 20, "all live again, and the common pane's pictures go on")
        self.assertEqual(source(after, "camera/T-001")["reconnects"], source(before, "camera/T-001")["reconnects"])
        self.assertGreater(source(after, "camera/T-001")["pictures"], source(before, "camera/T-001")["pictures"])
        take = after["displays"][0]["last_take"]
        self.assertEqual(take["take"], after["layout"]["take"])
        self.assertNotIn("common", take["late_panes"])

    def test_a_common_camera_goes_on_through_every_transition(self):
        for words in (("--fade", "0"), ("--fade", "600")):
            self.take_and_watch("two", *words)
            self.take_and_watch("one", *words)

    def test_pages_turn_with_live_pictures_and_only_what_is_in_sight_is_told(self):
        self.wall.ctl("take", "pages")
        seen = set()

        def turned(status):
            if status["layout"]["on_air"] != "pages":
                return False
            self.assertEqual(len(status["panes"]), 1, status["panes"])
            shown = status["panes"][0]
            if seen and shown["shows"] not in seen:  # a page that has turned before our eyes
                self.assertEqual(shown["freshness"], "live")
            if shown["freshness"] == "live":
                seen.add(shown["shows"])
            return len(seen) == 3
        self.wall.wait(turned, 40, "all three cameras have had their turn")


if __name__ == "__main__":
    unittest.main()
