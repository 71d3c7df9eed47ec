# SPDX-License-Identifier: Apache-2.0
"""Seventy live cameras of 640x360 at 15 Hz, 10x7 on one display, and the same by GStreamer's compositor, in the same run."""
import time

import cameras
import machine
import measure
import report
import slots
import wall

COUNT, COLUMNS, WIDTH, HEIGHT = 70, 10, 192, 108
FEWER = 40   # as many as GStreamer's compositor keeps up with on two cores: there the ratio says what a picture costs


def ours(server, count, seconds):
    """CPU-seconds of compositor, of media and of the server, KiB, distinct pictures per pane, ages in ms as the status tells them."""
    with cameras.site(server, count, {"all": (0, count)}, COLUMNS) as site, wall.Wall(site, ready_timeout=120) as running:
        hub = measure.Hub(running.run_dir)
        status = hub.until(lambda s: wall.live(s) and min(p["updates"] for p in s["panes"]) > 30, 120, "all cameras live")
        compositor, media = machine.pids_of(status, "compositor"), machine.pids_of(status, "media")
        watch, ages = slots.Watch(slots.arenas(compositor[0]), period=0.05), []
        spent = lambda: [sum(map(machine.cpu_seconds, compositor)), sum(map(machine.cpu_seconds, media)), server.cpu()]
        began, before = time.monotonic(), spent()
        while time.monotonic() - began < seconds:
            now = hub.until(lambda s: True, 10, "a status")
            ages += [pane["age_ms"] for pane in now["panes"]]
            running.run_for(1)
        span = time.monotonic() - began
        cpu = [(b - a) / span for a, b in zip(before, spent())]
        watch.stop()
        kib = machine.pss_kib(compositor + media)
        end = hub.until(lambda s: True, 10, "a status")
        hub.close()
    if watch.unreadable or len(watch.surfaces) != count:
        raise SystemExit(f"{watch.unreadable} unreadable pictures in {len(watch.surfaces)} surfaces")
    live = sum(pane["freshness"] == "live" for pane in end["panes"])
    return cpu, kib, [len(each) / span for each in watch.numbers], ages, live


def run(how, folder):
    seconds = how.pick(60, 15)
    with cameras.serving(cameras.film(folder)) as server:
        cpu, kib, rates, ages, live = ours(server, COUNT, seconds)
        gst_cpu, gst_kib, gst_numbers = cameras.gst_wall(server, COUNT, COLUMNS, WIDTH, HEIGHT, 10, seconds)
        fewer_cpu, _, fewer_rates, _, _ = ours(server, FEWER, how.pick(30, 10))
        fewer_gst_cpu, _, fewer_gst = cameras.gst_wall(server, FEWER, COLUMNS, WIDTH, HEIGHT, 10, how.pick(30, 10))
    ours_per_cpu, gst_per_cpu = sum(rates) / sum(cpu[:2]), sum(gst_numbers) / gst_cpu
    fewer_ours, fewer_theirs = sum(fewer_rates) / sum(fewer_cpu[:2]), sum(fewer_gst) / fewer_gst_cpu
    judged = lambda ratio: "MISS" if ratio < 1.6 else "stretch" if ratio >= 2 else "ok"
    what = f"seventy cameras, {seconds} s: "
    return [
        report.counted(what + "tiles live at the end", live, COUNT),
        report.Row(what + "distinct pictures a second, worst and mean tile", f"{min(rates):.2f} and {sum(rates) / COUNT:.2f}", ">= 14.5", "ok" if min(rates) >= 14.5 else "MISS"),
        report.judged(what + "age, p95", measure.percentile(ages, 0.95), 250, "{:.0f}", unit=" ms"),
        report.Row(what + "age, p50 and max", f"{measure.percentile(ages, 0.5):.0f} and {max(ages):.0f} ms"),
        report.Row(what + "cores: media, compositor, the cameras' server", f"{cpu[1]:.2f}, {cpu[0]:.2f}, {cpu[2]:.2f}"),
        report.Row(what + "per stream: CPU, memory (media + compositor)", f"{(cpu[0] + cpu[1]) / COUNT * 100:.2f} % of a core, {kib / COUNT / 1024:.1f} MiB"),
        report.Row(what + "gst compositor: cores, memory, distinct a second per pane",
                   f"{gst_cpu / seconds:.2f}, {gst_kib / 1024:.0f} MiB, {sum(gst_numbers) / COUNT / seconds:.2f}"),
        report.Row(what + "distinct pane pictures per CPU-second, wall and gst", f"{ours_per_cpu:.0f} and {gst_per_cpu:.0f}"),
        report.Row("seventy cameras: wall / gst compositor", f"{ours_per_cpu / gst_per_cpu:.2f}", ">= 1.60 (2.00)", judged(ours_per_cpu / gst_per_cpu)),
        report.Row(f"{FEWER} cameras: distinct pane pictures per CPU-second, wall and gst", f"{fewer_ours:.0f} and {fewer_theirs:.0f}"),
        report.Row(f"{FEWER} cameras: wall / gst compositor", f"{fewer_ours / fewer_theirs:.2f}", ">= 1.60 (2.00)", judged(fewer_ours / fewer_theirs))]
