# SPDX-License-Identifier: Apache-2.0
"""A running wall re-reads a changed file, and keeps the old content when the new one is faulty."""
import json
import os
import unittest

import wall

WALL = wall.display()
CAMERAS = """
[[camera]]
id = "T-001"
name = { zh = "一", en = "One" }
main = "test://ball"
"""


def layout(title):
    return wall.layout("screen", {"cam": "camera/T-001"}, columns=1, title=title)


def cameras(*towns):
    return "".join(f'[[camera]]\nid = "T-{i:03}"\nmain = "test://ball"\ntown = "{town}"\n' for i, town in enumerate(towns))


SOURCES = """
transition = { kind = "fade", ms = 100 }
[[grid]]
columns = ["minmax(300mm, 1fr)", "2fr"]
rows = ["1fr"]
areas = ["near cams"]
[[pane]]
id = "near"
shows = "camera/T-000"
margin_mm = 10
aspect = "crop"
focus = [0.5, 0.25]
[[pane]]
id = "cams"
shows = "sources"
sources = { town = "石城镇", columns = 2, rows = 1, page_s = 3600 }
"""


class Reload(unittest.TestCase):
    def titles(self):
        listed = json.loads(self.wall.ctl("layouts", "--json"))["layouts"]
        return {entry["name"]: entry["title"]["en"] for entry in listed}

    def write(self, name, text):
        path = os.path.join(self.site, name)
        with open(path + ".new", "w", encoding="utf-8") as file:
            file.write(text)
        os.rename(path + ".new", path)

    def test_good_changes_arrive_and_faulty_ones_change_nothing(self):
        with wall.site({"wall.toml": WALL, "layouts/one.toml": layout("First"), "layouts/two.toml": layout("Second"),
                        "cameras.toml": CAMERAS}) as self.site, wall.Wall(self.site) as self.wall:
            self.wall.wait(lambda s: s["panes"] and s["panes"][0]["freshness"] == "live", 20, "live")
            self.write("layouts/two.toml", layout("Changed"))
            self.wall.wait(lambda s: self.titles()["two"] == "Changed", 10, "the change arrives")
            self.write("layouts/two.toml", layout("Broken").replace("areas", "arreas"))
            status = self.wall.wait(lambda s: s.get("faults"), 10, "the fault is told")
            self.assertIn("two.toml", json.dumps(status["faults"]))
            self.assertEqual(self.titles()["two"], "Changed")
            self.wall.ctl("take", "two")
            self.wall.wait(lambda s: s["layout"]["on_air"] == "two" and s["panes"][0]["freshness"] == "live", 10, "old content shows")
            self.write("layouts/two.toml", layout("Mended"))
            self.wall.wait(lambda s: not s.get("faults") and self.titles()["two"] == "Mended", 10, "mended")

    def panes(self, status):
        return sorted(pane["id"] for pane in status["panes"])

    def test_faulty_new_fields_keep_the_old_content_and_are_told_by_number(self):
        with wall.site({"wall.toml": WALL, "layouts/one.toml": SOURCES, "cameras.toml": cameras("石城镇", "冯家峪镇")}) as self.site, \
                wall.Wall(self.site) as self.wall:
            self.wall.wait(lambda s: self.panes(s) == ["cams/T-000", "near"], 20, "the query fills its cells")
            for number, good, bad in ((1219, "[[grid]]", '[[grid]]\nzone = "side"'), (1221, '"sources"', '"camera/T-001"'),
                                      (1222, "[0.5, 0.25]", "[0.5, 2.5]"), (1223, '"fade"', '"cut"'), (1215, "minmax(300mm,", "minmax(")):
                with self.subTest(number):
                    self.write("layouts/one.toml", SOURCES.replace(good, bad, 1))
                    status = self.wall.wait(lambda s, n=number: f"BW{n}" in json.dumps(s.get("faults")),
                                            10, "the fault is told")
                    self.assertEqual(self.panes(status), ["cams/T-000", "near"])
                    self.assertIsNone(status["layout"]["preview"])
            self.write("layouts/one.toml", SOURCES)
            self.wall.wait(lambda s: not s.get("faults"), 10, "mended")

    def test_new_camera_of_a_query_becomes_a_preview_and_no_take(self):
        with wall.site({"wall.toml": WALL, "layouts/one.toml": SOURCES, "cameras.toml": cameras("石城镇", "冯家峪镇")}) as self.site, \
                wall.Wall(self.site) as self.wall:
            self.wall.wait(lambda s: self.panes(s) == ["cams/T-000", "near"], 20, "the query fills its cells")
            self.write("cameras.toml", cameras("石城镇", "石城镇"))
            status = self.wall.wait(lambda s: s["layout"]["preview"] == "one", 10, "the new scene is prepared")
            self.assertEqual(status["layout"]["take"], 1)
            self.wall.ctl("take")
            self.wall.wait(lambda s: self.panes(s) == ["cams/T-000", "cams/T-001", "near"], 10, "the new camera shows")


if __name__ == "__main__":
    unittest.main()
