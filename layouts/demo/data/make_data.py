#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the demo site's seed data: the same files from the same seed, every time.

Everything it makes is synthetic: ids begin with SYN-, rows carry synthetic=true, and no real person,
telephone, camera, team or store is in it. Counts follow the district's published plan.
Usage: make_data.py [FOLDER]     (default: the folder of this script)
"""
import csv
import json
import math
import pathlib
import random
import sys

import names

SEED = 110118
HERE = pathlib.Path(__file__).resolve().parent
MAP = HERE.parents[2] / "assets" / "map"


def text(zh, en):
    return {"zh": zh, "en": en}


def read_csv(name):
    with open(HERE / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def features(name):
    return json.loads((MAP / name).read_text(encoding="utf-8"))["features"]


def write(folder, name, head, rows_name, rows):
    """One row per line, so that a change shows as a change of rows."""
    lines = ",\n".join("  " + json.dumps(row, ensure_ascii=False, sort_keys=True) for row in rows)
    head = json.dumps(head, ensure_ascii=False, sort_keys=True)[:-1]
    (folder / name).write_text(f'{head}, "{rows_name}": [\n{lines}\n]}}\n', encoding="utf-8")


HEAD = {"synthetic": True, "seed": SEED, "label": text("演练数据", "exercise data")}


def inside(ring, x, y):
    result = False
    for (x0, y0), (x1, y1) in zip(ring, ring[1:] + ring[:1]):
        if (y0 > y) != (y1 > y) and x < (x1 - x0) * (y - y0) / (y1 - y0) + x0:
            result = not result
    return result


def near(random_, ring, x, y, spread_deg):
    """A point near (x, y), inside the district's outline."""
    for _ in range(200):
        a, b = x + random_.uniform(-spread_deg, spread_deg) * 1.3, y + random_.uniform(-spread_deg, spread_deg)
        if inside(ring, a, b):
            return round(a, 4), round(b, 4)
    return round(x, 4), round(y, 4)


def split_exactly(random_, total, count, least, weight=None):
    """`count` whole numbers of at least `least` that sum to `total`, in proportion to `weight` (all alike if none)."""
    weights = [random_.lognormvariate(0, 0.45) * (weight[i] if weight else 1) for i in range(count)]
    spare = total - least * count
    parts = [int(spare * w / sum(weights)) for w in weights]
    for i in range(spare - sum(parts)):
        parts[i % count] += 1
    return [least + part for part in parts]


# ---- water -------------------------------------------------------------------------------------------

# id, river, town, bed level m, reference rise m, share of it that the exercise's wave reaches, lag h
GAUGES = [
    ("SYN-G01", "潮河", "古北口镇", 203.40, 5.2, 0.97, -2.4),
    ("SYN-G02", "潮河", "高岭镇", 161.85, 5.6, 0.90, -1.2),
    ("SYN-G03", "安达木河", "新城子镇", 248.10, 3.8, 0.84, -2.0),
    ("SYN-G04", "清水河", "北庄镇", 176.20, 4.4, 0.78, -0.6),
    ("SYN-G05", "红门川河", "大城子镇", 142.75, 3.6, 0.66, -0.2),
    ("SYN-G06", "白马关河", "冯家峪镇", 187.60, 3.4, 0.58, 0.4),
    ("SYN-G07", "白河", "石城镇", 158.30, 4.8, 0.50, 1.0),
    ("SYN-G08", "潮白河", "河南寨镇", 43.15, 3.9, 0.42, 2.2),
]
RAIN_TOWNS = ["古北口镇", "新城子镇", "高岭镇", "北庄镇", "太师屯镇", "大城子镇", "不老屯镇", "冯家峪镇",
              "石城镇", "巨各庄镇", "溪翁庄镇", "密云镇"]
