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
            told = {(fault["number"], fault["file"]) for fault in status["faults"]}
            self.assertIn(("BW1003", "layouts/two.toml"), told)
            line = next(fault["line"] for fault in status["faults"] if fault["number"] == "BW1003")
            self.assertEqual(layout("Broken").splitlines()[line - 1].split(" ")[0], "areas")
            self.assertRegex(self.wall.ctl("status"), rf"keeps what they said before[^\0]*layouts/two\.toml:{line}:\d+: BW1003")
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

    def changed(self, text, condition, what):
        """Writes wall.toml and waits; the camera pane, whose display stays as it is, never loses its picture."""
        self.write("wall.toml", text)

        def check(status):
            camera = next(p for p in status["panes"] if p["id"] == "cam")
            if camera["freshness"] != "live":
                raise AssertionError(f"the camera pane is {camera['freshness']} while {what}")
            return condition(status)
        return self.wall.wait(check, 15, what)

    def ink(self):
        """What is drawn in the captions and the strip of the first display: its words and their size."""
        picture = self.wall.snapshot("--display", "screen").convert("L")
        return picture.crop((0, 660, 640, 720)).tobytes()

    def test_the_wall_itself_changes_while_it_runs(self):
        beside = wall.display(name="beside").split("[[display]]")[1].replace("x_mm = 0", "x_mm = 1300")
        two = WALL + "[[display]]" + beside
        panes = wall.layout("screen", {"cam": "camera/T-001", "teams": "dispatch/teams"})
        with wall.site({"wall.toml": WALL, "layouts/one.toml": panes, "cameras.toml": CAMERAS}) as self.site, \
                wall.Wall(self.site) as self.wall:
            self.wall.wait(wall.live, 30, "live")
            pid, ink = self.wall.pid("compositor"), self.ink()
            names = lambda s: [d["name"] for d in s["displays"]]
            self.changed(two, lambda s: names(s) == ["screen", "beside"], "a display is added")
            self.assertEqual(self.wall.snapshot("--display", "beside").size, (1280, 720))
            self.assertEqual(self.wall.snapshot("--display", "screen").size, (1280, 720))
            self.changed(WALL.replace("title", 'language = "en"\ntitle', 1),
                         lambda s: names(s) == ["screen"] and self.ink() != ink, "the language changes and a display goes")
            ink = self.ink()
            self.changed(WALL.replace("= 4000", "= 6000"), lambda s: self.ink() != ink, "the readers stand farther away")
            ink = self.ink()
            faulty = self.changed(WALL.replace("1280", "12"), lambda s: s.get("faults"), "a faulty file is told")
            self.assertEqual(faulty["displays"][0]["width_px"], 1280)
            self.assertEqual(self.ink()[:640 * 8], ink[:640 * 8])
            self.changed(WALL.replace("= 1200", "= 1100").replace("= 675", "= 618.75"), lambda s: not s.get("faults"), "mended")
            self.wall.wait(wall.live, 15, "all live again")
            self.assertEqual(self.wall.pid("compositor"), pid)


if __name__ == "__main__":
    unittest.main()
