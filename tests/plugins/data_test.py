#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The demo's seed data: made again from the seed it is the same, it adds up, and nothing in it is real."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

SOURCE = pathlib.Path(os.environ.get("BEACONWALL_SOURCE", "."))
DATA = SOURCE / "layouts/demo/data"
# Not in GB2312; the glyph atlas has these besides (牤 of 牤牛河).
EXTRA = set("牤–—·°²³℃Å")


def load(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))


def inside(ring, x, y):
    result = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            result = not result
    return result


def texts(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for member in value.values():
            yield from texts(member)
    elif isinstance(value, list):
        for element in value:
            yield from texts(element)


class Data(unittest.TestCase):
    def test_the_generator_makes_what_is_committed(self):
        with tempfile.TemporaryDirectory(prefix="bw-data-") as folder:
            subprocess.run([sys.executable, "-B", str(DATA / "make_data.py"), folder], check=True)
            made = sorted(path.name for path in pathlib.Path(folder).iterdir())
            written_by_hand = {"cameras.json"}  # how demo_field draws its cameras
            self.assertEqual(set(made), {path.name for path in DATA.glob("*.json")} - written_by_hand)
            for name in made:
                self.assertEqual((pathlib.Path(folder) / name).read_bytes(), (DATA / name).read_bytes(), name)

    def test_teams_add_up_to_the_plan(self):
        groups = {}
        for team in load("teams")["teams"]:
            count, people = groups.get(team["group"], (0, 0))
            groups[team["group"]] = (count + 1, people + team["people"])
        self.assertEqual(groups, {"military": (7, 590), "departmental": (92, 2547), "district": (10, 619), "township": (34, 915)})

    def test_supplies_add_up_to_the_plan(self):
        sums = {}
        for store in load("stores")["stores"]:
            self.assertEqual(len({row[0] for row in store["stock"]}), len(store["stock"]))
            sums.setdefault(store["kind"], [0, 0])
            sums[store["kind"]][0] += 1
            sums[store["kind"]][1] += sum(row[1] for row in store["stock"])
        self.assertEqual(sums, {"district": [1, 500000], "town": [20, 200000], "departmental": [12, 220000]})
        known = {item["id"] for item in load("items")["items"]}
        self.assertEqual(len(known), 180)
        self.assertTrue(all(row[0] in known for store in load("stores")["stores"] for row in store["stock"]))

    def test_thresholds_rise_and_the_reservoirs_stay_below_their_crest(self):
        for station in load("stations")["stations"]:
            levels = [t["level_m"] for t in station.get("thresholds", [])]
            self.assertEqual(levels, sorted(levels))
        for reservoir in load("reservoirs")["reservoirs"]:
            self.assertLess(reservoir["level_m"], reservoir["limit_m"])
            self.assertLess(reservoir["level_m"] + reservoir["rise_m"], reservoir["crest_m"])

    def test_everything_is_synthetic_and_inside_the_district(self):
        shapes = load("map")["shapes"]
        outline = json.loads((SOURCE / "assets/map/miyun_boundary_schematic.geojson").read_text(encoding="utf-8"))
        ring = outline["features"][0]["geometry"]["coordinates"][0]
        self.assertEqual(sum(1 for shape in shapes if shape["kind"] == "town"), 20)
        for name, member in (("stations", "stations"), ("teams", "teams"), ("stores", "stores")):
            for row in load(name)[member]:
                self.assertTrue(row["synthetic"] and row["id"].startswith("SYN-"), row["id"])
                self.assertTrue(inside(ring, row["longitude"], row["latitude"]), row["id"])

    def test_every_text_has_its_glyphs(self):
        for path in DATA.glob("*.json"):
            for text in texts(json.loads(path.read_text(encoding="utf-8"))):
                for letter in text:
                    if letter not in EXTRA and ord(letter) > 0x7E:
                        letter.encode("gb2312")

    def test_the_map_fits_a_record(self):
        self.assertLess(len((DATA / "map.json").read_bytes()), 32 * 1024)


if __name__ == "__main__":
    unittest.main()
