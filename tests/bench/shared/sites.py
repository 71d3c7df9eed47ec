# SPDX-License-Identifier: Apache-2.0
"""Sites that the benches make: two displays with 24 panes and 16 layouts, a still wall, a wall of 8x3, 16 cameras on one display."""
import contextlib
import os
import shutil
import socket
import tempfile

import wall

# What stands in 24 panes beside 16 cameras.
PANELS = ["flood_gauges/board", "flood_gauges/hydrograph", "flood_gauges/reservoirs", "dispatch/teams", "dispatch/forces",
          "supplies/stores", "supplies/shortages", "fire_watch/danger"]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def folder(files, data=False):
    """A site folder of {name: text}; `data`: with what the demo's plugins are given."""
    top = tempfile.mkdtemp(prefix="bw-bench-")
    try:
        for name, text in files.items():
            path = os.path.join(top, "bench", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        if data:
            shutil.copytree(os.path.join(wall.SOURCE, "layouts", "demo", "data"), os.path.join(top, "bench", "data"))
        yield os.path.join(top, "bench")
    finally:
        shutil.rmtree(top)


def display(name, x_mm, y_mm=0.0, width_mm=1895.0, height_mm=1066.0, width_px=1920, height_px=1080):
    return (f'[[display]]\nname = "{name}"\nx_mm = {x_mm:.3f}\ny_mm = {y_mm:.3f}\nwidth_mm = {width_mm:.3f}\nheight_mm = {height_mm:.3f}\n'
            f"width_px = {width_px}\nheight_px = {height_px}\n")


def wall_toml(displays, first, distance_mm=5000.0, more=""):
    head = (f'title = {{ zh = "测量", en = "Bench" }}\nfirst_layout = "{first}"\nviewing_distance_mm = {distance_mm:.1f}\n'
            f"console_port = {free_port()}\n{more}\n")
    return head + "".join(displays)


def cameras_toml(count, uri):
    return "".join(f'[[camera]]\nid = "B-{i:03d}"\nname = {{ zh = "测量 {i}", en = "Bench {i}" }}\nkind = "bench"\nmain = "{uri}"\n' for i in range(count))


def grid(display_name, panes, columns):
    """One [[grid]] of equal panes, row by row, and its panes: [(id, shows)]."""
    ids = [pane for pane, _ in panes] + ["."] * (-len(panes) % columns)
    rows = [" ".join(ids[i:i + columns]) for i in range(0, len(ids), columns)]
    text = (f'[[grid]]\ndisplay = "{display_name}"\ncolumns = [{", ".join(columns * [chr(34) + "1fr" + chr(34)])}]\n'
            f'rows = [{", ".join(len(rows) * [chr(34) + "1fr" + chr(34)])}]\nareas = [{", ".join(chr(34) + row + chr(34) for row in rows)}]\n')
    return text, "".join(f'[[pane]]\nid = "{pane}"\nshows = "{shows}"\ncaption = false\n' for pane, shows in panes)


def layout(grids):
    parts = [grid(*each) for each in grids]
    return 'title = { zh = "测量", en = "Bench" }\n' + "".join(g for g, _ in parts) + "".join(p for _, p in parts)


def two_displays(clip, layouts=16, cameras=24):
    """24 panes on two displays of 1920x1080: 16 of the cameras, other ones and elsewhere in each layout, and 8 panels."""
    files = {"wall.toml": wall_toml([display("left", 0), display("right", 1915)], "l0", more='plugins = ["demo_field"]'),
             "cameras.toml": cameras_toml(cameras, f"file://{clip}")}
    for k in range(layouts):
        shown = [f"camera/B-{(i + k) % cameras:03d}" for i in range(16)]
        panels = PANELS[k % 8:] + PANELS[:k % 8]
        left = [(f"p{i}", shows) for i, shows in enumerate(shown[:12])]
        right = [(f"p{i + 12}", shows) for i, shows in enumerate(shown[12:] + panels)]
        files[f"layouts/l{k}.toml"] = layout([("left", left, 4), ("right", right, 4)])
    return folder(files, data=True)


def still():
    """Two displays of panels on which nothing happens."""
    panes = [(f"p{i}", shows) for i, shows in enumerate(PANELS)]
    return folder({"wall.toml": wall_toml([display("left", 0), display("right", 1915)], "still"),
                   "layouts/still.toml": layout([("left", panes[:4], 2), ("right", panes[4:], 2)])})


def sixteen(clip):
    """16 cameras in panes of 480x270 above the strip of one display, one pixel a millimetre; the strip is 40 minutes of arc."""
    strip_px = 20
    distance = strip_px / (40 * 0.000290888)
    screen = display("screen", 0, 0, 1920, 1080 + strip_px, 1920, 1080 + strip_px)
    panes = [(f"p{i}", f"camera/B-{i:03d}") for i in range(16)]
    return folder({"wall.toml": wall_toml([screen], "grid", distance), "cameras.toml": cameras_toml(16, f"file://{clip}"),
                   "layouts/grid.toml": layout([("screen", panes, 4)])})


def eight_by_three():
    """24 displays of 1920x1080 with bezels of 1.7 mm around each."""
    return [display(f"d{row}{column}", column * (1213.4), row * (684.0), 1210.0, 680.6) for row in range(3) for column in range(8)]


def one_pane_of_many(clip):
    """8x3 displays; on one of them a camera in 480x270 pixels, nothing else anywhere."""
    width, height = 480 * 1210.0 / 1920, 270 * 680.6 / 1080
    text = ('title = { zh = "测量", en = "Bench" }\n[[grid]]\ndisplay = "d13"\n'
            f'columns = ["{width:.3f}mm", "1fr"]\nrows = ["{height:.3f}mm", "1fr"]\nareas = ["one .", ". ."]\n'
            '[[pane]]\nid = "one"\nshows = "camera/B-000"\ncaption = false\n')
    return folder({"wall.toml": wall_toml(eight_by_three(), "one", 9000), "cameras.toml": cameras_toml(1, f"file://{clip}"), "layouts/one.toml": text})


@contextlib.contextmanager
def hall():
    """layouts/hall-8x3 as it is shipped, on a console port of its own; made here where there is none. Gives (folder, note)."""
    shipped = os.path.join(wall.SOURCE, "layouts", "hall-8x3")
    if os.path.isdir(shipped):
        yield shipped, "layouts/hall-8x3"
        return
    files = {"wall.toml": wall_toml(eight_by_three(), "a", 9000), "cameras.toml": cameras_toml(24, "test://ball")}
    for name, turn in (("a", 0), ("b", 5)):
        panes = [(f"d{row}{column}", [(f"p{row}{column}", f"camera/B-{(row * 8 + column + turn) % 24:03d}")], 1) for row in range(3) for column in range(8)]
        files[f"layouts/{name}.toml"] = layout(panes)
    with folder(files) as made:
        yield made, "8x3 made here"
