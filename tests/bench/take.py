# SPDX-License-Identifier: Apache-2.0
"""50 takes of the demo wall between prepared layouts: how long from the hub's word to the frame, and whether both displays changed in one."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "shared"))
import measure  # noqa: E402
import takes  # noqa: E402
import wall  # noqa: E402

TAKES = int(sys.argv[1]) if len(sys.argv) > 1 else 50
LAYOUTS = ["fire", "flood", "resources", "overview"]


def main():
    with measure.demo(wall.SOURCE) as site, wall.Wall(site) as running:
        hub = measure.Hub(running.run_dir, takes.PREFIXES)
        first = hub.until(wall.live, 60, "every pane live")
        refresh = first["displays"][0]["refresh_hz"]
        limit = 2 * 1000 / refresh + 10
        times, prepared, equal, late = [], [], 0, 0
        for i in range(TAKES):
            prepared.append(takes.prepare(hub, LAYOUTS[i % len(LAYOUTS)]))
            _, taken = takes.take(hub)
            equal += len({d["frame_id"] for d in taken["displays"]}) == 1 and len(taken["displays"]) == len(first["displays"])
            late += bool(taken["late_panes"])
            times.append(taken["commit_to_frame_ms"])
        hub.close()
    print(f"{TAKES} takes between prepared layouts of the demo wall, {first['displays'][0]['renderer']}, {refresh:g} Hz, {os.cpu_count()} cores")
    spread = lambda values: [f"{v:.1f}" for v in (measure.percentile(values, 0.5), measure.percentile(values, 0.95), max(values))]
    rows = [["commit to frame (ms)", *spread(times), f"p95 <= {limit:.1f}", "ok" if measure.percentile(times, 0.95) <= limit else "MISSED"]]
    rows.append(["preview to prepared (ms)", *spread(prepared), "", ""])
    measure.table(["", "p50", "p95", "max", "target", ""], rows)
    print(f"one frame id on all displays: {equal} of {TAKES}{'' if equal == TAKES else '   MISSED'}")
    print(f"takes with late panes: {late} of {TAKES}")
    return 0 if equal == TAKES and all(row[-1] != "MISSED" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
