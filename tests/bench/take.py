# SPDX-License-Identifier: Apache-2.0
"""50 takes of the demo wall between prepared layouts: how long from the hub's word to the frame, and whether both displays changed in one."""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "shared"))
import measure  # noqa: E402
import wall  # noqa: E402

TAKES = int(sys.argv[1]) if len(sys.argv) > 1 else 50
LAYOUTS = ["fire", "flood", "resources", "overview"]
READY = "beaconwall.compositor.ready.v1"


def prepare(hub, layout):
    """Previews, then waits until the compositor has every pane of it; gives the milliseconds."""
    hub.events.clear()
    began = time.monotonic()
    scene = hub.command("beaconwall.wall.preview.v1", {"layout": layout})["hash"]
    while time.monotonic() - began < 20:
        if any(event["type"] == READY and event["data"]["hash"] == scene for event in hub.events):
            return (time.monotonic() - began) * 1000
        hub.turn()
    raise SystemExit(f"{layout} was not prepared within 20 s")


def take(hub):
    """The displays' last_take of a take just made."""
    number = hub.command("beaconwall.wall.take.v1", {})["take"]
    status = hub.until(lambda s: s["displays"] and all(d["last_take"] and d["last_take"]["take"] == number for d in s["displays"]), 10,
                       f"every display has take {number}")
    return status["displays"]


def main():
    with measure.demo(wall.SOURCE) as site, wall.Wall(site) as running:
        hub = measure.Hub(running.run_dir, [READY + "/"])
        first = hub.until(lambda s: s["panes"] and all(p["freshness"] == "live" for p in s["panes"]), 60, "every pane live")
        refresh = first["displays"][0]["refresh_hz"]
        limit = 2 * 1000 / refresh + 10
        times, prepared, equal, late = {d["name"]: [] for d in first["displays"]}, [], 0, 0
        for i in range(TAKES):
            prepared.append(prepare(hub, LAYOUTS[i % len(LAYOUTS)]))
            displays = take(hub)
            equal += len({d["last_take"]["frame_id"] for d in displays}) == 1
            late += any(d["last_take"]["late_panes"] for d in displays)
            for display in displays:
                times[display["name"]].append(display["last_take"]["commit_to_frame_ms"])
        hub.close()
    print(f"{TAKES} takes between prepared layouts of the demo wall, {first['displays'][0]['renderer']}, {refresh:g} Hz, {os.cpu_count()} cores")
    spread = lambda values: [f"{v:.1f}" for v in (measure.percentile(values, 0.5), measure.percentile(values, 0.95), max(values))]
    rows = [[f"commit to frame, {name} (ms)", *spread(values), f"p95 <= {limit:.1f}", "ok" if measure.percentile(values, 0.95) <= limit else "MISSED"]
            for name, values in times.items()]
    rows.append(["preview to prepared (ms)", *spread(prepared), "", ""])
    measure.table(["", "p50", "p95", "max", "target", ""], rows)
    print(f"one frame id on all displays: {equal} of {TAKES}{'' if equal == TAKES else '   MISSED'}")
    print(f"takes with late panes: {late} of {TAKES}")
    return 0 if equal == TAKES and all(row[-1] != "MISSED" for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