THRESHOLDS = [("attention", "设防", "attention", 1, 0.40), ("warning", "警戒", "warning", 2, 0.60),
              ("guarantee", "保证", "guarantee", 3, 0.80), ("crest", "堤顶", "levee crest", 4, 1.00)]


def town_name(town):
    return text(town["name"], names.TOWNS[town["name"]])


def make_stations(folder, towns, ring):
    random_ = random.Random(SEED + 1)
    rows = []
    for ident, river, town, bed, rise, share, lag in GAUGES:
        place = towns[town]
        x, y = near(random_, ring, float(place["lon"]), float(place["lat"]), 0.015)
        short = town[:-1]
        rows.append({
            "id": ident, "kind": "gauge", "name": text(f"{river}{short}站", f"{names.TOWNS[town]} ({names.RIVERS[river].removesuffix(' He')})"),
            "river": text(river, names.RIVERS[river]), "town": town_name(place), "longitude": x, "latitude": y,
            "bed_m": bed, "peak_flow_m3s": round(rise * 140 * share), "rise_m": rise, "share": share, "lag_h": lag,
            "thresholds": [{"code": code, "name": text(zh, en), "level": level, "level_m": round(bed + rise * at, 2)}
                           for code, zh, en, level, at in THRESHOLDS],
            "synthetic": True})
    for number, town in enumerate(RAIN_TOWNS, 1):
        place = towns[town]
        x, y = near(random_, ring, float(place["lon"]), float(place["lat"]), 0.02)
        rows.append({
            "id": f"SYN-R{number:02d}", "kind": "rain", "name": text(town[:-1] + "雨量站", names.TOWNS[town] + " rain gauge"),
            "town": town_name(place), "longitude": x, "latitude": y,
            "rain_mm": round(190 - 12.5 * number + random_.uniform(-6, 6), 1), "lag_h": round(0.35 * number - 1.5, 2),
            "synthetic": True})
    write(folder, "stations.json", HEAD, "stations", rows)


def make_reservoirs(folder):
    random_ = random.Random(SEED + 2)
    curve = [[float(r["level_m"]), float(r["storage_1e8m3"])] for r in read_csv("miyun_reservoir_curve.csv")]
    rows = []
    for number, row in enumerate([r for r in read_csv("reservoirs.csv") if r["class"] in ("大型", "中型")], 1):
        limit = float(row["flood_limit_m"])
        large = row["class"] == "大型"
        rows.append({
            "id": f"SYN-V{number:02d}", "kind": "reservoir", "name": text(row["name"], names.RESERVOIRS[row["name"]]),
            "class": text(row["class"], "large" if large else "medium"),
            "longitude": float(row["lon"]), "latitude": float(row["lat"]), "limit_m": limit,
            "crest_m": float(row["dam_crest_m"]), "level_m": round(limit - random_.uniform(0.5, 2.0), 2),
            "rise_m": round(0.9 if large else random_.uniform(1.4, 2.6), 2), "inflow_m3s": 1450 if large else 160,
            "curve": curve if large else [], "synthetic": True})
    write(folder, "reservoirs.json", HEAD, "reservoirs", rows)


def make_wave(folder):
    """The shape of a real flood (USGS 01511500, 1994), twice as fast, scaled to 0 … 1: the exercise's invented storm."""
    flow = [float(row["discharge_m3s"]) for row in read_csv("usgs_01511500_flood_199411.csv")]
    first, base, peak = 82, min(flow), max(flow)  # row 82: 1994-11-01 22:00, the flood begins to rise steeply

    def at(hour):
        row = min(max(first + hour * 4, 0), len(flow) - 1)
        low = int(row)
        high = min(low + 1, len(flow) - 1)
        return flow[low] + (flow[high] - flow[low]) * (row - low)

    points = [round((at(-30 + 0.5 * i) - base) / (peak - base), 4) for i in range(2 * 66 + 1)]
    head = dict(HEAD, source="shape: USGS NWIS 01511500, public domain", first_hour=-30, step_h=0.5)
    (folder / "wave.json").write_text(json.dumps(dict(head, points=points), ensure_ascii=False) + "\n", encoding="utf-8")


