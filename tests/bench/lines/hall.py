# SPDX-License-Identifier: Apache-2.0
"""The hall of 8x3 displays, headless: it starts, shows all its displays, takes between two layouts, and fits into memory."""
import machine
import measure
import report
import sites
import takes
import wall

LIMIT_GIB = 3


def run(how, _folder):
    count = how.pick(10, 2)
    with sites.hall() as (site, note), wall.Wall(site, ready_timeout=180) as running:
        hub = measure.Hub(running.run_dir, takes.PREFIXES)
        status = hub.until(lambda s: len(s["displays"]) > 0 and len(s["panes"]) > 0, 60, "the first scene")
        layouts = [row["name"] for row in hub.layouts()][:2]
        heard, prepared, one, most = [], [], 0, 0.0
        for i in range(count):
            prepared.append(takes.prepare(hub, layouts[(i + 1) % 2], patience=120) / 1000)
            milliseconds, taken = takes.take(hub)
            heard.append(milliseconds)
            one += len({each["frame_id"] for each in taken["displays"]}) == 1 and len(taken["displays"]) == 24
            most = max(most, machine.pss_kib(machine.pids_of(hub.until(lambda s: True, 10, "a status"))) / 2 ** 20)
        freshness = [pane["freshness"] for pane in hub.until(lambda s: s["panes"], 10, "the panes")["panes"]]
        hub.close()
        drawn = sum(display["frames_drawn"] > 0 for display in status["displays"])
    return [
        report.counted(f"{note}: displays drawn", drawn, 24),
        report.counted(f"{note}: takes in one frame on 24 displays", one, count),
        report.Row(f"{note}: preview to prepared, first and the worst after it", f"{prepared[0]:.1f} and {max(prepared[1:]):.1f} s"),
        report.Row(f"{note}: command to news of the frame, worst", f"{max(heard):.1f} ms"),
        report.Row(f"{note}: panes live", f"{freshness.count('live')} of {len(freshness)}"),
        report.judged(f"{note}: memory of all processes (PSS)", most, LIMIT_GIB, unit=" GiB"),
    ]
