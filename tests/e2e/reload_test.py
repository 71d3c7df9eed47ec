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


if __name__ == "__main__":
    unittest.main()
