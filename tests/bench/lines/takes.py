# SPDX-License-Identifier: Apache-2.0
"""Prepared takes at 24 panes on two displays: how long from the command to the frame, and whether both changed in one."""
import clips
import measure
import report
import sites
import takes
import wall


def run(how, folder):
    count, rows = how.pick(200, 20), []
    with sites.two_displays(clips.numbered(folder, 40), layouts=2) as site, wall.Wall(site, ready_timeout=120) as running:
        hub = measure.Hub(running.run_dir, takes.PREFIXES)
        first = hub.until(wall.live, 120, "every pane live")
        heard, frames, one, late = [], [], 0, 0
        for i in range(count):
            takes.prepare(hub, f"l{(i + 1) % 2}")
            milliseconds, taken = takes.take(hub)
            heard.append(milliseconds)
            frames.append(taken["commit_to_frame_ms"])
            one += len({each["frame_id"] for each in taken["displays"]}) == 1 and len(taken["displays"]) == len(first["displays"])
            late += bool(taken["late_panes"])
        hub.close()
    limit = 2 * 1000 / first["displays"][0]["refresh_hz"] + 10
    rows.append(report.counted("take, prepared: panes", len(first["panes"]), 24))
    rows.append(report.judged(f"take, prepared: hub's word to frame, p95 of {count}", measure.percentile(frames, 0.95), limit, "{:.1f}", unit=" ms"))
    rows.append(report.judged("take, prepared: command to news of the frame, p95", measure.percentile(heard, 0.95), limit, "{:.1f}", unit=" ms"))
    rows.append(report.Row("take, prepared: the same, p50 and max", f"{measure.percentile(heard, 0.5):.1f} and {max(heard):.1f} ms"))
    rows.append(report.counted("take, prepared: one frame id for both displays", one, count))
    rows.append(report.counted("take, prepared: without a late pane", count - late, count))
    return rows
