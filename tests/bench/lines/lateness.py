# SPDX-License-Identifier: Apache-2.0
"""How late frames begin while four processes spin, with and without real-time priority."""
import clips
import machine
import measure
import report
import sites
import wall

SPINNING = 4


def lateness(how, clip, real_time):
    """The last status' first display, after enough frames for a 99th percentile under load alone."""
    with sites.sixteen(clip) as site, wall.Wall(site, env={"BEACONWALL_REALTIME": "1"} if real_time else {}, ready_timeout=60) as running:
        hub = measure.Hub(running.run_dir)
        hub.until(wall.live, 60, "16 cameras live")
        with machine.spinning(SPINNING):
            begun = hub.until(lambda s: s["displays"], 10, "a status")["displays"][0]["frames_drawn"]
            # The compositor tells of its last 1024 frames.
            wanted = how.pick(1100, 300)
            status = hub.until(lambda s: s["displays"][0]["frames_drawn"] >= begun + wanted, 120, f"{wanted} frames")
        hub.close()
    lacks = [limit["what"] for limit in status["limits"] if "real-time" in limit["what"]]
    return status["displays"][0], lacks


def run(how, folder):
    rows, clip = [], clips.numbered(folder, 40)
    for real_time in (False, True):
        name = f"draw lateness p99, {SPINNING} processes spin, {'with' if real_time else 'without'} real-time priority"
        display, lacks = lateness(how, clip, real_time)
        if "lateness_p99_ms" not in display:
            rows.append(report.unknown(name, "<= 1.00 ms" if real_time else "", "not counted by this build"))
        elif real_time and lacks:
            rows.append(report.unknown(name, "<= 1.00 ms", "this machine does not grant it"))
        elif real_time:
            rows.append(report.judged(name, display["lateness_p99_ms"], 1.0, unit=" ms"))
        else:
            rows.append(report.Row(name, f"{display['lateness_p99_ms']:.2f} ms"))
    return rows
