# SPDX-License-Identifier: Apache-2.0
"""Takes the demo's four pictures with `ctl snapshot` (docs/pictures): ./dev golden approve."""
import os
import sys

import wall


def main(folder):
    os.makedirs(folder, exist_ok=True)
    with wall.Wall(os.path.join(wall.SOURCE, "layouts", "demo")) as demo:
        for layout in ("overview", "fire", "flood", "resources"):
            demo.ctl("take", layout)
            demo.wait(lambda s: s["layout"]["on_air"] == layout and all(p["freshness"] == "live" for p in s["panes"]), 20,
                      f"{layout} live")
            demo.run_for(4)   # cameras and series move on: a picture, not a test
            path = os.path.join(folder, f"{layout}.png")
            demo.ctl("snapshot", path)
            print(path)


if __name__ == "__main__":
    main(os.path.abspath(sys.argv[1]))