# ---- teams -------------------------------------------------------------------------------------------

def team_plan():
    """(kind, town or none, people exact or none) of 143 teams; the sums are the plan's."""
    plan = [("military", None, None)] * 7 + [("departmental", None, None)] * 92
    plan += [("forest_fire", "穆家峪镇", 240)] + [("fire_station", None, None)] * 8 + [("special", "檀营地区", 100)]
    return plan + [("township", None, None)] * 34


def make_teams(folder, towns, ring):
    random_ = random.Random(SEED + 3)
    sizes = {"military": split_exactly(random_, 590, 7, 50), "departmental": split_exactly(random_, 2547, 92, 12),
             "fire_station": split_exactly(random_, 279, 8, 25), "township": split_exactly(random_, 915, 34, 15)}
    town_list = list(towns.values())
    fire_towns = ["鼓楼街道", "太师屯镇", "古北口镇", "溪翁庄镇", "巨各庄镇", "不老屯镇", "十里堡镇", "大城子镇"]
    rows, seen = [], {}
    for number, (kind, town, people) in enumerate(team_plan(), 1):
        index = seen[kind] = seen.get(kind, 0) + 1
        if kind == "fire_station":
            town = fire_towns[index - 1]
        elif kind == "township":
            town = town_list[(index - 1) % len(town_list)]["name"]
        elif kind in ("military", "departmental"):
            town = random_.choice(town_list)["name"] if random_.random() < 0.6 else town_list[random_.randrange(4)]["name"]
        people = people or sizes[kind][index - 1]
        x, y = near(random_, ring, float(towns[town]["lon"]), float(towns[town]["lat"]), 0.02)
        branch = names.DEPARTMENTS[(index - 1) % len(names.DEPARTMENTS)] if kind == "departmental" else None
        rows.append({
            "id": f"SYN-T{number:03d}", "kind": kind, "group": "district" if kind in ("forest_fire", "fire_station", "special") else kind,
            "name": names.team_name(kind, town, index, branch), "town": town_name(towns[town]),
            "people": people, "vehicles": max(1, people // 12), "pumps": random_.randrange(0, 4),
            "longitude": x, "latitude": y, "state": "standby", "synthetic": True})
    write(folder, "teams.json", HEAD, "teams", rows)


# ---- supplies ----------------------------------------------------------------------------------------

def make_items():
    """180 kinds: 60 things in three sizes; the first 30 things in their first size are what towns keep."""
    rows = []
    for size, (zh, en) in enumerate([("", ""), ("（大）", ", large"), ("（备用）", ", spare")]):
        for number, (category, unit, name_zh, name_en) in enumerate(names.ITEMS, 1):
            rows.append({"id": f"SYN-I{size * 60 + number:03d}", "category": category, "unit": text(*unit),
                         "name": text(name_zh + zh, name_en + en), "synthetic": True})
    return rows


def stock(random_, items, total, short_share):
    """[item, pieces, least] rows whose pieces sum to `total`; `short_share` of them lie below their least."""
    bulk = {"条": 40, "平方米": 12, "米": 10, "件": 6, "箱": 4, "桶": 2, "立方米": 2, "套": 0.8, "捆": 1, "台": 0.25, "顶": 1, "吨": 0.3}
    pieces = split_exactly(random_, total, len(items), 4, [bulk[item["unit"]["zh"]] for item in items])
    short = set(random_.sample(range(len(items)), round(len(items) * short_share)))
    return [[item["id"], count, math.ceil(count * (random_.uniform(1.1, 1.9) if i in short else random_.uniform(0.35, 0.8)))]
            for i, (item, count) in enumerate(zip(items, pieces))]


def make_supplies(folder, towns, ring):
    random_ = random.Random(SEED + 4)
    items = make_items()
    write(folder, "items.json", HEAD, "items", items)
    town_list = list(towns.values())
    plan = [("district", text("区级综合物资库", "district store"), "密云镇", items, 500000)]
    share = split_exactly(random_, 200000, 20, 6000)
    plan += [("town", text(t["name"] + "物资库", names.TOWNS[t["name"]] + " store"), t["name"], items[:30], share[i])
             for i, t in enumerate(town_list)]
    share = split_exactly(random_, 220000, 12, 9000)
    plan += [("departmental", text(zh + "物资库", en + " store"), town_list[i % 4]["name"], items[i * 15:i * 15 + 15], share[i])
             for i, (zh, en) in enumerate(names.DEPARTMENTS[:12])]
    rows = []
    for number, (kind, name, town, kept, total) in enumerate(plan, 1):
        x, y = near(random_, ring, float(towns[town]["lon"]), float(towns[town]["lat"]), 0.012)
        rows.append({"id": f"SYN-S{number:02d}", "kind": kind, "name": name, "town": town_name(towns[town]), "longitude": x, "latitude": y,
                     "stock": stock(random_, kept, total, 0.06), "synthetic": True})
    write(folder, "stores.json", HEAD, "stores", rows)


# ---- map ---------------------------------------------------------------------------------------------

def thin(line, tolerance_deg):
    """Douglas–Peucker: fewer points, the same shape at wall size."""
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = math.hypot(x1 - x0, y1 - y0)

    def off(point):
        if length == 0:
            return math.hypot(point[0] - x0, point[1] - y0)
        return abs((x1 - x0) * (y0 - point[1]) - (x0 - point[0]) * (y1 - y0)) / length

    far = max(range(1, len(line) - 1), key=lambda i: off(line[i]))
    if off(line[far]) <= tolerance_deg:
        return [line[0], line[-1]]
    return thin(line[:far + 1], tolerance_deg)[:-1] + thin(line[far:], tolerance_deg)


def rounded(line):
    return [[round(x, 4), round(y, 4)] for x, y in line]


def make_map(folder, towns, ring):
    lake = features("miyun_reservoir_gshhg.geojson")[0]["geometry"]
    rings = lake["coordinates"]
    shapes = [{"kind": "boundary", "points": rounded(thin(ring, 0.002))}]
    shapes += [{"kind": "lake" if i == 0 else "island", "points": rounded(thin(r, 0.0012))} for i, r in enumerate(rings)]
    for name in ("rivers_schematic.geojson", "chaobai_gshhg.geojson"):
        shapes += [{"kind": "river", "name": f["properties"]["name"], "points": rounded(thin(f["geometry"]["coordinates"], 0.002))}
                   for f in features(name)]
    shapes += [{"kind": "road", "name": f["properties"]["name"], "points": rounded(f["geometry"]["coordinates"])}
               for f in features("roads_schematic.geojson")]
    shapes += [{"kind": "town", "name": t["name"], "name_en": names.TOWNS[t["name"]], "points": [[float(t["lon"]), float(t["lat"])]]}
               for t in towns.values()]
    head = {"synthetic": False, "schematic": True, "note": text("示意图，非测绘成果", "schematic, not a survey"),
            "licence": "boundary (provincial part), lake and lower river: LGPL-3.0-or-later; the rest CC0-1.0; see assets/map/README.md"}
    write(folder, "map.json", head, "shapes", shapes)


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    towns = {row["name"]: row for row in read_csv("towns.csv")}
    ring = features("miyun_boundary_schematic.geojson")[0]["geometry"]["coordinates"][0]
    make_stations(folder, towns, ring)
    make_reservoirs(folder)
    make_wave(folder)
    make_teams(folder, towns, ring)
    make_supplies(folder, towns, ring)
    make_map(folder, towns, ring)


if __name__ == "__main__":
    main()
